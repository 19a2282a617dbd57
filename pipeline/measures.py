"""What a published number declares of itself, so that it can be defended.

Imports nothing heavy: the export and the maps read it as well as the indicators.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from .contract import Column, Text

#: Why a value is missing: code -> what a reader sees. Closed, so that every NaN in an output has one of these names.
REASONS: Mapping[str, Text] = {
    "no_area": Text("het gebied heeft geen oppervlakte", "the unit has no area"),
    "no_land": Text("er is geen land in het gebied", "there is no land in the unit"),
    "no_address": Text("er is geen adres in het gebied", "there is no address in the unit"),
    "no_dwelling": Text("er is geen woning in het gebied", "there is no dwelling in the unit"),
    "no_inhabitants": Text("er woont niemand in het gebied", "nobody lives in the unit"),
    "no_building": Text("er staat geen pand in het gebied", "there is no building in the unit"),
    "no_floor_area": Text("er is geen vloeroppervlak in het gebied", "there is no floor area in the unit"),
    "no_block": Text("er is geen uitgeefbare grond in het gebied", "there is no private ground in the unit"),
    "no_street": Text("er is geen straat in het gebied", "there is no street in the unit"),
    "no_such_land": Text(
        "er is geen land van deze soorten in het gebied", "there is no land of these kinds in the unit"
    ),
    "none": Text("er is niets om door te delen", "there is nothing to divide by"),
    "not_measured": Text("niets ervan is gemeten", "none of it is measured"),
    "little_measured": Text("er is te weinig van gemeten", "too little of it is measured"),
    "not_covered": Text("de bron dekt dit gebied niet", "the source does not cover the unit"),
    "withheld": Text("de bron schermt het getal af", "the source withholds the number"),
    "not_published": Text("de bron geeft hier geen getal", "the source publishes no number here"),
    "not_reached": Text(
        "er is geen woning vanwaar een weg in het netwerk erheen leidt",
        "there is no dwelling from which a way in the network leads there",
    ),
}


@dataclass(frozen=True)
class Rows:
    """The rows of a source that an amount is made of, so that anyone can count again.

    Attributes
    ----------
    source
        Name of the source whose keys the rows have.
    pairs
        Shared table per kind of unit: which row lies in which unit. Its columns are the row (``point`` or
        ``subject``), ``unit``, and where rows are cut ``area_m2`` or ``share``: what of the row lies there.
    weights
        Shared table by row, or '' where each row weighs what of it lies in the unit (1 for points).
    amount
        Column of `weights`: what a whole row weighs, multiplied by ``share`` or ``area_m2`` where there is such.
        '' where `weights` is a Series.
    how
        Whether the value is the ``sum`` or the plain ``mean`` of the amounts of its rows.
    """

    source: str
    pairs: str
    weights: str = ""
    amount: str = ""
    how: Literal["sum", "mean"] = "sum"


@dataclass(frozen=True)
class Measure(Column):
    """One column of an indicator, with all that is needed to defend a value of it. Always float64.

    A measure is either made from other columns of the same table (`formula`), or is a base of which `rows` say what
    it adds up; one that is neither says in `how` what was done.

    Attributes
    ----------
    formula
        In names of columns of the same unit table, as Python and numpy read it: ``dwellings_count / area_m2 * 1e4``.
        It is not only said: the checks work it out again for every value.
    rows
        What a base is the sum (or the mean) of.
    how
        Where neither says it: one sentence.
    coverage
        Name of the column that says which share of what this is made from was measured; '' where all of it always is.
    bounds
        Names of the columns with the least and the most that it can be.
    missing
        Why a base can be NaN, a key of `REASONS`; of a formula, why its denominator can be 0. '' where it never is.
    adds_up_to
        How near the parts of a unit come to the whole, relative: what the way of measuring leaves.
    estimate
        True where it rests on an assumption of which no measurement exists.
    """

    formula: str = ""
    rows: Rows | None = None
    how: Text | None = None
    coverage: str = ""
    bounds: tuple[str, str] | None = None
    missing: str = ""
    adds_up_to: float = 1e-9
    estimate: bool = False


@dataclass(frozen=True)
class Sum:
    """Measures that together are another one, or 1, in every unit where all of them are known; the checks add them up.

    Attributes
    ----------
    parts
        Names of columns of the same unit table.
    whole
        Name of the column that they add up to; '' for 1.
    """

    parts: tuple[str, ...]
    whole: str = ""
