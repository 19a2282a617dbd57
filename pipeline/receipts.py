"""Receipts on disk."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from . import store
from .contract import MissingInputError, Page, Proof, Receipt, Text


def write(path: Path, receipt: Receipt) -> None:
    """Write a receipt as JSON."""
    value = dataclasses.asdict(receipt)
    proofs = [{**dataclasses.asdict(p), "said": p.said._asdict()} for p in receipt.proofs]
    store.write_json(path, value | {"title": receipt.title._asdict(), "proofs": proofs})


def read(path: Path) -> Receipt:
    """Read a receipt.

    Raises
    ------
    MissingInputError
        When there is none, or it is not whole.
    """
    value = store.read_json(path)
    if value is None or value.keys() != {f.name for f in dataclasses.fields(Receipt)}:
        msg = f"{path}: missing or broken; run 'spoorzone load' first"
        raise MissingInputError(msg)
    return Receipt(
        **{
            **value,
            "title": Text(**value["title"]),
            "requested": tuple(value["requested"]) if value["requested"] else None,
            "absent": tuple(value["absent"]),
            "pages": tuple(Page(**p) for p in value["pages"]),
            "proofs": tuple(Proof(**{**p, "said": Text(**p["said"])}) for p in value["proofs"]),
        }
    )
