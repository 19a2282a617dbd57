"""Break the code on purpose, once at a time, and see whether a test notices: docs/mutation.md.

What is broken stands in mutants.toml beside this file. Each mutant is tried in a process of its own, forked from one
that has imported the heavy libraries and nothing of `pipeline`; the changed text is given when Python reads the
module, so that no file is ever changed.

    .venv/bin/python tools/mutate/mutate.py docs/mutation.md      all, and the page
    .venv/bin/python tools/mutate/mutate.py --only oad            those of which the path holds "oad"; no page
"""

from __future__ import annotations

import argparse
import datetime
import hashlib
import importlib
import itertools
import json
import os
import re
import shutil
import signal
import sys
import tempfile
import tomllib
import traceback
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent.parent
LIST = Path(__file__).with_name("mutants.toml")
#: What the tests of the indicators read.
_TREE = ("pipeline", "tests", "config.toml", "pyproject.toml")
#: What `pipeline` and its tests import of others, and takes longest.
_HEAVY = (
    "geopandas", "hypothesis.internal.conjecture.engine", "hypothesis.strategies", "pydantic.main", "pydantic.types",
    "pyogrio", "pytest", "rasterio", "scipy.ndimage", "scipy.sparse.csgraph", "scipy.spatial", "shapely",
)  # fmt: skip
#: Of a property no more examples are tried than this.
_EXAMPLES = 20
_SETTINGS = "_hypothesis_internal_use_settings"
#: Longer than this and a mutant never ends; the slowest tests take a quarter of it.
_PATIENCE_S = 300
_PASSED, _FAILED, _BROKEN = 0, 1, 2


@dataclass(frozen=True)
class Mutant:
    """One change of one file.

    Attributes
    ----------
    path
        The file, from the root of the project.
    breaks
        What is wrong then, in a few words.
    there, instead
        The text that stands there, once, and what stands there instead.
    survives
        Why no test can notice it; '' where one must.
    tests
        Files of tests that should notice it, nearest first.
    """

    path: str
    breaks: str
    there: str
    instead: str
    survives: str
    tests: tuple[str, ...]

    def of(self, text: str) -> str:
        """The file with the mutant in it."""
        if (times := text.count(self.there)) != 1:
            msg = f"{self.path}: stands there {times} times, expected once: {self.there!r}"
            raise ValueError(msg)
        return text.replace(self.there, self.instead)


@dataclass(frozen=True)
class Result:
    """What came of a mutant: the test that noticed it, '' for none."""

    mutant: Mutant
    caught_by: str


def mutants(file: Path = LIST) -> tuple[Mutant, ...]:
    """All mutants, by file and in the order of the list."""
    declared = tomllib.loads(file.read_text(encoding="utf-8"))["file"]
    return tuple(
        Mutant(of["path"], breaks, there, instead, next(iter(why), ""), tuple(of["tests"]))
        for of in declared
        for breaks, there, instead, *why in of["mutants"]
    )


class _QuickFirst:
    """A plugin of pytest: what takes long comes last, and properties after that.

    They are tried with few examples, the same each time, and what fails is not made smaller.

    Parameters
    ----------
    durations
        File with the seconds that each test takes: written without a mutant, read with one.
    """

    def __init__(self, durations: Path, *, measure: bool) -> None:
        self._file, self._measure = durations, measure
        self._took: dict[str, float] = {} if measure else json.loads(durations.read_text(encoding="utf-8"))

    def pytest_configure(self) -> None:
        from hypothesis import Phase, settings

        phases = (Phase.explicit, Phase.generate)
        settings.register_profile("mutate", settings(), derandomize=True, database=None, phases=phases)
        settings.load_profile("mutate")

    def pytest_collection_modifyitems(self, items: list) -> None:
        from hypothesis import settings

        items.sort(key=lambda i: (hasattr(i.obj, "hypothesis"), self._took.get(i.nodeid, 0.0)))
        for item in items:
            # The one place that a test reads its own settings from.
            if own := getattr(item.obj, _SETTINGS, None):
                setattr(item.obj, _SETTINGS, settings(own, max_examples=min(own.max_examples, _EXAMPLES)))

    def pytest_runtest_logreport(self, report: Any) -> None:
        self._took[report.nodeid] = self._took.get(report.nodeid, 0.0) + report.duration

    def pytest_sessionfinish(self) -> None:
        if self._measure:
            self._file.write_text(json.dumps(self._took), encoding="utf-8")


def _try(tree: Path, tests: Sequence[str], log: Path, durations: Path, mutant: Mutant | None) -> int:
    """Run tests in a process of its own; give the exit code of pytest, which is negative where it was killed."""
    child = os.fork()
    if child:
        _, status = os.waitpid(child, 0)
        return os.waitstatus_to_exitcode(status)
    code = 70
    try:
        signal.alarm(_PATIENCE_S)
        out = os.open(log, os.O_CREAT | os.O_TRUNC | os.O_WRONLY)
        os.dup2(out, 1)
        os.dup2(out, 2)
        os.chdir(tree)
        sys.path[:0] = [str(tree), str(tree / "tests")]
        if mutant:
            _serve(tree / mutant.path, mutant)
        import pytest

        code = int(
            pytest.main(
                ["-x", "-q", "--tb=line", "--assert=plain", "-p", "no:cacheprovider", "-p", "no:xdist", *tests],
                [_QuickFirst(durations, measure=mutant is None)],
            )
        )
        import pipeline

        assert Path(pipeline.__file__).is_relative_to(tree), pipeline.__file__  # noqa: S101
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        os._exit(code)


def _serve(path: Path, mutant: Mutant) -> None:
    """Give the text of the mutant when Python reads the module."""
    from importlib.machinery import SourceFileLoader

    read = SourceFileLoader.get_data

    def get_data(self: SourceFileLoader, name: str) -> bytes:
        data = read(self, name)
        return mutant.of(data.decode()).encode() if Path(name) == path else data

    SourceFileLoader.get_data = get_data


def _caught_by(code: int, log: Path) -> str:
    """The test that failed, '' for none."""
    if code == _PASSED:
        return ""
    if code == -signal.SIGALRM:
        return "never ends"
    text = log.read_text(encoding="utf-8", errors="replace")
    if found := re.search(r"^(?:FAILED|ERROR) tests/(\S+?\.py)(?:::(\w+))?", text, re.M):
        return f"{found[1]}::{found[2]}" if found[2] else f"{found[1]}, on import"
    if code in (_FAILED, _BROKEN):
        return "on import"
    msg = f"pytest ended with {code}: {text[-2000:]}"
    raise RuntimeError(msg)


def copy_tree(folder: Path) -> None:
    """Copy what the tests read, without what Python has compiled: a module must be read anew."""
    for name in _TREE:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "peers", ".*"))
        else:
            shutil.copy(ROOT / name, folder / name)


class Kept:
    """Results of earlier runs, in a file of lines.

    A mutant that was caught stays so while its file stays and the test is there; one that was not is tried again as
    soon as its tests are others. What else the tests read is not looked at: leave the file out for a run that counts.
    """

    def __init__(self, file: Path | None) -> None:
        self._file = file
        lines = file.read_text(encoding="utf-8").splitlines() if file and file.exists() else []
        self._found: dict[str, str] = dict(json.loads(line) for line in lines)

    def get(self, tree: Path, path: str, tests: Sequence[str], mutant: Mutant | None) -> str | None:
        """The test that caught it, '' for none, None where it is not known."""
        key, with_tests = self._keys(tree, path, tests, mutant)
        file, _, name = (by := self._found.get(key, "")).partition("::")
        if name and f"def {name}(" in (tree / "tests" / file).read_text(encoding="utf-8"):
            return by
        return self._found.get(with_tests)

    def add(self, tree: Path, path: str, tests: Sequence[str], mutant: Mutant | None, caught_by: str) -> str:
        """Keep a result, and give it back."""
        if self._file:
            key, with_tests = self._keys(tree, path, tests, mutant)
            with self._file.open("a", encoding="utf-8") as out:
                out.write(json.dumps([key if "::" in caught_by else with_tests, caught_by]) + "\n")
        return caught_by

    def _keys(self, tree: Path, path: str, tests: Sequence[str], mutant: Mutant | None) -> tuple[str, str]:
        change = (path, (tree / path).read_text(encoding="utf-8"), (mutant.there, mutant.instead) if mutant else ())
        texts = [(tree / t.partition("::")[0]).read_text(encoding="utf-8") for t in tests]
        return tuple(hashlib.sha256(repr(of).encode()).hexdigest() for of in (change, (*change, tests, texts)))


def run(chosen: Sequence[Mutant], jobs: int, kept: Kept) -> Iterator[Result]:
    """Try the mutants, after the tests have passed without any."""
    sys.dont_write_bytecode = True
    for name in _HEAVY:
        importlib.import_module(name)
    with tempfile.TemporaryDirectory(prefix="mutate-") as name:
        folder = Path(name)
        tree = folder / "tree"
        tree.mkdir()
        copy_tree(tree)
        for m in chosen:
            m.of((tree / m.path).read_text(encoding="utf-8"))

        def tried(number: int, path: str, tests: tuple[str, ...], mutant: Mutant | None) -> str:
            # That tests fail without a mutant may be mended elsewhere: it is looked at again.
            if (known := kept.get(tree, path, tests, mutant)) is not None and (mutant or not known):
                return known
            log, durations = folder / f"log{number}", folder / f"{path.replace('/', '-')}.json"
            if mutant and not durations.exists():
                durations.write_text("{}", encoding="utf-8")
            return kept.add(tree, path, tests, mutant, _caught_by(_try(tree, tests, log, durations, mutant), log))

        numbers = itertools.count()
        with ThreadPoolExecutor(jobs) as workers:
            for (path, tests), own in itertools.groupby(chosen, key=lambda m: (m.path, m.tests)):
                number = next(numbers)
                if failed := tried(number, path, tests, None):
                    said = (folder / f"log{number}").read_text(encoding="utf-8")
                    sys.exit(f"{path}: without any mutant {failed} fails\n{said[-3000:]}")
                todo = [(next(numbers), m.path, m.tests, m) for m in own]
                caught = workers.map(lambda arguments: tried(*arguments), todo)
                yield from (Result(mutant, by) for (*_, mutant), by in zip(todo, caught, strict=True))


def page(results: Sequence[Result], day: datetime.date) -> str:
    """The page of what was broken and what noticed it."""
    caught = sum(bool(r.caught_by) for r in results)
    lines = [
        "<!-- Made by `make mutate`; edit tools/mutate/mutants.toml and the tests. -->",
        "# Mutation",
        "",
        "Every formula and every rule at a boundary is broken once, on purpose, and a test must fail. A mutant is one",
        "change of one line: a limit that is passed one step too early, a wrong denominator, a status too few. What none",
        "of the tests can tell from the real code is said, with the reason.",
        "",
        f"**{len(results)} mutants, {caught} caught by a test, {len(results) - caught} not**; {day.isoformat()}.",
        "",
        "| file | mutants | caught | not |",
        "|---|---|---|---|",
    ]
    by_file: dict[str, list[Result]] = {}
    for r in results:
        by_file.setdefault(r.mutant.path, []).append(r)
    for path, own in by_file.items():
        lost = sum(not r.caught_by for r in own)
        lines.append(f"| [`{path}`](../{path}) | {len(own)} | {len(own) - lost} | {lost} |")
    lines += ["", "## Not caught", ""]
    lost_ones = [r for r in results if not r.caught_by]
    for r in lost_ones:
        lines.append(f"- `{r.mutant.path}`, {r.mutant.breaks}: {r.mutant.survives or 'no reason: a test is missing'}")
    lines += [] if lost_ones else ["None."]
    for path, own in by_file.items():
        lines += ["", f"## {path.removeprefix('pipeline/')}", "", "| broken | caught by |", "|---|---|"]
        lines += [f"| {r.mutant.breaks.replace('|', chr(92) + '|')} | {_in_table(r.caught_by)} |" for r in own]
    return "\n".join(lines) + "\n"


def _in_table(caught_by: str) -> str:
    file, _, test = caught_by.partition("::")
    return f"`{test}`" if test else file or "–"


def _main() -> None:
    given = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    given.add_argument("page", nargs="?", type=Path, help="where the page is written")
    given.add_argument("--only", action="append", default=[], help="a part of a path, or of what is broken")
    given.add_argument("--jobs", type=int, default=1, help="how many side by side")
    given.add_argument("--kept", type=Path, metavar="FILE", help="where results are kept from run to run")
    words = given.parse_args()
    if words.page and words.only:
        given.error("the page is of all mutants")
    with suppress(AttributeError):
        os.nice(10)
    chosen = [m for m in mutants() if not words.only or any(o in m.path or o in m.breaks for o in words.only)]
    results = []
    for r in run(chosen, words.jobs, Kept(words.kept)):
        print(
            f"{'caught  ' if r.caught_by else 'SURVIVED'} {r.mutant.path}: {r.mutant.breaks}  [{r.caught_by}]",
            flush=True,
        )
        results.append(r)
    count = Counter(bool(r.caught_by) for r in results)
    print(f"{len(results)} mutants, {count[True]} caught, {count[False]} not")
    if words.page:
        words.page.write_text(page(results, datetime.datetime.now(tz=datetime.UTC).date()), encoding="utf-8")
    wrong = [r for r in results if bool(r.caught_by) == bool(r.mutant.survives)]
    for r in wrong:
        print(f"{'now caught' if r.caught_by else 'not caught'}: {r.mutant.path}: {r.mutant.breaks}")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    _main()
