"""Asking a service over HTTP, with manners: bounded, patient, and clear about what went wrong."""

from __future__ import annotations

import datetime as dt
import email.utils
import gzip
import hashlib
import json
import random
import re
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self
from urllib.parse import urljoin, urlsplit

import httpx

from .. import __version__
from ..contract import Page, SourceError
from . import ows

#: Answers that say "try again later". No other 4xx or 5xx gets better by itself.
BUSY = frozenset({429, 500, 502, 503, 504})
#: What a service answers when it is asked for something else than is known, and there is nothing else.
NOT_MODIFIED = 304
#: Names of any case.
Headers = httpx.Headers
_GONE = frozenset({404, 410})
_MOVED = frozenset({301, 302, 303, 307, 308})
_MOST_HOPS = 5
# A service may ask for any wait; longer than this is a failure that a person should see.
_MOST_WAIT_S = 120.0
_MOST_PAUSE_S = 30.0
_DETAIL = 200


class DamagedError(SourceError):
    """An answer that says it is fine and is not: half, empty, or a page for people. Worth asking once more."""


class GoneError(SourceError):
    """The service says that there is nothing at this address, or no longer (HTTP 404, 410)."""


@dataclass(frozen=True)
class Answer:
    """A successful answer of a service, whole.

    Attributes
    ----------
    url
        Where it came from after redirects.
    headers
        Case-insensitive.
    read
        What the `read` that was given to `Asks.get` made of it.
    """

    url: str
    status: int
    headers: Mapping[str, str]
    content: bytes
    retrieved: str
    read: Any = None

    def page(self, features: int) -> Page:
        """The receipt of this answer."""
        digest = hashlib.sha256(self.content).hexdigest()
        return Page(self.url, self.retrieved, features, len(self.content), digest, self.headers.get("ETag", ""))


@dataclass(frozen=True)
class Downloaded:
    """A file of a service, whole, on disk."""

    path: Path
    page: Page


class Asks(Protocol):
    """Who can ask a service: the bare client, or one that keeps the answers on disk."""

    @property
    def parallel_requests(self) -> int:
        """Requests at a time to one host."""

    def get(self, url: str, *, accept: str = "*/*", read: Callable[[Answer], Any] | None = None) -> Answer:
        """Ask for `url` until there is an answer that `read` can read."""

    def again(self, url: str, *, accept: str = "*/*", read: Callable[[Answer], Any] | None = None) -> Answer:
        """Ask the service itself, also where the answer is known already."""

    def post(self, url: str, body: Mapping[str, Any], *, read: Callable[[Answer], Any] | None = None) -> Answer:
        """Send `body` as JSON."""

    def wait(self, seconds: float) -> None:
        """Wait, unless the run is stopped meanwhile."""

    def download(self, url: str) -> Downloaded:
        """Fetch a large file to disk, from where an earlier try broke off."""


class Http:
    """A client for all services of one run; safe to use from several threads.

    Parameters
    ----------
    timeout_s
        Longest silence, while connecting and between two pieces of an answer.
    tries
        How often one request is tried in all.
    parallel_requests
        Requests at a time to one host.
    contact
        E-mail address or page, sent in the User-Agent.
    deadline_s
        Longest time that one answer may take in all, so that a trickle of bytes ends too.
    offline
        Refuse to ask anything.
    pause_s
        Wait before the second try; doubles with each, less up to half of it by chance.
    """

    def __init__(
        self,
        *,
        timeout_s: float = 60,
        tries: int = 4,
        parallel_requests: int = 4,
        contact: str = "",
        deadline_s: float = 600,
        offline: bool = False,
        pause_s: float = 1.0,
    ) -> None:
        self.parallel_requests = parallel_requests
        self._deadline_s = deadline_s
        self._offline = offline
        self._stopped = threading.Event()
        self._tries = tries
        self._pause_s = pause_s
        self._slots: dict[str, threading.BoundedSemaphore] = {}
        self._locks: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()
        agent = f"spoorzone/{__version__}" + (f" (+{contact})" if contact else "")
        if not agent.isascii() or not agent.isprintable():
            msg = f"[load] contact is {contact!r}, expected plain ASCII text"
            raise SourceError(msg)
        try:
            self._client = httpx.Client(
                headers={"User-Agent": agent, "Accept-Encoding": "gzip"},
                timeout=httpx.Timeout(timeout_s, pool=None),
                follow_redirects=False,
                # A municipality's proxy is honoured; this machine is never reached through one.
                mounts={"all://127.0.0.1": None, "all://localhost": None, "all://[::1]": None},
            )
        except (ImportError, ValueError, httpx.InvalidURL) as error:
            msg = f"the proxy that HTTPS_PROXY, HTTP_PROXY or ALL_PROXY names can't be used: {_short(str(error))}"
            raise SourceError(msg) from None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close every connection."""
        self._client.close()

    def stop(self) -> None:
        """Let every request under way, in whatever thread, end at once."""
        self._stopped.set()

    def get(self, url: str, *, accept: str = "*/*", read: Callable[[Answer], Any] | None = None) -> Answer:
        """Ask for `url` until there is an answer.

        Parameters
        ----------
        accept
            Media types.
        read
            Reads the answer, for its `read`; where it raises `DamagedError` the service is asked again.

        Raises
        ------
        SourceError
            When the service refuses, stays busy or silent, breaks off each time, or redirects without end.
        """
        return self.ask("GET", url, {"Accept": accept}, read=read)

    again = get

    def post(self, url: str, body: Mapping[str, Any], *, read: Callable[[Answer], Any] | None = None) -> Answer:
        """Send `body` as JSON, and give the answer as `get` does."""
        headers = {"Accept": "application/json", "Content-Type": "application/json"}
        return self.ask("POST", url, headers, json.dumps(body).encode(), read=read)

    def ask(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        content: bytes | None = None,
        *,
        read: Callable[[Answer], Any] | None = None,
    ) -> Answer:
        """Ask until there is an answer below 400, following redirects."""

        def once(url: str) -> Answer:
            with self.stream(method, url, headers, content) as response:
                body = b"".join(self.pieces(response))
            answer = Answer(url, response.status_code, response.headers, _unpacked(response, body), _moment())
            readable = read is not None and answer.status < 300
            return replace(answer, read=read(answer)) if readable and read else answer

        return self.followed(url, once)

    def followed(self, url: str, once: Callable[[str], Answer]) -> Answer:
        """Do `once` patiently with `url`, and with the address that it is redirected to."""
        asked = url
        for _ in range(_MOST_HOPS + 1):
            answer = self.patiently(url, partial(once, url))
            if answer.status not in _MOVED:
                return answer
            url = _next_hop(answer)
        msg = f"{asked}: redirects more than {_MOST_HOPS} times; check the URL"
        raise SourceError(msg)

    def patiently(self, url: str, once: Callable[[], Answer]) -> Answer:
        """Do `once` until it gives an answer below 400; its host's slot is held all the while."""
        if self._offline:
            msg = f"{url}: not on disk, and --offline asks no service; run 'spoorzone load' with a network first"
            raise SourceError(msg)
        with self._slot(url):
            for attempt in range(1, self._tries + 1):
                asked_wait = 0.0
                try:
                    answer = once()
                except httpx.TransportError as error:
                    failure = _said(error)
                except (EOFError, gzip.BadGzipFile, zlib.error) as error:
                    failure = f"sent damaged compressed data ({_short(str(error))})"
                except DamagedError as error:
                    failure = str(error).removeprefix(f"{url}: ")
                else:
                    if answer.status < 400:
                        return answer
                    failure = f"HTTP {answer.status}{_detail(answer)}"
                    if answer.status not in BUSY:
                        msg = f"{url}: {failure}"
                        raise GoneError(msg) if answer.status in _GONE else SourceError(msg)
                    asked_wait = _retry_after(answer.headers.get("Retry-After", ""))
                # The slot is kept while waiting: a host in trouble gets fewer requests, not others.
                if attempt < self._tries:
                    self.wait(max(asked_wait, self._pause(attempt)))
        times = "once" if self._tries == 1 else f"{self._tries} times"
        msg = f"{url}: {failure}; tried {times}, run again later"
        raise SourceError(msg)

    def wait(self, seconds: float) -> None:
        """Wait, unless the run is stopped meanwhile."""
        if self._stopped.wait(seconds):
            raise KeyboardInterrupt

    def rest(self) -> None:
        """Wait as long as before a second try."""
        self.wait(self._pause(1))

    @contextmanager
    def alone(self, name: str) -> Iterator[None]:
        """Let one thread at a time do what `name` stands for."""
        with self._lock:
            lock = self._locks.setdefault(name, threading.Lock())
        with lock:
            yield

    @contextmanager
    def stream(
        self, method: str, url: str, headers: Mapping[str, str], content: bytes | None = None
    ) -> Iterator[httpx.Response]:
        """Give one answer while it comes; nothing is retried, unpacked or followed."""
        with self._client.stream(method, url, headers=dict(headers), content=content) as response:
            yield response

    def pieces(self, response: httpx.Response) -> Iterator[bytes]:
        """The body as it comes, within the deadline."""
        end = time.monotonic() + self._deadline_s
        for piece in response.iter_raw():
            if self._stopped.is_set():
                raise KeyboardInterrupt
            if time.monotonic() > end:
                msg = f"still sending after {self._deadline_s:g} s"
                raise httpx.ReadTimeout(msg)
            yield piece

    def _pause(self, attempt: int) -> float:
        longest: float = min(self._pause_s * 2.0 ** (attempt - 1), _MOST_PAUSE_S)
        return longest * random.uniform(0.5, 1)  # noqa: S311 - spreads clients, keeps no secret

    def _slot(self, url: str) -> threading.BoundedSemaphore:
        with self._lock:
            return self._slots.setdefault(_host(url), threading.BoundedSemaphore(self.parallel_requests))


def _moment() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")


def _unpacked(response: httpx.Response, body: bytes) -> bytes:
    """Unpacked here, because httpx takes compressed data that end too early for whole."""
    if response.headers.get("Content-Encoding", "").lower() in ("gzip", "x-gzip"):
        return gzip.decompress(body)
    return body


def _host(url: str) -> str:
    """Host and port of an address that can be asked."""
    try:
        parts = httpx.URL(url)
    except httpx.InvalidURL as error:
        msg = f"{url}: no web address ({error}); expected http:// or https://"
        raise SourceError(msg) from None
    if parts.scheme not in ("http", "https") or not parts.host:
        msg = f"{url}: no web address; expected http:// or https://"
        raise SourceError(msg)
    return parts.netloc.decode("ascii")


def _next_hop(answer: Answer) -> str:
    target: str = urljoin(answer.url, answer.headers.get("Location", ""))
    scheme = urlsplit(target).scheme
    unsafe = answer.url.startswith("https:") and scheme == "http"
    if target == answer.url or scheme not in ("http", "https") or unsafe:
        msg = f"{answer.url}: redirects to {target}, which is not followed; expected another http(s) address, no less safe"
        raise SourceError(msg)
    return target


def _retry_after(asked: str) -> float:
    """Seconds that the service asks to wait: a number, or a date; 0 where it asks nothing sensible."""
    if re.fullmatch(r"\d{1,9}", asked.strip()):
        return min(float(asked), _MOST_WAIT_S)
    try:
        until = email.utils.parsedate_to_datetime(asked)
    except ValueError:
        return 0.0
    if until.tzinfo is None:
        until = until.replace(tzinfo=dt.UTC)
    return min(max((until - dt.datetime.now(dt.UTC)).total_seconds(), 0.0), _MOST_WAIT_S)


def _said(error: httpx.TransportError) -> str:
    what = {
        httpx.ConnectTimeout: "no connection in time",
        httpx.ReadTimeout: "silent for too long",
        httpx.ConnectError: "can't connect",
        httpx.RemoteProtocolError: "broke off in the middle of its answer",
        httpx.ReadError: "broke off in the middle of its answer",
        httpx.ProxyError: "the proxy refuses",
    }.get(type(error), type(error).__name__)
    return f"{what} ({_short(str(error))})" if str(error) else what


def _detail(answer: Answer) -> str:
    """The service's own words, shortened: problem+json, an OGC exception, or plain text."""
    kind = answer.headers.get("Content-Type", "")
    said = ""
    if "json" in kind:
        try:
            body = json.loads(answer.content)
        except ValueError:
            body = None
        if isinstance(body, dict):
            said = next((str(body[k]) for k in ("detail", "description", "title", "message") if body.get(k)), "")
    elif "xml" in kind:
        said = ows.exception(answer.content) or ""
    elif kind.startswith("text/plain"):
        said = answer.content.decode("utf-8", "replace")
    return f": {_short(said)}" if said else f" {httpx.codes.get_reason_phrase(answer.status)}".rstrip()


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _DETAIL else line[: _DETAIL - 1] + "…"
