"""Rasters: heights and tree canopy from AHN, and densities as surfaces; each with its look beside it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import shapely

from ... import grid, palettes, raster_store, store
from ...clip import corridor as corridor_
from ...contract import Bbox, PipelineError, Text
from ...export import density, raster_qml
from ...export.relief import RELIEF, RasterLayer, relief
from ...indicators.heights import tree_cells
from ...indicators.points import Surface
from ...project import Project
from ...sources import BY_NAME, RASTERS_BY_NAME
from ...zonal import unpack
from .. import compute
from ..layers import HEIGHTS
from .world import Format, World, building_inputs, snapped

#: Over which a density is spread: five minutes on foot, and half of it.
_RADII_M = (200, 400)


def layers(project: Project) -> list[RasterLayer]:
    """The heights, then a density per amount and radius."""
    heights = list(RELIEF) if compute.has_buildings(project) else []
    return [*heights, *(_layer(s, radius) for s in compute.surfaces(project) for radius in _RADII_M)]


def _layer(surface: Surface, radius_m: int) -> RasterLayer:
    title = Text(*(f"{t} ({radius_m} m)" for t in surface.title))
    return RasterLayer(f"dichtheid_{surface.name}_{radius_m}m", title, surface.unit, palettes.SURFACES[surface.name])


def files(project: Project) -> list[Path]:
    """Each raster and its look."""
    return [path(project, layer).with_suffix(ending) for layer in layers(project) for ending in (".tif", ".qml")]


def inputs(project: Project) -> list[Path]:
    """The points of the densities, and the heights."""
    places = project.places
    points = [places.points(s.name) for s in compute.surfaces(project)]
    tiles = [p for n in HEIGHTS for p in project.input_files(n)]
    return [places.clipped(corridor_.CORRIDOR.name), *points, *((*building_inputs(project), *tiles) if compute.has_buildings(project) else ())]


def make(world: World) -> None:
    """Write all of them."""
    project = world.project
    if compute.has_buildings(project):
        _relief(world)
    box = density.box_around(world.corridor)
    for surface in compute.surfaces(project):
        points = store.read_layer(project.places.points(surface.name), "compute")
        for radius in _RADII_M:
            cells = density.surface(points.geometry, points["amount"], box, radius)
            raster_store.write(path(project, _layer(surface, radius)), cells, box)
    for layer in layers(project):
        store.write_text(path(project, layer).with_suffix(".qml"), raster_qml.qml(layer, look(world, layer)))


def look(world: World, layer: RasterLayer) -> Sequence[raster_qml.Stop]:
    """The colours of a raster that was made: those of its classes, or from its lowest cell to its highest."""
    ends = raster_store.span(path(world.project, layer)) if layer.classes is None else (0.0, 0.0)
    return raster_qml.stops(layer, *ends, world.language)


def path(project: Project, layer: RasterLayer) -> Path:
    """Where a raster is."""
    return project.places.design / "raster" / f"{layer.name}.tif"


def _relief(world: World) -> None:
    """The heights, tile by tile, as one COG each."""
    project, source, cell = world.project, RASTERS_BY_NAME["ahn_dsm"].raster, world.project.config.export.raster_cell_m
    dtm, dsm = (project.tiled(n) for n in HEIGHTS)
    there = tuple(sorted({*grid.tiles(world.corridor, source)} & {*dtm.tiles} & {*dsm.tiles}))
    if not there:
        msg = "[export] raster: no tile of the heights lies in the corridor; load them, or leave 'raster' out of formats"
        raise PipelineError(msg)
    marks = tree_cells(project.clipped(BY_NAME["pand"].layer), dtm, dsm, project.choices["tree_from_m"])
    known = world.existing[world.existing["ground_m"].notna()]
    shapes, levels = known.geometry.to_numpy(), known["ground_m"].to_numpy()
    placed = shapely.STRtree(shapes)
    box, side = snapped(world.corridor, cell, grid.frame(there)), grid.side(source)
    made: dict[str, list[tuple[Bbox, grid.Cells]]] = {layer.name: [] for layer in RELIEF}
    for tile in there:
        near = np.sort(placed.query(shapely.box(*tile.box)))
        found = relief(
            tile, dtm.read(tile), dsm.read(tile),
            unpack(marks["tree"].packed[tile], side), unpack(marks["searched"].packed[tile], side),
            shapes[near], levels[near], world.corridor, round(cell / source.resolution_m),
        )  # fmt: skip
        if (part := grid.overlap(box, tile.box)) is not None:
            for name, cells in found.items():
                made[name].append((part, cells[grid.window(tile.box, part, cell)]))
    for layer in RELIEF:
        raster_store.write_mosaic(path(project, layer), made[layer.name], box, cell)


FORMAT = Format(files, inputs, make, lambda project: bool(layers(project)))
