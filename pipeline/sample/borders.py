"""Neighbourhoods as they were until the year before: other codes, other borders, of the same ground."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import shapely

from . import terrain

#: Code now -> code before, with the same border. The second lay in another wijk.
_RECODED: Mapping[str, str] = {"01640913": "01640914", "01530414": "01530306"}
#: Code now -> code of the one that it was part of.
_DIVIDED: Mapping[str, str] = {"01640002": "01640000"}
#: Code now -> code and name of what its eastern half was.
_UNITED: Mapping[str, tuple[str, str]] = {"01530300": ("01530303", "Sleutelhof")}
#: Code now -> neighbour that had the strip of this many metres along their border.
_MOVED: Mapping[str, tuple[str, float]] = {"01640501": ("01640500", 120.0)}
#: Two borders within this are one.
_SAME_M2 = 1.0


def before(place: pd.DataFrame) -> pd.DataFrame:
    """Give the neighbourhoods of all years before: columns code, name, character and geometry, as `place` has them."""
    place = place.set_index("code")
    names = place["name"].to_dict() | dict(_UNITED.values())
    character = place["character"].to_dict()
    parts, owner = [], []
    for now, (code, _) in _UNITED.items():
        west, south, east, north = place.geometry[now].bounds
        parts.append(shapely.intersection(place.geometry[now], shapely.box((west + east) / 2, south, east, north)))
        owner.append(code)
        character[code] = character[now]
    for now, (code, metres) in _MOVED.items():
        parts.append(shapely.intersection(place.geometry[now], shapely.buffer(place.geometry[code], metres)))
        owner.append(code)
    for now, code in _RECODED.items():
        names[code], character[code] = names[now], character[now]
    faces, cell = terrain.tiling([*parts, *place.geometry])
    codes = np.array([*owner, *(_RECODED.get(c, _DIVIDED.get(c, c)) for c in place.index)])
    whole = terrain.merged(faces, codes[cell])
    return pd.DataFrame(
        {
            "code": whole.index,
            "name": [names[c] for c in whole.index],
            "character": [character[c] for c in whole.index],
            "geometry": whole.to_numpy(),
        }
    )


def located(people: pd.DataFrame, place: pd.DataFrame) -> pd.DataFrame:
    """Give `people` with the code of the neighbourhood of `place` that each lies in."""
    points = shapely.points(people[["x", "y"]].to_numpy())
    at, of = shapely.STRtree(place["geometry"].to_numpy()).query(points, predicate="intersects")
    first = np.r_[True, at[1:] != at[:-1]]
    return people.assign(buurt=place["code"].to_numpy()[of[first]])


def change(now: pd.Series, then: pd.Series) -> np.ndarray:
    """How each unit came about, as CBS tells it: 1 as it was, 2 with another code, 3 with another border.

    Parameters
    ----------
    now, then
        Geometry per code, of the same ground.
    """
    kept = now.index.isin(then.index)
    same = np.zeros(len(now), dtype=bool)
    here, there = now.to_numpy()[kept], then.loc[now.index[kept]].to_numpy()
    same[kept] = shapely.area(shapely.symmetric_difference(here, there)) < _SAME_M2
    known = then.to_numpy()
    elsewhere = np.array([(shapely.area(shapely.symmetric_difference(known, g)) < _SAME_M2).any() for g in now[~kept]])
    changed = np.where(same, 1, 3)
    changed[~kept] = np.where(elsewhere, 2, 3)
    return changed.astype(np.int32)
