"""What a map page knows beside the shapes: indicators, levels, the line, stations; text and numbers, ready for JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from ..clip.kinds import KINDS
from ..contract import Column, ContractError, Language, Text
from ..formulas import written
from ..measures import Measure
from ..palettes import CHANGE, CLASSES, CONSTRUCTION, LAND_USE, Category, Classes
from ..wording import number
from . import doubt
from .advice import ADVICE
from .background import wgs84
from .declaration import Map
from .digits import Shown, shown

#: Units of which 0 is a class of its own, "there is none": most of a grid is empty land, and white lets the rest speak.
_NONE_OF = frozenset({"count", "1/km²", "1/ha", "m²/m²", "m²/ha"})
_NONE_COLOUR = "#ffffff"
#: Less than this measured, and the map marks a value.
SURE_FROM_SHARE = 0.95
#: Levels that are no units: what stands, and what the ground is used for.
BUILDINGS, GROUND = "pand", "bodemgebruik"

_TITLES: Mapping[str, Text] = {
    **{kind.name: kind.title for kind in KINDS},
    "square_500m": Text("500 m", "500 m"),
    "square_100m": Text("100 m", "100 m"),
    BUILDINGS: Text("Pand", "Building"),
    GROUND: Text("Grondgebruik", "Land use"),
}
_SINGLE: Mapping[str, Text] = {
    **{kind.name: kind.title for kind in KINDS},
    "square_500m": Text("Vierkant van 500 m", "500 m square"),
    "square_100m": Text("Vierkant van 100 m", "100 m square"),
    BUILDINGS: Text("Pand", "Building"),
    GROUND: Text("Vlak", "Plot"),
}
_PLURAL: Mapping[str, Text] = {
    "gemeente": Text("gemeenten", "municipalities"),
    "wijk": Text("wijken", "districts"),
    "buurt": Text("buurten", "neighbourhoods"),
    "square_1km": Text("vierkanten", "squares"),
    "square_500m": Text("vierkanten", "squares"),
    "square_100m": Text("vierkanten", "squares"),
    "hexagon": Text("zeshoeken", "hexagons"),
    BUILDINGS: Text("panden", "buildings"),
    GROUND: Text("vlakken", "plots"),
}


@dataclass(frozen=True)
class World:
    """All that a map is drawn from; every table in EPSG:28992.

    Attributes
    ----------
    units
        Per kind: index `unit_id`; `unit_name` and indicator columns, NaN where a source doesn't say. Besides the
        kinds of the map: ``corridor`` (one row), ``section`` and ``catchment`` where there are stations.
    columns
        Declarations of the indicators.
    context
        ``corridor`` (one polygon) and, as far as they are there: ``axis`` (lines), ``station`` (points with
        `station_name` and `chainage_m`), ``rail``, ``road`` (lines), ``water``, ``green``, ``border`` (polygons).
    series
        Per kind: `unit_id`, `year` and indicator columns, one row per unit and year, the newest the current one.
    buildings
        Panden that exist: `construction_year`, `use`, `verblijfsobject_count`; None without.
    ground
        Land use: `bbg_code`, `use_name`; None without.
    streets
        Points with `street_name` and `place`; None without.
    station_radius_m
        Circle around each station.
    """

    units: Mapping[str, gpd.GeoDataFrame]
    columns: Mapping[str, Column]
    context: Mapping[str, gpd.GeoDataFrame]
    series: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    buildings: gpd.GeoDataFrame | None = None
    ground: gpd.GeoDataFrame | None = None
    streets: gpd.GeoDataFrame | None = None
    station_radius_m: float = 800.0

    @property
    def years(self) -> list[int]:
        """The years of which there are values, oldest first; empty where there is no series."""
        found = {int(y) for table in self.series.values() for y in table["year"].unique()}
        return sorted(found) if len(found) > 1 else []

    def yearly(self, kind: str, column: str) -> pd.DataFrame | None:
        """Values of `column` in each of `years`, one row per unit of `kind`; None where there is no series."""
        table = self.series.get(kind)
        if table is None or column not in table or not self.years:
            return None
        wide = table.set_index(["unit_id", "year"])[column].unstack("year")  # noqa: PD010 - nothing to add up
        wide = wide.reindex(index=self.units[kind].index, columns=self.years)
        return None if wide[self.years[-1]].isna().all() else wide


def level(name: str, count: int, language: Language) -> dict[str, Any]:
    """What a level is called."""
    texts = {"title": _TITLES[name], "single": _SINGLE[name], "plural": _PLURAL[name]}
    return {"name": name, "count": count, **{key: text.in_(language) for key, text in texts.items()}}


def shown_columns(spec: Map, world: World, kinds: Iterable[str], language: Language) -> dict[str, Shown]:
    """How each column of the map is shown that any level has: indicators first, then facts."""
    there = {c for kind in kinds for c in world.units[kind].columns}
    names = [c for c in (*spec.columns, *spec.facts) if c in there and c in world.columns]
    return {n: shown(world.columns[n], language, CLASSES[n].breaks if n in spec.columns else ()) for n in names}


def column(spec: Map, name: str, how: Shown, world: World, language: Language) -> dict[str, Any]:
    """All that is said of one indicator or fact."""
    declared = world.columns[name]
    said: dict[str, Any] = {
        "label": declared.label.in_(language),
        "unit": how.unit,
        "decimals": how.decimals,
        "meaning": declared.meaning.in_(language),
        "formula": _formula(declared, world.columns, language),
        "corridor": _corridor(name, how, world),
        "coverage": doubt.coverage(declared),
        "estimate": isinstance(declared, Measure) and declared.estimate,
    }
    if name not in spec.columns:
        return said
    classes, none = CLASSES[name], declared.unit in _NONE_OF
    advice = ADVICE[name]
    breaks = tuple(b * how.factor for b in classes.breaks)
    return said | {
        "short": advice.short.in_(language),
        "says": advice.says.in_(language),
        "saysNot": advice.says_not.in_(language),
        # Values are whole numbers here, so what is not 0 begins at 1.
        "breaks": [*[1] * none, *(round(b * how.whole) for b in classes.breaks)],
        "edges": [*["0"] * none, *_edges(breaks, how.decimals, language)],
        "colours": [*[_NONE_COLOUR] * none, *classes.colours],
        "labels": [*["0"] * none, *Classes(breaks, classes.colours).labels(language)],
    }


def themes(spec: Map, columns: Mapping[str, Any], language: Language) -> list[dict[str, Any]]:
    """The themes with an indicator left."""
    found = ((t, [c for c in t.columns if c in columns]) for t in spec.themes)
    return [{"name": t.name, "title": t.title.in_(language), "columns": some} for t, some in found if some]


def views(
    spec: Map, columns: Mapping[str, Any], levels: Iterable[str], stations: int, language: Language
) -> list[dict[str, Any]]:
    """The saved views whose level, indicator, place and years are there; `columns` as `column` makes them."""
    there = set(levels)
    return [
        {"title": v.title.in_(language), "caption": v.caption.in_(language), "level": v.level, "column": v.column,
         "mode": v.mode, "place": v.place}
        for v in spec.views
        if v.level in there
        and (v.level in (BUILDINGS, GROUND) or v.column in columns)
        and (v.place is None or v.place < stations)
        and (v.mode == "one" or (v.column in columns and len(columns[v.column]["corridor"]) > 1))
    ]  # fmt: skip


def change(language: Language) -> dict[str, Any]:
    """Classes of the difference between two years, in per cent."""
    return {
        "breaks": list(CHANGE.breaks),
        "colours": list(CHANGE.colours),
        "labels": list(CHANGE.labels(language)),
    }


def line(world: World, columns: Mapping[str, Shown], language: Language) -> dict[str, Any] | None:
    """The sections along the line, in order, and where the stations stand; None without stations."""
    sections, stations = world.units.get("section"), world.context.get("station")
    if sections is None or stations is None or not len(sections):
        return None
    sections = sections.sort_index()
    axis = world.context["axis"].sort_values("from_m")
    if len(axis) != len(sections):
        msg = f"map: {len(sections)} sections and {len(axis)} pieces of the axis, expected as many; run 'spoorzone clip'"
        raise ContractError(msg)
    middle = gpd.GeoDataFrame(geometry=axis.geometry.interpolate(0.5, normalized=True), crs=axis.crs)
    return {
        "step": float((axis["to_m"] - axis["from_m"]).max()),
        "from": axis["from_m"].tolist(),
        "at": [[p.y, p.x] for p in wgs84(middle)],
        "name": sections["unit_name"].tolist(),
        "values": {n: _whole(sections[n], how.whole) for n, how in columns.items() if n in sections},
        "stations": [[n, float(m)] for n, m in zip(stations["station_name"], stations["chainage_m"], strict=True)],
        "land": _land(sections),
        "about": _LINE.in_(language),
    }


_LINE = Text(
    "Per stuk van de lijn, over de volle breedte van de corridor.",
    "Per section of the line, over the whole width of the corridor.",
)


def areas(world: World) -> list[dict[str, Any]]:
    """Land use within the circle around each station: shares of the main groups, added up over its rings."""
    rings, stations = world.units.get("catchment"), world.context.get("station")
    if rings is None or stations is None:
        return []
    outer = rings.index.str.extract(r"(\d+)$")[0].astype(float).to_numpy()
    found = []
    for name in stations["station_name"]:
        inside = rings[(outer <= world.station_radius_m) & [str(i).rsplit(" ", 1)[0] == name for i in rings.index]]
        if len(inside):
            found.append({"name": name, "land": _weighed(inside)})
    return found


def _land(table: gpd.GeoDataFrame) -> list[list[float] | None]:
    names = [f"land_use_{g}_share" for g in _GROUPS]
    if not set(names) <= set(table):
        return []
    rows = table[names].to_numpy(dtype=float)
    return [None if np.isnan(row).any() else [round(float(v), 4) for v in row] for row in rows]


def _weighed(rings: gpd.GeoDataFrame) -> list[float] | None:
    names = [f"land_use_{g}_share" for g in _GROUPS]
    if not set(names) <= set(rings):
        return None
    weight = rings["area_m2"].to_numpy()
    mean = (rings[names].to_numpy(dtype=float) * weight[:, None]).sum(axis=0) / weight.sum()
    return None if np.isnan(mean).any() else [round(float(v), 4) for v in mean]


_GROUPS = ("traffic", "built_up", "semi_built", "recreation", "agriculture", "nature", "inland_water", "outer_water", "abroad")


def building_themes(language: Language, uses: Sequence[Category]) -> list[dict[str, Any]]:
    """What buildings can be coloured by."""

    def classed(name: str, title: Text, classes: Classes, label: Callable[[float], str]) -> dict[str, Any]:
        said = [label(b) for b in classes.breaks]
        labels = [
            _BEFORE[name].in_(language).format(said[0]),
            *(f"{a}–{label(b - 1)}" if b - 1 > lo else a for a, b, lo in zip(said, classes.breaks[1:], classes.breaks, strict=False)),
            _AFTER[name].in_(language).format(said[-1]),
        ]
        return {"name": name, "title": title.in_(language), "breaks": list(classes.breaks),
                "colours": list(classes.colours), "labels": labels}  # fmt: skip

    return [
        {
            "name": "use",
            "title": _USE.in_(language),
            "colours": [c.colour for c in uses],
            "labels": [c.label.in_(language) for c in uses],
        },
        classed("construction_year", _YEAR, CONSTRUCTION, lambda b: f"{b:.0f}"),
        classed("verblijfsobject_count", _ADDRESSES, ADDRESSES, lambda b: f"{b:.0f}"),
    ]


_USE = Text("Functie", "Use")
_YEAR = Text("Bouwjaar", "Year built")
_ADDRESSES = Text("Adressen", "Addresses")
_BEFORE = {"construction_year": Text("voor {}", "before {}"), "verblijfsobject_count": Text("geen", "none")}
_AFTER = {"construction_year": Text("vanaf {}", "from {}"), "verblijfsobject_count": Text("{} en meer", "{} and more")}
#: Addresses in one building.
ADDRESSES = Classes((1, 2, 4, 10, 50), ("#e3e6e8", "#c7e9b4", "#7fcdbb", "#41b6c4", "#2c7fb8", "#253494"))


def ground_theme(language: Language) -> dict[str, Any]:
    """The main groups of land use."""
    return {"colours": [c.colour for c in LAND_USE], "labels": [c.label.in_(language) for c in LAND_USE]}


def stations(world: World) -> list[dict[str, Any]]:
    """Stations in order along the line."""
    if "station" not in world.context:
        return []
    table = world.context["station"]
    return [{"name": n, "at": [p.y, p.x]} for n, p in zip(table["station_name"], wgs84(table), strict=True)]


def _corridor(name: str, how: Shown, world: World) -> list[int | None]:
    """Value of the whole corridor in each year, or now."""
    whole = world.units.get("corridor")
    if whole is None or name not in whole:
        return [None]
    yearly = world.yearly("corridor", name)
    return _whole(whole[name] if yearly is None else yearly.iloc[0], how.whole)


def _whole(values: Iterable[float], factor: float) -> list[int | None]:
    return [None if pd.isna(v) else round(v * factor) for v in values]


def _edges(breaks: Sequence[float], decimals: int, language: Language) -> list[str]:
    needed = max(len(f"{b:.10g}".partition(".")[2]) for b in breaks)
    return [number(b, min(needed, decimals), language) for b in breaks]


def _formula(column: Column, columns: Mapping[str, Column], language: Language) -> str:
    """How it is worked out, in the names that a reader sees; '' where it is counted or measured."""
    if not isinstance(column, Measure) or not column.formula:
        return ""
    return written(column.formula, lambda n: columns[n].label.in_(language) if n in columns else n, language)
