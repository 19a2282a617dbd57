"""Large files: resumed, verified, whole or not at all. Real servers, and connections that go wrong."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from tcp_fault import Fault, faulty
from werkzeug import Request, Response

from pipeline.contract import PipelineError, SourceError
from pipeline.load import download as download_
from pipeline.load.download import about, download
from pipeline.load.http import Http

BODY = random.Random(1).randbytes(200_000)
OLD = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
#: Later than anything: what is kept is asked about again.
NOW = dt.datetime(2999, 1, 1, tzinfo=dt.UTC)


@pytest.fixture
def http() -> Iterator[Http]:
    with Http(timeout_s=0.5, tries=3, pause_s=0.001) as client:
        yield client


class Files:
    """A server of one file that heeds Range, If-Range and If-None-Match, and says what it was asked."""

    def __init__(self, server: HTTPServer, name: str = "/a%20b.gpkg") -> None:
        self.body, self.etag, self.ranges, self.modified = BODY, '"1"', True, ""
        self.more: dict[str, str] = {}
        self.span: str | None = None
        self.shift = 0
        self.then: dict[str, Any] = {}
        """What becomes different after the first answer."""
        self.asked: list[dict[str, str]] = []
        server.expect_request("/a b.gpkg").respond_with_handler(self.answer)
        self.url = f"http://127.0.0.1:{server.port}{name}"
        self.port = server.port

    def through(self, port: int) -> str:
        return self.url.replace(str(self.port), str(port))

    def answer(self, request: Request) -> Response:
        self.asked.append({k: v for k, v in request.headers.items() if k in ("Range", "If-Range", "If-None-Match", "If-Modified-Since", "Accept-Encoding")})  # fmt: skip
        known = request.headers.get("If-Range") in (self.etag, self.modified)
        if len(self.asked) > 1:
            for name, value in self.then.items():
                setattr(self, name, value)
            known = known and "etag" not in self.then
        headers = {"ETag": self.etag} if self.etag else {}
        if self.modified:
            headers["Last-Modified"] = self.modified
        headers |= self.more
        if request.headers.get("If-None-Match") == self.etag and self.etag:
            return Response(status=304, headers=headers)
        if request.headers.get("If-Modified-Since") == self.modified and self.modified:
            return Response(status=304, headers=headers)
        if self.ranges and "Range" in request.headers and known:
            first = int(request.headers["Range"].removeprefix("bytes=").removesuffix("-"))
            if first >= len(self.body):
                return Response(status=416, headers=headers | {"Content-Range": f"bytes */{len(self.body)}"})
            first -= self.shift
            span = f"bytes {first}-{len(self.body) - 1}/{len(self.body)}"
            return Response(
                self.body[first:], 206, headers | {"Content-Range": span if self.span is None else self.span}
            )
        return Response(self.body, 200, headers)


@pytest.fixture
def files(httpserver: HTTPServer) -> Files:
    return Files(httpserver)


def left(folder: Path) -> list[str]:
    return sorted(f.name.partition("-")[2] for f in folder.iterdir())


def test_a_file_is_whole_and_says_where_it_came_from(files: Files, http: Http, tmp_path: Path) -> None:
    counted: list[int] = []
    done = download(http, files.url, tmp_path / "new", None, counted.append)
    assert done.path.read_bytes() == BODY
    assert done.path.name.endswith("-a_b.gpkg")
    digest = hashlib.sha256(BODY).hexdigest()
    assert (done.page.url, done.page.bytes, done.page.sha256, done.page.etag) == (files.url, 200_000, digest, '"1"')
    assert dt.datetime.fromisoformat(done.page.retrieved) <= dt.datetime.now(dt.UTC)
    assert sum(counted) == 200_000
    assert files.asked == [{"Accept-Encoding": "identity"}]
    assert left(tmp_path / "new") == ["a_b.gpkg", "a_b.gpkg.json"]
    said = json.loads(about(done.path).read_text())
    assert (said["url"], said["bytes"], said["sha256"], said["etag"]) == (files.url, 200_000, digest, '"1"')


def test_a_kept_file_is_not_asked_for(files: Files, http: Http, tmp_path: Path) -> None:
    first = download(http, files.url, tmp_path, None)
    assert download(http, files.url, tmp_path, None) == first
    assert download(http, files.url, tmp_path, OLD) == first
    assert len(files.asked) == 1


def test_an_old_file_is_asked_about_and_kept_where_nothing_has_changed(
    files: Files, http: Http, tmp_path: Path
) -> None:
    first = download(http, files.url, tmp_path, None)
    note = json.loads(about(first.path).read_text())
    about(first.path).write_text(json.dumps(note | {"retrieved": "2001-01-01T00:00:00+00:00"}))
    again = download(http, files.url, tmp_path, dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
    assert files.asked[1]["If-None-Match"] == '"1"'
    assert again.page.sha256 == first.page.sha256
    assert again.page.retrieved[:4] >= "2026"
    download(http, files.url, tmp_path, dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
    assert len(files.asked) == 2, "its new date is kept"


def test_without_a_mark_the_date_is_asked_about(files: Files, http: Http, tmp_path: Path) -> None:
    files.etag, files.modified = "", "Mon, 01 Jan 2024 00:00:00 GMT"
    download(http, files.url, tmp_path, None)
    assert download(http, files.url, tmp_path, NOW).path.read_bytes() == BODY
    assert files.asked[1]["If-Modified-Since"] == files.modified


def test_an_old_file_that_has_changed_is_fetched(files: Files, http: Http, tmp_path: Path) -> None:
    download(http, files.url, tmp_path, None)
    files.body, files.etag = b"new", '"2"'
    done = download(http, files.url, tmp_path, NOW)
    assert (done.path.read_bytes(), done.page.etag) == (b"new", '"2"')


@pytest.mark.fault(
    "C", "a download that replaces an older file breaks off",
    "one line; the older file stays until the new one is whole",
)  # fmt: skip
def test_an_old_file_stays_until_the_new_one_is_whole(files: Files, http: Http, tmp_path: Path) -> None:
    done = download(http, files.url, tmp_path, None)
    files.body, files.etag = BODY[::-1], '"2"'
    files.more = {"Content-Encoding": "br"}
    with pytest.raises(SourceError):
        download(http, files.url, tmp_path, NOW)
    assert done.path.read_bytes() == BODY


def _flip(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(1234)
        file.write(bytes([BODY[1234] ^ 1]))


@pytest.mark.fault(
    "C", "a downloaded file is cut or changed on disk",
    "nothing: the file is fetched anew from the start",
)  # fmt: skip
@pytest.mark.parametrize(
    "spoil",
    [_flip, lambda p: os.truncate(p, 199_999), lambda p: p.write_bytes(b""), lambda p: p.unlink(),
     lambda p: about(p).unlink(), lambda p: about(p).write_text('{"url": 3}'), lambda p: about(p).write_text("[")],
    ids=["bit", "cut", "empty", "gone", "no note", "odd note", "half a note"],
)  # fmt: skip
def test_a_kept_file_that_is_damaged_is_fetched_anew(
    files: Files, http: Http, tmp_path: Path, spoil: Callable[[Path], Any]
) -> None:
    spoil(download(http, files.url, tmp_path, None).path)
    assert download(http, files.url, tmp_path, None).path.read_bytes() == BODY
    assert files.asked[1] == {"Accept-Encoding": "identity"}


@pytest.mark.fault(
    "A", "a download that is cut, reset or stopped halfway",
    "nothing: it goes on where it was (Range, If-Range)",
)  # fmt: skip
@pytest.mark.parametrize("fault", [Fault(cut=70_000), Fault(reset=70_000), Fault(stall=(70_000, 2.0))])
def test_a_broken_connection_goes_on_where_it_was(files: Files, http: Http, tmp_path: Path, fault: Fault) -> None:
    counted: list[int] = []
    plan = [fault]
    with faulty(files.port, plan) as port:
        done = download(http, files.through(port), tmp_path, None, counted.append)
    assert not plan
    assert done.path.read_bytes() == BODY
    assert sum(counted) == 200_000, "no byte twice"
    assert files.asked[1]["Range"] == "bytes=70000-"
    assert files.asked[1]["If-Range"] == '"1"'


def test_a_try_that_brings_bytes_does_not_count(files: Files, http: Http, tmp_path: Path) -> None:
    with faulty(files.port, [Fault(cut=8000)] * 24) as port:
        assert download(http, files.through(port), tmp_path, None).path.read_bytes() == BODY
    assert len(files.asked) == 25


def test_tries_that_bring_nothing_count_anew_after_each_that_does(files: Files, http: Http, tmp_path: Path) -> None:
    with faulty(files.port, [Fault(cut=1000), Fault(cut=0), Fault(cut=-1)] * 3) as port:
        assert download(http, files.through(port), tmp_path, None).path.read_bytes() == BODY


@pytest.mark.fault(
    "A", "a download that brings nothing more",
    "one line: “broke off …; tried 3 times, run again later”; the next run goes on",
)  # fmt: skip
def test_tries_that_bring_nothing_end_and_the_next_call_goes_on(files: Files, http: Http, tmp_path: Path) -> None:
    plan = [Fault(cut=1000), Fault(cut=0), Fault(reset=-1), Fault(cut=0)]
    with faulty(files.port, plan) as port:
        url = files.through(port)
        with pytest.raises(SourceError, match=r"^http://.*: broke off in the middle of its answer \(.*\); tried 3 times, run again later$"):  # fmt: skip
            download(http, url, tmp_path, None)
        assert left(tmp_path) == ["a_b.gpkg.part", "a_b.gpkg.part.json"]
        assert download(http, url, tmp_path, None).path.read_bytes() == BODY
    assert files.asked[-1]["Range"] == "bytes=1000-"
    assert left(tmp_path) == ["a_b.gpkg", "a_b.gpkg.json"]


def test_tries_are_bounded_in_all(files: Files, http: Http, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(download_, "_MOST_LEGS", 5)
    with faulty(files.port, [Fault(cut=100)] * 9) as port, pytest.raises(SourceError, match=r"broke off 5 times, the last time after 500 bytes; run again later to go on$"):  # fmt: skip
        download(http, files.through(port), tmp_path, None)


@pytest.mark.fault("A", "a download shorter than its Content-Length", "one line, never a short file")
def test_less_than_was_announced_is_noticed(files: Files, http: Http, tmp_path: Path) -> None:
    with faulty(files.port, [Fault(length=5)] * 99) as port, pytest.raises(SourceError, match="tried 3 times"):
        download(http, files.through(port), tmp_path, None)
    assert [a.get("Range") for a in files.asked] == [None, "bytes=200000-", None, "bytes=200000-"]
    assert not list(tmp_path.glob("*.gpkg"))


@pytest.mark.fault(
    "A", "a download that can’t be gone on with: no Range, another ETag, another length, another place",
    "nothing: the file is fetched anew from the start",
)  # fmt: skip
@pytest.mark.parametrize(
    ("then", "expected"),
    [
        ({"body": BODY[::-1], "etag": '"2"'}, BODY[::-1]),
        ({"body": b"short", "etag": '"2"'}, b"short"),
        ({"ranges": False}, BODY),
        ({"body": BODY[::-1], "more": {"ETag": '"3"'}}, BODY[::-1]),
        ({"shift": -10}, BODY),
        ({"span": "bytes 5-199999/200000"}, BODY),
        ({"span": "bytes 70000-199999/200001"}, BODY),
        ({"span": "bytes 70000-199999/*"}, BODY),
        ({"span": "bytes 70000-70009/200000"}, BODY),
        ({"span": ""}, BODY),
    ],
    ids=["other content", "shorter", "no Range", "another ETag", "a later part", "another part", "of more", "of what", "shorter part", "not said"],
)  # fmt: skip
def test_what_can_not_be_gone_on_with_is_begun_again(
    files: Files, http: Http, tmp_path: Path, then: dict[str, Any], expected: bytes
) -> None:
    files.then = then
    with faulty(files.port, [Fault(cut=70_000)]) as port:
        assert download(http, files.through(port), tmp_path, None).path.read_bytes() == expected
    assert [a.get("Range") for a in files.asked] in ([None, "bytes=70000-"], [None, "bytes=70000-", None])


@pytest.mark.fault("A", "a weak ETag, or a date of this moment", "nothing: the file is fetched anew from the start")
@pytest.mark.parametrize("spoil", ["etag", "modified"])
def test_a_weak_mark_does_not_promise_the_same_bytes(files: Files, http: Http, tmp_path: Path, spoil: str) -> None:
    # A file of this very second may change within it.
    files.etag = 'W/"1"' if spoil == "etag" else ""
    files.modified = "" if spoil == "etag" else dt.datetime.now(dt.UTC).strftime("%a, %d %b %Y %H:%M:%S GMT")
    with faulty(files.port, [Fault(cut=70_000)]) as port:
        assert download(http, files.through(port), tmp_path, None).path.read_bytes() == BODY
    assert [a.get("Range") for a in files.asked] == [None, None]


def test_a_settled_date_promises_it(files: Files, http: Http, tmp_path: Path) -> None:
    files.etag, files.modified = "", "Mon, 01 Jan 2024 00:00:00 GMT"
    with faulty(files.port, [Fault(cut=70_000)]) as port:
        assert download(http, files.through(port), tmp_path, None).path.read_bytes() == BODY
    assert files.asked[1]["If-Range"] == files.modified


@pytest.mark.fault("A", "a server without Range that always breaks off", "one line: “tried 3 times”")
def test_a_server_without_range_that_always_breaks_off_is_not_asked_for_ever(
    files: Files, http: Http, tmp_path: Path
) -> None:
    files.ranges = False
    with faulty(files.port, [Fault(cut=70_000)] * 99) as port, pytest.raises(SourceError, match="tried 3 times"):
        download(http, files.through(port), tmp_path, None)
    assert len(files.asked) == 4


def part_of(http: Http, files: Files, folder: Path, so_far: int, other: dict[str, Any] | None = None) -> None:
    """What a call leaves that was ended when `so_far` bytes were there."""
    done = download(http, files.url, folder, None)
    note = {"url": files.url, "etag": '"1"', "last_modified": "", "validator": '"1"', "length": 200_000}
    part = done.path.with_name(f"{done.path.name}.part")
    part.write_bytes(BODY[:so_far])
    about(part).write_text(json.dumps(note | {"so_far": so_far} | (other or {})))
    done.path.unlink()
    files.asked.clear()


def test_all_was_there_already(files: Files, http: Http, tmp_path: Path) -> None:
    part_of(http, files, tmp_path, 200_000)
    assert download(http, files.url, tmp_path, None).path.read_bytes() == BODY
    assert [a.get("Range") for a in files.asked] == ["bytes=200000-"]


@pytest.mark.fault("A", "more bytes on disk than the file has", "nothing: the file is fetched anew from the start")
@pytest.mark.parametrize("so_far", [199_000, 200_000])
def test_more_than_all_is_thrown_away(files: Files, http: Http, tmp_path: Path, so_far: int) -> None:
    part_of(http, files, tmp_path, so_far)
    files.body = BODY[:150_000]
    assert download(http, files.url, tmp_path, None).path.read_bytes() == BODY[:150_000]
    assert [a.get("Range") for a in files.asked] == [f"bytes={so_far}-", None]


@pytest.mark.parametrize("other", [{"so_far": 200_001}, {"url": "http://x"}, {"validator": ""}, {"so_far": "1"}])
def test_a_note_that_does_not_fit_counts_for_nothing(
    files: Files, http: Http, tmp_path: Path, other: dict[str, Any]
) -> None:
    part_of(http, files, tmp_path, 1000, other)
    assert download(http, files.url, tmp_path, None).path.read_bytes() == BODY
    assert [a.get("Range") for a in files.asked] == [None]


@pytest.mark.fault("C", "a part of a file that no note tells of", "nothing: the file is fetched anew from the start")
def test_bytes_that_no_note_tells_of_are_not_trusted(files: Files, http: Http, tmp_path: Path) -> None:
    part_of(http, files, tmp_path, 1000)
    part = next(tmp_path.glob("*.part"))
    part.write_bytes(BODY[:1000] + bytes(5000))
    assert download(http, files.url, tmp_path, None).path.read_bytes() == BODY
    assert files.asked[0]["Range"] == "bytes=1000-"


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_busy_service_is_asked_again(httpserver: HTTPServer, http: Http, tmp_path: Path, status: int) -> None:
    answers = [Response(b"", status, {"Retry-After": "1"} if status == 429 else {}), Response(BODY)]
    httpserver.expect_request("/f.zip").respond_with_handler(lambda _: answers.pop(0))
    began = time.monotonic()
    assert download(http, httpserver.url_for("/f.zip"), tmp_path, None).path.read_bytes() == BODY
    assert (time.monotonic() - began > 1) is (status == 429)


def refused(http: Http, server: HTTPServer, folder: Path, answer: Response) -> tuple[str, int]:
    server.expect_request("/f.zip").respond_with_handler(lambda _: answer)
    with pytest.raises(SourceError) as error:
        download(http, server.url_for("/f.zip"), folder, None)
    assert not list(folder.glob("*.zip"))
    return str(error.value).removeprefix(server.url_for("/f.zip")), len(server.log)


@pytest.mark.fault("A", "a web page or a refusal in the place of a file", "one line")
@pytest.mark.parametrize(
    ("answer", "said", "asked"),
    [
        (Response(b"", 404), ": HTTP 404 Not Found", 1),
        (Response(b"x", headers={"Content-Encoding": "gzip"}), ": comes packed (gzip), though the plain file was asked for", 1),
        (Response(b"<html>onderhoud", content_type="text/html"), ": gave a web page, expected a file; tried 3 times, run again later", 3),
        (Response(b""), ": gave an empty file; tried 3 times, run again later", 3),
        (Response(status=204), ": HTTP 204, expected a file; tried 3 times, run again later", 3),
        (Response(status=304), ": HTTP 304, expected a file; tried 3 times, run again later", 3),
        (Response(status=416), ": has no bytes from 0 (HTTP 416); tried 3 times, run again later", 3),
        (Response(b"x", 206, {"Content-Range": "bytes 0-0/1"}), ": asked for bytes from 0 of None, gave 'bytes 0-0/1'; tried 3 times, run again later", 3),
    ],
    ids=["404", "packed", "page for people", "empty", "nothing", "unchanged since nothing", "416", "a part of nothing"],
)  # fmt: skip
def test_what_is_no_file_is_refused(
    httpserver: HTTPServer, http: Http, tmp_path: Path, answer: Response, said: str, asked: int
) -> None:
    assert refused(http, httpserver, tmp_path, answer) == (said, asked)


@pytest.mark.fault(
    "A", "a file whose length the server does not say",
    "one line: “does not say how long the file is, so it can’t be known whether all of it came”",
)  # fmt: skip
def test_a_file_of_unknown_length_is_refused(httpserver: HTTPServer, http: Http, tmp_path: Path) -> None:
    def endless(request: Request) -> Response:
        response = Response(iter([b"abc"]))
        response.headers["Connection"] = "close"
        return response

    httpserver.expect_request("/f.zip").respond_with_handler(endless)
    with pytest.raises(SourceError, match=r"does not say how long the file is, so it can't be known whether all of it came$"):  # fmt: skip
        download(http, httpserver.url_for("/f.zip"), tmp_path, None)


def test_redirects_are_followed_at_every_part(httpserver: HTTPServer, http: Http, tmp_path: Path) -> None:
    files = Files(httpserver)
    with faulty(files.port, [Fault(), Fault(cut=500)]) as port:
        httpserver.expect_request("/from").respond_with_data(status=302, headers={"Location": files.through(port)})
        done = download(http, f"http://127.0.0.1:{port}/from", tmp_path, None)
    assert done.path.read_bytes() == BODY
    assert done.page.url == files.through(port)
    assert files.asked[1]["Range"] == "bytes=500-"


@pytest.mark.fault("A", "a download redirected in a circle, or to ftp", "one line")
def test_redirects_without_end_or_to_elsewhere_are_not_followed(
    httpserver: HTTPServer, http: Http, tmp_path: Path
) -> None:
    httpserver.expect_request("/b").respond_with_data(status=302, headers={"Location": "/b?again"})
    httpserver.expect_request("/c").respond_with_data(status=302, headers={"Location": "ftp://x/y"})
    with pytest.raises(SourceError, match=r"redirects to .*again, which is not followed|redirects more than 5 times"):
        download(http, httpserver.url_for("/b"), tmp_path, None)
    with pytest.raises(SourceError, match="redirects to ftp://x/y, which is not followed"):
        download(http, httpserver.url_for("/c"), tmp_path, None)


@pytest.mark.fault(
    "A", "a download that trickles beyond all patience",
    "one line: “only … bytes in … s; tried 3 times”",
)  # fmt: skip
def test_a_trickle_ends(files: Files, http: Http, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(download_, "_WINDOW_S", 0.1)
    with faulty(files.port, [Fault(dribble=(10, 0.01))] * 9) as port, pytest.raises(SourceError, match=r": only \d+ bytes in 0.1 s; tried 3 times, run again later$"):  # fmt: skip
        download(http, files.through(port), tmp_path, None)
    assert [a.get("Range") is None for a in files.asked] == [True, False, False]


def test_slow_is_fine_as_long_as_it_comes(files: Files, tmp_path: Path) -> None:
    with Http(timeout_s=0.5, tries=1, deadline_s=0.1) as http, faulty(files.port, [Fault(dribble=(20_000, 0.05))]) as port:  # fmt: skip
        assert download(http, files.through(port), tmp_path, None).path.read_bytes() == BODY


def test_a_stopped_run_ends_at_once_and_goes_on_later(files: Files, http: Http, tmp_path: Path) -> None:
    with faulty(files.port, [Fault(dribble=(20_000, 0.02))]) as port:
        url = files.through(port)
        with Http() as stopped, pytest.raises(KeyboardInterrupt):
            download(stopped, url, tmp_path, None, lambda n: stopped.stop())
        assert download(http, url, tmp_path, None).path.read_bytes() == BODY
    assert "Range" in files.asked[1]


@pytest.mark.fault("F", "--offline with something missing", "one line: “not on disk, and --offline asks no service”")
def test_offline_gives_what_is_there_and_nothing_else(files: Files, http: Http, tmp_path: Path) -> None:
    done = download(http, files.url, tmp_path, None)
    with Http(offline=True) as offline:
        assert download(offline, files.url, tmp_path, None) == done
        done.path.unlink()
        with pytest.raises(SourceError, match="not on disk, and --offline asks no service"):
            download(offline, files.url, tmp_path, None)


def test_two_threads_one_download(files: Files, http: Http, tmp_path: Path) -> None:
    with faulty(files.port, [Fault(dribble=(50_000, 0.05))] * 4) as port, ThreadPoolExecutor(4) as pool:
        got = list(pool.map(lambda _: download(http, files.through(port), tmp_path, None), range(4)))
    assert len(files.asked) == 1
    assert len(set(got)) == 1


def test_two_addresses_two_files(httpserver: HTTPServer, http: Http, tmp_path: Path) -> None:
    for place in ("2023", "2024"):
        httpserver.expect_request(f"/{place}/x.gpkg").respond_with_data(place)
    got = [download(http, httpserver.url_for(f"/{p}/x.gpkg"), tmp_path, None) for p in ("2023", "2024")]
    assert [g.path.read_text() for g in got] == ["2023", "2024"]


@pytest.mark.fault(
    "D", "an address that would make a file name outside the folder, hidden, or too long",
    "nothing: the file stands in the folder under a safe name",
)  # fmt: skip
@pytest.mark.parametrize(("name", "ends"), [("/", "file"), ("/..%2F..%2Fx.gpkg", "x.gpkg"), ("/.hidden", "hidden"), ("/" + "a" * 300 + ".gml", "aaa.gml")])  # fmt: skip
def test_any_address_makes_a_name_in_the_folder(
    httpserver: HTTPServer, http: Http, tmp_path: Path, name: str, ends: str
) -> None:
    httpserver.expect_request("").respond_with_data("x")
    httpserver.respond_nohandler = lambda *_: Response("x")  # type: ignore[method-assign,assignment]
    done = download(http, f"http://127.0.0.1:{httpserver.port}{name}", tmp_path, None)
    assert done.path.parent == tmp_path
    assert done.path.name.endswith(ends)
    assert len(about(done.path).name) < 120


@pytest.mark.fault(
    "C", "a disk too small for a download",
    "one line, before a byte is fetched: “has 1.0 MB free, but … needs … more; make room”",
)  # fmt: skip
def test_a_disk_that_is_too_small_is_said_beforehand(files: Files, http: Http, small_disk: Path) -> None:
    files.body = BODY * 6
    with pytest.raises(PipelineError, match=r"small: has 1\.0 MB free, but http://.* needs 1\.2 MB more; make room$"):
        download(http, files.url, small_disk, None)
    assert not list(small_disk.glob("*.gpkg"))


@pytest.mark.fault(
    "C", "a disk that fills up during a download",
    "one line: “can’t be written: No space left on device”",
)  # fmt: skip
def test_a_disk_that_fills_up(files: Files, http: Http, small_disk: Path) -> None:
    files.body = BODY * 4
    seen: list[int] = []

    def fill(n: int) -> None:
        if not seen:
            (small_disk / "other").write_bytes(b"x" * 600_000)
        seen.append(n)

    with pytest.raises(PipelineError, match=r"can't be written: No space left on device$"):
        download(http, files.url, small_disk, None, fill)
    assert not list(small_disk.glob("*.gpkg"))
    (small_disk / "other").unlink()
    assert download(http, files.url, small_disk, None).path.read_bytes() == BODY * 4


SCRIPT = """
import sys
from pathlib import Path
from pipeline.load import download
from pipeline.load.http import Http
download._CHECKPOINT = 20_000
with Http() as http:
    download.download(http, sys.argv[1], Path(sys.argv[2]), None)
"""


@pytest.mark.fault(
    "C", "SIGKILL at any moment of a download",
    "nothing: the next run goes on, and the file is equal byte for byte",
)  # fmt: skip
def test_a_kill_at_any_moment_leaves_what_the_next_call_goes_on_from(files: Files, http: Http, tmp_path: Path) -> None:
    killed = resumed = 0
    with faulty(files.port, [Fault(dribble=(4000, 0.01))] * 99) as port:
        url = files.through(port)
        for moment in (0.0, 0.02, 0.1, 0.2, 0.25, 0.3):
            before = len(files.asked)
            process = subprocess.Popen([sys.executable, "-c", SCRIPT, url, str(tmp_path)])
            until = time.monotonic() + 30
            while len(files.asked) == before and process.poll() is None and time.monotonic() < until:
                time.sleep(0.005)
            time.sleep(moment)
            process.send_signal(signal.SIGKILL)
            killed += process.wait() == -signal.SIGKILL
            resumed += "Range" in files.asked[-1]
            assert not list(tmp_path.glob("*.gpkg"))
        done = download(http, url, tmp_path, None)
    assert done.path.read_bytes() == BODY
    assert (killed, resumed >= 3) == (6, True)
    assert [n for n in left(tmp_path) if not n.startswith("a_b.gpkg")] == []
