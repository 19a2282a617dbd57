"""Load: every source as a layer or a raster, with a receipt."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import shapely
from shapely.geometry.base import BaseGeometry

from .. import __version__, receipts, sample, store
from .. import load as load_
from ..clip import area as area_
from ..contract import Bbox, MissingInputError, Page, Proof, Receipt, Text, check
from ..deliveries import Delivery
from ..freshness import Step
from ..load import earlier, rasters, readme, totals
from ..load.kept import Kept
from ..load.layers import Conformed, conform
from ..load.received import InconsistentError
from ..project import Project
from ..sources import Access, RasterSource, Source, dated
from ..ways import ways

#: The sample carries the date of the figures that it is calibrated to.
_SAMPLE_DATE = "2022-01-01T00:00:00+00:00"
_Made = TypeVar("_Made")
_NO_AREA = "{}: the area to load is not known; run 'spoorzone load'"
_CODE = ("load", "contract.py", "store.py")


def steps(project: Project) -> Iterator[list[Step]]:
    """Bring every source in, with a receipt.

    The municipalities first: the box for the rest is made from them. The tracks and stations before what is only
    needed around the corridor. An earlier edition before the one that may take a column from it.
    """
    if project.synthetic:
        yield [_sample_step(project)]
    yield [_load_step(project, d, None) for d in project.deliveries if d.extent == "country"]
    box = _if_loaded(lambda: project.box)
    of_area = [d for d in project.deliveries if d.extent == "area"]
    yield [_load_step(project, d, box) for d in of_area if d.earlier]
    yield [_load_step(project, d, box) for d in of_area if not d.earlier]
    near = [d for d in project.deliveries if d.extent == "corridor"]
    if near or project.rasters:
        around = _if_loaded(lambda: project.surroundings)
        close = None if around is None else area_.box_around(around, 0)
        within = {"corridor": around, "area": None if box is None else shapely.box(*box), "country": None}
        yield [
            *(_load_step(project, d, close) for d in near),
            *(_raster_step(project, r, within[r.extent]) for r in project.rasters),
        ]
    yield [_totals_step(project)]
    yield [_readme_step(project)]


def _if_loaded(made: Callable[[], _Made]) -> _Made | None:
    """None only when nothing is loaded yet and the plan is asked for."""
    try:
        return made()
    except MissingInputError:
        return None


def _sample_step(project: Project) -> Step:
    folder = project.places.raw / "files"
    return project.step(
        "load", "sample", settings={}, inputs=(), outputs=sample.outputs(folder), code=("sample",),
        run=lambda: sample.make(folder),
    )  # fmt: skip


def _load_step(project: Project, delivery: Delivery, box: Bbox | None) -> Step:
    source, settings = delivery.source, project.config.source(delivery.source.name)
    chosen = ways(project.config, source, delivery.edition, box)[0]
    file = Path(chosen.url) if chosen.protocol == "file" else None
    older = [d for d in project.deliveries if d.earlier and d.source is source and not delivery.earlier]
    return project.step(
        "load",
        delivery.name,
        settings={
            "the declaration": dataclasses.asdict(source),
            f"[sources.{source.name}]": settings.model_dump(
                mode="json", exclude={"path", "earlier_editions", "extent"}
            ),
            "[services]": dict(project.config.services),
            "the edition": delivery.edition,
            "the box asked for": box,
            **({} if file else {"[load] second_pass": project.config.load.second_pass}),
        },
        inputs=(*(_files(file) if file else ()), *(project.places.layer(d.name) for d in older)),
        outputs=(project.places.layer(delivery.name), project.places.receipt(delivery.name)),
        code=_CODE,
        run=lambda: _load(project, delivery, chosen, box, older),
        max_age_days=None if file or project.offline else project.config.load.max_age_days,
        waits=True,
    )


def _files(path: Path) -> tuple[Path, ...]:
    """A file; of a folder (a file geodatabase, sheets of heights) all that is in it."""
    return tuple(sorted(p for p in path.rglob("*") if p.is_file())) if path.is_dir() else (path,)


def _raster_step(project: Project, source: RasterSource, area: BaseGeometry | None) -> Step:
    settings, raw = project.config.source(source.name), project.places.raw
    access, *others = ways(project.config, source, None)
    path = Path(access.url) if access.protocol == "file" else None
    made = () if area is None else rasters.outputs(area, source.raster, raw)
    return project.step(
        "load",
        source.name,
        settings={
            "the declaration": dataclasses.asdict(source),
            f"[sources.{source.name}]": settings.model_dump(mode="json", exclude={"path"}),
            "[services]": dict(project.config.services),
            "the area asked for": None if area is None else area.wkt,
        },
        inputs=_files(path) if path else (),
        outputs=(*made, project.places.receipt(source.name)),
        code=(*_CODE, "grid.py", "raster_store.py"),
        run=lambda: _load_raster(project, source, access, others, area),
        max_age_days=None if path or project.offline else project.config.load.max_age_days,
        waits=True,
    )


def _load_raster(
    project: Project, source: RasterSource, access: Access, others: list[Access], area: BaseGeometry | None
) -> None:
    if area is None:
        raise MissingInputError(_NO_AREA.format(source.name))
    file = Path(access.url) if access.protocol == "file" else None
    meter, raw = _Meter(project, source.name), project.places.raw
    if project.config.source(source.name).url:  # who names an address means that one
        others = []

    def once(kept: Kept, since: dt.datetime | None) -> rasters.ReceivedRaster:
        return rasters.fetch(
            access, source, area, kept, raw, meter.features, path=file, others=others, since=since,
            resolve=project.config.mirror,
        )  # fmt: skip

    came = _walked(project, access, source.name, meter, once)
    pages = _pages(project, access, came.pages)
    used = access if file else dataclasses.replace(access, url=came.url)
    receipt = Receipt(
        source=source.name, requested=tuple(area.bounds), reported=came.reported, received=came.received,
        kept=came.received, dropped={}, repaired=0, absent=(), pages=pages, edition=None, proofs=came.proofs,
        sha256=store.sha256_of_all(rasters.outputs(area, source.raster, raw)),
        **_facts(project, source, used, pages, None),
    )  # fmt: skip
    receipts.write(project.places.receipt(source.name), receipt)


class _Meter:
    """What has come of one step so far, for who looks on."""

    def __init__(self, project: Project, name: str) -> None:
        self._project, self._name = project, name
        self._features, self._bytes = 0, 0
        self._total: int | None = None

    def features(self, done: int, total: int | None) -> None:
        """So many features have come."""
        self._features, self._total = done, total
        self._tell()

    def bytes(self, more: int) -> None:
        """So many bytes more have come."""
        self._bytes += more
        self._tell()

    def _tell(self) -> None:
        self._project.show.amount(self._name, self._features, self._total, self._bytes)


def _load(project: Project, delivery: Delivery, access: Access, box: Bbox | None, older: list[Delivery]) -> None:
    if box is None and delivery.extent != "country":  # or the whole country would be asked
        raise MissingInputError(_NO_AREA.format(delivery.name))
    received, done = _fetched(project, delivery, access, box)
    editions = {d.edition: project.raw(d.layer) for d in older if d.edition and d.edition < (delivery.edition or 0)}
    table, filled = earlier.fill(done.table, delivery.layer, editions)
    path = project.places.layer(delivery.name)
    store.write_geopackage(path, delivery.name, check(table, delivery.layer))
    receipt = _receipt(project, delivery, access, box, received, done)
    receipts.write(project.places.receipt(delivery.name), dataclasses.replace(receipt, filled=filled))


def _fetched(
    project: Project, delivery: Delivery, access: Access, box: Bbox | None
) -> tuple[load_.Received, Conformed]:
    """What came, as declared."""
    settings, meter = project.config.source(delivery.source.name), _Meter(project, delivery.name)

    def once(kept: Kept, _: object) -> tuple[load_.Received, Conformed]:
        if access.protocol == "file":
            received = load_.from_file(access, settings, box, meter.features)
        else:
            received = load_.fetch(
                access, settings, bbox=box, http=kept, progress=meter.features,
                second_pass=project.config.load.second_pass and (kept.twice or not project.offline),
                mirror=project.config.mirror,
            )  # fmt: skip
        return received, conform(received, delivery.source, edition=delivery.edition, bbox=box)

    return _walked(project, access, delivery.name, meter, once)


def _walked(
    project: Project, access: Access, name: str, meter: _Meter, once: Callable[[Kept, dt.datetime | None], _Made]
) -> _Made:
    """Do one walk, on answers that are kept. What does not belong together is asked once more, from the start."""
    shared = bool(access.together)
    folder = project.places.kept(access.protocol if shared else name)
    if access.protocol == "file":
        return once(Kept(project.http, folder, None), None)

    def walk() -> _Made:
        since = project.walks.since(folder, shared=shared)
        kept = Kept(project.http, folder, since, meter.bytes, twice=project.walks.twice(folder))
        try:
            made = once(kept, since)
        except InconsistentError:
            project.walks.forget(folder)
            raise
        if not shared:
            kept.prune()
        project.walks.end(folder, twice=project.config.load.second_pass)
        return made

    try:
        return walk()
    except InconsistentError:
        if project.offline:
            raise
        return walk()


def _receipt(
    project: Project,
    delivery: Delivery,
    access: Access,
    box: Bbox | None,
    received: load_.Received,
    done: Conformed,
) -> Receipt:
    pages = _pages(project, access, received.pages)
    return Receipt(
        source=delivery.name,
        requested=box,
        reported=received.reported,
        received=len(received.table),
        kept=len(done.table),
        dropped=dict(done.dropped),
        repaired=done.repaired,
        absent=tuple(done.absent),
        pages=pages,
        sha256=store.sha256(project.places.layer(delivery.name)),
        edition=delivery.edition,
        proofs=received.proofs,
        **_facts(project, delivery.source, access, pages, delivery.edition),
    )


def _facts(
    project: Project, source: Source | RasterSource, access: Access, pages: tuple[Page, ...], edition: int | None
) -> dict[str, Any]:
    """What the receipt of a layer and of a raster have in common."""
    return {
        "title": Text(*(dated(t, edition) for t in source.title)),
        "register": source.register.name,
        "reference_date": dated(source.reference_date, edition),
        "licence": source.register.licence,
        "attribution": source.register.attribution,
        "protocol": access.protocol,
        "url": project.places.shown(Path(access.url)) if access.protocol == "file" else access.url,
        "retrieved": max(p.retrieved for p in pages),
        "synthetic": project.synthetic,
        "filled": {},
        "software": f"spoorzone {__version__}",
    }


def _pages(project: Project, access: Access, pages: tuple[Page, ...]) -> tuple[Page, ...]:
    if access.protocol == "file":
        pages = tuple(dataclasses.replace(p, url=project.places.shown(Path(access.url))) for p in pages)
    if project.synthetic:  # made, not retrieved: no clock may stand in what is made from it
        pages = tuple(dataclasses.replace(p, retrieved=_SAMPLE_DATE) for p in pages)
    return pages


def _totals_step(project: Project) -> Step:
    reads = dict.fromkeys(n for _, names, _ in _checks(project) for n in names)
    covers = totals.COVER[0] in reads
    return project.step(
        "load", "totals", settings={"the corridor": project.config.corridor.model_dump(mode="json")} if covers else {},
        inputs=(*(project.places.layer(n) for n in reads), *(project.corridor_inputs if covers else ())),
        outputs=(project.places.totals,), code=_CODE, run=lambda: _totals(project),
    )  # fmt: skip


def _checks(project: Project) -> list[tuple[str, tuple[str, ...], Callable[[], Proof]]]:
    """What can be looked at with the sources that are there: source, the layers that are read, the look."""
    wijken = Text("wijken", "wijken")
    all_: list[tuple[str, tuple[str, ...], Callable[[], Proof]]] = [
        ("buurt", ("buurt", "wijk"), lambda: totals.parts_in_whole(project.named("buurt"), "wijk_code", project.named("wijk"), wijken)),
        ("verblijfsobject", ("verblijfsobject", "pand"), lambda: totals.addresses_in_buildings(project.named("verblijfsobject"), project.named("pand"))),
        ("pand", ("pand", "verblijfsobject"), lambda: totals.buildings_with_addresses(project.named("pand"), project.named("verblijfsobject"))),
        (totals.COVER[0], totals.COVER, lambda: totals.cover([project.named(n) for n in totals.COVER], project.corridor)),
    ]  # fmt: skip
    return [c for c in all_ if project.names.issuperset(c[1])]


def _totals(project: Project) -> None:
    receipts.write_totals(project.places.totals, {name: [look()] for name, _, look in _checks(project)})


def _readme_step(project: Project) -> Step:
    names = [*(d.name for d in project.deliveries), *(r.name for r in project.rasters)]
    return project.step(
        "load", "README.md", settings={}, inputs=(*(project.places.receipt(n) for n in names), project.places.totals),
        outputs=(project.places.readme,), code=("load/readme.py", "provenance.py", "wording.py"),
        run=lambda: store.write_text(project.places.readme, readme.text(project.receipts())),
    )  # fmt: skip
