"""The spatial units: their shapes, their names, and that they cover what they should once."""

from __future__ import annotations

import math

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, Point, Polygon
from world import KIND, X, Y, box, buurten, land_use, place, point

from pipeline.clip import corridor, units
from pipeline.contract import ContractError, check

AREA = place(Polygon([(120, 80), (1330, 40), (1490, 990), (700, 1480), (60, 930)]))
EVERYWHERE = box(-10_000, -10_000, 10_000, 10_000)


def total(table):
    return table.area.sum()


def overlap(table):
    """Area that units share."""
    return total(table) - shapely.union_all(table.geometry.to_numpy()).area


# --- squares


def test_a_square_is_named_by_its_south_west_corner_as_cbs_does():
    table = check(units.squares(box(120, 310, 180, 390), 100), KIND["square_100m"].shapes)
    assert table.index.tolist() == ["E2571N4713"]
    assert table.geometry.iloc[0].equals(box(100, 300, 200, 400))
    assert table["area_m2"].tolist() == [10_000]
    assert table["land_area_m2"].isna().all()


def test_squares_of_500_m_lie_on_the_grid_of_rd():
    table = check(units.squares(box(120, 310, 180, 390), 500), KIND["square_500m"].shapes)
    assert table.index.tolist() == ["E2570N4710"]
    assert table.geometry.iloc[0].equals(box(0, 0, 500, 500))


def test_an_area_on_the_grid_gets_no_squares_that_only_touch_it():
    table = units.squares(box(100, 200, 400, 400), 100)
    assert len(table) == 6
    assert table.geometry.union_all().equals(box(100, 200, 400, 400))
    # In the bend of an L lies a square that has two edges in common with it, and nothing else.
    bend = box(0, 0, 200, 100).union(box(0, 0, 100, 200))
    assert units.squares(bend, 100).index.tolist() == ["E2570N4710", "E2570N4711", "E2571N4710"]


@pytest.mark.parametrize("size_m", [100, 500])
def test_squares_are_whole_and_cover_the_area_once(size_m):
    table = units.squares(AREA, size_m)
    assert set(table.area) == {size_m**2}
    assert overlap(table) == 0
    assert shapely.union_all(table.geometry.to_numpy()).covers(AREA)
    assert not table.geometry.touches(AREA).any()
    assert table.intersects(AREA).all()
    corner = table.bounds[["minx", "miny"]].to_numpy()
    assert (corner % size_m == 0).all()


# --- hexagons


def hexagons(area, edge_m=200):
    return check(units.hexagons(area, edge_m), KIND["hexagon"].shapes)


@pytest.mark.parametrize("edge_m", [50, 200, 333.3])
def test_hexagons_are_alike_and_cover_the_area_once(edge_m):
    table = hexagons(AREA, edge_m)
    assert table.area.to_numpy() == pytest.approx(1.5 * math.sqrt(3) * edge_m**2, rel=1e-6)
    assert shapely.coverage_is_valid(table.geometry.to_numpy())
    assert shapely.union_all(table.geometry.to_numpy()).covers(AREA)
    assert table.intersects(AREA).all()
    # Two edges lie north and south: 2 edges wide, √3 edges high.
    box_of = table.bounds
    assert (box_of["maxx"] - box_of["minx"]).to_numpy() == pytest.approx(2 * edge_m)
    assert (box_of["maxy"] - box_of["miny"]).to_numpy() == pytest.approx(math.sqrt(3) * edge_m)


@settings(deadline=None, max_examples=12)
@given(dx=st.sampled_from([-300, -1, 0, 1, 150, 5000]), dy=st.sampled_from([-173, 0, 1, 900]))
def test_a_hexagon_keeps_its_name_when_the_area_moves(dx, dy):
    here = hexagons(AREA)
    there = hexagons(shapely.transform(AREA, lambda xy: xy + np.array([dx, dy])))
    both = here.index.intersection(there.index)
    assert (here.geometry[both].to_wkb() == there.geometry[both].to_wkb()).all()
    # And no place has two names: what is there in both has the same name in both.
    assert set(here.index[here.geometry.to_wkb().isin(there.geometry.to_wkb())]) == set(both)


# --- rings around stations


def stops(**at):
    return gpd.GeoDataFrame({"station_name": list(at)}, geometry=[point(*p) for p in at.values()], crs=28992)


def test_rings_do_not_overlap_and_together_are_the_disc():
    table = check(units.catchments(stops(Kennispark=(0, 0)), [400, 800, 1200]), KIND["catchment"].shapes)
    assert table.index.tolist() == ["Kennispark 0000-0400", "Kennispark 0400-0800", "Kennispark 0800-1200"]
    assert table["unit_name"].tolist() == ["Kennispark 0–400 m", "Kennispark 400–800 m", "Kennispark 800–1200 m"]
    assert table["area_m2"].tolist() == pytest.approx([math.pi * 400**2 * n for n in (1, 3, 5)], rel=1e-3)
    assert overlap(table) == pytest.approx(0, abs=1e-3)
    assert table.contains(point(0, 0)).tolist() == [True, False, False]
    assert table.contains(point(0, 799)).tolist() == [False, True, False]


def test_rings_of_stations_that_lie_near_may_overlap():
    table = units.catchments(stops(A=(0, 0), B=(500, 0)), [400])
    assert table.index.tolist() == ["A 0000-0400", "B 0000-0400"]
    assert table.area.to_numpy() == pytest.approx(math.pi * 400**2, rel=1e-3)
    assert overlap(table) > 0
    assert not KIND["catchment"].partition


# --- sections along the line

STRAIGHT = place(LineString([(0, 0), (1000, 0)]))
ANGLE = np.linspace(0, np.pi / 2, 200)
CURVED = place(LineString(np.column_stack([1500 * np.sin(ANGLE), 1500 * (1 - np.cos(ANGLE))])))


def sections(axis, half_width_m, length_m):
    strip = corridor.along(axis, half_width_m)
    return strip, check(units.sections(axis, strip, length_m), KIND["section"].shapes)


def test_sections_of_a_straight_line_are_cut_at_right_angles():
    _, table = sections(STRAIGHT, 300, 250)
    assert table.index.tolist() == ["S000000", "S000250", "S000500", "S000750"]
    assert table["unit_name"].tolist()[1] == "250–500 m"
    for start, section in zip((250, 500), table.geometry.iloc[1:3], strict=True):
        assert section.symmetric_difference(box(start, -300, start + 250, 300)).area < 1
    # The ends hold half a disc each.
    ends = table.area.iloc[[0, 3]].to_numpy()
    assert ends == pytest.approx(250 * 600 + math.pi * 300**2 / 2, rel=1e-3)
    assert table.geometry.iloc[0].contains(point(-290, 0))
    assert table.geometry.iloc[3].contains(point(1290, 0))


def test_the_last_section_is_the_shorter_rest():
    _, table = sections(STRAIGHT, 300, 400)
    assert table["unit_name"].tolist() == ["0–400 m", "400–800 m", "800–1000 m"]
    assert table.geometry.iloc[2].contains(point(801, 299))
    assert table.geometry.iloc[1].contains(point(799, -299))


@pytest.mark.parametrize("axis", [STRAIGHT, CURVED], ids=["straight", "curved"])
@pytest.mark.parametrize("length_m", [250, 333.3, 5000])
def test_sections_cover_the_corridor_once(axis, length_m):
    strip, table = sections(axis, 600, length_m)
    # What is left over at the end is a section of its own from a tenth of the length.
    assert len(table) == max(1, math.ceil(round(axis.length / length_m - 0.1, 9)))
    assert total(table) == pytest.approx(strip.area, rel=1e-9)
    assert overlap(table) == pytest.approx(0, abs=1e-3)
    assert table["area_m2"].to_numpy() == pytest.approx(table.area.to_numpy())


def test_sections_of_a_corridor_much_wider_than_its_line_is_long():
    strip, table = sections(place(LineString([(0, 0), (500, 0)])), 5000, 250)
    assert total(table) == pytest.approx(strip.area, rel=1e-9)


@pytest.mark.parametrize("axis", [STRAIGHT, CURVED], ids=["straight", "curved"])
def test_the_border_passes_through_the_mark_at_a_right_angle(axis):
    _, table = sections(axis, 600, 250)
    for i in range(len(table) - 1):
        mark = 250 * (i + 1)
        border = shapely.intersection(table.geometry.iloc[i], table.geometry.iloc[i + 1])
        on_axis = axis.interpolate(mark)
        assert border.distance(on_axis) < 0.1
        # 500 m to either side, at a right angle to the line.
        before, after = (np.array(axis.interpolate(mark + d).coords[0]) for d in (-1, 1))
        normal = np.array([-(after - before)[1], (after - before)[0]]) / np.hypot(*(after - before))
        for side in (-500, 500):
            assert border.distance(Point(np.array(on_axis.coords[0]) + side * normal)) < 3


@pytest.mark.parametrize("axis", [STRAIGHT, CURVED], ids=["straight", "curved"])
def test_a_place_belongs_to_the_piece_of_line_that_is_nearest(axis):
    strip, table = sections(axis, 600, 250)
    west, south, east, north = strip.bounds
    grid = shapely.points(*(a.ravel() for a in np.meshgrid(np.arange(west, east, 70), np.arange(south, north, 70))))
    grid = grid[shapely.contains(strip, grid)]
    at = shapely.line_locate_point(axis, grid)
    clear = np.abs(at - 250 * np.round(at / 250)) > 5
    owner = table.index.get_indexer([f"S{250 * n:06.0f}" for n in np.floor(at[clear] / 250)])
    owner = np.where((at[clear] == axis.length) | (owner < 0), len(table) - 1, owner)
    assert shapely.covers(table.geometry.to_numpy()[owner], grid[clear]).all()


# --- features of a register


def four(area=EVERYWHERE, loaded=EVERYWHERE):
    return check(units.whole(buurten(), "buurt_name", area, loaded), KIND["buurt"].shapes)


def test_whole_features_keep_code_and_name_and_are_never_cut():
    table = four()
    assert dict(table["unit_name"]) == {"BU00010000": "sw", "BU00010001": "nw", "BU00010100": "se", "BU00010101": "ne"}
    assert table["area_m2"].tolist() == [250_000] * 4


def test_a_feature_counts_when_more_than_half_of_it_lies_in_the_area():
    # 251 m of the 500 m of the eastern two, and the border of the western two.
    assert set(four(area=box(749, 0, 1000, 1000))["unit_name"]) == {"se", "ne"}
    assert set(four(area=box(750, 0, 1000, 1000))["unit_name"]) == set()
    assert four(area=box(749, 0, 1000, 1000)).area.tolist() == [250_000] * 2


def test_a_feature_that_sticks_out_of_the_loaded_box_is_left_out():
    assert set(four(loaded=box(0, 0, 1000, 999))["unit_name"]) == {"sw", "se"}
    assert len(four(loaded=box(0, 0, 1000, 1000))) == 4


def test_parts_keep_the_code_and_add_up_to_what_lies_in_the_corridor():
    strip = place(shapely.box(400, -100, 700, 800))
    table = check(units.parts(four(), strip), KIND["buurt_corridor"].shapes)
    assert dict(table["area_m2"]) == {
        "BU00010000": 100 * 500, "BU00010001": 100 * 300, "BU00010100": 200 * 500, "BU00010101": 200 * 300,
    }  # fmt: skip
    assert total(table) == strip.intersection(box(0, 0, 1000, 1000)).area
    assert table["unit_name"].tolist() == ["sw", "nw", "se", "ne"]


def test_a_part_of_less_than_a_square_metre_is_no_part():
    table = units.parts(four(), box(0, 0, 500.001, 500))
    assert table["unit_name"].tolist() == ["sw"]
    assert len(units.parts(four(), box(0, 0, 500.004, 500))) == len(table) + 1  # of 2 m²
    assert units.parts(four(), box(2000, 2000, 2100, 2100)).empty


def test_the_corridor_is_one_unit():
    table = check(units.one(AREA, "Spoorzone"), KIND["corridor"].shapes)
    assert (table.index.tolist(), table["unit_name"].tolist()) == (["corridor"], ["Spoorzone"])
    assert table["area_m2"].tolist() == [AREA.area]


# --- land


def test_published_land_is_in_whole_hectares_and_missing_stays_missing():
    land = pd.Series({"BU00010000": 24.0, "BU00010001": 0.0, "BU00010100": np.nan})
    table = check(units.published_land(four(), land), KIND["buurt"].shapes)
    assert table["land_area_m2"].tolist()[:2] == [240_000, 0]
    assert table["land_area_m2"].isna().tolist() == [False, False, True, True]


def test_water_is_no_land_and_what_the_file_does_not_cover_is():
    water = land_use(
        [
            (box(0, 0, 500, 100), 70),
            (box(0, 100, 500, 200), 83),
            (box(0, 200, 500, 300), 62),
            (box(400, 500, 600, 600), 75),
        ]
    )
    table = check(units.land_without_water(four(), water), KIND["buurt"].shapes)
    assert dict(table.set_index("unit_name")["land_area_m2"]) == {
        "sw": 150_000,
        "nw": 240_000,
        "se": 250_000,
        "ne": 240_000,
    }


@pytest.mark.parametrize("code", [69, 70, 78, 83, 84])
def test_which_classes_are_water(code):
    table = units.land_without_water(four(), land_use([(box(0, 0, 500, 500), code)]))
    assert table["land_area_m2"].iloc[0] == (0 if 70 <= code <= 83 else 250_000)


def test_a_unit_that_is_all_water_has_no_land_at_all():
    # Cut in odd pieces: the sum of their areas is the whole only to the last digits.
    ring = units.table(["lake"], ["lake"], [Point(X + 0.1, Y + 0.3).buffer(333.3)])
    cuts = [box(x / 7 - 400, -400, (x + 500) / 7 - 400, 400) for x in range(0, 6000, 500)]
    table = units.land_without_water(ring, land_use([(c, 70) for c in cuts]))
    assert table["land_area_m2"].tolist() == [0]


# --- an own file


def polygons(*shapes, names=None):
    return gpd.GeoDataFrame({"unit_name": names or [None] * len(shapes)}, geometry=list(shapes), crs=28992)


def test_own_polygons_are_units_in_the_order_of_the_file():
    shapes = box(500, 0, 700, 100), box(0, 0, 100, 100), shapely.force_3d(box(50, 0, 150, 100))
    table = check(units.own(polygons(*shapes, names=["Kop", " ", 7]), EVERYWHERE), KIND["own"].shapes)
    assert dict(table["unit_name"]) == {"O0001": "Kop", "O0002": "O0002", "O0003": "7"}
    assert dict(table["area_m2"]) == {"O0001": 20_000, "O0002": 10_000, "O0003": 10_000}
    assert not table.has_z.any()
    # They may overlap: the last two share 50 m by 100 m.
    assert overlap(table) == 5_000
    assert not KIND["own"].partition and not KIND["own_corridor"].partition


@pytest.mark.parametrize("names", [None, [None], [np.nan], [""]])
def test_without_a_name_the_identifier_is_the_name(names):
    assert units.own(polygons(box(0, 0, 1, 1), names=names), EVERYWHERE)["unit_name"].tolist() == ["O0001"]


def test_own_polygons_beyond_what_is_loaded_are_refused():
    says = r"^\[units\] own_file: reaches 200 m outside the loaded area \(2.0 ha.*; leave out what lies there, or widen \[area\]"
    with pytest.raises(ContractError, match=says):
        units.own(polygons(box(0, 0, 100, 100), box(900, 0, 1200, 100)), box(0, 0, 1000, 1000))


# --- the share in the corridor


def test_the_share_of_each_unit_in_the_corridor():
    strip = gpd.GeoSeries([box(125, -100, 600, 500)], crs=28992)
    share = units.corridor_share(four(), strip)
    assert share["corridor_share"].to_dict() == {"BU00010000": 0.75, "BU00010001": 0, "BU00010100": 0.2, "BU00010101": 0}
    assert share.index.equals(four().index)


def test_a_part_of_the_corridor_lies_wholly_in_it():
    strip = corridor.along(CURVED, 600)
    for table in (units.sections(CURVED, strip, 250), units.one(strip, "c"), units.parts(units.squares(AREA, 100), strip)):
        assert set(units.corridor_share(table, gpd.GeoSeries([strip], crs=28992))["corridor_share"]) == {1.0}


@given(st.integers(0, 900), st.integers(1, 900))
@settings(deadline=None, max_examples=25)
def test_shares_add_up_to_the_corridor(west, width):
    strip = box(west, 0, west + width, 777)
    table = units.squares(box(0, 0, 2000, 1000), 100)
    share = units.corridor_share(table, gpd.GeoSeries([strip], crs=28992))["corridor_share"]
    assert share.between(0, 1).all()
    # A part of less than a square metre is none, and less than that away from whole is whole.
    assert (share * table["area_m2"]).sum() == pytest.approx(strip.area, abs=2 * len(table))


def test_cells_that_reach_beyond_what_is_loaded_are_left_out():
    cells = units.squares(box(0, 0, 2000, 1000), 1000)
    assert len(cells) == 2
    assert units.within(cells, box(0, 0, 2000, 1000)).equals(cells)
    assert units.within(cells, box(0, 0, 1999, 1000)).index.tolist() == ["E2570N4710"]
