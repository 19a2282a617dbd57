"""config.toml: what it may say, and what it answers when it says something else."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any, get_args

import jsonschema
import pytest
from pydantic import BaseModel, ValidationError

from pipeline import config
from pipeline.clip.kinds import KINDS
from pipeline.config import Config
from pipeline.contract import ConfigError
from pipeline.sources import RASTERS, SOURCES

ROOT = Path(__file__).parents[1]
SHIPPED = ROOT / "config.toml"
SCHEMA = ROOT / "docs" / "config.schema.json"


@pytest.fixture
def read(tmp_path):
    """Read a config from its text."""

    def reader(text: str | bytes) -> Config:
        path = tmp_path / "config.toml"
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return config.read(path)

    return reader


@pytest.fixture
def refusal(read, tmp_path):
    """The one line with which a text is refused, without the folder."""

    def reader(text: str | bytes) -> str:
        with pytest.raises(ConfigError) as error:
            read(text)
        assert "\n" not in str(error.value)
        return str(error.value).removeprefix(f"{tmp_path}/")

    return reader


def keys(model: type[BaseModel], *tables: str) -> list[tuple[str, ...]]:
    """Every key of a model and of the models in it, with the tables in which it stands."""
    found = []
    for name, field in model.model_fields.items():
        if name in ("file", "sources", "services", "profiles"):
            continue
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            found += keys(field.annotation, name)
        else:
            found.append((*tables, name))
    return found


# --- the file that is shipped


def test_what_stands_in_config_toml_is_the_default():
    assert config.read(SHIPPED).model_dump() == Config().model_dump()


@pytest.mark.fault("F", "an empty config", "nothing: the defaults")
def test_an_empty_file_is_the_default(read):
    assert read("").model_dump() == Config().model_dump()


def commented() -> dict[str, dict[str, str]]:
    """Table -> key -> its comment, of the keys in config.toml and of those that are commented out."""
    found: dict[str, dict[str, str]] = {}
    table, last, above, depth = "", "", "", 0
    for line in SHIPPED.read_text(encoding="utf-8").splitlines():
        bare = line.removeprefix("# ")
        text, _, comment = bare.partition("  #") if "  #" in bare else bare.partition(" # ")
        if header := re.match(r"\[([\w.]+)\]", bare):
            table, above = header[1].split(".")[0], ""
            continue
        if depth == 0 and (key := re.match(r"(\w+) = ", bare)):
            last = key[1]
            # A comment on a line of its own is for the keys under it.
            found.setdefault(table, {}).setdefault(last, above)
        elif depth == 0:
            above = line.removeprefix("#").strip()
            continue
        # The lines of a list carry the comments of their key.
        found[table][last] = found[table][last] or comment.strip()
        depth += text.count("[") - text.count("]")
    return found


@pytest.mark.parametrize("where", [*keys(Config), *keys(config.SourceSettings, "sources"), *keys(config.Profile, "profiles")], ids=".".join)
def test_every_key_stands_in_config_toml_with_a_comment(where):
    table, key = where
    there = commented().get(table, {})
    assert key in there, f"config.toml: [{table}] lacks {key}"
    assert there[key], f"config.toml: [{table}] {key} has no comment"


def test_every_key_has_a_description_in_the_model():
    bare = [
        f"{model.__name__}.{name}"
        for model in (*(f.annotation for f in Config.model_fields.values()), config.SourceSettings)
        if isinstance(model, type) and issubclass(model, BaseModel)
        for name, field in model.model_fields.items()
        if not field.description
    ]
    assert bare == []


@pytest.mark.parametrize("name", ["sources", "corridor", "units"])
def test_the_settings_that_are_commented_out_are_understood_too(read, name):
    text = SHIPPED.read_text(encoding="utf-8")
    if name == "sources":
        block = text[text.index("# [sources.buurt]") :]
        made = read("\n".join(line.removeprefix("# ") for line in block.splitlines()))
        assert made.source("buurt").edition == 2023
        assert made.source("bodemgebruik").enabled is False
        assert made.source("pand").columns == {"identificatie": "pand_nr", "aantal_verblijfsobjecten": ""}
    elif name == "corridor":
        (codes,) = re.findall(r"^# (buurt_codes = .*)$", text, re.M)
        assert read(f'[corridor]\nkind = "buurten"\n{codes}').corridor.buurt_codes == ("BU01530300", "BU01530301")
    else:
        assert set(Config().units.kinds) == {k.name for k in KINDS}


# --- what is refused


@pytest.mark.fault(
    "F", "unknown or doubled keys, wrong types, values out of reach, keys that contradict each other",
    "one line with file, line, key, what is and what was expected, and the nearest known name",
)  # fmt: skip
@pytest.mark.parametrize(
    ("text", "message"),
    [
        # Keys, tables, sources and kinds that nobody knows.
        ("[corridor]\n\n# wide\nhalf_widht_m = 1", "config.toml:4: [corridor] half_widht_m: unknown key; did you mean 'half_width_m'?"),
        ('[corridor]\n"half_widht_m" = 1', "config.toml:2: [corridor] half_widht_m: unknown key; did you mean 'half_width_m'?"),
        ("[project]\n[corridr]\nsnap_m = 1", "config.toml:2: corridr: unknown key; did you mean 'corridor'?"),
        ("[paths]\nzzyx = 1", "config.toml:2: [paths] zzyx: unknown key; known: maps, out, raw"),
        ("file = 'x'", "config.toml:1: file: unknown key; did you mean 'profiles'?"),
        ("[sources.pandje]", "config.toml:1: [sources] pandje: unknown key; did you mean 'pand'?"),
        ("[sources]\npandje = { edition = 1 }", "config.toml:2: [sources] pandje: unknown key; did you mean 'pand'?"),
        ("[sources.pand]\neditie = 1", "config.toml:2: [sources.pand] editie: unknown key; did you mean 'edition'?"),
        # The name of a source is no key of a source.
        ("[sources.pand]\npand = 1", "config.toml:2: [sources.pand] pand: unknown key; did you mean 'path'?"),
        ("[units]\nkinds = ['buurt', 'straat']", f"config.toml:1: [units]: kinds names 'straat'; known: {', '.join(k.name for k in KINDS)}"),
        # Values of another type, or out of reach.
        ("[corridor]\nhalf_width_m = '1000'", "config.toml:2: [corridor] half_width_m is '1000': input should be a valid number"),
        ("[corridor]\nhalf_width_m = true", "config.toml:2: [corridor] half_width_m is True: input should be a valid number"),
        ("[corridor]\nhalf_width_m = nan", "config.toml:2: [corridor] half_width_m is nan: input should be a finite number"),
        ("[load]\nmax_age_days = inf", "config.toml:2: [load] max_age_days is inf: input should be a finite number"),
        ("[load]\ntries = 2.5", "config.toml:2: [load] tries is 2.5: input should be a valid integer"),
        ("[load]\nparallel_requests = 5", "config.toml:2: [load] parallel_requests is 5: input should be less than or equal to 4"),
        ("[corridor]\nhalf_width_m = 0", "config.toml:2: [corridor] half_width_m is 0: input should be greater than 0"),
        ("[sources.pand]\nenabled = 'no'", "config.toml:2: [sources.pand] enabled is 'no': input should be a valid boolean"),
        ("[project]\nlanguage = 'de'", "config.toml:2: [project] language is 'de': input should be 'nl' or 'en'"),
        ("[project]\nname = 3", "config.toml:2: [project] name is 3: input should be a valid string"),
        ("[area]\ngemeente_codes = ['0153']", r"config.toml:2: [area] gemeente_codes is '0153': string should match pattern '^GM\d{4}$'"),
        ("corridor = 3", "config.toml:1: [corridor] is 3: expected a table of keys"),
        ("sources = 3", "config.toml:1: [sources] is 3: expected a table of keys"),
        ("[sources]\npand = 3", "config.toml:2: [sources] pand is 3: expected a table of keys"),
        ("[services]\na = 3", "config.toml:2: [services] a is 3: input should be a valid string"),
        ("[[corridor]]\nsnap_m = 1", "config.toml:1: [corridor]: expected a table of keys"),
        ("[load]\ntries = 0\ntimeout_s = 0", "config.toml:3: [load] timeout_s is 0: input should be greater than 0 (and 1 more)"),
        # Keys that contradict each other.
        ("[area]\ngemeente_codes = []", "config.toml:1: [area]: give gemeente_codes or polygon_file, one of the two"),
        ("[area]\npolygon_file = 'a.gpkg'", "config.toml:1: [area]: give gemeente_codes or polygon_file, one of the two"),
        ("[corridor]\nstations = ['Hengelo']", "config.toml:1: [corridor]: stations has 1 name(s), expected at least 2"),
        ("[corridor]\nstations = []", "config.toml:1: [corridor]: stations has 0 name(s), expected at least 2"),
        ("[corridor]\nstations = ['A', 'B', 'a']", "config.toml:1: [corridor]: stations names 'A' twice, expected each once, in order along the track"),
        ("[corridor]\nkind = 'polygon'", "config.toml:1: [corridor]: polygon_file belongs to kind = 'polygon', and that kind needs it"),
        ("[corridor]\npolygon_file = 'a'", "config.toml:1: [corridor]: polygon_file belongs to kind = 'polygon', and that kind needs it"),
        ("[corridor]\nkind = 'buurten'", "config.toml:1: [corridor]: buurt_codes belongs to kind = 'buurten', and that kind needs it"),
        ("[units]\ncatchment_radii_m = [800, 400]", "config.toml:1: [units]: catchment_radii_m is [800.0, 400.0], expected ascending radii"),
        ("[units]\ncatchment_radii_m = []", "config.toml:1: [units]: catchment_radii_m is [], expected ascending radii"),
        ("[sources.pand]\nprotocol = 'file'", "config.toml:1: [sources] pand: path belongs to protocol = 'file', and that protocol needs it"),
        ("[sources.pand]\npath = 'a'", "config.toml:1: [sources] pand: path belongs to protocol = 'file', and that protocol needs it"),
        (
            "[area]\nmargin_m = 999",
            "config.toml: [area] margin_m is 999, expected at least [indicators] oad_radius_m (1000), or addresses beyond the border are missed",
        ),
    ],
)  # fmt: skip
def test_what_is_not_understood_is_said_in_one_line(refusal, text, message):
    assert refusal(text) == message


@pytest.mark.fault("F", "what is no TOML: a key twice, a bracket lost, JSON", "one line: “not valid TOML: … line …”")
@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("[corridor]\nsnap_m = 1\nsnap_m = 2\n", "line 3"),
        ("[area]\n[area]\n", "line 2"),
        ("\n[corridor\nsnap_m = 1\n", "line 2"),
        ("{}\n", "line 1"),
    ],
    ids=["a key twice", "a table twice", "a bracket lost", "JSON"],
)
def test_what_is_no_toml_names_the_line(refusal, text, where):
    said = refusal(text)
    assert said.startswith("config.toml: not valid TOML: ")
    assert where in said


def test_a_table_is_looked_up_where_it_stands_not_where_its_key_first_does(refusal):
    for text, line in (
        ("[corridor]\nsnap_m = 1\n[load]\nsnap_m = 1", 4),
        ("[load]\nsnap_m = 1\n[corridor]\nsnap_m = 1", 2),
    ):
        assert refusal(text).startswith(f"config.toml:{line}: [load] snap_m: unknown key; ")


@pytest.mark.fault("F", "no config file", "one line: “no such file; name one with --config”")
def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(ConfigError) as error:
        config.read(tmp_path / "none.toml")
    assert str(error.value) == f"{tmp_path}/none.toml: no such file; name one with --config"


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(ConfigError, match=r": can't be read as UTF-8 text: .*Is a directory"):
        config.read(tmp_path)


@pytest.mark.fault("F", "a config in another encoding", "one line: “can’t be read as UTF-8 text”")
def test_a_file_in_another_encoding(refusal):
    assert refusal('[project]\nname = "Één"'.encode("latin-1")).startswith("config.toml: can't be read as UTF-8 text: ")


# --- what is understood


@pytest.mark.fault("F", "a config with BOM and Windows line ends", "nothing; lines in errors are right")
def test_files_of_windows_editors_are_read(read):
    text = '\ufeff[project]\r\nname = "Eén"\r\n[corridor]\r\nsnap_m = 2\r\n'
    made = read(text.encode("utf-8"))
    assert (made.project.name, made.corridor.snap_m) == ("Eén", 2)


def test_the_line_is_right_with_windows_line_ends(refusal):
    assert refusal("\ufeff[corridor]\r\n\r\nsnapm = 2\r\n").startswith("config.toml:3: [corridor] snapm: ")


def test_stations_are_optional_where_the_corridor_is_not_made_from_them(read):
    assert read("[corridor]\nkind = 'polygon'\npolygon_file = 'a.gpkg'\nstations = []").corridor.stations == ()


def test_a_source_without_settings_has_the_defaults(read):
    made = read("[sources.buurt]\nedition = 2023")
    assert made.source("buurt").edition == 2023
    assert made.source("pand") == config.SourceSettings()


def test_it_is_frozen(read):
    made = read("")
    with pytest.raises(ValidationError, match="frozen"):
        made.corridor.snap_m = 3  # type: ignore[misc]
    with pytest.raises(ValidationError, match="frozen"):
        made.corridor = config.Corridor()  # type: ignore[misc]


# --- paths


def test_paths_are_relative_to_the_config_file(read, tmp_path, monkeypatch):
    monkeypatch.chdir("/")
    made = read("")
    assert made.path(made.paths.raw) == tmp_path / "data_raw"
    assert made.path(Path("/elsewhere/a.gpkg")) == Path("/elsewhere/a.gpkg")


def test_environment_variables_in_paths_are_filled_in(read, tmp_path, monkeypatch):
    monkeypatch.setenv("SPOOR_DATA", "/data")
    made = read("[sources.pand]\nprotocol = 'file'\npath = '${SPOOR_DATA}/panden.gpkg'")
    assert made.path(made.source("pand").path) == Path("/data/panden.gpkg")
    monkeypatch.setenv("SPOOR_DATA", "extract")
    assert made.path(Path("$SPOOR_DATA/a.gpkg")) == tmp_path / "extract" / "a.gpkg"


@pytest.mark.fault("F", "an environment variable that is not set", "one line that names it")
def test_a_variable_that_is_not_set(read, tmp_path, monkeypatch):
    monkeypatch.delenv("SPOOR_DATA", raising=False)
    with pytest.raises(ConfigError) as error:
        read("").path(Path("${SPOOR_DATA}/a.gpkg"))
    assert str(error.value) == (
        f"{tmp_path}/config.toml: path '${{SPOOR_DATA}}/a.gpkg': the environment variable SPOOR_DATA is not set"
    )


# --- the schema for editors


@pytest.fixture(scope="module")
def valid():
    """Whether the schema accepts the tables of a config."""
    schema: dict[str, Any] = json.loads(SCHEMA.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema).is_valid


def test_the_schema_is_that_of_the_models():
    assert SCHEMA.read_text(encoding="utf-8") == config.schema(), (
        "docs/config.schema.json is not what the models say; run 'python -m pipeline config schema > docs/config.schema.json'"
    )


def test_config_toml_names_the_schema_and_meets_it(valid):
    text = SHIPPED.read_text(encoding="utf-8")
    assert text.startswith(f"#:schema {SCHEMA.relative_to(ROOT).as_posix()}\n")
    assert valid(tomllib.loads(text))


@pytest.mark.parametrize(
    "text",
    [
        "x = 1",
        "file = 'config.toml'",
        "[corridor]\nhalf_widht_m = 1",
        "[corridor]\nhalf_width_m = '1000'",
        "[corridor]\nhalf_width_m = 0",
        "[sources.pnd]",
        "[sources.pand]\neditie = 1",
        "[units]\nkinds = ['straat']",
        "[project]\nlanguage = 'de'",
    ],
)
def test_the_schema_refuses_what_the_pipeline_refuses(valid, refusal, text):
    assert refusal(text)
    assert not valid(tomllib.loads(text))


def test_the_schema_names_all_sources_and_kinds():
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    assert schema["properties"]["sources"]["propertyNames"]["enum"] == [s.name for s in (*SOURCES, *RASTERS)]
    assert schema["$defs"]["Units"]["properties"]["kinds"]["items"]["enum"] == [k.name for k in KINDS]


def test_the_protocols_of_the_config_are_those_of_the_sources():
    declared = {a.protocol for s in (*SOURCES, *RASTERS) for a in s.accesses} | {"file"}
    (literal,) = (a for a in get_args(config.SourceSettings.model_fields["protocol"].annotation) if get_args(a))
    assert set(get_args(literal)) == declared


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[sources.gemeente]\nenabled = false\n", "[area] gemeente_codes needs the source 'gemeente'"),
        ("[sources.station]\nenabled = false\n", "[corridor] stations needs the source 'station'"),
        ('[corridor]\nkind = "buurten"\nbuurt_codes = ["BU01530000"]\n[sources.buurt]\nenabled = false\n',
         "[corridor] buurt_codes needs the source 'buurt'"),
    ],
)  # fmt: skip
def test_a_source_that_the_area_or_corridor_is_made_from_can_not_be_switched_off(tmp_path, text, says):
    path = tmp_path / "config.toml"
    path.write_text(text)
    with pytest.raises(ConfigError) as error:
        config.read(path)
    assert says in str(error.value)


def test_mirrors_replace_the_longest_beginning(read) -> None:
    made = read("""
[services]
"https://api.pdok.nl" = "https://mirror.nl/pdok"
"https://api.pdok.nl/lv/bag/" = "http://127.0.0.1:1/bag/"
""")
    assert made.mirror("https://api.pdok.nl/cbs/x") == "https://mirror.nl/pdok/cbs/x"
    assert made.mirror("https://api.pdok.nl/lv/bag/ogc/v2") == "http://127.0.0.1:1/bag/ogc/v2"
    assert made.mirror("https://api.pdok.nl") == "https://mirror.nl/pdok"
    assert made.mirror("https://api.pdok.nl.example.org/x") == "https://api.pdok.nl.example.org/x"
    assert Config().mirror("https://service.pdok.nl/x") == "https://service.pdok.nl/x"
