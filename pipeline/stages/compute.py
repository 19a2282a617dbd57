"""Compute: every indicator for every kind of unit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from .. import indicators, store
from ..clip.kinds import UnitKind
from ..freshness import Step
from ..indicators import INDICATORS, Indicator
from ..profiles import StockProfile
from ..project import Project
from ..sources import BY_NAME, RASTERS_BY_NAME


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


def _sources(indicator: Indicator) -> frozenset[str]:
    return indicators.leaves(indicator) & (BY_NAME.keys() | RASTERS_BY_NAME.keys())


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
            read[units] = project.units(kind)
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
        code=("indicators", "overlap.py", "contract.py", "clip/kinds.py"),
        run=run,
    )
