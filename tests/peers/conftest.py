"""Servers that others wrote, on this machine, serving the built-in sample: started for the session, ended by their own id."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import pyogrio
import pytest
from needs import PEERS, missing

from pipeline import sample

if TYPE_CHECKING:
    from .pdok import Pdok

ROOT = Path(__file__).resolve().parents[2]
SERVED = ("pand", "verblijfsobject", "buurt", "bodemgebruik", "gemeente", "wijk", "vierkant_100m", "spooras", "station")
RD = "http://www.opengis.net/def/crs/EPSG/0/28992"
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
#: PDOK's limit, and a lower one, so that the sample is large enough to be split.
WALL, LOW_WALL = 50_000, 20_000


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(item.path).parent == Path(__file__).parent:
            item.add_marker(pytest.mark.peers)


def not_installed(what: str) -> NoReturn:
    missing(f"{what} is not installed; run tests/peers/install.sh")


def program(name: str) -> str:
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/bin")
    return found or not_installed(name)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


@contextmanager
def running(command: list[str], log: Path, **environment: str) -> Iterator[None]:
    """Run a server in the foreground for as long as the block lasts."""
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, env={**os.environ, **environment})
        try:
            yield
        finally:
            process.terminate()
            try:
                process.wait(3)
            except subprocess.TimeoutExpired:  # MapServer heeds no signal before its next request
                process.kill()
                process.wait()


def wait_for(url: str, logs: Path) -> None:
    """Wait until a server answers."""
    until = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(url, timeout=30):
                return
        except OSError as error:
            if time.monotonic() > until:
                said = "\n".join(f.read_text(errors="replace")[-2000:] for f in sorted(logs.glob("*.log")))
                pytest.fail(f"{url} does not answer ({error}):\n{said}")
            time.sleep(0.1)


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The sample as the file route reads it."""
    folder = tmp_path_factory.mktemp("sample")
    sample.make(folder)
    return sample.files(folder)


@pytest.fixture(scope="session")
def served(files: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same in one file for the servers, with a number of its own on each feature, as PDOK's server gives one."""
    path = tmp_path_factory.mktemp("served") / "served.gpkg"
    for name in SERVED:
        table = pyogrio.read_dataframe(files[name])
        table.insert(0, "feature_number", [f"{name}-{i}" for i in range(len(table))])
        # The servers' GDAL is older than ours and reads GeoPackage up to 1.3.
        pyogrio.write_dataframe(
            table, path, layer=name, driver="GPKG", append=path.exists(), dataset_options={"VERSION": "1.3"}
        )
    return path


@pytest.fixture(scope="session")
def pygeoapi(served: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Landing page of pygeoapi."""
    folder, port = tmp_path_factory.mktemp("pygeoapi"), free_port()
    data = folder / "served.gpkg"
    shutil.copy(served, data)
    url = f"http://127.0.0.1:{port}"
    providers = {name: _from_geopackage(data, name, "feature_number") for name in SERVED}
    # pygeoapi takes the id out of the properties: what a service of a municipality may look like.
    providers["pand_by_id"] = _from_geopackage(data, "pand", "identificatie")
    with pygeoapi_running(pygeoapi_config(url, port, providers), folder, port):
        yield url


@contextmanager
def pygeoapi_running(config: dict[str, Any], folder: Path, port: int) -> Iterator[None]:
    """Run pygeoapi on a port for as long as the block lasts."""
    home = PEERS / "pygeoapi" / "bin"
    if not (home / "gunicorn").exists():
        not_installed("pygeoapi")
    path = folder / "config.yml"
    path.write_text(json.dumps(config))
    environment = {
        "PYGEOAPI_CONFIG": str(path),
        "PYGEOAPI_OPENAPI": str(folder / "openapi.yml"),
        "PROJ_DATA": "/usr/share/proj",
        "PYTHONWARNINGS": "ignore",
    }
    subprocess.run(
        [home / "pygeoapi", "openapi", "generate", path, "--output-file", folder / "openapi.yml"],
        check=True, capture_output=True, env={**os.environ, **environment},
    )  # fmt: skip
    command = [str(home / "gunicorn"), "-w", "2", "-t", "120", "-b", f"127.0.0.1:{port}", "pygeoapi.flask_app:APP"]
    with running(command, folder / "gunicorn.log", **environment):
        wait_for(f"http://127.0.0.1:{port}/collections?f=json", folder)
        yield


def pygeoapi_config(url: str, port: int, providers: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    """Config of pygeoapi: collection -> what gives it its features."""

    def collection(name: str, provider: dict[str, Any]) -> dict[str, Any]:
        extent = {"spatial": {"bbox": [3, 50, 8, 54], "crs": CRS84}}
        about = {
            "type": "collection",
            "title": name,
            "description": name,
            "keywords": ["x"],
            "links": [],
            "extents": extent,
        }
        return {**about, "providers": [provider]}

    texts = (
        "address",
        "city",
        "country",
        "email",
        "fax",
        "hours",
        "instructions",
        "name",
        "phone",
        "position",
        "postalcode",
        "role",
        "stateorprovince",
    )
    about = {
        "identification": {
            "title": "x",
            "description": "x",
            "keywords": ["x"],
            "keywords_type": "theme",
            "terms_of_service": "x",
            "url": url,
        },
        "license": {"name": "x", "url": url},
        "provider": {"name": "x", "url": url},
        "contact": {**dict.fromkeys(texts, "x"), "url": url},
    }
    server = {
        "bind": {"host": "127.0.0.1", "port": port},
        "url": url,
        "mimetype": "application/json; charset=UTF-8",
        "encoding": "utf-8",
        "gzip": True,
        "languages": ["nl-NL"],
        "pretty_print": False,
        "limits": {"default_items": 10, "max_items": 1000, "on_exceed": "throttle"},
        "map": {"url": "https://tile.invalid/{z}/{x}/{y}.png", "attribution": "x"},
    }
    resources = {name: collection(name, provider) for name, provider in providers.items()}
    return {"server": server, "logging": {"level": "ERROR"}, "metadata": about, "resources": resources}


def _from_geopackage(data: Path, layer: str, id_field: str) -> dict[str, Any]:
    capabilities = {"source_capabilities": {"paging": True}, "source_options": {}}
    return {
        "type": "feature",
        "name": "OGR",
        "data": {"source_type": "GPKG", "source": str(data), **capabilities},
        "id_field": id_field,
        "layer": layer,
        "crs": [CRS84, RD],
        "storage_crs": RD,
    }


@pytest.fixture(scope="session")
def pdok(files: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pdok]:
    """The whole sample at PDOK's own paths."""
    from .pdok import pdok

    with pdok(files, tmp_path_factory.mktemp("pdok")) as running:
        yield running


@dataclass(frozen=True)
class MapServer:
    """Addresses of one MapServer behind nginx."""

    wfs: str
    wfs_low: str
    """The same with a start-index limit of `LOW_WALL`."""
    features: str
    """Its own OGC API Features, which ignores the offset in version 8.0.0; says RD in a header and answers in degrees."""
    features_mute: str
    """The same without that header, as it really is."""


@pytest.fixture(scope="session")
def mapserver(served: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[MapServer]:
    """MapServer as PDOK runs it: two processes behind a front that compresses and refuses to page too deep."""
    mapserv, spawn, nginx = program("mapserv"), program("spawn-fcgi"), program("nginx")
    folder = tmp_path_factory.mktemp("mapserver")
    data = folder / "served.gpkg"
    shutil.copy(served, data)
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
            stack.enter_context(
                running(command, folder / f"mapserv{port}.log", MAPSERVER_CONFIG_FILE=str(folder / "mapserver.conf"))
            )
        stack.enter_context(
            running([nginx, "-p", f"{folder}/", "-c", "nginx.conf", "-e", "nginx.log"], folder / "out.log")
        )
        wait_for(f"{url}/wfs?service=WFS&request=GetCapabilities", folder)
        yield MapServer(f"{url}/wfs", f"{url}/low", f"{url}/SAMPLE/ogcapi", f"{url}/mute/SAMPLE/ogcapi")


def _mapfile(data: Path, url: str) -> str:
    kinds = {
        "Point": "POINT",
        "LineString": "LINE",
        "MultiLineString": "LINE",
        "Polygon": "POLYGON",
        "MultiPolygon": "POLYGON",
    }
    layers = "\n".join(
        f"""
  LAYER
    NAME "{name}"
    TYPE {kinds[pyogrio.read_info(data, layer=name)["geometry_type"]]}
    STATUS ON
    CONNECTIONTYPE OGR
    CONNECTION "{data}"
    DATA "{name}"
    PROJECTION "init=epsg:28992" END
    METADATA
      "ows_title" "{name}" "gml_include_items" "all" "gml_featureid" "feature_number" "gml_types" "auto"
      "wfs_use_default_extent_for_getfeature" "false" "ows_extent" "230000 450000 280000 500000"
    END
    TEMPLATE "x"
  END"""
        for name in SERVED
    )
    return f"""MAP
  NAME "sample"
  STATUS ON
  SIZE 400 400
  EXTENT 230000 450000 280000 500000
  UNITS METERS
  PROJECTION "init=epsg:28992" END
  OUTPUTFORMAT
    NAME "geojson"
    DRIVER "OGR/GEOJSON"
    MIMETYPE "application/json"
    FORMATOPTION "STORAGE=stream"
    FORMATOPTION "FORM=simple"
    FORMATOPTION "LCO:COORDINATE_PRECISION=4"
  END
  WEB
    METADATA
      "ows_title" "sample"
      "ows_onlineresource" "{url}/wfs?"
      "ows_srs" "EPSG:28992 EPSG:4258 EPSG:4326"
      "ows_enable_request" "*"
      "wfs_getfeature_formatlist" "geojson"
      "wfs_maxfeatures" "1000"
      "wfs_compute_number_matched" "true"
      "wfs_namespace_prefix" "bag"
      "wfs_namespace_uri" "http://bag.geonovum.nl"
      "oga_html_template_directory" "/usr/share/mapserver/ogcapi/templates/html-bootstrap4/"
      "oga_onlineresource" "{url}/SAMPLE/ogcapi"
    END
  END
{layers}
END
"""


def _nginx(folder: Path, front: int, backs: list[int]) -> str:
    def too_far(name: str, beyond: int) -> str:
        # nginx can't compare numbers: five digits from `beyond` on by their first, with `beyond` itself allowed.
        first = str(beyond)[0]
        return f'map $arg_startindex ${name} {{ default 0; "{beyond}" 0; "~^([{first}-9]\\d{{4}}|\\d{{6,}})$" 1; }}'

    refusal = (
        '<?xml version="1.0"?><ows:ExceptionReport xmlns:ows="http://www.opengis.net/ows/1.1" version="2.0.0"><ows:Exception '
        'exceptionCode="InvalidParameterValue" locator="startindex"><ows:ExceptionText>startindex too high, take a smaller '
        "box</ows:ExceptionText></ows:Exception></ows:ExceptionReport>"
    )

    def place(path: str, script: str, query: str, more: str = "", info: str = "") -> str:
        names = ("REQUEST_METHOD $request_method", "SERVER_NAME 127.0.0.1", f"SERVER_PORT {front}", "SERVER_PROTOCOL $server_protocol",
                 "GATEWAY_INTERFACE CGI/1.1", f"SCRIPT_NAME {script}", f'QUERY_STRING "{query}"', "HTTP_ACCEPT $http_accept", info)  # fmt: skip
        params = " ".join(f"fastcgi_param {n};" for n in names if n)
        return f"location {path} {{ default_type text/xml; {more} fastcgi_pass mapserv; {params} }}"

    def wfs(path: str, flag: str) -> str:
        return place(path, path, f"map={folder}/sample.map&$args", f"if (${flag}) {{ return 400 '{refusal}'; }}")

    return f"""worker_processes 1; daemon off; master_process off; pid {folder}/nginx.pid; error_log {folder}/nginx.log;
events {{ worker_connections 128; }}
http {{
  access_log off; client_body_temp_path a; proxy_temp_path b; fastcgi_temp_path c; uwsgi_temp_path d; scgi_temp_path e;
  gzip on; gzip_types application/json application/geo+json text/xml; gzip_min_length 200; fastcgi_read_timeout 120;
  {too_far("far", WALL)}
  {too_far("far_low", LOW_WALL)}
  upstream mapserv {{ {" ".join(f"server 127.0.0.1:{p};" for p in backs)} }}
  server {{
    listen 127.0.0.1:{front};
    {wfs("/wfs", "far")}
    {wfs("/low", "far_low")}
    {place("/SAMPLE/", "/", "$args", f'add_header Content-Crs "<{RD}>";', "PATH_INFO $uri")}
    {place("~ ^/mute(?<rest>/.*)$", "/", "$args", "", "PATH_INFO $rest")}
  }}
}}
"""
