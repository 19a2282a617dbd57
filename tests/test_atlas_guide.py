"""The guide: of Markdown only what the page can show, and the same parts in both languages."""

from __future__ import annotations

import importlib.util
import json
import re
from pathlib import Path
from types import ModuleType

import pytest

from pipeline.atlas.advice import ADVICE
from pipeline.atlas.declaration import MAPS
from pipeline.atlas.guide import guide, parse, source
from pipeline.contract import ContractError, Language

ROOT = Path(__file__).parents[1]
LANGUAGES: tuple[Language, Language] = ("nl", "en")


def plain(runs: list) -> str:
    return "".join(run.text for run in runs)


# --- what may stand in it


def test_blocks_by_hand() -> None:
    text = "# Title\n\n## Part 1.2\n\nOne **bold\nword** and\nanother.\n\n- first **a** and **b**\n- second\n  goes on\n\n**All of it**\n"
    assert parse(text, "x.md") == [
        {"tag": "h1", "text": [("Title", False)]},
        {"tag": "h2", "text": [("Part 1.2", False)]},
        {"tag": "p", "text": [("One ", False), ("bold word", True), (" and another.", False)]},
        {"tag": "ul", "items": [
            [("first ", False), ("a", True), (" and ", False), ("b", True)],
            [("second goes on", False)],
        ]},
        {"tag": "p", "text": [("All of it", True)]},
    ]  # fmt: skip


def test_empty_lines_more_or_less_make_no_difference() -> None:
    assert parse("# A\n\n\n\nb\n\n\n", "x.md") == parse("\n# A\n\nb", "x.md")


@pytest.mark.parametrize(
    "line",
    [
        "### deeper", "#no space", "# ", "> quote", "* star", "+ plus", "1. one", "2) two", "-no space", "---", "===",
        "    code", "```", "`code`", "a [link](b.md)", "![picture](b.jpg)", "<b>bold</b>", "a *star* b", "an _underscore_",
        "| a | b |", "a~b", "line\\", "two spaces  ", "a **bold", "a ****", "a ** b ** c", "&amp;", "&#60;", "\tx",
        "https://example.nl", "- * nested", "-  two spaces", "- ", "** bold**", "**- x**", "__bold__", "- **", "- 1. one",
        "\u00a0x", "a\r",
    ],
)  # fmt: skip
def test_what_is_outside_the_subset_is_an_error_with_file_and_line(line: str) -> None:
    with pytest.raises(ContractError, match=r"^guide\.xx\.md:5: [^\n]*; [^\n]+$"):
        parse(f"# Title\n\nText.\n\n{line}\n\nMore.\n", "guide.xx.md")


@pytest.mark.parametrize("line", ["### deeper", "> quote", "1. one", "- item", "---", "  indented", "## heading", "<br>"])
def test_a_line_within_a_paragraph_is_looked_at_too(line: str) -> None:
    with pytest.raises(ContractError, match=r"^guide\.xx\.md:4: "):
        parse(f"# Title\n\nText\n{line}\n", "guide.xx.md")


@pytest.mark.parametrize("line", ["text", " one space", "### x", "   three spaces", "  - nested"])
def test_a_line_within_a_list_is_looked_at_too(line: str) -> None:
    with pytest.raises(ContractError, match=r"^guide\.xx\.md:4: "):
        parse(f"# Title\n\n- item\n{line}\n", "guide.xx.md")


@pytest.mark.parametrize(
    ("text", "line"),
    [("", 1), ("\n\n", 1), ("Text.\n", 1), ("## Part\n", 1), ("# One\n\n# Two\n", 3), ("# One\ntext\n", 2), ("# **One**\n", 1)],
)
def test_the_title_stands_first_once_and_alone(text: str, line: int) -> None:
    with pytest.raises(ContractError, match=rf"^x\.md:{line}: "):
        parse(text, "x.md")


# --- what stands in it


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_guide_can_be_read_and_sent(language: Language) -> None:
    blocks = guide(language)
    assert json.loads(json.dumps(blocks))[0]["text"] == [[plain(blocks[0]["text"]), False]]
    # Every word of the file is in a block, and no mark is.
    runs = [r for b in blocks for part in b.get("items", [b.get("text", [])]) for r in part]
    assert re.findall(r"\w+", " ".join(r.text for r in runs)) == re.findall(r"\w+", source(language))
    assert not any("**" in r.text or r.text == "" for r in runs)


def test_both_languages_have_the_same_parts() -> None:
    def shape(language: Language) -> list:
        return [(b["tag"], len(b.get("items", []))) for b in guide(language)]

    assert shape("nl") == shape("en")


WORDS = {
    "nl": ("Gemeente, Wijk, Buurt, Vierkant 500 m, Vierkant 100 m, Zeshoek, Pand of Grondgebruik",
           "Wonen, Bebouwing, Werk, Nabijheid of Grond", "Langs het spoor", "Eén jaar", "Schuif", "Verschil", "Tabel", "PNG",
           "Afdrukken", "Link", "Presentatie", "Over", "Gearceerd", "Stippen", "Spacematrix", "CSV", "A4 of A3", "Esc",
           ".zip", "95 %", "Edge of Chrome vanaf 80, Firefox vanaf 113, Safari vanaf 16.4", "verzonnen gegevens"),
    "en": ("Municipality, District, Neighbourhood, 500 m square, 100 m square, Hexagon, Building or Land use",
           "Living, Buildings, Work, Nearness or Ground", "Along the line", "One year", "Swipe", "Difference", "Table", "PNG",
           "Print", "Link", "Presentation", "About", "Hatched", "Dots", "Spacematrix", "CSV", "A4 or A3", "Esc",
           ".zip", "95%", "Edge or Chrome from 80, Firefox from 113, Safari from 16.4", "invented data"),
}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_names_what_the_page_has(language: Language) -> None:
    text = " ".join(source(language).replace("**", "").split())
    assert [word for word in WORDS[language] if word not in text] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_themes_are_called_as_on_the_page(language: Language) -> None:
    text = " ".join(source(language).split())
    assert [t.title.in_(language) for m in MAPS for t in m.themes if t.title.in_(language) not in text] == []


# --- the page for planners


@pytest.fixture
def docs() -> ModuleType:
    spec = importlib.util.spec_from_file_location("tools_docs", ROOT / "tools/docs.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_holds_the_guide_and_every_indicator(docs: ModuleType, tmp_path: Path) -> None:
    docs.DOCS = tmp_path  # without pictures
    page = docs.pages()["handleiding.md"]
    assert source("nl").strip() in page
    for name in (c for m in MAPS for c in m.columns):
        part = next(p for p in page.split("\n### ") if ADVICE[name].says.nl in p)
        assert ADVICE[name].says_not.nl in part
    formula = "- Formule: Inwoners / Oppervlakte land × 1.000.000\n"
    assert "\n### Bevolkingsdichtheid\n\nInwoners gedeeld door de oppervlakte land in km²; " in page
    assert f"\n\n- Eenheid: per km²\n{formula}" in page
    assert "- Berekening: −Σ p ln p / ln 6" in page
    # Names of columns are for those who compute.
    assert not re.search(r"[a-z]_[a-z0-9]", page.split("\n", 1)[1])
    assert "](pictures/" not in page


def test_a_picture_stands_below_its_heading_as_soon_as_it_is_there(docs: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "pictures").mkdir()
    docs.DOCS = tmp_path
    for heading, (file, shows) in docs.PICTURES.items():
        (tmp_path / "pictures" / file).touch()
        assert re.search(
            rf"^##? {re.escape(heading)}\n\n!\[{re.escape(shows)}\]\(pictures/{file}\)\n\n\S", docs.pages()["handleiding.md"], re.M
        )


def test_pictures_are_small(docs: ModuleType) -> None:
    for file in (ROOT / "docs/pictures").glob("*"):
        assert file.name in {name for name, _ in docs.PICTURES.values()}
        assert file.stat().st_size <= 140_000, file
