"""Tiles of a raster: which, from files and sheets, kept, resumed, shown as one."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pytest_httpserver import HTTPServer
from raster_world import NOTHING, SOURCE, heights, read, tiff, write
from rasterio import Affine

from pipeline import grid, raster_store
from pipeline.contract import Bbox, ContractError, MissingInputError, PipelineError, SourceError
from pipeline.grid import Tile
from pipeline.load import rasters
from pipeline.load.http import Http
from pipeline.load.kept import Kept
from pipeline.load.rasters import ReceivedRaster
from pipeline.sources import Access

RASTER = SOURCE.raster
#: Three by three tiles, and a file that holds them.
NINE = shapely.box(250_000, 475_000, 253_000, 478_000)
ALL: Bbox = (250_000.0, 475_000.0, 253_000.0, 478_000.0)
ONE = shapely.box(250_100, 475_100, 250_900, 475_900)
TILE: Bbox = (250_000.0, 475_000.0, 251_000.0, 476_000.0)
FILE = Access("file", "", "")

From = Callable[..., ReceivedRaster]


@pytest.fixture
def http() -> Iterator[Http]:
    with Http(timeout_s=5, tries=2, pause_s=0.001, parallel_requests=2) as client:
        yield client


@pytest.fixture
def load(tmp_path: Path, http: Http) -> From:
    """Load from a file or folder into `raw`."""

    def get(path: Path | None, area: Any = NINE, **more: Any) -> ReceivedRaster:
        source = more.pop("source", SOURCE)
        return rasters.fetch(FILE, source, area, http, tmp_path / "raw", lambda *_: None, path=path, **more)

    return get


def tree(folder: Path) -> dict[str, bytes]:
    return {f.relative_to(folder).as_posix(): f.read_bytes() for f in sorted(folder.rglob("*")) if f.is_file()}


# Which tiles


def test_tiles_that_share_ground() -> None:
    assert [t.name for t in grid.tiles(ONE, RASTER)] == ["250000_475000"]
    triangle = shapely.Polygon([(250_000, 475_000), (252_000, 475_000), (250_000, 477_000)])
    assert [(t.x, t.y) for t in grid.tiles(triangle, RASTER)] == [
        (250_000, 475_000),
        (250_000, 476_000),
        (251_000, 475_000),
    ]
    assert Tile(13_000, 306_000).name == "013000_306000"
    assert grid.tiles(shapely.Polygon(), RASTER) == ()


def test_what_a_computation_leaves_is_no_ground() -> None:
    area = shapely.box(250_000, 475_000, 251_000 + 1e-9, 476_000)
    assert [t.name for t in grid.tiles(area, RASTER)] == ["250000_475000"]


STEPS = st.integers(0, 12).map(lambda i: 250_000 + 250 * i)


@given(st.lists(st.tuples(STEPS, STEPS, STEPS, STEPS), min_size=1, max_size=3))
def test_the_tiles_hold_the_area_and_each_is_needed(corners: list[tuple[int, int, int, int]]) -> None:
    boxes = [shapely.box(min(w, e), min(s, n), max(w, e), max(s, n)) for w, s, e, n in corners]
    area = shapely.union_all([b for b in boxes if b.area])
    got = grid.tiles(area, RASTER)
    squares = [shapely.box(*t.box) for t in got]
    assert list(got) == sorted(set(got))
    assert shapely.union_all(squares).covers(area) or area.is_empty
    assert all(s.intersection(area).area >= 250 * 250 for s in squares)


@pytest.mark.parametrize(
    ("cell", "coarse", "said"),
    [(0.3, 5.0, "0.3 m do not fill 1000 m"), (0.5, 7.0, "7 m do not fill 1000 m"), (2.0, 5.0, "2 m do not fill 5 m")],
)
def test_cells_that_do_not_fill_a_tile(cell: float, coarse: float, said: str) -> None:
    odd = replace(RASTER, resolution_m=cell, overview_resolution_m=coarse)
    with pytest.raises(ContractError, match=f"^dtm: cells of {said}; expected a whole number of them$"):
        grid.tiles(ONE, odd)


def test_means_in_the_head() -> None:
    nan = math.nan
    cells = np.array([[1, 3, nan, nan], [5, 7, nan, nan], [nan, 2, 0, 0], [4, nan, 0, 9]], dtype=np.float32)
    np.testing.assert_array_equal(grid.means(cells, 2), np.array([[4, nan], [3, 2.25]], dtype=np.float32))
    np.testing.assert_array_equal(grid.means(cells, 4), np.array([[31 / 10]], dtype=np.float32))


# From a file, and what is made of it


def test_a_file_becomes_tiles_one_picture_and_a_coarser_one(tmp_path: Path, load: From) -> None:
    path = write(tmp_path / "own.tif", ALL)
    got = load(path)
    raw = tmp_path / "raw"
    assert got.received == 9 and got.reported is None and got.url == ""
    assert [p.url for p in got.pages] == [path.as_uri()] and got.pages[0].features == 9
    assert got.pages[0].bytes == path.stat().st_size
    assert all(f.exists() for f in rasters.outputs(NINE, RASTER, raw)) and len(rasters.outputs(NINE, RASTER, raw)) == 11
    np.testing.assert_array_equal(read(raw / "dtm.vrt"), heights(ALL))
    np.testing.assert_array_equal(read(raw / "dtm" / "251000_476000.tif"), heights((251e3, 476e3, 252e3, 477e3)))
    coarse = heights(ALL).astype(float).reshape(12, 5, 12, 5).mean(axis=(1, 3)).astype(np.float32)
    np.testing.assert_array_equal(read(raw / "dtm_250m.tif"), coarse)
    for name, cell in (("dtm.vrt", 50), ("dtm_250m.tif", 250), ("dtm/250000_477000.tif", 50)):
        with rasterio.open(raw / name) as file:
            assert file.crs.to_epsg() == 28992
            assert file.transform == Affine(cell, 0, 250_000, 0, -cell, 478_000)
            assert (file.count, file.dtypes, math.isnan(file.nodata)) == (1, ("float32",), True)
    text = (raw / "dtm.vrt").read_text()
    assert text.count('relativeToVRT="1">dtm/') == 9 and str(tmp_path) not in text
    assert [(p.means, p.holds) for p in got.proofs] == [("tiles", True)]
    assert got.proofs[0].said.nl == (
        "9 van 9 tegels van 1 km aanwezig, op het raster van 50,0 m; 0,0 % van de cellen zonder hoogte"
    )
    assert got.proofs[0].said.en == (
        "9 of 9 tiles of 1 km there, aligned on the 50.0 m grid; 0.0 % of the cells without a height"
    )


def test_only_what_touches_the_area_is_there(tmp_path: Path, load: From) -> None:
    path = write(tmp_path / "own.tif", ALL)
    load(path)
    (tmp_path / "raw/dtm/250000_475000.tif.aux.xml").write_text("what QGIS wrote down")
    (tmp_path / "raw/dtm/252000_475000.tif.aux.xml").write_text("what QGIS wrote down")
    (tmp_path / "raw/dtm/mine.txt").write_text("a note")
    corner = shapely.Polygon([(250_000, 475_000), (252_000, 475_000), (250_000, 477_000)])
    load(path, corner)
    names = {f.name for f in (tmp_path / "raw/dtm").iterdir()}
    assert names == {
        "250000_475000.tif", "250000_476000.tif", "251000_475000.tif", ".facts", "mine.txt", "250000_475000.tif.aux.xml",
    }  # fmt: skip
    cells = read(tmp_path / "raw/dtm.vrt")
    assert cells.shape == (40, 40) and np.isnan(cells[:20, 20:]).all() and not np.isnan(cells[20:]).any()
    assert np.isnan(read(tmp_path / "raw/dtm_250m.tif")).sum() == 16


def test_a_folder_of_sheets_and_a_vrt_are_one_raster(tmp_path: Path, load: From) -> None:
    west, east = (250e3, 475e3, 251_500.0, 478e3), (251_500.0, 475e3, 253e3, 478e3)
    write(tmp_path / "sheets/M_1.tif", west)
    write(tmp_path / "sheets/M_2.TIF", east, nodata=-9999.0)
    got = load(tmp_path / "sheets")
    assert [(Path(p.url).name, p.features) for p in got.pages] == [("M_1.tif", 6), ("M_2.TIF", 6)]
    np.testing.assert_array_equal(read(tmp_path / "raw/dtm.vrt"), heights(ALL))
    before = tree(tmp_path / "raw/dtm")
    again = load(tmp_path / "raw" / "dtm.vrt", source=replace(SOURCE, raster=replace(RASTER, name="copy")))
    assert again.pages[0].bytes > sum(len(b) for n, b in before.items() if n.endswith(".tif") and n[0] != ".")
    np.testing.assert_array_equal(read(tmp_path / "raw/copy.vrt"), heights(ALL))


def test_nothing_measured_in_every_form(tmp_path: Path, load: From) -> None:
    cells = heights(TILE)
    odd = [NOTHING, -9999.0, math.nan, math.inf, -math.inf, 12.5]
    cells[0, : len(odd)] = odd
    cells[1, 0] = 0.0
    got = load(write(tmp_path / "own.tif", TILE, cells, nodata=12.5), ONE)
    want = heights(TILE)
    want[0, : len(odd)] = math.nan
    want[1, 0] = 0.0
    np.testing.assert_array_equal(read(tmp_path / "raw/dtm/250000_475000.tif"), want)
    assert "1.5 % of the cells without a height" in got.proofs[0].said.en
    coarse = read(tmp_path / "raw/dtm_250m.tif")
    assert coarse[0, 0] == np.float32(np.nanmean(want[:5, :5], dtype=float))


def test_a_tile_without_any_height_is_said(tmp_path: Path, load: From) -> None:
    cells = heights(ALL)
    cells[20:40, 20:40] = NOTHING
    got = load(write(tmp_path / "own.tif", ALL, cells))
    assert not got.proofs[0].holds
    assert got.proofs[0].said.en.endswith(
        "11.1 % of the cells without a height; 1 without any height, first 251000_476000: perhaps not flown"
    )
    assert got.proofs[0].said.nl.endswith(
        "; 1 zonder enige hoogte, als eerste 251000_476000: misschien niet ingewonnen"
    )


@pytest.mark.fault(
    "G", "the edge of what is measured",
    "one line where it runs through the area; outside it the receipt says so",
)  # fmt: skip
def test_a_part_that_is_not_covered_must_lie_outside_the_area(tmp_path: Path, load: From) -> None:
    short = (250e3, 475e3, 250_900.0, 476e3)
    path = write(tmp_path / "own.tif", short)
    with pytest.raises(SourceError) as error:
        load(path, shapely.box(250_100, 475_100, 250_901, 475_900))
    assert str(error.value) == (
        f"{path.as_uri()}: tile 250000_475000: asked for x 250000–251000, y 475000–476000, got x 250000–250900, "
        "y 475000–476000; the source does not cover the area, take another source or a smaller area"
    )
    got = load(path, ONE)
    cells = read(tmp_path / "raw/dtm/250000_475000.tif")
    np.testing.assert_array_equal(cells[:, :18], heights(short))
    assert np.isnan(cells[:, 18:]).all() and got.proofs[0].holds
    assert got.proofs[0].said.en.endswith(
        "; 1 lie partly outside what the source covers, but with no ground in the area"
    )
    # What is on disk of a smaller area is not enough for a larger one.
    with pytest.raises(SourceError, match="the source does not cover the area"):
        load(path, shapely.box(250_100, 475_100, 250_901, 475_900))


@pytest.mark.fault(
    "G", "a sheet that is not there",
    "one line: “asked for …, got nothing; the source does not cover the area”",
)  # fmt: skip
def test_a_tile_that_no_sheet_has(tmp_path: Path, load: From) -> None:
    write(tmp_path / "sheets/a.tif", TILE)
    with pytest.raises(SourceError, match=r"^dtm: tile 250000_476000: asked for .*, got nothing; the source does not"):
        load(tmp_path / "sheets")


@pytest.mark.fault("G", "sheets that overlap and disagree", "one line")
def test_sheets_that_overlap_must_agree(tmp_path: Path, load: From) -> None:
    cells = heights(TILE)
    cells[3, 4] = NOTHING
    write(tmp_path / "sheets/a.tif", TILE, cells)
    write(tmp_path / "sheets/b.tif", (250_100.0, 475e3, 251e3, 476e3))
    load(tmp_path / "sheets", ONE)
    np.testing.assert_array_equal(read(tmp_path / "raw/dtm/250000_475000.tif"), heights(TILE))
    cells[5, 6] += 1
    write(tmp_path / "sheets/a.tif", TILE, cells)
    with pytest.raises(SourceError) as error:
        load(tmp_path / "sheets", ONE)
    assert str(error.value) == (
        f"{tmp_path}/sheets/b.tif: 1 cells have another value than in an overlapping sheet, first at "
        "250325.00,475725.00; take one edition of the sheets"
    )


TURNED = Affine(50, 1, 250_000, 0, -50, 476_000)


@pytest.mark.fault("G", "an own raster of another CRS, grid, type or number of bands", "one line")
@pytest.mark.parametrize(
    ("profile", "said"),
    [
        ({"crs": "EPSG:4326"}, "CRS is EPSG:4326, expected EPSG:28992"),
        ({"crs": None}, "CRS is not stated, expected EPSG:28992"),
        ({"cells": heights(TILE).astype("float64")}, r"1 band\(s\) of float64, expected 1 of float32"),
        ({"cells": np.stack([heights(TILE)] * 2)}, r"2 band\(s\) of float32, expected 1 of float32"),
        ({"scales": (0.01,)}, "values are to be scaled by 0.01 and shifted by 0, expected as they are"),
        ({"transform": Affine(50, 0, 250_010, 0, -50, 476_000)}, "cells of 50 × 50 m from 250010,476000, expected 50 m from a"),
        ({"transform": Affine(50, 0, 250_000, 0, -50, 476_025)}, "cells of 50 × 50 m from 250000,476025, expected 50 m"),
        ({"transform": Affine(49.975, 0, 250_000, 0, -50, 476_000)}, "cells of 49.975 × 50 m from 250000,476000, expected"),
        ({"transform": Affine(50, 0, 250_000, 0, 50, 475_000)}, "cells of 50 × -50 m from 250000,475000, turned, expected"),
        ({"transform": TURNED}, "cells of 50 × 50 m from 250000,476000, turned, expected 50 m"),
        ({"transform": None}, r"cells of 1 × -1 m from 0,0, turned, expected 50 m .* take the native grid$"),
        ({"cells": np.where(np.arange(400).reshape(20, 20) == 7 * 20 + 8, 401, heights(TILE)).astype("float32")},
         "1 values are impossible, first 401 at 250425.00,475625.00; expected -15 to 400"),
        ({"cells": np.where(heights(TILE) < 88, -15.5, heights(TILE)).astype("float32")}, r"\d+ values are impossible, first -15.5 at"),
    ],
)  # fmt: skip
def test_a_raster_that_is_not_as_declared(tmp_path: Path, load: From, profile: dict[str, Any], said: str) -> None:
    path = write(tmp_path / "own.tif", TILE, profile.pop("cells", None), **profile)
    with pytest.raises(SourceError, match=rf"own.tif: {said}"):
        load(path, ONE)
    assert not (tmp_path / "raw" / "dtm.vrt").exists()


def test_heights_may_be_stated_with_the_crs(tmp_path: Path, load: From) -> None:
    load(write(tmp_path / "own.tif", TILE, crs="EPSG:7415"), ONE)
    np.testing.assert_array_equal(read(tmp_path / "raw/dtm/250000_475000.tif"), heights(TILE))


def test_files_that_are_not_there(tmp_path: Path, load: From) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "text.tif").write_text("hello")
    with pytest.raises(SourceError, match=r"no\.tif: no such file; see the path in the config$"):
        load(tmp_path / "no.tif")
    with pytest.raises(SourceError, match=r"empty: has no \.tif files, expected sheets of dtm; see"):
        load(tmp_path / "empty")
    with pytest.raises(SourceError, match=r"text\.tif: not a whole GeoTIFF \("):
        load(tmp_path / "text.tif")
    with pytest.raises(SourceError, match=r"^protocol is 'file', expected a path as well"):
        load(None)
    with pytest.raises(SourceError, match=r"^dtm: the area to load is empty$"):
        load(tmp_path / "no.tif", shapely.Polygon())


def test_another_protocol_is_refused(tmp_path: Path, http: Http) -> None:
    with pytest.raises(SourceError, match=r"^dtm: protocol is 'wfs', expected wcs, tiles or file for a raster$"):
        rasters.fetch(Access("wfs", "http://localhost", "x"), SOURCE, ONE, http, tmp_path, lambda *_: None)


@pytest.mark.fault("G", "half a GeoTIFF", "one line: “not a whole GeoTIFF”")
@pytest.mark.parametrize("compress", [None, "deflate"])
@pytest.mark.parametrize("part", [0.02, 0.2, 0.5, 0.9, 0.999])
def test_half_a_file_is_refused(tmp_path: Path, load: From, part: float, compress: str | None) -> None:
    path = write(tmp_path / "own.tif", ALL, compress=compress)
    os.truncate(path, int(path.stat().st_size * part))
    with pytest.raises(SourceError, match=r"own\.tif: not a whole GeoTIFF"):
        load(path)


def test_the_same_bytes_for_the_same_cells(tmp_path: Path, load: From) -> None:
    path = write(tmp_path / "own.tif", ALL)
    load(path)
    first = tree(tmp_path / "raw")
    (tmp_path / "raw").rename(tmp_path / "before")
    load(path)
    assert tree(tmp_path / "raw") == first


def test_tiles_that_are_there_are_not_written_again(tmp_path: Path, load: From) -> None:
    path = write(tmp_path / "own.tif", ALL)
    load(path)
    stamp = {f: f.stat().st_mtime_ns for f in (tmp_path / "raw/dtm").glob("*.tif")}
    load(path)
    assert stamp == {f: f.stat().st_mtime_ns for f in stamp}
    # One with a flipped bit, one cut off, one gone, one whose facts say nonsense: these four are made again.
    bad = sorted(stamp)[:4]
    bad[0].write_bytes(bytes([*bad[0].read_bytes()[:-1], 77]))
    os.truncate(bad[1], 100)
    bad[2].unlink()
    (tmp_path / f"raw/dtm/.facts/{bad[3].stem}.json").write_text('{"sha256": 1, "covers": [1], "pages": 3}')
    load(path)
    np.testing.assert_array_equal(read(tmp_path / "raw/dtm.vrt"), heights(ALL))
    assert {f for f in stamp if f.stat().st_mtime_ns != stamp[f]} == set(bad)


@pytest.mark.parametrize("change", [{"lowest": -10.0}, {"highest": 300.0}, {"nodata": frozenset({NOTHING, 77.0})}])
def test_another_judgement_makes_another_tile(tmp_path: Path, load: From, change: dict[str, Any]) -> None:
    path = write(tmp_path / "own.tif", TILE)
    load(path, ONE)
    tile = tmp_path / "raw/dtm/250000_475000.tif"
    first = tile.stat().st_ino
    load(path, ONE, source=replace(SOURCE, **change))
    assert tile.stat().st_ino != first


@pytest.mark.fault(
    "C", "a full disk while heights are written",
    "one line; the file that stood there before stays, byte for byte",
)  # fmt: skip
@pytest.mark.parametrize("pages", [1, 2, 3, 5])
def test_a_disk_that_is_full_leaves_the_old_ones(tmp_path: Path, http: Http, small_disk: Path, pages: int) -> None:
    rng = np.random.default_rng(1)
    cells = [rng.normal(20, 3, (60, 60)).astype("float32") for _ in range(2)]
    paths = [write(tmp_path / f"{i}.tif", ALL, c) for i, c in enumerate(cells)]

    def go(path: Path) -> None:
        rasters.fetch(FILE, SOURCE, NINE, http, small_disk, lambda *_: None, path=path)

    go(paths[0])
    first = tree(small_disk)
    (small_disk / "ballast").write_bytes(b"x" * (os.statvfs(small_disk).f_bavail * 4096 - pages * 4096))
    with pytest.raises(PipelineError, match=r"can't be written: "):
        go(paths[1])
    (small_disk / "ballast").unlink()
    left = {n: b for n, b in tree(small_disk).items() if "/.coming/" not in n}
    assert left == first
    go(paths[1])
    np.testing.assert_array_equal(read(small_disk / "dtm.vrt"), cells[1])


def test_what_is_not_there_or_not_whole_is_said(tmp_path: Path) -> None:
    with pytest.raises(MissingInputError, match=r"a\.tif: missing; run 'spoorzone load' first$"):
        raster_store.read(tmp_path / "a.tif", "load")
    (tmp_path / "a.tif").write_bytes(b"II*\0")
    with pytest.raises(ContractError, match=r"a\.tif: can't be read \(.*\); run 'spoorzone load --force'$"):
        raster_store.read(tmp_path / "a.tif", "load")


# AHN's sheets


@pytest.fixture
def ahn(httpserver: HTTPServer) -> Callable[..., Access]:
    """An index with two sheets of 1.5 × 3 km beside each other and one far away, whose files are there too."""

    def serve(change: Callable[[list[dict[str, Any]]], Any] = lambda sheets: sheets) -> Access:
        sheets, boxes = (
            [],
            [(250e3, 475e3, 251_500.0, 478e3), (251_500.0, 475e3, 253e3, 478e3), (1e5, 4e5, 101e3, 401e3)],
        )
        for name, box in zip(("34FN1", "34FN2", "01AB1"), boxes, strict=True):
            url = f"/dtm_05m/M_{name}.tif"
            properties = {"kaartbladNr": name, "name": f"M_{name}.tif", "url": httpserver.url_for(url)}
            sheets.append(
                {"type": "Feature", "properties": properties, "geometry": shapely.box(*box).__geo_interface__}
            )
            if name != "01AB1":
                httpserver.expect_request(url).respond_with_data(tiff(box), content_type="image/tiff")
        httpserver.expect_request("/dtm_05m/nope.tif").respond_with_data("out of order", 500)
        body = {"type": "FeatureCollection", "features": change(sheets)}
        httpserver.expect_request("/dtm_05m/kaartbladindex.json").respond_with_data(
            json.dumps(body), content_type="application/json"
        )
        return Access("tiles", httpserver.url_for("/dtm_05m/kaartbladindex.json"), "dtm_05m")

    return serve


def asked(server: HTTPServer) -> list[str]:
    return [request.path for request, _ in server.log]


def from_service(access: Access, http: Http, tmp_path: Path, area: Any = NINE, **more: Any) -> ReceivedRaster:
    kept = Kept(http, tmp_path / "answers", more.get("since"))
    return rasters.fetch(access, SOURCE, area, kept, tmp_path / "raw", lambda *_: None, **more)


def test_sheets_by_their_index(httpserver: HTTPServer, http: Http, tmp_path: Path, ahn: Callable[..., Access]) -> None:
    got = from_service(ahn(), http, tmp_path)
    np.testing.assert_array_equal(read(tmp_path / "raw/dtm.vrt"), heights(ALL))
    assert [(p.url.rpartition("/")[2], p.features) for p in got.pages] == [("M_34FN1.tif", 6), ("M_34FN2.tif", 6)]
    assert got.pages[0].sha256 and got.url.endswith("kaartbladindex.json") and got.proofs[0].holds
    assert sorted(asked(httpserver)) == [
        "/dtm_05m/M_34FN1.tif", "/dtm_05m/M_34FN2.tif", "/dtm_05m/kaartbladindex.json",
    ]  # fmt: skip
    from_service(Access("tiles", got.url, "dtm_05m"), http, tmp_path)
    assert len(httpserver.log) == 3


def test_only_the_sheets_that_a_missing_tile_needs(
    httpserver: HTTPServer, http: Http, tmp_path: Path, ahn: Callable[..., Access]
) -> None:
    from_service(ahn(), http, tmp_path, ONE)
    assert sorted(asked(httpserver)) == ["/dtm_05m/M_34FN1.tif", "/dtm_05m/kaartbladindex.json"]


@pytest.mark.fault("G", "an index of sheets that is wrong", "one line")
@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda s: [], r"kaartbladindex.json: an index without sheets, expected some; is the URL right\?$"),
        (lambda s: [{"type": "Feature", "properties": {"blad": 1}, "geometry": None}],
         r"kaartbladindex.json: a sheet without kaartbladNr or url, expected both; there are blad$"),
        (lambda s: [{**s[0], "geometry": None}], r"kaartbladindex.json: sheet 34FN1 has no place, expected a polygon$"),
        (lambda s: [{**s[0], "geometry": shapely.box(6, 52, 7, 53).__geo_interface__}],
         r"kaartbladindex.json: sheet 34FN1 lies at 6,52, expected metres RD$"),
        (lambda s: s[1:], r"kaartbladindex.json: tile 250000_475000: asked for .*, got nothing; the source does not cover"),
        (lambda s: [{**s[0], "properties": {**s[0]["properties"], "url": "nope.tif"}}, s[1]], r"/nope.tif: HTTP 500"),
    ],
)  # fmt: skip
def test_an_index_that_is_wrong(
    http: Http, tmp_path: Path, ahn: Callable[..., Access], change: Callable[..., Any], said: str
) -> None:
    with pytest.raises(SourceError, match=said):
        from_service(ahn(change), http, tmp_path)
    assert not (tmp_path / "raw/dtm.vrt").exists()


def test_a_sheet_that_names_other_files_is_not_opened(
    httpserver: HTTPServer, http: Http, tmp_path: Path, ahn: Callable[..., Access]
) -> None:
    access = ahn()
    write(tmp_path / "secret.tif", TILE)
    raster_store.write_vrt(tmp_path / "x.vrt", tmp_path, (Tile(250_000, 475_000),), 50.0, 20)
    vrt = (
        (tmp_path / "x.vrt")
        .read_text()
        .replace('relativeToVRT="1"', "")
        .replace(f"{tmp_path.name}/250000_475000", f"{tmp_path}/secret")
    )
    httpserver.clear()
    httpserver.expect_request("/dtm_05m/M_34FN1.tif").respond_with_data(vrt)
    httpserver.expect_request("/dtm_05m/kaartbladindex.json").respond_with_json(
        {"type": "FeatureCollection", "features": [
            {"properties": {"kaartbladNr": "34FN1", "url": httpserver.url_for("/dtm_05m/M_34FN1.tif")},
             "geometry": shapely.box(*TILE).__geo_interface__}]}
    )  # fmt: skip
    with pytest.raises(SourceError, match=r"M_34FN1\.tif: not a whole GeoTIFF"):
        from_service(access, http, tmp_path, ONE)
