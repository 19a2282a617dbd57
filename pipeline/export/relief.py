"""Heights of one tile as a designer wants them: the ground, what stands on it, and the crowns of trees."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ..contract import Text
from ..grid import Cells, Tile, means
from ..palettes import CANOPY, OBJECT_HEIGHT, Classes
from ..zonal import burn, mark


@dataclass(frozen=True)
class RasterLayer:
    """One raster for others; `classes` None: a ramp from its lowest cell to its highest."""

    name: str
    title: Text
    unit: Text
    classes: Classes | None


_NAP = Text("m NAP", "m NAP")
GROUND = RasterLayer("hoogte_maaiveld", Text("Hoogte van het maaiveld", "Height of the ground"), _NAP, None)
SURFACE = RasterLayer("hoogte_oppervlak", Text("Hoogte van het oppervlak, met gebouwen en bomen", "Height of the surface, with buildings and trees"), _NAP, None)
OBJECTS = RasterLayer("objecthoogte", Text("Hoogte van wat er staat", "Height of what stands there"), Text("m boven maaiveld", "m above the ground"), OBJECT_HEIGHT)
TREES = RasterLayer("boomkroon", Text("Boomkronen", "Tree canopy"), Text("deel van de cel", "share of the cell"), CANOPY)
RELIEF: tuple[RasterLayer, ...] = (GROUND, SURFACE, OBJECTS, TREES)


def relief(
    tile: Tile,
    ground: Cells,
    surface: Cells,
    trees: npt.NDArray[np.bool_],
    searched: npt.NDArray[np.bool_],
    panden: npt.NDArray[Any],
    pand_ground_m: npt.NDArray[np.float64],
    area: Any,
    factor: int,
) -> Mapping[str, Cells]:
    """Give the cells of every raster of `RELIEF` in one tile, by name; NaN outside `area` and where not known.

    Parameters
    ----------
    ground, surface
        DTM and DSM, m NAP; NaN: not measured.
    trees, searched
        As `indicators.heights.tree_cells` marks them.
    panden, pand_ground_m
        Buildings in the tile and the ground around each, m NAP; NaN: not known. The DTM has no ground below a
        building, so that the height of what stands there is taken from this.
    area
        Polygon in metres RD.
    factor
        Cells along the side of one that is given: the mean of those that are known; of trees the share under crowns.

    Notes
    -----
    Height of what stands: surface less ground, not below 0, which it is by what a laser measures twice.
    """
    side = len(ground)
    inside = mark(np.array([area]), tile, side)
    below = np.where(np.isnan(ground), burn(panden, pand_ground_m, tile, side), ground)
    height = np.maximum(surface - below, np.float32(0))
    canopy = np.where(searched, trees.astype(np.float32), np.float32(np.nan))
    found = {GROUND.name: ground, SURFACE.name: surface, OBJECTS.name: height, TREES.name: canopy}
    masked = {name: np.where(inside, cells, np.float32(np.nan)).astype(np.float32) for name, cells in found.items()}
    return masked if factor == 1 else {name: means(cells, factor) for name, cells in masked.items()}
