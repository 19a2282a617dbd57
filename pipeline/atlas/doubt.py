"""How sure a value is: between which bounds it lies, and how much of what it is made from was measured."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from ..contract import Column
from ..formulas import evaluate, names
from ..measures import Measure


def bounds(column: Column, columns: Mapping[str, Column], table: pd.DataFrame) -> tuple[pd.Series, pd.Series] | None:
    """Least and most that a value can be, index of `table`, in the unit of the column; None where nothing says it.

    A measure that is made from one other measure with bounds has them too: its formula worked out with the least and
    with the most of that one.
    """
    if not isinstance(column, Measure):
        return None
    if column.bounds:
        low, high = column.bounds
        return (table[low], table[high]) if {low, high} <= set(table) else None
    given = [columns.get(n) for n in names(column.formula)] if column.formula else []
    unsure = [m for m in given if isinstance(m, Measure) and m.bounds and set(m.bounds) <= set(table)]
    if len(unsure) != 1 or not set(names(column.formula)) <= set(table):
        return None
    (base,) = unsure
    ends = [evaluate(column.formula, table.assign(**{base.name: table[end]})) for end in base.bounds or ()]
    together = pd.concat(ends, axis=1)  # a formula may turn them round
    return together.min(axis=1, skipna=False), together.max(axis=1, skipna=False)


def coverage(column: Column) -> str:
    """Name of the column that says how much was measured; '' where all of it always is."""
    return column.coverage if isinstance(column, Measure) else ""
