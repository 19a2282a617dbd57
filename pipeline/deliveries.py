"""What is loaded: each enabled source in the editions that the config asks for."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from .config import Config
from .contract import Layer
from .sources import RASTERS, SOURCES, RasterSource, Source
from .sources.declaration import Extent


@dataclass(frozen=True)
class Delivery:
    """One edition of one source, that becomes one layer with one receipt.

    Attributes
    ----------
    edition
        None for a register that gives the present state.
    earlier
        Whether it is loaded beside the edition that the numbers are made from.
    extent
        For which area it is asked.
    """

    source: Source
    edition: int | None
    earlier: bool
    extent: Extent

    @property
    def name(self) -> str:
        """Name of the layer on disk: that of the source, with the year where it is an earlier one."""
        return f"{self.source.name}_{self.edition}" if self.earlier else self.source.name

    @cached_property
    def layer(self) -> Layer:
        """What it becomes."""
        return dataclasses.replace(self.source.layer, name=self.name)


def deliveries(config: Config) -> tuple[Delivery, ...]:
    """Give every edition of every enabled source, in the order of the sources."""
    return tuple(d for s in SOURCES if config.enabled(s.name) for d in _editions(config, s))


def rasters(config: Config) -> tuple[RasterSource, ...]:
    """Give the enabled rasters, with the extent that the config asks for."""
    return tuple(
        dataclasses.replace(r, extent=config.source(r.name).extent or r.extent)
        for r in RASTERS
        if config.enabled(r.name)
    )


def _editions(config: Config, source: Source) -> Iterator[Delivery]:
    settings = config.source(source.name)
    extent = settings.extent or source.extent
    primary = settings.edition or (source.editions[0] if source.editions else None)
    yield Delivery(source, primary, False, extent)
    declared = source.earlier if settings.path is None else ()
    asked = declared if settings.earlier_editions is None else settings.earlier_editions
    for year in sorted({y for y in asked if y != primary}, reverse=True):
        yield Delivery(source, year, True, extent)
