"""Footprint, floor area and Spacematrix, done in the head."""

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Polygon
from world import SETTINGS, address, addresses, box, panden, place, quadrants, units, world

from pipeline.indicators import built, stock
from pipeline.profiles import PROFILES

NAN = float("nan")
SHARES = {k: v for k, v in SETTINGS.items() if k.startswith("usable")}


def of(pand, verblijfsobject, on, profile="cbs"):
    table = stock.counted_addresses(verblijfsobject, PROFILES[profile])
    pairs = stock.addresses_in_units(table, on)
    gross = built.gross_floor_area(table, built.single_family(table, built.address_panden(table, pand)), **SHARES)
    ground = built.footprint_in_units(built.footprint_parts(built.footprints(pand, PROFILES[profile]), on), on)
    floor = built.gross_floor_in_units(gross, pairs, on)
    return (
        built.footprint(on, ground)
        .join(built.usable_floor(on, table, pairs))
        .join(built.gross_floor(on, floor))
        .join(built.spacematrix(on, ground, floor))
    )


WORLD = {
    # house 100, flat 400, half of the hall 200, barn 100 and the half of the shed beside it 50; of 250,000
    "footprint_area_m2": {"sw": 850, "se": 200, "nw": 0, "ne": 0},
    "gsi": {"sw": 0.0034, "se": 0.0008, "nw": 0, "ne": 0},
    "floor_area_usable_m2": {"sw": 464, "se": 390, "nw": 0, "ne": 0},
    "fsi_usable": {"sw": 0.001856, "se": 0.00156, "nw": 0, "ne": 0},
    "floor_area_coverage_share": {"sw": 1, "se": 1, "nw": NAN, "ne": NAN},
    # 152 / 0.76 alone in the house; 78 / 0.78 twice in the flat; 78 / 0.78 + 78 / 0.78 with the shop; 390 / 0.78
    "floor_area_gross_m2": {"sw": 600, "se": 500, "nw": 0, "ne": 0},
    "fsi_gross": {"sw": 0.0024, "se": 0.002, "nw": 0, "ne": 0},
    "building_layers": {"sw": 600 / 850, "se": 2.5, "nw": NAN, "ne": NAN},
    "osr": {"sw": 0.9966 / 0.0024, "se": 0.9992 / 0.002, "nw": NAN, "ne": NAN},
}


@pytest.mark.parametrize("column", WORLD)
def test_the_world(column):
    found = of(world()["pand"], world()["verblijfsobject"], quadrants())
    assert set(found.columns) == set(WORLD)
    assert found[column].to_dict() == pytest.approx(WORLD[column], nan_ok=True)


def test_out_of_use_counts_for_pbl_and_its_floor_is_not_known():
    found = of(world()["pand"], world()["verblijfsobject"], quadrants(), "pbl").loc["nw"]
    expected = {
        "footprint_area_m2": 100, "gsi": 0.0004, "floor_area_usable_m2": NAN, "fsi_usable": NAN,
        "floor_area_coverage_share": 0, "floor_area_gross_m2": NAN, "fsi_gross": NAN, "building_layers": NAN, "osr": NAN,
    }  # fmt: skip
    assert found.to_dict() == pytest.approx(expected, nan_ok=True)


def test_what_is_measured_counts_and_the_coverage_tells():
    rows = [address(5, 5, m2=80), address(6, 6, m2=NAN), address(7, 7, m2=20), address(8, 8, m2=NAN)]
    found = of(panden({}), addresses(rows), quadrants()).loc["sw"]
    assert found[["floor_area_usable_m2", "floor_area_coverage_share"]].to_list() == [100, 0.5]


@pytest.mark.parametrize(
    ("status", "profiles"),
    [
        ("Pand in gebruik", {"cbs", "pbl", "strict"}),
        ("Pand in gebruik (niet ingemeten)", {"cbs", "pbl"}),
        ("Verbouwing pand", {"cbs", "pbl"}),
        ("Pand buiten gebruik", {"pbl"}),
        ("Sloopvergunning verleend", set()),
        ("Bouw gestart", set()),
        ("Bouwvergunning verleend", set()),
    ],
)
def test_which_buildings_exist_is_a_choice(status, profiles):
    pand = panden({"p": (box(0, 0, 10, 10), status)})
    assert {p for p in ("cbs", "pbl", "strict") if len(built.footprints(pand, PROFILES[p]))} == profiles


# --- edge cases of the ratios


def test_full_cover_leaves_no_open_ground():
    unit = units("hexagon", {"h": box(0, 0, 10, 10)})
    found = of(panden({"p": box(-5, -5, 15, 15)}), addresses([address(5, 5, m2=152, pand="p")]), unit).loc["h"]
    assert found[["gsi", "fsi_gross", "building_layers", "osr"]].to_list() == pytest.approx([1, 2, 2, 0])


def test_a_building_without_address_has_no_layers():
    found = of(panden({"shed": box(0, 0, 10, 10)}), addresses([]), quadrants()).loc["sw"]
    assert found[["building_layers", "osr"]].to_list() == pytest.approx([0, NAN], nan_ok=True)


def test_an_address_without_building_has_no_layers_to_tell():
    found = of(panden({}), addresses([address(5, 5)]), quadrants()).loc["sw"]
    assert found[["building_layers", "osr"]].to_list() == pytest.approx([NAN, 250_000 / (100 / 0.78)], nan_ok=True)


def test_a_unit_without_area_has_no_density():
    on = quadrants()
    on["area_m2"] = 0.0
    found = of(world()["pand"], world()["verblijfsobject"], on)
    assert found[["gsi", "fsi_usable", "fsi_gross", "osr"]].isna().all(axis=None)
    assert found["footprint_area_m2"]["sw"] == 850


# --- one or more dwellings in a building

ONE, TWO, OVER = box(0, 0, 10, 10), box(10, 0, 20, 10), box(5, 0, 15, 10)


@pytest.mark.parametrize(
    ("rows", "alone"),
    [
        ([address(5, 5, pand="one")], [True]),
        ([address(5, 5, pand="one"), address(6, 5, pand="one")], [False, False]),
        ([address(5, 5, pand="one"), address(6, 5, pand="two")], [True, True]),
        # A shop, or a dwelling that does not count, is no neighbour.
        ([address(5, 5, pand="one"), address(6, 5, "winkelfunctie", pand="one")], [True, False]),
        ([address(5, 5, pand="one"), address(6, 5, pand="one", status="Verblijfsobject gevormd")], [True]),
        # A dwelling in two buildings is alone if it is so in both.
        ([address(5, 5, pand="one,two")], [True]),
        ([address(5, 5, pand="one, two"), address(6, 5, pand="two")], [False, False]),
        ([address(5, 5, pand="one,one")], [True]),
        # Without a named building the one around the point is taken.
        ([address(3, 5)], [True]),
        ([address(3, 5, pand=None), address(18, 5, pand=None)], [True, True]),
        ([address(3, 5), address(4, 5)], [False, False]),
        ([address(3, 5), address(6, 5, pand="one")], [False, False]),
        ([address(12, 5)], [True]),
        ([address(500, 500)], [False]),
        ([], []),
    ],
)
def test_a_dwelling_alone_in_its_building(rows, alone):
    table = stock.counted_addresses(addresses(rows), PROFILES["cbs"])
    found = built.single_family(table, built.address_panden(table, panden({"one": ONE, "two": TWO, "apart": box(900, 900, 910, 910)})))
    assert found.to_list() == alone
    assert found.dtype == bool


def test_gross_is_usable_by_the_share_of_its_kind():
    rows = [
        address(5, 5, m2=76, pand="a"),
        address(5, 5, m2=78, pand="b"),
        address(5, 5, m2=78, pand="b"),
        address(5, 5, "kantoorfunctie", m2=50, pand="a"),
        address(5, 5, "woonfunctie,kantoorfunctie", m2=100, pand="c"),
        address(5, 5, "", m2=50),
        address(5, 5, m2=NAN),
    ]
    table = stock.counted_addresses(addresses(rows), PROFILES["cbs"])
    gross = built.gross_floor_area(table, built.single_family(table, built.address_panden(table, panden({}))), 0.76, 0.78, 0.5)
    assert gross.to_list() == pytest.approx([100, 100, 100, 100, 50 / 0.76 + 100, 100, NAN], nan_ok=True)


# --- overlapping buildings


def ground(shapes):
    return built.footprints(panden(shapes), PROFILES["cbs"])


def test_the_first_by_id_keeps_what_is_common():
    found = ground({"c": ONE, "b": TWO, "a": OVER})
    assert found.area.to_dict() == {"a": 100, "b": 50, "c": 50}


def test_a_building_wholly_under_earlier_ones_is_gone():
    found = ground({"a": box(0, 0, 20, 10), "b": TWO, "c": ONE})
    assert found.area.to_dict() == {"a": 200}


def test_buildings_that_share_a_wall_stay_as_they_are():
    """Not even a corner is added where the neighbour's wall begins."""
    long = place(Polygon([(0, 0), (100, 0), (0, 100)]))
    shapes = {"a": place(Polygon([(75, 25), (90, 90), (25, 75)])), "b": long, "c": box(100, 0, 110, 5)}
    found = ground(shapes)
    assert all(found[k].wkb == s.wkb for k, s in shapes.items())


LATTICE = st.sampled_from([0, 1, 250, 499, 500, 501, 750, 1000])


@st.composite
def shapes(draw):
    corners = draw(st.lists(st.tuples(LATTICE, LATTICE), min_size=3, max_size=3, unique=True))
    shape = Polygon(corners)
    if shape.area == 0 or draw(st.booleans()):
        (w, e), (s, n) = (sorted(draw(st.lists(LATTICE, min_size=2, max_size=2, unique=True))) for _ in "xy")
        shape = shapely.box(w, s, e, n)
    return place(shape)


@given(st.lists(shapes(), max_size=8))
@settings(deadline=None, max_examples=60)
def test_no_ground_is_lost_and_none_counts_twice(drawn):
    pand, on = panden({f"p{i}": s for i, s in enumerate(drawn)}), quadrants()
    # 1e-6 m²: the last digit of an RD coordinate, over the length of a building of 1 km.
    union = pytest.approx(shapely.union_all(drawn).area, rel=1e-9, abs=1e-6)
    parts = built.footprints(pand, PROFILES["cbs"])
    assert parts.area.sum() == union
    assert parts.is_valid.all()
    assert built.footprint_in_units(built.footprint_parts(parts, on), on).sum() == union
