"""Small figures as inline SVG: along the line, bars of shares, the Spacematrix. Each says in words what it shows."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from xml.etree import ElementTree as ET

import pandas as pd

from ..contract import Column, Language
from ..wording import number
from .element import el
from .values import heading, written
from .words import words

#: Width of a chart, in the unit of its text: 12 is read well where the chart is as wide as a page.
WIDE = 760.0
_INK, _QUIET, _GRID, _BAR, _MARK = "#15212b", "#4c5965", "#dfe4e8", "#0b5c7a", "#c8102e"
_GREY = "#a3adb6"
#: Lines of equal L in the Spacematrix.
_LAYERS = (1, 2, 4, 8)


def along(
    column: Column,
    sections: pd.DataFrame,
    stops: Sequence[tuple[str, float]],
    language: Language,
    *,
    high: float = 120.0,
) -> ET.Element:
    """One bar per section, in the order of the line, with the stations where they stand.

    Parameters
    ----------
    sections
        Index ``S<chainage>``, in order; ``unit_name`` and the column.
    stops
        Name and chainage in metres of each station.
    high
        Height of the tallest bar; the whole is 760 wide.
    """
    word, values = words(language), sections[column.name].to_numpy(dtype="float64")
    left, top = 56.0, 26.0
    step = (WIDE - left - 8) / max(len(values), 1)
    known = values[~pd.isna(values)]
    top_value = _round_up(float(known.max()) if len(known) else 1.0)
    begins = [float(str(i)[1:]) for i in sections.index]
    name = f"along-{column.name}"
    made = _svg(
        name, top + high + 24, word["along"].format(column.label.in_(language)), _said(column, sections, language)
    )
    for share in (0.0, 0.5, 1.0):
        y = top + high * (1 - share)
        made.append(el("line", x1=left, x2=WIDE - 8, y1=y, y2=y, stroke=_GRID))
        made.append(
            el(
                "text",
                written(share * top_value, column, language),
                x=left - 6,
                y=y + 4,
                text_anchor="end",
                font_size="11",
                fill=_QUIET,
            )
        )
    for i, value in enumerate(values):
        x = left + i * step
        if math.isnan(value):
            made.append(
                el("text", "–", x=x + step / 2, y=top + high - 4, text_anchor="middle", font_size="11", fill=_QUIET)
            )
            continue
        tall = high * max(value, 0.0) / top_value
        bar = el("rect", x=x + 1, y=top + high - tall, width=max(step - 2, 1), height=tall, fill=_BAR)
        bar.append(el("title", f"{sections['unit_name'].iloc[i]}: {written(value, column, language)}"))
        made.append(bar)
    every = max(1, math.ceil(64 / step))
    for i in range(0, len(begins), every):
        x = left + i * step
        if x <= WIDE - 24:
            made.append(_tick(f"{number(begins[i] / 1000, 1, language)} km", x, top + high + 16, "middle"))
    for called, chainage in stops:
        x = left + step * _at(chainage, begins)
        made.append(el("line", x1=x, x2=x, y1=top - 4, y2=top + high, stroke=_INK, stroke_dasharray="3 3"))
        anchor = "start" if x < WIDE / 4 else "end" if x > 0.75 * WIDE else "middle"
        made.append(el("text", called, x=x, y=top - 10, text_anchor=anchor, font_size="12", fill=_INK))
    return made


def _at(chainage: float, begins: Sequence[float]) -> float:
    """Where a chainage lies, in sections from the first; those beyond the ends at the end."""
    if len(begins) < 2:
        return 0.5
    ends = [*begins[1:], 2 * begins[-1] - begins[-2]]
    for i, (a, b) in enumerate(zip(begins, ends, strict=True)):
        if chainage <= b:
            return i + min(max((chainage - a) / (b - a), 0.0), 1.0)
    return float(len(begins))


def _said(column: Column, sections: pd.DataFrame, language: Language) -> str:
    word, known = words(language), sections[column.name].dropna()
    if known.empty:
        return word["no_value"]
    low, high = (written(float(v), column, language) for v in (known.min(), known.max()))
    return word["along_desc"].format(low, high, high, sections["unit_name"][str(known.idxmax())])


def bars(
    name: str,
    title: str,
    columns: Sequence[Column],
    colours: Sequence[str],
    places: pd.DataFrame,
    language: Language,
    *,
    wide: float = WIDE,
    left: float = 230.0,
    row: float = 30.0,
    say_from: float = math.inf,
) -> ET.Element:
    """One bar of shares per place; what is missing of the whole stays white.

    Parameters
    ----------
    places
        ``unit_name`` and the columns, in the order of the bars.
    wide, left, row
        Width of the whole, of the names, and height of a bar with its margin.
    say_from
        Shares from here on are written in the bar, in percents; none where it is infinite.
    """
    made = _svg(
        name, row * len(places) + 8, title, "; ".join(_shares(r, columns, language) for _, r in places.iterrows()), wide
    )
    for i, (_, values) in enumerate(places.iterrows()):
        y, x = i * row + 4, left
        made.append(
            el(
                "text",
                str(values["unit_name"])[: round((left - 14) / 6)],
                x=left - 8,
                y=y + (row - 8) / 2 + 5,
                text_anchor="end",
                font_size="12",
                fill=_INK,
            )
        )
        made.append(el("rect", x=left, y=y, width=wide - left - 8, height=row - 8, fill="#fff", stroke=_GRID))
        for column, colour in zip(columns, colours, strict=True):
            share = float(values[column.name])
            if not share > 0:
                continue
            length = (wide - left - 8) * share
            part = el("rect", x=x, y=y, width=length, height=row - 8, fill=colour, stroke=_QUIET, stroke_width="0.5")
            part.append(el("title", f"{column.label.in_(language)}: {written(share, column, language)} %"))
            made.append(part)
            if share >= say_from:
                said = number(100 * share, 0, language)
                made.append(el("text", said, x=x + length / 2, y=y + (row - 8) / 2 + 4, text_anchor="middle",
                               font_size="11", fill=_on(colour)))  # fmt: skip
            x += length
    return made


def legend(labels: Sequence[str], colours: Sequence[str]) -> ET.Element:
    """What each colour of the bars is."""
    entries = [
        el("li", el("svg", el("rect", width=14, height=14, fill=colour, stroke=_QUIET, stroke_width="0.5"), width=14, height=14, viewBox="0 0 14 14", aria_hidden="true"),
           f" {label}")
        for label, colour in zip(labels, colours, strict=True)
    ]  # fmt: skip
    return el("ul", entries, class_="legend")


def _shares(row: pd.Series, columns: Sequence[Column], language: Language) -> str:
    said = [f"{c.label.in_(language)} {written(float(row[c.name]), c, language)} %" for c in columns if row[c.name] > 0]
    return f"{row['unit_name']}: {', '.join(said)}"


def scatter(
    title: str,
    desc: str,
    across: Column,
    up: Column,
    places: pd.DataFrame,
    marked: Sequence[bool],
    language: Language,
    *,
    wide: float = WIDE,
    high: float = 330.0,
    right: float = 144.0,
    named: pd.DataFrame | None = None,
) -> ET.Element:
    """A point per place, with lines of equal ratio: in the Spacematrix building layers, L = FSI / GSI.

    Parameters
    ----------
    places
        ``unit_name`` and both columns; a place that lacks one is left out.
    marked
        For each of the places whether it is filled with colour.
    wide, high, right
        Width of the whole; height between the axes; what is kept free on the right for words.
    named
        Places that stand over the others, large and with their names, the others grey; None for none.
    """
    word, left, top = words(language), 56.0, 36.0
    across_wide = wide - left - right
    known = places[[across.name, up.name]].notna().all(axis=1).to_numpy()
    there = places[known]
    over = there[:0] if named is None else named[named[[across.name, up.name]].notna().all(axis=1)]
    both = pd.concat([there[[across.name, up.name]], over[[across.name, up.name]]])
    most_x, most_y = (_round_up(float(both[c.name].max()) if len(both) else 1.0) for c in (across, up))
    made = _svg("spacematrix", top + high + 44, title, desc, wide)
    for value in _ticks(most_y):
        y = top + high * (1 - value / most_y)
        made.append(el("line", x1=left, x2=left + across_wide, y1=y, y2=y, stroke=_GRID))
        made.append(_tick(written(value, up, language), left - 6, y + 4, "end"))
    for value in _ticks(most_x):
        x = left + across_wide * value / most_x
        made.append(_tick(written(value, across, language), x, top + high + 16, "middle"))
    for layers in _LAYERS:
        end = min(most_x, most_y / layers)
        x, y = left + across_wide * end / most_x, top + high * (1 - end * layers / most_y)
        made.append(el("line", x1=left, y1=top + high, x2=x, y2=y, stroke=_QUIET, stroke_dasharray="2 4"))
        # Beside the end of the line: to the right where it leaves at the right, above where it leaves at the top.
        beside = end == most_x
        said = word["layer"] if layers == 1 else word["layers"].format(layers)
        made.append(_tick(said, x + 6, y + 4, "start") if beside else _tick(said, x, y - 5, "middle"))
    for (_, row), inside in zip(there.iterrows(), [m for m, k in zip(marked, known, strict=True) if k], strict=True):
        x, y = left + across_wide * row[across.name] / most_x, top + high * (1 - row[up.name] / most_y)
        point = el(
            "circle",
            cx=x,
            cy=y,
            r=4.5 if named is None else 3.5,
            fill=_BAR if inside else "#fff" if named is None else _GREY,
            stroke=_BAR if inside else _QUIET if named is None else "#fff",
            stroke_width="1.5" if named is None else "0.8",
        )
        point.append(
            el(
                "title",
                f"{row['unit_name']}: {written(row[across.name], across, language)}; {written(row[up.name], up, language)}",
            )
        )
        made.append(point)
    for _, row in over.iterrows():
        x, y = left + across_wide * row[across.name] / most_x, top + high * (1 - row[up.name] / most_y)
        made.append(el("circle", cx=x, cy=y, r=7, fill=_MARK, stroke="#fff", stroke_width="2"))
        left_of = x > left + 0.6 * across_wide
        made.append(el("text", str(row["unit_name"]), x=x - 11 if left_of else x + 11, y=y + 4, font_size="13", font_weight="650",
                       text_anchor="end" if left_of else "start", fill=_INK, stroke="#fff", stroke_width="4", paint_order="stroke"))  # fmt: skip
    made.append(
        el(
            "text",
            heading(across, language),
            x=left + across_wide,
            y=top + high + 36,
            text_anchor="end",
            font_size="12",
            fill=_INK,
        )
    )
    made.append(el("text", heading(up, language), x=left - 6, y=14, font_size="12", fill=_INK))
    return made


def _tick(said: str, x: float, y: float, anchor: str) -> ET.Element:
    return el("text", said, x=x, y=y, text_anchor=anchor, font_size="11", fill=_QUIET)


def _on(colour: str) -> str:
    """Ink or white: what is read best on a colour."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return _INK if 0.299 * red + 0.587 * green + 0.114 * blue > 128 else "#fff"


def _svg(name: str, height: float, title: str, desc: str, wide: float = WIDE) -> ET.Element:
    return el(
        "svg", el("title", title, id=f"{name}-title"), el("desc", desc, id=f"{name}-desc"),
        viewBox=f"0 0 {wide:g} {height:g}", role="img", aria_labelledby=f"{name}-title", aria_describedby=f"{name}-desc",
    )  # fmt: skip


def _round_up(value: float) -> float:
    """The next round number: what an axis ends with."""
    if value <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(m * power for m in (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10) if m * power >= value * (1 - 1e-12))


def _ticks(top: float) -> list[float]:
    """Round numbers from 0 to the end of an axis."""
    power = 10.0 ** math.floor(math.log10(top) + 1e-9)
    parts = {1: 5, 1.5: 3, 2: 4, 2.5: 5, 3: 3, 4: 4, 5: 5, 6: 3, 8: 4}[round(top / power, 1)]
    return [top * i / parts for i in range(parts + 1)]


def columns_there(names: Sequence[str], columns: Mapping[str, Column]) -> list[Column]:
    """Those of the columns that were computed."""
    return [columns[n] for n in names if n in columns]
