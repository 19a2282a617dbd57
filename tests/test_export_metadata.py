"""What a catalogue reads of the GeoPackage."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from export_scene import receipt, zone

from pipeline.export import geopackage
from pipeline.export.metadata import STANDARD, iso_xml

NAMES = {"gmd": STANDARD, "gco": "http://www.isotc211.org/2005/gco"}


def read(**more: object) -> ET.Element:
    given = {"title": "Proefzone & <co>", "receipts": [receipt(), receipt("pand")], "moment": "2026-11-21T10:00:00.000Z", "box": (6.7, 52.2, 6.9, 52.3), "language": "nl"}
    return ET.fromstring(iso_xml(**(given | more)).encode())  # type: ignore[arg-type]


def said(root: ET.Element, path: str) -> list[str]:
    return ["".join(e.itertext()).strip() for e in root.findall(path, NAMES)]


def test_what_the_dutch_profile_asks_for_is_there() -> None:
    root = read()
    # In the order that the schema of ISO 19139 prescribes.
    assert [e.tag.partition("}")[2] for e in root] == [
        "fileIdentifier", "language", "characterSet", "hierarchyLevel", "contact", "dateStamp", "metadataStandardName",
        "metadataStandardVersion", "referenceSystemInfo", "identificationInfo", "distributionInfo", "dataQualityInfo",
    ]  # fmt: skip
    assert said(root, ".//gmd:title") == ["Proefzone & <co>"]
    assert said(root, "gmd:dateStamp") == ["2026-11-21"]
    assert said(root, ".//gmd:RS_Identifier/gmd:code") == ["28992"]
    assert said(root, ".//gmd:westBoundLongitude") == ["6.70000"]
    assert said(root, ".//gmd:topicCategory") == ["planningCadastre"]
    (lineage,) = said(root, ".//gmd:statement")
    assert receipt("pand").title.nl in lineage
    (terms,) = said(root, ".//gmd:otherConstraints")
    assert receipt().licence in terms


def test_a_contact_stands_there_or_is_said_to_be_missing() -> None:
    assert said(read(contact="gis@example.nl"), ".//gmd:electronicMailAddress") == ["gis@example.nl"] * 2
    missing = read().findall(".//gmd:contactInfo", NAMES)
    assert [e.get(f"{{{NAMES['gco']}}}nilReason") for e in missing] == ["missing"] * 2


def test_the_same_data_have_the_same_identity_and_another_zone_another() -> None:
    def identity(title: str) -> list[str]:
        return said(read(title=title), "gmd:fileIdentifier")

    assert identity("A") == identity("A") != identity("B")


@pytest.mark.parametrize("language", ["nl", "en"])
def test_it_stands_in_the_geopackage_as_the_extension_wants(tmp_path: Path, language: str) -> None:
    path = tmp_path / "a.gpkg"
    geopackage.write(path, zone(), receipts=[receipt()], language=language, settings={}, title="Zone")  # type: ignore[arg-type]
    with closing(sqlite3.connect(path)) as file:
        ((scope, standard, mime, xml),) = file.execute("SELECT md_scope, md_standard_uri, mime_type, metadata FROM gpkg_metadata")
        assert file.execute("SELECT reference_scope, table_name, md_file_id FROM gpkg_metadata_reference").fetchall() == [("geopackage", None, 1)]
        registered = {t for (t,) in file.execute("SELECT table_name FROM gpkg_extensions WHERE extension_name = 'gpkg_metadata'")}
    assert (scope, standard, mime) == ("dataset", STANDARD, "text/xml")
    assert registered == {"gpkg_metadata", "gpkg_metadata_reference"}
    root = ET.fromstring(xml.encode())
    assert said(root, "gmd:language") == [{"nl": "dut", "en": "eng"}[language]]
    # The scene lies near Hengelo.
    assert 6 < float(said(root, ".//gmd:westBoundLongitude")[0]) < float(said(root, ".//gmd:eastBoundLongitude")[0]) < 7.5
