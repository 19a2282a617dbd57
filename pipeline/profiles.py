"""Stock profiles: which buildings and addresses count as existing, as data.

The publishers differ, so the choice is a setting. All statuses are spelled as the BAG spells them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .contract import Text

_PAND_IN_USE = frozenset({"Pand in gebruik", "Pand in gebruik (niet ingemeten)", "Verbouwing pand"})
_ADDRESS_IN_USE = frozenset(
    {"Verblijfsobject in gebruik", "Verblijfsobject in gebruik (niet ingemeten)", "Verbouwing verblijfsobject"}
)


@dataclass(frozen=True)
class StockProfile:
    """One rule of what exists.

    Attributes
    ----------
    pand_statuses, address_statuses
        Statuses of panden and of verblijfsobjecten that count.
    source
        Where the rule comes from.
    """

    name: str
    title: Text
    pand_statuses: frozenset[str]
    address_statuses: frozenset[str]
    source: str


_BUILT_IN = (
    StockProfile(
        "cbs",
        Text("CBS: in gebruik of in verbouwing, niet buiten gebruik", "CBS: in use or being rebuilt, not out of use"),
        _PAND_IN_USE,
        _ADDRESS_IN_USE,
        "CBS, Afleiden woonvoorraad (2023), as coded in ObjectVision BAG-Tools. Older web pages of CBS count "
        "addresses out of use, and do not name those being rebuilt.",
    ),
    StockProfile(
        "pbl",
        Text("PBL: in gebruik, in verbouwing of buiten gebruik", "PBL: in use, being rebuilt or out of use"),
        _PAND_IN_USE | {"Pand buiten gebruik"},
        _ADDRESS_IN_USE | {"Verblijfsobject buiten gebruik"},
        "PBL, RSopen (April 2026).",
    ),
    StockProfile(
        "strict",
        Text("Strikt: alleen in gebruik", "Strict: only in use"),
        frozenset({"Pand in gebruik"}),
        frozenset({"Verblijfsobject in gebruik"}),
        "Lower bound of this pipeline: only what is in use and measured.",
    ),
)

#: Name -> profile: the ones that are built in. The config may have more.
PROFILES: Mapping[str, StockProfile] = {p.name: p for p in _BUILT_IN}
