"""Write a project for QGIS 3.22 and newer: the layers with their looks, grouped, with themes and sheets of A3.

Paths are relative to the project, so that the folder can lie anywhere. The backgrounds of PDOK are tiles without a
question beforehand: with no network they stay empty, and QGIS has nothing to warn of.
"""

from __future__ import annotations

import uuid
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from ..contract import Bbox, Column, Language, Text
from ..store import whole
from .qml import add_look, labelled
from .raster_qml import Stop, renderer
from .relief import RasterLayer
from .styles import Style

_CRS, _TILES_CRS = "EPSG:28992", "EPSG:3857"
#: Background of PDOK -> its tiles; the first is the one of the layouts.
_BACKGROUNDS: Mapping[Text, str] = {
    Text("BRT Achtergrondkaart, grijs", "BRT background map, grey"): "https://service.pdok.nl/brt/achtergrondkaart/wmts/v2_0/grijs/EPSG:3857/{z}/{x}/{y}.png",
    Text("BRT Achtergrondkaart", "BRT background map"): "https://service.pdok.nl/brt/achtergrondkaart/wmts/v2_0/standaard/EPSG:3857/{z}/{x}/{y}.png",
    Text("Luchtfoto (Beeldmateriaal.nl)", "Aerial photo (Beeldmateriaal.nl)"): "https://service.pdok.nl/hwh/luchtfotorgb/wmts/v1_0/Actueel_ortho25/EPSG:3857/{z}/{x}/{y}.jpeg",
}
_PDOK = Text("Achtergrond (PDOK, met internet)", "Background (PDOK, with internet)")
_LEGEND, _SHEET = Text("Legenda", "Legend"), Text("A3", "A3")
_PAGE_MM, _MARGIN_MM, _SIDE_MM = (420.0, 297.0), 10.0, 92.0
_SCALES = (1000, 2000, 2500, 5000, 7500, 10_000, 15_000, 20_000, 25_000, 30_000, 40_000, 50_000, 75_000, 100_000)
_INK = "38,50,61,255"


@dataclass(frozen=True)
class Vector:
    """A layer of the GeoPackage in one of its looks; `key` is its name in themes, once in a project."""

    key: str
    title: str
    table: str
    geometry: str
    style: Style
    columns: Sequence[Column]
    aliases: Mapping[str, str]


@dataclass(frozen=True)
class Cells:
    """A raster with its look; `path` as the project is to write it."""

    key: str
    layer: RasterLayer
    path: str
    stops: Sequence[Stop]


@dataclass(frozen=True)
class Group:
    """Layers under one heading, the uppermost first."""

    title: str
    layers: Sequence[Vector | Cells]


@dataclass(frozen=True)
class Theme:
    """Layers that are seen together: one subject, and one sheet."""

    title: str
    keys: Sequence[str]


def write(
    path: Path,
    groups: Sequence[Group],
    themes: Sequence[Theme],
    *,
    geopackage: str,
    box: Bbox,
    title: str,
    sources: str,
    language: Language,
) -> None:
    """Write the project (QGZ), whole or not at all; the same input makes the same bytes.

    Parameters
    ----------
    groups
        In the order in which QGIS is to list them, the uppermost first.
    themes
        The first is what is seen when it is opened; each also has a sheet of A3.
    geopackage
        Of the layers, as the project is to write it: relative to itself.
    box
        What the map shows, metres RD.
    sources
        A line for below the maps.

    Raises
    ------
    PipelineError
        When the disk refuses.
    """
    root = _project(groups, themes, geopackage=geopackage, box=box, title=title, sources=sources, language=language)
    indent(root, " ")
    text = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n" + tostring(root, encoding="unicode") + "\n"
    with whole(path) as part, zipfile.ZipFile(part, "w") as archive:
        entry = zipfile.ZipInfo(f"{path.stem}.qgs", (1980, 1, 1, 0, 0, 0))
        entry.compress_type, entry.external_attr, entry.create_system = zipfile.ZIP_DEFLATED, 0o644 << 16, 3
        archive.writestr(entry, text.encode())


def _project(
    groups: Sequence[Group], themes: Sequence[Theme], *, geopackage: str, box: Bbox, title: str, sources: str, language: Language
) -> Element:  # fmt: skip
    root = Element("qgis", projectname=title, version="3.22.0-Białowieża")
    SubElement(root, "title").text = title
    SubElement(root, "projectCrs").append(_crs(_CRS))
    seen = frozenset(themes[0].keys) if themes else frozenset()
    tree = SubElement(root, "layer-tree-group")
    canvas = SubElement(root, "mapcanvas", name="theMapCanvas", annotationsVisible="1")
    SubElement(canvas, "units").text = "meters"
    canvas.append(_extent("extent", box))
    SubElement(canvas, "rotation").text = "0"
    SubElement(canvas, "destinationsrs").append(_crs(_CRS))
    listed = SubElement(root, "projectlayers")
    for group in groups:
        shown = any(one.key in seen for one in group.layers)
        branch = SubElement(tree, "layer-tree-group", name=group.title, expanded=_flag(shown), checked="Qt::Checked")
        for one in group.layers:
            branch.append(_leaf(one, geopackage, seen=one.key in seen, language=language))
            listed.append(_vector(one, geopackage, language) if isinstance(one, Vector) else _cells(one, language))
    branch = SubElement(tree, "layer-tree-group", name=_PDOK.in_(language), expanded="0", checked="Qt::Checked")
    for number, (name, url) in enumerate(_BACKGROUNDS.items()):
        source = _tiles(url)
        SubElement(branch, "layer-tree-layer", id=_id(f"pdok_{number}"), name=name.in_(language), source=source, providerKey="wms",
                   expanded="0", checked="Qt::Unchecked")  # fmt: skip
        listed.append(_background(f"pdok_{number}", name.in_(language), source))
    by_key = {one.key: one for group in groups for one in group.layers}
    presets = SubElement(root, "visibility-presets")
    for theme in themes:
        presets.append(_preset(theme, groups, language))
    layouts = SubElement(root, "Layouts")
    for theme in themes:
        layouts.append(_layout(theme, [by_key[k] for k in theme.keys], geopackage, box, title, sources, language))
    properties = SubElement(root, "properties")
    SubElement(SubElement(properties, "Paths"), "Absolute", type="bool").text = "false"
    SubElement(SubElement(properties, "SpatialRefSys"), "ProjectionsEnabled", type="int").text = "1"
    return root


# --- layers


def _leaf(one: Vector | Cells, geopackage: str, *, seen: bool, language: Language) -> Element:
    vector = isinstance(one, Vector)
    leaf = Element(
        "layer-tree-layer", id=_id(one.key), name=_title(one, language), source=_source(one, geopackage),
        providerKey="ogr" if vector else "gdal", expanded=_flag(seen), checked="Qt::Checked" if seen else "Qt::Unchecked",
    )  # fmt: skip
    if isinstance(one, Cells):
        # Of the legend all but the first line, in which QGIS names the band.
        lines = ",".join(str(n + 1) for n in range(len(one.stops)))
        properties = SubElement(SubElement(leaf, "customproperties"), "Option", type="Map")
        SubElement(properties, "Option", name="legend/node-order", type="QString", value=lines)
    return leaf


def _title(one: Vector | Cells, language: Language) -> str:
    return one.title if isinstance(one, Vector) else f"{one.layer.title.in_(language)} ({one.layer.unit.in_(language)})"


def _source(one: Vector | Cells, geopackage: str) -> str:
    return f"{geopackage}|layername={one.table}" if isinstance(one, Vector) else one.path


def _vector(one: Vector, geopackage: str, language: Language) -> Element:
    root = Element(
        "maplayer", type="vector", geometry={"polygon": "Polygon", "line": "Line", "point": "Point"}[one.style.geometry], wkbType=one.geometry,
        styleCategories="AllStyleCategories", labelsEnabled=labelled(one.style), hasScaleBasedVisibilityFlag="0",
        simplifyDrawingHints="1", simplifyDrawingTol="1", simplifyMaxScale="1", simplifyAlgorithm="0", simplifyLocal="1",
    )  # fmt: skip
    _identify(root, one.key, _source(one, geopackage), one.title, _CRS)
    SubElement(root, "provider", encoding="UTF-8").text = "ogr"
    add_look(root, one.style, one.columns, language, aliases=one.aliases)
    return root


def _cells(one: Cells, language: Language) -> Element:
    root = Element("maplayer", type="raster", styleCategories="AllStyleCategories", hasScaleBasedVisibilityFlag="0")
    _identify(root, one.key, one.path, _title(one, language), _CRS)
    SubElement(root, "provider").text = "gdal"
    SubElement(root, "pipe").append(renderer(one.layer, one.stops))
    return root


def _background(key: str, title: str, source: str) -> Element:
    root = Element("maplayer", type="raster", styleCategories="AllStyleCategories", hasScaleBasedVisibilityFlag="0")
    _identify(root, key, source, title, _TILES_CRS)
    SubElement(root, "provider").text = "wms"
    pipe = SubElement(root, "pipe")
    SubElement(pipe, "rasterrenderer", type="singlebandcolordata", band="1", opacity="1", alphaBand="-1", nodataColor="")
    return root


def _tiles(url: str) -> str:
    return f"type=xyz&url={url.replace('{', '%7B').replace('}', '%7D')}&zmax=19&zmin=6"


def _identify(root: Element, key: str, source: str, title: str, crs: str) -> None:
    for name, text in {"id": _id(key), "datasource": source, "layername": title}.items():
        SubElement(root, name).text = text
    SubElement(root, "srs").append(_crs(crs))


def _id(key: str) -> str:
    """The id of a layer; QGIS gives those of ten characters and less another."""
    return f"spoorzone_{key}"


def _crs(code: str) -> Element:
    root = Element("spatialrefsys")
    # QGIS looks at the code only where an id of its own stands too; any will do.
    for name, text in {"srsid": code.removeprefix("EPSG:"), "srid": code.removeprefix("EPSG:"), "authid": code}.items():
        SubElement(root, name).text = text
    return root


def _extent(name: str, box: Bbox) -> Element:
    root = Element(name)
    for side, value in zip(("xmin", "ymin", "xmax", "ymax"), box, strict=True):
        SubElement(root, side).text = f"{value:.3f}"
    return root


def _flag(value: bool) -> str:
    return "1" if value else "0"


# --- themes and sheets


def _preset(theme: Theme, groups: Iterable[Group], language: Language) -> Element:
    root = Element("visibility-preset", {"name": theme.title, "has-expanded-info": "1", "has-checked-group-info": "1"})
    for key in theme.keys:
        SubElement(root, "layer", id=_id(key), visible="1", expanded="1", style="default")
    checked = SubElement(root, "checked-group-nodes")
    for title in (*(g.title for g in groups), _PDOK.in_(language)):
        SubElement(checked, "checked-group-node", id=title)
    return root


def _layout(
    theme: Theme, seen: Sequence[Vector | Cells], geopackage: str, box: Bbox, title: str, sources: str, language: Language
) -> Element:  # fmt: skip
    wide, high = _PAGE_MM
    map_mm = wide - 3 * _MARGIN_MM - _SIDE_MM, high - 22 - 22
    side_x = wide - _MARGIN_MM - _SIDE_MM
    name = f"{_SHEET.in_(language)} {theme.title}"
    root = Element("Layout", name=name, units="mm", printResolution="300", worldFileMap="")
    pages = SubElement(root, "PageCollection")
    pages.append(_item("65638", "page", 0, 0, wide, high, name, background=True))
    map_id = _uuid(f"{name}/map")
    shown, scale = _fitted(box, map_mm)
    map_ = _item("65639", "map", _MARGIN_MM, 22, *map_mm, name, frame=True, followPreset="true", followPresetName=theme.title, mapRotation="0")
    SubElement(map_, "Extent", xmin=f"{shown[0]:.3f}", ymin=f"{shown[1]:.3f}", xmax=f"{shown[2]:.3f}", ymax=f"{shown[3]:.3f}")
    root.append(_label(f"{title}: {theme.title}", _MARGIN_MM, 7, wide - 2 * _MARGIN_MM - 20, 12, 20, name, "title"))
    root.append(map_)
    legend = _item(
        "65642", "legend", side_x, 22, _SIDE_MM, map_mm[1] - 30, name, map_uuid=map_id, title=_LEGEND.in_(language), legendFilterByAtlas="0",
        columnCount="1", symbolWidth="6", symbolHeight="3.5", resizeToContents="1", wrapChar="", boxSpace="0", lineSpacing="1",
    )  # fmt: skip
    legend.append(_legend_styles())
    tree = SubElement(legend, "layer-tree-group")
    for one in seen:
        tree.append(_leaf(one, geopackage, seen=True, language=language))
    root.append(legend)
    root.append(_scale_bar(side_x, high - 22 - 22, scale, map_id, name))
    north = _item("65640", "north", wide - _MARGIN_MM - 14, 5, 14, 14, name, mapUuid=map_id, resizeMode="0", mode="2", northMode="0",
                  file=":/images/north_arrows/layout_default_north_arrow.svg", svgFillColor=_INK, svgBorderColor=_INK)  # fmt: skip
    root.append(north)
    # Written by QGIS, so that it stays true when the map is moved.
    said = "1:[% format_number(round(map_get(item_variables('map'), 'map_scale')), 0) %] (A3)"
    root.append(_label(f"{said}   {sources}", _MARGIN_MM, high - 19, wide - 2 * _MARGIN_MM, 14, 7.5, name, "sources"))
    return root


def _fitted(box: Bbox, size_mm: tuple[float, float]) -> tuple[Bbox, int]:
    """The box around the middle of `box` that a map of this size shows at the largest round scale that holds it."""
    west, south, east, north = box
    needed = max((east - west) / size_mm[0], (north - south) / size_mm[1]) * 1000
    scale = next((s for s in _SCALES if s >= needed), int(-(-needed // 50_000) * 50_000))
    half = [s * scale / 2000 for s in size_mm]
    x, y = (west + east) / 2, (south + north) / 2
    return (x - half[0], y - half[1], x + half[0], y + half[1]), scale


def _item(
    type_: str, name: str, x: float, y: float, wide: float, high: float, of: str, *, frame: bool = False, background: bool = False, **more: str
) -> Element:  # fmt: skip
    identity = _uuid(f"{of}/{name}")
    at = f"{x:g},{y:g},mm"
    attributes: dict[str, str] = {
        "type": type_, "uuid": identity, "templateUuid": identity, "id": name, "position": at, "positionOnPage": at, "size": f"{wide:g},{high:g},mm",
        "referencePoint": "0", "frame": "true" if frame else "false", "outlineWidthM": "0.2,mm", "background": "true" if background else "false",
        "visibility": "1", "opacity": "1", "itemRotation": "0", "blendMode": "0", "zValue": "1", "excludeFromExports": "0", "positionLock": "false", "groupUuid": "",
    }  # fmt: skip
    item = Element("LayoutItem", attributes | more)
    SubElement(item, "FrameColor", red="138", green="148", blue="156", alpha="255")
    SubElement(item, "BackgroundColor", red="255", green="255", blue="255", alpha="255")
    return item


def _label(text: str, x: float, y: float, wide: float, high: float, size_pt: float, of: str, name: str) -> Element:
    item = _item("65641", name, x, y, wide, high, of, labelText=text, htmlState="0", halign="1", valign="32", marginX="0", marginY="0")
    item.append(_text_style(size_pt))
    SubElement(item, "LabelFont", description=f"Sans,{size_pt:g},-1,5,50,0,0,0,0,0", style="")
    SubElement(item, "FontColor", red="38", green="50", blue="61", alpha="255")
    return item


def _legend_styles() -> Element:
    root = Element("styles")
    for name, size, above in (("title", 13, 0), ("group", 10, 2), ("subgroup", 9.5, 3), ("symbolLabel", 8.5, 1)):
        style = SubElement(root, "style", name=name, alignment="1", indent="0", marginTop=f"{above:g}", marginBottom="1", marginLeft="0" if name != "symbolLabel" else "2")
        style.append(_text_style(size))
    SubElement(root, "style", name="symbol", alignment="1", indent="0", marginTop="1.2")
    return root


def _scale_bar(x: float, y: float, scale: int, map_id: str, of: str) -> Element:
    """Four parts of a round length, together no wider than its column."""
    fits_m = (_SIDE_MM - 20) / 1000 * scale / 2
    part_m = next(s for s in (2000, 1000, 500, 250, 200, 100, 50, 25, 20, 10) if s <= fits_m or s == 10)
    item = _item(
        "65646", "scale", x, y, _SIDE_MM, 15, of, mapUuid=map_id, style="Single Box", unitType="meters", unitLabel="m",
        numMapUnitsPerScaleBarUnit="1", numUnitsPerSegment=str(part_m), numSegments="2", numSegmentsLeft="0", segmentSizeMode="0",
        segmentMillimeters=f"{part_m / scale * 1000:g}", height="2.5", labelBarSpace="2", boxContentSpace="0", minBarWidth="20", maxBarWidth="90",
        alignment="0", outlineWidth="0.2", lineJoinStyle="miter", lineCapStyle="square", labelVerticalPlacement="0", labelHorizontalPlacement="0",
    )  # fmt: skip
    item.append(_text_style(9))
    SubElement(item, "fillColor", red="38", green="50", blue="61", alpha="255")
    SubElement(item, "fillColor2", red="255", green="255", blue="255", alpha="255")
    SubElement(item, "strokeColor", red="38", green="50", blue="61", alpha="255")
    return item


def _text_style(size_pt: float) -> Element:
    return Element("text-style", fontFamily="Sans", fontSize=f"{size_pt:g}", fontSizeUnit="Point", fontWeight="50", textColor=_INK, textOpacity="1", multilineHeight="1")


def _uuid(text: str) -> str:
    return "{" + str(uuid.uuid5(uuid.NAMESPACE_URL, f"spoorzone/{text}")) + "}"
