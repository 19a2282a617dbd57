"""The four stages through the command line, on the small project: right numbers, fresh or stale, one-line errors."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
import shapely
import small_project
from click.testing import CliRunner, Result

from pipeline import freshness
from pipeline.cli import cli


def spoorzone(config: Path, *words: str) -> Result:
    return CliRunner().invoke(cli, [*words, "--config", str(config)])


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project that has been run once; for looking only."""
    config = small_project.write(tmp_path_factory.mktemp("first"))
    result = spoorzone(config, "run")
    assert result.exit_code == 0, result.output
    return config


@pytest.fixture
def project(first: Path, tmp_path: Path) -> Path:
    """A copy of it, times of files kept; for changing."""
    subprocess.run(["cp", "-a", f"{first.parent}/.", tmp_path], check=True)
    return tmp_path / "config.toml"


def hashes(config: Path) -> dict[str, str]:
    """Every output for others by its hash; the manifest holds the time of the run and is left out."""
    files = [*config.parent.glob("data_raw/*.gpkg"), *config.parent.glob("data_raw/*.json"), *config.parent.glob("data_out/*.gpkg"), *config.parent.glob("maps/*.html")]
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(files)}


def steps_made(result: Result) -> set[str]:
    """Which steps ran, by the line that each prints."""
    assert result.exit_code == 0, result.output
    begin = ("load ", "clip ", "compute ", "export ")
    return {line.split(":")[0] for line in result.output.splitlines() if line.startswith(begin) and ": " in line}


def units(config: Path, kind: str) -> gpd.GeoDataFrame:
    return pyogrio.read_dataframe(config.parent / "data_out/spoorzone.gpkg", layer=kind).set_index("unit_id")


def test_numbers_by_hand(first: Path) -> None:
    buurt = units(first, "buurt").loc["BU00010000"]
    assert buurt["area_m2"] == 2_000_000
    assert buurt["dwellings_count"] == 10
    assert buurt["dwellings_per_ha"] == pytest.approx(10 / 200)
    assert buurt["inhabitants_count"] == 20
    assert buurt["inhabitants_per_km2"] == pytest.approx(10)
    assert buurt["addresses_count"] == 11
    assert buurt["floor_area_usable_m2"] == 10 * 76 + 156
    assert buurt["floor_area_gross_m2"] == pytest.approx(10 * 100 + 200)
    assert buurt["footprint_area_m2"] == pytest.approx(10 * 100 + 200)
    assert buurt["fsi_gross"] == pytest.approx(1200 / 2e6)
    assert buurt["gsi"] == pytest.approx(1200 / 2e6)
    assert buurt["building_layers"] == pytest.approx(1.0)
    assert buurt["mxi"] == pytest.approx(760 / 916)
    assert buurt["land_use_built_up_share"] == pytest.approx(1.0)
    # Within 1 km lie the eleven of its own and the eleven of the buurt north of it.
    assert buurt["oad_per_km2"] == pytest.approx(22 / np.pi, rel=1e-3)


@pytest.mark.parametrize("kind", ["gemeente", "wijk", "buurt", "square_500m", "square_100m", "hexagon"])
def test_every_kind_that_covers_the_area_has_the_same_totals(first: Path, kind: str) -> None:
    table = units(first, kind)
    assert table["dwellings_count"].sum() == 40
    assert table["inhabitants_count"].sum() == pytest.approx(80)
    assert table["footprint_area_m2"].sum() == pytest.approx(4 * 1200)
    assert table["floor_area_usable_m2"].sum() == 4 * 916


def test_parts_and_sections_add_up_to_the_corridor(first: Path) -> None:
    corridor = units(first, "corridor").iloc[0]
    assert corridor["area_m2"] == pytest.approx(2 * 400 * 3000 + np.pi * 400**2, rel=2e-3)
    for kind in ("gemeente_corridor", "buurt_corridor", "section"):
        table = units(first, kind)
        for column in ("area_m2", "dwellings_count", "inhabitants_count", "footprint_area_m2"):
            assert table[column].sum() == pytest.approx(corridor[column]), (kind, column)
    assert len(units(first, "section")) == 3000 / 250


def test_a_second_run_does_nothing_and_says_so(project: Path) -> None:
    before = hashes(project)
    result = spoorzone(project, "run")
    assert "Nothing to do" in result.output
    assert result.exit_code == 0
    assert hashes(project) == before


def test_a_run_elsewhere_gives_the_same_bytes(first: Path, tmp_path: Path) -> None:
    again = small_project.write(tmp_path / "elsewhere")
    for file in (first.parent / "in").iterdir():
        subprocess.run(["cp", "-a", file, again.parent / "in"], check=True)
    assert spoorzone(again, "run").exit_code == 0
    assert hashes(again) == hashes(first)


def test_forced_again_gives_the_same_bytes(project: Path) -> None:
    before = hashes(project)
    assert len(steps_made(spoorzone(project, "run", "--force"))) > 50
    assert hashes(project) == before


def test_a_changed_key_runs_only_what_depends_on_it(project: Path) -> None:
    project.write_text(project.read_text() + "\n[indicators]\noad_radius_m = 500\n")
    before = units(project, "buurt")["oad_per_km2"]
    made = steps_made(spoorzone(project, "run"))
    assert {"compute oad/buurt", "export spoorzone.gpkg", "export spoorzone.html"} <= made
    # Of the eleven buildings of a buurt all lie within 500 m, those of the next do not.
    assert units(project, "buurt")["oad_per_km2"].tolist() == pytest.approx([11 / np.pi / 0.25] * 4)
    assert (units(project, "buurt")["oad_per_km2"] != before).all()
    assert not [s for s in made if s.startswith(("load ", "clip "))]
    assert {s.split()[1].split("/")[0] for s in made if s.startswith("compute ")} == {"oad", "checks"}


def test_a_wider_corridor_leaves_whole_units_alone(project: Path) -> None:
    project.write_text(project.read_text().replace("half_width_m = 400", "half_width_m = 300"))
    made = steps_made(spoorzone(project, "run"))
    assert {"clip corridor", "clip corridor_share/buurt"} <= made
    assert "compute dwellings/buurt_corridor" in made
    assert not [s for s in made if s.startswith("load ")]
    assert "compute dwellings/buurt" not in made


@pytest.mark.parametrize(
    ("key", "kind"),
    [("hexagon_edge_m = 100", "hexagon"), ("catchment_radii_m = [300]", "catchment"), ("section_length_m = 500", "section")],
)
def test_a_changed_size_of_a_unit_makes_only_that_kind_anew(project: Path, key: str, kind: str) -> None:
    text = project.read_text().replace("catchment_radii_m = [200, 400]\n", "")
    project.write_text(text.replace("[units]", f"[units]\n{key}" + ("" if kind == "catchment" else "\ncatchment_radii_m = [200, 400]")))
    before = len(units(project, kind))
    made = steps_made(spoorzone(project, "run"))
    assert {s.split("/")[1] for s in made if "/" in s and "design/" not in s} == {kind}
    assert len(units(project, kind)) != before


def test_a_changed_source_runs_only_what_depends_on_it(project: Path) -> None:
    table = small_project.tables()["bodemgebruik"].assign(bg2017=[20, 40])
    small_project.save(project.parent, "bodemgebruik", table)
    made = steps_made(spoorzone(project, "run"))
    assert {s for s in made if s.startswith("load ")} == {"load bodemgebruik", "load README.md"}
    assert "compute land_use/buurt" in made
    assert "compute dwellings/buurt" not in made
    assert units(project, "gemeente").loc["GM0002", "land_use_recreation_share"] == pytest.approx(1.0)


def test_the_same_source_again_is_not_passed_on(project: Path) -> None:
    """Only the time of the file differs: loaded again, and nothing after it."""
    small_project.save(project.parent, "bodemgebruik", small_project.tables()["bodemgebruik"])
    made = steps_made(spoorzone(project, "run"))
    assert not [s for s in made if s.startswith("compute ")]


def test_status_says_what_and_why(project: Path) -> None:
    assert "load     11 of 11 fresh" in spoorzone(project, "status").output
    project.write_text(project.read_text().replace("half_width_m = 400", "half_width_m = 300"))
    output = spoorzone(project, "status").output
    assert "corridor: [corridor] half_width_m: 400 → 300" in output
    assert re.search(r"vierkant_100m_corridor, bodemgebruik_corridor.* and \d+ more: follows clip corridor", output)
    assert "load     11 of 11 fresh" in output


def test_stages_one_by_one_equal_a_run(first: Path, tmp_path: Path) -> None:
    config = small_project.write(tmp_path / "stages")
    for file in (first.parent / "in").iterdir():
        subprocess.run(["cp", "-a", file, config.parent / "in"], check=True)
    for stage in ("load", "clip", "compute", "export"):
        assert spoorzone(config, stage).exit_code == 0
    assert hashes(config) == hashes(first)


@pytest.mark.fault("F", "a stage before the one that it needs", "one line with the command to run first")
@pytest.mark.parametrize(("stage", "before"), [("clip", "load"), ("compute", "clip"), ("export", "clip")])
def test_a_stage_too_early_names_the_one_before(tmp_path: Path, stage: str, before: str) -> None:
    result = spoorzone(small_project.write(tmp_path / "p"), stage)
    assert result.exit_code == 5
    assert f"run 'spoorzone {before}' first" in result.output


@pytest.mark.fault(
    "C", "an output that is missing or was changed by hand",
    "status names it, and the next run makes it anew with the same bytes",
)  # fmt: skip
def test_a_missing_or_touched_output_is_made_anew(project: Path) -> None:
    gpkg = project.parent / "data_out/spoorzone.gpkg"
    before = hashes(project)
    gpkg.write_bytes(gpkg.read_bytes()[:-1])
    (project.parent / "maps/index.html").unlink()
    assert {"export spoorzone.gpkg", "export index.html"} <= steps_made(spoorzone(project, "run"))
    assert hashes(project) == before


def test_a_source_switched_off_leaves_its_indicators_out(project: Path) -> None:
    text = project.read_text().replace('[sources.pand]\nprotocol = "file"\npath = "in/pand.gpkg"\n', "[sources.pand]\nenabled = false\n")
    project.write_text(text)
    result = spoorzone(project, "run")
    assert result.exit_code == 0, result.output
    assert re.search(r"Left out without [\w, ]*pand[\w, ]*: [\w, ]*\bfootprint\b", result.output), result.output
    assert "gsi" not in units(project, "buurt").columns
    assert "mxi" in units(project, "buurt").columns


@pytest.mark.fault("F", "the sample where real results stand", "one line; nothing is overwritten")
def test_the_sample_does_not_take_the_place_of_real_outputs(project: Path) -> None:
    before = hashes(project)
    result = spoorzone(project, "run", "--sample")
    assert result.exit_code == 2
    assert "holds a result made from real data" in result.output
    assert hashes(project) == before


Spoil = Callable[[Path], None]


def change(name: str, how: Callable[[gpd.GeoDataFrame], gpd.GeoDataFrame]) -> Spoil:
    def spoil(config: Path) -> None:
        small_project.save(config.parent, name, how(small_project.tables()[name]))

    return spoil


def rewrite(old: str, new: str) -> Spoil:
    def spoil(config: Path) -> None:
        text = config.read_text()
        assert old in text
        config.write_text(text.replace(old, new))

    return spoil


def bow_tie(config: Path) -> None:
    ring = np.array([(0, 0), (3000, 1500), (3000, 0), (0, 1500)]) + [small_project.X, small_project.Y]
    table = gpd.GeoDataFrame(geometry=[shapely.Polygon(ring)], crs=28992)
    pyogrio.write_dataframe(table, config.parent / "in/plan.gpkg")
    rewrite("half_width_m = 400", 'kind = "polygon"\npolygon_file = "in/plan.gpkg"')(config)


BAD: dict[str, tuple[Spoil, int, str]] = {
    "unknown key": (rewrite("half_width_m", "half_widht_m"), 2, "[corridor] half_widht_m: unknown key; did you mean 'half_width_m'?"),
    "missing file": (lambda c: (c.parent / "in/pand.gpkg").unlink(), 3, "pand.gpkg"),
    "wrong CRS": (change("pand", lambda t: t.to_crs(4326)), 3, "EPSG:4326"),
    "bow-tie": (bow_tie, 3, "plan.gpkg: 1 of 1 polygons can't be used, the first is not valid: Self-intersection"),
    "empty layer": (change("buurt", lambda t: t[:0]), 3, "has no features"),
    "no id column": (change("pand", lambda t: t.drop(columns="identificatie")), 3, "column 'identificatie' is the key, but is not there; there are bouwjaar, status, gebruiksdoel, aantal_verblijfsobjecten; name it with [sources.pand] columns"),
    "station unknown": (rewrite('"Midden"', '"Middden"'), 3, "no station 'Middden' in the loaded area; there are Midden"),
    "track broken": (change("spooras", lambda t: t[:1]), 3, "spooras: station Oost is 1"),
    "corridor too wide": (rewrite("half_width_m = 400", "half_width_m = 1200"), 4, "corridor: reaches 700 m outside the study area"),
    "unknown gemeente": (rewrite("GM0002", "GM0003"), 3, "'GM0003' is not among the 2 loaded municipalities"),
}


@pytest.mark.fault(
    "E", "own data that can’t be used, in ten ways, in a whole run",
    "one line, an exit code of its kind; older maps and layers stay, byte for byte",
)  # fmt: skip
@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_one_line_and_costs_no_older_output(project: Path, case: str) -> None:
    spoil, code, says = BAD[case]
    before = hashes(project)
    spoil(project)
    result = spoorzone(project, "run")
    errors = [line for line in result.output.splitlines() if line.startswith("spoorzone: ")]
    assert len(errors) == 1, result.output
    assert says in errors[0]
    assert "Traceback" not in result.output
    assert result.exit_code == code
    for name in ("spoorzone.gpkg", "spoorzone.html", "index.html"):
        assert hashes(project)[name] == before[name]


def test_a_broken_run_goes_on_where_it_was(first: Path, project: Path) -> None:
    project.write_text(project.read_text() + "\n[indicators]\noad_radius_m = 500\n")
    before = hashes(project)
    stamps = project.parent / "data_out/.stages/compute"
    spoorzone(project, "compute")
    made = {p.name for p in stamps.glob("oad.*.stamp.json")}
    assert made
    result = spoorzone(project, "run")
    assert not [s for s in steps_made(result) if s.startswith("compute ")]
    assert hashes(project) != before


@pytest.fixture
def old_code(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    real = freshness.code_hashes
    monkeypatch.setattr(freshness, "code_hashes", lambda parts: {k: v + "!" if k.startswith("indicators/") else v for k, v in real(parts).items()})
    yield


def test_changed_software_runs_what_it_makes(project: Path, old_code: None) -> None:
    made = steps_made(spoorzone(project, "run"))
    assert "compute dwellings/buurt" in made
    assert not [s for s in made if s.startswith(("load ", "clip "))]


def test_a_new_library_makes_numbers_anew_but_asks_no_source(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    newer = {**freshness.libraries(), "the library shapely": "99.0"}
    monkeypatch.setattr("pipeline.project.libraries", lambda: newer)
    monkeypatch.setattr("pipeline.places.libraries", lambda: newer)
    assert "→ 99.0" in spoorzone(project, "status").output
    made = steps_made(spoorzone(project, "run"))
    assert "compute dwellings/buurt" in made
    assert not [s for s in made if s.startswith("load ")]


def test_receipts_add_up(first: Path) -> None:
    for path in (first.parent / "data_raw").glob("*.receipt.json"):
        receipt = json.loads(path.read_text())
        assert receipt["received"] == receipt["kept"] + sum(receipt["dropped"].values())
        assert receipt["reported"] == receipt["received"]
        assert receipt["sha256"] == hashlib.sha256(path.with_name(f"{receipt['source']}.gpkg").read_bytes()).hexdigest()


def test_installed_command_answers_within_two_seconds_of_work(project: Path) -> None:
    """What a second run imports: nothing that reads maps or tables."""
    code = (
        "import sys\nfrom click.testing import CliRunner\nfrom pipeline.cli import cli\n"
        f"r = CliRunner().invoke(cli, ['run', '--config', {str(project)!r}])\n"
        "assert 'Nothing to do' in r.output, r.output\n"
        "print(sorted({'geopandas', 'pandas', 'numpy', 'folium', 'scipy', 'httpx'} & set(sys.modules)))"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]", out.stdout


@pytest.mark.parametrize("words", [("list", "sources"), ("list", "indicators"), ("list", "units"), ("list", "maps"), ("config", "schema")])
def test_lists_print(words: tuple[str, ...]) -> None:
    result = CliRunner().invoke(cli, words)
    assert result.exit_code == 0, result.output
    assert len(result.output.splitlines()) > 3


@pytest.mark.parametrize("words", [(), ("run",), ("load",), ("clip",), ("compute",), ("export",), ("status",), ("list",), ("config",)])
def test_help_says_something(words: tuple[str, ...]) -> None:
    result = CliRunner().invoke(cli, [*words, "--help"])
    assert result.exit_code == 0
    assert "Usage:" in result.output


@pytest.mark.fault("F", "every kind of error has its own exit code", "the codes stand in the help")
def test_the_exit_codes_in_the_help_are_those_of_the_errors() -> None:
    from pipeline import contract

    help_ = CliRunner().invoke(cli, ["--help"]).output
    for name in ("ConfigError", "SourceError", "ContractError", "MissingInputError"):
        assert re.search(rf"^ +{getattr(contract, name).exit_code}  ", help_, re.M), name


def test_a_corridor_of_buurten(project: Path) -> None:
    rewrite("half_width_m = 400", 'kind = "buurten"\nbuurt_codes = ["BU00010001", "BU00020001"]')(project)
    made = steps_made(spoorzone(project, "run"))
    assert {"clip corridor", "clip corridor_share/buurt"} <= made
    corridor = units(project, "corridor").iloc[0]
    assert corridor["area_m2"] == 4_000_000
    assert corridor["dwellings_count"] == 20
    assert units(project, "buurt_corridor").index.tolist() == ["BU00010001", "BU00020001"]
    assert "Corridor: 2 buurten" in (project.parent / "maps/index.html").read_text()


def test_a_corridor_from_a_file_needs_no_stations(project: Path) -> None:
    box = shapely.box(small_project.X + 500, small_project.Y, small_project.X + 1500, small_project.Y + 1000)
    pyogrio.write_dataframe(gpd.GeoDataFrame(geometry=[box], crs=28992), project.parent / "in/plan.gpkg")
    rewrite('stations = ["West", "Midden", "Oost"]\nhalf_width_m = 400', 'kind = "polygon"\nstations = []\npolygon_file = "in/plan.gpkg"')(project)
    assert spoorzone(project, "run").exit_code == 0
    layers = [name for name, _ in pyogrio.list_layers(project.parent / "data_out/spoorzone.gpkg")]
    assert not {"axis", "section", "catchment", "corridor_station"} & set(layers)
    assert units(project, "corridor").iloc[0]["dwellings_count"] == 10
