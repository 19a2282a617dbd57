"""What lies in what: areas that two sets of polygons share, and points in polygons.

The spatial index and prepared containment settle almost every pair; only what crosses an edge is intersected, and
that exactly. Geometries are prepared on private copies: two threads that share a prepared geometry crash GEOS.
"""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

_Geometries = npt.NDArray[Any]
_Floats = npt.NDArray[np.float64]
_Bools = npt.NDArray[np.bool_]
_Ints = npt.NDArray[np.intp]


def area_parts(subjects: gpd.GeoSeries, units: gpd.GeoSeries) -> pd.DataFrame:
    """Area of each subject in each unit.

    Subjects that overlap each other count each for itself, and so do units.

    Parameters
    ----------
    subjects, units
        Polygons in one CRS in metres, each with a unique index.

    Returns
    -------
    DataFrame
        One row per pair with an area in common, by unit and then by subject, in the order of the input:
        ``subject`` and ``unit`` (labels of the two indexes) and ``area_m2`` (m², above 0). Pairs that only
        touch are not there.
    """
    s, u = np.asarray(subjects.array), shapely.force_2d(np.asarray(units.array))
    s_box, u_box = shapely.bounds(s), shapely.bounds(u)
    i, k = _candidates(s, u)
    # Of neighbours in a row or a grid most boxes only touch.
    wide = (np.minimum(s_box[i, 2:], u_box[k, 2:]) > np.maximum(s_box[i, :2], u_box[k, :2])).all(axis=1)
    i, k = i[wide], k[wide]

    s_area, u_area = shapely.area(s), shapely.area(u)
    area = np.full(len(i), np.nan)
    inside = _contain(u, k, s, i, u_box, s_box, u_area)
    area[inside] = s_area[i[inside]]
    rest = np.flatnonzero(~inside)
    around = rest[_contain(s, i[rest], u, k[rest], s_box, u_box, s_area)]
    area[around] = u_area[k[around]]

    rest = np.flatnonzero(np.isnan(area))
    shapely.prepare(u[np.unique(k[rest])])
    apart = ~shapely.intersects(u[k[rest]], s[i[rest]])
    area[rest[apart]] = 0
    cross = rest[~apart]
    area[cross] = shapely.area(shapely.intersection(s[i[cross]], u[k[cross]]))

    shared = area > 0
    i, k, area = i[shared], k[shared], area[shared]
    return pd.DataFrame({"subject": subjects.index[i], "unit": units.index[k], "area_m2": area})


def points_in(points: gpd.GeoSeries, units: gpd.GeoSeries) -> pd.DataFrame:
    """Which points lie in which units.

    A point strictly inside a unit counts for that unit, so twice where two units overlap. A point on the edge
    of units counts once for all of them together: for the first by index. None is lost on an outer edge.

    Parameters
    ----------
    points
        Points, with a unique index.
    units
        Polygons in the same CRS, with a unique index.

    Returns
    -------
    DataFrame
        One row per point and unit, by unit and then by point, in the order of the input: ``point`` and
        ``unit`` (labels of the two indexes).
    """
    p, u = np.asarray(points.array), shapely.force_2d(np.asarray(units.array))
    i, k = _candidates(p, u)
    x, y = shapely.get_x(p)[i], shapely.get_y(p)[i]
    boxes = shapely.bounds(u)
    within_box = (boxes[k, 0] < x) & (x < boxes[k, 2]) & (boxes[k, 1] < y) & (y < boxes[k, 3])
    inside = within_box & _is_box(boxes, shapely.area(u))[k]
    ask = np.flatnonzero(within_box & ~inside)
    shapely.prepare(u[np.unique(k[ask])])
    inside[ask] = shapely.contains_xy(u[k[ask]], x[ask], y[ask])

    rest = np.flatnonzero(~inside)
    edge = rest[shapely.intersects_xy(u[k[rest]], x[rest], y[rest])]
    rank = np.empty(len(u), dtype=np.intp)
    rank[np.asarray(units.index.argsort())] = np.arange(len(u))
    edge = edge[np.lexsort((rank[k[edge]], i[edge]))]
    first = np.ones(len(edge), dtype=bool)
    first[1:] = i[edge][1:] != i[edge][:-1]
    inside[edge[first]] = True
    return pd.DataFrame({"point": points.index[i[inside]], "unit": units.index[k[inside]]})


def _candidates(subjects: _Geometries, units: _Geometries) -> tuple[_Ints, _Ints]:
    """Positions of pairs whose boxes meet, by unit and then by subject."""
    k, i = shapely.STRtree(subjects).query(units)
    order = np.lexsort((i, k))
    return i[order], k[order]


def _contain(
    outer: _Geometries, o: _Ints, inner: _Geometries, n: _Ints, outer_box: _Floats, inner_box: _Floats, area: _Floats
) -> _Bools:
    """Whether ``outer[o]`` surely contains ``inner[n]``; False says nothing. ``area`` is that of ``outer``."""
    nested = (outer_box[o, :2] <= inner_box[n, :2]).all(axis=1) & (inner_box[n, 2:] <= outer_box[o, 2:]).all(axis=1)
    found: _Bools = nested & _is_box(outer_box, area)[o]
    ask = np.flatnonzero(nested & ~found)
    which, position = np.unique(o[ask], return_inverse=True)
    own = shapely.force_2d(outer[which])
    shapely.prepare(own)
    found[ask] = shapely.contains_properly(own[position], inner[n[ask]])
    return found


def _is_box(boxes: _Floats, area: _Floats) -> _Bools:
    """Whether a polygon fills its bounding box, to the last digit, so that comparing numbers is enough."""
    full: _Bools = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1]) == area
    return full
