"""The map page in a browser of another house: Firefox, opened as a file."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest
from atlas_world import COLUMNS, SPEC, WORDING, world
from firefox import Firefox, FirefoxError, firefox

from pipeline.atlas.page import draw

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("firefox")]

PEOPLE = COLUMNS["inhabitants_per_km2"].label.nl


@pytest.fixture(scope="module")
def browser() -> Iterator[Firefox]:
    with firefox() as found:
        yield found


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("maps") / "proef.html"
    file.write_text(draw(SPEC, world(), **WORDING), "utf-8")
    return file


@pytest.fixture
def page(browser: Firefox, path: Path) -> Iterator[Firefox]:
    """The map, ready; whatever it complains of fails the test."""
    browser.goto(path.as_uri())
    browser.until("document.documentElement.dataset.ready")
    yield browser
    assert browser.complaints() == []


def text(page: Firefox, selector: str) -> str:
    return str(page.evaluate(f"document.querySelector('{selector}').innerText"))


def test_the_map_opens(page):
    title = page.evaluate("document.title")
    assert title.startswith(PEOPLE)
    assert title.endswith(WORDING["project"])
    assert text(page, "#title").startswith(PEOPLE)
    legend = text(page, "#legend")
    assert legend.startswith(PEOPLE)
    assert "buurt" in legend.lower()
    assert "geen gegevens" in legend


def test_the_units_are_drawn(page):
    # A canvas that stays empty is one colour through and through.
    colours = page.evaluate(
        "(() => { const seen = new Set(); for (const c of document.querySelectorAll('.leaflet-theme-pane canvas')) {"
        " const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;"
        " for (let i = 0; i < d.length; i += 4) if (d[i + 3] === 255) seen.add(d[i] << 16 | d[i + 1] << 8 | d[i + 2]); }"
        " return seen.size; })()"
    )
    assert colours >= 3


def changed(page: Firefox, selector: str, before: str) -> str:
    """The text of an element, once it is another."""
    now = f"document.querySelector({json.dumps(selector)}).innerText"
    return str(page.until(f"{now} !== {json.dumps(before)} && {now}"))


def test_another_indicator_and_another_level(page):
    title, about = text(page, "#title"), text(page, "#legend p")
    page.click("#themes input:not(:checked)")
    assert changed(page, "#title", title).startswith(text(page, "#legend h2"))
    page.click("#levels input:not(:checked)")
    assert "buurt" not in changed(page, "#legend p", about).lower()


def test_the_picture_is_as_large_as_the_window(page):
    png = page.screenshot()
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", png[16:24]) == (1366, 768)


def test_errors_of_a_page_are_seen(browser, tmp_path):
    """What the tests above would fail on."""
    file = tmp_path / "broken.html"
    policy = "default-src 'none'; script-src 'unsafe-inline'"
    file.write_text(
        f'<!doctype html><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<title>x</title><img src="http://192.0.2.1/x.png"><script>nowhere();</script>'
    )
    browser.goto(file.as_uri())
    refused, wrong = sorted(browser.complaints())
    assert "blocked the loading" in refused
    assert "nowhere is not defined" in wrong
    with pytest.raises(FirefoxError, match="nowhere is not defined"):
        browser.until("window.never", seconds=0.1)
    with pytest.raises(FirefoxError, match="no such element"):
        browser.click("#never")
