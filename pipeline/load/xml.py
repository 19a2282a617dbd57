"""XML from a service as elements, without what makes XML dangerous."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from ..contract import SourceError
from .http import DamagedError

#: A feed of a thousand files is 1 MB.
MOST_BYTES = 20_000_000
_DEEPEST = 100


@dataclass
class Element:
    """One element: its name without namespace, its attributes, its own text, and the elements in it."""

    name: str
    attributes: dict[str, str]
    text: str = ""
    inside: list[Element] = field(default_factory=list)

    def all(self, name: str) -> Iterator[Element]:
        """Give the elements directly in it that are called `name`."""
        return (e for e in self.inside if e.name == name)

    def said(self, name: str) -> str:
        """Give the text of the first element in it called `name`; '' where there is none."""
        return next((e.text.strip() for e in self.all(name)), "")


def read(content: bytes, where: str) -> Element:
    """Read a whole document; gives its outermost element.

    No document type is accepted, so no entity can be declared: neither one that reads a file or an address, nor one
    that grows without end.

    Raises
    ------
    DamagedError
        When it is no XML, or half.
    SourceError
        When it has a document type, or is larger or deeper than any feed.
    """
    if len(content) > MOST_BYTES:
        msg = f"{where}: {len(content)} bytes of XML, expected at most {MOST_BYTES}; is the URL right?"
        raise SourceError(msg)
    outside = Element("", {})
    open_ = [outside]
    texts: list[list[str]] = [[]]

    def start(name: str, given: dict[str, str]) -> None:
        element = Element(_local(name), {_local(k): v for k, v in given.items()})
        open_[-1].inside.append(element)
        open_.append(element)
        texts.append([])
        if len(open_) > _DEEPEST:
            msg = f"{where}: XML more than {_DEEPEST} elements deep; is the URL right?"
            raise SourceError(msg)

    def end(_: str) -> None:
        open_.pop().text = "".join(texts.pop())

    def doctype(*_: object) -> None:
        msg = f"{where}: XML with a document type, which no service needs; is the URL right?"
        raise SourceError(msg)

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = lambda data: texts[-1].append(data)
    parser.StartDoctypeDeclHandler = doctype
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        msg = f"{where}: not whole XML ({expat.errors.messages[error.code]} in line {error.lineno})"
        raise DamagedError(msg) from None
    return outside.inside[0]


def _local(name: str) -> str:
    return name.rpartition(" ")[2]
