"""OGC API Features, as PDOK's server and others speak it: pages linked by `next`."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import quote, urlencode, urljoin, urlsplit

from ..contract import CRS, Bbox, Proof, SourceError
from . import geojson, tiles
from . import proofs as proved
from .http import Answer, Asks
from .received import InconsistentError, Progress, Received

RD_URI = "http://www.opengis.net/def/crs/EPSG/0/28992"
_ACCEPT = "application/geo+json, application/json;q=0.9"
#: PDOK clips a higher limit to this without saying so.
_PAGE = 1000
# One empty page at the end is known behaviour where the count divides by the limit.
_MOST_EMPTY = 3
# Splitting ends here: no register has a full page on a square metre.
_LEAST_SIDE_M = 1.0


def fetch(
    access_url: str,
    collection: str,
    bbox: Bbox | None,
    http: Asks,
    progress: Progress,
    *,
    second_pass: bool = True,
) -> Received:
    """Fetch the features of a collection, page after page; a box with more than one page in four tiles at a time.

    Parameters
    ----------
    access_url
        The landing page of the API.
    collection
        Id of the collection.
    bbox
        Box in metres RD; None for the whole collection.
    http
        Who asks.
    progress
        Called after each page.
    second_pass
        Where the service gives no count, ask every page twice and compare.

    Raises
    ------
    SourceError
        When an answer is not GeoJSON in RD, when pages repeat, or when the service's own count is not reached.
    """
    where = f"{access_url} {collection}"
    walk = _Walk(where, http, progress)
    start = _first(access_url, collection, bbox)
    first = walk.page(start)
    proofs: list[Proof] = []
    # A page as full as was asked for may have lost its link to the next.
    if bbox is None or (first.next is None and len(first.sheet) < _PAGE):
        sheets = walk.rest(first)
    else:
        boxes = tiles.quarters(bbox)
        walk.begin_anew()
        with ThreadPoolExecutor(http.parallel_requests) as pool:
            address = partial(_first, access_url, collection)
            parts = dict(zip(boxes, pool.map(lambda box: _tile(walk, address, box), boxes), strict=True))
        proofs.append(proved.seams(tiles.on_seams(parts, where), len(parts)))
        sheets = tiles.once(list(parts.values()))
        tiles.none_lost(first.sheet, bbox, sheets, where)
    ids = {i for s in sheets for i in s.ids}
    if first.reported is not None and first.reported != len(ids):
        msg = f"{where}: reports {first.reported} features and sent {len(ids)}; a page was lost or the data changed meanwhile, run again"
        raise InconsistentError(msg)
    if first.reported is not None:
        proofs.insert(0, proved.count(len(ids)))
    elif second_pass:
        proofs.insert(0, proved.second_pass(walk.urls, walk.ids_again, ids, http.parallel_requests, where))
    else:
        proofs.insert(0, proved.not_asked_twice())
    return Received(geojson.table(sheets, where), first.reported, tuple(s.page for s in sheets), proofs=tuple(proofs))


@dataclass(frozen=True)
class _Page:
    """One page, and where the next is."""

    url: str
    sheet: geojson.Sheet
    next: str | None
    reported: int | None


class _Walk:
    """The way through one collection, in one or several threads."""

    def __init__(self, where: str, http: Asks, progress: Progress) -> None:
        self.urls: list[str] = []
        self._where = where
        self._http = http
        self._progress = progress
        self._features = 0
        self._reported: int | None = None
        self._lock = threading.Lock()

    def begin_anew(self) -> None:
        """Count from zero: the first page was only to see whether there are more."""
        self._features = 0
        self.urls.clear()

    def page(self, url: str) -> _Page:
        """One page, looked at."""
        answer = self._http.get(url, accept=_ACCEPT, read=geojson.collection)
        _in_rd(answer)
        body = answer.read
        sheet = geojson.sheet(answer, body["features"])
        _full(sheet, body, answer.url)
        page = _Page(url, sheet, _next(body, answer), _whole(body.get("numberMatched")))
        with self._lock:
            self.urls.append(url)
            self._features += len(sheet)
            self._reported = self._reported if self._reported is not None else page.reported
            self._progress(self._features, self._reported)
        return page

    def rest(self, page: _Page) -> list[geojson.Sheet]:
        """The sheets of a page and of all that follow it."""
        where, asked, empty = self._where, {page.url}, 0
        seen: set[str | int] = set()
        _new(page.sheet, seen, where, 1)
        sheets = [page.sheet]
        while page.next is not None:
            if page.next in asked:
                msg = f"{where}: the link to page {len(sheets) + 1} leads back to an earlier page; the service pages in a circle"
                raise InconsistentError(msg)
            asked.add(page.next)
            page = self.page(page.next)
            _new(page.sheet, seen, where, len(sheets) + 1)
            sheets.append(page.sheet)
            empty = 0 if len(page.sheet) else empty + 1
            if empty > _MOST_EMPTY:
                msg = f"{where}: {empty} empty pages in a row and still a next one; the service does not end"
                raise SourceError(msg)
        return sheets

    def ids_again(self, url: str) -> tuple[str | int, ...]:
        """The ids of a page as the service gives them now."""
        answer = self._http.again(url, accept=_ACCEPT, read=geojson.collection)
        return geojson.ids(answer, answer.read["features"])


def _tile(walk: _Walk, address: Callable[[Bbox], str], box: Bbox) -> list[geojson.Sheet]:
    """All of a box; where it ends on a full page, with what its quarters know besides."""
    sheets = walk.rest(walk.page(address(box)))
    if len(sheets[-1]) < _PAGE or min(box[2] - box[0], box[3] - box[1]) < _LEAST_SIDE_M:
        return sheets
    return tiles.once([sheets, *(_tile(walk, address, quarter) for quarter in tiles.quarters(box))])


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
        raise InconsistentError(msg)


def _full(sheet: geojson.Sheet, body: Mapping[str, Any], url: str) -> None:
    stated = _whole(body.get("numberReturned"))
    if stated is not None and stated != len(sheet):
        msg = f"{url}: says to hold {stated} features and holds {len(sheet)}; run again"
        raise SourceError(msg)


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _next(body: Mapping[str, Any], answer: Answer) -> str | None:
    """The address of the next page as the service gives it; None on the last."""
    given = body.get("links") or []
    if not isinstance(given, list):
        msg = f"{answer.url}: its links are no list, so that the next page is not known"
        raise SourceError(msg)
    links = [k for k in given if isinstance(k, dict) and k.get("rel") == "next"]
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
