"""What a design program gets: outlines, symbols and texts on layers, in metres RD or around a local origin."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from ..contract import Text

Symbol = Literal["station", "tree"]


class Origin(NamedTuple):
    """The place in metres RD that is 0, 0 in a local copy; heights stay metres NAP."""

    x_m: float
    y_m: float


#: A file in true RD.
RD = Origin(0.0, 0.0)


@dataclass(frozen=True)
class Outlines:
    """Areas or lines on one layer.

    Attributes
    ----------
    layer
        Name of the layer: capitals, digits and underscores.
    title
        What the layer holds.
    colour
        As ``#rrggbb``.
    shapes
        EPSG:28992, the index a key. Of an area every ring is a closed polyline.
    height_m
        Height of each shape, m NAP, by the same key; a shape without one is left out. None: all lie at 0.
    """

    layer: str
    title: Text
    colour: str
    shapes: gpd.GeoSeries
    height_m: pd.Series | None = None


@dataclass(frozen=True)
class Symbols:
    """Points on one layer, each the same symbol; ``size_m`` is its diameter."""

    layer: str
    title: Text
    colour: str
    points: gpd.GeoSeries
    symbol: Symbol
    size_m: float


@dataclass(frozen=True)
class Texts:
    """Texts on one layer: ``texts`` by the key of ``points``, which is where their middle is; letters ``size_m`` high.

    ``turns_deg`` says how each is turned, counter-clockwise from the east; None: none is.
    """

    layer: str
    title: Text
    colour: str
    points: gpd.GeoSeries
    texts: pd.Series
    size_m: float
    turns_deg: pd.Series | None = None


@dataclass(frozen=True)
class Drawing:
    """All layers in the order in which they lie, the lowest first, and what is to be known of them."""

    parts: tuple[Outlines | Symbols | Texts, ...]
    notes: tuple[str, ...] = field(default=())
