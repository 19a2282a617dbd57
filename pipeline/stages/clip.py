"""Clip: the corridor, the units, and every layer cut to them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import geopandas as gpd
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from .. import store
from ..clip import axis as axis_
from ..clip import blocks as blocks_
from ..clip import corridor as corridor_
from ..clip import cut, units
from ..clip.kinds import KINDS, UnitKind
from ..contract import check
from ..deliveries import Delivery
from ..freshness import Step
from ..project import Project
from ..sources import BY_NAME, Source
from ..sources.prorail import STATION

#: What is no part of a building block where it is large.
_GREEN = ("bgt_begroeidterreindeel", "bgt_waterdeel")


def cut_to_corridor(project: Project) -> tuple[Source, ...]:
    """The sources whose layer is also given cut to the corridor.

    That is every source, whatever may come, but those that are units, which have a kind for their part in the
    corridor, and the stations, of which those along the line are given.
    """
    elsewhere = {STATION.name, *(k.published for k in KINDS)}
    return tuple(s for s in project.sources if s.name not in elsewhere)


def steps(project: Project) -> Iterator[list[Step]]:
    """Make the corridor and the units, and cut the layers to them."""
    places, config, code = project.places, project.config, ("clip", "contract.py", "overlap.py", "streets.py", "threads.py")
    line = bool(config.corridor.stations)
    outline = places.clipped(corridor_.CORRIDOR.name)
    axis, stops = places.clipped(axis_.AXIS.name), places.clipped(axis_.STOPS.name)
    area = {"[area] gemeente_codes": config.area.gemeente_codes, "[area] margin_m": config.area.margin_m}
    shape = {f"[corridor] {k}": v for k, v in config.corridor.model_dump(mode="json").items()}
    pieces = {"[units] section_length_m": config.units.section_length_m}
    yield [
        project.step(
            "clip", "corridor", settings=area | shape | (pieces if line else {}), inputs=project.corridor_inputs,
            outputs=(outline, axis, stops) if line else (outline,), code=code, run=lambda: _corridor(project),
        )
    ]  # fmt: skip
    yield [
        project.step(
            "clip", d.name, settings=area, inputs=(*project.area_inputs, places.layer(d.name)),
            outputs=(places.clipped(d.name),), code=code, run=lambda d=d: _touching(project, d),
        )
        for d in project.deliveries
    ]  # fmt: skip
    yield [
        project.step(
            "clip", f"{s.name}_corridor", settings={}, inputs=(outline, places.clipped(s.name)),
            outputs=(places.clipped(f"{s.name}_corridor"),), code=code, run=lambda s=s: _cut(project, s),
        )
        for s in cut_to_corridor(project)
    ]  # fmt: skip
    yield [_units_step(project, kind, area, code) for kind in project.kinds]
    yield [
        project.step(
            "clip", f"corridor_share/{k.name}", settings={}, inputs=(outline, places.clipped(f"unit_{k.name}")),
            outputs=(places.clipped(f"share_{k.name}"),), code=code, run=lambda k=k: _share(project, k),
        )
        for k in project.kinds
    ]  # fmt: skip


def _corridor(project: Project) -> None:
    config, places = project.config, project.places
    if config.corridor.stations:
        pieces = axis_.pieces(project.axis, config.units.section_length_m)
        store.write_table(places.clipped(axis_.AXIS.name), check(pieces, axis_.AXIS))
        chainage = axis_.chainage(project.axis, project.stops)
        store.write_table(places.clipped(axis_.STOPS.name), check(chainage, axis_.STOPS))
    outline = check(corridor_.as_layer(project.corridor), corridor_.CORRIDOR)
    store.write_table(places.clipped(corridor_.CORRIDOR.name), outline)


def _touching(project: Project, delivery: Delivery) -> None:
    table = cut.touching(project.raw(delivery.layer), project.reach)
    store.write_table(project.places.clipped(delivery.name), check(table, delivery.layer))


def _cut(project: Project, source: Source) -> None:
    outline = project.clipped(corridor_.CORRIDOR).geometry.iloc[0]
    table = cut.cut(project.clipped(source.layer), source.layer, outline)
    store.write_table(project.places.clipped(f"{source.name}_corridor"), check(table, source.layer))


class _Recipe(NamedTuple):
    """How units of a kind are made: from which tables of this stage and files, by which settings, by what."""

    reads: tuple[str, ...]
    settings: Mapping[str, Any]
    make: Callable[[], gpd.GeoDataFrame]
    files: tuple[Path, ...] = ()


def _recipe(project: Project, kind: UnitKind) -> _Recipe:
    """The one place that knows how each kind is made."""
    config, outline = project.config, corridor_.CORRIDOR.name

    def corridor() -> BaseGeometry:
        return project.clipped(corridor_.CORRIDOR).geometry.iloc[0]

    def whole(of: str) -> gpd.GeoDataFrame:
        layer = project.clipped(BY_NAME[of].layer)
        return units.whole(layer, f"{of}_name", project.study_area, project.reach)

    def source(name: str) -> gpd.GeoDataFrame:
        return project.clipped(BY_NAME[name].layer)

    def blocks() -> gpd.GeoDataFrame:
        return blocks_.blocks(
            project.study_area, source("wegvak"), source("pand"), source("spooras") if "spooras" in reads else None,
            [source(n) for n in _GREEN if n in reads], config.units.block_green_from_m2, config.corridor.snap_m,
        )  # fmt: skip

    def own() -> gpd.GeoDataFrame:
        return units.own(project.own_areas(), project.reach)

    def catchments() -> gpd.GeoDataFrame:
        rings = units.catchments(project.clipped(axis_.STOPS), config.units.catchment_radii_m)
        corridor_.inside(
            shapely.union_all(rings.geometry.to_numpy()), project.reach, "catchment", "the loaded area",
            "shorten [units] catchment_radii_m or raise [area] margin_m",
        )  # fmt: skip
        return rings

    if kind.published:
        return _Recipe((kind.published,), {}, partial(whole, kind.published))
    if kind.own:
        naming = {"[units] own_name_column": config.units.own_name_column}
        files = (config.path(config.units.own_file),) if config.units.own_file else ()
        if kind.part_of:
            return _Recipe((outline,), naming, lambda: units.parts(own(), corridor()), files)
        return _Recipe((), naming, own, files)
    if (of := kind.part_of) is not None:
        return _Recipe((of, outline), {}, lambda: units.parts(whole(of), corridor()))
    length_m, edge_m = config.units.section_length_m, config.units.hexagon_edge_m
    reads = tuple(n for n in ("wegvak", "pand", "spooras", *_GREEN) if n in project.names)
    recipes = {
        "block": _Recipe(
            reads,
            {
                "[units] block_green_from_m2": config.units.block_green_from_m2,
                "[corridor] snap_m": config.corridor.snap_m,
            },
            blocks,
        ),
        "square_1km": _Recipe((), {}, lambda: units.within(units.squares(project.study_area, 1000), project.reach)),
        "square_500m": _Recipe((), {}, lambda: units.squares(project.study_area, 500)),
        "square_100m": _Recipe((), {}, lambda: units.squares(project.study_area, 100)),
        "hexagon": _Recipe(
            (), {"[units] hexagon_edge_m": edge_m}, lambda: units.hexagons(project.study_area, edge_m)
        ),
        "catchment": _Recipe(
            (axis_.STOPS.name,), {"[units] catchment_radii_m": config.units.catchment_radii_m}, catchments
        ),
        "section": _Recipe(
            (outline, axis_.AXIS.name), {"[units] section_length_m": length_m},
            lambda: units.sections(axis_.joined(project.clipped(axis_.AXIS)), corridor(), length_m),
        ),
        "corridor": _Recipe(
            (outline,), {"[project] name": config.project.name}, lambda: units.one(corridor(), config.project.name)
        ),
    }  # fmt: skip
    return recipes[kind.name]


def _units_step(project: Project, kind: UnitKind, area: Mapping[str, Any], code: tuple[str, ...]) -> Step:
    recipe = _recipe(project, kind)
    land = land_from(project, kind)
    reads = dict.fromkeys([*recipe.reads, *([land] if land else [])])
    return project.step(
        "clip", f"units/{kind.name}", settings={**area, **recipe.settings},
        inputs=(*project.area_inputs, *(project.places.clipped(t) for t in reads), *recipe.files),
        outputs=(project.places.clipped(f"unit_{kind.name}"),), code=code, run=lambda: _units(project, kind),
    )  # fmt: skip


def land_from(project: Project, kind: UnitKind) -> str | None:
    """The source that says how much of a unit is land: CBS for what it publishes, the BBG for the rest."""
    published = {"buurt": "buurt", "wijk": "wijk", "gemeente": "wijk"}.get(kind.name, "")
    return next((name for name in (published, "bodemgebruik") if name in project.names), None)


def _units(project: Project, kind: UnitKind) -> None:
    table = _recipe(project, kind).make()
    land = land_from(project, kind)
    if land == "bodemgebruik":
        table = units.land_without_water(table, project.clipped(BY_NAME[land].layer))
    elif land is not None:
        table = units.published_land(table, _published_land_ha(project, kind))
    store.write_table(project.places.clipped(f"unit_{kind.name}"), check(table, kind.shapes))


def _share(project: Project, kind: UnitKind) -> None:
    corridor = project.clipped(corridor_.CORRIDOR).geometry
    share = units.corridor_share(project.shapes(kind), corridor)
    store.write_table(project.places.clipped(f"share_{kind.name}"), share)


def _published_land_ha(project: Project, kind: UnitKind) -> pd.Series:
    if kind.published in ("buurt", "wijk"):
        layer = BY_NAME[kind.published].layer
        published: pd.Series = project.clipped(layer)["land_area_ha"]
        return published
    wijk = project.clipped(BY_NAME["wijk"].layer)
    # A withheld wijk makes the municipality unknown, not smaller.
    summed: pd.Series = wijk.groupby("gemeente_code")["land_area_ha"].agg(lambda v: v.sum(skipna=False))
    return summed
