"""A small town on a block of 1,500 by 1,000 m along a line: everything on a map page, with values known by heart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from pipeline.atlas.content import World
from pipeline.atlas.declaration import Map, Theme, View
from pipeline.atlas.origin import origin
from pipeline.clip import axis as axis_
from pipeline.clip import units as units_
from pipeline.clip.kinds import KINDS
from pipeline.contract import CRS, Column, Proof, Receipt, Text
from pipeline.indicators import INDICATORS

#: South-west corner of the block; near Enschede.
X, Y = 256_000, 471_000
NAN = float("nan")

SPEC = Map(
    "proef",
    Text("Proefkaart", "Trial map"),
    Text("Een kaart om te proberen.", "A map to try."),
    kinds=("gemeente", "wijk", "buurt", "square_500m", "square_100m", "hexagon"),
    start="buurt",
    themes=(
        Theme("living", Text("Wonen", "Living"), ("inhabitants_per_km2",)),
        Theme("built", Text("Bebouwing", "Buildings"), ("gsi", "fsi_gross")),
        Theme("ground", Text("Grond", "Ground"), ("land_use_built_up_share",)),
    ),
    facts=("inhabitants_count",),
    views=(
        View(Text("Waar men woont", "Where people live"), Text("In het zuiden.", "In the south."), "buurt", "inhabitants_per_km2"),
        View(Text("Bij West", "Near West"), Text("Bebouwd.", "Built up."), "square_100m", "gsi", place=0),
        View(Text("De groei", "Growth"), Text("Sinds 2019.", "Since 2019."), "buurt", "inhabitants_per_km2", mode="change"),
        View(Text("Wat er staat", "What stands"), Text("Oud en nieuw.", "Old and new."), "pand", "construction_year", place=1),
        View(Text("De grond", "The ground"), Text("In vijf stroken.", "In five strips."), "bodemgebruik"),
    ),
)
#: All that tables hold: what units are, and what was computed for them.
COLUMNS: Mapping[str, Column] = {
    c.name: c for c in (*(c for k in KINDS for c in k.layer.columns), *(c for i in INDICATORS for c in i.columns))
}
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
BUILT_UP = (0.0, 0.05, 0.25, 0.5, 0.75, 1.0)
#: Year -> the same as `PER_KM2`; one buurt was other ground in 2019.
PER_KM2_BY_YEAR: Mapping[int, tuple[float, ...]] = {
    2019: (0.0, 1000.0, 10_000.0, NAN, NAN, 312.0),
    2021: (0.0, 1100.0, 12_345.0, NAN, 200.0, 260.0),
    2022: PER_KM2,
}
#: Year -> inhabitants per km² of the whole corridor.
CORRIDOR: Mapping[int, float] = {2019: 800.0, 2021: 900.0, 2022: 1000.0}
STATIONS = ("West", "Oost")
#: Land use of the two rings around every station; the outer one has three times the area of the inner one.
RINGS = ({"built_up": 1.0}, {"built_up": 0.2, "agriculture": 0.8})
#: Built-up share of each section of 250 m, from west to east, and 100 m at the end; the rest is farmland.
SECTIONS = (0.1, 0.2, 0.4, 0.8, 1.0)
_GROUPS = (
    "traffic", "built_up", "semi_built", "recreation", "agriculture", "nature", "inland_water", "outer_water", "abroad",
)  # fmt: skip
_AXIS = shapely.LineString([(X + 200, Y + 500), (X + 1300, Y + 500)])
_ALL = shapely.box(X, Y, X + 1500, Y + 1000)
#: Construction year, uses, addresses; each 10 by 10 m, the last 20 by 20 m around a yard of 10 by 10 m.
PANDEN: tuple[tuple[float, str, int], ...] = (
    (1890, "woonfunctie", 1), (1900, "woonfunctie", 1), (1938, "woonfunctie", 2), (1950, "winkelfunctie,woonfunctie", 3),
    (1965, "kantoorfunctie", 1), (1970, "", 0), (1980, "industriefunctie", 1), (1999, "winkelfunctie", 1),
    (2005, "onderwijsfunctie", 1), (2010, "woonfunctie", 24), (NAN, "", 0), (2020, "woonfunctie", 60),
)  # fmt: skip
#: Five strips of 300 by 1,000 m, from west to east.
GROUND = (
    (20, "Woongebied"), (24, "Bedrijfsterrein"), (40, "Park en plantsoen"), (51, "Landbouw en overig agrarisch"), (60, "Bos"),
)  # fmt: skip


def table(names: list[str], ids: list[str], shapes: Any, **columns: Any) -> gpd.GeoDataFrame:
    index = pd.Index(ids, name="unit_id")
    return gpd.GeoDataFrame({"unit_name": names, **columns}, geometry=shapes, index=index, crs=CRS)


def _people(count: list[float], low: list[float], high: list[float], measured: list[float]) -> dict[str, list[float]]:
    return {
        "inhabitants_count": count, "inhabitants_low_count": low, "inhabitants_high_count": high,
        "inhabitants_coverage_share": measured,
    }  # fmt: skip


def _built(gsi: tuple[float, ...]) -> dict[str, Any]:
    """Every building has two layers."""
    return {"gsi": list(gsi), "fsi_gross": [2 * v for v in gsi], "floor_area_coverage_share": 1.0}


def buurten(names: tuple[str, ...] = NAMES) -> gpd.GeoDataFrame:
    """Six buurten; that in the north-west is withheld: between 0 and 4 people on 25 ha."""
    corners = [(X + 500 * i, Y + 500 * j) for j in range(2) for i in range(3)]
    shapes = [shapely.segmentize(shapely.box(x, y, x + 500, y + 500), 100) for x, y in corners]
    ids = [f"BU0000000{n}" for n in range(6)]
    count = [0.0, 309.0, 3086.0, NAN, 63.0, 62.0]
    low, high = ([end if np.isnan(v) else v for v in count] for end in (0.0, 4.0))
    return table(
        list(names), ids, shapes, area_m2=250_000.0, land_area_m2=250_000.0,
        **_people(count, low, high, [1.0, 1.0, 1.0, 0.0, 1.0, 1.0]), inhabitants_per_km2=list(PER_KM2), **_built(GSI),
        land_use_built_up_share=list(BUILT_UP), land_use_coverage_share=[1.0, 1.0, 1.0, 1.0, 0.5, 1.0],
    )  # fmt: skip


def wijken() -> gpd.GeoDataFrame:
    """The southern row and the northern one: 125 to 129 people there on 75 ha, 127 as far as CBS goes."""
    shapes = [shapely.box(X, Y, X + 1500, Y + 500), shapely.box(X, Y + 500, X + 1500, Y + 1000)]
    return table(
        ["Wijk Zuid", "Wijk Noord"], ["WK000000", "WK000001"], shapes, area_m2=750_000.0, land_area_m2=750_000.0,
        **_people([3395.0, 127.0], [3395.0, 125.0], [3395.0, 129.0], [1.0, 0.92]), inhabitants_per_km2=[4526.7, 169.3],
        **_built((0.06, 0.4)), land_use_built_up_share=[0.1, 0.75], land_use_coverage_share=1.0,
    )  # fmt: skip


def gemeente() -> gpd.GeoDataFrame:
    return table(
        ["Proefstad"], ["GM0000"], [_ALL], area_m2=1_500_000.0, land_area_m2=1_500_000.0,
        **_people([3522.0], [3520.0], [3524.0], [0.99]), inhabitants_per_km2=[2348.0], **_built((0.25,)),
        land_use_built_up_share=[0.425], land_use_coverage_share=1.0,
    )  # fmt: skip


def squares(columns: int = 15, rows: int = 10) -> gpd.GeoDataFrame:
    """Squares of 100 m over the same block; square (i, j) from the south-west has 100 * i people per km²."""
    at = [(i, j) for j in range(rows) for i in range(columns)]
    ids = [f"E{X // 100 + i}N{Y // 100 + j}" for i, j in at]
    shapes = [shapely.box(X + 100 * i, Y + 100 * j, X + 100 * i + 100, Y + 100 * j + 100) for i, j in at]
    count = [float(i) for i, _ in at]
    return table(
        ids, ids, shapes, area_m2=10_000.0, land_area_m2=10_000.0, **_people(count, count, count, [1.0] * len(at)),
        inhabitants_per_km2=[100.0 * i for i, _ in at], **_built((0.25,) * len(at)),
    )  # fmt: skip


def large_squares() -> gpd.GeoDataFrame:
    """Three squares of 500 m in the south, without land use; from west to east 0, 1000 and 2000 people per km²."""
    ids = [f"E{X // 100 + 5 * i}N{Y // 100}" for i in range(3)]
    shapes = [shapely.box(X + 500 * i, Y, X + 500 * i + 500, Y + 500) for i in range(3)]
    return table(ids, ids, shapes, inhabitants_per_km2=[0.0, 1000.0, 2000.0], **_built((0.1, 0.2, 0.3)))


def hexagons() -> gpd.GeoDataFrame:
    """Hexagons with edges of 250 m over the block; each has 500 people per km²."""
    cells = units_.hexagons(_ALL, 250.0)
    return cells.assign(inhabitants_per_km2=500.0, **_built((0.2,) * len(cells)))


def land_use(shares: Mapping[str, float]) -> dict[str, float]:
    return {f"land_use_{group}_share": shares.get(group, 0.0) for group in _GROUPS}


def sections() -> gpd.GeoDataFrame:
    """Five sections along the line; the second of them is withheld."""
    cells = units_.sections(_AXIS, _AXIS.buffer(300), 250.0)
    shares = pd.DataFrame([land_use({"built_up": v, "agriculture": 1 - v}) for v in SECTIONS], index=cells.index)
    return cells.assign(inhabitants_per_km2=[0.0, NAN, 1000.0, 2000.0, 3000.0], **_built((0.1, 0.2, 0.3, 0.4, 0.5)), **shares)


def catchments(stations: tuple[str, ...] = STATIONS) -> gpd.GeoDataFrame:
    """Rings of 0 to 200 and of 200 to 400 m around each station."""
    rings = units_.catchments(context(stations)["station"], (200.0, 400.0))
    shares = pd.DataFrame([land_use(RINGS[i.endswith("0200-0400")]) for i in rings.index], index=rings.index)
    return rings.assign(**shares)


def corridor() -> gpd.GeoDataFrame:
    """The corridor as a unit; nothing is known of its land use."""
    unit = units_.one(_AXIS.buffer(300), "Spoorzone Proefstad")
    return unit.assign(inhabitants_per_km2=CORRIDOR[2022], inhabitants_count=850.0, **_built((0.2,)))


def series() -> dict[str, pd.DataFrame]:
    """Inhabitants in three years, of buurten, squares (50, 80 and 100 * i) and the corridor."""

    def one(ids: pd.Index, values: Mapping[int, Any]) -> pd.DataFrame:
        years = [pd.DataFrame({"unit_id": ids, "year": y, "inhabitants_per_km2": v}) for y, v in values.items()]
        return pd.concat(years, ignore_index=True)

    column = np.array([i for _ in range(10) for i in range(15)])
    return {
        "buurt": one(buurten().index, PER_KM2_BY_YEAR),
        "square_100m": one(squares().index, {2019: 50.0 * column, 2021: 80.0 * column, 2022: 100.0 * column}),
        "corridor": one(corridor().index, CORRIDOR),
    }


def buildings() -> gpd.GeoDataFrame:
    """Twelve panden in two rows of six, 100 m apart; 200 m east and north of the corner they begin."""
    corners = [(X + 200 + 100 * (n % 6), Y + 200 + 100 * (n // 6)) for n in range(12)]
    shapes = [shapely.box(x, y, x + 10, y + 10) for x, y in corners]
    x, y = corners[-1]
    shapes[-1] = shapely.box(x, y, x + 20, y + 20).difference(shapely.box(x + 5, y + 5, x + 15, y + 15))
    years, uses, counts = zip(*PANDEN, strict=True)
    index = pd.Index([f"00000000000000{n:02d}" for n in range(12)], name="pand_id")
    columns = {"construction_year": list(years), "use": list(uses), "verblijfsobject_count": [float(n) for n in counts]}
    return gpd.GeoDataFrame(columns, geometry=shapes, index=index, crs=CRS)


def ground() -> gpd.GeoDataFrame:
    codes, uses = zip(*GROUND, strict=True)
    shapes = [shapely.box(X + 300 * n, Y, X + 300 * n + 300, Y + 1000) for n in range(len(GROUND))]
    return gpd.GeoDataFrame({"bbg_code": list(codes), "use_name": list(uses)}, geometry=shapes, crs=CRS)


def streets() -> gpd.GeoDataFrame:
    """Three streets, of which one name is in two towns."""
    names = [("Dorpsstraat", "Proefstad"), ("Dorpsstraat", "Elders"), ("Stationsplein", "Proefstad")]
    points = shapely.points([(X + 400, Y + 250), (X + 1400, Y + 900), (X + 200, Y + 520)])
    columns = {"street_name": [n for n, _ in names], "place": [p for _, p in names]}
    return gpd.GeoDataFrame(columns, geometry=points, crs=CRS)


def _shapes(*geometry: Any, **columns: Any) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(columns, geometry=list(geometry), crs=CRS)


def context(stations: tuple[str, ...] = STATIONS) -> dict[str, gpd.GeoDataFrame]:
    """A corridor from west to east through the middle, its axis, stations on it, and what lies around."""
    at = [_AXIS.length * n / max(len(stations) - 1, 1) for n in range(len(stations))]
    points = [_AXIS.interpolate(m) for m in at]
    return {
        "corridor": _shapes(_AXIS.buffer(300)),
        "axis": axis_.pieces(_AXIS, 250.0),
        "station": _shapes(*points, station_name=list(stations), chainage_m=at),
        "rail": _shapes(shapely.LineString([(X + 700, Y), (X + 700, Y + 1000)])),
        "road": _shapes(shapely.LineString([(X, Y + 100), (X + 800, Y + 100)]), shapely.LineString([(X + 800, Y + 100), (X + 1500, Y + 100)])),
        # A lake of 1 ha, and a pond that is too small to be drawn.
        "water": _shapes(shapely.box(X + 1000, Y + 700, X + 1100, Y + 800), shapely.box(X + 50, Y + 50, X + 70, Y + 70)),
        "green": _shapes(shapely.box(X + 600, Y, X + 900, Y + 1000)),
        "border": _shapes(_ALL, gemeente_name=["Proefstad"]),
    }


def world(**changes: Any) -> World:
    """The whole town; `changes` are fields of `World`."""
    units = {
        "gemeente": gemeente(), "wijk": wijken(), "buurt": buurten(), "square_500m": large_squares(), "square_100m": squares(),
        "hexagon": hexagons(), "corridor": corridor(), "section": sections(), "catchment": catchments(),
    }  # fmt: skip
    whole = World(
        units=units, columns=COLUMNS, context=context(), series=series(), buildings=buildings(), ground=ground(),
        streets=streets(), station_radius_m=400.0,
    )  # fmt: skip
    return replace(whole, **changes)
