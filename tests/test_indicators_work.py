"""Floor area per function and the jobs that it would hold, done in the head."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lattice import LATTICE
from world import address, addresses, inputs, quadrants

from pipeline.indicators import compute, work

NAN = float("nan")
#: Made once: nothing here changes it.
REST = inputs()
BY_NAME = {i.name: i for i in work.INDICATORS}
#: The BAG's word -> the name in the column, and the m² gross per job; None where it is no work.
FUNCTIONS = {
    "woonfunctie": ("housing", None),
    "bijeenkomstfunctie": ("assembly", 50),
    "celfunctie": ("prison", 50),
    "gezondheidszorgfunctie": ("health_care", 50),
    "industriefunctie": ("industry", 75),
    "kantoorfunctie": ("office", 17.5),
    "logiesfunctie": ("lodging", 50),
    "onderwijsfunctie": ("education", 50),
    "sportfunctie": ("sport", 50),
    "winkelfunctie": ("retail", 45),
    "overige gebruiksfunctie": ("other", None),
}


def of(name, rows, **instead):
    return compute(BY_NAME[name], {**REST, "verblijfsobject": addresses(rows), **instead}, {})


def areas(rows):
    """Columns in m² that are not 0, in the south-west, by the part of their name that differs."""
    found = of("floor_by_function", rows).loc["sw"].filter(regex="_m2$")
    return {c.removeprefix("floor_area_").removesuffix("_m2"): v for c, v in found.items() if v != 0}


# --- floor area per function


def test_the_world():
    """sw: 152 + 78 + 78 + half of 156 is housing, the other half a shop; the hall of 390 is in se."""
    found = compute(BY_NAME["floor_by_function"], REST, {})
    m2 = found.filter(regex="_m2$")
    assert m2.loc["sw"][m2.loc["sw"] != 0].to_dict() == {
        "floor_area_housing_m2": 386,
        "floor_area_retail_m2": 78,
        "floor_area_with_use_m2": 464,
    }
    assert m2.loc["se"][m2.loc["se"] != 0].to_dict() == {"floor_area_industry_m2": 390, "floor_area_with_use_m2": 390}
    assert (m2.loc[["nw", "ne"]] == 0).all(axis=None)
    share = found.filter(regex="_share$")
    assert share.loc["sw", ["floor_area_housing_share", "floor_area_retail_share"]].to_list() == [386 / 464, 78 / 464]
    assert share.sum(axis=1, skipna=False).to_dict() == pytest.approx(
        {"sw": 1, "se": 1, "nw": NAN, "ne": NAN}, nan_ok=True
    )


@pytest.mark.parametrize("use", FUNCTIONS)
def test_every_use_of_the_bag_has_its_column(use):
    name = FUNCTIONS[use][0]
    assert areas([address(5, 5, use, 80)]) == {name: 80, "with_use": 80}
    share = of("floor_by_function", [address(5, 5, use, 80)]).loc["sw"].filter(regex="_share$")
    assert share[share != 0].to_dict() == {f"floor_area_{name}_share": 1}


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([address(5, 5, "kantoorfunctie,winkelfunctie,sportfunctie", 90)],
         {"office": 30, "retail": 30, "sport": 30, "with_use": 90}),
        ([address(5, 5, "kantoorfunctie, kantoorfunctie,winkelfunctie", 90)], {"office": 45, "retail": 45, "with_use": 90}),
        # What the BAG does not know as a use is another one, and a use all the same.
        ([address(5, 5, "kantoorfunctie,marsfunctie", 90)], {"office": 45, "other": 45, "with_use": 90}),
        ([address(5, 5, "overige gebruiksfunctie,marsfunctie", 90)], {"other": 90, "with_use": 90}),
        ([address(5, 5, "", 90)], {"without_use": 90}),
        ([address(5, 5, None, 90)], {"without_use": 90}),
        ([address(5, 5, " , ", 90)], {"without_use": 90}),
        # Of offices there are 60 and some of which it is not known how large; of sport only such.
        ([address(5, 5, "kantoorfunctie", 60), address(5, 5, "kantoorfunctie,sportfunctie", NAN)],
         {"office": 60, "sport": NAN, "with_use": 60}),
        ([address(5, 5, "celfunctie", NAN)], {"prison": NAN, "with_use": NAN}),
        ([address(5, 5, "", NAN), address(5, 5, "celfunctie", 10)], {"prison": 10, "with_use": 10, "without_use": NAN}),
        ([address(5, 5, "celfunctie", 10, status="Verblijfsobject gevormd")], {}),
        ([], {}),
    ],
)  # fmt: skip
def test_uses_of_an_address_share_it_equally(rows, expected):
    assert areas(rows) == pytest.approx(expected, nan_ok=True)


def test_shares_are_of_the_floor_that_has_a_use():
    rows = [address(5, 5, "kantoorfunctie", 60), address(5, 5, "sportfunctie", 20), address(5, 5, "", 920)]
    share = of("floor_by_function", rows).loc["sw"].filter(regex="_share$")
    assert share[share != 0].to_dict() == {"floor_area_office_share": 0.75, "floor_area_sport_share": 0.25}


# --- floor area for work


@pytest.mark.parametrize("use", FUNCTIONS)
def test_work_is_all_but_housing_and_other(use):
    found = of("work_floor", [address(5, 5, use, 500)]).loc["sw"].to_list()
    assert found == ([0, 0, 0] if FUNCTIONS[use][1] is None else [500, 20, 1])


def test_work_beside_other_uses():
    """Half of 100, and two thirds of 90, of 190 in 25 ha; without a use it is in none."""
    rows = [
        address(5, 5, "woonfunctie,winkelfunctie", 100),
        address(5, 5, "sportfunctie,kantoorfunctie,overige gebruiksfunctie", 90),
        address(5, 5, "", 1000),
    ]
    found = of("work_floor", rows)
    assert found.loc["sw"].to_list() == pytest.approx([110, 110 / 25, 110 / 190])
    assert found.loc["nw"].to_list() == pytest.approx([0, 0, NAN], nan_ok=True)


def test_work_that_is_not_measured_is_not_none():
    found = of("work_floor", [address(5, 5), address(5, 5, "kantoorfunctie", NAN)]).loc["sw"]
    assert found.isna().all()


def test_a_unit_without_area_has_no_density():
    on = quadrants()
    on["area_m2"] = 0.0
    rows = [address(5, 5, "kantoorfunctie", 78)]
    assert of("work_floor", rows, units=on).loc["sw"].to_list() == pytest.approx([78, NAN, 1], nan_ok=True)
    assert pd.isna(of("jobs", rows, units=on).loc["sw", "jobs_estimate_per_ha"])


# --- jobs


@pytest.mark.parametrize("use", FUNCTIONS)
def test_jobs_by_use(use):
    """78 m² usable is 100 m² gross, at a share of 0.78; of the quadrant of 25 ha."""
    per_job = FUNCTIONS[use][1]
    found = of("jobs", [address(5, 5, use, 78)]).loc["sw"].to_list()
    spread = 20 / 17.5 if use == "kantoorfunctie" else 1.5
    jobs = 100 / per_job if per_job else 0
    assert found == pytest.approx([jobs, jobs / spread, jobs * spread, jobs / 25])


def test_the_least_jobs_in_offices_are_those_of_before_2020():
    assert of("jobs", [address(5, 5, "kantoorfunctie", 78)]).loc["sw", "jobs_estimate_low_count"] == pytest.approx(
        100 / 20
    )


def test_jobs_of_an_address_with_several_uses():
    """234 m² usable, 300 m² gross: a hundred each for a shop and an office, and a hundred to live in."""
    found = of("jobs", [address(5, 5, "woonfunctie,winkelfunctie,kantoorfunctie", 234)]).loc["sw"]
    assert found["jobs_estimate_count"] == pytest.approx(100 / 45 + 100 / 17.5)


@pytest.mark.parametrize(
    ("key", "use"),
    [
        ("gross_m2_per_job_office", "kantoorfunctie"), ("gross_m2_per_job_industry", "industriefunctie"),
        ("gross_m2_per_job_retail", "winkelfunctie"), ("gross_m2_per_job_other", "sportfunctie"),
    ],
)  # fmt: skip
def test_jobs_follow_the_settings(key, use):
    found = of("jobs", [address(5, 5, use, 80)], **{key: 10.0, "usable_share_of_gross_other": 0.5}).loc["sw"]
    assert found["jobs_estimate_count"] == pytest.approx(16)


def test_jobs_that_are_not_known_are_not_none():
    found = of("jobs", [address(5, 5, "kantoorfunctie", NAN), address(600, 5), address(5, 600, "kantoorfunctie", NAN),
                        address(5, 600, "kantoorfunctie,winkelfunctie", 156)])  # fmt: skip
    assert found.loc["sw"].isna().all()
    assert found.loc["se"].to_list() == [0, 0, 0, 0]
    assert found.loc["nw", "jobs_estimate_count"] == pytest.approx(100 / 17.5 + 100 / 45)


# --- what always holds

USES = st.lists(st.sampled_from([*FUNCTIONS, "marsfunctie"]), max_size=4).map(",".join)
ROWS = st.lists(st.builds(address, LATTICE, LATTICE, USES, st.sampled_from([30.0, 90.0, NAN])), max_size=12)


@given(ROWS)
@settings(deadline=None, max_examples=40)
def test_functions_add_up_to_all_floor_area(rows):
    """By an own count, address by address and use by use, in plain Python."""
    given, memo = {**REST, "verblijfsobject": addresses(rows)}, {}
    found = compute(BY_NAME["floor_by_function"], given, memo)
    amounts = compute(BY_NAME["work_floor"], given, memo)["floor_area_work_m2"]
    name_of = {f"v{i:03d}": row for i, row in enumerate(rows)}
    wanted = {unit: {} for unit in found.index}
    for point, unit in memo["addresses_in_units", "square_500m"].itertuples(index=False):
        row, sums = name_of[point], wanted[unit]
        named = {u for u in row["use"].split(",") if u}
        for use in named or {""}:
            name = "without_use" if not use else FUNCTIONS.get(use, ("other",))[0]
            sums.setdefault(name, []).append(row["usable_area_m2"] / max(len(named), 1))
    for unit, sums in wanted.items():
        known = {name: [m2 for m2 in all_m2 if m2 == m2] for name, all_m2 in sums.items()}
        total = {name: sum(m2) if m2 else NAN for name, m2 in known.items()}
        got = {c: found.loc[unit, f"floor_area_{c}_m2"] for c in (*work.FUNCTIONS, "without_use")}
        assert got == pytest.approx({c: total.get(c, 0) for c in got}, nan_ok=True)
        with_use = found.loc[unit, "floor_area_with_use_m2"]
        parts = [v for c, v in got.items() if c != "without_use" and v == v]
        assert with_use == pytest.approx(sum(parts)) or (pd.isna(with_use) and not any(parts))
        at_work = [v for c, v in got.items() if c not in ("without_use", "housing", "other") and v == v]
        assert amounts[unit] == pytest.approx(sum(at_work)) or (pd.isna(amounts[unit]) and not any(at_work))
