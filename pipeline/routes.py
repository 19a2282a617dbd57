"""How far it is along a network of lines: streets, paths.

Lines are joined where their ends meet, and nowhere else: two that cross without an end there are a bridge and what
goes under it. A place is put on the point of the network that is nearest to it, which may lie anywhere along a line;
the way to that point counts as part of the distance.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import cKDTree

from .threads import spread

_Floats = npt.NDArray[np.float64]
_Ints = npt.NDArray[np.intp]
_Geometries = npt.NDArray[Any]

#: Lines are laid end to end with this between them, so that the end of one is not the beginning of the next.
_BETWEEN_M = 1.0


@dataclass(frozen=True)
class Network:
    """Lines that can be walked in both directions.

    Attributes
    ----------
    lines
        LineStrings in metres, none of them without length.
    lengths
        Of each line, m.
    ends
        For each line the numbers of the nodes at its beginning and its end.
    nodes
        How many there are.
    gaps
        Pairs of nodes that are so near to each other that one can step over.
    gap_lengths
        Of each such pair, m, above 0.
    """

    lines: _Geometries
    lengths: _Floats
    ends: _Ints
    nodes: int
    gaps: _Ints
    gap_lengths: _Floats


@dataclass(frozen=True)
class Spots:
    """Points on a network from where places can be reached; a place with several equally near has several.

    Attributes
    ----------
    places
        How many places there are.
    place
        Number of the place that each spot belongs to.
    line
        Number of the line that it lies on.
    along_m
        How far from the beginning of that line.
    away_m
        From the spot to the place in a straight line.
    """

    places: int
    place: _Ints
    line: _Ints
    along_m: _Floats
    away_m: _Floats


def network(lines: Sequence[Any] | _Geometries, snap_m: float = 0.0) -> Network:
    """Join lines at their ends.

    Parameters
    ----------
    lines
        LineStrings or MultiLineStrings in metres.
    snap_m
        Ends that are at most this far apart are joined too; the step between them counts with its length.
    """
    parts = shapely.force_2d(shapely.get_parts(np.asarray(lines, dtype=object)))
    lengths = shapely.length(parts)
    parts, lengths = parts[lengths > 0], lengths[lengths > 0]
    tips = [shapely.get_coordinates(shapely.get_point(parts, end)) for end in (0, -1)]
    where, node = np.unique(np.concatenate(tips), axis=0, return_inverse=True)
    gaps = np.empty((0, 2), dtype=np.intp)
    if snap_m > 0 and len(where):
        gaps = cKDTree(where).query_pairs(snap_m, output_type="ndarray").astype(np.intp)
    steps = np.hypot(*(where[gaps[:, 0]] - where[gaps[:, 1]]).T)
    return Network(parts, lengths, node.reshape(2, -1).T.astype(np.intp), len(where), gaps, steps)


def attach(network: Network, points: _Geometries) -> Spots:
    """Find for each point the nearest one on the network: none where the network has no lines."""
    tree = shapely.STRtree(network.lines)

    def nearest(part: slice) -> npt.NDArray[np.intp]:
        found: npt.NDArray[np.intp] = tree.query_nearest(points[part], all_matches=True)
        found[0] += part.start
        return found

    place, line = spread(nearest, len(points))
    on, off = network.lines[line], points[place]
    return Spots(len(points), place, line, shapely.line_locate_point(on, off), shapely.distance(on, off))


def along(network: Network, zones: _Geometries, reach_m: float, step_m: float) -> Spots:
    """Find where the network runs through areas or past them: a spot every `step_m` at most.

    Parameters
    ----------
    zones
        Polygons in metres.
    reach_m
        How far from a zone a spot lies at most.

    Returns
    -------
    Spots
        Each is a place by itself; `away_m` is the distance to the nearest zone, 0 in it.
    """
    near = np.unique(shapely.STRtree(network.lines).query(zones, predicate="dwithin", distance=reach_m)[1])
    pieces = np.ceil(network.lengths[near] / step_m).astype(np.intp)
    line = np.repeat(near, pieces + 1)
    share = np.concatenate([np.empty(0), *(np.linspace(0, 1, n + 1) for n in pieces)])
    along_m = share * network.lengths[line]
    away = straight(shapely.line_interpolate_point(network.lines[line], along_m), zones)
    reached = away <= reach_m
    count = int(reached.sum())
    return Spots(count, np.arange(count), line[reached], along_m[reached], away[reached])


def straight(points: _Geometries, zones: _Geometries) -> _Floats:
    """Distance of each point from the nearest zone (Polygon) in a straight line, m: 0 in it, infinite without zones."""
    away = np.full(len(points), np.inf)
    # A zone can be large: it is looked at edge by edge, so that most of it is never touched.
    xy, ring = shapely.get_coordinates(shapely.get_parts(shapely.boundary(zones)), return_index=True)
    edges = shapely.linestrings(np.stack([xy[:-1], xy[1:]], axis=1)[ring[:-1] == ring[1:]])
    (at, _), found = shapely.STRtree(edges).query_nearest(points, all_matches=False, return_distance=True)
    away[at] = found
    away[shapely.STRtree(points).query(zones, predicate="intersects")[1]] = 0.0
    return away


def distances(network: Network, sources: Spots, places: Spots) -> _Floats:
    """Distance of each place from the nearest source along the network, m.

    It is the straight way from the place to the network, the way along it, and the straight way from there to the
    source. The network is cut at the sources, so that who stands on the line of a source goes straight along it.

    Returns
    -------
    ndarray
        Float64, one per place; infinite where no way leads to a source.
    """
    lines = len(network.lines)
    line = np.concatenate([np.arange(lines), sources.line, np.arange(lines)])
    at_m = np.concatenate([np.zeros(lines), sources.along_m, network.lengths])
    stop = np.concatenate([network.ends[:, 0], network.nodes + np.arange(len(sources.line)), network.ends[:, 1]])
    order = np.lexsort([at_m, line])  # stable: the ends of a line stay first and last
    line, at_m, stop = line[order], at_m[order], stop[order]
    reached = _from_sources(network, sources, line, at_m, stop)

    # All lines end to end, so that one search finds the stops before and after each spot.
    start = np.cumsum(network.lengths + _BETWEEN_M) - network.lengths
    first, last = (np.searchsorted(line, places.line, side) for side in ("left", "right"))
    after = np.searchsorted(start[line] + at_m, start[places.line] + places.along_m)
    after = np.clip(after, first + 1, last - 1)
    ways = [reached[stop[s]] + np.abs(places.along_m - at_m[s]) for s in (after - 1, after)]
    found = np.full(places.places, np.inf)
    np.minimum.at(found, places.place, np.minimum(*ways) + places.away_m)
    return found


def _from_sources(network: Network, sources: Spots, line: _Ints, at_m: _Floats, stop: _Ints) -> _Floats:
    """Distance of each node, and of each cut, from the nearest source."""
    near = np.flatnonzero(line[1:] == line[:-1])
    cuts = network.nodes + np.arange(len(sources.line))
    outside = network.nodes + len(cuts)  # one node from which all sources are reached, each as far as it is away
    u = np.concatenate([stop[near], network.gaps[:, 0]])
    v = np.concatenate([stop[near + 1], network.gaps[:, 1]])
    length = np.concatenate([at_m[near + 1] - at_m[near], network.gap_lengths])
    begin = np.concatenate([u, v, np.full(len(cuts), outside)])
    end = np.concatenate([v, u, cuts])
    weight = np.concatenate([length, length, sources.away_m])
    # Of parallel ways only the shortest counts; a sparse array would add them up.
    order = np.lexsort([weight, end, begin])
    begin, end, weight = begin[order], end[order], weight[order]
    shortest = np.append(True, (np.diff(begin) != 0) | (np.diff(end) != 0))[: len(begin)]
    pairs = (begin[shortest], end[shortest])
    graph = coo_array((weight[shortest], pairs), shape=(outside + 1, outside + 1)).tocsr()
    reached: _Floats = dijkstra(graph, indices=outside)
    return reached
