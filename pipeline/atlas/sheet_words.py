"""What the sheets say around the numbers, in both languages; the words of the maps stand apart."""

from __future__ import annotations

from collections.abc import Mapping

from ..contract import Language, Text

WORDS: Mapping[str, Text] = {
    "along": Text("{} langs het spoor", "{} along the line"),
    "also": Text("Niet getoond, met minder oppervlakte: {names}.", "Not shown, of less area: {names}."),
    "bars_partly": Text("Een balk die niet vol is: de rest is niet bekend.", "A bar that is not full: the rest is not known."),
    "building": Text("pand", "building"),
    "corridor": Text("Hele corridor", "Whole corridor"),
    "corridor_map": Text("Kaart van de corridor met spoor en stations", "Map of the corridor with track and stations"),
    "corridor_map_of": Text("Kaart van de corridor: {}", "Map of the corridor: {}"),
    "date": Text("Gegevens opgehaald op {date}.", "Data retrieved on {date}."),
    "definitions": Text("Wat deze cijfers zeggen", "What these figures say"),
    "green": Text("park, sport, bos en natuur", "parks, sports, woodland and nature"),
    "indicator": Text("Indicator", "Indicator"),
    "interval": Text("tussen haakjes: ten minste – ten hoogste", "in brackets: at least – at most"),
    "key_figures": Text("Kerncijfers", "Key figures"),
    "legend": Text("Legenda van de kaarten", "Legend of the maps"),
    "main_road": Text("weg van rijk of provincie", "road of state or province"),
    "map_of": Text(
        "Kaart van {name}: panden, groen, water, straten en spoor binnen {radius} m van het station",
        "Map of {name}: buildings, green, water, streets and track within {radius} m of the station",
    ),
    "notice": Text("Let op", "Please note"),
    "overlap": Text(
        "De gebieden van {names} overlappen elkaar over {area} ha; wat daar ligt, telt in beide mee.",
        "The areas of {names} overlap by {area} ha; what lies there counts in both.",
    ),
    "part_of": Text("Deel in {}", "Part in {}"),
    "partly": Text("deels gemeten: zoveel van de invoer is bekend", "partly measured: so much of the input is known"),
    "retrieved": Text("gegevens van {}", "data of {}"),
    "same_scale": Text("Alle kaarten op dezelfde schaal.", "All maps to the same scale."),
    "spacematrix": Text("Spacematrix", "Spacematrix"),
    "spacematrix_desc": Text(
        "Rood: de stationsgebieden. Grijs: {} buurten. Naar rechts dichter bebouwd, omhoog meer vloer; stippellijnen: "
        "gelijk aantal bouwlagen.",
        "Red: the station areas. Grey: {} neighbourhoods. To the right more ground is built on, upwards more floor; "
        "dotted lines: equal numbers of storeys.",
    ),
    "station": Text("station", "station"),
    "stations_how": Text(
        "Een stationsgebied is alles binnen {radius} m hemelsbreed van het station. Aantallen zijn de som van de ringen "
        "eromheen; dichtheden en aandelen zijn uit die sommen opnieuw berekend. Staafjes: grootste waarde van de rij is vol.",
        "A station area is all that lies within {radius} m of the station as the crow flies. Numbers are the sum of the "
        "rings around it; densities and shares are worked out again from these sums. Small bars: the largest value of "
        "the row is full.",
    ),
    "stations_lead": Text(
        "Wie er woont en werkt, hoe dicht er gebouwd is en hoe groen het is: binnen {radius} m van elk station, met "
        "dezelfde maten en op dezelfde schaal.",
        "Who lives and works there, how densely it is built and how green it is: within {radius} m of each station, by "
        "the same measures and to the same scale.",
    ),
    "street": Text("straat", "street"),
    "to_maps": Text("Alle kaarten", "All maps"),
    "track": Text("spoor", "track"),
    "water": Text("water", "water"),
}


def words(language: Language) -> dict[str, str]:
    """All of `WORDS` in one language."""
    return {key: text.in_(language) for key, text in WORDS.items()}
