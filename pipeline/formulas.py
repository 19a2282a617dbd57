"""Formulas of measures: worked out for a table, and written for a reader.

A formula is an expression in names of columns: numbers, + - * / **, and abs, log, sqrt. It is what `pandas` evaluates.
"""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Callable, Mapping
from functools import cache

import numpy as np
import pandas as pd

from .contract import Column, Language
from .measures import Measure
from .wording import number

_FUNCTIONS = frozenset({"abs", "log", "sqrt"})
_TOKEN = re.compile(r"(?P<name>[A-Za-z_]\w*)|(?P<number>\d+(?:\.\d*)?(?:e[+-]?\d+)?)|(?P<sign>\*\*|[-*/])")
_SIGNS = {"**": "^", "*": "×", "/": "/", "-": "−"}


@cache
def names(formula: str) -> tuple[str, ...]:
    """The columns that a formula reads, each once, in the order in which they stand."""
    tree = ast.walk(ast.parse(formula, mode="eval"))
    found = sorted((n.lineno, n.col_offset, n.id) for n in tree if isinstance(n, ast.Name))
    return tuple(dict.fromkeys(name for *_, name in found if name not in _FUNCTIONS))


def evaluate(formula: str, table: pd.DataFrame) -> pd.Series:
    """Work a formula out for every row.

    Returns
    -------
    Series
        float64, index of `table`; NaN where a column is NaN or something is divided by 0.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        found = table.eval(formula, engine="python")
    values = np.broadcast_to(np.asarray(found, dtype="float64"), len(table))
    return pd.Series(np.where(np.isfinite(values), values, np.nan), index=table.index)


def why_missing(measure: Column, columns: Mapping[str, Column], values: Mapping[str, float]) -> str:
    """Say why a value is missing: a key of `REASONS`, '' where nothing can be said.

    Of a formula it is the reason of the column that is missing in it; where none is, its denominator is 0, of which
    the declaration says why.
    """
    if not isinstance(measure, Measure):
        return "not_published" if measure.name == "land_area_m2" else ""
    for name in names(measure.formula) if measure.formula else ():
        if name in columns and math.isnan(values[name]) and (found := why_missing(columns[name], columns, values)):
            return found
    return measure.missing


def written(formula: str, of: Callable[[str], str], language: Language) -> str:
    """Write a formula with `of(name)` in the place of each column, and signs and numbers as `language` writes them."""

    def one(found: re.Match[str]) -> str:
        if name := found["name"]:
            return name if name in _FUNCTIONS else of(name)
        if figure := found["number"]:
            value = float(figure)
            return number(value, 0 if value.is_integer() else len(figure.partition(".")[2]), language)
        return _SIGNS[found["sign"]]

    return _TOKEN.sub(one, formula)
