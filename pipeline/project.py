"""A project: its config, its places on disk, and the tables that its stages read."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

import geopandas as gpd
from shapely.geometry.base import BaseGeometry

from . import receipts, sample, store
from .clip import area as area_
from .clip import corridor as corridor_
from .clip.kinds import KINDS, UnitKind
from .config import Config, SourceSettings
from .contract import Bbox, Layer, Receipt, check
from .freshness import Step, libraries
from .load import file as file_
from .places import Places
from .sources import BY_NAME, SOURCES, Source


class Show(Protocol):
    """What a run tells while it goes."""

    def stage(self, name: str) -> None:
        """A stage begins."""

    def batch(self, steps: int) -> None:
        """So many more steps are to come in this stage."""

    def step(self, name: str, reason: str | None) -> None:
        """A step begins, for a reason; with None it is fresh and passed over."""

    def amount(self, done: int, total: int | None) -> None:
        """So many features of the step have come; the total may not be known."""


class Quiet:
    """A `Show` that shows nothing."""

    def stage(self, name: str) -> None:
        """Show nothing."""

    def batch(self, steps: int) -> None:
        """Show nothing."""

    def step(self, name: str, reason: str | None) -> None:
        """Show nothing."""

    def amount(self, done: int, total: int | None) -> None:
        """Show nothing."""


class Project:
    """A config, its places on disk, and what its stages share in memory."""

    def __init__(self, config: Config, *, synthetic: bool, show: Show) -> None:
        self.places = Places(config, synthetic)
        self.synthetic = synthetic
        self.show = show
        self.config = _on_sample(config, self.places) if synthetic else config

    @cached_property
    def sources(self) -> tuple[Source, ...]:
        """The sources that are not switched off."""
        return tuple(s for s in SOURCES if self.config.source(s.name).enabled)

    @cached_property
    def kinds(self) -> tuple[UnitKind, ...]:
        """The kinds of unit that are asked for and can be made."""
        wanted = [k for k in KINDS if k.name in self.config.units.kinds]
        return tuple(k for k in wanted if self._makeable(k))

    def _makeable(self, kind: UnitKind) -> bool:
        needs = kind.published or kind.part_of
        return (needs is None or needs in self.names) and (not kind.along_line or bool(self.config.corridor.stations))

    @cached_property
    def names(self) -> frozenset[str]:
        """Names of the sources that are not switched off."""
        return frozenset(s.name for s in self.sources)

    def raw(self, source: Source) -> gpd.GeoDataFrame:
        """A source's layer as loaded, checked."""
        return check(store.read_geopackage(self.places.layer(source.name), source.layer, "load"), source.layer)

    def named(self, name: str) -> gpd.GeoDataFrame:
        """The raw layer of the source called `name`."""
        return self.raw(BY_NAME[name])

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

    def polygons(self, path: Path) -> BaseGeometry:
        """The union of the polygons in a file that the config names."""
        whole = self.config.path(path)
        return corridor_.of_polygons(
            file_.fetch(whole, None, {}, {}, None, Quiet().amount).table, self.places.shown(whole)
        )

    def clipped(self, layer: Layer, table: str | None = None) -> gpd.GeoDataFrame:
        """A table of the clip stage, checked."""
        return check(store.read_layer(self.places.clipped(table or layer.name), "clip"), layer)

    def units(self, kind: UnitKind) -> gpd.GeoDataFrame:
        """The units of one kind, checked."""
        return self.clipped(kind.layer, f"unit_{kind.name}")

    def receipts(self) -> list[Receipt]:
        """The receipts of all loaded sources."""
        return [receipts.read(self.places.receipt(s.name)) for s in self.sources]

    def step(self, stage: str, name: str, settings: Mapping[str, Any], **facts: Any) -> Step:
        """A step with its stamp in the right place. A new library makes numbers anew, but asks no service again."""
        settings = settings if stage == "load" else {**settings, **libraries()}
        return Step(stage=stage, name=name, settings=settings, stamp=self.places.stamp(stage, name), **facts)


def _on_sample(config: Config, places: Places) -> Config:
    """The same config with every source read from the built-in sample."""
    sources = {
        name: SourceSettings(protocol="file", path=path, layer=name, edition=sample.EDITIONS.get(name))
        for name, path in sample.files(places.raw / "files").items()
    }
    return config.model_copy(update={"sources": sources})
