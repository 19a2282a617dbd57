"""The services of others give what the file gives, feature by feature."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from pipeline import load
from pipeline.config import SourceSettings
from pipeline.contract import Bbox, SourceError
from pipeline.load import geojson, ogc_features, wfs
from pipeline.load.http import Http
from pipeline.load.layers import Conformed, conform
from pipeline.sources import BY_NAME, Access

from .conftest import LOW_WALL, SERVED, WALL, MapServer

#: Its servers are started once, in one process.
pytestmark = pytest.mark.xdist_group("peers")

#: Two kilometres of it, and a part that is one page.
PART: Bbox = (250_000.0, 474_500.0, 252_000.0, 476_500.0)
BLOCK: Bbox = (250_800.0, 475_200.0, 251_400.0, 475_800.0)


@pytest.fixture
def http() -> Iterator[Http]:
    with Http(timeout_s=60, tries=2) as client:
        yield client


@pytest.fixture
def layer(files: dict[str, Path], http: Http) -> Callable[..., Conformed]:
    """A layer through one of the ways, by default from its file."""

    def get(name: str, bbox: Bbox | None, access: Access | None = None, **settings: Any) -> Conformed:
        source = BY_NAME[name]
        edition = source.editions[0] if source.editions else None
        chosen = SourceSettings(protocol="file", path=files[name]) if access is None else SourceSettings(**settings)
        way = access or Access("file", "", "")
        if way.protocol == "file":
            received = load.from_file(replace(way, url=str(files[name])), chosen, bbox, lambda *_: None)
        else:
            received = load.fetch(way, chosen, bbox=bbox, http=http, progress=lambda *_: None)
        assert received.reported in (None, len(received.table))
        return conform(received, source, edition=edition, bbox=bbox)

    return get


def same(got: Conformed, want: Conformed) -> None:
    """Same keys, same values, outlines no more than a millimetre apart."""
    assert len(want.table) >= 1
    pd.testing.assert_frame_equal(_plain(got.table), _plain(want.table))
    assert shapely.hausdorff_distance(got.table.geometry, want.table.geometry).max() < 0.001
    # One part may come alone or in a multi-part.
    assert (shapely.get_num_geometries(got.table.geometry) == shapely.get_num_geometries(want.table.geometry)).all()
    assert (got.absent, got.repaired) == (want.absent, want.repaired)
    inside = [{k: v for k, v in c.dropped.items() if not k.startswith("outside")} for c in (got, want)]
    assert inside[0] == inside[1]


def _plain(table: gpd.GeoDataFrame) -> pd.DataFrame:
    return pd.DataFrame(table.drop(columns="geometry"))


@pytest.mark.parametrize("name", SERVED)
def test_pygeoapi_gives_what_the_file_gives(pygeoapi: str, layer: Callable[..., Conformed], name: str) -> None:
    same(layer(name, BLOCK, Access("ogc_features", pygeoapi, name)), layer(name, BLOCK))


@pytest.mark.parametrize("name", ["buurt", "bodemgebruik"])
def test_pygeoapi_page_after_page(pygeoapi: str, layer: Callable[..., Conformed], name: str) -> None:
    same(layer(name, None, Access("ogc_features", pygeoapi, name)), layer(name, None))


@pytest.mark.fault(
    "B", "pygeoapi 0.21 loses the box on the second page",
    "one line: “… features of page 2 came before …; the service pages wrongly or the data changed meanwhile, run again”",
)  # fmt: skip
def test_a_box_that_pygeoapi_pages_wrongly_is_refused(pygeoapi: str, layer: Callable[..., Conformed]) -> None:
    """Version 0.21.0 takes the second page of a box from the whole collection (its OGR provider, on a GeoPackage)."""
    with pytest.raises(SourceError, match=r"pand: \d+ features of page 2 came before, first 'pand-\d+'"):
        layer("pand", PART, Access("ogc_features", pygeoapi, "pand"))


def test_a_service_that_keeps_the_key_outside_the_properties(pygeoapi: str, layer: Callable[..., Conformed]) -> None:
    access = Access("ogc_features", pygeoapi, "pand_by_id")
    with pytest.raises(SourceError, match="column 'identificatie' is the key, but is not there"):
        layer("pand", BLOCK, access)
    same(layer("pand", BLOCK, access, columns={"identificatie": "id"}), layer("pand", BLOCK))


@pytest.mark.fault("A", "a name that MapServer or pygeoapi does not know", "one line with the service’s own words")
def test_pygeoapi_says_what_it_does_not_know(pygeoapi: str, http: Http) -> None:
    with pytest.raises(SourceError, match=r"/collections/nope/items.*: HTTP 404: .*[Cc]ollection"):
        ogc_features.fetch(pygeoapi, "nope", PART, http, lambda *_: None)


@pytest.mark.parametrize(
    ("name", "bbox"), [*((name, PART) for name in SERVED), ("pand", None), ("buurt", None), ("bodemgebruik", None)]
)
def test_mapserver_gives_what_the_file_gives(
    mapserver: MapServer, layer: Callable[..., Conformed], name: str, bbox: Bbox | None
) -> None:
    same(layer(name, bbox, Access("wfs", mapserver.wfs, f"bag:{name}")), layer(name, bbox))


def test_beyond_the_start_index_limit_the_box_is_split(
    mapserver: MapServer, layer: Callable[..., Conformed], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wfs, "_LAST_START", LOW_WALL)
    access = Access("wfs", mapserver.wfs_low, "bag:verblijfsobject")
    same(layer("verblijfsobject", None, access), layer("verblijfsobject", None))


def test_and_would_fail_if_it_were_not(mapserver: MapServer, layer: Callable[..., Conformed]) -> None:
    with pytest.raises(SourceError, match=r"startIndex=2\d000.*: HTTP 400: startindex too high, take a smaller box$"):
        layer("pand", None, Access("wfs", mapserver.wfs_low, "bag:pand"))


def test_the_limit_is_where_pdok_has_it(mapserver: MapServer, http: Http) -> None:
    url = f"{mapserver.wfs}?service=WFS&version=2.0.0&request=GetFeature&typeNames=bag:buurt&outputFormat=application/json&startIndex="
    assert geojson.collection(http.get(f"{url}{WALL}"))["features"] == []
    with pytest.raises(SourceError, match="HTTP 400: startindex too high"):
        http.get(f"{url}{WALL + 1}")


@pytest.mark.fault("A", "a name that MapServer or pygeoapi does not know", "one line with the service’s own words")
def test_mapserver_says_what_it_does_not_know(mapserver: MapServer, http: Http) -> None:
    with pytest.raises(SourceError, match=r"typeNames=bag:nope.*nope"):
        wfs.fetch(mapserver.wfs, "bag:nope", PART, http, lambda *_: None)


def test_a_server_that_pages_wrongly_is_refused_three_times(
    mapserver: MapServer, http: Http, monkeypatch: pytest.MonkeyPatch
) -> None:
    """MapServer 8.0.0 as OGC API Features: knows no CRS but degrees, says nothing of it, and ignores the offset."""
    with pytest.raises(SourceError, match="Content-Crs is not stated, expected"):
        ogc_features.fetch(mapserver.features_mute, "pand", None, http, lambda *_: None)
    with pytest.raises(SourceError, match="features lie outside the Netherlands in EPSG:28992"):
        ogc_features.fetch(mapserver.features, "pand", None, http, lambda *_: None)
    monkeypatch.setattr(geojson, "RD_RANGE", (3.0, 50.0, 8.0, 54.0))
    with pytest.raises(SourceError, match="1000 features of page 2 came before"):
        ogc_features.fetch(mapserver.features, "pand", None, http, lambda *_: None)
