"""A rail zone that nobody tuned the pipeline for: other place, direction, stations, codes and borders, by config alone."""

import json
import re
import shutil

import geopandas as gpd
import pyogrio
import pytest
import second_zone
import shapely
from click.testing import CliRunner

from pipeline.cli import cli

pytestmark = pytest.mark.xdist_group("second_zone")


@pytest.fixture(scope="module")
def zone(tmp_path_factory):
    """The folder of the project, run once."""
    path = second_zone.write(tmp_path_factory.mktemp("zone"))
    result = CliRunner().invoke(cli, ["run", "--config", str(path)])
    assert result.exit_code == 0, result.output
    shutil.rmtree(path.parent / "in")
    return path.parent, result.output


@pytest.fixture(scope="module")
def layer(zone):
    file = zone[0] / "data_out/spoorzone.gpkg"
    return lambda name: pyogrio.read_dataframe(file, layer=name).set_index("unit_id")


def test_nothing_of_the_first_zone_is_left(zone, layer):
    assert set(layer("gemeente").index) == {"GM0141", "GM0147"}
    west, south, east, north = layer("corridor").total_bounds
    assert 240_000 < west < east < 250_000
    assert 480_000 < south < north < 492_000
    assert north - south > east - west, "this line runs from south to north"
    for page in (zone[0] / "maps").glob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert "Borne" in text
        assert not re.search("Kennispark|Enschede", text), page.name


def test_the_line_runs_through_its_stations(layer, zone):
    names = set(layer("catchment")["unit_name"].str.replace(r" \d.*", "", regex=True))
    assert names == set(second_zone.STATIONS.values())
    stops = pyogrio.read_dataframe(zone[0] / "data_out/spoorzone.gpkg", layer="corridor_station")
    chainage = stops.set_index("station_name")["chainage_m"]
    assert chainage.sort_values().index.tolist() == list(second_zone.STATIONS.values())
    # A turn changes no distance: Hengelo and Enschede are 7.88 km apart, and the track is little longer.
    assert chainage["Borne"] == pytest.approx(0, abs=1e-6)
    assert 7_880 < chainage["Almelo"] < 8_600


def test_every_check_of_sums_formulas_and_bounds_holds(zone):
    checks = json.loads((zone[0] / "data_out/.stages/compute/checks.json").read_text())
    assert checks["checks"]
    failed = [c for c in checks["checks"] if c["state"] == "fails"]
    assert not failed, failed


def test_parts_add_up(layer):
    corridor = layer("corridor").iloc[0]
    for kind in ("section", "gemeente_corridor", "buurt_corridor"):
        parts = layer(kind)
        assert parts["dwellings_count"].sum() == corridor["dwellings_count"] > 10_000, kind
        for column in ("area_m2", "footprint_area_m2", "floor_area_usable_m2"):
            assert parts[column].sum() == pytest.approx(corridor[column], rel=1e-9), (kind, column)


def test_squares_are_those_of_the_grid_of_rd(layer):
    squares = layer("square_500m")
    corners = squares.geometry.bounds[["minx", "miny"]]
    assert (corners % 500 == 0).all(axis=None)
    assert list(squares.index[:3]) == [f"E{x / 100:04.0f}N{y / 100:04.0f}" for x, y in corners.to_numpy()[:3]]


def test_inhabitants_are_those_of_the_squares_that_cbs_publishes(layer, zone):
    squares = layer("square_100m")
    published = gpd.read_file(zone[0] / "data_raw/vierkant_100m.gpkg")
    known = published.set_index("vierkant_id")["inhabitants_count"].dropna()
    both = squares.index.intersection(known.index)
    assert len(both) > 500
    assert squares.loc[both, "inhabitants_count"].to_dict() == known.loc[both].to_dict()


def test_the_second_zone_is_no_copy_of_the_first(layer, sample_run):
    first = pyogrio.read_dataframe(sample_run / "data_out/spoorzone.gpkg", layer="pand_corridor").geometry.to_numpy()
    second = pyogrio.read_dataframe(layer.__closure__[0].cell_contents, layer="pand_corridor").geometry.to_numpy()
    same = shapely.equals_exact(
        shapely.normalize(second_zone.turn(first))[: len(second)], shapely.normalize(second)[: len(first)], 0.01
    )
    assert same.mean() < 0.01
