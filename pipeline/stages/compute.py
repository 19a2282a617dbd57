"""Compute: every indicator for every kind of unit, then their series over years, the stock by every profile, the checks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from .. import indicators, receipts, store
from ..checks.computed import Computed
from ..checks.declaration import plain
from ..checks.every import every
from ..clip.kinds import UnitKind
from ..contract import check
from ..deliveries import Delivery
from ..freshness import Step
from ..indicators import INDICATORS, Indicator
from ..indicators import series as series_
from ..indicators.centres import centres
from ..indicators.points import SURFACES, Surface
from ..profiles import StockProfile
from ..project import Project
from ..sources import BY_NAME, NAMES

#: What a computed number can depend on.
_CODE = (
    "indicators", "contract.py", "measures.py", "profiles.py", "clip/kinds.py", "overlap.py", "grid.py", "zonal.py", "streets.py",
    "routes.py", "threads.py",
)  # fmt: skip
#: Sources of what is known of every building.
_BUILDINGS = indicators.leaves("building_facts") & NAMES
#: Sources of the urban centres.
_CENTRES = indicators.leaves("degurba_cells") & NAMES


def left_out(project: Project) -> dict[tuple[str, ...], list[str]]:
    """Sources that are switched off -> the indicators that can't be computed without them."""
    out: dict[tuple[str, ...], list[str]] = {}
    for indicator in INDICATORS:
        if lost := tuple(sorted(_sources(indicator) - project.inputs_there)):
            out.setdefault(lost, []).append(indicator.name)
    return out


def possible(project: Project, kind: UnitKind) -> list[Indicator]:
    """The indicators that can be computed for units of `kind`."""
    return [i for i in INDICATORS if i.applies_to(kind) and _sources(i) <= project.inputs_there]


def steps(project: Project) -> Iterator[list[Step]]:
    """One step per indicator and kind of unit. What several indicators share is computed once and kept in memory."""
    read: dict[str, Any] = {}
    memo: dict[Any, Any] = {}
    yield [
        _step(project, indicator, kind, read, memo) for kind in project.kinds for indicator in possible(project, kind)
    ]
    memos: dict[int, dict[Any, Any]] = {}
    after = [_series_step(project, kind, read, memo, memos) for kind in project.kinds if has_series(project, kind)]
    if by_profile(project):
        after.append(_profiles_step(project, read))
    if has_centres(project):
        after.append(_centres_step(project, read, memo))
    if has_buildings(project):
        after.append(_shared_step(project, "buildings", "building_facts", project.places.buildings, read, memo))
    for surface in surfaces(project):
        out = project.places.points(surface.name)
        after.append(_shared_step(project, f"points/{surface.name}", surface.points.__name__, out, read, memo))
    yield [*after, _checks_step(project)]


def has_centres(project: Project) -> bool:
    """Whether it can be said where the urban centres are."""
    return project.inputs_there >= _CENTRES and bool(project.kinds)


def has_buildings(project: Project) -> bool:
    """Whether the heights of buildings can be measured."""
    return project.inputs_there >= _BUILDINGS


def surfaces(project: Project) -> list[Surface]:
    """The density surfaces that can be made."""
    return [s for s in SURFACES if indicators.leaves(s.points) & NAMES <= project.inputs_there]


def by_profile(project: Project) -> list[Indicator]:
    """The indicators whose difference between the stock profiles is told."""
    told = {"dwellings_count", "addresses_count", "floor_area_usable_m2"}
    return [
        i for i in INDICATORS
        if told.intersection(c.name for c in i.columns) and _sources(i) <= project.inputs_there
    ]  # fmt: skip


def years(project: Project, indicator: Indicator) -> tuple[int, ...]:
    """The years that an indicator has values for, the current one first; none where it has no earlier one."""
    if not indicator.series or not _sources(indicator) <= project.inputs_there:
        return ()
    found = series_.years({name: list(_editions(project, name)) for name in _dated(indicator)})
    return found if len(found) > 1 else ()


def has_series(project: Project, kind: UnitKind) -> bool:
    """Whether anything of this kind has values for an earlier year."""
    return any(years(project, i) for i in possible(project, kind))


def series(project: Project, kind: UnitKind) -> pd.DataFrame:
    """The series over years of all units of one kind; without rows where no earlier edition was loaded.

    Returns
    -------
    DataFrame
        One row per unit and year, the oldest year first: ``unit_id``, ``year`` (int64), and every measure that has a
        series (float64). NaN where the measure has no values of that year, where its source does not say, where a
        published unit was other ground then (`indicators.series.other_ground`), and in the current year where a measure
        rests on an earlier edition.
    """
    if not has_series(project, kind):
        return pd.DataFrame({"unit_id": pd.Series(dtype="str"), "year": pd.Series(dtype="int64")})
    return store.read_table(project.places.series(kind.name), "compute")


def series_files(project: Project) -> tuple[Path, ...]:
    """The files behind `series`, of all kinds."""
    return tuple(project.places.series(k.name) for k in project.kinds if has_series(project, k))


def with_computed(project: Project, kind: UnitKind, units: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The units of a kind with every measure that was computed for them beside."""
    tables = [store.read_table(project.places.computed(i.name, kind.name), "compute") for i in possible(project, kind)]
    joined = pd.concat([units.drop(columns="geometry"), *tables], axis=1)
    return gpd.GeoDataFrame(joined, geometry=units.geometry, crs=units.crs)


def computed(project: Project, kind: UnitKind) -> Computed:
    """All units of one kind with all that was computed for them."""
    given = possible(project, kind)
    table = with_computed(project, kind, project.shapes(kind))
    squares = f"vierkant_{kind.name.removeprefix('square_')}"
    published = frozenset(c.name for i in given if i.published or squares in _sources(i) for c in i.columns)
    return Computed(
        kind, table, tuple(c for i in given for c in i.columns), published, tuple(s for i in given for s in i.sums),
        _by_year(project, kind),
    )  # fmt: skip


def _by_year(project: Project, kind: UnitKind) -> dict[int, pd.DataFrame]:
    """Each year -> the measures that have values of it, by unit."""
    table = series(project, kind).set_index("unit_id")
    columns = {c.name: years(project, i) for i in possible(project, kind) for c in i.columns}
    return {
        year: table.loc[table["year"] == year, [name for name, there in columns.items() if year in there]]
        for year in table["year"].unique().tolist()
    }


def _sources(indicator: Indicator) -> frozenset[str]:
    return indicators.leaves(indicator) & NAMES


def _step(project: Project, indicator: Indicator, kind: UnitKind, read: dict[str, Any], memo: dict[Any, Any]) -> Step:
    needs = indicators.leaves(indicator)
    layers = sorted(_sources(indicator))
    choices = {k: v for k, v in project.choices.items() if k in needs}
    out = project.places.computed(indicator.name, kind.name)

    def run() -> None:
        for name in layers:
            if name not in read:
                read[name] = project.input(name)
        if (units := f"unit_{kind.name}") not in read:
            read[units] = project.shapes(kind)
        given = {name: read[name] for name in layers} | choices | {"units": read[units], "kind": kind}
        store.write_table(out, indicators.compute(indicator, given, memo))

    return project.step(
        "compute",
        f"{indicator.name}/{kind.name}",
        settings={f"[indicators] {k}": asdict(v) if isinstance(v, StockProfile) else v for k, v in choices.items()},
        inputs=(
            *(p for name in layers for p in project.input_files(name)),
            project.places.clipped(f"unit_{kind.name}"),
        ),
        outputs=(out,),
        code=_CODE,
        run=run,
    )


def _dated(indicator: Indicator) -> list[str]:
    """The sources of an indicator that come in editions."""
    return sorted(filter(_is_dated, _sources(indicator)))


def _is_dated(name: str) -> bool:
    return name in BY_NAME and bool(BY_NAME[name].editions)


def _editions(project: Project, source: str) -> dict[int, Delivery]:
    """The editions of a source that are loaded, the current one first."""
    loaded = sorted((d for d in project.deliveries if d.source.name == source), key=lambda d: d.earlier)
    return {d.edition: d for d in loaded if d.edition is not None}


def _series_step(
    project: Project, kind: UnitKind, read: dict[str, Any], memo: dict[Any, Any], memos: dict[int, dict[Any, Any]]
) -> Step:
    """The same indicators from the editions of other years; `memos` holds what they share, per year."""
    places = project.places
    spans = {i: years(project, i) for i in possible(project, kind) if years(project, i)}
    layers = sorted(set().union(*(_sources(i) for i in spans)))
    dated = sorted(set().union(*(_dated(i) for i in spans)))
    loaded = {d.name: d for n in dated for d in _editions(project, n).values() if any(d.edition in s for s in spans.values())}
    choices = {k: v for k, v in project.choices.items() if any(k in indicators.leaves(i) for i in spans)}

    def edition(name: str, year: int) -> gpd.GeoDataFrame:
        """A layer of a year as the register gave it: without what a new edition takes from an earlier one."""
        there = _editions(project, name)
        delivery = there.get(year) or next(iter(there.values()))
        if (key := f"{delivery.name} as it came") not in read:
            filled = receipts.read(places.receipt(delivery.name)).filled
            read[key] = check(project.clipped(delivery.layer).assign(**dict.fromkeys(filled, np.nan)), delivery.layer)
        table: gpd.GeoDataFrame = read[key]
        return table

    def of_year(indicator: Indicator, year: int, given: Mapping[str, Any]) -> pd.DataFrame:
        own = {n: edition(n, year) for n in _dated(indicator)}
        table = indicators.compute(indicator, {**given, **own}, memos[year])
        if year == spans[indicator][0]:
            return series_.own_numbers(store.read_table(places.computed(indicator.name, kind.name), "compute"), table)
        return series_.of_year(table, series_.other_ground(kind, {n: given[n] for n in own}, own))

    def run() -> None:
        for name in layers:
            if name not in read:
                read[name] = project.input(name)
        given = {name: read[name] for name in layers} | choices | {"units": project.shapes(kind), "kind": kind}
        names = [c.name for i in spans for c in i.columns]
        rows = []
        for year in sorted({y for span in spans.values() for y in span}):
            memos.setdefault(year, {}).update(_alike(memo))
            found = [of_year(i, year, given) for i, span in spans.items() if year in span]
            memo.update(_alike(memos[year]))
            # What depends on the units is of no use for the next kind.
            memos[year] = {key: table for key, table in memos[year].items() if not key[1]}
            rows.append(pd.concat(found, axis=1).reindex(columns=names).assign(year=year).reset_index())
        table = pd.concat(rows, ignore_index=True)[["unit_id", "year", *names]]
        store.write_table(places.series(kind.name), table.astype({"year": "int64"}))

    return project.step(
        "compute",
        f"series/{kind.name}",
        settings={
            **{f"[indicators] {k}": asdict(v) if isinstance(v, StockProfile) else v for k, v in choices.items()},
            "the years": {i.name: list(span) for i, span in spans.items()},
        },
        inputs=(
            *(p for name in layers for p in project.input_files(name)),
            *(p for d in loaded.values() for p in (places.clipped(d.name), places.receipt(d.name))),
            *(places.computed(i.name, kind.name) for i in spans),
            places.clipped(f"unit_{kind.name}"),
        ),
        outputs=(places.series(kind.name),),
        code=_CODE,
        run=run,
    )


def _alike(memo: Mapping[Any, Any]) -> dict[Any, Any]:
    """The shared tables that are the same in all years: made of no source that comes in editions."""
    return {key: table for key, table in memo.items() if not any(map(_is_dated, indicators.leaves(key[0])))}


def _computed_files(project: Project) -> tuple[Path, ...]:
    places = project.places
    return tuple(
        p for k in project.kinds
        for p in (places.clipped(f"unit_{k.name}"), *(places.computed(i.name, k.name) for i in possible(project, k)))
    )  # fmt: skip


def _checks_step(project: Project) -> Step:
    places = project.places
    registers = [n for n in ("buurt", "wijk") if n in project.names]
    editions = {d.source.name: d.edition for d in project.deliveries if not d.earlier}
    loaded = [*(d.name for d in project.deliveries), *(r.name for r in project.rasters)]

    def run() -> None:
        tables = [computed(project, kind) for kind in project.kinds]
        found = every(
            tables, {n: project.clipped(BY_NAME[n].layer) for n in registers}, editions.get("wijk"), project.receipts()
        )
        store.write_json(places.checks, plain(found))

    return project.step(
        "compute", "checks", settings={"editions": {n: editions[n] for n in registers}},
        inputs=(
            *_computed_files(project), *series_files(project), *(places.clipped(n) for n in registers),
            *(places.receipt(n) for n in loaded), places.totals,
        ),
        outputs=(places.checks,),
        code=("checks", "indicators", "measures.py", "formulas.py", "overlap.py", "contract.py", "clip/kinds.py", "wording.py"),
        run=run,
    )  # fmt: skip


def _centres_step(project: Project, read: dict[str, Any], memo: dict[Any, Any]) -> Step:
    choices = {k: v for k, v in project.choices.items() if k in indicators.leaves("degurba_cells")}

    def run() -> None:
        for name in _CENTRES:
            if name not in read:
                read[name] = project.input(name)
        given = {n: read[n] for n in _CENTRES} | choices | {"kind": project.kinds[0]}
        cells = indicators.shared("degurba_cells", given, memo)
        store.write_table(project.places.centres, centres(cells))

    return project.step(
        "compute", "centres",
        settings={f"[indicators] {k}": asdict(v) if isinstance(v, StockProfile) else v for k, v in choices.items()},
        inputs=tuple(p for n in sorted(_CENTRES) for p in project.input_files(n)), outputs=(project.places.centres,),
        code=_CODE, run=run,
    )  # fmt: skip


def _shared_step(
    project: Project, name: str, table: str, out: Path, read: dict[str, Any], memo: dict[Any, Any]
) -> Step:
    """Keep one of the shared tables, which does not depend on units."""
    needs = indicators.leaves(table)
    layers = sorted(needs & NAMES)
    choices = {k: v for k, v in project.choices.items() if k in needs}

    def run() -> None:
        for layer in layers:
            if layer not in read:
                read[layer] = project.input(layer)
        given = {n: read[n] for n in layers} | choices
        store.write_table(out, indicators.shared(table, given, memo))

    return project.step(
        "compute", name,
        settings={f"[indicators] {k}": asdict(v) if isinstance(v, StockProfile) else v for k, v in choices.items()},
        inputs=tuple(p for n in layers for p in project.input_files(n)), outputs=(out,), code=_CODE, run=run,
    )  # fmt: skip


def _profiles_step(project: Project, read: dict[str, Any]) -> Step:
    places, profiles, given = project.places, project.config.stock_profiles, by_profile(project)
    kinds = [k for k in project.kinds if k.name in ("corridor", "gemeente", "gemeente_corridor")]
    layers = sorted(set().union(*(_sources(i) for i in given)))

    def run() -> None:
        for name in layers:
            if name not in read:
                read[name] = project.input(name)
        rows = []
        for name, profile in profiles.items():
            memo: dict[Any, Any] = {}
            for kind in kinds:
                inputs = {n: read[n] for n in layers} | dict(project.choices)
                inputs |= {"units": project.shapes(kind), "kind": kind, "stock_profile": profile}
                table = pd.concat([indicators.compute(i, inputs, memo) for i in given if i.applies_to(kind)], axis=1)
                rows.append(table.reset_index().assign(kind=kind.name, profile=name))
        store.write_table(places.profiles, pd.concat(rows, ignore_index=True) if rows else pd.DataFrame())

    return project.step(
        "compute", "profiles", settings={"the stock profiles": {n: asdict(p) for n, p in profiles.items()}},
        inputs=(*(p for n in layers for p in project.input_files(n)), *(places.clipped(f"unit_{k.name}") for k in kinds)),
        outputs=(places.profiles,), code=_CODE, run=run,
    )  # fmt: skip
