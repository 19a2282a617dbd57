"""What one source delivered, before anything is decided about it."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ..contract import Page, Proof, SourceError

if TYPE_CHECKING:
    import geopandas as gpd

#: Called while data come in: features so far, and how many the source says there are (None: it does not say).
Progress = Callable[[int, int | None], None]


class InconsistentError(SourceError):
    """What came does not belong together: it may have changed while it was asked. Worth one walk anew."""


@dataclass(frozen=True)
class Received:
    """The features of one source as they came.

    Attributes
    ----------
    table
        The register's columns in snake_case (the union over all pages) and ``geometry``; RangeIndex, EPSG:28992.
    reported
        The source's own count of what was asked, None where it gives none.
    pages
        Every answer, or the one file.
    lacks
        Columns of which the user said that this source does not have them.
    proofs
        What was looked at to know that this is all.
    """

    table: gpd.GeoDataFrame
    reported: int | None
    pages: tuple[Page, ...]
    lacks: tuple[str, ...] = ()
    proofs: tuple[Proof, ...] = ()


def renamed(received: Received, renames: Mapping[str, str]) -> Received:
    """Give `received` with the register's names, where this way to it has others: register's name -> its name here."""
    there = {theirs: ours for ours, theirs in renames.items() if theirs in received.table.columns}
    gone = [ours for ours in there.values() if ours in received.table.columns]
    return replace(received, table=received.table.drop(columns=gone).rename(columns=there))


def mapped(
    received: Received, columns: Mapping[str, str], values: Mapping[str, str | int | float], where: str
) -> Received:
    """Give `received` with the register's names, as ``[sources.<name>] columns`` and ``values`` say.

    Parameters
    ----------
    received
        Its table may still have the names of the file.
    columns
        Register's name -> name in `received`; an empty name says that it is not there.
    values
        Register's name -> one value for all rows.
    where
        Begin of an error message.

    Raises
    ------
    SourceError
        When a mapped name is not there, or a value is given for a column that is.
    """
    table = received.table
    for theirs in filter(None, columns.values()):
        if theirs not in table.columns:
            raise SourceError(f"{where}: columns names {theirs!r}, which is not there; {hint(theirs, table.columns)}")  # noqa: EM102
    taken = {theirs: ours for ours, theirs in columns.items() if theirs}
    gone = [c for c in table.columns if c in columns and c not in taken]
    table = table.drop(columns=gone).rename(columns=taken)
    for ours, value in values.items():
        if ours in table.columns:
            msg = f'{where}: values gives {ours!r}, which is there already; take it out of values, or add columns = {{ {ours} = "" }}'
            raise SourceError(msg)
        table = table.assign(**{ours: value})
    lacks = tuple(ours for ours, theirs in columns.items() if not theirs and ours not in values)
    return replace(received, table=table, lacks=(*received.lacks, *lacks))


def hint(name: str, known: Iterable[object]) -> str:
    """Say which known name is nearest to `name`, or which there are."""
    names = [str(k) for k in known if k != "geometry"]
    near = difflib.get_close_matches(name, names, n=1, cutoff=0.6)
    return f"did you mean {near[0]!r}?" if near else f"there are {', '.join(names) or 'none'}"
