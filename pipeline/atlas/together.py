"""Units that lie beside each other, put together as one: amounts add up, ratios are worked out again."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from ..contract import Column
from ..formulas import evaluate, names
from ..measures import Measure

#: What a mean or a share of rows is weighed by, by the rows that it is made of.
_OF_ROWS: Mapping[str, str] = {
    "homes_in_units": "dwellings_count",
    "addresses_in_units": "addresses_count",
    "land_use_shares": "land_use_covered_area_m2",
    "land_use_new_shares": "land_use_new_covered_area_m2",
}
#: The same of what declares neither formula nor rows, by the beginning of its name.
_OF_NAME: tuple[tuple[str, str], ...] = (
    ("inhabitants_coverage", "inhabitants_count"),
    ("inhabitants_walk_", "inhabitants_count"),
    ("inhabitants_cycle_", "inhabitants_count"),
    ("inhabitants_circle_", "inhabitants_count"),
    ("floor_area_work_walk_", "floor_area_work_m2"),
    ("floor_area_work_cycle_", "floor_area_work_m2"),
    ("floor_area_work_circle_", "floor_area_work_m2"),
    ("floor_area_coverage", "addresses_count"),
    ("tree_coverage", "area_m2"),
    ("establishments_coverage", "area_m2"),
    ("establishments_sectors_coverage", "area_m2"),
)


def together(parts: pd.DataFrame, whole: pd.Series, columns: Mapping[str, Column]) -> pd.DataFrame:
    """Put the parts of each whole together; the parts of one whole must not overlap.

    Parameters
    ----------
    parts
        One row per part; the columns, NaN where a source does not say.
    whole
        Index of `parts`: what each of them is a part of.
    columns
        Declarations of the columns.

    Returns
    -------
    DataFrame
        Index: the wholes in the order of their first parts. Extensive columns are sums, those with a formula are
        worked out from these, means and shares of rows are weighed by the number of rows; any other column is left
        out. NaN where one of the parts that count is NaN.
    """
    order = pd.Index(whole.drop_duplicates(), name=whole.name)
    there = {n: c for n, c in columns.items() if n in parts}
    made: dict[str, pd.Series] = {}
    formulas: dict[str, str] = {}
    for name, column in there.items():
        if column.role == "extensive":
            made[name] = _summed(parts[name], whole)
        elif isinstance(column, Measure) and column.formula:
            formulas[name] = column.formula
        elif isinstance(column, Measure) and (weight := _weight(column, parts)) is not None:
            made[name] = _mean(parts[name], weight, whole)
    while ready := [n for n, f in formulas.items() if set(names(f)) <= made.keys()]:
        for name in ready:
            formula = formulas.pop(name)
            made[name] = evaluate(formula, pd.DataFrame({n: made[n] for n in names(formula)}))
    return pd.DataFrame({n: made[n] for n in there if n in made}, index=order)


def _weight(column: Measure, parts: pd.DataFrame) -> pd.Series | None:
    """What a value of each part weighs; None where that is not known."""
    if column.rows is not None:
        base = _OF_ROWS.get(column.rows.pairs, "")
        # A mean is over the rows that have a value, of which the coverage says how many that are.
        coverage = column.coverage if column.rows.how == "mean" else ""
    else:
        base, coverage = next((b for start, b in _OF_NAME if column.name.startswith(start)), ""), ""
    if base not in parts or (coverage and coverage not in parts):
        return None
    return parts[base] * parts[coverage].where(parts[base] > 0, 0.0) if coverage else parts[base]


def _summed(values: pd.Series, whole: pd.Series) -> pd.Series:
    summed: pd.Series = values.groupby(whole).agg(lambda v: v.sum(skipna=False))
    return summed


def _mean(values: pd.Series, weight: pd.Series, whole: pd.Series) -> pd.Series:
    total = _summed(weight, whole)
    # A part that weighs nothing has no say, also where it has no value.
    return _summed((values * weight).where(weight != 0, 0.0), whole) / total.replace(0.0, np.nan)
