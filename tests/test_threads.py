"""The same work on many things, a few at a time."""

import threading
import time

import numpy as np
import pytest

from pipeline import threads
from pipeline.threads import in_threads, shares, spread


def test_results_stand_in_order_however_long_each_takes():
    def slow(n):
        time.sleep(0.02 if n % 3 == 0 else 0.0)
        return n

    assert list(in_threads(slow, range(20), 3)) == list(range(20))


def test_no_more_is_in_work_than_two_for_each_thread():
    begun, lock = [], threading.Lock()

    def work(n):
        with lock:
            begun.append(n)
        return n

    results = in_threads(work, range(50), 2)
    for taken in range(50):
        assert next(results) == taken
        time.sleep(0.001)
        assert len(begun) <= taken + 1 + 4
    assert sorted(begun) == list(range(50))


def test_nothing_to_do():
    assert list(in_threads(str, [])) == []


def test_what_goes_wrong_in_a_thread_is_not_lost():
    with pytest.raises(ZeroDivisionError):
        list(in_threads(lambda n: 1 / n, [2, 1, 0]))


@pytest.mark.parametrize("count", [0, 1, 7, 1_999, 2_000, 12_345])
def test_every_row_is_in_one_share(count):
    rows = np.concatenate([np.arange(count)[part] for part in shares(count)])
    assert rows.tolist() == list(range(count))
    assert len(shares(count)) == (4 * threads.WORKERS if count >= 2_000 else 1)


@pytest.mark.parametrize("count", [0, 3, 5_000])
def test_rows_are_spread_and_come_back_in_order_along_the_last_axis(count):
    numbers = np.arange(count)
    assert spread(lambda part: numbers[part] ** 2, count).tolist() == (numbers**2).tolist()
    assert spread(lambda part: np.stack([numbers[part], -numbers[part]]), count).shape == (2, count)
