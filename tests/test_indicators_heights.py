"""Heights in a world of one or two tiles of 1 km at half a metre, where the ground lies at 10 m NAP."""

import numpy as np
import pandas as pd
import pytest
import shapely
from world import QUADRANTS, SETTINGS, X, Y, address, addresses, box, inputs, layer, place, quadrants, units

from pipeline.formulas import evaluate
from pipeline.grid import Tile, Tiled
from pipeline.indicators import amounts, compute, heights, shared
from pipeline.indicators.built import footprints
from pipeline.indicators.heights import (
    BUILDING,
    INDICATORS,
    NO_HEIGHT,
    building_facts,
    building_heights,
    building_storeys,
    floor_by_height,
)
from pipeline.measures import REASONS
from pipeline.profiles import PROFILES
from pipeline.sources import RASTERS_BY_NAME

NAN = float("nan")
WEST, EAST = Tile(int(X), int(Y)), Tile(int(X) + 1000, int(Y))
GROUND = 10.0


def raster(name, *patches, base=GROUND, tiles=(WEST, EAST)):
    """One height everywhere but in the patches, west, south, east, north and height; the last one wins."""

    def read(tile):
        cells = np.full((2000, 2000), base, dtype="float32")
        for west, south, east, north, height in patches:
            columns = np.clip(2 * (np.array([west, east]) - (tile.x - X)), 0, 2000).astype(int)
            rows = np.clip(2 * (1000 - np.array([north, south])), 0, 2000).astype(int)
            cells[slice(*rows), slice(*columns)] = height
        return cells

    return Tiled(RASTERS_BY_NAME[name].raster, tiles, read)


def panden(**rows):
    """Make panden of a shape, or of a shape with what is different."""
    return layer(
        "pand",
        {
            name: {"status": "Pand in gebruik", "construction_year": 1980.0, **(row if isinstance(row, dict) else {"geometry": row})}
            for name, row in rows.items()
        },
    )  # fmt: skip


def measured(pand, dtm=(), dsm=(), tiles=(WEST, EAST), base=GROUND):
    return building_heights(
        footprints(pand, PROFILES["cbs"]), pand,
        raster("ahn_dtm", *dtm, tiles=tiles), raster("ahn_dsm", *dsm, tiles=tiles, base=base),
    )  # fmt: skip


HOUSE = (100, 100, 110, 110)


def house(dtm=(), dsm=((*HOUSE, 18.0),), **more):
    return measured(panden(house={"geometry": box(*HOUSE), **more}), dtm, dsm).loc["house"]


# --- one building


def test_a_block_stands_from_the_ground_to_its_roof():
    found = house(dtm=[(*HOUSE, NAN)])
    assert found.to_dict() == {
        "height_m": 8.0, "ground_m": 10.0, "roof_m": 18.0, "coverage_share": 1.0, "measured": 1.0, "reason": "",
    }  # fmt: skip


def test_the_roof_is_the_70th_percentile():
    # Four tenths at 16 m, four at 18, two at 22: the cell at 0.7 × 399 = 279.3 lies in the middle strip.
    strips = [(100, 100, 104, 110, 16.0), (104, 100, 108, 110, 18.0), (108, 100, 110, 110, 22.0)]
    assert house(dsm=strips)["roof_m"] == 18.0
    # Two tenths at 16, four at 18, four at 22: now it lies in the last one.
    strips = [(100, 100, 102, 110, 16.0), (102, 100, 106, 110, 18.0), (106, 100, 110, 110, 22.0)]
    assert house(dsm=strips)["roof_m"] == 22.0


@pytest.mark.parametrize(
    ("patch", "ground"),
    [
        # Within 4 m lie some 840 cells, a twentieth is 42: a light shaft of 1 × 3 m, 12 cells, is not the ground.
        ((110, 100, 111, 103, 7.0), 10.0),
        # A street 1 m lower along one side, 4 × 10 m, 160 cells, is.
        ((110, 100, 114, 110, 9.0), 9.0),
        # A strip of 1.5 × 10 m, 60 cells, is too: more than a twentieth, less than a tenth.
        ((110, 100, 111.5, 110, 9.0), 9.0),
        # So is what lies between 3 and 4 m away: 1 × 10 m and a little round the corners, more than 42 cells.
        ((113, 96, 114, 114, 9.0), 9.0),
        # A ditch 4 m away is not around it, and a cellar in it neither.
        ((114, 90, 120, 120, 5.0), 10.0),
        ((*HOUSE, 4.0), 10.0),
        # A terrace that takes up three of the four sides does not lift it.
        ((96, 96, 114, 110, 11.0), 10.0),
    ],
)
def test_the_ground_is_the_5th_percentile_within_4_m_around(patch, ground):
    assert house(dtm=[patch])["ground_m"] == ground


def test_the_ground_in_a_courtyard_is_around_the_building_and_no_roof():
    ring = box(100, 100, 130, 130) - box(110, 110, 120, 120)
    found = measured(panden(ring=ring), dsm=[(100, 100, 130, 130, 22.0), (110, 110, 120, 120, 10.0)]).loc["ring"]
    assert found["height_m"] == 12.0
    # All ground outside the court is not known; the court is.
    found = measured(
        panden(ring=ring), dtm=[(90, 90, 140, 140, NAN), (110, 110, 120, 120, 9.0)], dsm=[(100, 100, 130, 130, 22.0)]
    ).loc["ring"]
    assert found["ground_m"] == 9.0


def test_a_building_over_two_tiles_is_one():
    # 10 × 20 m in each: half at 14 m, half at 24 m, so that the 70th percentile lies in the higher one.
    pand = panden(hall=box(990, 100, 1010, 120))
    patches = [(990, 100, 1000, 120, 14.0), (1000, 100, 1010, 120, 24.0)]
    assert measured(pand, dsm=patches).loc["hall", ["height_m", "coverage_share"]].tolist() == [14.0, 1.0]
    # With the eastern tile not loaded half of it is known, and that is at 14 m.
    found = measured(pand, dsm=patches, tiles=(WEST,)).loc["hall"]
    assert found[["height_m", "coverage_share"]].tolist() == [4.0, 0.5]


def test_half_of_the_roof_is_enough():
    assert house(dsm=[(*HOUSE, 18.0), (100, 100, 105, 110, NAN)])[["height_m", "coverage_share"]].tolist() == [8.0, 0.5]
    found = house(dsm=[(*HOUSE, 18.0), (100, 100, 105.5, 110, NAN)])
    assert found["coverage_share"] == 0.45
    assert (found["reason"], found["measured"]) == ("no_roof", 0.0)
    assert np.isnan(found["height_m"]) and np.isnan(found["roof_m"])


@pytest.mark.parametrize(
    ("roof", "height", "reason"),
    [(11.5, 1.5, ""), (11.4, NAN, "not_above_ground"), (10.0, NAN, "not_above_ground"), (9.0, NAN, "not_above_ground")],
)
def test_what_does_not_stand_above_the_ground_has_no_height(roof, height, reason):
    found = house(dsm=[(*HOUSE, roof)])
    assert found["height_m"] == pytest.approx(height, nan_ok=True)
    assert found["reason"] == reason
    assert found["roof_m"] == pytest.approx(roof)


def test_without_ground_around_it_there_is_no_height():
    found = house(dtm=[(90, 90, 120, 120, NAN)])
    assert (found["reason"], found["roof_m"]) == ("no_ground", 18.0)
    assert np.isnan(found["height_m"])
    # Four cells, 1 m², are enough; three are not.
    assert house(dtm=[(90, 90, 120, 120, NAN), (111, 105, 112, 106, 9.0)])["ground_m"] == 9.0
    assert np.isnan(house(dtm=[(90, 90, 120, 120, NAN), (111, 105, 112.5, 105.5, 9.0)])["ground_m"])


@pytest.mark.parametrize(
    ("size", "coverage", "reason"),
    [
        # Smaller than a cell and away from its centre; three cells; four.
        ((0.3, 0.3, 0.4, 0.4), NAN, "too_few_cells"),
        ((0, 0, 1.5, 0.5), 1.0, "too_few_cells"),
        ((0, 0, 1, 1), 1.0, ""),
    ],
)
def test_a_small_shed_needs_four_cells(size, coverage, reason):
    found = measured(panden(shed=box(*size)), base=13.0).loc["shed"]
    assert found["coverage_share"] == pytest.approx(coverage, nan_ok=True)
    assert found["reason"] == reason
    assert found["height_m"] == pytest.approx(NAN if reason else 3.0, nan_ok=True)


@pytest.mark.parametrize(("known_m", "reason"), [(1.5, "no_roof"), (2.0, "")])
def test_of_a_small_roof_four_cells_must_be_known_too(known_m, reason):
    """Of 1.5 × 1 m 3 of 6 cells are known, of 2 × 1 m 4 of 8: both half."""
    rows = [(0, 0, known_m, 0.5, 13.0)]
    found = measured(panden(shed=box(0, 0, known_m, 1)), dsm=rows, base=NAN).loc["shed"]
    assert (found["coverage_share"], found["reason"]) == (0.5, reason)


@pytest.mark.parametrize(("year", "reason"), [(2022.0, ""), (2023.0, "built_later"), (NAN, "")])
def test_what_was_built_after_the_flight_has_not_the_height_of_what_stood_there(year, reason):
    found = house(construction_year=year)
    assert found["reason"] == reason
    assert np.isnan(found["roof_m"]) == np.isnan(found["height_m"]) == bool(reason)


def test_the_flight_is_that_of_the_source():
    assert str(heights.FLOWN_UNTIL) in RASTERS_BY_NAME["ahn_dsm"].reference_date


def test_where_no_heights_are_loaded_a_building_has_none():
    found = measured(panden(far=box(3000, 3000, 3010, 3010), near=box(*HOUSE)), dsm=[(*HOUSE, 18.0)])
    assert found["reason"].to_dict() == {"far": "not_covered", "near": ""}
    assert found.loc["far", ["height_m", "ground_m", "roof_m", "coverage_share"]].isna().all()


def test_where_panden_overlap_each_has_the_cells_of_its_own_footprint():
    # The barn comes first and keeps the common half at 18 m; the other half of the shed is at 13 m.
    pand = panden(shed=box(300, 300, 310, 310), barn=box(305, 300, 315, 310))
    found = measured(pand, dsm=[(300, 300, 305, 310, 13.0), (305, 300, 315, 310, 18.0)])
    assert found["height_m"].to_dict() == {"barn": 8.0, "shed": 3.0}


def test_no_panden_and_no_tiles_give_an_empty_table():
    assert len(measured(panden())) == 0
    assert measured(panden(house=box(*HOUSE)), tiles=())["reason"].tolist() == ["not_covered"]


# --- storeys


def stock(height, floor, pairs=(("v", "p"),), shape=(0, 0, 10, 10)):
    """One building of 100 m² of the given height, and addresses with the given gross floor area."""
    ground = footprints(panden(p=box(*shape), q=box(100, 0, 130, 10)), PROFILES["cbs"])
    high = pd.DataFrame({"height_m": [height, height]}, index=["p", "q"])
    gross = pd.Series(floor, dtype="float64")
    link = pd.DataFrame(pairs, columns=["address", "pand"])
    found = building_storeys(ground, high, gross, link, 2.6)
    return found, floor_by_height(ground, found, gross, link)


@pytest.mark.parametrize(
    ("height", "storeys"),
    [(2.0, 1), (2.6, 1), (5.1, 1), (5.2, 2), (7.799999, 3), (8.0, 3), (float("nan"), NAN)],
)
def test_storeys_are_rounded_down_and_at_least_one(height, storeys):
    assert stock(height, {"v": 100})[0].loc["p", "by_height"] == pytest.approx(storeys, nan_ok=True)


@pytest.mark.parametrize(
    ("height", "floor", "disagree", "above"),
    [
        # Three storeys of 100 m²: 1.5 off is none, 1.6 off is.
        (7.8, 150, 0, 0),
        (7.8, 140, 1, 0),
        # Four floors fit three storeys and a roof; more do not.
        (7.8, 400, 0, 0),
        (7.8, 401, 0, 401),
        (7.8, 451, 1, 451),
        # Ten storeys: 3 off is three tenths of them and no more.
        (26.0, 700, 0, 0),
        (26.0, 690, 1, 0),
    ],
)
def test_storeys_by_height_and_by_floor_area_are_held_against_each_other(height, floor, disagree, above):
    found, by_address = stock(height, {"v": floor})
    assert found.loc["p", ["by_floor", "compared", "disagree"]].tolist() == [floor / 100, 1, disagree]
    assert by_address.loc["v"].to_dict() == {"compared_m2": floor, "above_m2": above}


def test_what_is_not_known_is_not_compared():
    for height, floor in ((NAN, {"v": 1000}), (7.8, {"v": NAN})):
        found, by_address = stock(height, floor)
        assert found.loc["p", ["compared", "disagree"]].tolist() == [0, 0]
        assert by_address.loc["v"].fillna(-1).tolist() == [0, 0]
    # One of two addresses is not measured: the floor area of the building is not known. Nor is that of one without.
    found, by_address = stock(7.8, {"v": 1000, "w": NAN}, [("v", "p"), ("w", "p")])
    assert found["by_floor"].isna().all()
    assert by_address.to_numpy().tolist() == [[0, 0], [0, 0]]


def test_the_floor_of_an_address_in_two_panden_is_split_by_footprint():
    # p has 100 m² of ground, q 300 m²; of 400 m² floor 100 lies in p. "lost" is not counted.
    found, by_address = stock(2.6, {"v": 400, "w": 200}, [("v", "p"), ("v", "q"), ("v", "lost"), ("w", "p")])
    assert found["by_floor"].to_dict() == {"p": 3.0, "q": 1.0}
    # p has one storey by height and three by floor: its 100 + 200 m² are above two storeys, the 300 m² in q are not.
    assert by_address.to_numpy().tolist() == [[400, 100], [200, 200]]


# --- units

PANDEN = {
    # Roofs at 18, 22 and 15 m; the hall is half in sw, half in se; of the new one in nw nothing stood yet.
    "house": box(100, 100, 110, 110),
    "flat": box(200, 200, 220, 220),
    "hall": box(490, 100, 510, 120),
    "new": box(100, 700, 110, 710),
}
DSM = [
    (100, 100, 110, 110, 18.0), (200, 200, 220, 220, 22.0), (490, 100, 510, 120, 15.3),
    # A crown of 10 × 10 m in se, 5 m high, and shrubs of 2.5 m.
    (700, 100, 710, 110, 15.0), (720, 100, 730, 110, 12.5),
    # A crown against the house: its first cell, on the edge of the roof, is left out.
    (110, 100, 112, 110, 14.0),
    # Water: a tenth of ne; nothing is known there.
    (500, 500, 1000, 550, NAN),
]  # fmt: skip
DTM = [(100, 100, 110, 110, NAN), (200, 200, 220, 220, NAN), (500, 500, 1000, 550, NAN)]
STOCK = {
    "v_house": address(105, 105, m2=152, pand="house"),
    "v_flat_1": address(210, 210, m2=780, pand="flat"),
    "v_flat_2": address(210, 210, m2=780, pand="flat"),
    "v_hall": address(505, 110, "industriefunctie", m2=312, pand="hall"),
    "v_new": address(105, 705, m2=76, pand="new"),
}


def given(kind="square_500m", **instead):
    world = {
        "pand": panden(**PANDEN), "verblijfsobject": addresses(STOCK),
        "ahn_dtm": raster("ahn_dtm", *DTM, tiles=(WEST,)), "ahn_dsm": raster("ahn_dsm", *DSM, tiles=(WEST,)),
    }  # fmt: skip
    return inputs(kind, **{**world, **instead})


def everything(inputs_, memo=None):
    memo = {} if memo is None else memo
    footprint = shared("footprint_in_units", inputs_, memo)
    gross = shared("gross_floor_in_units", inputs_, memo)
    found = [compute(i, inputs_, memo) for i in INDICATORS]
    base = inputs_["units"][["area_m2"]].assign(footprint_area_m2=footprint, floor_area_gross_m2=gross)
    return pd.concat([base, *found], axis=1)


@pytest.fixture(scope="module")
def world():
    inputs_, memo = given(), {}
    return inputs_, memo, everything(inputs_, memo)


def expected(found, name, values):
    assert found[name].to_dict() == pytest.approx(values, nan_ok=True, rel=1e-6), name


def test_volume_and_height_per_unit(world):
    found = world[2]
    # sw: house 100 m² × 8 m, flat 400 × 12, half of the hall 200 × 5.3 m. The hall stands on its own tile edge nowhere.
    expected(found, "footprint_with_height_m2", {"sw": 700, "se": 200, "nw": 0, "ne": 0})
    expected(found, "height_coverage_share", {"sw": 1, "se": 1, "nw": 0, "ne": NAN})
    expected(found, "building_volume_m3", {"sw": 800 + 4800 + 1060, "se": 1060, "nw": NAN, "ne": 0})
    expected(found, "volume_density_m3_per_m2", {"sw": 6660 / 250_000, "se": 1060 / 250_000, "nw": NAN, "ne": 0})
    expected(found, "building_height_m", {"sw": 6660 / 700, "se": 5.3, "nw": NAN, "ne": NAN})
    expected(found, "building_height_max_m", {"sw": 12, "se": 5.3, "nw": NAN, "ne": NAN})


def test_storeys_per_unit(world):
    found = world[2]
    # 8 m: 3 storeys, 12 m: 4, 5.3 m: 2. By floor: house 152 / 0.76 / 100 = 2; flat 1,560 / 0.78 / 400 = 5;
    # hall 312 / 0.78 / 400 = 1.
    expected(found, "floor_area_from_height_m2", {"sw": 300 + 1600 + 400, "se": 400, "nw": NAN, "ne": 0})
    expected(found, "height_storeys", {"sw": 2300 / 700, "se": 2, "nw": NAN, "ne": NAN})
    expected(found, "footprint_compared_m2", {"sw": 700, "se": 200, "nw": NAN, "ne": 0})
    expected(found, "storeys_coverage_share", {"sw": 1, "se": 1, "nw": NAN, "ne": NAN})
    expected(found, "footprint_storeys_disagree_m2", {"sw": 0, "se": 0, "nw": NAN, "ne": 0})
    expected(found, "storeys_disagree_share", {"sw": 0, "se": 0, "nw": NAN, "ne": NAN})
    expected(found, "floor_area_with_height_m2", {"sw": 2200, "se": 400, "nw": 0, "ne": 0})
    expected(found, "floor_height_coverage_share", {"sw": 1, "se": 1, "nw": 0, "ne": NAN})
    expected(found, "floor_above_volume_share", {"sw": 0, "se": 0, "nw": NAN, "ne": NAN})


def test_disagreement_per_unit():
    # The flat is now 6 m high, two storeys, and has 3 × 390 / 0.78 / 400 = 3.75 by floor; an address of it lies in se.
    flats = {f"v_flat_{i}": address(x, 210, m2=390, pand="flat") for i, x in ((1, 210), (2, 700), (3, 210))}
    low = raster("ahn_dsm", *DSM, (200, 200, 220, 220, 16.0), tiles=(WEST,))
    found = everything(given(verblijfsobject=addresses({**STOCK, **flats}), ahn_dsm=low))
    expected(found, "footprint_storeys_disagree_m2", {"sw": 400, "se": 0, "nw": NAN, "ne": 0})
    expected(found, "storeys_disagree_share", {"sw": 400 / 700, "se": 0, "nw": NAN, "ne": NAN})
    # Beside 200 m² in the house, and 400 m² in the hall.
    expected(found, "floor_above_volume_m2", {"sw": 1000, "se": 500, "nw": NAN, "ne": 0})
    expected(found, "floor_above_volume_share", {"sw": 1000 / 1200, "se": 500 / 900, "nw": NAN, "ne": NAN})


def test_a_unit_has_a_volume_when_nine_tenths_of_its_footprint_has_a_height():
    # 100 m² is not measured, beside 700 m² that is in sw (0.875), 900 m² (0.9) and 1,000 m² (0.909).
    for width, enough in ((0, False), (20, True), (30, True)):
        pand = panden(
            **PANDEN,
            late={"geometry": box(300, 300, 310, 310), "construction_year": 2024.0},
            long=box(400, 400, 400 + max(width, 1), 410),
        )
        found = everything(
            given(pand=pand, ahn_dsm=raster("ahn_dsm", *DSM, (400, 400, 430, 410, 20.0), tiles=(WEST,)))
        ).loc["sw"]
        names = [
            "building_volume_m3",
            "building_height_m",
            "building_height_max_m",
            "height_storeys",
            "footprint_compared_m2",
        ]
        assert found[names].notna().tolist() == [enough] * 5
        assert found["height_coverage_share"] == pytest.approx((700 + 10 * max(width, 1)) / (800 + 10 * max(width, 1)))


def test_means_are_of_what_has_a_height_and_density_is_of_land_and_water():
    """Beside 700 m² in sw stand 300 m² of 10 m, so three storeys, and 100 m² of which no height is known."""
    late = {"geometry": box(300, 300, 310, 310), "construction_year": 2024.0}
    pand = panden(**PANDEN, late=late, long=box(400, 400, 430, 410))
    dsm = raster("ahn_dsm", *DSM, (400, 400, 430, 410, 20.0), tiles=(WEST,))
    wet = quadrants().assign(land_area_m2=100_000.0)
    found = everything(given(pand=pand, ahn_dsm=dsm, units=wet)).loc["sw"]
    assert found["building_height_m"] == pytest.approx((6660 + 3000) / 1000)
    assert found["height_storeys"] == pytest.approx((2300 + 900) / 1000)
    assert found["volume_density_m3_per_m2"] == pytest.approx(9660 / 250_000)


def test_disagreement_is_of_what_can_be_compared():
    """As above, with a building of 25 m² of which no height is known and that has 100 m² of floor."""
    flats = {f"v_flat_{i}": address(210, 210, m2=390, pand="flat") for i in (1, 2, 3)}
    more = {**STOCK, **flats, "v_late": address(302, 302, m2=76, pand="late")}
    late = {"geometry": box(300, 300, 305, 305), "construction_year": 2024.0}
    low = raster("ahn_dsm", *DSM, (200, 200, 220, 220, 16.0), tiles=(WEST,))
    found = everything(given(pand=panden(**PANDEN, late=late), verblijfsobject=addresses(more), ahn_dsm=low)).loc["sw"]
    assert found["height_coverage_share"] == pytest.approx(700 / 725)
    assert found["storeys_disagree_share"] == pytest.approx(400 / 700)
    assert found["floor_above_volume_share"] == pytest.approx(found["floor_above_volume_m2"] / 1700)


def test_trees_per_unit(world):
    found = world[2]
    # In se the crown of 100 m²; the shrubs are not higher than 2.5 m. In sw the crown of 2 × 10 m against the house,
    # without the cell along the wall: 1.5 × 10.
    expected(found, "tree_canopy_area_m2", {"sw": 15, "se": 100, "nw": 0, "ne": 0})
    expected(found, "tree_searched_area_m2", {"sw": 250_000, "se": 250_000, "nw": 250_000, "ne": 225_000})
    expected(found, "tree_coverage_share", {"sw": 1, "se": 1, "nw": 1, "ne": 0.9})
    expected(found, "tree_canopy_share", {"sw": 15 / 250_000, "se": 100 / 250_000, "nw": 0, "ne": 0})
    expected(found, "tree_canopy_low_share", {"sw": 15 / 250_000, "se": 100 / 250_000, "nw": 0, "ne": 0})
    expected(found, "tree_canopy_high_share", {"sw": 15 / 250_000, "se": 100 / 250_000, "nw": 0, "ne": 0.1})


def test_the_least_canopy_is_that_of_what_was_seen_in_all_of_the_unit():
    """Of ne a tenth was not searched; a crown of 100 m² there, and one of 3 m high in nw."""
    more = raster("ahn_dsm", *DSM, (700, 700, 710, 710, 15.0), (300, 700, 310, 710, 13.0), tiles=(WEST,))
    found = everything(given(ahn_dsm=more))
    expected(found, "tree_canopy_share", {"sw": 6e-5, "se": 4e-4, "nw": 4e-4, "ne": 100 / 225_000})
    expected(found, "tree_canopy_low_share", {"sw": 6e-5, "se": 4e-4, "nw": 4e-4, "ne": 100 / 250_000})
    expected(found, "tree_canopy_high_share", {"sw": 6e-5, "se": 4e-4, "nw": 4e-4, "ne": 0.1 + 100 / 250_000})


def trees(shape, dtm=DTM, dsm=DSM, **instead):
    one = units("hexagon", {"u": shape})
    given_ = given(
        "hexagon",
        units=one,
        ahn_dtm=raster("ahn_dtm", *dtm, tiles=(WEST,)),
        ahn_dsm=raster("ahn_dsm", *dsm, tiles=(WEST,)),
        **instead,
    )
    return compute(next(i for i in INDICATORS if i.name == "tree_canopy"), given_, {}).loc["u"]


def test_a_cell_belongs_to_the_unit_in_which_its_centre_lies():
    # 3.2 m of the crown, which begins at 700 m: 6 columns of centres, at 700.25 to 702.75, and 20 rows.
    found = trees(box(600, 100, 703.2, 110))
    assert found["tree_canopy_area_m2"] == 6 * 20 / 4
    assert found["tree_coverage_share"] == 1


def test_half_of_a_unit_has_to_be_searched():
    assert trees(box(500, 500, 600, 600))["tree_canopy_share"] == 0
    found = trees(box(500, 500, 600, 599))
    assert found["tree_coverage_share"] == 49 / 99
    assert (
        found[["tree_canopy_area_m2", "tree_canopy_share", "tree_canopy_low_share", "tree_canopy_high_share"]]
        .isna()
        .all()
    )
    # Outside the tiles nothing is searched; the cells are counted all the same.
    found = trees(box(990, 100, 1020, 110))
    assert found[["tree_searched_area_m2", "tree_coverage_share"]].tolist() == [100, pytest.approx(1 / 3)]


def test_a_permit_hides_no_tree_and_a_pand_out_of_use_does():
    crown = box(700, 100, 710, 110)
    for status, area in (("Bouwvergunning verleend", 100), ("Pand buiten gebruik", 0), ("Bouw gestart", 0)):
        pand = panden(p={"geometry": crown, "status": status})
        assert trees(box(600, 0, 800, 200), pand=pand)["tree_canopy_area_m2"] == area


def test_under_a_pand_the_ground_need_not_be_known_and_elsewhere_it_must():
    assert trees(box(200, 200, 220, 220))["tree_coverage_share"] == 1
    assert trees(box(200, 200, 220, 220), pand=panden())["tree_coverage_share"] == 0


def test_units_that_overlap_count_each_for_itself():
    both = units("catchment", {"a": box(600, 0, 800, 200), "b": box(705, 0, 900, 200)})
    found = everything(given("catchment", units=both))
    assert found["tree_canopy_area_m2"].to_dict() == {"a": 100, "b": 50}


# --- what holds for all of them


def test_formulas_and_rows_give_the_values_again(world):
    inputs_, memo, table = world
    for measure in (c for i in INDICATORS for c in i.columns):
        values = table[measure.name]
        if measure.formula:
            np.testing.assert_allclose(evaluate(measure.formula, table), values, rtol=1e-12, err_msg=measure.name)
        if measure.rows:
            rows = amounts(measure.rows, inputs_, memo)
            sums = rows.groupby("unit")["amount"].sum().reindex(table.index).fillna(0.0)
            known = values.notna()
            assert known.any()
            np.testing.assert_allclose(sums[known], values[known], rtol=1e-12, err_msg=measure.name)
        assert measure.formula or measure.rows or measure.how
        assert not values.isna().any() or measure.missing in REASONS or measure.formula
        if measure.unit == "share":
            assert values.dropna().between(0, 1).all(), measure.name


def test_parts_add_up_to_the_whole():
    extensive = [c.name for i in INDICATORS for c in i.columns if c.role == "extensive" and c.unit != "m"]
    parts = {"a": box(0, 0, 203.3, 500), "b": place(shapely.Polygon([(203.3, 0), (500, 0), (500, 211), (203.3, 105)])),
             "c": place(shapely.Polygon([(203.3, 105), (500, 211), (500, 500), (203.3, 500)]))}  # fmt: skip
    whole = everything(given(units=units("square_500m", {"all": box(0, 0, 500, 500)})))[extensive].loc["all"]
    assert len(extensive) == 9
    summed = everything(given(units=units("square_500m", parts)))[extensive].sum()
    assert summed.to_dict() == pytest.approx(whole.to_dict(), rel=1e-9)


def test_moving_everything_by_a_tile_changes_nothing(world):
    def move(table):
        return table.set_geometry(
            shapely.transform(table.geometry.to_numpy(), lambda xy: xy + [1000, -2000]), crs=table.crs
        )

    def moved(rast):
        return Tiled(
            rast.raster,
            tuple(Tile(t.x + 1000, t.y - 2000) for t in rast.tiles),
            lambda t: rast.read(Tile(t.x - 1000, t.y + 2000)),
        )

    before = given()
    there = {k: move(before[k]) for k in ("pand", "verblijfsobject", "units")} | {
        k: moved(before[k]) for k in ("ahn_dtm", "ahn_dsm")
    }
    pd.testing.assert_frame_equal(everything(given(**there)), world[2], rtol=1e-9)


def test_without_heights_nothing_is_measured():
    found = everything(inputs())
    assert (found["footprint_with_height_m2"] == 0).all()
    assert (found["tree_searched_area_m2"] == 0).all()
    with_building = found["footprint_area_m2"] > 0
    assert found.loc[with_building, "building_volume_m3"].isna().all()
    assert (found.loc[~with_building, "building_volume_m3"] == 0).all()
    assert found[["tree_canopy_area_m2", "tree_canopy_share"]].isna().all().all()


def test_the_quadrants_and_the_settings_are_those_that_the_numbers_are_of():
    assert list(quadrants().index) == list(QUADRANTS)
    assert (SETTINGS["storey_height_m"], SETTINGS["tree_from_m"]) == (2.6, 2.5)


# --- what is known of every building


def test_the_facts_are_of_every_pand_also_of_what_is_no_stock():
    pand = panden(
        house={"geometry": box(*HOUSE)}, later={"geometry": box(200, 100, 210, 110), "construction_year": 2023.0},
        permit={"geometry": box(300, 100, 310, 110), "status": "Bouwvergunning verleend"},
        # Of 200 m² 100 m² are the house's: its footprint is smaller than it is.
        over={"geometry": box(100, 100, 120, 110)},
    )  # fmt: skip
    heights = measured(pand, dsm=((100, 100, 120, 110, 18.0), (200, 100, 210, 110, 18.0)))
    storeys = pd.DataFrame({"by_height": (heights["height_m"] / 2.6).apply(np.floor)})
    found = building_facts(pand, heights, storeys)
    assert list(found.index) == list(pand.index)
    assert list(found.columns) == [c.name for c in BUILDING]
    assert {c.name: str(found[c.name].dtype).replace("object", "str") for c in BUILDING} == {c.name: c.dtype for c in BUILDING}
    assert found["no_height_reason"].to_dict() == {"house": "", "later": "built_later", "permit": "no_stock", "over": ""}
    assert set(found["no_height_reason"]) <= set(NO_HEIGHT)
    height = 18.0 - GROUND
    assert found.loc["house", ["height_m", "volume_m3"]].tolist() == pytest.approx([height, 100 * height])
    assert found.loc["over", "volume_m3"] == pytest.approx(200 * height), "of the whole pand"
    assert found.loc[["later", "permit"], ["height_m", "height_storeys", "volume_m3"]].isna().all(axis=None)


def test_every_reason_without_a_height_can_be_said():
    reasons = {"", "not_covered", "built_later", "too_few_cells", "no_roof", "no_ground", "not_above_ground", "no_stock"}
    assert set(NO_HEIGHT) == reasons
