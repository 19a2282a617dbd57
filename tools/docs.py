"""Write the pages that are made from the declarations.

docs/indicators.md, docs/sources.md, docs/config.schema.json, and docs/handleiding.md from the guide that the map shows.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from pipeline import config
from pipeline.atlas import guide
from pipeline.atlas.advice import ADVICE
from pipeline.atlas.declaration import MAPS
from pipeline.clip.kinds import KINDS
from pipeline.contract import UNITS
from pipeline.formulas import written
from pipeline.indicators import INDICATORS, leaves
from pipeline.indicators.series import OTHER_GROUND_ABOVE_SHARE
from pipeline.measures import REASONS, Measure
from pipeline.profiles import PROFILES
from pipeline.sources import NAMES, RASTERS, SOURCES, RasterSource, Source

DOCS = Path(__file__).parent.parent / "docs"
#: How columns end that stand beside another.
_BESIDE = ("_low_count", "_high_count", "_coverage_share")
MADE = "<!-- Made by tools/docs.py from the declarations; edit those. -->"
#: Heading of the guide -> picture in docs/pictures/ that stands below it as soon as it is there, and what it shows.
PICTURES: Mapping[str, tuple[str, str]] = {
    "Handleiding bij de kaart": ("start.jpg", "De kaart zoals ze opent: links de onderwerpen, rechts de legenda"),
    "De kaart lezen": ("card.jpg", "De kaart van een gebied met alle cijfers en de Spacematrix"),
    "Langs het spoor": ("line.jpg", "De grafiek langs het spoor, met de stations"),
    "Jaren vergelijken": ("swipe.jpg", "Twee jaren met een schuif ertussen"),
    "Zoeken, tabel en meenemen": ("print.jpg", "Een afdruk op A4 met titel, legenda, schaalbalk en bron"),
}


def pages() -> Mapping[str, str]:
    """File name -> text."""
    return {
        "indicators.md": "\n".join(_indicators()) + "\n",
        "sources.md": "\n".join(_sources()) + "\n",
        "handleiding.md": "\n".join(_handleiding()) + "\n",
        "config.schema.json": config.schema(),
    }


def _indicators() -> Iterator[str]:
    yield from (MADE, "# Indicators", "")
    yield "Every indicator is computed for every kind of unit that the config asks for. 0 means that the source covers"
    yield "the unit and there is none; an empty value means that the source does not say. The same text, in Dutch and"
    yield "English, stands in the table `data_dictionary` of the GeoPackage."
    yield ""
    yield "A formula is in names of columns of the same table. Why a value is empty is said where it can be; the share of"
    yield "its input that was measured and the bounds stand in columns of their own. *Estimate* says that it rests on an"
    yield "assumption. `spoorzone explain UNIT COLUMN` defends one value."
    yield from ("", "| column | unit | meaning | formula | empty where | coverage and bounds | made from |", "|---|---|---|---|---|---|---|")
    seen = set()
    for indicator in INDICATORS:
        for column in indicator.columns:
            if column.name not in seen:
                seen.add(column.name)
                of = sorted({s for i in INDICATORS if column in i.columns for s in leaves(i) & NAMES})
                yield f"| `{column.name}` | {UNITS[column.unit].text.en} | {_cell(column.meaning.en)} | {_defence(column)} | {', '.join(of)} |"
    yield from _series()
    yield from ("", "## Kinds of unit", "", "| kind | Dutch | English |", "|---|---|---|")
    yield from (f"| `{k.name}` | {k.title.nl} | {k.title.en} |" for k in KINDS)
    yield from ("", "## Stock profiles", "", "Which buildings and addresses count as existing: `[indicators] stock_profile`.", "")
    yield from ("| profile | buildings with status | addresses with status |", "|---|---|---|")
    for name, profile in PROFILES.items():
        yield f"| `{name}` | {'; '.join(sorted(profile.pand_statuses))} | {'; '.join(sorted(profile.address_statuses))} |"


def _series() -> Iterator[str]:
    flagged = [i for i in INDICATORS if i.series]
    names = dict.fromkeys(c.name for i in flagged for c in i.columns if not any(c.name.endswith(e) for e in _BESIDE))
    dated = sorted({s.name for s in SOURCES if s.editions} & {n for i in flagged for n in leaves(i)})
    yield from ("", "## Series over years", "")
    yield f"Where earlier editions of {', '.join(f'`{n}`' for n in dated)} were loaded (`earlier_editions`), these have values"
    yield "for earlier years too, in the table `series` of the GeoPackage: for each year of which all sources with editions"
    yield "were loaded that a column is made from. Units and addresses are those of now in every year: today's addresses only"
    yield "say where in its square or buurt someone lives. A buurt, wijk or gemeente whose outline then differed by more than"
    yield f"{OTHER_GROUND_ABOVE_SHARE:.0%} of its area, or that had another code, is empty: that number is of other ground. In the year of the"
    yield "newest edition a column is empty that this edition does not have yet. CBS rounds every number to five, so the"
    yield "difference of two years says little of a single square."
    yield ""
    yield ", ".join(f"`{name}`" for name in names) + ", and their bounds and coverage."


def _defence(measure: Measure) -> str:
    formula = f"`{_cell(measure.formula)}`" if measure.formula else "estimate" if measure.estimate else ""
    beside = [*([measure.coverage] if measure.coverage else []), *(measure.bounds or ())]
    missing = REASONS[measure.missing].en if measure.missing else ""
    return f"{formula} | {missing} | {', '.join(f'`{b}`' for b in beside)}"


def _sources() -> Iterator[str]:
    yield from (MADE, "# Sources", "")
    yield "What is loaded, and how. `spoorzone doctor` says whether the services still are as they stand here."
    yield ""
    for source in SOURCES:
        yield from _head(source)
        if source.editions:
            yield f"- editions: {', '.join(map(str, source.editions))}; the first unless `[sources.{source.name}] edition` says otherwise"
        if source.earlier:
            yield f"- loaded beside it: {', '.join(map(str, source.earlier))}, unless `earlier_editions` says otherwise"
        for keep in source.keep:
            values = ", ".join(v or "empty" for v in sorted(keep.values))
            yield f"- kept where `{keep.column}` is {values}; the rest is counted as “{keep.reason}”"
        if source.newest_by:
            yield f"- of several versions the one with the newest `{source.newest_by}`"
        if source.missing_at_or_below is not None:
            yield f"- numbers at or below {source.missing_at_or_below:.0f} are codes for “withheld” and become empty"
        for name, values in source.not_known.items():
            yield f"- `{name}`: {', '.join(f'{v:.0f}' for v in sorted(values))} means not known"
        yield from ("", "| column | register's name | unit | meaning |", "|---|---|---|---|")
        yield f"| `{source.layer.key}` | {_native(source.native.get(source.layer.key))} | | key |"
        for column in source.layer.columns:
            unit = UNITS[column.unit].text.en
            yield f"| `{column.name}` | {_native(source.native.get(column.name))} | {unit} | {column.meaning.en} |"
        yield ""


    for raster in RASTERS:
        yield from _head(raster)
        yield f"- cells of {raster.raster.resolution_m:g} m, and means of {raster.raster.overview_resolution_m:g} m beside them"
        yield f"- heights outside {raster.lowest:g} to {raster.highest:g} m are refused; {', '.join(f'{v:g}' for v in sorted(raster.nodata))} means no height"
        yield f"- {raster.raster.meaning.en}"
        yield ""


def _head(source: Source | RasterSource) -> Iterator[str]:
    extent = {"area": "the study area with its margin", "corridor": "the corridor with its margin", "country": "the whole country"}
    yield from (f"## {source.name}: {source.title.en.replace(' {edition}', '')}", "")
    yield f"- register: {source.register.name}, [{source.register.licence}]({source.register.licence_url}), credit “{source.register.attribution}”"
    yield f"- page: <{source.page}>"
    yield f"- loaded for {extent[source.extent]}" + (", only when the config enables it" if source.option else "")
    for access in source.accesses:
        bulk = " (the whole country, when the area is large)" if access.bulk else ""
        yield f"- {access.protocol}: `{access.url}`, `{access.collection}`{bulk}"


def _handleiding() -> Iterator[str]:
    """The guide in Dutch, then each indicator of the maps."""
    yield MADE
    for line in guide.source("nl").rstrip().split("\n"):
        yield line
        picture = PICTURES.get(line.lstrip("# ")) if line.startswith("#") else None
        if picture and (DOCS / "pictures" / picture[0]).exists():
            yield from ("", f"![{picture[1]}](pictures/{picture[0]})")
    yield from ("", "# De cijfers", "")
    yield "Van elke indicator op de kaart: wat het is, hoe het is berekend, wat het zegt en wat het niet zegt. Alle andere"
    yield "cijfers, met hun bronnen, staan in het Engels in [indicators.md](indicators.md)."
    columns = {c.name: c for i in INDICATORS for c in i.columns}
    labels = {c.name: c.label.nl for c in (*KINDS[0].layer.columns, *columns.values())}
    for theme in (t for m in MAPS for t in m.themes):
        yield from ("", f"## {theme.title.nl}")
        for column in (columns[name] for name in theme.columns):
            # As the map shows it: a share as a percentage.
            unit = "%" if column.unit == "share" else UNITS[column.unit].text.nl
            yield from ("", f"### {column.label.nl}", "", column.meaning.nl, "")
            yield f"- Eenheid: {unit}"
            if column.formula:
                yield f"- Formule: {written(column.formula, labels.__getitem__, 'nl')}"
            if column.how:
                yield f"- Berekening: {column.how.nl}"
            yield f"- **Wat het zegt.** {ADVICE[column.name].says.nl}"
            yield f"- **Wat het niet zegt.** {ADVICE[column.name].says_not.nl}"


def _cell(text: str) -> str:
    """A bar ends a cell of a table, so it is escaped."""
    return text.replace("|", "\\|")


def _native(name: str | None) -> str:
    return f"`{name}`" if name else "made from the content of the row"


if __name__ == "__main__":
    stale = [n for n, text in pages().items() if not (DOCS / n).exists() or (DOCS / n).read_text(encoding="utf-8") != text]
    if "--check" in sys.argv:
        sys.exit(f"stale: {', '.join(stale)}; run 'python tools/docs.py'" if stale else 0)
    for name in stale:
        (DOCS / name).write_text(pages()[name], encoding="utf-8")
