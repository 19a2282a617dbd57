"""Surrounding address density: against circles that can be drawn by hand, and against counting all pairs."""

import math

import numpy as np
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


LATTICE = st.sampled_from([0, 100, 300, 400, 500, 1000])


@given(st.lists(st.tuples(LATTICE, LATTICE), max_size=25))
@settings(deadline=None, max_examples=80)
def test_counting_all_pairs_gives_the_same(places):
    each, _ = tables(addresses([address(*p) for p in places]), 500.0, quadrants())
    xy = np.array(places, dtype=float).reshape(-1, 2)
    near = (((xy[:, None] - xy[None]) ** 2).sum(axis=2) <= 500.0**2).sum(axis=1)
    assert each.to_numpy() == pytest.approx(near / (math.pi * 0.25))
