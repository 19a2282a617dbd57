"""Tables on disk: read and written whole or not at all, the same bytes for the same table.

Between the stages GeoParquet (a third of the size and a third of the time of a GeoPackage); what came in is kept as
GeoPackage, which a person can open.
"""

from __future__ import annotations

import glob
import hashlib
import io
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .contract import ContractError, Layer, MissingInputError, PipelineError

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

#: The moment that GDAL writes into a GeoPackage, so that the same table makes the same bytes.
EPOCH = "2000-01-01T00:00:00.000Z"


def sha256(path: Path) -> str:
    """Hash of the content of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sha256_of_all(paths: Iterable[Path]) -> str:
    """Hash of the contents of several files, in their order."""
    return hashlib.sha256("".join(map(sha256, paths)).encode()).hexdigest()


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """Give a temporary path in the same folder; when the block ends well it becomes `path`, else it is gone.

    Raises
    ------
    PipelineError
        When the disk refuses: full, read-only, not permitted.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.stem[:40]}.", suffix=f".part{path.suffix}", dir=path.parent)
        os.close(handle)
    except OSError as error:
        msg = f"{path}: can't be written: {error.strerror}"
        raise PipelineError(msg) from None
    part = Path(name)
    part.unlink()  # GDAL wants to make the file itself
    try:
        yield part
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        part.chmod(0o644)
        os.replace(part, path)
    except OSError as error:
        msg = f"{path}: can't be written: {error.strerror or error}"
        raise PipelineError(msg) from None
    finally:
        for left in part.parent.glob(f"{glob.escape(part.name)}*"):
            left.unlink(missing_ok=True)


def copy(source: Path, path: Path) -> None:
    """Copy a file, whole or not at all."""
    with whole(path) as part:
        shutil.copyfile(source, part)


def write_text(path: Path, text: str) -> None:
    """Write a text file in UTF-8, whole or not at all."""
    with whole(path) as part:
        part.write_text(text, encoding="utf-8", newline="\n")


def write_json(path: Path, value: Mapping[str, Any]) -> None:
    """Write JSON that a person can read."""
    write_text(path, json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def read_json(path: Path) -> dict[str, Any] | None:
    """Read a JSON object; None where there is none, or no whole one."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return value if isinstance(value, dict) else None


def write_table(path: Path, table: pd.DataFrame) -> None:
    """Write a table with or without geometry as (Geo)Parquet."""
    with whole(path) as part:
        table.to_parquet(part, compression="zstd")


def write_geopackage(path: Path, layer: str, table: gpd.GeoDataFrame) -> None:
    """Write one layer, index included, as GeoPackage 1.3 with the same bytes for the same table.

    Raises
    ------
    PipelineError
        When GDAL or the disk refuses.
    """
    import pyogrio
    from pyogrio.errors import DataLayerError, DataSourceError

    # In memory first: on a disk that is full for a moment GDAL leaves out what it could not write, and says nothing.
    content = io.BytesIO()
    # GDAL tells of an error on the terminal too, in many lines; what matters of it is in the exception.
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": EPOCH, "CPL_LOG": os.devnull})
    try:
        pyogrio.write_dataframe(
            table.reset_index(),
            content,
            layer=layer,
            driver="GPKG",
            promote_to_multi=len(set(table.geom_type)) > 1,
            dataset_options={"VERSION": "1.3"},
            layer_options={"GEOMETRY_NAME": "geom"},
        )
    except (DataLayerError, DataSourceError) as error:
        msg = f"{path}: can't be written: {' '.join(str(error).split())}"
        raise PipelineError(msg) from None
    with whole(path) as part:
        part.write_bytes(content.getbuffer())


def read_geopackage(path: Path, layer: Layer, made_by: str) -> gpd.GeoDataFrame:
    """Read what `write_geopackage` wrote, with the types that `layer` declares."""
    import pyogrio

    def reader(file: Path) -> gpd.GeoDataFrame:
        table = pyogrio.read_dataframe(file, layer=layer.name, use_arrow=True)
        table = table.set_index(layer.key)
        table.index = table.index.astype("str")
        for column in layer.columns:
            empty = "" if column.dtype == "str" else None
            values = table[column.name] if empty is None else table[column.name].fillna(empty)
            table[column.name] = values.astype(column.dtype)
        return table[[*(c.name for c in layer.columns), "geometry"]]

    return _read(path, made_by, reader)


def read_table(path: Path, made_by: str) -> pd.DataFrame:
    """Read what `write_table` wrote, of a table without geometry."""
    import pandas as pd

    table: pd.DataFrame = _read(path, made_by, pd.read_parquet)
    return table


def read_layer(path: Path, made_by: str) -> gpd.GeoDataFrame:
    """Read what `write_table` wrote, of a table with geometry."""
    import geopandas as gpd

    return _read(path, made_by, gpd.read_parquet)


def _read(path: Path, made_by: str, reader: Callable[[Path], Any]) -> Any:
    if not path.exists():
        msg = f"{path}: missing; run 'spoorzone {made_by}' first"
        raise MissingInputError(msg)
    try:
        return reader(path)
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        msg = f"{path}: can't be read ({str(error).splitlines()[0]}); run 'spoorzone {made_by} --force'"
        raise ContractError(msg) from None
