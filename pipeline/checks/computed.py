"""What the checks look at, and how they write numbers."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import geopandas as gpd
import pandas as pd

from ..clip.kinds import UnitKind
from ..contract import Language, Text
from ..measures import Measure, Sum
from ..wording import number


@dataclass(frozen=True)
class Computed:
    """All units of one kind with all that was computed for them.

    Attributes
    ----------
    table
        Index unit_id; ``unit_name``, ``area_m2``, ``land_area_m2``, the measures, polygons.
    measures
        In the order of the table.
    published
        Names of the measures that are taken from what a register publishes for the unit, squares among them.
    sums
        Groups of measures that add up to another, or to 1.
    series
        Year -> the measures that have values of it, index unit_id; empty where no earlier edition was loaded.
    """

    kind: UnitKind
    table: gpd.GeoDataFrame
    measures: tuple[Measure, ...]
    published: frozenset[str] = frozenset()
    sums: tuple[Sum, ...] = field(default=())
    series: Mapping[int, pd.DataFrame] = field(default_factory=dict)


def measures_of(tables: Sequence[Computed]) -> Mapping[str, Measure]:
    """Every measure of any kind by its name, in order."""
    return {m.name: m for t in tables for m in t.measures}


def stacked(tables: Sequence[Computed]) -> pd.DataFrame:
    """All units of all kinds in one table: ``kind`` and ``called`` beside the numbers; NaN where a kind has no such column."""
    frames = [
        t.table.drop(columns=["geometry", "unit_name"]).assign(
            kind=t.kind.name, called=t.kind.name + " " + called(t.table["unit_name"])
        )
        for t in tables
    ]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=["kind", "called"])


def called(names: pd.Series) -> pd.Series:
    """Id and name of each unit, the id alone where it is the name."""
    ids = names.index.to_series()
    return ids.where(ids == names, ids + " " + names)


def unit_called(table: pd.DataFrame, unit: str) -> str:
    """Id and name of a unit, once where they are the same."""
    name = str(table["unit_name"][unit])
    return unit if name == unit else f"{unit} {name}"


def figure(value: float, language: Language) -> str:
    """Write a number with as many decimals as it needs, at least four digits that say something."""
    if not math.isfinite(value) or value == round(value):
        return number(value, 0, language)
    most = min(max(3 - math.floor(math.log10(abs(value))), 0), 12)
    said = f"{value:.{most}f}".rstrip("0")
    return number(value, len(said.partition(".")[2]), language)


def both(pattern: Text, *values: float | str | Text) -> Text:
    """Fill a sentence in both languages: numbers as each writes them."""

    def of(value: float | str | Text, language: Language) -> str:
        if isinstance(value, Text):
            return value.in_(language)
        return value if isinstance(value, str) else figure(float(value), language)

    return Text(
        pattern.nl.format(*(of(v, "nl") for v in values)),
        pattern.en.format(*(of(v, "en") for v in values)),
    )
