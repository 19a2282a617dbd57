"""Every formula that a measure declares, worked out again from the columns as they were written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from ..contract import Text
from ..formulas import evaluate, names
from .computed import Computed, both, measures_of, stacked
from .declaration import Check

#: Relative; and absolute, for what is left of a difference of nearly equal numbers.
RELATIVE, ABSOLUTE = 1e-9, 1e-12
_TOLERANCE = Text("10⁻⁹ van de waarde; leeg waar de formule leeg is", "10⁻⁹ of the value; NaN where the formula is NaN")


def check_formulas(tables: Sequence[Computed]) -> Iterator[Check]:
    """One check per measure with a formula, over the units of all kinds."""
    everything = stacked(tables)
    kind = everything["kind"].to_numpy()
    for measure in measures_of(tables).values():
        needed = {measure.name, *names(measure.formula)} if measure.formula else set()
        has = [t.kind.name for t in tables if needed <= set(t.table.columns)] if needed else []
        there = everything[np.isin(kind, has)] if len(has) < len(tables) else everything
        if not needed or not len(there):
            continue
        found = there[measure.name].to_numpy()
        expected = evaluate(measure.formula, there[list(needed)]).to_numpy()
        off = ~np.isclose(found, expected, rtol=RELATIVE, atol=ABSOLUTE, equal_nan=True)
        if not off.any():
            said = both(
                Text("{} waarden opnieuw uitgerekend, alle gelijk", "{} values worked out again, all equal"), len(off)
            )
            yield Check(
                f"formulas/{measure.name}",
                "formulas",
                measure.label,
                "holds",
                len(off),
                0,
                None,
                None,
                _TOLERANCE,
                "",
                said,
            )
            continue
        by = np.nan_to_num(np.abs(found - expected) / np.maximum(np.abs(expected), ABSOLUTE), nan=np.inf, posinf=np.inf)
        at = int(np.argmax(np.where(off, by, -1.0)))
        have, want, unit = float(found[at]), float(expected[at]), str(there["called"].iloc[at])
        said = both(
            Text("{} van {} waarden zijn niet {}; het verst {}: {}, uitgerekend {}", "{} of {} values are not {}; furthest {}: {}, worked out {}"),
            int(off.sum()), len(off), measure.formula, unit, have, want,
        )  # fmt: skip
        yield Check(
            f"formulas/{measure.name}", "formulas", measure.label, "fails", len(off), int(off.sum()),
            _known(have), _known(want), _TOLERANCE, unit, said,
        )  # fmt: skip


def _known(value: float) -> float | None:
    return value if np.isfinite(value) else None
