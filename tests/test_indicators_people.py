"""Inhabitants, households and ages: published, from squares, and made to agree; done in the head."""

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lattice import LATTICE, boxes, triangles
from world import (
    BUURT_OF,
    KIND,
    QUADRANTS,
    X,
    Y,
    address,
    addresses,
    box,
    layer,
    quadrants,
    squares,
    units,
    wijken,
    world,
)

from pipeline.indicators import INDICATORS, compute, people, placing, shared
from pipeline.profiles import PROFILES

NAN = float("nan")
INHABITANTS = ["inhabitants_count", "inhabitants_low_count", "inhabitants_high_count"]
COLUMNS = [*INHABITANTS, "inhabitants_coverage_share", "inhabitants_per_km2", "inhabitants_per_ha"]
HOUSEHOLDS = ["households_count", "households_low_count", "households_high_count"]
AGES = list(people.AGES)
BY_NAME = {i.name: i for i in INDICATORS}


def of_squares(rows):
    """CBS squares with any of their figures: (column, row) in the world -> figures, of which a number is inhabitants."""
    return layer(
        "vierkant_100m",
        {
            f"E{X / 100 + i:.0f}N{Y / 100 + j:.0f}": {
                "geometry": box(100 * i, 100 * j, 100 * i + 100, 100 * j + 100),
                **(figures if isinstance(figures, dict) else {"inhabitants_count": float(figures)}),
            }
            for (i, j), figures in rows.items()
        },
    )


def of_buurten(rows, gemeente="GM0001"):
    """Buurten by code: where they lie, and their figures, of which a number is inhabitants."""
    return layer(
        "buurt",
        {
            code: {
                "buurt_name": code, "wijk_code": "WK000100", "gemeente_code": gemeente, "geometry": shape,
                **(figures if isinstance(figures, dict) else {"inhabitants_count": float(figures)}),
            }
            for code, (shape, figures) in rows.items()
        },
    )  # fmt: skip


def one_buurt(figures):
    return of_buurten({"BU1": (box(0, 0, 1000, 1000), figures)})


def given_(squares_, homes=(), buurten_=None, on=None, kind="square_500m"):
    return {
        "vierkant_100m": squares_, "verblijfsobject": addresses(homes), "stock_profile": PROFILES["cbs"],
        "buurt": of_buurten({}) if buurten_ is None else buurten_,
        "units": quadrants(kind) if on is None else on, "kind": KIND[kind],
    }  # fmt: skip


def points(squares_, homes=(), buurten_=None):
    return shared("people_points", given_(squares_, homes, buurten_), {})


def placed(found):
    """Where inhabitants were placed: estimate, low, high by point."""
    return {name: (row.estimate, row.low, row.high) for name, row in found.iterrows()}


def found(what, *args, **more):
    return compute(BY_NAME[f"{what}_from_squares"], given_(*args, **more), {})


def rows(table, columns=COLUMNS):
    return {name: row.to_list() for name, row in table[columns].iterrows()}


def same(expected):
    return {k: pytest.approx(v, nan_ok=True) for k, v in expected.items()}


# --- what is known of squares


def test_bounds_of_what_is_withheld():
    """1 to 4 with a dwelling, 0 to 4 without; published numbers stand, a 0 too; no more households than inhabitants."""
    homes = [address(150, 50), address(350, 50), address(450, 50, "winkelfunctie"), address(550, 50)]
    given_squares = of_squares(
        {
            (0, 0): {"inhabitants_count": 25.0, "households_count": 10.0},
            (1, 0): {},
            (2, 0): {},
            (3, 0): {"inhabitants_count": 0.0},
            (4, 0): {"inhabitants_count": 5.0},
        }
    )
    table = shared("people_squares", given_(given_squares, homes), {})
    assert rows(table, INHABITANTS) == same(
        {
            "E2570N4710": [25, 25, 25],
            "E2571N4710": [NAN, 1, 4],
            "E2572N4710": [NAN, 0, 4],
            "E2573N4710": [0, 0, 0],
            "E2574N4710": [5, 5, 5],
            "E2575N4710": [NAN, 1, 4],
        }
    )
    assert rows(table, HOUSEHOLDS) == same(
        {
            "E2570N4710": [10, 10, 10],
            "E2571N4710": [NAN, 1, 4],
            "E2572N4710": [NAN, 0, 4],
            "E2573N4710": [NAN, 0, 0],
            "E2574N4710": [NAN, 0, 4],
            "E2575N4710": [NAN, 1, 4],
        }
    )


def test_where_no_square_has_households_only_inhabitants_bound_them():
    table = shared("people_squares", given_(squares({(0, 0): 25, (1, 0): NAN}), [address(50, 50)]), {})
    assert rows(table, HOUSEHOLDS) == same({"E2570N4710": [NAN, 1, 25], "E2571N4710": [NAN, 0, 4]})


def test_a_square_that_cbs_left_out_has_people_only_where_a_dwelling_counts():
    homes = [
        address(50, 50),
        address(60, 60),
        address(150, 50, "winkelfunctie"),
        address(250, 50, status="Verblijfsobject gevormd"),
    ]
    assert placed(points(squares({}), homes)) == {"v000": (1.25, 0.5, 2), "v001": (1.25, 0.5, 2)}


def test_a_dwelling_on_the_line_lives_in_one_square_the_one_that_counts_it():
    """On the line x = 100: it belongs to the square west of it, for addresses and for inhabitants."""
    on = units("square_100m", {"E2570N4710": box(0, 0, 100, 100), "E2571N4710": box(100, 0, 200, 100)})
    homes = [address(100, 50)]
    memo, given_one = {}, given_(squares({}), homes, on=on, kind="square_100m")
    assert shared("addresses_in_units", given_one, memo)["unit"].to_list() == ["E2570N4710"]
    for known in ({}, {(0, 0): NAN, (1, 0): 0}):
        table = found("inhabitants", squares(known), homes, on=on, kind="square_100m")
        assert rows(table, INHABITANTS) == same({"E2570N4710": [NAN, 1, 4], "E2571N4710": [0, 0, 0]})


# --- where they live


def test_people_live_at_dwellings_else_at_addresses_else_in_the_middle():
    homes = [
        address(10, 10), address(20, 20), address(30, 30, "winkelfunctie"),
        address(110, 10, "winkelfunctie"), address(120, 10, "kantoorfunctie"),
    ]  # fmt: skip
    table = points(squares({(0, 0): 10, (1, 0): 20, (2, 0): 5}), homes)
    assert placed(table) == {
        "v000": (5, 5, 5), "v001": (5, 5, 5), "v003": (10, 10, 10), "v004": (10, 10, 10), "square:E2572N4710": (5, 5, 5),
    }  # fmt: skip
    middle = table.geometry["square:E2572N4710"]
    assert (middle.x - X, middle.y - Y) == (250, 50)
    assert table["square"].to_list() == ["E2570N4710"] * 2 + ["E2571N4710"] * 2 + ["E2572N4710"]
    assert table["is_published"].all()


def test_nobody_is_placed_where_nobody_can_live():
    assert placed(points(squares({(0, 0): 0}), [address(50, 50), address(250, 50, "winkelfunctie")])) == {}


# --- what the buurt asks


def test_the_withheld_fill_up_to_what_the_buurt_holds():
    """10 and twice 1 to 4 make 12 to 18; 15 is half way, so each withheld square has 2.5."""
    homes = [address(50, 50), address(150, 50), address(250, 50)]
    table = points(squares({(0, 0): 10, (1, 0): NAN}), homes, one_buurt(15))
    assert placed(table) == {"v000": (10, 10, 10), "v001": (2.5, 1, 4), "v002": (2.5, 1, 4)}
    assert table["is_published"].to_list() == [True, False, False]
    table = points(squares({(0, 0): 10, (1, 0): NAN}), homes, one_buurt(17))
    assert placed(table) == {"v000": (10, 10, 10), "v001": (3.5, 1, 4), "v002": (3.5, 1, 4)}


def test_beyond_what_is_withheld_all_grow_by_one_factor_and_the_bounds_hold_it():
    """10 and 1 to 4 make 14 at most; 15.4 is 1.1 times that."""
    table = points(squares({(0, 0): 10, (1, 0): NAN}), [address(50, 50), address(150, 50)], one_buurt(15.4))
    assert placed(table) == same({"v000": (11, 10, 11), "v001": (4.4, 1, 4.4)})


def test_below_what_is_published_all_shrink_by_one_factor_and_the_bounds_hold_it():
    """10 and 1 to 4 make 11 at least; 5.5 is half of that."""
    table = points(squares({(0, 0): 10, (1, 0): NAN}), [address(50, 50), address(150, 50)], one_buurt(5.5))
    assert placed(table) == same({"v000": (5, 5, 10), "v001": (0.5, 0.5, 4)})


def test_a_buurt_without_anyone_has_nobody_whatever_its_squares_say():
    table = points(squares({(0, 0): 10}), [address(50, 50)], one_buurt(0))
    assert placed(table) == {"v000": (0, 0, 10)}


@pytest.mark.parametrize("said", [of_buurten({}), one_buurt(NAN), of_buurten({"BU1": (box(500, 0, 900, 900), 50)})])
def test_where_the_buurt_says_nothing_the_middle_is_taken(said):
    table = points(squares({(0, 0): 10, (1, 0): NAN}), [address(50, 50), address(150, 50)], said)
    assert placed(table) == {"v000": (10, 10, 10), "v001": (2.5, 1, 4)}
    assert table["buurt"].to_list() == ["", ""]


def test_people_that_no_square_has_live_at_the_dwellings_of_their_buurt_else_in_its_middle():
    """A has 95 of the 105, so the gemeente was loaded whole. B has dwellings in a square with 0, C nothing at all."""
    buurten_ = of_buurten(
        {"A": (box(0, 0, 100, 100), 95), "B": (box(100, 0, 200, 100), 6), "C": (box(200, 0, 220, 50), 4)}
    )
    homes = [address(50, 50), address(110, 50), address(120, 50), address(150, 50, "winkelfunctie")]
    table = points(squares({(0, 0): 95, (1, 0): 0}), homes, buurten_)
    assert placed(table) == {"v000": (95, 95, 95), "v001": (3, 0, 3), "v002": (3, 0, 3), "buurt:C": (4, 0, 4)}
    assert table["buurt"].to_list() == ["A", "B", "B", "C"]
    assert (table.loc["buurt:C", "square"], table.loc["buurt:C", "is_published"]) == ("E2572N4710", False)
    middle = table.geometry["buurt:C"]
    assert (middle.x - X, middle.y - Y) == (210, 25)


@pytest.mark.parametrize(("elsewhere", "met"), [(10, True), (11, False)])
def test_a_gemeente_that_was_loaded_in_part_is_not_pressed_into_what_was_loaded(elsewhere, met):
    """90 of 100 were found, so the other 10 can be noise; 90 of 101 are too few: the rest lives beyond what was loaded."""
    buurten_ = of_buurten({"A": (box(0, 0, 100, 100), 90), "B": (box(100, 0, 900, 900), elsewhere)})
    table = points(squares({(0, 0): 90}), [address(50, 50)], buurten_)
    assert table["estimate"].sum() == (100 if met else 90)


def test_another_gemeente_that_was_loaded_in_part_spoils_nothing():
    far = of_buurten({"F": (box(500, 0, 900, 900), 1000)}, "GM0002")
    near = of_buurten({"N": (box(0, 0, 400, 900), 11)})
    table = points(squares({(0, 0): 10, (5, 0): 10}), [address(50, 50), address(550, 50)], pd.concat([far, near]))
    assert placed(table) == same({"v000": (11, 10, 11), "v001": (10, 10, 10)})


def test_a_withheld_buurt_does_not_count_for_what_was_found():
    """Of the 100 that are published 50 were found; those of a withheld buurt are not among them."""
    buurten_ = of_buurten({"A": (box(0, 0, 100, 100), 100), "B": (box(100, 0, 200, 100), NAN)})
    table = points(squares({(0, 0): 50, (1, 0): 60}), [], buurten_)
    assert table["estimate"].to_list() == [50, 60]


def test_a_square_in_two_buurten_is_divided_by_its_dwellings():
    """The square of 20 has three dwellings in A and one in B: 15 and 5, of which CBS makes 15 and 6."""
    buurten_ = of_buurten({"A": (box(0, 0, 50, 100), 15), "B": (box(50, 0, 100, 100), 6)})
    homes = [address(10, 10), address(20, 10), address(30, 10), address(90, 10)]
    table = points(squares({(0, 0): 20}), homes, buurten_)
    assert table["estimate"].to_list() == pytest.approx([5, 5, 5, 6])


def test_who_lives_in_two_buurten_that_overlap_counts_for_the_first_by_code():
    shapes = {"B": (box(0, 0, 50, 100), 0), "A": (box(0, 0, 100, 100), 6)}
    table = points(squares({(0, 0): 8}), [address(10, 10), address(90, 10)], of_buurten(shapes))
    assert table["buurt"].to_list() == ["A", "A"]


# --- inhabitants of units


def test_the_world():
    """sw: 10, a flat with 1 to 4 and a square without dwelling with 0 to 4, together the 15 that CBS has for it."""
    table = compute(BY_NAME["inhabitants_from_squares"], {**given_(squares({})), **world(), "units": quadrants()}, {})
    assert rows(table) == same(
        {
            "sw": [15, 11, 18, 10 / 15, 60, 0.6],
            "se": [20, 20, 20, 1, 80, 0.8],
            "nw": [0, 0, 0, NAN, 0, 0],
            "ne": [0, 0, 0, NAN, 0, 0],
        }
    )


def test_density_is_by_land_and_by_area():
    on = units("hexagon", {"wet": box(0, 0, 100, 100), "lake": box(100, 0, 200, 100), "unknown": box(200, 0, 300, 100)},
               land={"wet": 5_000.0, "lake": 0.0, "unknown": NAN})  # fmt: skip
    table = found("inhabitants", squares({(0, 0): 10, (1, 0): 5, (2, 0): 5}), on=on, kind="hexagon")
    assert table["inhabitants_per_km2"].to_list() == pytest.approx([2_000, NAN, NAN], nan_ok=True)
    assert table["inhabitants_per_ha"].to_list() == [10, 5, 5]
    assert table["inhabitants_count"].to_list() == [10, 5, 5]


def test_a_published_zero_stands():
    table = found("inhabitants", squares({(0, 0): 0}), [address(50, 50)])
    assert rows(table)["sw"] == same({"": [0, 0, 0, NAN, 0, 0]})[""]


def test_squares_of_100_m_say_what_cbs_says_and_where_it_does_not():
    """By where they lie, not by their names; and not what the buurt would make of them."""
    at = ((0, 0), (1, 1), (2, 2), (3, 3), (4, 4))
    on = units("square_100m", {f"q{i}{j}": box(100 * i, 100 * j, 100 * i + 100, 100 * j + 100) for i, j in at})
    homes = [address(210, 210), address(450, 450)]
    table = found(
        "inhabitants", squares({(1, 1): 10, (2, 2): NAN, (3, 3): NAN}), homes, one_buurt(12), on=on, kind="square_100m"
    )
    assert rows(table) == same(
        {
            "q00": [0, 0, 0, NAN, 0, 0],
            "q11": [10, 10, 10, 1, 1000, 10],
            "q22": [NAN, 1, 4, 0, NAN, NAN],
            "q33": [NAN, 0, 4, 0, NAN, NAN],
            "q44": [NAN, 1, 4, 0, NAN, NAN],
        }
    )


def test_overlapping_rings_each_take_their_people():
    rings = units("catchment", {"a": box(0, 0, 200, 100), "b": box(100, 0, 300, 100)})
    table = found("inhabitants", squares({(0, 0): 5, (1, 0): 10, (2, 0): 20}), on=rings, kind="catchment")
    assert table["inhabitants_count"].to_dict() == {"a": 15, "b": 30}


def test_the_count_is_the_sum_of_its_squares():
    """A unit with one of the three dwellings of a square of 12, which the buurt makes 12.6, and a whole one of 3."""
    homes = [address(10, 50), address(60, 50), address(70, 50), address(150, 50)]
    on = units("block", {"u": box(50, 0, 65, 100).union(box(100, 0, 200, 100)), "rest": box(0, 0, 50, 100)})
    inputs = given_(
        squares({(0, 0): 12, (1, 0): NAN}),
        homes,
        of_buurten({"A": (box(0, 0, 100, 100), 12.6), "B": (box(100, 0, 200, 100), 3)}),
        on,
        "block",
    )
    memo = {}
    parts, number = (shared(f"people_square_{t}", inputs, memo) for t in ("parts", "numbers"))
    assert number.to_dict() == pytest.approx({"E2570N4710": 12.6, "E2571N4710": 3})
    shares = {(row.unit, row.subject): row.share for row in parts.itertuples()}
    assert shares == pytest.approx({("u", "E2570N4710"): 1 / 3, ("u", "E2571N4710"): 1, ("rest", "E2570N4710"): 1 / 3})
    count = compute(BY_NAME["inhabitants_from_squares"], inputs, memo)["inhabitants_count"]
    assert count.to_dict() == pytest.approx({"u": 7.2, "rest": 4.2})


def test_coverage_is_the_part_in_published_squares():
    """10 published and 2.5 in the middle of 1 to 4."""
    table = found("inhabitants", squares({(0, 0): 10, (1, 0): NAN}), [address(50, 50), address(150, 50)])
    assert table["inhabitants_coverage_share"]["sw"] == pytest.approx(10 / 12.5)


HOMES = st.lists(st.tuples(LATTICE, LATTICE, st.sampled_from(["woonfunctie", "winkelfunctie"])), max_size=12)
KNOWN = st.dictionaries(
    st.tuples(st.integers(0, 9), st.integers(0, 9)), st.sampled_from([NAN, 0.0, 5.0, 10.0, 25.0]), max_size=8
)
TOTALS = st.lists(st.sampled_from([NAN, 0.0, 5.0, 20.0, 60.0]), min_size=4, max_size=4)


@given(HOMES, KNOWN, TOTALS, st.one_of(boxes(), triangles()))
@settings(deadline=None, max_examples=20)
def test_nobody_is_lost_and_nobody_lives_twice(homes, known, totals, shape):
    """A buurt that is met holds its number; a unit and the rest of the world hold all, within their bounds."""
    buurten_ = of_buurten({BUURT_OF[n]: (box(*b), t) for (n, b), t in zip(QUADRANTS.items(), totals, strict=True)})
    on = units("hexagon", {"in": shape, "out": box(-1, -1, 1001, 1001).difference(shape)})
    inputs = given_(squares(known), [address(x, y, use) for x, y, use in homes], buurten_, on, "hexagon")
    memo = {}
    at = shared("people_points", inputs, memo)
    sums = at.groupby("buurt")["estimate"].sum().drop("", errors="ignore")
    assert sums.to_dict() == pytest.approx(buurten_["inhabitants_count"].reindex(sums.index).to_dict())
    assert (at["low"] >= 0).all() and (at["low"] <= at["estimate"]).all() and (at["estimate"] <= at["high"]).all()
    tables = [compute(BY_NAME[f"{what}_from_squares"], inputs, memo) for what in ("inhabitants", "households", "ages")]
    table = pd.concat(tables, axis=1)
    assert table[INHABITANTS].sum().to_list() == pytest.approx(at[["estimate", "low", "high"]].sum().to_list())
    assert table["inhabitants_coverage_share"].dropna().between(0, 1).all()
    by_square = at.groupby("square")["estimate"].sum()
    published = pd.Series({f"E{2570 + i}N{4710 + j}": v for (i, j), v in known.items()}, dtype="float64")
    if np.isnan(totals).all():
        assert by_square.reindex(published.dropna().index, fill_value=0).to_dict() == pytest.approx(
            published.dropna().to_dict()
        )


# --- households


def test_households_fill_up_to_what_the_buurt_holds():
    """6 and 1 to 4 households, together the 8 of the buurt; 25 inhabitants in them."""
    known = of_squares(
        {(0, 0): {"inhabitants_count": 20.0, "households_count": 6.0}, (1, 0): {"inhabitants_count": 5.0}}
    )
    homes = [address(50, 50), address(150, 50)]
    on = units(
        "hexagon",
        {
            "a": box(0, 0, 100, 100),
            "b": box(100, 0, 200, 100),
            "ab": box(0, 0, 200, 100),
            "none": box(800, 800, 900, 900),
        },
    )
    said = one_buurt({"inhabitants_count": 25.0, "households_count": 8.0})
    table = found("households", known, homes, said, on=on, kind="hexagon")
    columns = [*HOUSEHOLDS, "households_per_ha", "household_size"]
    assert rows(table, columns) == same(
        {
            "a": [6, 6, 6, 6, 20 / 6],
            "b": [2, 1, 4, 2, 2.5],
            "ab": [8, 7, 10, 4, 25 / 8],
            "none": [0, 0, 0, 0, NAN],
        }
    )
    beyond = one_buurt({"inhabitants_count": 25.0, "households_count": 15.0})
    table = found("households", known, homes, beyond, on=on, kind="hexagon")
    assert rows(table, HOUSEHOLDS)["ab"] == pytest.approx([15, 7, 15])


def test_without_households_in_squares_the_buurt_places_them_as_it_can():
    """25 inhabitants at two places and 10 households: from 1 each, up to 20 and 5; a third of the way is 10 in all."""
    homes = [address(50, 50), address(150, 50)]
    on = units("hexagon", {"a": box(0, 0, 100, 100), "b": box(100, 0, 200, 100)})
    known = squares({(0, 0): 20, (1, 0): 5})
    said = one_buurt({"inhabitants_count": 25.0, "households_count": 10.0})
    table = found("households", known, homes, said, on=on, kind="hexagon")
    way = (10 - 2) / (25 - 2)
    assert rows(table, HOUSEHOLDS) == same({"a": [1 + 19 * way, 1, 20], "b": [1 + 4 * way, 1, 5]})
    table = found("households", known, homes, one_buurt(25), on=on, kind="hexagon")
    assert rows(table, HOUSEHOLDS) == same({"a": [NAN, 1, 20], "b": [NAN, 1, 5]})


def test_squares_of_100_m_have_the_households_that_cbs_says():
    on = units(
        "square_100m",
        {"E2570N4710": box(0, 0, 100, 100), "E2571N4710": box(100, 0, 200, 100), "E2572N4710": box(200, 0, 300, 100)},
    )
    known = of_squares(
        {(0, 0): {"inhabitants_count": 20.0, "households_count": 10.0}, (1, 0): {"inhabitants_count": 5.0}}
    )
    table = found(
        "households",
        known,
        [],
        one_buurt({"inhabitants_count": 30.0, "households_count": 25.0}),
        on=on,
        kind="square_100m",
    )
    assert rows(table, [*HOUSEHOLDS, "household_size"]) == same(
        {"E2570N4710": [10, 10, 10, 2], "E2571N4710": [NAN, 0, 4, NAN], "E2572N4710": [0, 0, 0, NAN]}
    )


# --- ages


def ages(*numbers):
    return {f"{age}_count": float(n) for age, n in zip(AGES, numbers, strict=True)}


def percent(*numbers):
    return {f"{age}_pct": float(n) for age, n in zip(AGES, numbers, strict=True)}


def of_ages(table, end="count"):
    return {unit: row.to_list() for unit, row in table[[f"{age}_{end}" for age in AGES]].iterrows()}


TWO = {"a": box(0, 0, 100, 100), "b": box(100, 0, 200, 100)}


def test_ages_of_squares_and_of_their_buurt_agree():
    """Both squares fit the percentages of their buurt together, so nothing moves."""
    known = of_squares(
        {
            (0, 0): {"inhabitants_count": 100.0, **ages(10, 20, 30, 20, 20)},
            (1, 0): {"inhabitants_count": 100.0, **ages(30, 20, 10, 20, 20)},
        }
    )
    said = one_buurt({"inhabitants_count": 200.0, **percent(20, 20, 20, 20, 20)})
    table = found("ages", known, [], said, on=units("hexagon", TWO), kind="hexagon")
    assert of_ages(table) == same({"a": [10, 20, 30, 20, 20], "b": [30, 20, 10, 20, 20]})
    assert of_ages(table, "share") == same({"a": [0.1, 0.2, 0.3, 0.2, 0.2], "b": [0.3, 0.2, 0.1, 0.2, 0.2]})


def test_a_square_of_which_nothing_is_known_has_the_ages_of_its_buurt():
    """Only the square next door is published; percentages that make 99 are taken for what they are of the whole."""
    known = of_squares(
        {(0, 0): {"inhabitants_count": 100.0, **ages(20, 20, 20, 20, 20)}, (1, 0): {"inhabitants_count": 50.0}}
    )
    split = of_buurten(
        {
            "A": (TWO["a"], {"inhabitants_count": 100.0, **percent(20, 20, 20, 20, 20)}),
            "B": (TWO["b"], {"inhabitants_count": 50.0, **percent(33, 33, 11, 11, 11)}),
        }
    )
    table = found("ages", known, [], split, on=units("hexagon", TWO), kind="hexagon")
    assert of_ages(table)["b"] == pytest.approx([50 / 3, 50 / 3, 50 / 9, 50 / 9, 50 / 9], rel=1e-6)
    assert of_ages(table, "low_count")["b"] == [0] * 5
    table = found("ages", known, [], one_buurt(150), on=units("hexagon", TWO), kind="hexagon")
    assert of_ages(table)["b"] == pytest.approx([10] * 5)


def test_a_square_of_which_nothing_is_known_is_as_the_others_where_its_buurt_says_nothing():
    known = of_squares(
        {(0, 0): {"inhabitants_count": 100.0, **ages(10, 20, 30, 20, 20)}, (1, 0): {"inhabitants_count": 50.0}}
    )
    table = found("ages", known, [], one_buurt(150), on=units("hexagon", TWO), kind="hexagon")
    assert of_ages(table)["b"] == pytest.approx([5, 10, 15, 10, 10], rel=1e-4)


def test_bounds_of_ages():
    """Withheld is 0 to 4; the middle, 2, beside 6 and 8 of 20 people."""
    known = of_squares({(0, 0): {"inhabitants_count": 20.0, "age_0_15_count": 6.0, "age_25_45_count": 8.0}})
    table = found("ages", known, [], on=units("hexagon", {"a": TWO["a"]}), kind="hexagon")
    assert of_ages(table)["a"] == pytest.approx([6, 2, 8, 2, 2])
    assert of_ages(table, "low_count")["a"] == pytest.approx([6, 0, 8, 0, 0])
    assert of_ages(table, "high_count")["a"] == pytest.approx([6, 4, 8, 4, 4])


def test_bounds_of_ages_hold_what_the_buurt_makes_of_them():
    """Half of them are children by the buurt, a tenth of each other age."""
    known = of_squares({(0, 0): {"inhabitants_count": 20.0, **ages(5, 5, 5, 5, NAN)}})
    said = one_buurt({"inhabitants_count": 20.0, **percent(60, 10, 10, 10, 10)})
    table = found("ages", known, [], said, on=units("hexagon", {"a": TWO["a"]}), kind="hexagon")
    assert of_ages(table)["a"] == pytest.approx([12, 2, 2, 2, 2])
    assert of_ages(table, "low_count")["a"] == pytest.approx([5, 2, 2, 2, 0])
    assert of_ages(table, "high_count")["a"] == pytest.approx([12, 5, 5, 5, 4])


def test_without_ages_in_squares_all_have_those_of_the_buurt_and_without_those_none():
    said = one_buurt({"inhabitants_count": 30.0, **percent(10, 20, 30, 20, 20)})
    table = found("ages", squares({(0, 0): 20, (1, 0): 10}), [], said, on=units("hexagon", TWO), kind="hexagon")
    assert of_ages(table) == same({"a": [2, 4, 6, 4, 4], "b": [1, 2, 3, 2, 2]})
    assert of_ages(table, "high_count")["b"] == [10] * 5
    table = found("ages", squares({(0, 0): 20}), [], one_buurt(20), on=units("hexagon", TWO), kind="hexagon")
    assert of_ages(table) == same({"a": [NAN] * 5, "b": [0] * 5})
    assert of_ages(table, "share") == same({"a": [NAN] * 5, "b": [NAN] * 5})
    assert (of_ages(table, "low_count")["a"], of_ages(table, "high_count")["a"]) == ([0] * 5, [20] * 5)


def test_people_in_the_middle_of_a_buurt_have_its_ages():
    """Four of 104 live in a buurt without squares; all five ages are known of it, and nothing of their bounds."""
    known = of_squares({(0, 0): {"inhabitants_count": 100.0, **ages(20, 20, 20, 20, 20)}})
    said = of_buurten(
        {
            "A": (TWO["a"], {"inhabitants_count": 100.0, **percent(20, 20, 20, 20, 20)}),
            "B": (TWO["b"], {"inhabitants_count": 4.0, **percent(50, 50, 0, 0, 0)}),
        }
    )
    on = units("hexagon", TWO)
    table = found("ages", known, [], said, on=on, kind="hexagon")
    assert of_ages(table)["b"] == pytest.approx([2, 2, 0, 0, 0], abs=1e-6)
    assert (of_ages(table, "low_count")["b"], of_ages(table, "high_count")["b"]) == ([0] * 5, [4] * 5)
    table = found("households", known, [], said, on=on, kind="hexagon")
    assert rows(table, HOUSEHOLDS)["b"] == same({"": [NAN, 0, 4]})[""]


def test_squares_of_100_m_have_the_ages_that_cbs_says():
    known = of_squares(
        {
            (0, 0): {"inhabitants_count": 25.0, **ages(5, 5, 5, 5, 5)},
            (1, 0): {"inhabitants_count": 25.0, **ages(20, NAN, 5, NAN, NAN)},
        }
    )
    on = units("square_100m", {**TWO, "c": box(200, 0, 300, 100)})
    table = found(
        "ages",
        known,
        [],
        one_buurt({"inhabitants_count": 50.0, **percent(60, 10, 10, 10, 10)}),
        on=on,
        kind="square_100m",
    )
    assert of_ages(table) == same({"a": [5] * 5, "b": [20, NAN, 5, NAN, NAN], "c": [0] * 5})
    assert of_ages(table, "share") == same({"a": [0.2] * 5, "b": [NAN] * 5, "c": [NAN] * 5})
    assert of_ages(table, "high_count")["b"] == [20, 4, 5, 4, 4]


# --- the arithmetic


@st.composite
def intervals(draw):
    n = draw(st.integers(0, 6))
    low = [draw(st.sampled_from([0.0, 1.0, 10.0])) for _ in range(n)]
    high = [v + draw(st.sampled_from([0.0, 3.0, 4.0])) for v in low]
    group = [draw(st.integers(-1, 1)) for _ in range(n)]
    seats = [draw(st.sampled_from([0.0, 1.0, 2.0])) for _ in range(n)]
    total = [draw(st.sampled_from([NAN, 0.0, 2.0, 12.0, 100.0])) for _ in range(2)]
    return (np.array(low), np.array(high), np.array(group, dtype="int64"), np.array(total), np.array(seats))


@given(intervals())
def test_reconciled_numbers_meet_their_total_within_bounds_where_they_can(case):
    low, high, group, total, seats = case
    chosen = placing.reconcile(*case)
    for g in (-1, 0, 1):
        own = group == g
        wanted = total[g] if g >= 0 else NAN
        if np.isnan(wanted):
            assert chosen[own] == pytest.approx((low[own] + high[own]) / 2)
        elif high[own].sum() or seats[own].sum():
            assert chosen[own].sum() == pytest.approx(wanted)
        else:
            assert not chosen[own].any()
        if low[own].sum() <= wanted <= high[own].sum():
            assert (chosen[own] >= low[own] - 1e-9).all() and (chosen[own] <= high[own] + 1e-9).all()
    assert (chosen >= 0).all()


def test_a_total_that_nothing_reaches_goes_to_the_seats_as_they_weigh():
    zero = np.zeros(3)
    chosen = placing.reconcile(zero, zero, np.array([0, 0, 1]), np.array([9.0, 9.0]), np.array([1.0, 2.0, 0.0]))
    assert chosen.tolist() == [3, 6, 0]


NUMBERS = st.sampled_from([1.0, 2.0, 5.0, 50.0])


@given(
    st.lists(st.tuples(NUMBERS, NUMBERS, NUMBERS, st.integers(-1, 1)), min_size=1, max_size=6),
    st.tuples(NUMBERS, NUMBERS, NUMBERS),
)
@settings(deadline=None)
def test_divided_rows_add_up_groups_have_their_proportions_and_odds_stay(rows_, wanted):
    """That the cross ratios of the first guess stay is what makes it iterative proportional fitting."""
    prior = np.array([row[:3] for row in rows_])
    group = np.array([row[3] for row in rows_])
    whole = prior[:, 0] * 3
    parts = placing.divide(whole, prior, group, np.array([wanted, (NAN, 1.0, 1.0)]))
    assert parts.sum(axis=1) == pytest.approx(whole, rel=1e-9)
    own = group == 0
    if own.any():
        share = parts[own].sum(axis=0) / whole[own].sum()
        assert share == pytest.approx(np.array(wanted) / sum(wanted), rel=1e-6)
    assert parts[~own] == pytest.approx(prior[~own] / prior[~own].sum(axis=1)[:, None] * whole[~own][:, None], rel=1e-6)
    for i, k in itertools.combinations(np.flatnonzero(own), 2):
        odds = [t[i, 0] * t[k, 1] / (t[i, 1] * t[k, 0]) for t in (parts, prior)]
        assert odds[0] == pytest.approx(odds[1], rel=1e-6)


# --- published


def published(what, kind, on, buurt=None, wijk=None):
    given_two = {"buurt": buurt if buurt is not None else world()["buurt"], "wijk": wijken() if wijk is None else wijk}
    return compute(BY_NAME[f"{what}_published"], {**given_two, "units": on, "kind": KIND[kind]}, {})


def test_buurten_as_published():
    on = units("buurt", {code: box(*QUADRANTS[name]) for name, code in BUURT_OF.items()})
    sw, se, nw, ne = BUURT_OF.values()
    expected = {
        sw: [15, 15, 15, 1, 60, 0.6], se: [20, 20, 20, 1, 80, 0.8], nw: [0, 0, 0, NAN, 0, 0], ne: [NAN, 0, 4, 0, NAN, NAN],
    }  # fmt: skip
    assert rows(published("inhabitants", "buurt", on)) == same(expected)


def test_wijken_as_published():
    on = units("wijk", {"WK000101": box(500, 0, 1000, 1000), "WK000100": box(0, 0, 500, 1000)})
    assert rows(published("inhabitants", "wijk", on)) == same(
        {"WK000101": [20, 20, 20, 1, 40, 0.4], "WK000100": [15, 15, 15, 1, 30, 0.3]}
    )


@pytest.mark.parametrize(
    ("east", "expected"),
    [(20, [35, 35, 35, 1, 35, 0.35]), (NAN, [NAN, 15, 19, 15 / 17, NAN, NAN])],
)
def test_a_gemeente_is_the_sum_of_its_wijken(east, expected):
    on = units("gemeente", {"GM0001": box(0, 0, 1000, 1000)})
    assert rows(published("inhabitants", "gemeente", on, wijk=wijken(east=east))) == same({"GM0001": expected})


@pytest.mark.parametrize("kind", ["buurt", "wijk", "gemeente"])
@pytest.mark.parametrize("what", ["inhabitants", "households", "ages"])
def test_what_cbs_does_not_have_is_not_known(kind, what):
    on = units(kind, {"XX0000": box(0, 0, 100, 100)})
    assert published(what, kind, on).isna().all(axis=None)


HA = box(0, 0, 100, 100)


def test_households_as_published():
    """Nobody lives in C, so it has no households; of B no more is known than that there are 30 at most, of D 4."""
    said = of_buurten(
        {
            "A": (HA, {"inhabitants_count": 30.0, "households_count": 15.0}),
            "B": (HA, 30),
            "C": (HA, 0),
            "D": (HA, NAN),
        }
    )
    on = units("buurt", dict.fromkeys("ABCD", HA))
    assert rows(
        published("households", "buurt", on, said), [*HOUSEHOLDS, "households_per_ha", "household_size"]
    ) == same(
        {
            "A": [15, 15, 15, 15, 2],
            "B": [NAN, 0, 30, NAN, NAN],
            "C": [0, 0, 0, 0, NAN],
            "D": [NAN, 0, 4, NAN, NAN],
        }
    )


def test_households_of_a_gemeente_are_those_of_its_wijken():
    both = wijken().assign(households_count=[5.0, 9.0])
    on = units("gemeente", {"GM0001": box(0, 0, 1000, 1000)})
    columns = [*HOUSEHOLDS, "household_size"]
    assert rows(published("households", "gemeente", on, wijk=both), columns) == {"GM0001": [14, 14, 14, 2.5]}
    one = wijken().assign(households_count=[5.0, NAN])
    assert rows(published("households", "gemeente", on, wijk=one), columns) == same({"GM0001": [NAN, 5, 25, NAN]})


def test_ages_as_published():
    """A whole percent of 200 people is one and a half percent wide: 10 % are 19 to 21 of them."""
    said = of_buurten(
        {
            "A": (HA, {"inhabitants_count": 200.0, **percent(0, 10, 30, 40, 19)}),
            "B": (HA, 40),
            "C": (HA, 0),
            "D": (HA, {"inhabitants_count": 50.0, **percent(100, 0, 0, 0, 0)}),
        }
    )
    on = units("buurt", dict.fromkeys("ABCD", HA))
    table = published("ages", "buurt", on, said)
    assert of_ages(table) == same({"A": [0, 20, 60, 80, 38], "B": [NAN] * 5, "C": [0] * 5, "D": [50, 0, 0, 0, 0]})
    assert of_ages(table, "low_count") == same(
        {"A": [0, 19, 59, 79, 37], "B": [0] * 5, "C": [0] * 5, "D": [49.75, 0, 0, 0, 0]}
    )
    assert of_ages(table, "high_count") == same(
        {"A": [1, 21, 61, 81, 39], "B": [40] * 5, "C": [0] * 5, "D": [50] + [0.25] * 4}
    )
    shares = [0, 20 / 198, 60 / 198, 80 / 198, 38 / 198]
    assert of_ages(table, "share") == same({"A": shares, "B": [NAN] * 5, "C": [NAN] * 5, "D": [1, 0, 0, 0, 0]})


def test_ages_of_a_gemeente_are_those_of_its_wijken():
    both = wijken(100, 200).assign(**{f"{age}_pct": [10.0 * k, 20.0] for k, age in enumerate(AGES)})
    on = units("gemeente", {"GM0001": box(0, 0, 1000, 1000)})
    assert of_ages(published("ages", "gemeente", on, wijk=both)) == same({"GM0001": [40, 50, 60, 70, 80]})
