"""The BGT's download API, against a stand-in on this machine: orders, waits, zips and GML light."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import bgt_server
import pytest
import shapely
from bgt_server import BgtServer, feature, gml, label, multi, polygon, ridge, segments, square
from pytest_httpserver import HTTPServer
from werkzeug import Response

from pipeline.contract import SourceError
from pipeline.load import bgt_download
from pipeline.load.http import Http
from pipeline.load.kept import Kept
from pipeline.load.layers import conform
from pipeline.load.received import Received, renamed
from pipeline.sources.bgt import BGT

BBOX = (250_000.0, 471_000.0, 250_100.0, 471_100.0)
TOGETHER = ("wegdeel", "pand", "scheiding")
X, Y = 250_000, 471_000


class Quick(Http):
    """A client that does not wait, and remembers how long it would have."""

    def __init__(self, **settings: object) -> None:
        super().__init__(timeout_s=5, tries=2, pause_s=0.0, **settings)  # type: ignore[arg-type]
        self.waited: list[float] = []

    def wait(self, seconds: float) -> None:
        self.waited.append(seconds)


@pytest.fixture
def bgt(httpserver: HTTPServer) -> BgtServer:
    server = BgtServer(httpserver)
    server.files["wegdeel"] = gml(
        feature("Wegdeel", 1, polygon(square(X, Y)), {"bgt-functie": "fietspad"}),
        feature("Wegdeel", 2, polygon(square(X + 10, Y)), {"eindRegistratie": "2017-03-01T08:00:00.000"}),
        feature("Wegdeel", 3, polygon(square(X + 5000, Y)), {"relatieveHoogteligging": "-1"}),
    )
    server.files["pand"] = gml(
        feature(
            "Pand",
            4,
            multi(polygon(square(X, Y)), polygon(square(X + 20, Y))),
            {"identificatieBAGPND": "0153100000000012"},
            label("07", X + 5, Y + 5, -25),
        )
    )
    return server


@pytest.fixture
def http(tmp_path: Path) -> Iterator[Kept]:
    with Quick() as client:
        yield Kept(client, tmp_path / "kept", None)


def fetch(bgt: BgtServer, http: Kept, collection: str = "wegdeel", **more: object) -> Received:
    settings = {"bbox": BBOX, "progress": lambda *_: None, "together": TOGETHER, **more}
    bbox, progress = settings.pop("bbox"), settings.pop("progress")
    return bgt_download.fetch(bgt.url, collection, bbox, http, progress, **settings)  # type: ignore[arg-type]


def pauses(http: Kept) -> list[float]:
    """Seconds that were waited for an order; the client itself asks for pauses of nothing."""
    return [s for s in http._http.waited if s]  # type: ignore[attr-defined]


# Orders


def test_an_order_is_made_waited_for_and_read(bgt: BgtServer, http: Kept) -> None:
    seen: list[tuple[int, int | None]] = []
    got = fetch(bgt, http, progress=lambda *n: seen.append(n))
    assert bgt.orders == [
        {
            "featuretypes": ["pand", "scheiding", "wegdeel"],
            "format": "gmllight",
            "geofilter": "POLYGON((250000 471000, 250100 471000, 250100 471100, 250000 471100, 250000 471000))",
        }
    ]
    assert (bgt.polls, bgt.downloads, pauses(http)) == (3, 1, [1.0, 1.5])
    assert (len(got.table), got.reported, seen) == (3, None, [(0, None), (3, 3)])
    assert [p.features for p in got.pages] == [3]
    assert got.pages[0].url.endswith("/extract/order-1/extract.zip")
    assert len(got.pages[0].sha256) == 64


def test_the_proof_says_what_was_counted_and_what_could_not_be(bgt: BgtServer, http: Kept) -> None:
    (proof,) = fetch(bgt, http).proofs
    assert (proof.means, proof.holds) == ("count", True)
    assert proof.said.nl == (
        "het geleverde bestand bgt_wegdeel.gml bevat 3 objecten en alle 3 zijn gelezen; de dienst noemt zelf geen aantal"
    )
    assert proof.said.en == (
        "the file delivered, bgt_wegdeel.gml, holds 3 objects and all 3 were read; the service itself states no number"
    )


def test_sources_that_share_an_order_ask_once(bgt: BgtServer, http: Kept) -> None:
    assert len(fetch(bgt, http, "wegdeel").table) == 3
    assert len(fetch(bgt, http, "pand").table) == 1
    assert len(fetch(bgt, http, "scheiding").table) == 0
    assert (len(bgt.orders), bgt.polls, bgt.downloads) == (1, 3, 1)


def test_also_when_they_ask_at_the_same_time(bgt: BgtServer, http: Kept) -> None:
    barrier = threading.Barrier(3)

    def one(kind: str) -> int:
        barrier.wait(5)
        return len(fetch(bgt, http, kind).table)

    with ThreadPoolExecutor(3) as pool:
        assert list(pool.map(one, TOGETHER)) == [3, 1, 0]
    assert (len(bgt.orders), bgt.downloads) == (1, 1)


def test_another_area_is_another_order(bgt: BgtServer, http: Kept) -> None:
    fetch(bgt, http)
    fetch(bgt, http, bbox=(BBOX[0], BBOX[1], BBOX[2], BBOX[3] + 0.5))
    assert [str(o["geofilter"])[-60:] for o in bgt.orders][1].count("471100.5") == 2


def test_without_a_network_the_same_comes_from_disk(bgt: BgtServer, tmp_path: Path) -> None:
    with Quick() as client:
        first = fetch(bgt, Kept(client, tmp_path / "kept", None))
    with Quick(offline=True) as client:
        again = fetch(bgt, Kept(client, tmp_path / "kept", None))
    assert again.table.equals(first.table)
    assert again.pages == first.pages
    assert len(bgt.orders) == 1


@pytest.mark.fault(
    "C", "a run that ended while an order was being made (BGT)",
    "nothing: the next run goes on with the same order",
)  # fmt: skip
def test_an_order_that_was_still_busy_is_gone_on_with(bgt: BgtServer, tmp_path: Path) -> None:
    class Stopped(Quick):
        def wait(self, seconds: float) -> None:
            raise KeyboardInterrupt

    with Stopped() as client, pytest.raises(KeyboardInterrupt):
        fetch(bgt, Kept(client, tmp_path / "kept", None))
    with Quick() as client:
        assert len(fetch(bgt, Kept(client, tmp_path / "kept", None)).table) == 3
    assert len(bgt.orders) == 1


@pytest.mark.fault("A", "the service forgets an order (BGT)", "nothing: it is ordered again; the third time one line")
def test_an_order_that_the_service_forgot_is_made_again(bgt: BgtServer, tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    with Quick() as client:
        fetch(bgt, Kept(client, folder, None))
    bgt.forgotten = {"order-1"}
    for file in folder.glob("*extract.zip*"):
        file.unlink()
    with Quick() as client:
        assert len(fetch(bgt, Kept(client, folder, None)).table) == 3
    assert (len(bgt.orders), bgt.downloads) == (2, 2)
    with Quick(offline=True) as client:
        assert len(fetch(bgt, Kept(client, folder, None)).table) == 3


def test_an_order_may_expire_while_it_is_waited_for(bgt: BgtServer, http: Kept) -> None:
    bgt.expires = {"order-1"}
    assert len(fetch(bgt, http).table) == 3
    assert len(bgt.orders) == 2


@pytest.mark.fault("A", "the service forgets an order (BGT)", "nothing: it is ordered again; the third time one line")
def test_a_service_that_forgets_every_order(bgt: BgtServer, http: Kept) -> None:
    bgt.forgotten = {f"order-{i}" for i in range(1, 10)}
    with pytest.raises(
        SourceError, match=r"wegdeel: the service forgot 3 orders before they were fetched; run again later$"
    ):
        fetch(bgt, http)
    assert len(bgt.orders) == 3


@pytest.mark.fault(
    "A", "an order that is never ready (BGT)",
    "one line: “… is not ready after 30 minutes …; run again later, it goes on”",
)  # fmt: skip
def test_a_wait_grows_and_ends(bgt: BgtServer, http: Kept) -> None:
    bgt.states = ["RUNNING"] * 1000
    with pytest.raises(
        SourceError, match=r"order order-1 is not ready after 30 minutes \(RUNNING \d+%\); run again later, it goes on$"
    ):
        fetch(bgt, http)
    waits = pauses(http)
    assert waits == sorted(waits)
    assert max(waits) == 30
    assert 1800 <= sum(waits) < 1830


@pytest.mark.fault("A", "an order that fails (BGT)", "one line with what the service says")
@pytest.mark.parametrize(
    ("ready", "says"),
    [
        (
            '{"status": "FAILED", "message": "area too\\nlarge"}',
            r"the order is FAILED \(area too large\), expected COMPLETED; is the area right\?$",
        ),
        ('{"status": "COMPLETED", "_links": {}}', "the order is ready, but without a link to it$"),
        ('{"progress": 3}', "the order is None, expected COMPLETED"),
        ("[]", r"no JSON, expected the state of an order; is the URL right\?; tried 2 times"),
        ("<html>busy</html>", r"no JSON, expected the state of an order"),
        (
            '{"status": "COMPLETED", "_links": {"download": {"href": "https://elsewhere.example/x.zip"}}}',
            "links to https://elsewhere.example, expected the same host",
        ),
        (
            '{"status": "COMPLETED", "_links": {"download": {"href": "//elsewhere.example/x.zip"}}}',
            "links to http://elsewhere.example, expected the same host",
        ),
    ],
)
def test_an_order_that_fails(bgt: BgtServer, http: Kept, ready: str, says: str) -> None:
    bgt.ready = Response(ready, 200, content_type="application/json")
    with pytest.raises(SourceError, match=says) as caught:
        fetch(bgt, http)
    assert "\n" not in str(caught.value)


def test_what_the_service_says_of_a_wrong_order_is_shown(bgt: BgtServer, http: Kept) -> None:
    with pytest.raises(SourceError, match=r"full/custom: HTTP 400: unknown featuretypes \['maanlandschap'\]$"):
        fetch(bgt, http, "maanlandschap")


def test_an_answer_that_is_no_order(bgt: BgtServer, http: Kept, httpserver: HTTPServer) -> None:
    httpserver.clear()
    httpserver.expect_request("/lv/bgt/download/v1_0/full/custom").respond_with_json({"id": 3}, 202)
    with pytest.raises(SourceError, match=r"full/custom: an answer without downloadRequestId, expected an order"):
        fetch(bgt, http)


def test_the_whole_country_is_not_ordered(bgt: BgtServer, http: Kept) -> None:
    with pytest.raises(SourceError, match="wegdeel: delivers an area, expected a box; take another protocol"):
        fetch(bgt, http, bbox=None)
    assert bgt.orders == []


def test_a_mirror_may_stand_under_a_path_of_its_own(httpserver: HTTPServer, http: Kept) -> None:
    mirror = BgtServer(httpserver, root="/spiegel/pdok")
    mirror.files["wegdeel"] = gml(feature("Wegdeel", 1, polygon(square(X, Y))))
    assert len(fetch(mirror, http).table) == 1


# The zip


def test_a_type_that_is_not_in_the_zip(bgt: BgtServer, http: Kept) -> None:
    bgt.left_out = {"wegdeel"}
    with pytest.raises(SourceError, match=r"bgt_wegdeel\.gml.*bgt_pand\.gml"):
        fetch(bgt, http)


def test_nothing_stays_of_what_was_unpacked(bgt: BgtServer, http: Kept, tmp_path: Path) -> None:
    fetch(bgt, http)
    fetch(bgt, http, "pand")
    left = {p.suffix for p in (tmp_path / "kept").rglob("*")}
    assert left == {".zip", ".json", ".gz"}
    bgt.files["pand"] = "<half"
    with pytest.raises(SourceError, match="not whole XML"):
        fetch(bgt, http, "pand", bbox=(0.0, 300_000.0, 1.0, 300_001.0))
    assert {p.suffix for p in (tmp_path / "kept").rglob("*")} == left


# GML light


def test_names_are_those_of_the_register_and_values_are_text(bgt: BgtServer, http: Kept) -> None:
    table = fetch(bgt, http, "pand").table
    row = table.drop(columns="geometry").iloc[0].to_dict()
    assert row == {
        "gml_id": "b4",
        "object_begin_tijd": "2014-10-31",
        "identificatie_namespace": "NL.IMGeo",
        "identificatie_lokaal_id": f"G0153.{4:032x}",
        "tijdstip_registratie": "2016-01-15T11:35:50.000",
        "lv_publicatiedatum": "2016-01-15T14:55:41.000",
        "bronhouder": "G0153",
        "in_onderzoek": "false",
        "relatieve_hoogteligging": "0",
        "bgt_status": "bestaand",
        "plus_status": "geenWaarde",
        "identificatie_bagpnd": "0153100000000012",
        "nummeraanduidingreeks_1_tekst": "07",
        "nummeraanduidingreeks_1_positie_1_hoek": "-25",
    }


def test_the_outline_is_taken_and_not_a_label_or_a_ridge(bgt: BgtServer, http: Kept) -> None:
    bgt.files["wegdeel"] = gml(
        feature("Wegdeel", 1, polygon(square(X, Y)), after=ridge((X, Y), (X + 1, Y))),
        feature("Wegdeel", 2, "", after=ridge((X, Y), (X + 1, Y))),
    )
    panden, roads = fetch(bgt, http, "pand").table, fetch(bgt, http, "wegdeel").table
    assert (panden.geom_type[0], panden.area[0]) == ("MultiPolygon", 200)
    assert (roads.geom_type[0], roads.area[0], roads.geometry[1]) == ("Polygon", 100, None)


def test_history_and_levels_come_along_and_columns_are_those_of_all_objects(bgt: BgtServer, http: Kept) -> None:
    table = fetch(bgt, http).table
    assert table["eind_registratie"].fillna("").tolist() == ["", "2017-03-01T08:00:00.000", ""]
    assert table["bgt_functie"].fillna("").tolist() == ["fietspad", "", ""]
    assert table["relatieve_hoogteligging"].tolist() == ["0", "0", "-1"]


def test_no_objects_in_the_area(bgt: BgtServer, http: Kept) -> None:
    got = fetch(bgt, http, "scheiding")
    assert (len(got.table), got.table.crs.to_epsg()) == (0, 28992)
    assert got.proofs[0].said.en.startswith("the file delivered, bgt_scheiding.gml, holds 0 objects")


def test_shapes_of_one_type_are_told_apart_as_the_ogc_api_does(bgt: BgtServer, http: Kept) -> None:
    bgt.files["scheiding"] = gml(
        feature("Scheiding", 1, polygon(square(X, Y))),
        feature("Scheiding", 2, segments(("LineStringSegment", [(X, Y), (X + 10, Y)]))),
        feature("Scheiding", 3, multi(polygon(square(X, Y)))),
    )
    areas, lines = fetch(bgt, http, "scheiding_vlak"), fetch(bgt, http, "scheiding_lijn")
    assert areas.table.geom_type.tolist() == ["Polygon", "MultiPolygon"]
    assert areas.table.index.tolist() == [0, 1]
    assert lines.table.geom_type.tolist() == ["LineString"]
    assert fetch(bgt, http, "scheiding_punt").table.empty
    assert "holds 3 objects and all 3 were read, of which 2 of this shape;" in areas.proofs[0].said.en
    assert (len(bgt.orders), areas.pages[0].features) == (1, 2)


def half_disc(up: bool) -> str:
    """Half a disc with a radius of 1000 m, on the one or the other side of the same arc."""
    arc = [(X, Y), (X + 1000, Y + 1000), (X + 2000, Y)]
    straight = [(X + 2000, Y), (X, Y)] if up else [(X, Y), (X, Y + 2000), (X + 2000, Y + 2000), (X + 2000, Y)]
    runs = (
        [("Arc", arc), ("LineStringSegment", straight)] if up else [("LineStringSegment", straight), ("Arc", arc[::-1])]
    )
    return polygon(segments(*runs))


def test_arcs_become_chords_within_the_tolerance_and_neighbours_keep_their_edge(bgt: BgtServer, http: Kept) -> None:
    bgt.files["wegdeel"] = gml(feature("Wegdeel", 1, half_disc(True)), feature("Wegdeel", 2, half_disc(False)))
    inside, outside = fetch(bgt, http).table.geometry
    middle = shapely.Point(X + 1000, Y)
    corners = shapely.get_coordinates(inside.exterior)
    arc = shapely.LineString(corners[corners[:, 1] > Y])
    assert max(abs(shapely.distance(middle, shapely.points(corners[corners[:, 1] > Y])) - 1000)) < 1e-6
    # The deepest point of a chord: 1000 (1 - cos 0.5°) = 0.038 m.
    assert 1000 - arc.distance(middle) == pytest.approx(0.038, abs=0.001)
    assert inside.intersection(outside).area == 0
    assert shapely.union_all([inside, outside]).equals(shapely.box(X, Y, X + 2000, Y + 2000))
    assert inside.is_valid
    assert outside.is_valid


def test_nothing_is_left_beside_a_file_and_no_schema_is_asked_for(bgt: BgtServer, http: Kept, tmp_path: Path) -> None:
    # The schema that the file names is at an address of the internet: asking for it fails this test.
    bgt.files["wegdeel"] = gml(feature("Wegdeel", 1, polygon(square(X, Y))))
    fetch(bgt, http)
    assert not [p for p in tmp_path.rglob("*") if p.suffix in (".gfs", ".xsd")]


@pytest.mark.fault("D", "GML that is cut, of another type, in another CRS, or with a document type", "one line")
@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>', "XML with a document type"),
        ('<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd"><x/>', "XML with a document type"),
        (gml(feature("Wegdeel", 1, polygon(square(X, Y))))[:-40], r"not whole XML \(.* in line \d+\); run again"),
        ("", r"not whole XML \(no element found in line 1\)"),
        (
            gml(feature("Wegdeel", 1, polygon(square(X, Y))), feature("Pand", 2, polygon(square(X, Y)))),
            "feature 2 is a Pand, the others are Wegdeel; expected one kind",
        ),
        (gml(feature("Wegdeel", 1, "")), r"none of 1 features has a geometrie2d; was the format changed\?"),
        (
            gml(feature("Wegdeel", 1, polygon(square(6.8, 52.2, 0.1)))),
            r"1 of 1 features lie outside the Netherlands in EPSG:28992, first at 6\.8,52\.2",
        ),
    ],
    ids=["entity", "dtd", "half", "empty", "kinds", "bare", "degrees"],
)
def test_a_file_that_is_not_what_it_should_be(bgt: BgtServer, http: Kept, text: str, says: str) -> None:
    bgt.files["wegdeel"] = text
    with pytest.raises(SourceError, match=rf"extract\.zip/bgt_wegdeel\.gml: .*{says}") as caught:
        fetch(bgt, http)
    assert "\n" not in str(caught.value)


@pytest.mark.fault(
    "D", "GML with a feature that GDAL passes over",
    "one line: “holds 3 features and GDAL reads 2; the file is not what …”",
)  # fmt: skip
def test_a_feature_that_gdal_does_not_give_is_missed(
    bgt: BgtServer, http: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = bgt_download.gml.gdal.read
    monkeypatch.setattr(bgt_download.gml.gdal, "read", lambda *a, **k: read(*a, **k).iloc[1:])
    with pytest.raises(SourceError, match=r"bgt_wegdeel\.gml: holds 3 features and GDAL reads 2; the file is not what"):
        fetch(bgt, http)


# What is declared


def test_every_declared_type_becomes_its_layer(bgt: BgtServer, http: Kept) -> None:
    """All columns and keep rules find what they name in GML light."""
    line = segments(("LineStringSegment", [(X + 1, Y + 1), (X + 9, Y + 1)]))
    for source in BGT:
        access = next(a for a in source.accesses if a.protocol == "bgt_download")
        kind = access.collection.split("_")[0]
        shapes = {"LineString": line, "Point": f"<gml:Point><gml:pos>{X + 1} {Y + 1}</gml:pos></gml:Point>"}
        drawn = next((d for kind_, d in shapes.items() if kind_ in source.layer.geometry), polygon(square(X, Y)))
        said = {"bgt-functie": "a", "plus-functie": "b", "bgt-fysiekVoorkomen": "c", "plus-fysiekVoorkomen": "d",
                "bgt-type": "e", "plus-type": "f", "identificatieBAGPND": "0153100000000012"}  # fmt: skip
        bgt.files[kind] = gml(
            feature("Ding", 1, drawn, said),
            feature("Ding", 2, drawn, said | {"eindRegistratie": "2017-03-01T08:00:00.000"}),
            feature("Ding", 3, drawn, said | {"objectEindTijd": "2017-03-01"}),
            feature("Ding", 4, drawn, said | {"plus-status": "plan"}),
            feature("Ding", 1, drawn, said | {"tijdstipRegistratie": "2015-01-15T11:35:50.000", "bgt-functie": "old"}),
        )
    for source in BGT:
        access = next(a for a in source.accesses if a.protocol == "bgt_download")
        got = renamed(fetch(bgt, http, access.collection, together=access.together), access.renames)
        done = conform(got, source, edition=None, bbox=BBOX)
        expected = {"function": "a", "function_detail": "b", "cover": "c", "cover_detail": "d", "type": "e",
                    "type_detail": "f", "bag_pand_id": "0153100000000012", "level": 0, "source_holder": "G0153"}  # fmt: skip
        row = done.table.drop(columns="geometry").iloc[0].to_dict()
        assert row == {name: expected[name] for name in row}, source.name
        assert (list(done.table.index), done.absent, sum(done.dropped.values())) == ([f"G0153.{1:032x}"], (), 4)
    assert len(bgt.orders) == 1


def test_the_stand_in_knows_the_types_that_are_declared() -> None:
    assert {t for s in BGT for a in s.accesses for t in a.together} <= set(bgt_server.TYPES)


def test_an_order_from_before_is_made_again_when_it_is_too_old(bgt: BgtServer, tmp_path: Path) -> None:
    with Quick() as client:
        fetch(bgt, Kept(client, tmp_path / "kept", None))
        later = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=2)
        fetch(bgt, Kept(client, tmp_path / "kept", later))
    assert len(bgt.orders) == 2
