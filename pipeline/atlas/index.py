"""The front page: which maps there are, what each shows, from what and from when."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from importlib.resources import files
from string import Template
from typing import Any
from xml.etree import ElementTree as ET

from ..contract import Language
from ..figures.element import html
from .declaration import Map
from .words import said_once, words

_ASSETS = files(__package__) / "assets"


def draw_index(
    maps: Sequence[tuple[Map, str]],
    *,
    project: str,
    language: Language,
    source_line: str,
    notice: str | None,
    settings_line: str,
    date: str,
    origin: Mapping[str, Any],
    sheets: Sequence[tuple[Map, str]] = (),
    report: str = "",
    pictures: Mapping[str, ET.Element] | None = None,
) -> str:
    """Draw ``maps/index.html`` from each map and sheet with its link, and that of the report: one file, no script.

    Parameters
    ----------
    maps, sheets
        Each with its address beside the front page; '' as the address of the report for none.
    pictures
        By the name of a map, a sheet or ``report``: an SVG that stands beside it and says nothing by itself.

    What it says is as in `page.draw`.
    """
    word = words(language)
    said = {
        "project": project,
        "source": said_once(source_line, notice),
        "settings": settings_line,
        "notice": notice or "",
    }
    drawn = {name: html(picture) for name, picture in (pictures or {}).items()}

    def item(name: str, href: str, title: str, summary: str, open_: str) -> str:
        made = _filled("index_item.html", href=href, title=title, summary=summary, open=open_)
        return made.replace("<!--picture-->", f"<div>{drawn[name]}</div>" if name in drawn else "", 1)

    items = [
        item(spec.name, href, spec.title.in_(language), spec.summary.in_(language), word[open_])
        for shown, open_ in ((maps, "open_map"), (sheets, "open_sheet"))
        for spec, href in shown
    ]
    if report:
        items.append(item("report", report, word["report_title"], word["report_summary"], word["open_report"]))
    page = _filled(
        "index.html", language=language, title=word["index_title"], intro=word["index_intro"],
        date=word["date"].format(date=date), line=origin["line"],
        doubt="" if origin["whole"] else "doubt", panel=word["sources"], notice_word=word["notice"], notice_state="" if notice else "hidden", **said,
    )  # fmt: skip
    style = (_ASSETS / "index.css").read_text("utf-8")
    registers = "".join(_register(r, word) for r in origin["registers"])
    page = page.replace("<!--items-->", "".join(items), 1).replace("<!--registers-->", registers, 1)
    return page.replace("<!--style-->", f"<style>{style}</style>", 1)


def _register(register: Mapping[str, Any], word: Mapping[str, str]) -> str:
    sources = "".join(
        f"<h3>{escape(source['title'])}</h3>" + "".join(_edition(e, word) for e in source["editions"])
        for source in register["sources"]
    )
    page = _filled("index_register.html", name=register["name"], about=register["about"])
    return page.replace("<!--sources-->", sources, 1)


def _edition(edition: Mapping[str, Any], word: Mapping[str, str]) -> str:
    page = _filled("index_edition.html", date=edition["date"], counts=edition["counts"])
    return page.replace("<!--lines-->", "".join(_lines(edition, word)), 1)


def _lines(edition: Mapping[str, Any], word: Mapping[str, str]) -> Iterator[str]:
    for holds, said in edition["proofs"]:
        mark = f'<b role="img" aria-label="{word["proven"]}">✓</b>' if holds else f"<b>{word['unproven']}</b>"
        yield f'<li class="{"holds" if holds else "doubt"}">{mark} {escape(said)}</li>'
    for note in edition["notes"]:
        yield f"<li>{escape(note)}</li>"


def _filled(asset: str, **values: str) -> str:
    """Fill a template with values as text, never as markup."""
    return Template((_ASSETS / asset).read_text("utf-8")).substitute({k: escape(v) for k, v in values.items()})
