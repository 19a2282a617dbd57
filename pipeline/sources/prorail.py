"""ProRail: the tracks and the stations.

A spooras is one track between two switches, so that a double track is two lines and a yard is many; end points of
adjoining lines differ by up to 0.75 m.
"""

from __future__ import annotations

from ..contract import LINE, POINT, Column, Layer, Text
from .declaration import Access, Keep, Register, Source

_PRORAIL = Register(
    "ProRail Spoorwegen", "CC0-1.0", "https://creativecommons.org/publicdomain/zero/1.0/", "ProRail (PDOK)"
)
_PAGE = "https://www.pdok.nl/introductie/-/article/spoorwegen"
_EXISTING = (Keep("levenscyclus_status", frozenset({"Bestaand"}), "planned or removed"),)
_OGC, _WFS = "https://api.pdok.nl/prorail/spoorwegen/ogc/v1", "https://service.pdok.nl/prorail/spoorwegen/wfs/v1_0"

SPOORAS = Source(
    layer=Layer(
        "spooras", "spooras_id", LINE,
        (
            Column("route_name", "str", "", "label", Text("Traject", "Route"),
                   Text("Naam van het traject waartoe het spoor hoort.", "Name of the route that the track belongs to.")),
        ),
        Text("Spoor", "Track"),
    ),
    title=Text("ProRail spooras", "ProRail track axes"),
    register=_PRORAIL,
    page=_PAGE,
    reference_date="actueel",
    keep=_EXISTING,
    native={"spooras_id": "puic", "route_name": "kmlint_omschrijving_begin"},
    accesses=(Access("ogc_features", _OGC, "spooras"), Access("wfs", _WFS, "spoorwegen:spooras")),
    optional=frozenset({"route_name"}),
)  # fmt: skip

STATION = Source(
    layer=Layer(
        "station", "station_id", POINT,
        (
            Column("station_name", "str", "", "label", Text("Station", "Station"),
                   Text("Naam van het station.", "Name of the station.")),
        ),
        Text("Stations", "Stations"),
    ),
    title=Text("ProRail stations", "ProRail stations"),
    register=_PRORAIL,
    page=_PAGE,
    reference_date="actueel",
    keep=_EXISTING,
    native={"station_id": "puic", "station_name": "naam"},
    accesses=(Access("ogc_features", _OGC, "station"), Access("wfs", _WFS, "spoorwegen:station")),
)  # fmt: skip
