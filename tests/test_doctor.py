"""Doctor, against services that are as declared, and then are not."""

from __future__ import annotations

import dataclasses
import json
import re
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
import shapely
from bgt_server import TYPES as TOGETHER
from click.testing import CliRunner
from pytest_httpserver import HTTPServer
from raster_world import NOTHING, tiff, write
from werkzeug import Request, Response

from pipeline import doctor
from pipeline.cli import cli
from pipeline.config import Config, SourceSettings
from pipeline.contract import ConfigError
from pipeline.doctor import Checked, Finding, compare, compare_raster
from pipeline.load.probes import Grid, Offered
from pipeline.sources import RASTERS, SOURCES, Access
from pipeline.sources.bag import PAND, VERBLIJFSOBJECT
from pipeline.sources.cbs import BUURT

RD = "http://www.opengis.net/def/crs/EPSG/0/28992"
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
TYPES = {"bouwjaar": "integer", "aantal_verblijfsobjecten": "integer", "identificatie": "string", "status": "string", "gebruiksdoel": "string", "rdf_seealso": "string"}  # fmt: skip
ROW = {"bouwjaar": 1931, "aantal_verblijfsobjecten": 1, "identificatie": "0153100000200000", "status": "Pand in gebruik", "gebruiksdoel": "woonfunctie", "rdf_seealso": None}  # fmt: skip
PLACE = {"type": "Polygon", "coordinates": [[[250_000, 471_000], [250_010, 471_000], [250_010, 471_010], [250_000, 471_000]]]}  # fmt: skip
KEPT = ("Pand in gebruik",)


# --- what is compared: figures in, findings out


def offered(**changes: Any) -> Offered:
    """PAND as declared."""
    kinds: dict[str, Any] = {n: "number" if t == "integer" else "text" for n, t in TYPES.items()}
    plain = Offered(
        collections=("pand", "verblijfsobject"), crs=("CRS84", "EPSG:28992"), answers_in="EPSG:28992", columns=kinds, row=ROW,
        place=(250_000.0, 471_000.0, 250_010.0, 471_010.0), features=1, most=1000, counts=True,
    )  # fmt: skip
    return dataclasses.replace(plain, **changes)


def without(name: str, **more: Any) -> Offered:
    return offered(
        columns={n: k for n, k in offered().columns.items() if n != name} | more,  # type: ignore[union-attr]
        row={n: v for n, v in ROW.items() if n != name},
    )


def seen(what: Offered, settings: SourceSettings | None = None, access: Access = PAND.accesses[0]) -> list[tuple[bool, str]]:
    return [(f.changed, f.said) for f in compare(PAND, None, access, settings or SourceSettings(), what)]


def test_as_declared_nothing_is_said() -> None:
    assert seen(offered()) == []


@pytest.mark.parametrize(
    ("what", "said"),
    [
        (without("bouwjaar", bouw_jaar="number"),
         "column 'bouwjaar' is not there; did you mean 'bouw_jaar'? map it: [sources.pand] columns = { bouwjaar = \"bouw_jaar\" }"),
        (without("bouwjaar"),
         "column 'bouwjaar' is not there; not used so far are rdf_seealso; map it: [sources.pand] columns = { bouwjaar = \"its name there\" }"),
        (without("identificatie", pand_nr="text"), "column 'identificatie' (the key) is not there; not used so far are rdf_seealso, pand_nr; map it:"),
        (without("status"), "column 'status' is not there; not used"),
        (offered(row=ROW | {"bouwjaar": "onbekend"}, columns=offered().columns | {"bouwjaar": "text"}),  # type: ignore[operator]
         "column 'bouwjaar' holds text, as 'onbekend', expected numbers"),
        (offered(row=ROW | {"bouwjaar": None}, columns=offered().columns | {"bouwjaar": "text"}),  # type: ignore[operator]
         "column 'bouwjaar' holds text, expected numbers"),
        (offered(row=ROW | {"bouwjaar": True}, columns=offered().columns | {"bouwjaar": "flag"}),  # type: ignore[operator]
         "column 'bouwjaar' holds true or false, as 'True', expected numbers"),
        (offered(crs=("CRS84", "EPSG:3857")), "EPSG:28992 is not among its CRS (CRS84, EPSG:3857)"),
        (offered(answers_in="CRS84"), "asked for EPSG:28992, it answers in CRS84"),
        (offered(place=(6.8, 52.2, 6.9, 52.3)), "its feature lies at 6.8,52.2, outside the Netherlands in EPSG:28992: another CRS, or x and y exchanged"),
        (offered(place=(471_000.0, 250_000.0, 471_010.0, 250_010.0)), "its feature lies at 471000,250000, outside"),
        (offered(collections=("panden", "adressen")), "collection 'pand' is not there; did you mean 'panden'? [sources.pand] collection = \"panden\""),
        (offered(collections=("a", "b")), "collection 'pand' is not there; there are a, b; name it with [sources.pand] collection"),
        (offered(moved="https://new.nl/bag"), 'it sends to https://new.nl/bag: [sources.pand] url = "https://new.nl/bag"'),
        (offered(most=300), "gives 300 features at a time, expected 1,000: loading asks 4 times as often"),
        (offered(features=0, row={}), "gives no feature where there should be some"),
        (offered(refused=("https://x.nl/items?limit=1: HTTP 400: unknown",)), "HTTP 400: unknown"),
    ],
)  # fmt: skip
def test_every_kind_of_change(what: Offered, said: str) -> None:
    findings = seen(what)
    assert next(text for changed, text in findings if changed).startswith(said)
    assert sum(changed for changed, _ in findings) == 1


@pytest.mark.parametrize(
    ("what", "said"),
    [
        (offered(counts=False), "does not count, so it is asked twice"),
        (offered(remarks=("no schema",)), "no schema"),
        (offered(row=ROW | {"bouwjaar": "1931"}, columns=offered().columns | {"bouwjaar": "text"}),  # type: ignore[operator]
         "'bouwjaar' holds numbers written as text, which are read as numbers"),
        (offered(row=ROW | {"status": "Pand gesloopt"}),
         "its first feature has status 'Pand gesloopt' and is left out (demolished or never built)"),
    ],
)  # fmt: skip
def test_what_is_only_good_to_know(what: Offered, said: str) -> None:
    assert seen(what) == [(False, said)]


def test_where_it_lies_on_the_edge_is_in_the_netherlands() -> None:
    assert seen(offered(place=(0.0, 300_000.0, 300_000.0, 650_000.0))) == []
    assert seen(offered(place=(0.0, 300_000.0, 300_000.1, 650_000.0)))[0][0]


def test_the_configs_names_and_values_hold() -> None:
    renamed = without("bouwjaar", bouw_jaar="number")
    assert seen(renamed, SourceSettings(columns={"bouwjaar": "bouw_jaar"})) == []
    assert seen(without("bouwjaar"), SourceSettings(columns={"bouwjaar": ""})) == []
    assert seen(without("bouwjaar"), SourceSettings(values={"bouwjaar": 1900})) == []
    [(changed, said)] = seen(offered(), SourceSettings(columns={"bouwjaar": "bouw_jaar"}))
    assert changed and said == "the config: columns names 'bouw_jaar', which is not there; did you mean 'bouwjaar'?"


def test_a_way_has_its_own_names() -> None:
    kinds: Any = {"identificatie": "text", "status": "text", "gebruiksdoel": "text", "oppervlakte": "number", "openbare_ruimte_naam": "text", "postcode": "text", "pandidentificatie": "text"}  # fmt: skip
    way = VERBLIJFSOBJECT.accesses[1]
    assert way.renames == {"openbare_ruimte": "openbare_ruimte_naam"}
    assert compare(VERBLIJFSOBJECT, None, way, SourceSettings(), Offered(columns=kinds)) == ()
    lacks = {n: k for n, k in kinds.items() if n not in ("postcode", "openbare_ruimte_naam")}
    assert compare(VERBLIJFSOBJECT, None, way, SourceSettings(), Offered(columns=lacks)) == (
        Finding(False, "without openbare_ruimte, postcode, which it may lack"),
    )


def test_a_column_that_former_versions_are_left_out_by_must_be_there() -> None:
    """The loader takes a missing one for a row that says nothing there: it would keep them all."""
    from pipeline.sources.bgt import BGT_PAND

    way = BGT_PAND.accesses[1]
    names = ["lokaal_id", "relatieve_hoogteligging", "bronhouder", "identificatiebagpnd", "eind_registratie", "termination_date", "plus_status", "tijdstip_registratie"]  # fmt: skip
    whole: Any = dict.fromkeys(names, "text") | {"relatieve_hoogteligging": "number"}
    assert compare(BGT_PAND, None, way, SourceSettings(), Offered(columns=whole)) == ()
    for name, why in (("eind_registratie", "leaves out: a former version"), ("tijdstip_registratie", "tells which version is the newest")):  # fmt: skip
        [found] = compare(BGT_PAND, None, way, SourceSettings(), Offered(columns={n: k for n, k in whole.items() if n != name}))  # fmt: skip
        assert found.changed and found.said.startswith(f"column {name!r} ({why}) is not there")


def test_a_year_in_a_new_name_stands_for_any_year() -> None:
    way = Access("wfs", "https://x.nl/2023", "wijken:BU2023")
    [found] = compare(BUURT, 2023, way, SourceSettings(), Offered(collections=("wijken:BUURT2023",)))
    assert found.said.endswith("did you mean 'wijken:BUURT2023'? [sources.buurt] collection = \"wijken:BUURT{edition}\"")
    [found] = compare(BUURT, 2023, way, SourceSettings(), Offered(moved="https://new.nl/2023/wfs"))
    assert found.said.endswith('[sources.buurt] url = "https://new.nl/{edition}/wfs"')


def test_a_wfs_without_geojson() -> None:
    assert seen(offered(formats=("application/json",)), access=PAND.accesses[1]) != []  # its type name has a prefix
    what = offered(collections=("bag:pand",), formats=("text/xml; subtype=gml/3.2", "csv"))
    assert seen(what, access=PAND.accesses[1]) == [(True, "GeoJSON is no longer among its formats (text/xml; subtype=gml/3.2, csv)")]
    assert seen(dataclasses.replace(what, formats=("application/json; subtype=geojson",)), access=PAND.accesses[1]) == []


@pytest.mark.parametrize(
    ("what", "found"),
    [
        (Offered(grid=Grid(0.5, 0.5, 10_000.0, 306_250.0), crs=("EPSG:28992",), formats=("image/tiff",)), ()),
        (Offered(grid=Grid(1.0, 1.0, 10_000.0, 306_250.0)), (Finding(True, "cells are 1 × 1 m, expected 0.5 m"),)),
        (Offered(grid=Grid(0.5, 0.5, 10_000.25, 306_250.0)), (Finding(False, "states its corner at 10000.25,306250, no multiple of 0.5 m"),)),
        (Offered(crs=("EPSG:4326",)), (Finding(True, "EPSG:28992 is not among its CRS (EPSG:4326)"),)),
        (Offered(formats=("image/png",)), (Finding(True, "image/tiff is no longer among its formats (image/png)"),)),
        (Offered(collections=("dtm", "dsm_05m")), (Finding(True, "collection 'dtm_05m' is not there; did you mean 'dsm_05m'? [sources.ahn_dtm] collection = \"dsm_05m\""),)),
    ],
)  # fmt: skip
def test_a_raster(what: Offered, found: tuple[Finding, ...]) -> None:
    assert compare_raster(AHN, AHN.accesses[0], what) == found


AHN = next(r for r in RASTERS if r.name == "ahn_dtm")


# --- what is asked: a stand-in with the forms of PDOK's server


class Api:
    """An OGC API Features as PDOK's server writes it; what a test changes in it, it gives."""

    def __init__(self, server: HTTPServer, root: str = "/bag/ogc/v2", collection: str = "pand") -> None:
        self.root, self.collection = root, collection
        self.url = server.url_for(root)
        self.types: dict[str, str] = dict(TYPES)
        self.row: dict[str, Any] = dict(ROW)
        self.geometry: Any = PLACE
        self.crs = [CRS84, RD]
        self.content_crs: str | None = f"<{RD}>"
        self.most = 1000
        self.more: dict[str, Any] = {}
        self.features = 1
        self.pages: dict[str, Response] = {}
        """Path below the landing page -> an answer in its place."""
        self.asked: list[Request] = []
        self._server = server
        server.expect_request(re.compile(f"^{root}(/.*)?$")).respond_with_handler(self._answer)

    def _answer(self, request: Request) -> Response:
        self.asked.append(request)
        path = request.path.removeprefix(self.root)
        if path in self.pages:
            return self.pages[path]
        place = f"/collections/{self.collection}"
        made: dict[str, Callable[[], dict[str, Any]]] = {
            "": lambda: {"title": "BAG", "links": [{"rel": "service-desc", "type": "application/vnd.oai.openapi+json;version=3.0", "href": f"{self.url}/api?f=json"}]},
            "/conformance": lambda: {"conformsTo": [f"http://www.opengis.net/spec/ogcapi-features-{c}" for c in ("1/1.0/conf/core", "2/1.0/conf/crs")]},
            "/collections": lambda: {"links": [], "collections": [self._about()]},
            place: self._about,
            f"{place}/schema": self._schema,
            f"{place}/items": lambda: self._items(request),
            "/api": lambda: {"paths": {f"{place}/items": {"get": {"parameters": [{"$ref": "#/components/parameters/limit"}]}}},
                             "components": {"parameters": {"limit": {"name": "limit", "schema": {"type": "integer", "maximum": self.most}}}}},
        }  # fmt: skip
        if path not in made or not {*request.args} <= {"f", "limit", "crs", "bbox", "bbox-crs"}:
            body = {"title": "Not Found", "status": 404, "detail": "no such page"}
            return Response(json.dumps(body), 404 if path not in made else 400, content_type="application/problem+json")
        headers = {"Content-Crs": self.content_crs} if path.endswith("/items") and self.content_crs else {}
        return Response(json.dumps(made[path]()), content_type="application/json", headers=headers)

    def _about(self) -> dict[str, Any]:
        return {"id": self.collection, "crs": self.crs, "storageCrs": RD, "links": [], **self.more}

    def _schema(self) -> dict[str, Any]:
        geometry = {"geometry": {"x-ogc-role": "primary-geometry", "format": "geometry-polygon"}}
        columns = {n: {"type": t} for n, t in self.types.items()}
        return {"type": "object", "required": ["id"], "properties": {"id": {"readOnly": True, "type": "string"}, **columns, **geometry}}

    def _items(self, request: Request) -> dict[str, Any]:
        assert request.args["limit"] == "1" and request.args["crs"] == RD
        feature = {"type": "Feature", "id": "7f", "properties": self.row, "geometry": self.geometry}
        return {"type": "FeatureCollection", "numberReturned": self.features, "features": [feature] * self.features, "links": []}


def config(folder: Path, **sources: Any) -> Config:
    """Only these sources."""
    off = {s.name: {"enabled": False} for s in (*SOURCES, *RASTERS)}
    return Config.model_validate(
        {
            "area": {"gemeente_codes": [], "polygon_file": "area.gpkg"},
            "corridor": {"kind": "polygon", "polygon_file": "corridor.gpkg", "stations": []},
            "load": {"timeout_s": 0.5, "tries": 1},
            "sources": off | {n: {"enabled": True, **s} for n, s in sources.items()},
            "file": folder / "config.toml",
        }
    )


def check(config: Config) -> list[Checked]:
    return list(doctor.check(config))


def only(config: Config) -> tuple[str, str]:
    """State and line of the one source."""
    [checked] = check(config)
    return checked.looked.state, doctor.line(checked, 4)


@pytest.fixture
def api(httpserver: HTTPServer) -> Api:
    return Api(httpserver)


@pytest.fixture
def closed() -> str:
    """An address where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return f"http://127.0.0.1:{listener.getsockname()[1]}"


@pytest.fixture
def pand(api: Api, tmp_path: Path, closed: str) -> Config:
    """A config with PAND at the stand-in; the declared services are out of reach."""
    made = config(tmp_path, pand={"url": api.url})
    return made.model_copy(update={"services": {"https://api.pdok.nl": closed, "https://service.pdok.nl": closed}})


def test_fine(api: Api, pand: Config) -> None:
    assert only(pand) == ("fine", "pand  ogc_features  fine         does not count, so it is asked twice")
    paths = sorted(r.path.removeprefix(api.root) for r in api.asked)
    assert paths == ["", "/api", "/collections", "/collections/pand", "/collections/pand/items", "/collections/pand/schema", "/conformance"]
    # The study area is not known here: anywhere.
    assert not any("bbox" in r.args for r in api.asked)
    assert not (pand.folder / "data_raw").exists()


def test_where_the_area_is_known_it_is_asked_there(api: Api, pand: Config) -> None:
    area = gpd.GeoDataFrame(geometry=[shapely.box(250_000, 471_000, 251_000, 472_000)], crs="EPSG:28992")
    area.to_file(pand.folder / "area.gpkg")
    before = sorted(pand.folder.iterdir())
    assert only(pand)[0] == "fine"
    [asked] = [r for r in api.asked if r.path.endswith("/items")]
    assert asked.args["bbox"] == "249000,470000,252000,473000" and asked.args["bbox-crs"] == RD
    assert sorted(pand.folder.iterdir()) == before


def test_two_sources_of_one_service_share_its_landing_page(api: Api, pand: Config, tmp_path: Path) -> None:
    both = config(tmp_path, pand={"url": api.url}, verblijfsobject={"url": api.url, "protocol": "ogc_features"})
    checked = check(both.model_copy(update={"services": pand.services}))
    assert [c.name for c in checked] == ["pand", "verblijfsobject"]
    assert [r.path for r in api.asked].count(api.root) == 1
    assert checked[1].looked.findings[0].said.startswith("collection 'verblijfsobject' is not there; there are pand")


def _rename(api: Api) -> None:
    api.types["bouw_jaar"], api.row["bouw_jaar"] = api.types.pop("bouwjaar"), api.row.pop("bouwjaar")


def _remove(api: Api) -> None:
    del api.types["gebruiksdoel"], api.row["gebruiksdoel"]


def _text(api: Api) -> None:
    api.types["bouwjaar"], api.row["bouwjaar"] = "string", "voor 1900"


CHANGES: dict[str, tuple[Callable[[Api], Any], str]] = {
    "renamed": (_rename, "column 'bouwjaar' is not there; did you mean 'bouw_jaar'? map it: [sources.pand] columns = { bouwjaar = \"bouw_jaar\" }"),
    "removed": (_remove, "column 'gebruiksdoel' is not there"),
    "type": (_text, "column 'bouwjaar' holds text, as 'voor 1900', expected numbers"),
    "crs": (lambda a: a.crs.remove(RD), "EPSG:28992 is not among its CRS (CRS84)"),
    "content-crs": (lambda a: setattr(a, "content_crs", f"<{CRS84}>"), "asked for EPSG:28992, it answers in CRS84"),
    "no content-crs": (lambda a: setattr(a, "content_crs", None), "it answers in a CRS that it does not state"),
    "degrees": (lambda a: setattr(a, "geometry", {"type": "Point", "coordinates": [6.8, 52.2]}), "its feature lies at 6.8,52.2, outside the Netherlands"),
    "collection": (lambda a: setattr(a, "collection", "panden"), "did you mean 'panden'? [sources.pand] collection = \"panden\""),
    "limit": (lambda a: setattr(a, "most", 100), "gives 100 features at a time, expected 1,000: loading asks 10 times as often"),
    "empty": (lambda a: setattr(a, "features", 0), "gives no feature where there should be some"),
    "refused": (lambda a: a.pages.update({"/collections/pand/items": Response('{"detail": "crs is not supported"}', 400, content_type="application/problem+json")}),
                "HTTP 400: crs is not supported"),
    "no features": (lambda a: a.pages.update({"/collections/pand/items": Response('{"type": "Feature"}', content_type="application/json")}),
                    "JSON, but not a list of features; is the collection right?"),
}  # fmt: skip


@pytest.mark.parametrize("name", CHANGES)
def test_changed(api: Api, pand: Config, name: str) -> None:
    change, said = CHANGES[name]
    change(api)
    state, line = only(pand)
    assert state == "changed" and said in line
    # The declared services are out of reach: this is said as well, and the address of this one is not repeated.
    assert line.endswith("; nor is another way fine: " + ", ".join(f"{a.protocol} is unreachable" for a in PAND.accesses))
    assert api.url not in line and "\n" not in line and " · " not in line


def test_moved(api: Api, pand: Config, httpserver: HTTPServer) -> None:
    new = httpserver.url_for("/kadaster/bag/ogc/v3")
    httpserver.clear_all_handlers()
    Api(httpserver, "/kadaster/bag/ogc/v3")

    def away(request: Request) -> Response:
        rest = request.full_path.removeprefix("/bag/ogc/v2")
        return Response(status=301, headers={"Location": new + rest})

    httpserver.expect_request(re.compile("^/bag/ogc/v2(/.*)?$")).respond_with_handler(away)
    state, line = only(pand)
    assert state == "changed" and f'it sends to {new}: [sources.pand] url = "{new}"' in line


AWAY: dict[str, tuple[Response, str]] = {
    "html": (Response("<!DOCTYPE html><html>onderhoud</html>", content_type="text/html"), "gave a web page, expected an OGC API; is the URL right?"),
    "503": (Response("later", 503, content_type="text/plain"), "HTTP 503: later"),
    "404": (Response("404 page not found", 404, content_type="text/plain"), "HTTP 404: 404 page not found"),
}  # fmt: skip


@pytest.mark.parametrize("name", AWAY)
def test_unreachable(api: Api, pand: Config, name: str) -> None:
    api.pages[""], said = AWAY[name]
    state, line = only(pand)
    assert state == "unreachable" and f"unreachable  {said} at {api.url}" in line
    assert ("it may have moved: see https://www.pdok.nl/" in line) == (name == "404")


def test_down_in_the_middle_is_unreachable(api: Api, pand: Config) -> None:
    api.pages["/collections/pand/items"] = Response("later", 503, content_type="text/plain")
    assert only(pand)[0] == "unreachable"


def test_silent(tmp_path: Path, closed: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:  # takes the connection, and says nothing
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        begun = time.monotonic()
        made = config(tmp_path, pand={"url": url}).model_copy(update={"services": {"https://api.pdok.nl": closed, "https://service.pdok.nl": closed}})
        state, line = only(made)
    assert state == "unreachable" and "silent for too long" in line
    assert time.monotonic() - begun < 5


def test_nobody_listens(tmp_path: Path, closed: str) -> None:
    state, line = only(config(tmp_path, pand={"url": closed}).model_copy(update={"services": {"https://api.pdok.nl": closed, "https://service.pdok.nl": closed}}))  # fmt: skip
    assert state == "unreachable" and f"unreachable  can't connect ([Errno 111] Connection refused) at {closed}" in line


def test_the_other_way_that_is_fine_is_named(api: Api, tmp_path: Path, closed: str) -> None:
    """PAND by WFS, which is down; by OGC API all is well."""
    made = config(tmp_path, pand={"protocol": "wfs"})
    base = api.url.removesuffix("/bag/ogc/v2")
    services = {"https://service.pdok.nl": closed, "https://api.pdok.nl/kadaster": base}
    state, line = only(made.model_copy(update={"services": services}))
    assert state == "unreachable"
    assert line.endswith('; the other way, ogc_features, is fine: [sources.pand] protocol = "ogc_features"')


def test_a_protocol_that_is_not_declared(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"\[sources.pand\] protocol is 'wcs'; declared are ogc_features, wfs"):
        check(config(tmp_path, pand={"protocol": "wcs"}))


def test_without_schema_the_feature_tells(api: Api, pand: Config) -> None:
    api.pages["/collections/pand/schema"] = Response("{}", 404, content_type="application/json")
    assert only(pand) == ("fine", "pand  ogc_features  fine         does not count, so it is asked twice; no schema: its columns are those of one feature")  # fmt: skip
    api.pages["/collections/pand/queryables"] = Response(json.dumps({"properties": {"status": {"type": "string"}}}))
    assert only(pand)[1].endswith("no schema, only what can be queried")
    _rename(api)
    assert only(pand)[0] == "changed"


def test_what_is_said_in_passing(api: Api, pand: Config) -> None:
    api.more = {"extent": {"temporal": {"interval": [["2009-01-01T00:00:00Z", "2026-10-31T00:00:00Z"]]}}, "crs": ["#/crs"]}
    api.pages["/conformance"] = Response(json.dumps({"conformsTo": ["http://x/ogcapi-features-1/1.0/conf/core"]}))
    listed = {"crs": [CRS84, RD], "collections": [{"id": "pand"}]}
    api.pages["/collections"] = Response(json.dumps(listed))
    state, line = only(pand)
    assert state == "fine" and line.endswith("asked twice; does not claim to conform to Part 2 (CRS); data to 2026-10-31")


# --- the other protocols


def wfs(server: HTTPServer, *, name: str = "bag:pand", column: str = "bouwjaar", crs: str = "28992", most: int = 1000, number: str = "1") -> str:
    """A WFS in MapServer's forms."""
    capabilities = f"""<?xml version="1.0"?><wfs:WFS_Capabilities version="2.0.0" xmlns:wfs="http://www.opengis.net/wfs/2.0" xmlns:ows="http://www.opengis.net/ows/1.1">
      <ows:OperationsMetadata><ows:Operation name="GetFeature"><ows:Parameter name="outputFormat"><ows:AllowedValues>
      <ows:Value>text/xml; subtype=gml/3.2.1</ows:Value><ows:Value>application/json; subtype=geojson</ows:Value></ows:AllowedValues></ows:Parameter></ows:Operation>
      <ows:Constraint name="CountDefault"><ows:NoValues/><ows:DefaultValue>{most}</ows:DefaultValue></ows:Constraint></ows:OperationsMetadata>
      <wfs:FeatureTypeList><wfs:FeatureType><wfs:Name>{name}</wfs:Name><wfs:DefaultCRS>urn:ogc:def:crs:EPSG::{crs}</wfs:DefaultCRS>
      <wfs:OtherCRS>urn:ogc:def:crs:EPSG::4258</wfs:OtherCRS></wfs:FeatureType></wfs:FeatureTypeList></wfs:WFS_Capabilities>"""
    kinds = {"integer": "integer", "string": "string"}
    fields = "".join(f'<element name="{column if n == "bouwjaar" else n}" minOccurs="0" type="{kinds[t]}"/>' for n, t in TYPES.items())
    schema = f"""<?xml version="1.0"?><schema xmlns="http://www.w3.org/2001/XMLSchema" xmlns:gml="http://www.opengis.net/gml/3.2"><element name="pand"/>
      <complexType name="pandType"><complexContent><extension base="gml:AbstractFeatureType"><sequence>
      <element name="msGeometry" type="gml:SurfacePropertyType"/>{fields}</sequence></extension></complexContent></complexType></schema>"""
    hits = f'<wfs:FeatureCollection xmlns:wfs="http://www.opengis.net/wfs/2.0" numberMatched="{number}" numberReturned="0"/>'
    row = {column if n == "bouwjaar" else n: v for n, v in ROW.items()}
    page = {"type": "FeatureCollection", "crs": {"type": "name", "properties": {"name": f"urn:ogc:def:crs:EPSG::{crs}"}},
            "features": [{"type": "Feature", "properties": row, "geometry": PLACE}]}  # fmt: skip

    def answer(request: Request) -> Response:
        match request.args["request"], request.args.get("resultType"):
            case "GetCapabilities", _:
                return Response(capabilities, content_type="text/xml")
            case "DescribeFeatureType", _:
                return Response(schema, content_type="text/xml")
            case "GetFeature", "hits":
                return Response(hits, content_type="text/xml")
        assert request.args["count"] == "1" and request.args["srsName"] == "EPSG:28992"
        return Response(json.dumps(page), content_type="application/json")

    server.expect_request("/wfs").respond_with_handler(answer)
    return server.url_for("/wfs")


@pytest.mark.parametrize(
    ("how", "state", "said"),
    [
        ({}, "fine", "fine"),
        ({"number": "unknown"}, "fine", "does not count"),
        ({"name": "bag:panden"}, "changed", "did you mean 'bag:panden'? [sources.pand] collection = \"bag:panden\""),
        ({"column": "bouwJaar"}, "changed", "column 'bouwjaar' is not there; did you mean 'bouw_jaar'?"),
        ({"crs": "4326"}, "changed", "EPSG:28992 is not among its CRS (EPSG:4326, EPSG:4258) · asked for EPSG:28992, it answers in EPSG:4326"),
        ({"most": 250}, "changed", "gives 250 features at a time"),
    ],
)  # fmt: skip
def test_wfs(httpserver: HTTPServer, pand: Config, how: dict[str, Any], state: str, said: str) -> None:
    url = wfs(httpserver, **how)
    made = config(pand.folder, pand={"url": url, "protocol": "wfs"}).model_copy(update={"services": pand.services})
    got, line = only(made)
    assert got == state and said in line


def test_wfs_that_refuses_in_words(httpserver: HTTPServer, tmp_path: Path, closed: str) -> None:
    words = '<ows:ExceptionReport xmlns:ows="http://www.opengis.net/ows/1.1"><ows:Exception><ows:ExceptionText>gone</ows:ExceptionText></ows:Exception></ows:ExceptionReport>'
    httpserver.expect_request("/wfs").respond_with_data(words, content_type="text/xml")
    made = config(tmp_path, pand={"url": httpserver.url_for("/wfs"), "protocol": "wfs"})
    state, line = only(made.model_copy(update={"services": {"https://api.pdok.nl": closed, "https://service.pdok.nl": closed}}))
    assert state == "unreachable" and "gave XML <ExceptionReport> (gone), expected the capabilities of a WFS" in line


GRID: tuple[float, float, float, float] = (250_000.0, 471_000.0, 260_000.0, 481_000.0)


def wcs(server: HTTPServer, *, name: str = "dtm_05m", cell: float = 0.5, shift: float = 0.0, crs: int = 28992) -> str:
    """A WCS in MapServer's forms."""
    capabilities = f"""<wcs:Capabilities version="2.0.1" xmlns:wcs="http://www.opengis.net/wcs/2.0"><wcs:ServiceMetadata><wcs:formatSupported>image/tiff</wcs:formatSupported>
      </wcs:ServiceMetadata><wcs:Contents><wcs:CoverageSummary><wcs:CoverageId>{name}</wcs:CoverageId></wcs:CoverageSummary></wcs:Contents></wcs:Capabilities>"""
    described = f"""<wcs:CoverageDescriptions xmlns:wcs="http://www.opengis.net/wcs/2.0" xmlns:gml="http://www.opengis.net/gml/3.2"><wcs:CoverageDescription>
      <gml:boundedBy><gml:Envelope srsName="http://www.opengis.net/def/crs/EPSG/0/{crs}"><gml:lowerCorner>{GRID[0]} {GRID[1]}</gml:lowerCorner><gml:upperCorner>{GRID[2]} {GRID[3]}</gml:upperCorner></gml:Envelope></gml:boundedBy>
      <gml:domainSet><gml:RectifiedGrid><gml:offsetVector>{cell} 0</gml:offsetVector><gml:offsetVector>0 -{cell}</gml:offsetVector></gml:RectifiedGrid></gml:domainSet>
      </wcs:CoverageDescription></wcs:CoverageDescriptions>"""

    def answer(request: Request) -> Response:
        match request.args["request"]:
            case "GetCapabilities":
                return Response(capabilities, content_type="text/xml")
            case "DescribeCoverage":
                return Response(described, content_type="text/xml")
        (west, east), (south, north) = (map(float, s[2:-1].split(",")) for s in request.args.getlist("subset"))
        box = (west + shift, south + shift, east + shift, north + shift)
        return Response(tiff(box, cell=cell, nodata=NOTHING, crs=f"EPSG:{crs}"), content_type="image/tiff")

    server.expect_request("/wcs").respond_with_handler(answer)
    return server.url_for("/wcs")


@pytest.mark.parametrize(
    ("how", "state", "said"),
    [
        ({}, "fine", "fine"),
        ({"name": "dtm_50cm"}, "changed", "collection 'dtm_05m' is not there; did you mean 'dtm_50cm'? [sources.ahn_dtm] collection = \"dtm_50cm\""),
        ({"shift": 0.25}, "changed", "cells of 0.5 × 0.5 m from 255000.25,476010.25, expected 0.5 m from a multiple of that; it is resampled or shifted"),
        ({"cell": 1.0}, "changed", "cells are 1 × 1 m, expected 0.5 m"),
        ({"crs": 25831}, "changed", "EPSG:28992 is not among its CRS (EPSG:25831) · CRS is EPSG:25831, expected EPSG:28992"),
    ],
)  # fmt: skip
def test_wcs(httpserver: HTTPServer, tmp_path: Path, closed: str, how: dict[str, Any], state: str, said: str) -> None:
    made = config(tmp_path, ahn_dtm={"url": wcs(httpserver, **how)})
    got, line = only(made.model_copy(update={"services": {"https://service.pdok.nl": closed}}))
    assert got == state and said in line


def index(httpserver: HTTPServer, box: tuple[float, float, float, float] = GRID) -> str:
    feature = {"type": "Feature", "properties": {"kaartbladNr": "M_34FN1", "url": httpserver.url_for("/M_34FN1.tif")}, "geometry": shapely.box(*box).__geo_interface__}  # fmt: skip
    httpserver.expect_request("/index.json").respond_with_json({"type": "FeatureCollection", "features": [feature]})
    return httpserver.url_for("/index.json")


def tiles(tmp_path: Path, url: str, closed: str) -> Config:
    area = gpd.GeoDataFrame(geometry=[shapely.box(252_000, 473_000, 253_000, 474_000)], crs="EPSG:28992")
    area.to_file(tmp_path / "area.gpkg")
    made = config(tmp_path, ahn_dtm={"url": url, "protocol": "tiles"})
    return made.model_copy(update={"services": {"https://service.pdok.nl": closed}})


def test_sheets(httpserver: HTTPServer, tmp_path: Path, closed: str) -> None:
    def part(request: Request) -> Response:
        assert request.headers["Range"] == "bytes=0-0"
        return Response(b"I", 206, headers={"Content-Range": "bytes 0-0/90000000", "ETag": '"a"'})

    httpserver.expect_request("/M_34FN1.tif").respond_with_handler(part)
    assert only(tiles(tmp_path, index(httpserver), closed)) == ("fine", "ahn_dtm  tiles         fine         1 of 1 sheets")


def test_sheets_elsewhere_or_gone(httpserver: HTTPServer, tmp_path: Path, closed: str) -> None:
    made = tiles(tmp_path, index(httpserver), closed)
    httpserver.expect_request("/M_34FN1.tif").respond_with_data("gone", status=404)
    state, line = only(made)
    assert state == "changed" and "HTTP 404 Not Found" in line
    httpserver.clear_all_handlers()
    index(httpserver, (10_000.0, 400_000.0, 15_000.0, 406_250.0))
    state, line = only(made)
    assert state == "changed" and "none of its 1 sheets lies in the area" in line


def buurt(tmp_path: Path, url: str, collection: str, closed: str) -> Config:
    made = config(tmp_path, buurt={"url": url, "protocol": "atom", "collection": collection, "earlier_editions": []})
    return made.model_copy(update={"services": {"https://api.pdok.nl": closed, "https://service.pdok.nl": closed}})


FEED = """<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>x</title><category term="http://www.opengis.net/def/crs/EPSG/0/28992"/>
  <link rel="alternate" href="{name}.gpkg" type="application/geopackage+sqlite3" length="261000000"/></entry></feed>"""


def test_a_feed_and_its_file(httpserver: HTTPServer, tmp_path: Path, closed: str) -> None:
    file = Response(b"S", 206, headers={"Content-Range": "bytes 0-0/261000000", "ETag": '"a"'})
    httpserver.expect_request("/atom/index.xml").respond_with_data(FEED.format(name="wijkenbuurten"), content_type="application/atom+xml")
    httpserver.expect_request("/atom/wijkenbuurten.gpkg").respond_with_handler(lambda _: file)
    made = buurt(tmp_path, httpserver.url_for("/atom/index.xml"), "wijkenbuurten|buurten", closed)
    state, line = only(made)
    assert state == "fine" and line.endswith("wijkenbuurten.gpkg 261.0 MB; its columns are seen when it is loaded")
    httpserver.clear_all_handlers()
    httpserver.expect_request("/atom/index.xml").respond_with_data(FEED.format(name="gebieden"), content_type="application/atom+xml")
    state, line = only(made)
    assert state == "changed" and "the feed offers no file 'wijkenbuurten'" in line


def test_a_file_without_manners(httpserver: HTTPServer, tmp_path: Path, closed: str) -> None:
    httpserver.expect_request("/a/buurten.gpkg").respond_with_data(b"x" * 1_500_000, content_type="application/octet-stream")
    state, line = only(buurt(tmp_path, httpserver.url_for("/a/buurten.gpkg"), "buurten", closed))
    assert state == "fine" and "buurten.gpkg 1.5 MB; can't be resumed; has no mark of its state" in line
    httpserver.clear_all_handlers()
    httpserver.expect_request("/a/buurten.gpkg").respond_with_data("not here", status=404, content_type="text/plain")
    state, line = only(buurt(tmp_path, httpserver.url_for("/a/buurten.gpkg"), "buurten", closed))
    assert state == "unreachable" and "HTTP 404 Not Found" in line and "it may have moved" in line


def test_what_can_be_ordered(httpserver: HTTPServer, tmp_path: Path, closed: str) -> None:
    """Nothing is: only the list of types is asked."""

    def state_of(types: list[str]) -> tuple[str, str]:
        httpserver.clear_all_handlers()
        listed = {"timeliness": [{"featuretype": t, "datetimeTo": "2026-11-20T00:00:00Z"} for t in types]}
        httpserver.expect_request("/bgt/dataset", method="GET").respond_with_json(listed)
        made = config(tmp_path, bgt_kunstwerkdeel={"url": httpserver.url_for("/bgt")})
        return only(made.model_copy(update={"services": {"https://api.pdok.nl": closed, "https://service.pdok.nl": closed}}))

    assert state_of([*TOGETHER, "bak"]) == ("fine", "bgt_kunstwerkdeel  bgt_download  fine         its columns are seen when it is loaded")
    state, line = state_of([t for t in TOGETHER if t != "kunstwerkdeel"])
    assert state == "changed" and "collection 'kunstwerkdeel_vlak' is not there" in line
    state, line = state_of([t for t in TOGETHER if t != "spoor"])
    assert state == "changed" and "types spoor, ordered together with it, are no longer there" in line


# --- files


def panden(path: Path, columns: dict[str, Any] = ROW, crs: str = "EPSG:28992", layer: str = "pand") -> Path:
    gpd.GeoDataFrame([columns], geometry=[shapely.box(250_000, 471_000, 250_010, 471_010)], crs=crs).to_file(path, layer=layer)
    return path


@pytest.mark.parametrize(
    ("how", "settings", "state", "said"),
    [
        ({}, {}, "fine", "fine"),
        ({"columns": {k.upper(): v for k, v in ROW.items()}}, {}, "fine", "fine"),
        ({"columns": ROW | {"bouwjaar": "oud"}}, {}, "changed", "column 'bouwjaar' holds text, expected numbers"),
        ({"crs": "EPSG:4326"}, {}, "changed", "EPSG:28992 is not among its CRS (EPSG:4326)"),
        ({"layer": "panden"}, {"layer": "pand"}, "changed", "layer 'pand' is not there; did you mean 'panden'? [sources.pand] layer = \"panden\""),
        ({"columns": {k.replace("identificatie", "PandNr"): v for k, v in ROW.items()}}, {"columns": {"identificatie": "PandNr"}}, "fine", "fine"),
    ],
)  # fmt: skip
def test_own_file(tmp_path: Path, closed: str, how: dict[str, Any], settings: dict[str, Any], state: str, said: str) -> None:
    panden(tmp_path / "own.gpkg", **how)
    made = config(tmp_path, pand={"protocol": "file", "path": "own.gpkg", **settings})
    got, line = only(made.model_copy(update={"services": {"https://api.pdok.nl": closed, "https://service.pdok.nl": closed}}))
    assert got == state and said in line


def test_own_file_that_is_not_there(tmp_path: Path, closed: str) -> None:
    services = {"https://api.pdok.nl": closed, "https://service.pdok.nl": closed}
    for name, settings in (("pand", "own.gpkg"), ("ahn_dtm", "heights")):
        made = config(tmp_path, **{name: {"protocol": "file", "path": settings}})
        state, line = only(made.model_copy(update={"services": services}))
        assert state == "unreachable" and f"{settings}: no such file; see the path in the config" in line


def test_own_heights(tmp_path: Path, closed: str) -> None:
    box = (250_000.0, 471_000.0, 250_100.0, 471_100.0)
    write(tmp_path / "heights" / "a.tif", box, cell=0.5, nodata=NOTHING)
    made = config(tmp_path, ahn_dtm={"protocol": "file", "path": "heights"}).model_copy(update={"services": {"https://service.pdok.nl": closed}})
    assert only(made)[0] == "fine"
    write(tmp_path / "heights" / "b.tif", box, cell=5.0, nodata=NOTHING)
    state, line = only(made)
    assert state == "changed" and "b.tif: cells of 5 × 5 m" in line and "expected 0.5 m" in line


# --- the command


def toml(folder: Path, services: dict[str, str], **urls: str) -> Path:
    off = "".join(f"[sources.{s.name}]\nenabled = false\n" for s in (*SOURCES, *RASTERS) if s.name not in urls)
    on = "".join(f'[sources.{n}]\nprotocol = "ogc_features"\nurl = "{u}"\nenabled = true\n' for n, u in urls.items())
    mirrors = "[services]\n" + "".join(f'"{k}" = "{v}"\n' for k, v in services.items())
    path = folder / "config.toml"
    path.write_text(
        '[area]\ngemeente_codes = []\npolygon_file = "a.gpkg"\n[corridor]\nkind = "polygon"\npolygon_file = "c.gpkg"\nstations = []\n'
        f"[load]\ntries = 1\n{mirrors}{off}{on}", encoding="utf-8",
    )  # fmt: skip
    return path


def test_three_lines(httpserver: HTTPServer, tmp_path: Path, closed: str) -> None:
    """One column renamed, one CRS removed, one service down."""
    station = {"levenscyclus_status": "Bestaand", "stationsnaam": "Hengelo", "puic": "1", "naam": "Hengelo", "code": "Hgl", "verkorte_naam": "Hgl"}
    one, two = Api(httpserver), Api(httpserver, "/rail", "station")
    two.row, two.types = station, dict.fromkeys(station, "string")
    two.geometry = {"type": "Point", "coordinates": [251_000, 475_000]}
    services = {"https://api.pdok.nl": closed, "https://service.pdok.nl": closed}
    path = toml(tmp_path, services, pand=one.url, station=two.url)

    def run() -> tuple[int, list[str]]:
        done = CliRunner().invoke(cli, ["doctor", "--config", str(path)])
        return done.exit_code, done.stdout.splitlines()

    code, lines = run()
    assert code == 0, lines
    assert [line.split()[:3] for line in lines[:2]] == [["station", "ogc_features", "fine"], ["pand", "ogc_features", "fine"]]
    assert lines[2:] == ["", "2 fine, 0 changed, 0 unreachable"]

    _rename(one)
    two.crs.remove(RD)
    code, lines = run()
    assert code == 7 and lines[-1] == "0 fine, 2 changed, 0 unreachable"
    assert lines[0].startswith("station  ogc_features  changed      EPSG:28992 is not among its CRS (CRS84)")
    assert lines[1].startswith("pand     ogc_features  changed      column 'bouwjaar' is not there; did you mean 'bouw_jaar'?")

    toml(tmp_path, services, pand=one.url, station=closed)
    code, lines = run()
    assert code == 7 and lines[-1] == "0 fine, 1 changed, 1 unreachable"
    assert lines[0].startswith("station  ogc_features  unreachable  can't connect")

    toml(tmp_path, services, station=closed)
    code, lines = run()
    assert code == 3 and lines[-1] == "0 fine, 0 changed, 1 unreachable"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["config.toml"]


def test_the_exit_codes_are_in_the_help() -> None:
    assert "doctor found that a service has changed" in CliRunner().invoke(cli, ["--help"]).stdout


def test_every_declared_way_of_every_source_can_be_looked_at(tmp_path: Path, closed: str) -> None:
    """With every service out of reach there is a line for each, and no other error."""
    everything = Config.model_validate(
        {"load": {"tries": 1, "timeout_s": 0.5}, "services": {f"https://{h}": closed for h in ("api.pdok.nl", "service.pdok.nl", "geodata.cbs.nl")},
         "sources": {s.name: {"enabled": True} for s in (*SOURCES, *RASTERS)}, "file": tmp_path / "config.toml"}
    )  # fmt: skip
    checked = check(everything)
    assert len(checked) == len(doctor.names(everything)) >= len(SOURCES) + len(RASTERS)
    assert {c.looked.state for c in checked} == {"unreachable"}
    assert {o.state for c in checked for o in c.others} == {"unreachable"}
    ways = {s.name: len(s.accesses) for s in (*SOURCES, *RASTERS)}
    assert {c.source: 1 + len(c.others) for c in checked} == ways
