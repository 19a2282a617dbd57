"""Published figures that the sample is calibrated to, and the editions that it says it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Wijk(NamedTuple):
    """A wijk with its published figures."""

    code: str
    name: str
    inhabitants: int
    dwellings: int


#: Where the figures in `WIJKEN` are published.
WIJKEN_SOURCE = "CBS, Kerncijfers wijken en buurten 2022 (1 January 2022)"

#: Inhabitants and dwellings carry over from `WIJKEN_SOURCE`; shapes and everything inside them are invented.
WIJKEN: tuple[Wijk, ...] = (
    Wijk("WK015300", "Wijk 00 Binnensingelgebied", 27_385, 14_669),
    Wijk("WK015303", "Wijk 03 Twekkelerveld - T.H.T.", 9_085, 4_607),
    Wijk("WK015304", "Wijk 04 Enschede-Noord", 20_090, 9_920),
    Wijk("WK015307", "Wijk 07 Bedrijfsterreinen Enschede-West", 310, 149),
    Wijk("WK016400", "Wijk 00 Binnenstad", 2_935, 1_792),
    Wijk("WK016401", "Wijk 01 Hengelose Es", 10_820, 5_266),
    Wijk("WK016405", "Wijk 05 Berflo Es", 6_970, 3_804),
    Wijk("WK016409", "Wijk 09 Buitengebied", 2_020, 698),
)

#: Source name -> year that the sample's values bear.
EDITIONS: Mapping[str, int] = {
    "buurt": 2022,
    "wijk": 2022,
    "vierkant_100m": 2022,
    "vierkant_500m": 2022,
    "bodemgebruik": 2017,
    "bodemgebruik_nieuw": 2022,
}
#: Source name -> earlier years that are there as well, newest first.
EARLIER: Mapping[str, tuple[int, ...]] = {
    "buurt": (2021, 2019),
    "wijk": (2021, 2019),
    "vierkant_100m": (2021, 2019),
    "vierkant_500m": (2021, 2019),
    "bodemgebruik": (2015,),
}

#: CBS codes: withheld or not present; published in a later version of the edition.
WITHHELD, LATER = -99997, -99995
#: What earlier editions wrote for withheld: the neighbourhoods until 2021, the squares until 2019.
WITHHELD_BEFORE = -99999999
WITHHELD_SQUARE_BEFORE = -99998


def editions(name: str) -> tuple[int, ...]:
    """All years of a source that the sample has, newest first; empty for one without editions."""
    return (EDITIONS[name], *EARLIER.get(name, ())) if name in EDITIONS else ()


def delivered(name: str, edition: int | None) -> str:
    """Name of a delivery: that of its source, with the year where it is an earlier one."""
    return name if edition == EDITIONS.get(name) else f"{name}_{edition}"
