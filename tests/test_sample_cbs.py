"""The sample's households, ages, vacancy and establishments: that they agree with each other, and with the stock."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import sample_city

from pipeline.sample import cbs
from pipeline.sample.establishments import SECTORS, establishments
from pipeline.sample.residents import AGES, residents
from pipeline.sources.cbs import BUURT, VIERKANT_500M

EARLIER = ["buurt_2021", "wijk_2021", "buurt_2019", "wijk_2019"]
EDITIONS = ["buurt", "wijk", *EARLIER]
SQUARES = ["vierkant_100m", "vierkant_500m", "vierkant_100m_2019", "vierkant_500m_2021"]
NATIVE = BUURT.native
PERCENT = {
    "ages": [NATIVE[f"age_{age}_pct"] for age in AGES],
    "households": [NATIVE[f"{kind}_pct"] for kind in ("single_person_households", "households_without_children", "households_with_children")],
    "dwellings": [NATIVE["single_family_dwellings_pct"], NATIVE["multi_family_dwellings_pct"]],
}  # fmt: skip
SECTOR = [NATIVE[f"establishments_{sector}_count"] for sector in SECTORS]


@pytest.fixture(scope="module")
def made():
    return {name: table.drop(columns="geometry") for name, table in sample_city.tables().items() if name in {*EDITIONS, *SQUARES}}  # fmt: skip


def known(table, *columns):
    """The rows in which all of these are said."""
    return table[(table[list(columns)] > -99_990).all(axis=1)]


@pytest.mark.parametrize("what", PERCENT)
@pytest.mark.parametrize("name", EDITIONS)
def test_percentages_are_of_a_hundred_within_rounding(name, what, made):
    columns = PERCENT[what]
    shown = known(made[name], *columns)
    if (what, name) in {("households", "buurt"), ("households", "wijk")}:
        assert len(shown) == 0, "the first version of an edition does not have them"
        return
    assert len(shown) > 0.5 * len(made[name])
    # All of them or none.
    assert len(shown) == (made[name][columns] > -99_990).any(axis=1).sum()
    assert (shown[columns].sum(axis=1) - 100).abs().max() <= len(columns) / 2
    assert shown[columns].to_numpy().min() >= 0


@pytest.mark.parametrize("name", EARLIER)
def test_household_size_is_inhabitants_by_households(name, made):
    shown = known(made[name], "gemiddelde_huishoudsgrootte", "aantal_inwoners", "aantal_huishoudens")
    people, households = shown["aantal_inwoners"], shown["aantal_huishoudens"]
    size = shown["gemiddelde_huishoudsgrootte"]
    assert (size >= (people - 2.5) / (households + 2.5) - 0.05).all()
    assert (size <= (people + 2.5) / (households - 2.5) + 0.05).all()
    assert (size * 10 == (size * 10).round()).all() and len(size) > 5


@pytest.mark.parametrize("name", EARLIER)
def test_who_lives_alone_leaves_no_more_than_the_households(name, made):
    shown = known(made[name], "aantal_huishoudens", "woningvoorraad", "percentage_leegstand_woningen")
    lived = shown["woningvoorraad"] * (1 - shown["percentage_leegstand_woningen"] / 100)
    assert ((shown["aantal_huishoudens"] - lived).abs() <= 2.5 + 0.005 * shown["woningvoorraad"] + 1e-9).all()


@pytest.mark.parametrize("name", EDITIONS)
def test_a_few_percent_of_the_dwellings_are_not_lived_in(name, made):
    vacant, stock = made[name]["percentage_leegstand_woningen"], made[name]["woningvoorraad"]
    assert ((vacant > -99_990) == (stock >= 20)).all()
    shown = vacant > -99_990
    assert 2 < np.average(vacant[shown], weights=stock[shown]) < 7
    assert (known(made[name], "percentage_bewoond")["percentage_bewoond"] + vacant[shown] - 100).abs().max() <= 1


@pytest.mark.parametrize("name", EDITIONS)
def test_sectors_are_told_from_twenty_establishments_on(name, made):
    table = known(made[name], "aantal_bedrijfsvestigingen")
    total, told = table["aantal_bedrijfsvestigingen"], table[SECTOR] > -99_990
    assert (told.all(axis=1) == told.any(axis=1)).all()
    # 18 and 19 are rounded to 20 as well.
    assert not told[total < 20].any(axis=None) and told[total > 20].all(axis=None)
    assert told.any(axis=None) and (not told.all(axis=None) or name.startswith("wijk"))
    shown = table[told.all(axis=1)]
    sums = shown[SECTOR].sum(axis=1)
    assert ((sums - shown["aantal_bedrijfsvestigingen"]).abs() <= 2.5 * (len(SECTOR) + 1)).all()
    assert (table[["aantal_bedrijfsvestigingen"]].to_numpy() % 5 == 0).all() and (shown[SECTOR].to_numpy() % 5 == 0).all()  # fmt: skip
    assert (shown[SECTOR].sum() > 0).all()


@pytest.mark.parametrize("name", SQUARES)
def test_parts_of_a_square_are_withheld_below_five(name, made):
    native = {c: n for c, n in VIERKANT_500M.native.items() if c.endswith("_count")}
    assert len(native) == 11
    table = made[name]
    for column in native.values():
        shown = table[column][table[column] > -99_990]
        assert (shown >= 5).all() and (shown % 5 == 0).all() and len(shown) > 0
        assert set(table[column][table[column] < 0]) == {-99_998 if name.endswith("2019") else -99_997}
    ages = [native[f"age_{age}_count"] for age in AGES]
    here = table[table["aantal_inwoners"] > 0]
    low = here[ages].where(here[ages] > 0, 0.0)
    high = here[ages].where(here[ages] > 0, 4.0 + 2.5)
    assert (low.sum(axis=1) <= here["aantal_inwoners"] + 2.5 * 6).all()
    assert (high.sum(axis=1) >= here["aantal_inwoners"] - 2.5 * 6).all()
    for part, whole in (
        ("single_person_households_count", "households_count"),
        ("multi_family_dwellings_count", "dwellings_count"),
        ("vacant_dwellings_count", "dwellings_count"),
    ):
        both = known(table, native[part], native[whole])
        assert (both[native[part]] <= both[native[whole]]).all() and len(both) > 0


def test_squares_hold_the_ages_of_the_wijken(made):
    wijk, square = known(made["wijk"], *PERCENT["ages"]), made["vierkant_500m"]
    for age, column in zip(AGES, PERCENT["ages"], strict=True):
        count = square[VIERKANT_500M.native[f"age_{age}_count"]]
        whole = (wijk[column] / 100 * wijk["aantal_inwoners"]).sum()
        assert count[count > 0].sum() == pytest.approx(whole, rel=0.05), age


# --- who lives, what works at an address


def test_everybody_is_of_one_age_and_in_one_household():
    people = np.arange(4_000) % 8
    found = residents(people, seed=3)
    assert (found[[f"age_{age}" for age in AGES]].sum(axis=1) == people).all()
    assert (found["lived"] == (people > 0)).all()
    assert (found[["alone", "childless", "family"]].sum(axis=1) == found["lived"]).all()
    assert (found["alone"] == (people == 1)).all()
    children = found[found["family"] == 1]
    assert (children[["age_0_15", "age_15_25"]].sum(axis=1) >= 1).all() and (children["age_65_plus"] == 0).all()
    without = found[(found["lived"] == 1) & (found["family"] == 0)]
    assert (without["age_0_15"] == 0).all()
    assert 0.1 < found["age_0_15"].sum() / people.sum() < 0.4


def test_a_household_stays_what_it_is_over_the_years():
    before, after = np.full(500, 3), np.full(500, 4)
    kinds = ["childless", "family"]
    pd.testing.assert_frame_equal(residents(before, 5)[kinds], residents(after, 5)[kinds])
    assert not residents(before, 5).equals(residents(before, 6))


def test_establishments_go_with_the_use_of_their_address():
    use = pd.Series(
        ["woonfunctie", "winkelfunctie", "onderwijsfunctie,sportfunctie", "celfunctie", "woonfunctie"] * 400
    )
    farm = np.arange(2_000) % 5 == 4
    found = establishments(use, farm, seed=3)
    assert list(found) == list(SECTORS)
    assert (found.gt(0).sum(axis=1) <= 1).all(), "one sector at each address"
    home, shop, school, prison, farms = (found.iloc[i::5].sum() for i in range(5))
    assert 20 < home.sum() < 60, "one in ten of 400 dwellings"
    assert 1.4 * 400 < shop.sum() < 1.8 * 400 and shop.idxmax() == "trade"
    assert school.idxmax() == "public" and prison.drop("public").sum() == 0
    assert farms.idxmax() == "agriculture" and home["agriculture"] == 0


def test_people_of_a_year_are_in_the_stock_of_it():
    _, stock = sample_city.city()
    people = cbs.people_at(stock, 2021, 2050)
    assert (people["year"] < 2021).all() and people.index.is_unique
    assert (people["vacant"] == (people["home"] & (people["people"] == 0))).all()
    assert (people[[f"age_{age}" for age in AGES]].sum(axis=1) == people["people"]).all()
