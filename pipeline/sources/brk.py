"""BRK: the exact borders of the municipalities, and the cadastral parcels (Kadaster).

A parcel is what is owned as one: a public street is one too. Its registered area was once measured, and differs from
that of its outline, most for parcels whose border is only provisional.
"""

from __future__ import annotations

from ..contract import POLYGON, Column, Layer, Text
from .declaration import Access, Register, Source

GEMEENTE = Source(
    layer=Layer(
        "gemeente", "gemeente_code", POLYGON,
        (
            Column("gemeente_name", "str", "", "label", Text("Gemeente", "Municipality"),
                   Text("Naam van de gemeente volgens het Kadaster.", "Name of the municipality as the Kadaster has it.")),
        ),
        Text("Gemeenten", "Municipalities"),
    ),
    title=Text("BRK gemeentegebied", "BRK municipalities"),
    register=Register(
        "BRK Bestuurlijke gebieden",
        "CC-BY-4.0",
        "https://creativecommons.org/licenses/by/4.0/",
        "Kadaster (PDOK)",
    ),
    page="https://www.pdok.nl/introductie/-/article/bestuurlijke-gebieden",
    reference_date="actueel",
    native={"gemeente_code": "code", "gemeente_name": "naam"},
    accesses=(
        Access("ogc_features", "https://api.pdok.nl/kadaster/brk-bestuurlijke-gebieden/ogc/v1", "gemeentegebied"),
        Access("wfs", "https://service.pdok.nl/kadaster/brk-bestuurlijke-gebieden/wfs/v1_0", "bestuurlijkegebieden:Gemeentegebied"),
    ),
    # The study area is made from it, so its own box is not known beforehand; the country is one request.
    extent="country",
)  # fmt: skip

PERCEEL = Source(
    layer=Layer(
        "perceel", "perceel_id", POLYGON,
        (
            Column("cadastral_gemeente", "str", "", "label", Text("Kadastrale gemeente", "Cadastral municipality"),
                   Text("Kadastrale gemeente, niet altijd de gemeente van nu.", "Cadastral municipality, not always the present municipality.")),
            Column("cadastral_section", "str", "", "label", Text("Sectie", "Section"),
                   Text("Sectie binnen de kadastrale gemeente.", "Section within the cadastral municipality.")),
            Column("parcel_number", "str", "", "label", Text("Perceelnummer", "Parcel number"),
                   Text("Nummer binnen de sectie.", "Number within the section.")),
            Column("registered_area_m2", "float64", "m²", "extensive", Text("Kadastrale grootte", "Registered area"),
                   Text("Oppervlakte zoals geregistreerd, in hele m²; leeg waar die niet is gegeven.", "Area as registered, in whole m²; NaN where none is given.")),
        ),
        Text("Percelen", "Parcels"),
    ),
    title=Text("BRK percelen", "BRK parcels"),
    register=Register(
        "BRK Kadastrale kaart",
        "CC-BY-4.0",
        "https://creativecommons.org/licenses/by/4.0/",
        "Kadaster (PDOK)",
    ),
    page="https://www.pdok.nl/introductie/-/article/kadastrale-kaart",
    reference_date="actueel",
    native={
        "perceel_id": "identificatie_lokaal_id",
        "cadastral_gemeente": "kadastrale_gemeente_waarde",
        "cadastral_section": "sectie",
        "parcel_number": "perceelnummer",
        "registered_area_m2": "kadastrale_grootte_waarde",
    },
    accesses=(Access("ogc_features", "https://api.pdok.nl/kadaster/brk-kadastrale-kaart/ogc/v1", "perceel"),),
    optional=frozenset({"registered_area_m2"}),
    extent="corridor",
    option=True,
)  # fmt: skip
