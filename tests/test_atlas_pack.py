"""Shapes and values as bytes: what another reader of the format finds is what went in."""

from __future__ import annotations

import base64
import itertools
import math
import time
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from atlas_block import Opened, plain_varint
from atlas_world import NAN, X, Y, buildings, buurten, hexagons, large_squares, squares
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.atlas import pack, projection
from pipeline.contract import CRS, ContractError

WHOLE = st.integers(-(2**63), 2**63 - 1)


def array(*shapes: Any) -> np.ndarray:
    out = np.empty(len(shapes), dtype=object)
    out[:] = shapes
    return out


def opened(block: pack.Block | None) -> Opened:
    assert block is not None
    return Opened(block.to_text())


def same(a: Any, b: Any) -> bool:
    return bool(shapely.symmetric_difference(a, b).area == 0)


# ---------- numbers


@pytest.mark.parametrize(
    ("value", "coded"),
    [(0, "00"), (-1, "01"), (1, "02"), (63, "7e"), (-64, "7f"), (64, "8001"), (-65, "8101"), (8191, "fe7f"), (8192, "808001")],
)
def test_numbers_take_as_few_bytes_as_they_need(value: int, coded: str) -> None:
    assert pack.varints([value]).hex() == coded


@settings(deadline=None)
@given(st.lists(st.one_of(st.integers(-200, 200), WHOLE), max_size=30))
def test_numbers_are_as_plain_python_codes_them(values: list[int]) -> None:
    assert pack.varints(np.array(values, dtype=np.int64)) == b"".join(plain_varint(v) for v in values)


def test_numbers_of_all_sizes_come_back() -> None:
    ends = [s * (2**b) + d for b in range(62) for s in (-1, 1) for d in (-1, 0, 1)]
    block = pack.Block().add(ends, -(2**63), 2**63 - 1)
    read = opened(block)
    assert read.numbers(len(ends) + 2) == [*ends, -(2**63), 2**63 - 1]
    assert read.ends()


def test_no_value_is_not_0() -> None:
    coded = pack.scaled([NAN, 0.0, 1.0, 12.344, -0.4, -2.0, math.inf], 100)
    assert coded.tolist() == [0, 1, 101, 1235, -40, -200, 0]
    assert pack.scaled([-0.004], 100).tolist() == [1], "what rounds to 0 is 0"


@settings(deadline=None)
@given(st.lists(st.lists(st.one_of(st.just(NAN), st.integers(-(10**12), 10**12)), min_size=3, max_size=3), min_size=1))
def test_values_of_several_years_come_back(rows: list[list[float]]) -> None:
    block = pack.Block(count=len(rows), columns=[["x", 3]]).add(pack.series(pack.scaled(np.array(rows, float), 1)))
    assert np.array_equal(opened(block).columns()["x"], rows, equal_nan=True)


def test_a_year_is_the_step_from_the_one_before() -> None:
    # 5, 5 and 7 people, then nothing known: one more than the number, 0 for none.
    assert pack.series(pack.scaled([[5, 5, 7, NAN]], 1)).tolist() == [[6, 0, 2, -8]]


# ---------- blocks


def test_a_block_is_a_line_of_json_with_numbers_behind() -> None:
    block = pack.Block(name=["Súdwest"]).add([0, -1], [[300]])
    header = '{"name":["Súdwest"]}'.encode()
    assert block.to_bytes() == bytes([len(header), 0, 0, 0]) + header + bytes([0, 1, 0xD8, 0x04])


def test_a_block_knows_no_number_that_json_does_not() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        pack.Block(side=NAN).to_bytes()


def test_the_same_block_gives_the_same_text_on_another_day(monkeypatch: pytest.MonkeyPatch) -> None:
    block = pack.shapes(pack.Block(), buurten().geometry.to_numpy())
    text = block.to_text()
    monkeypatch.setattr(time, "time", lambda: 2e9)
    assert block.to_text() == text
    assert base64.b64decode(text)[4:8] == bytes(4), "a time in what is compressed differs from run to run"


# ---------- squares


def test_squares_are_their_corners() -> None:
    read = opened(pack.squares(pack.Block(), squares(3, 2).geometry.to_numpy()))
    assert read.header == {"form": "squares", "side": 100, "count": 6}
    assert read.numbers(12) == [X, 100, 100, -200, 100, 100, Y, 0, 0, 100, 0, 0]
    assert read.ends()


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(-9, 9), st.integers(-9, 9)), min_size=1, max_size=20, unique=True),
    st.sampled_from([1, 100, 500]),
)
def test_any_squares_come_back(corners: list[tuple[int, int]], side: int) -> None:
    shapes = array(*(shapely.box(x * side, y * side, (x + 1) * side, (y + 1) * side) for x, y in corners))
    read = opened(pack.shapes(pack.Block(), shapes))
    assert read.header["form"] == "squares"
    assert all(same(a, b) for a, b in zip(read.shapes(), shapes, strict=True))
    assert read.ends()


@pytest.mark.parametrize(
    "odd",
    [
        shapely.box(0, 0, 100, 50),
        shapely.box(0, 0, 50, 100),
        shapely.box(0, 0, 200, 200),
        shapely.box(0.5, 0, 100.5, 100),
        shapely.Polygon([(0, 0), (100, 0), (100, 100)]),
        shapely.Polygon([(0, 0), (100, 0), (0, 200)]),
        shapely.Polygon([(0, 0), (200, 0), (0, 100)]),
        shapely.box(0, 0, 100, 100).difference(shapely.box(40, 40, 60, 60)),
    ],
    ids=["low", "narrow", "large", "beside the metres", "triangle", "high triangle", "wide triangle", "with a hole"],
)
def test_one_shape_that_is_no_such_square_makes_them_rings(odd: shapely.Polygon) -> None:
    shapes = array(shapely.box(500, 0, 600, 100), odd)
    assert pack.squares(pack.Block(), shapes) is None
    read = opened(pack.shapes(pack.Block(), shapes))
    assert read.header["form"] == "rings"
    assert all(same(a, b) for a, b in zip(read.shapes(), shapes, strict=True))


def test_a_square_of_no_size_is_none() -> None:
    assert pack.squares(pack.Block(), array(shapely.Polygon([(5, 5), (5, 5), (5, 5), (5, 5)]))) is None


@pytest.mark.parametrize("make", [pack.shapes, pack.lines, pack.points])
def test_nothing_is_a_block_without_numbers(make: Any) -> None:
    read = opened(make(pack.Block(), array()))
    assert (read.header["count"], read.shapes(), read.ends()) == (0, [], True)


# ---------- rings


def test_rings_come_back_with_holes_and_parts() -> None:
    holed = shapely.box(0, 0, 1000, 1000).difference(shapely.box(200, 200, 400, 400))
    two = shapely.MultiPolygon([shapely.box(2000, 0, 2300, 300), shapely.box(3000, 0, 3300, 300)])
    turned = shapely.box(5000, 0, 5300, 300, ccw=False)
    shapes = array(holed, two, turned)
    block = pack.rings(pack.Block(), shapes, 0.5, 5)
    assert [s.tolist() for s in block.streams[:2]] == [[2, 2, 1], [4, 4, 4, 4, 4]]
    read = opened(block)
    assert all(same(a, b) for a, b in zip(read.shapes(), shapes, strict=True))
    assert read.ends()


@settings(deadline=None)
@given(
    st.lists(st.floats(0.05, 1), min_size=3, max_size=12), st.floats(0, 300_000), st.floats(300_000, 600_000),
    st.sampled_from([0.25, 0.5, 1.0]),
)  # fmt: skip
def test_corners_are_within_half_a_step_of_the_grid(radii: list[float], x: float, y: float, grid: float) -> None:
    at = np.linspace(0, 2 * np.pi, len(radii), endpoint=False)
    star = np.column_stack([x + 50 * np.cos(at) * radii, y + 50 * np.sin(at) * radii])
    (drawn,) = opened(pack.rings(pack.Block(), array(shapely.Polygon(star)), grid, 0)).shapes()
    corners = shapely.get_coordinates(drawn)[:-1]
    assert len(corners) == len(star), "corners this far apart are all kept"
    away = np.abs(corners[:, None] - star[None]).max(axis=2).min(axis=1)
    assert away.max() <= grid / 2 + 1e-6


def wavy() -> np.ndarray:
    """Three units; in the west two meet on a crest of the border, which the east alone would smooth away."""
    y = np.arange(0, 1001, 10.0)
    wave = np.column_stack([500 + 4 * np.sin(y / 25), y])
    wave[[0, -1], 0] = 500
    south = shapely.Polygon([(0, 500), (0, 0), *wave[:51]])
    north = shapely.Polygon([(0, 1000), (0, 500), *wave[50:]])
    east = shapely.Polygon([(1000, 0), (1000, 1000), *wave[::-1]])
    return array(south, north, east)


def test_neighbours_are_simplified_together_and_still_fit() -> None:
    shapes = wavy()
    block = pack.rings(pack.Block(), shapes, pack.GRID_M, pack.TOLERANCE_M)
    assert block.streams[1].sum() < shapely.get_num_coordinates(shapes).sum() / 3
    drawn = opened(block).shapes()
    assert shapely.coverage_is_valid(drawn)
    assert shapely.union_all(drawn).area == pytest.approx(1_000_000)


def test_what_does_not_fit_together_keeps_its_corners() -> None:
    shapes = array(*wavy(), shapely.box(450, 450, 550, 550))
    assert not shapely.coverage_is_valid(shapes)
    block = pack.rings(pack.Block(), shapes, 0.001, pack.TOLERANCE_M)
    assert block.streams[1].sum() == (shapely.get_num_coordinates(shapes) - 1).sum()


def test_corners_on_one_place_of_the_grid_are_one() -> None:
    # The second begins where the first one ends, which is another ring.
    ring = shapely.Polygon([(0, 0), (10, 0), (10.1, 0.1), (10.2, 0.1), (10, 10), (0, 10)])
    block = pack.rings(pack.Block(), array(ring, shapely.Polygon([(0, 10), (10, 10), (10, 20), (0, 20)])), 1.0, 0)
    assert [s.tolist() for s in block.streams] == [
        [1, 1], [4, 4], [0, 10, 0, -10, 0, 10, 0, -10], [0, 0, 10, 0, 0, 0, 10, 0],
    ]  # fmt: skip


def test_a_shape_that_the_grid_makes_a_line_is_left_out() -> None:
    needle = shapely.Polygon([(0, 0), (10, 0), (10, 0.2)])
    read = opened(pack.rings(pack.Block(), array(needle, shapely.box(0, 20, 10, 30)), 1.0, 0))
    assert [s.is_empty for s in read.shapes()] == [True, False]


def test_a_shape_that_the_grid_swallows_keeps_its_place_among_the_others() -> None:
    speck = shapely.box(50.1, 50.1, 50.3, 50.3)
    holed = shapely.box(0, 20, 10, 30).difference(shapely.box(5.1, 25.1, 5.3, 25.3))
    read = opened(pack.rings(pack.Block(), array(shapely.box(0, 0, 10, 10), speck, holed), 1.0, 0))
    assert (read.header["count"], read.header["rings"]) == (3, 2)
    first, second, third = read.shapes()
    assert second.is_empty
    assert same(first, shapely.box(0, 0, 10, 10))
    assert same(third, shapely.box(0, 20, 10, 30))


def test_buurten_and_hexagons_come_back() -> None:
    for units in (buurten(), hexagons()):
        read = opened(pack.shapes(pack.Block(), units.geometry.to_numpy()))
        drawn = read.shapes()
        assert shapely.coverage_is_valid(drawn)
        # Half a step on every side.
        assert all(shapely.hausdorff_distance(a, b) < 0.36 for a, b in zip(drawn, units.geometry, strict=True))


def test_a_table_of_one_unit_keeps_its_shape() -> None:
    circle = shapely.Point(X, Y).buffer(1000)
    (drawn,) = opened(pack.shapes(pack.Block(), array(circle))).shapes()
    assert shapely.symmetric_difference(drawn, circle).area < 0.01 * circle.area


# ---------- lines and points


def test_lines_are_simplified_by_parts() -> None:
    bent = shapely.LineString([(0, 0), (100, 1.5), (200, 0), (200, 300)])
    two = shapely.MultiLineString([[(500, 0), (600, 0)], [(700, 10), (700, 110)]])
    block = pack.lines(pack.Block(), array(bent, two))
    assert [s.tolist() for s in block.streams[:2]] == [[1, 2], [3, 2, 2]]
    first, second = opened(block).shapes()
    assert first.equals(shapely.LineString([(0, 0), (200, 0), (200, 300)]))
    assert second.equals(two)


def test_lines_lie_on_their_grid() -> None:
    read = opened(pack.lines(pack.Block(), array(shapely.LineString([(0.9, 3.2), (101.2, 205.2)])), grid_m=2.0))
    (line,) = read.shapes()
    assert shapely.get_coordinates(line).tolist() == [[0, 4], [102, 206]]


def test_points_come_back_on_their_grid() -> None:
    read = opened(pack.points(pack.Block(), shapely.points([(X + 3, Y - 4), (X - 996, Y + 16)]), grid_m=10.0))
    assert [(p.x, p.y) for p in read.shapes()] == [(X, Y), (X - 1000, Y + 20)]
    assert read.ends()


# ---------- names, sparse values, order


def test_names_that_can_be_told_from_corners_are_left_out() -> None:
    assert pack.names(squares(3, 2)) == pack.names(large_squares()) == {"id": None, "name": None}
    named = pack.names(buurten())
    assert named["id"] == [f"BU0000000{n}" for n in range(6)]
    assert named["name"] == ["Zuidwest", "Zuid", "Zuidoost", "Noordwest", "Noord", "Noordoost"]


def test_a_unit_with_its_id_for_a_name_has_no_other() -> None:
    assert pack.names(hexagons())["name"] is None
    assert pack.names(hexagons())["id"] == hexagons().index.tolist()


def test_one_square_beside_its_corner_has_all_of_them_named() -> None:
    units = squares(2, 1).set_geometry(squares(2, 1).geometry.translate(100, 0))
    assert pack.names(units)["id"] == squares(2, 1).index.tolist()


def test_sparse_values_stand_with_their_place() -> None:
    assert pack.sparse([False, True, False, True], [1.0, 2.0, 3.0, 4.0], [5, 6, 7, 8]) == [[1, 3], [2, 4], [6, 8]]
    assert pack.sparse([False], [1]) == [[], []]


def test_rows_by_place_are_the_same_rows_nearer_to_each_other() -> None:
    mixed = squares().sample(frac=1, random_state=7)
    ordered = pack.by_place(mixed)
    assert sorted(ordered.index) == sorted(mixed.index)
    assert all(ordered.loc[i].equals(mixed.loc[i]) for i in mixed.index[:5])

    def way(t: gpd.GeoDataFrame) -> float:
        return sum(a.distance(b) for a, b in itertools.pairwise(t.geometry.centroid))

    assert way(ordered) < way(squares()) < way(mixed) / 3
    assert pack.by_place(ordered).index.equals(ordered.index)


@pytest.mark.parametrize("count", [0, 1])
def test_too_few_rows_to_order_stay(count: int) -> None:
    assert pack.by_place(buildings().head(count)).equals(buildings().head(count))


# ---------- projection


@settings(deadline=None)
@given(st.integers(0, 30_000), st.integers(0, 30_000))
def test_the_polynomial_is_within_a_centimetre_over_30_km(east: int, north: int) -> None:
    there = projection.fit((240_000, 460_000, 270_000, 490_000))
    xy = np.array([[240_000.0 + east, 460_000.0 + north]])
    point = gpd.GeoSeries.from_xy(*xy.T, crs=CRS).to_crs(3857).iloc[0]
    assert math.dist(there(xy)[0], (point.x, point.y)) < 0.01


def test_an_area_too_large_for_the_polynomial_says_so() -> None:
    with pytest.raises(ContractError, match=r"^map: 300 by 300 km is too large for one page.*make the study area"):
        projection.fit((0, 300_000, 300_000, 600_000))


def test_a_single_place_has_a_projection_too() -> None:
    assert projection.fit((X, Y, X, Y)).error_m < 0.01


def test_a_last_corner_that_the_grid_lays_on_the_first_is_left_out() -> None:
    # On a grid of 1 m the two ends of the short side are one place, so a triangle is left; the sliver is none at all.
    short = shapely.Polygon([(0, 0), (10, 0), (10, 10), (0.2, 0.2)])
    sliver = shapely.Polygon([(0, 0), (10, 0), (10, 0.2), (0.2, 0.2)])
    block = pack.rings(pack.Block(), np.array([short, sliver], dtype=object), 1.0, 0)
    per_unit, corners, *_ = block.streams
    assert per_unit.tolist() == [1, 0]
    assert corners.tolist() == [3]
