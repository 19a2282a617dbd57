"""Which value is meant by the words of a user: a unit by its id or name, a column by its name."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import NamedTuple

import geopandas as gpd

from ..clip.kinds import UnitKind
from ..contract import ConfigError
from ..indicators import Indicator, Measure
from ..project import Project
from ..stages.compute import possible


class Asked(NamedTuple):
    """One column of one unit, and the other kinds in which a unit of that name is."""

    kind: UnitKind
    unit: str
    name: str
    indicator: Indicator
    measure: Measure
    also: tuple[UnitKind, ...]


def find(project: Project, unit: str, column: str, kind: str | None) -> Asked:
    """Find what is asked.

    Parameters
    ----------
    unit
        Identifier or name of a unit; capitals do not matter.
    column
        Name of a column.
    kind
        Only units of this kind; None for the first kind that has such a unit.

    Raises
    ------
    ConfigError
        When there is no such kind, unit or column, naming the nearest, or more units have the name.
    MissingInputError
        When the units have not been made.
    """
    kinds = [k for k in project.kinds if kind in (None, k.name)]
    if not kinds:
        raise ConfigError(_unknown("kind of unit", str(kind), [k.name for k in project.kinds]))
    known = {c.name for k in project.kinds for i in possible(project, k) for c in i.columns}
    if column not in known:
        raise ConfigError(_unknown("indicator", column, known))
    found: list[tuple[UnitKind, list[str], gpd.GeoDataFrame]] = []
    names: set[str] = set()
    for one in kinds:
        table = project.units(one)
        names |= {*table.index, *table["unit_name"]}
        if ids := _named(table, unit):
            found.append((one, ids, table))
    if not found:
        raise ConfigError(_unknown("unit", unit, names))
    first, ids, table = found[0]
    if len(ids) > 1:
        msg = f"{len(ids)} units of kind {first.name} are called {unit!r}: {', '.join(ids[:6])}; ask for one by its id"
        raise ConfigError(msg)
    given = [(i, c) for i in possible(project, first) for c in i.columns if c.name == column]
    if not given:
        msg = f"{column}: is not computed for units of kind {first.name}"
        raise ConfigError(msg)
    indicator, measure = given[0]
    return Asked(
        first, ids[0], str(table["unit_name"][ids[0]]), indicator, measure, tuple(k for k, *_ in found[1:])
    )  # fmt: skip


def _named(table: gpd.GeoDataFrame, unit: str) -> list[str]:
    """Identifiers of the units with this identifier, else of those with this name."""
    wanted = unit.casefold()
    for words in (table.index, table["unit_name"]):
        if (same := words.str.casefold() == wanted).any():
            return [str(i) for i in table.index[same]]
    return []


def _unknown(what: str, said: str, known: Iterable[str]) -> str:
    there = sorted(known)
    near = difflib.get_close_matches(said, there, n=3, cutoff=0.5)
    folded = {t.casefold(): t for t in there}
    near = near or [folded[n] for n in difflib.get_close_matches(said.casefold(), folded, n=3, cutoff=0.5)]
    hint = f"did you mean {' or '.join(map(repr, near))}?" if near else f"there are {', '.join(there[:8])} …"
    return f"no {what} {said!r}; {hint}"
