"""Tracks and stations, as ProRail has them."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from . import places
from .frames import dates, frame


def _puic(rng: np.random.Generator, n: int) -> list[str]:
    """ProRail's own identifiers."""
    high, low = rng.integers(0, 2**32, (2, n))
    return [
        f"{a:08x}-{b >> 16:04x}-4{b & 0xFFF:03x}-8{a & 0xFFF:03x}-{(a * 65_537 + b) % 2**48:012x}"
        for a, b in zip(high.tolist(), low.tolist(), strict=True)
    ]


def spooras(track: pd.DataFrame, rng: np.random.Generator) -> gpd.GeoDataFrame:
    """Give the table of source spooras."""
    n = len(track)
    columns = {
        "puic": _puic(rng, n),
        "levenscyclus_status": track["status"],
        "lengte": np.round(shapely.length(track["geometry"].to_numpy()), 3),
        "kmlint_omschrijving_begin": track["route"],
        "geldig_vanaf": dates(rng, n),
        "publicatiedatum": "2022-01-01",
    }
    return frame(columns, track["geometry"].to_numpy())


def stations(rng: np.random.Generator) -> gpd.GeoDataFrame:
    """Give the table of source station."""
    stops = places.STATIONS
    columns = {
        "puic": _puic(rng, len(stops)),
        "naam": [s.name for s in stops],
        "code": [s.code for s in stops],
        "kmlint_omschrijving": [s.route for s in stops],
        "evenement": "Nee",
        "levenscyclus_status": "Bestaand",
        "geldig_vanaf": dates(rng, len(stops)),
        "publicatiedatum": "2022-01-01",
    }
    return frame(columns, shapely.points([(s.x, s.y) for s in stops]))
