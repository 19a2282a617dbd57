"""The tables without geometry in the GeoPackage: what columns mean, where data come from, how layers look."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import pandas as pd

from ..checks.declaration import GROUPS, STATES, Check, State
from ..contract import UNITS, Column, Language, Receipt, Text
from ..measures import REASONS, Measure
from ..provenance import NOT_PROVEN, findings
from .declaration import Listed, base_name
from .layer import KEY, KEY_MEANING, Prepared
from .qml import qml
from .styles import Style, other_styles

_DICTIONARY = (
    "table_name", "column_name", "label_nl", "label_en", "unit", "role", "meaning_nl", "meaning_en",
    "formula", "coverage_column", "low_column", "high_column", "missing_nl", "missing_en", "estimate", "source",
)  # fmt: skip


#: What the rows of the series are of.
_OF_SERIES = (
    Column("kind", "str", "", "label", Text("Soort gebied", "Kind of unit"),
           Text("Tabel waarin het gebied staat.", "Table in which the unit stands.")),
    Column("unit_id", "str", "", "label", KEY, Text("Sleutel van het gebied in die tabel.", "Key of the unit in that table.")),
    Column("year", "int64", "year", "label", Text("Jaar", "Year"),
           Text("Jaar van de uitgaven waaruit de getallen komen, op 1 januari. De gebieden en de adressen zijn steeds die van nu. Leeg waar een buurt, wijk of gemeente toen andere grond was, en in het laatste jaar waar een getal op een eerdere uitgave rust.",
                "Year of the editions that the numbers come from, on 1 January. Units and addresses are those of now in every year. NaN where a buurt, wijk or gemeente was other ground then, and in the last year where a number rests on an earlier edition.")),
)  # fmt: skip


def series(
    by_kind: Mapping[str, pd.DataFrame], measures: Sequence[Column], sources: Mapping[str, tuple[str, ...]]
) -> Listed:
    """Give the series of all kinds of unit as one table.

    Parameters
    ----------
    by_kind
        Kind of unit -> ``unit_id``, ``year`` and any of `measures`.
    measures
        The columns after those, in order.
    sources
        Name of a measure -> the names of the sources behind it.
    """
    columns = (*_OF_SERIES, *measures)
    table = pd.concat([t.assign(kind=kind) for kind, t in by_kind.items()], ignore_index=True)
    return Listed("series", Text("Reeksen over jaren", "Series over years"), table, columns, sources)


def dictionary(
    layers: Sequence[Prepared], receipts: Sequence[Receipt], language: Language, listed: Sequence[Listed] = ()
) -> pd.DataFrame:
    """One row per column of each layer and attribute table, in their order."""
    register = {r.source: r.register for r in receipts}
    rows: list[tuple[str, ...]] = []

    def tell(name: str, columns: Iterable[Column], sources: Mapping[str, tuple[str, ...]], own: tuple[str, ...]) -> None:
        for column in columns:
            behind = [register[s] for s in sources.get(column.name, own) if s in register]
            unit = UNITS[column.unit].text.in_(language)
            rows.append((
                name, column.name, column.label.nl, column.label.en, unit, column.role,
                column.meaning.nl, column.meaning.en, *_defence(column), "; ".join(dict.fromkeys(behind)),
            ))  # fmt: skip

    for one in layers:
        layer = one.declared
        key = Column(layer.key, "str", "", "label", KEY, KEY_MEANING)
        tell(layer.name, (key, *layer.columns), layer.sources, (base_name(layer.name),))
    for table in listed:
        tell(table.name, table.columns, table.sources, ())
    return pd.DataFrame(rows, columns=list(_DICTIONARY), dtype="str")


def _defence(column: Column) -> tuple[str, ...]:
    """How a measure is defended; empty for a column that is copied from its source."""
    if not isinstance(column, Measure):
        return ("",) * 7
    low, high = column.bounds or ("", "")
    missing = REASONS[column.missing] if column.missing else ("", "")
    return (column.formula, column.coverage, low, high, *missing, "1" if column.estimate else "")


def sources(receipts: Sequence[Receipt], language: Language) -> pd.DataFrame:
    """One row per receipt. ``reported`` is NULL where the service gives no count; ``whole`` is what `Receipt.proven` is."""
    rows = [
        {
            "source": r.source,
            "title": r.title.in_(language),
            "register": r.register,
            "reference_date": r.reference_date,
            "licence": r.licence,
            "attribution": r.attribution,
            "url": r.url,
            "retrieved": r.retrieved,
            "requested": "" if r.requested is None else " ".join(f"{x:.10g}" for x in r.requested),
            "reported": r.reported,
            "received": r.received,
            "kept": r.kept,
            "dropped": "; ".join(f"{reason}: {count}" for reason, count in r.dropped.items()),
            "repaired": r.repaired,
            "filled": "; ".join(f"{column}: {year}" for column, year in r.filled.items()),
            "whole": r.proven,
            "proof": "; ".join(
                said.in_(language) if holds else f"{NOT_PROVEN.in_(language)}: {said.in_(language)}"
                for holds, said in findings(r)
            ),
            "synthetic": r.synthetic,
        }
        for r in receipts
    ]
    return pd.DataFrame(rows).astype({"reported": "Int64"}) if rows else pd.DataFrame()


def settings(chosen: Mapping[str, str]) -> pd.DataFrame:
    """One row per setting."""
    return pd.DataFrame({"setting": list(chosen), "value": list(chosen.values())}, dtype="str")


def checks(done: Sequence[Check], language: Language) -> pd.DataFrame:
    """One row per check, those that fail first."""
    order: Mapping[State, int] = {"fails": 0, "differs": 1, "holds": 2, "none": 3}
    rows = [
        {
            "check": c.name,
            "kind": GROUPS[c.group].in_(language),
            "title": c.title.in_(language),
            "state": STATES[c.state].in_(language),
            "holds": c.holds,
            "found": c.found,
            "expected": c.expected,
            "tolerance": c.tolerance.in_(language),
            "looked_at": c.looked_at,
            "off": c.off,
            "worst": c.worst,
            "said": c.said.in_(language),
        }
        for c in sorted(done, key=lambda c: order[c.state])
    ]
    return pd.DataFrame(rows).astype({"found": "float64", "expected": "float64"}) if rows else pd.DataFrame()


def layer_styles(layers: Sequence[Prepared], language: Language, title: str, moment: str) -> pd.DataFrame:
    """The table in which QGIS looks for the style of a layer when it is opened.

    The columns are those that QGIS makes: it asks for most of them by name, and where one is missing it finds
    no style and says so only in its log.
    """
    return pd.DataFrame([
        {
            "f_table_catalog": "",
            "f_table_schema": "",
            "f_table_name": one.declared.name,
            "f_geometry_column": "geom",
            "styleName": name,
            "styleQML": qml(style, one.declared.columns, language, aliases=one.aliases),
            "styleSLD": "",
            "useAsDefault": number == 0,
            "description": f"{title}: {one.declared.title.in_(language)}",
            "owner": "spoorzone",
            "ui": "",
            "update_time": pd.Timestamp(moment),
        }
        for one in layers
        for number, (name, style) in enumerate(looks(one, language).items())
    ])  # fmt: skip


def looks(one: Prepared, language: Language) -> dict[str, Style]:
    """The styles of a layer by name: first the one that it opens with, then others that its columns allow."""
    style = one.declared.style
    if style is None:
        return {}
    drawn = style if style.column in ("", *one.aliases) else style.plain()
    if drawn.name and drawn.name.column not in one.aliases:
        drawn = replace(drawn, name=None)
    more = {title.in_(language): other for title, other in other_styles(one.declared.name) if other.column in one.aliases}
    return {one.declared.name: drawn, **more}
