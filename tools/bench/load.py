"""How long loading takes against loading as it is commonly written: docs/performance.md.

    python tools/bench/load.py docs/performance.md

The built-in sample stands behind a server of this machine that pages as PDOK's does and takes 100 ms for each page. The
ways to load take turns, so that what else the machine does troubles them all; each is a process of its own.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests"), str(Path(__file__).parent)]

import page as part  # noqa: E402

LATENCY_S = 0.1
TIMES = 5
#: Source, landing page, collection. The corridor's own box; the BGT as far as it is asked page by page.
SOURCES = (
    ("pand", "/kadaster/bag/ogc/v2", "pand"),
    ("verblijfsobject", "/kadaster/bag/ogc/v2", "verblijfsobject"),
    ("wegvak", "/rws/nationaal-wegenbestand-wegen/ogc/v1", "wegvakken"),
    ("bgt_wegdeel", "/lv/bgt/ogc/v1", "wegdeel"),
    ("bgt_pand", "/lv/bgt/ogc/v1", "pand"),
    ("perceel", "/kadaster/brk-kadastrale-kaart/ogc/v1", "perceel"),
)
#: The western half of the sample: Hengelo, and the corridor up to Enschede Kennispark.
BOX = (249_800.0, 473_200.0, 254_000.0, 477_000.0)
WAYS = {
    "ours": "Spoorzone, asking twice",
    "ours_once": "Spoorzone, asking once",
    "plain": "page after page, as commonly written",
    "gdal": "GDAL's OGC API client",
}
#: Pages in the test of memory, features on each, and bytes besides.
PAGES, FEATURES, BALLAST = (10, 40, 160), 10, 1_000_000


# --- the ways, each in a process of its own


def ours(base: str, *, second_pass: bool) -> int:
    """As `spoorzone load` does: four at a time, every answer kept and looked at."""
    from concurrent.futures import ThreadPoolExecutor

    from pipeline.load import ogc_features
    from pipeline.load.http import Http
    from pipeline.load.kept import Kept

    with tempfile.TemporaryDirectory() as folder, Http() as http, ThreadPoolExecutor(4) as pool:

        def one(source: tuple[str, str, str]) -> int:
            kept = Kept(http, Path(folder) / source[0], None)
            got = ogc_features.fetch(base + source[1], source[2], BOX, kept, lambda *_: None, second_pass=second_pass)
            return len(got.table)

        return sum(pool.map(one, SOURCES))


def plain(base: str) -> int:
    """A loop over the next links, a table per page, and one table of all: what many scripts do."""
    import geopandas as gpd
    import httpx
    import pandas as pd

    found = 0
    rd = "http://www.opengis.net/def/crs/EPSG/0/28992"
    with httpx.Client(timeout=60) as client:
        for _, landing, collection in SOURCES:
            url: str | None = f"{base}{landing}/collections/{collection}/items"
            query: dict[str, str] | None = {
                "f": "json", "limit": "1000", "crs": rd, "bbox-crs": rd, "bbox": ",".join(map(str, BOX)),
            }  # fmt: skip
            tables = []
            while url:
                body = client.get(url, params=query).raise_for_status().json()
                tables.append(gpd.GeoDataFrame.from_features(body["features"], crs=28992))
                url, query = next((k["href"] for k in body["links"] if k["rel"] == "next"), None), None
            found += len(pd.concat(tables, ignore_index=True))
    return found


def gdal(base: str) -> int:
    """GDAL, as in the wheel of pyogrio, with pages as large as the service allows."""
    import pyogrio

    return sum(
        len(
            pyogrio.read_dataframe(
                f"OAPIF:{base}{landing}", layer=collection, bbox=BOX, CRS="EPSG:28992", PAGE_SIZE="1000"
            )
        )
        for _, landing, collection in SOURCES
    )


def memory(base: str, pages: int) -> int:
    """Walk a collection of `pages` pages."""
    from pipeline.load import ogc_features
    from pipeline.load.http import Http
    from pipeline.load.kept import Kept

    with tempfile.TemporaryDirectory() as folder, Http() as http:
        kept = Kept(http, Path(folder), None)
        return len(ogc_features.fetch(f"{base}/memory", f"pages_{pages}", None, kept, lambda *_: None).table)


def child(way: str, base: str) -> None:
    """Do one way; say what it took, without the time that importing takes."""
    import geopandas
    import httpx
    import pyogrio

    import pipeline.load.kept
    import pipeline.load.ogc_features

    assert geopandas and httpx and pyogrio and pipeline  # noqa: S101 - imported for what follows
    # The highest is counted from here on.
    Path("/proc/self/clear_refs").write_text("5")
    at_rest, before, begun = _kib("VmRSS"), time.process_time(), time.perf_counter()
    match way.split(":"):
        case ["ours"]:
            found = ours(base, second_pass=True)
        case ["ours_once"]:
            found = ours(base, second_pass=False)
        case ["plain"]:
            found = plain(base)
        case ["gdal"]:
            found = gdal(base)
        case ["memory", pages]:
            found = memory(base, int(pages))
    said = {
        "wall_s": time.perf_counter() - begun,
        "cpu_s": time.process_time() - before,
        "features": found,
        "rise_kib": _kib("VmHWM") - at_rest,
    }
    print(json.dumps(said))


def _kib(name: str) -> int:
    """Memory of this process, as Linux counts it; `getrusage` would tell the parent's highest as well."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))


def run(way: str, base: str) -> dict[str, Any]:
    """One way in a process of its own."""
    command = [sys.executable, __file__, "--way", way, "--base", base]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT, env={**os.environ})
    said: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return said


# --- the server


@contextmanager
def server(folder: Path) -> Iterator[str]:
    """The sample behind a server in a process of its own; its address."""
    import ogc_server
    import pyogrio

    from pipeline import sample

    tables = sample.tables()
    apis: dict[str, dict[str, ogc_server.Table]] = {"/memory": {}}
    for name, landing, collection in SOURCES:
        path = folder / f"{name}.gpkg"
        pyogrio.write_dataframe(tables[name], path, layer=name)
        apis.setdefault(landing, {})[collection] = ogc_server.Table(str(path), name)
    for pages in PAGES:
        path = folder / f"pages_{pages}.gpkg"
        pyogrio.write_dataframe(_points(pages * FEATURES), path, layer="points")
        apis["/memory"][f"pages_{pages}"] = ogc_server.Table(str(path), "points", most=FEATURES, ballast=BALLAST)
    ogc_server.write(apis, folder / "apis.json")
    command = [sys.executable, ogc_server.__file__, str(folder / "apis.json"), "--delay", str(LATENCY_S)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None  # noqa: S101 - it was asked for
        yield f"http://127.0.0.1:{int(process.stdout.readline())}"
    finally:
        process.kill()
        process.communicate()


def _points(count: int) -> Any:
    """As little as a feature can be."""
    import geopandas as gpd
    import numpy as np

    at = np.arange(count)
    return gpd.GeoDataFrame(
        {"number": at}, geometry=gpd.points_from_xy(200_000 + at % 400, 450_000 + at // 400), crs=28992
    )


# --- the page


def _ratio(ones: Sequence[float], others: Sequence[float]) -> str:
    """How many times as long the ones take: of the least, and of the medians."""
    return f"{min(ones) / min(others):.2f} ({statistics.median(ones) / statistics.median(others):.2f})"


def page(took: dict[str, list[dict[str, Any]]], peaks: dict[int, dict[str, Any]]) -> Iterator[str]:
    """The page in Markdown."""
    wall, cpu, rise = ({w: [t[k] for t in runs] for w, runs in took.items()} for k in ("wall_s", "cpu_s", "rise_kib"))
    features = took["ours"][0]["features"]
    yield "## Loading"
    yield ""
    yield f"{len(SOURCES)} sources of the built-in sample around the corridor ({', '.join(n for n, _, _ in SOURCES)}):"
    yield f"{features:,} features from a server on the same machine that pages as PDOK's does, 1,000 a page, and waits"
    yield f"{LATENCY_S * 1000:.0f} ms before each page. Each way {TIMES} times, taking turns, each time in a new process: the shortest"
    yield "of them against the shortest of the other, and the medians in brackets."
    yield ""
    yield "| way | time | processor time | memory | answers kept on disk |"
    yield "|---|--:|--:|--:|---|"
    for way, title in WAYS.items():
        figures = " | ".join(_ratio(of[way], of["plain"]) for of in (wall, cpu, rise))
        yield f"| {title} | {figures} | {'yes' if way.startswith('ours') else 'no'} |"
    yield ""
    yield "1.00 is plain paging: one page after the other with httpx, a GeoDataFrame per page, `concat` at the end. Less is"
    yield "better. Memory is how far the process rises above its start. Asking twice is the default: where a service does"
    yield "not count, only that tells whether a page was lost. What is measured is asking, looking at every page and"
    yield "making one table; what follows in `spoorzone load` (checks, GeoPackage, receipt) has no counterpart in the others."
    yield ""
    yield "### Memory and the number of pages"
    yield ""
    yield f"Pages of {BALLAST / 1e6:.0f} MB, of which {FEATURES} points are used: if answers stayed in memory, they would show."
    yield "Features do stay, for the table is made of them: memory grows with what is loaded, not with the answers."
    yield ""
    yield "| pages | answers | highest rise of memory |"
    yield "|--:|--:|--:|"
    for pages, said in peaks.items():
        yield f"| {pages} | {pages * BALLAST / 1e6:,.0f} MB | {said['rise_kib'] / 1000:,.0f} MB |"


def main() -> None:
    """Measure, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("page", type=Path, nargs="?")
    parser.add_argument("--way")
    parser.add_argument("--base", default="")
    given = parser.parse_args()
    if given.way:
        child(given.way, given.base)
        return
    with tempfile.TemporaryDirectory() as folder, server(Path(folder)) as base:
        for way in WAYS:
            run(way, base)  # the server writes each page once
        took: dict[str, list[dict[str, Any]]] = {way: [] for way in WAYS}
        for turn in range(TIMES):
            for way in list(WAYS)[turn % len(WAYS) :] + list(WAYS)[: turn % len(WAYS)]:
                took[way].append(run(way, base))
        peaks = {pages: run(f"memory:{pages}", base) for pages in PAGES}
    found = {way: {t["features"] for t in runs} for way, runs in took.items()}
    if len(set.union(*found.values())) != 1:
        sys.exit(f"not the same features: {found}")
    text = "\n".join(page(took, peaks)) + "\n"
    if given.page:
        part.put(given.page, "loading", text)
    print(text)


if __name__ == "__main__":
    main()
