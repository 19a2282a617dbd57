"""A vector file: anything that GDAL reads."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyogrio
import pyproj
from pyogrio.errors import DataLayerError, DataSourceError
from pyproj.exceptions import CRSError

from ..contract import CRS, Bbox, Page, SourceError
from ..store import sha256
from . import archive, gdal
from .names import snakes
from .received import Progress, Received, hint, mapped


@gdal.without_measures()
def fetch(
    path: Path,
    layer: str | None,
    columns: Mapping[str, str],
    values: Mapping[str, str | int | float],
    bbox: Bbox | None,
    progress: Progress,
    condition: str | None = None,
) -> Received:
    """Read the features of one layer of a file.

    Parameters
    ----------
    path
        File in EPSG:28992. Curves are made straight by GDAL, heights are dropped.
    layer
        Needed when the file has several.
    columns
        Register's column name -> name in the file; an empty name says that the file lacks it.
    values
        Register's column name -> one value for all rows.
    bbox
        Only what intersects it; None for all.
    progress
        Called once, when all is read.
    condition
        On the file's own columns, as in SQL; None for all rows.

    Raises
    ------
    SourceError
        When the file is missing, can't be read, has no such layer, no geometry, no features or another CRS.
    """
    gdal.prepare()
    layer = _layer(path, layer)
    where = f"{path} layer {layer!r}"
    info = _info(path, layer, where)
    if not int(info["features"]):
        msg = f"{where}: has no features; was it exported whole?"
        raise SourceError(msg)
    try:
        count = len(pyogrio.read_bounds(path, layer=layer, bbox=bbox, where=condition)[0])
    except (DataSourceError, DataLayerError, ValueError) as error:
        msg = f"{where}: can't be read: {gdal.line(error)}"
        raise SourceError(msg) from None
    # The BAG extract's driver says that it has no features; told how many to read, GDAL gives them all.
    table = gdal.read(path, layer, where, bbox=bbox, condition=condition, most=count or None)
    page = Page(path.resolve().as_uri(), _moment(path), len(table), path.stat().st_size, _hash(path))
    progress(len(table), count)
    received = mapped(Received(table, count, (page,)), columns, values, where)
    chosen = {c: c for c in (*columns, *values)}
    others = [str(c) for c in received.table.columns if c not in chosen]
    renamed = snakes([*chosen, *others], where) | chosen
    return Received(received.table.rename(columns=renamed), count, (page,), received.lacks)


def _layer(path: Path, layer: str | None) -> str:
    """Name of the layer to read; GDAL is asked only for what exists."""
    if not path.exists():
        msg = f"{path}: no such file; see the path in the config"
        raise SourceError(msg)
    try:
        names = [str(name) for name, _ in pyogrio.list_layers(path)]
    except DataSourceError as error:
        holds = f"; it holds {_some(archive.names(path))}, unpack it and name one" if path.suffix.lower() == ".zip" else ""
        msg = f"{path}: not a vector file that GDAL reads: {gdal.line(error)}{holds}"
        raise SourceError(msg) from None
    if layer is None and len(names) == 1:
        return names[0]
    if layer is None:
        msg = f"{path}: has {len(names)} layers ({', '.join(names)}); name one with [sources] layer"
        raise SourceError(msg)
    if layer not in names:
        msg = f"{path}: has no layer {layer!r}; {hint(layer, names)}"
        raise SourceError(msg)
    return layer


def _info(path: Path, layer: str, where: str) -> dict[str, Any]:
    """What GDAL says of the layer, once it has geometry in the right CRS."""
    try:
        info: dict[str, Any] = pyogrio.read_info(path, layer=layer, force_feature_count=True)
    except (DataSourceError, DataLayerError) as error:
        msg = f"{where}: can't be read: {gdal.line(error)}"
        raise SourceError(msg) from None
    if info["geometry_type"] is None:
        msg = f"{where}: has no geometry, expected a map layer"
        raise SourceError(msg)
    if not info["crs"]:
        msg = (
            f"{where}: states no CRS, expected {CRS}; if it is that, add it: ogr2ogr -a_srs {CRS} new.gpkg {path.name}"
        )
        raise SourceError(msg)
    if not is_rd(info["crs"]):
        msg = f"{where}: CRS is {crs_name(info['crs'])}, expected {CRS}; convert it: ogr2ogr -t_srs {CRS} new.gpkg {path.name}"
        raise SourceError(msg)
    return info


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")


def is_rd(crs: str) -> bool:
    """Say whether a CRS, as GDAL states it, is RD New."""
    try:
        stated = pyproj.CRS.from_user_input(crs)
    except CRSError:
        return False
    # A shapefile's .prj states the same system without its EPSG number.
    return bool(stated.equals(CRS) or stated.to_epsg(min_confidence=70) == pyproj.CRS.from_user_input(CRS).to_epsg())


def crs_name(crs: str) -> str:
    """Give the number or the name of a CRS, as GDAL states it."""
    try:
        stated = pyproj.CRS.from_user_input(crs)
    except CRSError:
        return crs[:40]
    authority = stated.to_authority()
    return ":".join(authority) if authority else repr(stated.name)


def _moment(path: Path) -> str:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC).isoformat(timespec="seconds")


def _hash(path: Path) -> str:
    # A file geodatabase is a folder: its files in the order of their names.
    if path.is_file():
        return sha256(path)
    return hashlib.sha256("".join(sha256(f) for f in sorted(path.rglob("*")) if f.is_file()).encode()).hexdigest()
