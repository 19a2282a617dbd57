"""Export: the GeoPackage for designers, the maps, and the record of the run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from .. import indicators, provenance, store, wording
from ..atlas.declaration import MAPS, Map
from ..atlas.index import draw_index
from ..atlas.origin import origin
from ..atlas.page import draw
from ..clip import axis as axis_
from ..clip import corridor as corridor_
from ..clip.kinds import UnitKind
from ..contract import Column, Layer, Text
from ..export import geopackage, manifest, tables
from ..export.declaration import Exported, Listed
from ..export.styles import default_style, layer_style
from ..freshness import Step
from ..project import Project
from ..report.declaration import PLACES, Given
from ..report.page import draw as draw_report
from ..sources import NAMES, SOURCES, Source
from ..sources.bag import PAND
from ..sources.bgt import BGT
from . import atlas, compute, sheets
from .clip import cut_to_corridor, land_from
from .compute import possible, with_computed

_WORDS = (
    "checks/declaration.py",
    "contract.py",
    "provenance.py",
    "wording.py",
    "palettes.py",
    "clip/kinds.py",
    "indicators",
)
#: What the pages of the atlas depend on besides the data.
_PAGES = ("atlas", "figures", "measures.py", "formulas.py", "stages/atlas.py", *_WORDS)
#: One name has one label in all sources.
_LABELS: Mapping[str, Text] = {c.name: c.label for s in SOURCES for c in s.layer.columns}
_IN_CORRIDOR = Text("in de corridor", "in the corridor")


def steps(project: Project) -> Iterator[list[Step]]:
    """The GeoPackage, each map, the front page, and last the manifest, which holds the hashes of the others."""
    places = project.places
    loaded = [*(d.name for d in project.deliveries), *(r.name for r in project.rasters)]
    receipts = (*(places.receipt(n) for n in loaded), places.totals, places.checks)
    about = {"[project]": project.config.project.model_dump(mode="json"), "settings": _settings(project)}
    lines = _lines(project)
    cut = tuple(places.clipped(f"{s.name}_corridor") for s in cut_to_corridor(project))
    numbers = {k.name: _numbers(project, k) for k in project.kinds}
    geopackage_step = project.step(
        "export", "spoorzone.gpkg", settings=about, outputs=(places.geopackage,),
        inputs=(*receipts, *lines, *cut, *(p for paths in numbers.values() for p in paths), *compute.series_files(project)),
        code=("export", *_WORDS), run=lambda: _geopackage(project),
    )  # fmt: skip
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
    yield [geopackage_step, *map_steps, *sheet_steps, report_step, front]
    made = (
        places.geopackage,
        *(places.maps / f"{m.name}.html" for m in (*maps, *sheets.shown(project))),
        places.report,
        places.maps / "index.html",
    )
    yield [
        project.step(
            "export", "manifest.json", settings={"the config": project.config.model_dump(mode="json")},
            inputs=(*receipts, *made), outputs=(places.manifest,), code=("export/manifest.py", "__init__.py", "checks/declaration.py"),
            run=lambda: _manifest(project, made),
        )
    ]  # fmt: skip


def columns_of(project: Project, kind: UnitKind) -> tuple[Column, ...]:
    """The columns of a unit table with its indicators, in order."""
    return (*kind.layer.columns, *(c for i in possible(project, kind) for c in i.columns))


def _numbers(project: Project, kind: UnitKind) -> tuple[Path, ...]:
    places = project.places
    return (
        places.clipped(f"unit_{kind.name}"),
        places.clipped(f"share_{kind.name}"),
        *(places.computed(i.name, kind.name) for i in possible(project, kind)),
    )


def _lines(project: Project) -> tuple[Path, ...]:
    tables = [corridor_.CORRIDOR.name]
    if project.config.corridor.stations:
        tables += [axis_.AXIS.name, axis_.STOPS.name]
    return tuple(project.places.clipped(t) for t in tables)


def _with_indicators(project: Project, kind: UnitKind) -> gpd.GeoDataFrame:
    return with_computed(project, kind, project.units(kind))


def _settings(project: Project) -> dict[str, str]:
    """The choices behind the numbers, by the name of their key; keys that say nothing are left out."""
    config = project.config.model_dump(mode="json", include={"area", "corridor", "units", "indicators"})
    return {
        f"[{table}] {key}": ", ".join(map(str, value)) if isinstance(value, list) else str(value)
        for table, keys in config.items()
        for key, value in keys.items()
        if value not in (None, [])
    }


def _exported(project: Project) -> Iterator[Exported]:
    def plain(layer: Layer, name: str, title: Text, sources: tuple[str, ...]) -> Exported:
        table = project.clipped(layer, name)
        from_ = {c.name: sources for c in layer.columns}
        return Exported(name, title, table, layer.columns, layer_style(layer, name), layer.key, from_)

    track = tuple(n for n in ("spooras", "station") if n in project.names)
    if "corridor" not in {k.name for k in project.kinds}:
        yield plain(corridor_.CORRIDOR, "corridor_outline", corridor_.CORRIDOR.title, track)
    if project.config.corridor.stations:
        yield plain(axis_.AXIS, "axis", axis_.AXIS.title, track)
        yield plain(axis_.STOPS, "corridor_station", axis_.STOPS.title, track)
    for kind in project.kinds:
        sources = {
            c.name: tuple(sorted(indicators.leaves(i) & NAMES)) for i in possible(project, kind) for c in i.columns
        }
        yield Exported(
            kind.name, kind.title, _with_indicators(project, kind), columns_of(project, kind),
            default_style(kind.name), "unit_id", sources,
        )  # fmt: skip
    for source in sorted(cut_to_corridor(project), key=_place):
        title = Text(*(f"{t} {w}" for t, w in zip(source.layer.title, _IN_CORRIDOR, strict=True)))
        yield plain(source.layer, f"{source.name}_corridor", title, (source.name,))


def _place(source: Source) -> int:
    """Where a source stands among the layers: buildings and addresses, the map of the ground, all else."""
    first = (PAND.register, BGT[0].register)
    return first.index(source.register) if source.register in first else len(first)


def _geopackage(project: Project) -> None:
    config = project.config.project
    layers = [e for e in _exported(project) if len(e.table)]
    geopackage.write(
        project.places.geopackage, layers, receipts=project.receipts(), language=config.language,
        settings=_settings(project), title=config.name, checks=project.checks(), listed=_series(project),
    )  # fmt: skip


def _series(project: Project) -> list[Listed]:
    """The series of all kinds as one table; none where no earlier edition was loaded."""
    by_kind = {k.name: compute.series(project, k) for k in project.kinds if compute.has_series(project, k)}
    columns: dict[str, Column] = {}
    sources: dict[str, tuple[str, ...]] = {}
    for indicator in (i for k in project.kinds for i in possible(project, k) if compute.years(project, i)):
        for column in indicator.columns:
            columns.setdefault(column.name, column)
            behind = {*sources.get(column.name, ()), *(indicators.leaves(indicator) & NAMES)}
            sources[column.name] = tuple(sorted(behind))
    return [tables.series(by_kind, list(columns.values()), sources)] if by_kind else []


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
        k.name: Given(k, pd.DataFrame(_with_indicators(project, k).drop(columns="geometry")), {c.name: c for c in columns_of(project, k)})
        for k in _reported(project)
    }  # fmt: skip
    stops = project.clipped(axis_.STOPS).sort_values("chainage_m") if project.config.corridor.stations else None
    said, config = _wording(project), project.config
    text = draw_report(
        project=said["project"], language=said["language"], notice=said["notice"], source_line=said["source_line"],
        settings_line=said["settings_line"], date=said["date"], given=given,
        stops=[] if stops is None else list(zip(stops["station_name"], stops["chainage_m"], strict=True)),
        receipts=project.receipts(), checks=project.checks(), settings=_settings(project),
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
