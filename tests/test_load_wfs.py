"""WFS 2.0, against a server with PDOK's limits, and one that does it wrong when told to."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from pipeline.contract import SourceError
from pipeline.load import geojson, wfs
from pipeline.load.http import Answer, Http
from pipeline.load.received import InconsistentError, Received

#: A page of 10 and a wall at 20, so that the tests are small; PDOK has 1,000 and 50,000.
PAGE, WALL = 10, 20
BBOX = (1000.0, 300_000.0, 1008.0, 300_008.0)

TOO_FAR = (
    '<?xml version="1.0"?><ows:ExceptionReport xmlns:ows="http://www.opengis.net/ows/1.1"><ows:Exception '
    'exceptionCode="InvalidParameterValue" locator="startindex"><ows:ExceptionText>startindex too high</ows:ExceptionText>'
    "</ows:Exception></ows:ExceptionReport>"
)
XML = "text/xml; charset=UTF-8"


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wfs, "_PAGE", PAGE)
    monkeypatch.setattr(wfs, "_LAST_START", WALL)


@pytest.fixture
def http() -> Iterator[Http]:
    with Http(timeout_s=5, tries=2, pause_s=0.001, parallel_requests=2) as client:
        yield client


def feature(i: int, x: float = 1001, y: float = 300_001, **more: Any) -> dict[str, Any]:
    place = {"type": "Point", "coordinates": [x, y]}
    return {"type": "Feature", "id": f"pand.{i}", "properties": {"aantalInwoners": i, **more}, "geometry": place}


Serve = Callable[..., str]


@pytest.fixture
def serve(httpserver: HTTPServer) -> Serve:
    """Serve features as a WFS: counted, boxed (edges included), paged, refused beyond the wall."""

    def at(
        features: list[dict[str, Any]],
        hits: Callable[[int, bool], Any] = lambda n, _: n,
        page: Callable[[list[Any], int], list[Any]] = lambda rows, _: rows,
        body: dict[str, Any] | None = None,
    ) -> str:
        def answer(request: Request) -> Response:
            ask = request.args
            inside = features
            if "bbox" in ask:
                *box, crs = ask["bbox"].split(",")
                assert crs == "EPSG:28992"
                w, s, e, n = map(float, box)
                place = [f["geometry"]["coordinates"] for f in features]
                inside = [f for f, (x, y) in zip(features, place, strict=True) if w <= x <= e and s <= y <= n]
            if ask.get("resultType") == "hits":
                count = hits(len(inside), "bbox" in ask)
                tag = f'<wfs:FeatureCollection xmlns:wfs="http://www.opengis.net/wfs/2.0" numberMatched="{count}" numberReturned="0"/>'
                return Response(tag, content_type=XML)
            start = int(ask["startIndex"])
            if start > WALL:
                return Response(TOO_FAR, 400, content_type=XML)
            rows = page(inside[start : start + int(ask["count"])], start)
            return Response(
                json.dumps({"type": "FeatureCollection", "features": rows, **(body or {})}),
                content_type="application/json",
            )

        httpserver.clear()
        httpserver.expect_request("/wfs").respond_with_handler(answer)
        return httpserver.url_for("/wfs")

    return at


def get(url: str, http: Http, bbox: Any = BBOX, progress: Any = lambda *_: None) -> Received:
    return wfs.fetch(url, "bag:pand", bbox, http, progress)


def starts(server: HTTPServer) -> list[int]:
    return sorted(int(r.args["startIndex"]) for r, _ in server.log if "startIndex" in r.args)


def test_what_is_asked(serve: Serve, http: Http, httpserver: HTTPServer) -> None:
    got = get(serve([feature(1)]), http)
    base = {
        "service": "WFS",
        "version": "2.0.0",
        "request": "GetFeature",
        "typeNames": "bag:pand",
        "srsName": "EPSG:28992",
    }
    base["bbox"] = "1000,300000,1008,300008,EPSG:28992"
    asked = [r.args.to_dict() for r, _ in httpserver.log]
    assert asked[0] == {**base, "resultType": "hits"}
    assert asked[1] == {**base, "outputFormat": "application/json", "count": "10", "startIndex": "0"}
    assert got.table["aantal_inwoners"].tolist() == [1]
    assert got.table.crs == "EPSG:28992"
    get(serve([feature(1)]) + "?map=x", http, bbox=None)
    assert set(httpserver.log[0][0].args) == {"map", *base, "resultType"} - {"bbox"}


@pytest.mark.parametrize(
    ("count", "asked"), [(0, [0]), (1, [0, 10]), (9, [0, 10]), (10, [0, 10]), (11, [0, 10, 20]), (20, [0, 10, 20])]
)
def test_the_walk_ends_on_an_empty_page(
    serve: Serve, http: Http, httpserver: HTTPServer, count: int, asked: list[int]
) -> None:
    amounts: list[Any] = []
    got = get(serve([feature(i) for i in range(count)]), http, progress=lambda *a: amounts.append(a))
    assert (len(got.table), got.reported) == (count, count)
    assert starts(httpserver) == asked
    assert amounts[-1] == (count, count)
    assert [p.features for p in got.pages][-1] == 0


@pytest.mark.fault(
    "B", "a page with fewer features than asked, though more follow",
    "nothing: only an empty page is the end",
)  # fmt: skip
@pytest.mark.parametrize("hits", [lambda n, _: n - 1, lambda *_: "unknown"], ids=["counted", "unknown"])
def test_a_short_page_is_not_the_end(serve: Serve, http: Http, hits: Any) -> None:
    """One feature is never sent, so that the first page holds 9 of the 10 that were asked for."""

    def without_3(rows: list[Any], _: int) -> list[Any]:
        return [r for r in rows if r["id"] != "pand.3"]

    got = get(serve([feature(i) for i in range(18)], hits=hits, page=without_3), http)
    assert len(got.table) == 17
    assert got.reported == (17 if hits(18, True) == 17 else None)


@pytest.mark.fault(
    "B", "the service gives fewer at a time than asked, without a word",
    "nothing: it is asked for as many as it gives",
)  # fmt: skip
@pytest.mark.parametrize("hits", [lambda n, _: n, lambda *_: "unknown"], ids=["counted", "unknown"])
@pytest.mark.parametrize("count", [3, 4, 5, 12, 18])
def test_a_service_that_gives_fewer_at_a_time_than_asked(serve: Serve, http: Http, hits: Any, count: int) -> None:
    got = get(serve([feature(i) for i in range(count)], hits=hits, page=lambda rows, _: rows[:4]), http)
    assert sorted(got.table["aantal_inwoners"]) == list(range(count))
    assert got.proofs[0].holds


@pytest.mark.fault(
    "B", "the service’s count is not there, “unknown”, or no number",
    "nothing: every page is asked twice instead, and the receipt says that the service does not count",
)  # fmt: skip
def test_a_service_that_does_not_count_is_asked_twice(serve: Serve, http: Http, httpserver: HTTPServer) -> None:
    got = get(serve([feature(i) for i in range(15)], hits=lambda *_: "unknown"), http)
    assert (len(got.table), got.reported) == (15, None)
    assert starts(httpserver) == [0, 0, 10, 10, 20, 20]
    (proof,) = got.proofs
    assert (proof.means, proof.holds) == ("second_pass", True)
    assert proof.said.en == "the service does not count; 3 pages asked twice, the same 15 features"


def test_unless_that_is_not_wanted(serve: Serve, http: Http, httpserver: HTTPServer) -> None:
    url = serve([feature(i) for i in range(15)], hits=lambda *_: "unknown")
    got = wfs.fetch(url, "bag:pand", BBOX, http, lambda *_: None, second_pass=False)
    assert starts(httpserver) == [0, 10, 20]
    assert [(p.means, p.holds) for p in got.proofs] == [("none", False)]


def test_the_count_is_the_proof(serve: Serve, http: Http) -> None:
    (proof,) = get(serve([feature(i) for i in range(12)]), http).proofs
    assert (proof.means, proof.holds) == ("count", True)
    assert proof.said.nl == "de dienst telt 12 objecten en zoveel kwamen er"


@pytest.mark.fault(
    "B", "other features the second time that every page is asked",
    "one line: “asked a second time, 1 features are new and 1 gone; the data changed meanwhile, run again”",
)  # fmt: skip
def test_another_answer_the_second_time(serve: Serve, http: Http) -> None:
    """A feature goes and another comes while the pages are asked."""
    asked: list[int] = []

    def page(rows: list[Any], start: int) -> list[Any]:
        asked.append(start)
        return [feature(99) if r["id"] == "pand.3" and len(asked) > 3 else r for r in rows]

    with pytest.raises(InconsistentError, match=r"asked a second time, 1 features are new and 1 gone; the data changed"):
        get(serve([feature(i) for i in range(15)], hits=lambda *_: "unknown", page=page), http)


@pytest.mark.fault(
    "B", "more or fewer features than the service counts",
    "one line: “reports 4 features and sent 3; a page was lost or the data changed meanwhile, run again”",
)  # fmt: skip
def test_the_services_own_count_must_be_reached(serve: Serve, http: Http) -> None:
    for wrong in (14, 16):
        with pytest.raises(SourceError, match=rf"/wfs bag:pand: reports {wrong} features and sent 15; a page was lost"):
            get(serve([feature(i) for i in range(15)], hits=lambda n, _, to=wrong: n and to * n // 15), http)


@pytest.mark.fault("B", "a page in the middle comes empty", "one line: “reports 20 features and sent 10”")
def test_a_lost_page(serve: Serve, http: Http) -> None:
    with pytest.raises(SourceError, match="reports 20 features and sent 10"):
        get(serve([feature(i) for i in range(20)], page=lambda rows, s: [] if s == 10 else rows), http)


@pytest.mark.fault(
    "B", "the start index is ignored: the first page for ever",
    "one line: “… features of page 2 came before …; the service pages wrongly or the data changed meanwhile, run again”",
)  # fmt: skip
@pytest.mark.parametrize("hits", [lambda n, _: n, lambda *_: "unknown"], ids=["counted", "unknown"])
def test_a_start_that_is_ignored_gives_the_first_page_for_ever(serve: Serve, http: Http, hits: Any) -> None:
    features = [feature(i) for i in range(20)]
    with pytest.raises(SourceError, match="features of page 2 came before; the service pages wrongly"):
        get(serve(features, hits=hits, page=lambda rows, s: features[:10] if s <= 10 else []), http)


def test_two_equal_features_on_one_page_are_the_registers_own(serve: Serve, http: Http) -> None:
    assert len(get(serve([feature(1), feature(1), feature(2)]), http).table) == 3


# The wall


def grid(n: int = 9) -> list[dict[str, Any]]:
    """Features on each metre of the box, those on the seams included."""
    return [feature(i * 9 + j, 1000 + i, 300_000 + j) for i in range(n) for j in range(n)]


@pytest.mark.fault(
    "B", "more features than the start index may reach",
    "nothing: the box is asked in quarters, and what lies on their seams is compared",
)  # fmt: skip
@pytest.mark.parametrize("hits", [lambda n, _: n, lambda *_: "unknown"], ids=["counted", "unknown"])
def test_beyond_the_wall_the_box_is_split_and_seams_counted_once(
    serve: Serve, http: Http, httpserver: HTTPServer, hits: Any
) -> None:
    amounts: list[Any] = []
    got = get(serve(grid(), hits=hits), http, progress=lambda *a: amounts.append(a))
    assert sorted(got.table["aantal_inwoners"]) == list(range(81))
    assert got.reported == (81 if hits(1, True) == 1 else None)
    assert max(starts(httpserver)) <= WALL
    assert sum(p.features for p in got.pages) > 81  # what came over the seams as well
    assert amounts[-1][0] == sum(p.features for p in got.pages)


def test_twins_stay_twins_when_the_box_is_split(serve: Serve, http: Http) -> None:
    got = get(serve([*grid(), feature(40, 1004, 300_004), feature(0, 1000, 300_000)]), http)  # one pair on the seams
    assert sorted(got.table["aantal_inwoners"]) == sorted([*range(81), 0, 40])


@pytest.mark.fault("B", "features on the seams of the quarters", "nothing: each is there once")
def test_no_strip_falls_between_the_quarters(serve: Serve, http: Http) -> None:
    """A row of points every quarter of a metre across each seam."""
    line = [0.25 * i for i in range(33)]
    across = [(1000 + v, 300_000.0 + k) for v in line for k in (1, 6)] + [
        (1000.0 + k, 300_000 + v) for v in line for k in (1, 6)
    ]
    got = get(serve([feature(i, x, y) for i, (x, y) in enumerate(across)]), http)
    assert sorted(got.table["aantal_inwoners"]) == list(range(132))


def test_without_a_box_the_country_is_split(serve: Serve, http: Http) -> None:
    far = [feature(i, 1000 + 9000 * i, 310_000 + 9000 * i) for i in range(30)]
    assert sorted(get(serve(far), http, bbox=None).table["aantal_inwoners"]) == list(range(30))


def test_exactly_at_the_wall_is_not_split(serve: Serve, http: Http, httpserver: HTTPServer) -> None:
    assert len(get(serve([feature(i) for i in range(20)]), http).table) == 20
    assert starts(httpserver) == [0, 10, 20]


@pytest.mark.fault(
    "B", "a service that does not heed the box, beyond its own limit",
    "one line: “more than … features at …; the service does not heed the box”",
)  # fmt: skip
def test_too_many_in_one_place(serve: Serve, http: Http) -> None:
    with pytest.raises(
        SourceError, match=r"more than 20 features at 10\d\d,30000\d; the service does not heed the box"
    ):
        get(serve([feature(i) for i in range(50)]), http)


@pytest.mark.fault(
    "B", "the count is of the whole collection, whatever the box (WFS)",
    "nothing: it is not taken for a count, and every page is asked twice",
)  # fmt: skip
@pytest.mark.parametrize("whole", [12, 81], ids=["below the wall", "above"])
def test_a_count_that_does_not_look_at_the_box_is_no_count(serve: Serve, http: Http, whole: int) -> None:
    features = [feature(1), feature(2, 1006, 300_006), *(feature(i, 99_000, 400_000) for i in range(3, whole + 1))]
    got = get(serve(features, hits=lambda *_: whole), http)
    assert sorted(got.table["aantal_inwoners"]) == [1, 2]
    assert got.reported is None


@given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), min_size=1, max_size=60), st.booleans())
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_splitting_loses_and_doubles_nothing(
    serve: Serve, http: Http, places: list[tuple[int, int]], known: bool
) -> None:
    """On a lattice on which every seam falls. No more than 20 features stand on one point, or it can't be split."""
    seen: dict[tuple[int, int], int] = {}
    features = []
    for i, place in enumerate(places):
        seen[place] = seen.get(place, 0) + 1
        if seen[place] <= 4:
            features.append(feature(i, 1000 + place[0], 300_000 + place[1]))
    got = get(serve(features, hits=lambda n, _: n if known else "unknown"), http)
    assert sorted(got.table["aantal_inwoners"]) == sorted(f["properties"]["aantalInwoners"] for f in features)


# What came instead


@pytest.mark.fault(
    "A", "an exception, a web page, nothing or half an answer in the place of the count",
    "nothing where it was for a moment; else one line: “… expected the number of features”",
)  # fmt: skip
@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (TOO_FAR, "ExceptionReport, expected the number of features: startindex too high$"),
        ("<html></html>", r"an HTML page, expected the number of features; .*; tried 2 times, run again later$"),
        ("", r"not whole XML \(no element found in line 1\)"),
        ('{"a": 1}', "not whole XML"),
        (
            '<!DOCTYPE a [<!ENTITY b "c">]><FeatureCollection numberMatched="&b;"/>',
            "XML with a document type, which no OGC service sends",
        ),
    ],
)
def test_what_came_instead_of_a_count(httpserver: HTTPServer, http: Http, answer: str, says: str) -> None:
    httpserver.expect_request("/wfs").respond_with_data(answer, content_type=XML)
    with pytest.raises(SourceError, match=f"/wfs.*: {says}"):
        get(httpserver.url_for("/wfs"), http)


@pytest.mark.fault(
    "A", "a web page, an XML exception, nothing, half the JSON, “features” null, or what is no feature, with status 200",
    "one line saying what came instead: “an HTML page”, “an empty answer”, “not whole JSON”, “JSON, but not a list of features”, the service’s own words",
)  # fmt: skip
def test_something_else_in_the_place_of_a_page(serve: Serve, http: Http) -> None:
    url = serve([feature(1)], body={"features": None})
    with pytest.raises(SourceError, match="JSON, but not a list of features"):
        get(url, http)


@pytest.mark.parametrize(
    "name", ["urn:ogc:def:crs:EPSG::28992", "EPSG:28992", "http://www.opengis.net/def/crs/EPSG/0/28992"]
)
def test_a_page_may_say_that_it_is_in_rd(serve: Serve, http: Http, name: str) -> None:
    assert len(get(serve([feature(1)], body={"crs": {"type": "name", "properties": {"name": name}}}), http).table) == 1


@pytest.mark.fault(
    "B", "a WFS page that says to be in another system, or is in degrees",
    "one line: “answers in …, expected EPSG:28992”",
)  # fmt: skip
def test_but_nothing_else(serve: Serve, http: Http) -> None:
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}
    with pytest.raises(SourceError, match=r"answers in urn:ogc:def:crs:OGC:1\.3:CRS84, expected EPSG:28992"):
        get(serve([feature(1)], body={"crs": crs}), http)
    with pytest.raises(SourceError, match=r"lie outside the Netherlands in EPSG:28992, first at 6\.8,52\.2"):
        get(serve([feature(1, 6.8, 52.2)]), http, bbox=None)


def test_content_tells_features_apart_not_their_number() -> None:
    """A service may number its answers' features from one in each answer."""
    rows = [feature(1), feature(1) | {"id": "pand.9"}, feature(2) | {"id": "pand.1"}]
    answer = Answer("u", 200, {}, json.dumps({"features": rows}).encode(), "")
    a, b, c = geojson.sheet(answer, geojson.collection(answer)["features"]).contents
    assert a == b != c
