"""Who lives there: inhabitants, households and ages, with bounds where CBS withholds a number.

CBS says how many live in a square of 100 m, and how many in a buurt. The squares are finer, the buurten hold
everyone. So the people of a square are placed at its dwellings, and what CBS withholds of the squares is chosen so that
each buurt holds as many as CBS says. Wherever an area is cut out of that, parts add up to the whole.

CBS rounds what it publishes to a multiple of five, not always the nearest: its published densities show numbers that
are up to four off. That noise is not in the bounds.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from ..clip.kinds import UnitKind
from ..contract import Text
from ..overlap import cell as cell_of
from ..overlap import points_in
from .declaration import Indicator, Measure, Rows, Sum
from .placing import divide, reconcile, sums
from .tables import per_unit, ratio

#: CBS withholds a count below five, so a withheld one is four at most.
WITHHELD_AT_MOST = 4.0
#: A gemeente counts as loaded whole where at least this share of those who live in its buurten can be in the squares
#: that were loaded. Of a neighbour, buurten are whole but squares and addresses stop a little beyond the study area.
LOADED_WHOLE_FROM_SHARE = 0.9
#: Ages as CBS groups them: in the name of a column, and what a reader sees.
AGES: dict[str, Text] = {
    "age_0_15": Text("0 tot 15 jaar", "0 to 15 years"),
    "age_15_25": Text("15 tot 25 jaar", "15 to 25 years"),
    "age_25_45": Text("25 tot 45 jaar", "25 to 45 years"),
    "age_45_65": Text("45 tot 65 jaar", "45 to 65 years"),
    "age_65_plus": Text("65 jaar en ouder", "65 years and over"),
}
_SIDE_M = 100
_PEOPLE, _HOMES = ("inhabitants",), ("households",)
#: Of a published percentage, in whole percents, the number itself can be half a percent off.
_HALF_PERCENT = 0.005


def _names(what: Iterable[str]) -> list[str]:
    """The columns of each: the number, the least and the most that it can be."""
    return [f"{name}_{end}" for name in what for end in ("count", "low_count", "high_count")]


def _cells(points: gpd.GeoSeries) -> npt.NDArray[np.int64]:
    """Number of the square of the RD grid that each point lies in: its corner in hundreds of metres, as xxxxyyyyy.

    On a line between squares that is the one west or south of it, as `overlap.points_in` has it for squares by id.
    """
    x, y = (cell_of(axis.to_numpy(), _SIDE_M) for axis in (points.x, points.y))
    cells: npt.NDArray[np.int64] = x * 100_000 + y
    return cells


def _ids(cells: npt.NDArray[np.int64]) -> list[str]:
    """Names of squares, as CBS gives them."""
    return [f"E{cell // 100_000:04d}N{cell % 100_000:04d}" for cell in cells.tolist()]


# --- tables


def people_squares(vierkant_100m: gpd.GeoDataFrame, counted_addresses: gpd.GeoDataFrame) -> pd.DataFrame:
    """Give what is known of every 100 m square that can have inhabitants.

    A published number counts as is. A withheld one is 0 to 4, of inhabitants and households 1 to 4 where a dwelling
    stands in the square. A square that CBS left out has fewer than five inhabitants: with a dwelling all that it has is
    withheld, without one it is empty and not in this table. There are never more households, or people of an age, than
    inhabitants; where the source has no numbers of them at all, that is all that is known.

    Returns
    -------
    DataFrame
        Index vierkant_id, in order of it; ``cell`` (number of the square in the RD grid), ``dwellings`` and
        ``addresses`` (counted in it), and of ``inhabitants``, ``households`` and each age ``_count`` (NaN where not
        published), ``_low_count`` and ``_high_count``.
    """
    cell = _cells(vierkant_100m.geometry.centroid)
    stands = _cells(counted_addresses.geometry)
    is_dwelling = counted_addresses["is_dwelling"].to_numpy(dtype=bool)
    left_out = np.setdiff1d(stands[is_dwelling], cell)
    squares = pd.DataFrame(
        {"cell": np.concatenate([cell, left_out])},
        index=pd.Index([*vierkant_100m.index, *_ids(left_out)], name="vierkant_id", dtype="str"),
    ).sort_index()
    for name, cells in (("dwellings", stands[is_dwelling]), ("addresses", stands)):
        squares[name] = pd.Index(cells).value_counts().reindex(squares["cell"], fill_value=0).to_numpy()
    # What no square has a number of is not withheld: this edition does not have it.
    at_most = {_PEOPLE[0]: WITHHELD_AT_MOST}
    for group in (_HOMES, tuple(AGES)):
        is_there = vierkant_100m[[f"{what}_count" for what in group]].notna().any(axis=None)
        at_most |= dict.fromkeys(group, WITHHELD_AT_MOST if is_there else np.inf)
    for what in (*_PEOPLE, *_HOMES, *AGES):
        known = vierkant_100m[f"{what}_count"].reindex(squares.index).astype("float64")
        most = at_most[what]
        high = known.fillna(most if what in _PEOPLE else squares["inhabitants_high_count"].clip(upper=most))
        least = (squares["dwellings"] > 0).astype("float64") if what not in AGES else 0.0
        squares[f"{what}_count"] = known
        squares[f"{what}_low_count"] = known.fillna(high.clip(upper=least))
        squares[f"{what}_high_count"] = high
    return squares


def people_points(
    people_squares: pd.DataFrame, counted_addresses: gpd.GeoDataFrame, buurt: gpd.GeoDataFrame
) -> gpd.GeoDataFrame:
    """Place the inhabitants of each square, so that each buurt holds as many as CBS says.

    People of a square live at its dwellings, as many at each; without a dwelling at its addresses; without an address
    in its middle. Of each buurt that was loaded whole, what CBS withholds of the squares is chosen between its bounds
    so that the buurt meets its published number; where that is not enough, all numbers in it are multiplied by one
    factor. Where CBS has people in a buurt and none in any of its squares, they live at its dwellings, or in its middle.
    Elsewhere (buurt withheld, not there, or loaded in part) the middle between the bounds is taken.

    Returns
    -------
    GeoDataFrame
        Index verblijfsobject_id, ``square:`` and the id of a square, or ``buurt:`` and the code of a buurt; Point.
        ``estimate``, ``low`` and ``high`` (persons): the bounds hold what the square allows and what the buurt asks,
        not the rounding of either. ``square`` (id), ``share`` (part of the square that was placed here),
        ``is_published`` (whether CBS published the number of the square) and ``buurt`` (code of the buurt whose number
        was met, '' for none). Points where nobody can live are not there.
    """
    squares, buurt = people_squares, buurt.sort_index()
    at = pd.Index(squares["cell"]).get_indexer(_cells(counted_addresses.geometry))
    is_dwelling = counted_addresses["is_dwelling"].to_numpy(dtype=bool)
    homeless = np.append(squares["dwellings"].to_numpy() == 0, False)
    seated = is_dwelling | homeless[at]
    bare = np.flatnonzero((squares["addresses"].to_numpy() == 0) & (squares["inhabitants_high_count"].to_numpy() > 0))
    corner = squares["cell"].to_numpy()[bare]
    middle = shapely.points((corner // 100_000 + 0.5) * _SIDE_M, (corner % 100_000 + 0.5) * _SIDE_M)

    def points(extra: npt.NDArray[Any], names: list[str]) -> gpd.GeoSeries:
        homes = counted_addresses.geometry[seated]
        geometry = np.concatenate([homes.to_numpy(), middle, extra])
        index = pd.Index([*homes.index, *("square:" + squares.index[bare]), *names], dtype="str")
        return gpd.GeoSeries(geometry, index=index, crs=counted_addresses.crs)

    square = np.concatenate([at[seated], bare])
    share = 1.0 / np.bincount(square, minlength=len(squares))[square]
    low, high = (squares[f"inhabitants_{end}_count"].to_numpy()[square] * share for end in ("low", "high"))
    seats = np.concatenate([is_dwelling[seated].astype("float64"), np.zeros(len(bare))])
    placed = points(np.empty(0, dtype=object), [])
    group = _position(placed, buurt)
    total = _totals(buurt, sums(high, group, len(buurt)))

    # Buurten in which people live by CBS, without a square that can have any and without a dwelling.
    nowhere = np.flatnonzero((total > 0) & (sums(high + seats, group, len(buurt)) == 0))
    placed = points(
        shapely.point_on_surface(buurt.geometry.to_numpy()[nowhere]), ["buurt:" + c for c in buurt.index[nowhere]]
    )
    n = len(nowhere)
    low, high, share = (np.append(v, np.zeros(n)) for v in (low, high, share))
    seats, group = np.append(seats, np.ones(n)), np.append(group, nowhere)

    estimate = reconcile(low, high, group, total, seats)
    is_published = np.append(squares["inhabitants_count"].notna().to_numpy()[square], np.zeros(n, dtype=bool))
    codes = np.append(np.where(np.isnan(total), "", buurt.index.to_numpy(dtype=object)), "")
    out = gpd.GeoDataFrame(
        {
            "estimate": estimate,
            "low": np.minimum(low, estimate),
            "high": np.maximum(high, estimate),
            "square": [*squares.index.to_numpy()[square], *_ids(_cells(placed.iloc[len(square) :]))],
            "share": share,
            "is_published": is_published,
            "buurt": codes[group],
        },
        index=placed.index,
        geometry=placed.to_numpy(),
        crs=placed.crs,
    )
    return out[out["high"] > 0]


def _position(points: gpd.GeoSeries, areas: gpd.GeoDataFrame) -> npt.NDArray[np.intp]:
    """Position in `areas` of the one that each point lies in, the first of several, -1 for none."""
    pairs = points_in(points, areas.geometry).drop_duplicates("point")
    found = pairs.set_index("point")["unit"].reindex(points.index)
    return np.asarray(areas.index.get_indexer(pd.Index(found)))


def _totals(buurt: gpd.GeoDataFrame, found: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Inhabitants that each buurt must hold; NaN where CBS does not say, or its gemeente was loaded in part."""
    published = buurt["inhabitants_count"].astype("float64")
    by = buurt["gemeente_code"].to_numpy()
    said = published.notna().to_numpy()
    there = pd.Series(found * said).groupby(by).transform("sum").to_numpy()
    wanted = published.fillna(0.0).groupby(by).transform("sum").to_numpy()
    totals: npt.NDArray[np.float64] = published.where(there >= LOADED_WHOLE_FROM_SHARE * wanted).to_numpy()
    return totals


def household_points(
    people_points: gpd.GeoDataFrame, people_squares: pd.DataFrame, buurt: gpd.GeoDataFrame
) -> pd.DataFrame:
    """Place the households as `people_points` places the inhabitants, so that each buurt holds as many as CBS says.

    Returns
    -------
    DataFrame
        Index of `people_points`; ``households_count`` (NaN where neither squares nor the buurt say anything),
        ``households_low_count``, ``households_high_count``.
    """
    group = buurt.index.get_indexer(people_points["buurt"])
    people = people_points["estimate"].to_numpy()
    square, share = _square_of(people_points, people_squares)
    low, high = (
        np.where(share > 0, np.append(people_squares[f"households_{end}_count"], 0.0)[square] * share, other)
        for end, other in (("low", 0.0), ("high", people))
    )
    total = buurt["households_count"].to_numpy(dtype="float64")
    chosen = reconcile(low, high, group, total, people)
    if people_squares["households_count"].isna().all():
        chosen = np.where(np.isnan(np.append(total, np.nan)[group]) & (high > low), np.nan, chosen)
    values = chosen, np.fmin(low, chosen), np.fmax(high, chosen)
    return pd.DataFrame(dict(zip(_names(_HOMES), values, strict=True)), index=people_points.index)


def _square_of(
    people_points: gpd.GeoDataFrame, people_squares: pd.DataFrame
) -> tuple[npt.NDArray[np.intp], npt.NDArray[Any]]:
    """Position of the square of each point, -1 for none, and the part of the square that was placed there."""
    share = people_points["share"].to_numpy(dtype="float64")
    return np.where(share > 0, people_squares.index.get_indexer(people_points["square"]), -1), share


def age_points(people_points: gpd.GeoDataFrame, people_squares: pd.DataFrame, buurt: gpd.GeoDataFrame) -> pd.DataFrame:
    """Divide the inhabitants of `people_points` over the ages, by the squares and so that each buurt has its shares.

    A withheld number of an age counts as the middle of its bounds; a square in which all are withheld has the ages of
    all squares together. From there, proportions are fitted to the percentages of the buurt.

    Returns
    -------
    DataFrame
        Index of `people_points`; per age ``_count``, ``_low_count`` and ``_high_count``. The five ages of a point add
        up to its inhabitants; NaN throughout where the source has no ages at all.
    """
    nothing = np.zeros((1, len(AGES)))
    counts, lows, highs = (
        np.vstack([people_squares[[f"{age}_{end}" for age in AGES]], nothing])
        for end in ("count", "low_count", "high_count")
    )
    percent = buurt[[f"{age}_pct" for age in AGES]].to_numpy(dtype="float64")
    everyone = np.nansum(counts, axis=0)
    if not everyone.sum():
        everyone = np.nansum(percent * buurt["inhabitants_count"].to_numpy(dtype="float64")[:, None], axis=0)
    guess = np.where(np.isnan(counts), (lows + highs) / 2, counts)
    unseen = np.isnan(counts).all(axis=1) | (guess.sum(axis=1) == 0)
    guess = np.where(unseen[:, None], everyone, guess)

    square, share = _square_of(people_points, people_squares)
    group = buurt.index.get_indexer(people_points["buurt"])
    people, most = (people_points[c].to_numpy() for c in ("estimate", "high"))
    # All points of one square in one buurt have the same ages.
    key, which = np.unique(np.column_stack([square, group]), axis=0, return_inverse=True)
    whole = sums(people, which, len(key))
    parts = divide(whole, guess[key[:, 0]], key[:, 1], percent)
    if not everyone.sum():
        parts = np.full_like(parts, np.nan)
    chosen = (parts / np.where(whole > 0, whole, 1.0)[:, None])[which] * people[:, None]
    in_square = (share > 0)[:, None]
    low = np.where(in_square, lows[square] * share[:, None], 0.0)
    high = np.where(in_square, highs[square] * share[:, None], most[:, None])
    values = np.stack([chosen, np.fmin(low, chosen), np.fmax(high, chosen)], axis=2)
    return pd.DataFrame(
        values.reshape(len(people_points), 3 * len(AGES)), index=people_points.index, columns=_names(AGES)
    )


def people_in_units(people_points: gpd.GeoDataFrame, units: gpd.GeoDataFrame) -> pd.DataFrame:
    """Give the unit(s) of each point with inhabitants: columns ``point`` and ``unit``, as `overlap.points_in`."""
    return points_in(people_points.geometry, units.geometry)


def people_square_numbers(people_points: gpd.GeoDataFrame, people_squares: pd.DataFrame, kind: UnitKind) -> pd.Series:
    """Give the inhabitants of each square: as placed, and for squares of 100 m themselves as CBS publishes.

    Returns
    -------
    Series
        Index vierkant_id, persons; NaN where CBS withholds the number of a unit that is a square of 100 m.
    """
    if kind.name == "square_100m":
        own: pd.Series = people_squares["inhabitants_count"]
        return own
    placed: pd.Series = people_points.groupby("square")["estimate"].sum()
    return placed


def people_square_parts(
    people_points: gpd.GeoDataFrame,
    people_in_units: pd.DataFrame,
    people_squares: pd.DataFrame,
    units: gpd.GeoDataFrame,
    kind: UnitKind,
) -> pd.DataFrame:
    """Give the part of each square's inhabitants that lives in each unit.

    Returns
    -------
    DataFrame
        ``subject`` (vierkant_id), ``unit`` and ``share`` (0..1). Squares of 100 m that are units themselves have one
        row each, with a share of 1.
    """
    if kind.name == "square_100m":
        at = pd.Index(people_squares["cell"]).get_indexer(_cells(units.geometry.centroid))
        there = at >= 0
        return pd.DataFrame({"subject": people_squares.index[at[there]], "unit": units.index[there], "share": 1.0})
    points = people_points.loc[people_in_units["point"], ["square", "estimate"]]
    pairs = points.assign(unit=people_in_units["unit"].to_numpy())
    parts = (
        pairs.groupby(["unit", "square"], sort=True)["estimate"].sum().rename_axis(["unit", "subject"]).reset_index()
    )
    whole = people_points.groupby("square")["estimate"].sum().reindex(parts["subject"]).to_numpy()
    # A square in which nobody lives in the end weighs nothing, wherever it lies.
    share = np.where(whole > 0, parts["estimate"] / np.where(whole > 0, whole, 1.0), 1.0)
    return pd.DataFrame({"subject": parts["subject"], "unit": parts["unit"], "share": share})


TABLES = (
    people_squares, people_points, household_points, age_points,
    people_in_units, people_square_numbers, people_square_parts,
)  # fmt: skip


# --- indicators: what CBS publishes for the unit itself


def inhabitants_published(
    units: gpd.GeoDataFrame, kind: UnitKind, buurt: gpd.GeoDataFrame, wijk: gpd.GeoDataFrame
) -> pd.DataFrame:
    """Inhabitants of whole buurten, wijken and gemeenten, as CBS publishes them, also per km² of land and per hectare.

    A gemeente is the sum of its wijken. A withheld number is 0 to 4.

    Returns
    -------
    DataFrame
        As `inhabitants_from_squares`; ``inhabitants_count`` is NaN where CBS withholds the number of the unit
        or of one of its wijken, and all are NaN for a unit that CBS does not have. ``inhabitants_coverage_share`` is
        below 1 only where a number is withheld.

    Notes
    -----
    Source: CBS, Kerncijfers wijken en buurten, 1 January of the edition.
    """
    known, code = _of_kind(kind, buurt, wijk)
    count = known["inhabitants_count"]
    out = _summed(count, count.fillna(0.0), count.fillna(WITHHELD_AT_MOST), code, units.index, "inhabitants")
    low, high = out["inhabitants_low_count"], out["inhabitants_high_count"]
    return _inhabitants(out, ratio(low, (low + high) / 2), units)


def households_published(
    units: gpd.GeoDataFrame, kind: UnitKind, buurt: gpd.GeoDataFrame, wijk: gpd.GeoDataFrame
) -> pd.DataFrame:
    """Households of whole buurten, wijken and gemeenten, as CBS publishes them, per hectare, and their size.

    A gemeente is the sum of its wijken. Of a number that is not published no more is known than that there are no
    more households than inhabitants.

    Returns
    -------
    DataFrame
        ``households_count`` (NaN where CBS does not publish the number of the unit or of one of its wijken),
        ``households_low_count`` and ``households_high_count``, ``households_per_ha`` (by the area of the unit) and
        ``household_size`` (inhabitants per household; NaN without households).

    Notes
    -----
    Source: CBS, Kerncijfers wijken en buurten, 1 January of the edition.
    """
    known, code = _of_kind(kind, buurt, wijk)
    people, count = known["inhabitants_count"], known["households_count"]
    nobody = count.where(count.notna() | (people != 0), 0.0)
    most = people.fillna(WITHHELD_AT_MOST)
    out = _summed(nobody, nobody.fillna(0.0), nobody.fillna(most), code, units.index, "households")
    inhabitants = _summed(people, people, people, code, units.index, "inhabitants")["inhabitants_count"]
    return _households(out, inhabitants, units)


def ages_published(
    units: gpd.GeoDataFrame, kind: UnitKind, buurt: gpd.GeoDataFrame, wijk: gpd.GeoDataFrame
) -> pd.DataFrame:
    """Inhabitants per age of whole buurten, wijken and gemeenten, from the percentages that CBS publishes.

    A gemeente is the sum of its wijken. A percentage is whole, so a number can be half a percent of the inhabitants
    more or less; of one that is withheld no more is known than that it is no more than the inhabitants.

    Returns
    -------
    DataFrame
        Per age the number (NaN where CBS withholds the percentage, or the number of inhabitants), the least and the
        most that it can be, and its share of the five together (NaN where one of them is not known, or nobody lives):
        ``age_0_15_count``, ``age_0_15_low_count``, ``age_0_15_high_count``, ``age_0_15_share``;
        ``age_15_25_count``, ``age_15_25_low_count``, ``age_15_25_high_count``, ``age_15_25_share``;
        ``age_25_45_count``, ``age_25_45_low_count``, ``age_25_45_high_count``, ``age_25_45_share``;
        ``age_45_65_count``, ``age_45_65_low_count``, ``age_45_65_high_count``, ``age_45_65_share``;
        ``age_65_plus_count``, ``age_65_plus_low_count``, ``age_65_plus_high_count``, ``age_65_plus_share``.

    Notes
    -----
    Source: CBS, Kerncijfers wijken en buurten, 1 January of the edition.
    """
    known, code = _of_kind(kind, buurt, wijk)
    people = known["inhabitants_count"]
    most = people.fillna(WITHHELD_AT_MOST)
    found = []
    for age in AGES:
        part = known[f"{age}_pct"] / 100
        count = (part * people).where(people != 0, 0.0)
        low = ((part - _HALF_PERCENT).clip(lower=0.0) * people).where(count.notna(), 0.0).where(people != 0, 0.0)
        high = ((part + _HALF_PERCENT).clip(upper=1.0) * people).where(count.notna(), most).where(people != 0, 0.0)
        found.append(_summed(count, low, high, code, units.index, age))
    return _ages(pd.concat(found, axis=1))


def _of_kind(kind: UnitKind, buurt: gpd.GeoDataFrame, wijk: gpd.GeoDataFrame) -> tuple[pd.DataFrame, npt.NDArray[Any]]:
    """The published figures that units of a kind are made of, and the unit of each."""
    if kind.published == "gemeente":
        return wijk, wijk["gemeente_code"].to_numpy()
    known = buurt if kind.published == "buurt" else wijk
    return known, known.index.to_numpy()


def _summed(
    count: pd.Series, low: pd.Series, high: pd.Series, code: npt.NDArray[Any], index: pd.Index, name: str
) -> pd.DataFrame:
    """Sum per unit; the count is NaN where one of its parts is, and all are where the unit is not there."""
    parts = pd.DataFrame(dict(zip(_names([name]), (count, low, high), strict=True)))
    return parts.groupby(code).sum(skipna=False).reindex(index).astype("float64")


# --- indicators: from squares


def inhabitants_from_squares(
    units: gpd.GeoDataFrame,
    kind: UnitKind,
    people_points: gpd.GeoDataFrame,
    people_squares: pd.DataFrame,
    people_in_units: pd.DataFrame,
    people_square_parts: pd.DataFrame,
    people_square_numbers: pd.Series,
) -> pd.DataFrame:
    """Inhabitants of the unit by CBS squares of 100 m, placed at dwellings so that buurten hold what CBS publishes.

    For squares of 100 m themselves it is CBS's own number, NaN where that is withheld.

    Returns
    -------
    DataFrame
        ``inhabitants_count``, ``inhabitants_low_count``, ``inhabitants_high_count`` (0 where no square has
        inhabitants and no dwelling stands), ``inhabitants_coverage_share`` (the part of the count that is in squares
        with a published number; NaN where nobody lives), ``inhabitants_per_km2`` (by land area; NaN where there is no
        land, or its area is not known) and ``inhabitants_per_ha`` (by the area of the unit).

    Notes
    -----
    Source: CBS, Vierkantstatistieken 100 m and Kerncijfers wijken en buurten, 1 January of their editions; BAG. People
    are taken as spread evenly over the dwellings of their square. The bounds hold what is withheld and what the total
    of the buurt asks for; a published number of a buurt is met exactly, though CBS rounds it.
    """
    out = _from_points(
        people_points[["estimate", "low", "high"]].set_axis(_names(_PEOPLE), axis=1), people_in_units, units
    )
    if kind.name == "square_100m":
        out = _own(people_squares, _PEOPLE, people_square_parts, units)
    number = people_square_numbers.reindex(people_square_parts["subject"]) * people_square_parts["share"].to_numpy()
    out["inhabitants_count"] = per_unit(number, people_square_parts["unit"], units.index)
    if kind.name == "square_100m":
        covered = out["inhabitants_count"].fillna(0.0)
        guessed = out["inhabitants_count"].fillna((out["inhabitants_low_count"] + out["inhabitants_high_count"]) / 2)
    else:
        published = people_points["estimate"].where(people_points["is_published"], 0.0)
        covered = _from_points(published.to_frame(), people_in_units, units)["estimate"]
        guessed = out["inhabitants_count"]
    return _inhabitants(out, ratio(covered, guessed).clip(upper=1.0), units)


def households_from_squares(
    units: gpd.GeoDataFrame,
    kind: UnitKind,
    people_points: gpd.GeoDataFrame,
    household_points: pd.DataFrame,
    people_squares: pd.DataFrame,
    people_in_units: pd.DataFrame,
    people_square_parts: pd.DataFrame,
) -> pd.DataFrame:
    """Households of the unit, placed as the inhabitants are, per hectare, and how many inhabitants they have.

    For squares of 100 m themselves it is CBS's own number, NaN where that is withheld.

    Returns
    -------
    DataFrame
        ``households_count``, ``households_low_count``, ``households_high_count`` (0 where nobody lives; the count is
        NaN where the source has no households), ``households_per_ha`` (by the area of the unit) and
        ``household_size`` (inhabitants per household, those in institutions among them; NaN without households).

    Notes
    -----
    Source: CBS, Vierkantstatistieken 100 m and Kerncijfers wijken en buurten, 1 January of their editions; BAG.
    """
    if kind.name == "square_100m":
        out = _own(people_squares, (*_HOMES, *_PEOPLE), people_square_parts, units)
        return _households(out[_names(_HOMES)], out["inhabitants_count"], units)
    out = _from_points(household_points, people_in_units, units)
    inhabitants = _from_points(people_points[["estimate"]], people_in_units, units)["estimate"]
    return _households(out, inhabitants, units)


def ages_from_squares(
    units: gpd.GeoDataFrame,
    kind: UnitKind,
    age_points: pd.DataFrame,
    people_squares: pd.DataFrame,
    people_in_units: pd.DataFrame,
    people_square_parts: pd.DataFrame,
) -> pd.DataFrame:
    """Inhabitants of the unit per age, divided by the squares so that each buurt has the shares that CBS publishes.

    For squares of 100 m themselves it is CBS's own number, NaN where that is withheld.

    Returns
    -------
    DataFrame
        Per age the number, the least and the most that it can be (0 where nobody lives; NaN where the source has no
        ages), and its share of the five together (0..1; NaN where one of them is not known, or nobody lives):
        ``age_0_15_count``, ``age_0_15_low_count``, ``age_0_15_high_count``, ``age_0_15_share``;
        ``age_15_25_count``, ``age_15_25_low_count``, ``age_15_25_high_count``, ``age_15_25_share``;
        ``age_25_45_count``, ``age_25_45_low_count``, ``age_25_45_high_count``, ``age_25_45_share``;
        ``age_45_65_count``, ``age_45_65_low_count``, ``age_45_65_high_count``, ``age_45_65_share``;
        ``age_65_plus_count``, ``age_65_plus_low_count``, ``age_65_plus_high_count``, ``age_65_plus_share``.

    Notes
    -----
    Source: CBS, Vierkantstatistieken 100 m and Kerncijfers wijken en buurten, 1 January of their editions. Fitted to
    both by iterative proportional fitting (Deming and Stephan, Annals of Mathematical Statistics 11, 1940).
    """
    if kind.name == "square_100m":
        return _ages(_own(people_squares, AGES, people_square_parts, units))
    return _ages(_from_points(age_points, people_in_units, units))


def _from_points(values: pd.DataFrame, people_in_units: pd.DataFrame, units: gpd.GeoDataFrame) -> pd.DataFrame:
    """Sum of each column over the points in each unit."""
    here = values.reindex(people_in_units["point"])
    return pd.DataFrame(
        {c: per_unit(here[c], people_in_units["unit"], units.index) for c in values.columns}, index=units.index
    )


def _own(
    people_squares: pd.DataFrame, what: Iterable[str], parts: pd.DataFrame, units: gpd.GeoDataFrame
) -> pd.DataFrame:
    """What CBS says of the squares that are units themselves; 0 where it has no square and no dwelling stands."""
    own = people_squares.reindex(columns=_names(what)).loc[parts["subject"]].set_axis(parts["unit"], axis=0)
    here = units.index.isin(own.index)
    return own.reindex(units.index).where(own.reindex(units.index).notna() | here[:, None], 0.0).astype("float64")


# --- what both have in common


def _inhabitants(out: pd.DataFrame, coverage: pd.Series, units: gpd.GeoDataFrame) -> pd.DataFrame:
    count = out["inhabitants_count"]
    return out[_names(_PEOPLE)].assign(
        inhabitants_coverage_share=coverage,
        inhabitants_per_km2=ratio(count, units["land_area_m2"]) * 1e6,
        inhabitants_per_ha=ratio(count, units["area_m2"]) * 1e4,
    )


def _households(out: pd.DataFrame, inhabitants: pd.Series, units: gpd.GeoDataFrame) -> pd.DataFrame:
    count = out["households_count"]
    return out.assign(
        households_per_ha=ratio(count, units["area_m2"]) * 1e4,
        household_size=ratio(inhabitants, count),
    )


def _ages(out: pd.DataFrame) -> pd.DataFrame:
    together = sum((out[f"{age}_count"] for age in AGES), start=pd.Series(0.0, index=out.index))
    columns = [c for age in AGES for c in (*_names([age]), f"{age}_share")]
    return out.assign(**{f"{age}_share": ratio(out[f"{age}_count"], together) for age in AGES})[columns]


_AS_PUBLISHED = Text(
    "Zoals CBS publiceert; een gemeente is de som van haar wijken.",
    "As CBS publishes it; a gemeente is the sum of its wijken.",
)
_INHABITANTS = (
    Measure("inhabitants_count", "float64", "count", "extensive", Text("Inwoners", "Inhabitants"),
           Text("Inwoners op 1 januari: van hele buurten, wijken en gemeenten zoals CBS publiceert, van vierkanten van 100 m ook; anders uit die vierkanten, geplaatst bij hun woningen, zo dat elke buurt haar gepubliceerde aantal heeft. Leeg waar CBS het eigen getal van een gebied afschermt.",
                "Inhabitants on 1 January: of whole buurten, wijken and gemeenten as CBS publishes, and of 100 m squares too; else from those squares, placed at their dwellings, so that each buurt has its published number. NaN where CBS withholds the unit's own number."),
           rows=Rows("vierkant_100m", "people_square_parts", "people_square_numbers"),
           coverage="inhabitants_coverage_share", bounds=("inhabitants_low_count", "inhabitants_high_count"), missing="withheld"),
    Measure("inhabitants_low_count", "float64", "count", "extensive", Text("Inwoners, ten minste", "Inhabitants, at least"),
           Text("Ondergrens: een afgeschermd aantal telt als 0, in een vierkant met een woning als 1, of minder waar het aantal van de buurt dat vraagt; zonder de afronding op vijf van CBS.",
                "Lower bound: a withheld number counts as 0, in a square with a dwelling as 1, or less where the number of the buurt asks for it; without the rounding to five by CBS."),
           how=Text("Som over de punten waar inwoners zijn geplaatst.", "Sum over the points where inhabitants were placed."), missing="not_published"),
    Measure("inhabitants_high_count", "float64", "count", "extensive", Text("Inwoners, ten hoogste", "Inhabitants, at most"),
           Text("Bovengrens: een afgeschermd aantal telt als 4, of meer waar het aantal van de buurt dat vraagt; zonder de afronding op vijf van CBS.",
                "Upper bound: a withheld number counts as 4, or more where the number of the buurt asks for it; without the rounding to five by CBS."),
           how=Text("Som over de punten waar inwoners zijn geplaatst.", "Sum over the points where inhabitants were placed."), missing="not_published"),
    Measure("inhabitants_coverage_share", "float64", "share", "intensive", Text("Inwoners, deel gepubliceerd", "Inhabitants, share published"),
           Text("Deel van de inwoners van het gebied in vierkanten (of buurten, wijken) met een gepubliceerd getal; de rest is het midden tussen grenzen of aangevuld tot het aantal van de buurt.",
                "Share of the unit's inhabitants in squares (or buurten, wijken) with a published number; the rest is the middle between bounds, or filled up to the number of the buurt."),
           how=Text("Inwoners in vierkanten met een gepubliceerd getal, gedeeld door alle inwoners.", "Inhabitants in squares with a published number, divided by all inhabitants."), missing="no_inhabitants"),
    Measure("inhabitants_per_km2", "float64", "1/km²", "intensive", Text("Bevolkingsdichtheid", "Population density"),
           Text("Inwoners gedeeld door de oppervlakte land in km²; leeg zonder land of als die oppervlakte niet bekend is.",
                "Inhabitants divided by the land area in km²; NaN without land, or where its area is not known."),
           formula="inhabitants_count / land_area_m2 * 1e6", coverage="inhabitants_coverage_share", missing="no_land"),
    Measure("inhabitants_per_ha", "float64", "1/ha", "intensive", Text("Inwoners per hectare", "Inhabitants per hectare"),
           Text("Inwoners gedeeld door de oppervlakte van het gebied, land en water, in hectaren.",
                "Inhabitants divided by the area of the unit, land and water, in hectares."),
           formula="inhabitants_count / area_m2 * 1e4", coverage="inhabitants_coverage_share", missing="no_area"),
)  # fmt: skip

_HOUSEHOLDS = (
    Measure("households_count", "float64", "count", "extensive", Text("Huishoudens", "Households"),
           Text("Particuliere huishoudens op 1 januari: van hele buurten, wijken, gemeenten en vierkanten van 100 m zoals CBS publiceert; anders uit die vierkanten, geplaatst als de inwoners, zo dat elke buurt haar gepubliceerde aantal heeft. Leeg waar CBS het eigen getal van een gebied niet publiceert.",
                "Private households on 1 January: of whole buurten, wijken, gemeenten and 100 m squares as CBS publishes; else from those squares, placed as the inhabitants are, so that each buurt has its published number. NaN where CBS does not publish the unit's own number."),
           how=Text("Som over de punten waar inwoners zijn geplaatst.", "Sum over the points where inhabitants were placed."),
           coverage="inhabitants_coverage_share", bounds=("households_low_count", "households_high_count"), missing="not_published"),
    Measure("households_low_count", "float64", "count", "extensive", Text("Huishoudens, ten minste", "Households, at least"),
           Text("Ondergrens: een afgeschermd aantal telt als 0, in een vierkant met een woning als 1, of minder waar het aantal van de buurt dat vraagt; zonder de afronding op vijf van CBS.",
                "Lower bound: a withheld number counts as 0, in a square with a dwelling as 1, or less where the number of the buurt asks for it; without the rounding to five by CBS."),
           how=Text("Som over de punten waar inwoners zijn geplaatst.", "Sum over the points where inhabitants were placed."), missing="not_published"),
    Measure("households_high_count", "float64", "count", "extensive", Text("Huishoudens, ten hoogste", "Households, at most"),
           Text("Bovengrens: een afgeschermd aantal telt als 4 en niet meer dan de inwoners, of meer waar het aantal van de buurt dat vraagt; zonder de afronding op vijf van CBS.",
                "Upper bound: a withheld number counts as 4 and no more than the inhabitants, or more where the number of the buurt asks for it; without the rounding to five by CBS."),
           how=Text("Som over de punten waar inwoners zijn geplaatst.", "Sum over the points where inhabitants were placed."), missing="not_published"),
    Measure("households_per_ha", "float64", "1/ha", "intensive", Text("Huishoudens per hectare", "Households per hectare"),
           Text("Huishoudens gedeeld door de oppervlakte van het gebied, land en water, in hectaren.",
                "Households divided by the area of the unit, land and water, in hectares."),
           formula="households_count / area_m2 * 1e4", coverage="inhabitants_coverage_share", missing="no_area"),
    Measure("household_size", "float64", "person", "intensive", Text("Huishoudensgrootte", "Household size"),
           Text("Inwoners, ook die in instellingen, gedeeld door particuliere huishoudens; leeg zonder huishoudens.",
                "Inhabitants, those in institutions among them, divided by private households; NaN without households."),
           formula="inhabitants_count / households_count", coverage="inhabitants_coverage_share", missing="no_inhabitants"),
)  # fmt: skip

_TOGETHER = " + ".join(f"{age}_count" for age in AGES)


def _of_age(age: str, of: Text) -> tuple[Measure, ...]:
    placed = Text(
        "Som over de punten waar inwoners zijn geplaatst.", "Sum over the points where inhabitants were placed."
    )
    return (
        Measure(f"{age}_count", "float64", "count", "extensive", Text(f"Inwoners {of.nl}", f"Inhabitants {of.en}"),
               Text(f"Inwoners van {of.nl} op 1 januari: van buurten, wijken en gemeenten het gepubliceerde percentage van de inwoners, van vierkanten van 100 m het gepubliceerde aantal; anders de inwoners verdeeld naar de vierkanten, zo dat elke buurt haar percentages heeft. Leeg waar CBS het eigen getal afschermt.",
                    f"Inhabitants of {of.en} on 1 January: of buurten, wijken and gemeenten the published percentage of the inhabitants, of 100 m squares the published number; else the inhabitants divided by the squares, so that each buurt has its percentages. NaN where CBS withholds the unit's own number."),
               how=placed, coverage="inhabitants_coverage_share", bounds=(f"{age}_low_count", f"{age}_high_count"), missing="withheld"),
        Measure(f"{age}_low_count", "float64", "count", "extensive", Text(f"Inwoners {of.nl}, ten minste", f"Inhabitants {of.en}, at least"),
               Text("Ondergrens: een afgeschermd aantal telt als 0, een percentage een half procent lager, of minder waar de buurt dat vraagt; zonder de afronding op vijf van CBS.",
                    "Lower bound: a withheld number counts as 0, a percentage half a percent less, or less where the buurt asks for it; without the rounding to five by CBS."),
               how=placed, missing="not_published"),
        Measure(f"{age}_high_count", "float64", "count", "extensive", Text(f"Inwoners {of.nl}, ten hoogste", f"Inhabitants {of.en}, at most"),
               Text("Bovengrens: een afgeschermd aantal telt als 4 en niet meer dan de inwoners, een percentage een half procent hoger, of meer waar de buurt dat vraagt; zonder de afronding op vijf van CBS.",
                    "Upper bound: a withheld number counts as 4 and no more than the inhabitants, a percentage half a percent more, or more where the buurt asks for it; without the rounding to five by CBS."),
               how=placed, missing="not_published"),
        Measure(f"{age}_share", "float64", "share", "intensive", Text(f"Aandeel {of.nl}", f"Share {of.en}"),
               Text(f"Inwoners van {of.nl} gedeeld door de inwoners van alle vijf leeftijden samen; leeg als een van die getallen niet bekend is of er niemand woont.",
                    f"Inhabitants of {of.en} divided by the inhabitants of all five ages together; NaN where one of those is not known, or nobody lives."),
               formula=f"{age}_count / ({_TOGETHER})", coverage="inhabitants_coverage_share", missing="no_inhabitants"),
    )  # fmt: skip


_OF_AGES = tuple(measure for age, of in AGES.items() for measure in _of_age(age, of))
_ALL_AGES = Sum(tuple(f"{age}_share" for age in AGES))


def _published(measures: tuple[Measure, ...]) -> tuple[Measure, ...]:
    """The same measures where CBS publishes them for the unit itself."""
    return tuple(m if m.formula else replace(m, rows=None, how=_AS_PUBLISHED) for m in measures)


INDICATORS = (
    Indicator(
        inhabitants_published, _published(_INHABITANTS), Text("Inwoners", "Inhabitants"), published=True, series=True
    ),
    Indicator(inhabitants_from_squares, _INHABITANTS, Text("Inwoners", "Inhabitants"), published=False, series=True),
    Indicator(
        households_published, _published(_HOUSEHOLDS), Text("Huishoudens", "Households"), published=True, series=True
    ),
    Indicator(households_from_squares, _HOUSEHOLDS, Text("Huishoudens", "Households"), published=False, series=True),
    Indicator(
        ages_published, _published(_OF_AGES), Text("Leeftijden", "Ages"), published=True, sums=(_ALL_AGES,), series=True
    ),
    Indicator(ages_from_squares, _OF_AGES, Text("Leeftijden", "Ages"), published=False, sums=(_ALL_AGES,), series=True),
)
