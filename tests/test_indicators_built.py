"""Footprint, floor area and Spacematrix, done in the head."""

import pandas as pd
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
    link = built.address_panden(table, pand)
    high = built.high_rise(table, link, built.usable_floor_by_pand(table, link, pand), pand, 0.78, 2.6)
    gross = built.gross_floor_area(table, built.single_family(table, link), high, **SHARES)
    outlines = built.footprints(pand, PROFILES[profile])
    parts = built.footprint_parts(outlines, on)
    ground = built.footprint_in_units(parts, on)
    floor = built.gross_floor_in_units(gross, pairs, on)
    bare = built.footprint_parts_without_address(parts, link)
    giants = built.footprint_parts_industry_only(parts, outlines, table, link)
    return (
        built.footprint(on, ground)
        .join(built.usable_floor(on, table, pairs))
        .join(built.gross_floor(on, floor))
        .join(built.spacematrix(on, ground, floor))
        .join(built.unlike(on, ground, bare, giants, built.addresses_outside_building(pairs, built.without_building(table, outlines)), gross))
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
    # The barn, and the half of the shed beside it.
    "footprint_without_address_m2": {"sw": 150, "se": 0, "nw": 0, "ne": 0},
    "footprint_without_address_share": {"sw": 150 / 850, "se": 0, "nw": NAN, "ne": NAN},
    "footprint_industry_only_m2": {"sw": 0, "se": 0, "nw": 0, "ne": 0},
    "footprint_industry_only_share": {"sw": 0, "se": 0, "nw": NAN, "ne": NAN},
    "floor_area_outside_building_m2": {"sw": 0, "se": 0, "nw": 0, "ne": 0},
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
        "footprint_without_address_m2": 0, "footprint_without_address_share": 0, "footprint_industry_only_m2": 0,
        "footprint_industry_only_share": 0, "floor_area_outside_building_m2": 0,
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
    low = pd.Series(False, index=table.index)
    alone = built.single_family(table, built.address_panden(table, panden({})))
    gross = built.gross_floor_area(table, alone, low, 0.76, 0.78, 0.65, 0.5)
    assert gross.to_list() == pytest.approx([100, 100, 100, 100, 50 / 0.76 + 100, 100, NAN], nan_ok=True)


# --- high-rise: usable floor / 0.78 / footprint is the number of storeys, each 2.6 m; more than 15 m is high

TOWER = box(100, 0, 110, 10)


def high(rows, **shapes):
    pand = panden(shapes)
    table = stock.counted_addresses(addresses(rows), PROFILES["cbs"])
    link = built.address_panden(table, pand)
    found = built.high_rise(table, link, built.usable_floor_by_pand(table, link, pand), pand, 0.78, 2.6)
    assert found.dtype == bool
    assert found.index.equals(table.index)
    return found.to_list()


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        # On 100 m²: 15 m is 15 / 2.6 = 5.77 storeys of 78 m² usable, 450 m².
        ([address(105, 5, m2=450, pand="tower")], [False]),
        ([address(105, 5, m2=451, pand="tower")], [True]),
        # All floor in the building counts, whatever its use; what is not measured does not.
        ([address(105, 5, m2=226, pand="tower"), address(105, 6, "kantoorfunctie", 225, "tower")], [True, True]),
        ([address(105, 5, m2=226, pand="tower"), address(105, 6, m2=NAN, pand="tower")], [False, False]),
        ([address(105, 5, m2=500, pand="tower"), address(105, 6, m2=NAN, pand="tower")], [True, True]),
        # An address that the profile does not count has no floor here.
        ([address(105, 5, m2=300, pand="tower"), address(105, 6, m2=300, pand="tower", status="Verblijfsobject gevormd")], [False]),
        # Over two buildings by their ground: 300 m² on 100 and 600 on 200 are 3.8 storeys.
        ([address(105, 5, m2=900, pand="tower,wide")], [False]),
        ([address(105, 5, m2=1353, pand="tower,wide"), address(500, 500, m2=80)], [True, False]),
        # No building, and one that is not loaded.
        ([address(500, 500, m2=5000)], [False]),
        ([address(500, 500, m2=5000, pand="elsewhere")], [False]),
        ([address(105, 5, m2=5000, pand="elsewhere,tower")], [True]),
        ([], []),
    ],
)  # fmt: skip
def test_a_high_building_is_told_by_its_floor_and_ground(rows, expected):
    assert high(rows, tower=TOWER, wide=box(110, 0, 130, 10)) == expected


def test_floor_of_an_address_in_two_buildings_is_split_by_their_ground():
    pand = panden({"small": box(0, 0, 10, 10), "large": box(10, 0, 40, 10), "none": box(90, 90, 95, 95)})
    table = stock.counted_addresses(
        addresses([address(5, 5, m2=100, pand="small,large"), address(5, 5, m2=30, pand="small")]), PROFILES["cbs"]
    )
    found = built.usable_floor_by_pand(table, built.address_panden(table, pand), pand)
    assert found.to_dict() == {"small": 25 + 30, "large": 75}


def test_only_the_dwellings_of_a_high_building_have_its_share():
    table = stock.counted_addresses(
        addresses([address(5, 5, m2=65), address(5, 5, "kantoorfunctie", 78), address(5, 5, "woonfunctie,winkelfunctie", 78), address(5, 5, m2=78)]),
        PROFILES["cbs"],
    )
    tall = pd.Series([True, True, True, False], index=table.index)
    for alone in (tall, ~tall & False):
        gross = built.gross_floor_area(table, alone, tall, 0.76, 0.78, 0.65, 0.78)
        assert gross.to_list() == pytest.approx([100, 100, 39 / 0.65 + 39 / 0.78, 100])


# --- net and gross


def net(ground, floor, net_area):
    on = units("hexagon", {"h": box(0, 0, 100, 100)})
    found = built.net_density(on, *(pd.Series([float(v)], index=on.index) for v in (ground, floor, net_area)))
    return found.loc["h"].to_dict()


@pytest.mark.parametrize(
    ("ground", "floor", "net_area", "expected"),
    [
        (2000, 8000, 5000, (1.6, 0.4, 0.375)),
        # No floor; no private ground; a unit that the BGT does not cover; no address measured; a building overhangs.
        (2000, 0, 5000, (0, 0.4, NAN)),
        (0, 0, 5000, (0, 0, NAN)),
        (2000, 8000, 0, (NAN, NAN, NAN)),
        (2000, 8000, NAN, (NAN, NAN, NAN)),
        (2000, NAN, 5000, (NAN, 0.4, NAN)),
        (5100, 8000, 5000, (1.6, 1.02, -0.0125)),
    ],
)
def test_net_is_private_ground_only(ground, floor, net_area, expected):
    columns = ("fsi_net", "gsi_net", "osr_net")
    assert net(ground, floor, net_area) == pytest.approx(dict(zip(columns, expected, strict=True)), nan_ok=True)


# --- where floor and footprint are not of the same buildings


def test_buildings_without_any_counted_address():
    pand = panden({"home": box(0, 0, 10, 10), "shed": box(20, 0, 25, 10), "named": box(30, 0, 40, 10), "old": box(50, 0, 60, 10)})
    rows = [
        address(5, 5),  # names no building: the one around it
        address(400, 400, pand="named"),  # the one that it names
        address(55, 5, pand="old", status="Verblijfsobject ingetrokken"),
    ]
    found = of(pand, addresses(rows), quadrants()).loc["sw"]
    assert found["footprint_without_address_m2"] == 50 + 100
    assert found["footprint_without_address_share"] == 150 / 350


@pytest.mark.parametrize(
    ("uses", "side_m", "giant"),
    [
        ([], 100, True),
        (["industriefunctie"], 100, True),
        (["industriefunctie", ""], 100, True),
        (["industriefunctie"], 99.9, False),
        (["industriefunctie"], 99.998, False),  # 9,999.6 m²
        (["industriefunctie", "kantoorfunctie"], 100, False),
        (["industriefunctie,kantoorfunctie"], 100, False),
        (["overige gebruiksfunctie"], 100, False),
    ],
)
def test_giants_of_industry_only_are_flagged(uses, side_m, giant):
    """Half of it lies in the unit: the size is that of the whole."""
    pand = panden({"hall": box(500 - side_m / 2, 0, 500 + side_m / 2, side_m), "home": box(0, 0, 50, 10)})
    found = of(pand, addresses([address(490, 5, use, pand="hall") for use in uses]), quadrants()).loc["sw"]
    assert found["footprint_industry_only_m2"] == pytest.approx(giant * side_m**2 / 2)
    assert found["footprint_industry_only_share"] == pytest.approx(giant * 5000 / 5500)


def test_floor_of_addresses_outside_any_building():
    pand = panden({"in": box(0, 0, 10, 10), "gone": (box(20, 0, 30, 10), "Sloopvergunning verleend")})
    rows = [
        address(5, 5, m2=78, pand="in"),
        address(10, 5, m2=78, pand="in"),  # on its wall
        address(15, 5, m2=78, pand="in"),  # beside it
        address(25, 5, m2=39),  # in one that does not count
        address(600, 5, m2=NAN),
    ]
    found = of(pand, addresses(rows), quadrants())["floor_area_outside_building_m2"]
    assert found.to_dict() == pytest.approx({"sw": 100 + 39 / 0.76, "se": NAN, "nw": 0, "ne": 0}, nan_ok=True)


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
