"""The station sheet: the areas around the stations side by side, by the same measures and to the same scale."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from xml.etree import ElementTree as ET

import geopandas as gpd
import pandas as pd

from ..contract import Column, Language, Text
from ..figures import charts
from ..figures.element import Child, el
from ..wording import number
from . import frame
from .declaration import Map, Theme
from .plot import BUILDING, GREEN, INK, ROAD, STREET, WATER, figure_ground
from .sheet_words import words
from .together import together
from .words import said_once

STATIONS = Map(
    "stationsgebieden",
    Text("Stationsgebieden vergeleken", "Station areas compared"),
    Text(
        "Wat ligt er binnen loopafstand van elk station? De gebieden naast elkaar, op dezelfde schaal en met dezelfde "
        "maten: bewoners, banen, dichtheid, groen en bouwjaren. Eén blad om te bespreken of af te drukken op A3.",
        "What lies within walking distance of each station? The areas side by side, to the same scale and by the same "
        "measures: people, jobs, density, green and years of construction. One sheet to discuss, or to print on A3.",
    ),
    kinds=("catchment", "corridor", "buurt"),
    start="catchment",
    themes=(
        Theme("living", Text("Wonen", "Living"),
              ("inhabitants_per_ha", "dwellings_per_ha", "usable_area_m2_per_dwelling", "dwellings_multi_family_share", "age_65_plus_share")),
        Theme("built", Text("Bebouwing", "Buildings"),
              ("floor_area_gross_m2", "fsi_gross", "gsi", "building_layers", "osr")),
        Theme("work", Text("Werk en menging", "Work and mix"), ("floor_area_work_m2", "jobs_estimate_per_ha", "mxi")),
        Theme("ground", Text("Groen en verharding", "Green and paving"),
              ("ground_green_share", "ground_paved_share", "tree_canopy_share", "car_park_share")),
        Theme("near", Text("Lopen", "Walking"),
              ("dwellings_walk_800m_share", "floor_area_work_walk_800m_share", "dwellings_green_300m_share")),
    ),
    facts=("inhabitants_count", "dwellings_count", "jobs_estimate_count"),
)  # fmt: skip
#: The radius of a station area, where it is one of those that rings are made with.
_RADIUS_M = 800.0
_SPACEMATRIX = ("gsi", "fsi_gross")
#: Beside so many the charts still have a place; more stand over them.
_BESIDE = 4


def radius_of(radii_m: Sequence[float]) -> float:
    """Give the radius of a station area: 800 m where there is such a ring, else the one in the middle."""
    ordered = sorted(radii_m)
    return _RADIUS_M if _RADIUS_M in ordered else ordered[(len(ordered) - 1) // 2]


def areas_of(
    rings: pd.DataFrame, stops: Sequence[str], radii_m: Sequence[float], columns: Mapping[str, Column]
) -> pd.DataFrame:
    """Put the rings around each station together, up to the radius of a station area.

    Parameters
    ----------
    rings
        Index as units of kind "catchment" have it, columns as in `together`.
    stops
        Names of the stations, in order along the line.

    Returns
    -------
    DataFrame
        Index and `unit_name`: the stations that have all their rings; columns as `together` gives them.
    """
    reach = radius_of(radii_m)
    ends = [r for r in radii_m if r <= reach]
    pairs = list(itertools.pairwise([0.0, *ends]))
    of = {f"{name} {low:04.0f}-{high:04.0f}": name for name in stops for low, high in pairs}
    whole = pd.Series({i: of[i] for i in rings.index if i in of}, dtype="object", name="station")
    found = together(rings.loc[whole.index], whole, columns)
    complete = [s for s in dict.fromkeys(stops) if (whole == s).sum() == len(pairs)]
    made = found.loc[complete]
    return made.assign(unit_name=made.index.astype("object"))


def draw_stations(
    *,
    areas: pd.DataFrame,
    radius_m: float,
    stops: gpd.GeoDataFrame,
    corridor: pd.Series | None,
    buurten: pd.DataFrame | None,
    columns: Mapping[str, Column],
    layers: Mapping[str, gpd.GeoDataFrame],
    project: str,
    language: Language,
    source_line: str,
    notice: str | None,
    settings_line: str,
    date: str,
) -> str:
    """Draw the sheet: the text of one HTML file, no script, no network. The same input gives the same text.

    Parameters
    ----------
    areas
        One row per station, as `areas_of` gives them; at least one.
    radius_m
        Of the areas.
    stops
        Points with `station_name`, EPSG:28992.
    corridor
        The whole corridor by the same columns, None where it was not computed.
    buurten
        `unit_name` and the columns of the Spacematrix, None where they were not computed.
    columns
        Declarations; a column of the sheet that is not there is left out.
    layers
        What the maps show, as `plot.figure_ground` takes it.
    project, source_line, settings_line, date
        Said as they are.
    notice
        Said in a band over the page: that the data are invented, for example.
    """
    word, radius = words(language), number(radius_m, 0, language)
    areas = frame.with_amenities(areas)
    points = dict(zip(stops["station_name"], stops.geometry, strict=True))
    notes = frame.Notes(language)
    cards = [
        _card(n, str(name), row, points[str(name)], radius_m, columns, layers, notes, language)
        for n, (name, row) in enumerate(areas.iterrows())
    ]
    legend = _legend(layers, language)
    table = _table(areas, corridor, columns, notes, language)
    said = [word["stations_how"].format(radius=radius), *_overlaps(points, list(areas.index), radius_m, language)]
    drawn = list(_charts(areas, corridor, buurten, columns, language))
    side = "beside" if len(areas) <= _BESIDE else "below"
    return frame.page(
        "stations", STATIONS.title.in_(language), project=project, language=language, notice=notice,
        head=[
            el("p", el("a", word["to_maps"], href="index.html"), class_="back"), el("p", project, class_="kind"),
            el("h1", STATIONS.title.in_(language)), el("p", word["stations_lead"].format(radius=radius), class_="lead"),
        ],
        main=[
            el("div", cards, class_="cards", style=f"--n: {len(areas)}"), legend,
            el("div", el("section", table, el("p", notes.text(), class_="notes") if notes.text() else None,
                         _meanings(areas, columns, language), class_="figures"),
               el("section", drawn, class_="charts") if drawn else None, class_=f"sheet {side}"),
        ],
        foot=[el("p", " ".join(said)), el("p", said_once(source_line, notice)), el("p", f"{settings_line}. {word['date'].format(date=date)}")],
    )  # fmt: skip


def _shown(theme: Theme, areas: pd.DataFrame, columns: Mapping[str, Column]) -> list[Column]:
    return [columns[n] for n in theme.columns if n in columns and n in areas]


def _card(
    n: int, name: str, row: pd.Series, point: object, radius_m: float, columns: Mapping[str, Column],
    layers: Mapping[str, gpd.GeoDataFrame], notes: frame.Notes, language: Language,
) -> ET.Element:  # fmt: skip
    word = words(language)
    title = word["map_of"].format(name=name, radius=number(radius_m, 0, language))
    scale = max(100.0, round(radius_m / 160) * 100.0)
    drawn = figure_ground(
        point, radius_m, layers, name=f"map-{n}", title=title, inner_m=[radius_m / 2],
        scale=(scale, f"{number(scale, 0, language)} m"),
    )  # fmt: skip
    keys: list[Child] = []
    for column in (columns[c] for c in STATIONS.facts if c in columns and c in row.index):
        cell = notes.cell(frame.value(column, row, columns, language))
        keys.append(el("div", el("dt", column.label.in_(language)), el("dd", el("b", cell[0]), cell[1:])))
    return el("section", el("h2", name), el("div", drawn, el("dl", keys) if keys else None, class_="card"))


def _legend(layers: Mapping[str, gpd.GeoDataFrame], language: Language) -> ET.Element:
    word = words(language)
    there = [
        ("pand", "building", el("rect", width=22, height=12, fill=BUILDING)),
        ("bodemgebruik", "green", el("rect", width=22, height=12, fill=GREEN)),
        ("top10nl_water", "water", el("rect", width=22, height=12, fill=WATER)),
        ("wegvak", "street", el("path", d="M0 1h22v10h-22z", fill=STREET, stroke="#aeb6bd")),
        ("wegvak", "main_road", el("path", d="M0 6h22", stroke=ROAD, stroke_width=6)),
        ("spooras", "track", el("path", d="M0 6h22", stroke=INK, stroke_width=4)),
        ("", "station", el("circle", cx=11, cy=6, r=4, fill="#fff", stroke=INK, stroke_width=2)),
    ]
    items = [
        el("li", el("svg", mark, width=22, height=12, viewBox="0 0 22 12", aria_hidden="true"), f" {word[said]}")
        for layer, said, mark in there if not layer or layer in layers
    ]  # fmt: skip
    return el("div", el("ul", items, class_="legend", aria_label=word["legend"]), el("p", word["same_scale"]), class_="key")


def _table(
    areas: pd.DataFrame, corridor: pd.Series | None, columns: Mapping[str, Column], notes: frame.Notes, language: Language
) -> ET.Element:
    word = words(language)
    head = [el("th", str(n), scope="col", role="columnheader") for n in areas.index]
    if corridor is not None:
        head.append(el("th", word["corridor"], scope="col", role="columnheader", class_="whole"))
    bodies = []
    for theme in STATIONS.themes:
        shown = _shown(theme, areas, columns)
        if not shown:
            continue
        rows = [
            el("tr", el("th", theme.title.in_(language), colspan=len(head) + 1, scope="rowgroup", role="rowheader"), class_="group", role="row")
        ]
        rows += [_row(c, areas, corridor, columns, notes, language) for c in shown]
        bodies.append(el("tbody", rows, role="rowgroup"))
    first = el("th", word["indicator"], scope="col", role="columnheader", class_="first")
    top = el("thead", el("tr", first, head, role="row"), role="rowgroup")
    return el("table", el("caption", STATIONS.title.in_(language)), top, bodies, role="table", style=f"--n: {len(head)}")


def _row(
    column: Column, areas: pd.DataFrame, corridor: pd.Series | None, columns: Mapping[str, Column], notes: frame.Notes,
    language: Language,
) -> ET.Element:  # fmt: skip
    rows = [(row, "") for _, row in areas.iterrows()]
    if corridor is not None and column.name in corridor.index:
        rows.append((corridor, "whole"))
    # A number of a larger area says nothing beside that of a smaller one.
    compared = column.unit not in ("count", "m²")
    top = frame.largest([float(r[column.name]) for r, kind in rows if compared or not kind])
    cells = []
    for row, kind in rows:
        share = float(row[column.name]) / top if top > 0 else 0.0
        bar = el("i", el("s", style=f"width: {round(100 * share)}%"), aria_hidden="true") if 0 <= share <= 1 else None
        shown = el("span", notes.cell(frame.value(column, row, columns, language)))
        cells.append(el("td", shown, bar, role="cell", **({"class_": kind} if kind else {})))
    unit = frame.unit_of(column, language)
    label: list[Child] = [column.label.in_(language), el("small", f" {unit}") if unit else None]
    return el("tr", el("th", label, scope="row", role="rowheader"), cells, role="row")


def _meanings(areas: pd.DataFrame, columns: Mapping[str, Column], language: Language) -> ET.Element:
    entries = [
        x for theme in STATIONS.themes for c in _shown(theme, areas, columns)
        for x in (el("dt", c.label.in_(language)), el("dd", c.meaning.in_(language)))
    ]  # fmt: skip
    return el("details", el("summary", words(language)["definitions"]), el("dl", entries))


def _charts(
    areas: pd.DataFrame, corridor: pd.Series | None, buurten: pd.DataFrame | None, columns: Mapping[str, Column], language: Language
) -> Iterator[ET.Element]:
    word = words(language)
    if set(_SPACEMATRIX) <= set(areas) and set(_SPACEMATRIX) <= columns.keys():
        across, up = (columns[n] for n in _SPACEMATRIX)
        grey = buurten[["unit_name", *_SPACEMATRIX]] if buurten is not None else areas[["unit_name", *_SPACEMATRIX]][:0]
        said = word["spacematrix_desc"].format(number(len(grey), 0, language))
        desc = "; ".join(
            f"{row['unit_name']}: " + ", ".join(f"{c.label.in_(language)} {frame.value(c, row, columns, language).text}" for c in (across, up))
            for _, row in areas.iterrows()
        )  # fmt: skip
        drawn = charts.scatter(
            word["spacematrix"], desc, across, up, grey, [False] * len(grey), language, wide=440, high=300, right=56, named=areas
        )
        yield el("figure", el("figcaption", word["spacematrix"]), drawn, el("p", said), class_="spacematrix")
    places = areas
    if corridor is not None:
        whole = frame.with_amenities(pd.DataFrame([corridor])).assign(unit_name=word["corridor"])
        places = pd.concat([areas, whole[[c for c in areas if c in whole]]])
    for spec in frame.BARS:
        made = frame.bars(spec, places, columns, language, wide=440, left=150)
        if made is not None:
            yield made


def _overlaps(points: Mapping[str, object], names: Sequence[str], radius_m: float, language: Language) -> Iterator[str]:
    """Say which areas share ground, and how much."""
    discs = gpd.GeoSeries({n: points[n] for n in names}).buffer(radius_m, quad_segs=64)
    for a, b in itertools.combinations(names, 2):
        shared_ha = float(discs[a].intersection(discs[b]).area) / 1e4
        if shared_ha >= 0.05:
            yield words(language)["overlap"].format(names=f"{a} & {b}", area=number(shared_ha, 1, language))
