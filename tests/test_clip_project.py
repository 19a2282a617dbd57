"""The clip stage on files: own polygons, building blocks, and the share of every unit in the corridor."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
import shapely
import small_project
from click.testing import CliRunner
from small_project import X, Y

from pipeline.cli import cli


def write(folder: Path, more: str = "", kinds: str = "'own', 'own_corridor', 'block', 'corridor'", **layers: gpd.GeoDataFrame) -> Path:
    """The small project with other kinds of unit, and with more sources."""
    config = small_project.write(folder)
    text = config.read_text().replace("[units]\n", f"[units]\nkinds = [{kinds}]\n{more}\n")
    for name, table in layers.items():
        small_project.save(folder, name, table)
        text = text.replace(f"[sources.{name}]\nenabled = false", f'[sources.{name}]\nprotocol = "file"\npath = "in/{name}.gpkg"')
    config.write_text(text)
    return config


def stages(config: Path, *names: str) -> str:
    """What the stages say; the exit code stands before it where they fail."""
    for name in names:
        result = CliRunner().invoke(cli, [name, "--config", str(config)])
        if result.exit_code:
            return f"{result.exit_code} {result.output.strip().splitlines()[-1]}"
    return ""


def made(config: Path, table: str) -> pd.DataFrame:
    path = config.parent / f"data_out/.stages/clip/{table}.parquet"
    return gpd.read_parquet(path) if table.startswith("unit_") else pd.read_parquet(path)


def own(folder: Path, *boxes: tuple[float, float, float, float], **columns: list[object]) -> None:
    shapes = [shapely.box(X + w, Y + s, X + e, Y + n) for w, s, e, n in boxes]
    pyogrio.write_dataframe(gpd.GeoDataFrame(columns, geometry=shapes, crs=28992), folder / "own.gpkg", layer="own")


NAMED = 'own_file = "own.gpkg"\nown_name_column = "Naam Gebied"'


def test_own_polygons_whole_and_in_the_corridor(tmp_path: Path) -> None:
    own(tmp_path, (1000, 900, 1200, 1100), (1100, 1200, 1300, 1600), **{"Naam Gebied": ["Kop", None]})
    config = write(tmp_path, NAMED)
    assert stages(config, "load", "clip") == ""
    whole, part = made(config, "unit_own"), made(config, "unit_own_corridor")
    assert whole["unit_name"].to_dict() == {"O0001": "Kop", "O0002": "O0002"}
    assert whole["area_m2"].to_dict() == {"O0001": 40_000, "O0002": 80_000}
    # The corridor is 400 m to either side of the line at 1,000, which lies a little askew.
    assert part["area_m2"].to_dict() == pytest.approx({"O0001": 40_000, "O0002": 200 * 200}, rel=1e-3)
    assert made(config, "share_own")["corridor_share"].to_dict() == pytest.approx({"O0001": 1, "O0002": 0.5}, rel=1e-3)
    assert made(config, "share_own_corridor")["corridor_share"].to_dict() == {"O0001": 1, "O0002": 1}
    # A new name, or another file, makes the units anew, and nothing else.
    own(tmp_path, (1000, 900, 1200, 1100), **{"Naam Gebied": ["Staart"]})
    assert stages(config, "clip") == ""
    assert made(config, "unit_own")["unit_name"].to_dict() == {"O0001": "Staart"}


def test_without_an_own_file_and_without_streets_those_kinds_are_not_made(tmp_path: Path) -> None:
    config = write(tmp_path)
    assert stages(config, "load", "clip") == ""
    assert {p.stem for p in (tmp_path / "data_out/.stages/clip").glob("unit_*")} == {"unit_corridor"}


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (NAMED.replace("Gebied", "Gebeid"), "3 spoorzone: [units] own_name_column is 'Naam Gebeid', which own.gpkg lacks; did you mean 'naam_gebied'?"),
        (NAMED.replace("own.gpkg", "none.gpkg"), "none.gpkg: no such file; see the path in the config"),
    ],
)
def test_an_own_file_that_is_not_as_the_config_says_is_one_line(tmp_path: Path, more: str, says: str) -> None:
    own(tmp_path, (0, 0, 100, 100), **{"Naam Gebied": ["Kop"]})
    config = write(tmp_path, more)
    assert says in stages(config, "load", "clip")


def test_own_polygons_beyond_the_loaded_area_are_refused(tmp_path: Path) -> None:
    own(tmp_path, (0, 0, 100, 100), (4900, 0, 5100, 100), **{"Naam Gebied": ["in", "out"]})
    config = write(tmp_path, NAMED)
    assert "4 spoorzone: [units] own_file: reaches 100 m outside the loaded area" in stages(config, "load", "clip")


def test_blocks_between_streets_and_the_railway(tmp_path: Path) -> None:
    lines = [shapely.LineString([(X + 2000, Y), (X + 2000, Y + 2000)]), shapely.LineString([(X, Y + 500), (X + 4000, Y + 500)])]
    wegvak = gpd.GeoDataFrame(
        {"wvk_id": ["1", "2"], "stt_naam": "Straat", "wegbehsrt": "G", "wegnummer": None, "bst_code": "RB", "rijrichtng": "B"},
        geometry=lines, crs=28992,
    )  # fmt: skip
    config = write(tmp_path, wegvak=wegvak)
    assert stages(config, "load", "clip") == ""
    # Houses stand at 545 and 1,445 m, the railway lies at 1,000 with a gap in it, the street at 500.
    expected = [2000 * 500] * 2 + [2000 * 1000] * 2
    assert sorted(made(config, "unit_block")["area_m2"]) == pytest.approx(expected, rel=1e-3)
