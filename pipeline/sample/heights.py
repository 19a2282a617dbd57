"""Ground and surface heights, as the AHN has them: sheets of half a metre, with holes where the laser saw nothing.

The ground rises gently from west to east, with ridges and hollows, and the railway lies on a low bank. Buildings stand
as high as they have storeys, houses under a roof; woods, parks and streets have trees. It was flown in 2021: what was
built from that year on is missing from the surface, and the ground under it is known.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from shapely.ops import substring

from .. import store
from ..contract import CRS
from . import places
from .kinds import HOUSES
from .sheets import LETTERS, SHEET_M, SHEETS, path
from .stock import Stock
from .terrain import Terrain

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Cells = NDArray[np.float32]

#: Heights are known this far from the track, between the first and the last of the stations of the main line.
REACH_M = 1_300.0
#: Buildings from this year on were not there yet.
FLOWN = 2021
STOREY_M = 3.0
CELL_M = 0.5
#: Cells of open ground that have one height, a side: it rises three centimetres from one to the next where it is steepest.
_EVEN = 4
#: The highest float32: what AHN writes where it has nothing.
NODATA = float(np.finfo(np.float32).max)
_BLOCK = 512
#: Cells made at a time, a side: whole blocks.
_WINDOW = 2 * _BLOCK
_WOODED: Mapping[str, float] = {
    "forest": 8.0, "park": 15.0, "cemetery": 12.0, "green": 18.0, "recreation": 18.0, "allotment": 22.0,
    "campus": 26.0, "villa": 20.0, "care": 24.0, "wet": 30.0,
}  # fmt: skip
#: Metres between trees along a street.
_ALONG_M = 16.0
_ROOF_SLOPE = 0.55
#: How far the railway lies above the land.
_BANK_M = 0.9
#: Radius of the crowns in cells, and how high such a tree is in metres: from, to.
_CROWNS: tuple[tuple[int, float, float], ...] = ((4, 4.5, 7.0), (6, 7.0, 11.0), (9, 11.0, 18.0))


@dataclass(frozen=True)
class _Scene:
    """What stands in the area, ready to be drawn window by window."""

    area: Any
    water: Any
    bank: Any
    buildings: list[dict[str, Any]]
    tree: shapely.STRtree
    #: Per building: level of its eaves (m NAP), direction across the ridge (0,0: flat), distance of the ridge along it,
    #: and half its depth.
    roof: NDArray[np.float64]
    #: Per size of crown: x, y and height above ground of each tree.
    crowns: tuple[NDArray[np.float64], ...]


def write(folder: Path, ground: Terrain, made: Stock, seed: int) -> None:
    """Write the sheets of both rasters into ``ahn_dtm`` and ``ahn_dsm``: float32, m NAP, EPSG:28992.

    Only blocks that hold something are in the files. The same bytes every time.

    Raises
    ------
    PipelineError
        When the disk refuses.
    """
    scene = _scene(ground, made, seed)
    for name, corner in SHEETS.items():
        _write_sheet(folder, name, corner, scene)


def level(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
    """Height of the ground in m NAP at each of the points x, y; some 17 m in the west of the line, 40 m in the east."""
    return np.asarray((_along_y(y) * _along_x(x)).sum(axis=1))


#: Height in metres, lengths along x and y in metres, and phase of the ridges and hollows.
_WAVES = ((1.4, 410.0, 530.0, 0.6), (0.45, 120.0, 150.0, 1.9), (0.12, 37.0, 31.0, 0.2))


def _along_x(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """What x adds to each term of the height: a row per point. The terms are products of these and of `_along_y`."""
    slope = 28.5 + 12.5 * np.tanh((x - 254_600) / 3_900)
    return np.stack([slope, np.ones_like(x), *(h * np.sin(x / a + p) for h, a, _, p in _WAVES)], axis=1)


def _along_y(y: NDArray[np.float64]) -> NDArray[np.float64]:
    """What y adds to each term of the height: a row per point."""
    return np.stack([np.ones_like(y), 0.0004 * (y - 473_500), *(np.cos(y / b + p) for _, _, b, p in _WAVES)], axis=1)


def _ground(west: float, north: float, width: int, height: int) -> Cells:
    """`level` of a window by squares of `_EVEN` cells, in whole centimetres: it is less to work out and to keep."""
    side = _EVEN * CELL_M
    x, y = west + side * np.arange(0.5, width // _EVEN), north - side * np.arange(0.5, height // _EVEN)
    metres = np.zeros((len(y), len(x)), dtype=np.float32)
    # Term by term: a matrix product would start threads that wait for each other longer than they work.
    for along_y, along_x in zip(_along_y(y).T, 100 * _along_x(x).T, strict=True):
        metres += along_y.astype(np.float32)[:, None] * along_x.astype(np.float32)
    return np.repeat(np.repeat(_centimetres(metres), _EVEN, axis=1), _EVEN, axis=0)


def _centimetres(hundredfold: Cells) -> Cells:
    """Hundredfold heights as metres, rounded, in their place."""
    np.rint(hundredfold, out=hundredfold)
    hundredfold /= np.float32(100)
    return hundredfold


def trees(ground: Terrain, made: Stock, seed: int) -> NDArray[np.float64]:
    """Give where trees stand: x and y, metres RD, a row per tree."""
    area = _area(ground)
    return np.concatenate([c[:, :2] for c in _crowns(ground, made, area, _water(ground, made, area), seed)])


def _area(ground: Terrain) -> Any:
    line = ground.rail["main"]
    ends = sorted(line.project(shapely.Point(s.x, s.y)) for s in places.STATIONS if s.code in ("Hgl", "Es"))
    area = substring(line, *ends).buffer(REACH_M)
    shapely.prepare(area)
    return area


def _water(ground: Terrain, made: Stock, area: Any) -> Any:
    lakes = made.cells.loc[made.cells["content"] == "lake", "geometry"].to_numpy()
    return shapely.intersection(shapely.union_all([ground.water_strip, *lakes]), area)


def _scene(ground: Terrain, made: Stock, seed: int) -> _Scene:
    area = _area(ground)
    panden = made.panden
    near = shapely.intersects(area, panden["geometry"].to_numpy())
    standing = panden[near & (panden["fate"] == "stock") & (panden["year"] < FLOWN)]
    water = _water(ground, made, area)
    shapes = standing["geometry"].to_numpy()
    return _Scene(
        area=area,
        water=water,
        bank=shapely.intersection(ground.rail_strip, area),
        buildings=_geojson(shapes),
        tree=shapely.STRtree(shapes),
        roof=_roofs(standing),
        crowns=_crowns(ground, made, area, water, seed),
    )


def _geojson(polygons: NDArray[Any]) -> list[dict[str, Any]]:
    """Polygons as GeoJSON, all at once: one by one it takes longer than drawing them."""
    _, xy, (rings, shapes) = shapely.to_ragged_array(list(polygons))
    lines = [xy[a:b].tolist() for a, b in pairwise(rings)]
    return [{"type": "Polygon", "coordinates": lines[a:b]} for a, b in pairwise(shapes)]


def _roofs(standing: Any) -> NDArray[np.float64]:
    middle = shapely.get_coordinates(shapely.centroid(standing["geometry"].to_numpy()))
    eaves = level(middle[:, 0], middle[:, 1]) + STOREY_M * standing["floors"].to_numpy()
    house = (standing["kind"].isin(HOUSES) & standing["ux"].notna()).to_numpy()
    across = np.where(house[:, None], np.c_[-standing["uy"].to_numpy(), standing["ux"].to_numpy()], 0.0)
    ridge = (middle * across).sum(axis=1)
    deep = np.where(house, (standing["d"] - standing["c"]).abs().to_numpy() / 2, 0.0)
    return np.asarray(np.c_[np.round(eaves, 2), across, ridge, np.nan_to_num(deep)], dtype=np.float64)


def _crowns(ground: Terrain, stock: Stock, area: Any, water: Any, seed: int) -> tuple[NDArray[np.float64], ...]:
    """Trees in woods and parks on a shaken raster, and along the streets between the blocks."""
    cells, rng = stock.cells, np.random.default_rng([seed, 9])
    blocked = shapely.union_all([water, ground.rail_strip])
    here = cells[shapely.intersects(area, cells["geometry"].to_numpy())]
    points = []
    for content, apart in _WOODED.items():
        for green in here.loc[here["content"] == content, "geometry"]:
            west, south, east, north = shapely.bounds(green)
            x, y = np.meshgrid(np.arange(west, east, apart), np.arange(south, north, apart))
            xy = np.c_[x.ravel(), y.ravel()] + rng.uniform(-0.42, 0.42, (x.size, 2)) * apart
            points.append(xy[shapely.contains_xy(green, xy)])
    built = here[~here["content"].isin([*_WOODED, "meadow", "farm", "heath", "wet", "works", "lake"])]
    kerb = shapely.buffer(built["geometry"].to_numpy(), -(built["street"].to_numpy() - 1.5).clip(1), quad_segs=1)
    xy = shapely.get_coordinates(shapely.segmentize(shapely.boundary(kerb), _ALONG_M))
    points.append(xy[rng.uniform(0, 1, len(xy)) < 0.55])
    every = np.concatenate(points)
    shapely.prepare(blocked)
    every = every[shapely.contains_xy(area, every) & ~shapely.contains_xy(blocked, every)]
    size = rng.choice(len(_CROWNS), len(every), p=[0.35, 0.45, 0.2])
    made = []
    for i, (_, low, high) in enumerate(_CROWNS):
        xy = every[size == i]
        made.append(np.c_[xy, rng.uniform(low, high, len(xy))])
    return tuple(made)


def _write_sheet(folder: Path, name: str, corner: tuple[float, float], scene: _Scene) -> None:
    import rasterio
    from rasterio.windows import Window

    west, north = corner[0], corner[1] + SHEET_M[1]
    width, height = (int(m / CELL_M) for m in SHEET_M)
    profile: dict[str, Any] = {
        "driver": "GTiff", "dtype": "float32", "count": 1, "width": width, "height": height, "crs": CRS,
        "transform": rasterio.Affine(CELL_M, 0.0, west, 0.0, -CELL_M, north), "nodata": NODATA,
        "tiled": True, "blockxsize": _BLOCK, "blockysize": _BLOCK, "compress": "zstd", "zstd_level": 1,
        "sparse_ok": True,
    }  # fmt: skip
    with ExitStack() as stack:
        parts = [stack.enter_context(store.whole(path(folder, raster, name))) for raster in LETTERS]
        files = [stack.enter_context(rasterio.open(p, "w", **profile)) for p in parts]
        for column in range(0, width, _WINDOW):
            for row in range(0, height, _WINDOW):
                wide, high = min(_WINDOW, width - column), min(_WINDOW, height - row)
                drawn = _window(scene, west + column * CELL_M, north - row * CELL_M, wide, high)
                for file, values in zip(files, drawn, strict=False):
                    file.write(values, 1, window=Window(column, row, wide, high))


def _window(scene: _Scene, west: float, north: float, width: int, height: int) -> tuple[Cells, ...]:
    """Ground and surface of one window; nothing where it lies outside the area."""
    from rasterio.features import rasterize
    from rasterio.transform import Affine

    box = shapely.box(west, north - height * CELL_M, west + width * CELL_M, north)
    if not shapely.intersects(scene.area, box):
        return ()
    grid = {"out_shape": (height, width), "transform": Affine(CELL_M, 0.0, west, 0.0, -CELL_M, north)}

    def inside(shape: Any) -> NDArray[np.bool_] | None:
        piece = shapely.intersection(shape, box)
        if shapely.area(piece) == 0:
            return None
        return np.asarray(rasterize([piece], dtype="uint8", **grid)).view(bool)

    bare = _ground(west, north, width, height)
    if (bank := inside(scene.bank)) is not None:
        bare[bank] = _centimetres(np.float32(100) * (bare[bank] + np.float32(_BANK_M)))
    surface = bare.copy()
    crowned, crowns = _canopy(scene, west, north, width, height)
    surface.reshape(-1)[crowned] = _centimetres(np.float32(100) * (surface.reshape(-1)[crowned] + crowns))
    which = np.sort(scene.tree.query(box, predicate="intersects"))
    if len(which):
        shapes = ((scene.buildings[b], n) for n, b in enumerate(which, start=1))
        number = rasterize(shapes, dtype="int32", **grid).reshape(-1)
        built = np.flatnonzero(number > 0)
        surface.reshape(-1)[built] = _roof(scene.roof[which[number[built] - 1]], built, west, north, width)
        bare.reshape(-1)[built] = NODATA
    if (wet := inside(scene.water)) is not None:
        bare[wet] = surface[wet] = NODATA
    if not shapely.contains_properly(scene.area, box):
        beyond = ~np.asarray(inside(scene.area))
        bare[beyond] = surface[beyond] = NODATA
    return bare, surface


def _roof(roof: NDArray[np.float64], flat: NDArray[Any], west: float, north: float, width: int) -> Cells:
    """Height of the roof at each cell, one row of `roof` per cell: flat, or rising to the ridge of a house."""
    eaves, across_x, across_y, ridge, deep = roof.T
    x, y = west + (flat % width + 0.5) * CELL_M, north - (flat // width + 0.5) * CELL_M
    away = np.abs(across_x * x + across_y * y - ridge)
    return _centimetres((100 * (eaves + _steps(_ROOF_SLOPE * np.maximum(deep - away, 0), 0.05))).astype(np.float32))


def _steps(metres: Any, step: float) -> Any:
    """Rounded to steps, which keeps the files small."""
    return np.rint(metres / step) * step


def _canopy(scene: _Scene, west: float, north: float, width: int, height: int) -> tuple[NDArray[Any], Cells]:
    """Cells under a crown, counted row by row, and its height above the ground: half domes, of which the highest shows."""
    above = np.zeros(width * height, dtype=np.float32)
    for (radius, _, _), trees in zip(_CROWNS, scene.crowns, strict=True):
        column = np.floor((trees[:, 0] - west) / CELL_M).astype(int)
        row = np.floor((north - trees[:, 1]) / CELL_M).astype(int)
        near = (column > -radius) & (column < width + radius) & (row > -radius) & (row < height + radius)
        dy, dx = np.mgrid[-radius : radius + 1, -radius : radius + 1]
        share = 1 - (dx**2 + dy**2) / (radius + 0.5) ** 2
        disc = share > 0
        at_x, at_y = column[near, None] + dx[disc], row[near, None] + dy[disc]
        crown = trees[near, 2, None] * (0.35 + 0.65 * np.sqrt(share[disc]))
        here = (at_x >= 0) & (at_x < width) & (at_y >= 0) & (at_y < height)
        np.maximum.at(above, at_y[here] * width + at_x[here], crown[here].astype(np.float32))
    crowned = np.flatnonzero(above > 0)
    return crowned, _steps(above[crowned], 0.25)
