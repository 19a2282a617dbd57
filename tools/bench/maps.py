"""How large, how fast and how smooth the map is, beside other ways to show the same buildings: docs/maps.md.

    python tools/bench/maps.py FOLDER docs/maps.md        (after tools/bench/install.sh)

FOLDER holds a project with a finished run. The pages of the others are drawn in the environment of the benchmark.
"""

from __future__ import annotations

import argparse
import base64
import gzip
import json
import os
import platform
import re
import statistics
import struct
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
from xstatic.pkg.leaflet import BASE_DIR

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(Path(__file__).parent)]

import browse  # noqa: E402

from pipeline import config  # noqa: E402

LOADS, ROUNDS, MOVED = 7, 8, 3
#: The pages of the others take seconds each.
OTHERS = 3
BUILDINGS = "pand"
#: Levels at which an indicator is switched, and what one may take there, ms.
SWITCHED = {"buurt": 20, "square_500m": 20, "square_100m": 20, "hexagon": 20}
SWITCHED_BUILDINGS = 60
TITLES = {"buurt": "neighbourhood", "square_500m": "500 m", "square_100m": "100 m", "hexagon": "hexagon", BUILDINGS: "building"}
WAYS = {
    "explore": "`geopandas.explore()`",
    "folium_svg": "`folium.GeoJson`",
    "folium_canvas": "`folium.GeoJson`, `prefer_canvas`",
    "lonboard": "lonboard `to_html`",
}
#: What axe looks at: name -> what opens it, from a page as it starts.
STATES = {
    "start": "",
    "card": "() => { const map = Object.values(window).find((v) => v instanceof L.Map);"
    " const at = map.getSize().divideBy(2); map.fire('click', { latlng: map.containerPointToLatLng(at), containerPoint: at }); }",
    "table": "() => document.querySelector('#table').click()",
    "about": "() => document.querySelector('#about').click()",
    "print": "() => document.querySelector('#print').click()",
    "presentation": "() => document.querySelector('#present').click()",
}
#: What must be there then, or axe would have looked at nothing.
SHOWN = {
    "start": "#legend h2", "card": "#card h2", "table": "#dialog table", "about": "#dialog h2", "print": "#dialog button",
    "presentation": "#presentation h2",
}  # fmt: skip
HAND = "<!-- what follows is written by hand -->"
_SCRIPT = re.compile(r"<script([^>]*)>(.*?)</script>", re.S)

Took = dict[str, list[float]]


# --- bytes


def parts(html: str) -> dict[str, int]:
    """Bytes of the page by what they are: `leaflet`, `code`, `switches`, `words`, and each block by its name."""
    found: dict[str, int] = {}
    code = 0
    for attributes, text in _SCRIPT.findall(html):
        size = len(text.encode())
        if named := re.search(r'id="data-([^"]+)"', attributes):
            found[named[1]] = size
        else:
            code += 1
            found[("leaflet", "switches", "code", "background")[code - 1] if code <= 4 else f"script {code}"] = size
    found["style"] = sum(len(s.encode()) for s in re.findall(r"<style[^>]*>(.*?)</style>", html, re.S))
    return found


def block(html: str, name: str) -> tuple[dict[str, Any], bytes]:
    """Header of a block of the page, and its streams."""
    found = re.search(rf'<script[^>]*id="data-{name}"[^>]*>(.*?)</script>', html, re.S)
    if not found:
        sys.exit(f"the page has no block {name!r}; draw it with all levels")
    inside = gzip.decompress(base64.b64decode(found[1]))
    (length,) = struct.unpack("<I", inside[:4])
    return json.loads(inside[4 : 4 + length]), inside[4 + length :]


def geometry_bytes(html: str, name: str) -> float:
    """Bytes per unit that the shapes of a level alone take in a page, compressed and as letters."""
    header, streams = block(html, name)
    raw = np.frombuffer(streams, dtype=np.uint8)
    ends = np.flatnonzero(raw < 128)  # a number ends where the highest bit is not set
    units, rings = header["count"], header["rings"]
    corners = sum(_number(raw, ends, n) for n in range(units, units + rings))
    last = ends[units + rings + 2 * corners - 1]
    return len(base64.b64encode(gzip.compress(streams[: last + 1], 9, mtime=0))) / units


def _number(raw: np.ndarray, ends: np.ndarray, n: int) -> int:
    begin = ends[n - 1] + 1 if n else 0
    value = sum(int(byte & 127) << (7 * k) for k, byte in enumerate(raw[begin : ends[n] + 1]))
    return -(value + 1) // 2 if value % 2 else value // 2


# --- our page


def measure(browser: Any, path: Path, html: str) -> dict[str, Any]:
    """All that is measured of our page."""
    url = path.as_uri()
    page = json.loads(re.search(r'id="data-page"[^>]*>(.*?)</script>', html, re.S)[1])  # type: ignore[index]
    said: dict[str, Any] = {"bytes": len(html.encode()), "parts": parts(html), "count": block(html, BUILDINGS)[0]["count"]}
    said["geometry"] = geometry_bytes(html, BUILDINGS)
    said["start"] = _many(lambda: browse.start_ms(browser, url), LOADS)
    said["start_slow"] = _many(lambda: browse.start_ms(browser, url, slower=4), OTHERS)
    said["start_buildings"] = _many(lambda: browse.start_ms(browser, f"{url}#l={BUILDINGS}"), OTHERS)
    say("started")
    said["switch"] = dict(switches(browser, url, page))
    say("switched")
    said["move"] = {level: moves(browser, f"{url}#l={level}", MOVED) for level in ("buurt", BUILDINGS)}
    say("moved")
    with browse.opened(browser, url) as shown:
        shown.until("document.documentElement.dataset.whole")
        said["heap"] = shown.heap_mb()
        said["asked"] = sorted({a for a in shown.asked if not a.startswith("https://service.pdok.nl/")})
    with browse.opened(browser, f"{url}#l={BUILDINGS}") as shown:
        shown.until("document.documentElement.dataset.whole")
        said["heap_buildings"] = shown.heap_mb()
        said["blank"] = browse.colours_shown(shown) < 16
    said["axe"] = {state: axe(browser, url, state) for state in STATES}
    said["firefox"] = in_firefox(url)
    return said


def _many(one: Any, times: int) -> Took:
    runs = [one() for _ in range(times)]
    return {key: [run[key] for run in runs] for key in runs[0]}


def switches(browser: Any, url: str, page: Mapping[str, Any]) -> Iterator[tuple[tuple[str, str], Took]]:
    """Times of switching, by level and what is switched."""
    themes = {t["name"]: t["columns"] for t in page["themes"]}
    first, second = page["themes"][0]["columns"][:2]
    yearly = next((name for name, column in page["columns"].items() if len(column["corridor"]) > 1), None)
    column = "#columns input[value={}]".format
    choose: list[tuple[str, str | None]] = [(column(first), None), (column(second), None)]
    levels = {level["name"] for level in page["levels"]}
    for level in [n for n in SWITCHED if n in levels]:
        with browse.opened(browser, f"{url}#l={level}&i={first}") as shown:
            shown.until("document.documentElement.dataset.whole")
            yield (level, "indicator"), browse.switching(shown, choose, ROUNDS)
            others = [(f"#themes input[value={name}]", None) for name in list(themes)[:2]]
            yield (level, "theme"), browse.switching(shown, others, ROUNDS)
        if yearly and len(page["years"]) > 1:
            with browse.opened(browser, f"{url}#l={level}&i={yearly}") as shown:
                shown.until("document.documentElement.dataset.whole")
                yield (level, "year"), browse.switching(shown, [("#year", "0"), ("#year", "1")], ROUNDS)
    with browse.opened(browser, f"{url}#l={BUILDINGS}") as shown:
        shown.until("document.documentElement.dataset.whole")
        by = [(f"#buildings input[value={b['name']}]", None) for b in page["buildings"]]
        yield (BUILDINGS, "colour by"), browse.switching(shown, by, ROUNDS)
        until = [("#year", str(year)) for year in (1950, 1965, 1980, 1995)]
        yield (BUILDINGS, "built until"), browse.switching(shown, until, ROUNDS // 2)


def moves(browser: Any, url: str, times: int, **how: Any) -> dict[str, Took]:
    """Frames while the map is panned, zoomed and pointed at."""
    found: dict[str, Took] = {}
    for _ in range(times):
        with browse.opened(browser, url, **how) as shown:
            if how.get("says_ready", True):
                shown.until("document.documentElement.dataset.whole")
            for name in browse.MOVES:
                for key, value in browse.moving(shown, name).items():
                    found.setdefault(name, {}).setdefault(key, []).append(value)
    return found


def axe(browser: Any, url: str, state: str) -> list[str]:
    """Rules that axe finds broken in a state of the page."""
    with browse.opened(browser, url) as shown:
        shown.until("document.documentElement.dataset.whole")
        if STATES[state]:
            shown.value(STATES[state])
        shown.until(f"document.querySelector('{SHOWN[state]}')?.checkVisibility()")
        shown.value((files("axe_playwright_python") / "axe.min.js").read_text("utf-8"))
        return list(shown.value("axe.run(document).then((found) => found.violations.map((v) => v.id))"))


def in_firefox(url: str) -> dict[str, Any] | None:
    """When Firefox is ready, where there is one."""
    import shutil

    if not (shutil.which("firefox-esr") or shutil.which("firefox")):
        return None
    from firefox import firefox

    with firefox(**browse.VIEWPORT) as window:
        took = []
        for _ in range(OTHERS):
            window.goto(url)
            took.append(float(window.until("document.documentElement.dataset.ready", 60)))
        return {"version": window.version, "ready": took}


# --- the pages of others


def draw_others(project: Path, folder: Path) -> tuple[int, dict[str, str]]:
    """Draw them from the buildings of the project; how many, and by which versions."""
    statuses = config.read(project / "config.toml").stock_profile.pand_statuses
    table = gpd.read_parquet(project / "data_out" / ".stages" / "clip" / "pand.parquet")
    table = table[table["status"].isin(statuses)]
    table.to_parquet(folder / "buildings.parquet")
    engines = Path(os.environ.get("SPOORZONE_PEERS", ROOT / ".peers")) / "engines" / "bin" / "python"
    command = [str(engines), str(Path(__file__).with_name("map_pages.py")), str(folder / "buildings.parquet"), str(folder)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return len(table), json.loads(done.stdout.splitlines()[-1])


def serve(url: str) -> bytes:
    """Leaflet, which the others ask of a network; for all else that they ask, and don't use here, nothing."""
    name = url.rpartition("/")[2]
    return (Path(BASE_DIR) / name).read_bytes() if name in ("leaflet.js", "leaflet.css") else b""


def measure_other(browser: Any, path: Path) -> dict[str, Any]:
    """A page of others: its size, whether it works without network, and where it does with one, how."""
    url, how = path.as_uri(), {"serve": serve, "says_ready": False}
    said: dict[str, Any] = {"bytes": path.stat().st_size}
    with browse.opened(browser, url, says_ready=False) as shown:
        shown.page.wait_for_timeout(3000)
        said["blank"] = browse.colours_shown(shown) < 16
        said["asked"] = sorted(set(shown.asked))
    with browse.opened(browser, url, **how) as shown:
        shown.page.wait_for_timeout(3000)
        if browse.colours_shown(shown) < 16:
            return said
        said["heap"] = shown.heap_mb()
    said["start"] = _many(lambda: browse.start_ms(browser, url, **how), OTHERS)
    said["move"] = moves(browser, url, OTHERS, **how)
    return said


# --- the page


def least(took: Sequence[float], digits: int = 0) -> str:
    """The least, and the median in brackets."""
    return f"{min(took):,.{digits}f} ({statistics.median(took):,.{digits}f})"


def most(took: Sequence[float]) -> str:
    """The most, and the median in brackets."""
    return f"{max(took):.0f} ({statistics.median(took):.0f})"


def kept(value: float, limit: float, *, up: bool = False) -> str:
    """Whether a limit is kept."""
    return "yes" if (value >= limit if up else value <= limit) else "**no**"


def page(ours: Mapping[str, Any], others: Mapping[str, Any], versions: Mapping[str, str], chromium: str) -> Iterator[str]:
    """The page in Markdown."""
    heap, size = ours["heap"], ours["bytes"] / 1e6
    start, slow = ours["start"], ours["start_slow"]
    yield "# The map as a file"
    yield ""
    yield "Written by `make bench-maps`, except the end. `maps/spoorzone.html` is one file: Leaflet, our own code, and every"
    yield "level with its values, as whole numbers (coordinates as steps on a grid, values as they are shown), in as few"
    yield "bytes as each needs, compressed, as letters. The browser takes a level apart when it is first shown, and all of"
    yield "them when it has nothing else to do. One layer of canvas tiles draws whichever level is shown; there is no object"
    yield "per unit, neither in the page nor in Leaflet. A switch of indicator or year gives every unit another class and"
    yield "paints the tiles anew; what lies under and over the theme stays, and is laid on as a picture. While the map is dragged"
    yield "or zoomed a few tiles are painted per frame."
    yield ""
    yield f"Measured on the built-in sample ({ours['count']:,} buildings), opened from disk without network, in headless Chromium"
    yield f"{chromium} without graphics card, {browse.VIEWPORT['width']} × {browse.VIEWPORT['height']}, {platform.machine()},"
    yield f"{os.cpu_count()} processors. Each figure is the best of several runs, in brackets the median. *Processor time* is that of"
    yield "the page's main thread: it says what the work costs whatever else the machine was doing. A limit is held against the"
    yield "best."
    yield ""
    yield "## Figures and limits"
    yield ""
    yield "| what | measured | processor time | limit | kept |"
    yield "|---|--:|--:|--:|---|"
    yield f"| size of the page, all levels | {size:.2f} MB | | 1.5 MB | {kept(size, 1.5)} |"
    yield f"| ready: first picture drawn, controls work | {least(start['ready'])} ms | {least(start['processor'])} ms | 600 ms | {kept(min(start['ready']), 600)} |"
    yield f"| ready, processor made 4 × as slow | {least(slow['ready'])} ms | {least(slow['processor'])} ms | 2,000 ms | {kept(min(slow['ready']), 2000)} |"
    yield f"| all levels there | {least(start['whole'])} ms | | | |"
    if found := ours["firefox"]:
        yield f"| ready in Firefox {found['version']} | {least(found['ready'])} ms | | | |"
    for (level, what), took in ours["switch"].items():
        limit = SWITCHED.get(level, SWITCHED_BUILDINGS)
        if took["work"]:
            yield f"| {what}, {TITLES[level]} | {least(took['work'])} ms | {least(took['processor'])} ms | {limit} ms | {kept(min(took['work']), limit)} |"
    for level, found in ours["move"].items():
        for name, limit in (("pan", 50), ("zoom", 40), ("hover", None)):
            took = found[name]
            ends = f"{limit} | {kept(max(took['fps']), limit, up=True)}" if limit else " | "
            yield (
                f"| {name}, {TITLES[level]}: frames per second; longest frame | {most(took['fps'])}; {least(took['worst'])} ms "
                f"| {least(took['processor'], 1)} ms a frame | {ends} |"
            )
    yield f"| memory: objects + typed arrays, all levels | {heap[0]:.1f} + {heap[1]:.1f} MB | | 15 MB | {kept(sum(heap), 15)} |"
    yield f"| rules that axe finds broken ({', '.join(ours['axe'])}) | {sum(map(len, ours['axe'].values()))} | | 0 | {kept(sum(map(len, ours['axe'].values())), 0)} |"
    yield f"| requests other than background tiles | {len(ours['asked'])} | | 0 | {kept(len(ours['asked']), 0)} |"
    yield ""
    if broken := {state: rules for state, rules in ours["axe"].items() if rules}:
        told = (f"{state}: {', '.join(rules)}" for state, rules in broken.items())
        yield f"axe: {'; '.join(told)}."
        yield ""
    yield "*Ready* is two frames after the first level was drawn, counted from the start of navigation. *Switching* is from the"
    yield "event of the control until scripts, style, layout and the pixels of the canvases are done (reading one pixel of each"
    yield "forces that); its processor time also has the frame that follows. *Pan* drags the map with the mouse, *zoom* turns"
    yield "the wheel in and out again, *hover* moves the pointer over it; frames are counted by `requestAnimationFrame`."
    yield "Memory is what V8 holds after a collection; typed arrays lie beside the objects, and `Runtime.getHeapUsage` counts"
    yield "them apart."
    yield ""
    yield "## What the bytes are"
    yield ""
    yield "| part | kB | share |"
    yield "|---|--:|--:|"
    for name, count in sorted(ours["parts"].items(), key=lambda part: -part[1]):
        if count >= 1000:
            yield f"| {name} | {count / 1000:,.0f} | {count / ours['bytes']:.0%} |"
    yield ""
    yield f"A building takes {ours['parts'][BUILDINGS] / ours['count']:.1f} bytes of the page with its four attributes, {ours['geometry']:.1f} of them its shape,"
    yield "on a grid of 0.25 m."
    yield ""
    yield "## Beside other ways"
    yield ""
    yield "The same buildings with three attributes each, one page per way, in the same run. Ours is the whole map with all"
    yield "its levels, opened at the buildings. Theirs is the buildings alone."
    yield ""
    yield "| way | MB | works without network | ready | processor time | memory | pan | zoom |"
    yield "|---|--:|---|--:|--:|--:|--:|--:|"
    rows = {"Spoorzone": ours | {"start": ours["start_buildings"], "heap": ours["heap_buildings"], "move": ours["move"][BUILDINGS]}}
    rows |= {title: others[name] for name, title in WAYS.items()}
    for title, said in rows.items():
        cells = [title, f"{said['bytes'] / 1e6:.2f}", "no, blank" if said["blank"] else "yes"]
        if "start" in said:
            cells += [f"{least(said['start'][k])} ms" for k in ("ready", "processor")] + [f"{sum(said['heap']):.0f} MB"]
            cells += [f"{most(said['move'][k]['fps'])} fps, {min(said['move'][k]['worst']):.0f} ms" for k in ("pan", "zoom")]
        else:
            cells += ["–"] * 5
        yield f"| {' | '.join(cells)} |"
    yield ""
    yield f"{', '.join(f'{name} {v}' for name, v in versions.items())}. Pan and zoom: frames per second, and the longest frame. Without"
    yield "network the others are blank, for they load Leaflet, jQuery and more from elsewhere. To time them at all, Leaflet"
    yield "was handed to them at once, and of the rest, which these pages ask for and don't use, empty files: a real network"
    yield "makes them later than this. lonboard also needs its code and fonts from elsewhere and WebGL, so that only its size"
    yield "is told. `geopandas.explore()` is without its legend, which wants another library."
    yield ""
    yield "## Again"
    yield ""
    yield "`make bench-maps` runs the sample, installs the others beside the project (`tools/bench/install.sh`) and writes this"
    yield "page, in about half an hour. `python tools/bench/maps.py FOLDER` does it for a run of your own and prints it."


def write(path: Path, text: str) -> None:
    """Write the page; what was written by hand at its end stays."""
    old = path.read_text("utf-8") if path.exists() else ""
    hand = old.partition(HAND)[2] if HAND in old else "\n\n## What a designer would still criticise\n"
    path.write_text(f"{text}\n\n{HAND}{hand}", "utf-8")


def say(what: str) -> None:
    """Tell how far it is."""
    print(what, file=sys.stderr)


def main() -> None:
    """Measure, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("project", type=Path)
    parser.add_argument("page", type=Path, nargs="?")
    given = parser.parse_args()
    path = (given.project / "maps" / "spoorzone.html").resolve()
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        count, versions = draw_others(given.project, Path(folder))
        say("drawn")
        browser = playwright.chromium.launch(executable_path=str(browse.CHROMIUM), args=browse.FLAGS)
        ours = measure(browser, path, path.read_text("utf-8"))
        if count != ours["count"]:
            sys.exit(f"{path}: {ours['count']:,} buildings, the run beside it has {count:,}; draw the map again")
        others = {}
        for name in WAYS:
            others[name] = measure_other(browser, Path(folder) / f"{name}.html")
            say(name)
        text = "\n".join(page(ours, others, versions, browser.version))
        browser.close()
    if given.page:
        write(given.page, text)
    print(text)


if __name__ == "__main__":
    main()
