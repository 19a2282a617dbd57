"""Lock the versions: requirements.lock, requirements-dev.lock, and the constraints for `uv sync`. Needs uv."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parent.parent
COMPILE = (
    "uv", "pip", "compile", "pyproject.toml", "--universal", "--python-version", "3.11", "--generate-hashes",
    "--no-emit-index-url", "--no-annotate", "--no-header", "--upgrade", "--quiet",
)  # fmt: skip


def pins(lock: str) -> list[str]:
    """The pinned versions in a lock file, with their markers, without their hashes."""
    return [line.rstrip(" \\") for line in lock.splitlines() if re.match(r"[a-z0-9]", line)]


def main() -> None:
    """Write all three."""
    project = ROOT / "pyproject.toml"
    empty = re.sub(r"constraint-dependencies = \[.*?\]\n", "constraint-dependencies = []\n", project.read_text(), flags=re.S)
    project.write_text(empty)
    for name, group in (("requirements-dev.lock", "dev"), ("requirements.lock", "build")):
        extra = ("-c", "requirements-dev.lock") if group == "build" else ()
        subprocess.run([*COMPILE, "--group", group, *extra, "-o", name], cwd=ROOT, check=True)
    listed = "".join(f"  {pin!r},\n" if '"' in pin else f'  "{pin}",\n' for pin in pins((ROOT / "requirements-dev.lock").read_text()))
    project.write_text(empty.replace("constraint-dependencies = []", f"constraint-dependencies = [\n{listed}]"))


if __name__ == "__main__":
    main()
