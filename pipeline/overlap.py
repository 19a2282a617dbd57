"""What lies in what: areas that two sets of polygons share, and points in polygons.

The spatial index and prepared containment settle almost every pair; only what crosses an edge is intersected, and
that exactly. Geometries are prepared on private copies: two threads that share a prepared geometry crash GEOS.
"""

from __future__ import annotations

import itertools
import os
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

#: Threads: GEOS works outside Python's lock.
_WORKERS = max(1, min(4, os.cpu_count() or 1))
#: With fewer pairs than this a second thread costs more than it brings.
_WORTH_SHARING = 2_000

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
    s, u = np.asarray(subjects.array), np.asarray(units.array)
    s_box, u_box, s_area = shapely.bounds(s), shapely.bounds(u), shapely.area(s)
    i, k = _candidates(s, u)
    # Of neighbours in a row or a grid most boxes only touch.
    wide = (np.minimum(s_box[i, 2:], u_box[k, 2:]) > np.maximum(s_box[i, :2], u_box[k, :2])).all(axis=1)
    i, k = i[wide], k[wide]

    def shared_area(part: slice) -> _Floats:
        return _shared_area(s, s_box, s_area, u, i[part], k[part])

    with ThreadPoolExecutor(_WORKERS) as workers:
        found = list(workers.map(shared_area, _shares_of_work(k)))
    area = np.concatenate([np.empty(0), *found])

    shared = area > 0
    i, k, area = i[shared], k[shared], area[shared]
    return pd.DataFrame({"subject": subjects.index[i], "unit": units.index[k], "area_m2": area})


def _shares_of_work(k: _Ints) -> list[slice]:
    """Cut the pairs, which stand by unit, in parts of about the same number, no unit in two of them."""
    parts = 4 * _WORKERS if len(k) >= _WORTH_SHARING else 1
    wanted = np.linspace(0, len(k), parts + 1)[1:-1].astype(np.intp)
    ends = [0, *np.unique(np.searchsorted(k, k[wanted])).tolist(), len(k)]
    return [slice(a, b) for a, b in itertools.pairwise(ends) if b > a]


def _shared_area(s: _Geometries, s_box: _Floats, s_area: _Floats, units: _Geometries, i: _Ints, k: _Ints) -> _Floats:
    """Area that subject ``i`` and unit ``k`` share, for pairs that stand by unit."""
    first, last = k[0], k[-1] + 1
    # A copy of its own: what is prepared here, no other thread sees.
    u, k = shapely.force_2d(units[first:last]), k - first
    u_box, u_area = shapely.bounds(u), shapely.area(u)
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
    return area


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
    p, u = np.asarray(points.array), np.asarray(units.array)
    x, y = shapely.get_x(p), shapely.get_y(p)
    rank = np.empty(len(u), dtype=np.intp)
    rank[np.asarray(units.index.argsort())] = np.arange(len(u))
    boxes, area = shapely.bounds(u), shapely.area(u)
    if (side := _lattice(boxes, area, rank)) is not None:
        at = _in_squares(x, y, boxes, side)
        here, rest = np.flatnonzero(at >= 0), np.flatnonzero(at < 0)
        # On the outer edge of the lattice a point has no square to the west or south, but may touch another.
        i, k = _in_polygons(p[rest], x[rest], y[rest], u, boxes, area, rank) if len(rest) else (rest, rest)
        i, k = np.concatenate([here, rest[i]]), np.concatenate([at[here], k])
        order = np.lexsort((i, k))
        i, k = i[order], k[order]
    else:
        i, k = _in_polygons(p, x, y, u, boxes, area, rank)
    return pd.DataFrame({"point": points.index[i], "unit": units.index[k]})


def apart(polygons: _Geometries) -> _Geometries:
    """Take from each polygon what earlier ones cover, so that no ground is covered twice.

    Polygons that only touch stay as they are; one that lies wholly under earlier ones becomes empty. The areas add up
    to that of the union of all.
    """
    shapes = polygons.copy()
    later, earlier = _overlapping(shapes)
    if len(later):
        which, start = np.unique(later, return_index=True)
        before = [shapely.union_all(shapes[e]) for e in np.split(earlier, start[1:])]
        shapes[which] = shapely.difference(shapes[which], before)
    return shapes


def _overlapping(shapes: _Geometries) -> tuple[_Ints, _Ints]:
    """Pairs (later, earlier) of positions whose interiors meet, sorted; sharing a wall is no overlap."""
    a, b = shapely.STRtree(shapes).query(shapes)
    a, b = a[b < a], b[b < a]
    box = shapely.bounds(shapes)
    wide = (np.minimum(box[a, 2:], box[b, 2:]) > np.maximum(box[a, :2], box[b, :2])).all(axis=1)
    a, b = a[wide], b[wide]
    overlap = shapely.relate_pattern(shapes[a], shapes[b], "T********")
    a, b = a[overlap], b[overlap]
    order = np.lexsort((b, a))
    return a[order], b[order]


def cell(coordinate_m: _Floats, side_m: float) -> npt.NDArray[np.int64]:
    """Number of the column or row of the RD grid in which a coordinate lies; on a line the one west or south of it."""
    cells: npt.NDArray[np.int64] = (np.ceil(coordinate_m / side_m) - 1).astype(np.int64)
    return cells


def _lattice(boxes: _Floats, area: _Floats, rank: _Ints) -> float | None:
    """Side of the squares where all units are squares of one size on the RD grid, row by row or column by column."""
    if not len(boxes):
        return None
    side = float(boxes[0, 2] - boxes[0, 0])
    corners = np.array([0, 0, side, side]) + boxes[:, [0, 1, 0, 1]]
    if not (side > 0 and (np.mod(boxes, side) == 0).all() and (boxes == corners).all() and _is_box(boxes, area).all()):
        return None
    # Either way the square south-west of a corner comes before the three others that touch it.
    for axes in ((1, 0), (0, 1)):
        order = np.lexsort((boxes[:, axes[0]], boxes[:, axes[1]]))
        alone = (boxes[order[1:], :2] != boxes[order[:-1], :2]).any(axis=1).all()
        if alone and (rank[order] == np.arange(len(boxes))).all():
            return side
    return None


def _in_squares(x: _Floats, y: _Floats, boxes: _Floats, side: float) -> _Ints:
    """Position of the square in which each point lies, west or south of it when on a line; -1 where there is none."""
    first, last = cell(boxes[:, :2].min(axis=0) + side, side), cell(boxes[:, 2:].max(axis=0), side)
    size = last - first + 1
    at = np.full(size[0] * size[1], -1, dtype=np.intp)
    column, row = (cell(boxes[:, axis] + side, side) - first[axis] for axis in (0, 1))
    at[column * size[1] + row] = np.arange(len(boxes))
    column, row = cell(x, side) - first[0], cell(y, side) - first[1]
    there = (column >= 0) & (column < size[0]) & (row >= 0) & (row < size[1])
    found = np.full(len(x), -1, dtype=np.intp)
    found[there] = at[column[there] * size[1] + row[there]]
    return found


def _in_polygons(
    p: _Geometries, x: _Floats, y: _Floats, units: _Geometries, boxes: _Floats, area: _Floats, rank: _Ints
) -> tuple[_Ints, _Ints]:
    """Positions of points and of the units in which they lie, by unit and then by point."""
    u = shapely.force_2d(units)
    i, k = _candidates(p, u)
    x, y = x[i], y[i]
    within_box = (boxes[k, 0] < x) & (x < boxes[k, 2]) & (boxes[k, 1] < y) & (y < boxes[k, 3])
    inside = within_box & _is_box(boxes, area)[k]
    ask = np.flatnonzero(within_box & ~inside)
    shapely.prepare(u[np.unique(k[ask])])
    inside[ask] = shapely.contains_xy(u[k[ask]], x[ask], y[ask])

    rest = np.flatnonzero(~inside)
    edge = rest[shapely.intersects_xy(u[k[rest]], x[rest], y[rest])]
    edge = edge[np.lexsort((rank[k[edge]], i[edge]))]
    first = np.ones(len(edge), dtype=bool)
    first[1:] = i[edge][1:] != i[edge][:-1]
    inside[edge[first]] = True
    return i[inside], k[inside]


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
