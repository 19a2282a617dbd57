"""From metres RD to Web Mercator by polynomial, so that a page can carry whole metres and small squares."""

from __future__ import annotations

from typing import NamedTuple

import geopandas as gpd
import numpy as np
import numpy.typing as npt

from ..contract import CRS, Bbox, ContractError

#: The terms are u^i v^j with i + j up to the degree; the browser counts in the same order.
DEGREE = 4
_TERMS = tuple((i, j) for i in range(DEGREE + 1) for j in range(DEGREE + 1 - i))
#: Samples per side of the box that the polynomial is fitted to.
_SAMPLES = 13
_LARGEST_ERROR_M = 0.1

Floats = npt.NDArray[np.float64]


class Projection(NamedTuple):
    """Mercator = sum of c[k] u^i v^j, with u = (x - centre_x) / scale and v likewise; error in Mercator metres."""

    centre: tuple[float, float]
    scale: float
    x: tuple[float, ...]
    y: tuple[float, ...]
    error_m: float

    def __call__(self, xy: Floats) -> Floats:
        """Metres RD (n, 2) -> metres EPSG:3857 (n, 2), as the browser calculates it."""
        there: Floats = _powers(xy, self.centre, self.scale) @ np.column_stack([self.x, self.y])
        return there


def _powers(xy: Floats, centre: tuple[float, float], scale: float) -> Floats:
    u, v = ((xy - np.asarray(centre)) / scale).T
    return np.column_stack([u**i * v**j for i, j in _TERMS])


def fit(bounds: Bbox) -> Projection:
    """Fit the polynomial to `bounds`, metres RD.

    Of degree four: within a millimetre over 30 km, centimetres over 100 km. The coefficients are rounded to
    a micrometre, so that the last bits of a linear algebra library don't show in the page.

    Raises
    ------
    ContractError
        If the box is so large that a point would be more than 0.1 m off.
    """
    west, south, east, north = bounds
    centre = (round((west + east) / 2), round((south + north) / 2))
    scale = float(max(round(max(east - west, north - south) / 2), 1))
    steps = np.linspace(-1, 1, _SAMPLES) * scale
    xy = np.stack(np.meshgrid(*(c + steps for c in centre)), axis=-1).reshape(-1, 2)
    points = gpd.GeoSeries(gpd.points_from_xy(*xy.T), crs=CRS).to_crs(3857)
    target = np.column_stack([points.x, points.y])
    found = np.linalg.lstsq(_powers(xy, centre, scale), target, rcond=None)[0].round(6)
    projection = Projection(centre, scale, tuple(found[:, 0].tolist()), tuple(found[:, 1].tolist()), 0.0)
    error = float(np.abs(projection(xy) - target).max())
    if error > _LARGEST_ERROR_M:
        msg = (
            f"map: {(east - west) / 1000:.0f} by {(north - south) / 1000:.0f} km is too large for one page, points "
            f"would be {error:.1f} m off, expected at most {_LARGEST_ERROR_M}; make the study area smaller"
        )
        raise ContractError(msg)
    return projection._replace(error_m=error)
