"""Floor area per function, establishments, and the jobs that the floor area would hold."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .declaration import Indicator

TABLES: tuple[Callable[..., Any], ...] = ()

INDICATORS: tuple[Indicator, ...] = ()
