"""Write buildings as CityJSON 2.0, in RD with heights in NAP (EPSG:7415)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ..store import whole
from .solids import GRID_M, GROUND, ROOF, WALL, Solid

VERSION = "2.0"
CRS = "https://www.opengis.net/def/crs/EPSG/0/7415"
#: One height per building on its own outline.
LOD = "1.2"
_SURFACES = (GROUND, ROOF, WALL)


def write(
    path: Path, solids: Mapping[str, Sequence[Solid]], attributes: pd.DataFrame, *, title: str, date: str
) -> None:
    """Write each building with its attributes, whole or not at all; the same input makes the same bytes.

    Parameters
    ----------
    solids
        Key of a building -> its solids, one per footprint. One that has none is there without geometry, so that it is
        not lost.
    attributes
        Index the keys; a missing value is left out.
    title, date
        Of the metadata; ``date`` as ISO 8601.

    Raises
    ------
    PipelineError
        When the disk refuses.
    """
    corners = [s.corners for parts in solids.values() for s in parts]
    lowest = np.floor(np.min([c.min(axis=0) for c in corners], axis=0)) if corners else np.zeros(3)
    vertices: list[list[int]] = []
    objects: dict[str, Any] = {}
    for key, row in zip(attributes.index, _as_measured(attributes).to_dict("records"), strict=True):
        known = {str(k): v for k, v in row.items() if not pd.isna(v)}
        objects |= _building(str(key), known, [_geometry(solid, vertices, lowest) for solid in solids.get(str(key), ())])
    text = {
        "type": "CityJSON",
        "version": VERSION,
        "transform": {"scale": [GRID_M] * 3, "translate": lowest.tolist()},
        "metadata": {
            "referenceSystem": CRS, "title": title, "referenceDate": date[:10],
            **({"geographicalExtent": _extent(corners)} if corners else {}),
        },
        "CityObjects": objects,
        "vertices": vertices,
    }  # fmt: skip
    with whole(path) as part:
        part.write_text(json.dumps(text, ensure_ascii=False, allow_nan=False, separators=(",", ":")), encoding="utf-8")


def _as_measured(attributes: pd.DataFrame) -> pd.DataFrame:
    """Numbers to the millimetre; counts and years as whole numbers."""
    numbers = attributes.select_dtypes("number").astype("float64")
    in_whole = [name for name, values in numbers.items() if (values.dropna() % 1 == 0).all()]
    return attributes.assign(**numbers.round(3).astype(dict.fromkeys(in_whole, "Int64")))


def _extent(corners: Sequence[Any]) -> list[float]:
    low, high = (np.round(f([f(c, axis=0) for c in corners], axis=0), 3) for f in (np.min, np.max))
    return [*low.tolist(), *high.tolist()]


def _building(key: str, attributes: dict[str, Any], own: list[dict[str, Any]]) -> dict[str, Any]:
    """A building and its parts: one on more footprints has a part on each, for a building is one solid."""
    if len(own) < 2:
        return {key: {"type": "Building", "attributes": attributes, "geometry": own}}
    parts = {f"{key}-{n}": {"type": "BuildingPart", "parents": [key], "geometry": [one]} for n, one in enumerate(own, 1)}
    return {key: {"type": "Building", "attributes": attributes, "geometry": [], "children": list(parts)}, **parts}


def _geometry(solid: Solid, vertices: list[list[int]], lowest: Any) -> dict[str, Any]:
    first = len(vertices)
    vertices += np.round((solid.corners - lowest) / GRID_M).astype(int).tolist()
    return {
        "type": "Solid",
        "lod": LOD,
        "boundaries": [[[[c + first for c in ring] for ring in face.rings] for face in solid.faces]],
        "semantics": {
            "surfaces": [{"type": s} for s in _SURFACES],
            "values": [[_SURFACES.index(face.kind) for face in solid.faces]],
        },
    }
