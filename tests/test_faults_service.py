"""A service that goes wrong while it is asked: what came is whole in the end, or there is one line."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyogrio
import pytest
import shapely
from forked_runs import Ended, Runs
from pytest_httpserver import HTTPServer
from service_world import Reply, ServiceWorld
from werkzeug import Request, Response

from pipeline.contract import SourceError
from pipeline.load import ogc_features, wfs
from pipeline.load.http import Http
from pipeline.load.received import InconsistentError, Received

BBOX = (250_000.0, 470_000.0, 250_020.0, 470_020.0)
RD = {"Content-Crs": f"<{ogc_features.RD_URI}>"}
HTML = b"<!DOCTYPE html><html><body>Maintenance</body></html>"
#: What stands in the place of an answer for a moment.
PASSING: dict[str, Reply] = {
    "half JSON": (200, {**RD, "Content-Type": "application/geo+json"}, b'{"type": "FeatureCollection", "features": [{"type":'),
    "a web page": (200, {"Content-Type": "text/html"}, HTML),
    "nothing": (200, {"Content-Type": "application/json"}, b""),
    "busy": (429, {"Retry-After": "0"}, b""),
    "broken": (500, {"Content-Type": "application/problem+json"}, b'{"detail": "database away"}'),
    "bad gateway": (502, {"Content-Type": "text/html"}, HTML),
    "away": (503, {}, b""),
}  # fmt: skip


# --- through the whole load


@pytest.fixture
def world() -> Iterator[ServiceWorld]:
    with ServiceWorld() as served:
        yield served


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runs]:
    with Runs(tmp_path_factory.mktemp("said")) as made:
        yield made


Load = Callable[..., Ended]


@pytest.fixture
def load(runs: Runs, world: ServiceWorld, tmp_path: Path) -> Load:
    """Run `spoorzone load`, from the services alone."""

    def run(more: str = "", *words: str) -> Ended:
        return runs.run(world.write(tmp_path, load=more), "load", *words)

    return run


def loaded(folder: Path, name: str) -> list[str]:
    return sorted(pyogrio.read_dataframe(folder / f"data_raw/{name}.gpkg", read_geometry=False).iloc[:, 0])


def served(world: ServiceWorld, name: str) -> list[str]:
    return sorted(f["properties"]["identificatie"] for f in world.features[name])


def line(ended: Ended) -> str:
    """The one line that a failed run says."""
    (said,) = ended.err.splitlines()
    assert said.startswith("spoorzone: ")
    assert ended.code == 3
    return said


PAGED = ["pand", "verblijfsobject"]


@pytest.mark.fault(
    "A", "half JSON, a web page, nothing, 429, 500, 502 or 503 in the place of one answer, then the right one",
    "nothing: it is asked again, and the load is that of an undisturbed service",
)  # fmt: skip
def test_a_moment_of_weakness_costs_nothing(world: ServiceWorld, load: Load, tmp_path: Path) -> None:
    """Of both, every other answer is one of them until each has been."""
    left = {name: list(PASSING.values()) for name in PAGED}
    turn = dict.fromkeys(PAGED, False)

    def fault(source: str, _: int) -> Reply | None:
        if source not in PAGED:
            return None
        turn[source] = not turn[source]
        return left[source].pop() if turn[source] and left[source] else None

    world.fault = fault
    result = load("parallel_requests = 1\n")
    assert result.code == 0, result.err
    assert left == {name: [] for name in PAGED}
    for name in PAGED:
        assert loaded(tmp_path, name) == served(world, name)


def without(world: ServiceWorld, source: str) -> None:
    del world.features[source][0]


def with_more(world: ServiceWorld, source: str) -> None:
    first = world.features[source][0]
    number = f"{len(world.features[source]):016d}"
    new = {**first, "id": f"{source}.new{number}", "properties": {**first["properties"], "identificatie": number}}
    world.features[source].insert(0, new)


def other(world: ServiceWorld, source: str) -> None:
    """A new status, on every feature that is not a seam's."""
    for f in world.features[source]:
        f["properties"] = {**f["properties"], "status": f["properties"]["status"].replace(" in gebruik", " buiten gebruik")}


CHANGES: dict[str, Callable[[ServiceWorld, str], None]] = {"delete": without, "insert": with_more}


@pytest.mark.fault(
    "B", "a feature is deleted or inserted while pages are asked",
    "nothing: what came does not fit together, the source is asked anew from the start and fits",
)  # fmt: skip
@pytest.mark.parametrize(("source", "change"), [("pand", "delete"), ("verblijfsobject", "insert")])
def test_data_that_change_while_they_are_asked(world: ServiceWorld, load: Load, tmp_path: Path, source: str, change: str) -> None:
    asked = [0]

    def fault(name: str, _: int) -> None:
        asked[0] += name == source
        if name == source and asked[0] == 4:
            CHANGES[change](world, source)

    world.fault = fault
    before = served(world, source)
    result = load("parallel_requests = 1\n")
    assert result.code == 0, result.err
    assert loaded(tmp_path, source) == served(world, source) != before
    receipt = json.loads((tmp_path / f"data_raw/{source}.receipt.json").read_text())
    assert all(p["holds"] for p in receipt["proofs"])


@pytest.mark.fault(
    "B", "data that change at every request, in the second walk too",
    "one line: “… the data changed meanwhile, run again”; what was loaded before stays",
)  # fmt: skip
@pytest.mark.parametrize(("source", "change"), [("pand", "insert"), ("verblijfsobject", "delete")])
def test_data_that_never_stand_still(world: ServiceWorld, load: Load, tmp_path: Path, source: str, change: str) -> None:
    assert load().code == 0
    before = (tmp_path / f"data_raw/{source}.gpkg").read_bytes()
    world.fault = lambda name, _: CHANGES[change](world, source) if name == source else None  # type: ignore[func-returns-value]
    result = load("", "--force")
    assert "the data changed meanwhile, run again" in line(result)
    assert (tmp_path / f"data_raw/{source}.gpkg").read_bytes() == before


@pytest.mark.fault(
    "B", "values change while pages are asked, the features stay",
    "nothing: every feature is there once, each as it was when its page was sent",
)  # fmt: skip
def test_values_that_change_while_they_are_asked(world: ServiceWorld, load: Load, tmp_path: Path) -> None:
    asked = dict.fromkeys(PAGED, 0)

    def fault(name: str, _: int) -> None:
        if name in PAGED:
            asked[name] += 1
            if asked[name] == 4:
                other(world, name)

    world.fault = fault
    result = load("parallel_requests = 1\n")
    assert result.code == 0, result.err
    for name in PAGED:
        assert loaded(tmp_path, name) == served(world, name)


@pytest.mark.fault(
    "B", "the service forgets bbox-crs and looks for degrees: no feature in the box",
    "one line: “pand: no features in …; is [area] right?”",
)  # fmt: skip
@pytest.mark.parametrize("source", PAGED)
def test_no_features_where_there_must_be_some(world: ServiceWorld, load: Load, tmp_path: Path, source: str) -> None:
    within = world._within
    world._within = lambda name, bbox: [] if name == source and bbox else within(name, bbox)  # type: ignore[method-assign]
    result = load()
    assert f"{source}: no features in 249" in line(result)
    assert not (tmp_path / f"data_raw/{source}.gpkg").exists()


@pytest.mark.fault(
    "B", "the service ignores the box and sends the whole collection",
    "the features outside are left out and counted in the receipt",
)  # fmt: skip
def test_a_box_that_is_ignored(world: ServiceWorld, load: Load, tmp_path: Path) -> None:
    right = served(world, "pand")
    far = json.loads(json.dumps(world.features["pand"][0]))
    far["geometry"] = shapely.geometry.mapping(shapely.box(10_000, 400_000, 10_010, 400_010))
    far["properties"]["identificatie"] = "9999100000000001"
    world.features["pand"].append({**far, "id": "pand.far"})
    within = world._within
    world._within = lambda name, bbox: within(name, None if name == "pand" else bbox)  # type: ignore[method-assign]
    result = load()
    assert result.code == 0, result.err
    assert loaded(tmp_path, "pand") == right
    assert json.loads((tmp_path / "data_raw/pand.receipt.json").read_text())["dropped"] == {"outside the requested area": 1}


@pytest.mark.fault(
    "A", "400, 401, 403, 404, 410 or 501 for one source",
    "one line with the address, the number and the service’s own words; it is not asked again",
)  # fmt: skip
@pytest.mark.parametrize("status", [404])
def test_a_refusal_ends_the_load(world: ServiceWorld, load: Load, tmp_path: Path, status: int) -> None:
    said = b'{"title": "Refused", "detail": "no such collection"}'
    refusal = (status, {"Content-Type": "application/problem+json"}, said)
    world.fault = lambda name, _: refusal if name == "station" else None
    result = load()
    assert f"HTTP {status}: no such collection" in line(result)
    assert len(world.asked("station")) == 1


# --- one protocol


@pytest.fixture
def http() -> Iterator[Http]:
    with Http(timeout_s=5, tries=2, pause_s=0.001, parallel_requests=2) as client:
        yield client


def feature(i: int, **more: Any) -> dict[str, Any]:
    place = {"type": "Point", "coordinates": [250_000 + i % 20 + 0.5, 470_000 + i // 20 + 0.5]}
    return {"type": "Feature", "id": f"id{i}", "properties": {"n": i, **more}, "geometry": place}


Change = Callable[[dict[str, Any], int], dict[str, Any]]


@pytest.fixture
def serve(httpserver: HTTPServer) -> Callable[..., str]:
    """Serve features by box and cursor; `change` is given each body and the number of its request."""

    def at(features: list[dict[str, Any]], page: int, change: Change = lambda body, _: body, **headers: Any) -> str:
        asked = [0]

        def answer(request: Request) -> Response:
            asked[0] += 1
            inside = features
            if "bbox" in request.args:
                box = shapely.box(*map(float, request.args["bbox"].split(",")))
                inside = [f for f in features if box.intersects(shapely.geometry.shape(f["geometry"]))]
            start = int(request.args.get("cursor", "0"))
            body: dict[str, Any] = {"features": inside[start : start + page], "links": []}
            if start + page < len(inside):
                again = {**request.args.to_dict(), "cursor": str(start + page)}
                href = "?" + "&".join(f"{k}={v}" for k, v in again.items())
                body["links"] = [{"rel": "next", "href": href}]
            body = change(body, asked[0])
            return Response(json.dumps(body), headers=RD | headers.get("by_number", {}).get(asked[0], {}))

        httpserver.clear()
        httpserver.expect_request("/api/collections/pand/items").respond_with_handler(answer)
        return httpserver.url_for("/api")

    return at


Serve = Callable[..., str]


def get(url: str, http: Http, bbox: Any = BBOX) -> Received:
    return ogc_features.fetch(url, "pand", bbox, http, lambda *_: None)


MANY = [feature(i) for i in range(60)]


@pytest.mark.fault(
    "B", "the service’s count is not there, “unknown”, or no number",
    "nothing: every page is asked twice instead, and the receipt says that the service does not count",
)  # fmt: skip
@pytest.mark.parametrize("said", ["unknown", "60", None, True, 60.0, [60]], ids=str)
def test_a_count_that_is_none(serve: Serve, http: Http, said: Any) -> None:
    got = get(serve(MANY, 10, lambda body, _: {**body, "numberMatched": said}), http)
    assert sorted(got.table["n"]) == list(range(60))
    assert got.reported is None
    assert [(p.means, p.holds) for p in got.proofs] == [("second_pass", True), ("seams", True)]


@pytest.mark.fault(
    "B", "the service counts the whole collection, whatever the box (OGC API)",
    "one line: “reports 9000 features and sent 60; a page was lost or the data changed meanwhile, run again”",
)  # fmt: skip
def test_a_count_that_is_always_the_same(serve: Serve, http: Http) -> None:
    with pytest.raises(InconsistentError, match="pand: reports 9000 features and sent 60; a page was lost"):
        get(serve(MANY, 10, lambda body, _: {**body, "numberMatched": 9000}), http)


@pytest.mark.fault(
    "B", "a full page without a link to the next, though more follow",
    "nothing: the box is asked in four as well, and what came is all of it",
)  # fmt: skip
def test_a_full_page_is_not_taken_for_the_last(
    serve: Serve, http: Http, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ogc_features, "_PAGE", 25)
    got = get(serve(MANY, 25, lambda body, _: {**body, "links": []}), http)
    assert sorted(got.table["n"]) == list(range(60))


@pytest.mark.fault(
    "B", "the link to the next page is lost halfway",
    "one line: “… features of the whole box came with none of its tiles … run again”",
)  # fmt: skip
def test_a_tile_that_ends_too_early(serve: Serve, http: Http) -> None:
    """Each tile ends after its first page, of 5 of its 15; of the whole box the first page was 5 others."""
    south = [feature(i) for i in range(19, -1, -1)]
    with pytest.raises(
        InconsistentError, match=r"pand: \d+ features of the whole box came with none of its tiles, first 'id\d+'; a page"
    ):
        shuffled = [f for f in MANY if f["id"] not in {s["id"] for s in south}]
        get(serve([*shuffled, *south], 15, late(25, lambda body: {**body, "links": [], "features": body["features"][5:]})), http)


def late(most: int, change: Callable[[dict[str, Any]], dict[str, Any]]) -> Change:
    """Change what comes after the first answer."""
    return lambda body, number: change(body) if 1 < number <= most else body


@pytest.mark.fault(
    "B", "links that are no list, or a link that is no web address or leads to another host",
    "one line: “the next page is at …, expected the same host” or what else is wrong with it",
)  # fmt: skip
@pytest.mark.parametrize("links", [5, "next", {"rel": "next", "href": "?cursor=1"}], ids=str)
def test_links_that_are_no_list(serve: Serve, http: Http, links: Any) -> None:
    with pytest.raises(SourceError, match="its links are no list, so that the next page is not known"):
        get(serve(MANY, 10, lambda body, _: {**body, "links": links}), http)


@pytest.mark.fault(
    "B", "Content-Crs is missing or names another system, on the first page or a later one",
    "one line: “Content-Crs is not stated, expected …/EPSG/0/28992; the service did not answer in EPSG:28992”",
)  # fmt: skip
@pytest.mark.parametrize("stated", ["", "<http://www.opengis.net/def/crs/OGC/1.3/CRS84>", "EPSG:28992"])
@pytest.mark.parametrize("number", [1, 2, 4])
def test_a_later_page_must_say_its_crs_too(serve: Serve, http: Http, number: int, stated: str) -> None:
    with pytest.raises(SourceError, match=r"Content-Crs is .*, expected http://www.opengis.net/def/crs/EPSG/0/28992"):
        get(serve(MANY, 10, by_number={number: {"Content-Crs": stated}}), http, bbox=None)


@pytest.mark.fault(
    "B", "one feature, or none",
    "nothing: one is a layer of one; none is an error where the source must have some",
)  # fmt: skip
@pytest.mark.parametrize("count", [0, 1])
def test_one_and_none(serve: Serve, http: Http, count: int) -> None:
    got = get(serve(MANY[:count], 10), http)
    assert list(got.table.get("n", [])) == list(range(count))
    assert got.proofs[0].holds


@pytest.mark.fault(
    "B", "the service lowers its page size halfway",
    "nothing over OGC API; over WFS one line (“a page was lost …”), or the walk anew that the load makes by itself",
)  # fmt: skip
@pytest.mark.parametrize("counts", [True, False], ids=["counted", "unknown"])
def test_a_limit_that_is_lowered(httpserver: HTTPServer, http: Http, monkeypatch: pytest.MonkeyPatch, counts: bool) -> None:
    """Ten features a page at first, four from the second page on."""
    monkeypatch.setattr(wfs, "_PAGE", 10)
    features, asked = [feature(i) for i in range(30)], [0]

    def answer(request: Request) -> Response:
        if request.args.get("resultType") == "hits":
            said = len(features) if counts else "unknown"
            return Response(f'<FeatureCollection numberMatched="{said}"/>', content_type="text/xml")
        start = int(request.args["startIndex"])
        # Pages are asked side by side, so the first is known by its number.
        asked[0] += start == 0
        most = 10 if start == 0 and asked[0] == 1 else 4
        return Response(json.dumps({"features": features[start : start + most]}))

    httpserver.expect_request("/wfs").respond_with_handler(answer)
    with pytest.raises(InconsistentError, match="run again"):
        wfs.fetch(httpserver.url_for("/wfs"), "pand", BBOX, http, lambda *_: None)
    got = wfs.fetch(httpserver.url_for("/wfs"), "pand", BBOX, http, lambda *_: None)
    assert sorted(got.table["n"]) == list(range(30))


@pytest.mark.fault(
    "B", "the service lowers its page size halfway",
    "nothing over OGC API; over WFS one line (“a page was lost …”), or the walk anew that the load makes by itself",
)  # fmt: skip
def test_pages_of_any_size_follow_each_other(serve: Serve, http: Http) -> None:
    def smaller(body: dict[str, Any], number: int) -> dict[str, Any]:
        body = {**body, "numberMatched": 60}
        if number == 1 or len(body["features"]) < 10:
            return body
        start = body["features"][0]["properties"]["n"] + 4
        return {**body, "features": body["features"][:4], "links": [{"rel": "next", "href": f"?cursor={start}"}]}

    assert sorted(get(serve(MANY, 10, smaller), http, bbox=None).table["n"]) == list(range(60))


@pytest.mark.fault(
    "B", "data that are not read again: asked twice is switched off and the service does not count",
    "the receipt and the map say “the service does not count and was not asked twice”; it does not pass as proven",
)  # fmt: skip
def test_what_is_not_looked_at_is_said(serve: Serve, http: Http) -> None:
    got = ogc_features.fetch(serve(MANY, 10), "pand", BBOX, http, lambda *_: None, second_pass=False)
    assert (got.proofs[0].means, got.proofs[0].holds) == ("none", False)


@pytest.mark.fault(
    "A", "an exception, a web page, nothing or half an answer in the place of the count",
    "nothing where it was for a moment; else one line: “… expected the number of features”",
)  # fmt: skip
@pytest.mark.parametrize("instead", ["<FeatureCollection numberMat", "", HTML.decode(), "<html>Maintenance</html>"])
def test_a_count_that_is_no_count_for_a_moment(httpserver: HTTPServer, http: Http, instead: str) -> None:
    asked = [0]

    def answer(request: Request) -> Response:
        asked[0] += 1
        if "resultType" in request.args:
            return Response(instead if asked[0] == 1 else '<FeatureCollection numberMatched="1"/>', content_type="text/xml")
        return Response(json.dumps({"features": MANY[: int(request.args["startIndex"] == "0")]}))

    httpserver.expect_request("/wfs").respond_with_handler(answer)
    got = wfs.fetch(httpserver.url_for("/wfs"), "pand", BBOX, http, lambda *_: None)
    assert (len(got.table), got.reported) == (1, 1)
