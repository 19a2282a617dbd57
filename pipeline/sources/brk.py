"""BRK Bestuurlijke gebieden: the exact borders of the municipalities (Kadaster)."""

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
