#!/bin/sh
# Installs the engines that the numbers are measured against and checked with: PostGIS, SpatiaLite and QGIS from Debian;
# DuckDB, SedonaDB, exactextract, rasterstats, networkx and momepy in an environment of their own, beside this project,
# and lonboard, which the map is measured against.
# Needs root for apt unless they are there already. It stands in $SPOORZONE_PEERS, by default .peers/ in the repository.
set -eu

here="$(cd "$(dirname "$0")/../.." && pwd)"
folder="${SPOORZONE_PEERS:-$here/.peers}"
packages="postgresql-15-postgis-3 libsqlite3-mod-spatialite qgis python3-qgis qgis-providers"

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
if [ ! -e "$folder/engines/.made" ]; then
  rm -rf "$folder/engines"
  "$here/.venv/bin/python" -m venv "$folder/engines"
  pip="$folder/engines/bin/pip --quiet --disable-pip-version-check"
  # shellcheck disable=SC2086  # words
  $pip install --require-hashes -r "$here/requirements.lock"
  # shellcheck disable=SC2086
  $pip install 'duckdb==1.5.5' 'duckdb-extension-spatial==1.5.5' 'sedonadb==0.5.0' 'exactextract==0.3.0' \
    'rasterstats==0.21.0' 'networkx==3.6.1' 'momepy==0.11.0' 'geoarrow-pyarrow==0.3.0' 'psycopg[binary]==3.3.9'
  touch "$folder/engines/.made"
fi
# What other ways to make a map need (map_pages.py).
if [ ! -e "$folder/engines/.maps" ]; then
  "$folder/engines/bin/pip" --quiet --disable-pip-version-check install 'lonboard==0.17.0' 'mapclassify==2.10.0' 'matplotlib==3.11.2'
  touch "$folder/engines/.maps"
fi
