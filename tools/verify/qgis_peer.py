"""QGIS, in a process of Debian's own Python: overlay of footprints with units, mean of a raster in panden.

    /usr/bin/python3 tools/verify/qgis_peer.py FOLDER

reads FOLDER/asked.json and the layers that it names, and writes FOLDER/told.json. Only the standard library and QGIS.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"


def main(folder: Path) -> None:
    """Do what is asked."""
    sys.path.append("/usr/share/qgis/python/plugins")
    from qgis.analysis import QgsNativeAlgorithms
    from qgis.core import Qgis, QgsApplication, QgsVectorLayer

    application = QgsApplication([], False)
    application.initQgis()
    import processing
    from processing.core.Processing import Processing

    Processing.initialize()
    if application.processingRegistry().providerById("native") is None:
        application.processingRegistry().addProvider(QgsNativeAlgorithms())
    asked = json.loads((folder / "asked.json").read_text())
    file = asked["file"]

    def layer(name: str) -> QgsVectorLayer:
        found = QgsVectorLayer(f"{file}|layername={name}", name, "ogr")
        if not found.isValid():
            sys.exit(f"QGIS can't read {name} in {file}")
        return found

    def values(made: QgsVectorLayer, column: str) -> dict[str, object]:
        return {f["id"]: (f[column] if isinstance(f[column], (int, float)) else None) for f in made.getFeatures()}

    told: dict[str, object] = {"version": Qgis.QGIS_VERSION, "geos": Qgis.geosVersion(), "footprint": {}, "cut": {}}
    for kind in asked["kinds"]:
        made = processing.run(
            "native:calculatevectoroverlaps",
            {"INPUT": layer(f"unit_{kind}"), "LAYERS": [layer("pand")], "OUTPUT": "memory:"},
        )["OUTPUT"]
        told["footprint"][kind] = values(made, "pand_area")
        made = processing.run(
            "native:intersection",
            {"INPUT": layer("bodemgebruik"), "OVERLAY": layer(f"unit_{kind}"), "INPUT_FIELDS": ["code"],
             "OVERLAY_FIELDS": ["id"], "OUTPUT": "memory:"},
        )["OUTPUT"]  # fmt: skip
        found: dict[str, dict[str, float]] = {}
        for f in made.getFeatures():
            group = found.setdefault(f["id"], {})
            code = str(int(f["code"]) // 10)
            group[code] = group.get(code, 0.0) + f.geometry().area()
        told["cut"][kind] = found
    made = processing.run(
        "native:zonalstatisticsfb",
        {"INPUT": layer("some_pand"), "INPUT_RASTER": asked["raster"], "RASTER_BAND": 1, "COLUMN_PREFIX": "z_",
         "STATISTICS": [0, 2], "OUTPUT": "memory:"},
    )["OUTPUT"]  # fmt: skip
    told["count"], told["mean"] = values(made, "z_count"), values(made, "z_mean")
    (folder / "told.json").write_text(json.dumps(told))
    sys.stdout.flush()
    os._exit(0)  # exitQgis() crashes


if __name__ == "__main__":
    main(Path(sys.argv[1]))
