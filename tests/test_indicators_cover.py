"""Cover of the ground, done in the head."""

import math

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from lattice import LATTICE
from world import KIND, bgt, bgt_world, box, layer, place, quadrants, units

from pipeline import indicators
from pipeline.formulas import evaluate
from pipeline.indicators import cover

NAN = float("nan")
ORDER = [
    "pand", "overigbouwwerk", "kunstwerkdeel", "scheiding", "waterdeel", "wegdeel", "ondersteunendwegdeel",
    "ondersteunendwaterdeel", "begroeidterreindeel", "onbegroeidterreindeel",
]  # fmt: skip
NOTHING = {f"bgt_{name}": layer(f"bgt_{name}", {}) for name in ORDER}
UNIT = units("hexagon", {"h": box(0, 0, 100, 100)})
GREEN, ROAD = {"cover": "groenvoorziening"}, {"cover": "open verharding"}


def of(layers, on):
    given = {**NOTHING, **layers, "units": on, "kind": KIND["hexagon"]}
    memo = {}
    return pd.concat([indicators.compute(i, given, memo) for i in cover.INDICATORS], axis=1)


def of_rows(rows, on=UNIT):
    """Values of the BGT in `rows`: (collection, shape, words), in any order."""
    layers = {
        f"bgt_{name}": bgt(name, [(shape, words) for c, shape, words in rows if c == name])
        for name in {c for c, _, _ in rows}
    }
    return of(layers, on)


def ground(**layers):
    return cover.ground(**{**NOTHING, **{f"bgt_{name}": table for name, table in layers.items()}})


def kinds(row):
    """Areas above 0, by kind."""
    found = row[[f"ground_{k}_area_m2" for k in cover.KINDS]]
    return {name.removeprefix("ground_").removesuffix("_area_m2"): v for name, v in found[found > 0].items()}


# --- the world


def test_areas_of_the_world():
    found = of(bgt_world(), quadrants())
    assert kinds(found.loc["sw"]) == pytest.approx(
        {"green": 105_000, "water": 10_000, "paved": 14_000, "built": 850, "bare": 10_000, "yard": 100_150,
         "other": 10_000}
    )  # fmt: skip
    assert kinds(found.loc["se"]) == pytest.approx({"built": 200})
    assert kinds(found.loc["nw"]) == pytest.approx({"green": 125_000})
    assert found.loc["se", "ground_green_area_m2"] == 0
    # What lies at another level covers no ground, and where nothing does, nothing is said.
    assert found.loc["ne"].drop(["ground_covered_area_m2", "ground_coverage_share"]).isna().all()
    assert found["ground_covered_area_m2"].to_dict() == pytest.approx(
        {"sw": 250_000, "se": 200, "nw": 125_000, "ne": 0}
    )
    assert found["ground_coverage_share"].to_dict() == pytest.approx({"sw": 1, "se": 0.0008, "nw": 0.5, "ne": 0})


def test_shares_of_the_world():
    found = of(bgt_world(), quadrants())
    shares = found[[f"ground_{k}_share" for k in cover.KINDS]]
    assert shares.loc["sw"].to_list() == pytest.approx([0.42, 0.04, 0.056, 0.0034, 0.04, 0.4006, 0.04])
    assert shares.loc["nw"].to_list() == [1, 0, 0, 0, 0, 0, 0]
    assert shares.loc["se"].to_list() == [0, 0, 0, 1, 0, 0, 0]
    # Yards and what is not known (0.4006 + 0.04) may be all paved, or all green.
    bounds = ["ground_paved_low_share", "ground_paved_high_share", "ground_green_low_share", "ground_green_high_share"]
    assert found.loc["sw", bounds].to_list() == pytest.approx([0.056, 0.4966, 0.42, 0.8606])
    assert found.loc["nw", bounds].to_list() == [0, 0, 1, 1]
    assert found["ground_unbuilt_share"].to_list() == pytest.approx([0.9966, 0, 1, NAN], nan_ok=True)


def test_net_area_and_tare_of_the_world():
    found = of(bgt_world(), quadrants())
    # 100,150 of yard and 850 built; of se and nw too little is covered to say.
    assert found["net_area_m2"].to_list() == pytest.approx([101_000, NAN, NAN, NAN], nan_ok=True)
    assert found["tare_share"].to_list() == pytest.approx([149 / 250, NAN, NAN, NAN], nan_ok=True)
    # Of 149,000: green 105,000, water, bare and unknown 10,000 each, paved 14,000.
    tare = found[["tare_green_share", "tare_water_share", "tare_paved_share", "tare_bare_share"]]
    assert tare.loc["sw"].to_list() == pytest.approx([105 / 149, 10 / 149, 14 / 149, 10 / 149])
    assert tare.loc["nw"].to_list() == [1, 0, 0, 0]
    assert tare.loc["se"].isna().all()


def test_car_parks_of_the_world():
    found = of(bgt_world(), quadrants())
    assert found["car_park_area_m2"].to_list() == pytest.approx([10_000, 0, 0, NAN], nan_ok=True)
    assert found["car_park_share"].to_list() == pytest.approx([0.04, 0, 0, NAN], nan_ok=True)


def test_formulas_give_the_values_again():
    table = quadrants().join(of(bgt_world(), quadrants()))
    formulas = [c for i in cover.INDICATORS for c in i.columns if c.formula]
    assert len(formulas) == 1 + 7 + 4 + 1 + 1 + 4 + 1
    for measure in formulas:
        np.testing.assert_allclose(
            evaluate(measure.formula, table), table[measure.name], rtol=1e-12, err_msg=measure.name
        )


# --- words


def words(column, kind, *spelled):
    return [(column, word, kind) for word in spelled]


SURFACE = [
    *words("cover", "paved", "gesloten verharding", "open verharding", "half verhard"),
    *words("cover", "bare", "onverhard"),
    *words("cover", "other", "transitie", "", "iets nieuws"),
]
WORDS = {
    "pand": [("bag_pand_id", "", "built")],
    "overigbouwwerk": [
        *words("type", "built", "overkapping", "open loods", "opslagtank", "bezinkbak", "windturbine", "lage trafo"),
        *words("type", "built", "transitie", "niet-bgt"),
        *words("type", "water", "bassin"),
    ],
    "kunstwerkdeel": [
        *words("type", "built", "hoogspanningsmast", "gemaal", "sluis", "stuw", "transitie"),
        *words("type", "paved", "perron", "strekdam", "steiger"),
    ],
    "scheiding": words("type", "built", "muur", "kademuur"),
    "waterdeel": words("type", "water", "zee", "waterloop", "watervlakte", "greppel, droge sloot", "transitie"),
    "wegdeel": [*SURFACE, *words("cover", "green", "groenvoorziening")],
    "ondersteunendwegdeel": [*SURFACE, *words("cover", "green", "groenvoorziening")],
    "ondersteunendwaterdeel": [
        *words("type", "green", "oever, slootkant"),
        *words("type", "bare", "slik"),
        *words("type", "other", "transitie", ""),
    ],
    "begroeidterreindeel": [
        *words(
            "cover", "green", "loofbos", "gemengd bos", "naaldbos", "heide", "struiken", "houtwal", "duin", "moeras"
        ),
        *words("cover", "green", "rietland", "kwelder", "fruitteelt", "boomteelt", "bouwland", "grasland agrarisch"),
        *words("cover", "green", "grasland overig", "groenvoorziening"),
        *words("cover", "other", "transitie", ""),
    ],
    "onbegroeidterreindeel": [*SURFACE, *words("cover", "bare", "zand"), *words("cover", "yard", "erf")],
}


@pytest.mark.parametrize(("collection", "column", "word", "kind"), [(c, *w) for c, ws in WORDS.items() for w in ws])
def test_every_word_has_its_kind(collection, column, word, kind):
    found = ground(**{collection: bgt(collection, [(box(0, 0, 50, 100), {column: word})])})
    assert found["kind"].to_list() == [kind]
    weights = cover.ground_weights(found).iloc[0]
    assert set(weights.index[weights == 1]) == {kind, *(["net"] if kind in ("built", "yard") else [])}
    assert set(weights) == {0, 1}


def test_every_collection_is_looked_at():
    assert list(WORDS) == ORDER
    assert indicators.leaves(cover.ground) == NOTHING.keys()


@pytest.mark.parametrize("level", [-2, -1, 1, 2])
@pytest.mark.parametrize("collection", ORDER)
def test_what_lies_above_or_below_covers_no_ground(collection, level):
    found = of_rows([(collection, box(0, 0, 100, 100), {"level": level})]).loc["h"]
    assert found["ground_coverage_share"] == 0
    assert math.isnan(found["ground_green_area_m2"])


@pytest.mark.parametrize(("function", "area"), [("parkeervlak", 2_000), ("rijbaan lokale weg", 0), ("", 0)])
def test_a_car_park_is_a_function_of_a_road_whatever_covers_it(function, area):
    rows = [
        ("wegdeel", box(0, 0, 10, 100), {"function": function, "cover": "open verharding"}),
        ("wegdeel", box(10, 0, 20, 100), {"function": function, "cover": "groenvoorziening"}),
        ("ondersteunendwegdeel", box(20, 0, 40, 100), {"function": "parkeervlak", "cover": "open verharding"}),
    ]
    found = of_rows(rows).loc["h"]
    assert found["car_park_area_m2"] == area
    assert found["car_park_share"] == area / 4_000


# --- nothing twice


def test_where_two_lie_on_the_same_ground_what_stands_on_it_has_it():
    # Each 10 m further east than the one before, so that each keeps 10 m but the last.
    word = {"pand": {}, "scheiding": {}, "waterdeel": {}, "onbegroeidterreindeel": {"cover": "erf"}}
    layers = {
        name: bgt(name, [(box(10 * i, 0, 10 * i + 20, 100), word.get(name, {"cover": "groenvoorziening", "type": ""}))])
        if name in word
        else bgt(name, [(box(10 * i, 0, 10 * i + 20, 100), {})])
        for i, name in enumerate(ORDER)
    }
    found = ground(**layers)
    assert found.index.to_list() == [f"bgt_{name}:{name}_0" for name in ORDER]
    assert found.area.to_list() == [2_000] + [1_000] * 9


def test_within_a_collection_the_first_key_has_it_in_whatever_order_they_come():
    rows = {"b": {"geometry": box(0, 0, 60, 100), **GREEN}, "a": {"geometry": box(40, 0, 100, 100), **ROAD},
            "c": {"geometry": box(50, 10, 55, 20), **GREEN}}  # fmt: skip
    for order in (["a", "b", "c"], ["c", "b", "a"]):
        table = layer("bgt_wegdeel", {key: rows[key] for key in order})
        found = ground(wegdeel=table)
        assert found.area.to_dict() == {"bgt_wegdeel:a": 6_000, "bgt_wegdeel:b": 4_000}
        assert found["kind"].to_list() == ["paved", "green"]
        pd.testing.assert_frame_equal(table, layer("bgt_wegdeel", {key: rows[key] for key in order}))


def test_sharing_an_edge_is_no_overlap():
    shape = place(shapely.Polygon([(0, 0), (50, 0), (50.5, 30), (50, 100), (0, 100)]))
    other = box(0, 0, 100, 100) - shape
    found = ground(wegdeel=bgt("wegdeel", [(shape, ROAD), (other, GREEN)]))
    assert [a.equals(b) for a, b in zip(found.geometry, [shape, other], strict=True)] == [True, True]


def test_a_multipolygon_and_a_hole():
    parts = shapely.MultiPolygon([shapely.box(10, 10, 20, 20), shapely.box(80, 10, 90, 20)])
    rows = [("pand", place(parts), {}), ("onbegroeidterreindeel", box(0, 0, 100, 100), {"cover": "erf"})]
    assert kinds(of_rows(rows).loc["h"]) == {"built": 200, "yard": 9_800}
    left = of_rows(rows, units("hexagon", {"west": box(0, 0, 15, 100)})).loc["west"]
    assert kinds(left) == {"built": 50, "yard": 1_450}


WHAT = st.sampled_from(
    [("pand", {}), ("waterdeel", {}), ("wegdeel", ROAD), ("wegdeel", GREEN), ("begroeidterreindeel", GREEN),
     ("onbegroeidterreindeel", {"cover": "erf"}), ("onbegroeidterreindeel", {"cover": "transitie"})]
)  # fmt: skip
PIECES = st.lists(st.tuples(LATTICE, LATTICE, st.sampled_from([1, 100, 250]), WHAT), max_size=10)
KIND_OF = {"pand": "built", "waterdeel": "water", "groenvoorziening": "green", "open verharding": "paved",
           "erf": "yard", "transitie": "other"}  # fmt: skip


@given(PIECES)
@settings(deadline=None, max_examples=40)
def test_kinds_are_what_painting_one_after_the_other_gives(pieces):
    rows = [(c, box(x, y, x + size, y + size), words) for x, y, size, (c, words) in pieces]
    whole = units("hexagon", {"all": box(-1, -1, 1501, 1501)})
    found = of_rows(rows, whole).loc["all"]
    painted, expected = shapely.Polygon(), dict.fromkeys(cover.KINDS, 0.0)
    for name in ORDER:
        for _, shape, words_ in (r for r in rows if r[0] == name):
            expected[KIND_OF.get(words_.get("cover", name), "")] += shape.difference(painted).area
            painted = painted.union(shape)
    assert found["ground_covered_area_m2"] == pytest.approx(painted.area, rel=1e-9, abs=1e-6)
    if not rows:
        assert found.isna().sum() == len(found) - 2
        return
    assert kinds(found) == pytest.approx({k: a for k, a in expected.items() if a > 0}, rel=1e-9, abs=1e-6)
    for kind in ("paved", "green"):
        low, value, high = (found[f"ground_{kind}_{of}share"] for of in ("low_", "", "high_"))
        assert low <= value <= high <= 1 + 1e-12


@given(PIECES, st.sampled_from([(500, 500), (250, 499), (100, 1)]))
@settings(deadline=None, max_examples=20)
def test_parts_of_a_unit_add_up_to_the_whole(pieces, cut):
    x, y = cut
    rows = [(c, box(px, py, px + size, py + size), words) for px, py, size, (c, words) in pieces]
    rows.append(("onbegroeidterreindeel", box(-1, -1, 1501, 1501), {"cover": "zand"}))
    four = {"a": box(-1, -1, x, y), "b": box(x, -1, 1501, y), "c": box(-1, y, x, 1501), "d": box(x, y, 1501, 1501)}
    areas = [c.name for i in cover.INDICATORS for c in i.columns if c.role == "extensive"]
    parts, whole = (
        of_rows(rows, units("hexagon", four)),
        of_rows(rows, units("hexagon", {"all": box(-1, -1, 1501, 1501)})),
    )
    assert len(areas) == 7 + 1 + 1 + 1
    assert parts[areas].sum().to_dict() == pytest.approx(whole.loc["all", areas].to_dict(), rel=1e-9, abs=1e-6)


# --- edges


@pytest.mark.parametrize(("covered", "net"), [(100, 4_000), (99, 4_000), (98.9, NAN), (50, NAN), (40, NAN)])
def test_net_area_is_said_from_99_percent_of_cover(covered, net):
    rows = [
        ("onbegroeidterreindeel", box(0, 0, 40, 100), {"cover": "erf"}),
        ("waterdeel", box(40, 0, covered, 100), {}),
    ]
    found = of_rows(rows if covered > 40 else rows[:1]).loc["h"]
    assert found["ground_coverage_share"] == pytest.approx(covered / 100)
    assert found["net_area_m2"] == pytest.approx(net, nan_ok=True)
    assert found["tare_share"] == pytest.approx((10_000 - net) / 10_000, nan_ok=True)
    assert found["ground_yard_share"] == pytest.approx(40 / covered)


def test_a_unit_of_yards_has_no_public_ground():
    found = of_rows([("onbegroeidterreindeel", box(0, 0, 100, 100), {"cover": "erf"})]).loc["h"]
    assert found["net_area_m2"] == 10_000
    assert found["tare_share"] == 0
    assert found.filter(regex="^tare_.+_share$").isna().all()
    assert found[["ground_paved_low_share", "ground_paved_high_share"]].to_list() == [0, 1]


def test_a_unit_without_area_has_no_shares_of_it():
    nothing = UNIT.assign(area_m2=0.0)
    found = of_rows([("waterdeel", box(200, 0, 300, 100), {})], nothing).loc["h"]
    assert found["ground_covered_area_m2"] == 0
    assert found.drop("ground_covered_area_m2").isna().all()


def test_where_nothing_is_loaded_nothing_is_said():
    found = of({}, quadrants())
    assert (found[["ground_covered_area_m2", "ground_coverage_share"]] == 0).all(axis=None)
    assert found.drop(columns=["ground_covered_area_m2", "ground_coverage_share"]).isna().all(axis=None)
    assert found.shape == (4, 7 + 1 + 1 + 7 + 4 + 1 + 6 + 2)


def test_catchments_may_overlap_each_other():
    rows = [("waterdeel", box(0, 0, 100, 100), {})]
    two = units("hexagon", {"a": box(0, 0, 60, 100), "b": box(40, 0, 100, 100)})
    assert of_rows(rows, two)["ground_water_area_m2"].to_list() == [6_000, 6_000]
