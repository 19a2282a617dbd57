"""Water and areas with a function, as TOP10NL has them: the map around the corridor."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from . import places, terrain
from .frames import frame, rounded
from .terrain import Terrain

#: Content of a cell -> the register's word; cells of one kind that touch are one area.
_FUNCTIONS: Mapping[str, str] = {
    "park": "park", "sport": "sportterrein, sportcomplex", "allotment": "volkstuinen", "cemetery": "begraafplaats",
    "hospital": "ziekenhuis", "recreation": "recreatiegebied", "campus": "campus", "works": "bedrijventerrein",
    "units": "bedrijventerrein",
}  # fmt: skip
#: Smaller than this the map 1:10,000 gives no area, m².
_LEAST_M2 = 9_000.0
_NAMES: Mapping[str, str] = {
    "park": "Park", "sportterrein, sportcomplex": "Sportpark", "volkstuinen": "Tuinpark", "begraafplaats": "Begraafplaats",
    "ziekenhuis": "Ziekenhuis", "recreatiegebied": "Recreatiepark", "campus": "", "bedrijventerrein": "Bedrijventerrein",
}  # fmt: skip


def waters(ground: Terrain, seed: int) -> gpd.GeoDataFrame:
    """Give the table of source top10nl_water."""
    canal, brook = terrain.curve(places.CANAL).buffer(27.5), terrain.curve(places.BROOK).buffer(7.5)
    water = ground.water_strip
    kinds = (
        ("waterloop", places.CANAL_NAME, shapely.intersection(water, canal)),
        ("waterloop", places.BROOK_NAME, shapely.difference(shapely.intersection(water, brook), canal)),
        ("meer, plas", places.LAKE_NAME, shapely.difference(water, shapely.union(canal, brook))),
    )
    rows = [(kind, name, part) for kind, name, whole in kinds for part in shapely.get_parts(whole) if part.area > 50]
    # Small ponds have no name.
    named = [name if part.area > 12_000 or kind == "waterloop" else None for kind, name, part in rows]
    return _table("typewater", [k for k, _, _ in rows], named, np.array([p for _, _, p in rows], dtype=object), seed, 9)


def functional_areas(ground: Terrain, cells: pd.DataFrame, seed: int) -> gpd.GeoDataFrame:
    """Give the table of source top10nl_functional_area."""
    kind = cells["content"].map(_FUNCTIONS)
    home = ground.buurten.set_index("code")["name"]
    kinds, names, shapes = [], [], []
    for (what, code), some in cells.groupby([kind, cells["buurt"]]):
        whole = shapely.union_all(some["geometry"].to_numpy(), grid_size=terrain.GRID_M)
        large = [p for p in shapely.get_parts(whole) if p.area > _LEAST_M2]
        for n, part in enumerate(sorted(large, key=lambda p: -p.area)):
            kinds.append(str(what))
            names.append(f"{_NAMES[str(what)]} {home[str(code)]}".strip() if n == 0 else None)
            shapes.append(part)
    return _table("typefunctioneelgebied", kinds, names, np.array(shapes, dtype=object), seed, 10)


def _table(
    column: str, kinds: list[str], names: list[str | None], shapes: Any, seed: int, stream: int
) -> gpd.GeoDataFrame:
    rng = np.random.default_rng([seed, stream])
    number = 110_000_000 + np.sort(rng.choice(9_000_000, len(kinds), replace=False))
    columns = {
        "lokaal_id": number.astype(str),
        column: kinds,
        "naamnl": names,
        "hoogteniveau": np.zeros(len(kinds), dtype=np.int32),
        "bronactualiteit": "2025-07-01",
    }
    return frame(columns, rounded(shapes))
