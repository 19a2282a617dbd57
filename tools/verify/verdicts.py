"""docs/verification.md."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from pathlib import Path

from compare import Row

_HEAD = """# Our values beside those of other engines

Written by `make verify` on {day}, on the built-in sample: {units}.
Each engine got the same tables as they were clipped, and made the measures from them by its own means: the databases
by SQL that stands in `tools/verify/statements.py`, none of them by our code.

{verdict}

A difference is relative to the larger of the two values (of amounts at least 1 m², 1 m or 1; of all else at least
0.001). No value in both counts as equal, in one of them as infinitely far.

| engine | what | measures | values | largest difference | tolerance | |
|---|---|--:|--:|--:|--:|---|
{summary}

Versions: {versions}.

## What differs, and why

{why}
"""
_WHY = (
    "**Points on an edge.** ST_Contains leaves out an address on the edge of a unit and ST_Intersects counts it in each "
    "unit that it touches. Ours counts it once, for the first unit by id. The SQL says that rule in its own way.",
    "**Streets along an edge.** Half counts of what lies within 0.1 m of it. How round the corners of that strip are "
    "drawn differs: up to 8 mm for every street that leaves it. Where edges follow streets (buurten and their parts, "
    "blocks) the tolerance is 1e-4, elsewhere 1e-9.",
    "**Cells on an edge.** Here, in rasterstats and in QGIS a cell lies in a polygon when its centre does. With one cell "
    "or none QGIS weighs cells by the covered share instead; such panden are left out of its comparison. exactextract always weighs: it is "
    "compared over squares along the edges of cells. rasterstats keeps sums in 32 bits: 1e-6.",
    "**Footprint by QGIS.** Its overlap analysis sums areas from the origin of RD, so that each has an error of some "
    "1e-5 m²: relative to 100 m² at least, 1e-6. Its intersections, measured by GEOS, have none.",
    "**Mix by momepy.** It counts pieces, not areas: it got whole square metres of each group, hence 1e-4 on a scale of "
    "0 to 1, and not for blocks, which are small.",
    "**Inhabitants** are placed at points by us, which is no measure that another engine has. The databases sum these "
    "points in units by themselves.",
    "**Not compared** are trees, storeys, volumes, the distance to green, households and ages, the urban centres, and "
    "what is taken from CBS as it is. For those there are the cases of `tests/` that are done in the head.",
    "**Address density** is by DuckDB only: PostGIS takes minutes for the same pairs.",
    "**GEOS** is of another version in each engine. Where areas are cut by nearly parallel lines the last digits differ.",
)


def write(page: Path, rows: Iterable[Row], versions: Mapping[str, str], day: str, units: str) -> None:
    """Write the page: a summary, why values may differ, and a table per engine."""
    rows = list(rows)
    failed = [r for r in rows if not r.agrees]
    head = _HEAD.format(
        day=day,
        units=units,
        verdict=f"**{len(failed)} of {len(rows)} comparisons are beyond their tolerance.**" if failed
        else f"All {len(rows)} comparisons are within their tolerance.",
        summary="\n".join(_summary(rows)),
        versions="; ".join(f"{name} {version}" for name, version in sorted(versions.items())),
        why="\n\n".join(_WHY),
    )  # fmt: skip
    page.write_text("\n".join([head, *_beyond(failed), *_tables(rows)]).rstrip() + "\n", encoding="utf-8")


def _beyond(failed: list[Row]) -> list[str]:
    if not failed:
        return []
    lines = [
        "## Beyond tolerance",
        "",
        "| engine | measure | kind | difference | tolerance | worst unit |",
        "|---|---|---|--:|--:|---|",
    ]
    return [
        *lines,
        *(
            f"| {r.engine} | {r.measure} | {r.kind} | {_number(r.apart)} | {r.tolerance:.0e} | {r.worst} |"
            for r in failed
        ),
        "",
    ]


def _summary(rows: list[Row]) -> list[str]:
    groups: dict[tuple[str, str], list[Row]] = {}
    for r in rows:
        groups.setdefault((r.engine, r.theme), []).append(r)
    lines = []
    for (engine, theme), here in groups.items():
        tolerances = sorted({r.tolerance for r in here})
        lines.append(
            f"| {engine} | {theme} | {len({r.measure for r in here})} | {sum(r.valued for r in here):,} "
            f"| {_number(max(r.apart for r in here))} | {' / '.join(f'{t:.0e}' for t in tolerances)} "
            f"| {'yes' if all(r.agrees for r in here) else '**no**'} |"
        )
    return lines


def _tables(rows: list[Row]) -> list[str]:
    lines: list[str] = []
    for engine in dict.fromkeys(r.engine for r in rows):
        here = [r for r in rows if r.engine == engine]
        kinds = list(dict.fromkeys(r.kind for r in here))
        most = {k: max(r.units for r in here if r.kind == k) for k in kinds}
        lines += [f"## {engine}", "", "Largest relative difference per kind of unit.", ""]
        lines.append("| measure | " + " | ".join(f"{k} ({most[k]:,})" for k in kinds) + " | tolerance | agrees |")
        lines.append("|---|" + "--:|" * (len(kinds) + 1) + "---|")
        found = {(r.theme, r.measure, r.kind): r for r in here}
        for theme, measure in dict.fromkeys((r.theme, r.measure) for r in here):
            of = [found.get((theme, measure, k)) for k in kinds]
            told = [r for r in of if r]
            cells = " | ".join(_number(r.apart) if r else "" for r in of)
            tolerances = " / ".join(f"{t:.0e}" for t in sorted({r.tolerance for r in told}))
            lines.append(
                f"| {measure} | {cells} | {tolerances} | {'yes' if all(r.agrees for r in told) else '**no**'} |"
            )
        lines.append("")
    return lines


def _number(value: float) -> str:
    if math.isinf(value):
        return "∞"
    return "0" if value == 0 else f"{value:.0e}"
