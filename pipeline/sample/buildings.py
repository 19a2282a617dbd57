"""Buildings: rows along the lots, closed blocks, and sheds and barns behind."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import shapely

from .lots import edges_of, lots_of
from .rows import in_rows, rectangles
from .terrain import Terrain


def buildings(cells: pd.DataFrame, ground: Terrain, seed: int) -> pd.DataFrame:
    """Build on all cells.

    Returns
    -------
    pd.DataFrame
        A row per building: ``buurt``, ``cell``, ``kind``, ``row`` (buildings of one row were built together),
        ``floors``, ``year``, ``street`` (number of its street in the buurt), ``axis`` (LineString along which its
        addresses stand), ``geometry`` (Polygon). No two of them overlap.
    """
    rng = np.random.default_rng([seed, 2])
    lots = lots_of(cells, ground)
    rows = in_rows(edges_of(lots), rng)
    farms = _barns(rows, rng)
    whole = _courts(lots, rng)
    made = pd.concat([rows, whole, farms, _sheds(rows, rng)], ignore_index=True)
    made = _fitting(made, lots)
    made["year"] = _years(made, cells, rng)
    made["buurt"] = cells["buurt"].to_numpy()[made["cell"]]
    return made


def _sheds(rows: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Sheds at the end of a share of the gardens."""
    t = rows[rng.uniform(0, 1, len(rows)) < rows["shed"]].reset_index(drop=True)
    free = t["kind"].isin(["villa", "ribbon"]).to_numpy()
    wide = np.where(free, 5.8, 2.2 + 1.2 * rng.uniform(0, 1, len(t)))
    deep = np.where(free, 6.4, 2.4 + 1.6 * rng.uniform(0, 1, len(t)))
    left = t["row"].to_numpy() % 2 == 0
    a = np.where(left, t["a"] + 0.1, t["b"] - wide - 0.1)
    c = t["d"].to_numpy() + np.where(free, 4.0, 5.2 + 2.6 * (t["row"].to_numpy() * 37 % 11) / 11)
    return _without(t, "shed", rectangles(t, a, a + wide, c, c + deep))


def _barns(rows: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Barns beside and behind each farmhouse."""
    farm = rows[rows["kind"] == "farmhouse"]
    made = []
    for beside, behind, wide, deep in ((18, 6, 13, 30), (-22, 14, 16, 38), (4, 34, 26, 14), (-30, 4, 7, 9)):
        t = farm[rng.uniform(0, 1, len(farm)) < 0.7].reset_index(drop=True)
        size = rng.uniform(0.75, 1.3, len(t))
        a, c = t["a"].to_numpy() + beside, t["c"].to_numpy() + behind
        b, d = a + wide * size, c + deep * size
        made.append(_without(t, "barn", rectangles(t, a, b, c, d)))
    return pd.concat(made, ignore_index=True)


def _without(t: pd.DataFrame, kind: str, geometry: Any) -> pd.DataFrame:
    """Outbuildings of the buildings `t`: no addresses."""
    return t.assign(kind=kind, geometry=geometry, floors=1, length=0.0, edge=-1 - np.arange(len(t)))


def _courts(lots: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Closed blocks around a courtyard; hospitals, and the stadium around its pitch."""
    t = lots[lots["content"].isin(["court", "hospital", "stadium"])].reset_index(drop=True)
    front = t["content"].map({"court": 3.0, "hospital": 4.0, "stadium": 4.0}).to_numpy()
    deep = t["content"].map({"court": 12.0, "hospital": 14.0, "stadium": 21.0}).to_numpy()
    lot = t["geometry"].to_numpy()
    arena = (t["content"] == "stadium").to_numpy()
    lot = np.where(arena, _arena(lot), lot)
    outer = shapely.simplify(shapely.buffer(lot, -front, join_style="mitre"), 1.0)
    inner = shapely.buffer(outer, -deep, join_style="mitre")
    middle = shapely.buffer(outer, -deep / 2, join_style="mitre")
    made = shapely.difference(outer, inner)
    good = (shapely.get_type_id(made) == 3) & (shapely.get_type_id(middle) == 3) & (shapely.area(inner) > 120)
    t, made, middle = t[good].reset_index(drop=True), made[good], middle[good]
    return pd.DataFrame(
        {
            "cell": t["cell"], "kind": t["content"], "edge": 1_000_000 + t.index, "row": 100_000_000 + t.index * 100,
            "street": 900_000 + t.index, "length": 9e4, "floors": rng.integers(4, 7, len(t)),
            "axis": shapely.get_exterior_ring(middle), "geometry": made,
        }
    )  # fmt: skip


def _arena(lot: np.ndarray) -> np.ndarray:
    """The lot with its corners rounded off."""
    return np.asarray(shapely.buffer(shapely.buffer(lot, -32.0), 30.0), dtype=object)


def _fitting(t: pd.DataFrame, lots: pd.DataFrame) -> pd.DataFrame:
    """Drop what reaches beyond its lot, and of two that are in each other's way the one on the shorter edge."""
    lot = lots.drop_duplicates("cell").set_index("cell")["geometry"]
    inside = shapely.buffer(lot.to_numpy(), 0.05)
    shapely.prepare(inside)
    at = pd.Series(np.arange(len(lot)), index=lot.index).loc[t["cell"]].to_numpy()
    t = t[shapely.contains(inside[at], t["geometry"].to_numpy())].reset_index(drop=True)
    body = t["geometry"].to_numpy()
    tree = shapely.STRtree(body)
    a, b = tree.query(body, predicate="intersects")
    edge, length = t["edge"].to_numpy(), t["length"].to_numpy()
    other = edge[a] != edge[b]
    a, b = a[other], b[other]
    loser = np.where((length[a] < length[b]) | ((length[a] == length[b]) & (a > b)), a, b)
    apart = shapely.area(shapely.intersection(body[a], body[b])) > 0.01
    stays = np.ones(len(t), dtype=bool)
    stays[loser[apart]] = False
    return t.loc[stays].reset_index(drop=True)


def _years(t: pd.DataFrame, cells: pd.DataFrame, rng: np.random.Generator) -> np.ndarray:
    """A row is built in one year, near that of its cell; centres and business parks are more of a mixture."""
    base = cells["year"].to_numpy()[t["cell"]]
    spread = np.where(t["kind"].isin(["shops", "works", "villa", "office", "ribbon", "farmhouse"]), 16.0, 2.5)
    draw = pd.Series(rng.normal(0, 1, len(t)))
    together = draw.groupby(t["row"]).transform("first")
    single = t["kind"].isin(["shops", "villa", "ribbon"])
    year = np.round(base + spread * np.where(single, draw, together))
    return np.asarray(np.clip(year, 1872, 2021), dtype=int)
