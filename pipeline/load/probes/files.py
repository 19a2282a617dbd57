"""What can be seen of a whole file, or of an order, without fetching it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urlsplit

import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError

from ...contract import CRS, SourceError
from ...sources import Access
from .. import archive, atom, file, gdal
from ..http import Answer, DamagedError
from .offered import Kind, Offered, answered
from .once import Once

_FILES = (*archive.MAP_FILES, ".zip")
#: Endings for one shape of a type, as the loader knows them.
_SHAPE = re.compile(r"_(vlak|lijn|punt)$")
_LATER = "its columns are seen when it is loaded"
#: First letter of numpy's name of a type.
_KINDS: dict[str, Kind] = {"i": "number", "u": "number", "f": "number", "o": "text", "b": "flag"}


def probe_atom(access: Access, http: Once, resolve: Callable[[str], str]) -> Offered:
    """Ask for the feed where there is one, and for the first byte of the file.

    Raises
    ------
    SourceError
        When the feed or the file is not there.
    """
    url, wanted = access.url, access.collection.rpartition("|")[0]
    if not urlsplit(url).path.lower().endswith(_FILES):
        links = list(atom.links_of(url, http, resolve))
        link, refusal = answered(lambda: atom.chosen(links, wanted, access.url))
        if link is None:
            return Offered(refused=(refusal,))
        url = link.url
        answer, refusal = answered(lambda: http.begin(resolve(url)))
        if answer is None:
            return Offered(refused=(refusal,))
    else:
        answer = http.begin(url)
    return Offered(remarks=(*_of_file(answer), _LATER))


def _of_file(answer: Answer) -> tuple[str, ...]:
    """Name, length, and whether it can be resumed and told from an older one."""
    name = PurePosixPath(urlsplit(answer.url).path).name
    partial = re.fullmatch(r"bytes 0-0/(\d+)", answer.headers.get("Content-Range", ""))
    length = partial[1] if partial else answer.headers.get("Content-Length", "")
    size = f"{int(length) / 1e6:,.1f} MB" if length.isdecimal() else "of unknown length"
    lacks = [
        *(() if answer.status == 206 else ("can't be resumed",)),
        *(() if {"etag", "last-modified"} & {k.lower() for k in answer.headers} else ("has no mark of its state",)),
    ]
    return (f"{name} {size}", *lacks)


def probe_bgt_download(access: Access, http: Once) -> Offered:
    """Ask which types can be ordered; nothing is.

    Raises
    ------
    SourceError
        When the service is not there.
    """
    url = f"{access.url.rstrip('/')}/dataset"
    types: tuple[str, ...] = http.get(url, accept="application/json", read=_types).read
    shape = _SHAPE.search(access.collection)
    # A type with an ending stands for those of its objects that have that shape.
    names = (*types, *(t + shape[0] for t in types)) if shape else types
    lacks = sorted({*access.together} - {*types})
    refused = (f"types {', '.join(lacks)}, ordered together with it, are no longer there",) if lacks else ()
    return Offered(collections=names, refused=refused, remarks=(_LATER,))


def _types(answer: Answer) -> tuple[str, ...]:
    try:
        body: Any = json.loads(answer.content)
        return tuple(str(row["featuretype"]) for row in body["timeliness"])
    except (ValueError, KeyError, TypeError):
        msg = f"{answer.url}: no list of types, expected timeliness with a featuretype each; is the URL right?"
        raise DamagedError(msg) from None


@gdal.without_measures()
def probe_file(access: Access) -> Offered:
    """Look at a vector file through GDAL; its names are as the file has them.

    Raises
    ------
    SourceError
        When it is not there, or no file that GDAL reads.
    """
    path = Path(access.url)
    if not path.exists():
        msg = f"{path}: no such file; see the path in the config"
        raise SourceError(msg)
    gdal.prepare()
    try:
        layers = tuple(str(name) for name, _ in pyogrio.list_layers(path))
        layer = access.collection or (layers[0] if len(layers) == 1 else "")
        if not layer:
            return Offered(refused=(f"has {len(layers)} layers ({', '.join(layers)}); name one with layer",))
        if layer not in layers:
            return Offered(collections=layers)
        info = pyogrio.read_info(path, layer=layer, force_feature_count=True)
    except (DataSourceError, DataLayerError) as error:
        msg = f"{path}: can't be read: {gdal.line(error)}"
        raise SourceError(msg) from None
    columns = {str(n): _KINDS.get(str(t)[:1]) for n, t in zip(info["fields"], info["dtypes"], strict=True)}
    crs = info["crs"] or ""
    return Offered(
        collections=layers,
        crs=(CRS if crs and file.is_rd(crs) else file.crs_name(crs) if crs else "not stated",),
        columns=columns,
        features=int(info["features"]),
    )
