"""What a service offers against what is declared. Pure: nothing here asks anybody."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd

from ..config import SourceSettings
from ..contract import CRS, SourceError
from ..load.geojson import RD_RANGE
from ..load.names import snakes
from ..load.probes import Offered
from ..load.received import Received, mapped, renamed
from ..sources import Access, RasterSource, Source, dated

#: Features in one answer, as the loader asks them.
_PAGE = 1000
_NAMED = 6
_NUMBER = re.compile(r"\s*[+-]?\d+(\.\d+)?([eE][+-]?\d+)?\s*")
#: A part of a cell by which a corner may be off.
_SLACK = 1e-4


@dataclass(frozen=True)
class Finding:
    """One thing that was seen. What has changed must be acted on; the rest is good to know."""

    changed: bool
    said: str


def compare(
    source: Source, edition: int | None, access: Access, settings: SourceSettings, offered: Offered
) -> tuple[Finding, ...]:
    """Say in what a service differs from the declaration of `source`.

    Parameters
    ----------
    source, edition
        What should be there.
    access
        The way that was asked.
    settings
        What the config says of this source; its names and values hold as they do when it is loaded.
    offered
        What is there.

    Returns
    -------
    tuple of Finding
        What has changed first. Empty where all is as declared and there is nothing to add.
    """
    found = [*_named(source.name, edition, access, offered)]
    if not found or not found[-1].changed:
        found += _systems(offered)
        found += _columns(source, edition, access, settings, offered)
        found += _one_feature(source, offered)
        found += _manners(access, offered)
    found += [Finding(True, plain(r)) for r in offered.refused]
    found += [Finding(False, r) for r in offered.remarks]
    return tuple(sorted(found, key=lambda f: not f.changed))


def compare_raster(source: RasterSource, access: Access, offered: Offered) -> tuple[Finding, ...]:
    """Say in what a service differs from the declaration of a raster; as `compare`."""
    found = [*_named(source.name, None, access, offered)]
    if not found or not found[-1].changed:
        found += _systems(offered)
        if offered.formats is not None and "image/tiff" not in offered.formats:
            found.append(Finding(True, f"image/tiff is no longer among its formats ({_some(offered.formats)})"))
        found += _grid(source, offered)
    found += [Finding(True, plain(r)) for r in offered.refused]
    found += [Finding(False, r) for r in offered.remarks]
    return tuple(sorted(found, key=lambda f: not f.changed))


def _named(name: str, edition: int | None, access: Access, offered: Offered) -> Iterator[Finding]:
    """The address, and the name in what can be asked there; the last is what nothing can be seen without."""

    def again(text: str) -> str:
        """As the config should have it: for any year."""
        return text.replace(str(edition), "{edition}") if edition else text

    if offered.moved:
        yield Finding(True, f'it sends to {offered.moved}: [sources.{name}] url = "{again(offered.moved)}"')
    if offered.collections is not None and access.collection not in offered.collections and access.collection:
        near = _nearest(access.collection, offered.collections)
        key = "layer" if access.protocol == "file" else "collection"
        does = (
            f'did you mean {near!r}? [sources.{name}] {key} = "{again(near)}"'
            if near
            else f"there are {_some(offered.collections)}; name it with [sources.{name}] {key}"
        )
        yield Finding(True, f"{key} {access.collection!r} is not there; {does}")


def _systems(offered: Offered) -> Iterator[Finding]:
    if offered.crs is not None and CRS not in offered.crs:
        yield Finding(True, f"{CRS} is not among its CRS ({_some(offered.crs)})")
    if offered.answers_in is not None and offered.answers_in != CRS:
        yield Finding(True, f"asked for {CRS}, it answers in {offered.answers_in}")
    low_x, low_y, high_x, high_y = RD_RANGE
    if offered.place is not None:
        west, south, east, north = offered.place
        if not (low_x <= west and east <= high_x and low_y <= south and north <= high_y):
            said = f"{west:.6g},{south:.6g}"
            yield Finding(
                True, f"its feature lies at {said}, outside the Netherlands in {CRS}: another CRS, or x and y exchanged"
            )


def _columns(
    source: Source, edition: int | None, access: Access, settings: SourceSettings, offered: Offered
) -> Iterator[Finding]:
    """The columns that the loader needs, under the names that it gives them."""
    if offered.columns is None:
        return
    # A table of one row, whose values are what its columns hold, goes the way that data go.
    table = gpd.GeoDataFrame({n: [k] for n, k in offered.columns.items()}, geometry=[None], crs=CRS)
    try:
        received = mapped(
            renamed(Received(table, None, ()), access.renames), settings.columns, settings.values, "the config"
        )
        chosen = {c: c for c in (*settings.columns, *settings.values)}
        others = snakes([str(c) for c in received.table.columns if c not in chosen], "the config")
    except SourceError as error:
        yield Finding(True, str(error))
        return
    there: Mapping[str, Any] = received.table.rename(columns=others).iloc[0].drop("geometry").to_dict()
    spare = [c for c in there if c not in _used(source, edition)]
    for name, why in _needed(source, edition).items():
        if name not in there and name not in received.lacks:
            yield Finding(True, f"column {name!r} {why}is not there; {_rename(source.name, name, spare)}")
    gone = [n for n in _optional(source, edition) if n not in there and n not in received.lacks]
    if gone:
        yield Finding(False, f"without {_some(gone)}, which it may lack")
    for column in source.layer.columns:
        name = dated(source.native[column.name], edition)
        if column.dtype != "str" and name not in settings.values and there.get(name) in ("text", "flag", "other"):
            theirs = settings.columns.get(name) or access.renames.get(name, name)
            yield _other_kind(name, str(there[name]), offered.row.get(theirs, offered.row.get(name)))


def _other_kind(name: str, kind: str, value: object) -> Finding:
    """A column that should hold numbers and holds something else."""
    if kind == "text" and isinstance(value, str) and (not value.strip() or _NUMBER.fullmatch(value)):
        return Finding(False, f"{name!r} holds numbers written as text, which are read as numbers")
    example = "" if value is None else f", as {str(value)[:40]!r}"
    what = {"text": "text", "flag": "true or false"}.get(kind, "lists or objects")
    return Finding(True, f"column {name!r} holds {what}{example}, expected numbers")


def _needed(source: Source, edition: int | None) -> dict[str, str]:
    """Columns without which nothing is loaded, or rows stay that should go; and what each does, where that is not plain."""
    native = {ours: dated(name, edition) for ours, name in source.native.items()}
    key = native.get(source.layer.key)
    needed = {key: "(the key) "} if key else {}
    needed |= {native[c.name]: "" for c in source.layer.columns if c.name not in source.optional}
    needed |= {r.column: f"(leaves out: {r.reason}) " for r in source.keep if r.column not in needed}
    if source.newest_by:
        needed[source.newest_by] = "(tells which version is the newest) "
    return needed


def _optional(source: Source, edition: int | None) -> list[str]:
    names = [dated(source.native[c.name], edition) for c in source.layer.columns if c.name in source.optional]
    return [n for n in names if n not in _needed(source, edition)]


def _used(source: Source, edition: int | None) -> set[str]:
    return {*_needed(source, edition), *_optional(source, edition)}


def _rename(source: str, name: str, spare: Sequence[str]) -> str:
    near = _nearest(name, spare)
    if near:
        return f'did you mean {near!r}? map it: [sources.{source}] columns = {{ {name} = "{near}" }}'
    others = f"not used so far are {_some(spare)}" if spare else "there is no other"
    return f'{others}; map it: [sources.{source}] columns = {{ {name} = "its name there" }}'


def _one_feature(source: Source, offered: Offered) -> Iterator[Finding]:
    if offered.features == 0:
        yield Finding(True, "gives no feature where there should be some")
    for rule in source.keep:
        value = offered.row.get(rule.column)
        if isinstance(value, str) and value not in rule.values:
            yield Finding(False, f"its first feature has {rule.column} {value[:40]!r} and is left out ({rule.reason})")


def _manners(access: Access, offered: Offered) -> Iterator[Finding]:
    """Limits, counts and forms."""
    if offered.most is not None and offered.most < _PAGE:
        yield Finding(
            True,
            f"gives {offered.most:,} features at a time, expected {_PAGE:,}: loading asks {-(-_PAGE // max(offered.most, 1))} times as often",
        )
    if (
        access.protocol == "wfs"
        and offered.formats is not None
        and not any("json" in f.lower() for f in offered.formats)
    ):
        yield Finding(True, f"GeoJSON is no longer among its formats ({_some(offered.formats)})")
    if offered.counts is False:
        yield Finding(False, "does not count, so it is asked twice")


def _grid(source: RasterSource, offered: Offered) -> Iterator[Finding]:
    cell, grid = source.raster.resolution_m, offered.grid
    if grid is None:
        return
    if max(abs(grid.width_m - cell), abs(grid.height_m - cell)) > _SLACK * cell:
        yield Finding(True, f"cells are {grid.width_m:g} × {grid.height_m:g} m, expected {cell:g} m")
    elif any(abs(v / cell - round(v / cell)) > _SLACK for v in (grid.west, grid.south)):
        # Some services state the middle of the corner cell; the cells that were asked decide.
        yield Finding(False, f"states its corner at {grid.west:.10g},{grid.south:.10g}, no multiple of {cell:g} m")


# What is said


def _nearest(name: str, known: Sequence[str]) -> str:
    return next(iter(difflib.get_close_matches(name, known, n=1, cutoff=0.6)), "")


def _some(all_: Sequence[str]) -> str:
    more = f" and {len(all_) - _NAMED} more" if len(all_) > _NAMED else ""
    return (", ".join(all_[:_NAMED]) or "none") + more


def plain(error: str) -> str:
    """An error without the long address that it begins with."""
    return re.sub(r"^https?://\S+: ", "", error, count=1)
