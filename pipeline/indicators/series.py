"""Series over years: the same indicators, made from what the registers said of another year.

An indicator that declares a series has values for a year when each of its sources that come in editions was loaded in
the edition of that year. Sources without editions stay as they are, and so do the units. Addresses are those of now in
every year: they only say where in its square or buurt someone lives, so that people of an earlier year stand at
dwellings of now; and a square that an earlier edition leaves out counts as withheld, one to four inhabitants, where a
dwelling stands in it now. How many live in a square or a buurt is what its year says.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from ..clip.kinds import UnitKind

#: A unit whose outline differs by more than this share of its area is other ground in another edition. Borders are drawn
#: a little anew each year, which moves nobody; beyond this a number could change by as much as people move in a year.
OTHER_GROUND_ABOVE_SHARE = 0.02


def years(loaded: Mapping[str, Sequence[int]]) -> tuple[int, ...]:
    """Give the years that a series has values for, the newest first.

    The newest is that of the current editions; where these differ, that of the newest of them.

    Parameters
    ----------
    loaded
        Each source of the indicator that comes in editions -> the years in which it was loaded, the current one first.
    """
    if not loaded:
        return ()
    now = max(own[0] for own in loaded.values())
    shared = set.intersection(*(set(own) for own in loaded.values()))
    return (now, *sorted((y for y in shared if y < now), reverse=True))


def other_ground(
    kind: UnitKind, now: Mapping[str, gpd.GeoDataFrame], then: Mapping[str, gpd.GeoDataFrame]
) -> frozenset[str]:
    """Give the units whose published number of another edition is one of other ground: no number of this unit.

    That is where the symmetric difference of both outlines is more than `OTHER_GROUND_ABOVE_SHARE` of the unit's area,
    and where the other edition does not have the code. Units that no register publishes are made of whatever lies in
    them, and are never among these.

    Parameters
    ----------
    now, then
        Source name -> layer, of the current and of the other edition; a gemeente is taken as its wijken together.
    """
    if kind.published is None:
        return frozenset()
    ours, theirs = (_outlines(kind, layers) for layers in (now, then))
    there = theirs.reindex(ours.index)
    known = there.notna().to_numpy()
    here = ours.to_numpy()[known]
    moved = shapely.area(shapely.symmetric_difference(here, there.to_numpy()[known]))
    other = ~known
    other[known] = moved > OTHER_GROUND_ABOVE_SHARE * shapely.area(here)
    return frozenset(ours.index[other])


def _outlines(kind: UnitKind, layers: Mapping[str, gpd.GeoDataFrame]) -> pd.Series:
    """Outline by code of the unit."""
    if kind.published != "gemeente":
        layer = layers[str(kind.published)]
        return pd.Series(layer.geometry.to_numpy(), index=layer.index, dtype="object")
    wijk = layers["wijk"]
    by = wijk.groupby("gemeente_code").indices
    whole = [shapely.union_all(wijk.geometry.to_numpy()[rows]) for rows in by.values()]
    return pd.Series(whole, index=list(by), dtype="object")


def of_year(table: pd.DataFrame, other: frozenset[str]) -> pd.DataFrame:
    """Give what was computed of a year, empty for the units that were other ground."""
    return table[~table.index.isin(list(other))].reindex(table.index)


def own_numbers(computed: pd.DataFrame, unfilled: pd.DataFrame) -> pd.DataFrame:
    """Give what was computed of the current edition, empty throughout where it rests on an earlier one.

    A new edition comes without some columns, which are taken from the one before. For the numbers of now that is the
    best there is; in a series it would say that nothing changed.

    Parameters
    ----------
    computed
        The measures, one row per unit.
    unfilled
        The same, computed without what was taken from earlier editions.
    """
    own = [np.array_equal(computed[c], unfilled[c], equal_nan=True) for c in computed.columns]
    return computed.where(np.tile(own, (len(computed), 1)))
