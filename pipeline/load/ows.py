"""The little XML that OGC services speak: counts and exceptions."""

from __future__ import annotations

from dataclasses import dataclass
from xml.parsers import expat

from ..contract import SourceError


@dataclass(frozen=True)
class Root:
    """Name and attributes of the outermost element, and the text of the first exception in it ('' if none)."""

    name: str
    attributes: dict[str, str]
    exception: str


def root(content: bytes, where: str) -> Root:
    """Read the outermost element of an XML document.

    No document type is accepted, so no entity can be declared: neither one that reads a file or an address, nor one
    that grows without end. OGC services send none.

    Raises
    ------
    SourceError
        When `content` is not XML, or has a document type.
    """
    names: list[str] = []
    attributes: dict[str, str] = {}
    texts: list[str] = []
    inside = False

    def start(name: str, given: dict[str, str]) -> None:
        nonlocal inside
        local = name.rpartition(" ")[2]
        if not names:
            attributes.update({k.rpartition(" ")[2]: v for k, v in given.items()})
        names.append(local)
        # OWS 1.x has ExceptionText, the services of before have ServiceException.
        inside = local in ("ExceptionText", "ServiceException") and not texts

    def end(_: str) -> None:
        nonlocal inside
        inside = False

    def text(data: str) -> None:
        if inside:
            texts.append(data)

    def doctype(*_: object) -> None:
        msg = f"{where}: XML with a document type, which no OGC service sends; is the URL right?"
        raise SourceError(msg)

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = doctype
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        msg = f"{where}: not whole XML ({expat.errors.messages[error.code]} in line {error.lineno})"
        raise SourceError(msg) from None
    return Root(names[0], attributes, " ".join("".join(texts).split()))


def exception(content: bytes) -> str | None:
    """The text of an OGC exception; None where `content` is none."""
    try:
        return root(content, "").exception or None
    except SourceError:
        return None
