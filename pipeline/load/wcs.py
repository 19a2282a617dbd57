"""WCS 2.0.1, as PDOK serves it: one box of a coverage per request, at most 4,000 cells a side."""

from __future__ import annotations

from urllib.parse import urlencode

from ..contract import Bbox, Page, SourceError
from ..sources import RasterSource
from . import ows
from .geotiff import Part, UnreadableError, parse
from .http import Answer, Asks, DamagedError


def address(url: str, coverage: str, box: Bbox) -> str:
    """Give the request for the cells of a box in metres RD."""
    west, south, east, north = (f"{v:.3f}".rstrip("0").rstrip(".") for v in box)
    query = [
        ("service", "WCS"),
        ("version", "2.0.1"),
        ("request", "GetCoverage"),
        ("coverageId", coverage),
        ("format", "image/tiff"),
        ("subset", f"x({west},{east})"),
        ("subset", f"y({south},{north})"),
    ]
    joint = "" if url.endswith(("?", "&")) else "&" if "?" in url else "?"
    return f"{url}{joint}{urlencode(query, safe=':/,()')}"


def ask(url: str, source: RasterSource, box: Bbox, http: Asks, *, kept: bool = False) -> tuple[Part, Page]:
    """Ask for the cells of a box.

    A service may give less than was asked for, without a word: what it covers of the box is what the part says.

    Parameters
    ----------
    url
        As `address` gives it.
    box
        On the grid of `source`.
    kept
        Let the client keep the answer, and give it when it has. Not for tiles, which are kept as such.

    Raises
    ------
    SourceError
        When the service refuses in words, or what comes is not on the grid or not in the box.
    """

    def read(answer: Answer) -> Part:
        _refuse_words(answer)
        try:
            return _within(parse(answer.content, source, url), box, source, url)
        except UnreadableError as error:
            raise DamagedError(str(error)) from None

    answer = (http.get if kept else http.again)(url, accept="image/tiff", read=read)
    part: Part = answer.read
    return part, answer.page(1)


def _refuse_words(answer: Answer) -> None:
    """Refuse what is no picture: an exception in the service's words; a page for people may be gone the next time."""
    start = answer.content[:4096].lstrip()
    if not start:
        msg = f"{answer.url}: an empty answer, expected a GeoTIFF"
        raise DamagedError(msg)
    if not start.startswith((b"<", b"\xef\xbb\xbf<")):
        return
    said = ows.exception(answer.content)
    if said:
        msg = f"{answer.url}: refused by the service: {said[:200]}"
        raise SourceError(msg)
    kind = "HTML" if b"<html" in start.lower() or start[:9].lower() == b"<!doctype" else "XML"
    msg = f"{answer.url}: {kind}, expected a GeoTIFF"
    raise DamagedError(msg)


def _within(part: Part, box: Bbox, source: RasterSource, where: str) -> Part:
    west, south, east, north = part.box
    if west < box[0] or south < box[1] or east > box[2] or north > box[3]:
        msg = (
            f"{where}: asked for {said(box)}, got {said(part.box)} in {part.cells.shape[1]} × {part.cells.shape[0]} "
            f"cells of {source.raster.resolution_m:g} m; the answer is shifted or of another box"
        )
        raise SourceError(msg)
    return part


def said(box: Bbox) -> str:
    """Write a box for an error message."""
    west, south, east, north = (f"{v:.10g}" for v in box)
    return f"x {west}–{east}, y {south}–{north}"
