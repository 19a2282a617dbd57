"""Run by the Python of QGIS: open every layer of a GeoPackage as a designer would, draw it, tell what was seen.

python3 export_qgis.py file.gpkg folder
"""

import json
import os
import sys
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"
from qgis.core import (
    QgsApplication,
    QgsMapRendererSequentialJob,
    QgsMapSettings,
    QgsProviderRegistry,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QSize

app = QgsApplication([], False)
app.initQgis()
path, folder = sys.argv[1], Path(sys.argv[2])
seen = {}
for sub in QgsProviderRegistry.instance().querySublayers(path):
    layer = QgsVectorLayer(f"{path}|layername={sub.name()}", sub.name(), "ogr")
    # What the application does when a layer is added.
    said, styled = layer.loadDefaultStyle()
    told = {
        "valid": layer.isValid(),
        "styled": styled,
        "said": said,
        "rows": layer.featureCount(),
        "spatial": layer.isSpatial(),
    }
    told["aliases"] = {f.name(): layer.attributeAlias(i) for i, f in enumerate(layer.fields())}
    told["texts"] = [f.attribute(2) for f in layer.getFeatures()] if sub.name() == "station" else []
    if layer.isSpatial():
        told |= {"crs": layer.crs().authid(), "renderer": layer.renderer().type(), "labels": layer.labelsEnabled()}
        told["legend"] = [[i.label(), i.ruleKey() != ""] for i in layer.renderer().legendSymbolItems()]
        settings = QgsMapSettings()
        settings.setLayers([layer])
        settings.setDestinationCrs(layer.crs())
        extent = layer.extent()
        extent.scale(1.3)
        settings.setExtent(extent)
        settings.setOutputSize(QSize(800, 500))
        settings.setOutputDpi(144)
        told["scale"] = settings.scale()
        # Once to look at, and once without smoothed edges, to count colours.
        for smooth in (True, False):
            settings.setFlag(QgsMapSettings.Antialiasing, smooth)
            job = QgsMapRendererSequentialJob(settings)
            job.start()
            job.waitForFinished()
            image = job.renderedImage()
            if smooth:
                image.save(str(folder / f"{sub.name()}.png"))
        pixels = {image.pixelColor(x, y).name() for x in range(0, 800, 2) for y in range(0, 500, 2)}
        told |= {"errors": [e.message for e in job.errors()], "colours": sorted(pixels)}
    seen[sub.name()] = told
(folder / "seen.json").write_text(json.dumps(seen, ensure_ascii=False))
sys.stdout.flush()
os._exit(0)  # QGIS 3.22 ends badly by itself
