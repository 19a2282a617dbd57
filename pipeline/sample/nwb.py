"""Centre lines of streets, as the NWB has them: one line per stretch, named as the addresses along it."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from . import places, terrain
from .frames import frame, rounded

#: Addresses name the stretch that they are nearest to, up to this distance.
_NAMES_M = 45.0
#: Numbers of the main roads; each neighbourhood's ring has one of them or none.
_NUMBERS = ("", "", "", "733", "", "737", "", "", "732")
_OTHER_NAMES = ("Esweg", "Veldweg", "Broekweg", "Marsdijk", "Bosweg", "Kerkpad", "Oude Dijk", "Haarweg", "Maatweg")


def wegvakken(streets: pd.DataFrame, cells: pd.DataFrame, units: gpd.GeoDataFrame, seed: int) -> gpd.GeoDataFrame:
    """Give the table of source wegvak.

    Parameters
    ----------
    streets
        Of the street plan: ``left``, ``right``, ``main``, ``geometry``.
    cells
        The sample's own.
    units
        Table of the source verblijfsobject.
    seed
        Of the sample.
    """
    rng = np.random.default_rng([seed, 8])
    motorways = np.array([shapely.intersection(terrain.curve(p), shapely.box(*places.FRAME)) for p in (places.MOTORWAY, places.MOTORWAY_NORTH)])  # fmt: skip
    lanes = shapely.offset_curve(np.repeat(motorways, 2), np.tile([8.2, -8.2], 2))
    lines = np.r_[streets["geometry"].to_numpy(), lanes]
    fast = np.arange(len(lines)) >= len(streets)
    code = cells["buurt"].to_numpy()[streets["left"]]
    number = np.where(streets["main"], np.array(_NUMBERS)[_number_of(code)], "")
    name = _named(streets, code, units)
    town = {c[2:]: n for c, (n, _) in places.GEMEENTEN.items()}
    gemeente = np.array([c[:4] for c in code])
    county = (number != "") & (cells["content"].isin(["meadow", "forest", "wet"]).to_numpy()[streets["left"]])
    n = len(lines)
    columns = {
        "wvk_id": 100_000_000 + np.sort(rng.choice(9_000_000, n, replace=False)),
        "wegbehsrt": np.r_[np.where(county, "P", "G"), ["R"] * fast.sum()],
        "wegnummer": _or_none(
            np.r_[np.where(number != "", "N" + number.astype(object), ""), ["A35", "A35", "A1", "A1"]]
        ),
        "stt_naam": _or_none(np.r_[name, ["Rijksweg A35", "Rijksweg A35", "Rijksweg A1", "Rijksweg A1"]]),
        "bst_code": np.where(fast, "HR", "RB"),
        "rijrichtng": np.where(fast, "H", np.where(rng.uniform(0, 1, n) < 0.06, "T", "B")),
        "gme_id": np.r_[gemeente, ["0164"] * fast.sum()].astype("int32"),
        "gme_naam": np.r_[[town[g] for g in gemeente], ["Hengelo"] * fast.sum()],
    }
    return frame(columns, rounded(lines))


def _named(streets: pd.DataFrame, code: np.ndarray, units: gpd.GeoDataFrame) -> np.ndarray:
    """The commonest street name among the addresses nearest to each stretch; else the neighbour's, else a lane's."""
    tree = shapely.STRtree(streets["geometry"].to_numpy())
    at, near = tree.query_nearest(units.geometry.to_numpy(), max_distance=_NAMES_M, all_matches=False)
    votes = pd.DataFrame({"stretch": near, "name": units["openbare_ruimte"].to_numpy()[at]}).value_counts()
    best = votes.reset_index().sort_values(["stretch", "count", "name"], ascending=[True, False, True])
    name = best.drop_duplicates("stretch").set_index("stretch")["name"].reindex(range(len(streets)))
    # A stretch without addresses goes on as the nearest that has some.
    known = np.flatnonzero(name.notna())
    bare = np.flatnonzero(name.isna())
    middle = shapely.line_interpolate_point(streets["geometry"].to_numpy(), 0.5, normalized=True)
    at, near = shapely.STRtree(middle[known]).query_nearest(middle[bare], max_distance=180.0, all_matches=False)
    made = name.to_numpy(dtype=object, copy=True)
    made[bare] = np.array(_OTHER_NAMES, dtype=object)[_number_of(code[bare])]
    made[bare[at]] = made[known[near]]
    return made


def _number_of(code: np.ndarray) -> np.ndarray:
    """A number from 0 to 8 that belongs to each neighbourhood."""
    return np.asarray(code.astype(np.int64) % 9)


def _or_none(values: np.ndarray) -> np.ndarray:
    said = values.astype(object)
    said[values == ""] = None
    return said
