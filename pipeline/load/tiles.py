"""A box asked in parts: where they meet, both must tell the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import shapely

from ..contract import Bbox
from . import geojson
from .received import InconsistentError

# What only just touches a tile may be told either way.
_EDGE_M = 0.01


def quarters(bbox: Bbox) -> tuple[Bbox, Bbox, Bbox, Bbox]:
    """Cut a box in four, on whole millimetres as addresses write them, so that no strip falls between two."""
    west, south, east, north = bbox
    x, y = round((west + east) / 2, 3), round((south + north) / 2, 3)
    return (west, south, x, y), (x, south, east, y), (west, y, x, north), (x, y, east, north)


def on_seams(tiles: Mapping[Bbox, Sequence[geojson.Sheet]], where: str) -> int:
    """Count the features that lie in more than one tile, each of which must have come with all of those.

    Raises
    ------
    InconsistentError
        When a tile lacks a feature of its neighbour that reaches into it, or tells it differently.
    """
    known = {
        box: {i: c for s in sheets for i, c in zip(s.ids, s.contents, strict=True)} for box, sheets in tiles.items()
    }
    seam: set[str | int] = set()
    for box, sheets in tiles.items():
        ids = [i for s in sheets for i in s.ids]
        if not ids:
            continue
        shapes = np.concatenate([s.geometry for s in sheets])
        for other in tiles:
            if other == box:
                continue
            for at in _reaching(shapes, other):
                seam.add(ids[at])
                if known[other].get(ids[at]) != known[box][ids[at]]:
                    what = "differs between two tiles" if ids[at] in known[other] else "came with one tile only"
                    msg = f"{where}: feature {ids[at]!r} lies in two tiles and {what}; the data changed meanwhile, run again"
                    raise InconsistentError(msg)
    return len(seam)


def none_lost(page: geojson.Sheet, bbox: Bbox, sheets: Sequence[geojson.Sheet], where: str) -> None:
    """Look whether all on a page of the whole box came with its tiles too.

    Raises
    ------
    InconsistentError
        When the tiles lack one that reaches into the box: a tile did not come whole.
    """
    came = {i for s in sheets for i in s.ids}
    lost = [page.ids[at] for at in _reaching(page.geometry, bbox) if page.ids[at] not in came]
    if lost:
        msg = (
            f"{where}: {len(lost)} features of the whole box came with none of its tiles, first {lost[0]!r}; a page was lost "
            "or the data changed meanwhile, run again"
        )
        raise InconsistentError(msg)


def _reaching(shapes: np.ndarray, box: Bbox) -> np.ndarray:
    """Positions of the shapes that reach into `box`; by their bounds first, which settles nearly all."""
    west, south, east, north = box
    x0, y0, x1, y1 = shapely.bounds(shapes).T
    near = np.flatnonzero((x0 < east) & (x1 > west) & (y0 < north) & (y1 > south))
    inner = shapely.box(west + _EDGE_M, south + _EDGE_M, east - _EDGE_M, north - _EDGE_M)
    meets: np.ndarray = near[shapely.intersects(shapely.make_valid(shapes[near]), inner)]
    return meets


def once(tiles: Sequence[Sequence[geojson.Sheet]]) -> list[geojson.Sheet]:
    """Features of neighbouring tiles, those on a seam once; what one tile holds twice is kept twice."""
    seen: set[int] = set()
    kept: list[geojson.Sheet] = []
    for tile in tiles:
        for sheet in tile:
            new = [i for i, content in enumerate(sheet.contents) if content not in seen]
            kept.append(sheet if len(new) == len(sheet) else sheet.rows(new))
        seen.update(*(sheet.contents for sheet in tile))
    return kept
