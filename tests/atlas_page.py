"""A map page in Chromium, opened as a file with the network shut: opening it, and looking at it from outside.

Nothing here knows how the page works inside, besides the ids of its parts and the end of its address.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import rasterio
from needs import missing
from rasterio.errors import NotGeoreferencedWarning

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
TILES = "https://service.pdok.nl/"
#: What axe looks at: WCAG 2.2 up to AA, and its best practice.
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
MAP = "Object.values(window).find((v) => window.L && v instanceof L.Map)"
#: After this, whatever a change of the address set going has been done.
_GO = """(hash) => new Promise((done) => {
  addEventListener('hashchange', () => setTimeout(() => requestAnimationFrame(done), 0), { once: true });
  location.hash = `${hash}&now=${performance.now()}`;
})"""


@contextmanager
def chromium() -> Iterator[Any]:
    """A headless Chromium."""
    from playwright.sync_api import sync_playwright

    if not CHROMIUM.exists():
        missing("needs Debian's chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield browser
        browser.close()


@contextmanager
def opened(
    browser: Any, path: Path, *, hash: str = "", tiles: bytes | None = None, online: bool = False, **options: Any
) -> Iterator[Any]:
    """A page that is ready, all of its levels unpacked; whatever it complains of fails the test when it is closed.

    Without a network, or `online` with one that knows PDOK's tiles only, which are `tiles` or fail. What the page
    asked for is in its `asked`: nothing but itself, or tiles.
    """
    given = {"viewport": {"width": 1440, "height": 900}, "locale": "nl-NL"} | options
    context = browser.new_context(offline=not online, **given)
    asked: list[str] = []
    wrong: list[str] = []
    if online:
        answer = {"body": tiles, "content_type": "image/png", "headers": {"Access-Control-Allow-Origin": "*"}}
        context.route(re.compile("^http"), lambda route: route.fulfill(**answer) if tiles else route.abort())
    page = context.new_page()
    page.set_default_timeout(10_000)
    page.asked = asked
    page.on("request", lambda request: asked.append(request.url))
    # The browser itself says so of a tile that fails.
    page.on("console", lambda m: None if online and "Failed to load resource" in m.text else wrong.append(m.text))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(path.as_uri() + (f"#{hash}" if hash else ""))
    until(page, "document.documentElement.dataset.whole || !document.querySelector('#too-old')?.hidden")
    yield page
    page.wait_for_timeout(50)
    assert wrong == []
    others = [url for url in asked if url.partition("#")[0] != path.as_uri() and not url.startswith(("blob:", "data:"))]
    assert [url for url in others if not (online and url.startswith(TILES))] == []
    context.close()


def until(page: Any, expression: str) -> None:
    """Wait until something holds. The policy of the page forbids eval, on which wait_for_function leans."""
    for _ in range(500):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(20)
    raise AssertionError(f"never: {expression}")


def address(page: Any) -> str:
    """The address of the page, which follows what is shown a moment later."""
    page.evaluate("() => new Promise((done) => setTimeout(done, 200))")
    page.wait_for_timeout(20)
    return str(page.url)


def comes(page: Any, holds: Callable[[], bool], what: str) -> None:
    """Wait until something that is worked out here holds."""
    for _ in range(100):
        if holds():
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"never: {what}")


def go(page: Any, hash: str = "", **parts: Any) -> None:
    """Change the end of the address, as who follows a link does."""
    page.evaluate(_GO, "&".join([hash, *(f"{key}={value}" for key, value in parts.items())]))


def fresh(page: Any) -> None:
    """Bring a page that other tests used back to how it opens."""
    if page.is_visible("#presentation"):
        page.click("#leave")
    if page.is_visible("#dialog"):
        page.click("#dialog .x")
    if page.is_visible("#grounds"):
        page.click("#layers")
    page.fill("#search-field", "")
    page.mouse.move(1, 1)
    page.evaluate("document.activeElement.blur()")
    page.evaluate("() => { const s = document.querySelector('#swipe input'); s.value = 50; s.dispatchEvent(new Event('input')); }")
    go(page)
    page.evaluate("document.querySelector('#zoom-corridor').click()")


def degrees(east: float, north: float) -> tuple[float, float]:
    """Latitude and longitude of metres RD, by projection libraries and not by the page's own code."""
    point = gpd.GeoSeries.from_xy([east], [north], crs=28992).to_crs(4326).iloc[0]
    return point.y, point.x


def place(page: Any, east: float, north: float) -> tuple[float, float]:
    """Pixels in the window of a point in metres RD."""
    x, y = page.evaluate(
        f"(at) => {{ const map = {MAP}; const p = map.latLngToContainerPoint(at), b = map.getContainer().getBoundingClientRect();"
        "return [b.left + p.x, b.top + p.y]; }",
        list(degrees(east, north)),
    )
    return x, y


def look(page: Any, east: float, north: float, zoom: float = 17) -> tuple[float, float]:
    """Bring a point to the middle of the map; where it then is in the window."""
    page.evaluate(f"([lat, lng, zoom]) => {{ {MAP}.setView([lat, lng], zoom, {{ animate: false }}); }}", [*degrees(east, north), zoom])
    return place(page, east, north)


def window(page: Any) -> tuple[float, float, float, float]:
    """West, south, east, north of what the map shows, degrees."""
    west, south, east, north = (float(v) for v in page.evaluate(f"{MAP}.getBounds().toBBoxString()").split(","))
    return west, south, east, north


def picture(data: bytes) -> np.ndarray:
    """The pixels of a PNG, shape (height, width, 3)."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        with rasterio.MemoryFile(data) as file, file.open() as opened_:
            return np.moveaxis(opened_.read()[:3], 0, -1)


def pixel(page: Any, east: float, north: float) -> tuple[int, ...]:
    """Colour that the screen shows at a place."""
    x, y = place(page, east, north)
    shot = picture(page.screenshot(clip={"x": round(x), "y": round(y), "width": 1, "height": 1}))
    return tuple(int(v) for v in shot[0, 0])


def rgb(colour: str) -> tuple[int, ...]:
    """A colour of a palette as its three numbers."""
    return tuple(bytes.fromhex(colour[1:]))


def point_at(page: Any, east: float, north: float) -> str:
    """Hover over a place; what the tip says."""
    page.mouse.move(*place(page, east, north))
    return str(page.inner_text("#tip")) if page.is_visible("#tip") else ""


def legend(page: Any) -> dict[str, int]:
    """Units per class, as the legend says it to who can't see it; and what is hatched or dotted."""
    rows = page.locator("#legend ul.unseen li, #legend p.rest").all_text_contents()
    found = {}
    for row in rows:
        label, count = re.fullmatch(r"(.+?)(?:: | \()([\d.,]+)\)?", row).groups()
        found[label] = int(re.sub(r"[.,]", "", count))
    return found


def shares(page: Any, within: str = "#legend") -> dict[str, str]:
    """Label and percentage of each category."""
    rows = page.eval_on_selector_all(f"{within} .categories li", "all => all.map((r) => [...r.children].slice(1).map((c) => c.textContent))")
    return dict(rows)


def texts(page: Any, selector: str) -> list[str]:
    """The text of every element, hidden ones too."""
    return [str(text).strip() for text in page.locator(selector).all_text_contents()]


def focused(page: Any) -> str:
    """What has the focus: its id, name or kind."""
    return str(page.evaluate("(({ id, name, className, tagName }) => id || name || className.baseVal || className || tagName)(document.activeElement)"))


def violations(page: Any) -> list[Any]:
    """What axe finds."""
    if not page.evaluate("'axe' in window"):
        page.evaluate((files("axe_playwright_python") / "axe.min.js").read_text("utf-8"))
    return page.evaluate(
        "(rules) => axe.run(document, { runOnly: rules, resultTypes: ['violations'] })"
        ".then((r) => r.violations.map((v) => [v.id, v.nodes.map((n) => n.html.slice(0, 160)).slice(0, 3)]))",
        _RULES,
    )


def downloaded(page: Any, selector: str) -> tuple[str, bytes]:
    """Press a button that saves a file; the name and content of the file."""
    with page.expect_download() as waiting:
        page.click(selector)
    return waiting.value.suggested_filename, Path(waiting.value.path()).read_bytes()
