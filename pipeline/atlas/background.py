"""What a map shows around its theme, as ordinary Folium layers: tiles, corridor, track, stations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import folium
import geopandas as gpd
import shapely
from folium.map import CustomPane

from .offline import TILE_HOST, OfflineMap

#: Stacking order around Leaflet's own panes: tiles 200, the theme 320, shadows 500, tooltips 650.
_PANES = {"ground": 150, "theme": 320, "lines": 410, "stops": 420, "mark": 440, "names": 460}
_TILES = TILE_HOST + "/brt/achtergrondkaart/wmts/v2_0/grijs/EPSG:3857/{z}/{x}/{y}.png"
_ATTRIBUTION = '<a href="https://www.kadaster.nl">Kadaster</a> (BRT, PDOK)'
_INK = "#15212b"
_EDGE: tuple[dict[str, Any], ...] = (
    {"color": "#ffffff", "weight": 5, "opacity": 0.8},
    {"color": _INK, "weight": 2},
)
_TRACK: tuple[dict[str, Any], ...] = (
    {"color": "#ffffff", "weight": 6.5, "opacity": 0.9},
    {"color": _INK, "weight": 3.6},
    {"color": "#ffffff", "weight": 1.6, "dashArray": "7 7"},
)
#: Six digits are 11 cm.
_DIGITS = 1e-6


def wgs84(shapes: gpd.GeoDataFrame) -> gpd.GeoSeries:
    """Geometry of `shapes` in degrees, rounded to 11 cm."""
    degrees = shapes.geometry.to_crs(4326)
    return gpd.GeoSeries(shapely.set_precision(degrees.to_numpy(), _DIGITS, mode="pointwise"), crs=4326)


def add_background(page: OfflineMap, context: Mapping[str, gpd.GeoDataFrame]) -> folium.TileLayer:
    """Add the layers to `page`; the tiles come last, switched off, and are given back for a switch.

    Without network every tile stays transparent and the lines below and above carry the map alone.
    """
    for name, z_index in _PANES.items():
        CustomPane(name, z_index=z_index).add_to(page)
    _lines(page, context["corridor"], "ground", stroke=False, fillColor="#ffffff", fillOpacity=0.9)
    for look in _EDGE:
        _lines(page, context["corridor"], "lines", fill=False, **look)
    if "axis" in context:
        for look in _TRACK:
            _lines(page, context["axis"], "lines", **look)
    for point in wgs84(context["station"]) if "station" in context else ():
        dot = folium.CircleMarker(
            (point.y, point.x), radius=6, color=_INK, weight=2.5, fill=True, fill_color="#ffffff", fill_opacity=1
        )
        dot.options |= {"pane": "stops", "interactive": False}  # a CircleMarker drops options that it doesn't know
        dot.add_to(page)
    tiles = folium.TileLayer(_TILES, name="PDOK BRT grijs", attr=_ATTRIBUTION, max_zoom=19, show=False, control=False)
    tiles.add_to(page)
    return tiles


def _lines(page: OfflineMap, shapes: gpd.GeoDataFrame, pane: str, **look: Any) -> None:
    geometry = wgs84(shapes).to_json(to_wgs84=False)
    folium.GeoJson(
        geometry, style_function=lambda _: look, pane=pane, interactive=False, smooth_factor=0.5, control=False
    ).add_to(page)
