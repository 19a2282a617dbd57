"""Every declaration against a small page of every way to it, in the service's own schema and with the register's quirks.

The pages in `recorded/` are written by hand from what is known of the services: nothing in them is data. A page is
served as its service would, at the path that is declared; `expected.json` beside it says what the layer must be, what
is dropped and why, and what a way lacks. A file in binary form is made here from its text.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from bgt_server import API, BgtServer
from pytest_httpserver import HTTPServer
from raster_world import NOTHING, read, tiff
from werkzeug import Request, Response

from pipeline import load
from pipeline.config import Config, SourceSettings
from pipeline.contract import Bbox, check
from pipeline.load import rasters, sheets, wcs
from pipeline.load.http import Http
from pipeline.load.kept import Kept
from pipeline.load.layers import OLDER, Conformed, conform
from pipeline.load.received import Received
from pipeline.sources import BY_NAME, RASTERS, SOURCES, Access, RasterSource, Source, dated

RECORDED = Path(__file__).parent / "recorded"
#: Around the corridor; what is declared for the whole country is asked without a box.
WINDOW: Bbox = (250_000.0, 470_000.0, 258_000.0, 476_000.0)
HOSTS = ("https://api.pdok.nl", "https://service.pdok.nl", "https://geodata.cbs.nl")
RD_URI = "http://www.opengis.net/def/crs/EPSG/0/28992"
MOST = 20
PAGES = {
    "ogc_features": "ogc_features.json",
    "wfs": "wfs.json",
    "atom": "atom.json",
    "bgt_download": "bgt_download.gml",
}
RASTER_PAGES = {"wcs": ("wcs_capabilities.xml", "wcs_coverage.xml"), "tiles": ("kaartbladindex.json",)}


class Case(NamedTuple):
    """One edition of one source by one way."""

    source: Source
    edition: int | None
    access: Access

    @property
    def folder(self) -> Path:
        """Where its pages are."""
        return folder(self.source, self.edition)

    @property
    def page(self) -> Path:
        """The page of this way."""
        return self.folder / PAGES[self.access.protocol]

    def __str__(self) -> str:
        return "-".join(map(str, filter(None, (self.source.name, self.edition, self.access.protocol))))


def folder(source: Source, edition: int | None) -> Path:
    """Where the pages of an edition are; a register of the present has no folders of years."""
    return RECORDED / source.name / (str(edition) if edition else "")


def newest(source: Source) -> int | None:
    """The edition that is loaded when nothing else is asked."""
    return source.editions[0] if source.editions else None


def recorded(source: Source) -> list[int | None]:
    """The editions with pages, the newest always."""
    return [e for e in source.editions or (None,) if e == newest(source) or folder(source, e).is_dir()]


#: The newest edition by every way; an earlier one by the ways that have a page.
CASES = [
    case
    for source in SOURCES
    for edition in recorded(source)
    for case in (Case(source, edition, a) for a in source.accesses)
    if edition == newest(source) or case.page.is_file()
]
EDITIONS = [(source, edition) for source in SOURCES for edition in recorded(source)]
RASTER_CASES = [(raster, access) for raster in RASTERS for access in raster.accesses]

#: What is known to be wrong: source -> why.
each_case = pytest.mark.parametrize("case", CASES, ids=str)
each_edition = pytest.mark.parametrize(
    ("source", "edition"), EDITIONS, ids=["-".join(map(str, filter(None, (s.name, e)))) for s, e in EDITIONS]
)


# --- services: each answers only what its declaration must ask, and refuses the rest


def serve(server: HTTPServer, case: Case) -> dict[str, str]:
    """Put the page of `case` where its service has it; give the mirrors."""
    access = replace(
        case.access, url=dated(case.access.url, case.edition), collection=dated(case.access.collection, case.edition)
    )
    made = {"ogc_features": _serve_features, "wfs": _serve_wfs, "atom": _serve_file, "bgt_download": _serve_download}
    made[access.protocol](server, case, access)
    return dict.fromkeys(HOSTS, server.url_for("").rstrip("/"))


def _serve_features(server: HTTPServer, case: Case, access: Access) -> None:
    asked = {"f": "json", "limit": "1000", "crs": RD_URI}
    if case.source.extent != "country":
        asked |= {"bbox-crs": RD_URI, "bbox": "250000,470000,258000,476000"}

    def answer(request: Request) -> Response:
        if request.args.to_dict() != asked:
            return Response(f'{{"title": "Bad Request", "detail": "{request.args.to_dict()}"}}', 400)
        return Response(
            case.page.read_bytes(), headers={"Content-Crs": f"<{RD_URI}>"}, content_type="application/geo+json"
        )

    server.expect_request(f"{urlsplit(access.url).path}/collections/{access.collection}/items").respond_with_handler(
        answer
    )


def _serve_wfs(server: HTTPServer, case: Case, access: Access) -> None:
    asked = {
        "service": "WFS",
        "version": "2.0.0",
        "request": "GetFeature",
        "typeNames": access.collection,
        "srsName": "EPSG:28992",
    }
    if case.source.extent != "country":
        asked["bbox"] = "250000,470000,258000,476000,EPSG:28992"
    body = json.loads(case.page.read_text(encoding="utf-8"))

    def answer(request: Request) -> Response:
        said = request.args.to_dict()
        if said == asked | {"resultType": "hits"}:
            counted = f'<wfs:FeatureCollection xmlns:wfs="http://www.opengis.net/wfs/2.0" numberMatched="{len(body["features"])}" numberReturned="0"/>'
            return Response(counted, content_type="text/xml; subtype=gml/3.2.1")
        start = int(said.pop("startIndex", "0"))
        if said != asked | {"outputFormat": "application/json", "count": "1000"}:
            return Response(
                '<ows:ExceptionReport xmlns:ows="http://www.opengis.net/ows/1.1"/>', 400, content_type="text/xml"
            )
        page = body | {"features": body["features"][start:]}
        return Response(json.dumps(page), content_type="application/json; subtype=geojson; charset=utf-8")

    server.expect_request(urlsplit(access.url).path).respond_with_handler(answer)


def _serve_file(server: HTTPServer, case: Case, access: Access) -> None:
    said = json.loads(case.page.read_text(encoding="utf-8"))
    content, path = package(said), urlsplit(access.url).path
    if path.endswith(".xml"):
        feed = case.page.with_suffix(".xml").read_text(encoding="utf-8")
        server.expect_request(path).respond_with_data(feed, content_type="application/atom+xml")
        path = f"{path.rpartition('/')[0]}/downloads/{said['file']}"
    elif path.endswith(".zip"):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(f"{said['layer']}/{said['layer']}.qml", "<qgis/>")
            archive.writestr(f"{said['layer']}/{said['file']}", content)
        content = packed.getvalue()
    else:
        assert Path(path).name == said["file"]

    def answer(request: Request) -> Response:
        response = Response(content, content_type="application/octet-stream")
        response.set_etag(hashlib.sha256(content).hexdigest())
        return response.make_conditional(request, accept_ranges=True, complete_length=len(content))

    server.expect_request(path).respond_with_handler(answer)


def _serve_download(server: HTTPServer, case: Case, access: Access) -> None:
    assert urlsplit(access.url).path == API
    bgt = BgtServer(server)
    bgt.states = []
    bgt.files[access.collection.partition("_")[0]] = case.page.read_text(encoding="utf-8")


def package(said: dict[str, Any]) -> bytes:
    """A GeoPackage of the rows in a text, each column of the type that is said."""
    kinds = {"str": "str", "int": "Int64", "float": "Float64"}
    rows = said["rows"]
    columns = {name: pd.array([row[name] for row in rows], dtype=kinds[kind]) for name, kind in said["columns"].items()}
    table = gpd.GeoDataFrame(columns, geometry=shapely.from_wkt([row["geom"] for row in rows]), crs="EPSG:28992")
    made = io.BytesIO()
    pyogrio.write_dataframe(table, made, layer=said["layer"], driver="GPKG", geometry_type=said["geometry"])
    return made.getvalue()


# --- what comes of it


class Expected(NamedTuple):
    """What a layer must be, as it is written beside its pages."""

    table: gpd.GeoDataFrame
    dropped: dict[str, int]
    absent: tuple[str, ...]


def expected(source: Source, edition: int | None, protocol: str) -> Expected:
    """Read it; what a way lacks is taken away."""
    said = json.loads((folder(source, edition) / "expected.json").read_text(encoding="utf-8"))
    said |= said["ways"].get(protocol, {})
    keyed = isinstance(said["rows"], dict)
    rows = list(said["rows"].values() if keyed else said["rows"])
    names = [c.name for c in source.layer.columns]
    assert all(set(row) == {*names, "geometry"} for row in rows), "expected.json names other columns than the layer"
    columns = {
        c.name: pd.Series(
            [{"str": ""}.get(c.dtype) if c.name in said["absent"] else r[c.name] for r in rows], dtype=c.dtype
        )
        for c in source.layer.columns
    }
    table = gpd.GeoDataFrame(columns, geometry=shapely.from_wkt([r["geometry"] for r in rows]), crs="EPSG:28992")
    if keyed:
        table.index = pd.Index(list(said["rows"]), name=source.layer.key, dtype="str")
    return Expected(table, {reason: len(which) for reason, which in said["dropped"].items()}, tuple(said["absent"]))


@pytest.fixture
def http(tmp_path: Path) -> Iterator[Kept]:
    with Http(timeout_s=5, tries=1, pause_s=0.0) as client:
        yield Kept(client, tmp_path / "kept", None)


def loaded(case: Case, server: HTTPServer, http: Kept) -> tuple[Received, Conformed]:
    """The layer as a run would load it."""
    services = serve(server, case)
    url = Config(services=services).mirror(dated(case.access.url, case.edition))
    access = replace(case.access, url=url, collection=dated(case.access.collection, case.edition))
    box = None if case.source.extent == "country" else WINDOW
    received = load.fetch(access, SourceSettings(), bbox=box, http=http, progress=lambda *_: None, mirror=Config(services=services).mirror)
    return received, conform(received, case.source, edition=case.edition, bbox=box)


def in_order(table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The rows in an order that does not depend on a key made from their content, nor on how they are drawn."""
    return table.iloc[np.lexsort([shapely.area(table.geometry.to_numpy()), *table.geometry.bounds.to_numpy().T])]


@each_case
def test_a_page_becomes_the_layer_that_is_declared(case: Case, httpserver: HTTPServer, http: Kept) -> None:
    received, done = loaded(case, httpserver, http)
    want = expected(case.source, case.edition, case.access.protocol)
    assert dict(done.dropped) == want.dropped
    assert done.absent == want.absent
    assert done.repaired == 0
    assert len(received.table) == len(done.table) + sum(done.dropped.values())
    assert sum(page.features for page in received.pages) == len(received.table)
    assert received.proofs and all(proof.holds for proof in received.proofs)
    check(done.table, case.source.layer)
    got, table = done.table, want.table
    if case.source.layer.key not in case.source.native:
        assert got.index.str.fullmatch("[0-9a-f]{16}").all()
        got, table = (in_order(t).reset_index(drop=True) for t in (got, table))
    pd.testing.assert_frame_equal(
        pd.DataFrame(got.drop(columns="geometry")), pd.DataFrame(table.drop(columns="geometry")), check_exact=True
    )
    assert shapely.equals(got.geometry.to_numpy(), table.geometry.to_numpy()).all()


@each_edition
def test_every_way_gives_the_same_layer(source: Source, edition: int | None, tmp_path: Path) -> None:
    cases = [c for c in CASES if (c.source, c.edition) == (source, edition)]
    came: list[Conformed] = []
    for case in cases:
        with HTTPServer() as server, Http(timeout_s=5, tries=1, pause_s=0.0) as client:
            came.append(loaded(case, server, Kept(client, tmp_path / str(case), None))[1])
    first, *others = came
    for other in others:
        # Known on both ways; which way lacks what is written in expected.json.
        known = [c.name for c in source.layer.columns if c.name not in {*first.absent, *other.absent}]
        pd.testing.assert_frame_equal(
            pd.DataFrame(first.table[known]), pd.DataFrame(other.table[known]), check_exact=True
        )
        assert shapely.equals(first.table.geometry.to_numpy(), other.table.geometry.to_numpy()).all()


def test_only_the_ogc_api_lacks_a_column_that_another_way_has() -> None:
    lacks = set()
    for source, edition in EDITIONS:
        whole = expected(source, edition, "")
        for access in source.accesses:
            absent = set(expected(source, edition, access.protocol).absent)
            said = {c for c in absent if whole.table[c].notna().any() and (whole.table[c] != "").any()}
            lacks |= {(source.name, access.protocol, column) for column in said}
    # Its link to the building ends in a number of the service's own.
    assert lacks == {("verblijfsobject", "ogc_features", "pand_ids")}


# --- the pages themselves


@each_case
def test_there_is_a_small_page_of_every_way(case: Case) -> None:
    assert case.page.is_file(), f"{case} has no recorded page: write {case.page.relative_to(RECORDED.parent)}"
    text = case.page.read_text(encoding="utf-8")
    if case.access.protocol == "bgt_download":
        features = text.count("<gml:featureMember>")
    else:
        said = json.loads(text)
        rows = said.get("features", said.get("rows"))
        features = len(rows)
        assert said.get("numberReturned", features) == features
    assert 3 <= features <= MOST


def test_every_page_is_of_a_declaration() -> None:
    wanted = {case.page for case in CASES} | {folder(*e) / "expected.json" for e in EDITIONS}
    wanted |= {c.page.with_suffix(".xml") for c in CASES if c.access.url.endswith(".xml")}
    wanted |= {RECORDED / r.name / page for r, a in RASTER_CASES for page in RASTER_PAGES[a.protocol]}
    assert {p for p in RECORDED.rglob("*") if p.is_file()} == wanted


@pytest.mark.parametrize("source", SOURCES, ids=lambda s: s.name)
def test_the_pages_hold_what_their_declaration_is_for(source: Source) -> None:
    """A rule that no page needs is not tested by them."""
    dropped: set[str] = set()
    empty: set[str] = set()
    for edition in recorded(source):
        for access in source.accesses:
            want = expected(source, edition, access.protocol)
            dropped |= want.dropped.keys()
            # Withheld, not merely left out.
            empty |= {c for c in want.table.columns[want.table.isna().any()] if c not in want.absent}
    assert {rule.reason for rule in source.keep} <= dropped
    assert set(source.not_known) <= empty
    if source.missing_at_or_below is not None:
        assert "inhabitants_count" in empty or source.name == "wijk"


def test_the_codes_of_the_registers_are_all_there() -> None:
    text = {name: "".join(p.read_text(encoding="utf-8") for p in (RECORDED / name).rglob("*.json") if p.name != "expected.json") for name in BY_NAME}  # fmt: skip
    cbs = "".join(text[n] for n in ("buurt", "wijk", "vierkant_100m", "vierkant_500m"))
    assert {c for c in (-99995, -99997, -99998, -99999, -99999999) if not re.search(rf"{c}\b", cbs)} == set()
    for values in (
        BY_NAME["pand"].not_known["construction_year"],
        BY_NAME["verblijfsobject"].not_known["usable_area_m2"],
    ):
        both = text["pand"] + text["verblijfsobject"]
        assert {v for v in values if not re.search(rf": {v:.0f}[,}}]", both)} == set()
    older = {s.name for s in SOURCES if s.newest_by and OLDER in expected(s, None, "ogc_features").dropped}
    assert older == {"bgt_wegdeel"}, "two versions without an end, of which the newest counts"


# --- rasters


#: Lower left corner of the square of 2 m that is served, in sheet 34FN1.
X, Y = 253_000.0, 473_000.0
NAN = np.nan
CELLS = np.array(
    [[41.5, 41.75, NOTHING, NOTHING], [42.0, -9999.0, -9999.0, 42.5], [42.25, 42.5, 42.75, 43.0], [NOTHING, NOTHING, NOTHING, 43.25]],
    dtype=np.float32,
)  # fmt: skip
KNOWN = np.array(
    [[41.5, 41.75, NAN, NAN], [42.0, NAN, NAN, 42.5], [42.25, 42.5, 42.75, 43.0], [NAN, NAN, NAN, 43.25]], dtype=np.float32
)  # fmt: skip
SQUARE: Bbox = (X, Y, X + 2, Y + 2)


def page(source: RasterSource, name: str) -> Path:
    """A recorded page of a raster."""
    return RECORDED / source.name / name


def _serve_raster(server: HTTPServer, source: RasterSource, access: Access) -> None:
    """Four by four cells, as a coverage would give that reaches no further."""
    path, content = urlsplit(access.url).path, tiff(SQUARE, CELLS, cell=source.raster.resolution_m)
    if access.protocol == "tiles":
        index = (
            page(source, "kaartbladindex.json")
            .read_text(encoding="utf-8")
            .replace("https://service.pdok.nl", server.url_for("").rstrip("/"))
        )
        server.expect_request(path).respond_with_data(index, content_type="application/geo+json")
        letter = {"dtm_05m": "M", "dsm_05m": "R"}[access.collection]
        server.expect_request(f"{path.rpartition('/')[0]}/{letter}_34FN1.tif").respond_with_data(
            content, content_type="image/tiff"
        )
        return

    def answer(request: Request) -> Response:
        said = request.args.to_dict()
        if (said["request"], said["coverageId"], said["format"]) != ("GetCoverage", access.collection, "image/tiff"):
            return Response(
                '<ows:ExceptionReport xmlns:ows="http://www.opengis.net/ows/2.0"/>', 400, content_type="text/xml"
            )
        return Response(content, content_type="image/tiff")

    server.expect_request(path).respond_with_handler(answer)


@pytest.mark.parametrize(
    ("source", "access"), RASTER_CASES, ids=[f"{r.name}-{a.protocol}-{i}" for i, (r, a) in enumerate(RASTER_CASES)]
)
def test_a_raster_comes_by_every_way(
    source: RasterSource, access: Access, httpserver: HTTPServer, http: Kept, tmp_path: Path
) -> None:
    _serve_raster(httpserver, source, access)
    here = replace(access, url=httpserver.url_for(urlsplit(access.url).path))
    got = rasters.fetch(here, source, shapely.box(*SQUARE), http, tmp_path / "raw", lambda *_: None)
    assert [t.box for t in got.tiles] == [(X, Y, X + 1000, Y + 1000)]
    (tile, coarse, _) = rasters.outputs(shapely.box(*SQUARE), source.raster, tmp_path / "raw")
    cells = read(tile)
    assert cells.shape == (2000, 2000)
    np.testing.assert_array_equal(cells[-4:, :4], KNOWN)
    assert np.isfinite(cells).sum() == np.isfinite(KNOWN).sum() == 9
    # The mean of the nine that are known, 381.5 / 9, in the corner of 5 m.
    assert read(coarse)[-1, 0] == pytest.approx(np.float32(381.5 / 9))


@pytest.mark.parametrize("source", RASTERS, ids=lambda r: r.name)
def test_a_coverage_is_what_is_declared(source: RasterSource) -> None:
    offered = ET.parse(page(source, "wcs_capabilities.xml")).getroot()
    described = ET.parse(page(source, "wcs_coverage.xml")).getroot()
    text = lambda root, name: [(e.text or "").strip() for e in root.iter() if e.tag.endswith("}" + name)]  # noqa: E731
    coverages = {a.collection for a in source.accesses if a.protocol == "wcs"}
    assert coverages <= set(text(offered, "CoverageId"))
    assert set(text(described, "CoverageId")) == coverages
    side = source.raster.resolution_m
    assert text(described, "offsetVector") == [f"{side:g} 0", f"0 -{side:g}"]
    # Middle of the first cell: its corner is a whole number of cells from 0,0.
    west, north = (float(v) for v in text(described, "pos")[0].split())
    assert ((west - side / 2) / side, (north + side / 2) / side) == (20_000.0, 1_237_500.0)
    assert {np.float32(v) for v in text(described, "nilValue")} <= {np.float32(v) for v in source.nodata}
    low, high = (
        tuple(map(float, v[0].split())) for v in (text(described, "lowerCorner"), text(described, "upperCorner"))
    )
    assert shapely.box(*low, *high).contains(shapely.box(*WINDOW))


@pytest.mark.parametrize("source", RASTERS, ids=lambda r: r.name)
def test_the_sheets_of_the_index_cover_the_window(source: RasterSource, httpserver: HTTPServer, http: Kept) -> None:
    content = page(source, "kaartbladindex.json").read_bytes()
    httpserver.expect_request("/index.json").respond_with_data(content, content_type="application/geo+json")
    listed = sheets.index(httpserver.url_for("/index.json"), http)
    assert [s.name for s in listed] == ["28GZ2", "28HZ1", "28HZ2", "34EN2", "34FN1", "34FN2"]
    assert shapely.union_all([shapely.box(*s.box) for s in listed]).covers(shapely.box(*WINDOW))
    assert {(s.box[2] - s.box[0], s.box[3] - s.box[1]) for s in listed} == {(5000.0, 6250.0)}
    assert all(s.url.endswith(f"_{s.name}.tif") for s in listed)


def test_a_coverage_is_asked_by_its_box() -> None:
    asked = wcs.address("https://service.pdok.nl/x", "dtm_05m", SQUARE)
    assert asked.endswith("&coverageId=dtm_05m&format=image/tiff&subset=x(253000,253002)&subset=y(473000,473002)")
