"""The built form of an area computed by SpatiaLite, from the register's own files: another engine, and another hand.

The lower half runs under Debian's Python, whose sqlite3 can load SpatiaLite, so this module imports nothing but the
standard library. It reads copies: a connection of sqlite3 to a file that GDAL opens loses its locks.
"""

from __future__ import annotations

import json
import math
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

#: Debian's own Python.
PYTHON = Path("/usr/bin/python3")
_LOADS = "import sqlite3; c = sqlite3.connect(':memory:'); c.enable_load_extension(True); c.load_extension('mod_spatialite')"

Values = dict[str, dict[str, float]]

#: What is counted, said again in SQL. NULL is a value that the source does not give.
_COUNTED_PAND = "('Pand in gebruik', 'Pand in gebruik (niet ingemeten)', 'Verbouwing pand')"
_COUNTED_ADDRESS = (
    "('Verblijfsobject in gebruik', 'Verblijfsobject in gebruik (niet ingemeten)', 'Verbouwing verblijfsobject')"
)
_TABLES = f"""
CREATE TABLE unit AS SELECT fid, {{key}} AS id, geom FROM u."{{units}}";

CREATE TABLE address AS
SELECT fid, identificatie AS id, geom,
       CASE WHEN oppervlakte NOT IN (0, 1, 999999) THEN oppervlakte END AS usable_m2,
       (',' || replace(gebruiksdoel, ', ', ',') || ',' LIKE '%,woonfunctie,%')
       / (1.0 + length(gebruiksdoel) - length(replace(gebruiksdoel, ',', ''))) AS housing
FROM a."{{addresses}}" WHERE status IN {_COUNTED_ADDRESS};
CREATE UNIQUE INDEX address_fid ON address (fid);

CREATE TABLE near AS
SELECT unit.id AS unit, address.id, usable_m2, housing, ST_Touches(unit.geom, address.geom) AS on_edge
FROM unit
JOIN u."rtree_{{units}}_geom" AS box ON box.id = unit.fid
JOIN a."rtree_{{addresses}}_geom" AS spot
  ON spot.maxx >= box.minx AND spot.minx <= box.maxx AND spot.maxy >= box.miny AND spot.miny <= box.maxy
JOIN address ON address.fid = spot.id
WHERE ST_Intersects(unit.geom, address.geom);

-- Strictly inside counts for each unit; on an edge for the first by id, so that it counts once.
CREATE TABLE inside AS
SELECT unit, id, usable_m2, housing FROM near WHERE NOT on_edge
UNION ALL
SELECT min(unit), id, usable_m2, housing FROM near WHERE on_edge GROUP BY id;
"""
_RESULT = f"""
WITH floor AS (
  SELECT unit, count(*) AS addresses, sum(housing > 0) AS dwellings, sum(usable_m2) AS usable,
         sum(usable_m2 * housing) AS housing, sum(CASE WHEN housing IS NOT NULL THEN usable_m2 END) AS used
  FROM inside GROUP BY unit
), ground AS (
  SELECT unit.id AS unit, ST_Area(ST_Union(ST_Intersection(pand.geom, unit.geom))) AS footprint
  FROM unit
  JOIN u."rtree_{{units}}_geom" AS box ON box.id = unit.fid
  JOIN p."rtree_{{panden}}_geom" AS near
    ON near.maxx >= box.minx AND near.minx <= box.maxx AND near.maxy >= box.miny AND near.miny <= box.maxy
  JOIN p."{{panden}}" AS pand ON pand.fid = near.id
  WHERE pand.status IN {_COUNTED_PAND} AND ST_Intersects(pand.geom, unit.geom)
  GROUP BY unit.id
)
SELECT unit.id, ST_Area(unit.geom) AS area_m2,
       coalesce(dwellings, 0) AS dwellings_count,
       CASE WHEN addresses IS NULL THEN 0 ELSE usable END AS floor_area_usable_m2,
       coalesce(footprint, 0) AS footprint_area_m2,
       CASE WHEN addresses IS NULL THEN 0 ELSE usable END / ST_Area(unit.geom) AS fsi_usable,
       coalesce(footprint, 0) / ST_Area(unit.geom) AS gsi,
       housing / nullif(used, 0) AS mxi
FROM unit LEFT JOIN floor ON floor.unit = unit.id LEFT JOIN ground ON ground.unit = unit.id
"""


def need_spatialite() -> None:
    """Go on only with SpatiaLite. The other engine's Python runs this file too, and has no pytest."""
    from needs import missing

    if not PYTHON.exists() or subprocess.run([PYTHON, "-c", _LOADS], capture_output=True).returncode:
        missing(f"SpatiaLite for {PYTHON} is not installed; apt-get install libsqlite3-mod-spatialite")


def spatialite(
    folder: Path,
    *,
    panden: tuple[Path, str],
    addresses: tuple[Path, str],
    units: tuple[Path, str, str],
) -> Values:
    """Dwellings, usable floor, footprint, FSI, GSI and MXI by SpatiaLite.

    Parameters
    ----------
    folder
        Where the copies are made.
    panden, addresses
        GeoPackage and table, with the columns of the BAG.
    units
        GeoPackage, table, and the column that names a unit.

    Returns
    -------
    dict
        Unit -> column of the pipeline -> value; NaN for SQL's NULL.
    """
    need_spatialite()
    copies = {}
    for name, source in (("p", panden[0]), ("a", addresses[0]), ("u", units[0])):
        copies[name] = str(shutil.copyfile(source, folder / f"{units[1]}.{name}.gpkg"))
    names = {"panden": panden[1], "addresses": addresses[1], "units": units[1], "key": units[2]}
    asked = json.dumps({"copies": copies, "names": names})
    done = subprocess.run([PYTHON, __file__], input=asked, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    told: dict[str, dict[str, float | None]] = json.loads(done.stdout)
    return {unit: {k: math.nan if v is None else v for k, v in row.items()} for unit, row in told.items()}


def differences(ours: dict[str, dict[str, float]], theirs: Values) -> dict[str, float]:
    """Column -> largest relative difference over all units; infinite where one has a value and the other none."""
    assert ours.keys() == theirs.keys()
    columns = next(iter(theirs.values())).keys()
    return {c: max(_apart(ours[unit][c], row[c]) for unit, row in theirs.items()) for c in columns}


def _apart(a: float, b: float) -> float:
    if math.isnan(a) or math.isnan(b):
        return 0.0 if math.isnan(a) and math.isnan(b) else math.inf
    return abs(a - b) / max(abs(a), abs(b)) if a != b else 0.0


def main() -> None:
    """Read what is asked from stdin and print the values."""
    asked = json.load(sys.stdin)
    base = sqlite3.connect(":memory:")
    base.enable_load_extension(True)
    base.load_extension("mod_spatialite")
    base.execute("SELECT EnableGpkgAmphibiousMode()")
    for name, path in asked["copies"].items():
        base.execute(f"ATTACH ? AS {name}", (path,))
    base.executescript(_TABLES.format(**asked["names"]))
    found = base.execute(_RESULT.format(**asked["names"]))
    columns = [c[0] for c in found.description][1:]
    print(json.dumps({unit: dict(zip(columns, row, strict=True)) for unit, *row in found}))


if __name__ == "__main__":
    main()
