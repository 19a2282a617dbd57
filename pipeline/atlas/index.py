"""The front page: which maps there are, what each shows, from what and from when."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from importlib.resources import files
from string import Template
from typing import Any

from ..contract import Language
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
    report: str = "",
) -> str:
    """Draw ``maps/index.html`` from each map and its link, and that of the report: one file, no script, no network.

    What it says is as in `page.draw`.
    """
    word = words(language)
    said = {
        "project": project,
        "source": said_once(source_line, notice),
        "settings": settings_line,
        "notice": notice or "",
    }
    items = [
        _filled("index_item.html", href=href, title=spec.title.in_(language), summary=spec.summary.in_(language),
                open=word["open_map"])
        for spec, href in maps
    ]  # fmt: skip
    if report:
        items.append(
            _filled(
                "index_item.html",
                href=report,
                title=word["report_title"],
                summary=word["report_summary"],
                open=word["open_report"],
            )
        )
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
