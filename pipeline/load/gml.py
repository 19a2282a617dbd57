"""One kind of feature in a GML file: looked through first, then read by GDAL as it was found."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn
from xml.parsers import expat
from xml.sax.saxutils import escape

import geopandas as gpd
import numpy as np

from ..contract import CRS, SourceError
from . import gdal
from .geojson import RD_RANGE
from .names import snakes

_GML = "http://www.opengis.net/gml"
# Root, member, feature: from here on there are properties.
_FEATURE = 3


@dataclass
class Contents:
    """What is in a file, counted without GDAL.

    Attributes
    ----------
    kind
        Name of the features' element, '' where there are none.
    members
        How many features.
    columns
        Path of each property that holds text, and its name: the path with dots.
    """

    kind: str = ""
    members: int = 0
    columns: dict[str, str] = field(default_factory=dict)


def read(path: Path, geometry: str, where: str) -> tuple[gpd.GeoDataFrame, int]:
    """Read a file, and say how many features it has by another count than GDAL's.

    Parameters
    ----------
    path
        GML of one kind of feature. It may say to be in RD, or nothing.
    geometry
        Property to take as geometry; features may have others, of labels and ridges.
    where
        Begin of an error message.

    Returns
    -------
    table
        Columns in snake_case, all text as it is written (``gml_id`` is the feature's own), and ``geometry``; EPSG:28992.
    members
        Number of features in the file.

    Raises
    ------
    SourceError
        When the file is not whole XML, has a document type, several kinds of feature or no such geometry, when GDAL
        gives another number of features, or a feature lies outside the Netherlands.
    """
    found = contents(path, where)
    if not found.members:
        return gpd.GeoDataFrame(geometry=[], crs=CRS), 0
    with tempfile.TemporaryDirectory() as folder:
        template = Path(folder) / "template.gfs"
        template.write_text(_template(found, geometry), encoding="utf-8")
        table = gdal.read(
            path,
            found.kind,
            where,
            GFS_TEMPLATE=str(template),
            WRITE_GFS="NO",
            DOWNLOAD_SCHEMA="NO",
            EXPOSE_GML_ID="YES",
        )
    if len(table) != found.members:
        msg = f"{where}: holds {found.members} features and GDAL reads {len(table)}; the file is not what it seems"
        raise SourceError(msg)
    _placed(table, geometry, where)
    columns = [c for c in table.columns if c != "geometry"]
    return table.rename(columns=snakes(columns, where)), found.members


def contents(path: Path, where: str) -> Contents:
    """Look through a file of any size, keeping none of it.

    No document type is accepted, so no entity can be declared.
    """
    found = Contents()
    walk: list[str] = []
    text = False
    inside_gml = 0

    def start(name: str, _: Mapping[str, str]) -> None:
        nonlocal text, inside_gml
        space, local = name.rpartition(" ")[::2]
        walk.append(local)
        if len(walk) == _FEATURE and walk[1].lower().endswith(("member", "members")):
            _count(found, local, where)
        inside_gml += space.startswith(_GML) and len(walk) > _FEATURE
        text = True

    def end(name: str) -> None:
        nonlocal text, inside_gml
        # An element without elements in it holds text.
        if text and len(walk) > _FEATURE and not inside_gml:
            found.columns.setdefault("|".join(walk[_FEATURE:]), ".".join(walk[_FEATURE:]))
        inside_gml -= name.startswith(_GML) and len(walk) > _FEATURE
        walk.pop()
        text = False

    def doctype(*_: object) -> NoReturn:
        msg = f"{where}: XML with a document type, which no register sends; it is not read"
        raise SourceError(msg)

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.StartDoctypeDeclHandler = doctype
    try:
        with path.open("rb") as file:
            parser.ParseFile(file)
    except expat.ExpatError as error:
        msg = f"{where}: not whole XML ({expat.errors.messages[error.code]} in line {error.lineno}); run again"
        raise SourceError(msg) from None
    return found


def _count(found: Contents, kind: str, where: str) -> None:
    found.kind = found.kind or kind
    found.members += 1
    if kind != found.kind:
        msg = f"{where}: feature {found.members} is a {kind}, the others are {found.kind}; expected one kind"
        raise SourceError(msg)


def _template(found: Contents, geometry: str) -> str:
    """What GDAL would find out itself, but for two things: every property is text, and the geometry is the right one."""
    columns = "".join(
        f"<PropertyDefn><Name>{escape(name)}</Name><ElementPath>{escape(path)}</ElementPath><Type>String</Type></PropertyDefn>"
        for path, name in found.columns.items()
    )
    return (
        f"<GMLFeatureClassList><GMLFeatureClass><Name>{found.kind}</Name><ElementPath>{found.kind}</ElementPath>"
        f"<GeomPropertyDefn><Name>geometry</Name><ElementPath>{geometry}</ElementPath><Type>Unknown</Type>"
        f"</GeomPropertyDefn><SRSName>{CRS}</SRSName>{columns}</GMLFeatureClass></GMLFeatureClassList>"
    )


def _placed(table: gpd.GeoDataFrame, geometry: str, where: str) -> None:
    """Refuse features that all lack the geometry, or lie where no Dutch feature can."""
    if table.geometry.isna().all():
        msg = f"{where}: none of {len(table)} features has a {geometry}; was the format changed?"
        raise SourceError(msg)
    west, south, east, north = RD_RANGE
    x0, y0, x1, y1 = (table.geometry.bounds[c].to_numpy() for c in ("minx", "miny", "maxx", "maxy"))
    outside = (x0 < west) | (y0 < south) | (x1 > east) | (y1 > north)
    if outside.any():
        first = int(np.flatnonzero(outside)[0])
        msg = (
            f"{where}: {int(outside.sum())} of {len(table)} features lie outside the Netherlands in {CRS}, first at "
            f"{x0[first]:.6g},{y0[first]:.6g}; expected metres RD"
        )
        raise SourceError(msg)
