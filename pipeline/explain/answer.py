"""All that is known of one value: what it is made of, how sure it is, what another stock profile would give."""

from __future__ import annotations

import math
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from .. import indicators, store
from ..contract import Column, MissingInputError, Receipt
from ..formulas import names, why_missing
from ..freshness import Hashes, why_stale
from ..indicators import Indicator, Measure
from ..profiles import StockProfile
from ..project import Project
from ..sources import NAMES
from ..stages import compute
from ..stages.clip import land_from
from ..stages.compute import possible
from .find import Asked


@dataclass(frozen=True)
class Part:
    """A column that the value is worked out from, and the rows that it adds up.

    Attributes
    ----------
    column
        Its declaration.
    value
        What it is for this unit.
    rows
        Amount by key of the row, largest first; None where it is no sum or mean of rows.
    source
        Name of the source whose keys the rows have.
    how
        ``sum`` or ``mean``.
    """

    column: Column
    value: float
    rows: pd.Series | None
    source: str = ""
    how: str = "sum"


@dataclass(frozen=True)
class Answer:
    """What can be said of one value.

    Attributes
    ----------
    asked
        Which value.
    value
        NaN where it is missing.
    reason
        Why it is missing, a key of `REASONS`; '' where it is not, or nothing can be said.
    values
        Every column of this unit by name.
    parts
        What the formula reads, or the value itself where it is a base.
    coverage, low, high
        Share of the input that was measured, and bounds; None where the measure has none.
    profiles
        Stock profile -> the value by it; empty where no stock is counted.
    chosen
        Name of the profile that the config has chosen.
    receipts
        Of the sources behind it.
    settings
        Choices behind it, by the name of their key.
    """

    asked: Asked
    value: float
    reason: str
    values: Mapping[str, float]
    columns: Mapping[str, Column]
    parts: tuple[Part, ...]
    coverage: float | None
    low: float | None
    high: float | None
    profiles: Mapping[StockProfile, float]
    chosen: str
    receipts: tuple[Receipt, ...]
    settings: Mapping[str, Any]


def explain(project: Project, asked: Asked) -> Answer:
    """Work out all that can be said of a value, from what the stages have written.

    Raises
    ------
    MissingInputError
        When a stage has not been run.
    """
    kind, measure = asked.kind, asked.measure
    _fresh(project, asked)
    units = project.units(kind)
    given = possible(project, kind)
    columns: dict[str, Column] = {c.name: c for c in kind.layer.columns}
    columns |= {c.name: c for i in given for c in i.columns}
    row = dict(units.loc[asked.unit].drop(["geometry", "unit_name"]))
    for indicator in given:
        row |= dict(store.read_table(project.places.computed(indicator.name, kind.name), "compute").loc[asked.unit])
    values = {name: float(value) for name, value in row.items()}
    value = values[measure.name]

    inputs = _Inputs(project, {"units": units, "kind": kind, **project.choices})
    needs = indicators.leaves(asked.indicator)
    low, high = (values.get(b) for b in measure.bounds) if measure.bounds else (None, None)
    named: list[Column] = [columns[n] for n in names(measure.formula)] if measure.formula else [measure]
    return Answer(
        asked,
        value,
        why_missing(measure, columns, values) if math.isnan(value) else "",
        values,
        columns,
        tuple(_part(c, values[c.name], asked.unit, inputs) for c in named),
        values.get(measure.coverage),
        low,
        high,
        _by_profile(project, asked, inputs) if "stock_profile" in needs else {},
        project.config.stock_profile.name,
        _receipts(project, asked.indicator, named, kind),
        {f"[indicators] {k}": v for k, v in project.choices.items() if k in needs and k != "stock_profile"},
    )


def _fresh(project: Project, asked: Asked) -> None:
    """Refuse to explain a value that a run would make anew: it is not the one of this config and these data."""
    name, hashes = f"{asked.indicator.name}/{asked.kind.name}", Hashes()
    step = next(s for batch in compute.steps(project) for s in batch if s.name == name)
    if why := why_stale(step, hashes, project.places.base):
        msg = f"{asked.measure.name} of {asked.kind.name}: has to be computed first ({why}); run 'spoorzone run'"
        raise MissingInputError(msg)


class _Inputs(dict[str, Any]):
    """The inputs of the indicators, each read when it is first asked for."""

    def __init__(self, project: Project, given: Mapping[str, Any]) -> None:
        super().__init__(given)
        self._project = project
        self.memo: MutableMapping[Any, Any] = {}

    def __missing__(self, name: str) -> Any:
        self[name] = self._project.input(name)
        return self[name]


def _part(column: Column, value: float, unit: str, inputs: _Inputs) -> Part:
    rows = column.rows if isinstance(column, Measure) else None
    if rows is None:
        return Part(column, value, None)
    all_ = indicators.amounts(rows, inputs, inputs.memo)
    here = all_[all_["unit"] == unit]
    made_of = here[here["amount"] != 0] if rows.how == "sum" else here
    order = made_of.sort_values(["amount", "row"], ascending=[False, True])
    return Part(column, value, order.set_index("row")["amount"], rows.source, rows.how)


def _by_profile(project: Project, asked: Asked, inputs: _Inputs) -> dict[StockProfile, float]:
    found = {}
    for profile in project.config.stock_profiles.values():
        other = _Inputs(project, {**inputs, "stock_profile": profile})
        for name in indicators.leaves(asked.indicator):
            other[name]  # read, so that it counts as given
        table = indicators.compute(asked.indicator, other, other.memo)
        found[profile] = float(table[asked.measure.name][asked.unit])
    return found


def _receipts(project: Project, indicator: Indicator, named: list[Column], kind: Any) -> tuple[Receipt, ...]:
    """Of the sources that the indicator reads, of those of its formula, and of what says how much of it is land."""
    wanted = set(indicators.leaves(indicator))
    for other in possible(project, kind):
        if {c.name for c in other.columns} & {c.name for c in named}:
            wanted |= indicators.leaves(other)
    if any(c.name == "land_area_m2" for c in named) and (land := land_from(project, kind)):
        wanted.add(land)
    wanted |= set(kind.sources)
    known = wanted & NAMES
    return tuple(r for r in project.receipts() if r.source in known)
