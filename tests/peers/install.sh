#!/bin/sh
# Installs the programs of others that the tests use, on Debian or Ubuntu: MapServer behind nginx (WFS), pygeoapi (OGC
# API), QGIS, GDAL, SpatiaLite, validators of GeoPackage and GeoParquet, Chromium, Firefox.
# Needs root for apt unless they are there already. Run from anywhere; running it again does nothing new.
#
# pygeoapi gets an environment of its own, on the system's Python: it uses the system's GDAL, which must not meet the
# one in this project's wheels. It stands in $SPOORZONE_PEERS, by default .peers/ in the repository.
set -eu

folder="${SPOORZONE_PEERS:-$(cd "$(dirname "$0")/../.." && pwd)/.peers}"
packages="cgi-mapserver mapserver-bin spawn-fcgi nginx-light python3-gdal python3-venv
 python3-qgis qgis-providers gdal-bin libsqlite3-mod-spatialite chromium firefox-esr
 fonts-dejavu-core"

missing=""
for package in $packages; do
  dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -q '^installed$' || missing="$missing $package"
done
if [ -n "$missing" ]; then
  as_root=""
  [ "$(id -u)" = 0 ] || as_root="sudo"
  $as_root apt-get update -q
  # shellcheck disable=SC2086  # a list of names
  DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -q --no-install-recommends $missing
fi

mkdir -p "$folder"
echo '*' >"$folder/.gitignore"
if [ ! -x "$folder/pygeoapi/bin/gunicorn" ]; then
  rm -rf "$folder/pygeoapi"
  /usr/bin/python3 -m venv --system-site-packages "$folder/pygeoapi"
  # Debian's attrs is too old for what pygeoapi brings along.
  "$folder/pygeoapi/bin/pip" install -q --disable-pip-version-check 'pygeoapi==0.21.0' 'gunicorn>=23' 'attrs>=24'
fi
"$folder/pygeoapi/bin/python" -c 'import pygeoapi; from osgeo import ogr; print("pygeoapi", pygeoapi.__version__)'
if [ ! -x "$folder/validator/bin/geopackage-validator" ]; then
  rm -rf "$folder/validator"
  /usr/bin/python3 -m venv --system-site-packages "$folder/validator"
  "$folder/validator/bin/pip" install -q --disable-pip-version-check 'pdok-geopackage-validator==0.14.5'
fi
# The version of DuckDB is the one of which the registry of Python has the spatial extension, which it looks for at home:
# home is the environment.
if [ ! -e "$folder/geoparquet/.made" ]; then
  rm -rf "$folder/geoparquet"
  /usr/bin/python3 -m venv "$folder/geoparquet"
  "$folder/geoparquet/bin/pip" install -q --disable-pip-version-check \
    'geoparquet-io==1.1.1' 'duckdb==1.5.5' 'duckdb-extension-spatial==1.5.5'
  "$folder/geoparquet/bin/python" - "$folder/geoparquet" <<'END'
import pathlib, shutil, sys
import duckdb, duckdb_extension_spatial
(platform,) = duckdb.sql("PRAGMA platform").fetchone()
to = pathlib.Path(sys.argv[1], ".duckdb/extensions", f"v{duckdb.__version__}", platform)
to.mkdir(parents=True)
shutil.copy(next(pathlib.Path(duckdb_extension_spatial.__file__).parent.rglob("spatial.duckdb_extension")), to)
END
  touch "$folder/geoparquet/.made"
fi
