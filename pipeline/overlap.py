"""What lies in what: areas that two sets of polygons share, and points in polygons.

The spatial index and prepared containment settle almost every pair; only what crosses an edge is intersected, and
that exactly. Geometries are prepared on private copies: two threads that share a prepared geometry crash GEOS.
"""

from __future__ import annotations

import itertools
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from .threads import in_threads, shares, spread

#: Up to so many corners a polygon is cut to a box by its edges alone.
_CORNERS = 256
#: Less than this is worked out exactly.
_SLIVER_M2 = 1.0

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
    wide = _share_ground(s_box[i], u_box[k])
    i, k = i[wide], k[wide]

    def shared_area(part: slice) -> _Floats:
        return _shared_area(s, s_box, s_area, u, i[part], k[part])

    area = np.concatenate([np.empty(0), *in_threads(shared_area, _by_unit(k))])

    shared = area > 0
    i, k, area = i[shared], k[shared], area[shared]
    return pd.DataFrame({"subject": labels(subjects.index, i), "unit": labels(units.index, k), "area_m2": area})


def _by_unit(k: _Ints) -> list[slice]:
    """Cut the pairs, which stand by unit, in parts of about the same number, no unit in two of them."""
    ends = np.unique([0, *np.searchsorted(k, [k[part.start] for part in shares(len(k))[1:]]), len(k)]).tolist()
    return [slice(a, b) for a, b in itertools.pairwise(ends)]


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
    meet = _meet(s, i[rest], u, k[rest])
    area[rest[~meet]] = 0
    cross = rest[meet]
    box = _is_box(u_box, u_area)[k[cross]] & (shapely.get_num_coordinates(s[i[cross]]) <= _CORNERS)
    in_box = cross[box]
    area[in_box] = _area_in_box(s, i[in_box], u_box[k[in_box]])
    # Of a sliver the rounding could be all of it.
    cross = np.append(cross[~box], in_box[area[in_box] < _SLIVER_M2])
    area[cross] = shapely.area(shapely.intersection(s[i[cross]], u[k[cross]]))
    return area


def _area_in_box(polygons: _Geometries, i: _Ints, boxes: _Floats) -> _Floats:
    """Area of polygon ``i`` within the box beside it.

    That is the sum over the edges of the polygon of the area between the edge and the floor of the box, what is
    beside or above the box left away: positive for an edge that runs one way and negative for the other.
    """
    which, of = np.unique(i, return_inverse=True)
    # Shells all run one way and holes the other.
    parts, of_part = shapely.get_parts(shapely.orient_polygons(polygons[which]), return_index=True)
    rings, of_ring = shapely.get_rings(parts, return_index=True)
    corners, ring = shapely.get_coordinates(rings, return_index=True)
    first = np.flatnonzero(ring[1:] == ring[:-1])
    owner = of_part[of_ring[ring[first]]]
    count = np.bincount(owner, minlength=len(which))
    start = np.cumsum(count) - count
    # One row per pair and edge of its polygon.
    each = count[of]
    pair = np.repeat(np.arange(len(i)), each)
    edge = first[np.arange(each.sum()) - np.repeat(np.cumsum(each) - each, each) + start[of[pair]]]
    west, south, east, north = boxes[pair].T
    (ax, ay), (bx, by) = (corners[edge + end].T - (west, south) for end in (0, 1))
    width, height = east - west, north - south

    # The ends of what of the edge is neither west nor east of the box; level edges keep their height to the last digit.
    left, right = np.clip(ax, 0, width), np.clip(bx, 0, width)
    run = np.where(ax == bx, 1.0, bx - ax)
    low, high = (ay + (by - ay) * ((x - ax) / run) for x in (left, right))
    area = (right - left) * _mean_between(low, high, height)
    return np.abs(np.bincount(pair, area, minlength=len(i)))


def _mean_between(low: _Floats, high: _Floats, most: _Floats) -> _Floats:
    """Mean of ``clip(y, 0, most)`` while y goes evenly from `low` to `high`."""
    step = np.where(low == high, 1.0, high - low)
    first, last = np.clip(low, 0, most), np.clip(high, 0, most)
    inside, below = (last - first) / step, (np.minimum(high, 0) - np.minimum(low, 0)) / step
    mean = inside * (first + last) / 2 + (1 - inside - below) * most
    return np.where(low == high, first, mean)


def _meet(s: _Geometries, i: _Ints, u: _Geometries, k: _Ints) -> _Bools:
    """Whether subject ``i`` and unit ``k`` have a point in common; the one with more corners is prepared."""
    found = np.empty(len(i), dtype=bool)
    of_subject = shapely.get_num_coordinates(s[i]) > shapely.get_num_coordinates(u[k])
    for pairs, large, a, small, b in ((of_subject, s, i, u, k), (~of_subject, u, k, s, i)):
        which, position = np.unique(a[pairs], return_inverse=True)
        own = shapely.force_2d(large[which])
        shapely.prepare(own)
        found[pairs] = shapely.intersects(own[position], small[b[pairs]])
    return found


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
    return pd.DataFrame({"point": labels(points.index, i), "unit": labels(units.index, k)})


def labels(index: pd.Index, position: _Ints) -> pd.Categorical:
    """Labels of an index by their position in it, which stays with them: nothing has to look them up again."""
    return pd.Categorical.from_codes(position, categories=index)


def apart(polygons: _Geometries) -> _Geometries:
    """Take from each polygon what earlier ones cover, so that no ground is covered twice.

    Polygons that only touch stay as they are; one that lies wholly under earlier ones becomes empty. The areas add up
    to that of the union of all.
    """
    # Copies that nobody has prepared.
    shapes: _Geometries = shapely.force_2d(polygons)
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
    wide = _share_ground(box[a], box[b])
    a, b = a[wide], b[wide]
    overlap = spread(lambda part: shapely.relate_pattern(shapes[a[part]], shapes[b[part]], "T********"), len(a))
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


def _share_ground(a: _Floats, b: _Floats) -> _Bools:
    """Whether two boxes have more in common than an edge."""
    more: _Bools = np.minimum(a[:, 2:], b[:, 2:]) > np.maximum(a[:, :2], b[:, :2])
    return more[:, 0] & more[:, 1]


def _is_box(boxes: _Floats, area: _Floats) -> _Bools:
    """Whether a polygon fills its bounding box, to the last digit, so that comparing numbers is enough."""
    full: _Bools = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1]) == area
    return full
