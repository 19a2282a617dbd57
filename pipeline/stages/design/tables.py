"""Numbers and layers for who works in a spreadsheet, Python, R or DuckDB."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ...export import flat, workbook
from ...export import tables as tables_
from ...export.layer import Prepared
from ...project import Project
from .. import layers
from .world import Format, World, chosen


def _units(project: Project) -> list[str]:
    kinds = {k.name for k in project.kinds}
    return [name for name in chosen(project) if name in kinds]


def workbook_files(project: Project) -> list[Path]:
    """The workbook."""
    return [project.places.design / "tabellen" / "spoorzone.xlsx"]


def make_workbook(world: World) -> None:
    """A sheet per kind of unit."""
    project = world.project
    workbook.write(
        workbook_files(project)[0], [world.prepared[n] for n in _units(project)], receipts=project.receipts(),
        language=world.language, title=world.title, settings=layers.settings(project), notes=list(world.notes.values()),
    )  # fmt: skip


#: Folder -> how its files are written: with commas and points, and as a Dutch spreadsheet reads it by itself.
_MANNERS: dict[str, flat.Manner] = {"csv": "plain", "csv_nl": "dutch"}
_ABOUT = ("kolommen", "bronnen")


def csv_files(project: Project) -> list[Path]:
    """Per manner a file per kind of unit, what the columns mean, and the sources."""
    folder = project.places.design / "tabellen"
    return [folder / manner / f"{name}.csv" for manner in _MANNERS for name in (*_units(project), *_ABOUT)]


def make_csv(world: World) -> None:
    """Write all of them."""
    project, folder = world.project, world.project.places.design / "tabellen"
    given, receipts = [world.prepared[n] for n in _units(project)], project.receipts()
    about = (tables_.dictionary(given, receipts, world.language), tables_.sources(receipts, world.language))
    for place, manner in _MANNERS.items():
        for one in given:
            flat.write_csv(folder / place / f"{one.declared.name}.csv", one.table.drop(columns="geom"), manner)
        for name, table in zip(_ABOUT, about, strict=True):
            flat.write_csv(folder / place / f"{name}.csv", table, manner)


def _per_layer(folder: str, ending: str, write: Callable[[Path, Prepared], None]) -> Format:
    def files(project: Project) -> list[Path]:
        return [project.places.design / folder / f"{name}{ending}" for name in chosen(project)]

    def make(world: World) -> None:
        for path, one in zip(files(world.project), world.prepared.values(), strict=True):
            write(path, one)

    return Format(files, layers.files, make)


WORKBOOK = Format(workbook_files, layers.files, make_workbook, lambda project: bool(_units(project)))
CSV = Format(csv_files, layers.files, make_csv, lambda project: bool(_units(project)))
GEOPARQUET = _per_layer("geoparquet", ".parquet", flat.write_parquet)
FLATGEOBUF = _per_layer("flatgeobuf", ".fgb", flat.write_flatgeobuf)
