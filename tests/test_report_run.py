"""A run whose checks fail says so in everything that it makes; one whose checks hold says that."""

import json
import sqlite3
from contextlib import closing

import pytest
import small_project
from click.testing import CliRunner

from pipeline import indicators
from pipeline.cli import cli

FEW = '[units]\nkinds = ["gemeente", "buurt", "section", "corridor"]\n'
#: The sections are one dwelling short of the corridor, and the density is not that of the count; other sums follow.
FAILING = {"sums/dwellings_count", "formulas/dwellings_per_ha"}


def run(config, *words):
    result = CliRunner().invoke(cli, [*words, "--config", str(config)])
    assert result.exit_code == 0, result.output
    return result.output


def project(folder):
    config = small_project.write(folder)
    config.write_text(config.read_text().replace("[units]\n", FEW).replace("half_width_m = 400", "half_width_m = 480"))
    return config


def outputs(config):
    """Everything that a run leaves for a reader, by name."""
    folder = config.parent
    with closing(sqlite3.connect(folder / "data_out/spoorzone.gpkg")) as file:
        about = [row[0] for row in file.execute("SELECT description FROM gpkg_contents")]
        checks = dict(file.execute('SELECT "check", state FROM checks'))
    pages = {p.name: p.read_text() for p in (folder / "maps").glob("*.html")}
    return about, checks, pages, json.loads((folder / "data_out/manifest.json").read_text())


@pytest.fixture(scope="module")
def right(tmp_path_factory):
    config = project(tmp_path_factory.mktemp("right"))
    return config, run(config, "run")


@pytest.fixture(scope="module")
def wrong(tmp_path_factory):
    config = project(tmp_path_factory.mktemp("wrong"))
    with pytest.MonkeyPatch.context() as patch:
        compute = indicators.compute

        def one_too_many(indicator, inputs, memo):
            table = compute(indicator, inputs, memo)
            if indicator.name == "dwellings" and inputs["kind"].name == "corridor":
                table["dwellings_count"] += 1
            return table

        patch.setattr(indicators, "compute", one_too_many)
        return config, run(config, "run")


def test_nothing_fails_on_the_small_project(right):
    config, said = right
    assert " 0 FAIL" in said
    about, checks, pages, manifest = outputs(config)
    assert manifest["checks"]["hold"] is True
    assert manifest["checks"]["counts"]["fails"] == 0
    assert set(checks.values()) <= {"klopt", "verschilt"}
    assert checks["sums/dwellings_count"] == checks["formulas/dwellings_per_ha"] == "klopt"
    assert not any("falen" in text for text in about)
    assert not any("controles falen" in page for page in pages.values())
    assert 'href="report.html"' in pages["index.html"]


@pytest.mark.fault(
    "F",
    "a computed number that is wrong",
    "said on the terminal, in status, over every page, in the GeoPackage and the manifest",
)
def test_a_run_whose_checks_fail_says_so_in_everything(wrong):
    config, said = wrong
    about, checks, pages, manifest = outputs(config)
    off = {c["check"] for c in manifest["checks"]["off"] if c["state"] == "fails"}
    assert off >= FAILING
    assert manifest["checks"]["hold"] is False
    assert manifest["checks"]["counts"]["fails"] == len(off)
    for text in (said, run(config, "status"), run(config, "run"), run(config, "report")):
        assert f" {len(off)} FAIL" in text
        assert "FAILS  sums/dwellings_count: " in text
    assert {name for name, state in checks.items() if state == "faalt"} == off
    notice = f"{len(off)} van {len(checks)} controles falen: Woningen; "
    assert [text for text in about if notice not in text] == []
    assert set(pages) >= {"index.html", "report.html", "spoorzone.html"}
    for name, page in pages.items():
        assert notice in page, name
    assert "✗ faalt" in pages["report.html"]


def test_report_names_its_page_and_makes_nothing_twice(right):
    config, _ = right
    before = (config.parent / "maps/report.html").read_bytes()
    said = run(config, "report")
    assert said.startswith("Nothing to do")
    assert said.splitlines()[-1] == "maps/report.html"
    (config.parent / "maps/report.html").unlink()
    run(config, "report")
    assert (config.parent / "maps/report.html").read_bytes() == before


def test_the_stock_by_every_profile_is_in_the_report(right):
    page = (right[0].parent / "maps/report.html").read_text()
    assert page.count("PBL: in gebruik, in verbouwing of buiten gebruik") == 3  # the corridor and two gemeenten
    assert "(gekozen)" in page
