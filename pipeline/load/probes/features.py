"""What one feature says of all: its columns, what they hold, and where it lies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import shapely
from shapely.errors import GEOSException

from ...contract import SourceError
from ..names import snakes
from .offered import Kind, Offered, kind_of


def with_feature(offered: Offered, features: Sequence[Mapping[str, Any]]) -> Offered:
    """Give `offered` with the columns of its schema and of its first feature together, in snake_case."""
    row: dict[str, Any] = dict(features[0].get("properties") or {}) if features else {}
    if features and features[0].get("id") is not None:
        row.setdefault("id", features[0]["id"])
    columns: dict[str, Kind | None] = dict(offered.columns or {})
    # What a value is says more than what a schema says that it is.
    columns |= {name: kind_of(value) or columns.get(name) for name, value in row.items()}
    known = offered.columns is not None or bool(features)
    try:
        ours = snakes([c for c in columns if c != "geometry"], "columns")
    except SourceError as error:
        return replace(offered, features=len(features), refused=(*offered.refused, str(error)))
    return replace(
        offered,
        features=len(features),
        columns={ours[n]: k for n, k in columns.items() if n in ours} if known else None,
        row={ours[n]: v for n, v in row.items() if n in ours},
        place=_place(features[0].get("geometry")) if features else None,
    )


def _place(geometry: object) -> tuple[float, float, float, float] | None:
    try:
        west, south, east, north = shapely.geometry.shape(geometry).bounds
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, GEOSException):
        return None
    return west, south, east, north
