"""The map page in a real browser, opened as a file with the network shut."""

from __future__ import annotations

import os
import re
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
from atlas_world import (
    COLUMNS,
    FAILED,
    GSI,
    HELD,
    LABELS,
    NAMES,
    PER_KM2,
    RECEIPTS,
    SPEC,
    WORDING,
    X,
    Y,
    buurten,
    context,
    receipt,
    squares,
    world,
)

from pipeline.atlas.index import draw_index
from pipeline.atlas.origin import origin
from pipeline.atlas.page import draw
from pipeline.atlas.words import WORDS
from pipeline.contract import Language, Proof, Text
from pipeline.palettes import CLASSES
from pipeline.wording import number

GSI_LABEL = COLUMNS["gsi"].label.nl

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
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists() and not os.environ.get("CI"), reason="needs Debian's chromium"),
]

HOSTILE = (
    '<img src=x onerror="window.__ran=1">',
    "</script><script>window.__ran=1</script>",
    "`+(window.__ran=1)+`",
    "${window.__ran=1}",
    '"+(window.__ran=1)+"',
    "'+(window.__ran=1)+'",
    "\\`+(window.__ran=1)+`",
    "{{7*7}}{% raw %}",
    "=cmd|' /C calc'!A0",
    "\u2028</title><!--<script>",
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield chromium
        chromium.close()


@contextmanager
def opened(browser: Any, path: Path, *, offline: bool = True, **options: Any) -> Iterator[Any]:
    """A page that is ready; what it asked for and complained of must be nothing but itself when it is closed."""
    context = browser.new_context(offline=offline, **{"viewport": {"width": 1366, "height": 768}} | options)
    page = context.new_page()
    asked: list[str] = []
    wrong: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: wrong.append(message.text))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(path.as_uri())
    if path.name != "index.html":
        _until(page, "document.documentElement.dataset.ready")
    yield page
    page.wait_for_timeout(50)
    assert wrong == []
    if offline:
        assert asked == [path.as_uri()]
    context.close()


def _until(page: Any, expression: str) -> None:
    # The policy of the page forbids eval, on which wait_for_function leans.
    for _ in range(250):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(20)
    pytest.fail(f"never: {expression}")


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("maps") / "proef.html"
    file.write_text(draw(SPEC, **world()), "utf-8")
    return file


def place(page: Any, east: float, north: float) -> tuple[float, float]:
    """Pixels in the window of a point in metres RD, by projection libraries and not by the page's own code."""
    point = gpd.GeoSeries.from_xy([east], [north], crs=28992).to_crs(4326).iloc[0]
    at = page.evaluate(
        "([lat, lon]) => { const map = Object.values(window).find((v) => v instanceof L.Map);"
        "const p = map.latLngToContainerPoint([lat, lon]), b = map.getContainer().getBoundingClientRect();"
        "return [b.left + p.x, b.top + p.y]; }",
        [point.y, point.x],
    )
    return at[0], at[1]


def middle(n: int) -> tuple[float, float]:
    return X + 250 + 500 * (n % 3), Y + 250 + 500 * (n // 3)


def uncover(page: Any) -> None:
    """Take the legend away, under which a part of this small map lies."""
    page.evaluate("document.querySelector('#legend').style.visibility = 'hidden'")


def point_at(page: Any, n: int) -> str:
    """Hover over buurt n; what the tip says."""
    page.mouse.move(*place(page, *middle(n)))
    return str(page.inner_text("#tip")) if page.is_visible("#tip") else ""


def legend(page: Any) -> dict[str, str]:
    rows = page.eval_on_selector_all(
        "#legend .classes li", "rows => rows.map((r) => [...r.children].map((c) => c.textContent))"
    )
    return {row[1]: row[3] for row in rows}


def test_the_page_opens_and_says_what_it_is(browser: Any, path: Path) -> None:
    with opened(browser, path) as page:
        assert page.inner_text("#title") == "Bevolkingsdichtheid"
        assert page.inner_text("#notice") == WORDING["notice"]
        assert page.inner_text("#settings") == WORDING["settings_line"]
        assert page.inner_text("#source") == "Bron: niemand"
        assert page.inner_text("#made") == "Gegevens opgehaald op 21 november 2026."
        assert page.get_attribute("html", "lang") == "nl"
        assert page.eval_on_selector_all(".station", "all => all.map((s) => s.textContent)") == ["West", "Oost"]


def test_hovering_says_the_value_in_dutch(browser: Any, path: Path) -> None:
    with opened(browser, path) as page:
        uncover(page)
        for n in (0, 1, 2, 4):
            assert point_at(page, n) == f"{NAMES[n]}\n{number(PER_KM2[n], 0, 'nl')} per km²"
        assert point_at(page, 3) == "Noordwest\ntussen 0 en 16 per km²"
        page.check("[value=gsi]")
        assert point_at(page, 2) == f"Zuidoost\n{number(GSI[2], 2, 'nl')} m² per m²"
        assert point_at(page, 4) == "Noord\ngeen gegevens"
        page.mouse.move(*place(page, X - 200, Y + 250))
        assert not page.is_visible("#tip"), "outside every buurt"


def test_hovering_says_the_value_of_the_very_square(browser: Any, path: Path) -> None:
    with opened(browser, path) as page:
        uncover(page)
        page.check("[value=square_100m]")
        for i, j in ((0, 0), (7, 3), (12, 9)):
            for inset in (4, 96):  # 4 m from a corner: the projection is right to the pixel
                page.mouse.move(*place(page, X + 100 * i + inset, Y + 100 * j + inset))
                assert page.inner_text("#tip") == f"E{2560 + i}N{4710 + j}\n{number(100 * i, 0, 'nl')} per km²"


def test_the_legend_counts_what_is_drawn(browser: Any, path: Path) -> None:
    with opened(browser, path) as page:
        # 0; 1,234; 12,345; withheld; 250; 249.6, which is shown as 250 and belongs with it.
        counts = {label: count for label, count in legend(page).items() if count != "0"}
        assert counts == {
            "0": "1",
            "250 – 1.000": "2",
            "1.000 – 2.500": "1",
            "10.000 en meer": "1",
            "geen gegevens": "1",
        }
        page.check("[value=gsi]")
        assert page.inner_text("#title") == GSI_LABEL
        assert page.inner_text("#legend h2") == GSI_LABEL
        assert sum(int(count) for count in legend(page).values()) == 6
        assert legend(page)["geen gegevens"] == "1"
        assert legend(page)["0,05 – 0,10"] == "1", "a value on a break belongs to the class above it"
        page.check("[value=square_100m]")
        assert sum(int(count) for count in legend(page).values()) == 150


def test_a_click_opens_the_card_with_every_figure(browser: Any, path: Path) -> None:
    with opened(browser, path) as page:
        page.mouse.click(*place(page, *middle(2)))
        assert page.inner_text("#card h2") == "Zuidoost"
        assert page.inner_text("#card .where") == "Buurt · BU00000002"
        assert page.inner_text("#card .value") == "12.345 per km²"
        said = page.eval_on_selector_all("#card dd", "all => all.map((d) => d.textContent.trim())")
        assert said == ["3.086", "12.345 per km²", "0,12 m² per m²"]
        page.keyboard.press("Escape")
        assert not page.is_visible("#card")
        page.mouse.click(*place(page, *middle(3)))
        assert page.inner_text("#card dd >> nth=0") == "tussen 0 en 4"


def test_the_keyboard_reaches_everything(browser: Any, path: Path) -> None:
    with opened(browser, path) as page:
        reached = []
        for _ in range(14):
            page.keyboard.press("Tab")
            reached.append(page.evaluate("(({ id, name, type }) => id || name || type)(document.activeElement)"))
        for wanted in ("level", "column", "area", "checkbox", "zoom-in", "zoom-out", "zoom-corridor"):
            assert wanted in reached, (wanted, reached)
        assert any(str(r).startswith("map_") for r in reached), reached
        page.focus("[value=inhabitants_per_km2]")
        page.keyboard.press("ArrowDown")
        assert page.inner_text("#title") == GSI_LABEL
        page.focus("[value=buurt]")
        page.keyboard.press("ArrowRight")
        assert sum(int(count) for count in legend(page).values()) == 150
        page.keyboard.press("ArrowLeft")
        page.focus("#area")
        page.keyboard.press("ArrowDown")
        assert page.inner_text("#card h2") == "Noord", "first in the alphabet"


@pytest.mark.parametrize(
    ("language", "name", "line", "mark"),
    [
        ("nl", "Bronnen en volledigheid", "Niet bewezen volledig: Bron pand", "niet bewezen"),
        ("en", "Sources and completeness", "Not proven whole: Source pand", "not proven"),
    ],
)
def test_the_sources_open_by_keyboard(
    browser: Any, tmp_path: Path, language: Language, name: str, line: str, mark: str
) -> None:
    file = tmp_path / "proef.html"
    made = origin(RECEIPTS, language, LABELS)
    file.write_text(draw(SPEC, **world() | {"language": language, "origin": made}), "utf-8")
    with opened(browser, file) as page:
        assert page.inner_text("#whole span") == line, "what is not proven is said before the panel is opened"
        assert not page.is_visible("#origin")
        page.get_by_role("button", name=name).focus()
        page.keyboard.press("Enter")
        panel = page.get_by_role("dialog", name=name)
        assert panel.is_visible()
        assert page.locator("#origin h3").all_inner_texts() == ["Register A", "Register B"]
        editions = [e for r in made["registers"] for s in r["sources"] for e in s["editions"]]
        assert page.locator("#origin .edition p").all_inner_texts() == [f"{e['date']}\n{e['counts']}" for e in editions]
        assert page.locator("#origin li.doubt").all_inner_texts() == [f"{mark} {FAILED.said.in_(language)}"]
        assert page.locator("#origin li.holds").count() == 5
        assert panel.get_by_role("img", name=made_word(language)).count() == 5, "a mark is no word"
        # What lies below the first screen is reached with the keys too.
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.matches('#origin [role=region][tabindex]')")
        page.keyboard.press("Escape")
        assert not page.is_visible("#origin")
        assert page.evaluate("document.activeElement.id") == "about", "one goes on where one was"


def made_word(language: Language) -> str:
    return WORDS["proven"].in_(language)


def test_escape_closes_the_sources_and_not_the_card_behind_them(browser: Any, path: Path) -> None:
    with opened(browser, path) as page:
        page.mouse.click(*place(page, *middle(2)))
        page.click("#about")
        page.keyboard.press("Escape")
        assert page.is_visible("#card")
        for how in ("#origin header button", "#origin"):  # its ×, and beside it
            page.click("#about")
            page.click(how, **({} if "button" in how else {"position": {"x": -5, "y": 5}, "force": True}))
            assert not page.is_visible("#origin"), how


def test_when_all_is_whole_the_same_place_says_so(browser: Any, tmp_path: Path) -> None:
    file = tmp_path / "whole.html"
    file.write_text(draw(SPEC, **world() | {"origin": origin([receipt("buurt")], "nl", {})}), "utf-8")
    with opened(browser, file) as page:
        assert page.inner_text("#whole span") == "Alle bronnen volledig binnen"
        assert page.locator(".doubt").count() == 0


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (390, 844)])
def test_a_long_panel_of_sources_fits_its_window(browser: Any, tmp_path: Path, width: int, height: int) -> None:
    many = [receipt(f"bron{n}", f"Register {n % 7}", proofs=(HELD, FAILED)) for n in range(28)]
    file = tmp_path / "many.html"
    file.write_text(draw(SPEC, **world() | {"origin": origin(many, "nl", {})}), "utf-8")
    with opened(browser, file, viewport={"width": width, "height": height}) as page:
        page.click("#about")
        box = page.locator("#origin").bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= width
        assert box["y"] >= 0 and box["y"] + box["height"] <= height
        assert page.evaluate("(({ scrollWidth, clientWidth }) => scrollWidth <= clientWidth)(document.querySelector('#origin > div'))")
        page.keyboard.press("Tab")
        page.keyboard.press("End")
        page.wait_for_timeout(300)
        assert page.locator("#origin .edition >> nth=-1").bounding_box()["y"] < height


@pytest.mark.parametrize("language", ["nl", "en"])
def test_axe_finds_nothing(browser: Any, tmp_path: Path, language: Language) -> None:
    code = (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
    words = {"language": language, "origin": origin(RECEIPTS, language, LABELS)}
    file, front = tmp_path / "proef.html", tmp_path / "index.html"
    file.write_text(draw(SPEC, **world() | words), "utf-8")
    front.write_text(draw_index([(SPEC, file.name)], **WORDING | words), "utf-8")
    for shown, opener in ((file, None), (file, "#about"), (front, None), (front, "summary")):
        with opened(browser, shown) as page:
            if opener:
                page.focus(opener)
                page.keyboard.press("Enter")
            page.evaluate(code)
            found = page.evaluate("axe.run(document).then((r) => r.violations.map((v) => [v.id, v.nodes[0].html]))")
            assert found == [], (shown.name, opener)


def pixel(page: Any, east: float, north: float) -> tuple[int, ...]:
    """Colour that the screen shows at a place."""
    x, y = place(page, east, north)
    shot = b64encode(page.screenshot(clip={"x": round(x), "y": round(y), "width": 1, "height": 1})).decode()
    colour = page.evaluate(
        "async (data) => { const i = new Image(); i.src = 'data:image/png;base64,' + data; await i.decode();"
        "const c = document.createElement('canvas').getContext('2d'); c.drawImage(i, 0, 0);"
        "return [...c.getImageData(0, 0, 1, 1).data]; }",
        shot,
    )
    return tuple(colour[:3])


def test_units_have_the_colour_of_their_class(browser: Any, path: Path) -> None:
    def rgb(colour: str) -> tuple[int, ...]:
        return tuple(bytes.fromhex(colour[1:]))

    colours = CLASSES["inhabitants_per_km2"].colours
    with opened(browser, path) as page:
        uncover(page)
        assert pixel(page, X + 100, Y + 60) == (255, 255, 255), "nobody"
        assert pixel(page, X + 1400, Y + 60) == rgb(colours[-1])
        page.check("[value=square_100m]")
        assert pixel(page, X + 750, Y + 50) == rgb(colours[1]), "700 per km²"


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1366, 768), (390, 844)])
def test_the_page_fits_its_window(browser: Any, path: Path, width: int, height: int) -> None:
    with opened(browser, path, viewport={"width": width, "height": height}) as page:
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        box = page.locator("#frame").bounding_box()
        assert box["height"] > 300
        inside = [place(page, X - 100, Y + 500), place(page, X + 1600, Y + 500)]
        assert all(box["x"] <= x <= box["x"] + box["width"] for x, _ in inside), "the corridor is in view"


def test_paper_shows_the_map_the_legend_and_the_notice(browser: Any, path: Path) -> None:
    with opened(browser, path) as page:
        # In one go, as the browser prints: no frame is drawn between.
        shown = page.evaluate(
            "() => { dispatchEvent(new Event('beforeprint'));"
            "return [...document.querySelectorAll('.theme-tile')].map((t) => getComputedStyle(t).visibility); }"
        )
        assert set(shown) == {"visible"}, "tiles that wait for a frame are white on paper"
        for wanted in ("#notice", "#title", "#legend", "#source", "#settings", "#whole"):
            assert page.is_visible(wanted), wanted
        for unwanted in ("#controls", "#about"):
            assert not page.is_visible(unwanted), unwanted
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        assert page.is_visible("#controls")
        page.click("#about")
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert not page.is_visible("#origin"), "paper has the short line"
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        assert page.is_visible("#origin")
        assert page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n") == 1


def test_tiles_come_only_from_pdok_and_none_is_missed(browser: Any, path: Path) -> None:
    asked: list[str] = []
    context_ = browser.new_context(viewport={"width": 1366, "height": 768})

    def refuse(route: Any) -> None:
        asked.append(route.request.url)
        route.abort()

    context_.route(re.compile("^http"), refuse)
    page = context_.new_page()
    page.goto(path.as_uri())
    _until(page, "document.documentElement.dataset.ready")
    _until(page, "document.querySelectorAll('img.leaflet-tile').length > 0")
    page.wait_for_timeout(100)
    assert asked
    assert {url.split("/brt/")[0] for url in asked} == {"https://service.pdok.nl"}
    assert point_at(page, 1) == "Zuid\n1.234 per km²"
    page.uncheck("#background input")
    assert page.locator("img.leaflet-tile").count() == 0
    context_.close()


@pytest.mark.fault(
    "E", "script, markup, quotes, NUL, right-to-left and emoji in names, in a browser",
    "the text itself; nothing runs, also without the policy of the page",
)  # fmt: skip
@pytest.mark.parametrize("bypass", [False, True], ids=["policy", "no policy"])
def test_hostile_names_do_nothing(browser: Any, tmp_path: Path, bypass: bool) -> None:
    """With the policy and, so that it isn't the only defence, without it."""
    every = Text("".join(HOSTILE), "".join(HOSTILE))
    for first in (0, 4):
        names = (HOSTILE * 2)[first : first + 6]
        file = tmp_path / f"hostile{first}.html"
        arguments = world() | {
            "units": {"buurt": buurten(names), "square_100m": squares(3, 3)},
            "context": context(HOSTILE),
            **dict.fromkeys(("project", "source_line", "notice", "settings_line", "date"), "".join(HOSTILE)),
            "origin": origin([receipt("pand", every.nl, title=every, attribution=every.nl, licence=every.nl,
                                      filled={"x": 2021}, proofs=(Proof("none", False, every),))], "nl", {"x": every}),
        }
        file.write_text(draw(SPEC, **arguments), "utf-8")
        with opened(browser, file, bypass_csp=bypass) as page:
            uncover(page)
            for n, name in enumerate(names):
                page.keyboard.press("Escape")
                assert point_at(page, n)
                assert page.text_content("#tip b") == name
                page.mouse.click(*place(page, *middle(n)))
                assert page.text_content("#card h2") == name
                assert name in page.eval_on_selector_all("#area option", "all => all.map((o) => o.textContent)")
            assert page.eval_on_selector_all(".station", "all => all.map((s) => s.textContent)") == list(HOSTILE)
            page.click("#about")
            assert page.text_content("#origin h4") == every.nl
            assert page.evaluate("window.__ran") is None
            assert page.locator("img").count() == 0


def test_the_front_page_leads_to_the_map(browser: Any, path: Path) -> None:
    front = path.parent / "index.html"
    front.write_text(draw_index([(SPEC, path.name)], **WORDING), "utf-8")
    with opened(browser, front) as page:
        assert page.inner_text("h1") == WORDING["project"]
        assert page.is_visible(".notice")
        assert page.inner_text("footer .doubt >> nth=0") == "Niet bewezen volledig: Bron pand"
        assert not page.is_visible("details section >> nth=0")
        page.focus("summary")
        page.keyboard.press("Enter")
        assert page.locator("details h2").all_inner_texts() == ["Register A", "Register B"]
        assert page.evaluate("new URL(document.querySelector('a').href).pathname.split('/').pop()") == path.name


def test_a_page_of_twenty_thousand_squares_is_small_and_quick(browser: Any, tmp_path: Path) -> None:
    file = tmp_path / "large.html"
    file.write_text(draw(SPEC, **world() | {"units": {"buurt": buurten(), "square_100m": squares(150, 140)}}), "utf-8")
    assert file.stat().st_size < 2_500_000
    with opened(browser, file) as page:
        # The limits are 1 s and 0.1 s on a free machine; a test machine may be busy.
        assert int(page.get_attribute("html", "data-ready")) < 3000
        page.check("[value=square_100m]")
        assert sum(int(count.replace(".", "")) for count in legend(page).values()) == 21_000
