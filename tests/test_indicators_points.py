"""Amounts at points: nothing is lost and nothing counted twice."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely.geometry import Point

from pipeline.indicators.points import SURFACES, dwelling_amounts, floor_amounts, people_amounts

PLACES = gpd.GeoSeries({"a": Point(0, 0), "b": Point(10, 0), "c": Point(20, 0)}, crs=28992)
ADDRESSES = gpd.GeoDataFrame({"is_dwelling": [True, False, True]}, index=PLACES.index, geometry=PLACES)


def test_each_dwelling_counts_once_at_its_place() -> None:
    found = dwelling_amounts(ADDRESSES)
    assert found["amount"].to_dict() == {"a": 1.0, "c": 1.0}
    assert found.geometry["c"] == Point(20, 0)
    assert found.crs == ADDRESSES.crs


def test_people_are_where_they_were_placed() -> None:
    placed = gpd.GeoDataFrame({"estimate": [2.5, 0.0], "low": [2.0, 0.0]}, index=["a", "square:1"], geometry=PLACES.iloc[:2].to_numpy(), crs=28992)
    assert people_amounts(placed)["amount"].to_dict() == {"a": 2.5, "square:1": 0.0}


def test_floor_that_is_not_measured_is_not_there() -> None:
    found = floor_amounts(ADDRESSES, pd.Series({"a": 100.0, "b": np.nan, "c": 50.5}))
    assert found["amount"].to_dict() == {"a": 100.0, "c": 50.5}
    assert found.geometry["c"] == Point(20, 0)


def test_every_surface_has_classes_and_a_name_of_its_own() -> None:
    from pipeline.palettes import SURFACES as CLASSES

    assert [s.name for s in SURFACES] == list(CLASSES)
