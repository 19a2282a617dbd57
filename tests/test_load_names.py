"""One spelling for the names of all services."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipeline.contract import SourceError
from pipeline.load.names import snake, snakes
from pipeline.sources import SOURCES

NATIVE = sorted({n for s in SOURCES for n in s.native.values()} | {k.column for s in SOURCES for k in s.keep})


@pytest.mark.parametrize(
    ("name", "ours"),
    [
        ("aantalInwoners", "aantal_inwoners"),
        ("percentagePersonen0Tot15Jaar", "percentage_personen_0_tot_15_jaar"),
        ("percentagePersonen65JaarEnOuder", "percentage_personen_65_jaar_en_ouder"),
        ("percentageBouwjaarklasseTot2000", "percentage_bouwjaarklasse_tot_2000"),
        ("bevolkingsdichtheidInwonersPerKm2", "bevolkingsdichtheid_inwoners_per_km2"),
        ("stedelijkheidAdressenPerKm2", "stedelijkheid_adressen_per_km2"),
        ("oppervlakteLandInHa", "oppervlakte_land_in_ha"),
        ("treinstationGemiddeldeAfstandInKm", "treinstation_gemiddelde_afstand_in_km"),
        ("aantalInwoners25Tot45Jaar", "aantal_inwoners_25_tot_45_jaar"),
        ("crs28992res100m", "crs28992res100m"),
        ("bg2017", "bg2017"),
        ("BG2017", "bg2017"),
        ("pand.href", "pand_href"),
        ("rdf_seealso", "rdf_seealso"),
        ("levenscyclusStatus", "levenscyclus_status"),
        ("ligtInProvincieCode", "ligt_in_provincie_code"),
        ("gemiddeldeWOZWaarde", "gemiddelde_woz_waarde"),
        ("identificatie.lokaalID", "identificatie_lokaal_id"),
        ("plus-functieWegdeel", "plus_functie_wegdeel"),
        ("OPPERVLAKTE M2", "oppervlakte_m2"),
    ],
)
def test_by_hand(name: str, ours: str) -> None:
    assert snake(name) == ours


@pytest.mark.parametrize("name", [n for n in NATIVE if "{" not in n])
def test_the_registers_own_names_stay_and_come_back_from_camel_case(name: str) -> None:
    assert snake(name) == name
    first, *rest = name.split("_")
    assert snake(first + "".join(word.capitalize() for word in rest)) == name


@given(st.text(alphabet="abZK m2.0_-é9", max_size=12) | st.text(max_size=12))
@example("aKm2")
@example("a_m_2")
def test_a_name_made_stays(name: str) -> None:
    once = snake(name)
    assert snake(once) == once
    assert re.fullmatch(r"([a-z0-9]+(_[a-z0-9]+)*)?", once)


def test_two_names_that_become_one_are_refused() -> None:
    assert snakes(["aB", "c"], "x") == {"aB": "a_b", "c": "c"}
    with pytest.raises(SourceError, match=r"^x: columns 'aB' and 'a_b' have the same name in snake_case; rename one$"):
        snakes(["aB", "a_b"], "x")
