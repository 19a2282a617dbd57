"""DuckDB and PostGIS: each makes the measures from the tables by itself."""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from statements import BGT, themes
from tables import KINDS, Run

#: Source -> columns that are asked for.
_ASKED = {
    "pand": ("status", "construction_year"),
    "verblijfsobject": ("status", "use", "usable_area_m2", "pand_ids"),
    "bodemgebruik": ("bbg_code",),
    "bodemgebruik_nieuw": ("nbbg_code",),
    "wegvak": ("carriageway", "road_authority"),
    "station": (),
} | dict.fromkeys(BGT, ("level", "type", "cover", "function"))

Statement = Callable[[str], pd.DataFrame | None]


@contextmanager
def duckdb_engine() -> Iterator[tuple[str, Statement, Callable[[str, pd.DataFrame], None], dict[str, str]]]:
    """An empty DuckDB with its spatial extension: name, how to ask, how to fill a table, its spelling."""
    import duckdb
    import duckdb_extension_spatial

    base = duckdb.connect()
    base.execute(f"LOAD '{next(Path(duckdb_extension_spatial.__file__).parent.rglob('*.duckdb_extension'))}'")

    def ask(sql: str) -> pd.DataFrame | None:
        found = base.execute(sql)
        return found.df() if sql.startswith("SELECT") else None

    def fill(name: str, table: pd.DataFrame) -> None:
        base.register("given", table)
        base.execute(f"CREATE TABLE {name} AS SELECT * EXCLUDE (geom), ST_GeomFromWKB(geom) AS geom FROM given")
        base.unregister("given")

    spelling = {
        "version": "SELECT version()",
        "{union}": "ST_Union_Agg",
        "{index_drawn}": "SELECT 1",
        "{index_ground}": "SELECT 1",
        "{buffer_edge}": "ST_Buffer(ST_Boundary(geom), 0.1, 2)",
        "{dump}": "unnest(ST_Dump(ST_Intersection(s.geom, e.wide)))",
        "{line}": "d.geom",
        "{along}": "ST_Buffer(b.geom, 1e-4, 2, 'CAP_FLAT', 'JOIN_ROUND', 1.0)",
    }
    try:
        yield "DuckDB", ask, fill, spelling
    finally:
        base.close()


@contextmanager
def postgis_engine() -> Iterator[tuple[str, Statement, Callable[[str, pd.DataFrame], None], dict[str, str]]]:
    """A PostGIS of its own, as `duckdb_engine`."""
    from postgis import postgis

    with postgis() as base:

        def ask(sql: str) -> pd.DataFrame | None:
            found = base.execute(sql)
            if sql.startswith("CREATE TABLE"):
                base.execute(f"ANALYZE {sql.split()[2]}")
            if not sql.startswith("SELECT"):
                return None
            return pd.DataFrame(found.fetchall(), columns=[c.name for c in found.description])

        def fill(name: str, table: pd.DataFrame) -> None:
            text, number = 'text COLLATE "C"', "double precision"
            types = {c: number if pd.api.types.is_numeric_dtype(t) else text for c, t in table.dtypes.items()}
            columns = ", ".join(f"{c} {t}" for c, t in (types | {"geom": "geometry"}).items())
            base.execute(f"CREATE TABLE {name} ({columns})")
            with base.cursor().copy(f"COPY {name} FROM STDIN") as rows:
                for row in table.itertuples(index=False):
                    rows.write_row([_plain(v) for v in row])
            base.execute(f"CREATE INDEX ON {name} USING gist (geom)")
            base.execute(f"ANALYZE {name}")

        spelling = {
            "version": "SELECT PostGIS_Lib_Version() || ' (GEOS ' || PostGIS_GEOS_Version() || ')'",
            "{union}": "ST_Union",
            "{index_drawn}": "CREATE INDEX ON drawn USING gist (geom)",
            "{index_ground}": "CREATE INDEX ON ground USING gist (geom)",
            "{buffer_edge}": "ST_Buffer(ST_Boundary(geom), 0.1, 'quad_segs=2')",
            "{dump}": "(ST_Dump(ST_Intersection(s.geom, e.wide))).geom",
            "{line}": "d",
            "{along}": "ST_Buffer(b.geom, 1e-4, 'endcap=flat')",
        }
        yield "PostGIS", ask, fill, spelling


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.hex()
    if value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return None
    return value.item() if isinstance(value, np.generic) else value


def given(run: Run) -> Iterator[tuple[str, pd.DataFrame]]:
    """The tables that both databases get: ``id``, the columns that are asked for, ``geom`` as WKB."""
    for name, columns in _ASKED.items():
        yield name, _flat(run.clipped(name), columns)
    yield "people", _flat(run.people(), ("estimate", "low", "high"))
    units = [_flat(run.units(kind), ()).assign(kind=kind) for kind in KINDS]
    yield "unit", pd.concat(units, ignore_index=True)


def _flat(table: gpd.GeoDataFrame, columns: tuple[str, ...]) -> pd.DataFrame:
    made = pd.DataFrame({"id": table.index.astype(str).astype(object)})
    for name in columns:
        here = table[name] if name in table else pd.Series(None, index=table.index, dtype=object)
        number = pd.api.types.is_numeric_dtype(here)
        made[name] = (
            here.to_numpy("float64", na_value=np.nan)
            if number
            else here.astype(object).where(here.notna(), None).to_numpy()
        )
    return made.assign(geom=shapely.to_wkb(shapely.force_2d(table.geometry.to_numpy())))


def measures(
    run: Run, engine: Any, versions: dict[str, str], kept: dict[str, pd.DataFrame], without: tuple[str, ...] = ()
) -> Iterator[tuple[str, str, pd.DataFrame]]:
    """Let a database make everything.

    Parameters
    ----------
    engine
        `duckdb_engine` or `postgis_engine`.
    versions
        Gets its version.
    kept
        Gets ``inside``: which address lies in which unit (``kind``, ``unit``, ``id``).
    without
        Themes that it is not asked for.

    Yields
    ------
    tuple
        Theme, kind of unit, and the measures: index unit, a column each, NaN for NULL.
    """
    with engine() as (name, ask, fill, spelling):
        version = ask(spelling["version"])
        versions[name] = str(version.iloc[0, 0]) if version is not None else ""
        for table, rows in given(run):
            fill(table, rows)
        for theme, (statements, result) in themes(run.settings).items():
            if theme in without:
                continue
            begun = time.perf_counter()
            for sql in (*statements, result):
                for word, spelled in spelling.items():
                    sql = sql.replace(word, spelled)
                try:
                    found = ask(sql)
                except Exception as error:
                    error.add_note(f"{name}, {theme}: {sql}")
                    raise
            if found is None:
                continue
            print(f"{name}: {theme} in {time.perf_counter() - begun:.0f} s", file=sys.stderr)
            for kind, table in found.groupby("kind"):
                yield theme, str(kind), table.set_index("unit").drop(columns="kind").astype("float64")
        if (inside := ask("SELECT kind, unit, id FROM inside")) is not None:
            kept["inside"] = inside
