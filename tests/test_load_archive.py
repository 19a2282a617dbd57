"""One map file out of a zip that may be anything."""

from __future__ import annotations

import stat
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.contract import PipelineError, SourceError
from pipeline.load.archive import member, names

Made = Callable[..., Path]


@pytest.fixture
def made(tmp_path: Path) -> Made:
    def make(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
        path = tmp_path / "a.zip"
        with zipfile.ZipFile(path, "w", method) as z:
            for name, content in files.items():
                z.writestr(name, content)
        return path

    return make


def refused(path: Path, wanted: str | None = None, **limits: float) -> str:
    """What is said; nothing may have been unpacked, here or elsewhere."""
    folder = path.parent / "out"
    before = {f for f in path.parent.rglob("*") if f.is_file()}
    with pytest.raises(SourceError) as error:
        member(path, wanted, folder, **limits)  # type: ignore[arg-type]
    assert {f for f in path.parent.rglob("*") if f.is_file()} == before
    assert "\n" not in str(error.value)
    return str(error.value).removeprefix(f"{path}: ")


def test_the_only_map_file(made: Made, tmp_path: Path) -> None:
    path = made({"read me.txt": b"x", "data/": b"", "data/cells.gpkg": b"abc" * 1000, "nested.zip": b"PK"})
    got = member(path, None, tmp_path / "out")
    assert (got, got.read_bytes()) == (tmp_path / "out" / "cells.gpkg", b"abc" * 1000)
    assert [f.name for f in (tmp_path / "out").iterdir()] == ["cells.gpkg"]
    assert names(path) == ("read me.txt", "data/cells.gpkg", "nested.zip")


@pytest.mark.parametrize("wanted", ["b/x.gml", "y.gml", ".fgb", "a/x.gml"])
def test_a_named_file(made: Made, tmp_path: Path, wanted: str) -> None:
    files = {n: n.encode() for n in ("a/x.gml", "b/x.gml", "b/y.gml", "z.fgb")}
    assert member(made(files), wanted, tmp_path / "out").read_text().endswith(wanted)


def test_a_name_at_the_top_goes_before_the_same_in_a_folder(made: Made, tmp_path: Path) -> None:
    path = made({"old/x.gpkg": b"old", "x.gpkg": b"new"})
    assert member(path, "x.gpkg", tmp_path / "out").read_bytes() == b"new"


@pytest.mark.fault("D", "two map files in one zip", "one line: “holds 2 map files: …; name one”")
def test_which_of_several_is_asked(made: Made) -> None:
    path = made({"a.gpkg": b"", "b.gpkg": b"", "c.txt": b""})
    assert refused(path) == "holds 2 map files: a.gpkg, b.gpkg; name one"
    assert refused(path, ".gpkg") == "holds 2 files called '.gpkg': a.gpkg, b.gpkg; name one"
    assert refused(path, "d.gpkg") == "holds no files called 'd.gpkg'; there are a.gpkg, b.gpkg, c.txt"


def test_many_names_are_not_all_told(made: Made) -> None:
    path = made({f"{i:02}.gml": b"" for i in range(14)})
    assert refused(path).endswith("10.gml, 11.gml and 2 more; name one")


@pytest.mark.fault("D", "a zip in a zip", "one line: it is not opened")
def test_archives_in_it_are_not_opened(made: Made) -> None:
    assert refused(made({"inner.zip": b"PK"})) == "holds no map files; there are inner.zip"
    assert refused(made({})) == "holds no map files; there are no files"


def test_a_shapefile_comes_with_what_belongs_to_it(made: Made, tmp_path: Path) -> None:
    files = {f"d/x{e}": e.encode() for e in (".SHP", ".shx", ".dbf", ".prj", ".cpg", ".sbn")} | {"d/y.dbf": b""}
    got = member(made(files), None, tmp_path / "out")
    assert got.name == "x.shp"
    assert sorted(f.name for f in got.parent.iterdir()) == ["x.cpg", "x.dbf", "x.prj", "x.shp", "x.shx"]
    del files["d/x.dbf"]
    (tmp_path / "b").mkdir()
    assert refused(made(files)) == "d/x.SHP has no .dbf beside it, without which a shapefile can't be read"


@pytest.mark.fault(
    "D", "zip slip: ../, an absolute path, a drive, a backslash",
    "one line: “…, expected names that stay inside the archive; that is no archive to trust”",
)  # fmt: skip
@pytest.mark.parametrize(
    "name", ["../x.gpkg", "a/../../x.gpkg", "/etc/x.gpkg", "C:/x.gpkg", "c:x.gpkg", "..\\x.gpkg", "a\\x.gpkg", "a\0b.gpkg", "x\n.gpkg"]
)  # fmt: skip
@pytest.mark.parametrize("other", [True, False], ids=["beside it", "itself"])
def test_names_that_lead_outside(made: Made, name: str, other: bool) -> None:
    # The module that writes zips cuts a name at a zero byte: put there afterwards.
    path = made({name.replace("\0", "~"): b"x"} | ({"fine.gpkg": b"x"} if other else {}))
    path.write_bytes(path.read_bytes().replace(b"a~b.gpkg", b"a\0b.gpkg"))
    assert refused(path, "fine.gpkg" if other else None) == (
        f"holds {name!r}, expected names that stay inside the archive; that is no archive to trust"
    )


@pytest.mark.fault("D", "a link or a device in a zip", "one line")
@pytest.mark.parametrize(("kind", "said"), [(stat.S_IFLNK, "a link"), (stat.S_IFCHR, "a device")])
def test_links_and_devices(tmp_path: Path, kind: int, said: str) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as z:
        entry = zipfile.ZipInfo("x.gpkg")
        entry.create_system, entry.external_attr = 3, (kind | 0o777) << 16
        z.writestr(entry, "/etc/passwd")
    assert refused(path) == f"'x.gpkg' is {said}, expected files and folders only; that is no archive to trust"


@pytest.mark.fault("D", "one name twice in a zip", "one line: “holds 1 names twice …; that is no archive to trust”")
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_one_name_twice(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as z:
        z.writestr("x.gpkg", "good")
        z.writestr("x.gpkg", "bad")
    assert refused(path) == "holds 1 names twice, first 'x.gpkg'; that is no archive to trust"


def patched(path: Path, at: int, form: str, value: int, central: bool = True) -> Path:
    """Change a field of the first file's header: in the list at the end, or at the file itself."""
    content = bytearray(path.read_bytes())
    start = content.index(b"PK\x01\x02" if central else b"PK\x03\x04")
    struct.pack_into(form, content, start + at, value)
    path.write_bytes(content)
    return path


@pytest.mark.fault("D", "files that overlap in a zip", "one line")
def test_overlapping_files(made: Made) -> None:
    # Both names point to the first file's bytes, as a bomb does to be small.
    path = made({"a.gpkg": bytes(5000), "b.txt": bytes(5000)})
    content = bytearray(path.read_bytes())
    second = content.index(b"PK\x01\x02", content.index(b"PK\x01\x02") + 1)
    struct.pack_into("<I", content, second + 42, 0)
    path.write_bytes(content)
    assert refused(path) == "'a.gpkg' overlaps another file in the zip; that is no archive to trust"


@pytest.mark.fault("D", "an encrypted zip", "one line: “… is encrypted, expected open data”")
def test_encrypted(made: Made) -> None:
    assert refused(patched(made({"a.gpkg": b"x" * 99}), 8, "<H", 1)) == "a.gpkg is encrypted, expected open data"


@pytest.mark.fault("D", "a zip that is too large by its own word", "one line")
def test_too_large_by_its_own_word(made: Made) -> None:
    path = made({"a.gpkg": b"x" * 1001})
    assert refused(path, most_bytes=1000) == "a.gpkg is 1001 bytes when unpacked, more than the 1000 allowed"
    assert member(path, None, path.parent / "out", most_bytes=1001).stat().st_size == 1001


@pytest.mark.fault("D", "a zip bomb", "one line, before it is unpacked")
def test_a_bomb(made: Made) -> None:
    path = made({"a.gpkg": bytes(70 << 20)})
    said = refused(path)
    assert said.startswith("a.gpkg grows 10")
    assert said.endswith(" times when unpacked, more than the 200 that map files do")
    assert member(path, None, path.parent / "out", most_ratio=2000).stat().st_size == 70 << 20


@pytest.mark.fault("D", "a zip bomb that says it is small", "one line; no more is unpacked than it said")
def test_a_bomb_that_says_it_is_small(made: Made) -> None:
    path = patched(patched(made({"a.gpkg": bytes(9 << 20)}), 24, "<I", 100), 22, "<I", 100, central=False)
    assert refused(path, most_bytes=1000) == "a.gpkg is damaged (Bad CRC-32 for file 'a.gpkg'); download it again"


def test_small_things_may_shrink_much(made: Made) -> None:
    path = made({"a.gpkg": bytes(1 << 20)})
    assert member(path, None, path.parent / "out").stat().st_size == 1 << 20


@pytest.mark.fault("D", "a wrong checksum in a zip", "one line: “… is damaged (Bad CRC-32 …); download it again”")
def test_a_wrong_checksum(made: Made) -> None:
    path = made({"a.gpkg": b"right" * 100}, zipfile.ZIP_STORED)
    path.write_bytes(path.read_bytes().replace(b"right", b"wrong", 1))
    assert refused(path) == "a.gpkg is damaged (Bad CRC-32 for file 'a.gpkg'); download it again"


@pytest.mark.fault("D", "another file in a zip than its list says", "one line")
def test_a_file_that_is_not_the_one_listed(made: Made) -> None:
    path = made({"a.gpkg": b"x" * 50})
    path.write_bytes(path.read_bytes().replace(b"a.gpkg", b"b.gpkg", 1))
    assert refused(path).startswith("a.gpkg is damaged (File name in directory 'a.gpkg' and header b'b.gpkg' differ.)")


@pytest.mark.fault("D", "data in a zip that can’t be unpacked", "one line")
def test_packed_data_that_is_none(made: Made) -> None:
    path = made({"a.gpkg": b"abcdefgh" * 100})
    content = bytearray(path.read_bytes())
    content[36:40] = b"\xff\xff\xff\xff"
    path.write_bytes(content)
    assert refused(path).startswith("a.gpkg is damaged (Error -3 while decompressing data")


@pytest.mark.fault(
    "D", "an unknown way of packing",
    "one line: “… packed by method 9, which can’t be read; unpack it by hand”",
)  # fmt: skip
def test_a_way_of_packing_that_is_not_known(made: Made) -> None:
    path = patched(patched(made({"a.gpkg": b"x" * 99}), 10, "<H", 9), 8, "<H", 9, central=False)
    assert refused(path) == "a.gpkg is packed by method 9, which can't be read; unpack it by hand"


@pytest.mark.fault("D", "a zip cut short", "one line: “no whole zip …; download it again”")
@pytest.mark.parametrize("keep", [0, 30, -1, -22, -40])
def test_a_zip_cut_short(made: Made, keep: int) -> None:
    path = made({"a.gpkg": b"x" * 99, "b.txt": b"y"})
    path.write_bytes(path.read_bytes()[:keep])
    assert refused(path) == "no whole zip (File is not a zip file); download it again"


@pytest.mark.fault("D", "a zip with a damaged list of files", "one line: “no whole zip …; download it again”")
def test_a_list_of_files_that_is_damaged(made: Made) -> None:
    path = patched(made({"a.gpkg": b"x"}), 0, "<I", 0)
    assert refused(path) == "no whole zip (Bad magic number for central directory); download it again"


@pytest.mark.fault(
    "D", "names in a zip that are not said to be UTF-8",
    "nothing: they are read as they were meant, or as the standard says",
)  # fmt: skip
def test_names_in_other_letters(made: Made, tmp_path: Path) -> None:
    """UTF-8 that is not said to be so, as many programs write it; and what is no UTF-8 is read as the standard says."""
    path = made({"wIken.gpkg": b"1", "buXrt.gpkg": b"2"})
    path.write_bytes(path.read_bytes().replace(b"wIken", b"w\xc3\xafen").replace(b"buXrt", b"bu\x81rt"))  # fmt: skip
    assert names(path) == ("wïen.gpkg", "buürt.gpkg")
    assert member(path, "wïen.gpkg", tmp_path / "out").name == "wïen.gpkg"
    assert member(path, "buürt.gpkg", tmp_path / "out").read_bytes() == b"2"


@pytest.mark.fault("D", "a name in a zip that says to be UTF-8 and is not", "one line")
def test_a_name_that_says_it_is_utf8_and_is_not(made: Made) -> None:
    path = patched(made({"bXu.gpkg": b"2"}), 8, "<H", 0x800)
    path.write_bytes(path.read_bytes().replace(b"bXu", b"b\xffu"))
    assert refused(path).startswith("no whole zip ('utf-8' codec can't decode byte 0xff")


@pytest.mark.fault("C", "a disk too small to unpack on", "one line: “has 1.0 MB free, … needs …; make room”")
def test_a_disk_that_is_too_small(made: Made, small_disk: Path) -> None:
    path = made({"a.gpkg": bytes(3 << 20)})
    with pytest.raises(PipelineError, match=r"small/out: has 1\.0 MB free, a\.gpkg needs 3\.1; make room$"):
        member(path, None, small_disk / "out")
    assert not [f for f in (small_disk / "out").rglob("*") if f.is_file()]


def test_a_folder_that_can_not_be(made: Made, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    with pytest.raises(PipelineError, match=r"out: a\.gpkg can't be unpacked there: File exists$"):
        member(made({"a.gpkg": b"x"}), None, tmp_path / "out")


def test_a_newer_file_replaces_an_older(made: Made, tmp_path: Path) -> None:
    member(made({"a.gpkg": b"old"}), None, tmp_path / "out")
    assert member(made({"a.gpkg": b"new"}), None, tmp_path / "out").read_bytes() == b"new"
