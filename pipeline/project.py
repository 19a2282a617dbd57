"""A project: its config, its places on disk, and the tables that its stages read."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

import geopandas as gpd
from shapely import LineString
from shapely.geometry.base import BaseGeometry

from . import raster_store, receipts, sample, store
from .checks.declaration import Check, from_plain
from .clip import area as area_
from .clip import axis as axis_
from .clip import corridor as corridor_
from .clip.kinds import CORRIDOR_SHARE, KINDS, UnitKind
from .config import Config, SourceSettings
from .contract import Bbox, Layer, MissingInputError, Receipt, SourceError, check
from .deliveries import Delivery, deliveries, rasters
from .freshness import Step, libraries
from .grid import Tile, Tiled
from .load import file as file_
from .load.http import Http
from .load.names import snake
from .load.received import hint
from .load.walk import Walks
from .places import Places
from .sources import BY_NAME, RASTERS, RASTERS_BY_NAME, RasterSource, Source


class Show(Protocol):
    """What a run tells while it goes."""

    def stage(self, name: str) -> None:
        """A stage begins."""

    def batch(self, steps: int) -> None:
        """So many more steps are to come in this stage."""

    def step(self, name: str, reason: str | None) -> None:
        """A step begins, for a reason; with None it is fresh and passed over."""

    def removed(self, name: str, files: int) -> None:
        """So many files of an earlier run went, of a step that does not make them any more."""

    def amount(self, name: str, done: int, total: int | None, received_bytes: int) -> None:
        """So many features of a step have come, in so many bytes; the total may not be known."""

    def done(self, name: str) -> None:
        """A step that ran has ended well."""


class Quiet:
    """A `Show` that shows nothing."""

    def stage(self, name: str) -> None:
        """Show nothing."""

    def batch(self, steps: int) -> None:
        """Show nothing."""

    def step(self, name: str, reason: str | None) -> None:
        """Show nothing."""

    def removed(self, name: str, files: int) -> None:
        """Show nothing."""

    def amount(self, name: str, done: int, total: int | None, received_bytes: int) -> None:
        """Show nothing."""

    def done(self, name: str) -> None:
        """Show nothing."""


class Project:
    """A config, its places on disk, and what its stages share in memory."""

    def __init__(
        self, config: Config, *, synthetic: bool, show: Show, offline: bool = False, force: bool = False
    ) -> None:
        self.places = Places(config, synthetic)
        self.synthetic = synthetic
        self.show = show
        self.offline = offline
        self.force = force
        self.config = _on_sample(config, self.places) if synthetic else config

    @cached_property
    def deliveries(self) -> tuple[Delivery, ...]:
        """Every edition of every source that is not switched off."""
        return deliveries(self.config)

    @cached_property
    def rasters(self) -> tuple[RasterSource, ...]:
        """The rasters that are not switched off."""
        return rasters(self.config)

    @cached_property
    def sources(self) -> tuple[Source, ...]:
        """The sources that are not switched off."""
        return tuple(d.source for d in self.deliveries if not d.earlier)

    @cached_property
    def walks(self) -> Walks:
        """The walks through the services in this run."""
        settings = self.config.load
        return Walks(
            max_age_days=settings.max_age_days,
            resume_hours=settings.resume_hours,
            anew=self.force,
            offline=self.offline,
        )

    @cached_property
    def http(self) -> Http:
        """The client of this run."""
        settings = self.config.load
        return Http(
            timeout_s=settings.timeout_s,
            deadline_s=settings.deadline_s,
            tries=settings.tries,
            parallel_requests=settings.parallel_requests,
            contact=settings.contact,
            offline=self.offline,
        )

    @cached_property
    def kinds(self) -> tuple[UnitKind, ...]:
        """The kinds of unit that are asked for and can be made."""
        wanted = [k for k in KINDS if k.name in self.config.units.kinds]
        return tuple(k for k in wanted if self._makeable(k))

    def _makeable(self, kind: UnitKind) -> bool:
        return (
            self.names.issuperset(kind.sources)
            and (not kind.along_line or bool(self.config.corridor.stations))
            and (not kind.own or self.config.units.own_file is not None)
        )

    @cached_property
    def names(self) -> frozenset[str]:
        """Names of the sources that are not switched off."""
        return frozenset(s.name for s in self.sources)

    def close(self) -> None:
        """Let go of the services."""
        if "http" in self.__dict__:
            self.http.close()

    def raw(self, layer: Layer) -> gpd.GeoDataFrame:
        """A layer as loaded, checked against its declaration and against its receipt.

        Raises
        ------
        MissingInputError
            When the file is not the one that the receipt is of: changed since, or a load was broken off.
        """
        path = self.places.layer(layer.name)
        table = store.read_geopackage(path, layer, "load")
        if store.sha256(path) != receipts.read(self.places.receipt(layer.name)).sha256:
            msg = f"{self.places.shown(path)}: is not the file that its receipt is of; run 'spoorzone load'"
            raise MissingInputError(msg)
        return check(table, layer)

    def named(self, name: str) -> gpd.GeoDataFrame:
        """The raw layer of the source called `name`."""
        return self.raw(BY_NAME[name].layer)

    @cached_property
    def study_area(self) -> BaseGeometry:
        """The study area as one polygon."""
        if (path := self.config.area.polygon_file) is not None:
            return self.polygons(path)
        return area_.of_gemeenten(self.named("gemeente"), self.config.area.gemeente_codes)

    @property
    def area_inputs(self) -> tuple[Path, ...]:
        """Files that the study area is made from."""
        path = self.config.area.polygon_file
        return (self.config.path(path),) if path else (self.places.layer("gemeente"),)

    @cached_property
    def box(self) -> Bbox:
        """The box in which data are asked for."""
        return area_.box_around(self.study_area, self.config.area.margin_m)

    @cached_property
    def reach(self) -> BaseGeometry:
        """The study area with its margin: what the layers hold whole."""
        return self.study_area.buffer(self.config.area.margin_m)

    @cached_property
    def stops(self) -> gpd.GeoDataFrame:
        """The stations that the config names, in order along the track."""
        return axis_.stops(self.named("station"), self.config.corridor.stations)

    @cached_property
    def axis(self) -> LineString:
        """The axis along the track, from the first station to the last."""
        return axis_.axis_between(self.named("spooras").geometry, self.stops, self.config.corridor.snap_m)

    @cached_property
    def corridor(self) -> BaseGeometry:
        """The outline of the corridor, which lies in the study area."""
        corridor = self.config.corridor
        if corridor.polygon_file is not None:
            shape = self.polygons(corridor.polygon_file)
        elif corridor.kind == "buurten":
            shape = corridor_.of_buurten(self.named("buurt"), corridor.buurt_codes)
        else:
            shape = corridor_.along(self.axis, corridor.half_width_m)
        corridor_.inside(
            shape, self.study_area, "corridor", "the study area",
            "narrow [corridor] half_width_m or widen [area], then run 'spoorzone load'",
        )  # fmt: skip
        return shape

    @property
    def corridor_inputs(self) -> tuple[Path, ...]:
        """Files that the corridor is made from."""
        corridor, places = self.config.corridor, self.places
        inputs = list(self.area_inputs)
        if corridor.stations:
            inputs += [places.layer("spooras"), places.layer("station")]
        if corridor.polygon_file:
            inputs.append(self.config.path(corridor.polygon_file))
        if corridor.kind == "buurten":
            inputs.append(places.layer("buurt"))
        return tuple(inputs)

    @cached_property
    def surroundings(self) -> BaseGeometry:
        """The corridor with its margin: where data are asked for that are needed nowhere else."""
        return self.corridor.buffer(self.config.load.corridor_margin_m)

    def polygons(self, path: Path) -> BaseGeometry:
        """The union of the polygons in a file that the config names."""
        whole = self.config.path(path)
        return corridor_.of_polygons(
            file_.fetch(whole, None, {}, {}, None, lambda *_: None).table, self.places.shown(whole)
        )

    def own_areas(self) -> gpd.GeoDataFrame:
        """The polygons of [units] own_file in the order of the file: ``unit_name`` (None without one), geometry."""
        path, column = self.config.path(self.config.units.own_file or Path()), self.config.units.own_name_column
        table = file_.fetch(path, None, {}, {}, None, lambda *_: None).table
        corridor_.of_polygons(table, self.places.shown(path))
        if column is None:
            return table[["geometry"]].assign(unit_name=None)
        if snake(column) not in table:
            msg = f"[units] own_name_column is {column!r}, which {self.places.shown(path)} lacks; {hint(column, table.columns)}"
            raise SourceError(msg)
        return table[["geometry"]].assign(unit_name=table[snake(column)])

    def clipped(self, layer: Layer, table: str | None = None) -> gpd.GeoDataFrame:
        """A table of the clip stage, checked."""
        return check(store.read_layer(self.places.clipped(table or layer.name), "clip"), layer)

    def input(self, name: str) -> gpd.GeoDataFrame | Tiled:
        """What an indicator reads by the name of its source: a layer as clipped, or a raster as loaded."""
        if name in BY_NAME:
            return self.clipped(BY_NAME[name].layer)
        return self.tiled(name)

    def tiled(self, name: str) -> Tiled:
        """A raster as loaded, tile by tile."""
        by_tile = {Tile(*map(int, p.stem.split("_"))): p for p in self._tile_files(name)}
        raster = RASTERS_BY_NAME[name].raster
        return Tiled(raster, tuple(by_tile), lambda tile: raster_store.read(by_tile[tile], "load"))

    def input_files(self, name: str) -> tuple[Path, ...]:
        """The files behind `input`."""
        return (self.places.clipped(name),) if name in BY_NAME else self._tile_files(name)

    def _tile_files(self, name: str) -> tuple[Path, ...]:
        return tuple(sorted((self.places.raw / name).glob("??????_??????.tif")))

    @property
    def inputs_there(self) -> frozenset[str]:
        """Names of the layers and rasters that an indicator may read."""
        return self.names | {r.name for r in self.rasters}

    @cached_property
    def choices(self) -> Mapping[str, Any]:
        """The settings of [indicators] as the indicators take them."""
        return {**self.config.indicators.model_dump(mode="json"), "stock_profile": self.config.stock_profile}

    def shapes(self, kind: UnitKind) -> gpd.GeoDataFrame:
        """The units of one kind as they were made, checked; what is computed of them depends on nothing else."""
        return self.clipped(kind.shapes, f"unit_{kind.name}")

    def units(self, kind: UnitKind) -> gpd.GeoDataFrame:
        """The units of one kind with their share in the corridor, checked."""
        shapes = self.shapes(kind)
        share = store.read_table(self.places.clipped(f"share_{kind.name}"), "clip")[CORRIDOR_SHARE.name]
        shapes.insert(shapes.columns.get_loc(shapes.geometry.name), share.name, share.reindex(shapes.index))
        return check(shapes, kind.layer)

    def receipts(self) -> list[Receipt]:
        """The receipts of all loaded sources, with what the sources say of each other among their proofs."""
        totals = receipts.read_totals(self.places.totals)
        names = [*(d.name for d in self.deliveries), *(r.name for r in self.rasters)]
        loaded = [receipts.read(self.places.receipt(n)) for n in names]
        return [dataclasses.replace(r, proofs=(*r.proofs, *totals.get(r.source, ()))) for r in loaded]

    def checks(self) -> tuple[Check, ...]:
        """What the checks found.

        Raises
        ------
        MissingInputError
            When they have not been done.
        """
        try:
            return from_plain(store.read_json(self.places.checks) or {})
        except ValueError:
            msg = f"{self.places.shown(self.places.checks)}: missing or broken; run 'spoorzone compute' first"
            raise MissingInputError(msg) from None

    def step(self, stage: str, name: str, settings: Mapping[str, Any], **facts: Any) -> Step:
        """A step with its stamp in the right place. A new library makes numbers anew, but asks no service again."""
        settings = settings if stage == "load" else {**settings, **libraries()}
        return Step(stage=stage, name=name, settings=settings, stamp=self.places.stamp(stage, name), **facts)


def _on_sample(config: Config, places: Places) -> Config:
    """The same config with every source read from the built-in sample."""
    folder = places.raw / "files"

    def settings(name: str, file: str, layer: str | None) -> SourceSettings:
        return SourceSettings(
            protocol="file", path=folder / file, layer=layer, edition=sample.EDITIONS.get(name),
            earlier_editions=sample.EARLIER.get(name, ()), enabled=config.source(name).enabled is not False,
            extent=config.source(name).extent,
        )  # fmt: skip

    layers = {n: settings(n, f"{n}_{{edition}}.gpkg" if n in sample.EDITIONS else f"{n}.gpkg", n) for n in BY_NAME}
    return config.model_copy(update={"sources": layers | {r.name: settings(r.name, r.name, None) for r in RASTERS}})
