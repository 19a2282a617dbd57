"""The design folder in the hands of QGIS, validators, GDAL and a browser."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from atlas_page import chromium
from needs import PEERS, missing
from test_export_peers import PYTHON, SPATIALITE, need_module

pytestmark = [pytest.mark.peers, pytest.mark.xdist_group("sample")]


@pytest.fixture(scope="module")
def folder(sample_run: Path) -> Path:
    return sample_run / "data_out/ontwerp"


@pytest.fixture(scope="module")
def seen(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What QGIS saw of the project, copied to another place as a designer would; its sheets lie beside."""
    need_module("qgis.core")
    place = tmp_path_factory.mktemp("moved") / "Map met spaties"
    place.mkdir()
    for name in ("spoorzone.qgz", "spoorzone.gpkg"):
        shutil.copyfile(folder / name, place / name)
    shutil.copytree(folder / "raster", place / "raster")
    runtime = place.parent / "runtime"
    runtime.mkdir(mode=0o700)
    script = Path(__file__).with_name("export_qgis_project.py")
    environment = {**os.environ, "XDG_RUNTIME_DIR": str(runtime), "HOME": str(runtime), "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run([PYTHON, script, place / "spoorzone.qgz", runtime], env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads((runtime / "seen.json").read_text())
    return told


def test_the_project_opens_without_a_warning(seen: dict[str, Any]) -> None:
    assert (seen["read"], seen["error"], seen["warned"]) == (True, "", [])
    assert seen["crs"] == "EPSG:28992"
    assert [k for k, one in seen["layers"].items() if not one["valid"]] == []
    assert {one["crs"] for one in seen["layers"].values()} == {"EPSG:28992", "EPSG:3857"}


def test_the_project_has_every_layer_of_the_folder(seen: dict[str, Any], folder: Path) -> None:
    ids = {k.removeprefix("spoorzone_") for k in seen["layers"]}
    layers = {p.stem for p in (folder / "geoparquet").glob("*.parquet")}
    empty = layers - ids
    assert empty == set(), "a layer without rows is not in the GeoPackage, and the sample has none"
    assert {p.stem for p in (folder / "raster").glob("*.tif")} <= ids
    assert {"pand_whole_1", "pand_whole_2", "pdok_0", "pdok_1", "pdok_2"} <= ids
    assert seen["layers"]["spoorzone_pand_whole_2"]["renderer"] == "RuleRenderer"
    assert all("Map met spaties" in one["source"] for k, one in seen["layers"].items() if "pdok" not in k)


def test_each_subject_has_a_theme_and_a_sheet(seen: dict[str, Any]) -> None:
    subjects = {"Bouwjaar", "Functie", "Hoogte", "Grondgebruik", "Woningdichtheid", "Inwoners per buurt", "Bomen", "Topografie"}
    assert set(seen["themes"]) == subjects
    assert {f"A3 {s}" for s in subjects} == set(seen["layouts"])
    for name, sheet in seen["layouts"].items():
        assert sheet["done"] == 0, "printed"
        assert sheet["page"] == [420, 297]
        assert round(sheet["scale"]) == 30_000
        assert {"title", "map", "legend", "scale", "north", "sources"} <= set(sheet["items"])
        theme = name.removeprefix("A3 ")
        assert sheet["title"].endswith(theme)
        assert len(sheet["legend"]) == len(seen["themes"][theme])
        assert not [line for line in sheet["lines"] if line.startswith("Band")], "a reader does not know bands"
    assert "75 en meer" in seen["layouts"]["A3 Woningdichtheid"]["lines"]
    assert set(seen["seen"]) == set(seen["themes"]["Bouwjaar"])
    assert seen["groups"][0] == "Spoorzone"


def test_pdok_and_gdal_find_nothing_against_their_rules(folder: Path) -> None:
    program = os.environ.get("GEOPACKAGE_VALIDATOR") or shutil.which("geopackage-validator")
    if program is None or not SPATIALITE.exists():
        missing("PDOK's geopackage-validator with mod_spatialite is not installed")
    environment = {**os.environ, "SPATIALITE_LIBRARY_PATH": str(SPATIALITE)}
    told = json.loads(
        subprocess.run(
            [str(program), "validate", "--gpkg-path", folder / "spoorzone.gpkg"], env=environment, capture_output=True, text=True
        ).stdout
    )
    assert (told["success"], told["results"]) == (True, [])
    need_module("osgeo_utils.samples.validate_gpkg")
    done = subprocess.run(
        [PYTHON, "-m", "osgeo_utils.samples.validate_gpkg", folder / "spoorzone.gpkg"], capture_output=True, text=True
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize("name", ["pand_whole", "wegvak_corridor", "bgt_vegetatieobject_corridor", "buurt"])
def test_a_validator_of_geoparquet_finds_nothing(folder: Path, name: str) -> None:
    place = PEERS / "geoparquet"
    program = place / "bin" / "gpio"
    if not program.exists():
        missing("the GeoParquet validator is not installed: tests/peers/install.sh")
    words = [program, "check", "spec", folder / f"geoparquet/{name}.parquet", "--json", "--geoparquet-version", "1.1", "--sample-size", "0"]
    done = subprocess.run(words, env={**os.environ, "HOME": str(place)}, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads(done.stdout)
    assert (told["summary"]["failed"], told["summary"]["warnings"]) == (0, 0)
    assert told["summary"]["passed"] > 20


def test_gdal_reads_the_metadata(folder: Path) -> None:
    need_module("osgeo.ogr")
    script = "import sys; from osgeo import ogr; d = ogr.Open(sys.argv[1]); print(''.join(v for k, v in (d.GetMetadata() or {}).items() if 'METADATA' in k.upper()))"
    done = subprocess.run([PYTHON, "-c", script, folder / "spoorzone.gpkg"], capture_output=True, text=True, check=True)
    assert "gmd:MD_Metadata" in done.stdout
    assert "Nederlands metadata profiel" in done.stdout


def test_a_browser_shows_the_read_me_without_a_complaint(folder: Path) -> None:
    with chromium() as browser:
        page = browser.new_context(offline=True).new_page()
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto((folder / "LEESMIJ.html").as_uri())
        assert page.locator("h1").inner_text() == "Spoorzone Hengelo–Enschede"
        pictures = page.evaluate("[...document.images].map((i) => i.naturalWidth)")
        assert len(pictures) >= 10
        assert min(pictures) > 100
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert said == []
