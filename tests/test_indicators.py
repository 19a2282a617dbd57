"""What holds for all indicators: what they declare, how they are run, and what moving or mixing rows must not change."""

import dataclasses
import inspect
import re

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from lattice import LATTICE
from world import BUURT_OF, KIND, LAYERS, QUADRANTS, address, addresses, box, inputs, panden, units, world

from pipeline.config import Indicators
from pipeline.contract import UNITS, Column, ContractError, Text
from pipeline.indicators import INDICATORS, TABLES, Indicator, compute, leaves
from pipeline.indicators.points import SURFACES
from pipeline.profiles import PROFILES
from pipeline.sources import RASTERS, SOURCES

BY_NAME = {i.name: i for i in INDICATORS}
ONE = BY_NAME["addresses"]


def everything(kind="square_500m", **instead):
    given, memo = inputs(kind, **instead), {}
    return pd.concat([compute(i, given, memo) for i in INDICATORS if i.applies_to(KIND[kind])], axis=1)


# --- declarations


@pytest.mark.parametrize("indicator", INDICATORS, ids=lambda i: i.name)
def test_an_indicator_is_declared(indicator):
    assert indicator.columns
    assert all(indicator.title)
    assert "Source:" in indicator.compute.__doc__
    for c in indicator.columns:
        assert c.dtype == "float64"
        assert c.unit in UNITS
        assert c.name.endswith(UNITS[c.unit].suffix)
        amount = c.unit in ("count", "m²", "m³") or c.name.endswith("_length_m")
        assert c.role == ("extensive" if amount else "intensive")
        assert all(c.label) and all(c.meaning) and all(m.endswith(".") for m in c.meaning)
        assert f"``{c.name}``" in indicator.compute.__doc__ or re.search("land_use_|ground_|inhabitants_|establishments_", c.name)


@pytest.mark.parametrize("kind", KIND.values(), ids=lambda k: k.name)
def test_every_kind_has_the_same_columns_once(kind):
    names = [c.name for i in INDICATORS if i.applies_to(kind) for c in i.columns]
    assert len(names) == len(set(names))
    assert set(names) == {c.name for i in INDICATORS for c in i.columns}


def test_inputs_are_layers_settings_units_and_kind():
    known = {s.name for s in (*SOURCES, *RASTERS)} | set(Indicators.model_fields) | {"units", "kind"}
    assert frozenset().union(*(leaves(i) for i in INDICATORS)) <= known
    # Sources that are there for maps, designers and the indicators to come.
    not_yet = {"vierkant_500m", "wegvak", "perceel"} | {n for n in known if n.startswith(("bgt_spoor", "bgt_vegetatieobject", "top10nl_"))}
    assert known - {"gemeente", "spooras", "station"} - not_yet <= frozenset().union(*(leaves(i) for i in INDICATORS))


def test_no_table_has_the_name_of_an_input():
    names = [t.__name__ for t in TABLES]
    assert len(names) == len(set(names))
    assert not set(names) & ({s.name for s in SOURCES} | set(Indicators.model_fields) | {"units", "kind"})
    assert all(t.__doc__ for t in TABLES)


def test_every_table_is_used():
    used = {name for f in (*TABLES, *(i.compute for i in INDICATORS)) for name in inspect.signature(f).parameters}
    kept = {"building_facts", *(s.points.__name__ for s in SURFACES)}  # for the design folder
    assert {t.__name__ for t in TABLES} - kept <= used
    assert not kept & used


def test_leaves_go_through_the_tables():
    assert leaves("pand") == {"pand"}
    assert leaves("address_oad") == {"verblijfsobject", "stock_profile", "oad_radius_m"}
    assert leaves(BY_NAME["footprint"]) == {"units", "pand", "stock_profile"}
    assert leaves(BY_NAME["footprint"].compute) == leaves(BY_NAME["footprint"])


def test_without_panden_there_is_floor_area_as_registered():
    without = {i.name for i in INDICATORS if "pand" not in leaves(i)}
    assert {"usable_floor", "mixed_use", "oad", "dwellings", "addresses"} <= without
    assert not {"footprint", "gross_floor", "spacematrix"} & without


def test_published_figures_need_no_squares():
    assert leaves(BY_NAME["inhabitants_published"]) == {"units", "kind", "buurt", "wijk"}


def test_profiles_are_those_of_the_config_with_statuses_that_are_kept():
    assert set(PROFILES) == {"cbs", "pbl", "strict"}
    kept = {s.name: s.keep[0].values for s in SOURCES if s.name in ("pand", "verblijfsobject")}
    for profile in PROFILES.values():
        assert profile.pand_statuses <= kept["pand"]
        assert profile.address_statuses <= kept["verblijfsobject"]
        assert all(profile.title) and profile.source


# --- how one is run


@pytest.mark.parametrize("lost", ["verblijfsobject", "units", "kind", "stock_profile"])
def test_a_missing_input_is_named(lost):
    given = inputs()
    del given[lost]
    with pytest.raises(
        ContractError, match=f"^addresses: needs '{lost}', which is not given; given are ahn_dsm, ahn_dtm"
    ):
        compute(ONE, given, {})


def wrong(change):
    def addresses(units, addresses_in_units):
        return change(ONE.compute(units, addresses_in_units))

    return dataclasses.replace(ONE, compute=addresses)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda t: t.iloc[::-1], "addresses: rows are not the 4 units in order; there are 4"),
        (lambda t: t.iloc[:3], "addresses: rows are not the 4 units in order; there are 3"),
        (lambda t: t.rename_axis("id"), "addresses: rows are not the 4 units in order; there are 4"),
        (lambda t: t.astype("int64"), "addresses: columns are {'addresses_count': 'int64', 'addresses_per_km2': 'int64'}, expected addresses_count, addresses_per_km2, float64"),
        (lambda t: t.iloc[:, ::-1], "addresses: columns are {'addresses_per_km2': 'float64', 'addresses_count': 'float64'}, expected addresses_count,"),
        (lambda t: t.assign(more=1.0), "'more': 'float64'}, expected addresses_count,"),
    ],
)  # fmt: skip
def test_a_function_that_gives_something_else_is_refused(change, says):
    with pytest.raises(ContractError, match=re.escape(says)):
        compute(wrong(change), inputs(), {})


def test_a_shared_table_is_computed_once_and_per_kind_where_it_depends_on_the_units():
    memo = {}
    compute(ONE, inputs("square_500m"), memo)
    first = dict(memo)
    compute(BY_NAME["dwellings"], inputs("square_500m"), memo)
    assert set(first) == {("counted_addresses", ""), ("addresses_in_units", "square_500m")}
    more = ("dwellings_in_units", "square_500m")
    assert set(memo) == {*first, more}
    compute(ONE, inputs("hexagon"), memo)
    assert set(memo) == {*first, more, ("addresses_in_units", "hexagon")}
    assert all(memo[key] is first[key] for key in first)


def test_another_kind_is_not_served_from_the_first():
    memo = {}
    half = units("hexagon", {"west": box(0, 0, 250, 1000), "rest": box(250, 0, 1000, 1000)})
    compute(ONE, inputs("square_500m"), memo)
    found = compute(ONE, inputs("hexagon", units=half), memo)
    assert found["addresses_count"].to_dict() == {"west": 4, "rest": 1}


def test_an_indicator_is_known_by_its_function():
    def green(units, kind):
        """Nothing."""

    indicator = Indicator(
        green, (Column("green_share", "float64", "share", "intensive", Text("", ""), Text("", "")),), Text("", "")
    )
    assert (indicator.name, indicator.needs) == ("green", ("units", "kind"))


# --- what must not change a value


def shifted(table, dx, dy):
    return table.set_geometry(
        shapely.transform(table.geometry.to_numpy(), lambda xy: xy + np.array([dx, dy])), crs=table.crs
    )


def test_moving_the_world_changes_nothing():
    given = inputs()
    moved = {k: shifted(v, 1300.0, -2500.0) if hasattr(v, "geometry") else v for k, v in given.items()}
    there = everything(**{k: v for k, v in moved.items() if k != "kind"})
    pd.testing.assert_frame_equal(there, everything(), rtol=1e-9)


@pytest.mark.parametrize("kind", ["square_500m", "square_100m", "gemeente", "buurt"])
@pytest.mark.parametrize("seed", [1, 2])
def test_the_order_of_rows_changes_nothing(seed, kind):
    given = inputs(kind, units=units(kind, {BUURT_OF[n]: box(*b) for n, b in QUADRANTS.items()}))
    mixed = {k: v.sample(frac=1, random_state=seed) if hasattr(v, "geometry") else v for k, v in given.items()}
    mixed.pop("kind")
    again = everything(kind, **mixed)
    assert again.index.equals(mixed["units"].index)
    pd.testing.assert_frame_equal(again.loc[given["units"].index], everything(kind, units=given["units"]), rtol=1e-12)


ZERO_WITHOUT_DATA = {
    "inhabitants_count", "inhabitants_low_count", "inhabitants_high_count", "inhabitants_per_km2", "inhabitants_per_ha",
    "households_count", "households_low_count", "households_high_count", "households_per_ha",
    "street_length_m", "network_density_m_per_m2",
    "footprint_without_address_m2", "footprint_industry_only_m2", "floor_area_outside_building_m2",
    "dwellings_count", "dwellings_per_ha", "addresses_count", "addresses_per_km2",
    "footprint_area_m2", "gsi", "floor_area_usable_m2", "fsi_usable", "floor_area_gross_m2", "fsi_gross",
    "establishments_coverage_share", "establishments_sectors_coverage_share",
    "land_use_covered_area_m2", "land_use_coverage_share",
    "land_use_new_covered_area_m2", "land_use_new_coverage_share", "ground_covered_area_m2", "ground_coverage_share",
    "floor_area_work_m2_per_ha", "jobs_estimate_per_ha",
    "volume_density_m3_per_m2", "tree_searched_area_m2", "tree_coverage_share",
}  # fmt: skip
#: Of these every amount.
ZERO_WITHOUT_DATA |= {
    c.name
    for name in ("dwellings_by_size", "dwellings_by_year", "dwellings_by_type", "floor_by_function", "work_floor", "jobs",
                 "building_volume", "storeys", "floor_against_volume", "ages_from_squares")
    for c in BY_NAME[name].columns
    if c.role == "extensive" and c.unit != "m"
}


def test_empty_layers_give_zero_where_none_is_an_answer_and_nan_elsewhere():
    found = everything(**{name: world()[name].iloc[:0] for name in LAYERS if name in world()})
    assert set(found.columns[(found == 0).all()]) == ZERO_WITHOUT_DATA
    assert set(found.columns[found.isna().all()]) == set(found.columns) - ZERO_WITHOUT_DATA


@pytest.mark.parametrize("kind", ["square_500m", "buurt"])
def test_no_units_give_an_empty_table_with_the_columns(kind):
    found = everything(kind, units=inputs(kind)["units"].iloc[:0])
    assert len(found) == 0
    assert (found.dtypes == "float64").all()


def test_inputs_stay_as_they_are():
    given = inputs()
    before = {k: v.copy() for k, v in given.items() if hasattr(v, "geometry")}
    everything(**{k: v for k, v in given.items() if k != "kind"})
    for name, table in before.items():
        pd.testing.assert_frame_equal(pd.DataFrame(given[name]), pd.DataFrame(table))


# --- parts add up to the whole

USES = st.sampled_from(["woonfunctie", "winkelfunctie", "woonfunctie,kantoorfunctie", ""])
PLACES = st.lists(st.tuples(LATTICE, LATTICE, USES, st.sampled_from([50.0, 100.0])), max_size=15)
BOXES = st.lists(st.tuples(LATTICE, LATTICE, st.sampled_from([1, 100, 250])), max_size=6)
SUMS = ["dwellings_count", "addresses_count", "floor_area_usable_m2", "floor_area_gross_m2", "footprint_area_m2",
        "footprint_without_address_m2", "floor_area_outside_building_m2",
        "inhabitants_count", "inhabitants_low_count", "inhabitants_high_count"]  # fmt: skip


REST = inputs()


def sums(on, layers):
    given, memo = {**REST, **layers, "units": units("square_500m", on)}, {}
    wanted = [i for i in INDICATORS if i.applies_to(given["kind"]) and {c.name for c in i.columns} & set(SUMS)]
    return pd.concat([compute(i, given, memo) for i in wanted], axis=1)[SUMS]


@given(PLACES, BOXES, st.sampled_from([(500, 500), (250, 499), (100, 1)]))
@settings(deadline=None, max_examples=30)
def test_parts_add_up_to_the_whole(places, boxes, cut):
    x, y = cut
    layers = {
        "verblijfsobject": addresses([address(px, py, use, m2) for px, py, use, m2 in places]),
        "pand": panden(
            {f"p{i}": box(px, py, min(px + size, 1001), min(py + size, 1001)) for i, (px, py, size) in enumerate(boxes)}
        ),
    }
    whole = sums({"all": box(-1, -1, 1001, 1001)}, layers).loc["all"]
    four = {"a": box(-1, -1, x, y), "b": box(x, -1, 1001, y), "c": box(-1, y, x, 1001), "d": box(x, y, 1001, 1001)}
    assert sums(four, layers).sum().to_dict() == pytest.approx(whole.to_dict(), rel=1e-9, abs=1e-6)
    assert whole["addresses_count"] == len(places)
