"""The read-me: the formats that were made, with a picture of each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from xml.etree.ElementTree import Element

import geopandas as gpd
import numpy as np
import shapely

from ... import palettes, provenance, raster_store, store
from ...contract import CRS, Text
from ...export import pictures, readme
from ...export.declaration import IN_CORRIDOR
from ...export.layer import Prepared
from ...export.readme import Entry, Shown
from ...figures.element import el
from ...sources import BY_NAME, RASTERS_BY_NAME
from ...wording import number
from . import rasters
from .buildings import terrain
from .world import World

_GROUND, _LINE = "#f1efe8", "#8a949c"
#: A picture of bodies shows less ground: they stand in each other's way.
_NEAR_M = 330.0


def make(world: World, made: Mapping[str, Sequence[Path]]) -> None:
    """Write the read-me of the files that each format made."""
    project = world.project
    entries = [Entry(readme.GUIDES[name], _sizes(world, paths), list(_PICTURES[name](world))) for name, paths in made.items()]
    receipts = project.receipts()
    notice = provenance.notice(receipts, project.checks(), world.language)
    text = readme.page(
        title=world.title, notices=[notice] if notice else [], origin=world.origin, entries=entries, receipts=receipts,
        source_line=provenance.source_line(receipts, world.language), language=world.language,
    )  # fmt: skip
    store.write_text(project.places.design / readme.NAME, text)


def _sizes(world: World, paths: Sequence[Path]) -> list[tuple[str, int]]:
    folder = world.project.places.design
    return [(path.relative_to(folder).as_posix(), path.stat().st_size) for path in paths]


def _middle(world: World) -> shapely.Point:
    """What the pictures show: where most panden stand; of places with as many the most western, then southern."""
    corners = _panden(world).geometry.representative_point()
    squares = np.floor(shapely.get_coordinates(corners.to_numpy()) / _NEAR_M)
    if not len(squares):
        inside: shapely.Point = world.corridor.representative_point()
        return inside
    found, count = np.unique(squares, axis=0, return_counts=True)
    return shapely.Point((found[count.argmax()] + 0.5) * _NEAR_M)


def _panden(world: World) -> gpd.GeoDataFrame:
    """The panden in the corridor; none where that source is switched off."""
    layer = BY_NAME["pand"].layer
    if layer.name in world.project.names:
        return world.project.clipped(layer, f"{layer.name}{IN_CORRIDOR}")
    columns: dict[str, list[object]] = {c.name: [] for c in layer.columns}
    return gpd.GeoDataFrame(columns, geometry=[], crs=CRS)


def _pand(world: World) -> gpd.GeoDataFrame:
    pand = _panden(world)
    return pand[pand.intersects(shapely.box(*pictures.window(_middle(world))))]


def _plan(world: World, title: str, colours: Callable[[gpd.GeoDataFrame], Sequence[str]]) -> Shown:
    pand, roads, box = _pand(world), _roads(world), pictures.window(_middle(world))
    layers = [(gpd.GeoSeries([world.corridor]), [_GROUND], ""), (roads, [""] * len(roads), _LINE), (pand.geometry, colours(pand), "")]
    return Shown(title, pictures.plan(layers, box, title))


def _roads(world: World) -> gpd.GeoSeries:
    if "wegvak" not in world.project.names:
        return gpd.GeoSeries([], crs=CRS)
    return world.project.clipped(BY_NAME["wegvak"].layer, f"wegvak{IN_CORRIDOR}").geometry


def _years(pand: gpd.GeoDataFrame) -> list[str]:
    classes = palettes.CONSTRUCTION
    return [classes.colours[sum(y >= b for b in classes.breaks)] if y == y else _LINE for y in pand["construction_year"]]


def _uses(pand: gpd.GeoDataFrame) -> list[str]:
    return [palettes.PAND_USE[palettes.pand_use(u)].colour for u in pand["use"]]


def _heights(pand: gpd.GeoDataFrame) -> list[str]:
    classes = palettes.BUILDING_HEIGHT
    return [classes.colours[sum(h >= b for b in classes.breaks)] if h == h else _LINE for h in pand["height_m"]]


def _geopackage(world: World) -> Iterator[Shown]:
    yield _plan(world, "pand_corridor", _years)


def _project(world: World) -> Iterator[Shown]:
    yield _plan(world, Text("thema Functie", "theme Use").in_(world.language), _uses)


def _drawing(world: World) -> Iterator[Shown]:
    pand, roads, box = _pand(world), _roads(world), pictures.window(_middle(world))
    title = "spoorzone_rd.dxf, spoorzone_lokaal.dxf"
    layers = [(roads, [""] * len(roads), "#5f6f7d"), (pand.geometry, [""] * len(pand), "#e8a13a")]
    yield Shown(title, pictures.plan(layers, box, title, dark=True))


def _bodies(world: World, title: str, colours: Callable[[gpd.GeoDataFrame], Sequence[str]]) -> Shown:
    pand = world.existing
    by_key = dict(zip(pand.index, colours(pand), strict=True))
    return Shown(title, pictures.bodies(world.solids, by_key, pictures.window(_middle(world), _NEAR_M), title))


def _solids(world: World) -> Iterator[Shown]:
    yield _bodies(world, "gebouwen.city.json", lambda pand: ["#d8cfc0"] * len(pand))


def _meshes(world: World) -> Iterator[Shown]:
    for title, colours in {"gebouwen_functie.glb, model.obj": _uses, "gebouwen_bouwjaar.glb": _years, "gebouwen_hoogte.glb": _heights}.items():
        yield _bodies(world, title, colours)
    levels, _ = terrain(world)
    yield Shown("terrein.glb", pictures.hills(levels, RASTERS_BY_NAME["ahn_dtm"].raster.overview_resolution_m, "terrein.glb"))
    permitted = world.permitted.geometry
    around = [(gpd.GeoSeries([world.corridor]), [_GROUND], ""), (permitted, ["#c2185b"] * len(permitted), "#c2185b")]
    west, south, east, north = world.corridor.bounds
    box = pictures.window(shapely.Point((west + east) / 2, (south + north) / 2), max(east - west, (north - south) * 1.5) * 1.04)
    yield Shown("vergund.glb, vergund.city.json", pictures.plan(around, box, "vergund.glb"))


def _rasters(world: World) -> Iterator[Shown]:
    for layer in rasters.layers(world.project):
        look, path = rasters.look(world, layer), rasters.path(world.project, layer)
        title = f"{layer.name}: {layer.title.in_(world.language)}, {layer.unit.in_(world.language)}"
        yield Shown(title, pictures.cells(raster_store.read(path, "export"), look, layer.title.in_(world.language), ramp=layer.classes is None))


def _table(world: World) -> Iterator[Shown]:
    name = next((n for n in ("buurt", "gemeente", "corridor") if n in world.prepared), next(iter(world.prepared)))
    yield Shown(name, _sheet(world, world.prepared[name]))


def _sheet(world: World, one: Prepared) -> Element:
    """The first rows and columns of a table."""
    columns = [c for c in one.declared.columns if c.dtype != "str"][:3]
    names = "unit_name" if "unit_name" in one.table else one.declared.key
    head = el("tr", el("th", ""), [el("th", c.label.in_(world.language)) for c in columns])
    rows = [
        el("tr", el("th", str(row[names])), [el("td", number(float(row[c.name]), 0, world.language)) for c in columns])
        for _, row in one.table.head(6).iterrows()
    ]
    return el("table", el("thead", head), el("tbody", rows))


_PICTURES: Mapping[str, Callable[[World], Iterator[Shown]]] = {
    "geopackage": _geopackage, "qgis": _project, "dxf": _drawing, "cityjson": _solids, "mesh": _meshes, "raster": _rasters,
    "xlsx": _table, "csv": _table, "geoparquet": _geopackage, "flatgeobuf": _geopackage,
}  # fmt: skip
