"""How bytes arrive: one function per protocol, and `layers`, which makes of them what a source declares.

The only folder that opens a socket.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ..contract import Bbox, SourceError
from ..sources import Access
from . import atom, bgt_download, file, ogc_features, proofs, wfs
from .http import Asks, Http
from .received import Progress, Received, mapped, renamed

if TYPE_CHECKING:
    from ..config import SourceSettings


def fetch(
    access: Access,
    settings: SourceSettings,
    *,
    bbox: Bbox | None,
    http: Asks,
    progress: Progress,
    second_pass: bool = True,
    mirror: Callable[[str], str] = str,
) -> Received:
    """Fetch the features of one source from a service.

    Parameters
    ----------
    access
        The way, with its year and its mirror.
    settings
        What the config says of names and values in what comes.
    bbox
        Box in metres RD; None for everything.
    http
        Who asks.
    progress
        Called with features so far, and the source's own count or None.
    second_pass
        Ask twice where the service gives no count.
    mirror
        Gives an address that a feed names at its mirror.

    Raises
    ------
    SourceError
        Whatever is wrong with what came, in one line.
    """
    url, collection = access.url, access.collection
    match access.protocol:
        case "ogc_features":
            received = ogc_features.fetch(url, collection, bbox, http, progress, second_pass=second_pass)
        case "wfs":
            received = wfs.fetch(url, collection, bbox, http, progress, second_pass=second_pass)
        case "bgt_download":
            received = bgt_download.fetch(url, collection, bbox, http, progress, together=access.together)
        case "atom":
            received = atom.fetch(url, collection, bbox, http, progress, resolve=mirror)
        case protocol:
            msg = f"{url}: protocol {protocol!r} gives no features"
            raise SourceError(msg)
    return mapped(renamed(received, access.renames), settings.columns, settings.values, f"{url} {collection}")


def from_file(access: Access, settings: SourceSettings, bbox: Bbox | None, progress: Progress) -> Received:
    """Read the features of one source from the user's own file, at `access.url`."""
    received = file.fetch(
        Path(access.url), access.collection or None, settings.columns, settings.values, bbox, progress, settings.where
    )
    return replace(received, proofs=(proofs.file(len(received.table)),))


__all__ = ["Http", "Progress", "Received", "fetch", "from_file"]
