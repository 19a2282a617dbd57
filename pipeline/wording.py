"""How numbers and dates are written for a reader: Dutch style in Dutch, English style in English."""

from __future__ import annotations

import datetime
import math

from .contract import Language

#: What stands where there is no value.
NO_VALUE = "–"

# fmt: off
_MONTHS = {
    "nl": ("januari", "februari", "maart", "april", "mei", "juni",
           "juli", "augustus", "september", "oktober", "november", "december"),
    "en": ("January", "February", "March", "April", "May", "June",
           "July", "August", "September", "October", "November", "December"),
}
# fmt: on


def number(value: float, decimals: int, language: Language) -> str:
    """Write a number: ``1.234,5`` in Dutch, ``1,234.5`` in English.

    A missing or infinite value becomes `NO_VALUE`; what rounds to zero has no sign.
    """
    if not math.isfinite(value):
        return NO_VALUE
    text = f"{abs(value):,.{decimals}f}"
    sign = "−" if value < 0 and text.strip("0.,") else ""
    if language == "nl":
        text = text.translate(str.maketrans(",.", ".,"))
    return sign + text


def date(iso: str, language: Language) -> str:
    """Write a date: ``21 november 2026``. The time of day of a timestamp is left out, as it stands.

    What is no ISO date (``2022``, ``actueel``) comes back as it is.
    """
    try:
        day = datetime.date.fromisoformat(iso[:10])
    except ValueError:
        return iso
    return f"{day.day} {_MONTHS[language][day.month - 1]} {day.year}"
