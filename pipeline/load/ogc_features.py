"""OGC API Features, as PDOK's server and others speak it: pages linked by `next`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode, urljoin, urlsplit

from ..contract import CRS, Bbox, SourceError
from . import geojson
from .http import Answer, Asks
from .received import Progress, Received

RD_URI = "http://www.opengis.net/def/crs/EPSG/0/28992"
_ACCEPT = "application/geo+json, application/json;q=0.9"
#: PDOK clips a higher limit to this without saying so.
_PAGE = 1000
# One empty page at the end is known behaviour where the count divides by the limit.
_MOST_EMPTY = 3


def fetch(access_url: str, collection: str, bbox: Bbox | None, http: Asks, progress: Progress) -> Received:
    """Fetch the features of a collection, page after page.

    Parameters
    ----------
    access_url
        The landing page of the API.
    collection
        Id of the collection.
    bbox
        Box in metres RD; None for the whole collection.
    http
        Client.
    progress
        Called after each page.

    Raises
    ------
    SourceError
        When an answer is not GeoJSON in RD, when pages repeat, or when the service's own count is not reached.
    """
    where = f"{access_url} {collection}"
    url: str | None = _first(access_url, collection, bbox)
    sheets: list[geojson.Sheet] = []
    asked: set[str] = set()
    seen: set[str | int] = set()
    reported: int | None = None
    empty = 0
    while url is not None:
        if url in asked:
            msg = f"{where}: the link to page {len(sheets) + 1} leads back to an earlier page; the service pages in a circle"
            raise SourceError(msg)
        asked.add(url)
        answer = http.get(url, accept=_ACCEPT)
        _in_rd(answer)
        body = geojson.collection(answer)
        sheet = geojson.sheet(answer, body["features"])
        _new(sheet, seen, where, len(sheets) + 1)
        _full(sheet, body, answer.url)
        sheets.append(sheet)
        if len(sheets) == 1:
            reported = _whole(body.get("numberMatched"))
        empty = 0 if len(sheet) else empty + 1
        if empty > _MOST_EMPTY:
            msg = f"{where}: {empty} empty pages in a row and still a next one; the service does not end"
            raise SourceError(msg)
        progress(len(seen), reported)
        url = _next(body, answer)
    if reported is not None and reported != len(seen):
        msg = f"{where}: reports {reported} features and sent {len(seen)}; a page was lost or the data changed meanwhile, run again"
        raise SourceError(msg)
    return Received(geojson.table(sheets, where), reported, tuple(s.page for s in sheets))


def _first(access_url: str, collection: str, bbox: Bbox | None) -> str:
    query = {"f": "json", "limit": str(_PAGE), "crs": RD_URI}
    if bbox is not None:
        query |= {"bbox-crs": RD_URI, "bbox": ",".join(f"{v:.3f}".rstrip("0").rstrip(".") for v in bbox)}
    path = f"{access_url.rstrip('/')}/collections/{quote(collection, safe=':')}/items"
    return f"{path}?{urlencode(query, safe=':/,')}"


def _in_rd(answer: Answer) -> None:
    """Refuse a page that does not say to be in RD: GeoJSON itself has no way to say it."""
    stated = answer.headers.get("Content-Crs", "").strip().strip("<>")
    if stated != RD_URI:
        msg = f"{answer.url}: Content-Crs is {stated or 'not stated'}, expected {RD_URI}; the service did not answer in {CRS}"
        raise SourceError(msg)


def _new(sheet: geojson.Sheet, seen: set[str | int], where: str, number: int) -> None:
    """Add the features of a page to `seen`, and refuse one that is there already.

    Such a walk repeats features and by that misses others; leaving out what came twice would hide it.
    """
    before = len(seen)
    again = [i for i in sheet.ids if i in seen]
    seen.update(sheet.ids)
    if len(seen) - before != len(sheet):
        first = f"first {again[0]!r}" if again and isinstance(again[0], str) else "within one page or without an id"
        msg = (
            f"{where}: {len(sheet) - len(seen) + before} features of page {number} came before, {first}; "
            "the service pages wrongly or the data changed meanwhile, run again"
        )
        raise SourceError(msg)


def _full(sheet: geojson.Sheet, body: Mapping[str, Any], url: str) -> None:
    stated = _whole(body.get("numberReturned"))
    if stated is not None and stated != len(sheet):
        msg = f"{url}: says to hold {stated} features and holds {len(sheet)}; run again"
        raise SourceError(msg)


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _next(body: Mapping[str, Any], answer: Answer) -> str | None:
    """The address of the next page as the service gives it; None on the last."""
    links = [k for k in body.get("links") or () if isinstance(k, dict) and k.get("rel") == "next"]
    if not links:
        return None
    link = next((k for k in links if "json" in str(k.get("type", ""))), links[0])
    href = link.get("href")
    if not isinstance(href, str) or not href:
        msg = f"{answer.url}: has a next link without an address"
        raise SourceError(msg)
    try:
        url = urljoin(answer.url, href)
        here, there = urlsplit(answer.url), urlsplit(url)
    except ValueError:
        msg = f"{answer.url}: the next link {href[:100]!r} is no web address"
        raise SourceError(msg) from None
    if (here.scheme, here.netloc) != (there.scheme, there.netloc):
        msg = (
            f"{answer.url}: the next page is at {there.scheme}://{there.netloc}, expected the same host; "
            "a mirror must write its own address into its links"
        )
        raise SourceError(msg)
    return url
