"""AHN: Actueel Hoogtebestand Nederland, heights from airborne laser scanning (Rijkswaterstaat and partners).

What the service gives is AHN4, flown from 2020 to 2022; in which of these winters a place was flown is not in the raster.
Heights are in metres above NAP. The ground level (DTM) says nothing under buildings and on water, the surface (DSM)
nothing on water. Two editions were not resampled alike, so that their difference is no change.
"""

from __future__ import annotations

from ..contract import Raster, Text
from .declaration import Access, RasterSource, Register

_AHN = Register(
    "Actueel Hoogtebestand Nederland (AHN)",
    "CC0-1.0",
    "https://creativecommons.org/publicdomain/zero/1.0/",
    "Rijkswaterstaat / AHN (PDOK)",
)
_PAGE = "https://www.pdok.nl/introductie/-/article/actueel-hoogtebestand-nederland-ahn"
_FLOWN = "2020–2022 (AHN4)"
#: The highest float32, and what older tiles have.
_NODATA = frozenset({3.4028234663852886e38, -9999.0})
_SERVICE = "https://service.pdok.nl/rws/actueel-hoogtebestand-nederland"
_OLD_SERVICE = "https://service.pdok.nl/rws/ahn"


def _ways(coverage: str) -> tuple[Access, ...]:
    """Give the ways: the coverage service, at its old address where the new one fails, and whole sheets of 5 x 6.25 km."""
    return (
        Access("wcs", f"{_SERVICE}/wcs/v1_0", coverage),
        Access("wcs", f"{_OLD_SERVICE}/wcs/v1_0", coverage),
        Access("tiles", f"{_SERVICE}/atom/downloads/{coverage}/kaartbladindex.json", coverage),
    )


AHN_DTM = RasterSource(
    raster=Raster(
        "ahn_dtm", 0.5, "m", 5.0,
        Text("Maaiveldhoogte (AHN)", "Ground level (AHN)"),
        Text("Hoogte van het maaiveld in m boven NAP; leeg onder gebouwen, op water en waar niet is gemeten.",
             "Height of the ground in m above NAP; NaN under buildings, on water and where nothing was measured."),
    ),
    title=Text("AHN4 maaiveld (DTM), 0,5 m", "AHN4 ground level (DTM), 0.5 m"),
    register=_AHN,
    page=_PAGE,
    reference_date=_FLOWN,
    accesses=_ways("dtm_05m"),
    nodata=_NODATA,
    # From a deep quarry to above the Vaalserberg, 322 m.
    lowest=-15.0,
    highest=330.0,
)  # fmt: skip

AHN_DSM = RasterSource(
    raster=Raster(
        "ahn_dsm", 0.5, "m", 5.0,
        Text("Oppervlaktehoogte (AHN)", "Surface height (AHN)"),
        Text("Hoogte van maaiveld, gebouwen en bomen in m boven NAP; leeg op water en waar niet is gemeten.",
             "Height of ground, buildings and trees in m above NAP; NaN on water and where nothing was measured."),
    ),
    title=Text("AHN4 oppervlak (DSM), 0,5 m", "AHN4 surface (DSM), 0.5 m"),
    register=_AHN,
    page=_PAGE,
    reference_date=_FLOWN,
    accesses=_ways("dsm_05m"),
    nodata=_NODATA,
    # The mast at IJsselstein reaches 372 m.
    lowest=-15.0,
    highest=400.0,
)  # fmt: skip
