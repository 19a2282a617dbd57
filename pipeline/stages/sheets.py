"""The static pages beside the maps: the station sheet, the fact sheet, and the pictures of the front page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import geopandas as gpd
import pandas as pd

from .. import indicators
from ..atlas import pictures
from ..atlas.declaration import Map
from ..atlas.frame import BARS
from ..atlas.plot import Choropleth, overview
from ..atlas.sheet import SHEET, draw_sheet
from ..atlas.stations import STATIONS, areas_of, draw_stations, radius_of
from ..clip import axis as axis_
from ..clip import corridor as corridor_
from ..clip.kinds import UnitKind
from ..contract import Column
from ..palettes import CLASSES
from ..project import Project
from ..sources import BY_NAME, NAMES
from .compute import possible, with_computed

SHEETS: tuple[Map, ...] = (STATIONS, SHEET)
#: What the drawings show beside the units, where it was loaded.
_LAYERS: Mapping[str, tuple[str, ...]] = {
    STATIONS.name: ("pand", "top10nl_water", "bodemgebruik", "wegvak", "spooras"),
    SHEET.name: ("top10nl_water", "wegvak", "spooras", "gemeente"),
}
_PICTURED = ("pand", "top10nl_water", "wegvak", "spooras", "gemeente")


def shown(project: Project) -> list[Map]:
    """The sheets that can be made: each has the kind of unit that it is about."""
    there = {k.name for k in project.kinds}
    return [s for s in SHEETS if s.start in there]


def files(project: Project, sheet: Map) -> tuple[Path, ...]:
    """The layers that a sheet draws."""
    return tuple(project.places.clipped(n) for n in _LAYERS[sheet.name] if n in project.names)


def pictured(project: Project) -> tuple[Path, ...]:
    """The layers that the pictures of the front page draw."""
    return tuple(project.places.clipped(n) for n in _PICTURED if n in project.names)


def behind(project: Project, sheet: Map) -> frozenset[str]:
    """Names of the sources of what a sheet draws: its maps and its bars."""
    drawn = {c for b in BARS for c in b.columns}
    used = [
        i for k in project.kinds if k.name in sheet.kinds for i in possible(project, k)
        if drawn.intersection(c.name for c in i.columns)
    ]  # fmt: skip
    layers = project.names.intersection(_LAYERS[sheet.name])
    return layers.union(*(indicators.leaves(i) & NAMES for i in used))


def made_with(project: Project) -> dict[str, Any]:
    """What the drawings depend on besides what every page does: which buildings exist."""
    return {"buildings": sorted(project.config.stock_profile.pand_statuses)}


def draw(project: Project, sheet: Map, said: Mapping[str, Any]) -> str:
    """Draw a sheet with what every page says of itself."""
    given = {n: said[n] for n in ("project", "language", "source_line", "notice", "settings_line", "date")}
    return {STATIONS.name: _stations, SHEET.name: _sheet}[sheet.name](project, given)


def _stations(project: Project, said: Mapping[str, Any]) -> str:
    kinds, radii = {k.name: k for k in project.kinds}, project.config.units.catchment_radii_m
    columns, stops = _columns(project, kinds["catchment"]), _stops(project)
    rings = pd.DataFrame(_units(project, kinds["catchment"]).drop(columns="geometry"))
    areas = areas_of(rings, stops["station_name"].tolist(), radii, columns)
    return draw_stations(
        areas=areas, radius_m=radius_of(radii), stops=stops,
        corridor=_units(project, kinds["corridor"]).iloc[0] if "corridor" in kinds else None,
        buurten=_units(project, kinds["buurt"]) if "buurt" in kinds else None,
        columns=columns, layers=_layers(project, _LAYERS[STATIONS.name]), **said,
    )  # fmt: skip


def _sheet(project: Project, said: Mapping[str, Any]) -> str:
    kinds = {k.name: k for k in project.kinds}
    columns: dict[str, Column] = {}
    for kind in (kinds[n] for n in reversed(SHEET.kinds) if n in kinds):
        columns |= _columns(project, kind)
    tables = {n: _units(project, kinds[n]) for n in SHEET.kinds if n in kinds}
    stops = _stops(project) if project.config.corridor.stations else None
    return draw_sheet(
        corridor=tables["corridor"].iloc[0], parts=tables.get("gemeente_corridor"), sections=tables.get("section"),
        squares=tables.get("square_100m"), columns=columns, layers=_around(project, _LAYERS[SHEET.name]),
        stops=[] if stops is None else list(zip(stops["station_name"], stops["chainage_m"], strict=True)), **said,
    )  # fmt: skip


def draw_pictures(project: Project, maps: Sequence[Map]) -> dict[str, ET.Element]:
    """Draw the picture of each map, sheet and of the report."""
    layers = _around(project, _PICTURED)
    outline = layers["corridor"].geometry.iloc[0]
    made = {}
    for spec in maps:
        theme = _theme(project, spec)
        made[spec.name] = overview(
            outline, layers, theme, name=spec.name, title="", language=project.config.project.language, labels=False
        )
    if "station" in layers:
        radius = radius_of(project.config.units.catchment_radii_m)
        made[STATIONS.name] = pictures.trio(layers["station"].geometry.tolist(), radius, layers)
    return made | {SHEET.name: pictures.paper("sheet"), "report": pictures.paper("report")}


def start_of(project: Project, spec: Map) -> UnitKind | None:
    """The kind of unit that a map shows at its start, or the first that there is."""
    kinds = {k.name: k for k in project.kinds}
    return next((kinds[k] for k in (spec.start, *spec.kinds) if k in kinds), None)


def _theme(project: Project, spec: Map) -> Choropleth | None:
    """What a map shows at its start."""
    if (kind := start_of(project, spec)) is None:
        return None
    units = _units(project, kind)
    column = next((c for c in spec.columns if c in units and c in CLASSES), None)
    return Choropleth(units.geometry, units[column], CLASSES[column]) if column else None


def _columns(project: Project, kind: UnitKind) -> dict[str, Column]:
    return {c.name: c for c in (*kind.layer.columns, *(c for i in possible(project, kind) for c in i.columns))}


def _units(project: Project, kind: UnitKind) -> gpd.GeoDataFrame:
    return with_computed(project, kind, project.units(kind))


def _stops(project: Project) -> gpd.GeoDataFrame:
    return project.clipped(axis_.STOPS).sort_values("chainage_m")


def _layers(project: Project, names: Sequence[str]) -> dict[str, gpd.GeoDataFrame]:
    layers = {n: project.clipped(BY_NAME[n].layer) for n in names if n in project.names}
    if "pand" in layers:
        exists = layers["pand"]["status"].isin(project.config.stock_profile.pand_statuses)
        layers["pand"] = layers["pand"][exists]
    return layers


def _around(project: Project, names: Sequence[str]) -> dict[str, gpd.GeoDataFrame]:
    """The layers with the corridor, and the line and its stations where there is one."""
    layers = _layers(project, names) | {"corridor": project.clipped(corridor_.CORRIDOR)}
    if project.config.corridor.stations:
        layers |= {"axis": project.clipped(axis_.AXIS), "station": _stops(project)}
    return layers
