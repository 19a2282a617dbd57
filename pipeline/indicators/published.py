"""What CBS publishes per neighbourhood and district: households by kind, vacancy, establishments per sector."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .declaration import Indicator

TABLES: tuple[Callable[..., Any], ...] = ()

INDICATORS: tuple[Indicator, ...] = ()
