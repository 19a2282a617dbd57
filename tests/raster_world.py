"""Heights whose value says where they are, and GeoTIFFs of them: cells of 50 m, so that a tile of 1 km has 20 × 20."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio import Affine
from rasterio.errors import NotGeoreferencedWarning
from rasterio.io import MemoryFile

from pipeline.contract import Bbox, Raster, Text
from pipeline.sources import Access, RasterSource, Register

CELL = 50.0
NOTHING = 3.4028234663852886e38
TEXT = Text("hoogte", "height")
SOURCE = RasterSource(
    raster=Raster("dtm", CELL, "m", 250.0, TEXT, TEXT),
    title=TEXT,
    register=Register("AHN", "CC0-1.0", "https://example.nl", "AHN"),
    page="https://example.nl",
    reference_date="2022",
    accesses=(Access("wcs", "https://example.nl", "dtm_05m"),),
    nodata=frozenset({NOTHING, -9999.0}),
    lowest=-15.0,
    highest=400.0,
)


def heights(box: Bbox, cell: float = CELL) -> NDArray[np.float32]:
    """Kilometres from 200,450 to the middle of each cell, x and y added: no two neighbours are the same."""
    x = (np.arange(box[0], box[2], cell) + cell / 2) / 1000 - 200
    y = (np.arange(box[3], box[1], -cell) - cell / 2) / 1000 - 450
    return (x[None, :] + y[:, None] * 1.5).astype(np.float32)


def tiff(box: Bbox, cells: NDArray[Any] | None = None, *, cell: float = CELL, **profile: Any) -> bytes:
    """A GeoTIFF of `cells`, or of `heights`, that fills `box`."""
    with MemoryFile() as memory:
        _write(memory.name, box, cells, cell, profile)
        return bytes(memory.read())


def write(path: Path, box: Bbox, cells: NDArray[Any] | None = None, *, cell: float = CELL, **profile: Any) -> Path:
    """The same as a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    _write(str(path), box, cells, cell, profile)
    return path


def _write(name: str, box: Bbox, cells: NDArray[Any] | None, cell: float, profile: dict[str, Any]) -> None:
    cells = heights(box, cell) if cells is None else cells
    bands = cells if cells.ndim == 3 else cells[None]
    settings = {
        "driver": "GTiff",
        "crs": "EPSG:28992",
        "transform": Affine(cell, 0, box[0], 0, -cell, box[3]),
        "nodata": NOTHING,
        "count": len(bands),
        "dtype": bands.dtype.name,
        "height": bands.shape[1],
        "width": bands.shape[2],
        **profile,
    }
    scales = settings.pop("scales", None)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        file = rasterio.open(name, "w", **{k: v for k, v in settings.items() if v is not None})
    with file:
        if scales:
            file.scales = scales
        file.write(bands)


def read(path: Path) -> NDArray[np.float32]:
    with rasterio.open(path) as file:
        cells: NDArray[np.float32] = file.read(1)
    return cells
