"""The study area: whole municipalities or a polygon, and the box in which data are asked for."""

from __future__ import annotations

import math

import geopandas as gpd
import shapely
from shapely.geometry.base import BaseGeometry

from ..contract import Bbox, SourceError


def of_gemeenten(gemeente: gpd.GeoDataFrame, codes: tuple[str, ...]) -> BaseGeometry:
    """The union of municipalities, by CBS code (names differ between registers).

    Raises
    ------
    SourceError
        When a code is not among the loaded municipalities.
    """
    if lost := [c for c in codes if c not in gemeente.index]:
        there = ", ".join(f"{c} {n}" for c, n in gemeente["gemeente_name"].head(6).items())
        msg = f"[area] gemeente_codes: {lost[0]!r} is not among the {len(gemeente)} loaded municipalities ({there} ...)"
        raise SourceError(msg)
    return shapely.union_all(gemeente.loc[list(codes)].geometry.to_numpy())


def box_around(area: BaseGeometry, margin_m: float) -> Bbox:
    """Bounding box of `area` widened by `margin_m`, to whole metres outward."""
    west, south, east, north = area.bounds
    return (
        float(math.floor(west - margin_m)),
        float(math.floor(south - margin_m)),
        float(math.ceil(east + margin_m)),
        float(math.ceil(north + margin_m)),
    )
