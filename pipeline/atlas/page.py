"""One map page: the rail zone on every level, by an indicator that the reader chooses, in one HTML file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from html import escape
from importlib.resources import files
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from branca.element import MacroElement
from folium.template import Template

from ..contract import ContractError, Language
from ..measures import REASONS
from ..palettes import CLASSES, LAND_USE, PAND_USE, pand_use
from . import content, doubt, pack, projection
from .background import Background, add_background, wgs84
from .content import BUILDINGS, GROUND, World
from .declaration import Map
from .digits import Shown
from .guide import guide
from .map_words import map_words
from .offline import OfflineMap, figure, render, script, style
from .scripts import bundle
from .words import said_once

_ASSETS = files(__package__) / "assets"
#: Buildings keep their corners as they are, on a grid of a quarter of a metre.
_BUILDING_GRID_M = 0.25
_LINE_GRID_M = 2.0
#: Smaller ones are lost on a map of the whole zone, and cost bytes.
_CONTEXT_FROM_M2 = 2500.0
#: Why a value is missing, by number; the first for what nothing says.
_REASONS = ("", *REASONS)


class Theme(MacroElement):
    """The controls, the legend and the coloured units: `data` and `blocks` are all that they show.

    The data stand in blocks that a browser doesn't run, and reach the reader as text only.
    """

    _template = Template(
        "{% macro html(this, kwargs) %}{{ this.frame }}{% endmacro %}"
        "{% macro script(this, kwargs) %}"
        "spoorzoneMap({{ this._parent.get_name() }}, { "
        "{% for name, element in this.layers.items() %}{{ name }}: {{ element.get_name() }}, {% endfor %}"
        "});"
        "{% endmacro %}"
    )

    def __init__(self, data: Mapping[str, Any], blocks: Mapping[str, pack.Block], layers: Background) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name, self.data, self.blocks, self.layers = "Theme", data, blocks, layers
        self.frame = _asset("map.html")

    def render(self, **kwargs: Any) -> str:
        """Put style, code and data into the page that this stands in."""
        header = figure(self).header
        header.add_child(style("".join(_asset(n) for n in _styles())), name="theme_css")
        header.add_child(script(bundle()), name="theme_js")
        for key, value in self.data.items():
            header.add_child(script(_json(value), type="application/json", id=f"data-{key}"), name=f"data_{key}")
        for key, block in self.blocks.items():
            header.add_child(script(block.to_text(), type="text/plain", id=f"data-{key}"), name=f"data_{key}")
        return str(super().render(**kwargs))  # type: ignore[no-untyped-call]


def draw(
    spec: Map,
    world: World,
    *,
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
    world
        What it is drawn from. A kind or an indicator of `spec` that isn't there is left out.
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
    kinds = [kind for kind in spec.kinds if kind in world.units and len(world.units[kind])]
    how = content.shown_columns(spec, world, kinds, language) if _checked(spec, kinds, world) else {}
    columns = {name: content.column(spec, name, h, world, language) for name, h in how.items()}
    levels = [(kind, len(world.units[kind])) for kind in kinds]
    blocks = {kind: _units(kind, world, how) for kind in kinds}
    for name, table, block in ((BUILDINGS, world.buildings, _buildings), (GROUND, world.ground, _ground)):
        if table is not None and len(table):
            levels.append((name, len(table)))
            blocks[name] = block(table)
    blocks |= _context(world)
    if world.streets is not None and len(world.streets):
        blocks["street"] = _streets(world.streets)
    stations = content.stations(world)
    box = wgs84(world.context["corridor"]).total_bounds.tolist()
    page = OfflineMap(
        min_zoom=9, max_zoom=19, zoom_snap=0.25, zoom_delta=0.5, wheel_px_per_zoom_level=90,
        zoom_control=False, control_scale=True, fade_animation=False, font_size="14px",
    )  # fmt: skip
    # The page's own code looks at the corridor when it knows its size; so all is drawn once.
    page.location = None  # type: ignore[assignment]
    layers = add_background(page, world)
    data = {
        "page": {
            "language": language,
            "words": map_words(language),
            "project": project,
            "title": spec.title.in_(language),
            "summary": spec.summary.in_(language),
            "notice": notice,
            "source": said_once(source_line, notice),
            "settings": settings_line,
            "date": date,
            "bounds": [[box[1], box[0]], [box[3], box[2]]],
            "projection": _projection(world, kinds),
            "levels": [content.level(name, count, language) for name, count in levels],
            "start": spec.start if spec.start in kinds else kinds[0],
            "themes": content.themes(spec, columns, language),
            "columns": columns,
            "facts": [c for c in spec.facts if c in columns],
            "years": world.years,
            "sure": round(100 * content.SURE_FROM_SHARE),
            "reasons": ["", *(text.in_(language) for text in REASONS.values())],
            "change": content.change(language),
            "line": content.line(world, how, language),
            "areas": content.areas(world),
            "stations": stations,
            "radius": world.station_radius_m,
            "buildings": content.building_themes(language, PAND_USE),
            "ground": content.ground_theme(language),
            "views": content.views(spec, columns, [n for n, _ in levels], len(stations), language),
            "context": [name for name in blocks if name in _COATS],
            "guide": guide(language),
        },
        "sources": origin,
    }
    page.add_child(Theme(data, blocks, layers))
    figure(page).title = escape(f"{spec.title.in_(language)} – {project}")
    return render(page, language)


def _checked(spec: Map, kinds: list[str], world: World) -> bool:
    if not kinds:
        msg = f"map {spec.name}: none of its kinds of unit was computed, expected one of {', '.join(spec.kinds)}; add one to [units] kinds"
        raise ContractError(msg)
    there = {c for kind in kinds for c in world.units[kind].columns}
    shown = [c for c in spec.columns if c in there and c in world.columns]
    if not shown:
        msg = f"map {spec.name}: none of its indicators was computed, expected one of {', '.join(spec.columns)}"
        raise ContractError(msg)
    if without := [c for c in shown if c not in CLASSES]:
        msg = f"map {spec.name}: {len(without)} indicators have no classes, first {without[0]!r}; add them to the palettes"
        raise ContractError(msg)
    return True


def _units(kind: str, world: World, how: Mapping[str, Shown]) -> pack.Block:
    """The units of one kind: shapes, then each column unit by unit and why its missing values are missing.

    What is not sure stands in the header.
    """
    units = world.units[kind]
    block = pack.shapes(pack.Block(**pack.names(units)), units.geometry.to_numpy())
    columns, bounds, coverage = [], {}, {}
    for name, h in how.items():
        if name not in units:
            continue
        yearly = world.yearly(kind, name)
        values = pack.scaled(units[[name]] if yearly is None else yearly, h.whole)
        why = [_REASONS.index(r) for r in doubt.reasons(world.columns[name], world.columns, units, values[:, -1] == 0)]
        block.add(pack.series(values), why)
        columns.append([name, values.shape[1], len(why)])
        if (found := _bounds(name, units, world, h)) and found[0]:
            bounds[name] = found
        if (measured := doubt.coverage(world.columns[name])) in units and measured not in coverage:
            coverage[measured] = _coverage(units[measured])
    block.header |= {"columns": columns, "bounds": bounds, "coverage": coverage}
    return block


def _bounds(name: str, units: gpd.GeoDataFrame, world: World, how: Shown) -> list[list[int]]:
    """Where a value can be another: position, least and most."""
    ends = doubt.bounds(world.columns[name], world.columns, units)
    if ends is None:
        return []
    low, high = (np.asarray(e, dtype=float) * how.whole for e in ends)
    known = np.isfinite(low) & np.isfinite(high)
    low, high = (np.where(known, e, 0).round() for e in (low, high))
    return pack.sparse(known & (low < high), low, high)


def _coverage(measured: gpd.GeoSeries) -> list[list[int]]:
    """Where not all was measured: position, per cent."""
    per_cent = np.floor(measured.fillna(1.0).to_numpy() * 100 + 1e-9)
    return pack.sparse(per_cent < 100, per_cent)


def _buildings(table: gpd.GeoDataFrame) -> pack.Block:
    table = pack.by_place(table)
    block = pack.shapes(pack.Block(), table.geometry.to_numpy(), grid_m=_BUILDING_GRID_M, tolerance_m=0)
    columns = {
        "use": [pand_use(u) for u in table["use"]],
        "construction_year": table["construction_year"],
        "verblijfsobject_count": table["verblijfsobject_count"],
        "footprint_m2": table.geometry.area,
    }
    block.header["columns"] = [[name, 1] for name in columns]
    return block.add(*(pack.scaled(np.asarray(v, dtype=float), 1) for v in columns.values()))


def _ground(table: gpd.GeoDataFrame) -> pack.Block:
    table = pack.by_place(table)
    block = pack.shapes(pack.Block(), table.geometry.to_numpy())
    uses = sorted(set(table["use_name"].astype(str)))
    group = {code: n for n, c in enumerate(LAND_USE) for code in c.values}
    columns = {
        "group": [group.get(int(c) // 10, float("nan")) for c in table["bbg_code"]],
        "use": [uses.index(str(u)) for u in table["use_name"]],
        "area_are": table.geometry.area / 100,
    }
    block.header |= {"columns": [[name, 1] for name in columns], "uses": uses}
    return block.add(*(pack.scaled(np.asarray(v, dtype=float), 1) for v in columns.values()))


#: What is drawn around the theme, in the order in which it lies -> the table of the context that it is made from.
_COATS = {"zone": "corridor", "green": "green", "water": "water", "road": "road", "rail": "rail"}
_AREAS = ("zone", "green", "water")


def _context(world: World) -> dict[str, pack.Block]:
    made = {}
    for name, source in _COATS.items():
        table = world.context.get(source)
        if table is None or not len(table):
            continue
        shapes = table.geometry.to_numpy()
        if name in _AREAS:
            shapes = shapely.simplify(shapes[shapely.area(shapes) >= _CONTEXT_FROM_M2], pack.TOLERANCE_M)
            shapes = shapes[~shapely.is_empty(shapes)]
            made[name] = pack.rings(pack.Block(), shapes, 1.0, 0)
        else:
            merged = shapely.line_merge(shapely.union_all(shapes))
            made[name] = pack.lines(pack.Block(), shapely.get_parts(merged), grid_m=_LINE_GRID_M)
    return made


def _streets(table: gpd.GeoDataFrame) -> pack.Block:
    places = sorted(set(table["place"].astype(str)))
    table = table.sort_values(["street_name", "place"])
    block = pack.Block(name=table["street_name"].astype(str).tolist(), places=places)
    pack.points(block, table.geometry.to_numpy(), grid_m=10.0)
    return block.add([places.index(str(p)) for p in table["place"]])


def _projection(world: World, kinds: list[str]) -> dict[str, Any]:
    tables = [*(world.units[k] for k in kinds), *world.context.values(), world.buildings, world.ground]
    boxes = np.array([t.total_bounds for t in tables if t is not None and len(t)])
    west, south = boxes[:, :2].min(axis=0)
    east, north = boxes[:, 2:].max(axis=0)
    found = projection.fit((west, south, east, north))
    return {"centre": found.centre, "scale": found.scale, "degree": projection.DEGREE, "x": found.x, "y": found.y}


def _json(value: Any) -> str:
    """Compact JSON that can't end its script element."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).replace("<", "\\u003c")


def _styles() -> list[str]:
    """The style sheets in order: each part of the page has its own."""
    return sorted(f"css/{f.name}" for f in (_ASSETS / "css").iterdir() if f.name.endswith(".css"))


def _asset(name: str) -> str:
    return (_ASSETS / name).read_text("utf-8")
