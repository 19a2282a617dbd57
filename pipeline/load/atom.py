"""Whole files of a register: by their own address, or through the ATOM feed that lists them.

A feed has an entry per file and per CRS, or an entry per dataset that points to such a feed (INSPIRE Download
Services). The file is fetched whole and read for the area.
"""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from ..contract import Bbox, Proof, SourceError, Text
from ..wording import number
from . import archive, file, xml
from .http import Answer, Asks, DamagedError, Downloaded
from .received import Progress, Received, hint

_ACCEPT = "application/atom+xml, application/xml;q=0.9, text/xml;q=0.9"
_FILES = (*archive.MAP_FILES, ".zip")
_RD = "28992"
_EPSG = re.compile(r"EPSG(?::|/0/|::|/[0-9.]+/)([0-9]{4,5})")
# A feed of datasets, and the feeds that it points to; each is one request.
_MOST_FEEDS = 50
_LISTED = 12


@dataclass(frozen=True)
class _Link:
    """A file that a feed offers. `length` is None and `crs` empty where the feed does not say them."""

    url: str
    length: int | None
    crs: frozenset[str]

    @property
    def name(self) -> str:
        return unquote(PurePosixPath(urlsplit(self.url).path).name)


def fetch(
    url: str,
    collection: str,
    bbox: Bbox | None,
    http: Asks,
    progress: Progress,
    *,
    resolve: Callable[[str], str] = lambda url: url,
) -> Received:
    """Fetch a file whole, and read one layer of it.

    Parameters
    ----------
    url
        Of the file (its name ends in ``.gpkg``, ``.zip``, ``.gml`` …), or of a feed.
    collection
        ``layer``, or ``file|layer``: which file of the feed, or in the zip. Where the feed has one file in RD, or one
        GeoPackage among other formats, that is the one. An empty layer stands for the only one.
    bbox
        Only what intersects it, metres RD; None for all.
    http
        Who asks, and keeps the file.
    progress
        Called once, when all is read.
    resolve
        Gives the mirror of an address.

    Raises
    ------
    SourceError
        When the feed offers no such file, a file in another CRS or at an unsafe address; when the file is damaged.
    """
    wanted, _, layer = collection.rpartition("|")
    if urlsplit(url).path.lower().endswith(_FILES):
        link, inside = _Link(resolve(url), None, frozenset()), wanted or None
    else:
        link, inside = chosen(list(links_of(url, http, resolve)), wanted, url), None
    done = http.download(link.url)
    with _readable(done, inside) as path:
        received = file.fetch(path, layer or None, {}, {}, bbox, progress)
        proofs = (*_whole(done, link), *_counted(path, layer, received))
    page = replace(done.page, features=len(received.table))
    return replace(received, pages=(page,), proofs=proofs)


def links_of(url: str, http: Asks, resolve: Callable[[str], str]) -> Iterator[_Link]:
    """The files that a feed offers, and the feeds that it points to."""
    feeds = [resolve(url)]
    # The feeds of a feed, and no further.
    for depth in range(2):
        below: list[str] = []
        for feed in feeds:
            answer = http.get(feed, accept=_ACCEPT, read=_feed)
            for entry in answer.read.all("entry"):
                for link, is_feed in _offers(entry, answer.url, resolve):
                    if not is_feed:
                        yield link
                    elif link.url not in below:
                        below.append(link.url)
        if depth == 0 and len(below) > _MOST_FEEDS:
            msg = f"{url}: points to {len(below)} feeds; give the URL of one of them, such as {below[0]}"
            raise SourceError(msg)
        feeds = below


def _feed(answer: Answer) -> xml.Element:
    if answer.headers.get("Content-Type", "").startswith("text/html"):
        msg = f"{answer.url}: gave a web page, expected an ATOM feed"
        raise DamagedError(msg)
    root = xml.read(answer.content, answer.url)
    if root.name != "feed":
        msg = f"{answer.url}: gave XML <{root.name}>, expected an ATOM <feed>; is the URL right?"
        raise SourceError(msg)
    return root


def _offers(entry: xml.Element, base: str, resolve: Callable[[str], str]) -> Iterator[tuple[_Link, bool]]:
    """The files in one entry, and the feeds: with True."""
    stated = frozenset(code for c in entry.all("category") for code in _EPSG.findall(c.attributes.get("term", "")))
    for link in entry.all("link"):
        said = link.attributes
        kind = said.get("type", "")
        if said.get("rel", "alternate") not in ("alternate", "section", "enclosure") or kind.startswith("text/html"):
            continue
        target = resolve(urljoin(base, said.get("href", "").strip()))
        own = frozenset(_EPSG.findall(said.get("title", ""))) or frozenset(_EPSG.findall(entry.said("title")))
        length = said.get("length", "").strip()
        crs = stated if len(stated) == 1 else own or stated
        offered = _Link(target, int(length) if length.isdecimal() and int(length) else None, crs)
        _check_safe(target, base)
        yield offered, kind.startswith("application/atom+xml")


def _check_safe(target: str, base: str) -> None:
    """A feed may point to another host, by https only; to this machine, and to its own host, as it is."""
    to, of = urlsplit(target), urlsplit(base)
    here = to.hostname in ("127.0.0.1", "localhost", "::1")
    if to.scheme == "https" or (to.scheme == "http" and (here or (of.scheme, of.netloc) == (to.scheme, to.netloc))):
        return
    msg = f"{base}: points to {target}, which is not followed; expected https"
    raise SourceError(msg)


def chosen(links: Sequence[_Link], wanted: str, url: str) -> _Link:
    """The one file that is meant."""
    links = list({link.url: link for link in links}.values())
    names = [link.name for link in links]
    if not links:
        msg = f"{url}: the feed offers no file; is the URL right?"
        raise SourceError(msg)
    if wanted:
        links = [link for link in links if wanted in (link.name, PurePosixPath(link.name).stem)]
        if not links:
            msg = f"{url}: the feed offers no file {wanted!r}; {hint(wanted, names)}"
            raise SourceError(msg)
    fitting = [link for link in links if _RD in link.crs] or [link for link in links if not link.crs]
    if not fitting:
        others = ", ".join(sorted(f"EPSG:{code}" for link in links for code in link.crs))
        msg = f"{url}: the feed offers {links[0].name} in {others}, expected EPSG:{_RD}"
        raise SourceError(msg)
    packages = [link for link in fitting if link.name.lower().endswith(".gpkg")]
    if len(fitting) > 1 and len(packages) == 1:
        return packages[0]
    if len(fitting) > 1:
        there = ", ".join(link.name for link in fitting[:_LISTED]) + (" …" if len(fitting) > _LISTED else "")
        msg = f"{url}: the feed offers {len(fitting)} files: {there}; name one in collection, as 'file|layer'"
        raise SourceError(msg)
    return fitting[0]


@contextmanager
def _readable(done: Downloaded, inside: str | None) -> Iterator[Path]:
    """The file to read; what had to be unpacked for it is there as long as the block lasts."""
    if done.path.suffix.lower() != ".zip":
        yield done.path
        return
    folder = done.path.with_name(f"{done.path.name}.unpacked")
    # What a run left that was killed.
    shutil.rmtree(folder, ignore_errors=True)
    try:
        yield archive.member(done.path, inside, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _whole(done: Downloaded, link: _Link) -> Iterator[Proof]:
    """Whether the file came whole."""

    def said(nl: str, en: str, *counts: int) -> Text:
        return Text(nl.format(*(number(c, 0, "nl") for c in counts)), en.format(*(number(c, 0, "en") for c in counts)))

    size = done.page.bytes
    digest = done.page.sha256[:12]
    yield Proof(
        "file", True,
        said(f"één bestand van {{}} bytes, tot het eind binnengekomen, SHA-256 {digest}",
             f"one file of {{}} bytes, which came to its end, SHA-256 {digest}", size),
    )  # fmt: skip
    if link.length is not None and link.length != size:
        yield Proof(
            "file", False,
            said("de feed noemt {} bytes, het bestand heeft er {}",
                 "the feed says {} bytes, the file has {}", link.length, size),
        )  # fmt: skip


def _counted(path: Path, layer: str, received: Received) -> Iterator[Proof]:
    """Whether the layer holds as many features as the file says, and all that lie in the area were read."""
    read, found = len(received.table), received.reported
    yield Proof(
        "count", read == found,
        Text(f"{number(read, 0, 'nl')} objecten gelezen van de {number(found or 0, 0, 'nl')} die GDAL er telt",
             f"{number(read, 0, 'en')} features read of the {number(found or 0, 0, 'en')} that GDAL counts there"),
    )  # fmt: skip
    counts = _contents(path, layer)
    if counts is None:
        return
    stated, there = counts
    yield Proof(
        "count", stated == there,
        Text(f"de laag heeft {number(there, 0, 'nl')} rijen, het bestand zelf noemt er {number(stated, 0, 'nl')}",
             f"the layer has {number(there, 0, 'en')} rows, the file itself says {number(stated, 0, 'en')}"),
    )  # fmt: skip


def _contents(path: Path, layer: str) -> tuple[int, int] | None:
    """Rows that a GeoPackage says its layer has, and rows that are there; None where it says nothing."""
    if path.suffix.lower() != ".gpkg":
        return None

    def one(connection: sqlite3.Connection, sql: str, *values: str) -> Any:
        return (connection.execute(sql, values).fetchone() or [None])[0]

    # Immutable: nothing is locked, and nothing left beside the file.
    address = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
    try:
        with closing(sqlite3.connect(address, uri=True)) as connection:
            table = layer or one(connection, "SELECT table_name FROM gpkg_contents WHERE data_type = 'features'")
            stated = one(connection, "SELECT feature_count FROM gpkg_ogr_contents WHERE table_name = ?", table)
            quoted = '"' + str(table).replace('"', '""') + '"'
            there = one(connection, f"SELECT count(*) FROM {quoted}")  # noqa: S608 - quoted; a name can't be a value
    except sqlite3.Error:
        return None
    return None if stated is None else (int(stated), int(there))
