"""Small sums that every theme uses."""

from __future__ import annotations

import numpy as np
import pandas as pd


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


def ratio(numerator: pd.Series, denominator: pd.Series) -> pd.Series:
    """Divide, with NaN (not infinity) where the denominator is 0."""
    return numerator / denominator.where(denominator != 0, np.nan)
