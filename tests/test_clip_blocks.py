"""Building blocks: ground between streets, railway, large green and the edge of the area, with buildings on it."""

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from lattice import LATTICE, boxes
from shapely import LineString
from world import KIND, box, layer, panden, place

from pipeline.clip.blocks import blocks
from pipeline.contract import check

WORLD = box(0, 0, 1000, 1000)
#: A cross of streets through the middle, to the edge of the world.
CROSS = [LineString([(500, 0), (500, 1000)]), LineString([(0, 500), (1000, 500)])]
#: One house in each quarter.
HOUSES = {"sw": box(100, 100, 110, 110), "se": box(900, 100, 910, 110), "nw": box(100, 900, 110, 910), "ne": box(900, 900, 910, 910)}


def streets(lines, code="RB"):
    return layer("wegvak", {f"w{i}": {"geometry": place(s), "road_authority": "G", "carriageway": code} for i, s in enumerate(lines)})


def rails(*lines):
    return layer("spooras", {f"r{i}": {"geometry": place(s)} for i, s in enumerate(lines)})


def green(*shapes, level=0):
    return layer("bgt_begroeidterreindeel", {f"g{i}": {"geometry": s, "level": level} for i, s in enumerate(shapes)})


def water(*shapes):
    return layer("bgt_waterdeel", {f"w{i}": {"geometry": s} for i, s in enumerate(shapes)})


def of(area=WORLD, lines=CROSS, pand=HOUSES, **more):
    made = blocks(area, streets(lines), panden(pand), **more)
    return check(made[["unit_name", "area_m2", "land_area_m2", "geometry"]], KIND["block"].shapes)


def areas(table):
    return sorted(table["area_m2"].round(3))


def test_streets_cut_the_area_in_blocks_to_their_centre_lines():
    table = of()
    assert set(table.geometry.normalize()) == {
        box(*b).normalize() for b in ((0, 0, 500, 500), (500, 0, 1000, 500), (0, 500, 500, 1000), (500, 500, 1000, 1000))
    }
    # Named by the place of a point in it: 257 and 471 km are the corner of the world.
    assert table.index.tolist() == ["K257250N471250", "K257250N471750", "K257750N471250", "K257750N471750"]
    assert table["unit_name"].tolist() == table.index.tolist()


def test_ground_without_a_building_is_no_block():
    assert areas(of(pand={"sw": HOUSES["sw"]})) == [250_000]
    assert of(pand={}).empty


@pytest.mark.parametrize(
    ("status", "stands"),
    [
        ("Pand in gebruik", True),
        ("Pand in gebruik (niet ingemeten)", True),
        ("Verbouwing pand", True),
        ("Pand buiten gebruik", True),
        ("Sloopvergunning verleend", True),
        ("Bouw gestart", False),
        ("Bouwvergunning verleend", False),
    ],
)
def test_a_building_that_stands_makes_a_block(status, stands):
    assert len(of(pand={"sw": (HOUSES["sw"], status)})) == stands


@pytest.mark.parametrize(
    ("code", "cuts"),
    [("RB", True), ("", True), ("HR", True), ("OPR", True), ("BU", True), ("FP", False), ("VP", False), ("PP", False), ("VD", False)],
)
def test_paths_do_not_bound_a_block(code, cuts):
    assert len(blocks(WORLD, streets(CROSS, code), panden(HOUSES))) == (4 if cuts else 1)


def test_the_railway_bounds_blocks_with_streets_and_alone():
    axis = rails(LineString([(0, 250), (1000, 250)]))
    assert areas(of(spooras=axis)) == [125_000, 125_000, 250_000, 250_000]
    assert areas(of(lines=[], spooras=axis)) == [250_000, 750_000]


@pytest.mark.parametrize(("gap_m", "closed"), [(0.75, True), (1.0, True), (1.1, False)])
def test_a_gap_in_the_railway_does_not_join_what_lies_on_both_sides(gap_m, closed):
    axis = rails(LineString([(0, 250), (300, 250)]), LineString([(300 + gap_m, 250), (1000, 250)]))
    assert areas(of(lines=[], spooras=axis)) == ([250_000, 750_000] if closed else [1_000_000])
    assert areas(of(lines=[], spooras=axis, snap_m=2.0)) == [250_000, 750_000]


def test_without_lines_the_area_is_one_block():
    assert areas(of(lines=[])) == areas(of(lines=[], spooras=rails())) == [1_000_000]


def test_the_edge_of_the_area_cuts_blocks_and_nothing_lies_beyond():
    table = of(area=box(50, 50, 700, 700), pand={**HOUSES, "in": box(600, 600, 610, 610)})
    assert areas(table) == [200 * 200, 450 * 450]


def test_dead_ends_and_streets_that_stop_short_cut_nothing():
    stub = LineString([(250, 500), (250, 300)])
    short = LineString([(0, 250), (499, 250)])
    assert areas(of(lines=[*CROSS, stub, short])) == [250_000] * 4


def test_a_street_over_the_middle_of_another_cuts_too():
    """A bridge has no junction in the register; seen from above it bounds what lies beside it."""
    over = LineString([(0, 250), (1000, 250)])
    houses = {**HOUSES, "sw2": box(100, 300, 110, 310), "se2": box(900, 300, 910, 310)}
    assert areas(of(lines=[*CROSS, over], pand=houses)) == [125_000] * 4 + [250_000] * 2


def test_what_lies_between_two_carriageways_is_no_block():
    double = [LineString([(490, 0), (490, 1000)]), LineString([(510, 0), (510, 1000)]), CROSS[1]]
    assert areas(of(lines=double)) == [490 * 500] * 4


def test_slivers_are_no_blocks():
    """A substation between two lines that nearly meet: 99 m²; a square metre more is one."""
    near = [*CROSS, LineString([(0, 9.9), (10, 9.9), (10, 0)])]
    shed = {**HOUSES, "shed": box(2, 2, 4, 4)}
    assert len(of(lines=near, pand=shed)) == 4
    assert len(of(lines=[*CROSS, LineString([(0, 10), (10, 10), (10, 0)])], pand=shed)) == 5


def test_a_building_over_a_street_makes_one_block():
    """It belongs where a point on it lies, which is in its middle."""
    assert areas(of(pand={"gate": box(480, 100, 600, 110)})) == [250_000]


# --- green and water


def test_large_green_is_no_part_of_a_block_and_small_is():
    park, square = box(0, 0, 500, 50), box(600, 100, 663, 163)  # 25,000 and 3,969 m²
    table = of(green=[green(park, square)], green_from_m2=4000)
    assert areas(table) == [225_000, 250_000, 250_000, 250_000]
    assert areas(of(green=[green(park, square)], green_from_m2=3900)) == [225_000, 250_000 - 3969, 250_000, 250_000]
    assert areas(of(green=[green(park, square)], green_from_m2=30_000)) == [250_000] * 4
    assert areas(of(green=[green(park)], green_from_m2=25_000)) == [225_000, 250_000, 250_000, 250_000]


def test_a_park_is_large_however_many_pieces_it_is_drawn_in():
    pieces = [box(50 * i, 0, 50 * (i + 1), 50) for i in range(10)]  # 2,500 m² each
    assert areas(of(green=[green(*pieces)], green_from_m2=4000))[0] == 225_000
    # Pieces that only touch at a corner, and green and water side by side, are not one.
    corner = [box(0, 0, 50, 50), box(50, 50, 100, 100)]
    assert areas(of(green=[green(*corner)], green_from_m2=4000)) == [250_000] * 4
    assert areas(of(green=[green(corner[0]), water(box(50, 0, 100, 50))], green_from_m2=4000)) == [250_000] * 4
    assert areas(of(green=[water(*pieces)], green_from_m2=4000))[0] == 225_000


def test_green_on_a_deck_is_not_on_the_ground():
    assert areas(of(green=[green(box(0, 0, 500, 50), level=1)], green_from_m2=4000)) == [250_000] * 4


def test_green_parts_a_block_and_what_has_no_building_is_left_out():
    strip = box(200, 0, 300, 500)
    two = {**HOUSES, "sw2": box(400, 100, 410, 110)}
    assert areas(of(pand=two, green=[green(strip)], green_from_m2=4000)) == [100_000, 100_000, 250_000, 250_000, 250_000]
    assert areas(of(green=[green(strip)], green_from_m2=4000)) == [100_000, 250_000, 250_000, 250_000]


def test_the_street_along_a_park_is_in_no_block():
    """Of the quarter with the park a rim of 10 m is left, with nothing on it."""
    park = {k: v for k, v in HOUSES.items() if k != "sw"}
    assert areas(of(pand=park, green=[green(box(10, 10, 490, 490))], green_from_m2=4000)) == [250_000] * 3


@pytest.mark.parametrize(
    ("side_m", "expected"),
    [
        # The slab takes 40,000 of 160,000 m²: its green is that of the block, which is the whole quarter.
        (200, 250_000),
        # A pavilion of 100 m² does not make a block of a park: it stands on its own ground.
        (10, 100),
        # 5 % of 160,000 m² is 8,000: a little more than 89 m square.
        (89, 89 * 89),
        (90, 250_000),
    ],
)
def test_green_around_what_stands_in_it(side_m, expected):
    yard = box(200, 200, 200 + side_m, 200 + side_m)
    around = box(100, 100, 500, 500).difference(yard)
    quarter = box(0, 0, 500, 500)
    found = blocks(quarter, streets([]), panden({"slab": yard}), green=[green(around)], green_from_m2=4000)
    assert areas(found) == [expected]


def test_a_hole_in_green_with_a_street_in_it_is_no_island():
    """Green all round a village of 200 m square, with streets through: each block ends where the green begins."""
    around = WORLD.difference(box(400, 400, 600, 600))
    houses = {f"h{x}{y}": box(x, y, x + 10, y + 10) for x in (420, 570) for y in (420, 570)}
    assert areas(of(pand=houses, green=[green(around)], green_from_m2=4000)) == [10_000] * 4


def test_no_green_on_the_map_and_no_map_of_green_are_the_same():
    assert of(green=[green(), water()], green_from_m2=4000).equals(of())


# --- the whole


@st.composite
def lines(draw):
    (x, y), (u, v) = draw(st.tuples(LATTICE, LATTICE)), draw(st.tuples(LATTICE, LATTICE))
    return LineString([(x, y), (u, v)])


@given(st.lists(lines(), max_size=8), st.lists(boxes(), min_size=1, max_size=5), st.lists(boxes(), max_size=4), boxes())
@settings(deadline=None, max_examples=80)
def test_blocks_lie_in_the_area_once_and_hold_a_building(drawn, buildings, parks, area):
    drawn = [s for s in drawn if s.length]
    pand = {f"p{i}": b for i, b in enumerate(buildings)}
    table = of(area, drawn, pand, green=[green(*parks)], green_from_m2=4000)
    shapes = table.geometry.to_numpy()
    assert table["area_m2"].sum() == pytest.approx(shapely.union_all(shapes).area, abs=1e-6)
    assert shapely.difference(shapely.union_all(shapes), area).area < 3
    assert (table["area_m2"] >= 100).all()
    assert table.index.is_unique
    points = shapely.point_on_surface(buildings)
    assert all(shapely.intersects(s, points).any() for s in shapes)
    # The order of what is drawn changes nothing.
    again = of(area, drawn[::-1], dict(reversed(pand.items())), green=[green(*parks[::-1])], green_from_m2=4000)
    assert areas(again) == pytest.approx(areas(table), abs=0.01)
