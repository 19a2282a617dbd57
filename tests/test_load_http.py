"""Manners and patience, against real servers that misbehave."""

from __future__ import annotations

import gzip
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

import pipeline
from pipeline.contract import SourceError
from pipeline.load.http import Http


@pytest.fixture
def http() -> Iterator[Http]:
    with Http(timeout_s=0.5, tries=3, pause_s=0.001) as client:
        yield client


def served(server: HTTPServer, *answers: Response) -> str:
    """The address of a page that gives `answers` in turn, the last one for ever."""
    left = list(answers)
    server.expect_request("/p").respond_with_handler(lambda _: left.pop(0) if len(left) > 1 else left[0])
    return server.url_for("/p")


def test_an_answer_is_whole_and_says_where_it_came_from(httpserver: HTTPServer, http: Http) -> None:
    got = http.get(served(httpserver, Response(b"abc", headers={"Content-Crs": "<x>"})), accept="application/geo+json")
    assert (got.url, got.status, got.content) == (httpserver.url_for("/p"), 200, b"abc")
    assert got.headers["content-crs"] == "<x>"
    assert datetime.fromisoformat(got.retrieved) <= datetime.now(UTC)
    page = got.page(7)
    assert (page.features, page.bytes, page.sha256[:8]) == (7, 3, "ba7816bf")
    asked = httpserver.log[0][0].headers
    assert asked["Accept"] == "application/geo+json"
    assert asked["Accept-Encoding"] == "gzip"
    assert asked["User-Agent"] == f"spoorzone/{pipeline.__version__}"


def test_the_service_can_reach_the_user(httpserver: HTTPServer) -> None:
    with Http(contact="gis@enschede.nl") as http:
        http.get(served(httpserver, Response(b"")))
    assert httpserver.log[0][0].headers["User-Agent"] == f"spoorzone/{pipeline.__version__} (+gis@enschede.nl)"
    with pytest.raises(SourceError, match=r"^\[load\] contact is 'Ünal', expected plain ASCII text$"):
        Http(contact="Ünal")


def test_compressed_answers(httpserver: HTTPServer, http: Http) -> None:
    packed = Response(gzip.compress(b"abc" * 99), headers={"Content-Encoding": "gzip"})
    assert http.get(served(httpserver, packed)).content == b"abc" * 99


@pytest.mark.fault(
    "A", "gzip cut short, with a wrong checksum, or not packed at all",
    "nothing: it is asked again; if it stays so, one line: “sent damaged compressed data”",
)  # fmt: skip
@pytest.mark.parametrize(
    "packed",
    [gzip.compress(b"abc" * 99)[:-9], gzip.compress(b"abc")[:-8] + b"12345678", b"abc"],
    ids=["cut short", "wrong checksum", "not packed"],
)
def test_damaged_compression_is_tried_again(httpserver: HTTPServer, http: Http, packed: bytes) -> None:
    bad = Response(packed, headers={"Content-Encoding": "gzip"})
    assert http.get(served(httpserver, bad, Response(b"ok"))).content == b"ok"
    httpserver.clear()
    with pytest.raises(SourceError, match=r"sent damaged compressed data \(.*\); tried 3 times, run again later$"):
        http.get(served(httpserver, bad))


@pytest.mark.fault(
    "A", "429, 500, 502, 503 or 504, and then the answer",
    "nothing: it is asked again, with growing pauses that differ by chance",
)  # fmt: skip
@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_busy_service_is_asked_again(httpserver: HTTPServer, http: Http, status: int) -> None:
    busy = Response(b"", status)
    assert http.get(served(httpserver, busy, busy, Response(b"ok"))).content == b"ok"
    assert len(httpserver.log) == 3


@pytest.mark.fault("A", "503 for ever", "one line: “HTTP 503: try later; tried 3 times, run again later”")
def test_but_not_for_ever(httpserver: HTTPServer, http: Http) -> None:
    url = served(httpserver, Response("try\nlater", 503, content_type="text/plain"))
    with pytest.raises(SourceError, match=f"^{url}: HTTP 503: try later; tried 3 times, run again later$"):
        http.get(url)
    assert len(httpserver.log) == 3


@pytest.mark.fault(
    "A", "400, 401, 403, 404, 410 or 501 for one source",
    "one line with the address, the number and the service’s own words; it is not asked again",
)  # fmt: skip
@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 501])
def test_a_refusal_is_final(httpserver: HTTPServer, http: Http, status: int) -> None:
    url = served(httpserver, Response(b"", status))
    with pytest.raises(SourceError, match=f"^{url}: HTTP {status} [A-Z]"):
        http.get(url)
    assert len(httpserver.log) == 1


@pytest.mark.fault(
    "A", "a refusal in problem+json, an OGC exception or plain text",
    "one line with the service’s own words, shortened",
)  # fmt: skip
@pytest.mark.parametrize(
    ("kind", "body", "says"),
    [
        (
            "application/problem+json",
            '{"title": "Bad Request", "detail": "unknown query\\nparameter"}',
            "unknown query parameter",
        ),
        ("application/json", '{"code": "x", "description": "Invalid crs"}', "Invalid crs"),
        (
            "text/xml",
            '<ows:ExceptionReport xmlns:ows="http://www.opengis.net/ows/1.1"><ows:Exception exceptionCode="InvalidParameterValue">'
            "<ows:ExceptionText>startindex &gt; 50.000</ows:ExceptionText></ows:Exception></ows:ExceptionReport>",
            r"startindex > 50\.000",
        ),
        ("text/plain", "x" * 500, "x{199}…"),
        ("application/json", "[1", "Bad Request"),
        ("text/xml", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "Bad Request"),
    ],
)
def test_the_services_own_words(httpserver: HTTPServer, http: Http, kind: str, body: str, says: str) -> None:
    with pytest.raises(SourceError, match=f"/p: HTTP 400:? {says}$"):
        http.get(served(httpserver, Response(body, 400, content_type=kind)))


# Waiting


def test_the_wait_grows_and_is_never_the_same(monkeypatch: pytest.MonkeyPatch, httpserver: HTTPServer) -> None:
    waits: list[float] = []
    monkeypatch.setattr(Http, "wait", lambda _, seconds: waits.append(seconds))
    with Http(tries=8) as http, pytest.raises(SourceError):
        http.get(served(httpserver, Response(b"", 503)))
    assert len(waits) == 7
    for wait, most in zip(waits, [1, 2, 4, 8, 16, 30, 30], strict=True):
        assert most / 2 <= wait <= most
    assert len(set(waits)) == 7


@pytest.mark.fault(
    "A", "Retry-After in seconds, as a date, absurd, or wrong",
    "nothing: it waits as long as asked, at most two minutes, and asks again",
)  # fmt: skip
@pytest.mark.parametrize(
    ("header", "least", "most"),
    [
        ("7", 7, 7),
        ("0", 0, 1),
        ("99999", 120, 120),
        ("in a minute", 0, 1),
        ("-5", 0, 1),
        (None, 0, 1),
        (timedelta(seconds=30), 28, 30),
        (timedelta(days=1), 120, 120),
        (timedelta(days=-1), 0, 1),
    ],
    ids=str,
)
def test_the_wait_that_the_service_asks(
    monkeypatch: pytest.MonkeyPatch, httpserver: HTTPServer, header: Any, least: float, most: float
) -> None:
    waits: list[float] = []
    monkeypatch.setattr(Http, "wait", lambda _, seconds: waits.append(seconds))
    if isinstance(header, timedelta):
        header = format_datetime(datetime.now(UTC) + header, usegmt=True)
    headers = {} if header is None else {"Retry-After": header}
    with Http() as http:
        http.get(served(httpserver, Response(b"", 429, headers=headers), Response(b"ok")))
    assert least <= waits[0] <= most


def test_at_most_so_many_at_a_time_to_one_host() -> None:
    now, most, lock = 0, 0, threading.Lock()

    def slow(_: Request) -> Response:
        nonlocal now, most
        with lock:
            now += 1
            most = max(most, now)
        time.sleep(0.05)
        with lock:
            now -= 1
        return Response(b"")

    with HTTPServer(threaded=True) as server, Http(parallel_requests=2) as http, ThreadPoolExecutor(8) as pool:
        server.expect_request("/p").respond_with_handler(slow)
        list(pool.map(http.get, [server.url_for("/p")] * 8))
    assert most == 2


# Redirects


def test_redirects_are_followed(httpserver: HTTPServer, http: Http) -> None:
    httpserver.expect_request("/q").respond_with_data("moved")
    got = http.get(served(httpserver, Response(b"", 302, headers={"Location": "/q"})))
    assert (got.content, got.url) == (b"moved", httpserver.url_for("/q"))


@pytest.mark.fault("A", "redirects in a circle", "one line: “redirects more than 5 times; check the URL”")
def test_but_not_in_circles(httpserver: HTTPServer, http: Http) -> None:
    httpserver.expect_request("/a").respond_with_data(b"", 307, {"Location": "/b"})
    httpserver.expect_request("/b").respond_with_data(b"", 307, {"Location": "/a"})
    with pytest.raises(SourceError, match=r"/a: redirects more than 5 times; check the URL$"):
        http.get(httpserver.url_for("/a"))


@pytest.mark.fault(
    "A", "a redirect to itself, to ftp or to a file",
    "one line: “redirects to …, which is not followed”",
)  # fmt: skip
@pytest.mark.parametrize("target", ["ftp://127.0.0.1/x", "file:///etc/passwd", "/p", ""])
def test_nor_out_of_the_web(httpserver: HTTPServer, http: Http, target: str) -> None:
    with pytest.raises(
        SourceError, match=r"/p: redirects to .*, which is not followed; expected another http\(s\) address"
    ):
        http.get(served(httpserver, Response(b"", 301, headers={"Location": target})))


# Connections that fail below HTTP


@pytest.fixture
def wire() -> Iterator[Callable[..., str]]:
    """A raw server: each connection gets the next of the actions, a function of the open socket."""
    listener = socket.create_server(("127.0.0.1", 0))
    actions: list[Callable[[socket.socket], None]] = []

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                connection.recv(65536)
                (actions.pop(0) if len(actions) > 1 else actions[0])(connection)

    threading.Thread(target=serve, daemon=True).start()

    def at(*given: Callable[[socket.socket], None]) -> str:
        actions.extend(given)
        return f"http://127.0.0.1:{listener.getsockname()[1]}/"

    yield at
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()


HEAD = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n"


def whole(connection: socket.socket) -> None:
    connection.sendall(HEAD + b"ok")


def truncated(connection: socket.socket) -> None:
    connection.sendall(HEAD + b"o")


def chunk_cut(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n")


def reset(connection: socket.socket) -> None:
    connection.sendall(HEAD + b"o")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def silent(connection: socket.socket) -> None:
    connection.sendall(HEAD + b"o")
    time.sleep(0.8)


def closed(connection: socket.socket) -> None:
    """Say nothing at all."""


@pytest.mark.fault(
    "A", "an answer cut, reset, stopped or never begun, and then the whole one",
    "nothing: it is asked again; if it stays so, one line: “broke off in the middle of its answer …” or “silent for too long”",
)  # fmt: skip
@pytest.mark.parametrize("fault", [truncated, chunk_cut, reset, silent, closed])
def test_a_broken_connection_is_tried_again(wire: Callable[..., str], http: Http, fault: Callable[..., None]) -> None:
    assert http.get(wire(fault, fault, whole)).content == b"ok"


@pytest.mark.fault("A", "an answer cut, reset or stopped every time", "one line: “… tried 3 times, run again later”")
@pytest.mark.parametrize(
    ("fault", "says"),
    [
        (truncated, "broke off in the middle of its answer"),
        (chunk_cut, "broke off in the middle of its answer"),
        (reset, "broke off in the middle of its answer"),
        (silent, "silent for too long"),
    ],
)
def test_but_not_without_end(wire: Callable[..., str], http: Http, fault: Callable[..., None], says: str) -> None:
    with pytest.raises(SourceError, match=rf"/: {says}.*; tried 3 times, run again later$"):
        http.get(wire(fault))


@pytest.mark.fault("A", "a redirect to what is no address", "one line")
def test_a_redirect_that_is_no_address(wire: Callable[..., str], http: Http) -> None:
    def nowhere(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 301 Moved\r\nContent-Length: 0\r\nLocation: http://[::1/\r\n\r\n")

    with pytest.raises(SourceError, match=r"/: broke off .* location header"):
        http.get(wire(nowhere))


@pytest.mark.fault("A", "nobody listens", "one line: “can’t connect …; tried 3 times”")
def test_nobody_there(http: Http) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(SourceError, match=r"can't connect \(.*\); tried 3 times"):
        http.get(f"http://127.0.0.1:{port}/")


@pytest.mark.parametrize("url", ["ftp://127.0.0.1/", "127.0.0.1/x", "http://[::1/", "http://"])
def test_what_is_no_web_address(http: Http, url: str) -> None:
    with pytest.raises(SourceError, match="no web address"):
        http.get(url)


def test_proxies(monkeypatch: pytest.MonkeyPatch, httpserver: HTTPServer) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")  # nobody there
    with Http(tries=1) as http:
        assert http.get(served(httpserver, Response(b"direct"))).content == b"direct"
        assert http.get(httpserver.url_for("/p").replace("localhost", "127.0.0.1")).content == b"direct"
    monkeypatch.setenv("HTTP_PROXY", httpserver.url_for(""))
    with Http(tries=1) as http:
        httpserver.expect_request("/far").respond_with_data("through the proxy")
        assert http.get("http://service.example/far").content == b"through the proxy"
    monkeypatch.setenv("HTTP_PROXY", "socks9://127.0.0.1:1")
    with pytest.raises(
        SourceError, match=r"^the proxy that HTTPS_PROXY, HTTP_PROXY or ALL_PROXY names can't be used: "
    ):
        Http()
