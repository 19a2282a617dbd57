"""WFS 2.0, as PDOK serves it: pages by number, at most 50,000 features deep."""

from __future__ import annotations

import itertools
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from urllib.parse import urlencode

from ..contract import CRS, Bbox, Proof, SourceError
from . import geojson, ows, tiles
from . import proofs as proved
from .http import Answer, Asks, DamagedError
from .received import InconsistentError, Progress, Received

_PAGE = 1000
#: PDOK refuses a startIndex beyond this, so that a query reaches no further.
_LAST_START = 50_000
# Splitting ends here: no register has 50,000 features on a square metre.
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
        Who asks; as many pages at a time as it allows where the number of features is known.
    progress
        Called after each page.
    second_pass
        Where the service gives no count, ask every page twice and compare.

    Raises
    ------
    SourceError
        When an answer is not GeoJSON in RD, when pages repeat, or when the service's own count is not reached.
    """
    service = _Service(access_url, collection, http)
    reported = service.hits(bbox)
    walk = _Walk(service, progress, reported, _PAGE)
    sheets = walk.all(bbox, reported)
    received = sum(map(len, sheets))
    if reported is not None and received != reported and _ignores_box(service, bbox, reported):
        reported = None
    if reported is not None and received != reported:
        msg = (
            f"{service.name}: reports {reported} features and sent {received}; a page was lost or the data changed "
            "meanwhile, run again or take another protocol"
        )
        raise InconsistentError(msg)
    if reported is not None:
        proof = proved.count(received)
    elif second_pass:
        contents = {c for s in sheets for c in s.contents}
        proof = proved.second_pass(
            walk.urls, service.contents_again, set(contents), http.parallel_requests, service.name
        )
    else:
        proof = proved.not_asked_twice()
    return Received(
        geojson.table(sheets, service.name), reported, tuple(s.page for s in sheets), proofs=(proof, *walk.seams)
    )


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
        answer = self.http.get(self.url_of(bbox, {"resultType": "hits"}), accept="text/xml, application/xml", read=_root)
        root = answer.read
        if root.name != "FeatureCollection":
            said = f": {root.exception[:160]}" if root.exception else ""
            msg = f"{answer.url}: {root.name}, expected the number of features{said}"
            raise SourceError(msg)
        stated = root.attributes.get("numberMatched", "unknown")
        return int(stated) if stated.isascii() and stated.isdigit() else None

    def page(self, bbox: Bbox | None, start: int, count: int) -> tuple[str, geojson.Sheet]:
        """The features from number `start` on, and the address that gives them."""
        paging = {"outputFormat": "application/json", "count": str(count), "startIndex": str(start)}
        url = self.url_of(bbox, paging)
        return url, _sheet(self.http.get(url, accept="application/json", read=geojson.collection))

    def contents_again(self, url: str) -> tuple[int, ...]:
        """What tells apart the features of a page as the service gives them now."""
        return _sheet(self.http.again(url, accept="application/json", read=geojson.collection)).contents

    def url_of(self, bbox: Bbox | None, more: dict[str, str]) -> str:
        """The address of a question."""
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
        return f"{self.url}{joint}{urlencode(query | more, safe=':/,')}"


def _root(answer: Answer) -> ows.Root:
    """The outermost element; half an answer, an empty one or a page for people is worth asking again."""
    try:
        root = ows.root(answer.content, answer.url)
    except SourceError as error:
        raise DamagedError(str(error)) from None
    if root.name.lower() == "html":
        msg = f"{answer.url}: an HTML page, expected the number of features; is the URL right, or is the service down?"
        raise DamagedError(msg)
    return root


def _sheet(answer: Answer) -> geojson.Sheet:
    _in_rd(answer.read.get("crs"), answer.url)
    return geojson.sheet(answer, answer.read["features"])


@dataclass
class _Walk:
    """All pages of a box, or of its quarters."""

    service: _Service
    progress: Progress
    reported: int | None
    size: int
    received: int = 0
    urls: list[str] = field(default_factory=list)
    seams: list[Proof] = field(default_factory=list)

    def all(self, bbox: Bbox | None, hits: int | None) -> list[geojson.Sheet]:
        """Every feature of the box once."""
        if (hits or 0) <= _LAST_START and (sheets := self._pages(bbox, hits)) is not None:
            return sheets
        boxes = _quarters(bbox or geojson.RD_RANGE, self.service.name)
        counts = [self.service.hits(q) for q in boxes]
        if all(c == hits for c in counts):
            # Four quarters can't each hold everything: this service counts without looking at the box.
            counts = [None] * 4
        parts = {box: self.all(box, count) for box, count in zip(boxes, counts, strict=True)}
        self.seams.append(proved.seams(tiles.on_seams(parts, self.service.name), len(parts)))
        return tiles.once(list(parts.values()))

    def _pages(self, bbox: Bbox | None, hits: int | None) -> list[geojson.Sheet] | None:
        """The pages of one query up to the first empty one; None when it goes deeper than the service allows."""
        starts = range(0, hits or 0, self.size)
        before, asked = self.received, len(self.urls)
        with ThreadPoolExecutor(self.service.http.parallel_requests) as pool:
            sheets = [self._take(p) for p in pool.map(lambda at: self.service.page(bbox, at, self.size), starts)]
        for start in itertools.count(len(starts) * self.size, self.size):
            if start > _LAST_START:
                self.received = before
                del self.urls[asked:]
                return None
            sheets.append(self._take(self.service.page(bbox, start, self.size)))
            if not len(sheets[-1]):
                break
        if len(sheets[0]) != hits and self._capped(bbox, sheets):
            # It gives fewer at a time than asked, and says nothing of it: ask for as many as it gives.
            self.size, self.received = len(sheets[0]), before
            del self.urls[asked:]
            return self._pages(bbox, hits)
        _stable(sheets, self.service.name)
        return sheets

    def _capped(self, bbox: Bbox | None, sheets: list[geojson.Sheet]) -> bool:
        """Whether features stand between the end of the first page and the begin of the second."""
        if not 0 < len(sheets[0]) < self.size:
            return False
        _, between = self.service.page(bbox, len(sheets[0]), self.size)
        return not {*between.contents} <= {c for sheet in sheets[:2] for c in sheet.contents}

    def _take(self, page: tuple[str, geojson.Sheet]) -> geojson.Sheet:
        url, sheet = page
        self.urls.append(url)
        self.received += len(sheet)
        self.progress(self.received, self.reported)
        return sheet


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
    return tiles.quarters(bbox)


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
            raise InconsistentError(msg)
