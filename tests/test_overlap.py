"""The geometry under the indicators: areas in common, and points in polygons."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from lattice import LATTICE, boxes, triangles
from shapely import MultiPolygon, Point, Polygon
from world import QUADRANTS, box, place, point

from pipeline import threads
from pipeline.contract import CRS
from pipeline.overlap import area_parts, points_in

# Few values, so that shared edges, corners and equal shapes really come up.
QUICK = settings(deadline=None, max_examples=150)


def series(shapes, prefix="s"):
    names = [f"{prefix}{i}" for i in range(len(shapes))]
    return gpd.GeoSeries(list(shapes), index=pd.Index(names, dtype="str"), crs=28992)


def quadrants():
    return gpd.GeoSeries({name: box(*b) for name, b in QUADRANTS.items()}, crs=28992)


def areas(parts):
    return {(s, u): a for s, u, a in parts.itertuples(index=False)}


def pairs(found):
    return set(found.itertuples(index=False, name=None))


SHAPES = st.lists(st.one_of(boxes(), triangles()), max_size=8)


# --- areas, by hand


def test_area_inside_across_and_around():
    subjects = series([box(100, 100, 110, 110), box(490, 490, 520, 510), box(-100, -100, 1100, 1100)])
    assert areas(area_parts(subjects, quadrants())) == {
        ("s0", "sw"): 100,
        ("s1", "sw"): 100,
        ("s1", "se"): 200,
        ("s1", "nw"): 100,
        ("s1", "ne"): 200,
        **{("s2", q): 250_000 for q in QUADRANTS},
    }


def test_touching_is_no_part():
    subjects = series([box(1000, 0, 1100, 100), box(400, 500, 500, 600)])
    assert areas(area_parts(subjects, quadrants())) == {("s1", "nw"): 10_000}


def test_triangle_that_only_touches_along_its_slanted_side():
    """Their boxes overlap and they share an edge, yet they have no area in common."""
    lower, upper = place(Polygon([(0, 0), (100, 0), (0, 100)])), place(Polygon([(100, 0), (100, 100), (0, 100)]))
    assert area_parts(series([lower]), series([upper], "u")).empty


def test_box_within_the_box_of_a_unit_but_outside_the_unit():
    ell = place(Polygon([(0, 0), (1000, 0), (1000, 100), (100, 100), (100, 1000), (0, 1000)]))
    subjects = series([box(500, 500, 600, 600), box(10, 10, 20, 20), box(50, 50, 150, 150)])
    assert areas(area_parts(subjects, series([ell], "u"))) == {("s1", "u0"): 100, ("s2", "u0"): 7_500}


def test_unit_with_a_hole():
    ring = place(Polygon(shapely.box(0, 0, 100, 100).exterior, [shapely.box(10, 10, 90, 90).exterior]))
    subjects = series([box(20, 20, 30, 30), box(0, 0, 100, 100), box(1, 1, 5, 5)])
    assert areas(area_parts(subjects, series([ring], "u"))) == {("s1", "u0"): 3_600, ("s2", "u0"): 16}


def test_unit_that_lies_in_the_hole_of_a_subject():
    ring = place(Polygon(shapely.box(0, 0, 100, 100).exterior, [shapely.box(10, 10, 90, 90).exterior]))
    assert areas(area_parts(series([ring]), series([box(20, 20, 30, 30), box(1, 1, 5, 5)], "u"))) == {("s0", "u1"): 16}


def test_five_corners_that_are_no_box():
    kite = place(Polygon([(0, 50), (50, 0), (100, 50), (50, 100)]))
    assert areas(area_parts(series([box(0, 0, 10, 10), box(45, 45, 55, 55)]), series([kite], "u"))) == {
        ("s1", "u0"): 100
    }


@pytest.mark.parametrize(
    ("corners", "area"),
    [
        ([(-10, 40), (110, 40), (110, 60), (-10, 60)], 2_000),  # a bar through it
        ([(20, -50), (80, -50), (80, 150), (20, 150)], 6_000),  # a bar from below to above
        ([(-100, 0), (0, -100), (200, 100), (100, 200)], 10_000),  # all of it, and corner to corner
        ([(50, 50), (150, 50), (150, 150), (50, 150)], 2_500),  # a corner of it
        ([(0, 0), (200, 0), (0, 200)], 10_000),  # half of a square of 200 m
        ([(0, 0), (100, 0), (0, 200)], 7_500),  # above the ceiling nothing
        ([(0, 0), (200, 0), (0, 100)], 7_500),  # east of it nothing
        ([(0, -100), (100, 100), (0, 100)], 7_500),  # below the floor nothing
        ([(-100, 0), (100, 0), (100, 100)], 7_500),  # west of it nothing
        ([(10, 100), (90, 100), (50, 140)], 0),  # it only touches
        ([(60, 140), (140, 60), (150, 150)], 0),  # it touches the corner with its slanted side
        ([(10, 100), (90, 100), (50, 99.984375)], 0.625),  # hardly in it
    ],
)
@pytest.mark.parametrize("turn", [1, -1])
def test_what_of_a_polygon_is_within_a_box(corners, area, turn):
    parts = area_parts(series([place(Polygon(corners[::turn]))]), series([box(0, 0, 100, 100)], "u"))
    assert parts["area_m2"].sum() == pytest.approx(area, rel=1e-10)
    assert len(parts) == (area > 0)


@pytest.mark.parametrize("turn", [1, -1])
def test_a_hole_is_not_within_a_box_whichever_way_it_was_drawn(turn):
    hole = [(20, 20), (20, 60), (60, 60), (60, 20)][::turn]
    frames = [place(Polygon([(-50, 0), (80, 0), (80, 80), (-50, 80)], [hole]))]
    frames.append(MultiPolygon([*frames, box(90, -10, 95, 10)]))
    parts = area_parts(series(frames), series([box(0, 0, 100, 100)], "u"))
    assert parts["area_m2"].tolist() == pytest.approx([80 * 80 - 40 * 40, 80 * 80 - 40 * 40 + 5 * 10], rel=1e-12)


def test_overlapping_subjects_and_units_count_each_for_itself():
    subjects, over = series([box(0, 0, 10, 10), box(5, 0, 15, 10)]), series([box(0, 0, 20, 20), box(0, 0, 8, 10)], "u")
    assert areas(area_parts(subjects, over)) == {
        ("s0", "u0"): 100,
        ("s1", "u0"): 100,
        ("s0", "u1"): 80,
        ("s1", "u1"): 30,
    }


def test_parts_of_a_multipolygon_are_one_part():
    two = MultiPolygon([box(0, 0, 10, 10), box(990, 990, 1000, 1000)])
    assert areas(area_parts(series([two]), quadrants())) == {("s0", "sw"): 100, ("s0", "ne"): 100}


def test_rows_stand_by_unit_and_then_by_subject():
    """Thirty, so that the spatial index has leaves and an order of its own."""
    there = [(37 * i % 1000, 91 * i % 1000) for i in range(30)]
    for found, first in (
        (area_parts(series([box(x, y, x + 90, y + 90) for x, y in there]), quadrants()), "subject"),
        (points_in(series([point(x, y) for x, y in there]), quadrants()), "point"),
    ):
        order = list(zip(found["unit"].map(list(QUADRANTS).index), found[first].str[1:].astype(int), strict=True))
        assert order == sorted(order)


@pytest.mark.parametrize(("subjects", "units"), [([], 4), ([box(0, 0, 1, 1)], 0), ([], 0)])
def test_nothing_gives_an_empty_table_with_its_columns(subjects, units):
    found = area_parts(series(subjects), quadrants().iloc[:units])
    assert list(found.columns) == ["subject", "unit", "area_m2"]
    assert found.empty
    assert found["area_m2"].dtype == "float64"


def test_nothing_is_left_prepared():
    """A prepared geometry that two threads share crashes GEOS, so the caller's stay as they are."""
    kite = place(Polygon([(0, 50), (50, 0), (100, 50), (50, 100)]))
    subjects, over = series([kite, box(40, 40, 60, 60), box(0, 0, 90, 90)]), series([kite, box(45, 45, 50, 50)], "u")
    area_parts(subjects, over)
    points_in(series([point(50, 50), point(1, 1)]), over)
    assert not shapely.is_prepared(np.concatenate([subjects.to_numpy(), over.to_numpy()])).any()


# --- areas, against geopandas.overlay


def overlay(subjects, units):
    left = gpd.GeoDataFrame({"subject": subjects.index}, geometry=subjects.to_numpy(), crs=28992)
    right = gpd.GeoDataFrame({"unit": units.index}, geometry=units.to_numpy(), crs=28992)
    parts = gpd.overlay(left, right, how="intersection", keep_geom_type=True)
    return {(s, u): a for s, u, a in zip(parts["subject"], parts["unit"], parts.area, strict=True) if a > 0}


@given(SHAPES.filter(len), SHAPES.filter(len))
@settings(deadline=None, max_examples=60)
def test_areas_are_those_of_geopandas_overlay(subjects, units):
    subjects, units = series(subjects), series(units, "u")
    ours, theirs = areas(area_parts(subjects, units)), overlay(subjects, units)
    # A sliver of rounding, the last digit of an RD coordinate over 1 km, may be in one of them only.
    ours, theirs = ({k: a for k, a in t.items() if a > 1e-6} for t in (ours, theirs))
    assert ours == pytest.approx(theirs, rel=1e-9, abs=1e-6)


def test_a_town_is_that_of_geopandas_overlay():
    """2,000 turned houses in 400 squares and in wards with ragged edges."""
    rng = np.random.default_rng(28992)
    turned = [
        shapely.affinity.rotate(box(x, y, x + 8, y + 12), angle)
        for x, y, angle in zip(*rng.uniform(0, 990, (2, 2000)), rng.uniform(0, 90, 2000), strict=True)
    ]
    grid = [box(50 * i, 50 * j, 50 * i + 50, 50 * j + 50) for i in range(20) for j in range(20)]
    seeds = shapely.MultiPoint([point(x, y) for x, y in rng.uniform(0, 1000, (9, 2))])
    wards = shapely.get_parts(shapely.voronoi_polygons(seeds, extend_to=box(0, 0, 1000, 1000)))
    for units in (series(grid, "u"), series(wards, "u")):
        ours, theirs = areas(area_parts(series(turned), units)), overlay(series(turned), units)
        assert ours == pytest.approx(theirs, rel=1e-9, abs=1e-9)
        assert sum(ours.values()) == pytest.approx(sum(theirs.values()), rel=1e-12)


# --- points, by hand


def test_a_point_inside_on_an_edge_on_a_corner_and_outside():
    points = series([point(1, 1), point(500, 100), point(500, 500), point(0, 0), point(1000, 700), point(1001, 700)])
    assert pairs(points_in(points, quadrants())) == {
        ("s0", "sw"),
        ("s1", "se"),
        ("s2", "ne"),
        ("s3", "sw"),
        ("s4", "ne"),
    }


def test_a_point_in_two_overlapping_units_counts_for_each():
    rings = series([point(500, 500).buffer(400), point(700, 500).buffer(400)], "u")
    assert pairs(points_in(series([point(600, 500), point(200, 500)]), rings)) == {
        ("s0", "u0"),
        ("s0", "u1"),
        ("s1", "u0"),
    }


def test_a_point_on_an_edge_within_another_unit_counts_for_both():
    rings = series([box(0, 0, 500, 500), box(500, 0, 900, 500), box(400, 0, 600, 500)], "u")
    assert pairs(points_in(series([point(500, 100)]), rings)) == {("s0", "u0"), ("s0", "u2")}


def test_a_point_on_a_slanted_edge_counts_once():
    lower, upper = place(Polygon([(0, 0), (100, 0), (0, 100)])), place(Polygon([(100, 0), (100, 100), (0, 100)]))
    points = series([point(50, 50), point(20, 20), point(80, 80), point(100, 0)])
    assert pairs(points_in(points, series([lower, upper], "u"))) == {
        ("s0", "u0"),
        ("s1", "u0"),
        ("s2", "u1"),
        ("s3", "u0"),
    }


def test_a_point_in_the_hole_of_a_unit_is_outside():
    ring = place(Polygon(shapely.box(0, 0, 100, 100).exterior, [shapely.box(10, 10, 90, 90).exterior]))
    points = series([point(50, 50), point(10, 50), point(5, 5)])
    assert pairs(points_in(points, series([ring], "u"))) == {("s1", "u0"), ("s2", "u0")}


@pytest.mark.parametrize(("points", "units"), [([], 4), ([Point(1, 1)], 0), ([], 0)])
def test_no_points_or_no_units(points, units):
    found = points_in(series(points), quadrants().iloc[:units])
    assert list(found.columns) == ["point", "unit"]
    assert found.empty


# --- points, properties

POINTS = st.lists(st.tuples(LATTICE, LATTICE), max_size=20)
THIRDS = {
    f"{i}{j}": box(*w) for i, j, w in
    ((i, j, ((0, 250, 500, 1000)[i], (0, 499, 1000)[j], (0, 250, 500, 1000)[i + 1], (0, 499, 1000)[j + 1])) for i in range(3) for j in range(2))
}  # fmt: skip
HALVES = {
    "a": place(Polygon([(0, 0), (1000, 0), (0, 1000)])),
    "b": place(Polygon([(1000, 0), (1000, 1000), (0, 1000)])),
}
PARTITIONS = st.sampled_from([{n: box(*b) for n, b in QUADRANTS.items()}, THIRDS, HALVES])


@given(POINTS, PARTITIONS)
@QUICK
def test_every_point_counts_once_in_a_partition(points, partition):
    points = series([point(*p) for p in points])
    found = points_in(points, gpd.GeoSeries(partition, crs=28992))
    assert sorted(found["point"]) == sorted(points.index)


@given(POINTS, SHAPES, st.randoms(use_true_random=False))
@QUICK
def test_the_order_of_rows_does_not_matter(points, shapes, random):
    points, units = series([point(*p) for p in points]), series(shapes, "u")
    mixed = [random.sample(range(len(t)), len(t)) for t in (points, units)]
    again = points_in(points.iloc[mixed[0]], units.iloc[mixed[1]])
    assert pairs(again) == pairs(points_in(points, units))


@given(POINTS, SHAPES)
@QUICK
def test_a_point_is_found_where_it_is_covered_and_nowhere_else(points, shapes):
    points, units = series([point(*p) for p in points]), series(shapes, "u")
    found = pairs(points_in(points, units))
    for p, xy in points.items():
        inside = {u for u, s in units.items() if s.contains(xy)}
        edge = sorted(u for u, s in units.items() if s.touches(xy))
        assert {u for q, u in found if q == p} == inside | set(edge[:1])


# --- squares of the RD grid, which need no geometry


def squares(columns, rows, side=100.0, order="column"):
    cells = [(c, r) for c in range(*columns) for r in range(*rows)]
    cells.sort(key=(lambda cell: cell) if order == "column" else (lambda cell: cell[::-1]))
    shapes = [shapely.box(c * side, r * side, (c + 1) * side, (r + 1) * side) for c, r in cells]
    return gpd.GeoSeries(shapes, index=[f"{i:03d}" for i in range(len(cells))], crs=CRS)


@pytest.mark.parametrize("order", ["column", "row"])
@given(st.lists(st.tuples(st.integers(-1, 9), st.integers(-1, 9)), max_size=30))
def test_squares_of_a_grid_are_as_any_polygons(order, drawn):
    # On a lattice of 50 m half of the points lie on a line or a corner, some outside or on the outer edge.
    units = squares((0, 4), (0, 4), order=order)
    points = gpd.GeoSeries(
        [shapely.Point(50 * x, 50 * y) for x, y in drawn], index=[f"p{i}" for i in range(len(drawn))], crs=CRS
    )
    found = points_in(points, units)
    # One by one: of the squares that a point touches, the first by index.
    plain = {(p, min(units.index[units.intersects(xy)], default="")) for p, xy in points.items()}
    assert set(map(tuple, found.to_numpy())) == {(p, unit) for p, unit in plain if unit}
    assert found["unit"].is_monotonic_increasing
    within = [0 <= x <= 8 and 0 <= y <= 8 for x, y in drawn]
    assert len(found) == sum(within)


def test_a_grid_with_a_gap_loses_no_point():
    units = squares((0, 2), (0, 2)).drop("000")  # the square in the south-west
    points = gpd.GeoSeries(
        [shapely.Point(100, 100), shapely.Point(50, 100), shapely.Point(100, 50), shapely.Point(50, 50)], crs=CRS
    )
    # "001" is the north-west, "002" the south-east.
    assert points_in(points, units).to_numpy().tolist() == [[0, "001"], [1, "001"], [2, "002"]]


def test_squares_beside_the_grid_hold_what_lies_in_them_only():
    units = gpd.GeoSeries([shapely.box(50, 50, 150, 150)], index=["u"], crs=CRS)
    inside, beside = shapely.Point(60, 60), shapely.Point(170, 110)
    assert points_in(gpd.GeoSeries([inside, beside], crs=CRS), units)["point"].tolist() == [0]


def test_squares_that_are_twice_there_count_each():
    units = gpd.GeoSeries([shapely.box(0, 0, 100, 100)] * 2, index=["a", "b"], crs=CRS)
    assert points_in(gpd.GeoSeries([shapely.Point(50, 50)], crs=CRS), units)["unit"].tolist() == ["a", "b"]


def test_boxes_of_two_sizes_on_a_grid_count_each():
    units = gpd.GeoSeries([shapely.box(100, 0, 200, 100), shapely.box(0, 0, 200, 100)], index=["b", "a"], crs=CRS)
    assert set(points_in(gpd.GeoSeries([shapely.Point(150, 50)], crs=CRS), units)["unit"]) == {"a", "b"}


def test_many_pairs_are_shared_out_and_come_back_in_order():
    units = squares((0, 30), (0, 30))
    subjects = gpd.GeoSeries(
        [shapely.box(x, y, x + 70, y + 70) for x in range(0, 3000, 70) for y in range(0, 3000, 70)], crs=CRS
    )
    parts = area_parts(subjects, units)
    assert len(parts) > threads._WORTH_SHARING
    rows = list(zip(parts["unit"], parts["subject"], strict=True))
    assert rows == sorted(rows)
    assert len(rows) == len(set(rows))
    assert parts["area_m2"].sum() == pytest.approx(3000**2, rel=1e-12)
