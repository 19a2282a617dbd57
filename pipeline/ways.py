"""Which way to a source the config chooses, and which others there are."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from .config import Config
from .contract import Bbox, ConfigError
from .sources import Access, RasterSource, Source, dated, way


def ways(config: Config, source: Source | RasterSource, edition: int | None, box: Bbox | None = None) -> tuple[Access, ...]:
    """Give the way that the config chooses, then the other declared ones; with their year, at their mirror.

    Parameters
    ----------
    box
        What is asked, metres RD: from a certain size on, the whole country is fetched where a register offers that.

    Raises
    ------
    ConfigError
        When the config asks for a protocol that is not declared, for a year that the way can't tell apart, or names a
        variable that is not set.
    """
    settings = config.source(source.name)

    def at(access: Access, url: str | None = None, collection: str | None = None) -> Access:
        address, wanted = dated(url or access.url, edition), dated(collection or access.collection, edition)
        return dataclasses.replace(access, url=config.mirror(address), collection=wanted)

    if settings.path is not None:
        file = config.path(Path(dated(str(settings.path), edition)))
        return Access("file", str(file), settings.layer or ""), *(at(a) for a in source.accesses)
    large = box is not None and (box[2] - box[0]) * (box[3] - box[1]) >= config.load.bulk_from_km2 * 1e6
    chosen = way(source.accesses, settings.protocol, bulk=large)
    if chosen is None:
        declared = ", ".join(a.protocol for a in source.accesses)
        msg = f"[sources.{source.name}] protocol is {settings.protocol!r}; declared are {declared}"
        raise ConfigError(msg)
    own = settings.url or settings.collection
    if not own and not _tells_year(chosen) and edition is not None and edition != source.editions[0]:  # type: ignore[union-attr]
        msg = (
            f"[sources.{source.name}] {chosen.protocol} can't be asked for {edition}: its address has no year; take another "
            "protocol, or name the collection of that year"
        )
        raise ConfigError(msg)
    # With an address of its own, the declared one is another way.
    others = source.accesses if settings.url else tuple(a for a in source.accesses if a != chosen)
    return at(chosen, settings.url, settings.collection), *(at(a) for a in others)


def _tells_year(access: Access) -> bool:
    return any(mark in access.url + access.collection for mark in ("{edition}", "{yy}"))
