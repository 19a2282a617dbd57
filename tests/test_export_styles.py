"""Classes, colours and styles: nothing falls between two classes, and everybody can tell them apart."""

from __future__ import annotations

import itertools
import re
import sqlite3
from contextlib import closing
from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest
from export_scene import HOMES, HOSTILE, NAME, PEOPLE, zone
from hypothesis import given
from hypothesis import strategies as st

from pipeline.atlas.declaration import MAPS
from pipeline.clip.kinds import KINDS
from pipeline.contract import LINE, POINT, POLYGON, ContractError, Layer, Text
from pipeline.export.qml import condition, qml
from pipeline.export.styles import Look, Style, StyleClass, default_style, graduated, layer_style
from pipeline.indicators import INDICATORS
from pipeline.indicators.work import _FUNCTIONS as FUNCTIONS
from pipeline.palettes import (
    AUTHORITY,
    BARE,
    CHANGE,
    CLASSES,
    CONSTRUCTION,
    GREEN,
    LAND_USE,
    LARGE_SQUARE,
    MIXED_USE,
    NO_ADDRESS,
    OTHER_USE,
    PAND_USE,
    ROAD,
    SQUARE,
    USE,
    VERGE,
    Classes,
    pand_use,
)
from pipeline.sources import SOURCES

# --- colour vision, by computation

#: What people without one kind of cone see, in linear RGB (Machado, Oliveira and Fernandes 2009, severity 1.0).
VISION = {
    "normal": np.eye(3),
    "protan": np.array([[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]),
    "deutan": np.array([[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]),
    "tritan": np.array([[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]),
}  # fmt: skip
#: Linear sRGB to XYZ (IEC 61966-2-1).
_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)


def lab(colour: str, vision: str) -> np.ndarray:
    """CIELAB of a colour as somebody sees it, white point of sRGB."""
    srgb = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    linear = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    t = _XYZ @ np.clip(VISION[vision] @ linear, 0, 1) / _XYZ.sum(axis=1)
    f = np.where(t > (6 / 29) ** 3, np.cbrt(t), t / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def apart(one: str, other: str) -> float:
    """The smallest difference (CIE 1976) over all kinds of vision."""
    return min(float(np.linalg.norm(lab(one, v) - lab(other, v))) for v in VISION)


def test_the_measure_itself():
    assert lab("#ffffff", "normal") == pytest.approx([100, 0, 0], abs=1e-3)
    # Red of sRGB: L 53.24, a 80.09, b 67.20.
    assert lab("#ff0000", "normal") == pytest.approx([53.24, 80.09, 67.20], abs=0.02)
    assert np.linalg.norm(lab("#000000", "normal") - lab("#ffffff", "normal")) == pytest.approx(100)
    # Grey stays grey for everybody.
    assert all(lab("#808080", v) == pytest.approx(lab("#808080", "normal"), abs=1e-3) for v in VISION)
    # A red and a green that only some can tell apart.
    assert np.linalg.norm(lab("#c0392b", "normal") - lab("#7a7a00", "normal")) > 40
    assert apart("#c0392b", "#7a7a00") < 15


@pytest.mark.parametrize("name", [*CLASSES, "construction_year", "square", "change"])
def test_neighbouring_classes_are_told_apart(name):
    classes = {**CLASSES, "construction_year": CONSTRUCTION, "square": SQUARE, "change": CHANGE}[name]
    for one, other in itertools.pairwise(classes.colours):
        assert apart(one, other) >= 6, (one, other)


@pytest.mark.parametrize(
    "colours",
    [
        [c.colour for c in LAND_USE], [c.colour for c in PAND_USE], list(CONSTRUCTION.colours),
        # These lie beside water on the map of the ground.
        *([*(c.colour for c in some), default_style("bgt_waterdeel").look.colour] for some in (GREEN, BARE, ROAD, VERGE)),
        [c.colour for c in AUTHORITY],
    ],
    ids=["land use", "use", "construction", "green", "bare", "road", "verge", "authority"],
)
def test_all_categories_are_told_apart(colours):
    for one, other in itertools.combinations(colours, 2):
        assert apart(one, other) >= 15, (one, other)


def test_more_and_less_are_told_apart_and_no_change_is_neutral():
    colours, middle = CHANGE.colours, len(CHANGE.colours) // 2
    for less, more in zip(colours[:middle], reversed(colours[middle + 1 :]), strict=True):
        assert apart(less, more) >= 15, (less, more)
        # One side is warm, the other cool.
        assert lab(less, "normal")[2] > 0 > lab(more, "normal")[2]
    light, *hue = lab(colours[middle], "normal")
    assert np.hypot(*hue) < 1
    for side in (colours[: middle + 1], colours[middle:][::-1]):
        assert list(side) == sorted(side, key=lambda c: lab(c, "normal")[0])
    assert light == max(lab(c, "normal")[0] for c in colours)
    # As much more as less.
    assert [-b for b in reversed(CHANGE.breaks)] == list(CHANGE.breaks)


def test_near_is_as_strong_as_a_large_share_within_reach():
    for distance, share in (
        ("station_walk_distance_m", "dwellings_walk_800m_share"), ("green_walk_distance_m", "dwellings_green_300m_share"),
    ):  # fmt: skip
        assert CLASSES[distance].colours == CLASSES[share].colours[::-1]
        light = [lab(c, "normal")[0] for c in CLASSES[share].colours]
        assert light == sorted(light, reverse=True)
    # What the share asks for is a border of the distance too.
    assert 800 in CLASSES["station_walk_distance_m"].breaks
    assert 300 in CLASSES["green_walk_distance_m"].breaks


# --- classes


@pytest.mark.parametrize("name", CLASSES)
def test_classes_are_whole(name):
    classes = CLASSES[name]
    assert list(classes.breaks) == sorted(set(classes.breaks))
    assert len(classes.colours) == len(classes.breaks) + 1 == len(classes.labels("nl")) == len(classes.ranges)
    assert len(set(classes.labels("en"))) == len(classes.colours)


def test_classes_are_of_indicators_and_every_map_has_them():
    assert set(CLASSES) <= {c.name for i in INDICATORS for c in i.columns}
    assert {column for m in MAPS for column in m.columns} <= set(CLASSES)


@pytest.mark.parametrize(
    ("use", "category"),
    [
        ("", NO_ADDRESS),
        ("woonfunctie", USE[0]),
        ("winkelfunctie", USE[2]),
        ("sportfunctie", USE[4]),
        ("overige gebruiksfunctie", OTHER_USE),
        ("a use of tomorrow", OTHER_USE),
        ("winkelfunctie,woonfunctie", MIXED_USE),
        ("onderwijsfunctie, sportfunctie", MIXED_USE),
        ("woonfunctie, woonfunctie", USE[0]),
    ],
)
def test_a_building_has_the_category_of_its_uses(use, category):
    assert PAND_USE[pand_use(use)] == category


def test_every_use_of_the_bag_has_its_category():
    other = {f.bag for f in FUNCTIONS if PAND_USE[pand_use(f.bag)] == OTHER_USE}
    assert other == {"overige gebruiksfunctie"}
    assert {f.bag for f in FUNCTIONS} - other == {word for c in USE for word in c.values}


def test_labels_are_written_as_the_language_writes_numbers():
    classes = Classes((0.5, 1000), ("#000000", "#888888", "#ffffff"))
    assert classes.labels("nl") == ("minder dan 0,5", "0,5 – 1.000,0", "1.000,0 en meer")
    assert classes.labels("en") == ("less than 0.5", "0.5 – 1,000.0", "1,000.0 and more")
    assert CLASSES["oad_per_km2"].labels("nl")[-1] == "2.500 en meer"


@given(st.sampled_from(sorted(CLASSES)), st.data())
def test_every_value_falls_into_one_class_and_a_break_into_the_one_above(name, data):
    classes = CLASSES[name]
    breaks = [float(b) for b in classes.breaks]
    near = [
        f(b) for b in breaks for f in (lambda b: b, lambda b: np.nextafter(b, -1e9), lambda b: np.nextafter(b, 1e9))
    ]
    value = float(data.draw(st.sampled_from([-1.0, 0.0, 1e12, *near])))
    style = graduated(name, classes, Look())
    with closing(sqlite3.connect(":memory:")) as sql:
        sql.execute(f'CREATE TABLE t ("{name}" REAL)')
        sql.execute("INSERT INTO t VALUES (?)", [value])
        hits = [
            i
            for i, c in enumerate(style.classes)
            if sql.execute(f"SELECT count(*) FROM t WHERE {condition(style, c)}").fetchone()[0]
        ]
    assert hits == [int(np.searchsorted(breaks, value, side="right"))]


# --- styles


def test_every_layer_that_is_exported_has_a_look():
    for name in [k.name for k in KINDS] + [layer.name for layer in zone()] + ["corridor_station", "corridor_outline"]:
        style = default_style(name)
        assert style.kind == "single" or (style.classes and style.column)
    assert default_style("buurt_corridor") == default_style("buurt")


@pytest.mark.parametrize("source", [s for s in SOURCES if s.name not in {k.published for k in KINDS}], ids=lambda s: s.name)
def test_the_look_of_a_source_is_made_from_its_own_columns(source):
    style = default_style(f"{source.name}_corridor")
    assert {"polygon": POLYGON, "line": LINE, "point": POINT}[style.geometry] == source.layer.geometry
    columns = {c.name for c in source.layer.columns}
    named = {style.name.column} if style.name else set()
    assert {style.column, style.order, *named} - {""} <= columns
    assert set(re.findall(r'"(\w+)"', style.expression)) <= columns
    # A text has no NULL: what no class takes must have one of its own.
    if style.missing is None and style.kind != "single":
        assert StyleClass(Text("", ""), "") in [replace(c, label=Text("", ""), colour="", look=None) for c in style.classes]


@pytest.mark.parametrize(("geometry", "kind"), [(POINT, "point"), (LINE, "line"), (POLYGON, "polygon")])
def test_a_source_for_which_no_look_was_made_is_drawn_plainly(geometry, kind):
    style = layer_style(Layer("kerk", "kerk_id", geometry, (), Text("Kerken", "Churches")), "kerk_corridor")
    assert (style.kind, style.geometry) == ("single", kind)
    assert style.look.colour == "#9aa3ab"


def test_a_square_of_500_m_has_the_colour_of_its_density():
    assert [b / 25 for b in LARGE_SQUARE.breaks] == list(SQUARE.breaks)


def test_the_map_of_the_ground_is_drawn_from_below_and_what_is_buried_is_an_outline():
    style = default_style("bgt_wegdeel")
    root = ElementTree.fromstring(qml(style, (), "nl", aliases={}))
    renderer = root.find("renderer-v2")
    assert renderer.attrib["enableorderby"] == "1"
    assert [c.text for c in renderer.findall("orderby/orderByClause")] == ['"level"']
    rule = next(r for r in root.iter("rule") if r.attrib.get("label") == "Onder de grond")
    assert rule.attrib["filter"] == "if(\"level\" < 0, 'below', \"function\") IN ('below')"
    symbol = next(s for s in root.findall("renderer-v2/symbols/symbol") if s.attrib["name"] == rule.attrib["symbol"])
    options = {o.attrib["name"]: o.attrib["value"] for o in symbol.iter("Option") if "value" in o.attrib}
    assert (options["style"], options["outline_style"]) == ("no", "dash")
    assert "enableorderby" not in qml(default_style("buurt"), (), "nl", aliases={})


def test_a_state_road_is_drawn_wider_than_a_street():
    widths = {c.values: c.look.width_mm for c in default_style("wegvak").classes}
    assert widths[("R",)] > widths[("P",)] > widths[("G",)]
    root = ElementTree.fromstring(qml(default_style("wegvak"), (), "nl", aliases={}))
    drawn = [o.attrib["value"] for o in root.iter("Option") if o.attrib.get("name") == "line_width"]
    assert drawn == ["0.9", "0.6", "0.3", "0.3"]


def test_an_unknown_layer_is_an_error_that_names_the_known_ones():
    with pytest.raises(ContractError, match=r"^kerk: has no style; there are corridor, corridor_outline, axis, "):
        default_style("kerk")


def test_years_of_construction_are_written_as_years():
    said = [c.label.nl for c in default_style("pand").classes]
    assert said == [
        "voor 1900",
        "1900–1929",
        "1930–1944",
        "1945–1959",
        "1960–1974",
        "1975–1989",
        "1990–2004",
        "2005 en later",
    ]
    assert default_style("pand").classes[1].lower == 1900


def test_conditions_say_what_their_class_says():
    style = Style("categories", "point", Look(), column="use")
    assert condition(style, StyleClass(Text("", ""), "#000000", values=("a'b", "c"))) == "\"use\" IN ('a''b', 'c')"
    assert condition(style, StyleClass(Text("", ""), "#000000", values=(1, 2))) == '"use" IN (1, 2)'
    assert condition(style, StyleClass(Text("", ""), "#000000", lower=0, upper=2.5)) == '"use" >= 0 AND "use" < 2.5'
    assert condition(style, StyleClass(Text("", ""), "#000000")) == "ELSE"


@pytest.mark.fault("E", "markup and quotes in styles for QGIS", "the text itself")
def test_qml_is_well_formed_whatever_stands_in_it():
    style = replace(default_style("buurt"), missing=Text(HOSTILE, HOSTILE))
    text = qml(style, (NAME, replace(PEOPLE, label=Text(HOSTILE, "x"))), "nl", aliases={"unit_name": HOSTILE})
    root = ElementTree.fromstring(text)
    assert root.find("aliases/alias").attrib == {"field": "unit_name", "name": HOSTILE}
    rules = root.findall("renderer-v2/rules/rule/rule")
    assert rules[-1].attrib["label"] == HOSTILE
    assert root.find("renderer-v2/rules/rule").attrib["label"] == f"{HOSTILE} (per km²)"


def test_qml_speaks_the_language_and_is_the_same_each_time():
    style = default_style("buurt")
    dutch, english = (qml(style, (NAME, PEOPLE, HOMES), language, aliases={}) for language in ("nl", "en"))
    assert "minder dan 250" in dutch
    assert "less than 250" in english
    assert "Geen gegevens" not in english
    assert dutch == qml(style, (NAME, PEOPLE, HOMES), "nl", aliases={})


def test_each_rule_has_its_own_key_and_its_symbol():
    for layer in zone():
        root = ElementTree.fromstring(qml(layer.style, layer.columns, "nl", aliases={}))
        keys = [rule.attrib["key"] for rule in root.iter("rule")]
        assert len(keys) == len(set(keys))
        symbols = [s.attrib["name"] for s in root.findall("renderer-v2/symbols/symbol")]
        drawn = [rule.attrib["symbol"] for rule in root.iter("rule") if "symbol" in rule.attrib]
        assert symbols == drawn or (not drawn and symbols == ["0"])
