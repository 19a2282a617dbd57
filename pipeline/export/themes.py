"""Which layers a drawing of a rail zone has, what each is made from, and where its texts stand."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from ..contract import Text
from ..palettes import LAND_USE
from .drawing import Drawing, Outlines, Symbols, Texts

#: Letters of this height can be read on paper at the scale for which they are meant, 1:5,000 and 1:1,000.
_AREA_NAME_M, _STREET_NAME_M = 18.0, 4.0
#: Shorter streets have no room for their name.
_STREET_FROM_M = 60.0
_STATION_M = 60.0
#: The register says where a tree stands, not how wide it is.
_TREE_M = 4.0
_INK = "#26323d"
_GROUND_USE, _STATIONS, _STREETS = "bodemgebruik_corridor", "corridor_station", "wegvak_corridor"
_TREES = "bgt_vegetatieobject_corridor"


@dataclass(frozen=True)
class Theme:
    """One layer of outlines.

    Attributes
    ----------
    layer
        Its name: ``SZ_``, two digits by which a list of layers is in the order in which they lie, and what it is.
    table
        Name of the table that it is made from.
    where
        Column -> values: only rows with one of them.
    """

    layer: str
    title: Text
    colour: str
    table: str
    where: Mapping[str, tuple[str | int, ...]] = field(default_factory=dict)


def layer_name(text: str) -> str:
    """A text as the name of a layer takes it: capitals, digits and underscores."""
    plain = unicodedata.normalize("NFD", text).encode("ascii", "ignore").decode().upper()
    return "_".join("".join(c if c.isalnum() else " " for c in plain).split())


#: The lowest first. Land use is one layer per main group, told by the first digit of its class.
THEMES: tuple[Theme, ...] = (
    Theme("SZ_20_PERCEEL", Text("Percelen (BRK)", "Parcels (BRK)"), "#b9a58c", "perceel_corridor"),
    Theme("SZ_30_GROEN", Text("Begroeid terrein (BGT)", "Planted ground (BGT)"), "#7fae5e", "bgt_begroeidterreindeel_corridor", {"level": (0,)}),
    Theme("SZ_31_TERREIN", Text("Erf en onbegroeid terrein (BGT)", "Yards and bare ground (BGT)"), "#c9ac7b", "bgt_onbegroeidterreindeel_corridor", {"level": (0,)}),
    Theme("SZ_32_WATER", Text("Water (BGT)", "Water (BGT)"), "#5b9bd0", "bgt_waterdeel_corridor", {"level": (0,)}),
    Theme("SZ_40_WEG", Text("Wegdelen (BGT)", "Parts of roads (BGT)"), "#7c8087", "bgt_wegdeel_corridor", {"level": (0,)}),
    Theme("SZ_41_BERM", Text("Bermen (BGT)", "Verges (BGT)"), "#a9b08f", "bgt_ondersteunendwegdeel_corridor", {"level": (0,)}),
    Theme("SZ_42_SPOOR", Text("Sporen (BGT)", "Tracks (BGT)"), _INK, "bgt_spoor_corridor"),
    Theme("SZ_43_KUNSTWERK", Text("Viaducten en bruggen (BGT)", "Viaducts and bridges (BGT)"), "#5d646b", "bgt_kunstwerkdeel_corridor"),
    Theme("SZ_50_PAND", Text("Panden (BAG)", "Buildings (BAG)"), "#8a4b3c", "pand_corridor"),
    Theme("SZ_80_BUURTGRENS", Text("Buurten (CBS)", "Neighbourhoods (CBS)"), "#8a949c", "buurt"),
    Theme("SZ_81_GEMEENTEGRENS", Text("Gemeenten (CBS)", "Municipalities (CBS)"), "#6b4c7a", "gemeente"),
    Theme("SZ_82_SPOORAS", Text("As van de spoorzone", "Axis of the rail zone"), "#c2185b", "axis"),
    Theme("SZ_83_CORRIDOR", Text("Rand van de corridor", "Edge of the corridor"), "#c2185b", "corridor_outline"),
)  # fmt: skip
ROOFS = Theme("SZ_51_DAK", Text("Panden op dakhoogte (AHN), m NAP", "Buildings at the height of their roof (AHN), m NAP"), "#b08d7d", "pand_corridor")


def tables() -> frozenset[str]:
    """Names of the tables that a drawing is made from."""
    return frozenset({*(t.table for t in THEMES), _GROUND_USE, _STATIONS, _STREETS, _TREES})


def drawing(tables: Mapping[str, gpd.GeoDataFrame], roof_m: pd.Series | None, notes: Sequence[str]) -> Drawing:
    """Make the drawing of a rail zone from the tables that are there.

    Parameters
    ----------
    tables
        Name -> table in EPSG:28992, with its key as index. One that is not there, or has no rows, has no layer.
    roof_m
        Height of the roof per pand, m NAP; NaN where it is not known.
    notes
        What is to be known, written below the drawing.
    """
    parts: list[Outlines | Symbols | Texts] = [*_land_use(tables.get(_GROUND_USE))]
    for theme in THEMES:
        parts += _outlines(theme, tables)
        if theme.layer == "SZ_50_PAND" and roof_m is not None:
            parts += _outlines(ROOFS, tables, roof_m)
    parts += _trees(tables.get(_TREES))
    parts += _stations(tables.get(_STATIONS))
    parts += _area_names(tables.get("buurt"))
    parts += _street_names(tables.get(_STREETS))
    return Drawing(tuple(parts), tuple(notes))


def _outlines(theme: Theme, tables: Mapping[str, gpd.GeoDataFrame], height_m: pd.Series | None = None) -> Iterator[Outlines]:
    table = tables.get(theme.table)
    if table is None:
        return
    kept = table
    for column, values in theme.where.items():
        kept = kept[kept[column].isin(values)]
    if len(kept):
        yield Outlines(theme.layer, theme.title, theme.colour, kept.geometry, height_m)


def _land_use(table: gpd.GeoDataFrame | None) -> Iterator[Outlines]:
    if table is None:
        return
    group = table["bbg_code"] // 10
    for number, category in enumerate(LAND_USE):
        kept = table[group.isin(category.values)]
        if len(kept):
            name = f"SZ_1{number}_GRONDGEBRUIK_{layer_name(category.label.nl)}"
            title = Text(*(f"{a}: {b}" for a, b in zip(Text("Grondgebruik (CBS)", "Land use (CBS)"), category.label, strict=True)))
            yield Outlines(name, title, category.colour, kept.geometry)


def _trees(table: gpd.GeoDataFrame | None) -> Iterator[Symbols]:
    if table is not None and len(trees := table[table["type_detail"] == "boom"]):
        yield Symbols("SZ_60_BOOM", Text("Bomen (BGT)", "Trees (BGT)"), "#5f9a52", trees.geometry, "tree", _TREE_M)


def _stations(table: gpd.GeoDataFrame | None) -> Iterator[Symbols | Texts]:
    if table is None or not len(table):
        return
    points = table.geometry
    yield Symbols("SZ_84_STATION", Text("Stations", "Stations"), "#c2185b", points, "station", _STATION_M)
    beside = gpd.GeoSeries(shapely.transform(points.to_numpy(), lambda c: c + [0.0, _STATION_M]), index=points.index, crs=table.crs)
    yield Texts("SZ_94_STATIONSNAAM", Text("Namen van stations", "Names of stations"), "#c2185b", beside, table["station_name"], _AREA_NAME_M)


def _area_names(table: gpd.GeoDataFrame | None) -> Iterator[Texts]:
    if table is None or not len(table):
        return
    name = next(c for c in ("unit_name", "buurt_name") if c in table)
    inside = table.geometry.representative_point()
    yield Texts("SZ_90_BUURTNAAM", Text("Namen van buurten", "Names of neighbourhoods"), _INK, inside, table[name], _AREA_NAME_M)


def _street_names(table: gpd.GeoDataFrame | None) -> Iterator[Texts]:
    """A name on the longest stretch of each street, along it, and never upside down."""
    if table is None:
        return
    named = table[table["street_name"].fillna("") != ""]
    merged = named.geometry.groupby(named["street_name"], sort=True).agg(lambda g: shapely.line_merge(shapely.union_all(g.to_numpy())))
    stretches = gpd.GeoSeries(merged, crs=table.crs).explode()
    if stretches.empty:
        return
    stretches = stretches[stretches.length >= _STREET_FROM_M]
    longest = _longest(stretches)
    if longest.empty:
        return
    yield Texts(
        "SZ_91_STRAATNAAM", Text("Straatnamen (NWB)", "Street names (NWB)"), _INK, longest.interpolate(0.5, normalized=True),
        pd.Series(longest.index, index=longest.index), _STREET_NAME_M, _turns_deg(longest),
    )  # fmt: skip


def _longest(stretches: gpd.GeoSeries) -> gpd.GeoSeries:
    order = np.argsort(-stretches.length.to_numpy(), kind="stable")
    sorted_ = stretches.iloc[order]
    return sorted_[~sorted_.index.duplicated()].sort_index()


def _turns_deg(lines: gpd.GeoSeries) -> pd.Series:
    """Direction of each line in its middle, from -90 up to 90 degrees, counter-clockwise from the east."""
    before, after = (shapely.get_coordinates(lines.interpolate(at, normalized=True).to_numpy()) for at in (0.45, 0.55))
    east, north = (after - before).T
    turned = np.degrees(np.arctan2(north, east))
    return pd.Series((turned + 90) % 180 - 90, index=lines.index)
