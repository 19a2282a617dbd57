"""Surrounding address density (omgevingsadressendichtheid, OAD), and the urbanity class that CBS makes of it."""

from __future__ import annotations

import math

import geopandas as gpd
import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from ..contract import Text
from .declaration import Indicator, Measure, Rows

#: The least OAD, per km², of classes 4, 3, 2 and 1 (very strongly urban); what is below the first is class 5.
URBANITY_FROM = (500.0, 1000.0, 1500.0, 2500.0)


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
    """Mean OAD over the addresses in the unit, and the class of urbanity that it puts the unit in.

    Returns
    -------
    DataFrame
        ``oad_per_km2``, above 0, and ``urbanity_class`` (1: 2,500 and more; 2: 1,500 to 2,500; 3: 1,000 to 1,500;
        4: 500 to 1,000; 5: less than 500, each without its upper end); NaN for a unit without address, as there is
        nothing to take the mean of.

    Notes
    -----
    Source: CBS, begrippen omgevingsadressendichtheid and stedelijkheid. CBS counts register addresses placed in squares, here they
    stand on their BAG point. Neighbours beyond the study area count, those across the national border are not
    in the register.
    """
    values = address_oad.reindex(addresses_in_units["point"])
    mean = values.groupby(addresses_in_units["unit"].to_numpy()).mean().reindex(units.index)
    mean = mean.astype("float64")
    return pd.DataFrame({"oad_per_km2": mean, "urbanity_class": urbanity_class(mean)})


def urbanity_class(oad_per_km2: pd.Series) -> pd.Series:
    """Give the class of urbanity, 1 to 5, of an OAD; NaN of NaN."""
    # Counts the limits that are reached; a limit itself is.
    reached = np.digitize(oad_per_km2, URBANITY_FROM)
    return pd.Series(1.0 + len(URBANITY_FROM) - reached, index=oad_per_km2.index).where(oad_per_km2.notna())


TABLES = (address_oad,)

INDICATORS = (
    Indicator(
        oad,
        (
            Measure("oad_per_km2", "float64", "1/km²", "intensive", Text("Omgevingsadressendichtheid", "Surrounding address density"),
                    Text("Adressen binnen de ingestelde straal (CBS: 1 km) gedeeld door de oppervlakte van die cirkel, gemiddeld over de adressen in het gebied; leeg zonder adres.",
                         "Addresses within the set radius (CBS: 1 km) divided by the area of that circle, mean over the addresses in the unit; NaN without address."),
                    rows=Rows("verblijfsobject", "addresses_in_units", "address_oad", how="mean"), missing="no_address"),
            Measure("urbanity_class", "float64", "class", "intensive", Text("Stedelijkheidsklasse", "Urbanity class"),
                    Text("Klasse van de gemiddelde omgevingsadressendichtheid: 1 van 2.500 per km² af, 2 van 1.500, 3 van 1.000, 4 van 500, 5 daaronder; leeg zonder adres.",
                         "Class of the mean surrounding address density: 1 from 2,500 per km², 2 from 1,500, 3 from 1,000, 4 from 500, 5 below that; NaN without address."),
                    how=Text("Uit de omgevingsadressendichtheid van het gebied, met de grenzen van het CBS.",
                             "From the surrounding address density of the unit, by the limits of CBS."), missing="no_address"),
        ),
        Text("Omgevingsadressendichtheid", "Surrounding address density"),
    ),
)  # fmt: skip
