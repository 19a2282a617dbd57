"""How housing and other uses are mixed, by floor area (mixed-use index, MXI)."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from ..contract import Text
from .declaration import Indicator, Measure
from .tables import per_unit, ratio


def mixed_use(
    units: gpd.GeoDataFrame, counted_addresses: gpd.GeoDataFrame, addresses_in_units: pd.DataFrame
) -> pd.DataFrame:
    """Share of housing in all usable floor area of the unit, and how near that is to half and half.

    The area of an address with several uses is split equally over them. An address without registered use or
    without measured area is left out of both sums.

    Returns
    -------
    DataFrame
        ``mxi`` (0 no housing .. 1 only housing) and ``mixedness`` (0 one-sided .. 1 half and half);
        NaN for a unit without floor area.

    Notes
    -----
    Source: Van den Hoek (2008), as used in PBL RUDIFUN; mixedness is 1 - |2 MXI - 1|.
    """
    here = counted_addresses.reindex(addresses_in_units["point"])
    all_m2 = here["usable_area_m2"].where(here["housing_share"].notna())
    total = per_unit(all_m2, addresses_in_units["unit"], units.index)
    housing = per_unit(all_m2 * here["housing_share"], addresses_in_units["unit"], units.index)
    mxi = ratio(housing, total)
    return pd.DataFrame({"mxi": mxi, "mixedness": 1 - (2 * mxi - 1).abs()})


INDICATORS = (
    Indicator(
        mixed_use,
        (
            Measure("mxi", "float64", "index", "intensive", Text("Functiemenging (MXI)", "Mixed-use index (MXI)"),
                   Text("Deel van de gebruiksoppervlakte dat voor wonen is (0 geen, 1 alleen wonen); meerdere gebruiksdoelen tellen gelijk; leeg zonder vloeroppervlak.",
                        "Share of usable floor area that is housing (0 none, 1 housing only); several uses count equally; NaN without floor area.")),
            Measure("mixedness", "float64", "index", "intensive", Text("Mate van menging", "Mixedness"),
                   Text("1 − |2·MXI − 1|: 0 bij één soort gebruik, 1 als wonen en overig gebruik even groot zijn; leeg zonder vloeroppervlak.",
                        "1 − |2·MXI − 1|: 0 with one kind of use, 1 where housing and the rest are equal; NaN without floor area.")),
        ),
        Text("Functiemenging", "Mix of uses"),
    ),
)  # fmt: skip
