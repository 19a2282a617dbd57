"""What is to be exported: a table with its declaration and its look."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..contract import Column, Text

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from .styles import Style

#: Endings of a name: the part of each object in the corridor, and the objects as the register has them.
IN_CORRIDOR, WHOLE = "_corridor", "_whole"


def base_name(name: str) -> str:
    """The name of a layer without what says how much of its objects is there."""
    return name.removesuffix(IN_CORRIDOR).removesuffix(WHOLE)


@dataclass(frozen=True)
class Exported:
    """One table of the GeoPackage.

    Attributes
    ----------
    name
        Name of the table: small letters, digits and underscores.
    title
        What a reader sees.
    table
        EPSG:28992, index `key` or a column of that name.
    columns
        The columns that are written, in this order, after the key.
    style
        How QGIS draws it by itself; None leaves that to QGIS.
    key
        Unique per row, written as the first column; rows stand in its order.
    sources
        Column name -> names of the sources behind it, for the data dictionary. Columns that are not named
        are taken to come from the source that the table is named after.
    """

    name: str
    title: Text
    table: gpd.GeoDataFrame
    columns: tuple[Column, ...]
    style: Style | None
    key: str
    sources: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Listed:
    """One attribute table of the GeoPackage: numbers that have a place by the key of another table.

    Attributes
    ----------
    name, title, columns, sources
        As of `Exported`; there is no key besides the columns.
    table
        Has at least `columns`; rows stand in its order.
    """

    name: str
    title: Text
    table: pd.DataFrame
    columns: tuple[Column, ...]
    sources: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
