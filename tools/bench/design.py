"""Measure time and size of each format of the design folder: `python tools/bench/design.py FOLDER docs/design.md`.

FOLDER holds a project that has been run on the sample; what the run took stands in its stamps and is measured anew here.
"""

from __future__ import annotations

import re
import sys
import time
from pathlib import Path

from pipeline import config
from pipeline.project import Project, Quiet
from pipeline.stages import design, export

BEGIN, END = "<!-- times -->", "<!-- end of times -->"


def main() -> None:
    """Measure, and write the table into the page."""
    folder, page = Path(sys.argv[1]), Path(sys.argv[2])
    project = Project(config.read(folder / "config.toml"), synthetic=True, show=Quiet(), offline=True)
    rows, total, others = [], 0.0, 0.0
    own = {step.name for batch in design.steps(project) for step in batch}
    for batch in export.steps(project):
        for step in batch:
            begin = time.perf_counter()
            step.run()
            took = time.perf_counter() - begin
            if step.name in own:
                total += took
                size = sum(p.stat().st_size for p in step.outputs) / 1e6
                rows.append(f"| {step.name.removeprefix('design/')} | {len(step.outputs)} | {took:.1f} | {size:.1f} |")
            else:
                others += took
    table = "\n".join(["| step | files | s | MB |", "|---|---|---|---|", *rows])
    said = f"{BEGIN}\n{table}\n\nTogether {total:.0f} s; all else that the export makes takes {others:.0f} s in the same run.\n{END}"
    text = page.read_text(encoding="utf-8")
    page.write_text(re.sub(f"{BEGIN}.*{END}", lambda _: said, text, flags=re.S), encoding="utf-8")


if __name__ == "__main__":
    main()
