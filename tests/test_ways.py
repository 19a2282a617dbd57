"""Which way to a source the config chooses: its year, its mirror, and the whole country when the area is large."""

from __future__ import annotations

import pytest

from pipeline.config import Config, SourceSettings
from pipeline.contract import ConfigError
from pipeline.sources import BY_NAME
from pipeline.ways import ways

CITY = (240_000.0, 460_000.0, 260_000.0, 480_000.0)
PROVINCE = (200_000.0, 460_000.0, 260_000.0, 510_000.0)


def config(**settings: object) -> Config:
    return Config(sources={"buurt": SourceSettings(**settings), "vierkant_100m": SourceSettings(**settings)})


def test_the_first_declared_with_its_year() -> None:
    chosen, *others = ways(config(), BY_NAME["buurt"], 2023)
    assert (chosen.protocol, chosen.url) == ("ogc_features", "https://api.pdok.nl/cbs/wijken-en-buurten-2023/ogc/v1")
    assert [a.protocol for a in others] == ["wfs", "atom"]
    assert all("2023" in a.url and "{" not in a.url for a in others)


def test_the_whole_country_from_a_certain_size_on() -> None:
    assert ways(config(), BY_NAME["buurt"], 2023, CITY)[0].protocol == "ogc_features"
    assert ways(config(), BY_NAME["buurt"], 2023, PROVINCE)[0].protocol == "atom"
    # The config goes first; and what has no bulk way keeps its own.
    assert ways(config(protocol="wfs"), BY_NAME["buurt"], 2023, PROVINCE)[0].protocol == "wfs"
    assert ways(config(), BY_NAME["spooras"], None, PROVINCE)[0].protocol == "ogc_features"
    # 20 km × 20 km are 400 km².
    assert ways(Config(load={"bulk_from_km2": 400}), BY_NAME["buurt"], 2023, CITY)[0].protocol == "atom"
    assert ways(Config(load={"bulk_from_km2": 401}), BY_NAME["buurt"], 2023, CITY)[0].protocol == "ogc_features"


def test_an_address_of_ones_own_leaves_the_declared_one_as_another_way() -> None:
    chosen, *others = ways(config(url="https://example.nl/{edition}", collection="b{yy}"), BY_NAME["buurt"], 2023)
    assert (chosen.url, chosen.collection) == ("https://example.nl/2023", "b23")
    assert [a.protocol for a in others] == ["ogc_features", "wfs", "atom"]


def test_a_mirror_serves_every_way() -> None:
    there = Config(services={"https://api.pdok.nl": "http://m/a", "https://service.pdok.nl": "http://m/s"})
    assert all(a.url.startswith("http://m/") for a in ways(there, BY_NAME["buurt"], 2024))


@pytest.mark.fault(
    "F", "a year that a service can't be asked for", "one line: “… can't be asked for 2021: its address has no year …”; no other year passes for it",
)  # fmt: skip
def test_an_address_without_a_year_serves_the_newest_only() -> None:
    squares = BY_NAME["vierkant_100m"]
    newest = squares.editions[0]
    assert ways(config(protocol="ogc_features"), squares, newest)[0].protocol == "ogc_features"
    with pytest.raises(ConfigError, match=r"\[sources.vierkant_100m\] ogc_features can't be asked for 2021: its address has no year"):
        ways(config(protocol="ogc_features"), squares, 2021)
    assert ways(config(protocol="wfs"), squares, 2021)[0].url.endswith("/2021/wfs/v1_0")
    named = ways(config(protocol="ogc_features", collection="vierkant_100m_{edition}"), squares, 2021)[0]
    assert named.collection == "vierkant_100m_2021"


def test_a_way_that_is_not_declared() -> None:
    with pytest.raises(ConfigError, match=r"\[sources.buurt\] protocol is 'wcs'; declared are ogc_features, wfs, atom$"):
        ways(config(protocol="wcs"), BY_NAME["buurt"], 2024)


def test_a_file_with_the_year_in_its_name(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXTRACT", str(tmp_path))
    settings = {"protocol": "file", "path": "${EXTRACT}/buurten_{edition}.gpkg", "layer": "b", "earlier_editions": (2021,)}
    chosen = ways(config(**settings), BY_NAME["buurt"], 2021)[0]
    assert (chosen.protocol, chosen.url, chosen.collection) == ("file", f"{tmp_path}/buurten_2021.gpkg", "b")
