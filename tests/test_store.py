"""Files: whole or not at all, the same bytes for the same table, and where they lie."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from world import LAYERS, address, addresses, box, layer

from pipeline import config, receipts, store
from pipeline.contract import ContractError, MissingInputError, Page, PipelineError, Proof, Receipt, Text, check
from pipeline.places import Places


def left(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir())


def panden(**shapes: shapely.Polygon) -> gpd.GeoDataFrame:
    known = {
        "construction_year": 1950.0,
        "status": "Pand in gebruik",
        "use": "woonfunctie",
        "verblijfsobject_count": 1.0,
    }
    rows = {name: {"geometry": shape, **known} for name, shape in shapes.items()}
    # What the source does not say: a number is NaN, a text is empty.
    rows["shed"] = {"geometry": box(50, 50, 53, 53), "status": "Pand in gebruik"}
    return layer("pand", rows)


TABLE = panden(b=box(0, 0, 10, 10), a=shapely.MultiPolygon([box(20, 0, 30, 10), box(40, 0, 50, 10)]))


def many(rows: int = 30_000) -> gpd.GeoDataFrame:
    x = np.arange(rows, dtype="float64")
    return gpd.GeoDataFrame({"v": x}, geometry=shapely.points(x, x), crs=28992).rename_axis("id")


# --- whole or not at all


def test_what_ends_well_is_there_and_nothing_else(tmp_path):
    path = tmp_path / "new" / "a.txt"
    store.write_text(path, "één\n")
    assert path.read_bytes() == "één\n".encode()
    assert left(path.parent) == ["a.txt"]


def test_others_may_read_it_whatever_this_user_is_used_to(tmp_path):
    before = os.umask(0o077)
    try:
        store.write_text(tmp_path / "a.txt", "x")
    finally:
        os.umask(before)
    assert (tmp_path / "a.txt").stat().st_mode & 0o777 == 0o644


@pytest.mark.fault("C", "a write that breaks off", "one line; the file that stood there before stays, byte for byte")
@pytest.mark.parametrize("name", ["a.txt", "a[1].txt", ".hidden", "x" * 120 + ".txt"])
def test_what_breaks_off_leaves_the_old_file_and_no_rest(tmp_path, name):
    path = tmp_path / name
    store.write_text(path, "old")

    def broken() -> None:
        with store.whole(path) as part:
            part.write_text("half")
            Path(f"{part}-journal").write_text("of the database")
            msg = "stop"
            raise ValueError(msg)

    with pytest.raises(ValueError, match="stop"):
        broken()
    assert path.read_text() == "old"
    assert left(tmp_path) == [name]


def test_a_table_that_can_not_be_written_leaves_the_old_one(tmp_path):
    path = tmp_path / "a.gpkg"
    store.write_geopackage(path, "pand", TABLE)
    before = store.sha256(path)
    with pytest.raises(PipelineError) as error:
        store.write_geopackage(path, "pand", TABLE.assign(GEOM="a column with the name of the geometry"))
    assert str(error.value).startswith(f"{path}: can't be written: ")
    assert store.sha256(path) == before
    assert left(tmp_path) == ["a.gpkg"]


WRITES_FOREVER = """
import sys
from pathlib import Path
from pipeline import store
with store.whole(Path(sys.argv[1])) as part, part.open("w") as file:
    while True:
        file.write("half " * 10_000)
        file.flush()
"""


@pytest.mark.fault("C", "SIGKILL in the middle of a write", "nothing: the older file stays, byte for byte")
def test_a_kill_in_the_middle_leaves_the_old_file(tmp_path):
    path = tmp_path / "a.txt"
    store.write_text(path, "old")
    writer = subprocess.Popen([sys.executable, "-c", WRITES_FOREVER, str(path)], cwd=Path(__file__).parents[1])
    try:
        deadline = time.monotonic() + 20
        while not any(p.stat().st_size > 0 for p in tmp_path.glob(".a.*.part.txt")):
            assert writer.poll() is None, "the writer ended by itself"
            assert time.monotonic() < deadline, "the writer does not begin"
            time.sleep(0.01)
    finally:
        writer.kill()
    assert writer.wait() == -signal.SIGKILL
    assert path.read_text() == "old"
    # The next one is not hindered by what is left.
    store.write_text(path, "new")
    assert path.read_text() == "new"


@pytest.mark.fault("C", "a file where a folder belongs", "one line")
def test_a_folder_that_is_a_file(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(PipelineError) as error:
        store.write_text(tmp_path / "file" / "a.txt", "x")
    assert str(error.value) in {
        f"{tmp_path}/file/a.txt: can't be written: {why}" for why in ("Not a directory", "File exists")
    }


WRITERS = {
    "a.gpkg": lambda path: store.write_geopackage(path, "points", many()),
    "a.parquet": lambda path: store.write_table(path, pd.DataFrame({"v": np.random.default_rng(1).random(300_000)})),
    "a.txt": lambda path: store.write_text(path, "x" * 2_000_000),
}


@pytest.mark.fault(
    "C", "a full disk, at every kind of file",
    "one line; the file that stood there before stays, byte for byte",
)  # fmt: skip
@pytest.mark.parametrize("name", WRITERS)
def test_a_full_disk_leaves_the_old_file(small_disk, name):
    path = small_disk / name
    path.write_text("old")
    with pytest.raises(PipelineError) as error:
        WRITERS[name](path)
    assert str(error.value).startswith(f"{path}: can't be written: ")
    assert "\n" not in str(error.value)
    assert path.read_text() == "old"
    assert left(small_disk) == [name]


@pytest.mark.fault(
    "C", "a folder that may only be read",
    "one line; the file that stood there before stays, byte for byte",
)  # fmt: skip
def test_a_folder_that_may_only_be_read(tmp_path, request):
    folder = tmp_path
    if os.geteuid() == 0:
        folder = request.getfixturevalue("small_disk")
        subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True)
        why = "Read-only file system"
    else:
        folder.chmod(0o555)
        why = "Permission denied"
    for name, writer in WRITERS.items():
        with pytest.raises(PipelineError) as error:
            writer(folder / name)
        assert str(error.value) == f"{folder / name}: can't be written: {why}"


# --- JSON


def test_json_is_written_for_people_and_read_back(tmp_path):
    path = tmp_path / "a.json"
    store.write_json(path, {"naam": "Eén", "m": [1, 2.5, None]})
    assert "Eén" in path.read_text(encoding="utf-8")
    assert store.read_json(path) == {"naam": "Eén", "m": [1, 2.5, None]}


@pytest.mark.parametrize("content", [None, b"", b"{", b"[1]", b'"x"', b"\xff\xfe{}"])
def test_what_is_no_json_object_is_none(tmp_path, content):
    path = tmp_path / "a.json"
    if content is not None:
        path.write_bytes(content)
    assert store.read_json(path) is None


# --- tables


def test_a_geopackage_comes_back_as_declared(tmp_path):
    path = tmp_path / "pand.gpkg"
    store.write_geopackage(path, "pand", TABLE)
    back = check(store.read_geopackage(path, LAYERS["pand"], "load"), LAYERS["pand"])
    assert back.index.tolist() == ["b", "a", "shed"]
    assert back["construction_year"].isna().tolist() == [False, False, True]
    assert back["use"].tolist() == ["woonfunctie", "woonfunctie", ""]
    assert back.geometry.geom_equals(TABLE.geometry).all()
    # The order of rows, the types and the missing values are the same; only a single polygon is now a multi one.
    assert back.drop(columns="geometry").equals(pd.DataFrame(TABLE.drop(columns="geometry")))


@pytest.mark.parametrize("name", sorted(LAYERS))
def test_every_source_comes_back_as_declared_also_without_rows_or_values(tmp_path, name):
    declared = LAYERS[name]
    shape = {"Point": shapely.Point(X, Y), "LineString": shapely.LineString([(X, Y), (X + 1, Y)])}
    kind = next((k for k in shape if k in declared.geometry), None)
    for rows in ({}, {"0001": {"geometry": shape[kind] if kind else box(0, 0, 10, 10)}}):
        table = layer(name, rows)
        store.write_geopackage(tmp_path / "a.gpkg", name, table)
        back = check(store.read_geopackage(tmp_path / "a.gpkg", declared, "load"), declared)
        assert back.index.tolist() == list(rows)
        pd.testing.assert_frame_equal(
            pd.DataFrame(back.drop(columns="geometry")), pd.DataFrame(table.drop(columns="geometry"))
        )


X, Y = 257_000, 471_000


def test_a_key_of_digits_keeps_its_zeros(tmp_path):
    table = addresses({"0153010000000001": address(1, 1)})
    store.write_geopackage(tmp_path / "a.gpkg", "verblijfsobject", table)
    back = store.read_geopackage(tmp_path / "a.gpkg", LAYERS["verblijfsobject"], "load")
    assert back.index.tolist() == ["0153010000000001"]


@pytest.mark.fault("C", "the same data again", "nothing: the same bytes")
def test_the_same_table_makes_the_same_bytes(tmp_path):
    for name in ("a.gpkg", "b.gpkg"):
        store.write_geopackage(tmp_path / name, "pand", TABLE)
        time.sleep(0.01)
    assert (tmp_path / "a.gpkg").read_bytes() == (tmp_path / "b.gpkg").read_bytes()
    for name in ("a.parquet", "b.parquet"):
        store.write_table(tmp_path / name, TABLE)
    assert (tmp_path / "a.parquet").read_bytes() == (tmp_path / "b.parquet").read_bytes()


def test_parquet_comes_back_as_it_was(tmp_path):
    store.write_table(tmp_path / "a.parquet", TABLE)
    back = check(store.read_layer(tmp_path / "a.parquet", "clip"), LAYERS["pand"])
    assert back.equals(TABLE)
    plain = pd.DataFrame({"v": [1.0, np.nan]}, index=pd.Index(["a", "b"], name="unit_id"))
    store.write_table(tmp_path / "b.parquet", plain)
    pd.testing.assert_frame_equal(store.read_table(tmp_path / "b.parquet", "compute"), plain)


READERS = {
    "a.gpkg": lambda path: store.read_geopackage(path, LAYERS["pand"], "load"),
    "a.parquet": lambda path: store.read_layer(path, "clip"),
    "b.parquet": lambda path: store.read_table(path, "compute"),
}
MADE_BY = {"a.gpkg": "load", "a.parquet": "clip", "b.parquet": "compute"}


@pytest.mark.parametrize("name", READERS)
def test_a_file_that_is_not_there_says_which_command_makes_it(tmp_path, name):
    with pytest.raises(MissingInputError) as error:
        READERS[name](tmp_path / name)
    assert str(error.value) == f"{tmp_path / name}: missing; run 'spoorzone {MADE_BY[name]}' first"


@pytest.mark.fault(
    "C", "a file between the stages is empty, cut, or something else",
    "one line with the command that makes it anew",
)  # fmt: skip
@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("content", [b"", b"no table at all", "half"], ids=["empty", "something else", "half"])
def test_a_broken_file_says_which_command_makes_it_anew(tmp_path, name, content):
    path = tmp_path / name
    if content == "half":
        if name == "a.gpkg":
            store.write_geopackage(path, "pand", TABLE)
        else:
            store.write_table(path, TABLE)
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    else:
        path.write_bytes(content)
    with pytest.raises(ContractError) as error:
        READERS[name](path)
    said = str(error.value)
    assert said.startswith(f"{path}: can't be read (")
    assert said.endswith(f"); run 'spoorzone {MADE_BY[name]} --force'")
    assert "\n" not in said


def test_a_geopackage_of_another_declaration_is_broken(tmp_path):
    store.write_geopackage(tmp_path / "a.gpkg", "pand", TABLE.drop(columns="use"))
    with pytest.raises(ContractError, match=r"a\.gpkg: can't be read \('use'\); run 'spoorzone load --force'$"):
        store.read_geopackage(tmp_path / "a.gpkg", LAYERS["pand"], "load")


# --- receipts

RECEIPT = Receipt(
    "pand", Text("Panden", "Buildings"), "BAG", "actueel", "CC-PDM-1.0", "Kadaster", "wfs", "https://example.nl/wfs",
    (1.0, 2.0, 3.0, 4.0), 12, 12, 10, {"demolished": 2}, 1, ("use",), "2026-11-21T12:00:00+00:00",
    (Page("https://example.nl/1", "2026-11-21T12:00:00+00:00", 12, 900, "ab" * 32),), "cd" * 32, False,
    2022, {"use": 2021}, (Proof("count", True, Text("tien", "ten")), Proof("seams", False, Text("naad", "seam"))), "spoorzone 1",
)  # fmt: skip


@pytest.mark.parametrize(
    "changes",
    [{}, {"requested": None, "reported": None, "pages": (), "absent": (), "dropped": {}, "synthetic": True, "edition": None, "proofs": (), "filled": {}}],
    ids=["full", "bare"],
)
def test_a_receipt_comes_back_as_it_was(tmp_path, changes):
    receipt = Receipt(**{**RECEIPT.__dict__, **changes})
    receipts.write(tmp_path / "a.json", receipt)
    assert receipts.read(tmp_path / "a.json") == receipt


@pytest.mark.fault("C", "a receipt that is not whole", "one line: “missing or broken; run ’spoorzone load’ first”")
@pytest.mark.parametrize("content", [None, "{", "[]", "{}", '{"source": "pand"}'])
def test_a_receipt_that_is_not_whole(tmp_path, content):
    path = tmp_path / "a.json"
    if content is not None:
        path.write_text(content)
    with pytest.raises(MissingInputError) as error:
        receipts.read(path)
    assert str(error.value) == f"{path}: missing or broken; run 'spoorzone load' first"


def test_whole_means_that_all_was_looked_at_and_all_holds():
    def whole(*proofs):
        return Receipt(**{**RECEIPT.__dict__, "proofs": proofs}).proven

    def proof(means, holds=True):
        return Proof(means, holds, Text("", ""))

    assert whole(proof("count"))
    assert whole(proof("second_pass"), proof("seams"), proof("total"))
    assert not whole()
    # What two tiles or two sources say of each other is no proof of all of it.
    assert not whole(proof("seams"), proof("total"))
    assert not whole(proof("count"), proof("total", holds=False))
    assert not whole(proof("none", holds=False))


def test_totals_come_back_as_they_were(tmp_path):
    totals = {"pand": (Proof("total", True, Text("al", "all")),), "buurt": ()}
    receipts.write_totals(tmp_path / "totals.json", totals)
    assert receipts.read_totals(tmp_path / "totals.json") == totals
    assert receipts.read_totals(tmp_path / "nothing.json") == {}


# --- places


@pytest.fixture
def places(tmp_path):
    (tmp_path / "config.toml").write_text("[paths]\nout = 'made'\nmaps = '/somewhere/maps'\n")
    return {synthetic: Places(config.read(tmp_path / "config.toml"), synthetic) for synthetic in (False, True)}


def test_the_sample_lies_apart_from_the_real_data(places, tmp_path):
    assert places[False].layer("pand") == tmp_path / "data_raw" / "pand.gpkg"
    assert places[True].layer("pand") == tmp_path / "data_raw" / "sample" / "pand.gpkg"
    assert places[True].receipt("pand") == tmp_path / "data_raw" / "sample" / "pand.receipt.json"
    assert places[True].stamp("load", "pand") != places[False].stamp("load", "pand")


def test_everything_lies_where_the_config_says(places, tmp_path):
    real = places[False]
    assert real.geopackage == tmp_path / "made" / "spoorzone.gpkg"
    assert real.manifest == tmp_path / "made" / "manifest.json"
    assert real.maps == Path("/somewhere/maps")
    assert real.shown(real.geopackage) == "made/spoorzone.gpkg"
    assert real.shown(real.maps / "index.html") == "/somewhere/maps/index.html"


def test_every_table_and_every_stamp_has_a_place_of_its_own(places):
    real = places[False]
    made = [
        real.clipped("pand"), real.clipped("unit_buurt"), real.computed("oad", "buurt"), real.computed("oad", "wijk"),
        real.stamp("clip", "pand"), real.stamp("compute", "pand"), real.stamp("clip", "units/buurt"), real.last_run,
    ]  # fmt: skip
    assert len(set(made)) == len(made)
    assert real.stamp("clip", "units/buurt").name == "units.buurt.stamp.json"


def test_the_settings_of_a_run_are_plain_and_tell_the_sample_apart(places):
    assert places[True].settings != places[False].settings
    assert places[True].settings["config"]["paths"]["out"] == "made"
