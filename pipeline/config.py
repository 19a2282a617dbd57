"""config.toml -> frozen `Config`. Nothing else opens that file.

The models below are the documentation of the config: the JSON schema for editors is made from them.
"""

from __future__ import annotations

import difflib
import json
import os
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, partial
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from .clip.kinds import KINDS
from .contract import ConfigError, Language, Text
from .profiles import PROFILES, StockProfile
from .sources import BY_NAME, RASTERS, SOURCES
from .sources.declaration import Extent, Protocol


def _one_of(known: Sequence[str], value: str) -> str:
    if value not in known:
        msg = f"expected one of {', '.join(known)}"
        raise ValueError(msg)
    return value


GemeenteCode = Annotated[str, Field(pattern=r"^GM\d{4}$")]
BuurtCode = Annotated[str, Field(pattern=r"^BU\d{8}$")]
# Strict: "1000" and true are no numbers, though they could be read as such.
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Whole = Annotated[int, Field(strict=True)]
Metres = Annotated[Number, Field(gt=0, le=100_000)]
#: Below ten metres there would be more cells than buildings.
CellMetres = Annotated[Number, Field(ge=10, le=100_000)]
#: They fill the 5 m of the terrain and the kilometre of a tile.
_RASTER_CELLS_M = (0.5, 1, 2, 5)
#: What can be made for the design team, in the order of its read-me.
Format = Literal["geopackage", "qgis", "dxf", "cityjson", "mesh", "raster", "xlsx", "csv", "geoparquet", "flatgeobuf"]
_FORMATS: tuple[Format, ...] = get_args(Format)
_KINDS = tuple(k.name for k in KINDS)
_SOURCES = (*(s.name for s in SOURCES), *(r.name for r in RASTERS))
_OPTIONS = frozenset({*(s.name for s in SOURCES if s.option), *(r.name for r in RASTERS if r.option)})
# Spelled by the declarations themselves, so that a new source or kind is known here without a change.
UnitKindName = Annotated[str, Field(json_schema_extra={"enum": list(_KINDS)})]
_STATUSES = {n: sorted(BY_NAME[n].keep[0].values) for n in ("pand", "verblijfsobject")}
PandStatus = Annotated[
    str, AfterValidator(partial(_one_of, _STATUSES["pand"])), Field(json_schema_extra={"enum": _STATUSES["pand"]})
]
AddressStatus = Annotated[
    str,
    AfterValidator(partial(_one_of, _STATUSES["verblijfsobject"])),
    Field(json_schema_extra={"enum": _STATUSES["verblijfsobject"]}),
]
ProfileName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
SourceName = Annotated[str, Field(json_schema_extra={"enum": list(_SOURCES)})]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class Project(_Table):
    """What the outputs are called, and in which language they speak."""

    name: str = "Spoorzone Hengelo–Enschede"
    """Name of the rail zone, printed on every map."""
    language: Language = "nl"
    """Language of maps, aliases and the data dictionary: nl or en."""


class Area(_Table):
    """The study area: whole municipalities, or a polygon. The corridor must lie in it."""

    gemeente_codes: tuple[GemeenteCode, ...] = ("GM0153", "GM0164")
    """Municipalities, by CBS code. Empty when polygon_file is given."""
    polygon_file: Path | None = None
    """Vector file in EPSG:28992 whose union is the study area, instead of municipalities."""
    margin_m: Annotated[Number, Field(ge=0, le=20_000)] = 1000
    """How far beyond the study area data are loaded; at least oad_radius_m, or the rim of the OAD is wrong."""

    @model_validator(mode="after")
    def _one_way(self) -> Area:
        if bool(self.gemeente_codes) == (self.polygon_file is not None):
            msg = "give gemeente_codes or polygon_file, one of the two"
            raise ValueError(msg)
        return self


class Corridor(_Table):
    """The rail zone. No plan boundary is published, so it is a choice, and every map prints it."""

    kind: Literal["line", "polygon", "buurten"] = "line"
    """line: a strip along the track between stations; polygon: a file; buurten: a list of neighbourhoods."""
    stations: tuple[str, ...] = ("Hengelo", "Enschede Kennispark", "Enschede")
    """Station names in order along the track, as ProRail has them. At least two for kind line; with the other
    kinds they are optional, and without them there are no sections and no catchments."""
    half_width_m: Metres = 1000
    """Distance from the track to the edge of the corridor, each side (kind line)."""
    snap_m: Annotated[Number, Field(gt=0, le=50)] = 1.0
    """Ends of tracks nearer than this are one place; ProRail's gaps reach 0.75 m."""
    polygon_file: Path | None = None
    """Vector file in EPSG:28992 whose union is the corridor (kind polygon)."""
    buurt_codes: tuple[BuurtCode, ...] = ()
    """Neighbourhoods, by CBS code, whose union is the corridor (kind buurten)."""

    @model_validator(mode="after")
    def _complete(self) -> Corridor:
        if len(self.stations) == 1 or (self.kind == "line" and len(self.stations) < 2):
            msg = f"stations has {len(self.stations)} name(s), expected at least 2"
            raise ValueError(msg)
        folded = [name.casefold() for name in self.stations]
        if twice := [name for name in self.stations if folded.count(name.casefold()) > 1]:
            msg = f"stations names {twice[0]!r} twice, expected each once, in order along the track"
            raise ValueError(msg)
        if (self.kind == "polygon") != (self.polygon_file is not None):
            msg = "polygon_file belongs to kind = 'polygon', and that kind needs it"
            raise ValueError(msg)
        if (self.kind == "buurten") != bool(self.buurt_codes):
            msg = "buurt_codes belongs to kind = 'buurten', and that kind needs it"
            raise ValueError(msg)
        return self


class Units(_Table):
    """The spatial units for which indicators are computed."""

    kinds: tuple[UnitKindName, ...] = _KINDS
    """Which kinds; a kind ending in _corridor is the part of each unit that lies in the corridor."""
    section_length_m: CellMetres = 250
    """Length of a section of the axis."""
    catchment_radii_m: tuple[Metres, ...] = (400, 800, 1200)
    """Outer radii of the rings around each station, as the crow flies, ascending."""
    hexagon_edge_m: CellMetres = 200
    """Edge of a hexagon; 200 m makes 10.4 ha."""
    own_file: Path | None = None
    """Vector file in EPSG:28992 with own polygons, each a unit of kind own (sub-areas of a plan, say)."""
    own_name_column: str | None = None
    """Column of that file with their names; without it they are numbered in the order of the file."""
    block_green_from_m2: Annotated[Number, Field(ge=0)] = 4000
    """Green or water of this size and more is no part of a building block (PBL RUDIFUN: 4,000 m²)."""

    @model_validator(mode="after")
    def _known(self) -> Units:
        if odd := [k for k in self.kinds if k not in _KINDS]:
            msg = f"kinds names {odd[0]!r}; known: {', '.join(_KINDS)}"
            raise ValueError(msg)
        if list(self.catchment_radii_m) != sorted(set(self.catchment_radii_m)) or not self.catchment_radii_m:
            msg = f"catchment_radii_m is {list(self.catchment_radii_m)}, expected ascending radii"
            raise ValueError(msg)
        return self


class Indicators(_Table):
    """Choices behind the numbers; each is printed in the data dictionary."""

    stock_profile: str = "cbs"
    """Which buildings and addresses count as existing: cbs, pbl, strict, or one of [profiles]."""
    oad_radius_m: Metres = 1000
    """Radius of the circle around each address (CBS: 1,000 m)."""
    usable_share_of_gross_single_family: Annotated[Number, Field(gt=0, le=1)] = 0.76
    """Usable floor area / gross floor area of a dwelling alone in its building (PBL RSopen: 0.76)."""
    usable_share_of_gross_multi_family: Annotated[Number, Field(gt=0, le=1)] = 0.78
    """Usable floor area / gross floor area of dwellings that share a building (PBL RSopen: 0.78)."""
    usable_share_of_gross_high_rise: Annotated[Number, Field(gt=0, le=1)] = 0.65
    """Usable floor area / gross floor area of dwellings in a building of more than 15 m (PBL RSopen: 0.65)."""
    usable_share_of_gross_other: Annotated[Number, Field(gt=0, le=1)] = 0.78
    """Usable floor area / gross floor area of everything that is no dwelling. An assumption: no source found."""
    storey_height_m: Annotated[Number, Field(gt=1, le=10)] = 2.6
    """Height of one storey, to make storeys of a height (PBL RSopen: 2.6 m)."""
    tree_from_m: Annotated[Number, Field(gt=0, le=20)] = 2.5
    """What stands higher than this above the ground, outside buildings, is taken for the crown of a tree."""
    gross_m2_per_job_office: Annotated[Number, Field(gt=0)] = 17.5
    """Gross floor area per job in an office (PBL RSopen: 17.5, before 2020 20)."""
    gross_m2_per_job_industry: Annotated[Number, Field(gt=0)] = 75.0
    """Gross floor area per job in industry. An assumption: no source found."""
    gross_m2_per_job_retail: Annotated[Number, Field(gt=0)] = 45.0
    """Gross floor area per job in a shop. An assumption: no source found."""
    gross_m2_per_job_other: Annotated[Number, Field(gt=0)] = 50.0
    """Gross floor area per job in care, education, meeting, sport and lodging. An assumption: no source found."""
    green_from_m2: Annotated[Number, Field(gt=0)] = 10_000.0
    """Public green of this size and more counts for the distance to green (WHO and GHSCI: 1 ha)."""


class Profile(_Table):
    """An own rule of which buildings and addresses count as existing."""

    title_nl: Annotated[str, Field(min_length=1)]
    """What a reader sees, in Dutch."""
    title_en: Annotated[str, Field(min_length=1)]
    """The same in English."""
    pand_statuses: tuple[PandStatus, ...]
    """Statuses of panden that count, as the BAG spells them."""
    verblijfsobject_statuses: tuple[AddressStatus, ...]
    """Statuses of verblijfsobjecten that count, as the BAG spells them."""
    source: str = ""
    """Where the rule comes from."""


class Export(_Table):
    """The folder for the design team."""

    formats: tuple[Format, ...] = _FORMATS
    """What is made: any of geopackage, qgis, dxf, cityjson, mesh, raster, xlsx, csv, geoparquet, flatgeobuf."""
    layers: tuple[str, ...] = ()
    """Names of the layers that go into the formats with a file per layer, and into the workbook; all when empty."""
    origin_rd_m: tuple[Number, Number] | None = None
    """Place in metres RD that is 0, 0 in the local copies; the south-western whole kilometre of the corridor when absent."""
    raster_cell_m: Annotated[Number, Field(json_schema_extra={"enum": list(_RASTER_CELLS_M)})] = 2
    """Side of the cells of the heights, from the half metre at which AHN is loaded."""
    zip: Annotated[bool, Field(strict=True)] = True
    """Whether the folder is packed in one ZIP as well."""

    @model_validator(mode="after")
    def _once(self) -> Export:
        if twice := [f for f in self.formats if self.formats.count(f) > 1]:
            msg = f"formats names {twice[0]!r} twice, expected each once"
            raise ValueError(msg)
        if self.raster_cell_m not in _RASTER_CELLS_M:
            msg = f"raster_cell_m is {self.raster_cell_m:g}, expected one of {', '.join(f'{m:g}' for m in _RASTER_CELLS_M)}"
            raise ValueError(msg)
        if "qgis" in self.formats and "geopackage" not in self.formats:
            msg = "formats has qgis without geopackage, which holds its layers; expected both"
            raise ValueError(msg)
        return self


class Paths(_Table):
    """Folders, relative to the config file."""

    raw: Path = Path("data_raw")
    """What came in."""
    out: Path = Path("data_out")
    """What goes out."""
    maps: Path = Path("maps")
    """The HTML maps."""


class Load(_Table):
    """Manners towards the services."""

    timeout_s: Annotated[Number, Field(gt=0, le=600)] = 60
    """Longest silence of a service before the request is tried again."""
    deadline_s: Annotated[Number, Field(gt=0, le=3600)] = 600
    """Longest time that one answer may take in all; a large file may take longer as long as it keeps coming."""
    tries: Annotated[Whole, Field(ge=1, le=10)] = 4
    """How often one request is tried in all."""
    parallel_requests: Annotated[Whole, Field(ge=1, le=4)] = 4
    """Requests at a time to one host; PDOK's fair use asks for restraint."""
    max_age_days: Annotated[Number, Field(gt=0)] = 31
    """Data from a service older than this are fetched again; what has a mark (ETag) only when it has changed."""
    resume_hours: Annotated[Number, Field(gt=0, le=240)] = 24
    """A load that was broken off goes on where it was within this time; later it begins anew."""
    second_pass: Annotated[bool, Field(strict=True)] = True
    """Ask a service that does not count its features a second time, and compare the ids."""
    corridor_margin_m: Annotated[Number, Field(ge=0, le=5_000)] = 200
    """How far beyond the corridor the sources are loaded that are only needed there (BGT, heights)."""
    bulk_from_km2: Annotated[Number, Field(gt=0)] = 2500
    """From this area on the whole country is downloaded where a register offers that, instead of asking for parts."""
    contact: str = ""
    """E-mail address or page sent along with requests, so that the service can reach you."""


class SourceSettings(_Table):
    """Where one source comes from, when not from its declared place."""

    enabled: Annotated[bool, Field(strict=True)] | None = None
    """false leaves the source out, and every indicator that needs it; an optional source is in only with true."""
    protocol: Protocol | None = None
    """Which way to take; the first declared when absent."""
    extent: Extent | None = None
    """Load it for the study area ("area"), only around the corridor ("corridor"), or whole ("country")."""
    url: str | None = None
    """Base URL of the service, instead of the declared one."""
    collection: str | None = None
    """Collection id (ogc_features) or type name (wfs), instead of the declared one."""
    edition: Whole | None = None
    """Year of the edition; the newest declared when absent."""
    earlier_editions: tuple[Whole, ...] | None = None
    """Years that are loaded beside it, as <source>_<year>; as declared when absent."""
    path: Path | None = None
    """The file to read (protocol file): anything that GDAL reads; of a raster a GeoTIFF or a folder of them.
    ${NAME} is an environment variable, {edition} the year."""
    layer: str | None = None
    """Layer in the file; needed when there is more than one."""
    where: str | None = None
    """Condition on the file's own columns, as in SQL: only rows that meet it are read."""
    columns: Mapping[str, str] = Field(default_factory=dict)
    """Register's column name = name in this file. An empty name says that the file lacks it."""
    values: Mapping[str, str | int | float] = Field(default_factory=dict)
    """Register's column name = one value for all rows, where the file lacks the column and you know it."""

    @model_validator(mode="after")
    def _file(self) -> SourceSettings:
        if (self.path is not None) != (self.protocol == "file"):
            msg = "path belongs to protocol = 'file', and that protocol needs it"
            raise ValueError(msg)
        if self.path is not None and self.earlier_editions and "{edition}" not in str(self.path):
            msg = "earlier_editions needs {edition} in the path, where the year stands in the file's name"
            raise ValueError(msg)
        return self


class Config(_Table):
    """The whole of config.toml; see the comments there."""

    project: Project = Project()
    area: Area = Area()
    corridor: Corridor = Corridor()
    units: Units = Units()
    indicators: Indicators = Indicators()
    export: Export = Export()
    paths: Paths = Paths()
    load: Load = Load()
    services: Mapping[str, str] = Field(default_factory=dict)
    """Mirrors: beginning of a URL = what stands there instead."""
    profiles: Mapping[ProfileName, Profile] = Field(default_factory=dict)
    """Own stock profiles by name, beside cbs, pbl and strict."""
    sources: Mapping[SourceName, SourceSettings] = Field(default_factory=dict)
    """Per source, only what differs from its declaration."""
    file: Annotated[Path, Field(exclude=True)] = Path("config.toml")

    @model_validator(mode="after")
    def _agree(self) -> Config:
        if self.area.margin_m < self.indicators.oad_radius_m:
            msg = (
                f"[area] margin_m is {self.area.margin_m:g}, expected at least [indicators] oad_radius_m "
                f"({self.indicators.oad_radius_m:g}), or addresses beyond the border are missed"
            )
            raise ValueError(msg)
        if twice := self.profiles.keys() & PROFILES.keys():
            msg = f"[profiles.{min(twice)}] is built in; give yours another name"
            raise ValueError(msg)
        if (name := self.indicators.stock_profile) not in self.stock_profiles:
            msg = f"[indicators] stock_profile is {name!r}, expected one of {', '.join(self.stock_profiles)}"
            raise ValueError(msg)
        needed = {
            "[area] gemeente_codes": ("gemeente",) if self.area.gemeente_codes else (),
            "[corridor] stations": ("spooras", "station") if self.corridor.stations else (),
            "[corridor] buurt_codes": ("buurt",) if self.corridor.buurt_codes else (),
        }
        for key, names in needed.items():
            if off := [n for n in names if not self.enabled(n)]:
                msg = f"{key} needs the source {off[0]!r}, which [sources.{off[0]}] switches off"
                raise ValueError(msg)
        return self

    @cached_property
    def stock_profiles(self) -> Mapping[str, StockProfile]:
        """Every stock profile by name: the built-in ones, and the config's own."""
        own = {
            name: StockProfile(
                name, Text(p.title_nl, p.title_en), frozenset(p.pand_statuses), frozenset(p.verblijfsobject_statuses), p.source
            )
            for name, p in self.profiles.items()
        }  # fmt: skip
        return {**PROFILES, **own}

    @property
    def stock_profile(self) -> StockProfile:
        """The stock profile that counts."""
        return self.stock_profiles[self.indicators.stock_profile]

    @cached_property
    def folder(self) -> Path:
        """The folder of the config file, to which all its paths are relative."""
        return self.file.resolve().parent

    def path(self, path: Path) -> Path:
        """Give `path` as the config file means it: relative to it, with environment variables filled in.

        Raises
        ------
        ConfigError
            When a variable is not set.
        """
        filled = os.path.expandvars(path)
        if lost := re.search(r"\$\{?\w+\}?", filled):
            msg = f"{self.file}: path {str(path)!r}: the environment variable {lost[0].strip('${}')} is not set"
            raise ConfigError(msg)
        return self.folder / filled

    def mirror(self, url: str) -> str:
        """Give `url` at its mirror: the longest beginning that ``[services]`` names is replaced."""
        known = [start for start in self.services if url == start or url.startswith(start.rstrip("/") + "/")]
        if not known:
            return url
        start = max(known, key=len)
        return self.services[start].rstrip("/") + url.removeprefix(start.rstrip("/"))

    def source(self, name: str) -> SourceSettings:
        """Give the settings of source `name`, defaults where the config has none."""
        return self.sources.get(name, SourceSettings())

    def enabled(self, name: str) -> bool:
        """Say whether source `name` is loaded: as the config says, else unless it is an option."""
        said = self.source(name).enabled
        return name not in _OPTIONS if said is None else said


#: Tables whose keys are names that the user gives or chooses -> what each holds.
_NAMED: Mapping[str, type[_Table]] = {"sources": SourceSettings, "profiles": Profile}


def read(path: Path) -> Config:
    """Read and check a config file.

    Raises
    ------
    ConfigError
        One line: file, line, key, what is, what was expected.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        msg = f"{path}: no such file; name one with --config"
        raise ConfigError(msg) from None
    except (OSError, UnicodeDecodeError) as error:
        msg = f"{path}: can't be read as UTF-8 text: {error}"
        raise ConfigError(msg) from None
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        msg = f"{path}: not valid TOML: {str(error).replace(chr(10), ' ')}"
        raise ConfigError(msg) from None
    if "file" in tables:
        msg = _unknown(path, text, ("file",))
        raise ConfigError(msg)
    named = tables.get("sources")
    if isinstance(named, dict) and (odd := [n for n in named if n not in _SOURCES]):
        raise ConfigError(_unknown(path, text, ("sources", odd[0])))
    try:
        return Config.model_validate({**tables, "file": path})
    except ValidationError as error:
        first = error.errors()[0]
        where = tuple(part for part in first["loc"] if part != "[key]")
        if first["type"] == "extra_forbidden":
            raise ConfigError(_unknown(path, text, where)) from None
        says = first["msg"].removeprefix("Value error, ")
        if first["type"] in ("model_type", "dict_type", "mapping_type"):
            says = "expected a table of keys"
        what = f" is {first['input']!r}" if isinstance(first["input"], str | int | float | bool) else ""
        more = f" (and {len(error.errors()) - 1} more)" if len(error.errors()) > 1 else ""
        msg = f"{_place(path, text, where)}{what}: {says[0].lower() + says[1:]}{more}"
        raise ConfigError(msg) from None


def schema() -> str:
    """The JSON schema of config.toml, for editors."""
    made = Config.model_json_schema()
    made["properties"].pop("file")
    made["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    made["title"] = "config.toml of spoorzone"
    return json.dumps(made, indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def _unknown(path: Path, text: str, where: tuple[Any, ...]) -> str:
    known = sorted(_known(where[:-1]))
    near = difflib.get_close_matches(str(where[-1]), known, n=1, cutoff=0.5)
    hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(known)}"
    return f"{_place(path, text, where[:-1], str(where[-1]))}: unknown key; {hint}"


def _known(where: tuple[Any, ...]) -> Iterator[str]:
    """Keys that may stand in the table `where`."""
    if where == ("sources",):
        yield from _SOURCES
        return
    model: Any = Config
    for part in where:
        model = _NAMED.get(where[0]) or model.model_fields[part].annotation
    yield from (f for f in model.model_fields if f != "file")


def _place(path: Path, text: str, where: tuple[Any, ...], key: str | None = None) -> str:
    """`config.toml:12: [corridor] half_width_m` for a key; tomllib keeps no line numbers, so it is looked up."""
    keys = [str(p) for p in where if not isinstance(p, int)]
    if key is not None:
        keys.append(key)
    table: list[str] = []
    best, line_of_table = 0, 0
    for number, line in enumerate(text.splitlines(), 1):
        if header := re.match(r"\s*\[+\s*([^\]]+?)\s*\]+", line):
            table = [p.strip().strip("\"'") for p in header[1].split(".")]
            if table == keys:
                best = number
            if table == keys[:-1]:
                line_of_table = number
        elif table == keys[:-1] and keys and re.match(rf"\s*[\"']?{re.escape(keys[-1])}[\"']?\s*=", line):
            best = number
    number = best or line_of_table
    if not keys:
        return str(path)
    *tables, last = keys
    named = f"[{'.'.join(tables)}] {last}" if tables else f"[{last}]" if key is None else last
    return f"{path}:{number}: {named}" if number else f"{path}: {named}"
