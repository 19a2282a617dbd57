"""The comparison itself: the largest difference between our values and those of an engine."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

#: Differences are relative to the larger of both values, and to no less than this: of amounts (m², m, counts), of the
#: rest. Coordinates of 250,000 m carry 3e-11 m, so that an area of 0.001 m² has no ten digits in any engine.
LEAST_AMOUNT, LEAST = 1.0, 1e-3
_AMOUNTS = ("_m2", "_m", "_m3", "_count")


@dataclass(frozen=True)
class Row:
    """One measure of one kind of unit by one engine.

    Attributes
    ----------
    units
        How many were compared.
    valued
        In how many of these both have a value.
    apart
        Largest relative difference; infinite where one has a value and the other none.
    worst
        Unit of that difference, with both values.
    """

    engine: str
    theme: str
    measure: str
    kind: str
    units: int
    valued: int
    apart: float
    tolerance: float
    worst: str

    @property
    def agrees(self) -> bool:
        """Whether the difference is within the tolerance, and there was anything to compare."""
        return self.units > 0 and self.apart <= self.tolerance


def differences(ours: pd.Series, theirs: pd.Series, least: float = LEAST) -> pd.Series:
    """Relative difference per unit: 0 where neither has a value, infinite where only one has."""
    a, b = (s.astype("float64") for s in (ours, theirs))
    scale = np.maximum(np.maximum(a.abs(), b.abs()), least)
    apart = (a - b).abs() / scale
    return apart.mask(a.isna() & b.isna(), 0.0).mask(a.isna() != b.isna(), np.inf)


def compare(
    engine: str,
    theme: str,
    kind: str,
    ours: pd.DataFrame,
    theirs: pd.DataFrame,
    tolerance: float,
    least: float | None = None,
) -> list[Row]:
    """Compare every column of an engine with ours of that name.

    Parameters
    ----------
    least
        Differences are relative to no less than this; as the kind of measure asks when absent.

    Raises
    ------
    ValueError
        When the engine has another set of units, or a measure that we do not have.
    """
    if set(ours.index) != set(theirs.index) or theirs.index.has_duplicates:
        msg = f"{engine}, {theme}, {kind}: {len(theirs)} units, expected the {len(ours)} of the project"
        raise ValueError(msg)
    if lost := sorted(set(theirs) - set(ours)):
        msg = f"{engine}, {theme}, {kind}: no measure {', '.join(lost)} in the project"
        raise ValueError(msg)
    rows = []
    for name in theirs:
        a, b = ours[name], theirs[name].reindex(ours.index)
        apart = differences(a, b, least or (LEAST_AMOUNT if name.endswith(_AMOUNTS) else LEAST))
        at = apart.idxmax() if len(apart) else ""
        worst = f"{at}: {float(a[at])!r} here, {float(b[at])!r} there" if len(apart) else ""
        both = int((a.notna() & b.notna()).sum())
        rows.append(
            Row(engine, theme, name, kind, len(a), both, float(apart.max()) if len(apart) else 0.0, tolerance, worst)
        )
    return rows
