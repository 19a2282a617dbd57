"""Which layers are exported, from what is declared: a new source needs no third place."""

from __future__ import annotations

from itertools import groupby
from types import SimpleNamespace

from pipeline.export.styles import default_style
from pipeline.sources import SOURCES
from pipeline.stages.clip import cut_to_corridor
from pipeline.stages.layers import _place

ALL = SimpleNamespace(sources=SOURCES)


def test_every_source_is_cut_to_the_corridor_but_units_and_stations():
    assert {s.name for s in SOURCES} - {s.name for s in cut_to_corridor(ALL)} == {"gemeente", "wijk", "buurt", "station"}


def test_buildings_come_before_the_ground_and_that_before_the_rest():
    ordered = sorted(cut_to_corridor(ALL), key=_place)
    assert [s.name for s in ordered[:2]] == ["pand", "verblijfsobject"]
    assert [is_bgt for is_bgt, _ in groupby(s.name.startswith("bgt_") for s in ordered)] == [False, True, False]
    rest = [s for s in ordered if _place(s) == 2]
    assert rest == [s for s in SOURCES if s in rest], "as they are declared"


def test_every_source_that_is_there_has_a_look_of_its_own():
    assert all(default_style(s.name) for s in cut_to_corridor(ALL))
