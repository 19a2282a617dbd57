"""The modules of the page put into one script: in which order, and what is refused."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.atlas.scripts import bundle
from pipeline.contract import ContractError

NODE = Path(sys.executable).parent / "node"
MAIN = "export function spoorzoneMap() {}\n"


def written(folder: Path, **modules: str) -> Path:
    for name, text in modules.items():
        (folder / f"{name}.js").write_text(text, "utf-8")
    return folder


def node(*arguments: str, code: str) -> subprocess.CompletedProcess[str]:
    assert NODE.exists(), "node comes with requirements-dev.lock"
    return subprocess.run([NODE, *arguments], input=code, capture_output=True, text=True, timeout=60)


def refused(folder: Path, **modules: str) -> str:
    """The error without the folder that all begin with; one line."""
    with pytest.raises(ContractError) as caught:
        bundle(folder=written(folder, **modules))
    said = str(caught.value)
    assert said.startswith("atlas/assets/js/")
    assert "\n" not in said
    return said.removeprefix("atlas/assets/js/")


def test_one_script_with_what_is_imported_before_what_imports_it(tmp_path):
    written(
        tmp_path,
        main="import { double } from './a_late.js';\nimport { one } from './z_early.js';\n\n"
        "/** Entry. */\nexport function spoorzoneMap() {\n  return double(one);\n}\n",
        a_late="import { one } from \"./z_early.js\";\nexport const double = (x) => 2 * x * one;\n",
        z_early="export const one = 1;",
    )  # fmt: skip
    assert bundle(folder=tmp_path) == (
        "(() => {\n'use strict';\n\n"
        "const $z_early = (() => {\nconst one = 1;\nreturn { one };\n})();\n\n"
        "const $a_late = (() => {\nconst { one } = $z_early;\nconst double = (x) => 2 * x * one;\nreturn { double };\n})();\n\n"
        "const $main = (() => {\nconst { double } = $a_late;\nconst { one } = $z_early;\n"
        "/** Entry. */\nfunction spoorzoneMap() {\n  return double(one);\n}\nreturn { spoorzoneMap };\n})();\n\n"
        "globalThis.spoorzoneMap = $main.spoorzoneMap;\n})();\n"
    )


def test_the_script_runs_and_leaves_one_name_behind(tmp_path):
    written(
        tmp_path,
        main="import { Box, first, } from './a.js';\nexport function spoorzoneMap() { return new Box().n + first().next().value; }\n",
        a="import {\n  three,\n  wait,\n} from './b.js';\n"
        "export class Box { n = three; }\nexport function* first() { yield 4; }\nwait();\n",
        b="export const three = 3;\nexport async function wait() {}\nlet $hidden = 0;\n$hidden += 1;\n",
    )  # fmt: skip
    code = "const before = new Set(Object.getOwnPropertyNames(globalThis));\n" + bundle(folder=tmp_path)
    code += "const left = Object.getOwnPropertyNames(globalThis).filter((n) => !before.has(n));\n"
    code += "console.log(left.join(), spoorzoneMap());"
    done = node("--input-type=commonjs", code=code)
    assert (done.stdout, done.stderr) == ("spoorzoneMap 7\n", "")


def test_what_a_module_keeps_to_itself_stays_its_own(tmp_path):
    # In one scope the second `name` would take the place of the first, and `twice` would be declared twice.
    written(
        tmp_path,
        main="import { a } from './a.js';\nfunction name() { return 'main'; }\nconst twice = 2;\n"
        "export const spoorzoneMap = () => a() + name() + twice;\n",
        a="function name() { return 'a'; }\nconst twice = 1;\nexport const a = () => name() + twice;\n",
    )
    assert node("-", code=bundle(folder=tmp_path) + "console.log(spoorzoneMap());").stdout == "a1main2\n"


def test_order_comes_from_the_imports_alone(tmp_path):
    # A diamond: d before b and c, which come as a names them.
    modules = {
        "d": "export const d = 1;\n",
        "b": "import { d } from './d.js';\nexport const b = d;\n",
        "c": "import { d } from './d.js';\nexport const c = d;\n",
        "main": "import { c } from './c.js';\nimport { b } from './b.js';\nexport const spoorzoneMap = b + c;\n",
    }
    one, other = tmp_path / "one", tmp_path / "other"
    one.mkdir(), other.mkdir()
    text = bundle(folder=written(one, **modules))
    assert text == bundle(folder=written(other, **dict(reversed(modules.items()))))
    assert re.findall(r"^const \$(\w+) = \(\(\) =>", text, re.M) == ["d", "c", "b", "main"]


def test_only_whole_statements_are_taken_out(tmp_path):
    kept = "const note = 'we export const x; import { y }';\n// export what there is\n/* import nothing */\nconst exported = 1;\n"
    assert kept.strip() in bundle(folder=written(tmp_path, main=kept + MAIN))


def test_lines_of_windows(tmp_path):
    (tmp_path / "a.js").write_bytes(b"export const a = 1;\r\n")
    (tmp_path / "main.js").write_bytes(b"import { a } from './a.js';\r\nexport const spoorzoneMap = a;\r\n")
    assert "\nconst spoorzoneMap = a;\n" in bundle(folder=tmp_path)


@pytest.mark.parametrize(
    "statement",
    [
        "import a from './a.js';",
        "import * as a from './a.js';",
        "import './a.js';",
        "import { a as b } from './a.js';",
        "import { a } from './deeper/a.js';",
        "import { a } from '../a.js';",
        "import { a } from 'leaflet';",
        "import { a } from './a-b.js';",
        "import { a } from './a.js'",
        "  import { a } from './a.js';",
        "import {} from './a.js';",
        "const a = import('./a.js');",
        "console.log(import.meta.url);",
    ],
)
def test_an_import_that_is_not_known(tmp_path, statement):
    said = refused(tmp_path, main=f"\n\n{statement}\n{MAIN}", a="export const a = 1;\n")
    assert said == f"main.js:3: has {statement.strip()!r}, expected import {{ a, b }} from './file.js';"


@pytest.mark.parametrize(
    "statement",
    ["export default 1;", "export { a };", "export * from './b.js';", "export var a;", "export const { a } = b;", "export let a;", "  export const a = 1;"],
)
def test_an_export_that_is_not_known(tmp_path, statement):
    said = refused(tmp_path, main=f"import {{\n  b,\n}} from './b.js';\n{statement}\n{MAIN}", b="export const b = 1;\n")
    assert said == f"main.js:4: has {statement.strip()!r}, expected export before a function, const or class"


def test_a_module_that_is_not_there(tmp_path):
    said = refused(tmp_path, main=f"import {{ a }} from './b.js';\n{MAIN}", a="export const a = 1;\n")
    assert said == "main.js:1: imports from b.js, which is not there; there are a.js, main.js"


def test_a_name_that_is_not_exported(tmp_path):
    said = refused(
        tmp_path,
        main=f"import {{ a }} from './a.js';\nimport {{ b, a2 }} from './b.js';\n{MAIN}",
        a="export const a = 1;\n", b="export class b {}\nexport const a1 = 1;\nconst a2 = 2;\n",
    )  # fmt: skip
    assert said == "main.js:2: imports a2 from b.js, which exports b, a1"


def test_modules_in_a_circle(tmp_path):
    said = refused(
        tmp_path,
        main=f"import {{ a }} from './a.js';\n{MAIN}",
        a="import { b } from './b.js';\nexport const a = 1;\n",
        b="import { c } from './c.js';\nexport const b = 1;\n",
        c="import { a } from './a.js';\nexport const c = 1;\n",
    )
    assert said == "a.js: imports itself: a.js → b.js → c.js → a.js; move what they share to a module of its own"


def test_a_module_that_imports_itself(tmp_path):
    said = refused(tmp_path, main=f"import {{ spoorzoneMap }} from './main.js';\n{MAIN}")
    assert said.startswith("main.js: imports itself: main.js → main.js;")


def test_a_module_that_nothing_reaches(tmp_path):
    said = refused(tmp_path, main=MAIN, a="import { b } from './b.js';\nexport const a = b;\n", b="export const b = 1;\n")
    assert said == "a.js: is reached by nothing from main.js; import it or remove it"


def test_an_entry_that_is_not_there_or_gives_nothing(tmp_path):
    assert refused(tmp_path) == "main.js: is not there, expected among no files"
    said = refused(tmp_path, main="function spoorzoneMap() {}\n")
    assert said == "main.js: exports no spoorzoneMap, which the page calls"


def test_the_page_s_own_script_is_javascript():
    done = node("--check", "-", code=bundle())
    assert (done.returncode, done.stderr) == (0, "")
