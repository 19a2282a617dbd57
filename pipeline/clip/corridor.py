"""The corridor as one polygon, and whether the loaded data reach all of it."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely
from shapely import LineString
from shapely.geometry.base import BaseGeometry

from ..contract import CRS, POLYGON, Column, ContractError, Layer, SourceError, Text

_AREA = Column(
    "area_m2", "float64", "m²", "extensive", Text("Oppervlakte", "Area"),
    Text("Oppervlakte van de corridor.", "Area of the corridor."),
)  # fmt: skip

CORRIDOR = Layer("corridor_outline", "corridor_id", POLYGON, (_AREA,), Text("Corridor", "Corridor"))

#: Segments in a quarter circle; at 1 km the polygon stays within 1.3 m of the circle.
QUARTER = 16


def along(axis: LineString, half_width_m: float) -> BaseGeometry:
    """All that lies within `half_width_m` of the axis, also beyond its two ends.

    Kinks of less than half a metre, where pieces of track are joined, are taken out of the axis first: they would
    show as ripples in the edge.
    """
    return axis.simplify(0.5).buffer(half_width_m, quad_segs=QUARTER)


def of_buurten(buurt: gpd.GeoDataFrame, codes: tuple[str, ...]) -> BaseGeometry:
    """The union of neighbourhoods.

    Raises
    ------
    SourceError
        When a code is not among the loaded neighbourhoods.
    """
    if lost := [c for c in codes if c not in buurt.index]:
        msg = f"[corridor] buurt_codes: {len(lost)} of {len(codes)} are not in the loaded buurten, first {lost[0]!r}"
        raise SourceError(msg)
    return shapely.union_all(buurt.loc[list(codes)].geometry.to_numpy())


def of_polygons(polygons: gpd.GeoDataFrame, name: str) -> BaseGeometry:
    """The union of polygons from a file called `name`.

    Raises
    ------
    SourceError
        When there is none, or a geometry is no polygon or not valid: its area would be a guess.
    """
    geometry = polygons.geometry
    if len(geometry) == 0:
        msg = f"{name}: holds no polygons, expected at least one"
        raise SourceError(msg)
    if odd := sorted(set(geometry.geom_type.dropna()) - POLYGON):
        msg = f"{name}: geometry types {odd}, expected polygons"
        raise SourceError(msg)
    bad = geometry.isna() | geometry.is_empty | ~geometry.is_valid
    if bad.any():
        first = geometry[bad].iloc[0]
        why = "is missing or empty" if first is None or first.is_empty else f"is not valid: {shapely.is_valid_reason(first)}"
        msg = f"{name}: {int(bad.sum())} of {len(geometry)} polygons can't be used, the first {why}; repair it and run again"
        raise SourceError(msg)
    return shapely.union_all(geometry.to_numpy())


def inside(inner: BaseGeometry, outer: BaseGeometry, what: str, where: str, remedy: str) -> BaseGeometry:
    """Return `inner` if it lies in `outer`.

    Raises
    ------
    ContractError
        Saying by how many metres and how much area it sticks out, and where.
    """
    over = shapely.difference(inner, outer)
    # Borders that were digitised apart touch within centimetres; a square metre is no statement about people.
    if over.area <= 1.0:
        return inner
    # Its corners are furthest out; in a hole of the area they all lie on the rim, and the middle is.
    out = np.concatenate([shapely.points(shapely.get_coordinates(over)), shapely.point_on_surface(shapely.get_parts(over))])
    reach = shapely.distance(out, outer)
    worst = out[int(np.argmax(reach))]
    msg = (
        f"{what}: reaches {reach.max():.0f} m outside {where} ({over.area / 1e4:.1f} ha, furthest near "
        f"{worst.x:.0f},{worst.y:.0f}); {remedy}"
    )
    raise ContractError(msg)


def as_layer(corridor: BaseGeometry) -> gpd.GeoDataFrame:
    """The corridor as a layer of one row."""
    return gpd.GeoDataFrame(
        {"area_m2": [corridor.area]}, index=["corridor"], geometry=[corridor], crs=CRS
    ).rename_axis("corridor_id")
