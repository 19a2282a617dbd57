"""Write bodies and terrain as meshes around a local origin: glTF (GLB) for viewers and Blender, OBJ for Rhino and SketchUp.

Coordinates are metres less the origin, in RD and NAP. In single precision, which both have, that is exact to half a
millimetre at five kilometres; with full RD coordinates walls would move by centimetres.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
import trimesh
from trimesh.visual.material import PBRMaterial

from ..grid import Cells
from ..store import whole
from .drawing import Origin
from .solids import Solid, flat_triangles, triangles


@dataclass(frozen=True)
class Body:
    """One thing of a mesh: corners in metres RD and NAP, float64 (n, 3); triangles of them, int64 (m, 3), looking outward."""

    name: str
    corners: npt.NDArray[np.float64]
    triangles: npt.NDArray[np.int64]


@dataclass(frozen=True)
class Group:
    """Bodies of one colour, ``#rrggbb``; ``name`` is what a legend would say."""

    name: str
    colour: str
    bodies: Sequence[Body]


def body(name: str, parts: Sequence[Solid]) -> Body:
    """The solids of one building as one body."""
    return joined(name, [Body(name, s.corners, triangles(s)) for s in parts])


def sheet(name: str, shape: Any, height_m: float) -> Body:
    """An area lying flat at a height, m NAP, seen from above."""
    parts = []
    for part in shapely.get_parts(shape):
        corners, three = flat_triangles(part)
        parts.append(Body(name, np.column_stack([corners, np.full(len(corners), height_m)]), three))
    return joined(name, parts)


def joined(name: str, bodies: Sequence[Body]) -> Body:
    """Several bodies as one; the corners of each stay its own."""
    first = np.cumsum([0, *(len(b.corners) for b in bodies)])
    none = np.empty((0, 3))
    return Body(
        name,
        np.concatenate([none, *(b.corners for b in bodies)]),
        np.concatenate([none.astype(np.int64), *(b.triangles + f for b, f in zip(bodies, first, strict=False))]),
    )


def terrain(name: str, heights: Cells, west_m: float, north_m: float, cell_m: float) -> Body:
    """The ground as triangles between the middles of cells; a hole where a height is not known.

    Parameters
    ----------
    heights
        First row in the north, m NAP; NaN: not known.
    west_m, north_m
        North-west corner of the first cell, metres RD.
    """
    rows, columns = heights.shape
    x = west_m + (np.arange(columns) + 0.5) * cell_m
    y = north_m - (np.arange(rows) + 0.5) * cell_m
    corners = np.column_stack([np.tile(x, rows), np.repeat(y, columns), heights.astype(np.float64).ravel()])
    number = np.arange(rows * columns).reshape(rows, columns)
    nw, ne, sw, se = (number[a, b].ravel() for a in (np.s_[:-1], np.s_[1:]) for b in (np.s_[:-1], np.s_[1:]))
    made = np.concatenate([np.column_stack([nw, sw, ne]), np.column_stack([ne, sw, se])])
    made = made[np.isfinite(corners[made, 2]).all(axis=1)]
    used, at = np.unique(made, return_inverse=True)
    return Body(name, corners[used], at.reshape(-1, 3).astype(np.int64))


def write_glb(path: Path, groups: Sequence[Group], origin: Origin, notes: dict[str, str]) -> None:
    """Write one GLB with a mesh and a material per group, y upward as glTF wants it; the same input makes the same bytes.

    Parameters
    ----------
    origin
        What is 0, 0; it stands in the file as ``extras`` of its scene, with `notes`.

    Raises
    ------
    PipelineError
        When the disk refuses.
    """
    scene = trimesh.Scene(metadata={"origin_rd_x_m": origin.x_m, "origin_rd_y_m": origin.y_m, **notes})
    for group in groups:
        one = joined(group.name, group.bodies)
        if not len(one.triangles):
            continue
        local = one.corners - [*origin, 0.0]
        upright = np.column_stack([local[:, 0], local[:, 2], -local[:, 1]])
        colour = [int(group.colour[k : k + 2], 16) for k in (1, 3, 5)]
        material = PBRMaterial(name=group.name, baseColorFactor=[*_linear(colour), 255], metallicFactor=0.0, roughnessFactor=1.0)  # type: ignore[no-untyped-call]
        made = trimesh.Trimesh(upright, one.triangles, process=False, validate=False)
        made.visual = trimesh.visual.TextureVisuals(material=material)  # type: ignore[no-untyped-call]
        scene.add_geometry(made, node_name=group.name, geom_name=group.name)
    content = scene.export(file_type="glb", include_normals=False) if scene.geometry else _empty()  # type: ignore[no-untyped-call]
    with whole(path) as part:
        part.write_bytes(content)


def _linear(colour: Sequence[int]) -> list[int]:
    """From sRGB, as colours are named, to linear, as glTF multiplies them."""
    share = [c / 255 for c in colour]
    return [round(255 * (s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4)) for s in share]


def _empty() -> bytes:
    text = json.dumps({"asset": {"version": "2.0"}, "scene": 0, "scenes": [{}]}, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 4)
    return b"glTF" + b"".join(n.to_bytes(4, "little") for n in (2, 20 + len(text), len(text))) + b"JSON" + text


def write_obj(path: Path, groups: Sequence[Group], origin: Origin, notes: dict[str, str]) -> None:
    """Write one OBJ, z upward, with an object per body and its colours in an MTL beside it; whole or not at all.

    Raises
    ------
    PipelineError
        When the disk refuses.
    """
    palette = path.with_suffix(".mtl")
    lines = [f"# {key}: {' '.join(value.split())}" for key, value in {**notes, "unit": "metre", "z": "up, m NAP"}.items()]
    lines += [f"# origin_rd_m: {origin.x_m:.3f} {origin.y_m:.3f}", f"mtllib {palette.name}"]
    first = 1
    for number, group in enumerate(groups):
        lines.append(f"usemtl m{number}")
        for one in group.bodies:
            lines.append(f"o {_word(one.name)}")
            lines += [f"v {x:.3f} {y:.3f} {z:.3f}" for x, y, z in (one.corners - [*origin, 0.0]).tolist()]
            lines += [f"f {a} {b} {c}" for a, b, c in (one.triangles + first).tolist()]
            first += len(one.corners)
    looks = [
        f"newmtl m{number}\n# {_word(group.name)}\nKd {' '.join(f'{int(group.colour[k : k + 2], 16) / 255:.4f}' for k in (1, 3, 5))}\n"
        for number, group in enumerate(groups)
    ]
    with whole(palette) as part:
        part.write_text("".join(looks), encoding="utf-8", newline="\n")
    with whole(path) as part:
        part.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def _word(text: str) -> str:
    return "_".join(text.split()) or "_"
