"""Whole files, and the feeds that list them: as PDOK makes them, as others do, and as nobody should."""

from __future__ import annotations

import io
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import geopandas as gpd
import pyogrio
import pytest
import shapely
from pytest_httpserver import HTTPServer

from pipeline.contract import SourceError
from pipeline.load import atom, xml
from pipeline.load.http import DamagedError, Http
from pipeline.load.kept import Kept
from pipeline.load.received import Received

RD, ETRS = "http://www.opengis.net/def/crs/EPSG/0/28992", "http://www.opengis.net/def/crs/EPSG/0/4258"


@pytest.fixture
def http(tmp_path: Path) -> Iterator[Kept]:
    with Http(timeout_s=2, tries=2, pause_s=0.001) as client:
        yield Kept(client, tmp_path / "kept", None)


@pytest.fixture(scope="session")
def package(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A GeoPackage of two layers: ten points a hundred metres apart, and one line."""
    path = tmp_path_factory.mktemp("made") / "made.gpkg"
    points = gpd.GeoDataFrame(
        {"crs28992res100m": [f"E{i}" for i in range(10)], "aantalInwoners": range(10)},
        geometry=shapely.points([(250_000 + 100 * i, 470_000) for i in range(10)]), crs="EPSG:28992",
    )  # fmt: skip
    pyogrio.write_dataframe(points, path, layer="cells", dataset_options={"VERSION": "1.3"})
    line = gpd.GeoDataFrame({"n": [1]}, geometry=[shapely.LineString([(0, 0), (1, 1)])], crs="EPSG:28992")
    pyogrio.write_dataframe(line, path, layer="lines", append=True)
    return path.read_bytes()


def zipped(**files: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as z:
        for name, content in files.items():
            z.writestr(name.replace("__", "."), content)
    return made.getvalue()


def fetched(url: str, collection: str, http: Kept, bbox: Any = None, **more: Any) -> Received:
    return atom.fetch(url, collection, bbox, http, lambda *_: None, **more)


def entry(
    href: str, crs: str = RD, *, title: str = "", rel: str = "alternate", kind: str = "", length: str = ""
) -> str:
    """One entry in the order and with the marks of PDOK's feeds."""
    extra = (f' type="{kind}"' if kind else "") + (f' length="{length}"' if length else "")
    category = f'<category term="{crs}" label="x"/>' if crs else ""
    return f'<entry><id>x</id><title>{title}</title><link rel="describedby" href="http://elsewhere.nl/a.gpkg"/><link rel="{rel}" href="{href}"{extra}/>{category}</entry>'


def feed(*entries: str) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?><?xml-stylesheet href="https://x/style.xsl" type="text/xsl"?>'
        '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:georss="http://www.georss.org/georss" xml:lang="nl">'
        '<title>t</title><link rel="self" href="https://x/self.gpkg"/><link rel="up" href="https://x/up.gpkg"/>'
        f'{"".join(entries)}</feed>'
    )  # fmt: skip


def serve(server: HTTPServer, **pages: bytes | str) -> str:
    """Serve each under its name, and give the address of the first."""
    for name, content in pages.items():
        kind = "text/xml" if name.endswith("xml") else "application/octet-stream"
        server.expect_request(f"/d/{name.replace('__', '.')}").respond_with_data(content, content_type=kind)
    return server.url_for(f"/d/{next(iter(pages)).replace('__', '.')}")


def test_a_file_by_its_own_address(httpserver: HTTPServer, http: Kept, package: bytes, tmp_path: Path) -> None:
    seen: list[tuple[int, int | None]] = []
    url = serve(httpserver, x__gpkg=package)
    got = atom.fetch(url, "cells", None, http, lambda *n: seen.append(n))
    assert list(got.table.columns) == ["crs28992res100m", "aantal_inwoners", "geometry"]
    assert (len(got.table), got.reported, seen) == (10, 10, [(10, 10)])
    (page,) = got.pages
    assert (page.url, page.features, page.bytes) == (url, 10, len(package))
    assert [(p.means, p.holds) for p in got.proofs] == [("file", True), ("count", True), ("count", True)]
    assert got.proofs[0].said.nl == f"één bestand van {len(package):,} bytes, tot het eind binnengekomen, SHA-256 {page.sha256[:12]}".replace(",", ".", 1)  # fmt: skip
    assert got.proofs[1].said.en == "10 features read of the 10 that GDAL counts there"
    assert got.proofs[2].said.nl == "de laag heeft 10 rijen, het bestand zelf noemt er 10"
    assert sorted(f.suffix for f in (tmp_path / "kept").iterdir()) == [".gpkg", ".json"]


def test_only_the_area_is_read(httpserver: HTTPServer, http: Kept, package: bytes) -> None:
    got = fetched(serve(httpserver, x__gpkg=package), "cells", http, (250_150.0, 469_000.0, 250_450.0, 471_000.0))
    assert got.table["aantal_inwoners"].tolist() == [2, 3, 4]
    assert len(fetched(httpserver.url_for("/d/x.gpkg"), "cells", http).table) == 10
    assert len(httpserver.log) == 1, "reading leaves the kept file as it is"
    assert got.proofs[1].said.en == "3 features read of the 3 that GDAL counts there"


def test_which_layer_is_asked(httpserver: HTTPServer, http: Kept, package: bytes) -> None:
    url = serve(httpserver, x__gpkg=package)
    with pytest.raises(SourceError, match=r"has 2 layers \(cells, lines\)"):
        fetched(url, "", http)
    with pytest.raises(SourceError, match=r"has no layer 'cell'; did you mean 'cells'\?$"):
        fetched(url, "cell", http)


def test_a_zip_is_unpacked_for_as_long_as_it_is_read(
    httpserver: HTTPServer, http: Kept, package: bytes, tmp_path: Path
) -> None:
    url = serve(httpserver, x__zip=zipped(a__gpkg=package, b__gpkg=b"no", r__txt=b""))
    assert len(fetched(url, "a.gpkg|cells", http).table) == 10
    assert sorted(f.suffix for f in (tmp_path / "kept").iterdir()) == [".json", ".zip"]
    with pytest.raises(SourceError, match=r"x\.zip: holds 2 map files: a\.gpkg, b\.gpkg; name one$"):
        fetched(url, "cells", http)
    with pytest.raises(SourceError, match="not a vector file that GDAL reads"):
        fetched(url, "b.gpkg|cells", http)
    assert sorted(f.suffix for f in (tmp_path / "kept").iterdir()) == [".json", ".zip"]


@pytest.mark.fault("C", "a run killed while a zip was unpacked", "nothing: what it left is in nobody’s way")
def test_what_a_killed_run_left_unpacked_is_in_nobodys_way(
    httpserver: HTTPServer, http: Kept, package: bytes, tmp_path: Path
) -> None:
    url = serve(httpserver, x__zip=zipped(a__gpkg=package))
    fetched(url, "cells", http)
    left = next((tmp_path / "kept").glob("*.zip")).with_suffix(".zip.unpacked")
    left.mkdir()
    (left / "b.gpkg").write_bytes(b"half")
    seen: list[Path] = []
    atom.fetch(url, "cells", None, http, lambda *_: seen.extend(left.iterdir()))
    assert [f.name for f in seen] == ["a.gpkg"]
    assert not left.exists()


@pytest.mark.fault("D", "a feed with several systems", "nothing: the file in RD is taken")
def test_a_feed_of_feeds_in_two_systems(httpserver: HTTPServer, http: Kept, package: bytes) -> None:
    """As PDOK's: a feed with an entry for the dataset, which has a feed with an entry per file and CRS."""
    url = serve(
        httpserver,
        index__xml=feed(entry(httpserver.url_for("/d/set.xml"), kind="application/atom+xml") + entry("page.html", kind="text/html")),
        set__xml=feed(entry("wgs.gpkg", ETRS, length="7"), entry("rd.gpkg", RD, length=str(len(package)), kind="application/geopackage+sqlite3")),
        rd__gpkg=package,
    )  # fmt: skip
    got = fetched(url, "cells", http)
    assert (len(got.table), got.pages[0].url) == (10, httpserver.url_for("/d/rd.gpkg"))
    assert [p.holds for p in got.proofs] == [True, True, True]


@pytest.mark.fault("D", "a feed without length and date, with relative links", "nothing: the file is read")
@pytest.mark.parametrize("rel", ["alternate", "section", "enclosure"])
@pytest.mark.parametrize("href", ["rd.gpkg", "/d/rd.gpkg", "../d/rd.gpkg", " rd.gpkg "])
def test_a_feed_that_says_little(httpserver: HTTPServer, http: Kept, package: bytes, rel: str, href: str) -> None:
    """No length, no date, no type, no CRS; a relative address."""
    assert len(fetched(serve(httpserver, f__xml=feed(entry(href, "", rel=rel)), rd__gpkg=package), "cells", http).table) == 10  # fmt: skip


@pytest.mark.parametrize("where", [{"crs": "urn:ogc:def:crs:EPSG::28992"}, {"crs": "EPSG:28992"}, {"crs": "", "title": "Cells in EPSG:28992 (GML)"}])  # fmt: skip
def test_the_system_is_said_in_several_ways(
    httpserver: HTTPServer, http: Kept, package: bytes, where: dict[str, str]
) -> None:
    url = serve(
        httpserver, f__xml=feed(entry("w.gpkg", ETRS), entry("u.gpkg", ""), entry("rd.gpkg", **where)), rd__gpkg=package
    )
    assert fetched(url, "cells", http).pages[0].url.endswith("/rd.gpkg")


@pytest.mark.fault(
    "D", "a feed that offers other systems only",
    "one line: “the feed offers … in EPSG:3857, EPSG:4258, expected EPSG:28992”",
)  # fmt: skip
def test_the_other_systems_are_refused(httpserver: HTTPServer, http: Kept) -> None:
    url = serve(httpserver, f__xml=feed(entry("w.gpkg", ETRS), entry("m.gpkg", "EPSG:3857")))
    with pytest.raises(SourceError, match=r"f\.xml: the feed offers w\.gpkg in EPSG:3857, EPSG:4258, expected EPSG:28992$"):  # fmt: skip
        fetched(url, "cells", http)


@pytest.mark.fault("D", "several files in one feed", "one line: “the feed offers 2 files: …; name one”")
def test_which_file_is_asked(httpserver: HTTPServer, http: Kept, package: bytes) -> None:
    url = serve(httpserver, f__xml=feed(*(entry(f"vk_{y}.gpkg") for y in (2022, 2023))), vk_2023__gpkg=package)
    with pytest.raises(SourceError, match=r"the feed offers 2 files: vk_2022\.gpkg, vk_2023\.gpkg; name one in collection, as 'file\|layer'$"):  # fmt: skip
        fetched(url, "cells", http)
    for name in ("vk_2023.gpkg", "vk_2023"):
        assert len(fetched(url, f"{name}|cells", http).table) == 10
    with pytest.raises(SourceError, match=r"the feed offers no file 'vk_2024\.gpkg'; did you mean 'vk_202[23]\.gpkg'\?$"):  # fmt: skip
        fetched(url, "vk_2024.gpkg|cells", http)


def test_of_several_formats_the_geopackage(httpserver: HTTPServer, http: Kept, package: bytes) -> None:
    url = serve(httpserver, f__xml=feed(entry("a.gml"), entry("a.gpkg"), entry("a.zip")), a__gpkg=package)
    assert fetched(url, "cells", http).pages[0].url.endswith("/a.gpkg")


@pytest.mark.fault(
    "D", "a file of another length than the feed says",
    "the receipt, status and map say both lengths; it does not pass as proven",
)  # fmt: skip
def test_another_length_than_the_feed_says_is_said(httpserver: HTTPServer, http: Kept, package: bytes) -> None:
    url = serve(httpserver, f__xml=feed(entry("a.gpkg", length="1234")), a__gpkg=package)
    bad = [p for p in fetched(url, "cells", http).proofs if not p.holds]
    assert [(p.means, p.said.en) for p in bad] == [("file", f"the feed says 1,234 bytes, the file has {len(package):,}")]  # fmt: skip


@pytest.mark.fault(
    "D", "a GeoPackage with another number of rows than it says itself",
    "the receipt, status and map say both numbers; it does not pass as proven",
)  # fmt: skip
def test_another_count_than_the_file_says_is_said(
    httpserver: HTTPServer, http: Kept, package: bytes, tmp_path: Path
) -> None:
    path = tmp_path / "x.gpkg"
    path.write_bytes(package)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE gpkg_ogr_contents SET feature_count = 12 WHERE table_name = 'cells'")
        connection.commit()
    got = fetched(serve(httpserver, x__gpkg=path.read_bytes()), "cells", http)
    assert [(p.means, p.holds) for p in got.proofs][2] == ("count", False)
    assert got.proofs[2].said.en == "the layer has 10 rows, the file itself says 12"


@pytest.mark.fault("D", "a feed that leads to http, ftp or a file of this machine", "one line")
@pytest.mark.parametrize("target", ["http://service.pdok.nl/a.gpkg", "ftp://x/a.gpkg", "file:///etc/passwd"])
def test_unsafe_addresses_are_not_followed(httpserver: HTTPServer, http: Kept, target: str) -> None:
    url = serve(httpserver, f__xml=feed(entry(target)))
    with pytest.raises(SourceError) as error:
        fetched(url, "cells", http)
    assert str(error.value) == f"{url}: points to {target}, which is not followed; expected https"


def test_mirrors(httpserver: HTTPServer, http: Kept, package: bytes) -> None:
    """The feed keeps its own addresses, as a copy of PDOK's does."""
    there = "https://service.pdok.nl/cbs"
    url = serve(httpserver, f__xml=feed(entry(f"{there}/d/a.gpkg")), a__gpkg=package)
    at = httpserver.url_for("")
    for name in ("f.xml", "a.gpkg"):
        got = fetched(f"{there}/d/{name}", "cells", http, resolve=lambda u: u.replace(there, at.rstrip("/")))
        assert got.pages[0].url == url.replace("f.xml", "a.gpkg")


LAUGHS = "<!DOCTYPE x [<!ENTITY a 'ha'>" + "".join(f"<!ENTITY {c} '&{p};&{p};&{p};&{p};'>" for p, c in zip("abcdef", "bcdefg", strict=True)) + "]><feed>&g;</feed>"  # fmt: skip


@pytest.mark.fault(
    "D", "XML with entities that grow, or an external DTD or entity",
    "one line: “XML with a document type, which no service needs; is the URL right?”",
)  # fmt: skip
@pytest.mark.parametrize(
    "content",
    [LAUGHS, '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><feed>&a;</feed>',
     '<!DOCTYPE feed SYSTEM "http://elsewhere.nl/x.dtd"><feed/>', "<!DOCTYPE html><html></html>"],
    ids=["entities that grow", "external entity", "external type", "HTML"],
)  # fmt: skip
def test_no_document_type_is_accepted(httpserver: HTTPServer, http: Kept, content: str) -> None:
    with pytest.raises(SourceError, match=r"f\.xml: XML with a document type, which no service needs; is the URL right\?$"):  # fmt: skip
        fetched(serve(httpserver, f__xml=content), "cells", http)
    assert len(httpserver.log) == 1


@pytest.mark.fault("D", "half a feed, an empty one, or something else", "one line")
@pytest.mark.parametrize(
    ("content", "said", "asked"),
    [
        ("<wfs:x xmlns:wfs='w'/>", ": gave XML <x>, expected an ATOM <feed>; is the URL right?", 1),
        (feed(), ": the feed offers no file; is the URL right?", 1),
        (feed(entry("a.gpkg"))[:-9], ": not whole XML (unclosed token in line 1); tried 2 times, run again later", 2),
        ("", ": not whole XML (no element found in line 1); tried 2 times, run again later", 2),
        ("<a>" * 200, ": XML more than 100 elements deep; is the URL right?", 1),
        (feed(*(entry(f"{i}.xml", kind="application/atom+xml") for i in range(51))), ": points to 51 feeds; give the URL of one of them, such as ", 1),
    ],
    ids=["other XML", "no entries", "half", "empty", "deep", "many"],
)  # fmt: skip
def test_what_is_no_feed_is_refused(httpserver: HTTPServer, http: Kept, content: str, said: str, asked: int) -> None:
    url = serve(httpserver, f__xml=content)
    with pytest.raises(SourceError) as error:
        fetched(url, "cells", http)
    assert str(error.value).startswith(url + said)
    assert len(httpserver.log) == asked


@pytest.mark.fault(
    "D", "a web page in the place of a feed",
    "one line: “gave a web page, expected an ATOM feed; tried 2 times”",
)  # fmt: skip
def test_a_page_for_people_is_no_feed(httpserver: HTTPServer, http: Kept) -> None:
    httpserver.expect_request("/f.xml").respond_with_data("<html>onderhoud</html>", content_type="text/html")
    with pytest.raises(SourceError, match=r"gave a web page, expected an ATOM feed; tried 2 times, run again later$"):
        fetched(httpserver.url_for("/f.xml"), "cells", http)


@pytest.mark.fault("D", "feeds that point to each other", "one line")
def test_feeds_that_point_to_each_other_end(httpserver: HTTPServer, http: Kept) -> None:
    to = [entry(n, kind="application/atom+xml") for n in ("f.xml", "g.xml")]
    with pytest.raises(SourceError, match="the feed offers no file"):
        fetched(serve(httpserver, f__xml=feed(*to), g__xml=feed(*to)), "cells", http)
    assert len(httpserver.log) == 2


@pytest.mark.fault(
    "D", "100 MB of flat XML",
    "one line: “… bytes of XML, expected at most 20000000; is the URL right?”",
)  # fmt: skip
def test_a_hundred_megabytes_of_flat_xml() -> None:
    with pytest.raises(SourceError, match=r"^x: 100000007 bytes of XML, expected at most 20000000; is the URL right\?$"):  # fmt: skip
        xml.read(b"<a>" + b"<b/>" * 25_000_000 + b"</a>", "x")


def test_elements() -> None:
    root = xml.read("<n:a xmlns:n='x' n:p='1' q='é'> <n:b> t<c/>u </n:b><b>2</b><d><![CDATA[<]]></d></n:a>".encode(), "x")  # fmt: skip
    assert (root.name, root.attributes, root.said("b"), root.said("z")) == ("a", {"p": "1", "q": "é"}, "tu", "")
    assert ([e.text for e in root.all("b")], root.said("d")) == ([" tu ", "2"], "<")
    with pytest.raises(DamagedError, match=r"^x: not whole XML \(mismatched tag in line 2\)$"):
        xml.read(b"<a>\n</b>", "x")
