"""Land use, as the Bestand Bodemgebruik has it: a tiling, with rail, road and water on top of the blocks."""

from __future__ import annotations

from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from . import terrain
from .figures import EDITIONS
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


def land_use(ground: Terrain, cells: pd.DataFrame) -> gpd.GeoDataFrame:
    """Give the table of source bodemgebruik: it covers the frame exactly, one row per connected area."""
    code = cells["content"].map(_BBG_OF).fillna(20).astype(int)
    geometry = cells["geometry"].to_numpy()
    # The register draws nothing much smaller than a hectare.
    small = (shapely.area(geometry) < 4_500) & code.isin([21, 22, 23, 24, 34, 35])
    code[small] = 20
    kinds = np.unique(code)
    areas = [shapely.union_all(geometry[code == k], grid_size=terrain.GRID_M) for k in kinds]
    layers = [ground.rail_strip, ground.water_strip, ground.road_strip, *areas]
    codes = np.array([10, 78, 11, *kinds])
    faces, which = terrain.tiling(layers)
    whole = terrain.merged(faces, codes[which])
    parts, at = shapely.get_parts(whole.to_numpy(), return_index=True)
    bbg = whole.index.to_numpy()[at]
    labels = [BBG[int(c)] for c in bbg]
    return frame(
        {
            f"bg{EDITIONS['bodemgebruik']}": bbg.astype(np.int32),
            "bodemgebruik": [coarse for coarse, _ in labels],
            "categorie": [fine for _, fine in labels],
        },
        multi(parts),
    )
