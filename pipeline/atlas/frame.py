"""What the sheets share: the page around them, tables with bounds and notes, bars with their legend."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from importlib.resources import files
from xml.etree import ElementTree as ET

import pandas as pd

from ..contract import UNITS, Column, Language, Text
from ..figures import charts
from ..figures.bars import LAND_USE as LAND_USE_BARS
from ..figures.bars import YEARS, Bars
from ..figures.element import Child, el, html
from ..figures.values import Value, value_of
from ..measures import Measure
from ..palettes import OTHER_USE, USE
from .sheet_words import words

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
_AMENITIES = ("education", "health_care", "assembly", "sport", "lodging", "prison")
_COLOURS = {c.label.nl: c.colour for c in USE}
#: Uses that stand together in the function mix, where each alone is too thin to see.
AMENITIES = Measure(
    "floor_area_amenities_share", "float64", "share", "intensive", Text("Voorzieningen", "Amenities"),
    Text("Vloeroppervlak voor onderwijs, zorg, bijeenkomst, sport, logies en cel, gedeeld door al het vloeroppervlak met gebruiksdoel.",
         "Floor area for education, health care, assembly, sport, lodging and prison, divided by all floor area with a use."),
    formula=" + ".join(f"floor_area_{use}_share" for use in _AMENITIES), coverage="floor_area_coverage_share", missing="no_floor_area",
)  # fmt: skip
FUNCTIONS = Bars(
    Text("Functies naar vloeroppervlak", "Uses by floor area"),
    tuple(f"floor_area_{use}_share" for use in ("housing", "office", "retail", "industry", "amenities", "other")),
    (*(_COLOURS[n] for n in ("Wonen", "Kantoor", "Winkel", "Industrie", "Voorzieningen")), OTHER_USE.colour),
    (
        Text("wonen", "housing"),
        Text("kantoor", "offices"),
        Text("winkel", "shops"),
        Text("industrie", "industry"),
        Text("voorzieningen", "amenities"),
        Text("overig", "other"),
    ),
)
BARS: tuple[Bars, ...] = (YEARS, FUNCTIONS, LAND_USE_BARS)
#: Shares from here on are written in the bar.
_SAY_FROM = 0.08
#: A bar that is shorter is seen to be.
_FULL = 0.97


def page(
    name: str, title: str, *, project: str, language: Language, notice: str | None, head: Sequence[Child],
    main: Sequence[Child], foot: Sequence[Child],
) -> str:  # fmt: skip
    """Give the text of a page: one file, no script, no network; all that is text is escaped.

    Parameters
    ----------
    name
        Stem of its style sheet, which follows the one that all sheets share.
    title, project
        Said by the browser.
    notice
        Said in a band over the page.
    head, main, foot
        What stands in these parts of the page.
    """
    word = words(language)
    assets = files(__package__) / "assets"
    style = "".join((assets / f"{n}.css").read_text("utf-8") for n in ("sheets", name))
    top = el(
        "head", el("meta", charset="utf-8"), el("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        el("meta", name="viewport", content="width=device-width, initial-scale=1"),
        el("title", f"{title} – {project}"), el("style", style),
    )  # fmt: skip
    band = el("p", notice, class_="notice", role="region", aria_label=word["notice"]) if notice else None
    body = el("body", band, el("header", head), el("main", main), el("footer", foot), class_=name)
    return f"<!DOCTYPE html>\n{html(el('html', top, body, lang=language))}\n"


def unit_of(column: Column, language: Language) -> str:
    """The unit as it stands beside a label; '' for numbers, years and classes, and where the label says it."""
    if column.unit in ("count", "year", "class"):
        return ""
    short = {"share": "%", "m²/m²": "m²/m²"}.get(column.unit, UNITS[column.unit].text.in_(language))
    label = column.label.in_(language)
    return "" if short in label or (column.unit == "1/ha" and "per hectare" in label) else short


def titled(column: Column, language: Language) -> str:
    """The label with its unit, as a drawing is called."""
    unit = unit_of(column, language)
    return f"{column.label.in_(language)} ({unit})" if unit else column.label.in_(language)


class Notes:
    """What stands under a table: why values are missing, by letter, and what the signs mean."""

    def __init__(self, language: Language) -> None:
        self._language = language
        self._letters: dict[Text, str] = {}
        self._used: dict[str, None] = {}

    def cell(self, value: Value) -> list[Child]:
        """The value with its bounds, its coverage and the letter of its note."""
        made: list[Child] = [value.text]
        if value.reason is not None:
            made.append(el("sup", self._letters.setdefault(value.reason, chr(ord("a") + len(self._letters)))))
        if value.bounds:
            self._used["interval"] = None
            made.append(el("small", f" ({value.bounds})"))
        if value.coverage:
            self._used["partly"] = None
            made.append(el("small", f" ◐ {value.coverage}"))
        return made

    def text(self) -> str:
        """All of them in one line; '' where there are none."""
        word = words(self._language)
        said = [f"{letter} {text.in_(self._language)}" for text, letter in self._letters.items()]
        said += [f"◐ {word['partly']}" if n == "partly" else word[n] for n in self._used]
        return "; ".join(said) + "." if said else ""


def value(column: Column, row: pd.Series, columns: Mapping[str, Column], language: Language) -> Value:
    """Write the value of a column in one place."""
    return value_of(column, {str(k): v for k, v in row.items()}, columns, language)


def with_amenities(table: pd.DataFrame) -> pd.DataFrame:
    """Put the share of amenities beside the shares that it is the sum of, where they are there."""
    parts = [f"floor_area_{use}_share" for use in _AMENITIES]
    if not set(parts) <= set(table):
        return table
    return table.assign(**{AMENITIES.name: table[parts].sum(axis=1, skipna=False)})


def bars(
    spec: Bars, places: pd.DataFrame, columns: Mapping[str, Column], language: Language, *, wide: float, left: float,
    name: str = "",
) -> ET.Element | None:  # fmt: skip
    """Draw a bar of shares per place, with its legend; None where a column or every value is missing.

    Parameters
    ----------
    places
        `unit_name` and the columns.
    wide, left
        Width of the drawing and of the names, in the unit of its text.
    name
        Identifier in the page; the first column where it is ''.
    """
    known = {**columns, AMENITIES.name: AMENITIES}
    if not set(spec.columns) <= set(places) or not set(spec.columns) <= known.keys():
        return None
    there = places[places[list(spec.columns)].notna().any(axis=1)]
    if there.empty:
        return None
    title, parts = spec.title.in_(language), [known[n] for n in spec.columns]
    drawn = charts.bars(
        name or spec.columns[0], title, parts, spec.colours, there, language,
        wide=wide, left=left, row=25.0, say_from=_SAY_FROM,
    )  # fmt: skip
    used = [i for i, n in enumerate(spec.columns) if (there[n] > 0).any()]
    key = charts.legend([spec.labels[i].in_(language) for i in used], [spec.colours[i] for i in used])
    short = (there[list(spec.columns)].sum(axis=1) < _FULL).any()
    partly = el("p", words(language)["bars_partly"]) if short else None
    return el("figure", el("figcaption", f"{title} (%)"), drawn, key, partly, class_="bars")


def largest(values: Sequence[float]) -> float:
    """The largest that is known; 0 where none is."""
    return max((v for v in values if math.isfinite(v)), default=0.0)
