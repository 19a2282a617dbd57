"""When a walk through a service began, and how long its answers may be used."""

from __future__ import annotations

import datetime as dt
import shutil
import threading
from pathlib import Path

from .. import store


class Walks:
    """The walks of one run, each in its folder; safe to use from several threads.

    Parameters
    ----------
    max_age_days
        The answers of a walk that ended are used for so long.
    resume_hours
        A walk that was broken off is gone on with for so long after it began.
    anew
        Begin every walk anew.
    offline
        Use what there is, whatever its age.
    """

    def __init__(self, *, max_age_days: float, resume_hours: float, anew: bool, offline: bool) -> None:
        self._ended = dt.timedelta(days=max_age_days)
        self._broken_off = dt.timedelta(hours=resume_hours)
        self._anew = anew
        self._offline = offline
        self._begun: dict[Path, dt.datetime] = {}
        self._lock = threading.Lock()

    def since(self, folder: Path, *, shared: bool) -> dt.datetime | None:
        """Begin the walk of a folder, or go on with it: answers from before this moment are asked again.

        None takes them whatever their age. What lies in a `shared` folder is thrown away when a walk begins: there
        nobody knows what the others still need.
        """
        if self._offline:
            return None
        with self._lock:
            if folder not in self._begun:
                known = None if self._anew else self._usable(folder)
                if known is None and shared:
                    shutil.rmtree(folder, ignore_errors=True)
                self._begun[folder] = known or self._begin(folder)
            return self._begun[folder]

    def end(self, folder: Path, *, twice: bool = False) -> None:
        """Write down that the walk of a folder has ended well, and whether what has no count was asked twice."""
        with self._lock:
            if folder in self._begun:
                said = {"begun": self._begun[folder].isoformat(), "ended": True, "twice": twice}
                store.write_json(_file(folder), said)

    def twice(self, folder: Path) -> bool:
        """Whether the answers in a folder are those of a walk that ended well and asked twice."""
        said = store.read_json(_file(folder)) or {}
        return said.get("ended") is True and said.get("twice") is True

    def forget(self, folder: Path) -> None:
        """Let the next walk of a folder begin anew: its answers do not belong together."""
        with self._lock:
            if not self._offline:
                self._begun[folder] = self._begin(folder)
                for path in folder.glob("*.answer.gz"):  # also those of this very second
                    path.unlink(missing_ok=True)

    def _usable(self, folder: Path) -> dt.datetime | None:
        said = store.read_json(_file(folder))
        try:
            begun = dt.datetime.fromisoformat(said["begun"])  # type: ignore[index]
            lasts = self._ended if said["ended"] else self._broken_off  # type: ignore[index]
            return begun if dt.timedelta(0) <= _now() - begun <= lasts else None
        except (TypeError, KeyError, ValueError):
            return None

    def _begin(self, folder: Path) -> dt.datetime:
        begun = _now()
        store.write_json(_file(folder), {"begun": begun.isoformat(), "ended": False})
        return begun


def _file(folder: Path) -> Path:
    return folder / "walk.json"


def _now() -> dt.datetime:
    # Whole seconds, as the moments of the answers.
    return dt.datetime.now(dt.UTC).replace(microsecond=0)
