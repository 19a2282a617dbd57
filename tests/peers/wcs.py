"""MapServer as a coverage service, behind nginx, with one sheet of invented heights."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from raster_world import NOTHING, write

from pipeline.contract import Bbox

from .conftest import free_port, program, running, wait_for

#: Four tiles of 1 km and a bit, so that the edge of the coverage runs through the tiles around them.
COVERED: Bbox = (249_800.0, 474_800.0, 252_200.0, 477_200.0)


class Coverages(NamedTuple):
    """A running service."""

    url: str
    gone: str
    """An address where it is no longer."""
    file: Path
    """What it serves."""
    cells: NDArray[np.float32]
    """The same, NaN where nothing is measured."""


def cells_of(box: Bbox) -> NDArray[np.float32]:
    """Hills of 0.5 m cells with noise in millimetres, a lake, and buildings without a height."""
    x, y = np.arange(box[0], box[2], 0.5) + 0.25, np.arange(box[3], box[1], -0.5) - 0.25
    hills = 25 + 6 * np.sin(x[None, :] / 310) + 4 * np.cos(y[:, None] / 170)
    cells = (hills + np.random.default_rng(20).normal(0, 0.02, hills.shape)).astype(np.float32)
    cells[1000:1700, 2000:2600] = np.nan
    cells[::90, :] = np.nan
    return cells


@contextmanager
def coverages(folder: Path) -> Iterator[Coverages]:
    """Serve the coverage ``dtm_05m`` for as long as the block lasts."""
    mapserv, spawn, nginx = program("mapserv"), program("spawn-fcgi"), program("nginx")
    cells = cells_of(COVERED)
    file = write(
        folder / "dtm.tif", COVERED, np.where(np.isnan(cells), np.float32(NOTHING), cells),
        cell=0.5, tiled=True, compress="deflate", predictor=3,
    )  # fmt: skip
    front, *backs = (free_port() for _ in range(3))
    url = f"http://127.0.0.1:{front}/rws/ahn/wcs/v1_0"
    (folder / "wcs.map").write_text(_mapfile(file, url))
    (folder / "mapserver.conf").write_text(f'CONFIG\n ENV\n  MS_MAP_PATTERN "^{folder}/"\n END\nEND\n')
    (folder / "nginx.conf").write_text(_nginx(folder, front, backs))
    with ExitStack() as stack:
        for port in backs:
            command = [spawn, "-n", "-a", "127.0.0.1", "-p", str(port), "--", mapserv]
            log = folder / f"mapserv{port}.log"
            stack.enter_context(running(command, log, MAPSERVER_CONFIG_FILE=str(folder / "mapserver.conf")))
        stack.enter_context(
            running([nginx, "-p", f"{folder}/", "-c", "nginx.conf", "-e", "nginx.log"], folder / "out.log")
        )
        wait_for(f"{url}?service=WCS&request=GetCapabilities", folder)
        yield Coverages(url, f"http://127.0.0.1:{front}/rws/actueel-hoogtebestand-nederland/wcs/v1_0", file, cells)


def _mapfile(file: Path, url: str) -> str:
    west, south, east, north = (f"{v:.0f}" for v in COVERED)
    return f"""MAP
  NAME "ahn"
  STATUS ON
  SIZE 400 400
  MAXSIZE 4000
  EXTENT {west} {south} {east} {north}
  UNITS METERS
  PROJECTION "init=epsg:28992" END
  OUTPUTFORMAT
    NAME "tiff"
    DRIVER "GDAL/GTiff"
    MIMETYPE "image/tiff"
    IMAGEMODE FLOAT32
    EXTENSION "tif"
    FORMATOPTION "COMPRESS=DEFLATE"
    FORMATOPTION "NULLVALUE={NOTHING!r}"
  END
  WEB
    METADATA
      "ows_title" "ahn"
      "ows_onlineresource" "{url}?"
      "ows_srs" "EPSG:28992"
      "ows_enable_request" "*"
      "wcs_label" "ahn"
    END
  END
  LAYER
    NAME "dtm_05m"
    TYPE RASTER
    STATUS ON
    DATA "{file}"
    PROJECTION "init=epsg:28992" END
    METADATA
      "ows_title" "dtm_05m"
      "wcs_label" "dtm_05m"
      "wcs_rangeset_name" "height"
      "wcs_rangeset_label" "height"
      "wcs_formats" "tiff"
      "wcs_nativeformat" "tiff"
    END
  END
END
"""


def _nginx(folder: Path, front: int, backs: list[int]) -> str:
    names = ("REQUEST_METHOD $request_method", "SERVER_NAME 127.0.0.1", f"SERVER_PORT {front}",
             "SERVER_PROTOCOL $server_protocol", "GATEWAY_INTERFACE CGI/1.1", "SCRIPT_NAME /rws/ahn/wcs/v1_0",
             f'QUERY_STRING "map={folder}/wcs.map&$args"')  # fmt: skip
    params = " ".join(f"fastcgi_param {n};" for n in names)
    return f"""worker_processes 1; daemon off; master_process off; pid {folder}/nginx.pid; error_log {folder}/nginx.log;
events {{ worker_connections 128; }}
http {{
  access_log off; client_body_temp_path a; proxy_temp_path b; fastcgi_temp_path c; uwsgi_temp_path d; scgi_temp_path e;
  fastcgi_read_timeout 120;
  upstream mapserv {{ {" ".join(f"server 127.0.0.1:{p};" for p in backs)} }}
  server {{
    listen 127.0.0.1:{front};
    location / {{ return 404; }}
    location /rws/ahn/wcs/v1_0 {{ default_type text/xml; fastcgi_pass mapserv; {params} }}
  }}
}}
"""
