"""Built form: footprint, floor area, and what Spacematrix makes of them (FSI, GSI, layers, OSR).

Footprint is cut at the edge of a unit by area; floor area belongs to the unit in which the address has its point.
The BAG registers usable floor area (GO, NEN 2580); gross floor area is that, divided by a share from the config.
Buildings without address (sheds, garages, substations) have footprint and no registered floor.

The unit itself is the gross area; densities on its net area divide by what is private ground in it (`cover`).
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from ..contract import Text
from ..overlap import apart, area_parts, points_in
from ..profiles import StockProfile
from .declaration import Indicator, Measure, Rows
from .tables import among, per_unit, ratio

#: Higher than this, dwellings lose more of their floor to stairs, lifts and structure.
HIGH_RISE_FROM_M = 15.0
#: Footprint from which a building is a giant: most are halls and glasshouses.
GIANT_M2 = 10_000.0
#: The BAG's word for the use "industry".
INDUSTRY = "industriefunctie"


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
    left = gpd.GeoSeries(apart(np.asarray(counted.array)), index=counted.index, crs=pand.crs)
    return left[~left.is_empty]


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
    nameless = counted_addresses[~among(counted_addresses.index, named.index)]
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
    link = address_panden[among(pd.Index(address_panden["address"]), dwelling)]
    shared = link["address"][link["pand"].duplicated(keep=False)]
    index = counted_addresses.index
    return pd.Series(among(index, link["address"]) & ~among(index, shared), index=index)


def usable_floor_by_pand(
    counted_addresses: gpd.GeoDataFrame, address_panden: pd.DataFrame, pand: gpd.GeoDataFrame
) -> pd.Series:
    """Give the usable floor area in each pand; of an address in several panden in proportion to their footprint.

    Returns
    -------
    Series
        m², index pand_id; a pand without measured address, and one that is not loaded, is not there.
    """
    link = address_panden.assign(
        m2=counted_addresses["usable_area_m2"].reindex(address_panden["address"]).to_numpy(),
        ground=pand.area.reindex(address_panden["pand"]).to_numpy(),
    ).dropna()
    floor: pd.Series = link["m2"] * link["ground"] / link.groupby("address")["ground"].transform("sum")
    return floor.groupby(link["pand"].to_numpy()).sum()


def high_rise(
    counted_addresses: gpd.GeoDataFrame,
    address_panden: pd.DataFrame,
    usable_floor_by_pand: pd.Series,
    pand: gpd.GeoDataFrame,
    usable_share_of_gross_multi_family: float,
    storey_height_m: float,
) -> pd.Series:
    """Say of each counted address whether a pand that it is in is high, told from registered floor alone.

    Storeys are floor / footprint, so a tower on a wide base looks lower than it is. Without a pand it is not high.

    Returns
    -------
    Series
        bool, index verblijfsobject_id.
    """
    ground = pand.area.reindex(usable_floor_by_pand.index)
    storeys = usable_floor_by_pand / usable_share_of_gross_multi_family / ground
    high = storeys.index[storeys * storey_height_m > HIGH_RISE_FROM_M]
    index = counted_addresses.index
    return pd.Series(among(index, address_panden["address"][address_panden["pand"].isin(high)]), index=index)


def gross_floor_area(
    counted_addresses: gpd.GeoDataFrame,
    single_family: pd.Series,
    high_rise: pd.Series,
    usable_share_of_gross_single_family: float,
    usable_share_of_gross_multi_family: float,
    usable_share_of_gross_high_rise: float,
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
    of_housing = np.select(
        [high_rise, single_family],
        [usable_share_of_gross_high_rise, usable_share_of_gross_single_family],
        usable_share_of_gross_multi_family,
    )
    gross: pd.Series = usable * (housing / of_housing + (1 - housing) / usable_share_of_gross_other)
    return gross


def footprint_parts(footprints: gpd.GeoSeries, units: gpd.GeoDataFrame) -> pd.DataFrame:
    """Give the footprint of each counted pand in each unit: ``subject``, ``unit``, ``area_m2``, as `overlap.area_parts`."""
    return area_parts(footprints, units.geometry)


def footprint_parts_without_address(footprint_parts: pd.DataFrame, address_panden: pd.DataFrame) -> pd.DataFrame:
    """Give the rows of `footprint_parts` of panden in which no counted address is."""
    return footprint_parts[~footprint_parts["subject"].isin(address_panden["pand"])]


def footprint_parts_industry_only(
    footprint_parts: pd.DataFrame,
    footprints: gpd.GeoSeries,
    counted_addresses: gpd.GeoDataFrame,
    address_panden: pd.DataFrame,
) -> pd.DataFrame:
    """Give the rows of `footprint_parts` of giants whose counted addresses are industry only, or that have none."""
    giant = footprints.index[footprints.area >= GIANT_M2]
    link = address_panden[address_panden["pand"].isin(giant)]
    use = counted_addresses["use"].reindex(link["address"]).str.replace(INDUSTRY, "").str.strip(" ,")
    other = link["pand"][(use != "").to_numpy()]
    return footprint_parts[footprint_parts["subject"].isin(giant) & ~footprint_parts["subject"].isin(other)]


def without_building(counted_addresses: gpd.GeoDataFrame, footprints: gpd.GeoSeries) -> pd.Series:
    """Say of each counted address whether its point lies in no counted pand. Bool, index verblijfsobject_id."""
    inside = points_in(counted_addresses.geometry, footprints)["point"]
    return pd.Series(~among(counted_addresses.index, inside), index=counted_addresses.index)


def addresses_outside_building(addresses_in_units: pd.DataFrame, without_building: pd.Series) -> pd.DataFrame:
    """Give the rows of `addresses_in_units` whose point lies in no counted pand."""
    return addresses_in_units[without_building.reindex(addresses_in_units["point"]).to_numpy(dtype=bool)]


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


def net_density(
    units: gpd.GeoDataFrame,
    footprint_in_units: pd.Series,
    gross_floor_in_units: pd.Series,
    net_area_in_units: pd.Series,
) -> pd.DataFrame:
    """Give the densities of Spacematrix on the net area: what is private ground, without streets and public green.

    Returns
    -------
    DataFrame
        ``fsi_net`` (m² gross floor per m² net; NaN without net area, where the BGT does not cover the unit, and where
        no address is measured), ``gsi_net`` (m² footprint per m² net; a little above 1 where buildings hang over
        public ground) and ``osr_net`` (m² of net area without building per m² gross floor; NaN without floor area).

    Notes
    -----
    Source: Berghauser Pont & Haupt, Spacematrix; NEN 9300. Net area is the BGT's, not the cadastre's.
    """
    unbuilt = net_area_in_units - footprint_in_units
    return pd.DataFrame(
        {
            "fsi_net": ratio(gross_floor_in_units, net_area_in_units),
            "gsi_net": ratio(footprint_in_units, net_area_in_units),
            "osr_net": ratio(unbuilt, gross_floor_in_units).where(net_area_in_units > 0),
        },
        index=units.index,
    )


def unlike(
    units: gpd.GeoDataFrame,
    footprint_in_units: pd.Series,
    footprint_parts_without_address: pd.DataFrame,
    footprint_parts_industry_only: pd.DataFrame,
    addresses_outside_building: pd.DataFrame,
    gross_floor_area: pd.Series,
) -> pd.DataFrame:
    """Show where footprint and floor area are not of the same buildings, so that FSI, GSI and L mislead.

    Returns
    -------
    DataFrame
        ``footprint_without_address_m2`` (0 without such building, never NaN) and
        ``footprint_without_address_share`` (0..1; NaN without footprint): buildings without any registered floor;
        ``footprint_industry_only_m2`` and ``footprint_industry_only_share`` (likewise): buildings of 10,000 m²
        and more with industry only or no address, as halls and glasshouses; ``floor_area_outside_building_m2``
        (0 where every address lies in a building; NaN where none of those that don't is measured).

    Notes
    -----
    Source: BAG; Berghauser Pont & Haupt, Spacematrix, of which F and B are to be of the same buildings. Glasshouses
    make Westland one of the densest municipalities in RUDIFUN.
    """

    def footprint_of(parts: pd.DataFrame) -> pd.Series:
        return per_unit(parts["area_m2"], parts["unit"], units.index)

    bare, giant = footprint_of(footprint_parts_without_address), footprint_of(footprint_parts_industry_only)
    out = addresses_outside_building
    return pd.DataFrame(
        {
            "footprint_without_address_m2": bare,
            "footprint_without_address_share": ratio(bare, footprint_in_units),
            "footprint_industry_only_m2": giant,
            "footprint_industry_only_share": ratio(giant, footprint_in_units),
            "floor_area_outside_building_m2": per_unit(
                gross_floor_area.reindex(out["point"]), out["unit"], units.index
            ),
        },
        index=units.index,
    )


TABLES = (
    footprints,
    address_panden,
    footprint_parts,
    footprint_parts_without_address,
    footprint_parts_industry_only,
    single_family,
    usable_floor_by_pand,
    high_rise,
    gross_floor_area,
    without_building,
    addresses_outside_building,
    footprint_in_units,
    gross_floor_in_units,
)

_COVERAGE = "floor_area_coverage_share"

INDICATORS = (
    Indicator(
        footprint,
        (
            Measure("footprint_area_m2", "float64", "m²", "extensive", Text("Bebouwd oppervlak", "Footprint"),
                   Text("Oppervlakte onder panden (BAG, status volgens het voorraadprofiel), afgesneden op de grens van het gebied; overlap telt één keer.",
                        "Ground under buildings (BAG, status by stock profile), cut at the edge of the unit; overlap counts once."),
                   rows=Rows("pand", "footprint_parts")),
            Measure("gsi", "float64", "m²/m²", "intensive", Text("Bebouwingsgraad (GSI)", "Ground space index (GSI)"),
                   Text("Bebouwd oppervlak gedeeld door de oppervlakte van het gebied, land en water.",
                        "Footprint divided by the area of the unit, land and water."),
                   formula="footprint_area_m2 / area_m2", missing="no_area"),
        ),
        Text("Bebouwd oppervlak", "Footprint"),
    ),
    Indicator(
        usable_floor,
        (
            Measure("floor_area_usable_m2", "float64", "m²", "extensive", Text("Gebruiksoppervlakte", "Usable floor area"),
                   Text("Som van de gebruiksoppervlakte (GO, NEN 2580) van de adressen in het gebied, voor zover gemeten; leeg als geen ervan gemeten is.",
                        "Sum of the usable floor area (GO, NEN 2580) of the addresses in the unit, as far as measured; NaN where none of them is."),
                   rows=Rows("verblijfsobject", "addresses_in_units", "counted_addresses", "usable_area_m2"),
                   coverage=_COVERAGE, missing="not_measured"),
            Measure("fsi_usable", "float64", "m²/m²", "intensive", Text("FSI op gebruiksoppervlakte", "FSI on usable area"),
                   Text("Gebruiksoppervlakte gedeeld door de oppervlakte van het gebied, land en water.",
                        "Usable floor area divided by the area of the unit, land and water."),
                   formula="floor_area_usable_m2 / area_m2", coverage=_COVERAGE, missing="no_area"),
            Measure(_COVERAGE, "float64", "share", "intensive", Text("Vloeroppervlak: dekking", "Floor area: coverage"),
                   Text("Deel van de adressen in het gebied waarvan het vloeroppervlak bekend is; leeg zonder adres.",
                        "Share of the addresses in the unit whose floor area is known; NaN without address."),
                   how=Text("Aantal adressen met een gebruiksoppervlakte die geen 0, 1 of 999.999 m² is, gedeeld door alle adressen.",
                            "Number of addresses with a usable floor area other than 0, 1 or 999,999 m², divided by all addresses."),
                   missing="no_address"),
        ),
        Text("Gebruiksoppervlakte", "Usable floor area"),
    ),
    Indicator(
        gross_floor,
        (
            Measure("floor_area_gross_m2", "float64", "m²", "extensive", Text("Bruto vloeroppervlak", "Gross floor area"),
                   Text("Gebruiksoppervlakte gedeeld door het ingestelde aandeel daarvan in het bruto vloeroppervlak (eengezins, meergezins, hoogbouw, overig); leeg als geen adres gemeten is.",
                        "Usable floor area divided by its set share of gross floor area (single-family, multi-family, high-rise, other); NaN where no address is measured."),
                   rows=Rows("verblijfsobject", "addresses_in_units", "gross_floor_area"),
                   coverage=_COVERAGE, missing="not_measured", estimate=True),
            Measure("fsi_gross", "float64", "m²/m²", "intensive", Text("Bebouwingsdichtheid (FSI, bruto)", "Floor space index (FSI, gross)"),
                   Text("Bruto vloeroppervlak gedeeld door de oppervlakte van het gebied, land en water.",
                        "Gross floor area divided by the area of the unit, land and water."),
                   formula="floor_area_gross_m2 / area_m2", coverage=_COVERAGE, missing="no_area", estimate=True),
        ),
        Text("Bruto vloeroppervlak", "Gross floor area"),
    ),
    Indicator(
        spacematrix,
        (
            Measure("building_layers", "float64", "m²/m²", "intensive", Text("Bouwlagen (L)", "Building layers (L)"),
                   Text("Bruto vloeroppervlak gedeeld door bebouwd oppervlak; leeg zonder bebouwing.",
                        "Gross floor area divided by footprint; NaN without footprint."),
                   formula="floor_area_gross_m2 / footprint_area_m2", coverage=_COVERAGE, missing="no_building", estimate=True),
            Measure("osr", "float64", "m²/m²", "intensive", Text("Open ruimte per m² vloer (OSR)", "Open space ratio (OSR)"),
                   Text("Onbebouwd oppervlak, (1 − GSI), per m² bruto vloer (FSI); leeg zonder vloeroppervlak.",
                        "Unbuilt ground, (1 − GSI), per m² of gross floor (FSI); NaN without floor area."),
                   formula="(1 - gsi) / fsi_gross", coverage=_COVERAGE, missing="no_floor_area", estimate=True),
        ),
        Text("Bouwlagen en open ruimte", "Building layers and open space"),
    ),
    Indicator(
        net_density,
        (
            Measure("fsi_net", "float64", "m²/m²", "intensive", Text("Bebouwingsdichtheid (FSI, netto)", "Floor space index (FSI, net)"),
                   Text("Bruto vloeroppervlak gedeeld door de netto oppervlakte: uitgeefbare grond volgens de BGT.",
                        "Gross floor area divided by the net area: private ground by the BGT."),
                   formula="floor_area_gross_m2 / net_area_m2", coverage=_COVERAGE, missing="no_block", estimate=True),
            Measure("gsi_net", "float64", "m²/m²", "intensive", Text("Bebouwingsgraad (GSI, netto)", "Ground space index (GSI, net)"),
                   Text("Bebouwd oppervlak (BAG, van boven gezien) gedeeld door de netto oppervlakte: uitgeefbare grond volgens de BGT; iets boven 1 waar panden over openbare grond hangen.",
                        "Footprint (BAG, seen from above) divided by the net area: private ground by the BGT; a little above 1 where buildings hang over public ground."),
                   formula="footprint_area_m2 / net_area_m2", missing="no_block"),
            Measure("osr_net", "float64", "m²/m²", "intensive", Text("Open ruimte per m² vloer (OSR, netto)", "Open space ratio (OSR, net)"),
                   Text("Netto oppervlakte zonder bebouwing per m² bruto vloer; iets onder 0 waar panden over openbare grond hangen, leeg zonder vloeroppervlak.",
                        "Net area without building per m² of gross floor; a little below 0 where buildings hang over public ground, NaN without floor area."),
                   formula="(1 - gsi_net) / fsi_net", coverage=_COVERAGE, missing="no_floor_area", estimate=True),
        ),
        Text("Dichtheid op de netto oppervlakte", "Density on the net area"),
    ),
    Indicator(
        unlike,
        (
            Measure("footprint_without_address_m2", "float64", "m²", "extensive", Text("Bebouwd oppervlak zonder adres", "Footprint without address"),
                   Text("Bebouwd oppervlak van panden waarin geen adres is dat telt: schuren, garages, trafohuisjes en ook hallen; ze hebben geen geregistreerd vloeroppervlak.",
                        "Footprint of buildings in which no address is that counts: sheds, garages, substations and also halls; they have no registered floor area."),
                   rows=Rows("pand", "footprint_parts_without_address")),
            Measure("footprint_without_address_share", "float64", "share", "intensive", Text("Bebouwd oppervlak zonder adres, deel", "Footprint without address, share"),
                   Text("Deel van het bebouwd oppervlak van panden waarin geen adres is dat telt; leeg zonder bebouwing.",
                        "Share of the footprint of buildings in which no address is that counts; NaN without footprint."),
                   formula="footprint_without_address_m2 / footprint_area_m2", missing="no_building"),
            Measure("footprint_industry_only_m2", "float64", "m²", "extensive", Text("Bebouwd oppervlak van grote bedrijfshallen en kassen", "Footprint of large halls and glasshouses"),
                   Text("Bebouwd oppervlak van panden van 10.000 m² en meer met alleen industriefunctie of zonder adres.",
                        "Footprint of buildings of 10,000 m² and more with industriefunctie only or without address."),
                   rows=Rows("pand", "footprint_parts_industry_only")),
            Measure("footprint_industry_only_share", "float64", "share", "intensive", Text("Bebouwd oppervlak van grote bedrijfshallen en kassen, deel", "Footprint of large halls and glasshouses, share"),
                   Text("Deel van het bebouwd oppervlak van panden van 10.000 m² en meer met alleen industriefunctie of zonder adres; leeg zonder bebouwing.",
                        "Share of the footprint of buildings of 10,000 m² and more with industriefunctie only or without address; NaN without footprint."),
                   formula="footprint_industry_only_m2 / footprint_area_m2", missing="no_building"),
            Measure("floor_area_outside_building_m2", "float64", "m²", "extensive", Text("Vloeroppervlak buiten panden", "Floor area outside buildings"),
                   Text("Bruto vloeroppervlak van adressen waarvan het punt in geen pand ligt dat telt, voor zover gemeten; leeg als er zulke adressen zijn en geen ervan gemeten is.",
                        "Gross floor area of addresses whose point lies in no building that counts, as far as measured; NaN where there are such addresses and none of them is measured."),
                   rows=Rows("verblijfsobject", "addresses_outside_building", "gross_floor_area"),
                   missing="not_measured", estimate=True),
        ),
        Text("Waar vloer en bebouwing niet bij elkaar horen", "Where floor and footprint do not belong together"),
    ),
)  # fmt: skip
