"""Streets and blocks: each neighbourhood is cut into cells by a pattern of streets, and each cell gets a content."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any, Literal, NamedTuple

import numpy as np
import pandas as pd
import shapely

from .terrain import Terrain

Pattern = Literal["rows", "radial", "organic"]


class Character(NamedTuple):
    """How a neighbourhood is laid out.

    ``deep`` and ``long`` are the size of a block in metres (organic: only ``deep``), ``years`` when it was built
    from the middle outwards, ``street`` half the width of its streets, ``contents`` content of block -> weight.
    """

    pattern: Pattern
    deep: float
    long: float
    street: float
    years: tuple[int, int]
    contents: Mapping[str, float]


_LAND = {"meadow": 70, "forest": 11, "farm": 34}

CHARACTERS: Mapping[str, Character] = {
    "core": Character("organic", 78, 0, 4.5, (1890, 1995), {"shops": 42, "court": 16, "flats": 8, "office": 6, "hall": 8, "square": 6, "park": 3}),
    "highrise": Character("rows", 92, 125, 7, (1962, 2021), {"tower": 12, "court": 18, "slab": 14, "office": 26, "shops": 7, "park": 12, "prewar": 14, "hall": 3}),
    "inner": Character("rows", 78, 135, 5.5, (1898, 1938), {"prewar": 40, "shops": 8, "flats": 13, "court": 6, "school": 4, "park": 4, "units": 5, "renewal": 7, "semi": 5, "office": 2}),
    "interwar": Character("rows", 84, 135, 6.5, (1922, 1958), {"prewar": 28, "terrace": 14, "semi": 14, "flats": 14, "school": 5, "park": 5, "shopstrip": 3, "garage": 1, "sport": 1, "care": 2}),
    "garden": Character("radial", 80, 130, 6.5, (1911, 1936), {"prewar": 36, "semi": 30, "terrace": 8, "park": 6, "school": 5, "shopstrip": 3, "flats": 5}),
    "postwar": Character("rows", 88, 150, 7.5, (1951, 1968), {"terrace": 32, "flats": 28, "slab": 9, "school": 6, "park": 7, "shopstrip": 3, "sport": 1, "garage": 1, "care": 2}),
    "seventies": Character("organic", 98, 0, 7, (1968, 1979), {"terrace": 44, "semi": 12, "flats": 10, "slab": 5, "school": 6, "park": 6, "sport": 2, "shopstrip": 2, "care": 3}),
    "cauliflower": Character("organic", 88, 0, 6, (1977, 1989), {"terrace": 52, "semi": 16, "park": 6, "school": 5, "sport": 2, "shopstrip": 2, "flats": 6}),
    "vinex": Character("rows", 80, 140, 7, (1998, 2019), {"terrace": 36, "semi": 22, "court": 5, "flats": 8, "park": 6, "school": 4, "villa": 8, "planned": 4}),
    "renewed": Character("rows", 78, 110, 6.5, (1999, 2020), {"terrace": 32, "court": 14, "flats": 12, "tower": 2, "shops": 6, "office": 6, "park": 6, "school": 4, "planned": 3, "semi": 8}),
    "transform": Character("rows", 96, 130, 8, (1912, 2021), {"hallwork": 24, "court": 18, "office": 12, "tower": 5, "slab": 6, "terrace": 12, "planned": 8, "fallow": 6, "school": 4, "park": 8}),
    "villa": Character("organic", 105, 0, 6, (1926, 1998), {"villa": 52, "semi": 16, "forest": 12, "park": 10, "sport": 6, "care": 2}),
    "business": Character("rows", 150, 190, 9, (1958, 2016), {"works": 60, "units": 14, "office": 8, "retail": 7, "fallow": 5, "green": 6}),
    "science": Character("rows", 120, 150, 9, (1986, 2020), {"office": 44, "campus": 14, "works": 10, "units": 8, "green": 14, "stadium": 0, "fallow": 3, "flats": 3}),
    "campus": Character("organic", 150, 0, 8, (1963, 2018), {"campus": 44, "green": 24, "forest": 16, "sport": 10, "slab": 5, "flats": 5}),
    "care": Character("rows", 120, 150, 8, (1974, 2019), {"care": 28, "office": 16, "court": 10, "terrace": 12, "park": 16, "sport": 8, "school": 6}),
    "estate": Character("organic", 190, 0, 5, (1905, 1985), {"forest": 38, "meadow": 36, "villa": 8, "farm": 8, "park": 6, "allotment": 2}),
    "forest": Character("organic", 240, 0, 4, (1900, 1985), {"forest": 58, "meadow": 26, "heath": 6, "farm": 10}),
    "wetland": Character("organic", 170, 0, 4, (1900, 1990), {"wet": 58, "meadow": 26, "forest": 10, "farm": 4}),
    "parkland": Character("organic", 135, 0, 6, (1925, 2005), {"park": 32, "sport": 26, "forest": 14, "allotment": 4, "school": 3, "villa": 4, "meadow": 14, "care": 3}),
    "rural": Character("organic", 250, 0, 4, (1895, 2008), {**_LAND, "sport": 3, "allotment": 1, "ribbon": 12, "heath": 1}),
    "village": Character("organic", 330, 0, 4, (1895, 2012), {**_LAND, "heath": 2}),
    "hamlet": Character("organic", 92, 0, 6, (1900, 2012), {"semi": 42, "villa": 26, "terrace": 10, "park": 8, "school": 5, "sport": 4, "shopstrip": 3, "meadow": 4}),
    "outside": Character("organic", 480, 0, 4, (1895, 1995), {"meadow": 70, "forest": 24, "heath": 6}),
    "water": Character("organic", 900, 0, 4, (1990, 2000), {"lake": 1}),
}  # fmt: skip

#: Cells whose content is set by hand: inside the circle x, y, radius.
_SET: tuple[tuple[str, float, float, float], ...] = (
    ("stadium", 254_420, 473_330, 220),
    ("park", 257_000, 471_000, 170),
    ("park", 258_480, 470_950, 150),
    ("hospital", 258_150, 470_750, 120),
    ("hospital", 249_250, 475_300, 110),
    ("park", 251_750, 477_050, 130),
    ("cemetery", 258_900, 470_300, 150),
    ("cemetery", 249_900, 476_650, 150),
    ("hall", 258_020, 471_330, 60),
    ("hall", 251_260, 476_330, 60),
    ("sport", 256_900, 474_300, 260),
    ("sport", 252_900, 476_250, 220),
    ("allotment", 256_350, 474_420, 150),
    ("allotment", 252_150, 474_780, 90),
    ("recreation", 254_250, 470_700, 240),
    ("villagecore", 247_750, 477_000, 430),
    ("villagecore", 261_300, 470_400, 420),
    ("villagecore", 250_150, 472_700, 330),
    ("villagecore", 259_250, 475_450, 300),
)


def blocks(ground: Terrain, seed: int) -> pd.DataFrame:
    """Cut all neighbourhoods into cells.

    Returns
    -------
    pd.DataFrame
        A row per cell: ``buurt`` (code), ``content``, ``year``, ``street`` (half width in metres),
        ``geometry`` (Polygon, m RD). The cells of a neighbourhood tile it.
    """
    made = []
    for row in ground.buurten.itertuples():
        rng = np.random.default_rng([seed, int(str(row.code))])
        how = CHARACTERS[str(row.character)]
        cells = _PATTERNS[how.pattern](row.geometry, np.array([row.x, row.y]), how, rng)
        cells = shapely.get_parts(shapely.intersection(cells, row.geometry))
        cells = cells[(shapely.get_type_id(cells) == 3) & (shapely.area(cells) > 1)]
        weights = np.array(list(how.contents.values()), dtype=float)
        content = rng.choice(list(how.contents), size=len(cells), p=weights / weights.sum())
        far = shapely.distance(shapely.centroid(cells), shapely.Point(row.x, row.y))
        early, late = how.years
        share = np.clip(far / max(far.max(), 1.0) + rng.normal(0, 0.16, len(cells)), 0, 1)
        made.append(
            pd.DataFrame(
                {
                    "buurt": row.code,
                    "content": content,
                    "year": np.round(early + share * (late - early)).astype(int),
                    "street": how.street,
                    "geometry": cells,
                }
            )
        )
    table = pd.concat(made, ignore_index=True)
    table["content"] = _set_by_hand(table)
    table = _villages(table, seed)
    new = table["content"].isin(["renewal", "planned", "tower", "court"])
    table.loc[new, "year"] = np.maximum(table.loc[new, "year"], 1978 + (table.index[new] * 7) % 43)
    return table


def _set_by_hand(table: pd.DataFrame) -> np.ndarray:
    content = table["content"].to_numpy(dtype=object).copy()
    middle, area = shapely.centroid(table.geometry.to_numpy()), shapely.area(table.geometry.to_numpy())
    for name, x, y, radius in _SET:
        near = shapely.distance(middle, shapely.Point(x, y))
        chosen = np.flatnonzero(near < radius)
        if name == "stadium":
            chosen = chosen[[int(area[chosen].argmax())]]
        elif name == "hall" or not len(chosen):
            chosen = np.array([int(near.argmin())])
        content[chosen] = name
    return np.asarray(content)


def _villages(table: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Cut the cells of villages into blocks of village size."""
    village = table["content"] == "villagecore"
    rng = np.random.default_rng([seed, 1])
    how = CHARACTERS["hamlet"]
    made = []
    for row in table[village].itertuples():
        cells = shapely.intersection(_organic(row.geometry, np.zeros(2), how, rng), row.geometry)
        cells = cells[(shapely.get_type_id(cells) == 3) & (shapely.area(cells) > 1)]
        weights = np.array(list(how.contents.values()), dtype=float)
        content = rng.choice(list(how.contents), size=len(cells), p=weights / weights.sum())
        year = rng.integers(*how.years, len(cells))
        made.append(
            pd.DataFrame(
                {"buurt": row.buurt, "content": content, "year": year, "street": how.street, "geometry": cells}
            )
        )
    return pd.concat([table[~village], *made], ignore_index=True)


def _rows(area: Any, at: np.ndarray, how: Character, rng: np.random.Generator) -> np.ndarray:
    """Long blocks in courses, staggered like bricks, along gently waving streets."""
    reach = _reach(area, at)
    angle = rng.uniform(0, np.pi)
    amplitude, wave, phase = rng.uniform(4, 26), rng.uniform(500, 1100), rng.uniform(0, 6.28)
    step = 25.0
    v = np.arange(-reach - how.deep, reach + 2 * how.deep, how.deep) + rng.uniform(0, how.deep)
    along, across = np.array([np.cos(angle), np.sin(angle)]), np.array([-np.sin(angle), np.cos(angle)])

    def place(u: np.ndarray, w: float) -> np.ndarray:
        sway = amplitude * np.sin(u / wave * 6.28 + phase)
        return np.asarray(at + u[:, None] * along + (w + sway)[:, None] * across)

    rings = []
    for low, high in pairwise(v):
        pieces = np.maximum(np.round(rng.uniform(0.7, 1.35, int(2 * reach / how.long) + 4) * how.long / step), 2)
        cuts = -reach - rng.integers(1, 5) * step + np.r_[0, np.cumsum(pieces)] * step
        # Corner points stand on one raster along u, so that courses meet without a gap.
        cuts = np.round(cuts / step) * step
        u = np.arange(cuts[0], cuts[-1] + 1, step)
        below, above = place(u, low), place(u, high)
        for a, b in pairwise(((cuts - cuts[0]) / step).astype(int)):
            rings.append(np.r_[below[a : b + 1], above[a : b + 1][::-1]])
    return _polygons(rings)


def _radial(area: Any, at: np.ndarray, how: Character, rng: np.random.Generator) -> np.ndarray:
    """Rings of blocks around a green, cut by spokes."""
    reach, steps = _reach(area, at), 144
    angle = np.linspace(0, 2 * np.pi, steps + 1)
    circle = np.c_[np.cos(angle), np.sin(angle)]
    turn = rng.uniform(0, 6.28)
    squeeze = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]]) * np.array([1.15, 0.9])
    radii = np.arange(48, reach * 1.3 + how.deep, how.deep)
    cells = [shapely.polygons(at + (circle[:-1] * radii[0]) @ squeeze.T)]
    for low, high in pairwise(radii):
        cuts = max(round(2 * np.pi * (low + high) / 2 / how.long), 4)
        at_step = np.round(np.linspace(0, steps, cuts + 1) + rng.integers(0, 6)).astype(int)
        for a, b in pairwise(at_step):
            arc = circle[np.arange(a, b + 1) % steps]
            cells.append(shapely.polygons(at + np.r_[arc * low, arc[::-1] * high] @ squeeze.T))
    return np.array(cells)


def _organic(area: Any, _at: np.ndarray, how: Character, rng: np.random.Generator) -> np.ndarray:
    """Blocks of all shapes: cells around shaken points."""
    west, south, east, north = shapely.bounds(shapely.buffer(area, how.deep))
    x, y = np.meshgrid(np.arange(west, east, how.deep * 1.15), np.arange(south, north, how.deep * 0.87))
    x[1::2] += how.deep * 0.55
    points = np.c_[x.ravel(), y.ravel()] + rng.normal(0, how.deep * 0.2, (x.size, 2))
    return np.asarray(shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(points))))


def _polygons(rings: list[np.ndarray]) -> np.ndarray:
    """A Polygon for each list of corner points; all at once, because one by one takes ten times as long."""
    which = np.repeat(np.arange(len(rings)), [len(ring) for ring in rings])
    return np.asarray(shapely.polygons(shapely.linearrings(np.concatenate(rings), indices=which)), dtype=object)


def _reach(area: Any, at: np.ndarray) -> float:
    west, south, east, north = shapely.bounds(area)
    corners = np.array([[west, south], [west, north], [east, south], [east, north]])
    return float(np.hypot(*(corners - at).T).max()) + 60


_PATTERNS = {"rows": _rows, "radial": _radial, "organic": _organic}
