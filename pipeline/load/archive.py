"""One map file out of a zip, with distrust: an archive can name any path, and claim any size."""

from __future__ import annotations

import os
import re
import shutil
import stat
import tempfile
import zipfile
import zlib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import IO

from ..contract import PipelineError, SourceError

#: What counts as a map file where none is named.
MAP_FILES = (".gpkg", ".gml", ".shp", ".geojson", ".json", ".fgb", ".parquet")
#: The country's largest file fits twice.
MOST_BYTES = 20_000_000_000
#: GML and sparse tables shrink to a fiftieth; only what is made to fill disks shrinks more than this.
MOST_RATIO = 200
# What is small does no harm, whatever its ratio.
_HARMLESS = 64 << 20
_PIECE = 1 << 20
# What belongs to a shapefile; it can't be read without the first three.
_SIBLINGS = (".shp", ".shx", ".dbf", ".prj", ".cpg", ".qpj")
_NEEDED = 3
_HEADER = 30
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError)
_LISTED = 12


def names(path: Path) -> tuple[str, ...]:
    """Names of the files in a zip, in its own order.

    Raises
    ------
    SourceError
        When it is no zip, or one that is not to be trusted.
    """
    with path.open("rb") as file:
        return tuple(_shown(i) for i in _entries(path, _opened(path, file)))


def member(
    path: Path, wanted: str | None, folder: Path, *, most_bytes: int = MOST_BYTES, most_ratio: float = MOST_RATIO
) -> Path:
    """Unpack one map file, a shapefile with what belongs to it.

    Parameters
    ----------
    path
        A zip. Archives in it are not opened.
    wanted
        Name of the file, with or without its folder, or the end of its name (``.gpkg``); None where there is only one
        map file.
    folder
        Where it goes, under its own name without folders: whole or not at all.
    most_bytes
        It may be no larger than this, counted while it is unpacked.
    most_ratio
        Nor so many times as large as it is in the zip, from 64 MB on.

    Raises
    ------
    SourceError
        When the zip is damaged, or names paths outside, links, one name twice or overlapping files; when the file is
        not there, is one of several, encrypted, too large or damaged.
    PipelineError
        When the disk is full or refuses.
    """
    with path.open("rb") as file:
        opened = _opened(path, file)
        entries = _entries(path, opened)
        main = _one(path, entries, wanted)
        family = _family(path, entries, main)
        for entry in family:
            _check(path, entry, most_bytes, most_ratio)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=folder, prefix=".unpack") as temporary:
                made = [_unpack(path, opened, e, Path(temporary), most_bytes) for e in family]
                # The file itself last: where it is, all that belongs to it is.
                for part in reversed(made):
                    os.replace(part, folder / part.name)
        except OSError as error:
            msg = f"{folder}: {_shown(main)} can't be unpacked there: {error.strerror or error}"
            raise PipelineError(msg) from None
    return folder / made[0].name


def _opened(path: Path, file: IO[bytes]) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(file)
    except (*_BROKEN, OSError) as error:
        msg = f"{path}: no whole zip ({_line(error)}); download it again"
        raise SourceError(msg) from None


def _entries(path: Path, opened: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """The files in it, once the archive as a whole can be trusted."""
    entries = opened.infolist()
    for entry in entries:
        _check_name(path, entry)
    twice = [name for name, n in Counter(_shown(e) for e in entries).items() if n > 1]
    if twice:
        msg = f"{path}: holds {len(twice)} names twice, first {twice[0]!r}; that is no archive to trust"
        raise SourceError(msg)
    placed = sorted(entries, key=lambda e: e.header_offset)
    ends = [*(e.header_offset for e in placed), opened.start_dir][1:]
    for entry, end in zip(placed, ends, strict=True):
        if entry.header_offset + _HEADER + entry.compress_size > end:
            msg = f"{path}: {_shown(entry)!r} overlaps another file in the zip; that is no archive to trust"
            raise SourceError(msg)
    return [e for e in entries if not e.is_dir()]


def _check_name(path: Path, entry: zipfile.ZipInfo) -> None:
    """Refuse what could lead outside the folder that it is unpacked to."""
    # The module cuts a name at a zero byte, and on Windows turns backslashes.
    name = entry.orig_filename
    outside = ".." in PurePosixPath(name).parts or name.startswith("/") or re.match("[A-Za-z]:", name)
    if outside or "\\" in name or not name or re.search(r"[\x00-\x1f]", name):
        msg = f"{path}: holds {name!r}, expected names that stay inside the archive; that is no archive to trust"
        raise SourceError(msg)
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        what = "a link" if kind == stat.S_IFLNK else "a device"
        msg = f"{path}: {name!r} is {what}, expected files and folders only; that is no archive to trust"
        raise SourceError(msg)


def _one(path: Path, entries: Sequence[zipfile.ZipInfo], wanted: str | None) -> zipfile.ZipInfo:
    """The entry that is meant."""

    def fits(name: str) -> bool:
        if wanted is None:
            return name.lower().endswith(MAP_FILES)
        return name == wanted or name.endswith(f"/{wanted}") or (wanted[:1] == "." and name.endswith(wanted))

    found = [e for e in entries if fits(_shown(e))]
    exact = [e for e in found if _shown(e) == wanted]
    if len(exact or found) == 1:
        return (exact or found)[0]
    there = _listed([_shown(e) for e in found or entries])
    what = f"files called {wanted!r}" if wanted else "map files"
    if found:
        msg = f"{path}: holds {len(found)} {what}: {there}; name one"
    else:
        msg = f"{path}: holds no {what}; there are {there}"
    raise SourceError(msg)


def _family(path: Path, entries: Sequence[zipfile.ZipInfo], main: zipfile.ZipInfo) -> list[zipfile.ZipInfo]:
    """The file, and what belongs to it."""
    stem, ending = _split(_shown(main))
    if ending != _SIBLINGS[0]:
        return [main]
    beside = {_split(_shown(e))[1]: e for e in entries if _split(_shown(e))[0] == stem}
    if lost := [s for s in _SIBLINGS[:_NEEDED] if s not in beside]:
        msg = f"{path}: {_shown(main)} has no {lost[0]} beside it, without which a shapefile can't be read"
        raise SourceError(msg)
    return [beside[s] for s in _SIBLINGS if s in beside]


def _split(name: str) -> tuple[str, str]:
    stem, dot, ending = name.rpartition(".")
    return (stem, f".{ending.lower()}") if dot else (name, "")


def _check(path: Path, entry: zipfile.ZipInfo, most_bytes: int, most_ratio: float) -> None:
    """Refuse by what the archive says of the file, before anything is unpacked."""
    name = _shown(entry)
    if entry.flag_bits & 0x1:
        msg = f"{path}: {name} is encrypted, expected open data"
        raise SourceError(msg)
    if entry.file_size > most_bytes:
        msg = f"{path}: {name} is {entry.file_size} bytes when unpacked, more than the {most_bytes} allowed"
        raise SourceError(msg)
    ratio = entry.file_size / max(entry.compress_size, 1)
    if entry.file_size > _HARMLESS and ratio > most_ratio:
        msg = f"{path}: {name} grows {ratio:.0f} times when unpacked, more than the {most_ratio:g} that map files do"
        raise SourceError(msg)


def _unpack(path: Path, opened: zipfile.ZipFile, entry: zipfile.ZipInfo, folder: Path, most_bytes: int) -> Path:
    """Unpack one file; its bytes and checksum are looked at, not only what the archive says of them."""
    stem, ending = _split(PurePosixPath(_shown(entry)).name)
    target = folder / f"{stem}{ending}"
    room = shutil.disk_usage(folder).free
    if entry.file_size > room:
        msg = f"{folder.parent}: has {room / 1e6:.1f} MB free, {_shown(entry)} needs {entry.file_size / 1e6:.1f}; make room"
        raise PipelineError(msg)
    try:
        with opened.open(entry) as packed, target.open("xb") as file:
            size = 0
            while piece := packed.read(_PIECE):
                size += len(piece)
                if size > most_bytes:
                    msg = f"{path}: {_shown(entry)} is more than the {most_bytes} bytes allowed"
                    raise SourceError(msg)
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
    except NotImplementedError:
        msg = (
            f"{path}: {_shown(entry)} is packed by method {entry.compress_type}, which can't be read; unpack it by hand"
        )
        raise SourceError(msg) from None
    except _BROKEN as error:
        msg = f"{path}: {_shown(entry)} is damaged ({_line(error)}); download it again"
        raise SourceError(msg) from None
    if size != entry.file_size:
        msg = f"{path}: {_shown(entry)} is {size} bytes, expected {entry.file_size}; download it again"
        raise SourceError(msg)
    return target


def _shown(entry: zipfile.ZipInfo) -> str:
    """The name as it was meant: many programs write UTF-8 and do not say so."""
    if entry.flag_bits & 0x800:
        return entry.filename
    try:
        return entry.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return entry.filename


def _listed(found: Sequence[str]) -> str:
    more = f" and {len(found) - _LISTED} more" if len(found) > _LISTED else ""
    return (", ".join(found[:_LISTED]) or "no files") + more


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:160] or type(error).__name__
