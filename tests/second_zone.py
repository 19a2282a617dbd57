"""Another rail zone, at another place and along another line: Borne – Almelo de Riet – Almelo.

Made by the generator of the built-in sample with another seed, so that no building is the same; turned a quarter, so
that the line runs from south to north, and moved there; with the names and codes of that place. The pipeline knows it
by its config alone.
"""

from __future__ import annotations

import re
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyogrio
import shapely
from small_project import without_others

from pipeline import sample

STATIONS = {"Hengelo": "Borne", "Enschede Kennispark": "Almelo de Riet", "Enschede": "Almelo"}
_CODES = {"0164": "0147", "0153": "0141", "0147": "0164"}
_NAMES = {"Hengelo": "Borne", "Hengelo (O.)": "Borne", "Enschede": "Almelo", "Borne": "Hengelo"}
#: Whole kilometres, so that squares stay squares of the grid.
_EAST, _NORTH = 718_000.0, 232_000.0
_SEED = 7
_EDITIONS = {"buurt": 2023, "wijk": 2023, "vierkant_100m": 2023, "vierkant_500m": 2023, "bodemgebruik": 2017}
CONFIG = f"""
[project]
name = "Spoorzone Borne–Almelo"

[area]
gemeente_codes = ["GM0147", "GM0141"]

[corridor]
stations = {list(STATIONS.values())}
half_width_m = 800

[units]
section_length_m = 500
"""


def write(folder: Path) -> Path:
    """Write every source as a file and the config; give the path of the config."""
    (folder / "in").mkdir(parents=True)
    config, names = CONFIG, []
    for name, table in _tables().items():
        if name in _EDITIONS or not re.search(r"_\d{4}$", name):
            pyogrio.write_dataframe(_moved(name, table), folder / "in" / f"{name}.gpkg", layer=name, SPATIAL_INDEX="NO")
            edition = f"edition = {_EDITIONS[name]}\nearlier_editions = []\n" if name in _EDITIONS else ""
            config += f'\n[sources.{name}]\nprotocol = "file"\npath = "in/{name}.gpkg"\n{edition}'
            names.append(name)
    path = folder / "config.toml"
    path.write_text(config + without_others(names), encoding="utf-8")
    return path


def _tables() -> dict[str, gpd.GeoDataFrame]:
    seed = sample._SEED
    try:
        sample._SEED = _SEED
        made = dict(sample.tables())
    finally:
        sample._SEED = seed
    return {n: t for n, t in made.items() if n not in ("perceel", "bodemgebruik_nieuw")}


def turn(shapes: np.ndarray) -> np.ndarray:
    """A quarter to the left around the origin, then moved."""
    return shapely.transform(shapes, lambda xy: np.column_stack([_EAST - xy[:, 1], _NORTH + xy[:, 0]]))


def _moved(name: str, table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    out = table.copy()
    out.geometry = gpd.GeoSeries(turn(np.asarray(table.geometry.array)), index=table.index, crs=table.crs)
    if name.startswith("vierkant_"):
        corners = shapely.bounds(np.asarray(out.geometry.array))[:, :2] / 100
        out[f"crs28992res{name.removeprefix('vierkant_')}"] = [f"E{x:04.0f}N{y:04.0f}" for x, y in np.round(corners)]
    for column in out.columns.drop("geometry"):
        if column in ("code", "identificatie", "jrstatcode", "gemeentecode", "wijkcode", "buurtcode") and name in (
            "gemeente",
            "wijk",
            "buurt",
        ):
            out[column] = out[column].map(_code)
        elif column in ("wijknaam", "buurtnaam"):
            out[column] = out[column].str.replace("Enschede", "Almelo").str.replace("Hengelose", "Bornse").str.replace("Kennispark", "Kenniskwartier")
        elif column in ("naam", "gemeentenaam", "gme_naam"):
            out[column] = out[column].map(lambda n: STATIONS.get(n, n) if name == "station" else _NAMES.get(n, n))
    return out


def _code(code: str) -> str:
    return re.sub(
        r"^(\d{4}(?=[A-Z]))?([A-Z]{2})?(\d{4})", lambda m: (m[1] or "") + (m[2] or "") + _CODES.get(m[3], m[3]), code
    )
