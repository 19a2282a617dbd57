"""WCS 2.0.1, against a server that gives what it is asked, and one that does it wrong when told to."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from pytest_httpserver import HTTPServer
from raster_world import CELL, NOTHING, SOURCE, heights, read, tiff
from rasterio import Affine
from werkzeug import Request, Response

from pipeline.contract import Bbox, SourceError
from pipeline.load import rasters, wcs
from pipeline.load.http import Http
from pipeline.load.kept import Kept
from pipeline.load.rasters import ReceivedRaster
from pipeline.load.received import InconsistentError
from pipeline.sources import Access

NINE = shapely.box(250_000, 475_000, 253_000, 478_000)
ALL: Bbox = (250_000.0, 475_000.0, 253_000.0, 478_000.0)
ONE = shapely.box(250_100, 475_100, 250_900, 475_900)
TILE: Bbox = (250_000.0, 475_000.0, 251_000.0, 476_000.0)
EXCEPTION = (
    '<?xml version="1.0"?><ows:ExceptionReport xmlns:ows="http://www.opengis.net/ows/2.0" version="2.0.1"><ows:Exception '
    'exceptionCode="InvalidSubsetting" locator="subset"><ows:ExceptionText>Invalid value for subset</ows:ExceptionText>'
    "</ows:Exception></ows:ExceptionReport>"
)
OLD_EXCEPTION = (
    '<?xml version=\'1.0\'?><ServiceExceptionReport version="1.2.0" xmlns="http://www.opengis.net/ogc">'
    '<ServiceException code="InvalidParameterValue">msWCSGetCoverage(): no such band</ServiceException></ServiceExceptionReport>'
)

Answers = Callable[[Bbox], Response]


def right(box: Bbox) -> Response:
    return Response(tiff(box), content_type="image/tiff")


def box_of(request: Request) -> Bbox:
    """The box that is asked; everything else must be as PDOK wants it."""
    ask = request.args
    assert {k: ask[k] for k in ("service", "version", "request", "coverageId", "format")} == {
        "service": "WCS", "version": "2.0.1", "request": "GetCoverage", "coverageId": "dtm_05m", "format": "image/tiff",
    }  # fmt: skip
    (west, east), (south, north) = (map(float, s[2:-1].split(",")) for s in ask.getlist("subset"))
    assert [s[:2] for s in ask.getlist("subset")] == ["x(", "y("]
    return west, south, east, north


class Service:
    """Answers in turn for each box; the last one for ever."""

    def __init__(self, server: HTTPServer, path: str = "/new/wcs") -> None:
        self.asked: list[Bbox] = []
        self.scripts: dict[Bbox, list[Answers]] = {}
        self.otherwise: Answers = right
        self._lock = threading.Lock()
        server.expect_request(path).respond_with_handler(self._answer)
        self.access = Access("wcs", server.url_for(path), "dtm_05m")

    def _answer(self, request: Request) -> Response:
        box = box_of(request)
        with self._lock:
            self.asked.append(box)
            script = self.scripts.get(box, [])
            answer = script.pop(0) if len(script) > 1 else (script or [self.otherwise])[0]
        return answer(box)

    @property
    def tiles(self) -> list[Bbox]:
        """The tiles that were asked; the rest are the squares over the seams."""
        return [b for b in self.asked if b[2] - b[0] == 1000]


@pytest.fixture
def http() -> Iterator[Http]:
    with Http(timeout_s=5, tries=3, pause_s=0.001, parallel_requests=2) as client:
        yield client


@pytest.fixture
def service(httpserver: HTTPServer) -> Service:
    return Service(httpserver)


Load = Callable[..., ReceivedRaster]


@pytest.fixture
def load(service: Service, http: Http, tmp_path: Path) -> Load:
    def get(area: Any = NINE, progress: Any = lambda *_: None, **more: Any) -> ReceivedRaster:
        access = more.pop("access", service.access)
        kept = Kept(http, tmp_path / "answers", more.get("since"))
        return rasters.fetch(access, SOURCE, area, kept, tmp_path / "raw", progress, **more)

    return get


def once(*first: Answers) -> list[Answers]:
    return [*first, right]


def says(body: bytes | str, status: int = 200, kind: str = "image/tiff") -> Answers:
    return lambda _: Response(body, status, content_type=kind)


def test_tiles_one_by_one(service: Service, load: Load, tmp_path: Path) -> None:
    seen: list[tuple[int, int | None]] = []
    got = load(progress=lambda done, of: seen.append((done, of)))
    np.testing.assert_array_equal(read(tmp_path / "raw/dtm.vrt"), heights(ALL))
    assert sorted(service.tiles) == sorted(t.box for t in got.tiles) and len(service.tiles) == 9
    assert seen == [(i, 9) for i in range(10)] + [(9, 9)] or seen == [(i, 9) for i in range(10)]
    assert got.url == service.access.url and got.received == 9 and got.reported is None
    assert len(got.pages) == 9 and {p.features for p in got.pages} == {1} and len({p.sha256 for p in got.pages}) == 9
    assert got.pages[0].url == (
        f"{service.access.url}?service=WCS&version=2.0.1&request=GetCoverage&coverageId=dtm_05m&format=image/tiff"
        "&subset=x(250000,251000)&subset=y(475000,476000)"
    )
    assert [(p.means, p.holds) for p in got.proofs] == [("tiles", True), ("second_pass", True)]
    assert got.proofs[1].said.en == "2 × 100 m over the seams of tiles asked twice: 8 cells, the same bit for bit"
    assert (
        got.proofs[1].said.nl == "2 × 100 m over de naden van tegels tweemaal gevraagd: 8 cellen, bit voor bit gelijk"
    )


def test_the_squares_lie_over_seams_and_are_always_the_same(service: Service, load: Load, tmp_path: Path) -> None:
    load()
    first = [b for b in service.asked if b not in service.tiles]
    ns, we = first
    assert ns[0] % 1000 == 950 and ns[2] % 1000 == 50 and we[1] % 1000 == 950 and we[3] % 1000 == 50
    (tmp_path / "raw").rename(tmp_path / "before")
    (tmp_path / "answers").rename(tmp_path / "before/answers")
    load()
    assert [b for b in service.asked if b not in service.tiles] == first * 2


def test_a_square_has_heights_where_there_is_such(service: Service, load: Load) -> None:
    def lake(box: Bbox) -> Response:
        cells = heights(box)
        x = np.arange(box[0], box[2], CELL)
        cells[:, x < 252_500] = NOTHING
        return Response(tiff(box, cells))

    service.otherwise = lake
    got = load()
    squares = [b for b in service.asked if b not in service.tiles]
    assert squares[1][0] == 252_450 and got.proofs[1].holds


def test_one_tile_alone_is_asked_twice_in_its_middle(service: Service, load: Load) -> None:
    got = load(ONE)
    assert service.asked == [TILE, (250_450.0, 475_450.0, 250_550.0, 475_550.0)]
    assert got.proofs[1].said.en.startswith("1 × 100 m over the seams of tiles asked twice: 4 cells")


def test_an_address_with_parameters_of_its_own() -> None:
    box = (250_000.0, 475_000.5, 251_000.0, 476_000.0)
    end = "service=WCS&version=2.0.1&request=GetCoverage&coverageId=c&format=image/tiff&subset=x(250000,251000)&subset=y(475000.5,476000)"
    for url, joint in (("http://a/w", "?"), ("http://a/w?", ""), ("http://a/w?map=1", "&"), ("http://a/w?map=1&", "")):
        assert wcs.address(url, "c", box) == f"{url}{joint}{end}"


# Broken off and gone on


@pytest.mark.fault("G", "a run that ended halfway the tiles", "nothing: the next asks only what is missing")
def test_only_what_is_missing_is_asked(service: Service, load: Load, tmp_path: Path) -> None:
    """The run ends after five tiles, as by a kill: nothing is tidied up."""
    seen = 0

    class KilledError(Exception):
        pass

    def progress(done: int, of: int | None) -> None:
        nonlocal seen
        seen = done
        if done == 5:
            service.otherwise = says("no more", 403, "text/plain")
            raise KilledError

    with pytest.raises(KilledError):
        load(progress=progress)
    there = len(list((tmp_path / "raw/dtm/.coming").glob("*.json")))
    assert 5 <= there <= 7 and not list((tmp_path / "raw/dtm").glob("*.tif"))
    service.otherwise = right
    asked = len(service.tiles)
    got = load()
    assert len(service.tiles) - asked == 9 - there
    np.testing.assert_array_equal(read(tmp_path / "raw/dtm.vrt"), heights(ALL))
    assert got.received == 9 and len(got.pages) == 9 and not (tmp_path / "raw/dtm/.coming").exists()
    whole = {f.name: f.read_bytes() for f in (tmp_path / "raw").rglob("*.tif")}
    (tmp_path / "raw").rename(tmp_path / "before")
    load()
    assert {f.name: f.read_bytes() for f in (tmp_path / "raw").rglob("*.tif")} == whole


@pytest.mark.fault(
    "G", "a run that ended while new tiles took the place of old ones",
    "nothing: old and new are never mixed",
)  # fmt: skip
def test_broken_off_while_the_new_take_the_place_of_the_old(
    service: Service, load: Load, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replaced = 0
    real = os.replace

    class KilledError(Exception):
        pass

    def killed(one: Path, other: Path) -> None:
        nonlocal replaced
        if ".coming" in str(one) and ".coming" not in str(other):
            replaced += 1
            if replaced == 8:  # four tiles moved, and of the fourth not what is known of it
                raise KilledError
        real(one, other)

    with monkeypatch.context() as patch:
        patch.setattr("pipeline.load.shelf.os.replace", killed)
        with pytest.raises(KilledError):
            load()
    assert len(list((tmp_path / "raw/dtm").glob("*.tif"))) == 4
    asked = len(service.asked)
    load()
    assert len(service.asked) == asked
    np.testing.assert_array_equal(read(tmp_path / "raw/dtm.vrt"), heights(ALL))


def test_all_there_asks_nothing(service: Service, load: Load, tmp_path: Path) -> None:
    first = load()
    asked = len(service.asked)
    with Http(offline=True) as off:
        kept = Kept(off, tmp_path / "answers", None)
        again = rasters.fetch(service.access, SOURCE, NINE, kept, tmp_path / "raw", lambda *_: None)
    assert len(service.asked) == asked
    assert again == first


def test_a_larger_area_asks_the_new_tiles_only(service: Service, load: Load) -> None:
    load(ONE)
    load()
    assert len(service.tiles) == 9 == len(set(service.tiles))


def test_old_tiles_are_asked_again_and_stay_until_all_are_there(service: Service, load: Load, tmp_path: Path) -> None:
    load()
    later = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=2)
    service.otherwise = lambda box: Response(tiff(box, heights(box) + 1))
    service.scripts[TILE] = [says("busy", 403, "text/plain")]
    with pytest.raises(SourceError, match="HTTP 403"):
        load(since=later)
    np.testing.assert_array_equal(read(tmp_path / "raw/dtm.vrt"), heights(ALL))
    service.scripts.clear()
    sooner = dt.datetime.now(dt.UTC) - dt.timedelta(hours=1)
    asked = len(service.asked)
    load(since=sooner)
    assert len(service.asked) == asked


@pytest.mark.fault(
    "G", "heights that change between tiles",
    "one line: “asked twice, its cells are not those of the tiles; …”",
)  # fmt: skip
def test_data_that_changed_meanwhile(service: Service, load: Load, tmp_path: Path) -> None:
    """Tiles of before and squares of after do not belong together; the next run asks all of it."""

    def newer(box: Bbox) -> Response:
        return Response(tiff(box, heights(box) + (1 if box[2] - box[0] < 1000 else 0)))

    service.otherwise = newer
    with pytest.raises(
        InconsistentError, match=r"subset=y\(.*\): asked twice, its cells are not those of the tiles; the"
    ):
        load()
    assert not (tmp_path / "raw/dtm.vrt").exists()
    service.otherwise = right
    shutil.rmtree(tmp_path / "answers")  # as who walks anew does
    load()
    assert len(service.tiles) == 18


# Answers that are wrong


@pytest.mark.fault(
    "G", "half a tile, a web page, nothing, or what is no GeoTIFF, with status 200",
    "nothing: it is asked again; if it stays so, one line: “not a whole GeoTIFF …; tried 3 times”",
)  # fmt: skip
@pytest.mark.parametrize(
    "bad",
    [
        says(b""),
        says("<!DOCTYPE html><html><body>MapServer Message</body></html>", kind="text/html"),
        says("  <html>proxy</html>"),
        says("not a picture"),
        says(tiff(TILE)[:200]),
        says(tiff(TILE)[:-1]),
        says(tiff(TILE, compress="deflate")[:-1]),
        says(tiff(TILE, tiled=True, blockxsize=16, blockysize=16)[:-700]),
        says("busy", 503),
    ],
)
def test_a_damaged_answer_is_asked_again(service: Service, load: Load, tmp_path: Path, bad: Answers) -> None:
    service.scripts[TILE] = once(bad, bad)
    load(ONE)
    assert service.tiles == [TILE] * 3
    np.testing.assert_array_equal(read(tmp_path / "raw/dtm/250000_475000.tif"), heights(TILE))


@pytest.mark.fault(
    "G", "a tile cut at any byte",
    "nothing: it is asked again; if it stays so, one line: “not a whole GeoTIFF …; tried 3 times”",
)  # fmt: skip
@pytest.mark.parametrize("length", [8, 40, 150, 300, 500, 900, 1200, 1500, 1900])
@pytest.mark.parametrize(
    "profile", [{}, {"compress": "deflate", "predictor": 3}, {"driver": "COG", "compress": "deflate"}]
)
def test_no_beginning_of_a_tiff_is_taken_for_the_whole(service: Service, load: Load, length: int, profile: Any) -> None:
    content = tiff(TILE, **profile)
    service.scripts[TILE] = [says(content[: min(length, len(content) - 1)])]
    with pytest.raises(SourceError, match=r"subset=y\(475000,476000\): not a whole GeoTIFF \(.*; tried 3 times"):
        load(ONE)


@pytest.mark.fault(
    "G", "a tile of another size, place, grid, CRS or type than asked",
    "one line with what was asked and what came",
)  # fmt: skip
@pytest.mark.parametrize(
    ("bad", "said", "asked"),
    [
        (says("<html>sorry</html>", kind="text/html"), "HTML, expected a GeoTIFF; tried 3 times, run again later$", 3),
        (says("<coverage/>", kind="text/xml"), "XML, expected a GeoTIFF; tried 3 times", 3),
        (says(""), "an empty answer, expected a GeoTIFF; tried 3 times", 3),
        (says(EXCEPTION, kind="text/xml"), "refused by the service: Invalid value for subset$", 1),
        (says("\ufeff" + EXCEPTION, kind="text/xml"), "refused by the service: Invalid value for subset$", 1),
        (says(OLD_EXCEPTION, kind="text/xml"), r"refused by the service: msWCSGetCoverage\(\): no such band$", 1),
        (says(EXCEPTION, 400, "text/xml"), "HTTP 400: Invalid value for subset$", 1),
        # Cut off at the edge of the coverage without a word.
        (lambda b: right((b[0], b[1], b[2] - 150, b[3])),
         "tile 250000_475000: asked for x 250000–251000, y 475000–476000, got x 250000–250850, y 475000–476000; the source "
         "does not cover the area, take another source or a smaller area$", 1),
        (lambda b: right((b[0] + 50, b[1], b[2] + 50, b[3])),
         "asked for x 250000–251000, y 475000–476000, got x 250050–251050, y 475000–476000 in 20 × 20 cells of 50 m; the "
         "answer is shifted or of another box$", 1),
        (lambda b: right((b[0] - 50, b[1], b[2], b[3])), "asked for .*, got x 249950–251000, .* in 21 × 20 cells", 1),
        (lambda b: Response(tiff(b, transform=Affine(50, 0, b[0] + 12.5, 0, -50, b[3]))),
         "cells of 50 × 50 m from 250012.5,476000, expected 50 m from a multiple of that; it is resampled or shifted", 1),
        (lambda b: Response(tiff(b, transform=Affine(1000 / 19.9, 0, b[0], 0, -50, b[3]))), "cells of 50.25125628 × 50 m", 1),
        (lambda b: Response(tiff(b, cell=100)), "cells of 100 × 100 m from 250000,476000, expected 50 m", 1),
        (lambda b: Response(tiff(b, crs="EPSG:3857")), "CRS is EPSG:3857, expected EPSG:28992", 1),
        (lambda b: Response(tiff(b, heights(b).astype("int16"), nodata=-9999)), r"1 band\(s\) of int16, expected 1 of float32", 1),
        (lambda b: Response(tiff(b, heights(b) + 400)), "400 values are impossible, first 4", 1),
        (lambda b: Response(tiff((0, 300_000, 205_000, 300_050))), "4100 × 1 cells, expected at most 4000 a side", 1),
    ],
)  # fmt: skip
def test_a_wrong_answer_is_refused(
    service: Service, load: Load, tmp_path: Path, bad: Answers, said: str, asked: int
) -> None:
    service.scripts[TILE] = [bad]
    with pytest.raises(SourceError, match=r"subset=y\(475000,476000\): " + said) as error:
        load(ONE)
    assert "\n" not in str(error.value) and service.tiles == [TILE] * asked
    assert not (tmp_path / "raw/dtm.vrt").exists() and not list((tmp_path / "raw").rglob("*.json"))


def test_a_square_that_is_cut_off_is_no_proof(service: Service, load: Load) -> None:
    service.scripts[(250_450.0, 475_450.0, 250_550.0, 475_550.0)] = [lambda b: right((b[0], b[1], b[2], b[3] - 50))]
    with pytest.raises(InconsistentError, match="asked twice"):
        load(ONE)


@pytest.mark.fault(
    "G", "the edge of what is measured",
    "one line where it runs through the area; outside it the receipt says so",
)  # fmt: skip
def test_an_edge_of_the_coverage_outside_the_area(service: Service, load: Load, tmp_path: Path) -> None:
    service.scripts[TILE] = [lambda b: right((b[0] + 100, b[1], b[2], b[3]))]
    got = load(ONE)
    cells = read(tmp_path / "raw/dtm/250000_475000.tif")
    assert np.isnan(cells[:, :2]).all() and not np.isnan(cells[:, 2:]).any()
    assert "1 lie partly outside what the source covers" in got.proofs[0].said.en


def test_too_little_to_ask_twice(service: Service, load: Load) -> None:
    service.otherwise = lambda b: right((b[0], b[1], b[0] + 50, b[3]))
    got = load(shapely.box(250_010, 475_010, 250_040, 475_900))
    assert [p.means for p in got.proofs] == ["tiles"] and service.asked == [TILE]


@pytest.mark.fault("G", "both kinds of “not measured”: 3.4e38 and NaN", "no value there")
def test_nodata_of_both_kinds(service: Service, load: Load, tmp_path: Path) -> None:
    cells = heights(TILE)
    cells[0, 0], cells[0, 1], cells[0, 2] = NOTHING, -9999, np.nan
    service.scripts[TILE] = [lambda b: Response(tiff(b, cells, nodata=-9999.0))]
    load(ONE)
    want = heights(TILE)
    want[0, :3] = np.nan
    np.testing.assert_array_equal(read(tmp_path / "raw/dtm/250000_475000.tif"), want)


@pytest.mark.fault("G", "a picture that names other files (VRT)", "one line: “XML, expected a GeoTIFF”")
def test_a_picture_that_names_other_files_is_not_followed(service: Service, load: Load, tmp_path: Path) -> None:
    secret = tmp_path / "secret.tif"
    secret.write_bytes(tiff(TILE))
    vrt = (
        '<VRTDataset rasterXSize="20" rasterYSize="20"><SRS>EPSG:28992</SRS><GeoTransform>250000,50,0,476000,0,-50'
        '</GeoTransform><VRTRasterBand dataType="Float32" band="1"><SimpleSource><SourceFilename>'
        f"{secret}</SourceFilename></SimpleSource></VRTRasterBand></VRTDataset>"
    )
    service.scripts[TILE] = [says(vrt)]
    with pytest.raises(SourceError, match="XML, expected a GeoTIFF"):
        load(ONE)


# A service that moved


@pytest.mark.parametrize("status", [404, 410])
def test_the_old_address_where_the_new_one_is_not_there(
    service: Service, httpserver: HTTPServer, load: Load, tmp_path: Path, status: int
) -> None:
    old = Service(httpserver, "/old/wcs")
    service.otherwise = says("gone", status, "text/plain")
    others = (Access("tiles", "http://127.0.0.1:9", "x"), old.access)
    got = load(others=others)
    assert got.url == old.access.url and all(p.url.startswith(old.access.url) for p in got.pages)
    assert len(service.asked) == 1 and len(old.tiles) == 9
    np.testing.assert_array_equal(read(tmp_path / "raw/dtm.vrt"), heights(ALL))
    assert load(others=others).url == old.access.url and len(service.asked) == 1


@pytest.mark.fault("G", "the address moves while tiles are asked", "nothing: tiles of two addresses are not mixed")
def test_tiles_of_two_addresses_are_not_mixed(service: Service, httpserver: HTTPServer, load: Load) -> None:
    old = Service(httpserver, "/old/wcs")
    service.otherwise = says("gone", 404, "text/plain")
    load(ONE, others=(old.access,))
    service.otherwise = right
    got = load(others=(old.access,))
    assert got.url == service.access.url and len(service.tiles) == 1 + 9 and len(old.tiles) == 1


@pytest.mark.parametrize("status", [403, 500])
def test_another_failure_does_not_lead_to_older_data(
    service: Service, httpserver: HTTPServer, load: Load, status: int
) -> None:
    old = Service(httpserver, "/old/wcs")
    service.otherwise = says("no", status, "text/plain")
    with pytest.raises(SourceError, match=f"/new/wcs.*: HTTP {status}"):
        load(others=(old.access,))
    assert not old.asked


def test_a_tile_that_is_not_there_halfway_is_an_error(service: Service, httpserver: HTTPServer, load: Load) -> None:
    old = Service(httpserver, "/old/wcs")
    service.scripts[(252e3, 477e3, 253e3, 478e3)] = [says("no", 404, "text/plain")]
    with pytest.raises(SourceError, match=r"/new/wcs.*y\(477000,478000\): HTTP 404"):
        load(others=(old.access,))
    assert not old.asked


def test_no_address_is_there(service: Service, httpserver: HTTPServer, load: Load) -> None:
    old = Service(httpserver, "/old/wcs")
    service.otherwise = old.otherwise = says("no", 404, "text/plain")
    with pytest.raises(SourceError, match=r"/old/wcs.*: HTTP 404"):
        load(others=(old.access,))
