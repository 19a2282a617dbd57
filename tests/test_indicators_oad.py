"""Surrounding address density: against circles that can be drawn by hand, and against counting all pairs."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from world import address, addresses, box, quadrants, units, world

from pipeline.indicators import oad, stock
from pipeline.profiles import PROFILES


def tables(verblijfsobject, radius, on):
    table = stock.counted_addresses(verblijfsobject, PROFILES["cbs"])
    each = oad.address_oad(table, radius)
    return each, oad.oad(on, stock.addresses_in_units(table, on), each)["oad_per_km2"]


def test_the_world():
    """All five lie within 1 km of each other, in a circle of π km²."""
    _, found = tables(world()["verblijfsobject"], 1000.0, quadrants())
    assert found.drop(["nw", "ne"]).to_dict() == pytest.approx({"sw": 5 / math.pi, "se": 5 / math.pi})
    assert found[["nw", "ne"]].isna().all()


def test_the_mean_is_over_addresses_and_each_counts_itself():
    """Three in the flat see three, the house sees one: (3 + 3 + 3 + 1) / 4 in a circle of 100 m."""
    _, found = tables(world()["verblijfsobject"], 100.0, quadrants())
    assert found["sw"] == pytest.approx(2.5 / (math.pi * 0.01))
    assert found["se"] == pytest.approx(1 / (math.pi * 0.01))


def test_the_edge_of_the_circle_counts():
    each, _ = tables(addresses([address(0, 0), address(300, 400), address(300, 401)]), 500.0, quadrants())
    assert (each * math.pi * 0.25).round(9).to_list() == [2, 3, 2]


def test_neighbours_beyond_the_units_count():
    unit = units("corridor", {"c": box(0, 0, 100, 100)})
    _, found = tables(addresses([address(50, 50), address(150, 50), address(-400, 50)]), 200.0, unit)
    assert found["c"] == pytest.approx(2 / (math.pi * 0.04))


# --- urbanity

NAN = float("nan")


@pytest.mark.parametrize(("least", "reached", "below"), [(2500, 1, 2), (1500, 2, 3), (1000, 3, 4), (500, 4, 5)])
def test_a_class_begins_at_its_limit(least, reached, below):
    found = oad.urbanity_class(pd.Series([float(least), math.nextafter(least, 0)]))
    assert found.to_list() == [reached, below]


def test_classes_have_ends():
    found = oad.urbanity_class(pd.Series([1e6, 0.0, NAN], index=list("abc")))
    assert found.to_dict() == pytest.approx({"a": 1, "b": 5, "c": NAN}, nan_ok=True)


@pytest.mark.parametrize(("many", "urbanity"), [(1570, 5), (1571, 4)])
def test_the_class_of_many_addresses(many, urbanity):
    """500 per km² in a circle of π km² are 1570.8 addresses."""
    table = stock.counted_addresses(addresses([address(5, 5)] * many), PROFILES["cbs"])
    on = quadrants()
    found = oad.oad(on, stock.addresses_in_units(table, on), oad.address_oad(table, 1000.0))
    assert found["oad_per_km2"]["sw"] == pytest.approx(many / math.pi)
    assert found["urbanity_class"].to_dict() == pytest.approx(
        {"sw": urbanity, "se": NAN, "nw": NAN, "ne": NAN}, nan_ok=True
    )


def test_the_class_is_of_the_mean_and_not_the_mean_of_classes():
    """Of 4,000 and 400 it is 2,200, class 2; the classes are 1 and 5."""
    pairs = pd.DataFrame({"point": ["p", "q"], "unit": ["sw", "sw"]})
    found = oad.oad(quadrants(), pairs, pd.Series([4000.0, 400.0], index=["p", "q"])).loc["sw"]
    assert found.to_list() == [2200, 2]


# --- against counting all pairs

LATTICE = st.sampled_from([0, 100, 300, 400, 500, 1000])


@given(st.lists(st.tuples(LATTICE, LATTICE), max_size=25))
@settings(deadline=None, max_examples=80)
def test_counting_all_pairs_gives_the_same(places):
    each, _ = tables(addresses([address(*p) for p in places]), 500.0, quadrants())
    xy = np.array(places, dtype=float).reshape(-1, 2)
    near = (((xy[:, None] - xy[None]) ** 2).sum(axis=2) <= 500.0**2).sum(axis=1)
    assert each.to_numpy() == pytest.approx(near / (math.pi * 0.25))
