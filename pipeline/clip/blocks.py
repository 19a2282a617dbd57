"""Building blocks: the ground between streets, railway and large green on which buildings stand.

This is the gross block of RUDIFUN, made of other data: the net block (what is given out) with half of the street
around it. The line between two blocks is the centre line of the street, so that each takes the half that lies on its
side, also where nothing is built opposite. How it departs from PBL's:

- A road of two carriageways is two lines; what lies between them belongs to no block.
- RUDIFUN leaves out roads that bound no net block. Here that ground is left out with the green beside it: what has no
  building once the green is taken out is no block.
- Green and water are those of the BGT, of which patches of a size and more are taken out (RUDIFUN: 4,000 m², by area
  alone; NEN 9300 also keeps long strips). Where the BGT is not loaded, they are in the block.
- Green around slabs and towers that stand in it, away from the street, is the green of their block, however large:
  else the block would be the ground under each, built over for all of it. A pavilion in a park makes no block of that.
- The railway is its axis, and the edge of the study area cuts blocks.
"""

from __future__ import annotations

from collections.abc import Iterable

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.spatial import cKDTree
from shapely.geometry.base import BaseGeometry

from ..streets import NO_STREET
from .units import table

#: The BAG's statuses of a building that stands, in use or not.
STANDING = frozenset(
    {
        "Pand in gebruik",
        "Pand in gebruik (niet ingemeten)",
        "Verbouwing pand",
        "Pand buiten gebruik",
        "Sloopvergunning verleend",
    }
)
#: Smaller is what is left between lines that nearly meet, or a transformer on a traffic island, and no block.
LEAST_M2 = 100.0
#: Green of which less is taken by what stands in it is a park with something in it; more, it is a block in green.
ISLANDS_FROM_SHARE = 0.05
#: Coordinates of the registers are in millimetres; lines are noded on that grid, so that no two faces overlap.
GRID_M = 0.001


def blocks(
    area: BaseGeometry,
    wegvak: gpd.GeoDataFrame,
    pand: gpd.GeoDataFrame,
    spooras: gpd.GeoDataFrame | None = None,
    green: Iterable[gpd.GeoDataFrame] = (),
    green_from_m2: float = 0.0,
    snap_m: float = 1.0,
) -> gpd.GeoDataFrame:
    """Building blocks of an area.

    Parameters
    ----------
    area
        The study area, whose edge bounds blocks too.
    wegvak, spooras
        Lines that bound them: streets (no paths), and the axes of railways.
    pand
        Buildings; one belongs to the block in which a point on it lies.
    green
        Tables of areas by kind, with their ``level``: of each kind the patches of `green_from_m2` (m²) and more are
        taken out, however many polygons they are drawn in. Only what lies at level 0.
    snap_m
        Ends of railway axes nearer to each other than this are one place; a gap would join the blocks on both sides.

    Returns
    -------
    GeoDataFrame
        Units as `units.table` gives them, without overlap: index the place of a point in the block in metres RD
        (``K251034N475780``), which stays while its outline stays.
    """
    lines = wegvak.geometry[~wegvak["carriageway"].isin(NO_STREET)].to_numpy()
    if spooras is not None:
        lines = np.concatenate([lines, spooras.geometry.to_numpy(), _gaps(spooras.geometry.to_numpy(), snap_m)])
    faces = _faces(area, lines)
    standing = shapely.point_on_surface(pand.geometry[pand["status"].isin(STANDING)].to_numpy())
    faces = faces[_hold(faces, standing)]
    if len(patches := _patches(green, green_from_m2)):
        faces = _without(faces, patches, standing)
        faces = faces[_hold(faces, standing)]
    faces = faces[shapely.area(faces) >= LEAST_M2]
    ids = _ids(faces)
    return table(ids, ids, faces)


def _gaps(lines: np.ndarray, snap_m: float) -> np.ndarray:
    """Lines between ends that lie near each other and do not meet."""
    parts = shapely.get_parts(lines)
    ends = np.unique(shapely.get_coordinates([shapely.get_point(parts, 0), shapely.get_point(parts, -1)]), axis=0)
    if not len(ends):
        return np.array([], dtype=object)
    made: np.ndarray = shapely.linestrings(ends[cKDTree(ends).query_pairs(snap_m, output_type="ndarray")])
    return made


def _faces(area: BaseGeometry, lines: np.ndarray) -> np.ndarray:
    """The pieces into which lines cut an area."""
    lines = lines[shapely.STRtree(lines).query(area, predicate="intersects")] if len(lines) else lines
    noded = shapely.union_all(np.append(lines, area.boundary), grid_size=GRID_M)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
    at = shapely.point_on_surface(faces)
    inside = shapely.STRtree(at).query(area, predicate="intersects")
    found: np.ndarray = faces[np.sort(inside)]
    return found


def _hold(faces: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Whether one of the points lies in each face."""
    held = np.zeros(len(faces), dtype=bool)
    held[shapely.STRtree(faces).query(points, predicate="intersects")[1]] = True
    return held


def _patches(green: Iterable[gpd.GeoDataFrame], from_m2: float) -> np.ndarray:
    """Connected patches of at least a size, per table."""
    found = []
    for kind in green:
        ground = kind.geometry[kind["level"] == 0].to_numpy()
        patch = shapely.get_parts(shapely.union_all(ground, grid_size=GRID_M))
        found.append(patch[shapely.area(patch) >= from_m2])
    return np.concatenate(found) if found else np.array([], dtype=object)


def _without(faces: np.ndarray, patches: np.ndarray, points: np.ndarray) -> np.ndarray:
    """What is left of faces without patches, in connected pieces; green in which buildings stand is kept."""
    face, patch = shapely.STRtree(patches).query(faces, predicate="intersects")
    taken = ~_belongs(faces, patches, face, patch, points)
    which, start = np.unique(face[taken], return_index=True)
    out = [shapely.union_all(patches[p]) for p in np.split(patch[taken], start[1:])] if len(which) else []
    faces = faces.copy()
    faces[which] = shapely.difference(faces[which], out, grid_size=GRID_M)
    parts = shapely.get_parts(faces)
    left: np.ndarray = parts[(shapely.get_type_id(parts) == shapely.GeometryType.POLYGON) & ~shapely.is_empty(parts)]
    return left


def _belongs(
    faces: np.ndarray, patches: np.ndarray, face: np.ndarray, patch: np.ndarray, points: np.ndarray
) -> np.ndarray:
    """Whether ``patches[patch]`` is the green of a block in ``faces[face]``: buildings stand in holes of it."""
    rings, of = shapely.get_rings(patches, return_index=True)
    inner = np.append(False, of[1:] == of[:-1])
    holes, of = shapely.polygons(rings[inner]), of[inner]
    # A hole that reaches into another face has a street in it.
    hole, within = shapely.STRtree(faces).query(holes, predicate="within")
    held = _hold(holes, points)[hole]
    pairs = pd.MultiIndex.from_arrays([face, patch])
    area = pd.Series(shapely.area(holes[hole[held]]), index=[within[held], of[hole[held]]])
    built = area.groupby(level=[0, 1]).sum().reindex(pairs, fill_value=0.0).to_numpy()
    ask = np.flatnonzero(built)
    belongs = np.zeros(len(face), dtype=bool)
    green = shapely.area(shapely.intersection(faces[face[ask]], patches[patch[ask]]))
    belongs[ask] = built[ask] > ISLANDS_FROM_SHARE * (green + built[ask])
    return belongs


def _ids(faces: np.ndarray) -> list[str]:
    """The place of a point in each, numbered in the odd case that two lie in the same square metre."""
    at = shapely.get_coordinates(shapely.point_on_surface(faces)) if len(faces) else np.empty((0, 2))
    ids = pd.Series([f"K{int(x):06d}N{int(y):06d}" for x, y in at], dtype="str")
    again = ids.groupby(ids).cumcount()
    return ids.where(again == 0, ids + "_" + (again + 1).astype("str")).tolist()
