"""docs/reliability.md, written by the tests themselves: which faults were made, what a user sees, whether it held.

A test says with ``@pytest.mark.fault(group, fault, sees)`` which fault it makes; several tests may share one. A
figure (how many kills, how many bytes) is given with ``record_property("figure", "kills survived: 40")``. With
``--reliability FILE`` the page is written when all tests have run, whatever the number of processes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

GROUPS = {
    "A": "Asking a service",
    "B": "Paging",
    "C": "Files, disk and interruption",
    "D": "Archives and XML",
    "E": "What is in the data",
    "F": "Config and command line",
    "G": "Heights",
}
HEAD = """<!-- Made by `make reliability`; edit the tests. -->
# Reliability

Every row is a fault that a test makes on purpose, against a real server or program where there is one, and what the
user sees then. “Lost” would mean that data went missing without a word, or that a good older file was harmed.
"""


class Collector:
    """Gathers what the tests report, in the process that leads."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.faults: dict[tuple[str, str, str], list[str]] = {}
        self.figures: dict[str, None] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take note of a test that made a fault."""
        for name, value in report.user_properties:
            if name == "fault" and (report.when == "call" or report.outcome != "passed"):
                self.faults.setdefault(tuple(json.loads(str(value))), []).append(report.outcome)
            elif name == "figure" and report.when == "call":
                self.figures[str(value)] = None

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Write the page."""
        if not hasattr(session.config, "workerinput"):
            self.path.write_text("\n".join(self.lines()) + "\n", encoding="utf-8")

    def lines(self) -> Iterator[str]:
        """The page, line by line."""
        yield HEAD
        ran = [outcome for outcomes in self.faults.values() for outcome in outcomes if outcome != "skipped"]
        held = sum(set(o) <= {"passed"} for o in self.faults.values())
        yield f"{len(self.faults)} faults, {held} of them held, shown by {len(ran)} tests."
        if self.figures:
            yield ""
            yield from (f"- {figure}" for figure in sorted(self.figures))
        for group, title in GROUPS.items():
            rows = [(fault, sees, outcomes) for (g, fault, sees), outcomes in sorted(self.faults.items()) if g == group]
            if rows:
                yield from ("", f"## {title}", "", "| fault | what the user sees | result |", "|---|---|---|")
                yield from (f"| {fault} | {sees} | {_result(outcomes)} |" for fault, sees, outcomes in rows)


def _result(outcomes: list[str]) -> str:
    if set(outcomes) == {"passed"}:
        return "held" if len(outcomes) == 1 else f"held, {len(outcomes)} tests"
    return "not run" if set(outcomes) == {"skipped"} else "**LOST**" if "failed" in outcomes else "held where it ran"


def said(item: pytest.Item) -> Iterator[tuple[str, str, str]]:
    """The faults that a test makes."""
    for marker in item.iter_markers("fault"):
        group, fault, sees = marker.args
        yield group, fault, sees
