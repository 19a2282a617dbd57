"""What the report shows of each theme: declarations, no behaviour."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..clip.kinds import UnitKind
from ..contract import Column, Text
from ..figures import bars
from ..figures.bars import Bars

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Given:
    """All units of one kind: index unit_id, ``unit_name`` and the columns, NaN where a source does not say."""

    kind: UnitKind
    table: pd.DataFrame
    columns: Mapping[str, Column]


@dataclass(frozen=True)
class Theme:
    """One section of the report.

    Attributes
    ----------
    name
        Its anchor.
    columns
        What its table shows, in order; one that was not computed is left out.
    line
        Columns that are drawn along the line, section by section.
    bars
        Shares that are drawn as bars.
    scatter
        Columns of the Spacematrix: across, up; () for none.
    """

    name: str
    title: Text
    columns: tuple[str, ...]
    line: tuple[str, ...] = ()
    bars: tuple[Bars, ...] = ()
    scatter: tuple[str, ...] = ()


THEMES: tuple[Theme, ...] = (
    Theme(
        "people", Text("Mensen", "People"),
        ("inhabitants_count", "inhabitants_per_km2", "households_count", "household_size", "single_person_households_cbs_share", "age_65_plus_share"),
        line=("inhabitants_per_ha",),
        bars=(bars.AGES,),
    ),
    Theme(
        "dwellings", Text("Woningen en adressen", "Dwellings and addresses"),
        ("dwellings_count", "dwellings_per_ha", "dwellings_net_per_ha", "usable_area_m2_per_dwelling", "dwellings_multi_family_share", "vacant_dwellings_share", "oad_per_km2", "urbanity_class"),
        line=("dwellings_per_ha", "oad_per_km2"),
        bars=(
            bars.YEARS,
            bars.SIZES,
        ),
    ),
    Theme(
        "built", Text("Bebouwing", "Built form"),
        ("fsi_gross", "fsi_net", "gsi", "building_layers", "osr", "network_density_m_per_m2", "building_height_m", "volume_density_m3_per_m2"),
        line=("fsi_gross", "gsi"), scatter=("gsi", "fsi_gross"),
    ),
    Theme(
        "function", Text("Functie en werk", "Function and work"),
        ("mxi", "mixedness", "floor_area_gross_m2", "floor_area_work_m2", "floor_area_work_m2_per_ha", "establishments_per_ha", "jobs_estimate_count"),
        line=("mxi", "floor_area_work_m2_per_ha"),
    ),
    Theme(
        "land_use", Text("Bodemgebruik", "Land use"),
        ("land_use_built_up_share", "land_use_traffic_share", "land_use_recreation_share", "land_use_agriculture_share", "land_use_nature_share", "land_use_entropy", "land_use_hhi"),
        bars=(bars.LAND_USE,),
    ),
    Theme(
        "cover", Text("Bedekking van de grond", "Ground cover"),
        ("ground_green_share", "ground_paved_share", "ground_built_share", "ground_water_share", "ground_yard_share", "tree_canopy_share", "car_park_share", "tare_share"),
        line=("ground_green_share",),
        bars=(bars.GROUND,),
    ),
    Theme(
        "nearness", Text("Nabijheid", "Nearness"),
        ("dwellings_walk_800m_share", "dwellings_circle_800m_share", "dwellings_walk_1200m_share", "dwellings_cycle_3000m_share", "inhabitants_walk_1200m_share", "floor_area_work_walk_1200m_share", "station_walk_distance_m", "green_walk_distance_m"),
    ),
    Theme(
        "place", Text("Plaats in de stad", "Place in the city"),
        ("degurba_class", "urban_centre_inhabitants_share", "oad_per_km2", "urbanity_class"),
    ),
)  # fmt: skip

#: Groups of rows of every table: kinds of unit, in order.
PLACES: tuple[str, ...] = ("corridor", "gemeente", "wijk_corridor", "catchment")
#: Of these the bars are drawn.
BAR_PLACES: tuple[str, ...] = ("corridor", "gemeente", "catchment")
