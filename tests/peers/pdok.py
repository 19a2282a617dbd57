"""The whole sample at PDOK's own paths on one port of this machine, behind nginx.

    /service/...   MapServer: WFS and WCS; nginx itself: files of the ATOM services
    /api/...       OGC API as PDOK's own server speaks it (`ogc_server`), and the download API of the BGT
    /pygeoapi/...  the same OGC API addresses, on pygeoapi
    /geodata/...   CBS's own files

What is served where follows from the declarations, so that a new way is served as soon as it is declared, or the test
that walks all ways says that it is not.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit
from xml.sax.saxutils import escape

import bgt_server
import geopandas as gpd
import ogc_server
import pandas as pd
import pyogrio
import shapely
from pytest_httpserver import HTTPServer

from pipeline.contract import Bbox
from pipeline.load.names import snake
from pipeline.sample.figures import delivered, editions
from pipeline.sources import BY_NAME, RASTERS, SOURCES, Access, Source, dated

from .conftest import RD, free_port, program, pygeoapi_config, pygeoapi_running, running, wait_for

API, SERVICE, GEODATA = "https://api.pdok.nl", "https://service.pdok.nl", "https://geodata.cbs.nl"
#: What pygeoapi and the BGT's download API serve: the first reads its file anew for every page, and of the second the
#: GML is written here.
CUT: Bbox = (252_500.0, 471_500.0, 256_000.0, 474_500.0)
#: Kinds of geometry as MapServer names them.
_KINDS = {
    "Point": "POINT",
    "LineString": "LINE",
    "MultiLineString": "LINE",
    "Polygon": "POLYGON",
    "MultiPolygon": "POLYGON",
}
_NOTHING = 3.4028234663852886e38


class Pdok(NamedTuple):
    """The addresses."""

    url: str
    """The front."""
    log: Path
    """Every request that the front answered: path, status."""

    @property
    def services(self) -> dict[str, str]:
        """Mirrors, as ``[services]`` names them."""
        return {API: f"{self.url}/api", SERVICE: f"{self.url}/service", GEODATA: f"{self.url}/geodata"}


def served(source: Source, access: Access) -> Iterator[tuple[int | None, str, str]]:
    """Edition, address and collection of each delivery of the sample that this way can give.

    Where neither address nor collection bears the year, only the newest one can be asked for.
    """
    for year in editions(source.name) or (None,):
        yield year, dated(access.url, year), dated(access.collection, year)
        if "{" not in access.url + access.collection:
            return


def ways(protocol: str) -> Iterator[tuple[Source, Access, str, str, str]]:
    """Source, way, name of the delivery, address and collection, of all ways with `protocol`."""
    for source in SOURCES:
        for access in source.accesses:
            if access.protocol == protocol:
                for year, url, collection in served(source, access):
                    yield source, access, delivered(source.name, year), url, collection


@contextmanager
def pdok(files: Mapping[str, Path], folder: Path) -> Iterator[Pdok]:
    """Serve the sample for as long as the block lasts."""
    mapserv, spawn, nginx = program("mapserv"), program("spawn-fcgi"), program("nginx")
    front, *backs, peer = (free_port() for _ in range(4))
    url = f"http://127.0.0.1:{front}"
    maps = _wfs_maps(files, folder) | _wcs_map(files, folder)
    _static(files, folder / "www")
    (folder / "mapserver.conf").write_text(f'CONFIG\n ENV\n  MS_MAP_PATTERN "^{folder}/"\n END\nEND\n')
    collections = _collections(files, folder)
    with ExitStack() as stack:
        for port in backs:
            command = [spawn, "-n", "-a", "127.0.0.1", "-p", str(port), "--", mapserv]
            log = folder / f"mapserv{port}.log"
            stack.enter_context(running(command, log, MAPSERVER_CONFIG_FILE=str(folder / "mapserver.conf")))
        api = stack.enter_context(_ogc(files, folder))
        bgt = stack.enter_context(_bgt(files))
        config = pygeoapi_config(f"{url}/own", peer, {name: c for _, _, name, c in collections})
        stack.enter_context(pygeoapi_running(config, folder, peer))
        conf = _nginx(folder, front, backs, maps, {"api": api, "bgt": bgt, "peer": peer}, collections)
        (folder / "nginx.conf").write_text(conf)
        stack.enter_context(
            running([nginx, "-p", f"{folder}/", "-c", "nginx.conf", "-e", "nginx.log"], folder / "out.log")
        )
        wait_for(f"{url}/service/lv/bag/wfs/v2_0?service=WFS&request=GetCapabilities", folder)
        wait_for(f"{url}/own/collections?f=json", folder)
        yield Pdok(url, folder / "asked.log")


def _path(url: str) -> str:
    """Where an address of PDOK stands on the front."""
    parts = urlsplit(url)
    return {"api.pdok.nl": "/api", "service.pdok.nl": "/service", "geodata.cbs.nl": "/geodata"}[
        parts.netloc
    ] + parts.path


# --- MapServer


def _wfs_maps(files: Mapping[str, Path], folder: Path) -> dict[str, Path]:
    """Path on the front -> map file of a WFS."""
    services: dict[str, dict[str, Path]] = {}
    for source, _, name, url, collection in ways("wfs"):
        data = folder / "wfs" / f"{name}.fgb"
        if not data.exists():
            _flatgeobuf(files[name], data, humps=source.name in ("wijk", "buurt", "vierkant_100m", "vierkant_500m"))
        services.setdefault(_path(url), {})[collection] = data
    made = {}
    for number, (path, layers) in enumerate(services.items()):
        made[path] = folder / f"wfs{number}.map"
        made[path].write_text(_wfs_map(path, layers))
    return made


def _flatgeobuf(path: Path, data: Path, *, humps: bool) -> None:
    """Copy a delivery to a format that MapServer reads fast, with a number of its own on each feature.

    `humps`: in the WFS, CBS's columns are spelled like percentagePersonen0Tot15Jaar.
    """
    data.parent.mkdir(exist_ok=True)
    table = pyogrio.read_dataframe(path)
    if humps:
        table = table.rename(columns={c: _humps(c) for c in table.columns if c != "geometry"})
    table.insert(0, "feature_number", [f"{data.stem}-{i}" for i in range(len(table))])
    pyogrio.write_dataframe(table, data, driver="FlatGeobuf")


def _humps(name: str) -> str:
    first, *more = name.split("_")
    humped = first + "".join(w.capitalize() for w in more)
    return humped if snake(humped) == name else name


def _wfs_map(path: str, layers: Mapping[str, Path]) -> str:
    drawn = "\n".join(
        f"""
  LAYER
    NAME "{name.rpartition(":")[2]}"
    TYPE {_KINDS[pyogrio.read_info(data)["geometry_type"]]}
    STATUS ON
    CONNECTIONTYPE OGR
    CONNECTION "{data}"
    PROJECTION "init=epsg:28992" END
    METADATA
      "ows_title" "{name}" "gml_include_items" "all" "gml_featureid" "feature_number" "gml_types" "auto"
      "wfs_use_default_extent_for_getfeature" "false" "ows_extent" "230000 450000 280000 500000"
    END
    TEMPLATE "x"
  END"""
        for name, data in layers.items()
    )
    return f"""MAP
  NAME "pdok"
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
      "ows_title" "pdok"
      "ows_onlineresource" "http://127.0.0.1{path}?"
      "ows_srs" "EPSG:28992 EPSG:4258 EPSG:4326"
      "ows_enable_request" "*"
      "wfs_getfeature_formatlist" "geojson"
      "wfs_maxfeatures" "1000"
      "wfs_compute_number_matched" "true"
      "wfs_namespace_prefix" "{next(iter(layers)).partition(":")[0]}"
      "wfs_namespace_uri" "http://example.nl/pdok"
    END
  END
{drawn}
END
"""


def _wcs_map(files: Mapping[str, Path], folder: Path) -> dict[str, Path]:
    """Path on the front -> map file of the coverage service, at both its addresses."""
    made = folder / "wcs.map"
    coverages = []
    for raster in RASTERS:
        mosaic = folder / f"{raster.name}.vrt"
        sheets = sorted(files[raster.name].glob("*.tif"))
        subprocess.run([program("gdalbuildvrt"), "-q", mosaic, *sheets], check=True)
        name = raster.accesses[0].collection
        coverages.append(f"""
  LAYER
    NAME "{name}"
    TYPE RASTER
    STATUS ON
    DATA "{mosaic}"
    PROJECTION "init=epsg:28992" END
    METADATA
      "ows_title" "{name}" "wcs_label" "{name}" "wcs_rangeset_name" "height" "wcs_rangeset_label" "height"
      "wcs_formats" "tiff" "wcs_nativeformat" "tiff"
    END
  END""")
    made.write_text(f"""MAP
  NAME "ahn"
  STATUS ON
  SIZE 400 400
  MAXSIZE 4000
  EXTENT 240000 460000 270000 490000
  UNITS METERS
  PROJECTION "init=epsg:28992" END
  OUTPUTFORMAT
    NAME "tiff"
    DRIVER "GDAL/GTiff"
    MIMETYPE "image/tiff"
    IMAGEMODE FLOAT32
    EXTENSION "tif"
    FORMATOPTION "COMPRESS=DEFLATE"
    FORMATOPTION "NULLVALUE={_NOTHING!r}"
  END
  WEB
    METADATA
      "ows_title" "ahn" "ows_onlineresource" "http://127.0.0.1/ahn?" "ows_srs" "EPSG:28992" "ows_enable_request" "*"
      "wcs_label" "ahn"
    END
  END
{"".join(coverages)}
END
""")
    return {_path(a.url): made for raster in RASTERS for a in raster.accesses if a.protocol == "wcs"}


# --- files


def _static(files: Mapping[str, Path], www: Path) -> None:
    """What the ATOM services have: whole files, feeds, and the sheets of the heights with their index."""
    feeds: dict[str, dict[str, Path]] = {}
    for _, _, name, url, collection in ways("atom"):
        place = www / _path(url).lstrip("/")
        place.parent.mkdir(parents=True, exist_ok=True)
        file, _, layer = collection.rpartition("|")
        if place.suffix == ".gpkg":
            _add(files[name], place, layer)
        elif place.suffix == ".zip":
            inside = place.with_suffix(".gpkg")
            _add(files[name], inside, layer)
            with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
                archive.write(inside, inside.name)
        else:
            feeds.setdefault(url, {})[file] = place.parent / "downloads" / file
            (place.parent / "downloads").mkdir(exist_ok=True)
            _add(files[name], place.parent / "downloads" / file, layer)
    for url, offered in feeds.items():
        (www / _path(url).lstrip("/")).write_text(_feed(url, offered))
    for raster in RASTERS:
        for access in raster.accesses:
            if access.protocol == "tiles":
                _sheets(files[raster.name], www, access)
    # The server may be another user.
    for path in (www, *www.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)


def _add(path: Path, package: Path, layer: str) -> None:
    pyogrio.write_dataframe(pyogrio.read_dataframe(path), package, layer=layer, driver="GPKG", append=package.exists())


def _feed(url: str, offered: Mapping[str, Path]) -> str:
    entries = "".join(
        f"<entry><title>{name}</title>"
        '<category term="http://www.opengis.net/def/crs/EPSG/0/28992" label="Amersfoort / RD New"/>'
        f'<link rel="alternate" type="application/geopackage+sqlite3" length="{path.stat().st_size}" '
        f'href="{url.rpartition("/")[0]}/downloads/{name}"/></entry>'
        for name, path in offered.items()
    )
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom"><title>x</title>{entries}</feed>\n'


def _sheets(folder: Path, www: Path, access: Access) -> None:
    place = www / _path(access.url).lstrip("/")
    place.parent.mkdir(parents=True, exist_ok=True)
    features = []
    for sheet in sorted(folder.glob("*.tif")):
        shutil.copy(sheet, place.parent / sheet.name)
        said = json.loads(subprocess.run([program("gdalinfo"), "-json", sheet], check=True, capture_output=True).stdout)
        corners = said["cornerCoordinates"]
        ring = [corners[c] for c in ("upperLeft", "lowerLeft", "lowerRight", "upperRight", "upperLeft")]
        url = f"{access.url.rpartition('/')[0]}/{sheet.name}"
        features.append({
            "type": "Feature", "properties": {"kaartbladNr": sheet.stem, "url": url},
            "geometry": {"type": "Polygon", "coordinates": [ring]},
        })  # fmt: skip
    place.write_text(json.dumps({"type": "FeatureCollection", "features": features}))


# --- OGC API


@contextmanager
def _ogc(files: Mapping[str, Path], folder: Path) -> Iterator[int]:
    """PDOK's own kind of server, in a process of its own; its port."""
    apis: dict[str, dict[str, ogc_server.Table]] = {}
    for source, access, name, url, collection in ways("ogc_features"):
        layer = pyogrio.list_layers(files[name])[0][0]
        table = ogc_server.Table(
            str(files[name]), layer, access.renames, LACKING.get((source.name, access.protocol), ())
        )
        apis.setdefault(urlsplit(url).path, {})[collection] = table
    ogc_server.write(apis, folder / "apis.json")
    command = [sys.executable, ogc_server.__file__, str(folder / "apis.json"), "--prefix", "/api"]
    with (folder / "ogc.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log)
    try:
        assert process.stdout is not None
        yield int(process.stdout.readline())
    finally:
        process.kill()
        process.communicate()


#: Source and protocol -> columns of the register that this way does not have.
LACKING: Mapping[tuple[str, str], tuple[str, ...]] = {("verblijfsobject", "ogc_features"): ("pandidentificatie",)}


def _collections(files: Mapping[str, Path], folder: Path) -> list[tuple[str, str, str, dict[str, object]]]:
    """What pygeoapi serves: landing page, collection, its own name for that, and how it is told of it."""
    made = []
    for source, access, name, url, collection in ways("ogc_features"):
        table = pyogrio.read_dataframe(files[name], bbox=CUT if source.extent != "country" else None)
        table = table.drop(columns=list(LACKING.get((source.name, access.protocol), ()))).rename(
            columns=dict(access.renames)
        )
        plain = pd.DataFrame(table.drop(columns="geometry")).astype(object)
        plain = plain.where(plain.notna(), None)
        data = folder / "pygeoapi" / f"{name}.geojson"
        data.parent.mkdir(exist_ok=True)
        features = ",".join(
            f'{{"type":"Feature","geometry":{shape},"properties":{json.dumps(row | {"feature_number": f"{name}-{i}"}, default=str)}}}'
            for i, (row, shape) in enumerate(
                zip(plain.to_dict("records"), shapely.to_geojson(table.geometry), strict=True)
            )
        )
        data.write_text(f'{{"type":"FeatureCollection","features":[{features}]}}')
        # Of pygeoapi's ways to read, this one pages a box right: that of GDAL takes the box for the first page only.
        provider = {"type": "feature", "name": "GeoJSON", "data": str(data), "id_field": "feature_number",
                    "crs": [ogc_server.CRS84, RD], "storage_crs": RD}  # fmt: skip
        made.append((urlsplit(url).path, collection, name, provider))
    return made


# --- BGT


@contextmanager
def _bgt(files: Mapping[str, Path]) -> Iterator[int]:
    """The download API on the sample; its port."""
    with HTTPServer() as server:
        api = bgt_server.BgtServer(server)
        api.states = ["RUNNING"]
        for source, _, name, _, collection in ways("bgt_download"):
            api.files[collection.partition("_")[0]] = _gml(pyogrio.read_dataframe(files[name], bbox=CUT), source)
        yield server.port


#: OGC API -> GML light, as the register spells it there.
_LIGHT = {
    "lokaal_id": "identificatie.lokaalID", "creation_date": "objectBeginTijd", "termination_date": "objectEindTijd",
    "tijdstip_registratie": "tijdstipRegistratie", "eind_registratie": "eindRegistratie",
    "lv_publicatiedatum": "LV-publicatiedatum", "status": "bgt-status", "plus_status": "plus-status",
    "in_onderzoek": "inOnderzoek", "relatieve_hoogteligging": "relatieveHoogteligging", "functie": "bgt-functie",
    "plus_functie": "plus-functie", "fysiek_voorkomen": "bgt-fysiekVoorkomen",
    "plus_fysiek_voorkomen": "plus-fysiekVoorkomen", "type": "bgt-type", "plus_type": "plus-type",
    "identificatiebagpnd": "identificatieBAGPND", "bronhouder": "bronhouder",
}  # fmt: skip


def _gml(table: gpd.GeoDataFrame, source: Source) -> str:
    element = "".join(part.capitalize() for part in source.name.split("_"))
    columns = [c for c in table.columns if c in _LIGHT]
    rows = table[columns].astype(object).where(table[columns].notna(), "").astype(str).to_numpy().tolist()
    return bgt_server.gml(*(
        bgt_server.feature(element, i, _drawn(shape, source), {_LIGHT[c]: escape(v) for c, v in zip(columns, row, strict=True)})
        for i, (row, shape) in enumerate(zip(rows, table.geometry, strict=True))
    ))  # fmt: skip


def _drawn(shape: shapely.Geometry, source: Source) -> str:
    if shape.geom_type == "Point":
        return bgt_server.point(shape.x, shape.y)
    if shape.geom_type == "LineString":
        return bgt_server.segments(("LineStringSegment", list(shape.coords)))
    rings = (list(ring.coords) for ring in (shape.exterior, *shape.interiors))
    polygon = bgt_server.polygon(*rings)
    return bgt_server.multi(polygon) if source is BY_NAME["bgt_pand"] else polygon


# --- the front


def _nginx(
    folder: Path, front: int, backs: list[int], maps: Mapping[str, Path], ports: Mapping[str, int],
    collections: list[tuple[str, str, str, dict[str, object]]],
) -> str:  # fmt: skip
    def mapserver(path: str, file: Path) -> str:
        names = ("REQUEST_METHOD $request_method", "SERVER_NAME 127.0.0.1", f"SERVER_PORT {front}", "SERVER_PROTOCOL $server_protocol",
                 "GATEWAY_INTERFACE CGI/1.1", f"SCRIPT_NAME {path}", f'QUERY_STRING "map={file}&$args"')  # fmt: skip
        params = " ".join(f"fastcgi_param {n};" for n in names)
        return f"location = {path} {{ default_type text/xml; fastcgi_pass mapserv; {params} }}"

    def peer(landing: str, collection: str, name: str) -> str:
        at, there = (
            f"/pygeoapi{landing}/collections/{collection}",
            f"http://127.0.0.1:{ports['peer']}/collections/{name}",
        )
        return "\n".join(f"location = {at}{more} {{ proxy_pass {there}{more}; }}" for more in ("", "/items"))

    places = "\n    ".join([
        *(mapserver(path, file) for path, file in maps.items()),
        *(peer(landing, collection, name) for landing, collection, name, _ in collections),
        f"location /own/ {{ proxy_pass http://127.0.0.1:{ports['peer']}/; }}",
        f"location /api/lv/bgt/download/ {{ proxy_pass http://127.0.0.1:{ports['bgt']}/lv/bgt/download/; }}",
        f"location /api/ {{ proxy_pass http://127.0.0.1:{ports['api']}; }}",
        f"location / {{ root {folder}/www; }}",
    ])  # fmt: skip
    user = "user root;" if Path("/proc/self").stat().st_uid == 0 else ""
    return f"""{user} worker_processes 1; daemon off; master_process off; pid {folder}/nginx.pid; error_log {folder}/nginx.log;
events {{ worker_connections 256; }}
http {{
  log_format said '$request_uri $status'; access_log {folder}/asked.log said;
  client_body_temp_path a; proxy_temp_path b; fastcgi_temp_path c; uwsgi_temp_path d; scgi_temp_path e;
  gzip on; gzip_types application/json application/geo+json text/xml; gzip_min_length 200; gzip_comp_level 1;
  fastcgi_read_timeout 120; proxy_http_version 1.1; proxy_set_header Host $http_host; proxy_buffers 16 256k; proxy_buffer_size 256k;
  default_type application/octet-stream; types {{ application/atom+xml xml; application/json json; image/tiff tif; }}
  upstream mapserv {{ {" ".join(f"server 127.0.0.1:{p};" for p in backs)} }}
  server {{
    listen 127.0.0.1:{front};
    {places}
  }}
}}
"""
