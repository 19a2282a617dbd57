"""How near stations and green are: along streets and paths, and as the crow flies.

The network is that of the NWB: all that has a name or a number. Paths without a name are not in it, so the real way is
often shorter than the way found here; it is never shorter than the straight line. A share within some distance thus
lies between two numbers: what the network reaches, and what the circle holds. One assumption stays in the first: that
from an address, and from a station, one can go straight to the nearest point of the network. That stretch counts.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from .. import routes
from ..contract import Text
from ..streets import THROUGH
from .declaration import Indicator, Measure, Rows
from .tables import ratio, sums_per_unit

#: Ends of streets that lie this near to each other are one junction.
SNAP_M = 0.5
#: Main carriageways are closed to walkers and cyclists where the state has them: motorways and the like.
_MAIN, _STATE = "HR", "R"
#: Closed whoever has them: links between main carriageways, ways of a service area, bus lanes, what is no road.
_CLOSED = (THROUGH - {_MAIN}) | {"PKP", "PKB", "BST", "BU", "OVB", "VV", "VD"}
#: Closed to cyclists also: footpaths and bridleways.
_NO_CYCLING = frozenset({"VP", "RP"})
#: Classes of the BBG that are green where one may be: parks, day recreation, woods, dry and wet nature. Not sports
#: grounds, allotments, camp sites and cemeteries.
GREEN_CODES = frozenset({40, 43, 60, 61, 62})
#: A street leads to green that lies this near to it; it is looked at in steps.
GREEN_REACH_M = 20.0
_GREEN_STEP_M = 10.0
#: The 300 of 3-30-300.
GREEN_WITHIN_M = 300


class Within(NamedTuple):
    """A distance to a station: along the network by `way`, or with ``circle`` as the crow flies."""

    way: str
    metres: int

    @property
    def name(self) -> str:
        """As it stands in names of columns."""
        return f"{self.way}_{self.metres}m"

    @property
    def most(self) -> Within:
        """What is at least as much: the circle of this radius."""
        return Within("circle", self.metres)


_NETWORK = (Within("walk", 400), Within("walk", 800), Within("walk", 1200), Within("cycle", 3000))
WITHIN = tuple(w for reached in _NETWORK for w in (reached, reached.most))


def walking_network(wegvak: gpd.GeoDataFrame) -> routes.Network:
    """Give the streets and paths that can be walked, in both directions."""
    return _network(wegvak, _CLOSED)


def cycling_network(wegvak: gpd.GeoDataFrame) -> routes.Network:
    """Give the streets and paths that can be cycled, in both directions: one-way streets mostly let cyclists through."""
    return _network(wegvak, _CLOSED | _NO_CYCLING)


def _network(wegvak: gpd.GeoDataFrame, closed: frozenset[str]) -> routes.Network:
    kind = wegvak["carriageway"]
    shut = kind.isin(closed) | ((kind == _MAIN) & (wegvak["road_authority"] == _STATE))
    return routes.network(wegvak.geometry[~shut].to_numpy(), SNAP_M)


def address_stations(
    counted_addresses: gpd.GeoDataFrame,
    station: gpd.GeoDataFrame,
    walking_network: routes.Network,
    cycling_network: routes.Network,
) -> pd.DataFrame:
    """Say of each counted address how far the nearest station is.

    Returns
    -------
    DataFrame
        Index verblijfsobject_id; ``walk_m`` and ``cycle_m`` (NaN where no way leads to one), ``straight_m``,
        ``reached`` (0 or 1: whether one can be walked to), and 0 or 1 for each of `WITHIN`: whether the nearest is
        within that distance, limits included.
    """
    return _stations(counted_addresses.geometry, station, walking_network, cycling_network)


def people_stations(
    people_points: gpd.GeoDataFrame,
    station: gpd.GeoDataFrame,
    walking_network: routes.Network,
    cycling_network: routes.Network,
) -> pd.DataFrame:
    """Say of each of `people_points` how far the nearest station is, as `address_stations`."""
    return _stations(people_points.geometry, station, walking_network, cycling_network)


def _stations(
    points: gpd.GeoSeries, station: gpd.GeoDataFrame, on_foot: routes.Network, by_bike: routes.Network
) -> pd.DataFrame:
    here, there = (np.asarray(s.array, dtype=object) for s in (points, station.geometry))
    far = {
        "walk": _along(on_foot, routes.attach(on_foot, there), here),
        "cycle": _along(by_bike, routes.attach(by_bike, there), here),
        "circle": cKDTree(shapely.get_coordinates(there)).query(shapely.get_coordinates(here))[0],
    }
    found = {"walk_m": far["walk"], "cycle_m": far["cycle"], "straight_m": far["circle"]}
    table = pd.DataFrame(found, index=points.index, dtype="float64").replace(np.inf, np.nan)
    table["reached"] = np.isfinite(far["walk"]).astype("float64")
    return table.assign(**{w.name: (far[w.way] <= w.metres).astype("float64") for w in WITHIN})


def _along(network: routes.Network, sources: routes.Spots, points: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    return routes.distances(network, sources, routes.attach(network, points))


def green_patches(bodemgebruik: gpd.GeoDataFrame, green_from_m2: float) -> npt.NDArray[Any]:
    """Give the green of at least `green_from_m2`, each patch a Polygon: green of several classes that adjoins is one."""
    green = bodemgebruik.geometry[bodemgebruik["bbg_code"].isin(GREEN_CODES)]
    patches = shapely.get_parts(shapely.union_all(np.asarray(green.array, dtype=object)))
    large: npt.NDArray[Any] = patches[shapely.area(patches) >= green_from_m2]
    return large


def address_green(
    counted_addresses: gpd.GeoDataFrame, walking_network: routes.Network, green_patches: npt.NDArray[Any]
) -> pd.DataFrame:
    """Say of each dwelling how far the nearest green is.

    Along the network it is the way to a street in the green or at most 20 m from it, and from there straight; that is
    looked at every 10 m along a street.

    Returns
    -------
    DataFrame
        Index verblijfsobject_id, dwellings only; ``walk_m`` (NaN where no way leads to any), ``straight_m`` (0 in it),
        ``reached``, ``walk_300m`` and ``circle_300m`` (0 or 1).
    """
    homes = counted_addresses.geometry[counted_addresses["is_dwelling"]]
    points = np.asarray(homes.array, dtype=object)
    entrances = routes.along(walking_network, green_patches, GREEN_REACH_M, _GREEN_STEP_M)
    walk = _along(walking_network, entrances, points)
    straight = routes.straight(points, green_patches)
    table = pd.DataFrame({"walk_m": walk, "straight_m": straight}, index=homes.index).replace(np.inf, np.nan)
    return table.assign(
        reached=np.isfinite(walk).astype("float64"),
        walk_300m=(walk <= GREEN_WITHIN_M).astype("float64"),
        circle_300m=(straight <= GREEN_WITHIN_M).astype("float64"),
    )


def homes_in_units(counted_addresses: gpd.GeoDataFrame, addresses_in_units: pd.DataFrame) -> pd.DataFrame:
    """Give the unit(s) of each dwelling: the rows of `addresses_in_units` that are one."""
    is_dwelling = counted_addresses["is_dwelling"].reindex(addresses_in_units["point"])
    homes: pd.DataFrame = addresses_in_units[is_dwelling.to_numpy(dtype=bool)]
    return homes


def station_dwellings(
    units: gpd.GeoDataFrame, homes_in_units: pd.DataFrame, address_stations: pd.DataFrame
) -> pd.DataFrame:
    """Share of the dwellings in the unit within reach of a station, and how far it is.

    Returns
    -------
    DataFrame
        Along the network ``dwellings_walk_400m_share``, ``dwellings_walk_800m_share``, ``dwellings_walk_1200m_share``
        and ``dwellings_cycle_3000m_share``, each followed by the share in the circle of that radius,
        ``dwellings_circle_400m_share``, ``dwellings_circle_800m_share``, ``dwellings_circle_1200m_share`` and
        ``dwellings_circle_3000m_share``: 0 where no dwelling is, NaN without dwelling. ``station_walk_distance_m``,
        the mean over the dwellings from which a station can be reached (NaN where there is none), and
        ``station_reached_share``, what part of the dwellings those are; ``station_straight_distance_m``, the mean over
        all dwellings.

    Notes
    -----
    Source: network distance as GHSCI (global-indicators) measures access, here from the nearest point of the nearest
    street instead of its nearest end; 800 m as in transit-oriented development, 1,200 m on foot and 3 km by bike as in
    Dutch node-place studies. There is no Dutch norm. A station is the point that ProRail registers, which may lie 50 m
    from the platform or the entrance; all stations that were loaded count, also beyond the corridor, those beyond the
    loaded area do not.
    """
    shares = _means(address_stations, homes_in_units, units)
    return shares[[w.name for w in WITHIN]].add_prefix("dwellings_").add_suffix("_share").assign(
        station_walk_distance_m=shares["walk_m"],
        station_reached_share=shares["reached"],
        station_straight_distance_m=shares["straight_m"],
    )  # fmt: skip


def station_inhabitants(
    units: gpd.GeoDataFrame,
    people_points: gpd.GeoDataFrame,
    people_in_units: pd.DataFrame,
    people_stations: pd.DataFrame,
) -> pd.DataFrame:
    """Share of the inhabitants of the unit within reach of a station.

    Returns
    -------
    DataFrame
        As `station_dwellings` has them: ``inhabitants_walk_400m_share``, ``inhabitants_circle_400m_share``,
        ``inhabitants_walk_800m_share``, ``inhabitants_circle_800m_share``, ``inhabitants_walk_1200m_share``,
        ``inhabitants_circle_1200m_share``, ``inhabitants_cycle_3000m_share``, ``inhabitants_circle_3000m_share``; NaN
        where nobody lives.

    Notes
    -----
    Source: as `station_dwellings`; inhabitants of CBS squares, taken as spread evenly over the dwellings in them.
    """
    return _shares("inhabitants", people_points["estimate"], people_stations, people_in_units, units)


def station_work(
    units: gpd.GeoDataFrame,
    address_functions: pd.DataFrame,
    addresses_in_units: pd.DataFrame,
    address_stations: pd.DataFrame,
) -> pd.DataFrame:
    """Share of the floor area for work in the unit within reach of a station.

    Returns
    -------
    DataFrame
        As `station_dwellings` has them: ``floor_area_work_walk_400m_share``, ``floor_area_work_circle_400m_share``,
        ``floor_area_work_walk_800m_share``, ``floor_area_work_circle_800m_share``,
        ``floor_area_work_walk_1200m_share``, ``floor_area_work_circle_1200m_share``,
        ``floor_area_work_cycle_3000m_share``, ``floor_area_work_circle_3000m_share``; of the floor area that is
        measured, NaN where there is none.

    Notes
    -----
    Source: as `station_dwellings`; usable floor area for work as in ``floor_area_work_m2``.
    """
    return _shares("floor_area_work", address_functions["work"], address_stations, addresses_in_units, units)


def green_nearness(units: gpd.GeoDataFrame, homes_in_units: pd.DataFrame, address_green: pd.DataFrame) -> pd.DataFrame:
    """How far the dwellings in the unit are from green, and which share has it within 300 m.

    Returns
    -------
    DataFrame
        ``dwellings_green_300m_share`` (along the network) and ``dwellings_green_circle_300m_share`` (as the crow
        flies): NaN without dwelling. ``green_walk_distance_m``, the mean over the dwellings from which green can be
        reached (NaN where there is none), ``green_reached_share``, what part of the dwellings those are, and
        ``green_straight_distance_m``, the mean over all dwellings (NaN also where no green was loaded).

    Notes
    -----
    Source: the 300 of the 3-30-300 rule (Konijnendijk); green of 1 ha and more as WHO and GHSCI have it; CBS Bestand
    Bodemgebruik, of 2017, classes 40, 43, 60, 61 and 62. Which of it is open to the public is registered nowhere: woods
    and nature count whoever owns them, and green abroad does not. The 30 of the rule is the canopy share
    (``tree_canopy_share``). The 3, trees seen from each dwelling, can't be measured with what is loaded.
    """
    means = _means(address_green, homes_in_units, units)
    columns = {
        "dwellings_green_300m_share": "walk_300m",
        "dwellings_green_circle_300m_share": "circle_300m",
        "green_walk_distance_m": "walk_m",
        "green_reached_share": "reached",
        "green_straight_distance_m": "straight_m",
    }
    return pd.DataFrame({name: means[of] for name, of in columns.items()})


def _means(values: pd.DataFrame, points_in_units: pd.DataFrame, units: gpd.GeoDataFrame) -> pd.DataFrame:
    """Mean of each column over the points in each unit, those aside where it is NaN; NaN where none is left."""
    of_pair = values.reindex(points_in_units["point"])
    return of_pair.groupby(points_in_units["unit"].to_numpy()).mean().reindex(units.index).astype("float64")


def _shares(
    of: str, weights: pd.Series, nearness: pd.DataFrame, points_in_units: pd.DataFrame, units: gpd.GeoDataFrame
) -> pd.DataFrame:
    """Share of the weights in each unit that is within each distance; a weight that is not known does not count."""
    known = weights.fillna(0.0)
    within = nearness[[w.name for w in WITHIN]].mul(known, axis=0).assign(all=known)
    sums = sums_per_unit(within, points_in_units, units.index)
    return pd.DataFrame({f"{of}_{w.name}_share": ratio(sums[w.name], sums["all"]) for w in WITHIN}, index=units.index)


TABLES = (
    walking_network, cycling_network, address_stations, people_stations, green_patches, address_green, homes_in_units,
)  # fmt: skip


class _Subject(NamedTuple):
    """What a share is of: what its columns begin with, and how it is called."""

    name: str
    head: Text
    whole: Text
    missing: str
    nothing: Text
    how: Text | None = None


_DWELLINGS = _Subject(
    "dwellings", Text("Woningen", "Dwellings"), Text("de woningen", "the dwellings"), "no_dwelling",
    Text("leeg zonder woning", "NaN without dwelling"),
)  # fmt: skip
_PEOPLE = _Subject(
    "inhabitants", Text("Inwoners", "Inhabitants"), Text("de inwoners", "the inhabitants"), "no_inhabitants",
    Text("leeg waar niemand woont", "NaN where nobody lives"),
    Text("Inwoners van de punten waar het station nabij is, gedeeld door alle inwoners van de punten in het gebied; inwoners van een CBS-vierkant gelijk verdeeld over de woningen daarin.",
         "Inhabitants of the points with a station that near, divided by all inhabitants of the points in the unit; those of a CBS square spread evenly over the dwellings in it."),
)  # fmt: skip
_WORK = _Subject(
    "floor_area_work", Text("Werkvloer", "Floor area for work"),
    Text("het vloeroppervlak voor werken", "the floor area for work"), "no_floor_area",
    Text("leeg zonder zulk oppervlak", "NaN without such floor area"),
    Text("Gebruiksoppervlakte voor werken van de adressen waar het station nabij is, gedeeld door die van alle adressen in het gebied; niet gemeten oppervlakte telt niet mee.",
         "Usable floor area for work of the addresses with a station that near, divided by that of all addresses in the unit; area that is not measured does not count."),
)  # fmt: skip
_WAYS = {
    "walk": Text("lopen", "on foot"),
    "cycle": Text("fietsen", "by bike"),
    "circle": Text("hemelsbreed", "as the crow flies"),
}
_MEANS = {
    "walk": Text("lopen over straten en paden van het NWB, met het rechte stuk ernaartoe",
                 "on foot along streets and paths of the NWB, with the straight stretch to it"),
    "cycle": Text("fietsen over straten en fietspaden van het NWB, in beide richtingen, met het rechte stuk ernaartoe",
                  "by bike along streets and cycle paths of the NWB, in both directions, with the straight stretch to it"),
    "circle": Text("hemelsbreed; de bovengrens van wat over het netwerk bereikbaar is",
                   "as the crow flies; the most that can be within that distance along the network"),
}  # fmt: skip


def _measure(of: _Subject, within: Within) -> Measure:
    way, means = _WAYS[within.way], _MEANS[within.way]
    m = Text(f"{within.metres:,}".replace(",", "."), f"{within.metres:,}")
    name = f"{of.name}_{within.name}_share"
    rows = Rows("verblijfsobject", "homes_in_units", "address_stations", within.name, "mean")
    return Measure(
        name, "float64", "share", "intensive",
        Text(f"{of.head.nl}: station binnen {m.nl} m {way.nl}", f"{of.head.en}: station within {m.en} m {way.en}"),
        Text(f"Deel van {of.whole.nl} met een station binnen {m.nl} m {means.nl}; {of.nothing.nl}.",
             f"Share of {of.whole.en} with a station within {m.en} m {means.en}; {of.nothing.en}."),
        rows=None if of.how else rows, how=of.how, missing=of.missing, estimate=of is _PEOPLE,
        bounds=None if within.way == "circle" else (name, f"{of.name}_{within.most.name}_share"),
    )  # fmt: skip


def _measures(of: _Subject) -> tuple[Measure, ...]:
    return tuple(_measure(of, w) for w in WITHIN)


def _homes(name: str, unit: str, amounts: str, amount: str, label: Text, meaning: Text, **more: Any) -> Measure:
    """Mean over the dwellings of a column of the table `amounts`."""
    rows = Rows("verblijfsobject", "homes_in_units", amounts, amount, "mean")
    return Measure(name, "float64", unit, "intensive", label, meaning, rows=rows, **more)


INDICATORS = (
    Indicator(
        station_dwellings,
        (
            *_measures(_DWELLINGS),
            _homes("station_walk_distance_m", "m", "address_stations", "walk_m",
                   Text("Loopafstand tot een station", "Walking distance to a station"),
                   Text("Afstand lopen tot het naaste station over straten en paden van het NWB, gemiddeld over de woningen vanwaar er een te bereiken is; leeg zonder zo'n woning.",
                        "Distance on foot to the nearest station along streets and paths of the NWB, mean over the dwellings from which one can be reached; NaN without such a dwelling."),
                   coverage="station_reached_share", missing="not_reached"),
            _homes("station_reached_share", "share", "address_stations", "reached",
                   Text("Woningen vanwaar een station te bereiken is", "Dwellings from which a station can be reached"),
                   Text("Deel van de woningen vanwaar over het netwerk een station te bereiken is, hoe ver ook; leeg zonder woning.",
                        "Share of the dwellings from which a station can be reached along the network, however far; NaN without dwelling."),
                   missing="no_dwelling"),
            _homes("station_straight_distance_m", "m", "address_stations", "straight_m",
                   Text("Afstand tot een station, hemelsbreed", "Distance to a station as the crow flies"),
                   Text("Afstand hemelsbreed tot het naaste station, gemiddeld over de woningen; leeg zonder woning.",
                        "Distance to the nearest station as the crow flies, mean over the dwellings; NaN without dwelling."),
                   missing="no_dwelling"),
        ),
        Text("Woningen bij een station", "Dwellings near a station"),
    ),
    Indicator(station_inhabitants, _measures(_PEOPLE), Text("Inwoners bij een station", "Inhabitants near a station")),
    Indicator(station_work, _measures(_WORK), Text("Werken bij een station", "Work near a station")),
    Indicator(
        green_nearness,
        (
            _homes("dwellings_green_300m_share", "share", "address_green", "walk_300m",
                   Text("Woningen: groen binnen 300 m lopen", "Dwellings: green within 300 m on foot"),
                   Text("Deel van de woningen met groen van de ingestelde grootte binnen 300 m lopen: park, dagrecreatie, bos of natuur volgens het BBG, openbaar of niet; leeg zonder woning.",
                        "Share of the dwellings with green of the set size within 300 m on foot: park, day recreation, woods or nature by the BBG, public or not; NaN without dwelling."),
                   bounds=("dwellings_green_300m_share", "dwellings_green_circle_300m_share"), missing="no_dwelling"),
            _homes("dwellings_green_circle_300m_share", "share", "address_green", "circle_300m",
                   Text("Woningen: groen binnen 300 m hemelsbreed", "Dwellings: green within 300 m as the crow flies"),
                   Text("Deel van de woningen met zulk groen binnen 300 m hemelsbreed; de bovengrens van wat over het netwerk bereikbaar is; leeg zonder woning.",
                        "Share of the dwellings with such green within 300 m as the crow flies; the most that can be within that distance along the network; NaN without dwelling."),
                   missing="no_dwelling"),
            _homes("green_walk_distance_m", "m", "address_green", "walk_m",
                   Text("Loopafstand tot groen", "Walking distance to green"),
                   Text("Afstand lopen tot het naaste groen van de ingestelde grootte over straten en paden van het NWB, gemiddeld over de woningen vanwaar er een te bereiken is; leeg zonder zo'n woning.",
                        "Distance on foot to the nearest green of the set size along streets and paths of the NWB, mean over the dwellings from which any can be reached; NaN without such a dwelling."),
                   coverage="green_reached_share", missing="not_reached"),
            _homes("green_reached_share", "share", "address_green", "reached",
                   Text("Woningen vanwaar groen te bereiken is", "Dwellings from which green can be reached"),
                   Text("Deel van de woningen vanwaar over het netwerk zulk groen te bereiken is, hoe ver ook; leeg zonder woning.",
                        "Share of the dwellings from which such green can be reached along the network, however far; NaN without dwelling."),
                   missing="no_dwelling"),
            _homes("green_straight_distance_m", "m", "address_green", "straight_m",
                   Text("Afstand tot groen, hemelsbreed", "Distance to green as the crow flies"),
                   Text("Afstand hemelsbreed tot het naaste groen van de ingestelde grootte, gemiddeld over de woningen; leeg zonder woning, of als er geen zulk groen is.",
                        "Distance to the nearest green of the set size as the crow flies, mean over the dwellings; NaN without dwelling, or where there is no such green."),
                   missing="no_dwelling"),
        ),
        Text("Groen bij de woning", "Green near dwellings"),
    ),
)  # fmt: skip
