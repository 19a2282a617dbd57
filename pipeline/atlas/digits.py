"""With how many digits a column is shown."""

from __future__ import annotations

from collections.abc import Sequence

from ..contract import Column

#: Unit -> digits after the separator, unless the class breaks need more.
_DECIMALS = {"share": 2, "m²/m²": 2, "index": 2, "ha": 1, "1/ha": 1}
_MOST_DECIMALS = 4


def decimals(column: Column, breaks: Sequence[float] = ()) -> int:
    """Digits after the separator that `column` is shown with: by its unit, more where a break needs them."""
    usual = _DECIMALS.get(column.unit, 0)
    return next((n for n in range(usual, _MOST_DECIMALS) if all(round(b, n) == b for b in breaks)), _MOST_DECIMALS)
