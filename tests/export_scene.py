"""A small invented rail zone with every layer that has a style, for the tests of the export."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
from shapely import MultiLineString, MultiPolygon, Polygon, box
from shapely.geometry import LineString, Point

from pipeline.contract import CRS, Column, Receipt, Text
from pipeline.export.declaration import Exported
from pipeline.export.styles import default_style
from pipeline.sources import SOURCES
from pipeline.sources.bgt import BGT

#: South-west corner, near Hengelo.
X, Y = 250_000, 476_000
HOSTILE = """O'Brien "x" <script>alert(1)</script> & ]]> %s {{7*7}} =cmd|' 🚂 שלום"""


def column(name: str, unit: str, nl: str, en: str) -> Column:
    return Column(name, "float64", unit, "intensive", Text(nl, en), Text(f"{nl}, uitgelegd.", f"{en}, explained."))


NAME = Column("unit_name", "str", "", "label", Text("Naam", "Name"), Text("Naam van het gebied.", "Name of the area."))
PEOPLE = column("inhabitants_per_km2", "1/km²", "Inwonersdichtheid", "Population density")
HOMES = column("dwellings_per_ha", "1/ha", "Woningdichtheid", "Dwelling density")


def receipt(source: str = "buurt", *, synthetic: bool = True, **changes: object) -> Receipt:
    known = {s.name: s for s in SOURCES}[source]
    facts = {
        "source": source, "title": known.title, "register": known.register.name, "reference_date": "2024-01-01",
        "licence": known.register.licence, "attribution": known.register.attribution, "protocol": "file", "url": "https://example.org/a.gpkg",
        "requested": (X, Y, X + 4000, Y + 2000), "reported": None, "received": 12, "kept": 10, "dropped": {"water": 2}, "repaired": 1,
        "absent": (), "retrieved": "2026-11-21T20:15:00+00:00", "pages": (), "sha256": "ab" * 32, "synthetic": synthetic,
        "edition": None, "filled": {}, "proofs": (), "software": "spoorzone",
    }  # fmt: skip
    return Receipt(**{**facts, **changes})  # type: ignore[arg-type]


def units(name: str, side: float, *, multi: bool = False) -> Exported:
    """Squares over 4 × 2 km: values run from nothing to dense; the first has none."""
    across, up = int(4000 / side), int(2000 / side)
    cells = [
        box(X + i * side, Y + j * side, X + (i + 1) * side, Y + (j + 1) * side)
        for j in range(up)
        for i in range(across)
    ]
    if multi:
        cells[-1] = MultiPolygon([cells[-1], box(X + 4200, Y, X + 4300, Y + 100)])
    n = len(cells)
    people = np.linspace(0, 12_000, n)
    people[0] = np.nan
    table = gpd.GeoDataFrame(
        {"unit_name": [f"{name} {i}" for i in range(n)], PEOPLE.name: people, HOMES.name: people / 125},
        index=[f"{name}-{i:04}" for i in range(n)], geometry=cells, crs=CRS,
    ).rename_axis("unit_id")  # fmt: skip
    return Exported(
        name, Text(name.title(), name.title()), table, (NAME, PEOPLE, HOMES), default_style(name), "unit_id"
    )


def of_source(name: str, geometry: list, /, **values: list) -> Exported:
    """A layer as its source declares it, cut to the corridor."""
    layer = {s.name: s for s in SOURCES}[name].layer
    table = gpd.GeoDataFrame(values, geometry=geometry, crs=CRS)
    table[layer.key] = [f"{i:016}" for i in range(len(table))]
    kept = tuple(c for c in layer.columns if c.name in values)
    return Exported(
        f"{name}_corridor", layer.title, table.set_index(layer.key), kept, default_style(f"{name}_corridor"), layer.key
    )


def ground() -> list[Exported]:
    """The BGT: of each classified layer one piece per value and level, side by side; of the others one piece."""

    def strip(n: int) -> list:
        return [box(X + 100 * i, Y + 1500, X + 100 * i + 90, Y + 1800) for i in range(n)]

    made = []
    for source in BGT:
        style = default_style(source.name)
        words = [c.values[0] if c.values else "transitie" for c in style.classes if c.values != ("below",)] or [""]
        levels = [0] * len(words) + ([-1] if style.column else [])
        others = {"line": [LineString([(X, Y), (X + 900, Y + 300)])], "point": [Point(X + 450, Y + 150), Point(X + 600, Y + 250)]}
        shapes = others.get(style.geometry) or strip(len(levels))
        levels += [0] * (len(shapes) - len(levels))
        texts = {c.name: [""] * len(levels) for c in source.layer.columns if c.name != "level"}
        told = {style.column: [*words, words[0]]} if style.column else {}
        made.append(of_source(source.name, shapes, **texts | told, level=levels))
    return made


def zone() -> list[Exported]:
    """Every layer that has a style."""
    line = LineString([(X + 200, Y + 1000), (X + 2000, Y + 1150), (X + 3800, Y + 1000)])
    length = column("from_m", "m", "Van", "From")
    axis = gpd.GeoDataFrame({"axis_id": ["axis"], "from_m": [0.0]}, geometry=[line], crs=CRS).set_index("axis_id")
    stops = gpd.GeoDataFrame(
        {"station_id": ["a", "b", "c"], "station_name": ["Hengelo", "Kennispark", HOSTILE]},
        geometry=[Point(c) for c in line.coords], crs=CRS,
    ).set_index("station_id")  # fmt: skip
    band = gpd.GeoDataFrame({"corridor_id": ["corridor"]}, geometry=[line.buffer(800)], crs=CRS).set_index(
        "corridor_id"
    )
    rings = units("catchment", 2000)
    centres = [Point(line.coords[0]), Point(line.coords[2])]
    rings = Exported(rings.name, rings.title, rings.table.set_geometry([c.buffer(700).difference(c.buffer(300)) for c in centres]),
                     rings.columns, rings.style, rings.key)  # fmt: skip
    houses = [box(X + 60 * i, Y + 60 * j, X + 60 * i + 40, Y + 60 * j + 45) for j in range(12) for i in range(20)]
    doors = [h.centroid for h in houses]
    uses = [
        "woonfunctie",
        "kantoorfunctie",
        "winkelfunctie",
        "industriefunctie",
        "sportfunctie",
        "woonfunctie,winkelfunctie",
        "overige gebruiksfunctie",
        "",
    ]
    years = [1880.0, 1915.0, 1935.0, 1950.0, 1970.0, 1980.0, 2000.0, 2020.0, np.nan]
    wild = [
        Polygon([(X + 400 * i, Y), (X + 400 * i + 400, Y), (X + 400 * i + 300, Y + 900), (X + 400 * i, Y + 800)])
        for i in range(9)
    ]
    stop_name = Column("station_name", "str", "", "label", Text("Station", "Station"), Text("Naam.", "Name."))
    return [
        Exported("corridor", Text("Corridor", "Corridor"), band, (), default_style("corridor"), "corridor_id"),
        Exported("axis", Text("As", "Axis"), axis, (length,), default_style("axis"), "axis_id"),
        Exported("station", Text("Stations", "Stations"), stops, (stop_name,), default_style("station"), "station_id"),
        of_source("spooras", [line.parallel_offset(d) for d in (-6, 6)] + [MultiLineString([line.coords])], route_name=["a", "b", "c"]),
        of_source("pand", houses, construction_year=[years[i % 9] for i in range(240)], status=["Pand in gebruik"] * 240,
                  use=[""] * 240, verblijfsobject_count=[1.0] * 240),
        of_source("verblijfsobject", doors, use=[uses[i % 8] for i in range(240)]),
        of_source("bodemgebruik", wild, bbg_code=[10 * i + 10 for i in range(9)], use_name=["x"] * 9),
        of_source("vierkant_100m", [box(X + 100 * i, Y, X + 100 * i + 100, Y + 100) for i in range(8)],
                  inhabitants_count=[np.nan, 0.0, 15.0, 45.0, 75.0, 100.0, 400.0, 5.0]),
        *ground(),
        of_source("wegvak", [line.parallel_offset(d) for d in (40, 60, 80, 100)], road_authority=list("RPGW"), street_name=[""] * 4),
        of_source("vierkant_500m", [box(X + 500 * i, Y, X + 500 * i + 500, Y + 500) for i in range(8)],
                  inhabitants_count=[np.nan, 0.0, 375.0, 1125.0, 1875.0, 2500.0, 9000.0, 125.0]),
        of_source("bodemgebruik_nieuw", wild[:8], nbbg_code=[10 * i + 10 for i in range(8)]),
        of_source("top10nl_water", wild[:2], type=["waterloop", "meer, plas"], name=["Beek", ""]),
        of_source("top10nl_functional_area", wild[:2], type=["park", "campus"], name=["Park", ""]),
        of_source("perceel", houses[:9], parcel_number=[str(i) for i in range(9)]),
        rings,
        units("section", 250),
        units("gemeente", 2000),
        units("wijk", 1000, multi=True),
        units("wijk_corridor", 1000),
        units("buurt", 500),
        units("square_500m", 500),
        units("square_100m", 100),
        units("hexagon", 200),
    ]  # fmt: skip
