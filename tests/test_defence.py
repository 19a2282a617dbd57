"""Every measure can be defended: its formula and its rows give the value again, and what is missing has a reason."""

import numpy as np
import pandas as pd
import pytest
from world import KIND, inputs

from pipeline.clip.kinds import KINDS
from pipeline.contract import CRS
from pipeline.formulas import evaluate, names, why_missing
from pipeline.indicators import INDICATORS, Measure, amounts, compute, leaves
from pipeline.measures import REASONS
from pipeline.sources import BY_NAME, RASTERS_BY_NAME

MEASURES = {(i.name, c.name): (i, c) for i in INDICATORS for c in i.columns}
OF_UNITS = {c.name: c for c in KINDS[0].layer.columns}
WORLDS = ["square_500m", "buurt"]


def measures(*ids):
    return pytest.mark.parametrize("name", ids, ids="-".join)


@pytest.fixture(scope="module")
def worlds():
    """Kind -> inputs, memo, and every column of every unit of the small world."""
    made = {}
    for kind in WORLDS:
        given, memo = inputs(kind), {}
        tables = [compute(i, given, memo) for i in INDICATORS if i.applies_to(KIND[kind])]
        made[kind] = given, memo, pd.concat([given["units"].drop(columns="geometry"), *tables], axis=1)
    return made


def of(kind):
    return {c.name: c for i in INDICATORS if i.applies_to(KIND[kind]) for c in i.columns}


# --- what is declared


@pytest.mark.parametrize("name", MEASURES, ids="-".join)
def test_a_measure_says_how_it_is_made(name):
    measure = MEASURES[name][1]
    assert isinstance(measure, Measure)
    assert measure.formula or measure.rows or measure.how, "one of formula, rows, how"
    assert not (measure.formula and measure.rows), "a formula is of other columns, and those have rows"
    assert measure.missing in {"", *REASONS}
    assert measure.how is None or all(text.strip() for text in measure.how)


@pytest.mark.parametrize("kind", KIND.values(), ids=lambda k: k.name)
def test_columns_that_a_measure_names_are_there(kind):
    there = {**OF_UNITS, **of(kind.name)}
    for measure in of(kind.name).values():
        for named in (*names(measure.formula or "1"), *(measure.bounds or ())):
            assert named in there, f"{measure.name} names {named}"
        # It may be the least, or the most, that it can be itself; it can't be made of itself.
        assert measure.name not in names(measure.formula or "1")
        assert measure.bounds != (measure.name, measure.name)
        assert measure.coverage in {"", *there}, measure.name
        assert not measure.coverage or there[measure.coverage].unit == "share", measure.name


def test_rows_are_of_a_source_and_read_what_their_indicator_reads():
    for indicator, measure in MEASURES.values():
        if rows := measure.rows:
            assert rows.source == "bgt" or rows.source in {*BY_NAME, *RASTERS_BY_NAME}, measure.name
            read = leaves(rows.pairs) | (leaves(rows.weights) if rows.weights else frozenset())
            assert read <= leaves(indicator) | {"units", "kind"}, (
                f"{measure.name}: rows read what {indicator.name} does not"
            )


# --- what comes out


@pytest.mark.parametrize("kind", WORLDS)
def test_a_formula_gives_the_value_again(worlds, kind):
    _, _, table = worlds[kind]
    formulas = [m for m in of(kind).values() if m.formula]
    assert len(formulas) > 10
    for measure in formulas:
        np.testing.assert_allclose(
            evaluate(measure.formula, table), table[measure.name], rtol=1e-12, atol=1e-15, err_msg=measure.name
        )


@pytest.mark.parametrize("kind", WORLDS)
def test_rows_give_the_value_again(worlds, kind):
    given, memo, table = worlds[kind]
    with_rows = [m for m in of(kind).values() if m.rows]
    assert len(with_rows) > 5
    for measure in with_rows:
        rows = amounts(measure.rows, given, memo)
        assert set(rows) == {"row", "unit", "amount"}
        if measure.rows.source in BY_NAME:
            assert rows["row"].isin(given[measure.rows.source].index).all(), measure.name
        by_unit = rows.groupby("unit")["amount"].agg(measure.rows.how).reindex(table.index)
        if measure.rows.how == "sum":
            by_unit = by_unit.fillna(0.0)
        known = table[measure.name].notna()
        np.testing.assert_allclose(
            by_unit[known], table[measure.name][known], rtol=1e-12, atol=1e-12, err_msg=measure.name
        )


@pytest.mark.parametrize("kind", WORLDS)
def test_bounds_hold_the_value_and_shares_lie_between_nought_and_one(worlds, kind):
    _, _, table = worlds[kind]
    for measure in of(kind).values():
        if measure.bounds:
            low, high = (table[b] for b in measure.bounds)
            value = table[measure.name]
            assert ((low <= value + 1e-12) | value.isna() | low.isna()).all(), measure.name
            assert ((value <= high + 1e-12) | value.isna() | high.isna()).all(), measure.name
        if measure.unit in ("share", "index"):
            assert table[measure.name].dropna().between(-1e-12, 1 + 1e-12).all(), measure.name


@pytest.mark.parametrize("kind", WORLDS)
def test_what_is_missing_has_a_reason(worlds, kind):
    _, _, table = worlds[kind]
    columns = {**OF_UNITS, **of(kind)}
    for unit, row in table.drop(columns="unit_name").iterrows():
        for name in of(kind):
            if np.isnan(row[name]):
                assert why_missing(columns[name], columns, row) in REASONS, f"{name} of {unit}"


def test_the_world_is_in_rd():
    assert all(t.crs == CRS for t in inputs().values() if hasattr(t, "crs"))
