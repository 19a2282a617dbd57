"""Where streets are, for the search on a map."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd


def streets(wegvak: gpd.GeoDataFrame, gemeente: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Give one point on each street, in each municipality that has one of that name.

    Parameters
    ----------
    wegvak
        `street_name` ('' without one); lines, EPSG:28992.
    gemeente
        `gemeente_name`; polygons, EPSG:28992. What lies in none of them is left out.

    Returns
    -------
    GeoDataFrame
        `street_name`, `place` (the municipality), point in the middle of the section nearest to the mean of all;
        in order of name and place.
    """
    named = wegvak[wegvak["street_name"].fillna("") != ""].sort_index()
    middle = named.geometry.interpolate(0.5, normalized=True)
    points = gpd.GeoDataFrame({"street_name": named["street_name"]}, geometry=middle, crs=wegvak.crs)
    inside = points.sjoin(gemeente[["gemeente_name", "geometry"]], predicate="intersects")  # on a border: in one of them
    inside = inside.sort_values("gemeente_name", kind="stable").sort_index(kind="stable")
    inside = inside[~inside.index.duplicated()].rename(columns={"gemeente_name": "place"})
    keys = [inside["street_name"], inside["place"]]
    away = [axis - axis.groupby(keys).transform("mean") for axis in (inside.geometry.x, inside.geometry.y)]
    far = pd.Series(np.hypot(*away), index=inside.index)
    nearest = inside.assign(far=far).sort_values(["street_name", "place", "far"], kind="stable")
    return nearest.drop_duplicates(["street_name", "place"])[["street_name", "place", "geometry"]].reset_index(drop=True)
