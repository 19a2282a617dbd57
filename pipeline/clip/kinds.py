"""The kinds of spatial unit: what each is, and the one form that their tables share."""

from __future__ import annotations

from dataclasses import dataclass

from ..contract import POLYGON, Column, Layer, Text

_COLUMNS = (
    Column("unit_name", "str", "", "label", Text("Naam", "Name"),
           Text("Naam van het gebied.", "Name of the area.")),
    Column("area_m2", "float64", "m²", "extensive", Text("Oppervlakte", "Area"),
           Text("Oppervlakte van het gebied, land en water.", "Area of the unit, land and water.")),
    Column("land_area_m2", "float64", "m²", "extensive", Text("Oppervlakte land", "Land area"),
           Text("Oppervlakte land: zoals CBS publiceert voor hele buurten, wijken en gemeenten (gemeente: som van de wijken), anders oppervlakte zonder water volgens het Bestand Bodemgebruik; leeg zonder dat bestand.",
                "Land area: as CBS publishes it for whole buurten, wijken and gemeenten (gemeente: sum of its wijken), else area without water of the BBG; NaN without that file.")),
)  # fmt: skip

#: Kept apart from the units until they are exported: a wider corridor changes it, and nothing else of a whole unit.
CORRIDOR_SHARE = Column(
    "corridor_share", "float64", "share", "intensive", Text("Deel in de corridor", "Share in the corridor"),
    Text("Deel van de oppervlakte van het gebied dat in de corridor ligt: 1 erbinnen, 0 erbuiten.",
         "Share of the area of the unit that lies in the corridor: 1 inside it, 0 outside."),
)  # fmt: skip


@dataclass(frozen=True)
class UnitKind:
    """One kind of unit.

    Attributes
    ----------
    published
        The source layer (`buurt`, `wijk`, `gemeente`) of which each unit is one whole feature with the same
        key; None for units that no register publishes figures for.
    part_of
        For the part in the corridor: the kind of which it is a part.
    partition
        True where units never overlap each other; catchments of nearby stations may.
    along_line
        True where it can only be made with stations on a line.
    needs
        Sources without which it can't be made, besides `published`.
    own
        True where it is made from the file that ``[units] own_file`` names.
    """

    name: str
    title: Text
    published: str | None = None
    part_of: str | None = None
    partition: bool = True
    along_line: bool = False
    needs: tuple[str, ...] = ()
    own: bool = False

    @property
    def sources(self) -> tuple[str, ...]:
        """The sources that it is made from, without those that only refine it."""
        return (self.published,) if self.published else self.needs

    @property
    def shapes(self) -> Layer:
        """The table of the units as they are made: index `unit_id`, all but their share in the corridor."""
        return Layer(self.name, "unit_id", POLYGON, _COLUMNS, self.title)

    @property
    def layer(self) -> Layer:
        """The table that holds units of this kind: index `unit_id`."""
        return Layer(self.name, "unit_id", POLYGON, (*_COLUMNS, CORRIDOR_SHARE), self.title)


KINDS: tuple[UnitKind, ...] = (
    UnitKind("gemeente", Text("Gemeente", "Municipality"), published="gemeente"),
    UnitKind("wijk", Text("Wijk", "District"), published="wijk"),
    UnitKind("buurt", Text("Buurt", "Neighbourhood"), published="buurt"),
    UnitKind("gemeente_corridor", Text("Gemeente, deel in de corridor", "Municipality, part in the corridor"), part_of="gemeente", needs=("gemeente",)),
    UnitKind("wijk_corridor", Text("Wijk, deel in de corridor", "District, part in the corridor"), part_of="wijk", needs=("wijk",)),
    UnitKind("buurt_corridor", Text("Buurt, deel in de corridor", "Neighbourhood, part in the corridor"), part_of="buurt", needs=("buurt",)),
    UnitKind("own", Text("Eigen gebied", "Own area"), partition=False, own=True),
    UnitKind("own_corridor", Text("Eigen gebied, deel in de corridor", "Own area, part in the corridor"), part_of="own", partition=False, own=True),
    UnitKind("block", Text("Bouwblok", "Building block"), needs=("wegvak", "pand")),
    UnitKind("square_1km", Text("Vierkant 1 km", "1 km square")),
    UnitKind("square_500m", Text("Vierkant 500 m", "500 m square")),
    UnitKind("square_100m", Text("Vierkant 100 m", "100 m square")),
    UnitKind("hexagon", Text("Zeshoek", "Hexagon")),
    UnitKind("catchment", Text("Stationsring", "Station ring"), partition=False, along_line=True),
    UnitKind("section", Text("Vak langs het spoor", "Section along the line"), along_line=True),
    UnitKind("corridor", Text("Corridor", "Corridor")),
)  # fmt: skip
