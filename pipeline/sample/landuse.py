"""Land use, as the Bestand Bodemgebruik has it: a tiling, with rail, road and water on top of the blocks.

Three of them: the old method in two editions, and the new method, which has classes that the old one lacks.
"""

from __future__ import annotations

from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from . import terrain
from .figures import EDITIONS, delivered, editions
from .frames import frame, multi
from .terrain import Terrain

#: Content of a cell -> BBG code; what is not here is residential (20).
_BBG_OF: Mapping[str, int] = {
    "shops": 21, "shopstrip": 21, "square": 21, "retail": 21, "hall": 22, "school": 23, "campus": 23, "care": 23,
    "hospital": 23, "office": 24, "works": 24, "units": 24, "hallwork": 24, "cemetery": 32, "planned": 34,
    "fallow": 35, "park": 40, "green": 40, "sport": 41, "stadium": 41, "allotment": 42, "recreation": 43,
    "meadow": 51, "farm": 51, "ribbon": 51, "forest": 60, "heath": 61, "wet": 62, "lake": 75,
}  # fmt: skip
#: BBG code -> coarse label (column bodemgebruik), fine label (column categorie).
BBG: Mapping[int, tuple[str, str]] = {
    10: ("Spoorterrein", "Spoorterrein"),
    11: ("Hoofdweg", "Hoofdweg"),
    20: ("Bebouwd exclusief bedrijfsterrein", "Woongebied"),
    21: ("Bebouwd exclusief bedrijfsterrein", "Detailhandel en horeca"),
    22: ("Bebouwd exclusief bedrijfsterrein", "Openbare voorziening"),
    23: ("Bebouwd exclusief bedrijfsterrein", "Sociaal-culturele voorziening"),
    24: ("Bedrijfsterrein", "Bedrijfsterrein"),
    32: ("Semi-bebouwd", "Begraafplaats"),
    34: ("Semi-bebouwd", "Bouwterrein"),
    35: ("Semi-bebouwd", "Semi-verhard overig"),
    40: ("Recreatie", "Park en plantsoen"),
    41: ("Recreatie", "Sportterrein"),
    42: ("Recreatie", "Volkstuin"),
    43: ("Recreatie", "Dagrecreatie"),
    51: ("Landbouw en overig agrarisch", "Overig agrarisch"),
    60: ("Bos", "Bos"),
    61: ("Droog natuurlijk terrein", "Open droog natuurlijk terrein"),
    62: ("Nat natuurlijk terrein", "Open nat natuurlijk terrein"),
    75: ("Water", "Recreatief binnenwater"),
    78: ("Water", "Overig binnenwater"),
}


#: Codes of the strips of rail, water and motorway.
_STRIPS = (10, 78, 11)
#: Content of a cell -> code of the new method, where it is not that of the old. What is no meadow for cattle is a field;
#: their numbers follow the order in which CBS lists the classes.
_ARABLE, _GRASS, _NATURAL_GRASS, _SOLAR = 52, 53, 63, 36
#: Where panels stand on fallow land and meadows: x, y, radius.
_PANELS = ((252_250.0, 471_350.0, 420.0), (249_400.0, 473_600.0, 300.0))


def land_use(ground: Terrain, cells: pd.DataFrame) -> dict[str, gpd.GeoDataFrame]:
    """Give the tables of bodemgebruik and bodemgebruik_nieuw, named as `figures.delivered` does.

    Each covers the frame exactly, one row per connected area.
    """
    geometry = cells["geometry"].to_numpy()
    year = cells["year"].to_numpy()
    codes = {edition: _old_method(cells, year > edition) for edition in editions("bodemgebruik")}
    codes[EDITIONS["bodemgebruik"]] = _old_method(cells, np.zeros(len(cells), dtype=bool))
    faces, face = terrain.tiling([ground.rail_strip, ground.water_strip, ground.road_strip, *geometry])

    def of_faces(per_cell: np.ndarray) -> pd.Series:
        whole = terrain.merged(faces, np.r_[_STRIPS, per_cell][face])
        parts, at = shapely.get_parts(whole.to_numpy(), return_index=True)
        return pd.Series(parts, index=whole.index.to_numpy()[at])

    made = {}
    for edition, code in codes.items():
        parts = of_faces(code)
        labels = [BBG[int(c)] for c in parts.index]
        made[delivered("bodemgebruik", edition)] = frame(
            {
                f"bg{edition}": parts.index.to_numpy().astype(np.int32),
                "bodemgebruik": [coarse for coarse, _ in labels],
                "categorie": [fine for _, fine in labels],
            },
            multi(parts),
        )
    parts = of_faces(_new_method(cells))
    column = f"nbbg{EDITIONS['bodemgebruik_nieuw'] % 100}"
    made["bodemgebruik_nieuw"] = frame({column: parts.index.to_numpy().astype(np.int32)}, multi(parts))
    return made


def _old_method(cells: pd.DataFrame, later: np.ndarray) -> np.ndarray:
    """Codes of the cells; what was built `later` is a building site, and what is one now lay fallow."""
    code = cells["content"].map(_BBG_OF).fillna(20).to_numpy(dtype=int)
    # The register draws nothing much smaller than a hectare.
    small = (shapely.area(cells["geometry"].to_numpy()) < 4_500) & np.isin(code, [21, 22, 23, 24, 34, 35])
    code[small] = 20
    site = code == 34
    code[later & np.isin(code, [20, 21, 22, 23, 24])] = 34
    if later.any():
        code[site] = 35
    return code


def _new_method(cells: pd.DataFrame) -> np.ndarray:
    """Codes of the cells by the new method, which draws what is smaller than a hectare as well."""
    content = cells["content"].to_numpy()
    code = cells["content"].map(_BBG_OF).fillna(20).to_numpy(dtype=int)
    nth = np.arange(len(cells))
    code[content == "meadow"] = np.where(nth % 3 == 0, _ARABLE, _GRASS)[content == "meadow"]
    code[(content == "wet") & (nth % 3 == 0)] = _NATURAL_GRASS
    middle = shapely.centroid(cells["geometry"].to_numpy())
    for x, y, radius in _PANELS:
        near = shapely.distance(middle, shapely.Point(x, y)) < radius
        code[near & np.isin(content, ["meadow", "fallow"])] = _SOLAR
    return code
