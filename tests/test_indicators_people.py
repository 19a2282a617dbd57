"""Inhabitants, published and from squares, done in the head."""

import pytest
from world import BUURT_OF, KIND, QUADRANTS, address, addresses, box, buurten, quadrants, squares, units, wijken, world

from pipeline.indicators import people, stock
from pipeline.profiles import PROFILES

NAN = float("nan")
COUNT, LOW, HIGH, DENSITY = COLUMNS = [c.name for c in people.INDICATORS[0].columns]


def from_squares(vierkant, verblijfsobject, on, kind="square_500m"):
    table = people.people_squares(vierkant, stock.counted_addresses(verblijfsobject, PROFILES["cbs"]))
    return people.inhabitants_from_squares(on, KIND[kind], table)


def published(kind, on, buurt=None, wijk=None):
    return people.inhabitants_published(
        on, KIND[kind], buurten() if buurt is None else buurt, wijken() if wijk is None else wijk
    )


def rows(found):
    return {name: row.to_list() for name, row in found[COLUMNS].iterrows()}


def same(expected):
    return {k: pytest.approx(v, nan_ok=True) for k, v in expected.items()}


# --- from squares


def test_the_world():
    """sw holds a square of 10, a withheld one with a flat (1 to 4) and one without (0 to 4)."""
    found = from_squares(world()["vierkant_100m"], world()["verblijfsobject"], quadrants())
    assert rows(found) == {
        "sw": [14.5, 11, 18, 58],
        "se": [20, 20, 20, 80],
        "nw": [0, 0, 0, 0],
        "ne": [0, 0, 0, 0],
    }


def test_a_square_is_cut_by_area():
    """The strip takes half of a square of 10 and a quarter of one of 20."""
    strip = units("section", {"s": box(150, 0, 225, 100)})
    found = from_squares(squares({(1, 0): 10, (2, 0): 20}), addresses([]), strip)
    assert rows(found) == same({"s": [10, 10, 10, 10 / 0.0075]})


def test_density_is_by_land():
    on = units("hexagon", {"wet": box(0, 0, 100, 100), "lake": box(100, 0, 200, 100), "unknown": box(200, 0, 300, 100)},
               land={"wet": 5_000.0, "lake": 0.0, "unknown": NAN})  # fmt: skip
    found = from_squares(squares({(0, 0): 10, (1, 0): 5, (2, 0): 5}), addresses([]), on)
    assert found[DENSITY].to_list() == pytest.approx([2_000, NAN, NAN], nan_ok=True)
    assert found[COUNT].to_list() == [10, 5, 5]


def test_a_square_that_cbs_left_out_has_people_only_where_a_dwelling_counts():
    homes = addresses(
        [
            address(50, 50),
            address(60, 60),
            address(150, 50, "winkelfunctie"),
            address(250, 50, status="Verblijfsobject gevormd"),
        ]
    )
    on = units("hexagon", {f"h{i}": box(100 * i, 0, 100 * i + 100, 100) for i in range(4)})
    found = from_squares(squares({}), homes, on)
    assert rows(found) == same({"h0": [2.5, 1, 4, 250], "h1": [0] * 4, "h2": [0] * 4, "h3": [0] * 4})


def test_a_published_zero_stands():
    found = from_squares(squares({(0, 0): 0}), addresses([address(50, 50)]), quadrants())
    assert rows(found)["sw"] == [0, 0, 0, 0]


def test_a_dwelling_on_the_line_lives_in_one_square_the_one_that_counts_it():
    homes = addresses([address(100, 50)])
    on = units("square_100m", {"E2570N4710": box(0, 0, 100, 100), "E2571N4710": box(100, 0, 200, 100)})
    table = stock.counted_addresses(homes, PROFILES["cbs"])
    assert stock.addresses_in_units(table, on)["unit"].to_list() == ["E2570N4710"]
    for known in ({}, {(0, 0): NAN, (1, 0): 0}):
        found = from_squares(squares(known), homes, on, "square_100m")
        assert rows(found) == same({"E2570N4710": [NAN, 1, 4, NAN], "E2571N4710": [0, 0, 0, 0]})


def test_squares_of_100_m_say_where_the_source_does_not():
    on = units(
        "square_100m",
        {
            f"q{i}{j}": box(100 * i, 100 * j, 100 * i + 100, 100 * j + 100)
            for i, j in ((0, 0), (1, 1), (2, 2), (3, 3), (4, 4))
        },
    )
    homes = addresses([address(210, 210), address(450, 450)])
    found = from_squares(squares({(1, 1): 10, (2, 2): NAN, (3, 3): NAN}), homes, on, "square_100m")
    assert rows(found) == same(
        {
            "q00": [0, 0, 0, 0],
            "q11": [10, 10, 10, 1000],
            "q22": [NAN, 1, 4, NAN],
            "q33": [NAN, 0, 4, NAN],
            "q44": [NAN, 1, 4, NAN],
        }
    )


def test_a_sliver_of_a_withheld_neighbour_hides_no_square():
    on = units("square_100m", {"q": box(0, 0, 100.00001, 100)})
    found = from_squares(squares({(0, 0): 10, (1, 0): NAN}), addresses([]), on, "square_100m")
    assert found[COUNT]["q"] == pytest.approx(10)


def test_overlapping_rings_each_take_their_people():
    rings = units("catchment", {"a": box(0, 0, 200, 100), "b": box(100, 0, 300, 100)})
    found = from_squares(squares({(0, 0): 5, (1, 0): 10, (2, 0): 20}), addresses([]), rings, "catchment")
    assert found[COUNT].to_dict() == {"a": 15, "b": 30}


# --- published


def test_buurten_as_published():
    on = units("buurt", {code: box(*QUADRANTS[name]) for name, code in BUURT_OF.items()})
    sw, se, nw, ne = BUURT_OF.values()
    expected = {sw: [15, 15, 15, 60], se: [20, 20, 20, 80], nw: [0, 0, 0, 0], ne: [NAN, 0, 4, NAN]}
    assert rows(published("buurt", on)) == same(expected)


def test_wijken_as_published():
    on = units("wijk", {"WK000101": box(500, 0, 1000, 1000), "WK000100": box(0, 0, 500, 1000)})
    assert rows(published("wijk", on)) == {"WK000101": [20, 20, 20, 40], "WK000100": [15, 15, 15, 30]}


@pytest.mark.parametrize(
    ("east", "expected"),
    [(20, [35, 35, 35, 35]), (NAN, [NAN, 15, 19, NAN])],
)
def test_a_gemeente_is_the_sum_of_its_wijken(east, expected):
    on = units("gemeente", {"GM0001": box(0, 0, 1000, 1000)})
    assert rows(published("gemeente", on, wijk=wijken(east=east))) == same({"GM0001": expected})


@pytest.mark.parametrize("kind", ["buurt", "wijk", "gemeente"])
def test_what_cbs_does_not_have_is_not_known(kind):
    on = units(kind, {"XX0000": box(0, 0, 100, 100)})
    assert rows(published(kind, on)) == same({"XX0000": [NAN] * 4})
