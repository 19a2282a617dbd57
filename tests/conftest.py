"""What every test may and may not do."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import reliability
from hypothesis import HealthCheck, settings
from needs import missing

# A slow machine is no failure.
settings.register_profile("calm", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("calm")


@pytest.fixture(scope="session")
def sample_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a project with the results of the built-in sample; for looking only."""
    from sample_project import run_once

    return run_once(tmp_path_factory)


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no test leave this machine: a socket reaches 127.0.0.1 or the test fails."""
    connect, connect_ex, resolve = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def here(host: object) -> None:
        if host not in ("127.0.0.1", "::1", "localhost", b"127.0.0.1", b"localhost", None):
            pytest.fail(f"a test wants to reach {host!r}; only 127.0.0.1 is allowed")

    def local(self: socket.socket, address: object) -> None:
        if self.family != socket.AF_UNIX:
            here(address[0])  # type: ignore[index]
        connect(self, address)  # type: ignore[arg-type]

    def local_ex(self: socket.socket, address: object) -> int:
        if self.family != socket.AF_UNIX:
            here(address[0])  # type: ignore[index]
        return connect_ex(self, address)  # type: ignore[arg-type]

    def known(host: object, *more: object, **named: object) -> object:
        here(host)
        return resolve(host, *more, **named)  # type: ignore[call-overload]

    monkeypatch.setattr(socket.socket, "connect", local)
    monkeypatch.setattr(socket.socket, "connect_ex", local_ex)
    monkeypatch.setattr(socket, "getaddrinfo", known)


@pytest.fixture
def small_disk(tmp_path) -> Iterator[Path]:
    """A file system of 1 MB."""
    if os.geteuid() != 0:
        missing("only root may mount a small disk")
    folder = tmp_path / "small"
    folder.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)], capture_output=True, text=True
    )
    if made.returncode:
        missing(f"can't mount a small disk: {made.stderr.strip()}")
    try:
        yield folder
    finally:
        _end_users(folder)
        subprocess.run(["umount", str(folder)], check=True)


def _end_users(folder: Path) -> None:
    """Kill the runs that a test which failed has left at work in a folder, or it can't be unmounted."""
    for process in Path("/proc").glob("[0-9]*"):
        opened = (*process.glob("fd/*"), process / "cwd")
        with suppress(OSError):  # it has ended meanwhile
            if int(process.name) != os.getpid() and any(
                Path(os.path.realpath(o)).is_relative_to(folder) for o in opened
            ):
                os.kill(int(process.name), signal.SIGKILL)
                time.sleep(0.2)


# --- docs/reliability.md


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--reliability", metavar="FILE", help="write the table of faults there")


def pytest_configure(config: pytest.Config) -> None:
    if (path := config.getoption("--reliability")) is not None:
        config.pluginmanager.register(reliability.Collector(Path(path)), "reliability")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        item.user_properties += [("fault", json.dumps(fault)) for fault in reliability.said(item)]
        item.user_properties += [("figure", figure) for figure in reliability.figures(item)]
