"""Shapes and values as compact bytes: what a page carries, and its own JavaScript takes apart again.

A block is a line of JSON (what it holds), and then whole numbers only: each zigzag encoded (0, -1, 1, -2 … become 0,
1, 2, 3 …) and in as few bytes as it needs, seven bits a byte. Coordinates are steps from one corner to the next.
"""

from __future__ import annotations

import base64
import gzip
import json
import struct
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

#: Simplification of polygons that fit together, and the grid that their corners are rounded to.
TOLERANCE_M = 5.0
GRID_M = 0.5

Packed = dict[str, Any]
Ints = npt.NDArray[np.int64]
Shapes = npt.NDArray[np.object_]


class Block:
    """A header and streams of whole numbers, in the order in which they are read."""

    def __init__(self, **header: Any) -> None:
        self.header: Packed = header
        self.streams: list[Ints] = []

    def add(self, *streams: npt.ArrayLike) -> Block:
        """Append streams; each is as long as the header says."""
        self.streams += [np.asarray(s, dtype=np.int64).ravel() for s in streams]
        return self

    def to_bytes(self) -> bytes:
        """Length of the header in four bytes (little endian), the header, the streams."""
        header = json.dumps(self.header, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
        return struct.pack("<I", len(header)) + header + b"".join(varints(s) for s in self.streams)

    def to_text(self) -> str:
        """Compressed, as letters that can stand in a page. The same block gives the same text."""
        return base64.b64encode(gzip.compress(self.to_bytes(), 9, mtime=0)).decode()


def varints(values: npt.ArrayLike) -> bytes:
    """Encode whole numbers."""
    whole = np.asarray(values, dtype=np.int64)
    zigzag = ((whole << 1) ^ (whole >> 63)).astype(np.uint64)
    size = np.ones(len(zigzag), dtype=np.int64)
    for bits in range(7, 64, 7):
        size += zigzag >= np.uint64(1) << np.uint64(bits)
    start = np.cumsum(size) - size
    out = np.zeros(int(size.sum()), dtype=np.uint8)
    for k in range(int(size.max(initial=0))):
        has = size > k
        part = (zigzag[has] >> np.uint64(7 * k)).astype(np.uint64) & np.uint64(127)
        out[start[has] + k] = part.astype(np.uint8) | np.where(size[has] > k + 1, 128, 0).astype(np.uint8)
    return out.tobytes()


def scaled(values: npt.ArrayLike, factor: float) -> Ints:
    """Values as whole numbers, for a stream.

    0 stands for no value (NaN), so that 0 and more are moved up by one; negative ones stay as they are.
    """
    given = np.asarray(values, dtype=np.float64)
    there = np.isfinite(given)
    whole = np.where(there, given * factor, 0.0).round().astype(np.int64)
    return np.where(there, np.where(whole >= 0, whole + 1, whole), 0)


def series(values: Ints) -> Ints:
    """Values of several years as steps from one year to the next, the first from 0; shape (units, years)."""
    steps: Ints = values - np.column_stack([np.zeros(len(values), dtype=np.int64), values[:, :-1]])
    return steps


def shapes(block: Block, geometry: Shapes, *, grid_m: float = GRID_M, tolerance_m: float = TOLERANCE_M) -> Block:
    """Add polygons or lines, EPSG:28992, to a block: squares of one size as their corner, others as rings."""
    return squares(block, geometry) or rings(block, geometry, grid_m, tolerance_m)


def squares(block: Block, geometry: Shapes) -> Block | None:
    """Add squares of one size on whole metres: their side and south-west corners; None if these are none."""
    box = shapely.bounds(geometry)
    if not len(box):
        return None
    west, south, east, north = box.T
    side = round(east[0] - west[0])
    same = (east - west == side) & (north - south == side) & (shapely.area(geometry) == side * side)
    if side < 1 or not same.all() or (box != box.round()).any():
        return None
    block.header |= {"form": "squares", "side": side, "count": len(geometry)}
    return block.add(_steps(west), _steps(south))


def rings(block: Block, geometry: Shapes, grid_m: float, tolerance_m: float) -> Block:
    """Add any polygons: rings per unit, corners per ring, corners in steps of `grid_m`.

    Neighbours are simplified together where they fit without gaps or overlaps, else not at all: simplified
    one by one they would no longer fit. Outer rings run one way and holes the other. A ring that the grid leaves
    less than three corners is left out.
    """
    if tolerance_m and len(geometry) and shapely.coverage_is_valid(geometry):
        geometry = shapely.coverage_simplify(geometry, tolerance_m)
    parts, of_unit = shapely.get_parts(shapely.orient_polygons(geometry), return_index=True)
    ring, of_part = shapely.get_rings(parts, return_index=True)
    xy, of_ring = shapely.get_coordinates(ring, return_index=True)
    last = np.append(of_ring[1:] != of_ring[:-1], True) if len(of_ring) else np.zeros(0, bool)
    whole = (xy[~last] / grid_m).round().astype(np.int64)  # a ring closes itself
    whole, of_ring = _without_repeats(whole, of_ring[~last], len(ring))
    corners = np.bincount(of_ring, minlength=len(ring))
    kept = corners >= 3
    whole = whole[kept[of_ring]]
    block.header |= {"form": "rings", "grid": grid_m, "count": len(geometry), "rings": int(kept.sum())}
    per_unit = np.bincount(of_unit[of_part[kept]], minlength=len(geometry))
    return block.add(per_unit, corners[kept], _steps(whole[:, 0]), _steps(whole[:, 1]))


def lines(block: Block, geometry: Shapes, *, grid_m: float = 1.0, tolerance_m: float = 2.0) -> Block:
    """Add lines, simplified: parts per feature, corners per part, corners in steps of `grid_m`."""
    simple = shapely.simplify(geometry, tolerance_m)
    parts, of_line = shapely.get_parts(simple, return_index=True)
    xy, of_part = shapely.get_coordinates(parts, return_index=True)
    whole = (xy / grid_m).round().astype(np.int64)
    block.header |= {"form": "lines", "grid": grid_m, "count": len(geometry), "rings": len(parts)}
    return block.add(
        np.bincount(of_line, minlength=len(geometry)), np.bincount(of_part, minlength=len(parts)),
        _steps(whole[:, 0]), _steps(whole[:, 1]),
    )  # fmt: skip


def points(block: Block, geometry: Shapes, *, grid_m: float = 1.0) -> Block:
    """Add points, in steps of `grid_m`."""
    xy = (shapely.get_coordinates(geometry) / grid_m).round()
    block.header |= {"form": "points", "grid": grid_m, "count": len(geometry)}
    return block.add(_steps(xy[:, 0]), _steps(xy[:, 1]))


def names(units: gpd.GeoDataFrame) -> Packed:
    """Give the ``id`` and ``name`` of units for a header; null where they can be told from elsewhere.

    The id of a square is its south-west corner in hundreds of metres (E2579N4724), as CBS has it; a unit whose name
    is its id has no other.
    """
    ids, called = units.index.astype(str).tolist(), units["unit_name"].astype(str).tolist()
    corner = (units.geometry.bounds[["minx", "miny"]].to_numpy() / 100).round().astype(int)
    by_corner = [f"E{x}N{y}" for x, y in corner]
    return {"id": None if ids == by_corner else ids, "name": None if called == ids else called}


def sparse(values: npt.ArrayLike, *also: npt.ArrayLike) -> list[list[int]]:
    """Positions where the first of `values` is True, and the whole numbers of the others there."""
    at = np.flatnonzero(np.asarray(values, dtype=bool))
    return [at.tolist(), *(np.asarray(a)[at].astype(np.int64).tolist() for a in also)]


def by_place(table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Order rows so that neighbours stand near each other: smaller steps, and less to look through."""
    if len(table) < 2:
        return table
    return table.iloc[np.argsort(table.geometry.hilbert_distance(level=16).to_numpy(), kind="stable")]


def _without_repeats(xy: Ints, of: npt.NDArray[np.intp], rings: int) -> tuple[Ints, npt.NDArray[np.intp]]:
    """Leave out a corner that lies where the one before it does, and a last one that lies on the first."""
    same = np.zeros(len(xy), dtype=bool)
    same[1:] = (xy[1:] == xy[:-1]).all(axis=1) & (of[1:] == of[:-1])
    xy, of = xy[~same], of[~same]
    size = np.bincount(of, minlength=rings)
    first, last = (np.cumsum(size) - size)[size > 1], (np.cumsum(size) - 1)[size > 1]
    again = last[(xy[first] == xy[last]).all(axis=1)]
    return np.delete(xy, again, axis=0), np.delete(of, again)


def _steps(values: npt.ArrayLike) -> Ints:
    whole = np.asarray(values).round().astype(np.int64)
    steps: Ints = whole - np.concatenate([[0], whole[:-1]])
    return steps

