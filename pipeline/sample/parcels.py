"""Cadastral parcels: the lot of a block divided among the buildings on it."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from . import places
from .frames import frame, rounded

#: Smaller buildings stand on the parcel of another, m².
_SHED_M2 = 26.0
_CODES = {"Enschede": "ESD00", "Hengelo": "HGL01", "Borne": "BNE00", "Losser": "LSR00", "Hof van Twente": "DDN00"}


def percelen(covered: pd.DataFrame, cells: pd.DataFrame, area: Any, seed: int) -> gpd.GeoDataFrame:
    """Give the table of source perceel.

    Parameters
    ----------
    covered
        What `cover.cover` made of the ground.
    cells
        The sample's own.
    area
        Polygon, m RD: buildings in it get a parcel.
    seed
        Of the sample.
    """
    rng = np.random.default_rng([seed, 11])
    private = covered[covered["part"].isin(["pand", "yard", "bricks", "paved"])]
    lots = _lots(private)
    main = private[(private["pand"] >= 0) & (shapely.area(private["geometry"].to_numpy()) > _SHED_M2)]
    main = main[shapely.intersects(area, main["geometry"].to_numpy())].drop_duplicates("pand")
    middle = shapely.point_on_surface(main["geometry"].to_numpy())
    diagram = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(middle), ordered=True))
    cell = main["cell"].to_numpy(dtype=int)
    shapes = rounded(shapely.intersection(diagram, lots.loc[cell].to_numpy()))
    parts, at = shapely.get_parts(shapes, return_index=True)
    good = (shapely.get_type_id(parts) == 3) & (shapely.area(parts) > 25) & shapely.is_valid(parts)
    parts, at = parts[good], at[good]
    names = {c[2:]: n for c, (n, _) in places.GEMEENTEN.items()}
    gemeente = np.array([names[b[:4]] for b in cells["buurt"].to_numpy()[cell[at]]])
    section = np.array(list("ABCDEFGHKLMN"))[cell[at] // 40 % 12]
    number = pd.Series(gemeente + section).groupby(gemeente + section).cumcount().to_numpy() + 101
    n = len(parts)
    return frame(
        {
            "identificatie_lokaal_id": (10_000_000_000_000 + np.sort(rng.choice(900_000_000, n, replace=False))).astype(
                str
            ),
            "kadastrale_gemeente_code": [_CODES[g] for g in gemeente],
            "kadastrale_gemeente_waarde": gemeente,
            "sectie": section,
            "perceelnummer": number.astype(np.int32),
            # What the register says differs a little from the drawing.
            "kadastrale_grootte_waarde": np.maximum(np.round(shapely.area(parts) * rng.normal(1, 0.006, n)), 1).astype(
                np.int32
            ),
            "soort_grootte_waarde": "Vastgesteld",
        },
        parts,
    )


def _lots(private: pd.DataFrame) -> pd.Series:
    """The private ground of each cell in one shape."""
    body, cell = private["geometry"].to_numpy(), private["cell"].to_numpy(dtype=int)
    order = np.argsort(cell, kind="stable")
    begin = np.flatnonzero(np.r_[True, np.diff(cell[order]) > 0])
    whole = [shapely.coverage_union_all(some) for some in np.split(body[order], begin[1:])]
    return pd.Series(whole, index=cell[order][begin])
