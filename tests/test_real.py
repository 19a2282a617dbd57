"""Real open data through the whole pipeline: what must hold, and how near the results come to published ones.

None of the data stands in this repository; `SPOORZONE_REAL_DATA` names the folder. Figures that are measured here are
printed (`pytest -m real -rA`).
"""

from __future__ import annotations

import os
import shutil
import tomllib
from pathlib import Path

import engines
import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from click.testing import CliRunner
from needs import missing
from scipy.spatial import cKDTree
from small_project import without_others

from pipeline.cli import cli
from pipeline.contract import SourceError
from pipeline.load import file
from pipeline.load.layers import Conformed, conform
from pipeline.sources import BY_NAME

pytestmark = [pytest.mark.real, pytest.mark.xdist_group("real")]

CONFIGS = Path(__file__).parent / "real"
#: Where the stations are, by published positions; good to 50 m.
HENGELO, KENNISPARK, ENSCHEDE = (251_031, 475_780), (254_157, 473_152), (257_682, 471_555)


@pytest.fixture(scope="module")
def data() -> Path:
    folder = os.environ.get("SPOORZONE_REAL_DATA")
    if not folder or not Path(folder).is_dir():
        missing("SPOORZONE_REAL_DATA names no folder")
    return Path(str(folder))


def run(config: str, folder: Path) -> Path:
    """Run the whole pipeline with a config of tests/real, and give the GeoPackage."""
    text = (CONFIGS / config).read_text(encoding="utf-8")
    named = tomllib.loads(text)["sources"]
    (folder / "config.toml").write_text(text + without_others(named), encoding="utf-8")
    result = CliRunner().invoke(cli, ["run", "--config", str(folder / "config.toml")])
    assert result.exit_code == 0, result.output
    return folder / "data_out/spoorzone.gpkg"


def units(file: Path, kind: str) -> gpd.GeoDataFrame:
    return pyogrio.read_dataframe(file, layer=kind).set_index("unit_id")


@pytest.fixture(scope="module")
def cbs(data: Path) -> pd.DataFrame:
    """Neighbourhoods as CBS publishes them."""
    return pyogrio.read_dataframe(data / "cbs_buurten_2021_twente.gpkg").set_index("buurtcode")


@pytest.fixture(scope="module")
def spoorzone(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return run("spoorzone.toml", tmp_path_factory.mktemp("spoorzone"))


@pytest.fixture(scope="module")
def enschede(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return run("enschede.toml", tmp_path_factory.mktemp("enschede"))


@pytest.fixture(scope="module")
def apeldoorn(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("apeldoorn")
    area = pyogrio.read_dataframe(data / "bag_apeldoorn_2022.gpkg", layer="buurt")[["geometry"]]
    pyogrio.write_dataframe(area, folder / "area.gpkg")
    return run("apeldoorn.toml", folder)


def test_the_corridor_follows_the_track(spoorzone, record_property):
    stops = pyogrio.read_dataframe(spoorzone, layer="corridor_station").sort_values("chainage_m")
    axis = pyogrio.read_dataframe(spoorzone, layer="axis").sort_values("from_m")
    assert stops["station_name"].tolist() == ["Hengelo", "Kennispark", "Enschede"]
    assert stops["chainage_m"].tolist() == pytest.approx([0, 4_200, 8_400], abs=25)
    line = shapely.line_merge(shapely.union_all(axis.geometry.to_numpy()))
    assert line.geom_type == "LineString"
    length = stops["chainage_m"].iloc[-1]
    assert line.length == pytest.approx(length, abs=0.1)
    for place in (HENGELO, KENNISPARK, ENSCHEDE):
        assert line.distance(shapely.Point(place)) < 60, place
    corridor = units(spoorzone, "corridor").iloc[0]
    # A strip that never meets itself, with half a circle at each end.
    expected = 2 * 1000 * length + np.pi * 1000**2
    assert corridor["area_m2"] == pytest.approx(expected, rel=1e-3)
    assert units(spoorzone, "section")["area_m2"].sum() == pytest.approx(corridor["area_m2"], rel=1e-9)
    record_property("chainages", stops["chainage_m"].round(1).tolist())
    print(f"chainages {stops['chainage_m'].round(1).tolist()} m, area / (2wL + πw²) = {corridor['area_m2'] / expected:.6f}")


def test_what_the_data_do_not_hold_is_left_out(spoorzone, enschede):
    """Hengelo has no addresses in the data, which is not the same as having none."""
    assert not {"addresses_count", "dwellings_count", "oad_per_km2"} & set(units(spoorzone, "buurt").columns)
    buurt = units(enschede, "buurt")
    assert len(buurt) == 70
    assert buurt.index.str.startswith("BU0153").all()
    assert (buurt["addresses_count"] > 0).all()
    # Of the addresses the floor area is not known, nor that it is nought.
    assert buurt["floor_area_usable_m2"].isna().all()
    assert (buurt["floor_area_coverage_share"] == 0).all()


def test_population_density_is_the_published_one_within_rounding(spoorzone, cbs, record_property):
    """CBS divides people by land before it rounds either; inhabitants times a hundred over hectares is all we have.

    The published number of people is a multiple of five, and up to four away from the true one: of these neighbourhoods
    three can't be explained with the 2.5 of rounding to the nearest. Land is published in whole hectares.
    """
    ours = units(spoorzone, "buurt")["inhabitants_per_km2"]
    assert len(ours) == 132
    told = cbs.loc[ours.index, ["aantal_inwoners", "oppervlakte_land_in_ha", "bevolkingsdichtheid_inwoners_per_km2"]]
    told = told[(told >= 0).all(axis=1)].astype(float)
    people, land, density = (told[c] for c in told.columns)
    assert ours[told.index].to_dict() == pytest.approx((people / land * 100).to_dict())
    within = {
        slack: ((density >= (people - slack) / (land + 0.5) * 100 - 0.5) & (density <= (people + slack) / (land - 0.5) * 100 + 0.5)).sum().item()
        for slack in (2.5, 4.0)
    }
    apart = (ours[told.index] - density).abs()
    measured = {"n": len(told), "median apart": float(apart.median()), "most apart": float(apart.max())}
    record_property("population density", measured | {f"within {k:g}": v for k, v in within.items()})
    print(f"{measured}, per km²; within rounding of land ±0.5 ha and people ±2.5 or ±4: {within}")
    assert len(told) == 126
    assert within[4.0] == len(told)
    assert apart.median() < 10


@pytest.fixture(scope="module")
def addresses(data: Path) -> gpd.GeoDataFrame:
    return pyogrio.read_dataframe(data / "adressen_2012_enschede.gpkg")


def relation(ours: pd.Series, published: pd.Series) -> dict[str, float]:
    ratio = ours / published
    slope, intercept = np.polyfit(published, ours, 1)
    measured = {
        "n": len(ours), "median ratio": ratio.median(), "lowest": ratio.min(), "highest": ratio.max(),
        "correlation": ours.corr(published), "slope": slope, "intercept": intercept,
    }  # fmt: skip
    return {name: round(float(value), 3) for name, value in measured.items()}


def test_surrounding_address_density_goes_with_the_published_one(enschede, cbs, record_property):
    buurt = units(enschede, "buurt")
    published = cbs.loc[buurt.index, "omgevingsadressendichtheid"].astype(float)
    assert buurt["addresses_count"].sum() == 70_957
    found = relation(buurt["oad_per_km2"], published)
    record_property("oad 2012 against CBS 2021", found)
    wijk = (buurt["oad_per_km2"] / published).groupby(buurt.index.str[2:8]).median().round(2)
    print(f"OAD of addresses of 2012 against CBS 2021: {found}; median ratio per wijk {wijk.to_dict()}")
    assert found["n"] == 70
    assert found["correlation"] > 0.95
    assert 0.75 < found["median ratio"] < 0.95
    # The inner city, where houses are split and students live, is short; the suburb of the seventies is not.
    assert wijk["015300"] < 0.75
    assert wijk["015306"] > 0.9


def test_the_difference_is_in_the_addresses_and_not_in_the_sum(enschede, cbs, addresses, record_property):
    """The file has one row per street and number, of 2012: what shares a number, or is newer, is not in it.

    Let every address stand for as many households of 2021 as CBS counts in its neighbourhood, where those are more,
    and the difference nearly goes.
    """
    assert not addresses.duplicated(["straatnaam", "huisnummer"]).any()
    buurt = units(enschede, "buurt")
    place, row = shapely.STRtree(buurt.geometry.to_numpy()).query(addresses.geometry.to_numpy(), predicate="within")
    code = pd.Series(buurt.index[row], index=place).reindex(range(len(addresses)), fill_value="")
    count = code.value_counts()
    stands_for = (cbs["aantal_huishoudens"].clip(lower=0).reindex(count.index) / count).clip(lower=1).fillna(1)
    xy = shapely.get_coordinates(addresses.geometry.to_numpy())
    spots, spot = np.unique(xy, axis=0, return_inverse=True)
    near = sum(
        weight * cKDTree(xy[code == here]).query_ball_point(spots, 1000, return_length=True, workers=-1)
        for here, weight in stands_for.items()
    )
    # Within a neighbourhood all addresses stand for as many, so its mean needs no weights.
    mean = pd.Series(near[spot] / np.pi).groupby(code).mean().reindex(buurt.index)
    found = relation(mean, cbs.loc[mean.index, "omgevingsadressendichtheid"].astype(float))
    record_property("oad with households of 2021", found)
    print(f"With the households of 2021 ({(stands_for * count).sum():.0f} for {len(addresses)} addresses): {found}")
    assert found["correlation"] > 0.99
    assert found["median ratio"] > 0.92


def test_surrounding_address_density_by_measuring_every_distance(enschede, addresses):
    buurt = units(enschede, "buurt")
    xy = shapely.get_coordinates(addresses.geometry.to_numpy())
    for code in ("BU01530008", "BU01530406", "BU01530702"):
        own = xy[shapely.intersects_xy(buurt.geometry[code], xy)]
        near = [(np.hypot(*(xy - here).T) <= 1000).sum() for here in own]
        assert buurt.loc[code, "addresses_count"] == len(own)
        assert buurt.loc[code, "oad_per_km2"] == pytest.approx(np.mean(near) / np.pi, rel=1e-12)


@pytest.mark.peers
@pytest.mark.parametrize("kind", ["square_100m", "hexagon", "corridor"])
def test_spatialite_finds_the_same_in_apeldoorn(data, apeldoorn, kind, tmp_path, record_property):
    bag = data / "bag_apeldoorn_2022.gpkg"
    theirs = engines.spatialite(
        tmp_path, panden=(bag, "pand"), addresses=(bag, "verblijfsobject"), units=(apeldoorn, kind, "unit_id")
    )
    ours = units(apeldoorn, kind).drop(columns=["geometry", "unit_name"]).to_dict("index")
    apart = engines.differences(ours, theirs)
    record_property(f"spatialite, Apeldoorn, {kind}", apart)
    print(f"{len(ours)} of {kind}, largest relative difference: {apart}")
    assert max(apart.values()) < 1e-9
    lived_in = sum(row["dwellings_count"] > 0 for row in theirs.values())
    assert lived_in == 1 if kind == "corridor" else 15 < lived_in < len(theirs)


#: File -> layer, and the number of features, or what is said when it is refused.
FILES: dict[str, tuple[str | None, int | str]] = {
    "adressen_2012_enschede.gpkg": (None, 70_957),
    "ahn_tile_index_2025.geojson": (None, 1_407),
    "bag_apeldoorn_2022.gpkg": ("pand", 382),
    "bag_extract_doesburg_2020_panden.zip": (None, 13_098),
    "bag_panden_scholen_2016_twente.gpkg": (None, 347),
    "bgt_delft_2019/bgt_begroeidterreindeel.sqlite": (None, 126),
    "bgt_delft_2019/bgt_kunstwerkdeel.sqlite": (None, 1),
    "bgt_delft_2019/bgt_onbegroeidterreindeel.sqlite": (None, 81),
    "bgt_delft_2019/bgt_ondersteunendwaterdeel.sqlite": (None, "has no features; was it exported whole?"),
    "bgt_delft_2019/bgt_ondersteunendwegdeel.sqlite": (None, "has no features; was it exported whole?"),
    "bgt_delft_2019/bgt_overbruggingsdeel.sqlite": (None, 3),
    "bgt_delft_2019/bgt_overigbouwwerk.sqlite": (None, "has no features; was it exported whole?"),
    "bgt_delft_2019/bgt_pand.sqlite": (None, 160),
    "bgt_delft_2019/bgt_scheiding.sqlite": (None, 57),
    "bgt_delft_2019/bgt_tunneldeel.sqlite": (None, "has no features; was it exported whole?"),
    "bgt_delft_2019/bgt_waterdeel.sqlite": (None, 3),
    "bgt_delft_2019/bgt_wegdeel.sqlite": (None, 151),
    "bgt_otterlo_gml.zip": (None, "and 30 more, unpack it and name one"),
    "cbs_buurt_2024_twekkelerveld_utm32.gpkg": (
        None,
        "CRS is EPSG:32632, expected EPSG:28992; convert it: "
        "ogr2ogr -t_srs EPSG:28992 new.gpkg cbs_buurt_2024_twekkelerveld_utm32.gpkg",
    ),
    "cbs_buurten_2020_ermelo.gpkg": (None, 17),
    "cbs_buurten_2021_twente.gpkg": (None, 517),
    "cbs_gemeenten_2022_wfs.json": (None, "CRS is EPSG:4326, expected EPSG:28992; convert it: ogr2ogr"),
    "cbs_wijken_gemeenten_2022.gpkg": (None, "has 2 layers (wijken, gemeenten); name one with [sources] layer"),
    "ogcapi_gemeente_gegeneraliseerd_2026.json": (None, 342),
    "prorail_spoorlijn_2021.gpkg": (None, 19),
    "prorail_spoortak_2021.gpkg": (None, 342),
    "rdnaptrans2018_Z001.txt": (None, "not a vector file that GDAL reads"),
    "top10nl_plaats_overijssel_2025.gml.gz": (None, "states no CRS, expected EPSG:28992; if it is that, add it: ogr2ogr"),
    "top10nl_spoor_2014_twente.gpkg": (None, 412),
    "top10nl_stations_2014_twente.gpkg": (None, 38),
}


def fetch(path: Path, layer: str | None = None, condition: str | None = None, **mapping: dict[str, str]) -> file.Received:
    return file.fetch(
        path, layer, mapping.get("columns", {}), mapping.get("values", {}), None, lambda done, total: None, condition
    )


def test_no_real_file_is_forgotten(data):
    assert {p.relative_to(data).as_posix() for p in data.rglob("*") if p.is_file() and p.suffix != ".md"} == set(FILES)


@pytest.mark.parametrize("name", FILES)
def test_a_real_file_is_read_whole_or_refused_in_one_line(data, name, tmp_path):
    layer, expected = FILES[name]
    # A copy, so that nobody else who reads the folder can be taken for us.
    path = Path(shutil.copy(data / name, tmp_path))
    if isinstance(expected, int):
        received = fetch(path, layer)
        assert set(tmp_path.iterdir()) == {path}
        assert (len(received.table), received.reported) == (expected, expected)
        assert received.table.crs == "EPSG:28992"
        assert not received.table.has_z.any()
        return
    with pytest.raises(SourceError) as refused:
        fetch(path, layer)
    said = str(refused.value)
    assert said.startswith(str(path)) and expected in said
    assert "\n" not in said
    assert set(tmp_path.iterdir()) == {path}


def panden(path: Path, columns: dict[str, str], values: dict[str, str], condition: str | None = None) -> Conformed:
    received = fetch(path, condition=condition, columns=columns, values=values)
    return conform(received, BY_NAME["pand"], edition=None, bbox=None)


def test_bag_numbers_that_lost_their_zero_get_it_back(data):
    school = panden(
        data / "bag_panden_scholen_2016_twente.gpkg", {"identificatie": "pand"},
        {"status": "Pand in gebruik", "aantal_verblijfsobjecten": "1"},
    )  # fmt: skip
    ids = school.table.index
    assert ids.str.fullmatch(r"\d{16}").all()
    assert ids.str.startswith("0").sum() > 100
    assert school.repaired == 1
    assert len(school.table) + sum(school.dropped.values()) == 347


def test_a_bag_extract_with_history_is_read_as_it_stands_today(data):
    path = data / "bag_extract_doesburg_2020_panden.zip"
    columns = {"bouwjaar": "oorspronkelijkBouwjaar"}
    values = {"gebruiksdoel": "", "aantal_verblijfsobjecten": "0"}
    with pytest.raises(SourceError, match=r"^pand: \d+ pand_id values stand for different features, first "):
        panden(path, columns, values)
    now = panden(path, columns, values, "eindGeldigheid IS NULL")
    assert (len(now.table), sum(now.dropped.values())) == (7_395, 402)
    assert now.table["status"].eq("Pand in gebruik").sum() == 7_204
    assert now.table["construction_year"].dropna().between(1000, 2021).all()
