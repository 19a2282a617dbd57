"""Raw features -> a layer as its source declares it. Pure: nothing here touches disk or network."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from ..contract import CRS, POINT, POLYGON, Bbox, Column, Layer, SourceError, check
from ..sources import Source, dated
from .received import Received, hint

#: Reasons for which a feature is dropped whatever the source.
NO_GEOMETRY = "without geometry"
OUTSIDE = "outside the requested area"
TWICE = "delivered twice"
OLDER = "an older version"

_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?")
# Whole numbers beyond this lose digits in a float64.
_EXACT = 2**53
# The shape of a part of each family, as shapely numbers the types.
_PARTS = {"Point": 0, "LineString": 1, "Polygon": 3}
# More than this of a hole outside its ring is no rounding: nobody knows what was meant.
_LOSS_M2 = 0.01


@dataclass(frozen=True)
class Conformed:
    """A layer as declared, and what became of the rest.

    ``received == len(table) + sum(dropped.values())``. ``repaired`` counts invalid geometries that were made valid.
    ``absent`` names declared columns that the source does not have: NaN, or empty text, throughout.
    """

    table: gpd.GeoDataFrame
    dropped: Mapping[str, int]
    absent: tuple[str, ...]
    repaired: int


@dataclass
class _Tally:
    """Rows left at each step, so that every feature received is accounted for."""

    dropped: dict[str, int] = field(default_factory=dict)

    def keep(self, table: gpd.GeoDataFrame, rows: pd.Series | np.ndarray, reason: str) -> gpd.GeoDataFrame:
        """Give the rows where `rows` is true; count the others under `reason`."""
        kept = table[np.asarray(rows)]
        if gone := len(table) - len(kept):
            self.dropped[reason] = self.dropped.get(reason, 0) + gone
        return kept


def conform(received: Received, source: Source, *, edition: int | None, bbox: Bbox | None) -> Conformed:
    """Make of raw features the layer that `source` declares.

    Parameters
    ----------
    received
        Columns of the register in snake_case, EPSG:28992.
    source
        Its layer, keep rules and codes for "not known".
    edition
        The year in the register's names; None where the source has no editions.
    bbox
        What was asked for, metres RD; features that do not touch it are dropped. None keeps all.

    Returns
    -------
    Conformed
        Its table is sorted by the key and passes `contract.check`.

    Raises
    ------
    SourceError
        No features; a declared column, or one that a keep rule needs, is not there; text where a number belongs;
        a geometry that can't be repaired; one key with different content.
    """
    layer, table, tally = source.layer, received.table, _Tally()
    if table.empty and source.may_be_empty:
        return Conformed(_nothing(layer), {}, (), 0)
    if table.empty:
        msg = f"{source.name}: no features in {_box(bbox)}; is [area] right?"
        raise SourceError(msg)
    names = {ours: dated(name, edition) for ours, name in source.native.items()}
    for rule in source.keep:
        values = rule.values  # noqa: PD011 - a set of ours
        if "" in values and rule.column not in table.columns:
            continue
        _there(received, source, rule.column, f"column {rule.column!r} decides what is kept")
        said = table[rule.column]
        table = tally.keep(table, said.isin(values) | (said.isna() & ("" in values)), rule.reason)
    if source.newest_by:
        table = tally.keep(table, _newest(received, source, table, names), OLDER)
    table = tally.keep(table, ~(table.geometry.isna() | table.geometry.is_empty), NO_GEOMETRY)
    if bbox is not None:
        # Repaired or not, a geometry touches the box or does not: rings that cross themselves have the same outline.
        table = tally.keep(table, _touches(table.geometry, bbox), OUTSIDE)
    if table.empty and source.may_be_empty:
        return Conformed(_nothing(layer), tally.dropped, (), 0)
    if table.empty:
        gone = ", ".join(f"{count} {reason}" for reason, count in tally.dropped.items())
        msg = (
            f"{source.name}: none of {len(received.table)} features in {_box(bbox)} is left ({gone}); is [area] right?"
        )
        raise SourceError(msg)
    keys = _keys(received, source, table, names)
    made, absent = _columns(received, source, table, names, keys)
    geometry, repaired = _geometries(table.geometry, layer, keys)
    made = gpd.GeoDataFrame(made, geometry=geometry, crs=CRS)
    if keys is None:
        keys = _content_keys(made, layer)
    made.index = pd.Index(keys.to_numpy(), name=layer.key, dtype="str")
    made = tally.keep(made, ~_twice(made, layer), TWICE).sort_index()
    return Conformed(check(made, layer), tally.dropped, absent, repaired)


def _nothing(layer: Layer) -> gpd.GeoDataFrame:
    """A layer without rows."""
    columns = {c.name: pd.Series(dtype=c.dtype) for c in layer.columns}
    index = pd.Index([], name=layer.key, dtype="str")
    return check(gpd.GeoDataFrame(columns, index=index, geometry=[], crs=CRS), layer)


def _newest(received: Received, source: Source, table: gpd.GeoDataFrame, names: Mapping[str, str]) -> np.ndarray:
    """Whether each row is the newest version of its key; equally new ones all stay."""
    column = source.newest_by
    _there(received, source, column, f"column {column!r} says which version is the newest")
    # ISO 8601 sorts as text.
    moment = table[column].astype("str").fillna("")
    newest: np.ndarray = np.asarray(
        moment == moment.groupby(table[names[source.layer.key]].astype("str")).transform("max")
    )
    return newest


def _box(bbox: Bbox | None) -> str:
    return "the whole country" if bbox is None else ",".join(f"{v:.0f}" for v in bbox)


def _touches(geometry: gpd.GeoSeries, bbox: Bbox) -> np.ndarray:
    """Whether each geometry meets the box; by its bounds first, which settles nearly all."""
    west, south, east, north = bbox
    w, s, e, n = (geometry.bounds[c].to_numpy() for c in ("minx", "miny", "maxx", "maxy"))
    meets: np.ndarray = (w <= east) & (e >= west) & (s <= north) & (n >= south)
    inside = (w >= west) & (e <= east) & (s >= south) & (n <= north)
    placed = _placed(geometry.to_numpy())
    for i in np.flatnonzero(meets & ~inside & placed):
        shape = geometry.iloc[i]
        meets[i] = shapely.make_valid(shape).intersects(shapely.box(*bbox))
    # What can't be placed is not outside; it is refused further on, by its key.
    meets |= ~placed
    return meets


def _placed(shapes: np.ndarray) -> np.ndarray:
    """Whether all coordinates of each geometry are numbers."""
    xy, of = shapely.get_coordinates(shapes, return_index=True)
    placed = np.ones(len(shapes), dtype=bool)
    placed[of[~np.isfinite(xy).all(axis=1)]] = False
    return placed


def _there(received: Received, source: Source, column: str, why: str) -> None:
    """Refuse data without `column`, or of which the user said that they lack it."""
    if column in received.table.columns and column not in received.lacks:
        return
    said = (
        "is said to be absent" if column in received.lacks else f"is not there; {hint(column, received.table.columns)}"
    )
    key = column == source.native.get(source.layer.key)
    # One value for all rows is no help for what must differ per row.
    or_value = (
        "" if key else f", or give one value for all rows with [sources.{source.name}] values = {{ {column} = ... }}"
    )
    msg = f"{source.name}: {why}, but {said}; name it with [sources.{source.name}] columns{or_value}"
    raise SourceError(msg)


def _keys(received: Received, source: Source, table: gpd.GeoDataFrame, native: Mapping[str, str]) -> pd.Series | None:
    """The business key as text; None where the register has none."""
    name = native.get(source.layer.key)
    if name is None:
        return None
    _there(received, source, name, f"column {name!r} is the key")
    keys = _text(table[name], source, source.layer.key, name)
    if (bad := keys == "").any():
        msg = f"{source.name}: {int(bad.sum())} of {len(keys)} features have no {name}, the first is row {int(table.index[bad][0])}"
        raise SourceError(msg)
    return keys


def _columns(
    received: Received,
    source: Source,
    table: gpd.GeoDataFrame,
    native: Mapping[str, str],
    keys: pd.Series | None,
) -> tuple[dict[str, pd.Series], tuple[str, ...]]:
    """The declared columns in their order and types, and which of them the source does not have."""
    made: dict[str, pd.Series] = {}
    absent: list[str] = []
    for column in source.layer.columns:
        name = native[column.name]
        missing = name not in table.columns
        if name in received.lacks or (missing and column.name in source.optional):
            if column.dtype == "int64":
                _there(received, source, name, f"column {name!r} ({column.name}) can't be empty")
            absent.append(column.name)
            made[column.name] = pd.Series("" if column.dtype == "str" else np.nan, table.index, dtype=column.dtype)
            continue
        _there(received, source, name, f"column {name!r} ({column.name}) is declared")
        values = table[name]
        if column.dtype == "str":
            made[column.name] = _text(values, source, column.name, name)
        else:
            made[column.name] = _number(values, source, column, name, keys)
    return made, tuple(absent)


def _text(values: pd.Series, source: Source, ours: str, name: str) -> pd.Series:
    """Text as the register writes it; nothing is ''. Numbers become text without a decimal point.

    BAG numbers have sixteen digits and begin with the municipality's code: one that a spreadsheet took for a number
    gets its zeros back, also where it has become text again since.
    """
    if pd.api.types.is_bool_dtype(values.dtype) or not pd.api.types.is_numeric_dtype(values.dtype):
        text = values.astype("str").fillna("")
        return _whole_bag_numbers(text) if ours in source.bag_numbers else text
    known = values.notna()
    digits = pd.Series("", values.index, dtype="str")
    if (inexact := known & (values.abs() >= _EXACT)).any() and pd.api.types.is_float_dtype(values.dtype):
        msg = f"{source.name}: {int(inexact.sum())} values of {name} are numbers too large to be exact, first {values[inexact].iloc[0]:.0f}; export that column as text"
        raise SourceError(msg)
    whole = (values[known] % 1 == 0).all()
    digits[known] = (values[known].astype("int64") if whole else values[known]).astype("str")
    return _whole_bag_numbers(digits) if ours in source.bag_numbers else digits


def _whole_bag_numbers(text: pd.Series) -> pd.Series:
    """BAG numbers with the zeros at their begin. The lowest municipality's code, 0003, has three of them."""
    whole: pd.Series = text.mask(text.str.fullmatch(r"\d{13,15}"), text.str.zfill(16))
    return whole


def _number(values: pd.Series, source: Source, column: Column, name: str, keys: pd.Series | None) -> pd.Series:
    """Numbers of the declared type, NaN where the register's code says that it does not know."""

    def refuse(bad: pd.Series, what: str) -> None:
        if bad.any():
            at = "" if keys is None else f" at {source.layer.key} {keys[bad].iloc[0]}"
            msg = (
                f"{source.name}: {int(bad.sum())} values of {name!r} are {what}, first {values[bad].tolist()[0]!r}{at}"
            )
            raise SourceError(msg)

    if pd.api.types.is_bool_dtype(values.dtype):
        refuse(values.notna(), "true or false, expected numbers")
    if pd.api.types.is_numeric_dtype(values.dtype):
        numbers = values.astype("float64")
    else:
        text = values.astype("str").str.strip()
        empty = text.isna() | (text == "")
        refuse(~empty & ~text.fillna("").str.fullmatch(_NUMBER), "no numbers")
        numbers = pd.to_numeric(text.mask(empty)).astype("float64")
    refuse(numbers.isin([np.inf, -np.inf]), "infinite")
    unknown = numbers.isin(source.not_known.get(column.name, frozenset()))
    if source.missing_at_or_below is not None:
        unknown |= numbers <= source.missing_at_or_below
    numbers = numbers.mask(unknown)
    if column.dtype == "float64":
        return numbers
    refuse(numbers.isna() | (numbers % 1 != 0), "missing or not whole")
    return numbers.astype("int64")


def _geometries(geometry: gpd.GeoSeries, layer: Layer, keys: pd.Series | None) -> tuple[np.ndarray, int]:
    """Flat, valid geometries of the layer's family, and how many had to be repaired."""
    shapes: np.ndarray = shapely.force_2d(geometry.to_numpy())

    def refuse(bad: np.ndarray, what: str) -> None:
        if bad.any():
            at = int(np.flatnonzero(bad)[0])
            who = (
                f"first {layer.key} {keys.iloc[at]}"
                if keys is not None
                else f"the first is row {int(geometry.index[at])}"
            )
            msg = f"{layer.name}: {int(bad.sum())} geometries {what}, {who}{_near(shapes[at])}"
            raise SourceError(msg)

    refuse(~_placed(shapes), "have a coordinate that is no number")
    broken = ~shapely.is_valid(shapes)
    if broken.any():
        made = shapes.copy()
        made[broken] = [_repaired(s, layer) for s in shapes[broken]]
        refuse(shapely.is_empty(made), "are invalid and nothing of them can be kept")
        refuse(shapely.is_missing(made), "are invalid and can't be repaired without loss")
        shapes = made
    if layer.geometry == POINT:
        single = (shapely.get_type_id(shapes) == 4) & (shapely.get_num_geometries(shapes) == 1)
        shapes = np.where(single, shapely.get_geometry(shapes, 0), shapes)
    types = np.array([s.geom_type for s in shapes])
    odd = ~np.isin(types, list(layer.geometry))
    if odd.any():
        refuse(odd, f"are {types[odd][0]}, expected {' or '.join(sorted(layer.geometry))}")
    return shapes, int(broken.sum())


def _near(shape: shapely.Geometry) -> str:
    """Where a geometry is, by the first of its coordinates that is a number."""
    xy = shapely.get_coordinates(shape)
    xy = xy[np.isfinite(xy).all(axis=1)]
    return f" near {xy[0][0]:.0f},{xy[0][1]:.0f}" if len(xy) else ""


def _repaired(shape: shapely.Geometry, layer: Layer) -> shapely.Geometry | None:
    """The valid geometry of the layer's family that is all of `shape`; empty where nothing is left, None where not all.

    An area is built anew from what its rings go around, parts that overlap becoming one. Spikes, doubled points and
    parts without area go: they are no part of an area. What a hole takes away must lie within its ring.
    """
    if layer.geometry != POLYGON:
        lines = _parts(shapely.make_valid(shape, method="structure", keep_collapsed=True))
        return _together(lines[shapely.get_type_id(lines) == _PARTS["LineString"]])
    areas = []
    for part in _parts(shape):
        outer = _enclosed(part.exterior)
        holes = shapely.union_all([_enclosed(h) for h in part.interiors])
        if shapely.area(shapely.difference(holes, outer)) > _LOSS_M2:
            return None
        areas.append(shapely.difference(outer, holes))
    whole = _parts(shapely.union_all(areas))
    return _together(whole[shapely.get_type_id(whole) == _PARTS["Polygon"]])


def _parts(shape: shapely.Geometry) -> np.ndarray:
    """The single geometries in `shape`, also where a collection holds multi-parts."""
    parts: np.ndarray = shapely.get_parts(shapely.get_parts(shape))
    return np.asarray(parts[~shapely.is_empty(parts)])


def _together(parts: np.ndarray) -> shapely.Geometry:
    if len(parts) == 1:
        return parts[0]
    lines = len(parts) > 0 and parts[0].geom_type == "LineString"
    return shapely.multilinestrings(parts) if lines else shapely.multipolygons(parts)


def _enclosed(ring: shapely.LinearRing) -> shapely.Geometry:
    """What a ring goes around, however often and in whichever direction.

    It is cut where it crosses itself; of the faces between, those stay around which it goes once or more. GEOS's own
    repair (``make_valid``) loses faces of rings that run along themselves, and gives some that are not valid.
    """
    faces = _parts(shapely.polygonize([shapely.node(shapely.LineString(ring))]))
    corners = shapely.get_coordinates(ring)
    within = shapely.get_coordinates(shapely.point_on_surface(faces))
    return shapely.union_all(faces[[_turns(corners, point) != 0 for point in within]])


def _turns(corners: np.ndarray, point: np.ndarray) -> int:
    """How often a ring goes around a point: crossings of the ray to the east, up less down."""
    (x0, y0), (x1, y1) = (corners[:-1] - point).T, (corners[1:] - point).T
    side = x0 * y1 - x1 * y0
    return int(((y0 <= 0) & (y1 > 0) & (side > 0)).sum()) - int(((y0 > 0) & (y1 <= 0) & (side < 0)).sum())


def _content_keys(table: gpd.GeoDataFrame, layer: Layer) -> pd.Series:
    """A key from what the row says and where it lies, for registers that give no lasting number.

    Sixteen hex digits of SHA-1 over the labels and the outline in whole millimetres, whichever way it is drawn.
    """
    outline = _outlines(table.geometry)
    labels = [table[c.name].astype("str") for c in layer.columns if c.role == "label"]
    rows = zip(zip(*labels, strict=True), outline, strict=True) if labels else (((), o) for o in outline)
    return pd.Series(
        [
            hashlib.sha1("\x1f".join(label).encode() + b"\x1e" + shape, usedforsecurity=False).hexdigest()[:16]
            for label, shape in rows
        ],
        table.index,
        dtype="str",
    )


def _outlines(geometry: gpd.GeoSeries) -> np.ndarray:
    """Bytes that are equal for equal outlines to the millimetre.

    Services differ in where a ring starts, which way it turns, and whether one part stands alone or in a multi-part.
    """
    # Adding zero makes of -0.0 a 0.0.
    rounded = shapely.transform(geometry.to_numpy(), lambda xy: np.round(xy, 3) + 0.0)
    parts, of = shapely.get_parts(rounded, return_index=True)
    outlines: np.ndarray = shapely.to_wkb(
        shapely.normalize(shapely.geometrycollections(parts, indices=of)), byte_order=1
    )
    return outlines


def _twice(table: gpd.GeoDataFrame, layer: Layer) -> np.ndarray:
    """Whether a row repeats an earlier one.

    Raises
    ------
    SourceError
        When two rows have the same key and different content.
    """
    suspects: np.ndarray = np.asarray(table.index.duplicated(keep=False))
    if not suspects.any():
        return suspects
    rows = pd.DataFrame(table[suspects].drop(columns="geometry"))
    rows["geometry"] = _outlines(table.geometry[suspects])
    rows = rows.reset_index()
    same = rows.duplicated()
    if (clash := rows[layer.key].duplicated() & ~same).any():
        count = rows.loc[clash, layer.key].nunique()
        msg = f"{layer.name}: {count} {layer.key} values stand for different features, first {rows.loc[clash, layer.key].iloc[0]}"
        raise SourceError(msg)
    twice = np.zeros(len(table), dtype=bool)
    twice[np.flatnonzero(suspects)[same.to_numpy()]] = True
    return twice
