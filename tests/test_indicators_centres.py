"""Degree of urbanisation on cells of 1 km², drawn as maps of thousands of inhabitants."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage
from world import box, units

from pipeline.contract import CRS
from pipeline.indicators import centres
from pipeline.indicators.people import people_in_units

NAN = float("nan")


def people(city, low=None, high=None):
    """One point in the middle of each cell: rows from north to south, inhabitants in thousands; none where 0."""
    at = np.argwhere(np.array(city) > 0)
    north = len(city) - 1
    geometry = [shapely.Point(250_500 + 1000 * j, 470_500 + 1000 * (north - i)) for i, j in at]
    columns = {
        name: [1000.0 * values[i][j] for i, j in at]
        for name, values in {"estimate": city, "low": low or city, "high": high or city}.items()
    }
    index = pd.Index([f"p{i}{j}" for i, j in at], dtype="str")
    return gpd.GeoDataFrame(columns, index=index, geometry=gpd.GeoSeries(geometry, index=index, crs=CRS))


def drawn(cells, column="degurba_class"):
    """The classes as a map, rows from north to south."""
    west, south = shapely.bounds(cells.geometry.to_numpy())[:, :2].T
    table = cells.assign(x=west, y=-south).pivot_table(column, "y", "x", dropna=False)
    return table.to_numpy().astype(int).tolist()


def classes(city):
    return drawn(centres.degurba_cells(people(city)))


def test_a_centre_is_dense_cells_that_share_edges_with_fifty_thousand_together():
    """25 + 23.5 + 1.5 is 50; 1.4 is not dense but in the cluster around it; 0.2 is neither."""
    assert classes([[25, 23.5, 1.5], [1.4, 0.2, 0.2]]) == [[3, 3, 3], [2, 1, 1]]
    assert classes([[25, 23.4, 1.5]]) == [[2, 2, 2]]
    assert classes([[50, 1.49]]) == [[3, 2]]


def test_corners_join_a_cluster_and_no_centre():
    """Twice 30 that touch at a corner: no centre, one cluster. Twice 2.5 make the 5 of a cluster, twice 2.4 do not."""
    assert classes([[30, 0.1], [0.1, 30]]) == [[2, 1], [1, 2]]
    assert classes([[30, 30], [0.1, 0.1]]) == [[3, 3], [1, 1]]
    assert classes([[2.5, 0.1], [0.1, 2.5]]) == [[2, 1], [1, 2]]
    assert classes([[2.4, 0.1], [0.1, 2.4]]) == [[1, 1], [1, 1]]


def test_cells_of_a_cluster_have_three_hundred():
    assert classes([[4.7, 0.3]]) == [[2, 2]]
    assert classes([[4.8, 0.29]]) == [[1, 1]]
    assert classes([[5, 0.29]]) == [[2, 1]]
    assert classes([[4.701, 0.299]]) == [[1, 1]]


def test_cells_of_a_centre_have_fifteen_hundred():
    assert classes([[48.5, 1.5]]) == [[3, 3]]
    assert classes([[48.501, 1.499]]) == [[2, 2]]


def test_a_hole_in_a_ring_is_filled_and_its_people_count():
    """Eight times 6.2 is 49.6; with the 0.4 in the hole it is 50. Open at one side there is no hole."""
    ring = [[6.2, 6.2, 6.2], [6.2, 0.4, 6.2], [6.2, 6.2, 6.2]]
    assert classes(ring) == [[3] * 3] * 3
    empty = [[6.2, 6.2, 6.2], [6.2, 0.3, 6.2], [6.2, 6.2, 6.2]]
    assert classes(empty) == [[2] * 3] * 3
    rich = [[8, 8, 8], [8, 0, 8], [8, 8, 8]]
    assert classes(rich) == [[3] * 3] * 3
    assert classes([[9, 9, 9], [9, 0.1, 0.1], [9, 9, 9]]) == [[3, 3, 3], [3, 1, 1], [3, 3, 3]]


def test_a_hole_that_touches_the_outside_at_a_corner_is_a_hole():
    """The ring lacks one corner, and the hole touches that cell at its corner only."""
    assert classes([[8, 8, 8, 0.1], [8, 0.1, 0.1, 8], [8, 8, 8, 8]]) == [[3, 3, 3, 1], [3, 3, 3, 3], [3, 3, 3, 3]]


def test_a_hole_of_fifteen_is_too_large_one_of_fourteen_is_not():
    """A ring around 3 × 5 cells stays a ring; with one of those cells dense the rest is filled."""
    city = np.full((5, 7), 5.0)
    city[1:-1, 1:-1] = 0.1
    assert classes(city.tolist()) == np.where(city > 1, 3, 1).tolist()
    city[1, 1] = 5.0
    assert classes(city.tolist()) == np.full(city.shape, 3).tolist()


def test_a_town_in_a_filled_hole_is_one_with_the_city():
    """A dense cell that touches nothing, in a hole of nine: the ring has 48, and the cell in it 10."""
    city = np.full((5, 5), 3.0)
    city[1:-1, 1:-1] = 0.0
    city[2, 2] = 10.0
    table = centres.degurba_cells(people(city.tolist()))
    assert drawn(table) == np.full((5, 5), 3).tolist()
    assert drawn(table, "centre") == np.full((5, 5), 1).tolist()
    assert table["population"].sum() == 58_000


def test_two_centres_are_numbered_by_their_people():
    table = centres.degurba_cells(people([[51, 0.1, 60]]))
    assert drawn(table, "centre") == [[2, 0, 1]]
    assert table.index.to_list() == ["E2500N4700", "E2510N4700", "E2520N4700"]
    assert table["population"].to_list() == [51_000, 100, 60_000]


def test_one_centre_or_two_at_the_bounds():
    """The cell between them is dense at most; the second has 50 thousand but not at least."""
    table = centres.degurba_cells(people([[60, 1.4, 50]], low=[[60, 1.3, 49]], high=[[60, 1.6, 51]]))
    found = centres.centres(table)
    assert found["population"].to_dict() == {
        ("low", 1): 60_000, ("low", 2): 49_000, ("estimate", 1): 60_000, ("estimate", 2): 50_000, ("high", 1): 112_600,
    }  # fmt: skip
    assert found["is_centre"].to_list() == [True, False, True, True, True]
    assert found["cells"].to_list() == [1, 1, 1, 1, 3]
    assert found.loc[("high", 1), "cell_id"] == "E2500N4700"
    assert drawn(table) == [[3, 2, 3]]
    assert (drawn(table, "degurba_class_low"), drawn(table, "degurba_class_high")) == ([[3, 2, 2]], [[3, 3, 3]])


def test_on_the_line_the_cell_west_or_south_counts():
    edge = people([[5, 5]]).iloc[:1].set_geometry([shapely.Point(251_000, 470_000)])
    assert centres.degurba_cells(edge).index.to_list() == ["E2500N4690"]


def test_without_anyone_there_are_no_cells_and_no_centres():
    table = centres.degurba_cells(people([[0]]))
    assert len(table) == 0
    assert len(centres.centres(table)) == 0


@given(st.integers(0, 2**32 - 1))
@settings(deadline=None, max_examples=20)
def test_more_people_never_make_a_cell_less_urban(seed):
    rng = np.random.default_rng(seed)
    city = rng.choice([0.1, 0.4, 1.6, 9.0], (6, 6))
    more = city + rng.choice([0, 0, 1.0, 5.0], (6, 6))
    assert (np.array(classes(more.tolist())) >= np.array(classes(city.tolist()))).all()


@given(st.integers(0, 2**32 - 1))
@settings(deadline=None, max_examples=50)
def test_the_groups_are_those_of_polygons(seed):
    """The same by another way: squares merged into polygons, their small holes taken out."""
    population = np.random.default_rng(seed).choice([0.0, 2000.0], (7, 9), p=[0.45, 0.55])
    i, j = np.nonzero(population)
    # Squares that touch at a corner stay two polygons.
    merged = shapely.union_all(shapely.box(j, i, j + 1, i + 1))
    parts = [
        shapely.Polygon(p.exterior, [h for h in p.interiors if shapely.Polygon(h).area >= 15])
        for p in shapely.get_parts(merged)
    ]
    whole = shapely.union_all(parts)
    label = centres.dense(population)
    y, x = np.indices(population.shape)
    assert ((label > 0) == shapely.contains_xy(whole, x + 0.5, y + 0.5)).all()
    assert label.max() == len(shapely.get_parts(whole))
    assert ndimage.label(label > 0)[1] == label.max()


# --- units


def found(city, shapes, kind="hexagon"):
    points = people(city)
    on = units(kind, shapes)
    table = centres.degurba(on, points, people_in_units(points, on), centres.degurba_cells(points))
    return {name: row.to_list() for name, row in table[["degurba_class", "urban_centre_inhabitants_share"]].iterrows()}


def cell(west, south, wide=1, high=1):
    """Cells of the map, from its south-west corner; the world of `box` lies 7 km east and 1 km north of it."""
    return box(1000 * west - 7000, 1000 * south - 1000, 1000 * (west + wide) - 7000, 1000 * (south + high) - 1000)


CITY = [[50, 1.4, 0.2, 0], [25, 25, 4.9, 0]]


def test_a_unit_has_the_class_in_which_most_live():
    assert classes(CITY) == [[3, 2, 1], [3, 3, 3]]
    shapes = {
        "north": cell(0, 1, 3),
        "edge": cell(1, 1, 2),
        "all": cell(0, 0, 4, 2),
        "country": cell(2, 1),
        "half": cell(0, 0, 1, 1),
    }
    assert found(CITY, shapes) == {
        "north": pytest.approx([3, 50 / 51.6]),
        "edge": [2, 0],
        "all": pytest.approx([3, 104.9 / 106.5]),
        "country": [1, 0],
        "half": [3, 1],
    }


def test_where_two_have_as_many_it_is_the_higher():
    assert found([[50, 0.9, 0.9 / 3, 50]], {"u": cell(0, 0, 4)})["u"] == pytest.approx([3, 100 / 101.2])
    city = [[1, 4, 0.1, 0.1, 0.29, 0.29, 0.29, 0.13]]
    assert classes(city) == [[2, 2, 1, 1, 1, 1, 1, 1]]
    assert found(city, {"u": cell(0, 0, 1).union(cell(4, 0, 4))})["u"] == [2, 0]


def test_where_nobody_lives_the_area_says():
    """The points stand in the middle of cells; strips beside them have nobody."""
    city = [[50, 0.1, 6]]
    half = {"most in the centre": box(-6400, -990, -5900, -900), "most beyond": box(-6100, -990, -5500, -900)}
    assert found(city, half) == {
        "most in the centre": [3, pytest.approx(NAN, nan_ok=True)],
        "most beyond": [1, pytest.approx(NAN, nan_ok=True)],
    }
    far = {
        "far": cell(40, 40),
        "as much": box(-6100, -990, -5900, -900),
        "over the edge": box(-4100, -990, -3000, -900),
    }
    assert {k: v[0] for k, v in found(city, far).items()} == {"far": 1, "as much": 3, "over the edge": 1}
    assert found([[0]], {"u": cell(0, 0)})["u"] == pytest.approx([NAN, NAN], nan_ok=True)
