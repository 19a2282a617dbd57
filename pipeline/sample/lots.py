"""Lots: what a block leaves to build on, and the edges along which buildings stand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely

from .kinds import CONTENT, KINDS
from .terrain import Terrain


def lots_of(cells: pd.DataFrame, ground: Terrain) -> pd.DataFrame:
    """Cells without their half of the street, and without main roads, rail and water."""
    buurt = ground.buurten.set_index("code")
    main = (
        buurt["character"]
        .isin(["rural", "outside", "forest", "village", "estate", "wetland", "water"])
        .map({True: 6.0, False: 11.0})
    )
    inner = pd.Series(shapely.buffer(buurt["geometry"].to_numpy(), -main.to_numpy()), index=buurt.index)
    built = cells[cells["content"].isin([*CONTENT, "hospital", "stadium", "court"])]
    lot = shapely.buffer(built["geometry"].to_numpy(), -built["street"].to_numpy(), join_style="mitre", mitre_limit=2.0)
    lot = shapely.intersection(lot, inner.loc[built["buurt"]].to_numpy())
    strips = [(ground.rail_strip, 9.0), (ground.water_strip, 12.0), (ground.road_strip, 20.0)]
    taken = shapely.union_all([shapely.buffer(s, margin, quad_segs=4) for s, margin in strips])
    shapely.prepare(taken)
    near = shapely.intersects(taken, lot)
    lot[near] = shapely.difference(lot[near], taken)
    lot = shapely.orient_polygons(shapely.simplify(shapely.buffer(shapely.buffer(lot, -7), 7, join_style="mitre"), 1.2))
    parts, at = shapely.get_parts(lot, return_index=True)
    table = pd.DataFrame(
        {"cell": built.index.to_numpy()[at], "content": built["content"].to_numpy()[at], "geometry": parts}
    )
    large = (shapely.area(parts) > 450) & (shapely.get_type_id(parts) == 3)
    chosen: pd.DataFrame = table.loc[large]
    return chosen.reset_index(drop=True)


def edges_of(lots: pd.DataFrame) -> pd.DataFrame:
    """Straight edges of the lots, with the kind that each carries; a lot's longest edge has rank 1."""
    lined = lots[lots["content"].isin(list(CONTENT))]
    xy, lot = shapely.get_coordinates(shapely.get_exterior_ring(lined["geometry"].to_numpy()), return_index=True)
    step = np.diff(xy, axis=0)
    same = lot[1:] == lot[:-1]
    length = np.hypot(step[:, 0], step[:, 1])
    ok = same & (length > 9)
    table = pd.DataFrame(
        {
            "cell": lined["cell"].to_numpy()[lot[:-1]],
            "kind": lined["content"].map(CONTENT).to_numpy()[lot[:-1]],
            "x": xy[:-1, 0], "y": xy[:-1, 1], "length": length,
        }
    )  # fmt: skip
    table[["ux", "uy"]] = step / np.maximum(length, 1e-9)[:, None]
    # The edge after the last of a ring is its first; how far the lot's border turns from one to the next.
    first = np.flatnonzero(np.r_[True, ~same[:-1]])
    after = np.arange(1, len(same) + 1)
    last = np.flatnonzero(same & np.r_[~same[1:], True])
    after[last] = first[np.searchsorted(first, last, side="right") - 1]
    after = np.minimum(after, len(same) - 1)
    bearing = np.arctan2(step[:, 1], step[:, 0])
    table["turn"] = np.abs(np.angle(np.exp(1j * (bearing[after] - bearing))))
    table = table[ok].reset_index(drop=True)
    table["rank"] = table.groupby("cell")["length"].rank(method="first", ascending=False)
    table["edge"] = np.arange(len(table))
    # A street is a line: its direction, and how far it passes from the origin.
    turn = np.round(np.arctan2(table["uy"], table["ux"]) / np.pi * 8) % 8
    away = np.abs(table["x"] * table["uy"] - table["y"] * table["ux"]) / 45.0
    table["street"] = (turn * 100_000 + np.round(away)).astype(int)
    kinds = table["kind"].map(KINDS)
    fits = (table["length"] >= kinds.map(lambda k: k.least)) & (table["rank"] <= kinds.map(lambda k: k.most))
    carrying: pd.DataFrame = table.loc[fits.to_numpy()]
    return carrying.reset_index(drop=True)
