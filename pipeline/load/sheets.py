"""AHN's sheets of 5 × 6.25 km: an index in GeoJSON that says where each is, and a GeoTIFF per sheet."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple
from urllib.parse import urljoin

import shapely
from shapely.errors import GEOSException

from ..contract import Bbox, SourceError
from ..grid import Tile, frame, overlap
from ..sources import RasterSource
from . import geojson
from .geotiff import Sheet, sheet
from .http import Answer, Asks


class Listed(NamedTuple):
    """A sheet in the index: the box that it says to cover, in metres RD, and its address."""

    name: str
    box: Bbox
    url: str


def index(url: str, http: Asks) -> tuple[Listed, ...]:
    """Read the index, in the order of the sheets' names.

    Raises
    ------
    SourceError
        When it is no GeoJSON in RD, is empty, or has a sheet without address or place.
    """

    def read(answer: Answer) -> list[dict[str, Any]]:
        features: list[dict[str, Any]] = geojson.collection(answer)["features"]
        return features

    answer = http.get(url, accept="application/geo+json, application/json", read=read)
    listed = sorted(_listed(feature, answer.url) for feature in answer.read)
    if not listed:
        msg = f"{url}: an index without sheets, expected some; is the URL right?"
        raise SourceError(msg)
    return tuple(listed)


def bring(
    listed: Sequence[Listed], tiles: Sequence[Tile], source: RasterSource, http: Asks, resolve: Callable[[str], str]
) -> tuple[Sheet, ...]:
    """Download the sheets that have ground in common with `tiles`; those that are there already are not fetched.

    `resolve` gives an address at its mirror.

    Raises
    ------
    SourceError
        When the service refuses, or when a sheet is not on the grid of `source`.
    """
    wanted = [s for s in listed if any(overlap(s.box, t.box) for t in tiles)]

    def one(chosen: Listed) -> Sheet | None:
        done = http.download(resolve(chosen.url))
        return sheet(done.path, source, done.page, within=frame(tuple(tiles)))

    with ThreadPoolExecutor(http.parallel_requests) as pool:
        return tuple(s for s in pool.map(one, wanted) if s)


def _listed(feature: Mapping[str, Any], where: str) -> Listed:
    said = feature.get("properties") or {}
    name, url = str(said.get("kaartbladNr") or said.get("name") or ""), said.get("url")
    if not name or not isinstance(url, str):
        msg = f"{where}: a sheet without kaartbladNr or url, expected both; there are {', '.join(said) or 'no properties'}"
        raise SourceError(msg)
    try:
        west, south, east, north = shapely.geometry.shape(feature["geometry"]).bounds
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, GEOSException):
        msg = f"{where}: sheet {name} has no place, expected a polygon"
        raise SourceError(msg) from None
    low_x, low_y, high_x, high_y = geojson.RD_RANGE
    if not (low_x <= west < east <= high_x and low_y <= south < north <= high_y):
        msg = f"{where}: sheet {name} lies at {west:.6g},{south:.6g}, expected metres RD"
        raise SourceError(msg)
    return Listed(name, (west, south, east, north), urljoin(where, url))
