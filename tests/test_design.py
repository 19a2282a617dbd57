"""The folder for the design team, made from the sample: every file read again by what others wrote, and held to its source."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from functools import cache
from pathlib import Path
from typing import Any

import ezdxf
import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pyogrio
import pytest
import rasterio
import shapely
import trimesh
from ezdxf.audit import Auditor
from rio_cogeo import cog_validate

pytestmark = pytest.mark.xdist_group("sample")

#: The south-western whole kilometre of the corridor of the sample.
ORIGIN = np.array([250_000.0, 470_000.0])
AREA_M2, LENGTH_M = 0.01, 0.001


@pytest.fixture(scope="module")
def folder(sample_run: Path) -> Path:
    return sample_run / "data_out/ontwerp"


@cache
def table(folder: Path, name: str) -> gpd.GeoDataFrame:
    found = pyogrio.read_dataframe(folder / "spoorzone.gpkg", layer=name)
    return found.set_index(found.columns[0])


def clipped(folder: Path, name: str) -> gpd.GeoDataFrame:
    return gpd.read_parquet(folder.parent / f".stages/clip/{name}.parquet")


def buildings(folder: Path) -> pd.DataFrame:
    return pd.read_parquet(folder.parent / ".stages/compute/buildings.parquet")


@pytest.fixture(scope="module")
def layers(folder: Path) -> list[str]:
    tables = pyogrio.list_layers(folder / "spoorzone.gpkg")
    return [name for name, geometry in tables.tolist() if geometry]


# ---------------------------------------------------------------- whole and cut


def test_every_object_is_there_cut_and_whole(folder: Path, layers: list[str]) -> None:
    whole = [n for n in layers if n.endswith("_whole")]
    assert {"pand_whole", "bgt_wegdeel_whole", "spooras_whole", "bodemgebruik_whole"} <= set(whole)
    assert "verblijfsobject_whole" not in layers, "a point can't be cut"
    corridor = clipped(folder, "corridor_outline").geometry.iloc[0]
    for name in whole:
        base = name.removesuffix("_whole")
        cut, uncut, source = table(folder, f"{base}_corridor"), table(folder, name), clipped(folder, base)
        assert set(cut.index) == set(uncut.index), name
        assert shapely.equals(uncut.geometry.to_numpy(), source.geometry.loc[uncut.index].to_numpy()).all(), name
        inside = shapely.intersection(uncut.geometry.to_numpy(), corridor)
        size = shapely.length if source.geometry.iloc[0].geom_type.endswith("LineString") else shapely.area
        assert np.allclose(size(inside), size(cut.geometry.loc[uncut.index].to_numpy()), atol=1e-6), name
        assert (size(uncut.geometry.to_numpy()) >= size(cut.geometry.loc[uncut.index].to_numpy()) - 1e-6).all()


def test_the_folder_holds_the_geopackage_that_lies_beside_it(folder: Path) -> None:
    assert (folder / "spoorzone.gpkg").read_bytes() == (folder.parent / "spoorzone.gpkg").read_bytes()


def test_a_building_says_its_height_or_why_it_has_none(folder: Path) -> None:
    pand = table(folder, "pand_whole")
    known = pand["height_m"].notna()
    assert 0.8 < known.mean() < 1
    assert (pand.loc[known, "no_height_reason"] == "").all()
    assert (pand.loc[~known, "no_height_reason"] != "").all()
    assert np.allclose(pand.loc[known, "roof_m"] - pand.loc[known, "ground_m"], pand.loc[known, "height_m"], atol=1e-3)
    assert np.allclose(pand.loc[known, "volume_m3"], pand.loc[known].area * pand.loc[known, "height_m"])
    # Flown up to 2022: of what was built later AHN shows what stood there before.
    young = pand["construction_year"] > 2022
    assert young.any()
    assert pand.loc[young, "height_m"].isna().all()
    told = set(pand.loc[young & (pand["status"] == "Pand in gebruik"), "no_height_reason"])
    assert told <= {"gebouwd na de inwinning van de hoogten"}


# ---------------------------------------------------------------- files per layer


def test_geoparquet_and_flatgeobuf_hold_every_layer_as_the_geopackage_has_it(folder: Path, layers: list[str]) -> None:
    for name in layers:
        want = table(folder, name)
        parquet = gpd.read_parquet(folder / f"geoparquet/{name}.parquet")
        fgb = pyogrio.read_dataframe(folder / f"flatgeobuf/{name}.fgb")
        for found in (parquet, fgb):
            found = found.set_index(found.columns[0]).loc[want.index]
            assert found.crs.equals("EPSG:28992"), name
            assert len(found) == len(want)
            shapes = found.geometry.to_numpy()
            assert (np.abs(shapely.area(shapes) - want.area.to_numpy()) <= AREA_M2).all()
            assert (np.abs(shapely.length(shapes) - want.length.to_numpy()) <= LENGTH_M).all()
            assert np.allclose(found.total_bounds, want.total_bounds, atol=LENGTH_M)
            numbers = want.select_dtypes("number").columns
            assert np.array_equal(found[numbers].to_numpy(float), want[numbers].to_numpy(float), equal_nan=True), name


def test_geoparquet_says_that_it_is_1_1_with_boxes(folder: Path) -> None:
    import pyarrow.parquet

    said = json.loads(pyarrow.parquet.read_schema(folder / "geoparquet/buurt.parquet").metadata[b"geo"])
    assert said["version"] == "1.1.0"
    assert said["columns"]["geom"]["covering"]["bbox"]["xmin"] == ["bbox", "xmin"]


def test_csv_in_both_manners_holds_the_numbers(folder: Path) -> None:
    for name in ("buurt", "square_500m", "corridor"):
        want = table(folder, name).drop(columns="geometry")
        plain = pd.read_csv(folder / f"tabellen/csv/{name}.csv", dtype={"unit_id": str}).set_index("unit_id")
        dutch = pd.read_csv(folder / f"tabellen/csv_nl/{name}.csv", dtype={"unit_id": str}, sep=";", decimal=",").set_index("unit_id")
        numbers = want.select_dtypes("number").columns
        for found in (plain, dutch):
            assert list(found.index) == list(want.index)
            assert np.allclose(found[numbers].to_numpy(float), want[numbers].to_numpy(float), rtol=1e-9, equal_nan=True)
    assert (folder / "tabellen/csv_nl/buurt.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_the_workbook_holds_the_numbers_as_numbers(folder: Path) -> None:
    book = openpyxl.load_workbook(folder / "tabellen/spoorzone.xlsx", read_only=True)
    assert {"Inhoud", "Definities", "Bronnen", "Instellingen", "Buurt"} <= set(book.sheetnames)
    rows = list(book["Buurt"].iter_rows(values_only=True))
    label, unit, name = rows[0], rows[1], rows[2]
    at = name.index("dwellings_per_ha")
    assert (label[at], unit[at]) == ("Woningdichtheid", "per ha")
    found = pd.Series({row[0]: row[at] for row in rows[3:] if row[0]}, dtype=float)
    want = table(folder, "buurt")["dwellings_per_ha"]
    assert np.allclose(found.loc[want.index], want, equal_nan=True)


# ---------------------------------------------------------------- drawing


@pytest.fixture(scope="module")
def drawings(folder: Path) -> dict[str, Any]:
    return {name: ezdxf.readfile(folder / f"cad/spoorzone_{name}.dxf") for name in ("rd", "lokaal")}


def ring_areas(drawing: Any, layer: str) -> tuple[int, float]:
    """How many outlines a layer has, and the ground in them: holes count against."""
    total, count = 0.0, 0
    for entity in drawing.modelspace().query(f'LWPOLYLINE[layer=="{layer}"]'):
        tags = {t.code: t.value for t in entity.get_xdata("SPOORZONE")}
        assert entity.closed
        size = shapely.area(shapely.polygons([(x, y) for x, y, *_ in entity.get_points()]))
        total += size if tags[1070] == 0 else -size
        count += 1
    return count, total


@pytest.mark.parametrize(("layer", "source"), [("SZ_50_PAND", "pand_corridor"), ("SZ_20_PERCEEL", "perceel_corridor"), ("SZ_32_WATER", "bgt_waterdeel_corridor")])
def test_the_drawing_holds_the_areas(folder: Path, drawings: dict[str, Any], layer: str, source: str) -> None:
    want = clipped(folder, source)
    if "level" in want:
        want = want[want["level"] == 0]
    rings = shapely.get_num_interior_rings(shapely.get_parts(want.geometry.to_numpy()))
    for drawing in drawings.values():
        count, area = ring_areas(drawing, layer)
        assert count == len(rings) + rings.sum()
        # Corners are rounded to the millimetre: half of one along the outline at most.
        assert abs(area - want.area.sum()) < 0.0005 * want.length.sum()
        assert abs(area - want.area.sum()) < AREA_M2 * len(want)


def test_the_local_drawing_is_shifted_by_exactly_the_origin(drawings: dict[str, Any]) -> None:
    rd, local = drawings["rd"], drawings["lokaal"]
    said = dict(local.header.custom_vars.properties)
    assert (float(said["Origin_RD_X_m"]), float(said["Origin_RD_Y_m"])) == tuple(ORIGIN)
    for drawing in (rd, local):
        assert drawing.units == ezdxf.units.M
        assert drawing.header["$INSUNITS"] == 6
        assert not Auditor(drawing).run()
    pairs = zip(rd.modelspace(), local.modelspace(), strict=True)
    moved = 0
    for one, other in pairs:
        assert (one.dxftype(), one.dxf.layer) == (other.dxftype(), other.dxf.layer)
        if one.dxftype() == "LWPOLYLINE":
            a, b = (np.array([(x, y) for x, y, *_ in e.get_points()]) for e in (one, other))
            assert np.abs(a - b - ORIGIN).max() < 1e-6
            assert one.dxf.elevation == other.dxf.elevation
            moved += 1
        elif one.dxftype() == "INSERT":
            assert np.abs(np.array(one.dxf.insert)[:2] - np.array(other.dxf.insert)[:2] - ORIGIN).max() < 1e-6
    assert moved > 20_000


def test_the_drawing_has_roofs_at_their_height_and_names(folder: Path, drawings: dict[str, Any]) -> None:
    facts = buildings(folder)
    roofs = drawings["rd"].modelspace().query('LWPOLYLINE[layer=="SZ_51_DAK"]')
    assert len(roofs) > 1000
    for entity in roofs:
        key = next(t.value for t in entity.get_xdata("SPOORZONE") if t.code == 1000)
        assert entity.dxf.elevation == pytest.approx(facts.loc[key, "roof_m"], abs=1e-3)
    layers = {layer.dxf.name for layer in drawings["rd"].layers}
    assert {"SZ_84_STATION", "SZ_90_BUURTNAAM", "SZ_91_STRAATNAAM", "SZ_83_CORRIDOR"} <= layers
    texts = {e.dxf.text for e in drawings["rd"].modelspace().query('TEXT[layer=="SZ_90_BUURTNAAM"]')}
    assert texts == set(table(folder, "buurt")["unit_name"])


def test_each_tree_is_a_block_where_the_register_has_it(folder: Path, drawings: dict[str, Any]) -> None:
    trees = table(folder, "bgt_vegetatieobject_corridor")
    blocks = drawings["rd"].modelspace().query('INSERT[layer=="SZ_60_BOOM"]')
    assert len(blocks) == len(trees) > 1000
    where = np.array([tuple(b.dxf.insert)[:2] for b in blocks])
    want = np.column_stack([trees.geometry.x, trees.geometry.y])
    assert np.abs(np.array(sorted(map(tuple, where))) - np.array(sorted(map(tuple, want)))).max() < 1e-3
    assert {b.dxf.name for b in blocks} == {"SZ_BOOM"}


# ---------------------------------------------------------------- solids and meshes


@pytest.fixture(scope="module")
def city(folder: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((folder / "3d/gebouwen.city.json").read_text())
    return loaded


#: In a process of its own: cjio changes how the whole process writes numbers as JSON.
READ_BY_CJIO = """
import sys
from cjio import cityjson
with open(sys.argv[1]) as file:
    read = cityjson.reader(file)
print(read.j["version"], read.get_epsg(), len(read.j["CityObjects"]))
"""


def test_cityjson_is_what_cjio_reads(folder: Path, city: dict[str, Any]) -> None:
    file = folder / "3d/gebouwen.city.json"
    told = subprocess.run([sys.executable, "-c", READ_BY_CJIO, file], capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["2.0", "7415", str(len(city["CityObjects"]))]


def test_every_solid_is_closed_and_the_sum_of_volumes_is_footprint_times_height(folder: Path, city: dict[str, Any]) -> None:
    scale, move = np.array(city["transform"]["scale"]), np.array(city["transform"]["translate"])
    corners = np.array(city["vertices"]) * scale + move
    facts, pand = buildings(folder), clipped(folder, "pand")
    total = expected = 0.0
    raised = 0
    for key, one in city["CityObjects"].items():
        for geometry in one["geometry"]:
            (shell,) = geometry["boundaries"]
            edges: dict[tuple[int, int], int] = {}
            for face in shell:
                for ring in face:
                    for a, b in zip(ring, ring[1:] + ring[:1], strict=True):
                        edges[a, b] = edges.get((a, b), 0) + 1
            # Each edge once in each direction: closed, and all faces look the same way.
            assert all(n == 1 and (b, a) in edges for (a, b), n in edges.items()), key
            total += volume(shell, corners)
            raised += 1
            expected += pand.geometry[key].area * facts.loc[key, "height_m"]
        if not one["geometry"]:
            assert one["attributes"]["no_height_reason"]
    assert raised > 10_000
    assert total == pytest.approx(expected, rel=1e-3)
    assert total == pytest.approx(expected, rel=1e-5), "and much better than that"


def volume(shell: list[Any], corners: np.ndarray) -> float:
    """Volume by the theorem of Gauss; negative when the faces look inward."""
    found = 0.0
    middle = corners[shell[0][0][0]]
    for face in shell:
        for ring in face:
            points = corners[ring] - middle
            found += float(np.cross(points[1:-1] - points[0], points[2:] - points[0]).sum(axis=0) @ points[0]) / 6
    return found


def test_permits_are_apart(folder: Path, city: dict[str, Any]) -> None:
    permits = json.loads((folder / "3d/vergund.city.json").read_text())["CityObjects"]
    assert permits
    assert {o["attributes"]["status"] for o in permits.values()} <= {"Bouwvergunning verleend", "Bouw gestart"}
    assert not any(o["geometry"] for o in permits.values()), "nobody has measured what is not there"
    assert not permits.keys() & city["CityObjects"].keys()
    cut = table(folder, "pand_corridor")
    there = cut.index[cut["status"].isin(["Bouwvergunning verleend", "Bouw gestart"])]
    assert set(permits) == set(there) - city["CityObjects"].keys()


@pytest.mark.parametrize("by", ["functie", "bouwjaar", "hoogte"])
def test_the_meshes_hold_the_same_buildings_around_the_origin(folder: Path, by: str) -> None:
    scene = trimesh.load_scene(folder / f"3d/gebouwen_{by}.glb")
    assert len(scene.geometry) > 4
    facts, pand = buildings(folder), table(folder, "pand_whole")
    raised = pand[pand["height_m"].notna()]
    closed = [g for name, g in scene.geometry.items() if name != "Hoogte onbekend"]
    joined = [trimesh.Trimesh(g.vertices, g.faces, process=False) for g in closed]
    assert sum(abs(g.volume) for g in joined) == pytest.approx((raised.area * raised["height_m"]).sum(), rel=1e-3)
    # Y upward: east, up, south.
    low, high = np.min([g.bounds[0] for g in joined], axis=0), np.max([g.bounds[1] for g in joined], axis=0)
    west, south, east, north = raised.total_bounds - np.tile(ORIGIN, 2)
    assert np.allclose([low[0], high[0], -high[2], -low[2]], [west, east, south, north], atol=LENGTH_M)
    assert high[1] == pytest.approx(facts.loc[raised.index, "roof_m"].max(), abs=1e-3)


def test_the_terrain_is_the_ground_at_five_metres(folder: Path) -> None:
    scene = trimesh.load_scene(folder / "3d/terrein.glb")
    (ground,) = scene.geometry.values()
    x, up, south = ground.vertices.T
    column, row = (x + ORIGIN[0]) / 5 - 0.5, (ORIGIN[1] - south) / 5 - 0.5
    assert np.allclose(column, column.round(), atol=1e-3)
    assert np.allclose(row, row.round(), atol=1e-3)
    with rasterio.open(folder.parents[1] / "data_raw/sample/ahn_dtm_5m.tif") as file:
        some = np.random.default_rng(1).choice(len(x), 200, replace=False)
        read = np.array([v[0] for v in file.sample([(x[k] + ORIGIN[0], ORIGIN[1] - south[k]) for k in some])])
    assert np.allclose(read, up[some], atol=1e-3)


def test_the_obj_says_where_it_lies_and_holds_the_same_solids(folder: Path) -> None:
    text = (folder / "3d/model.obj").read_text()
    assert "# origin_rd_m: 250000.000 470000.000" in text
    assert "mtllib model.mtl" in text
    names = [line[2:] for line in text.splitlines() if line.startswith("o ")]
    pand = table(folder, "pand_whole")
    assert set(names) - {"terrein"} <= set(pand.index)
    assert set(pand.index[pand["height_m"].notna()]) <= set(names)


# ---------------------------------------------------------------- rasters


def test_every_raster_is_a_valid_cog_with_its_look(folder: Path) -> None:
    files = sorted((folder / "raster").glob("*.tif"))
    assert len(files) == 10
    for path in files:
        valid, errors, warnings = cog_validate(path, strict=True, quiet=True)
        assert (valid, errors, warnings) == (True, [], []), path.name
        with rasterio.open(path) as file:
            assert file.crs.to_epsg() == 28992
            assert np.isnan(file.nodata)
            assert file.overviews(1)
        assert "<rasterrenderer" in path.with_suffix(".qml").read_text()


def test_a_density_surface_adds_up_to_what_stands_there(folder: Path) -> None:
    points = gpd.read_parquet(folder.parent / ".stages/compute/points.woningen.parquet")
    for radius in (200, 400):
        with rasterio.open(folder / f"raster/dichtheid_woningen_{radius}m.tif") as file:
            cells, bounds = file.read(1), file.bounds
        total = cells.astype(float).sum() * 100 / 10_000
        inner = points.cx[bounds.left + radius : bounds.right - radius, bounds.bottom + radius : bounds.top - radius]["amount"].sum()
        outer = points.cx[bounds.left - radius : bounds.right + radius, bounds.bottom - radius : bounds.top + radius]["amount"].sum()
        assert inner <= total * (1 + 1e-6)
        assert total <= outer * (1 + 1e-6)
        assert inner > 0.5 * outer


def test_heights_are_the_means_of_what_was_loaded(folder: Path) -> None:
    with rasterio.open(folder / "raster/hoogte_maaiveld.tif") as file:
        cells, transform = file.read(1), file.transform
    corridor = clipped(folder, "corridor_outline").geometry.iloc[0]
    rows, columns = np.nonzero(~np.isnan(cells))
    x, y = transform.c + 2 * (columns + 0.5), transform.f - 2 * (rows + 0.5)
    # A cell is known when any of its four is: its middle lies within a cell of the corridor.
    assert shapely.contains_xy(corridor.buffer(1.5), x, y).all()
    deep = np.flatnonzero(shapely.contains_xy(corridor.buffer(-5), x, y))
    with rasterio.open(folder.parents[1] / "data_raw/sample/ahn_dtm.vrt") as file:
        for k in np.random.default_rng(2).choice(deep, 40, replace=False):
            window = rasterio.windows.from_bounds(x[k] - 1, y[k] - 1, x[k] + 1, y[k] + 1, file.transform)
            read = file.read(1, window=window.round_offsets().round_lengths())
            assert np.nanmean(read) == pytest.approx(cells[rows[k], columns[k]], abs=1e-3)


# ---------------------------------------------------------------- read-me and ZIP


def test_the_read_me_names_every_file_with_its_size(folder: Path) -> None:
    text = (folder / "LEESMIJ.html").read_text(encoding="utf-8")
    assert "Synthetisch voorbeeld" in text
    assert "X 250.000,000 m, Y 470.000,000 m" in text
    assert "<script" not in text
    assert "http" not in text.replace("http-equiv", "").replace("http://www.w3.org", "")
    for path in folder.rglob("*"):
        few = len(list(path.parent.iterdir())) <= 12
        if path.is_file() and few and path.name != "LEESMIJ.html":
            assert path.relative_to(folder).as_posix() in text
    for picture in ("gebouwen_hoogte.glb", "boomkroon", "terrein.glb", "spoorzone_rd.dxf"):
        assert picture in text
    assert text.count("<figure>") >= 20


def test_the_zip_holds_the_folder(folder: Path) -> None:
    with zipfile.ZipFile(folder.with_suffix(".zip")) as archive:
        found = {i.filename: i for i in archive.infolist()}
        files = {f"ontwerp/{p.relative_to(folder).as_posix()}" for p in folder.rglob("*") if p.is_file()}
        assert set(found) == files
        assert {i.date_time for i in found.values()} == {(1980, 1, 1, 0, 0, 0)}
        for name in ("ontwerp/LEESMIJ.html", "ontwerp/3d/vergund.glb", "ontwerp/raster/boomkroon.qml"):
            assert archive.read(name) == (folder.parent / name).read_bytes()
