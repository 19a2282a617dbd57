"""Cutting a layer to an area: whole objects that touch it, or the objects cut at its edge."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from ..contract import LINE, POINT, Layer


def touching(table: gpd.GeoDataFrame, area: BaseGeometry) -> gpd.GeoDataFrame:
    """The rows that touch `area`, whole, in their order."""
    hits = shapely.STRtree(table.geometry.to_numpy()).query(area, predicate="intersects")
    return table.iloc[np.sort(hits)]


def cut(table: gpd.GeoDataFrame, layer: Layer, area: BaseGeometry) -> gpd.GeoDataFrame:
    """The part of each row that lies in `area`.

    What crosses the edge is cut there: extensive columns shrink by the share of its area (lines: length) that is
    kept, intensive ones and labels are copied. Pieces of lower dimension (a polygon that only touches) are dropped.
    Points on the edge are kept.
    """
    geometry = table.geometry.to_numpy()
    tree = shapely.STRtree(geometry)
    hits = np.sort(tree.query(area, predicate="intersects"))
    if layer.geometry <= POINT:
        return table.iloc[hits]
    inside = np.isin(hits, tree.query(area, predicate="contains"))
    crossing = hits[~inside]
    size = shapely.length if layer.geometry <= LINE else shapely.area
    parts = of_dimension(shapely.intersection(geometry[crossing], area), 1 if layer.geometry <= LINE else 2)
    out = table.iloc[hits].copy()
    geometries = out.geometry.to_numpy().copy()
    geometries[~inside] = parts
    share = np.ones(len(hits))
    share[~inside] = size(parts) / size(geometry[crossing])
    out = out.set_geometry(gpd.GeoSeries(geometries, index=out.index, crs=table.crs))
    amounts = [c.name for c in layer.columns if c.role == "extensive"]
    out[amounts] = out[amounts].mul(share, axis=0)
    return out[share > 0]


def of_dimension(geometries: np.ndarray, dimension: int) -> np.ndarray:
    """Keep of each geometry only what has `dimension`; an empty multi-geometry where nothing has."""
    out = geometries.copy()
    odd = (shapely.get_dimensions(out) != dimension) | (shapely.get_type_id(out) == shapely.GeometryType.GEOMETRYCOLLECTION)
    gather = shapely.multilinestrings if dimension == 1 else shapely.multipolygons
    for i in np.flatnonzero(odd):
        of = shapely.get_parts(out[i])
        out[i] = gather(of[shapely.get_dimensions(of) == dimension])
    return out
