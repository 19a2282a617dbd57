"""What a run shows in a terminal: a bar per stage, and a table at the end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from .contract import Receipt
from .flow import Result


class Bars:
    """A progress bar per stage, and one per source that is coming in. Without a terminal, a line per step that runs."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._progress = Progress(
            TextColumn("{task.fields[stage]:<24}"),
            BarColumn(bar_width=24),
            TextColumn("{task.fields[amount]:>24}"),
            TimeElapsedColumn(),
            TextColumn("{task.description}"),
            console=console,
            disable=not console.is_terminal,
        )
        self._task: TaskID | None = None
        self._sources: dict[str, TaskID] = {}
        self._total = 0
        self._passed = 0
        self._stage = ""

    @contextmanager
    def shown(self) -> Iterator[None]:
        """Show the bars while the block runs."""
        with self._progress:
            yield

    def stage(self, name: str) -> None:
        """Begin the bar of a stage."""
        if self._task is not None:
            self._progress.update(self._task, description="")
        self._stage, self._total, self._passed = name, 0, 0
        self._task = self._progress.add_task("", stage=name, amount="", total=None)

    def batch(self, steps: int) -> None:
        """Lengthen the bar."""
        self._total += steps
        if self._task is not None:
            self._progress.update(self._task, total=self._total, amount=f"{self._passed}/{self._total}")

    def step(self, name: str, reason: str | None) -> None:
        """Name the step that begins, and why; pass over one that is fresh."""
        if self._task is None:
            return
        if reason is None:
            self._advance()
            return
        self._progress.update(self._task, description=name)
        if not self._console.is_terminal:
            self._console.print(f"{self._stage} {name}: {reason}", highlight=False, soft_wrap=True, markup=False)

    def removed(self, name: str, files: int) -> None:
        """Say what went."""
        word = "file" if files == 1 else "files"
        self._console.print(f"{self._stage} {name}: {files} {word} removed, no longer made", highlight=False, soft_wrap=True, markup=False)

    def amount(self, name: str, done: int, total: int | None, received_bytes: int) -> None:
        """Move the bar of a source: features, and bytes."""
        if name not in self._sources:
            self._sources[name] = self._progress.add_task("", stage=f"  {name}", amount="", total=None)
        of = f"{done:,}" if total is None else f"{done:,}/{total:,}"
        megabytes = f"{received_bytes / 1e6:,.1f} MB" if received_bytes else ""
        self._progress.update(self._sources[name], completed=done, total=total, amount=of, description=megabytes)

    def done(self, name: str) -> None:
        """Move the bar of the stage; that of the source has done its work."""
        if (task := self._sources.pop(name, None)) is not None:
            self._progress.remove_task(task)
        self._advance()

    def _advance(self) -> None:
        self._passed += 1
        if self._task is not None:
            self._progress.update(self._task, advance=1, amount=f"{self._passed}/{self._total}")


def summary(result: Result) -> Table:
    """Per layer requested, reported, received, kept; per stage the time."""
    table = Table(title=None, box=None, pad_edge=False, header_style="bold")
    for name, right in (
        ("layer", False), ("requested", False), ("reported", True), ("received", True), ("kept", True), ("whole", False), ("dropped", False),
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
    whole = "yes" if receipt.proven else "not proven"
    return receipt.source, asked, reported, f"{receipt.received:,}", f"{receipt.kept:,}", whole, dropped


def unproven(result: Result) -> Iterator[str]:
    """A line for each source of which it is not known that it is whole."""
    for receipt in result.receipts:
        if not receipt.proven:
            why = "; ".join(p.said.en for p in receipt.proofs if not p.holds) or "nothing was looked at"
            yield f"Not proven whole: {receipt.source}: {why}"


def times(result: Result) -> str:
    """Seconds per stage in one line."""
    return " · ".join(f"{s.name} {s.seconds:.1f} s" for s in result.stages)
