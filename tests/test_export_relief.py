"""Heights of one tile where the answer is known: ground, a building, a tree, water."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import numpy as np
import pytest
from shapely.geometry import box

from pipeline.export import raster_qml
from pipeline.export.relief import GROUND, OBJECTS, RELIEF, SURFACE, TREES, relief
from pipeline.grid import Tile
from pipeline.palettes import OBJECT_HEIGHT

TILE = Tile(250_000, 475_000)
#: Cells of 10 m: a hundred along a side.
SIDE = 100


def cells(value: float) -> np.ndarray:
    return np.full((SIDE, SIDE), value, dtype=np.float32)


def scene(factor: int = 1, area: object = None) -> dict[str, np.ndarray]:
    """Flat ground at 20 m. In the north-west a building of 4 x 4 cells up to 32 m, without ground below it; beside it water."""
    ground, surface = cells(20.0), cells(20.0)
    ground[:4, :4], surface[:4, :4] = np.nan, 32.0
    ground[:2, 4:6] = surface[:2, 4:6] = np.nan
    surface[10, 10] = 26.0
    surface[11, 11] = 19.5
    trees, searched = np.zeros((SIDE, SIDE), dtype=bool), ~np.isnan(surface)
    trees[10, 10] = True
    pand = box(TILE.x, TILE.y + 960, TILE.x + 40, TILE.y + 1000)
    return dict(
        relief(TILE, ground, surface, trees, searched, np.array([pand]), np.array([21.0]), area or box(*TILE.box), factor)
    )


def test_what_stands_is_measured_from_the_ground_below_it_and_around_a_building() -> None:
    found = scene()[OBJECTS.name]
    assert (found[:4, :4] == 11.0).all(), "32 m less the 21 m around the building"
    assert found[10, 10] == 6.0
    assert found[11, 11] == 0.0, "below the ground is no height"
    assert np.isnan(found[:2, 4:6]).all(), "water was not measured"
    assert (found[20:, 20:] == 0).all()


def test_a_building_whose_ground_is_not_known_has_no_height() -> None:
    ground, surface = cells(20.0), cells(20.0)
    ground[:4, :4], surface[:4, :4] = np.nan, 32.0
    none = np.zeros((SIDE, SIDE), dtype=bool)
    found = relief(TILE, ground, surface, none, ~none, np.array([], dtype=object), np.array([]), box(*TILE.box), 1)
    assert np.isnan(found[OBJECTS.name][:4, :4]).all()


def test_crowns_are_a_share_of_a_coarser_cell_that_was_searched() -> None:
    fine, coarse = scene()[TREES.name], scene(2)[TREES.name]
    assert (fine[10, 10], fine[10, 11]) == (1.0, 0.0)
    assert np.isnan(fine[0, 4])
    assert coarse.shape == (50, 50)
    assert coarse[5, 5] == 0.25
    assert np.isnan(coarse[0, 2]), "all four are water"


def test_coarser_cells_are_means_of_those_that_are_known() -> None:
    found = scene(4)
    assert found[SURFACE.name][0, 0] == 32.0
    assert np.isnan(found[GROUND.name][0, 0])
    assert found[OBJECTS.name][0, 1] == 0.0, "the half of it that is no water"
    assert found[OBJECTS.name][2, 2] == pytest.approx(6.0 / 16)


def test_nothing_is_given_outside_the_area() -> None:
    west = box(TILE.x, TILE.y, TILE.x + 500, TILE.y + 1000)
    for cells_ in scene(area=west).values():
        assert np.isnan(cells_[:, 50:]).all()
        assert not np.isnan(cells_[20:, :50]).any()


def test_the_look_has_a_colour_per_class_and_a_ramp_between_the_extremes() -> None:
    classes = raster_qml.stops(OBJECTS, 0.0, 40.0, "nl")
    assert [s.colour for s in classes] == list(OBJECT_HEIGHT.colours)
    assert [s.upto for s in classes] == [*OBJECT_HEIGHT.breaks, np.inf]
    assert classes[0].label == "minder dan 0,5"
    ramp = raster_qml.stops(GROUND, 10.0, 30.0, "nl")
    assert [s.upto for s in ramp] == [10, 15, 20, 25, 30]
    assert ramp[1].label == "15,0"
    for layer in RELIEF:
        text = raster_qml.qml(layer, raster_qml.stops(layer, 1.0, 2.0, "en"))
        items = ET.fromstring(text.partition("\n")[2]).findall(".//item")
        assert len(items) == (len(layer.classes.colours) if layer.classes else 5)
