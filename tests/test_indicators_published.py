"""What only CBS knows, published and placed at the addresses of the buurten, done in the head."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lattice import LATTICE
from world import BUURT_OF, KIND, QUADRANTS, address, addresses, box, inputs, layer, quadrants, units

from pipeline.indicators import compute, shared
from pipeline.indicators.published import INDICATORS, TABLES

NAN = float("nan")
REST = inputs()
BY_NAME = {i.name: i for i in INDICATORS}
SW, SE, NW, NE = BUURT_OF.values()
#: Number, at least, at most, per hectare.
ALL = ["establishments_count", "establishments_low_count", "establishments_high_count", "establishments_per_ha"]
TRADE = [c.replace("establishments", "establishments_trade") for c in ALL]
COVERED = ["establishments_coverage_share", "establishments_sectors_coverage_share"]
SINGLE, VACANT = "single_person_households_cbs_share", "vacant_dwellings_share"
KINDS_COVERED, VACANT_COVERED = "households_by_kind_cbs_coverage_share", "vacant_dwellings_coverage_share"


def given_for(kind, **instead):
    """The world, made once, with other units and tables."""
    return {**REST, "kind": KIND[kind], "units": quadrants(kind), **instead}


def work_out(name, kind="square_500m", **instead):
    return compute(BY_NAME[name], given_for(kind, **instead), {})


def placed(kind="hexagon", **instead):
    return work_out("establishments_from_buurten", kind, **instead)


def told(kind, on, **instead):
    return work_out("establishments_published", kind, units=units(kind, on), **instead)


def rows(found, columns):
    return {name: pytest.approx(row.to_list(), nan_ok=True) for name, row in found[columns].iterrows()}


def of(row):
    return pytest.approx(row, nan_ok=True)


def buurten(rows):
    """Buurten of one gemeente: name -> west, east (of a strip of 100 m), and what CBS says."""
    return layer("buurt", {n: {"gemeente_code": "GM0001", "geometry": box(w, 0, e, 100), **said} for n, (w, e, said) in rows.items()})  # fmt: skip


def wijken(west, east):
    """Two wijken of 50 ha of one gemeente, with what CBS says of them."""
    shapes = {"WK000100": (box(0, 0, 500, 1000), west), "WK000101": (box(500, 0, 1000, 1000), east)}
    return layer("wijk", {n: {"gemeente_code": "GM0001", "geometry": s, **said} for n, (s, said) in shapes.items()})


WORLD = {"GM0001": box(0, 0, 1000, 1000)}


# --- establishments, placed


def test_the_world():
    """The shop (78 m² for work) and the hall (390 m², on the edge: of buurt sw and square se) share the 60 of sw as 1 : 5."""
    found = placed("square_500m")
    assert rows(found, ALL) == {
        "sw": [10, 0, 60, 0.4],
        "se": [50, 0, 60, 2.0],
        "nw": [NAN, 0, 5, NAN],  # five, but no address to place them at
        "ne": [NAN, 0, NAN, NAN],  # withheld
    }
    assert rows(found, TRADE) == {
        "sw": [35 / 6, 0, 35, 35 / 6 / 25],
        "se": [35 * 5 / 6, 0, 35, 35 * 5 / 6 / 25],  # buurt se has none in all, so no trade
        "nw": [NAN, 0, 5, NAN],  # not told, at most the total
        "ne": [NAN, 0, NAN, NAN],
    }
    assert rows(found, COVERED) == {"sw": [1, 1], "se": [1, 1], "nw": [0, 0], "ne": [0, 0]}


def test_a_unit_with_all_addresses_of_a_buurt_has_all_of_it():
    on = units("hexagon", {"south": box(0, 0, 1000, 500), "all": box(0, 0, 1000, 1000)})
    found = placed(units=on)
    # Half of "all" is known; what is withheld in ne has no upper bound.
    assert rows(found, [*ALL, *COVERED]) == {"south": [60, 60, 60, 1.2, 1, 1], "all": [60, 60, NAN, 0.6, 0.5, 0.5]}


def test_a_unit_without_addresses_has_none_of_a_buurt_whose_addresses_are_elsewhere():
    found = placed(units=units("hexagon", {"corner": box(0, 0, 100, 100)}))
    assert rows(found, [*ALL, *COVERED]) == {"corner": [0, 0, 0, 0, 1, 1]}


def test_without_floor_area_for_work_every_address_gets_the_same():
    homes = addresses([address(10, 50), address(20, 50), address(60, 50, "kantoorfunctie", m2=NAN)])
    buurt = buurten({"b": (0, 100, {"establishments_count": 6})})
    on = units("hexagon", {"west": box(0, 0, 50, 100), "east": box(50, 0, 100, 100)})
    assert placed(units=on, buurt=buurt, verblijfsobject=homes)[ALL[0]].to_dict() == {"west": 4, "east": 2}


def test_only_the_part_of_an_address_that_is_for_work_counts():
    both = addresses([address(10, 50, "woonfunctie,winkelfunctie", m2=100), address(60, 50, "winkelfunctie", m2=150)])
    buurt = buurten({"b": (0, 100, {"establishments_count": 20})})
    on = units("hexagon", {"west": box(0, 0, 50, 100), "east": box(50, 0, 100, 100)})
    assert placed(units=on, buurt=buurt, verblijfsobject=both)[ALL[0]].to_dict() == {"west": 5, "east": 15}


def test_an_address_is_in_one_buurt_where_two_overlap():
    buurt = buurten({"a": (0, 60, {"establishments_count": 6}), "b": (40, 100, {"establishments_count": 6})})
    inputs = given_for("hexagon", buurt=buurt, verblijfsobject=addresses([address(50, 50), address(80, 50)]))
    found = shared("buurt_addresses", inputs, {})
    assert found.index.is_unique
    assert found[["buurt", "share"]].to_numpy().tolist() == [["a", 1.0], ["b", 1.0]]


@pytest.mark.parametrize(("there", "expected"), [(9, [30, 30, 30, 1]), (8, [NAN, 0, 30, 0])])
def test_where_addresses_were_loaded_in_part_nothing_is_placed(there, expected):
    """Of ten dwellings of the gemeente at least nine must be there; what is missing could be anywhere."""
    # Those of a buurt of which CBS does not say how many it has make up for nothing.
    homes = addresses([address(10 + i, 50) for i in range(there)] + [address(150, 50), address(160, 50)])
    buurt = buurten({"a": (0, 100, {"establishments_count": 30, "dwellings_count": 10}), "b": (100, 200, {"establishments_count": 5})})  # fmt: skip
    found = placed(units=units("hexagon", {"u": box(0, 0, 100, 100)}), buurt=buurt, verblijfsobject=homes)
    assert rows(found, [*ALL[:3], COVERED[0]]) == {"u": expected}


def test_an_unloaded_part_of_a_buurt_is_in_the_upper_bound_only():
    buurt = buurten({"a": (0, 100, {"establishments_count": 30, "dwellings_count": 10})})
    on = units("hexagon", {"empty": box(0, 0, 50, 100)})
    found = placed(units=on, buurt=buurt, verblijfsobject=addresses([address(60, 50)]))
    assert rows(found, ALL[:3]) == {"empty": [NAN, 0, 30]}


def test_what_is_not_known_but_lies_elsewhere_sets_no_bound():
    on = units("hexagon", {"empty": box(0, 0, 50, 100)})
    found = placed(units=on, buurt=buurten({"a": (0, 100, {})}), verblijfsobject=addresses([address(60, 50)]))
    assert rows(found, [*ALL[:3], COVERED[0]]) == {"empty": [NAN, 0, 0, 0]}


def test_a_sliver_of_a_neighbour_says_nothing():
    """Beyond 500 lies ne, of which nothing is known: 0.1 mm × 400 m of 20 ha is no part, 1 m × 400 m is."""
    on = units("hexagon", {"sliver": box(0, 600, 500.0001, 1000), "strip": box(0, 600, 501, 1000)})
    assert rows(placed(units=on), ALL[1:3]) == {"sliver": [0, 5], "strip": [0, NAN]}


def test_outside_of_all_buurten_nothing_is_known():
    on = units("hexagon", {"out": box(2000, 0, 2100, 100), "half": box(-100, 0, 100, 100)})
    found = placed(units=on)
    assert found.loc["out"].drop(COVERED).isna().all()
    assert rows(found, [*ALL[:3], *COVERED]) == {"out": [NAN, NAN, NAN, 0, 0], "half": [0, 0, 0, 0.5, 0.5]}


def test_overlapping_rings_each_take_theirs():
    rings = units("catchment", {"a": box(0, 0, 300, 300), "b": box(200, 200, 600, 600)})
    # Both have the shop, which is 1/6 of 60; only b reaches into ne.
    assert placed("catchment", units=rings)[ALL[0]].to_dict() == of({"a": 10, "b": 10})


@pytest.mark.parametrize("lost", ["buurt", "verblijfsobject"])
def test_without_data_nothing_is_said(lost):
    found = placed("square_500m", **{lost: REST[lost].iloc[:0]})
    if lost == "buurt":
        assert found.drop(columns=COVERED).isna().all(axis=None) and (found[COVERED] == 0).all(axis=None)
    else:  # where there are none, none have to be placed
        assert rows(found, ALL[:3]) == {"sw": [NAN, 0, 60], "se": [0, 0, 0], "nw": [NAN, 0, 5], "ne": [NAN, 0, NAN]}


NUMBERS = st.lists(st.sampled_from([0.0, 5.0, 20.0, 600.0]), min_size=4, max_size=4)
USES = st.sampled_from(["woonfunctie", "winkelfunctie", "woonfunctie,kantoorfunctie", "overige gebruiksfunctie", ""])
PLACES = st.lists(st.tuples(LATTICE, LATTICE, USES, st.sampled_from([50.0, 100.0, NAN])), min_size=1, max_size=12)


@given(NUMBERS, PLACES, st.sampled_from([(500, 500), (250, 499), (100, 1)]))
@settings(deadline=None, max_examples=20)
def test_all_that_can_be_placed_is_placed_once(numbers, places, cut):
    buurt = layer("buurt", {c: {"gemeente_code": "GM0001", "establishments_count": n, "geometry": box(*QUADRANTS[q])}
                            for (q, c), n in zip(BUURT_OF.items(), numbers, strict=True)})  # fmt: skip
    given_ = {"buurt": buurt, "verblijfsobject": addresses([address(x, y, use, m2) for x, y, use, m2 in places])}
    memo = {}
    given_ = given_for("section", **given_, units=units("section", {"all": box(-1, -1, 1001, 1001)}))
    whole = compute(BY_NAME["establishments_from_buurten"], given_, memo).loc["all"]
    with_address = set(memo["buurt_addresses", ""]["buurt"])
    there = [n for c, n in zip(BUURT_OF.values(), numbers, strict=True) if c in with_address]
    assert np.nan_to_num(whole[ALL[0]]) == pytest.approx(sum(there))
    assert whole[ALL[1]] == sum(there) and whole[ALL[2]] == sum(numbers)
    x, y = cut
    four = {"a": box(-1, -1, x, y), "b": box(x, -1, 1001, y), "c": box(-1, y, x, 1001), "d": box(x, y, 1001, 1001)}
    parts = compute(BY_NAME["establishments_from_buurten"], {**given_, "units": units("section", four)}, {})
    assert parts[ALL[1]].sum() <= sum(there) + 1e-9
    assert ((parts[ALL[1]] <= parts[ALL[0]] + 1e-9) & (parts[ALL[0]] <= parts[ALL[2]] + 1e-9) | parts[ALL[0]].isna()).all()  # fmt: skip
    # Where nothing is known of the ground, an address on its edge is lost with it.
    if parts[ALL[0]].notna().all():
        assert parts[ALL[0]].sum() == pytest.approx(sum(there))


# --- establishments, published


def test_buurten_as_published():
    found = told("buurt", {code: box(*QUADRANTS[name]) for name, code in BUURT_OF.items()})
    assert rows(found, [*ALL, *COVERED]) == {
        SW: [60, 60, 60, 2.4, 1, 1], SE: [0, 0, 0, 0, 1, 1], NW: [5, 5, 5, 0.2, 1, 0], NE: [NAN, 0, NAN, NAN, 0, 0],
    }  # fmt: skip
    assert rows(found, TRADE) == {SW: [35, 35, 35, 1.4], SE: [0, 0, 0, 0], NW: [NAN, 0, 5, NAN], NE: [NAN, 0, NAN, NAN]}


@pytest.mark.parametrize(
    ("east", "total", "trade", "covered"),
    [
        ({"establishments_count": 20, "establishments_trade_count": 15}, [120, 120, 120, 1.2], [55, 55, 55, 0.55], 1),
        ({"establishments_count": 15}, [115, 115, 115, 1.15], [NAN, 40, 55, NAN], 1),
        ({}, [NAN, 100, NAN, NAN], [NAN, 40, NAN, NAN], 0.5),
    ],
)
def test_a_gemeente_is_the_sum_of_its_wijken(east, total, trade, covered):
    wijk = wijken({"establishments_count": 100, "establishments_trade_count": 40}, east)
    found = told("gemeente", WORLD, wijk=wijk)
    assert rows(found, ALL) == {"GM0001": total}
    assert rows(found, TRADE) == {"GM0001": trade}
    assert found[COVERED].loc["GM0001"].to_list() == [covered, 0], "no wijk has all sectors"
    by_wijk = told("wijk", {"WK000100": box(0, 0, 500, 1000)}, wijk=wijk)
    assert rows(by_wijk, ALL) == {"WK000100": [100, 100, 100, 2]}


@pytest.mark.parametrize("kind", ["buurt", "wijk", "gemeente"])
def test_what_cbs_does_not_have_is_not_known(kind):
    found = told(kind, {"XX0000": box(0, 0, 100, 100)})
    assert found.drop(columns=COVERED).isna().all(axis=None)
    assert rows(found, COVERED) == {"XX0000": [0, 0]}
    shares = work_out("households_and_dwellings_published", kind, units=units(kind, {"XX0000": box(0, 0, 100, 100)}))
    assert shares.isna().all(axis=None)


# --- households and dwellings


def test_shares_of_buurten_as_published():
    on = units("buurt", {SW: box(0, 0, 500, 500), NE: box(500, 500, 1000, 1000)})
    found = work_out("households_and_dwellings_published", "buurt", units=on)
    assert found.columns.to_list() == [c.name for c in BY_NAME["households_and_dwellings_published"].columns]
    assert rows(found, list(found)) == {
        SW: [0.5, 0.3, 0.2, 1, 0.25, 0.75, 1, 0.04, 1],
        NE: [NAN, NAN, NAN, 0, NAN, NAN, 0, NAN, 0],
    }


KIND_OF_HOUSEHOLD = {"households_without_children_pct": 30, "households_with_children_pct": 20}


@pytest.mark.parametrize(
    ("east", "single", "vacant"),
    [
        # 30 households with half, 10 with a tenth: 16 of 40. 20 dwellings with 4 %, 60 with 8 %: 5.6 of 80.
        ({"households_count": 10, "single_person_households_pct": 10, **KIND_OF_HOUSEHOLD, "dwellings_count": 60, "vacant_dwellings_pct": 8}, [0.4, 1], [0.07, 1]),
        ({"households_count": 10, "dwellings_count": 60}, [NAN, 0.75], [NAN, 0.25]),
        # Nobody lives there, so that nothing is withheld.
        ({"households_count": 0, "dwellings_count": 0}, [0.5, 1], [0.04, 1]),
        # How much it weighs is not known.
        ({"single_person_households_pct": 10, **KIND_OF_HOUSEHOLD, "vacant_dwellings_pct": 8}, [NAN, NAN], [NAN, NAN]),
        # One of the shares of a group is withheld: the others are not used either.
        ({"households_count": 10, "single_person_households_pct": 10, "dwellings_count": 0}, [NAN, 0.75], [0.04, 1]),
    ],
)  # fmt: skip
def test_a_gemeente_is_the_mean_of_its_wijken(east, single, vacant):
    west = {"households_count": 30, "single_person_households_pct": 50, **KIND_OF_HOUSEHOLD, "dwellings_count": 20, "vacant_dwellings_pct": 4}  # fmt: skip
    found = work_out(
        "households_and_dwellings_published", "gemeente", units=units("gemeente", WORLD), wijk=wijken(west, east)
    )
    assert rows(found, [SINGLE, KINDS_COVERED]) == {"GM0001": single}
    assert rows(found, [VACANT, VACANT_COVERED]) == {"GM0001": vacant}


def test_a_wijk_needs_no_weight():
    wijk = wijken({"vacant_dwellings_pct": 4}, {})
    found = work_out(
        "households_and_dwellings_published", "wijk", units=units("wijk", {"WK000100": box(0, 0, 500, 1000)}), wijk=wijk
    )
    assert rows(found, [VACANT, VACANT_COVERED]) == {"WK000100": [0.04, 1]}


@pytest.mark.parametrize(("of_b", "expected"), [({"vacant_dwellings_pct": 2}, [14 / 300, 1]), ({}, [0.1, 1 / 3])])
def test_elsewhere_it_is_the_mean_of_the_buurten_by_dwellings(of_b, expected):
    """One dwelling of a buurt with 10 %, two of one with 2 %; a shop is no dwelling."""
    homes = addresses([address(90, 50), address(110, 50), address(120, 50), address(130, 50, "winkelfunctie"), address(180, 50)])  # fmt: skip
    buurt = buurten({"a": (0, 100, {"vacant_dwellings_pct": 10}), "b": (100, 200, of_b)})
    on = units("hexagon", {"u": box(80, 0, 150, 100), "none": box(125, 0, 170, 100)})
    found = work_out("households_and_dwellings_from_buurten", "hexagon", units=on, buurt=buurt, verblijfsobject=homes)
    assert rows(found, [VACANT, VACANT_COVERED]) == {"u": expected, "none": [NAN, NAN]}


# --- as declared


def test_only_what_is_placed_is_an_estimate():
    for name in ("establishments_published", "households_and_dwellings_published"):
        assert not any(m.estimate or m.rows for m in BY_NAME[name].columns)
    for name in ("establishments_from_buurten", "households_and_dwellings_from_buurten"):
        sure = {m.name for m in BY_NAME[name].columns if not m.estimate}
        assert all(m.endswith(("_low_count", "_high_count", "_coverage_share")) for m in sure)


def test_the_rows_of_an_estimate_are_the_buurten():
    memo = {}
    compute(BY_NAME["establishments_from_buurten"], given_for("square_500m"), memo)
    pairs = memo["buurt_shares", "square_500m"].set_index(["unit", "subject"])["share"]
    assert pairs["se"].to_dict() == of({SW: 5 / 6, SE: NAN})
    assert pairs["sw"].to_dict() == of({SW: 1 / 6})
    assert len(TABLES) == 2
