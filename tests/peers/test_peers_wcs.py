"""Heights through MapServer's WCS are those of its file, cell for cell; GDAL of others reads what we made of them."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shapely
from raster_world import SOURCE, read

from pipeline.contract import Bbox, SourceError
from pipeline.grid import window
from pipeline.load import rasters, wcs
from pipeline.load.http import Http
from pipeline.sources import Access

from .conftest import not_installed, program
from .wcs import COVERED, Coverages, coverages

#: Its servers are started once, in one process.
pytestmark = pytest.mark.xdist_group("peers")

AHN = replace(SOURCE, raster=replace(SOURCE.raster, resolution_m=0.5, overview_resolution_m=5.0))
FOUR: Bbox = (250_000.0, 475_000.0, 252_000.0, 477_000.0)


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Coverages]:
    with coverages(tmp_path_factory.mktemp("wcs")) as running:
        yield running


@pytest.fixture(scope="session")
def raw(served: Coverages, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The four tiles as loaded, the new address being not there."""
    folder = tmp_path_factory.mktemp("raw")
    new, old = (Access("wcs", url, "dtm_05m") for url in (served.gone, served.url))
    with Http(timeout_s=60, tries=2) as http:
        got = rasters.fetch(new, AHN, shapely.box(*FOUR), http, folder, lambda *_: None, others=(old,))
    assert got.received == len(got.pages) == 4 and got.url == served.url
    assert [(p.means, p.holds) for p in got.proofs] == [("tiles", True), ("second_pass", True)]
    assert "2 × 100 m over the seams of tiles asked twice: 80,000 cells" in got.proofs[1].said.en
    return folder


def test_mapserver_gives_what_its_file_has(served: Coverages, raw: Path) -> None:
    np.testing.assert_array_equal(read(raw / "dtm.vrt"), served.cells[window(COVERED, FOUR, 0.5)])


def test_the_file_gives_the_same_bytes(served: Coverages, raw: Path, tmp_path: Path) -> None:
    with Http() as http:
        rasters.fetch(
            Access("file", "", ""), AHN, shapely.box(*FOUR), http, tmp_path, lambda *_: None, path=served.file
        )
    for path in rasters.outputs(shapely.box(*FOUR), AHN.raster, raw):
        assert (tmp_path / path.relative_to(raw)).read_bytes() == path.read_bytes()


@pytest.mark.parametrize("name", ["dtm.vrt", "dtm_5m.tif", "dtm/250000_476000.tif"])
def test_gdal_of_others_reads_them(raw: Path, name: str) -> None:
    """Its own statistics of all cells, and where they lie."""
    command = [program("gdalinfo"), "-json", "-stats", "--config", "GDAL_PAM_ENABLED", "NO", str(raw / name)]
    said = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    cells = read(raw / name).astype(float)
    band = said["bands"][0]
    assert band["noDataValue"] == "NaN" and band["type"] == "Float32"
    # Of a VRT it puts the statistics of the tiles together, by shares that it has rounded.
    assert float(band["metadata"][""]["STATISTICS_MEAN"]) == pytest.approx(np.nanmean(cells), abs=1e-4)
    share = 100 * float(np.mean(~np.isnan(cells)))
    assert float(band["metadata"][""]["STATISTICS_VALID_PERCENT"]) == pytest.approx(share, abs=0.006)
    assert said["cornerCoordinates"]["upperLeft"] == [250_000.0, 477_000.0]
    assert "28992" in said["coordinateSystem"]["wkt"]
    assert len(band.get("overviews", [])) == {"dtm.vrt": 2, "dtm_5m.tif": 0}.get(name, 2)


def test_the_python_of_others_reads_the_cells(raw: Path, tmp_path: Path) -> None:
    """GDAL 3.6 as QGIS 3.22 has it, cell for cell."""
    python = Path("/usr/bin/python3")
    code = (
        "import sys, numpy; from osgeo import gdal; gdal.UseExceptions();"
        "numpy.save(sys.argv[2], gdal.Open(sys.argv[1]).ReadAsArray())"
    )
    made = subprocess.run([python, "-c", code, raw / "dtm.vrt", tmp_path / "a.npy"], capture_output=True, text=True)
    if "No module named" in made.stderr:
        not_installed("python3-gdal")
    assert made.returncode == 0, made.stderr
    np.testing.assert_array_equal(np.load(tmp_path / "a.npy"), read(raw / "dtm.vrt"))


@pytest.mark.parametrize("name", ["dtm_5m.tif", "dtm/250000_475000.tif", "dtm/251000_476000.tif"])
def test_they_are_cloud_optimized(raw: Path, name: str) -> None:
    module = "osgeo_utils.samples.validate_cloud_optimized_geotiff"
    made = subprocess.run(["/usr/bin/python3", "-m", module, raw / name], capture_output=True, text=True)
    if "No module named" in made.stderr:
        not_installed("python3-gdal")
    assert made.returncode == 0 and "is a valid cloud optimized GeoTIFF" in made.stdout, made.stdout + made.stderr


@pytest.mark.fault(
    "G", "MapServer gives less than asked, with status 200 and without a word",
    "one line with what was asked and what came",
)  # fmt: skip
def test_the_edge_of_the_coverage_is_not_passed_over(served: Coverages, tmp_path: Path) -> None:
    """MapServer gives less than was asked, with HTTP 200 and without a word."""
    access = Access("wcs", served.url, "dtm_05m")
    area = shapely.box(252_100, 475_100, 252_300, 475_900)
    with (
        Http() as http,
        pytest.raises(SourceError, match=r"tile 252000_475000: asked for x 252000–253000, .*, got x 252000–252200"),
    ):
        rasters.fetch(access, AHN, area, http, tmp_path, lambda *_: None)
    with Http() as http:
        got = rasters.fetch(
            access, AHN, shapely.box(252_100, 475_100, 252_200, 475_900), http, tmp_path, lambda *_: None
        )
    assert "1 lie partly outside" in got.proofs[0].said.en


@pytest.mark.fault("G", "MapServer resamples", "one line: “it is resampled or shifted, take the native grid”")
def test_mapserver_off_its_grid_resamples_and_is_refused(served: Coverages) -> None:
    box = (250_000.2, 475_000.2, 250_100.2, 475_100.2)
    with (
        Http() as http,
        pytest.raises(SourceError, match=r"it is resampled or shifted, take the native grid|shifted or of"),
    ):
        wcs.ask(wcs.address(served.url, "dtm_05m", box), AHN, box, http)


@pytest.mark.parametrize(
    ("coverage", "box", "said"),
    [
        ("nope", FOUR, "HTTP 404: .*COVERAGEID=nope not found"),
        ("dtm_05m", (10_000.0, 400_000.0, 11_000.0, 401_000.0), "HTTP 400: .*does not intersect with desired region"),
        ("dtm_05m", (250_000.0, 475_000.0, 252_000.5, 477_000.0), "HTTP 400: .*must be no more than MAXSIZE=4000"),
    ],
)
def test_mapserver_in_its_own_words(served: Coverages, coverage: str, box: Bbox, said: str) -> None:
    with Http(tries=1) as http, pytest.raises(SourceError, match=said):
        wcs.ask(wcs.address(served.url, coverage, box), AHN, box, http)
