"""Whether the sources came in whole, as their receipts say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..contract import Receipt, Text
from .computed import both
from .declaration import Check, State


def check_completeness(receipts: Sequence[Receipt]) -> Iterator[Check]:
    """One check over all sources: it fails where something was looked at and does not hold.

    Where nothing could be looked at it differs: nobody knows that anything is missing.
    """
    if not receipts:
        return
    unproven = [r for r in receipts if not r.proven]
    broken = [r for r in unproven if any(not p.holds and p.means != "none" for p in r.proofs)]
    state: State = "fails" if broken else "differs" if unproven else "holds"
    names = ", ".join(r.source for r in (broken or unproven)[:5])
    if not unproven:
        said = both(Text("alle {} bronnen zijn volledig binnen", "all {} sources came in whole"), len(receipts))
    else:
        said = both(
            Text("{} van {} bronnen zijn niet bewezen volledig: {}", "{} of {} sources are not proven whole: {}"),
            len(unproven), len(receipts), names,
        )  # fmt: skip
    yield Check(
        "completeness/sources", "completeness", Text("Bronnen volledig binnen", "Sources came in whole"), state,
        len(receipts), len(unproven), float(len(receipts) - len(unproven)), float(len(receipts)),
        Text("geen", "none"), names, said,
    )  # fmt: skip
