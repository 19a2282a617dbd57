"""Every dataset that the pipeline reads: one declaration each, a file per register."""

from __future__ import annotations

from collections.abc import Mapping

from .bag import PAND, VERBLIJFSOBJECT
from .brk import GEMEENTE
from .cbs import BODEMGEBRUIK, BUURT, VIERKANT_100M, WIJK
from .declaration import Access, Keep, RasterSource, Register, Source, way
from .prorail import SPOORAS, STATION

#: In the order in which they are loaded: the municipalities first, the study area is made from them.
SOURCES: tuple[Source, ...] = (
    GEMEENTE,
    WIJK,
    BUURT,
    VIERKANT_100M,
    BODEMGEBRUIK,
    SPOORAS,
    STATION,
    PAND,
    VERBLIJFSOBJECT,
)

#: Rasters, after the layers.
RASTERS: tuple[RasterSource, ...] = ()

BY_NAME: Mapping[str, Source] = {s.name: s for s in SOURCES}

__all__ = ["BY_NAME", "RASTERS", "SOURCES", "Access", "Keep", "RasterSource", "Register", "Source", "way"]
