"""Cells of a raster under polygons. A tile of 1 km has 20 × 20 cells of 50 m here, unless said otherwise."""

import weakref

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from rasterio import Affine
from rasterio.features import rasterize
from scipy.spatial import Delaunay
from world import X, Y, box, place

from pipeline.contract import Raster, Text
from pipeline.grid import Tile, Tiled
from pipeline.zonal import Marks, by_tile, count, in_tiles, mark, pack, runs, statistics

CELL, SIDE = 50.0, 20
RASTER = Raster("heights", CELL, "m", 250.0, Text("", ""), Text("", ""))
ONE = Tile(int(X), int(Y))
FOUR = tuple(Tile(int(X) + i * 1000, int(Y) + j * 1000) for i in (0, 1) for j in (0, 1))


def shapes(*polygons):
    return gpd.GeoSeries(polygons, index=[f"p{i}" for i in range(len(polygons))], crs="EPSG:28992")


def mosaic(seed=0, unknown=0.2):
    """Heights of the four tiles as one array of 40 × 40, its first row in the north; many are alike, some unknown."""
    rng = np.random.default_rng(seed)
    values = rng.integers(-30, 30, (40, 40)).astype("float32") / 10
    values[rng.uniform(size=values.shape) < unknown] = np.nan
    return values


def tiled(values, tiles=FOUR):
    def read(tile):
        west, south = (tile.x - int(X)) // 50, (tile.y - int(Y)) // 50
        return values[40 - south - 20 : 40 - south, west : west + 20].copy()

    return Tiled(RASTER, tiles, read)


def centres():
    """x and y of the centre of each cell of the four tiles."""
    at = np.arange(40) * CELL + CELL / 2
    return X + at[None, :].repeat(40, 0), Y + at[::-1, None].repeat(40, 1)


def stars(n, seed=1):
    """Polygons with many corners that lie on no centre, every other one with a hole."""
    rng = np.random.default_rng(seed)
    made = []
    for i in range(n):
        turn = np.sort(rng.uniform(0, 2 * np.pi, 12))
        far = rng.uniform(40, 700, 12)
        middle = rng.uniform(200, 1800, 2)
        outer = middle + far[:, None] * np.c_[np.cos(turn), np.sin(turn)]
        star = shapely.make_valid(shapely.Polygon(outer))
        hole = shapely.Point(middle).buffer(35)
        made.append(place(shapely.difference(star, hole) if i % 2 else star) & box(0, 0, 2000, 2000))
    return shapes(*made)


# --- which cells


@pytest.mark.parametrize(
    ("polygon", "cells"),
    [
        # Column and row of the cell, from the south-west.
        (box(0, 0, 50, 50), {(0, 0)}),
        (box(100, 50, 200, 100), {(2, 1), (3, 1)}),
        # Edges through centres: that in the west and the south has them, that in the east and the north has not.
        (box(25, 25, 75, 75), {(0, 0)}),
        (box(25, 25, 76, 76), {(0, 0), (1, 0), (0, 1), (1, 1)}),
        (box(26, 26, 74, 74), set()),
        # A hole, and what stands in the hole.
        (box(0, 0, 150, 150) - box(50, 50, 100, 100), {(i, j) for i in range(3) for j in range(3)} - {(1, 1)}),
        (shapely.union(box(0, 0, 150, 150) - box(40, 40, 110, 110), box(60, 60, 90, 90)), {(i, j) for i in range(3) for j in range(3)}),
        # Two parts.
        (shapely.union(box(0, 0, 50, 50), box(500, 500, 550, 550)), {(0, 0), (10, 10)}),
        # What lies outside the tile is not in it.
        (box(-500, -500, 50, 50), {(0, 0)}),
        (box(950, 950, 5000, 5000), {(19, 19)}),
        (box(-500, 500, 1500, 550), {(i, 10) for i in range(20)}),
        # Half of a square: x + y < 200; the centres on the edge are to the west of it.
        (place(shapely.Polygon([(0, 0), (200, 0), (0, 200)])), {(0, 0), (1, 0), (2, 0), (0, 1), (1, 1), (0, 2)}),
        (shapely.Polygon(), set()),
    ],
)  # fmt: skip
def test_a_cell_lies_where_its_centre_does(polygon, cells):
    for shape in (polygon, shapely.reverse(polygon)):
        which, at = runs(np.array([shape]), ONE, SIDE).cells()
        assert (which == 0).all()
        assert len(at) == len(cells)
        assert {(int(a) % SIDE, SIDE - 1 - int(a) // SIDE) for a in at} == cells


def test_runs_come_by_polygon_and_along_the_rows():
    found = runs(np.array([box(0, 0, 100, 100), box(0, 950, 150, 1000)]), ONE, SIDE)
    assert found.polygon.tolist() == [0, 0, 1]
    assert found.start.tolist() == [18 * SIDE, 19 * SIDE, 0]
    assert found.stop.tolist() == [18 * SIDE + 2, 19 * SIDE + 2, 3]


def test_the_cells_are_those_that_gdal_burns():
    polygons = stars(60)
    for tile in FOUR:
        grid = Affine(CELL, 0, tile.x, 0, -CELL, tile.y + 1000)
        which, at = runs(np.asarray(polygons), tile, SIDE).cells()
        for i, shape in enumerate(polygons):
            burnt = rasterize([shape], out_shape=(SIDE, SIDE), transform=grid)
            assert np.array_equal(np.sort(at[which == i]), np.flatnonzero(burnt)), i


ON_CENTRES = st.integers(0, 40).map(lambda n: n * 25)


@given(st.sets(st.tuples(ON_CENTRES, ON_CENTRES), max_size=12))
@settings(deadline=None, max_examples=100)
def test_polygons_side_by_side_share_out_all_cells_each_once(points):
    """Triangles whose corners and edges lie on centres of cells, over a whole tile."""
    corners = np.array(sorted(points | {(0, 0), (0, 1000), (1000, 0), (1000, 1000)}), dtype=float)
    triangles = shapely.polygons(corners[Delaunay(corners).simplices] + [X, Y])
    _, at = runs(triangles, ONE, SIDE).cells()
    assert np.sort(at).tolist() == list(range(SIDE * SIDE))


# --- what they say


def test_a_polygon_over_four_tiles_is_done_in_the_head():
    values = np.full((40, 40), np.nan, dtype="float32")
    # The two cells either side of the middle, in both directions; one is not known.
    values[19:21, 19:21] = [[1, 2], [np.nan, 6]]
    found = statistics(shapes(box(950, 950, 1050, 1050)), tiled(values), (0, 50, 75, 100)).loc["p0"]
    assert found.to_dict() == {"cells": 4, "known": 3, "mean": 3, "p0": 1, "p50": 2, "p75": 4, "p100": 6}


@pytest.mark.parametrize("seed", range(3))
def test_it_is_what_numpy_says_of_the_whole_mosaic(seed):
    values, polygons = mosaic(seed), stars(40, seed)
    x, y = centres()
    found = statistics(polygons, tiled(values), (5, 50, 70))
    for name, shape in polygons.items():
        inside = values[shapely.contains_xy(shape, x, y)].astype(float)
        known = inside[~np.isnan(inside)]
        row = found.loc[name]
        assert (row["cells"], row["known"]) == (len(inside), len(known))
        assert row["mean"] == pytest.approx(known.mean(), rel=1e-12, abs=1e-12)
        assert row[["p5", "p50", "p70"]].tolist() == pytest.approx(np.percentile(known, (5, 50, 70)), abs=1e-12)


def test_percentiles_keep_the_order_below_nought():
    values = np.full((40, 40), np.nan, dtype="float32")
    values[-1, :5] = [-3.5, 0.0, -0.0, 2.25, -1e-30]
    found = statistics(shapes(box(0, 0, 250, 50)), tiled(values), (0, 25, 50, 75, 100)).loc["p0"]
    assert found[["p0", "p25", "p50", "p75", "p100"]].tolist() == [-3.5, np.float32(-1e-30), 0.0, 0.0, 2.25]


def test_polygons_that_overlap_count_each_for_itself():
    whole = box(0, 0, 2000, 2000)
    found = statistics(shapes(whole, box(300, 300, 900, 900), whole), tiled(mosaic()), (30,))
    assert found["cells"].tolist() == [1600, 144, 1600]
    assert found.loc["p0"].equals(found.loc["p2"])


def test_cells_without_a_tile_are_counted_and_not_known():
    found = statistics(
        shapes(box(950, 0, 1050, 50), box(1500, 0, 1600, 50)), tiled(np.ones((40, 40), "f4"), FOUR[:1]), (50,)
    )
    assert found["cells"].tolist() == [2, 2]
    assert found["known"].tolist() == [1, 0]
    assert found["p50"].tolist() == [1, pytest.approx(np.nan, nan_ok=True)]


def test_what_holds_no_cell_says_nothing():
    found = statistics(
        shapes(box(30, 30, 40, 40), shapely.Polygon(), box(0, 0, 50, 50)), tiled(mosaic(unknown=1)), (50,)
    )
    assert found["cells"].tolist() == [0, 0, 1]
    assert found["known"].tolist() == [0, 0, 0]
    assert found[["mean", "p50"]].isna().all().all()


def test_no_polygons_give_an_empty_table():
    found = statistics(shapes(), tiled(mosaic()), (70,))
    assert found.dtypes.astype(str).to_dict() == {
        "cells": "int64",
        "known": "int64",
        "mean": "float64",
        "p70": "float64",
    }
    assert len(found) == 0
    assert len(count(shapes(), {"high": Marks(RASTER, {})})) == 0


def test_a_tile_is_read_once_and_only_where_it_is_needed():
    asked = []
    raster = tiled(mosaic())

    def read(tile):
        asked.append(tile)
        return raster.read(tile)

    statistics(shapes(box(0, 0, 900, 900), box(0, 1100, 1500, 1200)), Tiled(RASTER, FOUR, read), (70,))
    assert sorted(asked) == [FOUR[0], FOUR[1], FOUR[3]]


def test_few_tiles_are_in_memory_at_a_time():
    alive, most = weakref.WeakSet(), []

    class Tracked(np.ndarray):
        __hash__ = object.__hash__

    def read(tile):
        cells = np.zeros((SIDE, SIDE), dtype="float32").view(Tracked)
        alive.add(cells)
        most.append(len(alive))
        return cells

    many = tuple(Tile(int(X) + 1000 * i, int(Y)) for i in range(60))
    found = statistics(shapes(box(0, 0, 60_000, 1000)), Tiled(RASTER, many, read), (70,))
    assert found["known"].tolist() == [60 * SIDE * SIDE]
    assert max(most) <= 4


# --- marks


def test_marks_are_counted_as_they_were_set():
    values, polygons = mosaic(), stars(30)
    raster = tiled(values)
    low = Marks(RASTER, {t: pack(raster.read(t) < 0) for t in FOUR})
    high = Marks(RASTER, {t: pack(raster.read(t) > 1) for t in FOUR[:3]})
    found = count(polygons, {"low": low, "high": high})
    x, y = centres()
    there = ~((x > X + 1000) & (y > Y + 1000))
    for name, shape in polygons.items():
        inside = shapely.contains_xy(shape, x, y)
        assert found.loc[name].tolist() == [
            inside.sum(),
            (values[inside] < 0).sum(),
            (values[inside & there] > 1).sum(),
        ]
    assert list(found) == ["cells", "low", "high"]


def test_the_last_cell_of_a_tile_is_counted():
    last = np.zeros((SIDE, SIDE), dtype=bool)
    last[-1, -1] = True
    found = count(
        shapes(box(0, 0, 1000, 1000), box(0, 0, 950, 1000), box(950, 0, 1000, 50)),
        {"m": Marks(RASTER, {ONE: pack(last)})},
    )
    assert found["m"].tolist() == [1, 0, 1]
    assert count(shapes(box(0, 0, 1000, 1000)), {"m": Marks(RASTER, {ONE: pack(~last)})})["m"].tolist() == [399]


def test_polygons_mark_cells():
    marked = mark(np.array([box(0, 0, 100, 50), box(50, 0, 150, 50)]), ONE, SIDE)
    assert marked[-1].tolist() == [True] * 3 + [False] * 17
    assert marked.sum() == 3
    assert not mark(np.array([], dtype=object), ONE, SIDE).any()


def test_polygons_are_found_by_the_tiles_that_their_box_meets():
    polygons = shapes(box(10, 10, 20, 20), box(990, 10, 1010, 20), box(1000, 0, 2000, 1000), shapely.Polygon())
    assert in_tiles(polygons, FOUR[:1]).tolist() == [True, True, False, False]
    found = by_tile(polygons)
    assert {t: len(p) for t, p in found.items()} == {FOUR[0]: 2, FOUR[2]: 2}
    assert in_tiles(polygons, ()).tolist() == [False] * 4
