"""The text of a map page: the same each time, whole in itself, and no data in its markup."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest
from atlas_world import COLUMNS, LABELS, NAMES, RECEIPTS, SPEC, WORDING, buurten, context, receipt, world

from pipeline.atlas import offline, page
from pipeline.atlas.declaration import MAPS
from pipeline.atlas.index import draw_index
from pipeline.atlas.origin import origin
from pipeline.atlas.page import draw
from pipeline.atlas.words import WORDS, said_once
from pipeline.clip.kinds import KINDS
from pipeline.contract import ContractError, Proof, Text
from pipeline.palettes import CLASSES
from pipeline.wording import number

#: What may be named by address: tiles, two credits as links, and the names of two vocabularies.
ADDRESSES = {"https://service.pdok.nl", "https://www.kadaster.nl", "https://leafletjs.com", "http://www.w3.org"}


class Page(HTMLParser):
    """Elements of a page, and the text of its scripts by id."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.blocks: dict[str, str] = {}
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        tag, attributes = self.elements[-1] if self.elements else ("", {})
        if tag == "script" and (key := attributes.get("id")):
            self.blocks[key] = self.blocks.get(key, "") + data

    def json(self, key: str) -> Any:
        return json.loads(self.blocks[f"data-{key}"])


@pytest.fixture(scope="module")
def html() -> str:
    return draw(SPEC, **world())


def test_the_same_input_gives_the_same_text(html: str) -> None:
    assert draw(SPEC, **world()) == html


def test_nothing_comes_from_elsewhere(html: str) -> None:
    for tag, attributes in Page(html).elements:
        assert tag not in ("link", "iframe", "img", "object"), tag
        assert "src" not in attributes, attributes
    found = set(re.findall(r"https?://[\w.-]+", html))
    assert found <= ADDRESSES, found - ADDRESSES
    assert "sourceMappingURL" not in html


def test_the_policy_allows_four_scripts_and_the_tiles(html: str) -> None:
    (policy,) = (a["content"] for t, a in Page(html).elements if a.get("http-equiv") == "Content-Security-Policy")
    assert policy is not None
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["default-src"] == "'none'"
    assert rules["script-src"].count("'sha256-") == 4
    assert "unsafe" not in rules["script-src"]
    assert rules["img-src"] == "data: https://service.pdok.nl"
    assert html.index("Content-Security-Policy") < html.index("<script"), "a policy after a script is too late"


def test_the_page_says_its_language_and_may_be_enlarged(html: str) -> None:
    elements = Page(html).elements
    assert ("html", {"lang": "nl"}) in elements
    (viewport,) = (a["content"] for t, a in elements if a.get("name") == "viewport")
    assert viewport == "width=device-width, initial-scale=1"


def test_what_is_shown(html: str) -> None:
    said = Page(html).json("page")
    assert [c["name"] for c in said["columns"]] == ["inhabitants_per_km2", "gsi"]
    assert [c["name"] for c in said["facts"]] == ["inhabitants_count"]
    assert [(lv["name"], lv["title"]) for lv in said["levels"]] == [
        ("buurt", "Buurt"),
        ("square_100m", "Vierkant 100 m"),
    ]
    assert [s["name"] for s in said["stations"]] == ["West", "Oost"]
    assert said["notice"] == "Synthetisch voorbeeld: verzonnen"
    assert said["source"] == "Bron: niemand", "what the notice says is not said twice"
    assert said["settings"] == WORDING["settings_line"]
    first = said["columns"][0]
    assert first["classes"][:2] == ["0", "minder dan 250"]
    assert first["colours"][:2] == ["#ffffff", CLASSES["inhabitants_per_km2"].colours[0]]
    assert first["classes"][-1] == "10.000 en meer"
    assert first["breaks"] == [1, 250, 1000, 2500, 5000, 7500, 10_000]
    assert said["columns"][1]["breaks"] == [1, 5, 10, 20, 30, 50], "in hundredths, as the values"


def test_none_is_no_class_of_an_index() -> None:
    """An MXI of 0 is no absence: it says that nobody lives there, and has the colour of work."""
    arguments = world()
    arguments["units"] = {"buurt": buurten().assign(mxi=0.0)}
    (mxi,) = Page(draw(replace(SPEC, columns=("mxi",)), **arguments)).json("page")["columns"]
    assert mxi["colours"] == list(CLASSES["mxi"].colours)
    assert mxi["breaks"][0] == 5


def test_english_is_english() -> None:
    said = Page(draw(SPEC, **world() | {"language": "en"})).json("page")
    assert said["columns"][0]["label"] == "Population density"
    assert said["columns"][0]["classes"][-1] == "10,000 and more"
    assert said["words"]["no_data"] == "no data"


def test_the_value_of_the_whole_corridor_stands_beside_the_indicator() -> None:
    arguments = world()
    whole = buurten()[4:5]  # 250 per km², no GSI
    arguments["units"] = arguments["units"] | {"corridor": whole}
    said = Page(draw(SPEC, **arguments)).json("page")
    assert [c["corridor"] for c in said["columns"]] == [250, None]


def test_kinds_and_indicators_that_were_not_computed_are_left_out() -> None:
    arguments = world()
    arguments["units"] = {"buurt": buurten().drop(columns="gsi")}
    said = Page(draw(SPEC, **arguments)).json("page")
    assert [lv["name"] for lv in said["levels"]] == ["buurt"]
    assert [c["name"] for c in said["columns"]] == ["inhabitants_per_km2"]


def test_a_corridor_without_stations_has_neither_track_nor_stations() -> None:
    arguments = world() | {"context": {"corridor": context()["corridor"]}}
    said = Page(draw(SPEC, **arguments)).json("page")
    assert (said["lines"], said["stations"]) == ([], [])


def test_a_map_without_units_says_so() -> None:
    with pytest.raises(
        ContractError, match=r"^map proef: none of its kinds of unit was computed, expected one of buurt, "
    ):
        draw(SPEC, **world() | {"units": {}})


def test_a_map_without_indicators_says_so() -> None:
    with pytest.raises(ContractError, match=r"^map proef: none of its indicators was computed, expected one of mxi$"):
        draw(replace(SPEC, columns=("mxi",)), **world())


def test_an_indicator_without_classes_says_so() -> None:
    spec = replace(SPEC, columns=("gsi", "area_m2"))
    columns = {**COLUMNS, "area_m2": next(c for k in KINDS for c in k.layer.columns if c.name == "area_m2")}
    with pytest.raises(ContractError, match=r"^map proef: 1 indicators have no classes, first 'area_m2'; add them"):
        draw(spec, **world() | {"columns": columns})


def test_a_script_that_came_in_with_the_data_stops_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "escape", str)  # as if the title were not made safe
    with pytest.raises(ContractError, match=r"^map: 5 scripts in the page, expected 4; data have become markup"):
        draw(SPEC, **world() | {"project": "</title><script>alert(1)</script>"})


@pytest.mark.fault("E", "a name with </script> in it", "the text itself")
def test_a_name_that_ends_a_script_is_data() -> None:
    name = "</script><script>alert(1)</script>{{7*7}}"
    arguments = world() | {"project": name, "context": context((name, "Oost"))}
    arguments["units"] = {"buurt": buurten((name, *NAMES[1:]))}
    read = Page(draw(SPEC, **arguments))
    assert read.json("buurt")["name"][0] == name
    assert read.json("page")["stations"][0]["name"] == name
    assert sum(tag == "script" and a.get("type") != "application/json" for tag, a in read.elements) == offline.SCRIPTS


def test_a_line_is_not_said_twice() -> None:
    assert said_once("Bron: CBS", None) == "Bron: CBS"
    assert said_once("Let op. Bron: CBS", "Let op") == "Bron: CBS"
    assert said_once("Bron: CBS", "Let op") == "Bron: CBS"


def test_every_declared_map_can_be_drawn() -> None:
    names = {k.name for k in KINDS}
    for spec in MAPS:
        assert set(spec.kinds) <= names, spec.name
        assert set(spec.columns) <= CLASSES.keys() & COLUMNS.keys(), spec.name
        assert set(spec.facts) <= COLUMNS.keys(), spec.name
    assert len({m.name for m in MAPS}) == len(MAPS)


def test_the_code_asks_for_no_word_that_there_is_not() -> None:
    files = {name: page._asset(name) for name in ("map.html", "map.js")}
    asked = set(re.findall(r'data-(?:word|label)="(\w+)"', files["map.html"])) | set(
        re.findall(r"\bword\.(\w+)", files["map.js"])
    )
    assert asked
    assert asked <= WORDS.keys(), asked - WORDS.keys()


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


def test_the_page_holds_the_sources_in_its_own_language_only(html: str) -> None:
    assert Page(html).json("sources") == origin(RECEIPTS, "nl", LABELS)
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
    # map.js formats with Intl; test_atlas_browser compares its output with these.
    assert number(12345.0, 0, "nl") == "12.345"
    assert number(0.12, 2, "nl") == "0,12"
