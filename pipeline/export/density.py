"""Density as a surface: what stands on points, spread over a circle around each."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from scipy.signal import fftconvolve

from ..contract import Bbox
from ..grid import Cells

CELL_M = 10
_HA = 10_000.0


def box_around(shape: shapely.Geometry, margin_m: float = 0.0) -> Bbox:
    """The box of whole cells around a shape, metres RD."""
    west, south, east, north = shape.bounds
    low = [np.floor((v - margin_m) / CELL_M) * CELL_M for v in (west, south)]
    high = [np.ceil((v + margin_m) / CELL_M) * CELL_M for v in (east, north)]
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])


def kernel(radius_m: float) -> npt.NDArray[np.float64]:
    """Shares per cell of the quartic kernel, (1 - (d / r)²)² within the radius; together 1.

    Notes
    -----
    Source: Silverman (1986), Density Estimation for Statistics and Data Analysis, section 4.2.1, K₂.
    """
    reach = int(np.ceil(radius_m / CELL_M))
    steps = np.arange(-reach, reach + 1) * CELL_M
    far = (steps[:, None] ** 2 + steps[None, :] ** 2) / radius_m**2
    weight = np.where(far < 1, (1 - far) ** 2, 0.0)
    return np.asarray(weight / weight.sum(), dtype=np.float64)


def surface(points: gpd.GeoSeries, amounts: npt.ArrayLike, box: Bbox, radius_m: float) -> Cells:
    """Amount per hectare around each cell of 10 m.

    Parameters
    ----------
    points
        EPSG:28992. Those up to `radius_m` outside the box are to be there too, or its edge is too low.
    amounts
        What stands on each point; NaN counts as nothing.
    box
        Metres RD, whole cells.
    radius_m
        Of the circle over which each amount is spread, from 1 cell on.

    Returns
    -------
    array
        float32, first row in the north; per ha, 0 where nothing is within the radius. Times the area of a cell and
        added up it is the sum of the amounts, but for what is spread to outside the box.
    """
    reach = int(np.ceil(radius_m / CELL_M))
    west, south, east, north = box
    columns, rows = (round((b - a) / CELL_M) for a, b in ((west, east), (south, north)))
    x, y = shapely.get_coordinates(points.to_numpy()).T
    column = np.floor((x - west) / CELL_M).astype(int) + reach
    row = np.ceil((north - y) / CELL_M).astype(int) - 1 + reach
    shape = rows + 2 * reach, columns + 2 * reach
    near = (column >= 0) & (column < shape[1]) & (row >= 0) & (row < shape[0])
    count = np.zeros(shape)
    np.add.at(count, (row[near], column[near]), np.nan_to_num(np.asarray(amounts, dtype=float))[near])
    spread = fftconvolve(count, kernel(radius_m), mode="same")[reach : reach + rows, reach : reach + columns]
    # What a transform leaves of nothing is nothing.
    spread[spread < spread.max(initial=0.0) * 1e-12] = 0.0
    return np.asarray(spread * _HA / CELL_M**2, dtype=np.float32)
