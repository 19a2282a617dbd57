"""Dwellings and addresses, done in the head."""

import pytest
from world import HECTARE, address, addresses, box, quadrants, units, world

from pipeline.indicators import stock
from pipeline.profiles import PROFILES


def counted(rows, profile="cbs"):
    return stock.counted_addresses(addresses(rows), PROFILES[profile])


def both(verblijfsobject, on, profile="cbs"):
    table = stock.counted_addresses(verblijfsobject, PROFILES[profile])
    pairs = stock.addresses_in_units(table, on)
    return stock.dwellings(on, table, pairs).join(stock.addresses(on, pairs))


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
