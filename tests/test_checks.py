"""The checks: each holds on numbers done in the head, and each is seen red when one number is wrong."""

import dataclasses
import json

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from pipeline.checks import bounds, completeness, declaration, formulas, published, sums
from pipeline.checks.computed import Computed, figure
from pipeline.checks.declaration import Check, failing, from_plain, plain, tally
from pipeline.checks.every import every
from pipeline.clip.kinds import KINDS
from pipeline.contract import CRS, Page, Proof, Receipt, Text
from pipeline.measures import Measure, Rows, Sum
from pipeline.provenance import SYNTHETIC, checks_line, notice

KIND = {k.name: k for k in KINDS}
NAN = np.nan
ROWS = Rows("verblijfsobject", "addresses_in_units")


def measure(name, unit="count", role="extensive", **more):
    return Measure(name, "float64", unit, role, Text(f"{name} nl", f"{name} en"), Text("Zin.", "Sentence."), **more)


HOMES = measure("dwellings_count", rows=ROWS)
PEOPLE = measure("inhabitants_count", bounds=("inhabitants_low_count", "inhabitants_high_count"), missing="withheld")
LOW, HIGH = measure("inhabitants_low_count"), measure("inhabitants_high_count")
FLOOR = measure("floor_area_m2", "m²", missing="not_measured")
DENSITY = measure("dwellings_per_ha", "1/ha", "intensive", formula="dwellings_count / area_m2 * 1e4", missing="no_area")
SHARE = measure("green_share", "share", "intensive", missing="not_covered")


def computed(kind, boxes, measures=(HOMES,), published=(), sums=(), **columns):
    """Units in boxes (in hundreds of metres), with columns."""
    ids = columns.pop("ids", [f"{kind}{i}" for i in range(len(boxes))])
    shapes = shapely.box(*(np.array(boxes, dtype="float64") * 100).T)
    area = shapely.area(shapes)
    table = gpd.GeoDataFrame(
        {"unit_name": ids, "area_m2": area, "land_area_m2": columns.pop("land", area), **columns},
        index=pd.Index(ids, name="unit_id"), geometry=shapes, crs=CRS,
    )  # fmt: skip
    return Computed(KIND[kind], table, tuple(measures), frozenset(published), tuple(sums))


#: Four squares side by side, in pairs, in one.
QUARTERS = [(0, 0, 1, 1), (1, 0, 2, 1), (0, 1, 1, 2), (1, 1, 2, 2)]
HALVES = [(0, 0, 2, 1), (0, 1, 2, 2)]
WHOLE = [(0, 0, 2, 2)]


def only(checks, name):
    return next(c for c in checks if c.name == name)


def city(**wrong):
    """Three kinds that lie in each other: 1, 2, 3 and 4 dwellings."""
    values = {"square_100m": [1.0, 2, 3, 4], "section": [3.0, 7], "corridor": [10.0]} | wrong
    return [
        computed("square_100m", QUARTERS, dwellings_count=values["square_100m"]),
        computed("section", HALVES, dwellings_count=values["section"]),
        computed("corridor", WHOLE, dwellings_count=values["corridor"]),
    ]


# --- sums


def test_sums_hold_in_every_pair_of_kinds_that_lie_in_each_other():
    check = only(sums.check_sums(city()), "sums/dwellings_count")
    # Squares in two sections and in the corridor, sections in the corridor: 2 + 1 + 1 sums.
    assert (check.state, check.looked_at, check.off, check.worst) == ("holds", 4, 0, "")


def test_a_sum_that_is_off_fails_and_says_where():
    check = only(sums.check_sums(city(section=[3.0, 8.0])), "sums/dwellings_count")
    assert (check.state, check.looked_at, check.off) == ("fails", 4, 2)
    assert (check.found, check.expected) in {(7.0, 8.0), (11.0, 10.0)}
    assert "2 van 4 sommen" in check.said.nl
    assert "2 of 4 sums" in check.said.en


@pytest.mark.parametrize(("off", "state"), [(0.9e-9, "holds"), (1.1e-9, "fails")])
def test_sums_may_differ_by_a_billionth(off, state):
    check = only(sums.check_sums(city(corridor=[10.0 * (1 + off)])), "sums/dwellings_count")
    assert check.state == state


def test_parts_with_a_gap_are_no_whole():
    tables = [
        computed("square_100m", QUARTERS[:3], dwellings_count=[1.0, 2, 3]),
        computed("corridor", WHOLE, dwellings_count=[10.0]),
    ]
    assert "sums/dwellings_count" not in {c.name for c in sums.check_sums(tables)}


def test_units_that_overlap_are_no_parts():
    tables = [
        computed("catchment", HALVES, dwellings_count=[1.0, 1.0]),
        computed("corridor", WHOLE, dwellings_count=[10.0]),
    ]
    assert "sums/dwellings_count" not in {c.name for c in sums.check_sums(tables)}


def test_what_is_not_measured_is_missing_in_the_whole_too():
    parts = computed("section", HALVES, (FLOOR,), floor_area_m2=[5.0, NAN])
    for whole, state in ((5.0, "holds"), (6.0, "fails")):
        tables = [parts, computed("corridor", WHOLE, (FLOOR,), floor_area_m2=[whole])]
        assert only(sums.check_sums(tables), "sums/floor_area_m2").state == state


def test_of_what_is_withheld_nothing_can_be_said_without_bounds():
    plain_people = dataclasses.replace(PEOPLE, bounds=None)
    tables = [
        computed("section", HALVES, (plain_people,), inhabitants_count=[5.0, NAN]),
        computed("corridor", WHOLE, (plain_people,), inhabitants_count=[500.0]),
    ]
    assert "sums/inhabitants_count" not in {c.name for c in sums.check_sums(tables)}


def people(kind, boxes, values, low, high, registered=True):
    names = ["inhabitants_count", "inhabitants_low_count", "inhabitants_high_count"] if registered else []
    return computed(
        kind,
        boxes,
        (PEOPLE, LOW, HIGH),
        names,
        inhabitants_count=values,
        inhabitants_low_count=low,
        inhabitants_high_count=high,
    )


@pytest.mark.parametrize(
    ("whole", "state"),
    [
        (107.5, "holds"),  # three numbers rounded by 2.5 each
        (107.6, "differs"),
        (130.0, "differs"),  # 30 off is what four times the rounding explains
        (130.1, "fails"),
    ],
)  # fmt: skip
def test_published_numbers_are_rounded(whole, state):
    tables = [
        people("buurt", HALVES, [50.0, 50.0], [50.0, 50.0], [50.0, 50.0]),
        people("wijk", WHOLE, [whole], [whole], [whole]),
    ]
    check = only(sums.check_sums(tables), "sums/inhabitants_count")
    assert check.state == state
    assert "2,5 per gepubliceerd getal" in check.tolerance.nl


@pytest.mark.parametrize(("whole", "state"), [(42.5, "holds"), (62.0, "holds"), (32.0, "differs")])
def test_withheld_parts_count_as_their_bounds(whole, state):
    # 50 and something from 0 to 4: 50 to 54, and 7.5 for the rounding.
    tables = [
        people("buurt", HALVES, [50.0, NAN], [50.0, 0.0], [50.0, 4.0]),
        people("wijk", WHOLE, [min(whole, 61.5)], [whole], [whole]),
    ]
    assert only(sums.check_sums(tables), "sums/inhabitants_count").state == state


@pytest.mark.parametrize(
    ("low", "high", "off"),
    [
        (50.0, 54.0, set()), (51.0, 53.0, set()),  # more is known of the whole than of its parts
        (49.0, 54.0, {"low"}), (50.0, 55.0, {"high"}),
    ],
)  # fmt: skip
def test_the_bounds_of_a_whole_lie_within_those_of_its_parts(low, high, off):
    tables = [
        people("section", HALVES, [50.0, 2.0], [50.0, 0.0], [50.0, 4.0], registered=False),
        people("corridor", WHOLE, [52.0], [low], [high], registered=False),
    ]
    found = {c.name: c.state for c in sums.check_sums(tables)}
    assert found["sums/inhabitants_count"] == "holds"
    assert {end for end in ("low", "high") if found[f"sums/inhabitants_{end}_count"] == "fails"} == off


def test_a_part_without_an_upper_bound_leaves_the_whole_open():
    for whole, state in ((900.0, "holds"), (40.0, "fails")):
        tables = [
            people("section", HALVES, [50.0, NAN], [50.0, 0.0], [50.0, NAN], registered=False),
            people("corridor", WHOLE, [whole], [0.0], [999.0], registered=False),
        ]
        assert only(sums.check_sums(tables), "sums/inhabitants_count").state == state


def test_bounds_of_published_units_are_not_added_up():
    published_ = [
        people("buurt", HALVES, [50.0, NAN], [50.0, 0.0], [50.0, 4.0]),
        people("wijk", WHOLE, [52.0], [52.0], [52.0]),
    ]
    assert "sums/inhabitants_low_count" not in {c.name for c in sums.check_sums(published_)}


@pytest.mark.parametrize(("land", "state"), [(55_000.0, "holds"), (55_001.0, "differs")])
def test_land_of_published_units_is_in_whole_hectares(land, state):
    tables = [
        computed("buurt", HALVES, land=[20_000.0, 20_000.0], dwellings_count=[0.0, 0]),
        computed("wijk", WHOLE, land=[land], dwellings_count=[0.0]),
    ]
    assert only(sums.check_sums(tables), "sums/land_area_m2").state == state


def test_land_by_cbs_is_not_laid_beside_land_by_the_bbg():
    tables = [
        computed("buurt", HALVES, dwellings_count=[0.0, 0]),
        computed("corridor", WHOLE, land=[1.0], dwellings_count=[0.0]),
    ]
    assert "sums/land_area_m2" not in {c.name for c in sums.check_sums(tables)}


@pytest.mark.parametrize(
    ("kind", "boxes", "state"),
    [("section", HALVES, "holds"), ("section", HALVES[:1], "fails"), ("buurt_corridor", HALVES, "holds"), ("buurt_corridor", HALVES[:1], "differs")],
)  # fmt: skip
def test_sections_and_parts_cover_the_corridor(kind, boxes, state):
    tables = [
        computed(kind, boxes, dwellings_count=np.zeros(len(boxes))),
        computed("corridor", WHOLE, dwellings_count=[0.0]),
    ]
    check = only(sums.check_cover(tables), f"sums/cover/{kind}")
    assert check.state == state
    assert check.expected == 40_000


@given(st.lists(st.integers(0, 50), min_size=4, max_size=4), st.integers(0, 3), st.integers(1, 9))
def test_any_count_that_is_lost_is_seen(counts, where, lost):
    of = np.array(counts, dtype="float64")
    right = city(square_100m=of, section=[of[:2].sum(), of[2:].sum()], corridor=[of.sum()])
    assert only(sums.check_sums(right), "sums/dwellings_count").state == "holds"
    of = of.copy()
    of[where] += lost
    wrong = city(square_100m=of, section=right[1].table["dwellings_count"], corridor=right[2].table["dwellings_count"])
    assert only(sums.check_sums(wrong), "sums/dwellings_count").off == 2


# --- groups


GROUP = Sum(("red_share", "blue_share"))
TOTAL = Sum(("red_count", "blue_count"), "all_count")


@pytest.mark.parametrize(("blue", "state"), [(0.75, "holds"), (0.75 + 2e-9, "fails")])
def test_shares_are_together_one(blue, state):
    parts = tuple(measure(n, "share", "intensive") for n in GROUP.parts)
    table = computed("section", HALVES, parts, sums=(GROUP,), red_share=[0.25, NAN], blue_share=[blue, 0.5])
    check = only(sums.check_declared([table]), "sums/red_share+blue_share")
    assert (check.state, check.looked_at) == (state, 1)


@pytest.mark.parametrize(("total", "state"), [(7.0, "holds"), (8.0, "fails")])
def test_parts_are_together_a_column(total, state):
    parts = tuple(measure(n) for n in (*TOTAL.parts, TOTAL.whole))
    table = computed(
        "section", HALVES, parts, sums=(TOTAL,), red_count=[3.0, 0], blue_count=[4.0, 0], all_count=[total, 0.0]
    )
    check = only(sums.check_declared([table]), "sums/red_count+blue_count")
    assert check.state == state
    if state == "fails":
        assert (check.found, check.expected, check.off) == (7.0, 8.0, 1)
        assert "section0" in check.worst


# --- formulas


@pytest.mark.parametrize(
    ("values", "state"),
    [
        ([1.0, NAN], "holds"),
        ([1.0 + 0.9e-9, NAN], "holds"),
        ([1.0 + 1.1e-9, NAN], "fails"),
        ([1.0, 0.0], "fails"),  # the formula says nothing
        ([NAN, NAN], "fails"),  # the formula says something
    ],
)  # fmt: skip
def test_formulas_are_worked_out_again(values, state):
    table = computed("section", HALVES, (HOMES, DENSITY), dwellings_count=[2.0, NAN], dwellings_per_ha=values)
    check = only(formulas.check_formulas([table]), "formulas/dwellings_per_ha")
    assert (check.state, check.looked_at) == (state, 2)


def test_the_value_that_is_furthest_off_is_named():
    table = computed("section", HALVES, (HOMES, DENSITY), dwellings_count=[2.0, 2.0], dwellings_per_ha=[1.1, 3.0])
    check = only(formulas.check_formulas([table]), "formulas/dwellings_per_ha")
    assert (check.worst, check.found, check.expected, check.off) == ("section section1", 3.0, 1.0, 2)
    assert "dwellings_count / area_m2 * 1e4" in check.said.nl


def test_a_formula_of_columns_that_are_not_there_is_left_out():
    table = computed("section", HALVES, (DENSITY,), dwellings_per_ha=[1.0, 1.0])
    assert list(formulas.check_formulas([table])) == []


# --- bounds


@pytest.mark.parametrize(
    ("unit", "role", "value", "state"),
    [
        ("share", "intensive", 1.0, "holds"), ("share", "intensive", 1 + 2e-9, "fails"), ("share", "intensive", -2e-9, "fails"),
        ("index", "intensive", 1.1, "fails"), ("%", "intensive", 100.0, "holds"), ("%", "intensive", 101.0, "fails"),
        ("count", "extensive", -1.0, "fails"), ("m²", "extensive", 0.0, "holds"), ("m²/m²", "intensive", -0.1, "fails"),
        ("m", "intensive", -4.0, "holds"),  # below sea level
    ],
)  # fmt: skip
def test_a_value_is_possible(unit, role, value, state):
    table = computed("section", HALVES, (measure("it", unit, role),), it=[value, NAN])
    check = only(bounds.check_bounds([table]), "bounds/it")
    assert (check.state, check.looked_at) == (state, 1)


@pytest.mark.parametrize(("value", "off"), [(5.0, 0), (9.0, 0), (4.9, 1), (9.1, 1)])
def test_a_value_lies_between_its_bounds(value, off):
    table = people("section", HALVES, [value, NAN], [5.0, 0.0], [9.0, 4.0], registered=False)
    check = only(bounds.check_bounds([table]), "bounds/inhabitants_count")
    assert check.off == off
    if off:
        assert check.worst == "section section0"


@pytest.mark.parametrize(
    ("of", "state"),
    [(measure("it"), "fails"), (measure("it", missing="withheld"), "holds")],
)
def test_a_missing_value_has_a_reason(of, state):
    check = only(bounds.check_reasons([computed("section", HALVES, (of,), it=[1.0, NAN])]), "bounds/reasons")
    assert (check.state, check.looked_at) == (state, 1)


def test_a_formula_has_the_reason_of_what_is_missing_in_it():
    silent = dataclasses.replace(DENSITY, missing="")
    with_reason = dataclasses.replace(HOMES, missing="withheld")
    for homes, state in ((with_reason, "holds"), (HOMES, "fails")):
        table = computed("section", HALVES, (homes, silent), dwellings_count=[2.0, NAN], dwellings_per_ha=[1.0, NAN])
        assert only(bounds.check_reasons([table]), "bounds/reasons").state == state
    # The second is missing although all that it is made of is there.
    table = computed("section", HALVES, (with_reason, silent), dwellings_count=[2.0, 2.0], dwellings_per_ha=[1.0, NAN])
    assert only(bounds.check_reasons([table]), "bounds/reasons").state == "fails"


# --- published


def register(**columns):
    n = len(next(iter(columns.values())))
    return pd.DataFrame(columns, index=pd.Index([f"buurt{i}" for i in range(n)], name="buurt_code"))


@pytest.mark.parametrize(
    ("ours", "cbs", "state"),
    [
        ([100.0, 200], [100.0, 200], "holds"),
        ([102.0, 200], [100.0, 200], "holds"),  # 2 %
        ([106.0, 200], [100.0, 200], "differs"),
        ([190.0, 200, 200, 200], [100.0, 200, 200, 200], "differs"),  # one of four is new, together 13 %
        ([190.0, 300, 200, 200], [100.0, 200, 200, 200], "fails"),  # half of them
        ([100.0, 900], [100.0, 600], "fails"),  # the whole
        ([NAN, 200], [100.0, NAN], None),  # nothing to lay side by side
    ],
)  # fmt: skip
def test_dwellings_beside_those_of_cbs(ours, cbs, state):
    boxes = [(i, 0, i + 1, 1) for i in range(len(ours))]
    found = list(
        published.check_published(
            [computed("buurt", boxes, dwellings_count=ours)], {"buurt": register(dwellings_count=cbs)}
        )
    )
    assert [c.state for c in found] == ([state] if state else [])
    if state == "differs":
        assert found[0].worst == "buurt0"
        assert "BAG" in found[0].said.nl


def test_numbers_that_are_taken_over_are_equal():
    table = computed("buurt", HALVES, (PEOPLE,), inhabitants_count=[100.0, 205.0])
    found = list(published.check_published([table], {"buurt": register(inhabitants_count=[100.0, 200.0])}))
    assert [(c.state, c.off) for c in found] == [("differs", 1)]


@pytest.mark.parametrize(
    ("oad", "urbanity", "state"),
    [
        ([2500.0, 499.0], [1.0, 5], "holds"),
        ([2430.0, 499.0], [1.0, 5], "holds"),  # 2.8 % from the border
        ([2420.0, 499.0], [1.0, 5], "differs"),  # 3.2 %
        ([600.0, 499.0], [1.0, 5], "fails"),  # three classes apart, in half of them
    ],
)  # fmt: skip
def test_the_class_of_urbanity_beside_that_of_cbs(oad, urbanity, state):
    table = computed("buurt", HALVES, (measure("oad_per_km2", "1/km²", "intensive"),), oad_per_km2=oad)
    found = published.check_published([table], {"buurt": register(urbanity_class=urbanity)})
    assert [c.state for c in found if "urbanity" in c.name] == [state]


@pytest.mark.parametrize(
    ("oad", "urbanity"), [(0, 5), (499.9, 5), (500, 4), (1000, 3), (1500, 2), (2499.9, 2), (2500, 1)]
)
def test_classes_begin_at_their_border(oad, urbanity):
    assert published.classes(pd.Series([float(oad)]))[0] == urbanity


def known_wijken():
    known = published.known_figures()
    return known[known.index.str.startswith("WK")].drop(columns="name")


def test_the_figures_of_2022_are_those_of_the_source():
    known = published.known_figures()
    assert len(known) == 22
    assert known["inhabitants_count"]["GM0153"] == 160_640
    assert known["dwellings_count"]["WK015300"] == 14_669
    # figures.md 4.1: Enschede adds up exactly, Hengelo is 11 off; dwellings add up exactly.
    wijken = known_wijken()
    assert wijken["inhabitants_count"].groupby(wijken.index.str[2:6]).sum().tolist() == [160_640, 81_465]
    assert wijken["dwellings_count"].groupby(wijken.index.str[2:6]).sum().tolist() == [76_250, 39_263]


def test_what_is_loaded_of_2022_is_laid_beside_what_is_known():
    found = {c.name: c for c in published.check_known({"wijk": known_wijken()}, 2022)}
    assert {c.state for c in found.values()} == {"holds"}
    hengelo = found["published/2022/GM0164/inhabitants_count"]
    assert (hengelo.found, hengelo.expected) == (81_465, 81_476)
    assert "11 ernaast" in hengelo.said.nl
    assert list(published.check_known({"wijk": known_wijken()}, 2021)) == []


@pytest.mark.parametrize(("factor", "state"), [(1.01, "differs"), (1.06, "fails")])
def test_a_wijk_that_is_not_as_published_is_seen(factor, state):
    wijken = known_wijken()
    wijken.loc["WK015306", "inhabitants_count"] *= factor
    found = {c.name: c for c in published.check_known({"wijk": wijken}, 2022)}
    assert found["published/2022/inhabitants_count"].state == state
    assert found["published/2022/inhabitants_count"].worst == "WK015306 Wijk 06 Enschede-Zuid"
    assert found["published/2022/GM0153/inhabitants_count"].state == "differs"
    assert found["published/2022/dwellings_count"].state == "holds"


def test_the_sum_of_a_gemeente_needs_all_its_wijken():
    found = {c.name for c in published.check_known({"wijk": known_wijken().drop("WK015309")}, 2022)}
    assert "published/2022/GM0153/inhabitants_count" not in found
    assert "published/2022/GM0164/inhabitants_count" in found


# --- completeness


def receipt(*proofs, synthetic=False):
    return Receipt(
        "pand", Text("Panden", "Buildings"), "BAG", "actueel", "PDM", "Kadaster", "wfs", "", None, 1, 1, 1, {}, 0, (), "2026-11-22T00:00:00+00:00",
        (Page("", "", 1, 1, ""),), "", synthetic, None, {}, proofs, "",
    )  # fmt: skip


SAID = Text("zin", "sentence")


@pytest.mark.parametrize(
    ("proof", "state"),
    [
        (Proof("count", True, SAID), "holds"),
        (Proof("count", False, SAID), "fails"),
        (Proof("none", False, SAID), "differs"),
    ],
)
def test_sources_are_whole(proof, state):
    (check,) = completeness.check_completeness([receipt(Proof("file", True, SAID)), receipt(proof)])
    assert (check.state, check.looked_at) == (state, 2)
    assert check.found == (2 if state == "holds" else 1)


# --- what is said


def test_all_checks_and_there_and_back():
    tables = [
        people("buurt", HALVES, [50.0, 50.0], [50.0, 50.0], [50.0, 50.0]),
        people("wijk", WHOLE, [100.0], [100.0], [100.0]),
    ]
    found = every(
        tables, {"buurt": register(inhabitants_count=[50.0, 50.0])}, 2022, [receipt(Proof("count", True, SAID))]
    )
    assert {c.group for c in found} == {"sums", "bounds", "published", "completeness"}
    assert failing(found) == []
    assert len({c.name for c in found}) == len(found)
    assert from_plain(json.loads(json.dumps(plain(found), allow_nan=False))) == found
    assert tally(found)["holds"] == len(found)


@pytest.mark.parametrize("value", [{}, {"checks": None}, {"checks": [{"name": "x"}]}])
def test_the_checks_of_another_version_are_not_read(value):
    with pytest.raises(ValueError, match="not the checks of this version"):
        from_plain(value)


def check(state, title="Woningen"):
    return Check(f"sums/{title}", "sums", Text(title, f"{title} en"), state, 1, 0, None, None, SAID, "", SAID)


def test_the_notice_says_what_fails():
    fails, fine = check("fails"), check("holds")
    assert notice([], [fine], "nl") == ""
    assert notice([receipt(synthetic=True)], [fine], "nl") == SYNTHETIC.nl
    assert notice([], [fine, fails], "nl") == "1 van 2 controles falen: Woningen"
    assert notice([receipt(synthetic=True)], [fails], "en") == f"{SYNTHETIC.en}. 1 of 1 checks fail: Woningen en"


def test_of_many_failing_checks_some_are_named():
    many = [check("fails", f"m{i}") for i in range(7)]
    assert checks_line(many, "nl") == "7 van 7 controles falen: m0; m1; m2; m3; m4 en nog 2"
    assert checks_line([check("holds"), check("differs")], "nl").startswith("Alle 2 controles kloppen; 1 verschillen")
    assert checks_line([], "nl") == ""


@pytest.mark.parametrize(
    ("value", "text"),
    [(1234.0, "1.234"), (2.5, "2,5"), (0.00012345, "0,0001234"), (510.94, "510,9"), (-0.5, "−0,5"), (NAN, "–")],
)
def test_numbers_have_the_digits_that_they_need(value, text):
    assert figure(value, "nl") == text


def test_every_group_and_state_has_words():
    assert set(declaration.STATES) == {"holds", "differs", "fails", "none"}
    assert all(all(t) for t in (*declaration.STATES.values(), *declaration.GROUPS.values()))
