"""One run at a time in a folder."""

from __future__ import annotations

import os
import platform
import re
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from . import store
from .contract import LockedError, PipelineError

_LEFT_OVER = re.compile(r"\..+\.[a-z0-9_]{8}\.part")


@contextmanager
def held(folders: Sequence[Path], command: str, *, sweep: Sequence[Path] = ()) -> Iterator[None]:
    """Hold every folder while the block runs; what a killed run left half written is swept out first.

    The lock is the operating system's, so it ends with the process, however that ends.

    Parameters
    ----------
    folders
        Made where they are not there. The same folder twice is one.
    command
        What the others are told is running.
    sweep
        Folders that are only swept, so that no file of ours lies among what people send on.

    Raises
    ------
    LockedError
        Saying who holds which folder, and since when.
    PipelineError
        When the folder can't be written.
    """
    with ExitStack() as stack:
        for folder in dict.fromkeys(f.resolve() for f in folders):
            stack.enter_context(_one(folder, command))
        for folder in sweep:
            _ready(folder)
        yield


@contextmanager
def _one(folder: Path, command: str) -> Iterator[None]:
    from filelock import FileLock, Timeout

    lock, holder = FileLock(folder / ".lock", mode=0o644), folder / ".lock.json"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=0)
    except Timeout:
        raise LockedError(_who(folder, holder)) from None
    except OSError as error:
        msg = f"{folder}: can't be written: {error.strerror}"
        raise PipelineError(msg) from None
    try:
        holder.unlink(missing_ok=True)  # of a run that was killed
        _ready(folder)
        since = time.strftime("%Y-%m-%d %H:%M:%S")
        store.write_json(holder, {"command": command, "process": os.getpid(), "host": platform.node(), "since": since})
        yield
    finally:
        holder.unlink(missing_ok=True)
        lock.release()


def _who(folder: Path, holder: Path) -> str:
    said = store.read_json(holder) or {}
    who = (
        f"'{said['command']}', process {said['process']} on {said['host']}, since {said['since']}"
        if said
        else "another run"
    )
    return f"{folder}: in use by {who}; wait until it is done, or stop it"


def _ready(folder: Path) -> None:
    """Sweep a folder, and see that it can be written: better now than after an hour of loading."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            _sweep(folder)
    except OSError as error:
        msg = f"{folder}: can't be written: {error.strerror}"
        raise PipelineError(msg) from None


def _sweep(folder: Path) -> None:
    for path in folder.rglob(".*.part*"):
        if _LEFT_OVER.match(path.name):
            path.unlink(missing_ok=True)
