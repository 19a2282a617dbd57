"""Elements of HTML and SVG, made with the tree of the standard library, which escapes all that is text."""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree import ElementTree as ET

Child = ET.Element | str | None


def el(tag: str, *children: Child | Iterable[Child], **attributes: str | float) -> ET.Element:
    """Make an element; in names of attributes ``_`` stands for ``-``, and one at the end is left out."""
    made = ET.Element(tag, {k.rstrip("_").replace("_", "-"): _text(v) for k, v in attributes.items()})
    for child in children:
        for one in [child] if child is None or isinstance(child, ET.Element | str) else child:
            _add(made, one)
    return made


def html(element: ET.Element) -> str:
    """Write an element as HTML."""
    return ET.tostring(element, encoding="unicode", method="html")


def _add(parent: ET.Element, child: Child) -> None:
    if isinstance(child, ET.Element):
        parent.append(child)
    elif child and len(parent):
        parent[-1].tail = (parent[-1].tail or "") + child
    elif child:
        parent.text = (parent.text or "") + child


def _text(value: str | float) -> str:
    return value if isinstance(value, str) else f"{round(value, 2):g}"
