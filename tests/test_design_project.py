"""The design folder of the small project: what [export] asks for, made again only when it must, never half."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path

import ezdxf
import pytest
import rasterio
import small_project
from forked_runs import Runs
from test_flow import spoorzone, steps_made

ALL = '"geopackage", "qgis", "dxf", "cityjson", "mesh", "raster", "xlsx", "csv", "geoparquet", "flatgeobuf"'
SOME = '"geopackage", "dxf", "csv"'


def asked(config: Path, formats: str, more: str = "") -> None:
    config.write_text(config.read_text().replace(f"formats = [{SOME}]", f"formats = [{formats}]\n{more}"))


def made(config: Path) -> dict[str, str]:
    folder = config.parent / "data_out"
    files = [*(folder / "ontwerp").rglob("*"), folder / "ontwerp.zip"]
    return {p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in files if p.is_file()}


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with everything that can be made without heights; for looking only."""
    config = small_project.write(tmp_path_factory.mktemp("first"))
    asked(config, ALL)
    result = spoorzone(config, "run")
    assert result.exit_code == 0, result.output
    return config


@pytest.fixture
def project(first: Path, tmp_path: Path) -> Path:
    """A copy of it, times of files kept; for changing."""
    subprocess.run(["cp", "-a", f"{first.parent}/.", tmp_path], check=True)
    return tmp_path / "config.toml"


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runs]:
    with Runs(tmp_path_factory.mktemp("runs")) as parent:
        yield parent


def test_run_names_the_folder_and_makes_what_can_be_made(first: Path) -> None:
    files = made(first)
    assert {"ontwerp.zip", "ontwerp/LEESMIJ.html", "ontwerp/spoorzone.gpkg", "ontwerp/spoorzone.qgz", "ontwerp/cad/spoorzone_rd.dxf",
            "ontwerp/tabellen/spoorzone.xlsx", "ontwerp/tabellen/csv_nl/buurt.csv", "ontwerp/geoparquet/pand_whole.parquet",
            "ontwerp/flatgeobuf/pand_whole.fgb", "ontwerp/raster/dichtheid_woningen_400m.tif"} <= files.keys()  # fmt: skip
    assert not [n for n in files if n.startswith("ontwerp/3d")], "without heights there is no 3D"
    text = (first.parent / "data_out/ontwerp/LEESMIJ.html").read_text()
    assert "CityJSON" not in text.split("</nav>")[0]
    again = spoorzone(first, "run")
    assert again.output.startswith("Nothing to do")
    assert "data_out/ontwerp\n" in again.output


def test_a_second_export_of_the_same_makes_the_same_bytes(project: Path) -> None:
    before = made(project)
    shutil.rmtree(project.parent / "data_out/ontwerp")
    assert "export design/dxf" in steps_made(spoorzone(project, "export"))
    assert made(project) == before
    assert not steps_made(spoorzone(project, "export"))


def test_for_design_makes_only_that(project: Path) -> None:
    manifest = (project.parent / "data_out/manifest.json").read_bytes()
    done = spoorzone(project, "export", "--for", "design", "--force")
    steps = steps_made(done)
    assert {"export spoorzone.gpkg", "export design/dxf", "export design/zip"} <= steps
    assert all(s == "export spoorzone.gpkg" or s.startswith("export design/") for s in steps)
    assert done.output.endswith("data_out/ontwerp\n")
    assert (project.parent / "data_out/manifest.json").read_bytes() == manifest
    assert spoorzone(project, "export", "--for", "everything").exit_code == 2


def test_for_design_before_compute_says_what_to_do(tmp_path: Path) -> None:
    config = small_project.write(tmp_path / "new")
    result = spoorzone(config, "export", "--for", "design")
    assert result.exit_code == 5
    assert "run 'spoorzone" in result.output


def test_only_what_the_config_asks_for_is_made_and_packed(tmp_path: Path, first: Path) -> None:
    subprocess.run(["cp", "-a", f"{first.parent}/.", tmp_path], check=True)
    config = tmp_path / "config.toml"
    flat = len(list((tmp_path / "data_out/ontwerp/flatgeobuf").iterdir()))
    mine = tmp_path / "data_out/ontwerp/tabellen/csv/mine.txt"
    mine.write_text("of somebody else")
    changed = next((tmp_path / "data_out/ontwerp/tabellen/csv").glob("*.csv"))
    changed.write_text("changed by somebody else")
    asked_now = config.read_text().replace(f"formats = [{ALL}]", 'formats = ["dxf", "geoparquet"]\nlayers = ["bodemgebruik_corridor", "buurt"]')
    config.write_text(asked_now)
    result = spoorzone(config, "export")
    assert result.exit_code == 0
    assert f"export design.flatgeobuf: {flat} files removed, no longer made" in result.output
    assert mine.read_text() == "of somebody else"
    assert changed.read_text() == "changed by somebody else"
    mine.unlink()
    changed.unlink()
    assert {n for n in made(config) if n.startswith("ontwerp/")} == {
        "ontwerp/LEESMIJ.html", "ontwerp/cad/spoorzone_rd.dxf", "ontwerp/cad/spoorzone_lokaal.dxf",
        "ontwerp/geoparquet/bodemgebruik_corridor.parquet", "ontwerp/geoparquet/buurt.parquet",
    }  # fmt: skip
    layers = {layer.dxf.name for layer in ezdxf.readfile(tmp_path / "data_out/ontwerp/cad/spoorzone_rd.dxf").layers}
    assert {n for n in layers if n.startswith("SZ_") and n != "SZ_00_LEESMIJ"} == {
        "SZ_11_GRONDGEBRUIK_BEBOUWD", "SZ_80_BUURTGRENS", "SZ_83_CORRIDOR", "SZ_90_BUURTNAAM",
    }  # fmt: skip
    with zipfile.ZipFile(tmp_path / "data_out/ontwerp.zip") as archive:
        assert set(archive.namelist()) == {n for n in made(config) if n.startswith("ontwerp/")}


def test_without_buildings_and_addresses_there_is_a_folder_of_what_is_left(tmp_path: Path) -> None:
    config = small_project.write(tmp_path / "less")
    asked(config, ALL)
    text = config.read_text()
    for name in ("pand", "verblijfsobject"):
        text = text.replace(f"[sources.{name}]\n", f"[sources.{name}]\nenabled = false\n")
    config.write_text(text)
    result = spoorzone(config, "run")
    assert result.exit_code == 0, result.output
    files = made(config)
    assert {"ontwerp/LEESMIJ.html", "ontwerp/spoorzone.qgz", "ontwerp/cad/spoorzone_rd.dxf", "ontwerp/geoparquet/buurt.parquet"} <= files.keys()
    assert not [n for n in files if "pand" in n or n.startswith(("ontwerp/3d", "ontwerp/raster"))]
    assert "Nothing to do" in spoorzone(config, "run").output


def test_no_formats_make_no_folder(tmp_path: Path, first: Path) -> None:
    subprocess.run(["cp", "-a", f"{first.parent}/.", tmp_path], check=True)
    config = tmp_path / "config.toml"
    config.write_text(config.read_text().replace(f"formats = [{ALL}]", "formats = []"))
    result = spoorzone(config, "run")
    assert result.exit_code == 0
    assert "ontwerp" not in result.output
    assert not list((tmp_path / "data_out").glob("ontwerp*")), "what an earlier run made is gone"


def test_the_origin_can_be_chosen(project: Path) -> None:
    project.write_text(project.read_text().replace(f"formats = [{ALL}]", 'formats = ["dxf"]\norigin_rd_m = [250123.5, 470000]'))
    assert spoorzone(project, "export", "--for", "design").exit_code == 0
    drawing = ezdxf.readfile(project.parent / "data_out/ontwerp/cad/spoorzone_lokaal.dxf")
    assert dict(drawing.header.custom_vars.properties)["Origin_RD_X_m"] == "250123.500"
    assert "X 250.123,500 m" in (project.parent / "data_out/ontwerp/LEESMIJ.html").read_text()


@pytest.mark.parametrize(("said", "expected"), [
    ('layers = ["buurten"]', "[export] layers names 'buurten'; there are axis, corridor_station"),
    ('raster_cell_m = 3', "raster_cell_m is 3, expected one of 0.5, 1, 2, 5"),
    ('origin_rd_m = [1]', "[export] origin_rd_m"),
])  # fmt: skip
def test_what_is_not_understood_is_one_line(project: Path, said: str, expected: str) -> None:
    project.write_text(project.read_text().replace(f"formats = [{ALL}]", f"formats = [{ALL}]\n{said}"))
    result = spoorzone(project, "export")
    assert result.exit_code == 2
    assert expected in result.output
    assert result.output.count("\n") == 1


@pytest.mark.parametrize(("formats", "expected"), [
    ('"qgis"', "qgis without geopackage"), ('"dxf", "dxf"', "names 'dxf' twice"), ('"dwg"', "[export] formats is 'dwg'"),
])  # fmt: skip
def test_formats_that_can_not_be_are_one_line(project: Path, formats: str, expected: str) -> None:
    project.write_text(project.read_text().replace(f"formats = [{ALL}]", f"formats = [{formats}]"))
    result = spoorzone(project, "export")
    assert result.exit_code == 2
    assert expected in result.output


@pytest.mark.fault("C", "SIGKILL at every file of the design folder", "nothing: the next run makes good what is missing, byte for byte")
def test_killed_at_any_file_the_next_run_makes_the_same(project: Path, runs: Runs, tmp_path: Path) -> None:
    before = made(project)
    ended = runs.run(project, "export", "--for", "design", "--force", names=str(tmp_path / "names"))
    assert ended.code == 0, ended.err
    names = [n for n in (tmp_path / "names").read_text().splitlines() if "/ontwerp" in n]
    assert len(names) > 50
    for name in names[:: len(names) // 5]:
        ended = runs.run(project, "export", "--for", "design", "--force", kill_on=name, before=True)
        assert ended.code < 0
        assert {n: h for n, h in made(project).items() if ".part" not in n} == before, "what is there is whole, and what it was"
    assert runs.run(project, "export").code == 0
    assert made(project) == before


@pytest.mark.fault("C", "a full disk while the design folder is written", "one line; every file that is there is whole")
def test_a_full_disk_is_one_line_and_leaves_no_half_file(first: Path, runs: Runs, small_disk: Path) -> None:
    subprocess.run(["mount", "-o", "remount,size=60m", str(small_disk)], check=True)
    subprocess.run(["cp", "-a", f"{first.parent}/.", small_disk], check=True)
    config, before = small_disk / "config.toml", made(first)
    sizes = {n: (first.parent / "data_out" / n).stat().st_size for n in before}
    for leave in (0, 30_000, sizes["ontwerp/spoorzone.gpkg"] + 40_000, sizes["ontwerp/spoorzone.gpkg"] + 400_000):
        ballast = small_disk / "ballast"
        with ballast.open("wb") as file:
            file.write(bytes(max(shutil.disk_usage(small_disk).free - leave, 0)))
        ended = runs.run(config, "export", "--for", "design", "--force")
        ballast.unlink()
        if ended.code:
            assert ended.code == 1, ended.err
            assert ended.err.count("\n") == 1
            assert "can't be written" in ended.err or "is the disk full" in ended.err
        assert made(config) == before
        assert not list((small_disk / "data_out").rglob("*.part*"))


def test_a_raster_of_an_older_program_is_made_good(project: Path) -> None:
    path = project.parent / "data_out/ontwerp/raster/dichtheid_woningen_200m.tif"
    before = path.read_bytes()
    path.write_bytes(before[:5000])
    assert "export design/raster" in steps_made(spoorzone(project, "export"))
    assert path.read_bytes() == before
    with rasterio.open(path) as file:
        # A dwelling of each of the houses near the line, spread out.
        assert file.read(1).max() > 0
