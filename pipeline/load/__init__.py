"""How bytes arrive: one function per protocol, and `layers`, which makes of them what a source declares.

The only folder that opens a socket.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from ..contract import Bbox, SourceError
from ..sources import Access
from . import file, ogc_features, wfs
from .http import Asks, Http
from .received import Progress, Received, mapped, renamed

if TYPE_CHECKING:
    from ..config import SourceSettings

_SERVICES: Mapping[str, Callable[[str, str, Bbox | None, Asks, Progress], Received]] = {
    "ogc_features": ogc_features.fetch,
    "wfs": wfs.fetch,
}


def fetch(
    access: Access,
    settings: SourceSettings,
    *,
    edition: int | None,
    bbox: Bbox | None,
    http: Asks,
    progress: Progress,
    services: Mapping[str, str] | None = None,
) -> Received:
    """Fetch the features of one source.

    Parameters
    ----------
    access
        The declared way.
    settings
        What the config says instead: its protocol, URL, collection or file go first. A path is taken as it stands,
        so it must be absolute or relative to the working folder.
    edition
        The year for ``{edition}`` in URL and collection.
    bbox
        Box in metres RD; None for everything.
    http
        The client of this run; not used for files.
    progress
        Called with features so far, and the source's own count or None.
    services
        Mirrors, see `resolve`; None where `access` has been resolved already.

    Raises
    ------
    SourceError
        Whatever is wrong with what came, in one line.
    """
    protocol = settings.protocol or access.protocol
    if protocol == "file":
        if settings.path is None:
            msg = "protocol is 'file', expected a path as well; see [sources] in the config"
            raise SourceError(msg)
        return file.fetch(
            settings.path, settings.layer, settings.columns, settings.values, bbox, progress, settings.where
        )
    year = str(edition)
    url = resolve((settings.url or access.url).replace("{edition}", year), services or {})
    collection = (settings.collection or access.collection).replace("{edition}", year)
    received = renamed(_SERVICES[protocol](url, collection, bbox, http, progress), access.renames)
    return mapped(received, settings.columns, settings.values, f"{url} {collection}")


def resolve(url: str, services: Mapping[str, str]) -> str:
    """Give `url` at its mirror: the longest beginning that `services` names is replaced."""
    known = [start for start in services if url == start or url.startswith(start.rstrip("/") + "/")]
    if not known:
        return url
    start = max(known, key=len)
    return services[start].rstrip("/") + url.removeprefix(start.rstrip("/"))


__all__ = ["Http", "Progress", "Received", "fetch", "resolve"]
