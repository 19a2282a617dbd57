"""The map page in a real browser, opened as a file with the network shut: every control, against values known by heart."""

from __future__ import annotations

import csv
import json
import re
import shutil
import struct
import subprocess
import zlib
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from atlas_page import (
    TILES,
    address,
    chromium,
    comes,
    degrees,
    downloaded,
    focused,
    fresh,
    go,
    legend,
    look,
    opened,
    picture,
    pixel,
    place,
    point_at,
    rgb,
    shares,
    texts,
    until,
    violations,
    window,
)
from atlas_world import (
    COLUMNS,
    FAILED,
    HELD,
    LABELS,
    NAMES,
    PANDEN,
    RECEIPTS,
    SPEC,
    WORDING,
    X,
    Y,
    buurten,
    catchments,
    context,
    corridor,
    ground,
    receipt,
    sections,
    squares,
    streets,
    world,
)
from needs import missing

from pipeline.atlas.guide import guide
from pipeline.atlas.index import draw_index
from pipeline.atlas.map_words import map_words
from pipeline.atlas.origin import origin
from pipeline.atlas.page import draw
from pipeline.contract import Language, Proof, Text
from pipeline.palettes import CHANGE, CLASSES, CONSTRUCTION, LAND_USE, PAND_USE
from pipeline.wording import number

pytestmark = pytest.mark.browser

PEOPLE, GSI, FSI, LAND = (COLUMNS[c].label.nl for c in ("inhabitants_per_km2", "gsi", "fsi_gross", "land_use_built_up_share"))
COLOURS = ("#ffffff", *CLASSES["inhabitants_per_km2"].colours)
NONE = "geen gegevens"
WINDOWS = ((1440, 900), (1366, 768), (1920, 1080), (1280, 720), (640, 360), (390, 844))

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
    with chromium() as found:
        yield found


def drawn(folder: Path, name: str = "proef.html", *, spec: Any = SPEC, wording: Any = None, **changes: Any) -> Path:
    """A file with the map of the town."""
    file = folder / name
    file.write_text(draw(spec, world(**changes), **{**WORDING, **(wording or {})}), "utf-8")
    return file


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> dict[Language, Path]:
    """The map of the town in both languages."""
    folder = tmp_path_factory.mktemp("maps")
    words: dict[Language, Any] = {n: {"language": n, "origin": origin(RECEIPTS, n, LABELS)} for n in ("nl", "en")}
    return {n: drawn(folder, f"{n}.html", wording=words[n]) for n in words}


@pytest.fixture(scope="module")
def path(paths: dict[Language, Path]) -> Path:
    return paths["nl"]


@pytest.fixture(scope="module")
def shared(browser: Any, path: Path) -> Iterator[Any]:
    with opened(browser, path, permissions=["clipboard-read", "clipboard-write"]) as page:
        yield page


@pytest.fixture
def page(shared: Any) -> Any:
    """The map as it opens; the next test brings it back to that."""
    fresh(shared)
    return shared


def middle(n: int) -> tuple[float, float]:
    """The middle of buurt n, where nothing is drawn over it."""
    return X + 250 + 500 * (n % 3), Y + 250 + 500 * (n // 3)


def clear(n: int) -> tuple[float, float]:
    """A place in buurt n over which no line, pand or name is drawn."""
    return X + (250, 850, 1250)[n % 3], Y + (380, 640)[n // 3]


def square(i: int, j: int) -> tuple[float, float]:
    """A place in a square of 100 m that no line and no pand covers."""
    return X + 100 * i + 60, Y + 100 * j + 60


def click(page: Any, n: int) -> None:
    page.mouse.click(*place(page, *middle(n)))


def pick(page: Any, group: str, value: str) -> None:
    page.check(f'input[name="{group}"][value="{value}"]')


# ---------------------------------------------------------------- at the start


def test_the_page_opens_and_says_what_it_is(page: Any) -> None:
    assert page.title() == f"{PEOPLE}, 2022 – Spoorzone Proefstad"
    assert page.inner_text("#project") == "Spoorzone Proefstad"
    assert page.inner_text("#title") == f"{PEOPLE}, 2022"
    assert page.inner_text("#meaning") == COLUMNS["inhabitants_per_km2"].meaning.nl
    assert texts(page, "#figures b") == ["1.000", "+25,0%", "12.345"]
    assert texts(page, "#figures span") == ["hele corridor", "sinds 2019", "hoogste: Zuidoost"]
    assert page.inner_text("#notice") == WORDING["notice"]
    assert page.inner_text("#settings") == WORDING["settings_line"]
    assert page.inner_text("#source") == "Bron: niemand"
    assert page.inner_text("#whole") == "Niet bewezen volledig: Bron pand"
    assert page.get_attribute("html", "lang") == "nl"
    assert texts(page, ".name.station") == ["West", "Oost"]
    for hidden in ("#card", "#tip", "#swipe", "#grounds", "#dialog", "#presentation", "#sheet", "#too-old", "#in-view", "#buildings"):
        assert not page.is_visible(hidden), hidden
    assert page.asked == [page.url.partition("#")[0]]


def test_stations_stand_where_they_are(page: Any) -> None:
    dots = page.eval_on_selector_all(
        ".leaflet-stops-pane path", "all => all.map((p) => { const b = p.getBoundingClientRect(); return [b.x + b.width / 2, b.y + b.height / 2]; })"
    )
    for dot, east in zip(dots, (200, 1300), strict=True):
        assert dot == pytest.approx(place(page, X + east, Y + 500), abs=1)


def test_everything_has_a_role_and_a_name(page: Any) -> None:
    click(page, 2)
    for role, names in {
        "radio": ("Gemeente", "Wijk", "Buurt", "500 m", "100 m", "Zeshoek", "Pand", "Grondgebruik", "Wonen", "Bebouwing",
                  "Grond", "Eén jaar", "Schuif", "Verschil"),
        "button": ("Tabel", "PNG", "Afdrukken", "Link", "Bewaar", "Presentatie", "Over", "Bronnen en volledigheid",
                   "Speel de jaren af", "Kaartlagen", "Hele corridor", "Zoom in", "Zoom uit", "Sluit"),
        "combobox": ("Zoek buurt of straat",),
        "slider": ("Jaar",),
        "heading": (f"{PEOPLE}, 2022", "Zuidoost", "Langs het spoor"),
        "region": ("Kaart", "Legenda", "Gekozen gebied", "Let op", "Onderwerpen"),
        "group": ("Schaalniveau", "Thema", "Vergelijken"),
    }.items():  # fmt: skip
        for name in names:
            assert page.get_by_role(role, name=name, exact=True).count() == 1, (role, name)
    assert page.get_by_role("radio", name=PEOPLE).count() == 1
    assert page.get_by_role("complementary", name="Bediening").count() == page.get_by_role("main").count() == 1
    assert page.get_by_role("slider", name="Jaar").get_attribute("aria-valuetext") == "2022"
    assert all(page.eval_on_selector_all("[role=img]", "all => all.map((i) => i.getAttribute('aria-label'))"))
    assert page.get_attribute("#title", "aria-live") == "polite"


# ---------------------------------------------------------------- levels, themes, indicators

LEVELS = {
    "gemeente": ({"1.000 – 2.500": 1}, True, "gemeenten"),
    "wijk": ({"minder dan 250": 1, "2.500 – 5.000": 1, "waarde onzeker": 1}, True, "wijken"),
    "buurt": ({"0": 1, "250 – 1.000": 2, "1.000 – 2.500": 1, "10.000 en meer": 1, NONE: 1}, True, "buurten"),
    "square_500m": ({"0": 1, "1.000 – 2.500": 2}, True, "vierkanten"),
    "square_100m": ({"0": 10, "minder dan 250": 20, "250 – 1.000": 70, "1.000 – 2.500": 50}, True, "vierkanten"),
}


@pytest.mark.parametrize("level", LEVELS)
def test_the_legend_counts_what_a_level_has(page: Any, level: str) -> None:
    counts, _, plural = LEVELS[level]
    pick(page, "level", level)
    assert {label: n for label, n in legend(page).items() if n} == counts
    assert page.inner_text("#legend h2") == PEOPLE
    assert page.inner_text("#legend h2 + p") == f"per km² · {plural} per klasse"
    bars = texts(page, "#legend .bars span")
    assert len(bars) == len(texts(page, "#legend .bars i")) == len(COLOURS)
    assert sum(int(n) for n in bars) == sum(n for label, n in counts.items() if label not in (NONE, "waarde onzeker"))
    assert page.locator("#legend .hatch").count() == (NONE in counts)
    assert page.locator("#legend .dots").count() == ("waarde onzeker" in counts)
    assert page.is_visible("#time") == (level in ("buurt", "square_100m")), "the other levels have one year"


def test_the_bars_of_the_legend_are_as_high_as_their_counts(page: Any) -> None:
    pick(page, "level", "square_100m")
    high = page.eval_on_selector_all("#legend .bars i", "all => all.map((b) => b.getBoundingClientRect().height)")
    bare = min(high)  # a class of none has a bar to show its colour
    assert [round((h - bare) / (max(high) - bare), 2) for h in high] == [0.14, 0.29, 1, 0.71, 0, 0, 0, 0]
    colours = page.eval_on_selector_all("#legend .bars i", "all => all.map((b) => getComputedStyle(b).backgroundColor)")
    assert colours == [f"rgb({', '.join(map(str, rgb(c)))})" for c in COLOURS]
    assert texts(page, "#legend .edges span") == ["0", "250", "1.000", "2.500", "5.000", "7.500", "10.000"]


def test_hexagons_have_one_class(page: Any) -> None:
    pick(page, "level", "hexagon")
    (told,) = (item for item in legend(page).items() if item[1])
    assert told[0] == "250 – 1.000" and told[1] > 8
    assert page.inner_text("#figures div:last-child b") == "500"


def test_themes_and_indicators(page: Any) -> None:
    pick(page, "theme", "built")
    assert page.inner_text("#title") == GSI, "no series, no year"
    assert texts(page, "#columns .indicator b") == ["0,20", "0,40"]
    assert {k: n for k, n in legend(page).items() if n} == {"0": 1, "0,05 – 0,10": 1, "0,10 – 0,20": 1, "0,30 – 0,50": 1, "0,50 en meer": 1, NONE: 1}
    assert texts(page, "#figures b") == ["0,20", "0,50"]
    pick(page, "column", "fsi_gross")
    assert page.inner_text("#title") == FSI
    assert legend(page)["0,50 – 0,75"] == 1, "0.6 in the north-west"
    assert page.is_checked("[name=theme][value=built]")
    pick(page, "theme", "ground")
    assert page.inner_text("#title") == LAND
    assert {k: n for k, n in legend(page).items() if n}["waarde onzeker"] == 1, "half of Noord was measured"
    assert texts(page, "#figures b") == ["–", "100"]
    pick(page, "theme", "living")
    assert page.inner_text("#title") == f"{PEOPLE}, 2022"


def test_an_indicator_that_a_level_lacks_cannot_be_chosen(page: Any) -> None:
    pick(page, "theme", "ground")
    pick(page, "level", "square_100m")
    assert page.inner_text("#title") == f"{PEOPLE}, 2022", "another one is shown instead"
    pick(page, "theme", "built")
    assert page.is_enabled("[name=column][value=gsi]")


def test_units_have_the_colour_of_their_class(page: Any) -> None:
    expected = {0: COLOURS[0], 1: COLOURS[3], 2: COLOURS[7], 4: COLOURS[2], 5: COLOURS[2]}
    for n, colour in expected.items():
        assert pixel(page, *clear(n)) == rgb(colour), NAMES[n]
    pick(page, "level", "square_100m")
    for i, k in ((0, 0), (1, 1), (2, 1), (3, 2), (9, 2), (10, 3), (14, 3)):
        assert pixel(page, *square(i, 9)) == rgb(COLOURS[k]), i


def shot(page: Any, east: float, north: float, size: int = 36) -> np.ndarray:
    """Pixels around a place."""
    x, y = place(page, east, north)
    clip = {"x": round(x - size / 2), "y": round(y - size / 2), "width": size, "height": size}
    return picture(page.screenshot(clip=clip)).reshape(-1, 3).astype(int)


def dark(pixels: np.ndarray) -> float:
    return float((pixels.sum(axis=1) < 330).mean())


def test_no_data_are_hatched_and_what_is_not_sure_is_dotted(page: Any) -> None:
    withheld = shot(page, *clear(3))
    assert not any((withheld == rgb(c)).all(axis=1).any() for c in COLOURS[1:]), "no class colour"
    assert {tuple(c) for c in np.unique(withheld, axis=0)} == {rgb("#9aa4ac"), rgb("#f6f7f7")}, "lines on a ground"
    assert len(np.unique(shot(page, X + 1250, Y + 350), axis=0)) == 1
    pick(page, "level", "wijk")
    assert dark(shot(page, X + 250, Y + 850)) > 0.01, "dots over the class"
    assert (shot(page, X + 250, Y + 850) == rgb(COLOURS[1])).all(axis=1).any(), "the class between the dots"
    assert dark(shot(page, X + 1250, Y + 350)) == 0


# ---------------------------------------------------------------- pointing and choosing


def test_hovering_says_the_value_in_dutch(page: Any) -> None:
    said = {0: "0 per km²", 1: "1.234 per km²", 2: "12.345 per km²", 3: "tussen 0 en 16 per km²", 4: "250 per km²", 5: "250 per km²"}
    for n, text in said.items():
        assert point_at(page, *middle(n)) == f"{NAMES[n]}\n{text}"
    pick(page, "theme", "built")
    assert point_at(page, *middle(2)) == "Zuidoost\n0,12 m² per m²"
    assert point_at(page, *middle(4)) == f"Noord\n{NONE}"
    assert point_at(page, X - 200, Y + 250) == "", "outside every buurt"
    page.mouse.move(*place(page, *middle(5)))
    page.mouse.move(100, 400)
    assert not page.is_visible("#tip"), "the pointer left the map"


def test_hovering_says_the_value_of_the_very_square(page: Any) -> None:
    pick(page, "level", "square_100m")
    for i, j in ((0, 5), (7, 3), (12, 9)):
        for inset in (4, 96):  # 4 m from a corner: the projection is right to the pixel
            said = point_at(page, X + 100 * i + inset, Y + 100 * j + inset)
            assert said == f"E{2560 + i}N{4710 + j}\n{number(100 * i, 0, 'nl')} per km²"


@pytest.mark.parametrize(("level", "at", "said"), [
    ("gemeente", (750, 850), "Proefstad\n2.348 per km²"),
    ("wijk", (750, 850), "Wijk Noord\n169 per km²"),
    ("square_500m", (750, 250), "E2565N4710\n1.000 per km²"),
    ("pand", (205, 205), "Wonen\ngebouwd in 1890 · 100 m²"),
    ("pand", (705, 302), "Wonen\ngebouwd in 2020 · 300 m²"),
    ("pand", (605, 305), "Geen adres (schuur, garage)\nbouwjaar onbekend · 100 m²"),
    ("bodemgebruik", (450, 850), "Bedrijfsterrein\nBebouwd · 30,0 ha"),
    ("bodemgebruik", (1350, 850), "Bos\nBos en natuur · 30,0 ha"),
])  # fmt: skip
def test_hovering_on_every_level(page: Any, level: str, at: tuple[float, float], said: str) -> None:
    pick(page, "level", level)
    assert point_at(page, X + at[0], Y + at[1]) == said


def test_a_yard_is_no_building(page: Any) -> None:
    pick(page, "level", "pand")
    assert point_at(page, X + 710, Y + 310) == ""


def test_a_click_opens_the_card_with_every_figure(page: Any) -> None:
    click(page, 2)
    assert page.inner_text("#card h2") == "Zuidoost"
    assert texts(page, "#card .where") == ["Buurt · BU00000002", "1e van 5 buurten · +23,4% sinds 2019"]
    assert page.inner_text("#card .value") == "12.345 per km²"
    trend, spacematrix = (page.get_attribute(f"#card svg >> nth={k}", "aria-label") for k in (0, 1))
    assert trend == "2019: 10.000, 2021: 12.345, 2022: 12.345"
    assert spacematrix == "GSI 0,12 en FSI 0,25"
    strips = page.eval_on_selector_all(
        "#card .strips > span[title]", "all => all.map((s) => [s.title, s.nextSibling.querySelector('i')?.style.left, s.nextSibling.nextSibling.textContent])"
    )
    # Of the five that are known: the highest of people, the third lowest of buildings, and of six for land.
    assert strips == [[PEOPLE, "100%", "12.345"], [GSI, "50%", "0,12"], [FSI, "50%", "0,25"], [LAND, "40%", "25"]]
    assert dict(zip(texts(page, "#card dt"), texts(page, "#card dd"), strict=True)) == {COLUMNS["inhabitants_count"].label.nl: "3.086"}
    assert page.locator("#card .says").count() == 2
    assert "b=BU00000002" in address(page)
    marked = page.locator(".leaflet-mark-pane path[stroke='#c8102e']")
    assert marked.count() == 1
    page.keyboard.press("Escape")
    assert not page.is_visible("#card")
    assert marked.count() == 0
    assert "b=" not in address(page)
    click(page, 2)
    page.click("#close")
    assert not page.is_visible("#card")
    click(page, 2)
    page.wait_for_timeout(350)
    page.mouse.click(*place(page, X + 750, Y + 1050))
    assert not page.is_visible("#card"), "a click beside every area"


def test_the_trend_dots_stand_as_high_as_their_values(page: Any) -> None:
    click(page, 5)  # 312, 260 and 250 per km², beside 800, 900 and 1,000 of the corridor
    dots = page.eval_on_selector_all("#card svg >> nth=0 >> circle", "all => all.map((c) => [Number(c.getAttribute('cx')), Number(c.getAttribute('cy'))])")
    across = [x for x, _ in dots]
    assert (across[1] - across[0]) / (across[2] - across[0]) == pytest.approx(2 / 3, abs=0.01), "2021 lies nearer to 2022"
    up = [y for _, y in dots]
    assert (up[1] - up[0]) / (up[2] - up[0]) == pytest.approx((312 - 260) / (312 - 250), abs=0.02)


def test_the_card_says_what_is_not_sure(page: Any) -> None:
    click(page, 3)
    assert page.inner_text("#card .value") == "tussen 0 en 16 per km²"
    assert texts(page, "#card dd") == ["tussen 0 en 4"]
    pick(page, "level", "wijk")
    assert not page.is_visible("#card"), "another level, another choice"
    page.mouse.click(*place(page, X + 750, Y + 850))
    assert page.inner_text("#card .doubt") == "Ligt tussen 167 en 172. 92% hiervan is gemeten."
    assert page.locator("#card .doubt .dots").count() == 1
    pick(page, "level", "gemeente")
    page.mouse.click(*place(page, X + 750, Y + 850))
    assert page.locator("#card .doubt").count() == 0, "nothing that could be another class"
    pick(page, "theme", "ground")
    pick(page, "level", "buurt")
    click(page, 4)
    assert page.inner_text("#card .doubt") == "50% hiervan is gemeten."


def test_the_card_of_a_building_and_of_a_plot(page: Any) -> None:
    pick(page, "level", "pand")
    page.mouse.click(*place(page, X + 505, Y + 205))
    assert page.inner_text("#card h2") == "Meer functies"
    page.mouse.click(*place(page, X + 505, Y + 305))
    assert page.inner_text("#card h2") == "Wonen"
    assert page.inner_text("#card .where") == "gebouwd in 2010"
    assert texts(page, "#card dt") == ["Adressen", "bebouwd oppervlak"]
    assert texts(page, "#card dd") == ["24", "100 m²"]
    pick(page, "level", "bodemgebruik")
    page.mouse.click(*place(page, X + 750, Y + 850))
    assert " ".join(page.inner_text("#card").split()) == "× Park en plantsoen Recreatie oppervlakte 30,0 ha"


# ---------------------------------------------------------------- years


def test_the_year_slider(page: Any) -> None:
    assert texts(page, "#ticks span") == ["2019", "2021", "2022"]
    page.focus("#year")
    page.keyboard.press("ArrowLeft")
    assert page.inner_text("#title") == f"{PEOPLE}, 2021"
    assert page.inner_text("#shown-year") == "2021"
    assert page.get_attribute("#year", "aria-valuetext") == "2021"
    assert {k: n for k, n in legend(page).items() if n} == {"0": 1, "minder dan 250": 1, "250 – 1.000": 1, "1.000 – 2.500": 1, "10.000 en meer": 1, NONE: 1}
    assert texts(page, "#figures b")[0] == texts(page, "#columns .indicator b")[0] == "900"
    assert pixel(page, *clear(4)) == rgb(COLOURS[1])
    assert point_at(page, *middle(4)) == "Noord\n200 per km²"
    page.focus("#year")
    page.keyboard.press("Home")
    assert page.inner_text("#title") == f"{PEOPLE}, 2019"
    assert legend(page)[NONE] == 2
    assert point_at(page, *middle(5)) == "Noordoost\n312 per km²"
    assert "j=2019" in address(page)


def test_the_years_play_and_pause(page: Any) -> None:
    page.click("#play")
    assert page.get_attribute("#play", "aria-label") == "Pauzeer"
    until(page, "document.querySelector('#shown-year').textContent === '2021'")
    page.click("#play")
    assert page.get_attribute("#play", "aria-label") == "Speel de jaren af"
    page.wait_for_timeout(800)
    assert page.inner_text("#shown-year") == "2021", "it stands still"
    page.click("#play")
    until(page, "document.querySelector('#shown-year').textContent === '2022'")
    until(page, "document.querySelector('#play').ariaLabel === 'Speel de jaren af'")


def handle(page: Any) -> float:
    box = page.locator("#swipe .bar").bounding_box()
    return float(box["x"] + box["width"] / 2)


def test_two_years_beside_each_other(page: Any) -> None:
    pick(page, "level", "square_100m")
    pick(page, "mode", "swipe")
    assert page.inner_text("#title") == f"{PEOPLE}: 2019 en 2022"
    assert (page.inner_text("#swipe .left"), page.inner_text("#swipe .right")) == ("2019", "2022")
    # In 2019 half as many: 150 and 600 per km² of 300 and 1,200.
    assert pixel(page, *square(3, 9)) == rgb(COLOURS[1])
    assert pixel(page, *square(12, 9)) == rgb(COLOURS[3])
    middle_ = handle(page)
    page.mouse.move(middle_, 500)
    page.mouse.down()
    page.mouse.move(1390, 500, steps=3)
    page.mouse.up()
    assert handle(page) > 1350
    assert pixel(page, *square(12, 9)) == rgb(COLOURS[2]), "the older year reaches to the east"
    at = handle(page)
    box = page.locator("#swipe .bar span").bounding_box()
    page.mouse.move(box["x"] + 4, box["y"] + box["height"] / 2, steps=2)
    assert handle(page) == at, "it was let go"
    page.focus("#swipe input")
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    before = handle(page)
    page.keyboard.press("ArrowLeft")
    frame = page.locator("#frame").bounding_box()["width"]
    assert before - handle(page) == pytest.approx(frame / 100, abs=1)
    page.keyboard.press("Home")
    assert pixel(page, *square(3, 9)) == rgb(COLOURS[2]), "the newer year reaches to the west"
    clips = page.evaluate("['theme', 'compare'].map((p) => getComputedStyle(document.querySelector(`.leaflet-${p}-pane`)).clipPath)")
    corners = [re.findall(r"(-?[\d.]+)px", c) for c in clips]
    assert corners[0][0] == corners[1][2], "one ends where the other begins"
    assert point_at(page, *square(12, 8)) == "E2572N4718\n2019: 600 · 2022: 1.200 per km²"
    page.select_option("#other", "1")
    assert page.inner_text("#title") == f"{PEOPLE}: 2021 en 2022"
    pick(page, "mode", "one")
    assert not page.is_visible("#swipe")
    assert not page.is_visible("#other-label")
    clips = page.evaluate("['theme', 'compare'].map((p) => getComputedStyle(document.querySelector(`.leaflet-${p}-pane`)).clipPath)")
    assert clips[0] == "none"
    assert pixel(page, *square(3, 9)) == rgb(COLOURS[2])


def test_the_swipe_stays_in_place_when_the_map_moves(page: Any) -> None:
    pick(page, "level", "square_100m")
    pick(page, "mode", "swipe")
    at = handle(page)
    page.mouse.move(1050, 200)
    page.mouse.down()
    page.mouse.move(850, 190, steps=4)
    page.wait_for_timeout(100)  # held still, or the map slides on
    page.mouse.up()
    assert handle(page) == at
    page.mouse.move(1, 1)
    left, right = (place(page, *square(i, 9))[0] for i in (10, 12))
    assert left < at < right
    assert pixel(page, *square(10, 9)) == rgb(COLOURS[2]), "500 in 2019, 1,000 now"
    assert pixel(page, *square(12, 9)) == rgb(COLOURS[3]), "600 in 2019, 1,200 now"


def test_the_difference_of_two_years(page: Any) -> None:
    pick(page, "mode", "change")
    assert page.inner_text("#title") == f"{PEOPLE}: verandering 2019–2022"
    more, less = CHANGE.labels("nl")[-1], CHANGE.labels("nl")[1]
    assert {k: n for k, n in legend(page).items() if n} == {less: 1, more: 2, NONE: 3}
    assert page.inner_text("#legend h2 + p") == "% · buurten per klasse"
    assert texts(page, "#legend .edges span") == ["−20", "−10", "−2", "+2", "+10", "+20"]
    assert pixel(page, *clear(1)) == rgb(CHANGE.colours[-1])
    assert pixel(page, *clear(5)) == rgb(CHANGE.colours[1])
    assert point_at(page, *middle(1)) == "Zuid\n+23,4% (1.000 → 1.234 per km²)"
    assert point_at(page, *middle(5)) == "Noordoost\n−19,9% (312 → 250 per km²)"
    assert point_at(page, *middle(4)) == "Noord\n– (geen gegevens → 250 per km²)"
    page.select_option("#other", "1")
    assert page.inner_text("#title") == f"{PEOPLE}: verandering 2021–2022"
    assert point_at(page, *middle(4)) == "Noord\n+25,0% (200 → 250 per km²)"
    assert legend(page)[NONE] == 2
    assert texts(page, "#figures b")[:2] == ["1.000", "+11,1%"]


# ---------------------------------------------------------------- along the line


def profile(page: Any) -> str:
    return str(page.locator("#line svg > text").last.text_content())


def test_along_the_line_by_keys_and_pointer(page: Any) -> None:
    label = page.get_attribute("#line svg", "aria-label")
    assert label == f"{PEOPLE} langs het spoor: West 0, Oost 3.000"
    circle = page.locator(".leaflet-mark-pane path[stroke='#c8102e']")
    page.focus("#line svg")
    said = []
    for _ in range(6):
        page.keyboard.press("ArrowRight")
        said.append(profile(page))
    assert said[:5] == ["0,00–0,25 km: 0 per km²", "0,25–0,50 km: – per km²", "0,50–0,75 km: 1.000 per km²",
                        "0,75–1,00 km: 2.000 per km²", "1,00–1,25 km: 3.000 per km²"]  # fmt: skip
    assert said[5] == said[4], "the line has an end"
    page.keyboard.press("ArrowLeft")
    box = circle.bounding_box()
    at = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    assert at == pytest.approx(place(page, X + 200 + 875, Y + 500), abs=1.5), "the middle of the fourth section"
    east, west = (place(page, X + 1075 + side, Y + 500) for side in (400, -400))
    assert box["width"] == pytest.approx(east[0] - west[0], rel=0.02), "the circle of the stations"
    page.evaluate("document.activeElement.blur()")
    assert circle.count() == 0
    svg = page.locator("#line svg").bounding_box()
    page.mouse.move(svg["x"] + svg["width"] * 0.95, svg["y"] + 60)
    assert profile(page) == "1,00–1,25 km: 3.000 per km²"
    assert circle.count() == 1
    page.mouse.move(svg["x"] + 60, svg["y"] - 300)
    assert circle.count() == 0
    pick(page, "theme", "ground")
    assert page.get_attribute("#line svg", "aria-label") == f"{LAND} langs het spoor: West 10, Oost 100"


def test_the_bars_along_the_line_are_as_high_as_their_values(page: Any) -> None:
    bars = page.eval_on_selector_all("#line svg > rect[stroke-opacity]", "all => all.map((b) => Number(b.getAttribute('height')))")
    assert [round(h / max(bars), 3) for h in bars] == [0, 0.333, 0.667, 1], "the second is unknown"
    fills = page.eval_on_selector_all("#line svg > rect[stroke-opacity]", "all => all.map((b) => b.getAttribute('fill'))")
    assert fills == [COLOURS[0], COLOURS[3], COLOURS[3], COLOURS[4]]
    assert page.locator("#line svg > rect[fill='url(#profile-none)']").count() == 1


# ---------------------------------------------------------------- buildings and land use


def test_buildings_by_use(page: Any) -> None:
    pick(page, "level", "pand")
    assert page.inner_text("#title") == "Panden naar functie"
    assert texts(page, "#figures b") == ["12", "0 ha", "50%"]
    assert texts(page, "#figures span")[-1] == "wonen"
    expected = {"Wonen": "50%", "Kantoor": "7%", "Winkel": "7%", "Industrie": "7%", "Voorzieningen": "7%", "Meer functies": "7%",
                "Geen adres (schuur, garage)": "14%"}  # fmt: skip
    assert shares(page) == expected
    assert shares(page, "#in-view") == expected
    assert pixel(page, X + 205, Y + 305) == rgb(PAND_USE[3].colour), "industry"
    assert page.inner_text("#in-view p >> nth=0") == "12 panden in beeld · 1 zonder bouwjaar"
    assert not page.is_visible("#columns") and not page.is_visible("#line")


def test_buildings_by_year_until_a_year(page: Any) -> None:
    pick(page, "level", "pand")
    pick(page, "building", "construction_year")
    assert page.inner_text("#title") == "Panden naar bouwjaar"
    assert shares(page) == {"voor 1900": "7%", "1900–1929": "7%", "1930–1944": "7%", "1945–1959": "7%", "1960–1974": "14%",
                            "1975–1989": "7%", "1990–2004": "7%", "vanaf 2005": "36%", NONE: "7%"}  # fmt: skip
    decades = dict(part.split(": ") for part in page.get_attribute("#in-view svg >> nth=0", "aria-label").split(", "))
    one_each = ("voor 1900", "1900", "1930", "1950", "1970", "1980", "1990", "2000", "2010", "2020")
    assert {k for k, n in decades.items() if n == "1"} == set(one_each) - {"2010"} | {"2010", "1960"}
    assert pixel(page, X + 205, Y + 305) == rgb(CONSTRUCTION.colours[5]), "1980"
    page.fill("#year", "1950")
    assert page.inner_text("#title") == "Panden naar bouwjaar, gebouwd tot en met 1950"
    assert page.inner_text("#shown-year") == "t/m 1950"
    assert texts(page, "#figures b")[0] == "4"
    assert page.inner_text("#in-view p >> nth=0") == "4 panden in beeld"
    assert point_at(page, X + 605, Y + 205) == "", "it wasn't there yet"
    assert not page.locator("#modes").is_visible()
    page.fill("#year", page.get_attribute("#year", "max"))
    assert page.inner_text("#shown-year") == "nu"
    assert texts(page, "#figures b")[0] == "12"
    pick(page, "building", "verblijfsobject_count")
    assert shares(page) == {"geen": "14%", "1": "43%", "2–3": "14%", "10–49": "7%", "50 en meer": "21%"}


def test_only_buildings_in_view_are_counted(page: Any) -> None:
    pick(page, "level", "pand")
    look(page, X + 255, Y + 205, 19)
    assert page.inner_text("#in-view p >> nth=0") == "2 panden in beeld"
    assert shares(page, "#in-view") == {"Wonen": "100%"}


def test_years_of_building_play(page: Any) -> None:
    pick(page, "level", "pand")
    page.fill("#year", "1900")
    page.click("#play")
    until(page, "document.querySelector('#shown-year').textContent > 't/m 1900'")
    page.click("#play")
    year = int(page.inner_text("#shown-year").removeprefix("t/m "))
    assert year % 10 == 0, "ten years at a time"
    assert int(texts(page, "#figures b")[0]) == sum(built <= year for built, *_ in PANDEN)


def test_land_use(page: Any) -> None:
    pick(page, "level", "bodemgebruik")
    assert page.inner_text("#title") == "Grondgebruik"
    expected = {"Bebouwd": "40%", "Recreatie": "20%", "Agrarisch": "20%", "Bos en natuur": "20%"}
    assert shares(page) == expected
    assert texts(page, "#figures b") == ["5", "150 ha", "40%"]
    for strip, k in ((0, 1), (2, 3), (3, 4), (4, 5)):
        assert pixel(page, X + 300 * strip + 50, Y + 900) == rgb(LAND_USE[k].colour), strip
    labels = page.eval_on_selector_all("#in-view [role=img]", "all => all.map((b) => b.getAttribute('aria-label'))")
    # The outer ring is three times the inner one: 1/4 of 100% and 3/4 of 20% built up.
    assert labels[:2] == ["West: Bebouwd 40%, Agrarisch 60%", "Oost: Bebouwd 40%, Agrarisch 60%"]
    assert [label.partition(": ")[2] for label in labels[2:]] == [
        "Bebouwd 10%, Agrarisch 90%", "Bebouwd 20%, Agrarisch 80%", "Bebouwd 40%, Agrarisch 60%", "Bebouwd 80%, Agrarisch 20%",
        "Bebouwd 100%"]  # fmt: skip
    parts = page.eval_on_selector_all("#in-view .landbars .stacked >> nth=0 >> i", "all => all.map((i) => i.getBoundingClientRect().width)")
    assert parts[0] / sum(parts) == pytest.approx(0.4, abs=0.01)
    page.hover("#in-view .landsections .stacked >> nth=2")
    assert page.locator(".leaflet-mark-pane path[stroke='#c8102e']").count() == 1


# ---------------------------------------------------------------- search


def found(page: Any) -> list[tuple[str, ...]]:
    rows = page.eval_on_selector_all("#found li", "all => all.map((r) => [...r.children].map((c) => c.textContent))")
    return [tuple(row) for row in rows]


def centre(page: Any) -> tuple[float, float]:
    west, south, east, north = window(page)
    return (south + north) / 2, (west + east) / 2


def comes_to(page: Any, east: float, north: float) -> None:
    """The map moves until a place is in its middle."""
    comes(page, lambda: centre(page) == pytest.approx(degrees(east, north), abs=1e-4), f"{east}, {north} in the middle")


def test_search_finds_areas_stations_and_streets(page: Any) -> None:
    page.fill("#search-field", "ZUID")
    assert found(page) == [("Zuid", "Buurt"), ("Zuidwest", "Buurt"), ("Zuidoost", "Buurt"), ("Wijk Zuid", "Wijk")]
    page.click("#found li:nth-child(3)")
    page.wait_for_selector("#card:not([hidden])")
    assert page.inner_text("#card h2") == "Zuidoost"
    assert page.input_value("#search-field") == "Zuidoost"
    assert found(page) == []
    box = page.locator("#card").bounding_box()
    comes(page, lambda: place(page, X + 1500, Y + 250)[0] < box["x"], "the card lies beside the area")
    page.fill("#search-field", "oost")
    assert found(page)[0] == ("Oost", "station")
    page.click("#found li:first-child")
    comes_to(page, X + 1300, Y + 500)
    page.fill("#search-field", "dorps")
    assert found(page) == [("Dorpsstraat", "straat · Elders"), ("Dorpsstraat", "straat · Proefstad")]
    page.click("#found li:nth-child(2)")
    comes_to(page, X + 400, Y + 250)


#: The second is picked in the very moment in which the map begins to zoom to the first.
_PICK_WHILE_ZOOMING = """async (picks) => {
  const pick = async ([query, row]) => {
    const field = document.getElementById('search-field');
    field.value = query;
    field.dispatchEvent(new Event('input'));
    while (!document.querySelector('#found li small')) await null;
    document.querySelector(`#found li:nth-child(${row})`).click();
  };
  const zooming = () => document.querySelector('.leaflet-zoom-anim');
  const begins = new Promise((done) => {
    new MutationObserver(() => zooming() && done()).observe(document.querySelector('.leaflet-map-pane'), { attributeFilter: ['class'] });
  });
  await pick(picks[0]);
  await begins;
  await pick(picks[1]);
  return Boolean(zooming());
}"""


@pytest.mark.parametrize(
    ("picks", "at"),
    [
        pytest.param([("zuidoost", 1), ("oost", 1)], (X + 1300, Y + 500), id="a station while the map goes to an area"),
        pytest.param([("oost", 1), ("dorps", 2)], (X + 400, Y + 250), id="a street while the map goes to a station"),
    ],
)
def test_what_is_picked_while_the_map_zooms_is_not_lost(page: Any, picks: list[tuple[str, int]], at: tuple[float, float]) -> None:
    page.fill("#search-field", "zuid")  # from here on the names are unpacked
    page.wait_for_selector("#found li small")
    page.fill("#search-field", "")
    assert page.evaluate(_PICK_WHILE_ZOOMING, picks), "it was still zooming"
    comes_to(page, *at)


def test_search_by_the_keys_alone(page: Any) -> None:
    field = page.locator("#search-field")
    field.focus()
    page.keyboard.type("wijk")
    until(page, "document.querySelectorAll('#found li').length === 2")
    assert field.get_attribute("aria-expanded") == "true"
    page.keyboard.press("ArrowUp")
    assert page.inner_text("#found [aria-selected=true] span") == "Wijk Noord", "from the end"
    page.keyboard.press("ArrowDown")
    chosen = page.inner_text("#found [aria-selected=true] span")
    assert page.get_attribute("#found [aria-selected=true]", "id") == field.get_attribute("aria-activedescendant")
    page.keyboard.press("Enter")
    page.wait_for_selector("#card:not([hidden])")
    assert page.inner_text("#card h2") == chosen == "Wijk Zuid"
    assert page.is_checked("[name=level][value=wijk]")
    page.fill("#search-field", "nergens")
    assert texts(page, "#found li") == ["Niets gevonden"]
    page.keyboard.press("Enter")
    assert page.inner_text("#card h2") == "Wijk Zuid"
    page.fill("#search-field", "wijk")
    page.keyboard.press("Escape")
    assert found(page) == []
    assert field.get_attribute("aria-expanded") == "false"
    assert page.is_visible("#card"), "Escape in the field is of the field"


# ---------------------------------------------------------------- table


def first_column(page: Any) -> list[str]:
    return texts(page, "#dialog tbody th")


def test_the_table_has_every_area_and_sorts(page: Any) -> None:
    page.click("#table")
    assert page.inner_text("#dialog h2") == f"{PEOPLE}, 2022"
    assert page.inner_text("#dialog .above span") == "6 buurten"
    heads = texts(page, "#dialog thead button")
    assert heads == ["Buurt", "code", f"{PEOPLE}, per km², 2022 ↓", "2019", "sinds 2019", "minstens", "hoogstens", "opmerking"]
    assert first_column(page) == ["Zuidoost", "Zuid", "Noord", "Noordoost", "Zuidwest", "Noordwest"], "unknown comes last"
    row = texts(page, "#dialog tbody tr:last-child > *")
    assert row[:7] == ["Noordwest", "BU00000003", "–", "–", "–", "0", "16"]
    assert row[7].startswith(NONE)
    assert page.locator("#dialog th[aria-sort=descending]").count() == 1
    page.click("#dialog thead button >> nth=2")
    assert first_column(page) == ["Zuidwest", "Noord", "Noordoost", "Zuid", "Zuidoost", "Noordwest"]
    assert texts(page, "#dialog thead th[aria-sort=ascending]") == [f"{PEOPLE}, per km², 2022 ↑"]
    orders = {
        0: sorted(NAMES), 1: list(NAMES),
        3: ["Zuidoost", "Zuid", "Noordoost", "Zuidwest", "Noordwest", "Noord"],
        4: ["Zuid", "Zuidoost", "Noordoost", "Zuidwest", "Noordwest", "Noord"],
        6: ["Zuidoost", "Zuid", "Noord", "Noordoost", "Noordwest", "Zuidwest"],
    }  # fmt: skip
    for k, order in orders.items():
        page.click(f"#dialog thead button >> nth={k}")
        assert first_column(page) == order, heads[k]
        assert "↓" in texts(page, "#dialog thead button")[k] or k < 2
        assert page.evaluate("document.activeElement.closest('th').cellIndex") == k, "one goes on where one was"
    page.click("#dialog tbody button:text-is('Zuid')")
    assert not page.is_visible("#dialog")
    page.wait_for_selector("#card:not([hidden])")
    assert page.inner_text("#card h2") == "Zuid"


def test_the_table_of_a_difference_of_buildings_and_of_land_use(page: Any) -> None:
    pick(page, "mode", "change")
    page.click("#table")
    cells = dict(zip(first_column(page), texts(page, "#dialog tbody td:nth-child(5)"), strict=True))
    assert cells == {"Zuidoost": "+23,4%", "Zuid": "+23,4%", "Noordoost": "−19,9%", "Noord": "–", "Zuidwest": "–", "Noordwest": "–"}
    page.click("#dialog .x")
    pick(page, "level", "pand")
    page.click("#table")
    assert texts(page, "#dialog tbody tr:first-child > *") == ["Wonen", "5", "700", "50,0%"]
    assert page.locator("#dialog tbody button").count() == 0
    page.keyboard.press("Escape")
    pick(page, "level", "bodemgebruik")
    page.click("#table")
    assert texts(page, "#dialog tbody tr:first-child > *") == ["Bebouwd", "2", "60,0", "40,0%"]


def test_a_long_table_shows_the_rest_when_asked(browser: Any, tmp_path: Path) -> None:
    units = {**world().units, "square_100m": squares(25, 14)}
    with opened(browser, drawn(tmp_path, units=units), hash="l=square_100m") as page:
        page.click("#table")
        assert page.locator("#dialog tbody tr").count() == 300
        page.click("#dialog .rows > p button:text-is('Toon nog 50 rijen')")
        assert page.locator("#dialog tbody tr").count() == 350
        assert page.locator("#dialog .rows > p").count() == 0
        assert len(downloaded(page, "#csv")[1].splitlines()) == 352


def test_the_file_of_the_table(page: Any) -> None:
    pick(page, "theme", "built")
    page.click("#table")
    page.click("#dialog thead button >> nth=0")
    name, data = downloaded(page, "#csv")
    assert name == "buurt-gsi.csv"
    assert data.startswith(b"\xef\xbb\xbf")
    lines = data.decode("utf-8-sig").split("\r\n")
    assert lines[0] == f'Buurt;code;"{GSI}, m² per m²";opmerking'
    assert lines[1:5] == ["Zuidwest;BU00000000;0;", "Zuid;BU00000001;0,05;", "Zuidoost;BU00000002;0,12;", "Noordwest;BU00000003;0,3;"]
    assert lines[5].startswith(f"Noord;BU00000004;;{NONE}")
    assert lines[7].startswith(f"{GSI} · Spoorzone Proefstad · {WORDING['notice']}")
    assert page.inner_text("#status") == "CSV opgeslagen"


def hostile_csv(browser: Any, folder: Path) -> bytes:
    units = {**world().units, "buurt": buurten((*HOSTILE[5:], "-1+1"))}
    with opened(browser, drawn(folder, units=units)) as page:
        page.click("#table")
        return downloaded(page, "#csv")[1]


@pytest.mark.fault("E", "a name that a spreadsheet takes for a formula, in the file of a table", "an apostrophe before it: text")
def test_no_name_becomes_a_formula_in_a_spreadsheet(browser: Any, tmp_path: Path) -> None:
    rows = list(csv.reader(StringIO(hostile_csv(browser, tmp_path).decode("utf-8-sig")), delimiter=";"))
    names = {row[0] for row in rows[1:7]}
    assert names == {*HOSTILE[5:8], "'" + HOSTILE[8], HOSTILE[9], "'-1+1"}


# ---------------------------------------------------------------- picture


def test_the_picture(page: Any) -> None:
    name, data = downloaded(page, "#png")
    assert name == "bevolkingsdichtheid-2022.png"
    assert page.inner_text("#status") == "Afbeelding opgeslagen"
    image = picture(data)
    frame = page.locator("#frame").bounding_box()
    assert image.shape[1] == 2 * (frame["width"] + 250), "twice the map, and the legend beside it"
    top = int(np.flatnonzero((image[:, 4] == rgb("#e9ecec")).all(axis=1))[0])
    assert top > 100, "title and meaning above it"
    assert image.shape[0] > top + 2 * frame["height"]
    for n, colour in {0: COLOURS[0], 1: COLOURS[3], 2: COLOURS[7], 4: COLOURS[2], 5: COLOURS[2]}.items():
        x, y = place(page, *clear(n))
        at = image[round(top + 2 * (y - frame["y"])), round(2 * (x - frame["x"]))]
        assert tuple(at) == rgb(colour), NAMES[n]
    beside = image[top:, round(2 * (frame["width"] + 20)) : round(2 * (frame["width"] + 40))].reshape(-1, 3)
    for colour in COLOURS[1:]:
        assert (beside == rgb(colour)).all(axis=1).any(), "the legend has every class"
    assert (image[: top - 4].min(axis=2) < 60).sum() > 500, "letters above"
    assert (image[top + round(2 * frame["height"]) + 4 :].min(axis=2) < 120).sum() > 300, "letters below"


def test_the_picture_shows_both_years_of_a_swipe_and_what_is_chosen(page: Any) -> None:
    go(page, "l=square_100m&m=swipe&b=E2562N4718")
    image = picture(downloaded(page, "#png")[1])
    frame = page.locator("#frame").bounding_box()
    top = int(np.flatnonzero((image[:, 4] == rgb("#e9ecec")).all(axis=1))[0])
    at = {}
    for i in (3, 12):
        x, y = place(page, *square(i, 9))
        at[i] = tuple(image[round(top + 2 * (y - frame["y"])), round(2 * (x - frame["x"]))])
    assert at == {3: rgb(COLOURS[1]), 12: rgb(COLOURS[3])}
    assert (image.reshape(-1, 3) == rgb("#c8102e")).all(axis=1).sum() > 200


# ---------------------------------------------------------------- paper

PAPER = {"A4": (297, 210), "A3": (420, 297)}
DPI = 150


def printed(page: Any, folder: Path) -> tuple[np.ndarray, tuple[float, float], int]:
    """The page as it comes out of a printer: its pixels, its size in mm, how many sheets."""
    data = page.pdf(prefer_css_page_size=True, print_background=True)
    sheets = len(re.findall(rb"/Type\s*/Page\b", data))
    box = re.search(rb"/MediaBox\s*\[([^\]]+)\]", data).group(1).split()
    size = tuple(float(v) * 25.4 / 72 for v in box[2:])
    if not shutil.which("pdftoppm"):
        missing("needs pdftoppm of poppler-utils")
    file = folder / "sheet.pdf"
    file.write_bytes(data)
    subprocess.run(["pdftoppm", "-r", str(DPI), "-png", "-singlefile", str(file), str(folder / "sheet")], check=True)
    return picture((folder / "sheet.png").read_bytes()), size, sheets


def layout(page: Any, selector: str) -> dict[str, float]:
    """Where something lies on the sheet, in mm from its corner."""
    page.emulate_media(media="print")
    box, sheet = (page.locator(s).first.bounding_box() for s in (selector, "#sheet"))
    page.emulate_media(media="null")
    mm = {k: v * 25.4 / 96 for k, v in box.items()}
    return mm | {"x": mm["x"] - sheet["x"] * 25.4 / 96, "y": mm["y"] - sheet["y"] * 25.4 / 96}


@pytest.mark.parametrize(("paper", "scale"), [("A4", 7500), ("A3", 5000)])
def test_paper_is_to_scale(page: Any, tmp_path: Path, paper: str, scale: int) -> None:
    page.evaluate("window.print = () => { window.asked_to_print = true; }")
    go(page, "l=square_500m&x=borders")
    page.click("#print")
    assert page.inner_text("#dialog h2") == "Afdrukken"
    pick(page, "paper", paper)
    assert page.locator("#scale option").first.text_content().startswith("wat nu in beeld is (1:")
    page.select_option("#scale", str(scale))
    page.click("#go-print")
    assert page.evaluate("window.asked_to_print")
    assert not page.is_visible("#dialog")
    image, size, sheets = printed(page, tmp_path)
    assert sheets == 1, "one sheet"
    assert size == pytest.approx(PAPER[paper], abs=0.6)
    canvas = layout(page, "#sheet canvas")
    assert canvas["x"] + canvas["width"] < PAPER[paper][0] - 16
    per_mm = DPI / 25.4
    # The middle square, 500 m from edge to edge: its colour and that of its neighbours along one row of pixels. RD is
    # turned a little against the map.
    row = round((8 + canvas["y"] + canvas["height"] / 2 + 150_000 / scale) * per_mm)
    line = image[row, round((8 + canvas["x"]) * per_mm) : round((8 + canvas["x"] + canvas["width"]) * per_mm)].astype(int)
    coloured = np.flatnonzero((np.abs(line - rgb(COLOURS[3])) < 6).all(axis=1))
    assert (coloured[-1] - coloured[0]) / per_mm == pytest.approx(1_000_000 / scale, rel=0.005), "two squares of 500 m"
    bar = page.locator(".scale-bar").first
    metres, mm = (float(bar.get_attribute(f"data-{k}")) for k in ("metres", "mm"))
    assert metres * 1000 / scale == pytest.approx(mm)
    drawn_bar = [layout(page, f".scale-bar rect >> nth={k}") for k in (0, 1)]
    assert drawn_bar[1]["x"] + drawn_bar[1]["width"] - drawn_bar[0]["x"] == pytest.approx(mm, abs=0.3)
    assert page.text_content("#sheet .measure p") == f"1:{number(scale, 0, 'nl')} ({paper})"
    for said in ("#sheet h1", "#sheet .legend h2", "#sheet figcaption", "#sheet footer p", "#sheet .north", "#sheet .keys"):
        assert page.locator(said).count() == 1, said
    assert "Gegevens opgehaald op 21 november 2026." in page.text_content("#sheet footer")


def test_stations_lie_on_paper_where_the_scale_says(page: Any, tmp_path: Path) -> None:
    page.evaluate("window.print = () => {}")
    pick(page, "level", "square_500m")
    page.click("#print")
    pick(page, "paper", "A4")
    page.select_option("#scale", "10000")
    page.click("#go-print")
    image, _, _ = printed(page, tmp_path)
    canvas = layout(page, "#sheet canvas")
    lat, lng = centre(page)
    ground = 111_195  # metres in a degree of latitude on the sphere of Web Mercator's makers
    for east in (200, 1300):
        at = degrees(X + east, Y + 500)
        right = (at[1] - lng) * np.cos(np.radians(lat)) * 111_320 / 10
        up = (at[0] - lat) * ground / 10
        x = (8 + canvas["x"] + canvas["width"] / 2 + right) * DPI / 25.4
        y = (8 + canvas["y"] + canvas["height"] / 2 - up) * DPI / 25.4
        spot = image[round(y) - 3 : round(y) + 4, round(x) - 3 : round(x) + 4].astype(int)
        assert (spot.min(axis=2) > 235).mean() > 0.8, "white within the ring of a station"
        around = image[round(y) - 14 : round(y) + 15, round(x) - 14 : round(x) + 15].astype(int)
        assert (around.max(axis=2) < 90).sum() > 30, "its ring"


def test_printing_without_asking_gives_the_sheet_too(page: Any) -> None:
    click(page, 2)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.text_content("#sheet h1") == f"{PEOPLE}, 2022"
    assert page.text_content("#sheet .sheet-card h2") == "Zuidoost"
    assert page.text_content("#sheet .legend h2") == PEOPLE


# ---------------------------------------------------------------- link

STATES = (
    "i=gsi&l=wijk&b=WK000001",
    "l=buurt&j=2021&v=2019&m=swipe",
    "l=square_100m&m=change&v=2021&x=rings+borders",
    "l=pand&p=construction_year&t=1950",
    "l=bodemgebruik&a=none&k=17/52.22000/6.87000",
)


def state(page: Any) -> Any:
    """What a reader sees of what is chosen."""
    return (
        page.title(), texts(page, "#figures b"), page.inner_text("#legend"), page.inner_text("#choose"),
        page.is_visible("#card") and page.inner_text("#card"), page.is_visible("#time") and page.inner_text("#time"),
        page.eval_on_selector_all("input:checked", "all => all.map((i) => i.name + i.value)"), page.is_visible("#swipe"),
        [round(v, 3) for v in window(page)],
    )  # fmt: skip


@pytest.mark.parametrize("hash", STATES)
def test_a_link_gives_the_view_back(page: Any, browser: Any, path: Path, hash: str) -> None:
    go(page, hash)
    here = state(page)
    link = address(page).partition("#")[2]
    for part in hash.split("&"):
        if not part.startswith("k="):
            assert part in link.split("&"), "the address says it again"
    fresh(page)
    assert state(page) != here
    go(page, link)
    assert state(page) == here


def test_a_link_opens_the_view(browser: Any, path: Path) -> None:
    with opened(browser, path, hash="i=gsi&l=wijk&b=WK000001&k=15/52.22000/6.87000&x=track") as page:
        assert page.inner_text("#title") == GSI
        assert page.inner_text("#card h2") == "Wijk Noord"
        assert centre(page) == pytest.approx((52.22, 6.87), abs=1e-4)
        assert not page.is_visible(".name.station")


def test_the_link_button(page: Any) -> None:
    pick(page, "theme", "built")
    page.click("#link")
    until(page, "document.querySelector('#status').textContent !== ''")
    assert page.inner_text("#status") == "Link gekopieerd"
    assert page.evaluate("navigator.clipboard.readText()") == page.url
    assert "i=gsi" in address(page)
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('no')); }")
    page.click("#link")
    until(page, "document.querySelector('#status').textContent === 'De link staat in de adresbalk'")


@pytest.mark.parametrize("hash", [
    "i=nonsense&l=../..&j=1900&v=x&m=evil&p=1&a=zzz&x=foo&t=abc&k=1/2", "b=<img src=x onerror=window.__ran=1>", "%%%&&==&=&#",
    "k=abc/1/2", "k=NaN/NaN/NaN", "k=//", "t=", "w=%25%25&w=", "i=__proto__&l=constructor", "m=swipe&j=Infinity",
])  # fmt: skip
def test_nonsense_in_a_link_does_nothing(page: Any, hash: str) -> None:
    before = [page.title(), texts(page, "#figures b"), legend(page)]
    go(page, hash)
    now = [page.title(), texts(page, "#figures b"), legend(page)]
    assert now == before or (hash.startswith("m=swipe") and "2019 en 2022" in now[0])
    assert not page.is_visible("#card")
    assert page.evaluate("window.__ran") is None


def test_a_link_to_far_away_stays_on_earth(page: Any) -> None:
    go(page, "k=99/999/999")
    assert all(np.isfinite(window(page)))
    page.click("#zoom-corridor")
    assert point_at(page, *middle(1)).startswith("Zuid\n")


# ---------------------------------------------------------------- presentation


def test_the_presentation_steps_through_its_views(page: Any) -> None:
    go(page, "i=gsi&l=wijk&b=WK000001")
    before = state(page)
    page.click("#present")
    heads = []
    for k, view in enumerate(SPEC.views, 1):
        heads.append(page.inner_text("#presentation h2"))
        assert page.inner_text("#presentation p") == view.caption.nl
        assert page.inner_text("#presentation output") == f"{k} van 5"
        page.keyboard.press("ArrowRight" if k % 2 else " ")
    assert heads == [view.title.nl for view in SPEC.views]
    assert page.inner_text("#presentation output") == "5 van 5", "the last is the last"
    assert page.is_disabled("#next")
    for hidden in ("#panel", "#levels", "#search", "#buttons", "#card", "#time", "#tip"):
        assert not page.is_visible(hidden), hidden
    assert page.is_visible("#legend")
    assert shares(page)["Bebouwd"] == "40%"
    page.keyboard.press("ArrowLeft")
    assert page.inner_text("#presentation h2") == "Wat er staat"
    assert centre(page) == pytest.approx(degrees(X + 1300, Y + 500), abs=1e-4), "at the second station"
    page.click("#previous")
    assert page.inner_text("#legend h2") == "Verandering in procenten"
    page.click("#next")
    page.keyboard.press("Escape")
    assert not page.is_visible("#presentation")
    assert focused(page) == "present", "one goes on where one was"
    assert state(page) == before


def test_views_of_ones_own_are_kept_in_the_link(page: Any) -> None:
    pick(page, "level", "square_100m")
    page.click("#keep")
    assert page.inner_text("#status").startswith("Beeld 1 bewaard")
    pick(page, "level", "pand")
    page.click("#zoom-in")
    page.wait_for_timeout(400)
    page.click("#keep")
    assert page.inner_text("#status").startswith("Beeld 2 bewaard")
    link, there = address(page).partition("#")[2], window(page)
    fresh(page)
    go(page, link)
    page.click("#present")
    assert page.inner_text("#presentation output") == "1 van 2"
    assert page.inner_text("#presentation h2") == f"{PEOPLE}, 2022"
    assert legend(page)["0"] == 10
    page.keyboard.press("ArrowRight")
    assert page.inner_text("#presentation h2") == "Panden naar functie"
    middle_ = ((there[1] + there[3]) / 2, (there[0] + there[2]) / 2)
    assert centre(page) == pytest.approx(middle_, abs=1e-4)
    page.click("#leave")
    assert address(page).count("w=") == 2


# ---------------------------------------------------------------- about


def test_about_has_four_parts(page: Any) -> None:
    page.click("#about")
    assert page.inner_text("#dialog h2") == "Over deze kaart"
    assert texts(page, "#dialog nav button") == ["De kaart", "Handleiding", "Wat de cijfers betekenen", "Bronnen en volledigheid"]
    assert texts(page, "#dialog h3") == ["De kaart", "Handleiding", "Wat de cijfers betekenen", "Bronnen en volledigheid"]
    assert texts(page, "#about-map p") == [SPEC.summary.nl, WORDING["notice"], WORDING["settings_line"], "Bron: niemand", "Gegevens opgehaald op 21 november 2026."]
    told = [b for b in guide("nl") if b["tag"] != "h1"]
    assert page.locator("#about-guide > :not(h3)").count() == len(told)
    assert texts(page, "#about-guide h4") == ["".join(t for t, _ in b["text"]) for b in told if b["tag"] == "h2"]
    assert texts(page, "#about-indicators h4") == ["Wonen", "Bebouwing", "Grond"]
    definitions = texts(page, "#about-indicators .definition")
    assert len(definitions) == 4
    assert definitions[1].startswith(f"{GSI} (m² per m²)")
    assert COLUMNS["gsi"].meaning.nl in definitions[1]
    assert "Formule: " in definitions[1]
    page.click("#dialog nav button >> nth=3")
    assert page.evaluate("document.activeElement.textContent") == "Bronnen en volledigheid"
    page.keyboard.press("Escape")
    assert focused(page) == "about"


@pytest.mark.parametrize(("language", "button", "mark", "proven"), [
    ("nl", "Bronnen en volledigheid", "niet bewezen", "nagegaan"), ("en", "Sources and completeness", "not proven", "checked"),
])  # fmt: skip
def test_the_sources_open_by_keyboard(browser: Any, paths: Any, language: Language, button: str, mark: str, proven: str) -> None:
    made = origin(RECEIPTS, language, LABELS)
    with opened(browser, paths[language]) as page:
        page.get_by_role("button", name=button).focus()
        page.keyboard.press("Enter")
        assert page.is_visible("#about-sources h3")
        body, head = (page.locator(s).bounding_box() for s in ("#dialog .body", "#about-sources h3"))
        assert body["y"] <= head["y"] < body["y"] + body["height"] / 2, "the panel begins there"
        assert texts(page, "#about-sources h4") == ["Register A", "Register B"]
        editions = [e for r in made["registers"] for s in r["sources"] for e in s["editions"]]
        assert page.locator("#about-sources .edition > p").all_inner_texts() == [f"{e['date']}\n{e['counts']}" for e in editions]
        assert page.locator("#about-sources li.unproven").all_inner_texts() == [f"{mark} {FAILED.said.in_(language)}"]
        assert page.get_by_role("img", name=proven, exact=True).count() == page.locator("#about-sources li.holds").count() == 5
        page.keyboard.press("Escape")
        assert focused(page) == "sources", "one goes on where one was"


def test_escape_closes_the_dialog_and_not_the_card_behind_it(page: Any) -> None:
    click(page, 2)
    page.click("#about")
    page.keyboard.press("Escape")
    assert page.is_visible("#card") and not page.is_visible("#dialog")
    page.click("#about")
    page.mouse.click(5, 5)
    assert not page.is_visible("#dialog"), "a click beside it"


def test_when_all_is_whole_the_same_place_says_so(browser: Any, tmp_path: Path) -> None:
    with opened(browser, drawn(tmp_path, wording={"origin": origin([receipt("buurt")], "nl", {})})) as page:
        assert page.inner_text("#whole") == "Alle bronnen volledig binnen"
        assert page.locator(".unproven").count() == 0


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (390, 844)])
def test_a_long_list_of_sources_fits_its_window(browser: Any, tmp_path: Path, width: int, height: int) -> None:
    many = [receipt(f"bron{n}", f"Register {n % 7}", proofs=(HELD, FAILED)) for n in range(28)]
    file = drawn(tmp_path, wording={"origin": origin(many, "nl", {})})
    with opened(browser, file, viewport={"width": width, "height": height}) as page:
        page.click("#sources")
        box = page.locator("#dialog").bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= width
        assert box["y"] >= 0 and box["y"] + box["height"] <= height
        assert page.evaluate("(({ scrollWidth, clientWidth }) => scrollWidth <= clientWidth)(document.querySelector('#dialog .body'))")
        page.focus("#dialog .body")
        page.keyboard.press("End")
        page.wait_for_timeout(300)
        assert page.locator("#dialog .edition >> nth=-1").bounding_box()["y"] < height


# ---------------------------------------------------------------- what lies around the theme


def screen(page: Any) -> np.ndarray:
    """The map without what lies at its right side, and without what the page just said."""
    page.mouse.move(1, 1)
    until(page, "document.querySelector('#status').textContent === ''")
    page.wait_for_timeout(60)
    box = page.locator("#frame").bounding_box()
    return picture(page.screenshot(clip=box | {"width": box["width"] - 340}))


def changed(one: np.ndarray, other: np.ndarray) -> int:
    """How many pixels differ: what is laid on as a picture may be one step of 255 beside what is painted."""
    return int((np.abs(one.astype(int) - other) > 1).any(axis=2).sum())


@pytest.mark.parametrize(("level", "lines"), [
    ("buurt", ("track", "rings", "corridor", "borders", "water", "road", "rail", "figures")), ("pand", ("green",)),
])  # fmt: skip
def test_every_line_can_be_taken_away_and_comes_back(page: Any, level: str, lines: tuple[str, ...]) -> None:
    pick(page, "level", level)
    page.click("#layers")
    assert page.get_attribute("#layers", "aria-expanded") == "true"
    boxes = page.eval_on_selector_all("#grounds [name=line]", "all => all.map((b) => b.value)")
    assert boxes == ["track", "rings", "corridor", "borders", "water", "road", "rail", "green", "figures"]
    whole = screen(page)
    for line in lines:
        page.uncheck(f"#grounds [value={line}]")
        assert changed(screen(page), whole) > 600, line
        assert f"x={line}" in address(page)
        page.check(f"#grounds [value={line}]")
        assert changed(screen(page), whole) < 300, (line, "at crossings another line may lie on top now")
    page.keyboard.press("Escape")
    assert not page.is_visible("#grounds")
    assert focused(page) == "layers"


def tile() -> bytes:
    """A red PNG of 256 by 256."""
    def part(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = (b"\0" + b"\xff\0\0" * 256) * 256
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", struct.pack(">IIBBBBB", 256, 256, 8, 2, 0, 0, 0)) + part(b"IDAT", zlib.compress(rows)) + part(b"IEND", b"")


def test_each_background_asks_only_for_its_own_tiles(browser: Any, path: Path) -> None:
    own = {"grijs": "brt/achtergrondkaart/wmts/v2_0/grijs/", "pastel": "brt/achtergrondkaart/wmts/v2_0/pastel/",
           "standaard": "brt/achtergrondkaart/wmts/v2_0/standaard/", "luchtfoto": "hwh/luchtfotorgb/wmts/v1_0/Actueel_ortho25/"}  # fmt: skip
    with opened(browser, path, online=True, tiles=tile()) as page:
        page.click("#layers")
        for name in ("grijs", "pastel", "standaard", "luchtfoto"):
            if name != "grijs":
                del page.asked[:]
                pick(page, "background", name)
            until(page, "document.querySelectorAll('img.leaflet-tile-loaded').length > 3")
            asked = [url for url in page.asked if url.startswith("http")]
            assert asked and all(url.startswith(f"{TILES}{own[name]}EPSG:3857/") for url in asked), name
            assert all(re.search(r"/\d+/\d+/\d+\.(png|jpeg)$", url) for url in asked)
        assert page.locator(".folium-map.tiles").count() == 1
        assert pixel(page, X + 1600, Y + 900) == (255, 0, 0), "what nobody drew on shows the tiles"
        assert pixel(page, *clear(2)) != rgb(COLOURS[7]), "they shine through the theme"
        assert pixel(page, *clear(2))[2] > 90
        image = picture(downloaded(page, "#png")[1])
        assert (image.reshape(-1, 3) == (255, 0, 0)).all(axis=1).sum() > 1000, "and lie in the picture"
        del page.asked[:]
        pick(page, "background", "none")
        page.click("#zoom-in")
        page.wait_for_timeout(400)
        assert page.locator("img.leaflet-tile").count() == 0
        assert [url for url in page.asked if url.startswith("http")] == []
        assert page.locator(".folium-map.tiles").count() == 0


def test_tiles_that_fail_are_not_missed(browser: Any, path: Path) -> None:
    with opened(browser, path, online=True) as page:
        until(page, "document.querySelector('#status').textContent !== ''")
        assert page.inner_text("#status") == "Geen internet: u ziet de ingebouwde kaart"
        assert pixel(page, *clear(2)) == rgb(COLOURS[7])
        assert point_at(page, *middle(1)) == "Zuid\n1.234 per km²"


def test_without_a_network_tiles_are_asked_for_a_few_times_and_again_when_there_is_one(browser: Any, path: Path) -> None:
    with opened(browser, path, online=True) as page:
        until(page, "document.querySelector('#status').textContent !== ''")
        page.wait_for_timeout(300)
        del page.asked[:]
        page.click("#zoom-in")
        page.wait_for_timeout(600)
        assert [url for url in page.asked if url.startswith("http")] == [], "not in vain at every move"
        page.evaluate("dispatchEvent(new Event('online'))")
        page.wait_for_timeout(300)
        assert [url for url in page.asked if url.startswith(TILES)], "there is a network again"
        page.wait_for_timeout(300)
        del page.asked[:]
        page.click("#layers")
        pick(page, "background", "luchtfoto")
        page.wait_for_timeout(300)
        assert [url for url in page.asked if "luchtfoto" in url], "the reader wants it"


def zoom(page: Any) -> float:
    return float(re.search(r"k=([\d.]+)%2F", address(page)).group(1))


def test_zoom_buttons(page: Any) -> None:
    start = zoom(page)
    for button, by in (("#zoom-in", 0.5), ("#zoom-out", -0.5), ("#zoom-out", -0.5)):
        page.click(button)
        start += by
        until(page, f"location.hash.includes('k={start:g}%2F')")
    page.click("#zoom-corridor")
    west, south, east, north = window(page)
    for at in ((X - 100, Y + 500), (X + 1600, Y + 500)):
        lat, lng = degrees(*at)
        assert west < lng < east and south < lat < north, "the corridor is in view"
    scale = page.inner_text(".leaflet-control-scale-line >> nth=0")
    assert re.fullmatch(r"\d+ k?m", scale)
    assert not page.is_visible(".leaflet-control-scale-line >> nth=1"), "no miles"


# ---------------------------------------------------------------- keys, old browsers, less motion


def test_the_keys_reach_everything(page: Any) -> None:
    click(page, 2)
    page.evaluate("document.querySelector('.skip').focus()")
    reached = [focused(page)]
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.append(focused(page))
    wanted = ["skip", "choose", "theme", "column", "table", "png", "print", "link", "keep", "present", "about", "sources", "level",
              "search-field", "card", "close", "play", "year", "mode", "layers", "zoom-corridor", "zoom-in", "zoom-out"]  # fmt: skip
    places = [reached.index(w) for w in wanted if w in reached]
    assert [w for w in wanted if w not in reached] == []
    assert places == sorted(places), "in the order in which they stand"
    assert any(str(r).startswith("map_") for r in reached), "the map itself moves by arrow keys"


def test_the_way_past_the_buttons_keeps_what_was_chosen(page: Any) -> None:
    pick(page, "level", "square_500m")
    title = page.inner_text("#legend h2 + p")
    page.focus(".skip")
    assert page.locator(".skip").bounding_box()["width"] > 50, "seen when it has the focus"
    page.keyboard.press("Enter")
    assert focused(page) == "search-field"
    page.wait_for_timeout(300)  # a change of the address would be told later
    assert page.inner_text("#legend h2 + p") == title == "per km² · vierkanten per klasse"
    assert "search-field" not in page.url


def test_the_keys_work(page: Any) -> None:
    page.focus("[name=level][value=buurt]")
    page.keyboard.press("ArrowRight")
    assert page.inner_text("#legend h2 + p") == "per km² · vierkanten per klasse"
    page.keyboard.press("ArrowLeft")
    page.focus("[name=theme][value=living]")
    page.keyboard.press("ArrowRight")
    assert page.inner_text("#title") == GSI
    page.focus("[name=column][value=gsi]")
    page.keyboard.press("ArrowDown")
    assert page.inner_text("#title") == FSI
    page.focus("#table")
    page.keyboard.press("Enter")
    assert page.is_visible("#dialog")
    for _ in range(30):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement === document.body || document.querySelector('#dialog').contains(document.activeElement)")
    page.focus("#dialog tbody button >> nth=1")
    page.keyboard.press("Enter")
    page.wait_for_selector("#card:not([hidden])")


def test_an_old_browser_is_told_so(browser: Any, paths: dict[Language, Path]) -> None:
    for language, said in (("nl", "Deze browser is te oud voor de kaart."), ("en", "This browser is too old for the map.")):
        context_ = browser.new_context(offline=True)
        page = context_.new_page()
        page.add_init_script("delete window.DecompressionStream")
        wrong: list[str] = []
        page.on("pageerror", lambda error: wrong.append(str(error)))  # noqa: B023 - asked in the same turn
        page.goto(paths[language].as_uri())  # type: ignore[index]
        page.wait_for_selector("#too-old:not([hidden])")
        assert page.inner_text("#too-old").startswith(said)
        assert wrong == []
        context_.close()


def test_less_motion(browser: Any, path: Path) -> None:
    with opened(browser, path, reduced_motion="reduce") as page:
        moving = page.eval_on_selector_all("*", "all => all.filter((n) => { const s = getComputedStyle(n); return s.transitionDuration !== '0s' || s.animationName !== 'none'; }).length")
        assert moving == 0
        page.fill("#search-field", "dorps")
        page.click("#found li:nth-child(2)")
        assert centre(page) == pytest.approx(degrees(X + 400, Y + 250), abs=1e-4), "at once"


# ---------------------------------------------------------------- axe, windows

SHOWN: dict[str, tuple[str, str]] = {
    "start": ("", ""), "card": ("b=BU00000002", ""), "table": ("", "#table"), "about": ("", "#about"), "print": ("", "#print"),
    "layers": ("", "#layers"), "swipe": ("m=swipe", ""), "change": ("m=change", ""), "buildings": ("l=pand", ""),
    "land use": ("l=bodemgebruik", ""), "doubt": ("l=wijk&b=WK000001", ""), "presentation": ("", "#present"), "found": ("", "search"),
}  # fmt: skip


@pytest.mark.parametrize("language", ["nl", "en"])
def test_axe_finds_nothing(browser: Any, paths: dict[Language, Path], language: Language) -> None:
    wrong: dict[str, Any] = {}
    with opened(browser, paths[language]) as page:
        for width, height in ((1440, 900), (390, 844)):
            page.set_viewport_size({"width": width, "height": height})
            for name, (hash, button) in SHOWN.items():
                fresh(page)
                go(page, hash)
                if button == "search":
                    page.fill("#search-field", "zuid")
                elif button:
                    page.click(button)
                if some := violations(page):
                    wrong[f"{name}, {width} wide"] = some
        fresh(page)
    assert wrong == {}


def test_axe_finds_nothing_on_the_front_page(browser: Any, path: Path) -> None:
    front = path.parent / "index.html"
    front.write_text(draw_index([(SPEC, path.name)], **WORDING), "utf-8")
    context_ = browser.new_context(offline=True, bypass_csp=True)
    page = context_.new_page()
    page.goto(front.as_uri())
    assert violations(page) == []
    assert page.inner_text("h1") == WORDING["project"]
    assert page.evaluate("[...document.querySelectorAll('a')].map((a) => new URL(a.href).pathname.split('/').pop())").count(path.name) >= 1
    page.focus("summary")
    page.keyboard.press("Enter")
    assert violations(page) == []
    context_.close()


#: What may not lie over each other on a wide window.
APART = ("#levels", "#search", "#legend", "#time", "#buttons", "#card", ".leaflet-control-scale", "#panel", "#notice")


#: What stands below each other on a narrow one.
BELOW = ("#head", "#figures", "#levels", "#search", "#frame", "#time", "#card", "#legend", "#choose", "#tools", "#foot")
#: Words that don't fit where they stand.
CUT = """[...document.querySelectorAll('#tools button, #figures b, .segments span, #shown-year, #legend h2')]
  .filter((n) => n.offsetParent && n.scrollWidth > n.clientWidth + 4 && getComputedStyle(n).display !== 'inline').map((n) => n.textContent)"""


def boxes(page: Any, selectors: tuple[str, ...]) -> dict[str, Any]:
    return page.evaluate(
        "(all) => Object.fromEntries(all.map((s) => [s, document.querySelector(s)?.getBoundingClientRect().toJSON()]).filter(([, b]) => b?.width))",
        list(selectors),
    )


def overlapping(all_: dict[str, Any]) -> list[tuple[str, str]]:
    pairs = []
    for a, p in all_.items():
        for b, q in all_.items():
            wide = min(p["x"] + p["width"], q["x"] + q["width"]) - max(p["x"], q["x"])
            high = min(p["y"] + p["height"], q["y"] + q["height"]) - max(p["y"], q["y"])
            if a < b and wide > 0.5 and high > 0.5:
                pairs.append((a, b))
    return pairs


@pytest.mark.parametrize("language", ["nl", "en"])
def test_nothing_lies_over_another(browser: Any, paths: dict[Language, Path], language: Language) -> None:
    with opened(browser, paths[language]) as page:
        for width, height in WINDOWS:
            page.set_viewport_size({"width": width, "height": height})
            for hash in ("", "b=BU00000002", "m=swipe&b=BU00000002", "l=pand", "l=bodemgebruik", "l=wijk&b=WK000001&i=gsi"):
                go(page, hash)
                here = (width, height, hash)
                seen = boxes(page, APART if width > 820 else BELOW)
                assert overlapping(seen) == [], here
                assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), here
                assert page.evaluate(CUT) == [], here
                if width > 820:
                    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight"), here
                    for name, box in seen.items():
                        assert box["x"] >= 0 and box["x"] + box["width"] <= width + 0.5, (*here, name)
                        assert box["y"] >= 0 and box["y"] + box["height"] <= height + 0.5, (*here, name)


def test_on_a_small_window_the_map_works(browser: Any, path: Path) -> None:
    with opened(browser, path, viewport={"width": 390, "height": 844}, has_touch=True) as page:
        box = page.locator("#frame").bounding_box()
        assert box["height"] > 300
        page.locator("#frame").scroll_into_view_if_needed()
        page.mouse.click(*place(page, *middle(1)))
        assert page.inner_text("#card h2") == "Zuid"
        ends = [place(page, X - 100, Y + 500), place(page, X + 1600, Y + 500)]
        assert all(box["x"] <= x <= box["x"] + box["width"] for x, _ in ends), "the corridor is in view"


# ---------------------------------------------------------------- hostile names, less data


@pytest.mark.fault(
    "E", "script, markup, quotes, NUL, right-to-left and emoji in names, in a browser",
    "the text itself; nothing runs, also without the policy of the page",
)  # fmt: skip
@pytest.mark.parametrize(("bypass", "first"), [(False, 0), (True, 0), (True, 4)], ids=["policy", "no policy", "no policy, others"])
def test_hostile_names_do_nothing(browser: Any, tmp_path: Path, bypass: bool, first: int) -> None:
    """With the policy and, so that it isn't the only defence, without it."""
    every = Text("".join(HOSTILE), "".join(HOSTILE))
    names = (HOSTILE * 2)[first : first + 6]
    town = world().units
    units = {
        **town, "buurt": buurten(names), "catchment": catchments(HOSTILE),
        "gemeente": town["gemeente"].assign(unit_name=every.nl), "wijk": town["wijk"].assign(unit_name=every.nl),
        "section": sections().assign(unit_name=every.nl), "corridor": corridor().assign(unit_name=every.nl),
    }  # fmt: skip
    made = origin([receipt("pand", every.nl, title=every, attribution=every.nl, licence=every.nl, filled={"x": 2021},
                           proofs=(Proof("none", False, every),))], "nl", {"x": every})  # fmt: skip
    file = drawn(
        tmp_path, f"hostile{first}.html", units=units, context=context(HOSTILE),
        ground=ground().assign(use_name=every.nl), streets=streets().assign(street_name=every.nl, place=every.nl),
        wording={**dict.fromkeys(("project", "source_line", "notice", "settings_line", "date"), every.nl), "origin": made},
    )  # fmt: skip
    with opened(browser, file, bypass_csp=bypass) as page:
        scripts = page.locator("script").count()
        assert texts(page, ".name.station") == [name.strip() for name in HOSTILE]
        for n, name in enumerate(names):
            go(page)
            look(page, *middle(n), 16)
            assert point_at(page, *middle(n))
            assert page.text_content("#tip b") == name
            click(page, n)
            assert page.text_content("#card h2") == name
        page.click("#table")
        assert {name.strip() for name in names} == set(first_column(page))
        _, data = downloaded(page, "#csv")
        assert b"\r\n=" not in data
        page.click("#dialog .x")
        page.fill("#search-field", names[0][:12])
        assert names[0] in [row[0] for row in found(page)]
        page.click("#found li >> nth=0")
        page.click("#about")
        assert page.text_content("#about-sources h4") == every.nl
        page.click("#dialog .x")
        go(page, "l=bodemgebruik")
        look(page, X + 450, Y + 850, 16)
        assert point_at(page, X + 450, Y + 850)
        assert page.text_content("#tip b") == every.nl
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        page.click("#present")
        page.keyboard.press("Escape")
        downloaded(page, "#png")
        go(page, f"b={HOSTILE[0]}&w={HOSTILE[1]}")
        assert page.evaluate("window.__ran") is None
        assert page.locator("img").count() == 0
        assert page.locator("script").count() == scripts


def test_a_zone_without_stations(browser: Any, tmp_path: Path) -> None:
    around = {k: v for k, v in context().items() if k not in ("axis", "station")}
    units = {k: v for k, v in world().units.items() if k not in ("section", "catchment")}
    with opened(browser, drawn(tmp_path, context=around, units=units)) as page:
        assert page.inner_text("#title") == f"{PEOPLE}, 2022"
        assert not page.is_visible("#line")
        page.click("#layers")
        assert page.locator("#grounds [value=track], #grounds [value=rings]").count() == 0
        pick(page, "level", "bodemgebruik")
        assert page.locator("#in-view .stacked").count() == 0
        assert violations(page) == []
        go(page)
        page.click("#present")
        assert page.inner_text("#presentation output") == "1 van 3", "views at a station are left out"


def test_a_zone_without_buildings_and_land_use(browser: Any, tmp_path: Path) -> None:
    with opened(browser, drawn(tmp_path, buildings=None, ground=None, streets=None)) as page:
        assert page.locator("[name=level][value=pand], [name=level][value=bodemgebruik]").count() == 0
        page.fill("#search-field", "dorps")
        assert texts(page, "#found li") == ["Niets gevonden"]
        page.click("#layers")
        assert page.locator("#grounds [value=figures]").count() == 0
        assert point_at(page, *middle(1)) == "Zuid\n1.234 per km²"


def test_a_zone_without_a_series(browser: Any, tmp_path: Path) -> None:
    with opened(browser, drawn(tmp_path, series={})) as page:
        assert page.inner_text("#title") == PEOPLE
        assert not page.is_visible("#time")
        assert texts(page, "#figures b") == ["1.000", "12.345"]
        go(page, "m=swipe&j=2019")
        assert not page.is_visible("#swipe")
        click(page, 2)
        assert texts(page, "#card .where")[-1] == "1e van 5 buurten"
        page.click("#table")
        assert len(texts(page, "#dialog thead button")) == 6, "no other year"


def test_a_page_of_twenty_thousand_squares_is_small_and_quick(browser: Any, tmp_path: Path) -> None:
    file = drawn(tmp_path, units={**world().units, "square_100m": squares(150, 140)})
    assert file.stat().st_size < 2_500_000
    with opened(browser, file) as page:
        # The limits are 1 s and 0.1 s on a free machine; a test machine may be busy.
        assert int(page.get_attribute("html", "data-ready")) < 4000
        pick(page, "level", "square_100m")
        assert sum(n for label, n in legend(page).items()) == 21_000


def test_english_is_english(browser: Any, paths: dict[Language, Path]) -> None:
    words = map_words("en")
    with opened(browser, paths["en"], locale="en-GB") as page:
        assert page.get_attribute("html", "lang") == "en"
        assert texts(page, "#figures span")[0] == words["corridor_mean"]
        assert point_at(page, *middle(2)) == "Zuidoost\n12,345 per km²"
        click(page, 2)
        assert "1st of 5 neighbourhoods · +23.4% since 2019" in page.inner_text("#card")
        page.click("#table")
        _, data = downloaded(page, "#csv")
        assert data.decode("utf-8-sig").splitlines()[1].startswith("Zuidwest,BU00000000,0,0,")
        assert json.loads(page.evaluate("JSON.stringify(document.querySelector('#search-field').placeholder)")) == words["search"]
