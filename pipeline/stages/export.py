"""Export: the GeoPackage for designers, the maps, and the record of the run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from .. import indicators, provenance, store, wording
from ..atlas.declaration import MAPS, Map
from ..atlas.index import draw_index
from ..atlas.origin import origin
from ..atlas.page import draw
from ..clip import axis as axis_
from ..clip.kinds import UnitKind
from ..contract import Text
from ..export import geopackage, manifest
from ..freshness import Step
from ..project import Project
from ..report.declaration import PLACES, Given
from ..report.page import draw as draw_report
from ..sources import NAMES, SOURCES
from . import atlas, compute, design, layers, sheets
from .clip import land_from
from .compute import possible

_WORDS = (
    "checks/declaration.py",
    "contract.py",
    "provenance.py",
    "wording.py",
    "palettes.py",
    "clip/kinds.py",
    "indicators",
)
#: Modules of the export that the GeoPackage is written with.
_GEOPACKAGE = ("declaration", "geopackage", "layer", "metadata", "qml", "styles", "tables")
#: What the pages of the atlas depend on besides the data.
_PAGES = ("atlas", "figures", "measures.py", "formulas.py", "stages/atlas.py", *_WORDS)
#: One name has one label in all sources.
_LABELS: Mapping[str, Text] = {c.name: c.label for s in SOURCES for c in s.layer.columns}
_IN_CORRIDOR = Text("in de corridor", "in the corridor")


def design_steps(project: Project) -> Iterator[list[Step]]:
    """What the design team gets: the GeoPackage, and the folder that holds it too."""
    yield [_geopackage_step(project)]
    yield from design.steps(project)


def steps(project: Project) -> Iterator[list[Step]]:
    """The GeoPackage, each map, the front page, the design folder, and last the manifest, which holds the hashes of the others."""
    places, receipts, about = project.places, layers.receipts(project), layers.about(project)
    lines = layers.lines(project)
    numbers = {k.name: layers.numbers(project, k) for k in project.kinds}
    maps = [m for m in MAPS if _shown(project, m)]
    map_steps = [
        project.step(
            "export", f"{m.name}.html", settings=about | sheets.made_with(project) | {"the map": repr(m)},
            inputs=(*receipts, *lines, *atlas.world_files(project, m)),
            outputs=(places.maps / f"{m.name}.html",), code=_PAGES, run=lambda m=m: _map(project, m),
        )
        for m in maps
    ]  # fmt: skip
    sheet_code = ("atlas", "figures", "measures.py", "formulas.py", "stages/sheets.py", *_WORDS)
    sheet_steps = [
        project.step(
            "export", f"{m.name}.html", settings=about | sheets.made_with(project) | {"the sheet": repr(m)},
            inputs=(*receipts, *lines, *(p for k in _shown(project, m) for p in numbers[k.name]), *sheets.files(project, m)),
            outputs=(places.maps / f"{m.name}.html",), code=sheet_code, run=lambda m=m: _sheet(project, m),
        )
        for m in sheets.shown(project)
    ]
    starts = {k.name: k for m in maps if (k := sheets.start_of(project, m))}
    front = project.step(
        "export", "index.html",
        settings=about | sheets.made_with(project) | {"the maps": [repr(m) for m in (*maps, *sheets.shown(project))]},
        inputs=(*receipts, *lines, *(p for name in starts for p in numbers[name]), *sheets.pictured(project)),
        outputs=(places.maps / "index.html",), code=sheet_code, run=lambda: _front(project, maps),
    )  # fmt: skip
    after = (places.profiles,) * bool(compute.by_profile(project)) + (places.centres,) * compute.has_centres(project)
    report_step = project.step(
        "export", "report.html", settings=about | {"the stock profiles": {n: p.title for n, p in project.config.stock_profiles.items()}},
        inputs=(*receipts, *lines, *after, *(p for k in _reported(project) for p in numbers[k.name])),
        outputs=(places.report,), code=("report", "figures", "measures.py", "formulas.py", *_WORDS), run=lambda: _report(project),
    )  # fmt: skip
    yield [_geopackage_step(project), *map_steps, *sheet_steps, report_step, front]
    yield from design.steps(project)
    made = (
        places.geopackage,
        *(places.maps / f"{m.name}.html" for m in (*maps, *sheets.shown(project))),
        places.report,
        places.maps / "index.html",
        *design.files(project),
    )
    yield [
        project.step(
            "export", "manifest.json", settings={"the config": project.config.model_dump(mode="json")},
            inputs=(*receipts, *made), outputs=(places.manifest,), code=("export/manifest.py", "__init__.py", "checks/declaration.py"),
            run=lambda: _manifest(project, made),
        )
    ]  # fmt: skip


def _geopackage_step(project: Project) -> Step:
    return project.step(
        "export", "spoorzone.gpkg", settings=layers.about(project) | {"[load] contact": project.config.load.contact},
        outputs=(project.places.geopackage,), inputs=(*layers.receipts(project), *layers.files(project)),
        code=(*(f"export/{n}.py" for n in _GEOPACKAGE), "stages/layers.py", *_WORDS), run=lambda: _geopackage(project),
    )  # fmt: skip


def _geopackage(project: Project) -> None:
    config = project.config.project
    there = [e for e in layers.exported(project) if len(e.table)]
    geopackage.write(
        project.places.geopackage, there, receipts=project.receipts(), language=config.language,
        settings=layers.settings(project), title=config.name, checks=project.checks(), listed=layers.series(project),
        contact=project.config.load.contact,
    )  # fmt: skip


def _shown(project: Project, spec: Map) -> list[UnitKind]:
    return [k for k in project.kinds if k.name in spec.kinds]


def _behind(project: Project, spec: Map) -> frozenset[str]:
    """Names of the sources that a map is made from."""
    names = atlas.behind(project)
    for kind in _shown(project, spec):
        names |= {*kind.sources, *filter(None, [land_from(project, kind)])}
        shown = {*spec.columns, *spec.facts}
        used = [i for i in possible(project, kind) if shown.intersection(c.name for c in i.columns)]
        names |= {name for i in used for name in indicators.leaves(i) & NAMES}
    return frozenset(names)


def _wording(project: Project, behind: frozenset[str] | None = None) -> dict[str, Any]:
    """What every page says of itself; its line of sources names those `behind` it, or all."""
    config, receipts = project.config, project.receipts()
    language = config.project.language
    return {
        "project": config.project.name,
        "language": language,
        "source_line": provenance.source_line([r for r in receipts if behind is None or r.source in behind], language),
        "origin": origin(receipts, language, _LABELS),
        "notice": provenance.notice(receipts, project.checks(), language) or None,
        "settings_line": _corridor_line(project),
        "date": wording.date(max(r.retrieved for r in receipts), language),
    }


def _corridor_line(project: Project) -> str:
    corridor, language = project.config.corridor, project.config.project.language
    width = wording.number(corridor.half_width_m, 0, language)
    stations = " – ".join(corridor.stations)
    said = {
        "line": Text(
            f"Corridor: {width} m aan weerszijden van het spoor {stations}; een keuze, geen vastgestelde plangrens",
            f"Corridor: {width} m on each side of the track {stations}; a choice, not an adopted plan boundary",
        ),
        "polygon": Text("Corridor: vlak uit een eigen bestand", "Corridor: polygon from an own file"),
        "buurten": Text(
            f"Corridor: {len(corridor.buurt_codes)} buurten", f"Corridor: {len(corridor.buurt_codes)} neighbourhoods"
        ),
    }
    return said[corridor.kind].in_(language)


def _map(project: Project, spec: Map) -> None:
    text = draw(spec, atlas.world(project, spec), **_wording(project, _behind(project, spec)))
    store.write_text(project.places.maps / f"{spec.name}.html", text)


def _reported(project: Project) -> list[UnitKind]:
    """The kinds of unit that the report tells of."""
    return [k for k in project.kinds if k.name in (*PLACES, "gemeente_corridor", "buurt", "section")]


def _report(project: Project) -> None:
    given = {
        k.name: Given(k, pd.DataFrame(layers.with_indicators(project, k).drop(columns="geometry")), {c.name: c for c in layers.columns_of(project, k)})
        for k in _reported(project)
    }  # fmt: skip
    stops = project.clipped(axis_.STOPS).sort_values("chainage_m") if project.config.corridor.stations else None
    said, config = _wording(project), project.config
    text = draw_report(
        project=said["project"], language=said["language"], notice=said["notice"], source_line=said["source_line"],
        settings_line=said["settings_line"], date=said["date"], given=given,
        stops=[] if stops is None else list(zip(stops["station_name"], stops["chainage_m"], strict=True)),
        receipts=project.receipts(), checks=project.checks(), settings=layers.settings(project),
        profiles=store.read_table(project.places.profiles, "compute") if compute.by_profile(project) else None,
        profile_titles={n: p.title for n, p in config.stock_profiles.items()}, chosen=config.stock_profile.name,
        centres=store.read_table(project.places.centres, "compute") if compute.has_centres(project) else None,
    )  # fmt: skip
    store.write_text(project.places.report, text)


def _sheet(project: Project, spec: Map) -> None:
    behind = _behind(project, spec) | sheets.behind(project, spec)
    text = sheets.draw(project, spec, _wording(project, behind))
    store.write_text(project.places.maps / f"{spec.name}.html", text)


def _front(project: Project, maps: list[Map]) -> None:
    text = draw_index(
        [(m, f"{m.name}.html") for m in maps], sheets=[(m, f"{m.name}.html") for m in sheets.shown(project)],
        report=project.places.report.name, pictures=sheets.draw_pictures(project, maps), **_wording(project),
    )  # fmt: skip
    store.write_text(project.places.maps / "index.html", text)


def _manifest(project: Project, made: tuple[Path, ...]) -> None:
    outputs: Mapping[str, Path] = {project.places.shown(p): p for p in made}
    store.write_json(
        project.places.manifest,
        manifest.manifest(
            project.config.model_dump(mode="json"),
            project.receipts(),
            outputs,
            versions=manifest.software(),
            checks=project.checks(),
        ),
    )
