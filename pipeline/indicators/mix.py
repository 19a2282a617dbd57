"""How uses are mixed, by floor area: housing against the rest (mixed-use index, MXI), and all uses (entropy)."""

from __future__ import annotations

import math

import pandas as pd
from scipy.special import entr

from ..contract import Text
from .declaration import Indicator, Measure
from .tables import ratio
from .work import FUNCTIONS


def mixed_use(functions_in_units: pd.DataFrame) -> pd.DataFrame:
    """Share of housing in all usable floor area of the unit, how near that is to half and half, and how many uses mix.

    The area of an address with several uses is split equally over them. An address without registered use or
    without measured area is left out of all sums.

    Returns
    -------
    DataFrame
        ``mxi`` (0 no housing .. 1 only housing; NaN also where there are dwellings and none is measured) and
        ``mixedness`` (0 one-sided .. 1 half and half; NaN likewise); ``function_entropy`` (0 one use .. 1 all eleven
        uses of the BAG alike). NaN for a unit without floor area.

    Notes
    -----
    Source: Van den Hoek (2008), as used in PBL RUDIFUN; mixedness is 1 - |2 MXI - 1|. Entropy is -Σ p ln p / ln N
    with N = 11 always, however many uses there are, and 0 ln 0 = 0.
    """
    total = functions_in_units["with_use"]
    mxi = ratio(functions_in_units["housing"], total)
    # What is there and not measured is left out, as in the total.
    parts = functions_in_units[list(FUNCTIONS)].fillna(0.0).div(total.where(total > 0), axis=0)
    entropy = pd.Series(entr(parts.to_numpy()).sum(axis=1), index=total.index) / math.log(len(FUNCTIONS))
    return pd.DataFrame({"mxi": mxi, "mixedness": 1 - (2 * mxi - 1).abs(), "function_entropy": entropy})


INDICATORS = (
    Indicator(
        mixed_use,
        (
            Measure("mxi", "float64", "index", "intensive", Text("Functiemenging (MXI)", "Mixed-use index (MXI)"),
                    Text("Deel van de gebruiksoppervlakte dat voor wonen is (0 geen, 1 alleen wonen); meerdere gebruiksdoelen tellen gelijk; leeg zonder vloeroppervlak.",
                         "Share of usable floor area that is housing (0 none, 1 housing only); several uses count equally; NaN without floor area."),
                    formula="floor_area_housing_m2 / floor_area_with_use_m2",
                    coverage="floor_area_coverage_share", missing="no_floor_area"),
            Measure("mixedness", "float64", "index", "intensive", Text("Mate van menging", "Mixedness"),
                    Text("1 − |2·MXI − 1|: 0 bij één soort gebruik, 1 als wonen en overig gebruik even groot zijn; leeg zonder vloeroppervlak.",
                         "1 − |2·MXI − 1|: 0 with one kind of use, 1 where housing and the rest are equal; NaN without floor area."),
                    formula="1 - abs(2 * mxi - 1)", coverage="floor_area_coverage_share", missing="no_floor_area"),
            Measure("function_entropy", "float64", "index", "intensive", Text("Menging van alle gebruiksdoelen", "Mix of all uses"),
                    Text("Entropie −Σ p ln p / ln 11 van de gebruiksoppervlakte over de elf gebruiksdoelen van de BAG: 0 bij één gebruik, 1 als alle even groot zijn; leeg zonder vloeroppervlak.",
                         "Entropy −Σ p ln p / ln 11 of usable floor area over the eleven uses of the BAG: 0 with one use, 1 where all are equal; NaN without floor area."),
                    how=Text("−Σ p ln p / ln 11, met p het aandeel van elk van de elf gebruiksdoelen in het vloeroppervlak met gebruiksdoel.",
                             "−Σ p ln p / ln 11, with p the share of each of the eleven uses in the floor area with a use."),
                    coverage="floor_area_coverage_share", missing="no_floor_area"),
        ),
        Text("Functiemenging", "Mix of uses"),
    ),
)  # fmt: skip
