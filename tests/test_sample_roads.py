"""Roads, the map around the corridor, and parcels of the sample."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from sample_city import tables

from pipeline import routes
from pipeline.load.layers import Conformed, conform
from pipeline.load.received import Received
from pipeline.sample import bgt, places, terrain
from pipeline.sources import BY_NAME

NAMES = ("wegvak", "top10nl_water", "top10nl_functional_area", "perceel", "verblijfsobject", "pand", "bgt_wegdeel")


@pytest.fixture(scope="module")
def loaded() -> dict[str, Conformed]:
    made = tables()
    return {n: conform(Received(made[n], None, ()), BY_NAME[n], edition=None, bbox=None) for n in NAMES}


def near(table: gpd.GeoDataFrame, points: gpd.GeoDataFrame, reach_m: float) -> tuple:
    """Rows of `points` and of the nearest of `table` within reach."""
    tree = shapely.STRtree(table.geometry.to_numpy())
    return tuple(tree.query_nearest(points.geometry.to_numpy(), max_distance=reach_m, all_matches=False))


@pytest.mark.parametrize("name", ["wegvak", "top10nl_water", "top10nl_functional_area", "perceel"])
def test_nothing_is_lost_on_the_way_in(name, loaded):
    assert loaded[name].dropped == {}
    assert loaded[name].absent == ()
    assert loaded[name].repaired == 0


def test_addresses_lie_on_a_road_of_their_name(loaded):
    road, unit = loaded["wegvak"].table, loaded["verblijfsobject"].table
    at, street = near(road, unit, 60.0)
    assert len(at) > 0.97 * len(unit)
    same = unit["street_name"].to_numpy()[at] == road["street_name"].to_numpy()[street]
    assert same.mean() > 0.7


def test_every_road_has_a_name_and_a_known_authority(loaded):
    road = loaded["wegvak"].table
    assert (road["street_name"] != "").all()
    assert set(road["road_authority"]) == {"R", "P", "G"}
    assert set(road["direction"]) <= {"H", "T", "B", "O"}
    # A number belongs to a road of the state or the province, or runs through a town.
    assert (road.loc[road["road_authority"] != "G", "road_number"] != "").all()
    assert set(road.loc[road["carriageway"] == "HR", "road_authority"]) == {"R"}


@pytest.mark.parametrize(("curve", "least"), [(places.MAIN_LINE, 12), (places.CANAL, 10), (places.MOTORWAY, 5)])
def test_streets_go_on_over_what_is_in_their_way(loaded, curve, least):
    road, obstacle = loaded["wegvak"].table, terrain.curve(curve)
    over = road[road.crosses(obstacle) & (road["carriageway"] == "RB")]
    assert len(over) >= least
    assert over.length.max() <= 110
    at = np.sort([obstacle.project(p) for p in over.intersection(obstacle).centroid])
    assert np.diff(at).min() >= 350
    # Each end is that of another street.
    ends = np.concatenate([shapely.get_coordinates(shapely.get_point(road.geometry, n)) for n in (0, -1)])
    _, times = np.unique(ends, axis=0, return_counts=True)
    tree = dict(zip(map(tuple, np.unique(ends, axis=0)), times, strict=True))
    for line in over.geometry:
        assert all(tree[c] >= 2 for c in (line.coords[0], line.coords[-1]))


def test_a_station_can_be_walked_to_from_both_sides_of_the_track(loaded):
    road = loaded["wegvak"].table
    line = terrain.curve(places.MAIN_LINE)
    on_foot = routes.network(road.geometry[road["carriageway"] == "RB"].to_numpy(), 0.5)
    for stop in places.STATIONS:
        where = shapely.Point(stop.x, stop.y)
        if not (250_500 < stop.x < 258_500 and where.distance(line) < 30):
            continue
        at = line.project(where)
        near = line.interpolate(at)
        ahead = shapely.get_coordinates(line.interpolate(at + 1)) - shapely.get_coordinates(near)
        aside = np.array([[-ahead[0, 1], ahead[0, 0]]]) / np.hypot(*ahead[0]) * 250
        sides = shapely.points(shapely.get_coordinates(near) + np.concatenate([aside, -aside]))
        spots = routes.attach(on_foot, np.array([where]))
        far = routes.distances(on_foot, spots, routes.attach(on_foot, sides))
        assert (far < 1_600).all(), (stop.name, far)


def test_centre_lines_run_over_carriageways(loaded):
    road, ground = loaded["wegvak"].table, loaded["bgt_wegdeel"].table
    carriage = ground[
        (ground["level"] == 0)
        & ground["function"].isin(["rijbaan lokale weg", "rijbaan regionale weg", "voetgangersgebied"])
    ]
    inside = road[road.within(bgt.zone(terrain.terrain(), bgt.REACH_M - 100))]
    middle = inside.interpolate(0.5, normalized=True)
    at, _ = near(carriage, gpd.GeoDataFrame(geometry=middle), 0.5)
    assert len(inside) > 500
    assert len(at) > 0.97 * len(inside)


def test_waters_and_areas_are_named(loaded):
    water, area = loaded["top10nl_water"].table, loaded["top10nl_functional_area"].table
    assert {"Marskanaal", "Spinnerbeek"} <= set(water["name"])
    assert set(water["type"]) == {"waterloop", "meer, plas"}
    kinds = {"bedrijventerrein", "campus", "park", "sportterrein, sportcomplex", "ziekenhuis"}
    assert kinds <= set(area.loc[area["name"] != "", "type"])
    assert (area.area > 9_000).all()


def test_parcels_do_not_overlap_and_hold_the_buildings(loaded):
    plot, building = loaded["perceel"].table, loaded["pand"].table
    tree = shapely.STRtree(plot.geometry.to_numpy())
    a, b = tree.query(plot.geometry.to_numpy(), predicate="overlaps")
    shared = shapely.area(shapely.intersection(plot.geometry.to_numpy()[a], plot.geometry.to_numpy()[b]))
    assert shared.max(initial=0) < 0.1
    assert len(plot) > 10_000
    at, _ = tree.query(building.geometry.representative_point().to_numpy(), predicate="within")
    assert len(set(at)) > 15_000


def test_the_registered_area_is_nearly_that_of_the_outline(loaded):
    plot = loaded["perceel"].table
    off = plot["registered_area_m2"] / plot.area - 1
    assert (off.abs() < 0.05).all()
    assert 0.002 < off.std() < 0.01
    assert not plot[["cadastral_gemeente", "cadastral_section", "parcel_number"]].duplicated().any()
