"""The built-in sample: a synthetic Spoorzone, in the schemas of the registers.

Everything in it is invented except the places of the stations and the published figures of `figures.WIJKEN`. It is
delivered as one GeoPackage per source, so that it goes through the same load stage as an own extract would. The same
bytes every time: a fixed seed, no clock.

    places     the plan, laid out by hand
    terrain    the ground plan: neighbourhoods, strips of rail, water and motorway
    blocks     streets and blocks, and what each block holds
    lots, rows, buildings (of kinds)  footprints
    stock      what stands, what is in it, who lives there
    tracks     pieces of track
    registers  all of it as the registers would deliver it, with a file each: bag, cbs, landuse, prorail
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from .. import store
from ..sources import SOURCES
from .figures import EDITIONS, WIJKEN

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["EDITIONS", "WIJKEN", "files", "make", "tables"]

_SEED = 2050


def files(folder: Path) -> dict[str, Path]:
    """Give the path of each source's GeoPackage in `folder`; its one layer has the name of the source."""
    return {source.name: folder / f"{source.name}.gpkg" for source in SOURCES}


def make(folder: Path) -> None:
    """Write one GeoPackage per source into `folder`.

    Raises
    ------
    PipelineError
        When the disk refuses.
    """
    import pyogrio

    made = tables()
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": store.EPOCH})
    for name, path in files(folder).items():
        with store.whole(path) as part:
            pyogrio.write_dataframe(made[name], part, layer=name, driver="GPKG")


def tables() -> Mapping[str, gpd.GeoDataFrame]:
    """Give the tables that `make` writes: one per source, with the register's own columns, in EPSG:28992."""
    # Here, because who only asks where the files lie need not wait for what makes a city.
    from . import blocks, buildings, registers, stock, terrain, tracks

    ground = terrain.terrain()
    cells = blocks.blocks(ground, _SEED)
    built = buildings.buildings(cells, ground, _SEED)
    made = stock.stock(cells, built, _SEED)
    return registers.tables(ground, made, tracks.tracks(ground, _SEED), _SEED)
