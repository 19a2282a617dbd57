"""MapServer behind nginx and pygeoapi with 43 × 59 squares, and what goes wrong on the way to them."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import geopandas as gpd
import pyogrio
import shapely

from .conftest import CRS84, RD, free_port, program, pygeoapi_config, pygeoapi_running, running, wait_for

#: As many as 43 pages of 59.
COLUMNS, ROWS = 43, 59
BBOX = (250_000.0, 475_000.0, 250_000.0 + 20 * COLUMNS, 475_000.0 + 20 * ROWS)


def squares() -> gpd.GeoDataFrame:
    """Squares of 12 m, 20 m apart."""
    places = [(250_002 + 20 * i, 475_002 + 20 * j) for j in range(ROWS) for i in range(COLUMNS)]
    numbers = range(len(places))
    return gpd.GeoDataFrame(
        {
            "feature_number": [f"pand-{i}" for i in numbers],
            "identificatie": [f"0153100{i:09d}" for i in numbers],
            "bouwjaar": [1900 + i % 120 for i in numbers],
            "naam": ["“<b>’é" if i % 7 else "" for i in numbers],
        },
        geometry=[shapely.box(x, y, x + 12, y + 12) for x, y in places],
        crs=28992,
    )


def write(path: Path) -> Path:
    """Write them as the servers' older GDAL reads them."""
    pyogrio.write_dataframe(squares(), path, layer="pand", driver="GPKG", dataset_options={"VERSION": "1.3"})
    return path


#: What nginx answers instead to the second request of each connection that is kept open.
INSTEAD = {
    "busy": "add_header Retry-After 1 always; return 429;",
    "gateway": "return 502;",
    "page": "default_type text/html; return 200 '<!DOCTYPE html><html><body>Maintenance</body></html>';",
    "nothing": "return 200 '';",
}


@contextmanager
def mapserver(folder: Path) -> Iterator[str]:
    """Its address for as long as the block lasts: /wfs, /<one of INSTEAD>/wfs, and /SAMPLE/ogcapi."""
    mapserv, spawn, nginx = program("mapserv"), program("spawn-fcgi"), program("nginx")
    data = write(folder / "pand.gpkg")
    front, *backs = (free_port() for _ in range(3))
    url = f"http://127.0.0.1:{front}"
    (folder / "sample.map").write_text(_mapfile(data, url))
    (folder / "mapserver.conf").write_text(
        f'CONFIG\n ENV\n  MS_MAP_PATTERN "^{folder}/"\n  OGCAPI_HTML_TEMPLATE_DIRECTORY "/usr/share/mapserver/ogcapi/templates/html-bootstrap4/"\n'
        f' END\n MAPS\n  SAMPLE "{folder}/sample.map"\n END\nEND\n'
    )
    (folder / "nginx.conf").write_text(_nginx(folder, front, backs))
    with ExitStack() as stack:
        for port in backs:
            command = [spawn, "-n", "-a", "127.0.0.1", "-p", str(port), "--", mapserv]
            log = folder / f"mapserv{port}.log"
            stack.enter_context(running(command, log, MAPSERVER_CONFIG_FILE=str(folder / "mapserver.conf")))
        command = [nginx, "-p", f"{folder}/", "-c", "nginx.conf", "-e", "nginx.log"]
        stack.enter_context(running(command, folder / "out.log"))
        wait_for(f"{url}/wfs?service=WFS&request=GetCapabilities", folder)
        yield url


def _mapfile(data: Path, url: str) -> str:
    templates = "/usr/share/mapserver/ogcapi/templates/html-bootstrap4/"
    return f"""MAP
  NAME "sample" STATUS ON SIZE 400 400 UNITS METERS
  EXTENT 240000 465000 260000 485000
  PROJECTION "init=epsg:28992" END
  OUTPUTFORMAT
    NAME "geojson" DRIVER "OGR/GEOJSON" MIMETYPE "application/json"
    FORMATOPTION "STORAGE=stream" FORMATOPTION "FORM=simple" FORMATOPTION "LCO:COORDINATE_PRECISION=6"
  END
  WEB METADATA
    "ows_title" "sample" "ows_onlineresource" "{url}/wfs?" "ows_srs" "EPSG:28992 EPSG:4326" "ows_enable_request" "*"
    "wfs_getfeature_formatlist" "geojson" "wfs_maxfeatures" "1000" "wfs_compute_number_matched" "true"
    "wfs_namespace_prefix" "bag" "wfs_namespace_uri" "http://bag.geonovum.nl"
    "oga_html_template_directory" "{templates}" "oga_onlineresource" "{url}/SAMPLE/ogcapi"
  END END
  LAYER
    NAME "pand" TYPE POLYGON STATUS ON CONNECTIONTYPE OGR CONNECTION "{data}" DATA "pand"
    PROJECTION "init=epsg:28992" END
    METADATA
      "ows_title" "pand" "gml_include_items" "all" "gml_featureid" "feature_number" "gml_types" "auto"
      "wfs_use_default_extent_for_getfeature" "false" "ows_extent" "240000 465000 260000 485000"
    END
    TEMPLATE "x"
  END
END
"""


def _nginx(folder: Path, front: int, backs: list[int]) -> str:
    def place(path: str, script: str, query: str, more: str = "", info: str = "") -> str:
        names = ("REQUEST_METHOD $request_method", "SERVER_NAME 127.0.0.1", f"SERVER_PORT {front}",
                 "SERVER_PROTOCOL $server_protocol", "GATEWAY_INTERFACE CGI/1.1", f"SCRIPT_NAME {script}",
                 f'QUERY_STRING "{query}"', "HTTP_ACCEPT $http_accept", info)  # fmt: skip
        params = " ".join(f"fastcgi_param {n};" for n in names if n)
        return f"location {path} {{ default_type text/xml; {more} fastcgi_pass mapserv; {params} }}"

    asked = f"map={folder}/sample.map&$args"
    wrong = "\n".join(
        f"location @{name} {{ {what} }} "
        + place(f"/{name}/wfs", "/wfs", asked, f"error_page 418 = @{name}; if ($second) {{ return 418; }}")
        for name, what in INSTEAD.items()
    )
    return f"""worker_processes 1; daemon off; master_process off; pid {folder}/nginx.pid; error_log {folder}/nginx.log;
events {{ worker_connections 128; }}
http {{
  access_log off; client_body_temp_path a; proxy_temp_path b; fastcgi_temp_path c; uwsgi_temp_path d; scgi_temp_path e;
  gzip on; gzip_types application/json application/geo+json text/xml; gzip_min_length 200; fastcgi_read_timeout 120;
  map $connection_requests $second {{ default 0; 2 1; 4 1; }}
  upstream mapserv {{ {" ".join(f"server 127.0.0.1:{p};" for p in backs)} }}
  server {{
    listen 127.0.0.1:{front};
    {place("/wfs", "/wfs", asked)}
    {wrong}
    {place("/SAMPLE/", "/", "$args", f'add_header Content-Crs "<{RD}>";', "PATH_INFO $uri")}
    {place("~ ^/mute(?<rest>/.*)$", "/", "$args", "", "PATH_INFO $rest")}
  }}
}}
"""


@contextmanager
def pygeoapi(folder: Path) -> Iterator[str]:
    """Its landing page for as long as the block lasts."""
    data, port = write(folder / "pand.gpkg"), free_port()
    provider = {
        "type": "feature", "name": "OGR", "id_field": "feature_number", "layer": "pand", "crs": [CRS84, RD],
        "storage_crs": RD,
        "data": {"source_type": "GPKG", "source": str(data), "source_capabilities": {"paging": True}, "source_options": {}},
    }  # fmt: skip
    # Links that name no host are right behind whatever stands in front.
    with pygeoapi_running(pygeoapi_config("", port, {"pand": provider}), folder, port):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def worn(port: int, ends: list[int]) -> Iterator[int]:
    """Stand before a server and keep connections open for many requests; each breaks off after the next of `ends` bytes.

    When there are none left, connections stay open.
    """
    lock = threading.Lock()

    def carry(source: socket.socket, target: socket.socket, most: int | None) -> None:
        left = most
        with suppress(OSError):
            while piece := source.recv(4096):
                part = piece if left is None else piece[:left]
                target.sendall(part)
                if left is not None:
                    left -= len(part)
                    if not left:
                        break
        for side in (source, target):
            with suppress(OSError):
                side.shutdown(socket.SHUT_RDWR)

    def serve(client: socket.socket) -> None:
        with lock:
            end = ends.pop(0) if ends else None
        with client, socket.create_connection(("127.0.0.1", port), 10) as server:
            back = threading.Thread(target=carry, args=(server, client, end), daemon=True)
            back.start()
            carry(client, server, None)
            back.join(10)

    def accept(listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        accepting = threading.Thread(target=accept, args=(listener,), daemon=True)
        accepting.start()
        yield listener.getsockname()[1]
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        accepting.join(10)
