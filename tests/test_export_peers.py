"""The GeoPackage in the hands of programs that others wrote: QGIS, GDAL's validator, PDOK's validator."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from export_scene import HOSTILE, receipt, zone
from needs import missing

from pipeline.export.geopackage import write
from pipeline.export.styles import NO_DATA

pytestmark = pytest.mark.peers

#: Debian's own Python, which has QGIS and GDAL.
PYTHON = Path("/usr/bin/python3")
SPATIALITE = Path("/usr/lib/x86_64-linux-gnu/mod_spatialite.so")


def absent(what: str) -> None:
    missing(f"{what} is not installed")


def need_module(name: str) -> None:
    if not PYTHON.exists() or subprocess.run([PYTHON, "-c", f"import {name}"], capture_output=True).returncode:
        absent(f"{name} for {PYTHON}")


@pytest.fixture(scope="module")
def file(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("export") / "zone.gpkg"
    known = [receipt(), receipt("pand", reference_date="actueel"), receipt("bodemgebruik")]
    write(path, zone(), receipts=known, language="nl", settings={"half_width_m": "1000"}, title="Spoorzone")
    return path


@pytest.fixture(scope="module")
def seen(file) -> dict:
    """What QGIS saw; its pictures lie beside the file."""
    need_module("qgis.core")
    runtime = file.parent / "runtime"
    runtime.mkdir(mode=0o700)
    script = Path(__file__).with_name("export_qgis.py")
    environment = {**os.environ, "XDG_RUNTIME_DIR": str(runtime), "HOME": str(runtime), "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [PYTHON, script, file, file.parent], env=environment, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    assert "ERROR" not in done.stderr, done.stderr
    return json.loads((file.parent / "seen.json").read_text())


def test_qgis_opens_every_layer_with_its_style(seen):
    layers = {layer.name: layer for layer in zone()}
    assert {name for name, told in seen.items() if told["spatial"]} == set(layers)
    for name, layer in layers.items():
        told = seen[name]
        assert (told["valid"], told["styled"], told["errors"], told["crs"]) == (True, True, [], "EPSG:28992"), name
        assert told["rows"] == len(layer.table)
        assert told["renderer"] == ("singleSymbol" if layer.style.kind == "single" else "RuleRenderer")
        assert told["labels"] == (layer.style.name is not None)


def test_qgis_draws_every_class_that_has_rows_in_its_colour(seen):
    # All classes of these layers have rows, and nothing lies over them.
    ground = ("bgt_begroeidterreindeel", "bgt_onbegroeidterreindeel", "bgt_wegdeel", "bgt_ondersteunendwegdeel")
    whole = ("pand", "verblijfsobject", "bodemgebruik", "bodemgebruik_nieuw", "vierkant_500m", *ground)
    for name in (*(f"{n}_corridor" for n in whole), "square_100m", "hexagon"):
        style = next(layer.style for layer in zone() if layer.name == name)
        drawn = set(seen[name]["colours"])
        # New land use has no class abroad.
        wanted = {c.colour for c in style.classes if c.colour and (name, c.values) != ("bodemgebruik_nieuw_corridor", (9,))}
        assert not wanted - drawn, name
    assert "#c2185b" in seen["corridor"]["colours"]


def test_qgis_puts_a_value_on_a_break_into_the_class_above(seen):
    style = next(layer.style for layer in zone() if layer.name == "vierkant_100m_corridor")
    # The only square of the second class has 15 inhabitants, which is the break.
    assert style.classes[1].lower == 15
    assert {c.colour for c in style.classes} <= set(seen["vierkant_100m_corridor"]["colours"])


def test_qgis_hatches_what_has_no_value(seen):
    for name in ("square_100m", "pand_corridor", "vierkant_100m_corridor"):
        # Lines of a pattern are always smoothed, so any grey will do; no class of these layers is grey.
        greys = {c for c in seen[name]["colours"] if c[1:3] == c[3:5] == c[5:7]} - {"#ffffff", "#000000"}
        assert greys, name
        assert seen[name]["legend"][-1][0] == NO_DATA.nl


def test_qgis_shows_dutch_names_and_units(seen):
    assert seen["buurt"]["aliases"] == {
        "fid": "", "unit_id": "Sleutel", "unit_name": "Naam", "inhabitants_per_km2": "Inwonersdichtheid (per km²)",
        "dwellings_per_ha": "Woningdichtheid (per ha)",
    }  # fmt: skip
    assert seen["buurt"]["legend"][0][0] == "Inwonersdichtheid (per km²)"
    assert seen["buurt"]["legend"][1][0] == "minder dan 250"


@pytest.mark.fault("E", "hostile text, opened in QGIS itself", "the text itself")
def test_qgis_reads_dangerous_text_as_text(seen):
    assert seen["station"]["texts"][-1] == HOSTILE


def test_gdal_finds_nothing_against_the_standard(file):
    need_module("osgeo_utils.samples.validate_gpkg")
    done = subprocess.run([PYTHON, "-m", "osgeo_utils.samples.validate_gpkg", file], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_pdok_finds_nothing_against_its_rules(file):
    # pip install pdok-geopackage-validator, into an environment of /usr/bin/python3 with its site packages
    program = os.environ.get("GEOPACKAGE_VALIDATOR") or shutil.which("geopackage-validator")
    if program is None or not SPATIALITE.exists():
        absent("PDOK's geopackage-validator with mod_spatialite")
    environment = {**os.environ, "SPATIALITE_LIBRARY_PATH": str(SPATIALITE)}
    done = subprocess.run(
        [str(program), "validate", "--gpkg-path", file], env=environment, capture_output=True, text=True
    )
    told = json.loads(done.stdout)
    assert told["results"] == []
    assert told["success"] is True
