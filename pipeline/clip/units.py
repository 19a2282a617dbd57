"""The spatial units, all in one table form: unit_id, name, area, land area, geometry. Blocks are made in `blocks`.

Squares and hexagons lie on a grid that starts at the origin of RD, so that a cell keeps its identifier whatever the
study area. Cells, and whole buurten, are never cut: a cut cell has a noisy density.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely import LineString
from shapely.geometry.base import BaseGeometry

from ..contract import CRS
from ..overlap import area_parts
from . import axis as axis_
from .corridor import inside
from .cut import of_dimension
from .kinds import CORRIDOR_SHARE

#: BBG classes that are water, inland (70-78) and outer (80-83).
WATER_CODES = range(70, 84)
#: A part of a buurt smaller than this is an accident of digitising.
SLIVER_M2 = 1.0


def table(ids: Sequence[str], names: Sequence[str], geometry: Sequence[BaseGeometry] | np.ndarray) -> gpd.GeoDataFrame:
    """Units from their parts; land area not yet known."""
    out = gpd.GeoDataFrame(
        {"unit_name": pd.Series(names, dtype="str").to_numpy(), "area_m2": shapely.area(geometry), "land_area_m2": np.nan},
        index=pd.Index(list(ids), name="unit_id", dtype="str"),
        geometry=np.asarray(geometry, dtype=object),
        crs=CRS,
    )
    out["unit_name"] = out["unit_name"].astype("str")
    return out.sort_index()


def whole(features: gpd.GeoDataFrame, name_column: str, area: BaseGeometry, loaded: BaseGeometry) -> gpd.GeoDataFrame:
    """Whole features of a register that lie in the study area with more than half, and wholly in the loaded box.

    A feature that sticks out of the loaded box would be counted only in part, so it is left out.
    """
    tree = shapely.STRtree(features.geometry.to_numpy())
    hits = tree.query(area, predicate="intersects")
    geometry = features.geometry.to_numpy()
    hits = hits[shapely.area(shapely.intersection(geometry[hits], area)) > 0.5 * shapely.area(geometry[hits])]
    rows = features.iloc[np.sort(hits)]
    rows = rows[shapely.covered_by(rows.geometry.to_numpy(), loaded)]
    return table(rows.index.tolist(), rows[name_column].tolist(), rows.geometry.to_numpy())


def parts(units: gpd.GeoDataFrame, corridor: BaseGeometry) -> gpd.GeoDataFrame:
    """The part of each unit that lies in the corridor, under the same identifier."""
    cut = of_dimension(shapely.intersection(units.geometry.to_numpy(), corridor), 2)
    kept = shapely.area(cut) > SLIVER_M2
    return table(units.index[kept].tolist(), units["unit_name"][kept].tolist(), cut[kept])


def own(polygons: gpd.GeoDataFrame, loaded: BaseGeometry) -> gpd.GeoDataFrame:
    """Each polygon of an own file as a unit; its identifier is its place in the file. They may overlap.

    Parameters
    ----------
    polygons
        Valid polygons in the order of the file, with ``unit_name``; the identifier is the name where it is empty.
    loaded
        What data are loaded for; polygons that stick out would be counted only in part.

    Raises
    ------
    ContractError
        When they stick out of `loaded`, and by how much.
    """
    shapes = shapely.force_2d(polygons.geometry.to_numpy())
    inside(
        shapely.union_all(shapes), loaded, "[units] own_file", "the loaded area",
        "leave out what lies there, or widen [area], then run 'spoorzone load'",
    )  # fmt: skip
    ids = [f"O{i:04d}" for i in range(1, len(shapes) + 1)]
    said = ["" if pd.isna(n) else str(n).strip() for n in polygons["unit_name"]]
    return table(ids, [name or own_id for name, own_id in zip(said, ids, strict=True)], shapes)


def corridor_share(units: gpd.GeoDataFrame, corridor: gpd.GeoSeries) -> pd.DataFrame:
    """The share of the area of each unit that lies in the corridor, which is one polygon.

    Returns
    -------
    DataFrame
        ``corridor_share``, index as ``units``, 0..1; 0 outside, and exactly 1 inside.
    """
    part = area_parts(units.geometry, corridor).set_index("subject")["area_m2"].reindex(units.index).fillna(0.0)
    # The edge of a part lies on the corridor's only to the last digits.
    whole = part > units["area_m2"] - SLIVER_M2
    return pd.DataFrame({CORRIDOR_SHARE.name: (part / units["area_m2"]).where(~whole, 1.0)}, index=units.index)


def squares(area: BaseGeometry, size_m: int) -> gpd.GeoDataFrame:
    """Squares of the RD grid that overlap `area`, named as CBS does: lower-left corner in hundreds of metres."""
    west, south, east, north = np.asarray(area.bounds) / size_m
    grid = np.meshgrid(np.arange(np.floor(west), np.ceil(east)), np.arange(np.floor(south), np.ceil(north)))
    x, y = (g.ravel() * size_m for g in grid)
    cells = shapely.box(x, y, x + size_m, y + size_m)
    kept = _overlapping(cells, area)
    ids = [f"E{int(a) // 100:04d}N{int(b) // 100:04d}" for a, b in zip(x[kept], y[kept], strict=True)]
    return table(ids, ids, cells[kept])


def within(cells: gpd.GeoDataFrame, loaded: BaseGeometry) -> gpd.GeoDataFrame:
    """The cells that lie wholly in what is loaded: large ones on the rim of the area reach further than the margin."""
    return cells[shapely.covered_by(cells.geometry.to_numpy(), loaded)]


def hexagons(area: BaseGeometry, edge_m: float) -> gpd.GeoDataFrame:
    """Hexagons with two edges north and south that overlap `area`; identifier is column and row from the RD origin."""
    step_x, step_y = 1.5 * edge_m, np.sqrt(3) * edge_m
    west, south, east, north = area.bounds
    columns = np.arange(np.floor(west / step_x) - 1, np.ceil(east / step_x) + 2)
    rows = np.arange(np.floor(south / step_y) - 1, np.ceil(north / step_y) + 2)
    q, r = (a.ravel() for a in np.meshgrid(columns, rows))
    # Corners from whole numbers of half steps, so that neighbours share them to the last bit.
    half = 2 * r + np.mod(q, 2)
    corner_x = np.array([2, 1, -1, -2, -1, 1])
    corner_y = np.array([0, 1, 1, 0, -1, -1])
    x = (3 * q[:, None] + corner_x) * (edge_m / 2)
    y = (half[:, None] + corner_y) * (step_y / 2)
    cells = shapely.polygons(np.stack([x, y], axis=-1))
    kept = _overlapping(cells, area)
    ids = [f"H{int(a):05d}R{int(b):05d}" for a, b in zip(q[kept], r[kept], strict=True)]
    return table(ids, ids, cells[kept])


def catchments(stops: gpd.GeoDataFrame, radii_m: Sequence[float]) -> gpd.GeoDataFrame:
    """Rings around each station, as the crow flies; rings of stations that lie near overlap each other."""
    ids, names, rings = [], [], []
    for name, point in zip(stops["station_name"], stops.geometry, strict=True):
        inner, last = None, 0.0
        for radius in radii_m:
            disc = point.buffer(radius, quad_segs=64)
            ids.append(f"{name} {last:04.0f}-{radius:04.0f}")
            names.append(f"{name} {last:.0f}–{radius:.0f} m")
            rings.append(disc if inner is None else disc.difference(inner))
            inner, last = disc, radius
    return table(ids, names, rings)


def sections(axis: LineString, corridor: BaseGeometry, length_m: float) -> gpd.GeoDataFrame:
    """The corridor in sections along the line: each place belongs to the piece of axis that is nearest to it.

    The two end sections hold what lies beyond the end stations. Made with a Voronoi diagram of points on the axis
    that lie mirrored around each mark, so that the border passes through the mark at a right angle.
    """
    at = axis_.marks(axis, length_m)
    step = min(10.0, length_m / 4)
    chainages, owners = [], []
    for i, (start, end) in enumerate(itertools.pairwise(at)):
        count = max(2, round((end - start) / step))
        # The first and last point lie a fixed 0.5 m from the marks, mirrored in the neighbour.
        gap = min(0.5, (end - start) / 4)
        chainages.append(np.linspace(start + gap, end - gap, count))
        owners.append(np.full(count, i))
    points = shapely.line_interpolate_point(axis, np.concatenate(chainages))
    owner = np.concatenate(owners)
    points, first = np.unique(shapely.get_coordinates(points), axis=0, return_index=True)
    owner = owner[first]
    diagram = shapely.voronoi_polygons(shapely.multipoints(points), extend_to=corridor.envelope.buffer(100), ordered=True)
    cells = shapely.get_parts(diagram)
    merged = [shapely.union_all(cells[owner == i]) for i in range(len(at) - 1)]
    cut = of_dimension(shapely.intersection(np.array(merged, dtype=object), corridor), 2)
    ids = [f"S{start:06.0f}" for start in at[:-1]]
    names = [f"{start:.0f}–{end:.0f} m" for start, end in itertools.pairwise(at)]
    kept = shapely.area(cut) > SLIVER_M2
    return table(np.array(ids)[kept].tolist(), np.array(names)[kept].tolist(), cut[kept])


def one(corridor: BaseGeometry, name: str) -> gpd.GeoDataFrame:
    """The corridor as a unit."""
    return table(["corridor"], [name], [corridor])


def published_land(units: gpd.GeoDataFrame, land_area_ha: pd.Series) -> gpd.GeoDataFrame:
    """Units with the land area that CBS publishes for them, in whole hectares; NaN where it does not."""
    return units.assign(land_area_m2=land_area_ha.reindex(units.index).astype("float64") * 10_000.0)


def land_without_water(units: gpd.GeoDataFrame, bodemgebruik: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Units with the area that is no water by the BBG; what the BBG does not cover counts as land."""
    water = bodemgebruik.geometry[bodemgebruik["bbg_code"].isin(WATER_CODES)]
    wet = area_parts(water, units.geometry).groupby("unit")["area_m2"].sum()
    land = units["area_m2"] - wet.reindex(units.index).fillna(0.0)
    # What rounding leaves of a unit that is all water is no land to divide by.
    return units.assign(land_area_m2=land.where(land > SLIVER_M2, 0.0))


def _overlapping(cells: np.ndarray, area: BaseGeometry) -> np.ndarray:
    """Which cells share more than an edge with `area`."""
    tree = shapely.STRtree(cells)
    hits = tree.query(area, predicate="intersects")
    touch = tree.query(area, predicate="touches")
    return np.sort(np.setdiff1d(hits, touch))
