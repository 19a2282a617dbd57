"""BGT: Basisregistratie Grootschalige Topografie, the map of everything that lies on the ground.

Municipalities, provinces, water boards, Rijkswaterstaat and ProRail each draw their own part, to some 20 cm. At
relative level 0 the areas cover the whole ground once: roads, verges, terrain with and without plants, water and
its banks, buildings, and the structures between them. What lies above (a bridge deck, 1) or below (a tunnel, -1)
stands in the same tables: `level` tells, and nothing is dropped for it.

The services also give every former version of an object, about as many as there are current ones; all of them have
status "bestaand". Current is what has no end, neither of the record nor of the object, and of that the newest.
"plan" and "historie" stand in `plus_status`: drawn, but not there (yet, or any more).

A BGT pand is the outline at the ground, a BAG pand the outline seen from above: an overhang or a gateway makes them
differ. `bag_pand_id` says which belong together; a BAG pand may be several in the BGT.

"erf" (yard) is private ground, garden or paved: how much of it is green the BGT does not say.
"""

from __future__ import annotations

from ..contract import LINE, POINT, POLYGON, Column, Layer, Text
from .declaration import Access, Keep, Register, Source

_OGC, _DOWNLOAD = "https://api.pdok.nl/lv/bgt/ogc/v1", "https://api.pdok.nl/lv/bgt/download/v1_0"
_BGT = Register(
    "Basisregistratie Grootschalige Topografie (BGT)",
    "CC0-1.0",
    "https://creativecommons.org/publicdomain/zero/1.0/",
    "BGT, Kadaster / PDOK",
)
_PAGE = "https://www.pdok.nl/introductie/-/article/basisregistratie-grootschalige-topografie-bgt-"

#: What one download brings, as the download service names it.
_TOGETHER = (
    "begroeidterreindeel",
    "onbegroeidterreindeel",
    "wegdeel",
    "ondersteunendwegdeel",
    "waterdeel",
    "ondersteunendwaterdeel",
    "pand",
    "overigbouwwerk",
    "kunstwerkdeel",
    "scheiding",
    "spoor",
    "vegetatieobject",
)
#: OGC API -> GML light. What is spelled the same in both is not here.
_COMMON = {"lokaal_id": "identificatie_lokaal_id", "termination_date": "object_eind_tijd"}
_BY_COLUMN = {
    "functie": "bgt_functie",
    "fysiek_voorkomen": "bgt_fysiek_voorkomen",
    "type": "bgt_type",
    "identificatiebagpnd": "identificatie_bagpnd",
}

_CURRENT = (
    Keep("eind_registratie", frozenset({""}), "a former version"),
    Keep("termination_date", frozenset({""}), "ended"),
    Keep(
        "plus_status",
        frozenset({"", "geenWaarde", "waardeOnbekend", "nietGeautoriseerd"}),
        "planned, or only kept for its history",
    ),
)

_LEVEL = Column("level", "int64", "", "label", Text("Hoogteligging", "Level"),
                Text("Relatieve hoogteligging: 0 op de grond, hoger erboven (1 is een brug), lager eronder (-1 is een tunnel).",
                     "Relative level: 0 on the ground, higher above it (1 is a bridge), lower below it (-1 is a tunnel)."))  # fmt: skip
_HOLDER = Column("source_holder", "str", "", "label", Text("Bronhouder", "Source holder"),
                 Text("Code van wie het tekent: G gemeente, P provincie, W waterschap, L landelijk.",
                      "Code of who draws it: G municipality, P province, W water board, L national."))  # fmt: skip
_FUNCTION = Column("function", "str", "", "label", Text("Functie", "Function"),
                   Text("Functie volgens de BGT.", "Function as the BGT has it."))  # fmt: skip
_FUNCTION_DETAIL = Column("function_detail", "str", "", "label", Text("Functie, fijner", "Function, finer"),
                          Text("Fijnere indeling van de functie; leeg waar de bronhouder die niet geeft.",
                               "Finer division of the function; empty where the source holder gives none."))  # fmt: skip
_COVER = Column("cover", "str", "", "label", Text("Bedekking", "Cover"),
                Text("Fysiek voorkomen volgens de BGT: waarmee de grond bedekt is.", "Physical appearance as the BGT has it: what covers the ground."))  # fmt: skip
_COVER_DETAIL = Column("cover_detail", "str", "", "label", Text("Bedekking, fijner", "Cover, finer"),
                       Text("Fijnere indeling van de bedekking; leeg waar de bronhouder die niet geeft.",
                            "Finer division of the cover; empty where the source holder gives none."))  # fmt: skip
_TYPE = Column("type", "str", "", "label", Text("Soort", "Type"),
               Text("Soort volgens het register.", "Type as the register has it."))  # fmt: skip
_TYPE_DETAIL = Column("type_detail", "str", "", "label", Text("Soort, fijner", "Type, finer"),
                      Text("Fijnere indeling van de soort; leeg waar de bronhouder die niet geeft.",
                           "Finer division of the type; empty where the source holder gives none."))  # fmt: skip
_BAG_PAND = Column("bag_pand_id", "str", "", "label", Text("BAG-pand", "BAG building"),
                   Text("Nummer van het pand in de BAG; leeg waar het niet gekoppeld is.", "Number of the building in the BAG; empty where it is not linked."))  # fmt: skip

_NATIVE = {
    "level": "relatieve_hoogteligging",
    "source_holder": "bronhouder",
    "function": "functie",
    "function_detail": "plus_functie",
    "cover": "fysiek_voorkomen",
    "cover_detail": "plus_fysiek_voorkomen",
    "type": "type",
    "type_detail": "plus_type",
    "bag_pand_id": "identificatiebagpnd",
}
#: Columns that a source holder need not fill, so that an area may come without them.
_OPTIONAL = frozenset({"function_detail", "cover_detail", "type_detail", "bag_pand_id"})


def _source(collection: str, columns: tuple[Column, ...], title: Text, geometry: frozenset[str] = POLYGON) -> Source:
    """Declare one collection. Both services have one per kind of geometry where a type of object has several."""
    name = collection.removesuffix("_vlak").removesuffix("_punt")
    native = {c.name: _NATIVE[c.name] for c in (*columns, _LEVEL, _HOLDER)}
    light = _COMMON | {theirs: _BY_COLUMN[theirs] for theirs in native.values() if theirs in _BY_COLUMN}
    return Source(
        layer=Layer(f"bgt_{name}", f"{name}_id", geometry, (*columns, _LEVEL, _HOLDER), title),
        title=Text(f"BGT {collection}", f"BGT {collection} ({title.en.lower()})"),
        register=_BGT,
        page=_PAGE,
        reference_date="actueel",
        native={f"{name}_id": "lokaal_id", **native},
        accesses=(
            Access("bgt_download", _DOWNLOAD, collection, renames=light, together=_TOGETHER),
            Access("ogc_features", _OGC, collection),
        ),
        keep=_CURRENT,
        newest_by="tijdstip_registratie",
        optional=_OPTIONAL & native.keys(),
        bag_numbers=frozenset({"bag_pand_id"}) & native.keys(),
        extent="corridor",
        may_be_empty=True,
    )


_USED = (_FUNCTION, _FUNCTION_DETAIL)
_COVERED = (_COVER, _COVER_DETAIL)
_TYPED = (_TYPE, _TYPE_DETAIL)

BEGROEIDTERREINDEEL = _source("begroeidterreindeel", _COVERED, Text("Begroeid terrein", "Terrain with plants"))
ONBEGROEIDTERREINDEEL = _source("onbegroeidterreindeel", _COVERED, Text("Onbegroeid terrein", "Terrain without plants"))
WEGDEEL = _source("wegdeel", (*_USED, *_COVERED), Text("Wegdelen", "Parts of roads"))
ONDERSTEUNENDWEGDEEL = _source(
    "ondersteunendwegdeel", (*_USED, *_COVERED), Text("Bermen en verkeerseilanden", "Verges and traffic islands")
)
WATERDEEL = _source("waterdeel", _TYPED, Text("Wateren", "Waters"))
ONDERSTEUNENDWATERDEEL = _source("ondersteunendwaterdeel", _TYPED, Text("Oevers", "Banks"))
BGT_PAND = _source("pand", (_BAG_PAND,), Text("Panden op de grond", "Buildings at the ground"))
OVERIGBOUWWERK = _source("overigbouwwerk", _TYPED, Text("Overige bouwwerken", "Other structures"))
KUNSTWERKDEEL = _source("kunstwerkdeel_vlak", _TYPED, Text("Kunstwerken", "Civil works"))
SCHEIDING = _source("scheiding_vlak", _TYPED, Text("Muren en hekken", "Walls and fences"))
SPOOR = _source("spoor", _USED, Text("Sporen", "Rails"), LINE)
#: Single trees that somebody manages; those of woods and most of private gardens are not in the BGT. Its own type is
#: "niet-bgt", and which it is stands in the finer one: "boom".
VEGETATIEOBJECT = _source("vegetatieobject_punt", _TYPED, Text("Bomen", "Trees"), POINT)

#: In the order of the map: what grows, what does not, roads, water, what is built.
BGT: tuple[Source, ...] = (
    BEGROEIDTERREINDEEL,
    ONBEGROEIDTERREINDEEL,
    WEGDEEL,
    ONDERSTEUNENDWEGDEEL,
    WATERDEEL,
    ONDERSTEUNENDWATERDEEL,
    BGT_PAND,
    OVERIGBOUWWERK,
    KUNSTWERKDEEL,
    SCHEIDING,
    SPOOR,
    VEGETATIEOBJECT,
)
