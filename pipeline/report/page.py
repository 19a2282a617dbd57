"""The page: a section per theme, the stock by every profile, one centre or two, and the checks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.resources import files
from xml.etree import ElementTree as ET

import pandas as pd

from ..checks.declaration import GROUPS, STATES, Check, State
from ..contract import Column, Language, Receipt, Text
from ..figures import charts
from ..figures.bars import Bars
from ..figures.element import el, html
from ..figures.values import Value, heading, value_of, written
from ..figures.words import words as chart_words
from ..provenance import checks_line, completeness_line, undated, when
from ..wording import NO_VALUE, number
from .declaration import BAR_PLACES, PLACES, THEMES, Given, Theme
from .words import words

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_MARKS: Mapping[State, str] = {"holds": "✓", "differs": "≈", "fails": "✗", "none": "–"}
#: Checks of these are shown also where they hold: there the number says something.
_TOLD = frozenset({"published", "completeness"})
_FIGURE_TABLE = "figures"


def draw(
    *,
    project: str,
    language: Language,
    notice: str | None,
    source_line: str,
    settings_line: str,
    date: str,
    given: Mapping[str, Given],
    stops: Sequence[tuple[str, float]],
    receipts: Sequence[Receipt],
    checks: Sequence[Check],
    settings: Mapping[str, str],
    profiles: pd.DataFrame | None,
    profile_titles: Mapping[str, Text],
    chosen: str,
    centres: pd.DataFrame | None,
) -> str:
    """Draw the report: the text of one HTML file, no script, no network. The same input gives the same text.

    Parameters
    ----------
    project, source_line, settings_line, date
        Said as they are.
    notice
        Said in a band over the page: invented data, failing checks.
    given
        Kind of unit -> its units; one that is not there is left out, and so is what is not among its columns.
    stops
        Name and chainage of the stations along the line.
    receipts, checks, settings
        Of the run.
    profiles
        A row per profile, kind and unit: ``profile``, ``kind``, ``unit_id``, and what was counted; None without stock.
    profile_titles, chosen
        Stock profiles by name, and the name of the one that counts.
    centres
        As `indicators.centres.centres` gives them; None without inhabitants.
    """
    word = words(language)
    themes = [t for t in (_theme(theme, given, stops, language) for theme in THEMES) if t is not None]
    more = [
        _centres(centres, language) if centres is not None and len(centres) else None,
        _profiles(profiles, profile_titles, chosen, given, language)
        if profiles is not None and len(profiles)
        else None,
        _checks(checks, language),
        _sources(receipts, settings, language),
    ]
    sections = [*themes, *(m for m in more if m is not None)]
    links = el("ul", [el("li", el("a", s.findtext("h2") or "", href=f"#{s.get('id')}")) for s in sections])
    style = files(__package__).joinpath("assets/report.css").read_text("utf-8")
    body = el(
        "body",
        el("p", notice, class_="notice", role="region", aria_label=word["notice"]) if notice else None,
        el("header", el("p", word["title"], class_="kind"), el("h1", project), el("p", settings_line),
           el("p", word["retrieved"].format(date)), _verdict(checks, language),
           el("nav", el("h2", word["contents"]), links, aria_label=word["contents"])),
        el("main", sections),
        el("footer", el("p", source_line), el("p", completeness_line(receipts, language))),
    )  # fmt: skip
    head = el(
        "head", el("meta", charset="utf-8"), el("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        el("meta", name="viewport", content="width=device-width, initial-scale=1"),
        el("title", f"{word['title']} – {project}"), el("style", style),
    )  # fmt: skip
    return f"<!DOCTYPE html>\n{html(el('html', head, body, lang=language))}\n"


# --- themes


def _theme(
    theme: Theme, given: Mapping[str, Given], stops: Sequence[tuple[str, float]], language: Language
) -> ET.Element | None:
    columns: dict[str, Column] = {}
    for place in given.values():
        columns |= place.columns
    shown = charts.columns_there(theme.columns, columns)
    if not shown:
        return None
    word, title = words(language), theme.title.in_(language)
    meanings = [x for c in shown for x in (el("dt", heading(c, language)), el("dd", c.meaning.in_(language)))]
    return el(
        "section", el("h2", title),
        _table(theme.name, title, shown, given, language),
        el("details", el("summary", word["meaning"]), el("dl", meanings)),
        list(_lines(theme, given, stops, language)),
        [f for b in theme.bars if (f := _bars(theme, b, given, language)) is not None],
        _scatter(theme, given, language),
        id=theme.name,
    )  # fmt: skip


def _table(
    name: str, title: str, columns: Sequence[Column], given: Mapping[str, Given], language: Language
) -> ET.Element:
    word = words(language)
    notes: dict[Text, str] = {}
    used: set[str] = set()
    bodies = []
    for kind in PLACES:
        if kind not in given or not len(given[kind].table):
            continue
        here = given[kind]
        rows = []
        for _, row in here.table.iterrows():
            cells = [
                _cell(value_of(c, {str(k): v for k, v in row.items()}, here.columns, language), notes, used) if c.name in here.columns
                else el("td", NO_VALUE)
                for c in columns
            ]  # fmt: skip
            rows.append(el("tr", el("th", str(row["unit_name"]), scope="row"), cells))
        if kind != "corridor":
            rows.insert(
                0,
                el(
                    "tr",
                    el("th", here.kind.title.in_(language), colspan=len(columns) + 1, scope="rowgroup"),
                    class_="group",
                ),
            )
        bodies.append(el("tbody", rows))
    head = el(
        "thead",
        el("tr", el("th", word["place"], scope="col"), [el("th", heading(c, language), scope="col") for c in columns]),
    )
    said = [f"{letter} {text.in_(language)}" for text, letter in notes.items()]
    if "interval" in used:
        said.append(word["interval"])
    if "partly" in used:
        said.append(f"◐ {word['partly']}")
    return el(
        "div",
        _scroll(f"t-{name}", title, head, bodies),
        el("p", "; ".join(said) + ".", class_="notes") if said else None,
    )


def _cell(value: Value, notes: dict[Text, str], used: set[str]) -> ET.Element:
    made = el("td", value.text)
    if value.reason is not None:
        letter = notes.setdefault(value.reason, chr(ord("a") + len(notes)))
        made.append(el("sup", letter))
    if value.bounds:
        used.add("interval")
        made.append(el("small", f"({value.bounds})"))
    if value.coverage:
        used.add("partly")
        made.append(el("small", f"◐ {value.coverage}", class_="partly"))
    return made


def _scroll(name: str, title: str, *parts: ET.Element | Sequence[ET.Element]) -> ET.Element:
    """A table that is read sideways where the page is narrow."""
    caption = el("caption", title, id=name)
    return el("div", el("table", caption, *parts), class_="scroll", tabindex="0", role="region", aria_labelledby=name)


def _lines(
    theme: Theme, given: Mapping[str, Given], stops: Sequence[tuple[str, float]], language: Language
) -> Iterator[ET.Element]:
    word = chart_words(language)
    if "section" not in given or not len(given["section"].table):
        return
    here = given["section"]
    columns = charts.columns_there(theme.line, here.columns)
    for column in columns:
        title = word["along"].format(heading(column, language))
        yield _figure(title, charts.along(column, here.table, stops, language), None)
    if columns:
        yield _behind(f"{theme.name}-line", theme.title.in_(language), here.table, columns, language)


def _behind(name: str, title: str, table: pd.DataFrame, columns: Sequence[Column], language: Language) -> ET.Element:
    """The numbers of a drawing, folded away."""
    word = words(language)
    rows = [
        el("tr", el("th", str(row["unit_name"]), scope="row"), [el("td", written(float(row[c.name]), c, language)) for c in columns])
        for _, row in table.iterrows()
    ]  # fmt: skip
    head = el(
        "thead",
        el("tr", el("th", word["place"], scope="col"), [el("th", heading(c, language), scope="col") for c in columns]),
    )
    return el(
        "details",
        el("summary", word[_FIGURE_TABLE]),
        _scroll(f"f-{name}", f"{word[_FIGURE_TABLE]}: {title}", head, el("tbody", rows)),
    )


def _bars(theme: Theme, spec: Bars, given: Mapping[str, Given], language: Language) -> ET.Element | None:
    kinds = [given[k] for k in BAR_PLACES if k in given and all(c in given[k].columns for c in spec.columns)]
    if not kinds:
        return None
    columns = [kinds[0].columns[c] for c in spec.columns]
    places = pd.concat([k.table[["unit_name", *spec.columns]] for k in kinds])
    places = places[places[list(spec.columns)].notna().any(axis=1)]
    if places.empty:
        return None
    title, name = spec.title.in_(language), f"{theme.name}-{spec.columns[0]}"
    drawn = charts.bars(name, title, columns, spec.colours, places, language)
    used = [i for i, c in enumerate(spec.columns) if (places[c] > 0).any()]
    key = charts.legend([columns[i].label.in_(language) for i in used], [spec.colours[i] for i in used])
    return _figure(f"{title} (%)", drawn, [key, _behind(name, title, places, columns, language)])


def _scatter(theme: Theme, given: Mapping[str, Given], language: Language) -> ET.Element | None:
    here = given.get("buurt")
    if not theme.scatter or here is None or not all(c in here.columns for c in theme.scatter) or not len(here.table):
        return None
    word, (across, up) = words(language), (here.columns[c] for c in theme.scatter)
    inside = (
        here.table["corridor_share"] > 0.5
        if "corridor_share" in here.table
        else pd.Series(False, index=here.table.index)
    )
    desc = word["spacematrix_desc"].format(number(len(here.table), 0, language), number(int(inside.sum()), 0, language))
    drawn = charts.scatter(word["spacematrix"], desc, across, up, here.table, inside.tolist(), language)
    return _figure(
        word["spacematrix"],
        drawn,
        [el("p", desc), _behind("spacematrix", word["spacematrix"], here.table, [across, up], language)],
    )


def _figure(title: str, drawn: ET.Element, more: Sequence[ET.Element] | None) -> ET.Element:
    box = el("div", drawn, class_="drawing", tabindex="0", role="region", aria_label=title)
    return el("figure", el("figcaption", title), box, more or [])


# --- one centre or two


def _centres(centres: pd.DataFrame, language: Language) -> ET.Element:
    word = words(language)
    flat = centres.reset_index()
    counts = {b: int(flat.loc[flat["population_by"] == b, "is_centre"].sum()) for b in ("low", "estimate", "high")}
    best = counts["estimate"]
    first = (
        word["centres_none"] if best == 0 else word["centres_one"] if best == 1 else word["centres_many"].format(best)
    )
    sure = len(set(counts.values())) == 1
    rest = word["centres_sure"] if sure else word["centres_unsure"].format(low=counts["low"], high=counts["high"])
    rows = [
        el("tr", el("th", word[str(r["population_by"])], scope="row"), el("td", str(r["group"])), el("td", str(r["cell_id"])),
           el("td", number(r["cells"], 0, language)), el("td", number(r["population"], 0, language)),
           el("td", word["yes"] if r["is_centre"] else word["no"]))
        for _, r in flat[flat["group"] <= 3].iterrows()
    ]  # fmt: skip
    names = ("population_by", "group", "place", "cells", "inhabitants", "is_centre")
    head = el("thead", el("tr", [el("th", word[n], scope="col") for n in names]))
    return el(
        "section", el("h2", word["centres"]), el("p", el("strong", first), f", {rest}"), el("p", word["centres_intro"]),
        _scroll("t-centres", word["centres"], head, el("tbody", rows)), id="centres",
    )  # fmt: skip


# --- the stock by every profile


def _profiles(
    profiles: pd.DataFrame, titles: Mapping[str, Text], chosen: str, given: Mapping[str, Given], language: Language
) -> ET.Element:
    word = words(language)
    columns: dict[str, Column] = {}
    for g in given.values():
        columns |= g.columns
    names = [
        c for c in ("dwellings_count", "addresses_count", "floor_area_usable_m2") if c in profiles and c in columns
    ]
    bodies = []
    for kind in ("corridor", "gemeente", "gemeente_corridor"):
        if kind not in given:
            continue
        here = profiles[profiles["kind"] == kind]
        for unit, rows in here.groupby("unit_id", sort=True):
            base = rows[rows["profile"] == chosen].iloc[0]
            made = []
            for _, row in rows.iterrows():
                called = titles[row["profile"]].in_(language) + (
                    f" ({word['chosen']})" if row["profile"] == chosen else ""
                )
                cells = [
                    x
                    for n in names
                    for x in _amounts(float(row[n]), float(base[n]), row["profile"] == chosen, columns[n], language)
                ]
                made.append(el("tr", el("th", called, scope="row"), cells))
            name = str(given[kind].table["unit_name"][unit])
            called = name if kind == "corridor" else f"{name} ({given[kind].kind.title.in_(language).lower()})"
            bodies.append(
                el(
                    "tbody",
                    el("tr", el("th", called, colspan=1 + 2 * len(names), scope="rowgroup"), class_="group"),
                    made,
                )
            )
    head = el("thead", el("tr", el("th", word["profile"], scope="col"), [
        x for n in names for x in (el("th", heading(columns[n], language), scope="col"), el("th", word["difference"], scope="col"))
    ]))  # fmt: skip
    return el(
        "section", el("h2", word["profiles"]), el("p", word["profiles_intro"]),
        _scroll("t-profiles", word["profiles"], head, bodies), id="profiles",
    )  # fmt: skip


def _amounts(
    value: float, base: float, same: bool, column: Column, language: Language
) -> tuple[ET.Element, ET.Element]:
    off = value - base
    plus = "+" if off > 0 else ""
    part = f" ({plus}{number(100 * off / base, 1, language)} %)" if base else ""
    difference = NO_VALUE if same else f"{plus}{written(off, column, language)}{part}"
    return el("td", written(value, column, language)), el("td", difference)


# --- checks


def _verdict(checks: Sequence[Check], language: Language) -> ET.Element | None:
    if not checks:
        return None
    state: State = "holds" if all(c.holds for c in checks) else "fails"
    return el(
        "p", _mark(state, language), " ", el("a", checks_line(checks, language), href="#checks"), class_="verdict"
    )


def _mark(state: State, language: Language) -> ET.Element:
    return el("span", f"{_MARKS[state]} {STATES[state].in_(language)}", class_=f"mark {state}")


def _checks(checks: Sequence[Check], language: Language) -> ET.Element | None:
    if not checks:
        return None
    word, parts = words(language), []
    for group, title in GROUPS.items():
        those = [c for c in checks if c.group == group]
        if not those:
            continue
        told = [c for c in those if c.state != "holds" or group in _TOLD]
        quiet = [c for c in those if c not in told]
        parts.append(el("h3", title.in_(language)))
        if told:
            parts.append(_check_table(f"c-{group}", title.in_(language), told, language))
        if quiet:
            said = word["holding"].format(number(len(quiet), 0, language))
            inner = _check_table(f"q-{group}", said, quiet, language)
            parts.append(el("details", el("summary", _mark("holds", language), f" {said}"), inner))
    return el("section", el("h2", word["checks"]), el("p", word["checks_intro"]), parts, id="checks")


def _check_table(name: str, title: str, checks: Sequence[Check], language: Language) -> ET.Element:
    word = words(language)
    order: Callable[[Check], int] = lambda c: ("fails", "differs", "holds", "none").index(c.state)  # noqa: E731
    rows = [
        el("tr", el("th", c.title.in_(language), scope="row"), el("td", _mark(c.state, language)),
           el("td", _figure_of(c.found, language)), el("td", _figure_of(c.expected, language)),
           el("td", c.tolerance.in_(language), class_="text"), el("td", number(c.looked_at, 0, language)),
           el("td", c.said.in_(language), class_="text"))
        for c in sorted(checks, key=order)
    ]  # fmt: skip
    names = ("check", "state", "found", "expected", "tolerance", "looked_at", "said")
    head = el("thead", el("tr", [_th(word[n], n in ("tolerance", "said")) for n in names]))
    return _scroll(name, title, head, el("tbody", rows))


def _th(text: str, is_text: bool) -> ET.Element:
    return el("th", text, scope="col", class_="text") if is_text else el("th", text, scope="col")


def _figure_of(value: float | None, language: Language) -> str:
    if value is None:
        return NO_VALUE
    return number(value, 0 if value == round(value) else 1 if abs(value) >= 100 else 3, language)


# --- sources


def _sources(receipts: Sequence[Receipt], settings: Mapping[str, str], language: Language) -> ET.Element:
    word = words(language)
    rows = [
        el("tr", el("th", undated(r).in_(language), scope="row"), el("td", f"{r.attribution}: {r.register}", class_="text"),
           el("td", when(r, language), class_="text"), el("td", r.licence, class_="text"))
        for r in receipts
    ]  # fmt: skip
    head = el("thead", el("tr", [_th(word[n], True) for n in ("place", "source", "date", "licence")]))
    head[0][0].text = word["sources"]
    chosen = [el("tr", el("th", key, scope="row"), el("td", value, class_="text")) for key, value in settings.items()]
    chosen_head = el("thead", el("tr", [_th(word[n], True) for n in ("setting", "value")]))
    return el(
        "section", el("h2", f"{word['sources']} & {word['settings'].lower()}"),
        _scroll("t-sources", word["sources"], head, el("tbody", rows)),
        el("details", el("summary", word["settings"]), _scroll("t-settings", word["settings"], chosen_head, el("tbody", chosen))),
        id="sources",
    )  # fmt: skip
