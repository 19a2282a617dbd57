"""The run manifest: what went in, what was chosen, with which software, what came out."""

from __future__ import annotations

import datetime
import os
import platform
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import geopandas
import numpy
import pandas
import pyarrow
import pyogrio
import pyproj
import shapely

from .. import __version__
from ..checks.declaration import Check, failing, tally
from ..contract import ConfigError, Receipt
from ..provenance import is_synthetic
from ..store import sha256


def manifest(
    config: Mapping[str, Any],
    receipts: Sequence[Receipt],
    outputs: Mapping[str, Path],
    *,
    versions: Mapping[str, str],
    checks: Sequence[Check] = (),
) -> dict[str, Any]:
    """Describe a run, ready to be written as JSON.

    Parameters
    ----------
    config
        As it was resolved, JSON only: what the file says, and the defaults of the rest.
    receipts
        Of the raw layers.
    outputs
        Name that a reader sees -> file that was made; it is hashed here.
    versions
        Of the software; `software` gives those of this environment.
    checks
        What the checks found; those that do not hold are named.

    Raises
    ------
    ConfigError
        When SOURCE_DATE_EPOCH is set to something else than whole seconds.
    """
    return {
        "made": _now(),
        "synthetic": is_synthetic(receipts),
        "config": dict(config),
        "software": dict(versions),
        "checks": _checks(checks),
        "sources": [_source(r) for r in receipts],
        "outputs": [
            {"name": name, "bytes": path.stat().st_size, "sha256": sha256(path)}
            for name, path in sorted(outputs.items())
        ],
    }


def software() -> dict[str, str]:
    """Versions of everything that a number in the output could depend on."""
    return {
        "spoorzone": __version__,
        "python": platform.python_version(),
        "geopandas": geopandas.__version__,
        "shapely": shapely.__version__,
        "GEOS": shapely.geos_version_string,
        "GDAL": ".".join(map(str, pyogrio.__gdal_version__)),
        "PROJ": pyproj.proj_version_str,
        "pandas": pandas.__version__,
        "numpy": numpy.__version__,
        "pyogrio": pyogrio.__version__,
        "pyarrow": pyarrow.__version__,
    }


def _checks(checks: Sequence[Check]) -> dict[str, Any]:
    off = [c for c in checks if c.state in ("fails", "differs")]
    return {
        "hold": not failing(checks),
        "counts": tally(checks),
        "off": [{"check": c.name, "state": c.state, "said_nl": c.said.nl, "said_en": c.said.en} for c in off],
    }


def _source(receipt: Receipt) -> dict[str, Any]:
    return {
        "source": receipt.source,
        "title": receipt.title._asdict(),
        "register": receipt.register,
        "reference_date": receipt.reference_date,
        "edition": receipt.edition,
        "licence": receipt.licence,
        "attribution": receipt.attribution,
        "protocol": receipt.protocol,
        "url": receipt.url,
        "retrieved": receipt.retrieved,
        "requested_rd_m": None if receipt.requested is None else list(receipt.requested),
        "reported": receipt.reported,
        "received": receipt.received,
        "kept": receipt.kept,
        "dropped": dict(receipt.dropped),
        "repaired": receipt.repaired,
        "absent": list(receipt.absent),
        "filled": dict(receipt.filled),
        "whole": receipt.proven,
        "proofs": [
            {"means": p.means, "holds": p.holds, "said_nl": p.said.nl, "said_en": p.said.en} for p in receipt.proofs
        ],
        "pages": len(receipt.pages),
        "sha256": receipt.sha256,
        "software": receipt.software,
        "synthetic": receipt.synthetic,
    }


def _now() -> str:
    """The present, or the moment that SOURCE_DATE_EPOCH names (reproducible-builds.org)."""
    said = os.environ.get("SOURCE_DATE_EPOCH")
    if said is None:
        return datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    try:
        return datetime.datetime.fromtimestamp(int(said), datetime.UTC).isoformat(timespec="seconds")
    except (ValueError, OverflowError, OSError):
        msg = f"SOURCE_DATE_EPOCH is {said!r}, expected whole seconds since 1970"
        raise ConfigError(msg) from None
