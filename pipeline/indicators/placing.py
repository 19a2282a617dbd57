"""How a number that is known per square, partly as an interval, is placed and made to agree with a known total.

Pure arithmetic on arrays: no geometry, no names of columns.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

_Floats = npt.NDArray[np.float64]
_Ints = npt.NDArray[np.integer[Any]]

#: How near the sums must come to the totals, as a share of them; and after how many rounds it is given up.
_NEAR, _ROUNDS = 1e-10, 200
#: What a part that is nowhere seen weighs beside one that is, so that a total can still be placed there.
_TRACE = 1e-9


def sums(values: _Floats, group: _Ints, groups: int) -> _Floats:
    """Sum `values` (n, or n × k) per group; those in group -1 count nowhere."""
    inside = group >= 0
    if values.ndim == 1:
        found: _Floats = np.bincount(group[inside], values[inside], minlength=groups).astype("float64")
        return found
    return np.column_stack([sums(column, group, groups) for column in values.T])


def reconcile(low: _Floats, high: _Floats, group: _Ints, total: _Floats, seats: _Floats) -> _Floats:
    """Choose a number between `low` and `high` for each point, so that each group meets its total.

    All points of a group go the same part of the way from `low` to `high`. Where the total lies outside of what that
    can reach, the end that is nearest is multiplied by one factor; where that end is 0, the total is put on the points
    that can seat it.

    Parameters
    ----------
    low, high
        Per point, ``0 <= low <= high``.
    group
        Per point the position of its group in `total`, -1 for none.
    total
        Per group, 0 or more; NaN where there is none to meet.
    seats
        Per point, 0 or more: how much of a total it takes that cannot be reached otherwise.

    Returns
    -------
    array
        Per point; the middle where there is no total to meet. Sums per group equal `total`, unless nothing in the
        group can have any of it.
    """
    n = len(total)
    least, most = sums(low, group, n), sums(high, group, n)
    known = ~np.isnan(total)
    free = most - least
    way = np.where(known, np.clip((total - least) / np.where(free > 0, free, 1.0), 0.0, 1.0), 0.5)
    chosen: _Floats = low + np.append(way, 0.5)[group] * (high - low)
    reached = sums(chosen, group, n)
    factor = np.where(known & (reached > 0), total, 1.0) / np.where(known & (reached > 0), reached, 1.0)
    chosen *= np.append(factor, 1.0)[group]
    there = sums(seats, group, n)
    empty = known & (reached == 0) & (there > 0)
    each = np.where(empty, total, 0.0) / np.where(empty, there, 1.0)
    return np.where(np.append(empty, False)[group], seats * np.append(each, 0.0)[group], chosen)


def divide(whole: _Floats, prior: _Floats, group: _Ints, total: _Floats) -> _Floats:
    """Divide each number over k parts, as near to a first guess as the totals of its group allow.

    Iterative proportional fitting (Deming and Stephan 1940): rows and columns are scaled in turn.

    Parameters
    ----------
    whole
        Per row what is divided, 0 or more.
    prior
        Per row and part a first guess, 0 or more; only its proportions matter.
    group
        Per row the position of its group in `total`, -1 for none.
    total
        Per group and part, 0 or more; a row with NaN asks nothing. Only its proportions matter.

    Returns
    -------
    array
        Per row and part. Each row sums to `whole`; each group comes to the proportions of its totals.
    """
    n = len(total)
    known = total.sum(axis=1) > 0  # not where one is NaN
    wanted = np.where(known[:, None], total, 0.0)
    wanted *= np.where(known, sums(whole, group, n) / np.where(known, wanted.sum(axis=1), 1.0), 0.0)[:, None]
    asked = np.append(known, False)[group]
    inside = np.where(asked, group, -1)

    parts = prior / np.where(prior.sum(axis=1) > 0, prior.sum(axis=1), 1.0)[:, None] + _TRACE
    parts *= (whole / parts.sum(axis=1))[:, None]
    for _ in range(_ROUNDS):
        reached = sums(parts, inside, n)
        if (np.abs(reached - wanted) <= _NEAR * wanted.sum(axis=1)[:, None]).all():
            break
        factor = np.where(reached > 0, wanted / np.where(reached > 0, reached, 1.0), 1.0)
        parts = parts * np.where(asked[:, None], np.vstack([factor, np.ones(parts.shape[1])])[group], 1.0)
        row = parts.sum(axis=1)
        parts *= np.where(row > 0, whole / np.where(row > 0, row, 1.0), 0.0)[:, None]
    return parts
