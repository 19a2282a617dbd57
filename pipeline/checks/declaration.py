"""What a check found: its state, the numbers, and one sentence for a reader."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from ..contract import Text

#: ``holds``; ``differs``: not equal, within what is explained; ``fails``; ``none``: there was nothing to look at.
State = Literal["holds", "differs", "fails", "none"]
Group = Literal["sums", "formulas", "bounds", "published", "completeness"]

GROUPS: Mapping[Group, Text] = {
    "sums": Text("Sommen die moeten kloppen", "Sums that must hold"),
    "formulas": Text("Formules, opnieuw uitgerekend", "Formulas, worked out again"),
    "bounds": Text("Grenzen", "Bounds"),
    "published": Text("Gepubliceerde cijfers", "Published figures"),
    "completeness": Text("Volledigheid van de bronnen", "Completeness of the sources"),
}


STATES: Mapping[State, Text] = {
    "fails": Text("faalt", "fails"),
    "differs": Text("verschilt", "differs"),
    "holds": Text("klopt", "holds"),
    "none": Text("niets om te controleren", "nothing to check"),
}


@dataclass(frozen=True)
class Check:
    """One check, done.

    Attributes
    ----------
    name
        Unique, the same from run to run: ``sums/dwellings_count``.
    state
        See `State`.
    looked_at, off
        Units (or pairs, or sources) that were looked at, and those of them that are off.
    found, expected
        Of the one that is furthest off, or of the total; None where there is no number.
    tolerance
        How far they may differ.
    worst
        The unit that is furthest off, '' where none is.
    said
        One sentence without a full stop, with the figures.
    """

    name: str
    group: Group
    title: Text
    state: State
    looked_at: int
    off: int
    found: float | None
    expected: float | None
    tolerance: Text
    worst: str
    said: Text

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong; a difference that is explained is not."""
        return self.state != "fails"


def failing(checks: Iterable[Check]) -> list[Check]:
    """Those that fail."""
    return [c for c in checks if not c.holds]


def tally(checks: Iterable[Check]) -> dict[State, int]:
    """How many checks are in each state."""
    count: dict[State, int] = {"holds": 0, "differs": 0, "fails": 0, "none": 0}
    for check in checks:
        count[check.state] += 1
    return count


def plain(checks: Iterable[Check]) -> dict[str, Any]:
    """As JSON."""
    texts = ("title", "tolerance", "said")
    return {
        "checks": [
            {k: v._asdict() if k in texts else v for k, v in vars(c).items()} for c in checks
        ]
    }  # fmt: skip


def from_plain(value: Mapping[str, Any]) -> tuple[Check, ...]:
    """What `plain` made.

    Raises
    ------
    ValueError
        When another version made it.
    """
    names = {f.name for f in dataclasses.fields(Check)}
    found = value.get("checks")
    if not isinstance(found, list) or any(c.keys() != names for c in found):
        msg = "not the checks of this version"
        raise ValueError(msg)
    return tuple(_check(c) for c in found)


def _check(value: Mapping[str, Any]) -> Check:
    filled: dict[str, Any] = {k: Text(**v) if isinstance(v, dict) else v for k, v in value.items()}
    return Check(**filled)
