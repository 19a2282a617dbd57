"""Write everything for designers into one GeoPackage that explains and draws itself.

GeoPackage 1.3, EPSG:28992, geometry column ``geom``. NaN and None become NULL; an empty text stays an empty text,
because it says something else. Beside the layers stand the attribute tables that are given, such as ``series``, and
``data_dictionary``, ``sources``, ``settings`` and ``checks``, and QGIS's own ``layer_styles``. The names of the
columns for a reader stand twice: in the styles, and in the schema extension (``gpkg_data_columns``), which GDAL reads.
What a catalogue asks stands in the metadata extension (``gpkg_metadata``).
"""

from __future__ import annotations

import datetime
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

import geopandas as gpd
import pandas as pd
import pyogrio
import pyogrio.errors
import shapely

from ..checks.declaration import Check
from ..contract import CRS, Bbox, ContractError, Language, PipelineError, Receipt, Text
from ..provenance import SYNTHETIC_SHORT, is_synthetic, notice
from ..store import EPOCH, whole
from . import tables
from .declaration import Exported, Listed
from .layer import KEY_MEANING, Prepared, aliases, prepare
from .metadata import STANDARD, iso_xml

_TITLES = {
    "data_dictionary": Text("Betekenis van alle kolommen", "Meaning of all columns"),
    "sources": Text("Bronnen, met datum, licentie en aantallen", "Sources, with date, licence and counts"),
    "settings": Text("Instellingen waarmee dit is gemaakt", "Settings with which this was made"),
    "checks": Text("Controles: wat klopt en wat niet", "Checks: what holds and what does not"),
    "layer_styles": Text("Opmaak die QGIS zelf laadt", "Styles that QGIS loads by itself"),
}
_SCHEMA_EXTENSION = """
CREATE TABLE gpkg_data_columns (
  table_name TEXT NOT NULL, column_name TEXT NOT NULL, name TEXT, title TEXT, description TEXT, mime_type TEXT,
  constraint_name TEXT, CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name),
  CONSTRAINT gdc_tn UNIQUE (table_name, name));
CREATE TABLE gpkg_data_column_constraints (
  constraint_name TEXT NOT NULL, constraint_type TEXT NOT NULL, value TEXT, min NUMERIC, min_is_inclusive BOOLEAN,
  max NUMERIC, max_is_inclusive BOOLEAN, description TEXT,
  CONSTRAINT gdcc_ntv UNIQUE (constraint_name, constraint_type, value));
INSERT INTO gpkg_extensions VALUES
  ('gpkg_data_columns', NULL, 'gpkg_schema', 'http://www.geopackage.org/spec121/#extension_schema', 'read-write'),
  ('gpkg_data_column_constraints', NULL, 'gpkg_schema', 'http://www.geopackage.org/spec121/#extension_schema', 'read-write');
"""
_METADATA_EXTENSION = """
CREATE TABLE gpkg_metadata (
  id INTEGER CONSTRAINT m_pk PRIMARY KEY ASC NOT NULL, md_scope TEXT NOT NULL DEFAULT 'dataset', md_standard_uri TEXT NOT NULL,
  mime_type TEXT NOT NULL DEFAULT 'text/xml', metadata TEXT NOT NULL DEFAULT '');
CREATE TABLE gpkg_metadata_reference (
  reference_scope TEXT NOT NULL, table_name TEXT, column_name TEXT, row_id_value INTEGER,
  timestamp DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
  md_file_id INTEGER NOT NULL, md_parent_id INTEGER,
  CONSTRAINT crmr_mfi_fk FOREIGN KEY (md_file_id) REFERENCES gpkg_metadata(id),
  CONSTRAINT crmr_mpi_fk FOREIGN KEY (md_parent_id) REFERENCES gpkg_metadata(id));
INSERT INTO gpkg_extensions VALUES
  ('gpkg_metadata', NULL, 'gpkg_metadata', 'http://www.geopackage.org/spec121/#extension_metadata', 'read-write'),
  ('gpkg_metadata_reference', NULL, 'gpkg_metadata', 'http://www.geopackage.org/spec121/#extension_metadata', 'read-write');
"""
#: What pyogrio raises when GDAL can't write.
_REFUSED = (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, pyogrio.errors.FeatureError)


class _Table(NamedTuple):
    """One table of the file. Without ``geometry`` it is an attribute table."""

    name: str
    table: pd.DataFrame
    identifier: str
    description: str
    geometry: str | None


def write(
    path: Path,
    layers: Sequence[Exported],
    *,
    receipts: Sequence[Receipt],
    language: Language,
    settings: Mapping[str, str],
    title: str,
    checks: Sequence[Check] = (),
    listed: Sequence[Listed] = (),
    contact: str = "",
) -> None:
    """Write `layers` to one GeoPackage, whole or not at all; the same input makes the same bytes.

    The new file is opened and counted before it takes the place of an older one. ``last_change`` is the latest
    moment at which any of the data was retrieved.

    Parameters
    ----------
    path
        The file.
    layers
        In the order in which QGIS is to list them.
    receipts
        Of everything that went into the layers. One that is synthetic marks every table as such.
    language
        Of what a reader sees.
    settings
        What was chosen -> what it is, for the table ``settings``.
    title
        Name of the rail zone, in the description of every table.
    checks
        What the checks found, for the table ``checks``; one that fails is said in the description of every table.
    listed
        Attribute tables after the layers; one without rows is left out.
    contact
        E-mail address or page of who runs the project, for the metadata.

    Raises
    ------
    ContractError
        When a layer is not what it declares, or there are none.
    PipelineError
        When the disk refuses, or the file does not hold what was written.
    """
    listed = [one for one in listed if len(one.table)]
    _check_names(layers, listed)
    made = [prepare(layer, language) for layer in layers]
    moment = _moment(receipts)
    attributes = {
        "data_dictionary": tables.dictionary(made, receipts, language, listed),
        "sources": tables.sources(receipts, language),
        "settings": tables.settings(settings),
        "checks": tables.checks(checks, language),
        "layer_styles": tables.layer_styles(made, language, title, moment),
    }
    said = notice(receipts, checks, language)
    contents = list(_contents(made, listed, attributes, language, title, said, synthetic=is_synthetic(receipts)))
    with _failing(path), whole(path) as part:
        # The file is synced once, when it is whole.
        with _gdal(OGR_CURRENT_DATE=moment, OGR_SQLITE_SYNCHRONOUS="OFF"):
            for one in contents:
                _append(part, one)
        with closing(sqlite3.connect(part)) as file:
            file.execute("PRAGMA synchronous = OFF")
            _describe_columns(file, made, listed, language)
            said_of_it = iso_xml(title=title, receipts=receipts, moment=moment, box=_box(made), language=language, contact=contact)
            _add_metadata(file, said_of_it, moment)
            _count(file, path, contents)
        _reopen(part, path, contents)
        _forget_journals(path)


def _check_names(layers: Sequence[Exported], listed: Sequence[Listed]) -> None:
    names = [*(layer.name for layer in layers), *(table.name for table in listed)]
    if not layers:
        msg = "GeoPackage: there is no layer to export, expected at least one"
        raise ContractError(msg)
    if twice := [n for n in names if names.count(n) > 1 or n in _TITLES]:
        msg = f"{twice[0]}: this name stands twice, expected one table of each name"
        raise ContractError(msg)


def _contents(
    layers: Sequence[Prepared],
    listed: Sequence[Listed],
    attributes: Mapping[str, pd.DataFrame],
    language: Language,
    title: str,
    said: str,
    *,
    synthetic: bool,
) -> Iterator[_Table]:
    """Everything that goes into the file, in order, with what ``gpkg_contents`` says about it."""
    mark = f" ({SYNTHETIC_SHORT.in_(language)})" if synthetic else ""
    about = f"{title}. {said}." if said else title
    titles = [one.declared.title.in_(language) for one in layers]
    for one, text in zip(layers, titles, strict=True):
        name = one.declared.name
        # Identifiers must differ.
        unlike = f"{text} [{name}]" if titles.count(text) > 1 else text
        yield _Table(name, one.table, unlike + mark, about, one.geometry)
    for shown in listed:
        names = [c.name for c in shown.columns]
        yield _Table(shown.name, shown.table[names], shown.title.in_(language) + mark, about, None)
    for name, table in attributes.items():
        if len(table):
            yield _Table(name, table, _TITLES[name].in_(language) + mark, about, None)


def _append(part: Path, one: _Table) -> None:
    options = {"IDENTIFIER": one.identifier, "DESCRIPTION": one.description}
    options |= {"FID": "fid", "GEOMETRY_NAME": "geom", "SPATIAL_INDEX": "YES"} if one.geometry else {"FID": "id"}
    new = not part.exists()
    pyogrio.write_dataframe(
        one.table,
        part,
        layer=one.name,
        driver="GPKG",
        geometry_type=one.geometry,
        append=not new,
        dataset_options={"VERSION": "1.3"} if new else None,
        layer_options=options,
    )


def _describe_columns(
    file: sqlite3.Connection, layers: Sequence[Prepared], listed: Sequence[Listed], language: Language
) -> None:
    file.executescript(_SCHEMA_EXTENSION)
    said: list[tuple[Exported | Listed, Mapping[str, str]]] = [(one.declared, one.aliases) for one in layers]
    said += [(table, aliases(table.columns, language)) for table in listed]
    for declared, names in said:
        meanings = {c.name: c.meaning.in_(language) for c in declared.columns}
        file.executemany(
            "INSERT INTO gpkg_data_columns VALUES (?, ?, ?, ?, ?, NULL, NULL)",
            [
                (declared.name, column, alias, alias, meanings.get(column, KEY_MEANING.in_(language)))
                for column, alias in names.items()
            ],
        )
    file.commit()


def _add_metadata(file: sqlite3.Connection, xml: str, moment: str) -> None:
    file.executescript(_METADATA_EXTENSION)
    file.execute("INSERT INTO gpkg_metadata VALUES (1, 'dataset', ?, 'text/xml', ?)", (STANDARD, xml))
    file.execute("INSERT INTO gpkg_metadata_reference VALUES ('geopackage', NULL, NULL, NULL, ?, 1, NULL)", (moment,))
    file.commit()


def _box(layers: Sequence[Prepared]) -> Bbox:
    """The box around all layers in degrees."""
    boxes = [shapely.box(*one.table.total_bounds) for one in layers if len(one.table)]
    west, south, east, north = gpd.GeoSeries(boxes, crs=CRS).to_crs("EPSG:4258").total_bounds.tolist()
    return west, south, east, north


def _count(file: sqlite3.Connection, path: Path, contents: Sequence[_Table]) -> None:
    """Count the rows that are there; GDAL only reads how many there should be."""
    said = file.execute("PRAGMA quick_check").fetchone()[0]
    if said != "ok":
        msg = f"{path}: was written damaged ({said.splitlines()[0]}); try again"
        raise PipelineError(msg)
    for one in contents:
        rows = file.execute(f'SELECT count(*) FROM "{one.name}"').fetchone()[0]  # noqa: S608 - the name is checked
        if rows != len(one.table):
            msg = f"{path}: {one.name} holds {rows} rows after writing, expected {len(one.table)}; try again"
            raise PipelineError(msg)
        if one.geometry and (indexed := _indexed(file, one.name)) != rows:
            msg = f"{path}: {one.name} has {indexed} rows in its spatial index, expected {rows}; try again"
            raise PipelineError(msg)


def _indexed(file: sqlite3.Connection, name: str) -> int:
    """Rows in the spatial index; on a disk that is full for a moment GDAL leaves it out without a word."""
    table = f"rtree_{name}_geom_rowid"
    if not file.execute("SELECT count(*) FROM sqlite_master WHERE name = ?", (table,)).fetchone()[0]:
        return 0
    rows: int = file.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]  # noqa: S608 - the name is checked
    return rows


def _reopen(part: Path, path: Path, contents: Sequence[_Table]) -> None:
    """Look at the file as others will, through GDAL."""
    for one in contents:
        info = pyogrio.read_info(part, layer=one.name)
        have = (info["features"], info["geometry_type"], info["crs"], list(info["fields"]))
        fields = [c for c in one.table.columns if c != "geom"]
        want = (len(one.table), one.geometry, CRS if one.geometry else None, fields)
        if have != want:
            msg = f"{path}: {one.name} reads back as {have}, expected {want}; try again"
            raise PipelineError(msg)


def _forget_journals(path: Path) -> None:
    """Remove what a program that died left beside an older file: SQLite would play it back into the new one."""
    for ending in ("-wal", "-shm", "-journal"):
        path.with_name(path.name + ending).unlink(missing_ok=True)


def _moment(receipts: Sequence[Receipt]) -> str:
    """The latest retrieval, as a GeoPackage writes a moment."""
    moments = []
    for receipt in receipts:
        try:
            moment = datetime.datetime.fromisoformat(receipt.retrieved)
        except ValueError:
            continue
        moments.append(moment.replace(tzinfo=moment.tzinfo or datetime.UTC).astimezone(datetime.UTC))
    return max(moments).strftime("%Y-%m-%dT%H:%M:%S.000Z") if moments else EPOCH


@contextmanager
def _gdal(**options: str) -> Iterator[None]:
    """Set options of GDAL for the length of a block."""
    before = {name: pyogrio.get_gdal_config_option(name) for name in options}
    pyogrio.set_gdal_config_options(options)
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options(before)


@contextmanager
def _failing(path: Path) -> Iterator[None]:
    """Turn what GDAL and SQLite say into one line."""
    try:
        yield
    except (sqlite3.Error, *_REFUSED) as error:
        msg = f"{path}: can't be written: {str(error).splitlines()[0]}; is the disk full?"
        raise PipelineError(msg) from None
