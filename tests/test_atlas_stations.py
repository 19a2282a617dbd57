"""The station sheet: rings put together, what the page says of them, and how it looks in a browser and on paper."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from sheet_world import COLUMNS, FORMULAS, NAMES, NAN, RADII, SAID, layers, rings, station_sheet, stops

from pipeline.atlas.sheet_words import WORDS
from pipeline.atlas.stations import STATIONS, areas_of, draw_stations, radius_of
from pipeline.atlas.together import together
from pipeline.indicators import INDICATORS

CHROMIUM = Path("/usr/bin/chromium")
in_browser = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists() and not os.environ.get("CI"), reason="needs Debian's chromium"),
]
HOSTILE = '<img src=x onerror="window.__ran=1"></style><script>window.__ran=1</script> $title {{7*7}} \'"`'


def areas(**changes: tuple[float, float, float]) -> pd.DataFrame:
    return areas_of(rings(**changes), NAMES, RADII, COLUMNS)


# ---------- rings put together


def test_amounts_add_up_and_ratios_are_worked_out_again():
    found = areas()
    west, east = (found.loc[n] for n in NAMES)
    assert (west["area_m2"], west["inhabitants_count"], east["inhabitants_count"]) == (2e6, 4000, 8000)
    assert west["inhabitants_per_ha"] == pytest.approx(20), "4,000 on 200 ha; the outer ring is no part of it"
    assert east["inhabitants_per_ha"] == pytest.approx(40)
    assert west["dwellings_multi_family_share"] == pytest.approx(0.5), "not the mean of 0.9 and 0.33"
    assert (west["gsi"], west["fsi_gross"]) == pytest.approx((0.1, 0.4))
    assert west["building_layers"] == pytest.approx(4)
    assert west["osr"] == pytest.approx(0.9 / 0.4), "a ratio of ratios"
    assert west["ground_green_share"] == pytest.approx(0.5)
    assert west["ground_green_high_share"] == pytest.approx(1_100_000 / 2e6)
    assert set(FORMULAS) <= set(found), "every formula of the world could be worked out"


def test_means_of_rows_are_weighed_by_their_rows():
    found = areas()
    assert found.loc["West", "dwellings_walk_800m_share"] == pytest.approx((0.9 * 600 + 0.2 * 1400) / 2000)
    assert found.loc["West", "inhabitants_coverage_share"] == pytest.approx((1000 + 0.5 * 3000) / 4000)


def test_a_mean_counts_only_the_rows_that_have_a_value():
    found = areas(station_walk_distance_m=(200.0, 600.0, 0.0), station_reached_share=(1.0, 0.5, 0.0))
    # 600 dwellings at 200 m, and the half of 1,400 at 600 m.
    assert found.loc["West", "station_walk_distance_m"] == pytest.approx((600 * 200 + 700 * 600) / 1300)


def test_a_part_without_rows_has_no_say():
    found = areas(dwellings_count=(0.0, 1400.0, 0.0), dwellings_walk_800m_share=(NAN, 0.2, 0.0))
    assert found.loc["West", "dwellings_walk_800m_share"] == pytest.approx(0.2)
    none = areas(dwellings_count=(0.0, 0.0, 5.0), dwellings_walk_800m_share=(NAN, NAN, 0.2))
    assert pd.isna(none.loc["West", "dwellings_walk_800m_share"]), "nobody lives in the whole either"


def test_what_is_not_known_of_a_part_is_not_known_of_the_whole():
    found = areas(inhabitants_count=(NAN, 3000.0, 0.0), dwellings_walk_800m_share=(NAN, 0.2, 0.0))
    assert found.loc["West", ["inhabitants_count", "inhabitants_per_ha", "dwellings_walk_800m_share"]].isna().all()
    assert found.loc["West", "inhabitants_low_count"] == 3980, "the bounds are known still"
    fine = areas(inhabitants_count=(1000.0, 3000.0, NAN))
    assert fine.loc["West", "inhabitants_count"] == 4000, "the ring beyond does not matter"


def test_what_has_no_sound_way_is_left_out():
    found = areas(oad_per_km2=(1.0, 1.0, 1.0), degurba_class=(1.0, 1.0, 1.0), building_height_max_m=(9.0, 30.0, 1.0))
    assert "oad_per_km2" in found, "a mean over addresses"
    assert not {"degurba_class", "building_height_max_m", "corridor_share"} & set(found)


def test_parts_of_one_whole_keep_the_order_in_which_they_came():
    parts = pd.DataFrame({"area_m2": [1.0, 2.0, 4.0]}, index=["a", "b", "c"])
    whole = pd.Series(["z", "a", "z"], index=parts.index, name="whole")
    assert together(parts, whole, COLUMNS)["area_m2"].to_dict() == {"z": 5.0, "a": 2.0}


@pytest.mark.parametrize(
    ("radii", "radius"),
    [((400, 800, 1200), 800), ((800,), 800), ((300, 600, 900), 600), ((500, 1000), 500), ((250,), 250), ((1200, 800), 800)],
)  # fmt: skip
def test_a_station_area_reaches_800_m_or_to_the_ring_in_the_middle(radii, radius):
    assert radius_of(radii) == radius


def test_another_radius_takes_other_rings():
    one = areas_of(rings(), NAMES, (400.0,), COLUMNS)
    assert one["area_m2"].tolist() == [500_000, 500_000]


def test_a_station_whose_rings_are_not_all_there_is_left_out():
    table = rings().drop(index="Oost 0400-0800")
    assert areas_of(table, NAMES, RADII, COLUMNS).index.tolist() == ["West"]


def test_every_column_of_the_sheet_is_an_indicator():
    known = {c.name for i in INDICATORS for c in i.columns}
    assert {*STATIONS.columns, *STATIONS.facts} <= known


# ---------- the page


class Page(HTMLParser):
    """Elements of a page, its text, and the rows of its table."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.rows: list[list[str]] = []
        self.text = ""
        self._in: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag == "tr":
            self.rows.append([])
        if tag in ("th", "td"):
            self.rows[-1].append("")
        if tag not in ("meta", "rect", "path", "line", "circle"):
            self._in.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self._in and self._in.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if "style" in self._in:
            return
        self.text += f"{data}\n"
        if {"th", "td"} & set(self._in) and "svg" not in self._in:
            self.rows[-1][-1] += data

    def row(self, label: str) -> list[str]:
        """The cells of the row called so, or of the only one that begins so."""
        exact = [r for r in self.rows if r and r[0] == label]
        (found,) = exact or [r for r in self.rows if r and r[0].startswith(label)]
        return found[1:]


@pytest.fixture(scope="module")
def html() -> str:
    return draw_stations(areas=areas(), **station_sheet())


def test_the_page_says_what_the_rings_add_up_to(html):
    page = Page(html)
    assert page.row("Inwoners per hectare") == ["20,0 ◐ 62 %", "40,0 ◐ 62 %", "16,2"]
    assert page.row("Aandeel woningen samen in een pand") == ["50,0", "50,0"], "the corridor lacks it here"
    assert page.row("Bebouwingsgraad (GSI)") == ["0,10", "0,20", "0,10"]
    assert page.row("Bruto vloeroppervlak") == ["800.000", "1.600.000"]
    assert page.row("Grond: groen") == ["50,0 (50,0–55,0)", "50,0 (50,0–55,0)"]
    assert page.row("Woningen: station binnen 800 m lopen") == ["41,0 (41,0–100,0)", "41,0 (41,0–100,0)"]
    assert page.row("Indicator") == ["West", "Oost", "Hele corridor"]
    assert "tussen haakjes: ten minste – ten hoogste" in html


def test_the_key_figures_stand_beside_the_map(html):
    found = re.findall(r"<dt>([^<]*)</dt><dd><b>([^<]*)</b>(?:<small> \(([^<]*)\)</small>)?", html)
    assert found[:2] == [("Inwoners", "4.000", "3.980–4.040"), ("Woningen", "2.000", "")]
    assert found[2:4] == [("Inwoners", "8.000", "7.960–8.080"), ("Woningen", "4.000", "")]


def test_partly_measured_and_missing_values_say_why():
    changed = areas(floor_area_coverage_share=(0.5, 0.5, 0.0), inhabitants_count=(NAN, 1.0, 1.0),
                    dwellings_count=(0.0, 0.0, 0.0))  # fmt: skip
    page = Page(draw_stations(areas=changed, **station_sheet()))
    assert page.row("Bebouwingsdichtheid")[0] == "0,40 ◐ 50 %"
    assert page.row("Woningen: station binnen")[0] == "–b", "a letter; the first is that of the inhabitants"
    assert "b er is geen woning in het gebied" in page.text
    assert "◐ deels gemeten" in page.text
    assert "3.980–4.040" in page.text, "bounds stand in the place of the number that is withheld"


def test_small_bars_compare_within_a_row_and_no_sizes_with_the_corridor(html):
    (per_ha,) = (r for r in re.findall(r"<tr.*?</tr>", html) if "Inwoners per hectare" in r)
    assert re.findall(r"width: (\d+)%", per_ha) == ["50", "100", "40"]
    larger = station_sheet(corridor=station_sheet()["corridor"].copy())
    larger["corridor"]["floor_area_gross_m2"] = 9e9
    rows = re.findall(r"<tr.*?</tr>", draw_stations(areas=areas(), **larger))
    (floor,) = (r for r in rows if "Bruto vloer" in r)
    assert re.findall(r"width: (\d+)%", floor) == ["50", "100"], "a whole corridor is no measure for an area"


def test_the_charts_show_the_areas(html):
    assert html.count('fill="#c8102e"') == 2, "a red point per station area"
    assert html.count('fill="#a3adb6"') == 1, "a buurt without FSI is no point"
    assert "Functies naar vloeroppervlak (%)" in html
    # Housing 300, offices 100, education 60, health care 40 of 500 thousand m²; the corridor half housing.
    assert "West: Aandeel vloeroppervlak wonen 60,0 %, Aandeel vloeroppervlak kantoor 20,0 %, Voorzieningen 20,0 %" in html
    assert "Hele corridor: Aandeel vloeroppervlak wonen 50,0 %, Aandeel vloeroppervlak overig 50,0 %" in html
    assert "Bodemgebruik in hoofdgroepen" not in html, "it was not computed"
    assert WORDS["bars_partly"].nl not in html
    short = draw_stations(areas=areas(floor_area_office_m2=(0.0, 50_000.0, 0.0)), **station_sheet())
    assert short.count(WORDS["bars_partly"].nl) == 1, "a tenth of the floor has no use that is known"


def test_the_maps_show_what_stands_in_the_circle(html):
    assert html.count("<clipPath") == 2
    # The building lies 100 m east and 50 to 60 m north of each station: 20 by 10 m.
    drawn = re.findall(r'<path d="([^"]*)" fill="#56626d"', html)
    assert len(drawn) == 2
    corners = [tuple(map(int, p)) for p in re.findall(r"(-?\d+) ?(-?\d+)", drawn[0].replace("M", "").replace("l", " "))]
    assert corners[0] in {(100, -60), (100, -50), (120, -60), (120, -50)}
    assert drawn[0].count("z") == 1, "the building 50 km away is not in it"
    assert "Kaart van Oost: panden" in html


def test_areas_that_overlap_say_so():
    near = stops(apart_m=1000.0)
    html = draw_stations(areas=areas(), **station_sheet(stops=near))
    # Two circles of 800 m, 1,000 m apart: 2 r² acos(d / 2r) − d / 2 √(4r² − d²) = 52.2 ha.
    assert "De gebieden van West &amp; Oost overlappen elkaar over 52,2 ha" in html
    assert "overlappen" not in draw_stations(areas=areas(), **station_sheet())


def test_the_same_input_gives_the_same_text(html):
    assert draw_stations(areas=areas(), **station_sheet()) == html


def test_the_page_is_alone_in_the_world(html):
    page = Page(html)
    (policy,) = (a["content"] for t, a in page.elements if a.get("http-equiv") == "Content-Security-Policy")
    assert policy == "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
    assert not {"script", "link", "img", "iframe", "object"} & {t for t, _ in page.elements}
    assert not re.search(r"https?:|@import|url\((?!#)", html)
    assert [a["href"] for t, a in page.elements if t == "a"] == ["index.html"]
    assert len({a["id"] for _, a in page.elements if "id" in a}) == sum("id" in a for _, a in page.elements)
    assert html.count("Synthetisch voorbeeld") == 1, "the notice says it; the line of sources not again"
    assert "Bron: niemand" in html
    assert "21 november 2026" in html


def test_english_is_english():
    html = draw_stations(areas=areas(), **station_sheet(language="en"))
    page = Page(html)
    assert page.row("Gross floor area") == ["800,000", "1,600,000"]
    assert '<html lang="en">' in html
    assert "Whole corridor" in html
    assert all(text.nl and text.en for text in WORDS.values())
    assert list(WORDS) == sorted(WORDS)
    code = "".join((files("pipeline.atlas") / f"{n}.py").read_text("utf-8") for n in ("stations", "sheet", "frame"))
    unused = [w for w in WORDS if f'"{w}"' not in code and f"'{w}'" not in code]
    assert unused == []


def test_what_is_not_there_is_left_out():
    bare = station_sheet(corridor=None, buurten=None, layers={}, notice=None)
    html = draw_stations(areas=areas()[["unit_name", "area_m2", "inhabitants_per_ha"]], **bare)
    page = Page(html)
    assert page.row("Inwoners per hectare") == ["20,0", "40,0"]
    assert "Hele corridor" not in html
    assert "Spacematrix" not in html
    assert 'class="notice"' not in html
    assert "<td" in html
    few = station_sheet(layers={"pand": layers()["pand"][:0], "spooras": layers()["spooras"]})
    assert "spoor</li>" in draw_stations(areas=areas(), **few)


@pytest.mark.fault("E", "markup in names of stations and projects on the station sheet", "the text itself")
def test_hostile_names_are_text():
    names = (HOSTILE, "Oost")
    found = areas_of(rings(names), names, RADII, COLUMNS)
    said = dict.fromkeys(("project", "source_line", "notice", "settings_line", "date"), HOSTILE)
    html = draw_stations(areas=found, **station_sheet(stops=stops(names), **said))
    page = Page(html)
    assert not [t for t, _ in page.elements if t in ("img", "script")]
    assert page.text.count(HOSTILE) >= 8


# ---------- in a browser, and on paper


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"])
        yield chromium
        chromium.close()


SIZES = ((1440, 900), (1366, 768), (390, 844))


def look(browser: Any, file: Path, size: tuple[int, int], **options: Any) -> Any:
    context = browser.new_context(offline=True, viewport={"width": size[0], "height": size[1]}, **options)
    page = context.new_page()
    page.goto(file.as_uri())
    return page


def pages_of(browser: Any, file: Path) -> list[tuple[float, float]]:
    """Size in millimetres of each page on paper."""
    printed = look(browser, file, SIZES[0]).pdf(prefer_css_page_size=True, print_background=True)
    boxes = re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)", printed)
    return [(float(w) / 72 * 25.4, float(h) / 72 * 25.4) for w, h in boxes]


def check_in_browser(browser: Any, file: Path) -> None:
    """Nothing for axe, nothing to scroll sideways, nothing that ran, at every size and twice as large."""
    code = (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
    for size in (*SIZES, (683, 384)):
        page = look(browser, file, size)
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0], size
        if size in (SIZES[0], SIZES[-1]):
            page.evaluate(code)
            found = page.evaluate("axe.run(document).then((r) => r.violations.map((v) => [v.id, v.nodes[0].html]))")
            assert found == [], size
        assert page.evaluate("window.__ran") is None
        page.context.close()


class TestInBrowser:
    pytestmark = in_browser

    @pytest.mark.parametrize("language", ["nl", "en"])
    def test_it_is_one_page_of_a3(self, browser, tmp_path, language):
        file = tmp_path / "stations.html"
        names = ("Hengelo", "Enschede Kennispark", "Enschede")
        found = areas_of(rings(names), names, RADII, COLUMNS)
        file.write_text(draw_stations(areas=found, **station_sheet(stops=stops(names), language=language)), "utf-8")
        assert pages_of(browser, file) == [pytest.approx((420, 297), abs=0.5)]

    @pytest.mark.parametrize("many", [1, 3, 6])
    def test_it_fits_every_screen(self, browser, tmp_path, many):
        file = tmp_path / "stations.html"
        names = ("Hengelo", "Enschede Kennispark", "Enschede", "Zwolle Stadshagen", "Delden", "Goor")[:many]
        found = areas_of(rings(names), names, RADII, COLUMNS)
        file.write_text(draw_stations(areas=found, **station_sheet(stops=stops(names))), "utf-8")
        check_in_browser(browser, file)

    @pytest.mark.fault("E", "code in names of stations on the station sheet", "nothing runs")
    def test_hostile_names_do_nothing(self, browser, tmp_path):
        file = tmp_path / "stations.html"
        names = (HOSTILE, "Oost")
        found = areas_of(rings(names), names, RADII, COLUMNS)
        file.write_text(draw_stations(areas=found, **station_sheet(stops=stops(names), project=HOSTILE)), "utf-8")
        check_in_browser(browser, file)

    def test_the_keyboard_reaches_the_links_and_the_definitions(self, browser, tmp_path):
        file = tmp_path / "stations.html"
        file.write_text(draw_stations(areas=areas(), **station_sheet()), "utf-8")
        page = look(browser, file, SIZES[0])
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.getAttribute('href')") == "index.html"
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert page.is_visible("details dd >> nth=0")
        page.context.close()


def test_the_sentence_of_the_project_stands_once():
    assert draw_stations(areas=areas(), **station_sheet()).count(SAID["settings_line"]) == 1
