"""What a map page knows beside its shapes, against values worked out by hand: classes, years, line, doubt, digits."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from atlas_world import (
    COLUMNS,
    CORRIDOR,
    NAN,
    PER_KM2,
    RINGS,
    SECTIONS,
    SPEC,
    X,
    Y,
    buurten,
    catchments,
    context,
    corridor,
    land_use,
    sections,
    series,
    squares,
    table,
    wijken,
    world,
)

from pipeline.atlas import content, doubt
from pipeline.atlas.declaration import MAPS, Theme, View
from pipeline.atlas.digits import Shown, shown
from pipeline.clip.kinds import KINDS
from pipeline.contract import CRS, UNITS, Column, ContractError, Text
from pipeline.indicators import INDICATORS
from pipeline.measures import Measure
from pipeline.palettes import CLASSES, CONSTRUCTION, PAND_USE

LIVING = ("inhabitants_per_km2",)


def declared(unit: str, name: str = "x", **more: Any) -> Measure:
    return Measure(name, "float64", unit, "intensive", Text("X", "X"), Text("X.", "X."), **more)


def said(name: str, language: Any = "nl", w: content.World | None = None, spec: Any = SPEC) -> dict[str, Any]:
    """What the page says of one column."""
    w = w or world()
    kinds = [k for k in spec.kinds if k in w.units]
    how = content.shown_columns(spec, w, kinds, language)
    return content.column(spec, name, how[name], w, language)


# ---------- digits


@pytest.mark.parametrize(
    ("unit", "breaks", "decimals"),
    [
        ("1/km²", (250, 1000), 0),
        ("1/ha", (5, 10), 1),
        ("ha", (), 1),
        ("index", (0.2, 0.4), 2),
        ("index", (0.025, 0.5), 3),
        ("m²/m²", (), 2),
        ("count", (), 0),
        ("m²", (0.5, 1), 1),
        ("count", (1 / 3,), 4),
        # Of a share what counts is the percentage: 12.5% has one digit, 5% none.
        ("share", (0.05, 0.2), 0),
        ("share", (0.125, 0.5), 1),
        ("share", (0.29, 0.57), 0),
    ],
)
def test_digits_follow_the_unit_and_the_finest_break(unit: str, breaks: tuple[float, ...], decimals: int) -> None:
    assert shown(declared(unit), "nl", breaks).decimals == decimals


def test_a_share_is_read_as_a_percentage() -> None:
    how = shown(declared("share"), "nl", (0.125,))
    assert how == Shown(100, 1, "%")
    assert round(0.25 * how.whole) == 250, "25.0%"
    assert Shown(1, 2, "").whole == 100


@pytest.mark.parametrize(
    ("unit", "nl", "en"), [("1/km²", "per km²", "per km²"), ("count", "", ""), ("m²/dwelling", "m² per woning", "m² per dwelling")]
)
def test_a_number_has_its_unit_behind_it_in_the_language_of_the_page(unit: str, nl: str, en: str) -> None:
    assert (shown(declared(unit), "nl").unit, shown(declared(unit), "en").unit) == (nl, en)


def test_every_break_can_be_said_exactly() -> None:
    for c in (c for i in INDICATORS for c in i.columns if c.name in CLASSES):
        whole = [b * shown(c, "nl", CLASSES[c.name].breaks).whole for b in CLASSES[c.name].breaks]
        assert whole == pytest.approx(np.round(whole), abs=1e-6), c.name
        assert len(set(np.round(whole))) == len(whole), c.name


def test_every_unit_can_be_shown() -> None:
    assert {shown(declared(unit), "nl").factor for unit in UNITS} == {1, 100}


# ---------- doubt


LOW = declared("count", "low_count")
HIGH = declared("count", "high_count")
PEOPLE = declared("count", "people_count", bounds=("low_count", "high_count"), coverage="measured_share")
AREA = declared("m²", "area_m2")
PER_HA = declared("1/ha", "people_per_ha", formula="people_count / area_m2 * 1e4")
EACH = declared("m²", "area_m2_per_person", formula="area_m2 / people_count")
HALVES = declared("share", "half_share", formula="people_count / area_m2", bounds=("area_m2", "high_count"))
KNOWN = {m.name: m for m in (LOW, HIGH, PEOPLE, AREA, PER_HA, EACH, HALVES)}
ROWS = pd.DataFrame(
    {"people_count": [10.0, NAN, 20.0], "low_count": [10.0, 0.0, NAN], "high_count": [10.0, 4.0, NAN], "area_m2": [1e4, 2e4, 1e4]},
    index=["a", "b", "c"],
)  # fmt: skip


def ends(measure: Column, rows: pd.DataFrame = ROWS) -> list[list[float]] | None:
    found = doubt.bounds(measure, KNOWN, rows)
    if found is None:
        return None
    assert all(end.index.equals(rows.index) for end in found)
    return [[round(v, 6) for v in end] for end in found]


def test_bounds_are_the_columns_that_a_measure_names() -> None:
    assert np.array_equal(ends(PEOPLE) or [], [[10, 0, NAN], [10, 4, NAN]], equal_nan=True)


def test_bounds_go_through_a_formula() -> None:
    # 0 to 4 people on two hectares.
    assert np.array_equal(ends(PER_HA) or [], [[10, 0, NAN], [10, 2, NAN]], equal_nan=True)


def test_a_formula_may_turn_bounds_round() -> None:
    rows = ROWS.assign(low_count=[8.0, 5.0, NAN], high_count=[10.0, 20.0, NAN])
    assert np.array_equal(ends(EACH, rows) or [], [[1000, 1000, NAN], [1250, 4000, NAN]], equal_nan=True)


def test_an_end_that_can_not_be_worked_out_leaves_the_other_alone_too() -> None:
    low, high = ends(EACH) or ([], [])
    assert np.isnan([low[1], high[1]]).all(), "2 ha for each of nobody is no number, and so there is no most"


def test_two_inputs_that_are_not_sure_bound_nothing() -> None:
    both = declared("count", "more_count", bounds=("low_count", "high_count"))
    measure = declared("share", "y_share", formula="people_count / more_count")
    assert doubt.bounds(measure, KNOWN | {both.name: both}, ROWS.assign(more_count=1.0)) is None


@pytest.mark.parametrize("lost", ["low_count", "high_count"])
def test_bounds_that_the_table_lacks_are_none(lost: str) -> None:
    assert ends(PEOPLE, ROWS.drop(columns=lost)) is None
    assert ends(PER_HA, ROWS.drop(columns=lost)) is None


def test_a_formula_with_a_column_that_the_table_lacks_has_no_bounds() -> None:
    assert ends(PER_HA, ROWS.drop(columns="area_m2")) is None


def test_what_is_counted_has_no_bounds() -> None:
    assert ends(AREA) is None
    assert ends(Column("area_m2", "float64", "m²", "extensive", Text("X", "X"), Text("X.", "X."))) is None


def test_own_bounds_go_before_those_of_a_formula() -> None:
    assert np.array_equal(ends(HALVES) or [], [[1e4, 2e4, 1e4], [10, 4, NAN]], equal_nan=True)


def test_coverage_is_named_by_a_measure_only() -> None:
    assert doubt.coverage(PEOPLE) == "measured_share"
    assert doubt.coverage(AREA) == ""
    assert doubt.coverage(Column("area_m2", "float64", "m²", "extensive", Text("X", "X"), Text("X.", "X."))) == ""


DENSITY = declared("1/ha", "dense", formula="people_count / area_m2", missing="no_area")
TWICE = declared("1/ha", "twice", formula="dense * 2", missing="none")
WHY = {m.name: m for m in (replace(PEOPLE, missing="withheld"), AREA, DENSITY, TWICE)}
GONE = pd.DataFrame(
    {"people_count": [1.0, NAN, NAN, 3.0, 4.0], "area_m2": [0.0, 1.0, NAN, NAN, 5.0], "dense": [NAN, NAN, NAN, NAN, 0.8]},
    index=list("abcde"),
).assign(twice=NAN)  # fmt: skip


def why(name: str, gone: list[bool], rows: pd.DataFrame = GONE) -> list[str]:
    return doubt.reasons(WHY[name], WHY, rows, np.array(gone))


def test_a_missing_value_has_the_reason_of_what_it_is_made_of() -> None:
    every = [True, True, True, True, False]
    # Of the first nothing is missing, and so what it is divided by is 0; the area of the fourth has no reason of its own.
    assert why("dense", every) == ["no_area", "withheld", "withheld", "no_area"]
    assert why("people_count", [False, True, True, False, False]) == ["withheld", "withheld"]


def test_a_reason_goes_through_a_formula_in_a_formula() -> None:
    assert why("twice", [True, True, False, False, True]) == ["no_area", "withheld", "none"]


def test_reasons_stand_in_the_order_of_the_rows() -> None:
    rows = pd.concat([GONE] * 40, ignore_index=True)
    found = why("dense", [True, True, False, False, False] * 40, rows)
    assert found == ["no_area", "withheld"] * 40
    assert why("dense", [False] * 5) == []


def test_a_column_that_no_measure_declares_has_no_reason() -> None:
    assert why("area_m2", [False, False, True, True, False]) == ["", ""]
    other = Column("name", "float64", "m", "intensive", Text("X", "X"), Text("X.", "X."))
    assert doubt.reasons(other, WHY, GONE.assign(name=NAN), np.array([True] * 5)) == [""] * 5
    odd = declared("m", "odd", missing="nobody knows this reason")
    assert doubt.reasons(odd, {"odd": odd}, GONE.assign(odd=NAN), np.array([True] * 5)) == [""] * 5


# ---------- columns and themes


def test_columns_are_indicators_in_order_and_then_facts() -> None:
    how = content.shown_columns(SPEC, world(), SPEC.kinds, "nl")
    assert list(how) == ["inhabitants_per_km2", "gsi", "fsi_gross", "land_use_built_up_share", "inhabitants_count"]
    assert how["gsi"] == Shown(1, 2, "m² per m²")


def test_one_level_that_has_a_column_is_enough_and_none_leaves_it_out() -> None:
    # Squares of 100 m have no land use here, and only the levels of the map count.
    assert "land_use_built_up_share" not in content.shown_columns(SPEC, world(), ["square_100m"], "nl")
    assert "land_use_built_up_share" in content.shown_columns(SPEC, world(), ["square_100m", "wijk"], "nl")


def test_a_column_that_nobody_declared_is_left_out() -> None:
    assert "gsi" not in content.shown_columns(SPEC, world(columns={k: c for k, c in COLUMNS.items() if k != "gsi"}), SPEC.kinds, "nl")


def test_a_fact_has_no_classes() -> None:
    fact = said("inhabitants_count")
    assert fact["label"] == "Inwoners"
    assert not {"breaks", "colours", "labels", "edges", "says"} & fact.keys()


def test_a_theme_without_an_indicator_is_left_out_and_one_with_some_keeps_those() -> None:
    there = {"inhabitants_per_km2": 1, "fsi_gross": 1}
    assert content.themes(SPEC, there, "nl") == [
        {"name": "living", "title": "Wonen", "columns": ["inhabitants_per_km2"]},
        {"name": "built", "title": "Bebouwing", "columns": ["fsi_gross"]},
    ]
    assert [t["title"] for t in content.themes(SPEC, {"gsi": 1}, "en")] == ["Buildings"]
    spec = replace(SPEC, themes=(Theme("t", Text("T", "T"), ("gsi", "inhabitants_per_km2", "fsi_gross")),))
    assert content.themes(spec, {"inhabitants_per_km2": 1, "gsi": 1}, "nl")[0]["columns"] == ["gsi", "inhabitants_per_km2"]


def test_classes_of_a_density_begin_with_none_at_all() -> None:
    of = said("inhabitants_per_km2")
    assert of["breaks"] == [1, 250, 1000, 2500, 5000, 7500, 10_000]
    assert of["edges"] == ["0", "250", "1.000", "2.500", "5.000", "7.500", "10.000"]
    assert of["labels"] == [
        "0", "minder dan 250", "250 – 1.000", "1.000 – 2.500", "2.500 – 5.000", "5.000 – 7.500", "7.500 – 10.000", "10.000 en meer",
    ]  # fmt: skip
    assert of["colours"] == ["#ffffff", *CLASSES["inhabitants_per_km2"].colours]
    assert (of["unit"], of["decimals"]) == ("per km²", 0)


def test_breaks_are_whole_numbers_as_the_values_are() -> None:
    of = said("gsi")
    assert (of["decimals"], of["breaks"]) == (2, [1, 5, 10, 20, 30, 50])
    assert of["edges"] == ["0", "0,05", "0,10", "0,20", "0,30", "0,50"]
    assert of["labels"][:2] + of["labels"][-1:] == ["0", "minder dan 0,05", "0,50 en meer"]


def test_classes_of_a_share_are_in_per_cent_and_0_is_in_the_lowest() -> None:
    of = said("land_use_built_up_share")
    assert (of["unit"], of["decimals"], of["breaks"]) == ("%", 0, [5, 20, 40, 60, 80])
    assert of["edges"] == ["5", "20", "40", "60", "80"]
    assert of["labels"] == ["minder dan 5", "5 – 20", "20 – 40", "40 – 60", "60 – 80", "80 en meer"]
    assert of["colours"] == list(CLASSES["land_use_built_up_share"].colours)


def test_none_is_no_class_of_an_index() -> None:
    """An MXI of 0 is no absence: it says that nobody lives there, and has the colour of work."""
    spec = replace(SPEC, themes=(Theme("t", Text("T", "T"), ("mxi",)),))
    of = said("mxi", w=world(units={"buurt": buurten().assign(mxi=0.0)}), spec=spec)
    assert of["colours"] == list(CLASSES["mxi"].colours)
    assert of["breaks"][0] == 5


@pytest.mark.parametrize("spec", MAPS, ids=lambda m: m.name)
def test_every_class_of_every_indicator_has_a_colour_a_label_and_an_edge(spec: Any) -> None:
    units = {"buurt": buurten().assign(**dict.fromkeys((*spec.columns, *spec.facts), 0.5))}
    for name in spec.columns:
        of = said(name, w=world(units=units), spec=spec)
        assert len(of["colours"]) == len(of["labels"]) == len(of["breaks"]) + 1 == len(of["edges"]) + 1, name
        assert of["breaks"] == sorted(set(of["breaks"])), name
        assert all(isinstance(b, int) for b in of["breaks"]), name
        assert len(set(of["edges"])) == len(of["edges"]), name


def test_a_column_says_how_it_is_made_and_how_sure_it_is() -> None:
    of = said("inhabitants_per_km2")
    assert of["formula"] == "Inwoners / Oppervlakte land × 1.000.000"
    assert (of["coverage"], of["estimate"]) == ("inhabitants_coverage_share", False)
    assert of["short"] == "Inwoners"
    assert said("inhabitants_count")["formula"] == "", "what is counted has no formula"
    assert said("fsi_gross")["estimate"] is True
    assert said("gsi")["coverage"] == ""


def test_a_column_is_said_in_english() -> None:
    of = said("inhabitants_per_km2", "en")
    assert of["label"] == "Population density"
    assert of["labels"][-1] == "10,000 and more"
    assert of["formula"] == "Inhabitants / Land area × 1,000,000"


# ---------- years


def test_years_are_those_of_all_series() -> None:
    assert world().years == [2019, 2021, 2022]
    assert world(series={}).years == []
    only = {"buurt": series()["buurt"].query("year == 2022")}
    assert world(series=only).years == [], "one year is no series"
    assert world(series=only | {"wijk": pd.DataFrame({"unit_id": ["WK000000"], "year": [2016]})}).years == [2016, 2022]


def test_a_series_has_a_row_per_unit_in_its_order_and_a_column_per_year() -> None:
    mixed = series()["buurt"].sample(frac=1, random_state=3)
    found = world(series=series() | {"buurt": mixed}).yearly("buurt", "inhabitants_per_km2")
    assert found is not None
    assert found.columns.tolist() == [2019, 2021, 2022]
    assert found.index.equals(buurten().index)
    assert np.array_equal(found[2022], PER_KM2, equal_nan=True)
    assert found.loc["BU00000001"].tolist() == [1000.0, 1100.0, 1234.4]
    assert np.isnan(found.loc["BU00000004", 2019])


def test_a_unit_and_a_year_that_a_series_lacks_are_not_known() -> None:
    some = series()["buurt"].query("unit_id != 'BU00000002' and year != 2021")
    found = world(series=series() | {"buurt": some}).yearly("buurt", "inhabitants_per_km2")
    assert found is not None
    assert found.loc["BU00000002"].isna().all()
    assert found[2021].isna().all()
    assert found.loc["BU00000005", 2019] == 312


def test_a_series_whose_newest_year_is_empty_is_none() -> None:
    table_ = series()["buurt"].assign(inhabitants_per_km2=lambda t: t["inhabitants_per_km2"].where(t["year"] < 2022))
    assert world(series=series() | {"buurt": table_}).yearly("buurt", "inhabitants_per_km2") is None


@pytest.mark.parametrize(("kind", "column"), [("wijk", "inhabitants_per_km2"), ("buurt", "gsi")])
def test_what_has_no_series_has_none(kind: str, column: str) -> None:
    assert world().yearly(kind, column) is None


# ---------- the corridor as a whole


def test_the_value_of_the_corridor_stands_there_for_each_year() -> None:
    assert said("inhabitants_per_km2")["corridor"] == list(CORRIDOR.values()) == [800, 900, 1000]
    assert said("gsi")["corridor"] == [20], "without a series once, in hundredths"


def test_a_corridor_of_which_nothing_is_known_has_no_value() -> None:
    assert said("land_use_built_up_share")["corridor"] == [None]
    assert said("gsi", w=world(units={"buurt": buurten()}))["corridor"] == [None]
    unknown = corridor().assign(gsi=NAN)
    assert said("gsi", w=world(units={"buurt": buurten(), "corridor": unknown}))["corridor"] == [None]


# ---------- along the line


def line(w: content.World) -> dict[str, Any] | None:
    return content.line(w, content.shown_columns(SPEC, w, SPEC.kinds, "nl"), "nl")


def test_sections_stand_in_order_with_stations_between() -> None:
    w = world()
    mixed = replace(
        w,
        units={**w.units, "section": sections().iloc[[3, 1, 0, 4, 2]]},
        context={**w.context, "axis": context()["axis"].iloc[[2, 0, 1, 4, 3]]},
    )
    found = line(mixed)
    assert found is not None
    assert (found["step"], found["from"]) == (250, [0, 250, 500, 750, 1000])
    assert found["name"] == ["0–250 m", "250–500 m", "500–750 m", "750–1000 m", "1000–1100 m"]
    assert found["stations"] == [["West", 0], ["Oost", 1100]]
    assert found["values"] == {
        "inhabitants_per_km2": [0, None, 1000, 2000, 3000],
        "gsi": [10, 20, 30, 40, 50],
        "fsi_gross": [20, 40, 60, 80, 100],
        "land_use_built_up_share": [10, 20, 40, 80, 100],
    }
    built, farmland = 1, 4
    assert [[row[built], row[farmland]] for row in found["land"]] == [[v, round(1 - v, 4)] for v in SECTIONS]
    assert all(sum(row) == pytest.approx(1) for row in found["land"])


def test_a_section_has_the_middle_of_its_piece_of_the_axis() -> None:
    found = line(world())
    assert found is not None
    at = gpd.GeoSeries(shapely.points([(lon, lat) for lat, lon in found["at"]]), crs=4326).to_crs(CRS)
    # Six digits of a degree are 11 cm.
    assert [p.x for p in at] == pytest.approx([X + 325, X + 575, X + 825, X + 1075, X + 1250], abs=0.2)
    assert [p.y for p in at] == pytest.approx([Y + 500] * 5, abs=0.2)


def test_pieces_of_the_axis_that_are_not_those_of_the_sections_stop_the_page() -> None:
    w = world()
    with pytest.raises(ContractError, match=r"^map: 4 sections and 5 pieces of the axis, expected as many; run 'spoorzone clip'$"):
        line(replace(w, units={**w.units, "section": sections().head(4)}))


def test_without_sections_or_stations_there_is_no_line() -> None:
    w = world()
    without = {k: t for k, t in w.units.items() if k != "section"}
    assert line(replace(w, units=without)) is None
    assert line(replace(w, units={**without, "section": sections().head(0)})) is None
    assert line(replace(w, context={k: t for k, t in w.context.items() if k != "station"})) is None


def test_a_section_without_land_use_has_no_bar() -> None:
    w = world()
    lost = sections()
    lost.loc["S000500", "land_use_nature_share"] = NAN
    found = line(replace(w, units={**w.units, "section": lost}))
    assert found is not None
    assert [row is None for row in found["land"]] == [False, False, True, False, False]
    without = line(replace(w, units={**w.units, "section": sections().drop(columns="land_use_nature_share")}))
    assert without is not None
    assert without["land"] == []


# ---------- around the stations


def test_rings_count_by_their_area() -> None:
    # A quarter of the circle is built up, three quarters for a fifth.
    mean = (1 * RINGS[0]["built_up"] + 3 * RINGS[1]["built_up"]) / 4
    expected = list(land_use({"built_up": mean, "agriculture": 1 - mean}).values())
    assert mean == pytest.approx(0.4)
    assert content.areas(world()) == [{"name": n, "land": pytest.approx(expected, abs=1e-4)} for n in ("West", "Oost")]


def test_rings_beyond_the_radius_do_not_count() -> None:
    (west, _) = content.areas(world(station_radius_m=200.0))
    assert west["land"][1] == 1.0
    assert content.areas(world(station_radius_m=199.0)) == []


def test_a_station_has_its_own_rings_and_not_those_of_a_longer_name() -> None:
    names = ("West", "West Noord")
    rings = catchments(names)
    rings.loc[rings.index.str.startswith("West Noord"), "land_use_built_up_share"] = 0.0
    w = world()
    found = content.areas(replace(w, units={**w.units, "catchment": rings}, context=context(names)))
    assert [(a["name"], a["land"][1]) for a in found] == [("West", pytest.approx(0.4)), ("West Noord", 0)]


def test_a_station_without_rings_is_left_out_and_one_that_is_not_covered_has_no_bar() -> None:
    w = world()
    lost = catchments().drop(index=["Oost 0000-0200", "Oost 0200-0400"])
    lost.loc["West 0200-0400", "land_use_traffic_share"] = NAN
    assert content.areas(replace(w, units={**w.units, "catchment": lost})) == [{"name": "West", "land": None}]
    without = catchments().drop(columns="land_use_traffic_share")
    assert [a["land"] for a in content.areas(replace(w, units={**w.units, "catchment": without}))] == [None, None]


def test_without_rings_or_stations_there_are_no_areas() -> None:
    w = world()
    assert content.areas(replace(w, units={k: t for k, t in w.units.items() if k != "catchment"})) == []
    assert content.areas(replace(w, context={"corridor": w.context["corridor"]})) == []


def test_stations_stand_where_they_are() -> None:
    found = content.stations(world())
    assert [s["name"] for s in found] == ["West", "Oost"]
    at = gpd.GeoSeries(shapely.points([s["at"][::-1] for s in found]), crs=4326).to_crs(CRS)
    assert [(p.x, p.y) for p in at] == [pytest.approx(xy, abs=0.2) for xy in ((X + 200, Y + 500), (X + 1300, Y + 500))]
    assert content.stations(world(context={"corridor": context()["corridor"]})) == []


# ---------- buildings, land use, change


def test_buildings_can_be_coloured_by_use_year_and_addresses() -> None:
    use, year, addresses = content.building_themes("nl", PAND_USE)
    assert [t["title"] for t in (use, year, addresses)] == ["Functie", "Bouwjaar", "Adressen"]
    assert use["labels"] == ["Wonen", "Kantoor", "Winkel", "Industrie", "Voorzieningen", "Meer functies", "Overig", "Geen adres (schuur, garage)"]
    assert year["labels"] == ["voor 1900", "1900–1929", "1930–1944", "1945–1959", "1960–1974", "1975–1989", "1990–2004", "vanaf 2005"]
    assert year["breaks"] == list(CONSTRUCTION.breaks)
    # One address is one, not from 1 to 1.
    assert addresses["labels"] == ["geen", "1", "2–3", "4–9", "10–49", "50 en meer"]
    for theme in (use, year, addresses):
        assert len(theme["colours"]) == len(theme["labels"]) == len(theme.get("breaks", theme["labels"][1:])) + 1


def test_buildings_are_said_in_english() -> None:
    use, year, addresses = content.building_themes("en", PAND_USE)
    assert (use["labels"][0], use["title"]) == ("Dwelling", "Use")
    assert (year["labels"][0], year["labels"][-1]) == ("before 1900", "from 2005")
    assert (addresses["labels"][0], addresses["labels"][-1]) == ("none", "50 and more")


def test_land_use_has_a_colour_for_each_group() -> None:
    of = content.ground_theme("nl")
    assert of["labels"][:3] == ["Verkeer", "Bebouwd", "Semi-bebouwd"]
    assert len(of["colours"]) == len(of["labels"]) == 9
    assert content.ground_theme("en")["labels"][0] == "Traffic"


def test_change_is_in_per_cent() -> None:
    of = content.change("nl")
    assert of["breaks"] == [-20, -10, -2, 2, 10, 20]
    assert len(of["colours"]) == len(of["labels"]) == 7
    assert of["labels"][3] == "−2 – 2"


# ---------- levels and views


def test_every_level_of_every_map_has_its_names() -> None:
    for name in {k for spec in MAPS for k in spec.kinds} | {content.BUILDINGS, content.GROUND}:
        for language in ("nl", "en"):
            of = content.level(name, 3, language)
            assert all(of[key] for key in ("title", "single", "plural")), name
            assert of["count"] == 3
    assert {k for spec in MAPS for k in spec.kinds} <= {k.name for k in KINDS}
    assert content.level("square_100m", 150, "en") == {
        "name": "square_100m", "count": 150, "title": "100 m", "single": "100 m square", "plural": "squares",
    }  # fmt: skip


VIEW = View(Text("Titel", "Title"), Text("Uitleg", "Caption"), "buurt", "gsi", mode="swipe", place=1)


def kept(
    view: View, *, columns: Any = ("gsi",), levels: Any = ("buurt", "pand"), stations: int = 2, years: int = 2
) -> list[dict[str, Any]]:
    said = {name: {"corridor": [1] * years} for name in columns}
    return content.views(replace(SPEC, views=(view,)), said, levels, stations, "en")


def test_a_view_is_what_it_says() -> None:
    assert kept(VIEW) == [{"title": "Title", "caption": "Caption", "level": "buurt", "column": "gsi", "mode": "swipe", "place": 1}]
    assert kept(VIEW, columns=("gsi", "fsi_gross"), levels=("buurt",)), "what is there besides does not matter"


def test_a_view_whose_level_indicator_or_place_is_not_there_is_left_out() -> None:
    assert kept(VIEW, levels=("wijk", "pand")) == []
    assert kept(VIEW, columns=("fsi_gross",)) == []
    assert kept(VIEW, stations=1) == []
    assert len(kept(replace(VIEW, place=None), stations=0)) == 1
    assert len(kept(replace(VIEW, place=0), stations=1)) == 1
    assert kept(VIEW, years=1) == [], "there is nothing to compare"
    assert len(kept(replace(VIEW, mode="one"), years=1)) == 1


@pytest.mark.parametrize("level", [content.BUILDINGS, content.GROUND])
def test_a_view_of_buildings_or_land_use_asks_for_no_indicator(level: str) -> None:
    view = replace(VIEW, level=level, column="", mode="one")
    assert len(kept(view, columns=(), levels=(level,))) == 1
    assert kept(view, columns=(), levels=("buurt",)) == []


def test_the_views_of_every_map_are_of_its_own_levels_and_indicators() -> None:
    buildings = {t["name"] for t in content.building_themes("nl", PAND_USE)}
    for spec in MAPS:
        for view in spec.views:
            assert view.level in (*spec.kinds, content.BUILDINGS, content.GROUND), view.title.en
            allowed = {content.BUILDINGS: buildings, content.GROUND: {""}}.get(view.level, set(spec.columns))
            assert view.column in allowed, view.title.en


# ---------- the world itself


def test_the_world_adds_up() -> None:
    """What the other tests take for granted: rows of buurten are wijken, and all stand on their land."""
    whole = buurten()
    for wijk, row in zip(wijken().geometry, (slice(0, 3), slice(3, 6)), strict=True):
        assert shapely.symmetric_difference(wijk, shapely.union_all(whole.geometry.iloc[row])).area < 1e-6
    assert whole["inhabitants_count"].iloc[:3].sum() == wijken()["inhabitants_count"].iloc[0]
    assert whole["inhabitants_low_count"].iloc[3:].sum() == wijken()["inhabitants_low_count"].iloc[1]
    assert whole["inhabitants_high_count"].iloc[3:].sum() == wijken()["inhabitants_high_count"].iloc[1]
    assert (squares()["inhabitants_per_km2"] == squares()["inhabitants_count"] * 100).all()
    assert table(["A"], ["a"], [shapely.box(0, 0, 1, 1)]).crs == CRS
