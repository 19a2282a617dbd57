"""Key figures per neighbourhood and per square, as CBS publishes them year by year: rounded, and partly withheld."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.signal import fftconvolve

from . import borders, places, terrain
from .establishments import SECTORS, establishments
from .figures import (
    EDITIONS,
    LATER,
    WIJKEN,
    WITHHELD,
    WITHHELD_BEFORE,
    WITHHELD_SQUARE_BEFORE,
    delivered,
    editions,
)
from .frames import frame, multi
from .residents import AGES, residents
from .stock import Stock
from .terrain import Terrain

#: BBG codes of water.
_WATER_CODES = (75, 78)
#: Not there yet in the newest edition, as in the first version of a real one.
_NOT_YET = (
    "aantal_huishoudens",
    "percentage_eenpersoonshuishoudens",
    "percentage_huishoudens_zonder_kinderen",
    "percentage_huishoudens_met_kinderen",
    "gemiddelde_huishoudsgrootte",
    "personenautos_totaal",
)
#: What CBS calls the ages and the sectors.
_AGES = dict(
    zip(AGES, ("0_tot_15_jaar", "15_tot_25_jaar", "25_tot_45_jaar", "45_tot_65_jaar", "65_jaar_en_ouder"), strict=True)
)
_SECTORS = {
    "agriculture": "landbouw_bosbouw_visserij",
    "industry": "nijverheid_energie",
    "trade": "handel_en_horeca",
    "transport": "vervoer_informatie_communicatie",
    "finance": "financieel_onroerend_goed",
    "business_services": "zakelijke_dienstverlening",
    "public": "overheid_onderwijs_en_zorg",
    "culture": "cultuur_recreatie_overige",
}
#: Per year and dwelling: the chance that one more person lived there the year before, and that one less did.
_MORE, _LESS = 0.024, 0.04


def tables(
    ground: Terrain, made: Stock, land_use: gpd.GeoDataFrame, rng: np.random.Generator, seed: int
) -> dict[str, gpd.GeoDataFrame]:
    """Give the tables of wijk, buurt and both sizes of square, in all editions, named as `figures.delivered` does."""
    place = ground.buurten.sort_values("code", ignore_index=True)
    people = {year: people_at(made, year, seed) for year in sorted({*editions("buurt"), *editions("vierkant_100m")})}
    tables: dict[str, gpd.GeoDataFrame] = {}
    now = EDITIONS["buurt"]
    before = borders.before(place)
    for year in editions("buurt"):
        here = place if year == now else before
        there = people[year] if year == now else borders.located(people[year], here)
        chance = rng if year == now else np.random.default_rng([seed, 6, year])
        buurt = buurten(here, there, land_use, chance, year)
        tables[delivered("buurt", year)] = buurt.drop(columns=["land_m2", "water_m2"])
        tables[delivered("wijk", year)] = wijken(buurt, there, year)
    _say_what_changed(tables, "buurt")
    _say_what_changed(tables, "wijk")
    for side in (100, 500):
        for year in editions(f"vierkant_{side}m"):
            chance = rng if (year, side) == (now, 100) else np.random.default_rng([seed, 7, year, side])
            tables[delivered(f"vierkant_{side}m", year)] = squares(people[year], chance, year, side)
    return tables


def _say_what_changed(tables: dict[str, gpd.GeoDataFrame], name: str) -> None:
    """Of the newest edition; the borders changed once, the year before it."""
    now, then = (tables[delivered(name, year)].set_index(f"{name}code").geometry for year in editions(name)[:2])
    tables[name]["indelingswijziging_wijken_en_buurten"] = borders.change(now, then)


def people_at(made: Stock, year: int, seed: int) -> pd.DataFrame:
    """One row per address in the stock on 1 January: place, buurt, people, whether it is a dwelling, and of what kind.

    What was built in that year or later is not there yet, and a few dwellings held one person more or less.
    """
    units = made.units[made.units["stock"]].copy()
    units["buurt"] = made.panden["buurt"].to_numpy()[units["pand"]]
    units["year"] = made.panden["year"].to_numpy()[units["pand"]]
    units["people"] = _people_before(units["people"].to_numpy(), EDITIONS["buurt"] - year, seed)
    farm = (made.panden["kind"].to_numpy() == "farmhouse")[units["pand"]]
    lives, works = residents(units["people"].to_numpy(), seed), establishments(units["use"], farm, seed)
    units = pd.concat([units, lives.set_axis(units.index), works.set_axis(units.index)], axis=1)
    units["vacant"] = units["home"] & (units["people"] == 0)
    units = units[units["year"] < year]
    shared = units.groupby("pand")["home"].transform("sum") > 1
    units["stacked"] = shared & units["home"]
    units["density"] = _surrounding(units["x"].to_numpy(), units["y"].to_numpy())
    stops = shapely.multipoints([(s.x, s.y) for s in places.STATIONS])
    units["station_km"] = shapely.distance(shapely.points(units[["x", "y"]].to_numpy()), stops) / 1000
    return units


def _people_before(people: np.ndarray, years: int, seed: int) -> np.ndarray:
    """How many lived at each address so many years before; where nobody lives, nobody did."""
    rng = np.random.default_rng([seed, 8])
    for _ in range(years):
        dice = rng.uniform(0, 1, len(people))
        people = people + ((people > 0) & (dice < _MORE)) - ((people > 1) & (dice > 1 - _LESS))
    return people


def _surrounding(x: np.ndarray, y: np.ndarray, cell_m: float = 25.0, radius_m: float = 1000.0) -> np.ndarray:
    """Addresses per km² within 1 km of each address, counted on small squares as CBS does."""
    west, south, east, north = places.FRAME
    shape = int((north - south) / cell_m) + 1, int((east - west) / cell_m) + 1
    i, j = ((y - south) / cell_m).astype(int), ((x - west) / cell_m).astype(int)
    count = np.zeros(shape)
    np.add.at(count, (i, j), 1.0)
    reach = int(radius_m / cell_m)
    dy, dx = np.mgrid[-reach : reach + 1, -reach : reach + 1] * cell_m
    disc = (np.hypot(dx, dy) <= radius_m).astype(float)
    near = np.rint(fftconvolve(count, disc, mode="same"))
    return np.asarray(near[i, j] / (np.pi * (radius_m / 1000) ** 2))


#: What is summed per neighbourhood.
_SUMS = (
    "people", "lived", "alone", "childless", "family", "home", "stacked", "vacant", "new",
    *SECTORS, *(f"age_{group}" for group in AGES),
)  # fmt: skip


def _figures(people: pd.DataFrame, key: pd.Series, index: pd.Index) -> pd.DataFrame:
    """Sums and means of the addresses per `key`, for each of `index`."""
    by = people.assign(new=people["home"] & (people["year"] >= 2000)).groupby(key)
    sums = by[list(_SUMS)].sum().reindex(index).fillna(0)
    return sums.join(by[["density", "station_km"]].mean())


def _five(values: Any) -> np.ndarray:
    """Rounded to a multiple of five."""
    return np.asarray(np.floor(np.asarray(values, dtype=float) / 5 + 0.5) * 5, dtype=np.int64)


def _key_figures(
    f: pd.DataFrame, land_m2: np.ndarray, water_m2: np.ndarray, fictive: np.ndarray, edition: int
) -> dict[str, Any]:
    """The columns that buurten and wijken have in common, with codes where CBS withholds."""
    no = _withheld(edition)
    people, households, homes = f["people"].to_numpy(), f["lived"].to_numpy(), f["home"].to_numpy()
    works = f[list(SECTORS)].to_numpy().sum(axis=1)
    enough, some, many = people >= 10, homes >= 10, homes >= 20

    def percent(part: Any, whole: np.ndarray, shown: np.ndarray) -> np.ndarray:
        return _code(np.round(100 * np.asarray(part, dtype=float) / np.maximum(whole, 1)), shown, no)

    oad = f["density"].to_numpy(dtype=float)
    n = np.arange(len(f))
    men = _five(people * (0.49 + (n % 5) / 100))
    figures = {
        "omgevingsadressendichtheid": _code(np.rint(oad), ~np.isnan(oad), no),
        "stedelijkheid_adressen_per_km2": _code(
            5 - np.searchsorted([500, 1000, 1500, 2500], oad, side="right"), ~np.isnan(oad), no
        ),
        "bevolkingsdichtheid_inwoners_per_km2": _code(np.rint(people / land_m2 * 1e6), enough, no),
        "aantal_inwoners": _code(_five(people), (people >= 5) | (people == 0), no),
        "mannen": _code(men, enough, no),
        "vrouwen": _code(_five(people) - men, enough, no),
        **{f"percentage_personen_{_AGES[group]}": percent(f[f"age_{group}"], people, enough) for group in AGES},
        "aantal_huishoudens": _code(_five(households), some, no),
        "percentage_eenpersoonshuishoudens": percent(f["alone"], households, some),
        "percentage_huishoudens_zonder_kinderen": percent(f["childless"], households, some),
        "percentage_huishoudens_met_kinderen": percent(f["family"], households, some),
        "gemiddelde_huishoudsgrootte": np.where(some, np.round(people / np.maximum(households, 1), 1), float(no)),
        "woningvoorraad": _code(homes, (homes >= 5) | (homes == 0), no),
        "percentage_eengezinswoning": percent(homes - f["stacked"], homes, some),
        "percentage_meergezinswoning": percent(f["stacked"], homes, some),
        "percentage_bewoond": percent(homes - f["vacant"], homes, many),
        "percentage_leegstand_woningen": percent(f["vacant"], homes, many),
        "percentage_bouwjaarklasse_tot_2000": percent(homes - f["new"], homes, some),
        "percentage_bouwjaarklasse_vanaf_2000": percent(f["new"], homes, some),
        "aantal_bedrijfsvestigingen": _code(_five(works), (works >= 3) | (works == 0), no),
        **{f"aantal_bedrijven_{_SECTORS[sector]}": _code(_five(f[sector]), works >= 20, no) for sector in SECTORS},
        "treinstation_gemiddelde_afstand_in_km": np.where(some, np.round(f["station_km"], 1), float(no)),
        "personenautos_totaal": _code(_five(homes * 0.9), some, no),
        "oppervlakte_totaal_in_ha": np.rint((land_m2 + water_m2) / 1e4).astype(np.int32),
        "oppervlakte_land_in_ha": np.rint(land_m2 / 1e4).astype(np.int32),
        "oppervlakte_water_in_ha": np.rint(water_m2 / 1e4).astype(np.int32),
    }
    for name, values in figures.items():
        if not name.startswith("oppervlakte"):
            values[fictive] = no
    if edition == EDITIONS["buurt"]:
        for name in _NOT_YET:
            figures[name][:] = LATER
    return figures


def _withheld(edition: int) -> int:
    """The code for withheld in an edition of the neighbourhoods."""
    return WITHHELD if edition > 2021 else WITHHELD_BEFORE


def _code(values: Any, shown: Any, no: int) -> np.ndarray:
    """Whole numbers, with the code `no` where they are not `shown`."""
    number = np.nan_to_num(np.asarray(values, dtype=float))
    return np.where(np.asarray(shown), number, no).astype(np.int32)


def buurten(
    place: pd.DataFrame, people: pd.DataFrame, land_use: gpd.GeoDataFrame, rng: np.random.Generator, edition: int
) -> gpd.GeoDataFrame:
    """Neighbourhoods of all municipalities, with a fictive one for a large water."""
    wet = land_use[land_use[f"bg{EDITIONS['bodemgebruik']}"].isin(_WATER_CODES)].geometry.to_numpy()
    area = shapely.area(place["geometry"].to_numpy())
    tree = shapely.STRtree(place["geometry"].to_numpy())
    water, at = tree.query(wet, predicate="intersects")
    pieces = shapely.area(shapely.intersection(wet[water], place["geometry"].to_numpy()[at]))
    water_m2 = np.bincount(at, pieces, minlength=len(place))
    land_m2 = np.maximum(area - water_m2, 1.0)
    f = _figures(people, people["buurt"], pd.Index(place["code"]))
    code, gemeente = "BU" + place["code"], "GM" + place["code"].str[:4]
    fictive = (place["character"] == "water").to_numpy()
    figures = _key_figures(f, land_m2, water_m2, fictive, edition)
    columns = {
        "buurtcode": code,
        "jrstatcode": f"{edition}" + code,
        "buurtnaam": place["name"],
        "wijkcode": "WK" + place["code"].str[:6],
        "gemeentecode": gemeente,
        "gemeentenaam": [places.GEMEENTEN[g][1] for g in gemeente],
        "indelingswijziging_wijken_en_buurten": np.ones(len(place), dtype=np.int32),
        "water": np.where(fictive, "JA", "NEE"),
        "meest_voorkomende_postcode": [places.postcode(c) for c in place["code"]],
        "dekkingspercentage": rng.integers(1, 4, len(place)).astype(np.int32),
        **figures,
        "jaar": np.full(len(place), edition, dtype=np.int32),
        "land_m2": land_m2,
        "water_m2": water_m2,
    }
    return frame(columns, multi(place["geometry"]))


def wijken(buurt: gpd.GeoDataFrame, people: pd.DataFrame, edition: int) -> gpd.GeoDataFrame:
    """Wijken: whole neighbourhoods together, with the published figures where there are any."""
    by = buurt.groupby("wijkcode")
    first = by.first()
    code = pd.Index(first.index)
    f = _figures(people, "WK" + people["buurt"].str[:6], code)
    fictive = (first["water"] == "JA").to_numpy()
    figures = _key_figures(f, by["land_m2"].sum().to_numpy(), by["water_m2"].sum().to_numpy(), fictive, edition)
    names = {w.code: w.name for w in WIJKEN}
    columns = {
        "wijkcode": code,
        "jrstatcode": f"{edition}" + code,
        "wijknaam": ["" if w else names.get(c, f"Wijk {c[6:]}") for c, w in zip(code, fictive, strict=True)],
        "gemeentecode": first["gemeentecode"].to_numpy(),
        "gemeentenaam": first["gemeentenaam"].to_numpy(),
        "indelingswijziging_wijken_en_buurten": np.ones(len(code), dtype=np.int32),
        "water": first["water"].to_numpy(),
        **figures,
        "jaar": np.full(len(code), edition, dtype=np.int32),
    }
    return frame(columns, multi(terrain.merged(buurt.geometry.to_numpy(), buurt["wijkcode"].to_numpy())))


def squares(people: pd.DataFrame, rng: np.random.Generator, edition: int, side: int) -> gpd.GeoDataFrame:
    """Squares with a side of 100 or 500 m; smaller numbers than five are withheld.

    One of 100 m is there only from five inhabitants or five dwellings on, one of 500 m wherever there is ground.
    """
    x, y = (people["x"] // side * side // 100).astype(int), (people["y"] // side * side // 100).astype(int)
    age, home = people["year"], people["home"]
    by = people.assign(
        square=x * 10_000 + y,
        old=home & (age < 1945), mid=home & age.between(1945, 1964), new=home & (age >= 2015),
    ).groupby("square")  # fmt: skip
    sums = by[
        ["people", "lived", "alone", "home", "stacked", "vacant", "old", "mid", "new", *(f"age_{g}" for g in AGES)]
    ].sum()
    sums.index = pd.Index([f"E{square // 10_000:04d}N{square % 10_000:04d}" for square in sums.index], name="square")
    if side == 100:
        sums = sums[(sums["people"] >= 5) | (sums["home"] >= 5)]
    else:
        sums = sums.reindex(_ground(side), fill_value=0)
    no = WITHHELD if edition > 2019 else WITHHELD_SQUARE_BEFORE

    def shown(name: str) -> np.ndarray:
        return _code(_five(sums[name]), sums[name] >= 5, no)

    west = sums.index.str[1:5].astype(int).to_numpy() * 100
    south = sums.index.str[6:10].astype(int).to_numpy() * 100
    men = np.rint(sums["people"] * rng.uniform(0.44, 0.55, len(sums)))
    columns = {
        f"crs28992res{side}m": sums.index,
        "aantal_inwoners": shown("people"),
        "aantal_mannen": _code(_five(men), men >= 5, no),
        "aantal_vrouwen": _code(_five(sums["people"] - men), sums["people"] - men >= 5, no),
        **{f"aantal_inwoners_{_AGES[group]}": shown(f"age_{group}") for group in AGES},
        "aantal_part_huishoudens": shown("lived"),
        "aantal_eenpersoonshuishoudens": shown("alone"),
        "gemiddelde_huishoudensgrootte": np.where(
            sums["lived"] >= 5, np.round(sums["people"] / sums["lived"].clip(lower=1), 1), float(no)
        ),
        "aantal_woningen": shown("home"),
        "aantal_woningen_bouwjaar_voor_1945": shown("old"),
        "aantal_woningen_bouwjaar_45_tot_65": shown("mid"),
        "aantal_woningen_bouwjaar_15_en_later": shown("new"),
        "aantal_meergezins_woningen": shown("stacked"),
        "aantal_niet_bewoonde_woningen": shown("vacant"),
        "gemiddelde_woz_waarde_woning": np.full(
            len(sums), LATER if edition == EDITIONS["buurt"] else no, dtype=np.int32
        ),
        "jaar": np.full(len(sums), edition, dtype=np.int32),
    }
    return frame(columns, multi(shapely.box(west, south, west + side, south + side)))


def _ground(side: int) -> pd.Index:
    """Codes of all squares in the frame."""
    west, south, east, north = (int(v) // 100 for v in places.FRAME)
    step = side // 100
    return pd.Index([f"E{x}N{y}" for x in range(west, east, step) for y in range(south, north, step)], name="square")
