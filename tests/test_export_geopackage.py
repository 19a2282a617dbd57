"""The GeoPackage: what goes in comes out, whole or not at all, and the same bytes each time."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from export_scene import HOMES, HOSTILE, NAME, PEOPLE, X, Y, receipt, units, zone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from shapely import MultiPolygon, Polygon, box
from shapely.geometry import LineString, Point

from pipeline.contract import ContractError, PipelineError, Proof, Text
from pipeline.export.declaration import Exported
from pipeline.export.geopackage import write
from pipeline.export.styles import default_style
from pipeline.store import sha256

CLOCKWISE = Polygon([(X, Y), (X, Y + 10), (X + 10, Y + 10), (X + 10, Y)])


def save(path: Path, *layers: Exported, receipts=(), language="nl", settings=None, title="Spoorzone") -> Path:
    write(path, layers, receipts=receipts, language=language, settings=settings or {}, title=title)
    return path


def three(**changes) -> Exported:
    """Three buurten, stored out of order, one without a value and one with a dangerous name."""
    table = gpd.GeoDataFrame(
        {"unit_name": [HOSTILE, "", "Kern"], PEOPLE.name: [np.nan, 0.0, 2500.0], HOMES.name: [1.0, 2.0, 3.0]},
        index=pd.Index(["BU3", "BU1", "BU2"], name="unit_id"),
        geometry=[CLOCKWISE, box(X, Y, X + 5, Y + 5), box(X, Y, X + 7, Y + 7)],
        crs="EPSG:28992",
    )
    made = Exported(
        "buurt", Text("Buurten", "Neighbourhoods"), table, (NAME, PEOPLE, HOMES), default_style("buurt"), "unit_id"
    )
    return replace(made, **changes)


def rows(path: Path, question: str) -> list[tuple]:
    with closing(sqlite3.connect(path)) as file:
        return file.execute(question).fetchall()


def test_what_goes_in_comes_out_in_order(tmp_path):
    path = save(tmp_path / "a.gpkg", three())
    back = pyogrio.read_dataframe(path, layer="buurt")
    assert list(back.columns) == ["unit_id", "unit_name", PEOPLE.name, HOMES.name, "geometry"]
    assert back["unit_id"].tolist() == ["BU1", "BU2", "BU3"]
    assert back["unit_name"].tolist() == ["", "Kern", HOSTILE]
    assert back.crs.equals("EPSG:28992")
    assert back.area.tolist() == [25, 49, 100]


def test_nan_is_null_and_nothing_else_is(tmp_path):
    path = save(tmp_path / "a.gpkg", three())
    found = rows(path, f"SELECT unit_id, {PEOPLE.name} IS NULL, unit_name IS NULL FROM buurt ORDER BY fid")
    assert found == [("BU1", 0, 0), ("BU2", 0, 0), ("BU3", 1, 0)]


def test_exterior_rings_run_counter_clockwise_and_heights_go(tmp_path):
    layer = three()
    high = layer.table.set_geometry(shapely.force_3d(layer.table.geometry, 7.0))
    path = save(tmp_path / "a.gpkg", three(table=high))
    back = pyogrio.read_dataframe(path, layer="buurt")
    assert shapely.is_ccw(shapely.get_exterior_ring(back.geometry.array)).all()
    assert not back.has_z.any()


@pytest.mark.parametrize(
    ("geometry", "declared"),
    [
        ([box(X, Y, X + 1, Y + 1)], "POLYGON"),
        (
            [box(X, Y, X + 1, Y + 1), MultiPolygon([box(X, Y, X + 1, Y + 1), box(X + 2, Y, X + 3, Y + 1)])],
            "MULTIPOLYGON",
        ),
        ([LineString([(X, Y), (X + 1, Y)])], "LINESTRING"),
        ([Point(X, Y)], "POINT"),
    ],
)
def test_the_declared_geometry_type_is_met_by_every_row(tmp_path, geometry, declared):
    table = gpd.GeoDataFrame({"id": [f"{i}" for i in range(len(geometry))]}, geometry=geometry, crs="EPSG:28992")
    path = save(tmp_path / "a.gpkg", Exported("a", Text("A", "A"), table, (), None, "id"))
    assert rows(path, "SELECT column_name, geometry_type_name, z, m FROM gpkg_geometry_columns") == [
        ("geom", declared, 0, 0)
    ]
    back = pyogrio.read_dataframe(path, layer="a")
    assert set(back.geom_type.str.upper()) == {declared}
    assert back.geometry.geom_equals(gpd.GeoSeries(geometry, crs="EPSG:28992")).all()


def test_every_layer_has_a_spatial_index_and_the_version_is_1_3(tmp_path):
    path = save(tmp_path / "a.gpkg", *zone())
    layers = {layer.name for layer in zone()}
    indexed = {
        t for (t,) in rows(path, "SELECT table_name FROM gpkg_extensions WHERE extension_name = 'gpkg_rtree_index'")
    }
    assert indexed == layers
    assert all(
        rows(path, f'SELECT count(*) FROM "rtree_{n}_geom"') == rows(path, f'SELECT count(*) FROM "{n}"')
        for n in layers
    )
    assert rows(path, "PRAGMA user_version") == [(10300,)]


_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
_VALUE = st.sampled_from([np.nan, 0.0, -1.0, 0.1, 1e300, 5e-324])


@pytest.mark.fault("E", "any text and number, in the GeoPackage", "the same text and number")
@given(st.lists(st.tuples(_TEXT, _TEXT, _VALUE), min_size=1, max_size=5, unique_by=lambda row: row[0]))
@hypothesis_settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_and_number_survives(tmp_path, given_rows):
    keys, names, values = (list(part) for part in zip(*given_rows, strict=True))
    table = gpd.GeoDataFrame(
        {"unit_id": keys, "unit_name": names, PEOPLE.name: values},
        geometry=[box(X + i, Y, X + i + 1, Y + 1) for i in range(len(keys))], crs="EPSG:28992",
    )  # fmt: skip
    path = save(tmp_path / "a.gpkg", three(table=table, columns=(NAME, PEOPLE)))
    back = pyogrio.read_dataframe(path, layer="buurt").set_index("unit_id").loc[keys]
    assert back["unit_name"].tolist() == names
    np.testing.assert_array_equal(back[PEOPLE.name].to_numpy(), np.array(values))


# --- the same bytes


def test_same_input_same_bytes(tmp_path):
    known = [receipt(), receipt("pand")]
    one = save(tmp_path / "one.gpkg", *zone(), receipts=known, settings={"a": "1"})
    shuffled = [replace(layer, table=layer.table.iloc[::-1]) for layer in zone()]
    two = save(tmp_path / "two.gpkg", *shuffled, receipts=known, settings={"a": "1"})
    assert sha256(one) == sha256(two)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["one.gpkg", "two.gpkg"]


def test_the_options_of_gdal_are_put_back(tmp_path):
    before = pyogrio.get_gdal_config_option("OGR_CURRENT_DATE")
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": "1999-12-31T00:00:00.000Z"})
    try:
        save(tmp_path / "a.gpkg", three())
        assert pyogrio.get_gdal_config_option("OGR_CURRENT_DATE") == "1999-12-31T00:00:00.000Z"
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": before})


@pytest.mark.parametrize(
    ("retrieved", "moment"),
    [
        ((), "2000-01-01T00:00:00.000Z"),
        (("2026-11-21T20:15:00+00:00", "2026-11-21T22:15:00+01:00"), "2026-11-21T21:15:00.000Z"),
        (("2026-11-21",), "2026-11-21T00:00:00.000Z"),
    ],
)
def test_last_change_is_the_latest_retrieval(tmp_path, retrieved, moment):
    path = save(tmp_path / "a.gpkg", three(), receipts=[receipt(retrieved=r) for r in retrieved])
    assert rows(path, "SELECT DISTINCT last_change FROM gpkg_contents") == [(moment,)]


# --- the file explains itself


def test_data_dictionary_has_every_column_of_every_layer(tmp_path):
    layer = three(sources={PEOPLE.name: ("buurt", "bodemgebruik", "buurt")})
    path = save(tmp_path / "a.gpkg", layer, receipts=[receipt("buurt"), receipt("bodemgebruik")])
    found = rows(
        path,
        "SELECT table_name, column_name, label_nl, label_en, unit, role, meaning_nl, source FROM data_dictionary ORDER BY id",
    )
    cbs, bbg = receipt("buurt").register, receipt("bodemgebruik").register
    assert found == [
        ("buurt", "unit_id", "Sleutel", "Key", "", "label", "Unieke sleutel van de rij.", cbs),
        ("buurt", "unit_name", "Naam", "Name", "", "label", "Naam van het gebied.", cbs),
        ("buurt", PEOPLE.name, "Inwonersdichtheid", "Population density", "per km²", "intensive", "Inwonersdichtheid, uitgelegd.", f"{cbs}; {bbg}"),
        ("buurt", HOMES.name, "Woningdichtheid", "Dwelling density", "per ha", "intensive", "Woningdichtheid, uitgelegd.", cbs),
    ]  # fmt: skip


def test_a_layer_cut_to_the_corridor_has_the_source_of_the_whole(tmp_path):
    path = save(tmp_path / "a.gpkg", three(name="buurt_corridor"), three(name="hexagon"), receipts=[receipt("buurt")])
    found = rows(path, "SELECT DISTINCT table_name, source FROM data_dictionary ORDER BY id")
    assert found == [("buurt_corridor", receipt("buurt").register), ("hexagon", "")]


def test_sources_hold_the_counts_of_the_receipts(tmp_path):
    path = save(tmp_path / "a.gpkg", three(), receipts=[receipt(), receipt("pand", requested=None, reported=12)])
    found = rows(
        path,
        "SELECT source, requested, reported, received, kept, dropped, repaired, synthetic FROM sources ORDER BY id",
    )
    assert found == [
        ("buurt", "250000 476000 254000 478000", None, 12, 10, "water: 2", 1, 1),
        ("pand", "", 12, 12, 10, "water: 2", 1, 1),
    ]


@pytest.mark.parametrize(
    ("language", "proof"),
    [("nl", "geteld; niet bewezen: de naad klopt niet"), ("en", "counted; not proven: the seam is off")],
)
def test_sources_say_whether_they_are_whole_and_why(tmp_path, language, proof):
    count, seam = Text("geteld", "counted"), Text("de naad klopt niet", "the seam is off")
    known = [
        receipt(proofs=(Proof("count", True, count),), filled={"dwellings_count": 2021, "oad_per_km2": 2020}),
        receipt("pand", proofs=(Proof("count", True, count), Proof("seams", False, seam))),
    ]
    path = save(tmp_path / "a.gpkg", three(), receipts=known, language=language)
    assert rows(path, "SELECT source, whole, proof, filled FROM sources ORDER BY id") == [
        ("buurt", 1, count.in_(language), "dwellings_count: 2021; oad_per_km2: 2020"),
        ("pand", 0, proof, ""),
    ]
    types = {name: type_ for _, name, type_, *_ in rows(path, "PRAGMA table_info(sources)")}
    assert types["whole"] == types["synthetic"] == "BOOLEAN"


def test_tables_without_rows_are_left_out(tmp_path):
    path = save(tmp_path / "a.gpkg", three(style=None))
    assert rows(path, "SELECT table_name, data_type FROM gpkg_contents ORDER BY rowid") == [
        ("buurt", "features"), ("data_dictionary", "attributes"),
    ]  # fmt: skip


def test_invented_data_are_said_to_be_invented_in_every_table(tmp_path):
    made_up = save(
        tmp_path / "a.gpkg", three(), receipts=[receipt(synthetic=False), receipt("pand")], settings={"a": "b"}
    )
    said = rows(made_up, "SELECT identifier, description FROM gpkg_contents")
    assert len(said) == 5
    assert all("synthetisch voorbeeld" in identifier for identifier, _ in said)
    assert all("verzonnen gegevens" in description for _, description in said)
    real = save(tmp_path / "b.gpkg", three(), receipts=[receipt(synthetic=False)], language="en")
    assert rows(real, "SELECT identifier, description FROM gpkg_contents")[0] == ("Neighbourhoods", "Spoorzone")
    assert not any("ynthetic" in str(row) for row in rows(real, "SELECT * FROM gpkg_contents"))


def test_names_for_readers_are_in_the_schema_extension_and_differ(tmp_path):
    alike = replace(HOMES, label=PEOPLE.label, unit=PEOPLE.unit)
    path = save(tmp_path / "a.gpkg", three(columns=(NAME, PEOPLE, alike)))
    found = rows(path, "SELECT table_name, column_name, name, description FROM gpkg_data_columns")
    assert found == [
        ("buurt", "unit_id", "Sleutel", "Unieke sleutel van de rij."),
        ("buurt", "unit_name", "Naam", "Naam van het gebied."),
        ("buurt", PEOPLE.name, f"Inwonersdichtheid (per km²) [{PEOPLE.name}]", "Inwonersdichtheid, uitgelegd."),
        ("buurt", HOMES.name, f"Inwonersdichtheid (per km²) [{HOMES.name}]", "Woningdichtheid, uitgelegd."),
    ]


def test_layers_of_one_title_get_identifiers_that_differ(tmp_path):
    path = save(tmp_path / "a.gpkg", three(), three(name="wijk"))
    assert rows(path, "SELECT identifier FROM gpkg_contents WHERE data_type = 'features'") == [
        ("Buurten [buurt]",),
        ("Buurten [wijk]",),
    ]


def test_each_style_is_the_default_of_its_layer(tmp_path):
    path = save(tmp_path / "a.gpkg", *zone())
    found = rows(
        path,
        "SELECT f_table_name, f_geometry_column, useAsDefault, styleQML LIKE '<!DOCTYPE qgis%' FROM layer_styles ORDER BY id",
    )
    assert [row for row in found if row[2]] == [(layer.name, "geom", 1, 1) for layer in zone()]
    # Panden can be drawn by their use as well; by their height only where they have one.
    assert [row for row in found if not row[2]] == [("pand_corridor", "geom", 0, 1)]
    assert rows(path, "SELECT styleName FROM layer_styles WHERE NOT useAsDefault") == [("Functie",)]


def test_a_table_without_the_column_of_its_style_is_drawn_plainly(tmp_path):
    path = save(tmp_path / "a.gpkg", three(columns=(HOMES,)))
    ((style,),) = rows(path, "SELECT styleQML FROM layer_styles")
    assert 'type="singleSymbol"' in style
    assert 'labelsEnabled="0"' in style
    assert PEOPLE.name not in style


def test_an_empty_layer_is_written_with_the_type_of_its_style(tmp_path):
    path = save(tmp_path / "a.gpkg", three(table=three().table.iloc[:0]))
    assert rows(path, "SELECT geometry_type_name FROM gpkg_geometry_columns") == [("POLYGON",)]


# --- nothing is lost


def _table(**values) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {"unit_id": ["a", "b"], "unit_name": ["x", "y"], **values},
        crs="EPSG:28992",
        geometry=[box(X, Y, X + 1, Y + 1)] * 2,
    )


def _bad() -> Iterator[tuple[list[Exported], str]]:
    good = three(table=_table(), columns=(NAME,))
    bow_tie = Polygon([(X, Y), (X + 1, Y + 1), (X + 1, Y), (X, Y + 1)])
    mixed = [box(X, Y, X + 1, Y + 1), Point(X, Y)]
    yield [], "GeoPackage: there is no layer to export, expected at least one"
    yield [good, good], "buurt: this name stands twice, expected one table of each name"
    yield [replace(good, name="sources")], "sources: this name stands twice, expected one table of each name"
    yield (
        [replace(good, name='b"; DROP TABLE x')],
        """b"; DROP TABLE x: 'b"; DROP TABLE x' can't be a name in a GeoPackage, expected small letters, digits and underscores, at most 57""",
    )
    yield (
        [replace(good, columns=(replace(NAME, name="geom"),))],
        "buurt: column 'geom' is there twice or is a column of the GeoPackage itself",
    )
    yield (
        [replace(good, columns=(NAME, NAME))],
        "buurt: column 'unit_name' is there twice or is a column of the GeoPackage itself",
    )
    yield (
        [replace(good, columns=(PEOPLE,))],
        "buurt: column 'inhabitants_per_km2' is missing; there are unit_id, unit_name, geometry",
    )
    yield [replace(good, table=_table().to_crs(4326))], "buurt: CRS is EPSG:4326, expected EPSG:28992"
    yield (
        [replace(good, table=_table().set_crs(None, allow_override=True))],
        "buurt: CRS is not stated, expected EPSG:28992",
    )
    yield (
        [replace(good, table=_table().set_geometry([bow_tie, None]))],
        "buurt: 2 of 2 geometries are missing, empty or invalid, first 'a'",
    )
    yield (
        [replace(good, table=_table(unit_id=["b", "b"]))],
        "buurt: 1 unit_id values are duplicate or missing, first 'b'",
    )
    yield (
        [replace(good, table=_table(unit_name=["x", "y\0z"]))],
        "buurt: 1 texts in unit_name hold a NUL character, first in 'b'",
    )
    yield (
        [replace(good, table=_table().set_geometry(mixed, crs="EPSG:28992"))],
        "buurt: geometry types ['POINT', 'POLYGON'], expected one of Polygon, LineString, Point and its multi type",
    )


@pytest.mark.fault(
    "C", "tables that a GeoPackage can’t hold",
    "one line; the file that stood there before stays, byte for byte",
)  # fmt: skip
@pytest.mark.parametrize(
    ("layers", "message"), list(_bad()), ids=lambda value: value[:40] if isinstance(value, str) else ""
)
def test_bad_input_is_refused_and_the_old_file_stays(tmp_path, layers, message):
    path = save(tmp_path / "a.gpkg", three())
    before = sha256(path)
    with pytest.raises(ContractError) as error:
        save(path, *layers)
    assert str(error.value) == message
    assert sha256(path) == before
    assert [p.name for p in tmp_path.iterdir()] == ["a.gpkg"]


@pytest.mark.fault(
    "C", "GDAL writes something else than it was given, and says nothing",
    "one line; every GeoPackage is read back and compared before it is given its name",
)  # fmt: skip
@pytest.mark.parametrize(
    ("fault", "message"),
    [
        (lambda table, kw: (table.iloc[1:], kw), "buurt holds 2 rows after writing, expected 3; try again"),
        (
            lambda table, kw: (table, kw | {"geometry_type": "Unknown"}),
            "buurt reads back as (3, 'Unknown', 'EPSG:28992'",
        ),
    ],
    ids=["a row lost", "another type"],
)
def test_a_writer_that_does_something_else_is_caught(tmp_path, monkeypatch, fault, message):
    path = save(tmp_path / "a.gpkg", three())
    before = sha256(path)
    real = pyogrio.write_dataframe

    def broken(table, part, **options):
        if options["layer"] == "buurt":
            table, options = fault(table, options)
        real(table, part, **options)

    monkeypatch.setattr(pyogrio, "write_dataframe", broken)
    with pytest.raises(PipelineError, match=r"try again$") as error:
        save(path, three())
    assert message in str(error.value)
    assert sha256(path) == before
    assert [p.name for p in tmp_path.iterdir()] == ["a.gpkg"]


@pytest.mark.fault(
    "C", "GDAL leaves out the spatial index on a disk that is full for a moment, and says nothing",
    "one line; every GeoPackage is read back and compared before it is given its name",
)  # fmt: skip
@pytest.mark.parametrize(("harm", "left"), [("DROP TABLE rtree_buurt_geom", 0), ("DELETE FROM rtree_buurt_geom WHERE id = 2", 2)])
def test_an_index_that_lacks_something_is_seen(tmp_path, monkeypatch, harm, left):
    real = pyogrio.write_dataframe

    def broken(table, part, **options):
        real(table, part, **options)
        if options["layer"] == "buurt":
            with closing(sqlite3.connect(part)) as file:
                file.execute(harm)
                file.commit()

    monkeypatch.setattr(pyogrio, "write_dataframe", broken)
    with pytest.raises(PipelineError, match=rf"buurt has {left} rows in its spatial index, expected 3; try again$"):
        save(tmp_path / "a.gpkg", three())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.fault(
    "C", "a full disk, at every kind of file",
    "one line; the file that stood there before stays, byte for byte",
)  # fmt: skip
def test_a_full_disk_leaves_the_old_file(small_disk):
    path = save(small_disk / "a.gpkg", three())
    before = sha256(path)
    with pytest.raises(PipelineError) as error:
        save(path, units("square_100m", 20))
    assert "\n" not in str(error.value)
    assert str(error.value).startswith(f"{path}: can't be written: ")
    assert sha256(path) == before
    assert [p.name for p in small_disk.iterdir()] == ["a.gpkg"]


def test_a_folder_that_is_a_file_is_one_line(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(PipelineError, match=r"file/a\.gpkg: can't be written: "):
        save(tmp_path / "file" / "a.gpkg", three())


_DIES_WHILE_WRITING = """
import os, signal, sqlite3, sys
file = sqlite3.connect(sys.argv[1])
file.execute("PRAGMA journal_mode = WAL")
file.execute("PRAGMA wal_autocheckpoint = 0")
file.execute("UPDATE data_dictionary SET label_nl = 'from the dead'")
file.commit()
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.fault(
    "C", "a journal of a dead program beside the GeoPackage",
    "nothing: it is not played back into the new file",
)  # fmt: skip
def test_a_journal_of_a_dead_program_is_not_played_back_into_the_new_file(tmp_path):
    path = save(tmp_path / "a.gpkg", three())
    died = subprocess.run([sys.executable, "-c", _DIES_WHILE_WRITING, str(path)])
    assert died.returncode == -signal.SIGKILL
    assert (tmp_path / "a.gpkg-wal").stat().st_size > 0
    save(path, three())
    assert rows(path, "SELECT count(*) FROM data_dictionary WHERE label_nl = 'from the dead'") == [(0,)]
    assert [p.name for p in tmp_path.iterdir()] == ["a.gpkg"]


@pytest.mark.fault("C", "QGIS holds the file open while it is replaced", "nothing: it keeps reading the old one")
def test_who_has_the_old_file_open_keeps_reading_it(tmp_path):
    path = save(tmp_path / "a.gpkg", three())
    with closing(sqlite3.connect(path)) as reader:
        reader.execute("BEGIN")
        assert reader.execute("SELECT count(*) FROM buurt").fetchone() == (3,)
        save(path, units("buurt", 500))
        assert reader.execute("SELECT count(*) FROM buurt").fetchone() == (3,)
    assert rows(path, "SELECT count(*) FROM buurt") == [(32,)]
