"""Tables and layers for who works in Excel, Python, R or DuckDB: CSV, GeoParquet, FlatGeobuf."""

from __future__ import annotations

import io
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import geopandas as gpd
import pandas as pd
import pyogrio
import pyogrio.errors

from ..contract import PipelineError
from ..store import whole
from .layer import Prepared

#: Plain: comma and point, UTF-8. Dutch: semicolon and comma, and the mark by which Excel sees that it is UTF-8.
Manner = Literal["plain", "dutch"]
_MANNERS: Mapping[Manner, dict[str, str]] = {
    "plain": {"sep": ",", "decimal": ".", "encoding": "utf-8"},
    "dutch": {"sep": ";", "decimal": ",", "encoding": "utf-8-sig"},
}
#: With one of these a text is a formula to a spreadsheet.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
#: More than any source knows.
_DIGITS = 10


def write_csv(path: Path, table: pd.DataFrame, manner: Manner) -> None:
    """Write a table as CSV (RFC 4180, lines end in ``\\r\\n``).

    The first row has the names of the columns. A missing number is empty. In the Dutch manner, which is for
    spreadsheets, a text that would be a formula has an apostrophe before it; in the plain one all is as it is.

    Raises
    ------
    PipelineError
        When the disk refuses.
    """
    how, written = _MANNERS[manner], table.copy()
    if manner == "dutch":
        for name in (n for n in table.columns if table[n].dtype == "str"):
            risky = table[name].str.startswith(_FORMULA).fillna(False).astype(bool)
            written[name] = table[name].where(~risky, "'" + table[name])
    point = how["decimal"]

    def number(value: Any) -> str:
        return _number(float(value)).replace(".", point)

    text = written.to_csv(index=False, sep=how["sep"], float_format=number, lineterminator="\r\n")
    with whole(path) as part:
        part.write_bytes(text.encode(how["encoding"]))


def _number(value: float) -> str:
    """The shortest decimal that is the number to ten digits, never with an exponent."""
    text = f"{value:.{_DIGITS}g}"
    return text if "e" not in text else f"{value:.12f}".rstrip("0").rstrip(".")


def write_parquet(path: Path, one: Prepared) -> None:
    """Write a layer as GeoParquet 1.1 with the box of each shape, in ``EPSG:28992``.

    Raises
    ------
    PipelineError
        When the disk refuses.
    """
    with whole(path) as part:
        one.table.to_parquet(part, compression="zstd", schema_version="1.1.0", write_covering_bbox=True, index=False)


def write_flatgeobuf(path: Path, one: Prepared) -> None:
    """Write a layer as FlatGeobuf with its index.

    Raises
    ------
    PipelineError
        When the disk refuses.
    """
    content = io.BytesIO()
    table = gpd.GeoDataFrame(one.table).rename_geometry("geometry")
    # The index puts shapes in the order of their place; in memory, for GDAL says nothing of a disk that is full.
    pyogrio.set_gdal_config_options({"CPL_LOG": os.devnull})
    try:
        pyogrio.write_dataframe(
            table, content, layer=one.declared.name, driver="FlatGeobuf", promote_to_multi=one.geometry.startswith("Multi"), SPATIAL_INDEX="YES"
        )
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as error:
        msg = f"{path}: can't be written: {' '.join(str(error).split())}"
        raise PipelineError(msg) from None
    finally:
        pyogrio.set_gdal_config_options({"CPL_LOG": None})
    with whole(path) as part:
        part.write_bytes(content.getvalue())
