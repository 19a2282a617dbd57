"""What the pages of the atlas are drawn from: the tables of the stages before, and which files they are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import geopandas as gpd

from ..atlas.content import World
from ..atlas.declaration import Map
from ..atlas.places import streets
from ..clip import axis as axis_
from ..clip import corridor as corridor_
from ..clip.kinds import UnitKind
from ..contract import Column
from ..project import Project
from ..sources import BY_NAME
from . import compute
from .compute import possible, with_computed

#: Kinds that stand beside those of a map: the whole, and what lies along the line.
BESIDE = ("corridor", "section", "catchment")
#: Walking distance of ten minutes, where the config has such a ring.
_RADIUS_M = 800.0
#: NWB: roads of the State and of the province are the main ones.
_MAIN_ROADS = ("R", "P")
#: BBG, first digit: recreation, woodland and nature.
_GREEN = (4, 6)
_CONTEXT = ("spooras", "wegvak", "top10nl_water", "bodemgebruik", "gemeente", "pand")


def kinds_of(project: Project, spec: Map) -> list[UnitKind]:
    """The kinds of unit of a map that were made, and those beside them."""
    return [k for k in project.kinds if k.name in (*spec.kinds, *BESIDE)]


def radius_m(project: Project) -> float:
    """Radius of the circle around each station: ten minutes on foot, else the middle one of the config."""
    radii = sorted(project.config.units.catchment_radii_m)
    return _RADIUS_M if _RADIUS_M in radii or not radii else float(radii[len(radii) // 2])


def behind(project: Project) -> set[str]:
    """Names of the sources that every map shows, whatever its indicators."""
    line = {"spooras", "station"} if project.config.corridor.stations else set()
    return {n for n in _CONTEXT if n in project.names} | {"gemeente"} | line


def world_files(project: Project, spec: Map) -> Iterator[Path]:
    """The files behind `world`, besides the lines of the corridor."""
    places = project.places
    yield from (places.clipped(n) for n in _CONTEXT if n in project.names)
    for kind in kinds_of(project, spec):
        yield places.clipped(f"unit_{kind.name}")
        yield places.clipped(f"share_{kind.name}")
        yield from (places.computed(i.name, kind.name) for i in possible(project, kind))
        if compute.has_series(project, kind):
            yield places.series(kind.name)


def world(project: Project, spec: Map) -> World:
    """All that a map is drawn from."""
    kinds = kinds_of(project, spec)
    units = {k.name: with_computed(project, k, project.units(k)) for k in kinds}
    columns: dict[str, Column] = {c.name: c for k in kinds for c in (*k.layer.columns, *_computed(project, k))}
    series = {k.name: compute.series(project, k) for k in kinds if compute.has_series(project, k)}
    there = {n: project.clipped(BY_NAME[n].layer) for n in _CONTEXT if n in project.names}
    return World(
        units=units,
        columns=columns,
        context=_around(project, there),
        series=series,
        buildings=_existing(project, there.get("pand")),
        ground=there.get("bodemgebruik"),
        streets=streets(there["wegvak"], there["gemeente"]) if {"wegvak", "gemeente"} <= there.keys() else None,
        station_radius_m=radius_m(project),
    )


def _computed(project: Project, kind: UnitKind) -> Iterator[Column]:
    return (c for i in possible(project, kind) for c in i.columns)


def _around(project: Project, there: dict[str, gpd.GeoDataFrame]) -> dict[str, gpd.GeoDataFrame]:
    found = {"corridor": project.clipped(corridor_.CORRIDOR)}
    if project.config.corridor.stations:
        found["axis"] = project.clipped(axis_.AXIS)
        found["station"] = project.clipped(axis_.STOPS).sort_values("chainage_m")
    if "spooras" in there:
        found["rail"] = there["spooras"]
    if "wegvak" in there:
        found["road"] = there["wegvak"][there["wegvak"]["road_authority"].isin(_MAIN_ROADS)]
    if "top10nl_water" in there:
        found["water"] = there["top10nl_water"]
    if "bodemgebruik" in there:
        found["green"] = there["bodemgebruik"][(there["bodemgebruik"]["bbg_code"] // 10).isin(_GREEN)]
    if "gemeente" in there:
        found["border"] = there["gemeente"]
    return {name: table for name, table in found.items() if len(table)}


def _existing(project: Project, pand: gpd.GeoDataFrame | None) -> gpd.GeoDataFrame | None:
    return None if pand is None else pand[pand["status"].isin(project.config.stock_profile.pand_statuses)]
