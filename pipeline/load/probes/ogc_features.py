"""What an OGC API Features says of itself: landing page, conformance, collections, schema, limit, one feature."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any
from urllib.parse import quote, urlencode, urljoin, urlsplit

from ...contract import Bbox, SourceError
from ...sources import Access
from .. import geojson
from ..http import Answer, DamagedError
from ..ogc_features import RD_URI
from .features import with_feature
from .offered import Kind, Offered, answered, crs_name, moved
from .once import Once

_JSON = "application/json"
#: Conformance classes that the loader relies on, by their end: what each is.
_NEEDED = {"/ogcapi-features-1/1.0/conf/core": "Part 1 (core)", "/ogcapi-features-2/1.0/conf/crs": "Part 2 (CRS)"}
#: Pages that name columns, and what is to be said of them.
_SCHEMAS: Mapping[str, tuple[str, ...]] = {"schema": (), "queryables": ("no schema, only what can be queried",)}
_KINDS: Mapping[str, Kind] = {"string": "text", "integer": "number", "number": "number", "boolean": "flag"}


def probe(access: Access, bbox: Bbox | None, http: Once) -> Offered:
    """Ask for the landing page, what it names, and one feature as the loader asks for features.

    Raises
    ------
    SourceError
        When the service is not there.
    """
    base = access.url.rstrip("/")
    landing = http.get(f"{base}?f=json", accept=_JSON, read=_object)
    listed = http.get(f"{base}/collections?f=json", accept=_JSON, read=_object).read
    names = tuple(str(c.get("id")) for c in listed.get("collections") or () if isinstance(c, dict))
    offered = Offered(moved=moved(base, landing), collections=names)
    if access.collection not in names:
        return offered
    place = f"{base}/collections/{quote(access.collection, safe=':')}"
    about, refusal = answered(lambda: http.get(f"{place}?f=json", accept=_JSON, read=_object).read)
    columns, remarks = _columns(place, http)
    offered = replace(
        offered,
        crs=_crs(about or {}, listed),
        columns=columns,
        most=_most(landing, access.collection, http),
        refused=(refusal,) if refusal else (),
        remarks=(*_conforms(base, landing.read, http), *remarks, *_until(about or {})),
    )
    query = {"f": "json", "limit": "1", "crs": RD_URI}
    if bbox is not None:
        query |= {"bbox-crs": RD_URI, "bbox": ",".join(f"{v:.0f}" for v in bbox)}
    url = f"{place}/items?{urlencode(query, safe=':/,')}"
    answer, refusal = answered(
        lambda: http.get(url, accept="application/geo+json, application/json;q=0.9", read=geojson.collection)
    )
    if answer is None:
        return replace(offered, refused=(*offered.refused, refusal))
    stated = answer.headers.get("Content-Crs", "")
    offered = replace(
        offered,
        answers_in=crs_name(stated) if stated else "a CRS that it does not state",
        counts=isinstance(answer.read.get("numberMatched"), int),
    )
    return with_feature(offered, answer.read["features"])


def _object(answer: Answer) -> dict[str, Any]:
    try:
        body = json.loads(answer.content)
    except ValueError:
        body = None
    if not isinstance(body, dict):
        html = b"<html" in answer.content[:500].lower() or b"<!doctype html" in answer.content[:500].lower()
        msg = f"{answer.url}: gave {'a web page' if html else 'no JSON'}, expected an OGC API; is the URL right?"
        raise DamagedError(msg)
    return body


def _crs(about: Mapping[str, Any], listed: Mapping[str, Any]) -> tuple[str, ...] | None:
    """The systems of a collection; `#/crs` stands for those of all collections."""
    stated = about.get("crs")
    if not isinstance(stated, list):
        return None
    shared = listed.get("crs")
    every = [c for s in stated for c in (shared if s == "#/crs" and isinstance(shared, list) else [s])]
    return tuple(dict.fromkeys(crs_name(str(c)) for c in every))


def _columns(place: str, http: Once) -> tuple[dict[str, Kind | None] | None, tuple[str, ...]]:
    """Columns by the schema, or by what can be queried, which may be fewer."""
    accept = "application/schema+json, application/json"
    for page, remarks in _SCHEMAS.items():
        ask = partial(http.get, f"{place}/{page}?f=json", accept=accept, read=_object)
        found, _ = answered(ask)
        properties = found.read.get("properties") if found else None
        if isinstance(properties, dict):
            return {n: _kind(p) for n, p in properties.items() if not _is_geometry(p)}, remarks
    return None, ("no schema: its columns are those of one feature",)


def _is_geometry(property_: object) -> bool:
    return isinstance(property_, dict) and (
        property_.get("x-ogc-role") == "primary-geometry" or str(property_.get("format", "")).startswith("geometry-")
    )


def _kind(property_: object) -> Kind | None:
    stated = property_.get("type") if isinstance(property_, dict) else None
    # A list says that it may be null as well.
    kinds = [
        _KINDS.get(str(t), "other")
        for t in (stated if isinstance(stated, list) else [stated])
        if t not in (None, "null")
    ]
    return kinds[0] if len(kinds) == 1 else None


def _most(landing: Answer, collection: str, http: Once) -> int | None:
    """The highest limit, by the service's own description in OpenAPI."""
    links = [k for k in landing.read.get("links") or () if isinstance(k, dict) and k.get("rel") == "service-desc"]
    link = next((k for k in links if "json" in str(k.get("type"))), None)
    url = urljoin(landing.url, str(link.get("href"))) if link else ""
    if urlsplit(url)[:2] != urlsplit(landing.url)[:2]:
        return None
    try:
        api = http.get(url, accept="application/vnd.oai.openapi+json;version=3.0, application/json", read=_object).read
        for path in (f"/collections/{collection}/items", "/collections/{collectionId}/items"):
            for parameter in api.get("paths", {}).get(path, {}).get("get", {}).get("parameters", ()):
                said = _followed(parameter, api)
                if said.get("name") == "limit":
                    most = said.get("schema", {}).get("maximum")
                    return most if isinstance(most, int) else None
    except (SourceError, AttributeError, TypeError):
        # It is a help for developers: a service without it, or with a strange one, serves as well.
        return None
    return None


def _followed(parameter: Mapping[str, Any], api: Mapping[str, Any]) -> Mapping[str, Any]:
    """A parameter, where it may stand elsewhere in the same document."""
    reference = str(parameter.get("$ref", ""))
    if not reference.startswith("#/components/parameters/"):
        return parameter
    found = api.get("components", {}).get("parameters", {}).get(reference.rpartition("/")[2], {})
    return found if isinstance(found, dict) else {}


def _conforms(base: str, landing: Mapping[str, Any], http: Once) -> tuple[str, ...]:
    stated = landing.get("conformsTo")
    if not isinstance(stated, list):
        said, _ = answered(lambda: http.get(f"{base}/conformance?f=json", accept=_JSON, read=_object).read)
        stated = (said or {}).get("conformsTo")
    if not isinstance(stated, list):
        return ("says nothing of conformance",)
    lacks = [text for end, text in _NEEDED.items() if not any(str(c).endswith(end) for c in stated)]
    return tuple(f"does not claim to conform to {text}" for text in lacks)


def _until(about: Mapping[str, Any]) -> tuple[str, ...]:
    """The last moment of the data, where it is stated."""
    try:
        until = about["extent"]["temporal"]["interval"][0][1]
    except (KeyError, IndexError, TypeError):
        return ()
    return (f"data to {until[:10]}",) if isinstance(until, str) and until[:4].isdigit() else ()
