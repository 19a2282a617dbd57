"""What the pages say of their sources: whose they are, how much came, and how far it is known that it is all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from ..contract import Language, Receipt, Text
from ..provenance import completeness_line, findings, undated, when
from ..wording import number

_Key = TypeVar("_Key")

_COUNTS = Text("{} objecten ontvangen, {} behouden", "{} features received, {} kept")
_TILES = Text("{} tegels ontvangen, {} behouden", "{} tiles received, {} kept")
_FILLED = Text("Uit een eerdere uitgave overgenomen", "Taken from an earlier edition")
_ABSENT = Text("Niet in deze uitgave", "Not in this edition")


def origin(receipts: Sequence[Receipt], language: Language, labels: Mapping[str, Text]) -> dict[str, Any]:
    """Describe the sources, ready to be written as JSON: text only, in one language.

    Parameters
    ----------
    receipts
        In the order in which they are to be shown; those of one register, and of one source, come together.
    labels
        Column name -> what a reader calls it; a column that is not there keeps its name.

    Returns
    -------
    dict
        ``line`` (the whole in one line), ``whole`` (whether all is proven), and ``registers``: ``name``, ``about``
        (holder, licence) and ``sources``: ``title`` and ``editions``: ``date``, ``counts``, ``proofs`` ([holds,
        sentence]) and ``notes`` (columns that this edition lacks).
    """
    together = _together(receipts, lambda r: (r.register, r.attribution, r.licence))
    return {
        "line": completeness_line(receipts, language),
        "whole": all(r.proven for r in receipts),
        "registers": [
            {"name": name, "about": f"{holder} · {licence}", "sources": list(_sources(some, language, labels))}
            for (name, holder, licence), some in together.items()
        ],
    }


def _together(receipts: Iterable[Receipt], key: Callable[[Receipt], _Key]) -> dict[_Key, list[Receipt]]:
    """Receipts of one key, in the order in which the first of each came."""
    found: dict[_Key, list[Receipt]] = {}
    for receipt in receipts:
        found.setdefault(key(receipt), []).append(receipt)
    return found


def _sources(receipts: Iterable[Receipt], language: Language, labels: Mapping[str, Text]) -> Iterator[dict[str, Any]]:
    # An earlier edition is called as its source, with the year.
    for editions in _together(receipts, lambda r: r.source.removesuffix(f"_{r.edition}")).values():
        yield {
            "title": undated(editions[0]).in_(language),
            "editions": [_edition(r, language, labels) for r in editions],
        }


def _edition(receipt: Receipt, language: Language, labels: Mapping[str, Text]) -> dict[str, Any]:
    counts = _TILES if any(p.means == "tiles" for p in receipt.proofs) else _COUNTS
    return {
        "date": when(receipt, language),
        "counts": counts.in_(language).format(*(number(n, 0, language) for n in (receipt.received, receipt.kept))),
        "proofs": [[holds, said.in_(language)] for holds, said in findings(receipt)],
        "notes": list(_notes(receipt, language, labels)),
    }


def _notes(receipt: Receipt, language: Language, labels: Mapping[str, Text]) -> Iterator[str]:
    def called(name: str) -> str:
        return labels[name].in_(language) if name in labels else name

    if receipt.filled:
        yield f"{_FILLED.in_(language)}: {', '.join(f'{called(c)} ({year})' for c, year in receipt.filled.items())}"
    if lost := [called(c) for c in receipt.absent if c not in receipt.filled]:
        yield f"{_ABSENT.in_(language)}: {', '.join(lost)}"
