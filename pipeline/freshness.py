"""What has to be made anew, and why: a step is fresh while nothing that it depends on has changed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import version
from itertools import takewhile
from pathlib import Path
from typing import Any

from . import store

_HERE = Path(__file__).parent
#: How the names of stamps end.
STAMP = ".stamp.json"


@dataclass(frozen=True)
class Step:
    """One thing that a stage makes, with all that it depends on.

    Attributes
    ----------
    settings
        What a user would call each setting -> its value, JSON only.
    inputs, outputs
        Files read and written.
    code
        Modules and packages of ours whose source it runs, relative to the package.
    stamp
        Where it is written down what the outputs were made from.
    run
        Makes the outputs.
    max_age_days
        Older outputs are stale, for data from a service; None: they do not age.
    waits
        It spends its time waiting for others, so that the next steps of its batch may run meanwhile.
    """

    stage: str
    name: str
    settings: Mapping[str, Any]
    inputs: tuple[Path, ...]
    outputs: tuple[Path, ...]
    code: tuple[str, ...]
    stamp: Path
    run: Callable[[], None] = field(compare=False)
    max_age_days: float | None = None
    waits: bool = False


class Hashes:
    """Hashes of files, each read once as long as its size and time stay."""

    def __init__(self) -> None:
        self._known: dict[tuple[Path, int, int], str] = {}

    def of(self, path: Path) -> str | None:
        """Hash of the content of `path`, None where there is no such file."""
        try:
            stat = path.stat()
        except OSError:
            return None
        key = (path, stat.st_size, stat.st_mtime_ns)
        if key not in self._known:
            self._known[key] = store.sha256(path)
        return self._known[key]


def why_stale(step: Step, hashes: Hashes, base: Path) -> str | None:
    """Say in a few words why `step` must run, None when it is fresh; files are named relative to `base`."""
    stamp = _stamp(step.stamp)
    if stamp is None:
        return "not made yet"
    for path in step.outputs:
        now, then = hashes.of(path), stamp["outputs"].get(_name(path, base))
        if now is None:
            return f"{_name(path, base)} is missing"
        if now != then:
            return f"{_name(path, base)} was changed by something else"
    now_settings = _plain(step.settings)
    for key in [*now_settings, *stamp["settings"]]:
        old, new = stamp["settings"].get(key), now_settings.get(key)
        if old != new:
            return f"{key} changed" if isinstance(new, dict) else f"{key}: {_short(old)} → {_short(new)}"
    for name, digest in code_hashes(step.code).items():
        if stamp["code"].get(name) != digest:
            return f"the software changed: {name}"
    if set(stamp["code"]) - set(code_hashes(step.code)):
        return "the software changed"
    for path in step.inputs:
        if stamp["inputs"].get(_name(path, base)) != hashes.of(path):
            return f"{_name(path, base)} changed"
    if gone := stamp["inputs"].keys() - {_name(path, base) for path in step.inputs}:
        return f"{min(gone)} is no longer read"
    if step.max_age_days is not None:
        age_days = _age_days(stamp)
        if age_days > step.max_age_days:
            return f"fetched {age_days:.0f} days ago, [load] max_age_days is {step.max_age_days:g}"
    return None


def plan(steps: Sequence[Step], hashes: Hashes, base: Path) -> list[tuple[Step, str | None]]:
    """Every step with the reason why it would run now; what reads the output of such a step waits for it."""
    made_by: dict[Path, Step] = {}
    planned = []
    for step in steps:
        reason = why_stale(step, hashes, base)
        if reason is None:
            waits = next((made_by[p] for p in step.inputs if p in made_by), None)
            reason = f"follows {waits.stage} {waits.name}" if waits else None
        if reason is not None:
            made_by.update(dict.fromkeys(step.outputs, step))
        planned.append((step, reason))
    return planned


def record(step: Step, hashes: Hashes, base: Path) -> None:
    """Write down what the outputs of `step` were made from."""
    store.write_json(
        step.stamp,
        {
            "settings": _plain(step.settings),
            "inputs": {_name(p, base): hashes.of(p) for p in step.inputs},
            "outputs": {_name(p, base): hashes.of(p) for p in step.outputs},
            "code": code_hashes(step.code),
            "made_unix_s": int(time.time()),
            "max_age_days": step.max_age_days,
        },
    )


def clear(folder: Path, steps: Iterable[Step], hashes: Hashes, base: Path) -> dict[str, int]:
    """Remove what no step makes any more, of the steps whose stamps are in `folder`; give how many files, by step.

    A file that something else has changed since is left alone.
    """
    steps = list(steps)
    kept, stamps = {_name(p, base) for s in steps for p in s.outputs}, {s.stamp for s in steps}
    removed: dict[str, int] = {}
    for path in sorted(folder.glob(f"*{STAMP}")):
        outputs = (_stamp(path) or {"outputs": {}})["outputs"]
        gone = [base / n for n, was in outputs.items() if n not in kept and was and hashes.of(base / n) == was]
        for file in gone:
            file.unlink()
            for parent in takewhile(lambda p: p != base and not any(p.iterdir()), file.parents):
                parent.rmdir()
        if path not in stamps:
            path.unlink()
        if gone:
            removed[path.name.removesuffix(STAMP)] = len(gone)
    return removed


def remember(path: Path, settings: Mapping[str, Any], steps: Iterable[Step], base: Path) -> None:
    """Write down at `path` that everything was fresh, so that the next run can see it without looking into it."""
    store.write_json(
        path,
        {
            "settings": _plain(settings),
            "code": code_hashes(["."]),
            "stamps": {_name(s.stamp, base): store.sha256(s.stamp) for s in steps},
        },
    )


def untouched(path: Path, settings: Mapping[str, Any], base: Path) -> bool:
    """Say whether nothing at all has changed since `remember`: settings, software, and every file in and out.

    Needs none of the heavy modules, so that a run with nothing to do is over at once. False says only that it is
    worth to look closer.
    """
    run = store.read_json(path)
    if run is None or run.keys() != {"settings", "code", "stamps"}:
        return False
    if run["settings"] != _plain(settings) or run["code"] != code_hashes(["."]):
        return False
    hashes = Hashes()
    for name, digest in run["stamps"].items():
        stamp = _stamp(base / name)
        if stamp is None or hashes.of(base / name) != digest:
            return False
        if any(hashes.of(base / file) != was for file, was in {**stamp["inputs"], **stamp["outputs"]}.items()):
            return False
        if stamp["max_age_days"] is not None and _age_days(stamp) > stamp["max_age_days"]:
            return False
    return True


def _stamp(path: Path) -> dict[str, Any] | None:
    """A whole stamp; None where there is none, or one that another version wrote."""
    stamp = store.read_json(path)
    keys = {"settings", "inputs", "outputs", "code", "made_unix_s", "max_age_days"}
    return stamp if stamp is not None and stamp.keys() == keys else None


def _age_days(stamp: Mapping[str, Any]) -> float:
    return float(time.time() - stamp["made_unix_s"]) / 86_400


def code_hashes(parts: Iterable[str]) -> dict[str, str]:
    """Hash of every source file of ours in `parts`, by its name in the package."""
    return {n: h for part in sorted(set(parts)) for n, h in _code(part)}


@cache
def libraries() -> Mapping[str, str]:
    """Versions of the libraries on which a number or a file can depend, as settings of a step."""
    names = ("folium", "geopandas", "numpy", "pandas", "pyogrio", "scipy", "shapely", "xstatic-leaflet")
    return {f"the library {name}": version(name) for name in names}


@cache
def _code(part: str) -> tuple[tuple[str, str], ...]:
    root = _HERE / part
    files = [root] if root.is_file() else sorted(p for p in root.rglob("*") if p.is_file() and p.suffix != ".pyc")
    return tuple((f.relative_to(_HERE).as_posix(), store.sha256(f)) for f in files)


def _name(path: Path, base: Path) -> str:
    return path.relative_to(base).as_posix() if path.is_relative_to(base) else path.as_posix()


def _plain(value: Any) -> Any:
    """As JSON would give it back, so that a tuple equals the list that was written."""
    if isinstance(value, Mapping):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, set | frozenset):
        return sorted(_plain(v) for v in value)
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def _short(value: Any) -> str:
    text = "(none)" if value is None else f"{value:g}" if isinstance(value, float) else str(value)
    return text if len(text) <= 60 else text[:57] + "..."
