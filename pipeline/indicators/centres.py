"""Degree of urbanisation (DEGURBA): which cells of 1 km² are urban, and whether it is one centre or two.

Classes are those of cells: 3 urban centre, 2 urban cluster, 1 rural, as in the grids of the Commission's GHSL. Eurostat
numbers areas the other way round (1 city, 2 town, 3 rural area).

Three things differ from Eurostat. Cells are those of the RD grid, not of the European one (LAEA), so that the line
between two cells lies elsewhere. The edge of a centre is not smoothed with the majority rule. And all of a cell counts
as land. A cell at the edge of what was loaded, or at the border of the country, holds only a part of its people. More
people can make a cell more urban, a centre larger, and two centres one, never the other way round.
"""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy import ndimage

from ..contract import Text
from ..overlap import area_parts, cell
from .declaration import Indicator, Measure
from .tables import per_unit, ratio

#: Per km²: what a cell of a centre and of a cluster has at least.
CENTRE_PER_KM2, CLUSTER_PER_KM2 = 1500.0, 300.0
#: What a centre and a cluster have at least together.
CENTRE_INHABITANTS, CLUSTER_INHABITANTS = 50_000.0, 5_000.0
#: A hole in a centre is filled where it is smaller than this.
GAP_BELOW_KM2 = 15
RURAL, CLUSTER, CENTRE = 1, 2, 3

_SIDE_M = 1000
_EDGES = ndimage.generate_binary_structure(2, 1)
_EDGES_AND_CORNERS = ndimage.generate_binary_structure(2, 2)
#: What a population rests on: the column, and the words for it.
_BASES = {"low": "population_low", "estimate": "population", "high": "population_high"}
#: Sums that are equal but for the order in which they were added.
_EQUAL = 1e-9

_Numbers = npt.NDArray[Any]


def degurba_cells(people_points: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Give the cells of 1 km² of the RD grid around everyone who was loaded, each with its class.

    An urban centre: cells with 1,500 inhabitants per km² or more that share edges, with the holes below 15 km² among
    them, together 50,000 or more. An urban cluster: cells with 300 or more that share edges or corners, together 5,000
    or more. All else is rural.

    Returns
    -------
    GeoDataFrame
        Index cell_id (lower-left corner in hundreds of metres, as squares are named), in order of it; ``population``,
        ``population_low`` and ``population_high`` (persons; 0 where nobody lives), ``degurba_class`` (3, 2, 1) and
        ``degurba_class_low`` and ``degurba_class_high`` (the class with those populations), ``centre`` (number of the
        urban centre, the largest is 1; 0 in none). Polygon.

    Notes
    -----
    Source: Eurostat, Methodological manual on territorial typologies, 2018, chapters 1 and 2; Glossary: Urban centre
    (the population is that after the holes were filled).
    """
    column, row = _cells(people_points)
    west, south = (int(axis.min()) if len(axis) else 0 for axis in (column, row))
    shape = tuple(int(axis.max()) + 1 if len(axis) else 0 for axis in (column - west, row - south))
    found: dict[str, _Numbers] = {name: np.zeros(shape) for name in _BASES.values()}
    for base, name in _BASES.items():
        np.add.at(found[name], (column - west, row - south), people_points[base].to_numpy())
    classes = {name: _classes(population) for name, population in found.items()}
    x, y = (np.indices(shape).reshape(2, -1) + np.array([[west], [south]])) * _SIDE_M
    columns = {name: values.ravel() for name, values in found.items()}
    columns["degurba_class"] = classes["population"].ravel()
    columns |= {f"degurba_class_{end}": classes[f"population_{end}"].ravel() for end in ("low", "high")}
    columns["centre"] = _numbered(classes["population"] == CENTRE, found["population"]).ravel()
    ids = [f"E{a // 100:04d}N{b // 100:04d}" for a, b in zip(x.tolist(), y.tolist(), strict=True)]
    return gpd.GeoDataFrame(
        columns,
        index=pd.Index(ids, name="cell_id", dtype="str"),
        geometry=shapely.box(x, y, x + _SIDE_M, y + _SIDE_M),
        crs=people_points.crs,
    ).sort_index()


def _cells(points: gpd.GeoDataFrame) -> npt.NDArray[np.int64]:
    """Column and row of the cell of each point; on a line that is the one west or south of it."""
    return cell(np.array([points.geometry.x, points.geometry.y]), _SIDE_M)


def dense(population: _Numbers) -> _Numbers:
    """Label the groups of cells that could be a centre: dense, sharing edges, with the small holes in them.

    Parameters
    ----------
    population
        Inhabitants of each cell of 1 km² of a grid.

    Returns
    -------
    array
        Of the same shape: 1 and up per group, 0 elsewhere. A group in a hole of another that is filled is one with it.
    """
    label, count = ndimage.label(population >= CENTRE_PER_KM2, _EDGES)
    filled = label > 0
    for group in range(1, count + 1):
        own = label == group
        holes, _ = ndimage.label(ndimage.binary_fill_holes(own, _EDGES) & ~own, _EDGES)
        size = np.bincount(holes.ravel())
        filled |= (holes > 0) & (size < GAP_BELOW_KM2)[holes]
    out: _Numbers = ndimage.label(filled, _EDGES)[0]
    return out


def _together(label: _Numbers, population: _Numbers, at_least: float) -> _Numbers:
    """Whether each cell is in a group with at least so many inhabitants."""
    sums = np.bincount(label.ravel(), population.ravel(), minlength=1)
    inside: _Numbers = (label > 0) & (sums >= at_least * (1 - _EQUAL))[label]
    return inside


def _classes(population: _Numbers) -> _Numbers:
    centre = _together(dense(population), population, CENTRE_INHABITANTS)
    label, _ = ndimage.label(population >= CLUSTER_PER_KM2, _EDGES_AND_CORNERS)
    cluster = _together(label, population, CLUSTER_INHABITANTS)
    return np.where(centre, CENTRE, np.where(cluster, CLUSTER, RURAL))


def _numbered(inside: _Numbers, population: _Numbers) -> _Numbers:
    """Number the groups of cells that share edges, from the one with most inhabitants down; 0 outside."""
    label, count = ndimage.label(inside, _EDGES)
    sums = np.bincount(label.ravel(), population.ravel(), minlength=count + 1)
    number = np.zeros(count + 1, dtype="int64")
    number[1 + np.argsort(-sums[1:], kind="stable")] = np.arange(1, count + 1)
    out: _Numbers = number[label]
    return out


def centres(degurba_cells: gpd.GeoDataFrame) -> pd.DataFrame:
    """Give the groups of dense cells with the least, the estimated and the largest population.

    They say whether it is one centre or two. The answer is sure, as far as withheld numbers go, where the number of centres is the same for all three.

    Returns
    -------
    DataFrame
        Index ``population_by`` (``low``, ``estimate``, ``high``) and ``group`` (1 is the largest); ``is_centre``
        (50,000 or more), ``cells`` (of 1 km²) and ``population``, and the ``cell_id`` of its most populous cell.
    """
    xy = shapely.bounds(degurba_cells.geometry.to_numpy())[:, :2] / _SIDE_M
    x, y = xy.round().astype("int64").reshape(-1, 2).T
    at = (x - x.min(), y - y.min()) if len(x) else (x, y)
    shape = tuple(int(axis.max()) + 1 if len(axis) else 0 for axis in at)
    rows = []
    for base, column in _BASES.items():
        population = np.zeros(shape)
        population[at] = degurba_cells[column]
        group = pd.Series(_numbered(dense(population) > 0, population)[at], index=degurba_cells.index)
        members = degurba_cells.loc[group > 0, column]
        for number, own in members.groupby(group[group > 0]):
            is_centre = own.sum() >= CENTRE_INHABITANTS * (1 - _EQUAL)
            rows.append((base, number, is_centre, len(own), own.sum(), own.idxmax()))
    names = ["population_by", "group", "is_centre", "cells", "population", "cell_id"]
    return pd.DataFrame(rows, columns=names).set_index(names[:2])


def degurba(
    units: gpd.GeoDataFrame,
    people_points: gpd.GeoDataFrame,
    people_in_units: pd.DataFrame,
    degurba_cells: gpd.GeoDataFrame,
) -> pd.DataFrame:
    """Degree of urbanisation of the cells of 1 km² in which most inhabitants of the unit live.

    Returns
    -------
    DataFrame
        ``degurba_class`` (3 urban centre, 2 urban cluster, 1 rural): that of most inhabitants, the higher where two
        are equal; where nobody lives that of most of the area; NaN for a unit without area and without inhabitants, and
        where no inhabitants were loaded at all.
        ``urban_centre_inhabitants_share`` (0..1; NaN where nobody lives): the part that lives in an urban centre.

    Notes
    -----
    Source: Eurostat, Methodological manual on territorial typologies, 2018, chapters 1 and 2, with cells of the RD grid
    and without the majority rule at the edge of a centre. Eurostat gives areas a class by half of their inhabitants and
    the opposite numbers; this is the class of cells.
    """
    column, row = _cells(people_points)
    ids = [f"E{a * 10:04d}N{b * 10:04d}" for a, b in zip(column.tolist(), row.tolist(), strict=True)]
    of_point = pd.Series(degurba_cells["degurba_class"].reindex(ids).to_numpy(), index=people_points.index)
    here = people_in_units["point"]
    people, label = people_points["estimate"].reindex(here), of_point.reindex(here).to_numpy()
    living = _by_class(people, label, people_in_units["unit"], units.index)

    empty = living.sum(axis=1) == 0
    parts = area_parts(degurba_cells.geometry, units.geometry[empty])
    covered = degurba_cells["degurba_class"].reindex(parts["subject"]).to_numpy()
    area = _by_class(parts["area_m2"], covered, parts["unit"], units.index)
    # What lies beyond the cells is as empty as can be.
    area[RURAL] = area[RURAL] + (units.geometry.area - area.sum(axis=1)).clip(lower=0.0)
    weight = living.where(~empty, area)
    top = weight.ge(weight.max(axis=1) * (1 - _EQUAL), axis=0)
    found = top.mul(pd.Series({c: float(c) for c in weight.columns}), axis=1).max(axis=1)
    return pd.DataFrame(
        {
            "degurba_class": found.where((weight.sum(axis=1) > 0) & bool(len(degurba_cells))).astype("float64"),
            "urban_centre_inhabitants_share": ratio(living[CENTRE], living.sum(axis=1)),
        },
        index=units.index,
    )


def _by_class(values: pd.Series, label: _Numbers, unit: pd.Series, index: pd.Index) -> pd.DataFrame:
    """Sum per unit and class; a column per class."""
    return pd.DataFrame({c: per_unit(values.where(label == c, 0.0), unit, index) for c in (RURAL, CLUSTER, CENTRE)})


TABLES = (degurba_cells,)

INDICATORS = (
    Indicator(
        degurba,
        (
            Measure("degurba_class", "float64", "class", "intensive", Text("Verstedelijkingsgraad", "Degree of urbanisation"),
                   Text("Klasse van de cellen van 1 km² waarin de meeste inwoners van het gebied wonen: 3 stedelijk centrum (aaneengesloten cellen met ten minste 1.500 inwoners per km², samen ten minste 50.000), 2 stedelijke cluster (300 en 5.000), 1 landelijk; zonder inwoners die van de meeste oppervlakte.",
                        "Class of the cells of 1 km² in which most inhabitants of the unit live: 3 urban centre (adjoining cells with at least 1,500 inhabitants per km², together at least 50,000), 2 urban cluster (300 and 5,000), 1 rural; without inhabitants that of most of the area."),
                   how=Text("Inwoners van het gebied opgeteld per klasse van de cel waarin ze wonen; de klasse met de meeste.",
                            "Inhabitants of the unit added up per class of the cell that they live in; the class with most."),
                   coverage="inhabitants_coverage_share", missing="no_area"),
            Measure("urban_centre_inhabitants_share", "float64", "share", "intensive", Text("Inwoners in stedelijk centrum", "Inhabitants in an urban centre"),
                   Text("Inwoners die in cellen van een stedelijk centrum wonen, gedeeld door alle inwoners van het gebied; leeg als er niemand woont.",
                        "Inhabitants who live in cells of an urban centre, divided by all inhabitants of the unit; NaN where nobody lives."),
                   how=Text("Inwoners per geplaatst punt, opgeteld over de punten in cellen van klasse 3 en over alle punten in het gebied.",
                            "Inhabitants per placed point, added up over the points in cells of class 3 and over all points in the unit."),
                   coverage="inhabitants_coverage_share", missing="no_inhabitants"),
        ),
        Text("Verstedelijkingsgraad", "Degree of urbanisation"),
    ),
)  # fmt: skip
