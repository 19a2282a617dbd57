"""QGIS, rasterstats, exactextract, networkx and momepy: each makes what it has a measure for."""

from __future__ import annotations

import itertools
import json
import math
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from tables import KINDS, Run

_QGIS_PYTHON = Path("/usr/bin/python3")
#: Panden of which heights are compared.
SOME = 2_000
_IN_USE = ["Pand in gebruik", "Pand in gebruik (niet ingemeten)", "Verbouwing pand"]
_GROUPS = (
    "traffic",
    "built_up",
    "semi_built",
    "recreation",
    "agriculture",
    "nature",
    "inland_water",
    "outer_water",
    "abroad",
)

Made = Iterator[tuple[str, str, pd.DataFrame]]


def standing(run: Run) -> gpd.GeoSeries:
    """The panden that count."""
    pand = run.clipped("pand")
    return pand.geometry[pand["status"].isin(_IN_USE)].sort_index()


def measured(run: Run) -> gpd.GeoSeries:
    """Some panden that count, wholly within the surface model, of 20 cells and more, spread over the zone."""
    import rasterio

    shapes = standing(run)
    tiles = [shapely.box(*_bounds(rasterio, f)) for f in sorted((run.rasters / "ahn_dsm").glob("*.tif"))]
    here = shapes[shapes.within(shapely.union_all(tiles)) & (shapes.area >= 5)]
    return here.iloc[:: max(1, len(here) // SOME)].iloc[:SOME]


def _bounds(rasterio: Any, file: Path) -> tuple[float, float, float, float]:
    with rasterio.open(file) as tile:
        return tuple(tile.bounds)


def qgis(run: Run, folder: Path, versions: dict[str, str]) -> Made:
    """Footprint and land use per unit, mean height per pand.

    Yields
    ------
    tuple
        Theme, kind of unit, measures; the heights as kind ``pand``.
    """
    file = folder / "given.gpkg"
    options: dict[str, Any] = {"driver": "GPKG", "dataset_options": {"VERSION": "1.2"}, "index": False}
    layers = {"pand": standing(run), "some_pand": measured(run)} | {f"unit_{k}": run.units(k).geometry for k in KINDS}
    for name, shapes in layers.items():
        gpd.GeoDataFrame({"id": shapes.index}, geometry=shapes.to_numpy(), crs=shapes.crs).to_file(
            file, layer=name, **options
        )
    land = run.clipped("bodemgebruik")
    gpd.GeoDataFrame({"code": land["bbg_code"].astype(int)}, geometry=land.geometry, crs=land.crs).to_file(
        file, layer="bodemgebruik", **options
    )
    asked = {"file": str(file), "kinds": KINDS, "raster": str((run.rasters / "ahn_dsm.vrt").resolve())}
    (folder / "asked.json").write_text(json.dumps(asked), encoding="utf-8")
    done = subprocess.run(
        [_QGIS_PYTHON, Path(__file__).with_name("qgis_peer.py"), folder], capture_output=True, text=True
    )
    if done.returncode:
        sys.exit(f"QGIS ended with {done.returncode}: {done.stderr[-2000:]}")
    told = json.loads((folder / "told.json").read_text(encoding="utf-8"))
    versions["QGIS"] = f"{told['version']} (GEOS {told['geos']})"
    for kind in KINDS:
        area = pd.Series(told["footprint"][kind], dtype="float64").fillna(0.0).rename("footprint_area_m2")
        yield "overlay of footprints", kind, area.to_frame()
        parts = pd.DataFrame.from_dict(told["cut"][kind], orient="index").reindex(run.units(kind).index)
        parts = parts.reindex(columns=[str(d) for d in range(1, 10)]).set_axis(
            [f"land_use_{g}_share" for g in _GROUPS], axis=1
        )
        covered = parts.sum(axis=1)
        shares = parts.fillna(0.0).div(covered.where(covered > 0), axis=0)
        yield "overlay of land use", kind, shares.assign(land_use_covered_area_m2=covered)
    found = pd.DataFrame({"known": told["count"], "mean": told["mean"]}, dtype="float64")
    # With one cell or none by its centre QGIS weighs the cells by the share of each that is covered.
    yield "heights in panden", "pand", found[found["known"] % 1 == 0]


def rasters(run: Run, versions: dict[str, str]) -> Made:
    """Heights per pand by rasterstats: cells by their centre, percentiles by numpy."""
    import rasterstats

    versions["rasterstats"] = rasterstats.__version__
    shapes = measured(run)
    dsm, dtm = (str(run.rasters / f"ahn_{n}.vrt") for n in ("dsm", "dtm"))
    roof = pd.DataFrame(
        rasterstats.zonal_stats(list(shapes), dsm, stats=["count", "mean", "percentile_70"]), index=shapes.index
    )
    yield (
        "heights in panden",
        "pand",
        pd.DataFrame({"known": roof["count"], "mean": roof["mean"], "p70": roof["percentile_70"]}, dtype="float64"),
    )
    around = shapely.difference(shapely.buffer(shapes.to_numpy(), 4.0, quad_segs=2), shapes.to_numpy())
    ground = pd.DataFrame(rasterstats.zonal_stats(list(around), dtm, stats=["percentile_5"]), index=shapes.index)
    yield "ground around panden", "pand", pd.DataFrame({"ground_p5": ground["percentile_5"]}, dtype="float64")


def exact(run: Run, versions: dict[str, str]) -> Made:
    """Mean height by exactextract, over squares whose edges are edges of cells: there a cell is in or out."""
    import exactextract

    versions["exactextract"] = exactextract.__version__
    squares = _squares(run)
    frame = gpd.GeoDataFrame({"id": squares.index}, geometry=squares.to_numpy(), crs=squares.crs)
    found = exactextract.exact_extract(str(run.rasters / "ahn_dsm.vrt"), frame, ["mean", "count"], output="pandas")
    found.index = squares.index
    yield (
        "heights in squares",
        "square",
        pd.DataFrame({"known": found["count"], "mean": found["mean"].where(found["count"] > 0)}, dtype="float64"),
    )


def _squares(run: Run) -> gpd.GeoSeries:
    """Squares of 10 m on the corners of cells, one in each of the measured panden's places."""
    shapes = measured(run)
    centre = shapely.get_coordinates(shapely.centroid(shapes.to_numpy()))
    low = np.floor(centre / 10) * 10
    low = np.unique(low, axis=0)
    return gpd.GeoSeries(shapely.box(*low.T, *(low + 10).T), index=[f"{x:.0f}_{y:.0f}" for x, y in low], crs=shapes.crs)


def heights_here(run: Run) -> dict[str, pd.DataFrame]:
    """Ours of the same panden and squares."""
    from pipeline import grid, zonal
    from pipeline.sources import RASTERS_BY_NAME

    tiled = {n: _tiled(run, RASTERS_BY_NAME[n].raster, grid) for n in ("ahn_dsm", "ahn_dtm")}
    shapes = measured(run)
    roof = zonal.statistics(shapes, tiled["ahn_dsm"], (70.0,))
    around = gpd.GeoSeries(
        shapely.difference(shapely.buffer(shapes.to_numpy(), 4.0, quad_segs=2), shapes.to_numpy()), index=shapes.index
    )
    ground = zonal.statistics(around, tiled["ahn_dtm"], (5.0,))
    squares = zonal.statistics(_squares(run), tiled["ahn_dsm"])
    return {
        "pand": roof.assign(ground_p5=ground["p5"]).astype("float64"),
        "square": squares.astype("float64"),
    }


def _tiled(run: Run, raster: Any, grid: Any) -> Any:
    import rasterio

    files = {}
    for f in sorted((run.rasters / raster.name).glob("*.tif")):
        west, south, _, _ = _bounds(rasterio, f)
        files[grid.Tile(round(west), round(south))] = f

    def read(tile: Any) -> Any:
        with rasterio.open(files[tile]) as opened:
            return opened.read(1, masked=True).astype("float32").filled(np.nan)

    return grid.Tiled(raster, tuple(files), read)


def networks(run: Run, inside: pd.DataFrame, versions: dict[str, str]) -> Made:
    """Distances to stations by networkx, over a graph of its own; per address and per unit.

    Parameters
    ----------
    inside
        ``kind``, ``unit`` and ``id`` of addresses, by a database.
    """
    import networkx

    versions["networkx"] = networkx.__version__
    streets, station = run.clipped("wegvak"), run.clipped("station")
    address = run.clipped("verblijfsobject")
    address = address[
        address["status"].isin(
            ["Verblijfsobject in gebruik", "Verblijfsobject in gebruik (niet ingemeten)", "Verbouwing verblijfsobject"]
        )
    ]
    motor = ((streets["road_authority"] == "R") & (streets["carriageway"] == "HR")) | streets["carriageway"].isin(
        [
            "OPR",
            "AFR",
            "PST",
            "TN",
            "DST",
            "VBD",
            "VBI",
            "VBS",
            "VBR",
            "VBK",
            "VBW",
            "PKP",
            "PKB",
            "BST",
            "BU",
            "OVB",
            "VV",
            "VD",
        ]
    )
    paths = {"walk": streets[~motor], "cycle": streets[~motor & ~streets["carriageway"].isin(["VP", "RP"])]}
    found = pd.DataFrame(
        {
            f"{way}_m": _ways(networkx, lines.geometry, station.geometry, address.geometry)
            for way, lines in paths.items()
        }
    )
    yield "ways to stations", "address", found
    home = address["use"].fillna("").str.split(",").map(lambda words: "woonfunctie" in [w.strip() for w in words])
    homes = inside[inside["id"].isin(address.index[home])]
    for kind, rows in homes.groupby("kind"):
        here = found.reindex(rows["id"]).reset_index(drop=True)
        here["reached"] = here["walk_m"].notna()
        for way, r in (("walk", 400), ("walk", 800), ("walk", 1200), ("cycle", 3000)):
            here[f"dwellings_{way}_{r}m_share"] = here[f"{way}_m"] <= r
        mean = here.astype("float64").groupby(rows["unit"].to_numpy()).mean().reindex(run.units(str(kind)).index)
        mean = mean.rename(columns={"walk_m": "station_walk_distance_m", "reached": "station_reached_share"})
        yield "ways to stations", str(kind), mean.drop(columns="cycle_m")


def _ways(networkx: Any, lines: gpd.GeoSeries, stations: gpd.GeoSeries, addresses: gpd.GeoSeries) -> pd.Series:
    """Shortest way of each address to a station, NaN without one: every place is a node of the graph."""
    parts = shapely.get_parts(lines.to_numpy())
    parts = parts[shapely.length(parts) > 0]
    tree = shapely.STRtree(parts)
    graph = networkx.DiGraph()

    def step(a: Any, b: Any, m: float) -> None:
        if a != b and (not graph.has_edge(a, b) or graph[a][b]["m"] > m):
            graph.add_edge(a, b, m=m)

    def join(a: Any, b: Any, m: float) -> None:
        step(a, b, m)
        step(b, a, m)

    stops: dict[int, list[tuple[float, Any]]] = {}
    for name, places in (("station", stations), ("address", addresses)):
        points = places.to_numpy()
        which, line = tree.query_nearest(points, all_matches=True)
        along = shapely.line_locate_point(parts[line], points[which])
        away = shapely.distance(parts[line], points[which])
        for n, (p, k) in enumerate(zip(which.tolist(), line.tolist(), strict=True)):
            stops.setdefault(k, []).append((float(along[n]), (name, p, k)))
            # Out of a station and into an address: one does not walk through either.
            ends = ((name, p), (name, p, k)) if name == "station" else ((name, p, k), (name, p))
            step(*ends, float(away[n]))
    tips = []
    for k, part in enumerate(parts):
        first, last = part.coords[0][:2], part.coords[-1][:2]
        tips += [first, last]
        row = [(0.0, first), *sorted(stops.get(k, [])), (part.length, last)]
        for (m, a), (n, b) in itertools.pairwise(row):
            join(a, b, n - m)
    corners = sorted(set(tips))
    points = shapely.points(corners)
    for a, b in shapely.STRtree(points).query(points, predicate="dwithin", distance=0.5).T.tolist():
        if a < b:
            join(corners[a], corners[b], math.dist(corners[a], corners[b]))
    starts = {("station", n) for n in range(len(stations)) if ("station", n) in graph}
    doors = networkx.multi_source_dijkstra_path_length(graph, starts, weight="m")
    return pd.Series([doors.get(("address", n), math.nan) for n in range(len(addresses))], index=addresses.index)


def diversity(land: dict[str, pd.DataFrame], versions: dict[str, str]) -> Made:
    """Entropy and concentration of land use by momepy, which counts pieces: here whole square metres.

    Parameters
    ----------
    land
        Per kind the shares of the six groups of land by another engine, and ``land_use_covered_area_m2``.
    """
    import momepy

    versions["momepy"] = momepy.__version__
    for kind, table in land.items():
        if kind == "block":
            continue
        groups = [f"land_use_{g}_share" for g in _GROUPS[:6]]
        made = {}
        for unit, shares in table[groups].mul(table["land_use_covered_area_m2"], axis=0).iterrows():
            pieces = pd.Series(np.repeat(np.arange(6, dtype=np.int8), shares.fillna(0).round().astype(int)))
            made[unit] = (
                momepy.shannon_diversity(pieces, categorical=True, categories=list(range(6))) / math.log(6)
                if len(pieces)
                else math.nan,
                momepy.simpson_diversity(pieces, categorical=True) if len(pieces) else math.nan,
            )
        yield (
            "mix of land use",
            kind,
            pd.DataFrame.from_dict(made, orient="index", columns=["land_use_entropy", "land_use_hhi"]),
        )
