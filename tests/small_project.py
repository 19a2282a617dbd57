"""A project of 4 km × 2 km on files, in the registers' own schemas; every number can be done in the head.

Two municipalities of 2 km × 2 km lie side by side, each one wijk of two buurten. The track runs from west to east
through the middle, with stations 500 m from either end and one on the border. Each buurt has ten houses of 10 m ×
10 m with one dwelling of 76 m², and one shop of 20 m × 10 m with 156 m².
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyogrio
import shapely

from pipeline.sources import RASTERS, SOURCES
from pipeline.store import EPOCH

X, Y = 250_000.0, 470_000.0
CONFIG = """
[project]
name = "Proefzone"

[area]
gemeente_codes = ["GM0001", "GM0002"]

[corridor]
stations = ["West", "Midden", "Oost"]
half_width_m = 400

[units]
catchment_radii_m = [200, 400]

[export]
formats = ["geopackage", "dxf", "csv"]
"""


def write(folder: Path) -> Path:
    """Write the sources and the config; give the path of the config."""
    (folder / "in").mkdir(parents=True)
    for name, table in tables().items():
        save(folder, name, table)
    config = folder / "config.toml"
    sources = "".join(f'\n[sources.{name}]\nprotocol = "file"\npath = "in/{name}.gpkg"\nedition = {YEAR.get(name, 2022)}\n' for name in tables())
    config.write_text(CONFIG + sources + without_others(tables()), encoding="utf-8")
    return config


YEAR = {"bodemgebruik": 2017}


def without_others(names: Iterable[str]) -> str:
    """What switches off every source that is not among `names`."""
    others = [s.name for s in (*SOURCES, *RASTERS) if s.name not in names]
    return "".join(f"\n[sources.{name}]\nenabled = false\n" for name in others)


def save(folder: Path, name: str, table: gpd.GeoDataFrame) -> None:
    """Write one source, in place of what was there."""
    path = folder / "in" / f"{name}.gpkg"
    path.unlink(missing_ok=True)
    # The same table makes the same file, whatever ran before.
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": EPOCH})
    pyogrio.write_dataframe(table, path, layer=name)


def tables() -> dict[str, gpd.GeoDataFrame]:
    """The sources by name, with native columns."""
    halves = [(0, 0, 2000, 2000), (2000, 0, 4000, 2000)]
    quarters = [(0, 0, 2000, 1000), (0, 1000, 2000, 2000), (2000, 0, 4000, 1000), (2000, 1000, 4000, 2000)]
    names = ["A-zuid", "A-noord", "B-zuid", "B-noord"]
    figures = {"aantal_inwoners": 20, "aantal_huishoudens": 10, "woningvoorraad": 10, "water": "NEE",
               "bevolkingsdichtheid_inwoners_per_km2": 10, "omgevingsadressendichtheid": 8,
               "stedelijkheid_adressen_per_km2": 5, "oppervlakte_land_in_ha": 200, "oppervlakte_water_in_ha": 0}  # fmt: skip
    gemeente = _frame({"code": ["GM0001", "GM0002"], "naam": ["A", "B"]}, _boxes(halves))
    of = {"gemeentecode": ["GM0001", "GM0002"], "gemeentenaam": ["A", "B"]}
    twice = {k: np.full(2, v * 2 if isinstance(v, int) else v) for k, v in figures.items()}
    twice["stedelijkheid_adressen_per_km2"] = np.full(2, 5)  # a class, which does not add up
    wijk = _frame({"wijkcode": ["WK000100", "WK000200"], "wijknaam": ["A", "B"], **of, **twice}, _boxes(halves))
    codes = ["BU00010000", "BU00010001", "BU00020000", "BU00020001"]
    buurt = _frame(
        {"buurtcode": codes, "buurtnaam": names, "wijkcode": np.repeat(wijk["wijkcode"], 2).tolist(),
         **{k: np.repeat(v, 2).tolist() for k, v in of.items()}, **{k: [v] * 4 for k, v in figures.items()}},
        _boxes(quarters),
    )  # fmt: skip
    houses, shops = zip(*(_buildings(q) for q in quarters), strict=True)
    shapes = np.concatenate([np.concatenate(houses), np.concatenate(shops)])
    ids = [f"{i:04d}100000{i:06d}" for i in range(1, len(shapes) + 1)]
    home = np.arange(len(shapes)) < 40
    pand = _frame(
        {"identificatie": ids, "bouwjaar": np.where(home, 1970, 9999), "status": "Pand in gebruik",
         "gebruiksdoel": np.where(home, "woonfunctie", "winkelfunctie"), "aantal_verblijfsobjecten": 1},
        shapes,
    )  # fmt: skip
    verblijfsobject = _frame(
        {"identificatie": [i[:4] + "01" + i[6:] for i in ids], "status": "Verblijfsobject in gebruik",
         "gebruiksdoel": np.where(home, "woonfunctie", "winkelfunctie"), "oppervlakte": np.where(home, 76, 156),
         "openbare_ruimte": "Spoorstraat", "postcode": "7500AA", "pandidentificatie": ids},
        shapely.centroid(shapes),
    )  # fmt: skip
    # All ten houses of a buurt stand in one square of 100 m, from which it gets its twenty inhabitants.
    squares = [(w + 700, s + _rise(s) + 400, w + 800, s + _rise(s) + 500) for w, s, _, _ in quarters]
    vierkant = _frame(
        {"crs28992res100m": [f"E{int((X + w) // 100):04d}N{int((Y + s) // 100):04d}" for w, s, _, _ in squares],
         "aantal_inwoners": 20, "aantal_part_huishoudens": 10, "aantal_woningen": 10},
        _boxes(squares),
    )  # fmt: skip
    bodemgebruik = _frame({"bg2017": [20, 24], "bodemgebruik": ["Bebouwd exclusief bedrijfsterrein", "Bedrijfsterrein"]}, _boxes(halves))
    track = [[(0, 1000), (1800, 1000)], [(1800.4, 1000.3), (4000, 1000)]]
    spooras = _frame({"puic": ["s1", "s2"], "levenscyclus_status": "Bestaand", "kmlint_omschrijving_begin": "W - O"},
                     [shapely.LineString(np.array(t) + [X, Y]) for t in track])  # fmt: skip
    station = _frame({"puic": ["w", "m", "o"], "levenscyclus_status": "Bestaand", "naam": ["West", "Midden", "Oost"]},
                     shapely.points(np.array([(500, 1010), (2000, 1010), (3500, 1010)]) + [X, Y]))  # fmt: skip
    return {
        "gemeente": gemeente, "wijk": wijk, "buurt": buurt, "vierkant_100m": vierkant, "bodemgebruik": bodemgebruik,
        "spooras": spooras, "station": station, "pand": pand, "verblijfsobject": verblijfsobject,
    }  # fmt: skip


def _frame(columns: dict[str, object], geometry: object) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(columns, geometry=geometry, crs=28992)


def _boxes(bounds: list[tuple[float, float, float, float]]) -> np.ndarray:
    west, south, east, north = np.array(bounds, dtype="float64").T
    return shapely.box(X + west, Y + south, X + east, Y + north)


def _rise(south: float) -> float:
    """The southern buurten are built 100 m further north, so that north and south lie 900 m apart."""
    return 100.0 if south == 0 else 0.0


def _buildings(quarter: tuple[float, float, float, float]) -> tuple[np.ndarray, np.ndarray]:
    """Ten houses in a row and a shop, around the middle of a buurt."""
    west, south = quarter[0] + 705, quarter[1] + _rise(quarter[1]) + 445
    houses = [(west + 9.0 * i, south, west + 9.0 * i + 8.0, south + 12.5) for i in range(10)]
    return _boxes(houses), _boxes([(west, south - 40, west + 20, south - 30)])
