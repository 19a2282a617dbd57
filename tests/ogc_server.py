"""OGC API Features as PDOK's own server (GoKoala) speaks it, over tables in files; for this machine only.

    python tests/ogc_server.py apis.json --prefix /api --delay 0.1

`apis.json` says which landing pages there are, and what each holds: path -> collection -> `Table`. The port is printed.

What it does as GoKoala does, seen in its code and by running it: a cursor for the next page, which says where it
begins and for which question; with another question, or spoiled, it gives the first page and no error. Never a count
of all. A limit over 1,000 is 1,000; one below 1, an unknown parameter, a box without surface or a CRS by another name
is refused. A box in RD that does not say so is taken for degrees, where nothing lies. Whole features, that intersect
the box. The CRS of the answer in a header. An id of its own per feature. No HEAD, no slash at the end.
"""

from __future__ import annotations

import argparse
import base64
import datetime as dt
import gzip
import json
import threading
import time
import uuid
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

import numpy as np
import pyogrio
import pyproj
import shapely

RD = "http://www.opengis.net/def/crs/EPSG/0/28992"
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
DEFAULT, MOST = 10, 1000
_GEOJSON = "application/geo+json"
_KNOWN = frozenset({"f", "limit", "crs", "bbox", "bbox-crs", "cursor"})
_FEATURES = uuid.UUID("a8f0a1de-2e12-4d7c-9a0c-7a4e6d9d8d10")


@dataclass(frozen=True)
class Table:
    """One collection: a layer of a file in RD.

    Attributes
    ----------
    renames
        Column in the file -> its name here.
    without
        Columns of the file that are not here.
    most
        Features on a page, whatever is asked.
    ballast
        Characters on every page besides its features.
    """

    path: str
    layer: str
    renames: Mapping[str, str] = field(default_factory=dict)
    without: tuple[str, ...] = ()
    most: int = MOST
    ballast: int = 0


#: Landing page -> collection -> what it holds.
Apis = Mapping[str, Mapping[str, Table]]


def write(apis: Apis, path: Path) -> None:
    """Write what a server is to hold."""
    said = {at: {name: asdict(table) for name, table in tables.items()} for at, tables in apis.items()}
    path.write_text(json.dumps(said), encoding="utf-8")


class _Refused(Exception):
    """A question that is answered with an error."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status = status


class _Reply(NamedTuple):
    status: int
    kind: str
    body: bytes
    headers: Mapping[str, str] = {}


class _Collection:
    """The features of one table, written as GeoJSON once."""

    def __init__(self, name: str, table: Table) -> None:
        frame = pyogrio.read_dataframe(table.path, layer=table.layer, datetime_as_string=True)
        rows = frame.drop(columns=["geometry", *table.without]).rename(columns=dict(table.renames))
        plain = rows.astype(object).where(rows.notna(), None)
        self.shapes = frame.geometry.to_numpy()
        self.ids = [str(uuid.uuid5(_FEATURES, f"{name} {number}")) for number in range(len(rows))]
        self.properties = [json.dumps(r, ensure_ascii=False, default=str) for r in plain.to_dict("records")]
        self.columns = {
            c: "integer" if k.kind == "i" else "number" if k.kind == "f" else "string" for c, k in rows.dtypes.items()
        }
        self.tree = shapely.STRtree(self.shapes)
        west, south, east, north = (float(v) for v in frame.total_bounds)
        self.bounds = _turned(shapely.box(west, south, east, north), to=CRS84).bounds

    def within(self, box: shapely.Geometry | None) -> np.ndarray:
        """Positions, ascending, of what intersects the box."""
        return np.arange(len(self.ids)) if box is None else np.sort(self.tree.query(box, predicate="intersects"))

    def written(self, positions: Iterable[int], crs: str) -> bytes:
        """Features, with commas."""
        at = list(positions)
        shapes = self.shapes[at] if crs == RD else _turned(self.shapes[at], to=CRS84)
        return ",".join(
            f'{{"type":"Feature","id":"{self.ids[i]}","geometry":{drawn},"properties":{self.properties[i]}}}'
            for i, drawn in zip(at, shapely.to_geojson(shapes), strict=True)
        ).encode()


class _Service:
    """What is asked of it, and what it answers."""

    def __init__(self, apis: Apis, prefix: str, delay_s: float) -> None:
        self._apis = apis
        self._prefix = prefix
        self._delay_s = delay_s
        self._made: dict[tuple[str, str], _Collection] = {}
        self._hits: dict[tuple[str, str, str], np.ndarray] = {}
        self._answers: dict[str, _Reply] = {}
        self._lock = threading.Lock()

    def reply(self, address: str, host: str) -> _Reply:
        """Answer a GET."""
        try:
            return self._reply(address, f"http://{host}{self._prefix}")
        except _Refused as refused:
            said = {"title": "Error", "status": refused.status, "detail": str(refused), "timeStamp": _now()}
            return _Reply(refused.status, "application/problem+json", json.dumps(said).encode())

    def _reply(self, address: str, root: str) -> _Reply:
        parts = urlsplit(address)
        path = parts.path.removeprefix(self._prefix)
        at = next((a for a in self._apis if path == a or path.startswith(a + "/")), None)
        if at is None:
            raise _Refused(404, f"no API at {path}")
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        match path.removeprefix(at).split("/")[1:]:
            case []:
                return _json(_landing(root + at))
            case ["conformance"]:
                return _json({"conformsTo": _CONFORMS})
            case ["collections"]:
                said = [self._about(root, at, name) for name in self._apis[at]]
                return _json({"links": [_link("self", f"{root}{at}/collections")], "collections": said})
            case ["collections", name]:
                return _json(self._about(root, at, name))
            case ["collections", name, "schema"]:
                return _json(_schema(self._collection(at, name)), kind="application/schema+json")
            case ["collections", name, "items"]:
                time.sleep(self._delay_s)
                return self._items(root + path, at, name, query)
        raise _Refused(404, f"nothing at {path}")

    def _collection(self, at: str, name: str) -> _Collection:
        if name not in self._apis[at]:
            raise _Refused(404, f"no collection {name}")
        with self._lock:
            if (at, name) not in self._made:
                self._made[at, name] = _Collection(f"{at}/{name}", self._apis[at][name])
            return self._made[at, name]

    def _about(self, root: str, at: str, name: str) -> dict[str, Any]:
        here = f"{root}{at}/collections/{quote(name)}"
        return {
            "id": name, "title": name, "itemType": "feature", "storageCrs": RD, "crs": [CRS84, RD],
            "extent": {"spatial": {"bbox": [list(self._collection(at, name).bounds)], "crs": CRS84}},
            "links": [_link("self", here), _link("items", f"{here}/items", _GEOJSON),
                      _link("http://www.opengis.net/def/rel/ogc/1.0/schema", f"{here}/schema", "application/schema+json")],
        }  # fmt: skip

    def _items(self, here: str, at: str, name: str, query: dict[str, str]) -> _Reply:
        asked = f"{here}?{urlencode(query)}"
        if asked not in self._answers:
            self._answers[asked] = self._page(here, at, name, query)
        return self._answers[asked]

    def _page(self, here: str, at: str, name: str, query: dict[str, str]) -> _Reply:
        if unknown := sorted(query.keys() - _KNOWN):
            raise _Refused(400, f"unknown query parameter(s) found: {', '.join(unknown)}")
        crs, boxed = _crs(query, "crs"), _box(query)
        table, told = self._collection(at, name), self._apis[at][name]
        limit = min(_limit(query), told.most)
        key = (at, name, boxed.wkt if boxed else "")
        if key not in self._hits:
            self._hits[key] = table.within(boxed)
        hits = self._hits[key]
        begin = int(np.searchsorted(hits, _begin(query)))
        page = hits[begin : begin + limit]
        links = [_link("self", f"{here}?{urlencode(query)}", _GEOJSON)]
        if begin + limit < len(hits):
            links.append(_link("next", f"{here}?{_at(query, int(hits[begin + limit]))}", _GEOJSON))
        if begin > 0:
            links.append(_link("prev", f"{here}?{_at(query, int(hits[max(0, begin - limit)]))}", _GEOJSON))
        said = json.dumps({
            "type": "FeatureCollection", "timeStamp": _now(), "numberReturned": len(page), "links": links,
            **({"ballast": "x" * told.ballast} if told.ballast else {}),
        })  # fmt: skip
        body = said.encode()[:-1] + b',"features":[' + table.written(page, crs) + b"]}"
        return _Reply(200, _GEOJSON, body, {"Content-Crs": f"<{crs}>"})


def _limit(query: Mapping[str, str]) -> int:
    text = query.get("limit", str(DEFAULT))
    if not text.isascii() or not text.isdigit() or not int(text):
        raise _Refused(400, "limit must be a positive number")
    return min(int(text), MOST)


def _crs(query: Mapping[str, str], name: str) -> str:
    crs = query.get(name, CRS84)
    if crs not in (CRS84, RD):
        raise _Refused(400, f"{name} must be one of {CRS84}, {RD}")
    return crs


def _box(query: Mapping[str, str]) -> shapely.Geometry | None:
    if "bbox" not in query:
        return None
    try:
        west, south, east, north = (float(v) for v in query["bbox"].split(","))
    except ValueError:
        raise _Refused(400, "bbox must be four numbers") from None
    if west >= east or south >= north:
        raise _Refused(400, "bbox has no surface area")
    box = shapely.box(west, south, east, north)
    if _crs(query, "bbox-crs") == RD:
        return box
    # Metres taken for degrees lie nowhere.
    return _turned(box, to=RD) if abs(west) <= 180 and abs(south) <= 90 else shapely.box(-2, -2, -1, -1)


def _checksum(query: Mapping[str, str]) -> int:
    return zlib.crc32(urlencode(sorted((k, v) for k, v in query.items() if k not in ("f", "cursor"))).encode())


def _at(query: Mapping[str, str], feature: int) -> str:
    cursor = base64.urlsafe_b64encode(f"{feature}|{_checksum(query)}".encode()).decode()
    return urlencode({**query, "cursor": cursor})


def _begin(query: Mapping[str, str]) -> int:
    """The feature that a cursor says; the first where it is spoiled, or of another question."""
    try:
        feature, checksum = base64.urlsafe_b64decode(query.get("cursor", "")).decode().split("|")
        return int(feature) if int(checksum) == _checksum(query) else 0
    except ValueError:
        return 0


def _turned(shapes: Any, *, to: str) -> Any:
    ends = ("EPSG:28992", "OGC:CRS84") if to == CRS84 else ("OGC:CRS84", "EPSG:28992")
    transformer = pyproj.Transformer.from_crs(*ends, always_xy=True)
    return shapely.transform(shapes, lambda xy: np.column_stack(transformer.transform(xy[:, 0], xy[:, 1])))


_CONFORMS = [f"http://www.opengis.net/spec/ogcapi-features-{part}" for part in
             ("1/1.0/conf/core", "1/1.0/conf/geojson", "1/1.0/conf/oas30", "2/1.0/conf/crs")]  # fmt: skip


def _landing(here: str) -> dict[str, Any]:
    api = "application/vnd.oai.openapi+json;version=3.0"
    return {"title": "API", "description": "", "links": [
        _link("self", here), _link("service-desc", f"{here}/api", api),
        _link("conformance", f"{here}/conformance"), _link("data", f"{here}/collections"),
    ]}  # fmt: skip


def _schema(table: _Collection) -> dict[str, Any]:
    properties: dict[str, Any] = {name: {"type": kind} for name, kind in table.columns.items()}
    geometry = {"x-ogc-role": "primary-geometry", "format": "geometry-any"}
    return {"type": "object", "properties": {**properties, "geometry": geometry}}


def _link(rel: str, href: str, kind: str = "application/json") -> dict[str, str]:
    return {"rel": rel, "type": kind, "title": rel, "href": href}


def _json(body: Mapping[str, Any], kind: str = "application/json") -> _Reply:
    return _Reply(200, kind, json.dumps(body).encode())


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")


def serve(apis: Apis, prefix: str = "", delay_s: float = 0.0) -> ThreadingHTTPServer:
    """Make a server on a free port; whoever asked for it lets it run."""
    service = _Service(apis, prefix, delay_s)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = -1

        def do_GET(self) -> None:
            reply = service.reply(self.path, self.headers.get("Host", ""))
            if reply.status == 200 and "text/html" in self.headers.get("Accept", "") and "f=json" not in self.path:
                reply = _Reply(200, "text/html", b"<!doctype html><title>For people</title>")
            body = reply.body
            self.send_response(reply.status)
            if "gzip" in self.headers.get("Accept-Encoding", ""):
                body = gzip.compress(body, 1)
                self.send_header("Content-Encoding", "gzip")
            for name, value in {"Content-Type": reply.kind, "Vary": "Accept-Encoding", **reply.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_HEAD(self) -> None:
            self.send_response(404)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    return server


def main() -> None:
    """Serve until ended."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("apis", type=Path)
    parser.add_argument("--prefix", default="")
    parser.add_argument("--delay", type=float, default=0.0, help="seconds before every page")
    given = parser.parse_args()
    said = json.loads(given.apis.read_text(encoding="utf-8"))
    apis = {at: {n: Table(**{**t, "without": tuple(t["without"])}) for n, t in ts.items()} for at, ts in said.items()}
    with serve(apis, given.prefix, given.delay) as server:
        print(server.server_address[1], flush=True)
        server.serve_forever(poll_interval=0.05)


if __name__ == "__main__":
    main()
