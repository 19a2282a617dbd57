"""All checks, in the order in which they are shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from ..contract import Receipt
from .bounds import check_bounds, check_reasons
from .completeness import check_completeness
from .computed import Computed
from .declaration import Check
from .formulas import check_formulas
from .published import check_known, check_published
from .series import check_series
from .sums import check_cover, check_declared, check_sums, links


def every(
    tables: Sequence[Computed], registers: Mapping[str, pd.DataFrame], edition: int | None, receipts: Sequence[Receipt]
) -> tuple[Check, ...]:
    """Do every check.

    Parameters
    ----------
    tables
        Every kind of unit with what was computed for it.
    registers
        ``buurt`` and ``wijk`` as loaded, where they are.
    edition
        Of which year those are.
    receipts
        Of all that was loaded.
    """
    known = links(tables)
    return (
        *check_cover(tables),
        *check_sums(tables, known),
        *check_declared(tables),
        *check_series(tables, known),
        *check_formulas(tables),
        *check_bounds(tables),
        *check_reasons(tables),
        *check_published(tables, registers),
        *check_known(registers, edition),
        *check_completeness(receipts),
    )
