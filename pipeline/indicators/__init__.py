"""The indicators: which there are, what each needs, and how one is computed. Pure."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping, MutableMapping
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from ..contract import ContractError
from . import (
    built,
    centres,
    cover,
    heights,
    land_use,
    mix,
    nearness,
    network,
    oad,
    people,
    points,
    published,
    stock,
    work,
)
from .declaration import REASONS, Indicator, Measure, Rows

#: In the order in which their columns stand in a table.
_THEMES = (
    people, published, stock, oad, built, network, heights, mix, work, land_use, cover, nearness, centres, points,
)  # fmt: skip

#: In the order in which their columns stand in a table.
INDICATORS: tuple[Indicator, ...] = tuple(indicator for theme in _THEMES for indicator in theme.INDICATORS)

#: Tables that indicators share, each called by the name of its function and computed once.
TABLES: tuple[Callable[..., Any], ...] = tuple(t for theme in _THEMES for t in getattr(theme, "TABLES", ()))
_TABLES: Mapping[str, Callable[..., Any]] = {table.__name__: table for table in TABLES}
#: Columns of a table of pairs: which row, and what of it lies in the unit where rows are cut.
_ROW, _CUT = ("point", "subject"), ("area_m2", "share")
#: Inputs that differ per kind of unit.
_PER_KIND = frozenset({"units", "kind"})

__all__ = ["INDICATORS", "REASONS", "TABLES", "Indicator", "Measure", "Rows", "amounts", "compute", "leaves", "shared"]


@cache
def leaves(of: str | Indicator | Callable[..., Any]) -> frozenset[str]:
    """Give all that something is made from in the end: layers, settings, ``units``, ``kind``.

    Parameters
    ----------
    of
        An indicator, a function, or the name of a shared table or of an input. An input is its own leaf.
    """
    if isinstance(of, Indicator):
        of = of.compute
    if isinstance(of, str):
        if of not in _TABLES:
            return frozenset({of})
        of = _TABLES[of]
    return frozenset().union(*(leaves(name) for name in inspect.signature(of).parameters))


def compute(indicator: Indicator, inputs: Mapping[str, Any], memo: MutableMapping[Any, Any]) -> pd.DataFrame:
    """Compute one indicator for one kind of unit.

    Parameters
    ----------
    indicator
        What to compute.
    inputs
        By name: ``units`` and ``kind``, source layers, and the settings of ``[indicators]``.
    memo
        Holds the shared tables between calls, so that each is computed once, or once per kind where it depends on
        the units. Give the same one for all calls on the same layers and settings, and an empty one to begin with.

    Returns
    -------
    DataFrame
        The declared columns, float64, with the index of ``units``.

    Raises
    ------
    ContractError
        When an input is not there, or the function does not give what is declared.
    """
    if lost := sorted((leaves(indicator) | _PER_KIND) - inputs.keys()):
        msg = f"{indicator.name}: needs {lost[0]!r}, which is not given; given are {', '.join(sorted(inputs))}"
        raise ContractError(msg)
    table = indicator.compute(**_resolve(indicator.needs, inputs, memo))
    have = {str(name): str(dtype) for name, dtype in table.dtypes.items()}
    if list(have.items()) != [(c.name, "float64") for c in indicator.columns]:
        msg = f"{indicator.name}: columns are {have}, expected {', '.join(c.name for c in indicator.columns)}, float64"
        raise ContractError(msg)
    units = inputs["units"]
    if not table.index.equals(units.index) or table.index.name != units.index.name:
        msg = f"{indicator.name}: rows are not the {len(units)} units in order; there are {len(table)}"
        raise ContractError(msg)
    return table


def shared(name: str, inputs: Mapping[str, Any], memo: MutableMapping[Any, Any]) -> Any:
    """Give a shared table by its name, computed once per `memo`; what is no shared table is looked up in `inputs`."""
    return _shared(name, inputs, memo) if name in _TABLES else inputs[name]


def amounts(rows: Rows, inputs: Mapping[str, Any], memo: MutableMapping[Any, Any]) -> pd.DataFrame:
    """Give what every row brings to every unit, so that the value of a measure can be counted again.

    Returns
    -------
    DataFrame
        One row per pair: ``row`` (key in the source), ``unit``, ``amount`` (NaN where the row is not measured).
    """
    pairs = shared(rows.pairs, inputs, memo)
    key = pairs[next(name for name in _ROW if name in pairs)]
    amount = np.ones(len(pairs))
    for part in _CUT:
        if part in pairs:
            amount = amount * pairs[part].to_numpy()
    if rows.weights:
        weights = shared(rows.weights, inputs, memo)
        whole = weights[rows.amount] if rows.amount else weights
        amount = amount * whole.reindex(key).to_numpy(dtype="float64")
    return pd.DataFrame({"row": key.to_numpy(), "unit": pairs["unit"].to_numpy(), "amount": amount})


def _resolve(names: Iterable[str], inputs: Mapping[str, Any], memo: MutableMapping[Any, Any]) -> dict[str, Any]:
    return {name: shared(name, inputs, memo) for name in names}


def _shared(name: str, inputs: Mapping[str, Any], memo: MutableMapping[Any, Any]) -> Any:
    key = (name, inputs["kind"].name if leaves(name) & _PER_KIND else "")
    if key not in memo:
        memo[key] = _TABLES[name](**_resolve(inspect.signature(_TABLES[name]).parameters, inputs, memo))
    return memo[key]
