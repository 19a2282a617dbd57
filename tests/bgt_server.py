"""The BGT's download API, as far as it is known: orders, their state, and zips of GML light.

Everything that it delivers is made here; names and forms are those of the register.
"""

from __future__ import annotations

import hashlib
import io
import json
import threading
import zipfile
from collections.abc import Mapping, Sequence

import shapely
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

API = "/lv/bgt/download/v1_0"
TYPES = (
    "begroeidterreindeel",
    "onbegroeidterreindeel",
    "wegdeel",
    "ondersteunendwegdeel",
    "waterdeel",
    "ondersteunendwaterdeel",
    "pand",
    "overigbouwwerk",
    "kunstwerkdeel",
    "scheiding",
    "spoor",
    "vegetatieobject",
)

_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<gml:FeatureCollection xmlns:gml="http://www.opengis.net/gml" '
    'xmlns:imgeo-s="http://www.geostandaarden.nl/imgeo/2.1/simple/gml31" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="'
    'http://www.geostandaarden.nl/imgeo/2.1/simple/gml31 imgeo-simple-2.1-gml31.xsd '
    'http://www.opengis.net/gml http://schemas.opengis.net/gml/3.1.1/base/gml.xsd">\n'
)  # fmt: skip

Corners = Sequence[tuple[float, float]]


def _positions(corners: Corners) -> str:
    return "<gml:posList>" + " ".join(f"{x:.3f} {y:.3f}" for x, y in corners) + "</gml:posList>"


def point(x: float, y: float) -> str:
    """One place."""
    return f"<gml:Point><gml:pos>{x:.3f} {y:.3f}</gml:pos></gml:Point>"


def segments(*runs: tuple[str, Corners]) -> str:
    """A curve of straight runs ('LineStringSegment') and arcs ('Arc')."""
    inner = "".join(f"<gml:{kind}>{_positions(corners)}</gml:{kind}>" for kind, corners in runs)
    return f"<gml:Curve><gml:segments>{inner}</gml:segments></gml:Curve>"


def polygon(*rings: Corners | str) -> str:
    """A polygon; a ring is given by its corners, or as a curve."""
    drawn = [
        f"<gml:Ring><gml:curveMember>{r}</gml:curveMember></gml:Ring>"
        if isinstance(r, str)
        else f"<gml:LinearRing>{_positions(r)}</gml:LinearRing>"
        for r in rings
    ]
    holes = "".join(f"<gml:interior>{r}</gml:interior>" for r in drawn[1:])
    return f"<gml:Polygon><gml:exterior>{drawn[0]}</gml:exterior>{holes}</gml:Polygon>"


def square(x: float, y: float, side: float = 10) -> list[tuple[float, float]]:
    """Corners of a square, closed."""
    return [(x, y), (x + side, y), (x + side, y + side), (x, y + side), (x, y)]


def multi(*polygons: str) -> str:
    """Several polygons as one geometry: how every pand is written."""
    members = "".join(f"<gml:surfaceMember>{p}</gml:surfaceMember>" for p in polygons)
    return f"<gml:MultiSurface>{members}</gml:MultiSurface>"


def feature(element: str, number: int, geometry: str, more: Mapping[str, str] | None = None, after: str = "") -> str:
    """One object; `more` adds properties or replaces them, `after` stands behind the geometry."""
    said = {
        "objectBeginTijd": "2014-10-31",
        "identificatie.namespace": "NL.IMGeo",
        "identificatie.lokaalID": f"G0153.{number:032x}",
        "tijdstipRegistratie": "2016-01-15T11:35:50.000",
        "LV-publicatiedatum": "2016-01-15T14:55:41.000",
        "bronhouder": "G0153",
        "inOnderzoek": "false",
        "relatieveHoogteligging": "0",
        "bgt-status": "bestaand",
        "plus-status": "geenWaarde",
        **(more or {}),
    }
    properties = "".join(f"<imgeo-s:{name}>{value}</imgeo-s:{name}>\n" for name, value in said.items())
    drawn = f"<imgeo-s:geometrie2d>{geometry}</imgeo-s:geometrie2d>" if geometry else ""
    return (
        f'<gml:featureMember>\n<imgeo-s:{element} gml:id="b{number}">\n{properties}{drawn}{after}'
        f"</imgeo-s:{element}>\n</gml:featureMember>\n"
    )


def label(text: str, x: float, y: float, turn: int = 0) -> str:
    """A house number on the map: a second geometry of a pand."""
    begin = "imgeo-s:nummeraanduidingreeks_1"
    return (
        f"<{begin}.tekst>{text}</{begin}.tekst><{begin}.positie_1.plaatsingspunt><gml:Point><gml:pos>{x} {y}</gml:pos>"
        f"</gml:Point></{begin}.positie_1.plaatsingspunt><{begin}.positie_1.hoek>{turn}</{begin}.positie_1.hoek>"
    )


def ridge(*corners: tuple[float, float]) -> str:
    """The top line of a slope: a second geometry of a road or terrain."""
    return f"<imgeo-s:kruinlijn><gml:LineString>{_positions(corners)}</gml:LineString></imgeo-s:kruinlijn>"


def gml(*features: str) -> str:
    """A file."""
    return _HEAD + "".join(features) + "</gml:FeatureCollection>\n"


class BgtServer:
    """The API on a port of this machine.

    Attributes
    ----------
    files
        Type of object -> its GML; what is not here comes without features.
    states
        What the state of an order is, time after time, before it is ready.
    ready
        The answer when it is; None for the usual one.
    orders
        Body of each order that came.
    polls, downloads
        How often each came.
    left_out
        Types that are ordered and not in the zip.
    forgotten, expires
        Orders that are no longer known, and those of which this is said.
    root
        What a mirror has put before the API's own paths.
    """

    def __init__(self, server: HTTPServer, root: str = "") -> None:
        self.files: dict[str, str] = {}
        self.states: list[str] = ["PENDING", "RUNNING"]
        self.ready: Response | None = None
        self.left_out: set[str] = set()
        self.orders: list[dict[str, object]] = []
        self.polls = 0
        self.downloads = 0
        self.forgotten: set[str] = set()
        self.expires: set[str] = set()
        self._asked: dict[str, int] = {}
        self._lock = threading.Lock()
        self.url = server.url_for(root + API)
        server.expect_request(f"{root}{API}/full/custom", method="POST").respond_with_handler(self._order)
        for number in range(1, 10):
            path = f"{root}{API}/full/custom/order-{number}/status"
            server.expect_request(path, method="GET").respond_with_handler(self._state)
            path = f"{root}{API}/extract/order-{number}/extract.zip"
            server.expect_request(path, method="GET").respond_with_handler(self._zip)

    def _order(self, request: Request) -> Response:
        body = request.get_json()
        refusal = _refusal(body)
        if refusal:
            return _json({"message": refusal}, 400)
        with self._lock:
            self.orders.append(body)
            name = f"order-{len(self.orders)}"
            self._asked[name] = 0
        return _json(
            {"downloadRequestId": name, "_links": {"status": {"href": f"{API}/full/custom/{name}/status"}}}, 202
        )

    def _state(self, request: Request) -> Response:
        name = request.path.split("/")[-2]
        if name not in self._asked or name in self.forgotten:
            return _json({"message": "Not Found"}, 404)
        with self._lock:
            self.polls += 1
            turn = self._asked[name]
            self._asked[name] += 1
        if name in self.expires:
            return _json({"status": "EXPIRED"}, 200)
        if turn < len(self.states):
            return _json({"status": self.states[turn], "progress": 40 * turn}, 200)
        if self.ready is not None:
            return self.ready
        href = f"{API}/extract/{name}/extract.zip"
        return _json({"status": "COMPLETED", "progress": 100, "_links": {"download": {"href": href}}}, 201)

    def _zip(self, request: Request) -> Response:
        name = request.path.split("/")[-2]
        if name not in self._asked or name in self.forgotten:
            return _json({"message": "Not Found"}, 404)
        with self._lock:
            self.downloads += 1
        types = [str(t) for t in self.orders[int(name.rpartition("-")[2]) - 1]["featuretypes"]]  # type: ignore[attr-defined]
        content = packed({f"bgt_{t}.gml": self.files.get(t, gml()) for t in types if t not in self.left_out})
        response = Response(content, 200, content_type="application/zip")
        response.set_etag(hashlib.sha256(content).hexdigest())
        return response.make_conditional(request, accept_ranges=True, complete_length=len(content))


def packed(files: Mapping[str, str]) -> bytes:
    """A zip of texts, the same bytes each time."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(zipfile.ZipInfo(name), text, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def _refusal(body: Mapping[str, object]) -> str:
    """Why an order is not taken; '' when it is."""
    kinds = body.get("featuretypes")
    if set(body) != {"featuretypes", "format", "geofilter"}:
        return f"unknown properties {sorted(body)}"
    if not isinstance(kinds, list) or not kinds or (unknown := sorted(set(kinds) - set(TYPES))):
        return f"unknown featuretypes {unknown if kinds else kinds}"
    if body["format"] not in ("citygml", "gmllight", "stufgeo"):
        return f"unknown format {body['format']}"
    try:
        area = shapely.from_wkt(str(body["geofilter"]))
    except shapely.errors.GEOSException:
        return "geofilter is not WKT"
    return (
        "" if area.geom_type in ("Polygon", "MultiPolygon") and area.is_valid and area.area else "geofilter is no area"
    )


def _json(body: Mapping[str, object], status: int) -> Response:
    return Response(json.dumps(body), status, content_type="application/json")
