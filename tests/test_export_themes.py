"""The drawing of a rail zone: which layers there are, and where its names stand."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import LineString, Point, box

from pipeline.export.drawing import Drawing, Outlines, Symbols, Texts
from pipeline.export.themes import THEMES, drawing, layer_name

X, Y = 250_000.0, 475_000.0


def table(shapes: dict, **columns: list) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(columns, geometry=list(shapes.values()), index=list(shapes), crs=28992)


def part(made: Drawing, layer: str) -> Outlines | Symbols | Texts:
    (found,) = [p for p in made.parts if p.layer == layer]
    return found


def streets() -> gpd.GeoDataFrame:
    def line(*points: tuple[float, float]) -> LineString:
        return LineString([(X + x, Y + y) for x, y in points])

    return table(
        {1: line((0, 0), (100, 0)), 2: line((100, 0), (200, 0)), 3: line((900, 0), (970, 0)), 4: line((100, 200), (0, 100)), 5: line((0, 300), (20, 300)), 6: line((0, 0), (0, 90))},
        street_name=["Spoorstraat", "Spoorstraat", "Spoorstraat", "’t Zwering", "Kort", ""],
    )


def test_nothing_makes_an_empty_drawing() -> None:
    assert drawing({}, None, ["x"]) == Drawing((), ("x",))


def test_layers_stand_once_and_sort_as_they_lie() -> None:
    names = [t.layer for t in THEMES]
    assert names == sorted(set(names))
    assert all(layer_name(n) == n for n in names)


@pytest.mark.parametrize(("text", "name"), [("Bos en natuur", "BOS_EN_NATUUR"), ("Semi-bebouwd", "SEMI_BEBOUWD"), ("’t Reëel!", "T_REEEL")])
def test_a_name_that_cad_takes(text: str, name: str) -> None:
    assert layer_name(text) == name


def test_each_group_of_land_use_is_a_layer_of_its_own_colour() -> None:
    ground = table({"a": box(X, Y, X + 1, Y + 1), "b": box(X + 1, Y, X + 2, Y + 1), "c": box(X + 2, Y, X + 3, Y + 1)}, bbg_code=[20, 24, 60])
    made = drawing({"bodemgebruik_corridor": ground}, None, [])
    assert [(p.layer, len(p.shapes)) for p in made.parts] == [("SZ_11_GRONDGEBRUIK_BEBOUWD", 2), ("SZ_15_GRONDGEBRUIK_BOS_EN_NATUUR", 1)]
    assert made.parts[0].colour == "#e53e42"


def test_what_lies_on_another_level_is_not_drawn_through() -> None:
    water = table({"a": box(X, Y, X + 1, Y + 1), "tunnel": box(X, Y, X + 1, Y + 1)}, level=[0, -1])
    assert list(part(drawing({"bgt_waterdeel_corridor": water}, None, []), "SZ_32_WATER").shapes.index) == ["a"]


def test_roofs_lie_above_buildings_where_heights_are_known() -> None:
    panden = table({"a": box(X, Y, X + 1, Y + 1)})
    assert [p.layer for p in drawing({"pand_corridor": panden}, None, []).parts] == ["SZ_50_PAND"]
    both = drawing({"pand_corridor": panden}, pd.Series({"a": 31.5}), []).parts
    assert [p.layer for p in both] == ["SZ_50_PAND", "SZ_51_DAK"]
    assert both[0].height_m is None and both[1].height_m["a"] == 31.5


def test_a_street_has_its_name_once_along_its_longest_stretch() -> None:
    names = part(drawing({"wegvak_corridor": streets()}, None, []), "SZ_91_STRAATNAAM")
    assert names.texts.tolist() == ["Spoorstraat", "’t Zwering"], "none for what is too short or has no name"
    assert names.points["Spoorstraat"] == Point(X + 100, Y), "two sections are one stretch"
    assert names.turns_deg.tolist() == pytest.approx([0, 45]), "never upside down, whichever way it was drawn"


def test_the_order_of_rows_does_not_matter() -> None:
    one, other = (part(drawing({"wegvak_corridor": t}, None, []), "SZ_91_STRAATNAAM") for t in (streets(), streets().iloc[::-1]))
    assert one.points.equals(other.points) and one.texts.equals(other.texts)
    assert np.allclose(one.turns_deg, other.turns_deg)


def test_stations_are_symbols_with_their_name_beside_them() -> None:
    made = drawing({"corridor_station": table({"s": Point(X, Y)}, station_name=["Hengelo"])}, None, [])
    assert part(made, "SZ_84_STATION").symbol == "station"
    name = part(made, "SZ_94_STATIONSNAAM")
    assert (name.texts["s"], name.points["s"].x, name.points["s"].y > Y) == ("Hengelo", X, True)


def test_names_of_neighbourhoods_stand_in_them() -> None:
    ring = box(X, Y, X + 100, Y + 100).difference(box(X + 10, Y + 10, X + 90, Y + 90))
    names = part(drawing({"buurt": table({"b": ring}, unit_name=["Kern"])}, None, []), "SZ_90_BUURTNAAM")
    assert names.texts["b"] == "Kern" and ring.contains(names.points["b"])


def test_single_trees_are_symbols_and_hedges_are_not() -> None:
    plants = table({"a": Point(X, Y), "b": Point(X + 9, Y), "c": Point(X + 20, Y)}, type_detail=["boom", "haag", "boom"])
    trees = part(drawing({"bgt_vegetatieobject_corridor": plants}, None, []), "SZ_60_BOOM")
    assert isinstance(trees, Symbols) and (trees.symbol, trees.size_m) == ("tree", 4.0)
    assert list(trees.points.index) == ["a", "c"]
    hedges = plants.loc[["b"]]
    assert not drawing({"bgt_vegetatieobject_corridor": hedges}, None, []).parts
