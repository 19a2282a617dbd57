"""What a value can be at all: shares between 0 and 1, no negative amounts, between its bounds, missing for a reason."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..contract import Text
from ..formulas import names
from ..measures import Measure
from .computed import Computed, both, measures_of, stacked, unit_called
from .declaration import Check

#: Unit -> the least and the most that is possible.
LIMITS = {"share": (0.0, 1.0), "index": (0.0, 1.0), "%": (0.0, 100.0)}
#: Units of which there is no less than none.
#: A formula with a difference in it may be negative: open ground is less than none where outlines from two registers do not agree.
_NOT_NEGATIVE = frozenset({"m²/m²", "m³/m²", "m/m²", "1/km²", "1/ha", "person"})
#: What adding up leaves of a limit, relative to it or to 1.
SLACK = 1e-9

_TOLERANCE = Text("10⁻⁹", "10⁻⁹")


def check_bounds(tables: Sequence[Computed]) -> Iterator[Check]:
    """One check per measure: within what is possible, between its bounds, and NaN only where a reason is declared."""
    everything = stacked(tables)
    for measure in measures_of(tables).values():
        values = everything[measure.name].to_numpy(dtype="float64")
        looked_at = int(np.isfinite(values).sum())
        beyond = np.zeros(len(values), dtype=bool)
        worst: tuple[float, str, float, float, Text] | None = None
        for edge, sign, word in _edges(measure, everything):
            by = np.nan_to_num((values - edge) * sign / np.maximum(np.abs(edge), 1.0))
            beyond |= by > SLACK
            at = int(np.argmax(by)) if len(by) else 0
            if (by > SLACK).any() and (worst is None or by[at] > worst[0]):
                worst = (float(by[at]), str(everything["called"][at]), float(values[at]), float(edge[at]), word)
        off = int(beyond.sum())
        if not looked_at:
            continue
        if worst is None:
            yield Check(f"bounds/{measure.name}", "bounds", measure.label, "holds", looked_at, 0, None, None, _TOLERANCE, "",
                        both(Text("{} waarden, alle mogelijk", "{} values, all possible"), looked_at))  # fmt: skip
            continue
        _, unit, have, edge_at, word = worst
        yield Check(
            f"bounds/{measure.name}", "bounds", measure.label, "fails", looked_at, off, have, edge_at, _TOLERANCE, unit,
            both(Text("{} van {} waarden kunnen niet; het verst {}: {}, {} {}", "{} of {} values are impossible; furthest {}: {}, {} {}"),
                 off, looked_at, unit, have, word, edge_at),
        )  # fmt: skip


def check_reasons(tables: Sequence[Computed]) -> Iterator[Check]:
    """Whether every missing value has a declared reason."""
    looked_at, off, bare, first = 0, 0, [], ""
    for t in tables:
        for m in t.measures:
            missing = t.table[m.name].isna()
            looked_at += int(missing.sum())
            if missing.any() and (silent := missing & ~_reasoned(m, t)).any():
                off += int(silent.sum())
                bare.append(m.name)
                first = first or f"{m.name}, {t.kind.name} {unit_called(t.table, str(silent.idxmax()))}"
    if looked_at:
        title = Text("Lege waarden hebben een reden", "Missing values have a reason")
        said = (
            both(Text("{} lege waarden, elk met een reden", "{} missing values, each with a reason"), looked_at)
            if not off
            else both(
                Text("{} van {} lege waarden, van {} maten, hebben geen reden; de eerste {}",
                     "{} of {} missing values, of {} measures, have no reason; the first {}"),
                off, looked_at, len(set(bare)), first,
            )
        )  # fmt: skip
        yield Check("bounds/reasons", "bounds", title, "fails" if off else "holds", looked_at, off, float(off), 0.0,
                    Text("geen", "none"), first, said)  # fmt: skip


def _reasoned(measure: Measure, t: Computed) -> pd.Series:
    """Per unit whether there is a reason why it would be missing; a formula has that of what is missing in it."""
    if measure.missing or not measure.formula:
        return pd.Series(bool(measure.missing), index=t.table.index)
    by_name, found = {m.name: m for m in t.measures}, pd.Series(False, index=t.table.index)
    for name in names(measure.formula):
        reason = _reasoned(by_name[name], t) if name in by_name else name == "land_area_m2"
        if name in t.table:
            found |= t.table[name].isna() & reason
    return found


def _edges(measure: Measure, table: pd.DataFrame) -> Iterator[tuple[npt.NDArray[np.float64], int, Text]]:
    """Limits as a column, on which side of it a value is wrong, and the words for it."""
    least, most = Text("minder dan", "less than"), Text("meer dan", "more than")
    low, high = LIMITS.get(measure.unit, (None, None))
    if low is None and (measure.role == "extensive" or (measure.unit in _NOT_NEGATIVE and "-" not in measure.formula)):
        low = 0.0
    if low is not None:
        yield np.full(len(table), low), -1, least
    if high is not None:
        yield np.full(len(table), high), 1, most
    if measure.bounds and all(b in table for b in measure.bounds):
        yield table[measure.bounds[0]].to_numpy(), -1, least
        yield table[measure.bounds[1]].to_numpy(), 1, most
