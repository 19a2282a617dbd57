"""Raw features -> a layer, every figure done in the head."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import GeometryCollection, LineString, MultiPoint, MultiPolygon, Point, Polygon, box

from pipeline.contract import CRS, LINE, POINT, POLYGON, Column, Layer, SourceError, Text, check
from pipeline.load.layers import conform
from pipeline.load.received import Received, renamed
from pipeline.sources import BY_NAME, Keep, Register, Source, dated

NONE = Text("", "")
BBOX = (1000.0, 300_000.0, 2000.0, 301_000.0)


def source(geometry: frozenset[str] = POLYGON, **changes: Any) -> Source:
    """A source with one column of each type; `thing_id` is its key."""
    return Source(
        **{
            "layer": Layer(
                "thing",
                "thing_id",
                geometry,
                (
                    Column("name", "str", "", "label", NONE, NONE),
                    Column("size_m", "float64", "m", "intensive", NONE, NONE),
                    Column("kind_code", "int64", "", "label", NONE, NONE),
                ),
                NONE,
            ),
            "title": NONE,
            "register": Register("Things", "CC0-1.0", "", ""),
            "page": "",
            "reference_date": "",
            "native": {"thing_id": "nummer", "name": "naam", "size_m": "maat", "kind_code": "soort{edition}"},
            "accesses": (),
            **changes,
        }
    )


def square(i: int = 0, side: float = 10) -> Polygon:
    return box(1100 + 100 * i, 300_100, 1100 + 100 * i + side, 300_100 + side)


def received(rows: Mapping[str, list[Any]] | None = None, geometry: list[Any] | None = None, **more: Any) -> Received:
    given = {"nummer": ["b", "a"], "naam": ["Bé", None], "maat": [2, 1.5], "soort2017": [20, 10], **(rows or {})}
    n = len(given["nummer"])
    table = gpd.GeoDataFrame(given, geometry=geometry or [square(i) for i in range(n)], crs=CRS)
    return Received(table, n, (), **more)


def run(got: Received, of: Source | None = None, **more: Any) -> Any:
    return conform(got, of or source(), **{"edition": 2017, "bbox": BBOX, **more})


def test_a_layer_is_as_declared_and_sorted_by_its_key() -> None:
    got = run(received())
    assert list(got.table.index) == ["a", "b"]
    assert list(got.table.columns) == ["name", "size_m", "kind_code", "geometry"]
    assert got.table["name"].tolist() == ["", "Bé"]
    assert got.table["size_m"].tolist() == [1.5, 2.0]
    assert got.table["kind_code"].tolist() == [10, 20]
    assert (got.dropped, got.absent, got.repaired) == ({}, (), 0)
    check(got.table, source().layer)


def test_the_way_taken_may_spell_a_column_differently() -> None:
    got = run(renamed(received({"naam_lang": ["x", "y"]}), {"naam": "naam_lang"}))
    assert got.table["name"].tolist() == ["y", "x"]
    assert renamed(received(), {"naam": "not there"}).table.columns.tolist() == received().table.columns.tolist()


@pytest.mark.fault("E", "several versions of one object", "the newest stays, the others are counted in the receipt")
def test_only_the_newest_version_of_a_key_is_kept() -> None:
    table = {"nummer": ["a", "a", "b"], "moment": ["2020-01-01", "2021-01-01", "2019-01-01"], "naam": ["old", "new", "only"],
             "maat": [1, 2, 3], "soort2017": [10, 20, 30]}  # fmt: skip
    rows = gpd.GeoDataFrame(table, geometry=[square()] * 3, crs=28992)
    got = run(Received(rows, None, ()), of=source(newest_by="moment"))
    assert got.table["name"].to_dict() == {"a": "new", "b": "only"}
    assert got.dropped == {"an older version": 1}


def test_a_row_is_kept_because_a_column_says_nothing() -> None:
    history = source(keep=(Keep("eind", frozenset({""}), "history"),))
    got = run(received({"eind": [None, "2020-01-01"]}), of=history)
    assert (len(got.table), got.dropped) == (1, {"history": 1})
    assert len(run(received({"eind": ["", ""]}), of=history).table) == 2
    # A service that has no history has no such column.
    assert len(run(received(), of=history).table) == 2


@pytest.mark.fault("E", "no features where there must be some", "one line: “no features in …; is [area] right?”")
def test_no_features() -> None:
    empty = Received(received().table.iloc[:0], 0, ())
    with pytest.raises(SourceError, match=r"^thing: no features in 1000,300000,2000,301000; is \[area\] right\?$"):
        run(empty)
    with pytest.raises(SourceError, match=r"no features in the whole country"):
        run(empty, bbox=None)


# Columns


@pytest.mark.fault(
    "E", "a column renamed or taken away",
    "one line: “column … is declared, but is not there; did you mean …?”",
)  # fmt: skip
def test_a_declared_column_that_is_not_there_is_named_with_its_nearest() -> None:
    got = received()
    got = Received(got.table.rename(columns={"maat": "maaat"}), 2, ())
    with pytest.raises(
        SourceError, match=r"^thing: column 'maat' \(size_m\) is declared, but is not there; did you mean 'maaat'\?"
    ):
        run(got)
    got = Received(got.table.rename(columns={"maaat": "q"}), 2, ())
    with pytest.raises(SourceError, match=r"there are nummer, naam, q, soort2017; name it with \[sources.thing\] columns"):
        run(got)


def test_an_optional_column_that_is_not_there_is_reported() -> None:
    got = received()
    got = run(Received(got.table.drop(columns=["maat", "naam"]), 2, ()), source(optional=frozenset({"size_m", "name"})))
    assert got.absent == ("name", "size_m")
    assert got.table["size_m"].isna().all()
    assert (got.table["name"] == "").all()


def test_a_column_that_the_user_says_is_lacking_is_empty_unless_it_must_not_be() -> None:
    got = run(received(lacks=("maat",)))
    assert got.absent == ("size_m",)
    assert got.table["size_m"].isna().all()
    with pytest.raises(SourceError, match=r"column 'soort2017' \(kind_code\) can't be empty, but is said to be absent"):
        run(received(lacks=("soort2017",)))
    with pytest.raises(SourceError, match="column 'nummer' is the key, but is said to be absent"):
        run(received(lacks=("nummer",)))


@pytest.mark.fault("E", "numbers as text", "nothing")
def test_numbers_may_come_as_text() -> None:
    got = run(received({"maat": [" 2", "-1.5e1"], "soort2017": ["20", "10"]}))
    assert got.table["size_m"].tolist() == [-15, 2]
    assert got.table["kind_code"].tolist() == [10, 20]
    assert run(received({"maat": ["", None]})).table["size_m"].isna().all()


@pytest.mark.fault(
    "E", "text where a number belongs (nan, 1,5, 12 m, 0x10)",
    "one line that names the column, the value and the first feature",
)  # fmt: skip
@pytest.mark.parametrize("text", ["nan", "NaN", "inf", "1,5", "12 m", "0x10", "None"])
def test_text_that_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(SourceError, match=rf"^thing: 1 values of 'maat' are no numbers, first '{text}' at thing_id a$"):
        run(received({"maat": ["2", text]}))


@pytest.mark.fault(
    "E", "infinite, true or false, missing where a number must be",
    "one line that names the column, the value and the first feature",
)  # fmt: skip
def test_numbers_that_are_none() -> None:
    with pytest.raises(SourceError, match="'maat' are infinite, first inf"):
        run(received({"maat": [np.inf, 1]}))
    with pytest.raises(SourceError, match="'maat' are true or false, expected numbers"):
        run(received({"maat": [True, False]}))
    with pytest.raises(SourceError, match="1 values of 'soort2017' are missing or not whole, first nan at thing_id b"):
        run(received({"soort2017": [np.nan, 1]}))
    with pytest.raises(SourceError, match=r"'soort2017' are missing or not whole, first 1.5"):
        run(received({"soort2017": [1, 1.5]}))


@pytest.mark.fault(
    "E", "codes for “not known”: -99997, -99999, year 9999",
    "no value there, shown as missing, never as a number",
)  # fmt: skip
def test_codes_for_not_known_become_missing() -> None:
    of = source(not_known={"size_m": frozenset({9999.0})}, missing_at_or_below=-99990.0)
    got = run(
        received(
            {"nummer": list("abcde"), "naam": [""] * 5, "soort2017": [1] * 5, "maat": [9999, -99990, -99997, -99989, 0]}
        ),
        of,
    )
    assert got.table["size_m"].isna().tolist() == [True, True, True, False, False]
    assert got.table["size_m"].tolist()[3:] == [-99989, 0]


@pytest.mark.fault("E", "BAG numbers that lost their leading zero", "nothing: they get it back")
def test_keys_that_a_spreadsheet_took_for_numbers_get_their_zeros_back() -> None:
    bag = source(bag_numbers=frozenset({"thing_id"}))
    got = run(received({"nummer": [153100000123456, 1999100000123456]}), of=bag)
    assert list(got.table.index) == ["0153100000123456", "1999100000123456"]
    got = run(received({"nummer": [153100000123456.0, 3100000000001.0]}), of=bag)
    assert list(got.table.index) == ["0003100000000001", "0153100000123456"]
    # Other registers have numbers of fourteen digits.
    for numbers in ([95601234700001, 95601234700002], ["95601234700001", "95601234700002"]):
        assert list(run(received({"nummer": numbers})).table.index) == ["95601234700001", "95601234700002"]


def test_other_numbers_as_keys_stay_as_they_are() -> None:
    assert list(run(received({"nummer": [7, 12345678]})).table.index) == ["12345678", "7"]
    assert list(run(received({"nummer": pd.array([7, 2**62 + 1], dtype="Int64")})).table.index) == [
        "4611686018427387905",
        "7",
    ]


@pytest.mark.fault(
    "E", "keys that lost digits, or are empty",
    "one line: “… numbers too large to be exact …; export that column as text”",
)  # fmt: skip
def test_keys_that_lost_digits_or_are_empty() -> None:
    with pytest.raises(
        SourceError, match=r"1 values of nummer are numbers too large to be exact, first 9007199254740992; export"
    ):
        run(received({"nummer": [2.0**53, 1.0]}))
    with pytest.raises(SourceError, match="1 of 2 features have no nummer, the first is row 1"):
        run(received({"nummer": ["a", None]}))


# Which rows


def test_only_what_a_rule_names_is_kept_and_the_rest_is_counted() -> None:
    of = source(keep=(Keep("naam", frozenset({"Bé"}), "nameless"),))
    got = run(received(), of)
    assert list(got.table.index) == ["b"]
    assert got.dropped == {"nameless": 1}


def test_a_rule_needs_its_column() -> None:
    of = source(keep=(Keep("status", frozenset({"ja"}), "no"),))
    with pytest.raises(
        SourceError, match=r"column 'status' decides what is kept, but is not there; .* values = \{ status = \.\.\. \}"
    ):
        run(received(), of)
    with pytest.raises(SourceError, match="is said to be absent"):
        run(received(lacks=("naam",)), source(keep=(Keep("naam", frozenset({"x"}), "no"),)))


def test_nothing_left_says_where_all_went() -> None:
    of = source(keep=(Keep("naam", frozenset({"x"}), "of another kind"),))
    with pytest.raises(
        SourceError, match=r"^thing: none of 2 features in .* is left \(2 of another kind\); is \[area\] right\?$"
    ):
        run(received(), of)


@pytest.mark.fault(
    "E", "a feature without geometry, or outside the area",
    "left out, and counted by reason in the receipt",
)  # fmt: skip
def test_features_without_geometry_and_outside_the_box_are_dropped_and_counted() -> None:
    shapes = [square(0), None, Polygon(), box(2001, 300_000, 2002, 300_001), box(2000, 300_500, 2010, 300_510)]
    got = run(received({"nummer": list("abcde"), "naam": [""] * 5, "maat": [1] * 5, "soort2017": [1] * 5}, shapes))
    assert list(got.table.index) == ["a", "e"]  # e touches the edge
    assert got.dropped == {"without geometry": 2, "outside the requested area": 1}


def test_a_shape_around_the_corner_of_the_box_is_outside_though_its_bounds_are_not() -> None:
    around = Polygon([(900, 300_950), (900, 301_300), (1250, 301_300)])
    got = run(received(geometry=[square(), around]))
    assert got.dropped == {"outside the requested area": 1}


@pytest.mark.fault(
    "E", "one key twice: alike, or with other content",
    "alike: kept once and counted; else one line: “… stand for different features, first …”",
)  # fmt: skip
def test_what_came_twice_alike_is_kept_once_and_what_differs_is_refused() -> None:
    alike = {"nummer": ["a", "a", "b"], "naam": ["x"] * 3, "maat": [1, 1, 1], "soort2017": [1] * 3}
    turned = Polygon(list(square().exterior.coords)[2:0:-1] + list(square().exterior.coords)[:2:-1])
    got = run(received(alike, [square(), turned, square(1)]))
    assert list(got.table.index) == ["a", "b"]
    assert got.dropped == {"delivered twice": 1}
    for change in ({"maat": [1, 2, 1]}, {"naam": ["x", "y", "x"]}):
        with pytest.raises(SourceError, match=r"^thing: 1 thing_id values stand for different features, first a$"):
            run(received({**alike, **change}, [square(), square(), square(1)]))
    with pytest.raises(SourceError, match="stand for different features"):
        run(received(alike, [square(), square(2), square(1)]))


def test_missing_values_alike_are_alike() -> None:
    alike = {"nummer": ["a", "a"], "naam": [None, None], "maat": [np.nan, np.nan], "soort2017": [1, 1]}
    assert run(received(alike, [square(), square()])).dropped == {"delivered twice": 1}


# Geometry


def test_heights_are_dropped_and_parts_kept() -> None:
    parts = MultiPolygon([square(0), square(1)])
    got = run(received(geometry=[shapely.force_3d(square(), 5.0), parts]))
    assert not got.table.has_z.any()
    assert got.table.geometry["a"].equals(parts)


def test_a_bow_tie_is_repaired_and_counted() -> None:
    tie = Polygon([(1100, 300_100), (1110, 300_110), (1110, 300_100), (1100, 300_110)])
    got = run(received(geometry=[tie, square()]))
    assert got.repaired == 1
    assert got.table.geometry["b"].area == pytest.approx(50)
    assert got.table.geometry["b"].is_valid


def test_of_what_is_repaired_only_the_surface_stays() -> None:
    # A square with a spike of 10 m: the spike is a line, not a surface.
    spike = Polygon([(1100, 300_100), (1110, 300_100), (1110, 300_120), (1110, 300_110), (1100, 300_110)])
    got = run(received(geometry=[spike, square()]))
    assert (got.repaired, got.table.geometry["b"].geom_type, got.table.geometry["b"].area) == (1, "Polygon", 100)


@pytest.mark.parametrize(
    ("shape", "says"),
    [
        (
            Polygon([(1100, 300_100), (1110, 300_100), (1100, 300_100)]),
            "are invalid and nothing of them can be kept, first thing_id b near 1100,300100",
        ),
        (
            Polygon([(1100, 300_100), (np.inf, 300_100), (1110, 300_110)]),
            "have a coordinate that is no number, first thing_id b near 1100,300100",
        ),
    ],
    ids=["flat", "infinite"],
)
def test_nothing_to_repair(shape: Polygon, says: str) -> None:
    with pytest.raises(SourceError, match=f"^thing: 1 geometries {says}$"):
        run(received(geometry=[shape, square()]), bbox=None)


@pytest.mark.parametrize(
    ("family", "shape", "says"),
    [
        (POLYGON, Point(1100, 300_100), "1 geometries are Point, expected MultiPolygon or Polygon, first thing_id b"),
        (POLYGON, GeometryCollection([square()]), "are GeometryCollection"),
        (POINT, MultiPoint([(1100, 300_100), (1101, 300_100)]), "are MultiPoint, expected Point"),
        (LINE, square(), "are Polygon, expected LineString or MultiLineString"),
    ],
)
def test_another_family_is_refused(family: frozenset[str], shape: Any, says: str) -> None:
    good = {POLYGON: square(), POINT: Point(1100, 300_100), LINE: LineString([(1100, 300_100), (1200, 300_100)])}[
        family
    ]
    with pytest.raises(SourceError, match=says):
        run(received(geometry=[shape, good]), source(family))


def test_one_point_in_a_multipoint_is_a_point() -> None:
    got = run(received(geometry=[MultiPoint([(1100, 300_100)]), Point(1101, 300_100)]), source(POINT))
    assert set(got.table.geom_type) == {"Point"}


# A key from the content


def without_key() -> Source:
    return source(native={"name": "naam", "size_m": "maat", "kind_code": "soort{edition}"})


def test_a_key_is_made_from_labels_and_outline() -> None:
    key = run(received(geometry=[square(), square()]), without_key()).table
    assert key.index.str.fullmatch("[0-9a-f]{16}").all()
    assert key.index.is_unique
    same = run(received({"maat": [7, 8]}, [square(), square()]), without_key()).table
    assert set(same.index) == set(key.index)  # maat is no label
    other = run(received({"soort2017": [21, 10]}, [square(), square()]), without_key()).table
    assert len(set(other.index) & set(key.index)) == 1


@given(st.integers(0, 3), st.booleans(), st.sampled_from([0, 0.0004, -0.0004]))
def test_the_key_does_not_depend_on_how_the_outline_is_drawn(start: int, reverse: bool, shift: float) -> None:
    ring = list(square().exterior.coords)[:-1]
    ring = [(x + shift, y) for x, y in ring[start:] + ring[:start]]
    drawn = Polygon(ring[::-1] if reverse else ring)
    keys = [run(received(geometry=[g, square(1)]), without_key()).table.index for g in (square(), drawn)]
    assert set(keys[0]) == set(keys[1])


def test_a_polygon_delivered_twice_without_key_is_kept_once() -> None:
    got = run(received({"naam": ["x", "x"], "maat": [1, 1], "soort2017": [1, 1]}, [square(), square()]), without_key())
    assert (len(got.table), got.dropped) == (1, {"delivered twice": 1})


# Everything at once


@pytest.mark.fault("E", "any mix of the above", "received = kept + dropped, by reason, in every receipt")
@given(
    st.lists(
        st.tuples(
            st.sampled_from("abc"), st.sampled_from([0, 1, 15]), st.sampled_from(["ja", "nee", None]), st.booleans()
        ),
        min_size=1,
        max_size=8,
    )
)
def test_every_feature_received_is_accounted_for(rows: list[tuple[str, int, str | None, bool]]) -> None:
    of = source(keep=(Keep("naam", frozenset({"ja"}), "no"),))
    # The place follows from the key, so that a key never has two contents.
    shapes = [square("abc".index(k) + (20 if at == 15 else 0)) if has else None for k, at, _, has in rows]
    keys = [f"{k}{'far' if at == 15 else ''}" for k, at, _, _ in rows]
    got = received(
        {"nummer": keys, "naam": [n for *_, n, _ in rows], "maat": [1] * len(rows), "soort2017": [1] * len(rows)},
        shapes,
    )
    try:
        made = run(got, of)
    except SourceError as error:
        assert "is left" in str(error)
        return
    assert len(made.table) + sum(made.dropped.values()) == len(rows)
    assert made.table.index.is_monotonic_increasing
    assert not made.table.index.str.endswith("far").any()


@pytest.mark.parametrize("name", BY_NAME)
def test_every_declaration_can_be_conformed(name: str) -> None:
    """One feature with all native columns; the types are those of the declaration."""
    of = BY_NAME[name]
    year = of.editions[0] if of.editions else None
    shape = {POINT: Point(1100, 300_100), POLYGON: square(), LINE: LineString([(1100, 300_100), (1200, 300_100)])}
    native = {ours: dated(n, year) for ours, n in of.native.items()}
    row: dict[str, list[Any]] = {n: ["GM0153"] for n in native.values()}
    row |= {native[c.name]: [3] for c in of.layer.columns if c.dtype != "str"}
    row |= {k.column: [min(k.values)] for k in of.keep}
    row |= {of.newest_by: ["2020-01-01"]} if of.newest_by else {}
    table = gpd.GeoDataFrame(row, geometry=[shape[of.layer.geometry]], crs=CRS)
    got = conform(Received(table, 1, ()), of, edition=year, bbox=None)
    assert len(got.table) == 1
    assert got.absent == ()


def test_an_area_may_have_none_of_it() -> None:
    of = source(may_be_empty=True, keep=(Keep("status", frozenset({"in gebruik"}), "gone"),))
    nothing = Received(gpd.GeoDataFrame(geometry=[], crs=CRS), 0, ())
    got = run(nothing, of=of)
    assert (len(got.table), got.dropped) == (0, {})
    assert {n: str(d) for n, d in got.table.dtypes.items()} == {
        "name": "str", "size_m": "float64", "kind_code": "int64", "geometry": "geometry",
    }  # fmt: skip
    all_gone = run(received({"status": ["sloop", "sloop"]}), of=of)
    assert (len(all_gone.table), all_gone.dropped) == (0, {"gone": 2})
