"""Meshes, loaded again by a library of others: where they are, closed, and of the right colour and volume."""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import trimesh
from shapely.geometry import box

from pipeline.export.drawing import Origin
from pipeline.export.mesh import Body, Group, body, joined, terrain, write_glb, write_obj
from pipeline.export.solids import solids

X, Y = 250_000.0, 475_000.0
ORIGIN = Origin(X, Y)
NOTES = {"title": "’t Proef", "crs": "EPSG:7415"}


def houses() -> dict[str, Body]:
    shapes = gpd.GeoSeries({"one": box(X + 10, Y + 20, X + 20, Y + 40), "two": box(X + 4000, Y + 3000, X + 4010.005, Y + 3010)}, crs=28992)
    made = solids(shapes, pd.Series({"one": 20.0, "two": 0.0}), pd.Series({"one": 30.0, "two": 5.0}))
    return {key: body(key, parts) for key, parts in made.items()}


def groups() -> list[Group]:
    made = houses()
    return [Group("Wonen", "#eeb13c", [made["one"]]), Group("Industrie zwaar", "#5b3fa8", [made["two"]]), Group("Leeg", "#000000", [])]


@pytest.fixture
def glb(tmp_path: Path) -> Path:
    write_glb(tmp_path / "a.glb", groups(), ORIGIN, NOTES)
    return tmp_path / "a.glb"


def test_glb_has_each_group_in_its_place_with_y_upward(glb: Path) -> None:
    scene = trimesh.load_scene(glb)
    assert set(scene.geometry) == {"Wonen", "Industrie zwaar"}
    home = scene.geometry["Wonen"]
    assert home.bounds.tolist() == [[10, 20, -40], [20, 30, -20]]
    assert home.is_watertight and home.is_winding_consistent
    assert home.volume == pytest.approx(10 * 20 * 10, rel=1e-6)
    far = scene.geometry["Industrie zwaar"]
    assert np.ptp(far.vertices[:, 0]) == pytest.approx(10.005, abs=0.0005), "a millimetre is a millimetre at five kilometres"


def test_glb_says_where_its_origin_is_and_of_what_colour_all_is(glb: Path) -> None:
    raw = glb.read_bytes()
    (length,) = struct.unpack("<I", raw[12:16])
    told: dict[str, Any] = json.loads(raw[20 : 20 + length])
    assert "250000" in json.dumps(told) and "475000" in json.dumps(told)
    names = {m["name"]: m["pbrMetallicRoughness"]["baseColorFactor"] for m in told["materials"]}
    assert set(names) == {"Wonen", "Industrie zwaar"}
    red = (0xEE / 255 + 0.055) / 1.055
    assert names["Wonen"][0] == pytest.approx(red**2.4, abs=0.005)
    assert told["asset"]["version"] == "2.0"


def test_glb_of_nothing_is_a_file(tmp_path: Path) -> None:
    write_glb(tmp_path / "a.glb", [], ORIGIN, NOTES)
    raw = (tmp_path / "a.glb").read_bytes()
    assert struct.unpack("<4sII", raw[:12]) == (b"glTF", 2, len(raw))
    assert len(trimesh.load_scene(tmp_path / "a.glb").geometry) == 0


def test_obj_has_an_object_per_building_and_its_colour_beside_it(tmp_path: Path) -> None:
    write_obj(tmp_path / "a.obj", groups(), ORIGIN, NOTES)
    text = (tmp_path / "a.obj").read_text("utf-8")
    assert "# origin_rd_m: 250000.000 475000.000" in text
    assert [line for line in text.splitlines() if line.startswith("o ")] == ["o one", "o two"]
    assert "newmtl m1\n# Industrie_zwaar\nKd 0.3569 0.2471 0.6588" in (tmp_path / "a.mtl").read_text("utf-8")
    whole = trimesh.load(tmp_path / "a.obj", force="mesh")
    assert whole.volume == pytest.approx(2000 + 10.005 * 10 * 5, rel=1e-5)
    assert whole.bounds.tolist() == [[10, 20, 0], [4010.005, 3010, 30]], "z upward"


def test_the_same_input_makes_the_same_bytes(tmp_path: Path) -> None:
    for write, ending in ((write_glb, "glb"), (write_obj, "obj")):
        for name in "ab":
            write(tmp_path / f"{name}.{ending}", groups(), ORIGIN, NOTES)
    assert (tmp_path / "a.glb").read_bytes() == (tmp_path / "b.glb").read_bytes()
    assert (tmp_path / "a.obj").read_text().replace("a.mtl", "") == (tmp_path / "b.obj").read_text().replace("b.mtl", "")


def test_terrain_is_a_sheet_that_looks_up_with_a_hole_where_nothing_is_known() -> None:
    heights = np.array([[10, 11, 12], [10, 11, 12], [10, 11, np.nan]], dtype=np.float32)
    made = terrain("Maaiveld", heights, X, Y + 15, 5.0)
    assert len(made.triangles) == 8 - 1, "the corner that is not known takes one triangle of its square and leaves the other"
    assert made.corners[0].tolist() == [X + 2.5, Y + 12.5, 10]
    sheet = trimesh.Trimesh(made.corners - [X, Y, 0], made.triangles, process=False)
    assert (sheet.face_normals[:, 2] > 0).all()
    assert sheet.face_normals[0] == pytest.approx(np.array([-0.2, 0, 1]) / np.hypot(0.2, 1), abs=1e-6), "one up in five"
    assert sheet.is_winding_consistent


def test_terrain_of_which_nothing_is_known_is_nothing() -> None:
    assert len(terrain("", np.full((4, 4), np.nan, dtype=np.float32), X, Y, 5.0).triangles) == 0


def test_bodies_joined_keep_their_corners() -> None:
    one, two = houses().values()
    both = joined("both", [one, two])
    assert len(both.corners) == len(one.corners) + len(two.corners)
    assert (both.triangles[len(one.triangles) :] >= len(one.corners)).all()
