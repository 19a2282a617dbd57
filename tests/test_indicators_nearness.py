"""Nearness of stations and green: every distance can be walked in the head."""

import math

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from world import address, addresses, box, inputs, land_use, place, point, stations, streets, units, wijken

from pipeline.contract import CRS
from pipeline.indicators import INDICATORS, compute, leaves
from pipeline.indicators.nearness import (
    GREEN_CODES,
    WITHIN,
    address_green,
    address_stations,
    cycling_network,
    green_patches,
    people_stations,
    station_inhabitants,
    walking_network,
)
from pipeline.indicators.stock import counted_addresses
from pipeline.overlap import points_in
from pipeline.profiles import PROFILES

NAN = math.nan
BY_NAME = {i.name: i for i in INDICATORS}
MINE = ["station_dwellings", "station_inhabitants", "station_work", "green_nearness"]

#: One street from west to east, and a station at its west end.
STREET = {"street": [(0, 0), (5000, 0)]}
HALT = {"halt": (0, 0)}


def homes(*xy, **more):
    return counted_addresses(addresses([address(x, y, **more) for x, y in xy]), PROFILES["cbs"])


def to_stations(*xy, roads=STREET, halts=HALT):
    wegvak = streets(roads)
    return address_stations(homes(*xy), stations(halts), walking_network(wegvak), cycling_network(wegvak))


def to_green(*xy, roads=STREET, green=(), from_m2=10_000.0):
    return address_green(homes(*xy), walking_network(streets(roads)), green_patches(land_use(green), from_m2))


def people(rows):
    """Inhabitants at points."""
    return gpd.GeoDataFrame(
        {"estimate": [float(n) for *_, n in rows]},
        index=[f"p{i}" for i in range(len(rows))],
        geometry=[point(x, y) for x, y, _ in rows],
        crs=CRS,
    )


ALL = units("square_500m", {"all": box(-10, -1000, 6000, 1000), "empty": box(0, 2000, 10, 2010)})


def found(name, on=ALL, **instead):
    return compute(BY_NAME[name], inputs(units=on, **instead), {})


# --- one address


def test_a_walk_is_the_street_and_the_way_to_it():
    table = to_stations((300, 40), (0, 0))
    assert table["walk_m"].tolist() == [340, 0]
    assert table["cycle_m"].tolist() == [340, 0]
    assert table["straight_m"].tolist() == [math.hypot(300, 40), 0]
    assert table["reached"].tolist() == [1, 1]


def test_the_way_from_the_street_to_the_station_counts():
    assert to_stations((300, 40), halts={"halt": (100, -25)})["walk_m"].tolist() == [40 + 200 + 25]


def test_the_limit_itself_is_within():
    table = to_stations((400, 0), (401, 0), (800, 0), (1200, 0), (1201, 0), (3000, 0), (3001, 0))
    assert table["walk_400m"].tolist() == [1, 0, 0, 0, 0, 0, 0]
    assert table["walk_800m"].tolist() == [1, 1, 1, 0, 0, 0, 0]
    assert table["walk_1200m"].tolist() == [1, 1, 1, 1, 0, 0, 0]
    assert table["cycle_3000m"].tolist() == [1, 1, 1, 1, 1, 1, 0]
    for w in WITHIN:
        assert table[w.name].tolist() == table[w.most.name].tolist()


def test_the_circle_holds_what_the_street_does_not_reach():
    # A street that goes 300 m north and back: 100 m as the crow flies, 700 along it.
    detour = {"round": [(0, 0), (0, 300), (100, 300), (100, 0)]}
    table = to_stations((100, 0), roads=detour)
    assert table[["walk_m", "straight_m"]].iloc[0].tolist() == [700, 100]
    assert table[["walk_400m", "walk_800m", "circle_400m", "circle_800m"]].iloc[0].tolist() == [0, 1, 1, 1]


def test_the_nearest_station_along_the_street_may_be_another_than_in_a_straight_line():
    roads = {"round": [(0, 0), (0, 300), (100, 300), (100, 0)], "on": [(100, 0), (600, 0)]}
    table = to_stations((100, 0), roads=roads, halts={"near": (0, 0), "far": (600, 0)})
    assert table[["walk_m", "straight_m"]].iloc[0].tolist() == [500, 100]


def test_a_house_on_the_other_side_of_the_track_is_not_near_without_a_crossing():
    apart = {"north": [(0, 50), (200, 50)], "south": [(0, 0), (200, 0)]}
    table = to_stations((100, 50), (100, 0), roads=apart)
    assert table["walk_m"].isna().tolist() == [True, False]
    assert table["reached"].tolist() == [0, 1]
    assert table[["walk_400m", "cycle_3000m"]].iloc[0].tolist() == [0, 0]
    assert table[["circle_400m", "circle_3000m"]].iloc[0].tolist() == [1, 1]


def test_a_bridge_is_no_crossing_and_a_junction_is():
    over = {"south": [(0, 0), (100, 0)], "bridge": [(50, -50), (50, 50)]}
    assert to_stations((50, 50), roads=over)["walk_m"].isna().all()
    met = {"west": [(0, 0), (50, 0)], "east": [(50, 0), (100, 0)], "bridge": [(50, 0), (50, 50)]}
    assert to_stations((50, 50), roads=met)["walk_m"].tolist() == [100]


def test_a_gap_of_half_a_metre_in_the_street_is_stepped_over():
    def gap(m):
        return {"west": [(0, 0), (100, 0)], "east": [(100 + m, 0), (200, 0)]}

    assert to_stations((200, 0), roads=gap(0.5))["walk_m"].tolist() == [200]
    assert to_stations((200, 0), roads=gap(0.6))["walk_m"].isna().all()


@pytest.mark.parametrize(
    ("carriageway", "authority", "walk", "cycle"),
    [
        ("RB", "G", True, True),
        ("", "G", True, True),
        ("HR", "G", True, True),
        ("HR", "P", True, True),
        ("HR", "R", False, False),
        ("RB", "R", True, True),
        ("OPR", "G", False, False),
        ("VBI", "R", False, False),
        ("BU", "G", False, False),
        ("VD", "G", False, False),
        ("FP", "G", True, True),
        ("FP", "R", True, True),
        ("VP", "G", True, False),
        ("RP", "G", True, False),
    ],
)
def test_who_may_go_where(carriageway, authority, walk, cycle):
    roads = streets({"a": ([(0, 0), (100, 0)], carriageway, authority)})
    assert len(walking_network(roads).lines) == walk
    assert len(cycling_network(roads).lines) == cycle


def test_one_way_streets_are_walked_both_ways():
    roads = streets(STREET).assign(direction="H")
    back = roads.assign(direction="T")
    for wegvak in (roads, back):
        found = address_stations(homes((100, 0)), stations(HALT), walking_network(wegvak), cycling_network(wegvak))
        assert found[["walk_m", "cycle_m"]].iloc[0].tolist() == [100, 100]


def test_without_a_station_none_is_near():
    table = to_stations((0, 0), halts={})
    assert table[["walk_m", "cycle_m", "straight_m"]].isna().all(axis=None)
    assert not table[["reached", *(w.name for w in WITHIN)]].any(axis=None)


# --- green


def test_green_is_what_can_be_walked_in():
    codes = [10, 20, 32, 40, 41, 42, 43, 44, 51, 60, 61, 62, 70, 78]
    kept = [c for c in codes if len(green_patches(land_use([(box(0, 0, 100, 100), c)]), 10_000.0))]
    assert kept == sorted(GREEN_CODES) == [40, 43, 60, 61, 62]


def test_green_that_adjoins_is_one_patch_and_small_green_is_none():
    half = [(box(0, 0, 50, 100), 40), (box(50, 0, 100, 100), 60)]
    assert shapely.area(green_patches(land_use(half), 10_000.0)).tolist() == [10_000]
    apart = [(box(0, 0, 50, 100), 40), (box(51, 0, 101, 100), 60)]
    assert len(green_patches(land_use(apart), 10_000.0)) == 0
    assert len(green_patches(land_use(apart), 5_000.0)) == 2


def test_a_walk_to_green_ends_where_a_street_passes_it():
    # The park lies 15 m north of the street, from 500 on.
    park = [(box(500, 15, 700, 200), 40)]
    table = to_green((100, 0), (600, -30), (550, 100), green=park)
    # At 490 one leaves the street for the corner of the park, √(10² + 15²) off; from 480 that is more than 20 m. Who
    # lives in the park goes by way of the street.
    assert table["walk_m"].tolist() == pytest.approx([390 + math.hypot(10, 15), 30 + 15, 100 + 15])
    assert table["straight_m"].tolist() == [math.hypot(400, 15), 45, 0]


def test_green_further_than_twenty_metres_from_every_street_is_not_reached():
    table = to_green((100, 0), green=[(box(0, 20, 200, 200), 60)])
    assert table[["walk_m", "walk_300m", "reached"]].iloc[0].tolist() == [20, 1, 1]
    table = to_green((100, 0), green=[(box(0, 21, 200, 200), 60)])
    assert math.isnan(table["walk_m"].iloc[0])
    assert table[["straight_m", "walk_300m", "circle_300m", "reached"]].iloc[0].tolist() == [21, 0, 1, 0]


def test_green_within_three_hundred_metres():
    wood = [(box(1000, -100, 1200, 100), 60)]
    table = to_green((699, 0), (700, 0), (701, 0), (720, 50), (1100, 50), green=wood)
    assert table["walk_m"].tolist() == pytest.approx([301, 300, 299, 330, 50])
    assert table["walk_300m"].tolist() == [0, 1, 1, 0, 1]
    assert table["straight_m"].tolist() == [301, 300, 299, 280, 0]
    assert table["circle_300m"].tolist() == [0, 1, 1, 1, 1]


def test_only_dwellings_are_asked_for_green():
    both = counted_addresses(
        addresses({"home": address(0, 0), "shop": address(0, 0, "winkelfunctie")}), PROFILES["cbs"]
    )
    table = address_green(both, walking_network(streets(STREET)), green_patches(land_use([]), 1.0))
    assert table.index.tolist() == ["home"]
    assert math.isnan(table.at["home", "straight_m"])
    assert table.at["home", "circle_300m"] == 0


# --- per unit


def near_one_station(**more):
    """Dwellings at 300, 700, 1,000 and 2,000 m and one that no street leads to; a shop at 100 m."""
    rows = {
        **{f"d{x}": address(x, 0) for x in (300, 700, 1000, 2000)},
        "lost": address(100, 600),
        "shop": address(100, 0, "winkelfunctie", 300.0),
        "store": address(1000, 0, "winkelfunctie", 100.0),
        "loft": address(2000, 0, "woonfunctie,kantoorfunctie", 200.0),
        "unknown": address(100, 0, "kantoorfunctie", NAN),
    }
    roads = streets({**STREET, "dead": [(0, 600), (200, 600)]})
    return {"verblijfsobject": addresses(rows), "wegvak": roads, "station": stations(HALT), **more}


def test_share_of_dwellings_by_hand():
    row = found("station_dwellings", **near_one_station()).loc["all"]
    # Six dwellings: 300, 700, 1000, twice 2000, and the one at 608 m that can't be walked from.
    assert row["dwellings_walk_400m_share"] == 1 / 6
    assert row["dwellings_circle_400m_share"] == 1 / 6
    assert row["dwellings_walk_800m_share"] == 2 / 6
    assert row["dwellings_circle_800m_share"] == 3 / 6
    assert row["dwellings_walk_1200m_share"] == 3 / 6
    assert row["dwellings_circle_1200m_share"] == 4 / 6
    assert row["dwellings_cycle_3000m_share"] == pytest.approx(5 / 6)
    assert row["dwellings_circle_3000m_share"] == 1
    assert row["station_walk_distance_m"] == (300 + 700 + 1000 + 2000 + 2000) / 5
    assert row["station_reached_share"] == pytest.approx(5 / 6)
    assert row["station_straight_distance_m"] == pytest.approx((6000 + math.hypot(100, 600)) / 6)


def test_a_share_is_of_all_also_of_those_beyond_every_distance():
    shops = {n: address(x, 0, "winkelfunctie", 100.0) for n, x in (("near", 100), ("far", 3200))}
    row = found("station_work", **near_one_station(verblijfsobject=addresses(shops))).loc["all"]
    assert row["floor_area_work_circle_3000m_share"] == 1 / 2
    assert row["floor_area_work_walk_400m_share"] == 1 / 2


def test_share_of_floor_area_for_work_by_hand():
    row = found("station_work", **near_one_station()).loc["all"]
    # 300 m² at 100 m, 100 at 1,000 m, half of 200 at 2,000 m; what is not measured does not count.
    expected = {"400m": 0.6, "800m": 0.6, "1200m": 0.8}
    for limit, share in expected.items():
        assert row[f"floor_area_work_walk_{limit}_share"] == pytest.approx(share)
        assert row[f"floor_area_work_circle_{limit}_share"] == pytest.approx(share)
    assert row["floor_area_work_cycle_3000m_share"] == 1
    assert row["floor_area_work_circle_3000m_share"] == 1


def test_share_of_inhabitants_by_hand():
    lives = people([(300, 0, 1), (700, 0, 2), (1000, 0, 5), (100, 600, 8)])
    wegvak = streets({**STREET, "dead": [(0, 600), (200, 600)]})
    near = people_stations(lives, stations(HALT), walking_network(wegvak), cycling_network(wegvak))
    row = station_inhabitants(ALL, lives, points_in(lives.geometry, ALL.geometry), near).loc["all"]
    assert row["inhabitants_walk_400m_share"] == 1 / 16
    assert row["inhabitants_walk_800m_share"] == 3 / 16
    assert row["inhabitants_circle_800m_share"] == 11 / 16
    assert row["inhabitants_walk_1200m_share"] == 8 / 16
    assert row["inhabitants_cycle_3000m_share"] == 8 / 16
    assert row["inhabitants_circle_3000m_share"] == 1


def test_green_by_hand():
    wood = [(box(600, 5, 800, 205), 60)]
    row = found("green_nearness", bodemgebruik=land_use(wood), **near_one_station()).loc["all"]
    # To 590 or 810 along the street, and from there to a corner of the wood; 700 lies beside it.
    corner = math.hypot(10, 5)
    ways = [290 + corner, 5, 190 + corner, 1190 + corner, 1190 + corner]
    assert row["green_walk_distance_m"] == pytest.approx(sum(ways) / 5)
    assert row["green_reached_share"] == pytest.approx(5 / 6)
    assert row["dwellings_green_300m_share"] == 2 / 6
    straight = [math.hypot(300, 5), 5, math.hypot(200, 5), *[math.hypot(1200, 5)] * 2, math.hypot(500, 395)]
    assert row["green_straight_distance_m"] == pytest.approx(sum(straight) / 6)
    assert row["dwellings_green_circle_300m_share"] == 2 / 6


@pytest.mark.parametrize("name", MINE)
def test_a_unit_where_nobody_is_has_no_share(name):
    assert found(name, **near_one_station()).loc["empty"].isna().all()


def test_a_unit_from_which_nothing_is_reached_has_shares_and_no_distance():
    lost = units("square_500m", {"lost": box(0, 500, 200, 700)})
    row = found("station_dwellings", lost, **near_one_station()).loc["lost"]
    assert row["station_reached_share"] == 0
    assert math.isnan(row["station_walk_distance_m"])
    assert row["dwellings_walk_1200m_share"] == 0
    assert row["dwellings_circle_800m_share"] == 1
    row = found("green_nearness", lost, bodemgebruik=land_use([]), **near_one_station()).loc["lost"]
    assert row[["dwellings_green_300m_share", "dwellings_green_circle_300m_share", "green_reached_share"]].eq(0).all()
    assert row[["green_walk_distance_m", "green_straight_distance_m"]].isna().all()


def test_what_is_withheld_or_empty_elsewhere_does_not_matter_here():
    given = near_one_station(wijk=wijken(NAN, NAN))
    pd.testing.assert_frame_equal(found("station_dwellings", **given), found("station_dwellings", **near_one_station()))


# --- what must hold

XY = st.tuples(st.integers(0, 40), st.integers(0, 40)).map(lambda p: (25 * p[0], 25 * p[1]))
LINES = st.lists(st.lists(XY, min_size=2, max_size=3, unique=True), min_size=1, max_size=6)


@given(LINES, st.lists(XY, min_size=1, max_size=6), st.lists(XY, min_size=1, max_size=3), st.sampled_from([1, 5_000]))
@settings(deadline=None, max_examples=40)
def test_the_network_never_reaches_further_than_the_circle(lines, lived, halts, from_m2):
    roads = {f"w{i}": line for i, line in enumerate(lines)}
    table = to_stations(*lived, roads=roads, halts={f"s{i}": xy for i, xy in enumerate(halts)})
    assert (table["walk_m"].fillna(np.inf) >= table["straight_m"] - 1e-6).all()
    for w in WITHIN:
        assert (table[w.name] <= table[w.most.name]).all()
    park = [(place(shapely.Point(500, 500).buffer(90)), 40), (box(0, 0, 90, 60), 60)]
    table = to_green(*lived, roads=roads, green=park, from_m2=from_m2)
    assert (table["walk_m"].fillna(np.inf) >= table["straight_m"] - 1e-6).all()
    assert (table["walk_300m"] <= table["circle_300m"]).all()


# --- declared


@pytest.mark.parametrize("name", MINE)
@pytest.mark.parametrize("kind", ["square_500m", "buurt"])
def test_the_network_is_the_least_and_the_circle_the_most(name, kind):
    table = compute(BY_NAME[name], inputs(kind), {})
    bounded = [m for m in BY_NAME[name].columns if m.bounds]
    assert bounded
    for m in bounded:
        assert m.bounds[0] == m.name
        assert "circle" in m.bounds[1]
        assert (table[m.bounds[0]].fillna(0) <= table[m.bounds[1]].fillna(0)).all()


def test_only_what_rests_on_spread_inhabitants_is_an_estimate():
    assert {i.name for i in INDICATORS if i.name in MINE and any(m.estimate for m in i.columns)} == {
        "station_inhabitants"
    }
    assert all(m.estimate for m in BY_NAME["station_inhabitants"].columns)


def test_dwellings_need_no_squares_and_no_land_use():
    assert leaves(BY_NAME["station_dwellings"]) == {"units", "verblijfsobject", "stock_profile", "wegvak", "station"}
    assert leaves(BY_NAME["green_nearness"]) == {
        "units", "verblijfsobject", "stock_profile", "wegvak", "bodemgebruik", "green_from_m2",
    }  # fmt: skip
