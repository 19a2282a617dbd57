"""Rows of buildings along the edges of lots."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import shapely

from .kinds import FREE, KINDS, UNEVEN, Kind


def in_rows(edges: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Footprints along the edges. At each corner one of the two rows runs on, the other stops short.

    Beside the columns of `edges` a row per building has ``row``, ``floors``, ``geometry``, ``axis``, and its place
    on the edge: from ``a`` to ``b`` along it, from ``c`` to ``d`` inwards, in metres.
    """
    sized = _sized(edges, rng)
    count = sized["count"].to_numpy()
    at = np.repeat(np.arange(len(sized)), count)
    nth = np.arange(len(at)) - np.repeat(np.cumsum(count) - count, count)
    table = sized.iloc[at].reset_index(drop=True)
    table["block"] = nth // table["group"]
    table["row"] = table["edge"] * 100 + table["block"]
    table["floors"] = _floors(table, rng)
    table = _along(table, rng)
    table["geometry"] = _footprints(table, rng)
    middle = ((table["c"] + table["d"]) / 2).to_numpy()
    a, b = table["a"].to_numpy(), table["b"].to_numpy()
    inset = np.minimum((b - a) / 2 - 0.2, 1.5)
    table["axis"] = shapely.linestrings(
        np.stack([on_edge(table, a + inset, middle), on_edge(table, b - inset, middle)], axis=1)
    )
    return table


def on_edge(table: pd.DataFrame, along: Any, inwards: Any) -> np.ndarray:
    """Points at `along` the edge and `inwards` from it; the lot lies to the left of its edge."""
    ux, uy = table["ux"].to_numpy(), table["uy"].to_numpy()
    x = table["x"].to_numpy() + np.asarray(along) * ux - np.asarray(inwards) * uy
    y = table["y"].to_numpy() + np.asarray(along) * uy + np.asarray(inwards) * ux
    return np.stack([x, y], axis=1)


def rectangles(table: pd.DataFrame, a: Any, b: Any, c: Any, d: Any) -> np.ndarray:
    """Polygons from `a` to `b` along the edge and from `c` to `d` inwards."""
    corners = [on_edge(table, p, q) for p, q in ((a, c), (b, c), (b, d), (a, d))]
    return np.asarray(shapely.polygons(np.stack(corners, axis=1)), dtype=object)


def _sized(edges: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Edges with the measures of what stands there, the ``room`` there is, and the ``count`` that it holds."""
    kind = pd.DataFrame(list(edges["kind"].map(KINDS)), columns=list(Kind._fields), index=edges.index)
    kind["wide"] *= 1 + 0.6 * kind["shake"] * rng.uniform(-1, 1, len(kind))
    kind["deep"] *= 1 + (0.05 + 0.4 * kind["shake"]) * rng.uniform(-1, 1, len(kind))
    sharp = np.where(edges["turn"] < 0.6, np.tan(np.minimum(edges["turn"], 0.6)), 1.0)
    corner = np.where(edges["kind"].isin(FREE), 0.0, sharp * (kind["deep"] + np.where(kind["front"] > 0, 2.5, 0.0)))
    room = np.maximum(edges["length"] - 2 * kind["front"] - corner, 0.0)
    wide, group, gap = kind["wide"], kind["group"], kind["gap"]
    blocks = np.floor((room + gap) / (group * wide + gap))
    left = np.maximum(room - blocks * (group * wide + gap), 0.0)
    count = blocks * group + np.minimum(np.floor(left / wide), group - 1)
    count = np.maximum(count, (room >= 0.8 * wide).astype(float)).astype(int)
    kind["wide"] = np.where(count == 1, np.minimum(wide, room), wide)
    return pd.concat([edges, kind.assign(room=room, count=count)], axis=1)


def _along(t: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Each building's place on its edge: the row in the middle of the room, widths as they fall out."""
    total = t["count"] * t["wide"] + (np.ceil(t["count"] / t["group"]) - 1) * t["gap"]
    begin = t["front"] + np.maximum(t["room"] - total, 0) / 2 + t["block"] * t["gap"]
    weight = pd.Series(rng.uniform(1 - t["shake"], 1 + t["shake"]))
    by = weight.groupby(t["row"])
    share = weight / by.transform("sum") * by.transform("size")
    before = t["block"] * t["group"] + share.groupby(t["row"]).cumsum()
    free = (t["group"] == 1).to_numpy() * rng.uniform(0, 0.25, len(t))
    uneven = t["kind"].map(UNEVEN).fillna(1.0).to_numpy()
    front = t["front"] * (1 + free)
    return t.assign(
        a=begin + (before - share) * t["wide"],
        b=begin + before * t["wide"],
        c=front,
        d=front + t["deep"] * rng.uniform(uneven, 2.0 - uneven),
    )


def _floors(t: pd.DataFrame, rng: np.random.Generator) -> np.ndarray:
    """Number of floors, the same throughout a row."""
    low, high = np.array(t["floors"].to_list(), dtype=float).T
    draw = pd.Series(rng.uniform(0, 1, len(t))).groupby(t["row"]).transform("first").to_numpy()
    return np.asarray(np.floor(low + draw * (high - low + 0.999)), dtype=int)


def _footprints(t: pd.DataFrame, rng: np.random.Generator) -> np.ndarray:
    """Rectangles; a third of the houses with an extension at the back, some halls and schools in an L."""
    a, b, c, d = (t[n].to_numpy() for n in "abcd")
    house = t["kind"].isin(["prewar", "terrace", "semi", "villa"]).to_numpy()
    large = t["kind"].isin(["works", "school", "campus", "care", "office", "shops", "hallwork"]).to_numpy()
    dice, side, size = rng.uniform(0, 1, (3, len(t)))
    bent = (house & (dice < 0.36)) | (large & (dice < 0.3))
    # The L: as deep as `deep` over its whole width, and to `end` from `p` to `q`.
    cut = np.where(house, 0.55, 0.45) * (b - a)
    deep = np.where(house, d, d - 0.35 * (d - c))
    end = np.where(house, d + 2.2 + 1.4 * size, deep + np.minimum(0.6 * (d - c), 18.0))
    p, q = np.where(side < 0.5, a, b - cut), np.where(side < 0.5, a + cut, b)
    made = rectangles(t, a, b, c, d)
    corners = ((a, c), (b, c), (b, deep), (q, deep), (q, end), (p, end), (p, deep), (a, deep))
    shape = np.stack([on_edge(t, x, y) for x, y in corners], axis=1)[bent]
    made[bent] = shapely.simplify(shapely.polygons(shape), 0.0)
    return made
