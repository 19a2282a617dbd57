"""What a run survives: killed, ended, two at once, a full disk, no network, a service that fails, a file that changed.

Every run is a process of its own, on services of this machine; nothing in it is replaced but `os.replace`, and that
only to kill the process right there.
"""

from __future__ import annotations

import gzip
import json
import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet
import pyogrio
import pytest
import small_project
from forked_runs import Ended, Runs
from service_world import UNCOUNTED, ServiceWorld

from pipeline import receipts, store
from pipeline.contract import PipelineError
from pipeline.load.walk import Walks

pytestmark = pytest.mark.xdist_group("survival")

KILLS = 40
#: Nothing in a result depends on these.
_OWN = re.compile(r"\.answers/|\.lock|/run\.json$")


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runs]:
    with Runs(tmp_path_factory.mktemp("runs")) as parent:
        yield parent


@pytest.fixture(scope="module")
def others(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runs]:
    """Who runs at the same time."""
    with Runs(tmp_path_factory.mktemp("others")) as parent:
        yield parent


@pytest.fixture(scope="module")
def services() -> Iterator[ServiceWorld]:
    with ServiceWorld() as started:
        yield started


@pytest.fixture(scope="module")
def first(services: ServiceWorld, runs: Runs, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project that has been run once; for looking only."""
    config = services.write(tmp_path_factory.mktemp("first"))
    fine(runs.run(config, "run"))
    return config


@pytest.fixture
def world(services: ServiceWorld) -> Iterator[ServiceWorld]:
    """The services as they should be, before and after."""
    fresh = ServiceWorld()
    before = services.features
    services.features = {name: list(rows) for name, rows in before.items()}
    services.forget()
    try:
        yield services
    finally:
        services.page, services.delay_s, services.etags, services.fault = fresh.page, 0.0, False, fresh.fault
        services.features = before


@pytest.fixture
def project(first: Path, world: ServiceWorld, tmp_path: Path) -> Path:
    """A copy of the first project, times of files kept; for changing."""
    world.forget()
    return copied(first, tmp_path / "project")


def copied(config: Path, folder: Path) -> Path:
    subprocess.run(["cp", "-a", f"{config.parent}/.", str(folder)], check=True)
    return folder / config.name


def fine(ended: Ended) -> Ended:
    assert ended.code == 0, ended.out + ended.err
    return ended


def one_line(ended: Ended, code: int) -> str:
    """The one line with which it ended."""
    assert ended.code == code, ended.out + ended.err
    assert ended.err.count("\n") == 1, ended.err
    assert ended.err.startswith("spoorzone: ")
    return ended.err.removeprefix("spoorzone: ").strip()


def made(config: Path) -> dict[str, str]:
    """Hash of every file that runs have left, stamps without their clock."""
    base = config.parent
    files = [p for top in ("data_raw", "data_out", "maps") for p in (base / top).rglob("*") if p.is_file()]
    names = {p.relative_to(base).as_posix(): p for p in sorted(files)}
    return {name: _hash(path) for name, path in names.items() if not _OWN.search(name)}


def timeless(config: Path) -> dict[str, str]:
    """The same without the moments at which answers came: layers, tables of the stages, receipts without times."""
    kept = {n: h for n, h in made(config).items() if n.endswith(".parquet") or re.fullmatch(r"data_raw/\w+\.gpkg", n)}
    for path in sorted(config.parent.glob("data_raw/*.receipt.json")):
        kept[path.name] = re.sub(r'"retrieved": "[^"]+"', "", path.read_text())
    return kept


def _hash(path: Path) -> str:
    if path.name.endswith(".stamp.json"):
        return json.dumps(_without(json.loads(path.read_text()), "made_unix_s", "max_age_days"))
    return store.sha256(path)


def _without(stamp: dict[str, Any], *keys: str) -> dict[str, Any]:
    # What is read and made is hashed itself.
    return {k: v for k, v in stamp.items() if k not in keys}


def undisturbed(config: Path, runs: Runs, folder: Path) -> dict[str, str]:
    """What one run without any disturbance makes from the same answers: no moment in it differs."""
    shutil.copytree(config.parent / "data_raw" / ".answers", folder / "data_raw" / ".answers")
    shutil.copy(config, folder / config.name)
    fine(runs.run(folder / config.name, "run", "--offline", mute=True))
    return made(folder / config.name)


def nothing_is_half(config: Path) -> None:
    """Every file that bears its name is whole, whatever happened; and the manifest is of what there is, or older."""
    base = config.parent
    for path in [p for top in ("data_raw", "data_out", "maps") for p in (base / top).rglob("*") if p.is_file()]:
        if ".part" in path.name or path.name == ".lock":
            continue
        match "".join(path.suffixes[-1:]):
            case ".gpkg":
                with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as file:
                    assert file.execute("PRAGMA integrity_check").fetchone() == ("ok",), path
                    assert file.execute("SELECT count(*) FROM gpkg_contents").fetchone()[0] >= 1, path
            case ".json":
                assert store.read_json(path), path
            case ".parquet":
                assert pyarrow.parquet.read_table(path).num_rows >= 0
            case ".html":
                assert path.read_text(encoding="utf-8").rstrip().endswith("</html>"), path
            case ".gz":
                assert gzip.decompress(path.read_bytes()), path
    for path in base.glob("data_raw/*.receipt.json"):
        assert path.with_name(f"{receipts.read(path).source}.gpkg").exists(), f"{path} is of nothing"
    manifest = base / "data_out" / "manifest.json"
    for said in (store.read_json(manifest) or {}).get("outputs", ()):
        path = next((p for top in (".", "data_out", "maps") if (p := base / top / said["name"]).exists()), None)
        assert path is not None, f"{manifest} names {said['name']}, which is not there"
        assert store.sha256(path) == said["sha256"] or path.stat().st_mtime >= manifest.stat().st_mtime, path


def stage_of(ended: Ended) -> str:
    """The stage in which it was."""
    said = [line.split()[0] for line in ended.out.splitlines() if re.match(r"(load|clip|compute|export) .*: ", line)]
    return said[-1] if said else ""


# --- killed


@pytest.mark.fault(
    "C", "SIGKILL at forty random moments of a run",
    "nothing: the next run goes on, and the result is that of an undisturbed run, byte for byte",
    figure="40 kills at random moments survived, the result equal byte for byte",
)  # fmt: skip
def test_killed_at_forty_random_moments(first: Path, world: ServiceWorld, runs: Runs, tmp_path: Path) -> None:
    chance = random.Random(20261122)
    begin = time.monotonic()
    whole_s = runs.run(copied(first, tmp_path / "timed"), "run", "--force").seconds
    config = world.write(tmp_path / "killed")
    kills, stages, words, forced = 0, set(), ["run"], False
    while kills < KILLS:
        ended = runs.killed(config, *words, after_s=chance.uniform(0.05, whole_s / 2))
        nothing_is_half(config)
        if ended.code == 0:  # it got to the end: all anew, over what is there
            words, forced = ["run", "--force"], True
            continue
        assert ended.code == -signal.SIGKILL, ended.out + ended.err
        words = ["run"]
        kills += 1
        stages.add(stage_of(ended))
    fine(runs.run(config, "run"))
    # Every stage is killed at its edges, below; here chance decides.
    assert "load" in stages
    assert len(stages - {""}) >= 2
    assert timeless(config) == timeless(first)
    if forced:
        # A forced run that was killed has left newer answers than those of which the layers were made.
        fine(runs.run(config, "run", "--force"))
    assert made(config) == undisturbed(config, runs, tmp_path / "twin")
    assert time.monotonic() - begin < 40 * whole_s + 60


@pytest.mark.fault(
    "C", "SIGKILL before or after a file is given its name, all through a run",
    "nothing: the next run goes on, and the result is that of an undisturbed run, byte for byte",
)  # fmt: skip
def test_killed_at_edges_all_through_a_run(world: ServiceWorld, runs: Runs, tmp_path: Path) -> None:
    """Each run gets two files further than the one before, after the load stage seven.

    Half of them die right after a file is in its place, half just before the next one would be. One that left nothing
    new (what is killed between a layer and its stamp makes the layer again) lets the next go longer.
    """
    world.page = 20
    config = world.write(tmp_path / "killed")
    # Another size of page, other receipts: what one run without a kill makes.
    calm = world.write(tmp_path / "calm")
    fine(runs.run(calm, "run"))
    expected = timeless(calm)
    for name in ("/gemeente.gpkg", "/gemeente.receipt.json", "/gemeente.stamp.json"):
        assert runs.run(config, "run", kill_on=name).code == -signal.SIGKILL
        nothing_is_half(config)
    stages: dict[str, int] = {}
    stage, number, more, there = "load", 0, 0, 0
    while True:
        number += 1
        before = number % 2 == 0
        step = (2 if stage in ("load", "") else 7) + more
        ended = runs.run(config, "run", kill_at=step + before, before=before)
        if ended.code == 0:
            break
        assert ended.code == -signal.SIGKILL, ended.out + ended.err
        stage = stage_of(ended)
        stages[stage] = stages.get(stage, 0) + 1
        nothing_is_half(config)
        came = len(finished(config))
        more = 0 if came > there else more + 4
        there = max(there, came)
        assert number < 150, (stages, more)
    assert stages["load"] > 20
    assert set(stages) >= {"load", "clip", "compute", "export"}
    assert timeless(config) == expected
    assert made(config) == undisturbed(config, runs, tmp_path / "twin")


def finished(config: Path) -> list[Path]:
    """Files that bear their name."""
    return [p for p in config.parent.rglob("*") if p.is_file() and ".part" not in p.name]


#: Files of which it matters that the one is there and the next is not; the first and the last of each stage too.
EDGES = {
    "load": ("/pand.gpkg", "/pand.receipt.json", "/pand.stamp.json"),
    "clip": ("clip/pand.parquet",),
    "compute": ("compute/spacematrix.buurt.parquet",),
    "export": ("/spoorzone.gpkg", "/index.html", "/manifest.json"),
}


@pytest.mark.fault(
    "C", "SIGKILL between a layer and its receipt, an output and its stamp, at the first and the last file of a stage",
    "nothing: the next run makes good what is missing, byte for byte",
)  # fmt: skip
@pytest.mark.parametrize("stage", EDGES)
def test_killed_at_an_edge_that_matters(
    project: Path, world: ServiceWorld, runs: Runs, tmp_path: Path, stage: str, record_property: Callable[..., None]
) -> None:
    words, said = (stage, "--offline", "--force"), made(project)
    fine(runs.run(project, *words, names=str(tmp_path / "names")))
    names = [n.removeprefix(str(project.parent)) for n in (tmp_path / "names").read_text().splitlines()]
    edges = [(names[0], True), *((end, False) for end in EDGES[stage]), (names[-1], True), (names[-1], False)]
    for name, before in edges:
        ended = runs.run(project, *words, kill_on=name, before=before)
        assert ended.code == -signal.SIGKILL, (name, ended.out + ended.err)
        nothing_is_half(project)
        fine(runs.run(project, "run", "--offline", mute=True))
        assert made(project) == said, (name, before)
    assert not world.asked()
    record_property("figure", f"{len(edges)} kills at edges of the stage {stage}, all made good")


# --- going on


def answers(config: Path, source: str) -> dict[str, Path]:
    """Kept answers by their address."""
    folder = config.parent / "data_raw" / ".answers" / source
    return {json.loads(gzip.decompress(p.read_bytes()).split(b"\n")[0])["url"]: p for p in folder.glob("*.answer.gz")}


def full(world: ServiceWorld, asked: list[Any]) -> list[str]:
    return [f"http://127.0.0.1:{world.port}{a.url}" for a in asked]


def broken_off(world: ServiceWorld, runs: Runs, folder: Path, source: str, pages: int) -> Path:
    """A load that is killed while `source` is being asked, with some of its pages kept."""
    world.page = 4
    config = world.write(folder)
    world.fault = lambda name, _: time.sleep(0.15 if name == source else 0)  # type: ignore[func-returns-value]
    pid = runs.start(config, "load")
    deadline = time.monotonic() + 60
    folder_ = folder / "data_raw" / ".answers" / source
    while len([p for p in folder_.glob("*.answer.gz") if not p.name.startswith(".")]) < pages:
        assert time.monotonic() < deadline
        time.sleep(0.005)
    os.kill(pid, signal.SIGKILL)
    assert runs.wait().code == -signal.SIGKILL
    world.fault = lambda *_: None
    time.sleep(0.4)  # what was still on its way is answered to nobody
    world.forget()
    return config


@pytest.mark.fault("C", "a run killed between two pages", "nothing: the next asks only the pages that are missing")
@pytest.mark.parametrize("source", ["verblijfsobject", "pand"])
def test_goes_on_with_the_pages_that_are_missing(world: ServiceWorld, runs: Runs, tmp_path: Path, source: str) -> None:
    config = broken_off(world, runs, tmp_path / "a", source, 8)
    there = answers(config, source)
    assert len(there) >= 8
    fine(runs.run(config, "load"))
    asked = full(world, world.asked(source))
    if source in UNCOUNTED:
        # Every page once more to compare, the missing ones also for the first time.
        all_ = answers(config, source)
        assert {u: asked.count(u) for u in all_} == {u: (1 if u in there else 2) - (u == first_page(all_)) for u in all_}
    else:
        assert len(asked) == len(set(asked))
        assert not set(asked) & set(there)
        assert set(asked) | set(there) == set(answers(config, source))
    receipt = receipts.read(config.parent / f"data_raw/{source}.receipt.json")
    assert (receipt.received, receipt.kept) == (44, 44)


def first_page(urls: dict[str, Path]) -> str:
    """The page of the whole box, which was only to see whether there are more."""
    return next(u for u in urls if "bbox=249000,469000,255000,473000" in u and "cursor" not in u)


def test_a_walk_that_begins_anew_uses_nothing_of_this_very_second(tmp_path: Path) -> None:
    walks = Walks(max_age_days=30, resume_hours=12, anew=False, offline=False)
    walks.since(tmp_path, shared=False)
    answer = tmp_path / "0123.answer.gz"
    answer.write_bytes(b"of this second")
    walks.forget(tmp_path)
    assert not answer.exists()


@pytest.mark.fault("C", "a broken walk that is too old to go on with", "nothing: all is asked anew")
def test_after_the_time_to_go_on_all_is_asked_anew(world: ServiceWorld, runs: Runs, tmp_path: Path) -> None:
    config = broken_off(world, runs, tmp_path / "a", "verblijfsobject", 8)
    there = answers(config, "verblijfsobject")
    age(config, timedelta(hours=23))
    fine(runs.run(copied(config, tmp_path / "b"), "load"))
    assert not set(full(world, world.asked("verblijfsobject"))) & set(there)
    world.forget()
    age(config, timedelta(hours=2))
    fine(runs.run(config, "load"))
    assert set(full(world, world.asked("verblijfsobject"))) >= set(there)


def age(config: Path, by: timedelta) -> None:
    """Let all walks and answers have come earlier."""
    for path in config.parent.glob("data_raw/.answers/*/*"):
        if path.name == "walk.json":
            said = json.loads(path.read_text())
            path.write_text(json.dumps({**said, "begun": (datetime.fromisoformat(said["begun"]) - by).isoformat()}))
        elif path.name.endswith(".answer.gz"):
            head, _, content = gzip.decompress(path.read_bytes()).partition(b"\n")
            said = json.loads(head)
            said["retrieved"] = (datetime.fromisoformat(said["retrieved"]) - by).isoformat()
            path.write_bytes(gzip.compress(json.dumps(said).encode() + b"\n" + content))
    for path in config.parent.glob("data_raw/.stamps/*.json"):
        said = json.loads(path.read_text())
        path.write_text(json.dumps({**said, "made_unix_s": said["made_unix_s"] - by.total_seconds()}))


@pytest.mark.fault(
    "C", "an answer kept on disk is cut, empty, or has a flipped bit",
    "nothing: it counts as not there and is asked again",
)  # fmt: skip
def test_an_answer_that_is_not_whole_is_asked_again(world: ServiceWorld, runs: Runs, tmp_path: Path) -> None:
    config = broken_off(world, runs, tmp_path / "a", "verblijfsobject", 8)
    there = answers(config, "verblijfsobject")
    (half, short), (turned, flipped), (other, written), *_ = sorted(there.items())
    short.write_bytes(short.read_bytes()[:-20])
    content = bytearray(flipped.read_bytes())
    content[len(content) // 2] ^= 1
    flipped.write_bytes(content)
    written.write_bytes(gzip.compress(gzip.decompress(written.read_bytes()) + b" "))
    fine(runs.run(config, "load"))
    assert set(full(world, world.asked("verblijfsobject"))) & set(there) == {half, turned, other}
    assert receipts.read(config.parent / "data_raw/verblijfsobject.receipt.json").kept == 44


@pytest.mark.fault(
    "C", "data that changed between a killed run and the next",
    "nothing: what came does not fit together, and the source is asked anew",
)  # fmt: skip
@pytest.mark.parametrize("source", ["verblijfsobject", "pand"])
def test_data_that_changed_meanwhile_are_asked_anew(
    world: ServiceWorld, runs: Runs, tmp_path: Path, source: str
) -> None:
    config = broken_off(world, runs, tmp_path / "a", source, 8)
    gone = world.features[source].pop(3)["properties"]["identificatie"]
    fine(runs.run(config, "load"))
    layer = pyogrio.read_dataframe(config.parent / f"data_raw/{source}.gpkg")
    assert len(layer) == 43
    assert gone not in set(layer[f"{source}_id"])
    asked = full(world, world.asked(source))
    assert max(map(asked.count, asked)) <= (4 if source in UNCOUNTED else 2)


@pytest.mark.fault(
    "B", "data that change at every request, in the second walk too",
    "one line: “… the data changed meanwhile, run again”; what was loaded before stays",
)  # fmt: skip
def test_data_that_keep_changing_are_refused_and_the_old_stay(project: Path, world: ServiceWorld, runs: Runs) -> None:
    world.fault = lambda source, number: world.features["pand"].append(_moved(world, number)) if source == "pand" else None  # type: ignore[func-returns-value]
    before = made(project)
    said = one_line(runs.run(project, "load", "--force"), 3)
    assert "pand: asked a second time" in said
    assert "data changed meanwhile" in said
    after = made(project)
    for name in ("data_raw/pand.gpkg", "data_raw/pand.receipt.json", "data_out/spoorzone.gpkg"):
        assert after[name] == before[name]
    fine(runs.run(project, "run", "--offline", mute=True))


def _moved(world: ServiceWorld, number: int) -> dict[str, Any]:
    one = world.features["pand"][0]
    properties = {**one["properties"], "identificatie": f"0009100000{number:06d}"}
    return {**one, "id": f"new.{number}", "properties": properties}


# --- asking whether something has changed


def test_what_has_a_mark_is_asked_by_it(world: ServiceWorld, runs: Runs, tmp_path: Path) -> None:
    world.etags = True
    config = world.write(tmp_path / "a")
    fine(runs.run(config, "load"))
    before = timeless(config)
    asked_first = len(world.asked())
    world.forget()
    fine(runs.run(config, "load"))
    assert not world.asked()
    age(config, timedelta(days=32))
    fine(runs.run(config, "load"))
    again = world.asked()
    assert len(again) == asked_first
    unchanged = [a for a in again if "if-none-match" in a.headers]
    assert {a.status for a in unchanged} == {304}
    # The second pass asks as if nothing were known.
    assert {a.source for a in again if a not in unchanged} == set(UNCOUNTED)
    assert timeless(config) == before
    retrieved = receipts.read(config.parent / "data_raw/pand.receipt.json").retrieved
    assert datetime.fromisoformat(retrieved) > datetime.now(UTC) - timedelta(minutes=5)
    # Without a mark all comes again.
    world.etags = False
    for path in (config.parent / "data_raw/.answers").glob("*/*.answer.gz"):
        head, _, content = gzip.decompress(path.read_bytes()).partition(b"\n")
        said = json.loads(head)
        said["headers"].pop("etag", None)
        said["headers"].pop("ETag", None)
        path.write_bytes(gzip.compress(json.dumps(said).encode() + b"\n" + content))
    age(config, timedelta(days=32))
    world.forget()
    fine(runs.run(config, "load"))
    assert {a.status for a in world.asked()} == {200}
    assert not any("if-none-match" in a.headers for a in world.asked())


# --- without a network


@pytest.mark.fault("F", "--offline", "the same bytes, and no connection is opened")
def test_offline_gives_the_same_bytes_and_opens_no_socket(project: Path, world: ServiceWorld, runs: Runs) -> None:
    before = made(project)
    world.stop()
    try:
        for _ in range(2):
            fine(runs.run(project, "run", "--offline", "--force", mute=True))
            assert made(project) == before
    finally:
        world.start()
    assert not world.asked()
    # Online again: what was asked twice before is not asked a third time.
    (project.parent / "data_raw/pand.gpkg").unlink()
    fine(runs.run(project, "run"))
    assert made(project) == before
    assert not world.asked()


@pytest.mark.fault("F", "--offline with something missing", "one line: “not on disk, and --offline asks no service”")
def test_offline_with_something_missing(project: Path, world: ServiceWorld, runs: Runs) -> None:
    before = made(project)
    next(iter(answers(project, "pand").values())).unlink()
    said = one_line(runs.run(project, "load", "--offline", "--force", mute=True), 3)
    assert re.fullmatch(r"\S+/collections/pand/items\S+: not on disk, and --offline asks no service; run 'spoorzone load' with a network first", said)
    assert made(project) == before
    new = world.write(project.parent / "new")
    said = one_line(runs.run(new, "run", "--offline", mute=True), 3)
    assert "not on disk, and --offline asks no service" in said
    assert not world.asked()


# --- two at once


def in_use(config: Path, folder: str, command: str, pid: int) -> str:
    return rf"{re.escape(str(config.parent / folder))}: in use by '{command}', process {pid} on \S+, since \d{{4}}-\d\d-\d\d \d\d:\d\d:\d\d; wait until it is done, or stop it"


def holding(runs: Runs, config: Path, *words: str) -> int:
    """Start a run, and wait until it says that it holds its folders."""
    pid = runs.start(config, *words)
    deadline = time.monotonic() + 30
    while (store.read_json(config.parent / "data_out/.lock.json") or {}).get("process") != pid:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return pid


@pytest.mark.fault(
    "C", "two runs at once in one folder",
    "the second: one line that says who holds it; the first is not harmed",
)  # fmt: skip
def test_two_at_once(project: Path, first: Path, world: ServiceWorld, runs: Runs, others: Runs, tmp_path: Path) -> None:
    world.delay_s = 5
    free = copied(project, tmp_path / "free")
    pid = holding(runs, project, "load", "--force")
    ended = others.run(project, "run", "--force")
    assert re.fullmatch(in_use(project, "data_raw", "spoorzone load", pid), one_line(ended, 6))
    assert ended.seconds < 2
    # The same raw folder under another config.
    second = project.with_name("second.toml")
    second.write_text(project.read_text() + '\n[paths]\nout = "out2"\nmaps = "maps2"\n')
    assert re.fullmatch(in_use(project, "data_raw", "spoorzone load", pid), one_line(others.run(second, "clip"), 6))
    # Another project is not concerned.
    fine(others.run(free, "export", "--force"))
    # And a killed one holds nothing.
    os.kill(pid, signal.SIGKILL)
    assert runs.wait().code == -signal.SIGKILL
    world.delay_s = 0
    assert (project.parent / "data_raw/.lock.json").exists()
    fine(others.run(project, "run", "--force"))
    assert timeless(project) == timeless(first)
    assert not list(project.parent.glob("*/.lock.json"))
    # Nothing of ours lies among the maps, which people send on.
    assert not list((project.parent / "maps").glob(".*"))


@pytest.mark.fault("C", "half files that a killed run left", "nothing: they are swept away")
def test_what_a_killed_run_left_half_is_swept(project: Path, runs: Runs) -> None:
    rests = [
        project.parent / name
        for name in ("data_raw/.pand.abcd1234.part.gpkg", "data_raw/.pand.abcd1234.part.gpkg-journal",
                     "data_out/.stages/clip/.pand.abcd1234.part.parquet", "maps/.index.abcd1234.part.html",
                     "data_raw/.answers/pand/.0123.answer.abcd1234.part.gz")
    ]  # fmt: skip
    mine = project.parent / "data_raw/.my.part of it"
    for path in (*rests, mine):
        path.write_text("half")
    fine(runs.run(project, "load"))
    assert not [p for p in rests if p.exists()]
    assert mine.exists()


@pytest.mark.fault(
    "C", "a folder that may only be read",
    "one line; the file that stood there before stays, byte for byte",
)  # fmt: skip
def test_a_folder_that_may_only_be_read(
    project: Path, runs: Runs, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    if os.geteuid() == 0:
        folder = request.getfixturevalue("small_disk")
        subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True)
        why = "Read-only file system"
    else:
        folder, why = tmp_path / "locked", "Permission denied"
        folder.mkdir(mode=0o555)
    project.write_text(project.read_text() + f'\n[paths]\nmaps = "{folder}"\n')
    assert one_line(runs.run(project, "run"), 1) == f"{folder}: can't be written: {why}"


@pytest.mark.fault("C", "a folder with spaces and other letters", "nothing")
def test_a_folder_with_spaces_and_other_letters(first: Path, world: ServiceWorld, runs: Runs, tmp_path: Path) -> None:
    config = world.write(tmp_path / "één map's [1] #2 %20 ü")
    assert runs.killed(config, "run", after_s=1).code in (0, -signal.SIGKILL)
    fine(runs.run(config, "run"))
    assert timeless(config) == timeless(first)


# --- a full disk


@pytest.fixture
def disk(small_disk: Path) -> Path:
    subprocess.run(["mount", "-o", "remount,size=24m", str(small_disk)], check=True)
    return small_disk


def fill(folder: Path, leave: int) -> Path:
    """Take all room but so many bytes."""
    ballast = folder / "ballast"
    with ballast.open("wb") as file:
        file.write(bytes(max(shutil.disk_usage(folder).free - leave, 0)))
    return ballast


STAGES = {"load": ("--offline", "--force"), "clip": ("--force",), "compute": ("--force",), "export": ("--force",)}
#: Bytes with which a stage begins and does not end. Its locks take the first 8 kB. Of what it writes anew only one file
#: may lack room, whatever the order: each layer has 96 kB and more.
ROOM = {"load": (0, 20_000, 80_000), "clip": (0, 8_192), "compute": (0, 8_192), "export": (0, 20_000, 150_000)}


@pytest.mark.fault(
    "C", "a full disk, at every stage",
    "one line; what was there stays, and with room the next run completes",
    figure=f"{sum(map(len, ROOM.values()))} full disks, each said in one line, what was there kept byte for byte",
)  # fmt: skip
@pytest.mark.parametrize("stage", STAGES)
def test_a_full_disk_keeps_what_is_there(project: Path, runs: Runs, disk: Path, stage: str) -> None:
    config = copied(project, disk / "project")
    before = made(config)
    for leave in ROOM[stage]:
        ballast = fill(disk, leave)
        said = one_line(runs.run(config, stage, *STAGES[stage]), 1)
        assert re.fullmatch(r"\S+: can't be written: .*", said), said
        nothing_is_half(config)
        layers = {n: h for n, h in made(config).items() if not n.endswith((".json", "README.md"))}
        assert layers == {n: before[n] for n in layers}
        assert len(layers) > 50
        ballast.unlink()
    fine(runs.run(config, "run", "--offline"))
    assert made(config) == before


@pytest.mark.fault(
    "C", "a disk that is full for a moment, again and again, while a layer is written",
    "one line, or the whole layer; never one without its index",
)  # fmt: skip
def test_a_layer_is_whole_on_a_disk_that_is_full_now_and_then(small_disk: Path) -> None:
    wijk, stop = small_project.tables()["wijk"], threading.Event()
    path, chance = small_disk / "wijk.gpkg", random.Random(1)
    store.write_geopackage(path, "wijk", wijk)
    whole, made_, refused = path.read_bytes(), 0, 0

    def fill_and_empty() -> None:
        with (small_disk / "ballast").open("wb", buffering=0) as file:
            while not stop.wait(chance.uniform(0, 0.01)):
                file.truncate(0)
                time.sleep(chance.uniform(0, 0.01))
                file.seek(0)
                with suppress(OSError):
                    file.write(bytes(1 << 20))

    filling = threading.Thread(target=fill_and_empty)
    filling.start()
    try:
        deadline = time.monotonic() + 60
        while made_ < 60 or not refused:
            assert time.monotonic() < deadline, (made_, refused)
            path.unlink(missing_ok=True)
            try:
                store.write_geopackage(path, "wijk", wijk)
            except PipelineError as error:
                assert "can't be written: " in str(error)
                assert not path.exists()
                refused += 1
            else:
                assert path.read_bytes() == whole
                made_ += 1
    finally:
        stop.set()
        filling.join()


@pytest.mark.fault("C", "a disk that fills up while answers come", "one line; with room the next run goes on")
def test_a_disk_that_fills_up_while_answers_come(first: Path, world: ServiceWorld, runs: Runs, disk: Path) -> None:
    config = world.write(disk / "project")
    for leave in (30_000, 60_000, 200_000):
        ballast = fill(disk, leave)
        said = one_line(runs.run(config, "run"), 1)
        assert "can't be written: " in said
        nothing_is_half(config)
        ballast.unlink()
    fine(runs.run(config, "run"))
    assert timeless(config) == timeless(first)


# --- one service that fails


@pytest.mark.fault("C", "one source fails", "one line; the others are loaded and not asked again")
def test_a_source_that_fails_does_not_cost_the_others(
    first: Path, world: ServiceWorld, runs: Runs, tmp_path: Path
) -> None:
    world.fault = lambda source, _: (503, {"Content-Type": "text/plain"}, b"maintenance") if source == "pand" else None
    config = world.write(tmp_path / "a")
    said = one_line(runs.run(config, "run"), 3)
    assert re.fullmatch(r"\S+/collections/pand/items\S+: HTTP 503: maintenance; tried 2 times, run again later", said)
    loaded = {p.name.split(".")[0] for p in config.parent.glob("data_raw/*.receipt.json")}
    assert loaded == set(world.features) - {"pand"}
    world.fault = lambda *_: None
    world.forget()
    fine(runs.run(config, "run"))
    assert {a.source for a in world.asked()} == {"pand"}
    assert timeless(config) == timeless(first)


@pytest.mark.fault("C", "a source fails that was loaded before", "one line; the older data stay, byte for byte")
def test_when_it_fails_the_old_good_data_stay(project: Path, world: ServiceWorld, runs: Runs) -> None:
    before = made(project)
    world.fault = lambda source, _: (200, {"Content-Type": "text/html"}, b"<html>Sorry</html>") if source == "pand" else None
    said = one_line(runs.run(project, "load", "--force"), 3)
    assert "/collections/pand/items" in said
    assert made(project)["data_raw/pand.gpkg"] == before["data_raw/pand.gpkg"]
    assert made(project)["data_raw/pand.receipt.json"] == before["data_raw/pand.receipt.json"]
    fine(runs.run(project, "run", "--offline", mute=True))
    assert made(project)["data_raw/pand.gpkg"] == before["data_raw/pand.gpkg"]


@pytest.mark.fault(
    "A", "half JSON, a web page, nothing, 429, 500, 502 or 503 in the place of one answer, then the right one",
    "nothing: it is asked again, and the load is that of an undisturbed service",
)  # fmt: skip
def test_answers_that_go_wrong_now_and_then(first: Path, world: ServiceWorld, runs: Runs, tmp_path: Path) -> None:
    wrong = [
        (429, {"Retry-After": "0"}, b""), (500, {}, b"oops"), (200, {"Content-Type": "text/html"}, b"<html>busy</html>"),
        (200, {"Content-Type": "application/json"}, b'{"type": "FeatureColl'),
    ]  # fmt: skip
    seen: set[str] = set()

    def fault(source: str, _: int) -> tuple[int, dict[str, str], bytes] | None:
        if source in seen:
            return None
        seen.add(source)
        return wrong[len(seen) % 4]

    world.fault = fault
    config = world.write(tmp_path / "a", load="parallel_requests = 2\n")
    fine(runs.run(config, "run"))
    assert seen == set(world.features)
    assert timeless(config).keys() == timeless(first).keys()
    layers = {n: h for n, h in timeless(config).items() if n.endswith((".gpkg", ".parquet"))}
    assert layers == {n: timeless(first)[n] for n in layers}


# --- ended by a person or by the system


@pytest.mark.fault(
    "F", "SIGINT and SIGTERM while sources are loaded",
    "it ends at once with code 130 or 143; the next run goes on",
)  # fmt: skip
@pytest.mark.parametrize("source", ["gemeente", "pand", "verblijfsobject"])
@pytest.mark.parametrize(("number", "code", "said"), [(signal.SIGINT, 130, "interrupted"), (signal.SIGTERM, 143, "ended")])
def test_it_ends_at_once(
    world: ServiceWorld, runs: Runs, tmp_path: Path, source: str, number: int, code: int, said: str
) -> None:
    config = world.write(tmp_path / "a")
    came: list[str] = []

    def silent(name: str, _: int) -> None:
        if name == source:
            came.append(name)
            time.sleep(6)

    world.fault = silent  # type: ignore[assignment]
    pid = runs.start(config, "run")
    deadline = time.monotonic() + 30
    while not came:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    time.sleep(0.3)
    os.kill(pid, number)
    begin = time.monotonic()
    ended = runs.wait()
    assert time.monotonic() - begin < 2
    assert one_line(ended, code) == f"{said}; the next run goes on where it was"
    nothing_is_half(config)
    assert not (config.parent / "data_raw/.lock.json").exists()


# --- a file that something else has changed


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[-2000] ^= 1
    path.write_bytes(content)


def edit(path: Path) -> None:
    with closing(sqlite3.connect(path)) as file:
        file.execute("PRAGMA user_version = 10401")
        file.execute("UPDATE gpkg_contents SET description = 'looked at'")
        file.commit()


@pytest.mark.fault(
    "C", "a loaded file is changed by a hand or a flipped bit",
    "one line that names the file and the command; the next run makes it anew, with the same bytes",
)  # fmt: skip
@pytest.mark.parametrize("source", ["pand", "gemeente", "verblijfsobject"])
@pytest.mark.parametrize("change", [flip, edit])
def test_a_raw_file_that_was_changed(
    project: Path, world: ServiceWorld, runs: Runs, source: str, change: Callable[[Path], None]
) -> None:
    before = made(project)
    change(project.parent / f"data_raw/{source}.gpkg")
    ended = runs.run(project, "clip")
    # One that can't be read at all, or one that reads well and is another.
    said = one_line(ended, 4 if "can't be read" in ended.err else 5)
    assert re.match(rf"\S*data_raw/{source}\.gpkg: ", said), said
    assert "run 'spoorzone load" in said
    fine(runs.run(project, "run"))
    assert made(project) == before
    assert not world.asked()


