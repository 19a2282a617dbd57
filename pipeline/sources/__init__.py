"""Every dataset that the pipeline reads: one declaration each, a file per register."""

from __future__ import annotations

from collections.abc import Mapping

from .bag import PAND, VERBLIJFSOBJECT
from .brk import GEMEENTE
from .cbs import BODEMGEBRUIK, BUURT, VIERKANT_100M, WIJK
from .declaration import Access, Keep, Register, Source
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

BY_NAME: Mapping[str, Source] = {s.name: s for s in SOURCES}

__all__ = ["BY_NAME", "SOURCES", "Access", "Keep", "Register", "Source"]
