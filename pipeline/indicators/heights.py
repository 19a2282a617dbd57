"""Heights of buildings, their volume and storeys, and trees, from AHN."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .declaration import Indicator

TABLES: tuple[Callable[..., Any], ...] = ()

INDICATORS: tuple[Indicator, ...] = ()
