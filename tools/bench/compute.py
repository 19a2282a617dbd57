"""How fast the numbers are made, against the ways that others would take: docs/performance.md.

    .peers/engines/bin/python tools/bench/compute.py docs/performance.md        (after tools/bench/install.sh)

All ways of a row work on the same tables in one process and take turns; the values of every way are compared unit by
unit with ours before a time is written down.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(Path(__file__).parent)]

import page  # noqa: E402
from city import City  # noqa: E402
from postgis import fill, postgis  # noqa: E402

from pipeline import overlap  # noqa: E402
from pipeline.clip.cut import cut  # noqa: E402
from pipeline.contract import CRS, POLYGON, Layer, Text  # noqa: E402
from pipeline.indicators import oad  # noqa: E402

BUILDINGS = 110_000
ROUNDS = 3
#: Copies of the built-in sample, of some 33,000 buildings each, side by side.
GROWTH = (1, 3, 12)

Values = np.ndarray


@dataclass
class Row:
    """One thing to make, in several ways.

    Attributes
    ----------
    title
        What is made.
    target
        How many times as fast as the first peer it is to be, and as the best database.
    ways
        Name -> function that gives one value per unit. Ours is the first, the named peer the second.
    tolerance
        Relative; how far the values may lie from ours.
    """

    title: str
    target: str
    ways: dict[str, Callable[[], Values]]
    tolerance: float = 1e-9
    wall: dict[str, list[float]] = field(default_factory=dict)
    apart: dict[str, float] = field(default_factory=dict)

    def measure(self) -> None:
        """Let the ways take turns: one round that is not counted, in which values are compared, then the others."""
        ours = next(iter(self.ways.values()))()
        for name, way in self.ways.items():
            self.apart[name] = float(np.max(np.abs(way() - ours) / np.maximum(np.abs(ours), 1e-300), initial=0, where=ours != 0))
            if not self.apart[name] <= self.tolerance:
                sys.exit(f"{self.title}: {name} is {self.apart[name]:.1e} from ours, expected {self.tolerance:.0e} at most")
        for turn in range(ROUNDS):
            names = list(self.ways)
            for name in names[turn % len(names) :] + names[: turn % len(names)]:
                begun = time.perf_counter()
                self.ways[name]()
                self.wall.setdefault(name, []).append(time.perf_counter() - begun)
            print(self.title, {n: round(w[-1], 4) for n, w in self.wall.items()}, file=sys.stderr)


def rows(base: Any) -> Iterator[Row]:
    """Everything that is measured."""
    import duckdb
    import duckdb_extension_spatial
    import sedonadb

    city = City(BUILDINGS)
    buildings, units, addresses = (gpd.GeoSeries(g, crs=CRS) for g in (city.buildings, city.neighbourhoods, city.addresses))
    frames = {
        "building": gpd.GeoDataFrame({"i": np.arange(len(buildings))}, geometry=buildings, crs=CRS),
        "unit": gpd.GeoDataFrame({"k": np.arange(len(units))}, geometry=units, crs=CRS),
        "address": gpd.GeoDataFrame(geometry=addresses, crs=CRS),
    }
    fill(base, "building", city.buildings)
    fill(base, "unit", city.neighbourhoods)

    duck = duckdb.connect()
    extension = next(Path(duckdb_extension_spatial.__file__).parent.rglob("*.duckdb_extension"))
    duck.execute(f"LOAD '{extension}'")
    sedona = sedonadb.connect()
    for name, geometries in (("building", city.buildings), ("unit", city.neighbourhoods)):
        raw = pd.DataFrame({"i": np.arange(len(geometries)), "wkb": shapely.to_wkb(geometries)})
        duck.register("raw", raw)
        duck.execute(f"CREATE TABLE {name} AS SELECT i, ST_GeomFromWKB(wkb) AS geom FROM raw")
        sedona.create_data_frame(gpd.GeoDataFrame({"i": raw["i"], "geom": geometries}, geometry="geom")).to_view(name)

    def per_unit(found: pd.DataFrame) -> Values:
        made = np.zeros(len(units))
        made[found["unit"].to_numpy()] = found["area"]
        return made

    def parts() -> Values:
        found = overlap.area_parts(buildings, units)
        return np.bincount(found["unit"], found["area_m2"], minlength=len(units))

    def overlay() -> Values:
        found = gpd.overlay(frames["building"], frames["unit"], keep_geom_type=True)
        return np.bincount(found["k"], found.area, minlength=len(units))

    join = "SELECT u.i AS unit, sum({}) AS area FROM unit u JOIN building b ON ST_Intersects(u.geom, b.geom) GROUP BY u.i"
    plain = join.format("ST_Area(ST_Intersection(u.geom, b.geom))")
    case = join.format("CASE WHEN {} THEN ST_Area(b.geom) ELSE ST_Area(ST_Intersection(u.geom, b.geom)) END")
    contains, covered = case.format("ST_Contains(u.geom, b.geom)"), case.format("ST_CoveredBy(b.geom, u.geom)")
    yield Row(
        "Ground of buildings in neighbourhoods", "20 × overlay, 3 × the best database",
        {
            "Spoorzone": parts,
            "geopandas.overlay": overlay,
            "DuckDB": lambda: per_unit(duck.execute(plain).df()),
            "DuckDB, contained first": lambda: per_unit(duck.execute(contains).df()),
            "SedonaDB": lambda: per_unit(sedona.sql(plain).to_pandas()),
            "SedonaDB, contained first": lambda: per_unit(sedona.sql(contains).to_pandas()),
            "PostGIS": lambda: per_unit(pd.DataFrame(base.execute(plain).fetchall(), columns=["unit", "area"])),
            "PostGIS, contained first": lambda: per_unit(pd.DataFrame(base.execute(covered).fetchall(), columns=["unit", "area"])),
        },
    )  # fmt: skip

    x, y = (np.arange(start, start + size, 100.0) for start, size in ((245_000, city.width), (465_000, city.height)))
    corner = np.stack(np.meshgrid(x, y, indexing="ij"), axis=-1).reshape(-1, 2)
    squares = gpd.GeoSeries(shapely.box(*corner.T, *(corner + 100).T), crs=CRS)
    square_frame = gpd.GeoDataFrame({"k": np.arange(len(squares))}, geometry=squares, crs=CRS)
    px, py = addresses.x.to_numpy(), addresses.y.to_numpy()
    first = overlap.cell(np.array([x[0] + 100, y[0] + 100]), 100.0)

    def held() -> Values:
        at = (overlap.cell(px, 100.0) - first[0]) * len(y) + overlap.cell(py, 100.0) - first[1]
        return np.bincount(at, minlength=len(squares)).astype(float)

    def sjoin() -> Values:
        found = gpd.sjoin(frames["address"], square_frame, predicate="within")
        return np.bincount(found["k"], minlength=len(squares)).astype(float)

    yield Row(
        "Addresses in squares of 100 m", "100 × sjoin, with coordinates at hand",
        {
            "Spoorzone, coordinates at hand": held,
            "geopandas.sjoin": sjoin,
            "Spoorzone, from geometries": lambda: np.bincount(overlap.points_in(addresses, squares)["unit"], minlength=len(squares)).astype(float),
        },
    )  # fmt: skip

    middle = city.frame.centroid
    mask = shapely.union_all(city.neighbourhoods[shapely.distance(city.neighbourhoods, middle) < city.width / 4])
    layer = Layer("building", "i", POLYGON, (), Text("", ""))
    keyed = frames["building"].set_index("i")

    def clipped() -> Values:
        return np.array([cut(keyed, layer, mask).area.sum()])

    yield Row(
        f"Buildings cut at an outline of {shapely.get_num_coordinates(mask):,} points", "12 × geopandas.clip",
        {"Spoorzone": clipped, "geopandas.clip": lambda: np.array([gpd.clip(frames["building"], mask).area.sum()])},
    )  # fmt: skip

    counted = gpd.GeoDataFrame(geometry=addresses, crs=CRS)

    def tree() -> Values:
        from scipy.spatial import cKDTree

        xy = np.column_stack([px, py])
        return cKDTree(xy).query_ball_point(xy, 1000.0, return_length=True, workers=-1) / np.pi

    yield Row(
        "Surrounding address density of every address", "exact, beside cKDTree",
        {"Spoorzone": lambda: oad.address_oad(counted, 1000.0).to_numpy(), "scipy cKDTree, every address": tree},
    )  # fmt: skip


def heights(folder: Path) -> Row:
    """Mean surface height under every building of the sample that lies within the tiles, at half a metre."""
    from exactextract import exact_extract
    from rasterstats import zonal_stats

    from pipeline import config, zonal
    from pipeline.project import Project, Quiet

    project = Project(config.read(folder / "config.toml"), synthetic=True, show=Quiet(), offline=True)
    surface: Any = project.input("ahn_dsm")
    pand: Any = project.input("pand")
    tiles = shapely.union_all([shapely.box(*t.box) for t in surface.tiles])
    shapely.prepare(tiles)
    near = pand[shapely.contains_properly(tiles, np.asarray(pand.geometry.array)) & (pand.area > 20)][["geometry"]]
    # Where a tile holds no height there is nothing to compare.
    near = near[zonal.statistics(near.geometry, surface)["mean"].notna().to_numpy()]
    vrt = str(folder / "data_raw/sample/ahn_dsm.vrt")
    few = near.iloc[:: len(near) // 500][:500]

    def ours() -> Values:
        return zonal.statistics(near.geometry, surface)["mean"].to_numpy()

    def exact() -> Values:
        found = exact_extract(vrt, near, ["mean"], strategy="feature-sequential", output="pandas")
        return np.asarray(found["mean"])

    # rasterstats has our rule of cell centres, and would take minutes for all.
    some = zonal.statistics(few.geometry, surface)["mean"].to_numpy()
    theirs = np.array([s["mean"] for s in zonal_stats(few, vrt, stats=["mean"], nodata=np.nan)], dtype="float64")
    if not np.allclose(some, theirs, rtol=1e-6, equal_nan=True):
        sys.exit("heights: rasterstats finds other means")
    return Row(
        f"Mean height under {len(near):,} buildings at 0.5 m ({len(surface.tiles)} tiles)", "3 × exactextract",
        {"Spoorzone, cell centres": ours, "exactextract, parts of cells": exact}, tolerance=0.2,
    )  # fmt: skip


# --- growth


def grown(folder: Path, copies: int) -> dict[str, Any]:
    """Compute every indicator for every kind of unit on copies of the sample side by side; heights apart."""
    from pipeline import config
    from pipeline.indicators import INDICATORS, compute, leaves
    from pipeline.project import Project, Quiet
    from pipeline.sources import BY_NAME, RASTERS_BY_NAME

    project = Project(config.read(folder / "config.toml"), synthetic=True, show=Quiet(), offline=True)
    wanted = [i for i in INDICATORS if not leaves(i) & RASTERS_BY_NAME.keys()]
    names = frozenset().union(*(leaves(i) for i in wanted)) & BY_NAME.keys() & project.names
    wanted = [i for i in wanted if leaves(i) & BY_NAME.keys() <= names]
    layers = {name: _copies(project.clipped(BY_NAME[name].layer), copies) for name in names}
    units = {k.name: _copies(project.units(k), copies) for k in project.kinds}
    Path("/proc/self/clear_refs").write_text("5")
    before, begun = time.process_time(), time.perf_counter()
    memo: dict[Any, Any] = {}
    for kind in project.kinds:
        given = {**layers, **project.choices, "kind": kind, "units": units[kind.name]}
        for indicator in wanted:
            if indicator.applies_to(kind):
                compute(indicator, given, memo)
    return {
        "wall_s": time.perf_counter() - begun,
        "cpu_s": time.process_time() - before,
        "peak_mb": _kib("VmHWM") / 1024,
        "buildings": len(layers["pand"]),
        "addresses": len(layers["verblijfsobject"]),
        "units": sum(map(len, units.values())),
        "columns": len({c.name for i in wanted for c in i.columns}),
    }


def _copies(table: gpd.GeoDataFrame, copies: int) -> gpd.GeoDataFrame:
    """The table so many times, 30 km apart, with keys of their own and links between them kept."""
    made = []
    for i in range(copies):
        one = table.copy()
        one.geometry = gpd.GeoSeries(shapely.transform(np.asarray(table.geometry.array), lambda xy, i=i: xy + [30_000.0 * i, 0]), index=table.index, crs=table.crs)
        if i:
            one.index = (table.index + f"~{i}").rename(table.index.name)
            for column in ("pand_ids", "wijk_code", "gemeente_code"):
                if column in one:
                    one[column] = one[column].map(lambda words, i=i: ",".join(f"{w}~{i}" if w else w for w in words.split(",")))
        made.append(one)
    return gpd.GeoDataFrame(pd.concat(made), crs=table.crs)


def _kib(name: str) -> int:
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))


def _sample(folder: Path) -> None:
    """The sample, loaded and clipped."""
    (folder / "config.toml").write_text((ROOT / "config.toml").read_text())
    for stage in ("load", "clip"):
        subprocess.run([sys.executable, "-m", "pipeline", stage, "--sample", "--config", str(folder / "config.toml")], check=True, cwd=ROOT, stdout=subprocess.DEVNULL)


# --- the page


def table(measured: list[Row], grew: list[Mapping[str, Any]]) -> Iterator[str]:
    """The part of the page, in Markdown."""
    yield "## Computing"
    yield ""
    yield f"A synthetic city of {BUILDINGS:,} buildings (`tools/bench/city.py`) on {os.cpu_count()} processors; every way {ROUNDS} times, taking turns in one"
    yield "process, after a round in which the values of all ways were compared unit by unit. How many times as long the others"
    yield "take as ours: of the shortest times, and of the medians in brackets."
    for row in measured:
        names = list(row.ways)
        ours = row.wall[names[0]]
        yield from ("", f"**{row.title}** (aim: {row.target})", "", "| way | times ours | values apart, relative |", "|---|--:|--:|")
        for name in names:
            theirs = row.wall[name]
            ratio = f"{min(theirs) / min(ours):.1f} ({statistics.median(theirs) / statistics.median(ours):.1f})"
            yield f"| {name} | {ratio} | {row.apart[name]:.0e} |"
    first = grew[0]
    yield from ("", "### Growth", "")
    yield f"All indicators without heights ({first['columns']} columns) for all kinds of unit, on copies of the built-in sample side by side, each run in"
    yield "a process of its own; reading and writing not counted."
    yield from ("", "| buildings | addresses | units | time | processor time | highest memory | per building, to the first |", "|--:|--:|--:|--:|--:|--:|--:|")
    for said in grew:
        each = said["cpu_s"] / said["buildings"] / (first["cpu_s"] / first["buildings"])
        yield f"| {said['buildings']:,} | {said['addresses']:,} | {said['units']:,} | {said['wall_s']:.0f} s | {said['cpu_s']:.0f} s | {said['peak_mb']:,.0f} MB | {each:.2f} |"
    yield from ("", "![Processor time against the number of buildings](performance-growth.svg)", "")


def plot(grew: list[Mapping[str, Any]]) -> str:
    """Processor time against buildings, with the straight line through the first point, as SVG."""
    width, height, left, bottom = 640, 320, 60, 40
    most_n, most_s = max(g["buildings"] for g in grew), max(g["cpu_s"] for g in grew) * 1.1

    def at(n: float, s: float) -> str:
        return f"{left + (width - left - 40) * n / most_n:.1f},{height - bottom - (height - bottom - 20) * s / most_s:.1f}"

    per = grew[0]["cpu_s"] / grew[0]["buildings"]
    points = [at(g["buildings"], g["cpu_s"]) for g in grew]
    dots = "".join(f'<circle cx="{p.split(",")[0]}" cy="{p.split(",")[1]}" r="4" fill="#1b5e83"/>' for p in points)
    words = "".join(
        f'<text x="{at(g["buildings"], 0).split(",")[0]}" y="{height - bottom + 18}" text-anchor="middle">{g["buildings"]:,}</text>'
        f'<text x="{left - 6}" y="{float(at(0, g["cpu_s"]).split(",")[1]) + 4}" text-anchor="end">{g["cpu_s"]:.0f} s</text>'
        for g in grew
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="12">'
        '<title>Processor time against the number of buildings</title><rect width="100%" height="100%" fill="#fff"/>'
        f'<polyline points="{at(0, most_s)} {at(0, 0)} {at(most_n, 0)}" fill="none" stroke="#888"/>'
        f'<polyline points="{at(0, 0)} {at(most_n, per * most_n)}" fill="none" stroke="#bbb" stroke-dasharray="4 4"/>'
        f'<polyline points="{" ".join(points)}" fill="none" stroke="#1b5e83" stroke-width="2"/>{dots}{words}'
        f'<text x="{width / 2}" y="{height - 4}" text-anchor="middle">buildings (dashed: in proportion to the first)</text></svg>\n'
    )


def main() -> None:
    """Measure, and write the part of the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("page", type=Path, nargs="?")
    parser.add_argument("--grown", type=int)
    parser.add_argument("--folder", type=Path)
    given = parser.parse_args()
    if given.grown:
        print(json.dumps(grown(given.folder, given.grown)))
        return
    with postgis() as base:
        measured = list(rows(base))
        for row in measured:
            row.measure()
    import tempfile

    grew = []
    with tempfile.TemporaryDirectory() as folder:
        _sample(Path(folder))
        measured.append(heights(Path(folder)))
        measured[-1].measure()
        for copies in GROWTH:
            command = [sys.executable, __file__, "--grown", str(copies), "--folder", folder]
            grew.append(json.loads(subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stdout.splitlines()[-1]))
            print(grew[-1], file=sys.stderr)
    text = "\n".join(table(measured, grew)) + "\n"
    if given.page:
        page.put(given.page, "computing", text)
        given.page.with_name("performance-growth.svg").write_text(plot(grew), encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
