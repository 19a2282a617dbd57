"""A Folium map that needs no network: Leaflet inside the page, and a policy that lets nothing else in."""

from __future__ import annotations

import base64
import hashlib
import mimetypes
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, cast

import folium
from branca.element import Element, Figure
from folium.template import Template
from xstatic.pkg.leaflet import BASE_DIR

from ..contract import ContractError

_LEAFLET = Path(BASE_DIR)
#: Leaflet, ours, Folium's switches and Folium's own script at the end.
SCRIPTS = 4
#: Scripts of these types are data, which no browser runs.
DATA_TYPES = ("application/json", "text/plain")
TILE_HOST = "https://service.pdok.nl"
_VIEWPORT = re.compile(r'<meta name="viewport"[^>]*/>')


class OfflineMap(folium.Map):
    """`folium.Map` without links to other hosts; only what uses plain Leaflet can be added to it."""

    default_js: list[tuple[str, str]] = []  # noqa: RUF012 - Folium's own names and types
    default_css: list[tuple[str, str]] = []  # noqa: RUF012

    def __init__(self, **options: Any) -> None:
        super().__init__(tiles=None, **options)
        header = figure(self).header
        header.add_child(style((_LEAFLET / "leaflet.css").read_text("utf-8"), _LEAFLET), name="leaflet_css")
        code = (_LEAFLET / "leaflet.js").read_text("utf-8").partition("//# sourceMappingURL")[0]
        header.add_child(script(code), name="leaflet_js")


def figure(element: Element) -> Figure:
    """The page that an element stands in."""
    return cast(Figure, element.get_root())


class _Block(Element):
    """A script or style element; its text is passed as a value, so that Jinja never reads it."""

    _template = Template(
        '<{{ this.tag }}{% for k, v in this.attributes.items() %} {{ k }}="{{ v|e }}"{% endfor %}>'
        "{{ this.text }}</{{ this.tag }}>"
    )

    def __init__(self, tag: str, text: str, **attributes: str) -> None:
        super().__init__()
        self.tag, self.attributes = tag, attributes
        self.text = re.sub(rf"</(?={tag})", r"<\\/", text, flags=re.IGNORECASE)  # nothing in it ends it


def script(code: str, **attributes: str) -> Element:
    """A script element."""
    return _Block("script", code, **attributes)


def style(css: str, folder: Path | None = None) -> Element:
    """A style element; pictures that lie in `folder` are put in as data."""

    def inlined(match: re.Match[str]) -> str:
        path = folder / match[1].strip("'\"").split("#")[0] if folder else None
        if path is None or not path.is_file():
            return match[0]
        kind = mimetypes.guess_type(path.name)[0]
        return f"url(data:{kind};base64,{base64.b64encode(path.read_bytes()).decode()})"

    bare = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)  # comments name addresses
    return _Block("style", re.sub(r"url\(([^)]+)\)", inlined, bare))


def render(page: OfflineMap, language: str) -> str:
    """HTML text of the map: language stated, zooming by the reader allowed, ids counted, policy set.

    Raises
    ------
    ContractError
        If there are not exactly `SCRIPTS` scripts: data have become markup.
    """
    root = figure(page)
    for number, element in enumerate(_elements(root)):
        element._id = f"{number:x}"  # Folium's own ids are random, the same map would differ from run to run
    html = root.render().replace("<html>", f'<html lang="{language}">', 1)
    html = _VIEWPORT.sub('<meta name="viewport" content="width=device-width, initial-scale=1">', html, count=1)
    return html.replace("<head>", f'<head>\n<meta charset="utf-8">\n{policy(html)}', 1)


def _elements(element: Element) -> Iterator[Element]:
    yield element
    parts = (element.header, element.html, element.script) if isinstance(element, Figure) else ()
    for child in (*parts, *element._children.values()):
        yield from _elements(child)


def policy(html: str) -> str:
    """The meta element that allows only the scripts now in `html`, background tiles, and nothing else."""
    found = _Scripts()
    found.feed(html)
    if len(found.code) != SCRIPTS:
        msg = f"map: {len(found.code)} scripts in the page, expected {SCRIPTS}; data have become markup, report this"
        raise ContractError(msg)
    hashes = (base64.b64encode(hashlib.sha256(code.encode()).digest()).decode() for code in found.code)
    allowed = " ".join(f"'sha256-{value}'" for value in hashes)
    rules = (
        "default-src 'none'",
        f"script-src {allowed}",
        "style-src 'unsafe-inline'",
        f"img-src data: blob: {TILE_HOST}",
        "base-uri 'none'",
        "form-action 'none'",
    )
    return f'<meta http-equiv="Content-Security-Policy" content="{"; ".join(rules)}">'


class _Scripts(HTMLParser):
    """Collects the code of every script that a browser would run."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.code: list[str] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = tag == "script" and dict(attrs).get("type") not in DATA_TYPES
        if self._inside:
            self.code.append("")

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.code[-1] += data

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002 - the name is html.parser's
        self._inside = False
