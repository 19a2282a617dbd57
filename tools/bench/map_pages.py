"""The same buildings as others would put them on a map: one HTML file per way.

    .peers/engines/bin/python tools/bench/map_pages.py BUILDINGS.parquet FOLDER

Prints the version of each as JSON. Run by maps.py; these packages stand in the environment of the benchmark only.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import folium
import geopandas as gpd

COLUMNS = ["use", "construction_year", "verblijfsobject_count"]
COLOURS = {"woonfunctie": "#ecb13a", "": "#c3c8cf"}
OTHER = "#457cac"


def explore(table: gpd.GeoDataFrame, path: Path) -> None:
    """The one line of GeoPandas, without a legend (which wants d3); all else as it comes."""
    table.explore(column="construction_year", tiles=None, legend=False).save(path)


def geojson(table: gpd.GeoDataFrame, path: Path, *, canvas: bool) -> None:
    """Folium's layer for GeoJSON, with a colour per building and its attributes when pointed at."""
    west, south, east, north = table.total_bounds
    page = folium.Map(tiles=None, prefer_canvas=canvas)
    folium.GeoJson(
        table,
        style_function=lambda f: {"weight": 0.5, "color": "#222", "fillOpacity": 0.9,
                                  "fillColor": COLOURS.get(f["properties"]["use"], OTHER)},
        tooltip=folium.GeoJsonTooltip(COLUMNS),
    ).add_to(page)  # fmt: skip
    page.fit_bounds([[south, west], [north, east]])
    page.save(path)


def deck(table: gpd.GeoDataFrame, path: Path) -> None:
    """Lonboard: Arrow tables drawn by the graphics card."""
    from lonboard import Map, PolygonLayer

    Map(PolygonLayer.from_geopandas(table)).to_html(str(path))


WAYS: dict[str, Callable[[gpd.GeoDataFrame, Path], None]] = {
    "explore": explore,
    "folium_svg": lambda table, path: geojson(table, path, canvas=False),
    "folium_canvas": lambda table, path: geojson(table, path, canvas=True),
    "lonboard": deck,
}


def main() -> None:
    """Draw every page."""
    table = gpd.read_parquet(sys.argv[1])[[*COLUMNS, "geometry"]].to_crs(4326).reset_index(drop=True)
    table["use"] = table["use"].astype(str)
    for column in COLUMNS[1:]:
        table[column] = table[column].fillna(0).astype(int)
    for name, draw in WAYS.items():
        draw(table, Path(sys.argv[2]) / f"{name}.html")
    print(json.dumps({name: version(name) for name in ("geopandas", "folium", "lonboard")}))


if __name__ == "__main__":
    main()
