"""Our values beside those of other engines, unit by unit: docs/verification.md.

    .peers/engines/bin/python tools/verify/run.py FOLDER docs/verification.md        (after tools/bench/install.sh)

FOLDER holds a project in which everything was computed. Ends with 1, and names them, when values lie further apart
than their tolerance.
"""

from __future__ import annotations

import argparse
import datetime
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
import shapely

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tools" / "bench"), str(Path(__file__).parent)]

import databases  # noqa: E402
import others  # noqa: E402
import verdicts  # noqa: E402
from compare import Row, compare  # noqa: E402
from tables import KINDS, Run  # noqa: E402

#: Kinds of unit whose edges follow streets.
_ALONG_STREETS = ("buurt", "buurt_corridor", "block")


class Pair(NamedTuple):
    """Values of both for units of one kind."""

    theme: str
    kind: str
    ours: pd.DataFrame
    theirs: pd.DataFrame
    tolerance: float = 1e-9
    least: float | None = None


@dataclass
class Shared:
    """What engines leave for each other and for the page."""

    versions: dict[str, str] = field(default_factory=dict)
    kept: dict[str, Any] = field(default_factory=dict)
    values: dict[str, pd.DataFrame] = field(default_factory=dict)

    def ours(self, run: Run, kind: str) -> pd.DataFrame:
        """Our values of a kind of unit, read once."""
        if kind not in self.values:
            self.values[kind] = run.values(kind)
        return self.values[kind]


Engine = Callable[[Run, Shared], Iterator[Pair]]


def _database(engine: Any, without: tuple[str, ...] = ()) -> Engine:
    def made(run: Run, shared: Shared) -> Iterator[Pair]:
        for theme, kind, table in databases.measures(run, engine, shared.versions, shared.kept, without):
            tolerance = 1e-4 if theme == "streets" and kind in _ALONG_STREETS else 1e-9
            yield Pair(theme, kind, shared.ours(run, kind), table, tolerance)

    return made


def _qgis(run: Run, shared: Shared) -> Iterator[Pair]:
    heights = shared.kept.setdefault("heights", others.heights_here(run))
    with tempfile.TemporaryDirectory() as folder:
        for theme, kind, table in others.qgis(run, Path(folder), shared.versions):
            if kind == "pand":
                yield Pair(theme, kind, heights["pand"].reindex(table.index), table)
            elif theme == "overlay of footprints":
                yield Pair(theme, kind, shared.ours(run, kind), table, 1e-6, 100.0)
            else:
                shared.kept.setdefault("land", {})[kind] = table
                yield Pair(theme, kind, shared.ours(run, kind), table)


def _rasterstats(run: Run, shared: Shared) -> Iterator[Pair]:
    heights = shared.kept.setdefault("heights", others.heights_here(run))
    for theme, kind, table in others.rasters(run, shared.versions):
        yield Pair(theme, kind, heights[kind].reindex(table.index), table, 1e-6)


def _exactextract(run: Run, shared: Shared) -> Iterator[Pair]:
    heights = shared.kept.setdefault("heights", others.heights_here(run))
    for theme, kind, table in others.exact(run, shared.versions):
        yield Pair(theme, kind, heights[kind].reindex(table.index), table, 1e-6)


def _networkx(run: Run, shared: Shared) -> Iterator[Pair]:
    from pipeline.indicators import nearness, stock
    from pipeline.profiles import PROFILES

    streets = run.clipped("wegvak")
    addresses = stock.counted_addresses(run.clipped("verblijfsobject"), PROFILES[run.settings["stock_profile"]])
    network = nearness.walking_network(streets), nearness.cycling_network(streets)
    ways = nearness.address_stations(addresses, run.clipped("station"), *network)
    for theme, kind, table in others.networks(run, shared.kept["inside"], shared.versions):
        yield Pair(theme, kind, ways if kind == "address" else shared.ours(run, kind), table)


def _momepy(run: Run, shared: Shared) -> Iterator[Pair]:
    for theme, kind, table in others.diversity(shared.kept["land"], shared.versions):
        yield Pair(theme, kind, shared.ours(run, kind), table, 1e-4, 1.0)


#: In this order: networkx asks for the addresses in units of a database, momepy for the land use of QGIS.
ENGINES: Mapping[str, Engine] = {
    "DuckDB": _database(databases.duckdb_engine),
    "PostGIS": _database(databases.postgis_engine, without=("address density",)),
    "QGIS": _qgis,
    "rasterstats": _rasterstats,
    "exactextract": _exactextract,
    "networkx": _networkx,
    "momepy": _momepy,
}


def rows(run: Run, engines: Mapping[str, Engine], shared: Shared) -> Iterator[Row]:
    """Compare with every engine."""
    for name, engine in engines.items():
        for p in engine(run, shared):
            found = compare(name, p.theme, p.kind, p.ours, p.theirs, p.tolerance, p.least)
            print(f"{name}: {p.theme}, {p.kind}: {max((r.apart for r in found), default=0):.0e}", file=sys.stderr)
            yield from found


def main(words: Sequence[str], engines: Mapping[str, Engine] = ENGINES) -> int:
    """Compare, write the page, and give the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="project in which everything was computed")
    parser.add_argument("page", type=Path, help="what to write")
    parser.add_argument("--only", nargs="+", choices=list(engines), default=list(engines), help="these engines")
    asked = parser.parse_args(words)
    run, shared = Run(asked.folder), Shared()
    found = list(rows(run, {n: e for n, e in engines.items() if n in asked.only}, shared))
    versions = shared.versions | {"Spoorzone's shapely": f"{shapely.__version__} (GEOS {shapely.geos_version_string})"}
    units = ", ".join(f"{len(run.units(k)):,} × {k}" for k in KINDS)
    verdicts.write(asked.page, found, versions, datetime.datetime.now(tz=datetime.UTC).date().isoformat(), units)
    failed = [r for r in found if not r.agrees]
    for r in failed:
        print(f"{r.measure}, {r.engine}, {r.kind}: {r.apart:.1e} apart, expected {r.tolerance:.0e} at most; {r.worst}")
    print(f"{len(found) - len(failed)} of {len(found)} comparisons agree; {asked.page}")
    return 1 if failed or not found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
