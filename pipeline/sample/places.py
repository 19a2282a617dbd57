"""Where things are: the plan of the sample, laid out by hand. Metres in EPSG:28992.

Stations stand where they stand. Lines and neighbourhoods are invented, roughly where a reader who knows the area
would look for them; the names of neighbourhoods are invented too, so that nobody takes them for those of CBS.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

Points = tuple[tuple[float, float], ...]

#: Everything that is made lies in this box: west, south, east, north.
FRAME = (244_500.0, 465_500.0, 263_500.0, 481_500.0)


class Station(NamedTuple):
    """A station: ProRail's code and name, and its place."""

    code: str
    name: str
    x: float
    y: float
    route: str


_MAIN, _EAST, _NORTH = "Hengelo - Enschede Grens", "Hengelo - Enschede Grens", "Hengelo - Oldenzaal Grens"
_WEST = "Zutphen - Hengelo"

STATIONS: tuple[Station, ...] = (
    Station("Hgl", "Hengelo", 251_031, 475_780, _MAIN),
    Station("Esk", "Enschede Kennispark", 254_157, 473_152, _MAIN),
    Station("Es", "Enschede", 257_682, 471_555, _MAIN),
    Station("Hglo", "Hengelo Oost", 252_760, 476_618, _NORTH),
    Station("Hglg", "Hengelo Gezondheidspark", 249_647, 475_754, _WEST),
    Station("Ese", "Enschede De Eschmarke", 261_860, 471_520, _EAST),
)

#: Through these points the railways bend; the main line runs through its stations.
MAIN_LINE: Points = (
    (244_500, 474_150), (246_500, 474_800), (248_400, 475_480), (249_647, 475_754), (250_300, 475_800),
    (251_031, 475_780), (251_500, 475_620), (251_943, 475_315), (252_700, 474_560), (253_400, 473_850),
    (254_157, 473_152), (254_950, 472_590), (255_900, 471_990), (256_600, 471_570), (257_050, 471_423),
    (257_350, 471_440), (257_682, 471_555), (258_250, 471_770), (258_900, 471_850), (260_000, 471_720),
    (261_860, 471_520), (263_500, 471_300),
)  # fmt: skip
NORTH_LINE: Points = (
    (251_620, 475_570), (251_950, 475_700), (252_330, 476_180), (252_760, 476_618), (253_700, 477_350),
    (255_600, 478_600), (258_000, 480_300), (259_300, 481_500),
)  # fmt: skip
NORTHWEST_LINE: Points = (
    (250_250, 475_790),
    (249_600, 476_000),
    (248_950, 476_900),
    (248_300, 478_500),
    (247_825, 479_862),
    (247_400, 481_500),
)

#: Waters have invented names as well.
CANAL_NAME, BROOK_NAME, LAKE_NAME = "Marskanaal", "Spinnerbeek", "Kristalplas"
#: Canal with two harbours.
CANAL: Points = (
    (244_500, 474_000),
    (246_500, 474_150),
    (248_500, 474_330),
    (250_300, 474_150),
    (251_800, 473_280),
    (253_300, 472_060),
    (254_600, 471_200),
    (255_300, 470_950),
)
HARBOURS: tuple[Points, ...] = (
    ((250_330, 474_150), (250_560, 474_640)),
    ((250_900, 473_850), (251_180, 474_220)),
    ((254_600, 471_200), (254_820, 471_560)),
)
#: A brook that runs from the higher east to the low land between the cities.
BROOK: Points = (
    (256_300, 474_300),
    (255_200, 474_750),
    (254_100, 474_950),
    (253_300, 474_450),
    (252_950, 473_700),
    (252_300, 473_350),
    (251_300, 472_500),
    (249_000, 472_000),
    (244_500, 471_300),
)
MOTORWAY: Points = (
    (244_500, 473_050),
    (248_500, 473_400),
    (250_300, 473_120),
    (251_500, 472_350),
    (253_000, 471_150),
    (254_300, 470_150),
    (255_600, 469_450),
    (257_200, 469_050),
    (259_500, 468_900),
    (263_500, 468_600),
)
MOTORWAY_NORTH: Points = (
    (244_500, 478_400),
    (247_000, 478_900),
    (249_700, 479_250),
    (252_800, 479_150),
    (256_000, 478_300),
    (260_000, 477_400),
    (263_500, 477_100),
)


class Place(NamedTuple):
    """A neighbourhood: the point that it grows around, its code without `BU`, its name and its character."""

    x: float
    y: float
    code: str
    name: str
    character: str


#: The neighbourhoods of the two municipalities; the first six digits of the code are the wijk.
PLACES: tuple[Place, ...] = (
    # Enschede, within the ring
    Place(257_880, 471_140, "01530000", "Marktkwartier", "core"),
    Place(257_580, 471_840, "01530001", "Centrumkwadraat", "highrise"),
    Place(258_420, 471_250, "01530002", "Zegenbuurt", "inner"),
    Place(258_290, 472_220, "01530003", "Larendreef", "renewed"),
    Place(257_030, 472_000, "01530004", "Boddenhof", "inner"),
    Place(258_410, 470_700, "01530005", "Bleekhoven", "inner"),
    Place(257_840, 470_560, "01530006", "Hogeland", "inner"),
    Place(257_260, 470_660, "01530007", "Wevershof", "inner"),
    Place(256_680, 470_830, "01530008", "Veldkamp", "interwar"),
    Place(257_280, 471_140, "01530009", "Spoorkwartier", "renewed"),
    # Twekkelerveld, and beside it science park, campus and estate
    Place(255_450, 472_900, "01530300", "Twekkelhof", "postwar"),
    Place(256_150, 472_480, "01530301", "Tubantenveld", "interwar"),
    Place(255_520, 473_480, "01530302", "Sleutelveld", "postwar"),
    Place(253_950, 474_450, "01530414", "Campus", "campus"),
    Place(254_700, 473_350, "01530711", "Kennispark", "science"),
    Place(253_080, 474_900, "01530415", "Landgoed Drienerhout", "estate"),
    # north
    Place(256_540, 473_030, "01530400", "Mekkelholt", "interwar"),
    Place(257_340, 472_680, "01530401", "Roomveld", "renewed"),
    Place(258_060, 472_940, "01530402", "Deppenveld", "postwar"),
    Place(256_250, 473_900, "01530403", "Bolhaar", "villa"),
    Place(257_080, 473_500, "01530404", "Stroinksveld", "seventies"),
    Place(257_890, 473_690, "01530405", "Vossenpark", "cauliflower"),
    Place(258_870, 472_680, "01530406", "Lasonderveld", "villa"),
    Place(255_300, 474_500, "01530407", "Horstlinde", "estate"),
    Place(258_850, 473_600, "01530408", "Voortman", "estate"),
    Place(257_500, 474_900, "01530409", "Lonnekerbos", "forest"),
    Place(259_170, 471_340, "01530412", "Oosterpark", "parkland"),
    Place(259_180, 472_100, "01530413", "Lonnekerspoor", "villa"),
    Place(260_100, 472_700, "01530410", "Oosterveld", "rural"),
    Place(259_900, 471_000, "01530411", "Zuidoosterveld", "rural"),
    # business parks in the west, and the land around them
    Place(254_350, 472_150, "01530700", "Transportcentrum", "business"),
    Place(255_250, 471_750, "01530701", "Marsgoed", "business"),
    Place(255_950, 471_150, "01530702", "Havengebied", "business"),
    Place(254_700, 470_250, "01530703", "Usselerveen", "rural"),
    Place(253_250, 471_650, "01530704", "Twekkelerland", "rural"),
    Place(253_450, 473_100, "01530705", "Kristalwater", "wetland"),
    Place(257_480, 470_060, "01530708", "Zuiderpark", "parkland"),
    Place(258_520, 470_080, "01530709", "Vlierveld", "business"),
    Place(256_670, 470_260, "01530710", "Sportpark West", "parkland"),
    Place(256_250, 469_600, "01530706", "Broekheurne", "rural"),
    Place(258_100, 469_350, "01530707", "Helmerveld", "rural"),
    # Hengelo, town centre
    Place(251_110, 476_070, "01640000", "Binnenstad", "core"),
    Place(250_690, 476_100, "01640001", "Burgemeesterskwartier", "inner"),
    Place(251_530, 476_030, "01640002", "Beursplein", "highrise"),
    # Hengelose Es
    Place(251_210, 476_620, "01640100", "De Nijverheid", "interwar"),
    Place(251_840, 476_660, "01640101", "Elsbeekhof", "interwar"),
    Place(251_500, 477_170, "01640102", "Noordes", "postwar"),
    Place(252_190, 477_070, "01640103", "Klokstee", "seventies"),
    Place(252_280, 475_810, "01640104", "Oosteres", "postwar"),
    Place(250_580, 476_700, "01640105", "Thiemsland", "garden"),
    # Berflo Es
    Place(250_800, 475_450, "01640500", "Hart van Zuid", "transform"),
    Place(251_460, 475_080, "01640501", "Berflo", "interwar"),
    Place(251_780, 474_530, "01640502", "Veldwijk", "vinex"),
    Place(250_230, 475_290, "01640503", "Tuindorp", "garden"),
    Place(250_780, 474_780, "01640504", "Kanaalzone", "business"),
    Place(251_420, 474_180, "01640505", "Zuiderval", "business"),
    Place(249_600, 475_260, "01640506", "Gezondheidspark", "care"),
    # around Hengelo
    Place(250_760, 477_310, "01640912", "Weusthag", "parkland"),
    Place(252_770, 476_740, "01640913", "Esrein", "parkland"),
    Place(249_350, 476_450, "01640900", "Woolderbinnenveld", "rural"),
    Place(249_500, 478_000, "01640901", "Deurningerveld", "rural"),
    Place(251_100, 478_650, "01640902", "Noorderesch", "rural"),
    Place(252_850, 478_500, "01640903", "Gammelke", "rural"),
    Place(253_950, 476_900, "01640904", "Driener Es", "rural"),
    Place(253_350, 475_850, "01640905", "Broekheide", "forest"),
    Place(252_350, 475_150, "01640906", "Oosterbosch", "estate"),
    Place(252_700, 473_700, "01640907", "Kristalvloed", "wetland"),
    Place(249_350, 474_720, "01640908", "Woolderes", "rural"),
    Place(248_150, 475_000, "01640909", "Carelshaven", "rural"),
    Place(250_200, 473_250, "01640910", "Oele", "rural"),
    Place(251_800, 472_650, "01640911", "Beckumerveld", "rural"),
)  # fmt: skip

#: Parts of the neighbouring municipalities, so that there is something to drop and addresses beyond the border.
NEIGHBOURS: tuple[Place, ...] = (
    Place(247_700, 477_500, "01470100", "Zenderen-Oost", "village"),
    Place(246_500, 479_800, "01470000", "Bornsche Maten", "outside"),
    Place(251_000, 480_700, "01470101", "Hertme", "outside"),
    Place(247_300, 473_200, "17350100", "Deldenerbroek", "village"),
    Place(245_500, 475_800, "17350101", "Azelo", "outside"),
    Place(249_000, 470_700, "17350102", "Beckum", "outside"),
    Place(253_000, 469_000, "17350103", "Boekelo-Zuid", "village"),
    Place(249_500, 467_000, "17350104", "Haaksbergerveen", "outside"),
    Place(256_000, 466_800, "17350105", "Buurse", "outside"),
    Place(258_400, 467_600, "17350106", "Broekheurnerbos", "outside"),
    Place(260_600, 469_300, "01680100", "Esmarke", "village"),
    Place(262_200, 472_000, "01680101", "Glanerveld", "outside"),
    Place(261_500, 470_950, "01680106", "Eschmarkerveld", "village"),
    Place(261_600, 474_900, "01680000", "Losserveld", "outside"),
    Place(259_500, 475_600, "01680102", "Lonneker-Oost", "village"),
    Place(255_900, 477_000, "01680103", "Vliegveld", "outside"),
    Place(260_000, 479_300, "01680104", "De Lutte", "outside"),
    Place(254_800, 480_000, "01680105", "Deurningen", "outside"),
    # CBS gives large waters a fictive neighbourhood of their own.
    Place(262_300, 466_700, "01689997", "", "water"),
)  # fmt: skip

#: Municipality code -> name at the Kadaster, name at CBS.
GEMEENTEN: Mapping[str, tuple[str, str]] = {
    "GM0147": ("Borne", "Borne"),
    "GM0153": ("Enschede", "Enschede"),
    "GM0164": ("Hengelo", "Hengelo (O.)"),
    "GM0168": ("Losser", "Losser"),
    "GM1735": ("Hof van Twente", "Hof van Twente"),
}

#: First postcode of the towns of a municipality.
_POSTCODES: Mapping[str, int] = {"0153": 7511, "0164": 7551, "0147": 7623, "0168": 7586, "1735": 7491}


def postcode(code: str) -> str:
    """Four digits of the postcode in the neighbourhood with `code`."""
    return str(_POSTCODES[code[:4]] + int(code[4:6]) % 9 * 3 + int(code[6:8]) % 3)
