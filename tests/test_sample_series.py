"""The sample over the years: how many live where, which borders moved, what the land was used for."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import sample_city
import shapely
from shapely import box

from pipeline import sample
from pipeline.load.layers import conform
from pipeline.load.received import Received
from pipeline.sample import borders
from pipeline.sample.figures import delivered, editions
from pipeline.sources import SOURCES

DELIVERIES = [(s, y) for s in SOURCES if s.name in sample.EDITIONS for y in editions(s.name)]
SQUARES = ("vierkant_100m", "vierkant_500m")
NOT_YET = {
    "households_count", "single_person_households_pct", "households_without_children_pct",
    "households_with_children_pct", "household_size",
}  # fmt: skip
COUNTS = ("aantal_inwoners", "aantal_part_huishoudens", "aantal_woningen")


@pytest.fixture(scope="module")
def made() -> dict[str, gpd.GeoDataFrame]:
    return sample_city.tables()


def known(values: pd.Series) -> pd.Series:
    return values[values > -99_990]


@pytest.mark.parametrize(("source", "year"), DELIVERIES, ids=[f"{s.name}-{y}" for s, y in DELIVERIES])
def test_every_edition_becomes_the_declared_layer(source, year, made):
    table = made[delivered(source.name, year)]
    done = conform(Received(table, None, ()), source, edition=year, bbox=None)
    assert done.absent == ()
    assert done.repaired == 0
    fictive = (table["water"] == "JA").sum() if source.keep else 0
    assert len(done.table) == len(table) - fictive > 10
    for column in source.layer.columns:
        values = done.table[column.name]
        if column.dtype == "float64":
            assert not (values < 0).any()
            empty = column.name in NOT_YET and delivered(source.name, year) in ("buurt", "wijk")
            assert values.isna().all() == empty, column.name


# --- squares


@pytest.mark.parametrize("name", SQUARES)
def test_more_people_and_dwellings_from_year_to_year(name, made):
    for column in ("aantal_inwoners", "aantal_woningen"):
        sums = [known(made[delivered(name, year)][column]).sum() for year in sorted(editions(name))]
        assert sums[0] < sums[1] < sums[2] < 1.04 * sums[0], (column, sums)


def test_new_dwellings_of_a_square_were_built_in_between(made):
    # One of 500 m, so that hardly anything is withheld: what came in three years is younger than 2019.
    then, now = (made[n].set_index("crs28992res500m") for n in ("vierkant_500m_2019", "vierkant_500m"))
    both = (then["aantal_woningen"] > 0) & (now["aantal_woningen"] > 0)
    more = now["aantal_woningen"][both] - then["aantal_woningen"][both]
    young = now["aantal_woningen_bouwjaar_15_en_later"][both].clip(lower=0)
    assert more.min() >= 0
    assert (more <= young + 5).all()
    assert more.max() >= 50


@pytest.mark.parametrize("year", editions("vierkant_500m"))
def test_a_square_of_500_m_is_the_sum_of_its_squares_of_100_m(made, year):
    small, large = (made[delivered(n, year)] for n in SQUARES)
    corner = large.bounds[["minx", "miny"]].to_numpy().astype(int)
    assert (large["crs28992res500m"] == [f"E{x // 100}N{y // 100}" for x, y in corner]).all()
    assert (corner % 500 == 0).all() and (large.area == 250_000).all()
    x, y = (small.bounds[c].to_numpy().astype(int) // 500 * 500 for c in ("minx", "miny"))
    of = pd.Series([f"E{a // 100}N{b // 100}" for a, b in zip(x, y, strict=True)])
    whole = large.set_index("crs28992res500m")
    for column in COUNTS:
        open_ = small[column] > -99_990
        by = small[column].where(open_, 0).groupby(of).agg(["sum", "size"])
        hidden = (~open_).groupby(of).sum()
        total = whole.loc[by.index, column]
        shown = total > -99_990
        # Every number is rounded to five; a square of 100 m that is not there has four at most.
        low = by["sum"] - 2.5 * (by["size"] - hidden) - 2.5
        high = by["sum"] + 2.5 * (by["size"] - hidden) + 4 * hidden + 4 * (25 - by["size"]) + 2.5
        assert (total[shown] >= low[shown]).all() and (total[shown] <= high[shown]).all(), column
        tight = shown & (hidden == 0) & (by["size"] == 25)
        assert (total[tight] - by["sum"][tight]).abs().max() <= 2.5 * 26 or not tight.any()
    assert len(large) == 38 * 32, "there is one wherever there is ground"


def test_older_editions_withhold_by_other_codes(made):
    codes = {
        name: {int(v) for c in COUNTS for v in made[name][c] if v < -99_990}
        for name in made
        if name.startswith("vierkant")
    }
    assert codes == {
        "vierkant_100m": {-99_997}, "vierkant_100m_2021": {-99_997}, "vierkant_100m_2019": {-99_998},
        "vierkant_500m": {-99_997}, "vierkant_500m_2021": {-99_997}, "vierkant_500m_2019": {-99_998},
    }  # fmt: skip
    for name in ("buurt_2021", "buurt_2019"):
        assert {int(v) for v in made[name]["aantal_inwoners"] if v < 0} == {-99_999_999}
    assert {int(v) for v in made["buurt"]["aantal_inwoners"] if v < 0} == {-99_997}


# --- borders


def test_what_has_not_been_published_yet_is_in_the_year_before(made):
    for name in ("buurt", "wijk"):
        assert set(made[name]["aantal_huishoudens"]) == {-99_995}
        assert len(known(made[f"{name}_2021"]["aantal_huishoudens"])) > 0.6 * len(made[f"{name}_2021"])


def test_the_register_says_which_neighbourhoods_changed(made):
    how = made["buurt"].set_index("buurtcode")["indelingswijziging_wijken_en_buurten"]
    assert how[how == 2].index.tolist() == ["BU01530414", "BU01640913"]
    assert how[how == 3].index.tolist() == [
        "BU01530300", "BU01640000", "BU01640002", "BU01640500", "BU01640501",
    ]  # fmt: skip
    wijk = made["wijk"].set_index("wijkcode")["indelingswijziging_wijken_en_buurten"]
    assert wijk[wijk == 3].index.tolist() == ["WK015303", "WK015304"]
    assert set(made["buurt_2021"]["indelingswijziging_wijken_en_buurten"]) == {1}


def test_neighbourhoods_were_divided_united_recoded_and_moved(made):
    now, then = (made[n].set_index("buurtcode") for n in ("buurt", "buurt_2021"))
    areas = now.area, then.area
    assert areas[1]["BU01640000"] == pytest.approx(areas[0]["BU01640000"] + areas[0]["BU01640002"])
    assert areas[0]["BU01530300"] == pytest.approx(areas[1]["BU01530300"] + areas[1]["BU01530303"])
    assert areas[0]["BU01530414"] == pytest.approx(areas[1]["BU01530306"])
    assert then.loc["BU01530306", "wijkcode"] == "WK015303"
    moved = areas[0]["BU01640501"] - areas[1]["BU01640501"]
    assert moved == pytest.approx(areas[1]["BU01640500"] - areas[0]["BU01640500"])
    assert moved > 0.02 * areas[0]["BU01640501"], "enough to be seen as another border"


@pytest.mark.parametrize("name", ["buurt", "wijk"])
def test_borders_and_codes_changed_once(name, made):
    then, before = (made[f"{name}_{year}"].set_index(f"{name}code") for year in (2021, 2019))
    assert then.index.equals(before.index)
    assert (shapely.equals_exact(then.geometry.to_numpy(), before.geometry.to_numpy())).all()
    people = [known(made[n]["aantal_inwoners"]).sum() for n in (f"{name}_2019", f"{name}_2021", name)]
    assert people[0] < people[1] < people[2] < 1.04 * people[0]


def test_people_of_the_year_before_are_counted_within_its_borders(made):
    now, then = (made[n].set_index("buurtcode")["woningvoorraad"] for n in ("buurt", "buurt_2021"))
    # United: what stood in both parts stands there now, and perhaps more.
    parts = then["BU01530300"] + then["BU01530303"]
    assert min(then["BU01530300"], then["BU01530303"]) > 0
    assert parts <= now["BU01530300"] <= parts + 60
    assert then["BU01640000"] <= now["BU01640000"] + now["BU01640002"]
    assert then["BU01640500"] > 0 and then["BU01640501"] < now["BU01640501"]


def test_change_tells_code_from_border():
    then = pd.Series({"a": box(0, 0, 10, 10), "b": box(10, 0, 20, 10), "c": box(20, 0, 30, 10)})
    now = pd.Series({"a": box(0, 0, 10, 10), "b": box(10, 0, 18, 10), "d": box(20, 0, 30, 10), "e": box(18, 0, 20, 10)})
    assert borders.change(now, then).tolist() == [1, 3, 2, 3]


# --- land use


def test_land_use_was_a_building_site_before_it_was_built_up(made):
    then, now = made["bodemgebruik_2015"], made["bodemgebruik"]
    site = shapely.union_all(then.geometry[then["bg2015"] == 34].to_numpy())
    built = now[now["bg2017"].isin([20, 21, 22, 23, 24])].geometry.to_numpy()
    assert shapely.area(shapely.intersection(site, built)).sum() > 0.9 * shapely.area(site)
    green = (40, 41, 42, 51, 60, 61, 62)
    for code in green:
        ours, theirs = now.geometry[now["bg2017"] == code].area.sum(), then.geometry[then["bg2015"] == code].area.sum()
        assert ours == pytest.approx(theirs), code


def test_the_new_method_has_classes_that_the_old_one_lacks(made):
    old, new = made["bodemgebruik"], made["bodemgebruik_nieuw"]
    assert set(new["nbbg22"]) - set(old["bg2017"]) == {36, 52, 53, 63}
    assert list(new.columns) == ["nbbg22", "geometry"], "the file has codes only"
    assert old.area.sum() == pytest.approx(new.area.sum())
    for code in (10, 11, 40, 60):
        assert new.geometry[new["nbbg22"] == code].area.sum() == pytest.approx(
            old.geometry[old["bg2017"] == code].area.sum()
        ), code
    panels = new.geometry[new["nbbg22"] == 36].area.sum() / 1e4
    assert 5 < panels < 200, "hectares"
    assert np.isin(new["nbbg22"], range(10, 91)).all()
