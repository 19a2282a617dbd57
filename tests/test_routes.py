"""Distances along a network: done in the head, against a search without any matrix, and what must not change them."""

import itertools
import math

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, Point

from pipeline import routes

INF = math.inf

#: A grid of four blocks of 100 m: each street from corner to corner.
GRID = [
    *(LineString([(x, y), (x + 100, y)]) for x in (0, 100) for y in (0, 100, 200)),
    *(LineString([(x, y), (x, y + 100)]) for x in (0, 100, 200) for y in (0, 100)),
]


def points(*xy):
    return np.array([Point(p) for p in xy], dtype=object)


def way(lines, sources, places, snap_m=0.0):
    """Distance of each place from the nearest source."""
    network = routes.network(lines, snap_m)
    found = routes.distances(network, routes.attach(network, points(*sources)), routes.attach(network, points(*places)))
    return found.tolist()


# --- in the head


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ((0, 0), 0),
        ((100, 0), 100),
        ((200, 200), 400),
        ((150, 0), 150),
        ((30, 100), 130),
        ((70, 100), 170),  # by either corner
        ((200, 50), 250),
        ((40, 10), 50),  # 10 to the street, 40 along it
        ((210, 0), 210),  # 10 from the end of a street
        ((210, 210), 400 + math.sqrt(200)),
    ],
)
def test_distance_in_a_grid_of_streets(place, expected):
    assert way(GRID, [(0, 0)], [place]) == [expected]


def test_the_way_to_the_network_counts_at_both_ends():
    street = [LineString([(0, 0), (100, 0)])]
    assert way(street, [(10, 7)], [(90, 5)]) == [7 + 80 + 5]


def test_who_lives_on_the_same_street_does_not_go_round_by_a_corner():
    assert way(GRID, [(40, 0)], [(60, 0), (20, 0), (40, 0)]) == [20, 20, 0]


def test_a_street_is_entered_anywhere_and_not_at_its_ends_only():
    long = [LineString([(0, 0), (1000, 0)])]
    assert way(long, [(500, 0)], [(520, 30)]) == [50]


def test_the_nearest_of_two_sources_is_the_one_along_the_network():
    lines = [LineString([(0, 0), (100, 0), (100, 300), (0, 300)]), LineString([(0, 0), (-500, 0)])]
    # (0, 300) is 300 m off in a straight line and 500 m along the street; (-350, 0) is nearer that way.
    assert way(lines, [(0, 300), (-350, 0)], [(0, 0)]) == [350]
    assert way(lines, [(0, 300), (-600, 0)], [(0, 0)]) == [500]


def test_two_sources_on_one_street_cut_it_in_three():
    street = [LineString([(0, 0), (300, 0)])]
    assert way(street, [(200, 0), (100, 0)], [(10, 0), (140, 0), (160, 0), (290, 0)]) == [90, 40, 40, 90]


def test_a_source_that_is_far_from_the_street_leaves_it_to_a_nearer_one():
    street = [LineString([(0, 0), (300, 0)])]
    assert way(street, [(100, 90), (200, 0)], [(100, 0), (0, 0)]) == [90, 190]


def test_streets_that_cross_without_a_junction_are_a_bridge():
    over = [LineString([(0, -50), (0, 50)]), LineString([(-50, 0), (50, 0)])]
    assert way(over, [(0, -40)], [(30, 0), (0, 40)]) == [INF, 80]
    met = [LineString(p) for p in ([(0, -50), (0, 0)], [(0, 0), (0, 50)], [(-50, 0), (0, 0)], [(0, 0), (50, 0)])]
    assert way(met, [(0, -40)], [(30, 0), (0, 40)]) == [70, 80]


def test_an_end_on_the_middle_of_another_street_is_no_junction():
    tee = [LineString([(0, 0), (100, 0)]), LineString([(50, 0), (50, 80)])]
    assert way(tee, [(0, 0)], [(50, 70)]) == [INF]


def test_ends_within_the_tolerance_are_joined_and_the_step_counts():
    parts = [LineString([(0, 0), (100, 0)]), LineString([(100.5, 0), (200, 0)])]
    assert way(parts, [(0, 0)], [(200, 0)], snap_m=0.5) == [200]
    assert way(parts, [(0, 0)], [(200, 0)], snap_m=0.4) == [INF]
    assert way(parts, [(0, 0)], [(200, 0)]) == [INF]


def test_what_no_street_leads_to_is_infinitely_far():
    apart = [LineString([(0, 0), (100, 0)]), LineString([(0, 50), (100, 50)])]
    assert way(apart, [(0, 0)], [(100, 0), (100, 50)]) == [100, INF]


def test_of_two_streets_between_the_same_corners_the_shorter_counts():
    both = [LineString([(0, 0), (0, 80), (100, 80), (100, 0)]), LineString([(0, 0), (100, 0)])]
    assert way(both, [(-10, 0)], [(110, 0)]) == [120]
    assert way(both[::-1], [(-10, 0)], [(110, 0)]) == [120]


def test_a_loop_is_walked_the_shorter_way_round():
    loop = [LineString([(0, 0), (100, 0), (100, 100), (0, 100), (0, 0)])]
    assert way(loop, [(0, 0)], [(100, 50), (0, 90), (50, 100)]) == [150, 90, 150]


def test_a_place_between_two_streets_takes_the_better_one():
    # 10 m from both: the upper leads nowhere, whichever stands first.
    lines = [LineString([(0, 20), (100, 20)]), LineString([(0, 0), (100, 0)])]
    assert way(lines, [(0, 0)], [(50, 10)]) == way(lines[::-1], [(0, 0)], [(50, 10)]) == [60]


def test_parts_of_a_multiline_are_streets_and_lines_without_length_are_not():
    lines = [
        shapely.MultiLineString([[(0, 0), (10, 0)], [(10, 0), (30, 0)]]),
        LineString([(30, 0, 5), (40, 0, 9)]),
        LineString([(7, 7), (7, 7)]),
    ]
    assert len(routes.network(lines).lines) == 3
    assert way(lines, [(0, 0)], [(40, 0)]) == [40]


def test_without_streets_or_sources_nothing_is_reached():
    assert way([], [(0, 0)], [(0, 0), (1, 1)]) == [INF, INF]
    assert way(GRID, [], [(0, 0)]) == [INF]
    assert way(GRID, [(0, 0)], []) == []


# --- areas


def test_a_street_past_an_area_is_looked_at_step_by_step():
    network = routes.network([LineString([(0, 0), (100, 0)])])
    spots = routes.along(network, np.array([shapely.box(35, 12, 60, 50)]), reach_m=20, step_m=10)
    # Beside the box 12; 5 beside its corner, 13; 15 beside it is 19.2; 25 is too far.
    assert spots.along_m.tolist() == pytest.approx([20, 30, 40, 50, 60, 70])
    assert spots.away_m.tolist() == pytest.approx([math.hypot(15, 12), 13, 12, 12, 12, math.hypot(10, 12)])
    assert spots.places == 6


@pytest.mark.parametrize(("reach_m", "places"), [(20, 11), (19.999, 0)])
def test_as_far_as_the_reach_is_within_it(reach_m, places):
    network = routes.network([LineString([(0, 0), (100, 0)])])
    assert routes.along(network, np.array([shapely.box(-50, 20, 150, 50)]), reach_m, step_m=10).places == places


def test_steps_are_no_longer_than_asked():
    network = routes.network([LineString([(0, 0), (95, 0)])])
    spots = routes.along(network, np.array([shapely.box(-10, -10, 200, 10)]), reach_m=20, step_m=10)
    assert spots.along_m == pytest.approx(np.arange(11) * 9.5)
    assert not spots.away_m.any()


def test_a_walk_to_an_area_ends_at_its_edge():
    network = routes.network(GRID)
    area = np.array([shapely.box(150, 190, 400, 400)])
    found = routes.distances(
        network, routes.along(network, area, 20, 10), routes.attach(network, points((0, 200), (200, 100), (170, 200)))
    )
    # Along y = 200 from 130 on, 22 m off, is too far; 140 is 10 m from the area, 150 in it.
    assert found.tolist() == pytest.approx([150, 90, 0])


def test_straight_distance_to_areas():
    ring = shapely.box(0, 0, 10, 10) - shapely.box(2, 2, 8, 8)
    here = points((1, 1), (5, 5), (13, 14), (10, 5), (55, 0))
    assert routes.straight(here, np.array([ring])).tolist() == [0, 3, 5, 0, 45]
    assert routes.straight(here, np.array([ring, shapely.box(50, -5, 60, 5)])).tolist() == [0, 3, 5, 0, 0]


def test_without_areas_there_is_nothing_to_go_to():
    network, none = routes.network(GRID), np.array([], dtype=object)
    assert routes.along(network, none, 20, 10).places == 0
    assert routes.straight(points((0, 0)), none).tolist() == [INF]
    assert routes.along(routes.network([]), np.array([shapely.box(0, 0, 9, 9)]), 20, 10).places == 0


# --- another way to the same


def searched(lines, source, place):
    """Shortest way by trying all, over and over, from point to point: no matrix, no tree, no cut."""
    lines = [line for line in lines if line.length]

    def nearest(xy):
        away = [line.distance(Point(xy)) for line in lines]
        return [(i, lines[i].project(Point(xy)), d) for i, d in enumerate(away) if d == min(away)]

    best = INF
    for (i, s, off), (k, t, away) in itertools.product(nearest(source), nearest(place)):
        here = {lines[i].coords[0]: s, lines[i].coords[-1]: lines[i].length - s}
        if lines[i].coords[0] == lines[i].coords[-1]:
            here = {lines[i].coords[0]: min(s, lines[i].length - s)}
        for _ in range(2 * len(lines)):
            for line in lines:
                for a, b in itertools.permutations((line.coords[0], line.coords[-1])):
                    here[b] = min(here.get(b, INF), here.get(a, INF) + line.length)
        to = lines[k]
        ends = here.get(to.coords[0], INF) + t, here.get(to.coords[-1], INF) + to.length - t
        best = min(best, off + away + min(*ends, abs(s - t) if i == k else INF))
    return best


CORNER = st.tuples(st.integers(0, 4), st.integers(0, 4)).map(lambda p: (100 * p[0], 100 * p[1]))
SPOT = st.tuples(st.integers(-2, 42), st.integers(-2, 42)).map(lambda p: (10 * p[0], 10 * p[1]))
#: Along the axes only, so that what is equally near is so to the last digit.
BENT = st.tuples(CORNER, CORNER).map(lambda ends: LineString([ends[0], (ends[1][0], ends[0][1]), ends[1]]))
STREETS = st.lists(BENT, min_size=1, max_size=10)
SLANTED = st.lists(st.lists(CORNER, min_size=2, max_size=3).map(LineString), min_size=1, max_size=10)
SPOTS = st.lists(SPOT, min_size=1, max_size=4)


@given(STREETS, SPOTS, SPOTS)
@settings(deadline=None, max_examples=80)
def test_it_is_what_a_plain_search_finds(streets, sources, places):
    if not any(s.length for s in streets):
        return
    expected = [min(searched(streets, source, place) for source in sources) for place in places]
    assert way(streets, sources, places) == pytest.approx(expected, rel=1e-12)


# --- what must hold


@given(STREETS | SLANTED, SPOTS, SPOTS, st.sampled_from([0.0, 100.0]))
@settings(deadline=None, max_examples=60)
def test_no_way_is_shorter_than_the_straight_line(streets, sources, places, snap_m):
    straight = [min(math.dist(source, place) for source in sources) for place in places]
    assert (np.array(way(streets, sources, places, snap_m)) >= np.array(straight) - 1e-9).all()


@given(SLANTED, SLANTED, SPOTS, SPOTS)
@settings(deadline=None, max_examples=60)
def test_a_street_more_makes_no_way_longer_for_who_enters_the_network_where_he_did(streets, more, sources, places):
    before = routes.network(streets)
    there, here = (routes.attach(before, points(*p)) for p in (sources, places))
    after = routes.network([*streets, *more])
    assert (routes.distances(after, there, here) <= routes.distances(before, there, here) + 1e-9).all()


@given(STREETS, SPOT, SPOT)
@settings(deadline=None, max_examples=60)
def test_there_is_as_far_as_back(streets, one, other):
    assert way(streets, [one], [other]) == pytest.approx(way(streets, [other], [one]), rel=1e-12)


@given(STREETS, SPOTS, SPOTS, st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=60)
def test_order_direction_and_place_on_earth_change_nothing(streets, sources, places, random):
    found = way(streets, sources, places)
    mixed = [line.reverse() if random.random() < 0.5 else line for line in streets]
    random.shuffle(mixed)

    def moved(xy):
        return xy[0] + 257_000, xy[1] + 471_000

    shifted = [LineString([moved(xy) for xy in line.coords]) for line in mixed]
    order = random.sample(range(len(places)), len(places))
    again = way(shifted, [moved(s) for s in reversed(sources)], [moved(places[i]) for i in order])
    assert again == pytest.approx([found[i] for i in order], rel=1e-9)
