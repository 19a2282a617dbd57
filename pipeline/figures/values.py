"""How the report writes a value: in the reader's numbers, with its bounds, its coverage, and why it is missing."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from ..contract import UNITS, Column, Language, Text
from ..formulas import why_missing
from ..measures import REASONS, Measure
from ..wording import NO_VALUE, number

#: Under this share of its input a value is marked.
MEASURED = 0.95
#: Unit -> digits after the separator; 0 for all others.
_DECIMALS = {"share": 1, "index": 2, "m²/m²": 2, "m³/m²": 2, "m/m²": 4, "ha": 1, "1/ha": 1, "person": 2, "storey": 1}


@dataclass(frozen=True)
class Value:
    """A value as it is written: the number, its bounds, the share of its input that was measured, a reason."""

    text: str
    bounds: str = ""
    coverage: str = ""
    reason: Text | None = None


def heading(column: Column, language: Language) -> str:
    """Label with unit; shares are written in percents."""
    if column.unit == "share":
        return f"{column.label.in_(language)} (%)"
    if column.unit in ("index", "m²/m²", "count", "year", "class", "person"):
        return column.label.in_(language)
    return f"{column.label.in_(language)} ({UNITS[column.unit].text.in_(language)})"


def written(value: float, column: Column, language: Language) -> str:
    """Write one number in the unit of its column."""
    digits = _DECIMALS.get(column.unit, 1 if column.name == "building_height_m" else 0)
    return number(100 * value if column.unit == "share" else value, digits, language)


def value_of(column: Column, row: Mapping[str, float], columns: Mapping[str, Column], language: Language) -> Value:
    """Write the value of a column in one unit.

    Parameters
    ----------
    row
        Every number of the unit by the name of its column.
    """
    value = float(row[column.name])
    measure = column if isinstance(column, Measure) else None
    bounds = _bounds(measure, row, column, language)
    covered = float(row.get(measure.coverage, math.nan)) if measure and measure.coverage else math.nan
    partly = f"{number(100 * covered, 0, language)} %" if covered < MEASURED and math.isfinite(value) else ""
    if math.isfinite(value):
        return Value(written(value, column, language), bounds, partly)
    reason = REASONS.get(why_missing(column, columns, row))
    return Value(bounds or NO_VALUE, "", "", None if bounds else reason or _SILENT)


_SILENT = Text("er is geen getal", "there is no number")


def _bounds(measure: Measure | None, row: Mapping[str, float], column: Column, language: Language) -> str:
    if measure is None or measure.bounds is None:
        return ""
    low, high = (float(row.get(b, math.nan)) for b in measure.bounds)
    if not (math.isfinite(low) and math.isfinite(high)):
        return ""
    said = written(low, column, language), written(high, column, language)
    return "" if said[0] == said[1] else "–".join(said)
