"""What a table must look like between two stages, and the vocabulary that says so."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import LineString, MultiPolygon, Point, Polygon
from world import box

from pipeline import contract
from pipeline.contract import POLYGON, UNITS, Column, ContractError, Layer, PipelineError, Text, check

NAME = Column("name", "str", "", "label", Text("Naam", "Name"), Text("Naam.", "Name."))
PEOPLE = Column("people_count", "float64", "count", "extensive", Text("Mensen", "People"), Text("Mensen.", "People."))
CLASS = Column("bbg_code", "int64", "", "label", Text("Klasse", "Class"), Text("Klasse.", "Class."))
PLOT = Layer("plot", "plot_id", POLYGON, (NAME, PEOPLE, CLASS), Text("Percelen", "Plots"))
BOW_TIE = Polygon([(0, 0), (10, 10), (10, 0), (0, 10)])


def plots() -> gpd.GeoDataFrame:
    """Two plots, exactly as declared."""
    return gpd.GeoDataFrame(
        {
            "name": pd.Series(["a", ""], dtype="str").to_numpy(),
            "people_count": [1.0, np.nan],
            "bbg_code": np.array([20, 51], dtype="int64"),
        },
        index=pd.Index(["p2", "p1"], name="plot_id", dtype="str"),
        geometry=[box(0, 0, 10, 10), MultiPolygon([box(20, 0, 30, 10)])],
        crs=contract.CRS,
    ).astype({"name": "str"})


def test_a_table_as_declared_comes_back_itself():
    table = plots()
    assert check(table, PLOT) is table


def test_an_empty_table_is_a_table():
    table = plots().iloc[:0]
    assert check(table, PLOT) is table


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda t: t.to_crs(4326), "plot: CRS is EPSG:4326, expected EPSG:28992"),
        (lambda t: t.set_crs(None, allow_override=True), "plot: CRS is not stated, expected EPSG:28992"),
        (lambda t: t.rename_axis("id"), "plot: index is 'id', expected 'plot_id'"),
        (lambda t: t.rename_axis(None), "plot: index is None, expected 'plot_id'"),
        (
            lambda t: t.set_axis(pd.Index(["p7", "p7"], name="plot_id")),
            "plot: 1 duplicate plot_id values, first 'p7'",
        ),
        (
            lambda t: t.set_geometry([t.geometry.iloc[0], BOW_TIE], crs=contract.CRS),
            "plot: 1 of 2 geometries are missing, empty or invalid, first plot_id 'p1'",
        ),
        (
            lambda t: t.set_geometry([None, Polygon()], crs=contract.CRS),
            "plot: 2 of 2 geometries are missing, empty or invalid, first plot_id 'p2'",
        ),
        (
            lambda t: t.set_geometry([Point(0, 0), LineString([(0, 0), (1, 1)])], crs=contract.CRS),
            "plot: geometry types ['LineString', 'Point'], expected ['MultiPolygon', 'Polygon']",
        ),
        (
            lambda t: t.drop(columns="people_count"),
            "plot: column people_count (float64) is missing or of another type; "
            "there are {'name': 'str', 'bbg_code': 'int64'}",
        ),
        (
            lambda t: t.astype({"bbg_code": "float64"}),
            "plot: column bbg_code (int64) is missing or of another type; "
            "there are {'name': 'str', 'people_count': 'float64', 'bbg_code': 'float64'}",
        ),
        (
            lambda t: t.assign(colour="red"),
            "plot: column 'colour' is not declared; declared are name, people_count, bbg_code",
        ),
        (
            lambda t: t[["people_count", "name", "bbg_code", "geometry"]],
            "plot: columns stand in the order ['people_count', 'name', 'bbg_code'], "
            "expected ['name', 'people_count', 'bbg_code']",
        ),
    ],
)
def test_what_is_not_as_declared_is_refused(spoil, message):
    with pytest.raises(ContractError) as error:
        check(spoil(plots()), PLOT)
    assert str(error.value) == message


def test_the_same_crs_said_in_other_words_is_the_same():
    table = plots()
    wkt = table.crs.to_wkt()
    assert check(table.set_crs(wkt, allow_override=True), PLOT) is not None


def test_every_kind_of_error_has_its_own_exit_code():
    kinds = [PipelineError, *PipelineError.__subclasses__()]
    codes = {kind.__name__: kind.exit_code for kind in kinds}
    assert codes == {
        "PipelineError": 1, "ConfigError": 2, "SourceError": 3, "ContractError": 4, "MissingInputError": 5, "LockedError": 6,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("unit", "nl", "en"),
    [
        ("", "Mensen", "People"),
        ("count", "Mensen", "People"),
        ("share", "Mensen (deel van 1)", "People (share of 1)"),
        ("1/km²", "Mensen (per km²)", "People (per km²)"),
    ],
)
def test_a_heading_names_the_unit_where_it_tells_something(unit, nl, en):
    column = Column("people", "float64", unit, "intensive", Text("Mensen", "People"), Text("x", "y"))
    assert (column.heading("nl"), column.heading("en")) == (nl, en)


def test_a_layer_finds_its_column():
    assert PLOT.column("people_count") is PEOPLE


def test_no_two_units_end_a_name_alike():
    suffixes = [u.suffix for u in UNITS.values() if u.suffix]
    assert len(suffixes) == len(set(suffixes))
