"""Write a drawing as DXF: metres, a layer per theme, closed polylines, blocks for symbols."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely
from ezdxf import units
from ezdxf._options import options
from ezdxf.enums import TextEntityAlignment
from ezdxf.filemanagement import new

from ..contract import ContractError, Language, PipelineError
from ..store import whole
from .drawing import RD, Drawing, Origin, Outlines, Symbol, Symbols, Texts

if TYPE_CHECKING:
    from ezdxf.document import Drawing as Document
    from ezdxf.layouts.base import BaseLayout

#: AutoCAD 2010 and newer, Rhino 5 and newer, SketchUp and QGIS read it; texts are in UTF-8.
VERSION = "R2010"
#: Under this name each polyline tells its key and the number of its ring, 0 for the outer one.
APPLICATION = "SPOORZONE"
NOTES = "SZ_00_LEESMIJ"
#: Letters on a line of a note.
_NOTE_WIDTH = 120
_NOTE_SIZE_M = 20.0
#: Millimetres hold what the registers know.
_DIGITS = 3
_BLOCKS: dict[Symbol, str] = {"station": "SZ_STATION", "tree": "SZ_BOOM"}


def write(path: Path, drawing: Drawing, *, language: Language, origin: Origin = RD) -> None:
    """Write `drawing` to one DXF file, whole or not at all; the same input makes the same bytes.

    Coordinates are metres RD less `origin`, rounded to the millimetre; heights are metres NAP. The header says metres
    (``$INSUNITS`` 6). A local copy lies at its place when it is moved by `origin`, which stands in the custom
    properties of the file.

    Raises
    ------
    ContractError
        When a layer has no name that CAD programs take, or stands twice.
    PipelineError
        When the disk refuses, or the file does not hold what was written.
    """
    _check(drawing)
    with _fixed():
        document = new(VERSION, units=units.M)
    document.header["$MEASUREMENT"] = 1
    document.appids.new(APPLICATION)
    _properties(document, drawing, origin)
    _blocks(document)
    space = document.modelspace()
    for part in drawing.parts:
        layer = document.layers.add(part.layer, true_color=_colour(part.colour))
        layer.description = part.title.in_(language)
        _ADD[type(part)](space, part, origin)
    _notes(document, drawing, origin)
    for name in sorted(document.entitydb.dxf_types_in_use()):  # the library takes them as a set gives them
        document.classes.add_class(name)
    counted = Counter(e.dxf.layer for e in space)
    with whole(path) as part_, _fixed():
        document.saveas(part_)
        _reopen(part_, path, counted)


def _check(drawing: Drawing) -> None:
    names = [p.layer for p in drawing.parts]
    for name in names:
        if not name or set(name) - set("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") or names.count(name) > 1:
            msg = f"DXF layer {name!r}: expected a name of capitals, digits and underscores that stands once"
            raise ContractError(msg)


def _colour(hexadecimal: str) -> int:
    return int(hexadecimal.removeprefix("#"), 16)


def _properties(document: Document, drawing: Drawing, origin: Origin) -> None:
    own = document.header.custom_vars
    own.append("CRS", "EPSG:28992 (Amersfoort / RD New), NAP")
    own.append("Origin_RD_X_m", f"{origin.x_m:.3f}")
    own.append("Origin_RD_Y_m", f"{origin.y_m:.3f}")
    for number, note in enumerate(drawing.notes, 1):
        own.append(f"Note_{number}", note)


def _blocks(document: Document) -> None:
    """Symbols of a diameter of 1, to be scaled; they take the colour of their layer."""
    station = document.blocks.new(_BLOCKS["station"])
    station.add_circle((0, 0), 0.5)
    station.add_circle((0, 0), 0.3)
    tree = document.blocks.new(_BLOCKS["tree"])
    tree.add_circle((0, 0), 0.5)
    tree.add_line((-0.15, 0), (0.15, 0))
    tree.add_line((0, -0.15), (0, 0.15))


def _add_outlines(space: BaseLayout, part: Outlines, origin: Origin) -> None:
    shapes = part.shapes
    heights = np.zeros(len(shapes)) if part.height_m is None else part.height_m.reindex(shapes.index).to_numpy(float)
    for key, shape, height in zip(shapes.index, shapes.to_numpy(), heights, strict=True):
        if shape is None or shape.is_empty or not np.isfinite(height):
            continue
        for one in shapely.get_parts(shape):
            for number, (line, closed) in enumerate(_lines(one)):
                points = np.round(shapely.get_coordinates(line) - origin, _DIGITS)
                look = {"layer": part.layer, "elevation": round(float(height), _DIGITS)}
                made = space.add_lwpolyline(points[:-1] if closed else points, close=closed, dxfattribs=look)
                made.set_xdata(APPLICATION, [(1000, str(key)), (1070, number)])


def _lines(shape: Any) -> Iterator[tuple[Any, bool]]:
    if isinstance(shape, shapely.Polygon):
        yield shape.exterior, True
        yield from ((ring, True) for ring in shape.interiors)
    else:
        yield shape, shape.is_ring


def _add_symbols(space: BaseLayout, part: Symbols, origin: Origin) -> None:
    for x, y in np.round(shapely.get_coordinates(part.points.to_numpy()) - origin, _DIGITS):
        scale = {"xscale": part.size_m, "yscale": part.size_m, "zscale": part.size_m}
        space.add_blockref(_BLOCKS[part.symbol], (x, y), dxfattribs={"layer": part.layer, **scale})


def _add_texts(space: BaseLayout, part: Texts, origin: Origin) -> None:
    turns = pd.Series(0.0, part.points.index) if part.turns_deg is None else part.turns_deg
    for key, (x, y) in zip(part.points.index, shapely.get_coordinates(part.points.to_numpy()) - origin, strict=True):
        look = {"layer": part.layer, "height": part.size_m, "rotation": round(float(turns[key]), 2)}
        text = space.add_text(_plain(str(part.texts[key])), dxfattribs=look)
        text.set_placement((round(x, _DIGITS), round(y, _DIGITS)), align=TextEntityAlignment.MIDDLE_CENTER)


_ADD: dict[type, Any] = {Outlines: _add_outlines, Symbols: _add_symbols, Texts: _add_texts}


def _plain(text: str) -> str:
    """A text in which no program sees a code (``%%d`` is a degree sign) or an end of line."""
    return " ".join(text.replace("%%", "% %").split())


def _notes(document: Document, drawing: Drawing, origin: Origin) -> None:
    """What is to be known of the drawing, written below it."""
    document.layers.add(NOTES, color=8)
    space = document.modelspace()
    boxes = [p.shapes.total_bounds if isinstance(p, Outlines) else p.points.total_bounds for p in drawing.parts]
    known = [box for box in boxes if np.isfinite(box).all()]
    x, y = np.min([box[:2] for box in known], axis=0) - origin if known else (0.0, 0.0)
    lines = [line for note in drawing.notes for line in wrap(note, _NOTE_WIDTH)]
    for number, line in enumerate(lines):
        at = (round(x, _DIGITS), round(y - (3 + 2 * number) * _NOTE_SIZE_M, _DIGITS))
        space.add_text(_plain(line), dxfattribs={"layer": NOTES, "height": _NOTE_SIZE_M}).set_placement(at)


@contextmanager
def _fixed() -> Iterator[None]:
    """The same bytes each time: no moment, no random identity."""
    before = options.write_fixed_meta_data_for_testing
    options.write_fixed_meta_data_for_testing = True
    try:
        yield
    finally:
        options.write_fixed_meta_data_for_testing = before


def _reopen(part: Path, path: Path, counted: Counter[str]) -> None:
    """Count what stands in the file: on a full disk a writer can leave out what did not fit and say nothing."""
    found: Counter[str] = Counter()
    section, entity, ended = "", "", False
    with part.open(encoding="utf-8") as file:
        tags = ((code.strip(), value.rstrip("\n")) for code, value in zip(file, file, strict=False))
        for code, value in tags:
            if (code, value) == ("0", "SECTION"):
                section = next(tags, ("", ""))[1]
            elif code == "0":
                entity = value
                ended = value == "EOF"
            elif code == "8" and section == "ENTITIES" and entity != "SEQEND":
                found[value] += 1
    if ended and found == counted:
        return
    msg = f"{path}: the file does not hold what was written; is the disk full?"
    raise PipelineError(msg)
