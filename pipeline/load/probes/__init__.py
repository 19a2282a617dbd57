"""What services say of themselves, asked in small questions: one function per protocol.

Nothing is loaded, and nothing written.
"""

from __future__ import annotations

from collections.abc import Callable

from ...contract import Bbox, SourceError
from ...sources import Access, RasterSource
from . import files, ogc_features, rasters, wfs
from .offered import Grid, Kind, Offered
from .once import Once


def probe(
    access: Access, raster: RasterSource | None, bbox: Bbox | None, http: Once, resolve: Callable[[str], str]
) -> Offered:
    """Ask one way to a source what it offers.

    Parameters
    ----------
    access
        The way, with its year and its mirror.
    raster
        What it should be, for a raster.
    bbox
        Where one feature is asked, metres RD; None for anywhere.
    http
        Who asks.
    resolve
        Gives the mirror of an address that a feed names.

    Raises
    ------
    SourceError
        When it is not there: it does not answer, stays busy, or gives something else than a service of its kind.
    """
    if raster is not None:
        return rasters.probe(access, raster, bbox, http)
    match access.protocol:
        case "ogc_features":
            return ogc_features.probe(access, bbox, http)
        case "wfs":
            return wfs.probe(access, bbox, http)
        case "bgt_download":
            return files.probe_bgt_download(access, http)
        case "atom":
            return files.probe_atom(access, http, resolve)
        case "file":
            return files.probe_file(access)
        case protocol:
            msg = f"{access.url}: protocol {protocol!r} gives no features"
            raise SourceError(msg)


__all__ = ["Grid", "Kind", "Offered", "Once", "probe"]
