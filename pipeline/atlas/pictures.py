"""Small pictures for the front page: what a map or sheet looks like, drawn from the data; they say nothing by themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from xml.etree import ElementTree as ET

import geopandas as gpd
import shapely

from ..figures.element import el
from .plot import BUILDING, GREEN, INK, LINE, PAPER, WATER, Frame, drawn, near

#: Metres per unit of the trio, and what is too small to see in it.
_STEP_M, _FROM_M2 = 7.0, 140.0
_TRIO = 3
_BARS = ("#911c3c", "#e8a13a", "#6baed6", "#54397f")


def trio(points: Sequence[shapely.Point], radius_m: float, layers: Mapping[str, gpd.GeoDataFrame]) -> ET.Element:
    """Draw the first three station areas, side by side: buildings, water and track, as `plot.figure_ground` takes them."""
    r, gap = radius_m / _STEP_M, 16.0
    shown = list(points[:_TRIO])
    wide, high = _TRIO * (2 * r + gap) + gap, 2 * r + 2 * gap
    discs = []
    for n, point in enumerate(shown):
        frame, disc = Frame(point.x, point.y, _STEP_M), point.buffer(radius_m, quad_segs=12)
        found = near(layers.get("pand"), disc)
        whole = shapely.simplify(shapely.union_all(found[shapely.area(found) >= _FROM_M2]), _STEP_M / 2)
        water = shapely.simplify(shapely.union_all(near(layers.get("top10nl_water"), disc)), _STEP_M)
        track = shapely.line_merge(shapely.union_all(near(layers.get("spooras"), disc)))
        x = wide / 2 + (n - (len(shown) - 1) / 2) * (2 * r + gap)
        discs.append(
            el("g", el("circle", r=r, fill="#fff"), drawn(frame.path(water), fill=WATER, fill_rule="evenodd"),
               drawn(frame.path(whole), fill=BUILDING, fill_rule="evenodd"),
               drawn(frame.path(shapely.simplify(track, _STEP_M)), fill="none", stroke=INK, stroke_width=2),
               el("circle", r=r, fill="none", stroke=INK, stroke_width=1.5),
               el("circle", r=5, fill="#fff", stroke=INK, stroke_width=2.5), transform=f"translate({x:.0f} {high / 2:.0f})")
        )  # fmt: skip
    return el("svg", el("rect", x=-400, y=-400, width=wide + 800, height=high + 800, fill=PAPER), discs,
              viewBox=f"0 0 {wide:.0f} {high:.0f}", aria_hidden="true")  # fmt: skip


def paper(kind: str) -> ET.Element:
    """Draw a sheet of paper: ``sheet`` with a map, figures and bars, or ``report`` with text and a chart."""
    lines = [el("rect", x=106, y=28, width=54 if kind == "report" else 78, height=7, fill=INK)]
    if kind == "sheet":
        lines += [el("rect", x=106, y=44, width=40, height=34, fill=GREEN),
                  el("path", d="M106 70q16 -4 22 -12t18 -10", fill="none", stroke=INK, stroke_width=2)]  # fmt: skip
        lines += [el("rect", x=152, y=45 + 8 * i, width=42, height=3, fill="#a9b7c1") for i in range(5)]
        for row in range(3):
            x = 106.0
            for colour, share in zip(_BARS, (0.42 - 0.1 * row, 0.2, 0.2, 0.18 + 0.1 * row), strict=True):
                lines.append(el("rect", x=x, y=88 + 13 * row, width=88 * share, height=9, fill=colour))
                x += 88 * share
    else:
        lines += [el("rect", x=106, y=45 + 8 * i, width=88 - 22 * (i == 3), height=3, fill="#a9b7c1") for i in range(4)]
        lines += [el("rect", x=108 + 12 * i, y=124 - tall, width=8, height=tall, fill="#0b5c7a")
                  for i, tall in enumerate((12, 20, 30, 26, 38, 33, 18))]  # fmt: skip
    back = el("rect", x=-400, y=-400, width=1100, height=1000, fill=PAPER)
    page = el("rect", x=94, y=14, width=112, height=146, fill="#fff", stroke=LINE, stroke_width=2)
    return el("svg", back, page, lines, viewBox="0 0 300 172", aria_hidden="true")
