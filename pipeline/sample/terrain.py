"""The ground plan: lines that bend, and neighbourhoods that tile the ground between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import shapely
from scipy.interpolate import CubicSpline

from . import places

#: Corner points of everything lie on this lattice.
GRID_M = 0.001


@dataclass(frozen=True)
class Terrain:
    """The ground plan.

    ``buurten`` has columns code, name, character, x, y and geometry (Polygon or MultiPolygon, an exact tiling of
    the frame). The strips are polygons: what rail, water and motorway take. ``rail`` are the axes of the railways.
    """

    buurten: pd.DataFrame
    rail: dict[str, Any]
    rail_strip: Any
    water_strip: Any
    road_strip: Any


def terrain() -> Terrain:
    """Lay out the plan. Deterministic, and without chance."""
    rail = {
        "main": curve(places.MAIN_LINE),
        "north": curve(places.NORTH_LINE),
        "northwest": curve(places.NORTHWEST_LINE),
    }
    frame = shapely.box(*places.FRAME)
    yards = [
        shapely.Point(251_031, 475_780).buffer(650),
        shapely.Point(257_550, 471_500).buffer(480),
    ]
    wide = [
        shapely.intersection(rail["main"], y).buffer(w, cap_style="flat") for y, w in zip(yards, (38, 26), strict=True)
    ]
    rail_strip = shapely.intersection(
        shapely.union_all([*(line.buffer(11, cap_style="flat") for line in rail.values()), *wide]), frame
    )
    canal = [
        curve(places.CANAL).buffer(27),
        *(shapely.LineString(h).buffer(32, cap_style="square") for h in places.HARBOURS),
    ]
    brook = curve(places.BROOK).buffer(7)
    ponds = [
        blob(253_050, 473_780, 190, 3),
        blob(253_330, 473_480, 150, 5),
        blob(252_720, 473_330, 120, 8),
        blob(253_850, 474_830, 90, 2),
        blob(255_560, 474_950, 80, 6),
    ]
    water = shapely.intersection(shapely.union_all([*canal, brook, *ponds]), frame)
    water_strip = shapely.difference(water, rail_strip)
    roads = shapely.union_all([curve(places.MOTORWAY).buffer(30), curve(places.MOTORWAY_NORTH).buffer(30)])
    road_strip = shapely.difference(shapely.intersection(roads, frame), shapely.union_all([rail_strip, water_strip]))
    return Terrain(_buurten(rail), rail, rail_strip, water_strip, road_strip)


def curve(points: places.Points, step_m: float = 25.0) -> Any:
    """Give a smooth LineString through `points`, with a corner point about every `step_m`."""
    xy = np.asarray(points, dtype=float)
    along = np.r_[0.0, np.cumsum(np.hypot(*np.diff(xy, axis=0).T))]
    at = np.linspace(0.0, along[-1], int(along[-1] / step_m) + 2)
    at = np.union1d(at, along)
    return shapely.linestrings(np.round(CubicSpline(along, xy, bc_type="natural")(at), 3))


def blob(x: float, y: float, radius: float, seed: int) -> Any:
    """Give a rounded, irregular Polygon: a pond, a wood."""
    angle = np.linspace(0.0, 2 * np.pi, 41)[:-1]
    r = radius * (1 + 0.22 * np.sin(2 * angle + seed) + 0.12 * np.sin(3 * angle + 2 * seed) + 0.05 * np.sin(7 * angle))
    return shapely.polygons(np.c_[x + r * np.cos(angle) * 1.25, y + r * np.sin(angle) * 0.9])


def bend(xy: np.ndarray) -> np.ndarray:
    """Move points by a smooth field of at most about 90 m, so that roads and borders are not ruled lines."""
    x, y = xy[:, 0], xy[:, 1]
    dx = 48 * np.sin(y / 410 + 0.7) * np.cos(x / 620) + 20 * np.sin(x / 190 + y / 230)
    dy = 48 * np.sin(x / 450 + 1.9) * np.cos(y / 570) + 20 * np.sin(y / 170 - x / 260)
    return np.asarray(np.c_[x + dx, y + dy])


def tiling(cells: Sequence[Any] | np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Give faces that tile the union of `cells` exactly, and for each the index of the first cell that it lies in.

    Borders of cells are noded on the lattice of `GRID_M`, so that neighbouring faces share their corner points.
    """
    array = np.asarray(cells, dtype=object)
    lines = shapely.union_all(shapely.boundary(array), grid_size=GRID_M)
    faces = np.asarray(shapely.get_parts(shapely.polygonize(shapely.get_parts(lines))), dtype=object)
    inside = shapely.point_on_surface(faces)
    tree = shapely.STRtree(array)
    at, cell = tree.query(inside, predicate="within")
    # What rounding left between two cells goes to the nearest.
    owner = pd.Series(cell).groupby(at).min().reindex(range(len(faces)), fill_value=-1).to_numpy(copy=True)
    owner[owner < 0] = tree.nearest(inside[owner < 0])
    return faces, owner


def merged(faces: np.ndarray, group: np.ndarray) -> pd.Series:
    """Merge faces of a tiling per group; the result tiles as the faces did."""
    return pd.Series(faces).groupby(group).agg(lambda g: shapely.coverage_union_all(g.to_numpy()))


def _buurten(rail: dict[str, Any]) -> pd.DataFrame:
    """Cells around the places, cut by the railways: each place stays on its own side of the track."""
    table = pd.DataFrame((*places.PLACES, *places.NEIGHBOURS))
    seeds = shapely.points(table[["x", "y"]].to_numpy())
    frame = shapely.box(*places.FRAME)
    net = shapely.union_all([frame.boundary, rail["main"], rail["north"]])
    sides = shapely.get_parts(shapely.polygonize(shapely.get_parts(net)))
    cells, owner = [], []
    for side in sides:
        here = np.flatnonzero(shapely.contains(side, seeds))
        diagram = shapely.voronoi_polygons(shapely.multipoints(seeds[here]), extend_to=frame.buffer(4000), ordered=True)
        bent = shapely.transform(shapely.segmentize(shapely.get_parts(diagram), 60.0), bend)
        cells.append(shapely.intersection(bent, side))
        owner.append(here)
    faces, cell = tiling(np.concatenate(cells))
    return table.assign(geometry=merged(faces, np.concatenate(owner)[cell])).dropna(subset="geometry")
