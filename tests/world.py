"""A world of 1 km × 1 km in RD where every number can be done in the head.

Coordinates are given in metres from its south-west corner. It has four quadrants of 500 m (25 ha), each a buurt;
the west and the east are wijken, the whole is a gemeente. All tables are as their sources declare them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from pipeline.clip.kinds import KINDS, UnitKind
from pipeline.config import Indicators
from pipeline.contract import CRS, Layer, check
from pipeline.grid import Tile, Tiled
from pipeline.profiles import PROFILES
from pipeline.sources import RASTERS, SOURCES

X, Y = 257_000.0, 471_000.0
HECTARE = 10_000.0

LAYERS: Mapping[str, Layer] = {s.name: s.layer for s in SOURCES}
KIND: Mapping[str, UnitKind] = {k.name: k for k in KINDS}

#: In the order of no alphabet, so that a table sorted by accident shows.
QUADRANTS: Mapping[str, tuple[float, float, float, float]] = {
    "sw": (0, 0, 500, 500),
    "se": (500, 0, 1000, 500),
    "nw": (0, 500, 500, 1000),
    "ne": (500, 500, 1000, 1000),
}
BUURT_OF = {"sw": "BU00010000", "se": "BU00010100", "nw": "BU00010001", "ne": "BU00010101"}
#: What CBS publishes of a buurt besides its inhabitants: all of sw, too few establishments in nw, none in se.
PUBLISHED: Mapping[str, Mapping[str, float]] = {
    "sw": {
        "single_person_households_pct": 50, "households_without_children_pct": 30, "households_with_children_pct": 20,
        "single_family_dwellings_pct": 25, "multi_family_dwellings_pct": 75, "vacant_dwellings_pct": 4,
        "establishments_count": 60, "establishments_industry_count": 25, "establishments_trade_count": 35,
        **{f"establishments_{s}_count": 0 for s in ("agriculture", "transport", "finance", "business_services", "public", "culture")},
    },
    "se": {"establishments_count": 0},
    "nw": {"establishments_count": 5},
}  # fmt: skip
#: The settings of [indicators], with CBS's and PBL's values.
SETTINGS: Mapping[str, Any] = {**Indicators().model_dump(mode="json"), "stock_profile": PROFILES["cbs"]}


def place(geometry: BaseGeometry) -> BaseGeometry:
    """Move a geometry from the corner of the plane to the corner of the world."""
    return shapely.transform(geometry, lambda xy: xy + np.array([X, Y]))


def box(west: float, south: float, east: float, north: float) -> BaseGeometry:
    return place(shapely.box(west, south, east, north))


def point(x: float, y: float) -> BaseGeometry:
    return place(shapely.Point(x, y))


def table(layer: Layer, rows: Mapping[str, Mapping[str, Any]]) -> gpd.GeoDataFrame:
    """Make a table as `layer` declares it; a row names its ``geometry`` and what is not empty."""
    empty = {"str": "", "float64": float("nan"), "int64": 0}
    columns = {
        c.name: pd.Series([row.get(c.name, empty[c.dtype]) for row in rows.values()], dtype=c.dtype, index=list(rows))
        for c in layer.columns
    }
    known = {c.name for c in layer.columns} | {"geometry"}
    assert all(set(row) <= known for row in rows.values()), f"{layer.name} has {sorted(known)}"
    geometry = [row["geometry"] for row in rows.values()]
    index = pd.Index(list(rows), name=layer.key, dtype="str")
    return check(gpd.GeoDataFrame(pd.DataFrame(columns, index=index), geometry=geometry, crs=CRS), layer)


def layer(name: str, rows: Mapping[str, Mapping[str, Any]]) -> gpd.GeoDataFrame:
    """Make a source layer."""
    return table(LAYERS[name], rows)


def units(kind: str, shapes: Mapping[str, BaseGeometry], land: Mapping[str, float] | None = None) -> gpd.GeoDataFrame:
    """Make the units of a kind; all of it is land unless `land` says otherwise (m²)."""
    rows = {
        name: {"unit_name": name, "area_m2": s.area, "land_area_m2": (land or {}).get(name, s.area), "corridor_share": 0.0, "geometry": s}
        for name, s in shapes.items()
    }
    return table(KIND[kind].layer, rows)


def quadrants(kind: str = "square_500m", land: Mapping[str, float] | None = None) -> gpd.GeoDataFrame:
    """Give the four quadrants as units; half of the north-east is water."""
    return units(kind, {name: box(*b) for name, b in QUADRANTS.items()}, land or {"ne": 125_000.0})


def panden(rows: Mapping[str, BaseGeometry | tuple[BaseGeometry, str]]) -> gpd.GeoDataFrame:
    """Make panden in use, or with the status that stands beside the shape."""
    return layer(
        "pand",
        {
            name: {"geometry": row, "status": "Pand in gebruik"}
            if isinstance(row, BaseGeometry)
            else {"geometry": row[0], "status": row[1]}
            for name, row in rows.items()
        },
    )


def address(
    x: float, y: float, use: str = "woonfunctie", m2: float = 100.0, pand: str = "", **more: Any
) -> dict[str, Any]:
    """Describe a verblijfsobject in use."""
    row = {"status": "Verblijfsobject in gebruik", "use": use, "usable_area_m2": m2, "pand_ids": pand}
    return {**row, **more, "geometry": point(x, y)}


def addresses(rows: Iterable[Mapping[str, Any]] | Mapping[str, Mapping[str, Any]]) -> gpd.GeoDataFrame:
    """Make verblijfsobjecten, named v000, v001 … where no name is given."""
    named = rows if isinstance(rows, Mapping) else {f"v{i:03d}": row for i, row in enumerate(rows)}
    return layer("verblijfsobject", named)


def squares(rows: Mapping[tuple[int, int], float]) -> gpd.GeoDataFrame:
    """Make CBS squares of 100 m: (column, row) in the world -> inhabitants, NaN where withheld."""
    return layer(
        "vierkant_100m",
        {
            f"E{X / 100 + i:.0f}N{Y / 100 + j:.0f}": {
                "geometry": box(100 * i, 100 * j, 100 * i + 100, 100 * j + 100),
                "inhabitants_count": float(n),
            }
            for (i, j), n in rows.items()
        },
    )


def land_use(rows: Iterable[tuple[BaseGeometry, int]]) -> gpd.GeoDataFrame:
    """Make BBG polygons with their codes."""
    return layer("bodemgebruik", {f"b{i}": {"geometry": s, "bbg_code": c} for i, (s, c) in enumerate(rows)})


def bgt(collection: str, rows: Iterable[tuple[BaseGeometry, Mapping[str, Any]]]) -> gpd.GeoDataFrame:
    """Make a collection of the BGT: shapes with their words, at level 0 unless a row says otherwise."""
    return layer(f"bgt_{collection}", {f"{collection}_{i}": {"geometry": s, **w} for i, (s, w) in enumerate(rows)})


def bgt_world() -> dict[str, gpd.GeoDataFrame]:
    """Give the BGT: all of sw, the south half of nw, of se only a half of the hall, nothing of ne at level 0.

    =======  =====================================================  =========
    kind     where in sw                                            m²
    =======  =====================================================  =========
    green    park in the north 95,000, a verge 10,000               105,000
    water    a pond                                                 10,000
    paved    road in the east 4,200 less the hall, car park 10,000  14,000
    built    house 100, flat 400, barn and shed 150, half hall 200  850
    bare     sand                                                   10,000
    yard     the rest in the middle: 100,800 less three buildings   100,150
    other    a class "transitie"                                    10,000
    =======  =====================================================  =========
    """
    house, flat, sheds = box(100, 100, 110, 110), box(200, 200, 220, 220), box(300, 300, 315, 310)
    hall = box(490, 100, 510, 120)
    yard = box(0, 100, 480, 310) - house - flat - sheds
    return {
        "bgt_pand": bgt("pand", [(house, {}), (flat, {}), (sheds, {}), (hall, {})]),
        "bgt_begroeidterreindeel": bgt(
            "begroeidterreindeel",
            [
                (box(0, 310, 500, 500), {"cover": "groenvoorziening"}),
                (box(0, 500, 500, 750), {"cover": "grasland agrarisch"}),
            ],
        ),
        "bgt_onbegroeidterreindeel": bgt(
            "onbegroeidterreindeel",
            [
                (yard, {"cover": "erf"}),
                (box(200, 0, 300, 100), {"cover": "zand"}),
                (box(400, 0, 500, 100), {"cover": "transitie"}),
            ],
        ),
        "bgt_wegdeel": bgt(
            "wegdeel",
            [
                (box(480, 100, 500, 310) - hall, {"function": "rijbaan lokale weg", "cover": "gesloten verharding"}),
                (box(100, 0, 200, 100), {"function": "parkeervlak", "cover": "open verharding"}),
                (box(0, 600, 500, 610), {"function": "parkeervlak", "cover": "open verharding", "level": 1}),
                (box(500, 600, 999, 610), {"function": "fietspad", "cover": "open verharding", "level": -1}),
            ],
        ),
        "bgt_ondersteunendwegdeel": bgt(
            "ondersteunendwegdeel", [(box(300, 0, 400, 100), {"function": "berm", "cover": "groenvoorziening"})]
        ),
        "bgt_waterdeel": bgt("waterdeel", [(box(0, 0, 100, 100), {"type": "watervlakte"})]),
    }


def streets(rows: Mapping[str, Any]) -> gpd.GeoDataFrame:
    """Make NWB lines through these points: carriageways of a gemeente, or of the kind and authority that stand beside."""
    full = {name: row if isinstance(row[1], str) else (row, "RB", "G") for name, row in rows.items()}
    return layer(
        "wegvak",
        {
            name: {"geometry": place(shapely.LineString(line)), "carriageway": kind, "road_authority": authority}
            for name, (line, kind, authority) in full.items()
        },
    )


def stations(rows: Mapping[str, tuple[float, float]]) -> gpd.GeoDataFrame:
    """Make stations at these places."""
    return layer("station", {name: {"geometry": point(*xy), "station_name": name} for name, xy in rows.items()})


def wijken(west: float = 15.0, east: float = 20.0) -> gpd.GeoDataFrame:
    """Give the two wijken with their inhabitants."""
    shapes = {"WK000100": (box(0, 0, 500, 1000), west), "WK000101": (box(500, 0, 1000, 1000), east)}
    return layer(
        "wijk",
        {
            code: {
                "wijk_name": code,
                "gemeente_code": "GM0001",
                "inhabitants_count": n,
                "land_area_ha": 50.0,
                "geometry": s,
            }
            for code, (s, n) in shapes.items()
        },
    )


def buurten(inhabitants: Mapping[str, float] | None = None) -> gpd.GeoDataFrame:
    """Give the four buurten; the one in the north-east has a withheld number unless told otherwise."""
    known = inhabitants or {"sw": 15.0, "se": 20.0, "nw": 0.0}
    return layer(
        "buurt",
        {
            code: {
                "buurt_name": name,
                "wijk_code": "WK000100" if name.endswith("w") else "WK000101",
                "gemeente_code": "GM0001",
                "inhabitants_count": known.get(name, float("nan")),
                **PUBLISHED.get(name, {}),
                "geometry": box(*QUADRANTS[name]),
            }
            for name, code in BUURT_OF.items()
        },
    )


def world() -> dict[str, Any]:
    """Give every layer and raster that the indicators read; what is not named below is empty.

    =========  ==========================================  ========================================
    pand       where                                       addresses in it
    =========  ==========================================  ========================================
    house      10 × 10 m in sw                             one dwelling of 152 m²
    flat       20 × 20 m in sw                             two dwellings of 78 m², one of 156 m² with a shop
    hall       20 × 20 m, half in sw and half in se        industry of 390 m², its point on the edge
    barn       10 × 10 m in sw
    shed       10 × 10 m in sw, half of it under the barn
    empty      10 × 10 m in nw, out of use                 one dwelling out of use, area not known
    ruin       10 × 10 m in ne, to be demolished           one not yet in use
    =========  ==========================================  ========================================
    """
    return {
        **{name: layer(name, {}) for name in LAYERS},
        **{r.name: Tiled(r.raster, (), _no_cells) for r in RASTERS},
        **bgt_world(),
        "station": stations({"halt": (560, 60)}),
        "wegvak": streets(
            {
                "south_west": [(0, 50), (500, 50)],
                "south_east": [(500, 50), (1000, 50)],
                "middle": [(500, 50), (500, 500)],
                "north": [(500, 500), (500, 1000)],
                "motorway": ([(0, 480), (1000, 480)], "HR", "R"),
            }
        ),
        "gemeente": layer("gemeente", {"GM0001": {"gemeente_name": "Wereld", "geometry": box(0, 0, 1000, 1000)}}),
        "wijk": wijken(),
        "buurt": buurten(),
        "vierkant_100m": squares({(1, 1): 10, (2, 2): float("nan"), (3, 3): float("nan"), (7, 1): 20}),
        "bodemgebruik": land_use(
            [
                (box(0, 0, 500, 500), 20),
                (box(500, 0, 1000, 250), 51),
                (box(500, 250, 1000, 500), 60),
                (box(0, 500, 500, 750), 10),
                (box(500, 500, 1000, 750), 70),
                (box(500, 750, 1000, 1000), 40),
            ]
        ),
        "pand": panden(
            {
                "house": box(100, 100, 110, 110),
                "flat": box(200, 200, 220, 220),
                "hall": box(490, 100, 510, 120),
                "shed": box(300, 300, 310, 310),
                "barn": box(305, 300, 315, 310),
                "empty": (box(100, 700, 110, 710), "Pand buiten gebruik"),
                "ruin": (box(700, 700, 710, 710), "Sloopvergunning verleend"),
            }
        ),
        "verblijfsobject": addresses(
            {
                "v_house": address(105, 105, m2=152, pand="house"),
                "v_flat_1": address(210, 210, m2=78, pand="flat"),
                "v_flat_2": address(210, 210, m2=78, pand="flat"),
                "v_shop": address(210, 205, "woonfunctie,winkelfunctie", m2=156, pand="flat"),
                "v_hall": address(500, 110, "industriefunctie", m2=390, pand="hall"),
                "v_empty": address(105, 705, m2=float("nan"), pand="empty", status="Verblijfsobject buiten gebruik"),
                "v_new": address(705, 705, pand="ruin", status="Verblijfsobject gevormd"),
            }
        ),
    }


def _no_cells(tile: Tile) -> Any:
    raise AssertionError(f"{tile.name} is not there")


def inputs(kind: str = "square_500m", **instead: Any) -> dict[str, Any]:
    """Give all inputs of all indicators for one kind of unit: the world's, or others by name."""
    return {**world(), **SETTINGS, "units": quadrants(kind), "kind": KIND[kind], **instead}
