"""What the charts say, in both languages."""

from __future__ import annotations

from collections.abc import Mapping

from ..contract import Language, Text

WORDS: Mapping[str, Text] = {
    "along": Text("{} per vak langs het spoor", "{} per section along the line"),
    "along_desc": Text("Van {} tot {}; hoogste {} in {}.", "From {} to {}; highest {} in {}."),
    "layer": Text("1 laag", "1 layer"),
    "layers": Text("{} lagen", "{} layers"),
    "no_value": Text("geen getal", "no number"),
}


def words(language: Language) -> dict[str, str]:
    """All of `WORDS` in one language."""
    return {key: text.in_(language) for key, text in WORDS.items()}
