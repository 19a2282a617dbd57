"""The front page: which maps there are, what each shows, from what and from when."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from importlib.resources import files
from string import Template

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
) -> str:
    """Draw ``maps/index.html`` from each map and its link: one file, no script, no network."""
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
    page = _filled(
        "index.html", language=language, title=word["index_title"], intro=word["index_intro"],
        date=word["date"].format(date=date), notice_word=word["notice"], notice_state="" if notice else "hidden", **said,
    )  # fmt: skip
    style = (_ASSETS / "index.css").read_text("utf-8")
    return page.replace("<!--items-->", "".join(items), 1).replace("<!--style-->", f"<style>{style}</style>", 1)


def _filled(asset: str, **values: str) -> str:
    """Fill a template with values as text, never as markup."""
    return Template((_ASSETS / asset).read_text("utf-8")).substitute({k: escape(v) for k, v in values.items()})
