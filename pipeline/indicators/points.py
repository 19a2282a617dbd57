"""Amounts at points: what a density surface is made from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from ..contract import Text


def dwelling_amounts(counted_addresses: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Give 1 at each dwelling; ``amount``, Point, index verblijfsobject_id."""
    dwellings = counted_addresses[counted_addresses["is_dwelling"]]
    return _at(pd.Series(1.0, dwellings.index), dwellings.geometry)


def people_amounts(people_points: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Give the inhabitants placed at each point, between their bounds; ``amount``, Point, index as `people_points`."""
    return _at(people_points["estimate"], people_points.geometry)


def floor_amounts(counted_addresses: gpd.GeoDataFrame, gross_floor_area: pd.Series) -> gpd.GeoDataFrame:
    """Give the gross floor area at each address, m²; addresses that are not measured are not there."""
    floor = gross_floor_area.dropna()
    return _at(floor, counted_addresses.geometry.reindex(floor.index))


def _at(amount: pd.Series, points: gpd.GeoSeries) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame({"amount": amount.astype("float64")}, geometry=points, crs=points.crs)


@dataclass(frozen=True)
class Surface:
    """One kind of density.

    Attributes
    ----------
    name
        As it stands in names of files.
    title, unit
        What a reader sees; the unit is per hectare.
    points
        The shared table with its amounts.
    """

    name: str
    title: Text
    unit: Text
    points: Callable[..., gpd.GeoDataFrame]


TABLES = (dwelling_amounts, people_amounts, floor_amounts)
INDICATORS = ()

SURFACES: tuple[Surface, ...] = (
    Surface("woningen", Text("Woningdichtheid", "Density of dwellings"), Text("woningen per ha", "dwellings per ha"), dwelling_amounts),
    Surface("inwoners", Text("Inwonerdichtheid", "Density of inhabitants"), Text("inwoners per ha", "inhabitants per ha"), people_amounts),
    Surface("vloeroppervlak", Text("Vloerdichtheid", "Density of floor area"), Text("m² bvo per ha", "m² gross floor area per ha"), floor_amounts),
)  # fmt: skip
