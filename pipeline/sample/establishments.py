"""Which businesses are at an address, and in which sector."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

#: Sectors as CBS groups the sections of the SBI, A to U.
SECTORS = ("agriculture", "industry", "trade", "transport", "finance", "business_services", "public", "culture")
#: Use of the address -> weight of each of `SECTORS`.
_WEIGHTS: Mapping[str, tuple[float, ...]] = {
    "farm": (90, 0, 4, 0, 0, 4, 0, 2),
    "woonfunctie": (0, 22, 12, 12, 3, 28, 9, 14),
    "industriefunctie": (0, 56, 22, 16, 0, 4, 0, 2),
    "winkelfunctie": (0, 3, 88, 1, 2, 2, 0, 4),
    "logiesfunctie": (0, 0, 90, 0, 5, 0, 0, 5),
    "bijeenkomstfunctie": (0, 0, 52, 0, 0, 4, 12, 32),
    "kantoorfunctie": (0, 6, 10, 18, 16, 40, 6, 4),
    "gezondheidszorgfunctie": (0, 0, 2, 0, 0, 2, 94, 2),
    "onderwijsfunctie": (0, 0, 0, 0, 0, 6, 88, 6),
    "sportfunctie": (0, 0, 6, 0, 0, 0, 2, 92),
    "celfunctie": (0, 0, 0, 0, 0, 0, 100, 0),
    "overige gebruiksfunctie": (0, 20, 20, 30, 10, 10, 0, 10),
}
#: Share of the dwellings with a business at home.
_AT_HOME = 0.1
#: Chances that a place of work has a second, a third and a fourth establishment.
_MORE = (0.4, 0.15, 0.05)


def establishments(use: pd.Series, farm: np.ndarray, seed: int) -> pd.DataFrame:
    """Give the number of establishments at each address, all of them in the sector that goes with its first use.

    Parameters
    ----------
    use
        Uses of the address, as the BAG has them.
    farm
        Whether it is in a farmhouse.
    seed
        Of the sample.

    Returns
    -------
    DataFrame
        Whole numbers, by position, one column per sector, named as in `SECTORS`.
    """
    count_dice, sector_dice = np.random.default_rng([seed, 13]).uniform(0, 1, (2, len(use)))
    words = np.where(farm, "farm", use.str.partition(",")[0].to_numpy())
    names, of = np.unique(words.astype(str), return_inverse=True)
    upto = np.cumsum([np.array(_WEIGHTS[name]) / sum(_WEIGHTS[name]) for name in names], axis=1)
    sector = (sector_dice[:, None] >= upto[of, :-1]).sum(axis=1)
    work = 1 + sum((count_dice < chance).astype(np.int64) for chance in _MORE)
    count = np.where(use == "woonfunctie", (count_dice < _AT_HOME).astype(np.int64), work)
    made = np.zeros((len(use), len(SECTORS)), dtype=np.int64)
    made[np.arange(len(use)), sector] = count
    return pd.DataFrame(made, columns=list(SECTORS))
