"""The grid on which rasters are kept: tiles of 1 km with their corners on whole kilometres RD."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from .contract import Bbox, ContractError, Raster

Cells = NDArray[np.float32]

#: Side of a tile. At 0.5 m it has 2,000 cells a side, half of what PDOK gives at most in one answer (4,000).
TILE_M = 1000
#: Less ground than this is what a computation leaves of none.
LEAST_M2 = 1e-4


class Tile(NamedTuple):
    """One tile, by its south-west corner in metres RD."""

    x: int
    y: int

    @property
    def name(self) -> str:
        """How its file is called: ``250000_475000``."""
        return f"{self.x:06d}_{self.y:06d}"

    @property
    def box(self) -> Bbox:
        """West, south, east, north."""
        return float(self.x), float(self.y), float(self.x + TILE_M), float(self.y + TILE_M)


@dataclass(frozen=True)
class Tiled:
    """A raster as its tiles, read one at a time so that memory does not grow with the raster.

    Attributes
    ----------
    raster
        What it is.
    tiles
        Those that are there.
    read
        Gives the cells of a tile, its first row in the north; NaN: not known. To be called anew for each use.
    """

    raster: Raster
    tiles: tuple[Tile, ...]
    read: Callable[[Tile], Cells] = field(compare=False)


def tiles(area: BaseGeometry, raster: Raster) -> tuple[Tile, ...]:
    """Give the tiles that share ground with `area`, a polygon in metres RD; from west to east, from south to north.

    A tile that only touches the area along its edge is not among them.

    Raises
    ------
    ContractError
        When a tile of `raster` is no whole number of its cells and of its coarser cells.
    """
    _fits(raster)
    if area.is_empty:
        return ()
    west, south, east, north = (np.array(area.bounds) / TILE_M).tolist()
    columns, rows = np.arange(np.floor(west), np.ceil(east)), np.arange(np.floor(south), np.ceil(north))
    x, y = (a.ravel() * TILE_M for a in np.meshgrid(columns, rows, indexing="ij"))
    squares = shapely.box(x, y, x + TILE_M, y + TILE_M)
    shapely.prepare(area)
    wanted = shapely.contains(area, squares)
    edge = ~wanted & shapely.intersects(area, squares)
    wanted[edge] = shapely.area(shapely.intersection(area, squares[edge])) > LEAST_M2
    return tuple(Tile(int(a), int(b)) for a, b in zip(x[wanted], y[wanted], strict=True))


def side(raster: Raster) -> int:
    """Cells along the side of a tile."""
    return round(TILE_M / raster.resolution_m)


def frame(wanted: tuple[Tile, ...]) -> Bbox:
    """Give the box around tiles."""
    x, y = [t.x for t in wanted], [t.y for t in wanted]
    return float(min(x)), float(min(y)), float(max(x) + TILE_M), float(max(y) + TILE_M)


def window(outer: Bbox, inner: Bbox, resolution_m: float) -> tuple[slice, slice]:
    """Rows and columns of the cells of `inner` in an array that fills `outer`, its first row in the north."""
    first = round((outer[3] - inner[3]) / resolution_m), round((inner[0] - outer[0]) / resolution_m)
    last = round((outer[3] - inner[1]) / resolution_m), round((inner[2] - outer[0]) / resolution_m)
    return slice(first[0], last[0]), slice(first[1], last[1])


def overlap(one: Bbox, other: Bbox) -> Bbox | None:
    """Give the box that two boxes share; None where they share no ground."""
    shared = max(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), min(one[3], other[3])
    return shared if shared[0] < shared[2] and shared[1] < shared[3] else None


def means(cells: Cells, factor: int) -> Cells:
    """Give coarser cells: each the plain mean of the known ones among `factor` × `factor` cells, NaN where none is.

    One known cell in the hundred is enough for a value. Of a surface model it is the mean as well, not the highest.
    """
    rows, columns = cells.shape[0] // factor, cells.shape[1] // factor
    blocks = cells.reshape(rows, factor, columns, factor)
    known = ~np.isnan(blocks)
    count = known.sum(axis=(1, 3))
    total = np.where(known, blocks, 0).sum(axis=(1, 3), dtype=np.float64)
    coarse = np.full(count.shape, np.nan, dtype=np.float64)
    np.divide(total, count, out=coarse, where=count > 0)
    return coarse.astype(np.float32)


def _fits(raster: Raster) -> None:
    for number, unit in ((TILE_M, raster.resolution_m), (TILE_M, raster.overview_resolution_m),
                         (raster.overview_resolution_m, raster.resolution_m)):  # fmt: skip
        if abs(number / unit - round(number / unit)) > 1e-9:
            msg = f"{raster.name}: cells of {unit:g} m do not fill {number:g} m; expected a whole number of them"
            raise ContractError(msg)
