"""Built form: footprint, floor area, and what Spacematrix makes of them (FSI, GSI, layers, OSR).

Footprint is cut at the edge of a unit by area; floor area belongs to the unit in which the address has its point.
The BAG registers usable floor area (GO, NEN 2580); gross floor area is that, divided by a share from the config.
Buildings without address (sheds, garages, substations) have footprint and no registered floor.
"""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from ..contract import Text
from ..overlap import area_parts, points_in
from ..profiles import StockProfile
from .declaration import Indicator, Measure
from .tables import per_unit, ratio


def footprints(pand: gpd.GeoDataFrame, stock_profile: StockProfile) -> gpd.GeoSeries:
    """Give the ground that each counted pand covers, so that no ground is covered twice.

    Where panden overlap, the common part stays with the first by pand_id; their areas add up to the area of
    their union. A pand that lies wholly under earlier ones is not there.

    Returns
    -------
    GeoSeries
        Index pand_id, in order of it, Polygon or MultiPolygon.
    """
    counted = pand[pand["status"].isin(stock_profile.pand_statuses)].sort_index().geometry
    shapes = np.asarray(counted.array).copy()
    later, earlier = _overlapping(shapes)
    if len(later):
        which, start = np.unique(later, return_index=True)
        before = [shapely.union_all(shapes[e]) for e in np.split(earlier, start[1:])]
        shapes[which] = shapely.difference(shapes[which], before)
    left = gpd.GeoSeries(shapes, index=counted.index, crs=pand.crs)
    return left[~left.is_empty]


def _overlapping(shapes: npt.NDArray[Any]) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Pairs (later, earlier) of positions whose interiors meet, sorted; sharing a wall is no overlap."""
    a, b = shapely.STRtree(shapes).query(shapes)
    a, b = a[b < a], b[b < a]
    box = shapely.bounds(shapes)
    wide = (np.minimum(box[a, 2:], box[b, 2:]) > np.maximum(box[a, :2], box[b, :2])).all(axis=1)
    a, b = a[wide], b[wide]
    overlap = shapely.relate_pattern(shapes[a], shapes[b], "T********")
    a, b = a[overlap], b[overlap]
    order = np.lexsort((b, a))
    return a[order], b[order]


def address_panden(counted_addresses: gpd.GeoDataFrame, pand: gpd.GeoDataFrame) -> pd.DataFrame:
    """Say in which pand, or panden, each counted address is.

    The pand is the one that the address names; where it names none, the one that its point lies in.

    Returns
    -------
    DataFrame
        One row per pair: ``address`` and ``pand``, labels of the two indexes; an address without pand is not there,
        a pand that is named but not loaded is.
    """
    named = counted_addresses["pand_ids"].str.split(",").explode().str.strip()
    named = named[named != ""]
    nameless = counted_addresses[~counted_addresses.index.isin(named.index)]
    found = points_in(nameless.geometry, pand.geometry) if len(nameless) else pd.DataFrame({"point": [], "unit": []})
    return pd.DataFrame(
        {
            "address": np.concatenate([named.index, found["point"]]),
            "pand": np.concatenate([named, found["unit"]]),
        }
    ).drop_duplicates(ignore_index=True)


def single_family(counted_addresses: gpd.GeoDataFrame, address_panden: pd.DataFrame) -> pd.Series:
    """Say of each counted address whether it is a dwelling alone in its building.

    That is: the only counted dwelling of its pand, or of each of its panden. A dwelling without pand is not alone.

    Returns
    -------
    Series
        bool, index verblijfsobject_id.
    """
    dwelling = counted_addresses.index[counted_addresses["is_dwelling"]]
    link = address_panden[address_panden["address"].isin(dwelling)]
    shared = link["address"][link["pand"].duplicated(keep=False)]
    index = counted_addresses.index
    return pd.Series(index.isin(link["address"]) & ~index.isin(shared), index=index)


def gross_floor_area(
    counted_addresses: gpd.GeoDataFrame,
    single_family: pd.Series,
    usable_share_of_gross_single_family: float,
    usable_share_of_gross_multi_family: float,
    usable_share_of_gross_other: float,
) -> pd.Series:
    """Give the gross floor area of each counted address: usable area / share, by kind of use.

    The area of an address with several uses is split equally over them; one without registered use is "other".

    Returns
    -------
    Series
        m², index verblijfsobject_id; NaN where the usable area is not known.
    """
    usable = counted_addresses["usable_area_m2"]
    housing = counted_addresses["housing_share"].fillna(0.0)
    of_housing = np.where(single_family, usable_share_of_gross_single_family, usable_share_of_gross_multi_family)
    gross: pd.Series = usable * (housing / of_housing + (1 - housing) / usable_share_of_gross_other)
    return gross


def footprint_parts(footprints: gpd.GeoSeries, units: gpd.GeoDataFrame) -> pd.DataFrame:
    """Give the footprint of each counted pand in each unit: ``subject``, ``unit``, ``area_m2``, as `overlap.area_parts`."""
    return area_parts(footprints, units.geometry)


def footprint_in_units(footprint_parts: pd.DataFrame, units: gpd.GeoDataFrame) -> pd.Series:
    """Footprint area in each unit, m²; 0 where there is no building. Index as ``units``."""
    return per_unit(footprint_parts["area_m2"], footprint_parts["unit"], units.index)


def gross_floor_in_units(
    gross_floor_area: pd.Series, addresses_in_units: pd.DataFrame, units: gpd.GeoDataFrame
) -> pd.Series:
    """Gross floor area in each unit, m²; 0 without address, NaN with unmeasured ones only. Index as ``units``."""
    return per_unit(gross_floor_area.reindex(addresses_in_units["point"]), addresses_in_units["unit"], units.index)


def footprint(units: gpd.GeoDataFrame, footprint_in_units: pd.Series) -> pd.DataFrame:
    """Ground covered by buildings, and that as a share of the unit (ground space index, GSI).

    Buildings are cut at the edge of the unit, and ground under overlapping buildings counts once.

    Returns
    -------
    DataFrame
        ``footprint_area_m2`` (0 without building, never NaN) and ``gsi`` (0..1, m² per m² of the unit, land
        and water; NaN for a unit without area).

    Notes
    -----
    Source: Berghauser Pont & Haupt, Spacematrix. Includes buildings without address, and glasshouses.
    """
    return pd.DataFrame(
        {"footprint_area_m2": footprint_in_units, "gsi": ratio(footprint_in_units, units["area_m2"])},
        index=units.index,
    )


def usable_floor(
    units: gpd.GeoDataFrame, counted_addresses: gpd.GeoDataFrame, addresses_in_units: pd.DataFrame
) -> pd.DataFrame:
    """Usable floor area as the BAG has it, and that per m² of the unit (floor space index on usable area).

    Returns
    -------
    DataFrame
        ``floor_area_usable_m2`` (0 without address, NaN where none of the addresses is measured, else the sum
        of those that are), ``fsi_usable`` (m² per m² of the unit, land and water; NaN likewise and for a unit
        without area) and ``floor_area_coverage_share`` (share of the addresses with a measured area, 0..1; NaN
        without address).

    Notes
    -----
    Source: BAG, gebruiksoppervlakte by NEN 2580.
    """
    usable = counted_addresses["usable_area_m2"].reindex(addresses_in_units["point"])
    unit = addresses_in_units["unit"]
    area = per_unit(usable, unit, units.index)
    measured = usable.notna().groupby(unit.to_numpy()).mean().reindex(units.index)
    return pd.DataFrame(
        {
            "floor_area_usable_m2": area,
            "fsi_usable": ratio(area, units["area_m2"]),
            "floor_area_coverage_share": measured.astype("float64"),
        },
        index=units.index,
    )


def gross_floor(units: gpd.GeoDataFrame, gross_floor_in_units: pd.Series) -> pd.DataFrame:
    """Gross floor area, and that per m² of the unit (floor space index, FSI).

    Returns
    -------
    DataFrame
        ``floor_area_gross_m2`` and ``fsi_gross`` (m² per m² of the unit, land and water); 0 without address,
        NaN where none of the addresses is measured, ``fsi_gross`` also for a unit without area.

    Notes
    -----
    Source: Berghauser Pont & Haupt, Spacematrix; form factors of PBL RSopen for dwellings. Not the same as the
    FSI of RUDIFUN, whose step from usable to gross is not published.
    """
    return pd.DataFrame(
        {"floor_area_gross_m2": gross_floor_in_units, "fsi_gross": ratio(gross_floor_in_units, units["area_m2"])},
        index=units.index,
    )


def spacematrix(
    units: gpd.GeoDataFrame, footprint_in_units: pd.Series, gross_floor_in_units: pd.Series
) -> pd.DataFrame:
    """Mean number of building layers L = F / B, and open ground per floor area OSR = (1 - GSI) / FSI.

    F is gross floor area, B footprint.

    Returns
    -------
    DataFrame
        ``building_layers`` (0 where no building has an address; NaN without footprint, also where addresses
        lie outside any building) and ``osr`` (m² open ground per m² gross floor; NaN without floor area).

    Notes
    -----
    Source: Berghauser Pont & Haupt, Spacematrix. In a small unit L says little: footprint is cut at its edge
    while floor area follows the address.
    """
    gsi, fsi = ratio(footprint_in_units, units["area_m2"]), ratio(gross_floor_in_units, units["area_m2"])
    return pd.DataFrame(
        {"building_layers": ratio(gross_floor_in_units, footprint_in_units), "osr": ratio(1 - gsi, fsi)},
        index=units.index,
    )


TABLES = (
    footprints,
    address_panden,
    footprint_parts,
    single_family,
    gross_floor_area,
    footprint_in_units,
    gross_floor_in_units,
)

INDICATORS = (
    Indicator(
        footprint,
        (
            Measure("footprint_area_m2", "float64", "m²", "extensive", Text("Bebouwd oppervlak", "Footprint"),
                   Text("Oppervlakte onder panden (BAG, status volgens het voorraadprofiel), afgesneden op de grens van het gebied; overlap telt één keer.",
                        "Ground under buildings (BAG, status by stock profile), cut at the edge of the unit; overlap counts once.")),
            Measure("gsi", "float64", "m²/m²", "intensive", Text("Bebouwingsgraad (GSI)", "Ground space index (GSI)"),
                   Text("Bebouwd oppervlak gedeeld door de oppervlakte van het gebied, land en water.",
                        "Footprint divided by the area of the unit, land and water.")),
        ),
        Text("Bebouwd oppervlak", "Footprint"),
    ),
    Indicator(
        usable_floor,
        (
            Measure("floor_area_usable_m2", "float64", "m²", "extensive", Text("Gebruiksoppervlakte", "Usable floor area"),
                   Text("Som van de gebruiksoppervlakte (GO, NEN 2580) van de adressen in het gebied, voor zover gemeten; leeg als geen ervan gemeten is.",
                        "Sum of the usable floor area (GO, NEN 2580) of the addresses in the unit, as far as measured; NaN where none of them is.")),
            Measure("fsi_usable", "float64", "m²/m²", "intensive", Text("FSI op gebruiksoppervlakte", "FSI on usable area"),
                   Text("Gebruiksoppervlakte gedeeld door de oppervlakte van het gebied, land en water.",
                        "Usable floor area divided by the area of the unit, land and water.")),
            Measure("floor_area_coverage_share", "float64", "share", "intensive", Text("Vloeroppervlak: dekking", "Floor area: coverage"),
                   Text("Deel van de adressen in het gebied waarvan het vloeroppervlak bekend is; leeg zonder adres.",
                        "Share of the addresses in the unit whose floor area is known; NaN without address.")),
        ),
        Text("Gebruiksoppervlakte", "Usable floor area"),
    ),
    Indicator(
        gross_floor,
        (
            Measure("floor_area_gross_m2", "float64", "m²", "extensive", Text("Bruto vloeroppervlak", "Gross floor area"),
                   Text("Gebruiksoppervlakte gedeeld door het ingestelde aandeel daarvan in het bruto vloeroppervlak (eengezins, meergezins, overig); leeg als geen adres gemeten is.",
                        "Usable floor area divided by its set share of gross floor area (single-family, multi-family, other); NaN where no address is measured.")),
            Measure("fsi_gross", "float64", "m²/m²", "intensive", Text("Bebouwingsdichtheid (FSI, bruto)", "Floor space index (FSI, gross)"),
                   Text("Bruto vloeroppervlak gedeeld door de oppervlakte van het gebied, land en water.",
                        "Gross floor area divided by the area of the unit, land and water.")),
        ),
        Text("Bruto vloeroppervlak", "Gross floor area"),
    ),
    Indicator(
        spacematrix,
        (
            Measure("building_layers", "float64", "m²/m²", "intensive", Text("Bouwlagen (L)", "Building layers (L)"),
                   Text("Bruto vloeroppervlak gedeeld door bebouwd oppervlak; leeg zonder bebouwing.",
                        "Gross floor area divided by footprint; NaN without footprint.")),
            Measure("osr", "float64", "m²/m²", "intensive", Text("Open ruimte per m² vloer (OSR)", "Open space ratio (OSR)"),
                   Text("Onbebouwd oppervlak, (1 − GSI), per m² bruto vloer (FSI); leeg zonder vloeroppervlak.",
                        "Unbuilt ground, (1 − GSI), per m² of gross floor (FSI); NaN without floor area.")),
        ),
        Text("Bouwlagen en open ruimte", "Building layers and open space"),
    ),
)  # fmt: skip
