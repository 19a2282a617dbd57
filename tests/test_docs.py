"""What the documents say is what is declared, and every command they show exists."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import reliability
from click.testing import CliRunner

from pipeline.cli import cli

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), *(ROOT / d / "README.md" for d in ("data_raw", "data_out", "maps"))]


def test_pages_made_from_declarations_are_up_to_date() -> None:
    done = subprocess.run([sys.executable, "tools/docs.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_every_command_shown_exists(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):.*##", (ROOT / "Makefile").read_text(), re.M))
    assert set(re.findall(r"^make ([a-z]+)", text, re.M)) | set(re.findall(r"`make ([a-z]+)", text)) <= targets
    for shown in [*re.findall(r"`spoorzone ([^`]+)`", text), *re.findall(r"^(?:uv run )?spoorzone (.+)$", text, re.M)]:
        words = [w for w in re.split(r"\s+", shown.split("#")[0].strip()) if re.fullmatch(r"[a-z]+", w)]
        assert CliRunner().invoke(cli, [*words[:2], "--help"]).exit_code == 0, shown


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_every_link_to_a_file_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


def test_uv_gets_the_locked_versions() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    locked = {line.rstrip(" \\") for line in (ROOT / "requirements-dev.lock").read_text().splitlines() if re.match("[a-z0-9]", line)}
    assert set(project["tool"]["uv"]["constraint-dependencies"]) == locked
    runtime = {line.rstrip(" \\") for line in (ROOT / "requirements.lock").read_text().splitlines() if re.match("[a-z0-9]", line)}
    assert runtime <= locked


def test_each_dependency_has_its_reason() -> None:
    lines = (ROOT / "pyproject.toml").read_text().split("dependencies = [\n", 1)[1].split("\n]", 1)[0].splitlines()
    assert all(re.search(r",\s+# \w", line) for line in lines), lines


def test_the_faults_of_the_page_are_those_of_the_tests() -> None:
    """None comes or goes unseen, and each held when the page was written."""
    page = (ROOT / "docs/reliability.md").read_text(encoding="utf-8")
    titles = {title: group for group, (title, _) in reliability.GROUPS.items()}
    rows: list[tuple[str, str, str]] = []
    for part in page.split("\n## ")[1:]:
        group = titles.get(part.split("\n", 1)[0])
        for fault, sees, result in re.findall(r"^\| (?!fault \|)(.+) \| (.+) \| (.+) \|$", part, re.M):
            assert result == "held", fault
            rows.append((str(group), fault, sees))
    assert sorted(rows) == sorted(reliability.declared(ROOT / "tests")), "run make reliability"
    assert f"**{len(rows)} faults, {len(rows)} of them held**" in page
