"""Land use, done in the head."""

import math

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from world import KIND, LAYERS, box, land_use, layer, quadrants, units, world

from pipeline import indicators
from pipeline.contract import SourceError
from pipeline.formulas import evaluate
from pipeline.indicators import land_use as lu

NAN = float("nan")
#: A code of every main group, first and last of each range.
CODES = [10, 12, 20, 24, 30, 35, 40, 44, 50, 51, 60, 62, 70, 78, 80, 83, 90]
UNIT = units("hexagon", {"h": box(0, 0, 100, 100)})
#: First digit of a code -> main group, by either method.
GROUP = {
    1: "traffic", 2: "built_up", 3: "semi_built", 4: "recreation", 5: "agriculture", 6: "nature", 7: "inland_water",
    8: "outer_water", 9: "abroad",
}  # fmt: skip
#: CBS, Classificatie bodemgebruik 2000: the classes of each main group.
CLASSES_OF = {
    "traffic": {10: "railway", 11: "main_road", 12: "airport"},
    "built_up": {20: "residential", 21: "retail", 22: "public", 23: "social", 24: "business"},
    "semi_built": {30: "landfill", 31: "scrapyard", 32: "cemetery", 33: "extraction", 34: "building_site",
                   35: "semi_paved"},
    "recreation": {40: "park", 41: "sports", 42: "allotment", 43: "day_recreation", 44: "holiday"},
    "agriculture": {50: "greenhouse", 51: "farmland"},
    "nature": {60: "woodland", 61: "dry_nature", 62: "wet_nature"},
    "inland_water": {70: "ijsselmeer", 71: "closed_estuary", 72: "rhine_meuse", 73: "border_lake", 74: "reservoir",
                     75: "recreational_water", 76: "extraction_water", 77: "sludge_field", 78: "other_water"},
    "outer_water": {80: "wadden_sea", 81: "eastern_scheldt", 82: "western_scheldt", 83: "north_sea"},
    "abroad": {90: "foreign"},
}  # fmt: skip
CLASS = {code: name for classes in CLASSES_OF.values() for code, name in classes.items()}
LN6 = math.log(6)


def of(bodemgebruik, on, *of_indicators):
    given = {"bodemgebruik": bodemgebruik, "units": on, "kind": KIND["hexagon"]}
    wanted = [i for i in lu.INDICATORS if i.name in (of_indicators or ("land_use", "land_use_classes", "land_use_mix"))]
    memo = {}
    return pd.concat([indicators.compute(i, given, memo) for i in wanted], axis=1)


def new(rows):
    return layer("bodemgebruik_nieuw", {f"n{i}": {"geometry": s, "nbbg_code": c} for i, (s, c) in enumerate(rows)})


def of_new(rows, on):
    (indicator,) = (i for i in lu.INDICATORS if i.name == "land_use_new")
    return indicators.compute(indicator, {"bodemgebruik_nieuw": new(rows), "units": on, "kind": KIND["hexagon"]}, {})


def stripes(widths_and_codes):
    """Stripes of a 100 m square from west to east."""
    rows, west = [], 0
    for width, code in widths_and_codes:
        rows.append((box(west, 0, west + width, 100), code))
        west += width
    return rows


def striped(widths_and_codes):
    return land_use(stripes(widths_and_codes))


def present(row, prefix):
    """Shares above 0 of the columns that begin with `prefix`, by what stands between that and ``_share``."""
    found = row.filter(regex=f"^{prefix}(?!class_|new_|coverage|covered).*_share$")
    return {name.removeprefix(prefix).removesuffix("_share"): v for name, v in found[found > 0].items()}


def test_the_world():
    found = of(world()["bodemgebruik"], quadrants())
    assert found["land_use_coverage_share"].to_dict() == {"sw": 1, "se": 1, "nw": 0.5, "ne": 1}
    assert found["land_use_covered_area_m2"].to_dict() == {"sw": 250_000, "se": 250_000, "nw": 125_000, "ne": 250_000}
    assert {name: present(row, "land_use_") for name, row in found.iterrows()} == {
        "sw": {"built_up": 1},
        "se": {"agriculture": 0.5, "nature": 0.5},
        "nw": {"traffic": 1},
        "ne": {"recreation": 0.5, "inland_water": 0.5},
    }
    assert {name: present(row, "land_use_class_") for name, row in found.iterrows()} == {
        "sw": {"residential": 1},
        "se": {"farmland": 0.5, "woodland": 0.5},
        "nw": {"railway": 1},
        "ne": {"park": 0.5, "ijsselmeer": 0.5},
    }
    assert found["land_use_entropy"].to_dict() == pytest.approx({"sw": 0, "se": math.log(2) / LN6, "nw": 0, "ne": 0})
    assert found["land_use_hhi"].to_dict() == {"sw": 1, "se": 0.5, "nw": 1, "ne": 1}


@pytest.mark.parametrize("code", CODES)
def test_every_code_has_its_group(code):
    found = of(land_use([(box(0, 0, 100, 100), code)]), UNIT, "land_use").loc["h"]
    assert present(found, "land_use_") == {GROUP[code // 10]: 1}
    assert len(found) == 9 + 2


@pytest.mark.parametrize("code", CLASS)
def test_every_code_is_a_class_of_its_group(code):
    found = of(land_use([(box(0, 0, 100, 100), code)]), UNIT).loc["h"]
    assert present(found, "land_use_class_") == {CLASS[code]: 1}
    assert present(found, "land_use_") == {GROUP[code // 10]: 1}


def test_there_are_38_classes_in_9_groups_each_in_one():
    assert {c.code: c.name for c in lu.CLASSES} == CLASS
    assert len(CLASS) == 38
    formulas = {c.name: c.formula for i in lu.INDICATORS for c in i.columns if c.name.startswith("land_use_")}
    for group, classes in CLASSES_OF.items():
        assert formulas[f"land_use_{group}_share"] == " + ".join(f"land_use_class_{c}_share" for c in classes.values())


def test_a_group_is_the_sum_of_its_classes():
    # 10 + 20 m of traffic, 30 m of agriculture, of 60 m covered.
    found = of(striped([(10, 10), (20, 12), (30, 51)]), UNIT).loc["h"]
    assert found["land_use_traffic_share"] == pytest.approx(30 / 60)
    assert found["land_use_class_railway_share"] == pytest.approx(10 / 60)
    assert found["land_use_class_airport_share"] == pytest.approx(20 / 60)
    assert found["land_use_class_main_road_share"] == 0
    assert found["land_use_coverage_share"] == pytest.approx(0.6)
    assert found["land_use_covered_area_m2"] == pytest.approx(6_000)


@pytest.mark.parametrize(
    ("stripes", "entropy", "hhi"),
    [
        ([(100, 20)], 0, 1),
        ([(50, 20), (50, 24)], 0, 1),
        ([(50, 20), (50, 60)], math.log(2) / LN6, 1 / 2),
        ([(20, 20), (20, 60), (60, 70)], math.log(2) / LN6, 1 / 2),
        ([(25, 10), (75, 50)], -(0.25 * math.log(0.25) + 0.75 * math.log(0.75)) / LN6, 1 / 16 + 9 / 16),
        ([(15, 10), (15, 20), (15, 30), (15, 40), (15, 50), (15, 60), (5, 80), (5, 90)], 1, 1 / 6),
        ([(50, 70), (50, 90)], NAN, NAN),
        ([], NAN, NAN),
    ],
)
def test_mix_over_six_groups_of_land(stripes, entropy, hhi):
    found = of(striped(stripes), UNIT)
    assert found["land_use_entropy"]["h"] == pytest.approx(entropy, nan_ok=True)
    assert str(found["land_use_entropy"]["h"]) != "-0.0"
    assert found["land_use_hhi"]["h"] == pytest.approx(hhi, nan_ok=True)


def test_without_cover_there_are_no_shares():
    found = of(land_use([]), UNIT).loc["h"]
    assert found["land_use_coverage_share"] == 0
    assert found["land_use_covered_area_m2"] == 0
    assert found.drop(["land_use_coverage_share", "land_use_covered_area_m2"]).isna().all()


def test_a_unit_outside_has_no_shares_beside_one_that_has():
    on = units("hexagon", {"far": box(500, 0, 600, 100), "half": box(50, 0, 150, 100)})
    found = of(striped([(100, 20)]), on)
    assert found["land_use_built_up_share"].to_list() == pytest.approx([NAN, 1], nan_ok=True)
    assert found["land_use_class_park_share"].to_list() == pytest.approx([NAN, 0], nan_ok=True)
    assert found["land_use_coverage_share"].to_list() == [0, 0.5]


@given(st.lists(st.tuples(st.sampled_from([1, 5, 10, 20]), st.sampled_from(CODES)), min_size=1, max_size=8))
@settings(deadline=None, max_examples=50)
def test_shares_add_up_to_one_where_there_is_cover(stripes):
    table = quadrants().join(of(striped(stripes), quadrants()))
    found = table.loc["sw"]
    assert sum(present(found, "land_use_").values()) == pytest.approx(1)
    assert sum(present(found, "land_use_class_").values()) == pytest.approx(1)
    assert found["land_use_coverage_share"] == pytest.approx(sum(w for w, _ in stripes) * 100 / 250_000)
    hhi = found["land_use_hhi"]
    if any(code < 70 for _, code in stripes):
        assert 1 / 6 - 1e-12 <= hhi <= 1 + 1e-12
        # Alike at both ends: one group, and all six equal.
        assert (hhi == pytest.approx(1)) == (found["land_use_entropy"] == pytest.approx(0))
    for measure in (c for i in lu.INDICATORS[:3] for c in i.columns if c.formula):
        assert evaluate(measure.formula, table)["sw"] == pytest.approx(table[measure.name]["sw"], nan_ok=True)


@pytest.mark.parametrize("code", [0, 9, 13, 19, 25, 36, 45, 52, 63, 79, 84, 89, 91, 205])
def test_a_code_of_no_group_is_refused(code):
    rows = [(box(0, 0, 1, 1), 20), (box(1, 0, 2, 1), code), (box(2, 0, 3, 1), code)]
    says = (
        rf"^bodemgebruik: 2 of 3 polygons have a code outside the main groups of the BBG, first {code} at 'b1'; "
        r"expected 10–12, 20–24, 30–35, 40–44, 50–51, 60–62, 70–78, 80–83, 90; "
        r"give an edition of the old method \(to 2017\)$"
    )
    with pytest.raises(SourceError, match=says):
        of(land_use(rows), UNIT)


# --- the new method


@pytest.mark.parametrize("code", [10, 13, 19, 20, 29, 36, 40, 52, 53, 63, 64, 70, 78, 80, 89, 90])
def test_the_new_method_goes_by_the_first_digit(code):
    found = of_new([(box(0, 0, 100, 100), code)], UNIT).loc["h"]
    assert present(found, "land_use_new_") == {GROUP[code // 10]: 1}
    assert len(found) == 9 + 2


def test_the_new_method_by_quadrant():
    # sw: 100 m of houses and 300 m of a solar park, of 400 m covered in 500 m; nw and ne: nothing.
    found = of_new([(box(0, 0, 100, 500), 20), (box(100, 0, 400, 500), 36), (box(600, 0, 700, 500), 52)], quadrants())
    assert found["land_use_new_built_up_share"].to_dict() == pytest.approx(
        {"sw": 0.25, "se": 0, "nw": NAN, "ne": NAN}, nan_ok=True
    )
    assert found["land_use_new_semi_built_share"]["sw"] == pytest.approx(0.75)
    assert found["land_use_new_agriculture_share"]["se"] == 1
    assert found["land_use_new_coverage_share"].to_dict() == pytest.approx({"sw": 0.8, "se": 0.2, "nw": 0, "ne": 0})
    assert found["land_use_new_covered_area_m2"].to_dict() == {"sw": 200_000, "se": 50_000, "nw": 0, "ne": 0}


@pytest.mark.parametrize("code", [0, 9, 100, 205])
def test_a_code_of_no_group_of_the_new_method_is_refused(code):
    says = f"^bodemgebruik_nieuw: 1 of 1 polygons have a code .*, first {code} at 'n0'; .* new method"
    with pytest.raises(SourceError, match=says):
        of_new([(box(0, 0, 1, 1), code)], UNIT)


def test_the_methods_do_not_read_each_other():
    read = {i.name: indicators.leaves(i) & LAYERS.keys() for i in lu.INDICATORS}
    assert read == {
        "land_use": {"bodemgebruik"},
        "land_use_classes": {"bodemgebruik"},
        "land_use_mix": {"bodemgebruik"},
        "land_use_new": {"bodemgebruik_nieuw"},
    }
