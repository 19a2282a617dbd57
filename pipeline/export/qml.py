"""A style as QGIS writes it down itself (QML), for QGIS 3.22 and later."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from ..contract import Column, Language
from .styles import INK, Geometry, Look, Style, StyleClass

_SYMBOL: Mapping[Geometry, str] = {"polygon": "fill", "line": "line", "point": "marker"}
_GEOMETRY_TYPE: Mapping[Geometry, str] = {"point": "0", "line": "1", "polygon": "2"}
_NO_DATA = "#b4b4b4"


def qml(style: Style, columns: Sequence[Column], language: Language, *, aliases: Mapping[str, str]) -> str:
    """Write `style` as QML.

    Parameters
    ----------
    style
        How the layer is drawn.
    columns
        The columns of the table; the one that is classified gives the legend its heading.
    aliases
        Column name -> what QGIS shows in its place.

    Notes
    -----
    Classes become rules instead of QGIS's own graduated classes: there a value on a break falls into the class
    below, and what has no value is not drawn at all.
    """
    root = Element("qgis", version="3.22.0", styleCategories="AllStyleCategories", labelsEnabled=labelled(style))
    add_look(root, style, columns, language, aliases=aliases)
    indent(root, " ")
    return "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n" + tostring(root, encoding="unicode") + "\n"


def labelled(style: Style) -> str:
    """Whether names are written, as QGIS writes that."""
    return _flag(bool(style.name))


def add_look(
    root: Element, style: Style, columns: Sequence[Column], language: Language, *, aliases: Mapping[str, str]
) -> None:
    """Add what a QML says of a layer to `root`: a project says the same of each of its layers."""
    if style.kind == "single":
        renderer = SubElement(root, "renderer-v2", type="singleSymbol", symbollevels=_flag(False))
        SubElement(renderer, "symbols").append(_symbol("0", style.geometry, style.look, style.look.colour))
    else:
        heading = next((c.heading(language) for c in columns if c.name == style.column), style.column)
        renderer = _rules(style, heading, language)
        root.append(renderer)
    if style.order:
        renderer.set("enableorderby", _flag(True))
        clause = SubElement(SubElement(renderer, "orderby"), "orderByClause", asc="1", nullsFirst="0")
        clause.text = f'"{style.order}"'
    if style.name:
        root.append(_names(style))
    SubElement(root, "layerOpacity").text = f"{style.look.opacity:g}"
    listed = SubElement(root, "aliases")
    for field, alias in aliases.items():
        SubElement(listed, "alias", field=field, name=alias)
    SubElement(root, "previewExpression").text = f'"{style.name.column}"' if style.name else ""
    SubElement(root, "layerGeometryType").text = _GEOMETRY_TYPE[style.geometry]


def condition(style: Style, one: StyleClass) -> str:
    """The QGIS expression that picks the rows of a class; ``ELSE`` takes what is left."""
    what = style.expression or f'"{style.column}"'
    if one.values:
        return f"{what} IN ({', '.join(_literal(v) for v in one.values)})"
    parts = []
    if one.lower is not None:
        parts.append(f"{what} >= {one.lower:.12g}")
    if one.upper is not None:
        parts.append(f"{what} < {one.upper:.12g}")
    return " AND ".join(parts) or "ELSE"


def _rules(style: Style, heading: str, language: Language) -> Element:
    renderer = Element("renderer-v2", type="RuleRenderer", symbollevels=_flag(False))
    root = SubElement(renderer, "rules", key=_key(style, "root"))
    # A rule without symbol is the heading of the rules in it.
    group = SubElement(root, "rule", key=_key(style, "group"), label=heading)
    symbols = SubElement(renderer, "symbols")
    for number, (label, filter_, symbol) in enumerate(_entries(style, language)):
        name = str(number)
        SubElement(group, "rule", key=_key(style, name), filter=filter_, label=label, symbol=name)
        symbol.set("name", name)
        symbols.append(symbol)
    return renderer


def _entries(style: Style, language: Language) -> Iterator[tuple[str, str, Element]]:
    for one in style.classes:
        yield (
            one.label.in_(language),
            condition(style, one),
            _symbol("", style.geometry, one.look or style.look, one.colour),
        )
    if style.missing is not None:
        label, test = style.missing.in_(language), f'"{style.column}" IS NULL'
        # ELSE would take these rows as well, were it not for this rule.
        yield (
            label,
            test,
            _hatch(style.look) if style.geometry == "polygon" else _symbol("", style.geometry, style.look, _NO_DATA),
        )


def _symbol(name: str, geometry: Geometry, look: Look, colour: str | None) -> Element:
    symbol = _empty(name, _SYMBOL[geometry])
    if geometry == "polygon":
        _layer(symbol, "SimpleFill", _fill(look, colour))
    elif geometry == "point":
        _layer(symbol, "SimpleMarker", {
            "name": "circle", "color": _rgba(colour), "outline_color": _rgba(look.outline), "outline_style": _pen(look.outline),
            "outline_width": _mm(look.width_mm), "outline_width_unit": "MM", "size": _mm(look.size_mm), "size_unit": "MM",
        })  # fmt: skip
    else:
        if look.outline:
            _layer(symbol, "SimpleLine", _line(look.outline, look.width_mm * 1.8))
        _layer(symbol, "SimpleLine", _line(colour, look.width_mm, look.dash_mm))
    return symbol


def _fill(look: Look, colour: str | None) -> dict[str, str]:
    return {
        "color": _rgba(colour), "style": "solid" if colour else "no", "joinstyle": "miter",
        "outline_color": _rgba(look.outline), "outline_style": "dash" if look.dash_mm else _pen(look.outline),
        "outline_width": _mm(look.width_mm), "outline_width_unit": "MM",
    }  # fmt: skip


def _line(colour: str | None, width_mm: float, dash_mm: tuple[float, ...] = ()) -> dict[str, str]:
    return {
        "line_color": _rgba(colour), "line_style": "solid", "line_width": _mm(width_mm), "line_width_unit": "MM",
        "capstyle": "flat", "joinstyle": "round", "use_custom_dash": _flag(bool(dash_mm)),
        "customdash": ";".join(_mm(d) for d in dash_mm) or "5;2", "customdash_unit": "MM",
    }  # fmt: skip


def _hatch(look: Look) -> Element:
    symbol = _empty("", "fill")
    pattern = _layer(symbol, "LinePatternFill", {
        "angle": "45", "distance": "1.4", "distance_unit": "MM", "line_width": "0.2", "line_width_unit": "MM", "color": _rgba(_NO_DATA),
    })  # fmt: skip
    stroke = SubElement(pattern, "symbol", name="@0@0", type="line", alpha="1", clip_to_extent="1", force_rhr="0")
    _layer(stroke, "SimpleLine", _line(_NO_DATA, 0.2))
    _layer(symbol, "SimpleFill", _fill(Look(outline=look.outline and _NO_DATA), None))
    return symbol


def _names(style: Style) -> Element:
    labeling = Element("labeling", type="simple")
    if style.name is None:
        return labeling
    settings = SubElement(labeling, "settings", calloutType="simple")
    text = SubElement(settings, "text-style", {
        "fieldName": style.name.column, "isExpression": "0", "fontFamily": "Arial", "fontWeight": "63", "fontSize": f"{style.name.size_pt:g}",
        "fontSizeUnit": "Point", "textColor": _rgba(INK), "textOpacity": "1", "namedStyle": "",
    })  # fmt: skip
    SubElement(text, "text-buffer", {
        "bufferDraw": "1", "bufferSize": "1", "bufferSizeUnits": "MM", "bufferColor": _rgba("#ffffff"), "bufferOpacity": "0.9", "bufferJoinStyle": "128",
    })  # fmt: skip
    SubElement(
        settings, "text-format", wrapChar="", autoWrapLength="22", useMaxLineLengthForAutoWrap="1", multilineAlign="1"
    )
    placement = (
        {"placement": "6", "dist": "1", "distUnits": "MM", "offsetType": "1"}
        if style.geometry == "point"
        else {"placement": "1"}
    )
    SubElement(settings, "placement", {"priority": "5", "centroidInside": "1", "centroidWhole": "0", **placement})
    SubElement(settings, "rendering", {
        "drawLabels": "1", "obstacle": "1", "scaleVisibility": _flag(bool(style.name.below)), "scaleMin": "0", "scaleMax": str(style.name.below),
    })  # fmt: skip
    return labeling


def _empty(name: str, type_: str) -> Element:
    return Element("symbol", name=name, type=type_, alpha="1", clip_to_extent="1", force_rhr="0")


def _layer(symbol: Element, class_: str, options: Mapping[str, str]) -> Element:
    layer = SubElement(symbol, "layer", {"class": class_, "enabled": "1", "locked": "0", "pass": "0"})
    listed = SubElement(layer, "Option", type="Map")
    for name, value in options.items():
        SubElement(listed, "Option", name=name, type="QString", value=value)
    return layer


def _literal(value: str | int) -> str:
    return str(value) if isinstance(value, int) else "'" + value.replace("'", "''") + "'"


def _rgba(colour: str | None) -> str:
    if colour is None:
        return "0,0,0,0"
    return ",".join(str(int(colour[i : i + 2], 16)) for i in (1, 3, 5)) + ",255"


def _pen(colour: str | None) -> str:
    return "solid" if colour else "no"


def _mm(value: float) -> str:
    return f"{value:g}"


def _flag(value: bool) -> str:
    return "1" if value else "0"


def _key(style: Style, part: str) -> str:
    """A rule wants a unique key; made from what it is about, it is the same each time."""
    return "{" + str(uuid.uuid5(uuid.NAMESPACE_URL, f"{style.geometry}/{style.column}/{part}")) + "}"
