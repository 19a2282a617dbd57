"""What goes into files for others: every layer with its declaration and look, and which files it is made from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from .. import indicators, store
from ..clip import axis as axis_
from ..clip import corridor as corridor_
from ..clip.kinds import UnitKind
from ..contract import POINT, Column, Layer, Text
from ..export import tables
from ..export.declaration import IN_CORRIDOR, WHOLE, Exported, Listed
from ..export.styles import default_style, layer_style
from ..indicators.heights import BUILDING, NO_HEIGHT
from ..project import Project
from ..sources import NAMES, Source
from ..sources.bag import PAND
from ..sources.bgt import BGT
from . import compute
from .clip import cut_to_corridor
from .compute import possible, with_computed

_CUT = Text("in de corridor", "in the corridor")
_UNCUT = Text("heel", "whole")
#: The rasters that heights are measured in: the ground, and the surface.
HEIGHTS = ("ahn_dtm", "ahn_dsm")


def files(project: Project) -> tuple[Path, ...]:
    """The files behind `exported` and `series`."""
    places = project.places
    sources = cut_to_corridor(project)
    return (
        *lines(project),
        *(places.clipped(f"{s.name}_corridor") for s in sources),
        *(places.clipped(s.name) for s in sources if _has_size(s)),
        *(p for kind in project.kinds for p in numbers(project, kind)),
        *((places.buildings,) * compute.has_buildings(project)),
        *compute.series_files(project),
    )


def numbers(project: Project, kind: UnitKind) -> tuple[Path, ...]:
    """The files behind the units of a kind with their indicators."""
    places = project.places
    return (
        places.clipped(f"unit_{kind.name}"),
        places.clipped(f"share_{kind.name}"),
        *(places.computed(i.name, kind.name) for i in possible(project, kind)),
    )


def lines(project: Project) -> tuple[Path, ...]:
    """The files of the corridor, and of the line that it lies along."""
    made = [corridor_.CORRIDOR.name]
    if project.config.corridor.stations:
        made += [axis_.AXIS.name, axis_.STOPS.name]
    return tuple(project.places.clipped(t) for t in made)


def receipts(project: Project) -> tuple[Path, ...]:
    """The files that say where everything came from, and what the checks found."""
    places = project.places
    loaded = [*(d.name for d in project.deliveries), *(r.name for r in project.rasters)]
    return (*(places.receipt(n) for n in loaded), places.totals, places.checks)


def about(project: Project) -> dict[str, Any]:
    """The settings that every file for others depends on."""
    return {"[project]": project.config.project.model_dump(mode="json"), "settings": settings(project)}


def settings(project: Project) -> dict[str, str]:
    """The choices behind the numbers, by the name of their key; keys that say nothing are left out."""
    config = project.config.model_dump(mode="json", include={"area", "corridor", "units", "indicators"})
    return {
        f"[{table}] {key}": ", ".join(map(str, value)) if isinstance(value, list) else str(value)
        for table, keys in config.items()
        for key, value in keys.items()
        if value not in (None, [])
    }


def columns_of(project: Project, kind: UnitKind) -> tuple[Column, ...]:
    """The columns of a unit table with its indicators, in order."""
    return (*kind.layer.columns, *(c for i in possible(project, kind) for c in i.columns))


def with_indicators(project: Project, kind: UnitKind) -> gpd.GeoDataFrame:
    """The units of a kind with their indicators."""
    return with_computed(project, kind, project.units(kind))


def exported(project: Project) -> Iterator[Exported]:
    """Every layer: the line, the units with their indicators, and the objects, cut to the corridor and whole."""
    return (make() for make in layers(project).values())


def layers(project: Project) -> Mapping[str, Callable[[], Exported]]:
    """Name of every layer, in the order in which a program is to list them -> what makes it."""
    track = tuple(n for n in ("spooras", "station") if n in project.names)
    line: list[tuple[Layer, str]] = []
    if "corridor" not in {k.name for k in project.kinds}:
        line.append((corridor_.CORRIDOR, "corridor_outline"))
    if project.config.corridor.stations:
        line += [(axis_.AXIS, "axis"), (axis_.STOPS, "corridor_station")]
    there = sorted(cut_to_corridor(project), key=_place)
    return {
        **{name: partial(_plain, project, layer, name, layer.title, track) for layer, name in line},
        **{kind.name: partial(_units, project, kind) for kind in project.kinds},
        **{f"{s.name}{IN_CORRIDOR}": partial(_cut, project, s) for s in there},
        **{f"{s.name}{WHOLE}": partial(_uncut, project, s) for s in there if _has_size(s)},
    }


def _units(project: Project, kind: UnitKind) -> Exported:
    sources = {
        c.name: tuple(sorted(indicators.leaves(i) & NAMES)) for i in possible(project, kind) for c in i.columns
    }
    return Exported(
        kind.name, kind.title, with_indicators(project, kind), columns_of(project, kind),
        default_style(kind.name), "unit_id", sources,
    )  # fmt: skip


def _cut(project: Project, source: Source) -> Exported:
    title = _joined(source.layer.title, " ", _CUT)
    return _plain(project, source.layer, f"{source.name}{IN_CORRIDOR}", title, (source.name,))


def _plain(project: Project, layer: Layer, name: str, title: Text, sources: tuple[str, ...]) -> Exported:
    """A layer as it was clipped."""
    table = project.clipped(layer, name)
    from_ = dict.fromkeys((c.name for c in layer.columns), sources)
    return Exported(name, title, table, layer.columns, layer_style(layer, name), layer.key, from_)


def _uncut(project: Project, source: Source) -> Exported:
    """The objects of which a part lies in the corridor, as the register has them; buildings with their height."""
    layer, name = source.layer, f"{source.name}{WHOLE}"
    keys = project.clipped(layer, f"{source.name}{IN_CORRIDOR}").index
    table = project.clipped(layer).loc[keys]
    columns = layer.columns
    sources: dict[str, tuple[str, ...]] = dict.fromkeys((c.name for c in columns), (source.name,))
    if source.name == PAND.name and compute.has_buildings(project):
        columns = (*columns, *BUILDING)
        sources |= dict.fromkeys((c.name for c in BUILDING), (*HEIGHTS, PAND.name))
        table = with_heights(project, table)
    return Exported(name, _joined(layer.title, ", ", _UNCUT), table, columns, layer_style(layer, name), layer.key, sources)


def with_heights(project: Project, pand: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Panden with the columns of `BUILDING`, the reason in words."""
    facts = store.read_table(project.places.buildings, "compute").reindex(pand.index)
    language = project.config.project.language
    said = {code: text.in_(language) for code, text in NO_HEIGHT.items()}
    facts["no_height_reason"] = facts["no_height_reason"].map(said)
    joined = pd.concat([pand.drop(columns="geometry"), facts], axis=1)
    return gpd.GeoDataFrame(joined, geometry=pand.geometry, crs=pand.crs)


def _has_size(source: Source) -> bool:
    """Whether to cut it changes an object: a point is in the corridor or not."""
    return not source.layer.geometry <= POINT


def _joined(first: Text, between: str, second: Text) -> Text:
    return Text(*(f"{a}{between}{b}" for a, b in zip(first, second, strict=True)))


def _place(source: Source) -> int:
    """Where a source stands among the layers: buildings and addresses, the map of the ground, all else."""
    first = (PAND.register, BGT[0].register)
    return first.index(source.register) if source.register in first else len(first)


def series(project: Project) -> list[Listed]:
    """The series of all kinds as one table; none where no earlier edition was loaded."""
    by_kind = {k.name: compute.series(project, k) for k in project.kinds if compute.has_series(project, k)}
    columns: dict[str, Column] = {}
    sources: dict[str, tuple[str, ...]] = {}
    for indicator in (i for k in project.kinds for i in possible(project, k) if compute.years(project, i)):
        for column in indicator.columns:
            columns.setdefault(column.name, column)
            behind = {*sources.get(column.name, ()), *(indicators.leaves(indicator) & NAMES)}
            sources[column.name] = tuple(sorted(behind))
    return [tables.series(by_kind, list(columns.values()), sources)] if by_kind else []
