"""Answers kept on disk, so that a walk that was broken off goes on where it was.

Each answer is one file: a line of JSON that says what it is, and the answer as the service gave it, together
compressed. A file that is not whole counts as not there.
"""

from __future__ import annotations

import datetime as dt
import gzip
import hashlib
import json
import threading
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from .. import store
from .download import about, download
from .http import NOT_MODIFIED, Answer, DamagedError, Downloaded, Headers, Http

#: Headers that say something of what came.
_HEADERS = ("Content-Crs", "Content-Type", "ETag", "Last-Modified")


@dataclass(frozen=True)
class _Known:
    """An answer on disk, and when it came."""

    answer: Answer
    moment: dt.datetime


class Kept:
    """Asks a service, and keeps every answer in a folder.

    Parameters
    ----------
    http
        Who asks.
    folder
        Of this source alone.
    since
        Answers from before this are asked again, by their mark (ETag) where they have one; None: whatever their age.
    count
        Called with bytes, whenever some have come.
    twice
        All that is kept has been asked twice: as long as nothing new comes, that holds.
    """

    def __init__(
        self,
        http: Http,
        folder: Path,
        since: dt.datetime | None,
        count: Callable[[int], None] = lambda _: None,
        *,
        twice: bool = False,
    ) -> None:
        self._http = http
        self._folder = folder
        self._since = since
        self._count = count
        self.twice = twice
        self._used: set[Path] = set()
        self._lock = threading.Lock()

    @property
    def parallel_requests(self) -> int:
        """Requests at a time to one host."""
        return self._http.parallel_requests

    def wait(self, seconds: float) -> None:
        """Wait, unless the run is stopped meanwhile."""
        self._http.wait(seconds)

    def get(self, url: str, *, accept: str = "*/*", read: Callable[[Answer], Any] | None = None) -> Answer:
        """Give the kept answer, or ask for it and keep it."""
        return self._answered("GET", url, {"Accept": accept}, None, read)

    def again(self, url: str, *, accept: str = "*/*", read: Callable[[Answer], Any] | None = None) -> Answer:
        """Ask the service itself; nothing is kept. What was asked twice before need not be asked a third time."""
        if self.twice:
            return self.get(url, accept=accept, read=read)
        answer = self._http.get(url, accept=accept, read=read)
        self._count(len(answer.content))
        return answer

    def post(self, url: str, body: Mapping[str, Any], *, read: Callable[[Answer], Any] | None = None) -> Answer:
        """Send `body` as JSON, unless the answer to the same is kept."""
        headers = {"Accept": "application/json", "Content-Type": "application/json"}
        return self._answered("POST", url, headers, json.dumps(body, sort_keys=True).encode(), read)

    def download(self, url: str) -> Downloaded:
        """Fetch a large file into the folder, from where an earlier try broke off; unchanged ones are not fetched."""
        done = download(self._http, url, self._folder, self._since, self._count)
        with self._lock:
            self._used |= {done.path, about(done.path)}
        return done

    def prune(self) -> None:
        """Throw away what this walk did not use; called when it has ended well."""
        for path in self._folder.iterdir() if self._folder.exists() else ():
            if path.is_file() and path.name != "walk.json" and path not in self._used:
                path.unlink(missing_ok=True)

    def _answered(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        body: bytes | None,
        read: Callable[[Answer], Any] | None,
    ) -> Answer:
        path = self._path(method, url, body)
        known = _known(path)
        if known is not None and (self._since is None or known.moment >= self._since):
            try:
                answer = replace(known.answer, read=read(known.answer)) if read else known.answer
            except DamagedError:
                known = None
            else:
                self._use(path)
                return answer
        mark = known.answer.headers.get("ETag") if known else None
        answer = self._http.ask(method, url, {**headers, "If-None-Match": mark} if mark else headers, body, read=read)
        if answer.status == NOT_MODIFIED and known is not None:
            answer = replace(known.answer, retrieved=answer.retrieved)
            answer = replace(answer, read=read(answer)) if read else answer
        self._count(len(answer.content))
        self.twice = False
        _keep(path, answer)
        self._use(path)
        return answer

    def _path(self, method: str, url: str, body: bytes | None) -> Path:
        name = hashlib.sha256(b" ".join([method.encode(), url.encode(), body or b""])).hexdigest()[:24]
        return self._folder / f"{name}.answer.gz"

    def _use(self, path: Path) -> None:
        with self._lock:
            self._used.add(path)


def _known(path: Path) -> _Known | None:
    """The answer in a file; None where there is none, or no whole one."""
    try:
        head, _, content = gzip.decompress(path.read_bytes()).partition(b"\n")
        said = json.loads(head)
        if hashlib.sha256(content).hexdigest() != said["sha256"]:
            return None
        moment = dt.datetime.fromisoformat(said["retrieved"])
        answer = Answer(said["url"], said["status"], Headers(said["headers"]), content, said["retrieved"])
    except (OSError, EOFError, zlib.error, ValueError, KeyError, TypeError):
        return None
    return _Known(answer, moment)


def _keep(path: Path, answer: Answer) -> None:
    said = {
        "url": answer.url,
        "retrieved": answer.retrieved,
        "status": answer.status,
        "headers": {name: answer.headers[name] for name in _HEADERS if name in answer.headers},
        "sha256": hashlib.sha256(answer.content).hexdigest(),
    }
    with store.whole(path) as part:
        part.write_bytes(gzip.compress(json.dumps(said).encode() + b"\n" + answer.content, 5, mtime=0))
