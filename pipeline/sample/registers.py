"""The sample as the registers would deliver it: their columns, their codes, their quirks."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from . import bag, cbs, landuse, places, prorail, terrain
from .frames import frame, multi
from .stock import Stock
from .terrain import Terrain


def tables(ground: Terrain, made: Stock, track: pd.DataFrame, seed: int) -> dict[str, gpd.GeoDataFrame]:
    """Give one table per source, named as `pipeline.sources` names them."""
    rng = np.random.default_rng([seed, 5])
    use = landuse.land_use(ground, made.cells)
    pand, unit = bag.bag(made, rng)
    people = cbs.people_at(made)
    buurt = cbs.buurten(ground, people, use, rng)
    return {
        "gemeente": _gemeente(ground),
        "wijk": cbs.wijken(buurt, people),
        "buurt": buurt.drop(columns=["land_m2", "water_m2"]),
        "vierkant_100m": cbs.squares(people, rng),
        "bodemgebruik": use,
        "spooras": prorail.spooras(track, rng),
        "station": prorail.stations(rng),
        "pand": pand,
        "verblijfsobject": unit,
    }


def _gemeente(ground: Terrain) -> gpd.GeoDataFrame:
    code = "GM" + ground.buurten["code"].str[:4]
    whole = terrain.merged(ground.buurten["geometry"].to_numpy(), code.to_numpy())
    return frame(
        {
            "identificatie": whole.index.str[2:],
            "naam": [places.GEMEENTEN[c][0] for c in whole.index],
            "code": whole.index,
            "ligt_in_provincie_code": "PV23",
            "ligt_in_provincie_naam": "Overijssel",
        },
        multi(whole),
    )
