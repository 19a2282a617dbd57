"""The sheets of the sample's own run: their numbers counted again, their size, and one page each on paper."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pyogrio
import pytest
from test_atlas_stations import Page, browser, check_in_browser, in_browser, pages_of  # noqa: F401

from pipeline.atlas.together import together
from pipeline.clip.kinds import KINDS
from pipeline.indicators import INDICATORS
from pipeline.wording import number

pytestmark = pytest.mark.xdist_group("sample")
PAGES = ("index.html", "stationsgebieden.html", "feitenblad.html")


def layer(run: Path, name: str) -> pd.DataFrame:
    return pyogrio.read_dataframe(run / "data_out/spoorzone.gpkg", layer=name)


def test_the_parts_of_the_corridor_put_together_are_the_corridor(sample_run):
    """The corridor was computed by itself; the parts in both municipalities lie beside each other and fill it."""
    kind = next(k for k in KINDS if k.name == "gemeente_corridor")
    columns = {c.name: c for i in INDICATORS if i.applies_to(kind) for c in i.columns} | {c.name: c for c in kind.layer.columns}
    parts, whole = layer(sample_run, "gemeente_corridor").set_index("unit_id"), layer(sample_run, "corridor").iloc[0]
    found = together(parts, pd.Series("corridor", index=parts.index), columns).iloc[0]
    assert len(found) > 280
    expected = whole[list(found.index)].astype("float64").to_numpy()
    off = [n for n, a, b in zip(found.index, found.to_numpy(dtype="float64"), expected, strict=True) if not np.isclose(a, b, rtol=1e-6, atol=1e-9, equal_nan=True)]
    assert off == []


def test_dwellings_around_a_station_are_those_that_lie_there(sample_run):
    page = Page((sample_run / "maps/stationsgebieden.html").read_text("utf-8"))
    html = (sample_run / "maps/stationsgebieden.html").read_text("utf-8")
    stops = layer(sample_run, "corridor_station").sort_values("chainage_m")
    assert page.row("Indicator") == [*stops["station_name"], "Hele corridor"]
    address = layer(sample_run, "verblijfsobject_corridor")
    counted = address[address["status"].str.fullmatch(r"Verblijfsobject in gebruik( \(niet ingemeten\))?|Verbouwing verblijfsobject")]
    homes = counted[counted["use"].str.contains("woonfunctie")]
    # The corridor is 1,000 m on each side, so that it holds all of a circle of 800 m, which is drawn with 256 corners.
    within = [int(homes.within(point.buffer(800, quad_segs=64)).sum()) for point in stops.geometry]
    said = re.findall(r"<dt>Woningen</dt><dd><b>([^<]*)</b>", html)
    assert len(said) == len(within) == 3
    for text, count in zip(said, within, strict=True):
        assert int(text.replace(".", "")) == count
    hectares = np.pi * 0.8**2 * 100
    per_ha = [float(t.replace(".", "").replace(",", ".")) for t in page.row("Woningdichtheid")[:3]]
    assert per_ha == pytest.approx([n / hectares for n in within], abs=0.06)


def test_the_fact_sheet_says_what_the_geopackage_holds(sample_run):
    page = Page((sample_run / "maps/feitenblad.html").read_text("utf-8"))
    whole = layer(sample_run, "corridor").iloc[0]
    parts = layer(sample_run, "gemeente_corridor").sort_values("area_m2", ascending=False)
    assert page.row("Indicator") == ["Hele corridor", *(f"Deel in {n}" for n in parts["unit_name"])]
    for label, column, factor, digits in (
        ("Woningen", "dwellings_count", 1, 0), ("Bebouwingsgraad (GSI)", "gsi", 1, 2),
        ("Bruto vloeroppervlak", "floor_area_gross_m2", 1, 0), ("Bebouwingsdichtheid", "fsi_gross", 1, 2),
    ):  # fmt: skip
        values = [whole[column], *parts[column]]
        assert page.row(label) == [number(factor * v, digits, "nl") for v in values], column


def test_the_pages_are_small(sample_run):
    size = {name: (sample_run / "maps" / name).stat().st_size for name in PAGES}
    assert all(bytes_ < 400_000 for bytes_ in size.values()), size
    assert size["index.html"] < 100_000
    html = (sample_run / "maps/index.html").read_text("utf-8")
    assert re.findall(r'href="([^"]+)"', html) == ["spoorzone.html", "stationsgebieden.html", "feitenblad.html", "report.html"]
    assert html.count("<li>\n<div><svg") == 4, "a picture each"


class TestInBrowser:
    pytestmark = in_browser

    @pytest.mark.parametrize(("name", "paper"), [("stationsgebieden", (420, 297)), ("feitenblad", (210, 297))])
    def test_it_is_one_page(self, browser, sample_run, name, paper):  # noqa: F811
        assert pages_of(browser, sample_run / f"maps/{name}.html") == [pytest.approx(paper, abs=0.5)]

    @pytest.mark.parametrize("name", PAGES)
    def test_it_fits_every_screen(self, browser, sample_run, name):  # noqa: F811
        check_in_browser(browser, sample_run / "maps" / name)
