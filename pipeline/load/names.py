"""Names of columns: every service spells them its own way, the pipeline in snake_case."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..contract import SourceError

# A hump: aantal|Inwoners, woz|Waarde in WOZWaarde, Personen|0 and 0|Tot in Personen0Tot15Jaar.
_HUMPS = re.compile(
    r"(?<=[a-z])(?=[A-Z])"
    r"|(?<=[A-Z])(?=[A-Z][a-z])"
    r"|(?<=[0-9])(?=[A-Z])"
    r"|(?<=[a-z])(?=[0-9])"
)
# Km2 is a unit, not a word and a number.
_SQUARED = re.compile(r"_((?:[cdk])?m)_([23])(?=_|$)")
_OTHER = re.compile(r"[^a-z0-9]+")


def snake(name: str) -> str:
    """Give `name` in snake_case, as CBS and BAG spell theirs in files and in the OGC APIs.

    A name without capitals keeps its words (``crs28992res100m``, ``bg2017``); one of capitals only is one word
    (``BG2017``). Idempotent.

    Examples
    --------
    >>> snake("percentagePersonen0Tot15Jaar"), snake("bevolkingsdichtheidInwonersPerKm2"), snake("pand.href")
    ('percentage_personen_0_tot_15_jaar', 'bevolkingsdichtheid_inwoners_per_km2', 'pand_href')
    """
    if any(c.isupper() for c in name) and any(c.islower() for c in name):
        name = _HUMPS.sub("_", name)
    plain = _OTHER.sub("_", name.lower()).strip("_")
    return _SQUARED.sub(r"_\1\2", plain)


def snakes(names: Iterable[str], where: str) -> dict[str, str]:
    """Give name -> name in snake_case.

    Raises
    ------
    SourceError
        When two names become one, so that one column would hide the other.
    """
    seen: dict[str, str] = {}
    for name in names:
        if (twin := seen.setdefault(snake(name), name)) != name:
            msg = f"{where}: columns {twin!r} and {name!r} have the same name in snake_case; rename one"
            raise SourceError(msg)
    return {name: ours for ours, name in seen.items()}
