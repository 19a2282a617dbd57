"""The small project with its sources behind a service on this machine, which pages as PDOK does.

    with ServiceWorld() as world:
        config = world.write(folder)
        ...  # world.log tells every request; world.delay_s, world.fault, world.etags change how it answers

OGC API Features: pages linked by a cursor, no count. WFS: a count when asked for hits, and pages by start index.
"""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qs, urlencode, urlsplit

import shapely
import small_project

from pipeline.load.ogc_features import RD_URI
from pipeline.sources import SOURCES, dated

EDITION = {"wijk": 2022, "buurt": 2022, "vierkant_100m": 2022, "bodemgebruik": 2017}
#: Sources by the name that a service has for them.
BY_COLLECTION = {
    dated(a.collection, EDITION.get(s.name)): s.name
    for s in SOURCES
    for a in s.accesses
    if s.name in small_project.tables()
}
#: What is asked over OGC API, and so twice; the others over WFS.
UNCOUNTED = ("gemeente", "wijk", "buurt", "spooras", "station", "pand")

Feature = dict[str, Any]
#: Status, headers and body of an answer.
Reply = tuple[int, dict[str, str], bytes]


@dataclass(frozen=True)
class Asked:
    """One request and its answer."""

    source: str
    url: str
    headers: dict[str, str]
    status: int


@dataclass
class ServiceWorld:
    """The services, from `start` to `stop`, always on the same port.

    Attributes
    ----------
    page
        Most features on a page, whatever is asked.
    delay_s
        Wait before every answer.
    etags
        Whether answers have an ETag, and "not changed" is answered.
    fault
        Given the source's name and the number of the request; what it returns is answered instead.
    """

    page: int = 10
    delay_s: float = 0.0
    etags: bool = False
    fault: Callable[[str, int], Reply | None] = lambda _source, _number: None
    log: list[Asked] = field(default_factory=list)
    features: dict[str, list[Feature]] = field(default_factory=dict)
    port: int = 0

    def __post_init__(self) -> None:
        self.features = {name: _features(name, table) for name, table in small_project.tables().items()}
        self._server: ThreadingHTTPServer | None = None
        self._lock = threading.Lock()
        self._count = 0

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Listen; the second time on the same port."""
        self._server = _server(self)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        """Refuse every connection from now on."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def write(self, folder: Path, *, load: str = "", more: str = "", kinds: str = '["buurt", "corridor"]') -> Path:
        """Write the config of the small project on these services; give its path."""
        folder.mkdir(parents=True, exist_ok=True)
        base = f"http://127.0.0.1:{self.port}"
        text = small_project.CONFIG.replace("[units]\n", f"[units]\nkinds = {kinds}\n")
        text += f'\n[services]\n"https://api.pdok.nl" = "{base}/api"\n"https://service.pdok.nl" = "{base}/service"\n'
        text += f"\n[load]\ntries = 2\ntimeout_s = 20\n{load}"
        for name in self.features:
            text += f"\n[sources.{name}]\n"
            if name in EDITION:
                text += f"edition = {EDITION[name]}\nearlier_editions = []\n"
        config = folder / "config.toml"
        config.write_text(text + small_project.without_others(self.features) + more, encoding="utf-8")
        return config

    def asked(self, *sources: str) -> list[Asked]:
        """Requests so far, of all or of some sources."""
        with self._lock:
            return [a for a in self.log if not sources or a.source in sources]

    def forget(self) -> None:
        """Begin the log anew."""
        with self._lock:
            self.log = []

    def answer(self, url: str, headers: dict[str, str]) -> Reply:
        """Answer one request."""
        parts = urlsplit(url)
        query = {k.lower(): v[0] for k, v in parse_qs(parts.query).items()}
        collection = parts.path.split("/")[-2] if parts.path.endswith("/items") else query.get("typenames", "")
        source = BY_COLLECTION[collection]
        with self._lock:
            self._count += 1
            number, log = self._count, self.log  # who asked before `forget` stays in the old one
        time.sleep(self.delay_s)
        reply = self.fault(source, number)
        if reply is None:
            made = self._items(source, url, query) if parts.path.endswith("/items") else self._wfs(source, query)
            reply = self._marked(made, headers)
        with self._lock:
            log.append(Asked(source, url, headers, reply[0]))
        return reply

    def _marked(self, reply: Reply, headers: dict[str, str]) -> Reply:
        if not self.etags:
            return reply
        status, said, body = reply
        mark = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        if headers.get("if-none-match") == mark:
            return 304, {"ETag": mark}, b""
        return status, {**said, "ETag": mark}, body

    def _items(self, source: str, url: str, query: dict[str, str]) -> Reply:
        found = self._within(source, query.get("bbox"))
        begin = int(query.get("cursor", "0"))
        end = begin + min(self.page, int(query["limit"]))
        links = []
        if end < len(found):
            kept = {k: v for k, v in query.items() if k != "cursor"}
            href = f"http://127.0.0.1:{self.port}{urlsplit(url).path}?{urlencode({**kept, 'cursor': str(end)})}"
            links = [{"rel": "next", "type": "application/geo+json", "href": href}]
        body = {"type": "FeatureCollection", "features": found[begin:end], "links": links}
        return 200, {"Content-Type": "application/geo+json", "Content-Crs": f"<{RD_URI}>"}, json.dumps(body).encode()

    def _wfs(self, source: str, query: dict[str, str]) -> Reply:
        found = self._within(source, query.get("bbox"))
        if query.get("resulttype") == "hits":
            wfs = "http://www.opengis.net/wfs/2.0"
            said = f'<wfs:FeatureCollection xmlns:wfs="{wfs}" numberMatched="{len(found)}" numberReturned="0"/>'
            return 200, {"Content-Type": "text/xml"}, said.encode()
        begin = int(query["startindex"])
        some = found[begin : begin + min(self.page, int(query["count"]))]
        body = {"type": "FeatureCollection", "features": some}
        return 200, {"Content-Type": "application/json"}, json.dumps(body).encode()

    def _within(self, source: str, bbox: str | None) -> list[Feature]:
        features = list(self.features[source])
        if bbox is None:
            return features
        box = shapely.box(*map(float, bbox.split(",")[:4]))
        return [f for f in features if shapely.intersects(shapely.geometry.shape(f["geometry"]), box)]


def _features(name: str, table: Any) -> list[Feature]:
    rows = table.drop(columns="geometry").to_dict("records")
    shapes = [shapely.geometry.mapping(g) for g in table.geometry]
    return [
        {"type": "Feature", "id": f"{name}.{i}", "properties": {k: _plain(v) for k, v in row.items()}, "geometry": shape}
        for i, (row, shape) in enumerate(zip(rows, shapes, strict=True))
    ]


def _plain(value: Any) -> Any:
    return value.item() if hasattr(value, "item") else value


def _server(world: ServiceWorld) -> ThreadingHTTPServer:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            # A client that was killed does not hear the answer.
            with suppress(ConnectionError):
                status, headers, body = world.answer(self.path, {k.lower(): v for k, v in self.headers.items()})
                self.send_response(status)
                for name, value in {**headers, "Content-Length": str(len(body))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)
                self.wfile.flush()

        def log_message(self, *_: object) -> None:
            """Say nothing; the world has its own log."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False

        def handle_error(self, *_: object) -> None:
            """Pass over clients that were killed."""

    return Server(("127.0.0.1", world.port), Handler)
