"""What the sources say of each other: a source that lost something shows in another that did not."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from ..contract import Proof, Text
from ..wording import number

#: Parts of the BGT that together cover the ground, each place once.
COVER = (
    "bgt_begroeidterreindeel", "bgt_onbegroeidterreindeel", "bgt_wegdeel", "bgt_ondersteunendwegdeel",
    "bgt_waterdeel", "bgt_ondersteunendwaterdeel", "bgt_pand", "bgt_overigbouwwerk", "bgt_kunstwerkdeel",
    "bgt_scheiding",
)  # fmt: skip
# The registers keep pand and verblijfsobject by hand and hour: a few in a thousand are on their way.
_ON_THEIR_WAY = 0.005
# Slivers between neighbouring objects of the BGT.
_SLIVERS = 0.001


def addresses_in_buildings(verblijfsobject: gpd.GeoDataFrame, pand: gpd.GeoDataFrame) -> Proof:
    """Every verblijfsobject whose building lies in the same area names one that came."""
    named = verblijfsobject["pand_ids"]
    ids = named[named != ""].str.split(",").explode()
    found = ids.isin(pand.index).groupby(level=0).any()
    lost = int((~found).sum())
    first = f", {found.index[~found][0]}" if lost else ""
    return Proof(
        "total",
        bool(len(found)) and lost <= _ON_THEIR_WAY * len(found),
        Text(
            f"{_nl(len(found) - lost)} van {_nl(len(found))} verblijfsobjecten vinden hun pand{first and f'; het eerste zonder: {first[2:]}'}",
            f"{_en(len(found) - lost)} of {_en(len(found))} verblijfsobjecten find their building{first and f'; the first without: {first[2:]}'}",
        ),
    )


def buildings_with_addresses(pand: gpd.GeoDataFrame, verblijfsobject: gpd.GeoDataFrame) -> Proof:
    """The buildings' own counts of their verblijfsobjecten against those that came."""
    named = verblijfsobject["pand_ids"]
    came = named[named != ""].str.split(",").explode().value_counts()
    said = pand["verblijfsobject_count"].dropna()
    # A verblijfsobject at the rim may lie outside the area that was asked; more than said is never explained.
    lost = int((said - came.reindex(said.index).fillna(0)).clip(lower=0).sum())
    total = int(said.sum())
    return Proof(
        "total",
        lost <= _ON_THEIR_WAY * max(total, 1),
        Text(
            f"de panden noemen {_nl(total)} verblijfsobjecten, {_nl(lost)} daarvan kwamen niet mee",
            f"the buildings count {_en(total)} verblijfsobjecten, {_en(lost)} of them did not come",
        ),
    )


def parts_in_whole(parts: gpd.GeoDataFrame, column: str, whole: gpd.GeoDataFrame, words: Text) -> Proof:
    """Every part names a whole that came, and every whole has a part."""
    lost = sorted(set(parts[column]) - set(whole.index))
    bare = sorted(set(whole.index) - set(parts[column]))
    odd = (lost or bare or [""])[0]
    return Proof(
        "total",
        not lost and not bare,
        Text(
            f"{words.nl}: {_nl(len(whole))}, {f'onvolledig bij {odd}' if odd else 'geen zonder, geen te veel'}",
            f"{words.en}: {_en(len(whole))}, {f'incomplete at {odd}' if odd else 'none without, none too many'}",
        ),
    )


def cover(layers: Sequence[gpd.GeoDataFrame], area: BaseGeometry) -> Proof:
    """The ground level of the BGT covers `area` without holes."""
    ground = pd.concat([t.geometry[t["level"] == 0] for t in layers])
    inside = shapely.intersection(ground.to_numpy(), area)
    hole_m2 = float(area.area - shapely.union_all(inside).area)
    share = hole_m2 / area.area
    return Proof(
        "total",
        share <= _SLIVERS,
        Text(
            f"de vlakken op maaiveld dekken de corridor op {number(hole_m2, 0, 'nl')} m² na ({number(100 * share, 2, 'nl')} %)",
            f"the areas at ground level cover the corridor but for {number(hole_m2, 0, 'en')} m² ({number(100 * share, 2, 'en')} %)",
        ),
    )


def _nl(count: int) -> str:
    return number(count, 0, "nl")


def _en(count: int) -> str:
    return number(count, 0, "en")
