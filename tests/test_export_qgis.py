"""The text of a project for QGIS; that QGIS opens it is told by the tests with peers."""

from __future__ import annotations

import zipfile
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from export_scene import zone

from pipeline.contract import PipelineError
from pipeline.export import qgis
from pipeline.export.layer import prepare
from pipeline.export.raster_qml import stops
from pipeline.export.relief import OBJECTS
from pipeline.export.tables import looks

BOX = (250_000.0, 470_000.0, 258_000.0, 476_000.0)


def vectors() -> list[qgis.Vector]:
    found = []
    for exported in zone():
        one = prepare(exported, "nl")
        style = next(iter(looks(one, "nl").values()))
        found.append(qgis.Vector(exported.name, exported.title.nl, exported.name, one.geometry, style, exported.columns, one.aliases))
    return found


def save(path: Path, title: str = "Zone") -> ET.Element:
    cells = qgis.Cells("objecthoogte", OBJECTS, "./raster/objecthoogte.tif", stops(OBJECTS, 0.0, 30.0, "nl"))
    groups = [qgis.Group("Lagen", vectors()), qgis.Group("Hoogte", [cells])]
    themes = [qgis.Theme("Eén", ["buurt", "objecthoogte"]), qgis.Theme("Twee", ["pand_corridor"])]
    qgis.write(path, groups, themes, geopackage="./spoorzone.gpkg", box=BOX, title=title, sources="Bron: CBS & PDOK", language="nl")
    with zipfile.ZipFile(path) as archive:
        (name,) = archive.namelist()
        text = archive.read(name).decode()
    assert name == f"{path.stem}.qgs"
    assert text.startswith("<!DOCTYPE qgis")
    return ET.fromstring(text.partition("\n")[2].encode())


def test_paths_are_relative_and_every_layer_has_its_look(tmp_path: Path) -> None:
    root = save(tmp_path / "zone.qgz")
    layers = {e.findtext("id"): e for e in root.findall("projectlayers/maplayer")}
    assert len(layers) == len(zone()) + 1 + 3
    for one in zone():
        made = layers[f"spoorzone_{one.name}"]
        assert made.findtext("datasource") == f"./spoorzone.gpkg|layername={one.name}"
        assert made.find("renderer-v2") is not None
        assert made.findtext("srs/spatialrefsys/authid") == "EPSG:28992"
    assert layers["spoorzone_objecthoogte"].findtext("datasource") == "./raster/objecthoogte.tif"
    assert root.findtext("properties/Paths/Absolute") == "false"
    # QGIS gives layers whose id is short another one, and then no theme finds them.
    assert min(len(k or "") for k in layers) > 10


def test_the_tree_lists_what_there_is_and_shows_the_first_theme(tmp_path: Path) -> None:
    root = save(tmp_path / "zone.qgz")
    groups = {g.get("name"): [e.get("id") for e in g] for g in root.findall("layer-tree-group/layer-tree-group")}
    assert list(groups)[:2] == ["Lagen", "Hoogte"]
    assert groups["Lagen"] == [f"spoorzone_{one.name}" for one in zone()]
    seen = {e.get("id") for e in root.iter("layer-tree-layer") if e.get("checked") == "Qt::Checked" and e.get("source", "").startswith("./")}
    tree = root.find("layer-tree-group")
    assert tree is not None
    shown = {e.get("id") for e in tree.iter("layer-tree-layer") if e.get("checked") == "Qt::Checked"}
    assert shown == {"spoorzone_buurt", "spoorzone_objecthoogte"}
    assert shown <= seen
    themes = {p.get("name"): [e.get("id") for e in p.findall("layer")] for p in root.findall("visibility-presets/visibility-preset")}
    assert themes == {"Eén": ["spoorzone_buurt", "spoorzone_objecthoogte"], "Twee": ["spoorzone_pand_corridor"]}


def test_a_sheet_shows_all_of_the_box_at_a_round_scale(tmp_path: Path) -> None:
    root = save(tmp_path / "zone.qgz")
    layouts = root.findall("Layouts/Layout")
    assert [e.get("name") for e in layouts] == ["A3 Eén", "A3 Twee"]
    for layout in layouts:
        map_ = layout.find("LayoutItem[@id='map']")
        assert map_ is not None
        shown = {k: float(v) for k, v in map_.find("Extent").attrib.items()}  # type: ignore[union-attr]
        wide, high = (float(v) for v in (map_.get("size") or "").split(",")[:2])
        scale = (shown["xmax"] - shown["xmin"]) / wide * 1000
        assert round(scale) == 30_000
        assert (shown["ymax"] - shown["ymin"]) / high * 1000 == pytest.approx(scale)
        assert shown["xmin"] <= BOX[0] and shown["ymin"] <= BOX[1] and shown["xmax"] >= BOX[2] and shown["ymax"] >= BOX[3]
        items = {e.get("id") for e in layout.findall("LayoutItem")}
        assert items == {"title", "map", "legend", "scale", "north", "sources"}


def test_the_same_input_makes_the_same_bytes_and_text_is_escaped(tmp_path: Path) -> None:
    save(tmp_path / "a.qgz")
    first = (tmp_path / "a.qgz").read_bytes()
    save(tmp_path / "a.qgz")
    assert (tmp_path / "a.qgz").read_bytes() == first
    assert save(tmp_path / "b.qgz", "</title><x> & \"'").findtext("title") == "</title><x> & \"'"


@pytest.mark.parametrize("small", [(10, 10, 12, 11), (0, 0, 200_000, 300_000)])
def test_any_box_finds_a_scale(tmp_path: Path, small: tuple[float, float, float, float]) -> None:
    qgis.write(tmp_path / "a.qgz", [], [qgis.Theme("A", [])], geopackage="./a.gpkg", box=small, title="", sources="", language="en")


def test_a_disk_that_refuses_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "zone.qgz").mkdir()
    with pytest.raises(PipelineError, match=r"zone.qgz: can't be written"):
        save(tmp_path / "zone.qgz")
