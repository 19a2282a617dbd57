"""Tracks in pieces, as ProRail has them: one line from switch to switch, whose ends do not quite meet."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import shapely
from shapely.ops import substring

from . import places
from .terrain import Terrain

#: An end lies at most this far from the place where the pieces meet, so two ends less than 0.75 m apart.
END_SHIFT_M = 0.36
#: Half the distance between the tracks of a double track.
_HALF_M = 2.0


def tracks(ground: Terrain, seed: int) -> pd.DataFrame:
    """Make the pieces of track.

    Returns
    -------
    pd.DataFrame
        ``geometry`` (LineString, m RD), ``route`` (name) and ``status`` (levenscyclus_status).
    """
    rng = np.random.default_rng([seed, 4])
    main, north, northwest = (ground.rail[n] for n in ("main", "north", "northwest"))
    at = {s.code: float(main.project(shapely.Point(s.x, s.y))) for s in places.STATIONS}
    west, east = at["Hgl"], at["Es"]
    joins = [float(main.project(shapely.Point(line.coords[0]))) for line in (north, northwest)]
    # Switches: where pieces begin and end.
    yard_hgl = [(west - 430 + 55 * k, west + 420 - 50 * k) for k in range(4)]
    yard_es = [(east - 330 + 60 * k, east + 260 - 45 * k) for k in range(2)]
    siding = [(at["Esk"] - 1_150, at["Esk"] - 640), (east - 1_900, east - 1_450)]
    ends = [e for pair in (*yard_hgl, *yard_es, *siding) for e in pair]
    cross = [west - 520, west + 500, at["Esk"] + 420, east - 420, east + 330]
    nodes = np.unique(np.round([*ends, *cross, *(c + 70 for c in cross), *joins], 1))
    pieces: list[tuple[Any, str, str]] = []

    def lay(line: Any, route: str, status: str = "Bestaand") -> None:
        pieces.append((line, route, status))

    def name(middle: float) -> str:
        return "Zutphen - Hengelo" if middle < west else "Hengelo - Enschede Grens"

    cuts = _cuts(nodes, float(main.length))
    double = [b > at["Hglg"] - 2_000 and a < east + 900 for a, b in pairwise(cuts)]
    for k, (a, b) in enumerate(pairwise(cuts)):
        lay(_beside(main, a, b, _HALF_M, _HALF_M), name((a + b) / 2))
        if double[k]:
            # Where the line becomes single, the second track runs into the first.
            begin = -_HALF_M if double[max(k - 1, 0)] else _HALF_M
            end = -_HALF_M if double[min(k + 1, len(double) - 1)] else _HALF_M
            lay(_beside(main, a, b, begin, end), name((a + b) / 2))
    for c in cross:
        lay(_beside(main, c, c + 70, _HALF_M, -_HALF_M), name(c))
    for number, (a, b) in enumerate(yard_hgl):
        side = 1 if number % 2 else -1
        lay(_loop(main, a, b, side * _HALF_M, side * (6.6 + 4.6 * (number // 2))), name((a + b) / 2))
    for number, (a, b) in enumerate([*yard_es, *siding]):
        side = 1 if number % 2 else -1
        lay(_loop(main, a, b, side * _HALF_M, side * 6.6), name((a + b) / 2))
    for line, join, route in (
        (north, joins[0], "Hengelo - Oldenzaal Grens"),
        (northwest, joins[1], "Almelo - Hengelo"),
    ):
        start = shapely.get_point(_beside(main, join, join + 1, _HALF_M, _HALF_M), 0)
        branch = shapely.linestrings(np.r_[shapely.get_coordinates(start), shapely.get_coordinates(line)[1:]])
        stops = _cuts(np.array([]), float(branch.length))
        for a, b in pairwise(stops):
            lay(substring(branch, a, b), route)
    planned = _beside(main, at["Esk"] - 900, at["Esk"] + 700, 8.5, 8.5)
    lay(planned, "Hengelo - Enschede Grens", "Definitief ontwerp")
    table = pd.DataFrame(pieces, columns=["geometry", "route", "status"])
    table["geometry"] = [_loose(line, rng) for line in table["geometry"]]
    return table


def _cuts(nodes: np.ndarray, length: float) -> np.ndarray:
    """Places to cut a line: at `nodes`, and so often that no piece is longer than some 700 m."""
    stops = np.r_[0.0, nodes[(nodes > 0) & (nodes < length)], length]
    parts = [np.linspace(a, b, max(int((b - a) // 700) + 1, 1) + 1)[:-1] for a, b in pairwise(stops)]
    return np.asarray(np.r_[np.concatenate(parts), length])


def _beside(line: Any, a: float, b: float, begin: float, end: float) -> Any:
    """The stretch from `a` to `b` metres along `line`, moved aside: `begin` metres at first, `end` at last."""
    at = np.linspace(a, b, max(int((b - a) / 25), 1) + 1)
    return shapely.linestrings(_aside(line, at, np.linspace(begin, end, len(at))))


def _loop(line: Any, a: float, b: float, track: float, aside: float) -> Any:
    """A track that leaves its neighbour at `a`, runs beside it and comes back at `b`."""
    at = np.linspace(a, b, max(int((b - a) / 15), 8) + 1)
    lean = np.clip(np.minimum(at - a, b - at) / 75.0, 0.0, 1.0)
    return shapely.linestrings(_aside(line, at, track + (aside - track) * lean))


def _aside(line: Any, at: np.ndarray, offset: np.ndarray) -> np.ndarray:
    here, ahead, behind = (
        shapely.get_coordinates(shapely.line_interpolate_point(line, np.clip(at + d, 0, line.length)))
        for d in (0.0, 4.0, -4.0)
    )
    along = ahead - behind
    along /= np.hypot(along[:, 0], along[:, 1])[:, None]
    return np.asarray(here + offset[:, None] * np.c_[-along[:, 1], along[:, 0]])


def _loose(line: Any, rng: np.random.Generator) -> Any:
    """Shift both ends a little, each its own way."""
    xy = shapely.get_coordinates(line)
    for end in (0, -1):
        angle, far = rng.uniform(0, 2 * np.pi), END_SHIFT_M * np.sqrt(rng.uniform(0, 1))
        xy[end] += far * np.array([np.cos(angle), np.sin(angle)])
    return shapely.linestrings(np.round(xy, 3))
