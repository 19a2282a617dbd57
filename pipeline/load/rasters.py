"""A raster as tiles of 1 km: brought, looked at, kept, and put in the place of the old ones when all are there."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from .. import raster_store
from ..contract import Bbox, Page, Proof, Raster, SourceError, Text
from ..grid import LEAST_M2, TILE_M, Cells, Tile, frame, means, overlap, side, tiles, window
from ..sources import Access, RasterSource
from ..wording import number
from . import sheets, wcs
from .geotiff import Part, Sheet, found, mosaic, part
from .http import Asks, GoneError
from .received import InconsistentError, Progress
from .shelf import Facts, Shelf

# What is asked twice: wide enough to have heights in a city, small enough to cost nothing.
_SQUARE_M = 100
_CANDIDATES = 8
_There = Mapping[Tile, tuple[Path, Facts]]


class _AbsentError(SourceError):
    """The service is not there."""


@dataclass(frozen=True)
class ReceivedRaster:
    """What one raster delivered.

    Attributes
    ----------
    tiles
        All that were asked, from west to east and from south to north; every one of them is on disk.
    reported
        The source's own count; None, for services give none.
    pages
        Every answer or file that the tiles were made from; its features are the tiles that it gave cells to.
    proofs
        What was looked at to know that this is all.
    url
        The address that was used; '' for a file.
    """

    tiles: tuple[Tile, ...]
    reported: int | None
    pages: tuple[Page, ...]
    proofs: tuple[Proof, ...]
    url: str

    @property
    def received(self) -> int:
        """How many tiles there are."""
        return len(self.tiles)


class _Brought(NamedTuple):
    """The parts of a tile, each with where it came from."""

    parts: tuple[tuple[str, Part], ...]
    pages: tuple[Page, ...]


_Bring = Callable[[Tile], _Brought]


class _Way(NamedTuple):
    """One way to the tiles: how each is asked, and what brings those that are not there yet."""

    url: str
    request: Callable[[Tile], str]
    prepare: Callable[[Sequence[Tile]], _Bring]


def vrt(raster: Raster, folder: Path) -> Path:
    """Where all tiles are shown as one."""
    return folder / f"{raster.name}.vrt"


def overview(raster: Raster, folder: Path) -> Path:
    """Where the raster of coarser cells lies, each the mean of the known cells in it (see `grid.means`)."""
    return folder / f"{raster.name}_{raster.overview_resolution_m:g}m.tif"


def outputs(area: BaseGeometry, raster: Raster, folder: Path) -> tuple[Path, ...]:
    """Give every file that `fetch` makes in `folder`."""
    shelf = Shelf(folder / raster.name)
    return (*(shelf.place(t) for t in tiles(area, raster)), overview(raster, folder), vrt(raster, folder))


def fetch(
    access: Access,
    source: RasterSource,
    area: BaseGeometry,
    http: Asks,
    folder: Path,
    progress: Progress,
    *,
    path: Path | None = None,
    others: Sequence[Access] = (),
    since: dt.datetime | None = None,
    resolve: Callable[[str], str] = str,
) -> ReceivedRaster:
    """Bring the tiles that share ground with `area`, and make of them what `outputs` names.

    Tiles that are there, of the same request, are not asked again. Where a source covers only a part of a tile, all
    of it that lies in the area must be in that part; the rest is NaN, and a proof says so.

    Parameters
    ----------
    access
        The way; its protocol is ``wcs``, ``tiles`` or ``file``.
    area
        Polygon in EPSG:28992.
    http
        Client; not used for files.
    folder
        Where the raw data lie: the tiles come in a folder there with the raster's name.
    progress
        Called with tiles so far, and all.
    path
        For ``file``: a GeoTIFF, a VRT, or a folder of GeoTIFF sheets.
    others
        Ways of the same protocol, tried in turn where a service is not there (HTTP 404 or 410). All tiles come from
        one of them.
    since
        Tiles that came before this are asked again; None: whatever their age. Files are known by their content.
    resolve
        Gives the address of a sheet at its mirror.

    Raises
    ------
    SourceError
        Whatever is wrong with what came, in one line; what stood there before is still there.
    InconsistentError
        When the same cells asked twice differ.
    """
    raster, shelf = source.raster, Shelf(folder / source.name)
    wanted = tiles(area, raster)
    if not wanted:
        msg = f"{source.name}: the area to load is empty"
        raise SourceError(msg)
    load = _Load(source, area, wanted, shelf, http, None if access.protocol == "file" else since, progress)
    way = load.all(_ways(access, source, wanted, http, path, others, resolve))
    there = load.there(way)
    proofs = [_tiles_proof(there, raster)]
    if access.protocol == "wcs":
        proofs += _twice(there, way.url, access.collection, load)
    _write_overview(overview(raster, folder), there, raster)
    shelf.publish(wanted)
    raster_store.write_vrt(vrt(raster, folder), shelf.folder, wanted, raster.resolution_m, side(raster))
    for made in (overview(raster, folder), vrt(raster, folder)):
        made.with_name(f"{made.name}.aux.xml").unlink(missing_ok=True)
    return ReceivedRaster(wanted, None, _pages(there), tuple(proofs), way.url)


def _ways(
    access: Access,
    source: RasterSource,
    wanted: tuple[Tile, ...],
    http: Asks,
    path: Path | None,
    others: Sequence[Access],
    resolve: Callable[[str], str],
) -> list[_Way]:
    if access.protocol == "file":
        if path is None:
            msg = "protocol is 'file', expected a path as well; see [sources] in the config"
            raise SourceError(msg)
        return [_from_file(found(path, source, frame(wanted)), source)]
    makes: Mapping[str, Callable[[Access, RasterSource, Asks], _Way]]
    makes = {"wcs": _from_wcs, "tiles": partial(_from_sheets, resolve=resolve)}
    make = makes.get(access.protocol)
    if make is None:
        msg = f"{source.name}: protocol is {access.protocol!r}, expected wcs, tiles or file for a raster"
        raise SourceError(msg)
    same = (a for a in others if a.protocol == access.protocol and a != access)
    return [make(a, source, http) for a in (access, *same)]


def _from_wcs(access: Access, source: RasterSource, http: Asks) -> _Way:
    def url(tile: Tile) -> str:
        return wcs.address(access.url, access.collection, tile.box)

    def bring(tile: Tile) -> _Brought:
        got, page = wcs.ask(url(tile), source, tile.box, http)
        return _Brought(((page.url, got),), (page,))

    return _Way(access.url, lambda tile: _request(source, url(tile)), lambda _: bring)


def _from_sheets(access: Access, source: RasterSource, http: Asks, resolve: Callable[[str], str]) -> _Way:
    def prepare(missing: Sequence[Tile]) -> _Bring:
        there = sheets.bring(sheets.index(access.url, http), missing, source, http, resolve)
        return lambda tile: _cut(there, tile, source)

    return _Way(access.url, lambda _: _request(source, access.url), prepare)


def _from_file(there: tuple[Sheet, ...], source: RasterSource) -> _Way:
    def request(tile: Tile) -> str:
        pages = (s.page for s in there if overlap(s.box, tile.box))
        return _request(source, *(word for p in pages for word in (p.url, p.sha256)))

    return _Way("", request, lambda _: lambda tile: _cut(there, tile, source))


def _request(source: RasterSource, *what: str) -> str:
    """All that a tile depends on: asked otherwise, judged otherwise or written otherwise, it is another."""
    rules = [source.raster.resolution_m, sorted(source.nodata), source.lowest, source.highest]
    return json.dumps([*what, rules, raster_store.FORM])


def _cut(there: Sequence[Sheet], tile: Tile, source: RasterSource) -> _Brought:
    cut = [(s, part(s, tile.box, source)) for s in there]
    parts = tuple((s.where, p) for s, p in cut if p is not None)
    return _Brought(parts, tuple(replace(s.page, features=1) for s, p in cut if p is not None))


@dataclass(frozen=True)
class _Load:
    """The bringing of one raster."""

    source: RasterSource
    area: BaseGeometry
    wanted: tuple[Tile, ...]
    shelf: Shelf
    http: Asks
    since: dt.datetime | None
    progress: Progress

    def all(self, ways: Sequence[_Way]) -> _Way:
        """Bring what is missing by the first way whose service is there; give that way."""
        lacking = [(way, self._missing(way)) for way in ways]
        for way, lacks in lacking:
            if not lacks:
                self.progress(len(self.wanted), len(self.wanted))
                return way
        for way, lacks in lacking[:-1]:
            try:
                return self._by(way, lacks)
            except _AbsentError:
                continue
        return self._by(*lacking[-1])

    def there(self, way: _Way) -> _There:
        """Every tile as the disk gives it back."""
        there = {t: self.shelf.find(t, way.request(t), self.since) for t in self.wanted}
        lost = [t.name for t, known in there.items() if known is None]
        if lost:
            msg = f"{self.shelf.folder}: {len(lost)} tiles are not on disk as they were written, first {lost[0]}; run again"
            raise SourceError(msg)
        return {t: known for t, known in there.items() if known is not None}

    def _missing(self, way: _Way) -> list[Tile]:
        known = {t: self.shelf.find(t, way.request(t), self.since) for t in self.wanted}
        return [t for t, k in known.items() if k is None or not _covered(k[1].covers, _part_in(t, self.area))]

    def _by(self, way: _Way, lacks: Sequence[Tile]) -> _Way:
        total = len(self.wanted)
        had = total - len(lacks)
        self.progress(had, total)
        try:
            bring = way.prepare(lacks)
            # The first alone: whether the service is there at all.
            self._keep(way, lacks[0], bring)
        except GoneError as error:
            raise _AbsentError(str(error)) from None
        self.progress(had + 1, total)
        with ThreadPoolExecutor(self.http.parallel_requests) as pool:
            for done, _ in enumerate(pool.map(lambda t: self._keep(way, t, bring), lacks[1:]), had + 2):
                self.progress(done, total)
        return way

    def _keep(self, way: _Way, tile: Tile, bring: _Bring) -> None:
        brought = bring(tile)
        covers = tuple(p.box for _, p in brought.parts)
        if not _covered(covers, _part_in(tile, self.area)):
            where = brought.pages[0].url if brought.pages else way.url or self.source.name
            got = " and ".join(map(wcs.said, covers)) or "nothing"
            msg = (
                f"{where}: tile {tile.name}: asked for {wcs.said(tile.box)}, got {got}; the source does not cover the "
                "area, take another source or a smaller area"
            )
            raise SourceError(msg)
        cells = mosaic(tile.box, brought.parts, self.source.raster.resolution_m)
        known = int((~np.isnan(cells)).sum())
        self.shelf.put(tile, cells, Facts(way.request(tile), covers, known, brought.pages))


def _part_in(tile: Tile, area: BaseGeometry) -> BaseGeometry:
    return shapely.box(*tile.box).intersection(area)


def _covered(covers: Sequence[Bbox], ground: BaseGeometry) -> bool:
    lacks = ground.difference(shapely.union_all([shapely.box(*c) for c in covers]))
    return bool(covers) and bool(lacks.area < LEAST_M2)


def _write_overview(path: Path, there: _There, raster: Raster) -> None:
    factor = round(raster.overview_resolution_m / raster.resolution_m)
    parts = ((tile.box, means(raster_store.read(file, "load"), factor)) for tile, (file, _) in there.items())
    raster_store.write_mosaic(path, parts, frame(tuple(there)), raster.overview_resolution_m)


def _pages(there: _There) -> tuple[Page, ...]:
    """Every page once; its features are the tiles that it gave to."""
    pages: dict[tuple[str, str], Page] = {}
    for _, facts in there.values():
        for page in facts.pages:
            known = pages.get((page.url, page.sha256))
            pages[page.url, page.sha256] = replace(known, features=known.features + 1) if known else page
    return tuple(pages.values())


def _tiles_proof(there: _There, raster: Raster) -> Proof:
    """All tiles are there; one without any height in it may not have been flown, so that it does not hold."""
    facts = [f for _, f in there.values()]
    empty = [t.name for t, (_, f) in there.items() if not f.known]
    cut = sum(not _covered(f.covers, shapely.box(*t.box)) for t, (_, f) in there.items())
    share = 100 * (1 - sum(f.known for f in facts) / (len(facts) * side(raster) ** 2))
    count, cell, km = len(facts), raster.resolution_m, TILE_M // 1000
    nl = (
        f"{count} van {count} tegels van {km} km aanwezig, op het raster van {number(cell, 1, 'nl')} m; "
        f"{number(share, 1, 'nl')} % van de cellen zonder hoogte"
    )
    en = (
        f"{count} of {count} tiles of {km} km there, aligned on the {number(cell, 1, 'en')} m grid; "
        f"{number(share, 1, 'en')} % of the cells without a height"
    )
    if cut:
        nl += f"; {cut} liggen deels buiten wat de bron dekt, maar niet met grond in het gebied"
        en += f"; {cut} lie partly outside what the source covers, but with no ground in the area"
    if empty:
        nl += f"; {len(empty)} zonder enige hoogte, als eerste {empty[0]}: misschien niet ingewonnen"
        en += f"; {len(empty)} without any height, first {empty[0]}: perhaps not flown"
    return Proof("tiles", not empty, Text(nl, en))


def _twice(there: _There, url: str, coverage: str, load: _Load) -> list[Proof]:
    """Ask squares over seams of tiles once more, in a request of their own, and compare them cell by cell.

    Empty where the source covers no whole square.
    """
    cells = 0
    chosen = _squares(there, load.source.raster)
    for box in chosen:
        got, page = wcs.ask(wcs.address(url, coverage, box), load.source, box, load.http, kept=True)
        known = _kept(there, box, load.source.raster)
        if not np.array_equal(got.cells, known, equal_nan=True):
            load.shelf.forget()
            msg = (
                f"{page.url}: asked twice, its cells are not those of the tiles; the data changed meanwhile or the "
                "service resamples, run again"
            )
            raise InconsistentError(msg)
        cells += known.size
    if not chosen:
        return []
    said = Text(
        f"{len(chosen)} × {_SQUARE_M} m over de naden van tegels tweemaal gevraagd: "
        f"{number(cells, 0, 'nl')} cellen, bit voor bit gelijk",
        f"{len(chosen)} × {_SQUARE_M} m over the seams of tiles asked twice: "
        f"{number(cells, 0, 'en')} cells, the same bit for bit",
    )
    return [Proof("second_pass", True, said)]


def _squares(there: _There, raster: Raster) -> list[Bbox]:
    """One square over a seam from north to south and one over a seam from west to east, each time the same ones.

    With heights in it where there is such. Where no two tiles meet, one in a tile; none where there is no room.
    """
    half, cell = TILE_M / 2, raster.resolution_m
    seams = [[_square(t.x + dx, t.y + dy) for t in there] for dx, dy in ((TILE_M, half), (half, TILE_M))]
    kinds = [[b for b in boxes if _on_tiles(there, b)] for boxes in seams]
    if not any(kinds):
        middles = [((w + e) / 2, (s + n) / 2) for _, f in there.values() for w, s, e, n in f.covers]
        inner = [_square(round(x / cell) * cell, round(y / cell) * cell) for x, y in middles]
        kinds = [[b for b in inner if _on_tiles(there, b)]]
    chosen = []
    for boxes in kinds:
        mixed = sorted(boxes, key=lambda b: sha256(repr(b).encode()).digest())[:_CANDIDATES]
        told = (b for b in mixed if not np.isnan(_kept(there, b, raster)).all())
        chosen += [b for b in [next(told, mixed[0] if mixed else None)] if b is not None]
    return chosen


def _square(x: float, y: float) -> Bbox:
    return x - _SQUARE_M / 2, y - _SQUARE_M / 2, x + _SQUARE_M / 2, y + _SQUARE_M / 2


def _on_tiles(there: _There, box: Bbox) -> bool:
    """Whether the tiles hold all of the box, and the source covers it."""
    return _covered([c for t, (_, f) in there.items() if overlap(t.box, box) for c in f.covers], shapely.box(*box))


def _kept(there: _There, box: Bbox, raster: Raster) -> Cells:
    """The cells of a box as the tiles have them."""
    shape = [round((box[i + 2] - box[i]) / raster.resolution_m) for i in (1, 0)]
    cells = np.full(shape, np.nan, dtype=np.float32)
    for tile, (file, _) in there.items():
        if shared := overlap(tile.box, box):
            inner = window(tile.box, shared, raster.resolution_m)
            cells[window(box, shared, raster.resolution_m)] = raster_store.read(file, "load", inner)
    return cells
