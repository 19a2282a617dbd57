"""Ground and surface heights of the sample: told from the sheets, held against the buildings of the sample."""

from __future__ import annotations

from contextlib import ExitStack

import numpy as np
import pytest
import rasterio
import sample_city
import shapely
from rasterio.windows import from_bounds

from pipeline.sample import heights, sheets
from pipeline.sources import RASTERS
from pipeline.store import sha256

NODATA = np.float32(3.4028235e38)
#: Twelve hectares of the centre of Hengelo.
CENTRE = (251_100.0, 476_000.0, 251_400.0, 476_400.0)


@pytest.fixture(scope="module")
def city():
    return sample_city.city()


@pytest.fixture(scope="module")
def folder(tmp_path_factory, city):
    folder = tmp_path_factory.mktemp("heights")
    heights.write(folder, *city, seed=2050)
    return folder


def cells(folder, raster: str, box: tuple[float, float, float, float]) -> np.ndarray:
    """What a raster has in a box that lies in one sheet; NaN where it has nothing."""
    for path in sorted((folder / raster).iterdir()):
        with rasterio.open(path) as file:
            if shapely.box(*file.bounds).contains(shapely.box(*box)):
                values = file.read(1, window=from_bounds(*box, file.transform))
                return np.where(values == NODATA, np.nan, values)
    raise AssertionError(box)


def at(folder, raster: str, x: float, y: float) -> float:
    """What a raster has at a point."""
    x, y = np.floor(np.array([x, y]) / 0.5) * 0.5
    return float(cells(folder, raster, (x, y, x + 0.5, y + 0.5))[0, 0])


def test_sheets_are_those_of_the_ahn(folder):
    assert {p.relative_to(folder).as_posix() for p in folder.rglob("*.tif")} == {
        f"{raster}/{letter}_{name}.tif"
        for raster, letter in (("ahn_dtm", "M"), ("ahn_dsm", "R"))
        for name in ("28GZ2", "28HZ1", "28HZ2", "34EN2", "34FN1", "34FN2")
    }
    assert set(sheets.paths(folder)) == set(folder.rglob("*.tif"))
    with rasterio.open(folder / "ahn_dtm/M_34FN1.tif") as file:
        assert file.bounds == (250_000, 468_750, 255_000, 475_000)
        assert (file.crs.to_epsg(), file.res, file.dtypes, file.nodata) == (28992, (0.5, 0.5), ("float32",), NODATA)
        assert file.block_shapes == [(512, 512)]


def test_sheets_are_no_larger_than_what_they_hold(folder):
    assert sum(p.stat().st_size for p in folder.rglob("*.tif")) < 60e6
    # All of this sheet lies beyond the reach: nothing in it but its head.
    assert (folder / "ahn_dsm/R_28HZ2.tif").stat().st_size < 10_000


def test_values_are_whole_centimetres_and_possible(folder):
    limits = {r.name: (r.lowest, r.highest) for r in RASTERS}
    for raster in ("ahn_dtm", "ahn_dsm"):
        values = cells(folder, raster, CENTRE)
        known = values[~np.isnan(values)].astype(float)
        assert np.abs(known * 100 - np.round(known * 100)).max() < 1e-3
        low, high = limits[raster]
        assert low < known.min() and known.max() < high
    ground = cells(folder, "ahn_dtm", CENTRE)
    assert np.nanmin(ground) > 15
    assert np.nanmax(ground) < 25


def test_the_ground_rises_from_hengelo_to_enschede(folder):
    west = np.nanmean(cells(folder, "ahn_dtm", (250_900, 476_200, 251_100, 476_400)))
    east = np.nanmean(cells(folder, "ahn_dtm", (257_900, 471_800, 258_100, 472_000)))
    assert 15 < west < 22 and 35 < east < 45


@pytest.fixture(scope="module")
def panden(city):
    panden = city[1].panden
    return panden[shapely.intersects(shapely.box(*CENTRE).buffer(-30), panden["geometry"].to_numpy())]


def inside(shape: shapely.Geometry, inward: float, box: tuple[float, float, float, float]) -> np.ndarray:
    """Which cells of a box have their middle in a shape, `inward` metres from its edge."""
    west, south, east, north = box
    x, y = np.meshgrid(np.arange(west + 0.25, east, 0.5), np.arange(north - 0.25, south, -0.5))
    return shapely.contains_xy(shape.buffer(-inward), x, y)


def test_the_ground_is_known_everywhere_but_under_a_building(folder, city):
    panden = city[1].panden
    near = shapely.intersects(shapely.box(*CENTRE), panden["geometry"].to_numpy())
    stood = panden[near & (panden["fate"] == "stock") & (panden["year"] < 2021)]
    assert len(stood) > 50
    shapes = shapely.union_all(stood["geometry"].to_numpy())
    ground, surface = (cells(folder, r, CENTRE) for r in ("ahn_dtm", "ahn_dsm"))
    under, open_air = inside(shapes, 0.4, CENTRE), ~inside(shapes, -0.4, CENTRE)
    assert np.isnan(ground[under]).all() and not np.isnan(surface[under]).any()
    # There is no water here.
    assert not np.isnan(ground[open_air]).any()


def test_a_building_is_as_high_as_its_storeys(folder, panden):
    for row in panden[(panden["fate"] == "stock") & (panden["year"] < 2021)].itertuples():
        middle = shapely.point_on_surface(row.geometry)
        if row.geometry.buffer(-1).is_empty:
            continue
        centre = shapely.centroid(row.geometry)
        ground = heights.level(np.array([centre.x]), np.array([centre.y]))[0]
        above = at(folder, "ahn_dsm", middle.x, middle.y) - ground
        roof = 0.55 * abs(row.d - row.c) / 2 if row.kind in ("prewar", "terrace", "semi", "villa") else 0.0
        if row.kind != "shed":
            assert 3 * row.floors - 0.05 <= above <= 3 * row.floors + roof + 0.05, row.kind


def test_what_was_built_after_the_flight_is_not_on_the_surface(folder, city):
    panden = city[1].panden
    young = panden[(panden["year"] >= 2021) & (panden["fate"] == "stock")]
    near = shapely.box(250_000, 475_100, 252_000, 476_900)
    young = young[shapely.contains_properly(near, young["geometry"].to_numpy())]
    assert len(young) > 3
    others = panden[(panden["year"] < 2021) & (panden["fate"] == "stock")]["geometry"].to_numpy()
    tree = shapely.STRtree(others)
    for shape in young["geometry"]:
        middle = shapely.point_on_surface(shape)
        if len(tree.query(middle.buffer(1), predicate="intersects")):
            continue
        assert not np.isnan(at(folder, "ahn_dtm", middle.x, middle.y))


def test_nothing_is_measured_on_water(folder, city):
    ground = city[0]
    water = shapely.intersection(ground.water_strip, shapely.box(252_700, 473_400, 253_400, 474_000))
    middle = shapely.point_on_surface(max(shapely.get_parts(water), key=shapely.area).buffer(-5))
    assert np.isnan(at(folder, "ahn_dtm", middle.x, middle.y))
    assert np.isnan(at(folder, "ahn_dsm", middle.x, middle.y))


def test_heights_are_known_around_the_track_and_not_far_from_it(folder, city):
    track = city[0].rail["main"]
    for along in (7_000.0, 9_000.0, 12_000.0):
        point = track.interpolate(along)
        assert not np.isnan(at(folder, "ahn_dsm", point.x, point.y))
    assert np.isnan(at(folder, "ahn_dtm", 251_000, 470_500))


def test_trees_stand_above_the_ground_where_nothing_is_built(folder):
    # A park in the south of the centre of Enschede.
    box = (256_850.0, 470_850.0, 257_150.0, 471_150.0)
    ground, surface = (cells(folder, r, box) for r in ("ahn_dtm", "ahn_dsm"))
    known = ~np.isnan(ground)
    above = (surface - ground)[known]
    assert above.min() >= -0.02
    crown = above > 1
    assert 0.03 < crown.mean() < 0.7
    assert 4 < above.max() < 19


def test_a_sheet_is_made_the_same_twice(city, folder, tmp_path, monkeypatch):
    monkeypatch.setattr(heights, "SHEETS", {"28GZ2": heights.SHEETS["28GZ2"]})
    heights.write(tmp_path, *city, seed=2050)
    for name in ("ahn_dtm/M_28GZ2.tif", "ahn_dsm/R_28GZ2.tif"):
        assert sha256(tmp_path / name) == sha256(folder / name)


def test_sheets_fit_together(folder):
    # The ground goes on over the edge of two sheets: steps of three centimetres at most.
    with ExitStack() as stack:
        west, east = (stack.enter_context(rasterio.open(folder / f"ahn_dtm/M_{n}.tif")) for n in ("34FN1", "34FN2"))
        one, other = west.read(1)[:, -1], east.read(1)[:, 0]
    both = (one != NODATA) & (other != NODATA)
    assert both.sum() > 1000
    bank = np.abs(one[both] - other[both]) > 0.035
    assert bank.sum() < 20, "but for the railway's bank"
