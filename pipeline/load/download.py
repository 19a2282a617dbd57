"""A large file from a service, to disk: resumed where it broke off, verified before it counts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

from ..contract import SourceError
from .http import Downloaded, Http


def download(
    http: Http, url: str, folder: Path, since: dt.datetime | None, count: Callable[[int], None] = lambda _: None
) -> Downloaded:
    """Fetch `url` into `folder`."""
    raise SourceError(url)
