"""Answers on disk: used again, asked again when old, never trusted when broken."""

from __future__ import annotations

import datetime as dt
import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from pipeline.contract import SourceError
from pipeline.load.http import Answer, DamagedError, Http
from pipeline.load.kept import Kept
from pipeline.load.walk import Walks

LONG_AGO = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)


def soon() -> dt.datetime:
    return dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)


@pytest.fixture
def http() -> Iterator[Http]:
    with Http(timeout_s=5, tries=2, pause_s=0.001) as client:
        yield client


@pytest.fixture
def url(httpserver: HTTPServer) -> str:
    """Answers with a number that grows, and with a mark where ``?mark`` is asked."""
    numbers = iter(range(100))

    def answer(request: Request) -> Response:
        mark = request.args.get("mark")
        if mark and request.headers.get("If-None-Match") == f'"{mark}"':
            return Response(status=304)
        headers = {"ETag": f'"{mark}"'} if mark else {}
        return Response(f"answer {next(numbers)}", headers={**headers, "Content-Crs": "<rd>"})

    httpserver.expect_request("/a").respond_with_handler(answer)
    return httpserver.url_for("/a")


def asked(server: HTTPServer) -> int:
    return len(server.log)


def test_an_answer_is_asked_once(tmp_path: Path, http: Http, url: str, httpserver: HTTPServer) -> None:
    first = Kept(http, tmp_path, LONG_AGO).get(url)
    again = Kept(http, tmp_path, LONG_AGO).get(url)
    assert asked(httpserver) == 1
    assert (again.content, again.url, again.retrieved) == (first.content, first.url, first.retrieved)
    # Headers are told apart from their case, as in the answer itself.
    assert again.headers["content-crs"] == "<rd>"
    Kept(http, tmp_path, LONG_AGO).get(url + "?other")
    assert asked(httpserver) == 2


def test_what_it_is_read_for_is_read_again(tmp_path: Path, http: Http, url: str) -> None:
    def number(answer: Answer) -> int:
        return int(answer.content.split()[1])

    assert Kept(http, tmp_path, LONG_AGO).get(url, read=number).read == 0
    assert Kept(http, tmp_path, LONG_AGO).get(url, read=number).read == 0


def test_an_answer_from_before_the_walk_is_asked_again(tmp_path: Path, http: Http, url: str) -> None:
    assert Kept(http, tmp_path, LONG_AGO).get(url).content == b"answer 0"
    assert Kept(http, tmp_path, soon()).get(url).content == b"answer 1"
    assert Kept(http, tmp_path, None).get(url).content == b"answer 1"


def test_by_its_mark_where_it_has_one(tmp_path: Path, http: Http, url: str, httpserver: HTTPServer) -> None:
    first = Kept(http, tmp_path, LONG_AGO).get(url + "?mark=x")
    second = Kept(http, tmp_path, soon()).get(url + "?mark=x")
    assert [r.headers.get("If-None-Match") for r, _ in httpserver.log] == [None, '"x"']
    assert [r.status_code for _, r in httpserver.log] == [200, 304]
    assert (second.content, second.status) == (first.content, 200)


def test_the_second_pass_asks_the_service(tmp_path: Path, http: Http, url: str) -> None:
    kept = Kept(http, tmp_path, LONG_AGO)
    assert [kept.get(url).content, kept.again(url).content, kept.get(url).content] == [b"answer 0", b"answer 1", b"answer 0"]


@pytest.mark.fault(
    "C", "an answer kept on disk is cut, empty, or has a flipped bit",
    "nothing: it counts as not there and is asked again",
)  # fmt: skip
@pytest.mark.parametrize("harm", ["half", "bit", "nothing", "other"])
def test_a_file_that_is_not_whole_counts_as_not_there(tmp_path: Path, http: Http, url: str, harm: str) -> None:
    Kept(http, tmp_path, LONG_AGO).get(url)
    (path,) = tmp_path.glob("*.answer.gz")
    content = path.read_bytes()
    flipped = gzip.decompress(content).replace(b"answer 0", b"answer 9")
    path.write_bytes({"half": content[:-9], "bit": gzip.compress(flipped), "nothing": b"", "other": gzip.compress(b"{}\nx")}[harm])
    assert Kept(http, tmp_path, LONG_AGO).get(url).content == b"answer 1"


def test_a_kept_answer_that_can_no_longer_be_read_is_asked_again(tmp_path: Path, http: Http, url: str) -> None:
    def not_zero(answer: Answer) -> bytes:
        if answer.content.endswith(b"0"):
            msg = "zero"
            raise DamagedError(msg)
        return answer.content

    Kept(http, tmp_path, LONG_AGO).get(url)
    assert Kept(http, tmp_path, LONG_AGO).get(url, read=not_zero).read == b"answer 1"


def test_a_refusal_is_not_kept(tmp_path: Path, http: Http, httpserver: HTTPServer) -> None:
    httpserver.expect_ordered_request("/b").respond_with_data("no", 404)
    httpserver.expect_ordered_request("/b").respond_with_data("yes")
    with pytest.raises(SourceError, match="HTTP 404"):
        Kept(http, tmp_path, LONG_AGO).get(httpserver.url_for("/b"))
    assert list(tmp_path.glob("*")) == []
    assert Kept(http, tmp_path, LONG_AGO).get(httpserver.url_for("/b")).content == b"yes"


def test_the_same_order_is_posted_once(tmp_path: Path, http: Http, httpserver: HTTPServer) -> None:
    bodies: list[Any] = []

    def answer(request: Request) -> Response:
        bodies.append(json.loads(request.data))
        return Response(str(len(bodies)))

    httpserver.expect_request("/order", method="POST").respond_with_handler(answer)
    kept = Kept(http, tmp_path, LONG_AGO)
    at = httpserver.url_for("/order")
    assert [kept.post(at, {"a": 1, "b": 2}).content, kept.post(at, {"b": 2, "a": 1}).content] == [b"1", b"1"]
    assert kept.post(at, {"a": 2}).content == b"2"
    assert bodies == [{"a": 1, "b": 2}, {"a": 2}]


def test_what_a_walk_did_not_use_goes_when_it_has_ended(tmp_path: Path, http: Http, url: str) -> None:
    old = Kept(http, tmp_path, LONG_AGO)
    old.get(url + "?1")
    old.get(url + "?2")
    new = Kept(http, tmp_path, LONG_AGO)
    new.get(url + "?2")
    new.prune()
    assert len(list(tmp_path.glob("*.answer.gz"))) == 1
    assert new.get(url + "?2").content == b"answer 1"


def test_bytes_are_counted_as_they_come(tmp_path: Path, http: Http, url: str) -> None:
    counted: list[int] = []
    kept = Kept(http, tmp_path, LONG_AGO, counted.append)
    kept.get(url)
    kept.get(url)
    assert counted == [len("answer 0")]


# How long a walk lasts


def walks(**changes: Any) -> Walks:
    return Walks(**{"max_age_days": 31, "resume_hours": 24, "anew": False, "offline": False, **changes})


def begun(folder: Path, *, hours_ago: float, ended: bool) -> dt.datetime:
    moment = dt.datetime.now(dt.UTC).replace(microsecond=0) - dt.timedelta(hours=hours_ago)
    (folder / "walk.json").write_text(json.dumps({"begun": moment.isoformat(), "ended": ended}))
    return moment


@pytest.mark.parametrize(
    ("hours_ago", "ended", "goes_on"),
    [(23, False, True), (25, False, False), (25, True, True), (24 * 30, True, True), (24 * 32, True, False), (-1, True, False)],
)
def test_a_walk_is_gone_on_with_for_a_day_and_its_answers_used_for_a_month(
    tmp_path: Path, hours_ago: float, ended: bool, goes_on: bool
) -> None:
    moment = begun(tmp_path, hours_ago=hours_ago, ended=ended)
    assert (walks().since(tmp_path, shared=False) == moment) == goes_on


def test_one_run_has_one_walk_per_folder(tmp_path: Path) -> None:
    run = walks()
    first = run.since(tmp_path / "a", shared=False)
    assert run.since(tmp_path / "a", shared=False) is first
    run.end(tmp_path / "a")
    assert walks().since(tmp_path / "a", shared=False) == first
    assert json.loads((tmp_path / "a" / "walk.json").read_text())["ended"] is True


def test_anew_and_offline(tmp_path: Path) -> None:
    moment = begun(tmp_path, hours_ago=1, ended=True)
    assert walks(anew=True).since(tmp_path, shared=False) > moment  # type: ignore[operator]
    assert walks(offline=True).since(tmp_path, shared=False) is None


def test_a_walk_that_is_forgotten_begins_anew(tmp_path: Path) -> None:
    moment = begun(tmp_path, hours_ago=1, ended=False)
    run = walks()
    assert run.since(tmp_path, shared=False) == moment
    run.forget(tmp_path)
    assert run.since(tmp_path, shared=False) > moment  # type: ignore[operator]


@pytest.mark.fault("C", "the note of when a walk began is broken", "nothing: the walk begins anew")
@pytest.mark.parametrize("content", ["", "[]", "{}", '{"begun": 1, "ended": true}', '{"begun": "yesterday", "ended": true}'])
def test_a_broken_record_is_none(tmp_path: Path, content: str) -> None:
    (tmp_path / "walk.json").write_text(content)
    before = dt.datetime.now(dt.UTC).replace(microsecond=0)
    assert walks().since(tmp_path, shared=False) >= before  # type: ignore[operator]


def test_a_shared_folder_is_emptied_when_a_walk_begins_and_only_then(tmp_path: Path) -> None:
    folder = tmp_path / "bgt"
    folder.mkdir()
    (folder / "old.zip").write_text("x")
    run = walks()
    run.since(folder, shared=True)
    assert not (folder / "old.zip").exists()
    (folder / "new.zip").write_text("x")
    run.since(folder, shared=True)
    walks().since(folder, shared=True)
    assert (folder / "new.zip").exists()
