"""The sample as the registers would deliver it: their columns, their codes, their quirks."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from . import bag, bgt, cbs, cover, heights, landuse, nwb, parcels, places, prorail, streets, terrain, top10nl
from .frames import frame, multi
from .stock import Stock
from .terrain import Terrain


def tables(ground: Terrain, made: Stock, track: pd.DataFrame, seed: int) -> dict[str, gpd.GeoDataFrame]:
    """Give one table per source, named as `pipeline.sources` names them; earlier editions bear their year as well."""
    rng = np.random.default_rng([seed, 5])
    use = landuse.land_use(ground, made.cells)
    pand, unit = bag.bag(made, rng)
    return {
        "gemeente": _gemeente(ground),
        **cbs.tables(ground, made, use["bodemgebruik"], rng, seed),
        **use,
        "spooras": prorail.spooras(track, rng),
        "station": prorail.stations(rng),
        "pand": pand,
        "verblijfsobject": unit,
        "top10nl_water": top10nl.waters(ground, seed),
        "top10nl_functional_area": top10nl.functional_areas(ground, made.cells, seed),
        **_large_scale(ground, made, pand, unit, track, seed),
    }


def _large_scale(
    ground: Terrain, made: Stock, pand: gpd.GeoDataFrame, unit: gpd.GeoDataFrame, track: pd.DataFrame, seed: int
) -> dict[str, gpd.GeoDataFrame]:
    """What follows the street plan: the BGT, the NWB and the parcels."""
    area = bgt.zone(ground)
    plan = streets.plan(ground, made.cells, track, area)
    ways = pd.concat([plan.streets, streets.bridges(plan.streets, ground)], ignore_index=True)
    stand = bgt.standing(pand, area.buffer(500))
    covered = cover.cover(ground, made.cells, plan, stand.geometry.to_numpy())
    return {
        "wegvak": nwb.wegvakken(ways, made.cells, unit, seed),
        "perceel": parcels.percelen(covered, made.cells, area, seed),
        **bgt.bgt(covered, made.cells, stand, pand, ground, track, heights.trees(ground, made, seed), seed),
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
