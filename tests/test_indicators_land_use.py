"""Land use, done in the head."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from world import box, land_use, quadrants, units, world

from pipeline.contract import SourceError
from pipeline.indicators import land_use as lu

NAN = float("nan")
#: A code of every main group, first and last of each range.
CODES = [10, 12, 20, 24, 30, 35, 40, 44, 50, 51, 60, 62, 70, 78, 80, 83, 90]
UNIT = units("hexagon", {"h": box(0, 0, 100, 100)})


def of(bodemgebruik, on):
    area = lu.land_use_in_units(bodemgebruik, on)
    return lu.land_use(on, area).join(lu.land_use_mix(area))


def striped(widths_and_codes):
    """Stripes of a 100 m square from west to east."""
    rows, west = [], 0
    for width, code in widths_and_codes:
        rows.append((box(west, 0, west + width, 100), code))
        west += width
    return land_use(rows)


def test_the_world():
    found = of(world()["bodemgebruik"], quadrants())
    assert found["land_use_coverage_share"].to_dict() == {"sw": 1, "se": 1, "nw": 0.5, "ne": 1}
    assert found["land_use_traffic_share"].to_dict() == {"sw": 0, "se": 0, "nw": 1, "ne": 0}
    assert found["land_use_built_up_share"].to_dict() == {"sw": 1, "se": 0, "nw": 0, "ne": 0}
    assert found["land_use_agriculture_share"].to_dict() == {"sw": 0, "se": 0.5, "nw": 0, "ne": 0}
    assert found["land_use_nature_share"].to_dict() == {"sw": 0, "se": 0.5, "nw": 0, "ne": 0}
    assert found["land_use_recreation_share"].to_dict() == {"sw": 0, "se": 0, "nw": 0, "ne": 0.5}
    assert found["land_use_inland_water_share"].to_dict() == {"sw": 0, "se": 0, "nw": 0, "ne": 0.5}
    assert found["land_use_entropy"].to_dict() == pytest.approx(
        {"sw": 0, "se": math.log(2) / math.log(6), "nw": 0, "ne": 0}
    )


@pytest.mark.parametrize("code", CODES)
def test_every_code_has_its_group(code):
    shares = of(land_use([(box(0, 0, 100, 100), code)]), UNIT).filter(regex="(?<!coverage)_share$").loc["h"]
    expected = {1: "traffic", 2: "built_up", 3: "semi_built", 4: "recreation", 5: "agriculture", 6: "nature",
                7: "inland_water", 8: "outer_water", 9: "abroad"}[code // 10]  # fmt: skip
    assert shares[shares > 0].to_dict() == {f"land_use_{expected}_share": 1}
    assert len(shares) == 9


@pytest.mark.parametrize(
    ("stripes", "entropy"),
    [
        ([(100, 20)], 0),
        ([(50, 20), (50, 24)], 0),
        ([(50, 20), (50, 60)], math.log(2) / math.log(6)),
        ([(20, 20), (20, 60), (60, 70)], math.log(2) / math.log(6)),
        ([(25, 10), (75, 50)], -(0.25 * math.log(0.25) + 0.75 * math.log(0.75)) / math.log(6)),
        ([(15, 10), (15, 20), (15, 30), (15, 40), (15, 50), (15, 60), (5, 80), (5, 90)], 1),
        ([(50, 70), (50, 90)], NAN),
        ([], NAN),
    ],
)
def test_entropy_over_six_groups_of_land(stripes, entropy):
    found = of(striped(stripes), UNIT)["land_use_entropy"]["h"]
    assert found == pytest.approx(entropy, nan_ok=True)
    assert str(found) != "-0.0"


def test_without_cover_there_are_no_shares():
    found = of(land_use([]), UNIT).loc["h"]
    assert found["land_use_coverage_share"] == 0
    assert found.drop("land_use_coverage_share").isna().all()


@given(st.lists(st.tuples(st.sampled_from([1, 5, 10, 20]), st.sampled_from(CODES)), min_size=1, max_size=8))
@settings(deadline=None, max_examples=50)
def test_shares_add_up_to_one_where_there_is_cover(stripes):
    found = of(striped(stripes), quadrants()).loc["sw"]
    assert found.filter(regex="(?<!coverage)_share$").sum() == pytest.approx(1)
    assert found["land_use_coverage_share"] == pytest.approx(sum(w for w, _ in stripes) * 100 / 250_000)


@pytest.mark.parametrize("code", [0, 9, 13, 19, 25, 36, 45, 52, 63, 79, 84, 89, 91, 205])
def test_a_code_of_no_group_is_refused(code):
    rows = [(box(0, 0, 1, 1), 20), (box(1, 0, 2, 1), code), (box(2, 0, 3, 1), code)]
    says = f"bodemgebruik: 2 of 3 polygons have a code outside the main groups of the BBG, first {code} at 'b1'; expected 10–12, 20–24"
    with pytest.raises(SourceError, match=says):
        lu.land_use_in_units(land_use(rows), UNIT)
