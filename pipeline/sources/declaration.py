"""What a source declares: no behaviour, only facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from ..contract import Layer, Text

Protocol = Literal["ogc_features", "wfs", "file"]

#: Nothing that CBS counts is below this; every number at or under it is a code for "not known".
CBS_MISSING_AT_OR_BELOW = -99990.0


@dataclass(frozen=True)
class Access:
    """One way to the data. `{edition}` in `url` and `collection` becomes the edition's year.

    ``native`` corrects, for this access only, where the name of a column differs.
    """

    protocol: Protocol
    url: str
    collection: str
    native: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Keep:
    """Rows whose native column `column` is in `values` stay; the others go, counted under `reason`."""

    column: str
    values: frozenset[str]
    reason: str


@dataclass(frozen=True)
class Register:
    """Who keeps the data, and under which terms they may be used. `licence` is an SPDX identifier."""

    name: str
    licence: str
    licence_url: str
    attribution: str


@dataclass(frozen=True)
class Source:
    """One dataset of one register.

    Attributes
    ----------
    layer
        What it becomes.
    native
        Our column name (or ``layer.key``) -> the register's own name in snake_case. ``{edition}`` becomes
        the year. A key that is not named here is made from the content of the row.
    accesses
        Ways to the data; the first is taken unless the config says otherwise.
    keep
        Which rows are kept.
    not_known
        Our column name -> values that say "not known" in this register.
    missing_at_or_below
        Numbers at or below this say "withheld" or "not published"; None where the register has no such codes.
    optional
        Our columns that an edition may lack; they are NaN then, and the receipt says so.
    extent
        ``area``: asked for within the study area and its margin. ``country``: asked for whole.
    """

    layer: Layer
    title: Text
    register: Register
    page: str
    reference_date: str
    native: Mapping[str, str]
    accesses: tuple[Access, ...]
    keep: tuple[Keep, ...] = ()
    not_known: Mapping[str, frozenset[float]] = field(default_factory=dict)
    missing_at_or_below: float | None = None
    optional: frozenset[str] = frozenset()
    extent: Literal["area", "country"] = "area"
    editions: tuple[int, ...] = ()

    @property
    def name(self) -> str:
        """The name of the layer, which is the name of the source."""
        return self.layer.name

    def access(self, protocol: str | None = None) -> Access | None:
        """Give the first access, or the first with `protocol`; None where there is none."""
        return next((a for a in self.accesses if protocol in (None, a.protocol)), None)
