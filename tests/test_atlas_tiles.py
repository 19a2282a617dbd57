"""The tiles of the map's own layer: at any zoom a pixel of a tile is a pixel of the screen, and none is missing."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from atlas_page import MAP, chromium, opened, pixel
from atlas_world import SPEC, WORDING, X, Y, world

from pipeline.atlas.page import draw

pytestmark = pytest.mark.browser

#: Of each tile: its pixels, and the place and size that it has on the screen.
TILES = """[...document.querySelectorAll('.leaflet-theme-pane canvas')].map((tile) => {
  const { left, top, width, height } = tile.getBoundingClientRect();
  return { pixels: tile.width, left, top, width, height };
})"""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    path: Path = tmp_path_factory.mktemp("maps") / "proef.html"
    path.write_text(draw(SPEC, world(), **WORDING), "utf-8")
    with chromium() as browser, opened(browser, path) as found:
        yield found


@pytest.mark.parametrize("zoom", [13, 14.25, 14.5, 14.75, 16])
def test_a_pixel_of_a_tile_is_a_pixel_of_the_screen(page: Any, zoom: float) -> None:
    page.evaluate(f"{MAP}.setZoom({zoom}, {{ animate: false }})")
    tiles = page.evaluate(TILES)
    assert {(t["pixels"], round(t["width"], 3)) for t in tiles} == {(513, 513.0)}
    assert all(abs(t["left"] % 1 - tiles[0]["left"] % 1) < 1e-3 for t in tiles), "no half pixels between them"
    for at in ("left", "top"):
        places = sorted({round(t[at]) for t in tiles})
        assert all(b - a == 512 for a, b in pairwise(places)), "each lies one pixel over the next"


def test_after_an_animated_zoom_only_tiles_of_that_zoom_are_left_and_they_cover_the_map(page: Any) -> None:
    page.evaluate(f"{MAP}.setZoom(14, {{ animate: false }})")
    for wheel in (-90, -90, 180, 90):
        page.mouse.move(900, 450)
        page.mouse.wheel(0, wheel)
        page.wait_for_timeout(700)
        tiles = page.evaluate(TILES)
        assert {round(t["width"]) for t in tiles} == {513}
        frame = page.evaluate(
            "(({ left, right, top, bottom }) => [left, right, top, bottom])(document.querySelector('#frame').getBoundingClientRect())"
        )
        for x in (frame[0] + 1, frame[1] - 1):
            for y in (frame[2] + 1, frame[3] - 1):
                assert any(
                    t["left"] <= x <= t["left"] + t["width"] and t["top"] <= y <= t["top"] + t["height"] for t in tiles
                ), (wheel, x, y)


def test_a_unit_lies_where_it_is_at_every_zoom(page: Any) -> None:
    """The colour changes at the edge of a buurt, and not beside it; where that is, projection libraries say."""
    page.check("input[name=level][value=buurt]")
    for zoom in (15, 15.25, 15.75):
        page.evaluate(f"{MAP}.setZoom({zoom}, {{ animate: false }})")
        west, east = (pixel(page, X + 500 + step, Y + 380) for step in (-12, 12))
        assert west != east, zoom
        assert {pixel(page, X + 500 + step, Y + 380) for step in (-24, -12)} == {west}
        assert {pixel(page, X + 500 + step, Y + 380) for step in (12, 24)} == {east}


#: The pixels of every tile as they are seen, colour times opacity; `remembered` then says how far a later picture is off.
PIXELS = """() => [...document.querySelectorAll('.leaflet-theme-pane canvas')].map((tile) => {
  const copy = new OffscreenCanvas(tile.width, tile.height).getContext('2d', { willReadFrequently: true });
  copy.drawImage(tile, 0, 0);
  const { data } = copy.getImageData(0, 0, tile.width, tile.height);
  return data.map((v, k) => (k % 4 === 3 ? v : (v * data[k | 3]) / 255));
})"""
REMEMBER = f"() => {{ window.remembered = ({PIXELS})(); return window.remembered.filter((tile) => tile.some((v) => v)).length; }}"
OFF = f"""() => ({PIXELS})().reduce((most, tile, n) => tile.reduce((m, v, k) => Math.max(m, Math.abs(v - window.remembered[n][k])), most), 0)"""
#: Choose the level again; how many pictures are laid on tiles for that.
AGAIN = """async (level) => {
  const draw = CanvasRenderingContext2D.prototype.drawImage;
  let n = 0;
  CanvasRenderingContext2D.prototype.drawImage = function (...all) { n++; return draw.apply(this, all); };
  document.querySelector(`input[value=${level}]`).dispatchEvent(new Event('change'));
  await new Promise((done) => setTimeout(done, 200));
  CanvasRenderingContext2D.prototype.drawImage = draw;
  return n;
}"""


@pytest.mark.parametrize("level", ["buurt", "square_100m", "pand", "bodemgebruik"])
def test_what_is_laid_on_is_what_would_be_painted(page: Any, level: str) -> None:
    """The first time all is painted; the second time what lies under and over the theme is a picture."""
    page.check(f"input[name=level][value={level}]")
    page.evaluate(f"{MAP}.setZoom(13.25, {{ animate: false }}); {MAP}.setZoom(14.25, {{ animate: false }});")
    painted = page.evaluate(REMEMBER)
    assert painted > 0
    for _ in range(40):  # the pictures are made when the browser has nothing else to do
        page.wait_for_timeout(500)
        if (laid := page.evaluate(AGAIN, level)) >= painted:
            break
    assert laid >= painted, "pictures were laid on"
    assert page.evaluate(OFF) <= 3, "of 255: rounding where colours lie over each other"


def test_a_page_that_is_enlarged_is_painted_anew(page: Any) -> None:
    page.check("input[name=level][value=buurt]")
    for _ in range(40):
        page.wait_for_timeout(500)
        if page.evaluate(AGAIN, "buurt"):
            break
    window = page.context.new_cdp_session(page)
    window.send("Emulation.setDeviceMetricsOverride", {"width": 1440, "height": 900, "deviceScaleFactor": 2, "mobile": False})
    assert page.evaluate(AGAIN, "buurt") == 0, "a picture of other pixels is not laid on"
    assert {t["pixels"] for t in page.evaluate(TILES)} == {1026}
    window.send("Emulation.clearDeviceMetricsOverride")
    assert page.evaluate(AGAIN, "buurt") >= 0
    assert {t["pixels"] for t in page.evaluate(TILES)} == {513}


def test_while_the_map_is_dragged_tiles_come_one_by_one_and_none_stays_away(page: Any) -> None:
    page.check("input[name=level][value=square_100m]")
    page.evaluate(f"{MAP}.setZoom(16, {{ animate: false }})")
    page.mouse.move(900, 450)
    page.mouse.down()
    for x in range(880, 200, -40):
        page.mouse.move(x, 450)
        page.wait_for_timeout(20)
    page.mouse.up()
    page.wait_for_timeout(700)
    assert page.evaluate("[...document.querySelectorAll('.theme-tile')].every((t) => getComputedStyle(t).visibility === 'visible')")
    frame = page.evaluate("(({ left, right }) => [left, right])(document.querySelector('#frame').getBoundingClientRect())")
    tiles = page.evaluate(TILES)
    assert min(t["left"] for t in tiles) <= frame[0] and max(t["left"] + t["width"] for t in tiles) >= frame[1]
    assert page.locator(".theme-tile.waiting").count() == 0


def test_a_switch_right_after_a_zoom_leaves_no_tile_of_the_zoom_before(page: Any) -> None:
    page.check("input[name=level][value=square_100m]")
    page.evaluate(f"{MAP}.setZoom(14, {{ animate: false }})")
    left = page.evaluate(f"""async () => {{
      const map = {MAP};
      map.setZoom(15);
      await new Promise((done) => map.once('zoomend', done));
      await new Promise(requestAnimationFrame);
      const waiting = document.querySelectorAll('.theme-tile.waiting').length;
      document.querySelector('input[name=level][value=buurt]').click();
      await new Promise((done) => setTimeout(done, 600));
      return [waiting, document.querySelectorAll('.theme-tile.waiting').length];
    }}""")
    assert left[0] > 0, "they came while the map moved"
    assert left[1] == 0
    assert {round(t["width"]) for t in page.evaluate(TILES)} == {513}
