"""Buildings as solids: what stands on a footprint from a level of the ground to a level of the roof."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

#: Millimetres hold what the registers know, and corners that lie closer are one.
GRID_M = 0.001
_APART_M = 0.003

Ring = list[int]


class Face(NamedTuple):
    """One flat side: its outer ring counter-clockwise when seen from outside, then its holes clockwise."""

    kind: str
    rings: tuple[Ring, ...]


@dataclass(frozen=True)
class Solid:
    """One closed body.

    Attributes
    ----------
    corners
        float64, (n, 3): metres RD and metres NAP. Rings have corners of their own, so that where two rings of a
        footprint touch no edge has more than two sides.
    faces
        Ground, roof, and a wall per side of each ring; all look outward.
    """

    corners: npt.NDArray[np.float64]
    faces: tuple[Face, ...]


GROUND, ROOF, WALL = "GroundSurface", "RoofSurface", "WallSurface"


def solids(footprints: gpd.GeoSeries, ground_m: pd.Series, roof_m: pd.Series) -> dict[str, list[Solid]]:
    """Raise each footprint from its ground to its roof; one solid per part.

    Parameters
    ----------
    footprints
        EPSG:28992, valid polygons; the index a key.
    ground_m, roof_m
        m NAP, by the same key.

    Returns
    -------
    dict
        Key -> its solids, in the order of `footprints`. A footprint without ground or roof, or whose roof is not
        above its ground, is not there: nothing is made up.
    """
    grids = shapely.set_precision(footprints.to_numpy(), GRID_M)
    ground, roof = (np.round(s.reindex(footprints.index).to_numpy(float), 3) for s in (ground_m, roof_m))
    known = np.isfinite(ground) & np.isfinite(roof) & (roof > ground)
    return {
        str(key): made
        for key, shape, low, high in zip(footprints.index[known], grids[known], ground[known], roof[known], strict=True)
        if (made := [_raised(part, low, high) for part in _parts(shape)])
    }


def _parts(shape: shapely.Geometry) -> Iterator[shapely.Polygon]:
    for part in shapely.get_parts(shape):
        if isinstance(part, shapely.Polygon) and not part.is_empty:
            yield shapely.orient_polygons(_apart(part))  # outer ring counter-clockwise, holes clockwise


def _apart(polygon: shapely.Polygon) -> shapely.Polygon:
    """The polygon with its holes a little smaller where rings touch: there four walls would meet in one edge."""
    rings = [polygon.exterior, *polygon.interiors]
    pairs = itertools.combinations(rings, 2)
    if not any(one.intersects(other) for one, other in pairs):
        return polygon
    holes = [shapely.buffer(shapely.Polygon(ring), -_APART_M, join_style="mitre") for ring in polygon.interiors]
    left = [hole for hole in holes if isinstance(hole, shapely.Polygon) and not hole.is_empty]
    return shapely.Polygon(polygon.exterior, [hole.exterior for hole in left])


def _raised(polygon: shapely.Polygon, low: float, high: float) -> Solid:
    outlines = [shapely.get_coordinates(ring)[:-1] for ring in (polygon.exterior, *polygon.interiors)]
    flat = np.concatenate(outlines)
    count = len(flat)
    corners = np.column_stack([np.tile(flat, (2, 1)), np.repeat([low, high], count)])
    ends = np.cumsum([0, *(len(o) for o in outlines)])
    rings = [list(range(a, b)) for a, b in zip(ends[:-1].tolist(), ends[1:].tolist(), strict=True)]
    walls = [
        Face(WALL, ([a, b, b + count, a + count],))
        for ring in rings
        for a, b in zip(ring, ring[1:] + ring[:1], strict=True)
    ]
    below = Face(GROUND, tuple(ring[::-1] for ring in rings))
    above = Face(ROOF, tuple([c + count for c in ring] for ring in rings))
    return Solid(corners, (below, above, *walls))


def volume_m3(solid: Solid) -> float:
    """Volume by the theorem of Gauss: only right where the solid is closed and looks outward.

    Returns
    -------
    float
        m³; negative where it looks inward.
    """
    total = 0.0
    middle = solid.corners.mean(axis=0)  # near by, so that nothing is lost in large coordinates
    for face in solid.faces:
        for ring in face.rings:
            points = solid.corners[ring] - middle
            # A ring as a fan from its first corner; of a hole the fan counts the other way round.
            turned = np.cross(points[1:-1] - points[0], points[2:] - points[0])
            total += float(turned.sum(axis=0) @ points[0]) / 6
    return total


def triangles(solid: Solid) -> npt.NDArray[np.int64]:
    """The faces of a solid in triangles of its own corners, all looking outward: int64, (m, 3)."""
    found: list[npt.NDArray[np.int64]] = []
    for face in solid.faces:
        if face.kind == WALL:
            a, b, c, d = face.rings[0]
            found.append(np.array([[a, b, c], [a, c, d]]))
        elif face.kind == ROOF:
            count = len(solid.corners) // 2
            roof = _triangulated(solid.corners[count:, :2], [[c - count for c in ring] for ring in face.rings])
            found += [roof + count, roof[:, ::-1]]  # the ground is the same, seen from below
    return np.concatenate(found)


def flat_triangles(polygon: shapely.Polygon) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64]]:
    """A polygon as corners in the plane, (n, 2), and counter-clockwise triangles of them, (m, 3)."""
    outlines = [shapely.get_coordinates(ring)[:-1] for ring in (polygon.exterior, *polygon.interiors)]
    ends = np.cumsum([0, *(len(o) for o in outlines)]).tolist()
    corners = np.concatenate(outlines)
    return corners, _triangulated(corners, [list(range(a, b)) for a, b in itertools.pairwise(ends)])


def _triangulated(corners: npt.NDArray[np.float64], rings: list[Ring]) -> npt.NDArray[np.int64]:
    """A polygon in counter-clockwise triangles of its corners, none added."""
    outer, *holes = (corners[ring] for ring in rings)
    cut = shapely.get_parts(shapely.constrained_delaunay_triangles(shapely.Polygon(outer, holes)))
    number = {tuple(corner): n for n, corner in reversed(list(enumerate(corners.tolist())))}
    points = shapely.get_coordinates(shapely.orient_polygons(cut)).reshape(-1, 4, 2)[:, :3]
    return np.array([[number[tuple(p)] for p in three] for three in points.tolist()])
