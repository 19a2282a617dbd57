"""What CBS publishes and nobody can work out from open registers: households by kind, vacancy, establishments.

Of whole buurten, wijken and gemeenten it is what CBS says. CBS says nothing finer than the buurt, so of any other area
it is the numbers of the buurten that it lies in, placed at their addresses: an estimate, with what it rests on beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import csr_array

from ..clip.kinds import UnitKind
from ..contract import Text
from ..overlap import area_parts, points_in
from .declaration import Indicator, Measure, Rows
from .people import LOADED_WHOLE_FROM_SHARE
from .tables import ratio

_Floats = npt.NDArray[np.float64]
_Bools = npt.NDArray[np.bool_]

#: Sectors of establishments, sections of the SBI, as CBS groups them.
_SECTORS: Mapping[str, Text] = {
    "agriculture": Text("landbouw, bosbouw en visserij", "agriculture, forestry and fishing"),
    "industry": Text("nijverheid en energie", "industry and energy"),
    "trade": Text("handel en horeca", "trade, hotels and restaurants"),
    "transport": Text("vervoer, informatie en communicatie", "transport, information and communication"),
    "finance": Text("financiële diensten en onroerend goed", "finance and real estate"),
    "business_services": Text("zakelijke dienstverlening", "business services"),
    "public": Text("overheid, onderwijs en zorg", "government, education and care"),
    "culture": Text("cultuur, recreatie en overige diensten", "culture, recreation and other services"),
}
#: The total first.
_ESTABLISHMENTS = ("establishments", *(f"establishments_{sector}" for sector in _SECTORS))
#: A sliver from rounded coordinates is no part of a unit.
_SLIVER_SHARE = 1e-6


class _Group(NamedTuple):
    """Shares that CBS publishes together: ours -> its percentage; what a gemeente weighs its wijken by."""

    name: str
    shares: Mapping[str, str]
    weight: str


_GROUPS = (
    _Group(
        "households_by_kind_cbs",
        {
            "single_person_households_cbs_share": "single_person_households_pct",
            "households_without_children_cbs_share": "households_without_children_pct",
            "households_with_children_cbs_share": "households_with_children_pct",
        },
        "households_count",
    ),
    _Group(
        "dwellings_by_type_cbs",
        {
            "single_family_dwellings_cbs_share": "single_family_dwellings_pct",
            "multi_family_dwellings_cbs_share": "multi_family_dwellings_pct",
        },
        "dwellings_count",
    ),
    _Group("vacant_dwellings", {"vacant_dwellings_share": "vacant_dwellings_pct"}, "dwellings_count"),
)


def buurt_addresses(
    counted_addresses: gpd.GeoDataFrame, address_functions: pd.DataFrame, buurt: gpd.GeoDataFrame
) -> pd.DataFrame:
    """Give the buurt of each counted address, and the part of the buurt's establishments that is placed there.

    That is its share of the usable floor area for work in the buurt; where the buurt has none, all of its addresses
    get the same.

    Returns
    -------
    DataFrame
        Index verblijfsobject_id, addresses outside all buurten are not there: ``buurt``, ``is_dwelling``, and
        ``share`` (0..1, together 1 in a buurt; NaN in a gemeente of which not all addresses were loaded).
    """
    pairs = points_in(counted_addresses.geometry, buurt.geometry).drop_duplicates("point")
    point, of = pairs["point"], pairs["unit"].to_numpy()
    work = address_functions["work"].reindex(point).fillna(0.0).reset_index(drop=True)
    whole = work.groupby(of).transform("sum").to_numpy()
    size = work.groupby(of).transform("size").to_numpy()
    share = np.where(whole > 0, work / np.where(whole > 0, whole, 1.0), 1.0 / np.maximum(size, 1))
    is_dwelling = counted_addresses["is_dwelling"].reindex(point).to_numpy(dtype=bool)
    loaded = _loaded_whole(buurt, pd.Series(is_dwelling).groupby(of).sum())
    return pd.DataFrame(
        {"buurt": of, "is_dwelling": is_dwelling, "share": np.where(loaded.reindex(of).to_numpy(), share, np.nan)},
        index=pd.Index(point, name=counted_addresses.index.name),
    )


def _loaded_whole(buurt: gpd.GeoDataFrame, dwellings: pd.Series) -> pd.Series:
    """Whether all addresses of the gemeente of each buurt were loaded: enough of its dwellings are there.

    Of a neighbour, buurten are whole but addresses stop a little beyond the study area.
    """
    said = buurt["dwellings_count"].notna()
    by = buurt["gemeente_code"].to_numpy()
    there = dwellings.reindex(buurt.index).fillna(0.0).where(said, 0.0).groupby(by).transform("sum")
    wanted = buurt["dwellings_count"].fillna(0.0).groupby(by).transform("sum")
    whole: pd.Series = there >= LOADED_WHOLE_FROM_SHARE * wanted
    return whole


def buurt_shares(
    buurt_addresses: pd.DataFrame, addresses_in_units: pd.DataFrame, buurt: gpd.GeoDataFrame, units: gpd.GeoDataFrame
) -> pd.DataFrame:
    """Give what each unit has of each buurt that it shares ground or addresses with.

    Returns
    -------
    DataFrame
        One row per pair, by unit and buurt: ``subject`` (buurt), ``unit``, ``share`` (0..1, of the establishments of
        the buurt; NaN where they can't be placed: no address there, or not all were loaded), ``overlap_m2``,
        ``dwellings`` (number), and ``has_all`` and ``has_none`` (of the addresses of the buurt; False where they
        can't be placed).
    """
    parts = area_parts(buurt.geometry, units.geometry)
    sliver = parts["area_m2"].to_numpy() <= _SLIVER_SHARE * units["area_m2"].reindex(parts["unit"]).to_numpy()
    parts = parts[~sliver].rename(columns={"area_m2": "overlap_m2"})
    inside = addresses_in_units.merge(buurt_addresses, left_on="point", right_index=True)
    held = inside.groupby(["unit", "buurt"]).agg(
        addresses=("share", "size"), dwellings=("is_dwelling", "sum"), share=("share", "sum")
    )
    pairs = parts.merge(held.rename_axis(["unit", "subject"]).reset_index(), on=["subject", "unit"], how="outer")
    pairs = pairs.fillna({"overlap_m2": 0.0, "addresses": 0.0, "dwellings": 0.0, "share": 0.0})
    of = buurt_addresses.groupby("buurt")["share"].agg(["size", "max"]).reindex(pairs["subject"])
    placed = of["max"].notna().to_numpy()
    return pd.DataFrame(
        {
            "subject": pairs["subject"],
            "unit": pairs["unit"],
            "share": pairs["share"].where(placed),
            "overlap_m2": pairs["overlap_m2"],
            "dwellings": pairs["dwellings"].astype("float64"),
            "has_all": placed & (pairs["addresses"] == of["size"].to_numpy()),
            "has_none": placed & (pairs["addresses"] == 0),
        }
    ).sort_values(["unit", "subject"], ignore_index=True)


def _published(kind: UnitKind, buurt: gpd.GeoDataFrame, wijk: gpd.GeoDataFrame, units: gpd.GeoDataFrame) -> Any:
    """Give the layer in which CBS publishes the units, and which of its rows make up each of them, whole."""
    layer = buurt if kind.published == "buurt" else wijk
    unit = layer["gemeente_code"].to_numpy() if kind.published == "gemeente" else layer.index.to_numpy()
    pairs = pd.DataFrame(
        {"subject": layer.index, "unit": unit, "share": 1.0, "overlap_m2": layer.geometry.area.to_numpy()}
    )
    pairs = pairs.assign(has_all=True, has_none=False)
    return layer, pairs[pairs["unit"].isin(units.index)].reset_index(drop=True)


def _adder(pairs: pd.DataFrame, units: gpd.GeoDataFrame) -> csr_array:
    """Give what sums amounts of pairs per unit, by ``@``."""
    row = units.index.get_indexer(pd.Index(pairs["unit"]))
    return csr_array((np.ones(len(row)), (row, np.arange(len(row)))), shape=(len(units), len(row)))


def establishments_published(
    units: gpd.GeoDataFrame, kind: UnitKind, buurt: gpd.GeoDataFrame, wijk: gpd.GeoDataFrame
) -> pd.DataFrame:
    """Establishments of whole buurten, wijken and gemeenten as CBS publishes them, in all and per sector.

    A gemeente is the sum of its wijken. CBS tells the sectors only from twenty establishments in all on.

    Returns
    -------
    DataFrame
        As `establishments_from_buurten`; ``establishments_count`` is NaN where CBS does not say it for the unit, or for
        one of its wijken, and so are the sectors.

    Notes
    -----
    Source: CBS, Kerncijfers wijken en buurten, 1 January of the edition, from the business register. Establishments
    are not jobs; many are at a dwelling. Rounded to five, so that sectors need not add up to the total.
    """
    layer, pairs = _published(kind, buurt, wijk, units)
    found, known = _establishments(layer, pairs, units)
    adder, area = _adder(pairs, units), pairs["overlap_m2"].to_numpy()
    part = adder @ (known[:, [0, -1]] * area[:, None]) / np.where(adder @ area > 0, adder @ area, np.nan)[:, None]
    lost = (adder @ (~known[:, :-1]).astype("float64") > 0) | (adder @ np.ones(len(pairs)) == 0)[:, None]
    return _table(found, lost, np.nan_to_num(part), units)


def establishments_from_buurten(
    units: gpd.GeoDataFrame, buurt_shares: pd.DataFrame, buurt: gpd.GeoDataFrame
) -> pd.DataFrame:
    """Establishments of any area, from the numbers of its buurten placed at their addresses, in all and per sector.

    Returns
    -------
    DataFrame
        ``establishments_count``: what CBS says of each buurt times the part of it that is placed in the unit, as
        `buurt_addresses` does. NaN where no buurt says anything; 0 where a buurt has none, or nothing is placed here.
        ``establishments_low_count`` has only the buurten of which the unit has all addresses,
        ``establishments_high_count`` all of each of which it has any, or of which nothing can be placed; a sector that
        is not told is at most the total, and without a total the highest number is NaN.
        ``establishments_per_ha`` by the area of the unit, land and water. ``establishments_coverage_share`` is the
        share of its area where the number is known and placed, ``establishments_sectors_coverage_share`` that
        of all sectors. Per sector the same: ``establishments_<sector>_count``, and so on.

    Notes
    -----
    Source: CBS, Kerncijfers wijken en buurten, 1 January of the edition. That businesses spread over the addresses of
    a buurt as floor area for work does is an assumption; the many at a dwelling are placed too near to shops.
    """
    found, known = _establishments(buurt, buurt_shares, units)
    adder, area = _adder(buurt_shares, units), buurt_shares["overlap_m2"].to_numpy()
    covered = adder @ (known * area[:, None])
    part = covered[:, [0, -1]] / units["area_m2"].where(units["area_m2"] > 0).to_numpy()[:, None]
    return _table(found, covered[:, :-1] == 0, np.minimum(part, 1.0), units)


def _establishments(
    layer: gpd.GeoDataFrame, pairs: pd.DataFrame, units: gpd.GeoDataFrame
) -> tuple[Mapping[str, _Floats], _Bools]:
    """Sum them per unit: ``count``, ``low`` and ``high``, a column for each of `_ESTABLISHMENTS`.

    Also whether each is known of each pair, and in a last column whether all sectors are.
    """
    number = layer[[f"{what}_count" for what in _ESTABLISHMENTS]].reindex(pairs["subject"]).to_numpy(dtype="float64")
    # Of none in all, no sector has any.
    number = np.where(np.isnan(number) & (number[:, :1] == 0), 0.0, number)
    share, has_all, has_none = (pairs[c].to_numpy()[:, None] for c in ("share", "has_all", "has_none"))
    # Of none, nothing has to be placed.
    here = np.where(number == 0, 0.0, number * share)
    known = ~np.isnan(here)
    most = np.where(np.isnan(number), number[:, :1], number)
    adder = _adder(pairs, units)
    none = (adder @ np.ones(len(pairs)) == 0)[:, None]
    high = adder @ np.where(has_none, 0.0, np.nan_to_num(most))
    unlimited = adder @ (np.isnan(most) & ~has_none).astype("float64") > 0
    found = {
        "count": adder @ np.nan_to_num(here),
        "low": np.where(none, np.nan, adder @ np.where(has_all, np.nan_to_num(number), 0.0)),
        "high": np.where(none | unlimited, np.nan, high),
    }
    return found, np.column_stack([known, known[:, 1:].all(axis=1)])


def _table(found: Mapping[str, _Floats], lost: _Bools, coverage: _Floats, units: gpd.GeoDataFrame) -> pd.DataFrame:
    count = np.where(lost, np.nan, found["count"])
    columns: dict[str, Any] = {}
    for i, what in enumerate(_ESTABLISHMENTS):
        columns[f"{what}_count"] = count[:, i]
        columns[f"{what}_low_count"], columns[f"{what}_high_count"] = found["low"][:, i], found["high"][:, i]
        columns[f"{what}_per_ha"] = ratio(pd.Series(count[:, i], units.index), units["area_m2"]) * 1e4
    columns["establishments_coverage_share"] = coverage[:, 0]
    columns["establishments_sectors_coverage_share"] = coverage[:, 1]
    return pd.DataFrame(columns, index=units.index, dtype="float64")


def households_and_dwellings_published(
    units: gpd.GeoDataFrame, kind: UnitKind, buurt: gpd.GeoDataFrame, wijk: gpd.GeoDataFrame
) -> pd.DataFrame:
    """Households by kind, dwellings by type and vacancy of whole buurten, wijken and gemeenten, as CBS publishes them.

    A gemeente is the mean of its wijken, weighed by their households or dwellings.

    Returns
    -------
    DataFrame
        ``single_person_households_cbs_share``, ``households_without_children_cbs_share`` and
        ``households_with_children_cbs_share`` of the private households; ``single_family_dwellings_cbs_share`` and
        ``multi_family_dwellings_cbs_share`` of the dwellings; ``vacant_dwellings_share``, dwellings where nobody is
        registered. 0..1, from whole percents, so that they need not add up to 1. NaN where CBS does not say it for
        the unit, or for one of its wijken that has any. ``households_by_kind_cbs_coverage_share``,
        ``dwellings_by_type_cbs_coverage_share`` and ``vacant_dwellings_coverage_share`` say of which share of the
        households or dwellings it is known (NaN where it is not known how many there are).

    Notes
    -----
    Source: CBS, Kerncijfers wijken en buurten, 1 January of the edition. Vacancy is told from twenty dwellings on.
    """
    layer, pairs = _published(kind, buurt, wijk, units)
    columns: dict[str, _Floats] = {}
    for group in _GROUPS:
        weight = layer[group.weight].reindex(pairs["subject"]).to_numpy(dtype="float64")
        if kind.published != "gemeente":
            weight = np.ones(len(pairs))
        columns |= _means(group, layer, pairs, weight, units, strict=True)
    return pd.DataFrame(columns, index=units.index, dtype="float64")


def households_and_dwellings_from_buurten(
    units: gpd.GeoDataFrame, buurt_shares: pd.DataFrame, buurt: gpd.GeoDataFrame
) -> pd.DataFrame:
    """Households by kind, dwellings by type and vacancy of any area: the mean of its buurten, weighed by its dwellings.

    Returns
    -------
    DataFrame
        ``single_person_households_cbs_share``, ``households_without_children_cbs_share``,
        ``households_with_children_cbs_share``, ``single_family_dwellings_cbs_share``,
        ``multi_family_dwellings_cbs_share`` and ``vacant_dwellings_share``, as `households_and_dwellings_published`
        has them: 0..1, NaN without dwelling or where CBS says nothing of its buurten. The coverages,
        ``households_by_kind_cbs_coverage_share``, ``dwellings_by_type_cbs_coverage_share`` and
        ``vacant_dwellings_coverage_share``, are the share of the dwellings in the unit whose buurt has a number.

    Notes
    -----
    Source: CBS, Kerncijfers wijken en buurten, 1 January of the edition. That every part of a buurt is as the whole of
    it is an assumption.
    """
    weight = buurt_shares["dwellings"].to_numpy()
    columns: dict[str, _Floats] = {}
    for group in _GROUPS:
        columns |= _means(group, buurt, buurt_shares, weight, units, strict=False)
    return pd.DataFrame(columns, index=units.index, dtype="float64")


def _means(
    group: _Group,
    layer: gpd.GeoDataFrame,
    pairs: pd.DataFrame,
    weight: _Floats,
    units: gpd.GeoDataFrame,
    *,
    strict: bool,
) -> dict[str, _Floats]:
    """Weigh the percentages of a group per unit; `strict`: NaN where one of those that weigh anything is not known."""
    percent = layer[list(group.shares.values())].reindex(pairs["subject"]).to_numpy(dtype="float64")
    known = ~np.isnan(percent).any(axis=1)
    adder, counts = _adder(pairs, units), np.where(known, np.nan_to_num(weight), 0.0)
    # A weight that is not known makes the sum of all of them NaN.
    of_known, whole = adder @ counts, adder @ weight
    mean = (adder @ (counts[:, None] * np.nan_to_num(percent) / 100)) / np.where(of_known > 0, of_known, np.nan)[
        :, None
    ]
    if strict:
        mean[~(of_known == whole)] = np.nan
    coverage = of_known / np.where(whole > 0, whole, np.nan)
    return {**dict(zip(group.shares, mean.T, strict=True)), f"{group.name}_coverage_share": coverage}


_AS_PUBLISHED = Text("Zoals CBS publiceert; een gemeente is de som van haar wijken.",
                     "As CBS publishes it; a gemeente is the sum of its wijken.")  # fmt: skip
_MEAN_AS_PUBLISHED = Text(
    "Zoals CBS publiceert; een gemeente is het gemiddelde van haar wijken, naar huishoudens of woningen.",
    "As CBS publishes it; a gemeente is the mean of its wijken, by households or dwellings.",
)
_MEAN = Text("Gemiddelde van de buurten waarin de woningen van het gebied liggen, naar woningen.",
             "Mean of the buurten in which the dwellings of the unit lie, by dwellings.")  # fmt: skip
_LOW = Text(
    "Som van de buurten waarvan alle adressen in het gebied liggen.",
    "Sum of the buurten of which all addresses lie in the unit.",
)
_HIGH = Text(
    "Som van de buurten waarvan een adres in het gebied ligt; een sector die niet vermeld is telt als het totaal.",
    "Sum of the buurten of which an address lies in the unit; a sector that is not told counts as the total.",
)
_COVERAGE = Text("Oppervlakte waar het getal bekend is, gedeeld door de oppervlakte van het gebied.",
                 "Area where the number is known, divided by the area of the unit.")  # fmt: skip


def _of(what: str, nl: str, en: str, about: Text) -> tuple[Measure, ...]:
    """The measures of all establishments, or of those in one sector."""
    part = "establishments_coverage_share" if what == "establishments" else "establishments_sectors_coverage_share"
    return (
        Measure(f"{what}_count", "float64", "count", "extensive", Text(nl, en),
                Text(f"Aantal vestigingen van bedrijven{about.nl}, geen banen, in hele buurten, wijken en gemeenten zoals CBS publiceert (op vijf afgerond); elders de getallen van de buurten, verdeeld over hun adressen naar gebruiksoppervlakte voor werk.",
                     f"Number of establishments of businesses{about.en}, not jobs, in whole buurten, wijken and gemeenten as CBS publishes it (rounded to five); elsewhere the numbers of the buurten, spread over their addresses by usable floor area for work."),
                rows=Rows("buurt", "buurt_shares", "buurt", f"{what}_count"), coverage=part,
                bounds=(f"{what}_low_count", f"{what}_high_count"), missing="not_published", estimate=True),
        Measure(f"{what}_low_count", "float64", "count", "extensive", Text(f"{nl}, ten minste", f"{en}, at least"),
                Text(f"Ondergrens van het aantal vestigingen{about.nl}: alleen van buurten waarvan alle adressen in het gebied liggen; zonder de afronding op vijf van CBS.",
                     f"Lower bound of the number of establishments{about.en}: only of buurten of which all addresses lie in the unit; without the rounding to five by CBS."),
                how=_LOW, missing="not_published"),
        Measure(f"{what}_high_count", "float64", "count", "extensive", Text(f"{nl}, ten hoogste", f"{en}, at most"),
                Text(f"Bovengrens van het aantal vestigingen{about.nl}: alles van elke buurt waarvan een adres in het gebied ligt; leeg als CBS van zo'n buurt niets zegt.",
                     f"Upper bound of the number of establishments{about.en}: all of each buurt of which an address lies in the unit; NaN where CBS says nothing of such a buurt."),
                how=_HIGH, missing="not_published"),
        Measure(f"{what}_per_ha", "float64", "1/ha", "intensive", Text(f"{nl} per hectare", f"{en} per hectare"),
                Text(f"Vestigingen{about.nl} gedeeld door de oppervlakte van het gebied, land en water, in hectaren.",
                     f"Establishments{about.en} divided by the area of the unit, land and water, in hectares."),
                formula=f"{what}_count / area_m2 * 1e4", coverage=part, missing="no_area", estimate=True),
    )  # fmt: skip


def _covered(name: str, nl: str, en: str, meaning_nl: str, meaning_en: str, how: Text, missing: str) -> Measure:
    return Measure(name, "float64", "share", "intensive", Text(f"{nl}: dekking", f"{en}: coverage"), Text(meaning_nl, meaning_en),
                   how=how, missing=missing)  # fmt: skip


_OF_ESTABLISHMENTS = (
    *_of("establishments", "Bedrijfsvestigingen", "Establishments", Text("", "")),
    *(
        measure
        for sector, words in _SECTORS.items()
        for measure in _of(f"establishments_{sector}", f"Vestigingen {words.nl}", f"Establishments in {words.en}",
                           Text(f" in {words.nl}", f" in {words.en}"))
    ),
    _covered("establishments_coverage_share", "Bedrijfsvestigingen", "Establishments",
             "Deel van de oppervlakte van het gebied waar het aantal vestigingen bekend is.", "Share of the area of the unit where the number of establishments is known.",
             _COVERAGE, "no_area"),
    _covered("establishments_sectors_coverage_share", "Vestigingen naar sector", "Establishments by sector",
             "Deel van de oppervlakte van het gebied waar het aantal vestigingen in elke sector bekend is.", "Share of the area of the unit where the number of establishments in every sector is known.",
             _COVERAGE, "no_area"),
)  # fmt: skip


def _share(name: str, group: str, nl: str, en: str, meaning_nl: str, meaning_en: str) -> Measure:
    return Measure(
        name, "float64", "share", "intensive", Text(f"{nl} (CBS)", f"{en} (CBS)"),
        Text(f"{meaning_nl}, van hele buurten, wijken en gemeenten zoals CBS publiceert (in hele procenten), elders het gemiddelde van de buurten naar woningen; leeg als CBS niets zegt, of zonder woning.",
             f"{meaning_en}, of whole buurten, wijken and gemeenten as CBS publishes it (in whole percents), elsewhere the mean of the buurten by dwellings; NaN where CBS says nothing, or without dwelling."),
        how=_MEAN, coverage=f"{group}_coverage_share", missing="not_published", estimate=True,
    )  # fmt: skip


def _share_covered(group: str, nl: str, en: str) -> Measure:
    return _covered(f"{group}_coverage_share", nl, en,
                    "Deel van de woningen (gemeente: van de huishoudens of woningen) waarvan CBS het aandeel publiceert; leeg zonder woning, of als hun aantal niet bekend is.",
                    "Share of the dwellings (gemeente: of the households or dwellings) of which CBS publishes the share; NaN without dwelling, or where their number is not known.",
                    _MEAN, "no_dwelling")  # fmt: skip


_OF_HOUSEHOLDS_AND_DWELLINGS = (
    _share("single_person_households_cbs_share", "households_by_kind_cbs", "Aandeel eenpersoonshuishoudens", "Share of single-person households",
           "Deel van de particuliere huishoudens dat één persoon telt", "Share of the private households that have one person"),
    _share("households_without_children_cbs_share", "households_by_kind_cbs", "Aandeel huishoudens zonder kinderen", "Share of households without children",
           "Deel van de particuliere huishoudens met meer personen en zonder thuiswonend kind", "Share of the private households with more persons and no child at home"),
    _share("households_with_children_cbs_share", "households_by_kind_cbs", "Aandeel huishoudens met kinderen", "Share of households with children",
           "Deel van de particuliere huishoudens met een thuiswonend kind", "Share of the private households with a child at home"),
    _share_covered("households_by_kind_cbs", "Huishoudens naar soort (CBS)", "Households by kind (CBS)"),
    _share("single_family_dwellings_cbs_share", "dwellings_by_type_cbs", "Aandeel eengezinswoningen", "Share of single-family dwellings",
           "Deel van de woningen dat zelf een pand vormt", "Share of the dwellings that are a building by themselves"),
    _share("multi_family_dwellings_cbs_share", "dwellings_by_type_cbs", "Aandeel meergezinswoningen", "Share of multi-family dwellings",
           "Deel van de woningen dat met andere woningen of ruimten één pand vormt", "Share of the dwellings that form one building with other dwellings or premises"),
    _share_covered("dwellings_by_type_cbs", "Woningen naar type (CBS)", "Dwellings by type (CBS)"),
    _share("vacant_dwellings_share", "vacant_dwellings", "Aandeel niet-bewoonde woningen", "Share of dwellings not lived in",
           "Deel van de woningen waar op 1 januari niemand ingeschreven stond", "Share of the dwellings where nobody was registered on 1 January"),
    _share_covered("vacant_dwellings", "Niet-bewoonde woningen (CBS)", "Dwellings not lived in (CBS)"),
)  # fmt: skip


def _as_published(measures: tuple[Measure, ...], how: Text) -> tuple[Measure, ...]:
    """The same measures where CBS publishes them for the unit itself: no estimate."""
    return tuple(
        replace(m, estimate=False, rows=None, how=None if m.formula else _COVERAGE if m.how is _COVERAGE else how)
        for m in measures
    )


_ON_HOUSEHOLDS = Text("Huishoudens en woningen volgens CBS", "Households and dwellings as CBS has them")
_ON_ESTABLISHMENTS = Text("Bedrijfsvestigingen", "Establishments")

TABLES = (buurt_addresses, buurt_shares)

# No series of shares in whole percents without bounds: a difference of a point can be all rounding.
INDICATORS = (
    Indicator(
        households_and_dwellings_published, _as_published(_OF_HOUSEHOLDS_AND_DWELLINGS, _MEAN_AS_PUBLISHED),
        _ON_HOUSEHOLDS, published=True,
    ),
    Indicator(households_and_dwellings_from_buurten, _OF_HOUSEHOLDS_AND_DWELLINGS, _ON_HOUSEHOLDS, published=False),
    Indicator(
        establishments_published, _as_published(_OF_ESTABLISHMENTS, _AS_PUBLISHED), _ON_ESTABLISHMENTS,
        published=True, series=True,
    ),
    Indicator(establishments_from_buurten, _OF_ESTABLISHMENTS, _ON_ESTABLISHMENTS, published=False, series=True),
)  # fmt: skip
