"""Units as numbers: what the browser unpacks is what went in."""

from __future__ import annotations

import math

import geopandas as gpd
import numpy as np
import pytest
import shapely
from atlas_world import NAN, X, Y, buurten, squares, table
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.atlas import pack, projection
from pipeline.atlas.digits import decimals
from pipeline.contract import CRS, Column, ContractError, Text
from pipeline.palettes import CLASSES


def column(unit: str) -> Column:
    return Column("x", "float64", unit, "intensive", Text("X", "X"), Text("X.", "X."))


def unpacked(shape: pack.Packed) -> list[shapely.MultiPolygon]:
    """What `units.js` makes of a packed shape, before projection."""
    x, y = np.cumsum(shape["x"]), np.cumsum(shape["y"])
    if shape["form"] == "squares":
        s = shape["side"]
        return [shapely.MultiPolygon([shapely.box(a, b, a + s, b + s)]) for a, b in zip(x, y, strict=True)]
    xy = np.column_stack([x, y]) * shape["grid"]
    rings = iter(np.split(xy, np.cumsum(shape["corners"])[:-1]))
    return [
        shapely.MultiPolygon(shapely.polygonize([shapely.LinearRing(next(rings)) for _ in range(count)]))
        for count in shape["rings"]
    ]


def test_squares_are_their_corners() -> None:
    units = squares(3, 2)
    shape = pack.level(units, {})["shape"]
    assert shape == {"form": "squares", "side": 100, "x": [X, 100, 100, -200, 100, 100], "y": [Y, 0, 0, 100, 0, 0]}
    assert [g.equals(h) for g, h in zip(unpacked(shape), units.geometry, strict=True)] == [True] * 6


@pytest.mark.parametrize(
    "odd",
    [
        shapely.box(0, 0, 100, 50),
        shapely.box(0, 0, 200, 200),
        shapely.box(0.5, 0, 100.5, 100),
        shapely.Polygon([(0, 0), (100, 0), (0, 100)]),
    ],
)
def test_one_shape_that_is_no_such_square_makes_them_rings(odd: shapely.Polygon) -> None:
    shapes = np.array([shapely.box(500, 0, 600, 100), odd], dtype=object)
    assert pack.squares(shapes) is None


def test_rings_come_back_with_holes_and_parts() -> None:
    ring = shapely.box(0, 0, 1000, 1000).difference(shapely.box(200, 200, 400, 400))
    two = shapely.MultiPolygon([shapely.box(2000, 0, 2300, 300), shapely.box(3000, 0, 3300, 300)])
    shape = pack.rings(np.array([ring, two], dtype=object))
    assert shape["rings"] == [2, 2]
    assert shape["corners"] == [4, 4, 4, 4]
    xy = np.cumsum(shape["x"]) * shape["grid"], np.cumsum(shape["y"]) * shape["grid"]
    turn = [shapely.LinearRing(np.column_stack(xy)[a : a + 4]).is_ccw for a in (0, 4, 8, 12)]
    assert turn[0] != turn[1], "a hole that runs as its shell does is painted"
    assert turn[2] == turn[3] == turn[0]


def test_neighbours_still_fit_after_simplifying() -> None:
    # A wavy border; in the west two units meet on a crest of it, which the east alone would smooth away.
    y = np.arange(0, 1001, 10.0)
    wave = np.column_stack([500 + 4 * np.sin(y / 25), y])
    wave[[0, -1], 0] = 500
    south = shapely.Polygon([(0, 500), (0, 0), *wave[:51]])
    north = shapely.Polygon([(0, 1000), (0, 500), *wave[50:]])
    east = shapely.Polygon([(1000, 0), (1000, 1000), *wave[::-1]])
    shape = pack.rings(np.array([south, north, east], dtype=object))
    assert sum(shape["corners"]) < len(wave)
    drawn = unpacked(shape)
    assert shapely.coverage_is_valid(drawn)
    assert shapely.union_all(drawn).area == pytest.approx(1_000_000)


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(-9, 9), st.integers(-9, 9)), min_size=1, max_size=20, unique=True),
    st.sampled_from([100, 500]),
)
def test_any_squares_survive(corners: list[tuple[int, int]], side: int) -> None:
    shapes = np.array([shapely.box(x * side, y * side, (x + 1) * side, (y + 1) * side) for x, y in corners])
    shape = pack.squares(shapes)
    assert shape is not None
    assert all(a.equals(b) for a, b in zip(unpacked(shape), shapes, strict=True))


def test_no_units_are_no_squares() -> None:
    assert pack.level(squares(0, 0), {"gsi": 2})["values"] == {"gsi": []}


def test_values_are_whole_numbers_and_missing_is_null_not_zero() -> None:
    packed = pack.level(buurten(), {"inhabitants_per_km2": 0, "gsi": 2})
    assert packed["values"] == {
        "inhabitants_per_km2": [0, 1234, 12345, None, 250, 250],
        "gsi": [0, 5, 12, 30, None, 50],
    }


def test_a_column_that_this_kind_lacks_is_missing_throughout() -> None:
    assert pack.level(squares(2, 1), {"mxi": 2})["values"] == {"mxi": [None, None]}


def test_bounds_stand_where_a_value_is_withheld_and_only_there() -> None:
    packed = pack.level(buurten(), {"inhabitants_count": 0, "inhabitants_per_km2": 0, "gsi": 2})
    # 0 to 4 people on a quarter of a km² are 0 to 16 per km².
    assert packed["bounds"] == {"inhabitants_count": [[3, 0, 4]], "inhabitants_per_km2": [[3, 0, 16]]}


def test_no_bounds_without_land() -> None:
    units = buurten()
    units["land_area_m2"] = [250_000.0, 250_000.0, 250_000.0, 0.0, NAN, 250_000.0]
    units["inhabitants_per_km2"] = NAN
    bounds = pack.level(units, {"inhabitants_per_km2": 0})["bounds"]["inhabitants_per_km2"]
    assert [n for n, *_ in bounds] == [0, 1, 2, 5]


def test_names_are_left_out_where_they_are_the_ids() -> None:
    assert pack.level(squares(1, 1), {})["name"] is None
    assert pack.level(buurten(), {})["name"] == ["Zuidwest", "Zuid", "Zuidoost", "Noordwest", "Noord", "Noordoost"]


@pytest.mark.parametrize(
    ("unit", "breaks", "expected"),
    [
        ("1/km²", (250, 1000), 0),
        ("1/ha", (5, 10), 1),
        ("index", (0.2, 0.4), 2),
        ("index", (0.025, 0.5), 3),
        ("count", (), 0),
        ("count", (1 / 3,), 4),
    ],
)
def test_digits_follow_the_unit_and_the_finest_break(unit: str, breaks: tuple[float, ...], expected: int) -> None:
    assert decimals(column(unit), breaks) == expected


def test_every_break_can_be_said_exactly() -> None:
    from pipeline.indicators import INDICATORS

    for c in (c for i in INDICATORS for c in i.columns if c.name in CLASSES):
        digits = decimals(c, CLASSES[c.name].breaks)
        assert all(round(b, digits) == b for b in CLASSES[c.name].breaks), c.name


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


def test_a_table_of_one_unit_keeps_its_shape() -> None:
    one = table(["Alles"], ["corridor"], [shapely.Point(X, Y).buffer(1000)])
    (shape,) = unpacked(pack.level(one, {})["shape"])
    assert shape.symmetric_difference(one.geometry.iloc[0]).area < 0.01 * math.pi * 1000**2
