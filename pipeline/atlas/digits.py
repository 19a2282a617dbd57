"""How a column is shown: in which unit, with how many digits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..contract import UNITS, Column, Language

#: Unit -> digits after the separator, unless the class breaks need more.
_DECIMALS = {"m²/m²": 2, "index": 2, "ha": 1, "1/ha": 1}
_MOST_DECIMALS = 4
#: A share is read as a percentage.
_PER_CENT = 100.0


@dataclass(frozen=True)
class Shown:
    """How a reader sees a column: its value times `factor`, with so many digits, and a unit behind it.

    On a page a value is a whole number: times `factor` and 10^decimals. It is classed by that too, so that a legend
    can't contradict a tooltip.
    """

    factor: float
    decimals: int
    unit: str

    @property
    def whole(self) -> float:
        """What makes a value a whole number."""
        return self.factor * 10.0**self.decimals


def shown(column: Column, language: Language, breaks: Sequence[float] = ()) -> Shown:
    """How `column` is shown: digits by its unit, more where a break needs them."""
    share = column.unit == "share"
    factor = _PER_CENT if share else 1.0
    unit = "%" if share else UNITS[column.unit].text.in_(language) if column.unit != "count" else ""
    given = [b * factor for b in breaks]
    usual = _DECIMALS.get(column.unit, 0)
    needed = (n for n in range(usual, _MOST_DECIMALS) if all(abs(round(b, n) - b) < 1e-9 for b in given))
    return Shown(factor, next(needed, _MOST_DECIMALS), unit)
