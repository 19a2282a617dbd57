"""An answer as lines for a reader."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterator

from ..contract import UNITS, Column, Language, Text
from ..formulas import written
from ..indicators import REASONS, Measure
from ..provenance import is_synthetic, when
from ..wording import NO_VALUE, number
from .answer import Answer, Part

_WIDTH = 100
_HEADS = {
    "value": Text("waarde", "value"),
    "means": Text("betekenis", "means"),
    "formula": Text("formule", "formula"),
    "made": Text("gemaakt van", "made of"),
    "bounds": Text("grenzen", "bounds"),
    "coverage": Text("dekking", "coverage"),
    "profile": Text("voorraad", "stock"),
    "settings": Text("keuzes", "settings"),
    "sources": Text("bronnen", "sources"),
    "also": Text("ook in", "also in"),
}
_MISSING = Text("ontbreekt: {}", "missing: {}")
_UNSAID = Text("de bron zegt het niet", "the source does not say")
_ESTIMATE = Text("schatting, rust op een aanname", "estimate, rests on an assumption")
_MEASURED = Text("{} % van wat ervoor nodig is, is gemeten", "{} % of what it is made from was measured")
_BETWEEN = Text("ten minste {}, ten hoogste {}", "at least {}, at most {}")
_SUM = Text("som over {} {}", "sum over {} {}")
_MEAN = Text("gemiddelde over {} {}", "mean over {} {}")
_ROW = Text("rij van {}", "row of {}")
_ROWS = Text("rijen van {}", "rows of {}")
_REST = Text("… en nog {}, samen {}", "… and {} more, together {}")
_REST_MEAN = Text("… en nog {}", "… and {} more")
_SAME = Text("gelijk", "the same")
_CHOSEN = Text("gekozen", "chosen")
_SYNTHETIC = Text("verzonnen gegevens", "invented data")


def lines(answer: Answer, language: Language, most_rows: int = 10) -> Iterator[str]:
    """Say an answer line by line; of rows the `most_rows` largest, all with 0."""
    asked, measure = answer.asked, answer.asked.measure
    yield f"{asked.name} ({asked.unit}, {asked.kind.title.in_(language).lower()})"
    yield f"{measure.label.in_(language)} · {measure.name}"
    yield ""
    yield from _said("value", _value(answer, language), language)
    yield from _said("means", measure.meaning.in_(language), language)
    if measure.formula:
        plain = written(measure.formula, lambda n: n, language)
        filled = written(measure.formula, lambda n: _figure(answer.columns[n], answer.values[n], language), language)
        yield from _said("formula", f"{plain}\n= {filled}\n= {_figure(measure, answer.value, language)}", language)
    elif measure.how is not None:
        yield from _said("made", measure.how.in_(language), language)
    for part in answer.parts:
        yield from _part(part, answer.asked.measure, language, most_rows)
    if answer.low is not None and answer.high is not None:
        ends = (_figure(measure, v, language) for v in (answer.low, answer.high))
        yield from _said("bounds", _BETWEEN.in_(language).format(*ends), language)
    if answer.coverage is not None and not math.isnan(answer.coverage):
        share = number(100 * answer.coverage, 0 if answer.coverage == 1 else 1, language)
        yield from _said("coverage", _MEASURED.in_(language).format(share), language)
    yield from _profiles(answer, language)
    if answer.settings:
        said = "\n".join(f"{k} = {number(float(v), _digits(float(v)), language)}" for k, v in answer.settings.items())
        yield from _said("settings", said, language)
    yield from _said("sources", "\n".join(_sources(answer, language)), language)
    if asked.also:
        yield from _said("also", ", ".join(f"{k.title.in_(language)} (--kind {k.name})" for k in asked.also), language)


def _value(answer: Answer, language: Language) -> str:
    measure = answer.asked.measure
    if math.isnan(answer.value):
        why = REASONS[answer.reason] if answer.reason else _UNSAID
        return f"{NO_VALUE}  ({_MISSING.in_(language).format(why.in_(language))})"
    unit = "" if measure.unit in ("count", "year", "class") else UNITS[measure.unit].text.in_(language)
    said = f"{_figure(measure, answer.value, language)} {unit}".strip()
    return f"{said}  ({_ESTIMATE.in_(language)})" if measure.estimate else said


def _part(part: Part, asked: Measure, language: Language, most_rows: int) -> Iterator[str]:
    column = part.column
    if part.rows is None:
        if column is not asked:
            said = (
                column.how.in_(language) if isinstance(column, Measure) and column.how else column.meaning.in_(language)
            )
            yield from _said("made", f"{column.name} = {_figure(column, part.value, language)}: {said}", language)
        return
    count = len(part.rows)
    rows = (_ROW if count == 1 else _ROWS).in_(language).format(part.source)
    head = (_SUM if part.how == "sum" else _MEAN).in_(language).format(number(count, 0, language), rows)
    shown = part.rows if most_rows == 0 else part.rows.head(most_rows)
    listed = [f"  {key}  {_figure(column, amount, language)}" for key, amount in shown.items()]
    if (rest := part.rows.iloc[len(shown) :]).size:
        more = _REST if part.how == "sum" else _REST_MEAN
        listed.append(
            f"  {more.in_(language).format(number(len(rest), 0, language), _figure(column, rest.sum(), language))}"
        )
    said = f"{column.name} = {_figure(column, part.value, language)}: {head}"
    yield from _said("made", "\n".join([said, *listed]), language)


def _profiles(answer: Answer, language: Language) -> Iterator[str]:
    if not answer.profiles:
        return
    said = []
    for profile, value in answer.profiles.items():
        chosen = f"  ({_CHOSEN.in_(language)})" if profile.name == answer.chosen else ""
        change = ""
        if profile.name != answer.chosen and not math.isnan(value - answer.value):
            apart = value - answer.value
            sign = "+" if apart > 0 else ""
            said_apart = f"{sign}{_figure(answer.asked.measure, apart, language)}" if apart else _SAME.in_(language)
            change = f"  ({said_apart})"
        said.append(
            f"{profile.name}: {_figure(answer.asked.measure, value, language)}{chosen}{change}  {profile.title.in_(language)}"
        )
    yield from _said("profile", "\n".join(said), language)


def _sources(answer: Answer, language: Language) -> Iterator[str]:
    for receipt in answer.receipts:
        yield f"{receipt.title.in_(language)}, {when(receipt, language)} ({receipt.register}; {receipt.licence})"
    if is_synthetic(answer.receipts):
        yield _SYNTHETIC.in_(language)


def _said(head: str, text: str, language: Language) -> Iterator[str]:
    """A head in a column of its own, and the text beside it, folded; what is indented in it stays."""
    word = _HEADS[head].in_(language)
    for paragraph in text.split("\n"):
        indent = " " * (len(paragraph) - len(paragraph.lstrip()))
        for i, line in enumerate(textwrap.wrap(paragraph.strip(), _WIDTH - 14 - len(indent)) or [""]):
            yield f"  {word:<12}{indent}{'  ' if i else ''}{line}".rstrip()
            word = ""


def _figure(column: Column, value: float, language: Language) -> str:
    """A number with the digits that its column deserves."""
    if not math.isfinite(value):
        return NO_VALUE
    if column.unit in ("year", "class"):
        return f"{value:.0f}"
    return number(value, _digits(value), language)


def _digits(value: float) -> int:
    """Four figures that count, none behind the separator of what is whole or large."""
    if float(value).is_integer() or abs(value) >= 10_000:
        return 0
    most = max(0, min(6, 3 - math.floor(math.log10(abs(value)))))
    return next(n for n in range(most + 1) if round(value, n) == round(value, most))
