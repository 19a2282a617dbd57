"""The project for QGIS: which layers stand under which heading, and which are seen together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from ...clip import corridor as corridor_
from ...contract import Text
from ...export import qgis
from ...export.declaration import IN_CORRIDOR, WHOLE, base_name
from ...export.layer import Prepared
from ...export.relief import RasterLayer
from ...export.tables import looks
from ...project import Project
from ...sources.bgt import BGT
from .. import layers
from . import rasters
from .world import Format, World

_LINE = ("corridor", "corridor_outline", "axis", "corridor_station", "spooras")
_OTHERS = ("wegvak", "perceel", "top10nl_water", "top10nl_functional_area")
_HEADINGS = {
    "line": Text("Spoorzone", "Rail zone"),
    "buildings": Text("Gebouwen en adressen (BAG)", "Buildings and addresses (BAG)"),
    "units": Text("Gebieden met kengetallen", "Units with indicators"),
    "use": Text("Grondgebruik en inwoners (CBS)", "Land use and inhabitants (CBS)"),
    "others": Text("Wegen, percelen, water", "Roads, parcels, water"),
    "ground": Text("Ondergrond (BGT)", "Ground map (BGT)"),
    "densities": Text("Dichtheid als vlak", "Density as a surface"),
    "heights": Text("Hoogte en bomen (AHN)", "Heights and trees (AHN)"),
}
_THEMES = {
    "year": Text("Bouwjaar", "Year of construction"),
    "function": Text("Functie", "Use"),
    "height": Text("Hoogte", "Height"),
    "land_use": Text("Grondgebruik", "Land use"),
    "density": Text("Woningdichtheid", "Density of dwellings"),
    "people": Text("Inwoners per buurt", "Inhabitants per neighbourhood"),
    "trees": Text("Bomen", "Trees"),
    "ground": Text("Topografie", "Topography"),
}


def files(project: Project) -> list[Path]:
    """The project."""
    return [project.places.design / "spoorzone.qgz"]


def inputs(project: Project) -> list[Path]:
    """The layers and the rasters, whose colours depend on their cells."""
    return [*layers.files(project), *(rasters.files(project) if _has_rasters(project) else ())]


def make(world: World) -> None:
    """Write it."""
    project, language = world.project, world.language
    groups = [qgis.Group(title.in_(language), found) for name, title in _HEADINGS.items() if (found := list(_group(world, name)))]
    there = {one.key for group in groups for one in group.layers}
    themes = [
        qgis.Theme(_THEMES[name].in_(language), kept)
        for name, keys in _seen(there)
        if (kept := [k for k in keys if k in there])
    ]
    qgis.write(
        files(project)[0], groups, themes, geopackage=f"./{project.places.geopackage.name}", box=world.corridor.bounds,
        title=world.title, sources=" ".join(world.notes[n] for n in ("notice", "sources") if n in world.notes), language=language,
    )  # fmt: skip


def _seen(there: set[str]) -> Iterator[tuple[str, Sequence[str]]]:
    """Theme -> its layers, the uppermost first; only those of which there is a subject."""
    line = ("corridor_station", "axis", corridor_.CORRIDOR.name, "corridor")
    around = (f"spooras{IN_CORRIDOR}", f"top10nl_water{IN_CORRIDOR}")
    ground = [k for k in (f"{s.name}{IN_CORRIDOR}" for s in reversed(BGT)) if k in there]
    subjects = {
        "year": (f"pand{WHOLE}", *around), "function": (f"pand{WHOLE}_1", *around), "height": (f"pand{WHOLE}_2", *around),
        "land_use": (f"bodemgebruik{IN_CORRIDOR}",), "density": ("dichtheid_woningen_400m", *around), "people": (f"buurt{IN_CORRIDOR}", *around),
        "trees": ("boomkroon", *around), "ground": ground,
    }  # fmt: skip
    for name, keys in subjects.items():
        if keys and keys[0] in there:
            yield name, (*line, *keys)


def _group(world: World, heading: str) -> Iterator[qgis.Vector | qgis.Cells]:
    if heading in ("densities", "heights"):
        if _has_rasters(world.project):
            for layer in rasters.layers(world.project):
                if layer.name.startswith("dichtheid_") == (heading == "densities"):
                    yield _cells(world, layer)
        return
    units = {k.name for k in world.project.kinds}
    for name in layers.layers(world.project):
        if _heading(name, units) == heading and len((one := world.layer(name)).table):
            yield from _vectors(world, one)


def _heading(name: str, units: set[str]) -> str:
    base = base_name(name)
    if base in _LINE or name in _LINE:
        return "line"
    if name in units:
        return "units"
    if base in ("pand", "verblijfsobject"):
        return "buildings"
    if base.startswith("bgt_"):
        return "ground"
    return "others" if base in _OTHERS else "use"


def _vectors(world: World, one: Prepared) -> Iterator[qgis.Vector]:
    """A layer in each of its looks; the first has the name of the table as its key."""
    title = one.declared.title.in_(world.language)
    for number, (name, style) in enumerate(looks(one, world.language).items()):
        key, said = (one.declared.name, title) if not number else (f"{one.declared.name}_{number}", f"{title}: {name.lower()}")
        yield qgis.Vector(key, said, one.declared.name, one.geometry, style, one.declared.columns, one.aliases)


def _cells(world: World, layer: RasterLayer) -> qgis.Cells:
    return qgis.Cells(layer.name, layer, f"./raster/{layer.name}.tif", rasters.look(world, layer))


def _has_rasters(project: Project) -> bool:
    return "raster" in project.config.export.formats and bool(rasters.layers(project))


FORMAT = Format(files, inputs, make, last=True)
