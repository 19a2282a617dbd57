"""Buildings as solids, permits apart, and the terrain: CityJSON, and meshes for programs that draw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from ... import grid, palettes, raster_store
from ...contract import Bbox, Text
from ...export import cityjson, mesh
from ...grid import Cells
from ...project import Project
from ...sources import RASTERS_BY_NAME
from .. import compute
from .world import Format, World, building_inputs, snapped

_TERRAIN = Text("Terrein", "Terrain")
_UNKNOWN = Text("Hoogte onbekend", "Height not known")
_NO_YEAR = Text("Bouwjaar onbekend", "Year not known")
_PERMIT = Text("Vergund, nog niet gebouwd", "Permitted, not built yet")
_GROUND_COLOUR, _GREY, _PERMIT_COLOUR = "#d9d5c9", "#c3c8cf", "#c2185b"
_Look = tuple[str, str]


def solid_files(project: Project) -> list[Path]:
    """Existing buildings, and permits."""
    return [project.places.design / "3d" / name for name in ("gebouwen.city.json", "vergund.city.json")]


def make_solids(world: World) -> None:
    """Write the buildings as CityJSON; those without a height are there without geometry, with the reason."""
    date = max(r.retrieved for r in world.project.receipts())
    for path, pand in zip(solid_files(world.project), (world.existing, world.permitted), strict=True):
        known = pd.DataFrame(pand.drop(columns="geometry"))
        known["use_class"] = [palettes.PAND_USE[palettes.pand_use(u)].label.in_(world.language) for u in known["use"]]
        found = world.solids if pand is world.existing else {}
        cityjson.write(path, found, known.replace("", np.nan), title=world.title, date=date)


def mesh_files(project: Project) -> list[Path]:
    """Buildings by use, year and height; terrain; permits; all of it as OBJ with its colours."""
    names = [*(f"gebouwen_{by}.glb" for by in ("functie", "bouwjaar", "hoogte")), "terrein.glb", "vergund.glb", "model.obj", "model.mtl"]
    return [project.places.design / "3d" / name for name in names]


def mesh_inputs(project: Project) -> list[Path]:
    """Buildings, and the terrain at 5 m."""
    return [*building_inputs(project), _overview(project)]


def make_meshes(world: World) -> None:
    """Write the meshes around the local origin."""
    language, palette = world.language, palettes
    use, year, height, relief, permits, model, _ = mesh_files(world.project)
    bodies = {key: mesh.body(key, parts) for key, parts in world.solids.items()}
    pand = world.existing.loc[list(bodies)]
    levels, box = terrain(world)
    cell = RASTERS_BY_NAME["ahn_dtm"].raster.overview_resolution_m
    ground = mesh.Group(_TERRAIN.in_(language), _GROUND_COLOUR, [mesh.terrain("terrein", levels, box[0], box[3], cell)])
    rest = world.existing[~world.existing.index.isin(bodies)]
    unknown = mesh.Group(_UNKNOWN.in_(language), _GREY, _lying(rest, levels, box, cell))
    permitted = mesh.Group(_PERMIT.in_(language), _PERMIT_COLOUR, _lying(world.permitted, levels, box, cell))
    no_year = (_NO_YEAR.in_(language), _GREY)
    by_use = _grouped(bodies, pand["use"].map(palette.pand_use), [(c.label.in_(language), c.colour) for c in palette.PAND_USE])
    by_year = _grouped(bodies, _class_of(pand["construction_year"], palette.CONSTRUCTION), [*palette.construction_legend(language), no_year])
    of_height = [(f"{label} m", c) for label, c in zip(palette.BUILDING_HEIGHT.labels(language), palette.BUILDING_HEIGHT.colours, strict=True)]
    by_height = _grouped(bodies, _class_of(pand["height_m"], palette.BUILDING_HEIGHT), of_height)
    for path, groups in {
        use: [*by_use, unknown], year: [*by_year, unknown], height: [*by_height, unknown], relief: [ground], permits: [permitted],
    }.items():  # fmt: skip
        mesh.write_glb(path, groups, world.origin, world.notes)
    mesh.write_obj(model, [ground, *by_use, unknown, permitted], world.origin, world.notes)


def terrain(world: World) -> tuple[Cells, Bbox]:
    """The ground in the corridor in coarse cells, NaN outside and where it is not known, with its box."""
    cell = RASTERS_BY_NAME["ahn_dtm"].raster.overview_resolution_m
    frame = grid.frame(world.project.tiled("ahn_dtm").tiles)
    box = snapped(world.corridor, cell, frame)
    cells = raster_store.read(_overview(world.project), "load", grid.window(frame, box, cell))
    x = box[0] + cell * (np.arange(cells.shape[1]) + 0.5)
    y = box[3] - cell * (np.arange(cells.shape[0]) + 0.5)
    inside = shapely.contains_xy(world.corridor, *np.meshgrid(x, y))
    return np.where(inside, cells, np.float32(np.nan)), box


def _overview(project: Project) -> Path:
    raster = RASTERS_BY_NAME["ahn_dtm"].raster
    return project.places.raw / f"{raster.name}_{raster.overview_resolution_m:g}m.tif"


def _lying(pand: gpd.GeoDataFrame, levels: Cells, box: Bbox, cell_m: float) -> list[mesh.Body]:
    """Outlines on the ground: that around them where it was measured, else the terrain below their middle."""
    x, y = shapely.get_coordinates(pand.geometry.representative_point().to_numpy()).T
    column, row = ((x - box[0]) // cell_m).astype(int), ((box[3] - y) // cell_m).astype(int)
    there = (column >= 0) & (row >= 0) & (column < levels.shape[1]) & (row < levels.shape[0])
    below: Any = np.full(len(pand), np.nan)
    below[there] = levels[row[there], column[there]]
    level = pand["ground_m"].fillna(pd.Series(below, index=pand.index)).dropna()
    return [mesh.sheet(str(key), pand.geometry[key], float(level[key])) for key in level.index]


def _class_of(values: pd.Series, classes: palettes.Classes) -> pd.Series:
    """Position of the class of each value; after the last one where there is no value."""
    found = pd.Series(np.searchsorted(classes.breaks, values.to_numpy(dtype=float), side="right"), index=values.index)
    return found.where(values.notna(), len(classes.colours))


def _grouped(bodies: Mapping[str, mesh.Body], of: pd.Series, looks: Sequence[_Look]) -> list[mesh.Group]:
    return [
        mesh.Group(label, colour, [bodies[k] for k in of.index[of == n]])
        for n, (label, colour) in enumerate(looks)
        if (of == n).any()
    ]


SOLIDS = Format(solid_files, building_inputs, make_solids, compute.has_buildings)
MESHES = Format(mesh_files, mesh_inputs, make_meshes, compute.has_buildings)
