"""Land use by the CBS Bestand Bodemgebruik (BBG): main groups, classes, and how mixed they are.

What lies at the ground and takes most of a place, drawn from about 1 ha on, so small plots take the use of what lies
around them. CBS warns against comparing the files of separate years, in which earlier errors were never mended: a
change is read from its newest mutation file. Nor are the old method (to 2017) and the new one (from 2020) to be laid
beside each other: each has columns of its own.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd

from ..contract import SourceError, Text
from ..overlap import area_parts
from .declaration import Indicator, Measure, Rows, Sum
from .tables import per_unit, ratio, weighed_per_unit


class LandUseGroup(NamedTuple):
    """A main group: the codes from `first` to `last`; `mixes` where it takes part in the measures of mix."""

    name: str
    first: int
    last: int
    mixes: bool
    text: Text


class LandUseClass(NamedTuple):
    """A class of the old method."""

    code: int
    name: str
    text: Text


#: CBS, Classificatie bodemgebruik 2000.
GROUPS = (
    LandUseGroup("traffic", 10, 12, True, Text("verkeer", "traffic")),
    LandUseGroup("built_up", 20, 24, True, Text("bebouwd", "built-up")),
    LandUseGroup("semi_built", 30, 35, True, Text("semi-bebouwd", "semi-built")),
    LandUseGroup("recreation", 40, 44, True, Text("recreatie", "recreation")),
    LandUseGroup("agriculture", 50, 51, True, Text("agrarisch", "agriculture")),
    LandUseGroup("nature", 60, 62, True, Text("bos en natuur", "woodland and nature")),
    LandUseGroup("inland_water", 70, 78, False, Text("binnenwater", "inland water")),
    LandUseGroup("outer_water", 80, 83, False, Text("buitenwater", "outer water")),
    LandUseGroup("abroad", 90, 90, False, Text("buitenland", "abroad")),
)
#: The new method: the same groups with other classes in them (13 metro, 36 solar park, 52 field, 63 grassland …), of
#: which CBS publishes the names in a style file only.
NEW_GROUPS = tuple(g._replace(first=d, last=d + 9) for d, g in zip(range(10, 100, 10), GROUPS, strict=True))
#: CBS, Classificatie bodemgebruik 2000.
CLASSES = (
    LandUseClass(10, "railway", Text("spoorterrein", "railway")),
    LandUseClass(11, "main_road", Text("hoofdweg", "main road")),
    LandUseClass(12, "airport", Text("vliegveld", "airport")),
    LandUseClass(20, "residential", Text("woongebied", "residential")),
    LandUseClass(21, "retail", Text("detailhandel en horeca", "shops, hotels and catering")),
    LandUseClass(22, "public", Text("openbare voorziening", "public services")),
    LandUseClass(23, "social", Text("sociaal-culturele voorziening", "social and cultural services")),
    LandUseClass(24, "business", Text("bedrijfsterrein", "business estate")),
    LandUseClass(30, "landfill", Text("stortplaats", "landfill")),
    LandUseClass(31, "scrapyard", Text("wrakkenopslagplaats", "scrapyard")),
    LandUseClass(32, "cemetery", Text("begraafplaats", "cemetery")),
    LandUseClass(33, "extraction", Text("delfstofwinplaats", "mineral extraction")),
    LandUseClass(34, "building_site", Text("bouwterrein", "building site")),
    LandUseClass(35, "semi_paved", Text("semi-verhard overig terrein", "other semi-paved ground")),
    LandUseClass(40, "park", Text("park en plantsoen", "park and public garden")),
    LandUseClass(41, "sports", Text("sportterrein", "sports ground")),
    LandUseClass(42, "allotment", Text("volkstuin", "allotments")),
    LandUseClass(43, "day_recreation", Text("dagrecreatief terrein", "day recreation")),
    LandUseClass(44, "holiday", Text("verblijfsrecreatie", "holiday recreation")),
    LandUseClass(50, "greenhouse", Text("glastuinbouw", "greenhouses")),
    LandUseClass(51, "farmland", Text("overig agrarisch gebruik", "other agriculture")),
    LandUseClass(60, "woodland", Text("bos", "woodland")),
    LandUseClass(61, "dry_nature", Text("open droog natuurlijk terrein", "open dry nature")),
    LandUseClass(62, "wet_nature", Text("open nat natuurlijk terrein", "open wet nature")),
    LandUseClass(70, "ijsselmeer", Text("IJsselmeer en Markermeer", "IJsselmeer and Markermeer")),
    LandUseClass(71, "closed_estuary", Text("afgesloten zeearm", "closed estuary")),
    LandUseClass(72, "rhine_meuse", Text("Rijn en Maas", "Rhine and Meuse")),
    LandUseClass(73, "border_lake", Text("randmeer", "border lake")),
    LandUseClass(74, "reservoir", Text("spaarbekken", "reservoir")),
    LandUseClass(75, "recreational_water", Text("water met recreatieve functie", "recreational water")),
    LandUseClass(76, "extraction_water", Text("water met delfstofwinfunctie", "water with mineral extraction")),
    LandUseClass(77, "sludge_field", Text("vloei- of slibveld", "sewage or sludge field")),
    LandUseClass(78, "other_water", Text("overig binnenwater", "other inland water")),
    LandUseClass(80, "wadden_sea", Text("Waddenzee, Eems en Dollard", "Wadden Sea, Ems and Dollart")),
    LandUseClass(81, "eastern_scheldt", Text("Oosterschelde", "Eastern Scheldt")),
    LandUseClass(82, "western_scheldt", Text("Westerschelde", "Western Scheldt")),
    LandUseClass(83, "north_sea", Text("Noordzee", "North Sea")),
    LandUseClass(90, "foreign", Text("buitenland", "foreign country")),
)


def land_use_parts(bodemgebruik: gpd.GeoDataFrame, units: gpd.GeoDataFrame) -> pd.DataFrame:
    """Give each area of the BBG in each unit: ``subject``, ``unit``, ``area_m2``, as `overlap.area_parts`."""
    return area_parts(bodemgebruik.geometry, units.geometry)


def land_use_shares(land_use_parts: pd.DataFrame) -> pd.DataFrame:
    """Give each area of the BBG as a share of the part of the unit that the BBG covers: ``subject``, ``unit``, ``share``."""
    return _shares(land_use_parts)


def land_use_weights(bodemgebruik: gpd.GeoDataFrame) -> pd.DataFrame:
    """Say of each area of the BBG which class it is.

    Returns
    -------
    DataFrame
        Index as ``bodemgebruik``, one column per class by its name, 1 where it is that class, else 0.

    Raises
    ------
    SourceError
        When a code belongs to no main group of the old method.
    """
    _known("bodemgebruik", bodemgebruik["bbg_code"], GROUPS, "give an edition of the old method (to 2017)")
    of_code = {c.name: bodemgebruik["bbg_code"] == c.code for c in CLASSES}
    return pd.DataFrame(of_code, index=bodemgebruik.index).astype("float64")


def land_use_in_units(
    land_use_shares: pd.DataFrame, land_use_weights: pd.DataFrame, units: gpd.GeoDataFrame
) -> pd.DataFrame:
    """Share of each class in the part of each unit that the BBG covers.

    Returns
    -------
    DataFrame
        Index as ``units``, one column per class by its name, 0..1, together 1; NaN for a unit without any cover.
    """
    return weighed_per_unit(land_use_shares, "share", land_use_weights, units.index)


def land_use_new_parts(bodemgebruik_nieuw: gpd.GeoDataFrame, units: gpd.GeoDataFrame) -> pd.DataFrame:
    """Give each area of the new BBG in each unit: ``subject``, ``unit``, ``area_m2``, as `overlap.area_parts`."""
    return area_parts(bodemgebruik_nieuw.geometry, units.geometry)


def land_use_new_shares(land_use_new_parts: pd.DataFrame) -> pd.DataFrame:
    """Give each area as a share of the part of the unit that the new BBG covers: ``subject``, ``unit``, ``share``."""
    return _shares(land_use_new_parts)


def land_use_new_weights(bodemgebruik_nieuw: gpd.GeoDataFrame) -> pd.DataFrame:
    """Say of each area of the new BBG in which main group it is: 1 or 0, one column per group, index as the source.

    Raises
    ------
    SourceError
        When a code belongs to no main group.
    """
    code = bodemgebruik_nieuw["nbbg_code"]
    _known("bodemgebruik_nieuw", code, NEW_GROUPS, "give an edition of the new method (from 2020)")
    of_group = {g.name: code.between(g.first, g.last) for g in NEW_GROUPS}
    return pd.DataFrame(of_group, index=bodemgebruik_nieuw.index).astype("float64")


def _shares(parts: pd.DataFrame) -> pd.DataFrame:
    covered = parts.groupby("unit")["area_m2"].transform("sum")
    return parts[["subject", "unit"]].assign(share=parts["area_m2"] / covered)


def _known(source: str, code: pd.Series, groups: Iterable[LandUseGroup], advice: str) -> None:
    """Refuse a code of no main group."""
    known = pd.concat([code.between(g.first, g.last) for g in groups], axis=1).any(axis=1)
    if (odd := code[~known]).empty:
        return
    ranges = ", ".join(f"{g.first}–{g.last}" if g.first < g.last else str(g.first) for g in groups)
    msg = (
        f"{source}: {len(odd)} of {len(code)} polygons have a code outside the main groups of the BBG, "
        f"first {odd.iloc[0]} at {odd.index[0]!r}; expected {ranges}; {advice}"
    )
    raise SourceError(msg)


def _covered(units: gpd.GeoDataFrame, parts: pd.DataFrame, prefix: str) -> dict[str, pd.Series]:
    area = per_unit(parts["area_m2"], parts["unit"], units.index)
    return {f"{prefix}_covered_area_m2": area, f"{prefix}_coverage_share": ratio(area, units["area_m2"])}


def land_use(units: gpd.GeoDataFrame, land_use_parts: pd.DataFrame, land_use_in_units: pd.DataFrame) -> pd.DataFrame:
    """Share of each main group in the part of the unit that the BBG covers, and that part in the whole.

    Returns
    -------
    DataFrame
        ``land_use_<group>_share`` (0..1, together 1; NaN for a unit without any cover),
        ``land_use_covered_area_m2`` (0 without cover) and ``land_use_coverage_share`` (0 without cover .. 1; NaN for a
        unit without area).

    Notes
    -----
    Source: CBS Bestand Bodemgebruik, old method (to 2017). Most classes are drawn from 1 ha on, so small plots take
    the use of what lies around them. Files of separate editions are not to be compared (CBS): a difference between
    two is partly a correction.
    """
    shares = {f"land_use_{g.name}_share": land_use_in_units[_names(g)].sum(axis=1, skipna=False) for g in GROUPS}
    return pd.DataFrame({**shares, **_covered(units, land_use_parts, "land_use")}, index=units.index)


def land_use_classes(land_use_in_units: pd.DataFrame) -> pd.DataFrame:
    """Share of each class in the part of the unit that the BBG covers.

    Returns
    -------
    DataFrame
        ``land_use_class_<class>_share`` for the 38 classes in `CLASSES`: 0..1, together 1; NaN for a unit without any
        cover.

    Notes
    -----
    Source: CBS Bestand Bodemgebruik, old method (to 2017), Classificatie bodemgebruik 2000. The least size of an area
    is 1 ha for most classes, 0.5 ha for sports grounds and extraction, 0.1 ha for cemeteries, allotments and
    scrapyards, none for rail, main roads and large waters. Files of separate editions are not to be compared (CBS).
    """
    return land_use_in_units.rename(columns=lambda name: f"land_use_class_{name}_share")


def land_use_mix(land_use_in_units: pd.DataFrame) -> pd.DataFrame:
    """How mixed the land use in the unit is, over the six groups of land.

    p is the share within those six (traffic, built-up, semi-built, recreation, agriculture, nature), and 6 is
    fixed, however many are present. Water and abroad take no part.

    Returns
    -------
    DataFrame
        ``land_use_entropy``: -Σ p ln p / ln 6, 0 one group only .. 1 all six equal; NaN for a unit without such land.
        ``land_use_hhi``: Σ p² (Herfindahl–Hirschman), 1/6 all six equal .. 1 one group only; NaN likewise.

    Notes
    -----
    Source: land-use mix score LUM, as the Fenland Study documents it (LUM_entropy_score); the Herfindahl–Hirschman
    index of concentration as landusemix has it. Both depend on how many groups there are, so they are not to be laid
    beside figures over other groups.
    """
    land = pd.DataFrame({g.name: land_use_in_units[_names(g)].sum(axis=1, skipna=False) for g in GROUPS if g.mixes})
    p = land.div(land.sum(axis=1).where(lambda s: s > 0, np.nan), axis=0)
    terms = p * np.log((1 / p).where(p > 0, 1.0))
    return pd.DataFrame(
        {
            "land_use_entropy": terms.sum(axis=1, skipna=False) / math.log(len(_MIXING)),
            "land_use_hhi": (p**2).sum(axis=1, skipna=False),
        }
    )


def land_use_new(
    units: gpd.GeoDataFrame,
    land_use_new_parts: pd.DataFrame,
    land_use_new_shares: pd.DataFrame,
    land_use_new_weights: pd.DataFrame,
) -> pd.DataFrame:
    """Share of each main group in the part of the unit that the BBG of the new method covers, and that in the whole.

    Returns
    -------
    DataFrame
        ``land_use_new_<group>_share`` (0..1, together 1; NaN for a unit without any cover),
        ``land_use_new_covered_area_m2`` (0 without cover) and ``land_use_new_coverage_share`` (0 without cover .. 1; NaN
        for a unit without area).

    Notes
    -----
    Source: CBS Bestand Bodemgebruik, new method (from 2020), made of BAG, BGT and BRT; the main group is the first
    digit of the code. Not to be compared with the old method: that draws by hand and from other sources.
    """
    found = weighed_per_unit(land_use_new_shares, "share", land_use_new_weights, units.index)
    shares = found.rename(columns=lambda name: f"land_use_new_{name}_share")
    return pd.DataFrame({**shares, **_covered(units, land_use_new_parts, "land_use_new")}, index=units.index)


_MIXING = [g.name for g in GROUPS if g.mixes]


def _names(group: LandUseGroup) -> list[str]:
    """Names of the classes of a group."""
    return [c.name for c in CLASSES if group.first <= c.code <= group.last]


def _group_share(group: LandUseGroup) -> Measure:
    nl, en = group.text
    return Measure(
        f"land_use_{group.name}_share", "float64", "share", "intensive",
        Text(f"Bodemgebruik: {nl}", f"Land use: {en}"),
        Text(f"Deel van het gebied (voor zover het BBG het dekt) met hoofdgroep {nl}; leeg zonder dekking.",
             f"Share of the unit (as far as the BBG covers it) in main group {en}; NaN without cover."),
        formula=" + ".join(f"land_use_class_{name}_share" for name in _names(group)),
        coverage="land_use_coverage_share", missing="not_covered",
    )  # fmt: skip


def _class_share(of: LandUseClass) -> Measure:
    nl, en = of.text
    return Measure(
        f"land_use_class_{of.name}_share", "float64", "share", "intensive",
        Text(f"Bodemgebruik: {nl} (klasse)", f"Land use: {en} (class)"),
        Text(f"Deel van het gebied (voor zover het BBG het dekt) met klasse {of.code}, {nl}; leeg zonder dekking.",
             f"Share of the unit (as far as the BBG covers it) in class {of.code}, {en}; NaN without cover."),
        rows=Rows("bodemgebruik", "land_use_shares", "land_use_weights", of.name),
        coverage="land_use_coverage_share", missing="not_covered",
    )  # fmt: skip


def _new_share(group: LandUseGroup) -> Measure:
    nl, en = group.text
    return Measure(
        f"land_use_new_{group.name}_share", "float64", "share", "intensive",
        Text(f"Bodemgebruik, nieuwe methode: {nl}", f"Land use, new method: {en}"),
        Text(f"Deel van het gebied (voor zover het nieuwe BBG het dekt) met hoofdgroep {nl}; leeg zonder dekking; niet te vergelijken met de oude methode.",
             f"Share of the unit (as far as the new BBG covers it) in main group {en}; NaN without cover; not comparable with the old method."),
        rows=Rows("bodemgebruik_nieuw", "land_use_new_shares", "land_use_new_weights", group.name),
        coverage="land_use_new_coverage_share", missing="not_covered",
    )  # fmt: skip


def _coverage(source: str, prefix: str, nl: str, en: str) -> tuple[Measure, Measure]:
    return (
        Measure(f"{prefix}_covered_area_m2", "float64", "m²", "extensive",
                Text(f"{nl}: gedekt, oppervlakte", f"{en}: covered, area"),
                Text("Oppervlakte die het Bestand Bodemgebruik dekt; 0 waar het niets dekt.",
                     "Area that the Bestand Bodemgebruik covers; 0 where it covers nothing."),
                rows=Rows(source, f"{prefix}_parts")),
        Measure(f"{prefix}_coverage_share", "float64", "share", "intensive", Text(f"{nl}: dekking", f"{en}: coverage"),
                Text("Deel van het gebied dat het Bestand Bodemgebruik dekt.",
                     "Share of the unit that the Bestand Bodemgebruik covers."),
                formula=f"{prefix}_covered_area_m2 / area_m2", missing="no_area"),
    )  # fmt: skip


_LAND = " + ".join(f"land_use_{name}_share" for name in _MIXING)
_SQUARES = " + ".join(f"land_use_{name}_share ** 2" for name in _MIXING)

TABLES = (
    land_use_parts,
    land_use_shares,
    land_use_weights,
    land_use_in_units,
    land_use_new_parts,
    land_use_new_shares,
    land_use_new_weights,
)

INDICATORS = (
    Indicator(
        land_use,
        (*(_group_share(g) for g in GROUPS), *_coverage("bodemgebruik", "land_use", "Bodemgebruik", "Land use")),
        Text("Bodemgebruik", "Land use"),
        sums=(Sum(tuple(f"land_use_{g.name}_share" for g in GROUPS)),),
    ),
    Indicator(
        land_use_classes,
        tuple(_class_share(c) for c in CLASSES),
        Text("Bodemgebruik, klassen", "Land use, classes"),
        sums=(Sum(tuple(f"land_use_class_{c.name}_share" for c in CLASSES)),),
    ),
    Indicator(
        land_use_mix,
        (
            Measure("land_use_entropy", "float64", "index", "intensive", Text("Menging van bodemgebruik", "Land-use mix"),
                    Text("Entropie over zes groepen land (verkeer, bebouwd, semi-bebouwd, recreatie, agrarisch, bos en natuur): 0 één groep, 1 alle zes gelijk; leeg zonder zulk land.",
                         "Entropy over six groups of land (traffic, built-up, semi-built, recreation, agriculture, nature): 0 one group, 1 all six equal; NaN without such land."),
                    how=Text("−Σ p ln p / ln 6, met p het deel van elke groep in de zes samen; een groep die er niet is telt 0.",
                             "−Σ p ln p / ln 6, with p the share of each group in the six together; a group that is not there counts 0."),
                    coverage="land_use_coverage_share", missing="no_such_land"),
            Measure("land_use_hhi", "float64", "index", "intensive", Text("Overheersing van bodemgebruik (HHI)", "Concentration of land use (HHI)"),
                    Text("Herfindahl-Hirschman-index over dezelfde zes groepen land: som van de kwadraten van hun delen, 1/6 alle zes gelijk, 1 één groep; leeg zonder zulk land.",
                         "Herfindahl–Hirschman index over the same six groups of land: sum of the squares of their shares, 1/6 all six equal, 1 one group; NaN without such land."),
                    formula=f"({_SQUARES}) / ({_LAND}) ** 2",
                    coverage="land_use_coverage_share", missing="no_such_land"),
        ),
        Text("Menging van bodemgebruik", "Land-use mix"),
    ),
    Indicator(
        land_use_new,
        (
            *(_new_share(g) for g in NEW_GROUPS),
            *_coverage("bodemgebruik_nieuw", "land_use_new", "Bodemgebruik, nieuwe methode", "Land use, new method"),
        ),
        Text("Bodemgebruik, nieuwe methode", "Land use, new method"),
        sums=(Sum(tuple(f"land_use_new_{g.name}_share" for g in NEW_GROUPS)),),
    ),
)  # fmt: skip
