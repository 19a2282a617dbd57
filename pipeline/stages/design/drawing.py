"""The drawing: its layers from the tables of the stages before, in true RD and around the local origin."""

from __future__ import annotations

from pathlib import Path

from ... import store
from ...clip import corridor as corridor_
from ...export import dxf, themes
from ...export.drawing import RD
from ...project import Project
from .. import compute
from .world import Format, World, chosen


def files(project: Project) -> list[Path]:
    """In true RD, and the local copy."""
    return [project.places.design / "cad" / name for name in ("spoorzone_rd.dxf", "spoorzone_lokaal.dxf")]


def inputs(project: Project) -> list[Path]:
    """The tables, and the heights of the roofs."""
    return [*_tables(project).values(), *[project.places.buildings] * compute.has_buildings(project)]


def make(world: World) -> None:
    """Write both."""
    project = world.project
    tables = {name: store.read_layer(path, "clip") for name, path in _tables(project).items()}
    roofs = None
    if compute.has_buildings(project):
        facts = store.read_table(project.places.buildings, "compute")
        roofs = facts["roof_m"].where(facts["height_m"].notna())
    made = themes.drawing(tables, roofs, list(world.notes.values()))
    for path, origin in zip(files(project), (RD, world.origin), strict=True):
        dxf.write(path, made, language=world.language, origin=origin)


def _tables(project: Project) -> dict[str, Path]:
    """Name of each table of the drawing -> its file; of units the shapes only."""
    units, wanted = {k.name for k in project.kinds}, themes.tables()
    there = sorted(wanted.intersection(chosen(project)))
    found = {n: project.places.clipped(f"unit_{n}" if n in units else n) for n in there}
    return {**found, corridor_.CORRIDOR.name: project.places.clipped(corridor_.CORRIDOR.name)}


FORMAT = Format(files, inputs, make)
