"""How many dwellings and addresses there are.

An address here is a verblijfsobject that counts by the stock profile, and lies where its point lies. Moorings and
pitches (ligplaats, standplaats) are not among them.
"""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from ..contract import Text
from ..overlap import points_in
from ..profiles import StockProfile
from .declaration import Indicator, Measure
from .tables import ratio

#: The BAG's word for the use "dwelling".
HOUSING = "woonfunctie"


def counted_addresses(verblijfsobject: gpd.GeoDataFrame, stock_profile: StockProfile) -> gpd.GeoDataFrame:
    """Give the verblijfsobjecten that the profile counts, with what the themes ask of them.

    Returns
    -------
    GeoDataFrame
        Index verblijfsobject_id, in order of it; ``is_dwelling`` (has woonfunctie, also beside another use),
        ``housing_share`` (0..1, uses counted equally; NaN where no use is registered), ``usable_area_m2``
        (NaN where not measured), ``use`` (as the BAG has it), ``pand_ids``, Point.
    """
    counted = verblijfsobject[verblijfsobject["status"].isin(stock_profile.address_statuses)].sort_index()
    use = counted["use"].fillna("")
    share = use.map({words: _housing_share(words) for words in use.unique()}).astype("float64")
    return gpd.GeoDataFrame(
        {
            "is_dwelling": share > 0,
            "housing_share": share,
            "usable_area_m2": counted["usable_area_m2"],
            "use": use,
            "pand_ids": counted["pand_ids"].fillna(""),
        },
        geometry=counted.geometry,
    )


def _housing_share(words: str) -> float:
    uses = {word.strip() for word in words.split(",")} - {""}
    return (HOUSING in uses) / len(uses) if uses else float("nan")


def addresses_in_units(counted_addresses: gpd.GeoDataFrame, units: gpd.GeoDataFrame) -> pd.DataFrame:
    """Give the unit(s) of each counted address: columns ``point`` and ``unit``, as `overlap.points_in`."""
    return points_in(counted_addresses.geometry, units.geometry)


def dwellings(
    units: gpd.GeoDataFrame, counted_addresses: gpd.GeoDataFrame, addresses_in_units: pd.DataFrame
) -> pd.DataFrame:
    """Count dwellings in the unit, also per hectare of the unit (land and water).

    A dwelling is an address with woonfunctie, alone or beside another use; student rooms that share facilities
    are none of their own.

    Returns
    -------
    DataFrame
        ``dwellings_count`` (0 where there is none, never NaN) and ``dwellings_per_ha`` (NaN for a unit
        without area).

    Notes
    -----
    Source: CBS, Voorraad woningen; statuses as the stock profile says.
    """
    is_dwelling = counted_addresses["is_dwelling"].reindex(addresses_in_units["point"])
    count = _count(addresses_in_units[is_dwelling.to_numpy(dtype=bool)], units)
    return pd.DataFrame({"dwellings_count": count, "dwellings_per_ha": ratio(count, units["area_m2"]) * 1e4})


def addresses(units: gpd.GeoDataFrame, addresses_in_units: pd.DataFrame) -> pd.DataFrame:
    """Count addresses in the unit, also per km² of the unit (land and water).

    Returns
    -------
    DataFrame
        ``addresses_count`` (0 where there is none, never NaN) and ``addresses_per_km2`` (NaN for a unit
        without area).

    Notes
    -----
    Source: BAG; statuses as the stock profile says.
    """
    count = _count(addresses_in_units, units)
    return pd.DataFrame({"addresses_count": count, "addresses_per_km2": ratio(count, units["area_m2"]) * 1e6})


def _count(pairs: pd.DataFrame, units: gpd.GeoDataFrame) -> pd.Series:
    return pairs["unit"].value_counts().reindex(units.index, fill_value=0).astype("float64")


TABLES = (counted_addresses, addresses_in_units)

INDICATORS = (
    Indicator(
        dwellings,
        (
            Measure("dwellings_count", "float64", "count", "extensive", Text("Woningen", "Dwellings"),
                   Text("Aantal verblijfsobjecten met woonfunctie (BAG, status volgens het voorraadprofiel), geteld waar hun punt ligt.",
                        "Number of verblijfsobjecten with woonfunctie (BAG, status by stock profile), counted where their point lies.")),
            Measure("dwellings_per_ha", "float64", "1/ha", "intensive", Text("Woningdichtheid", "Dwelling density"),
                   Text("Woningen gedeeld door de oppervlakte van het gebied, land en water, in hectaren.",
                        "Dwellings divided by the area of the unit, land and water, in hectares.")),
        ),
        Text("Woningen", "Dwellings"),
    ),
    Indicator(
        addresses,
        (
            Measure("addresses_count", "float64", "count", "extensive", Text("Adressen", "Addresses"),
                   Text("Aantal verblijfsobjecten (BAG, status volgens het voorraadprofiel), geteld waar hun punt ligt; zonder ligplaatsen en standplaatsen.",
                        "Number of verblijfsobjecten (BAG, status by stock profile), counted where their point lies; without moorings and pitches.")),
            Measure("addresses_per_km2", "float64", "1/km²", "intensive", Text("Adressendichtheid", "Address density"),
                   Text("Adressen gedeeld door de oppervlakte van het gebied, land en water, in km².",
                        "Addresses divided by the area of the unit, land and water, in km².")),
        ),
        Text("Adressen", "Addresses"),
    ),
)  # fmt: skip
