"""What a source declares: no behaviour, only facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from ..contract import Layer, Raster, Text

Protocol = Literal["ogc_features", "wfs", "bgt_download", "atom", "wcs", "tiles", "file"]

Extent = Literal["area", "corridor", "country"]

#: Nothing that CBS counts is below this; every number at or under it is a code for "not known".
CBS_MISSING_AT_OR_BELOW = -99990.0


@dataclass(frozen=True)
class Access:
    """One way to the data.

    Attributes
    ----------
    protocol
        How it is asked.
    url
        Address of the service; `{edition}` becomes the edition's year, `{yy}` its last two digits.
    collection
        What to ask it for: collection, type name, layer in the file, coverage. The year as above.
    renames
        Register's name of a column, as the declaration has it -> its name on this way, where that differs.
    together
        Collections that one request brings together (``bgt_download``).
    bulk
        Brings the whole country, whatever is asked: chosen by itself when the area is large.
    """

    protocol: Protocol
    url: str
    collection: str
    renames: Mapping[str, str] = field(default_factory=dict)
    together: tuple[str, ...] = ()
    bulk: bool = False


@dataclass(frozen=True)
class Keep:
    """Rows whose native column `column` is in `values` stay; the others go, counted under `reason`.

    The empty text among the values stands for a row that says nothing there, and for a column that is not there.
    """

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
        Our column name (or ``layer.key``) -> the register's own name in snake_case, ``{edition}`` and ``{yy}`` as
        in an address. A key that is not named here is made from the content of the row.
    accesses
        Ways to the data; the first is taken unless the config says otherwise.
    keep
        Which rows are kept.
    newest_by
        Native column of which only the row with the highest value is kept per key; '' where the register has no
        versions.
    not_known
        Our column name -> values that say "not known" in this register.
    bag_numbers
        Our column names (or ``layer.key``) that hold BAG numbers of sixteen digits.
    missing_at_or_below
        Numbers at or below this say "withheld" or "not published"; None where the register has no such codes.
    optional
        Our columns that an edition may lack; they are NaN then, and the receipt says so.
    extent
        ``area``: asked for within the study area and its margin. ``corridor``: only around the corridor.
        ``country``: asked for whole.
    editions
        Years that are known, newest first. Empty for a register that gives the present state.
    earlier
        Years that are loaded beside the newest unless the config says otherwise: as ``<name>_<year>``.
    option
        Loaded only when the config enables it.
    may_be_empty
        An area may have none of it; elsewhere no features is an error.
    """

    layer: Layer
    title: Text
    register: Register
    page: str
    reference_date: str
    native: Mapping[str, str]
    accesses: tuple[Access, ...]
    keep: tuple[Keep, ...] = ()
    newest_by: str = ""
    not_known: Mapping[str, frozenset[float]] = field(default_factory=dict)
    bag_numbers: frozenset[str] = frozenset()
    missing_at_or_below: float | None = None
    optional: frozenset[str] = frozenset()
    extent: Extent = "area"
    editions: tuple[int, ...] = ()
    earlier: tuple[int, ...] = ()
    option: bool = False
    may_be_empty: bool = False

    @property
    def name(self) -> str:
        """The name of the layer, which is the name of the source."""
        return self.layer.name


@dataclass(frozen=True)
class RasterSource:
    """One raster of one register; what it has in common with `Source` means the same.

    Attributes
    ----------
    raster
        What it becomes.
    nodata
        Numbers that say "nothing measured here", besides what the file itself states.
    lowest, highest
        Values outside are impossible in the Netherlands: such a tile is refused.
    """

    raster: Raster
    title: Text
    register: Register
    page: str
    reference_date: str
    accesses: tuple[Access, ...]
    nodata: frozenset[float]
    lowest: float
    highest: float
    extent: Extent = "corridor"
    option: bool = False

    @property
    def name(self) -> str:
        """The name of the raster, which is the name of the source."""
        return self.raster.name


def way(accesses: tuple[Access, ...], protocol: str | None = None, *, bulk: bool = False) -> Access | None:
    """Give the way to take: the one with `protocol` where it is named, else the first, in bulk where there is such.

    None where no way has `protocol`.
    """
    if protocol is not None:
        return next((a for a in accesses if a.protocol == protocol), None)
    return next((a for a in accesses if a.bulk is bulk), next((a for a in accesses if not a.bulk), None))


def dated(text: str, edition: int | None) -> str:
    """Give `text` with the year for ``{edition}``, and its last two digits for ``{yy}``."""
    year = "" if edition is None else str(edition)
    return text.replace("{edition}", year).replace("{yy}", year[-2:])
