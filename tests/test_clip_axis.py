"""The axis on networks that can be walked in the head. Coordinates are plain metres, far from any real track."""

from __future__ import annotations

import itertools

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, MultiLineString, Point

from pipeline.clip import axis
from pipeline.contract import CRS, ContractError, SourceError, check


def tracks(*lines):
    """Each line is a list of corners."""
    return gpd.GeoSeries([LineString(line) for line in lines], crs=CRS)


def stations(**at):
    """Stations by name, in order."""
    return gpd.GeoDataFrame(
        {"station_name": pd.Series(list(at), dtype="str")}, geometry=[Point(p) for p in at.values()], crs=CRS
    ).set_axis(pd.Index([f"s{i}" for i in range(len(at))], name="station_id", dtype="str"))


def way(lines, stops, snap_m=1.0):
    return axis.axis_between(lines, stops, snap_m)


def along(line):
    """Corners of the axis, rounded to millimetres."""
    return [tuple(map(float, c)) for c in np.round(shapely.get_coordinates(line), 3)]


# --- the way


def test_a_double_track_gives_one_line_along_the_nearer_track():
    found = way(tracks([(0, 0), (1000, 0)], [(0, 4), (1000, 4)]), stations(A=(100, 10), B=(900, 10)))
    assert along(found) == [(100, 4), (900, 4)]


def test_stations_beside_the_track_are_put_on_it():
    found = way(tracks([(0, 0), (1000, 0)]), stations(A=(100, 30), B=(900, -40)))
    assert along(found) == [(100, 0), (900, 0)]


def test_it_runs_from_the_first_station_to_the_last():
    found = way(tracks([(0, 0), (500, 0)], [(1000, 0), (500, 0)]), stations(A=(900, 0), B=(100, 0)))
    assert along(found) == [(900, 0), (500, 0), (100, 0)]


def test_a_station_on_an_end_of_a_track():
    found = way(tracks([(0, 0), (500, 0)], [(500, 0), (1000, 0)]), stations(A=(0, 0), B=(500, 3), C=(1000, 0)))
    assert along(found) == [(0, 0), (500, 0), (1000, 0)]


def test_a_gap_of_75_cm_is_bridged():
    found = way(tracks([(0, 0), (500, 0)], [(500.75, 0), (1000, 0)]), stations(A=(0, 0), B=(1000, 0)))
    assert along(found) == [(0, 0), (500, 0), (500.75, 0), (1000, 0)]


def test_a_gap_of_150_cm_is_not_and_the_error_says_how_wide_it_is():
    with pytest.raises(SourceError) as error:
        way(tracks([(0, 0), (500, 0)], [(501.5, 0), (1000, 0)]), stations(A=(0, 0), B=(1000, 0)))
    assert str(error.value) == (
        "spooras: no track joins A and B; the nearest ends are 1.50 m apart, [corridor] snap_m is 1"
    )


def test_snap_m_decides_which_gap_is_bridged():
    found = way(tracks([(0, 0), (500, 0)], [(501.5, 0), (1000, 0)]), stations(A=(0, 0), B=(1000, 0)), snap_m=2.0)
    assert found.length == 1000


def test_the_shortest_of_two_ways_is_taken():
    lines = tracks(
        [(0, 0), (100, 0)], [(100, 0), (100, 300), (900, 300), (900, 0)], [(100, 0), (900, 0)], [(900, 0), (1000, 0)]
    )
    assert way(lines, stations(A=(0, 0), B=(1000, 0))).length == 1000
    # Without the straight one the way goes 300 m up and down again.
    assert way(lines.drop(2), stations(A=(0, 0), B=(1000, 0))).length == 1600


def test_of_two_tracks_between_the_same_switches_the_shorter_is_taken_in_both_directions():
    bent, straight = [(900, 0), (500, 50), (100, 0)], [(100, 0), (900, 0)]
    for one, other in itertools.permutations([bent, straight]):
        lines = tracks([(0, 0), (100, 0)], one, other, [(900, 0), (1000, 0)])
        assert way(lines, stations(A=(0, 0), B=(1000, 0))).length == 1000
        assert way(lines, stations(B=(1000, 0), A=(0, 0))).length == 1000


def test_a_track_that_ends_on_the_middle_of_another_joins_it():
    found = way(tracks([(0, 0), (1000, 0)], [(400, 0.5), (400, 800)]), stations(A=(0, 0), B=(400, 800)))
    assert along(found) == [(0, 0), (400, 0), (400, 0.5), (400, 800)]


def test_a_track_that_ends_beside_the_last_metre_of_another_joins_it():
    # 0.8 m beside the line and 0.8 m before its end, so 1.13 m from that end.
    found = way(tracks([(0, 0), (1000, 0)], [(999.2, 0.8), (999.2, 800)]), stations(A=(0, 0), B=(999.2, 800)))
    assert along(found) == [(0, 0), (999.2, 0), (999.2, 0.8), (999.2, 800)]


def test_tracks_that_cross_are_not_joined():
    with pytest.raises(SourceError, match=r"^spooras: no track joins A and B; the nearest ends are "):
        way(tracks([(0, 0), (1000, 0)], [(500, -800), (500, 800)]), stations(A=(0, 0), B=(500, 800)))


def test_the_way_goes_past_the_stations_in_their_order():
    # B lies on the way round, which is longer than the straight way from A to C.
    lines = tracks(
        [(0, 0), (100, 0)], [(100, 0), (100, 300), (900, 300), (900, 0)], [(100, 0), (900, 0)], [(900, 0), (1000, 0)]
    )
    stops = stations(A=(0, 0), B=(500, 320), C=(1000, 0))
    found = way(lines, stops)
    assert along(found) == [(0, 0), (100, 0), (100, 300), (500, 300), (900, 300), (900, 0), (1000, 0)]
    assert axis.chainage(found, stops)["chainage_m"].tolist() == [0, 800, 1600]


def test_a_dead_end_track_of_another_network_does_not_catch_a_station():
    # As at Enschede: the nearest track leads abroad, and no rail joins it to the line that passes all stations.
    lines = tracks([(0, 0), (1000, 0)], [(980, 12), (2000, 12)])
    found = way(lines, stations(A=(0, 3), B=(500, 3), C=(1000, 10)))
    assert along(found) == [(0, 0), (500, 0), (1000, 0)]


def test_nor_does_a_line_that_ends_well_before_a_station_stand_in_for_its_track():
    # The first line ends 300 m before B: near enough for a station without rails, not for one that has its own.
    with pytest.raises(SourceError, match=r"^spooras: no track joins A and B; the nearest ends are 2\.00 m apart"):
        way(tracks([(0, 0), (700, 0)], [(702, 0), (2000, 0)]), stations(A=(0, 0), B=(1000, 0)))
    assert way(tracks([(0, 0), (700, 0)]), stations(A=(0, 0), B=(1000, 0))).length == 700


def test_of_two_networks_that_pass_all_stations_the_nearer_is_taken():
    lines = tracks([(0, 0), (1000, 0)], [(0, 100), (1000, 100)])
    assert along(way(lines, stations(A=(0, 60), B=(1000, 45)))) == [(0, 100), (1000, 100)]
    assert along(way(lines, stations(A=(0, 60), B=(1000, 35)))) == [(0, 0), (1000, 0)]


def test_pieces_of_a_multilinestring_are_tracks_of_their_own():
    lines = gpd.GeoSeries([MultiLineString([[(0, 0), (500, 0)], [(500.5, 0), (1000, 0)]])], crs=CRS)
    assert along(way(lines, stations(A=(0, 0), B=(1000, 0)))) == [(0, 0), (500, 0), (500.5, 0), (1000, 0)]


YARD = ([(0, 0), (300, 0)], [(300, 0), (700, 0)], [(700.5, 0), (300.5, 0.5)], [(300, 0), (500, 90), (700, 0)], [(1000, 0), (700, 0.5)],
        [(500, 90), (500, 400)])  # fmt: skip


@settings(deadline=None, max_examples=20)
@given(order=st.permutations(range(len(YARD))), turned=st.sets(st.integers(0, len(YARD) - 1)))
def test_neither_the_order_nor_the_direction_of_the_tracks_matters(order, turned):
    lines = tracks(*(YARD[i][::-1] if i in turned else YARD[i] for i in order))
    found = way(lines, stations(A=(0, 0), B=(1000, 0)))
    expected = way(tracks(*YARD), stations(A=(0, 0), B=(1000, 0)))
    assert found.length == pytest.approx(expected.length, abs=1e-9)
    assert found.hausdorff_distance(expected) < 1


# --- what can be wrong


def test_a_station_far_from_any_track():
    with pytest.raises(SourceError) as error:
        way(tracks([(0, 0), (1000, 0)]), stations(A=(0, 0), B=(500, 501)))
    assert str(error.value) == "spooras: station B is 501 m from the nearest track, expected at most 500 m"
    assert way(tracks([(0, 0), (1000, 0)]), stations(A=(0, 0), B=(500, 500))).length == 500


def test_no_track_at_all():
    with pytest.raises(SourceError, match=r"^spooras: there is no track in the loaded area$"):
        way(tracks(), stations(A=(0, 0), B=(500, 0)))


def test_two_stations_at_one_place():
    with pytest.raises(SourceError, match=r"^spooras: A and B touch the track at one place, expected two$"):
        way(tracks([(0, 0), (1000, 0)]), stations(A=(500, 10), B=(500, -10)))


def test_stations_out_of_order():
    stops = stations(A=(0, 0), C=(1000, 5), B=(400, 5))
    found = way(tracks([(0, 0), (1000, 0)]), stops)
    with pytest.raises(SourceError) as error:
        axis.chainage(found, stops)
    assert str(error.value) == (
        "[corridor] stations: B lies at 400 m along the track, not beyond C at 1000 m; name them in order along the track"
    )


# --- stations by name

ALL = stations(Hengelo=(0, 0), Enschede=(1000, 0), Oldenzaal=(9, 9), Kennispark=(500, 0))


def test_stations_come_in_the_order_asked_whatever_their_capitals():
    assert axis.stops(ALL, ("ENSCHEDE", "Hengelo")).index.tolist() == ["s1", "s0"]


def test_an_unknown_station_names_the_nearest_names():
    with pytest.raises(SourceError) as error:
        axis.stops(ALL, ("Hengelo", "Enschedee"))
    assert str(error.value) == ("[corridor] stations: no station 'Enschedee' in the loaded area; there are Enschede")


def test_an_unknown_station_like_no_other_names_some_that_are_there():
    with pytest.raises(SourceError) as error:
        axis.stops(ALL, ("Zzyx",))
    assert str(error.value) == (
        "[corridor] stations: no station 'Zzyx' in the loaded area; there are Enschede, Hengelo, Kennispark, Oldenzaal"
    )


def test_a_name_that_two_stations_have():
    twice = pd.concat([ALL, ALL.iloc[:1].set_axis(pd.Index(["s9"], name="station_id"))])
    with pytest.raises(SourceError, match=r"^\[corridor\] stations: 2 stations are called 'Hengelo', expected one$"):
        axis.stops(twice, ("Hengelo", "Enschede"))


# --- chainage and pieces

BENT = LineString([(0, 0), (300, 0), (300, 400), (800, 400)])


def test_chainage_is_measured_along_the_axis():
    stops = stations(A=(0, 0), B=(310, 200), C=(800, 395))
    table = check(axis.chainage(BENT, stops), axis.STOPS)
    assert table["chainage_m"].tolist() == [0, 500, 1200]
    assert table["station_name"].tolist() == ["A", "B", "C"]
    assert table.geometry.geom_equals(stops.geometry).all()


def test_pieces_are_of_one_length_and_the_last_is_the_rest():
    table = check(axis.pieces(BENT, 500), axis.AXIS)
    assert table.index.tolist() == ["A000000", "A000500", "A001000"]
    assert table["from_m"].tolist() == [0, 500, 1000]
    assert table["to_m"].tolist() == [500, 1000, 1200]
    assert table.length.tolist() == [500, 500, 200]


@pytest.mark.parametrize(
    ("length_m", "marks"),
    [
        (400, [0, 400, 800, 1200]),
        (5000, [0, 1200]),
        (1100, [0, 1200]),  # a rest of 100 m is less than a tenth of a section
        (1000, [0, 1000, 1200]),
        (120, [*range(0, 1201, 120)]),
    ],
)
def test_a_short_rest_joins_the_last_section(length_m, marks):
    assert axis.marks(BENT, length_m) == marks


def test_an_axis_without_length_has_no_marks():
    with pytest.raises(ContractError, match=r"^axis: has no length, expected two different stations$"):
        axis.marks(LineString([(0, 0), (0, 0)]), 100)


LATTICE = st.sampled_from([0, 1, 250, 499, 500, 1000])


@settings(deadline=None, max_examples=40)
@given(
    corners=st.lists(st.tuples(LATTICE, LATTICE), min_size=2, max_size=6, unique=True),
    length_m=st.sampled_from([100, 250, 333.3, 500, 5000]),
)
def test_the_pieces_joined_are_the_axis(corners, length_m):
    line = LineString(corners)
    table = axis.pieces(line, length_m)
    assert table.length.sum() == pytest.approx(line.length)
    # Joined also from rows in another order, with the marks as corners more.
    joined = axis.joined(table.iloc[::-1])
    assert joined.length == pytest.approx(line.length)
    assert joined.hausdorff_distance(line) < 1e-6
    assert joined.coords[0] == line.coords[0]
    assert joined.coords[-1] == line.coords[-1]
