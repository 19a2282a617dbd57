"""What an indicator declares: a function, the measures that it gives, and how each of them is defended."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..clip.kinds import UnitKind
from ..contract import Text
from ..measures import REASONS, Measure, Rows, Sum

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["REASONS", "Indicator", "Measure", "Rows", "Sum"]

@dataclass(frozen=True)
class Indicator:
    """One function that gives one or more columns per unit.

    Attributes
    ----------
    compute
        Its parameter names are its inputs: ``units``, ``kind``, a source layer or raster, a shared table, or a key of
        ``[indicators]`` in the config. It gives a table with the index of ``units``.
    columns
        What it gives, in order, all float64.
    title
        What a reader sees above the columns.
    published
        True: only for kinds of unit that a register publishes figures for; False: only for the others;
        None: for all. Two indicators may give the same columns, each for its own kinds.
    sums
        Groups of its columns that add up to another column of the unit, or to 1.
    series
        Whether its numbers of two years may be compared: the registers measured both in the same way. It then has
        values for each earlier year of which all its sources with editions were loaded (`series`).
    """

    compute: Callable[..., pd.DataFrame]
    columns: tuple[Measure, ...]
    title: Text
    published: bool | None = None
    sums: tuple[Sum, ...] = ()
    series: bool = False

    @property
    def name(self) -> str:
        """The name of the function."""
        return self.compute.__name__

    @property
    def needs(self) -> tuple[str, ...]:
        """Inputs, which are the parameters of the function."""
        return tuple(inspect.signature(self.compute).parameters)

    def applies_to(self, kind: UnitKind) -> bool:
        """Whether it is computed for units of this kind."""
        return self.published is None or self.published == (kind.published is not None)
