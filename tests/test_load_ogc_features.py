"""OGC API Features, against a server that pages as PDOK's does, and does it wrong when told to."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from pipeline.config import SourceSettings
from pipeline.contract import SourceError
from pipeline.load import fetch, geojson, ogc_features
from pipeline.load.http import Answer, Http
from pipeline.load.received import Received
from pipeline.sources import Access

BBOX = (249_500.0, 470_000.0, 259_200.5, 477_300.0)
RD = {"Content-Crs": f"<{ogc_features.RD_URI}>"}


def feature(i: int, **properties: Any) -> dict[str, Any]:
    place = {"type": "Point", "coordinates": [250_000 + i, 471_000]}
    return {"type": "Feature", "id": f"id{i}", "properties": {"nummer": f"{i:04d}", **properties}, "geometry": place}


@pytest.fixture
def http() -> Iterator[Http]:
    with Http(timeout_s=5, tries=2, pause_s=0.001) as client:
        yield client


Serve = Callable[..., str]


@pytest.fixture
def serve(httpserver: HTTPServer) -> Serve:
    """Serve pages of features, each linked to the next; `changes` go into the body of a page, by its number."""

    def at(
        pages: list[list[dict[str, Any]]],
        changes: dict[int, dict[str, Any]] | None = None,
        headers: dict[str, str] | None = None,
    ) -> str:
        def page(request: Request) -> Response:
            number = int(request.args.get("cursor", "0"))
            body: dict[str, Any] = {"type": "FeatureCollection", "features": pages[number], "links": []}
            if number + 1 < len(pages):
                href = httpserver.url_for(f"/api/collections/pand/items?cursor={number + 1}&f=json")
                body["links"] = [{"rel": "self", "href": "x"}, {"rel": "next", "type": "text/html", "href": "y"}]
                body["links"].append({"rel": "next", "type": "application/geo+json", "href": href})
            body |= (changes or {}).get(number, {})
            return Response(
                json.dumps(body), content_type="application/geo+json", headers=RD if headers is None else headers
            )

        httpserver.clear_all_handlers()
        httpserver.expect_request("/api/collections/pand/items").respond_with_handler(page)
        return httpserver.url_for("/api")

    return at


def get(url: str, http: Http, bbox: Any = BBOX, progress: Any = lambda *_: None) -> Received:
    return ogc_features.fetch(url, "pand", bbox, http, progress)


def numbers(got: Received) -> list[str]:
    return list(got.table["nummer"])


# What is asked, and the walk


def test_what_is_asked(serve: Serve, http: Http, httpserver: HTTPServer) -> None:
    get(serve([[feature(1)]]) + "/", http)
    asked = httpserver.log[0][0]
    assert asked.args.to_dict() == {
        "f": "json",
        "limit": "1000",
        "crs": ogc_features.RD_URI,
        "bbox-crs": ogc_features.RD_URI,
        "bbox": "249500,470000,259200.5,477300",
    }
    assert asked.headers["Accept"].startswith("application/geo+json")
    get(serve([[feature(1)]]), http, bbox=None)
    assert set(httpserver.log[-1][0].args) == {"f", "limit", "crs"}


def test_pages_are_followed_to_the_last_however_short(serve: Serve, http: Http, httpserver: HTTPServer) -> None:
    amounts: list[Any] = []
    pages = [[feature(1), feature(2)], [feature(3)], [feature(4), feature(5)]]
    got = get(serve(pages), http, bbox=None, progress=lambda *a: amounts.append(a))
    assert numbers(got) == ["0001", "0002", "0003", "0004", "0005"]
    assert got.reported is None
    assert amounts == [(2, None), (3, None), (5, None)]
    assert [(p.means, p.holds) for p in got.proofs] == [("second_pass", True)]
    assert [p.features for p in got.pages] == [2, 1, 2]
    assert all(r.headers["Accept"].startswith("application/geo+json") for r, _ in httpserver.log)
    # The link is followed as it stands, without our own parameters.
    assert httpserver.log[1][0].query_string == b"cursor=1&f=json"
    assert got.table.crs == "EPSG:28992"


@pytest.mark.fault("B", "an empty page at the end", "nothing")
def test_one_empty_page_at_the_end_is_the_end(serve: Serve, http: Http) -> None:
    assert numbers(get(serve([[feature(1)], []]), http)) == ["0001"]


@pytest.mark.fault(
    "B", "empty pages, each with a next one, without end",
    "one line: “4 empty pages in a row and still a next one; the service does not end”",
)  # fmt: skip
def test_pages_without_end(serve: Serve, http: Http) -> None:
    with pytest.raises(SourceError, match="4 empty pages in a row and still a next one; the service does not end"):
        get(serve([[feature(1)], *([[]] * 9)]), http)


@pytest.mark.fault(
    "B", "one feature, or none",
    "nothing: one is a layer of one; none is an error where the source must have some",
)  # fmt: skip
def test_no_features_at_all(serve: Serve, http: Http) -> None:
    got = get(serve([[]], {0: {"numberMatched": 0}}), http)
    assert (len(got.table), got.reported) == (0, 0)
    assert got.table.crs == "EPSG:28992"


@pytest.mark.fault(
    "B", "more or fewer features than the service counts",
    "one line: “reports 4 features and sent 3; a page was lost or the data changed meanwhile, run again”",
)  # fmt: skip
def test_the_services_own_count_must_be_reached(serve: Serve, http: Http) -> None:
    pages = [[feature(1), feature(2)], [feature(3)]]
    got = get(serve(pages, {0: {"numberMatched": 3}, 1: {"numberMatched": 3}}), http)
    assert got.reported == 3
    for wrong in (2, 4):
        with pytest.raises(SourceError, match=f"pand: reports {wrong} features and sent 3; a page was lost"):
            get(serve(pages, {0: {"numberMatched": wrong}}), http)


@pytest.mark.fault(
    "B", "a page holds another number of features than it says",
    "one line: “says to hold 2 features and holds 1; run again”",
)  # fmt: skip
def test_a_page_must_hold_what_it_says(serve: Serve, http: Http) -> None:
    with pytest.raises(SourceError, match="says to hold 2 features and holds 1; run again"):
        get(serve([[feature(1)]], {0: {"numberReturned": 2}}), http)


@pytest.mark.fault(
    "B", "the link to the next page leads back to an earlier one",
    "one line: “the service pages in a circle”",
)  # fmt: skip
def test_a_circle(serve: Serve, http: Http, httpserver: HTTPServer) -> None:
    back = httpserver.url_for("/api/collections/pand/items?cursor=1&f=json")
    with pytest.raises(
        SourceError, match=r"the link to page 4 leads back to an earlier page; the service pages in a circle"
    ):
        get(serve([[feature(1)], [feature(2)], [feature(3)]], {2: {"links": [{"rel": "next", "href": back}]}}), http)


@pytest.mark.fault(
    "B", "a cursor that is lost gives the first page again, with status 200 (as GoKoala does)",
    "one line: “… features of page 2 came before …; the service pages wrongly or the data changed meanwhile, run again”",
)  # fmt: skip
def test_a_cursor_that_is_lost_gives_the_first_page_again(serve: Serve, http: Http) -> None:
    first = [feature(1), feature(2)]
    with pytest.raises(
        SourceError, match=r"pand: 2 features of page 2 came before, first 'id1'; the service pages wrongly"
    ):
        get(serve([first, first, [feature(3)]]), http)


@pytest.mark.fault(
    "B", "one id on two pages",
    "one line: “… features of page 2 came before …; the service pages wrongly or the data changed meanwhile, run again”",
)  # fmt: skip
def test_one_feature_on_two_pages(serve: Serve, http: Http) -> None:
    with pytest.raises(SourceError, match="1 features of page 2 came before, first 'id2'"):
        get(serve([[feature(1), feature(2)], [feature(2, changed=1), feature(3)]]), http)


@pytest.mark.fault(
    "B", "features without an id, one of them on two pages",
    "one line: “… features of page 2 came before …; the service pages wrongly or the data changed meanwhile, run again”",
)  # fmt: skip
def test_features_without_an_id_are_known_by_their_content(serve: Serve, http: Http) -> None:
    bare = [{k: v for k, v in feature(i).items() if k != "id"} for i in range(3)]
    assert len(get(serve([bare[:2], bare[2:]]), http).table) == 3
    with pytest.raises(SourceError, match="1 features of page 2 came before"):
        get(serve([bare[:2], bare[1:]]), http)


@pytest.mark.fault(
    "B", "links that are no list, or a link that is no web address or leads to another host",
    "one line: “the next page is at …, expected the same host” or what else is wrong with it",
)  # fmt: skip
@pytest.mark.parametrize(
    ("href", "says"),
    [
        ("http://127.0.0.2:1/x", r"the next page is at http://127\.0\.0\.2:1, expected the same host; a mirror must"),
        ("https://{host}/x", r"the next page is at https://localhost:[0-9]+, expected the same host"),
        ("", "has a next link without an address"),
        (None, "has a next link without an address"),
        ("http://[::1/", "the next link 'http://\\[::1/' is no web address"),
    ],
)
def test_a_link_that_is_not_followed(serve: Serve, http: Http, httpserver: HTTPServer, href: Any, says: str) -> None:
    href = href and href.replace("{host}", f"localhost:{httpserver.port}")
    with pytest.raises(SourceError, match=says):
        get(serve([[feature(1)]], {0: {"links": [{"rel": "next", "href": href}]}}), http)


def test_a_relative_link_is(serve: Serve, http: Http) -> None:
    got = get(serve([[feature(1)], [feature(2)]], {0: {"links": [{"rel": "next", "href": "?cursor=1"}]}}), http)
    assert len(got.table) == 2


# The CRS


@pytest.mark.fault(
    "B", "Content-Crs is missing or names another system, on the first page or a later one",
    "one line: “Content-Crs is not stated, expected …/EPSG/0/28992; the service did not answer in EPSG:28992”",
)  # fmt: skip
@pytest.mark.parametrize("stated", [None, "<http://www.opengis.net/def/crs/OGC/1.3/CRS84>"])
def test_the_answer_must_say_that_it_is_in_rd(serve: Serve, http: Http, stated: str | None) -> None:
    with pytest.raises(
        SourceError,
        match=r"Content-Crs is (not stated|http:.*CRS84), expected http://www\.opengis\.net/def/crs/EPSG/0/28992",
    ):
        get(serve([[feature(1)]], headers={} if stated is None else {"Content-Crs": stated}), http)


@pytest.mark.fault(
    "B", "degrees instead of metres, x and y exchanged, or a place outside the Netherlands",
    "one line: “… features lie outside the Netherlands in EPSG:28992, first at …; the service answers in another CRS or with x and y exchanged”",
)  # fmt: skip
@pytest.mark.parametrize("place", [[6.89, 52.22], [471_000, 250_000], [257_000, 650_001]])
def test_and_be_in_rd(serve: Serve, http: Http, place: list[float]) -> None:
    wrong = feature(1) | {"geometry": {"type": "Point", "coordinates": place}}
    with pytest.raises(SourceError, match="1 of 2 features lie outside the Netherlands in EPSG:28992, first at"):
        get(serve([[feature(2), wrong]]), http)


# What came instead


@pytest.mark.fault(
    "A", "a web page, an XML exception, nothing, half the JSON, “features” null, or what is no feature, with status 200",
    "one line saying what came instead: “an HTML page”, “an empty answer”, “not whole JSON”, “JSON, but not a list of features”, the service’s own words",
)  # fmt: skip
@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "an empty answer, expected GeoJSON"),
        (b"  <!doctype HTML><html>busy</html>", "an HTML page, expected GeoJSON"),
        (b"<html><body>MapServer Message", "an HTML page, expected GeoJSON"),
        (
            b'<?xml version="1.0"?><ServiceExceptionReport><ServiceException>no such\n layer</ServiceException></ServiceExceptionReport>',
            r"XML \(ServiceExceptionReport\), expected GeoJSON: no such layer$",
        ),
        (b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>', "XML with a document type"),
        (b"<x>", r"not whole XML \(no element found in line 1\)"),
        (b'{"type": "FeatureCollection", "features": [{"type": "Fea', r"not whole JSON \(.* at character \d+ of 56\)"),
        (
            b'{"type": "FeatureCollection", "features": [{"properties": {"h": NaN}}]}',
            r"not whole JSON \(NaN is no number in JSON\)",
        ),
        (b"[" * 100_000, "not whole JSON"),
        (b"\xff\xfe", "not whole JSON"),
        (b"[]", "JSON, but not a list of features; is the collection right"),
        (b'{"features": null, "detail": "gone"}', r"JSON, but not a list of features \(gone\)"),
        (b'{"features": [1]}', "holds something that is no GeoJSON feature"),
        (b'{"features": [{"properties": [1]}]}', "holds something that is no GeoJSON feature"),
        (
            b'{"features": [{"properties": {}, "geometry": {"type": "Circle"}}]}',
            r"a geometry that is not GeoJSON \(KeyError",
        ),
        (
            b'{"features": [{"geometry": {"type": "Point", "coordinates": ["a", 1]}}]}',
            r"a geometry that is not GeoJSON \(ValueError",
        ),
        (
            b'{"features": [{"geometry": {"type": "Polygon", "coordinates": [1]}}]}',
            r"a geometry that is not GeoJSON \(TypeError",
        ),
    ],
)
def test_what_came_instead_of_geojson(httpserver: HTTPServer, http: Http, body: bytes, says: str) -> None:
    httpserver.expect_request("/api/collections/pand/items").respond_with_data(body, headers=RD)
    with pytest.raises(SourceError, match=f"/items.*: {says}") as error:
        get(httpserver.url_for("/api"), http)
    assert "\n" not in str(error.value)
    # What may be a moment's failure is asked once more, what is no failure is not.
    assert len(httpserver.log) == (2 if "tried 2 times" in str(error.value) else 1)
    assert ("tried 2 times" in str(error.value)) == any(w in says for w in ("empty", "HTML", "not whole JSON"))


# The table


@pytest.mark.fault(
    "B", "pages with other columns than the first",
    "nothing: the layer has all columns, empty where a page lacks one",
)  # fmt: skip
def test_columns_are_the_union_of_all_pages_and_types_of_all_values(serve: Serve, http: Http) -> None:
    pages = [
        [feature(1, bouwjaar=None, aantalInwoners=5, only_first="x")],
        [feature(2, bouwjaar=1950, aantalInwoners=-99997, only_second=1.5)],
        [feature(3, bouwjaar=2**60 + 1, aantalInwoners=7, gebruiksdoel=None, pand={"href": "u"})],
        [feature(4, bouwjaar=None, aantalInwoners=0, ok=True, links=["a", "b"], **{"pand.href": ["u1", "u2"]})],
    ]
    del pages[3][0]["properties"]["pand.href"]
    table = get(serve(pages), http).table
    assert table["bouwjaar"].tolist()[1:3] == [1950, 2**60 + 1]
    assert table["bouwjaar"].isna().tolist() == [True, False, False, True]
    assert (table["aantal_inwoners"].dtype, table["aantal_inwoners"].tolist()) == ("int64", [5, -99997, 7, 0])
    assert (table["nummer"].dtype, table["only_first"].dtype, table["only_second"].dtype) == ("str", "str", "float64")
    assert table["gebruiksdoel"].isna().all()
    assert table["links"].tolist()[3] == "a,b"
    assert table["pand"].tolist()[2] == '{"href": "u"}'
    assert table["ok"].tolist()[3] is True
    assert table["id"].tolist() == ["id1", "id2", "id3", "id4"]


@pytest.mark.fault(
    "B", "a column of numbers on one page and of text on another",
    "nothing: text holds both; where a number is declared and the text is none, one line",
)  # fmt: skip
def test_numbers_on_one_page_and_text_on_another_are_text(serve: Serve, http: Http) -> None:
    got = get(serve([[feature(1, code=12)], [feature(2, code="A1")], [feature(3, code=None)]]), http)
    assert got.table["code"].tolist()[:2] == ["12", "A1"]
    assert got.table["code"].isna().tolist() == [False, False, True]


def test_a_property_called_id_goes_before_the_id_of_the_service(serve: Serve, http: Http) -> None:
    assert get(serve([[feature(1, id=7)]]), http).table["id"].tolist() == [7]


def test_the_config_may_name_columns_of_a_service_too(serve: Serve, http: Http) -> None:
    settings = SourceSettings(columns={"identificatie": "id"}, values={"status": "x"})
    access = Access("ogc_features", serve([[feature(1)]]), "pand")
    got = fetch(access, settings, bbox=None, http=http, progress=lambda *_: None)
    assert got.table["identificatie"].tolist() == ["id1"]
    assert got.table["status"].tolist() == ["x"]


XY = st.tuples(st.integers(0, 3), st.integers(300_000, 300_003)).map(lambda p: (float(p[0]), float(p[1])))
SHAPES = st.one_of(
    XY.map(shapely.Point),
    st.lists(XY, min_size=1, max_size=3).map(shapely.MultiPoint),
    st.lists(XY, min_size=2, max_size=4).map(shapely.LineString),
    st.lists(st.lists(XY, min_size=2, max_size=3), min_size=1, max_size=2).map(shapely.MultiLineString),
    st.lists(XY, min_size=3, max_size=5).map(shapely.Polygon),
    st.just(shapely.box(0, 300_000, 9, 300_009).difference(shapely.box(1, 300_001, 2, 300_002))),
    st.lists(XY, min_size=1, max_size=3).map(
        lambda c: shapely.MultiPolygon([shapely.box(x, y, x + 0.5, y + 0.5) for x, y in c])
    ),
    XY.map(lambda p: shapely.GeometryCollection([shapely.Point(p)])),
    st.just(shapely.Polygon()),
    st.none(),
)


@given(st.lists(SHAPES, max_size=8))
def test_geometries_of_any_kind_come_out_as_they_went_in(shapes: list[Any]) -> None:
    """The fast way through flat coordinates gives what shapely's own reader gives."""
    members = [{"properties": {}, "geometry": None if s is None else json.loads(shapely.to_geojson(s))} for s in shapes]
    answer = Answer("u", 200, {}, json.dumps({"features": members}).encode(), "")
    made = geojson.sheet(answer, geojson.collection(answer)["features"]).geometry
    want = [None if s is None else shapely.from_geojson(shapely.to_geojson(s)) for s in shapes]
    assert [None if m is None else m.wkt for m in made] == [None if w is None else w.wkt for w in want]


def test_heights_and_digits() -> None:
    place = [250_000.123456789, 471_000.1, 12.5]
    body = {"features": [{"properties": None, "geometry": {"type": "Point", "coordinates": place}}]}
    answer = Answer("u", 200, {}, json.dumps(body).encode(), "")
    got = geojson.sheet(answer, geojson.collection(answer)["features"]).geometry[0]
    assert (got.x, got.y, got.has_z) == (250_000.123456789, 471_000.1, False)


def test_the_same_as_geopandas(serve: Serve, http: Http) -> None:
    features = [feature(i, a=i, b=str(i), c=i / 2) for i in range(50)]
    got = get(serve([features[:20], features[20:]]), http).table
    want = gpd.GeoDataFrame.from_features(features, crs=28992)
    assert got.geometry.geom_equals_exact(want.geometry, 0).all()
    for column in ("nummer", "a", "b", "c"):
        np.testing.assert_array_equal(got[column].to_numpy(), want[column].to_numpy())
