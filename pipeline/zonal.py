"""Cells of a raster under polygons: how many, their mean and percentiles; tile by tile, exact.

A cell lies in a polygon when its centre does; of a centre on an edge the polygon to the east and north of it has the
cell, so that polygons side by side share out all cells, each once. Polygons may overlap: each counts for itself.

A row of cells crosses a polygon in runs. They follow from where its edges cross the line through the centres of the
row, for all edges and rows at once. No raster of labels is drawn, so that overlap is no matter, and no cell
outside the polygons is looked at.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from .contract import Raster
from .grid import TILE_M, Tile, Tiled, side
from .threads import in_threads

_Geometries = npt.NDArray[Any]
_Ints = npt.NDArray[np.intp]
_Bools = npt.NDArray[np.bool_]
_Floats = npt.NDArray[np.float64]
_Heights = npt.NDArray[np.float32]

#: Tiles in work at a time; decoding one goes on while another is looked through.
THREADS = 2
_BYTES = np.unpackbits(np.arange(256, dtype=np.uint8)[:, None], axis=1)
#: How many of the first 0 to 8 bits of each byte are set, and how many of all.
_AMONG_FIRST = np.pad(_BYTES.cumsum(axis=1, dtype=np.uint8), ((0, 0), (1, 0)))
_SET = _BYTES.sum(axis=1, dtype=np.uint8)


class Runs(NamedTuple):
    """Cells of one tile that lie in polygons, as runs along its rows; by polygon, and from north-west to south-east.

    Attributes
    ----------
    polygon
        Position of the polygon, per run.
    start, stop
        First cell of the run and first after it, as positions in the flattened tile.
    """

    polygon: _Ints
    start: _Ints
    stop: _Ints

    def cells(self) -> tuple[_Ints, _Ints]:
        """Give polygon and position of every cell."""
        length = self.stop - self.start
        before = np.cumsum(length) - length
        return np.repeat(self.polygon, length), np.arange(length.sum()) + np.repeat(self.start - before, length)


def runs(polygons: _Geometries, tile: Tile, cells_a_side: int) -> Runs:
    """Find the cells of a tile whose centre lies in each of the polygons.

    Parameters
    ----------
    polygons
        Polygon or MultiPolygon in metres RD.
    tile
        The tile.
    cells_a_side
        Along its side.
    """
    parts, polygon = shapely.get_parts(polygons, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    # In cells from the centre of the north-western one: centres are whole numbers, to the east and to the south.
    across = (xy[:, 0] - tile.x) * (cells_a_side / TILE_M) - 0.5
    down = (tile.y + TILE_M - xy[:, 1]) * (cells_a_side / TILE_M) - 0.5
    edge = np.flatnonzero(ring[1:] == ring[:-1])
    north, south = np.where(down[edge] < down[edge + 1], (edge, edge + 1), (edge + 1, edge))
    # Rows that an edge crosses are above its northern end and up to its southern one, so that where two edges meet
    # the row belongs to one of them, and every row crosses a ring an even number of times.
    first = np.maximum(np.floor(down[north]), -1).astype(np.intp) + 1
    last = np.minimum(np.floor(down[south]), cells_a_side - 1).astype(np.intp)
    count = np.maximum(last - first + 1, 0)
    before = np.cumsum(count) - count
    row = np.arange(count.sum()) + np.repeat(first - before, count)
    north, south, edge = (np.repeat(a, count) for a in (north, south, edge))
    slope = (across[south] - across[north]) / (down[south] - down[north])
    at = across[north] + (row - down[north]) * slope
    # Rounding must not part edges that meet on the centre of a cell.
    at = np.where(row == down[south], across[south], at)
    column = np.clip(np.ceil(at), 0, cells_a_side).astype(np.intp)
    # One number that sorts by polygon, row and column. Its pairs are the runs.
    key = (polygon[part[ring[edge]]] * cells_a_side + row) * (cells_a_side + 1) + column
    key.sort()
    start, stop = key[0::2], key[1::2]
    met = start < stop
    line, column = np.divmod(start[met], cells_a_side + 1)
    which, row = np.divmod(line, cells_a_side)
    begin = row * cells_a_side + column
    return Runs(which, begin, begin + (stop - start)[met])


def statistics(polygons: gpd.GeoSeries, raster: Tiled, percentiles: Sequence[float] = ()) -> pd.DataFrame:
    """Summarise the cells of a raster under each polygon.

    Parameters
    ----------
    polygons
        Polygon or MultiPolygon in metres RD, with a unique index.
    raster
        Its tiles are read once each, and only those under polygons.
    percentiles
        From 0 to 100.

    Returns
    -------
    DataFrame
        Index as `polygons`: ``cells`` (int64: cells in it, also where no tile is), ``known`` (int64: those with a
        value), ``mean`` and per percentile ``p<number>`` (float64, in the unit of the raster; NaN where no cell is
        known). Between two values a percentile is interpolated linearly, as `numpy.percentile` does.
    """
    shapes = np.asarray(polygons.array)
    cells, known = np.zeros((2, len(shapes)), dtype=np.int64)
    total = np.zeros(len(shapes))
    found = np.full((len(percentiles), len(shapes)), np.nan)
    there, cells_a_side = frozenset(raster.tiles), side(raster.raster)
    places = _by_tile(shapes)
    # A polygon on the edge of tiles waits for its last one.
    last = np.zeros(len(shapes), dtype=np.intp)
    for number, (_, which) in enumerate(places):
        last[which] = number

    def look(place: tuple[Tile, _Ints]) -> tuple[_Ints, _Ints, _Ints, _Heights]:
        tile, which = place
        crossed = runs(shapes[which], tile, cells_a_side)
        number = _sum(crossed.stop - crossed.start, crossed.polygon, len(which))
        if tile not in there:
            return which, number, np.zeros(0, dtype=np.intp), np.zeros(0, dtype=np.float32)
        polygon, cell = crossed.cells()
        values = raster.read(tile).reshape(-1)[cell]
        measured = ~np.isnan(values)
        return which, number, polygon[measured], values[measured]

    waiting: tuple[_Ints, _Heights] = np.zeros(0, dtype=np.intp), np.zeros(0, dtype=np.float32)
    for number, (which, inside, polygon, values) in enumerate(in_threads(look, places, THREADS)):
        cells[which] += inside
        known[which] += np.bincount(polygon, minlength=len(which))
        total[which] += np.bincount(polygon, values, minlength=len(which))
        if percentiles:
            polygon = np.concatenate([waiting[0], which[polygon]])
            values = np.concatenate([waiting[1], values])
            whole = last[polygon] <= number
            at, of = _percentiles(polygon[whole], values[whole], percentiles)
            found[:, at] = of
            waiting = polygon[~whole], values[~whole]
    mean = np.divide(total, known, out=np.full(len(shapes), np.nan), where=known > 0)
    columns = {"cells": cells, "known": known, "mean": mean}
    columns |= {f"p{q:g}": values for q, values in zip(percentiles, found, strict=True)}
    return pd.DataFrame(columns, index=polygons.index)


def _percentiles(polygon: _Ints, values: _Heights, percentiles: Sequence[float]) -> tuple[_Ints, _Floats]:
    """Polygons that have values, and a row per percentile of theirs."""
    # Sorted by polygon and value at once, as one whole number: of floats in this form the order stays.
    bits = values.view(np.int32).astype(np.int64)
    key = (polygon.astype(np.int64) << 32) + np.where(bits < 0, bits ^ 0x7FFFFFFF, bits)
    key.sort()
    which, first, count = np.unique((key + 2**31) >> 32, return_index=True, return_counts=True)
    place = np.asarray(percentiles, dtype=np.float64)[:, None] / 100 * (count - 1)
    low, high = (_value(key[first + step]) for step in (np.floor(place).astype(int), np.ceil(place).astype(int)))
    return which, low + (high - low) * (place % 1)


def _value(key: npt.NDArray[np.int64]) -> _Floats:
    """The value in a key of `_percentiles`."""
    bits = key.astype(np.int32)
    return np.where(bits < 0, bits ^ 0x7FFFFFFF, bits).astype(np.int32).view(np.float32).astype(np.float64)


@dataclass(frozen=True)
class Marks:
    """Which cells of a raster are marked, small enough to keep for all tiles at once: 0.1 MB per km² at 0.5 m, or less.

    Attributes
    ----------
    raster
        Whose cells they are.
    packed
        Per tile a bit for each cell, compressed.
    """

    raster: Raster
    packed: Mapping[Tile, bytes]


def pack(marked: _Bools) -> bytes:
    """Pack the cells of one tile for `Marks`."""
    return zlib.compress(np.packbits(marked).tobytes(), 1)


def unpack(packed: bytes, cells_a_side: int) -> _Bools:
    """Give the cells that `pack` was given."""
    bits = np.unpackbits(np.frombuffer(zlib.decompress(packed), dtype=np.uint8), count=cells_a_side**2)
    return bits.astype(np.bool_).reshape(cells_a_side, cells_a_side)


def burn(polygons: _Geometries, values: _Floats, tile: Tile, cells_a_side: int) -> _Heights:
    """Give a tile in which each cell in a polygon has its value, the last where they overlap; NaN elsewhere."""
    burnt = np.full((cells_a_side, cells_a_side), np.nan, dtype=np.float32)
    polygon, cell = runs(polygons, tile, cells_a_side).cells()
    burnt.reshape(-1)[cell] = values[polygon]
    return burnt


def mark(polygons: _Geometries, tile: Tile, cells_a_side: int) -> _Bools:
    """Give a tile in which the cells in any of the polygons are marked."""
    marked = np.zeros((cells_a_side, cells_a_side), dtype=np.bool_)
    marked.reshape(-1)[runs(polygons, tile, cells_a_side).cells()[1]] = True
    return marked


def count(polygons: gpd.GeoSeries, marks: Mapping[str, Marks]) -> pd.DataFrame:
    """Count the marked cells under each polygon.

    Parameters
    ----------
    polygons
        Polygon or MultiPolygon in metres RD, with a unique index.
    marks
        By the name of a column; all of one raster.

    Returns
    -------
    DataFrame
        int64, index as `polygons`: ``cells`` (in the polygon, also where no tile is) and a column for each of `marks`.
    """
    shapes = np.asarray(polygons.array)
    counted = np.zeros((1 + len(marks), len(shapes)), dtype=np.int64)
    (cells_a_side,) = {side(m.raster) for m in marks.values()}
    for tile, which in _by_tile(shapes):
        crossed = runs(shapes[which], tile, cells_a_side)
        counted[0, which] += _sum(crossed.stop - crossed.start, crossed.polygon, len(which))
        for row, of in enumerate(marks.values(), start=1):
            if tile in of.packed:
                before = _ranks(of.packed[tile])
                counted[row, which] += _sum(before(crossed.stop) - before(crossed.start), crossed.polygon, len(which))
    return pd.DataFrame(dict(zip(("cells", *marks), counted, strict=True)), index=polygons.index)


def _ranks(packed: bytes) -> Callable[[_Ints], _Ints]:
    """Unpack to a function that says how many cells are marked before each position."""
    # One byte more, for the position after the last cell.
    byte = np.frombuffer(zlib.decompress(packed) + b"\0", dtype=np.uint8)
    until = _SET[byte].cumsum(dtype=np.int32)
    since = until - _SET[byte]

    def before(position: _Ints) -> _Ints:
        at = position >> 3
        marked: _Ints = since[at] + _AMONG_FIRST[byte[at], position & 7].astype(np.intp)
        return marked

    return before


def in_tiles(polygons: gpd.GeoSeries, tiles: Iterable[Tile]) -> _Bools:
    """Say of each polygon whether its box meets one of the tiles."""
    met, wanted = np.zeros(len(polygons), dtype=np.bool_), frozenset(tiles)
    for tile, which in _by_tile(np.asarray(polygons.array)):
        met[which] |= tile in wanted
    return met


def by_tile(polygons: gpd.GeoSeries) -> Mapping[Tile, _Geometries]:
    """Give the polygons whose box meets each tile."""
    shapes = np.asarray(polygons.array)
    return {tile: shapes[which] for tile, which in _by_tile(shapes)}


def _by_tile(polygons: _Geometries) -> list[tuple[Tile, _Ints]]:
    """Tiles, from west to east and from south to north, with the positions of the polygons whose box meets them."""
    boxes = shapely.bounds(polygons) / TILE_M
    there = np.flatnonzero(~np.isnan(boxes).any(axis=1))
    low, high = np.floor(boxes[there, :2]).astype(np.intp), np.ceil(boxes[there, 2:]).astype(np.intp)
    wide, tall = (high - low).T
    number = wide * tall
    position = np.repeat(there, number)
    nth = np.arange(number.sum()) - np.repeat(np.cumsum(number) - number, number)
    column, row = np.divmod(nth, np.repeat(tall, number))
    x, y = np.repeat(low[:, 0], number) + column, np.repeat(low[:, 1], number) + row
    order = np.lexsort((position, y, x))
    x, y, position = x[order], y[order], position[order]
    cut = np.flatnonzero((x[1:] != x[:-1]) | (y[1:] != y[:-1])) + 1
    if not len(x):
        return []
    first = [0, *cut.tolist()]
    return [
        (Tile(int(x[i]) * TILE_M, int(y[i]) * TILE_M), which)
        for i, which in zip(first, np.split(position, cut), strict=True)
    ]


def _sum(amounts: _Ints, polygon: _Ints, count: int) -> _Ints:
    """Sum whole numbers by polygon; exact up to 2⁵³."""
    return np.bincount(polygon, amounts, minlength=count).astype(np.intp)
