"""The street plan: lines between blocks from junction to junction, and the ground between them in pieces that fit."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import shapely
from scipy.spatial import cKDTree
from shapely.ops import substring

from . import places, terrain
from .terrain import Terrain

#: What covers a strip, first come first served.
STRIPS = ("platform", "track", "railside", "stream", "lake", "bank", "carriageway", "motorside")
#: Contents of a cell that have no street of their own outside the towns.
OPEN = frozenset({"meadow", "forest", "heath", "wet", "lake"})
GREEN = frozenset({"park", "green", "sport", "allotment", "cemetery", "recreation"})
#: Characters of neighbourhoods that are no town.
COUNTRY = frozenset({"rural", "outside", "forest", "estate", "wetland", "water", "parkland", "campus", "village"})

#: Half the length of a platform; how far it lies from the axis where there are more than two tracks.
_PLATFORM_M = 145.0
_PLATFORM_ASIDE_M = {"Hgl": 16.8, "Es": 12.2}
#: How long a bridge is at most, and how far it is to the next one at least.
_BRIDGE_M, _BRIDGE_EVERY_M = 110.0, 350.0


class Plan(NamedTuple):
    """The ground in pieces, and the streets.

    ``faces`` has a row per piece: ``cell`` (row of the cells), ``strip`` (place in `STRIPS`, -1 on none) and
    ``geometry`` (Polygon); they tile the ground exactly. ``streets`` has a row per stretch: ``left`` and ``right``
    (cells), ``main`` (between two neighbourhoods) and ``geometry`` (LineString).
    """

    faces: pd.DataFrame
    streets: pd.DataFrame


def plan(ground: Terrain, cells: pd.DataFrame, track: pd.DataFrame, zone: Any) -> Plan:
    """Find the streets everywhere, and cut the ground along the borders of cells and strips where `zone` meets a cell."""
    body = cells["geometry"].to_numpy()
    borders = shapely.union_all(shapely.boundary(body), grid_size=terrain.GRID_M)
    near = np.flatnonzero(shapely.intersects(zone, body))
    around = zone.buffer(600).envelope
    strips = shapely.intersection(_strips(ground, track), around)
    lines = shapely.union_all([*shapely.boundary(body[near]), *shapely.boundary(strips)], grid_size=terrain.GRID_M)
    faces = np.asarray(shapely.get_parts(shapely.polygonize(shapely.get_parts(lines))), dtype=object)
    inside = shapely.point_on_surface(faces)
    cell = first(body[near], inside)
    # What was left between cells as too small for one goes to the nearest.
    lost = np.flatnonzero(cell < 0)
    at, gap = shapely.STRtree(body[near]).query_nearest(inside[lost], all_matches=False, return_distance=True)
    small = (gap < 1.0) & (shapely.area(faces[lost[at[0]]]) < 2.0)
    cell[lost[at[0][small]]] = at[1][small]
    table = pd.DataFrame({"cell": near[cell], "strip": first(strips, inside), "geometry": faces})
    return Plan(table[cell >= 0].reset_index(drop=True), _streets(borders, cells, ground))


def first(polygons: Any, points: np.ndarray) -> np.ndarray:
    """Give for each point the first of the polygons that it lies in, -1 for none."""
    # The tree holds the points: it is the polygons that are worth preparing.
    which, at = shapely.STRtree(points).query(polygons, predicate="contains_properly")
    found = np.full(len(points), len(polygons))
    np.minimum.at(found, at, which)
    found[found == len(polygons)] = -1
    return found


def has_street(cells: pd.DataFrame, ground: Terrain) -> np.ndarray:
    """Whether each cell has its half of the streets around it; open land and green outside the towns have not."""
    character = cells["buurt"].map(ground.buurten.set_index("code")["character"])
    content = cells["content"]
    return ~np.asarray(content.isin(OPEN | GREEN) & character.isin(COUNTRY))


def bridges(streets: pd.DataFrame, ground: Terrain) -> pd.DataFrame:
    """Find where streets go on over or under a railway, a water or a motorway: from dead end to dead end.

    Returns
    -------
    DataFrame
        As ``streets`` of the plan, one row per bridge or tunnel; along each obstacle they lie `_BRIDGE_EVERY_M` apart
        at least, and the shortest are built first.
    """
    curves = (places.CANAL, places.BROOK, places.MOTORWAY, places.MOTORWAY_NORTH)
    obstacles = [*ground.rail.values(), *(terrain.curve(c) for c in curves)]
    taken = shapely.union_all([ground.rail_strip, ground.water_strip, ground.road_strip])
    shapely.prepare(taken)
    tips = np.concatenate([shapely.get_coordinates(shapely.get_point(streets["geometry"], end)) for end in (0, -1)])
    dead = np.flatnonzero(shapely.dwithin(taken, shapely.points(tips), 0.5))
    pairs = dead[cKDTree(tips[dead]).query_pairs(_BRIDGE_M, output_type="ndarray")]
    over = shapely.linestrings(tips[pairs])
    free = shapely.length(shapely.difference(over, taken)) < 2.0
    pairs, over = pairs[free], over[free]
    order = np.lexsort((*pairs.T, np.round(shapely.length(over), 3)))
    built: list[int] = []
    last: list[list[float]] = [[] for _ in obstacles]
    for n in order:
        at = [(k, o.project(o.intersection(over[n]).centroid)) for k, o in enumerate(obstacles) if o.intersects(over[n])]
        if at and all(abs(m - other) >= _BRIDGE_EVERY_M for k, m in at for other in last[k]):
            built.append(int(n))
            for k, m in at:
                last[k].append(m)
    chosen: pd.DataFrame = streets.iloc[pairs[built, 0] % len(streets)].reset_index(drop=True)
    return chosen.assign(geometry=over[built])


def _strips(ground: Terrain, track: pd.DataFrame) -> list[Any]:
    existing = track.loc[track["status"] == "Bestaand", "geometry"].to_numpy()
    bed = shapely.union_all(shapely.buffer(existing, 2.6, cap_style="flat", quad_segs=2))
    main = ground.rail["main"]
    here = [(s.code, shapely.Point(s.x, s.y)) for s in places.STATIONS]
    stops = [(_PLATFORM_ASIDE_M.get(code, 7.4), main.project(p)) for code, p in here if p.distance(main) < 30]
    beside = [
        shapely.offset_curve(substring(main, at - _PLATFORM_M, at + _PLATFORM_M), side * aside)
        for aside, at in stops
        for side in (-1, 1)
    ]
    platforms = shapely.union_all(shapely.buffer(beside, 2.6, cap_style="flat"))
    stream = shapely.union_all([terrain.curve(places.CANAL).buffer(27.5), terrain.curve(places.BROOK).buffer(7.5)])
    motorways = [terrain.curve(p) for p in (places.MOTORWAY, places.MOTORWAY_NORTH)]
    lanes = [shapely.difference(line.buffer(14), line.buffer(2.5)) for line in motorways]
    rail, water, road = ground.rail_strip, ground.water_strip, ground.road_strip
    return [
        shapely.difference(shapely.intersection(platforms, rail), bed),
        shapely.intersection(bed, rail),
        rail,
        shapely.intersection(stream, water),
        water,
        shapely.buffer(water, 3.0, quad_segs=3),
        shapely.intersection(shapely.union_all(lanes), road),
        road,
    ]


def _streets(borders: Any, cells: pd.DataFrame, ground: Terrain) -> pd.DataFrame:
    body = cells["geometry"].to_numpy()
    taken = shapely.union_all([ground.rail_strip, ground.water_strip, ground.road_strip])
    lines = shapely.get_parts(shapely.difference(shapely.line_merge(borders), taken))
    lines = lines[shapely.length(lines) > 6]
    middle = shapely.line_interpolate_point(lines, 0.5, normalized=True)
    ahead = shapely.line_interpolate_point(lines, 0.51, normalized=True)
    step = shapely.get_coordinates(ahead) - shapely.get_coordinates(middle)
    aside = step[:, ::-1] * [-1, 1] / np.hypot(*step.T)[:, None] * 0.5
    left, right = (first(body, shapely.points(shapely.get_coordinates(middle) + s * aside)) for s in (1, -1))
    buurt, street = cells["buurt"].to_numpy(), has_street(cells, ground)
    table = pd.DataFrame({"left": left, "right": right, "geometry": lines})
    main = buurt[left] != buurt[right]
    ok = (left >= 0) & (right >= 0) & (left != right) & (street[left] | street[right] | main)
    chosen: pd.DataFrame = table.assign(main=main).loc[ok]
    return chosen.reset_index(drop=True)
