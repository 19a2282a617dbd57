"""How many people live there, with bounds where CBS withholds a number.

CBS rounds what it publishes to a multiple of five, not always the nearest: its published densities show numbers that
are up to four off. That noise is not in the bounds.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from ..clip.kinds import UnitKind
from ..contract import Text
from ..overlap import area_parts
from .declaration import Indicator, Measure
from .tables import per_unit, ratio

#: CBS withholds a count below five, so a withheld one is four at most.
WITHHELD_AT_MOST = 4.0
_SIDE_M = 100
#: A sliver from rounded coordinates is no part of a square; 1e-6 of a hectare is 1 dm².
_SLIVER_SHARE = 1e-6


def people_squares(vierkant_100m: gpd.GeoDataFrame, counted_addresses: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Give the bounds of the number of inhabitants in every 100 m square that can have any.

    A published square counts as is. A withheld square has 0 to 4, and 1 to 4 where a dwelling stands in it. A
    square that CBS left out has fewer than five inhabitants: 1 to 4 where a dwelling stands, else it is empty
    and not in this table.

    Returns
    -------
    GeoDataFrame
        ``low``, ``high`` and ``published`` (NaN where withheld or left out), Polygon. Counted by position.
    """
    published = vierkant_100m["inhabitants_count"].to_numpy(dtype="float64")
    squares = _cells(vierkant_100m.geometry.centroid)
    homes = _cells(counted_addresses.geometry[counted_addresses["is_dwelling"]]).unique()
    withheld = np.isnan(published)
    low = np.where(withheld, squares.isin(homes).astype("float64"), published)
    high = np.where(withheld, WITHHELD_AT_MOST, published)

    left_out = homes.difference(squares)
    west, south = (left_out.get_level_values(i).to_numpy(dtype="float64") * _SIDE_M for i in (0, 1))
    n = len(left_out)
    return gpd.GeoDataFrame(
        {
            "low": np.concatenate([low, np.full(n, 1.0)]),
            "high": np.concatenate([high, np.full(n, WITHHELD_AT_MOST)]),
            "published": np.concatenate([published, np.full(n, np.nan)]),
        },
        geometry=np.concatenate(
            [np.asarray(vierkant_100m.geometry.array), shapely.box(west, south, west + _SIDE_M, south + _SIDE_M)]
        ),
        crs=vierkant_100m.crs,
    )


def _cells(points: gpd.GeoSeries) -> pd.MultiIndex:
    """Column and row of the square of the RD grid that each point lies in.

    On a line between squares that is the one west or south of it, as `overlap.points_in` has it for squares by id.
    """
    cells = [(np.ceil(axis.to_numpy() / _SIDE_M) - 1).astype("int64") for axis in (points.x, points.y)]
    return pd.MultiIndex.from_arrays(cells, names=["column", "row"])


def inhabitants_published(
    units: gpd.GeoDataFrame, kind: UnitKind, buurt: gpd.GeoDataFrame, wijk: gpd.GeoDataFrame
) -> pd.DataFrame:
    """Inhabitants of whole buurten, wijken and gemeenten, as CBS publishes them, also per km² of land.

    A gemeente is the sum of its wijken. A withheld number is 0 to 4.

    Returns
    -------
    DataFrame
        As `inhabitants_from_squares`; ``inhabitants_count`` is NaN where CBS withholds the number of the unit
        or of one of its wijken, and all are NaN for a unit that CBS does not have.

    Notes
    -----
    Source: CBS, Kerncijfers wijken en buurten, 1 January of the edition.
    """
    if kind.published == "gemeente":
        known, unit = wijk["inhabitants_count"], wijk["gemeente_code"]
    else:
        known = (buurt if kind.published == "buurt" else wijk)["inhabitants_count"]
        unit = known.index.to_series()
    code = unit.to_numpy()
    there = units.index.isin(code)
    low, high = (known.fillna(v).groupby(code).sum().reindex(units.index).where(there) for v in (0.0, WITHHELD_AT_MOST))
    withheld = known.isna().groupby(code).any().reindex(units.index, fill_value=True)
    return _table(low.mask(withheld), low, high, units)


def inhabitants_from_squares(units: gpd.GeoDataFrame, kind: UnitKind, people_squares: gpd.GeoDataFrame) -> pd.DataFrame:
    """Inhabitants of the unit by CBS squares of 100 m, each cut by area, also per km² of land.

    Where CBS withholds the number of a square the bounds differ, and the count is the middle between them. For
    squares of 100 m themselves it is NaN then: there the source plainly does not say.

    Returns
    -------
    DataFrame
        ``inhabitants_count``, ``inhabitants_low_count``, ``inhabitants_high_count`` (0 where no square has
        inhabitants and no dwelling stands) and ``inhabitants_per_km2`` (the count by land area; NaN where
        there is no land, or its area is not known).

    Notes
    -----
    Source: CBS, Vierkantstatistieken 100 m, 1 January of the edition. People are taken as spread evenly over
    their square. Sums need not agree with the published numbers of buurten, which CBS rounds by themselves.
    """
    parts = area_parts(people_squares.geometry, units.geometry)
    square = people_squares.reindex(parts["subject"])
    share = parts["area_m2"].to_numpy() / square.geometry.area.to_numpy()
    low, high = (per_unit(square[c] * share, parts["unit"], units.index) for c in ("low", "high"))
    middle = (low + high) / 2
    if kind.name == "square_100m":
        withheld = square["published"].isna().to_numpy() & (share > _SLIVER_SHARE)
        middle = middle.mask(units.index.isin(parts["unit"][withheld]))
    return _table(middle, low, high, units)


def _table(count: pd.Series, low: pd.Series, high: pd.Series, units: gpd.GeoDataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "inhabitants_count": count,
            "inhabitants_low_count": low,
            "inhabitants_high_count": high,
            "inhabitants_per_km2": ratio(count, units["land_area_m2"]) * 1e6,
        },
        index=units.index,
        dtype="float64",
    )


_COLUMNS = (
    Measure("inhabitants_count", "float64", "count", "extensive", Text("Inwoners", "Inhabitants"),
           Text("Inwoners op 1 januari: van hele buurten, wijken en gemeenten zoals CBS publiceert, anders uit CBS-vierkanten van 100 m naar oppervlakte; afgeschermd telt als het midden van de grenzen, maar is leeg voor gepubliceerde gebieden en voor vierkanten van 100 m.",
                "Inhabitants on 1 January: of whole buurten, wijken and gemeenten as CBS publishes, else from CBS 100 m squares by area; withheld counts as the middle of the bounds, but is NaN for published units and for squares of 100 m.")),
    Measure("inhabitants_low_count", "float64", "count", "extensive", Text("Inwoners, ten minste", "Inhabitants, at least"),
           Text("Ondergrens: een afgeschermd aantal telt als 0, in een vierkant met een woning als 1; zonder de afronding op vijf van CBS.",
                "Lower bound: a withheld number counts as 0, in a square with a dwelling as 1; without the rounding to five by CBS.")),
    Measure("inhabitants_high_count", "float64", "count", "extensive", Text("Inwoners, ten hoogste", "Inhabitants, at most"),
           Text("Bovengrens: een afgeschermd aantal telt als 4; zonder de afronding op vijf van CBS.",
                "Upper bound: a withheld number counts as 4; without the rounding to five by CBS.")),
    Measure("inhabitants_per_km2", "float64", "1/km²", "intensive", Text("Bevolkingsdichtheid", "Population density"),
           Text("Inwoners gedeeld door de oppervlakte land in km²; leeg zonder land of als die oppervlakte niet bekend is.",
                "Inhabitants divided by the land area in km²; NaN without land, or where its area is not known.")),
)  # fmt: skip

TABLES = (people_squares,)

INDICATORS = (
    Indicator(inhabitants_published, _COLUMNS, Text("Inwoners", "Inhabitants"), published=True),
    Indicator(inhabitants_from_squares, _COLUMNS, Text("Inwoners", "Inhabitants"), published=False),
)
