"""CBS: neighbourhoods with key figures, statistics per square, and land use.

Counts per neighbourhood and per square are rounded by CBS to multiples of five, so that parts need not add up to
the whole; small numbers are withheld. A square of 100 m exists only from five inhabitants or five dwellings on; one of
500 m exists wherever there is land. Each edition withholds by its own codes (-99997; until 2021 also -99998, -99999
and -99999999), all at or below -99990.

A new edition of the neighbourhoods comes in versions: the first has the inhabitants, and -99995 or nothing at all where
dwellings, households and address density will stand. Codes and borders of neighbourhoods change from year to year
(``indelingswijziging_wijken_en_buurten``: 1 none, 2 code, 3 border).

Land use was drawn by hand until 2017 (BBG) and is derived from BAG, BGT and BRT since 2020 (the new method, NBBG). The
two are different measurements, and CBS advises against differencing them: they are two sources here, and stay apart.
"""

from __future__ import annotations

from ..contract import POLYGON, Column, Layer, Text
from .declaration import CBS_MISSING_AT_OR_BELOW, Access, Keep, Register, Source

_BY = ("CC-BY-4.0", "https://creativecommons.org/licenses/by/4.0/")
_KWB = Register("CBS Wijken en Buurten", *_BY, "CBS en Kadaster (PDOK)")
_SQUARES = Register("CBS Vierkantstatistieken", *_BY, "CBS (PDOK)")
_BBG = Register(
    "CBS Bestand Bodemgebruik", "CC0-1.0", "https://creativecommons.org/publicdomain/zero/1.0/", "CBS (PDOK)"
)
_DRY = (Keep("water", frozenset({"NEE"}), "water or abroad"),)
_KWB_EDITIONS = (2025, 2024, 2023, 2022, 2021)
# Two editions before a first version, which has only 43 of the columns: they fill what it does not have yet.
_KWB_EARLIER = (2024, 2023)
_SQUARES_EDITIONS = (2024, 2023, 2022, 2021, 2020, 2019)
# For change over time, and final: later ones are still revised.
_SQUARES_EARLIER = (2021, 2019)

_INHABITANTS = Column(
    "inhabitants_count", "float64", "count", "extensive", Text("Inwoners", "Inhabitants"),
    Text("Inwoners op 1 januari volgens CBS, afgerond op vijf; leeg als afgeschermd.", "Inhabitants on 1 January as CBS has it, rounded to five; NaN where withheld."),
)  # fmt: skip
_HOUSEHOLDS = Column(
    "households_count", "float64", "count", "extensive", Text("Huishoudens", "Households"),
    Text("Particuliere huishoudens op 1 januari volgens CBS; leeg als afgeschermd.", "Private households on 1 January as CBS has it; NaN where withheld."),
)  # fmt: skip
_DWELLINGS = Column(
    "dwellings_count", "float64", "count", "extensive", Text("Woningen (CBS)", "Dwellings (CBS)"),
    Text("Woningvoorraad op 1 januari volgens CBS; leeg als afgeschermd of niet gepubliceerd.", "Dwelling stock on 1 January as CBS has it; NaN where withheld or not published."),
)  # fmt: skip
_DENSITY = Column(
    "inhabitants_per_km2", "float64", "1/km²", "intensive", Text("Bevolkingsdichtheid (CBS)", "Population density (CBS)"),
    Text("Inwoners per km² land, zoals CBS publiceert.", "Inhabitants per km² of land, as CBS publishes it."),
)  # fmt: skip
_OAD = Column(
    "oad_per_km2", "float64", "1/km²", "intensive", Text("Omgevingsadressendichtheid (CBS)", "Surrounding address density (CBS)"),
    Text("Adressen per km² binnen 1 km, gemiddeld over de adressen, zoals CBS publiceert.", "Addresses per km² within 1 km, mean over the addresses, as CBS publishes it."),
)  # fmt: skip
_URBANITY = Column(
    "urbanity_class", "float64", "class", "intensive", Text("Stedelijkheidsklasse", "Urbanity class"),
    Text("1 zeer sterk (2.500 of meer adressen per km²) tot 5 niet stedelijk (minder dan 500).", "1 very strongly urban (2,500 addresses per km² or more) to 5 not urban (under 500)."),
)  # fmt: skip
_LAND = Column(
    "land_area_ha", "float64", "ha", "extensive", Text("Oppervlakte land", "Land area"),
    Text("Oppervlakte land volgens CBS, in hele hectaren.", "Land area as CBS has it, in whole hectares."),
)  # fmt: skip
_WATER = Column(
    "water_area_ha", "float64", "ha", "extensive", Text("Oppervlakte water", "Water area"),
    Text("Oppervlakte water volgens CBS, in hele hectaren.", "Water area as CBS has it, in whole hectares."),
)  # fmt: skip


def _percentage(name: str, nl: str, en: str, meaning_nl: str, meaning_en: str) -> Column:
    return Column(
        name, "float64", "%", "intensive", Text(f"{nl} (CBS)", f"{en} (CBS)"),
        Text(f"{meaning_nl}, in hele procenten zoals CBS publiceert; leeg als afgeschermd of niet gepubliceerd.",
             f"{meaning_en}, in whole percents as CBS publishes it; NaN where withheld or not published."),
    )  # fmt: skip


def _amount(name: str, nl: str, en: str, meaning_nl: str, meaning_en: str) -> Column:
    return Column(
        name, "float64", "count", "extensive", Text(f"{nl} (CBS)", f"{en} (CBS)"),
        Text(f"{meaning_nl}, afgerond op vijf zoals CBS publiceert; leeg als afgeschermd of niet gepubliceerd.",
             f"{meaning_en}, rounded to five as CBS publishes it; NaN where withheld or not published."),
    )  # fmt: skip


#: Ages that CBS publishes: our name, what a reader sees, the end of its name in the register.
_AGES = (
    ("0_15", "0 tot 15 jaar", "0 to 15 years", "0_tot_15_jaar"),
    ("15_25", "15 tot 25 jaar", "15 to 25 years", "15_tot_25_jaar"),
    ("25_45", "25 tot 45 jaar", "25 to 45 years", "25_tot_45_jaar"),
    ("45_65", "45 tot 65 jaar", "45 to 65 years", "45_tot_65_jaar"),
    ("65_plus", "65 jaar en ouder", "65 years and over", "65_jaar_en_ouder"),
)
#: Sectors of establishments (SBI sections): our name, what a reader sees, the end of its name in the register.
_SECTORS = (
    ("agriculture", "A landbouw, bosbouw en visserij", "A agriculture, forestry and fishing", "landbouw_bosbouw_visserij"),
    ("industry", "B–F nijverheid en energie", "B–F industry and energy", "nijverheid_energie"),
    ("trade", "G+I handel en horeca", "G+I trade, hotels and restaurants", "handel_en_horeca"),
    ("transport", "H+J vervoer, informatie en communicatie", "H+J transport, information and communication", "vervoer_informatie_communicatie"),
    ("finance", "K–L financiële diensten, onroerend goed", "K–L finance and real estate", "financieel_onroerend_goed"),
    ("business_services", "M–N zakelijke dienstverlening", "M–N business services", "zakelijke_dienstverlening"),
    ("public", "O–Q overheid, onderwijs en zorg", "O–Q government, education and care", "overheid_onderwijs_en_zorg"),
    ("culture", "R–U cultuur, recreatie en overige diensten", "R–U culture, recreation and other services", "cultuur_recreatie_overige"),
)  # fmt: skip

_SHARES = (
    *(_percentage(f"age_{age}_pct", f"Inwoners {nl}", f"Inhabitants {en}", f"Inwoners van {nl} per 100 inwoners", f"Inhabitants of {en} per 100 inhabitants") for age, nl, en, _ in _AGES),
    _percentage("single_person_households_pct", "Eenpersoonshuishoudens", "Single-person households",
                "Huishoudens van één persoon per 100 particuliere huishoudens", "Households of one person per 100 private households"),
    _percentage("households_without_children_pct", "Huishoudens zonder kinderen", "Households without children",
                "Huishoudens van meer personen zonder thuiswonend kind per 100 particuliere huishoudens", "Households of more persons without a child at home per 100 private households"),
    _percentage("households_with_children_pct", "Huishoudens met kinderen", "Households with children",
                "Huishoudens met een thuiswonend kind, ook van één ouder, per 100 particuliere huishoudens", "Households with a child at home, of one parent also, per 100 private households"),
    Column("household_size", "float64", "person", "intensive", Text("Huishoudensgrootte (CBS)", "Household size (CBS)"),
           Text("Personen in particuliere huishoudens gedeeld door die huishoudens, op één decimaal zoals CBS publiceert; leeg als afgeschermd of niet gepubliceerd.",
                "Persons in private households divided by those households, to one decimal as CBS publishes it; NaN where withheld or not published.")),
    _percentage("single_family_dwellings_pct", "Eengezinswoningen", "Single-family dwellings",
                "Woningen die zelf een pand vormen per 100 woningen", "Dwellings that are a building by themselves per 100 dwellings"),
    _percentage("multi_family_dwellings_pct", "Meergezinswoningen", "Multi-family dwellings",
                "Woningen die met andere woningen of ruimten één pand vormen per 100 woningen", "Dwellings that form one building with other dwellings or premises per 100 dwellings"),
    _percentage("vacant_dwellings_pct", "Niet-bewoonde woningen", "Dwellings not lived in",
                "Woningen waar op 1 januari niemand ingeschreven stond per 100 woningen", "Dwellings where nobody was registered on 1 January per 100 dwellings"),
)  # fmt: skip
_ESTABLISHMENTS = (
    _amount("establishments_count", "Bedrijfsvestigingen", "Establishments",
            "Vestigingen van bedrijven, geen banen", "Establishments of businesses, not jobs"),
    *(_amount(f"establishments_{sector}_count", f"Vestigingen {nl}", f"Establishments {en}",
              f"Vestigingen in {nl}; alleen vermeld vanaf twintig vestigingen in totaal", f"Establishments in {en}; only told from twenty establishments in all on")
      for sector, nl, en, _ in _SECTORS),
)  # fmt: skip
_SHARES_NATIVE = {
    **{f"age_{age}_pct": f"percentage_personen_{theirs}" for age, _, _, theirs in _AGES},
    "single_person_households_pct": "percentage_eenpersoonshuishoudens",
    "households_without_children_pct": "percentage_huishoudens_zonder_kinderen",
    "households_with_children_pct": "percentage_huishoudens_met_kinderen",
    "household_size": "gemiddelde_huishoudsgrootte",
    "single_family_dwellings_pct": "percentage_eengezinswoning",
    "multi_family_dwellings_pct": "percentage_meergezinswoning",
    "vacant_dwellings_pct": "percentage_leegstand_woningen",
    "establishments_count": "aantal_bedrijfsvestigingen",
    **{f"establishments_{sector}_count": f"aantal_bedrijven_{theirs}" for sector, _, _, theirs in _SECTORS},
}


def _label(name: str, nl: str, en: str) -> Column:
    return Column(name, "str", "", "label", Text(nl, en), Text(f"{nl} volgens CBS.", f"{en} as CBS has it."))


_WIJK, _GEMEENTE, _GEMEENTE_NAME = (
    _label("wijk_code", "Wijkcode", "Wijk code"),
    _label("gemeente_code", "Gemeentecode", "Municipality code"),
    _label("gemeente_name", "Gemeente", "Municipality"),
)
_FIGURES = (
    _INHABITANTS, _HOUSEHOLDS, _DWELLINGS, _DENSITY, _OAD, _URBANITY, *_SHARES, *_ESTABLISHMENTS, _LAND, _WATER,
)  # fmt: skip
_FIGURES_NATIVE = {
    "inhabitants_count": "aantal_inwoners",
    "households_count": "aantal_huishoudens",
    "dwellings_count": "woningvoorraad",
    "inhabitants_per_km2": "bevolkingsdichtheid_inwoners_per_km2",
    "oad_per_km2": "omgevingsadressendichtheid",
    "urbanity_class": "stedelijkheid_adressen_per_km2",
    **_SHARES_NATIVE,
    "land_area_ha": "oppervlakte_land_in_ha",
    "water_area_ha": "oppervlakte_water_in_ha",
    "gemeente_code": "gemeentecode",
    "gemeente_name": "gemeentenaam",
}
# An edition's first version lacks the dwellings, the households and the establishments, and older ones the density
# columns.
_MAY_LACK = frozenset(
    {"households_count", "dwellings_count", "oad_per_km2", "urbanity_class", "inhabitants_per_km2", *_SHARES_NATIVE}
)


def _kwb(collection: str) -> tuple[Access, ...]:
    return (
        Access("ogc_features", "https://api.pdok.nl/cbs/wijken-en-buurten-{edition}/ogc/v1", collection),
        Access("wfs", "https://service.pdok.nl/cbs/wijkenbuurten/{edition}/wfs/v1_0", f"wijkenbuurten:{collection}"),
        Access(
            "atom",
            "https://service.pdok.nl/cbs/wijkenbuurten/{edition}/atom/downloads/wijkenbuurten_{edition}.gpkg",
            collection,
            bulk=True,
        ),
    )


BUURT = Source(
    layer=Layer("buurt", "buurt_code", POLYGON,
                (_label("buurt_name", "Buurt", "Neighbourhood"), _WIJK, _GEMEENTE, _GEMEENTE_NAME, *_FIGURES),
                Text("Buurten", "Neighbourhoods")),
    title=Text("CBS Kerncijfers buurten", "CBS key figures, neighbourhoods"),
    register=_KWB,
    page="https://www.pdok.nl/introductie/-/article/cbs-wijken-en-buurten",
    reference_date="{edition}-01-01",
    native={"buurt_code": "buurtcode", "buurt_name": "buurtnaam", "wijk_code": "wijkcode", **_FIGURES_NATIVE},
    accesses=_kwb("buurten"),
    keep=_DRY,
    missing_at_or_below=CBS_MISSING_AT_OR_BELOW,
    optional=_MAY_LACK,
    editions=_KWB_EDITIONS,
    earlier=_KWB_EARLIER,
)  # fmt: skip

WIJK = Source(
    layer=Layer("wijk", "wijk_code", POLYGON,
                (_label("wijk_name", "Wijk", "District"), _GEMEENTE, _GEMEENTE_NAME, *_FIGURES),
                Text("Wijken", "Districts")),
    title=Text("CBS Kerncijfers wijken", "CBS key figures, districts"),
    register=_KWB,
    page="https://www.pdok.nl/introductie/-/article/cbs-wijken-en-buurten",
    reference_date="{edition}-01-01",
    native={"wijk_code": "wijkcode", "wijk_name": "wijknaam", **_FIGURES_NATIVE},
    accesses=_kwb("wijken"),
    keep=_DRY,
    missing_at_or_below=CBS_MISSING_AT_OR_BELOW,
    optional=_MAY_LACK,
    editions=_KWB_EDITIONS,
    earlier=_KWB_EARLIER,
)  # fmt: skip

_SQUARE_PARTS = (
    *(_amount(f"age_{age}_count", f"Inwoners {nl}", f"Inhabitants {en}", f"Inwoners van {nl}", f"Inhabitants of {en}") for age, nl, en, _ in _AGES),
    _amount("single_person_households_count", "Eenpersoonshuishoudens", "Single-person households",
            "Particuliere huishoudens van één persoon", "Private households of one person"),
    _amount("multi_family_dwellings_count", "Meergezinswoningen", "Multi-family dwellings",
            "Woningen die met andere woningen of ruimten één pand vormen", "Dwellings that form one building with other dwellings or premises"),
    _amount("vacant_dwellings_count", "Niet-bewoonde woningen", "Dwellings not lived in",
            "Woningen waar op 1 januari niemand ingeschreven stond", "Dwellings where nobody was registered on 1 January"),
)  # fmt: skip
_SQUARE_PARTS_NATIVE = {
    **{f"age_{age}_count": f"aantal_inwoners_{theirs}" for age, _, _, theirs in _AGES},
    "single_person_households_count": "aantal_eenpersoonshuishoudens",
    "multi_family_dwellings_count": "aantal_meergezins_woningen",
    "vacant_dwellings_count": "aantal_niet_bewoonde_woningen",
}
_SQUARE_FIGURES = (_INHABITANTS, _HOUSEHOLDS, _DWELLINGS, *_SQUARE_PARTS)
_SQUARE_NATIVE = {
    "inhabitants_count": "aantal_inwoners",
    "households_count": "aantal_part_huishoudens",
    "dwellings_count": "aantal_woningen",
    **_SQUARE_PARTS_NATIVE,
}
_SQUARES_MAY_LACK = frozenset({"households_count", "dwellings_count", *_SQUARE_PARTS_NATIVE})


def _squares(side: str, type_name: str) -> tuple[Access, ...]:
    """Give the ways to the squares; CBS's own zip files bear the year in which they came out, which no edition tells."""
    name = f"vierkantstatistieken{side}"
    return (
        Access("wfs", f"https://service.pdok.nl/cbs/{name}/{{edition}}/wfs/v1_0", f"{name}:{type_name}"),
        Access("ogc_features", f"https://api.pdok.nl/cbs/{name}/ogc/v1", f"vierkant_{side}"),
        Access(
            "atom",
            f"https://service.pdok.nl/cbs/{name}/atom/{name}.xml",
            f"cbs_vk{side[:-1]}_{{edition}}.gpkg|vierkant_{side}",
            bulk=True,
        ),
    )


VIERKANT_100M = Source(
    layer=Layer("vierkant_100m", "vierkant_id", POLYGON, _SQUARE_FIGURES,
                Text("CBS-vierkanten 100 m", "CBS squares 100 m")),
    title=Text("CBS Vierkantstatistieken 100 m", "CBS statistics per 100 m square"),
    register=_SQUARES,
    page="https://www.pdok.nl/introductie/-/article/cbs-vierkantstatistieken-100m",
    reference_date="{edition}-01-01",
    native={"vierkant_id": "crs28992res100m", **_SQUARE_NATIVE},
    accesses=_squares("100m", "vierkant_100m"),
    missing_at_or_below=CBS_MISSING_AT_OR_BELOW,
    optional=_SQUARES_MAY_LACK,
    editions=_SQUARES_EDITIONS,
    earlier=_SQUARES_EARLIER,
)  # fmt: skip

VIERKANT_500M = Source(
    layer=Layer("vierkant_500m", "vierkant_id", POLYGON, _SQUARE_FIGURES,
                Text("CBS-vierkanten 500 m", "CBS squares 500 m")),
    title=Text("CBS Vierkantstatistieken 500 m", "CBS statistics per 500 m square"),
    register=_SQUARES,
    page="https://www.pdok.nl/introductie/-/article/cbs-vierkantstatistieken-500m",
    reference_date="{edition}-01-01",
    native={"vierkant_id": "crs28992res500m", **_SQUARE_NATIVE},
    # The type name bears the year; older years may spell it otherwise.
    accesses=_squares("500m", "Vierkant500M{edition}"),
    missing_at_or_below=CBS_MISSING_AT_OR_BELOW,
    optional=_SQUARES_MAY_LACK,
    editions=_SQUARES_EDITIONS,
    earlier=_SQUARES_EARLIER,
)  # fmt: skip

#: Old method, drawn by hand. Change between two editions is in CBS's mutation file, not in their difference: CBS does
#: not correct what has been published. So no earlier one is loaded unless it is asked for.
BODEMGEBRUIK = Source(
    layer=Layer(
        "bodemgebruik", "bodemgebruik_id", POLYGON,
        (
            Column("bbg_code", "int64", "", "label", Text("BBG-klasse", "BBG class"),
                   Text("Klasse van het Bestand Bodemgebruik (oude methode, tot en met 2017), twee cijfers; niet te vergelijken met de nieuwe methode.",
                        "Class of the Bestand Bodemgebruik (old method, up to 2017), two digits; not comparable with the new method.")),
            Column("use_name", "str", "", "label", Text("Bodemgebruik", "Land use"),
                   Text("Hoofdgroep van het bodemgebruik, zoals CBS die noemt.", "Main group of land use, as CBS names it.")),
        ),
        Text("Bodemgebruik", "Land use"),
    ),
    title=Text("CBS Bestand Bodemgebruik {edition}", "CBS land use {edition}"),
    register=_BBG,
    page="https://www.pdok.nl/introductie/-/article/cbs-bestand-bodemgebruik",
    reference_date="{edition}-01-01",
    # No key: the register gives these polygons no lasting number.
    native={"bbg_code": "bg{edition}", "use_name": "bodemgebruik"},
    accesses=(
        Access("wfs", "https://service.pdok.nl/cbs/bestandbodemgebruik/{edition}/wfs/v1_0", "bestandbodemgebruik:BBG{edition}"),
        Access("ogc_features", "https://api.pdok.nl/cbs/bestand-bodemgebruik-{edition}/ogc/v1", "bestand_bodemgebruik_{edition}"),
    ),
    editions=(2017, 2015, 2012, 2010),
)  # fmt: skip

#: New method, derived from BAG, BGT and BRT. The file has codes only; their names are in the style file beside it. The
#: first digit is the main group: 1 traffic, 2 built-up, 3 semi built-up, 4 recreation, 5 agriculture, 6 woods and
#: nature, 7 inland water, 8 open water. Classes that the old method lacks: zonnepark, akker en meerjarige teelt,
#: agrarisch grasland, natuurlijk grasland, kustduinen. An option, because CBS offers it as a download only.
BODEMGEBRUIK_NEW = Source(
    layer=Layer(
        "bodemgebruik_nieuw", "bodemgebruik_nieuw_id", POLYGON,
        (
            Column("nbbg_code", "int64", "", "label", Text("NBBG-klasse", "NBBG class"),
                   Text("Klasse van het Bestand Bodemgebruik (nieuwe methode, vanaf 2020), twee cijfers; niet te vergelijken met de oude methode.",
                        "Class of the Bestand Bodemgebruik (new method, from 2020), two digits; not comparable with the old method.")),
        ),
        Text("Bodemgebruik, nieuwe methode", "Land use, new method"),
    ),
    title=Text("CBS Bestand Bodemgebruik {edition}, nieuwe methode", "CBS land use {edition}, new method"),
    register=_BBG,
    page="https://www.cbs.nl/nl-nl/dossier/nederland-regionaal/geografische-data/natuur-en-milieu/bestand-bodemgebruik",
    reference_date="{edition}-01-01",
    native={"nbbg_code": "nbbg{yy}"},
    # The folder is known, the name of the file in it is not: `url` in the config may have to say it. The only way, so
    # it is taken however small the area.
    accesses=(
        Access("atom", "https://geodata.cbs.nl/files/Bodemgebruik/NBBG{edition}/NBBG{edition}.zip", "NBBG{edition}"),
    ),
    editions=(2022, 2020),
    option=True,
)  # fmt: skip
