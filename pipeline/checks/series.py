"""Series over years: the last year is what was computed, and in every year parts are together the whole."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator, Sequence

from ..contract import Text
from .computed import Computed, both, unit_called
from .declaration import Check
from .sums import Links, check_sums

_EQUAL = Text("gelijk", "equal")


def check_series(tables: Sequence[Computed], known: Links | None = None) -> Iterator[Check]:
    """One check per kind of its last year, and those of `check_sums` in every year before; parameters as there."""
    for t in tables:
        if t.series:
            yield _last(t)
    last = max((year for t in tables for year in t.series), default=0)
    for year in sorted({year for t in tables for year in t.series} - {last}):
        for check in check_sums([_in_year(t, year) for t in tables if year in t.series], known, land=False):
            title = both(Text("{} in {}", "{} in {}"), check.title, str(year))
            yield dataclasses.replace(check, name=f"series/{year}/{check.name.partition('/')[2]}", title=title)


def _last(of: Computed) -> Check:
    """Whether each measure has in its last year what was computed, or nothing where that is of an earlier edition."""
    years = {name: max(y for y, there in of.series.items() if name in there) for t in of.series.values() for name in t}
    off: dict[str, tuple[float, float]] = {}
    looked_at = 0
    for name, year in years.items():
        found, expected = of.series[year][name], of.table[name]
        if found.isna().all():
            continue
        found = found.reindex(expected.index)
        looked_at += len(found)
        unlike = ~(found.eq(expected) | (found.isna() & expected.isna()))
        off |= {f"{name} {unit}": (found[unit], expected[unit]) for unit in found.index[unlike]}
    name, _, unit = next(iter(off), "").partition(" ")
    found_, expected_ = (None if math.isnan(v) else v for v in off.get(f"{name} {unit}", (math.nan, math.nan)))
    worst = f"{of.kind.name} {unit_called(of.table, unit)} {name}" if off else ""
    said = (
        both(Text("{} van {} getallen niet; het eerst {}: in de reeks {}, berekend {}",
                  "{} of {} numbers not; first {}: in the series {}, computed {}"),
             len(off), looked_at, worst, *("–" if v is None else v for v in (found_, expected_)))
        if off
        else both(Text("alle {} getallen", "all {} numbers"), looked_at)
    )  # fmt: skip
    return Check(
        f"series/{of.kind.name}", "sums",
        both(Text("Reeks, laatste jaar: {}", "Series, last year: {}"), of.kind.title),
        "fails" if off else "holds" if looked_at else "none", looked_at, len(off),
        found_, expected_, _EQUAL, worst, said,
    )  # fmt: skip


def _in_year(of: Computed, year: int) -> Computed:
    """The same units with what the series has of a year."""
    numbers = of.series[year]
    units = of.table[["unit_name", "area_m2", "land_area_m2", of.table.geometry.name]]
    measures = tuple(m for m in of.measures if m.name in numbers)
    return dataclasses.replace(of, table=units.join(numbers), measures=measures, series={})
