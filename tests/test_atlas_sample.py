"""The map of the sample's own run: every number that it shows is the one that the GeoPackage and the registers hold.

What is compared is worked out here from the tables: how a value is rounded and written, its class, its bounds.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from io import StringIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from atlas_page import (
    chromium,
    degrees,
    downloaded,
    fresh,
    go,
    legend,
    look,
    opened,
    place,
    shares,
    texts,
    violations,
    window,
)

from pipeline.atlas.declaration import MAPS
from pipeline.indicators import INDICATORS
from pipeline.palettes import CHANGE, CLASSES, LAND_USE
from pipeline.wording import number

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("sample")]

#: Column -> what it is multiplied by for a reader, its digits after the comma, its unit.
WRITTEN: dict[str, tuple[float, int, str]] = {
    "inhabitants_per_km2": (1, 0, "per km²"),
    "dwellings_per_ha": (1, 1, "per ha"),
    "usable_area_m2_per_dwelling": (1, 0, "m² per woning"),
    "age_65_plus_share": (100, 0, "%"),
    "fsi_gross": (1, 2, "m² per m²"),
    "gsi": (1, 2, "m² per m²"),
    "building_layers": (1, 2, "m² per m²"),
    "osr": (1, 2, "m² per m²"),
    "floor_area_work_m2_per_ha": (1, 0, "m² per ha"),
    "jobs_estimate_per_ha": (1, 1, "per ha"),
    "mxi": (1, 2, "index 0–1"),
    "oad_per_km2": (1, 0, "per km²"),
    "station_walk_distance_m": (1, 0, "m"),
    "dwellings_walk_800m_share": (100, 0, "%"),
    "green_walk_distance_m": (1, 0, "m"),
    "dwellings_green_300m_share": (100, 0, "%"),
    "ground_green_share": (100, 0, "%"),
    "ground_paved_share": (100, 0, "%"),
    "tree_canopy_share": (100, 0, "%"),
    "land_use_built_up_share": (100, 0, "%"),
    "land_use_entropy": (1, 2, "index 0–1"),
}
#: Of which nothing is a class of its own.
FROM_NONE = ("inhabitants_per_km2", "dwellings_per_ha", "fsi_gross", "gsi", "building_layers", "osr",
             "floor_area_work_m2_per_ha", "jobs_estimate_per_ha", "oad_per_km2")  # fmt: skip
#: Level -> how its units are called together.
LEVELS = {"gemeente": "gemeenten", "wijk": "wijken", "buurt": "buurten", "square_500m": "vierkanten",
          "square_100m": "vierkanten", "hexagon": "zeshoeken"}  # fmt: skip
#: Two of each theme; of the buurten all are looked at.
FEW = ("inhabitants_per_km2", "dwellings_per_ha", "fsi_gross", "osr", "jobs_estimate_per_ha", "mxi",
       "station_walk_distance_m", "dwellings_green_300m_share", "ground_paved_share", "tree_canopy_share")  # fmt: skip
EXISTING = ("Pand in gebruik", "Pand in gebruik (niet ingemeten)", "Verbouwing pand")
GROUPS = ("traffic", "built_up", "semi_built", "recreation", "agriculture", "nature", "inland_water", "outer_water", "abroad")
LABELS = {c.name: c.label.nl for i in INDICATORS for c in i.columns}
NONE = "geen gegevens"
SPEC = MAPS[0]


@pytest.fixture(scope="module")
def gpkg(sample_run: Path) -> Path:
    return sample_run / "data_out/spoorzone.gpkg"


@pytest.fixture(scope="module")
def units(gpkg: Path) -> dict[str, gpd.GeoDataFrame]:
    kinds = (*LEVELS, "corridor", "section", "catchment")
    given = (*WRITTEN, *COVERED.values(), *SPEC.facts, *(f"land_use_{g}_share" for g in GROUPS))
    names = [*dict.fromkeys(given), "unit_id", "unit_name", "area_m2", "land_area_m2", *BOUNDS]
    return {kind: pyogrio.read_dataframe(gpkg, layer=kind, columns=names).set_index("unit_id") for kind in kinds}


@pytest.fixture(scope="module")
def series(gpkg: Path) -> pd.DataFrame:
    return pyogrio.read_dataframe(gpkg, layer="series")


@pytest.fixture(scope="module")
def shared(sample_run: Path) -> Iterator[Any]:
    with chromium() as browser, opened(browser, sample_run / "maps/spoorzone.html") as page:
        yield page


@pytest.fixture
def page(shared: Any) -> Any:
    fresh(shared)
    return shared


#: Columns that say between what another lies.
BOUNDS = (
    "inhabitants_low_count", "inhabitants_high_count", "jobs_estimate_low_count", "jobs_estimate_high_count", "dwellings_circle_800m_share", "dwellings_green_circle_300m_share",
    *(f"{stem}_{end}_share" for stem in ("ground_green", "ground_paved", "tree_canopy") for end in ("low", "high")),
)  # fmt: skip


def whole(values: Any, column: str) -> np.ndarray:
    """Values as a reader sees them, in units of the last digit; NaN where there is none."""
    factor, digits, _ = WRITTEN[column]
    return np.round(np.asarray(values, dtype=float) * factor * 10**digits)


def shown(value: float, column: str) -> str:
    digits = WRITTEN[column][1]
    return number(float(whole([value], column)[0]) / 10**digits, digits, "nl")


def with_unit(value: float, column: str) -> str:
    return f"{shown(value, column)} {WRITTEN[column][2]}"


def bounds(table: pd.DataFrame, column: str) -> tuple[pd.Series, pd.Series] | None:
    """Least and most that each value can be, where it can differ."""
    if column == "inhabitants_per_km2":
        land = table["land_area_m2"]
        return table["inhabitants_low_count"] / land * 1e6, table["inhabitants_high_count"] / land * 1e6
    if column == "jobs_estimate_per_ha":
        return tuple(table[f"jobs_estimate_{end}_count"] / table["area_m2"] * 1e4 for end in ("low", "high"))
    if column.startswith(("ground_green", "ground_paved", "tree_canopy")):
        stem = column.removesuffix("_share")
        return table[f"{stem}_low_share"], table[f"{stem}_high_share"]
    if column == "dwellings_walk_800m_share":
        return table[column], table["dwellings_circle_800m_share"]
    if column == "dwellings_green_300m_share":
        return table[column], table["dwellings_green_circle_300m_share"]
    return None


COVERED = {
    "usable_area_m2_per_dwelling": "dwellings_size_coverage_share",
    "inhabitants_per_km2": "inhabitants_coverage_share",
    "age_65_plus_share": "inhabitants_coverage_share",
    "station_walk_distance_m": "station_reached_share",
    "green_walk_distance_m": "green_reached_share",
    "tree_canopy_share": "tree_coverage_share",
    **dict.fromkeys(("ground_green_share", "ground_paved_share"), "ground_coverage_share"),
    **dict.fromkeys(("land_use_built_up_share", "land_use_entropy"), "land_use_coverage_share"),
    **dict.fromkeys(("fsi_gross", "building_layers", "osr", "floor_area_work_m2_per_ha", "jobs_estimate_per_ha", "mxi"),
                    "floor_area_coverage_share"),
}  # fmt: skip


def classes(column: str) -> tuple[list[float], list[str]]:
    """Borders of the classes in units of the last digit, and what the legend says of each."""
    factor, digits, _ = WRITTEN[column]
    given = [b * factor for b in CLASSES[column].breaks]
    decimals = max(len(f"{b:.10g}".partition(".")[2]) for b in given)
    said = [number(b, decimals, "nl") for b in given]
    labels = [f"minder dan {said[0]}", *(f"{a} – {b}" for a, b in pairwise(said)), f"{said[-1]} en meer"]
    none = column in FROM_NONE
    return [1.0] * none + [round(b * 10**digits) for b in given], ["0"] * none + labels


def counted(table: pd.DataFrame, column: str) -> dict[str, int]:
    """The legend, worked out from the table."""
    borders, labels = classes(column)
    values = whole(table[column], column)
    known = np.isfinite(values)
    of = np.searchsorted(borders, values[known], side="right")
    found = {label: int((of == k).sum()) for k, label in enumerate(labels)}
    doubt = np.zeros(len(table), dtype=bool)
    if (ends := bounds(table, column)) is not None:
        low, high = (whole(e, column) for e in ends)
        unsure = np.isfinite(low) & np.isfinite(high) & (low < high)
        doubt |= unsure & (np.searchsorted(borders, low, "right") != np.searchsorted(borders, high, "right"))
    if column in COVERED:
        doubt |= table[COVERED[column]].fillna(1).to_numpy() < 0.95 - 1e-9
    doubt &= known
    if missing := int((~known).sum()):
        found[NONE] = missing
    if doubt.any():
        found["waarde onzeker"] = int(doubt.sum())
    return found


def rows_of(data: bytes) -> list[list[str]]:
    """The rows of a CSV."""
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(StringIO(data.decode("utf-8-sig")), delimiter=";"))


def value(text: str) -> float:
    return float(text.replace(",", ".")) if text else float("nan")


def table_of(page: Any) -> tuple[list[str], pd.DataFrame, list[str]]:
    """What the table's file says: its head, its rows by code, and the row that the screen shows first."""
    page.click("#table")
    first = texts(page, "#dialog tbody tr:first-child > *")
    _, data = downloaded(page, "#csv")
    page.click("#dialog .x")
    head, *rows, about = rows_of(data)
    assert len(about) == 1
    return head, pd.DataFrame(rows, columns=head).set_index("code"), first


@pytest.mark.parametrize("level", LEVELS)
def test_every_value_is_that_of_the_geopackage(page: Any, units: dict[str, gpd.GeoDataFrame], level: str) -> None:
    table, corridor = units[level], units["corridor"].iloc[0]
    for theme in SPEC.themes:
        for column in theme.columns if level == "buurt" else [c for c in theme.columns if c in FEW]:
            if column not in table:
                continue
            go(page, l=level, i=column)
            assert page.inner_text("#title").startswith(LABELS[column])
            assert legend(page) == counted(table, column), column
            assert page.inner_text("#figures div:first-child b") == shown(corridor[column], column), column
            assert page.inner_text("#legend h2 + p").split(" · ") == [WRITTEN[column][2], f"{LEVELS[level]} per klasse"]
            head, rows, first = table_of(page)
            assert set(rows.index) == set(table.index), column
            at = head.index("code") + 1
            digits = 10 ** WRITTEN[column][1]
            expected = whole(table[column], column) / digits
            given = rows.loc[table.index].iloc[:, at - 1].map(value)
            np.testing.assert_allclose(given, expected, atol=1e-9, err_msg=column)
            if np.isfinite(expected).any():
                highest = number(float(np.nanmax(expected)), WRITTEN[column][1], "nl")
                assert first[at] == highest, column
                assert page.inner_text("#figures div:last-child b") == highest, column
            if (ends := bounds(table, column)) is not None and "minstens" in head:
                for end, name in zip(ends, ("minstens", "hoogstens"), strict=True):
                    known = np.isfinite(ends[0]) & np.isfinite(ends[1]) & (whole(ends[0], column) < whole(ends[1], column))
                    told = rows.loc[table.index, name].map(value)
                    np.testing.assert_allclose(told[known], whole(end, column)[known] / digits, atol=1e-9, err_msg=f"{column} {name}")
                    np.testing.assert_allclose(told[~known], expected[~known], atol=1e-9, err_msg=f"{column} {name}")


def some(table: gpd.GeoDataFrame, how_many: int = 3) -> gpd.GeoDataFrame:
    """Units from the middle of the order, with a place in each that is surely its own."""
    lived_in = table[table["inhabitants_per_km2"].notna() & (table["addresses_count"] > 0)]
    chosen = lived_in.iloc[np.linspace(0, len(lived_in) - 1, how_many).round().astype(int)]
    return chosen.assign(at=chosen.geometry.representative_point())


@pytest.mark.parametrize("level", LEVELS)
def test_tip_and_card_say_what_the_geopackage_says(page: Any, units: dict[str, gpd.GeoDataFrame], level: str) -> None:
    table = units[level]
    shown_columns = [c for c in SPEC.columns if c in table]
    for code, unit in some(table).iterrows():
        for theme in SPEC.themes:
            column = next(c for c in theme.columns if c in table)
            go(page, l=level, i=column)
            x, y = look(page, unit["at"].x, unit["at"].y)
            page.mouse.move(x, y)
            said = with_unit(unit[column], column) if np.isfinite(unit[column]) else NONE
            assert page.inner_text("#tip") == f"{unit['unit_name']}\n{said}", (code, column)
        page.mouse.click(x, y)
        assert page.inner_text("#card h2") == unit["unit_name"]
        assert page.inner_text("#card .value") == said
        values = whole(table[column], column)
        place_ = 1 + int((values > whole([unit[column]], column)[0]).sum())
        if np.isfinite(unit[column]):
            assert f"{place_}e van {number(np.isfinite(values).sum(), 0, 'nl')} {LEVELS[level]}" in page.inner_text("#card")
        strips = page.eval_on_selector_all("#card .strips > span[title]", "all => all.map((s) => [s.title, s.nextSibling.nextSibling.textContent])")
        assert dict(strips) == {LABELS[c]: shown(unit[c], c) for c in shown_columns}, code
        facts = dict(zip(texts(page, "#card dt"), texts(page, "#card dd"), strict=True))
        assert facts[LABELS["dwellings_count"]] == number(unit["dwellings_count"], 0, "nl")
        assert facts[LABELS["floor_area_gross_m2"]] == f"{number(unit['floor_area_gross_m2'], 0, 'nl')} m²"
        page.keyboard.press("Escape")


def test_withheld_people_have_bounds(page: Any, units: dict[str, gpd.GeoDataFrame]) -> None:
    table = units["square_100m"]
    unit = table[table["inhabitants_per_km2"].isna() & (table["inhabitants_high_count"] > 0)].iloc[0]
    go(page, l="square_100m", i="inhabitants_per_km2")
    at = unit.geometry.representative_point()
    page.mouse.move(*look(page, at.x, at.y))
    low, high = (shown(unit[f"inhabitants_{end}_count"] / unit["land_area_m2"] * 1e6, "inhabitants_per_km2") for end in ("low", "high"))
    assert page.inner_text("#tip span") == f"tussen {low} en {high} per km²"


@pytest.mark.parametrize("column", ["inhabitants_per_km2", "fsi_gross", "dwellings_walk_800m_share"])
def test_the_profile_is_the_table_of_sections(page: Any, units: dict[str, gpd.GeoDataFrame], column: str) -> None:
    sections = units["section"].sort_index()
    go(page, i=column)
    page.focus("#line svg")
    said = []
    for _ in range(len(sections)):
        page.keyboard.press("ArrowRight")
        said.append(page.locator("#line svg > text").last.text_content())
    unit = WRITTEN[column][2]
    assert [text.partition(" km: ")[2] for text in said] == [f"{shown(v, column)} {unit}" for v in sections[column]]
    starts = [value(text.partition("–")[0]) for text in said]
    assert starts == sorted(starts) and starts[0] == 0
    page.keyboard.press("ArrowRight")
    assert page.locator("#line svg > text").last.text_content() == said[-1], "the line has an end"


@pytest.fixture(scope="module")
def panden(sample_run: Path) -> gpd.GeoDataFrame:
    """The panden that exist, from the register's file, as far as the clip stage kept them."""
    table = pyogrio.read_dataframe(sample_run / "data_raw/sample/files/pand.gpkg").set_index("identificatie")
    kept = gpd.read_parquet(sample_run / "data_out/.stages/clip/pand.parquet")
    return table[table["status"].isin(EXISTING) & table.index.isin(kept.index)]


def test_buildings_are_those_of_the_register(page: Any, panden: gpd.GeoDataFrame) -> None:
    go(page, l="pand", p="use")
    footprint = panden.geometry.area
    figures = texts(page, "#figures b")
    assert figures[0] == number(len(panden), 0, "nl")
    assert figures[1] == f"{number(footprint.sum() / 1e4, 0, 'nl')} ha"
    purposes = panden["gebruiksdoel"].fillna("").str.split(",").map(lambda all_: {p.strip() for p in all_} - {""})
    told = {label: int(percent.removesuffix("%")) for label, percent in shares(page).items()}
    for label, those in {
        "Wonen": purposes.map(lambda p: p == {"woonfunctie"}),
        "Kantoor": purposes.map(lambda p: p == {"kantoorfunctie"}),
        "Industrie": purposes.map(lambda p: p == {"industriefunctie"}),
        "Meer functies": purposes.map(len) > 1,
        "Geen adres (schuur, garage)": purposes.map(len) == 0,
    }.items():
        assert told[label] == pytest.approx(100 * footprint[those].sum() / footprint.sum(), abs=0.51), label
    head, *rows = rows_of(_file(page))
    counts = {row[0]: int(row[1]) for row in rows if len(row) > 1}
    assert counts["Wonen"] == purposes.map(lambda p: p == {"woonfunctie"}).sum()
    assert sum(counts.values()) == len(panden)
    assert head[:2] == ["Functie", "aantal"]


def _file(page: Any) -> bytes:
    page.click("#table")
    _, data = downloaded(page, "#csv")
    page.click("#dialog .x")
    return data


def test_years_of_construction_are_those_of_the_register(page: Any, panden: gpd.GeoDataFrame) -> None:
    west, south, east, north = panden.total_bounds
    go(page, l="pand", p="construction_year")
    look(page, (west + east) / 2, (south + north) / 2, 11)
    assert page.inner_text("#in-view p >> nth=0").startswith(f"{number(len(panden), 0, 'nl')} panden in beeld")
    known = panden["bouwjaar"][panden["bouwjaar"].between(1001, 2100)]
    label = page.get_attribute("#in-view svg", "aria-label")
    told = {k: int(n) for k, n in (part.split(": ") for part in label.split(", "))}
    decades = known.map(lambda year: "voor 1900" if year < 1900 else str(year // 10 * 10)).value_counts()
    assert {k: n for k, n in told.items() if n} == decades.to_dict()
    # A smaller window has those that touch it.
    look(page, *shapely.get_coordinates(panden.geometry.iloc[len(panden) // 2].centroid)[0], 16)
    corners = window(page)
    from_, to = (gpd.GeoSeries.from_xy([x], [y], crs=4326).to_crs(28992).iloc[0] for x, y in (corners[:2], corners[2:]))
    inside = panden.geometry.intersects(shapely.box(from_.x, from_.y, to.x, to.y)).sum()
    said = int(page.inner_text("#in-view p >> nth=0").partition(" ")[0].replace(".", ""))
    assert inside > 20
    assert said == pytest.approx(inside, rel=0.1), "boxes reach a little further than walls, and RD is turned"
    # The bar: what stood in 1950.
    go(page, l="pand", p="construction_year", t=1950)
    old = int((known <= 1950).sum())
    assert texts(page, "#figures b")[0] == number(old, 0, "nl")
    assert list(shares(page)) == ["voor 1900", "1900–1929", "1930–1944", "1945–1959"]


def land_said(table: pd.DataFrame) -> dict[str, int]:
    """Share of each main group, weighed by area, in whole per cents."""
    weight = table["area_m2"] / table["area_m2"].sum()
    mean = {c.label.nl: float((table[f"land_use_{g}_share"] * weight).sum()) for g, c in zip(GROUPS, LAND_USE, strict=True)}
    return {label: round(100 * share) for label, share in mean.items() if share >= 0.005}


def bar(label: str) -> tuple[str, dict[str, int]]:
    name, _, rest = label.partition(": ")
    return name, {k: int(v) for k, v in re.findall(r"([^,]+?) (\d+)%(?:, )?", rest)}


def test_land_use_is_that_of_the_areas_and_sections(page: Any, units: dict[str, gpd.GeoDataFrame]) -> None:
    go(page, l="bodemgebruik")
    rings = units["catchment"].reset_index()
    rings["station"] = rings["unit_id"].str.rsplit(" ", n=1).str[0]
    rings["outer"] = rings["unit_id"].str.extract(r"(\d+)$")[0].astype(int)
    bars = dict(bar(t) for t in page.eval_on_selector_all("#in-view .landbars [role=img]", "all => all.map((b) => b.getAttribute('aria-label'))"))
    stations = rings["station"].unique()
    assert len(bars) == len(stations) == 3
    for station in stations:
        told = bars[station] if station in bars else bars[station.partition(" ")[2]]
        expected = land_said(rings[(rings["station"] == station) & (rings["outer"] <= 800)])
        assert told == pytest.approx(expected, abs=1), station  # rounded twice
    sections = units["section"].sort_index()
    told_ = page.eval_on_selector_all("#in-view .landsections .stacked", "all => all.map((b) => b.getAttribute('aria-label'))")
    assert len(told_) == len(sections)
    for label, (_, row) in zip(told_, sections.iterrows(), strict=True):
        assert bar(label)[1] == pytest.approx(land_said(row.to_frame().T), abs=1)


def test_plots_are_those_of_the_register(page: Any, sample_run: Path) -> None:
    go(page, l="bodemgebruik")
    table = gpd.read_parquet(sample_run / "data_out/.stages/clip/bodemgebruik.parquet")
    area = table.geometry.area
    told = shares(page)
    for k, category in enumerate(LAND_USE, 1):
        percent = 100 * area[table["bbg_code"] // 10 == k].sum() / area.sum()
        if percent > 0.6:
            assert int(told[category.label.nl].removesuffix("%")) == pytest.approx(percent, abs=0.51)
    assert texts(page, "#figures b")[0] == number(len(table), 0, "nl")


def test_a_series_shows_each_year(page: Any, units: dict[str, gpd.GeoDataFrame], series: pd.DataFrame) -> None:
    years = sorted(int(y) for y in series["year"].unique())
    assert len(years) > 1
    column = "inhabitants_per_km2"
    for level in ("wijk", "buurt", "square_500m"):
        own = series[series["kind"] == level].set_index("unit_id")
        of = {year: own[own["year"] == year][column].reindex(units[level].index) for year in years}
        for year in years[:-1]:
            go(page, l=level, i=column, j=year)
            assert page.inner_text("#title") == f"{LABELS[column]}, {year}"
            assert page.inner_text("#shown-year") == str(year)
            _, rows, _ = table_of(page)
            given = rows.loc[of[year].index, f"{LABELS[column]}, per km², {year}"].map(value)
            np.testing.assert_array_equal(given, whole(of[year], column), err_msg=f"{level} {year}")
            told = legend(page)
            assert told.get(NONE, 0) == of[year].isna().sum()
            corridor = series[(series["kind"] == "corridor") & (series["year"] == year)][column].iloc[0]
            assert page.inner_text("#figures div:first-child b") == shown(corridor, column)
        # The difference of the first and the last.
        go(page, l=level, i=column, j=years[-1], v=years[0], m="change")
        _, rows, _ = table_of(page)
        then, now = (whole(of[y], column) for y in (years[0], years[-1]))
        with np.errstate(divide="ignore", invalid="ignore"):
            percent = np.where(then > 0, (now / then - 1) * 100, np.nan)
        given = rows.loc[units[level].index, f"sinds {years[0]}"].map(value)
        np.testing.assert_allclose(given, percent, atol=0.0501, err_msg=level)
        assert legend(page).get(NONE, 0) == np.isnan(percent).sum()
        told = [legend(page)[label] for label in CHANGE.labels("nl")]
        known = percent[np.isfinite(percent)]
        assert told == np.histogram(known, [-np.inf, *CHANGE.breaks, np.inf])[0].tolist(), level


def test_a_series_that_does_not_exist_has_no_bar(page: Any) -> None:
    go(page, i="fsi_gross")
    assert not page.is_visible("#time")
    go(page, i="inhabitants_per_km2")
    assert page.is_visible("#time")


def test_the_search_finds_streets_where_they_are(page: Any, sample_run: Path) -> None:
    roads = pyogrio.read_dataframe(sample_run / "data_raw/sample/files/wegvak.gpkg")
    names = roads["stt_naam"][roads["stt_naam"].fillna("") != ""].value_counts().index[[3, 40]]
    for name in names:
        page.fill("#search-field", name)
        option = page.locator("#found li", has=page.locator(f"span:text-is('{name}')")).first
        about = option.locator("small").text_content()
        option.click()
        page.wait_for_timeout(350)
        there = roads[(roads["stt_naam"] == name) & (roads["gme_naam"] == about.removeprefix("straat · "))]
        west, south, east, north = window(page)
        middle = gpd.GeoSeries.from_xy([(west + east) / 2], [(south + north) / 2], crs=4326).to_crs(28992).iloc[0]
        assert shapely.distance(middle, there.union_all()) < 20, name


def test_stations_stand_where_they_are(page: Any, gpkg: Path) -> None:
    stops = pyogrio.read_dataframe(gpkg, layer="corridor_station").sort_values("chainage_m")
    assert texts(page, ".name.station") == list(stops["station_name"])
    boxes = page.eval_on_selector_all(".name.station", "all => all.map((s) => { const b = s.parentElement.getBoundingClientRect(); return [b.left, b.top]; })")
    for (x, y), point in zip(boxes, stops.geometry, strict=True):
        assert (x, y) == pytest.approx(place(page, point.x, point.y), abs=1.5)


def test_the_presentation_shows_every_view(page: Any) -> None:
    page.click("#present")
    for k, view in enumerate(SPEC.views, 1):
        assert page.inner_text("#presentation h2") == view.title.nl
        assert page.inner_text("#presentation p") == view.caption.nl
        assert page.inner_text("#presentation output") == f"{k} van {len(SPEC.views)}"
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Escape")


def test_axe_finds_nothing(page: Any) -> None:
    for hash in ("", "l=square_100m&i=fsi_gross", "l=pand", "l=bodemgebruik"):
        go(page, hash)
        assert violations(page) == [], hash


def test_the_page_is_small_and_quick(page: Any, sample_run: Path) -> None:
    assert (sample_run / "maps/spoorzone.html").stat().st_size < 3e6
    # On a free machine a third of this; a test machine may be busy.
    assert int(page.get_attribute("html", "data-ready")) < 5000
    assert degrees(256_000, 471_000)[0] == pytest.approx(52.22, abs=0.02)
