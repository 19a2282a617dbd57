"""Small sums that every theme uses."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.sparse import csr_array


def per_unit(values: pd.Series, units: pd.Series, index: pd.Index) -> pd.Series:
    """Sum `values` by the label in `units`, for every label in `index`.

    Returns
    -------
    Series
        float64. 0 where no value belongs to the unit; NaN where some do and all of them are NaN.
    """
    row = index.get_indexer(pd.Index(units))
    amounts = values.to_numpy(dtype="float64")
    known = ~np.isnan(amounts)
    sums = np.bincount(row[known], amounts[known], minlength=len(index))
    met, measured = (np.bincount(rows, minlength=len(index)) > 0 for rows in (row, row[known]))
    return pd.Series(np.where(met & ~measured, np.nan, sums), index=index)


def sums_per_unit(amounts: pd.DataFrame, points_in_units: pd.DataFrame, index: pd.Index) -> pd.DataFrame:
    """Sum every column of `amounts` over the points in each unit of `index`.

    Parameters
    ----------
    amounts
        float64, index the points. 0 where a point has nothing to add, NaN where it has and how much is not known.
    points_in_units
        ``point`` and ``unit``, as `overlap.points_in`; every point is in `amounts`, every unit in `index`.

    Returns
    -------
    DataFrame
        float64, same columns, index `index`. 0 where no point has anything to add; NaN where some have and of none
        it is known how much; else the sum of what is known.
    """
    unit = index.get_indexer(pd.Index(points_in_units["unit"]))
    point = amounts.index.get_indexer(pd.Index(points_in_units["point"]))
    inside = csr_array((np.ones(len(unit)), (unit, point)), shape=(len(index), len(amounts)))
    values = amounts.to_numpy(dtype="float64")
    lost = np.isnan(values)
    sums = inside @ np.where(lost, 0.0, values)
    if lost.any():
        only_lost = (inside @ lost.astype("float64") > 0) & (inside @ ((values != 0) & ~lost).astype("float64") == 0)
        sums[only_lost] = np.nan
    return pd.DataFrame(sums, index=index, columns=amounts.columns)


def weighed_per_unit(parts: pd.DataFrame, amount: str, weights: pd.DataFrame, index: pd.Index) -> pd.DataFrame:
    """Sum what of each row lies in each unit of `index`, times what the row weighs.

    Parameters
    ----------
    parts
        ``subject``, ``unit`` and `amount`: what of the row lies there, m² or a share, above 0.
    weights
        float64, index the subjects.

    Returns
    -------
    DataFrame
        float64, columns of `weights`, index `index`; NaN for a unit without parts.
    """
    unit = index.get_indexer(pd.Index(parts["unit"]))
    subject = weights.index.get_indexer(pd.Index(parts["subject"]))
    inside = csr_array((parts[amount].to_numpy(), (unit, subject)), shape=(len(index), len(weights)))
    sums = inside @ weights.to_numpy(dtype="float64")
    sums[np.diff(inside.indptr) == 0] = np.nan
    return pd.DataFrame(sums, index=index, columns=weights.columns)


def ratio(numerator: pd.Series, denominator: pd.Series) -> pd.Series:
    """Divide, with NaN (not infinity) where the denominator is 0."""
    return numerator / denominator.where(denominator != 0, np.nan)
