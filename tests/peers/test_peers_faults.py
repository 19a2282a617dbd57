"""Real servers, behind connections that go wrong: the same features as without, or one line, never fewer."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from pyproj import Transformer
from raster_world import SOURCE
from tcp_fault import Fault, faulty

from pipeline.contract import Bbox, SourceError
from pipeline.load import geojson, ogc_features, wcs, wfs
from pipeline.load.http import Http

from .faults_world import BBOX, COLUMNS, ROWS, mapserver, pygeoapi, squares, worn
from .wcs import Coverages, coverages

#: Its servers are started once, in one process.
pytestmark = pytest.mark.xdist_group("peers")

COUNT = COLUMNS * ROWS
AHN = dataclasses.replace(
    SOURCE, raster=dataclasses.replace(SOURCE.raster, resolution_m=0.5, overview_resolution_m=5.0)
)
TILE: Bbox = (250_000.0, 475_000.0, 250_250.0, 475_250.0)
#: Each may befall any answer; the stall is longer than the client's patience, the dribble is not.
FAULTS = {
    "cut": [Fault(cut=n) for n in (-1, 0, 1, 100, 1500)],
    "reset": [Fault(reset=n) for n in (-1, 0, 1, 100, 1500)],
    "stall": [Fault(stall=(n, 4.0)) for n in (0, 1000)],
    "dribble": [Fault(dribble=(n, 0.001)) for n in (999, 4000)],
    "length": [Fault(length=n) for n in (5, -5, -1000)],
}
@pytest.fixture(scope="module")
def features(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with pygeoapi(tmp_path_factory.mktemp("pygeoapi")) as url:
        yield url


@pytest.fixture(scope="module")
def maps(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with mapserver(tmp_path_factory.mktemp("mapserver")) as url:
        yield url


@pytest.fixture(scope="module")
def heights(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Coverages]:
    with coverages(tmp_path_factory.mktemp("wcs")) as made:
        yield made


@pytest.fixture
def http() -> Iterator[Http]:
    with Http(timeout_s=2.5, tries=3, pause_s=0.001, parallel_requests=1) as client:
        yield client


def port_of(url: str) -> int:
    return int(url.split(":")[2].split("/")[0])


def by_features(url: str, http: Http) -> gpd.GeoDataFrame:
    """From pygeoapi, in pages of 200; whole, as no box of it can be trusted."""
    return ogc_features.fetch(url, "pand", None, http, lambda *_: None).table


def by_wfs(url: str, http: Http) -> gpd.GeoDataFrame:
    return wfs.fetch(f"{url}/wfs", "bag:pand", BBOX, http, lambda *_: None).table


def same(got: gpd.GeoDataFrame) -> None:
    """Feature by feature what the servers have."""
    want = squares().sort_values("identificatie", ignore_index=True)
    got = got.sort_values("identificatie", ignore_index=True)
    assert len(got) == len(want) == COUNT
    assert shapely.hausdorff_distance(got.geometry, want.geometry).max() < 1e-4
    for name in ("identificatie", "bouwjaar", "naam"):
        pd.testing.assert_series_equal(got[name].fillna(""), want[name], check_dtype=False)


@pytest.fixture
def pages_of_200(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ogc_features, "_PAGE", 200)
    monkeypatch.setattr(wfs, "_PAGE", 200)


def plan(kind: str) -> list[Fault]:
    """Every second answer is at fault, the one asked for again is right."""
    return [f for wrong in FAULTS[kind] for f in (wrong, Fault())]


def never(kind: str) -> list[Fault]:
    return FAULTS[kind][1:2] * 99


KINDS = [
    pytest.param("cut", marks=pytest.mark.fault("A", "connection closed before the end of an answer, at five places (OGC API, WFS, WCS)", "nothing: what is missing is asked again; if it never comes, one line: “broke off in the middle of its answer …”")),
    pytest.param("reset", marks=pytest.mark.fault("A", "connection torn down (RST) before the end of an answer, at five places (OGC API, WFS, WCS)", "nothing: what is missing is asked again; if it never comes, one line: “broke off in the middle of its answer …”")),
    pytest.param("stall", marks=pytest.mark.fault("A", "an answer that stops halfway and stays silent (OGC API, WFS, WCS)", "nothing: it is asked again; if it stays silent, one line: “silent for too long …”")),
    pytest.param("dribble", marks=pytest.mark.fault("A", "an answer that comes in drops (OGC API, WFS, WCS)", "nothing: slow is fine as long as it comes")),
    pytest.param("length", marks=pytest.mark.fault("A", "a Content-Length that is too large or too small", "nothing: it is asked again; if it stays wrong, one line: “broke off …” or “not whole …”")),
]  # fmt: skip
#: MapServer sends its answers in chunks and states no length.
CHUNKED = KINDS[:-1]


@pytest.mark.usefixtures("pages_of_200")
@pytest.mark.parametrize("kind", KINDS)
def test_ogc_api(features: str, http: Http, kind: str) -> None:
    planned = plan(kind)
    with faulty(port_of(features), planned) as port:
        same(by_features(f"http://127.0.0.1:{port}", http))
    assert not planned


@pytest.mark.usefixtures("pages_of_200")
@pytest.mark.parametrize("kind", CHUNKED)
def test_wfs(maps: str, http: Http, kind: str) -> None:
    planned = plan(kind)
    with faulty(port_of(maps), planned) as port:
        same(by_wfs(f"http://127.0.0.1:{port}", http))
    assert not planned


@pytest.mark.parametrize("kind", CHUNKED)
def test_wcs(heights: Coverages, http: Http, kind: str) -> None:
    whole, _ = wcs.ask(wcs.address(heights.url, "dtm_05m", TILE), AHN, TILE, http)
    for wrong in FAULTS[kind]:
        planned = [wrong]
        with faulty(port_of(heights.url), planned) as port:
            url = heights.url.replace(str(port_of(heights.url)), str(port))
            part, _ = wcs.ask(wcs.address(url, "dtm_05m", TILE), AHN, TILE, http)
        assert not planned
        assert part.box == whole.box
        np.testing.assert_array_equal(part.cells, whole.cells)


@pytest.mark.parametrize("kind", [k for k in FAULTS if k not in ("dribble", "stall")])
def test_what_never_gets_right_is_one_line(features: str, maps: str, http: Http, kind: str) -> None:
    for url, ask in ((features, by_features), *(() if kind == "length" else ((maps, by_wfs),))):
        with faulty(port_of(url), never(kind)) as port, pytest.raises(SourceError) as error:
            ask(f"http://127.0.0.1:{port}", http)
        said = str(error.value)
        assert "\n" not in said
        assert ("broke off" in said or "not whole" in said or "compressed" in said) and "tried 3 times" in said


@pytest.mark.fault(
    "A", "a connection that is kept open for many requests and breaks off in any of them",
    "nothing: a new one is opened and what is missing is asked again",
)  # fmt: skip
@pytest.mark.usefixtures("pages_of_200")
def test_connections_that_wear_out(maps: str, features: str, http: Http) -> None:
    for url, ask in ((maps, by_wfs), (features, by_features)):
        ends = [9_000, 11_111, 40, 13_000, 1, 20_000, 7_777]
        with worn(port_of(url), ends) as port:
            same(ask(f"http://127.0.0.1:{port}", http))
        assert not ends


ANSWERS = [
    pytest.param("busy", marks=pytest.mark.fault("A", "429 with Retry-After from nginx", "nothing: it waits as long as asked and asks again")),
    pytest.param("gateway", marks=pytest.mark.fault("A", "502 from nginx", "nothing: it is asked again")),
    pytest.param("page", marks=pytest.mark.fault("A", "a web page with status 200 from nginx", "nothing: it is asked again")),
    pytest.param("nothing", marks=pytest.mark.fault("A", "an empty answer with status 200 from nginx", "nothing: it is asked again")),
]  # fmt: skip


@pytest.mark.parametrize("name", ANSWERS)
@pytest.mark.usefixtures("pages_of_200")
def test_what_nginx_says_instead(maps: str, http: Http, name: str) -> None:
    same(by_wfs(f"{maps}/{name}", http))


@pytest.mark.fault(
    "B", "the count divides by the page size: an empty page after the last (pygeoapi), 2,537 = 43 × 59",
    "nothing: the empty page is the end",
)  # fmt: skip
@pytest.mark.parametrize("size", [COLUMNS, ROWS])
def test_exact_division(features: str, http: Http, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr(ogc_features, "_PAGE", size)
    got = ogc_features.fetch(features, "pand", None, http, lambda *_: None)
    same(got.table)
    assert [p.features for p in got.pages] == [size] * (COUNT // size) + [0]
    assert (got.proofs[0].means, got.proofs[0].holds) == ("second_pass", True)


@pytest.mark.fault(
    "B", "the service says nothing of a start that is too far, it refuses (nginx, as PDOK at 50,000)",
    "nothing: the box is asked in quarters, and what lies on their seams is compared",
)  # fmt: skip
def test_the_wall(maps: str, http: Http, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wfs, "_LAST_START", 1000)
    same(by_wfs(maps, http))


@pytest.mark.fault(
    "B", "MapServer 8.0 as OGC API: ignores the offset, answers in degrees 114 m off; GDAL’s own client takes it",
    "one line, whichever of its faults is met first: Content-Crs, degrees instead of metres, features that came before",
)  # fmt: skip
def test_what_gdal_accepts_is_refused(maps: str, http: Http, monkeypatch: pytest.MonkeyPatch) -> None:
    theirs = pyogrio.read_dataframe(f"OAPIF:{maps}/SAMPLE/ogcapi", layer="pand", PAGE_SIZE=1000)
    assert len(theirs) > theirs["identificatie"].nunique() == 1000
    for place, says in (
        ("mute/SAMPLE", "Content-Crs is not stated, expected"),
        ("SAMPLE", "features lie outside the Netherlands in EPSG:28992, first at 6"),
    ):
        with pytest.raises(SourceError, match=says):
            ogc_features.fetch(f"{maps}/{place}/ogcapi", "pand", None, http, lambda *_: None)
    monkeypatch.setattr(geojson, "RD_RANGE", (3.0, 50.0, 8.0, 54.0))
    with pytest.raises(SourceError, match="1000 features of page 2 came before"):
        ogc_features.fetch(f"{maps}/SAMPLE/ogcapi", "pand", None, http, lambda *_: None)


@pytest.mark.fault(
    "B", "coordinates moved between two systems: a known point through degrees is 114 m off (MapServer 8.0)",
    "nothing: every service is asked in RD, and the known point comes out where it went in",
)  # fmt: skip
def test_a_known_point(maps: str, features: str, http: Http) -> None:
    known = squares().set_index("identificatie").geometry.iloc[0].centroid
    there = pyogrio.read_dataframe(f"OAPIF:{maps}/SAMPLE/ogcapi", layer="pand", PAGE_SIZE=1000, max_features=1)
    # Straight from the ellipsoid of RD to that of GPS, within a metre of the official way.
    to_rd = Transformer.from_crs(4258, 28992, always_xy=True)
    point = there.geometry.iloc[0].centroid
    x, y = to_rd.transform(point.x, point.y)
    assert 105 < np.hypot(x - known.x, y - known.y) < 125
    for table in (by_wfs(maps, http), by_features(features, http)):
        ours = table.set_index("identificatie").geometry[there["identificatie"].iloc[0]].centroid
        assert ours.distance(known) < 1e-4
