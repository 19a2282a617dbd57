"""Land use by the main groups of the CBS Bestand Bodemgebruik (BBG)."""

from __future__ import annotations

import math
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd

from ..contract import SourceError, Text
from ..overlap import area_parts
from .declaration import Indicator, Measure
from .tables import per_unit, ratio


class LandUseGroup(NamedTuple):
    """A main group: the codes from `first` to `last`; `mixes` where it takes part in the entropy."""

    name: str
    first: int
    last: int
    mixes: bool
    text: Text


GROUPS = (
    LandUseGroup("traffic", 10, 12, True, Text("verkeer", "traffic")),
    LandUseGroup("built_up", 20, 24, True, Text("bebouwd", "built-up")),
    LandUseGroup("semi_built", 30, 35, True, Text("semi-bebouwd", "semi-built")),
    LandUseGroup("recreation", 40, 44, True, Text("recreatie", "recreation")),
    LandUseGroup("agriculture", 50, 51, True, Text("agrarisch", "agriculture")),
    LandUseGroup("nature", 60, 62, True, Text("bos en natuur", "woodland and nature")),
    LandUseGroup("inland_water", 70, 78, False, Text("binnenwater", "inland water")),
    LandUseGroup("outer_water", 80, 83, False, Text("buitenwater", "outer water")),
    LandUseGroup("abroad", 90, 90, False, Text("buitenland", "abroad")),
)
_MIXING = [g.name for g in GROUPS if g.mixes]


def land_use_in_units(bodemgebruik: gpd.GeoDataFrame, units: gpd.GeoDataFrame) -> pd.DataFrame:
    """Area of each main group in each unit.

    Returns
    -------
    DataFrame
        Index as ``units``, one column per group in the order of `GROUPS`, m²; 0 where there is none.

    Raises
    ------
    SourceError
        When a code belongs to no main group.
    """
    group = pd.Series(pd.NA, index=bodemgebruik.index, dtype="object")
    for g in GROUPS:
        group[bodemgebruik["bbg_code"].between(g.first, g.last)] = g.name
    if (odd := group.isna()).any():
        first = bodemgebruik[odd].iloc[0]
        ranges = ", ".join(f"{g.first}–{g.last}" if g.first < g.last else str(g.first) for g in GROUPS)
        msg = (
            f"bodemgebruik: {int(odd.sum())} of {len(odd)} polygons have a code outside the main groups of the BBG, "
            f"first {first['bbg_code']} at {first.name!r}; expected {ranges}; give an edition of the old method (to 2017)"
        )
        raise SourceError(msg)
    parts = area_parts(bodemgebruik.geometry, units.geometry)
    of_part = group.reindex(parts["subject"]).to_numpy()
    return pd.DataFrame(
        {g.name: per_unit(parts["area_m2"][m := of_part == g.name], parts["unit"][m], units.index) for g in GROUPS},
        index=units.index,
    )


def land_use(units: gpd.GeoDataFrame, land_use_in_units: pd.DataFrame) -> pd.DataFrame:
    """Share of each main group in the part of the unit that the BBG covers, and that part in the whole.

    Returns
    -------
    DataFrame
        ``land_use_<group>_share`` (0..1, together 1; NaN for a unit without any cover) and
        ``land_use_coverage_share`` (0 without cover .. 1; NaN for a unit without area).

    Notes
    -----
    Source: CBS Bestand Bodemgebruik. Most classes are drawn from 1 ha on, so small plots take the use of what
    lies around them. Years of separate editions are not to be compared (CBS).
    """
    covered = land_use_in_units.sum(axis=1)
    shares = {f"land_use_{g.name}_share": ratio(land_use_in_units[g.name], covered) for g in GROUPS}
    return pd.DataFrame({**shares, "land_use_coverage_share": ratio(covered, units["area_m2"])}, index=units.index)


def land_use_mix(land_use_in_units: pd.DataFrame) -> pd.DataFrame:
    """Entropy of the land use in the unit: -Σ p ln p / ln 6, over the six groups of land.

    p is the share within those six (traffic, built-up, semi-built, recreation, agriculture, nature), and 6 is
    fixed, however many are present. Water and abroad take no part.

    Returns
    -------
    DataFrame
        ``land_use_entropy``: 0 one group only .. 1 all six equal; NaN for a unit without such land.

    Notes
    -----
    Source: land-use mix score LUM, as the Fenland Study documents it (LUM_entropy_score).
    """
    land = land_use_in_units[_MIXING]
    p = land.div(land.sum(axis=1).where(lambda s: s > 0, np.nan), axis=0)
    terms = p * np.log((1 / p).where(p > 0, 1.0))
    entropy = terms.sum(axis=1, skipna=False) / math.log(len(_MIXING))
    return pd.DataFrame({"land_use_entropy": entropy})


def _share_column(group: LandUseGroup) -> Measure:
    nl, en = group.text
    return Measure(
        f"land_use_{group.name}_share", "float64", "share", "intensive",
        Text(f"Bodemgebruik: {nl}", f"Land use: {en}"),
        Text(f"Deel van het gebied (voor zover het BBG het dekt) met hoofdgroep {nl}; leeg zonder dekking.",
             f"Share of the unit (as far as the BBG covers it) in main group {en}; NaN without cover."),
    )  # fmt: skip


TABLES = (land_use_in_units,)

INDICATORS = (
    Indicator(
        land_use,
        (
            *(_share_column(g) for g in GROUPS),
            Measure("land_use_coverage_share", "float64", "share", "intensive", Text("Bodemgebruik: dekking", "Land use: coverage"),
                   Text("Deel van het gebied dat het Bestand Bodemgebruik dekt.",
                        "Share of the unit that the Bestand Bodemgebruik covers.")),
        ),
        Text("Bodemgebruik", "Land use"),
    ),
    Indicator(
        land_use_mix,
        (
            Measure("land_use_entropy", "float64", "index", "intensive", Text("Menging van bodemgebruik", "Land-use mix"),
                   Text("Entropie over zes groepen land (verkeer, bebouwd, semi-bebouwd, recreatie, agrarisch, bos en natuur): 0 één groep, 1 alle zes gelijk; leeg zonder zulk land.",
                        "Entropy over six groups of land (traffic, built-up, semi-built, recreation, agriculture, nature): 0 one group, 1 all six equal; NaN without such land.")),
        ),
        Text("Menging van bodemgebruik", "Land-use mix"),
    ),
)  # fmt: skip
