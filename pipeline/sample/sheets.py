"""The sheets in which heights are delivered: 5 x 6.25 km, as the AHN cuts the Netherlands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

#: South-west corners of the sheets that the line and its surroundings touch, metres RD.
SHEETS: Mapping[str, tuple[float, float]] = {
    "28GZ2": (245_000.0, 475_000.0),
    "28HZ1": (250_000.0, 475_000.0),
    "28HZ2": (255_000.0, 475_000.0),
    "34EN2": (245_000.0, 468_750.0),
    "34FN1": (250_000.0, 468_750.0),
    "34FN2": (255_000.0, 468_750.0),
}
#: Width and height of a sheet in metres.
SHEET_M = (5_000.0, 6_250.0)
#: Letter before the sheet's name, per raster.
LETTERS: Mapping[str, str] = {"ahn_dtm": "M", "ahn_dsm": "R"}


def path(folder: Path, raster: str, sheet: str) -> Path:
    """Give the file of one sheet of one raster."""
    return folder / raster / f"{LETTERS[raster]}_{sheet}.tif"


def paths(folder: Path) -> Iterator[Path]:
    """Give the files of all sheets of all rasters."""
    return (path(folder, raster, sheet) for raster in LETTERS for sheet in SHEETS)
