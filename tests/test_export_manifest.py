"""The manifest, the source line, and how numbers and dates are written."""

from __future__ import annotations

import datetime
import json
import math
import re

import numpy as np
import pyogrio
import pytest
import shapely
from export_scene import receipt

from pipeline.config import Config
from pipeline.contract import ConfigError, Page, Proof, Text
from pipeline.export.manifest import manifest, software
from pipeline.provenance import is_synthetic, source_line
from pipeline.wording import date, number

CONFIG = Config().model_dump(mode="json")

CBS = "CBS en Kadaster (PDOK): CBS Wijken en Buurten, 1 januari 2024"


@pytest.fixture
def outputs(tmp_path):
    (tmp_path / "b.gpkg").write_bytes(b"abc")
    (tmp_path / "a.html").write_bytes(b"")
    return {"data_out/b.gpkg": tmp_path / "b.gpkg", "maps/a.html": tmp_path / "a.html"}


def test_manifest_says_what_went_in_and_what_came_out(outputs, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795305600")
    page = Page("https://example.org", "2026-11-21", 12, 100, "cd" * 32)
    made = manifest(CONFIG, [receipt(pages=(page,), absent=("oad_per_km2",))], outputs, versions={"spoorzone": "1"})
    assert made["made"] == "2026-11-22T00:00:00+00:00"
    assert made["synthetic"] is True
    assert made["config"]["corridor"]["half_width_m"] == 1000
    assert "file" not in made["config"]
    assert made["software"] == {"spoorzone": "1"}
    (source,) = made["sources"]
    assert {k: source[k] for k in ("source", "received", "kept", "dropped", "repaired", "absent", "pages", "requested_rd_m")} == {
        "source": "buurt", "received": 12, "kept": 10, "dropped": {"water": 2}, "repaired": 1, "absent": ["oad_per_km2"], "pages": 1,
        "requested_rd_m": [250000, 476000, 254000, 478000],
    }  # fmt: skip
    assert made["outputs"] == [
        # SHA-256 of "abc" (FIPS 180-2, appendix B.1) and of nothing.
        {
            "name": "data_out/b.gpkg",
            "bytes": 3,
            "sha256": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        },
        {
            "name": "maps/a.html",
            "bytes": 0,
            "sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        },
    ]
    assert json.loads(json.dumps(made)) == made


def test_manifest_says_how_far_it_is_known_that_a_source_is_whole():
    held = Proof("count", True, Text("de dienst telt 12", "the service counts 12"))
    seams = Proof("seams", True, Text("naden", "seams"))
    known = [
        receipt(proofs=(held, seams), edition=2024, filled={"dwellings_count": 2023}, software="spoorzone 9"),
        receipt("pand", proofs=(seams,)),
    ]
    whole, not_proven = manifest(CONFIG, known, {}, versions={})["sources"]
    assert {k: whole[k] for k in ("edition", "whole", "filled", "software", "proofs")} == {
        "edition": 2024, "whole": True, "filled": {"dwellings_count": 2023}, "software": "spoorzone 9",
        "proofs": [
            {"means": "count", "holds": True, "said_nl": "de dienst telt 12", "said_en": "the service counts 12"},
            {"means": "seams", "holds": True, "said_nl": "naden", "said_en": "seams"},
        ],
    }  # fmt: skip
    assert (not_proven["whole"], not_proven["edition"], not_proven["filled"]) == (False, None, {})


def test_manifest_is_of_now_unless_told_otherwise(outputs, monkeypatch):
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    made = datetime.datetime.fromisoformat(manifest(CONFIG, [], outputs, versions={})["made"])
    assert abs(datetime.datetime.now(datetime.UTC) - made) < datetime.timedelta(minutes=1)


@pytest.mark.parametrize("said", ["yesterday", "1.5", "", "9" * 30])
def test_a_wrong_source_date_epoch_is_refused(outputs, monkeypatch, said):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", said)
    with pytest.raises(
        ConfigError, match=rf"^SOURCE_DATE_EPOCH is '{re.escape(said)}', expected whole seconds since 1970$"
    ):
        manifest(CONFIG, [], outputs, versions={})


def test_software_names_what_a_number_could_depend_on():
    found = software()
    assert set(found) == {
        "spoorzone",
        "python",
        "geopandas",
        "shapely",
        "GEOS",
        "GDAL",
        "PROJ",
        "pandas",
        "numpy",
        "pyogrio",
        "pyarrow",
    }
    assert found["GDAL"] == pyogrio.__gdal_version_string__
    assert found["GEOS"].startswith(".".join(map(str, shapely.geos_version[:2])))
    assert found["numpy"] == np.__version__
    assert all(re.match(r"\d+\.\d+", version) for version in found.values())


# --- the source line


def test_source_line_names_each_register_once():
    buurt, wijk = receipt(synthetic=False), receipt("wijk", synthetic=False)
    assert source_line([buurt, wijk], "nl") == f"Bron: {CBS}"
    assert source_line([buurt], "en") == "Source: CBS en Kadaster (PDOK): CBS Wijken en Buurten, 1 January 2024"


def test_source_line_dates_a_present_register_by_its_retrieval():
    pand = receipt("pand", synthetic=False, reference_date="actueel")
    later = receipt("verblijfsobject", synthetic=False, reference_date="actueel", retrieved="2026-11-22T00:00:00Z")
    line = source_line([receipt(synthetic=False), pand, later], "nl")
    assert line.startswith(f"Bronnen: {CBS}; ")
    assert line.endswith("opgehaald 21 november 2026, opgehaald 22 november 2026")
    assert source_line([pand], "en").endswith("retrieved 21 November 2026")


def test_source_line_says_when_data_are_invented():
    mixed = [receipt(synthetic=False), receipt("pand")]
    assert source_line(mixed, "nl").startswith(
        f"Synthetisch voorbeeld: verzonnen gegevens, geen werkelijkheid. Bronnen: {CBS}; "
    )
    assert source_line(mixed, "en").startswith("Synthetic example: invented data, not reality. Sources: ")
    assert is_synthetic(mixed)
    assert not is_synthetic(mixed[:1])
    assert source_line([], "nl") == ""


# --- wording


@pytest.mark.parametrize(
    ("value", "decimals", "nl", "en"),
    [
        (1234567.891, 1, "1.234.567,9", "1,234,567.9"),
        (0, 0, "0", "0"),
        (-0.001, 2, "0,00", "0.00"),
        (-1234.5, 1, "−1.234,5", "−1,234.5"),
        (np.float64(999.999), 0, "1.000", "1,000"),
        (math.nan, 2, "–", "–"),
        (math.inf, 0, "–", "–"),
    ],
)
def test_numbers(value, decimals, nl, en):
    assert number(value, decimals, "nl") == nl
    assert number(value, decimals, "en") == en


@pytest.mark.parametrize(
    ("iso", "nl", "en"),
    [
        ("2026-03-01", "1 maart 2026", "1 March 2026"),
        ("2026-11-21T23:59:59+00:00", "21 november 2026", "21 November 2026"),
        ("2022", "2022", "2022"),
        ("actueel", "actueel", "actueel"),
        ("2022-13-01", "2022-13-01", "2022-13-01"),
    ],
)
def test_dates(iso, nl, en):
    assert date(iso, "nl") == nl
    assert date(iso, "en") == en
