"""Write units and their numbers as a workbook: a sheet per kind, and sheets that say what the columns mean."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd
import xlsxwriter

from ..contract import UNITS, Column, Language, PipelineError, Receipt, Text
from ..store import whole
from ..wording import number
from . import tables
from .layer import KEY, KEY_MEANING, Prepared

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

#: A kind with more rows would make a workbook that Excel opens in minutes; it is in the CSV files.
MOST_ROWS = 5000
#: What Excel takes of a name of a sheet.
_NAME_LENGTH = 31
_WIDTHS = {"narrow": 11, "wide": 26, "text": 60}
_TITLES = {
    "contents": Text("Inhoud", "Contents"),
    "definitions": Text("Definities", "Definitions"),
    "sources": Text("Bronnen", "Sources"),
    "settings": Text("Instellingen", "Settings"),
}
#: Column of the sheets that explain -> its head; below it stands the name, as in the CSV files and the GeoPackage.
_HEADS = {
    "table_name": Text("Tabel", "Table"),
    "column_name": Text("Kolom", "Column"),
    "label_nl": Text("Naam (Nederlands)", "Label (Dutch)"),
    "label_en": Text("Naam (Engels)", "Label (English)"),
    "unit": Text("Eenheid", "Unit"),
    "role": Text("Rol", "Role"),
    "meaning_nl": Text("Betekenis (Nederlands)", "Meaning (Dutch)"),
    "meaning_en": Text("Betekenis (Engels)", "Meaning (English)"),
    "formula": Text("Formule", "Formula"),
    "coverage_column": Text("Kolom met de dekking", "Column of the coverage"),
    "low_column": Text("Kolom met de ondergrens", "Column of the lower bound"),
    "high_column": Text("Kolom met de bovengrens", "Column of the upper bound"),
    "missing_nl": Text("Waarom leeg (Nederlands)", "Why missing (Dutch)"),
    "missing_en": Text("Waarom leeg (Engels)", "Why missing (English)"),
    "estimate": Text("Schatting", "Estimate"),
    "source": Text("Bron", "Source"),
    "title": Text("Titel", "Title"),
    "register": Text("Registratie", "Register"),
    "reference_date": Text("Peildatum", "Reference date"),
    "licence": Text("Licentie", "Licence"),
    "attribution": Text("Naamsvermelding", "Attribution"),
    "url": Text("Adres", "Address"),
    "retrieved": Text("Opgehaald", "Retrieved"),
    "requested": Text("Gevraagd gebied (RD, m)", "Area requested (RD, m)"),
    "reported": Text("Gemeld door de dienst", "Reported by the service"),
    "received": Text("Ontvangen", "Received"),
    "kept": Text("Gebruikt", "Kept"),
    "dropped": Text("Weggelaten", "Dropped"),
    "repaired": Text("Hersteld", "Repaired"),
    "filled": Text("Aangevuld uit een ouder jaar", "Filled from an older year"),
    "whole": Text("Bewezen volledig", "Proven whole"),
    "proof": Text("Bewijs", "Proof"),
    "synthetic": Text("Verzonnen", "Invented"),
    "setting": Text("Instelling", "Setting"),
    "value": Text("Waarde", "Value"),
}
_SHEET, _ROWS, _HOLDS = Text("Blad", "Sheet"), Text("Rijen", "Rows"), Text("Wat erin staat", "What it holds")
_ELSEWHERE = Text("{count} rijen: te veel voor een werkboek, zie csv/{name}.csv", "{count} rows: too many for a workbook, see csv/{name}.csv")
#: Where the unit does not say how a number is written.
_FORMAT = "#,##0.00"
_FORMATS = {"count": "#,##0", "year": "0", "class": "0", "share": "0.000", "person": "#,##0", "m²": "#,##0", "m³": "#,##0", "m": "#,##0.0"}
#: Rows above the numbers: label, unit, name of the column.
_HEAD = 3


class _Looks(NamedTuple):
    label: Any
    unit: Any
    name: Any
    title: Any
    text: Any
    beside: Any
    numbers: Mapping[str, Any]


def write(
    path: Path,
    layers: Sequence[Prepared],
    *,
    receipts: Sequence[Receipt],
    language: Language,
    title: str,
    settings: Mapping[str, str],
    notes: Sequence[str] = (),
) -> None:
    """Write one sheet per layer to one workbook (XLSX), whole or not at all; the same input makes the same bytes.

    A sheet has three rows above its numbers: label, unit, and the name by which the sheet with definitions knows the
    column. Numbers are numbers, a missing one is an empty cell, and no text is ever taken for a formula or a link.
    A layer with more than 5,000 rows is named in the contents, and not there.

    Parameters
    ----------
    notes
        What is to be known, below the contents.

    Raises
    ------
    PipelineError
        When the disk refuses.
    """
    moment = datetime.datetime.fromisoformat(max(r.retrieved for r in receipts)).replace(tzinfo=None)
    inside = [one for one in layers if len(one.table) <= MOST_ROWS]
    names = dict(zip((one.declared.name for one in inside), _names(inside, language), strict=True))
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with whole(path) as part:
        try:
            with xlsxwriter.Workbook(part, options) as book:
                book.set_properties({"title": title, "created": moment})
                looks = _looks(book)
                _contents(book.add_worksheet(_TITLES["contents"].in_(language)), layers, names, notes, title, language, looks)
                for one in inside:
                    _numbers(book.add_worksheet(names[one.declared.name]), one, language, looks)
                for name, table in {
                    "definitions": tables.dictionary(layers, receipts, language),
                    "sources": tables.sources(receipts, language),
                    "settings": tables.settings(settings),
                }.items():
                    _plain(book.add_worksheet(_TITLES[name].in_(language)), table, language, looks)
        except xlsxwriter.exceptions.FileCreateError as error:
            msg = f"{path}: can't be written: {error}"
            raise PipelineError(msg) from None


def _looks(book: Workbook) -> _Looks:
    made = {text: book.add_format({"num_format": text}) for text in {*_FORMATS.values(), _FORMAT}}
    return _Looks(
        label=book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 0}),
        unit=book.add_format({"italic": True, "font_color": "#56626c"}),
        name=book.add_format({"font_color": "#56626c", "font_size": 8, "bottom": 1}),
        title=book.add_format({"bold": True, "font_size": 14}),
        text=book.add_format({"text_wrap": True, "valign": "top"}),
        beside=book.add_format({"indent": 1}),
        numbers=made,
    )


def _names(layers: Sequence[Prepared], language: Language) -> Iterator[str]:
    """Titles as Excel takes them: 31 characters, none of ``[]:*?/\\``, no two alike whatever their case."""
    taken = {t.in_(language).casefold() for t in _TITLES.values()} | {"history"}  # a name that Excel keeps for itself
    for one in layers:
        whole_ = "".join(" " if c in "[]:*?/\\" else c for c in one.declared.title.in_(language)).strip(" '")
        endings = itertools.chain([""], (f" {n}" for n in itertools.count(2)))
        name = next(n for e in endings if (n := whole_[: _NAME_LENGTH - len(e)].rstrip(" '") + e).casefold() not in taken)
        taken.add(name.casefold())
        yield name


def _contents(
    sheet: Worksheet, layers: Sequence[Prepared], names: Mapping[str, str], notes: Sequence[str], title: str, language: Language, looks: _Looks
) -> None:
    sheet.set_column(0, 0, _WIDTHS["wide"])
    sheet.set_column(1, 1, _WIDTHS["narrow"])
    sheet.set_column(2, 2, _WIDTHS["text"])
    sheet.write_string(0, 0, title, looks.title)
    for column, text in enumerate((_SHEET, _ROWS, _HOLDS)):
        sheet.write_string(2, column, text.in_(language), looks.label)
    for row, one in enumerate(layers, 3):
        name, count = one.declared.name, len(one.table)
        if name in names:
            sheet.write_url(row, 0, f"internal:'{names[name].replace(chr(39), chr(39) * 2)}'!A1", string=names[name])
            sheet.write_string(row, 2, one.declared.title.in_(language), looks.beside)
        else:
            sheet.write_string(row, 0, one.declared.title.in_(language))
            sheet.write_string(row, 2, _ELSEWHERE.in_(language).format(count=number(count, 0, language), name=name), looks.beside)
        sheet.write_number(row, 1, count, looks.numbers["#,##0"])
    for row, note in enumerate(notes, 5 + len(layers)):
        sheet.write_string(row, 0, note)


def _numbers(sheet: Worksheet, one: Prepared, language: Language, looks: _Looks) -> None:
    columns = (Column(one.declared.key, "str", "", "label", KEY, KEY_MEANING), *one.declared.columns)
    for place, column in enumerate(columns):
        unit = UNITS[column.unit].text.in_(language)
        sheet.write_string(0, place, column.label.in_(language), looks.label)
        sheet.write_string(1, place, unit, looks.unit)
        sheet.write_string(2, place, column.name, looks.name)
        wide = "wide" if column.dtype == "str" else "narrow"
        sheet.set_column(place, place, _WIDTHS[wide], looks.numbers[_FORMATS.get(column.unit, _FORMAT)])
        values = one.table[column.name]
        if column.dtype == "str":
            for row, value in enumerate(values, _HEAD):
                if not pd.isna(value):
                    sheet.write_string(row, place, str(value))
        else:
            for row, value in enumerate(values.to_numpy(dtype=float), _HEAD):
                if np.isfinite(value):
                    sheet.write_number(row, place, value)
    sheet.set_row(0, 45)
    sheet.freeze_panes(_HEAD, min(2, len(columns)))
    sheet.autofilter(_HEAD - 1, 0, _HEAD - 1 + max(1, len(one.table)), len(columns) - 1)


def _plain(sheet: Worksheet, table: pd.DataFrame, language: Language, looks: _Looks) -> None:
    head = 2
    for place, name in enumerate(table.columns):
        sheet.write_string(0, place, _HEADS[name].in_(language), looks.label)
        sheet.write_string(1, place, name, looks.name)
        texts = table[name].map(lambda v: isinstance(v, str))
        longest = int(table[name][texts].str.len().max()) if texts.any() else 0
        sheet.set_column(place, place, _WIDTHS["text" if longest > 40 else "wide" if longest > 10 else "narrow"], looks.text)
        for row, value in enumerate(table[name], head):
            if isinstance(value, str):
                sheet.write_string(row, place, value)
            elif not pd.isna(value):
                sheet.write_number(row, place, float(value))
    sheet.freeze_panes(head, min(2, len(table.columns)))
    if len(table):
        sheet.autofilter(head - 1, 0, head - 1 + len(table), len(table.columns) - 1)
