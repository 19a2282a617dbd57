"""BRT TOP10NL: the topographic map 1:10,000 (Kadaster). Here for what surrounds the corridor on a map.

Lines narrower than 6 m are no areas in it, so small brooks and ditches are missing from the water.
"""

from __future__ import annotations

from ..contract import POLYGON, Column, Layer, Text
from .declaration import Access, Register, Source

# It stood at https://api.pdok.nl/brt/top10nl/ogc/v1 before: `url` in the config goes back there.
_OGC = "https://api.pdok.nl/kadaster/brt-top10nl/ogc/v1"
_BRT = Register(
    "Basisregistratie Topografie (BRT) TOP10NL",
    "CC-BY-4.0",
    "https://creativecommons.org/licenses/by/4.0/",
    "Kadaster (PDOK)",
)
_PAGE = "https://www.pdok.nl/introductie/-/article/basisregistratie-topografie-brt-topnl"
_TYPE = Column("type", "str", "", "label", Text("Soort", "Type"),
               Text("Soort volgens het register.", "Type as the register has it."))  # fmt: skip
_NAME = Column("name", "str", "", "label", Text("Naam", "Name"),
               Text("Nederlandse naam; leeg zonder naam.", "Dutch name; empty where it has none."))  # fmt: skip


def _source(name: str, collection: str, type_column: str, title: Text) -> Source:
    return Source(
        layer=Layer(f"top10nl_{name}", f"{name}_id", POLYGON, (_TYPE, _NAME), title),
        title=Text(f"TOP10NL {title.nl.lower()}", f"TOP10NL {title.en.lower()}"),
        register=_BRT,
        page=_PAGE,
        reference_date="actueel",
        native={f"{name}_id": "lokaal_id", "type": type_column, "name": "naamnl"},
        accesses=(Access("ogc_features", _OGC, collection),),
        optional=frozenset({"name"}),
        may_be_empty=True,
    )


TOP10NL_WATER = _source("water", "waterdeel_vlak", "typewater", Text("Water op de kaart", "Water on the map"))
TOP10NL_FUNCTIONAL_AREA = _source(
    "functional_area", "functioneel_gebied_vlak", "typefunctioneelgebied", Text("Gebieden met een functie", "Areas with a function")
)  # fmt: skip
