"""Small sums that every theme uses."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import csr_array


def positions(labels: pd.Series, index: pd.Index) -> npt.NDArray[np.intp]:
    """Position in `index` of each label; -1 of one that is not there."""
    if isinstance(labels.dtype, pd.CategoricalDtype) and labels.cat.categories.equals(index):
        return labels.cat.codes.to_numpy().astype(np.intp)
    return index.get_indexer(pd.Index(labels)).astype(np.intp)


def among(index: pd.Index, labels: pd.Series | pd.Index) -> npt.NDArray[np.bool_]:
    """Say of each label of `index` whether it is one of `labels`; quicker than isin for keys that are strings."""
    found: npt.NDArray[np.bool_] = pd.Index(labels).unique().get_indexer(index) >= 0
    return found


def per_unit(values: pd.Series, units: pd.Series, index: pd.Index) -> pd.Series:
    """Sum `values` by the label in `units`, for every label in `index`.

    Returns
    -------
    Series
        float64. 0 where no value belongs to the unit; NaN where some do and all of them are NaN.
    """
    row = positions(units, index)
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
    unit = positions(points_in_units["unit"], index)
    point = positions(points_in_units["point"], amounts.index)
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
    unit = positions(parts["unit"], index)
    subject = positions(parts["subject"], weights.index)
    inside = csr_array((parts[amount].to_numpy(), (unit, subject)), shape=(len(index), len(weights)))
    sums = inside @ weights.to_numpy(dtype="float64")
    sums[np.diff(inside.indptr) == 0] = np.nan
    return pd.DataFrame(sums, index=index, columns=weights.columns)


def ratio(numerator: pd.Series, denominator: pd.Series) -> pd.Series:
    """Divide, with NaN (not infinity) where the denominator is 0."""
    return numerator / denominator.where(denominator != 0, np.nan)
