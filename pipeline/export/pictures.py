"""Small pictures for the read-me: what each file looks like, drawn from the same data."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from xml.etree import ElementTree as ET

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import rasterio
import shapely
from rasterio import Affine
from rasterio.io import MemoryFile

from ..contract import Bbox
from ..figures.element import el
from ..grid import Cells
from .raster_qml import Stop
from .solids import ROOF, WALL, Solid

#: Size of a picture, and of the ground that it shows: one to three.
WIDE, HIGH = 240.0, 160.0
WINDOW_M = (540.0, 360.0)
_PAPER, _DARK, _INK = "#ffffff", "#1d242b", "#26323d"
#: That of a picture; with none at all rasterio warns.
_UPRIGHT = Affine(2.0, 0.0, 0.0, 0.0, -2.0, 0.0)
#: How much darker a wall is that looks west, and one that looks south.
_WEST, _SOUTH = 0.78, 0.62
#: Seen from the south-west, from above.
_TURN, _TILT = np.radians(30.0), 0.55


def window(middle: shapely.Point, wide: float = WINDOW_M[0]) -> Bbox:
    """The ground around a place that a picture shows, metres RD."""
    high = wide * HIGH / WIDE
    return middle.x - wide / 2, middle.y - high / 2, middle.x + wide / 2, middle.y + high / 2


def plan(layers: Sequence[tuple[gpd.GeoSeries, Sequence[str], str]], box: Bbox, title: str, *, dark: bool = False) -> ET.Element:
    """Draw layers over each other as a map.

    Parameters
    ----------
    layers
        Shapes, the colour of each as fill ('' for none), and the colour of their edges ('' for none).
    """
    drawn = []
    scale = WIDE / (box[2] - box[0])
    for shapes, fills, edge in layers:
        parts: dict[str, list[str]] = {}
        near = shapely.clip_by_rect(shapes.to_numpy(), *box)
        for shape, fill in zip(near, fills, strict=True):
            if not shape.is_empty:
                parts.setdefault(fill, []).extend(_paths(shape, box, scale))
        stroke = {"stroke": edge, "stroke_width": "0.6"} if edge else {}
        drawn += [el("path", d="".join(d), fill=fill or "none", **stroke) for fill, d in parts.items()]
    return _svg(title, el("rect", width=WIDE, height=HIGH, fill=_DARK if dark else _PAPER), drawn)


def _paths(shape: Any, box: Bbox, scale: float) -> Iterator[str]:
    for part in shapely.get_parts(shape):
        rings = [part.exterior, *part.interiors] if isinstance(part, shapely.Polygon) else [part]
        for ring in rings:
            if isinstance(ring, shapely.LineString):
                yield _path(((x - box[0]) * scale, (box[3] - y) * scale) for x, y in shapely.get_coordinates(ring))
                yield "Z" if isinstance(part, shapely.Polygon) else ""


def _path(points: Any) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)


def bodies(solids: Mapping[str, Sequence[Solid]], colours: Mapping[str, str], box: Bbox, title: str) -> ET.Element:
    """Draw buildings as they stand, seen from the south-west; those that lie wholly in the box."""
    west, south, east, north = box
    middle = np.array([(west + east) / 2, (south + north) / 2])
    inside = [
        (key, one) for key, parts in solids.items() for one in parts
        if (one.corners[:, :2] > [west, south]).all() and (one.corners[:, :2] < [east, north]).all()
    ]  # fmt: skip
    if not inside:
        return _svg(title)
    low = float(np.min([one.corners[:, 2].min() for _, one in inside]))
    inside.sort(key=lambda found: -float(_flat(found[1].corners, middle, low)[:, 2].mean()))
    drawn = [(colour, _flat(one.corners, middle, low)[ring, :2]) for key, one in inside for colour, ring in _faces(one, colours[key])]
    every = np.concatenate([points for _, points in drawn])
    (x0, y0), (x1, y1) = every.min(axis=0), every.max(axis=0)
    scale = min(WIDE / (x1 - x0), HIGH / (y1 - y0)) * 0.96
    shift = np.array([(WIDE - scale * (x0 + x1)) / 2, (HIGH - scale * (y0 + y1)) / 2])
    shown = [el("path", d=_path(points * scale + shift) + "Z", fill=c, stroke=c, stroke_width="0.2") for c, points in drawn]
    return _svg(title, el("rect", width=WIDE, height=HIGH, fill="#eceae4"), shown)


def _faces(one: Solid, colour: str) -> Iterator[tuple[str, list[int]]]:
    """The walls that are seen, then the roof."""
    for face in one.faces:
        if face.kind == WALL:
            a, b = one.corners[face.rings[0][:2], :2]
            out_x, out_y = b[1] - a[1], a[0] - b[0]
            if out_x * np.sin(_TURN) + out_y * np.cos(_TURN) < 0:
                yield _shaded(colour, _WEST if abs(out_x) > abs(out_y) else _SOUTH), face.rings[0]
    for face in one.faces:
        if face.kind == ROOF:
            yield colour, face.rings[0]


def _flat(corners: npt.NDArray[np.float64], middle: npt.NDArray[np.float64], low: float) -> npt.NDArray[np.float64]:
    """Across, down and away."""
    x, y = (corners[:, :2] - middle).T
    across, away = x * np.cos(_TURN) - y * np.sin(_TURN), x * np.sin(_TURN) + y * np.cos(_TURN)
    return np.column_stack([across, -away * _TILT - (corners[:, 2] - low), away])


def _shaded(colour: str, share: float) -> str:
    return "#" + "".join(f"{round(int(colour[k : k + 2], 16) * share):02x}" for k in (1, 3, 5))


def cells(values: Cells, stops: Sequence[Stop], title: str, *, ramp: bool) -> ET.Element:
    """Draw a raster in its colours; what is not known is white."""
    every = max(1, int(np.ceil(max(values.shape[1] / (2 * WIDE), values.shape[0] / (2 * HIGH)))))
    seen = values[::every, ::every]
    colours = np.array([[int(s.colour[k : k + 2], 16) for k in (1, 3, 5)] for s in stops], dtype=np.float64)
    if ramp:
        painted = np.stack([np.interp(seen, [s.upto for s in stops], colours[:, k]) for k in range(3)])
    else:
        at = np.searchsorted([s.upto for s in stops[:-1]], seen, side="right")
        painted = np.moveaxis(colours[at], -1, 0)
    painted = np.where(np.isnan(seen), 255, painted)
    return _image(painted.round().astype(np.uint8), title)


def hills(values: Cells, cell_m: float, title: str) -> ET.Element:
    """Draw terrain lit from the north-west."""
    south, east = np.gradient(np.nan_to_num(values, nan=float(np.nanmean(values))) * 4, cell_m)
    light = (east + south + 1) / np.sqrt(3 * (1 + east**2 + south**2))
    shade = 90 + 150 * np.clip(light, 0, 1)
    grey = np.where(np.isnan(values), 255, shade)
    every = max(1, int(np.ceil(values.shape[1] / (2 * WIDE))))
    return _image(np.repeat(grey[None, ::every, ::every], 3, axis=0).round().astype(np.uint8), title)


def _image(bands: npt.NDArray[np.uint8], title: str) -> ET.Element:
    profile = {"driver": "PNG", "width": bands.shape[2], "height": bands.shape[1], "count": 3, "dtype": "uint8", "transform": _UPRIGHT}
    with rasterio.Env(CPL_LOG="/dev/null"), MemoryFile() as memory:
        with memory.open(**profile) as file:
            file.write(bands)
        data = base64.b64encode(memory.read()).decode()
    return el("img", src=f"data:image/png;base64,{data}", alt=title, width="240")


def _svg(title: str, *drawn: Any) -> ET.Element:
    return el("svg", el("title", title), *drawn, viewBox=f"0 0 {WIDE:g} {HIGH:g}", role="img", width="240")
