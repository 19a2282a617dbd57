"""WFS 2.0, as PDOK serves it: pages by number, at most 50,000 features deep."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import urlencode

from ..contract import CRS, Bbox, SourceError
from . import geojson, ows
from .http import Answer, Asks
from .received import Progress, Received

_PAGE = 1000
#: PDOK refuses a startIndex beyond this, so that a query reaches no further.
_LAST_START = 50_000
# Splitting ends here: no register has 50,000 features on a square metre.
_LEAST_SIDE_M = 1.0


def fetch(access_url: str, collection: str, bbox: Bbox | None, http: Asks, progress: Progress) -> Received:
    """Fetch the features of a type, page after page; a box with too many is split in quarters.

    A page may hold less than was asked for although more follow, so only an empty page is the end.

    Parameters
    ----------
    access_url
        The address of the service, without WFS parameters.
    collection
        Type name, with its prefix.
    bbox
        Box in metres RD; None for everything.
    http
        Client; as many pages at a time as it allows where the number of features is known.
    progress
        Called after each page.

    Raises
    ------
    SourceError
        When an answer is not GeoJSON in RD, when pages repeat, or when the service's own count is not reached.
    """
    service = _Service(access_url, collection, http)
    reported = service.hits(bbox)
    walk = _Walk(service, progress, reported)
    sheets = walk.all(bbox, reported)
    received = sum(map(len, sheets))
    if reported is not None and received != reported and _ignores_box(service, bbox, reported):
        reported = None
    if reported is not None and received != reported:
        msg = (
            f"{service.name}: reports {reported} features and sent {received}; a page was lost or the data changed "
            "meanwhile, run again or take another protocol"
        )
        raise SourceError(msg)
    return Received(geojson.table(sheets, service.name), reported, tuple(s.page for s in sheets))


@dataclass(frozen=True)
class _Service:
    """One feature type of one service, and the two questions that can be asked of it."""

    url: str
    type_name: str
    http: Asks

    @property
    def name(self) -> str:
        return f"{self.url} {self.type_name}"

    def hits(self, bbox: Bbox | None) -> int | None:
        """How many features the service says there are; None where it does not say."""
        answer = self._ask(bbox, {"resultType": "hits"}, "text/xml, application/xml")
        root = ows.root(answer.content, answer.url)
        if root.name != "FeatureCollection":
            said = f": {root.exception[:160]}" if root.exception else ""
            msg = f"{answer.url}: {root.name}, expected the number of features{said}"
            raise SourceError(msg)
        stated = root.attributes.get("numberMatched", "unknown")
        return int(stated) if stated.isascii() and stated.isdigit() else None

    def page(self, bbox: Bbox | None, start: int) -> geojson.Sheet:
        """The features from number `start` on."""
        paging = {"outputFormat": "application/json", "count": str(_PAGE), "startIndex": str(start)}
        answer = self._ask(bbox, paging, "application/json")
        body = geojson.collection(answer)
        _in_rd(body.get("crs"), answer.url)
        return geojson.sheet(answer, body["features"])

    def _ask(self, bbox: Bbox | None, more: dict[str, str], accept: str) -> Answer:
        query = {
            "service": "WFS",
            "version": "2.0.0",
            "request": "GetFeature",
            "typeNames": self.type_name,
            "srsName": CRS,
        }
        if bbox is not None:
            query["bbox"] = ",".join([*(f"{v:.3f}".rstrip("0").rstrip(".") for v in bbox), CRS])
        joint = "" if self.url.endswith(("?", "&")) else "&" if "?" in self.url else "?"
        return self.http.get(f"{self.url}{joint}{urlencode(query | more, safe=':/,')}", accept=accept)


@dataclass
class _Walk:
    """All pages of a box, or of its quarters."""

    service: _Service
    progress: Progress
    reported: int | None
    received: int = 0

    def all(self, bbox: Bbox | None, hits: int | None) -> list[geojson.Sheet]:
        """Every feature of the box once."""
        if (hits or 0) <= _LAST_START and (sheets := self._pages(bbox, hits)) is not None:
            return sheets
        quarters = _quarters(bbox or geojson.RD_RANGE, self.service.name)
        counts = [self.service.hits(q) for q in quarters]
        if all(c == hits for c in counts):
            # Four quarters can't each hold everything: this service counts without looking at the box.
            counts = [None] * 4
        return _once(self.all(q, c) for q, c in zip(quarters, counts, strict=True))

    def _pages(self, bbox: Bbox | None, hits: int | None) -> list[geojson.Sheet] | None:
        """The pages of one query up to the first empty one; None when it goes deeper than the service allows."""
        starts = range(0, hits or 0, _PAGE)
        sheets: list[geojson.Sheet] = []
        before = self.received
        with ThreadPoolExecutor(self.service.http.parallel_requests) as pool:
            for sheet in pool.map(lambda start: self.service.page(bbox, start), starts):
                sheets.append(sheet)
                self._count(len(sheet))
        for start in itertools.count(len(starts) * _PAGE, _PAGE):
            if start > _LAST_START:
                self.received = before
                return None
            sheets.append(self.service.page(bbox, start))
            self._count(len(sheets[-1]))
            if not len(sheets[-1]):
                break
        _stable(sheets, self.service.name)
        return sheets

    def _count(self, features: int) -> None:
        self.received += features
        self.progress(self.received, self.reported)


def _in_rd(crs: object, url: str) -> None:
    """Refuse a page that says to be in another CRS; old GeoJSON has a member for it, the new one says nothing."""
    if not isinstance(crs, dict):
        return
    properties = crs.get("properties")
    stated = str(properties.get("name", "") if isinstance(properties, dict) else "")
    if stated and not stated.endswith("28992"):
        msg = f"{url}: answers in {stated}, expected {CRS}"
        raise SourceError(msg)


def _quarters(bbox: Bbox, where: str) -> tuple[Bbox, Bbox, Bbox, Bbox]:
    west, south, east, north = bbox
    if min(east - west, north - south) < _LEAST_SIDE_M:
        msg = f"{where}: more than {_LAST_START} features at {west:.0f},{south:.0f}; the service does not heed the box"
        raise SourceError(msg)
    # On whole millimetres, as the address writes them, so that no strip falls between two quarters.
    x, y = round((west + east) / 2, 3), round((south + north) / 2, 3)
    return (west, south, x, y), (x, south, east, y), (west, y, x, north), (x, y, east, north)


def _ignores_box(service: _Service, bbox: Bbox | None, reported: int) -> bool:
    """Whether the service counts the whole layer whatever box is asked."""
    return bbox is not None and all(service.hits(q) == reported for q in _quarters(bbox, service.name))


def _stable(sheets: list[geojson.Sheet], where: str) -> None:
    """Refuse pages of which one repeats another's features: such a walk misses as many as it repeats.

    Two equal features on one page are the register's own; what to do with them is decided where the key is known.
    """
    seen: dict[int, int] = {}
    for number, sheet in enumerate(sheets):
        again = [c for c in sheet.contents if seen.setdefault(c, number) != number]
        if again:
            msg = (
                f"{where}: {len(again)} features of page {number + 1} came before; the service pages wrongly or the "
                "data changed meanwhile, run again or take another protocol"
            )
            raise SourceError(msg)


def _once(tiles: Iterator[list[geojson.Sheet]]) -> list[geojson.Sheet]:
    """Features of neighbouring tiles, those on a seam once.

    A feature that one tile holds twice is kept twice: that is how the register has it.
    """
    seen: set[int] = set()
    kept: list[geojson.Sheet] = []
    for tile in tiles:
        for sheet in tile:
            new = [i for i, content in enumerate(sheet.contents) if content not in seen]
            kept.append(sheet if len(new) == len(sheet) else sheet.rows(new))
        seen.update(*(sheet.contents for sheet in tile))
    return kept
