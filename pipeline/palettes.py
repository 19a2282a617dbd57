"""Classes and colours, the same on the maps and in the styles of the GeoPackage.

Breaks are fixed, so that two areas, two years and two maps can be laid side by side. Neighbouring classes and all
categories stay apart for people with a colour vision deficiency; a test computes it.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass

from .contract import Language, Text
from .wording import number

_LESS = Text("minder dan {}", "less than {}")
_MORE = Text("{} en meer", "{} and more")


@dataclass(frozen=True)
class Classes:
    """Classes of one quantity: ``len(colours) == len(breaks) + 1``.

    A value on a break belongs to the class above it, as CBS has it for urbanity ("2,500 or more").
    """

    breaks: tuple[float, ...]
    colours: tuple[str, ...]

    @property
    def ranges(self) -> tuple[tuple[float | None, float | None], ...]:
        """Lower (included) and upper (excluded) end of each class, None where it is open."""
        return tuple(zip((None, *self.breaks), (*self.breaks, None), strict=True))

    def labels(self, language: Language) -> tuple[str, ...]:
        """What the legend says beside each colour."""
        decimals = max(len(f"{b:.10g}".partition(".")[2]) for b in self.breaks)
        said = [number(b, decimals, language) for b in self.breaks]
        between = [f"{low} – {high}" for low, high in itertools.pairwise(said)]
        return (_LESS.in_(language).format(said[0]), *between, _MORE.in_(language).format(said[-1]))


@dataclass(frozen=True)
class Category:
    """Values that share a colour; without values it is everything else."""

    label: Text
    colour: str
    values: tuple[str | int, ...] = ()


# ColorBrewer 2.0 (C. Brewer, Apache-2.0).
_YLGNBU_5 = ("#ffffcc", "#a1dab4", "#41b6c4", "#2c7fb8", "#253494")
_YLGNBU_6 = ("#ffffcc", "#c7e9b4", "#7fcdbb", "#41b6c4", "#2c7fb8", "#253494")
_YLGNBU_7 = ("#ffffcc", "#c7e9b4", "#7fcdbb", "#41b6c4", "#1d91c0", "#225ea8", "#0c2c84")
_ORANGES_6 = ("#feedde", "#fdd0a2", "#fdae6b", "#fd8d3c", "#e6550d", "#a63603")
_ORANGES_7 = ("#feedde", "#fdd0a2", "#fdae6b", "#fd8d3c", "#f16913", "#d94801", "#8c2d04")
_PURPLES_5 = ("#f2f0f7", "#cbc9e2", "#9e9ac8", "#756bb1", "#54278f")
_PURPLES_6 = ("#f2f0f7", "#dadaeb", "#bcbddc", "#9e9ac8", "#756bb1", "#54278f")
_YLGN_5 = ("#ffffcc", "#c2e699", "#78c679", "#31a354", "#006837")
_YLGN_6 = ("#ffffcc", "#d9f0a3", "#addd8e", "#78c679", "#31a354", "#006837")
_GREENS_6 = ("#edf8e9", "#c7e9c0", "#a1d99b", "#74c476", "#31a354", "#006d2c")
_YLORBR_6 = ("#ffffd4", "#fee391", "#fec44f", "#fe9929", "#d95f0e", "#993404")
_YLORBR_7 = ("#ffffd4", "#fee391", "#fec44f", "#fe9929", "#ec7014", "#cc4c02", "#8c2d04")
_REDS_7 = ("#fee5d9", "#fcbba1", "#fc9272", "#fb6a4a", "#ef3b2c", "#cb181d", "#99000d")
_RDPU_6 = ("#feebe2", "#fcc5c0", "#fa9fb5", "#f768a1", "#c51b8a", "#7a0177")
_BUPU_7 = ("#edf8fb", "#bfd3e6", "#9ebcda", "#8c96c6", "#8c6bb1", "#88419d", "#6e016b")
_PUBU_6 = ("#f1eef6", "#d0d1e6", "#a6bddb", "#74a9cf", "#2b8cbe", "#045a8d")
_BLUES_5 = ("#eff3ff", "#bdd7e7", "#6baed6", "#3182bd", "#08519c")
_GREYS_5 = ("#f7f7f7", "#cccccc", "#969696", "#636363", "#252525")
_GREYS_6 = ("#f7f7f7", "#d9d9d9", "#bdbdbd", "#969696", "#636363", "#252525")
#: Work red, dwellings blue, both alike in the middle.
_RDBU_7 = ("#b2182b", "#ef8a62", "#fddbc7", "#f7f7f7", "#d1e5f0", "#67a9cf", "#2166ac")

# Counts differ by powers of ten between a square and a municipality; one scale serves both.
_PEOPLE = Classes((5, 25, 100, 500, 2500, 10_000), _YLGNBU_7)
_DWELLINGS = Classes((5, 25, 100, 500, 2500, 10_000), _ORANGES_7)
_ADDRESSES = Classes((5, 25, 100, 500, 2500), _PURPLES_6)
_FLOOR = Classes((1000, 5000, 25_000, 100_000, 500_000), _YLORBR_6)
#: CBS: the borders of the five classes of urbanity.
_URBANITY = Classes((500, 1000, 1500, 2500), _PURPLES_5)
_INTENSITY = Classes((0.1, 0.25, 0.5, 0.75, 1, 1.5), _ORANGES_7)
_SHARE = (0.05, 0.2, 0.4, 0.6)
_FIFTHS = (0.2, 0.4, 0.6, 0.8)
#: Share of the dwellings that reach something: none, some, half, most, all; one scale for stations and for green.
_REACHED = (0.05, 0.25, 0.5, 0.75, 0.95)
_COVERAGE = Classes((0.5, 0.8, 0.95, 0.99), _GREYS_5)

#: Column -> its classes, for every column that a map can show.
CLASSES: Mapping[str, Classes] = {
    "inhabitants_count": _PEOPLE,
    "inhabitants_low_count": _PEOPLE,
    "inhabitants_high_count": _PEOPLE,
    "inhabitants_per_km2": Classes((250, 1000, 2500, 5000, 7500, 10_000), _YLGNBU_7),
    "dwellings_count": _DWELLINGS,
    "dwellings_per_ha": Classes((5, 10, 20, 35, 50, 75), _ORANGES_7),
    "addresses_count": _ADDRESSES,
    "addresses_per_km2": _URBANITY,
    "oad_per_km2": _URBANITY,
    "footprint_area_m2": _FLOOR,
    "floor_area_usable_m2": _FLOOR,
    "floor_area_gross_m2": _FLOOR,
    "fsi_usable": _INTENSITY,
    "fsi_gross": _INTENSITY,
    "gsi": Classes((0.05, 0.1, 0.2, 0.3, 0.5), _PURPLES_6),
    "building_layers": Classes((1, 1.5, 2, 3, 5), _YLGNBU_6),
    # Each class holds twice the open space of the one before; the greener the more. Blocks lie below 2, whole
    # neighbourhoods with their streets and parks above.
    "osr": Classes((0.5, 1, 2, 4, 8), _YLGN_6),
    "floor_area_coverage_share": _COVERAGE,
    "mxi": Classes((0.05, 0.2, 0.4, 0.6, 0.8, 0.95), _RDBU_7),
    "mixedness": Classes(_FIFTHS, _PURPLES_5),
    # 50, 75, 150: borders of the classes of size that CBS publishes; between 75 and 150 there are most.
    "usable_area_m2_per_dwelling": Classes((50, 75, 90, 110, 150, 200), _BUPU_7),
    # The Netherlands as a whole are at about a fifth.
    "age_65_plus_share": Classes((0.1, 0.15, 0.2, 0.25, 0.3), _RDPU_6),
    # 10,000 m² per ha is an FSI of 1 of work alone.
    "floor_area_work_m2_per_ha": Classes((100, 500, 1000, 2500, 5000, 10_000), _YLORBR_7),
    "jobs_estimate_per_ha": Classes((5, 10, 25, 50, 100, 200), _REDS_7),
    # Near is strong: the question is what lies close to it, and so the map agrees with that of the share within
    # reach, where high is strong. 400, 800 and 1,200 m are the usual rings on foot, 3,000 m the one by bike.
    "station_walk_distance_m": Classes((400, 800, 1200, 2000, 3000), tuple(reversed(_PUBU_6))),
    "dwellings_walk_800m_share": Classes(_REACHED, _PUBU_6),
    # 300 m: the last figure of 3-30-300.
    "green_walk_distance_m": Classes((100, 200, 300, 500, 1000), tuple(reversed(_YLGN_6))),
    "dwellings_green_300m_share": Classes(_REACHED, _YLGN_6),
    "ground_green_share": Classes((0.1, 0.2, 0.4, 0.6, 0.8), _YLGN_6),
    "ground_paved_share": Classes((0.1, 0.2, 0.3, 0.4, 0.6), _GREYS_6),
    # 0.3: the middle figure of 3-30-300; most of a town lies below 0.2.
    "tree_canopy_share": Classes((0.05, 0.1, 0.15, 0.2, 0.3), _GREENS_6),
    "land_use_traffic_share": Classes(_SHARE, _GREYS_5),
    "land_use_built_up_share": Classes((0.05, 0.2, 0.4, 0.6, 0.8), _ORANGES_6),
    "land_use_semi_built_share": Classes(_SHARE, _PURPLES_5),
    "land_use_recreation_share": Classes(_SHARE, _YLGN_5),
    "land_use_agriculture_share": Classes(_SHARE, _YLGN_5),
    "land_use_nature_share": Classes(_SHARE, _YLGN_5),
    "land_use_inland_water_share": Classes(_SHARE, _BLUES_5),
    "land_use_outer_water_share": Classes(_SHARE, _BLUES_5),
    "land_use_abroad_share": Classes(_SHARE, _GREYS_5),
    "land_use_coverage_share": _COVERAGE,
    "land_use_entropy": Classes(_FIFTHS, _YLGNBU_5),
}

#: Change between two years in percent of the first (ColorBrewer PuOr): less is orange, more is purple, and within
#: two percent neither. Fixed, so that a small change looks small on every map.
CHANGE = Classes(
    (-20, -10, -2, 2, 10, 20),
    ("#b35806", "#f1a340", "#fee0b6", "#f7f7f7", "#d8daeb", "#998ec3", "#542788"),
)

#: Year of construction: old is warm, young is cool. Borders where Dutch building practice changed.
CONSTRUCTION = Classes(
    (1900, 1930, 1945, 1960, 1975, 1990, 2005),
    ("#911c3c", "#c8553d", "#e8a13a", "#f4dc8b", "#b2e5bc", "#6baed6", "#4362bb", "#54397f"),
)

#: What stands above the ground, m: a shrub, a storey, a house, a block, a tower.
OBJECT_HEIGHT = Classes((0.5, 2.5, 6, 12, 20, 35), _BUPU_7)
#: Height of a building, m, from ground to roof: borders of about one, two, four, seven and twelve storeys.
BUILDING_HEIGHT = Classes((4, 7, 13, 20, 35), _YLORBR_7[1:])
#: Share of a cell that lies under the crowns of trees.
CANOPY = Classes((0.05, 0.25, 0.5, 0.75), _YLGN_5)

#: Densities as surfaces, per ha, by the name of their amount: the classes of the maps.
SURFACES: Mapping[str, Classes] = {
    "woningen": CLASSES["dwellings_per_ha"],
    "inwoners": Classes(tuple(b / 100 for b in CLASSES["inhabitants_per_km2"].breaks), CLASSES["inhabitants_per_km2"].colours),
    "vloeroppervlak": Classes(tuple(b * 10_000 for b in _INTENSITY.breaks), _INTENSITY.colours),
}


def construction_legend(language: Language) -> list[tuple[str, str]]:
    """Label and colour of each class of years; years are written without a separator."""
    first, *_, last = [f"{b:.0f}" for b in CONSTRUCTION.breaks]
    between = [f"{a:.0f}–{b - 1:.0f}" for a, b in itertools.pairwise(CONSTRUCTION.breaks)]
    before, after = Text(f"voor {first}", f"before {first}"), Text(f"{last} en later", f"{last} and later")
    return list(zip([before.in_(language), *between, after.in_(language)], CONSTRUCTION.colours, strict=True))


#: Inhabitants of a square of 100 m, which is a hectare.
SQUARE = Classes((15, 30, 60, 90, 150), _YLGNBU_6)

#: Inhabitants of a square of 500 m: the same density in the same colour.
LARGE_SQUARE = Classes(tuple(25 * b for b in SQUARE.breaks), SQUARE.colours)

#: Main groups of the Bestand Bodemgebruik: first digit of its two-digit class.
LAND_USE: tuple[Category, ...] = (
    Category(Text("Verkeer", "Traffic"), "#8b8f94", (1,)),
    Category(Text("Bebouwd", "Built-up"), "#e53e42", (2,)),
    Category(Text("Semi-bebouwd", "Semi built-up"), "#9a6fad", (3,)),
    Category(Text("Recreatie", "Recreation"), "#b0d26e", (4,)),
    Category(Text("Agrarisch", "Agriculture"), "#fff7bb", (5,)),
    Category(Text("Bos en natuur", "Woodland and nature"), "#3ca059", (6,)),
    Category(Text("Binnenwater", "Inland water"), "#9ccbee", (7,)),
    Category(Text("Buitenwater", "Outer water"), "#4e67d2", (8,)),
    Category(Text("Buitenland", "Abroad"), "#daffe3", (9,)),
)

#: BAG use of an address with one use; those with more are `MIXED_USE`.
USE: tuple[Category, ...] = (
    Category(Text("Wonen", "Dwelling"), "#ecb13a", ("woonfunctie",)),
    Category(Text("Kantoor", "Office"), "#457cac", ("kantoorfunctie",)),
    Category(Text("Winkel", "Shop"), "#9f1f59", ("winkelfunctie",)),
    Category(Text("Industrie", "Industry"), "#5439a9", ("industriefunctie",)),
    Category(
        Text("Voorzieningen", "Amenities"), "#19c67d",
        ("bijeenkomstfunctie", "celfunctie", "gezondheidszorgfunctie", "logiesfunctie", "onderwijsfunctie", "sportfunctie"),
    ),
)  # fmt: skip
MIXED_USE = Category(Text("Meer functies", "More than one use"), "#83652c")
OTHER_USE = Category(Text("Overig", "Other"), "#c3c8cf")

#: A shed or a garage: a pand without verblijfsobject has no use in the BAG.
NO_ADDRESS = Category(Text("Geen adres (schuur, garage)", "No address (shed, garage)"), "#8f989e")

#: What the use of a pand can be, in the order of a legend.
PAND_USE: tuple[Category, ...] = (*USE, MIXED_USE, OTHER_USE, NO_ADDRESS)


def pand_use(use: str) -> int:
    """Give the position in `PAND_USE` of the uses of a pand, comma-separated as in the BAG; '' for none.

    A use that the BAG might come to name, and that is in no category, is `OTHER_USE`.
    """
    named = {word.strip() for word in use.split(",")} - {""}
    if not named:
        return PAND_USE.index(NO_ADDRESS)
    if len(named) > 1:
        return PAND_USE.index(MIXED_USE)
    return PAND_USE.index(next((category for category in USE if named <= set(category.values)), OTHER_USE))


#: BGT, begroeid terreindeel: what grows there.
GREEN: tuple[Category, ...] = (
    Category(Text("Bos en houtwal", "Woodland"), "#3f7f4f", ("loofbos", "gemengd bos", "naaldbos", "houtwal")),
    Category(Text("Struiken en heide", "Shrubs and heath"), "#8a9a48", ("struiken", "heide")),
    Category(Text("Groenvoorziening", "Public green"), "#9cc07e", ("groenvoorziening",)),
    Category(Text("Gras", "Grass"), "#e0f6c9", ("grasland overig", "grasland agrarisch")),
    Category(Text("Akker en teelt", "Fields and orchards"), "#f6e293", ("bouwland", "boomteelt", "fruitteelt")),
    Category(Text("Riet, moeras en duin", "Reed, marsh and dune"), "#63a5a1", ("rietland", "moeras", "kwelder", "duin")),
    Category(Text("Overig", "Other"), "#cec9c9"),
)  # fmt: skip
#: BGT, onbegroeid terreindeel: yards, and what paves the rest.
BARE: tuple[Category, ...] = (
    Category(Text("Erf", "Yard"), "#fff3df", ("erf",)),
    Category(Text("Verhard", "Paved"), "#a9a5a5", ("gesloten verharding", "open verharding")),
    Category(Text("Half verhard en onverhard", "Gravel and unpaved"), "#c9ac7b", ("half verhard", "onverhard")),
    Category(Text("Zand", "Sand"), "#fbdd76", ("zand",)),
    Category(Text("Overig", "Other"), "#c9d4d3"),
)  # fmt: skip
#: BGT, wegdeel: for whom it is.
ROAD: tuple[Category, ...] = (
    Category(Text("Autosnelweg en autoweg", "Motorway"), "#4b5460", ("rijbaan autosnelweg", "rijbaan autoweg")),
    Category(Text("Regionale weg", "Regional road"), "#83939b", ("rijbaan regionale weg",)),
    Category(Text("Lokale weg, woonerf en inrit", "Local road and drive"), "#cad0d0", ("rijbaan lokale weg", "woonerf", "inrit")),
    Category(Text("Fietspad", "Cycle path"), "#d37060", ("fietspad",)),
    Category(Text("Voetpad en voetgangersgebied", "Footpath and pedestrian area"), "#faebd5", ("voetpad", "voetpad op trap", "voetgangersgebied")),
    Category(Text("Parkeervlak", "Parking"), "#a992c4", ("parkeervlak",)),
    Category(Text("Spoorbaan, overweg en OV-baan", "Track bed, crossing and busway"), "#735a8e", ("spoorbaan", "overweg", "OV-baan")),
    Category(Text("Overig", "Other"), "#c3a256"),
)  # fmt: skip
#: BGT, ondersteunend wegdeel: a verge is green as a rule.
VERGE: tuple[Category, ...] = (
    Category(Text("Berm", "Verge"), "#cfe6a8", ("berm",)),
    Category(Text("Verkeerseiland en overig", "Traffic island and other"), "#a9a5a5"),
)
#: NWB: whose road it is; the letters are the register's.
AUTHORITY: tuple[Category, ...] = (
    Category(Text("Rijk", "State"), "#a8322a", ("R",)),
    Category(Text("Provincie", "Province"), "#e3922f", ("P",)),
    Category(Text("Gemeente", "Municipality"), "#66717b", ("G",)),
    Category(Text("Waterschap en anderen", "Water board and others"), "#aab4bd"),
)
