"""The read-me of the design folder: one page that says what each file is, how to open it, and where it lies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from xml.etree import ElementTree as ET

from ..contract import Language, Receipt, Text
from ..figures.element import el, html
from ..provenance import when
from ..wording import number
from .drawing import Origin

NAME = "LEESMIJ.html"
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"


@dataclass(frozen=True)
class Guide:
    """What a format is for, and how each program opens it."""

    title: Text
    what: Text
    opens: tuple[tuple[str, Text], ...]


@dataclass(frozen=True)
class Shown:
    """A picture of a file, or of several that look alike."""

    name: str
    picture: ET.Element


@dataclass(frozen=True)
class Entry:
    """One format as it was made: its files by name with their sizes in bytes, and pictures of them."""

    guide: Guide
    files: Sequence[tuple[str, int]]
    pictures: Sequence[Shown]


_QGIS_DRAG = Text("sleep het bestand in het venster.", "drag the file into the window.")
GUIDES: Mapping[str, Guide] = {
    "geopackage": Guide(
        Text("Alle lagen in één GeoPackage", "All layers in one GeoPackage"),
        Text(
            "Gebieden met kengetallen en alle objecten, twee keer: _corridor is afgesneden op de rand van de corridor, _whole is het hele object zoals het register het heeft. De opmaak zit erin, en de tabellen data_dictionary (wat elke kolom betekent), sources, settings en checks.",
            "Units with indicators and all objects, twice: _corridor is cut at the edge of the corridor, _whole is the object as the register has it. The styles are inside, and the tables data_dictionary (what each column means), sources, settings and checks.",
        ),
        (
            ("QGIS", Text("sleep het bestand in het venster en kies lagen; ze komen opgemaakt binnen. Panden hebben ook de stijlen Functie en Hoogte (Eigenschappen, Stijl, Stijl laden, Uit database).", "drag the file into the window and choose layers; they come in styled. Buildings have the styles Use and Height as well (Properties, Style, Load Style, From Database).")),
            ("ArcGIS Pro", Text("Add Data, kies de lagen in het bestand; de kleuren zijn van QGIS en komen niet mee.", "Add Data, choose the layers in the file; the colours are of QGIS and do not come along.")),
        ),
    ),
    "qgis": Guide(
        Text("Project voor QGIS", "Project for QGIS"),
        Text("Alle lagen in groepen, kaartthema’s per onderwerp (oog boven de lagenlijst) en per onderwerp een blad A3 (Project, Lay-outs). De achtergronden van PDOK hebben internet nodig.", "All layers in groups, map themes per subject (the eye above the list of layers) and a sheet of A3 per subject (Project, Layouts). The backgrounds of PDOK need internet."),
        (("QGIS 3.22+", Text("dubbelklik. Laat het in deze map staan: het leest spoorzone.gpkg en de map raster.", "double click. Keep it in this folder: it reads spoorzone.gpkg and the folder raster.")),),
    ),
    "dxf": Guide(
        Text("Tekening (DXF)", "Drawing (DXF)"),
        Text("Een laag per onderwerp (SZ_10 grondgebruik tot SZ_94 namen), gesloten polylijnen, panden op de grond (SZ_50) en op dakhoogte (SZ_51), stations en bomen als blok. Eenheid: meter. rd ligt op ware RD-coördinaten, lokaal om de oorsprong hieronder.", "A layer per subject (SZ_10 land use to SZ_94 names), closed polylines, buildings on the ground (SZ_50) and at roof height (SZ_51), stations and trees as blocks. Unit: metre. rd lies at true RD coordinates, lokaal around the origin below."),
        (
            ("AutoCAD", Text("openen, of invoegen met INSUNITS op meter.", "open, or insert with INSUNITS at metres.")),
            ("Rhino", Text("neem lokaal; modeleenheid meter. Met rd ver van de oorsprong wordt het beeld onnauwkeurig.", "take lokaal; model unit metres. With rd far from the origin display becomes inexact.")),
            ("SketchUp", Text("neem lokaal; Import, Options, Units: Meters.", "take lokaal; Import, Options, Units: Meters.")),
            ("Vectorworks, Archicad", Text("neem lokaal, 1 eenheid is 1 m.", "take lokaal, 1 unit is 1 m.")),
        ),
    ),
    "cityjson": Guide(
        Text("Gebouwen als volume (CityJSON)", "Buildings as solids (CityJSON)"),
        Text("Elk pand als gesloten volume van maaiveld tot dak (AHN: 5e percentiel eromheen, 70e percentiel erin), EPSG:7415, met bouwjaar, functie, lagen en volume. Zonder hoogte staat de reden erbij en is er geen vorm. vergund: wat nog niet gebouwd is.", "Each building as a closed solid from ground to roof (AHN: 5th percentile around, 70th percentile within), EPSG:7415, with year, use, storeys and volume. Without a height the reason is given and there is no shape. vergund: what is not built yet."),
        (
            ("QGIS", Text("plug-in CityJSON Loader.", "plug-in CityJSON Loader.")),
            ("Blender, Rhino", Text("plug-in Up3date of RhinoCityJSON; of neem de modellen hieronder.", "plug-in Up3date or RhinoCityJSON; or take the models below.")),
            ("Python", Text("cjio gebouwen.city.json info", "cjio gebouwen.city.json info")),
        ),
    ),
    "mesh": Guide(
        Text("3D-model (GLB en OBJ)", "3D model (GLB and OBJ)"),
        Text("Om de lokale oorsprong, in meter, hoogte in m NAP. Gebouwen naar functie, bouwjaar en hoogte; grijs en plat is zonder hoogte; terrein op 5 m, met gaten waar AHN geen maaiveld mat (onder panden, water). model.obj heeft alles, met model.mtl voor de kleuren.", "Around the local origin, in metres, heights in m NAP. Buildings by use, year and height; grey and flat is without height; terrain at 5 m, with holes where AHN measured no ground (below buildings, water). model.obj has all, with model.mtl for the colours."),
        (
            ("Blender", Text("File, Import, glTF 2.0.", "File, Import, glTF 2.0.")),
            ("Rhino", Text("model.obj: Import, Z omhoog laten staan (geen assen omdraaien); of GLB vanaf Rhino 8.", "model.obj: Import, keep Z up (map no axes); or GLB from Rhino 8 on.")),
            ("SketchUp", Text("GLB vanaf 2025; eerder model.obj met eenheid meter.", "GLB from 2025 on; before that model.obj with metres as the unit.")),
            ("Windows", Text("dubbelklik op een GLB: 3D-viewer.", "double click a GLB: 3D Viewer.")),
        ),
    ),
    "raster": Guide(
        Text("Rasters (GeoTIFF, COG)", "Rasters (GeoTIFF, COG)"),
        Text("Hoogten en boomkronen uit AHN in de corridor; dichtheden als vlak: wat op adressen staat, uitgespreid over een cirkel van 200 of 400 m (quartische kern), per hectare.", "Heights and tree canopy from AHN in the corridor; densities as surfaces: what stands at addresses, spread over a circle of 200 or 400 m (quartic kernel), per hectare."),
        (
            ("QGIS", Text("sleep het .tif erin; de .qml ernaast geeft de kleuren.", "drag the .tif in; the .qml beside it gives the colours.")),
            ("Rhino, Grasshopper", Text("via Heron of Docofossor.", "through Heron or Docofossor.")),
        ),
    ),
    "xlsx": Guide(
        Text("Werkboek (Excel)", "Workbook (Excel)"),
        Text("Een blad per soort gebied met filters; boven de getallen staan naam, eenheid en kolomnaam. Bladen Definities, Bronnen en Instellingen.", "A sheet per kind of unit with filters; above the numbers stand label, unit and name of the column. Sheets Definitions, Sources and Settings."),
        (("Excel, LibreOffice", Text("dubbelklik.", "double click.")),),
    ),
    "csv": Guide(
        Text("Tabellen (CSV)", "Tables (CSV)"),
        Text("Dezelfde getallen als tekst. csv_nl heeft puntkomma’s en een decimale komma, csv komma’s en een decimale punt. kolommen.csv zegt wat elke kolom betekent.", "The same numbers as text. csv_nl has semicolons and a decimal comma, csv commas and a decimal point. kolommen.csv says what each column means."),
        (("Excel (NL)", Text("csv_nl: dubbelklik.", "csv_nl: double click.")), ("Python, R", Text("csv.", "csv."))),
    ),
    "geoparquet": Guide(
        Text("GeoParquet", "GeoParquet"),
        Text("Elke laag als GeoParquet 1.1 in EPSG:28992.", "Each layer as GeoParquet 1.1 in EPSG:28992."),
        (("Python", Text("geopandas.read_parquet('geoparquet/buurt.parquet')", "geopandas.read_parquet('geoparquet/buurt.parquet')")),
         ("DuckDB", Text("SELECT * FROM 'geoparquet/buurt.parquet'", "SELECT * FROM 'geoparquet/buurt.parquet'"))),
    ),
    "flatgeobuf": Guide(
        Text("FlatGeobuf", "FlatGeobuf"),
        Text("Elke laag als FlatGeobuf met ruimtelijke index.", "Each layer as FlatGeobuf with a spatial index."),
        (("QGIS", _QGIS_DRAG), ("R", Text("sf::st_read('flatgeobuf/buurt.fgb')", "sf::st_read('flatgeobuf/buurt.fgb')"))),
    ),
}  # fmt: skip

_WORDS = {
    "kind": Text("Ontwerpmap", "Design folder"),
    "where": Text("Waar het ligt", "Where it lies"),
    "rd": Text("Alle bestanden liggen in RD (EPSG:28992), in meter; hoogten in m NAP.", "All files lie in RD (EPSG:28992), in metres; heights in m NAP."),
    "local": Text("De lokale kopieën (cad/spoorzone_lokaal.dxf en alles in 3d behalve CityJSON) hebben als 0, 0:", "The local copies (cad/spoorzone_lokaal.dxf and everything in 3d but CityJSON) have as 0, 0:"),
    "back": Text("Verschuif ze met deze X en Y om ze op hun plaats in RD te krijgen; de hoogte blijft.", "Move them by this X and Y to bring them to their place in RD; heights stay."),
    "files": Text("bestanden", "files"),
    "more": Text("en {} meer", "and {} more"),
    "licences": Text("Bronnen en licenties", "Sources and licences"),
    "source": Text("Bron", "Source"), "date": Text("Stand", "As of"), "licence": Text("Licentie", "Licence"),
    "mention": Text("Noem de bron bij publicatie; het gebruik is verder vrij volgens de licentie van elke bron.", "Name the source when you publish; use is otherwise free as the licence of each source says."),
}  # fmt: skip
_LISTED = 12


def page(
    *, title: str, notices: Sequence[str], origin: Origin, entries: Sequence[Entry], receipts: Sequence[Receipt], source_line: str, language: Language
) -> str:  # fmt: skip
    """Write the page: one HTML file without script or network. The same input gives the same text.

    Parameters
    ----------
    notices
        What stands in a band above all else: invented data, failing checks.
    entries
        The formats in order.
    """
    word = {name: text.in_(language) for name, text in _WORDS.items()}
    place = f"X {number(origin.x_m, 3, language)} m, Y {number(origin.y_m, 3, language)} m"
    links = el("ul", [el("li", el("a", e.guide.title.in_(language), href=f"#f{n}")) for n, e in enumerate(entries)])
    rows = [
        el("tr", el("td", f"{r.attribution}: {r.title.in_(language)}"), el("td", when(r, language)), el("td", r.licence))
        for r in receipts
    ]
    head = el("tr", [el("th", word[n], scope="col") for n in ("source", "date", "licence")])
    body = el(
        "body",
        [el("p", n, class_="notice") for n in notices],
        el("header", el("p", word["kind"], class_="kind"), el("h1", title), el("nav", links)),
        el("main",
           el("section", el("h2", word["where"]), el("p", word["rd"]), el("p", word["local"], " ", el("strong", place), ". ", word["back"])),
           [_entry(n, e, word, language) for n, e in enumerate(entries)],
           el("section", el("h2", word["licences"]), el("p", word["mention"]), el("table", el("thead", head), el("tbody", rows)))),
        el("footer", el("p", source_line)),
    )  # fmt: skip
    style = files(__package__).joinpath("readme.css").read_text("utf-8")
    top = el(
        "head", el("meta", charset="utf-8"), el("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        el("meta", name="viewport", content="width=device-width, initial-scale=1"),
        el("title", f"{word['kind']} – {title}"), el("style", style),
    )  # fmt: skip
    return f"<!DOCTYPE html>\n{html(el('html', top, body, lang=language))}\n"


def _entry(place: int, entry: Entry, word: Mapping[str, str], language: Language) -> ET.Element:
    guide = entry.guide
    opens = [x for program, how in guide.opens for x in (el("dt", program), el("dd", how.in_(language)))]
    pictures = [el("figure", s.picture, el("figcaption", s.name)) for s in entry.pictures]
    return el(
        "section", el("h2", guide.title.in_(language)), el("p", guide.what.in_(language)),
        el("div", pictures, class_="pictures") if pictures else None,
        el("dl", opens), el("p", list(_files(entry, word, language)), class_="files"), id=f"f{place}",
    )  # fmt: skip


def _files(entry: Entry, word: Mapping[str, str], language: Language) -> Iterator[ET.Element | str]:
    for n, (name, size) in enumerate(entry.files[:_LISTED]):
        yield " · " if n else ""
        yield el("code", name)
        yield f" {_size(size, language)}"
    if len(entry.files) > _LISTED:
        rest = entry.files[_LISTED:]
        yield f" {word['more'].format(len(rest))} ({_size(sum(s for _, s in rest), language)})"


def _size(count: int, language: Language) -> str:
    return f"{number(count / 1e6, 1, language)} MB" if count >= 100_000 else f"{number(max(count / 1e3, 0.1), 1, language)} kB"
