"""Sums that must hold: of every amount, the parts of a unit are together what the unit has.

What is a part of what is seen from the ground, not from a list: parts whose areas are together the area of a unit are
that unit, whatever kind both are of. So every new amount, and every new kind of unit, is looked at by itself.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from ..contract import Text
from ..measures import Measure, Sum
from ..overlap import points_in
from .computed import Computed, both, measures_of, unit_called
from .declaration import Check, State

_Floats = npt.NDArray[np.float64]
_Rows = dict[str, npt.NDArray[Any]]
#: Kind of the parts and of the whole -> which part is of which whole, as `nested` gives it.
Links = Mapping[tuple[str, str], pd.DataFrame]

#: What two ways of adding up may differ by, relative.
EXACT = 1e-9
#: CBS rounds to five.
ROUNDING = 2.5
#: CBS gives land in whole hectares.
LAND_ROUNDING_M2 = 5_000.0
#: Of published numbers: beyond this share of the whole, rounding and withheld numbers explain nothing.
PUBLISHED_LIMIT = 0.1

LAND = Measure(
    "land_area_m2", "float64", "m²", "extensive", Text("Oppervlakte land", "Land area"),
    Text("Oppervlakte land van het gebied.", "Land area of the unit."),
)  # fmt: skip

_EXACT_SAID = Text("10⁻⁹ van de som", "10⁻⁹ of the sum")
_NEAR_SAID = Text("{} van de som, zo precies als het gemeten wordt", "{} of the sum, as precise as it is measured")
_ROUNDED_SAID = Text(
    "10⁻⁹ van de som; {} per gepubliceerd getal, dat CBS afrondt",
    "10⁻⁹ of the sum; {} per published number, which CBS rounds",
)


def nested(part: gpd.GeoDataFrame, whole: gpd.GeoDataFrame) -> pd.DataFrame:
    """Say which units of `part` make up a unit of `whole`, without gap.

    Returns
    -------
    DataFrame
        One row per part: ``part``, ``whole``, labels of the two indexes.
    """
    inside = points_in(part.geometry.representative_point(), whole.geometry).drop_duplicates("point")
    areas = part["area_m2"].reindex(inside["point"]).groupby(inside["unit"].to_numpy()).sum()
    target = whole["area_m2"].reindex(areas.index)
    full = areas.index[np.isclose(areas, target, rtol=EXACT, atol=0)]
    kept = inside[inside["unit"].isin(full)]
    return pd.DataFrame({"part": kept["point"].to_numpy(), "whole": kept["unit"].to_numpy()})


def check_sums(tables: Sequence[Computed], known: Links | None = None, *, land: bool = True) -> Iterator[Check]:
    """One check per amount, over all pairs of kinds in which parts make up a whole.

    Parameters
    ----------
    tables
        Every kind of unit with its amounts.
    known
        What `links` says of the same units; it is asked where this is None.
    land
        Whether land is one of the amounts.
    """
    amounts = [m for m in ((LAND,) * land + tuple(measures_of(tables).values())) if m.role == "extensive"]
    found: dict[str, list[_Rows]] = {m.name: [] for m in amounts}
    by_kind = {t.kind.name: t for t in tables}
    for (a, b), link in (links(tables) if known is None else known).items():
        if not {a, b} <= by_kind.keys():
            continue
        part, whole = by_kind[a], by_kind[b]
        for name, rows in _sums(amounts, part, whole, link):
            found[name].append(rows)
    for measure in amounts:
        if found[measure.name]:
            yield _said(measure, _together(found[measure.name]), by_kind)


def check_cover(tables: Sequence[Computed]) -> Iterator[Check]:
    """Whether the sections, and the parts in the corridor, are the whole corridor."""
    by_name = {t.kind.name: t for t in tables}
    whole = by_name.get("corridor")
    if whole is None or len(whole.table) != 1:
        return
    for t in tables:
        section = t.kind.along_line and t.kind.partition
        if not (section or t.kind.part_of in ("gemeente", "wijk", "buurt")):
            continue
        found, expected = float(t.table["area_m2"].sum()), float(whole.table["area_m2"].iloc[0])
        off = abs(found - expected) > 1e-6 * expected
        # A study area from an own file may leave out units of which the smaller half lies in it.
        state: State = "holds" if not off else "fails" if section else "differs"
        yield Check(
            f"sums/cover/{t.kind.name}", "sums",
            both(Text("Oppervlakte: {} → Corridor", "Area: {} → Corridor"), t.kind.title),
            state, len(t.table), int(off), found, expected, Text("10⁻⁶ van de som", "10⁻⁶ of the sum"), "",
            both(Text("samen {} m², de corridor is {} m²", "together {} m², the corridor is {} m²"), round(found, 1), round(expected, 1)),
        )  # fmt: skip


def check_declared(tables: Sequence[Computed]) -> Iterator[Check]:
    """Groups of measures that add up to another measure, or to 1, in every unit."""
    groups = dict.fromkeys(s for t in tables for s in t.sums)
    for group in groups:
        found = []
        for t in tables:
            columns = [*group.parts, *([group.whole] if group.whole else [])]
            if group not in t.sums or any(c not in t.table for c in columns):
                continue
            there = t.table[columns].dropna()
            parts = there[list(group.parts)].to_numpy()
            sums, sizes = parts.sum(axis=1), np.abs(parts).sum(axis=1)
            expected = there[group.whole].to_numpy() if group.whole else np.ones(len(there))
            found.append(_rows(t, t, there.index.to_numpy(), sums, expected, EXACT * np.maximum(sizes, 1.0)))
        rows = _together(found)
        if len(rows):
            yield _group_said(group, rows, {t.kind.name: t for t in tables})


def links(tables: Sequence[Computed]) -> Links:
    """What `nested` says of every pair of kinds in which parts make up a whole."""
    found = {}
    for part, whole in itertools.permutations(tables, 2):
        if not part.kind.partition or not len(part.table) or not len(whole.table):
            continue
        if part.table["area_m2"].min() > whole.table["area_m2"].max():
            continue
        link = nested(part.table, whole.table)
        if part.kind.part_of != whole.kind.name:  # the same unit by another name is looked at once
            link = link[link["whole"].duplicated(keep=False)]
        if len(link):
            found[part.kind.name, whole.kind.name] = link
    return found


def _sums(
    amounts: Sequence[Measure], part: Computed, whole: Computed, link: pd.DataFrame
) -> Iterator[tuple[str, _Rows]]:
    """The sums of all amounts for one pair of kinds, each with its name; those of which nothing can be said left out."""
    names = [m.name for m in amounts if m.name in part.table and m.name in whole.table]
    at = {name: i for i, name in enumerate(names)}
    order = link.sort_values("whole", kind="stable")
    units, first, count = np.unique(order["whole"].to_numpy(), return_index=True, return_counts=True)
    of_parts = _numbers(part, names)[part.table.index.get_indexer(order["part"])]
    expected = _numbers(whole, names)[whole.table.index.get_indexer(units)]
    sums, sizes = (np.add.reduceat(np.nan_to_num(v), first, axis=0) for v in (of_parts, np.abs(of_parts)))
    known = ~np.logical_or.reduceat(np.isnan(of_parts), first, axis=0)
    least, most = ({m.bounds[end] for m in part.measures if m.bounds} for end in (0, 1))
    for measure in amounts:
        name = measure.name
        registered = _from_register(name, part) + _from_register(name, whole)
        # Beside a published number no bounds are added up; CBS's land and the BBG's are two things.
        if name not in at or (registered and name in least | most) or (registered == 1 and name == LAND.name):
            continue
        i = at[name]
        low = high = sums[:, i]
        if measure.bounds and set(measure.bounds) <= at.keys():
            # A bound that is not known is none.
            low, high = (
                np.where(known[:, i], low, np.where(known[:, at[b]], sums[:, at[b]], open_))
                for b, open_ in zip(measure.bounds, (-np.inf, np.inf), strict=True)
            )
        elif measure.missing != "not_measured":  # of what is not measured the whole, too, is the sum of what is
            low = high = np.where(known[:, i], low, np.nan)
        # More is known of a whole than of its parts, never less.
        if name in least:
            high = np.full(len(units), np.inf)
        if name in most:
            low = np.full(len(units), -np.inf)
        tolerance = measure.adds_up_to * sizes[:, i]
        if registered:
            numbers = count * _from_register(name, part) + _from_register(name, whole)
            tolerance = tolerance + numbers * (LAND_ROUNDING_M2 if name == LAND.name else ROUNDING)
        elif name == LAND.name:
            tolerance = tolerance + count  # what rounding leaves of a part that is all water counts as none
        rows = _rows(
            part,
            whole,
            units,
            np.clip(expected[:, i], low, high),
            expected[:, i],
            tolerance,
            registered=bool(registered),
        )
        if len(rows["unit"]):
            yield name, rows


def _tolerance_said(measure: Measure, *, registered: bool) -> Text:
    if registered:
        return both(_ROUNDED_SAID, LAND_ROUNDING_M2 if measure is LAND else ROUNDING)
    return both(_NEAR_SAID, measure.adds_up_to) if measure.adds_up_to > EXACT else _EXACT_SAID


def _from_register(name: str, of: Computed) -> bool:
    return of.kind.published is not None if name == LAND.name else name in of.published


def _numbers(of: Computed, names: Sequence[str]) -> _Floats:
    return np.column_stack([np.empty((len(of.table), 0)), *(of.table[n].to_numpy(dtype="float64") for n in names)])


def _rows(
    part: Computed,
    whole: Computed,
    units: npt.NDArray[Any],
    found: _Floats,
    expected: _Floats,
    tolerance: _Floats,
    *,
    registered: bool = False,
) -> _Rows:
    """Where both are known: how far they are apart, and how far they may be; columns of one table."""
    off = np.abs(found - expected)
    limit = np.maximum(4 * tolerance, PUBLISHED_LIMIT * np.abs(expected)) if registered else tolerance
    there, said = ~np.isnan(off), (part.kind.name, whole.kind.name, registered)
    numbers = {
        "found": found,
        "expected": expected,
        "off": off,
        "beyond": off - tolerance,
        "over": off > limit,
        "unit": units,
    }
    facts = {k: np.full(int(there.sum()), v) for k, v in zip(("part", "whole", "registered"), said, strict=True)}
    return {k: v[there] for k, v in numbers.items()} | facts


def _together(rows: Sequence[_Rows]) -> pd.DataFrame:
    return pd.DataFrame({k: np.concatenate([r[k] for r in rows]) for k in rows[0]}) if rows else pd.DataFrame()


def _state(rows: pd.DataFrame) -> State:
    if rows["over"].any():
        return "fails"
    return "differs" if (rows["beyond"] > 0).any() else "holds"


def _worst(rows: pd.DataFrame) -> pd.Series:
    """The row that is furthest beyond what it may be; of sums that must hold exactly before published ones."""
    return rows.sort_values(["over", "beyond"], ascending=False, kind="stable").iloc[0]


def _said(measure: Measure, rows: pd.DataFrame, by_kind: Mapping[str, Computed]) -> Check:
    state, worst, pairs = _state(rows), _worst(rows), rows.groupby(["part", "whole"]).ngroups
    off = int((rows["beyond"] > 0).sum())
    part, whole = str(worst["part"]), str(worst["whole"])
    unit = unit_called(by_kind[whole].table, str(worst["unit"]))
    if state == "holds":
        said = both(
            Text("{} sommen in {} combinaties van indelingen kloppen", "{} sums in {} combinations of kinds hold"),
            len(rows), pairs,
        )  # fmt: skip
    else:
        said = both(
            Text("{} van {} sommen wijken af; het verst {} ({} → {}): de delen zijn samen {}, het geheel is {}",
                 "{} of {} sums are off; furthest {} ({} → {}): the parts are together {}, the whole is {}"),
            off, len(rows), unit, part, whole, float(worst["found"]), float(worst["expected"]),
        )  # fmt: skip
    return Check(
        f"sums/{measure.name}", "sums", measure.label, state, len(rows), off,
        None if state == "holds" else float(worst["found"]), None if state == "holds" else float(worst["expected"]),
        _tolerance_said(measure, registered=bool(rows["registered"].any())),
        "" if state == "holds" else unit, said,
    )  # fmt: skip


def _group_said(group: Sum, rows: pd.DataFrame, by_kind: Mapping[str, Computed]) -> Check:
    labels = {name: m.label for name, m in measures_of(list(by_kind.values())).items()} | {"": Text("1", "1")}
    state, worst = _state(rows), _worst(rows)
    off, kind = int((rows["beyond"] > 0).sum()), str(worst["whole"])
    unit = "" if state == "holds" else f"{kind} {unit_called(by_kind[kind].table, str(worst['unit']))}"
    first, last, total = (labels.get(n, Text(n, n)) for n in (group.parts[0], group.parts[-1], group.whole))
    if state == "holds":
        said = both(Text("in alle {} gebieden", "in all {} units"), len(rows))
    else:
        said = both(
            Text("in {} van {} gebieden niet; het verst {}: samen {}, verwacht {}",
                 "not in {} of {} units; furthest {}: together {}, expected {}"),
            off, len(rows), unit, float(worst["found"]), float(worst["expected"]),
        )  # fmt: skip
    return Check(
        f"sums/{'+'.join(group.parts)}", "sums",
        both(Text("{} … {} ({}) zijn samen: {}", "{} … {} ({}) are together: {}"), first, last, len(group.parts), total),
        state, len(rows), off,
        None if state == "holds" else float(worst["found"]), None if state == "holds" else float(worst["expected"]),
        _EXACT_SAID, unit, said,
    )  # fmt: skip
