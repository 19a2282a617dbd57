"""Length of streets per area: what lies in a unit, and half of what lies on its edge."""

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from lattice import LATTICE, boxes
from shapely import LineString, MultiLineString
from world import box, layer, place, units

from pipeline.contract import CRS
from pipeline.indicators import network

NAN = float("nan")


def streets(lines, **facts):
    """Ordinary streets of a municipality, unless told otherwise."""
    usual = {"road_authority": "G", "carriageway": "RB"}
    return layer("wegvak", {f"w{i}": {"geometry": place(s), **usual, **facts} for i, s in enumerate(lines)})


def of(wegvak, on):
    lines = network.network_streets(wegvak)
    return network.network_density(on, network.street_parts(lines, on), network.street_lengths(lines))


def line(*points):
    return LineString(points)


SQUARE = [(0, 0), (100, 0), (100, 100), (0, 100), (0, 0)]
BLOCK = {"b": box(0, 0, 100, 100)}


def test_a_block_with_four_streets_around_it_and_one_through_it():
    """400 m on the edge count half: (100 + 200) / 10,000."""
    around = [line(*SQUARE[i : i + 2]) for i in range(4)]
    found = of(streets([*around, line((50, 0), (50, 100))]), units("block", BLOCK)).loc["b"]
    assert found.to_dict() == pytest.approx({"street_length_m": 300, "network_density_m_per_m2": 0.03}, rel=1e-12)


@pytest.mark.parametrize(
    ("lines", "metres"),
    [
        ([], 0),
        ([line((10, 50), (90, 50))], 80),
        # Crosses the unit; ends on its edge; lies outside; touches a corner.
        ([line((-50, 50), (150, 50))], 100),
        ([line((50, 50), (100, 50))], 50),
        ([line((50, 100), (50, 200))], 0),
        ([line((100, 0), (200, 0))], 0),
        ([line((-10, 10), (10, -10))], 0),
        # Along the edge: of either side of it by less than 0.1 m, or by more.
        ([line((0, 0), (100, 0))], 50),
        ([line((0, 0.05), (100, 0.05))], 50),
        ([line((0, -0.05), (100, -0.05))], 50),
        ([line((0, -0.05), (50, 0.05), (100, -0.05))], 50),
        ([line((0, -0.2), (100, -0.2))], 0),
        ([line((0.5, 0.2), (99.5, 0.2))], 99),
        # Follows the edge for a part of its way, then leaves it inward, or outward.
        ([line((0, 0), (60, 0), (60, 80))], 30 + 80),
        ([line((0, 0), (60, 0), (60, -80))], 30),
        # Goes round the block in one line.
        ([line(*SQUARE)], 200),
        # Comes from beyond the corner and follows the edge.
        ([line((-70, 0), (170, 0))], 50),
        # In parts.
        ([MultiLineString([[(0, 0), (100, 0)], [(10, 50), (20, 50)]])], 60),
    ],
)
def test_where_a_street_lies(lines, metres):
    found = of(streets(lines), units("block", BLOCK)).loc["b"]
    # Where a street leaves the edge, the tenth of a metre beside it is told from the rest to the centimetre.
    assert found["street_length_m"] == pytest.approx(metres, abs=0.11)
    assert found["network_density_m_per_m2"] == found["street_length_m"] / 10_000


@pytest.mark.parametrize(
    ("authority", "carriageway", "counts"),
    [
        ("G", "RB", True), ("G", "", True), ("G", "VWG", True), ("G", "NRB", True), ("G", "BU", True), ("P", "HR", True),
        ("R", "RB", True), ("R", "PAR", True), ("W", "RB", True), ("T", "RB", True),
        ("R", "HR", False), ("R", "OPR", False), ("R", "AFR", False), ("R", "VBI", False),
        ("G", "FP", False), ("G", "VP", False), ("G", "RP", False), ("G", "PP", False), ("R", "PKB", False), ("T", "VD", False),
        *(("G", code, False) for code in ("VV", "PC", "PR", "PKP", "BST", "CADO")),
        *(("R", code, False) for code in ("PST", "TN", "DST", "VBD", "VBS", "VBR", "VBK", "VBW")),
    ],
)  # fmt: skip
def test_which_lines_are_streets(authority, carriageway, counts):
    wegvak = streets([line((10, 50), (90, 50))], road_authority=authority, carriageway=carriageway)
    assert of(wegvak, units("block", BLOCK)).loc["b", "street_length_m"] == (80 if counts else 0)


def test_a_unit_without_area_has_no_density():
    on = units("block", BLOCK).assign(area_m2=0.0)
    assert of(streets([line((10, 50), (90, 50))]), on).loc["b"].to_list() == pytest.approx([80, NAN], nan_ok=True)


def test_the_share_of_a_street_is_what_counts_of_it():
    on = units("block", {"east": box(100, 0, 200, 100), "west": box(0, 0, 100, 100)})
    wegvak = streets([line((50, 50), (250, 50)), line((100, 0), (100, 100))])
    found = network.street_parts(network.network_streets(wegvak), on)
    assert found.to_dict("list") == {
        "subject": ["w0", "w1", "w0", "w1"],
        "unit": ["east", "east", "west", "west"],
        "share": pytest.approx([0.5, 0.5, 0.25, 0.5]),
    }


def test_a_street_that_only_meets_a_unit_is_no_part_of_it():
    on = units("block", BLOCK)
    wegvak = streets([line((50, 100), (50, 200)), line((100, 0), (200, 0)), line((-10, 10), (10, -10))])
    assert network.street_parts(network.network_streets(wegvak), on).empty


def test_a_unit_in_parts_with_a_hole_has_edges_inside_too():
    shape = box(0, 0, 100, 100).difference(box(40, 40, 60, 60)).union(box(200, 0, 300, 100))
    # Through the first and its hole, round the hole, and along the second.
    lines = [
        line((0, 50), (100, 50)),
        line((40, 40), (60, 40), (60, 60), (40, 60), (40, 40)),
        line((200, 100), (300, 100)),
    ]
    found = of(streets(lines), units("block", {"b": shape})).loc["b", "street_length_m"]
    assert found == pytest.approx(80 + 40 + 50)


def test_a_street_on_the_edge_counts_half_where_rounding_moves_the_corner_off_it():
    # The unit's second corner is interpolated on the street: no vertex of it, and off it by the last digit.
    at = shapely.LineString([(250090.863, 250091.291), (250138.277, 250102.812)])  # as it stands, not in the world
    wegvak = streets([line((0, 0), (1, 1))]).set_geometry([at], crs=CRS)
    corner = (250116.3255200592, 250097.47806908513)
    unit = shapely.Polygon([(250138.277, 250102.812), corner, (250168.277, 250091.291)])
    found = of(wegvak, units("block", {"u": unit})).loc["u", "street_length_m"]
    # Beyond the corner a tenth of a metre of the street is still within reach of the edge: half of that.
    assert found == pytest.approx(shapely.Point(corner).distance(shapely.Point(250138.277, 250102.812)) / 2, abs=0.06)


@st.composite
def ways(draw):
    """Streets along the lattice, of which many lie on the borders of the units."""
    (x, y), to = draw(st.tuples(LATTICE, LATTICE)), draw(LATTICE)
    return line((x, y), (to, y)) if draw(st.booleans()) else line((x, y), (x, to))


@given(st.lists(ways(), max_size=8), st.sampled_from([(500, 500), (250, 499), (100, 100)]))
@settings(deadline=None, max_examples=60)
def test_parts_add_up_to_the_whole(drawn, cut):
    """A street on a border between units counts half in each; on the lattice each is inside, on a border or apart."""
    x, y = cut
    on = {"a": box(-5, -5, x, y), "b": box(x, -5, 1005, y), "c": box(-5, y, x, 1005), "d": box(x, y, 1005, 1005)}
    wegvak = streets([w for w in drawn if w.length])
    parts = of(wegvak, units("block", on))["street_length_m"]
    # Round each of two corners that a street on a border passes, a tenth of a metre is beside both edges.
    assert parts.sum() == pytest.approx(wegvak.length.sum(), abs=0.41 * len(wegvak) + 1e-6)


@given(st.lists(ways(), min_size=1, max_size=5), boxes())
@settings(deadline=None, max_examples=60)
def test_inside_and_half_of_the_edge_by_plain_geometry(drawn, shape):
    wegvak = streets([w for w in drawn if w.length])
    edge, inner = shape.boundary, shape.buffer(-0.3)
    expected = sum(
        shapely.intersection(s, inner).length + 0.5 * shapely.intersection(s, edge).length for s in wegvak.geometry
    )
    found = of(wegvak, units("block", {"u": shape})).loc["u", "street_length_m"]
    assert found == pytest.approx(expected, abs=0.7 * max(len(wegvak), 1))
