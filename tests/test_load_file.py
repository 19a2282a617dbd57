"""Files of any kind, as a specialist brings them."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
import shapely
from shapely import Point, box

from pipeline.config import SourceSettings
from pipeline.contract import SourceError
from pipeline.load import file, from_file
from pipeline.load.received import Received
from pipeline.sources import Access


def read(path: Path, layer: str | None = None, bbox: Any = None, **more: Any) -> Received:
    return file.fetch(
        path, layer, more.get("columns", {}), more.get("values", {}), bbox, more.get("progress", lambda *_: None)
    )


@pytest.fixture
def panden() -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {"identificatie": ["0153100000000001", "0153100000000002"], "aantalInwoners": [5, 7]},
        geometry=[box(1000, 300_000, 1010, 300_010), box(1100, 300_000, 1110, 300_010)],
        crs=28992,
    )


@pytest.fixture
def gpkg(tmp_path: Path, panden: gpd.GeoDataFrame) -> Path:
    path = tmp_path / "map met spaties" / "pandén.gpkg"
    path.parent.mkdir()
    panden.to_file(path, layer="pand")
    return path


def test_a_file_comes_whole_with_its_own_count_and_hash(gpkg: Path) -> None:
    amounts: list[Any] = []
    got = read(gpkg, progress=lambda *a: amounts.append(a))
    assert list(got.table.columns) == ["identificatie", "aantal_inwoners", "geometry"]
    assert got.table["identificatie"].tolist() == ["0153100000000001", "0153100000000002"]
    assert got.table.crs == "EPSG:28992"
    assert list(got.table.index) == [0, 1]
    assert (got.reported, amounts) == (2, [(2, 2)])
    page = got.pages[0]
    assert (page.features, page.bytes) == (2, gpkg.stat().st_size)
    assert page.sha256 == hashlib.sha256(gpkg.read_bytes()).hexdigest()
    assert page.url.startswith("file:///")


def test_only_what_meets_the_box_is_read(gpkg: Path) -> None:
    got = read(gpkg, bbox=(1010, 300_000, 1050, 300_050))  # touches the first
    assert got.table["identificatie"].tolist() == ["0153100000000001"]
    assert got.reported == 1
    assert read(gpkg, bbox=(1020, 300_000, 1050, 300_050)).table.empty


def test_a_condition_on_the_files_own_columns(gpkg: Path) -> None:
    def rows(condition: str) -> Received:
        return file.fetch(gpkg, None, {}, {}, None, lambda *_: None, condition)

    got = rows("aantalInwoners > 5")
    assert (got.table["aantal_inwoners"].tolist(), got.reported) == ([7], 1)
    assert rows("aantalInwoners > 7").table.empty
    with pytest.raises(SourceError, match="layer 'pand': can't be read: "):
        rows("nope > 5")


@pytest.mark.parametrize("name", ["p.geojson", "p.shp", "p.fgb", "p.gml"])
def test_other_formats(tmp_path: Path, panden: gpd.GeoDataFrame, name: str) -> None:
    # Ten letters is what a shapefile holds; FlatGeobuf gives features in its own order.
    panden.rename(columns={"identificatie": "PAND_ID", "aantalInwoners": "inwoners"}).to_file(tmp_path / name)
    got = read(tmp_path / name, columns={"identificatie": "PAND_ID"}).table.sort_values("identificatie")
    assert got["identificatie"].tolist() == ["0153100000000001", "0153100000000002"]
    assert got["inwoners"].tolist() == [5, 7]


def test_columns_and_values_speak_the_words_of_the_register(gpkg: Path) -> None:
    got = read(
        gpkg,
        columns={"inwoners": "aantalInwoners", "oppervlakte": ""},
        values={"status": "Pand in gebruik", "bouwjaar": 1900},
    )
    assert set(got.table.columns) == {"identificatie", "inwoners", "status", "bouwjaar", "geometry"}
    assert got.table["status"].tolist() == ["Pand in gebruik"] * 2
    assert got.table["bouwjaar"].tolist() == [1900, 1900]
    assert got.lacks == ("oppervlakte",)


def test_a_column_may_be_swapped_for_another(tmp_path: Path, panden: gpd.GeoDataFrame) -> None:
    panden.assign(pand_nr=["a", "b"]).to_file(tmp_path / "a.gpkg")
    got = read(tmp_path / "a.gpkg", columns={"identificatie": "pand_nr"})
    assert got.table["identificatie"].tolist() == ["a", "b"]
    got = read(tmp_path / "a.gpkg", columns={"identificatie": ""}, values={"identificatie": "x"})
    assert got.table["identificatie"].tolist() == ["x", "x"]
    assert got.lacks == ()


def test_a_mapped_column_must_be_there(gpkg: Path) -> None:
    with pytest.raises(
        SourceError,
        match=r"layer 'pand': columns names 'identifcatie', which is not there; did you mean 'identificatie'\?$",
    ):
        read(gpkg, columns={"x": "identifcatie"})


def test_a_value_does_not_hide_what_the_file_says(gpkg: Path) -> None:
    with pytest.raises(
        SourceError, match="values gives 'identificatie', which is there already; take it out of values"
    ):
        read(gpkg, values={"identificatie": "x"})


@pytest.mark.fault("E", "two columns that get one name", "one line: “… have the same name in snake_case”")
def test_two_columns_that_become_one_name(tmp_path: Path, panden: gpd.GeoDataFrame) -> None:
    panden.assign(aantal_inwoners=1).to_file(tmp_path / "a.gpkg")
    with pytest.raises(
        SourceError, match="columns 'aantalInwoners' and 'aantal_inwoners' have the same name in snake_case"
    ):
        read(tmp_path / "a.gpkg")


def test_the_layer_must_be_named_when_there_are_several(gpkg: Path, panden: gpd.GeoDataFrame) -> None:
    panden.to_file(gpkg, layer="buurt")
    with pytest.raises(SourceError, match=r"has 2 layers \(pand, buurt\); name one with \[sources\] layer$"):
        read(gpkg)
    assert len(read(gpkg, "buurt").table) == 2
    with pytest.raises(SourceError, match=r"has no layer 'burt'; did you mean 'buurt'\?$"):
        read(gpkg, "burt")


@pytest.mark.fault(
    "E", "an own file that is not there, or is no map",
    "one line: “no such file; see the path in the config” or “not a vector file that GDAL reads”",
)  # fmt: skip
def test_a_file_that_is_not_there_or_no_map(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"nope\.gpkg: no such file; see the path in the config$"):
        read(tmp_path / "nope.gpkg")
    for content in (b"", b"not a map", b"SQLite format 3\x00" + b"\x00" * 50):
        (tmp_path / "bad.gpkg").write_bytes(content)
        with pytest.raises(SourceError, match=r"bad\.gpkg: not a vector file that GDAL reads: ") as error:
            read(tmp_path / "bad.gpkg")
        assert "\n" not in str(error.value)


@pytest.mark.fault("E", "an own file cut short", "one line")
def test_a_file_cut_short(gpkg: Path) -> None:
    whole = gpkg.read_bytes()
    gpkg.write_bytes(whole[: len(whole) // 3])
    with pytest.raises(SourceError, match=r"pandén\.gpkg") as error:
        read(gpkg)
    assert "\n" not in str(error.value)


@pytest.mark.fault("E", "an own file without features", "one line: “has no features; was it exported whole?”")
def test_an_empty_layer(tmp_path: Path, panden: gpd.GeoDataFrame) -> None:
    panden.iloc[:0].to_file(tmp_path / "a.gpkg", layer="pand", geometry_type="Polygon")
    with pytest.raises(SourceError, match=r"layer 'pand': has no features; was it exported whole\?$"):
        read(tmp_path / "a.gpkg")


@pytest.mark.fault("E", "a table without geometry", "one line: “has no geometry, expected a map layer”")
def test_a_table_without_geometry(tmp_path: Path) -> None:
    pyogrio.write_dataframe(pd.DataFrame({"a": [1]}), tmp_path / "a.gpkg", layer="t")
    with pytest.raises(SourceError, match="layer 't': has no geometry, expected a map layer"):
        read(tmp_path / "a.gpkg")


@pytest.mark.fault("E", "a file in another CRS, or that states none", "one line with the command that converts it")
@pytest.mark.filterwarnings("ignore:'crs' was not provided")
def test_the_crs_must_be_stated_and_rd(tmp_path: Path, panden: gpd.GeoDataFrame) -> None:
    panden.to_crs(4326).to_file(tmp_path / "deg.gpkg", layer="p")
    with pytest.raises(
        SourceError,
        match=r"layer 'p': CRS is EPSG:4326, expected EPSG:28992; convert it: ogr2ogr -t_srs EPSG:28992 new\.gpkg deg\.gpkg$",
    ):
        read(tmp_path / "deg.gpkg")
    panden[["geometry"]].set_crs(None, allow_override=True).to_file(tmp_path / "none.shp")
    with pytest.raises(
        SourceError, match=r"states no CRS, expected EPSG:28992; if it is that, add it: ogr2ogr -a_srs EPSG:28992"
    ):
        read(tmp_path / "none.shp", columns={})


def test_heights_are_dropped(tmp_path: Path) -> None:
    gpd.GeoDataFrame({"a": [1]}, geometry=[Point(1000, 300_000, 5)], crs=28992).to_file(tmp_path / "z.gpkg")
    assert not read(tmp_path / "z.gpkg").table.has_z.any()


@pytest.mark.fault("E", "curves", "nothing: they become chords within a stated tolerance")
def test_curves_become_straight(tmp_path: Path) -> None:
    # A half circle of radius 1 closed by its diameter.
    (tmp_path / "c.csv").write_text(
        'id,WKT\n1,"CURVEPOLYGON(COMPOUNDCURVE(CIRCULARSTRING(1000 300000,1001 300001,1002 300000),(1002 300000,1000 300000)))"\n'
    )
    (tmp_path / "c.vrt").write_text(
        f"<OGRVRTDataSource><OGRVRTLayer name='c'><SrcDataSource>{tmp_path / 'c.csv'}</SrcDataSource><LayerSRS>EPSG:28992</LayerSRS>"
        "<GeometryType>wkbCurvePolygon</GeometryType><GeometryField encoding='WKT' field='WKT'/></OGRVRTLayer></OGRVRTDataSource>"
    )
    got = read(tmp_path / "c.vrt")
    assert got.table.geom_type.tolist() == ["Polygon"]
    assert got.table.area[0] == pytest.approx(3.14159 / 2, rel=0.002)


def test_text_stays_text_and_times_are_not_moved(tmp_path: Path) -> None:
    table = gpd.GeoDataFrame(
        {"code": ["0012", None], "when": pd.to_datetime(["2020-01-01", "2021-06-30"])},
        geometry=[Point(1000, 300_000)] * 2,
        crs=28992,
    )
    table.to_file(tmp_path / "a.gpkg")
    got = read(tmp_path / "a.gpkg").table
    assert got["code"].tolist()[0] == "0012"
    assert got["when"].str[:10].tolist() == ["2020-01-01", "2021-06-30"]


# The one door


def test_the_config_can_put_a_file_in_the_place_of_a_service(gpkg: Path) -> None:
    settings = SourceSettings(protocol="file", path=gpkg, columns={"inwoners": "aantalInwoners"})
    got = from_file(Access("file", str(gpkg), "pand"), settings, None, lambda *_: None)
    assert got.table["inwoners"].tolist() == [5, 7]
    assert shapely.get_type_id(got.table.geometry).tolist() == [3, 3]
    assert [(p.means, p.holds) for p in got.proofs] == [("file", True)]
    assert "2 features" in got.proofs[0].said.en


def test_a_zip_of_several_files_says_what_it_holds(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "bgt.zip", "w") as made:
        for name in ("bgt_pand.gml", "bgt_wegdeel.gml"):
            made.writestr(name, "<nothing/>")
    with pytest.raises(SourceError, match=r"it holds bgt_pand\.gml, bgt_wegdeel\.gml, unpack it and name one$"):
        read(tmp_path / "bgt.zip")
