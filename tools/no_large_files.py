"""Refuse files over 200 kB: data and pictures of that size do not belong in git."""

import sys
from pathlib import Path

LIMIT_BYTES = 200_000
large = [f"{name}: {Path(name).stat().st_size // 1000} kB" for name in sys.argv[1:] if Path(name).stat().st_size > LIMIT_BYTES]
if large:
    sys.exit("over 200 kB: " + ", ".join(large))
