"""The BGT of the sample: it covers the ground once, and comes with its history."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from sample_city import city, tables

from pipeline.load.layers import OLDER, TWICE, Conformed, conform
from pipeline.load.received import Received
from pipeline.sample import bgt, heights, registers, terrain, tracks
from pipeline.sources import BY_NAME
from pipeline.sources.bgt import BGT

AREAS = tuple(s.name for s in BGT if s.name not in ("bgt_spoor", "bgt_vegetatieobject"))
each_source = pytest.mark.parametrize("source", BGT, ids=lambda s: s.name)


@pytest.fixture(scope="module")
def made() -> dict[str, gpd.GeoDataFrame]:
    return tables()


@pytest.fixture(scope="module")
def loaded(made) -> dict[str, Conformed]:
    return {
        s.name: conform(Received(made[s.name], None, ()), s, edition=None, bbox=None) for s in (*BGT, BY_NAME["pand"])
    }


@pytest.fixture(scope="module")
def ground(loaded) -> np.ndarray:
    """Everything that lies on the ground."""
    tables = [loaded[name].table for name in AREAS]
    return np.concatenate([t.geometry.to_numpy()[t["level"] == 0] for t in tables])


def test_the_ground_is_covered_once(ground):
    assert shapely.coverage_is_valid(ground)
    whole = shapely.coverage_union_all(ground)
    assert whole.geom_type == "Polygon"
    assert len(whole.interiors) == 0
    assert abs(shapely.area(ground).sum() - whole.area) < 0.01
    assert bgt.zone(terrain.terrain()).difference(whole).area < 0.01


def test_there_are_no_slivers(ground):
    area, around = shapely.area(ground), shapely.length(ground)
    assert (area > 0.05).all()
    # Twice the area by the outline is the width of a strip.
    assert (2 * area / around < 0.25).mean() < 0.003


@each_source
def test_current_rows_stay_and_former_ones_go(source, made, loaded):
    raw, done = made[source.name], loaded[source.name]
    closed = raw["eind_registratie"].notna() | raw["termination_date"].notna()
    planned = ~closed & (raw["plus_status"] == "plan")
    assert done.dropped["a former version"] == raw["eind_registratie"].notna().sum()
    assert done.dropped.get("planned, or only kept for its history", 0) == planned.sum()
    assert len(done.table) == raw.loc[~closed & ~planned, "lokaal_id"].nunique()
    assert len(raw) == len(done.table) + sum(done.dropped.values())
    assert done.table.index.is_unique
    assert done.repaired == 0


def test_history_is_of_the_real_kind(made, loaded):
    rows = sum(len(made[s.name]) for s in BGT)
    former = sum(loaded[s.name].dropped["a former version"] for s in BGT)
    assert 0.2 < former / rows < 0.3
    # Versions that nobody closed, and rows that come twice.
    assert sum(loaded[s.name].dropped.get(OLDER, 0) for s in BGT) > 3
    assert sum(loaded[s.name].dropped.get(TWICE, 0) for s in BGT) > 2
    road = made["bgt_wegdeel"]
    assert (road["status"].dropna() == "bestaand").all()
    again = road[road["lokaal_id"].duplicated(keep=False)]
    assert (again.groupby("lokaal_id")["tijdstip_registratie"].max() > "2018").all()


def test_buildings_are_those_of_the_bag(loaded):
    building, bag = loaded["bgt_pand"].table, loaded["pand"].table
    linked = building["bag_pand_id"]
    assert (linked != "").all()
    assert linked.isin(bag.index).all()
    same = bag.geometry.loc[linked].to_numpy()
    outside = shapely.area(shapely.difference(building.geometry.to_numpy(), same))
    assert outside.max() < 0.05
    # Where two overlap in the BAG, one has the ground.
    assert 0.99 < building.area.sum() / bag.geometry.loc[linked.unique()].area.sum() < 1


def test_planned_and_demolished_buildings_are_there_but_not_kept(made, loaded):
    raw = made["bgt_pand"]
    planned = raw.loc[raw["plus_status"] == "plan", "lokaal_id"]
    ended = raw.loc[raw["termination_date"].notna(), "lokaal_id"]
    assert len(planned) > 20
    assert len(ended) > 20
    assert not loaded["bgt_pand"].table.index.isin([*planned, *ended]).any()


def test_levels_are_kept_apart(loaded):
    road = loaded["bgt_wegdeel"].table
    above, below = road[road["level"] == 1], road[road["level"] == -1]
    assert {"rijbaan regionale weg", "voetpad"} <= set(above["function"])
    assert set(below["function"]) == {"fietspad"}
    rails = loaded["bgt_spoor"].table.union_all()
    bridges = above[above["function"] == "rijbaan regionale weg"]
    assert bridges.intersects(rails).all()
    assert below.intersects(rails).all()


def test_every_cover_that_indicators_tell_apart_is_there(loaded):
    words = {
        "bgt_begroeidterreindeel": ("cover", {"groenvoorziening", "grasland agrarisch", "bouwland", "loofbos", "moeras"}),
        "bgt_onbegroeidterreindeel": ("cover", {"erf", "open verharding", "gesloten verharding", "zand"}),
        "bgt_wegdeel": ("function", {"rijbaan lokale weg", "voetpad", "parkeervlak", "fietspad", "spoorbaan", "voetgangersgebied"}),
        "bgt_ondersteunendwegdeel": ("function", {"berm"}),
        "bgt_waterdeel": ("type", {"waterloop", "watervlakte", "greppel, droge sloot"}),
        "bgt_ondersteunendwaterdeel": ("type", {"oever, slootkant"}),
        "bgt_kunstwerkdeel": ("type", {"perron"}),
        "bgt_overigbouwwerk": ("type", {"opslagtank", "lage trafo"}),
        "bgt_scheiding": ("type", {"muur"}),
    }  # fmt: skip
    for name, (column, expected) in words.items():
        assert expected <= set(loaded[name].table[column]), name
    holders = set().union(*(loaded[s.name].table["source_holder"] for s in BGT))
    assert {"G0153", "G0164", "P0023", "L0002", "L0004"} <= holders


def test_trees_are_those_of_the_heights_but_not_of_woods(loaded):
    trees = loaded["bgt_vegetatieobject"].table
    assert set(trees["type_detail"]) == {"boom"}
    assert set(trees["source_holder"]) == {"G0153", "G0164"}
    ground, stock = city()
    standing = heights.trees(ground, stock, 2050)
    apart = shapely.STRtree(shapely.points(standing)).query_nearest(trees.geometry.to_numpy(), return_distance=True)[1]
    assert apart.max() < 0.001
    woods = shapely.union_all(stock.cells.loc[stock.cells["content"] == "forest", "geometry"].to_numpy())
    assert not trees.intersects(woods).any()
    assert 5_000 < len(trees) < 60_000


def test_a_word_that_is_not_there_has_its_reason_beside_it(made):
    road = made["bgt_wegdeel"]
    for word in ("plus_functie", "plus_fysiek_voorkomen"):
        said, why = road[word].notna(), road[f"{word}_leeg"].notna()
        assert (said != why).all()
        assert set(road.loc[why, f"{word}_leeg"]) == {"waardeOnbekend"}


def test_again_gives_the_same(made):
    ground, stock = city()
    track = tracks.tracks(ground, 2050)
    again = registers._large_scale(ground, stock, made["pand"], made["verblijfsobject"], track, 2050)
    for source in BGT:
        one, two = made[source.name], again[source.name]
        assert one.drop(columns="geometry").equals(two.drop(columns="geometry"))
        assert (shapely.to_wkb(one.geometry) == shapely.to_wkb(two.geometry)).all()
