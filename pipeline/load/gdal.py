"""Reading a layer through GDAL: arcs drawn as chords, surfaces laid flat, nothing left out in silence."""

from __future__ import annotations

import struct
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError

from ..contract import CRS, Bbox, SourceError

#: What every reading needs. A chord of one degree leaves its arc by at most 1/26,000 of the radius: 4 cm at 1 km. GDAL
#: draws an arc the same from both ends, so that two neighbours keep their common edge. No address is ever followed,
#: and nothing is written beside a file.
_SETTINGS = {
    "OGR_ARC_STEPSIZE": "1",
    "GML_SKIP_RESOLVE_ELEMS": "ALL",
    "GML_DOWNLOAD_SCHEMA": "NO",
    "CPL_VSIL_GZIP_WRITE_PROPERTIES": "NO",
}

# Well-known binary: surfaces made of patches, and the patches. GDAL adds 1000 or the high bit for heights.
_SURFACES = frozenset({15, 16})
_PATCHES = frozenset({3, 17})
_HEIGHT_BIT = 0x80000000

#: The filters of warnings belong to all threads: who changes them for a while holds this.
FILTERS = threading.RLock()


def prepare() -> None:
    """Tell GDAL how to read; the same each time, for the whole process."""
    pyogrio.set_gdal_config_options(_SETTINGS)


@contextmanager
def without_measures() -> Iterator[None]:
    """Look at files that have measures without a warning: they are left out, as heights are."""
    with FILTERS, warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Measured ", category=UserWarning)
        yield


def _measured(path: Path, layer: str) -> bool:
    """Whether GDAL would warn of measures; only then is a whole read worth keeping the other threads waiting."""
    with FILTERS, warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        pyogrio.read_info(path, layer=layer)
    return any(str(w.message).startswith("Measured ") for w in said)


def read(
    path: Path,
    layer: str,
    where: str,
    *,
    bbox: Bbox | None = None,
    condition: str | None = None,
    most: int | None = None,
    **options: Any,
) -> gpd.GeoDataFrame:
    """Read the features of a layer.

    Parameters
    ----------
    path, layer
        What to read; it is known to be there, and in EPSG:28992.
    where
        Begin of an error message.
    bbox
        Only what intersects it.
    condition
        On the file's own columns, as in SQL.
    most
        How many at most.
    options
        Open options of GDAL's driver.

    Returns
    -------
    GeoDataFrame
        Flat geometries in ``geometry``, EPSG:28992, RangeIndex. Arcs are chords, a TIN or a polyhedral surface is the
        multipolygon of its patches: where these overlap or touch it is not valid. Moments are text.

    Raises
    ------
    SourceError
        When GDAL can't read the layer, or one of its geometries.
    """
    prepare()
    asked = {"layer": layer, "bbox": bbox, "where": condition, "max_features": most, **options}
    try:
        # A coordinate that is no number is refused where its key is known.
        quiet = without_measures() if _measured(path, layer) else nullcontext()
        with quiet, np.errstate(invalid="ignore"):
            table = pyogrio.read_dataframe(path, **asked, datetime_as_string=True, on_invalid="ignore")
            shapes = table.geometry.to_numpy()
            if shapely.is_missing(shapes).any():
                # Null, or something that shapely does not know: only the bytes tell.
                shapes = _known(shapes, pyogrio.raw.read(path, **asked, columns=[])[2], where)
    except (DataSourceError, DataLayerError, shapely.errors.GEOSException, ValueError) as error:
        msg = f"{where}: can't be read: {line(error)}"
        raise SourceError(msg) from None
    table = table.rename_geometry("geometry") if table.geometry.name != "geometry" else table
    return table.set_crs(CRS, allow_override=True).set_geometry(shapely.force_2d(shapes), crs=CRS)


def line(error: Exception) -> str:
    """What GDAL says, in one line."""
    return " ".join(str(error).split())[:160]


def _known(shapes: np.ndarray, written: np.ndarray, where: str) -> np.ndarray:
    """`shapes` with the surfaces among the missing ones; null stays null."""
    made = shapes.copy()
    for row in np.flatnonzero(shapely.is_missing(shapes)):
        if written[row] is None:
            continue
        try:
            made[row] = _flat(written[row])
        except (struct.error, ValueError, shapely.errors.GEOSException) as error:
            msg = f"{where}: the geometry of row {row} can't be read ({line(error)}); repair it, or leave it out with [sources] where"
            raise SourceError(msg) from None
    return made


def _flat(written: bytes) -> shapely.Geometry:
    """The patches of a TIN or polyhedral surface as a multipolygon without heights."""
    kind, count = struct.unpack_from("<xII", written)
    if kind % _HEIGHT_BIT % 1000 not in _SURFACES:
        # Not a surface: let shapely say what is wrong.
        return shapely.from_wkb(written)
    at, patches = 9, []
    for _ in range(count):
        kind, rings = struct.unpack_from("<xII", written, at)
        if kind % _HEIGHT_BIT % 1000 not in _PATCHES:
            msg = f"a surface with a part of type {kind}"
            raise ValueError(msg)
        dimensions = 3 if kind >= _HEIGHT_BIT or kind // 1000 == 1 else 2
        at += 9
        drawn = []
        for _ in range(rings):
            (points,) = struct.unpack_from("<I", written, at)
            numbers = np.frombuffer(written, "<f8", points * dimensions, at + 4)
            drawn.append(numbers.reshape(-1, dimensions)[:, :2])
            at += 4 + points * dimensions * 8
        patches.append(shapely.Polygon(drawn[0], drawn[1:]))
    return shapely.multipolygons(patches)
