"""Which maps are made: declarations, no behaviour."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ..contract import Text


@dataclass(frozen=True)
class Theme:
    """Indicators that stand together in the panel.

    Attributes
    ----------
    columns
        In order; one that was not computed is left out.
    """

    name: str
    title: Text
    columns: tuple[str, ...]


@dataclass(frozen=True)
class View:
    """A saved view: what the presentation steps through.

    Attributes
    ----------
    title, caption
        What it says, large, above the map.
    level
        Kind of unit, ``pand`` or ``bodemgebruik``.
    column
        Indicator that is shown; of buildings the theme they are coloured by; '' where there is nothing to choose.
    place
        Name of a station to look at, by its number along the line from 0 on; None for the whole corridor.
    """

    title: Text
    caption: Text
    level: str
    column: str = ""
    mode: Literal["one", "swipe", "change"] = "one"
    place: int | None = None


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
        Kinds of unit to choose from.
    start
        The one of them that is shown at the start.
    themes
        Indicators to choose from, the first one shown at the start.
    facts
        More columns that the card of an area says: counts, which are no measure to colour a map by.
    views
        What the presentation shows.
    """

    name: str
    title: Text
    summary: Text
    kinds: tuple[str, ...]
    themes: tuple[Theme, ...]
    start: str = ""
    facts: tuple[str, ...] = ()
    views: tuple[View, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """All indicators to choose from, in order."""
        return tuple(c for theme in self.themes for c in theme.columns)


MAPS: tuple[Map, ...] = (
    Map(
        "spoorzone",
        Text("De kaart van de spoorzone", "The map of the rail zone"),
        Text(
            "Hoe dicht wordt er langs het spoor gewoond, gewerkt en gebouwd? Hoe groen is het, en hoe ver is het lopen "
            "naar een station? Kies een onderwerp en bekijk het per gemeente, wijk, buurt, vierkant, pand of vlak. "
            "Klik op een gebied voor alle cijfers.",
            "How densely do people live, work and build along the line? How green is it, and how far is the walk to a "
            "station? Choose a subject and see it per municipality, district, neighbourhood, square, building or plot. "
            "Click an area for all figures.",
        ),
        kinds=("gemeente", "wijk", "buurt", "square_500m", "square_100m", "hexagon"),
        start="buurt",
        themes=(
            Theme("living", Text("Wonen", "Living"),
                  ("inhabitants_per_km2", "dwellings_per_ha", "usable_area_m2_per_dwelling", "age_65_plus_share")),
            Theme("built", Text("Bebouwing", "Buildings"), ("fsi_gross", "gsi", "building_layers", "osr")),
            Theme("work", Text("Werk", "Work"),
                  ("floor_area_work_m2_per_ha", "jobs_estimate_per_ha", "mxi", "oad_per_km2")),
            Theme("near", Text("Nabijheid", "Nearness"),
                  ("station_walk_distance_m", "dwellings_walk_800m_share", "green_walk_distance_m", "dwellings_green_300m_share")),
            Theme("ground", Text("Grond", "Ground"),
                  ("ground_green_share", "ground_paved_share", "tree_canopy_share", "land_use_built_up_share", "land_use_entropy")),
        ),
        facts=("inhabitants_count", "dwellings_count", "addresses_count", "floor_area_gross_m2", "floor_area_work_m2"),
        views=(
            # Each asks what to look for and claims nothing: the same words must hold for every zone.
            View(Text("Waar wonen de mensen?", "Where do people live?"),
                 Text("Inwoners per vierkant van 100 meter. Hoe donkerder, hoe dichter bewoond; wit is onbewoond.",
                      "Inhabitants per 100 m square. The darker, the more densely lived in; white is uninhabited."),
                 "square_100m", "inhabitants_per_km2"),
            View(Text("Wat is er bij gekomen?", "What has come?"),
                 Text("Verandering van het aantal inwoners per buurt sinds het eerste jaar. Gearceerd: niet te vergelijken.",
                      "Change of the number of inhabitants per neighbourhood since the first year. Hatched: not to be compared."),
                 "buurt", "inhabitants_per_km2", "change"),
            View(Text("Hoe dicht is er gebouwd?", "How densely is it built?"),
                 Text("Vloeroppervlak per vierkante meter grond (FSI), straten en water meegerekend.",
                      "Floor area per square metre of ground (FSI), streets and water included."),
                 "hexagon", "fsi_gross"),
            View(Text("Waar wordt gewerkt?", "Where do people work?"),
                 Text("Vloeroppervlak voor werk per hectare: kantoren, winkels, bedrijven, scholen en zorg.",
                      "Floor area for work per hectare: offices, shops, industry, schools and care."),
                 "hexagon", "floor_area_work_m2_per_ha"),
            View(Text("Wie woont op loopafstand?", "Who lives within walking distance?"),
                 Text("Gemiddelde loopafstand van de woningen naar het dichtstbijzijnde station, over de weg.",
                      "Mean walking distance from the dwellings to the nearest station, along the streets."),
                 "square_500m", "station_walk_distance_m"),
            View(Text("Waar is het groen?", "Where is it green?"),
                 Text("Deel van de grond dat groen is, per buurt. Gearceerd is niet ingelezen.",
                      "Share of the ground that is green, per neighbourhood. Hatched was not loaded."),
                 "buurt", "ground_green_share"),
            View(Text("Waarvoor wordt de grond gebruikt?", "What is the ground used for?"),
                 Text("Hoofdgroepen van het bodemgebruik volgens het CBS.", "Main groups of land use by CBS."),
                 "bodemgebruik"),
            View(Text("Wat staat er rond het station?", "What stands around the station?"),
                 Text("Panden naar functie. De cirkel is tien minuten lopen.",
                      "Buildings by use. The circle is ten minutes on foot."),
                 "pand", "use", place=0),
        ),
    ),
)  # fmt: skip
