"""What covers the ground at level 0, piece by piece: an exact tiling, in the words of the BGT."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from . import streets, terrain
from .streets import STRIPS, Plan
from .terrain import Terrain


class Part(NamedTuple):
    """One kind of ground: its collection, its function or type, what covers it, and the finer words for both."""

    collection: str
    what: str = ""
    cover: str = ""
    what_detail: str = ""
    cover_detail: str = ""


PARTS: Mapping[str, Part] = {
    "pand": Part("pand"),
    # strips
    "platform": Part("kunstwerkdeel", "perron"),
    "track": Part("wegdeel", "spoorbaan", "half verhard", "", "grind"),
    "railside": Part("begroeidterreindeel", "", "grasland overig", "", "gras- en kruidachtigen"),
    "stream": Part("waterdeel", "waterloop", "", "kanaal"),
    "lake": Part("waterdeel", "watervlakte", "", "meer, plas, ven, vijver"),
    "bank": Part("ondersteunendwaterdeel", "oever, slootkant"),
    "carriageway": Part("wegdeel", "rijbaan autosnelweg", "gesloten verharding", "", "asfalt"),
    "motorside": Part("ondersteunendwegdeel", "berm", "groenvoorziening", "", "gras- en kruidachtigen"),
    # main roads, from the middle outwards
    "main": Part("wegdeel", "rijbaan regionale weg", "gesloten verharding", "", "asfalt"),
    "main verge": Part("ondersteunendwegdeel", "berm", "groenvoorziening", "", "gras- en kruidachtigen"),
    "main cycle": Part("wegdeel", "fietspad", "gesloten verharding", "", "asfalt"),
    "main foot": Part("wegdeel", "voetpad", "open verharding", "", "tegels"),
    # streets
    "street": Part("wegdeel", "rijbaan lokale weg", "open verharding", "", "gebakken klinkers"),
    "lane": Part("wegdeel", "rijbaan lokale weg", "gesloten verharding", "", "asfalt"),
    "parking": Part("wegdeel", "parkeervlak", "open verharding", "", "betonstraatstenen"),
    "verge": Part("ondersteunendwegdeel", "berm", "groenvoorziening", "", "gras- en kruidachtigen"),
    "foot": Part("wegdeel", "voetpad", "open verharding", "", "tegels"),
    "shopping": Part("wegdeel", "voetgangersgebied", "open verharding", "", "sierbestrating"),
    "path": Part("wegdeel", "voetpad", "half verhard", "", "grind"),
    "track road": Part("wegdeel", "voetpad", "onverhard", "", "zand"),
    "ditch": Part("waterdeel", "greppel, droge sloot", "", "greppel, droge sloot"),
    # inside a block
    "yard": Part("onbegroeidterreindeel", "", "erf"),
    "paved": Part("onbegroeidterreindeel", "", "gesloten verharding", "", "asfalt"),
    "bricks": Part("onbegroeidterreindeel", "", "open verharding", "", "betonstraatstenen"),
    "sand": Part("onbegroeidterreindeel", "", "zand"),
    "green": Part("begroeidterreindeel", "", "groenvoorziening", "", "gras- en kruidachtigen"),
    "shrubs": Part("begroeidterreindeel", "", "groenvoorziening", "", "heesters"),
    "fallow": Part("begroeidterreindeel", "", "grasland overig"),
    "meadow": Part("begroeidterreindeel", "", "grasland agrarisch"),
    "field": Part("begroeidterreindeel", "", "bouwland", "", "akkerbouw"),
    "broadleaf": Part("begroeidterreindeel", "", "loofbos"),
    "mixed": Part("begroeidterreindeel", "", "gemengd bos"),
    "conifer": Part("begroeidterreindeel", "", "naaldbos"),
    "heath": Part("begroeidterreindeel", "", "heide"),
    "marsh": Part("begroeidterreindeel", "", "moeras"),
    "reed": Part("begroeidterreindeel", "", "rietland"),
}  # fmt: skip

#: Content of a cell -> what lies inside it between the buildings; where there are more, by turns.
_INSIDE: Mapping[str, tuple[str, ...]] = {
    "shops": ("yard",), "square": ("shopping",), "hall": ("bricks",), "stadium": ("paved",), "court": ("yard",),
    "flats": ("green", "yard", "shrubs"), "slab": ("green",), "tower": ("bricks",), "garage": ("bricks",),
    "works": ("yard", "paved"), "units": ("yard", "bricks"), "hallwork": ("paved",), "retail": ("bricks",),
    "office": ("bricks", "shrubs"), "school": ("bricks",), "care": ("shrubs", "bricks"), "hospital": ("bricks",),
    "campus": ("green",), "planned": ("sand",), "fallow": ("fallow",), "park": ("green", "green", "shrubs"),
    "green": ("green",), "sport": ("green",), "allotment": ("shrubs",), "cemetery": ("green",),
    "recreation": ("green",), "forest": ("broadleaf", "mixed", "mixed", "conifer"), "heath": ("heath",),
    "meadow": ("meadow", "meadow", "field"), "wet": ("marsh", "reed"), "lake": ("lake",),
}  # fmt: skip

#: No hole that was meant is as small.
_PINHOLE_M2 = 0.05

Rings = tuple[tuple[float, str], ...]

#: Depth of the rings of a main road around a neighbourhood, in town and outside, and what they hold.
# No depth is also that of a ring within a block, so that no two lines run on top of each other.
_MAIN_TOWN: Rings = ((3.45, "main"), (5.35, "main verge"), (8.3, "main cycle"), (10.8, "main foot"))
_MAIN_COUNTRY: Rings = ((2.85, "main"), (5.8, "main verge"))


def cover(ground: Terrain, cells: pd.DataFrame, plan: Plan, panden: np.ndarray) -> pd.DataFrame:
    """Divide the ground of the plan among `PARTS`.

    Parameters
    ----------
    ground, cells, plan
        The sample's own.
    panden
        Outlines of buildings; of two that overlap the first has the ground.

    Returns
    -------
    pd.DataFrame
        ``part`` (key of `PARTS`), ``cell`` (row of `cells`), ``pand`` (row of `panden`, -1 on open ground),
        ``geometry`` (Polygon). An exact tiling of the faces of the plan.
    """
    rings = _rings_of(cells, ground)
    lines, main = _ring_lines(cells, plan, rings), _main_lines(ground)
    buurt = cells["buurt"].to_numpy()
    inner = main.drop_duplicates("buurt", keep="last").set_index("buurt")["geometry"].loc[buurt].to_numpy()
    of_pand = streets.first(plan.faces["geometry"].to_numpy(), shapely.point_on_surface(panden))
    near = of_pand >= 0
    of_pand = np.where(near, plan.faces["cell"].to_numpy()[of_pand], -1)
    free = near & _free(panden, of_pand, plan, lines, inner)
    whole = ~plan.faces["cell"].duplicated(keep=False) & (plan.faces["strip"] < 0)
    calm = plan.faces.loc[whole, "cell"].to_numpy()
    calm = calm[shapely.contains_properly(inner[calm], cells["geometry"].to_numpy()[calm])]
    simple = plan.faces["cell"].isin(np.setdiff1d(calm, of_pand[near & ~free])).to_numpy()
    pieces = [_nested(plan.faces[simple], lines, cells, rings)]
    for code, faces in plan.faces[~simple].groupby(buurt[plan.faces["cell"].to_numpy()[~simple]]):
        mine = np.flatnonzero(near & ~free & np.isin(of_pand, faces["cell"]))
        rest = lines[lines["cell"].isin(faces["cell"])]
        pieces.append(_divided(faces, rest, main[main["buurt"] == code], mine, panden, cells, rings))
    table = _with_holes(_joined(pd.concat(pieces, ignore_index=True)), np.flatnonzero(free), panden)
    return _without_pinholes(table)


def _free(panden: np.ndarray, cell: np.ndarray, plan: Plan, lines: pd.DataFrame, inner: np.ndarray) -> np.ndarray:
    """Which buildings leave a hole of their own shape, so that no line need be cut where they stand.

    They lie within all rings of their cell and their neighbourhood, on no strip, and meet others, that lie free as well,
    from corner to corner.
    """
    innermost = np.full(len(inner), shapely.Polygon(), dtype=object)
    innermost[lines["cell"]] = lines["geometry"]
    open_ground = plan.faces.loc[plan.faces["strip"] < 0, "geometry"].to_numpy()
    free = shapely.is_empty(shapely.coverage_invalid_edges(panden))
    free &= shapely.contains_properly(innermost[cell], panden) & shapely.contains_properly(inner[cell], panden)
    free &= np.isin(
        np.arange(len(panden)), shapely.STRtree(panden).query(open_ground, predicate="contains_properly")[1]
    )
    a, b = shapely.STRtree(panden).query(panden, predicate="intersects")
    _, together = connected_components(coo_array((np.ones(len(a)), (a, b)), shape=(len(panden),) * 2))
    return np.asarray(free & ~np.isin(together, together[~free]))


def _nested(faces: pd.DataFrame, lines: pd.DataFrame, cells: pd.DataFrame, words: list[Rings]) -> pd.DataFrame:
    """Divide cells of which the rings lie one in the other, and nothing crosses them."""
    ring = lines.assign(depth=lines.groupby("cell").cumcount())
    content = cells["content"].to_numpy()
    outer, made = faces.set_index("cell")["geometry"], []
    for depth in range(int(ring["depth"].max()) + 2):
        here = ring[(ring["depth"] == depth) & ring["cell"].isin(outer.index)].set_index("cell")["geometry"]
        inner = here.reindex(outer.index, fill_value=shapely.Polygon())
        rest, at = shapely.get_parts(shapely.difference(outer.to_numpy(), inner.to_numpy()), return_index=True)
        cell = outer.index.to_numpy()[at]
        part = [_part(words[c], depth, (), 0, content[c], int(c)) for c in cell]
        made.append(pd.DataFrame({"part": part, "cell": cell, "pand": -1, "geometry": rest}))
        outer = here
    return pd.concat(made, ignore_index=True)


def _with_holes(table: pd.DataFrame, free: np.ndarray, panden: np.ndarray) -> pd.DataFrame:
    """Take the free buildings out of the pieces that they stand in."""
    body = table["geometry"].to_numpy(copy=True)
    piece = streets.first(body, shapely.point_on_surface(panden[free]))
    order = np.argsort(piece, kind="stable")
    begin = np.flatnonzero(np.r_[True, np.diff(piece[order]) > 0])
    for some in np.split(free[order], begin[1:]):
        n = piece[order[begin[0]]]
        begin = begin[1:]
        body[n] = shapely.difference(body[n], shapely.coverage_union_all(panden[some]))
    parts, at = shapely.get_parts(body, return_index=True)
    open_ground = table.iloc[at].assign(geometry=parts)
    built = pd.DataFrame(
        {"part": "pand", "cell": table["cell"].to_numpy()[piece], "pand": free, "geometry": panden[free]}
    )
    divided: pd.DataFrame = pd.concat([open_ground, built], ignore_index=True)
    return divided


def _without_pinholes(table: pd.DataFrame) -> pd.DataFrame:
    """Give each chink of less than a millimetre between two walls to the neighbour with the longest common border."""
    body = table["geometry"].to_numpy(copy=True)
    rings, whole = shapely.get_rings(shapely.get_parts(shapely.coverage_union_all(body)), return_index=True)
    # The first ring of each is its outline.
    holes = shapely.polygons(rings[1:][whole[1:] == whole[:-1]])
    holes = holes[shapely.area(holes) < _PINHOLE_M2]
    at, other = shapely.STRtree(body).query(holes, predicate="intersects")
    common = shapely.length(shapely.intersection(shapely.boundary(body[other]), shapely.boundary(holes[at])))
    best = pd.DataFrame({"hole": at, "other": other, "common": common}).sort_values("common", kind="stable")
    for hole, other, _ in best.drop_duplicates("hole", keep="last").itertuples(index=False):
        body[other] = shapely.coverage_union(body[other], holes[hole])
    return table.assign(geometry=body)


def _rings_of(cells: pd.DataFrame, ground: Terrain) -> list[Rings]:
    """For each cell what lies around it from its border inwards: depth, part."""
    street = streets.has_street(cells, ground)
    character = cells["buurt"].map(ground.buurten.set_index("code")["character"]).to_numpy()
    made: list[Rings] = []
    for n, (content, half) in enumerate(zip(cells["content"], cells["street"], strict=True)):
        if not street[n]:
            made.append(_BESIDE.get(content, ((1.3, "path"),)))
        elif character[n] == "core" or content in ("shops", "square"):
            made.append(((half, "shopping"),) if n % 4 else ((2.6, "street"), (half, "foot")))
        elif half < 5 or character[n] in streets.COUNTRY:
            made.append(((2.3, "lane"), (half, "verge")))
        elif half < 6:
            made.append(((2.7, "street"), (half, "foot")))
        elif half < 8.5:
            side = ("parking", "verge", "parking", "parking", "verge")[n % 5]
            made.append(((2.5, "street"), (half - 1.9, side), (half, "foot")))
        else:
            made.append(((3.2, "lane"), (half - 2.0, "verge"), (half, "foot")))
    return made


_BESIDE: Mapping[str, Rings] = {
    "meadow": ((0.9, "ditch"),),
    "wet": ((1.1, "ditch"),),
    "forest": ((1.4, "track road"),),
    "heath": ((1.0, "track road"),),
    "lake": (),
}


def _ring_lines(cells: pd.DataFrame, plan: Plan, rings: list[Rings]) -> pd.DataFrame:
    """The inner border of each ring as a Polygon: ``cell``, ``geometry``; outer before inner."""
    near = np.unique(plan.faces["cell"].to_numpy())
    cell = np.array([n for n in near for _ in rings[n]])
    depth = np.array([d for n in near for d, _ in rings[n]])
    body = cells["geometry"].to_numpy()[cell]
    made = shapely.set_precision(shapely.buffer(body, -depth, join_style="mitre", mitre_limit=2.0), terrain.GRID_M)
    table = pd.DataFrame({"cell": cell, "geometry": made})
    there: pd.DataFrame = table.loc[~shapely.is_empty(made)]
    return there.reset_index(drop=True)


def _main_lines(ground: Terrain) -> pd.DataFrame:
    """The inner borders of the rings of main roads: ``buurt``, ``geometry``."""
    table = ground.buurten
    town = ~table["character"].isin(streets.COUNTRY | {"village"}).to_numpy()
    made = [
        pd.DataFrame(
            {"buurt": table["code"][some], "geometry": shapely.buffer(table["geometry"][some].to_numpy(), -depth)}
        )
        for some, rings in ((town, _MAIN_TOWN), (~town, _MAIN_COUNTRY))
        for depth, _ in rings
    ]
    return pd.concat(made, ignore_index=True)


def _divided(
    faces: pd.DataFrame,
    rings: pd.DataFrame,
    main: pd.DataFrame,
    pand: np.ndarray,
    panden: np.ndarray,
    cells: pd.DataFrame,
    words: list[Rings],
) -> pd.DataFrame:
    """Divide one neighbourhood."""
    whole, ring = faces["geometry"].to_numpy(), rings["geometry"].to_numpy()
    panden = panden[pand]
    borders = shapely.boundary(np.concatenate([whole, ring, main["geometry"].to_numpy(), panden]))
    noded = shapely.union_all(borders, grid_size=terrain.GRID_M)
    pieces = np.asarray(shapely.get_parts(shapely.polygonize(shapely.get_parts(noded))), dtype=object)
    inside = shapely.point_on_surface(pieces)
    parent = streets.first(whole, inside)
    pieces, inside, parent = pieces[parent >= 0], inside[parent >= 0], parent[parent >= 0]
    cell, strip = faces["cell"].to_numpy()[parent], faces["strip"].to_numpy()[parent]
    spots = shapely.STRtree(inside)
    which, at = spots.query(ring, predicate="contains_properly")
    own = rings["cell"].to_numpy()[which] == cell[at]
    depth = np.bincount(at[own], minlength=len(pieces))
    _, at = spots.query(main["geometry"].to_numpy(), predicate="contains_properly")
    deep = np.bincount(at, minlength=len(pieces))
    owner = streets.first(panden, inside)
    outer = _MAIN_TOWN if len(main) == len(_MAIN_TOWN) else _MAIN_COUNTRY
    content = cells["content"].to_numpy()
    part = [
        STRIPS[s] if s >= 0 else "pand" if o >= 0 else _part(words[c], d, outer, m, content[c], int(c))
        for s, o, c, d, m in zip(strip, owner, cell, depth, deep, strict=True)
    ]
    table = pd.DataFrame(
        {
            "part": part,
            "cell": cell,
            "pand": np.where(np.array(part) == "pand", pand[owner], -1) if len(pand) else -1,
            "geometry": pieces,
        }
    )
    return _without_slivers(table)


def _part(rings: Rings, depth: int, outer: Rings, deep: int, content: str, cell: int) -> str:
    """What lies `depth` rings within its cell and `deep` rings within its neighbourhood."""
    street = rings[depth][1] if depth < len(rings) else ""
    main = outer[deep][1] if deep < len(outer) else ""
    # A side street runs on through verge and paths up to the main carriageway.
    if main == "main" or (main and street not in ("street", "lane", "shopping")):
        return main
    if street:
        return street
    inside = _INSIDE.get(content, ("yard",))
    return inside[cell % len(inside)]


def _without_slivers(table: pd.DataFrame) -> pd.DataFrame:
    """Give what is no wider than a hand to the neighbour with the longest common border."""
    body = table["geometry"].to_numpy()
    width = 2 * shapely.area(body) / shapely.length(body)
    thin = np.flatnonzero(width < 0.12)
    if not len(thin):
        return table
    tree = shapely.STRtree(body)
    at, other = tree.query(body[thin], predicate="intersects")
    fits = ~np.isin(other, thin)
    at, other = at[fits], other[fits]
    common = shapely.length(shapely.intersection(shapely.boundary(body[thin[at]]), shapely.boundary(body[other])))
    best = pd.DataFrame({"thin": thin[at], "other": other, "common": common}).sort_values("common")
    best = best.drop_duplicates("thin", keep="last")
    table = table.copy()
    for column in ("part", "cell", "pand"):
        values = table[column].to_numpy(copy=True)
        values[best["thin"]] = values[best["other"]]
        table[column] = values
    return table


def _joined(table: pd.DataFrame) -> pd.DataFrame:
    """Join pieces of one part in one cell, or of one building; what does not touch stays apart."""
    table = table.sort_values(["part", "cell", "pand"], kind="stable", ignore_index=True)
    keys = table[["part", "cell", "pand"]]
    begin = np.flatnonzero(~keys.duplicated().to_numpy())
    body, size = table["geometry"].to_numpy(), np.diff(np.r_[begin, len(table)])
    several = begin[size > 1]
    whole = [shapely.coverage_union_all(body[a : a + n]) for a, n in zip(several, size[size > 1], strict=True)]
    parts, at = shapely.get_parts(np.array(whole, dtype=object), return_index=True)
    rows = np.r_[begin[size == 1], several[at]]
    made = pd.DataFrame(keys.to_numpy()[rows], columns=keys.columns)
    return made.assign(geometry=np.r_[body[begin[size == 1]], parts])
