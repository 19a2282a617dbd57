"""Small maps as inline SVG: shapes in metres RD become short paths on a grid around an origin."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple
from xml.etree import ElementTree as ET

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from ..contract import Language
from ..figures.element import el
from ..palettes import Classes
from ..wording import number

INK, QUIET, LINE, PAPER, MARK = "#15212b", "#4c5965", "#dfe4e8", "#f3f3ef", "#c8102e"
WATER, GREEN, BUILDING, STREET, ROAD = "#a9cfe6", "#cfe0bd", "#56626d", "#ffffff", "#e0b765"

Shapes = npt.NDArray[Any]


class Frame(NamedTuple):
    """Where a small map lies: x = (east - origin) / step and y likewise, but down; rounded to whole numbers.

    Attributes
    ----------
    east_m, north_m
        What becomes 0, 0.
    step_m
        Metres per unit of the drawing.
    """

    east_m: float
    north_m: float
    step_m: float

    def path(self, shapes: BaseGeometry | Sequence[BaseGeometry] | Shapes) -> str:
        """Write polygons and lines as the data of one path, to be filled by ``evenodd``; '' where nothing is left."""
        parts = shapely.get_parts(np.atleast_1d(np.asarray(shapes, dtype=object)))
        parts = shapely.get_parts(parts[~shapely.is_missing(parts)])
        polygons = shapely.get_type_id(parts) == shapely.GeometryType.POLYGON
        rings = shapely.get_rings(parts[polygons])
        lines = parts[shapely.get_type_id(parts) == shapely.GeometryType.LINESTRING]
        closed, opened = (self._strokes(s, close) for s, close in ((rings, True), (lines, False)))
        return "".join([*closed, *opened])

    def _strokes(self, shapes: Shapes, close: bool) -> Iterable[str]:
        xy, owner = shapely.get_coordinates(shapes, return_index=True)
        grid = np.rint((xy - (self.east_m, self.north_m)) / self.step_m * (1, -1)).astype(int)
        for points in np.split(grid, np.flatnonzero(np.diff(owner)) + 1) if len(grid) else []:
            moved = np.ones(len(points), dtype=bool)
            moved[1:] = (np.diff(points, axis=0) != 0).any(axis=1)
            kept = points[moved]
            if close and len(kept) > 1 and (kept[0] == kept[-1]).all():
                kept = kept[:-1]
            if len(kept) < (3 if close else 2):
                continue
            steps = "".join(f"{_signed(dx)}{_signed(dy)}" for dx, dy in np.diff(kept, axis=0).tolist())
            yield f"M{kept[0][0]} {kept[0][1]}l{steps.lstrip()}{'z' if close else ''}"


def _signed(value: int) -> str:
    """A number that needs no other sign before it: a minus, or a space."""
    return str(value) if value < 0 else f" {value}"


def drawn(path: str, **look: str | float) -> ET.Element | None:
    """A path with its look; None where there is nothing to draw."""
    return el("path", d=path, **look) if path else None


def near(layer: gpd.GeoDataFrame | None, area: BaseGeometry) -> Shapes:
    """Give the shapes of a layer that touch the area, cut to it; none where there is no layer."""
    if layer is None or layer.empty:
        return np.array([], dtype=object)
    shapes = np.asarray(layer.geometry.array, dtype=object)
    found = shapes[np.sort(shapely.STRtree(shapes).query(area, predicate="intersects"))]
    cut: Shapes = shapely.intersection(found, area)
    left: Shapes = cut[~shapely.is_empty(cut)]
    return left


#: Tolerance of lines and of water and green, metres; buildings keep their corners.
_COARSE_M, _FINE_M = 3.0, 0.6
#: Smaller buildings are dots, not figures.
_BUILDING_FROM_M2 = 12.0


def figure_ground(
    centre: shapely.Point, radius_m: float, layers: Mapping[str, gpd.GeoDataFrame], *, name: str, title: str,
    inner_m: Sequence[float] = (), scale: tuple[float, str] = (500.0, "500 m"),
) -> ET.Element:  # fmt: skip
    """Draw what stands within a circle: buildings, water, green, streets, main roads and track; all to one scale.

    Parameters
    ----------
    centre, radius_m
        Of the circle, EPSG:28992.
    layers
        ``pand``, ``top10nl_water``, ``bodemgebruik`` (with `bbg_code`), ``wegvak`` (with `road_authority`) and
        ``spooras``, EPSG:28992; one that is not there is not drawn.
    name, title
        Identifier in the page, and what the drawing is called.
    inner_m
        Radii of thin circles within.
    scale
        Length of the scale bar and what stands beside it.
    """
    frame, disc = Frame(centre.x, centre.y, 1.0), centre.buffer(radius_m + 4, quad_segs=16)
    half = radius_m * 1.04
    use, roads = layers.get("bodemgebruik"), layers.get("wegvak")
    green = use[(use["bbg_code"] // 10).isin((4, 6))] if use is not None else None
    main = roads[roads["road_authority"].isin(("R", "P"))] if roads is not None else None

    def areas(layer: gpd.GeoDataFrame | None) -> str:
        return frame.path(shapely.simplify(shapely.union_all(near(layer, disc)), _COARSE_M))

    def lines(layer: gpd.GeoDataFrame | None) -> str:
        return frame.path(shapely.simplify(shapely.line_merge(shapely.union_all(near(layer, disc))), _COARSE_M))

    def buildings() -> str:
        found = near(layers.get("pand"), disc)
        whole = shapely.union_all(found[shapely.area(found) >= _BUILDING_FROM_M2])
        return frame.path(shapely.simplify(whole, _FINE_M))

    track = lines(layers.get("spooras"))
    round_ = el("clipPath", el("circle", r=radius_m), id=f"{name}-disc")
    inside = el(
        "g",
        el("circle", r=radius_m, fill=PAPER),
        drawn(areas(green), fill=GREEN, fill_rule="evenodd"),
        drawn(areas(layers.get("top10nl_water")), fill=WATER, fill_rule="evenodd"),
        drawn(lines(roads), fill="none", stroke=STREET, stroke_width=9),
        drawn(lines(main), fill="none", stroke=ROAD, stroke_width=13),
        drawn(buildings(), fill=BUILDING, fill_rule="evenodd"),
        drawn(track, fill="none", stroke="#fff", stroke_width=15),
        drawn(track, fill="none", stroke=INK, stroke_width=6),
        clip_path=f"url(#{name}-disc)",
    )
    rings = [
        el("circle", r=r, fill="none", stroke=INK, stroke_width=2.5, stroke_dasharray="3 11", stroke_linecap="round")
        for r in inner_m
    ]
    length, said = scale
    bar = el(
        "g",
        el("path", d=f"M{-half + 4:.0f} {half - 26:.0f}v24h{length:.0f}v-24", fill="none", stroke=INK, stroke_width=5),
        el("text", said, x=-half + 16, y=half - 16, font_size=54, fill=INK),
    )
    north = el(
        "g",
        el("path", d=f"M{half - 44:.0f} {-half + 92:.0f}l28 -74 28 74 -28 -18z", fill=INK),
        el("text", "N", x=half - 16, y=-half + 146, text_anchor="middle", font_size=54, fill=INK),
    )
    return el(
        "svg", el("title", title, id=f"{name}-title"), round_, inside, rings,
        el("circle", r=radius_m, fill="none", stroke=INK, stroke_width=5),
        el("circle", r=21, fill="#fff", stroke=INK, stroke_width=9), bar, north,
        viewBox=f"{-half - 4:.0f} {-half - 4:.0f} {2 * half + 8:.0f} {2 * half + 8:.0f}", role="img",
        aria_labelledby=f"{name}-title",
    )  # fmt: skip


class Choropleth(NamedTuple):
    """Areas and their values, with the classes that colour them."""

    shapes: gpd.GeoSeries
    values: pd.Series
    classes: Classes

    def paths(self, frame: Frame) -> list[ET.Element]:
        """One path per class that occurs; what is 0 or not known stays as the ground is."""
        at = np.searchsorted(self.classes.breaks, self.values.to_numpy(dtype="float64"), side="right")
        shown = (self.values > 0).to_numpy()
        made = []
        for n, colour in enumerate(self.classes.colours):
            shapes = np.asarray(self.shapes.array, dtype=object)[shown & (at == n)]
            made.append(drawn(frame.path(shapely.union_all(shapes)), fill=colour, fill_rule="evenodd"))
        return [m for m in made if m is not None]


#: Of an overview: length and height of the drawing, and what stays free around the corridor.
_WIDE, _MARGIN = 720.0, 18.0
#: It is never flatter than this, so that names and a scale have a place.
_LEAST_HIGH = 330.0
#: Whole lengths of scale bars, metres.
_SCALES = (100.0, 200.0, 500.0, 1000.0, 2000.0, 5000.0, 10_000.0)


def overview(
    corridor: BaseGeometry, layers: Mapping[str, gpd.GeoDataFrame], theme: Choropleth | None, *, name: str, title: str,
    language: Language, labels: bool = True,
) -> ET.Element:  # fmt: skip
    """Draw the corridor with its theme, water, main roads, borders of municipalities, track and stations.

    Parameters
    ----------
    corridor
        Its outline, EPSG:28992.
    layers
        ``gemeente`` (areas), ``top10nl_water``, ``wegvak`` (with `road_authority`), ``spooras``, ``axis`` and
        ``station`` (points with `station_name`), EPSG:28992; one that is not there is not drawn.
    theme
        What is coloured within the corridor; None for nothing.
    name, title
        Identifier in the page, and what the drawing is called; without a title it says nothing to who can't see it.
    labels
        Whether names, scale and north stand in it.
    """
    west, south, east, north = corridor.bounds
    step = max((east - west) / (_WIDE - 2 * _MARGIN), 1e-6)
    high = max((north - south) / step + 2 * _MARGIN, _LEAST_HIGH)
    spare = (high - 2 * _MARGIN - (north - south) / step) / 2
    frame = Frame(west - _MARGIN * step, north + (_MARGIN + spare) * step, step)
    box = shapely.box(
        frame.east_m, frame.north_m - high * step, frame.east_m + _WIDE * step, frame.north_m
    )

    def shapes(layer: str) -> BaseGeometry:
        return shapely.simplify(shapely.union_all(near(layers.get(layer), box)), step)

    def lines(shown: gpd.GeoDataFrame | None) -> str:
        return frame.path(shapely.simplify(shapely.line_merge(shapely.union_all(near(shown, box))), step))

    roads = layers.get("wegvak")
    main = roads[roads["road_authority"].isin(("R", "P"))] if roads is not None else None
    borders = layers.get("gemeente")
    edges = frame.path(shapely.simplify(near(borders.set_geometry(borders.boundary), box), step)) if borders is not None else ""
    track = lines(layers.get("axis")) or lines(layers.get("spooras"))
    outline = frame.path(shapely.simplify(corridor, step / 2))
    drawing: list[ET.Element | None] = [
        el("clipPath", el("path", d=outline), id=f"{name}-in"),
        el("rect", width=_WIDE, height=high, fill=PAPER),
        el("path", d=outline, fill="#fff"),
        el("g", theme.paths(frame), clip_path=f"url(#{name}-in)") if theme else None,
        drawn(frame.path(shapes("top10nl_water")), fill=WATER, fill_rule="evenodd"),
        drawn(lines(main), fill="none", stroke=ROAD, stroke_width=2),
        drawn(edges, fill="none", stroke=QUIET, stroke_width=1, stroke_dasharray="6 3 1 3"),
        el("path", d=outline, fill="none", stroke=INK, stroke_width=1.6),
        drawn(track, fill="none", stroke="#fff", stroke_width=6),
        drawn(track, fill="none", stroke=INK, stroke_width=3),
    ]
    stops = layers.get("station")
    for point, said in zip(stops.geometry, stops["station_name"], strict=True) if stops is not None else ():
        x, y = (point.x - frame.east_m) / step, (frame.north_m - point.y) / step
        drawing.append(el("circle", cx=x, cy=y, r=5.5, fill="#fff", stroke=INK, stroke_width=3))
        if labels:
            left = x > 0.62 * _WIDE
            drawing.append(
                el("text", str(said), x=x - 12 if left else x + 12, y=y - 9, text_anchor="end" if left else "start",
                   font_size=19, font_weight="650", fill=INK, stroke="#fff", stroke_width=5, paint_order="stroke")
            )  # fmt: skip
    if labels:
        length = max((s for s in _SCALES if s / step <= 0.28 * _WIDE), default=_SCALES[0])
        drawing += [
            el("path", d=f"M14 {high - 26:.0f}v12h{length / step:.0f}v-12", fill="none", stroke=INK, stroke_width=1.6),
            el("text", _length(length, language), x=20, y=high - 19, font_size=17, fill=INK),
            el("path", d=f"M{_WIDE - 24:.0f} 34l10 -26 10 26 -10 -6z", fill=INK),
        ]
    spoken: dict[str, str | float] = {"role": "img", "aria_label": title} if title else {"aria_hidden": "true"}
    return el("svg", drawing, viewBox=f"0 0 {_WIDE:g} {high:.0f}", **spoken)


def _length(metres: float, language: Language) -> str:
    return f"{number(metres / 1000, 0, language)} km" if metres >= 1000 else f"{number(metres, 0, language)} m"
