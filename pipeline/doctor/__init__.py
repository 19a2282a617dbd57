"""Is everything still as it was declared? Asks every configured service what it offers, and says what has changed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Literal

from ..config import Config
from ..contract import Bbox, PipelineError, SourceError
from ..deliveries import deliveries, rasters
from ..load.http import Http
from ..load.probes import Once, probe
from ..project import Project, Quiet
from ..sources import Access, RasterSource, Source
from ..ways import ways
from .compare import Finding, compare, compare_raster, plain

__all__ = ["Checked", "Finding", "Looked", "check", "compare", "compare_raster", "exit_code", "line", "names", "total"]

State = Literal["fine", "changed", "unreachable"]

# Looking is no work: who is not there at once is said not to be.
_TIMEOUT_S, _DEADLINE_S, _TRIES = 20.0, 60.0, 2
_AT_A_TIME = 8


@dataclass(frozen=True)
class Looked:
    """What was seen of one way to a source.

    Attributes
    ----------
    access
        The way that was asked.
    findings
        In what it differs from the declaration, and what is good to know.
    away
        Why it is unreachable; '' where it is not.
    inside
        Whether its columns, or its cells, were seen; of a file that is only downloaded they are not.
    """

    access: Access
    findings: tuple[Finding, ...]
    away: str = ""
    inside: bool = True

    @property
    def state(self) -> State:
        """Fine, changed or unreachable."""
        if self.away:
            return "unreachable"
        return "changed" if any(f.changed for f in self.findings) else "fine"


@dataclass(frozen=True)
class Checked:
    """One source, or one edition of it: the way that is configured, and the others where that is not fine."""

    name: str
    source: str
    looked: Looked
    others: tuple[Looked, ...]


@dataclass(frozen=True)
class _Patient:
    """What is looked at: one edition of one source, or one raster."""

    name: str
    source: Source | RasterSource
    edition: int | None


def check(config: Config) -> Iterator[Checked]:
    """Look at every enabled source as the config asks for it, in the order of the sources.

    Nothing is written. Where the study area is known, features are asked in it; else anywhere.

    Raises
    ------
    ConfigError
        When the config asks for a way that is not declared.
    """
    bbox = _area(config)
    every = [
        *(_Patient(d.name, d.source, d.edition) for d in deliveries(config)),
        *(_Patient(r.name, r, None) for r in rasters(config)),
    ]
    asked = {p.name: ways(config, p.source, p.edition) for p in every}
    settings = config.load
    with (
        Http(
            timeout_s=min(settings.timeout_s, _TIMEOUT_S), deadline_s=_DEADLINE_S, tries=min(settings.tries, _TRIES),
            parallel_requests=settings.parallel_requests, contact=settings.contact,
        ) as http,
        ThreadPoolExecutor(_AT_A_TIME) as pool,
    ):  # fmt: skip
        once = Once(http)
        try:
            yield from pool.map(lambda p: _checked(config, p, asked[p.name], bbox, once), every)
        finally:
            # Whoever no longer looks on, waits for nobody.
            http.stop()
            pool.shutdown(cancel_futures=True)


def names(config: Config) -> tuple[str, ...]:
    """Give the names of all that `check` looks at."""
    return (*(d.name for d in deliveries(config)), *(r.name for r in rasters(config)))


def line(checked: Checked, wide: int) -> str:
    """Say it in one line; the name takes `wide` characters."""
    looked = checked.looked
    begin = f"{checked.name:<{wide}}  {looked.access.protocol:<12}  {looked.state:<11}"
    said = (
        [looked.away]
        if looked.away
        else [f.said for f in looked.findings if f.changed] or [f.said for f in looked.findings]
    )
    text = "; ".join(said) if looked.state == "fine" else " · ".join(said)
    return f"{begin}  {text}{_other_ways(checked)}".rstrip()


def total(all_: Sequence[Checked]) -> str:
    """Say how many are fine, changed and unreachable."""
    states = [c.looked.state for c in all_]
    kinds: tuple[State, ...] = ("fine", "changed", "unreachable")
    return ", ".join(f"{states.count(s)} {s}" for s in kinds)


def exit_code(all_: Sequence[Checked]) -> int:
    """Give 0 where all is fine, 7 where something has changed, 3 where something is only unreachable.

    Changed wins: it stays so until somebody acts, where a service that is away may come back by itself.
    """
    states = {c.looked.state for c in all_}
    return 7 if "changed" in states else 3 if "unreachable" in states else 0


# What is asked


def _area(config: Config) -> Bbox | None:
    """The box of the study area where it is known here: of a polygon, or of municipalities that are loaded."""
    try:
        return Project(config, synthetic=False, show=Quiet(), offline=True).box
    except PipelineError:
        return None


def _checked(config: Config, patient: _Patient, ways: Sequence[Access], bbox: Bbox | None, http: Once) -> Checked:
    look = partial(_look, config, patient, bbox=bbox, http=http)
    first = look(ways[0])
    others = () if first.state == "fine" else tuple(look(a) for a in ways[1:])
    return Checked(patient.name, patient.source.name, first, others)


def _look(config: Config, patient: _Patient, access: Access, *, bbox: Bbox | None, http: Once) -> Looked:
    source = patient.source
    raster = source if isinstance(source, RasterSource) else None
    if source.extent == "country":
        bbox = None
    try:
        offered = probe(access, raster, bbox, http, config.mirror)
    except SourceError as error:
        return Looked(access, (), _away(str(error), access, source))
    if isinstance(source, RasterSource):
        return Looked(access, compare_raster(source, access, offered), inside=access.protocol != "tiles")
    findings = compare(source, patient.edition, access, config.source(source.name), offered)
    return Looked(access, findings, inside=offered.columns is not None)


def _away(error: str, access: Access, source: Source | RasterSource) -> str:
    said = plain(error.partition("; tried ")[0])
    if access.protocol == "file":
        return said
    if re.search(r"HTTP (404|410)\b", said):
        return f"{said} at {access.url}; it may have moved: see {source.page}, then [sources.{source.name}] url"
    return f"{said} at {access.url}"


def _other_ways(checked: Checked) -> str:
    if not checked.others:
        return ""
    fine = [o for o in checked.others if o.state == "fine"]
    if not fine:
        states = ", ".join(f"{o.access.protocol} is {o.state}" for o in checked.others)
        return f"; nor is another way fine: {states}"
    # One of which the columns were seen, before one of which it is only known that it is there.
    best = min(fine, key=lambda o: not o.inside)
    there, says = best.access, "is fine" if best.inside else "is there, its content not seen"
    if there.protocol == checked.looked.access.protocol:
        return f"; {there.url} {says}"
    return f'; the other way, {there.protocol}, {says}: [sources.{checked.source}] protocol = "{there.protocol}"'
