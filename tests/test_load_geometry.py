"""Hostile geometry: what is repaired without loss and counted, and what is refused by name.

Each fault goes through a file that GDAL reads, through a page of GeoJSON, or both.
"""

from __future__ import annotations

import json
import sqlite3
import struct
import time
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import GeometryCollection, LineString, MultiPolygon, Point, Polygon, box

from pipeline.contract import CRS, LINE, POINT, POLYGON, Column, Layer, SourceError, Text
from pipeline.load import file, geojson
from pipeline.load.http import Answer
from pipeline.load.layers import Conformed, conform
from pipeline.load.received import Received
from pipeline.sources import Register, Source

NONE = Text("", "")
#: South-west corner of everything here.
X, Y = 250_000.0, 471_000.0
BBOX = (X - 1000, Y - 1000, X + 1000, Y + 1000)

Corners = list[tuple[float, float]]


def source(family: frozenset[str] = POLYGON) -> Source:
    columns = (Column("name", "str", "", "label", NONE, NONE),)
    return Source(
        layer=Layer("thing", "thing_id", family, columns, NONE),
        title=NONE,
        register=Register("Things", "CC0-1.0", "", ""),
        page="",
        reference_date="",
        native={"thing_id": "nummer", "name": "naam"},
        accesses=(),
    )


def at(*corners: tuple[float, float]) -> Corners:
    """Corners in metres from the south-west corner."""
    return [(X + x, Y + y) for x, y in corners]


def square(x: float = 0, y: float = 0, side: float = 10) -> Polygon:
    return box(X + x, Y + y, X + x + side, Y + y + side)


def made(got: Received, family: frozenset[str] = POLYGON) -> Conformed:
    return conform(got, source(family), edition=None, bbox=BBOX)


def from_shapes(*shapes: Any) -> Received:
    """As any reader delivers them: first key is a, then b."""
    n = len(shapes)
    table = gpd.GeoDataFrame(
        {"nummer": [chr(97 + i) for i in range(n)], "naam": ["x"] * n}, geometry=list(shapes), crs=CRS
    )
    return Received(table, n, ())


def from_geojson(*members: Any) -> Received:
    """As the pages of a service come in."""
    features = [
        {"type": "Feature", "id": i, "geometry": m, "properties": {"nummer": chr(97 + i), "naam": "x"}}
        for i, m in enumerate(members)
    ]
    content = json.dumps({"type": "FeatureCollection", "features": features}).encode()
    answer = Answer("http://127.0.0.1/items", 200, {}, content, "2026-01-01T00:00:00+00:00")
    sheet = geojson.sheet(answer, geojson.collection(answer)["features"])
    return Received(geojson.table([sheet], "items"), len(members), ())


def from_file(path: Path, *shapes: shapely.Geometry | bytes | None) -> Received:
    """As a GeoPackage that GDAL wrote comes in; bytes are well-known binary."""
    written = np.array([s if isinstance(s, bytes | None) else shapely.to_wkb(s) for s in shapes], dtype=object)
    names = np.array([chr(97 + i) for i in range(len(shapes))], dtype=object)
    pyogrio.raw.write(
        path, geometry=written, field_data=[names, names], fields=["nummer", "naam"], crs=CRS,
        geometry_type="Unknown", driver="GPKG", layer="thing",
    )  # fmt: skip
    return file.fetch(path, "thing", {}, {}, None, lambda *_: None)


BOW_TIE = Polygon(at((0, 0), (10, 10), (10, 0), (0, 10)))
#: What is wrong -> the shape, and the area in m² that its rings enclose.
LOSSLESS: dict[str, tuple[Polygon | MultiPolygon, float]] = {
    "bow-tie": (BOW_TIE, 50),
    "spike": (Polygon(at((0, 0), (10, 0), (10, 20), (10, 10), (0, 10))), 100),
    "spike inwards": (Polygon(at((0, 0), (10, 0), (10, 10), (5, 10), (5, 2), (5, 10), (0, 10))), 100),
    "ring that touches itself along a line": (Polygon(at((0, 0), (10, 0), (5, 0), (5, 10), (0, 10))), 50),
    "shell and hole in one stroke": (
        Polygon(at((0, 0), (10, 0), (10, 10), (0, 10), (0, 0), (2, 2), (2, 4), (4, 4), (4, 2), (2, 2))),
        96,
    ),
    "ring with a loop that covers it again": (
        Polygon(at((0, 0), (10, 0), (10, 10), (0, 10), (0, 0), (2, 2), (4, 2), (4, 4), (2, 4), (2, 2))),
        100,
    ),
    "ring that runs along itself": (Polygon(at((0, 1), (1, 1), (0, 0), (1, 0), (1, 1), (0, 0))), 1),
    "ring drawn twice": (Polygon(at((0, 0), (10, 0), (10, 10), (0, 10), (0, 0), (10, 0), (10, 10), (0, 10))), 100),
    "hole along the edge": (Polygon(at((0, 0), (10, 0), (10, 10), (0, 10)), [at((0, 2), (4, 2), (4, 6), (0, 6))]), 84),
    "holes that overlap": (
        Polygon(
            at((0, 0), (10, 0), (10, 10), (0, 10)),
            [at((2, 2), (5, 2), (5, 5), (2, 5)), at((4, 4), (7, 4), (7, 7), (4, 7))],
        ),
        100 - 17,
    ),
    "hole outside by less than a sheet of paper": (
        Polygon(at((0, 0), (10, 0), (10, 10), (0, 10)), [at((2, 2), (10.002, 2), (10.002, 4), (2, 4))]),
        84,
    ),
    "parts that overlap": (MultiPolygon([square(), square(5)]), 150),
    "parts with a common edge": (MultiPolygon([square(), square(10)]), 200),
    "part without area": (MultiPolygon([square(), Polygon(at((20, 0), (30, 0), (20, 0)))]), 100),
}
LOSSY: dict[str, Polygon] = {
    "hole outside its ring": Polygon(
        at((0, 0), (10, 0), (10, 10), (0, 10)), [at((20, 0), (30, 0), (30, 10), (20, 10))]
    ),
    "hole partly outside": Polygon(at((0, 0), (10, 0), (10, 10), (0, 10)), [at((5, 2), (15, 2), (15, 4), (5, 4))]),
    "hole larger than its ring": Polygon(
        at((0, 0), (10, 0), (10, 10), (0, 10)), [at((-5, -5), (15, -5), (15, 8), (-5, 8))]
    ),
}


@pytest.mark.fault(
    "E", "bow-tie, spike, ring that touches itself, holes or parts that overlap, and eight more",
    "repaired without loss of area, and counted in the receipt",
)  # fmt: skip
@pytest.mark.parametrize("fault", LOSSLESS)
def test_what_loses_nothing_is_repaired_and_counted(fault: str, tmp_path: Path) -> None:
    shape, area = LOSSLESS[fault]
    assert not shape.is_valid
    for got in (
        made(from_shapes(shape, square(50))),
        made(from_geojson(shapely.geometry.mapping(shape), shapely.geometry.mapping(square(50)))),
        made(from_file(tmp_path / "thing.gpkg", shape, square(50))),
    ):
        assert got.repaired == 1
        assert got.table.geometry["a"].area == pytest.approx(area, abs=0.01)
        assert got.table.geometry["b"].equals(square(50))


@pytest.mark.fault(
    "E", "a hole outside or larger than its ring",
    "one line: “… can’t be repaired without loss, first … near x,y”",
)  # fmt: skip
@pytest.mark.parametrize("fault", LOSSY)
def test_what_would_lose_something_is_refused_by_name_and_place(fault: str, tmp_path: Path) -> None:
    says = "^thing: 2 geometries are invalid and can't be repaired without loss, first thing_id b near 250000,471000$"
    shape = LOSSY[fault]
    with pytest.raises(SourceError, match=says):
        made(from_shapes(square(50), shape, shape))
    with pytest.raises(SourceError, match=says):
        made(from_geojson(*map(shapely.geometry.mapping, (square(50), shape, shape))))
    with pytest.raises(SourceError, match=says):
        made(from_file(tmp_path / "thing.gpkg", square(50), shape, shape))


@pytest.mark.fault("E", "a collapsed ring", "one line: “… invalid and nothing of them can be kept, first … near x,y”")
@pytest.mark.parametrize(
    "shape",
    [Polygon(at((0, 0), (10, 0), (0, 0))), Polygon(at((0, 0), (0, 0), (0, 0), (0, 0))), MultiPolygon([Polygon(at((0, 0), (10, 0), (5, 0)))])],
    ids=["line", "point", "multi"],
)  # fmt: skip
def test_a_collapsed_ring_is_refused(shape: Polygon, tmp_path: Path) -> None:
    says = "^thing: 1 geometries are invalid and nothing of them can be kept, first thing_id b near 250000,471000$"
    with pytest.raises(SourceError, match=says):
        made(from_geojson(*map(shapely.geometry.mapping, (square(50), shape))))
    with pytest.raises(SourceError, match=says):
        made(from_file(tmp_path / "thing.gpkg", square(50), shape))


@pytest.mark.fault("E", "a line without length", "one line; among other parts it goes")
def test_a_line_without_length_is_refused_and_one_among_others_goes() -> None:
    flat, good = at((0, 0), (0, 0)), at((0, 0), (10, 0))
    with pytest.raises(SourceError, match="nothing of them can be kept, first thing_id a near 250000,471000"):
        made(from_geojson({"type": "LineString", "coordinates": flat}), LINE)
    got = made(from_geojson({"type": "MultiLineString", "coordinates": [flat, good]}), LINE)
    assert (got.repaired, got.table.geometry["a"].wkt) == (1, LineString(good).wkt)


@pytest.mark.fault("E", "doubled points", "nothing")
def test_doubled_points_are_no_fault() -> None:
    shape = Polygon(at((0, 0), (0, 0), (10, 0), (10, 0), (10, 10), (0, 10), (0, 10)))
    got = made(from_geojson(shapely.geometry.mapping(shape)))
    assert (got.repaired, got.table.area["a"]) == (0, 100)


def test_a_ring_that_touches_itself_in_a_point_is_kept_as_it_is_when_it_is_valid() -> None:
    # Two squares on one corner, as shell and hole: valid when the hole touches from inside.
    shape = Polygon(at((0, 0), (10, 0), (10, 10), (0, 10)), [at((0, 0), (4, 2), (2, 4))])
    assert shape.is_valid
    got = made(from_geojson(shapely.geometry.mapping(shape)))
    assert (got.repaired, got.table.geometry["a"].equals(shape)) == (0, True)


@pytest.mark.fault("E", "null and empty geometry", "left out, and counted by reason in the receipt")
def test_null_and_empty_are_dropped_and_counted(tmp_path: Path) -> None:
    got = made(from_file(tmp_path / "thing.gpkg", square(), None, Polygon(), MultiPolygon()))
    assert (list(got.table.index), got.dropped) == (["a"], {"without geometry": 3})
    got = made(from_geojson(shapely.geometry.mapping(square()), None, {"type": "Polygon", "coordinates": []}))
    assert (list(got.table.index), got.dropped) == (["a"], {"without geometry": 2})


@pytest.mark.fault(
    "E", "NaN or infinity among the coordinates",
    "one line: “… have a coordinate that is no number, first …”; it is not taken for outside",
)  # fmt: skip
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("which", [0, 1])
def test_a_coordinate_that_is_no_number_is_refused_and_not_taken_for_outside(
    value: float, which: int, tmp_path: Path
) -> None:
    corners = closed((0, 0), (10, 0), (10, 10), (0, 10))
    corners[2] = (value, Y) if which == 0 else (X, value)
    says = "^thing: 1 geometries have a coordinate that is no number, first thing_id b near 250000,471000$"
    with pytest.raises(SourceError, match=says):
        made(from_file(tmp_path / "thing.gpkg", square(), binary(3, ring(corners))))
    with np.errstate(invalid="ignore"):
        line = shapely.from_wkb(binary(2, *(numbers([c]) for c in corners)))
    with pytest.raises(SourceError, match=says):
        made(from_shapes(LineString(at((0, 0), (1, 1))), line), LINE)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_what_lies_nowhere_is_not_taken_for_outside(value: float) -> None:
    with np.errstate(invalid="ignore"):
        line = shapely.from_wkb(binary(2, *(numbers([(value, Y + i)]) for i in range(3))))
    with pytest.raises(
        SourceError, match=r"^thing: 1 geometries have a coordinate that is no number, first thing_id b$"
    ):
        made(from_shapes(LineString(at((0, 0), (1, 1))), line), LINE)


@pytest.mark.fault("E", "null among the coordinates of GeoJSON", "one line")
def test_null_among_the_coordinates_of_geojson() -> None:
    corners: Any = [list(c) for c in at((0, 0), (10, 0), (10, 10), (0, 0))]
    corners[1][0] = None
    with pytest.raises(SourceError, match="have a coordinate that is no number, first thing_id a near 250000,471000"):
        made(from_geojson({"type": "Polygon", "coordinates": [corners]}))


@pytest.mark.fault("E", "NaN, Infinity or 1e999 in JSON", "one line")
@pytest.mark.parametrize("text", ["NaN", "Infinity", "1e999"])
def test_geojson_does_not_hold_what_is_no_number(text: str) -> None:
    content = (
        f'{{"features": [{{"properties": {{}}, "geometry": {{"type": "Point", "coordinates": [{text}, 471000]}}}}]}}'
    )
    answer = Answer("http://127.0.0.1/items", 200, {}, content.encode(), "")
    with pytest.raises(SourceError, match=r"no number in JSON|outside the Netherlands"):
        geojson.sheet(answer, geojson.collection(answer)["features"])


# Dimensions and kinds


def binary(kind: int, *parts: bytes) -> bytes:
    return struct.pack("<BII", 1, kind, len(parts)) + b"".join(parts)


def numbers(corners: list[tuple[float, ...]], more: tuple[float, ...] = ()) -> bytes:
    return b"".join(struct.pack(f"<{len(c) + len(more)}d", *c, *more) for c in corners)


def ring(corners: list[tuple[float, ...]], more: tuple[float, ...] = ()) -> bytes:
    return struct.pack("<I", len(corners)) + numbers(corners, more)


def closed(*corners: tuple[float, float]) -> list[tuple[float, ...]]:
    return [*at(*corners), *at(corners[0])]


@pytest.mark.fault("E", "Z, M and ZM", "left out; the plan is as it was")
@pytest.mark.parametrize(("kind", "more"), [(3, ()), (1003, (7.0,)), (2003, (8.0,)), (3003, (7.0, 8.0))])
def test_heights_and_measures_are_left_out(kind: int, more: tuple[float, ...], tmp_path: Path) -> None:
    corners = closed((0, 0), (10, 0), (10, 10), (0, 10))
    got = made(from_file(tmp_path / "thing.gpkg", binary(kind, ring(corners, more))))
    shape = got.table.geometry["a"]
    assert (shape.has_z, shape.equals(square()), got.repaired) == (False, True, 0)


def test_a_layer_that_is_declared_with_measures_warns_of_nothing(tmp_path: Path) -> None:
    path = tmp_path / "thing.gpkg"
    from_file(path, binary(2003, ring(closed((0, 0), (10, 0), (10, 10)), (8.0,))))
    base = sqlite3.connect(path)
    base.execute("UPDATE gpkg_geometry_columns SET geometry_type_name = 'POLYGON', m = 1")
    base.commit()
    base.close()
    got = made(file.fetch(path, "thing", {}, {}, None, lambda *_: None))
    assert got.table.area["a"] == 50


def test_a_height_that_is_no_number_is_no_fault() -> None:
    shape = Polygon([(x, y, np.nan) for x, y in at((0, 0), (10, 0), (10, 10))])
    assert made(from_shapes(shape)).table.area["a"] == 50


@pytest.mark.fault("E", "curves", "nothing: they become chords within a stated tolerance")
def test_curves_become_chords(tmp_path: Path) -> None:
    # A disc with a radius of 10 m, and one with a hole that is a curve of an arc and a line.
    arc = at((-10, 0), (0, 10), (10, 0), (0, -10), (-10, 0))
    disc = binary(8, *(numbers([c]) for c in arc))
    half = binary(9, binary(8, *(numbers([c]) for c in at((-5, 0), (0, 5), (5, 0)))), binary(2, *(numbers([c]) for c in at((5, 0), (-5, 0)))))  # fmt: skip
    curved = binary(10, disc)
    surface = binary(12, binary(10, disc, half))
    got = made(from_file(tmp_path / "thing.gpkg", curved, surface, square(50)))
    # A chord of one degree encloses sin(1°) / 1° of the sector: 0.99995.
    assert got.table.area["a"] == pytest.approx(np.pi * 100, rel=6e-5)
    assert got.table.area["b"] == pytest.approx(np.pi * (100 - 12.5), rel=6e-5)
    assert got.repaired == 0
    assert set(got.table.geom_type) == {"Polygon", "MultiPolygon"}


TRIANGLES = (closed((0, 0), (10, 0), (0, 10)), closed((10, 0), (10, 10), (0, 10)))


@pytest.mark.fault("E", "TIN and polyhedral surface", "laid flat, as the area that it covers")
@pytest.mark.parametrize(
    ("kind", "patch"),
    [(16, 17), (1016, 1017), (15, 3), (1015, 1003)],
    ids=["TIN", "TIN Z", "polyhedral", "polyhedral Z"],
)
@pytest.mark.filterwarnings("ignore:Registering non-standard:RuntimeWarning")
def test_a_surface_is_laid_flat(kind: int, patch: int, tmp_path: Path) -> None:
    more = (3.0,) if kind > 1000 else ()
    # The third patch stands upright: seen from above it is a line.
    upright = [*at((0, 0), (10, 0), (5, 0)), *at((0, 0))]
    patches = [binary(patch, ring(corners, more)) for corners in (*TRIANGLES, upright)]
    got = made(from_file(tmp_path / "thing.gpkg", square(50), binary(kind, *patches), None))
    assert got.table.geometry["b"].equals(square())
    assert (got.repaired, got.dropped) == (1, {"without geometry": 1})


@pytest.mark.fault("E", "a surface in a layer of lines", "one line")
@pytest.mark.filterwarnings("ignore:Registering non-standard:RuntimeWarning")
def test_a_surface_in_a_layer_of_lines_is_refused(tmp_path: Path) -> None:
    line = LineString(at((0, 0), (10, 0)))
    tin = binary(16, binary(17, ring(TRIANGLES[0])))
    with pytest.raises(
        SourceError,
        match="1 geometries are MultiPolygon, expected LineString or MultiLineString, first thing_id b near",
    ):
        made(from_file(tmp_path / "thing.gpkg", line, tin), LINE)


@pytest.mark.fault("E", "bytes that are no geometry", "one line: “the geometry of row 1 can’t be read …”")
@pytest.mark.parametrize(
    ("written", "says"),
    [
        (binary(3, ring(at((0, 0), (10, 0), (10, 10), (0, 10)))), "do not form a closed linestring"),
        (binary(2, numbers(at((0, 0)))), "point array must contain 0 or >1 elements"),
    ],
    ids=["open", "one point"],
)
def test_a_file_with_what_is_no_geometry_names_the_row(written: bytes, says: str, tmp_path: Path) -> None:
    with pytest.raises(
        SourceError, match=rf"thing\.gpkg layer 'thing': the geometry of row 1 can't be read \(.*{says}"
    ) as caught:
        from_file(tmp_path / "thing.gpkg", square(), written)
    assert "\n" not in str(caught.value)


@pytest.mark.fault("E", "a geometry collection", "one line: “… are GeometryCollection, expected …”")
@pytest.mark.parametrize("members", [[square()], [square(), Point(X, Y)]], ids=["polygon", "mixed"])
def test_a_collection_is_refused(members: list[Any], tmp_path: Path) -> None:
    shape = GeometryCollection(members)
    says = "1 geometries are GeometryCollection, expected MultiPolygon or Polygon, first thing_id b near 250010,471000"
    with pytest.raises(SourceError, match=says):
        made(from_geojson(*map(shapely.geometry.mapping, (square(50), shape))))
    with pytest.raises(SourceError, match=says):
        made(from_file(tmp_path / "thing.gpkg", square(50), shape))


@pytest.mark.fault("E", "single and multi mixed; lines among polygons", "the first is fine, the second one line")
def test_single_and_multi_may_be_mixed_and_another_family_may_not(tmp_path: Path) -> None:
    parts = MultiPolygon([square(), square(20)])
    got = made(from_file(tmp_path / "thing.gpkg", square(50), parts))
    assert got.table.geom_type.to_dict() == {"a": "Polygon", "b": "MultiPolygon"}
    with pytest.raises(
        SourceError, match=r"1 geometries are LineString, expected .*, first thing_id b near 250000,471000"
    ):
        made(from_geojson(*map(shapely.geometry.mapping, (square(), LineString(at((0, 0), (1, 1)))))))
    with pytest.raises(SourceError, match="1 geometries are MultiPoint, expected Point, first thing_id a"):
        made(from_geojson({"type": "MultiPoint", "coordinates": at((0, 0), (1, 1))}), POINT)


def disc(corners: int) -> Polygon:
    """A disc with a radius of 100 m."""
    turn = np.linspace(0, 2 * np.pi, corners, endpoint=False)
    return Polygon(np.column_stack([X + 100 * np.cos(turn), Y + 100 * np.sin(turn)]))


@pytest.mark.fault("E", "a polygon of a million corners", "nothing")
def test_a_million_corners() -> None:
    begin = time.monotonic()
    got = made(from_shapes(disc(1_000_000), square(500)))
    assert (shapely.get_num_coordinates(got.table.geometry["a"]), got.repaired) == (1_000_001, 0)
    assert time.monotonic() - begin < 60


def test_very_many_corners_and_a_fault() -> None:
    corners = list(disc(100_000).exterior.coords)
    corners[500], corners[501] = corners[501], corners[500]
    got = made(from_shapes(Polygon(corners)))
    assert got.repaired == 1
    assert got.table.area["a"] == pytest.approx(np.pi * 100**2, abs=0.01)


LATTICE = st.tuples(st.sampled_from([0, 1, 5, 10]), st.sampled_from([0, 1, 5, 10]))
# No point of this grid lies on a line between two points of the lattice.
GRID = np.stack(np.meshgrid(np.arange(0.0371, 10, 0.2), np.arange(0.0593, 10, 0.2)), axis=-1).reshape(-1, 2)


@given(st.lists(LATTICE, min_size=3, max_size=8))
def test_a_ring_of_any_form_keeps_all_that_it_goes_around(corners: list[tuple[int, int]]) -> None:
    around = _turns(np.array([*corners, corners[0]])) != 0
    try:
        got = made(from_shapes(Polygon(at(*corners))))
    except SourceError as error:
        assert "nothing of them can be kept" in str(error)
        assert not around.any()
        return
    shape = got.table.geometry["a"]
    assert (shapely.contains_xy(shape, *(GRID + [X, Y]).T) == around).all()


def _turns(corners: np.ndarray) -> np.ndarray:
    """How often the ring turns around each point of the grid, by the angles under which its sides are seen."""
    towards = corners[:, None, :] - GRID
    sides = np.diff(np.arctan2(towards[..., 0], towards[..., 1]), axis=0)
    return np.rint((((sides + np.pi) % (2 * np.pi)) - np.pi).sum(axis=0) / (2 * np.pi))
