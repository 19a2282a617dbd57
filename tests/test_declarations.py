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
from pipeline.sources import BY_NAME, NAMES, RASTERS, SOURCES, dated, way
from pipeline.sources.bgt import BGT

#: The SPDX identifiers that we use, each with the page on which the licence itself stands.
LICENCES = {
    "CC0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
    "CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/",
    "CC-PDM-1.0": "https://creativecommons.org/publicdomain/mark/1.0/",
}

#: Words that are the same in both languages: names of registers, of registered objects, symbols and loan words.
SAME_WORD = {
    "", "%", "m", "m²", "m³", "ha", "m² per m²", "m² per ha", "m per m²", "m³ per m²", "per ha", "per km²", "index 0–1",
    "Corridor", "Postcode", "Station", "Stations", "Status", "Verblijfsobjecten",
    "BAG verblijfsobjecten", "ProRail stations",
}  # fmt: skip

LAYERS = (*(s.layer for s in SOURCES), axis.AXIS, axis.STOPS, corridor.CORRIDOR, *(k.layer for k in KINDS))
COLUMNS: tuple[tuple[str, Column], ...] = (
    *((layer.name, c) for layer in LAYERS for c in layer.columns),
    *((i.name, c) for i in INDICATORS for c in i.columns),
)
SNAKE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")

#: What a service gives rows by, or a file holds, and what gives a raster.
OF_LAYERS, OF_RASTERS = {"ogc_features", "wfs", "bgt_download", "atom"}, {"wcs", "tiles"}

each_source = pytest.mark.parametrize("source", SOURCES, ids=lambda s: s.name)
each_raster = pytest.mark.parametrize("raster", RASTERS, ids=lambda r: r.name)
each_kept = pytest.mark.parametrize("source", (*SOURCES, *RASTERS), ids=lambda s: s.name)
each_indicator = pytest.mark.parametrize("indicator", INDICATORS, ids=lambda i: i.name)
each_map = pytest.mark.parametrize("page", MAPS, ids=lambda m: m.name)


def texts() -> list[tuple[str, Text]]:
    """Everything that a reader sees, with the place where it is said."""
    return [
        *((f"unit {symbol}", unit.text) for symbol, unit in UNITS.items()),
        *((f"{where}.{c.name} label", c.label) for where, c in COLUMNS),
        *((f"{where}.{c.name} meaning", c.meaning) for where, c in COLUMNS),
        *((f"layer {layer.name}", layer.title) for layer in LAYERS),
        *((f"source {s.name}", s.title) for s in (*SOURCES, *RASTERS)),
        *((f"raster {r.name}", r.raster.title) for r in RASTERS),
        *((f"raster {r.name} meaning", r.raster.meaning) for r in RASTERS),
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
        [s.name for s in (*SOURCES, *RASTERS)],
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
    assert odd(lambda c: c.role == "extensive" and c.unit not in ("count", "m", "m²", "m³", "ha")) == []
    assert odd(lambda c: c.dtype == "str" and (c.role, c.unit) != ("label", "")) == []


def test_one_name_has_one_meaning_in_shape():
    seen: dict[str, set[tuple[str, str, str]]] = {}
    for _, column in COLUMNS:
        seen.setdefault(column.name, set()).add((column.dtype, column.unit, column.role))
    assert {name: shapes for name, shapes in seen.items() if len(shapes) > 1} == {}


# --- sources


@each_kept
def test_a_licence_is_an_spdx_identifier_with_its_page(source):
    assert source.register.licence in LICENCES
    assert source.register.licence_url == LICENCES[source.register.licence]


def test_every_licence_is_in_use_and_in_the_list_of_spdx():
    assert {s.register.licence for s in (*SOURCES, *RASTERS)} == set(LICENCES)
    # The list as it comes with packaging, which pytest needs.
    spdx = pytest.importorskip("packaging.licenses", minversion=None)
    assert {spdx.canonicalize_license_expression(name) for name in LICENCES} == set(LICENCES)


@each_kept
def test_addresses_are_https_without_a_query(source):
    for url in (source.page, source.register.licence_url, *(a.url for a in source.accesses)):
        parts = urlsplit(url)
        assert parts.scheme == "https", url
        assert parts.netloc, url
        assert not parts.query, url
    assert not any(a.url.endswith("/") for a in source.accesses)


@each_kept
def test_a_source_says_whose_it_is(source):
    for part in (source.register.name, source.register.attribution):
        assert part.strip() == part != ""


@each_source
def test_editions_run_from_new_to_old(source):
    assert list(source.editions) == sorted(set(source.editions), reverse=True)
    assert all(1990 < year < 2100 for year in source.editions)


@each_source
def test_earlier_editions_are_known_ones_and_not_the_newest(source):
    assert list(source.earlier) == sorted(set(source.earlier), reverse=True)
    assert set(source.earlier) <= set(source.editions[1:])
    # Their layers are called <name>_<year>, which no other source may be.
    assert {f"{source.name}_{year}" for year in source.editions} & set(BY_NAME) == set()


@each_source
def test_an_edition_is_asked_for_only_where_there_are_editions(source):
    said = [
        source.reference_date, *source.title, *source.native.values(),
        *(part for a in source.accesses for part in (a.url, a.collection, *a.together, *a.renames, *a.renames.values())),
    ]  # fmt: skip
    fields = {field for part in said for field in re.findall(r"\{(.*?)\}", part)}
    assert fields <= {"edition", "yy"}
    assert ("edition" in fields) == bool(source.editions)
    assert fields == set() or source.editions
    assert ("{edition}" in source.reference_date) == bool(source.editions)
    assert source.editions or source.reference_date == "actueel"
    # With the year in, nothing is left to fill in.
    assert not any(set("{}") & set(dated(part, 2017)) for part in said)


@each_source
def test_a_year_is_in_the_address_or_in_what_is_asked_there(source):
    # One address for all years, and nothing that tells them apart, would give the same table as another year.
    undated = {a.protocol for a in source.accesses if "{" not in a.url + a.collection}
    said = {"ogc_features"} if source.name.startswith("vierkant_") else set()
    assert undated == (said if source.editions else {a.protocol for a in source.accesses})


@each_source
def test_every_column_has_a_name_in_the_register(source):
    columns = {c.name for c in source.layer.columns}
    assert set(source.native) - {source.layer.key} == columns
    assert len(set(source.native.values())) == len(source.native)
    assert all(SNAKE.fullmatch(dated(name, 2017)) for name in source.native.values())


@each_source
def test_only_names_of_the_register_are_renamed_and_none_hides_another(source):
    native = {dated(name, 2017) for name in source.native.values()}
    known = native | {rule.column for rule in source.keep} | ({source.newest_by} - {""})
    for access in source.accesses:
        renames = access.renames
        assert set(renames) <= known
        assert all(SNAKE.fullmatch(dated(name, 2017)) for name in renames.values())
        assert all(ours != theirs for ours, theirs in renames.items())
        there = [renames.get(name, name) for name in known]
        assert len(there) == len(set(there))


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
        assert all(value == value.strip() for value in keep.values)
        assert keep.reason.strip()
    # Two rules of one reason would be counted as one.
    assert len({keep.reason for keep in source.keep}) == len(source.keep)
    assert len({keep.column for keep in source.keep}) == len(source.keep)


@each_source
def test_versions_are_told_apart_by_a_column_and_a_key(source):
    if source.newest_by:
        assert SNAKE.fullmatch(source.newest_by)
        assert source.layer.key in source.native
        assert source.newest_by not in source.native.values()


@each_source
def test_there_is_one_way_per_protocol_and_the_first_is_taken(source):
    protocols = [a.protocol for a in source.accesses]
    assert protocols
    assert len(protocols) == len(set(protocols))
    assert set(protocols) <= OF_LAYERS
    assert way(source.accesses) is source.accesses[0]
    assert [way(source.accesses, p) for p in protocols] == list(source.accesses)
    assert way(source.accesses, "file") is None


@each_source
def test_a_way_in_bulk_is_a_file_and_never_the_only_one(source):
    bulk = [a for a in source.accesses if a.bulk]
    assert {a.protocol for a in bulk} <= {"atom"}
    assert len(bulk) <= 1
    assert len(bulk) < len(source.accesses)
    assert way(source.accesses, bulk=True) is (bulk or source.accesses)[0]
    # A whole file that is no such way is the only one there is, and only when it is asked for.
    if "atom" in {a.protocol for a in source.accesses if not a.bulk}:
        assert len(source.accesses) == 1 and source.option


@each_source
def test_what_comes_together_holds_what_is_asked(source):
    for access in source.accesses:
        assert bool(access.together) == (access.protocol == "bgt_download")
        if access.together:
            assert re.sub("_(vlak|lijn|punt)$", "", access.collection) in access.together
            assert len(set(access.together)) == len(access.together)


def test_one_order_brings_all_of_the_bgt():
    orders = {a.together for s in SOURCES for a in s.accesses if a.protocol == "bgt_download"}
    asked = {re.sub("_(vlak|lijn|punt)$", "", a.collection) for s in BGT for a in s.accesses if a.together}
    assert len(orders) == 1
    assert set(*orders) == asked
    assert all(s.extent == "corridor" for s in BGT)


# --- rasters


@each_raster
def test_cells_of_a_raster_fill_its_overview_and_a_kilometre(raster):
    fine, coarse = raster.raster.resolution_m, raster.raster.overview_resolution_m
    assert 0 < fine < coarse
    assert (coarse / fine).is_integer()
    assert (1000 / coarse).is_integer()
    assert raster.raster.unit in UNITS


@each_raster
def test_no_height_is_taken_for_nothing(raster):
    assert raster.lowest < 0 < raster.highest
    assert raster.nodata
    assert not any(raster.lowest <= value <= raster.highest for value in raster.nodata)


@each_raster
def test_every_way_to_a_raster_asks_for_the_same(raster):
    assert {a.protocol for a in raster.accesses} == OF_RASTERS
    assert len({a.url for a in raster.accesses}) == len(raster.accesses)
    assert len({a.collection for a in raster.accesses}) == 1
    assert way(raster.accesses) is raster.accesses[0]
    assert not any(a.bulk or a.together or a.renames for a in raster.accesses)
    assert all("{" not in a.url + a.collection for a in raster.accesses)


def test_two_rasters_of_a_register_ask_for_different_things():
    assert len({a.collection for r in RASTERS for a in r.accesses}) == len(RASTERS)


# --- all of them


def test_sources_are_found_by_name():
    assert {name: s.name for name, s in BY_NAME.items()} == {s.name: s.name for s in SOURCES}
    assert SOURCES[0].name == "gemeente", "the study area is made from it"
    assert [s.name for s in SOURCES if s.extent == "country"] == ["gemeente"]


# --- kinds of unit


@pytest.mark.parametrize("kind", KINDS, ids=lambda k: k.name)
def test_a_kind_is_made_from_what_is_there(kind):
    assert not (kind.published and kind.part_of)
    assert set(kind.sources) <= BY_NAME.keys()
    kinds = {k.name: k for k in KINDS}
    if kind.published:
        assert kind.sources == (kind.name,) == (kind.published,)
        assert f"{kind.name}_name" in {c.name for c in BY_NAME[kind.name].layer.columns}
        assert kind.partition
    if kind.part_of:
        assert kind.name == f"{kind.part_of}_corridor"
        assert kind.sources == kinds[kind.part_of].sources
        assert kind.own == kinds[kind.part_of].own
        assert kind.partition == kinds[kind.part_of].partition
    assert kind.layer.columns[:-1] == kind.shapes.columns
    assert kind.layer.key == "unit_id"


# --- indicators


@each_indicator
def test_an_indicator_is_made_from_what_is_there(indicator):
    settings = set(type(Config().indicators).model_fields)
    assert leaves(indicator) <= {"units", "kind"} | settings | NAMES
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
    # How it is made may differ: published for the unit itself, or worked out for it.
    seen: dict[str, set[Column]] = {}
    for indicator in INDICATORS:
        for c in indicator.columns:
            seen.setdefault(c.name, set()).add(Column(c.name, c.dtype, c.unit, c.role, c.label, c.meaning))
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
