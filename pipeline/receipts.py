"""Receipts on disk."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from . import store
from .contract import MissingInputError, Page, Proof, Receipt, Text


def write_totals(path: Path, totals: Mapping[str, Sequence[Proof]]) -> None:
    """Write what the sources say of each other: source -> proofs."""
    store.write_json(path, {name: [_plain(p) for p in proofs] for name, proofs in totals.items()})


def read_totals(path: Path) -> dict[str, tuple[Proof, ...]]:
    """Read what `write_totals` wrote; nothing where it is not there."""
    return {name: tuple(map(_proof, proofs)) for name, proofs in (store.read_json(path) or {}).items()}


def _plain(proof: Proof) -> dict[str, Any]:
    return {**dataclasses.asdict(proof), "said": proof.said._asdict()}


def _proof(value: Mapping[str, Any]) -> Proof:
    return Proof(**{**value, "said": Text(**value["said"])})


def write(path: Path, receipt: Receipt) -> None:
    """Write a receipt as JSON."""
    value = dataclasses.asdict(receipt)
    proofs = [_plain(p) for p in receipt.proofs]
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
            "proofs": tuple(map(_proof, value["proofs"])),
        }
    )
