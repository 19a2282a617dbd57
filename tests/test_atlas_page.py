"""The text of a map page: the same each time, whole in itself, and no data in its markup."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from atlas_block import Opened
from atlas_world import (
    BUILT_UP,
    COLUMNS,
    GSI,
    LABELS,
    NAMES,
    NAN,
    PER_KM2_BY_YEAR,
    RECEIPTS,
    SPEC,
    WORDING,
    X,
    Y,
    buildings,
    buurten,
    context,
    corridor,
    gemeente,
    ground,
    hexagons,
    receipt,
    squares,
    streets,
    table,
    world,
)

from pipeline.atlas import index, offline, page
from pipeline.atlas.declaration import MAPS, Theme
from pipeline.atlas.index import draw_index
from pipeline.atlas.map_words import MAP_WORDS
from pipeline.atlas.origin import origin
from pipeline.atlas.page import draw
from pipeline.atlas.words import WORDS, said_once
from pipeline.clip.kinds import KINDS
from pipeline.contract import CRS, ContractError, Proof, Text
from pipeline.palettes import CLASSES
from pipeline.wording import number

#: What may be named by address: tiles, two credits as links, and the names of two vocabularies.
ADDRESSES = {"https://service.pdok.nl", "https://www.kadaster.nl", "https://leafletjs.com", "http://www.w3.org"}
LEVELS = ("gemeente", "wijk", "buurt", "square_500m", "square_100m", "hexagon", "pand", "bodemgebruik")
HOSTILE = (
    "</script><script>alert(1)</script>",
    '<img src=x onerror="alert(1)">',
    "</title><!--<script>",
    "{{7*7}}{% raw %}",
    "`${alert(1)}`\u2028\\",
)


class Page(HTMLParser):
    """Elements of a page, and the text of its scripts by id."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.blocks: dict[str, str] = {}
        self.code: list[str] = []
        self.title = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        tag, attributes = self.elements[-1] if self.elements else ("", {})
        if tag == "title":
            self.title += data
        if tag == "script" and (key := attributes.get("id")):
            self.blocks[key] = self.blocks.get(key, "") + data
        elif tag == "script" and data.strip():
            self.code.append(data)

    def json(self, key: str) -> Any:
        return json.loads(self.blocks[f"data-{key}"])

    def opened(self, key: str) -> Opened:
        return Opened(self.blocks[f"data-{key}"])

    @property
    def levels(self) -> list[str]:
        return [level["name"] for level in self.json("page")["levels"]]


def drawn(spec: Any = SPEC, wording: Any = None, **changes: Any) -> Page:
    return Page(draw(spec, world(**changes), **WORDING | (wording or {})))


@pytest.fixture(scope="module")
def html() -> str:
    return draw(SPEC, world(), **WORDING)


@pytest.fixture(scope="module")
def read(html: str) -> Page:
    return Page(html)


# ---------- the file


def test_the_same_input_gives_the_same_text(html: str) -> None:
    assert draw(SPEC, world(), **WORDING) == html


def test_nothing_comes_from_elsewhere(html: str, read: Page) -> None:
    for tag, attributes in read.elements:
        assert tag not in ("link", "iframe", "img", "object", "embed", "video", "audio", "base"), tag
        assert "src" not in attributes, attributes
    found = set(re.findall(r"https?://[\w.-]+", html))
    assert found <= ADDRESSES, found - ADDRESSES
    assert not re.search(r"url\(['\"]?(?!['\"]?(data:|#))", html)
    assert "@import" not in html
    assert "sourceMappingURL" not in html


def test_the_policy_allows_four_scripts_and_the_tiles(html: str, read: Page) -> None:
    (policy,) = (a["content"] for t, a in read.elements if a.get("http-equiv") == "Content-Security-Policy")
    assert policy is not None
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules.keys() == {"default-src", "script-src", "style-src", "img-src", "base-uri", "form-action"}
    assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == "'none'"
    assert rules["img-src"] == "data: blob: https://service.pdok.nl"
    assert rules["style-src"] == "'unsafe-inline'"
    code = re.findall(r"<script>(.*?)</script>", html, flags=re.DOTALL)
    assert len(code) == offline.SCRIPTS == 4
    assert rules["script-src"].split() == [f"'sha256-{b64encode(sha256(c.encode()).digest()).decode()}'" for c in code]
    assert html.index("Content-Security-Policy") < html.index("<script"), "a policy after a script is too late"


def test_the_page_says_its_language_and_may_be_enlarged(read: Page) -> None:
    assert ("html", {"lang": "nl"}) in read.elements
    assert ("html", {"lang": "en"}) in drawn(wording={"language": "en"}).elements
    (viewport,) = (a["content"] for t, a in read.elements if a.get("name") == "viewport")
    assert viewport == "width=device-width, initial-scale=1"
    assert read.title.strip() == "Proefkaart – Spoorzone Proefstad"


def test_all_code_and_style_of_the_page_is_in_it(html: str, read: Page) -> None:
    assets = files("pipeline.atlas") / "assets"
    for folder, ending in (("js", ".js"), ("css", ".css")):
        assert [f.name for f in (assets / folder).iterdir() if f.name.endswith(ending)]
    (ours,) = (c for c in read.code if "spoorzoneMap(" in c and "function" in c and "L.tileLayer" not in c)
    assert "import " not in ours.split("\n", 1)[0]
    rules = [re.search(r"^[^@/{}]+\{[^}]+\}", (f).read_text("utf-8"), flags=re.M) for f in (assets / "css").iterdir()]
    for rule in rules:
        assert rule
        assert rule[0] in html


# ---------- what it says


def test_what_is_shown(read: Page) -> None:
    said = read.json("page")
    assert tuple(read.levels) == LEVELS
    assert [lv["count"] for lv in said["levels"]] == [1, 2, 6, 3, 150, len(hexagons()), 12, 5]
    assert said["start"] == "buurt"
    assert [t["columns"] for t in said["themes"]] == [
        ["inhabitants_per_km2"], ["gsi", "fsi_gross"], ["land_use_built_up_share"],
    ]  # fmt: skip
    assert list(said["columns"]) == [*SPEC.columns, "inhabitants_count"]
    assert said["facts"] == ["inhabitants_count"]
    assert said["years"] == [2019, 2021, 2022]
    assert [s["name"] for s in said["stations"]] == ["West", "Oost"]
    assert (said["radius"], said["sure"]) == (400, 95)
    assert [(v["level"], v["column"]) for v in said["views"]] == [(v.level, v.column) for v in SPEC.views]
    assert said["notice"] == "Synthetisch voorbeeld: verzonnen"
    assert said["source"] == "Bron: niemand", "what the notice says is not said twice"
    assert (said["settings"], said["date"]) == (WORDING["settings_line"], WORDING["date"])
    assert (said["title"], said["summary"]) == ("Proefkaart", "Een kaart om te proberen.")
    assert said["guide"][0]["tag"] == "h1"
    (south, west), (north, east) = said["bounds"]
    corners = gpd.GeoSeries(shapely.points([(west, south), (east, north)]), crs=4326).to_crs(CRS)
    # The corridor reaches 300 m from the axis; a box in degrees is a little larger than one in metres.
    assert corners[0].distance(shapely.Point(X - 100, Y + 200)) < 40
    assert corners[1].distance(shapely.Point(X + 1600, Y + 800)) < 40


def test_english_is_english() -> None:
    english = drawn(wording={"language": "en"})
    said = english.json("page")
    assert said["columns"]["inhabitants_per_km2"]["label"] == "Population density"
    assert said["words"]["no_data"] == "no data"
    assert [lv["title"] for lv in said["levels"]][:3] == ["Municipality", "District", "Neighbourhood"]
    assert (said["title"], said["themes"][0]["title"], said["views"][0]["title"]) == ("Trial map", "Living", "Where people live")
    assert english.title.strip() == "Trial map – Spoorzone Proefstad"


def test_the_start_is_the_first_level_where_the_declared_one_is_not_there() -> None:
    assert drawn(units={"wijk": world().units["wijk"], "gemeente": gemeente()}).json("page")["start"] == "gemeente"


def test_kinds_and_indicators_that_were_not_computed_are_left_out() -> None:
    without = drawn(units={"buurt": buurten().drop(columns=["gsi", "land_use_built_up_share"]), "corridor": corridor()})
    assert without.levels == ["buurt", "pand", "bodemgebruik"]
    said = without.json("page")
    assert [t["name"] for t in said["themes"]] == ["living", "built"]
    assert list(said["columns"]) == ["inhabitants_per_km2", "fsi_gross", "inhabitants_count"]
    assert [v["level"] for v in said["views"]] == ["buurt", "buurt", "pand", "bodemgebruik"]
    assert [name for name, *_ in without.opened("buurt").header["columns"]] == list(said["columns"])


def test_a_kind_without_units_is_left_out() -> None:
    assert drawn(units={"buurt": buurten(), "square_100m": squares(0, 0)}).levels == ["buurt", "pand", "bodemgebruik"]


# ---------- the blocks


def values(block: Opened, name: str) -> Any:
    return np.array(block.columns()[name])


def rounded(row: Any, whole: float = 1) -> Any:
    return np.round(np.array(row, dtype=float) * whole)


def test_values_of_buurten_come_back_year_by_year(read: Page) -> None:
    block = read.opened("buurt")
    assert block.header["columns"] == [
        ["inhabitants_per_km2", 3, 1], ["gsi", 1, 1], ["fsi_gross", 1, 1], ["land_use_built_up_share", 1, 0], ["inhabitants_count", 1, 1],
    ]  # fmt: skip
    shapes = block.shapes()
    assert all(shapely.symmetric_difference(a, b).area == 0 for a, b in zip(shapes, buurten().geometry, strict=True))
    found = block.columns()
    assert block.ends()
    years = np.array(list(PER_KM2_BY_YEAR.values())).T
    assert np.array_equal(found["inhabitants_per_km2"], rounded(years), equal_nan=True)
    # 0 people is 0, and withheld is not.
    assert found["inhabitants_per_km2"][0] == [0, 0, 0]
    assert np.isnan(found["inhabitants_per_km2"][3]).all()
    assert np.array_equal(np.ravel(found["gsi"]), rounded(GSI, 100), equal_nan=True)
    assert np.array_equal(np.ravel(found["land_use_built_up_share"]), rounded(BUILT_UP, 100))


def test_buurten_have_their_names_and_squares_need_none(read: Page) -> None:
    assert read.opened("buurt").header["name"] == list(NAMES)
    header = read.opened("square_100m").header
    assert (header["form"], header["id"], header["name"]) == ("squares", None, None)


def test_values_of_squares_come_back(read: Page) -> None:
    block = read.opened("square_100m")
    assert len(block.shapes()) == 150
    found = values(block, "inhabitants_per_km2")
    column = np.arange(150) % 15
    assert found.tolist() == np.column_stack([50 * column, 80 * column, 100 * column]).tolist()


def test_bounds_stand_where_a_value_is_not_sure_and_only_there(read: Page) -> None:
    # 0 to 4 people on a quarter of a km² are 0 to 16 per km².
    assert read.opened("buurt").header["bounds"] == {"inhabitants_count": [[3], [0], [4]], "inhabitants_per_km2": [[3], [0], [16]]}
    # 125 to 129 on three quarters.
    assert read.opened("wijk").header["bounds"] == {"inhabitants_count": [[1], [125], [129]], "inhabitants_per_km2": [[1], [167], [172]]}
    assert read.opened("square_100m").header["bounds"] == {}
    assert read.opened("hexagon").header["bounds"] == {}


def test_bounds_need_land_that_is_known() -> None:
    units = buurten().assign(land_area_m2=[250_000.0, 250_000.0, 250_000.0, NAN, 250_000.0, 0.0])
    bounds = drawn(units={"buurt": units}).opened("buurt").header["bounds"]
    assert bounds == {"inhabitants_count": [[3], [0], [4]]}


def test_bounds_that_are_the_same_as_a_reader_sees_them_still_stand() -> None:
    units = buurten().assign(
        inhabitants_low_count=[0, 309, 3086, 0, 63, 62.0], inhabitants_high_count=[0.2, 309, 3086, 4, 63, 62.4]
    )
    at = drawn(units={"buurt": units}).opened("buurt").header["bounds"]["inhabitants_count"]
    assert at == [[3], [0], [4]], "less than a whole person is no doubt"


def why(page_: Page, level: str, name: str) -> dict[int, str]:
    """Position of each value that is missing now -> what a reader is told of it."""
    block = page_.opened(level)
    block.shapes()
    block.columns()
    assert block.ends()
    return {i: page_.json("page")["reasons"][number] for i, number in block.why[name].items()}


def test_a_value_that_is_missing_says_why(read: Page) -> None:
    withheld = "de bron schermt het getal af"
    assert why(read, "buurt", "inhabitants_per_km2") == {3: withheld}, "not of 2019, of which nothing is said"
    assert why(read, "buurt", "inhabitants_count") == {3: withheld}
    assert why(read, "square_100m", "inhabitants_per_km2") == {}
    units = buurten().assign(
        inhabitants_per_km2=NAN, land_area_m2=[0.0, NAN, 250_000, 250_000, 0.0, 250_000], inhabitants_count=[0, 1, NAN, NAN, NAN, 3]
    )
    english = drawn(wording={"language": "en"}, units={"buurt": units}, series={})
    land, lost, gone = "there is no land in the unit", "the source publishes no number here", "the source withholds the number"
    assert why(english, "buurt", "inhabitants_per_km2") == {0: land, 1: lost, 2: gone, 3: gone, 4: gone, 5: land}


def test_coverage_stands_where_not_all_was_measured(read: Page) -> None:
    assert read.opened("buurt").header["coverage"] == {
        "inhabitants_coverage_share": [[3], [0]], "floor_area_coverage_share": [[], []], "land_use_coverage_share": [[4], [50]],
    }  # fmt: skip
    assert read.opened("wijk").header["coverage"]["inhabitants_coverage_share"] == [[1], [92]]
    assert "land_use_coverage_share" not in read.opened("square_100m").header["coverage"]


def test_coverage_is_rounded_down_and_what_is_not_known_is_no_doubt() -> None:
    units = buurten().assign(inhabitants_coverage_share=[1.0, 0.999, 0.29, NAN, 0.0, 1.0])
    found = drawn(units={"buurt": units}).opened("buurt").header["coverage"]["inhabitants_coverage_share"]
    assert found == [[1, 2, 4], [99, 29, 0]], "0.999 is not all, and 0.29 is 29%"


def test_buildings_come_back_with_use_year_addresses_and_footprint(read: Page) -> None:
    block = read.opened("pand")
    assert (block.header["form"], block.header["grid"]) == ("rings", 0.25)
    shapes, found = block.shapes(), block.columns()
    assert block.ends()
    rows = zip(*(np.ravel(found[n]) for n in ("use", "construction_year", "verblijfsobject_count", "footprint_m2")), strict=True)
    told = {(round(s.bounds[0] - X), round(s.bounds[1] - Y)): r for s, r in zip(shapes, rows, strict=True)}
    # Dwelling 0, office 1, shop 2, industry 3, amenities 4, more than one 5, no address 7.
    home, office, shop, industry, school, mixed, shed = 0, 1, 2, 3, 4, 5, 7
    south = [(home, 1890, 1), (home, 1900, 1), (home, 1938, 2), (mixed, 1950, 3), (office, 1965, 1), (shed, 1970, 0)]
    north = [(industry, 1980, 1), (shop, 1999, 1), (school, 2005, 1), (home, 2010, 24), (shed, NAN, 0), (home, 2020, 60)]
    expected = {(200 + 100 * i, 200 + 100 * j): (*row, 100) for j, side in enumerate((south, north)) for i, row in enumerate(side)}
    expected[700, 300] = (home, 2020, 60, 300)  # around a yard
    assert told.keys() == expected.keys()
    assert all(np.array_equal(told[at], expected[at], equal_nan=True) for at in expected)


def test_buildings_keep_every_corner(read: Page) -> None:
    nearly_straight = shapely.Polygon([(X, Y), (X + 5, Y + 0.5), (X + 10, Y), (X + 10, Y + 10), (X, Y + 10)])
    table_ = gpd.GeoDataFrame({"construction_year": [2000.0], "use": [""], "verblijfsobject_count": [0.0]}, geometry=[nearly_straight], crs=CRS)
    (shape,) = drawn(buildings=table_).opened("pand").shapes()
    assert shape.area == nearly_straight.area
    assert len(shapely.get_coordinates(shape)) == 6


def test_land_use_comes_back_in_main_groups(read: Page) -> None:
    block = read.opened("bodemgebruik")
    shapes, found = block.shapes(), block.columns()
    assert block.ends()
    uses = [block.header["uses"][int(u)] for u in np.ravel(found["use"])]
    rows = zip((s.bounds[0] - X for s in shapes), np.ravel(found["group"]), uses, np.ravel(found["area_are"]), strict=True)
    # Built-up 1, recreation 3, agriculture 4, nature 5; 30 ha are 3,000 are.
    assert sorted(rows) == [
        (0, 1, "Woongebied", 3000), (300, 1, "Bedrijfsterrein", 3000), (600, 3, "Park en plantsoen", 3000),
        (900, 4, "Landbouw en overig agrarisch", 3000), (1200, 5, "Bos", 3000),
    ]  # fmt: skip


def test_land_use_of_a_code_that_nobody_knows_has_no_group() -> None:
    block = drawn(ground=ground().assign(bbg_code=[5, 24, 40, 51, 60])).opened("bodemgebruik")
    shapes = block.shapes()
    group = np.ravel(block.columns()["group"])
    assert [s.bounds[0] - X for s, g in zip(shapes, group, strict=True) if np.isnan(g)] == [0]


def test_streets_come_back_by_name_and_place(read: Page) -> None:
    block = read.opened("street")
    assert block.header["name"] == ["Dorpsstraat", "Dorpsstraat", "Stationsplein"]
    at = [(p.x - X, p.y - Y) for p in block.shapes()]
    assert [block.header["places"][n] for n in block.numbers(3)] == ["Elders", "Proefstad", "Proefstad"]
    assert at == [(1400, 900), (400, 250), (200, 520)]
    assert block.ends()


def test_what_lies_around_is_drawn_without_what_is_too_small(read: Page) -> None:
    assert read.json("page")["context"] == ["zone", "green", "water", "road", "rail"]
    (zone,) = read.opened("zone").shapes()
    assert shapely.hausdorff_distance(zone, context()["corridor"].geometry.iloc[0]) < 5, "simplified by at most five metres"
    (lake,) = read.opened("water").shapes()
    assert shapely.symmetric_difference(lake, context()["water"].geometry.iloc[0]).area == 0
    (green,) = read.opened("green").shapes()
    assert green.area == 300_000
    (rail,) = read.opened("rail").shapes()
    assert rail.length == 1000
    (road,) = read.opened("road").shapes()
    assert shapely.get_coordinates(road).tolist() in ([[X, Y + 100], [X + 1500, Y + 100]], [[X + 1500, Y + 100], [X, Y + 100]]), "two pieces are one line"


def test_the_projection_is_that_of_all_that_is_drawn(read: Page) -> None:
    said = read.json("page")["projection"]
    far = drawn(buildings=buildings().translate(5000, 0).to_frame("geometry").join(buildings().drop(columns="geometry")))
    assert far.json("page")["projection"]["centre"][0] > said["centre"][0] + 1000
    assert said["degree"] == 4
    assert len(said["x"]) == len(said["y"]) == 15


# ---------- what may be missing


@pytest.mark.parametrize(
    ("changes", "gone"),
    [
        ({"buildings": None}, {"pand"}),
        ({"buildings": buildings().head(0)}, {"pand"}),
        ({"ground": None}, {"bodemgebruik"}),
        ({"ground": ground().head(0)}, {"bodemgebruik"}),
        ({"buildings": None, "ground": None, "streets": None}, {"pand", "bodemgebruik"}),
        ({"streets": None}, set()),
        ({"streets": streets().head(0)}, set()),
        ({"series": {}}, set()),
        ({"context": {"corridor": context()["corridor"]}}, set()),
    ],
)
def test_a_part_that_is_missing_leaves_the_rest(changes: dict[str, Any], gone: set[str]) -> None:
    part = drawn(**changes)
    said = part.json("page")
    assert set(LEVELS) - set(part.levels) == gone
    assert {v["level"] for v in said["views"]} & gone == set()
    street = len(changes.get("streets", streets())) if changes.get("streets", streets()) is not None else 0
    assert ("data-street" in part.blocks) == bool(street)
    assert {f"data-{g}" for g in gone} & part.blocks.keys() == set()


def test_without_stations_there_is_no_line_and_no_view_of_one() -> None:
    units = {k: t for k, t in world().units.items() if k not in ("section", "catchment")}
    around = {k: t for k, t in context().items() if k not in ("axis", "station")}
    without = drawn(units=units, context=around)
    said = without.json("page")
    assert (said["line"], said["areas"], said["stations"]) == (None, [], [])
    assert [v["place"] for v in said["views"]] == [None, None, None]
    assert "track:" not in without.code[-1]
    assert "rings:" not in without.code[-1]


def test_without_rings_or_a_series_the_rest_is_said() -> None:
    without = drawn(units={k: t for k, t in world().units.items() if k != "catchment"}, series={})
    said = without.json("page")
    assert (said["areas"], said["years"]) == ([], [])
    assert [v["mode"] for v in said["views"]] == ["one"] * 4, "there is no growth to see"
    assert len(said["line"]["name"]) == 5
    assert without.opened("buurt").header["columns"][0] == ["inhabitants_per_km2", 1, 1]
    assert said["columns"]["inhabitants_per_km2"]["corridor"] == [1000]


def test_a_map_without_surroundings_has_none_but_the_corridor() -> None:
    said = drawn(context={k: t for k, t in context().items() if k in ("corridor", "axis", "station")}).json("page")
    assert said["context"] == ["zone"]


def test_the_reader_can_switch_what_is_there(read: Page) -> None:
    started = read.code[-1]
    switched = re.search(r"spoorzoneMap\(\w+, \{(.*?)\}\)", started, flags=re.S)
    assert switched
    assert re.findall(r"(\w+): \w+,", switched[1]) == [
        "borders", "corridor", "rings", "track", "grijs", "pastel", "standaard", "luchtfoto",
    ]  # fmt: skip


# ---------- errors


def test_a_map_without_units_says_so() -> None:
    with pytest.raises(
        ContractError, match=r"^map proef: none of its kinds of unit was computed, expected one of gemeente, wijk, .*; add one to \[units\] kinds$"
    ):
        drawn(units={"corridor": world().units["corridor"], "buurt": buurten().head(0)})


def test_a_map_without_indicators_says_so() -> None:
    spec = replace(SPEC, themes=(Theme("t", Text("T", "T"), ("mxi",)),))
    with pytest.raises(ContractError, match=r"^map proef: none of its indicators was computed, expected one of mxi$"):
        drawn(spec)


def test_an_indicator_without_classes_says_so() -> None:
    spec = replace(SPEC, themes=(Theme("t", Text("T", "T"), ("gsi", "area_m2")),))
    with pytest.raises(ContractError, match=r"^map proef: 1 indicators have no classes, first 'area_m2'; add them"):
        drawn(spec)


def test_a_script_that_came_in_with_the_data_stops_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "escape", str)  # as if the title were not made safe
    with pytest.raises(ContractError, match=r"^map: 5 scripts in the page, expected 4; data have become markup"):
        drawn(wording={"project": "</title><script>alert(1)</script>"})


# ---------- data are never markup


@pytest.mark.fault("E", "a name with </script> in it", "the text itself")
@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_from_the_data_is_data(name: str, html: str, read: Page) -> None:
    units = world().units
    changes: dict[str, Any] = {
        "units": {
            **units,
            "buurt": buurten((name, *NAMES[1:])),
            "hexagon": table([name], [name], [units["hexagon"].geometry.iloc[0]], inhabitants_per_km2=1.0),
            "section": units["section"].assign(unit_name=name),
        },
        "context": context((name, "Oost")),
        "streets": streets().assign(street_name=name, place=[name, "a", "b"]),
        "ground": ground().assign(use_name=name),
        "buildings": buildings().assign(use=name),
    }
    lines = dict.fromkeys(("project", "settings_line", "date", "notice"), name) | {"source_line": f"{name} en meer"}
    one = receipt("pand", name, title=Text(name, name), attribution=name, licence=name)
    hostile = drawn(wording=lines | {"origin": origin([one], "nl", {})}, **changes)
    said = hostile.json("page")
    assert hostile.title.strip() == f"Proefkaart – {name}"
    assert [said[k] for k in ("project", "settings", "date", "notice", "source")] == [name, name, name, name, f"{name} en meer"]
    assert [s["name"] for s in said["stations"]] == [s[0] for s in said["line"]["stations"]] == [name, "Oost"]
    assert said["line"]["name"] == [name] * 5
    assert hostile.json("sources")["registers"][0]["name"] == name
    assert hostile.opened("buurt").header["name"][0] == name
    assert hostile.opened("hexagon").header["id"] == [name]
    assert hostile.opened("bodemgebruik").header["uses"] == [name]
    street = hostile.opened("street").header
    assert (street["name"], street["places"]) == ([name] * 3, sorted([name, "a", "b"]))
    # "<!--<script>" within a script would swallow its end, so that no data have a "<".
    assert [key for key, text in hostile.blocks.items() if "<" in text] == []
    # The markup is that of the page with harmless names, element by element.
    ours, theirs = ([(t, {k: v for k, v in a.items() if k != "content"}) for t, a in p.elements] for p in (hostile, read))
    assert ours == theirs
    assert len(hostile.code) == offline.SCRIPTS
    assert hostile.code[:-1] == read.code[:-1], "data are in no script that runs"
    assert "alert(1)" not in hostile.code[-1]
    assert "7*7" not in hostile.code[-1]


# ---------- declarations and words


@pytest.mark.parametrize("spec", MAPS, ids=lambda m: m.name)
@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_declared_map_can_be_drawn(spec: Any, language: str) -> None:
    assert set(spec.kinds) <= {k.name for k in KINDS}
    assert spec.start in spec.kinds
    assert set(spec.columns) <= CLASSES.keys() & COLUMNS.keys()
    assert set(spec.facts) <= COLUMNS.keys()
    assert len(set(spec.columns)) == len(spec.columns), "an indicator stands in one theme"
    all_of_it = dict.fromkeys((*spec.columns, *spec.facts), 0.5)
    units = {k: table([k], [k], [shapely.box(X, Y, X + 50, Y + 60)], **all_of_it) for k in spec.kinds}
    whole = drawn(spec, {"language": language}, units=world().units | units)
    said = whole.json("page")
    assert list(said["columns"]) == [*spec.columns, *spec.facts]
    assert [t["columns"] for t in said["themes"]] == [list(t.columns) for t in spec.themes]
    assert whole.levels == [*spec.kinds, "pand", "bodemgebruik"]
    assert [v["title"] for v in said["views"]] == [v.title.in_(language) for v in spec.views if (v.place or 0) < 2]


def test_maps_have_names_of_their_own() -> None:
    assert len({m.name for m in MAPS}) == len(MAPS)


JS = {f.name: f.read_text("utf-8") for f in (files("pipeline.atlas") / "assets" / "js").iterdir() if f.name.endswith(".js")}


def listed(name: str) -> list[str]:
    """The strings of an array that a script declares."""
    (found,) = (m[1] for code in JS.values() for m in re.finditer(rf"^const {name} = \[(.*?)\];", code, flags=re.M))
    return re.findall(r"'(\w+)'", found)


def test_every_word_is_asked_for_and_every_word_asked_for_is_there() -> None:
    code = "\n".join(JS.values())
    asked = set(re.findall(r"\bword\.(\w+)", code)) | set(re.findall(r'data-(?:word|label)="(\w+)"', page._asset("map.html")))
    # Words whose name is put together.
    assert set(re.findall(r"\bword\[`(\w+?)_\$", code)) == {"about", "ground", "show"}
    asked |= {f"about_{name}" for name in re.findall(r"\bgo\('(\w+)'\)", JS["about.js"])}
    asked |= {f"ground_{name}" for name in ("none", *listed("TILES"))}
    asked |= {f"show_{name}" for name in (*listed("LINES"), *listed("COATS"))}
    assert asked - MAP_WORDS.keys() == set()
    assert MAP_WORDS.keys() - asked == set()


def test_every_word_of_the_front_page_is_used() -> None:
    code = Path(index.__file__).read_text("utf-8")
    asked = set(re.findall(r"""\bword\[["'](\w+)["']\]""", code)) | set(re.findall(r'"(open_\w+)"', code))
    assert asked == WORDS.keys()
    assert all(text.nl and text.en for text in (*WORDS.values(), *MAP_WORDS.values()))


def test_what_a_word_leaves_open_is_filled_in_both_languages() -> None:
    code = "\n".join(JS.values())
    filled = set(re.findall(r"\bfilled\((?:app\.)?word\.(\w+)", code)) | set(re.findall(r"\bword\.(\w+)\.replace\('\{", code))
    holes = {key: [sorted(re.findall(r"\{(\w*)\}", said)) for said in (text.nl, text.en)] for key, text in MAP_WORDS.items()}
    assert {key: both for key, both in holes.items() if both[0] != both[1]} == {}
    assert {key for key, (nl, _) in holes.items() if nl} == filled


def test_the_layers_that_the_code_knows_are_those_of_the_page(read: Page) -> None:
    switched = re.findall(r"(\w+): \w+,", read.code[-1].partition("spoorzoneMap(")[2])
    assert set(switched) == {*listed("TILES"), *listed("LINES")}
    assert set(read.json("page")["context"]) == {"zone", *listed("COATS")} - {"figures"}


def test_a_line_is_not_said_twice() -> None:
    assert said_once("Bron: CBS", None) == "Bron: CBS"
    assert said_once("Let op. Bron: CBS", "Let op") == "Bron: CBS"
    assert said_once("Bron: CBS", "Let op") == "Bron: CBS"


# ---------- where it comes from


def test_sources_stand_by_register_and_editions_under_their_source() -> None:
    made = origin(RECEIPTS, "nl", LABELS)
    shape = {
        r["name"]: {s["title"]: [e["date"] for e in s["editions"]] for s in r["sources"]} for r in made["registers"]
    }
    today = "opgehaald 21 november 2026"
    assert shape == {
        "Register A": {"Buurten": ["1 januari 2022", "1 januari 2021"], "Bron wijk": [today]},
        "Register B": {"Bron pand": [today], "Bron dtm": [today]},
    }
    assert {r["about"] for r in made["registers"]} == {"Houder · CC0-1.0"}


def test_what_came_and_what_was_looked_at_is_said_in_both_languages() -> None:
    (first, _), (second, third) = (
        [s["editions"][0] for s in r["sources"]] for r in origin(RECEIPTS, "nl", LABELS)["registers"]
    )
    assert first["counts"] == "1.200 objecten ontvangen, 1.000 behouden"
    assert first["notes"] == ["Uit een eerdere uitgave overgenomen: Woningen (2021)", "Niet in deze uitgave: oad_per_km2"]
    assert second["proofs"] == [[True, "de dienst telt 1.200 objecten"], [False, "de dienst telt niet"]]
    assert third["counts"] == "12 tegels ontvangen, 12 behouden"
    said = json.dumps(origin(RECEIPTS, "en", LABELS), ensure_ascii=False)
    for text in (
        "1,200 features received, 1,000 kept",
        "12 tiles received",
        "the service does not count",
        "Taken from an earlier edition: Dwellings (2021)",
        "Not proven whole: Source pand",
    ):
        assert text in said, text
    assert "dienst" not in said


def test_the_page_holds_the_sources_in_its_own_language_only(html: str, read: Page) -> None:
    assert read.json("sources") == origin(RECEIPTS, "nl", LABELS)
    assert "the service counts" not in html


_SEAMS = Proof("seams", True, Text("naden", "seams"))


@pytest.mark.parametrize(
    ("proofs", "last"),
    [((), "er is niets nagegaan"), ((_SEAMS,), "er is niets dat het geheel naging")],
    ids=["none", "a part"],
)
def test_what_nobody_looked_at_is_said_as_such(proofs: tuple[Proof, ...], last: str) -> None:
    made = origin([receipt("pand", proofs=proofs)], "nl", {})
    assert made["registers"][0]["sources"][0]["editions"][0]["proofs"][-1] == [False, last]
    assert (made["whole"], made["line"]) == (False, "Niet bewezen volledig: Bron pand")


def test_one_line_says_that_all_is_whole_or_names_what_is_not() -> None:
    whole = origin([receipt("a"), receipt("b")], "nl", {})
    assert (whole["whole"], whole["line"]) == (True, "Alle bronnen volledig binnen")
    doubtful = [
        receipt(f"buurt_{y}", title=Text(f"Buurten {y}", f"Neighbourhoods {y}"), edition=y, proofs=()) for y in (2022, 2021)
    ]
    many = [*doubtful, *(receipt(str(n), proofs=()) for n in range(6))]
    assert origin(many, "nl", {})["line"] == (
        "Niet bewezen volledig: Buurten (2022, 2021); Bron 0; Bron 1; Bron 2; Bron 3 en nog 2"
    )
    assert origin([], "en", {}) == {"line": "", "whole": True, "registers": []}


# ---------- the front page


def test_the_front_page_lists_the_maps() -> None:
    html = draw_index([(SPEC, "proef.html")], **WORDING)
    links = [a["href"] for tag, a in Page(html).elements if tag == "a"]
    assert links == ["proef.html"]
    for text in (
        "Proefkaart",
        "Een kaart om te proberen.",
        "Bron: niemand",
        "21 november 2026",
        "300 m aan weerszijden",
    ):
        assert text in html, text
    assert html.count("Synthetisch voorbeeld") == 1
    assert "<script" not in html
    assert "http:" not in html
    assert "https:" not in html


def test_the_front_page_without_a_notice_hides_its_place() -> None:
    (attributes,) = (
        a for t, a in Page(draw_index([], **WORDING | {"notice": None})).elements if a.get("class") == "notice"
    )
    assert "hidden" in attributes


@pytest.mark.fault("E", "markup in titles and notices of the front page", "the text itself")
def test_the_front_page_escapes() -> None:
    hostile = "<img src=x onerror=alert(1)> $title \"' <!--items-->"
    html = draw_index([(SPEC, 'a"b.html')], **WORDING | {"project": hostile})
    assert not [a for tag, a in Page(html).elements if tag == "img"]
    assert 'href="a&quot;b.html"' in html
    assert html.count("<li>") == 1 + len(_lines(WORDING["origin"])[1])


def _lines(made: dict[str, Any]) -> tuple[list[tuple[bool, str]], list[str]]:
    editions = [e for r in made["registers"] for s in r["sources"] for e in s["editions"]]
    return [tuple(p) for e in editions for p in e["proofs"]], [n for e in editions for n in e["notes"]]


def test_the_front_page_tells_of_every_source_what_is_proven() -> None:
    html = draw_index([(SPEC, "proef.html")], **WORDING)
    proofs, notes = _lines(WORDING["origin"])
    assert html.count('<li class="holds">') == sum(holds for holds, _ in proofs) == 5
    assert html.count('<li class="doubt">') == 1
    assert '<li class="doubt"><b>niet bewezen</b> de dienst telt niet</li>' in html
    assert '<p class="doubt">Niet bewezen volledig: Bron pand</p>' in html
    assert [html.count(f"<li>{note}</li>") for note in notes] == [1, 1]
    assert [html.count(f"<h2>Register {x}</h2>") for x in "AB"] == [1, 1]
    assert "<summary>Bronnen en volledigheid</summary>" in html
    assert html.index("Bron: niemand") < html.index("Niet bewezen volledig") < html.index("<details>")


def test_the_front_page_escapes_what_the_sources_say() -> None:
    hostile = "<script>alert(1)</script><!--sources--><!--lines-->$name"
    text = Text(hostile, hostile)
    one = receipt("pand", hostile, title=text, attribution=hostile, reference_date=hostile, licence=hostile,
                  proofs=(Proof("none", False, text),), filled={"x": 2021}, absent=("x",))  # fmt: skip
    html = draw_index([], **WORDING | {"origin": origin([one], "nl", {"x": text})})
    assert "<script" not in html
    assert "<!--" not in html
    # Register, holder and licence, title, date, sentence, note; and the title in the short line.
    assert html.count("alert(1)") == 8

def test_dutch_numbers_are_as_in_the_rest_of_the_outputs() -> None:
    # The page formats with Intl; the tests in a browser compare what it says with these.
    assert number(12345.0, 0, "nl") == "12.345"
    assert number(0.12, 2, "nl") == "0,12"
