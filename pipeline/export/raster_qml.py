"""The look of a raster as QGIS writes it down itself (QML), for QGIS 3.22 and later."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from ..contract import Language
from ..wording import number
from .relief import RasterLayer

#: Earth, from low and damp to high and dry.
_RAMP = ("#4c7f6d", "#9bbf85", "#e6dfa8", "#d1a36f", "#8b5a44")


class Stop(NamedTuple):
    """One colour of a legend: of cells up to `upto`, or in a ramp of cells with that value."""

    upto: float
    colour: str
    label: str


def stops(layer: RasterLayer, lowest: float, highest: float, language: Language) -> Sequence[Stop]:
    """The colours of a layer; `lowest` and `highest` are its own cells, of which a ramp is made."""
    if layer.classes is None:
        step = (highest - lowest) / (len(_RAMP) - 1)
        values = [lowest + step * n for n in range(len(_RAMP))]
        return [Stop(v, c, number(v, 1, language)) for v, c in zip(values, _RAMP, strict=True)]
    ends = [*layer.classes.breaks, float("inf")]
    return [Stop(*three) for three in zip(ends, layer.classes.colours, layer.classes.labels(language), strict=True)]


def renderer(layer: RasterLayer, found: Sequence[Stop]) -> Element:
    """The part of a style that draws the cells."""
    kind = "INTERPOLATED" if layer.classes is None else "DISCRETE"
    low, high = found[0].upto, found[-1].upto if layer.classes is None else found[-2].upto
    root = Element(
        "rasterrenderer", type="singlebandpseudocolor", band="1", opacity="1", alphaBand="-1", nodataColor="",
        classificationMin=f"{low:.6g}", classificationMax=f"{high:.6g}",
    )  # fmt: skip
    shader = SubElement(
        SubElement(root, "rastershader"), "colorrampshader", colorRampType=kind, classificationMode="1", clip="0",
        minimumValue=f"{low:.6g}", maximumValue=f"{high:.6g}", labelPrecision="2",
    )  # fmt: skip
    for stop in found:
        SubElement(shader, "item", value=f"{stop.upto:.9g}", color=stop.colour, alpha="255", label=stop.label)
    return root


def qml(layer: RasterLayer, found: Sequence[Stop]) -> str:
    """Write the look of a raster as QML."""
    root = Element("qgis", version="3.22.0", styleCategories="AllStyleCategories")
    SubElement(root, "pipe").append(renderer(layer, found))
    indent(root, " ")
    return "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n" + tostring(root, encoding="unicode") + "\n"
