"""Cutting a layer at the edge of an area: what is kept, and how much of each amount."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from lattice import LATTICE, boxes, triangles
from shapely import LineString, MultiLineString, Point, Polygon
from world import LAYERS, address, addresses, box, buurten, layer, place, point

from pipeline.clip import cut
from pipeline.contract import LINE, POLYGON, Column, Layer, Text, check

WEST = box(0, 0, 500, 1000)
NOTHING = Text("x", "y")
#: Track with an amount, so that a length has something to share.
RAIL = Layer(
    "rail", "rail_id", LINE,
    (Column("sleeper_count", "float64", "count", "extensive", NOTHING, NOTHING),
     Column("built_year", "float64", "year", "intensive", NOTHING, NOTHING)),
    NOTHING,
)  # fmt: skip


def panden(**shapes):
    """Buildings of 1950 with eight verblijfsobjecten each."""
    row = {"construction_year": 1950.0, "status": "Pand in gebruik", "verblijfsobject_count": 8.0}
    return layer("pand", {name: row | {"geometry": shape} for name, shape in shapes.items()})


def rails(**shapes):
    return gpd.GeoDataFrame(
        {"sleeper_count": 10.0, "built_year": 1900.0},
        geometry=list(shapes.values()), index=pd.Index(list(shapes), name="rail_id", dtype="str"), crs=28992,
    )  # fmt: skip


# --- by hand


def test_what_lies_inside_stays_whole_and_what_crosses_gives_its_share():
    table = panden(out=box(600, 0, 610, 10), cross=box(490, 0, 530, 10), in_=box(10, 10, 20, 20))
    kept = check(cut.cut(table, LAYERS["pand"], WEST), LAYERS["pand"])
    assert kept.index.tolist() == ["cross", "in_"]
    assert kept.area.tolist() == [100, 100]
    # A quarter of the building lies inside: a quarter of what is in it, but the year is the year.
    assert kept["verblijfsobject_count"].tolist() == [2, 8]
    assert kept["construction_year"].tolist() == [1950, 1950]
    assert kept["status"].tolist() == ["Pand in gebruik"] * 2


def test_a_polygon_that_only_touches_is_dropped():
    table = panden(edge=box(500, 0, 510, 10), corner=box(500, 1000, 510, 1010))
    kept = check(cut.cut(table, LAYERS["pand"], WEST), LAYERS["pand"])
    assert kept.empty


def test_a_polygon_in_two_parts_and_a_touch_keeps_its_area_only():
    # A fork of 5 ha whose two prongs of 1 ha reach in; between them it touches the border.
    fork = place(Polygon([(400, 0), (600, 0), (600, 300), (400, 300), (400, 200), (500, 200), (500, 100), (400, 100)]))
    table = panden(fork=fork)
    kept = check(cut.cut(table, LAYERS["pand"], WEST), LAYERS["pand"])
    assert kept.geom_type.tolist() == ["MultiPolygon"]
    assert kept.area.tolist() == [20_000]
    assert kept["verblijfsobject_count"].tolist() == pytest.approx([3.2])


def test_a_withheld_amount_stays_withheld():
    table = buurten()
    kept = cut.cut(table, LAYERS["buurt"], box(0, 0, 1000, 750))
    assert kept.loc["BU00010101", ["inhabitants_count"]].isna().all()
    assert kept.loc["BU00010000", "inhabitants_count"] == 15


@pytest.mark.parametrize(
    ("x", "y", "kept"),
    [(250, 250, True), (500, 250, True), (500, 1000, True), (500.001, 250, False)],
    ids=["inside", "on the edge", "on the corner", "outside"],
)
def test_a_point_on_the_edge_is_kept(x, y, kept):
    table = addresses([address(x, y, m2=80)])
    found = check(cut.cut(table, LAYERS["verblijfsobject"], WEST), LAYERS["verblijfsobject"])
    assert found["usable_area_m2"].tolist() == ([80] if kept else [])


def test_a_line_gives_the_share_of_its_length():
    table = rails(
        cross=place(LineString([(400, 10), (900, 10)])),
        on_edge=place(LineString([(500, 0), (500, 100)])),
        touch=place(LineString([(500, 50), (600, 50)])),
        twice=place(LineString([(400, 100), (600, 100), (600, 200), (400, 200)])),
    )
    kept = check(cut.cut(table, RAIL, WEST), RAIL)
    assert dict(kept.length) == {"cross": 100, "on_edge": 100, "twice": 200}
    assert dict(kept["sleeper_count"]) == {"cross": 2, "on_edge": 10, "twice": 4}
    assert kept.geom_type["twice"] == "MultiLineString"
    assert set(kept["built_year"]) == {1900}


def test_a_line_that_also_touches_keeps_its_length_only():
    table = rails(a=place(MultiLineString([[(400, 10), (450, 10)], [(500, 20), (550, 20)]])))
    kept = check(cut.cut(table, RAIL, WEST), RAIL)
    assert kept.length.tolist() == [50]
    assert kept["sleeper_count"].tolist() == [5]


def test_the_table_that_was_cut_stays_as_it_was():
    table = panden(cross=box(490, 0, 510, 10))
    before = table.copy()
    cut.cut(table, LAYERS["pand"], WEST)
    assert table.equals(before)


@pytest.mark.parametrize("name", sorted(LAYERS))
def test_every_amount_of_every_source_is_halved_and_nothing_else(name):
    declared = LAYERS[name]
    halved = {c.name for c in declared.columns if c.role == "extensive"}
    if declared.geometry == POLYGON:
        shape = box(400, 0, 600, 100)
    elif declared.geometry == LINE:
        shape = place(LineString([(400, 0), (600, 0)]))
    else:
        shape = point(500, 50)
        halved = set()
    full = {"float64": 100.0, "int64": 100, "str": "x"}
    table = layer(name, {"a": {c.name: full[c.dtype] for c in declared.columns} | {"geometry": shape}})
    row = check(cut.cut(table, declared, WEST), declared).loc["a"]
    expected = {c.name: 50.0 if c.name in halved else full[c.dtype] for c in declared.columns}
    assert row.drop("geometry").to_dict() == expected


@pytest.mark.parametrize("name", sorted(LAYERS))
def test_nothing_in_the_area_gives_an_empty_table_as_declared(name):
    far = layer(name, {})
    assert check(cut.cut(far, LAYERS[name], WEST), LAYERS[name]).empty
    assert check(cut.touching(far, WEST), LAYERS[name]).empty


def test_touching_keeps_whole_rows_in_their_order():
    table = panden(c=box(490, 0, 510, 10), a=box(600, 0, 610, 10), b=box(500, 20, 510, 30), d=box(1, 1, 2, 2))
    kept = cut.touching(table, WEST)
    assert kept.index.tolist() == ["c", "b", "d"]
    assert kept.area.tolist() == [200, 100, 1]


# --- the parts make the whole



@settings(deadline=None, max_examples=25)
@given(shapes=st.lists(st.one_of(boxes(), triangles()), min_size=1, max_size=6), x=LATTICE, y=LATTICE)
def test_amounts_in_the_parts_of_a_partition_add_up(shapes, x, y):
    corners = [(-1, -1, x, y), (x, -1, 1001, y), (-1, y, x, 1001), (x, y, 1001, 1001)]
    table = panden(**{f"p{i}": s for i, s in enumerate(shapes)})
    parts = [check(cut.cut(table, LAYERS["pand"], box(*c)), LAYERS["pand"]) for c in corners]
    assert sum(p["verblijfsobject_count"].sum() for p in parts) == pytest.approx(8 * len(shapes))
    assert sum(p.area.sum() for p in parts) == pytest.approx(table.area.sum())
    for part in parts:
        # As many per m² as before, and in the order of before.
        density = part["verblijfsobject_count"] / part.area
        assert np.allclose(density, (table["verblijfsobject_count"] / table.area)[part.index])
        assert part.index.tolist() == [i for i in table.index if i in part.index]
        assert set(part["construction_year"]) <= {1950}


@settings(deadline=None, max_examples=30)
@given(
    corners=st.lists(st.tuples(LATTICE, LATTICE), min_size=2, max_size=4, unique=True),
    x=st.sampled_from([0.5, 100.5, 499.5, 750.5]),
)
def test_lengths_in_the_parts_of_a_partition_add_up(corners, x):
    # The border lies between the lattice lines: a line on a border belongs to both sides. A line that runs back over
    # itself loses that when it is cut, and no track does.
    line = place(LineString(corners))
    assume(line.is_simple)
    table = rails(a=line)
    parts = [cut.cut(table, RAIL, area) for area in (box(-1, -1, x, 1001), box(x, -1, 1001, 1001))]
    assert sum(p.length.sum() for p in parts) == pytest.approx(table.length.sum())
    assert sum(p["sleeper_count"].sum() for p in parts) == pytest.approx(10)


def test_only_what_has_the_dimension_stays():
    mixed = shapely.GeometryCollection([box(0, 0, 1, 1), Point(5, 5), LineString([(0, 0), (9, 9)])])
    kept = cut.of_dimension(np.array([mixed, Point(0, 0), box(0, 0, 2, 2)], dtype=object), 2)
    assert [k.geom_type for k in kept] == ["MultiPolygon", "MultiPolygon", "Polygon"]
    assert [k.area for k in kept] == [1, 0, 4]
    (line,) = cut.of_dimension(np.array([mixed], dtype=object), 1)
    assert line.geom_type == "MultiLineString"
