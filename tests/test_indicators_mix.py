"""MXI and the mix of all uses, done in the head."""

import math

import pytest
from world import address, addresses, inputs, world

from pipeline.indicators import compute, mix

NAN = float("nan")
#: Made once: nothing here changes it.
REST = inputs()
(MIXED_USE,) = mix.INDICATORS
#: All eleven uses of the BAG.
USES = ["woonfunctie", "bijeenkomstfunctie", "celfunctie", "gezondheidszorgfunctie", "industriefunctie", "kantoorfunctie",
        "logiesfunctie", "onderwijsfunctie", "sportfunctie", "winkelfunctie", "overige gebruiksfunctie"]  # fmt: skip


def of(verblijfsobject):
    return compute(MIXED_USE, {**REST, "verblijfsobject": verblijfsobject}, {})


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
        # There is a dwelling, and how large it is is not known: that is not no housing.
        ([address(5, 5, m2=NAN), address(5, 5, "sportfunctie", m2=100)], NAN, NAN),
    ],
)
def test_one_place(rows, mxi, mixedness):
    found = of(addresses(rows)).loc["sw", ["mxi", "mixedness"]].to_list()
    assert found == pytest.approx([mxi, mixedness], nan_ok=True)


@pytest.mark.parametrize(
    ("rows", "entropy"),
    [
        ([address(5, 5)], 0),
        ([address(5, 5, "sportfunctie")], 0),
        # Two alike, of eleven; and as the two uses of one address.
        ([address(5, 5), address(5, 5, "sportfunctie")], math.log(2) / math.log(11)),
        ([address(5, 5, "winkelfunctie,sportfunctie")], math.log(2) / math.log(11)),
        # A quarter and three quarters: ln 4 - 3/4 ln 3.
        ([address(5, 5, m2=50), address(5, 5, "sportfunctie", m2=150)], (math.log(4) - 0.75 * math.log(3)) / math.log(11)),
        ([address(5, 5, use) for use in USES], 1),
        # What is not measured, or has no use, is left out.
        ([address(5, 5, "sportfunctie"), address(5, 5, m2=NAN)], 0),
        ([address(5, 5, "sportfunctie"), address(5, 5, "")], 0),
        ([address(5, 5, "")], NAN),
        ([], NAN),
    ],
)  # fmt: skip
def test_entropy_of_all_uses(rows, entropy):
    assert of(addresses(rows)).loc["sw", "function_entropy"] == pytest.approx(entropy, nan_ok=True)
