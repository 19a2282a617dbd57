"""How it is known that nothing was lost, in words with figures."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor

from ..contract import Proof, Text
from ..wording import number
from .received import InconsistentError


def count(features: int) -> Proof:
    """The service's own count is what came."""
    return Proof(
        "count",
        True,
        Text(
            f"de dienst telt {_nl(features)} objecten en zoveel kwamen er",
            f"the service counts {_en(features)} features and as many came",
        ),
    )


def file(features: int) -> Proof:
    """One file, read to its end; whether it was exported whole, it can't say."""
    return Proof(
        "file",
        True,
        Text(
            f"eigen bestand, geheel gelezen: {_nl(features)} objecten; of het volledig is uitgevoerd, kan het niet zeggen",
            f"own file, read whole: {_en(features)} features; whether it was exported whole, it can't say",
        ),
    )


def seams(features: int, tiles: int) -> Proof:
    """What lies on a seam came with every tile that it touches."""
    return Proof(
        "seams",
        True,
        Text(
            f"{_nl(features)} objecten op de naden van {tiles} tegels kwamen met elke tegel mee",
            f"{_en(features)} features on the seams of {tiles} tiles came with each tile",
        ),
    )


def not_asked_twice() -> Proof:
    """Nothing could be looked at."""
    return Proof(
        "none",
        False,
        Text(
            "de dienst telt niet en is niet tweemaal gevraagd",
            "the service does not count and was not asked twice",
        ),
    )


def second_pass(
    urls: Sequence[str], ids_of: Callable[[str], Iterable[str | int]], ids: set[str | int], parallel: int, where: str
) -> Proof:
    """Ask every page once more and compare the ids of all of them together.

    A page can get lost, or a feature slip from one page to the next while the register changes; twice the same loss
    would take the same change at the same place.

    Raises
    ------
    InconsistentError
        When the second time others came.
    """
    with ThreadPoolExecutor(parallel) as pool:
        again = {i for page in pool.map(ids_of, urls) for i in page}
    if again != ids:
        msg = (
            f"{where}: asked a second time, {len(again - ids)} features are new and {len(ids - again)} gone; "
            "the data changed meanwhile, run again"
        )
        raise InconsistentError(msg)
    return Proof(
        "second_pass",
        True,
        Text(
            f"de dienst telt niet; {_pages(len(urls), 'pagina', 'pagina’s')} tweemaal gevraagd, dezelfde {_nl(len(ids))} objecten",
            f"the service does not count; {_pages(len(urls), 'page', 'pages')} asked twice, the same {_en(len(ids))} features",
        ),
    )


def _pages(count: int, one: str, more: str) -> str:
    return f"{count} {one if count == 1 else more}"


def _nl(count: int) -> str:
    return number(count, 0, "nl")


def _en(count: int) -> str:
    return number(count, 0, "en")
