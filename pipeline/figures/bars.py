"""Shares that are drawn as one bar per place, with their colours: declarations, no behaviour."""

from __future__ import annotations

from dataclasses import dataclass

from ..contract import Text


@dataclass(frozen=True)
class Bars:
    """Shares that are drawn as one bar per place: columns, their colours, and short labels where a legend is small."""

    title: Text
    columns: tuple[str, ...]
    colours: tuple[str, ...]
    labels: tuple[Text, ...] = ()


_YEARS = (
    "before_1945",
    "1945_to_1960",
    "1960_to_1970",
    "1970_to_1980",
    "1980_to_1990",
    "1990_to_2000",
    "2000_to_2010",
    "from_2010",
)
_LAND = (
    "traffic",
    "built_up",
    "semi_built",
    "recreation",
    "agriculture",
    "nature",
    "inland_water",
    "outer_water",
    "abroad",
)
_SIZES = ("below_50_m2", "50_to_75_m2", "75_to_100_m2", "100_to_150_m2", "150_to_250_m2", "from_250_m2")

AGES = Bars(
    Text("Leeftijd van de inwoners", "Age of the inhabitants"),
    tuple(f"age_{a}_share" for a in ("0_15", "15_25", "25_45", "45_65", "65_plus")),
    ("#ffffcc", "#a1dab4", "#41b6c4", "#2c7fb8", "#253494"),
)
#: Eight steps that stay apart in print and for people with a colour vision deficiency: old is warm, young is cool.
YEARS = Bars(
    Text("Bouwjaar van de woningen", "Year of construction of the dwellings"),
    tuple(f"dwellings_{y}_share" for y in _YEARS),
    ("#911c3c", "#c8553d", "#e8a13a", "#f4dc8b", "#b2e5bc", "#6baed6", "#4362bb", "#54397f"),
    (
        Text("voor 1945", "before 1945"),
        *(
            Text(f"{a}–{b}", f"{a}–{b}")
            for a, b in ((1945, 60), (1960, 70), (1970, 80), (1980, 90), (1990, 2000), (2000, 10))
        ),
        Text("vanaf 2010", "from 2010"),
    ),
)
SIZES = Bars(
    Text("Oppervlakte van de woningen", "Size of the dwellings"),
    tuple(f"dwellings_{s}_share" for s in _SIZES),
    ("#feedde", "#fdd0a2", "#fdae6b", "#fd8d3c", "#e6550d", "#a63603"),
)
LAND_USE = Bars(
    Text("Bodemgebruik in hoofdgroepen", "Land use in main groups"),
    tuple(f"land_use_{g}_share" for g in _LAND),
    ("#8b8f94", "#e53e42", "#9a6fad", "#b0d26e", "#fff7bb", "#3ca059", "#9ccbee", "#4e67d2", "#daffe3"),
    (
        Text("verkeer", "traffic"),
        Text("bebouwd", "built-up"),
        Text("semi-bebouwd", "semi built-up"),
        Text("recreatie", "recreation"),
        Text("agrarisch", "agriculture"),
        Text("bos en natuur", "woodland, nature"),
        Text("binnenwater", "inland water"),
        Text("buitenwater", "outer water"),
        Text("buitenland", "abroad"),
    ),
)
GROUND = Bars(
    Text("Bedekking volgens de BGT", "Ground cover by the BGT"),
    tuple(f"ground_{g}_share" for g in ("green", "water", "paved", "built", "bare", "yard", "other")),
    ("#9cc07e", "#9ccbee", "#a9a5a5", "#c8553d", "#fbdd76", "#fff3df", "#c9d4d3"),
    (
        Text("groen", "green"),
        Text("water", "water"),
        Text("verhard", "paved"),
        Text("bebouwd", "built"),
        Text("kaal", "bare"),
        Text("erf", "yard"),
        Text("onbekend", "unknown"),
    ),
)
