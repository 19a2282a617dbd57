"""The vocabulary of the pipeline, and what a table must look like between two stages.

Imports nothing of ours, and nothing heavy: a table is looked at through its own methods.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal, NamedTuple

if TYPE_CHECKING:
    import geopandas as gpd

#: Amersfoort / RD New, metres. No geometry travels between stages in anything else.
CRS = "EPSG:28992"

Language = Literal["nl", "en"]
Role = Literal["extensive", "intensive", "label"]
Dtype = Literal["str", "float64", "int64"]
#: West, south, east, north in metres RD.
Bbox = tuple[float, float, float, float]

POINT = frozenset({"Point"})
LINE = frozenset({"LineString", "MultiLineString"})
POLYGON = frozenset({"Polygon", "MultiPolygon"})


class PipelineError(Exception):
    """Base of every error that a user can cause or must act on: one line, where, what, what to do."""

    exit_code: ClassVar[int] = 1


class ConfigError(PipelineError):
    """The config file, or a word on the command line, says something that is not understood."""

    exit_code = 2


class SourceError(PipelineError):
    """A service or a file did not give what its declaration promises."""

    exit_code = 3


class ContractError(PipelineError):
    """A table is not what the next stage was promised."""

    exit_code = 4


class MissingInputError(PipelineError):
    """A stage was asked for before the one that it needs."""

    exit_code = 5


class LockedError(PipelineError):
    """Another run holds the project."""

    exit_code = 6


class Text(NamedTuple):
    """What a reader sees, in both languages."""

    nl: str
    en: str

    def in_(self, language: Language) -> str:
        """Give the text in `language`."""
        return self.nl if language == "nl" else self.en


class Unit(NamedTuple):
    """A unit of measure: the ending of a column's name, and what a reader sees."""

    suffix: str
    text: Text


#: Symbol -> unit. Closed on purpose: a new unit is a decision, not a typo. Every column with a unit
#: carries its suffix in the name; pure ratios that have a standard name of their own (fsi, mxi) do not.
UNITS: Mapping[str, Unit] = {
    "": Unit("", Text("", "")),
    "count": Unit("_count", Text("aantal", "number")),
    "share": Unit("_share", Text("deel van 1", "share of 1")),
    "%": Unit("_pct", Text("%", "%")),
    "m²/m²": Unit("", Text("m² per m²", "m² per m²")),
    "person": Unit("", Text("personen", "persons")),
    "storey": Unit("_storeys", Text("lagen", "storeys")),
    "index": Unit("", Text("index 0–1", "index 0–1")),
    "m": Unit("_m", Text("m", "m")),
    "m²": Unit("_m2", Text("m²", "m²")),
    "ha": Unit("_ha", Text("ha", "ha")),
    "m³": Unit("_m3", Text("m³", "m³")),
    "m³/m²": Unit("_m3_per_m2", Text("m³ per m²", "m³ per m²")),
    "m/m²": Unit("_m_per_m2", Text("m per m²", "m per m²")),
    "m²/ha": Unit("_m2_per_ha", Text("m² per ha", "m² per ha")),
    "m²/dwelling": Unit("_m2_per_dwelling", Text("m² per woning", "m² per dwelling")),
    "1/km²": Unit("_per_km2", Text("per km²", "per km²")),
    "1/ha": Unit("_per_ha", Text("per ha", "per ha")),
    "year": Unit("_year", Text("jaar", "year")),
    "class": Unit("_class", Text("klasse", "class")),
}


@dataclass(frozen=True)
class Column:
    """One column of a layer or of an indicator.

    Attributes
    ----------
    name
        Name in every table; ends in the suffix of its unit.
    dtype
        ``float64`` where a value can be missing (NaN: the source does not say), ``int64`` where it can't.
    unit
        A key of `UNITS`.
    role
        ``extensive`` (count, area: shrinks when its feature is cut), ``intensive`` (year, rate: copied)
        or ``label``.
    label
        Short name for legends, tables and aliases.
    meaning
        Definition in one sentence, with the denominator.
    """

    name: str
    dtype: Dtype
    unit: str
    role: Role
    label: Text
    meaning: Text

    def heading(self, language: Language) -> str:
        """Label with unit, as a legend prints it; a number, a year and a class need none."""
        unit = UNITS[self.unit].text.in_(language) if self.unit not in ("count", "year", "class") else ""
        return f"{self.label.in_(language)} ({unit})" if unit else self.label.in_(language)


@dataclass(frozen=True)
class Layer:
    """A table as it is promised: index `key`, one geometry family, exactly `columns`."""

    name: str
    key: str
    geometry: frozenset[str]
    columns: tuple[Column, ...]
    title: Text

    def column(self, name: str) -> Column:
        """Give the column called `name`."""
        return next(c for c in self.columns if c.name == name)


@dataclass(frozen=True)
class Raster:
    """A raster as it is promised: one band of float32 in EPSG:28992, NaN where nothing is measured.

    Attributes
    ----------
    name
        Name of the file, and of the source.
    resolution_m
        Side of a cell. The grid's origin is 0,0 RD: every corner is a multiple of this.
    unit
        A key of `UNITS`.
    overview_resolution_m
        Side of the cells of the coarser raster made beside it: means of the known cells in each.
    title, meaning
        What a reader sees; the meaning says what NaN stands for.
    """

    name: str
    resolution_m: float
    unit: str
    overview_resolution_m: float
    title: Text
    meaning: Text


#: What travels between stages.
Layers = Mapping[str, "gpd.GeoDataFrame"]


@dataclass(frozen=True)
class Page:
    """One answer of a service, or one file read. `etag` is the service's own mark of this state, '' if none."""

    url: str
    retrieved: str
    features: int
    bytes: int
    sha256: str
    etag: str = ""


@dataclass(frozen=True)
class Proof:
    """One thing that was looked at to know whether a source came in whole.

    Attributes
    ----------
    means
        ``count``: the service's own count equals what came. ``second_pass``: asked twice, the same ids.
        ``seams``: features on the seam of two tiles came with both. ``file``: one file, whole by length and hash.
        ``tiles``: every tile of the raster there, aligned and of the size asked. ``total``: agrees with another source.
        ``none``: nothing could be looked at.
    holds
        False where it does not hold, or nothing could be looked at.
    said
        With the figures, in both languages: one sentence without a full stop.
    """

    means: Literal["count", "second_pass", "seams", "file", "tiles", "total", "none"]
    holds: bool
    said: Text


@dataclass(frozen=True)
class Receipt:
    """Where a raw layer came from, and that it is whole.

    ``requested`` is the box in metres RD, None for a source that is fetched whole. ``reported`` is the
    service's own count, None where the service gives none. ``received`` is what arrived,
    ``kept`` what stands in the layer; ``received == kept + sum(dropped.values())``; ``repaired`` of the
    kept had an invalid geometry. Of a raster the counts are tiles. ``synthetic`` marks invented data. ``absent``
    names declared columns that this edition does not have: NaN throughout; ``filled`` those of them that were taken
    from an earlier edition, with its year. ``proofs`` say how far it is known that nothing was lost. ``software`` is
    what loaded it.
    """

    source: str
    title: Text
    register: str
    reference_date: str
    licence: str
    attribution: str
    protocol: str
    url: str
    requested: Bbox | None
    reported: int | None
    received: int
    kept: int
    dropped: Mapping[str, int]
    repaired: int
    absent: tuple[str, ...]
    retrieved: str
    pages: tuple[Page, ...]
    sha256: str
    synthetic: bool
    edition: int | None
    filled: Mapping[str, int]
    proofs: tuple[Proof, ...]
    software: str

    @property
    def proven(self) -> bool:
        """Whether every proof holds, and there is one that looked at all of it."""
        return all(p.holds for p in self.proofs) and any(p.means not in ("seams", "total") for p in self.proofs)


def check(table: gpd.GeoDataFrame, layer: Layer) -> gpd.GeoDataFrame:
    """Return `table` unchanged if it is what `layer` declares.

    Raises
    ------
    ContractError
        Naming the layer, what is, what was expected, how many rows, and the first of them.
    """

    def fail(what: str) -> None:
        msg = f"{layer.name}: {what}"
        raise ContractError(msg)

    if table.crs is None or not table.crs.equals(CRS):
        fail(f"CRS is {table.crs.to_string() if table.crs else 'not stated'}, expected {CRS}")
    if table.index.name != layer.key:
        fail(f"index is {table.index.name!r}, expected {layer.key!r}")
    twice = table.index.duplicated()
    if twice.any():
        fail(f"{int(twice.sum())} duplicate {layer.key} values, first {table.index[twice][0]!r}")
    bad = table.geometry.isna() | table.geometry.is_empty | ~table.geometry.is_valid
    if bad.any():
        fail(
            f"{int(bad.sum())} of {len(table)} geometries are missing, empty or invalid, "
            f"first {layer.key} {table.index[bad][0]!r}"
        )
    if odd := set(table.geom_type) - layer.geometry:
        fail(f"geometry types {sorted(odd)}, expected {sorted(layer.geometry)}")
    have = {str(name): str(dtype) for name, dtype in table.drop(columns=table.geometry.name).dtypes.items()}
    want = {c.name: c.dtype for c in layer.columns}
    if lost := [f"{n} ({d})" for n, d in want.items() if have.get(n) != d]:
        fail(f"column {lost[0]} is missing or of another type; there are {have}")
    if extra := [n for n in have if n not in want]:
        fail(f"column {extra[0]!r} is not declared; declared are {', '.join(want)}")
    if list(have) != list(want):
        fail(f"columns stand in the order {list(have)}, expected {list(want)}")
    return table
