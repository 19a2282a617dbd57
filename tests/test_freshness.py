"""What must be made anew, and why: each reason by its words, and that nothing else is a reason."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline import freshness, store
from pipeline.freshness import Hashes, Step, plan, record, remember, untouched, why_stale

SETTINGS = {"[corridor] half_width_m": 1000.0, "[corridor] stations": ("A", "B"), "[area] polygon_file": None}


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


@pytest.fixture
def step(tmp_path) -> Step:
    """A step that was made: it reads in.txt and has written out.txt."""
    write(tmp_path / "in.txt", "in")
    write(tmp_path / "out.txt", "out")
    made = Step(
        "clip", "corridor", SETTINGS, (tmp_path / "in.txt",), (tmp_path / "out.txt",), ("contract.py", "clip"),
        tmp_path / ".stages" / "corridor.stamp.json", lambda: None, max_age_days=31,
    )  # fmt: skip
    record(made, Hashes(), tmp_path)
    return made


def change_stamp(step: Step, **changes: object) -> None:
    stamp = json.loads(step.stamp.read_text())
    step.stamp.write_text(json.dumps({**stamp, **changes}))


def why(step: Step, tmp_path: Path) -> str | None:
    return why_stale(step, Hashes(), tmp_path)


# --- reasons


def test_what_was_made_and_did_not_change_is_fresh(step, tmp_path):
    assert why(step, tmp_path) is None


def test_the_time_of_a_file_says_nothing(step, tmp_path):
    write(tmp_path / "in.txt", "in")
    (tmp_path / "out.txt").touch()
    assert why(step, tmp_path) is None


def test_not_made_yet(step, tmp_path):
    step.stamp.unlink()
    assert why(step, tmp_path) == "not made yet"


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "{}", '{"settings": {}}', '{"outputs": {}, "of": "another program"}', "null"],
)
def test_a_stamp_that_is_broken_or_not_ours_is_as_none(step, tmp_path, text):
    step.stamp.write_text(text)
    assert why(step, tmp_path) == "not made yet"


def test_an_output_is_missing(step, tmp_path):
    (tmp_path / "out.txt").unlink()
    assert why(step, tmp_path) == "out.txt is missing"


def test_an_output_was_changed(step, tmp_path):
    write(tmp_path / "out.txt", "edited")
    assert why(step, tmp_path) == "out.txt was changed by something else"


def test_an_output_more(step, tmp_path):
    more = write(tmp_path / "more.txt", "x")
    assert why(replace(step, outputs=(*step.outputs, more)), tmp_path) == "more.txt was changed by something else"


@pytest.mark.parametrize(
    ("key", "value", "reason"),
    [
        ("[corridor] half_width_m", 800.0, "[corridor] half_width_m: 1000 → 800"),
        ("[corridor] half_width_m", None, "[corridor] half_width_m: 1000 → (none)"),
        ("[area] polygon_file", Path("a.gpkg"), "[area] polygon_file: (none) → a.gpkg"),
        ("[corridor] stations", ("A", "C"), "[corridor] stations: ['A', 'B'] → ['A', 'C']"),
        ("[corridor] snap_m", 1, "[corridor] snap_m: (none) → 1"),
        ("[corridor] width", {"a": 1}, "[corridor] width changed"),
        (
            "[corridor] stations", ["x" * 80],
            "[corridor] stations: ['A', 'B'] → ['" + "x" * 55 + "...",
        ),
    ],
)  # fmt: skip
def test_a_setting_was_changed(step, tmp_path, key, value, reason):
    assert why(replace(step, settings={**SETTINGS, key: value}), tmp_path) == reason


def test_a_setting_that_is_gone(step, tmp_path):
    left = {k: v for k, v in SETTINGS.items() if k != "[corridor] stations"}
    assert why(replace(step, settings=left), tmp_path) == "[corridor] stations: ['A', 'B'] → (none)"


def test_a_set_is_the_same_in_any_order(step, tmp_path):
    several = replace(step, settings={"[x] y": {"c", "a", "b"}})
    record(several, Hashes(), tmp_path)
    assert why(replace(step, settings={"[x] y": frozenset("bca")}), tmp_path) is None
    assert why(replace(step, settings={"[x] y": {"a"}}), tmp_path) == "[x] y: ['a', 'b', 'c'] → ['a']"


def test_a_setting_in_another_form_is_the_same(step, tmp_path):
    same = {**SETTINGS, "[corridor] half_width_m": 1000, "[corridor] stations": ["A", "B"]}
    assert why(replace(step, settings=same), tmp_path) is None


def test_the_software_changed(step, tmp_path):
    code = freshness.code_hashes(step.code)
    change_stamp(step, code={**code, "clip/cut.py": "0" * 64})
    assert why(step, tmp_path) == "the software changed: clip/cut.py"
    change_stamp(step, code={k: v for k, v in code.items() if k != "clip/axis.py"})
    assert why(step, tmp_path) == "the software changed: clip/axis.py"
    change_stamp(step, code={**code, "clip/gone.py": "0" * 64})
    assert why(step, tmp_path) == "the software changed"


def test_the_code_of_a_step_is_the_files_that_it_names_and_no_others():
    assert set(freshness.code_hashes(["contract.py"])) == {"contract.py"}
    clip = freshness.code_hashes(["clip", "clip", "contract.py"])
    assert {"clip/__init__.py", "clip/cut.py", "contract.py"} <= set(clip)
    assert not any(name.endswith(".pyc") or name.startswith("load/") for name in clip)
    everything = freshness.code_hashes(["."])
    assert clip.items() <= everything.items()
    assert {"cli.py", "load/http.py"} <= set(everything)
    assert clip["contract.py"] == store.sha256(Path(freshness.__file__).parent / "contract.py")


def test_an_input_changed(step, tmp_path):
    write(tmp_path / "in.txt", "other")
    assert why(step, tmp_path) == "in.txt changed"
    (tmp_path / "in.txt").unlink()
    assert why(step, tmp_path) == "in.txt changed"


def test_an_input_more(step, tmp_path):
    more = write(tmp_path / "more.txt", "x")
    assert why(replace(step, inputs=(*step.inputs, more)), tmp_path) == "more.txt changed"


def test_data_of_a_service_grow_too_old(step, tmp_path):
    change_stamp(step, made_unix_s=int(time.time() - 31 * 86_400 + 60))
    assert why(step, tmp_path) is None
    change_stamp(step, made_unix_s=int(time.time() - 40 * 86_400 - 60))
    assert why(step, tmp_path) == "fetched 40 days ago, [load] max_age_days is 31"
    assert why(replace(step, max_age_days=None), tmp_path) is None


def test_files_elsewhere_are_named_in_full(step, tmp_path):
    (tmp_path / "in.txt").unlink()
    assert why_stale(step, Hashes(), tmp_path / "project") == f"{tmp_path}/out.txt was changed by something else"
    record(step, Hashes(), tmp_path / "project")
    write(tmp_path / "in.txt", "again")
    assert why_stale(step, Hashes(), tmp_path / "project") == f"{tmp_path}/in.txt changed"


def test_a_file_that_changed_within_one_run_is_read_again(tmp_path):
    hashes = Hashes()
    path = write(tmp_path / "a", "one")
    first = hashes.of(path)
    assert hashes.of(path) == first == store.sha256(path)
    write(path, "longer")
    assert hashes.of(path) == store.sha256(path) != first
    path.unlink()
    assert hashes.of(path) is None


# --- a chain of steps


@pytest.fixture
def chain(tmp_path) -> list[Step]:
    """a.txt → first → b.txt → second → c.txt → third → d.txt, and one beside them; all made."""
    for name in "abcd":
        write(tmp_path / f"{name}.txt", name)
    write(tmp_path / "z.txt", "z")

    def link(stage: str, name: str, source: tuple[Path, ...], target: str) -> Step:
        return Step(
            stage, name, {}, source, (tmp_path / target,), ("contract.py",), tmp_path / f"{name}.json", lambda: None
        )

    steps = [
        link("load", "first", (tmp_path / "a.txt",), "b.txt"),
        link("load", "beside", (), "z.txt"),
        link("clip", "second", (tmp_path / "b.txt",), "c.txt"),
        link("compute", "third", (tmp_path / "c.txt",), "d.txt"),
    ]
    for step in steps:
        record(step, Hashes(), tmp_path)
    return steps


def reasons(steps: list[Step], base: Path) -> dict[str, str | None]:
    return {step.name: reason for step, reason in plan(steps, Hashes(), base)}


def test_nothing_changed_nothing_planned(chain, tmp_path):
    assert reasons(chain, tmp_path) == {"first": None, "beside": None, "second": None, "third": None}


def test_what_reads_the_output_of_a_stale_step_follows_it(chain, tmp_path):
    write(tmp_path / "a.txt", "other")
    assert reasons(chain, tmp_path) == {
        "first": "a.txt changed", "beside": None, "second": "follows load first", "third": "follows clip second",
    }  # fmt: skip


def test_a_reason_of_its_own_goes_before_following(chain, tmp_path):
    write(tmp_path / "a.txt", "other")
    (tmp_path / "c.txt").unlink()
    assert reasons(chain, tmp_path)["second"] == "c.txt is missing"


def test_what_comes_before_a_stale_step_stays(chain, tmp_path):
    (tmp_path / "c.txt").unlink()
    planned = reasons(chain, tmp_path)
    assert (planned["first"], planned["second"]) == (None, "c.txt is missing")


# --- the quick look


@pytest.fixture
def run(step, tmp_path) -> Path:
    """Write down that all was fresh."""
    path = tmp_path / ".stages" / "run.json"
    remember(path, SETTINGS, [step], tmp_path)
    return path


def test_nothing_was_touched(run, step, tmp_path):
    assert untouched(run, SETTINGS, tmp_path)


def test_a_project_that_moved_is_as_it_was(run, step, tmp_path):
    there = tmp_path.with_name(tmp_path.name + "_moved")
    tmp_path.rename(there)
    assert untouched(there / run.relative_to(tmp_path), SETTINGS, there)


def touched(change):
    return pytest.param(change, id=change.__name__)


def no_record(run: Path, step: Step, tmp_path: Path) -> None:
    run.unlink()


def broken_record(run: Path, step: Step, tmp_path: Path) -> None:
    run.write_text(run.read_text()[:-20])


def foreign_record(run: Path, step: Step, tmp_path: Path) -> None:
    run.write_text('{"of": "another program"}')


def record_of_another_version(run: Path, step: Step, tmp_path: Path) -> None:
    run.write_text(json.dumps({**json.loads(run.read_text()), "more": 1}))


def software(run: Path, step: Step, tmp_path: Path) -> None:
    known = json.loads(run.read_text())
    run.write_text(json.dumps({**known, "code": {**known["code"], "cli.py": "0" * 64}}))


def input_changed(run: Path, step: Step, tmp_path: Path) -> None:
    write(tmp_path / "in.txt", "other")


def input_gone(run: Path, step: Step, tmp_path: Path) -> None:
    (tmp_path / "in.txt").unlink()


def output_changed(run: Path, step: Step, tmp_path: Path) -> None:
    write(tmp_path / "out.txt", "other")


def output_gone(run: Path, step: Step, tmp_path: Path) -> None:
    (tmp_path / "out.txt").unlink()


def stamp_gone(run: Path, step: Step, tmp_path: Path) -> None:
    step.stamp.unlink()


def stamp_changed(run: Path, step: Step, tmp_path: Path) -> None:
    change_stamp(step, made_unix_s=0, max_age_days=None)


def too_old(run: Path, step: Step, tmp_path: Path) -> None:
    change_stamp(step, made_unix_s=int(time.time() - 40 * 86_400))
    remember(run, SETTINGS, [step], tmp_path)


@pytest.mark.parametrize(
    "change",
    [touched(c) for c in (
        no_record, broken_record, foreign_record, record_of_another_version, software, input_changed, input_gone,
        output_changed, output_gone, stamp_gone, stamp_changed, too_old,
    )],
)  # fmt: skip
def test_anything_that_changed_is_seen(run, step, tmp_path, change):
    change(run, step, tmp_path)
    assert not untouched(run, SETTINGS, tmp_path)


@pytest.mark.parametrize("settings", [{}, {**SETTINGS, "x": 1}, {**SETTINGS, "[corridor] half_width_m": 999}])
def test_other_settings_are_seen(run, tmp_path, settings):
    assert not untouched(run, settings, tmp_path)


# --- what nobody makes any more


def test_what_a_step_no_longer_makes_goes_and_nothing_else(step, tmp_path):
    second = write(tmp_path / "deep" / "folder" / "second.txt", "2")
    more = replace(step, outputs=(*step.outputs, second))
    record(more, Hashes(), tmp_path)
    assert freshness.clear(step.stamp.parent, [more], Hashes(), tmp_path) == {}
    assert freshness.clear(step.stamp.parent, [step], Hashes(), tmp_path) == {"corridor": 1}
    assert not (tmp_path / "deep").exists(), "nor the folders that it leaves empty"
    assert step.outputs[0].read_text() == "out"
    assert step.stamp.exists()


def test_the_files_of_a_step_that_is_gone_go_with_its_stamp(step, tmp_path):
    assert freshness.clear(step.stamp.parent, [], Hashes(), tmp_path) == {"corridor": 1}
    assert not step.outputs[0].exists()
    assert not step.stamp.exists()
    assert (tmp_path / "in.txt").exists()


def test_what_another_step_makes_now_stays(step, tmp_path):
    other = replace(step, name="other", stamp=step.stamp.with_name("other.stamp.json"))
    assert freshness.clear(step.stamp.parent, [other], Hashes(), tmp_path) == {}
    assert step.outputs[0].exists()


@pytest.mark.parametrize("stamp", [None, "{"])
def test_what_something_else_wrote_stays(step, tmp_path, stamp):
    write(step.outputs[0], "by hand")
    if stamp:
        step.stamp.write_text(stamp)
    assert freshness.clear(step.stamp.parent, [], Hashes(), tmp_path) == {}
    assert step.outputs[0].read_text() == "by hand"
