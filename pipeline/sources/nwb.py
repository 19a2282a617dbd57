"""NWB: Nationaal Wegenbestand, the centre lines of all roads with a name or a number (Rijkswaterstaat).

One line per stretch between two junctions; the carriageways of a motorway are a line each. Paths without a name are
not in it, so it is no network for walking.
"""

from __future__ import annotations

from ..contract import LINE, Column, Layer, Text
from .declaration import Access, Register, Source

WEGVAK = Source(
    layer=Layer(
        "wegvak", "wegvak_id", LINE,
        (
            Column("street_name", "str", "", "label", Text("Straat", "Street"),
                   Text("Naam van de openbare ruimte; leeg op wegen die alleen een nummer hebben.", "Name of the street; empty on roads that only have a number.")),
            Column("road_authority", "str", "", "label", Text("Wegbeheerder", "Road authority"),
                   Text("Soort beheerder: R rijk, P provincie, G gemeente, W waterschap, T een ander.", "Kind of authority: R state, P province, G municipality, W water board, T another.")),
            Column("road_number", "str", "", "label", Text("Wegnummer", "Road number"),
                   Text("Nummer van de weg; leeg op wegen die alleen een naam hebben.", "Number of the road; empty on roads that only have a name.")),
            Column("carriageway", "str", "", "label", Text("Baansoort", "Carriageway"),
                   Text("Baansubsoort volgens het NWB: HR hoofdrijbaan, RB rijbaan, VBI verbindingsweg, FP fietspad, VP voetpad.",
                        "Kind of carriageway as the NWB has it (bst_code): HR main carriageway, RB carriageway, VBI link road, FP cycle path, VP footpath.")),
            Column("direction", "str", "", "label", Text("Rijrichting", "Direction"),
                   Text("H alleen met de lijn mee, T alleen tegen de lijn in, B beide, O onbekend.", "H only along the line, T only against it, B both, O not known.")),
        ),
        Text("Wegvakken", "Road sections"),
    ),
    title=Text("NWB wegvakken", "NWB road sections"),
    register=Register(
        "Nationaal Wegenbestand (NWB)",
        "CC0-1.0",
        "https://creativecommons.org/publicdomain/zero/1.0/",
        "Rijkswaterstaat (PDOK)",
    ),
    page="https://www.pdok.nl/introductie/-/article/nationaal-wegen-bestand-nwb-",
    reference_date="actueel",
    native={
        "wegvak_id": "wvk_id",
        "street_name": "stt_naam",
        "road_authority": "wegbehsrt",
        "road_number": "wegnummer",
        "carriageway": "bst_code",
        "direction": "rijrichtng",
    },
    accesses=(
        Access("ogc_features", "https://api.pdok.nl/rws/nationaal-wegenbestand-wegen/ogc/v1", "wegvakken"),
        Access("wfs", "https://service.pdok.nl/rws/nationaal-wegenbestand-wegen/wfs/v1_0", "nwbwegen:wegvakken"),
    ),
    optional=frozenset({"road_number", "direction"}),
)  # fmt: skip
