"""Everything that is declared, looked at as data: sources, kinds of unit, indicators, maps, and their columns."""

from __future__ import annotations

import re
from collections import Counter
from urllib.parse import urlsplit

import pytest

from pipeline.atlas.declaration import MAPS
from pipeline.clip import axis, corridor
from pipeline.clip.kinds import KINDS
from pipeline.config import Config
from pipeline.contract import LINE, POINT, POLYGON, UNITS, Column, Layer, Text
from pipeline.indicators import INDICATORS, leaves
from pipeline.provenance import SYNTHETIC, SYNTHETIC_SHORT
from pipeline.sources import BY_NAME, SOURCES, way

#: The SPDX identifiers that we use, each with the page on which the licence itself stands.
LICENCES = {
    "CC0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
    "CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/",
    "CC-PDM-1.0": "https://creativecommons.org/publicdomain/mark/1.0/",
}

#: Words that are the same in both languages: names of registers, of registered objects, symbols and loan words.
SAME_WORD = {
    "", "m", "m²", "ha", "m² per m²", "per ha", "per km²", "index 0–1",
    "Corridor", "Postcode", "Station", "Stations", "Status", "Verblijfsobjecten",
    "BAG verblijfsobjecten", "ProRail stations",
}  # fmt: skip

LAYERS = (*(s.layer for s in SOURCES), axis.AXIS, axis.STOPS, corridor.CORRIDOR, *(k.layer for k in KINDS))
COLUMNS: tuple[tuple[str, Column], ...] = (
    *((layer.name, c) for layer in LAYERS for c in layer.columns),
    *((i.name, c) for i in INDICATORS for c in i.columns),
)
SNAKE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")

each_source = pytest.mark.parametrize("source", SOURCES, ids=lambda s: s.name)
each_indicator = pytest.mark.parametrize("indicator", INDICATORS, ids=lambda i: i.name)
each_map = pytest.mark.parametrize("page", MAPS, ids=lambda m: m.name)


def texts() -> list[tuple[str, Text]]:
    """Everything that a reader sees, with the place where it is said."""
    return [
        *((f"unit {symbol}", unit.text) for symbol, unit in UNITS.items()),
        *((f"{where}.{c.name} label", c.label) for where, c in COLUMNS),
        *((f"{where}.{c.name} meaning", c.meaning) for where, c in COLUMNS),
        *((f"layer {layer.name}", layer.title) for layer in LAYERS),
        *((f"source {s.name}", s.title) for s in SOURCES),
        *((f"kind {k.name}", k.title) for k in KINDS),
        *((f"indicator {i.name}", i.title) for i in INDICATORS),
        *((f"map {m.name}", m.title) for m in MAPS),
        *((f"map {m.name} summary", m.summary) for m in MAPS),
        ("synthetic", SYNTHETIC),
        ("synthetic, short", SYNTHETIC_SHORT),
    ]


# --- names and words


@pytest.mark.parametrize(
    "names",
    [
        [s.name for s in SOURCES],
        [k.name for k in KINDS],
        # A kind of unit may be called as the source that it is made from: their files have other names.
        [layer.name for layer in LAYERS if layer.key != "unit_id"],
        [m.name for m in MAPS],
        [i.name for i in INDICATORS],
    ],
    ids=["sources", "kinds", "layers", "maps", "indicators"],
)
def test_names_are_unique_and_fit_for_a_file(names):
    assert [n for n, count in Counter(names).items() if count > 1] == []
    assert [n for n in names if not SNAKE.fullmatch(n)] == []


def test_a_layer_has_one_kind_of_geometry_and_columns_of_different_names():
    def names(layer: Layer) -> list[str]:
        return [layer.key, "geometry", "geom", "fid", *(c.name for c in layer.columns)]

    assert [layer.name for layer in LAYERS if layer.geometry not in (POINT, LINE, POLYGON)] == []
    assert [layer.name for layer in LAYERS if len(names(layer)) != len(set(names(layer)))] == []
    assert [layer.name for layer in LAYERS if not layer.key.endswith(("_id", "_code"))] == []


def test_every_text_is_there_in_both_languages():
    said = texts()
    assert [where for where, text in said if where != "unit " and not all(part.strip() for part in text)] == []
    assert [where for where, text in said if any(part != part.strip() or "\n" in part for part in text)] == []


def test_no_text_was_left_in_the_other_language():
    same = {where: text.nl for where, text in texts() if text.nl == text.en and text.nl not in SAME_WORD}
    assert same == {}


def test_every_word_that_may_be_the_same_still_is_somewhere():
    in_use = {text.nl for _, text in texts() if text.nl == text.en}
    assert SAME_WORD - in_use == set()


def test_texts_do_not_use_the_dutch_comma_in_english_or_the_english_in_dutch():
    # 1,000 in English is 1.000 in Dutch.
    assert [
        where for where, text in texts() if re.search(r"\d\.\d{3}\b", text.en) or re.search(r"\d,\d{3}\b", text.nl)
    ] == []


# --- columns


def odd(is_odd) -> list[str]:
    """Columns that are odd, with where they stand."""
    return [f"{where}.{column.name}" for where, column in COLUMNS if is_odd(column)]


def test_the_unit_of_a_column_is_known_and_ends_its_name():
    assert odd(lambda c: not SNAKE.fullmatch(c.name)) == []
    assert odd(lambda c: c.unit not in UNITS) == []
    assert odd(lambda c: not c.name.endswith(UNITS[c.unit].suffix)) == []


def test_a_name_that_ends_as_a_unit_has_that_unit():
    def other_unit(column: Column) -> bool:
        ends = [u for u in UNITS.values() if u.suffix and column.name.endswith(u.suffix)]
        # The longest ending decides: _per_ha is no _ha.
        return bool(ends) and max(ends, key=lambda u: len(u.suffix)) != UNITS[column.unit]

    assert odd(other_unit) == []


def test_a_meaning_is_a_sentence():
    assert odd(lambda c: any(not (p[0].isupper() or p[0].isdigit() or p.startswith("m²")) for p in c.meaning)) == []
    assert odd(lambda c: any(not p.endswith(".") for p in c.meaning)) == []


def test_roles_and_types_agree():
    # An amount is cut in parts and can be missing: only float64 holds both. A text has no unit and no amount.
    assert odd(lambda c: c.role == "extensive" and c.dtype != "float64") == []
    assert odd(lambda c: c.role == "extensive" and c.unit not in ("count", "m", "m²", "ha")) == []
    assert odd(lambda c: c.dtype == "str" and (c.role, c.unit) != ("label", "")) == []


def test_one_name_has_one_meaning_in_shape():
    seen: dict[str, set[tuple[str, str, str]]] = {}
    for _, column in COLUMNS:
        seen.setdefault(column.name, set()).add((column.dtype, column.unit, column.role))
    assert {name: shapes for name, shapes in seen.items() if len(shapes) > 1} == {}


# --- sources


@each_source
def test_a_licence_is_an_spdx_identifier_with_its_page(source):
    assert source.register.licence in LICENCES
    assert source.register.licence_url == LICENCES[source.register.licence]


def test_every_licence_is_in_use_and_in_the_list_of_spdx():
    assert {s.register.licence for s in SOURCES} == set(LICENCES)
    # The list as it comes with packaging, which pytest needs.
    spdx = pytest.importorskip("packaging.licenses", minversion=None)
    assert {spdx.canonicalize_license_expression(name) for name in LICENCES} == set(LICENCES)


@each_source
def test_addresses_are_https_without_a_query(source):
    for url in (source.page, source.register.licence_url, *(a.url for a in source.accesses)):
        parts = urlsplit(url)
        assert parts.scheme == "https", url
        assert parts.netloc, url
        assert not parts.query, url
    assert not any(a.url.endswith("/") for a in source.accesses)


@each_source
def test_a_source_says_whose_it_is(source):
    for part in (source.register.name, source.register.attribution):
        assert part.strip() == part != ""


@each_source
def test_editions_run_from_new_to_old(source):
    assert list(source.editions) == sorted(set(source.editions), reverse=True)
    assert all(1990 < year < 2100 for year in source.editions)


@each_source
def test_an_edition_is_asked_for_only_where_there_are_editions(source):
    said = [
        source.reference_date, *source.title, *source.native.values(),
        *(part for a in source.accesses for part in (a.url, a.collection, *a.native.values())),
    ]  # fmt: skip
    fields = {field for part in said for field in re.findall(r"\{(.*?)\}", part)}
    assert fields == ({"edition"} if source.editions else set())
    assert ("{edition}" in source.reference_date) == bool(source.editions)
    assert source.editions or source.reference_date == "actueel"


@each_source
def test_every_column_has_a_name_in_the_register(source):
    columns = {c.name for c in source.layer.columns}
    assert set(source.native) - {source.layer.key} == columns
    assert len(set(source.native.values())) == len(source.native)
    assert all(SNAKE.fullmatch(name.replace("{edition}", "2017")) for name in source.native.values())
    for access in source.accesses:
        assert set(access.native) <= set(source.native)


@each_source
def test_what_may_be_lacking_or_not_known_is_a_column(source):
    columns = {c.name: c for c in source.layer.columns}
    assert source.optional <= columns.keys()
    assert source.not_known.keys() <= columns.keys()
    # Not known is NaN, and only a float64 has that.
    assert {columns[name].dtype for name in source.not_known} <= {"float64"}
    # A column that a file may lack is NaN or empty.
    assert {columns[name].dtype for name in source.optional} <= {"float64", "str"}


@each_source
def test_codes_for_not_known_leave_no_room_in_whole_numbers(source):
    if source.missing_at_or_below is not None:
        assert source.missing_at_or_below < 0
        assert {c.dtype for c in source.layer.columns} <= {"float64", "str"}


@each_source
def test_what_is_kept_is_said_with_a_reason(source):
    for keep in source.keep:
        assert SNAKE.fullmatch(keep.column)
        assert keep.values
        assert keep.reason.strip()


@each_source
def test_there_is_one_way_per_protocol_and_the_first_is_taken(source):
    protocols = [a.protocol for a in source.accesses]
    assert protocols
    assert len(protocols) == len(set(protocols))
    assert "file" not in protocols
    assert way(source.accesses) is source.accesses[0]
    assert [way(source.accesses, p) for p in protocols] == list(source.accesses)
    assert way(source.accesses, "file") is None


def test_sources_are_found_by_name():
    assert {name: s.name for name, s in BY_NAME.items()} == {s.name: s.name for s in SOURCES}
    assert SOURCES[0].name == "gemeente", "the study area is made from it"
    assert [s.name for s in SOURCES if s.extent == "country"] == ["gemeente"]


# --- kinds of unit


@pytest.mark.parametrize("kind", KINDS, ids=lambda k: k.name)
def test_a_kind_is_made_from_what_is_there(kind):
    assert not (kind.published and kind.part_of)
    if origin := kind.published or kind.part_of:
        assert f"{origin}_name" in {c.name for c in BY_NAME[origin].layer.columns}
    if kind.published:
        assert kind.name == kind.published
        assert kind.partition
    if kind.part_of:
        assert kind.name == f"{kind.part_of}_corridor"
    assert kind.layer.key == "unit_id"


# --- indicators


@each_indicator
def test_an_indicator_is_made_from_what_is_there(indicator):
    settings = set(type(Config().indicators).model_fields)
    assert leaves(indicator) <= {"units", "kind"} | settings | set(BY_NAME)
    assert "units" in leaves(indicator)
    assert {c.dtype for c in indicator.columns} == {"float64"}
    assert (indicator.compute.__doc__ or "").strip()


def test_a_setting_that_no_indicator_reads_is_no_setting():
    read = frozenset().union(*(leaves(i) for i in INDICATORS))
    assert set(type(Config().indicators).model_fields) <= read


def test_no_kind_gets_the_same_column_twice():
    for kind in KINDS:
        names = Counter(c.name for i in INDICATORS if i.applies_to(kind) for c in i.columns)
        own = {c.name for c in kind.layer.columns}
        assert [n for n, count in names.items() if count > 1 or n in own] == [], kind.name


def test_two_indicators_that_give_one_column_declare_it_the_same():
    seen: dict[str, set[Column]] = {}
    for indicator in INDICATORS:
        for column in indicator.columns:
            seen.setdefault(column.name, set()).add(column)
    assert {name for name, columns in seen.items() if len(columns) > 1} == set()


# --- maps


@each_map
def test_a_map_shows_kinds_and_columns_that_are_there(page):
    kinds = {k.name: k for k in KINDS}
    assert set(page.kinds) <= kinds.keys()
    assert page.kinds
    assert page.columns
    for name in page.kinds:
        given = {c.name for i in INDICATORS if i.applies_to(kinds[name]) for c in i.columns}
        assert set(page.columns) | set(page.facts) <= given, name
    shown = [*page.columns, *page.facts]
    assert len(shown) == len(set(shown))


@each_map
def test_a_map_colours_by_a_measure_and_not_by_an_amount(page):
    # A large area has more of everything.
    roles = {c.name: c.role for i in INDICATORS for c in i.columns}
    assert {roles[name] for name in page.columns} == {"intensive"}
    assert {roles[name] for name in page.facts} <= {"extensive"}
