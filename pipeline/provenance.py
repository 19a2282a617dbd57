"""What every map and file says of its data: where they come from, and how far it is known that they are whole."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from .checks.declaration import Check, failing, tally
from .contract import Language, Receipt, Text
from .wording import date, number

SYNTHETIC = Text(
    "Synthetisch voorbeeld: verzonnen gegevens, geen werkelijkheid",
    "Synthetic example: invented data, not reality",
)
#: The same in two words, for names.
SYNTHETIC_SHORT = Text("synthetisch voorbeeld", "synthetic example")

_SOURCE = Text("Bron", "Source")
_SOURCES = Text("Bronnen", "Sources")
_RETRIEVED = Text("opgehaald", "retrieved")
#: What stands before the sentence of a proof that does not hold.
NOT_PROVEN = Text("niet bewezen", "not proven")
_WHOLE = Text("Alle bronnen volledig binnen", "All sources came in whole")
_UNPROVEN = Text("Niet bewezen volledig", "Not proven whole")
_MORE = Text("en nog {}", "and {} more")
_FAILING = Text("{} van {} controles falen: {}", "{} of {} checks fail: {}")
_CHECKED = Text("Alle {} controles kloppen", "All {} checks hold")
_DIFFERING = Text(
    "; {} verschillen van gepubliceerde cijfers of zijn niet bewezen",
    "; {} differ from published figures or are not proven",
)
_NOTHING = Text("er is niets nagegaan", "nothing was looked at")
_NOT_ALL = Text("er is niets dat het geheel naging", "nothing looked at all of it")
#: So many sources are named in one line; of more the number is said.
_NAMED = 5
#: The reference date of a register that gives the present state only.
_PRESENT = "actueel"


def is_synthetic(receipts: Iterable[Receipt]) -> bool:
    """Say whether any of the data are invented."""
    return any(r.synthetic for r in receipts)


def notice(receipts: Iterable[Receipt], checks: Iterable[Check], language: Language) -> str:
    """What every output says over everything else: that data are invented, that checks fail. Empty where neither is so."""
    checks = list(checks)
    said = [SYNTHETIC.in_(language)] if is_synthetic(receipts) else []
    return ". ".join([*said, checks_line(checks, language)] if failing(checks) else said)


def checks_line(checks: Sequence[Check], language: Language) -> str:
    """Say in one line whether the checks hold, or name those that fail. Empty where none were done."""
    if not (off := failing(checks)):
        differing = tally(checks)["differs"]
        more = _DIFFERING.in_(language).format(number(differing, 0, language)) if differing else ""
        return _CHECKED.in_(language).format(number(len(checks), 0, language)) + more if checks else ""
    names = list(dict.fromkeys(c.title.in_(language) for c in off))
    rest = len(names) - _NAMED
    more = f" {_MORE.in_(language).format(number(rest, 0, language))}" if rest > 0 else ""
    counts = (number(len(off), 0, language), number(len(checks), 0, language))
    return _FAILING.in_(language).format(*counts, "; ".join(names[:_NAMED])) + more


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


def undated(receipt: Receipt) -> Text:
    """Give the title of a source without its year: all editions have the same."""
    return Text(*(t.replace(f" {receipt.edition}", "") for t in receipt.title))


def findings(receipt: Receipt) -> tuple[tuple[bool, Text], ...]:
    """Give what was looked at to know whether a source is whole: whether it holds, and the sentence.

    Of a source that is not proven at least one does not hold.
    """
    found = tuple((p.holds, p.said) for p in receipt.proofs)
    if receipt.proven or not all(holds for holds, _ in found):
        return found
    return (*found, (False, _NOT_ALL if found else _NOTHING))


def completeness_line(receipts: Sequence[Receipt], language: Language) -> str:
    """Say in one line that all sources are whole, or name those of which that is not proven. Empty without receipts."""
    years: dict[str, list[str]] = {}
    for receipt in receipts:
        if not receipt.proven:
            those = years.setdefault(undated(receipt).in_(language), [])
            those += [] if receipt.edition is None else [str(receipt.edition)]
    if not years:
        return _WHOLE.in_(language) if receipts else ""
    names = [f"{title} ({', '.join(those)})" if those else title for title, those in years.items()]
    rest = len(names) - _NAMED
    more = f" {_MORE.in_(language).format(number(rest, 0, language))}" if rest > 0 else ""
    return f"{_UNPROVEN.in_(language)}: {'; '.join(names[:_NAMED])}{more}"
