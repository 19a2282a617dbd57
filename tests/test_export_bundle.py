"""The ZIP: every file, the same bytes, and nothing left of a write that failed."""

from __future__ import annotations

import os
import subprocess
import zipfile
from pathlib import Path

import pytest

from pipeline.contract import PipelineError
from pipeline.export import bundle


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "ontwerp"
    for name, content in {"LEESMIJ.html": b"<p>" * 1000, "dxf/zone.dxf": b"0\nEOF\n" * 500, "parquet/é.parquet": bytes(range(256)), "leeg.txt": b""}.items():
        (made / name).parent.mkdir(parents=True, exist_ok=True)
        (made / name).write_bytes(content)
    return made


def files(folder: Path) -> list[Path]:
    return [f for f in folder.rglob("*") if f.is_file()]


def test_every_file_comes_back(folder: Path, tmp_path: Path) -> None:
    bundle.write(tmp_path / "a.zip", folder, files(folder))
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert archive.namelist() == ["ontwerp/LEESMIJ.html", "ontwerp/dxf/zone.dxf", "ontwerp/leeg.txt", "ontwerp/parquet/é.parquet"]
        for file in files(folder):
            assert archive.read(f"ontwerp/{file.relative_to(folder).as_posix()}") == file.read_bytes()
        assert {i.filename.split(".")[-1]: i.compress_type for i in archive.infolist()}["parquet"] == zipfile.ZIP_STORED
    assert (tmp_path / "a.zip").stat().st_size < 2000
    done = subprocess.run(["python3", "-m", "zipfile", "-t", str(tmp_path / "a.zip")], capture_output=True, text=True, check=True)
    assert "Done testing" in done.stdout


def test_the_same_bytes_whatever_the_order_and_the_moment(folder: Path, tmp_path: Path) -> None:
    bundle.write(tmp_path / "a.zip", folder, files(folder))
    for file in files(folder):
        os.utime(file, (1e9, 1e9))
    bundle.write(tmp_path / "b.zip", folder, reversed(files(folder)))
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


def test_a_file_that_is_gone_costs_no_older_bundle(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_text("older")
    with pytest.raises(PipelineError, match="can't be written"):
        bundle.write(tmp_path / "a.zip", folder, [folder / "gone.txt"])
    assert (tmp_path / "a.zip").read_text() == "older"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.zip", "ontwerp"]
