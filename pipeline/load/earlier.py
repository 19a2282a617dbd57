"""Columns that the newest edition does not have yet, from the one before."""

from __future__ import annotations

from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import shapely

from ..contract import Layer

# Borders are drawn anew with each edition; within this share of the area a unit is still the same.
_SAME = 0.01


def fill(
    table: gpd.GeoDataFrame, layer: Layer, editions: Mapping[int, gpd.GeoDataFrame]
) -> tuple[gpd.GeoDataFrame, dict[str, int]]:
    """Fill the columns that `table` knows nothing of from the newest edition that knows something.

    Only where a unit has the same key and the same border; elsewhere the value stays unknown.

    Parameters
    ----------
    table
        The newest edition, as `layer` declares it.
    editions
        Year -> an earlier edition with the same columns.

    Returns
    -------
    tuple
        The table, and column -> the year it was taken from.
    """
    filled: dict[str, int] = {}
    columns = {}
    for column in (c.name for c in layer.columns if c.dtype == "float64" and table[c.name].isna().all()):
        for year in sorted(editions, reverse=True):
            if editions[year][column].notna().any():
                same = _same(table, editions[year])
                columns[column] = editions[year][column].reindex(table.index).where(same)
                filled[column] = year
                break
    return table.assign(**columns), filled


def _same(table: gpd.GeoDataFrame, older: gpd.GeoDataFrame) -> np.ndarray:
    """Whether each unit of `table` is in `older` with the same border."""
    there = older.geometry.reindex(table.index)
    same: np.ndarray = there.notna().to_numpy().copy()
    now, then = table.geometry.to_numpy()[same], there.to_numpy()[same]
    moved: np.ndarray = shapely.area(shapely.symmetric_difference(now, then))
    same[same] = moved <= _SAME * shapely.area(now)
    return same
