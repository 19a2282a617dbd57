"""The study area and the corridor: what shape they get, and whether one lies in the other."""

from __future__ import annotations

import math

import geopandas as gpd
import pytest
import shapely
from shapely import LineString, Point, Polygon
from world import box, buurten, layer, place

from pipeline.clip import area, corridor
from pipeline.contract import CRS, ContractError, SourceError, check

BOW_TIE = Polygon([(0, 0), (10, 10), (10, 0), (0, 10)])
AREA = box(0, 0, 1000, 1000)


def polygons(*shapes):
    return gpd.GeoDataFrame(geometry=list(shapes), crs=CRS)


# --- the strip along the track


@pytest.mark.parametrize("half_width_m", [100, 400, 1000])
def test_a_strip_along_a_straight_line_has_two_sides_and_two_round_ends(half_width_m):
    strip = corridor.along(LineString([(0, 0), (8000, 0)]), half_width_m)
    assert strip.area == pytest.approx(2 * half_width_m * 8000 + math.pi * half_width_m**2, rel=1e-3)
    assert strip.bounds == pytest.approx((-half_width_m, -half_width_m, 8000 + half_width_m, half_width_m))


def test_the_strip_reaches_as_far_as_said_in_every_direction():
    axis = LineString([(0, 0), (3000, 0), (3000, 4000)])
    rim = shapely.get_coordinates(corridor.along(axis, 1000))
    assert shapely.distance(axis, shapely.points(rim)) == pytest.approx(1000, abs=1e-6)
    # Between its corners the polygon comes nearer than the circle, by 1.3 m at the most.
    middle = shapely.points((rim[1:] + rim[:-1]) / 2)
    nearest = shapely.distance(axis, middle).min()
    assert 1000 - 1.3 < nearest < 1000


def test_the_corridor_is_a_layer_of_one_row():
    table = check(corridor.as_layer(AREA), corridor.CORRIDOR)
    assert table.index.tolist() == ["corridor"]
    assert table["area_m2"].tolist() == [1_000_000]


# --- neighbourhoods, municipalities, a file


def test_the_union_of_buurten():
    shape = corridor.of_buurten(buurten(), ("BU00010000", "BU00010100"))
    assert shape.equals(box(0, 0, 1000, 500))


def test_an_unknown_buurt():
    with pytest.raises(SourceError) as error:
        corridor.of_buurten(buurten(), ("BU00010000", "BU99999999", "BU99999998"))
    assert str(error.value) == ("[corridor] buurt_codes: 2 of 3 are not in the loaded buurten, first 'BU99999999'")


GEMEENTEN = {"GM0001": box(0, 0, 500, 1000), "GM0002": box(500, 0, 1000, 1000), "GM0003": box(2000, 0, 3000, 1000)}


def gemeenten():
    return layer("gemeente", {code: {"gemeente_name": f"G{code[-1]}", "geometry": s} for code, s in GEMEENTEN.items()})


def test_the_union_of_gemeenten():
    assert area.of_gemeenten(gemeenten(), ("GM0002", "GM0001")).equals(AREA)


def test_an_unknown_gemeente():
    with pytest.raises(SourceError) as error:
        area.of_gemeenten(gemeenten(), ("GM0001", "GM0153"))
    assert str(error.value) == (
        "[area] gemeente_codes: 'GM0153' is not among the 3 loaded municipalities (GM0001 G1, GM0002 G2, GM0003 G3 ...)"
    )


def test_the_box_is_widened_to_whole_metres_outward():
    assert area.box_around(shapely.box(10.4, 20.6, 30.2, 40.2), 5) == (5, 15, 36, 46)


def test_polygons_of_a_file_are_one_area():
    both = corridor.of_polygons(polygons(box(0, 0, 600, 1000), box(400, 0, 1000, 1000)), "plan.gpkg")
    assert both.equals(AREA)


@pytest.mark.parametrize(
    ("shapes", "message"),
    [
        (
            [AREA, BOW_TIE],
            "plan.gpkg: 1 of 2 polygons can't be used, the first is not valid: Self-intersection[5 5]; repair it and run again",
        ),
        ([None, BOW_TIE], "plan.gpkg: 2 of 2 polygons can't be used, the first is missing or empty; repair it and run again"),
        ([Polygon()], "plan.gpkg: 1 of 1 polygons can't be used, the first is missing or empty; repair it and run again"),
        ([LineString([(0, 0), (9, 9)]), Point(0, 0), AREA], "plan.gpkg: geometry types ['LineString', 'Point'], expected polygons"),
        ([], "plan.gpkg: holds no polygons, expected at least one"),
    ],
    ids=["bow-tie", "missing", "empty", "lines and points", "nothing"],
)  # fmt: skip
def test_a_file_that_is_no_area_is_refused(shapes, message):
    with pytest.raises(SourceError) as error:
        corridor.of_polygons(polygons(*shapes), "plan.gpkg")
    assert str(error.value) == message


# --- one in the other


def inside(inner):
    return corridor.inside(inner, AREA, "corridor", "the study area", "narrow it")


def test_a_corridor_within_the_area_comes_back_itself():
    shape = box(100, 100, 1000, 900)
    assert inside(shape) is shape
    assert inside(AREA) is AREA


def test_less_than_a_square_metre_outside_is_no_matter():
    # 5 mm along 100 m.
    assert inside(box(100, 100, 1000.005, 200)).bounds[2] > AREA.bounds[2]
    with pytest.raises(ContractError):
        inside(box(100, 100, 1000.02, 200))


def test_a_corridor_that_leaves_the_area_says_how_far_and_where():
    with pytest.raises(ContractError) as error:
        inside(box(-40, 100, 1250, 300))
    # 40 m × 200 m in the west and 250 m × 200 m in the east.
    assert str(error.value) == (
        "corridor: reaches 250 m outside the study area (5.8 ha, furthest near 258250,471300); narrow it"
    )


def test_a_hole_in_the_area_is_outside_it_though_all_its_corners_lie_on_the_rim():
    holed = AREA.difference(box(400, 400, 600, 600))
    with pytest.raises(ContractError, match=r"^corridor: reaches 100 m outside the study area \(4\.0 ha"):
        corridor.inside(box(300, 300, 700, 700), holed, "corridor", "the study area", "narrow it")


def test_a_corridor_wholly_elsewhere():
    far = place(shapely.box(2000, 0, 2100, 100))
    with pytest.raises(ContractError, match=r"^corridor: reaches 1100 m outside the study area \(1\.0 ha"):
        inside(far)
