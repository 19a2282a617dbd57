"""A table as it goes into the file: checked, one geometry type, rows and columns in order."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import geopandas as gpd
import pandas as pd
import shapely

from ..contract import CRS, Column, ContractError, Language, Text
from .declaration import Exported

KEY = Text("Sleutel", "Key")
KEY_MEANING = Text("Unieke sleutel van de rij.", "Unique key of the row.")

#: What PDOK asks of names in a GeoPackage.
_NAME = re.compile(r"[a-z][a-z0-9_]{0,56}")
#: Columns that the GeoPackage itself has.
_TAKEN = ("fid", "geom")
_PROMOTE = {"Polygon": shapely.multipolygons, "LineString": shapely.multilinestrings, "Point": shapely.multipoints}
_OF_STYLE = {"polygon": "Polygon", "line": "LineString", "point": "Point"}


class Prepared(NamedTuple):
    """An `Exported`, ready to be written.

    ``table`` has the key and the declared columns, and the geometry as ``geom``, all of the type ``geometry``.
    ``aliases`` says what a reader sees in place of each column's name.
    """

    declared: Exported
    table: gpd.GeoDataFrame
    geometry: str
    aliases: Mapping[str, str]


def prepare(layer: Exported, language: Language) -> Prepared:
    """Check `layer` and bring it into the form in which it is written.

    Exterior rings run counter-clockwise and heights are left out. All geometries become multi-geometries
    as soon as one of them is.

    Raises
    ------
    ContractError
        When the table is not what it declares, or can't stand in a GeoPackage.
    """
    table = layer.table.reset_index() if layer.table.index.name == layer.key else layer.table
    names = [layer.key, *(c.name for c in layer.columns)]
    _check(layer, table, names)
    geometry, type_ = _one_type(shapely.orient_polygons(shapely.force_2d(table.geometry.array)), layer)
    columns = pd.DataFrame(table)[names]
    made = gpd.GeoDataFrame(columns, geometry=gpd.GeoSeries(geometry, index=table.index, crs=CRS))
    made = made.rename_geometry("geom").sort_values(layer.key, kind="stable", ignore_index=True)
    key = Column(layer.key, "str", "", "label", KEY, KEY_MEANING)
    return Prepared(layer, made, type_, aliases((key, *layer.columns), language))


def _check(layer: Exported, table: gpd.GeoDataFrame, names: Sequence[str]) -> None:
    def fail(what: str) -> None:
        msg = f"{layer.name}: {what}"
        raise ContractError(msg)

    if odd := [n for n in (layer.name, *names) if not _NAME.fullmatch(n)]:
        fail(f"{odd[0]!r} can't be a name in a GeoPackage, expected small letters, digits and underscores, at most 57")
    if taken := [n for n in names if n in _TAKEN or names.count(n) > 1]:
        fail(f"column {taken[0]!r} is there twice or is a column of the GeoPackage itself")
    if lost := [n for n in names if n not in table.columns]:
        fail(f"column {lost[0]!r} is missing; there are {', '.join(map(str, table.columns))}")
    if table.crs is None or not table.crs.equals(CRS):
        fail(f"CRS is {table.crs.to_string() if table.crs else 'not stated'}, expected {CRS}")
    keys = table[layer.key]
    bad = table.geometry.isna() | table.geometry.is_empty | ~table.geometry.is_valid
    if bad.any():
        fail(f"{int(bad.sum())} of {len(table)} geometries are missing, empty or invalid, first {keys[bad].iloc[0]!r}")
    twice = keys.duplicated() | keys.isna()
    if twice.any():
        fail(f"{int(twice.sum())} {layer.key} values are duplicate or missing, first {keys[twice].iloc[0]!r}")
    for name in table[names].select_dtypes("str"):
        # GDAL ends a text there, without a word.
        cut = table[name].str.contains("\0", regex=False, na=False)
        if cut.any():
            fail(f"{int(cut.sum())} texts in {name} hold a NUL character, first in {keys[cut].iloc[0]!r}")


def _one_type(geometry: Any, layer: Exported) -> tuple[Any, str]:
    found = {shapely.GeometryType(i).name for i in set(shapely.get_type_id(geometry).tolist())}
    if not found:
        return geometry, _OF_STYLE[layer.style.geometry] if layer.style else "Unknown"
    family = next((f for f in _PROMOTE if found <= {f.upper(), f"MULTI{f.upper()}"}), None)
    if family is None:
        msg = f"{layer.name}: geometry types {sorted(found)}, expected one of {', '.join(_PROMOTE)} and its multi type"
        raise ContractError(msg)
    if found == {family.upper()}:
        return geometry, family
    parts, rows = shapely.get_parts(geometry, return_index=True)
    return _PROMOTE[family](parts, indices=rows), f"Multi{family}"


def aliases(columns: Sequence[Column], language: Language) -> dict[str, str]:
    """What a reader sees, with the name added where two would be alike: the schema extension forbids that."""
    said = {c.name: c.heading(language) for c in columns}
    all_said = list(said.values())
    return {name: f"{text} [{name}]" if all_said.count(text) > 1 else text for name, text in said.items()}
