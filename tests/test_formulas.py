"""Formulas as data: worked out for a table, and written for a reader."""

import math

import pandas as pd
import pytest

from pipeline.formulas import evaluate, names, written


def table(**columns):
    return pd.DataFrame({k: [float(x) for x in v] for k, v in columns.items()}, index=["a", "b", "c"])


def test_columns_are_named_once_in_their_order():
    assert names("(b - a) / b * 1e4") == ("b", "a")
    assert names("1 - abs(2 * mxi - 1)") == ("mxi",)
    assert names("-log(p) / log(6)") == ("p",)


def test_a_formula_is_worked_out_per_row():
    found = evaluate("a / b * 1e4", table(a=[1, 2, 3], b=[4, 8, 16]))
    assert found.to_dict() == {"a": 2500, "b": 2500, "c": 1875}


def test_functions():
    found = evaluate("1 - abs(2 * a - 1)", table(a=[0, 0.5, 1]))
    assert found.tolist() == [0, 1, 0]
    assert evaluate("sqrt(a)", table(a=[4, 9, 16])).tolist() == [2, 3, 4]
    assert evaluate("log(a)", table(a=[1, math.e, 1])).tolist() == pytest.approx([0, 1, 0])


@pytest.mark.parametrize(("top", "bottom"), [(1, 0), (0, 0), (-1, 0), (math.nan, 1), (1, math.nan)])
def test_what_can_not_be_said_is_missing(top, bottom):
    found = evaluate("a / b", table(a=[top, 1, 1], b=[bottom, 1, 2]))
    assert math.isnan(found["a"])
    assert found[["b", "c"]].tolist() == [1, 0.5]


def test_a_constant_stands_in_every_row():
    assert evaluate("1 + 1", table(a=[1, 2, 3])).tolist() == [2, 2, 2]


def test_an_empty_table():
    assert evaluate("a / b", table(a=[1, 2, 3], b=[1, 2, 3]).iloc[:0]).empty


@pytest.mark.parametrize(
    ("formula", "language", "said"),
    [
        ("a / b * 1e4", "nl", "‹a› / ‹b› × 10.000"),
        ("a / b * 1e4", "en", "‹a› / ‹b› × 10,000"),
        ("1 - abs(2 * a - 1)", "nl", "1 − abs(2 × ‹a› − 1)"),
        ("a ** 2 * 0.25", "nl", "‹a› ^ 2 × 0,25"),
        ("a_m2 / area_m2", "en", "‹a_m2› / ‹area_m2›"),
    ],
)
def test_a_formula_is_written_for_a_reader(formula, language, said):
    assert written(formula, lambda n: f"‹{n}›", language) == said
