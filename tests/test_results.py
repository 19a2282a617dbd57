"""Truths about what a run on the built-in sample makes, told from its outputs alone.

What is compared comes from elsewhere: from published figures written out here, from the register's own files counted
again with plain shapely, or from SpatiaLite.
"""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
import zlib
from contextlib import closing
from pathlib import Path

import engines
import geopandas as gpd
import numpy as np
import pyogrio
import pytest
import shapely

from pipeline.sources import RASTERS, SOURCES

pytestmark = pytest.mark.xdist_group("sample")

WHOLE = ("gemeente", "wijk", "buurt")
GRIDS = ("square_500m", "square_100m", "hexagon")
IN_CORRIDOR = ("gemeente_corridor", "wijk_corridor", "buurt_corridor", "section", "corridor")
KINDS = (*WHOLE, *GRIDS, "square_1km", "block", *IN_CORRIDOR, "catchment")
#: What is counted or measured in a unit, and so adds up over units.
AMOUNTS = ("dwellings_count", "addresses_count", "floor_area_usable_m2", "floor_area_gross_m2", "footprint_area_m2")

#: CBS, Kerncijfers wijken en buurten 2022: inhabitants and dwellings on 1 January 2022.
PUBLISHED = {
    "WK015300": (27_385, 14_669),
    "WK015303": (9_085, 4_607),
    "WK015304": (20_090, 9_920),
    "WK015307": (310, 149),
    "WK016400": (2_935, 1_792),
    "WK016401": (10_820, 5_266),
    "WK016405": (6_970, 3_804),
    "WK016409": (2_020, 698),
}


@pytest.fixture(scope="module")
def units(sample_run: Path) -> dict[str, gpd.GeoDataFrame]:
    file = sample_run / "data_out/spoorzone.gpkg"
    return {kind: pyogrio.read_dataframe(file, layer=kind).set_index("unit_id") for kind in KINDS}


@pytest.fixture(scope="module")
def delivered(sample_run: Path) -> dict[str, gpd.GeoDataFrame]:
    """The files that the sample delivers, as the registers would."""
    folder = sample_run / "data_raw/sample/files"
    files = {name: name for name in ("pand", "verblijfsobject", "gemeente")} | {"buurt": "buurt_2022"}
    return {name: pyogrio.read_dataframe(folder / f"{file}.gpkg") for name, file in files.items()}


@pytest.fixture(scope="module")
def stock(delivered: dict[str, gpd.GeoDataFrame]) -> tuple[gpd.GeoDataFrame, np.ndarray]:
    """Addresses that count, and the ground under the panden that count in pieces without overlap."""
    pand, address = delivered["pand"], delivered["verblijfsobject"]
    standing = pand["status"].isin(["Pand in gebruik", "Pand in gebruik (niet ingemeten)", "Verbouwing pand"])
    counted = address["status"].str.fullmatch(r"Verblijfsobject in gebruik( \(niet ingemeten\))?|Verbouwing verblijfsobject")
    return address[counted], shapely.get_parts(shapely.union_all(pand.geometry[standing].to_numpy()))


def recount(stock: tuple[gpd.GeoDataFrame, np.ndarray], region: shapely.Geometry) -> dict[str, float]:
    """Dwellings, addresses, floor and footprint in a region."""
    address, ground = stock
    shapely.prepare(region)
    here = address[shapely.intersects(region, address.geometry.to_numpy())]
    inside = shapely.contains(region, ground)
    crossing = ground[shapely.intersects(region, ground) & ~inside]
    floor = here["oppervlakte"][~here["oppervlakte"].isin([0, 1, 999_999])].sum()
    return {
        "dwellings_count": here["gebruiksdoel"].str.contains("woonfunctie").sum(),
        "addresses_count": len(here),
        "floor_area_usable_m2": floor,
        "footprint_area_m2": shapely.area(ground[inside]).sum() + shapely.area(shapely.intersection(crossing, region)).sum(),
    }


def loaded(sample_run: Path) -> list[str]:
    """What has a receipt: every source of the declarations, and the earlier editions beside them."""
    names = sorted(p.name.removesuffix(".receipt.json") for p in (sample_run / "data_raw/sample").glob("*.receipt.json"))
    assert {s.name for s in (*SOURCES, *RASTERS)} <= set(names)
    return names


def test_every_kind_of_unit_is_there(units):
    rows = {kind: len(table) for kind, table in units.items()}
    assert all(rows.values())
    assert (rows["gemeente"], rows["wijk"], rows["catchment"], rows["corridor"]) == (2, 8, 9, 1)


def test_wijken_have_the_published_figures(units):
    wijk = units["wijk"]
    counted = zip(wijk.index, wijk["inhabitants_count"], wijk["dwellings_count"], strict=True)
    assert {code: (people, homes) for code, people, homes in counted} == PUBLISHED


@pytest.mark.parametrize("kind", ["wijk", "buurt"])
def test_parts_of_the_municipalities_add_up_to_them(units, kind):
    part, whole = units[kind], units["gemeente"]
    gemeente = "GM" + part.index.str[2:6]
    for column in AMOUNTS:
        exact = column.endswith("_count")
        sums = part[column].groupby(gemeente).sum()
        assert sums.to_dict() == pytest.approx(whole[column].to_dict(), rel=0 if exact else 1e-12, abs=0), column


@pytest.mark.parametrize("kind", GRIDS)
def test_grids_hold_the_municipalities_and_what_lies_beyond(units, delivered, stock, kind):
    gemeente = delivered["gemeente"]
    area = shapely.union_all(gemeente.geometry[gemeente["code"].isin(["GM0153", "GM0164"])].to_numpy())
    cells = shapely.union_all(units[kind].geometry.to_numpy())
    assert shapely.area(shapely.difference(area, cells)) < 1e-3
    within, beyond = recount(stock, area), recount(stock, shapely.difference(cells, area))
    for column, known in within.items():
        assert units["gemeente"][column].sum() == pytest.approx(known, rel=1e-9)
        assert units[kind][column].sum() == pytest.approx(known + beyond[column], rel=1e-9), column
    assert beyond["dwellings_count"] > 0


@pytest.mark.parametrize("kind", IN_CORRIDOR)
def test_the_corridor_is_the_sum_of_its_parts(units, stock, kind):
    corridor = units["corridor"].iloc[0]
    parts = units[kind][[*AMOUNTS, "area_m2", "land_area_m2", "inhabitants_count"]].sum()
    assert parts.to_dict() == pytest.approx(corridor[parts.index].to_dict(), rel=1e-9)
    assert parts["dwellings_count"] == corridor["dwellings_count"] > 20_000
    known = recount(stock, corridor.geometry)
    assert corridor[list(known)].to_dict() == pytest.approx(known, rel=1e-9)


def test_rings_hold_what_lies_in_them(units, stock):
    ring = units["catchment"]
    for unit in ring.index:
        known = recount(stock, ring.geometry[unit])
        assert ring.loc[unit, list(known)].to_dict() == pytest.approx(known, rel=1e-9), unit


def test_inhabitants_of_buurten_are_those_of_their_wijk_within_rounding(units):
    buurt, wijk = units["buurt"], units["wijk"]
    of = "WK" + buurt.index.str[2:8]
    numbers = buurt.groupby(of).size()
    assert set(numbers.index) == set(wijk.index)
    low, high = (buurt[f"inhabitants_{end}_count"].groupby(of).sum() for end in ("low", "high"))
    # Each number, and the wijk's own, is rounded to the nearest multiple of five.
    slack = 2.5 * (numbers + 1)
    assert (low - slack <= wijk["inhabitants_count"]).all()
    assert (wijk["inhabitants_count"] <= high + slack).all()


@pytest.mark.parametrize("kind", GRIDS)
def test_inhabitants_of_a_grid_lie_around_the_published_total(units, kind):
    low, high = (units[kind][f"inhabitants_{end}_count"].sum() for end in ("low", "high"))
    assert low < sum(people for people, _ in PUBLISHED.values()) < high
    assert high < 1.02 * low


@pytest.mark.parametrize("kind", KINDS)
def test_inhabitants_lie_between_their_bounds(units, kind):
    table = units[kind]
    known = table[table["inhabitants_count"].notna()]
    # Where all is published the three are the same sum, added up in another order.
    slack = 1e-9 * known["inhabitants_count"] + 1e-9
    assert (known["inhabitants_low_count"] <= known["inhabitants_count"] + slack).all()
    assert (known["inhabitants_count"] <= known["inhabitants_high_count"] + slack).all()
    assert (table["inhabitants_low_count"] >= 0).all()
    assert (known["inhabitants_count"] > 0).any()


def test_surrounding_address_density_is_the_published_one(units, delivered):
    published = delivered["buurt"].set_index("buurtcode")["omgevingsadressendichtheid"].reindex(units["buurt"].index)
    ours = units["buurt"]["oad_per_km2"]
    assert (ours.isna() == (published < 0)).all()
    for code in ours.index[ours.notna()]:
        assert ours[code] == pytest.approx(published[code], rel=0.03, abs=1.5), code


def test_population_density_is_the_published_one_within_rounding(units, delivered):
    cbs = delivered["buurt"].set_index("buurtcode").loc[units["buurt"].index]
    cbs = cbs[cbs["bevolkingsdichtheid_inwoners_per_km2"] >= 0]
    people, land, density = (
        cbs[c].astype(float) for c in ("aantal_inwoners", "oppervlakte_land_in_ha", "bevolkingsdichtheid_inwoners_per_km2")
    )
    ours = units["buurt"].loc[cbs.index, "inhabitants_per_km2"]
    assert ours.to_dict() == pytest.approx((people / land * 100).to_dict())
    # Published from unrounded numbers: people may be 2.5 off, land half a hectare, the density itself half.
    assert (density >= (people - 2.5) / (land + 0.5) * 100 - 0.5).all()
    assert (density <= (people + 2.5) / (land - 0.5) * 100 + 0.5).all()
    assert len(cbs) > 50


@pytest.mark.parametrize("kind", KINDS)
def test_shares_and_indices_stay_in_their_range(units, kind):
    table = units[kind]
    assert table["gsi"].between(0, 1 + 1e-9).all()
    # On 1 ha a courtyard block can be built up for nine tenths, a small block wholly; a whole municipality is not.
    assert 0 < table["gsi"].max() < {"square_100m": 0.95, "block": 1.0 + 1e-9}.get(kind, 0.75)
    for column in ("mxi", "mixedness", "land_use_entropy", "floor_area_coverage_share"):
        known = table[column].dropna()
        assert len(known) and known.between(0, 1).all(), column
    shares = table.filter(regex="^land_use_(?!class_|new_|coverage_).*_share$")
    assert shares.shape[1] == 9
    assert shares.sum(axis=1).to_numpy() == pytest.approx(np.ones(len(table)), abs=1e-9)
    assert table["land_use_coverage_share"].to_numpy() == pytest.approx(np.ones(len(table)), abs=1e-9)


@pytest.mark.parametrize("kind", KINDS)
def test_rates_are_their_parts_divided(units, kind):
    t = units[kind]
    area, land = t["area_m2"], t["land_area_m2"].where(t["land_area_m2"] > 0)
    said = {
        "dwellings_per_ha": t["dwellings_count"] / area * 1e4,
        "addresses_per_km2": t["addresses_count"] / area * 1e6,
        "inhabitants_per_km2": t["inhabitants_count"] / land * 1e6,
        "gsi": t["footprint_area_m2"] / area,
        "fsi_usable": t["floor_area_usable_m2"] / area,
        "fsi_gross": t["floor_area_gross_m2"] / area,
        "building_layers": t["floor_area_gross_m2"] / t["footprint_area_m2"].where(lambda v: v > 0),
        "osr": (area - t["footprint_area_m2"]) / t["floor_area_gross_m2"].where(lambda v: v > 0),
    }
    for column, value in said.items():
        # Open ground of a block that is nearly all built is the small difference of two areas.
        np.testing.assert_allclose(t[column], value, rtol=1e-12, atol=1e-12, err_msg=column)
    ratio = t["floor_area_usable_m2"] / t["floor_area_gross_m2"].where(lambda v: v > 0)
    # High-rise 0.65, single-family 0.76, the rest 0.78.
    assert ratio.dropna().between(0.65 - 1e-9, 0.78 + 1e-9).all()
    assert kind != "gemeente" or ratio.between(0.73, 0.775).all()


def test_blocks_lie_apart_in_the_municipalities_and_hold_nearly_all_addresses(units, delivered):
    block, gemeente = units["block"], delivered["gemeente"]
    area = shapely.union_all(gemeente.geometry[gemeente["code"].isin(["GM0153", "GM0164"])].to_numpy())
    assert block.area.sum() - shapely.union_all(block.geometry.to_numpy()).area < 1e-3
    assert shapely.difference(shapely.union_all(block.geometry.to_numpy()), area).area < 5
    assert (block["area_m2"] >= 100).all()
    assert block["addresses_count"].sum() > 0.97 * units["gemeente"]["addresses_count"].sum()
    # A block of a town is some hectares at most.
    assert 2_000 < block["area_m2"].median() < 30_000


@pytest.mark.parametrize("kind", KINDS)
def test_a_unit_says_how_much_of_it_lies_in_the_corridor(units, kind):
    table, corridor = units[kind], units["corridor"].geometry.iloc[0]
    share = shapely.area(shapely.intersection(table.geometry.to_numpy(), corridor)) / table.area
    np.testing.assert_allclose(table["corridor_share"], share, atol=1e-3)
    assert kind not in IN_CORRIDOR or (table["corridor_share"] == 1).all()


@pytest.mark.parametrize("kind", KINDS)
def test_none_is_nought_and_unknown_is_missing(units, delivered, kind):
    t = units[kind]
    empty = t["addresses_count"] == 0
    for column in ("dwellings_count", "addresses_count", "footprint_area_m2", "gsi", "inhabitants_low_count", "inhabitants_high_count"):
        assert t[column].notna().all(), column
    for column in ("floor_area_usable_m2", "floor_area_gross_m2", "fsi_usable", "fsi_gross"):
        assert (t.loc[empty, column] == 0).all(), column
        assert (t[column].isna() == (t["floor_area_coverage_share"] == 0)).all(), column
    assert (t["oad_per_km2"].isna() == empty).all()
    assert (t["floor_area_coverage_share"].isna() == empty).all()
    assert (t["osr"].isna() == ~(t["floor_area_gross_m2"] > 0)).all()
    assert t.loc[empty, "mxi"].isna().all()
    if kind == "buurt":
        cbs = delivered["buurt"].set_index("buurtcode")["aantal_inwoners"].reindex(t.index)
        assert (t["inhabitants_count"].isna() == (cbs < 0)).all()
        assert (cbs < 0).any()
    elif kind != "square_100m":
        assert t["inhabitants_count"].notna().all()
    if kind == "square_100m":
        # Meadows are there, with nobody in them; a withheld square has its bounds.
        assert (t["inhabitants_count"] == 0).sum() > 5000
        withheld = t[t["inhabitants_count"].isna()]
        assert withheld["inhabitants_high_count"].eq(4).all()
        assert withheld["inhabitants_low_count"].isin([0, 1]).all()
        assert len(withheld) > 100


def test_every_table_says_that_it_is_synthetic(sample_run):
    with closing(sqlite3.connect(f"file:{sample_run}/data_out/spoorzone.gpkg?mode=ro", uri=True)) as base:
        said = base.execute("SELECT table_name, identifier, description FROM gpkg_contents").fetchall()
        synthetic = base.execute("SELECT source, synthetic FROM sources").fetchall()
    assert len(said) >= len(KINDS) + 7
    for table, identifier, description in said:
        assert "synthetisch voorbeeld" in identifier, table
        assert "Synthetisch voorbeeld: verzonnen gegevens, geen werkelijkheid" in description, table
    assert sorted(synthetic) == [(name, 1) for name in loaded(sample_run)]


def test_every_page_says_that_it_is_synthetic(sample_run):
    # The front page says it in its text; the map in the data from which its script makes the notice.
    said = "Synthetisch voorbeeld: verzonnen gegevens, geen werkelijkheid"
    plain = r'<p class="notice"[^>]*>([^<]*)</p>'
    sheets = dict.fromkeys(("index.html", "report.html", "stationsgebieden.html", "feitenblad.html"), plain)
    told = sheets | {"spoorzone.html": r'"notice":"([^"]*)"'}
    assert {p.name for p in (sample_run / "maps").glob("*.html")} == set(told)
    for name, place in told.items():
        assert said in re.findall(place, (sample_run / "maps" / name).read_text(encoding="utf-8")), name


def test_the_manifest_is_of_these_files(sample_run):
    told = json.loads((sample_run / "data_out/manifest.json").read_text())
    assert told["synthetic"] is True
    assert sorted((s["source"], s["synthetic"]) for s in told["sources"]) == [(name, True) for name in loaded(sample_run)]
    design = {f"data_out/{p.relative_to(sample_run / 'data_out').as_posix()}" for p in (sample_run / "data_out/ontwerp").rglob("*") if p.is_file()}
    assert {o["name"] for o in told["outputs"]} - design == {
        "data_out/spoorzone.gpkg", "maps/index.html", "maps/report.html", "maps/spoorzone.html",
        "maps/stationsgebieden.html", "maps/feitenblad.html", "data_out/ontwerp.zip",
    }  # fmt: skip
    assert design <= {o["name"] for o in told["outputs"]}
    for output in told["outputs"]:
        content = (sample_run / output["name"]).read_bytes()
        assert output["sha256"] == hashlib.sha256(content).hexdigest()
        assert output["bytes"] == len(content)


def test_files_can_be_mailed(sample_run):
    size = {p.name: p.stat().st_size / 1e6 for p in sample_run.glob("maps/*.html")}
    assert size["index.html"] < 0.1
    assert size["spoorzone.html"] < 1.5
    # A GeoPackage is sent in a zip; it holds every object twice, cut and whole.
    assert len(zlib.compress((sample_run / "data_out/spoorzone.gpkg").read_bytes(), 6)) < 30e6


def test_the_dictionary_has_every_column(sample_run):
    file = sample_run / "data_out/spoorzone.gpkg"
    told = pyogrio.read_dataframe(file, layer="data_dictionary")
    known = set(zip(told["table_name"], told["column_name"], strict=True))
    tables = [name for name, geometry in pyogrio.list_layers(file) if geometry or name == "series"]
    there = {(name, column) for name in tables for column in pyogrio.read_info(file, layer=name)["fields"]}
    assert known == there
    assert len(known) == len(told)
    for column in ("label_nl", "label_en", "meaning_nl", "meaning_en"):
        assert (told[column].str.len() > 1).all(), column


@pytest.mark.peers
def test_spatialite_finds_the_same_in_every_buurt(units, delivered, tmp_path, record_property):
    # The sample's files have no spatial index, which SpatiaLite needs.
    files = {name: tmp_path / f"{name}.gpkg" for name in ("pand", "verblijfsobject", "buurt")}
    for name, file in files.items():
        pyogrio.write_dataframe(delivered[name], file, layer=name, GEOMETRY_NAME="geom", SPATIAL_INDEX="YES")
    theirs = engines.spatialite(
        tmp_path,
        panden=(files["pand"], "pand"),
        addresses=(files["verblijfsobject"], "verblijfsobject"),
        units=(files["buurt"], "buurt", "buurtcode"),
    )
    ours = units["buurt"].drop(columns=["geometry", "unit_name"]).to_dict("index")
    apart = engines.differences(ours, {code: theirs[code] for code in ours})
    record_property("spatialite, sample, buurten", apart)
    print(f"{len(ours)} buurten, largest relative difference: {apart}")
    assert max(apart.values()) < 1e-9
    assert sum(row["dwellings_count"] for row in theirs.values()) > sum(homes for _, homes in PUBLISHED.values())
