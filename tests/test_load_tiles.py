"""A box asked in four tiles, from a server that looks at the box and pages by cursor, without a count."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pytest_httpserver import HTTPServer
from shapely.geometry import mapping, shape
from werkzeug import Request, Response

from pipeline.load import ogc_features, tiles
from pipeline.load.http import Http
from pipeline.load.received import InconsistentError, Received

#: Quarters of 10 m around 250010,470010.
BBOX = (250_000.0, 470_000.0, 250_020.0, 470_020.0)
PAGE = 2
Feature = dict[str, Any]


def square(i: int, x: float, y: float, side: float = 1) -> Feature:
    """A square with its south-west corner at `x`, `y` from that of the box."""
    place = shapely.box(250_000 + x, 470_000 + y, 250_000 + x + side, 470_000 + y + side)
    return {"type": "Feature", "id": f"id{i}", "properties": {"n": i}, "geometry": mapping(place)}


@pytest.fixture
def http() -> Iterator[Http]:
    with Http(timeout_s=5, tries=1) as client:
        yield client


Change = Callable[[list[Feature], tuple[float, ...], int], list[Feature]]


@pytest.fixture
def serve(httpserver: HTTPServer) -> Callable[..., str]:
    """Serve features by box, two a page; `change` is given what the box holds and how often something was asked."""
    lock, asked = threading.Lock(), [0]

    def at(features: list[Feature], change: Change = lambda f, *_: f) -> str:
        def answer(request: Request) -> Response:
            box = tuple(map(float, request.args["bbox"].split(",")))
            inside = [f for f in features if shape(f["geometry"]).intersects(shapely.box(*box))]
            with lock:
                asked[0] += 1
                inside = change(inside, box, asked[0])
            start = int(request.args.get("cursor", "0"))
            body = {"type": "FeatureCollection", "features": inside[start : start + PAGE], "links": []}
            if start + PAGE < len(inside):
                path = f"/api/collections/pand/items?bbox={request.args['bbox']}&cursor={start + PAGE}"
                body["links"] = [{"rel": "next", "href": httpserver.url_for(path)}]
            return Response(json.dumps(body), headers={"Content-Crs": f"<{ogc_features.RD_URI}>"})

        asked[0] = 0
        httpserver.clear()
        httpserver.expect_request("/api/collections/pand/items").respond_with_handler(answer)
        return httpserver.url_for("/api")

    return at


def get(url: str, http: Http, **more: Any) -> Received:
    return ogc_features.fetch(url, "pand", BBOX, http, lambda *_: None, **more)


def numbers(got: Received) -> list[int]:
    return sorted(got.table["n"])


FOUR = [square(1, 2, 2), square(2, 12, 2), square(3, 2, 12), square(4, 12, 12)]


def test_one_page_is_one_request(serve: Callable[..., str], http: Http, httpserver: HTTPServer) -> None:
    got = get(serve(FOUR[:2]), http, second_pass=False)
    assert (numbers(got), len(httpserver.log)) == ([1, 2], 1)


def test_more_than_a_page_is_asked_in_four(serve: Callable[..., str], http: Http, httpserver: HTTPServer) -> None:
    got = get(serve(FOUR), http, second_pass=False)
    assert numbers(got) == [1, 2, 3, 4]
    assert sorted(r.args["bbox"] for r, _ in httpserver.log[1:]) == [
        "250000,470000,250010,470010", "250000,470010,250010,470020",
        "250010,470000,250020,470010", "250010,470010,250020,470020",
    ]  # fmt: skip
    assert [(p.means, p.holds) for p in got.proofs] == [("none", False), ("seams", True)]
    assert got.proofs[1].said.en == "0 features on the seams of 4 tiles came with each tile"
    assert sum(p.features for p in got.pages) == 4


def test_what_lies_on_a_seam_counts_once(serve: Callable[..., str], http: Http) -> None:
    """One square lies on a seam, one on the corner of all four tiles."""
    got = get(serve([*FOUR, square(5, 9.5, 2), square(6, 9.5, 9.5)]), http)
    assert numbers(got) == [1, 2, 3, 4, 5, 6]
    assert [p.means for p in got.proofs] == ["second_pass", "seams"]
    assert got.proofs[0].said.nl == "de dienst telt niet; 6 pagina’s tweemaal gevraagd, dezelfde 6 objecten"
    assert got.proofs[1].said.nl == "2 objecten op de naden van 4 tegels kwamen met elke tegel mee"


@pytest.mark.fault(
    "B", "a feature on the seam of two tiles comes with one of them only",
    "one line: “feature … lies in two tiles and came with one tile only …”",
)  # fmt: skip
def test_a_seam_that_one_tile_lost(serve: Callable[..., str], http: Http) -> None:
    def loses(inside: list[Feature], box: tuple[float, ...], _: int) -> list[Feature]:
        return [f for f in inside if not (f["id"] == "id5" and box[0] == 250_010)]

    with pytest.raises(InconsistentError, match="feature 'id5' lies in two tiles and came with one tile only"):
        get(serve([*FOUR, square(5, 9.5, 2)], loses), http)


@pytest.mark.fault(
    "B", "the same id with other content in two tiles",
    "one line: “feature … lies in two tiles and differs between two tiles …”",
)  # fmt: skip
def test_a_seam_that_two_tiles_tell_differently(serve: Callable[..., str], http: Http) -> None:
    def tells(inside: list[Feature], box: tuple[float, ...], _: int) -> list[Feature]:
        east = box[0] == 250_010
        return [{**f, "properties": {"n": 50}} if east and f["id"] == "id5" else f for f in inside]

    with pytest.raises(InconsistentError, match="feature 'id5' lies in two tiles and differs between two tiles"):
        get(serve([*FOUR, square(5, 9.5, 2)], tells), http)


def test_what_only_touches_a_tile_may_come_with_it_or_not(serve: Callable[..., str], http: Http) -> None:
    """It reaches five millimetres over the seam: less than addresses and servers agree on."""
    touching = square(5, 9.005, 2)

    def without(inside: list[Feature], box: tuple[float, ...], _: int) -> list[Feature]:
        return [f for f in inside if not (f["id"] == "id5" and box[0] == 250_010)]

    for change in (without, lambda inside, *_: inside):
        assert numbers(get(serve([*FOUR, touching], change), http)) == [1, 2, 3, 4, 5]


@pytest.mark.fault(
    "B", "a feature slips from one page to the next while they are asked, without a count",
    "one line: “asked a second time, …”, after the walk anew",
)  # fmt: skip
def test_what_slips_away_between_two_pages_is_seen_the_second_time(serve: Callable[..., str], http: Http) -> None:
    """The first of three on a tile goes when its first page was sent: the third slips onto that page, and is lost."""
    crowd = [square(i, 2, i) for i in (1, 2, 3)] + FOUR[1:]

    def shrinks(inside: list[Feature], box: tuple[float, ...], asked: int) -> list[Feature]:
        south_west = box[:2] == BBOX[:2] and box[2] == 250_010
        gone.extend([asked] if south_west else [])
        return inside[1:] if south_west and len(gone) > 1 else inside

    gone: list[int] = []
    with pytest.raises(InconsistentError, match=r"asked a second time, \d features are new and \d gone"):
        get(serve(crowd, shrinks), http)
    gone.clear()
    assert len(get(serve(crowd, shrinks), http, second_pass=False).table) < len(crowd)


def test_quarters_meet_and_leave_nothing_out() -> None:
    whole = shapely.box(250_000.001, 470_000, 250_007.002, 470_011.113)
    parts = [shapely.box(*q) for q in tiles.quarters(whole.bounds)]
    assert shapely.union_all(parts).equals(whole)
    assert sum(p.area for p in parts) == pytest.approx(whole.area)
    assert all(round(v, 3) == v for q in tiles.quarters(whole.bounds) for v in q)


PLACES = st.lists(st.tuples(st.integers(0, 18), st.integers(0, 18), st.integers(1, 4)), min_size=1, max_size=9)


def test_tiles_lose_and_double_nothing(serve: Callable[..., str], http: Http) -> None:
    @given(PLACES)
    def holds(places: list[tuple[int, int, int]]) -> None:
        features = [square(i, x, y, side) for i, (x, y, side) in enumerate(places)]
        assert numbers(get(serve(features), http)) == list(range(len(places)))

    holds()
