"""The axis of the rail zone: the shortest way along the track through the stations, with its chainage."""

from __future__ import annotations

import difflib
import itertools
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
import shapely.ops
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components, dijkstra
from scipy.spatial import cKDTree
from shapely import LineString, Point

from ..contract import CRS, LINE, POINT, Column, ContractError, Layer, SourceError, Text

#: A station further from any track than this is taken for a mistake.
STATION_REACH_M = 500.0
#: The tracks of one station lie within this of each other; one that lies so much further off is another line.
STATION_WIDTH_M = 100.0

_FROM = Column(
    "from_m", "float64", "m", "intensive", Text("Van", "From"),
    Text("Afstand langs het spoor vanaf het eerste station.", "Distance along the track from the first station."),
)  # fmt: skip
_TO = Column(
    "to_m", "float64", "m", "intensive", Text("Tot", "To"),
    Text("Afstand langs het spoor vanaf het eerste station.", "Distance along the track from the first station."),
)  # fmt: skip
_NAME = Column(
    "station_name", "str", "", "label", Text("Station", "Station"), Text("Naam van het station.", "Name of the station.")
)  # fmt: skip
_CHAINAGE = Column(
    "chainage_m", "float64", "m", "intensive", Text("Afstand langs het spoor", "Chainage"),
    Text("Afstand langs het spoor vanaf het eerste station.", "Distance along the track from the first station."),
)  # fmt: skip

#: The axis in pieces of one section each.
AXIS = Layer("axis", "axis_id", LINE, (_FROM, _TO), Text("As van de corridor", "Axis of the corridor"))
#: The stations on the axis.
STOPS = Layer(
    "corridor_station", "station_id", POINT, (_NAME, _CHAINAGE), Text("Stations in de corridor", "Corridor stations")
)


def stops(station: gpd.GeoDataFrame, names: tuple[str, ...]) -> gpd.GeoDataFrame:
    """Stations by name, in the order asked; capitals do not matter.

    Parameters
    ----------
    station
        Points, index station_id, column station_name.
    names
        As ProRail has them.

    Raises
    ------
    SourceError
        For a name that no station has, with the nearest names, or that several have.
    """
    folded = station["station_name"].str.casefold()
    rows = []
    for name in names:
        hits = station.index[folded == name.casefold()]
        if len(hits) == 0:
            near = difflib.get_close_matches(name, station["station_name"].tolist(), n=3, cutoff=0.4)
            there = near or sorted(station["station_name"])[:8]
            msg = f"[corridor] stations: no station {name!r} in the loaded area; there are {', '.join(there)}"
            raise SourceError(msg)
        if len(hits) > 1:
            msg = f"[corridor] stations: {len(hits)} stations are called {name!r}, expected one"
            raise SourceError(msg)
        rows.append(hits[0])
    return station.loc[rows]


def axis_between(tracks: gpd.GeoSeries, stops: gpd.GeoDataFrame, snap_m: float) -> LineString:
    """The shortest way along `tracks` through `stops`, in their order.

    Each station is put on the nearest track. Ends nearer than `snap_m` are one place, and an end that lies that
    near to the middle of another track joins it there; tracks that merely cross are not joined.

    Returns
    -------
    LineString
        In metres RD, from the first station to the last.

    Raises
    ------
    SourceError
        When there is no track, a station is far from it, or no track joins two stations.
    """
    lines = shapely.get_parts(tracks.to_numpy())
    lines = lines[shapely.length(lines) > 0]
    if len(lines) == 0:
        msg = "spooras: there is no track in the loaded area"
        raise SourceError(msg)
    names = stops["station_name"].tolist()
    on_track = _on_track(lines, stops.geometry.to_numpy(), names, snap_m)
    network = _network(lines, on_track, snap_m)
    legs = [
        network.leg(on_track[i], on_track[i + 1], f"{names[i]} and {names[i + 1]}") for i in range(len(on_track) - 1)
    ]
    return _line(legs)


def _on_track(lines: np.ndarray, points: np.ndarray, names: list[str], snap_m: float) -> np.ndarray:
    """Where each station touches the track: of the networks that pass all of them, the one that is nearest.

    The nearest track of all will not do: at Enschede that is the line to Gronau, which no rail joins to the rest.
    """
    network = _network(lines, points[:0], snap_m)
    part = network.parts()
    near = {int(p): shapely.STRtree(network.pieces[part == p]) for p in np.unique(part)}
    away = {p: tree.query_nearest(points, return_distance=True, all_matches=False)[1] for p, tree in near.items()}
    reach = np.minimum(np.min(list(away.values()), axis=0) + STATION_WIDTH_M, STATION_REACH_M)
    passed = {p: distances.sum() for p, distances in away.items() if (distances <= reach).all()}
    tree = near[min(passed, key=lambda p: (passed[p], p))] if passed else shapely.STRtree(lines)
    line = tree.geometries[tree.nearest(points)]
    distance = shapely.distance(line, points)
    if (distance > STATION_REACH_M).any():
        worst = int(np.argmax(distance))
        msg = (
            f"spooras: station {names[worst]} is {distance[worst]:.0f} m from the nearest track, "
            f"expected at most {STATION_REACH_M:.0f} m"
        )
        raise SourceError(msg)
    touched: np.ndarray = shapely.line_interpolate_point(line, shapely.line_locate_point(line, points))
    return touched


@dataclass(frozen=True)
class _Network:
    """Pieces of track as edges between places; `place_of` gives the two places of each piece."""

    pieces: np.ndarray
    place_of: np.ndarray
    places: cKDTree
    place_of_end: np.ndarray
    lengths: np.ndarray
    snap_m: float

    def place(self, point: Point) -> int:
        """The place at `point`, which lies on an end of a piece."""
        return int(self.place_of_end[self.places.query([point.x, point.y])[1]])

    def parts(self) -> np.ndarray:
        """For each piece the number of the network that it is part of: what no rail joins has another number."""
        count = int(self.place_of.max()) + 1
        graph = coo_array((np.ones(len(self.pieces)), tuple(self.place_of.T)), shape=(count, count))
        of_piece: np.ndarray = connected_components(graph, directed=False)[1][self.place_of[:, 0]]
        return of_piece

    def leg(self, start: Point, end: Point, between: str) -> np.ndarray:
        """Coordinates of the shortest way, from `start` to `end`."""
        a, b = self.place(start), self.place(end)
        if a == b:
            msg = f"spooras: {between} touch the track at one place, expected two"
            raise SourceError(msg)
        count = int(self.place_of.max()) + 1
        u, v = self.place_of.T
        # Of parallel pieces only the shortest counts: sort, then let the first of each pair stand.
        order = np.lexsort((self.lengths, v, u))
        _, first = np.unique(np.column_stack([u, v])[order], axis=0, return_index=True)
        edge = order[first]
        graph = coo_array((self.lengths[edge], (u[edge], v[edge])), shape=(count, count)).tocsr()
        distance, before = dijkstra(graph, directed=False, indices=a, return_predecessors=True)
        if not np.isfinite(distance[b]):
            msg = f"spooras: no track joins {between}; {self._gap(graph, a, b)}"
            raise SourceError(msg)
        way = [b]
        while way[-1] != a:
            way.append(int(before[way[-1]]))
        way.reverse()
        by_pair = {(int(u[e]), int(v[e])): e for e in edge}
        return np.concatenate([self._walk(by_pair, p, q) for p, q in itertools.pairwise(way)])

    def _walk(self, by_pair: dict[tuple[int, int], np.intp], p: int, q: int) -> np.ndarray:
        found = [(self.lengths[e], turn, e) for turn, pair in ((1, (p, q)), (-1, (q, p))) if (e := by_pair.get(pair)) is not None]
        _, _, piece = min(found)
        coordinates: np.ndarray = shapely.get_coordinates(self.pieces[piece])
        if self.place_of[piece][0] != p:
            return np.flipud(coordinates)
        return coordinates

    def _gap(self, graph: object, a: int, b: int) -> str:
        """How far apart the two parts are, for the error."""
        part = connected_components(graph, directed=False)[1][self.place_of_end]
        ends = self.places.data
        gap, _ = cKDTree(ends[part == part[self.place_of_end == a][0]]).query(ends[part == part[self.place_of_end == b][0]])
        return f"the nearest ends are {gap.min():.2f} m apart, [corridor] snap_m is {self.snap_m:g}"


def _network(lines: np.ndarray, on_track: np.ndarray, snap_m: float) -> _Network:
    """Cut the tracks where others join them and where stations lie, and tie the ends that are near."""
    ends = np.concatenate([shapely.get_point(lines, 0), shapely.get_point(lines, -1)])
    pieces = _cut_at(_cut_at(lines, ends, snap_m), on_track, 0.001, keep_m=0.0)
    tips = np.concatenate(
        [shapely.get_coordinates(shapely.get_point(pieces, 0)), shapely.get_coordinates(shapely.get_point(pieces, -1))]
    )
    tree = cKDTree(tips)
    pairs = tree.query_pairs(snap_m, output_type="ndarray")
    links = coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(len(tips), len(tips)))
    place = connected_components(links, directed=False)[1]
    place_of = np.column_stack([place[: len(pieces)], place[len(pieces) :]])
    return _Network(pieces, place_of, tree, place, shapely.length(pieces), snap_m)


def _cut_at(lines: np.ndarray, points: np.ndarray, reach_m: float, keep_m: float | None = None) -> np.ndarray:
    """Cut each line at the points within `reach_m` of it, save those that are nearer than `keep_m` to its ends."""
    keep_m = reach_m if keep_m is None else keep_m
    at, which = shapely.STRtree(points).query(lines, predicate="dwithin", distance=reach_m)
    chainage = shapely.line_locate_point(lines[at], points[which])
    inner = (chainage > 0) & (chainage < shapely.length(lines[at]))
    # Nearness in the plane, not along the line: a point beside the line can be out of reach of an end that is near
    # to its foot.
    for end in (0, -1):
        inner &= shapely.distance(shapely.get_point(lines[at], end), points[which]) > keep_m
    cuts: dict[int, list[float]] = {}
    for line, distance in zip(at[inner].tolist(), chainage[inner].tolist(), strict=True):
        cuts.setdefault(line, []).append(distance)
    whole = np.delete(lines, list(cuts))
    cut = [p for line, distances in cuts.items() for p in _substrings(lines[line], sorted(set(distances)))]
    return np.concatenate([whole, np.array(cut, dtype=object)]) if cut else whole


def _substrings(line: LineString, distances: list[float]) -> list[LineString]:
    """The pieces of `line` between `distances`."""
    stops = [0.0, *distances, line.length]
    pieces = [shapely.ops.substring(line, a, b) for a, b in itertools.pairwise(stops)]
    return [p for p in pieces if p.length > 0]


def chainage(axis: LineString, stops: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The stations with their chainage: metres along `axis` from the first station.

    Raises
    ------
    SourceError
        When a station lies before the one that is named before it: the axis goes back over itself there.
    """
    at = shapely.line_locate_point(axis, stops.geometry.to_numpy())
    if (back := np.flatnonzero(np.diff(at) <= 0)).size:
        names = stops["station_name"].tolist()
        first, then = int(back[0]), int(back[0]) + 1
        msg = (
            f"[corridor] stations: {names[then]} lies at {at[then]:.0f} m along the track, not beyond {names[first]} "
            f"at {at[first]:.0f} m; name them in order along the track"
        )
        raise SourceError(msg)
    out = stops[["station_name", "geometry"]].copy()
    out.insert(1, "chainage_m", at)
    return out


def marks(axis: LineString, length_m: float) -> list[float]:
    """Chainages at which sections begin and end; a rest under a tenth of a section joins the last one.

    Raises
    ------
    ContractError
        When the axis has no length.
    """
    if axis.length == 0:
        msg = "axis: has no length, expected two different stations"
        raise ContractError(msg)
    inner = np.arange(length_m, axis.length, length_m)
    inner = inner[axis.length - inner >= 0.1 * length_m]
    return [0.0, *inner.tolist(), axis.length]


def pieces(axis: LineString, length_m: float) -> gpd.GeoDataFrame:
    """The axis in pieces of `length_m`, as layer `axis`."""
    at = marks(axis, length_m)
    return gpd.GeoDataFrame(
        {"from_m": at[:-1], "to_m": at[1:]},
        index=[f"A{start:06.0f}" for start in at[:-1]],
        geometry=[shapely.ops.substring(axis, a, b) for a, b in itertools.pairwise(at)],
        crs=CRS,
    ).rename_axis("axis_id")


def joined(axis: gpd.GeoDataFrame) -> LineString:
    """The whole axis from its pieces."""
    return _line([shapely.get_coordinates(g) for g in axis.sort_values("from_m").geometry])


def _line(legs: list[np.ndarray]) -> LineString:
    """One line from legs that meet; the point where they do stands once."""
    coordinates = np.concatenate(legs)
    moved = np.append(True, np.any(np.diff(coordinates, axis=0) != 0, axis=1))
    return LineString(coordinates[moved])
