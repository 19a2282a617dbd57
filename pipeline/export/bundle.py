"""A folder as one ZIP file, the same bytes for the same files."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from pathlib import Path

from ..store import whole

#: The earliest moment that a ZIP can hold: its own says nothing of the data.
_MOMENT = (1980, 1, 1, 0, 0, 0)
#: Compressed already: to do it again takes time and gives nothing.
_STORED = frozenset({".parquet", ".xlsx", ".qgz", ".tif", ".zip", ".png", ".jpg"})


def write(path: Path, folder: Path, files: Iterable[Path]) -> None:
    """Write `files`, which lie in `folder`, to one ZIP under the name of the folder, whole or not at all.

    It is opened again and each file checked by its sum before it takes the place of an older one.

    Raises
    ------
    PipelineError
        When the disk refuses.
    """
    named = sorted((f"{folder.name}/{file.relative_to(folder).as_posix()}", file) for file in files)
    with whole(path) as part:
        with zipfile.ZipFile(part, "w", allowZip64=True) as archive:
            for name, file in named:
                entry = zipfile.ZipInfo(name, _MOMENT)
                entry.compress_type = zipfile.ZIP_STORED if file.suffix.lower() in _STORED else zipfile.ZIP_DEFLATED
                entry.external_attr = 0o644 << 16
                entry.create_system = 3
                entry.file_size = file.stat().st_size
                with file.open("rb") as source, archive.open(entry, "w") as target:
                    while block := source.read(1 << 20):
                        target.write(block)
        with zipfile.ZipFile(part) as archive:
            if broken := archive.testzip():
                msg = f"{broken} was not written whole"
                raise OSError(msg)
