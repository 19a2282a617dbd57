"""How many dwellings and addresses there are, and which dwellings: by size, by building year, alone or together.

An address here is a verblijfsobject that counts by the stock profile, and lies where its point lies. Moorings and
pitches (ligplaats, standplaats) are not among them. One verblijfsobject with woonfunctie is one dwelling: whatever
number of uses, panden or units it has to do with, its parts in them never add up to more.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from ..contract import Text
from ..overlap import points_in
from ..profiles import StockProfile
from .declaration import Indicator, Measure, Rows, Sum
from .tables import among, ratio, sums_per_unit

#: The BAG's word for the use "dwelling".
HOUSING = "woonfunctie"

#: A building year up to here, or beyond this, is a filler or a mistake. Those of 1006 to 1499 are old, whatever they
#: are exactly. The last is no present year, so that the same data give the same number in any year.
FILLER_YEAR, LAST_YEAR = 1005, 2100


class _Class(NamedTuple):
    """From `low` up to, and not including, `high`; `words` as a label goes on after "Dwellings"."""

    name: str
    low: float
    high: float
    words: Text


#: CBS 83704NED; its two smallest classes are one here, and so are its two largest.
_SIZES = (
    _Class("below_50_m2", 0, 50, Text("kleiner dan 50 m²", "smaller than 50 m²")),
    _Class("50_to_75_m2", 50, 75, Text("van 50 tot 75 m²", "of 50 to 75 m²")),
    _Class("75_to_100_m2", 75, 100, Text("van 75 tot 100 m²", "of 75 to 100 m²")),
    _Class("100_to_150_m2", 100, 150, Text("van 100 tot 150 m²", "of 100 to 150 m²")),
    _Class("150_to_250_m2", 150, 250, Text("van 150 tot 250 m²", "of 150 to 250 m²")),
    _Class("from_250_m2", 250, math.inf, Text("van 250 m² en groter", "of 250 m² and more")),
)

#: CBS 86079NED.
_YEARS = (
    _Class("before_1945", -math.inf, 1945, Text("van voor 1945", "from before 1945")),
    _Class("1945_to_1960", 1945, 1960, Text("van 1945 tot 1960", "from 1945 to 1960")),
    _Class("1960_to_1970", 1960, 1970, Text("van 1960 tot 1970", "from 1960 to 1970")),
    _Class("1970_to_1980", 1970, 1980, Text("van 1970 tot 1980", "from 1970 to 1980")),
    _Class("1980_to_1990", 1980, 1990, Text("van 1980 tot 1990", "from 1980 to 1990")),
    _Class("1990_to_2000", 1990, 2000, Text("van 1990 tot 2000", "from 1990 to 2000")),
    _Class("2000_to_2010", 2000, 2010, Text("van 2000 tot 2010", "from 2000 to 2010")),
    _Class("from_2010", 2010, math.inf, Text("van 2010 en later", "from 2010 and later")),
)


def counted_addresses(verblijfsobject: gpd.GeoDataFrame, stock_profile: StockProfile) -> gpd.GeoDataFrame:
    """Give the verblijfsobjecten that the profile counts, with what the themes ask of them.

    Returns
    -------
    GeoDataFrame
        Index verblijfsobject_id, in order of it; ``is_dwelling`` (has woonfunctie, also beside another use),
        ``housing_share`` (0..1, uses counted equally; NaN where no use is registered), ``usable_area_m2``
        (NaN where not measured), ``use`` (as the BAG has it), ``pand_ids``, Point.
    """
    counted = verblijfsobject[verblijfsobject["status"].isin(stock_profile.address_statuses)].sort_index()
    use = counted["use"].fillna("")
    share = use.map({words: _housing_share(words) for words in use.unique()}).astype("float64")
    return gpd.GeoDataFrame(
        {
            "is_dwelling": share > 0,
            "housing_share": share,
            "usable_area_m2": counted["usable_area_m2"],
            "use": use,
            "pand_ids": counted["pand_ids"].fillna(""),
        },
        geometry=counted.geometry,
    )


def uses(words: str) -> frozenset[str]:
    """Give the uses that the BAG's words name, each once."""
    return frozenset(word.strip() for word in words.split(",")) - {""}


def _housing_share(words: str) -> float:
    named = uses(words)
    return (HOUSING in named) / len(named) if named else math.nan


def addresses_in_units(counted_addresses: gpd.GeoDataFrame, units: gpd.GeoDataFrame) -> pd.DataFrame:
    """Give the unit(s) of each counted address: columns ``point`` and ``unit``, as `overlap.points_in`."""
    return points_in(counted_addresses.geometry, units.geometry)


def dwellings_in_units(
    units: gpd.GeoDataFrame, counted_addresses: gpd.GeoDataFrame, addresses_in_units: pd.DataFrame
) -> pd.Series:
    """Dwellings in each unit, 0 where there is none. Index as ``units``."""
    is_dwelling = counted_addresses[["is_dwelling"]].astype("float64")
    return sums_per_unit(is_dwelling, addresses_in_units, units.index)["is_dwelling"]


def dwelling_sizes(counted_addresses: gpd.GeoDataFrame) -> pd.DataFrame:
    """Say of each counted address in which class of size its dwelling is, by usable floor area.

    Returns
    -------
    DataFrame
        Index verblijfsobject_id; a column per class and ``size_unknown``, 1 in the class of the dwelling, else 0, and
        0 throughout for what is no dwelling; ``usable_area_m2`` of the dwelling, whole also where it has another use
        too (0 for what is no dwelling, NaN where not measured).
    """
    is_dwelling = counted_addresses["is_dwelling"].to_numpy(dtype=bool)
    area = counted_addresses["usable_area_m2"].to_numpy(dtype="float64")
    found = _in_classes(area, _SIZES, "size_unknown", counted_addresses.index).mul(is_dwelling, axis=0)
    return found.assign(usable_area_m2=np.where(is_dwelling, area, 0.0))


def dwelling_years(
    counted_addresses: gpd.GeoDataFrame, address_panden: pd.DataFrame, pand: gpd.GeoDataFrame
) -> pd.DataFrame:
    """Say of each counted address in which class of building year its dwelling is: the year of its pand.

    A dwelling in several panden is split over them equally. Without a pand that is loaded, or with a year of 1005 and
    before or of after 2100, the year is not known.

    Returns
    -------
    DataFrame
        Index verblijfsobject_id; a column per class and ``year_unknown``: the part of the dwelling in it, 0..1,
        together 1; 0 throughout for what is no dwelling.
    """
    year = pand["construction_year"].reindex(address_panden["pand"]).to_numpy(dtype="float64")
    known = np.where((year > FILLER_YEAR) & (year <= LAST_YEAR), year, np.nan)
    each = _in_classes(known, _YEARS, "year_unknown", pd.Index(address_panden["address"]))
    # The mean over its panden is an equal part in each.
    found = each.groupby(level=0).mean().reindex(counted_addresses.index, fill_value=0.0)
    found.loc[~among(counted_addresses.index, address_panden["address"]), "year_unknown"] = 1.0
    return found.mul(counted_addresses["is_dwelling"], axis=0)


def dwelling_types(counted_addresses: gpd.GeoDataFrame, single_family: pd.Series) -> pd.DataFrame:
    """Say of each counted address whether its dwelling stands alone in its building or shares it.

    Returns
    -------
    DataFrame
        Index verblijfsobject_id; ``single_family`` and ``multi_family``, one of them 1 for a dwelling, else 0.
    """
    alone = single_family.reindex(counted_addresses.index).to_numpy(dtype=bool)
    is_dwelling = counted_addresses["is_dwelling"].to_numpy(dtype=bool)
    return pd.DataFrame(
        {"single_family": is_dwelling & alone, "multi_family": is_dwelling & ~alone},
        index=counted_addresses.index,
        dtype="float64",
    )


def _in_classes(
    values: npt.NDArray[np.float64], classes: tuple[_Class, ...], unknown: str, index: pd.Index
) -> pd.DataFrame:
    """1.0 in the column of the class of each value, `unknown` for NaN, else 0.0."""
    found = np.digitize(values, [c.low for c in classes[1:]])
    found[np.isnan(values)] = len(classes)
    return pd.DataFrame(np.eye(len(classes) + 1)[found], index=index, columns=[*(c.name for c in classes), unknown])


def dwellings(units: gpd.GeoDataFrame, dwellings_in_units: pd.Series) -> pd.DataFrame:
    """Count dwellings in the unit, also per hectare of the unit (land and water).

    A dwelling is an address with woonfunctie, alone or beside another use; student rooms that share facilities
    are none of their own.

    Returns
    -------
    DataFrame
        ``dwellings_count`` (0 where there is none, never NaN) and ``dwellings_per_ha`` (NaN for a unit
        without area).

    Notes
    -----
    Source: CBS, Voorraad woningen; statuses as the stock profile says.
    """
    return pd.DataFrame(
        {"dwellings_count": dwellings_in_units, "dwellings_per_ha": ratio(dwellings_in_units, units["area_m2"]) * 1e4},
        index=units.index,
    )


def dwellings_net(units: gpd.GeoDataFrame, dwellings_in_units: pd.Series, net_area_in_units: pd.Series) -> pd.DataFrame:
    """Dwellings per hectare of private ground: the unit without streets, water and public green.

    Returns
    -------
    DataFrame
        ``dwellings_net_per_ha``: NaN where the ground is not known, or none of it is private.

    Notes
    -----
    Source: Berghauser Pont & Haupt, Spacematrix (net density); net area as in ``net_area_m2``.
    """
    return pd.DataFrame(
        {"dwellings_net_per_ha": ratio(dwellings_in_units, net_area_in_units) * 1e4}, index=units.index
    )  # fmt: skip


def addresses(units: gpd.GeoDataFrame, addresses_in_units: pd.DataFrame) -> pd.DataFrame:
    """Count addresses in the unit, also per km² of the unit (land and water).

    Returns
    -------
    DataFrame
        ``addresses_count`` (0 where there is none, never NaN) and ``addresses_per_km2`` (NaN for a unit
        without area).

    Notes
    -----
    Source: BAG; statuses as the stock profile says.
    """
    count = addresses_in_units["unit"].value_counts().reindex(units.index, fill_value=0).astype("float64")
    return pd.DataFrame({"addresses_count": count, "addresses_per_km2": ratio(count, units["area_m2"]) * 1e6})


def dwellings_by_size(
    dwellings_in_units: pd.Series,
    dwelling_sizes: pd.DataFrame,
    addresses_in_units: pd.DataFrame,
) -> pd.DataFrame:
    """Dwellings by usable floor area, and their mean.

    Returns
    -------
    DataFrame
        ``dwellings_below_50_m2_count``, ``dwellings_50_to_75_m2_count``, ``dwellings_75_to_100_m2_count``,
        ``dwellings_100_to_150_m2_count``, ``dwellings_150_to_250_m2_count``, ``dwellings_from_250_m2_count`` and
        ``dwellings_size_unknown_count`` add up to all dwellings; 0 where there is none, never NaN. As shares of all
        dwellings, those of unknown size among them, NaN without dwelling: ``dwellings_below_50_m2_share``,
        ``dwellings_50_to_75_m2_share``, ``dwellings_75_to_100_m2_share``, ``dwellings_100_to_150_m2_share``,
        ``dwellings_150_to_250_m2_share``, ``dwellings_from_250_m2_share``; ``dwellings_size_coverage_share`` is the
        share whose size is known. ``dwellings_usable_area_m2`` (0 without dwelling, NaN where none is measured) and
        ``usable_area_m2_per_dwelling``, the mean over the dwellings of known size (NaN where there is none).

    Notes
    -----
    Source: CBS 83704NED (classes), 82550NED (mean).
    """
    found = _class_columns(_SIZES, "size", dwelling_sizes, addresses_in_units, dwellings_in_units)
    area = sums_per_unit(dwelling_sizes[["usable_area_m2"]], addresses_in_units, dwellings_in_units.index)[
        "usable_area_m2"
    ]
    known = dwellings_in_units - found["dwellings_size_unknown_count"]
    return found.assign(dwellings_usable_area_m2=area, usable_area_m2_per_dwelling=ratio(area, known))


def dwellings_by_year(
    dwellings_in_units: pd.Series,
    dwelling_years: pd.DataFrame,
    addresses_in_units: pd.DataFrame,
) -> pd.DataFrame:
    """Dwellings by the building year of their pand.

    Returns
    -------
    DataFrame
        ``dwellings_before_1945_count``, ``dwellings_1945_to_1960_count``, ``dwellings_1960_to_1970_count``,
        ``dwellings_1970_to_1980_count``, ``dwellings_1980_to_1990_count``, ``dwellings_1990_to_2000_count``,
        ``dwellings_2000_to_2010_count``, ``dwellings_from_2010_count`` and ``dwellings_year_unknown_count`` add up to
        all dwellings; 0 where there is none, never NaN; a dwelling in several panden counts in parts. As shares of
        all dwellings, those of unknown year among them, NaN without dwelling: ``dwellings_before_1945_share``,
        ``dwellings_1945_to_1960_share``, ``dwellings_1960_to_1970_share``, ``dwellings_1970_to_1980_share``,
        ``dwellings_1980_to_1990_share``, ``dwellings_1990_to_2000_share``, ``dwellings_2000_to_2010_share``,
        ``dwellings_from_2010_share``; ``dwellings_year_coverage_share`` is the share whose year is known.

    Notes
    -----
    Source: CBS 86079NED (classes). What was demolished is not in it: it is today's stock by year, no history.
    """
    return _class_columns(_YEARS, "year", dwelling_years, addresses_in_units, dwellings_in_units)


def _class_columns(
    classes: tuple[_Class, ...], of: str, parts: pd.DataFrame, pairs: pd.DataFrame, dwellings: pd.Series
) -> pd.DataFrame:
    """The count of each class and of the unknown, the share of each class, and of all that are known."""
    names = [c.name for c in classes]
    count = sums_per_unit(parts[[*names, f"{of}_unknown"]], pairs, dwellings.index)
    share = count[names].div(dwellings.where(dwellings > 0), axis=0)
    known = ratio(dwellings - count[f"{of}_unknown"], dwellings)
    return pd.concat(
        [
            count.add_prefix("dwellings_").add_suffix("_count"),
            share.add_prefix("dwellings_").add_suffix("_share"),
            known.rename(f"dwellings_{of}_coverage_share"),
        ],
        axis=1,
    )


def dwellings_by_type(
    dwellings_in_units: pd.Series,
    dwelling_types: pd.DataFrame,
    addresses_in_units: pd.DataFrame,
) -> pd.DataFrame:
    """Dwellings alone in their building, and those that share it with another dwelling.

    Returns
    -------
    DataFrame
        ``dwellings_single_family_count`` and ``dwellings_multi_family_count`` add up to all dwellings; 0 where there
        is none, never NaN. ``dwellings_single_family_share`` and ``dwellings_multi_family_share``: NaN without
        dwelling.

    Notes
    -----
    Source: CBS, begrip eengezinswoning (a dwelling that is a whole pand). Made from the BAG here: the only dwelling
    of its pand, also above a shop, which CBS may count as multi-family; a dwelling without pand is multi-family.
    """
    count = sums_per_unit(dwelling_types, addresses_in_units, dwellings_in_units.index)
    share = count.div(dwellings_in_units.where(dwellings_in_units > 0), axis=0)
    return pd.concat(
        [count.add_prefix("dwellings_").add_suffix("_count"), share.add_prefix("dwellings_").add_suffix("_share")],
        axis=1,
    )


def _rows(table: str, amount: str) -> Rows:
    return Rows("verblijfsobject", "addresses_in_units", table, amount)


def _count(table: str, amount: str, label: Text, meaning: Text, coverage: str = "") -> Measure:
    return Measure(
        f"dwellings_{amount}_count", "float64", "count", "extensive", label, meaning,
        rows=_rows(table, amount), coverage=coverage,
    )  # fmt: skip


def _share(name: str, label: Text, meaning: Text, coverage: str = "") -> Measure:
    return Measure(
        f"dwellings_{name}_share", "float64", "share", "intensive", label, meaning,
        formula=f"dwellings_{name}_count / dwellings_count", coverage=coverage, missing="no_dwelling",
    )  # fmt: skip


def _by_class(classes: tuple[_Class, ...], of: str, table: str, by: Text, unknown: Text) -> tuple[Measure, ...]:
    """The measures that go with `_class_columns`. `by` is what the class is of, `unknown` what a dwelling lacks."""
    coverage = f"dwellings_{of}_coverage_share"
    return (
        *(
            _count(table, c.name, Text(f"Woningen {c.words.nl}", f"Dwellings {c.words.en}"),
                   Text(f"Aantal woningen {c.words.nl}, naar {by.nl}.", f"Number of dwellings {c.words.en}, by {by.en}."), coverage)
            for c in classes
        ),
        _count(table, f"{of}_unknown", Text(f"Woningen {unknown.nl}", f"Dwellings {unknown.en}"),
               Text(f"Aantal woningen {unknown.nl}.", f"Number of dwellings {unknown.en}.")),
        *(
            _share(c.name, Text(f"Aandeel woningen {c.words.nl}", f"Share of dwellings {c.words.en}"),
                   Text(f"Deel van alle woningen {c.words.nl}, naar {by.nl}; leeg zonder woning.",
                        f"Share of all dwellings {c.words.en}, by {by.en}; NaN without dwelling."), coverage)
            for c in classes
        ),
        Measure(coverage, "float64", "share", "intensive",
                Text(f"Woningen naar {by.nl}: dekking", f"Dwellings by {by.en}: coverage"),
                Text(f"Deel van alle woningen waarvan dit bekend is: {by.nl}; leeg zonder woning.",
                     f"Share of all dwellings of which this is known: {by.en}; NaN without dwelling."),
                formula=f"(dwellings_count - dwellings_{of}_unknown_count) / dwellings_count", missing="no_dwelling"),
    )  # fmt: skip


def _all_classes(classes: tuple[_Class, ...], of: str) -> Sum:
    return Sum(
        tuple(f"dwellings_{name}_count" for name in (*(c.name for c in classes), f"{of}_unknown")), "dwellings_count"
    )


TABLES = (
    counted_addresses,
    addresses_in_units,
    dwellings_in_units,
    dwelling_sizes,
    dwelling_years,
    dwelling_types,
)

INDICATORS = (
    Indicator(
        dwellings,
        (
            Measure("dwellings_count", "float64", "count", "extensive", Text("Woningen", "Dwellings"),
                    Text("Aantal verblijfsobjecten met woonfunctie (BAG, status volgens het voorraadprofiel), geteld waar hun punt ligt.",
                         "Number of verblijfsobjecten with woonfunctie (BAG, status by stock profile), counted where their point lies."),
                    rows=_rows("counted_addresses", "is_dwelling")),
            Measure("dwellings_per_ha", "float64", "1/ha", "intensive", Text("Woningdichtheid", "Dwelling density"),
                    Text("Woningen gedeeld door de oppervlakte van het gebied, land en water, in hectaren.",
                         "Dwellings divided by the area of the unit, land and water, in hectares."),
                    formula="dwellings_count / area_m2 * 1e4", missing="no_area"),
        ),
        Text("Woningen", "Dwellings"),
    ),
    Indicator(
        dwellings_net,
        (
            Measure("dwellings_net_per_ha", "float64", "1/ha", "intensive", Text("Netto woningdichtheid", "Net dwelling density"),
                    Text("Woningen gedeeld door de uitgeefbare grond in het gebied (zonder straat, water en openbaar groen), in hectaren.",
                         "Dwellings divided by the private ground in the unit (without street, water and public green), in hectares."),
                    formula="dwellings_count / net_area_m2 * 1e4", missing="no_block"),
        ),
        Text("Netto woningdichtheid", "Net dwelling density"),
    ),
    Indicator(
        addresses,
        (
            Measure("addresses_count", "float64", "count", "extensive", Text("Adressen", "Addresses"),
                    Text("Aantal verblijfsobjecten (BAG, status volgens het voorraadprofiel), geteld waar hun punt ligt; zonder ligplaatsen en standplaatsen.",
                         "Number of verblijfsobjecten (BAG, status by stock profile), counted where their point lies; without moorings and pitches."),
                    rows=Rows("verblijfsobject", "addresses_in_units")),
            Measure("addresses_per_km2", "float64", "1/km²", "intensive", Text("Adressendichtheid", "Address density"),
                    Text("Adressen gedeeld door de oppervlakte van het gebied, land en water, in km².",
                         "Addresses divided by the area of the unit, land and water, in km²."),
                    formula="addresses_count / area_m2 * 1e6", missing="no_area"),
        ),
        Text("Adressen", "Addresses"),
    ),
    Indicator(
        dwellings_by_size,
        (
            *_by_class(_SIZES, "size", "dwelling_sizes", Text("gebruiksoppervlakte", "usable floor area"),
                       Text("van onbekende grootte", "of unknown size")),
            Measure("dwellings_usable_area_m2", "float64", "m²", "extensive", Text("Gebruiksoppervlakte van woningen", "Usable floor area of dwellings"),
                    Text("Som van de gebruiksoppervlakte van de woningen, voor zover gemeten, in haar geheel ook bij een tweede gebruiksdoel; leeg als geen woning gemeten is.",
                         "Sum of the usable floor area of the dwellings, as far as measured, whole also with a second use; NaN where no dwelling is measured."),
                    rows=_rows("dwelling_sizes", "usable_area_m2"), coverage="dwellings_size_coverage_share", missing="not_measured"),
            Measure("usable_area_m2_per_dwelling", "float64", "m²/dwelling", "intensive", Text("Gemiddelde woninggrootte", "Mean size of dwellings"),
                    Text("Gebruiksoppervlakte van de woningen gedeeld door het aantal woningen waarvan die bekend is.",
                         "Usable floor area of the dwellings divided by the number of dwellings of which it is known."),
                    formula="dwellings_usable_area_m2 / (dwellings_count - dwellings_size_unknown_count)",
                    coverage="dwellings_size_coverage_share", missing="no_dwelling"),
        ),
        Text("Woningen naar grootte", "Dwellings by size"),
        sums=(_all_classes(_SIZES, "size"),),
    ),
    Indicator(
        dwellings_by_type,
        (
            _count("dwelling_types", "single_family", Text("Woningen alleen in een pand", "Dwellings alone in a building"),
                   Text("Aantal woningen die de enige woning van hun pand zijn (eengezins).", "Number of dwellings that are the only dwelling of their building (single-family).")),
            _count("dwelling_types", "multi_family", Text("Woningen samen in een pand", "Dwellings that share a building"),
                   Text("Aantal woningen die hun pand delen met een andere woning, of geen pand hebben (meergezins).",
                        "Number of dwellings that share their building with another dwelling, or have no building (multi-family).")),
            _share("single_family", Text("Aandeel woningen alleen in een pand", "Share of dwellings alone in a building"),
                   Text("Deel van alle woningen dat de enige woning van zijn pand is; leeg zonder woning.",
                        "Share of all dwellings that are the only dwelling of their building; NaN without dwelling.")),
            _share("multi_family", Text("Aandeel woningen samen in een pand", "Share of dwellings that share a building"),
                   Text("Deel van alle woningen dat zijn pand deelt met een andere woning, of geen pand heeft; leeg zonder woning.",
                        "Share of all dwellings that share their building with another dwelling, or have no building; NaN without dwelling.")),
        ),
        Text("Woningen naar type", "Dwellings by type"),
        sums=(Sum(("dwellings_single_family_count", "dwellings_multi_family_count"), "dwellings_count"),),
    ),
    Indicator(
        dwellings_by_year,
        _by_class(_YEARS, "year", "dwelling_years", Text("bouwjaar van hun pand", "building year of their pand"),
                  Text("van onbekend bouwjaar", "of unknown building year")),
        Text("Woningen naar bouwjaar", "Dwellings by building year"),
        sums=(_all_classes(_YEARS, "year"),),
    ),
)  # fmt: skip
