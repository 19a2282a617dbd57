"""Runs of `spoorzone`, each a process of its own that can be killed, without a second of imports each time.

One process imports everything and then forks for every run. As a script this is that process: a line of JSON per run
on its input, the process id and later the exit code on its output.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn, Self

ROOT = Path(__file__).parents[1]
#: Exit code of a run that opened a socket though it may not.
TALKED = 99


@dataclass(frozen=True)
class Ended:
    """How a run ended; killed by a signal it has its negative number."""

    code: int
    out: str
    err: str
    seconds: float


class Runs:
    """One run after the other.

    Parameters
    ----------
    folder
        For what the runs print.
    """

    def __init__(self, folder: Path) -> None:
        self._said = folder / "out.txt", folder / "err.txt"
        self._parent = subprocess.Popen(
            [sys.executable, __file__], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT), "SOURCE_DATE_EPOCH": "1700000000"},
        )  # fmt: skip
        self._begun = 0.0
        self._running = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        assert self._parent.stdin is not None
        assert self._parent.stdout is not None
        self._clear()
        self._parent.stdin.close()
        self._parent.wait(30)
        self._parent.stdout.close()

    def start(self, config: Path, *words: str, **order: Any) -> int:
        """Begin `spoorzone *words --config config`; give the process id.

        `kill_at`: kill it with its so-manieth os.replace, `kill_on`: with the first that gives this name (the end of
        the path), before it where `before`, else after it; those of the lock do not count. `names`: write down there
        what gets a name, a line each. `mute`: it ends with `TALKED` when it opens a connection.
        """
        assert self._parent.stdin is not None
        self._clear()
        said = {"words": [*words, "--config", str(config)], "out": [str(p) for p in self._said], **order}
        self._parent.stdin.write(json.dumps(said) + "\n")
        self._parent.stdin.flush()
        self._running = int(self._read())
        self._begun = time.monotonic()
        return self._running

    def wait(self) -> Ended:
        """Wait for the end of what was started."""
        code, self._running = int(self._read()), 0
        seconds = time.monotonic() - self._begun
        out, err = (p.read_text(encoding="utf-8") for p in self._said)
        return Ended(code, out, err, seconds)

    def run(self, config: Path, *words: str, **order: Any) -> Ended:
        """Run to the end."""
        self.start(config, *words, **order)
        return self.wait()

    def killed(self, config: Path, *words: str, after_s: float) -> Ended:
        """Run, and kill it after so many seconds if it has not ended."""
        pid = self.start(config, *words)
        timer = threading.Timer(after_s, os.kill, (pid, signal.SIGKILL))
        timer.start()
        try:
            return self.wait()
        finally:
            # The process is waited for by now: if the timer has not gone off, nobody may be hit.
            timer.cancel()

    def _clear(self) -> None:
        """End what a test that failed has left running."""
        if self._running:
            with suppress(ProcessLookupError):  # it has ended, and nobody has asked
                os.kill(self._running, signal.SIGKILL)
            self.wait()

    def _read(self) -> str:
        assert self._parent.stdout is not None
        line = self._parent.stdout.readline()
        assert line, "the process that forks has ended"
        return line


def _child(order: dict[str, Any]) -> NoReturn:
    for number, path in zip((1, 2), order["out"], strict=True):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
    if order.keys() & {"kill_at", "kill_on", "names"}:
        _watch(order)
    if order.get("mute"):
        socket.socket.connect = socket.socket.connect_ex = lambda *_: os._exit(TALKED)  # type: ignore[assignment,method-assign]
        socket.getaddrinfo = lambda *_: os._exit(TALKED)  # type: ignore[assignment]
    from pipeline.cli import cli

    cli(order["words"], prog_name="spoorzone")
    sys.exit(0)


def _watch(order: dict[str, Any]) -> None:
    replace, lock, seen = os.replace, threading.Lock(), []
    number, name, before = order.get("kill_at"), order.get("kill_on"), order.get("before", False)

    def watched(source: Any, target: Any) -> None:
        with lock:
            if Path(target).name == ".lock.json":
                replace(source, target)
                return
            seen.append(str(target))
            last = len(seen) == number or (name is not None and seen[-1].endswith(name))
            if not (last and before):
                replace(source, target)
            if last:
                os.kill(os.getpid(), signal.SIGKILL)
            if "names" in order:
                Path(order["names"]).write_text("\n".join(seen))

    os.replace = watched  # type: ignore[assignment]


def _serve() -> None:
    import filelock
    import folium
    import geopandas
    import httpx
    import pyarrow.parquet
    import rich.progress

    import pipeline.cli
    import pipeline.console

    # None of them may have begun a thread: only this one goes over into the runs.
    del filelock, folium, geopandas, httpx, pyarrow, rich, pipeline
    for line in sys.stdin:
        child = os.fork()
        if not child:
            _child(json.loads(line))
        print(child, flush=True)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    _serve()
