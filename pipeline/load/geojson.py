"""Pages of GeoJSON -> one table, without losing a column, a digit or a type."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, NoReturn

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from ..contract import CRS, Page, SourceError
from . import ows
from .http import Answer, DamagedError
from .names import snakes

#: Everything in the Netherlands lies within this, in metres RD; degrees, or x and y exchanged, do not.
RD_RANGE = (0.0, 300_000.0, 300_000.0, 650_000.0)

_DEPTH = {"Point": 0, "MultiPoint": 1, "LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3}
_INT64 = 2**63


@dataclass(frozen=True)
class Sheet:
    """The features of one page, column by column.

    ``contents`` identifies each feature by its properties and geometry; ``ids`` by the id that the service gives it,
    or by content where it gives none.
    """

    columns: Mapping[str, Sequence[Any]]
    geometry: np.ndarray
    ids: tuple[str | int, ...]
    contents: tuple[int, ...]
    page: Page

    def __len__(self) -> int:
        return len(self.geometry)

    def rows(self, keep: Sequence[int]) -> Sheet:
        """The features at the positions `keep`."""
        return Sheet(
            {name: [values[i] for i in keep] for name, values in self.columns.items()},
            self.geometry[list(keep)],
            tuple(self.ids[i] for i in keep),
            tuple(self.contents[i] for i in keep),
            self.page,
        )


def collection(answer: Answer) -> dict[str, Any]:
    """Read a feature collection.

    Raises
    ------
    DamagedError
        For nothing, HTML, or half of the JSON: worth asking again.
    SourceError
        For an XML exception, or another object.
    """
    content = answer.content.strip()
    where = answer.url
    if not content:
        msg = f"{where}: an empty answer, expected GeoJSON"
        raise DamagedError(msg)
    if content[:1] == b"<":
        _refuse_markup(content, where)
    try:
        body = json.loads(content, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        what = (
            f"{error.msg} at character {error.pos} of {len(content)}"
            if isinstance(error, json.JSONDecodeError)
            else str(error)
        )
        msg = f"{where}: not whole JSON ({what})"
        raise DamagedError(msg) from None
    if not isinstance(body, dict) or not isinstance(features := body.get("features"), list):
        said = (
            next((str(body[k])[:160] for k in ("detail", "description", "title") if body.get(k)), "")
            if isinstance(body, dict)
            else ""
        )
        msg = f"{where}: JSON, but not a list of features{f' ({said})' if said else ''}; is the collection right?"
        raise SourceError(msg)
    if not all(isinstance(f, dict) and isinstance(f.get("properties") or {}, dict) for f in features):
        msg = f"{where}: holds something that is no GeoJSON feature; is the collection right?"
        raise SourceError(msg)
    return body


def sheet(answer: Answer, features: Sequence[Mapping[str, Any]]) -> Sheet:
    """Turn the features of one page into columns.

    The id that stands outside the properties becomes the column ``id`` unless a property has that name.

    Raises
    ------
    SourceError
        When a geometry is not GeoJSON, or lies outside the Netherlands in RD.
    """
    rows = [f.get("properties") or {} for f in features]
    names = dict.fromkeys(chain.from_iterable(rows))
    columns: dict[str, Sequence[Any]] = {name: [row.get(name) for row in rows] for name in names}
    geometry = _geometries([f.get("geometry") for f in features], answer.url)
    _in_range(geometry, answer.url)
    contents = tuple(map(_content, zip(shapely.to_wkb(geometry), *columns.values(), strict=True)))
    given = [f.get("id") for f in features]
    if "id" not in columns and any(i is not None for i in given):
        columns["id"] = given
    ids = tuple(content if i is None else str(i) for i, content in zip(given, contents, strict=True))
    return Sheet(columns, geometry, ids, contents, answer.page(len(features)))


def ids(answer: Answer, features: Sequence[Mapping[str, Any]]) -> tuple[str | int, ...]:
    """What `sheet` would give as the ids of the features, without the work where the service gives them itself."""
    given = [f.get("id") for f in features]
    return sheet(answer, features).ids if None in given else tuple(map(str, given))


def _content(row: tuple[Any, ...]) -> int:
    """A number that is equal for equal rows; two others in one register share one with a chance far below one in a million."""
    try:
        return hash(row)
    except TypeError:  # a list or an object among the values
        return hash(repr(row))


def table(sheets: Iterable[Sheet], where: str) -> gpd.GeoDataFrame:
    """Make one table of all pages: the union of their columns in snake_case, types from all values together."""
    sheets = list(sheets)
    names = dict.fromkeys(chain.from_iterable(s.columns for s in sheets))
    ours = snakes([n for n in names if n != "geometry"], where)
    columns = {
        ours[name]: _column([v for s in sheets for v in s.columns.get(name, (None,) * len(s))])
        for name in names
        if name in ours
    }
    geometry = np.concatenate([s.geometry for s in sheets]) if sheets else np.empty(0, dtype=object)
    return gpd.GeoDataFrame(columns, geometry=geometry, crs=CRS)


def _refuse_markup(content: bytes, where: str) -> NoReturn:
    if content[:200].lstrip().lower().startswith((b"<!doctype html", b"<html")):
        msg = f"{where}: an HTML page, expected GeoJSON; is the URL right, or is the service down?"
        raise DamagedError(msg)
    root = ows.root(content, where)
    said = f": {root.exception[:160]}" if root.exception else ""
    msg = f"{where}: XML ({root.name}), expected GeoJSON{said}"
    raise SourceError(msg)


def _no_number(text: str) -> NoReturn:
    msg = f"{text} is no number in JSON"
    raise ValueError(msg)


def _geometries(members: Sequence[Mapping[str, Any] | None], where: str) -> np.ndarray:
    """Shapely geometries, None for null; each type at once, from its flat coordinates."""
    made = np.full(len(members), None, dtype=object)
    kinds: dict[str, list[int]] = {}
    try:
        for i, member in enumerate(members):
            if member is not None:
                kinds.setdefault(member["type"], []).append(i)
        for kind, at in kinds.items():
            if kind == "GeometryCollection":
                made[at] = shapely.from_geojson([json.dumps(members[i]) for i in at])
            else:
                made[at] = _ragged(kind, [members[i]["coordinates"] for i in at])  # type: ignore[index]
    except (KeyError, TypeError, ValueError, IndexError, shapely.errors.GEOSException) as error:
        msg = f"{where}: a geometry that is not GeoJSON ({type(error).__name__}: {str(error)[:100]})"
        raise SourceError(msg) from None
    return made


def _ragged(kind: str, level: list[Any]) -> np.ndarray:
    offsets = []
    for _ in range(_DEPTH[kind]):
        offsets.append(np.cumsum([0, *map(len, level)]))
        level = list(chain.from_iterable(level))
    flat = np.array([position[:2] for position in level], dtype="float64").reshape(-1, 2)
    made: np.ndarray = shapely.from_ragged_array(shapely.GeometryType[kind.upper()], flat, tuple(reversed(offsets)))
    return made


def _in_range(geometry: np.ndarray, where: str) -> None:
    west, south, east, north = RD_RANGE
    x0, y0, x1, y1 = shapely.bounds(geometry).T
    # NaN (no geometry, empty) is not outside.
    outside = (x0 < west) | (y0 < south) | (x1 > east) | (y1 > north)
    if outside.any():
        first = int(np.flatnonzero(outside)[0])
        msg = (
            f"{where}: {int(outside.sum())} of {len(geometry)} features lie outside the Netherlands in {CRS}, first at "
            f"{x0[first]:.6g},{y0[first]:.6g}; the service answers in another CRS or with x and y exchanged"
        )
        raise SourceError(msg)


def _column(values: list[Any]) -> pd.Series:
    """Values of one property over all pages, in the one type that holds them all."""
    kinds = {type(v) for v in values}
    missing = type(None) in kinds
    kinds.discard(type(None))
    if kinds <= {list, dict, str} and kinds != {str}:
        return pd.Series([_flat(v) for v in values], dtype="str")
    if kinds == {str}:
        return pd.Series(values, dtype="str")
    if kinds == {int} and all(-_INT64 <= v < _INT64 for v in values if v is not None):
        return pd.Series(pd.array(values, dtype="Int64")) if missing else pd.Series(values, dtype="int64")
    if kinds <= {int, float}:
        return pd.Series(values, dtype="float64")
    if kinds == {bool}:
        return pd.Series(values, dtype="boolean" if missing else "bool")
    # Numbers on one page and text on another: text is what can hold both.
    return pd.Series([v if v is None else _flat(v) for v in values], dtype="str")


def _flat(value: Any) -> str | None:
    """Text of a value; a list of plain values with commas, as the register itself writes several uses."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(v, str | int) for v in value):
        return ",".join(map(str, value))
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
