"""A large file from a service, to disk: resumed where it broke off, verified before it counts.

While it comes there are two files: ``<name>.part``, and ``<name>.part.json`` that says of what it is a part and how
much of it is certainly on disk. When it is whole there are ``<name>`` and ``<name>.json``.
"""

from __future__ import annotations

import datetime as dt
import email.utils
import hashlib
import os
import re
import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO
from urllib.parse import unquote, urlsplit

import httpx

from .. import store
from ..contract import Page, PipelineError, SourceError
from .http import Answer, DamagedError, Downloaded, Http

# A country's buildings are 8 GB; a connection that breaks every 10 MB brings them yet.
_MOST_LEGS = 1000
# So much may be lost when the machine itself stops.
_CHECKPOINT = 8 << 20
# Bytes come as long as they take, but a minute brings at least this.
_WINDOW_S = 60.0
_LEAST_PER_WINDOW = 60_000
# A date tells two states apart only if nothing can have changed since within the same second.
_SETTLED = dt.timedelta(minutes=1)
_SPAN = re.compile(r"bytes (\d+)-(\d+)/(\d+)")


def download(
    http: Http, url: str, folder: Path, since: dt.datetime | None, count: Callable[[int], None] = lambda _: None
) -> Downloaded:
    """Fetch `url` into `folder`, from where an earlier call broke off.

    Parameters
    ----------
    http
        Who asks. A try that brings bytes does not count as one of its tries; there are at most 1000 in all. Its
        deadline does not hold here: a file may take hours, as long as a minute brings 60 kB.
    url
        Address of the file.
    folder
        Where it is kept, with a JSON beside it: see `about`.
    since
        A file from before this is asked for again, which costs nothing where the service says that it has not
        changed; None: whatever its age.
    count
        Called with bytes, whenever some have come.

    Returns
    -------
    Downloaded
        Whole: as long as the service said, and with the SHA-256 that it had when it came. `Page.features` is 0.

    Raises
    ------
    SourceError
        When the service refuses, does not say how long the file is, packs it, or does not bring it to an end.
    PipelineError
        When the disk is full or refuses.
    """
    path = folder / _name(url)
    with http.alone(str(path)):
        part = _Part(path, url)
        kept = _kept(path, url)
        if kept is None or (since is not None and dt.datetime.fromisoformat(kept.page.retrieved) < since):
            kept = _fetched(http, url, path, part, kept, count)
        part.drop()
        return Downloaded(path, kept.page)


def about(path: Path) -> Path:
    """Where it is written what the file at `path` is: URL, ETag, Last-Modified, bytes, SHA-256, when it came."""
    return path.with_name(f"{path.name}.json")


@dataclass(frozen=True)
class _Kept:
    """A whole file on disk."""

    page: Page
    modified: str


@dataclass(frozen=True)
class _Is:
    """Of what something is a part. `length` is None where the service does not say it."""

    etag: str = ""
    modified: str = ""
    validator: str = ""
    """What proves to the service that the rest belongs to it; '' where it has given nothing of that kind."""
    length: int | None = None


class _Part:
    """A file as far as it has come. Nothing is said in `about` that is not certainly on disk."""

    def __init__(self, path: Path, url: str) -> None:
        self.path = path.with_name(f"{path.name}.part")
        self._about = about(self.path)
        self._url = url
        self.what = _Is()
        self.so_far = 0
        self.again = False
        """Whether it was begun again, after something of it had come."""
        said = store.read_json(self._about) or {}
        try:
            if said["url"] == url and said["validator"] and 0 < said["so_far"] <= self.path.stat().st_size:
                self.what = _Is(said["etag"], said["last_modified"], said["validator"], said["length"])
                self.so_far = said["so_far"]
        except (OSError, KeyError, TypeError):
            pass

    @property
    def whole(self) -> bool:
        """Whether all of it has come."""
        return self.so_far == self.what.length

    def begin(self, what: _Is) -> None:
        """Start with nothing."""
        self.again |= self.so_far > 0
        self.what, self.so_far = what, 0

    def drop(self) -> None:
        """Throw it away."""
        self.begin(_Is())
        self.path.unlink(missing_ok=True)
        self._about.unlink(missing_ok=True)

    def save(self, file: BinaryIO) -> None:
        """Make certain that what has come is on disk, and say so."""
        file.flush()
        os.fsync(file.fileno())
        said = {
            "url": self._url,
            "etag": self.what.etag,
            "last_modified": self.what.modified,
            "validator": self.what.validator,
            "length": self.what.length,
            "so_far": self.so_far,
        }
        store.write_json(self._about, said)


def _name(url: str) -> str:
    """A name for the file that says what it is, keeps its ending and is like no other."""
    plain = re.sub(r"[^A-Za-z0-9._-]+", "_", unquote(urlsplit(url).path).rpartition("/")[2])
    return f"{hashlib.sha256(url.encode()).hexdigest()[:12]}-{plain[-80:].lstrip('.') or 'file'}"


def _kept(path: Path, url: str) -> _Kept | None:
    """The whole file at `path`; None where there is none, or it is not what came."""
    said = store.read_json(about(path)) or {}
    try:
        page = Page(said["from"], said["retrieved"], 0, said["bytes"], said["sha256"], said["etag"])
        same = said["url"] == url and path.stat().st_size == page.bytes and store.sha256(path) == page.sha256
        return _Kept(page, said["last_modified"]) if same else None
    except (OSError, KeyError, TypeError):
        return None


def _keep(path: Path, url: str, kept: _Kept) -> _Kept:
    page = kept.page
    said = {
        "url": url,
        "from": page.url,
        "retrieved": page.retrieved,
        "etag": page.etag,
        "last_modified": kept.modified,
        "bytes": page.bytes,
        "sha256": page.sha256,
    }
    store.write_json(about(path), said)
    return kept


def _fetched(http: Http, url: str, path: Path, part: _Part, kept: _Kept | None, count: Callable[[int], None]) -> _Kept:
    """Ask for what is missing until all of it is there."""
    for _ in range(_MOST_LEGS):
        answer = http.followed(url, lambda hop: _leg(http, hop, part, kept, count))
        if answer.status == httpx.codes.NOT_MODIFIED and kept is not None:
            return _keep(path, url, replace(kept, page=replace(kept.page, retrieved=answer.retrieved)))
        if part.whole:
            return _finished(path, url, part, answer)
        http.rest()
    msg = f"{url}: broke off {_MOST_LEGS} times, the last time after {part.so_far} bytes; run again later to go on"
    raise SourceError(msg)


def _finished(path: Path, url: str, part: _Part, answer: Answer) -> _Kept:
    try:
        size = part.path.stat().st_size
        page = Page(answer.url, answer.retrieved, 0, size, store.sha256(part.path), part.what.etag)
        # The note first: a whole part with it is found again, a file without would be fetched anew.
        kept = _keep(path, url, _Kept(page, part.what.modified))
        os.replace(part.path, path)
    except OSError as error:
        raise _refused(path, error) from None
    return kept


def _leg(http: Http, url: str, part: _Part, kept: _Kept | None, count: Callable[[int], None]) -> Answer:
    """Ask once for what is missing; what comes is in `part`, also when it breaks off."""
    with http.stream("GET", url, _asked(part, kept)) as response:
        status = response.status_code
        if status in (httpx.codes.OK, httpx.codes.PARTIAL_CONTENT):
            _begin(part, response, url)
            before = part.so_far
            try:
                _take(http, part, response, count)
            except httpx.TransportError:
                # What brought more is no failure; what began again and did not get to the end is one.
                if part.so_far == before or (part.again and not before):
                    raise
            else:
                _end(part, before)
        elif status == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE:
            _check_end(part, response)
            status = httpx.codes.PARTIAL_CONTENT
        elif status >= 400 or response.has_redirect_location or (status == httpx.codes.NOT_MODIFIED and kept):
            return Answer(url, status, response.headers, b"".join(http.pieces(response)), _now())
        else:
            msg = f"{url}: HTTP {status}, expected a file"
            raise DamagedError(msg)
    return Answer(url, status, response.headers, b"", _now())


def _asked(part: _Part, kept: _Kept | None) -> dict[str, str]:
    """The headers of a request for what is missing: the rest, a newer state, or all."""
    headers = {"Accept": "*/*", "Accept-Encoding": "identity"}
    if part.so_far and part.what.validator:
        return headers | {"Range": f"bytes={part.so_far}-", "If-Range": part.what.validator}
    if kept is not None and kept.page.etag:
        return headers | {"If-None-Match": kept.page.etag}
    if kept is not None and kept.modified:
        return headers | {"If-Modified-Since": kept.modified}
    return headers


def _begin(part: _Part, response: httpx.Response, url: str) -> None:
    """Look at what is announced, and make the part ready for it: for the rest, or for all from the start."""
    kind = response.headers.get("Content-Type", "")
    if response.headers.get("Content-Encoding", "identity").lower() not in ("identity", ""):
        msg = f"{url}: comes packed ({response.headers['Content-Encoding']}), though the plain file was asked for"
        raise SourceError(msg)
    if kind.startswith("text/html"):
        msg = f"{url}: gave a web page, expected a file"
        raise DamagedError(msg)
    if response.status_code == httpx.codes.PARTIAL_CONTENT:
        _check_rest(part, response)
    else:
        part.begin(_announced(response, url))
    if part.what.length == 0:
        msg = f"{url}: gave an empty file"
        raise DamagedError(msg)
    _check_room(part, url)


def _announced(response: httpx.Response, url: str) -> _Is:
    headers = response.headers
    stated = headers.get("Content-Length")
    if stated is None and "chunked" not in headers.get("Transfer-Encoding", "").lower():
        msg = f"{url}: does not say how long the file is, so it can't be known whether all of it came"
        raise SourceError(msg)
    etag, modified = headers.get("ETag", ""), headers.get("Last-Modified", "")
    return _Is(etag, modified, _validator(etag, modified, headers), None if stated is None else int(stated))


def _validator(etag: str, modified: str, headers: Mapping[str, str]) -> str:
    """What may stand in If-Range (RFC 9110, 13.1.5): a strong ETag, or without any ETag a date that has settled."""
    if etag:
        return "" if etag.startswith("W/") else etag
    try:
        settled = email.utils.parsedate_to_datetime(modified) + _SETTLED
        return modified if settled <= email.utils.parsedate_to_datetime(headers.get("Date", "")) else ""
    except (ValueError, TypeError):
        return ""


def _check_rest(part: _Part, response: httpx.Response) -> None:
    """Whether what comes is the rest of what is there; if not, all is asked again."""
    headers, what = response.headers, part.what
    span = _SPAN.fullmatch(headers.get("Content-Range", "").strip())
    first, last, total = (int(g) for g in span.groups()) if span else (-1, -1, -1)
    length = int(headers.get("Content-Length", last - first + 1))
    fits = part.so_far > 0 and first == part.so_far <= last < total == (what.length or total)
    same = headers.get("ETag", what.etag) == what.etag
    if not (fits and same and length == last - first + 1):
        msg = f"asked for bytes from {part.so_far} of {what.length}, gave {headers.get('Content-Range', 'others')!r}"
        part.drop()
        raise DamagedError(msg)
    part.what = replace(what, length=total)


def _check_end(part: _Part, response: httpx.Response) -> None:
    """Whether nothing is missing, where the service says that there is nothing more; if not, all is asked again."""
    total = response.headers.get("Content-Range", "").strip().removeprefix("bytes */")
    if not part.so_far or total != str(part.so_far) or part.what.length not in (None, part.so_far):
        msg = f"has no bytes from {part.so_far} (HTTP 416)"
        part.drop()
        raise DamagedError(msg)
    part.what = replace(part.what, length=part.so_far)


def _check_room(part: _Part, url: str) -> None:
    """Say beforehand that the disk is too small."""
    try:
        part.path.parent.mkdir(parents=True, exist_ok=True)
        there = part.path.stat().st_size if part.path.exists() else 0
        free = shutil.disk_usage(part.path.parent).free
    except OSError as error:
        raise _refused(part.path, error) from None
    need = (part.what.length or 0) - there
    if need > free:
        msg = f"{part.path.parent}: has {free / 1e6:.1f} MB free, but {url} needs {need / 1e6:.1f} MB more; make room"
        raise PipelineError(msg)


def _take(http: Http, part: _Part, response: httpx.Response, count: Callable[[int], None]) -> None:
    """Add to the part what comes."""
    saved = part.so_far
    window, until = 0, time.monotonic() + _WINDOW_S
    try:
        with part.path.open("r+b" if part.so_far else "wb") as file:
            file.truncate(part.so_far)
            file.seek(part.so_far)
            # Before the first byte of another state, so that no note tells of a state that is gone.
            part.save(file)
            try:
                for piece in response.iter_raw():
                    http.wait(0)
                    file.write(piece)
                    part.so_far += len(piece)
                    _check_size(part)
                    window += len(piece)
                    count(len(piece))
                    if part.so_far - saved >= _CHECKPOINT:
                        part.save(file)
                        saved = part.so_far
                    if time.monotonic() > until:
                        _check_pace(window)
                        window, until = 0, time.monotonic() + _WINDOW_S
            finally:
                part.save(file)
    except OSError as error:
        raise _refused(part.path, error) from None


def _check_size(part: _Part) -> None:
    if part.what.length is not None and part.so_far > part.what.length:
        msg = f"gave more than the {part.what.length} bytes that it has"
        part.begin(_Is())
        raise DamagedError(msg)


def _check_pace(window: int) -> None:
    if window < _LEAST_PER_WINDOW:
        msg = f"only {window} bytes in {_WINDOW_S:g} s"
        raise DamagedError(msg)


def _end(part: _Part, before: int) -> None:
    """After an answer that ended in good order."""
    if part.what.length is None:
        part.what = replace(part.what, length=part.so_far)
    if part.so_far == before:
        msg = f"gave nothing from byte {before} of {part.what.length}"
        part.drop()
        raise DamagedError(msg)


def _refused(path: Path, error: OSError) -> PipelineError:
    return PipelineError(f"{path}: can't be written: {error.strerror or error}")


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
