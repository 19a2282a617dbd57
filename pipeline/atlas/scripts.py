"""The page's JavaScript: modules in `assets/js`, put into one script because a page opened from disk can load none.

The modules use named imports and exports only, and declare their names at the start of a line. They come to share one
scope, so a name stands at the top level of one module only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import NoReturn

from ..contract import ContractError

#: What the entry exports and the page calls.
PUBLIC = "spoorzoneMap"
_FOLDER = files(__package__) / "assets" / "js"

_NAME = r"[A-Za-z_$][\w$]*"
_IMPORT = re.compile(rf"^import \{{\s*({_NAME}(?:\s*,\s*{_NAME})*)\s*,?\s*\}} from (['\"])\./([\w-]+\.js)\2;[ \t]*\n", re.M)
_ANY_IMPORT = re.compile(r"^\s*import\b.*|.*\bimport\(.*|.*\bimport\.meta\b.*", re.M)
_DECLARATION = rf"(?:const|let|class|(?:async )?function(?: ?\* ?)?)\s+({_NAME})"
_EXPORT = re.compile(rf"^export (?={_DECLARATION})", re.M)
_ANY_EXPORT = re.compile(r"^\s*export\b.*", re.M)
_TOP = re.compile(rf"^{_DECLARATION}", re.M)
#: At the top level, but with names that `_TOP` does not see.
_UNSEEN = re.compile(r"^(?:(?:const|let)\s*[\[{]|var\b).*", re.M)


@dataclass(frozen=True)
class Module:
    """One file: `imports` as (line, file, names) in their order, and its code without imports and ``export``."""

    name: str
    imports: tuple[tuple[int, str, tuple[str, ...]], ...]
    exports: frozenset[str]
    names: tuple[str, ...]
    code: str


def bundle(entry: str = "main.js", folder: Traversable = _FOLDER) -> str:
    """Put the modules of `folder` into one classic script that defines the global `spoorzoneMap`.

    Every module comes after all that it imports. The same files give the same text.

    Raises
    ------
    ContractError
        If an import or export has another form than named, a module or a name is not there, modules import each
        other in a circle, nothing imports a module, or two modules declare the same name.
    """
    names = sorted(file.name for file in folder.iterdir() if file.name.endswith(".js"))
    modules = {name: read(name, (folder / name).read_text("utf-8")) for name in names}
    if entry not in modules:
        _refuse(entry, f"is not there, expected among {', '.join(names) or 'no files'}")
    if PUBLIC not in modules[entry].exports:
        _refuse(entry, f"exports no {PUBLIC}, which the page calls")
    order = _ordered(entry, modules)
    if idle := [name for name in names if name not in order]:
        _refuse(idle[0], f"is reached by nothing from {entry}; import it or remove it")
    _check_names([modules[name] for name in order])
    code = "\n".join(f"// {name}\n{modules[name].code.strip()}\n" for name in order)
    return f"(() => {{\n'use strict';\n\n{code}\nglobalThis.{PUBLIC} = {PUBLIC};\n}})();\n"


def read(name: str, text: str) -> Module:
    """Take one module apart.

    Raises
    ------
    ContractError
        If an import, an export or a declaration at the top level has a form that is not known here.
    """
    text += "\n"
    imports = tuple((_line(text, m), m[3], tuple(re.split(r"\s*,\s*", m[1]))) for m in _IMPORT.finditer(text))
    # Lines stay where they are until all has been looked at, so that an error can name its line.
    bare = _IMPORT.sub(lambda m: "\n" * m[0].count("\n"), text)
    if odd := _ANY_IMPORT.search(bare):
        _refuse(f"{name}:{_line(bare, odd)}", f"has {odd[0].strip()!r}, expected import {{ a, b }} from './file.js';")
    exports = frozenset(m[1] for m in _EXPORT.finditer(bare))
    bare = _EXPORT.sub("", bare)
    if odd := _ANY_EXPORT.search(bare):
        _refuse(f"{name}:{_line(bare, odd)}", f"has {odd[0].strip()!r}, expected export before a function, const, let or class")
    if odd := _UNSEEN.search(bare):
        _refuse(f"{name}:{_line(bare, odd)}", f"has {odd[0].strip()!r}, expected one const, let, function or class with its name")
    return Module(name, imports, exports, tuple(m[1] for m in _TOP.finditer(bare)), _EXPORT.sub("", _IMPORT.sub("", text)))


def _ordered(entry: str, modules: dict[str, Module]) -> list[str]:
    """All that `entry` reaches, what is imported before what imports it."""
    order: list[str] = []

    def visit(name: str, way: tuple[str, ...]) -> None:
        if name in way:
            _refuse(name, f"imports itself: {' → '.join((*way[way.index(name) :], name))}; move what they share to a module of its own")
        if name in order:
            return
        for line, file, wanted in modules[name].imports:
            where = f"{name}:{line}"
            if file not in modules:
                _refuse(where, f"imports from {file}, which is not there; there are {', '.join(modules)}")
            if missing := [n for n in wanted if n not in modules[file].exports]:
                known = ", ".join(sorted(modules[file].exports)) or "nothing"
                _refuse(where, f"imports {missing[0]} from {file}, which exports {known}")
            visit(file, (*way, name))
        order.append(name)

    visit(entry, ())
    return order


def _check_names(modules: list[Module]) -> None:
    """Let no two modules declare the same name: the second would take the place of the first."""
    homes: dict[str, str] = {}
    for module in modules:
        for name in module.names:
            if name in homes:
                _refuse(module.name, f"declares {name}, as {homes[name]} does; modules share one scope, so give it another name")
            homes[name] = module.name


def _line(text: str, found: re.Match[str]) -> int:
    return text.count("\n", 0, found.start() + len(found[0]) - len(found[0].lstrip())) + 1


def _refuse(where: str, what: str) -> NoReturn:
    msg = f"atlas/assets/js/{where}: {what}"
    raise ContractError(msg)
