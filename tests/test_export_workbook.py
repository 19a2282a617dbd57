"""The workbook, read again by a library that others wrote."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pytest
from export_scene import HOMES, HOSTILE, NAME, PEOPLE, receipt
from shapely.geometry import Point

from pipeline.contract import PipelineError, Text
from pipeline.export import workbook
from pipeline.export.declaration import Exported
from pipeline.export.layer import Prepared, prepare


def layer(name: str = "buurt", title: str = "Buurten", rows: int = 3) -> Prepared:
    table = gpd.GeoDataFrame(
        {
            "unit_name": [HOSTILE, "=1+1", "https://example.nl", *["x"] * (rows - 3)][:rows],
            PEOPLE.name: np.arange(rows) * 1000.5,
            HOMES.name: [np.nan if n == 0 else float(n) for n in range(rows)],
        },
        index=pd.Index([f"BU{n:05}" for n in range(rows)], name="unit_id"),
        geometry=[Point(n, n) for n in range(rows)], crs=28992,
    )  # fmt: skip
    return prepare(Exported(name, Text(title, title), table, (NAME, PEOPLE, HOMES), None, "unit_id"), "nl")


def save(path: Path, *layers: Prepared, **how: Any) -> Any:
    workbook.write(path, layers, **{"receipts": [receipt()], "language": "nl", "title": "Proef", "settings": {"[a] b": "1"}, "notes": ["Verzonnen"]} | how)
    return openpyxl.load_workbook(path)


def values(sheet: Any) -> list[tuple[Any, ...]]:
    return list(sheet.iter_rows(values_only=True))


def test_a_sheet_has_its_head_and_its_numbers(tmp_path: Path) -> None:
    book = save(tmp_path / "a.xlsx", layer())
    assert book.sheetnames == ["Inhoud", "Buurten", "Definities", "Bronnen", "Instellingen"]
    rows = values(book["Buurten"])
    assert rows[0] == ("Sleutel", *(c.label.nl for c in (NAME, PEOPLE, HOMES)))
    assert rows[1][2:] == ("per km²", "per ha")
    assert rows[2] == ("unit_id", NAME.name, PEOPLE.name, HOMES.name)
    assert rows[3][2:] == (0, None), "what is missing is empty, and no 0"
    assert rows[5] == ("BU00002", "https://example.nl", 2001, 2)
    assert len(rows) == 6


def test_no_text_is_a_formula_or_a_link(tmp_path: Path) -> None:
    sheet = save(tmp_path / "a.xlsx", layer())["Buurten"]
    assert [cell.data_type for cell in sheet["B"][3:]] == ["s", "s", "s"]
    assert [cell.value for cell in sheet["B"][3:]] == [HOSTILE, "=1+1", "https://example.nl"]
    assert all(cell.hyperlink is None for cell in sheet["B"])
    assert [cell.data_type for cell in sheet["C"][3:]] == ["n", "n", "n"]


def test_heads_stay_in_view_and_rows_can_be_filtered(tmp_path: Path) -> None:
    sheet = save(tmp_path / "a.xlsx", layer())["Buurten"]
    assert sheet.freeze_panes == "C4"
    assert sheet.auto_filter.ref == "A3:D6"
    assert sheet["C4"].number_format != "General"


def test_what_is_too_long_is_named_and_left_out(tmp_path: Path) -> None:
    book = save(tmp_path / "a.xlsx", layer(), layer("square_100m", "Vierkanten", workbook.MOST_ROWS + 1))
    assert "Vierkanten" not in book.sheetnames
    assert ("Vierkanten", 5001, "5.001 rijen: te veel voor een werkboek, zie csv/square_100m.csv") in values(book["Inhoud"])


def test_the_contents_lead_to_every_sheet(tmp_path: Path) -> None:
    book = save(tmp_path / "a.xlsx", layer(), layer("own", "Eigen 'gebied'"))
    links = [cell.hyperlink.location for cell in book["Inhoud"]["A"] if cell.hyperlink]
    assert links == ["'Buurten'!A1", "'Eigen ''gebied'!A1"]
    assert book["Inhoud"]["A8"].value == "Verzonnen"


def test_names_are_those_that_excel_takes(tmp_path: Path) -> None:
    long = "Vierkanten van honderd meter in de corridor"
    book = save(tmp_path / "a.xlsx", layer("a", long), layer("b", long), layer("c", "a/b:c?*[d]"), layer("d", "INHOUD"), layer("e", "History"))
    assert book.sheetnames[1:6] == ["Vierkanten van honderd meter in", "Vierkanten van honderd meter 2", "a b c   d", "INHOUD 2", "History 2"]
    assert all(len(name) <= 31 for name in book.sheetnames)


def test_definitions_and_sources_are_those_of_the_geopackage(tmp_path: Path) -> None:
    book = save(tmp_path / "a.xlsx", layer())
    titles, head, *rows = values(book["Definities"])
    assert titles[:2] == ("Tabel", "Kolom")
    told = {row[1]: dict(zip(head, row, strict=True)) for row in rows}
    assert set(told) == {"unit_id", NAME.name, PEOPLE.name, HOMES.name}
    assert told[PEOPLE.name]["meaning_nl"] == PEOPLE.meaning.nl
    _, head, source = values(book["Bronnen"])
    assert dict(zip(head, source, strict=True))["licence"] == receipt().licence
    assert values(book["Instellingen"]) == [("Instelling", "Waarde"), ("setting", "value"), ("[a] b", "1")]


def test_the_same_input_makes_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        save(tmp_path / f"{name}.xlsx", layer())
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_a_layer_without_rows_has_a_head(tmp_path: Path) -> None:
    empty = layer()
    empty = replace(empty.declared, table=empty.declared.table.iloc[:0])
    assert len(values(save(tmp_path / "a.xlsx", prepare(empty, "nl"))["Buurten"])) == 3


def test_a_folder_that_can_not_be_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(PipelineError, match="can't be written"):
        save(tmp_path / "file" / "a.xlsx", layer())
