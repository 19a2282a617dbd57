"""The page's JavaScript: modules in `assets/js`, put into one script because a page opened from disk can load none.

The modules use named imports and exports only. Each becomes a function of its own that gives its exports, so that what
it keeps to itself stays its own, as in modules.
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
_IMPORT = re.compile(rf"^import \{{\s*({_NAME}(?:\s*,\s*{_NAME})*)\s*,?\s*\}} from (['\"])\./(\w+\.js)\2;[ \t]*$", re.M)
_ANY_IMPORT = re.compile(r"^\s*import\b.*|.*\bimport\(.*|.*\bimport\.meta\b.*", re.M)
#: Not ``export let``: what imports it gets the value, and would not see it change.
_EXPORT = re.compile(rf"^export (?=(?:const|class|(?:async )?function(?: ?\* ?)?)\s+({_NAME}))", re.M)
_ANY_EXPORT = re.compile(r"^\s*export\b.*", re.M)


@dataclass(frozen=True)
class Module:
    """One file: `imports` as (line, file, names) in their order, names of `exports`, `code` without the two words."""

    name: str
    imports: tuple[tuple[int, str, tuple[str, ...]], ...]
    exports: tuple[str, ...]
    code: str


def bundle(entry: str = "main.js", folder: Traversable = _FOLDER) -> str:
    """Put the modules of `folder` into one classic script that defines the global `spoorzoneMap`.

    Every module comes after all that it imports. The same files give the same text.

    Raises
    ------
    ContractError
        If an import or export has another form than named, a module or a name is not there, modules import each
        other in a circle, or nothing imports a module.
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
    code = "\n".join(_function(modules[name]) for name in order)
    return f"(() => {{\n'use strict';\n\n{code}\nglobalThis.{PUBLIC} = {_handle(entry)}.{PUBLIC};\n}})();\n"


def read(name: str, text: str) -> Module:
    """Take one module apart.

    Raises
    ------
    ContractError
        If an import or an export has a form that is not known here.
    """
    imports = tuple((_line(text, m), m[3], tuple(re.split(r"\s*,\s*", m[1]))) for m in _IMPORT.finditer(text))
    # Every line stays where it is, so that an error can name it.
    code = _IMPORT.sub(lambda m: "\n" * m[0].count("\n"), text)
    if odd := _ANY_IMPORT.search(code):
        _refuse(f"{name}:{_line(code, odd)}", f"has {odd[0].strip()!r}, expected import {{ a, b }} from './file.js';")
    exports = tuple(m[1] for m in _EXPORT.finditer(code))
    code = _EXPORT.sub("", code)
    if odd := _ANY_EXPORT.search(code):
        _refuse(f"{name}:{_line(code, odd)}", f"has {odd[0].strip()!r}, expected export before a function, const or class")
    return Module(name, imports, exports, code)


def _function(module: Module) -> str:
    """A module as a function that is called at once and gives its exports."""
    taken = "".join(f"const {{ {', '.join(names)} }} = {_handle(file)};\n" for _, file, names in module.imports)
    given = f"return {{ {', '.join(module.exports)} }};\n"
    return f"const {_handle(module.name)} = (() => {{\n{taken}{module.code.strip()}\n{given}}})();\n"


def _handle(file: str) -> str:
    return "$" + file.removesuffix(".js")


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
                known = ", ".join(modules[file].exports) or "nothing"
                _refuse(where, f"imports {missing[0]} from {file}, which exports {known}")
            visit(file, (*way, name))
        order.append(name)

    visit(entry, ())
    return order


def _line(text: str, found: re.Match[str]) -> int:
    return text.count("\n", 0, found.start() + len(found[0]) - len(found[0].lstrip())) + 1


def _refuse(where: str, what: str) -> NoReturn:
    msg = f"atlas/assets/js/{where}: {what}"
    raise ContractError(msg)
