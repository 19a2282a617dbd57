"""Receipts on disk."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from . import store
from .contract import MissingInputError, Page, Receipt, Text


def write(path: Path, receipt: Receipt) -> None:
    """Write a receipt as JSON."""
    store.write_json(path, dataclasses.asdict(receipt) | {"title": receipt.title._asdict()})


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
        }
    )
