"""What covers the ground, by the BGT: green, water, paved, built, bare, and yards of which it is not known.

At level 0 the areas of the BGT divide the ground among them, without gaps and without overlaps (Gegevenscatalogus
BGT, Topologie). Where a source holder drew two on the same ground all the same, it counts once. What lies above (a
bridge deck, a car park on a deck) or below (a tunnel) is left out.

A yard ("erf") is what belongs to a building and is not surveyed further: a mixture of plants, paving and water. So
the share that is paved, and the share that is green, lies between two bounds: none of the yards and all of them.
"""

from __future__ import annotations

from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import pandas as pd

from ..contract import Text
from ..overlap import apart, area_parts
from .declaration import Indicator, Measure, Rows, Sum
from .tables import ratio, weighed_per_unit

#: What the ground can be, in the order of the columns.
KINDS: Mapping[str, Text] = {
    "green": Text("groen", "green"),
    "water": Text("water", "water"),
    "paved": Text("verhard", "paved"),
    "built": Text("bebouwd", "built"),
    "bare": Text("kaal", "bare"),
    "yard": Text("erf", "yard"),
    "other": Text("onbekend", "unknown"),
}
#: Less of a unit than this, and its net area is not said.
COVERED_ENOUGH = 0.99
#: A part of a road on which cars are parked, as the BGT spells its function.
_CAR_PARK = "parkeervlak"

# The words of the Gegevenscatalogus BGT 1.2. A word that is not there ("transitie", or none) makes ground of unknown
# kind, which is a column of its own and stands in both bounds.
_SURFACE = {
    "gesloten verharding": "paved", "open verharding": "paved", "half verhard": "paved",
    "onverhard": "bare", "zand": "bare", "groenvoorziening": "green", "erf": "yard",
}  # fmt: skip
_PLANTS = dict.fromkeys(
    ("loofbos", "gemengd bos", "naaldbos", "heide", "struiken", "houtwal", "duin", "moeras", "rietland", "kwelder",
     "fruitteelt", "boomteelt", "bouwland", "grasland agrarisch", "grasland overig", "groenvoorziening"),
    "green",
)  # fmt: skip
#: Collection -> its column with the word, the kind of each word, and the kind of every other word. What stands on the
#: ground comes first: where two lie on the same ground, the first has it.
_COLLECTIONS: Mapping[str, tuple[str, Mapping[str, str], str]] = {
    "bgt_pand": ("", {}, "built"),
    "bgt_overigbouwwerk": ("type", {"bassin": "water"}, "built"),
    "bgt_kunstwerkdeel": ("type", dict.fromkeys(("perron", "steiger", "strekdam"), "paved"), "built"),
    "bgt_scheiding": ("", {}, "built"),
    "bgt_waterdeel": ("", {}, "water"),
    "bgt_wegdeel": ("cover", _SURFACE, "other"),
    "bgt_ondersteunendwegdeel": ("cover", _SURFACE, "other"),
    "bgt_ondersteunendwaterdeel": ("type", {"oever, slootkant": "green", "slik": "bare"}, "other"),
    "bgt_begroeidterreindeel": ("cover", _PLANTS, "other"),
    "bgt_onbegroeidterreindeel": ("cover", _SURFACE, "other"),
}


def ground(
    bgt_pand: gpd.GeoDataFrame,
    bgt_overigbouwwerk: gpd.GeoDataFrame,
    bgt_kunstwerkdeel: gpd.GeoDataFrame,
    bgt_scheiding: gpd.GeoDataFrame,
    bgt_waterdeel: gpd.GeoDataFrame,
    bgt_wegdeel: gpd.GeoDataFrame,
    bgt_ondersteunendwegdeel: gpd.GeoDataFrame,
    bgt_ondersteunendwaterdeel: gpd.GeoDataFrame,
    bgt_begroeidterreindeel: gpd.GeoDataFrame,
    bgt_onbegroeidterreindeel: gpd.GeoDataFrame,
) -> gpd.GeoDataFrame:
    """Give the ground at level 0, each piece of it once.

    Where two areas overlap, the common part stays with what stands on the ground before what lies there (the order
    of the parameters), and within a collection with the first by its key. What lies wholly under others is not there.

    Returns
    -------
    GeoDataFrame
        Index ``<collection>:<key>``, as ``bgt_wegdeel:G0153.…``; ``kind`` (a key of `KINDS`), ``function`` (of parts of
        roads, as the BGT spells it, '' elsewhere), Polygon or MultiPolygon. Areas add up to that of their union.
    """
    layers = {
        "bgt_pand": bgt_pand,
        "bgt_overigbouwwerk": bgt_overigbouwwerk,
        "bgt_kunstwerkdeel": bgt_kunstwerkdeel,
        "bgt_scheiding": bgt_scheiding,
        "bgt_waterdeel": bgt_waterdeel,
        "bgt_wegdeel": bgt_wegdeel,
        "bgt_ondersteunendwegdeel": bgt_ondersteunendwegdeel,
        "bgt_ondersteunendwaterdeel": bgt_ondersteunendwaterdeel,
        "bgt_begroeidterreindeel": bgt_begroeidterreindeel,
        "bgt_onbegroeidterreindeel": bgt_onbegroeidterreindeel,
    }
    made = []
    for name, (column, kinds, rest) in _COLLECTIONS.items():
        here = layers[name][layers[name]["level"] == 0].sort_index()
        words = here[column] if column else pd.Series("", index=here.index)
        made.append(
            pd.DataFrame(
                {
                    "kind": [kinds.get(word, rest) for word in words],
                    "function": here["function"].to_numpy() if name == "bgt_wegdeel" else "",
                    "geometry": here.geometry.to_numpy(),
                },
                index=[f"{name}:{key}" for key in here.index],
            )
        )
    table = pd.concat(made)
    table["geometry"] = apart(table["geometry"].to_numpy())
    return gpd.GeoDataFrame(table, geometry="geometry", crs=bgt_pand.crs).loc[lambda t: ~t.geometry.is_empty]


def ground_weights(ground: gpd.GeoDataFrame) -> pd.DataFrame:
    """Say of each piece of ground what it counts for.

    Returns
    -------
    DataFrame
        Index as ``ground``; one column per kind, ``net`` (private: yard or built) and ``car_park``; 1 where it does,
        else 0.
    """
    kind = ground["kind"]
    table = pd.DataFrame({name: kind == name for name in KINDS}, index=ground.index)
    return table.assign(net=kind.isin(["yard", "built"]), car_park=ground["function"] == _CAR_PARK).astype("float64")


def ground_parts(ground: gpd.GeoDataFrame, units: gpd.GeoDataFrame) -> pd.DataFrame:
    """Give the area of each piece of ground in each unit: ``subject``, ``unit``, ``area_m2``, as `overlap.area_parts`."""
    return area_parts(ground.geometry, units.geometry)


def ground_in_units(ground_parts: pd.DataFrame, ground_weights: pd.DataFrame, units: gpd.GeoDataFrame) -> pd.DataFrame:
    """Area of each kind of ground in each unit.

    Returns
    -------
    DataFrame
        Index as ``units``, one column per kind in the order of `KINDS`, m²; 0 where the BGT covers ground and there is
        none of the kind, NaN where it covers none.
    """
    return weighed_per_unit(ground_parts, "area_m2", ground_weights[list(KINDS)], units.index)


def net_area_in_units(ground_in_units: pd.DataFrame, units: gpd.GeoDataFrame) -> pd.Series:
    """Private ground ("uitgeefbaar") in each unit: yards and what is built on, m².

    Returns
    -------
    Series
        Index as ``units``; NaN where the BGT covers less than 99 % of the unit.
    """
    covered = ground_in_units.sum(axis=1)
    net = ground_in_units["yard"] + ground_in_units["built"]
    return net.where(covered >= COVERED_ENOUGH * units["area_m2"], np.nan).rename("net_area_m2")


def ground_cover(units: gpd.GeoDataFrame, ground_in_units: pd.DataFrame) -> pd.DataFrame:
    """What covers the ground: areas, and shares of the part of the unit that the BGT covers.

    Returns
    -------
    DataFrame
        ``ground_<kind>_area_m2`` and ``ground_<kind>_share`` for ``green``, ``water``, ``paved``, ``built``, ``bare``,
        ``yard`` and ``other`` (of a class that the BGT does not say). Shares add up to 1. 0 where there is none, NaN
        where the BGT covers nothing of the unit.
        ``ground_covered_area_m2`` (0 where it covers nothing) and ``ground_coverage_share`` (that in the whole unit;
        NaN for a unit without area).
        ``ground_paved_low_share``, ``ground_paved_high_share``, ``ground_green_low_share`` and
        ``ground_green_high_share``: if no yard and no ground of unknown kind were paved, or green, and if all were. The
        shares themselves count none of it, so that they are the least.
        ``ground_unbuilt_share``: 1 − built.

    Notes
    -----
    Source: BGT, classes of Gegevenscatalogus BGT 1.2 at level 0, gathered as PBL does in RSopen: green, water, paved
    and bare ("bruin"). PBL divides a class by fractions (a yard is 40 % green); here a class is what most of it is, and
    what is not known stays unknown. Half paved (gravel, the bed of a railway) counts as paved, arable land as green, a
    bank as green, a ditch as water however dry.
    """
    covered = ground_in_units.sum(axis=1)
    areas = {f"ground_{k}_area_m2": ground_in_units[k] for k in KINDS}
    unknown = ground_in_units["yard"] + ground_in_units["other"]
    return pd.DataFrame(
        {
            **areas,
            "ground_covered_area_m2": covered,
            "ground_coverage_share": ratio(covered, units["area_m2"]),
            **{f"ground_{k}_share": ratio(ground_in_units[k], covered) for k in KINDS},
            **{f"ground_{k}_low_share": ratio(ground_in_units[k], covered) for k in _BOUNDED},
            **{f"ground_{k}_high_share": ratio(ground_in_units[k] + unknown, covered) for k in _BOUNDED},
            "ground_unbuilt_share": 1 - ratio(ground_in_units["built"], covered),
        },
        index=units.index,
    )


def net_area(units: gpd.GeoDataFrame, ground_in_units: pd.DataFrame, net_area_in_units: pd.Series) -> pd.DataFrame:
    """Private ground, the tare that is left of the unit, and what covers that.

    Returns
    -------
    DataFrame
        ``net_area_m2`` (0 where all is public; NaN where the BGT covers less than 99 % of the unit), ``tare_share``
        (what is not net in the whole unit, 0..1; NaN likewise and for a unit without area), and ``tare_green_share``,
        ``tare_water_share``, ``tare_paved_share``, ``tare_bare_share`` (shares of the covered ground that is neither yard
        nor built, together 1 less what is of unknown kind; NaN where there is no such ground).

    Notes
    -----
    Source: T = (A_gross − A_net) / A_gross, Berghauser Pont & Haupt, Spacematrix. Net is yard and built here: by the
    cover, not by who owns it. Parking, green and paving of a company or a housing corporation that the BGT draws as
    such is tare, and a school or a station building is net.
    """
    public = ground_in_units[["green", "water", "paved", "bare", "other"]].sum(axis=1)
    return pd.DataFrame(
        {
            "net_area_m2": net_area_in_units,
            "tare_share": ratio(units["area_m2"] - net_area_in_units, units["area_m2"]),
            **{f"tare_{k}_share": ratio(ground_in_units[k], public) for k in _TARE},
        },
        index=units.index,
    )


def car_parks(
    units: gpd.GeoDataFrame, ground_parts: pd.DataFrame, ground_weights: pd.DataFrame, ground_in_units: pd.DataFrame
) -> pd.DataFrame:
    """Ground on which cars are parked, at level 0.

    Returns
    -------
    DataFrame
        ``car_park_area_m2`` and ``car_park_share`` (of the part of the unit that the BGT covers, 0..1). 0 where there is
        none, NaN where the BGT covers nothing of the unit.

    Notes
    -----
    Source: BGT, parts of roads with function "parkeervlak". Parking on yards, on decks and in buildings is not in it,
    nor along a kerb that is drawn as carriageway.
    """
    area = weighed_per_unit(ground_parts, "area_m2", ground_weights[["car_park"]], units.index)["car_park"]
    return pd.DataFrame(
        {"car_park_area_m2": area, "car_park_share": ratio(area, ground_in_units.sum(axis=1))}, index=units.index
    )


_TARE = ("green", "water", "paved", "bare")
#: What a yard can be instead.
_BOUNDED = ("paved", "green")
_COVERED, _COVERAGE = "ground_covered_area_m2", "ground_coverage_share"
_WHICH: Mapping[str, Text] = {
    "green": Text("beplant of begroeid is: bos, gras, akker, plantsoen, groene berm, oever",
                  "is planted or overgrown: wood, grass, field, public green, green verge, bank"),
    "water": Text("water is, sloten en greppels ook als ze droog staan", "is water, ditches even if dry"),
    "paved": Text("verhard of half verhard is: wegen, pleinen, parkeerplaatsen, spoorbaan, perrons",
                  "is paved or half paved: roads, squares, car parks, bed of a railway, platforms"),
    "built": Text("bebouwd is: panden op de grond, andere bouwwerken, muren",
                  "is built on: buildings at the ground, other structures, walls"),
    "bare": Text("onverhard en onbegroeid is: zand, aarde, braak", "is neither paved nor overgrown: sand, earth, fallow"),
    "yard": Text("erf is: tuin of terrein bij een pand, waarvan de BGT niet zegt wat er groen of verhard is",
                 "is yard: garden or ground that belongs to a building, of which the BGT does not say what is green or paved"),
    "other": Text("een klasse heeft die de BGT niet zegt, of die hier niet bekend is",
                  "has a class that the BGT does not say, or that is not known here"),
}  # fmt: skip


def _area(name: str, weight: str, label: Text, meaning: Text) -> Measure:
    return Measure(name, "float64", "m²", "extensive", label, meaning,
                   rows=Rows("bgt", "ground_parts", "ground_weights", weight), coverage=_COVERAGE, missing="not_covered")  # fmt: skip


def _share(
    name: str,
    formula: str,
    label: Text,
    meaning: Text,
    bounds: tuple[str, str] | None = None,
    missing: str = "not_covered",
) -> Measure:
    return Measure(name, "float64", "share", "intensive", label, meaning,
                   formula=formula, coverage=_COVERAGE, bounds=bounds, missing=missing)  # fmt: skip


def _kind_area(kind: str) -> Measure:
    (nl, en), (which_nl, which_en) = KINDS[kind], _WHICH[kind]
    return _area(f"ground_{kind}_area_m2", kind, Text(f"Grond: {nl}, oppervlakte", f"Ground: {en}, area"),
                 Text(f"Oppervlakte grond die volgens de BGT {which_nl}; 0 zonder, leeg waar de BGT niets dekt.",
                      f"Area of the ground that by the BGT {which_en}; 0 without, NaN where the BGT covers nothing."))  # fmt: skip


def _kind_share(kind: str) -> Measure:
    (nl, en), (which_nl, which_en) = KINDS[kind], _WHICH[kind]
    name, low, high = (f"ground_{kind}_{of}share" for of in ("", "low_", "high_"))
    return _share(name, f"ground_{kind}_area_m2 / {_COVERED}", Text(f"Grond: {nl}", f"Ground: {en}"),
                  Text(f"Deel van de grond die de BGT dekt, dat {which_nl}; leeg zonder dekking.",
                       f"Share of the ground that the BGT covers, which {which_en}; NaN without cover."),
                  bounds=(low, high) if kind in _BOUNDED else None)  # fmt: skip


def _low_share(kind: str) -> Measure:
    nl, en = KINDS[kind]
    return _share(f"ground_{kind}_low_share", f"ground_{kind}_area_m2 / {_COVERED}",
                  Text(f"Grond: {nl}, minstens", f"Ground: {en}, at least"),
                  Text(f"Deel van de grond die de BGT dekt, dat {nl} is als geen erf en geen grond van onbekende klasse {nl} is; leeg zonder dekking.",
                       f"Share of the ground that the BGT covers, which is {en} if no yard and no ground of unknown class is {en}; NaN without cover."))  # fmt: skip


def _high_share(kind: str) -> Measure:
    nl, en = KINDS[kind]
    formula = f"(ground_{kind}_area_m2 + ground_yard_area_m2 + ground_other_area_m2) / {_COVERED}"
    return _share(f"ground_{kind}_high_share", formula,
                  Text(f"Grond: {nl}, hoogstens", f"Ground: {en}, at most"),
                  Text(f"Deel van de grond die de BGT dekt, dat {nl} is als alle erven en alle grond van onbekende klasse {nl} zijn; leeg zonder dekking.",
                       f"Share of the ground that the BGT covers, which is {en} if all yards and all ground of unknown class are {en}; NaN without cover."))  # fmt: skip


def _tare_share(kind: str) -> Measure:
    (nl, en), (which_nl, which_en) = KINDS[kind], _WHICH[kind]
    public = " + ".join(f"ground_{k}_area_m2" for k in (*_TARE, "other"))
    return _share(f"tare_{kind}_share", f"ground_{kind}_area_m2 / ({public})",
                  Text(f"Openbare grond: {nl}", f"Public ground: {en}"),
                  Text(f"Deel van de grond die de BGT dekt en die geen erf en niet bebouwd is, dat {which_nl}; leeg zonder zulke grond.",
                       f"Share of the ground that the BGT covers and that is neither yard nor built on, which {which_en}; NaN without such ground."),
                  missing="no_such_land")  # fmt: skip


TABLES = (ground, ground_weights, ground_parts, ground_in_units, net_area_in_units)

INDICATORS = (
    Indicator(
        ground_cover,
        (
            *(_kind_area(k) for k in KINDS),
            Measure(_COVERED, "float64", "m²", "extensive", Text("Grond: gedekt, oppervlakte", "Ground: covered, area"),
                    Text("Oppervlakte die de BGT op niveau 0 dekt; 0 waar ze niets dekt. De BGT is alleen rond de corridor geladen.",
                         "Area that the BGT covers at level 0; 0 where it covers nothing. The BGT is loaded around the corridor only."),
                    rows=Rows("bgt", "ground_parts")),
            Measure(_COVERAGE, "float64", "share", "intensive", Text("Grond: dekking", "Ground: coverage"),
                    Text("Deel van het gebied dat de BGT op niveau 0 dekt.", "Share of the unit that the BGT covers at level 0."),
                    formula=f"{_COVERED} / area_m2", missing="no_area"),
            *(_kind_share(k) for k in KINDS),
            *(_low_share(k) for k in _BOUNDED),
            *(_high_share(k) for k in _BOUNDED),
            _share("ground_unbuilt_share", f"1 - ground_built_area_m2 / {_COVERED}", Text("Grond: onbebouwd", "Ground: unbuilt"),
                   Text("Deel van de grond die de BGT dekt, land en water, waarop niets gebouwd is; leeg zonder dekking.",
                        "Share of the ground that the BGT covers, land and water, on which nothing is built; NaN without cover.")),
        ),
        Text("Bedekking van de grond", "Cover of the ground"),
        sums=(Sum(tuple(f"ground_{k}_area_m2" for k in KINDS), _COVERED), Sum(tuple(f"ground_{k}_share" for k in KINDS))),
    ),
    Indicator(
        net_area,
        (
            _area("net_area_m2", "net", Text("Netto oppervlakte", "Net area"),
                  Text("Oppervlakte uitgeefbare grond: erf en wat bebouwd is volgens de BGT; leeg waar die minder dan 99 % van het gebied dekt.",
                       "Area of private ground: yard and what is built on, by the BGT; NaN where that covers less than 99 % of the unit.")),
            _share("tare_share", "(area_m2 - net_area_m2) / area_m2", Text("Tarra", "Tare"),
                   Text("Deel van het gebied dat niet netto is: straten, openbaar groen, water en alles wat geen erf of bebouwd is; leeg waar de BGT minder dan 99 % dekt.",
                        "Share of the unit that is not net: streets, public green, water and all that is neither yard nor built on; NaN where the BGT covers less than 99 %."),
                   missing="no_area"),
            *(_tare_share(k) for k in _TARE),
        ),
        Text("Netto oppervlakte en tarra", "Net area and tare"),
    ),
    Indicator(
        car_parks,
        (
            _area("car_park_area_m2", "car_park", Text("Parkeervlakken", "Car parks"),
                  Text("Oppervlakte wegdelen met functie parkeervlak in de BGT, op de grond; zonder parkeren op erven, op dekken en in gebouwen; leeg waar de BGT niets dekt.",
                       "Area of the parts of roads with function parkeervlak in the BGT, at the ground; without parking on yards, on decks and in buildings; NaN where the BGT covers nothing.")),
            _share("car_park_share", f"car_park_area_m2 / {_COVERED}", Text("Parkeervlakken, deel", "Car parks, share"),
                   Text("Deel van de grond die de BGT dekt, dat parkeervlak is; leeg zonder dekking.",
                        "Share of the ground that the BGT covers, which is car park; NaN without cover.")),
        ),
        Text("Parkeren", "Parking"),
    ),
)  # fmt: skip
