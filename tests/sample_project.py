"""The whole pipeline on the built-in sample, run once for all tests that look at what comes out."""

from __future__ import annotations

import fcntl
import os
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline.cli import cli

ROOT = Path(__file__).parents[1]


def run_once(factory: pytest.TempPathFactory) -> Path:
    """Give the folder of a project in which `spoorzone run --sample` has been run, with the config of the repository.

    Several workers of pytest-xdist share one: the first that comes makes it, and the others wait for it.
    """
    shared = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    folder = shared / "sample_run"
    folder.mkdir(exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / ".made").exists():
            shutil.copyfile(ROOT / "config.toml", folder / "config.toml")
            result = CliRunner().invoke(cli, ["run", "--sample", "--config", str(folder / "config.toml")])
            assert result.exit_code == 0, result.output
            (folder / ".made").touch()
    return folder
