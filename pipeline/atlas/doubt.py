"""How sure a value is: between which bounds it lies, how much was measured, and why there is none."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..contract import Column
from ..formulas import evaluate, names, why_missing
from ..measures import REASONS, Measure


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


def reasons(
    column: Column, columns: Mapping[str, Column], table: pd.DataFrame, gone: npt.NDArray[np.bool_]
) -> list[str]:
    """Why the value of each row of `gone` is missing, in their order: keys of `REASONS`, '' where nothing says it.

    It depends on which columns are missing, not on their values, so it is told once for each set of them.
    """
    behind = [n for n in _behind(column, columns) if n in table]
    pattern = table.loc[gone, behind].isna().to_numpy()
    kinds, of = np.unique(pattern, axis=0, return_inverse=True)
    said = [_reason(column, columns, dict(zip(behind, np.where(kind, np.nan, 1.0), strict=True))) for kind in kinds]
    return [said[k] for k in of.ravel()]


def _reason(column: Column, columns: Mapping[str, Column], values: Mapping[str, float]) -> str:
    known = {name: values.get(name, float("nan")) for name in (*columns, *values)}
    found = why_missing(column, columns, known)
    return found if found in REASONS else ""


def _behind(column: Column, columns: Mapping[str, Column]) -> list[str]:
    """The column and all that its formula is made from, in the end too."""
    found, waiting = [], [column.name]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found.append(name)
        declared = columns.get(name)
        if isinstance(declared, Measure) and declared.formula:
            waiting += names(declared.formula)
    return found
