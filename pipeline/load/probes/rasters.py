"""What a coverage service, an index of sheets, or a folder of them says of a raster."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode

from ...contract import Bbox, SourceError
from ...grid import overlap
from ...sources import Access, RasterSource
from .. import geotiff, ows, sheets, wcs, xml
from ..http import Answer, DamagedError
from .offered import Grid, Offered, answered, crs_name, moved
from .once import Once

_XML = "text/xml, application/xml"
#: Cells along the side of the square that is asked to see whether they lie where they should.
_SIDE = 20
_NOWHERE: Bbox = (0.0, 0.0, 0.0, 0.0)


def probe(access: Access, source: RasterSource, bbox: Bbox | None, http: Once) -> Offered:
    """Ask what there is of a raster, and a few of its cells.

    Raises
    ------
    SourceError
        When the service, the index or the file is not there.
    """
    if access.protocol == "wcs":
        return _coverage(access, source, bbox, http)
    if access.protocol == "tiles":
        return _sheets(access, bbox, http)
    # Looked at, not read: none of its cells are asked for.
    _, refusal = answered(lambda: geotiff.found(Path(access.url), source, _NOWHERE))
    if refusal and not Path(access.url).exists():
        raise SourceError(refusal)
    return Offered(refused=(refusal,) if refusal else ())


def _coverage(access: Access, source: RasterSource, bbox: Bbox | None, http: Once) -> Offered:
    answer = http.get(_address(access.url, {"request": "GetCapabilities"}), accept=_XML, read=_capabilities)
    root: xml.Element = answer.read
    names = tuple(s.said("CoverageId") for c in root.all("Contents") for s in c.all("CoverageSummary"))
    formats = tuple(f.text.strip() for m in root.all("ServiceMetadata") for f in m.all("formatSupported")) or None
    offered = Offered(moved=moved(access.url, answer), collections=names, formats=formats)
    if access.collection not in names:
        return offered
    question = {"request": "DescribeCoverage", "coverageId": access.collection}
    described, refusal = answered(lambda: http.get(_address(access.url, question), accept=_XML, read=_document).read)
    if described is None:
        return replace(offered, refused=(refusal,))
    crs, envelope = _envelope(described)
    offered = replace(offered, crs=crs, grid=_grid(described, envelope))
    middle = bbox or envelope
    if middle is None:
        return replace(offered, remarks=("where it lies is not known, so no cell was asked",))
    box = _square(middle, source.raster.resolution_m)
    _, refusal = answered(lambda: wcs.ask(wcs.address(access.url, access.collection, box), source, box, http))
    return replace(offered, refused=(refusal,) if refusal else ())


def _address(url: str, more: Mapping[str, str]) -> str:
    joint = "" if url.endswith(("?", "&")) else "&" if "?" in url else "?"
    return f"{url}{joint}{urlencode({'service': 'WCS', 'version': '2.0.1', **more})}"


def _document(answer: Answer) -> xml.Element:
    if b"<html" in answer.content[:500].lower():
        msg = f"{answer.url}: gave a web page, expected XML; is the URL right, or is the service down?"
        raise DamagedError(msg)
    return xml.read(answer.content, answer.url)


def _capabilities(answer: Answer) -> xml.Element:
    root = _document(answer)
    # WCS 2.0 has no prefix in its name for this, 1.0 has another name.
    if root.name != "Capabilities":
        said = ows.exception(answer.content)
        msg = f"{answer.url}: gave XML <{root.name}>{f' ({said[:160]})' if said else ''}, expected the capabilities of a WCS 2.0"
        raise SourceError(msg)
    return root


def _envelope(described: xml.Element) -> tuple[tuple[str, ...] | None, Bbox | None]:
    """The system of a coverage, and the box that it fills."""
    for coverage in described.all("CoverageDescription"):
        for envelope in (e for b in coverage.all("boundedBy") for e in b.inside if e.name.startswith("Envelope")):
            stated = envelope.attributes.get("srsName", "")
            low, high = (_numbers(envelope.said(n)) for n in ("lowerCorner", "upperCorner"))
            box = (low[0], low[1], high[0], high[1]) if len(low) >= 2 and len(high) >= 2 else None
            return ((crs_name(stated),) if stated else None), box
    return None, None


def _grid(described: xml.Element, envelope: Bbox | None) -> Grid | None:
    """The cells of a coverage; None where they are not described as a plain grid."""
    for coverage in described.all("CoverageDescription"):
        for grid in (g for d in coverage.all("domainSet") for g in d.all("RectifiedGrid")):
            steps = [_numbers(v.text) for v in grid.all("offsetVector")]
            if envelope is None or len(steps) != 2 or any(len(s) != 2 for s in steps):
                return None
            return Grid(max(abs(s[0]) for s in steps), max(abs(s[1]) for s in steps), envelope[0], envelope[1])
    return None


def _numbers(text: str) -> list[float]:
    try:
        return [float(v) for v in text.split()]
    except ValueError:
        return []


def _square(around: Bbox, cell: float) -> Bbox:
    """A few cells in the middle of a box, on the grid."""
    side = _SIDE * cell
    west, south = (((around[i] + around[i + 2]) / 2) // side * side for i in (0, 1))
    return west, south, west + side, south + side


def _sheets(access: Access, bbox: Bbox | None, http: Once) -> Offered:
    listed = sheets.index(access.url, http)
    here = listed if bbox is None else [s for s in listed if overlap(s.box, bbox)]
    if not here:
        return Offered(refused=(f"none of its {len(listed)} sheets lies in the area",))
    answer, refusal = answered(lambda: http.begin(here[0].url))
    ranges = answer is not None and answer.status == 206
    return Offered(
        refused=(refusal,) if refusal else (),
        remarks=(f"{len(here)} of {len(listed)} sheets", *(() if ranges else ("files can't be resumed",))),
    )
