"""What is computed beside what CBS publishes for the same unit, and what is loaded beside what is known of 2022.

A difference is explained, not tuned away: up to the tolerance it is rounding, beyond it differs for the reason that is
said, and only where the whole, or more than a quarter of the units, is off by more than a wide limit does it fail.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files

import numpy as np
import pandas as pd

from ..contract import Text
from .computed import Computed, both, unit_called
from .declaration import Check, State

#: Of this share of the units it may be more than the limit before it fails.
FAR_SHARE = 0.25
#: The edition of the figures in ``published_2022.csv``.
KNOWN_EDITION = 2022
_OAD = "oad_per_km2"
#: CBS: borders of the classes of urbanity, addresses per km².
_URBANITY = (500.0, 1000.0, 1500.0, 2500.0)


@dataclass(frozen=True)
class Comparison:
    """A column that is computed, or taken over, and published under the same name.

    Attributes
    ----------
    relative, absolute
        Difference that means nothing: either.
    limit, least
        Relative difference that nothing explains, and the absolute one under which no number of CBS says much.
    why
        What explains a difference in between.
    """

    column: str
    title: Text
    relative: float
    absolute: float
    limit: float
    least: float
    why: Text


COMPARISONS = (
    Comparison("inhabitants_count", Text("Inwoners", "Inhabitants"), 0, 0, 0.02, 5, Text("de getallen zijn overgenomen en horen gelijk te zijn", "the numbers are taken over and should be equal")),
    Comparison("inhabitants_per_km2", Text("Bevolkingsdichtheid", "Population density"), 0.02, 1, 0.25, 50, Text("CBS deelt door land in hectaren en rondt af; in een klein gebied telt dat", "CBS divides by land in hectares and rounds; in a small unit that counts")),
    Comparison("dwellings_count", Text("Woningen", "Dwellings"), 0.02, 5, 0.25, 50, Text("CBS telt op 1 januari van de uitgave, de BAG is van de dag van ophalen", "CBS counts on 1 January of the edition, the BAG is of the day of retrieval")),
    Comparison(_OAD, Text("Omgevingsadressendichtheid", "Surrounding address density"), 0.03, 1, 0.25, 100, Text("CBS telt adressen per vierkant en op 1 januari, hier staan zij op hun punt", "CBS counts addresses by square and on 1 January, here they stand on their point")),
)  # fmt: skip

_TOLERANCE = Text("{} % of {}; faalt boven {} %", "{} % or {}; fails above {} %")


def check_published(tables: Sequence[Computed], registers: Mapping[str, pd.DataFrame]) -> Iterator[Check]:
    """One check per comparison and kind of unit for which CBS publishes.

    Parameters
    ----------
    registers
        ``buurt`` and ``wijk`` as they were loaded: index the code, columns as CBS has them, NaN where withheld.
    """
    for t in tables:
        register = registers.get(t.kind.published or "")
        if register is None:
            continue
        for comparison in COMPARISONS:
            if comparison.column in t.table and comparison.column in register:
                yield from _compared(comparison, t, register)
        if "urbanity_class" in register and _OAD in t.table:
            yield from _classes(t, register)


def check_known(registers: Mapping[str, pd.DataFrame], edition: int | None) -> Iterator[Check]:
    """What is loaded of 2022 beside the figures that CBS published of it, and the sums of the wijken of a gemeente."""
    wijk = registers.get("wijk")
    known = known_figures()
    there = known.index.intersection(wijk.index if wijk is not None else [])
    if wijk is None or edition != KNOWN_EDITION or not len(there):
        return
    for name, title in (
        ("inhabitants_count", Text("Inwoners van wijken in 2022", "Inhabitants of wijken in 2022")),
        ("dwellings_count", Text("Woningen van wijken in 2022", "Dwellings of wijken in 2022")),
        ("urbanity_class", Text("Stedelijkheidsklasse van wijken in 2022", "Urbanity class of wijken in 2022")),
    ):
        pair = pd.DataFrame({"found": wijk[name].reindex(there), "expected": known[name].reindex(there)}).dropna()
        pair["label"] = pair.index + " " + known["name"].reindex(pair.index)
        if len(pair):
            limit = 0.05 if name != "urbanity_class" else np.inf
            yield _known(f"published/2022/{name}", title, pair, limit)
    yield from _gemeenten(wijk, known)


def known_figures() -> pd.DataFrame:
    """The published figures of 2022: index code; name, inhabitants, dwellings, class."""
    lines = files(__package__).joinpath("published_2022.csv").read_text("utf-8").splitlines()
    table = pd.DataFrame(csv.DictReader(line for line in lines if not line.startswith("#"))).set_index("code")
    return table.astype({c: "float64" for c in table if c != "name"})


def _gemeenten(wijk: pd.DataFrame, known: pd.DataFrame) -> Iterator[Check]:
    for code in known.index[known.index.str.startswith("GM")]:
        parts = known.index[known.index.str.startswith(f"WK{code[2:]}")]
        if not parts.isin(wijk.index).all():
            continue
        for name, title in (
            ("inhabitants_count", Text("Inwoners", "Inhabitants")),
            ("dwellings_count", Text("Woningen", "Dwellings")),
        ):
            found, expected = float(wijk[name].reindex(parts).sum()), float(known[name][code])
            # Each number is rounded to five by itself; dwellings are not.
            slack = 2.5 * (len(parts) + 1) if name == "inhabitants_count" else 0.0
            off = abs(found - expected)
            state: State = "holds" if off <= slack else "differs" if off <= 0.05 * expected else "fails"
            yield Check(
                f"published/2022/{code}/{name}", "published",
                both(Text("{}: som van de wijken van {} in 2022", "{}: sum of the wijken of {} in 2022"), title, str(known["name"][code])),
                state, len(parts), int(state != "holds"), found, expected,
                both(Text("{}, door afronden op vijf", "{}, by rounding to five"), slack), "" if state == "holds" else code,
                both(Text("de wijken zijn samen {}, gepubliceerd is {}, {} ernaast", "the wijken are together {}, published is {}, {} off"), found, expected, off),
            )  # fmt: skip


def _known(name: str, title: Text, pair: pd.DataFrame, limit: float) -> Check:
    off = (pair["found"] - pair["expected"]).abs()
    size = pair["expected"].clip(lower=1)
    state: State = "holds" if not off.any() else "fails" if (off > limit * size).any() else "differs"
    if state == "holds":
        summed = name.endswith("_count")
        found, expected = (float(pair[c].sum()) if summed else None for c in ("found", "expected"))
        worst, said = "", both(Text("{} wijken, alle gelijk", "{} wijken, all equal"), len(pair))
    else:
        row = pair.iloc[int(np.argmax(off / size))]
        found, expected, worst = float(row["found"]), float(row["expected"]), str(row["label"])
        said = both(
            Text("{} van {} wijken zijn niet gelijk; het verst {}: geladen {}, gepubliceerd {}", "{} of {} wijken are not equal; furthest {}: loaded {}, published {}"),
            int((off > 0).sum()), len(pair), worst, found, expected,
        )  # fmt: skip
    return Check(
        name, "published", title, state, len(pair), int((off > 0).sum()), found, expected,
        Text("geen", "none") if limit == np.inf else Text("geen; faalt boven 5 %", "none; fails above 5 %"), worst, said,
    )  # fmt: skip


def _compared(c: Comparison, t: Computed, register: pd.DataFrame) -> Iterator[Check]:
    pair = pd.DataFrame({"found": t.table[c.column], "expected": register[c.column].reindex(t.table.index)}).dropna()
    if not len(pair):
        return
    off = (pair["found"] - pair["expected"]).abs()
    beyond = off > np.maximum(c.relative * pair["expected"], c.absolute)
    far = off > np.maximum(c.limit * pair["expected"], c.least)
    summed = c.column.endswith("_count")
    found, expected = (float(pair[n].sum() if summed else pair[n].median()) for n in ("found", "expected"))
    all_off = abs(found - expected) > max(c.limit * expected, c.least)
    state: State = "fails" if all_off or far.mean() > FAR_SHARE else "differs" if beyond.any() else "holds"
    worst = str((off / pair["expected"].clip(lower=c.least)).idxmax())
    whole = Text("samen", "together") if summed else Text("middelste", "median")
    said = both(
        Text("{} van {} binnen de marge; {} {}, CBS {} ({} %)", "{} of {} within the margin; {} {}, CBS {} ({} %)"),
        int((~beyond).sum()), len(pair), whole, round(found, 1), round(expected, 1), _percent(found, expected),
    )  # fmt: skip
    if beyond.any():
        have, want = float(pair["found"][worst]), float(pair["expected"][worst])
        more = both(
            Text("; het verst {}: {}, CBS {} ({} %); {}", "; furthest {}: {}, CBS {} ({} %); {}"),
            unit_called(t.table, worst), round(have, 1), round(want, 1), _percent(have, want), c.why,
        )  # fmt: skip
        said = Text(said.nl + more.nl, said.en + more.en)
    yield Check(
        f"published/{t.kind.name}/{c.column}", "published", both(Text("{} per {}", "{} per {}"), c.title, _low(t.kind.title)),
        state, len(pair), int(beyond.sum()), found, expected,
        both(_TOLERANCE, 100 * c.relative, float(c.absolute), 100 * c.limit),
        unit_called(t.table, worst) if beyond.any() else "", said,
    )  # fmt: skip


def _classes(t: Computed, register: pd.DataFrame) -> Iterator[Check]:
    """The class that CBS gives, beside the one of our density; near a border the difference of the density explains it."""
    pair = pd.DataFrame({"oad": t.table[_OAD], "expected": register["urbanity_class"].reindex(t.table.index)}).dropna()
    if not len(pair):
        return
    pair["found"] = classes(pair["oad"])
    unlike = pair["found"] != pair["expected"]
    border = np.array(_URBANITY)
    nearest = np.abs(pair["oad"].to_numpy()[:, None] / border[None, :] - 1).min(axis=1)
    beyond = unlike & (nearest > 0.03)
    far = (pair["found"] - pair["expected"]).abs() > 1
    state: State = "fails" if far.mean() > FAR_SHARE else "differs" if beyond.any() else "holds"
    said = both(
        Text("{} van {} in dezelfde klasse; {} anders en dicht bij een grens, {} anders en niet dichtbij",
             "{} of {} in the same class; {} other and near a border, {} other and not near"),
        int((~unlike).sum()), len(pair), int((unlike & ~beyond).sum()), int(beyond.sum()),
    )  # fmt: skip
    worst = str((pair["found"] - pair["expected"]).abs().where(beyond, -1).idxmax())
    yield Check(
        f"published/{t.kind.name}/urbanity_class", "published",
        both(Text("Stedelijkheidsklasse per {}", "Urbanity class per {}"), _low(t.kind.title)), state, len(pair), int(beyond.sum()),
        float((~unlike).sum()), float(len(pair)), Text("gelijk, of dichtheid binnen 3 % van een klassegrens", "equal, or density within 3 % of the border of a class"),
        unit_called(t.table, worst) if beyond.any() else "", said,
    )  # fmt: skip


def classes(oad_per_km2: pd.Series) -> pd.Series:
    """Urbanity class of CBS: 1 from 2,500 addresses per km² on, 5 under 500."""
    return pd.Series(5.0 - np.searchsorted(_URBANITY, oad_per_km2, side="right"), index=oad_per_km2.index)


def _percent(found: float, expected: float) -> Text:
    if not expected:
        return Text("–", "–")
    value = round(100 * (found / expected - 1), 1)
    sign = "+" if value > 0 else "−" if value < 0 else ""
    return Text(f"{sign}{abs(value):.1f}".replace(".", ","), f"{sign}{abs(value):.1f}")


def _low(title: Text) -> Text:
    return Text(title.nl.lower(), title.en.lower())
