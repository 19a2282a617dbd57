"""MXI, done in the head."""

import pytest
from world import address, addresses, quadrants, world

from pipeline.indicators import mix, stock
from pipeline.profiles import PROFILES

NAN = float("nan")


def of(verblijfsobject):
    table, on = stock.counted_addresses(verblijfsobject, PROFILES["cbs"]), quadrants()
    return mix.mixed_use(on, table, stock.addresses_in_units(table, on))


def test_the_world():
    """sw: 152 + 78 + 78 + half of 156 is housing, of 464; se is industry; the north has no floor."""
    found = of(world()["verblijfsobject"])
    assert found["mxi"].to_dict() == pytest.approx({"sw": 386 / 464, "se": 0, "nw": NAN, "ne": NAN}, nan_ok=True)
    assert found["mixedness"].to_dict() == pytest.approx({"sw": 156 / 464, "se": 0, "nw": NAN, "ne": NAN}, nan_ok=True)


@pytest.mark.parametrize(
    ("rows", "mxi", "mixedness"),
    [
        ([address(5, 5)], 1, 0),
        ([address(5, 5, "sportfunctie")], 0, 0),
        ([address(5, 5, m2=300), address(5, 5, "sportfunctie", m2=100)], 0.75, 0.5),
        ([address(5, 5, "woonfunctie,kantoorfunctie,winkelfunctie", m2=90)], 1 / 3, 2 / 3),
        # Without a measured area, or without a use, an address is in neither sum.
        ([address(5, 5, m2=100), address(5, 5, "sportfunctie", m2=NAN)], 1, 0),
        ([address(5, 5, m2=100), address(5, 5, "", m2=300)], 1, 0),
        ([address(5, 5, m2=NAN)], NAN, NAN),
        ([address(5, 5, "", m2=300)], NAN, NAN),
        ([], NAN, NAN),
    ],
)
def test_one_place(rows, mxi, mixedness):
    found = of(addresses(rows)).loc["sw"].to_list()
    assert found == pytest.approx([mxi, mixedness], nan_ok=True)
