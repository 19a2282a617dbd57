"""The stock: which buildings stand, what is in them, and who lives there.

The number of dwellings and of inhabitants of each calibrated wijk is exactly the published one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely

from .figures import WIJKEN
from .kinds import HOUSES, STACKED

#: Share of the dwellings of a wijk that are houses with one dwelling each; the others are stacked.
_HOUSES_SHARE: Mapping[str, float] = {
    "015300": 0.39, "015303": 0.50, "015304": 0.54, "015307": 1.0,
    "016400": 0.26, "016401": 0.68, "016405": 0.64, "016409": 1.0,
}  # fmt: skip
#: Dwellings in the neighbouring municipalities: a few hundred are enough for the rim.
_OUTSIDE: Mapping[str, int] = {"014701": 130, "016801": 210, "173501": 80, "016800": 0}

#: Mean usable floor area of a dwelling by kind of building, m².
_DWELLING_M2: Mapping[str, float] = {
    "prewar": 92, "terrace": 108, "semi": 126, "villa": 178, "farmhouse": 192, "ribbon": 165, "flats": 71,
    "slab": 77, "tower": 84, "court": 79, "shops": 68, "shopstrip": 74,
}  # fmt: skip
#: Kind of building -> mean number of addresses that are no dwelling, and their uses with weights.
_WORK: Mapping[str, tuple[float, Mapping[str, float]]] = {
    "shops": (0.31, {"winkelfunctie": 55, "bijeenkomstfunctie": 22, "kantoorfunctie": 18, "overige gebruiksfunctie": 5}),
    "shopstrip": (0.9, {"winkelfunctie": 85, "bijeenkomstfunctie": 15}),
    "court": (1.6, {"kantoorfunctie": 40, "winkelfunctie": 30, "bijeenkomstfunctie": 20, "gezondheidszorgfunctie": 10}),
    "tower": (3.0, {"kantoorfunctie": 80, "logiesfunctie": 20}),
    "office": (1.9, {"kantoorfunctie": 88, "bijeenkomstfunctie": 5, "gezondheidszorgfunctie": 4, "celfunctie": 1, "overige gebruiksfunctie": 2}),
    "works": (0.7, {"industriefunctie": 76, "industriefunctie,kantoorfunctie": 17, "overige gebruiksfunctie": 7}),
    "hallwork": (1.6, {"industriefunctie": 45, "kantoorfunctie": 30, "bijeenkomstfunctie": 25}),
    "units": (0.8, {"industriefunctie": 62, "industriefunctie,kantoorfunctie": 14, "overige gebruiksfunctie": 24}),
    "retail": (1.6, {"winkelfunctie": 100}),
    "school": (1.1, {"onderwijsfunctie": 90, "onderwijsfunctie,sportfunctie": 10}),
    "campus": (1.6, {"onderwijsfunctie": 66, "kantoorfunctie,onderwijsfunctie": 24, "bijeenkomstfunctie": 10}),
    "care": (1.2, {"gezondheidszorgfunctie": 100}),
    "hospital": (2.0, {"gezondheidszorgfunctie": 100}),
    "hall": (1.0, {"bijeenkomstfunctie": 60, "kantoorfunctie": 25, "bijeenkomstfunctie,kantoorfunctie": 15}),
    "sport": (1.0, {"sportfunctie": 70, "bijeenkomstfunctie,sportfunctie": 30}),
    "stadium": (9.0, {"sportfunctie": 30, "bijeenkomstfunctie": 40, "kantoorfunctie": 30}),
    "farmhouse": (0.25, {"industriefunctie": 80, "logiesfunctie": 20}),
    "prewar": (0.018, {"kantoorfunctie": 40, "winkelfunctie": 40, "bijeenkomstfunctie": 20}),
    "garage": (0.02, {"overige gebruiksfunctie": 100}),
}  # fmt: skip


@dataclass(frozen=True)
class Stock:
    """All that stands, stood or will stand.

    ``cells`` as `blocks` gives them, thinned; ``panden`` and ``units`` (verblijfsobjecten) have the columns that the
    registers need, ``units["pand"]`` is the row of the building; ``units["people"]`` is 0 outside the stock.
    """

    cells: pd.DataFrame
    panden: pd.DataFrame
    units: pd.DataFrame


def stock(cells: pd.DataFrame, built: pd.DataFrame, seed: int) -> Stock:
    """Fill the buildings, exactly to the published figures."""
    rng = np.random.default_rng([seed, 3])
    cells, panden = _thinned(cells, built, rng)
    panden = _overlaps(panden, rng)
    panden["status"] = _pand_status(panden, rng)
    dwellings = _dwellings(panden, rng)
    units = pd.concat([dwellings, _work(panden, rng), _not_stock(panden, dwellings, rng)], ignore_index=True)
    units = units.sort_values(["pand", "home"], kind="stable", ignore_index=True)
    units["people"] = _people(units, panden, rng)
    return Stock(cells, panden, _placed(units, panden))


def target(wijk: str) -> int | None:
    """Published dwellings of a wijk (its code without `WK`), what we want of a neighbour's, or None."""
    published = {w.code[2:]: w.dwellings for w in WIJKEN}
    return published.get(wijk, _OUTSIDE.get(wijk))


def _thinned(cells: pd.DataFrame, built: pd.DataFrame, rng: np.random.Generator) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Make room: whole blocks of houses beyond the wanted number become green; some of them were demolished."""
    built = built.assign(wijk=built["buurt"].str[:6], fate="stock")
    built.loc[cells["content"].to_numpy()[built["cell"]] == "planned", "fate"] = "planned"
    house = built["kind"].isin(HOUSES) & (built["fate"] == "stock")
    middle = shapely.get_coordinates(shapely.centroid(cells["geometry"].to_numpy()))
    openness = _openness(middle) + rng.normal(0, 0.22, len(cells))
    gone: list[np.ndarray] = []
    for wijk, houses in built[house].groupby("wijk"):
        wanted = target(str(wijk))
        limit = wanted * _HOUSES_SHARE.get(str(wijk), 1.0) if wanted is not None else 0.0
        per_cell = houses.groupby("cell").size()
        order = per_cell.index.to_numpy()[np.argsort(openness[per_cell.index])]
        keep = per_cell.loc[order].cumsum() <= limit
        gone.append(order[~keep.to_numpy()])
        if _HOUSES_SHARE.get(str(wijk), 1.0) == 1.0 and wanted:
            gone[-1] = gone[-1][1:]  # nothing stacked stands here, so one block more than needed
    emptied = np.concatenate(gone)
    cells = cells.copy()
    rural = cells["content"].isin(["farm", "ribbon"]).to_numpy()[emptied]
    green = np.array(["park", "forest", "sport", "park", "meadow", "park", "allotment", "park"])
    patch = np.floor(
        4 + 4 * np.sin(middle[emptied] @ np.array([0.0071, 0.0053]) + rng.normal(0, 0.25, len(emptied)))
    ).astype(int)
    cells.loc[emptied, "content"] = np.where(rural, "meadow", green[np.clip(patch, 0, 7)])
    lost = built["cell"].isin(emptied)
    razed = np.intersect1d(rng.permutation(emptied)[: max(len(emptied) // 30, 1)], emptied)
    built.loc[lost, "fate"] = "none"
    built.loc[
        built["cell"].isin(razed) & built["wijk"].isin([w.code[2:] for w in WIJKEN]) & (built["kind"] != "shed"), "fate"
    ] = "gone"
    return cells, built[built["fate"] != "none"].reset_index(drop=True)


def _openness(xy: np.ndarray) -> np.ndarray:
    """A smooth field, high along green wedges: where houses make room first, so that green hangs together."""
    x, y = xy.T
    return np.asarray(np.sin(x / 210 + 1.1) * np.cos(y / 260) + 0.7 * np.sin((x + y) / 330 + 0.4))


def _overlaps(panden: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """A few lean-tos drawn over the wall of their neighbour, as registers have them."""
    able = panden.index[panden["kind"].isin(["works", "units", "semi", "school"]) & (panden["fate"] == "stock")]
    some = panden.loc[rng.choice(able, 60, replace=False)].copy()
    corner = shapely.get_coordinates(shapely.get_point(shapely.get_exterior_ring(some["geometry"].to_numpy()), 0))
    x, y = corner.T
    some["geometry"] = shapely.box(x - 1.4, y - 2.2, x + 1.6, y + 2.4)
    return pd.concat([panden, some.assign(kind="shed")], ignore_index=True)


def _pand_status(panden: pd.DataFrame, rng: np.random.Generator) -> np.ndarray:
    n = len(panden)
    names = [
        "Pand in gebruik",
        "Pand in gebruik (niet ingemeten)",
        "Verbouwing pand",
        "Sloopvergunning verleend",
        "Pand buiten gebruik",
    ]
    standing = rng.choice(names, n, p=[0.9875, 0.005, 0.004, 0.0025, 0.001])
    planned = rng.choice(["Bouwvergunning verleend", "Bouw gestart"], n, p=[0.6, 0.4])
    gone = rng.choice(
        ["Pand gesloopt", "Niet gerealiseerd pand", "Pand ten onrechte opgevoerd"], n, p=[0.82, 0.13, 0.05]
    )
    together = panden["row"].to_numpy() % n
    # A row gets its permit, and is demolished, as a whole.
    return np.asarray(
        np.select(
            [panden["fate"] == "planned", panden["fate"] == "gone"], [planned[together], gone[together]], standing
        )
    )


def _dwellings(panden: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Dwellings in the stock: one per house, and in stacked buildings what is left of the published number."""
    stands = panden["fate"] == "stock"
    count = np.zeros(len(panden), dtype=int)
    for wijk, here in panden[stands].groupby("wijk"):
        wanted = target(str(wijk))
        houses = here.index[here["kind"].isin(HOUSES)].to_numpy()
        stacked = here[here["kind"].isin(STACKED)]
        if wanted is None:
            continue
        houses = houses[np.sort(rng.permutation(len(houses))[:wanted])]
        count[houses] = 1
        rest = wanted - len(houses)
        if rest and len(stacked):
            room = shapely.area(stacked["geometry"].to_numpy()) * np.maximum(stacked["floors"].to_numpy() - 0.6, 0.4)
            count[stacked.index] = _apportioned(rest, room)
    at = np.repeat(np.arange(len(panden)), count)
    kind = panden["kind"].to_numpy()[at]
    mean = pd.Series(kind).map(_DWELLING_M2).to_numpy(dtype=float)
    area = np.maximum(np.round(mean * np.exp(rng.normal(0, 0.2, len(at)))), 18)
    use = np.where(
        rng.uniform(0, 1, len(at)) < 0.012,
        rng.choice(
            ["kantoorfunctie,woonfunctie", "winkelfunctie,woonfunctie", "gezondheidszorgfunctie,woonfunctie"], len(at)
        ),
        "woonfunctie",
    )
    words = ["Verblijfsobject in gebruik", "Verblijfsobject in gebruik (niet ingemeten)", "Verbouwing verblijfsobject"]
    status = rng.choice(words, len(at), p=[0.987, 0.008, 0.005])
    return pd.DataFrame({"pand": at, "home": True, "use": use, "area": area, "status": status, "stock": True})


def _apportioned(total: int, weight: np.ndarray) -> np.ndarray:
    """Whole numbers that sum to `total`, in proportion to `weight` (largest remainders)."""
    share = total * weight / weight.sum()
    whole = np.floor(share)
    first = np.argsort(-(share - whole), kind="stable")[: round(total - whole.sum())]
    whole[first] += 1
    return np.asarray(whole, dtype=int)


def _work(panden: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Addresses that are no dwelling."""
    stands = (panden["fate"] == "stock").to_numpy()
    mean = panden["kind"].map({k: v[0] for k, v in _WORK.items()}).fillna(0.0).to_numpy() * stands
    count = np.floor(mean + rng.uniform(0, 1, len(panden))).astype(int)
    at = np.repeat(np.arange(len(panden)), count)
    kind = panden["kind"].to_numpy()[at]
    use = np.empty(len(at), dtype=object)
    for name, (_, uses) in _WORK.items():
        here = kind == name
        weight = np.array(list(uses.values()), dtype=float)
        use[here] = rng.choice(list(uses), int(here.sum()), p=weight / weight.sum())
    floor = shapely.area(panden["geometry"].to_numpy()[at])
    storeys = np.where(panden["kind"].isin(STACKED).to_numpy()[at], 0.8, panden["floors"].to_numpy()[at] * 0.8)
    area = np.maximum(np.round(floor * storeys / count[at] * np.exp(rng.normal(0, 0.15, len(at)))), 12)
    status = rng.choice(
        [
            "Verblijfsobject in gebruik",
            "Verblijfsobject in gebruik (niet ingemeten)",
            "Verbouwing verblijfsobject",
            "Verblijfsobject buiten gebruik",
        ],
        len(at),
        p=[0.975, 0.01, 0.009, 0.006],
    )
    in_stock = status != "Verblijfsobject buiten gebruik"
    return pd.DataFrame({"pand": at, "home": False, "use": use, "area": area, "status": status, "stock": in_stock})


def _not_stock(panden: pd.DataFrame, dwellings: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Verblijfsobjecten that are formed, withdrawn, never made, out of use, or entered by mistake."""
    single = panden["kind"].isin(HOUSES).to_numpy()
    fate, status = panden["fate"].to_numpy(), panden["status"].to_numpy()
    planned = np.flatnonzero((fate == "planned") & single)
    gone = np.flatnonzero((fate == "gone") & single)
    formed = pd.DataFrame({"pand": planned, "status": "Verblijfsobject gevormd"})
    ended = pd.Series(status[gone]).map(
        {"Pand gesloopt": "Verblijfsobject ingetrokken", "Niet gerealiseerd pand": "Niet gerealiseerd verblijfsobject"}
    )
    past = pd.DataFrame({"pand": gone, "status": ended.fillna("Verblijfsobject ten onrechte opgevoerd")})
    names = ["Verblijfsobject buiten gebruik", "Verblijfsobject ingetrokken", "Verblijfsobject ten onrechte opgevoerd"]
    beside = pd.DataFrame(
        {
            "pand": rng.choice(dwellings["pand"].unique(), 330, replace=False),
            "status": rng.choice(names, 330, p=[0.32, 0.6, 0.08]),
        }
    )
    table = pd.concat([formed, past, beside], ignore_index=True)
    area = np.round(90 * np.exp(rng.normal(0, 0.25, len(table))))
    return table.assign(home=True, use="woonfunctie", area=area, stock=False)


def _people(units: pd.DataFrame, panden: pd.DataFrame, rng: np.random.Generator) -> np.ndarray:
    """Inhabitants of each dwelling: one in each that is lived in, the others by chance, more in houses."""
    people = np.zeros(len(units), dtype=int)
    wijk = panden["wijk"].to_numpy()[units["pand"]]
    house = panden["kind"].isin(HOUSES).to_numpy()[units["pand"]]
    # Some blocks wait for their first or their last tenants.
    vacant = panden["cell"].to_numpy()[units["pand"]] % 97 == 0
    published = {w.code[2:]: w.inhabitants for w in WIJKEN}
    for code in np.unique(wijk):
        here = np.flatnonzero((wijk == code) & units["home"].to_numpy() & units["stock"].to_numpy())
        lived = here[(rng.uniform(0, 1, len(here)) > 0.035) & ~vacant[here]]
        total = published.get(str(code), round(2.3 * len(here)))
        people[lived] = 1
        weight = np.where(house[lived], 1.7, 0.55) * rng.gamma(1.6, 1.0, len(lived))
        people[lived] += rng.multinomial(max(total - len(lived), 0), weight / weight.sum()) if len(lived) else 0
    return people


def _placed(units: pd.DataFrame, panden: pd.DataFrame) -> pd.DataFrame:
    """Points spread along the axis of the building; one address alone stands in the middle."""
    of = units.groupby("pand")["pand"]
    nth, count = of.cumcount().to_numpy(), of.transform("size").to_numpy()
    stair = np.minimum(count, 12)
    share = (nth % stair + 0.5) / stair
    axis = panden["axis"].to_numpy()[units["pand"]]
    where = shapely.get_coordinates(shapely.line_interpolate_point(axis, share, normalized=True))
    return units.assign(x=np.round(where[:, 0], 3), y=np.round(where[:, 1], 3))
