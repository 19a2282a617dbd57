"""Units of one kind as compact, JSON-ready numbers: geometry in metres RD, values as whole numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

#: Column -> its bounds where the source withholds a value, and the area in m² that they are divided by.
BOUNDS: Mapping[str, tuple[str, str, str | None]] = {
    "inhabitants_count": ("inhabitants_low_count", "inhabitants_high_count", None),
    "inhabitants_per_km2": ("inhabitants_low_count", "inhabitants_high_count", "land_area_m2"),
}
_M2_PER_KM2 = 1e6

#: Simplification of polygons, and the grid that their corners are rounded to.
TOLERANCE_M = 5.0
GRID_M = 0.5

Packed = dict[str, Any]
Ints = npt.NDArray[np.int64]


def level(units: gpd.GeoDataFrame, decimals: Mapping[str, int]) -> Packed:
    """Pack the units of one kind.

    Parameters
    ----------
    units
        Index `unit_id`; `unit_name`, the columns of `decimals` and of `BOUNDS` as far as they exist; Polygon or
        MultiPolygon, metres RD.
    decimals
        Column -> digits shown after the separator. A value is rounded to what is shown, and classed by that, so
        that a legend can't contradict a tooltip.

    Returns
    -------
    dict
        ``id``, ``name`` (null where the name is the id), ``shape`` (see `squares` and `rings`), ``values`` (column
        -> whole numbers, value times 10^decimals, null for NaN) and ``bounds`` (column -> [unit, low, high]).
    """
    names, ids = units["unit_name"].tolist(), units.index.tolist()
    shape = squares(units.geometry.to_numpy()) or rings(units.geometry.to_numpy())
    return {
        "id": ids,
        "name": None if names == ids else names,
        "shape": shape,
        "values": {name: _scaled(_column(units, name), digits) for name, digits in decimals.items()},
        "bounds": {name: _bounds(units, name, digits) for name, digits in decimals.items() if name in BOUNDS},
    }


def squares(geometry: npt.NDArray[np.object_]) -> Packed | None:
    """Pack squares of one size on whole metres: their side and south-west corners; None if these are none."""
    box = shapely.bounds(geometry)
    if not len(box):
        return None
    west, south, east, north = box.T
    side = round(east[0] - west[0])
    same = (east - west == side) & (north - south == side) & (shapely.area(geometry) == side * side)
    if side < 1 or not same.all() or (box != box.round()).any():
        return None
    return {"form": "squares", "side": side, "x": _deltas(west), "y": _deltas(south)}


def rings(geometry: npt.NDArray[np.object_]) -> Packed:
    """Pack any polygons: rings per unit, corners per ring, corners in steps of `GRID_M`.

    Neighbours are simplified together where they fit without gaps or overlaps, else not at all: simplified
    one by one they would no longer fit. Outer rings run one way and holes the other.
    """
    if len(geometry) and shapely.coverage_is_valid(geometry):
        geometry = shapely.coverage_simplify(geometry, TOLERANCE_M)
    parts, of_unit = shapely.get_parts(shapely.orient_polygons(geometry), return_index=True)
    ring, of_part = shapely.get_rings(parts, return_index=True)
    xy, of_ring = shapely.get_coordinates(ring, return_index=True)
    last = np.append(of_ring[1:] != of_ring[:-1], True) if len(of_ring) else np.zeros(0, bool)
    xy, of_ring = xy[~last], of_ring[~last]  # a ring closes itself
    return {
        "form": "rings",
        "grid": GRID_M,
        "rings": np.bincount(of_unit[of_part], minlength=len(geometry)).tolist(),
        "corners": np.bincount(of_ring, minlength=len(ring)).tolist(),
        "x": _deltas(xy[:, 0] / GRID_M),
        "y": _deltas(xy[:, 1] / GRID_M),
    }


def _deltas(values: npt.NDArray[np.float64]) -> list[int]:
    whole: Ints = values.round().astype(np.int64)
    return np.diff(whole, prepend=0).tolist()  # type: ignore[no-any-return]


def _column(units: gpd.GeoDataFrame, name: str) -> Iterable[float]:
    return units[name].tolist() if name in units else [float("nan")] * len(units)


def _scaled(values: Iterable[float], digits: int) -> list[int | None]:
    return [None if pd.isna(v) else round(v * 10**digits) for v in values]


def _bounds(units: gpd.GeoDataFrame, name: str, digits: int) -> list[list[float]]:
    low, high, area = BOUNDS[name]
    if not {name, low, high, *([area] if area else [])} <= set(units):
        return []
    ends = units[[low, high]]
    if area:
        ends = ends.div(units[area], axis=0) * _M2_PER_KM2
    ends = ends[units[name].isna().to_numpy() & np.isfinite(ends).all(axis=1).to_numpy()]
    at = units.index.get_indexer(ends.index)
    return [[int(n), round(a, digits), round(b, digits)] for n, a, b in zip(at, ends[low], ends[high], strict=True)]
