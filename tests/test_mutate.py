"""The list of mutants fits the code, and the page says what came of each; `make mutate` runs them."""

from __future__ import annotations

import ast
import datetime
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
sys.path.append(str(ROOT / "tools" / "mutate"))

import mutate  # noqa: E402

MUTANTS = mutate.mutants()
PATHS = sorted({m.path for m in MUTANTS})
MUTANT = mutate.Mutant("a.py", "a limit is lower", ">= 5", ">= 4", "", ("tests/test_a.py",))


@pytest.mark.parametrize("path", PATHS)
def test_every_mutant_fits_the_code_once_and_makes_other_code(path: str) -> None:
    text = (ROOT / path).read_text(encoding="utf-8")
    code, seen = ast.dump(ast.parse(text)), set()
    for m in (m for m in MUTANTS if m.path == path):
        changed = ast.dump(ast.parse(m.of(text)))
        assert changed != code, m.breaks
        assert changed not in seen, f"{m.breaks}: there is another that does the same"
        seen.add(changed)


def test_every_mutant_says_what_it_breaks_and_where_it_is_tested() -> None:
    said = [(m.path, m.breaks) for m in MUTANTS]
    assert len(said) == len(set(said))
    for m in MUTANTS:
        assert m.tests
        for test in m.tests:
            file, _, name = test.partition("::")
            assert f"def {name}" in (ROOT / file).read_text(encoding="utf-8")


def test_no_module_with_formulas_is_forgotten() -> None:
    # What has no formula: declarations, and amounts that are handed on as they are.
    declare_only = {"__init__.py", "declaration.py", "points.py"}
    themes = {f"pipeline/indicators/{p.name}" for p in (ROOT / "pipeline/indicators").glob("*.py")}
    assert themes - {f"pipeline/indicators/{name}" for name in declare_only} <= set(PATHS)


def test_the_page_has_a_result_for_every_mutant() -> None:
    page = (ROOT / "docs/mutation.md").read_text(encoding="utf-8")
    of = {part.split("\n", 1)[0]: part for part in page.split("\n## ")[1:]}
    for m in MUTANTS:
        assert f"\n| {m.breaks} |" in of[m.path.removeprefix("pipeline/")], f"{m.path}: {m.breaks}: run make mutate"
    assert f"**{len(MUTANTS)} mutants, " in page
    assert "a test is missing" not in page


@pytest.mark.parametrize("text", ["x = 1", "x >= 5 or y >= 5"])
def test_a_mutant_that_fits_nowhere_or_twice_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="expected once"):
        MUTANT.of(text)


def test_a_mutant_changes_one_place() -> None:
    assert MUTANT.of("y > 5\nx >= 5") == "y > 5\nx >= 4"


def test_a_break_is_caught_where_a_test_sees_it_and_not_where_none_does(tmp_path: Path) -> None:
    """On a small tree of its own: one mutant on a limit that is tested, one beside it."""
    for name in ("pipeline/__init__.py", "tests/conftest.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("")
    (tmp_path / "pyproject.toml").write_text("[tool.pytest.ini_options]\n")
    (tmp_path / "pipeline/limits.py").write_text("def large(x):\n    return x >= 5\n")
    (tmp_path / "tests/test_limits.py").write_text(
        "from pipeline.limits import large\n\n\ndef test_five():\n    assert large(5)\n"
    )
    script = f"""
import sys, pathlib
sys.dont_write_bytecode = True
sys.path.insert(0, {str(ROOT / "tools" / "mutate")!r})
import mutate as run
tree, log, took = (pathlib.Path({str(tmp_path)!r}) / name for name in ("", "log", "took"))
assert run._try(tree, ["tests/test_limits.py"], log, took, None) == 0
for instead in (">= 5", "> 5", ">= 4", "5 >="):
    mutant = run.Mutant("pipeline/limits.py", "", ">= 5", instead, "", ())
    print(repr(run._caught_by(run._try(tree, ["tests/test_limits.py"], log, took, mutant), log)))
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=tmp_path)
    assert done.stdout.split("\n")[:-1] == ["''", "'test_limits.py::test_five'", "''", "'test_limits.py, on import'"], (
        done.stderr
    )


def test_the_page_says_how_many_and_which_were_not_caught() -> None:
    other = mutate.Mutant("pipeline/b.py", "an order | another", "a", "b", "they are equal", ())
    page = mutate.page(
        [mutate.Result(MUTANT, "test_a.py::test_five"), mutate.Result(other, "")], datetime.date(2026, 1, 2)
    )
    assert "**2 mutants, 1 caught by a test, 1 not**; 2026-01-02." in page
    assert "| [`a.py`](../a.py) | 1 | 1 | 0 |" in page
    assert "- `pipeline/b.py`, an order | another: they are equal" in page
    assert "| a limit is lower | `test_five` |" in page
    assert "| an order \\| another | – |" in page
