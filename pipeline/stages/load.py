"""Load: every source as a layer with a receipt."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

from .. import load as load_
from .. import receipts, sample, store
from ..config import SourceSettings
from ..contract import Bbox, ConfigError, MissingInputError, Receipt, Text, check
from ..freshness import Step
from ..load.http import Http
from ..load.layers import Conformed, conform
from ..project import Project
from .. import __version__
from ..sources import Access, Source, way

#: The sample carries the date of the figures that it is calibrated to.
_SAMPLE_DATE = "2022-01-01T00:00:00+00:00"


def steps(project: Project) -> Iterator[list[Step]]:
    """Bring every source in, with a receipt. The municipalities first: the box for the rest is made from them."""
    if project.synthetic:
        made = tuple(sample.files(project.places.raw / "files").values())
        yield [
            project.step(
                "load", "sample", settings={}, inputs=(), outputs=made, code=("sample",),
                run=lambda: sample.make(project.places.raw / "files"),
            )
        ]  # fmt: skip
    settings = project.config.load
    with Http(
        timeout_s=settings.timeout_s,
        tries=settings.tries,
        parallel_requests=settings.parallel_requests,
        contact=settings.contact,
    ) as http:
        yield [_load_step(project, s, None, http) for s in project.sources if s.extent == "country"]
        try:
            box = project.box
        except MissingInputError:  # only when nothing is loaded yet and the plan is asked for
            box = None
        yield [_load_step(project, s, box, http) for s in project.sources if s.extent == "area"]


def _load_step(project: Project, source: Source, box: Bbox | None, http: Http) -> Step:
    settings = project.config.source(source.name)
    file = project.config.path(settings.path) if settings.path else None
    return project.step(
        "load",
        source.name,
        settings={
            "the declaration": dataclasses.asdict(source),
            f"[sources.{source.name}]": settings.model_dump(mode="json", exclude={"path"}),
            "[services]": dict(project.config.services),
            "the box asked for": box,
        },
        inputs=(file,) if file else (),
        outputs=(project.places.layer(source.name), project.places.receipt(source.name)),
        code=("load", "contract.py", "store.py"),
        run=lambda: _load(project, source, box, http),
        max_age_days=None if file else project.config.load.max_age_days,
    )


def _way(project: Project, source: Source) -> tuple[Access, SourceSettings, int | None]:
    """The way that the config chooses, with its year."""
    settings = project.config.source(source.name)
    edition = settings.edition or (source.editions[0] if source.editions else None)
    if settings.path is not None:
        path = project.config.path(settings.path)
        return Access("file", str(path), settings.layer or ""), settings.model_copy(update={"path": path}), edition
    declared = way(source.accesses, settings.protocol)
    if declared is None:
        msg = (
            f"[sources.{source.name}] protocol is {settings.protocol!r}; "
            f"declared are {', '.join(a.protocol for a in source.accesses)}"
        )
        raise ConfigError(msg)
    year = "" if edition is None else str(edition)
    url = load_.resolve((settings.url or declared.url).replace("{edition}", year), project.config.services)
    return dataclasses.replace(declared, url=url), settings.model_copy(update={"url": None}), edition


def _load(project: Project, source: Source, box: Bbox | None, http: Http) -> None:
    access, settings, edition = _way(project, source)
    received = load_.fetch(access, settings, edition=edition, bbox=box, http=http, progress=project.show.amount)
    done = conform(received, source, edition=edition, bbox=box)
    path = project.places.layer(source.name)
    store.write_geopackage(path, source.name, check(done.table, source.layer))
    receipt = _receipt(project, source, access, edition, box, received, done)
    receipts.write(project.places.receipt(source.name), receipt)


def _receipt(
    project: Project,
    source: Source,
    access: Access,
    edition: int | None,
    box: Bbox | None,
    received: load_.Received,
    done: Conformed,
) -> Receipt:
    year = "" if edition is None else str(edition)
    pages = received.pages
    if access.protocol == "file":
        pages = tuple(dataclasses.replace(p, url=project.places.shown(Path(access.url))) for p in pages)
    if project.synthetic:  # made, not retrieved: no clock may stand in what is made from it
        pages = tuple(dataclasses.replace(p, retrieved=_SAMPLE_DATE) for p in pages)
    return Receipt(
        source=source.name,
        title=Text(*(t.replace("{edition}", year) for t in source.title)),
        register=source.register.name,
        reference_date=source.reference_date.replace("{edition}", year),
        licence=source.register.licence,
        attribution=source.register.attribution,
        protocol=access.protocol,
        url=pages[0].url if access.protocol == "file" else access.url,
        requested=box,
        reported=received.reported,
        received=len(received.table),
        kept=len(done.table),
        dropped=dict(done.dropped),
        repaired=done.repaired,
        absent=tuple(done.absent),
        retrieved=max(p.retrieved for p in pages),
        pages=pages,
        sha256=store.sha256(project.places.layer(source.name)),
        synthetic=project.synthetic,
        edition=edition,
        filled={},
        proofs=received.proofs,
        software=f"spoorzone {__version__}",
    )
