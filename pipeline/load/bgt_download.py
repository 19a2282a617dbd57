"""The BGT's download API: an order for an area, a wait, and one zip with a GML file per kind of object."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import geopandas as gpd
import numpy as np
import shapely

from ..contract import Bbox, Proof, SourceError, Text
from ..wording import number
from . import archive, gml
from .http import Answer, Asks, DamagedError, Downloaded, GoneError
from .received import Progress, Received

#: The property with the object itself; labels and ridges have geometries of their own.
_GEOMETRY = "geometrie2d"
#: Endings as the OGC API has them: an object type of which a file holds several shapes -> types of shapely.
_SHAPES = {"vlak": (3, 6), "lijn": (1, 5), "punt": (0, 4)}
_NO_SHAPE = -1


_FIRST_WAIT_S = 1.0
_LONGEST_WAIT_S = 30.0
# A city takes the service minutes; after this it is not coming.
_MOST_WAIT_S = 1800.0
# An order is forgotten by the service after some days, and may be gone at once when a server restarts.
_MOST_ORDERS = 3

#: One order at a time for the same area, so that the sources that share it do.
_LOCKS: dict[tuple[str, str], threading.Lock] = {}
_GUARD = threading.Lock()


class _BusyError(SourceError):
    """The order is being worked on."""


def fetch(
    access_url: str,
    collection: str,
    bbox: Bbox | None,
    http: Asks,
    progress: Progress,
    *,
    together: tuple[str, ...] = (),
) -> Received:
    """Fetch the objects of one type, history included.

    Parameters
    ----------
    access_url
        The API, up to and with its version.
    collection
        Type of object. With an ending ``_vlak``, ``_lijn`` or ``_punt`` only the objects of that shape.
    bbox
        Box in metres RD. The service gives the squares that it touches, so more than was asked.
    http
        Client. Sources that share `together` and the box should share its folder as well: they share the order.
    progress
        Called while waiting, and when all is read.
    together
        All types that are ordered at once.

    Returns
    -------
    Received
        ``reported`` is None: the API gives no number. The proof is that GDAL reads as many objects as the file has.

    Raises
    ------
    SourceError
        When the order fails or takes too long, the zip or the GML is not what it should be, or there is no box.
    """
    where = f"{access_url} {collection}"
    if bbox is None:
        msg = f"{where}: delivers an area, expected a box; take another protocol for the whole country"
        raise SourceError(msg)
    kind, _, shape = collection.rpartition("_")
    if shape not in _SHAPES:
        kind, shape = collection, ""
    order = {"featuretypes": sorted({*together, kind}), "format": "gmllight", "geofilter": _polygon(bbox)}
    progress(0, None)
    with _GUARD:
        lock = _LOCKS.setdefault((access_url, json.dumps(order)), threading.Lock())
    with lock:
        zipped = _ordered(access_url, order, http, where)
    table, members = _read(zipped.path, kind, collection)
    if shape:
        # Types of shapely; what has no geometry stays with every shape, to be counted as such.
        types = shapely.get_type_id(table.geometry.to_numpy())
        table = table[np.isin(types, [*_SHAPES[shape], _NO_SHAPE])].reset_index(drop=True)
    progress(len(table), len(table))
    page = replace(zipped.page, features=len(table))
    return Received(table, None, (page,), proofs=(_proof(kind, members, len(table)),))


def _ordered(access_url: str, order: Mapping[str, Any], http: Asks, where: str) -> Downloaded:
    """The zip of an order: of an earlier one for the same, while the service knows it."""
    forgotten: set[str] = set()

    def made(answer: Answer) -> str:
        number = _member(_json(answer), "downloadRequestId", answer.url)
        if number in forgotten:
            # Of an answer on disk this says that it is not to be used.
            msg = f"{answer.url}: order {number} is no longer known to the service"
            raise DamagedError(msg)
        return number

    for _ in range(_MOST_ORDERS):
        answer = http.post(f"{access_url.rstrip('/')}/full/custom", order, read=made)
        try:
            return http.download(_finished(access_url, answer, http, where))
        except GoneError:
            forgotten.add(str(answer.read))
    msg = f"{where}: the service forgot {_MOST_ORDERS} orders before they were fetched; run again later"
    raise SourceError(msg)


def _finished(access_url: str, ordered: Answer, http: Asks, where: str) -> str:
    """Wait for an order; give the address of its zip."""
    body = _json(ordered)
    links = body.get("_links")
    href = _href(links, "status") or f"full/custom/{ordered.read}/status"
    status = _address(access_url, href, ordered.url)
    waited, pause = 0.0, _FIRST_WAIT_S
    while True:
        try:
            answer: str = http.get(status, accept="application/json", read=_completed).read
        except _BusyError as busy:
            if waited >= _MOST_WAIT_S:
                msg = f"{where}: order {ordered.read} is not ready after {waited / 60:.0f} minutes ({busy}); run again later, it goes on"
                raise SourceError(msg) from None
        else:
            return _address(access_url, answer, status)
        http.wait(pause)
        waited += pause
        pause = min(pause * 1.5, _LONGEST_WAIT_S)


def _completed(answer: Answer) -> str:
    """Where the zip is, once it is there; until then the answer is not kept."""
    body = _json(answer)
    state = str(body.get("status"))
    if state in ("PENDING", "RUNNING"):
        msg = f"{state} {body.get('progress', 0)}%"
        raise _BusyError(msg)
    if state == "EXPIRED":
        msg = f"{answer.url}: the order has expired"
        raise GoneError(msg)
    if state != "COMPLETED":
        said = next(
            (f" ({' '.join(str(body[k]).split())[:160]})" for k in ("message", "detail", "error") if body.get(k)), ""
        )
        msg = f"{answer.url}: the order is {state}{said}, expected COMPLETED; is the area right?"
        raise SourceError(msg)
    if not (href := _href(body.get("_links"), "download")):
        msg = f"{answer.url}: the order is ready, but without a link to it"
        raise SourceError(msg)
    return href


def _address(access_url: str, href: str, seen: str) -> str:
    """A link of the API, at the host that was asked.

    The API writes paths from the root of its own host (``/lv/bgt/...``). A mirror may have put something before it.
    """
    here = urlsplit(access_url)
    folders = here.path.rstrip("/").split("/")
    tails = ("/" + "/".join(folders[i:]) for i in range(1, len(folders)))
    tail = next((t for t in tails if href.startswith(t + "/")), "")
    before = here.path.rstrip("/").removesuffix(tail) if tail else ""
    url = urljoin(f"{access_url.rstrip('/')}/", before + href)
    there = urlsplit(url)
    if (here.scheme, here.netloc) != (there.scheme, there.netloc):
        msg = (
            f"{seen}: links to {there.scheme}://{there.netloc}, expected the same host; "
            "a mirror must write its own address into its links"
        )
        raise SourceError(msg)
    return url


def _json(answer: Answer) -> Mapping[str, Any]:
    try:
        body = json.loads(answer.content)
    except ValueError:
        body = None
    if not isinstance(body, dict):
        msg = f"{answer.url}: no JSON, expected the state of an order; is the URL right?"
        raise DamagedError(msg)
    return body


def _member(body: Mapping[str, Any], name: str, url: str) -> str:
    if not isinstance(value := body.get(name), str) or not value:
        msg = f"{url}: an answer without {name}, expected an order; is the URL right?"
        raise SourceError(msg)
    return value


def _href(links: object, name: str) -> str:
    link = links.get(name) if isinstance(links, dict) else None
    href = link.get("href") if isinstance(link, dict) else None
    return href if isinstance(href, str) else ""


def _polygon(bbox: Bbox) -> str:
    west, south, east, north = (f"{v:.3f}".rstrip("0").rstrip(".") for v in bbox)
    return f"POLYGON(({west} {south}, {east} {south}, {east} {north}, {west} {north}, {west} {south}))"


def _read(zipped: Path, kind: str, collection: str) -> tuple[gpd.GeoDataFrame, int]:
    """The objects of one type, and how many its file holds."""
    folder = zipped.with_name(f"{zipped.name}.{collection}")
    try:
        file = archive.member(zipped, f"bgt_{kind}.gml", folder)
        return gml.read(file, _GEOMETRY, f"{zipped.name}/bgt_{kind}.gml")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _proof(kind: str, members: int, kept: int) -> Proof:
    """What is known of completeness: nothing of the file was lost; how much the service should send it does not say."""
    nl, en = number(members, 0, "nl"), number(members, 0, "en")
    of_nl = "" if kept == members else f", waarvan {number(kept, 0, 'nl')} van deze vorm"
    of_en = "" if kept == members else f", of which {number(kept, 0, 'en')} of this shape"
    return Proof(
        "count",
        True,
        Text(
            f"het geleverde bestand bgt_{kind}.gml bevat {nl} objecten en alle {nl} zijn gelezen{of_nl}; "
            "de dienst noemt zelf geen aantal",
            f"the file delivered, bgt_{kind}.gml, holds {en} objects and all {en} were read{of_en}; "
            "the service itself states no number",
        ),
    )
