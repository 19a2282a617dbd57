"""What the front page says around the maps, in both languages; and what all pages say once."""

from __future__ import annotations

from collections.abc import Mapping

from ..contract import Language, Text
from ..provenance import NOT_PROVEN

WORDS: Mapping[str, Text] = {
    "date": Text("Gegevens opgehaald op {date}.", "Data retrieved on {date}."),
    "index_intro": Text(
        "Hoe wonen, werken, bouwen en groen langs het spoor liggen. Elke kaart is één bestand: u opent het met een "
        "dubbelklik, zonder internet, en u kunt het doorsturen. Bij elk cijfer staan definitie, bron en datum.",
        "How living, working, building and green lie along the railway. Each map is one file: you open it by double "
        "click, without internet, and you can pass it on. Each figure has its definition, source and date.",
    ),
    "index_title": Text("Kaarten", "Maps"),
    "notice": Text("Let op", "Please note"),
    "open_report": Text("Open het rapport", "Open the report"),
    "report_summary": Text(
        "Alle thema's in tabellen en figuren, de voorraad volgens elk profiel, en wat de controles vonden.",
        "All themes in tables and figures, the stock by every profile, and what the checks found.",
    ),
    "report_title": Text("Rapport", "Report"),
    "open_map": Text("Open de kaart", "Open the map"),
    "open_sheet": Text("Open het blad", "Open the sheet"),
    "proven": Text("nagegaan", "checked"),
    "sources": Text("Bronnen en volledigheid", "Sources and completeness"),
    "unproven": NOT_PROVEN,
}


def words(language: Language) -> dict[str, str]:
    """All of `WORDS` in one language."""
    return {key: text.in_(language) for key, text in WORDS.items()}


def said_once(line: str, notice: str | None) -> str:
    """Give `line` without a beginning that the notice over the page says already."""
    first, _, rest = line.partition(". ")
    return rest if notice and notice.startswith(first) else line
