"""What a service says that it offers: facts, before anything is compared with them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple, TypeVar
from urllib.parse import urlsplit

from ...contract import Bbox, SourceError
from ..http import Answer

Kind = Literal["text", "number", "flag", "other"]
_Made = TypeVar("_Made")

_EPSG = re.compile(r"EPSG\b.*?(\d{4,5})$")
# How the client ends what it says of a service that is not there, stays busy, or sends something damaged each time.
_AWAY = re.compile(r"; tried (once|\d+ times), run again later$")


class Grid(NamedTuple):
    """The cells of a raster: their size, and the corner from which they lie, in metres RD."""

    width_m: float
    height_m: float
    west: float
    south: float


@dataclass(frozen=True)
class Offered:
    """What one way to a source offers. None stands throughout for: it does not say.

    Attributes
    ----------
    moved
        The address that it sends to; '' where it stands where it was asked.
    collections
        What can be asked of it by name.
    crs
        Systems in which it can be asked, as ``EPSG:28992``.
    answers_in
        The system in which the one feature came.
    columns
        Columns of the schema and of the one feature -> what they hold, None where that is not known.
    row
        The values of the one feature.
    place
        Its box.
    features
        How many features came when one was asked.
    most
        Features in one answer at most.
    counts
        Whether it says how many there are.
    formats
        In which forms it answers.
    grid
        Of a raster.
    refused
        What it would not answer as the loader asks it, in words.
    remarks
        What is good to know, and no change.
    """

    moved: str = ""
    collections: tuple[str, ...] | None = None
    crs: tuple[str, ...] | None = None
    answers_in: str | None = None
    columns: Mapping[str, Kind | None] | None = None
    row: Mapping[str, Any] = field(default_factory=dict)
    place: Bbox | None = None
    features: int | None = None
    most: int | None = None
    counts: bool | None = None
    formats: tuple[str, ...] | None = None
    grid: Grid | None = None
    refused: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


def crs_name(stated: str) -> str:
    """Give ``EPSG:28992`` for a URI, a URN or a code; what is no EPSG code stays as it is."""
    code = _EPSG.search(stated.strip().strip("<>"))
    return f"EPSG:{code[1]}" if code else stated.strip().strip("<>").rpartition("/")[2]


def kind_of(value: object) -> Kind | None:
    """Give what a value of JSON is; None for null."""
    match value:
        case None:
            return None
        case bool():
            return "flag"
        case int() | float():
            return "number"
        case str():
            return "text"
        case _:
            return "other"


def moved(asked: str, answer: Answer) -> str:
    """Give the address that answers in the place of `asked`, without what was asked of it; '' where it is the same."""
    there, here = answer.url.partition("?")[0].rstrip("/"), asked.partition("?")[0].rstrip("/")
    return "" if urlsplit(there)[:3] == urlsplit(here)[:3] else there


def answered(ask: Callable[[], _Made]) -> tuple[_Made | None, str]:
    """Do `ask`; where the service refuses, give None and what it says.

    Raises
    ------
    SourceError
        When the service is not there.
    """
    try:
        return ask(), ""
    except SourceError as error:
        if _AWAY.search(str(error)):
            raise
        return None, str(error)
