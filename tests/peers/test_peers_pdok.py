"""The whole sample at PDOK's own paths, loaded with only the addresses changed, is what the files give: every declared way."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from click.testing import CliRunner
from raster_world import read

from pipeline import sample
from pipeline.cli import cli
from pipeline.load import ogc_features, wfs
from pipeline.load.http import Http
from pipeline.sample.figures import delivered
from pipeline.sources import RASTERS, SOURCES, Access, RasterSource, Source

from .pdok import API, CUT, LACKING, SERVICE, Pdok, served

#: Its servers are started once, in one process.
pytestmark = pytest.mark.xdist_group("pdok")

#: Smaller than a city, so that every way can be walked; most sources come in several pages or tiles.
CONFIG = """
[area]
gemeente_codes = []
polygon_file = "area.gpkg"
margin_m = 200

[corridor]
kind = "polygon"
polygon_file = "corridor.gpkg"
stations = []

[indicators]
oad_radius_m = 200

[units]
kinds = ["buurt", "square_500m", "hexagon", "corridor"]

[load]
tries = 2
corridor_margin_m = 100

[services]
"""
#: Around Enschede Kennispark: every kind of object of the BGT lies there, and the edge between two sheets of heights.
AREA, CORRIDOR = shapely.box(253_000, 472_000, 255_600, 474_000), shapely.box(253_150, 472_450, 254_950, 473_650)
#: What no server here gives by a declared way, and why.
NOT_SERVED = {
    (name, year, "ogc_features"): "the collection does not bear the year: only the newest edition can be asked for"
    for name in ("vierkant_100m", "vierkant_500m")
    for year in sample.EARLIER[name]
}
#: The n-th way of every source, and pygeoapi in the place of PDOK's OGC API.
ROUNDS = ("first", "second", "third", "pygeoapi")


def way_in(round_: str, source: Source | RasterSource) -> Access | None:
    """The way that a source takes in a round; None where it has none."""
    if round_ == "pygeoapi":
        return next((a for a in source.accesses if a.protocol == "ogc_features"), None)
    number = ROUNDS.index(round_)
    return source.accesses[number] if number < len(source.accesses) else None


def years(source: Source, access: Access) -> list[int]:
    """Editions of the sample by this way, newest first."""
    return [year for year, _, _ in served(source, access) if year is not None]


def project(folder: Path, services: Mapping[str, str], sources: Mapping[str, str]) -> Path:
    """Write a config; a source that is not named is switched off."""
    folder.mkdir()
    for name, shape in (("area", AREA), ("corridor", CORRIDOR)):
        pyogrio.write_dataframe(gpd.GeoDataFrame(geometry=[shape], crs=28992), folder / f"{name}.gpkg")
    text = CONFIG + "".join(f'"{old}" = "{new}"\n' for old, new in services.items())
    for name in (s.name for s in (*SOURCES, *RASTERS)):
        text += f"\n[sources.{name}]\n{sources.get(name, 'enabled = false')}\n"
    (folder / "config.toml").write_text(text, encoding="utf-8")
    return folder


def load(folder: Path) -> Path:
    """Do ``spoorzone load``; give the folder with what came."""
    result = CliRunner().invoke(cli, ["load", "--config", str(folder / "config.toml")])
    assert result.exit_code == 0, result.output
    return folder / "data_raw"


def editions(have: list[int]) -> str:
    return f"edition = {have[0]}\nearlier_editions = {have[1:]}\n" if have else ""


@pytest.fixture(scope="session")
def from_files(files: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the file route gives."""
    sources = {}
    for source in SOURCES:
        have = list(sample.figures.editions(source.name))
        path = str(files[source.name])
        path = path.replace(f"_{have[0]}.gpkg", "_{edition}.gpkg") if have else path
        sources[source.name] = f'enabled = true\nprotocol = "file"\npath = "{path}"\n{editions(have)}'
        if source.name == "bodemgebruik":
            sources[source.name] += 'layer = "bodemgebruik"\n'
    for raster in RASTERS:
        sources[raster.name] = f'enabled = true\nprotocol = "file"\npath = "{files[raster.name]}"\n'
    return load(project(tmp_path_factory.mktemp("files") / "project", {}, sources))


@pytest.fixture(scope="session")
def loaded(pdok: Pdok, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """What a round gives; each is done once."""
    folder = tmp_path_factory.mktemp("rounds")

    @cache
    def round_(name: str) -> Path:
        services = dict(pdok.services)
        if name == "second":
            # The coverages are no longer at their new address, so that the old one is the second way.
            services |= {f"{SERVICE}/rws/actueel-hoogtebestand-nederland/wcs": f"{pdok.url}/gone"}
        if name == "pygeoapi":
            services |= {API: f"{pdok.url}/pygeoapi"}
        sources = {}
        for source in (*SOURCES, *RASTERS):
            if (access := way_in(name, source)) is not None:
                chosen = "" if name == "first" else f'protocol = "{access.protocol}"\n'
                have = years(source, access) if isinstance(source, Source) else []
                if have and not any(mark in access.url + access.collection for mark in ("{edition}", "{yy}")):
                    # An address without a year serves the newest only, unless its user says that it is this one.
                    chosen += f'collection = "{access.collection}"\n'
                sources[source.name] = f"enabled = true\n{chosen}{editions(have)}"
        return load(project(folder / name, services, sources))

    return round_


def layer(raw: Path, name: str) -> gpd.GeoDataFrame:
    return pyogrio.read_dataframe(raw / f"{name}.gpkg")


def apart(ours: gpd.GeoSeries, theirs: gpd.GeoSeries) -> float:
    """How far two outlines are apart at most, in metres; one part may come alone or in a multi-part."""
    assert (shapely.get_num_geometries(ours) == shapely.get_num_geometries(theirs)).all()
    ours, theirs = (shapely.normalize(t.to_numpy()) for t in (ours, theirs))
    others = ~shapely.equals_exact(ours, theirs, 0.0005)
    return float(shapely.hausdorff_distance(ours[others], theirs[others]).max(initial=0.0))


def receipt(raw: Path, name: str) -> dict[str, Any]:
    return json.loads((raw / f"{name}.receipt.json").read_text())


WAYS = [
    pytest.param(r, s, a, year, id=f"{r}-{delivered(s.name, year)}-{a.protocol}")
    for r in ROUNDS
    for s in SOURCES
    if (a := way_in(r, s)) is not None
    for year in sample.figures.editions(s.name) or (None,)
]


@pytest.mark.parametrize(("round_", "source", "access", "year"), WAYS)
def test_every_way_gives_what_the_file_gives(
    loaded: Callable[[str], Path], from_files: Path, round_: str, source: Source, access: Access, year: int | None
) -> None:
    """Key, columns and values the same; outlines no more than a millimetre apart."""
    name = delivered(source.name, year)
    if (source.name, year, access.protocol) in NOT_SERVED:
        assert year not in years(source, access)
        return
    raw = loaded(round_)
    ours, theirs, said = layer(raw, name), layer(from_files, name), receipt(raw, name)
    assert (said["protocol"], said["edition"]) == (access.protocol, year) and "127.0.0.1" in said["url"]
    assert len(theirs) > 0 and list(ours.columns) == list(theirs.columns)
    absent = sorted(
        n for n, native in source.native.items() if native in LACKING.get((source.name, access.protocol), ())
    )
    assert sorted(said["absent"]) == sorted({*receipt(from_files, name)["absent"], *absent})
    ours, theirs = (t.sort_values(source.layer.key, ignore_index=True) for t in (ours, theirs))
    pd.testing.assert_frame_equal(*(pd.DataFrame(t.drop(columns=["geometry", *absent])) for t in (ours, theirs)))
    assert apart(ours.geometry, theirs.geometry) < 0.001


@pytest.mark.parametrize("raster", RASTERS, ids=lambda r: r.name)
@pytest.mark.parametrize("round_", ROUNDS[:3])
def test_every_way_gives_the_same_heights(
    loaded: Callable[[str], Path], from_files: Path, round_: str, raster: RasterSource
) -> None:
    """Cell for cell."""
    raw, access = loaded(round_), way_in(round_, raster)
    said = receipt(raw, raster.name)
    assert access is not None and said["protocol"] == access.protocol
    assert said["url"].endswith(access.url.removeprefix(SERVICE))
    cells = read(raw / f"{raster.name}.vrt")
    assert cells.shape == (4000, 6000) and 0.3 < np.isfinite(cells).mean() < 1
    np.testing.assert_array_equal(cells, read(from_files / f"{raster.name}.vrt"))


def test_every_declared_way_is_walked() -> None:
    """In one of the rounds, and none is called not served that is."""
    walked = {(s.name, a.protocol, a.url) for r in ROUNDS for s in (*SOURCES, *RASTERS) if (a := way_in(r, s))}
    assert walked == {(s.name, a.protocol, a.url) for s in (*SOURCES, *RASTERS) for a in s.accesses}
    tested = {(p.values[1].name, p.values[3], p.values[2].protocol) for p in WAYS}
    assert NOT_SERVED.keys() <= tested


def test_several_pages_and_tiles_came(loaded: Callable[[str], Path]) -> None:
    """Otherwise this would say little."""
    pages = {n: len(receipt(loaded("first"), n)["pages"]) for n in ("pand", "verblijfsobject", "ahn_dtm")}
    assert all(count >= 4 for count in pages.values()), pages
    # More than four tiles of one page each: next links were followed.
    assert all(len(receipt(loaded(r), "verblijfsobject")["pages"]) > 4 for r in ("second", "pygeoapi"))


def test_what_is_made_of_it_is_the_same(loaded: Callable[[str], Path], from_files: Path) -> None:
    """The whole way: every indicator of every unit."""
    made = []
    for raw in (loaded("first"), from_files):
        result = CliRunner().invoke(cli, ["run", "--config", str(raw.parent / "config.toml")])
        assert result.exit_code == 0, result.output
        made.append(raw.parent / "data_out" / "spoorzone.gpkg")
    for kind in ("buurt", "square_500m", "hexagon", "corridor"):
        ours, theirs = (pyogrio.read_dataframe(path, layer=kind).drop(columns="geometry") for path in made)
        assert len(theirs) > 0 and (kind != "hexagon" or theirs["dwellings_count"].sum() > 1000)
        pd.testing.assert_frame_equal(pd.DataFrame(ours), pd.DataFrame(theirs), rtol=1e-6)


# --- GDAL's own clients


def asked_by_gdal(kind: str, url: str, collection: str, **options: Any) -> gpd.GeoDataFrame:
    table = pyogrio.read_dataframe(f"{kind}:{url}", layer=collection, bbox=CUT, **options)
    assert table.crs.equals("EPSG:28992")
    return table


def same_set(ours: gpd.GeoDataFrame, theirs: gpd.GeoDataFrame, key: str) -> None:
    """The same keys, each with the same outline to the millimetre; none twice."""
    assert len(ours) > 1000 and ours[key].is_unique and theirs[key].is_unique
    ours, theirs = (t.set_index(key).geometry.sort_index() for t in (ours, theirs))
    assert list(ours.index) == list(theirs.index)
    assert apart(ours, theirs) < 0.001


@pytest.mark.parametrize(("root", "landing", "collection", "key"), [
    ("api", "/kadaster/bag/ogc/v2", "pand", "identificatie"),
    ("api", "/kadaster/bag/ogc/v2", "verblijfsobject", "identificatie"),
    ("api", "/kadaster/brk-kadastrale-kaart/ogc/v1", "perceel", "identificatie_lokaal_id"),
    ("api", "/rws/nationaal-wegenbestand-wegen/ogc/v1", "wegvakken", "wvk_id"),
    ("own", "", "pand", "identificatie"),
    ("own", "", "perceel", "identificatie_lokaal_id"),
])  # fmt: skip
def test_gdal_fetches_the_same_from_the_ogc_apis(
    pdok: Pdok, root: str, landing: str, collection: str, key: str
) -> None:
    """From PDOK's kind of server, and from pygeoapi."""
    url = f"{pdok.url}/{root}{landing}"
    with Http(tries=2) as http:
        ours = ogc_features.fetch(url, collection, CUT, http, lambda *_: None, second_pass=False).table
    same_set(ours, asked_by_gdal("OAPIF", url, collection, CRS="EPSG:28992", PAGE_SIZE="1000"), key)


@pytest.mark.parametrize(("path", "collection", "key"), [
    ("/lv/bag/wfs/v2_0", "bag:pand", "identificatie"),
    ("/lv/bag/wfs/v2_0", "bag:verblijfsobject", "identificatie"),
    ("/rws/nationaal-wegenbestand-wegen/wfs/v1_0", "nwbwegen:wegvakken", "wvk_id"),
])  # fmt: skip
def test_gdal_fetches_the_same_from_mapserver(pdok: Pdok, path: str, collection: str, key: str) -> None:
    url = f"{pdok.url}/service{path}"
    with Http(tries=2) as http:
        ours = wfs.fetch(url, collection, CUT, http, lambda *_: None).table
    same_set(ours, asked_by_gdal("WFS", url, collection), key)
