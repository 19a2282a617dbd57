"""The guide for planners: one text per language, read from Markdown of which only a small part is allowed.

Allowed are ``#`` (once, first), ``##``, paragraphs, lists with ``-`` and ``**bold**`` in the last two, each block apart
from the next by an empty line. What the page shows is thus known: it has no links, pictures or markup to be afraid of.
"""

from __future__ import annotations

import re
from importlib.resources import files
from typing import Literal, NamedTuple, NoReturn, NotRequired, TypedDict

from ..contract import ContractError, Language

_ASSETS = files(__package__) / "assets"
#: How a line may not begin: what Markdown would make a heading, list, quote, table, rule or code of.
_BEGINNING = re.compile(r"#|[-+*>|=]|\d+[.)](?:\s|$)|\s")
#: Marks of links, pictures, code, markup, emphasis and entities.
_MARKS = re.compile(r"[][<>`_\\|~*]|&#?\w+;|https?:")
_ALLOWED = "#, ##, a paragraph, a list with '- ' or **bold**"


class Run(NamedTuple):
    """Text of one weight."""

    text: str
    bold: bool


class Block(TypedDict):
    """A heading or paragraph with `text`, or a list with `items`; JSON makes of each run a pair."""

    tag: Literal["h1", "h2", "p", "ul"]
    text: NotRequired[list[Run]]
    items: NotRequired[list[list[Run]]]


def source(language: Language) -> str:
    """Give the guide as it is written, in Markdown."""
    return (_ASSETS / _name(language)).read_text("utf-8")


def guide(language: Language) -> list[Block]:
    """Give the guide in blocks, in order."""
    return parse(source(language), _name(language))


def parse(text: str, name: str) -> list[Block]:
    """Read a text of the allowed part of Markdown; `name` is how errors call the file.

    Raises
    ------
    ContractError
        At the first line that is none of it, or where the text does not begin with its one ``#``.
    """
    blocks: list[Block] = []
    paragraph: list[tuple[int, str]] = []
    for number, line in enumerate([*text.split("\n"), ""], 1):
        if line:
            paragraph.append((number, line))
        elif paragraph:
            blocks.append(_block(paragraph, name))
            paragraph = []
            if (blocks[-1]["tag"] == "h1") != (len(blocks) == 1):
                _fail(name, number - 1, "the title is not the first block, or not the only one", "begin with one '# ' line")
    if not blocks:
        _fail(name, 1, "there is no text", "begin with one '# ' line")
    return blocks


def _name(language: Language) -> str:
    return f"guide.{language}.md"


def _block(lines: list[tuple[int, str]], name: str) -> Block:
    number, first = lines[0]
    if heading := re.fullmatch(r"(##?) (\S.*)", first):
        if len(lines) > 1:
            _fail(name, lines[1][0], f"{lines[1][1]!r} stands right below a heading", "put an empty line between")
        if "**" in first:
            _fail(name, number, f"{first!r} has bold text", "headings have none, take the ** away")
        return {"tag": "h1" if heading[1] == "#" else "h2", "text": _runs([(number, heading[2])], name)}
    if first.startswith("- "):
        return {"tag": "ul", "items": [_runs(item, name) for item in _items(lines, name)]}
    return {"tag": "p", "text": _runs(lines, name)}


def _items(lines: list[tuple[int, str]], name: str) -> list[list[tuple[int, str]]]:
    """Divide a list into its items; the lines that follow the first of an item are indented by two spaces."""
    items: list[list[tuple[int, str]]] = []
    for number, line in lines:
        if line.startswith("- "):
            items.append([(number, line[2:])])
        elif line.startswith("  "):
            items[-1].append((number, line[2:]))
        else:
            _fail(name, number, f"{line!r} stands right below a list", "put an empty line between, or indent it by two spaces")
    return items


def _runs(lines: list[tuple[int, str]], name: str) -> list[Run]:
    """Join the lines of one text and divide it at its bold marks."""
    for number, line in lines:
        # A bold text may begin a line.
        begins = _BEGINNING.match(line.removeprefix("**"))
        if not line or begins or line != line.rstrip() or _MARKS.search(line.replace("**", "")):
            _fail(name, number, f"{line!r} is outside what the guide may use", f"write it as {_ALLOWED}")
    text = " ".join(line for _, line in lines)
    pieces = text.split("**")
    bold_is_whole = all(piece and piece == piece.strip() for piece in pieces[1::2])
    if len(pieces) % 2 == 0 or not bold_is_whole:
        _fail(name, lines[0][0], f"the bold text in {lines[0][1]!r} does not begin and end", "write it as **bold**")
    return [Run(piece, bool(n % 2)) for n, piece in enumerate(pieces) if piece]


def _fail(name: str, line: int, what: str, expected: str) -> NoReturn:
    msg = f"{name}:{line}: {what}; {expected}"
    raise ContractError(msg)
