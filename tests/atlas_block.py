"""Blocks of a map page opened by plain Python, after what `pack.py` says of the format."""

from __future__ import annotations

import base64
import gzip
import json
import math
from collections.abc import Iterator
from itertools import accumulate
from typing import Any

import shapely


def plain_varint(n: int) -> bytes:
    """One whole number: zigzag, then seven bits a byte, the low ones first; 128 says that there is more."""
    z = 2 * n if n >= 0 else -2 * n - 1
    out = []
    while z > 127:
        out.append(z % 128 + 128)
        z //= 128
    return bytes([*out, z])


class Opened:
    """The header of a block, and its numbers one after another."""

    def __init__(self, text: str) -> None:
        raw = gzip.decompress(base64.b64decode(text))
        end = 4 + int.from_bytes(raw[:4], "little")
        self.header: dict[str, Any] = json.loads(raw[4:end])
        self.why: dict[str, dict[int, int]] = {}
        self._bytes: Iterator[int] = iter(raw[end:])

    def one(self) -> int:
        value, scale = 0, 1
        for byte in self._bytes:
            value += byte % 128 * scale
            scale *= 128
            if byte < 128:
                return value // 2 if value % 2 == 0 else -(value + 1) // 2
        raise EOFError("the block ends within a number")

    def numbers(self, count: int) -> list[int]:
        return [self.one() for _ in range(count)]

    def running(self, count: int, grid: float = 1.0) -> list[float]:
        """Steps added up."""
        return [n * grid for n in accumulate(self.numbers(count))]

    def values(self, years: int = 1) -> list[list[float]]:
        """Unit by unit its values of each year; NaN where there is none."""
        rows = (accumulate(self.numbers(years)) for _ in range(self.header["count"]))
        return [[math.nan if n == 0 else float(n - 1 if n > 0 else n) for n in row] for row in rows]

    def columns(self) -> dict[str, list[list[float]]]:
        """Values by column; after each of them, why those that are missing in the last year are, for `why`."""
        found = {}
        for name, years, *missing in self.header["columns"]:
            rows = found[name] = self.values(years)
            gone = [i for i, row in enumerate(rows) if math.isnan(row[-1])]
            self.why[name] = dict(zip(gone, self.numbers(sum(missing)), strict=bool(missing)))
        return found

    def shapes(self) -> list[Any]:
        """What is drawn: polygons of a unit together, lines, or points."""
        header = self.header
        count, grid = header["count"], header.get("grid", 1.0)
        if header["form"] == "squares":
            side, west, south = header["side"], self.running(count), self.running(count)
            return [shapely.box(x, y, x + side, y + side) for x, y in zip(west, south, strict=True)]
        if header["form"] == "points":
            return [shapely.Point(xy) for xy in zip(self.running(count, grid), self.running(count, grid), strict=True)]
        per_unit, corners = self.numbers(count), self.numbers(header["rings"])
        assert sum(per_unit) == header["rings"]
        x, y = self.running(sum(corners), grid), self.running(sum(corners), grid)
        xy = iter(zip(x, y, strict=True))
        parts = iter([next(xy) for _ in range(n)] for n in corners)
        units = [[next(parts) for _ in range(n)] for n in per_unit]
        return [shapely.MultiLineString(u) if header["form"] == "lines" else polygons(u) for u in units]

    def ends(self) -> bool:
        """Whether nothing is left."""
        return next(self._bytes, None) is None


def polygons(rings: list[list[tuple[float, float]]]) -> shapely.MultiPolygon:
    """Rings that run counterclockwise are outer ones, and the others are holes in the last of those."""
    found: list[tuple[Any, list[Any]]] = []
    for ring in rings:
        if shapely.LinearRing(ring).is_ccw:
            found.append((ring, []))
        else:
            found[-1][1].append(ring)
    return shapely.MultiPolygon(found)
