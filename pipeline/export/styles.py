"""How each layer looks when QGIS opens it: data only, `qml` writes it down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from ..contract import LINE, POINT, ContractError, Layer, Text
from ..palettes import (
    AUTHORITY,
    BARE,
    BUILDING_HEIGHT,
    CLASSES,
    CONSTRUCTION,
    GREEN,
    LAND_USE,
    LARGE_SQUARE,
    MIXED_USE,
    NO_ADDRESS,
    OTHER_USE,
    ROAD,
    SQUARE,
    USE,
    VERGE,
    Category,
    Classes,
    construction_legend,
)
from .declaration import base_name

Geometry = Literal["polygon", "line", "point"]
Kind = Literal["single", "categories", "graduated"]

NO_DATA = Text("Geen gegevens", "No data")
_BELOW = Text("Onder de grond", "Below the ground")
#: Colour of ink: lines, names, hatching.
INK = "#26323d"
_WHITE = "#ffffff"
#: Border between areas: seen on the palest class and on the darkest.
_EDGE = "#8a949c"
_CORRIDOR = "#c2185b"
#: Water, from the ground map to the map around it.
_WATER = "#a6cfea"
#: Buildings on the ground map, where no year colours them.
_BUILT, _BUILT_EDGE = "#b08d7d", "#7d5f52"


@dataclass(frozen=True)
class Look:
    """What all classes of a style share; sizes in millimetres on paper.

    Attributes
    ----------
    colour
        Fill of a polygon, colour of a line or marker, where the style is ``single``; None for no fill.
    outline
        Edge of a polygon or marker, or what a line is laid upon; None for none. What is small on the map has
        none: seen from afar there would be nothing but edges.
    width_mm
        Width of the edge, or of the line.
    size_mm
        Size of a marker.
    dash_mm
        Lengths of dash and gap, alternating; empty for an unbroken line.
    opacity
        Of the whole layer.
    """

    colour: str | None = None
    outline: str | None = None
    width_mm: float = 0.1
    size_mm: float = 2.0
    dash_mm: tuple[float, ...] = ()
    opacity: float = 1.0


@dataclass(frozen=True)
class StyleClass:
    """One entry of the legend.

    It takes the rows with one of `values`; or from `lower` (included) to `upper` (excluded); without any of
    these the rows that no other class takes. `colour` None: not filled. `look` is its own, where the style's will not do.
    """

    label: Text
    colour: str | None
    lower: float | None = None
    upper: float | None = None
    values: tuple[str | int, ...] = ()
    look: Look | None = None


@dataclass(frozen=True)
class Name:
    """Which column is written on the map; `below` is the scale (1:n) from which on, 0 for always."""

    column: str
    size_pt: float = 8.0
    below: int = 0


@dataclass(frozen=True)
class Style:
    """How a layer is drawn.

    Attributes
    ----------
    column
        The column that is classified; empty for kind ``single``.
    expression
        A QGIS expression to classify by, where that is not the column itself.
    missing
        Legend text of the rows whose column is NULL; they are hatched (polygons) or grey.
    order
        The column by which rows are drawn, lowest first; empty where that does not matter.
    """

    kind: Kind
    geometry: Geometry
    look: Look
    column: str = ""
    expression: str = ""
    classes: tuple[StyleClass, ...] = ()
    missing: Text | None = None
    name: Name | None = None
    order: str = ""

    def plain(self) -> Style:
        """The same without classes, for a table that lacks the column."""
        return replace(
            self, kind="single", column="", expression="", classes=(), missing=None, order="",
            look=replace(self.look, colour=self.look.colour or "#d9d9d9"),
        )  # fmt: skip


def graduated(
    column: str, classes: Classes, look: Look, *, geometry: Geometry = "polygon", name: Name | None = None
) -> Style:
    """Colour by the classes of a number."""
    rows = zip(classes.labels("nl"), classes.labels("en"), classes.colours, classes.ranges, strict=True)
    made = tuple(StyleClass(Text(nl, en), colour, low, high) for nl, en, colour, (low, high) in rows)
    return Style("graduated", geometry, look, column, "", made, NO_DATA, name)


def _categories(
    column: str, expression: str, categories: tuple[Category, ...], geometry: Geometry, look: Look
) -> Style:
    made = tuple(StyleClass(c.label, c.colour, values=c.values) for c in categories)
    return Style("categories", geometry, look, column, expression, made, NO_DATA)


def _construction() -> Style:
    legends = zip(construction_legend("nl"), construction_legend("en"), strict=True)
    labels = [Text(nl, en) for (nl, _), (en, _) in legends]
    style = graduated("construction_year", CONSTRUCTION, Look())
    return replace(style, classes=tuple(replace(c, label=t) for c, t in zip(style.classes, labels, strict=True)))


def _units(column: str, *, edge_mm: float = 0.15, named_below: int | None = None, opacity: float = 1.0) -> Style:
    name = None if named_below is None else Name("unit_name", size_pt=7.5, below=named_below)
    look = Look(outline=_EDGE if edge_mm else None, width_mm=edge_mm, opacity=opacity)
    return graduated(column, CLASSES[column], look, name=name)


def _ground(column: str, categories: tuple[Category, ...]) -> Style:
    """Part of the ground map: what lies above is drawn later, what lies below the ground as an outline only."""
    style = _categories(column, f'if("level" < 0, \'below\', "{column}")', categories, "polygon", Look())
    below = StyleClass(_BELOW, None, values=("below",), look=Look(outline=INK, width_mm=0.15, dash_mm=(1, 1)))
    return replace(style, classes=(*style.classes, below), missing=None, order="level")


def _authority() -> Style:
    style = _categories("road_authority", "", AUTHORITY, "line", Look())
    looks = [Look(width_mm=w) for w in (0.9, 0.6, 0.3, 0.3)]
    classes = tuple(replace(c, look=look) for c, look in zip(style.classes, looks, strict=True))
    return replace(style, classes=classes, missing=None)


def _plain(colour: str | None, outline: str | None = None, width_mm: float = 0.1) -> Style:
    return Style("single", "polygon", Look(colour=colour, outline=outline, width_mm=width_mm))


_OUTLINE = Style("single", "polygon", Look(outline=_CORRIDOR, width_mm=0.8, dash_mm=(4, 1.5)))
_STOP = Style(
    "single",
    "point",
    Look(colour=_WHITE, outline=INK, width_mm=0.6, size_mm=3.2),
    name=Name("station_name", size_pt=10),
)

_STYLES: Mapping[str, Style] = {
    "corridor": _OUTLINE,
    "corridor_outline": _OUTLINE,
    "axis": Style("single", "line", Look(colour=_CORRIDOR, width_mm=0.6)),
    "station": _STOP,
    "corridor_station": _STOP,
    "spooras": Style("single", "line", Look(colour=_WHITE, outline=INK, width_mm=0.5, dash_mm=(2, 2))),
    "gemeente": _units("inhabitants_per_km2", edge_mm=0.4, named_below=0),
    "wijk": _units("inhabitants_per_km2", edge_mm=0.25, named_below=150_000),
    "buurt": _units("inhabitants_per_km2", named_below=50_000),
    "own": _units("dwellings_per_ha", edge_mm=0.4, named_below=50_000),
    "block": _units("fsi_gross", edge_mm=0.05),
    "square_1km": _units("inhabitants_per_km2", edge_mm=0.05),
    "square_500m": _units("inhabitants_per_km2", edge_mm=0.05),
    "square_100m": _units("inhabitants_per_km2", edge_mm=0),
    "hexagon": _units("dwellings_per_ha", edge_mm=0.05),
    "catchment": _units("dwellings_per_ha", edge_mm=0.3, named_below=50_000, opacity=0.8),
    "section": _units("dwellings_per_ha", edge_mm=0.1),
    "vierkant_100m": graduated("inhabitants_count", SQUARE, Look()),
    "pand": _construction(),
    "verblijfsobject": _categories(
        # With more than one use they stand in one text, comma-separated.
        "use", "if(strpos(\"use\", ',') > 0, 'mixed', \"use\")",
        (*USE, replace(MIXED_USE, values=("mixed",)), OTHER_USE), "point", Look(size_mm=0.9),
    ),
    "bodemgebruik": _categories("bbg_code", 'floor("bbg_code" / 10)', LAND_USE, "polygon", Look()),
    "bodemgebruik_nieuw": _categories("nbbg_code", 'floor("nbbg_code" / 10)', LAND_USE, "polygon", Look()),
    "vierkant_500m": graduated("inhabitants_count", LARGE_SQUARE, Look(outline=_EDGE, width_mm=0.05)),
    "bgt_begroeidterreindeel": _ground("cover", GREEN),
    "bgt_onbegroeidterreindeel": _ground("cover", BARE),
    "bgt_wegdeel": _ground("function", ROAD),
    "bgt_ondersteunendwegdeel": _ground("function", VERGE),
    "bgt_waterdeel": _plain(_WATER),
    "bgt_ondersteunendwaterdeel": _plain("#cbe2d2"),
    "bgt_pand": _plain(_BUILT, _BUILT_EDGE),
    "bgt_overigbouwwerk": _plain("#d6c1b5", _BUILT_EDGE),
    "bgt_kunstwerkdeel": _plain("#8b8f94", INK),
    "bgt_scheiding": _plain("#4b4f55"),
    "bgt_spoor": Style("single", "line", Look(colour=INK, width_mm=0.35)),
    "bgt_vegetatieobject": Style("single", "point", Look(colour="#5f9a52", outline="#3d6b37", width_mm=0.05, size_mm=0.45)),
    "wegvak": _authority(),
    "top10nl_water": _plain(_WATER),
    "top10nl_functional_area": Style(
        "single", "polygon", Look(outline="#5d7a3a", width_mm=0.3, dash_mm=(3, 1.5)), name=Name("name", below=50_000)
    ),
    "perceel": Style("single", "polygon", Look(outline="#6b7680", width_mm=0.12), name=Name("parcel_number", 6, below=2500)),
}  # fmt: skip
#: By the uses of its addresses; with more than one they stand in one text, comma-separated.
_PAND_USE = replace(
    _categories(
        "use", "if(\"use\" = '', 'none', if(strpos(\"use\", ',') > 0, 'mixed', \"use\"))",
        (*USE, replace(MIXED_USE, values=("mixed",)), replace(NO_ADDRESS, values=("none",)), OTHER_USE), "polygon", Look(),
    ),
    missing=None,
)  # fmt: skip
_OTHER_STYLES: Mapping[str, tuple[tuple[Text, Style], ...]] = {
    "pand": (
        (Text("Functie", "Use"), _PAND_USE),
        (Text("Hoogte", "Height"), graduated("height_m", BUILDING_HEIGHT, Look())),
    ),
}
_GREY = "#9aa3ab"


def default_style(name: str) -> Style:
    """Give the look of the layer called `name`; the part in the corridor looks like the whole.

    Raises
    ------
    ContractError
        When there is no such layer.
    """
    base = base_name(name)
    if base not in _STYLES:
        msg = f"{name}: has no style; there are {', '.join(_STYLES)}"
        raise ContractError(msg)
    return _STYLES[base]


def other_styles(name: str) -> tuple[tuple[Text, Style], ...]:
    """Other looks of the layer called `name`, each with its title."""
    return _OTHER_STYLES.get(base_name(name), ())


def layer_style(layer: Layer, name: str) -> Style:
    """Give the look of `layer`, that is exported as `name`; plain grey where none was made for it."""
    if base_name(name) in _STYLES:
        return default_style(name)
    if layer.geometry == POINT:
        return Style("single", "point", Look(colour=_GREY, size_mm=1.2))
    if layer.geometry == LINE:
        return Style("single", "line", Look(colour=_GREY, width_mm=0.3))
    return Style("single", "polygon", Look(colour=_GREY, outline=_WHITE))
