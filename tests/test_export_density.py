"""Density surfaces beside sums that can be done in the head, and beside a direct sum over all pairs."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import box

from pipeline.export.density import CELL_M, box_around, kernel, surface

BOX = (250_000.0, 475_000.0, 252_000.0, 476_500.0)


def points(*at: tuple[float, float]) -> gpd.GeoSeries:
    return gpd.GeoSeries(gpd.points_from_xy([BOX[0] + x for x, _ in at], [BOX[1] + y for _, y in at]), crs=28992)


@pytest.mark.parametrize("radius_m", [200.0, 400.0])
def test_the_shares_of_a_kernel_are_one_and_fall_with_distance(radius_m: float) -> None:
    found = kernel(radius_m)
    reach = len(found) // 2
    assert found.sum() == pytest.approx(1)
    assert (np.diff(found[reach, reach:]) <= 0).all()
    assert found[reach, reach] * (radius_m / CELL_M) ** 2 == pytest.approx(3 / np.pi, rel=1e-2), "3 / πr² in its middle"
    assert np.array_equal(found, found.T)


def test_one_point_is_a_hill_of_its_own_amount_in_its_own_place() -> None:
    found = surface(points((1005, 705)), [40], BOX, 200)
    assert found.shape == (150, 200)
    row, column = np.unravel_index(found.argmax(), found.shape)
    assert (BOX[0] + (column + 0.5) * CELL_M, BOX[3] - (row + 0.5) * CELL_M) == (251_005, 475_705)
    assert found.sum() * CELL_M**2 / 10_000 == pytest.approx(40, rel=1e-5)
    assert found.max() == pytest.approx(40 * 3 / (np.pi * 200**2) * 10_000, rel=1e-2)
    rows, columns = np.nonzero(found)
    far = np.hypot((columns - column) * CELL_M, (rows - row) * CELL_M)
    assert far.max() < 200


def test_twenty_on_each_hectare_is_twenty_per_hectare() -> None:
    middle = [(x, y) for x in range(-395, 2400, 10) for y in range(-395, 1900, 10)]
    found = surface(points(*middle), np.full(len(middle), 0.2), BOX, 400)
    assert found == pytest.approx(20, rel=1e-5), "up to the edge, for what lies outside is there too"


def test_amounts_that_are_not_known_count_as_nothing() -> None:
    one = surface(points((500, 500), (700, 500)), [3, np.nan], BOX, 200)
    assert np.array_equal(one, surface(points((500, 500)), [3], BOX, 200))


def test_nothing_is_nothing() -> None:
    assert not surface(points(), [], BOX, 200).any()
    assert not surface(points((9000, 9000)), [5], BOX, 200).any()


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(st.integers(-300, 2300), st.integers(-300, 1800), st.floats(0, 100)), min_size=1, max_size=12), st.sampled_from([150.0, 200.0]))
def test_it_is_the_sum_over_all_pairs(given_: list[tuple[int, int, float]], radius_m: float) -> None:
    found = surface(points(*((x + 0.5, y + 0.5) for x, y, _ in given_)), [a for *_, a in given_], BOX, radius_m)
    share = kernel(radius_m)
    reach = len(share) // 2
    wide = np.zeros((150 + 2 * reach + 200, 200 + 2 * reach + 200))
    for x, y, amount in given_:
        column, row = (x // CELL_M) + reach + 100, (149 - y // CELL_M) + reach + 100
        wide[row - reach : row + reach + 1, column - reach : column + reach + 1] += amount * share
    direct = wide[reach + 100 : reach + 250, reach + 100 : reach + 300] * 100
    assert found == pytest.approx(direct, abs=1e-3 + 1e-5 * direct.max())


def test_a_box_of_whole_cells() -> None:
    assert box_around(box(250_001, 475_010, 250_009, 475_011)) == (250_000, 475_010, 250_010, 475_020)
    assert box_around(box(250_001, 475_010, 250_009, 475_011), 20) == (249_980, 474_990, 250_030, 475_040)
