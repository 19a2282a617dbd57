"""`spoorzone explain`: one value, with all that anyone could ask of it."""

import math
import re

import pytest
import small_project
from click.testing import CliRunner

from pipeline import config
from pipeline.cli import cli
from pipeline.contract import ConfigError, MissingInputError
from pipeline.explain import explain, find, lines
from pipeline.formulas import why_missing
from pipeline.indicators import INDICATORS
from pipeline.project import Project, Quiet

COLUMNS = {c.name: c for i in INDICATORS for c in i.columns}


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    """The config of the small project, run once: each buurt has ten dwellings of 76 m² and a shop of 156 m²."""
    made = small_project.write(tmp_path_factory.mktemp("explained"))
    result = CliRunner().invoke(cli, ["run", "--config", str(made)])
    assert result.exit_code == 0, result.output
    return made


@pytest.fixture(scope="module")
def project(path):
    return Project(config.read(path), synthetic=False, show=Quiet(), offline=True)


def ask(path, *words):
    result = CliRunner().invoke(cli, ["explain", *words, "--config", str(path)])
    return result.exit_code, result.output


def test_a_rate_is_worked_out_with_its_numbers(project):
    asked = find(project, "BU00010000", "dwellings_per_ha", None)
    answer = explain(project, asked)
    # Ten dwellings on 2 km × 1 km = 200 ha.
    assert answer.value == 0.05
    assert {p.column.name: p.value for p in answer.parts} == {"dwellings_count": 10, "area_m2": 2_000_000}
    text = "\n".join(lines(answer, "nl"))
    assert "dwellings_count / area_m2 × 10.000" in text
    assert "= 10 / 2.000.000 × 10.000" in text
    assert "= 0,05" in text


def test_the_rows_are_those_of_the_unit_and_add_up(project):
    answer = explain(project, find(project, "A-zuid", "floor_area_usable_m2", "buurt"))
    (part,) = answer.parts
    assert part.source == "verblijfsobject"
    assert len(part.rows) == 11
    assert part.rows.sum() == answer.value == 10 * 76 + 156
    assert part.rows.iloc[0] == 156, "the largest comes first"
    known = project.named("verblijfsobject")
    area = project.units(answer.asked.kind).geometry["BU00010000"]
    assert known.loc[part.rows.index].within(area).all()


def test_the_rows_listed_are_as_many_as_asked(project):
    answer = explain(project, find(project, "A-zuid", "floor_area_usable_m2", "buurt"))
    few, all_ = ("\n".join(lines(answer, "en", n)) for n in (3, 0))
    ids = set(answer.parts[0].rows.index)
    assert len({w for w in few.split() if w in ids}) == 3
    assert "… and 8 more, together 608" in few  # eight dwellings of 76 m²
    assert {w for w in all_.split() if w in ids} == ids


def test_a_mean_is_a_mean(project):
    answer = explain(project, find(project, "A-zuid", "oad_per_km2", "buurt"))
    (part,) = answer.parts
    assert part.how == "mean"
    assert part.rows.mean() == pytest.approx(answer.value, rel=1e-12)
    assert "mean over 11 rows of verblijfsobject" in "\n".join(lines(answer, "en"))


def test_other_stock_profiles(tmp_path):
    made = small_project.write(tmp_path)
    tables = small_project.tables()
    address = tables["verblijfsobject"].copy()
    address["status"] = ["Verblijfsobject buiten gebruik", *["Verblijfsobject in gebruik"] * (len(address) - 1)]
    small_project.save(tmp_path, "verblijfsobject", address)
    made.write_text(
        made.read_text()
        + '\n[profiles.none]\ntitle_nl = "Niets"\ntitle_en = "Nothing"\npand_statuses = []\nverblijfsobject_statuses = []\n'
    )
    assert CliRunner().invoke(cli, ["run", "--config", str(made)]).exit_code == 0
    project = Project(config.read(made), synthetic=False, show=Quiet(), offline=True)
    answer = explain(project, find(project, "A", "dwellings_count", "gemeente"))
    assert {p.name: v for p, v in answer.profiles.items()} == {"cbs": 19, "pbl": 20, "strict": 19, "none": 0}
    text = "\n".join(lines(answer, "nl"))
    assert re.search(r"cbs: 19  \(gekozen\)", text)
    assert re.search(r"pbl: 20  \(\+1\)", text)
    assert re.search(r"strict: 19  \(gelijk\)", text)
    assert re.search(r"none: 0  \(−19\)  Niets", text)


def test_what_no_stock_is_counted_for_has_no_profiles(project):
    answer = explain(project, find(project, "A-zuid", "land_use_built_up_share", "buurt"))
    assert answer.profiles == {}
    assert [r.source for r in answer.receipts] == ["buurt", "bodemgebruik"]


def test_sources_with_their_dates(project):
    answer = explain(project, find(project, "A-zuid", "inhabitants_per_km2", "buurt"))
    assert "buurt" in {r.source for r in answer.receipts}
    assert "CBS Kerncijfers buurten, 1 januari 2022 (CBS Wijken en Buurten; CC-BY-4.0)" in "\n".join(
        lines(answer, "nl")
    )


def test_a_missing_value_says_why(project):
    # The last 250 m of the corridor have no building.
    kind = next(k for k in project.kinds if k.name == "square_100m")
    empty = project.units(kind).index[0]
    answer = explain(project, find(project, empty, "mxi", "square_100m"))
    assert math.isnan(answer.value)
    assert answer.reason
    said = "\n".join(lines(answer, "nl"))
    assert re.search(r"waarde +–  \(ontbreekt: er is geen ", said)


@pytest.mark.parametrize(
    ("name", "values", "reason"),
    [
        ("dwellings_per_ha", {"dwellings_count": 0, "area_m2": 0}, "no_area"),
        (
            "inhabitants_per_km2",
            {"inhabitants_count": math.nan, "land_area_m2": 1},
            COLUMNS["inhabitants_count"].missing,
        ),
        ("inhabitants_per_km2", {"inhabitants_count": 5, "land_area_m2": math.nan}, "not_published"),
        ("inhabitants_per_km2", {"inhabitants_count": 5, "land_area_m2": 0}, "no_land"),
    ],
)
def test_the_reason_is_that_of_what_is_missing_in_the_formula(project, name, values, reason):
    columns = {**{c.name: c for c in project.kinds[0].layer.columns}, **COLUMNS}
    assert reason
    assert why_missing(columns[name], columns, values) == reason


# --- which value is meant


def test_a_unit_is_found_by_its_id_and_by_its_name_in_any_capitals(project):
    by_id, by_name = (find(project, word, "mxi", None) for word in ("bu00010000", "a-ZUID"))
    assert by_id == by_name
    assert (by_id.kind.name, by_id.unit, by_id.name) == ("buurt", "BU00010000", "A-zuid")
    assert [k.name for k in by_id.also] == ["buurt_corridor"]


def test_a_kind_can_be_asked_for(project):
    assert find(project, "A-zuid", "mxi", "buurt_corridor").kind.name == "buurt_corridor"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("A-zuidd", "mxi", None), "no unit 'A-zuidd'; did you mean 'A-zuid'"),
        (("A-zuid", "mix", None), "no indicator 'mix'; did you mean 'mxi'"),
        (("A-zuid", "mxi", "buurten"), "no kind of unit 'buurten'; did you mean 'buurt'"),
        (("qqqqqqqqqqq", "mxi", "gemeente"), "no unit 'qqqqqqqqqqq'; there are A, B, GM0001, GM0002"),
    ],
)
def test_what_is_not_there_is_named_with_what_is_near(project, words, says):
    with pytest.raises(ConfigError, match=re.escape(says)):
        find(project, *words)


def test_a_name_of_two_units_asks_for_an_id(project, monkeypatch):
    units = Project.units
    monkeypatch.setattr(Project, "units", lambda self, kind: units(self, kind).assign(unit_name="A"))
    with pytest.raises(ConfigError, match="4 units of kind buurt are called 'A': BU00010000, BU00010001"):
        find(project, "A", "mxi", "buurt")


# --- the command


def test_the_command_says_it_in_the_language_of_the_project_or_as_asked(path):
    code, dutch = ask(path, "A-zuid", "mxi")
    assert code == 0
    assert "Functiemenging" in dutch
    assert "bronnen" in dutch
    code, english = ask(path, "A-zuid", "mxi", "--language", "en")
    assert code == 0
    assert "Mixed-use index" in english
    assert "0.8297" in english and "0,8297" in dutch


def test_an_unknown_word_is_one_line_and_exit_code_2(path):
    code, said = ask(path, "nowhere", "mxi")
    assert code == 2
    assert said.startswith("spoorzone: no unit 'nowhere'")
    assert said.count("\n") == 1


def test_a_value_of_another_config_is_not_explained(path, project):
    text = path.read_text()
    try:
        path.write_text(text + '\n[indicators]\nstock_profile = "pbl"\n')
        code, said = ask(path, "A-zuid", "mxi")
    finally:
        path.write_text(text)
    assert code == MissingInputError.exit_code
    assert "mxi of buurt: has to be computed first" in said
    assert "run 'spoorzone run'" in said


def test_every_value_of_a_unit_can_be_explained(project):
    asked = [c.name for i in INDICATORS for c in i.columns]
    explained = 0
    for name in dict.fromkeys(asked):
        try:
            answer = explain(project, find(project, "Proefzone", name, "corridor"))
        except ConfigError:
            continue  # its sources are not in the small project
        said = list(lines(answer, "nl"))
        assert len(said) > 5, name
        assert not any("nan" in line.split() for line in said), name
        explained += 1
    assert explained > 20
