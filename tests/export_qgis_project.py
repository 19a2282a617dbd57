"""Run by the Python of QGIS: open a project as a designer would, print its sheets, tell what was seen.

python3 export_qgis_project.py file.qgz folder
"""

import json
import os
import sys
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"
from qgis.core import QgsApplication, QgsLayoutExporter, QgsProject
from qgis.PyQt.QtCore import Qt

app = QgsApplication([], False)
app.initQgis()
path, folder = sys.argv[1], Path(sys.argv[2])
warned = []
QgsApplication.messageLog().messageReceived.connect(lambda text, tag, level: warned.append([tag, text]) if level in (1, 2) else None)
project = QgsProject.instance()
read = project.read(path)
themes = project.mapThemeCollection()
seen = {
    "read": read,
    "error": project.error(),
    "crs": project.crs().authid(),
    "title": project.title(),
    "layers": {
        layer.id(): {
            "valid": layer.isValid(),
            "name": layer.name(),
            "source": layer.publicSource(),
            "crs": layer.crs().authid(),
            "kind": layer.type(),
            "renderer": layer.renderer().type() if layer.renderer() else "",
        }
        for layer in project.mapLayers().values()
    },
    "groups": [g.name() for g in project.layerTreeRoot().findGroups()],
    "seen": [one.layerId() for one in project.layerTreeRoot().findLayers() if one.isVisible()],
    "themes": {name: [layer.id() for layer in themes.mapThemeVisibleLayers(name)] for name in themes.mapThemes()},
    "layouts": {},
    "files": sorted(p.as_posix() for p in Path(path).parent.iterdir()),
}
for layout in project.layoutManager().printLayouts():
    picture = folder / f"{layout.name()}.png"
    settings = QgsLayoutExporter.ImageExportSettings()
    settings.dpi = 80
    done = QgsLayoutExporter(layout).exportToImage(str(picture), settings)
    page = layout.pageCollection().page(0).pageSize()
    map_ = layout.itemById("map")
    seen["layouts"][layout.name()] = {
        "done": done,
        "page": [page.width(), page.height()],
        "scale": map_.scale(),
        "items": sorted(i.id() for i in layout.items() if hasattr(i, "id") and i.id()),
        "lines": [
            str(line.data(Qt.DisplayRole))
            for model in [layout.itemById("legend").model()]
            for node in model.rootGroup().findLayers()
            for line in model.layerLegendNodes(node)
        ],
        "legend": [node.name() for node in layout.itemById("legend").model().rootGroup().findLayers()],
        "title": layout.itemById("title").text(),
    }
seen["warned"] = warned
(folder / "seen.json").write_text(json.dumps(seen, ensure_ascii=False, indent=1, default=int))
sys.stdout.flush()
os._exit(0)  # QGIS 3.22 ends badly by itself
