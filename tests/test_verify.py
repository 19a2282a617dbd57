"""That `make verify` can fail: a value that is wrong ends it with 1, and is named."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely

_TOOLS = Path(__file__).resolve().parents[1] / "tools" / "verify"


@pytest.fixture(scope="module", autouse=True)
def tools() -> Iterator[None]:
    before = list(sys.path)
    sys.path.insert(0, str(_TOOLS))
    yield
    sys.path[:] = before


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project of two units, of which one has no dwelling and so no value."""
    import tables

    made = tmp_path / "data_out" / ".stages"
    (made / "clip").mkdir(parents=True)
    (made / "compute").mkdir()
    square = shapely.box(0, 0, 100, 100)
    for kind in tables.KINDS:
        units = gpd.GeoDataFrame(
            {"area_m2": [1e4, 1e4]}, geometry=[square, square], index=pd.Index(["a", "b"], name="unit_id"), crs=28992
        )
        units.to_parquet(made / "clip" / f"unit_{kind}.parquet")
        values = pd.DataFrame(
            {"dwellings_count": [250.0, 0.0], "mxi": [0.5, math.nan], "osr": [math.nan, math.nan]}, index=units.index
        )
        values.to_parquet(made / "compute" / f"built.{kind}.parquet")
    return tmp_path


def _engine(**columns: list[float]) -> Mapping[str, Any]:
    """An engine that says this of the buurten."""
    import run

    def made(project: Any, shared: Any) -> Iterator[Any]:
        shared.versions["Slide rule"] = "1.0"
        table = pd.DataFrame(columns, index=["b", "a"])
        yield run.Pair("form", "buurt", shared.ours(project, "buurt"), table)

    return {"Slide rule": made}


def _verify(folder: Path, **columns: list[float]) -> tuple[int, str]:
    import run

    page = folder / "verification.md"
    return run.main([str(folder), str(page)], _engine(**columns)), page.read_text(encoding="utf-8")


def test_equal_values_agree_whatever_their_order(folder: Path) -> None:
    code, page = _verify(folder, dwellings_count=[0.0, 250.0], mxi=[math.nan, 0.5])
    assert code == 0
    assert "All 2 comparisons are within their tolerance" in page
    assert "Slide rule 1.0" in page
    assert "| dwellings_count | 0 | 1e-09 | yes |" in page


@pytest.mark.parametrize(
    ("columns", "measure", "apart"),
    [
        # One dwelling in 250 is 0.004.
        ({"dwellings_count": [0.0, 249.0]}, "dwellings_count", "4.0e-03"),
        # Half of it is half as much; that it is twice the other is not what is told.
        ({"dwellings_count": [0.0, 125.0]}, "dwellings_count", "5.0e-01"),
        # A value where there is none, and none where there is one, are no rounding.
        ({"mxi": [0.0, 0.5]}, "mxi", "inf"),
        ({"mxi": [math.nan, math.nan]}, "mxi", "inf"),
        # Just beyond 1e-9 of 0.5; and beyond 1e-9 of 1, which is the least for an amount.
        ({"mxi": [math.nan, 0.5 + 1e-9]}, "mxi", "2.0e-09"),
        ({"dwellings_count": [2e-9, 250.0]}, "dwellings_count", "2.0e-09"),
    ],
)
def test_a_wrong_value_ends_it_with_1_and_is_named(
    folder: Path, capsys: pytest.CaptureFixture[str], columns: dict[str, list[float]], measure: str, apart: str
) -> None:
    code, page = _verify(folder, **columns)
    told = capsys.readouterr().out
    assert code == 1
    assert f"{measure}, Slide rule, buurt: {apart} apart, expected 1e-09 at most" in told
    assert "1 of 1 comparisons are beyond their tolerance" in page
    assert (
        f"## Beyond tolerance\n\n| engine | measure | kind | difference | tolerance | worst unit |\n|---|---|---|--:|--:|---|\n| Slide rule | {measure} | buurt |"
        in page
    )


def test_the_unit_that_is_worst_is_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _verify(folder, dwellings_count=[0.0, 249.0])
    assert "; a: 250.0 here, 249.0 there\n" in capsys.readouterr().out


def test_no_value_anywhere_in_both_is_agreement(folder: Path) -> None:
    assert _verify(folder, osr=[math.nan, math.nan])[0] == 0


def test_within_the_tolerance_is_agreement(folder: Path) -> None:
    assert _verify(folder, mxi=[math.nan, 0.5 + 4e-10], dwellings_count=[5e-10, 250.0])[0] == 0


def test_a_measure_that_we_do_not_have_is_refused(folder: Path) -> None:
    with pytest.raises(ValueError, match="no measure gsi in the project"):
        _verify(folder, gsi=[0.1, 0.2])


def test_other_units_are_refused(folder: Path) -> None:
    import run

    def made(project: Any, shared: Any) -> Iterator[Any]:
        yield run.Pair("form", "buurt", shared.ours(project, "buurt"), pd.DataFrame({"mxi": [0.5]}, index=["a"]))

    with pytest.raises(ValueError, match="1 units, expected the 2 of the project"):
        run.main([str(folder), str(folder / "page.md")], {"Half": made})


def test_nothing_compared_is_no_agreement(folder: Path) -> None:
    import run

    assert run.main([str(folder), str(folder / "page.md")], {"Mute": lambda project, shared: iter(())}) == 1
