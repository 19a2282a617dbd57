"""A map of six buurten and a block of squares, with values that are known by heart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from pipeline.atlas.declaration import Map
from pipeline.atlas.origin import origin
from pipeline.contract import CRS, Column, Proof, Receipt, Text
from pipeline.indicators import INDICATORS

#: South-west corner of the block; near Enschede.
X, Y = 256_000, 471_000
NAN = float("nan")

SPEC = Map(
    "proef",
    Text("Proefkaart", "Trial map"),
    Text("Een kaart om te proberen.", "A map to try."),
    kinds=("buurt", "square_100m"),
    columns=("inhabitants_per_km2", "gsi"),
    facts=("inhabitants_count",),
)
COLUMNS: Mapping[str, Column] = {c.name: c for i in INDICATORS for c in i.columns}
HELD = Proof("count", True, Text("de dienst telt 1.200 objecten", "the service counts 1,200 features"))
FAILED = Proof("none", False, Text("de dienst telt niet", "the service does not count"))


def receipt(source: str, register: str = "Register A", **changes: Any) -> Receipt:
    """A receipt with 1,200 features received and 1,000 kept, proven unless told otherwise."""
    facts: dict[str, Any] = {
        "source": source, "title": Text(f"Bron {source}", f"Source {source}"), "register": register,
        "reference_date": "actueel", "licence": "CC0-1.0", "attribution": "Houder", "protocol": "wfs", "url": "",
        "requested": None, "reported": 1200, "received": 1200, "kept": 1000, "dropped": {"x": 200}, "repaired": 0,
        "absent": (), "retrieved": "2026-11-21T20:15:00+00:00", "pages": (), "sha256": "", "synthetic": False,
        "edition": None, "filled": {}, "proofs": (HELD,), "software": "spoorzone 1",
    }  # fmt: skip
    return Receipt(**{**facts, **changes})


#: Two registers: one with a source in two editions, around another; one with a raster of which nothing is known.
RECEIPTS = (
    receipt("buurt", title=Text("Buurten 2022", "Neighbourhoods 2022"), edition=2022, reference_date="2022-01-01",
            filled={"dwellings_count": 2021}, absent=("dwellings_count", "oad_per_km2")),
    receipt("pand", "Register B", proofs=(HELD, FAILED)),
    receipt("wijk"),
    receipt("buurt_2021", title=Text("Buurten 2021", "Neighbourhoods 2021"), edition=2021, reference_date="2021-01-01"),
    receipt("dtm", "Register B", received=12, kept=12, reported=None,
            proofs=(Proof("tiles", True, Text("alle tegels zijn er", "all tiles are there")),)),
)  # fmt: skip
LABELS: Mapping[str, Text] = {"dwellings_count": Text("Woningen", "Dwellings")}

WORDING: dict[str, Any] = {
    "project": "Spoorzone Proefstad",
    "language": "nl",
    "source_line": "Synthetisch voorbeeld: verzonnen. Bron: niemand",
    "notice": "Synthetisch voorbeeld: verzonnen",
    "settings_line": "Corridor: 300 m aan weerszijden van het spoor",
    "date": "21 november 2026",
    "origin": origin(RECEIPTS, "nl", LABELS),
}
#: Two rows of three buurten of 500 m; their figures, west to east and south to north.
NAMES = ("Zuidwest", "Zuid", "Zuidoost", "Noordwest", "Noord", "Noordoost")
PER_KM2 = (0.0, 1234.4, 12_345.0, NAN, 250.0, 249.6)
GSI = (0.0, 0.05, 0.125, 0.3, NAN, 0.5)


def table(names: list[str], ids: list[str], shapes: Any, **columns: Any) -> gpd.GeoDataFrame:
    index = pd.Index(ids, name="unit_id")
    return gpd.GeoDataFrame({"unit_name": names, **columns}, geometry=shapes, index=index, crs=CRS)


def buurten(names: tuple[str, ...] = NAMES) -> gpd.GeoDataFrame:
    """Six buurten; that in the north-west is withheld: between 0 and 4 people on 25 ha."""
    corners = [(X + 500 * i, Y + 500 * j) for j in range(2) for i in range(3)]
    shapes = [shapely.segmentize(shapely.box(x, y, x + 500, y + 500), 100) for x, y in corners]
    ids = [f"BU0000000{n}" for n in range(6)]
    count = [0.0, 309.0, 3086.0, NAN, 63.0, 62.0]
    return table(
        list(names), ids, shapes, area_m2=250_000.0, land_area_m2=250_000.0, inhabitants_count=count,
        inhabitants_low_count=[0.0 if np.isnan(v) else v for v in count],
        inhabitants_high_count=[4.0 if np.isnan(v) else v for v in count],
        inhabitants_per_km2=list(PER_KM2), gsi=list(GSI),
    )  # fmt: skip


def squares(columns: int = 15, rows: int = 10) -> gpd.GeoDataFrame:
    """Squares of 100 m over the same block; square (i, j) from the south-west has 100 * i people per km²."""
    at = [(i, j) for j in range(rows) for i in range(columns)]
    ids = [f"E{X // 100 + i}N{Y // 100 + j}" for i, j in at]
    shapes = [shapely.box(X + 100 * i, Y + 100 * j, X + 100 * i + 100, Y + 100 * j + 100) for i, j in at]
    return table(ids, ids, shapes, inhabitants_per_km2=[100.0 * i for i, _ in at], gsi=[0.25 for _ in at])


def context(stations: tuple[str, ...] = ("West", "Oost")) -> dict[str, gpd.GeoDataFrame]:
    """A corridor from west to east through the middle, its axis, and stations on it."""
    axis = shapely.LineString([(X + 200, Y + 500), (X + 1300, Y + 500)])
    points = [axis.interpolate(n / max(len(stations) - 1, 1), normalized=True) for n in range(len(stations))]
    return {
        "corridor": gpd.GeoDataFrame(geometry=[axis.buffer(300)], crs=CRS),
        "axis": gpd.GeoDataFrame(geometry=[axis], crs=CRS),
        "station": gpd.GeoDataFrame({"station_name": list(stations)}, geometry=points, crs=CRS),
    }


def world() -> dict[str, Any]:
    """The arguments of `draw` after the declaration."""
    units = {"buurt": buurten(), "square_100m": squares()}
    return {"units": units, "columns": COLUMNS, "context": context(), **WORDING}
