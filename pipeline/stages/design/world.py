"""What the formats of the design folder share, and where each is kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from ... import grid, provenance
from ...clip import corridor as corridor_
from ...contract import Bbox, ConfigError, Text
from ...export.declaration import IN_CORRIDOR
from ...export.drawing import Origin
from ...export.layer import Prepared, prepare
from ...export.solids import Solid, solids
from ...project import Project
from ...sources import BY_NAME
from .. import layers

_WHOLE_KM = 1000.0
#: Panden that are permitted or begun, and so not there yet.
_PERMITTED = frozenset({"Bouwvergunning verleend", "Bouw gestart"})


@dataclass(frozen=True)
class Format:
    """One format of the folder.

    Attributes
    ----------
    files
        What it makes, in the order of the read-me.
    inputs
        What it is made from, besides receipts and checks.
    make
        Writes the files.
    possible
        Whether there is anything to make it from.
    last
        It reads what the others made.
    """

    files: Callable[[Project], Sequence[Path]]
    inputs: Callable[[Project], Sequence[Path]]
    make: Callable[[World], None]
    possible: Callable[[Project], bool] = lambda _project: True
    last: bool = False


class World:
    """What several formats are made from, each part read when it is first asked for."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.language = project.config.project.language
        self.title = project.config.project.name
        self._layers: dict[str, Prepared] = {}

    @cached_property
    def corridor(self) -> Any:
        """The outline of the corridor."""
        return self.project.clipped(corridor_.CORRIDOR).geometry.iloc[0]

    @cached_property
    def origin(self) -> Origin:
        """What is 0, 0 in the local copies: as the config says, else the south-western whole kilometre of the corridor."""
        given = self.project.config.export.origin_rd_m
        if given is not None:
            return Origin(*given)
        west, south, _, _ = self.corridor.bounds
        return Origin(*(float(np.floor(v / _WHOLE_KM) * _WHOLE_KM) for v in (west, south)))

    def layer(self, name: str) -> Prepared:
        """One layer, ready to be written."""
        if name not in self._layers:
            self._layers[name] = prepare(layers.layers(self.project)[name](), self.language)
        return self._layers[name]

    @cached_property
    def prepared(self) -> Mapping[str, Prepared]:
        """The layers that were asked for, ready to be written, by name."""
        return {name: self.layer(name) for name in chosen(self.project)}

    @cached_property
    def pand(self) -> gpd.GeoDataFrame:
        """The panden of which a part lies in the corridor, whole, with what is known of their height."""
        layer = BY_NAME["pand"].layer
        keys = self.project.clipped(layer, f"pand{IN_CORRIDOR}").index
        pand = self.project.clipped(layer).loc[keys].sort_index()
        return layers.with_heights(self.project, pand)

    @cached_property
    def existing(self) -> gpd.GeoDataFrame:
        """Those that the stock profile counts."""
        return self.pand[self._counted]

    @cached_property
    def permitted(self) -> gpd.GeoDataFrame:
        """Those that are permitted or begun, and do not count as existing."""
        return self.pand[~self._counted & self.pand["status"].isin(_PERMITTED)]

    @property
    def _counted(self) -> pd.Series:
        counted: pd.Series = self.pand["status"].isin(self.project.config.stock_profile.pand_statuses)
        return counted

    @cached_property
    def solids(self) -> dict[str, list[Solid]]:
        """The existing panden that have a height, as solids."""
        measured = self.existing[self.existing["height_m"].notna()]
        return solids(measured.geometry, measured["ground_m"], measured["roof_m"])

    @cached_property
    def notes(self) -> dict[str, str]:
        """What is to be known of every file, short: name -> text."""
        receipts = self.project.receipts()
        said = {
            "title": self.title,
            "crs": Text("RD (EPSG:28992), hoogten in m NAP", "RD (EPSG:28992), heights in m NAP").in_(self.language),
            "sources": provenance.source_line(receipts, self.language),
            # That data are invented stands in the line of sources.
            "notice": provenance.notice((), self.project.checks(), self.language),
        }
        return {name: text for name, text in said.items() if text}


def chosen(project: Project) -> tuple[str, ...]:
    """Names of the layers that go into the formats with a file or a sheet per layer.

    Raises
    ------
    ConfigError
        When the config names one that there is not.
    """
    there, asked = layers.layers(project), project.config.export.layers
    if odd := [name for name in asked if name not in there]:
        msg = f"{project.config.file}: [export] layers names {odd[0]!r}; there are {', '.join(there)}"
        raise ConfigError(msg)
    return tuple(name for name in there if not asked or name in asked)


def building_inputs(project: Project) -> list[Path]:
    """The files behind the buildings of `World`."""
    places = project.places
    return [
        places.clipped(corridor_.CORRIDOR.name), places.clipped("pand"), places.clipped(f"pand{IN_CORRIDOR}"), places.buildings,
    ]  # fmt: skip


def snapped(shape: Any, cell_m: float, frame: Bbox) -> Bbox:
    """The box of whole cells around a shape, as far as it lies in `frame`."""
    west, south, east, north = shape.bounds
    low = [float(np.floor(v / cell_m) * cell_m) for v in (west, south)]
    high = [float(np.ceil(v / cell_m) * cell_m) for v in (east, north)]
    return grid.overlap((low[0], low[1], high[0], high[1]), frame) or frame
