"""The four stages in their order, and the one way through them. The only module that knows it.

A stage gives steps (`stages`), each step says what it depends on (`freshness`); a step runs when something of that
has changed. Steps write their outputs whole or not at all, so a run that is broken off goes on where it was.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from . import freshness, store
from .contract import ConfigError, PipelineError, Receipt
from .freshness import Hashes, Step
from .project import Project
from .stages import clip, compute, export, load

#: Stage -> its steps, in batches: a batch may read what the batch before has made.
STAGES: Mapping[str, Callable[[Project], Iterator[list[Step]]]] = {
    "load": load.steps,
    "clip": clip.steps,
    "compute": compute.steps,
    "export": export.steps,
}
#: Part of the export -> its steps, for who wants no more than that.
PARTS: Mapping[str, Callable[[Project], Iterator[list[Step]]]] = {"design": export.design_steps}


#: Sources that are fetched side by side; how many requests a host gets at a time is another matter.
_SIDE_BY_SIDE = 4


@dataclass(frozen=True)
class StageResult:
    """What a stage did: steps made, steps that were fresh, seconds."""

    name: str
    made: int
    fresh: int
    seconds: float


@dataclass(frozen=True)
class Result:
    """What a run did, and where the data came from."""

    stages: tuple[StageResult, ...]
    receipts: tuple[Receipt, ...]

    @property
    def made(self) -> int:
        """Number of steps that ran."""
        return sum(s.made for s in self.stages)


def run(project: Project, stages: Sequence[str], part: str | None = None) -> Result:
    """Run the stages named, in order; only what is stale, or everything where the project is forced.

    With one of `PARTS` the export makes only that, and leaves the manifest as it is.

    Raises
    ------
    PipelineError
        One line; older good outputs are still there.
    """
    if not project.force:
        _spare_real_outputs(project, stages)
    hashes = Hashes()
    steps: list[Step] = []
    try:
        made_by = STAGES if part is None else {**STAGES, "export": PARTS[part]}
        results = tuple(_stage(project, name, made_by[name], hashes, steps) for name in STAGES if name in stages)
    finally:
        project.close()
    if tuple(stages) == tuple(STAGES) and part is None:
        freshness.remember(project.places.last_run, project.places.settings, steps, project.places.base)
    return Result(results, tuple(project.receipts()))


def status(project: Project) -> list[tuple[Step, str | None]]:
    """Every step in order, with the reason why a run would make it anew; None where it is fresh."""
    steps = [step for stage in STAGES.values() for batch in stage(project) for step in batch]
    return freshness.plan(steps, Hashes(), project.places.base)


def _stage(
    project: Project, name: str, made_by: Callable[[Project], Iterator[list[Step]]], hashes: Hashes, done: list[Step]
) -> StageResult:
    begin = time.perf_counter()
    made = fresh = 0
    project.show.stage(name)
    if name == "export":
        _clear(project, hashes)
    for batch in made_by(project):
        reasons = [(step, freshness.why_stale(step, hashes, project.places.base)) for step in batch]
        stale = {step.name: why or "forced" for step, why in reasons if why or project.force}
        project.show.batch(len(batch))
        for step in batch:
            if step.name not in stale:
                project.show.step(step.name, None)
        _batch(project, [s for s in batch if s.name in stale], stale, hashes)
        done += batch
        made += len(stale)
        fresh += len(batch) - len(stale)
    return StageResult(name, made, fresh, time.perf_counter() - begin)


def _batch(project: Project, steps: Sequence[Step], why: Mapping[str, str], hashes: Hashes) -> None:
    """Run steps that do not read of each other; those that wait for others side by side.

    One that fails does not keep the others from ending well: what they fetched stays.
    """

    def one(step: Step) -> None:
        project.show.step(step.name, why[step.name])
        step.run()
        freshness.record(step, hashes, project.places.base)
        project.show.done(step.name)

    if not steps or not all(s.waits for s in steps):
        for step in steps:
            one(step)
        return
    errors: list[PipelineError] = []
    ended = False
    pool = ThreadPoolExecutor(_SIDE_BY_SIDE, thread_name_prefix="load")
    try:
        for future in [pool.submit(one, s) for s in steps]:
            try:
                future.result()
            except PipelineError as error:
                errors.append(error)
        ended = True
    finally:
        if not ended:  # interrupted: those under way end at once, or with the process where a service is silent
            project.http.stop()
        pool.shutdown(wait=ended, cancel_futures=True)
    if errors:
        more = f" (and {len(errors) - 1} more: {'; '.join(str(e) for e in errors[1:3])})" if len(errors) > 1 else ""
        msg = f"{errors[0]}{more}"
        raise type(errors[0])(msg)


def _clear(project: Project, hashes: Hashes) -> None:
    """Remove files that the config no longer asks for, lest old numbers lie beside new ones."""
    steps = [step for batch in STAGES["export"](project) for step in batch]
    for name, files in freshness.clear(project.places.stamps("export"), steps, hashes, project.places.base).items():
        project.show.removed(name, files)


def _spare_real_outputs(project: Project, stages: Sequence[str]) -> None:
    """Keep the sample from taking the place of a result made from real data."""
    manifest = store.read_json(project.places.manifest)
    if project.synthetic and "export" in stages and manifest and not manifest.get("synthetic"):
        shown = project.places.shown(project.places.out)
        msg = f"{shown}: holds a result made from real data; give [paths] another folder, or --force to replace it by the sample"
        raise ConfigError(msg)
