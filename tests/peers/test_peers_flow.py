"""The whole way against a server: what is made from MapServer's answers is what is made from the files."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pyogrio
from click.testing import CliRunner

from pipeline import sample
from pipeline.cli import cli
from pipeline.sources import SOURCES

from .conftest import SERVED, MapServer

CONFIG = """
[units]
kinds = ["gemeente", "wijk", "buurt", "square_500m", "section", "corridor"]

[services]
"https://mirror.invalid/wfs" = "{mirror}"
"""


def run(folder: Path, sources: str, mirror: str = "") -> Path:
    folder.mkdir()
    (folder / "config.toml").write_text(CONFIG.format(mirror=mirror) + sources, encoding="utf-8")
    result = CliRunner().invoke(cli, ["run", "--config", str(folder / "config.toml")])
    assert result.exit_code == 0, result.output
    return folder


def test_a_run_from_mapserver_equals_a_run_from_files(files: dict[str, Path], mapserver: MapServer, tmp_path: Path) -> None:
    assert set(SERVED) == {s.name for s in SOURCES}
    edition = {name: f"edition = {year}\n" for name, year in sample.EDITIONS.items()}
    from_files = run(
        tmp_path / "files",
        "".join(f'[sources.{n}]\nprotocol = "file"\npath = "{files[n]}"\n{edition.get(n, "")}' for n in SERVED),
    )
    from_server = run(
        tmp_path / "server",
        "".join(
            f'[sources.{n}]\nprotocol = "wfs"\nurl = "https://mirror.invalid/wfs"\ncollection = "{n}"\n{edition.get(n, "")}'
            for n in SERVED
        ),
        mirror=mapserver.wfs,
    )
    for name in SERVED:
        ours, theirs = (json.loads((f / f"data_raw/{name}.receipt.json").read_text()) for f in (from_server, from_files))
        assert ours["kept"] == theirs["kept"]
        assert ours["reported"] == ours["received"] == ours["kept"] + sum(ours["dropped"].values())
        assert ours["url"] == mapserver.wfs
    for kind in ("gemeente", "wijk", "buurt", "square_500m", "section", "corridor"):
        ours, theirs = (pyogrio.read_dataframe(f / "data_out/spoorzone.gpkg", layer=kind) for f in (from_server, from_files))
        assert theirs["dwellings_count"].sum() > 1000
        pd.testing.assert_frame_equal(
            pd.DataFrame(ours.drop(columns="geometry")), pd.DataFrame(theirs.drop(columns="geometry")), rtol=1e-9
        )
