"""docs/performance.md, of which each measurement writes its own part."""

from __future__ import annotations

import re
from pathlib import Path

_HEAD = """# How fast, how much memory

Written by `make bench`. Ratios within one run, because seconds say something of one machine only.
"""
_PARTS = ("loading", "computing")


def put(page: Path, part: str, text: str) -> None:
    """Write one part; the others stay as they are."""
    old = page.read_text(encoding="utf-8") if page.exists() else ""
    parts = {name: _find(old, name) for name in _PARTS} | {part: text.strip()}
    made = "\n\n".join(f"<!-- {n} -->\n{t}\n<!-- end of {n} -->" for n, t in parts.items() if t)
    page.write_text(f"{_HEAD}\n{made}\n", encoding="utf-8")


def _find(old: str, part: str) -> str:
    found = re.search(rf"<!-- {part} -->\n(.*?)\n<!-- end of {part} -->", old, re.S)
    return found[1] if found else ""
