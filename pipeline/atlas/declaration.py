"""Which maps are made: declarations, no behaviour."""

from __future__ import annotations

from dataclasses import dataclass

from ..contract import Text


@dataclass(frozen=True)
class Map:
    """One map page.

    Attributes
    ----------
    name
        Stem of the file: ``maps/<name>.html``.
    title, summary
        What the front page and the head of the map say.
    kinds
        Kinds of unit to choose from, the first one shown at the start.
    columns
        Indicators to choose from, the first one shown at the start.
    facts
        More columns that the card of an area says: counts, which are no measure to colour a map by.
    """

    name: str
    title: Text
    summary: Text
    kinds: tuple[str, ...]
    columns: tuple[str, ...]
    facts: tuple[str, ...] = ()


MAPS: tuple[Map, ...] = (
    Map(
        "spoorzone",
        Text("Dichtheid en menging", "Density and mix"),
        Text(
            "Hoe dicht wordt er langs het spoor gewoond en gebouwd, en hoe gemengd is het gebruik? "
            "Kies een indicator en bekijk die per buurt of per vierkant van 100 meter. "
            "Wijs een gebied aan voor de waarde, klik erop voor alle cijfers.",
            "How densely do people live and build along the line, and how mixed is the use? "
            "Choose an indicator and see it per neighbourhood or per 100 m square. "
            "Point at an area for its value, click it for all figures.",
        ),
        kinds=("buurt", "square_100m"),
        columns=(
            "inhabitants_per_km2",
            "dwellings_per_ha",
            "addresses_per_km2",
            "oad_per_km2",
            "fsi_gross",
            "gsi",
            "mxi",
            "land_use_entropy",
        ),
        facts=("inhabitants_count", "dwellings_count", "addresses_count"),
    ),
)
