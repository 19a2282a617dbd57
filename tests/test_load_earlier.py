"""Columns that the newest edition does not have yet: three squares of 100 m, of which one moved and one is new."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely

from pipeline.contract import CRS, POLYGON, Column, Layer, Text
from pipeline.load.earlier import fill

NONE = Text("", "")
LAYER = Layer("buurt", "buurt_code", POLYGON, tuple(
    Column(name, dtype, "", "label", NONE, NONE)  # type: ignore[arg-type]
    for name, dtype in (("name", "str"), ("homes", "float64"), ("cars", "float64"))
), NONE)  # fmt: skip


def edition(codes: str, homes: list[float], cars: list[float], x: list[float]) -> gpd.GeoDataFrame:
    places = [shapely.box(250_000 + at, 470_000, 250_100 + at, 470_100) for at in x]
    table = gpd.GeoDataFrame({"name": list(codes), "homes": homes, "cars": cars}, geometry=places, crs=CRS, index=list(codes))
    return table.rename_axis("buurt_code")


NOW = edition("abc", [np.nan] * 3, [1, np.nan, 3], [0, 100, 200])


def test_only_what_it_knows_nothing_of_is_taken() -> None:
    last = edition("ab", [10, 20], [7, 8], [0, 100])
    table, filled = fill(NOW, LAYER, {2023: last})
    assert filled == {"homes": 2023}
    np.testing.assert_array_equal(table["homes"], [10, 20, np.nan])
    # A column with one value is published: what is missing in it is withheld.
    np.testing.assert_array_equal(table["cars"], [1, np.nan, 3])
    assert table.columns.tolist() == NOW.columns.tolist()


def test_only_where_the_border_is_the_same() -> None:
    # b moved by 0.4 m (0.8 % of its area), c by 0.6 m (1.2 %).
    last = edition("abc", [10, 20, 30], [0, 0, 0], [0, 100.4, 200.6])
    table, _ = fill(NOW, LAYER, {2023: last})
    np.testing.assert_array_equal(table["homes"], [10, 20, np.nan])


def test_the_newest_that_knows_something() -> None:
    editions = {2021: edition("abc", [1, 2, 3], [0] * 3, [0, 100, 200]), 2022: edition("abc", [4, 5, np.nan], [0] * 3, [0, 100, 200]),
                2023: edition("abc", [np.nan] * 3, [0] * 3, [0, 100, 200])}  # fmt: skip
    table, filled = fill(NOW, LAYER, editions)
    assert filled == {"homes": 2022}
    np.testing.assert_array_equal(table["homes"], [4, 5, np.nan])


def test_nothing_to_take() -> None:
    table, filled = fill(NOW, LAYER, {})
    assert filled == {}
    assert table.equals(NOW)
