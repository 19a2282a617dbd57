"""What sources say of each other, with figures that can be counted."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from pipeline.contract import CRS, Text
from pipeline.load import totals


def table(index: list[str], geometry: list[shapely.Geometry] | None = None, **columns: list[object]) -> gpd.GeoDataFrame:
    shapes = geometry or [shapely.Point(0, 0)] * len(index)
    return gpd.GeoDataFrame(columns, index=pd.Index(index, dtype="str"), geometry=shapes, crs=CRS)


def addresses(*pand_ids: str) -> gpd.GeoDataFrame:
    return table([f"v{i}" for i in range(len(pand_ids))], pand_ids=list(pand_ids))


PAND = table(["p1", "p2"], verblijfsobject_count=[2.0, 1.0])


def test_every_address_finds_a_building() -> None:
    proof = totals.addresses_in_buildings(addresses("p1", "p1,p2", "p2"), PAND)
    assert proof.holds
    assert proof.said.en == "3 of 3 verblijfsobjecten find their building"
    # One of its buildings is enough; one that names none is not looked at.
    assert totals.addresses_in_buildings(addresses("p1,gone", ""), PAND).said.en.startswith("1 of 1")


@pytest.mark.fault(
    "E", "addresses whose building did not come",
    "status, receipt and map say how many, with the first of them",
)  # fmt: skip
def test_an_address_without_its_building() -> None:
    proof = totals.addresses_in_buildings(addresses("p1", "gone"), PAND)
    assert not proof.holds
    assert proof.said == Text(
        "1 van 2 verblijfsobjecten vinden hun pand; het eerste zonder: v1",
        "1 of 2 verblijfsobjecten find their building; the first without: v1",
    )
    # A few in a thousand are on their way in the registers.
    assert totals.addresses_in_buildings(addresses(*["p1"] * 199, "gone"), PAND).holds
    assert not totals.addresses_in_buildings(addresses(*["p1"] * 198, "gone"), PAND).holds
    assert not totals.addresses_in_buildings(addresses(""), PAND).holds


@pytest.mark.parametrize(
    ("pand_ids", "lost", "holds"),
    [(["p1", "p1", "p2"], 0, True), (["p1", "p2"], 1, False), (["p1,p2", "p1"], 0, True), (["p1"] * 5, 1, False), ([""], 3, False)],
)
def test_the_buildings_own_counts(pand_ids: list[str], lost: int, holds: bool) -> None:
    proof = totals.buildings_with_addresses(PAND, addresses(*pand_ids))
    assert proof.holds is holds
    assert proof.said.en == f"the buildings count 3 verblijfsobjecten, {lost} of them did not come"


def test_parts_and_wholes() -> None:
    buurt, wijk = table(["b1", "b2"], wijk_code=["w1", "w2"]), table(["w1", "w2"])
    words = Text("wijken", "wijken")
    assert totals.parts_in_whole(buurt, "wijk_code", wijk, words).holds
    for one, other, odd in ((buurt, wijk.iloc[:1], "w2"), (buurt.iloc[:1], wijk, "w2")):
        proof = totals.parts_in_whole(one, "wijk_code", other, words)
        assert not proof.holds
        assert odd in proof.said.nl


def test_the_ground_is_covered() -> None:
    area = shapely.box(0, 0, 100, 100)
    west, east = shapely.box(-50, -50, 50, 150), shapely.box(50, -50, 150, 150)
    halves = [table(["a"], [west], level=[0]), table(["b"], [east], level=[0])]
    assert totals.cover(halves, area).holds
    assert totals.cover(halves, area).said.nl == "de vlakken op maaiveld dekken de corridor op 0 m² na (0,00 %)"
    # A bridge is no ground.
    above = [halves[0], table(["b"], [east], level=[1])]
    proof = totals.cover(above, area)
    assert not proof.holds
    assert proof.said.en == "the areas at ground level cover the corridor but for 5,000 m² (50.00 %)"
    # What lies twice covers no more: a hole of 20 m² (0.2 %) is seen, one of 5 m² is a sliver.
    for hole, holds in ((20, False), (5, True)):
        holed = west.difference(shapely.box(0, 0, hole, 1))
        assert totals.cover([table(["a", "c"], [holed, holed], level=[0, 0]), halves[1]], area).holds is holds
