"""A page in the raw folder that says what lies there, and how far it is known to be whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..contract import Receipt
from ..provenance import SYNTHETIC, is_synthetic
from ..wording import number


def text(receipts: Sequence[Receipt]) -> str:
    """Give the page in Markdown: a table of all sources, then of each what was looked at."""
    return "\n".join(_lines(receipts)) + "\n"


def _lines(receipts: Sequence[Receipt]) -> Iterator[str]:
    yield "# What came in"
    yield ""
    if is_synthetic(receipts):
        yield f"**{SYNTHETIC.en}.**"
        yield ""
    yield "Never edited by hand. Each source is `<name>.gpkg`, or a folder of height tiles with a `.vrt` over them, with"
    yield "`<name>.receipt.json`: every request with its time, size and SHA-256. `.answers/` holds what the services sent,"
    yield "as they sent it; it may be deleted, and is fetched again then."
    yield ""
    yield "| source | what | of | fetched | received | kept | whole? | licence |"
    yield "|---|---|---|---|--:|--:|---|---|"
    for r in receipts:
        yield (
            f"| {r.source} | {r.title.en} | {r.reference_date} | {r.retrieved[:10]} | {number(r.received, 0, 'en')} "
            f"| {number(r.kept, 0, 'en')} | {'yes' if r.proven else 'not proven'} | {r.licence} |"
        )
    for r in receipts:
        yield ""
        yield f"## {r.source}"
        yield ""
        yield f"From {r.url} ({r.protocol}), {len(r.pages)} answers. {r.attribution}."
        yield ""
        for proof in r.proofs:
            yield f"- {'yes' if proof.holds else 'NO'}: {proof.said.en}"
        for why, count in r.dropped.items():
            yield f"- left out, {why}: {number(count, 0, 'en')}"
        if r.repaired:
            yield f"- invalid geometries made valid: {number(r.repaired, 0, 'en')}"
        if r.absent:
            yield f"- not in this edition: {', '.join(r.absent)}"
        for column, year in r.filled.items():
            yield f"- {column}: not published yet, taken from {year}"
