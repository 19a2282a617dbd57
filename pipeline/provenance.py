"""The line under every map and in every file that says where the data come from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from .contract import Language, Receipt, Text
from .wording import date

SYNTHETIC = Text(
    "Synthetisch voorbeeld: verzonnen gegevens, geen werkelijkheid",
    "Synthetic example: invented data, not reality",
)
#: The same in two words, for names.
SYNTHETIC_SHORT = Text("synthetisch voorbeeld", "synthetic example")

_SOURCE = Text("Bron", "Source")
_SOURCES = Text("Bronnen", "Sources")
_RETRIEVED = Text("opgehaald", "retrieved")
#: The reference date of a register that gives the present state only.
_PRESENT = "actueel"


def is_synthetic(receipts: Iterable[Receipt]) -> bool:
    """Say whether any of the data are invented."""
    return any(r.synthetic for r in receipts)


def source_line(receipts: Sequence[Receipt], language: Language) -> str:
    """Name holder, register and date of all sources in one line, each once.

    A register that gives the present state is dated by the day of retrieval. With invented data among them the
    line begins by saying so. Empty without receipts.
    """
    dates: dict[tuple[str, str], list[str]] = {}
    for receipt in receipts:
        days = dates.setdefault((receipt.attribution, receipt.register), [])
        if (day := when(receipt, language)) not in days:
            days.append(day)
    if not dates:
        return ""
    word = (_SOURCE if len(dates) == 1 else _SOURCES).in_(language)
    parts = [f"{holder}: {register}, {', '.join(days)}" for (holder, register), days in dates.items()]
    line = f"{word}: {'; '.join(parts)}"
    return f"{SYNTHETIC.in_(language)}. {line}" if is_synthetic(receipts) else line


def when(receipt: Receipt, language: Language) -> str:
    """Say of which date the data of a receipt are."""
    if receipt.reference_date == _PRESENT:
        return f"{_RETRIEVED.in_(language)} {date(receipt.retrieved, language)}"
    return date(receipt.reference_date, language)
