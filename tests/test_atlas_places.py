"""Where streets are, and how far a station's circle reaches."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import geopandas as gpd
import pytest
import shapely

from pipeline.atlas.places import streets
from pipeline.contract import CRS
from pipeline.project import Project
from pipeline.stages.atlas import radius_m

GEMEENTE = gpd.GeoDataFrame(
    {"gemeente_name": ["West", "Oost"]}, geometry=[shapely.box(0, 0, 1000, 1000), shapely.box(1000, 0, 2000, 1000)],
    index=["GM0001", "GM0002"], crs=CRS,
)  # fmt: skip


def wegvak(*parts: tuple[Any, float, float, float]) -> gpd.GeoDataFrame:
    """Sections from west to east: name, where each begins, how long it is."""
    names, lines = [], []
    for name, x, y, length in parts:
        names.append(name)
        lines.append(shapely.LineString([(x, y), (x + length, y)]))
    return gpd.GeoDataFrame({"street_name": names}, geometry=lines, index=[f"{n:03}" for n in range(len(parts))], crs=CRS)


def found(roads: gpd.GeoDataFrame, gemeente: gpd.GeoDataFrame = GEMEENTE) -> list[tuple[str, str, float, float]]:
    table = streets(roads, gemeente)
    assert list(table.columns) == ["street_name", "place", "geometry"]
    assert table.crs == CRS
    assert table.index.tolist() == list(range(len(table)))
    return [(n, p, g.x, g.y) for n, p, g in zip(table["street_name"], table["place"], table.geometry, strict=True)]


def test_a_street_is_the_middle_of_its_section() -> None:
    assert found(wegvak(("Kade", 100, 50, 100))) == [("Kade", "West", 150, 50)]


def test_of_several_sections_it_is_the_one_nearest_to_their_mean() -> None:
    # Middles at 50, 150, 250 and 900: their mean is 337.5.
    roads = wegvak(("Kade", 0, 5, 100), ("Kade", 100, 10, 100), ("Kade", 200, 20, 100), ("Kade", 800, 5, 200))
    assert found(roads) == [("Kade", "West", 250, 20)]
    assert found(roads.iloc[::-1]) == [("Kade", "West", 250, 20)], "the order of the rows does not matter"


def test_two_sections_as_near_give_the_one_with_the_lower_key() -> None:
    roads = wegvak(("Kade", 100, 10, 100), ("Kade", 300, 10, 100))
    assert found(roads) == found(roads.iloc[::-1]) == [("Kade", "West", 150, 10)]


def test_a_name_in_two_municipalities_is_two_streets() -> None:
    roads = wegvak(("Kade", 100, 10, 100), ("Kade", 1600, 10, 100), ("Allee", 1100, 10, 100))
    assert found(roads) == [("Allee", "Oost", 1150, 10), ("Kade", "Oost", 1650, 10), ("Kade", "West", 150, 10)]


def test_the_mean_is_that_of_the_municipality_only() -> None:
    # In the west middles at 50, 150 and 350 (mean 183): not drawn to the east.
    roads = wegvak(("Kade", 0, 5, 100), ("Kade", 100, 5, 100), ("Kade", 300, 5, 100), ("Kade", 1800, 5, 100))
    assert ("Kade", "West", 150, 5) in found(roads)


@pytest.mark.parametrize("name", ["", None, float("nan")])
def test_a_road_without_a_name_is_no_street(name: Any) -> None:
    assert found(wegvak((name, 0, 10, 100), ("Kade", 100, 10, 100))) == [("Kade", "West", 150, 10)]


def test_what_lies_in_no_municipality_is_left_out() -> None:
    assert found(wegvak(("Ver weg", 5000, 10, 100), ("Kade", 100, 10, 100))) == [("Kade", "West", 150, 10)]
    assert found(wegvak()) == []


def test_what_lies_in_two_is_told_once() -> None:
    both = gpd.GeoDataFrame({"gemeente_name": ["A", "B"]}, geometry=[shapely.box(0, 0, 1000, 1000)] * 2, crs=CRS)
    assert len(found(wegvak(("Kade", 100, 10, 100)), both)) == 1


# ---------- circles


@pytest.mark.parametrize(
    ("radii", "expected"),
    [
        ((400, 800, 1200), 800),
        ((800,), 800),
        ((800, 1000, 1500), 800),
        ((200, 800), 800),
        ((100, 200, 800), 800),
        ((200, 400), 400),
        ((300,), 300),
        ((200, 300, 500), 300),
        ((1200, 800, 400), 800),
        ((500, 200, 300), 300),
        ((), 800),
    ],
)
def test_a_circle_is_ten_minutes_on_foot_or_the_middle_ring(radii: tuple[float, ...], expected: float) -> None:
    project = SimpleNamespace(config=SimpleNamespace(units=SimpleNamespace(catchment_radii_m=radii)))
    radius = radius_m(cast(Project, project))
    assert (radius, type(radius)) == (expected, float)
