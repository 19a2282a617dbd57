"""A PostGIS of its own for as long as a block lasts, in a folder that goes with it."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_BIN = Path("/usr/lib/postgresql/15/bin")


@contextmanager
def postgis() -> Iterator[Any]:
    """Give a connection to an empty database with PostGIS."""
    import psycopg

    folder = Path(tempfile.mkdtemp(prefix="postgis"))
    user = _owner(folder)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    try:
        _run(user, _BIN / "initdb", "-D", folder / "db", "-U", "bench", "-A", "trust", "-E", "UTF8")
        options = f"-p {port} -k {folder} -c shared_buffers=512MB -c work_mem=256MB -c fsync=off -c jit=off"
        _run(user, _BIN / "pg_ctl", "-D", folder / "db", "-w", "-l", folder / "log", "-o", options, "start")
        try:
            with psycopg.connect(host="127.0.0.1", port=port, user="bench", dbname="postgres", autocommit=True) as base:
                base.execute("CREATE EXTENSION postgis")
                yield base
        finally:
            _run(user, _BIN / "pg_ctl", "-D", folder / "db", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def fill(base: Any, name: str, geometries: Any) -> None:
    """Make a table of geometries with their number as ``i``, indexed and analysed."""
    import shapely

    base.execute(f"CREATE TABLE {name} (i int PRIMARY KEY, geom geometry)")
    with base.cursor().copy(f"COPY {name} FROM STDIN") as rows:
        for i, wkb in enumerate(shapely.to_wkb(geometries, hex=True, include_srid=False)):
            rows.write_row((i, wkb))
    base.execute(f"CREATE INDEX ON {name} USING gist (geom)")
    base.execute(f"ANALYZE {name}")


def _owner(folder: Path) -> str | None:
    """PostgreSQL does not run as root: then it is Debian's own user for it."""
    if os.geteuid() != 0:
        return None
    known = pwd.getpwnam("postgres")
    os.chown(folder, known.pw_uid, known.pw_gid)
    return "postgres"


def _run(user: str | None, *words: Any) -> None:
    command = [str(w) for w in words]
    if user:
        command = ["runuser", "-u", user, "--", *command]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/")
