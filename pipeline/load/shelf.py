"""The tiles of a raster on disk: which are there, of which request, and how a new set takes the place of an old one.

A tile that comes in lies in ``.coming`` beside the old ones until all are there; the old ones stay as good as they
were. Beside each stands a small JSON that says what was asked and what came. Whichever of the two places a tile is in
when a run is broken off, the next run finds it by its hash.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from .. import raster_store, store
from ..contract import Bbox, Page
from ..grid import Cells, Tile


@dataclass(frozen=True)
class Facts:
    """What is known of a tile on disk.

    Attributes
    ----------
    request
        What was asked, and how it is kept: a tile of another request is another tile.
    covers
        Which part of it the source covers, as boxes in metres RD; beyond, nothing is known.
    known
        Cells with a height.
    pages
        What it was made from.
    """

    request: str
    covers: tuple[Bbox, ...]
    known: int
    pages: tuple[Page, ...]

    @property
    def retrieved(self) -> str:
        """When the oldest of its pages came."""
        return min(p.retrieved for p in self.pages)


@dataclass(frozen=True)
class Shelf:
    """The tiles of one raster.

    Attributes
    ----------
    folder
        Of this raster alone; its name is the raster's.
    """

    folder: Path

    def place(self, tile: Tile) -> Path:
        """Where a tile lies when all are there."""
        return self.folder / f"{tile.name}.tif"

    def find(self, tile: Tile, request: str, since: dt.datetime | None) -> tuple[Path, Facts] | None:
        """Give a whole tile of this request, not from before `since`; None where there is none."""
        for written in (self._coming(tile, "json"), self._facts(tile)):
            said = store.read_json(written)
            facts = _facts(said) if said else None
            if said is None or facts is None or facts.request != request or _before(facts.retrieved, since):
                continue
            for path in (self._coming(tile, "tif"), self.place(tile)):
                if path.is_file() and store.sha256(path) == said["sha256"]:
                    return path, facts
        return None

    def put(self, tile: Tile, cells: Cells, facts: Facts) -> None:
        """Keep a tile that came."""
        path = self._coming(tile, "tif")
        raster_store.write(path, cells, tile.box)
        # Only what the disk gives back is there.
        store.write_json(self._coming(tile, "json"), {**asdict(facts), "sha256": store.sha256(path)})

    def publish(self, tiles: Sequence[Tile]) -> None:
        """Put the tiles that came in the place of the old ones, and throw away what is not among `tiles`."""
        for tile in tiles:
            for new, old in (
                (self._coming(tile, "tif"), self.place(tile)),
                (self._coming(tile, "json"), self._facts(tile)),
            ):
                if new.exists():
                    old.parent.mkdir(parents=True, exist_ok=True)
                    os.replace(new, old)
                    # What QGIS wrote down of the old one.
                    old.with_name(f"{old.name}.aux.xml").unlink(missing_ok=True)
        shutil.rmtree(self._coming_folder, ignore_errors=True)
        wanted = {p for t in tiles for p in (self.place(t), self._facts(t))}
        for path in (*self.folder.glob("??????_??????.tif"), *(self.folder / ".facts").glob("*.json")):
            if path not in wanted:
                path.unlink(missing_ok=True)
                path.with_name(f"{path.name}.aux.xml").unlink(missing_ok=True)

    def forget(self) -> None:
        """Have every tile asked again; those that lie in their place stay until there are better."""
        for folder in (self._coming_folder, self.folder / ".facts"):
            shutil.rmtree(folder, ignore_errors=True)

    @property
    def _coming_folder(self) -> Path:
        return self.folder / ".coming"

    def _coming(self, tile: Tile, ending: str) -> Path:
        return self._coming_folder / f"{tile.name}.{ending}"

    def _facts(self, tile: Tile) -> Path:
        return self.folder / ".facts" / f"{tile.name}.json"


def _facts(said: dict[str, Any]) -> Facts | None:
    try:
        west_to_north = tuple((float(w), float(s), float(e), float(n)) for w, s, e, n in said["covers"])
        pages = tuple(Page(**p) for p in said["pages"])
        return Facts(said["request"], west_to_north, int(said["known"]), pages) if said["sha256"] and pages else None
    except (KeyError, TypeError, ValueError):
        return None


def _before(moment: str, since: dt.datetime | None) -> bool:
    try:
        return since is not None and dt.datetime.fromisoformat(moment) < since
    except (TypeError, ValueError):
        return True
