"""GeoTIFF as services and people give it -> cells on the grid that was declared, NaN where nothing is measured."""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyproj
import rasterio
from numpy.typing import NDArray
from pyproj.exceptions import CRSError
from rasterio.errors import NotGeoreferencedWarning
from rasterio.io import MemoryFile
from rasterio.windows import Window

from .. import raster_store
from ..contract import CRS, Bbox, Page, SourceError
from ..grid import Cells, overlap, window
from ..sources import RasterSource
from ..store import sha256
from .gdal import FILTERS

#: A corner may be off by this part of a cell: what is left when a coordinate has been through a text or a division.
_SLACK = 1e-4
#: What a service gives in one answer at most; more is not what was asked.
_MOST_CELLS = 4000


class Part(NamedTuple):
    """Cells that fill a box in metres RD; NaN where nothing is measured."""

    box: Bbox
    cells: Cells


class UnreadableError(SourceError):
    """Bytes that are no GeoTIFF, or half of one."""


@dataclass(frozen=True)
class Sheet:
    """A GeoTIFF on disk, on the declared grid.

    Attributes
    ----------
    box
        What it covers, in metres RD.
    where
        Begin of an error message.
    page
        For the receipt.
    """

    path: Path
    box: Bbox
    where: str
    page: Page


def parse(content: bytes, source: RasterSource, where: str) -> Part:
    """Read a whole GeoTIFF that came over the wire.

    Raises
    ------
    UnreadableError
        When it is no GeoTIFF, or half of one.
    SourceError
        When it is not on the grid of `source`, or has impossible values.
    """
    with _readable(where), MemoryFile(content) as memory, _open(memory.name) as file:
        if max(file.shape) > _MOST_CELLS:
            msg = f"{where}: {file.width} × {file.height} cells, expected at most {_MOST_CELLS} a side"
            raise SourceError(msg)
        # First all that is in it: of half a file GDAL ignores the tags that are not there, nodata and CRS among them.
        cells = file.read(1)
        box = on_grid(file, source, where)
        return Part(box, measured(cells, file.nodata, box, source, where))


def sheet(path: Path, source: RasterSource, page: Page | None = None, *, within: Bbox) -> Sheet | None:
    """Look at a GeoTIFF, or a VRT of them, on disk; its cells are not read yet. None where it has none in `within`.

    Raises
    ------
    SourceError
        When it can't be read, or is not on the grid of `source`.
    """
    where = page.url if page else str(path)
    with _readable(where), _open(path) as file:
        # The last row: of half a file GDAL ignores the tags that are not there, nodata and CRS among them.
        file.read(1, window=Window(0, file.height - 1, file.width, 1))
        box = on_grid(file, source, where)
        files = [Path(f) for f in file.files]
    if overlap(box, within) is None:
        return None
    return Sheet(path, box, where, page or _page(path, files))


def part(one: Sheet, box: Bbox, source: RasterSource) -> Part | None:
    """Read the cells of a sheet within `box`; None where it has none there.

    Raises
    ------
    SourceError
        When the file is not whole, or has impossible values.
    """
    shared = overlap(one.box, box)
    if shared is None:
        return None
    rows, columns = window(one.box, shared, source.raster.resolution_m)
    with _readable(one.where), _open(one.path) as file:
        cells = file.read(1, window=Window.from_slices(rows, columns))
        return Part(shared, measured(cells, file.nodata, shared, source, one.where))


def found(path: Path, source: RasterSource, box: Bbox) -> tuple[Sheet, ...]:
    """Look at a file, or at every GeoTIFF in a folder that has cells in `box`.

    Raises
    ------
    SourceError
        When there is none, or one can't be read or is not on the grid of `source`.
    """
    if path.is_dir():
        files = sorted(f for f in path.iterdir() if f.suffix.lower() in (".tif", ".tiff"))
        if not files:
            msg = f"{path}: has no .tif files, expected sheets of {source.name}; see the path in the config"
            raise SourceError(msg)
        return tuple(s for f in files if (s := sheet(f, source, within=box)))
    if not path.exists():
        msg = f"{path}: no such file; see the path in the config"
        raise SourceError(msg)
    return tuple(s for s in (sheet(path, source, within=box),) if s)


def mosaic(box: Bbox, parts: Sequence[tuple[str, Part]], resolution_m: float) -> Cells:
    """Lay parts, each with the name of where it came from, in one array that fills `box`.

    Where two overlap they must say the same; a cell that only one of them knows is known.

    Raises
    ------
    SourceError
        When two parts have different values for one cell.
    """
    shape = round((box[3] - box[1]) / resolution_m), round((box[2] - box[0]) / resolution_m)
    cells = np.full(shape, np.nan, dtype=np.float32)
    for where, (inner, new) in parts:
        target = cells[window(box, inner, resolution_m)]
        odd = ~np.isnan(target) & ~np.isnan(new) & (target != new)
        if odd.any():
            msg = (
                f"{where}: {int(odd.sum())} cells have another value than in an overlapping sheet, first at "
                f"{_at(odd, inner, resolution_m)}; take one edition of the sheets"
            )
            raise SourceError(msg)
        np.copyto(target, new, where=np.isnan(target))
    return cells


def on_grid(file: Any, source: RasterSource, where: str) -> Bbox:
    """Give the box of an opened raster that has one band of float32 in RD on the grid of `source`.

    Raises
    ------
    SourceError
        Saying what it has instead.
    """

    def refuse(what: str) -> None:
        msg = f"{where}: {what}"
        raise SourceError(msg)

    if (file.count, file.dtypes[0]) != (1, "float32"):
        refuse(f"{file.count} band(s) of {file.dtypes[0]}, expected 1 of float32")
    if (file.scales[0], file.offsets[0]) != (1.0, 0.0):
        refuse(
            f"values are to be scaled by {file.scales[0]:g} and shifted by {file.offsets[0]:g}, expected as they are"
        )
    if not _is_rd(file.crs):
        refuse(f"CRS is {file.crs.to_string()[:60] if file.crs else 'not stated'}, expected {CRS}")
    cell, t = source.raster.resolution_m, file.transform
    turned = t.b or t.d or t.a <= 0 or t.e >= 0
    stretched = max(abs(t.a - cell) * file.width, abs(t.e + cell) * file.height) > _SLACK * cell
    shifted = max(abs(v / cell - round(v / cell)) for v in (t.c, t.f)) > _SLACK
    if turned or stretched or shifted:
        got = f"cells of {t.a:.10g} × {-t.e:.10g} m from {t.c:.10g},{t.f:.10g}" + (", turned" if turned else "")
        refuse(f"{got}, expected {cell:g} m from a multiple of that; it is resampled or shifted, take the native grid")
    west, north = round(t.c / cell) * cell, round(t.f / cell) * cell
    return west, north - file.height * cell, west + file.width * cell, north


def measured(cells: Cells, nodata: float | None, box: Bbox, source: RasterSource, where: str) -> Cells:
    """Give `cells` with NaN where they say "nothing measured": by the file's own number, a declared one, or infinite.

    Raises
    ------
    SourceError
        When what is left lies outside what is possible in the Netherlands.
    """
    codes = [np.float32(v) for v in source.nodata | ({nodata} if nodata is not None else set())]
    nothing = ~np.isfinite(cells) | np.isin(cells, codes)
    cells = np.where(nothing, np.float32(np.nan), cells)
    odd = (cells < source.lowest) | (cells > source.highest)
    if odd.any():
        row, column = np.argwhere(odd)[0]
        msg = (
            f"{where}: {int(odd.sum())} values are impossible, first {cells[row, column]:g} at "
            f"{_at(odd, box, source.raster.resolution_m)}; expected {source.lowest:g} to {source.highest:g}"
        )
        raise SourceError(msg)
    return cells


@contextmanager
def _readable(where: str) -> Iterator[None]:
    try:
        yield
    except raster_store.ERRORS as error:
        msg = f"{where}: not a whole GeoTIFF ({raster_store.line(error)})"
        raise UnreadableError(msg) from None


def _open(path: Path | str) -> Any:
    # By the name and not by what is in it, so that nothing that came from a service can name other files to open.
    driver = "VRT" if Path(path).suffix.lower() == ".vrt" else "GTiff"
    # A file without a place is refused by `on_grid`, in words. The filters of warnings belong to all threads.
    with FILTERS, warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        return rasterio.open(path, driver=driver)


def _is_rd(crs: Any) -> bool:
    """Whether the horizontal part is RD; heights may be stated with it (EPSG:7415)."""
    try:
        stated = pyproj.CRS.from_wkt(crs.to_wkt()) if crs else None
    except CRSError:
        return False
    if stated is None:
        return False
    flat = stated.sub_crs_list[0] if stated.is_compound else stated
    return bool(flat.equals(CRS) or flat.to_epsg(min_confidence=70) == pyproj.CRS.from_user_input(CRS).to_epsg())


def _at(odd: NDArray[np.bool_], box: Bbox, resolution_m: float) -> str:
    row, column = np.argwhere(odd)[0]
    return f"{box[0] + (column + 0.5) * resolution_m:.2f},{box[3] - (row + 0.5) * resolution_m:.2f}"


def _page(path: Path, files: Sequence[Path]) -> Page:
    """The receipt of a file; of a VRT with all that it shows."""
    hashes = [sha256(f) for f in sorted(files)]
    digest = hashes[0] if len(hashes) == 1 else hashlib.sha256("".join(hashes).encode()).hexdigest()
    moment = datetime.fromtimestamp(max(f.stat().st_mtime for f in files), UTC).isoformat(timespec="seconds")
    return Page(path.resolve().as_uri(), moment, 0, sum(f.stat().st_size for f in files), digest)
