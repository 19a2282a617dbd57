"""The same work on many things, a few at a time: GEOS, GDAL and numpy work outside Python's lock.

Give no thread a geometry that another may prepare: two that share a prepared geometry crash GEOS.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice, pairwise
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

WORKERS = max(1, min(4, os.cpu_count() or 1))
#: With fewer than this a second thread costs more than it brings.
_WORTH_SHARING = 2_000

_Made = TypeVar("_Made")


def shares(count: int) -> list[slice]:
    """Cut so many rows in parts of about the same number, a few for each thread; in one where it is not worth it."""
    parts = 4 * WORKERS if count >= _WORTH_SHARING else 1
    ends = np.linspace(0, count, parts + 1).astype(int).tolist()
    return [slice(a, b) for a, b in pairwise(ends)]


def spread(work: Callable[[slice], npt.NDArray[Any]], count: int) -> npt.NDArray[Any]:
    """Do the same for all rows, part by part; the results one after another along the last axis, in order."""
    return np.concatenate(list(in_threads(work, shares(count))), axis=-1)


def in_threads(work: Callable[[Any], _Made], places: Sequence[Any], workers: int = WORKERS) -> Iterator[_Made]:
    """Do the same for all places; in order, and no more than two results for each thread in memory."""
    todo = iter(places)
    with ThreadPoolExecutor(workers) as pool:
        waiting = deque(pool.submit(work, place) for place in islice(todo, 2 * workers))
        while waiting:
            yield waiting.popleft().result()
            waiting.extend(pool.submit(work, place) for place in islice(todo, 1))
