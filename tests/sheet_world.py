"""Two stations on a line, with rings, parts, sections and layers whose figures can be done in the head."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from pipeline.clip.kinds import KINDS
from pipeline.clip.units import catchments
from pipeline.contract import CRS
from pipeline.indicators import INDICATORS

X, Y = 250_000.0, 475_000.0
NAN = float("nan")
KIND = {k.name: k for k in KINDS}
COLUMNS = {
    **{c.name: c for c in KIND["catchment"].layer.columns},
    **{c.name: c for i in INDICATORS if i.applies_to(KIND["catchment"]) for c in i.columns},
}
RADII = (400.0, 800.0, 1200.0)
NAMES = ("West", "Oost")
SAID: dict[str, Any] = {
    "project": "Spoorzone Proefstad",
    "language": "nl",
    "source_line": "Synthetisch voorbeeld: verzonnen. Bron: niemand",
    "notice": "Synthetisch voorbeeld: verzonnen",
    "settings_line": "Corridor: 300 m aan weerszijden van het spoor",
    "date": "21 november 2026",
}
#: Of each ring, from the station outwards; rounder than nature has them.
RINGS: dict[str, tuple[float, float, float]] = {
    "area_m2": (500_000.0, 1_500_000.0, 2_500_000.0),
    "land_area_m2": (500_000.0, 1_500_000.0, 2_500_000.0),
    "inhabitants_count": (1000.0, 3000.0, 9e6),
    "inhabitants_low_count": (990.0, 2990.0, 9e6),
    "inhabitants_high_count": (1010.0, 3030.0, 9e6),
    "inhabitants_coverage_share": (1.0, 0.5, 0.0),
    "dwellings_count": (600.0, 1400.0, 9e6),
    "dwellings_multi_family_count": (540.0, 460.0, 0.0),
    "footprint_area_m2": (100_000.0, 100_000.0, 0.0),
    "floor_area_gross_m2": (300_000.0, 500_000.0, 0.0),
    "floor_area_coverage_share": (1.0, 1.0, 1.0),
    "addresses_count": (700.0, 1500.0, 9e6),
    "ground_green_area_m2": (100_000.0, 900_000.0, 0.0),
    "ground_yard_area_m2": (50_000.0, 50_000.0, 0.0),
    "ground_other_area_m2": (0.0, 0.0, 0.0),
    "ground_covered_area_m2": (500_000.0, 1_500_000.0, 0.0),
    "dwellings_walk_800m_share": (0.9, 0.2, 0.0),
    "dwellings_circle_800m_share": (1.0, 1.0, 0.0),
    "floor_area_housing_m2": (150_000.0, 150_000.0, 0.0),
    "floor_area_office_m2": (50_000.0, 50_000.0, 0.0),
    "floor_area_with_use_m2": (200_000.0, 300_000.0, 0.0),
    **{f"floor_area_{use}_m2": (0.0, 0.0, 0.0) for use in ("industry", "retail", "assembly", "sport", "lodging", "prison", "other")},
    "floor_area_education_m2": (0.0, 60_000.0, 0.0),
    "floor_area_health_care_m2": (0.0, 40_000.0, 0.0),
}  # fmt: skip
FORMULAS = (
    "inhabitants_per_ha", "dwellings_per_ha", "dwellings_multi_family_share", "gsi", "fsi_gross", "building_layers", "osr", "mxi",
    "ground_coverage_share", "ground_green_share", "ground_green_low_share", "ground_green_high_share",
    *(f"floor_area_{u}_share" for u in ("housing", "office", "industry", "retail", "education", "health_care", "assembly", "sport", "lodging", "prison", "other")),
)  # fmt: skip


def stops(names: tuple[str, ...] = NAMES, apart_m: float = 4000.0) -> gpd.GeoDataFrame:
    points = [shapely.Point(X + apart_m * n, Y) for n in range(len(names))]
    along = [apart_m * n for n in range(len(names))]
    index = pd.Index([f"S{n}" for n in range(len(names))], name="station_id")
    return gpd.GeoDataFrame({"station_name": names, "chainage_m": along}, geometry=points, index=index, crs=CRS)


def rings(names: tuple[str, ...] = NAMES, **changes: tuple[float, float, float]) -> pd.DataFrame:
    """Rings as the units of kind "catchment" come; of the second station everything is twice as much.

    Ratios are what no sum or mean of the rings can be: they have to be worked out again.
    """
    table = pd.DataFrame(catchments(stops(names), RADII).drop(columns="geometry"))
    for column, values in {**RINGS, **changes}.items():
        wholes = COLUMNS[column].role == "extensive" and not column.startswith(("area_", "land_", "ground_"))
        of = {f"{name} {low:04.0f}-{high:04.0f}": v * (1 + n * wholes)
              for n, name in enumerate(names) for low, high, v in zip((0, *RADII), RADII, values, strict=False)}  # fmt: skip
        table[column] = pd.Series(of)
    return table.assign(**dict.fromkeys(FORMULAS, 0.123456))


def corridor() -> pd.Series:
    """The corridor as a whole."""
    return pd.Series(
        {"unit_name": "corridor", "area_m2": 12_340_000.0, "inhabitants_count": 20_000.0, "inhabitants_per_ha": 16.2,
         "dwellings_count": 9000.0, "gsi": 0.1, "fsi_gross": 0.5, "floor_area_housing_share": 0.5,
         **{f"floor_area_{u}_share": 0.0 for u in ("office", "industry", "retail", "education", "health_care", "assembly", "sport", "lodging", "prison")},
         "floor_area_other_share": 0.5}
    )  # fmt: skip


def parts(names: tuple[str, ...] = ("Oostgemeente", "Westgemeente")) -> pd.DataFrame:
    """Parts in municipalities; the first is the smallest."""
    one = corridor().to_dict()
    rows = [one | {"unit_name": n, "area_m2": 1e6 * (i + 1), "inhabitants_count": 5000.0 * (i + 1)} for i, n in enumerate(names)]
    return pd.DataFrame(rows, index=[f"GM{n}" for n in range(len(names))])


def sections() -> pd.DataFrame:
    index = [f"S{m:06d}" for m in range(0, 4000, 500)]
    return pd.DataFrame({"unit_name": [f"{i}" for i in index], "inhabitants_per_ha": [10.0 * n for n in range(8)], "fsi_gross": 0.5}, index=index)


def buurten() -> pd.DataFrame:
    return pd.DataFrame({"unit_name": ["A", "B"], "gsi": [0.2, 0.1], "fsi_gross": [0.4, NAN]}, index=["BU1", "BU2"])


def squares(name: str = "vierkant") -> gpd.GeoDataFrame:
    """A row of squares along the line, 0 to 12,000 people per km²; one is not known."""
    shapes = [shapely.box(X + 500 * n, Y, X + 500 * n + 100, Y + 100) for n in range(8)]
    values = [0.0, 100.0, 600.0, 2000.0, 4000.0, 6000.0, 12_000.0, NAN]
    return gpd.GeoDataFrame({"unit_name": name, "inhabitants_per_km2": values}, geometry=shapes, crs=CRS)


def layers() -> dict[str, gpd.GeoDataFrame]:
    """A building of 20 × 10 m at each station and one far away; water, green, a street, a main road, the track."""
    def table(shapes: list[Any], **columns: Any) -> gpd.GeoDataFrame:
        return gpd.GeoDataFrame(columns, geometry=shapes, crs=CRS)

    line = shapely.LineString([(X - 1500, Y), (X + 5500, Y)])
    outline = line.buffer(600)
    return {
        "pand": table([shapely.box(X + e + 100, Y + 50, X + e + 120, Y + 60) for e in (0, 4000, 50_000)]),
        "top10nl_water": table([shapely.box(X - 300, Y - 300, X - 200, Y - 200)]),
        "bodemgebruik": table([shapely.box(X + 200, Y + 200, X + 400, Y + 400)] * 2, bbg_code=[40, 20]),
        "wegvak": table([shapely.LineString([(X, Y - 900), (X, Y + 900)]), shapely.LineString([(X - 900, Y - 100), (X + 900, Y - 100)])], road_authority=["G", "P"]),
        "spooras": table([line]),
        "axis": table([shapely.LineString([(X, Y), (X + 4000, Y)])]),
        "gemeente": table([shapely.box(X - 5000, Y - 5000, X + 2000, Y + 5000)]),
        "corridor": table([outline]),
        "station": stops(),
    }  # fmt: skip


GROUND = ("pand", "top10nl_water", "bodemgebruik", "wegvak", "spooras")


def station_sheet(**changes: Any) -> dict[str, Any]:
    """The arguments of `draw_stations`, but the areas."""
    there = {"radius_m": 800.0, "stops": stops(), "corridor": corridor(), "buurten": buurten(), "columns": COLUMNS,
             "layers": {n: t for n, t in layers().items() if n in GROUND}}  # fmt: skip
    return there | SAID | changes


def fact_sheet(**changes: Any) -> dict[str, Any]:
    """The arguments of `draw_sheet`."""
    there = {"corridor": corridor(), "parts": parts(), "sections": sections(), "squares": squares(), "columns": COLUMNS,
             "layers": layers(), "stops": [("West", 0.0), ("Oost", 4000.0)]}  # fmt: skip
    return there | SAID | changes
