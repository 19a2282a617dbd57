"""The report: what it shows of each value, its figures, the profiles, the centres and the checks."""

import os
import re
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipeline.checks.declaration import Check
from pipeline.clip.kinds import KINDS
from pipeline.contract import UNITS, Text
from pipeline.figures import charts
from pipeline.figures.element import el, html
from pipeline.figures.values import heading, value_of
from pipeline.indicators import INDICATORS
from pipeline.measures import Measure
from pipeline.report.declaration import BAR_PLACES, PLACES, THEMES, Given
from pipeline.report.page import draw
from pipeline.report.words import WORDS

KIND = {k.name: k for k in KINDS}
NAN = np.nan
COLUMNS = {c.name: c for i in INDICATORS for c in i.columns}
EVIL = '<script>alert(1)</script> & "quotes"'


def measure(name, unit="count", **more):
    return Measure(
        name, "float64", unit, "extensive", Text(f"{name} nl", f"{name} en"), Text("Zin.", "Sentence."), **more
    )


PEOPLE = measure("inhabitants_count", bounds=("inhabitants_low_count", "inhabitants_high_count"), missing="withheld")
SHARE = measure("green_share", "share", coverage="cover_share", missing="not_covered")
DENSITY = measure("dwellings_per_ha", "1/ha", formula="dwellings_count / inhabitants_count", missing="no_area")
OF = {c.name: c for c in (PEOPLE, SHARE, DENSITY)}


# --- values


@pytest.mark.parametrize(
    ("column", "row", "language", "text"),
    [
        (PEOPLE, {"inhabitants_count": 12345.4}, "nl", "12.345"),
        (PEOPLE, {"inhabitants_count": 12345.4}, "en", "12,345"),
        (SHARE, {"green_share": 0.256}, "nl", "25,6"),
        (DENSITY, {"dwellings_per_ha": 12.345}, "nl", "12,3"),
    ],
)
def test_values_are_written_as_the_language_has_it(column, row, language, text):
    said = value_of(column, row, OF, language)
    assert (said.text, said.bounds, said.coverage, said.reason) == (text, "", "", None)


def test_a_value_has_its_bounds_where_they_differ():
    row = {"inhabitants_count": 12_600.0, "inhabitants_low_count": 12_300.0, "inhabitants_high_count": 12_900.0}
    assert value_of(PEOPLE, row, OF, "nl").bounds == "12.300–12.900"
    assert (
        value_of(PEOPLE, row | {"inhabitants_low_count": 12_600.0, "inhabitants_high_count": 12_600.0}, OF, "nl").bounds
        == ""
    )
    assert value_of(PEOPLE, row | {"inhabitants_count": NAN}, OF, "nl").text == "12.300–12.900"


@pytest.mark.parametrize(("covered", "mark"), [(0.95, ""), (0.949, "95 %"), (0.5, "50 %"), (NAN, "")])
def test_what_is_measured_in_part_is_marked(covered, mark):
    assert value_of(SHARE, {"green_share": 0.2, "cover_share": covered}, OF, "nl").coverage == mark


def test_a_missing_value_says_why():
    said = value_of(SHARE, {"green_share": NAN, "cover_share": 0.0}, OF, "nl")
    assert (said.text, said.reason.nl) == ("–", "de bron dekt dit gebied niet")
    row = {"dwellings_per_ha": NAN, "inhabitants_count": NAN}
    assert value_of(DENSITY, row, OF, "nl").reason.en == "the source withholds the number"
    assert value_of(DENSITY, row | {"inhabitants_count": 1.0}, OF, "nl").reason.en == "the unit has no area"


def test_headings_have_their_unit_once():
    assert heading(SHARE, "nl") == "green_share nl (%)"
    assert heading(PEOPLE, "nl") == "inhabitants_count nl"
    assert heading(DENSITY, "en") == "dwellings_per_ha en (per ha)"


# --- declarations


def test_the_columns_of_every_theme_are_measures():
    named = {n for t in THEMES for n in (*t.columns, *t.line, *t.scatter, *(c for b in t.bars for c in b.columns))}
    assert named <= COLUMNS.keys()
    assert all(len(b.columns) == len(b.colours) == len(set(b.colours)) for t in THEMES for b in t.bars)
    assert {*PLACES, *BAR_PLACES} <= KIND.keys()
    assert len({t.name for t in THEMES}) == len(THEMES)


def test_what_is_drawn_as_parts_is_a_share():
    assert {COLUMNS[c].unit for t in THEMES for b in t.bars for c in b.columns} == {"share"}


def test_every_word_is_said_in_both_languages():
    assert all(all(t) for t in WORDS.values())
    assert all(len(re.findall(r"{\w*}", t.nl)) == len(re.findall(r"{\w*}", t.en)) for t in WORDS.values())


# --- elements


def test_text_is_never_markup():
    assert html(el("p", EVIL, title=EVIL)) == (
        '<p title="&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;quotes&quot;">'
        '&lt;script&gt;alert(1)&lt;/script&gt; &amp; "quotes"</p>'
    ) or "&lt;script" in html(el("p", EVIL, title=EVIL))
    assert html(el("p", "a", el("b", "c"), "d", None, [el("i"), "e"])) == "<p>a<b>c</b>d<i></i>e</p>"


# --- figures


def sections(**columns):
    n = len(next(iter(columns.values())))
    ids = [f"S{i * 500:06d}" for i in range(n)]
    return pd.DataFrame(
        {"unit_name": [f"{i * 500}–{i * 500 + 500} m" for i in range(n)], **columns},
        index=pd.Index(ids, name="unit_id"),
    )


def test_bars_along_the_line_are_as_tall_as_their_value():
    drawn = charts.along(
        DENSITY, sections(dwellings_per_ha=[10.0, 5.0, 0.0, NAN]), [("West", 0.0), ("Oost", 2000.0)], "nl"
    )
    tall = [float(r.get("height")) for r in drawn.iter("rect")]
    assert tall == [120, 60, 0]
    assert drawn.findtext("desc") == "Van 0,0 tot 10,0; hoogste 10,0 in 0–500 m."
    assert [t.text for t in drawn.iter("text") if t.text == "–"] == ["–"]
    dashed = [float(line.get("x1")) for line in drawn.iter("line") if line.get("stroke-dasharray")]
    assert dashed == [56, 752]


@pytest.mark.parametrize(("chainage", "at"), [(0, 0), (250, 0.5), (500, 1), (750, 1.5), (1000, 2), (9999, 2), (-5, 0)])
def test_a_station_stands_where_it_is(chainage, at):
    assert charts._at(chainage, [0.0, 500.0]) == at


def test_parts_are_as_wide_as_their_share():
    parts = [measure("a_share", "share"), measure("b_share", "share"), measure("c_share", "share")]
    places = pd.DataFrame({"unit_name": ["A"], "a_share": [0.25], "b_share": [NAN], "c_share": [0.5]})
    drawn = charts.bars("x", "Titel", parts, ["#111", "#222", "#333"], places, "nl")
    frame, first, second = (float(r.get("width")) for r in drawn.iter("rect"))
    assert (first / frame, second / frame) == pytest.approx((0.25, 0.5))
    assert drawn.findtext("desc") == "A: a_share nl 25,0 %, c_share nl 50,0 %"


def test_points_of_the_spacematrix_lie_where_their_values_are():
    across, up = measure("gsi", "m²/m²"), measure("fsi_gross", "m²/m²")
    places = pd.DataFrame({"unit_name": ["A", "B", "C"], "gsi": [0.5, 0.25, NAN], "fsi_gross": [2.0, 0.5, 1.0]})
    drawn = charts.scatter("t", "d", across, up, places, [True, False, True], "nl")
    points = [(float(c.get("cx")), float(c.get("cy")), c.get("fill")) for c in drawn.iter("circle")]
    assert points == [(56 + 560, 36, "#0b5c7a"), (56 + 280, 36 + 330 * 0.75, "#fff")]
    said = [t.text for t in drawn.iter("text")]
    assert [t for t in said if "la" in t] == ["1 laag", "2 lagen", "4 lagen", "8 lagen"]


def test_named_places_stand_over_the_grey_ones_with_their_names():
    across, up = measure("gsi", "m²/m²"), measure("fsi_gross", "m²/m²")
    grey = pd.DataFrame({"unit_name": ["A"], "gsi": [0.5], "fsi_gross": [2.0]})
    named = pd.DataFrame({"unit_name": ["West", "Oost", "Weg"], "gsi": [0.1, 1.0, NAN], "fsi_gross": [1.0, 1.0, 1.0]})
    drawn = charts.scatter("t", "d", across, up, grey, [False], "nl", wide=440, high=200, right=84, named=named)
    points = [(float(c.get("cx")), float(c.get("cy")), c.get("fill")) for c in drawn.iter("circle")]
    assert points == [(56 + 150, 36, "#a3adb6"), (56 + 30, 36 + 100, "#c8102e"), (56 + 300, 36 + 100, "#c8102e")]
    names = {t.text: (float(t.get("x")), t.get("text-anchor")) for t in drawn.iter("text") if t.get("font-weight")}
    assert names == {"West": (56 + 30 + 11, "start"), "Oost": (56 + 300 - 11, "end")}, "the name stays within"


@pytest.mark.parametrize(("top", "ticks"), [(1, 6), (0.25, 6), (0.6, 4), (15, 4), (2000, 5), (0.3, 4), (1e-3, 6)])
def test_an_axis_is_divided_in_round_numbers(top, ticks):
    found = charts._ticks(top)
    assert (len(found), found[0], found[-1]) == (ticks, 0, top)
    step = found[1]
    assert float(f"{step:.1g}") == pytest.approx(step), "one digit"


def test_large_shares_are_written_in_the_bar():
    parts = [measure("a_share", "share"), measure("b_share", "share")]
    places = pd.DataFrame({"unit_name": ["A"], "a_share": [0.9], "b_share": [0.07]})
    drawn = charts.bars("x", "Titel", parts, ["#ffffff", "#000000"], places, "nl", say_from=0.08)
    assert [t.text for t in drawn.iter("text")] == ["A", "90"]
    assert [t.get("fill") for t in drawn.iter("text")][1] == "#15212b"
    drawn = charts.bars("x", "Titel", parts, ["#000000", "#ffffff"], places, "nl", say_from=0.05)
    assert [(t.text, t.get("fill")) for t in drawn.iter("text")][1:] == [("90", "#fff"), ("7", "#15212b")]


@pytest.mark.parametrize(("value", "top"), [(0, 1), (0.7, 0.8), (1, 1), (1.01, 1.5), (26, 30), (99, 100), (2500, 2500)])
def test_an_axis_ends_with_a_round_number(value, top):
    assert charts._round_up(value) == pytest.approx(top)


# --- the page


class Read(HTMLParser):
    """What a reader sees, and what stands where."""

    def __init__(self, text):
        super().__init__()
        self.ids, self.links, self.tags, self.text, self.hidden = [], [], [], "", False
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.tags.append(tag)
        self.hidden = tag == "style"
        self.ids += [attrs["id"]] if "id" in attrs else []
        self.links += [attrs[a] for a in ("href", "src") if a in attrs]

    def handle_endtag(self, tag):
        self.hidden = False

    def handle_data(self, data):
        self.text += "" if self.hidden else data + "\n"


def given(kind, names, **columns):
    ids = [f"{kind}{i}" for i in range(len(names))]
    table = pd.DataFrame(
        {"unit_name": names, "area_m2": 1.0, "land_area_m2": 1.0, **columns}, index=pd.Index(ids, name="unit_id")
    )
    return Given(KIND[kind], table, {c: COLUMNS[c] for c in columns if c in COLUMNS})


SAID = Text("zin nl", "sentence en")


def check(name, state, group="sums"):
    return Check(f"{group}/{name}", group, Text(f"{name} nl", f"{name} en"), state, 12, 1, 10.0, 11.0, SAID, "", SAID)


PROFILES = pd.DataFrame({
    "unit_id": ["corridor0"] * 2, "kind": "corridor", "profile": ["cbs", "pbl"],
    "dwellings_count": [100.0, 104.0], "addresses_count": [150.0, 150.0], "floor_area_usable_m2": [9000.0, NAN],
})  # fmt: skip


def page(language="nl", **instead):
    numbers = {"dwellings_count": 100.0, "dwellings_per_ha": 12.0, "addresses_count": 150.0}
    facts = {
        "project": "Proef", "language": language, "notice": None, "source_line": "Bron: niemand", "settings_line": "Corridor: 400 m",
        "date": "22 november 2026", "stops": [("West", 0.0)], "receipts": [], "checks": [], "settings": {"[corridor] half_width_m": "400"},
        "profiles": None, "profile_titles": {"cbs": Text("CBS nl", "CBS en"), "pbl": Text("PBL nl", "PBL en")}, "chosen": "cbs", "centres": None,
        "given": {
            "corridor": given("corridor", ["Proef"], **{k: [v] for k, v in numbers.items()}),
            "gemeente": given("gemeente", ["A", "B"], dwellings_count=[80.0, 20.0], dwellings_per_ha=[8.0, NAN]),
            "section": given("section", ["0–500 m", "500–1000 m"], dwellings_per_ha=[5.0, 10.0]),
        },
    }  # fmt: skip
    sections_ = facts["given"]["section"]
    sections_.table.index = pd.Index(["S000000", "S000500"], name="unit_id")
    return draw(**facts | instead)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_page_needs_nothing_beside_itself(language):
    text = page(language, checks=[check("a", "holds")], profiles=PROFILES)
    read = Read(text)
    assert text.startswith("<!DOCTYPE html>")
    assert f'<html lang="{language}">' in text
    assert "default-src 'none'; style-src 'unsafe-inline'" in text
    assert "script" not in read.tags
    assert all(link.startswith("#") and link[1:] in read.ids for link in read.links)
    assert len(read.ids) == len(set(read.ids))
    assert text == page(language, checks=[check("a", "holds")], profiles=PROFILES)


def test_only_themes_with_a_number_are_there():
    read = Read(page())
    assert {"dwellings", "sources"} <= set(read.ids)
    assert not {"people", "cover", "centres", "profiles", "checks"} & set(read.ids)


def test_places_stand_with_their_values_and_reasons():
    text = Read(page()).text
    for said in ("Proef", "Gemeente", "100", "8,0", "–", "a het gebied heeft geen oppervlakte."):
        assert said in text, said


def test_names_are_never_markup():
    text = page(project=EVIL, notice=EVIL, given={"corridor": given("corridor", [EVIL], dwellings_count=[1.0])})
    assert "<script" not in text
    assert Read(text).text.count("<script>alert(1)</script>") >= 3


def test_checks_that_fail_are_told_first_and_in_words():
    text = Read(
        page(checks=[check("a", "holds"), check("b", "fails"), check("c", "differs")], notice="1 van 3 controles falen")
    ).text
    assert "✗ faalt" in text
    assert "≈ verschilt" in text
    assert "1 van 3 controles falen: b nl" in text
    assert (
        text.index("b nl", text.index("Sommen"))
        < text.index("c nl", text.index("Sommen"))
        < text.index("1 controles die kloppen")
    )


def test_published_figures_are_told_also_where_they_hold():
    text = Read(page(checks=[check("a", "holds", "published")])).text
    assert "✓ klopt" in text.split("Gepubliceerde cijfers", 1)[1]
    assert "controles die kloppen" not in text


def test_profiles_stand_beside_the_chosen_one():
    text = Read(page(profiles=PROFILES)).text
    assert "CBS nl (gekozen)" in text
    assert "+4 (+4,0 %)" in text
    assert "0 (0,0 %)" in text


CENTRES = pd.DataFrame({
    "population_by": ["low", "estimate", "estimate", "high"], "group": [1, 1, 2, 1], "is_centre": [True, True, True, True],
    "cells": [20, 22, 10, 40], "population": [60_000.0, 65_000.0, 50_500.0, 130_000.0], "cell_id": ["E1N1", "E1N1", "E2N2", "E1N1"],
}).set_index(["population_by", "group"])  # fmt: skip


def test_one_centre_or_two():
    text = Read(page(centres=CENTRES)).text
    assert "2 stedelijke centra" in text
    assert "maar 1 met de laagste en 1 met de hoogste" in text
    sure = CENTRES[CENTRES.index.get_level_values("group") == 1]
    assert "Eén stedelijk centrum\n, ook met de laagste" in Read(page(centres=sure)).text
    assert "Geen stedelijk centrum" in Read(page(centres=sure.assign(is_centre=False))).text


def test_a_drawing_says_in_words_what_it_shows():
    text = page()
    assert text.count('role="img"') == 1
    for name in re.findall(r'aria-(?:labelledby|describedby)="([^"]+)"', text):
        assert f'id="{name}"' in text


def test_units_of_shares_are_percents():
    assert "share" in UNITS
    assert heading(COLUMNS["mxi"], "nl") == COLUMNS["mxi"].label.nl


# --- in a browser

CHROMIUM = Path("/usr/bin/chromium")


@pytest.mark.browser
@pytest.mark.skipif(not CHROMIUM.exists() and not os.environ.get("CI"), reason="needs Debian's chromium")
@pytest.mark.parametrize("language", ["nl", "en"])
def test_axe_finds_nothing_and_the_page_fits(tmp_path, language):
    from playwright.sync_api import sync_playwright

    file = tmp_path / "report.html"
    checks = [check("a", "holds"), check("b", "fails"), check("c", "differs"), check("d", "holds", "published")]
    file.write_text(page(language, checks=checks, profiles=PROFILES, centres=CENTRES, notice="Let op"), "utf-8")
    code = (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"])
        context = chromium.new_context(offline=True, bypass_csp=True)
        shown = context.new_page()
        told = []
        shown.on("console", lambda message: told.append(message.text))
        shown.goto(file.as_uri())
        for wide in (1440, 390):
            shown.set_viewport_size({"width": wide, "height": 900})
            assert shown.evaluate("document.documentElement.scrollWidth") == wide
        shown.evaluate("for (const d of document.querySelectorAll('details')) d.open = true")
        shown.evaluate(code)
        found = shown.evaluate("axe.run(document).then((r) => r.violations.map((v) => [v.id, v.nodes[0].html]))")
        chromium.close()
    assert found == []
    assert told == []
