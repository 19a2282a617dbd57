"""What a test does where something that it needs is not there."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NoReturn

import pytest

#: Where tests/peers/install.sh puts programs of others.
PEERS = Path(os.environ.get("SPOORZONE_PEERS") or Path(__file__).resolve().parents[1] / ".peers")


def missing(reason: str) -> NoReturn:
    """Skip on a desk, fail where everything should be there."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)
