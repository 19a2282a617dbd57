"""Series over years: which years there are, whose numbers they are, and where there are none; done in the head."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
import small_project
from world import KIND, box, layer

from pipeline import config as config_
from pipeline import flow, store
from pipeline.checks.computed import Computed
from pipeline.checks.series import check_series
from pipeline.contract import CRS, Text
from pipeline.indicators import INDICATORS, leaves, series
from pipeline.measures import Measure
from pipeline.project import Project, Quiet
from pipeline.sources import BY_NAME
from pipeline.stages import compute, export

NAN = float("nan")
#: Inhabitants of each buurt of the small project in 2021, in which ten houses of 2022 hold twenty.
THEN = {"BU00010000": 10, "BU00010001": 15, "BU00020000": 25, "BU00020001": 5}


# --- which years


@pytest.mark.parametrize(
    ("loaded", "expected"),
    [
        ({}, ()),
        ({"buurt": [2022]}, (2022,)),
        ({"buurt": [2022, 2021, 2019]}, (2022, 2021, 2019)),
        ({"buurt": [2022, 2021], "vierkant_100m": [2022, 2021, 2019]}, (2022, 2021)),
        ({"buurt": [2022, 2021], "vierkant_100m": [2022, 2019]}, (2022,)),
        # The current editions differ: the year is that of the newest, and what both have of another year is earlier.
        ({"buurt": [2025, 2024, 2023], "vierkant_100m": [2024, 2021]}, (2025, 2024)),
        # A later edition beside the current one is none of an earlier year.
        ({"buurt": [2022, 2024, 2021]}, (2022, 2021)),
    ],
)
def test_a_year_counts_where_every_source_has_an_edition_of_it(loaded, expected):
    assert series.years(loaded) == expected


def test_people_and_establishments_have_series_and_land_use_has_none():
    flagged = [i for i in INDICATORS if i.series]
    assert {i.name for i in flagged} == {
        "inhabitants_published", "inhabitants_from_squares", "households_published", "households_from_squares",
        "ages_published", "ages_from_squares", "establishments_published", "establishments_from_buurten",
    }  # fmt: skip
    for indicator in flagged:
        dated = {n for n in leaves(indicator) if n in BY_NAME and BY_NAME[n].editions}
        assert dated, indicator.name
        assert dated <= {"buurt", "wijk", "vierkant_100m"}, "CBS advises against comparing its maps of land use"


# --- whose number it is


def buurten(**shapes):
    """Buurten of wijk WK000100, gemeente GM0001, and that wijk."""
    rows = {n: {"geometry": s, "wijk_code": "WK000100", "gemeente_code": "GM0001"} for n, s in shapes.items()}
    whole = shapely.union_all(list(shapes.values()))
    wijk = {"WK000100": {"geometry": whole, "gemeente_code": "GM0001"}}
    return {"buurt": layer("buurt", rows), "wijk": layer("wijk", wijk)}


@pytest.mark.parametrize(("strip_m", "other"), [(0, False), (10, False), (11, True)])
def test_a_border_that_moved_by_more_than_a_fiftieth_makes_other_ground(strip_m, other):
    # A strip at the edge of 500 m of a buurt of 500 m by 500 m: 10 m are 2 % of it.
    now = buurten(a=box(0, 0, 500, 500), b=box(500, 0, 1000, 500))
    then = buurten(a=box(0, 0, 500 - strip_m, 500), b=box(500 - strip_m, 0, 1000, 500))
    assert series.other_ground(KIND["buurt"], now, then) == ({"a", "b"} if other else set())
    # Together they are the same ground.
    assert series.other_ground(KIND["wijk"], now, then) == set()
    assert series.other_ground(KIND["gemeente"], now, then) == set()


def test_a_code_that_was_not_there_has_no_number_and_ground_of_both_sides_counts():
    now = buurten(a=box(0, 0, 500, 500), new=box(500, 0, 1000, 500))
    then = buurten(a=box(6, 0, 506, 500), old=box(506, 0, 1000, 500))
    # 6 m lost on one side and 6 m won on the other are 2.4 % in all.
    assert series.other_ground(KIND["buurt"], now, then) == {"a", "new"}
    assert series.other_ground(KIND["square_500m"], now, then) == set(), "it is made of what lies in it"


def test_a_gemeente_is_its_wijken_together():
    now, then = buurten(a=box(0, 0, 500, 500)), buurten(a=box(0, 0, 500, 450))
    assert series.other_ground(KIND["gemeente"], now, then) == {"GM0001"}
    divided = {"WK000100": box(0, 0, 200, 500), "WK000101": box(200, 0, 500, 500)}
    wijken = layer("wijk", {n: {"geometry": s, "gemeente_code": "GM0001"} for n, s in divided.items()})
    assert series.other_ground(KIND["gemeente"], now, {"wijk": wijken}) == set()
    assert series.other_ground(KIND["wijk"], now, {"wijk": wijken}) == {"WK000100"}


def test_units_of_other_ground_are_empty_and_stay_in_place():
    table = pd.DataFrame({"n": [1.0, 2.0, 3.0]}, index=pd.Index(["c", "a", "b"], name="unit_id"))
    found = series.of_year(table, frozenset({"a"}))
    pd.testing.assert_frame_equal(found, table.assign(n=[1.0, NAN, 3.0]))


def test_what_rests_on_an_earlier_edition_is_empty_throughout():
    given = pd.DataFrame({"people": [1.0, NAN], "households": [2.0, 3.0]})
    found = series.own_numbers(given, given.assign(households=[2.0, NAN]))
    pd.testing.assert_frame_equal(found, given.assign(households=NAN))
    assert series.own_numbers(given.iloc[:0], given.iloc[:0]).empty


# --- in a project


def editions() -> dict[str, gpd.GeoDataFrame]:
    """The files of the small project with 2021 beside 2022, and of the buurten also 2020.

    In 2021 the border between both buurten of A lay 100 m further south, the one between those of B 5 m; of B-noord
    the code was another. Households of buurten and wijken are not in 2022 yet, and there were fewer in 2021.
    """
    now = small_project.tables()
    buurt, wijk, square = now["buurt"], now["wijk"], now["vierkant_100m"]
    quarters = [(0, 0, 2000, 900), (0, 900, 2000, 2000), (2000, 0, 4000, 995), (2000, 995, 4000, 2000)]
    x, y = small_project.X, small_project.Y
    shapes = [shapely.box(x + w, y + s, x + e, y + n) for w, s, e, n in quarters]
    people = list(THEN.values())
    codes = [*list(THEN)[:3], "BU00020009"]
    then = buurt.assign(aantal_inwoners=people, aantal_huishoudens=8, buurtcode=codes)
    then = then.set_geometry(gpd.GeoSeries(shapes, crs=CRS))
    wijken = wijk.assign(aantal_inwoners=[25, 30], aantal_huishoudens=16)
    no = {"aantal_huishoudens": -99995}
    return {
        "buurt_2022": buurt.assign(**no), "buurt_2021": then, "buurt_2020": then,
        "wijk_2022": wijk.assign(**no), "wijk_2021": wijken,
        "vierkant_100m_2022": square, "vierkant_100m_2021": square.assign(aantal_inwoners=people),
    }  # fmt: skip


def write(folder: Path, earlier: dict[str, str]) -> Path:
    """The small project with these lines of ``earlier_editions`` per source."""
    path = small_project.write(folder)
    text = path.read_text(encoding="utf-8")
    for name, years in earlier.items():
        (folder / "in" / f"{name}.gpkg").unlink()
        text = text.replace(
            f'path = "in/{name}.gpkg"\nedition = 2022\n',
            f'path = "in/{name}_{{edition}}.gpkg"\nlayer = "{name}"\nedition = 2022\nearlier_editions = [{years}]\n',
        )
    path.write_text(text, encoding="utf-8")
    for name, table in editions().items():
        pyogrio.write_dataframe(table, folder / "in" / f"{name}.gpkg", layer=name.rpartition("_")[0])
    return path


def made(path: Path) -> Project:
    """The project, computed."""
    project = Project(config_.read(path), synthetic=False, show=Quiet())
    flow.run(project, ["load", "clip", "compute"])
    return project


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    years = {"buurt": "2021, 2020", "wijk": "2021", "vierkant_100m": "2021"}
    return made(write(tmp_path_factory.mktemp("series"), years))


def of(project: Project, kind: str) -> pd.DataFrame:
    return compute.series(project, KIND[kind])


def in_year(project: Project, kind: str, year: int, column: str = "inhabitants_count") -> dict[str, float]:
    table = of(project, kind)
    return table[table["year"] == year].set_index("unit_id")[column].to_dict()


def same(expected):
    return {k: pytest.approx(v, nan_ok=True) for k, v in expected.items()}


def test_published_units_have_the_number_of_their_own_ground(project):
    assert in_year(project, "buurt", 2022) == dict.fromkeys(THEN, 20)
    # Of A the border moved, of B-noord the code; 5 m of B-zuid are a two-hundredth.
    expected = {"BU00010000": NAN, "BU00010001": NAN, "BU00020000": 25, "BU00020001": NAN}
    assert in_year(project, "buurt", 2021) == same(expected)
    assert in_year(project, "wijk", 2021) == {"WK000100": 25, "WK000200": 30}
    assert in_year(project, "gemeente", 2021) == {"GM0001": 25, "GM0002": 30}


@pytest.mark.parametrize("kind", ["square_100m", "square_500m", "hexagon"])
def test_other_units_have_what_lay_in_them(project, kind):
    there = [n for n in in_year(project, kind, 2021).values() if n > 0]
    assert sum(there) == pytest.approx(55)
    if kind != "hexagon":  # of which one may hold people of two buurten
        assert sorted(there) == pytest.approx([5, 10, 15, 25])
    assert sum(in_year(project, kind, 2022).values()) == pytest.approx(80)


def test_a_year_of_which_one_source_is_missing_is_no_year(project):
    for kind in ("buurt", "wijk", "corridor"):
        people = of(project, kind).dropna(subset="inhabitants_low_count")
        assert set(people["year"]) == {2021, 2022}, kind
    # Establishments of other units than buurten need the buurten alone, of which there is 2020.
    given = {i.name: compute.years(project, i) for i in INDICATORS if i.series}
    assert given["establishments_from_buurten"] == (2022, 2021, 2020)
    assert given["inhabitants_from_squares"] == given["establishments_published"] == (2022, 2021)
    assert set(of(project, "corridor")["year"]) == {2020, 2021, 2022}
    assert set(of(project, "wijk")["year"]) == {2021, 2022}


@pytest.mark.parametrize("kind", ["gemeente", "buurt", "square_500m", "hexagon"])
def test_the_last_year_is_what_was_computed_but_for_what_is_not_of_that_year(project, kind):
    last = of(project, kind).query("year == 2022").set_index("unit_id")
    for indicator in compute.possible(project, KIND[kind]):
        if not indicator.series:
            continue
        table = store.read_table(project.places.computed(indicator.name, kind), "compute")
        assert last.index.equals(table.index)
        for column in table:
            # The households of 2022 were taken from 2021: those of the wijken, and of the one buurt that is the same.
            if column in ("households_count", "households_per_ha", "household_size"):
                assert last[column].isna().all(), column
                assert in_year(project, kind, 2021, column).keys() == set(last.index)
                assert not np.isnan(list(in_year(project, kind, 2021, column).values())).all(), column
            elif not column.startswith("households"):
                pd.testing.assert_series_equal(last[column], table[column], obj=column)
    assert project.clipped(BY_NAME["wijk"].layer)["households_count"].tolist() == [16, 16]


def test_rows_are_units_by_year_the_oldest_first(project):
    table = of(project, "wijk")
    assert list(table.columns[:3]) == ["unit_id", "year", "inhabitants_count"]
    assert table["year"].dtype == "int64"
    assert set(map(str, table.dtypes.iloc[2:])) == {"float64"}
    assert list(zip(table["unit_id"], table["year"], strict=True)) == [
        ("WK000100", 2021), ("WK000200", 2021), ("WK000100", 2022), ("WK000200", 2022),
    ]  # fmt: skip
    asked = {c.name for i in compute.possible(project, KIND["wijk"]) if i.series for c in i.columns}
    assert set(table.columns[2:]) == asked


def test_nothing_is_made_twice(project):
    again = Project(project.config, synthetic=False, show=Quiet())
    assert flow.run(again, ["compute"]).made == 0


def test_without_earlier_editions_there_is_no_series(tmp_path):
    config = config_.read(write(tmp_path, {"buurt": "", "wijk": "", "vierkant_100m": ""}))
    project = Project(config, synthetic=False, show=Quiet())
    assert not any(compute.has_series(project, kind) for kind in project.kinds)
    assert compute.series_files(project) == ()
    empty = of(project, "buurt")
    assert (list(empty.columns), len(empty)) == (["unit_id", "year"], 0)
    assert not [s.name for batch in compute.steps(project) for s in batch if s.name.startswith("series")]


def test_checks_look_at_every_year(project):
    done = {c.name: c for c in project.checks() if c.name.startswith("series/")}
    assert {f"series/{k.name}" for k in project.kinds} <= set(done)
    assert "series/2021/inhabitants_count" in done
    assert {c.state for c in done.values()} == {"holds"}


def test_the_geopackage_has_them_as_one_table(project, tmp_path):
    folder = shutil.copytree(project.places.base, tmp_path / "copy")
    copied = Project(config_.read(folder / "config.toml"), synthetic=False, show=Quiet())
    next(s for s in next(export.steps(copied)) if s.name == "spoorzone.gpkg").run()
    path = copied.places.geopackage
    table = pyogrio.read_dataframe(path, layer="series")
    assert list(table.columns[:4]) == ["kind", "unit_id", "year", "inhabitants_count"]
    wijk = table[(table["kind"] == "wijk") & (table["year"] == 2021)]
    assert wijk.set_index("unit_id")["inhabitants_count"].to_dict() == {"WK000100": 25, "WK000200": 30}
    assert len(table) == sum(len(compute.series(copied, k)) for k in copied.kinds)
    said = pyogrio.read_dataframe(path, layer="data_dictionary").query("table_name == 'series'")
    assert said["column_name"].tolist() == table.columns.tolist()
    by = said.set_index("column_name")
    assert by.loc["inhabitants_count", "source"].startswith("CBS Wijken en Buurten")
    assert by.loc["inhabitants_count", "low_column"] == "inhabitants_low_count"
    assert "other ground" in by.loc["year", "meaning_en"]


# --- checks


PEOPLE = Measure(
    "inhabitants_count", "float64", "count", "extensive", Text("Inwoners", "Inhabitants"), Text("Zin.", "Sentence."),
    missing="withheld",
)  # fmt: skip


def city(**changed):
    """Two sections that are the corridor, 1 and 2 of 3 inhabitants in 2022, half of that in 2021."""
    boxes = {"section": [box(0, 0, 500, 500), box(500, 0, 1000, 500)], "corridor": [box(0, 0, 1000, 500)]}
    people = {"section": [1.0, 2.0], "corridor": [3.0]}
    found = []
    for kind, shapes in boxes.items():
        ids = pd.Index([f"{kind}{i}" for i in range(len(shapes))], name="unit_id")
        area = shapely.area(shapes)
        units = {"unit_name": ids, "area_m2": area, "land_area_m2": area, "inhabitants_count": people[kind]}
        years = {
            year: pd.DataFrame({"inhabitants_count": changed.get(f"{kind}_{year}", np.array(people[kind]) * part)}, index=ids)
            for year, part in ((2021, 0.5), (2022, 1.0))
        }
        table = gpd.GeoDataFrame(units, index=ids, geometry=shapes, crs=CRS)
        found.append(Computed(KIND[kind], table, (PEOPLE,), series=years))
    return found


def states(**changed):
    return {c.name: (c.state, c.off) for c in check_series(city(**changed))}


def test_a_series_that_is_off_is_seen():
    fine = {"series/section": ("holds", 0), "series/corridor": ("holds", 0), "series/2021/inhabitants_count": ("holds", 0)}
    assert states() == fine
    assert states(section_2022=[1.0, 2.5]) == fine | {"series/section": ("fails", 1)}
    assert states(section_2022=[1.0, NAN]) == fine | {"series/section": ("fails", 1)}
    assert states(section_2021=[0.5, 1.5]) == fine | {"series/2021/inhabitants_count": ("fails", 1)}
    # Nothing at all of the last year: the number is of an earlier edition.
    assert states(section_2022=[NAN, NAN]) == fine | {"series/section": ("none", 0)}


def test_no_series_no_checks():
    assert list(check_series([dataclasses.replace(t, series={}) for t in city()])) == []
