"""The house: imports point one way, the light modules stay light, and some constructions are not used at all."""

from __future__ import annotations

import ast
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from pipeline.stages import compute, design, export

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "pipeline"
FILES = sorted(PACKAGE.rglob("*.py"))
MODULES = {f.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".").removesuffix(".__init__"): f for f in FILES}

#: What only the load stage and who calls services may use.
NETWORK = {"httpx", "socket", "ssl", "http", "urllib", "urllib3", "requests", "ftplib", "asyncio"}
#: Seconds to import, and not needed to say that nothing has to be done.
HEAVY = {"geopandas", "pandas", "numpy", "scipy", "folium", "shapely", "pyogrio", "pyarrow", "httpx", "rich"}

#: Part of the package -> the parts that it may import, besides itself. A part is a folder or a module; all that
#: is not named here may be imported by nobody but the rim.
MAY_IMPORT: dict[str, set[str]] = {
    # The vocabulary.
    "contract": set(),
    "sources": {"contract"},
    "clip.kinds": {"contract"},
    "profiles": {"contract"},
    "streets": set(),
    "routes": {"threads"},
    "measures": {"contract"},
    "formulas": {"contract", "measures", "wording"},
    "config": {"contract", "sources", "clip.kinds", "profiles"},
    "wording": {"contract"},
    "palettes": {"contract", "wording"},
    "checks.declaration": {"contract"},
    "provenance": {"contract", "wording", "checks.declaration"},
    # Pure functions on tables.
    "threads": set(),
    "overlap": {"threads"},
    "grid": {"contract"},
    "zonal": {"contract", "grid", "threads"},
    "clip": {"contract", "clip.kinds", "overlap", "streets"},
    "indicators": {"contract", "measures", "clip.kinds", "profiles", "overlap", "grid", "zonal", "streets", "routes", "threads"},
    "figures": {"contract", "measures", "formulas", "wording"},
    "atlas": {"figures", "contract", "measures", "formulas", "clip.kinds", "palettes", "wording", "provenance"},
    "checks": {"checks.declaration", "contract", "measures", "formulas", "clip.kinds", "overlap", "wording"},
    "report": {"figures", "checks.declaration", "contract", "measures", "formulas", "clip.kinds", "palettes", "wording", "provenance"},
    "export": {"checks.declaration", "contract", "measures", "palettes", "wording", "provenance", "store", "figures", "grid", "zonal"},
    # The rim: disk and network.
    "store": {"contract"},
    "receipts": {"contract", "store"},
    "raster_store": {"contract", "store", "grid"},
    "lock": {"contract", "store"},
    "deliveries": {"contract", "config", "sources"},
    "ways": {"contract", "config", "sources"},
    "places": {"config", "freshness"},
    "freshness": {"store"},
    "load": {"contract", "sources", "store", "config", "wording", "provenance", "grid", "raster_store"},
    "sample": {"contract", "sources", "store"},
}
#: The rim of the rim: they know the order and the words, and may import everything that is not above them.
ABOVE = ("project", "doctor", "stages", "flow", "explain", "console", "cli", "__main__")


def runtime_nodes(tree: ast.AST) -> list[ast.AST]:
    """All nodes but those under ``if TYPE_CHECKING``."""
    found: list[ast.AST] = []
    stack: list[ast.AST] = [tree]
    while stack:
        node = stack.pop()
        if isinstance(node, ast.If) and ast.unparse(node.test) in ("TYPE_CHECKING", "typing.TYPE_CHECKING"):
            stack += node.orelse
            continue
        found.append(node)
        stack += ast.iter_child_nodes(node)
    return found


@cache
def parsed(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


@cache
def imports(module: str, *, types_too: bool = True) -> set[str]:
    """Everything that a module imports, in full; of a name in a package the module where there is one."""
    file = MODULES[module]
    tree = parsed(file)
    package = module.split(".") if file.name == "__init__.py" else module.split(".")[:-1]
    found = set()
    for node in ast.walk(tree) if types_too else runtime_nodes(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            origin = ".".join([*base, *(node.module or "").split(".")]).strip(".")
            names = {f"{origin}.{alias.name}" for alias in node.names}
            found |= {n if n in MODULES else origin for n in names}
    return found


def part(module: str) -> str:
    """The part of the house that a module of ours belongs to."""
    inner = module.removeprefix("pipeline").removeprefix(".")
    return inner if inner in MAY_IMPORT else inner.split(".")[0]


def ours(module: str) -> set[str]:
    """Parts of ours that a module imports, its own left out."""
    return {part(m) for m in imports(module) if m.startswith("pipeline.")} - {part(module)}


def test_the_house_has_no_room_without_rules():
    assert {part(m) for m in MODULES} - {""} <= {*MAY_IMPORT, *ABOVE}
    assert {*MAY_IMPORT, *ABOVE} <= {part(m) for m in MODULES}


def test_imports_point_one_way():
    wrong = {m: ours(m) - MAY_IMPORT[part(m)] for m in MODULES if part(m) in MAY_IMPORT}
    assert {m: parts for m, parts in wrong.items() if parts} == {}


def test_nothing_imports_what_is_above_it():
    wrong = {m: ours(m) & set(ABOVE[ABOVE.index(part(m)) + 1 :]) for m in MODULES if part(m) in ABOVE}
    assert {m: parts for m, parts in wrong.items() if parts} == {}


def test_load_knows_the_config_as_a_type_only():
    at_run = {m for m in MODULES if part(m) == "load" and "pipeline.config" in imports(m, types_too=False)}
    assert at_run == set()


@pytest.mark.fault("F", "network outside the load", "can’t be: only that folder may open a socket")
def test_only_load_may_use_the_network():
    users = {m for m in MODULES if {i.split(".")[0] for i in imports(m)} & NETWORK}
    assert users, "the load stage uses the network, so this test would not see anything"
    assert {part(m) for m in users} == {"load"}
    # One module speaks, and one reads along while a large file comes; the others only put addresses together.
    speaks = {m for m in users if {i.split(".")[0] for i in imports(m)} & (NETWORK - {"urllib"})}
    assert speaks == {"pipeline.load.http", "pipeline.load.download"}
    assert all(i == "urllib.parse" for m in users for i in imports(m) if i.startswith("urllib"))


def test_only_config_reads_toml():
    assert {m for m in MODULES if "tomllib" in imports(m)} == {"pipeline.config"}


#: Read to say that nothing has to be done, to check the config, or to list what there is.
LIGHT = (
    "contract", "sources", "clip.kinds", "config", "wording", "palettes", "provenance", "atlas.declaration",
    "store", "receipts", "places", "freshness", "deliveries", "lock", "cli",
)  # fmt: skip

WHO_LOADS_WHAT = """
import sys, importlib
for name in sys.argv[1].split():
    before = set(sys.modules)
    importlib.import_module(f"pipeline.{name}")
    print(name, *sorted({m.split(".")[0] for m in set(sys.modules) - before}))
"""


def test_what_is_asked_for_often_imports_nothing_heavy():
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", WHO_LOADS_WHAT, " ".join(LIGHT)],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    loaded = {name: set(more) for name, *more in map(str.split, done.stdout.splitlines())}
    assert loaded.keys() == set(LIGHT)
    assert {name: more & HEAVY for name, more in loaded.items() if more & HEAVY} == {}


# --- constructions that are not used


def lines(wanted) -> list[str]:
    """Places in the package where a node is that is `wanted`."""
    return [
        f"{file.relative_to(ROOT)}:{node.lineno}" for file in FILES for node in ast.walk(parsed(file)) if wanted(node)
    ]


def test_no_assert():
    # An assert is gone with python -O, and says nothing to who reads it.
    assert lines(lambda n: isinstance(n, ast.Assert)) == []


@pytest.mark.fault("F", "an error swallowed in the code", "can’t be: no catch-all in the code")
def test_no_error_is_caught_unseen():
    def blind(node: ast.AST) -> bool:
        if not isinstance(node, ast.ExceptHandler):
            return False
        caught = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
        return any(c is None or ast.unparse(c) in ("Exception", "BaseException") for c in caught)

    assert lines(blind) == []


def test_nothing_is_printed_and_nothing_is_global():
    assert lines(lambda n: isinstance(n, ast.Call) and ast.unparse(n.func) == "print") == []
    assert lines(lambda n: isinstance(n, ast.Global)) == []


def test_only_the_command_line_ends_the_program():
    exits = lines(lambda n: isinstance(n, ast.Call) and ast.unparse(n.func) in ("sys.exit", "exit", "quit", "os._exit"))
    assert {place.split(":")[0] for place in exits} == {"pipeline/cli.py"}


def test_a_change_of_what_numbers_are_made_with_makes_them_anew():
    for step, room in ((compute._CODE, "indicators"), (compute._CODE, "overlap"), (compute._CODE, "zonal")):
        assert MAY_IMPORT[room] <= {name.removesuffix(".py").replace("/", ".") for name in step}, room


def test_a_change_of_what_maps_are_drawn_with_draws_them_anew():
    behind = {"atlas", "stages.atlas", *MAY_IMPORT["atlas"], *MAY_IMPORT["figures"], *MAY_IMPORT["provenance"]}
    assert behind <= {name.removesuffix(".py").replace("/", ".") for name in export._PAGES}


def test_a_change_of_what_the_design_folder_is_made_with_makes_it_anew():
    behind = {"export", "stages.design", "stages.layers", "raster_store", *MAY_IMPORT["export"] - {"store"}}
    assert behind <= {name.removesuffix(".py").replace("/", ".") for name in design._CODE}


def test_a_change_of_what_the_geopackage_is_written_with_writes_it_anew():
    behind = {i.removeprefix("pipeline.export.") for i in imports("pipeline.export.geopackage") if i.startswith("pipeline.export.")}
    behind |= {i.removeprefix("pipeline.export.") for m in behind - {"pipeline.export"} for i in imports(f"pipeline.export.{m}") if i.startswith("pipeline.export.")}
    assert behind - set(export._GEOPACKAGE) == set()
