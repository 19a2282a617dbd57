"""Degree of urbanisation (DEGURBA), which says whether it is one centre or two."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .declaration import Indicator

TABLES: tuple[Callable[..., Any], ...] = ()

INDICATORS: tuple[Indicator, ...] = ()
