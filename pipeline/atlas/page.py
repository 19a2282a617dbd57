"""One map page: units of several kinds, coloured by an indicator that the reader chooses, in one HTML file."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from html import escape
from importlib.resources import files
from typing import Any

import geopandas as gpd
from branca.element import MacroElement
from folium.template import Template

from ..clip.kinds import KINDS
from ..contract import UNITS, Column, ContractError, Language
from ..formulas import written
from ..measures import Measure
from ..palettes import CLASSES
from . import pack, projection
from .background import add_background, wgs84
from .declaration import Map
from .digits import decimals
from .offline import OfflineMap, figure, render, script, style
from .words import said_once, words

_ASSETS = files(__package__) / "assets"
#: Units of which 0 is a class of its own, "there is none": most of a grid is empty land, and white lets the rest speak.
_NONE_OF = frozenset({"count", "1/km²", "1/ha", "m²/m²"})
_NONE_COLOUR = "#ffffff"
_TITLES = {kind.name: kind.title for kind in KINDS}


class Theme(MacroElement):
    """The controls, the legend and the coloured units: `data` is all that they show.

    The data stand in blocks of JSON, which a browser doesn't run, and reach the reader as text only.
    """

    _template = Template(
        "{% macro html(this, kwargs) %}{{ this.frame }}{% endmacro %}"
        "{% macro script(this, kwargs) %}"
        "spoorzoneMap({{ this._parent.get_name() }}, {{ this.tiles.get_name() }});"
        "{% endmacro %}"
    )

    def __init__(self, data: Mapping[str, Any], tiles: MacroElement) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name, self.data, self.tiles = "Theme", data, tiles
        self.frame = _asset("map.html")

    def render(self, **kwargs: Any) -> str:
        """Put style, code and data into the page that this stands in."""
        header = figure(self).header
        header.add_child(style(_asset("map.css")), name="theme_css")
        header.add_child(script(_asset("units.js") + _asset("map.js")), name="theme_js")
        for key, value in self.data.items():
            header.add_child(script(_json(value), type="application/json", id=f"data-{key}"), name=f"data_{key}")
        return str(super().render(**kwargs))  # type: ignore[no-untyped-call]


def draw(
    spec: Map,
    *,
    units: Mapping[str, gpd.GeoDataFrame],
    columns: Mapping[str, Column],
    context: Mapping[str, gpd.GeoDataFrame],
    project: str,
    language: Language,
    source_line: str,
    notice: str | None,
    settings_line: str,
    date: str,
    origin: Mapping[str, Any],
) -> str:
    """Draw the map: the text of an HTML file that needs nothing beside itself. The same input gives the same text.

    Parameters
    ----------
    units
        Per kind of `spec.kinds`: index `unit_id`; `unit_name` and indicator columns, NaN where a source doesn't say;
        polygons in EPSG:28992. A kind that isn't there is left out; a kind "corridor" (one row) gives the value
        of the whole rail zone that stands beside each indicator.
    columns
        Declarations of the indicators. An indicator of `spec.columns` that isn't there is left out.
    context
        ``corridor`` (one polygon) and, where there are stations, ``axis`` (lines) and ``station`` (points with
        `station_name`), EPSG:28992.
    project, source_line, settings_line, date
        Said on the page as they are.
    notice
        Said in a band over the whole page, on screen and on paper: that the data are invented, for example.

    origin
        What the panel says of the sources, as `origin.origin` makes it.

    Raises
    ------
    ContractError
        If no kind or no indicator is left, an indicator has no classes, or data have become markup.
    """
    kinds = [kind for kind in spec.kinds if kind in units and len(units[kind])]
    shown = [columns[name] for name in spec.columns if name in columns and any(name in units[k] for k in kinds)]
    _check(spec, kinds, shown)
    facts = [columns[name] for name in spec.facts if name in columns]
    digits = {c.name: decimals(c, CLASSES[c.name].breaks) for c in shown} | {c.name: decimals(c) for c in facts}
    box = wgs84(context["corridor"]).total_bounds.tolist()
    page = OfflineMap(
        location=[round((box[1] + box[3]) / 2, 5), round((box[0] + box[2]) / 2, 5)],
        zoom_start=13, min_zoom=9, max_zoom=19, zoom_snap=0.25, zoom_delta=0.5, wheel_px_per_zoom_level=90,
        zoom_control=False, control_scale=True, fade_animation=False, font_size="14px",
    )  # fmt: skip
    tiles = add_background(page, context)
    whole = units.get("corridor")
    data = {
        "page": {
            "language": language,
            "words": words(language),
            "project": project,
            "notice": notice,
            "source": said_once(source_line, notice),
            "settings": settings_line,
            "date": date,
            "bounds": [[box[1], box[0]], [box[3], box[2]]],
            "projection": _projection(units, kinds),
            "levels": [{"name": kind, "title": _TITLES[kind].in_(language)} for kind in kinds],
            "columns": [_column(c, digits[c.name], whole, columns, language) for c in shown],
            "facts": [_fact(c, digits[c.name], language) for c in facts],
            "lines": [name for name in ("axis", "station") if name in context],
            "stations": _stations(context["station"]) if "station" in context else [],
        },
        "sources": origin,
        **{kind: pack.level(units[kind], digits) for kind in kinds},
    }
    page.add_child(Theme(data, tiles))
    figure(page).title = escape(f"{spec.title.in_(language)} – {project}")
    return render(page, language)


def _check(spec: Map, kinds: list[str], shown: list[Column]) -> None:
    if not kinds:
        msg = f"map {spec.name}: none of its kinds of unit was computed, expected one of {', '.join(spec.kinds)}; add one to [units] kinds"
        raise ContractError(msg)
    if not shown:
        msg = f"map {spec.name}: none of its indicators was computed, expected one of {', '.join(spec.columns)}"
        raise ContractError(msg)
    if without := [c.name for c in shown if c.name not in CLASSES]:
        msg = f"map {spec.name}: {len(without)} indicators have no classes, first {without[0]!r}; add them to the palettes"
        raise ContractError(msg)


def _fact(column: Column, digits: int, language: Language) -> dict[str, Any]:
    unit = "" if column.unit == "count" else UNITS[column.unit].text.in_(language)
    return {"name": column.name, "label": column.label.in_(language), "unit": unit, "decimals": digits}


def _formula(column: Column, columns: Mapping[str, Column], language: Language) -> str:
    """How it is worked out, in the names that a reader sees; '' where it is counted or measured."""
    if not isinstance(column, Measure) or not column.formula:
        return ""
    return written(column.formula, lambda n: columns[n].label.in_(language) if n in columns else n, language)


def _column(
    column: Column, digits: int, whole: gpd.GeoDataFrame | None, columns: Mapping[str, Column], language: Language
) -> dict[str, Any]:
    classes, none = CLASSES[column.name], column.unit in _NONE_OF
    value = float(whole[column.name].iloc[0]) if whole is not None and column.name in whole else math.nan
    return {
        **_fact(column, digits, language),
        "meaning": column.meaning.in_(language),
        "formula": _formula(column, columns, language),
        # Values are whole numbers here, so what is not 0 begins at 1.
        "breaks": [*[1] * none, *(round(b * 10**digits) for b in classes.breaks)],
        "colours": [*[_NONE_COLOUR] * none, *classes.colours],
        "classes": [*["0"] * none, *classes.labels(language)],
        "corridor": None if math.isnan(value) else round(value * 10**digits),
    }


def _projection(units: Mapping[str, gpd.GeoDataFrame], kinds: list[str]) -> dict[str, Any]:
    boxes = [units[kind].total_bounds for kind in kinds]
    west, south = (min(box[i] for box in boxes) for i in (0, 1))
    east, north = (max(box[i] for box in boxes) for i in (2, 3))
    found = projection.fit((west, south, east, north))
    return {"centre": found.centre, "scale": found.scale, "degree": projection.DEGREE, "x": found.x, "y": found.y}


def _stations(stations: gpd.GeoDataFrame) -> list[dict[str, Any]]:
    points = wgs84(stations)
    return [{"name": n, "at": [p.y, p.x]} for n, p in zip(stations["station_name"], points, strict=True)]


def _json(value: Any) -> str:
    """Compact JSON that can't end its script element."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).replace("<", "\\u003c")


def _asset(name: str) -> str:
    return (_ASSETS / name).read_text("utf-8")
