"""Kinds of buildings, and which of them a block carries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Kind(NamedTuple):
    """One kind of building, and how it stands along a street. Lengths in metres.

    ``wide`` along the street, ``deep`` away from it, ``front`` the strip before it; ``group`` stand wall to wall,
    then a ``gap``; ``shake`` how much widths differ; ``least`` the shortest edge that carries it; ``most`` the
    number of edges of a lot that carry it, longest first; ``floors`` from, to; ``shed`` share with a shed.
    """

    wide: float
    deep: float
    front: float
    group: int
    gap: float
    shake: float
    least: float
    most: int
    floors: tuple[int, int]
    shed: float = 0.0


KINDS: Mapping[str, Kind] = {
    "prewar": Kind(6.2, 9.4, 1.5, 14, 2.6, 0.05, 16, 9, (2, 2), 0.17),
    "terrace": Kind(6.0, 9.6, 5.0, 7, 4.2, 0.0, 18, 9, (2, 3), 0.2),
    "semi": Kind(6.9, 10.0, 6.0, 2, 6.5, 0.08, 20, 9, (2, 2), 0.36),
    "villa": Kind(12.5, 12.0, 10.0, 1, 13.0, 0.3, 24, 9, (2, 2), 0.5),
    "shops": Kind(9.5, 15.0, 0.0, 99, 2.0, 0.45, 12, 9, (2, 4)),
    "shopstrip": Kind(10.0, 14.0, 6.0, 9, 5.0, 0.2, 40, 1, (2, 3)),
    "flats": Kind(43.0, 10.6, 7.0, 1, 13.0, 0.15, 34, 3, (3, 5)),
    "slab": Kind(82.0, 12.0, 14.0, 1, 24.0, 0.2, 60, 2, (7, 11)),
    "tower": Kind(26.0, 26.0, 8.0, 1, 60.0, 0.2, 32, 1, (11, 24)),
    "office": Kind(34.0, 17.0, 7.0, 1, 12.0, 0.4, 30, 4, (2, 6)),
    "works": Kind(46.0, 38.0, 9.0, 1, 11.0, 0.6, 36, 9, (1, 2)),
    "hallwork": Kind(58.0, 36.0, 3.0, 2, 9.0, 0.5, 44, 3, (1, 2)),
    "units": Kind(13.0, 22.0, 7.0, 8, 12.0, 0.1, 30, 4, (1, 2)),
    "retail": Kind(62.0, 48.0, 18.0, 2, 16.0, 0.3, 60, 2, (1, 1)),
    "school": Kind(52.0, 17.0, 8.0, 1, 99.0, 0.2, 36, 1, (1, 2)),
    "campus": Kind(66.0, 17.0, 14.0, 1, 30.0, 0.5, 48, 3, (2, 5)),
    "care": Kind(48.0, 16.0, 10.0, 1, 20.0, 0.3, 36, 3, (2, 5)),
    "hall": Kind(38.0, 26.0, 4.0, 1, 40.0, 0.3, 24, 1, (2, 4)),
    "sport": Kind(28.0, 11.0, 10.0, 1, 900.0, 0.2, 30, 1, (1, 1)),
    "farmhouse": Kind(11.0, 20.0, 14.0, 1, 900.0, 0.2, 40, 1, (1, 2)),
    "ribbon": Kind(11.0, 12.0, 9.0, 1, 22.0, 0.3, 60, 1, (1, 2), 0.9),
    "garage": Kind(3.0, 5.8, 4.0, 12, 7.0, 0.0, 24, 1, (1, 1)),
    "allotment": Kind(2.8, 2.4, 6.0, 1, 17.0, 0.3, 30, 2, (1, 1)),
}  # fmt: skip

#: Content of a cell -> kind of building along its edges.
CONTENT: Mapping[str, str] = {
    **{k: k for k in KINDS},
    "renewal": "terrace",
    "planned": "terrace",
    "farm": "farmhouse",
}

#: Kinds that hold one dwelling each; kinds whose floors are stacked dwellings.
HOUSES = frozenset({"prewar", "terrace", "semi", "villa", "farmhouse", "ribbon"})
STACKED = frozenset({"flats", "slab", "tower", "court", "shops", "shopstrip"})

#: Kinds that stand free, so that a row may run to the corner of the lot.
FREE = frozenset(
    {"works", "retail", "hallwork", "office", "campus", "care", "flats", "slab", "tower", "school", "hall"}
)
#: Kinds whose depth differs from one to the next: least share of the usual depth.
UNEVEN: Mapping[str, float] = {"shops": 0.84, "works": 0.55, "hallwork": 0.6, "campus": 0.8}
