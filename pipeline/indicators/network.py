"""Length of streets per area (network density N of Spacematrix).

A street on the edge of a unit serves both sides, so half of it counts for each.
"""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from ..contract import Text
from ..overlap import labels
from ..streets import NO_STREET, THROUGH
from ..threads import spread
from .declaration import Indicator, Measure, Rows
from .tables import per_unit, ratio

_Geometries = npt.NDArray[Any]
_Floats = npt.NDArray[np.float64]
_Ints = npt.NDArray[np.intp]

#: Nearer to the edge of a unit than this lies on it: borders that follow a street are drawn to the millimetre.
EDGE_M = 0.1
#: A shorter piece beside the edge is of a street that crosses or meets it.
CROSSING_M = 1.0
#: Nearer than this to an edge is on it: the rounding of coordinates in RD.
_ON_EDGE_M = 1e-6


def network_streets(wegvak: gpd.GeoDataFrame) -> gpd.GeoSeries:
    """Give the streets that make the fabric of a town: no paths, and no main carriageways and links of the state.

    Returns
    -------
    GeoSeries
        Index wegvak_id, centre lines.
    """
    through = (wegvak["road_authority"] == "R") & wegvak["carriageway"].isin(THROUGH)
    return wegvak.geometry[~through & ~wegvak["carriageway"].isin(NO_STREET)]


def street_lengths(network_streets: gpd.GeoSeries) -> pd.Series:
    """Give the length of each street, m. Index wegvak_id."""
    lengths: pd.Series = network_streets.length
    return lengths


def street_parts(network_streets: gpd.GeoSeries, units: gpd.GeoDataFrame) -> pd.DataFrame:
    """Give the share of each street that counts for each unit: what lies in it, and half of what lies on its edge.

    Returns
    -------
    DataFrame
        ``subject`` and ``unit`` (labels of the two indexes) and ``share`` (above 0, at most 1), by unit and then by
        street, in the order of the input.
    """
    lines, shapes = np.asarray(network_streets.array), shapely.force_2d(np.asarray(units.geometry.array))
    k, i = shapely.STRtree(lines).query(shapes)
    length = np.zeros(len(i))
    shapely.prepare(shapes)
    whole = shapely.contains_properly(shapes[k], lines[i])
    length[whole] = shapely.length(lines[i[whole]])

    # What lies within reach of an edge is told anew, from the pieces of the edge that are near.
    rings, of_shape = _rings(shapes)
    (sides, of_ring), (pieces, of_line) = _straight(rings), _straight(lines)
    piece, side = shapely.STRtree(sides).query(pieces, predicate="dwithin", distance=EDGE_M)
    met = pd.DataFrame({"k": of_shape[of_ring[side]], "i": of_line[piece], "side": side})
    met["beside_m"] = _beside(pieces[piece], sides[side])
    pair = met.groupby(["k", "i", "side"])["beside_m"].sum().reset_index()
    near = pair.groupby(["k", "i"], sort=False).ngroup().to_numpy()
    first = pair[~pair.duplicated(["k", "i"])]
    edges = shapely.multilinestrings(sides[pair["side"]], indices=near) if len(near) else np.array([], dtype=object)
    along = np.bincount(near, pair["beside_m"], minlength=len(first)) >= CROSSING_M
    counted = _counted(lines[first["i"]], shapes[first["k"]], edges, np.flatnonzero(along))

    away = ~pd.MultiIndex.from_arrays([k, i]).isin(pd.MultiIndex.from_frame(first[["k", "i"]]))
    k, i = np.append(k[away], first["k"]), np.append(i[away], first["i"])
    length = np.append(length[away], counted)
    order = np.lexsort((i, k))
    order = order[length[order] > 0]
    k, i, length = k[order], i[order], length[order]
    share = length / shapely.length(lines[i])
    return pd.DataFrame({"subject": labels(network_streets.index, i), "unit": labels(units.index, k), "share": share})


def _rings(shapes: _Geometries) -> tuple[_Geometries, _Ints]:
    """The rings of polygons, and the position of the polygon that each is of."""
    parts, of_part = shapely.get_parts(shapes, return_index=True)
    rings, of_ring = shapely.get_rings(parts, return_index=True)
    return rings, of_part[of_ring]


def _straight(lines: _Geometries) -> tuple[_Geometries, _Ints]:
    """The straight pieces of lines, and the position of the line that each is of."""
    corners, line = shapely.get_coordinates(lines, return_index=True)
    on = line[1:] == line[:-1]
    return shapely.linestrings(np.stack([corners[:-1][on], corners[1:][on]], axis=1)), line[1:][on]


def _beside(pieces: _Geometries, sides: _Geometries) -> _Floats:
    """How much of each straight piece can lie within reach of its side, at most: less, the steeper they meet."""
    (px, py), (sx, sy) = (np.diff(shapely.get_coordinates(g).reshape(-1, 2, 2), axis=1)[:, 0].T for g in (pieces, sides))
    length = np.hypot(px, py)
    across = np.abs(px * sy - py * sx)
    with np.errstate(divide="ignore", invalid="ignore"):
        reach = 2 * EDGE_M * length * np.hypot(sx, sy) / across
    least: _Floats = np.fmin(reach, length)
    return least


def _counted(lines: _Geometries, shapes: _Geometries, edges: _Geometries, beside: _Ints) -> _Floats:
    """Length of each line in its shape, with half of what runs along the edge of it, to either side.

    Only the lines at the positions `beside` can run along the edge for long enough to count so.
    """

    def inside(of: _Ints, what: _Geometries) -> _Floats:
        """Length in the shape of what no edge cuts any more: all of a piece lies where its middle lies."""
        pieces, n = shapely.get_parts(shapely.difference(what, edges[of]), return_index=True)
        pieces, n = pieces[there := ~shapely.is_empty(pieces)], n[there]
        middle = shapely.line_interpolate_point(pieces, 0.5, normalized=True)
        within = shapely.contains_xy(shapes[of[n]], shapely.get_x(middle), shapely.get_y(middle))
        # Where a corner of the unit lies on the street by rounding only, the difference leaves the piece on the edge.
        within &= shapely.distance(middle, edges[of[n]]) > _ON_EDGE_M
        sums = np.bincount(of[n], shapely.length(pieces) * within, minlength=len(lines))
        return sums.astype("float64")


    def in_reach(part: slice) -> _Geometries:
        reach = shapely.buffer(edges[beside[part]], EDGE_M, quad_segs=2)
        found: _Geometries = shapely.intersection(lines[beside[part]], reach)
        return found

    along, of = shapely.get_parts(spread(in_reach, len(beside)), return_index=True)
    kept = shapely.length(along) >= CROSSING_M
    along, of = along[kept], beside[of[kept]]
    half = np.bincount(of, shapely.length(along) / 2, minlength=len(lines))
    counted = inside(np.arange(len(lines)), lines) - inside(of, along) + half
    # What is left of a street that only runs along the edge is rounding.
    return np.where(counted > _ON_EDGE_M, counted, 0.0)


def network_density(units: gpd.GeoDataFrame, street_parts: pd.DataFrame, street_lengths: pd.Series) -> pd.DataFrame:
    """Length of streets in the unit, and that per m² of it (network density N).

    Returns
    -------
    DataFrame
        ``street_length_m`` (m of centre line, half of it on the edge of the unit; 0 without street, never NaN) and
        ``network_density_m_per_m2`` (m per m² of the unit, land and water; NaN for a unit without area).

    Notes
    -----
    Source: Berghauser Pont & Haupt, Spacematrix: N = (internal length + half of the edge length) / area. Streets are
    the NWB's: a road of two carriageways is two lines, and a path without a name is none.
    """
    length = street_lengths.reindex(street_parts["subject"]).to_numpy() * street_parts["share"]
    total = per_unit(length, street_parts["unit"], units.index)
    return pd.DataFrame(
        {"street_length_m": total, "network_density_m_per_m2": ratio(total, units["area_m2"])}, index=units.index
    )


TABLES = (network_streets, street_lengths, street_parts)

INDICATORS = (
    Indicator(
        network_density,
        (
            Measure("street_length_m", "float64", "m", "extensive", Text("Straatlengte", "Length of streets"),
                   Text("Lengte van de hartlijnen van straten (NWB, zonder paden en zonder hoofdrijbanen van het rijk); op de grens van het gebied telt de helft.",
                        "Length of the centre lines of streets (NWB, without paths and without main carriageways of the state); on the edge of the unit half counts."),
                   # What runs past a corner within reach of the edge counts up to that reach too much.
                   rows=Rows("wegvak", "street_parts", "street_lengths"), adds_up_to=1e-3),
            Measure("network_density_m_per_m2", "float64", "m/m²", "intensive", Text("Netwerkdichtheid (N)", "Network density (N)"),
                   Text("Straatlengte gedeeld door de oppervlakte van het gebied, land en water.",
                        "Length of streets divided by the area of the unit, land and water."),
                   formula="street_length_m / area_m2", missing="no_area"),
        ),
        Text("Straten", "Streets"),
    ),
)  # fmt: skip
