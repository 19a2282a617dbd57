"""The built-in sample: a synthetic Spoorzone, in the schemas of the registers.

Everything in it is invented except the places of the stations and the published figures of `figures.WIJKEN`. It is
delivered as one GeoPackage per source and edition, and a folder of GeoTIFF sheets per raster, so that it goes through
the same load stage as an own extract would. The same bytes every time: a fixed seed, no clock.

    places     the plan, laid out by hand
    terrain    the ground plan: neighbourhoods, strips of rail, water and motorway
    blocks     streets and blocks, and what each block holds
    lots, rows, buildings (of kinds)  footprints
    stock      what stands, what is in it, who lives there
    tracks     pieces of track
    streets    the street plan: lines between junctions, and the ground in pieces that fit
    cover      what covers the ground: roads, verges, yards, green, water
    residents, establishments  what households are in it, of which ages, and which businesses
    registers  all of it as the registers would deliver it, with a file each: bag, bgt, cbs (borders), landuse,
               nwb, parcels, prorail, top10nl
    heights    ground and surface, half a metre at a time, in sheets
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from .. import store
from ..sources import RASTERS, SOURCES
from . import sheets
from .figures import EARLIER, EDITIONS, WIJKEN, delivered, editions

if TYPE_CHECKING:
    import geopandas as gpd

    from .stock import Stock
    from .terrain import Terrain

__all__ = ["EARLIER", "EDITIONS", "WIJKEN", "files", "make", "outputs", "tables"]

_SEED = 2050


def files(folder: Path) -> dict[str, Path]:
    """Give the path of each delivery in `folder`.

    Named as its source; an earlier edition with its year as well: ``buurt``, ``buurt_2021``. The file of a source with
    editions always bears the year (``buurt_2022.gpkg``), and its one layer has the name of the source. A raster is a
    folder of sheets.
    """
    paths = {}
    for name in (source.name for source in SOURCES):
        for year in editions(name) or (None,):
            paths[delivered(name, year)] = folder / (f"{name}.gpkg" if year is None else f"{name}_{year}.gpkg")
    return paths | {raster.name: folder / raster.name for raster in RASTERS}


def outputs(folder: Path) -> tuple[Path, ...]:
    """Give every file that `make` writes."""
    layers = (path for path in files(folder).values() if path.suffix)
    return (*layers, *sheets.paths(folder))


def make(folder: Path) -> None:
    """Write every delivery into `folder`.

    Raises
    ------
    PipelineError
        When the disk refuses.
    """
    import pyogrio

    from . import heights

    ground, made = _city()
    layers = _tables(ground, made)
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": store.EPOCH})
    for name, path in files(folder).items():
        if path.suffix:
            with store.whole(path) as part:
                # Who reads it reads all of it: an index of places would cost more than it saves.
                pyogrio.write_dataframe(
                    layers[name], part, layer=_source(path), driver="GPKG", use_arrow=True, SPATIAL_INDEX="NO"
                )
    heights.write(folder, ground, made, _SEED)


def tables() -> Mapping[str, gpd.GeoDataFrame]:
    """Give the tables that `make` writes: one per delivery, with the register's own columns, in EPSG:28992."""
    return _tables(*_city())


def _source(path: Path) -> str:
    """Name of the source in the name of its file."""
    name, _, year = path.stem.rpartition("_")
    return name if year.isdigit() else path.stem


def _city() -> tuple[Terrain, Stock]:
    # Here, because who only asks where the files lie need not wait for what makes a city.
    from . import blocks, buildings, stock, terrain

    ground = terrain.terrain()
    cells = blocks.blocks(ground, _SEED)
    return ground, stock.stock(cells, buildings.buildings(cells, ground, _SEED), _SEED)


def _tables(ground: Terrain, made: Stock) -> dict[str, gpd.GeoDataFrame]:
    from . import registers, tracks

    return registers.tables(ground, made, tracks.tracks(ground, _SEED), _SEED)
