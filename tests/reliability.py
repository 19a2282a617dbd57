"""docs/reliability.md, written by the tests themselves: which faults were made, what a user sees, whether it held.

A test says with ``@pytest.mark.fault(group, fault, sees)`` which fault it makes; several tests may share one. A
figure (how many kills, how many bytes) is given with ``record_property("figure", "kills survived: 40")``, or in the
marker as ``figure=`` where it is known beforehand. Figures of time or of the machine do not belong here. With
``--reliability FILE`` the page is written when all tests have run, whatever the number of processes.
"""

from __future__ import annotations

import ast
import json
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

#: Letter -> title, and what the guarantee rests on.
GROUPS = {
    "A": (
        "Asking a service",
        "An answer counts when its length, its packing and its form are whole; until then it is asked again, with growing "
        "pauses ([`http.py`](../pipeline/load/http.py), [`download.py`](../pipeline/load/download.py)). The servers are "
        "MapServer 8.0 behind nginx and pygeoapi, behind a proxy that breaks connections, and scripted ones.",
    ),
    "B": (
        "Paging",
        "The service’s own count must be reached; where it gives none, every page is asked twice and must hold the same "
        "features. Large areas are asked in tiles, and what lies on their seams must come with each "
        "([`ogc_features.py`](../pipeline/load/ogc_features.py), [`wfs.py`](../pipeline/load/wfs.py), "
        "[`tiles.py`](../pipeline/load/tiles.py), [`proofs.py`](../pipeline/load/proofs.py)). What does not fit together "
        "is asked once more from the start, and then refused.",
    ),
    "C": (
        "Files, disk and interruption",
        "Every file is written beside its place, brought to disk and then given its name in one step "
        "([`store.py`](../pipeline/store.py)); answers are kept until their source is whole "
        "([`kept.py`](../pipeline/load/kept.py)). A GeoPackage is read back before it gets its name.",
    ),
    "D": (
        "Archives and XML",
        "An archive is looked through before anything of it is unpacked ([`archive.py`](../pipeline/load/archive.py)); "
        "XML may declare no document type ([`ows.py`](../pipeline/load/ows.py), [`xml.py`](../pipeline/load/xml.py)).",
    ),
    "E": (
        "What is in the data",
        "Every feature received is kept or dropped for a reason that the receipt counts; what is repaired loses nothing, "
        "and what would lose something is refused ([`layers.py`](../pipeline/load/layers.py)). Every table is held "
        "against its declaration at each stage ([`contract.py`](../pipeline/contract.py)).",
    ),
    "F": (
        "Config and command line",
        "Every error is one line: where, what is, what was expected, what to do ([`config.py`](../pipeline/config.py), "
        "[`cli.py`](../pipeline/cli.py)).",
    ),
    "G": (
        "Heights",
        "Tiles lie on the grid of the source, and are held against what was asked; strips over their seams are asked a "
        "second time and must be equal cell for cell ([`wcs.py`](../pipeline/load/wcs.py), "
        "[`rasters.py`](../pipeline/load/rasters.py)).",
    ),
}
HEAD = """<!-- Made by `make reliability`; edit the tests. -->
# Reliability

What comes in is complete and right, or there is one line that says what is wrong; it is never quietly less. Each row is
a fault that a test makes on purpose, against a real server or program where there is one, and what the user sees then.
"""
KEY = """
“Held” means that every test of the row passed in the run that wrote this page. “Lost” would mean that data went missing
without a word, or that a good older file was harmed. Where the user sees “nothing”, the result equals that of an
undisturbed run.
"""
LIMITS = """
## What can’t be proved

The receipt of a source, `spoorzone status`, the manifest and the map say by which means a source is known to be whole,
and where nothing could be looked at. None of these means can see:

- A service that lacks a feature in its own register, or counts wrong and pages wrong in the same way, each time.
- A service that counts, when one feature is deleted and another inserted while its pages are asked, and a third slips
  between two pages by that: the count is reached. It takes both within one walk; where the service does not
  count, asking twice shows it.
- A service that sends fewer features than fit on a page, without a link to the next and without a count, each time
  alike. A full page without a link is looked into; one that is not full is taken for the last.
- An own file that was exported incompletely: it is read to its end, but can’t say what was left out of it.
- Values or places that are wrong in the register itself, or moved by a few metres before they were published. Totals
  between sources (each address in a building, parts in their whole, ground covered without holes) show some of it.
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
            elif name == "figure" and report.when == "call" and report.passed:
                self.figures[str(value)] = None

    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """Write the page, unless the run was broken off."""
        ended = exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED)
        if ended and not hasattr(session.config, "workerinput"):
            self.path.write_text("\n".join(self.lines()) + "\n", encoding="utf-8")

    def lines(self) -> Iterator[str]:
        """The page, line by line."""
        yield HEAD
        ran = [outcome for outcomes in self.faults.values() for outcome in outcomes if outcome != "skipped"]
        held = sum(set(o) <= {"passed"} for o in self.faults.values())
        yield f"**{len(self.faults)} faults, {held} of them held**, shown by {len(ran)} tests."
        if self.figures:
            yield ""
            yield from (f"- {figure}" for figure in sorted(self.figures))
        yield KEY.rstrip("\n")
        for group, (title, rests_on) in GROUPS.items():
            rows = [(fault, sees, outcomes) for (g, fault, sees), outcomes in sorted(self.faults.items()) if g == group]
            if rows:
                yield from ("", f"## {title}", "", *textwrap.wrap(rests_on, 120, break_long_words=False), "")
                yield from ("| fault | what the user sees | result |", "|---|---|---|")
                yield from (f"| {fault} | {sees} | {_result(outcomes)} |" for fault, sees, outcomes in rows)
        yield LIMITS.rstrip("\n")


def _result(outcomes: list[str]) -> str:
    if set(outcomes) == {"passed"}:
        return "held"
    return "not run" if set(outcomes) == {"skipped"} else "**LOST**" if "failed" in outcomes else "held where it ran"


def declared(folder: Path) -> set[tuple[str, str, str]]:
    """The faults that stand in the tests of a folder, without running them; their words must stand there as they are."""
    found: set[tuple[str, str, str]] = set()
    for path in sorted(folder.rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("mark.fault"):
                group, fault, sees = map(ast.literal_eval, node.args)
                found.add((group, fault, sees))
    return found


def figures(item: pytest.Item) -> Iterator[str]:
    """The figures that the markers of a test give."""
    yield from (marker.kwargs["figure"] for marker in item.iter_markers("fault") if "figure" in marker.kwargs)


def said(item: pytest.Item) -> Iterator[tuple[str, str, str]]:
    """The faults that a test makes."""
    for marker in item.iter_markers("fault"):
        group, fault, sees = marker.args
        yield group, fault, sees
