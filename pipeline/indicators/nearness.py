"""How near stations and green are, over the network of streets and paths."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .declaration import Indicator

TABLES: tuple[Callable[..., Any], ...] = ()

INDICATORS: tuple[Indicator, ...] = ()
