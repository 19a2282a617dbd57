"""What a map shows around its theme, as ordinary Folium layers: tiles, borders, corridor, track, stations and circles."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import folium
import geopandas as gpd
import shapely
from branca.element import Element
from folium.map import CustomPane

from .offline import TILE_HOST, OfflineMap

if TYPE_CHECKING:
    from .content import World

#: Name that the page's own code knows it by -> layer of the map.
Background = Mapping[str, Element]

#: Stacking order around Leaflet's own panes: tiles 200, shadows 500, tooltips 650.
_PANES = {"theme": 320, "compare": 321, "lines": 410, "stops": 420, "mark": 440, "names": 460}
_BRT = TILE_HOST + "/brt/achtergrondkaart/wmts/v2_0/{}/EPSG:3857/{{z}}/{{x}}/{{y}}.png"
#: PDOK: the topographic map in three looks, and the aerial photo (its size of pixel is in its name).
_TILES: Mapping[str, str] = {
    "grijs": _BRT.format("grijs"),
    "pastel": _BRT.format("pastel"),
    "standaard": _BRT.format("standaard"),
    "luchtfoto": TILE_HOST + "/hwh/luchtfotorgb/wmts/v1_0/Actueel_ortho25/EPSG:3857/{z}/{x}/{y}.jpeg",
}
_ATTRIBUTION = '<a href="https://www.kadaster.nl">Kadaster</a> (PDOK)'
_INK = "#15212b"
_EDGE: tuple[dict[str, Any], ...] = (
    {"color": "#ffffff", "weight": 4.5, "opacity": 0.75},
    {"color": _INK, "weight": 1.6, "dashArray": "1 5"},
)
_BORDER: dict[str, Any] = {"color": "#6b4c7a", "weight": 1.8, "dashArray": "10 4 2 4", "opacity": 0.85}
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


def add_background(page: OfflineMap, world: World) -> Background:
    """Add the layers to `page`, and give those that the reader can switch.

    The tiles are added switched off: the page's own code switches them on where there is a network. Without network
    every tile stays transparent and the page's own lines carry the map alone.
    """
    for name, z_index in _PANES.items():
        CustomPane(name, z_index=z_index).add_to(page)
    context = world.context
    found: dict[str, Element] = {}
    if "border" in context:
        found["borders"] = _group(page)
        _lines(found["borders"], _simple(context["border"].boundary), "lines", fill=False, **_BORDER)
    found["corridor"] = _group(page)
    for look in _EDGE:
        _lines(found["corridor"], _simple(context["corridor"].boundary, 1), "lines", fill=False, **look)
    if "station" in context:
        found["rings"] = _group(page)
        for point in wgs84(context["station"]):
            ring = folium.Circle(
                (point.y, point.x), radius=world.station_radius_m, color=_INK, weight=1.4, fill=False
            )
            ring.options |= {"pane": "lines", "interactive": False, "dashArray": "3 5"}
            ring.add_to(found["rings"])
        found["track"] = _group(page)
        for look in _TRACK if "axis" in context else ():
            _lines(found["track"], context["axis"], "lines", **look)
        for point in wgs84(context["station"]):
            dot = folium.CircleMarker(
                (point.y, point.x), radius=6, color=_INK, weight=2.5, fill=True, fill_color="#ffffff", fill_opacity=1
            )
            dot.options |= {"pane": "stops", "interactive": False}  # a CircleMarker drops options that it doesn't know
            dot.add_to(found["track"])
    for name, url in _TILES.items():
        tiles = folium.TileLayer(
            url, name=name, attr=_ATTRIBUTION, max_zoom=19, show=False, control=False, cross_origin=True
        )
        tiles.add_to(page)
        found[name] = tiles
    return found


def _group(page: OfflineMap) -> folium.FeatureGroup:
    group = folium.FeatureGroup(control=False)
    group.add_to(page)
    return group


def _simple(edges: gpd.GeoSeries, tolerance_m: float = 5.0) -> gpd.GeoDataFrame:
    """Borders that several areas share, once, without the corners that nobody sees."""
    whole = shapely.line_merge(shapely.union_all(edges.to_numpy()))
    return gpd.GeoDataFrame(geometry=[shapely.simplify(whole, tolerance_m)], crs=edges.crs)


def _lines(page: Element, shapes: gpd.GeoDataFrame, pane: str, **look: Any) -> None:
    geometry = wgs84(shapes).to_json(to_wgs84=False)
    folium.GeoJson(
        geometry, style_function=lambda _: look, pane=pane, interactive=False, smooth_factor=0.5, control=False
    ).add_to(page)
