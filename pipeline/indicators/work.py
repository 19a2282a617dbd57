"""Floor area per function, floor area for work, and the jobs that it would hold.

The BAG names the uses of an address, not how much of it each takes: its usable floor area is split equally over them.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd

from ..contract import Text
from .declaration import Indicator, Measure, Rows, Sum
from .stock import HOUSING, uses
from .tables import ratio, sums_per_unit


class _Function(NamedTuple):
    """A use of the BAG; `jobs` says which floor area per job it has, None where it is no work."""

    name: str
    bag: str
    words: Text
    jobs: Literal["office", "industry", "retail", "other"] | None


_FUNCTIONS = (
    _Function("housing", HOUSING, Text("wonen", "housing"), None),
    _Function("office", "kantoorfunctie", Text("kantoor", "offices"), "office"),
    _Function("industry", "industriefunctie", Text("industrie", "industry"), "industry"),
    _Function("retail", "winkelfunctie", Text("winkel", "retail"), "retail"),
    _Function("education", "onderwijsfunctie", Text("onderwijs", "education"), "other"),
    _Function("health_care", "gezondheidszorgfunctie", Text("gezondheidszorg", "health care"), "other"),
    _Function("assembly", "bijeenkomstfunctie", Text("bijeenkomst", "assembly"), "other"),
    _Function("sport", "sportfunctie", Text("sporten", "sport"), "other"),
    _Function("lodging", "logiesfunctie", Text("logies", "lodging"), "other"),
    _Function("prison", "celfunctie", Text("cel", "prison"), "other"),
    # Also what the BAG might come to name that is none of the above.
    _Function("other", "overige gebruiksfunctie", Text("overig", "other"), None),
)
FUNCTIONS = tuple(f.name for f in _FUNCTIONS)
_WORK = [f.name for f in _FUNCTIONS if f.jobs]

#: How far the floor area per job may be off, either way, as a factor. Offices: PBL RSopen's 20 m² of before 2020
#: over its 17.5 of now. The rest: an assumption about an assumption.
_SPREAD = {"office": 20 / 17.5, "industry": 1.5, "retail": 1.5, "other": 1.5}


def address_functions(counted_addresses: gpd.GeoDataFrame) -> pd.DataFrame:
    """Give the usable floor area of each counted address per function, split equally over its uses.

    Returns
    -------
    DataFrame
        m², index verblijfsobject_id; a column per function, ``with_use`` (all of them), ``work`` (all but housing and
        other) and ``without_use`` (where no use is registered). 0 where the address has no such use, NaN where it has
        and its area is not measured.
    """
    code, words = pd.factorize(counted_addresses["use"])
    share = np.array([_shares(w) for w in words], dtype="float64").reshape(-1, len(FUNCTIONS))
    work = share[:, [FUNCTIONS.index(name) for name in _WORK]].sum(axis=1)
    # Not the sum of the shares: thirds do not add up to 1 to the last digit.
    any_use = (share > 0).any(axis=1).astype("float64")
    of_words = np.column_stack([share, any_use, work, 1 - any_use])
    part = of_words[code]
    area = counted_addresses["usable_area_m2"].to_numpy(dtype="float64")[:, None]
    return pd.DataFrame(
        np.where(part > 0, area * part, 0.0),
        index=counted_addresses.index,
        columns=[*FUNCTIONS, "with_use", "work", "without_use"],
    )


def _shares(words: str) -> list[float]:
    """Share of each function in an address with these uses."""
    named = uses(words)
    known = [float(f.bag in named) for f in _FUNCTIONS]
    known[-1] = len(named) - sum(known[:-1])
    return [k / max(len(named), 1) for k in known]


def functions_in_units(
    address_functions: pd.DataFrame, addresses_in_units: pd.DataFrame, units: gpd.GeoDataFrame
) -> pd.DataFrame:
    """Usable floor area per function in each unit, m², columns as in `address_functions`. Index as ``units``.

    0 where no address has the function, NaN where some have and none of them is measured.
    """
    return sums_per_unit(address_functions, addresses_in_units, units.index)


def address_jobs(
    address_functions: pd.DataFrame,
    usable_share_of_gross_other: float,
    gross_m2_per_job_office: float,
    gross_m2_per_job_industry: float,
    gross_m2_per_job_retail: float,
    gross_m2_per_job_other: float,
) -> pd.DataFrame:
    """Say how many jobs the floor area for work of each counted address would hold.

    Returns
    -------
    DataFrame
        Index verblijfsobject_id; ``estimate``, ``low`` and ``high``: 0 where nothing is for work, NaN where the area
        is not measured.
    """
    per_job = {
        "office": gross_m2_per_job_office,
        "industry": gross_m2_per_job_industry,
        "retail": gross_m2_per_job_retail,
        "other": gross_m2_per_job_other,
    }
    m2 = np.array([per_job[f.jobs] for f in _FUNCTIONS if f.jobs])
    spread = np.array([_SPREAD[f.jobs] for f in _FUNCTIONS if f.jobs])
    gross = address_functions[_WORK].to_numpy() / usable_share_of_gross_other
    return pd.DataFrame(
        {"estimate": gross @ (1 / m2), "low": gross @ (1 / (m2 * spread)), "high": gross @ (spread / m2)},
        index=address_functions.index,
    )


def floor_by_function(functions_in_units: pd.DataFrame) -> pd.DataFrame:
    """Usable floor area in the unit for each use that the BAG knows, and the share of each.

    Returns
    -------
    DataFrame
        ``floor_area_housing_m2``, ``floor_area_office_m2``, ``floor_area_industry_m2``, ``floor_area_retail_m2``,
        ``floor_area_education_m2``, ``floor_area_health_care_m2``, ``floor_area_assembly_m2``,
        ``floor_area_sport_m2``, ``floor_area_lodging_m2``, ``floor_area_prison_m2`` and ``floor_area_other_m2`` add
        up to ``floor_area_with_use_m2``, and that with ``floor_area_without_use_m2`` to all usable floor area. Each
        is 0 where no address has the use, NaN where none of those that have is measured. As shares of
        ``floor_area_with_use_m2``, NaN where that is 0: ``floor_area_housing_share``, ``floor_area_office_share``,
        ``floor_area_industry_share``, ``floor_area_retail_share``, ``floor_area_education_share``,
        ``floor_area_health_care_share``, ``floor_area_assembly_share``, ``floor_area_sport_share``,
        ``floor_area_lodging_share``, ``floor_area_prison_share``, ``floor_area_other_share``.

    Notes
    -----
    Source: BAG, gebruiksdoel and gebruiksoppervlakte (NEN 2580). Industry takes in glasshouses, barns and stores,
    lodging holiday homes, other garages and technical buildings.
    """
    area = functions_in_units[[*FUNCTIONS, "with_use", "without_use"]]
    share = area[list(FUNCTIONS)].div(area["with_use"].where(area["with_use"] > 0), axis=0)
    return pd.concat(
        [area.add_prefix("floor_area_").add_suffix("_m2"), share.add_prefix("floor_area_").add_suffix("_share")],
        axis=1,
    )


def work_floor(units: gpd.GeoDataFrame, functions_in_units: pd.DataFrame) -> pd.DataFrame:
    """Usable floor area for work: all with a registered use but housing and other.

    Returns
    -------
    DataFrame
        ``floor_area_work_m2`` (0 where there is none, NaN where none of it is measured),
        ``floor_area_work_m2_per_ha`` (per hectare of the unit, land and water; NaN likewise and for a unit without
        area) and ``floor_area_work_share`` (of all floor area with a registered use; NaN where there is none).

    Notes
    -----
    Source: BAG, gebruiksdoel and gebruiksoppervlakte; that housing and other (overige gebruiksfunctie: garages,
    technical buildings) are no place of work is a choice of this pipeline. Work at home is not in it.
    """
    work = functions_in_units["work"]
    return pd.DataFrame(
        {
            "floor_area_work_m2": work,
            "floor_area_work_m2_per_ha": ratio(work, units["area_m2"]) * 1e4,
            "floor_area_work_share": ratio(work, functions_in_units["with_use"]),
        },
        index=units.index,
    )


def jobs(units: gpd.GeoDataFrame, address_jobs: pd.DataFrame, addresses_in_units: pd.DataFrame) -> pd.DataFrame:
    """Jobs that the floor area for work would hold at the set floor area per job; no count of jobs.

    Returns
    -------
    DataFrame
        ``jobs_estimate_count`` with ``jobs_estimate_low_count`` and ``jobs_estimate_high_count`` (0 without floor
        area for work, NaN where none of it is measured) and ``jobs_estimate_per_ha`` (per hectare of the unit, land
        and water; NaN likewise and for a unit without area).

    Notes
    -----
    Source: PBL RSopen for offices (17.5 m² gross per job; 20 before 2020, which makes the bounds of offices); for
    all else an assumption, with bounds of a factor 1.5 either way. Gross floor area is usable floor area divided by
    its set share. Floor area that stands empty counts as if it were used.
    """
    found = sums_per_unit(address_jobs, addresses_in_units, units.index)
    return pd.DataFrame(
        {
            "jobs_estimate_count": found["estimate"],
            "jobs_estimate_low_count": found["low"],
            "jobs_estimate_high_count": found["high"],
            "jobs_estimate_per_ha": ratio(found["estimate"], units["area_m2"]) * 1e4,
        },
        index=units.index,
    )


TABLES = (address_functions, functions_in_units, address_jobs)

_COVERAGE = "floor_area_coverage_share"


def _area(name: str, amount: str, label: Text, meaning: Text) -> Measure:
    return Measure(
        f"floor_area_{name}_m2", "float64", "m²", "extensive", label, meaning,
        rows=Rows("verblijfsobject", "addresses_in_units", "address_functions", amount),
        coverage=_COVERAGE, missing="not_measured",
    )  # fmt: skip


def _jobs(name: str, amount: str, label: Text, meaning: Text, bounds: tuple[str, str] | None = None) -> Measure:
    return Measure(
        name, "float64", "count", "extensive", label, meaning,
        rows=Rows("verblijfsobject", "addresses_in_units", "address_jobs", amount),
        coverage=_COVERAGE, bounds=bounds, missing="not_measured", estimate=True,
    )  # fmt: skip


INDICATORS = (
    Indicator(
        floor_by_function,
        (
            *(
                _area(f.name, f.name, Text(f"Vloeroppervlak {f.words.nl}", f"Floor area, {f.words.en}"),
                      Text(f"Gebruiksoppervlakte van adressen met gebruiksdoel {f.bag} (BAG), gelijk verdeeld over de gebruiksdoelen van het adres, voor zover gemeten.",
                           f"Usable floor area of addresses with the use {f.bag} (BAG), split equally over the uses of the address, as far as measured."))
                for f in _FUNCTIONS
            ),
            _area("with_use", "with_use", Text("Vloeroppervlak met gebruiksdoel", "Floor area with a use"),
                  Text("Gebruiksoppervlakte van alle adressen met een gebruiksdoel (BAG), voor zover gemeten.",
                       "Usable floor area of all addresses with a registered use (BAG), as far as measured.")),
            _area("without_use", "without_use", Text("Vloeroppervlak zonder gebruiksdoel", "Floor area without a use"),
                  Text("Gebruiksoppervlakte van adressen waarvan de BAG geen gebruiksdoel heeft, voor zover gemeten.",
                       "Usable floor area of addresses of which the BAG has no use, as far as measured.")),
            *(
                Measure(f"floor_area_{f.name}_share", "float64", "share", "intensive",
                        Text(f"Aandeel vloeroppervlak {f.words.nl}", f"Share of floor area, {f.words.en}"),
                        Text(f"Gebruiksoppervlakte voor {f.bag} gedeeld door die met een gebruiksdoel; leeg zonder vloeroppervlak.",
                             f"Usable floor area for {f.bag} divided by that with a registered use; NaN without floor area."),
                        formula=f"floor_area_{f.name}_m2 / floor_area_with_use_m2", coverage=_COVERAGE, missing="no_floor_area")
                for f in _FUNCTIONS
            ),
        ),
        Text("Vloeroppervlak naar gebruiksdoel", "Floor area by function"),
        sums=(
            Sum(tuple(f"floor_area_{name}_m2" for name in FUNCTIONS), "floor_area_with_use_m2"),
            Sum(tuple(f"floor_area_{name}_share" for name in FUNCTIONS)),
            Sum(("floor_area_with_use_m2", "floor_area_without_use_m2"), "floor_area_usable_m2"),
        ),
    ),
    Indicator(
        work_floor,
        (
            _area("work", "work", Text("Vloeroppervlak voor werk", "Floor area for work"),
                  Text("Gebruiksoppervlakte met een ander gebruiksdoel dan wonen en overig (BAG), gelijk verdeeld over de gebruiksdoelen van het adres, voor zover gemeten.",
                       "Usable floor area with another use than housing and other (BAG), split equally over the uses of the address, as far as measured.")),
            Measure("floor_area_work_m2_per_ha", "float64", "m²/ha", "intensive", Text("Vloeroppervlak voor werk per ha", "Floor area for work per ha"),
                    Text("Vloeroppervlak voor werk gedeeld door de oppervlakte van het gebied, land en water, in hectaren.",
                         "Floor area for work divided by the area of the unit, land and water, in hectares."),
                    formula="floor_area_work_m2 / area_m2 * 1e4", coverage=_COVERAGE, missing="no_area"),
            Measure("floor_area_work_share", "float64", "share", "intensive", Text("Aandeel vloeroppervlak voor werk", "Share of floor area for work"),
                    Text("Vloeroppervlak voor werk gedeeld door dat met een gebruiksdoel; leeg zonder vloeroppervlak.",
                         "Floor area for work divided by that with a registered use; NaN without floor area."),
                    formula="floor_area_work_m2 / floor_area_with_use_m2", coverage=_COVERAGE, missing="no_floor_area"),
        ),
        Text("Vloeroppervlak voor werk", "Floor area for work"),
    ),
    Indicator(
        jobs,
        (
            _jobs("jobs_estimate_count", "estimate", Text("Arbeidsplaatsen (schatting)", "Jobs (estimate)"),
                  Text("Arbeidsplaatsen die het bruto vloeroppervlak voor werk zou bevatten bij het ingestelde aantal m² per baan; leegstand telt mee.",
                       "Jobs that the gross floor area for work would hold at the set m² per job; vacant floor area counts."),
                  ("jobs_estimate_low_count", "jobs_estimate_high_count")),
            _jobs("jobs_estimate_low_count", "low", Text("Arbeidsplaatsen, minst", "Jobs, least"),
                  Text("Idem met meer m² per baan: kantoor 20/17,5 keer (PBL), overig 1,5 keer (aanname).",
                       "Likewise with more m² per job: offices 20/17.5 times (PBL), the rest 1.5 times (assumption).")),
            _jobs("jobs_estimate_high_count", "high", Text("Arbeidsplaatsen, meest", "Jobs, most"),
                  Text("Idem met minder m² per baan: kantoor 17,5/20 keer (PBL), overig gedeeld door 1,5 (aanname).",
                       "Likewise with fewer m² per job: offices 17.5/20 times (PBL), the rest divided by 1.5 (assumption).")),
            Measure("jobs_estimate_per_ha", "float64", "1/ha", "intensive", Text("Arbeidsplaatsen per ha (schatting)", "Jobs per ha (estimate)"),
                    Text("Geschatte arbeidsplaatsen gedeeld door de oppervlakte van het gebied, land en water, in hectaren.",
                         "Estimated jobs divided by the area of the unit, land and water, in hectares."),
                    formula="jobs_estimate_count / area_m2 * 1e4", coverage=_COVERAGE, missing="no_area", estimate=True),
        ),
        Text("Arbeidsplaatsen (schatting)", "Jobs (estimate)"),
    ),
)  # fmt: skip
