"""Rasters on disk: Cloud Optimized GeoTIFF, and a VRT that shows the tiles as one; the same bytes for the same cells.

What is not known is NaN, and NaN is also what the files state as nodata: who forgets to look at it gets no height of
-9,999 m, and QGIS 3.22 and GDAL 3.6 show it as transparent. Compressed with DEFLATE and the predictor for floating
point: within 2 % of ZSTD on heights, and every GDAL reads it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import numpy as np
import rasterio
import rasterio.crs
from rasterio import Affine
from rasterio._err import CPLE_BaseError
from rasterio.errors import RasterioError
from rasterio.shutil import copy
from rasterio.windows import Window

from . import store
from .contract import CRS, Bbox, ContractError, MissingInputError, PipelineError
from .grid import Cells, Tile, frame, window

#: What rasterio raises; of GDAL's own errors some reach us as they are, such as of a full disk.
ERRORS = (RasterioError, CPLE_BaseError)
_BLOCK = 512
_COG: Mapping[str, Any] = {
    "driver": "COG",
    "compress": "DEFLATE",
    "predictor": "3",
    # A third less time than the usual level, for a tenth more bytes.
    "level": 1,
    "blocksize": _BLOCK,
    "overview_resampling": "AVERAGE",
    "bigtiff": "IF_SAFER",
}
#: Changes when the same cells would make other bytes.
FORM = " ".join(f"{k}={v}" for k, v in sorted(_COG.items()))


def write(path: Path, cells: Cells, box: Bbox) -> None:
    """Write cells that fill `box` (metres RD; NaN: not known) as a COG.

    Raises
    ------
    PipelineError
        When GDAL or the disk refuses.
    """
    with _written(path) as part, rasterio.open(part, "w", **_profile(cells.shape, box), **_COG) as file:
        file.write(cells, 1)


def write_mosaic(path: Path, parts: Iterable[tuple[Bbox, Cells]], box: Bbox, resolution_m: float) -> None:
    """Write parts that together lie in `box` as one COG, NaN where no part is; one part at a time in memory.

    Raises
    ------
    PipelineError
        When GDAL or the disk refuses.
    """
    shape = round((box[3] - box[1]) / resolution_m), round((box[2] - box[0]) / resolution_m)
    with _written(path) as part:
        plain = part.with_name(f"{part.name}.plain.tif")  # goes with `part` when the block ends
        with rasterio.open(plain, "w", driver="GTiff", tiled=True, bigtiff="IF_SAFER", **_profile(shape, box)) as file:
            for inner, cells in parts:
                rows, columns = window(box, inner, resolution_m)
                file.write(cells, 1, window=Window.from_slices(rows, columns))
        copy(plain, part, **{k: str(v) for k, v in _COG.items()})


def write_vrt(path: Path, folder: Path, tiles: tuple[Tile, ...], resolution_m: float, side: int) -> None:
    """Write a VRT that shows `tiles`, COGs in `folder` below it, as one raster; NaN where no tile is."""
    outer = frame(tiles)
    width, height = (round((outer[i + 2] - outer[i]) / resolution_m) for i in (0, 1))
    sources = "".join(_vrt_source(f"{folder.name}/{t.name}.tif", side, *_offset(outer, t, resolution_m)) for t in tiles)
    store.write_text(
        path,
        f'<VRTDataset rasterXSize="{width}" rasterYSize="{height}">\n'
        f'  <SRS dataAxisToSRSAxisMapping="1,2">{CRS}</SRS>\n'
        f"  <GeoTransform>{outer[0]}, {resolution_m}, 0.0, {outer[3]}, 0.0, {-resolution_m}</GeoTransform>\n"
        '  <VRTRasterBand dataType="Float32" band="1">\n    <NoDataValue>nan</NoDataValue>\n'
        f"    <ColorInterp>Gray</ColorInterp>\n{sources}  </VRTRasterBand>\n"
        # The tiles have these too, so that a map of the whole is drawn from them.
        '  <OverviewList resampling="average">2 4</OverviewList>\n</VRTDataset>\n',
    )


def read(path: Path, made_by: str, part: tuple[slice, slice] | None = None) -> Cells:
    """Read the cells of a raster that this module wrote, all or the rows and columns of `part`; NaN: not known.

    Raises
    ------
    MissingInputError, ContractError
        When it is not there, or can't be read.
    """
    if not path.exists():
        msg = f"{path}: missing; run 'spoorzone {made_by}' first"
        raise MissingInputError(msg)
    try:
        with rasterio.open(path) as file:
            cells: Cells = file.read(1, window=Window.from_slices(*part) if part else None)
    except ERRORS as error:
        msg = f"{path}: can't be read ({line(error)}); run 'spoorzone {made_by} --force'"
        raise ContractError(msg) from None
    return cells


def span(path: Path) -> tuple[float, float]:
    """The lowest and the highest cell of a raster; 0 and 0 where nothing is known."""
    low, high = np.inf, -np.inf
    with rasterio.open(path) as file:
        for _, block in file.block_windows(1):
            cells = file.read(1, window=block)
            known = cells[~np.isnan(cells)]
            if known.size:
                low, high = min(low, float(known.min())), max(high, float(known.max()))
    return (low, high) if low <= high else (0.0, 0.0)


@contextmanager
def _written(path: Path) -> Iterator[Path]:
    """As `store.whole`, where what GDAL says becomes one line."""
    try:
        with store.whole(path) as part:
            yield part
    except ERRORS as error:
        msg = f"{path}: can't be written: {line(error)}"
        raise PipelineError(msg) from None


def _profile(shape: tuple[int, ...], box: Bbox) -> dict[str, Any]:
    height, width = shape
    cell = (box[2] - box[0]) / width
    return {
        "width": width,
        "height": height,
        "count": 1,
        "dtype": "float32",
        "crs": rasterio.crs.CRS.from_user_input(CRS),
        "transform": Affine(cell, 0.0, box[0], 0.0, -cell, box[3]),
        "nodata": np.nan,
    }


def _offset(outer: Bbox, tile: Tile, resolution_m: float) -> tuple[int, int]:
    rows, columns = window(outer, tile.box, resolution_m)
    return columns.start, rows.start


def _vrt_source(name: str, side: int, column: int, row: int) -> str:
    size = f'xSize="{side}" ySize="{side}"'
    return (
        f'    <SimpleSource>\n      <SourceFilename relativeToVRT="1">{escape(name)}</SourceFilename>\n'
        "      <SourceBand>1</SourceBand>\n"
        # Stated, so that GDAL need not open every tile to know it.
        f'      <SourceProperties RasterXSize="{side}" RasterYSize="{side}" DataType="Float32" '
        f'BlockXSize="{_BLOCK}" BlockYSize="{_BLOCK}"/>\n'
        f'      <SrcRect xOff="0" yOff="0" {size}/>\n      <DstRect xOff="{column}" yOff="{row}" {size}/>\n'
        "    </SimpleSource>\n"
    )


def line(error: Exception) -> str:
    """What GDAL said, in one line."""
    return " ".join(str(error.__cause__ or error).split())[:160]
