"""What a run shows in a terminal: a bar per stage, and a table at the end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from .contract import Receipt
from .flow import Result


class Bars:
    """A progress bar per stage. Where there is no terminal, one line per step that runs."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._progress = Progress(
            TextColumn("{task.fields[stage]:<8}"),
            BarColumn(bar_width=30),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.description}"),
            console=console,
            disable=not console.is_terminal,
        )
        self._task: TaskID | None = None
        self._total = 0
        self._stage = ""
        self._step = ""

    @contextmanager
    def shown(self) -> Iterator[None]:
        """Show the bars while the block runs."""
        with self._progress:
            yield

    def stage(self, name: str) -> None:
        """Begin the bar of a stage."""
        self._end()
        self._stage, self._total = name, 0
        self._task = self._progress.add_task("", stage=name, total=None)

    def batch(self, steps: int) -> None:
        """Lengthen the bar."""
        self._total += steps
        if self._task is not None:
            self._progress.update(self._task, total=self._total)

    def step(self, name: str, reason: str | None) -> None:
        """Move the bar and name the step."""
        if self._task is None:
            return
        self._progress.update(self._task, advance=1, description=name)
        self._step = name
        if reason is not None and not self._console.is_terminal:
            self._console.print(f"{self._stage} {name}: {reason}", highlight=False, soft_wrap=True, markup=False)

    def amount(self, done: int, total: int | None) -> None:
        """Name the features that have come."""
        if self._task is not None:
            of = f" of {total:,}" if total is not None else ""
            self._progress.update(self._task, description=f"{self._step}: {done:,}{of} features")

    def _end(self) -> None:
        if self._task is not None:
            self._progress.update(self._task, description="")


def summary(result: Result) -> Table:
    """Per layer requested, reported, received, kept; per stage the time."""
    table = Table(title=None, box=None, pad_edge=False, header_style="bold")
    for name, right in (
        ("layer", False), ("requested", False), ("reported", True), ("received", True), ("kept", True), ("dropped", False),
    ):  # fmt: skip
        table.add_column(name, justify="right" if right else "left", no_wrap=name != "dropped")
    for receipt in result.receipts:
        table.add_row(*_row(receipt))
    return table


def _row(receipt: Receipt) -> tuple[str, ...]:
    box = receipt.requested
    asked = f"{(box[2] - box[0]) / 1000:.1f} × {(box[3] - box[1]) / 1000:.1f} km" if box else "everything"
    dropped = "; ".join(f"{n:,} {why}" for why, n in receipt.dropped.items() if n)
    reported = "–" if receipt.reported is None else f"{receipt.reported:,}"
    return receipt.source, asked, reported, f"{receipt.received:,}", f"{receipt.kept:,}", dropped


def times(result: Result) -> str:
    """Seconds per stage in one line."""
    return " · ".join(f"{s.name} {s.seconds:.1f} s" for s in result.stages)
