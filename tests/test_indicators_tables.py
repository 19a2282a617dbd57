"""The small sums that every theme uses."""

import numpy as np
import pandas as pd
import pytest

from pipeline.indicators.tables import among, per_unit, positions

UNITS = pd.Index(["a", "b", "c"], dtype="str")


def test_labels_know_their_position_and_others_are_looked_up():
    words = pd.Series(["c", "a", "c"], dtype="str")
    own = pd.Series(pd.Categorical(words, categories=UNITS))
    others = pd.Series(pd.Categorical(words, categories=["c", "b", "a"]))
    for labels in (words, own, others):
        assert positions(labels, UNITS).tolist() == [2, 0, 2]
        assert per_unit(pd.Series([1.0, 2.0, 4.0]), labels, UNITS).tolist() == [2.0, 0.0, 5.0]
    assert positions(pd.Series(["x", "b"]), UNITS).tolist() == [-1, 1]


@pytest.mark.parametrize("labels", [["b"], ["a", "a", "c"], [], ["x"]])
def test_what_is_among_labels(labels):
    given = pd.Series(labels, dtype="str")
    assert among(UNITS, given).tolist() == [u in labels for u in UNITS]
    assert np.array_equal(among(UNITS, given), UNITS.isin(labels))
