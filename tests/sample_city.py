"""The city of the built-in sample, made once for all tests of one process."""

from __future__ import annotations

from functools import cache

import geopandas as gpd

from pipeline import sample
from pipeline.sample.stock import Stock
from pipeline.sample.terrain import Terrain


@cache
def city() -> tuple[Terrain, Stock]:
    """The ground plan and the stock."""
    return sample._city()


@cache
def tables() -> dict[str, gpd.GeoDataFrame]:
    """What the registers deliver of it: not to be changed."""
    return sample._tables(*city())
