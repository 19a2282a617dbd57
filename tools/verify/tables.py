"""What is compared: the tables as they were clipped, and the values that were computed from them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

#: Kinds of unit: one of each way to draw them. Whole areas, parts, overlapping rings, strips, squares, blocks.
KINDS = ("buurt", "buurt_corridor", "block", "square_500m", "catchment", "section", "corridor")


class Run:
    """A project folder in which everything was computed.

    Parameters
    ----------
    folder
        Holds config.toml, data_raw/ and data_out/.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._made = folder / "data_out" / ".stages"

    @cached_property
    def settings(self) -> Mapping[str, Any]:
        """``[indicators]`` of the config."""
        config = tomllib.loads((self.folder / "config.toml").read_text(encoding="utf-8"))
        return dict(config["indicators"])

    def clipped(self, name: str) -> gpd.GeoDataFrame:
        """A source as it was clipped, by its key."""
        return gpd.read_parquet(self._made / "clip" / f"{name}.parquet")

    def units(self, kind: str) -> gpd.GeoDataFrame:
        """The units of a kind."""
        return self.clipped(f"unit_{kind}")

    def values(self, kind: str) -> pd.DataFrame:
        """All that was computed for the units of a kind."""
        units = self.units(kind)
        found = sorted((self._made / "compute").glob(f"*.{kind}.parquet"))
        tables = [pd.DataFrame(units.drop(columns="geometry")), *(pd.read_parquet(f) for f in found)]
        return pd.concat([t.select_dtypes("number").reindex(units.index) for t in tables], axis=1)

    def people(self) -> gpd.GeoDataFrame:
        """Where inhabitants were placed: points with ``estimate``, ``low`` and ``high``. Ours; engines sum them."""
        from pipeline import indicators
        from pipeline.profiles import PROFILES

        given = dict(self.settings) | {"stock_profile": PROFILES[self.settings["stock_profile"]]}
        given |= {name: self.clipped(name) for name in indicators.leaves("people_points") - given.keys()}
        points: gpd.GeoDataFrame = indicators.shared("people_points", given, {})
        return points

    @property
    def rasters(self) -> Path:
        """Folder with ``ahn_dsm.vrt`` and ``ahn_dtm.vrt``."""
        return self.folder / "data_raw" / "sample"
