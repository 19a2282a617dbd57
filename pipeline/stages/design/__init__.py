"""The folder for the design team: one step per format, its read-me, and all of it as a ZIP."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from ... import config, store
from ...export import bundle, readme
from ...freshness import Step
from ...project import Project
from .. import layers
from . import buildings, drawing, pages, rasters, tables
from . import project as project_
from .world import Format, World

#: What a file can depend on besides its inputs.
_CODE = (
    "export", "stages/design", "stages/layers.py", "stages/compute.py", "checks/declaration.py", "contract.py", "measures.py",
    "provenance.py", "wording.py", "palettes.py", "figures", "grid.py", "zonal.py", "threads.py", "raster_store.py", "clip/kinds.py", "indicators",
)  # fmt: skip


def _geopackage_files(project: Project) -> list[Path]:
    return [project.places.design / project.places.geopackage.name]


def _copy_geopackage(world: World) -> None:
    """The same file as beside the folder, so that the folder can go away alone."""
    places = world.project.places
    store.copy(places.geopackage, places.design / places.geopackage.name)


#: In the order of the read-me.
FORMATS: Mapping[config.Format, Format] = {
    "geopackage": Format(_geopackage_files, lambda project: [project.places.geopackage], _copy_geopackage),
    "qgis": project_.FORMAT,
    "dxf": drawing.FORMAT,
    "cityjson": buildings.SOLIDS,
    "mesh": buildings.MESHES,
    "raster": rasters.FORMAT,
    "xlsx": tables.WORKBOOK,
    "csv": tables.CSV,
    "geoparquet": tables.GEOPARQUET,
    "flatgeobuf": tables.FLATGEOBUF,
}


def steps(project: Project) -> Iterator[list[Step]]:
    """The formats, then the ZIP of what was made."""
    asked = _asked(project)
    if not asked:
        return
    world = World(project)
    for last in (False, True):
        yield [
            _step(project, name, f.files(project), f.inputs(project), partial(f.make, world))
            for name, f in asked.items()
            if f.last == last
        ]
    page, made = project.places.design / readme.NAME, _formats_files(project)
    by_format = {str(name): f.files(project) for name, f in asked.items()}
    yield [_step(project, "read-me", [page], made, lambda: pages.make(world, by_format))]
    if project.config.export.zip:
        packed = _zip(project)
        yield [_step(project, "zip", [packed], [page, *made], lambda: bundle.write(packed, project.places.design, [page, *made]))]


def files(project: Project) -> tuple[Path, ...]:
    """Everything that `steps` makes."""
    made = _formats_files(project)
    if not made:
        return ()
    return (project.places.design / readme.NAME, *made, *[_zip(project)] * project.config.export.zip)


def _asked(project: Project) -> dict[config.Format, Format]:
    wanted = project.config.export.formats
    return {name: f for name, f in FORMATS.items() if name in wanted and f.possible(project)}


def _formats_files(project: Project) -> list[Path]:
    return [path for f in _asked(project).values() for path in f.files(project)]


def _zip(project: Project) -> Path:
    return project.places.design.with_suffix(".zip")


def _step(project: Project, name: str, outputs: Sequence[Path], inputs: Sequence[Path], run: Callable[[], None]) -> Step:
    chosen = project.config.export.model_dump(mode="json", exclude={"formats", "zip"})
    return project.step(
        "export", f"design/{name}", settings=layers.about(project) | {"[export]": chosen}, inputs=(*layers.receipts(project), *inputs),
        outputs=tuple(outputs), code=_CODE, run=run,
    )  # fmt: skip
