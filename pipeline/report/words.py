"""What the report says around the numbers, in both languages."""

from __future__ import annotations

from collections.abc import Mapping

from ..contract import Language, Text

WORDS: Mapping[str, Text] = {
    "title": Text("Rapport", "Report"),
    "contents": Text("Inhoud", "Contents"),
    "notice": Text("Let op", "Please note"),
    "place": Text("Gebied", "Area"),
    "profile": Text("Voorraadprofiel", "Stock profile"),
    "chosen": Text("gekozen", "chosen"),
    "difference": Text("verschil met gekozen", "difference from chosen"),
    "profiles": Text("De voorraad volgens elk profiel", "The stock by every profile"),
    "profiles_intro": Text(
        "Welke panden en adressen meetellen, verschilt per uitgever. Hieronder dezelfde gegevens, geteld volgens elk profiel.",
        "Publishers differ in which buildings and addresses count. Below the same data, counted by every profile.",
    ),
    "centres": Text("Eén centrum of twee?", "One centre or two?"),
    "centres_one": Text("Eén stedelijk centrum", "One urban centre"),
    "centres_none": Text("Geen stedelijk centrum", "No urban centre"),
    "centres_many": Text("{} stedelijke centra", "{} urban centres"),
    "centres_sure": Text(
        "ook met de laagste en de hoogste mogelijke bevolking.",
        "also with the lowest and the highest possible population.",
    ),
    "centres_unsure": Text(
        "maar {low} met de laagste en {high} met de hoogste mogelijke bevolking: afgeschermde aantallen beslissen.",
        "but {low} with the lowest and {high} with the highest possible population: withheld numbers decide.",
    ),
    "centres_intro": Text(
        "Aaneengesloten cellen van 1 km² met ten minste 1.500 inwoners per km² zijn samen een stedelijk centrum vanaf 50.000 inwoners (Eurostat, DEGURBA; cellen van het RD-raster).",
        "Adjoining cells of 1 km² with at least 1,500 inhabitants per km² are together an urban centre from 50,000 inhabitants on (Eurostat, DEGURBA; cells of the RD grid).",
    ),
    "group": Text("Groep cellen", "Group of cells"),
    "population_by": Text("Bevolking", "Population"),
    "low": Text("laagste", "lowest"),
    "estimate": Text("schatting", "estimate"),
    "high": Text("hoogste", "highest"),
    "cells": Text("Cellen (km²)", "Cells (km²)"),
    "inhabitants": Text("Inwoners", "Inhabitants"),
    "is_centre": Text("Centrum", "Centre"),
    "yes": Text("ja", "yes"),
    "no": Text("nee", "no"),
    "checks": Text("Controles", "Checks"),
    "checks_intro": Text(
        "Na het rekenen wordt elke uitkomst nagegaan. Wat faalt, staat ook boven elke kaart en in de GeoPackage.",
        "After computing every result is looked at. What fails stands over every map too, and in the GeoPackage.",
    ),
    "check": Text("Controle", "Check"),
    "state": Text("Uitkomst", "Outcome"),
    "found": Text("Gevonden", "Found"),
    "expected": Text("Verwacht", "Expected"),
    "tolerance": Text("Marge", "Tolerance"),
    "looked_at": Text("Bekeken", "Looked at"),
    "said": Text("Toelichting", "In words"),
    "holding": Text("{} controles die kloppen", "{} checks that hold"),
    "sources": Text("Bronnen", "Sources"),
    "settings": Text("Instellingen", "Settings"),
    "setting": Text("Instelling", "Setting"),
    "value": Text("Waarde", "Value"),
    "source": Text("Bron", "Source"),
    "date": Text("Datum", "Date"),
    "licence": Text("Licentie", "Licence"),
    "retrieved": Text("Gegevens opgehaald op {}.", "Data retrieved on {}."),
    "meaning": Text("Wat deze cijfers zeggen", "What these figures say"),
    "spacematrix": Text(
        "Spacematrix van de buurten: bebouwingsgraad en FSI",
        "Spacematrix of the neighbourhoods: ground coverage and FSI",
    ),
    "spacematrix_desc": Text(
        "{} buurten; gekleurd zijn de {} die voor meer dan de helft in de corridor liggen. Lijnen: gelijk aantal bouwlagen.",
        "{} neighbourhoods; coloured are the {} of which more than half lies in the corridor. Lines: equal numbers of building layers.",
    ),
    "figures": Text("De cijfers bij deze figuur", "The figures behind this drawing"),
    "missing": Text("Leeg", "Missing"),
    "partly": Text("deels gemeten: zoveel van de invoer is bekend", "partly measured: so much of the input is known"),
    "interval": Text("tussen haakjes: ten minste – ten hoogste", "in brackets: at least – at most"),
    "not_all": Text("de balk is geen 100 %: de rest is niet bekend", "the bar is not 100 %: the rest is not known"),
}


def words(language: Language) -> dict[str, str]:
    """All of `WORDS` in one language."""
    return {key: text.in_(language) for key, text in WORDS.items()}
