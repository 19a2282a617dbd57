"""A synthetic city of any size to measure on: buildings, addresses, neighbourhoods, land use. The same every time.

Buildings have 9 vertices on average and stand turned along their street; the borders of neighbourhoods and of land use
are crooked, with some 650 and 750 vertices a polygon, as real ones are. Nothing overlaps within a table.
"""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

#: Footprints in metres around their middle: a row house, an L, a T, a U and a hall.
_SHAPES = (
    [(-3, -5), (3, -5), (3, 5), (-3, 5)],
    [(-6, -6), (6, -6), (6, 0), (0, 0), (0, 6), (-6, 6)],
    [(-6, -6), (6, -6), (6, -2), (2, -2), (2, 6), (-2, 6), (-2, -2), (-6, -2)],
    [(-6, -6), (6, -6), (6, 6), (3, 6), (3, -2), (-3, -2), (-3, 6), (-6, 6)],
    [(-7, -4), (-3, -4), (-3, -7), (3, -7), (3, -4), (7, -4), (7, 4), (3, 4), (3, 7), (-3, 7), (-3, 4), (-7, 4)],
)
_WEST, _SOUTH = 245_000.0, 465_000.0
#: Buildings per km², of the built-up half of the two cities.
_PER_KM2 = 110_000 / 120


class City:
    """All tables of a city of `n` buildings, as arrays of geometries in metres RD."""

    def __init__(self, n: int, seed: int = 7) -> None:
        rng = np.random.default_rng(seed)
        area_km2 = n / _PER_KM2
        self.width, self.height = (float(round(s * 1000)) for s in ((area_km2 * 1.2) ** 0.5, (area_km2 / 1.2) ** 0.5))
        self.frame = shapely.box(_WEST, _SOUTH, _WEST + self.width, _SOUTH + self.height)
        self.neighbourhoods = self._mosaic(rng, max(4, round(n / 724)), 5)
        self.land_use = self._mosaic(rng, max(8, round(n / 73)), 5)
        self.buildings, centres = self._buildings(rng, n)
        twice = rng.random(n) < 0.27
        self.addresses = shapely.points(np.concatenate([centres, centres[twice]]))

    def _buildings(self, rng: np.random.Generator, n: int) -> tuple[NDArray[np.object_], NDArray[np.float64]]:
        """Buildings on a grid wide enough for each to turn in its place."""
        columns = int(np.ceil((n * self.width / self.height) ** 0.5))
        rows = int(np.ceil(n / columns))
        place = np.sort(rng.permutation(columns * rows)[:n])
        step = np.array([self.width / columns, self.height / rows])
        corner = np.stack([place % columns, place // columns], axis=1) * step
        # 9.9 m is the furthest that a corner lies from the middle.
        free = np.maximum(step / 2 - 10, 0)
        centres = corner + step / 2 + rng.uniform(-1, 1, (n, 2)) * free + [_WEST, _SOUTH]
        street = np.round(np.sin(corner[:, 0] / 900) + np.cos(corner[:, 1] / 700), 1)
        kind = rng.choice(len(_SHAPES), n, p=[0.35, 0.25, 0.15, 0.15, 0.1])
        made = np.empty(n, dtype=object)
        for k, shape in enumerate(_SHAPES):
            here = np.flatnonzero(kind == k)
            cos, sin = np.cos(street[here]), np.sin(street[here])
            xy = np.array(shape, dtype=float)
            x = xy[None, :, 0] * cos[:, None] - xy[None, :, 1] * sin[:, None]
            y = xy[None, :, 0] * sin[:, None] + xy[None, :, 1] * cos[:, None]
            made[here] = shapely.polygons(np.stack([x, y], axis=2) + centres[here, None, :])
        return made, centres

    def _mosaic(self, rng: np.random.Generator, count: int, halvings: int) -> NDArray[np.object_]:
        """Cells around scattered places that share their crooked borders."""
        places = rng.uniform((0, 0), (self.width, self.height), (count, 2)) + [_WEST, _SOUTH]
        cells = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(places), extend_to=self.frame))
        edges = shapely.get_parts(
            shapely.node(shapely.multilinestrings(shapely.boundary(shapely.intersection(cells, self.frame))))
        )
        outer = shapely.boundary(self.frame)
        edges = edges[~shapely.covered_by(edges, outer.buffer(1e-6))]
        ends = shapely.get_coordinates(edges).reshape(-1, 2, 2)
        crooked = [_bend(rng, end, halvings + 2) for end in ends]
        faces = shapely.get_parts(shapely.polygonize([shapely.node(shapely.multilinestrings([*crooked, outer]))]))
        return np.asarray(faces[shapely.area(faces) > 1], dtype=object)


def _bend(rng: np.random.Generator, line: NDArray[np.float64], halvings: int) -> shapely.LineString:
    """Move the middle of each piece sideways, and again in the halves."""
    for _ in range(halvings):
        along = line[1:] - line[:-1]
        aside = np.stack([-along[:, 1], along[:, 0]], axis=1) * rng.normal(0, 0.06, (len(along), 1))
        middle = (line[1:] + line[:-1]) / 2 + aside
        out = np.empty((len(line) + len(middle), 2))
        out[0::2], out[1::2] = line, middle
        line = out
    return shapely.LineString(line)
