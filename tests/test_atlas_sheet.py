"""The fact sheet and the front page: what they say, their small maps, and how they look in a browser and on paper."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import shapely
from atlas_world import SPEC, WORDING
from sheet_world import COLUMNS, NAN, SAID, X, Y, fact_sheet, layers, parts, squares, stops
from test_atlas_stations import HOSTILE, Page, browser, check_in_browser, in_browser, look, pages_of  # noqa: F401

from pipeline.atlas import pictures
from pipeline.atlas.index import draw_index
from pipeline.atlas.plot import Choropleth, Frame, figure_ground, near, overview
from pipeline.atlas.sheet import SHEET, draw_sheet
from pipeline.atlas.stations import STATIONS
from pipeline.figures.bars import AGES, GROUND, LAND_USE, SIZES, YEARS
from pipeline.figures.element import html as written
from pipeline.indicators import INDICATORS
from pipeline.palettes import CLASSES, Classes

# ---------- small maps


def test_a_path_is_short_and_on_the_grid():
    frame = Frame(1000.0, 2000.0, 10.0)
    square = shapely.Polygon([(1000, 2000), (1100, 2000), (1100, 1950), (1000, 1950)])
    assert frame.path(square) == "M0 0l10 0 0 5-10 0z"
    line = shapely.LineString([(990, 2000), (1003, 2004), (1050, 2010)])
    assert frame.path([line]) == "M-1 0l1 0 5-1", "what falls on one place of the grid is one corner"
    assert frame.path(shapely.GeometryCollection([square, line])) == frame.path([square, line])


def test_a_path_has_its_holes_and_leaves_out_what_is_too_small():
    ring = shapely.box(0, 0, 100, 100).difference(shapely.box(40, 40, 60, 60))
    frame = Frame(0.0, 0.0, 10.0)
    assert frame.path(ring).count("z") == 2
    assert frame.path(shapely.box(0, 0, 2, 2)) == ""
    assert frame.path([]) == ""
    assert frame.path(shapely.Point(0, 0)) == ""
    assert frame.path([None, shapely.Polygon()]) == ""


def test_what_lies_near_is_cut_to_the_area():
    area = shapely.box(X + 110, Y, X + 1000, Y + 1000)
    (found,) = near(layers()["pand"], area)
    assert found.area == pytest.approx(100), "the half of a building"
    assert len(near(None, area)) == len(near(layers()["pand"][:0], area)) == 0


def test_the_figure_ground_is_to_scale():
    drawn = figure_ground(shapely.Point(X, Y), 800.0, layers(), name="m", title="Kaart", inner_m=[400.0])
    circles = [float(c.get("r")) for c in drawn.iter("circle")]
    assert circles == [800, 800, 400, 800, 21], "of the clip, the ground, the inner ring, the edge, the station"
    text = written(drawn)
    assert '<path d="M200 -200l0-200 200 0 0 200z" fill="#cfe0bd"' in text.replace("l 0", "l0"), "parks, no built-up land"
    (main,) = re.findall(r'<path d="([^"]*)" fill="none" stroke="#e0b765"', text)
    assert main == "M-797 100l1594 0", "the road of the province, not the street"
    assert "v24h500v-24" in text, "the scale bar"


def test_a_choropleth_has_a_path_per_class_and_none_for_nothing():
    classes = Classes((10.0, 20.0), ("#111111", "#222222", "#333333"))
    values = pd.Series([5.0, 10.0, 15.0, 0.0, NAN])
    shapes = squares().geometry[:5]
    made = Choropleth(shapes, values, classes).paths(Frame(X, Y, 100.0))
    assert [m.get("fill") for m in made] == ["#111111", "#222222"]
    assert [m.get("d", "").count("z") for m in made] == [1, 2], "10 belongs to the class above it; 0 and NaN to none"


def test_the_overview_shows_what_there_is():
    outline = layers()["corridor"].geometry.iloc[0]
    full = overview(outline, layers(), None, name="o", title="Kaart", language="nl")
    text = written(full)
    assert [t.text for t in full.iter("text")] == ["West", "Oost", "2 km"]
    assert text.count("<circle") == 2
    assert 'role="img" aria-label="Kaart"' in text
    bare = written(overview(outline, {}, None, name="o", title="", language="nl", labels=False))
    assert 'aria-hidden="true"' in bare
    assert "<text" not in bare
    assert "<circle" not in bare


def test_the_stations_lie_where_they_are_in_the_overview():
    outline = layers()["corridor"].geometry.iloc[0]
    drawn = overview(outline, layers(), None, name="o", title="", language="en")
    (wx, wy), (ex, ey) = ((float(c.get("cx")), float(c.get("cy"))) for c in drawn.iter("circle"))
    west, east = outline.bounds[0], outline.bounds[2]
    step = (east - west) / (720 - 36)
    assert (wx, ex - wx) == pytest.approx((18 + (X - west) / step, 4000 / step), abs=0.01)
    assert wy == ey == pytest.approx(330 / 2, abs=0.5), "in the middle of a drawing that is flatter than it may be"


# ---------- the fact sheet


@pytest.fixture(scope="module")
def html() -> str:
    return draw_sheet(**fact_sheet())


def test_the_corridor_stands_beside_its_parts(html):
    page = Page(html)
    assert page.row("Indicator") == ["Hele corridor", "Deel in Westgemeente", "Deel in Oostgemeente"], "the largest first"
    assert page.row("Inwoners") == ["20.000", "10.000", "5.000"]
    assert page.row("Bebouwingsgraad (GSI)") == ["0,10", "0,10", "0,10"]
    assert "1.234 ha · gegevens van 21 november 2026" in html
    assert SAID["settings_line"] in html
    assert html.count("Synthetisch voorbeeld") == 1


def test_one_municipality_has_no_column_of_its_own(html):
    page = Page(draw_sheet(**fact_sheet(parts=parts(("Enig",)))))
    assert page.row("Indicator") == ["Hele corridor"]


def test_of_many_municipalities_the_largest_are_shown_and_the_others_named():
    page = Page(draw_sheet(**fact_sheet(parts=parts(tuple("ABCDEF")))))
    assert page.row("Indicator") == ["Hele corridor", *(f"Deel in {n}" for n in "FED")]
    assert "Niet getoond, met minder oppervlakte: C, B, A." in page.text


def test_the_course_along_the_line_is_drawn(html):
    page = Page(html)
    assert "Inwoners per hectare langs het spoor" in page.text
    (drawn,) = re.findall(r'<svg viewBox="[^"]*" role="img" aria-labelledby="along-inhabitants_per_ha-title".*?</svg>', html)
    heights = [float(h) for h in re.findall(r'height="([\d.]+)" fill="#0b5c7a"', drawn)]
    assert heights == pytest.approx([60 * 10 * n / 80 for n in range(8)], abs=0.01)
    without = Page(draw_sheet(**fact_sheet(sections=None, stops=[])))
    assert "langs het spoor" not in without.text.replace("Corridor: 300 m aan weerszijden van het spoor", "")


def test_the_map_is_coloured_by_the_density_of_squares(html):
    classes = CLASSES["inhabitants_per_km2"]
    filled = {c for c in classes.colours if f'fill="{c}" fill-rule' in html}
    # 100, 600, 2,000, 4,000, 6,000 and 12,000 per km²: all classes but that of 7,500 to 10,000.
    assert filled == {c for (low, _), c in zip(classes.ranges, classes.colours, strict=True) if low != 7500}
    plain = draw_sheet(**fact_sheet(squares=None))
    assert "Kaart van de corridor met spoor en stations" in plain
    assert classes.labels("nl")[0] not in plain


def test_what_is_not_there_is_left_out():
    outline = {"corridor": layers()["corridor"]}
    bare = fact_sheet(parts=None, sections=None, squares=None, layers=outline, stops=[], notice=None,
                      corridor=pd.Series({"unit_name": "c", "area_m2": 1e7}))  # fmt: skip
    text = draw_sheet(**bare)
    assert "1.000 ha" in text
    assert 'class="notice"' not in text
    assert "<td" not in text


def test_the_same_input_gives_the_same_text(html):
    assert draw_sheet(**fact_sheet()) == html


def test_the_page_is_alone_in_the_world(html):
    page = Page(html)
    (policy,) = (a["content"] for t, a in page.elements if a.get("http-equiv") == "Content-Security-Policy")
    assert policy == "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
    assert not {"script", "link", "img", "iframe", "object"} & {t for t, _ in page.elements}
    assert not re.search(r"https?:|@import|url\((?!#)", html)
    assert len({a["id"] for _, a in page.elements if "id" in a}) == sum("id" in a for _, a in page.elements)


def test_english_is_english():
    page = Page(draw_sheet(**fact_sheet(language="en")))
    assert page.row("Inhabitants")[0] == "20,000"
    assert "1,234 ha · data of" in page.text


@pytest.mark.fault("E", "markup in names of municipalities and projects on the fact sheet", "the text itself")
def test_hostile_names_are_text():
    said = dict.fromkeys(("project", "source_line", "notice", "settings_line", "date"), HOSTILE)
    world = fact_sheet(parts=parts((HOSTILE, "B")), stops=[(HOSTILE, 0.0)], squares=squares(HOSTILE), **said)
    world["layers"]["station"] = stops((HOSTILE, "Oost"))
    page = Page(draw_sheet(**world))
    assert not [t for t, _ in page.elements if t in ("img", "script")]
    assert page.text.count(HOSTILE) >= 8


def test_every_column_of_the_sheets_and_of_the_bars_is_an_indicator():
    known = {c.name for i in INDICATORS for c in i.columns}
    assert set(SHEET.columns) <= known
    for spec in (AGES, GROUND, LAND_USE, SIZES, YEARS):
        assert set(spec.columns) <= known
        assert len(spec.columns) == len(spec.colours)
        assert len(spec.labels) in (0, len(spec.columns))


# ---------- the front page


def test_the_front_page_has_a_picture_of_each_page():
    points = [shapely.Point(X, Y), shapely.Point(X + 4000, Y)]
    drawn = {SPEC.name: pictures.paper("sheet"), STATIONS.name: pictures.trio(points, 800.0, layers()), "report": pictures.paper("report")}
    html = draw_index([(SPEC, "proef.html")], sheets=[(STATIONS, "s.html"), (SHEET, "f.html")], report="r.html", pictures=drawn, **WORDING)
    page = Page(html)
    assert [a["href"] for t, a in page.elements if t == "a"] == ["proef.html", "s.html", "f.html", "r.html"]
    assert html.count('<li>\n<div><svg viewBox') == 3
    assert html.count("<svg") == 3, "the fact sheet was given none"
    assert "Open het blad" in page.text
    assert STATIONS.summary.nl in html
    assert "<!--picture-->" not in html
    assert "<script" not in html


def test_the_trio_shows_at_most_three_stations():
    points = [shapely.Point(X + 4000 * n, Y) for n in range(5)]
    assert written(pictures.trio(points, 800.0, layers())).count("<g ") == 3
    assert written(pictures.trio(points[:1], 800.0, {})).count("<g ") == 1
    large = layers()["pand"].buffer(10).to_frame("geometry")
    assert 'fill="#56626d"' in written(pictures.trio(points[:1], 800.0, {"pand": large}))


# ---------- in a browser, and on paper


class TestInBrowser:
    pytestmark = in_browser

    @pytest.mark.parametrize("language", ["nl", "en"])
    @pytest.mark.parametrize("many", [2, 6])
    def test_it_is_one_page_of_a4(self, browser, tmp_path, language, many):  # noqa: F811
        file = tmp_path / "sheet.html"
        names = ("Enschede", "Hengelo", "Oldenzaal", "Haaksbergen", "Borne", "Losser")[:many]
        file.write_text(draw_sheet(**full(parts=parts(names), language=language)), "utf-8")
        assert pages_of(browser, file) == [pytest.approx((210, 297), abs=0.5)]

    def test_it_fits_every_screen(self, browser, tmp_path):  # noqa: F811
        file = tmp_path / "sheet.html"
        file.write_text(draw_sheet(**full()), "utf-8")
        check_in_browser(browser, file)

    @pytest.mark.fault("E", "code in names on the fact sheet", "nothing runs")
    def test_hostile_names_do_nothing(self, browser, tmp_path):  # noqa: F811
        file = tmp_path / "sheet.html"
        file.write_text(draw_sheet(**fact_sheet(parts=parts((HOSTILE, "B")), project=HOSTILE)), "utf-8")
        check_in_browser(browser, file)

    def test_the_front_page_fits_every_screen(self, browser, tmp_path):  # noqa: F811
        drawn = {SPEC.name: pictures.paper("sheet"), "report": pictures.paper("report")}
        file: Path = tmp_path / "index.html"
        file.write_text(draw_index([(SPEC, "proef.html")], report="r.html", pictures=drawn, **WORDING), "utf-8")
        check_in_browser(browser, file)
        page = look(browser, file, (1440, 900))
        picture, text = (page.locator(f"main li >> nth=0 >> {part}").bounding_box() for part in ("svg", "h2"))
        assert picture["x"] + picture["width"] <= text["x"], "the picture stands beside the words"
        page.context.close()


def full(**changes: Any) -> dict[str, Any]:
    """A fact sheet on which every row, bar and note stands."""
    rng = np.random.default_rng(1)
    wanted = {*SHEET.columns, *YEARS.columns, *LAND_USE.columns, *(c for c in COLUMNS if re.fullmatch(r"floor_area_[a-z_]+_share", c))}
    values = {c: float(rng.uniform(0.05, 0.12)) if COLUMNS[c].unit == "share" else 1_234_567.0 if c.endswith(("count", "m2")) else 23.4 for c in sorted(wanted)}
    values |= {c: 0.97 for c in COLUMNS if c.endswith("_coverage_share")}
    for name in SHEET.columns:
        for end in getattr(COLUMNS[name], "bounds", None) or ():
            values.setdefault(end, values[name] * (1.1 if "high" in end or "circle" in end else 0.9))
    given = fact_sheet(**changes)
    given["corridor"] = pd.Series(given["corridor"].to_dict() | values)
    given["parts"] = given["parts"].assign(**values)
    return given
