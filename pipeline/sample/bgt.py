"""The BGT of the sample, as the OGC API gives it: all collections, with their history and what lies above and below."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.ops import substring

from . import places
from .cover import PARTS, Part
from .frames import frame, rounded
from .streets import OPEN
from .terrain import Terrain

#: The ground is covered at least this far from the track between the two main stations, metres.
REACH_M = 1_400.0
#: Names of collections -> words of the registers for what it is and what covers it, where it has them.
COLLECTIONS: Mapping[str, tuple[str, ...]] = {
    "begroeidterreindeel": ("fysiek_voorkomen", "plus_fysiek_voorkomen"),
    "onbegroeidterreindeel": ("fysiek_voorkomen", "plus_fysiek_voorkomen"),
    "wegdeel": ("functie", "plus_functie", "fysiek_voorkomen", "plus_fysiek_voorkomen"),
    "ondersteunendwegdeel": ("functie", "plus_functie", "fysiek_voorkomen", "plus_fysiek_voorkomen"),
    "waterdeel": ("type", "plus_type"),
    "ondersteunendwaterdeel": ("type", "plus_type"),
    "pand": ("identificatiebagpnd",),
    "overigbouwwerk": ("type", "plus_type"),
    "kunstwerkdeel": ("type", "plus_type"),
    "scheiding": ("type", "plus_type"),
    "spoor": ("functie", "plus_functie"),
    "vegetatieobject": ("type", "plus_type"),
}
_WORD = {
    "functie": "what", "type": "what", "plus_functie": "what_detail", "plus_type": "what_detail",
    "fysiek_voorkomen": "cover", "plus_fysiek_voorkomen": "cover_detail", "identificatiebagpnd": "bag",
}  # fmt: skip
_STANDING = frozenset(
    {
        "Pand in gebruik",
        "Pand in gebruik (niet ingemeten)",
        "Verbouwing pand",
        "Sloopvergunning verleend",
        "Pand buiten gebruik",
    }
)
_PLANNED = frozenset({"Bouwvergunning verleend", "Bouw gestart"})
#: Who draws what is not the municipality's.
_HOLDER = {
    "track": "L0004", "railside": "L0004", "platform": "L0004", "rail": "L0004", "carriageway": "L0002",
    "motorside": "L0002", "stream": "L0002",
}  # fmt: skip
#: Outside the towns main roads are the province's.
_PROVINCE, _PROVINCIAL = "P0023", ("main", "main verge")
#: What holds trees that nobody counts one by one.
_WILD = ("forest", "wet")
#: Of all current objects, how many have a former version.
_FORMER_SHARE = 0.3

_BRIDGE = Part("wegdeel", "rijbaan regionale weg", "gesloten verharding", "", "asfalt")
_BRIDGE_PATH = Part("wegdeel", "voetpad", "open verharding", "", "tegels")
_TUNNEL = Part("wegdeel", "fietspad", "gesloten verharding", "", "asfalt")
_WALL = Part("scheiding", "muur")
_KIOSK = Part("overigbouwwerk", "lage trafo")
_TANK = Part("overigbouwwerk", "opslagtank")
_RAIL = Part("spoor", "trein")
_TREE = Part("vegetatieobject", "niet-bgt", "", "boom")


def zone(ground: Terrain, reach_m: float = REACH_M) -> Any:
    """Give the ground along the track as one Polygon, m RD; where it meets a block, all of the block is covered."""
    stops = {s.code: shapely.Point(s.x, s.y) for s in places.STATIONS}
    main = ground.rail["main"]
    return substring(main, main.project(stops["Hgl"]), main.project(stops["Es"])).buffer(reach_m)


def standing(pand: gpd.GeoDataFrame, area: Any) -> gpd.GeoDataFrame:
    """Give the BAG buildings that stand in `area`."""
    some = pand["status"].isin(_STANDING).to_numpy() & shapely.intersects(area, pand.geometry.to_numpy())
    return pand[some].reset_index(drop=True)


def bgt(
    covered: pd.DataFrame,
    cells: pd.DataFrame,
    stand: gpd.GeoDataFrame,
    pand: gpd.GeoDataFrame,
    ground: Terrain,
    track: pd.DataFrame,
    trees: np.ndarray,
    seed: int,
) -> dict[str, gpd.GeoDataFrame]:
    """Give one table per collection, named as the sources are.

    Parameters
    ----------
    covered
        What `cover.cover` made of the ground.
    cells, ground, track
        The sample's own.
    stand
        The buildings that `covered` numbers.
    pand
        Table of the source pand.
    trees
        Where they stand: x and y, a row each.
    seed
        Of the sample.
    """
    rng = np.random.default_rng([seed, 7])
    land = _with_insets(_worded(covered, cells, stand))
    area = zone(ground)
    rest = [_crossings(ground), _rails(track, area), _ghosts(pand, area)]
    objects = pd.concat([land, *rest], ignore_index=True)
    rows = _versions(_registered(objects, rng), rng)
    # By a die of their own: all else stays as it is without them.
    rng = np.random.default_rng([seed, 10])
    rows = pd.concat([rows, _versions(_registered(_single_trees(trees, cells, area), rng), rng)], ignore_index=True)
    return {f"bgt_{name}": _table(rows, name, words) for name, words in COLLECTIONS.items()}


def _worded(covered: pd.DataFrame, cells: pd.DataFrame, stand: gpd.GeoDataFrame) -> pd.DataFrame:
    """The words of each piece of ground, and who draws it."""
    words = pd.DataFrame(PARTS).T.set_axis(Part._fields, axis=1)
    table = words.loc[covered["part"]].reset_index(drop=True)
    cell = covered["cell"].to_numpy(dtype=int)
    town = "G" + cells["buurt"].str[:4].to_numpy()[cell]
    holder = covered["part"].map(_HOLDER).reset_index(drop=True)
    outside = cells["content"].isin(OPEN).to_numpy()[cell]
    holder[outside & covered["part"].isin(_PROVINCIAL).to_numpy()] = _PROVINCE
    bag = np.r_[stand["identificatie"].to_numpy(dtype=object), [""]]
    return table.assign(
        bag=bag[covered["pand"].to_numpy(dtype=int)],
        holder=holder.fillna(pd.Series(town)),
        level=0,
        fate="current",
        geometry=covered["geometry"].to_numpy(),
    )


def _with_insets(land: pd.DataFrame) -> pd.DataFrame:
    """Small things that stand free in a yard or a green: a hole of their own shape in the ground around them."""
    body = land["geometry"].to_numpy(copy=True)
    spot = shapely.get_coordinates(shapely.point_on_surface(body)).round(3)
    area, made = shapely.area(body), []
    x, y = spot.T
    turn = np.arange(len(land))
    kinds = (
        (_WALL, (land["cover"] == "erf") & (area > 900) & (turn % 3 == 0), shapely.box(x - 7, y - 0.15, x + 7, y + 0.15)),
        (_KIOSK, (land["cover"] == "groenvoorziening") & (area > 1200) & (turn % 4 == 0), shapely.box(x - 1.5, y - 1.5, x + 1.5, y + 1.5)),
        (_TANK, (land["cover"] == "gesloten verharding") & (land["collection"] == "onbegroeidterreindeel"), shapely.buffer(shapely.points(spot), 5.0)),
    )  # fmt: skip
    for part, able, shapes in kinds:
        some = np.flatnonzero(able)
        shapes = rounded(shapes[some])
        fits = shapely.contains_properly(body[some], shapes)
        some, shapes = some[fits], shapes[fits]
        body[some] = shapely.difference(body[some], shapes)
        made.append(land.iloc[some].assign(**part._asdict(), geometry=shapes))
    whole: pd.DataFrame = pd.concat([land.assign(geometry=body), *made], ignore_index=True)
    return whole


def _crossings(ground: Terrain) -> pd.DataFrame:
    """Viaducts over the main line with their paths, and tunnels under it."""
    main = ground.rail["main"]
    at = {s.code: float(main.project(shapely.Point(s.x, s.y))) for s in places.STATIONS}
    over = [at["Hgl"] + 760, at["Esk"] - 1_050, at["Esk"] + 900, at["Es"] - 900]
    under = [at["Hgl"] - 190, at["Hgl"] + 210, at["Esk"] + 60, at["Es"] - 130, at["Es"] + 170]
    rows = []
    for place in over:
        rows += [(_BRIDGE, 1, _across(main, place, 0.0, 7.0, 46.0))]
        rows += [(_BRIDGE_PATH, 1, _across(main, place, side * 4.7, 2.4, 46.0)) for side in (-1, 1)]
    rows += [(_TUNNEL, -1, _across(main, place, 0.0, 4.5, 52.0)) for place in under]
    table = pd.DataFrame([part for part, _, _ in rows], columns=Part._fields)
    shapes = rounded(np.array([shape for _, _, shape in rows], dtype=object))
    holder = _municipality(shapely.centroid(shapes))
    level = [level for _, level, _ in rows]
    return table.assign(bag="", holder=holder, level=level, fate="current", geometry=shapes)


def _across(line: Any, at: float, aside: float, wide: float, long: float) -> Any:
    """A Polygon across `line` at `at` metres along it, moved `aside` along the line."""
    middle, ahead = (shapely.get_coordinates(line.interpolate(at + d))[0] for d in (0.0, 5.0))
    u = (ahead - middle) / np.hypot(*(ahead - middle))
    v = np.array([-u[1], u[0]])
    corners = [(-1, -1), (1, -1), (1, 1), (-1, 1)]
    return shapely.polygons([middle + u * (aside + a * wide / 2) + v * b * long / 2 for a, b in corners])


def _rails(track: pd.DataFrame, area: Any) -> pd.DataFrame:
    here = (track["status"] == "Bestaand").to_numpy() & shapely.intersects(area, track["geometry"].to_numpy())
    lines = rounded(track["geometry"].to_numpy()[here])
    table = pd.DataFrame([_RAIL] * len(lines), columns=Part._fields)
    return table.assign(bag="", holder=_HOLDER["rail"], level=0, fate="current", geometry=lines)


def _municipality(points: Any) -> Any:
    """Code of the town that keeps what stands there."""
    return np.where(shapely.get_x(points) > 253_000, "G0153", "G0164")


def _single_trees(trees: np.ndarray, cells: pd.DataFrame, area: Any) -> pd.DataFrame:
    """Trees that somebody manages one by one: those of woods and wet land are not in the register."""
    points = shapely.points(np.round(trees, 3))
    wild = cells.loc[cells["content"].isin(_WILD), "geometry"].to_numpy()
    hidden = np.unique(shapely.STRtree(points).query(wild, predicate="intersects")[1])
    kept = np.setdiff1d(np.flatnonzero(shapely.intersects(area, points)), hidden)
    points = points[kept]
    table = pd.DataFrame([_TREE] * len(points), columns=Part._fields)
    return table.assign(bag="", holder=_municipality(points), level=0, fate="current", geometry=points)


def _ghosts(pand: gpd.GeoDataFrame, area: Any) -> pd.DataFrame:
    """Buildings that are planned or gone: in the BGT too, on ground that something else covers now."""
    fate = pand["status"].map(dict.fromkeys(_PLANNED, "planned") | {"Pand gesloopt": "ended"})
    some = pand[fate.notna().to_numpy() & shapely.intersects(area, pand.geometry.to_numpy())]
    table = pd.DataFrame([PARTS["pand"]] * len(some), columns=Part._fields)
    bag = some["identificatie"].to_numpy()
    return table.assign(
        bag=bag,
        holder=["G" + i[:4] for i in bag],
        level=0,
        fate=fate.loc[some.index].to_numpy(),
        geometry=some.geometry.to_numpy(),
    )


def _registered(objects: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Identity and dates of each object."""
    n = len(objects)
    digits = rng.bytes(16 * n).hex()
    ids = [f"{h}.{digits[32 * i : 32 * i + 32]}" for i, h in enumerate(objects["holder"])]
    begin = np.datetime64("2009-06-01") + rng.integers(0, 2_900, n)
    entered = _moments(np.datetime64("2018-01-01") + rng.integers(0, 2_900, n), rng)
    ended = (objects["fate"] == "ended").to_numpy()
    end = np.datetime64("2026-02-01") + rng.integers(0, 90, n)
    return objects.assign(
        lokaal_id=ids,
        creation_date=np.datetime_as_string(begin),
        termination_date=_some(np.datetime_as_string(end), ended),
        tijdstip_registratie=entered,
        eind_registratie=_some(_moments(end, rng), ended),
        plus_status=_some(np.full(n, "plan"), (objects["fate"] == "planned").to_numpy()),
    )


def _moments(days: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A second of each day, as the register writes it."""
    seconds = rng.integers(7 * 3600, 19 * 3600, len(days)).astype("timedelta64[s]")
    return np.char.add(np.datetime_as_string(days.astype("datetime64[s]") + seconds), "Z")


def _some(values: np.ndarray, where: np.ndarray) -> np.ndarray:
    """`values` where they apply, nothing elsewhere."""
    said = values.astype(object)
    said[~where] = None
    return said


def _versions(current: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """The objects with their former versions: another shape, or another word; and a few that nobody closed."""
    n = len(current)
    former = current.iloc[np.flatnonzero(rng.uniform(0, 1, n) < _FORMER_SHARE)].copy()
    moved = rng.uniform(0, 1, len(former)) < 0.6
    shapes = former["geometry"].to_numpy(copy=True)
    shift = rng.normal(0, 0.4, (len(former), 2))
    parts, at = shapely.get_coordinates(shapes[moved], return_index=True)
    shapes[moved] = shapely.set_coordinates(shapes[moved], np.round(parts + shift[moved][at], 3))
    former["geometry"] = shapes
    for column in ("cover_detail", "what_detail"):
        former[column] = np.where(moved, former[column], "")
    before = np.datetime64("2012-01-01") + rng.integers(0, 2_000, len(former))
    former["eind_registratie"] = former["tijdstip_registratie"]
    former["tijdstip_registratie"] = _moments(before, rng)
    unclosed = former.iloc[::1500].assign(eind_registratie=None)
    twice = current.iloc[::9001]
    return pd.concat([current, former, unclosed, twice], ignore_index=True)


def _table(rows: pd.DataFrame, name: str, words: tuple[str, ...]) -> gpd.GeoDataFrame:
    """One collection in the register's columns; why a word is not there stands beside it."""
    here = rows[rows["collection"] == name].sort_values(["lokaal_id", "tijdstip_registratie"], kind="stable")
    there = here["plus_status"].isna().to_numpy()
    columns: dict[str, Any] = {
        "lokaal_id": here["lokaal_id"],
        "creation_date": here["creation_date"],
        "termination_date": here["termination_date"],
        "tijdstip_registratie": here["tijdstip_registratie"],
        "eind_registratie": here["eind_registratie"],
        "lv_publicatiedatum": here["tijdstip_registratie"],
        "bronhouder": here["holder"],
        "status": _some(np.full(len(here), "bestaand"), there),
        "plus_status": here["plus_status"],
        "plus_status_leeg": _some(np.full(len(here), "geenWaarde"), there),
        "in_onderzoek": False,
        "relatieve_hoogteligging": here["level"].astype("int32"),
    }
    for word in words:
        said = here[_WORD[word]].to_numpy(dtype=object)
        columns[word] = _some(said, said != "")
        if word.startswith("plus_"):
            columns[f"{word}_leeg"] = _some(np.full(len(here), "waardeOnbekend", dtype=object), said == "")
    plain = {k: v.to_numpy() if isinstance(v, pd.Series) else v for k, v in columns.items()}
    return frame(plain, here["geometry"].to_numpy())
