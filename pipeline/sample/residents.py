"""Who lives at an address: what kind of household it is, and of which ages its people are."""

from __future__ import annotations

import numpy as np
import pandas as pd

#: Ages as CBS groups them.
AGES = ("0_15", "15_25", "25_45", "45_65", "65_plus")
#: Chance that a household of two, and one of more, has children at home.
_CHILDREN_IN_TWO, _CHILDREN_IN_MORE = 0.16, 0.93
#: Shares of 15 to 25, 25 to 45, 45 to 65 and 65 and over among adults: alone, together without and with children.
_ADULTS = np.array([[0.15, 0.33, 0.26, 0.26], [0.06, 0.22, 0.32, 0.40], [0.0, 0.60, 0.40, 0.0]])


def residents(people: np.ndarray, seed: int) -> pd.DataFrame:
    """Give for each number of people at an address what household they are, and how many of them are of which age.

    The same address gets the same dice whatever the year, so that a household grows older but does not change.

    Returns
    -------
    DataFrame
        Whole numbers, by position: ``lived``, ``alone``, ``childless`` and ``family`` (0 or 1; the first is the sum of
        the others) and ``age_<group>`` for each of `AGES`, which sum to `people`.
    """
    kind_dice, age_dice = np.random.default_rng([seed, 12]).uniform(0, 1, (2, len(people)))
    alone = people == 1
    family = (people >= 2) & (kind_dice < np.where(people == 2, _CHILDREN_IN_TWO, _CHILDREN_IN_MORE))
    childless = (people >= 2) & ~family
    adults = np.where(family, np.where(people == 2, 1, 2), people)
    kind = np.where(family, 2, np.where(childless, 1, 0))
    generation = 1 + (age_dice[:, None] >= _ADULTS.cumsum(axis=1)[kind, :-1]).sum(axis=1)
    children = people - adults
    # Of older parents only half of the children are young.
    young = np.where(generation == 2, children, children // 2)
    ages = np.zeros((len(people), len(AGES)), dtype=np.int64)
    ages[np.arange(len(people)), generation] = adults
    ages[:, 0] += young
    ages[:, 1] += children - young
    table = {"lived": people > 0, "alone": alone, "childless": childless, "family": family}
    return pd.DataFrame(
        {name: values.astype(np.int64) for name, values in table.items()}
        | {f"age_{group}": ages[:, i] for i, group in enumerate(AGES)}
    )
