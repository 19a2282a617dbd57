"""BAG: Basisregistratie Adressen en Gebouwen, the register of buildings and addresses (Kadaster).

The service gives the present state, including what was demolished or never built; what existed at an earlier
date can't be asked from it. Which of the kept statuses count as stock is decided by the stock profile.
"""

from __future__ import annotations

from ..contract import POINT, POLYGON, Column, Layer, Text
from .declaration import Access, Keep, Register, Source

_OGC = "https://api.pdok.nl/kadaster/bag/ogc/v2"
_WFS = "https://service.pdok.nl/lv/bag/wfs/v2_0"
#: The whole country, monthly; seven gigabytes.
_LIGHT = "https://service.pdok.nl/lv/bag/atom/downloads/bag-light.gpkg"
_BAG = Register(
    "Basisregistratie Adressen en Gebouwen (BAG)",
    "CC-PDM-1.0",
    "https://creativecommons.org/publicdomain/mark/1.0/",
    "Kadaster / PDOK (BAG)",
)

_STATUS = Column(
    "status", "str", "", "label", Text("Status", "Status"),
    Text("Status in de levenscyclus volgens de BAG.", "Life-cycle status as the BAG has it."),
)  # fmt: skip
_USE = Column(
    "use", "str", "", "label", Text("Gebruiksdoel", "Use"),
    Text("Gebruiksdoelen volgens de BAG, met komma's; leeg zonder verblijfsobject.", "BAG uses, comma-separated; empty where there is no verblijfsobject."),
)  # fmt: skip

PAND = Source(
    layer=Layer(
        "pand", "pand_id", POLYGON,
        (
            Column("construction_year", "float64", "year", "intensive", Text("Bouwjaar", "Year of construction"),
                   Text("Jaar waarin het pand oorspronkelijk is opgeleverd; leeg als onbekend.", "Year in which the building was first completed; NaN where not known.")),
            _STATUS,
            _USE,
            Column("verblijfsobject_count", "float64", "count", "extensive", Text("Verblijfsobjecten", "Verblijfsobjecten"),
                   Text("Aantal verblijfsobjecten in het pand volgens de BAG.", "Number of verblijfsobjecten in the building, as the BAG has it.")),
        ),
        Text("Panden", "Buildings"),
    ),
    title=Text("BAG panden", "BAG buildings"),
    register=_BAG,
    page="https://www.pdok.nl/introductie/-/article/basisregistratie-adressen-en-gebouwen-ba-1",
    reference_date="actueel",
    native={
        "pand_id": "identificatie",
        "construction_year": "bouwjaar",
        "status": "status",
        "use": "gebruiksdoel",
        "verblijfsobject_count": "aantal_verblijfsobjecten",
    },
    accesses=(
        Access("ogc_features", _OGC, "pand"),
        Access("wfs", _WFS, "bag:pand"),
        Access("atom", _LIGHT, "pand", bulk=True),
    ),
    keep=(
        Keep(
            "status",
            frozenset(
                {
                    "Bouwvergunning verleend",
                    "Bouw gestart",
                    "Pand in gebruik (niet ingemeten)",
                    "Pand in gebruik",
                    "Verbouwing pand",
                    "Sloopvergunning verleend",
                    "Pand buiten gebruik",
                }
            ),
            "demolished or never built",
        ),
    ),
    not_known={"construction_year": frozenset({9999.0})},
    bag_numbers=frozenset({"pand_id"}),
)  # fmt: skip

VERBLIJFSOBJECT = Source(
    layer=Layer(
        "verblijfsobject", "verblijfsobject_id", POINT,
        (
            _STATUS,
            _USE,
            Column("usable_area_m2", "float64", "m²", "extensive", Text("Gebruiksoppervlakte", "Usable floor area"),
                   Text("Gebruiksoppervlakte (GO, NEN 2580) in hele m²; leeg als de BAG een opvulwaarde heeft.", "Usable floor area (GO, NEN 2580) in whole m²; NaN where the BAG holds a filler.")),
            Column("pand_ids", "str", "", "label", Text("Panden", "Buildings"),
                   Text("Panden waarvan het verblijfsobject deel is, met komma's.", "Buildings that it is part of, comma-separated.")),
            Column("street_name", "str", "", "label", Text("Straat", "Street"),
                   Text("Naam van de openbare ruimte van het hoofdadres.", "Name of the street of the main address.")),
            Column("postcode", "str", "", "label", Text("Postcode", "Postcode"),
                   Text("Postcode van het hoofdadres.", "Postcode of the main address.")),
        ),
        Text("Verblijfsobjecten", "Verblijfsobjecten (addressable units)"),
    ),
    title=Text("BAG verblijfsobjecten", "BAG verblijfsobjecten"),
    register=_BAG,
    page="https://www.pdok.nl/introductie/-/article/basisregistratie-adressen-en-gebouwen-ba-1",
    reference_date="actueel",
    native={
        "verblijfsobject_id": "identificatie",
        "status": "status",
        "use": "gebruiksdoel",
        "usable_area_m2": "oppervlakte",
        "pand_ids": "pandidentificatie",
        "street_name": "openbare_ruimte",
        "postcode": "postcode",
    },
    # WFS first: it names the building by its BAG number, where the OGC API gives an internal one.
    accesses=(
        Access("wfs", _WFS, "bag:verblijfsobject"),
        Access("ogc_features", _OGC, "verblijfsobject", renames={"openbare_ruimte": "openbare_ruimte_naam"}),
        Access("atom", _LIGHT, "verblijfsobject", renames={"openbare_ruimte": "openbare_ruimte_naam"}, bulk=True),
    ),
    keep=(
        Keep(
            "status",
            frozenset(
                {
                    "Verblijfsobject gevormd",
                    "Verblijfsobject in gebruik",
                    "Verblijfsobject in gebruik (niet ingemeten)",
                    "Verbouwing verblijfsobject",
                    "Verblijfsobject buiten gebruik",
                }
            ),
            "withdrawn or never realised",
        ),
    ),
    not_known={"usable_area_m2": frozenset({0.0, 1.0, 999999.0})},
    bag_numbers=frozenset({"verblijfsobject_id", "pand_ids"}),
    optional=frozenset({"pand_ids", "street_name", "postcode"}),
)  # fmt: skip
