"""Surrounding address density (omgevingsadressendichtheid, OAD)."""

from __future__ import annotations

import math

import geopandas as gpd
import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from ..contract import Text
from .declaration import Indicator, Measure


def address_oad(counted_addresses: gpd.GeoDataFrame, oad_radius_m: float) -> pd.Series:
    """Give the OAD of each counted address: addresses within the radius, itself among them, per km² of the circle.

    Returns
    -------
    Series
        Index verblijfsobject_id, per km². Too low for an address nearer than the radius to the edge of what
        was loaded; those of the study area are not, as the margin is at least the radius.
    """
    xy = np.column_stack([counted_addresses.geometry.x, counted_addresses.geometry.y])
    # Many addresses share the point of their building, and the count with it.
    places, place = np.unique(xy, axis=0, return_inverse=True)
    counts = cKDTree(xy).query_ball_point(places, oad_radius_m, return_length=True, workers=-1)
    circle_km2 = math.pi * (oad_radius_m / 1000) ** 2
    return pd.Series(counts[place] / circle_km2, index=counted_addresses.index)


def oad(units: gpd.GeoDataFrame, addresses_in_units: pd.DataFrame, address_oad: pd.Series) -> pd.DataFrame:
    """Mean OAD over the addresses in the unit.

    Returns
    -------
    DataFrame
        ``oad_per_km2``, above 0; NaN for a unit without address, as there is nothing to take the mean of.

    Notes
    -----
    Source: CBS, begrip omgevingsadressendichtheid. CBS counts register addresses placed in squares, here they
    stand on their BAG point. Neighbours beyond the study area count, those across the national border are not
    in the register.
    """
    values = address_oad.reindex(addresses_in_units["point"])
    mean = values.groupby(addresses_in_units["unit"].to_numpy()).mean().reindex(units.index)
    return pd.DataFrame({"oad_per_km2": mean.astype("float64")})


TABLES = (address_oad,)

INDICATORS = (
    Indicator(
        oad,
        (
            Measure("oad_per_km2", "float64", "1/km²", "intensive", Text("Omgevingsadressendichtheid", "Surrounding address density"),
                   Text("Adressen binnen de ingestelde straal (CBS: 1 km) gedeeld door de oppervlakte van die cirkel, gemiddeld over de adressen in het gebied; leeg zonder adres.",
                        "Addresses within the set radius (CBS: 1 km) divided by the area of that circle, mean over the addresses in the unit; NaN without address.")),
        ),
        Text("Omgevingsadressendichtheid", "Surrounding address density"),
    ),
)  # fmt: skip
