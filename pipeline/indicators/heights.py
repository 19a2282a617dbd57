"""Heights of buildings, their volume and storeys, and the crowns of trees, from AHN at half a metre.

A building stands from the ground around it to its roof. Where too little of one of them was measured it has no
height, and nothing is put in its place. The heights are loaded around the corridor only, so that a unit can lie
outside or on the edge of what is known: a value is given where enough of what it is made from was measured, and
beside it stands how much that is.
"""

from __future__ import annotations

from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from ..contract import Column, Text
from ..grid import Tile, Tiled, side
from ..threads import in_threads
from ..zonal import THREADS, Marks, by_tile, count, in_tiles, mark, pack, statistics
from .declaration import Indicator, Measure, Rows
from .tables import per_unit, ratio

#: Ground and roof as 3DBAG has them: the 5th percentile of the ground within 4 m around the building, which is the
#: level of the street, not of a terrace; and the 70th percentile of the roof, between its eaves and its ridge.
GROUND_PERCENTILE = 5.0
GROUND_WITHIN_M = 4.0
ROOF_PERCENTILE = 70.0
#: Fewer cells (1 m²) say nothing of a roof, nor of the ground.
LEAST_CELLS = 4
#: A building has a height, and a unit trees, where at least this much of its cells is known.
LEAST_SHARE = 0.5
#: A unit has a volume and storeys where at least this much of its footprint has a height: a sum lacks the rest.
ENOUGH_SHARE = 0.9
#: What is lower was not there when AHN was flown, or lies below the ground: a building is a place to stand in.
LEAST_HEIGHT_M = 1.5
#: The last year in which AHN4 was flown. Of what was built later it shows what stood there before.
FLOWN_UNTIL = 2022
#: Storeys by height and by floor area disagree when they differ by more than both. Rounding down alone makes up to 1
#: and a storey in the roof, which has less floor than the one below, half of one; the storeys of offices and shops
#: are up to 3.7 m high, so that there are three tenths fewer than the 2.6 m of dwellings makes of them.
STOREYS_DIFFER = 1.5
STOREYS_DIFFER_SHARE = 0.3
#: Panden with this status are not there yet, so that a tree may be.
_NOT_THERE = frozenset({"Bouwvergunning verleend"})
#: Width of the edge around a pand that is not searched for trees: one cell, of which a part can be roof.
EDGE_M = 0.5
#: What is left over when heights in whole centimetres are kept in 32 bits.
_ROUNDING_M = 0.0005

# --- buildings


def building_heights(footprints: gpd.GeoSeries, pand: gpd.GeoDataFrame, ahn_dtm: Tiled, ahn_dsm: Tiled) -> pd.DataFrame:
    """Measure each building: the ground around it, its roof, and the height between them.

    Returns
    -------
    DataFrame
        Index pand_id, as ``footprints``.

        ``height_m``
            ``roof_m`` - ``ground_m``, from 1.5 m; NaN where ``reason`` says why.
        ``ground_m``
            5th percentile of the DTM within 4 m around it, m NAP; NaN with fewer than 4 cells known.
        ``roof_m``
            70th percentile of the DSM within it, m NAP; NaN where fewer than half of its cells, or fewer than 4, are
            known, and where it was built after the flight.
        ``coverage_share``
            Cells of the DSM within it that are known, of all; 0..1, NaN where it is smaller than a cell.
        ``measured``
            1.0 where it has a height, 0.0 where not.
        ``reason``
            Why it has no height: ``not_covered`` (no heights are loaded there), ``built_later`` (than the flight),
            ``too_few_cells``, ``no_roof`` (less than half is known), ``no_ground`` (none around it is known),
            ``not_above_ground`` (lower than 1.5 m: not there yet, gone, or below the ground); '' where it has one.

    Notes
    -----
    Source: 3DBAG, b3_h_maaiveld and b3_h_dak_70p. There they are of points, and of the planes of the roof.
    """
    near = in_tiles(footprints, ahn_dsm.tiles)
    here = footprints[near]
    around = shapely.difference(shapely.buffer(here.to_numpy(), GROUND_WITHIN_M, quad_segs=2), here.to_numpy())
    roof = statistics(here, ahn_dsm, (ROOF_PERCENTILE,)).reindex(footprints.index)
    ground = statistics(gpd.GeoSeries(around, index=here.index), ahn_dtm, (GROUND_PERCENTILE,)).reindex(
        footprints.index
    )
    coverage = ratio(roof["known"], roof["cells"])
    # NaN means that the year is not known, and is not later.
    later = (pand["construction_year"].reindex(footprints.index) > FLOWN_UNTIL).to_numpy()
    roofed = ~later & (coverage >= LEAST_SHARE) & (roof["known"] >= LEAST_CELLS)
    found = pd.DataFrame(
        {
            "ground_m": ground[f"p{GROUND_PERCENTILE:g}"].where(ground["known"] >= LEAST_CELLS),
            "roof_m": roof[f"p{ROOF_PERCENTILE:g}"].where(roofed),
            "coverage_share": coverage,
        }
    )
    height = found["roof_m"] - found["ground_m"]
    why = {
        "not_covered": ~near,
        "built_later": later,
        "too_few_cells": (roof["cells"] < LEAST_CELLS).to_numpy(),
        "no_roof": ~roofed.to_numpy(),
        "no_ground": found["ground_m"].isna().to_numpy(),
        "not_above_ground": (height < LEAST_HEIGHT_M - _ROUNDING_M).to_numpy(),
    }
    reason = np.select(list(why.values()), list(why), default="")
    found.insert(0, "height_m", height.where(reason == ""))
    return found.assign(measured=(reason == "").astype("float64"), reason=reason)


def building_storeys(
    footprints: gpd.GeoSeries,
    building_heights: pd.DataFrame,
    gross_floor_area: pd.Series,
    address_panden: pd.DataFrame,
    storey_height_m: float,
) -> pd.DataFrame:
    """Count the storeys of each building by its height and by its floor area, and say where they disagree.

    Returns
    -------
    DataFrame
        float64, index pand_id, as ``footprints``.

        ``by_height``
            Height / ``storey_height_m``, rounded down, at least 1; NaN without height.
        ``by_floor``
            Gross floor area of its addresses / its footprint; NaN where it has no address, or the floor area of one
            of them is not known.
        ``compared``
            1.0 where both are known, else 0.0.
        ``disagree``
            1.0 where they differ by more than 1.5 and by more than 0.3 of those by height; 0.0 where not, or not known.
    """
    floor = _floor_in_panden(footprints, gross_floor_area, address_panden)
    # Of a building with an address that was not measured the floor area is not known.
    in_pand = floor.groupby("pand")["floor_m2"].sum(min_count=1)
    by_floor = in_pand.where(~floor["floor_m2"].isna().groupby(floor["pand"]).any()).reindex(footprints.index)
    by_floor /= footprints.area
    # Rounded first, because 7.8 m can be kept as 7.7999 m.
    by_height = np.floor((building_heights["height_m"] / storey_height_m).round(3)).clip(lower=1.0)
    compared = by_floor.notna() & by_height.notna()
    apart = (by_height - by_floor).abs()
    return pd.DataFrame(
        {
            "by_height": by_height,
            "by_floor": by_floor,
            "compared": compared.astype("float64"),
            "disagree": ((apart > STOREYS_DIFFER) & (apart > STOREYS_DIFFER_SHARE * by_height)).astype("float64"),
        }
    )


def building_facts(
    pand: gpd.GeoDataFrame, building_heights: pd.DataFrame, building_storeys: pd.DataFrame
) -> pd.DataFrame:
    """Give what is known of the height of every pand, also of those that are no stock.

    Returns
    -------
    DataFrame
        Index pand_id, as ``pand``; the columns of `BUILDING`. ``volume_m3`` is of the whole pand, also where it
        shares ground with another. ``no_height_reason`` is as `building_heights` has it, or ``no_stock`` for a pand
        that the stock profile does not count, such as one that is permitted only; '' where there is a height.
    """
    found = building_heights.reindex(pand.index)
    storeys = building_storeys["by_height"].reindex(pand.index)
    return pd.DataFrame(
        {
            "ground_m": found["ground_m"],
            "roof_m": found["roof_m"],
            "height_m": found["height_m"],
            "height_storeys": storeys,
            "volume_m3": pand.geometry.area * found["height_m"],
            "height_coverage_share": found["coverage_share"],
            "no_height_reason": found["reason"].fillna("no_stock").astype("str"),
        },
        index=pand.index,
    )


def floor_by_height(
    footprints: gpd.GeoSeries,
    building_storeys: pd.DataFrame,
    gross_floor_area: pd.Series,
    address_panden: pd.DataFrame,
) -> pd.DataFrame:
    """Hold the gross floor area of each address against the height of its building.

    Returns
    -------
    DataFrame
        float64, m², index verblijfsobject_id of all counted addresses: ``compared_m2`` (its floor area where the
        storeys of its building are known both by height and by floor area, else 0) and ``above_m2`` (where the floor
        area of the building is more than its footprint times its storeys by height and one more, else 0).
    """
    floor = _floor_in_panden(footprints, gross_floor_area, address_panden)
    building = building_storeys.reindex(floor["pand"]).reset_index(drop=True)
    compared = floor["floor_m2"].where(building["compared"] == 1.0, 0.0)
    above = compared.where(building["by_floor"] > building["by_height"] + 1, 0.0)
    sums = pd.DataFrame({"compared_m2": compared, "above_m2": above}).groupby(floor["address"]).sum()
    return sums.reindex(gross_floor_area.index, fill_value=0.0)


def _floor_in_panden(
    footprints: gpd.GeoSeries, gross_floor_area: pd.Series, address_panden: pd.DataFrame
) -> pd.DataFrame:
    """Gross floor area of each address in each of its panden, split by their footprint: address, pand, floor_m2."""
    link = address_panden[address_panden["pand"].isin(footprints.index)].reset_index(drop=True)
    ground = pd.Series(footprints.area.reindex(link["pand"]).to_numpy(), dtype="float64")
    share = ground / ground.groupby(link["address"]).transform("sum")
    floor = gross_floor_area.reindex(link["address"]).to_numpy() * share
    return pd.DataFrame({"address": link["address"], "pand": link["pand"], "floor_m2": floor})


def building_volume(
    units: gpd.GeoDataFrame,
    footprint_parts: pd.DataFrame,
    footprint_in_units: pd.Series,
    building_heights: pd.DataFrame,
) -> pd.DataFrame:
    """Give the height of the buildings in each unit, and their volume: footprint in the unit times height.

    Returns
    -------
    DataFrame
        ``footprint_with_height_m2`` (footprint of buildings that have a height; never NaN), ``height_coverage_share``
        (that as a share of the footprint, 0..1; NaN without building), ``building_volume_m3`` (0 without building),
        ``volume_density_m3_per_m2`` (m³ per m² of the unit, land and water), ``building_height_m`` (mean, each
        building with its footprint in the unit as weight) and ``building_height_max_m`` (of the highest of which a
        part lies in the unit). The last four are NaN where less than 0.9 of the footprint has a height, the heights
        also without building.

    Notes
    -----
    Source: AHN; 3DBAG for what ground and roof are. A block from the ground to the roof: what lies below the ground,
    and what is open under a roof, is not seen.
    """
    area, unit = footprint_parts["area_m2"], footprint_parts["unit"]
    height = pd.Series(building_heights["height_m"].reindex(footprint_parts["subject"]).to_numpy(), index=area.index)
    measured = per_unit(area.where(height.notna(), 0.0), unit, units.index)
    coverage = ratio(measured, footprint_in_units)
    volume = _where_enough(per_unit(area * height, unit, units.index), coverage)
    highest = height.groupby(unit.to_numpy()).max().reindex(units.index)
    return pd.DataFrame(
        {
            "footprint_with_height_m2": measured,
            "height_coverage_share": coverage,
            "building_volume_m3": volume,
            "volume_density_m3_per_m2": ratio(volume, units["area_m2"]),
            "building_height_m": ratio(volume, measured),
            "building_height_max_m": _where_enough(highest, coverage),
        },
        index=units.index,
    )


def storeys(
    units: gpd.GeoDataFrame,
    footprint_parts: pd.DataFrame,
    footprint_in_units: pd.Series,
    building_storeys: pd.DataFrame,
) -> pd.DataFrame:
    """Give the storeys of buildings by their height, and where floor area says something else.

    Returns
    -------
    DataFrame
        ``floor_area_from_height_m2`` (footprint times storeys by height; 0 without building) and
        ``height_storeys`` (that per m² of footprint with a height, so a mean weighted by footprint; NaN without
        building). ``footprint_compared_m2`` (footprint of buildings with a height whose addresses all have a floor
        area; 0 without), ``storeys_coverage_share`` (that as a share of the footprint, 0..1; NaN without building),
        ``footprint_storeys_disagree_m2`` (of which the two differ by more than 1.5 storeys and 0.3 of those by height) and
        ``storeys_disagree_share`` (that as a share of what was compared, 0..1; NaN where nothing was). All are NaN
        where less than 0.9 of the footprint has a height.

    Notes
    -----
    Source: height of a storey from PBL RSopen. A hall has one storey where its height says three; attics and floors
    below the ground differ the other way.
    """
    area, unit = footprint_parts["area_m2"], footprint_parts["unit"]
    building = building_storeys.reindex(footprint_parts["subject"]).set_index(area.index)
    measured = per_unit(area.where(building["by_height"].notna(), 0.0), unit, units.index)
    coverage = ratio(measured, footprint_in_units)
    floor, compared, disagree = (
        _where_enough(per_unit(area * building[name], unit, units.index), coverage)
        for name in ("by_height", "compared", "disagree")
    )
    return pd.DataFrame(
        {
            "floor_area_from_height_m2": floor,
            "height_storeys": ratio(floor, measured),
            "footprint_compared_m2": compared,
            "storeys_coverage_share": ratio(compared, footprint_in_units),
            "footprint_storeys_disagree_m2": disagree,
            "storeys_disagree_share": ratio(disagree, compared),
        },
        index=units.index,
    )


def floor_against_volume(
    units: gpd.GeoDataFrame,
    addresses_in_units: pd.DataFrame,
    gross_floor_in_units: pd.Series,
    floor_by_height: pd.DataFrame,
) -> pd.DataFrame:
    """Say how much floor area is more than fits in the height of its building.

    Returns
    -------
    DataFrame
        ``floor_area_with_height_m2`` (gross floor area of addresses in buildings that have a height and of which all
        floor area is known; 0 without), ``floor_height_coverage_share`` (that as a share of the gross floor area,
        0..1; NaN without floor area), ``floor_above_volume_m2`` (of it what is in buildings with more floor area than
        footprint times storeys by height and one more; NaN where less than 0.9 is compared) and
        ``floor_above_volume_share`` (that as a share of what was compared, 0..1; NaN where nothing was).

    Notes
    -----
    Source: definition in the reference of this project, gross floor area ≤ footprint × storeys by height. One storey
    more is left for a roof with a floor. What is above can be floors below the ground, a floor area that is
    registered wrongly, or a share of usable in gross floor area that is too low for this building.
    """
    point, unit = addresses_in_units["point"], addresses_in_units["unit"]
    compared, above = (
        per_unit(pd.Series(floor_by_height[name].reindex(point).to_numpy(), index=unit.index), unit, units.index)
        for name in ("compared_m2", "above_m2")
    )
    coverage = ratio(compared, gross_floor_in_units)
    above = _where_enough(above, coverage)
    return pd.DataFrame(
        {
            "floor_area_with_height_m2": compared,
            "floor_height_coverage_share": coverage,
            "floor_above_volume_m2": above,
            "floor_above_volume_share": ratio(above, compared),
        },
        index=units.index,
    )


def _where_enough(values: pd.Series, coverage: pd.Series) -> pd.Series:
    """NaN where too little is measured; where there is nothing to measure the value stays."""
    return values.where((coverage >= ENOUGH_SHARE) | coverage.isna())


# --- trees


def tree_cells(pand: gpd.GeoDataFrame, ahn_dtm: Tiled, ahn_dsm: Tiled, tree_from_m: float) -> Mapping[str, Marks]:
    """Mark what stands higher than ``tree_from_m`` above the ground and is no building.

    Returns
    -------
    mapping
        ``searched``: cells within half a metre of a pand that is there, or with both heights known. ``tree``: of
        these, without panden, the surface is higher than that above the ground. Where one of the heights is not
        known (water, and where no pulse reached the ground) nothing can be said.
    """
    standing = pand.geometry[~pand["status"].isin(_NOT_THERE)]
    standing = standing[in_tiles(standing, ahn_dsm.tiles)]
    # The edge of a cell can lie across that of a tile.
    edged = by_tile(standing.buffer(EDGE_M, join_style="mitre"))
    nothing = np.array([], dtype=object)
    both = sorted({*ahn_dtm.tiles} & {*ahn_dsm.tiles})

    def look(tile: Tile) -> tuple[bytes, bytes]:
        above = ahn_dsm.read(tile) - ahn_dtm.read(tile)
        built = mark(edged.get(tile, nothing), tile, side(ahn_dsm.raster))
        return pack(built | ~np.isnan(above)), pack(~built & (above > tree_from_m + _ROUNDING_M))

    searched, tree = ({}, {}) if not both else zip(*in_threads(look, both, THREADS), strict=True)
    return {
        "searched": Marks(ahn_dsm.raster, dict(zip(both, searched, strict=True))),
        "tree": Marks(ahn_dsm.raster, dict(zip(both, tree, strict=True))),
    }


def tree_canopy(units: gpd.GeoDataFrame, tree_cells: Mapping[str, Marks]) -> pd.DataFrame:
    """Give the ground under the crowns of trees.

    Returns
    -------
    DataFrame
        ``tree_searched_area_m2`` (where both heights are known, or a building stands; 0 outside what is loaded),
        ``tree_coverage_share`` (that as a share of the unit, by cells, 0..1; NaN for a unit without a cell),
        ``tree_canopy_area_m2`` (of what was searched), ``tree_canopy_share`` (that as a share of what was searched,
        0..1), and ``tree_canopy_low_share`` and ``tree_canopy_high_share`` (of the whole unit, if nothing of what
        was not searched is under trees, and if all of it is). The last four are NaN where less than half was searched.

    Notes
    -----
    Source: AHN, surface above ground level. A cell of half a metre belongs to a unit when its centre lies in it.
    Masts, wires, cranes, viaducts and tall vehicles count as trees, and crowns above a roof do not.
    """
    counted = count(units.geometry, tree_cells)
    cell_m2 = tree_cells["tree"].raster.resolution_m ** 2
    coverage = ratio(counted["searched"], counted["cells"])
    searched = counted["searched"] * cell_m2
    canopy = (counted["tree"] * cell_m2).where(coverage >= LEAST_SHARE)
    share = ratio(canopy, searched)
    low = share * coverage
    return pd.DataFrame(
        {
            "tree_searched_area_m2": searched,
            "tree_coverage_share": coverage,
            "tree_canopy_area_m2": canopy,
            "tree_canopy_share": share,
            "tree_canopy_low_share": low,
            "tree_canopy_high_share": low + 1 - coverage,
        },
        index=units.index,
    ).astype("float64")


TABLES = (building_heights, building_storeys, building_facts, floor_by_height, tree_cells)

#: Why a pand has no height: code -> what a reader sees.
NO_HEIGHT: Mapping[str, Text] = {
    "": Text("", ""),
    "not_covered": Text("hier zijn geen hoogten geladen", "no heights are loaded here"),
    "built_later": Text("gebouwd na de inwinning van de hoogten", "built after the heights were flown"),
    "too_few_cells": Text("te klein om te meten", "too small to be measured"),
    "no_roof": Text("van het dak is te weinig gemeten", "too little of the roof was measured"),
    "no_ground": Text("het maaiveld eromheen is niet gemeten", "the ground around it was not measured"),
    "not_above_ground": Text("minder dan 1,5 m boven het maaiveld", "less than 1.5 m above the ground"),
    "no_stock": Text("telt niet als bestaand (vergund, of anders volgens het voorraadprofiel)", "does not count as existing (permitted, or otherwise by the stock profile)"),
}

#: What is known of a building by its height; `building_facts` gives them.
BUILDING: tuple[Column, ...] = (
    Column("ground_m", "float64", "m", "intensive", Text("Maaiveld (m NAP)", "Ground (m NAP)"),
           Text("Hoogte van het maaiveld: 5e percentiel van AHN binnen 4 m rond het pand; leeg waar dat niet gemeten is.",
                "Height of the ground: 5th percentile of AHN within 4 m around the building; NaN where not measured.")),
    Column("roof_m", "float64", "m", "intensive", Text("Dak (m NAP)", "Roof (m NAP)"),
           Text("Hoogte van het dak: 70e percentiel van AHN binnen het pand; leeg waar het niet gemeten is.",
                "Height of the roof: 70th percentile of AHN within the building; NaN where not measured.")),
    Column("height_m", "float64", "m", "intensive", Text("Hoogte", "Height"),
           Text("Dak min maaiveld, vanaf 1,5 m; leeg waar de reden staat.", "Roof less ground, from 1.5 m; NaN where a reason stands.")),
    Column("height_storeys", "float64", "storey", "intensive", Text("Bouwlagen naar hoogte", "Storeys by height"),
           Text("Hoogte gedeeld door de verdiepingshoogte, naar beneden afgerond, ten minste 1; een schatting.",
                "Height divided by the height of a storey, rounded down, at least 1; an estimate.")),
    Column("volume_m3", "float64", "m³", "extensive", Text("Volume", "Volume"),
           Text("Oppervlak van het hele pand maal de hoogte; leeg zonder hoogte.", "Area of the whole building times its height; NaN without height.")),
    Column("height_coverage_share", "float64", "share", "intensive", Text("Gemeten deel van het dak", "Measured part of the roof"),
           Text("Deel van de cellen binnen het pand waarvan de hoogte bekend is.", "Share of the cells within the building whose height is known.")),
    Column("no_height_reason", "str", "", "label", Text("Waarom geen hoogte", "Why no height"),
           Text("Waarom het pand geen hoogte heeft; leeg waar het er een heeft.", "Why the building has no height; empty where it has one.")),
)  # fmt: skip

_COVERAGE, _FLOOR_COVERAGE, _TREE_COVERAGE = (
    "height_coverage_share",
    "floor_height_coverage_share",
    "tree_coverage_share",
)


def _of_panden(weights: str, amount: str) -> Rows:
    return Rows("pand", "footprint_parts", weights, amount)


def _of_addresses(amount: str) -> Rows:
    return Rows("verblijfsobject", "addresses_in_units", "floor_by_height", amount)


INDICATORS: tuple[Indicator, ...] = (
    Indicator(
        building_volume,
        (
            Measure("footprint_with_height_m2", "float64", "m²", "extensive", Text("Bebouwd oppervlak met hoogte", "Footprint with a height"),
                    Text("Bebouwd oppervlak in het gebied van panden waarvan AHN een hoogte geeft; 0 zonder.",
                         "Footprint in the unit of buildings of which AHN gives a height; 0 without."),
                    rows=_of_panden("building_heights", "measured")),
            Measure(_COVERAGE, "float64", "share", "intensive", Text("Hoogte: dekking", "Height: coverage"),
                    Text("Deel van het bebouwd oppervlak dat een gemeten hoogte heeft; leeg zonder bebouwing.",
                         "Share of the footprint that has a measured height; NaN without building."),
                    formula="footprint_with_height_m2 / footprint_area_m2", missing="no_building"),
            Measure("building_volume_m3", "float64", "m³", "extensive", Text("Bouwvolume", "Building volume"),
                    Text("Som van bebouwd oppervlak in het gebied maal hoogte, van panden met een hoogte; 0 zonder bebouwing, leeg waar minder dan 90 % van het bebouwd oppervlak een hoogte heeft.",
                         "Sum of footprint in the unit times height, of buildings with a height; 0 without building, NaN where less than 90 % of the footprint has a height."),
                    rows=_of_panden("building_heights", "height_m"), coverage=_COVERAGE, missing="little_measured"),
            Measure("volume_density_m3_per_m2", "float64", "m³/m²", "intensive", Text("Volumedichtheid", "Volume density"),
                    Text("Bouwvolume gedeeld door de oppervlakte van het gebied, land en water.",
                         "Building volume divided by the area of the unit, land and water."),
                    formula="building_volume_m3 / area_m2", coverage=_COVERAGE, missing="no_area"),
            Measure("building_height_m", "float64", "m", "intensive", Text("Bouwhoogte", "Building height"),
                    Text("Gemiddelde hoogte van de panden boven het maaiveld eromheen, gewogen naar hun bebouwd oppervlak in het gebied; leeg zonder bebouwing.",
                         "Mean height of the buildings above the ground around them, weighted by their footprint in the unit; NaN without building."),
                    formula="building_volume_m3 / footprint_with_height_m2", coverage=_COVERAGE, missing="no_building"),
            Measure("building_height_max_m", "float64", "m", "intensive", Text("Bouwhoogte, hoogste", "Building height, highest"),
                    Text("Hoogte van het hoogste pand waarvan een deel in het gebied ligt; leeg zonder bebouwing, en waar minder dan 90 % van het bebouwd oppervlak een hoogte heeft.",
                         "Height of the highest building of which a part lies in the unit; NaN without building, and where less than 90 % of the footprint has a height."),
                    how=Text("De grootste hoogte van de panden met een deel in het gebied; de hoogte is het 70e percentiel van het dak min het 5e percentiel van het maaiveld binnen 4 m.",
                             "The greatest height of the buildings with a part in the unit; the height is the 70th percentile of the roof less the 5th percentile of the ground within 4 m."),
                    coverage=_COVERAGE, missing="little_measured"),
        ),
        Text("Bouwhoogte en volume", "Building height and volume"),
    ),
    Indicator(
        storeys,
        (
            Measure("floor_area_from_height_m2", "float64", "m²", "extensive", Text("Vloeroppervlak volgens hoogte", "Floor area by height"),
                    Text("Bebouwd oppervlak in het gebied maal het aantal lagen volgens de hoogte (hoogte gedeeld door de ingestelde laaghoogte, naar beneden afgerond, ten minste 1); 0 zonder bebouwing, leeg waar minder dan 90 % een hoogte heeft.",
                         "Footprint in the unit times storeys by height (height divided by the set height of a storey, rounded down, at least 1); 0 without building, NaN where less than 90 % has a height."),
                    rows=_of_panden("building_storeys", "by_height"), coverage=_COVERAGE, missing="little_measured", estimate=True),
            Measure("height_storeys", "float64", "storey", "intensive", Text("Lagen volgens hoogte", "Storeys by height"),
                    Text("Gemiddeld aantal lagen volgens de hoogte van de panden, gewogen naar bebouwd oppervlak; leeg zonder bebouwing.",
                         "Mean number of storeys by the height of the buildings, weighted by footprint; NaN without building."),
                    formula="floor_area_from_height_m2 / footprint_with_height_m2", coverage=_COVERAGE, missing="no_building", estimate=True),
            Measure("footprint_compared_m2", "float64", "m²", "extensive", Text("Bebouwd oppervlak met hoogte en vloer", "Footprint with height and floor"),
                    Text("Bebouwd oppervlak van panden met een hoogte waarvan van alle adressen het vloeroppervlak bekend is; 0 zonder, leeg waar minder dan 90 % van het bebouwd oppervlak een hoogte heeft.",
                         "Footprint of buildings with a height of which the floor area of all addresses is known; 0 without, NaN where less than 90 % of the footprint has a height."),
                    rows=_of_panden("building_storeys", "compared"), coverage=_COVERAGE, missing="little_measured"),
            Measure("storeys_coverage_share", "float64", "share", "intensive", Text("Lagen vergeleken: dekking", "Storeys compared: coverage"),
                    Text("Deel van het bebouwd oppervlak waarvan het aantal lagen zowel volgens de hoogte als volgens het vloeroppervlak bekend is; schuren en andere panden zonder adres horen daar niet bij.",
                         "Share of the footprint of which the storeys are known both by height and by floor area; sheds and other buildings without address are not among it."),
                    formula="footprint_compared_m2 / footprint_area_m2", missing="no_building"),
            Measure("footprint_storeys_disagree_m2", "float64", "m²", "extensive", Text("Bebouwd oppervlak waar lagen verschillen", "Footprint where storeys disagree"),
                    Text("Bebouwd oppervlak van panden waarvan de lagen volgens de hoogte en die volgens het vloeroppervlak (bruto vloer gedeeld door bebouwd oppervlak) meer dan 1,5 en meer dan 30 % verschillen.",
                         "Footprint of buildings whose storeys by height and by floor area (gross floor divided by footprint) differ by more than 1.5 and by more than 30 %."),
                    rows=_of_panden("building_storeys", "disagree"), coverage="storeys_coverage_share", missing="little_measured", estimate=True),
            Measure("storeys_disagree_share", "float64", "share", "intensive", Text("Lagen verschillen", "Storeys disagree"),
                    Text("Deel van het vergeleken bebouwd oppervlak waarvan de lagen volgens hoogte en vloeroppervlak meer dan 1,5 en meer dan 30 % verschillen; leeg waar niets te vergelijken is.",
                         "Share of the compared footprint whose storeys by height and by floor area differ by more than 1.5 and by more than 30 %; NaN where there is nothing to compare."),
                    formula="footprint_storeys_disagree_m2 / footprint_compared_m2", coverage="storeys_coverage_share", missing="none", estimate=True),
        ),
        Text("Lagen volgens hoogte en vloeroppervlak", "Storeys by height and by floor area"),
    ),
    Indicator(
        floor_against_volume,
        (
            Measure("floor_area_with_height_m2", "float64", "m²", "extensive", Text("Vloeroppervlak met hoogte", "Floor area with a height"),
                    Text("Bruto vloeroppervlak van adressen in panden met een hoogte waarvan al het vloeroppervlak bekend is; 0 zonder.",
                         "Gross floor area of addresses in buildings with a height of which all floor area is known; 0 without."),
                    rows=_of_addresses("compared_m2")),
            Measure(_FLOOR_COVERAGE, "float64", "share", "intensive", Text("Vloer tegen volume: dekking", "Floor against volume: coverage"),
                    Text("Deel van het bruto vloeroppervlak dat tegen de hoogte van zijn pand gehouden kan worden; leeg zonder vloeroppervlak.",
                         "Share of the gross floor area that can be held against the height of its building; NaN without floor area."),
                    formula="floor_area_with_height_m2 / floor_area_gross_m2", missing="no_floor_area"),
            Measure("floor_above_volume_m2", "float64", "m²", "extensive", Text("Vloeroppervlak dat niet in het volume past", "Floor area that does not fit the volume"),
                    Text("Bruto vloeroppervlak in panden met meer vloer dan bebouwd oppervlak maal lagen volgens de hoogte plus één; leeg waar minder dan 90 % vergeleken is. Kelders en ondergronds parkeren verklaren een deel.",
                         "Gross floor area in buildings with more floor than footprint times storeys by height plus one; NaN where less than 90 % is compared. Basements and underground parking explain part of it."),
                    rows=_of_addresses("above_m2"), coverage=_FLOOR_COVERAGE, missing="little_measured", estimate=True),
            Measure("floor_above_volume_share", "float64", "share", "intensive", Text("Vloer past niet in volume", "Floor does not fit volume"),
                    Text("Deel van het vergeleken bruto vloeroppervlak in panden met meer vloer dan bebouwd oppervlak maal lagen volgens de hoogte plus één; leeg zonder vloeroppervlak met hoogte.",
                         "Share of the compared gross floor area in buildings with more floor than footprint times storeys by height plus one; NaN without floor area with a height."),
                    formula="floor_above_volume_m2 / floor_area_with_height_m2", coverage=_FLOOR_COVERAGE, missing="none", estimate=True),
        ),
        Text("Vloeroppervlak tegen volume", "Floor area against volume"),
    ),
    Indicator(
        tree_canopy,
        (
            Measure("tree_searched_area_m2", "float64", "m²", "extensive", Text("Doorzocht op bomen", "Searched for trees"),
                    Text("Oppervlakte waarvan maaiveld- en oppervlaktehoogte beide bekend zijn, of waar een pand staat; 0 waar geen hoogten geladen zijn. Op water is niets gemeten.",
                         "Area of which ground level and surface height are both known, or where a building stands; 0 where no heights are loaded. On water nothing is measured."),
                    how=Text("Aantal cellen van 0,5 m met hun midden in het gebied, keer 0,25 m².", "Number of cells of 0.5 m with their centre in the unit, times 0.25 m².")),
            Measure(_TREE_COVERAGE, "float64", "share", "intensive", Text("Bomen: dekking", "Trees: coverage"),
                    Text("Deel van de cellen in het gebied dat op bomen doorzocht is.", "Share of the cells in the unit that was searched for trees."),
                    how=Text("Doorzochte cellen gedeeld door alle cellen met hun midden in het gebied.", "Cells searched divided by all cells with their centre in the unit."),
                    missing="no_area"),
            Measure("tree_canopy_area_m2", "float64", "m²", "extensive", Text("Boomkronen, oppervlakte", "Tree canopy, area"),
                    Text("Oppervlakte buiten panden die meer dan de ingestelde hoogte (2,5 m) boven het maaiveld uitsteekt; leeg waar minder dan de helft doorzocht is. Masten, draden en viaducten tellen mee.",
                         "Area outside buildings that stands more than the set height (2.5 m) above the ground; NaN where less than half was searched. Masts, wires and viaducts are among it."),
                    how=Text("Aantal cellen van 0,5 m met hun midden in het gebied, keer 0,25 m².", "Number of cells of 0.5 m with their centre in the unit, times 0.25 m²."),
                    coverage=_TREE_COVERAGE, missing="little_measured", estimate=True),
            Measure("tree_canopy_share", "float64", "share", "intensive", Text("Boomkronen", "Tree canopy"),
                    Text("Oppervlakte onder boomkronen gedeeld door de oppervlakte die doorzocht is, panden meegeteld.",
                         "Area under tree canopy divided by the area that was searched, buildings included."),
                    formula="tree_canopy_area_m2 / tree_searched_area_m2", coverage=_TREE_COVERAGE,
                    bounds=("tree_canopy_low_share", "tree_canopy_high_share"), missing="not_measured", estimate=True),
            Measure("tree_canopy_low_share", "float64", "share", "intensive", Text("Boomkronen, minstens", "Tree canopy, at least"),
                    Text("Deel van het hele gebied onder boomkronen als er nergens een boom staat waar niet gezocht is.",
                         "Share of the whole unit under tree canopy if no tree stands where none was searched for."),
                    formula="tree_canopy_share * tree_coverage_share", coverage=_TREE_COVERAGE, missing="not_measured", estimate=True),
            Measure("tree_canopy_high_share", "float64", "share", "intensive", Text("Boomkronen, hoogstens", "Tree canopy, at most"),
                    Text("Deel van het hele gebied onder boomkronen als er overal bomen staan waar niet gezocht is.",
                         "Share of the whole unit under tree canopy if trees stand wherever none was searched for."),
                    formula="tree_canopy_low_share + 1 - tree_coverage_share", coverage=_TREE_COVERAGE, missing="not_measured", estimate=True),
        ),
        Text("Boomkronen", "Tree canopy"),
    ),
)  # fmt: skip
