"""Dwellings and addresses, done in the head."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lattice import LATTICE
from world import HECTARE, LAYERS, address, addresses, box, inputs, quadrants, table, units, world

from pipeline.indicators import compute, stock
from pipeline.indicators.tables import sums_per_unit
from pipeline.profiles import PROFILES

NAN = float("nan")
#: Made once: nothing here changes it.
REST = inputs()
BY_NAME = {i.name: i for i in stock.INDICATORS}
SIZES = ["below_50_m2", "50_to_75_m2", "75_to_100_m2", "100_to_150_m2", "150_to_250_m2", "from_250_m2"]
YEARS = ["before_1945", "1945_to_1960", "1960_to_1970", "1970_to_1980", "1980_to_1990", "1990_to_2000",
         "2000_to_2010", "from_2010"]  # fmt: skip


def counted(rows, profile="cbs"):
    return stock.counted_addresses(addresses(rows), PROFILES[profile])


def both(verblijfsobject, on, profile="cbs"):
    given, memo = {**REST, "verblijfsobject": verblijfsobject, "units": on, "stock_profile": PROFILES[profile]}, {}
    return compute(BY_NAME["dwellings"], given, memo).join(compute(BY_NAME["addresses"], given, memo))


def of(name, rows, **instead):
    """Compute one indicator for addresses in the quadrants."""
    return compute(BY_NAME[name], {**REST, "verblijfsobject": addresses(rows), **instead}, {})


def built_in(years):
    """Make panden of 10 × 10 m in a row, in use, with their building year."""
    return table(
        LAYERS["pand"],
        {
            name: {"geometry": box(20 * i, 0, 20 * i + 10, 10), "status": "Pand in gebruik", "construction_year": year}
            for i, (name, year) in enumerate(years.items())
        },
    )


def filled(found, of, names, kind="count"):
    """What is not 0, by class, in the order of `names` with the unknown last."""
    row = found[[f"dwellings_{n}_{kind}" for n in (*names, *([f"{of}_unknown"] if kind == "count" else []))]]
    return {c.removeprefix("dwellings_").removesuffix(f"_{kind}"): v for c, v in row.items() if v}


# --- all of them


def test_the_world():
    found = both(world()["verblijfsobject"], quadrants())
    assert found["dwellings_count"].to_dict() == {"sw": 4, "se": 0, "nw": 0, "ne": 0}
    assert found["dwellings_per_ha"].to_dict() == {"sw": 0.16, "se": 0, "nw": 0, "ne": 0}
    assert found["addresses_count"].to_dict() == {"sw": 4, "se": 1, "nw": 0, "ne": 0}
    assert found["addresses_per_km2"].to_dict() == {"sw": 16, "se": 4, "nw": 0, "ne": 0}


def test_density_is_by_the_whole_unit_land_and_water():
    unit = units("hexagon", {"h": box(0, 0, 100, 100)}, land={"h": HECTARE / 4})
    found = both(addresses([address(5, 5)]), unit)
    assert found.loc["h"].to_list() == [1, 1, 1, 100]


def test_a_unit_without_area_has_no_density():
    on = quadrants()
    on["area_m2"] = 0.0
    found = both(world()["verblijfsobject"], on)
    assert found.loc["sw"].to_list() == pytest.approx([4, NAN, 4, NAN], nan_ok=True)


def test_a_dwelling_with_a_second_use_is_a_dwelling():
    rows = [
        address(5, 5, use)
        for use in (
            "woonfunctie",
            "kantoorfunctie,woonfunctie",
            "kantoorfunctie, woonfunctie",
            "winkelfunctie",
            "",
            None,
        )
    ]
    table = counted(rows)
    assert table["is_dwelling"].to_list() == [True, True, True, False, False, False]
    assert table["housing_share"].fillna(-1).to_list() == [1, 0.5, 0.5, 0, -1, -1]


def test_the_same_use_named_twice_counts_once():
    assert counted([address(5, 5, "woonfunctie,winkelfunctie,woonfunctie")])["housing_share"].item() == 0.5


@pytest.mark.parametrize(
    ("profile", "expected"),
    [("cbs", ["in gebruik", "niet ingemeten", "verbouwing"]), ("pbl", ["in gebruik", "niet ingemeten", "verbouwing", "buiten gebruik"]), ("strict", ["in gebruik"])],
)  # fmt: skip
def test_which_addresses_exist_is_a_choice(profile, expected):
    rows = {
        "in gebruik": address(1, 1),
        "niet ingemeten": address(2, 2, status="Verblijfsobject in gebruik (niet ingemeten)"),
        "verbouwing": address(3, 3, status="Verbouwing verblijfsobject"),
        "buiten gebruik": address(4, 4, status="Verblijfsobject buiten gebruik"),
        "gevormd": address(5, 5, status="Verblijfsobject gevormd"),
    }
    assert list(counted(rows, profile).index) == sorted(expected)


def test_addresses_in_two_rings_count_in_both():
    rings = units("catchment", {"a": box(0, 0, 200, 200), "b": box(100, 0, 300, 200)})
    found = both(addresses([address(150, 50), address(50, 50)]), rings)
    assert found["dwellings_count"].to_dict() == {"a": 2, "b": 1}


def test_net_density_is_by_private_ground():
    """100 dwellings on 2 ha; none is private; it is not known how much is."""
    on = quadrants()
    net = pd.Series([20_000.0, 0.0, NAN, 5_000.0], index=on.index)
    found = stock.dwellings_net(on, pd.Series([100.0, 3.0, 3.0, 0.0], index=on.index), net)["dwellings_net_per_ha"]
    assert found.to_list() == pytest.approx([50, NAN, NAN, 0], nan_ok=True)


# --- by size


def test_sizes_of_the_world():
    """sw: 152, 78, 78 and 156 m², together 464; elsewhere is no dwelling."""
    found = compute(BY_NAME["dwellings_by_size"], REST, {})
    assert filled(found.loc["sw"], "size", SIZES) == {"75_to_100_m2": 2, "150_to_250_m2": 2}
    assert filled(found.loc["sw"], "size", SIZES, "share") == {"75_to_100_m2": 0.5, "150_to_250_m2": 0.5}
    assert found.loc["sw", ["dwellings_usable_area_m2", "usable_area_m2_per_dwelling"]].to_list() == [464, 116]
    for empty in ("se", "nw", "ne"):
        assert filled(found.loc[empty], "size", SIZES) == {}
        assert found.loc[empty].filter(like="_share").isna().all()
        assert found.loc[empty, ["dwellings_usable_area_m2", "usable_area_m2_per_dwelling"]].to_list() == pytest.approx(
            [0, NAN], nan_ok=True
        )


@pytest.mark.parametrize(
    ("m2", "size"),
    [
        (2, "below_50_m2"), (49, "below_50_m2"),
        (50, "50_to_75_m2"), (74, "50_to_75_m2"),
        (75, "75_to_100_m2"), (99, "75_to_100_m2"),
        (100, "100_to_150_m2"), (149, "100_to_150_m2"),
        (150, "150_to_250_m2"), (249, "150_to_250_m2"),
        (250, "from_250_m2"), (12_000, "from_250_m2"),
        (NAN, "size_unknown"),
    ],
)  # fmt: skip
def test_the_limits_of_the_sizes(m2, size):
    found = of("dwellings_by_size", [address(5, 5, m2=m2)]).loc["sw"]
    assert filled(found, "size", SIZES) == {size: 1}


def test_what_is_not_measured_is_in_the_shares_and_not_in_the_mean():
    """Of 40, 60 and two that are not known: a quarter each, half is known, 50 m² on average."""
    rows = [address(5, 5, m2=m2) for m2 in (40, 60, NAN, NAN)]
    found = of("dwellings_by_size", rows).loc["sw"]
    assert filled(found, "size", SIZES) == {"below_50_m2": 1, "50_to_75_m2": 1, "size_unknown": 2}
    assert filled(found, "size", SIZES, "share") == {"below_50_m2": 0.25, "50_to_75_m2": 0.25}
    assert found["dwellings_size_coverage_share"] == 0.5
    assert found["usable_area_m2_per_dwelling"] == 50


def test_dwellings_of_which_none_is_measured_have_no_area():
    """A shop beside them that is measured changes nothing."""
    rows = [address(5, 5, m2=NAN), address(6, 6, "winkelfunctie", m2=90)]
    found = of("dwellings_by_size", rows).loc["sw"]
    assert found["dwellings_size_coverage_share"] == 0
    assert found[["dwellings_usable_area_m2", "usable_area_m2_per_dwelling"]].isna().all()


def test_a_dwelling_is_as_large_as_it_is_with_its_second_use():
    rows = [address(5, 5, "woonfunctie,winkelfunctie", m2=120), address(6, 6, "winkelfunctie", m2=999)]
    found = of("dwellings_by_size", rows).loc["sw"]
    assert filled(found, "size", SIZES) == {"100_to_150_m2": 1}
    assert found["dwellings_usable_area_m2"] == 120


# --- by building year


@pytest.mark.parametrize(
    ("year", "expected"),
    [
        (0, "year_unknown"), (1005, "year_unknown"), (1006, "before_1945"), (1499, "before_1945"),
        (1944, "before_1945"), (1945, "1945_to_1960"), (1959, "1945_to_1960"), (1960, "1960_to_1970"),
        (1969, "1960_to_1970"), (1970, "1970_to_1980"), (1979, "1970_to_1980"), (1980, "1980_to_1990"),
        (1989, "1980_to_1990"), (1990, "1990_to_2000"), (1999, "1990_to_2000"), (2000, "2000_to_2010"),
        (2009, "2000_to_2010"), (2010, "from_2010"), (2100, "from_2010"), (2101, "year_unknown"), (NAN, "year_unknown"),
    ],
)  # fmt: skip
def test_the_limits_of_the_years(year, expected):
    found = of("dwellings_by_year", [address(5, 5, pand="p")], pand=built_in({"p": year})).loc["sw"]
    assert filled(found, "year", YEARS) == {expected: 1}
    assert found["dwellings_year_coverage_share"] == (expected != "year_unknown")


@pytest.mark.parametrize(
    ("panden", "expected"),
    [
        ("old", {"before_1945": 1}),
        ("old,new", {"before_1945": 1 / 2, "from_2010": 1 / 2}),
        ("old,new,newer", {"before_1945": 1 / 3, "from_2010": 2 / 3}),
        ("old,filler", {"before_1945": 1 / 2, "year_unknown": 1 / 2}),
        # A pand that is named and not loaded, or named twice.
        ("old,elsewhere", {"before_1945": 1 / 2, "year_unknown": 1 / 2}),
        ("elsewhere", {"year_unknown": 1}),
        ("old,old", {"before_1945": 1}),
        # Without a name the pand around the point; here that is "old".
        ("", {"before_1945": 1}),
    ],
)
def test_a_dwelling_in_several_panden_is_split_over_them_and_stays_one(panden, expected):
    years = built_in({"old": 1930, "new": 2015, "newer": 2020, "filler": 1005})
    found = of("dwellings_by_year", [address(5, 5, pand=panden)], pand=years).loc["sw"]
    assert filled(found, "year", YEARS) == pytest.approx(expected)
    shares = {k: v for k, v in expected.items() if k != "year_unknown"}
    assert filled(found, "year", YEARS, "share") == pytest.approx(shares)


def test_only_dwellings_have_a_year_and_each_its_own():
    """Three dwellings, one without any pand; two offices in the same panden, and one without."""
    rows = [
        address(5, 5, pand="old"),
        address(6, 6, pand="new"),
        address(300, 300),
        address(5, 6, "kantoorfunctie", pand="old"),
        address(5, 6, "kantoorfunctie", pand="new"),
        address(301, 300, "kantoorfunctie"),
    ]
    found = of("dwellings_by_year", rows, pand=built_in({"old": 1930, "new": 1965})).loc["sw"]
    assert filled(found, "year", YEARS) == {"before_1945": 1, "1960_to_1970": 1, "year_unknown": 1}
    assert found["dwellings_year_coverage_share"] == pytest.approx(2 / 3)


def test_a_pand_that_is_to_go_has_a_year():
    pand = built_in({"p": 1955})
    pand["status"] = "Sloopvergunning verleend"
    found = of("dwellings_by_year", [address(5, 5, pand="p")], pand=pand).loc["sw"]
    assert filled(found, "year", YEARS) == {"1945_to_1960": 1}


# --- alone or together


def test_types_of_the_world():
    """The house is alone, the flat has three; the hall is no dwelling."""
    found = compute(BY_NAME["dwellings_by_type"], REST, {})
    assert found.loc["sw"].to_list() == [1, 3, 0.25, 0.75]
    assert found.loc["se"].to_list() == pytest.approx([0, 0, NAN, NAN], nan_ok=True)


def test_a_dwelling_without_pand_is_with_those_that_share():
    found = of("dwellings_by_type", [address(5, 5)], pand=built_in({"far": 1990}).iloc[:0])
    assert found.loc["sw"].to_list() == [0, 1, 0, 1]


# --- sums by unit


def test_sums_by_unit_know_none_from_not_known():
    """a: 1 + 2; b: nothing to add; c: there is something, how much is not known; d: 5, and something not known."""
    amounts = pd.DataFrame({"x": [1.0, 2.0, 0.0, NAN, 5.0]}, index=list("pqrst"))
    pairs = pd.DataFrame([*"pqrst", "r", "s"], columns=["point"]).assign(unit=[*"aabcd", "c", "d"])
    found = sums_per_unit(amounts, pairs, pd.Index(list("edcba")))["x"]
    assert found.to_dict() == pytest.approx({"e": 0, "d": 5, "c": NAN, "b": 0, "a": 3}, nan_ok=True)
    assert list(found.index) == list("edcba")


def test_sums_by_unit_of_nothing():
    amounts = pd.DataFrame({"x": [1.0]}, index=["p"])
    none = pd.DataFrame({"point": [], "unit": []})
    assert sums_per_unit(amounts, none, pd.Index(["a"]))["x"].to_list() == [0]
    assert sums_per_unit(amounts.iloc[:0], none, pd.Index([])).shape == (0, 1)


# --- what always holds

USES = st.sampled_from(["woonfunctie", "winkelfunctie", "woonfunctie,kantoorfunctie", ""])
AREAS = st.sampled_from([30.0, 50.0, 75.0, 149.0, 250.0, NAN])
PANDEN = st.sampled_from(["", "a", "a,b", "b,c", "a,b,c", "nowhere", "c,nowhere"])
ROWS = st.lists(st.builds(address, LATTICE, LATTICE, USES, AREAS, PANDEN), max_size=15)
PAND = built_in({"a": 1931.0, "b": 1965.0, "c": NAN})


@given(ROWS)
@settings(deadline=None, max_examples=40)
def test_classes_add_up_and_are_those_of_another_way_of_counting(rows):
    given, memo = {**REST, "verblijfsobject": addresses(rows), "pand": PAND}, {}
    got = {i: compute(BY_NAME[i], given, memo) for i in ("dwellings", *BY_NAME) if i.startswith("dwellings_by")}
    total = compute(BY_NAME["dwellings"], given, memo)["dwellings_count"]

    pairs = memo["addresses_in_units", "square_500m"]
    homes = pairs.join(pd.DataFrame(given["verblijfsobject"]), on="point")
    homes = homes[homes["use"].str.contains("woonfunctie")]
    by = pd.cut(homes["usable_area_m2"], [0, 50, 75, 100, 150, 250, np.inf], right=False, labels=SIZES)
    sizes = pd.crosstab(homes["unit"], by.astype("object").fillna("size_unknown")).astype("float64")
    wanted = sizes.reindex(index=total.index, columns=[*SIZES, "size_unknown"], fill_value=0.0)
    found = got["dwellings_by_size"][[f"dwellings_{n}_count" for n in wanted]]
    np.testing.assert_array_equal(found, wanted)

    for name, classes in (("size", SIZES), ("year", YEARS)):
        columns = got[f"dwellings_by_{name}"]
        parts = columns[[f"dwellings_{n}_count" for n in (*classes, f"{name}_unknown")]]
        assert parts.sum(axis=1).to_dict() == pytest.approx(total.to_dict(), rel=1e-12)
        shares = columns[[f"dwellings_{n}_share" for n in classes]].sum(axis=1, skipna=False)
        assert shares.to_dict() == pytest.approx(columns[f"dwellings_{name}_coverage_share"].to_dict(), nan_ok=True)
    types = got["dwellings_by_type"]
    assert (types["dwellings_single_family_count"] + types["dwellings_multi_family_count"]).equals(total)
