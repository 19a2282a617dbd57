"""Every indicator of the map is explained, in sentences of a planner, and its label fits the list."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from pipeline.atlas.advice import ADVICE, Advice
from pipeline.atlas.declaration import MAPS
from pipeline.contract import Language, Text
from pipeline.indicators import INDICATORS
from pipeline.measures import Measure
from pipeline.palettes import CLASSES

SHOWN = [c for m in MAPS for c in m.columns]
MEASURES = {c.name: c for i in INDICATORS for c in i.columns}
#: Characters that the narrow list has room for, and a sentence before nobody reads it.
LABEL, SENTENCE = 14, 210

EACH = pytest.mark.parametrize(("name", "advice"), ADVICE.items(), ids=ADVICE.keys())


def texts(advice: Advice) -> dict[str, Text]:
    return {"short": advice.short, "says": advice.says, "says_not": advice.says_not}


def test_what_the_map_shows_has_advice_and_nothing_else_has() -> None:
    assert list(ADVICE) == list(dict.fromkeys(SHOWN))


@EACH
def test_the_label_fits_a_narrow_list(name: str, advice: Advice) -> None:
    for label in advice.short:
        assert 0 < len(label) <= LABEL, label
        assert label == label.strip()


@pytest.mark.parametrize("language", ["nl", "en"])
def test_labels_are_told_apart(language: Language) -> None:
    assert [n for n, k in Counter(a.short.in_(language) for a in ADVICE.values()).items() if k > 1] == []


@EACH
def test_it_is_one_sentence_in_each_language(name: str, advice: Advice) -> None:
    for text in (advice.says, advice.says_not):
        assert text.nl != text.en
        for said in text:
            assert re.fullmatch(r"[A-Z][^.!?\n]*(?:\d[.,]\d+[^.!?\n]*)*\.", said), said
            assert len(said) <= SENTENCE, (len(said), said)


@EACH
def test_it_says_what_high_and_what_low_means(name: str, advice: Advice) -> None:
    for said, high, low in ((advice.says.nl, "hoog", "laag"), (advice.says.en, "high", "low")):
        assert re.match(rf"(?i)({high}|{low}): ", said), said
        assert {high, low} <= set(re.findall(r"\w+", said.lower())), said
    # Strong colour at the low end and words that begin at the high end would be read the wrong way round.
    assert advice.says.nl.startswith("Laag") == (name in ("station_walk_distance_m", "green_walk_distance_m"))


@EACH
def test_what_is_estimated_or_withheld_or_partly_loaded_is_said(name: str, advice: Advice) -> None:
    measure = MEASURES[name]
    assert isinstance(measure, Measure)
    caution = {
        "inhabitants_coverage_share": Text("CBS", "CBS"), "tree_coverage_share": Text("geladen", "loaded"),
        "station_reached_share": Text("wegennet", "road network"), "ground_coverage_share": Text("BGT", "BGT"),
    }  # fmt: skip
    for word, said in zip(caution.get(measure.coverage, ()), advice.says_not, strict=False):
        assert word in said, said
    if name.startswith("jobs_estimate"):
        assert "schatting" in advice.says_not.nl
        assert "estimate" in advice.says_not.en


@EACH
def test_numbers_are_written_as_the_language_writes_them(name: str, advice: Advice) -> None:
    for text in texts(advice).values():
        assert not re.search(r"\d\.\d(?!\d\d)", text.nl), text.nl
        assert not re.search(r"\d,\d(?!\d\d)", text.en), text.en


def test_what_is_explained_has_classes() -> None:
    assert set(ADVICE) <= set(CLASSES)
