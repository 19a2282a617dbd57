"""The fact sheet: the corridor on one page of A4."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from xml.etree import ElementTree as ET

import geopandas as gpd
import pandas as pd

from ..contract import Column, Language, Text
from ..figures import charts
from ..figures.bars import YEARS, Bars
from ..figures.element import Child, el
from ..palettes import CLASSES
from ..wording import number
from . import frame
from .declaration import Map, Theme
from .plot import Choropleth, overview
from .sheet_words import words
from .words import said_once

SHEET = Map(
    "feitenblad",
    Text("Feitenblad van de corridor", "Fact sheet of the corridor"),
    Text(
        "De hele spoorzone op één A4: kerncijfers van de corridor en van het deel in elke gemeente, het verloop langs het "
        "spoor, bouwjaren, functies en bodemgebruik. Om uit te delen of als bijlage.",
        "The whole rail zone on one page of A4: key figures of the corridor and of its part in each municipality, the "
        "course along the line, years of construction, uses and land use. To hand out, or as an annex.",
    ),
    kinds=("corridor", "gemeente_corridor", "section", "square_100m"),
    start="corridor",
    themes=(
        Theme("key_figures", Text("Kerncijfers", "Key figures"),
              ("inhabitants_count", "inhabitants_per_ha", "dwellings_count", "dwellings_per_ha", "jobs_estimate_count",
               "floor_area_gross_m2", "floor_area_work_m2", "fsi_gross", "gsi", "mxi", "ground_green_share", "ground_paved_share",
               "tree_canopy_share", "dwellings_walk_1200m_share", "dwellings_green_300m_share")),
        Theme("along", Text("Langs het spoor", "Along the line"), ("inhabitants_per_ha", "fsi_gross")),
    ),
)  # fmt: skip
_MAPPED = "inhabitants_per_km2"
#: So many municipalities have a column; a page is not wider.
_COLUMNS = 3


def draw_sheet(
    *,
    corridor: pd.Series,
    parts: pd.DataFrame | None,
    sections: pd.DataFrame | None,
    squares: gpd.GeoDataFrame | None,
    columns: Mapping[str, Column],
    layers: Mapping[str, gpd.GeoDataFrame],
    stops: Sequence[tuple[str, float]],
    project: str,
    language: Language,
    source_line: str,
    notice: str | None,
    settings_line: str,
    date: str,
) -> str:
    """Draw the fact sheet: the text of one HTML file, no script, no network. The same input gives the same text.

    Parameters
    ----------
    corridor
        The corridor as a whole: `area_m2` and indicators, NaN where a source does not say.
    parts
        Its part in each municipality: `unit_name`, `area_m2` and the same; None where they were not computed.
    sections
        Its sections along the line, index as units of kind "section"; None without a line.
    squares
        Squares of 100 m, coloured in the map; None where they were not computed.
    columns
        Declarations; a column of the sheet that is not there is left out.
    layers
        ``corridor`` (one polygon) and what `plot.overview` takes.
    stops
        Name and chainage in metres of each station.
    project, source_line, settings_line, date
        Said as they are.
    notice
        Said in a band over the page: that the data are invented, for example.
    """
    word = words(language)
    notes = frame.Notes(language)
    shown = parts.sort_values("area_m2", ascending=False, kind="stable") if parts is not None else None
    more = shown["unit_name"].iloc[_COLUMNS:].tolist() if shown is not None else []
    shown = shown.iloc[:_COLUMNS] if shown is not None else None
    whole = pd.DataFrame([corridor]).assign(unit_name=word["corridor"])
    places = [(word["corridor"], corridor)]
    if shown is not None and len(shown) > 1:
        places += [(word["part_of"].format(row["unit_name"]), row) for _, row in shown.iterrows()]
        whole = pd.concat([whole, shown[[c for c in whole if c in shown]]])
    table = _table(places, columns, notes, language)
    rest = [b for b in frame.BARS if b is not YEARS]
    said = [notes.text(), word["also"].format(names=", ".join(map(str, more))) if more else ""]
    lead = f"{number(float(corridor['area_m2']) / 1e4, 0, language)} ha · {word['retrieved'].format(date)}"
    return frame.page(
        "sheet", SHEET.title.in_(language), project=project, language=language, notice=notice,
        head=[
            el("p", el("a", word["to_maps"], href="index.html"), class_="back"),
            el("p", SHEET.title.in_(language), class_="kind"), el("h1", project), el("p", lead, class_="lead"),
        ],
        main=[
            el("div", el("div", _map(squares, columns, layers, language), list(_bars([YEARS], whole, columns, language))),
               el("section", el("h2", word["key_figures"]), table, el("p", " ".join(said).strip(), class_="notes")), class_="top many" if len(places) > _COLUMNS else "top"),
            *_along(sections, columns, stops, language),
            el("div", list(_bars(rest, whole, columns, language)), class_="shares"),
        ],
        foot=[el("p", f"{settings_line}. {word['date'].format(date=date)}"), el("p", said_once(source_line, notice))],
    )  # fmt: skip


def _map(
    squares: gpd.GeoDataFrame | None, columns: Mapping[str, Column], layers: Mapping[str, gpd.GeoDataFrame], language: Language
) -> ET.Element:
    word, outline = words(language), layers["corridor"].geometry.iloc[0]
    theme, caption, key = None, word["corridor_map"], None
    if squares is not None and _MAPPED in squares and _MAPPED in columns:
        inside = squares[squares.intersects(outline)]
        classes = CLASSES[_MAPPED]
        theme = Choropleth(inside.geometry, inside[_MAPPED], classes)
        caption = frame.titled(columns[_MAPPED], language)
        key = charts.legend(classes.labels(language), classes.colours)
    drawn = overview(
        outline, layers, theme, name="corridor", title=word["corridor_map_of"].format(caption), language=language
    )
    return el("figure", el("figcaption", caption), drawn, key, class_="overview")


def _table(
    places: Sequence[tuple[str, pd.Series]], columns: Mapping[str, Column], notes: frame.Notes, language: Language
) -> ET.Element:
    word = words(language)
    there = [columns[n] for n in SHEET.themes[0].columns if n in columns and n in places[0][1].index]
    head = [el("th", name, scope="col") for name, _ in places]
    rows = []
    for column in there:
        unit = frame.unit_of(column, language)
        label: list[Child] = [column.label.in_(language), el("small", f" {unit}") if unit else None]
        cells = [
            el("td", notes.cell(frame.value(column, row, columns, language)) if column.name in row.index else "–")
            for _, row in places
        ]
        rows.append(el("tr", el("th", label, scope="row"), cells))
    top = el("thead", el("tr", el("th", word["indicator"], scope="col"), head))
    return el("table", el("caption", word["key_figures"]), top, el("tbody", rows))


def _along(
    sections: pd.DataFrame | None, columns: Mapping[str, Column], stops: Sequence[tuple[str, float]], language: Language
) -> Iterator[ET.Element]:
    if sections is None or sections.empty:
        return
    for column in charts.columns_there(SHEET.themes[1].columns, columns):
        if column.name in sections:
            title = words(language)["along"].format(frame.titled(column, language))
            drawn = charts.along(column, sections, stops, language, high=60.0)
            # Too wide for a telephone: there it is moved sideways.
            box = el("div", drawn, tabindex="0", role="region", aria_label=title)
            yield el("figure", el("figcaption", title), box, class_="along")


def _bars(
    specs: Sequence[Bars], whole: pd.DataFrame, columns: Mapping[str, Column], language: Language
) -> Iterator[ET.Element]:
    places = frame.with_amenities(whole)
    for spec in specs:
        made = frame.bars(spec, places, columns, language, wide=440, left=118)
        if made is not None:
            yield made
