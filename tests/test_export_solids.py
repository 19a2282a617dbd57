"""Solids of buildings: closed, looking outward, and of the volume that can be done in the head."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
import trimesh
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import MultiPolygon, Point, Polygon, box

from pipeline.export import cityjson
from pipeline.export.solids import GROUND, ROOF, WALL, solids, triangles, volume_m3

X, Y = 250_000.0, 475_000.0
YARD = Polygon(box(X, Y, X + 40, Y + 30).exterior, [box(X + 10, Y + 10, X + 20, Y + 20).exterior])
TWO = MultiPolygon([box(X + 50, Y, X + 60, Y + 10), box(X + 70, Y, X + 75, Y + 10)])
#: The hole touches the wall in one corner.
TOUCHES = Polygon([(X, Y), (X + 10, Y), (X + 10, Y + 10), (X, Y + 10)], [[(X, Y), (X + 4, Y + 2), (X + 2, Y + 4)]])
L_SHAPE = Polygon([(X, Y), (X + 20, Y), (X + 20, Y + 5), (X + 5, Y + 5), (X + 5, Y + 30), (X, Y + 30)])


def raised(shape: Any, low: float = 20.0, high: float = 32.5) -> list[Any]:
    made = solids(gpd.GeoSeries({"a": shape}, crs=28992), pd.Series({"a": low}), pd.Series({"a": high}))
    return made.get("a", [])


def mesh(solid: Any) -> trimesh.Trimesh:
    return trimesh.Trimesh(solid.corners - [X, Y, 0], triangles(solid), process=False)


@pytest.mark.parametrize(("shape", "volume"), [
    (box(X, Y, X + 10, Y + 20), 10 * 20 * 12.5), (YARD, (1200 - 100) * 12.5), (L_SHAPE, (100 + 125) * 12.5),
    (shapely.reverse(L_SHAPE), 225 * 12.5), (TOUCHES, (100 - 6) * 12.5),
])  # fmt: skip
def test_a_solid_is_closed_looks_outward_and_has_its_volume(shape: Any, volume: float) -> None:
    (solid,) = raised(shape)
    assert volume_m3(solid) == pytest.approx(volume, rel=5e-4 if shape is TOUCHES else 1e-9)
    found = mesh(solid)
    assert found.is_watertight
    assert found.is_winding_consistent
    assert found.volume == pytest.approx(volume_m3(solid), rel=1e-6), "what a library of others makes of it"


def test_every_part_is_a_solid() -> None:
    made = raised(TWO)
    assert [round(volume_m3(s), 6) for s in made] == [1250, 625]


def test_faces_are_told_apart() -> None:
    (solid,) = raised(YARD)
    kinds = [face.kind for face in solid.faces]
    assert (kinds.count(GROUND), kinds.count(ROOF), kinds.count(WALL)) == (1, 1, 8)
    heights = {kind: {z for f in solid.faces if f.kind == kind for ring in f.rings for z in solid.corners[ring][:, 2]} for kind in kinds}
    assert heights == {GROUND: {20.0}, ROOF: {32.5}, WALL: {20.0, 32.5}}


@pytest.mark.parametrize(("low", "high"), [(np.nan, 30), (20, np.nan), (30, 20), (20, 20), (20, 20.0004)])
def test_nothing_is_made_up(low: float, high: float) -> None:
    assert raised(box(X, Y, X + 1, Y + 1), low, high) == []


def test_what_is_nothing_on_the_grid_is_no_solid() -> None:
    assert raised(box(X, Y, X + 0.0004, Y + 1)) == []


@given(st.integers(3, 40), st.floats(1, 60), st.floats(-6, 80), st.floats(0.5, 100), st.booleans())
def test_any_ring_with_or_without_a_yard(corners: int, radius: float, low: float, height: float, yard: bool) -> None:
    turns = np.linspace(0, 2 * np.pi, corners, endpoint=False)
    far = radius * (1 + 0.4 * np.sin(5 * turns))
    shape = Polygon(np.column_stack([X + far * np.cos(turns), Y + far * np.sin(turns)]))
    if yard:
        shape = shape.difference(Point(X, Y).buffer(radius * 0.15))
    for solid in raised(shape, low, low + height):
        found = mesh(solid)
        assert found.is_watertight
        assert found.is_winding_consistent
        top = solid.corners[:, 2].max() - solid.corners[:, 2].min()
        area = shapely.set_precision(shape, 0.001).area
        assert volume_m3(solid) == pytest.approx(area * top, rel=1e-6) or shape.geom_type == "MultiPolygon"
        assert found.volume == pytest.approx(volume_m3(solid), rel=1e-4)


@pytest.fixture
def city(tmp_path: Path) -> dict[str, Any]:
    shapes = gpd.GeoSeries({"0153100000000001": YARD, "0153100000000002": TWO, "0153100000000003": box(X, Y, X + 1, Y + 1)}, crs=28992)
    ground, roof = (pd.Series(v, index=shapes.index) for v in ([20.0, -1.5, np.nan], [32.5, 4.25, np.nan]))
    told = pd.DataFrame({"construction_year": [1960.0, np.nan, 2024.0], "roof_m": np.float32([32.5, 4.25, 7.12]), "reason": ["", "", "built_later"]}, index=shapes.index)
    cityjson.write(tmp_path / "a.city.json", solids(shapes, ground, roof), told, title="’t Proef", date="2026-11-21T10:00:00+00:00")
    return json.loads((tmp_path / "a.city.json").read_text("utf-8"))


def test_cityjson_says_what_it_is(city: dict[str, Any]) -> None:
    assert (city["type"], city["version"]) == ("CityJSON", "2.0")
    assert city["metadata"]["referenceSystem"].endswith("/7415")
    assert city["metadata"]["geographicalExtent"] == [X, Y, -1.5, X + 75, Y + 30, 32.5]
    assert city["metadata"]["title"] == "’t Proef"


def test_buildings_keep_their_attributes_and_one_without_height_is_not_lost(city: dict[str, Any]) -> None:
    one, two, three = (city["CityObjects"][f"015310000000000{n}"] for n in (1, 2, 3))
    assert one["attributes"] == {"construction_year": 1960, "roof_m": 32.5, "reason": ""}
    assert isinstance(one["attributes"]["construction_year"], int)
    assert three["attributes"]["roof_m"] == 7.12, "no digits that float32 makes up"
    assert "construction_year" not in two["attributes"]
    assert three["attributes"]["reason"] == "built_later" and three["geometry"] == []
    assert one["geometry"][0]["type"] == "Solid" and "children" not in one
    assert two["geometry"] == [], "a building is one solid, so that on two footprints has two parts"
    parts = [city["CityObjects"][key] for key in two["children"]]
    assert [(p["type"], p["parents"], p["geometry"][0]["type"]) for p in parts] == [("BuildingPart", ["0153100000000002"], "Solid")] * 2
    assert one["geometry"][0]["lod"] == "1.2"


def test_vertices_are_where_the_corners_are(city: dict[str, Any]) -> None:
    scale, move = city["transform"]["scale"], city["transform"]["translate"]
    places = np.array(city["vertices"]) * scale + move
    shell = city["CityObjects"]["0153100000000001"]["geometry"][0]["boundaries"][0]
    ground = places[shell[0][0]]
    assert sorted(map(tuple, ground.tolist())) == sorted((x, y, 20.0) for x in (X, X + 40) for y in (Y, Y + 30))
    assert len(shell[0]) == 2, "the yard is a hole"
    values = city["CityObjects"]["0153100000000001"]["geometry"][0]["semantics"]["values"][0]
    assert values[:2] == [0, 1] and set(values[2:]) == {2}


def test_a_city_without_a_height_is_a_file(tmp_path: Path) -> None:
    cityjson.write(tmp_path / "a.json", {}, pd.DataFrame({"reason": ["no_roof"]}, index=["1"]), title="", date="2026-11-21")
    assert json.loads((tmp_path / "a.json").read_text())["CityObjects"] == {"1": {"type": "Building", "attributes": {"reason": "no_roof"}, "geometry": []}}
