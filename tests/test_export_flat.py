"""CSV, GeoParquet and FlatGeobuf, read again by programs of others."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow.parquet
import pyogrio
import pytest
import shapely
from export_scene import HOMES, HOSTILE, NAME, PEOPLE, X, Y
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import MultiPolygon, box

from pipeline.contract import PipelineError, Text
from pipeline.export import flat
from pipeline.export.declaration import Exported
from pipeline.export.layer import Prepared, prepare

RISKY = ["=1+1", "+31", "-5", "@a", "\ttab"]


def numbers(one: Prepared) -> pd.DataFrame:
    return pd.DataFrame(one.table.drop(columns="geom"))


def layer(names: list[str] | None = None) -> Prepared:
    names = names or [HOSTILE, 'two\nlines; a , and "quotes"', "’s-Gravenhage"]
    count = len(names)
    table = gpd.GeoDataFrame(
        {"unit_name": names, PEOPLE.name: [np.nan, 0.0, 1234.5678, *[1.0] * count][:count], HOMES.name: [1e-7, 2e10, 1 / 3, *[1.0] * count][:count]},
        index=pd.Index([f"BU{n}" for n in range(count)], name="unit_id"),
        geometry=[MultiPolygon([box(X, Y, X + 5.1234, Y + 5), box(X + 10, Y, X + 11, Y + 1)]), *(box(X + 20 * n, Y, X + 20 * n + 7, Y + 7) for n in range(1, count))],
        crs=28992,
    )  # fmt: skip
    return prepare(Exported("buurt", Text("Buurten", "Neighbourhoods"), table, (NAME, PEOPLE, HOMES), None, "unit_id"), "nl")


def test_plain_csv_is_what_every_program_reads(tmp_path: Path) -> None:
    one = layer()
    flat.write_csv(tmp_path / "a.csv", numbers(one), "plain")
    read = pd.read_csv(tmp_path / "a.csv", keep_default_na=False, na_values={PEOPLE.name: [""]})
    assert list(read) == ["unit_id", NAME.name, PEOPLE.name, HOMES.name]
    assert read["unit_name"].tolist() == one.table["unit_name"].tolist()
    assert read[HOMES.name].to_numpy() == pytest.approx([1e-7, 2e10, 1 / 3], rel=1e-9)
    assert np.isnan(read[PEOPLE.name][0]) and read[PEOPLE.name][1:].tolist() == [0, 1234.5678]
    assert (tmp_path / "a.csv").read_bytes().endswith(b"\r\n")


def test_dutch_csv_has_semicolons_decimal_commas_and_says_that_it_is_utf_8(tmp_path: Path) -> None:
    flat.write_csv(tmp_path / "a.csv", numbers(layer()), "dutch")
    raw = (tmp_path / "a.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(raw.decode("utf-8-sig").splitlines(keepends=True), delimiter=";"))
    assert rows[1][1:] == [HOSTILE, "", "0,0000001"]
    assert rows[3][2:] == ["1234,5678", "0,3333333333"]


def test_texts_that_would_be_formulas_are_texts_to_a_spreadsheet_only(tmp_path: Path) -> None:
    for manner, before in (("dutch", "'"), ("plain", "")):
        flat.write_csv(tmp_path / "a.csv", numbers(layer(RISKY)), manner)
        text = (tmp_path / "a.csv").read_text("utf-8-sig")
        rows = list(csv.reader(text.splitlines(), delimiter=";" if manner == "dutch" else ","))
        assert [row[1] for row in rows[1:]] == [before + name for name in RISKY]


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e12, max_value=1e12).filter(lambda v: v == 0 or abs(v) > 1e-6))
def test_numbers_are_written_to_ten_digits_and_never_with_an_exponent(value: float) -> None:
    text = flat._number(value)
    assert "e" not in text
    assert float(text) == pytest.approx(value, rel=1e-9, abs=1e-12)


def test_geoparquet_says_its_version_its_crs_and_its_boxes(tmp_path: Path) -> None:
    one = layer()
    flat.write_parquet(tmp_path / "a.parquet", one)
    told = json.loads(pyarrow.parquet.read_schema(tmp_path / "a.parquet").metadata[b"geo"])
    assert told["version"] == "1.1.0"
    column = told["columns"][told["primary_column"]]
    assert column["crs"]["id"] == {"authority": "EPSG", "code": 28992}
    assert set(column["covering"]["bbox"]) == {"xmin", "ymin", "xmax", "ymax"}
    read = gpd.read_parquet(tmp_path / "a.parquet")
    assert shapely.equals_exact(read.geometry, one.table.geometry).all()
    assert read.drop(columns="geom").equals(one.table.drop(columns="geom"))
    west = gpd.read_parquet(tmp_path / "a.parquet", bbox=(X + 19, Y, X + 21, Y + 1))
    assert west["unit_id"].tolist() == ["BU1"]


def test_flatgeobuf_has_every_area_and_an_index(tmp_path: Path) -> None:
    one = layer()
    flat.write_flatgeobuf(tmp_path / "a.fgb", one)
    read = pyogrio.read_dataframe(tmp_path / "a.fgb").set_index("unit_id").sort_index()
    assert read.crs.to_epsg() == 28992
    assert read.area.to_numpy() == pytest.approx(one.table.area.to_numpy(), abs=1e-6)
    assert read["unit_name"].tolist() == one.table["unit_name"].tolist()
    assert np.isnan(read[PEOPLE.name].iloc[0])
    info = pyogrio.read_info(tmp_path / "a.fgb")
    assert info["capabilities"]["fast_spatial_filter"]
    assert pyogrio.read_dataframe(tmp_path / "a.fgb", bbox=(X + 19, Y, X + 21, Y + 1))["unit_id"].tolist() == ["BU1"]


def test_the_same_input_makes_the_same_bytes(tmp_path: Path) -> None:
    for write, ending in ((flat.write_parquet, "parquet"), (flat.write_flatgeobuf, "fgb")):
        for name in "ab":
            write(tmp_path / f"{name}.{ending}", layer())
        assert (tmp_path / f"a.{ending}").read_bytes() == (tmp_path / f"b.{ending}").read_bytes()


def test_a_disk_that_refuses_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for write in (flat.write_parquet, flat.write_flatgeobuf, lambda path, one: flat.write_csv(path, numbers(one), "plain")):
        with pytest.raises(PipelineError, match="can't be written"):
            write(tmp_path / "file" / "a", layer())
