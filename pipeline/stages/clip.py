"""Clip: the corridor, the units, and every layer cut to them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from .. import store
from ..clip import axis as axis_
from ..clip import corridor as corridor_
from ..clip import cut, units
from ..clip.kinds import UnitKind
from ..contract import check
from ..freshness import Step
from ..project import Project
from ..sources import BY_NAME, Source

#: Source layers that are also given cut to the corridor.
CUT_TO_CORRIDOR = ("pand", "verblijfsobject", "bodemgebruik", "vierkant_100m", "spooras")


def steps(project: Project) -> Iterator[list[Step]]:
    """Make the corridor and the units, and cut the layers to them."""
    places, config, code = project.places, project.config, ("clip", "contract.py", "overlap.py")
    line = bool(config.corridor.stations)
    outline = places.clipped(corridor_.CORRIDOR.name)
    axis, stops = places.clipped(axis_.AXIS.name), places.clipped(axis_.STOPS.name)
    inputs = list(project.area_inputs)
    if line:
        inputs += [places.layer("spooras"), places.layer("station")]
    if config.corridor.polygon_file:
        inputs.append(config.path(config.corridor.polygon_file))
    if config.corridor.kind == "buurten":
        inputs.append(places.layer("buurt"))
    area = {"[area] gemeente_codes": config.area.gemeente_codes, "[area] margin_m": config.area.margin_m}
    shape = {f"[corridor] {k}": v for k, v in config.corridor.model_dump(mode="json").items()}
    pieces = {"[units] section_length_m": config.units.section_length_m}
    yield [
        project.step(
            "clip", "corridor", settings=area | shape | (pieces if line else {}), inputs=tuple(inputs),
            outputs=(outline, axis, stops) if line else (outline,), code=code, run=lambda: _corridor(project),
        )
    ]  # fmt: skip
    yield [
        project.step(
            "clip", s.name, settings=area, inputs=(*project.area_inputs, places.layer(s.name)),
            outputs=(places.clipped(s.name),), code=code, run=lambda s=s: _touching(project, s),
        )
        for s in project.sources
    ]  # fmt: skip
    yield [
        project.step(
            "clip", f"{s.name}_corridor", settings={}, inputs=(outline, places.clipped(s.name)),
            outputs=(places.clipped(f"{s.name}_corridor"),), code=code, run=lambda s=s: _cut(project, s),
        )
        for s in project.sources
        if s.name in CUT_TO_CORRIDOR
    ]  # fmt: skip
    yield [_units_step(project, kind, area, code) for kind in project.kinds]


def _corridor(project: Project) -> None:
    config, places = project.config, project.places
    axis = None
    if config.corridor.stations:
        stops = axis_.stops(project.named("station"), config.corridor.stations)
        axis = axis_.axis_between(project.named("spooras").geometry, stops, config.corridor.snap_m)
        store.write_table(
            places.clipped(axis_.AXIS.name), check(axis_.pieces(axis, config.units.section_length_m), axis_.AXIS)
        )
        store.write_table(places.clipped(axis_.STOPS.name), check(axis_.chainage(axis, stops), axis_.STOPS))
    if config.corridor.polygon_file is not None:
        shape = project.polygons(config.corridor.polygon_file)
    elif config.corridor.kind == "buurten":
        shape = corridor_.of_buurten(project.named("buurt"), config.corridor.buurt_codes)
    else:
        shape = corridor_.along(axis, config.corridor.half_width_m)
    corridor_.inside(
        shape, project.study_area, "corridor", "the study area",
        "narrow [corridor] half_width_m or widen [area], then run 'spoorzone load'",
    )  # fmt: skip
    store.write_table(places.clipped(corridor_.CORRIDOR.name), check(corridor_.as_layer(shape), corridor_.CORRIDOR))


def _touching(project: Project, source: Source) -> None:
    reach = project.study_area.buffer(project.config.area.margin_m)
    table = cut.touching(project.raw(source), reach)
    store.write_table(project.places.clipped(source.name), check(table, source.layer))


def _cut(project: Project, source: Source) -> None:
    outline = project.clipped(corridor_.CORRIDOR).geometry.iloc[0]
    table = cut.cut(project.clipped(source.layer), source.layer, outline)
    store.write_table(project.places.clipped(f"{source.name}_corridor"), check(table, source.layer))


def _units_step(project: Project, kind: UnitKind, area: Mapping[str, Any], code: tuple[str, ...]) -> Step:
    places, config = project.places, project.config
    outline = places.clipped(corridor_.CORRIDOR.name)
    read: dict[str, tuple[Path, ...]] = {
        "catchment": (places.clipped(axis_.STOPS.name),),
        "section": (outline, places.clipped(axis_.AXIS.name)),
        "corridor": (outline,),
    }
    own: dict[str, dict[str, Any]] = {
        "hexagon": {"[units] hexagon_edge_m": config.units.hexagon_edge_m},
        "catchment": {"[units] catchment_radii_m": config.units.catchment_radii_m},
        "section": {"[units] section_length_m": config.units.section_length_m},
        "corridor": {"[project] name": config.project.name},
    }
    if origin := kind.published or kind.part_of:
        inputs = (places.clipped(origin), *((outline,) if kind.part_of else ()))
    else:
        inputs = read.get(kind.name, ())
    water = (places.clipped("bodemgebruik"),) if "bodemgebruik" in project.names and not kind.published else ()
    figures = (places.clipped("wijk"),) if kind.name == "gemeente" and "wijk" in project.names else ()
    return project.step(
        "clip", f"units/{kind.name}", settings=dict(area) | own.get(kind.name, {}),
        inputs=(*project.area_inputs, *inputs, *water, *figures), outputs=(places.clipped(f"unit_{kind.name}"),),
        code=code, run=lambda: _units(project, kind),
    )  # fmt: skip


def _units(project: Project, kind: UnitKind) -> None:
    table = _unit_shapes(project, kind)
    if kind.published and (kind.name != "gemeente" or "wijk" in project.names):
        table = units.published_land(table, _published_land_ha(project, kind))
    elif "bodemgebruik" in project.names:
        bodemgebruik = project.clipped(BY_NAME["bodemgebruik"].layer)
        table = units.land_without_water(table, bodemgebruik)
    store.write_table(project.places.clipped(f"unit_{kind.name}"), check(table, kind.layer))


def _published_land_ha(project: Project, kind: UnitKind) -> pd.Series:
    if kind.published in ("buurt", "wijk"):
        layer = BY_NAME[kind.published].layer
        published: pd.Series = project.clipped(layer)["land_area_ha"]
        return published
    wijk = project.clipped(BY_NAME["wijk"].layer)
    # A withheld wijk makes the municipality unknown, not smaller.
    summed: pd.Series = wijk.groupby("gemeente_code")["land_area_ha"].agg(lambda v: v.sum(skipna=False))
    return summed


def _unit_shapes(project: Project, kind: UnitKind) -> gpd.GeoDataFrame:
    config = project.config
    if origin := kind.published or kind.part_of:
        layer = BY_NAME[origin].layer
        shapes = units.whole(
            project.clipped(layer), f"{origin}_name", project.study_area, shapely.box(*project.box)
        )
        if kind.published:
            return shapes
        return units.parts(shapes, project.clipped(corridor_.CORRIDOR).geometry.iloc[0])
    if kind.name.startswith("square_"):
        return units.squares(project.study_area, int(kind.name.removeprefix("square_").removesuffix("m")))
    if kind.name == "hexagon":
        return units.hexagons(project.study_area, config.units.hexagon_edge_m)
    if kind.name == "catchment":
        shapes = units.catchments(project.clipped(axis_.STOPS), config.units.catchment_radii_m)
        corridor_.inside(
            shapely.union_all(shapes.geometry.to_numpy()), shapely.box(*project.box), "catchment", "the loaded area",
            "shorten [units] catchment_radii_m or raise [area] margin_m",
        )  # fmt: skip
        return shapes
    outline = project.clipped(corridor_.CORRIDOR).geometry.iloc[0]
    if kind.name == "section":
        axis = axis_.joined(project.clipped(axis_.AXIS))
        return units.sections(axis, outline, config.units.section_length_m)
    return units.one(outline, config.project.name)
