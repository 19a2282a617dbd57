"""Panden and verblijfsobjecten, as the BAG has them."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from . import places
from .frames import dates, frame, rounded
from .stock import Stock

_BAG = "http://bag.basisregistraties.overheid.nl/bag/id"


def bag(made: Stock, rng: np.random.Generator) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Give the tables of the sources pand and verblijfsobject."""
    panden, units = made.panden, made.units
    pand_id = _ids(panden["buurt"].str[:4].to_numpy(), "10", rng)
    place = panden["buurt"].to_numpy()[units["pand"]]
    unit_id = _ids(np.array([p[:4] for p in place]), "01", rng)
    year = _year(panden, rng)
    area = units["area"].to_numpy(dtype=int)
    area[rng.choice(len(units), 130, replace=False)] = 1
    area[rng.choice(len(units), 9, replace=False)] = 999_999
    in_pand = pand_id[units["pand"]].astype(object)
    for unit, neighbour in _pairs(panden, units):
        in_pand[unit] = f"{in_pand[unit]},{pand_id[neighbour]}"
    address = _addresses(made, place)
    whole = {"Enschede": "0153", "Hengelo": "0164"}
    town = {g: n for n, g in whole.items()} | {"0147": "Zenderen", "0168": "Glane", "1735": "Delden"}
    use, least, most, count = _contents(panden, units, area)
    pand = frame(
        {
            "identificatie": pand_id,
            "rdf_seealso": [f"{_BAG}/pand/{i}" for i in pand_id],
            "bouwjaar": year.astype(np.int32),
            "status": panden["status"].to_numpy(),
            "gebruiksdoel": use,
            "oppervlakte_min": least,
            "oppervlakte_max": most,
            "aantal_verblijfsobjecten": count,
            "geconstateerd": rng.choice(["N", "J"], len(panden), p=[0.985, 0.015]),
            "documentdatum": dates(rng, len(panden)),
            "documentnummer": [f"BAG-{n:06d}" for n in rng.integers(1, 999_999, len(panden))],
        },
        rounded(panden["geometry"].to_numpy()),
    )
    unit = frame(
        {
            "identificatie": unit_id,
            "rdf_seealso": [f"{_BAG}/verblijfsobject/{i}" for i in unit_id],
            "oppervlakte": area.astype(np.int32),
            "status": units["status"].to_numpy(),
            "gebruiksdoel": units["use"].to_numpy(),
            **address,
            "woonplaats": [town[p[:4]] for p in place],
            "bouwjaar": year[units["pand"]].astype(np.int32),
            "pandidentificatie": in_pand,
            "pandstatus": panden["status"].to_numpy()[units["pand"]],
        },
        shapely.points(units[["x", "y"]].to_numpy()),
    )
    return (
        pand.sort_values("identificatie", ignore_index=True),
        unit.sort_values("identificatie", ignore_index=True),
    )


def _ids(gemeente: np.ndarray, kind: str, rng: np.random.Generator) -> np.ndarray:
    """Sixteen digits: municipality, kind of object, serial number with gaps."""
    serial = rng.permutation(np.cumsum(rng.integers(1, 23, len(gemeente))))
    return np.array([f"{g}{kind}{n:010d}" for g, n in zip(gemeente, serial, strict=True)])


def _year(panden: pd.DataFrame, rng: np.random.Generator) -> np.ndarray:
    """Years with the register's habits: not known is 9999, about 1900 is 1900, and a slip of the pen."""
    year = panden["year"].to_numpy(dtype=int).copy()
    dice = rng.uniform(0, 1, len(year))
    year[(year <= 1908) & (dice < 0.6)] = 1900
    year[dice > 0.9968] = 9999
    year[rng.choice(len(year), 2, replace=False)] = 1005
    planned = (panden["fate"] == "planned").to_numpy()
    year[planned] = 2023 + panden["row"].to_numpy()[planned] % 3
    return year


def _pairs(panden: pd.DataFrame, units: pd.DataFrame) -> list[tuple[int, int]]:
    """Shops that take in the building next door: row of the unit, row of the other building."""
    shop = panden.index[(panden["kind"] == "shops") & (panden["fate"] == "stock")].to_numpy()
    row = panden["row"].to_numpy()
    beside = shop[:-1][(np.diff(shop) == 1) & (row[shop[:-1]] == row[shop[1:]])]
    work = units[~units["home"] & units["stock"] & units["pand"].isin(beside)].drop_duplicates("pand")
    return [(int(i), int(p) + 1) for i, p in zip(work.index[::4], work["pand"].to_numpy()[::4], strict=True)]


def _contents(
    panden: pd.DataFrame, units: pd.DataFrame, area: np.ndarray
) -> tuple[np.ndarray, pd.Series, pd.Series, np.ndarray]:
    """Uses, smallest and largest unit, number of units: of what is not withdrawn."""
    ended = units["status"].isin(
        ["Verblijfsobject ingetrokken", "Niet gerealiseerd verblijfsobject", "Verblijfsobject ten onrechte opgevoerd"]
    )
    live = units.assign(area=area)[~ended]
    by = live.groupby("pand")
    every = range(len(panden))
    use = _uses(live["pand"].to_numpy(), live["use"], len(panden))
    least, most = (by["area"].agg(f).reindex(every).astype("Int32").reset_index(drop=True) for f in ("min", "max"))
    return use, least, most, by.size().reindex(every, fill_value=0).to_numpy(dtype=np.int32)


def _uses(pand: np.ndarray, use: pd.Series, n: int) -> np.ndarray:
    """All uses within each of `n` buildings, in the order of the alphabet; None where there are none."""
    kind, said = pd.factorize(use)
    words = sorted({word for some in said for word in some.split(",")})
    # A bit per word: what is in a building is the bits of its units together.
    bits = np.array([sum(1 << words.index(word) for word in set(some.split(","))) for some in said])
    held = np.zeros(n, dtype=np.int64)
    np.bitwise_or.at(held, pand, bits[kind])
    some, which = np.unique(held, return_inverse=True)
    names = [",".join(word for i, word in enumerate(words) if h >> i & 1) or None for h in some]
    return np.array(names, dtype=object)[which]


_STEM = ("Linden", "Eiken", "Beuken", "Kastanje", "Wilgen", "Berken", "Spinner", "Wever", "Katoen", "Jacquard", "Haver", "Rogge", "Klaver", "Merel", "Lijster", "Vinken", "Molen", "Kerk", "School", "Markt", "Stations", "Emma", "Wilhelmina", "Juliana", "Tubanten", "Saksen", "Esch", "Brink", "Veen", "Beek", "Kanaal", "Haven", "Ambacht", "Vonder", "Horst", "Bolder", "Heide", "Kamp", "Rozen", "Tulpen")  # fmt: skip
_END = ("straat", "straat", "laan", "weg", "pad", "hof", "dreef", "plein")
_LETTERS = "ABCDEGHJKLMNPRSTVWXZ"


def _addresses(made: Stock, place: np.ndarray) -> dict[str, Any]:
    """Street, number and postcode. A street is a line within its neighbourhood; numbers run along it."""
    units, panden = made.units, made.panden
    street = pd.Series(place) + "|" + pd.Series(panden["street"].astype(str).to_numpy()[units["pand"]])
    number, keys = pd.factorize(street, sort=True)
    local = pd.Series(keys).str[:8]
    nth = local.groupby(local).cumcount().to_numpy()
    home = pd.factorize(local, sort=True)[0]
    stem = (home * 7 + nth) % len(_STEM)
    end = (home * 3 + nth // len(_STEM) + nth) % len(_END)
    name = np.array([_STEM[a] + _END[b] for a, b in zip(stem, end, strict=True)])
    digits = [places.postcode(k) for k in local]
    pair = (nth + home * 11) % 400
    code = np.array([f"{d}{_LETTERS[p // 20]}{_LETTERS[p % 20]}" for d, p in zip(digits, pair, strict=True)])
    along = pd.Series(number).groupby(number).cumcount().to_numpy() + 1
    building = units["pand"].to_numpy()
    inside = pd.Series(building).groupby(building).cumcount().to_numpy()
    size = pd.Series(building).groupby(building).transform("size").to_numpy()
    letters = ["A" if n == 2 and i else None for i, n in zip(inside, size, strict=True)]
    extra = [str(100 + i) if n > 12 else None for i, n in zip(inside, size, strict=True)]
    return {
        "openbare_ruimte": name[number],
        "huisnummer": along.astype(np.int32),
        "huisletter": letters,
        "toevoeging": extra,
        "postcode": code[number],
    }
