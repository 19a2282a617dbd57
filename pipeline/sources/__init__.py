"""Every dataset that the pipeline reads: one declaration each, a file per register."""

from __future__ import annotations

from collections.abc import Mapping

from .ahn import AHN_DSM, AHN_DTM
from .bag import PAND, VERBLIJFSOBJECT
from .bgt import BGT
from .brk import GEMEENTE, PERCEEL
from .cbs import BODEMGEBRUIK, BODEMGEBRUIK_NEW, BUURT, VIERKANT_100M, VIERKANT_500M, WIJK
from .declaration import Access, Keep, RasterSource, Register, Source, dated, way
from .nwb import WEGVAK
from .prorail import SPOORAS, STATION
from .top10nl import TOP10NL_FUNCTIONAL_AREA, TOP10NL_WATER

#: In the order in which they are loaded: the municipalities first, the study area is made from them.
SOURCES: tuple[Source, ...] = (
    GEMEENTE,
    WIJK,
    BUURT,
    VIERKANT_100M,
    VIERKANT_500M,
    BODEMGEBRUIK,
    BODEMGEBRUIK_NEW,
    SPOORAS,
    STATION,
    PAND,
    VERBLIJFSOBJECT,
    WEGVAK,
    TOP10NL_WATER,
    TOP10NL_FUNCTIONAL_AREA,
    *BGT,
    PERCEEL,
)

#: Rasters, after the layers.
RASTERS: tuple[RasterSource, ...] = (AHN_DTM, AHN_DSM)

BY_NAME: Mapping[str, Source] = {s.name: s for s in SOURCES}
RASTERS_BY_NAME: Mapping[str, RasterSource] = {r.name: r for r in RASTERS}
#: Names of all of them.
NAMES: frozenset[str] = frozenset(BY_NAME) | frozenset(RASTERS_BY_NAME)

__all__ = ["BY_NAME", "NAMES", "RASTERS", "RASTERS_BY_NAME", "SOURCES", "Access", "Keep", "RasterSource", "Register", "Source", "dated", "way"]
