"""What the tables of all registers have in common."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from ..contract import CRS


def frame(columns: Mapping[str, Any], geometry: Any) -> gpd.GeoDataFrame:
    """Columns and geometry as one table in EPSG:28992."""
    return gpd.GeoDataFrame(dict(columns), geometry=np.asarray(geometry, dtype=object), crs=CRS)


def multi(polygons: Any) -> np.ndarray:
    """Every Polygon as the MultiPolygon that the register calls it."""
    parts, at = shapely.get_parts(np.asarray(polygons, dtype=object), return_index=True)
    return np.asarray(shapely.multipolygons(parts, indices=at), dtype=object)


def dates(rng: np.random.Generator, n: int) -> np.ndarray:
    """Days as the registers write them."""
    return np.datetime_as_string(np.datetime64("2009-06-01") + rng.integers(0, 4_500, n))


def rounded(geometry: np.ndarray) -> np.ndarray:
    """Corner points on whole millimetres."""
    return np.asarray(shapely.transform(geometry, lambda xy: np.round(xy, 3)), dtype=object)
