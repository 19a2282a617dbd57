"""The DXF file, read again by its library and by GDAL."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import ezdxf
import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from ezdxf import bbox
from ezdxf.audit import Auditor
from shapely.geometry import LineString, MultiPolygon, Point, Polygon, box

from pipeline.contract import ContractError, PipelineError, Text
from pipeline.export import dxf
from pipeline.export.drawing import Drawing, Origin, Outlines, Symbols, Texts

X, Y = 250_000.0, 475_000.0
LOCAL = Origin(250_000.0, 475_000.0)
YARD = Polygon(box(X, Y, X + 40, Y + 30).exterior, [box(X + 10, Y + 10, X + 20, Y + 20).exterior])
TWO = MultiPolygon([box(X + 50, Y, X + 60, Y + 10), box(X + 70, Y, X + 75.1234, Y + 10)])


def shapes(**given: Any) -> gpd.GeoSeries:
    return gpd.GeoSeries(given, crs=28992)


def drawing() -> Drawing:
    panden = shapes(yard=YARD, two=TWO, unknown=box(X, Y + 50, X + 5, Y + 55))
    street = shapes(street=LineString([(X, Y - 5), (X + 100, Y - 5)]), turn=shapely.from_wkt(f"LINESTRING ({X} {Y}, {X + 1} {Y}, {X + 1} {Y + 1}, {X} {Y})"))
    middle = shapes(a=Point(X + 20, Y + 15))
    return Drawing(
        (
            Outlines("SZ_PAND", Text("Panden", "Buildings"), "#b08d7d", panden),
            Outlines("SZ_PAND_DAK", Text("Daken", "Roofs"), "#7d5f52", panden, pd.Series({"yard": 31.25, "two": 0.0, "unknown": np.nan})),
            Outlines("SZ_STRAAT", Text("Straten", "Streets"), "#000000", street),
            Symbols("SZ_STATION", Text("Stations", "Stations"), "#c8102e", shapes(s=Point(X + 0.5, Y + 1.5)), "station", 40.0),
            Texts("SZ_NAAM", Text("Namen", "Names"), "#26323d", middle, pd.Series({"a": "’t Zwering %%d\nNoord"}), 2.5, pd.Series({"a": 30.0})),
        ),
        ("Verzonnen gegevens", "Nulpunt: 250.000, 475.000"),
    )  # fmt: skip


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("dxf")
    made = {"rd": folder / "rd.dxf", "local": folder / "local.dxf"}
    dxf.write(made["rd"], drawing(), language="nl")
    dxf.write(made["local"], drawing(), language="nl", origin=LOCAL)
    return made


@pytest.fixture
def read(files: dict[str, Path]) -> Any:
    return ezdxf.readfile(files["rd"])


def polygons(document: Any, layer: str) -> dict[str, float]:
    """Area per key: the first ring of a part less the others."""
    area: dict[str, float] = {}
    for line in document.modelspace().query(f'LWPOLYLINE[layer=="{layer}"]'):
        (_, key), (_, number) = line.get_xdata(dxf.APPLICATION)
        ring = Polygon([p[:2] for p in line.get_points()])
        area[key] = area.get(key, 0.0) + (ring.area if number == 0 else -ring.area)
    return area


def test_it_is_in_metres_and_a_program_of_others_finds_nothing_wrong(files: dict[str, Path]) -> None:
    for path in files.values():
        document = ezdxf.readfile(path)
        assert document.header["$INSUNITS"] == 6
        assert document.header["$MEASUREMENT"] == 1
        audit: Auditor = document.audit()
        assert (audit.errors, audit.fixes) == ([], [])


def test_every_area_comes_back(read: Any) -> None:
    assert polygons(read, "SZ_PAND") == pytest.approx({"yard": 40 * 30 - 100, "two": 100 + 51.234, "unknown": 25}, abs=0.01)
    assert all(line.closed for line in read.modelspace().query('LWPOLYLINE[layer=="SZ_PAND"]'))


def test_a_ring_says_whether_it_is_a_hole(read: Any) -> None:
    numbers = [line.get_xdata(dxf.APPLICATION)[-1].value for line in read.modelspace().query('LWPOLYLINE[layer=="SZ_PAND"]')]
    assert numbers == [0, 1, 0, 0, 0]


def test_roofs_lie_at_their_height_and_what_has_none_is_left_out(read: Any) -> None:
    roofs = read.modelspace().query('LWPOLYLINE[layer=="SZ_PAND_DAK"]')
    assert [roof.dxf.elevation for roof in roofs] == [31.25, 31.25, 0.0, 0.0]
    assert set(polygons(read, "SZ_PAND_DAK")) == {"yard", "two"}
    assert {line.dxf.elevation for line in read.modelspace().query('LWPOLYLINE[layer=="SZ_PAND"]')} == {0.0}


def test_a_line_stays_open_unless_it_ends_where_it_begins(read: Any) -> None:
    street, turn = read.modelspace().query('LWPOLYLINE[layer=="SZ_STRAAT"]')
    assert (street.closed, len(street)) == (False, 2)
    assert (turn.closed, len(turn)) == (True, 3)


def test_layers_have_their_colour_and_their_meaning(read: Any) -> None:
    layer = read.layers.get("SZ_PAND")
    assert layer.rgb == (0xB0, 0x8D, 0x7D)
    assert layer.description == "Panden"
    assert all(e.dxf.color == 256 for e in read.modelspace()), "by layer, so that a designer changes them all at once"


def test_symbols_are_blocks_of_their_size(read: Any) -> None:
    (station,) = read.modelspace().query("INSERT")
    assert tuple(station.dxf.insert)[:2] == (X + 0.5, Y + 1.5)
    assert bbox.extents([station]).size.x == pytest.approx(40)


def test_texts_hold_no_codes(read: Any) -> None:
    (name,) = read.modelspace().query('TEXT[layer=="SZ_NAAM"]')
    assert name.dxf.text == "’t Zwering % %d Noord"
    assert (name.dxf.height, name.dxf.rotation) == (2.5, 30.0)
    assert tuple(name.dxf.align_point)[:2] == (X + 20, Y + 15)


def test_texts_that_are_not_turned_are_level(tmp_path: Path) -> None:
    level = Texts("SZ_A", Text("", ""), "#000000", shapes(a=Point(X, Y)), pd.Series({"a": "Hengelo"}), 2.5)
    dxf.write(tmp_path / "a.dxf", Drawing((level,)), language="nl")
    (name,) = ezdxf.readfile(tmp_path / "a.dxf").modelspace().query("TEXT")
    assert (name.dxf.text, name.dxf.rotation) == ("Hengelo", 0)


def test_the_local_copy_is_the_same_less_its_origin(files: dict[str, Path]) -> None:
    rd, local = (ezdxf.readfile(files[name]) for name in ("rd", "local"))
    for one, other in zip(rd.modelspace(), local.modelspace(), strict=True):
        assert one.dxftype() == other.dxftype()
        if one.dxftype() == "LWPOLYLINE":
            assert np.array(one.get_points())[:, :2] - LOCAL == pytest.approx(np.array(other.get_points())[:, :2], abs=1e-9)
            assert one.dxf.elevation == other.dxf.elevation
        elif one.dxftype() == "INSERT":
            assert tuple(one.dxf.insert - other.dxf.insert)[:2] == pytest.approx(LOCAL, abs=1e-9)
    properties = dict(local.header.custom_vars.properties)
    assert (properties["Origin_RD_X_m"], properties["Origin_RD_Y_m"]) == ("250000.000", "475000.000")
    assert properties["CRS"].startswith("EPSG:28992")


def test_what_is_to_be_known_stands_in_the_drawing(read: Any) -> None:
    assert [t.dxf.text for t in read.modelspace().query(f'TEXT[layer=="{dxf.NOTES}"]')] == ["Verzonnen gegevens", "Nulpunt: 250.000, 475.000"]
    assert dict(read.header.custom_vars.properties)["Note_1"] == "Verzonnen gegevens"


def test_a_long_note_is_more_lines_one_below_the_other(tmp_path: Path) -> None:
    note = " ".join(["bron"] * 50)
    dxf.write(tmp_path / "a.dxf", Drawing((), (note,)), language="nl")
    made = ezdxf.readfile(tmp_path / "a.dxf")
    lines = list(made.modelspace().query("TEXT"))
    assert " ".join(t.dxf.text for t in lines) == note
    assert max(len(t.dxf.text) for t in lines) <= 120
    heights = [t.dxf.insert.y for t in lines]
    assert len(lines) == 3 and heights == sorted(set(heights), reverse=True)
    assert dict(made.header.custom_vars.properties)["Note_1"] == note


def test_gdal_reads_the_same(files: dict[str, Path]) -> None:
    table = pyogrio.read_dataframe(files["rd"])
    assert set(table["Layer"]) == {"SZ_PAND", "SZ_PAND_DAK", "SZ_STRAAT", "SZ_STATION", "SZ_NAAM", dxf.NOTES}
    rings = table[table["Layer"] == "SZ_PAND"].geometry
    assert sum(Polygon(shapely.get_coordinates(g)).area for g in rings) == pytest.approx(1200 + 100 + 100 + 51.234 + 25, abs=0.01)
    roofs = table[table["Layer"] == "SZ_PAND_DAK"].geometry
    assert max(shapely.get_coordinates(g, include_z=True)[0, 2] for g in roofs) == 31.25


def test_the_same_input_makes_the_same_bytes(files: dict[str, Path], tmp_path: Path) -> None:
    dxf.write(tmp_path / "again.dxf", drawing(), language="nl")
    assert (tmp_path / "again.dxf").read_bytes() == files["rd"].read_bytes()


def test_a_drawing_of_nothing_is_a_drawing(tmp_path: Path) -> None:
    none = Outlines("SZ_LEEG", Text("Leeg", "Empty"), "#000000", gpd.GeoSeries([], crs=28992))
    dxf.write(tmp_path / "leeg.dxf", Drawing((none,), ("Niets",)), language="nl")
    assert [e.dxf.text for e in ezdxf.readfile(tmp_path / "leeg.dxf").modelspace()] == ["Niets"]


@pytest.mark.parametrize("names", [("pand",), ("SZ PAND",), ("",), ("SZ_PAND", "SZ_PAND")])
def test_layers_that_programs_do_not_take_are_refused(names: tuple[str, ...], tmp_path: Path) -> None:
    parts = tuple(Outlines(name, Text("", ""), "#000000", shapes(a=box(0, 0, 1, 1))) for name in names)
    with pytest.raises(ContractError, match="DXF layer"):
        dxf.write(tmp_path / "a.dxf", Drawing(parts), language="nl")


def test_a_full_disk_costs_no_older_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.dxf"
    path.write_text("older")

    def full(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(ezdxf.document.Drawing, "saveas", full)
    with pytest.raises(PipelineError, match=r"a\.dxf: can't be written: No space left on device"):
        dxf.write(path, drawing(), language="nl")
    assert path.read_text() == "older"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("left", [0, 200, 20_000])
def test_a_file_that_was_cut_off_is_not_taken(left: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    saveas = ezdxf.document.Drawing.saveas

    def short(self: Any, path: Path, *more: Any) -> None:
        saveas(self, path, *more)
        path.write_bytes(path.read_bytes()[:left])

    monkeypatch.setattr(ezdxf.document.Drawing, "saveas", short)
    with pytest.raises(PipelineError, match="is the disk full"):
        dxf.write(tmp_path / "a.dxf", drawing(), language="nl")
    assert list(tmp_path.iterdir()) == []


WRITE = """
import sys
from pathlib import Path
from test_export_dxf import drawing
from pipeline.export import dxf
dxf.write(Path(sys.argv[1]), drawing(), language="nl")
"""


def test_the_bytes_do_not_hang_on_the_order_of_sets(tmp_path: Path) -> None:
    here = Path(__file__).parent
    for seed in ("0", "4"):  # under these two the library itself would write its classes in another order
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": f"{here}{os.pathsep}{here.parent}"}
        subprocess.run([sys.executable, "-c", WRITE, tmp_path / f"{seed}.dxf"], env=environment, check=True)
    assert (tmp_path / "0.dxf").read_bytes() == (tmp_path / "4.dxf").read_bytes()
