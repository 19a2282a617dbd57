"""Doctor before servers that others wrote: what they say of themselves is understood, and what is wrong with it is seen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline.cli import cli
from pipeline.config import SourceSettings
from pipeline.contract import Bbox
from pipeline.doctor import Finding, compare, compare_raster
from pipeline.load.http import Http
from pipeline.load.probes import Grid, Offered, Once, probe
from pipeline.sources import BY_NAME, RASTERS, SOURCES, Access

from .conftest import SERVED, MapServer
from .wcs import COVERED, Coverages, coverages

#: Its servers are started once, in one process.
pytestmark = pytest.mark.xdist_group("peers")

PART: Bbox = (250_000.0, 474_500.0, 252_000.0, 476_500.0)
AHN = next(r for r in RASTERS if r.name == "ahn_dtm")


@pytest.fixture
def once() -> Iterator[Once]:
    with Http(timeout_s=60, tries=2) as http:
        yield Once(http)


@pytest.fixture(scope="session")
def heights(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Coverages]:
    with coverages(tmp_path_factory.mktemp("doctor")) as running:
        yield running


def looked(access: Access, name: str, once: Once, bbox: Bbox | None = PART) -> tuple[Offered, list[str]]:
    """What is offered, and what of it has changed."""
    source = BY_NAME[name]
    offered = probe(access, None, bbox, once, lambda url: url)
    edition = source.editions[0] if source.editions else None
    return offered, [f.said for f in compare(source, edition, access, SourceSettings(), offered) if f.changed]


@pytest.mark.parametrize("name", SERVED)
def test_pygeoapi_is_fine(pygeoapi: str, once: Once, name: str) -> None:
    offered, changed = looked(Access("ogc_features", pygeoapi, name), name, once)
    assert changed == []
    assert offered.answers_in == "EPSG:28992" and "EPSG:28992" in (offered.crs or ())
    assert offered.columns and offered.features == 1 and offered.place


@pytest.mark.parametrize("name", SERVED)
def test_mapserver_is_fine(mapserver: MapServer, once: Once, name: str) -> None:
    offered, changed = looked(Access("wfs", mapserver.wfs, f"bag:{name}"), name, once)
    assert changed == []
    assert (offered.most, offered.counts, offered.features) == (1000, True, 1)
    assert offered.crs and offered.crs[0] == "EPSG:28992" and offered.remarks == ()


def test_a_service_that_takes_the_key_out_of_the_properties(pygeoapi: str, once: Once) -> None:
    _, changed = looked(Access("ogc_features", pygeoapi, "pand_by_id"), "pand", once)
    assert changed == [] or changed[0].startswith("column 'identificatie' (the key) is not there")


def test_mapservers_own_features_are_seen_through(mapserver: MapServer, once: Once) -> None:
    """It answers in degrees whatever is asked, and says nothing of it, or with the front's header the wrong thing."""
    _, mute = looked(Access("ogc_features", mapserver.features_mute, "pand"), "pand", once, None)
    assert any("it answers in a CRS that it does not state" in said for said in mute), mute
    _, lies = looked(Access("ogc_features", mapserver.features, "pand"), "pand", once, None)
    assert any("outside the Netherlands in EPSG:28992" in said for said in lies), lies
    _, boxed = looked(Access("ogc_features", mapserver.features, "pand"), "pand", once)
    assert "HTTP 400: Bad value for bbox." in boxed[-1]


def test_a_name_that_is_not_there(pygeoapi: str, mapserver: MapServer, once: Once) -> None:
    for access in (Access("ogc_features", pygeoapi, "panden"), Access("wfs", mapserver.wfs, "bag:panden")):
        [said] = looked(access, "pand", once)[1]
        assert said.startswith(f"{'collection'} {access.collection!r} is not there; did you mean")


def test_heights(heights: Coverages, once: Once) -> None:
    access = Access("wcs", heights.url, "dtm_05m")
    offered = probe(access, AHN, None, once, lambda url: url)
    assert offered.crs == ("EPSG:28992",) and offered.refused == () and "image/tiff" in (offered.formats or ())
    assert offered.grid == Grid(0.5, 0.5, COVERED[0], COVERED[1])
    assert compare_raster(AHN, access, offered) == ()
    [found] = compare_raster(AHN, access, probe(access, AHN, (10_000.0, 400_000.0, 11_000.0, 401_000.0), once, lambda url: url))
    assert found.changed and "HTTP 400" in found.said
    gone = Access("wcs", heights.url, "dtm_5m")
    [found] = compare_raster(AHN, gone, probe(gone, AHN, None, once, lambda url: url))
    assert found == Finding(True, "collection 'dtm_5m' is not there; did you mean 'dtm_05m'? [sources.ahn_dtm] collection = \"dtm_05m\"")


def test_the_command(pygeoapi: str, mapserver: MapServer, tmp_path: Path) -> None:
    """Half of the sources by each; then one of the two is not there."""
    by_wfs = SERVED[: len(SERVED) // 2]

    def run(wfs: str) -> tuple[int, list[str]]:
        off = (s.name for s in (*SOURCES, *RASTERS) if s.name not in SERVED)
        tables = [f"[sources.{name}]\nenabled = false" for name in off]
        for name in SERVED:
            way = ("wfs", wfs, f"bag:{name}") if name in by_wfs else ("ogc_features", pygeoapi, name)
            keys = zip(("protocol", "url", "collection"), way, strict=True)
            tables.append("\n".join([f"[sources.{name}]", *(f'{k} = "{v}"' for k, v in keys)]))
            if BY_NAME[name].earlier:
                tables[-1] += "\nearlier_editions = []"
        nowhere = '[services]\n"https://api.pdok.nl" = "http://127.0.0.1:9"\n"https://service.pdok.nl" = "http://127.0.0.1:9"'
        path = tmp_path / "config.toml"
        path.write_text("\n".join(["[load]\ntries = 1", nowhere, *tables]), encoding="utf-8")
        done = CliRunner().invoke(cli, ["doctor", "--config", str(path)])
        return done.exit_code, done.stdout.splitlines()

    code, lines = run(mapserver.wfs)
    assert (code, lines[-1]) == (0, f"{len(SERVED)} fine, 0 changed, 0 unreachable"), lines
    code, lines = run("http://127.0.0.1:9/wfs")
    assert (code, lines[-1]) == (3, f"{len(SERVED) - len(by_wfs)} fine, 0 changed, {len(by_wfs)} unreachable"), lines
    assert [p.name for p in tmp_path.iterdir()] == ["config.toml"]
