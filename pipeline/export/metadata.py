"""What a catalogue asks of a dataset: ISO 19115 in the XML of ISO 19139, as the Dutch profile for geography wants it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from xml.etree.ElementTree import Element, SubElement, indent, register_namespace, tostring

from ..contract import Bbox, Language, Receipt, Text

STANDARD = "http://www.isotc211.org/2005/gmd"
_GCO = "http://www.isotc211.org/2005/gco"
_CODES = "https://standards.iso.org/iso/19139/resources/gmxCodelists.xml"
_PROFILE = "Nederlands metadata profiel op ISO 19115 voor geografie 2.1.0"
_LANGUAGES: Mapping[Language, str] = {"nl": "dut", "en": "eng"}

_ABSTRACT = Text(
    "Feitenbasis van {title}: gebieden met kengetallen over dichtheid, bebouwing en grondgebruik, en de objecten uit de registers, heel en in de corridor afgesneden.",
    "Fact base of {title}: units with indicators of density, buildings and land use, and the objects of the registers, whole and cut to the corridor.",
)
_MADE = Text("Gemaakt uit: {sources}.", "Made from: {sources}.")
_USE = Text("Voor onderzoek en ontwerp; lees de tabellen checks en settings.", "For research and design; read the tables checks and settings.")
_LICENCE = Text("Voorwaarden van de bronnen: {licences}.", "Terms of the sources: {licences}.")
_KEYWORDS = Text("bevolkingsdichtheid;bebouwing;grondgebruik;spoorzone", "population density;buildings;land use;rail zone")


def iso_xml(*, title: str, receipts: Sequence[Receipt], moment: str, box: Bbox, language: Language, contact: str = "") -> str:
    """Give the metadata of the GeoPackage as one XML document.

    Parameters
    ----------
    title
        Name of the rail zone.
    receipts
        Of everything in it: they give the lineage and the terms.
    moment
        Latest retrieval, ISO 8601; the same for the same data.
    box
        West, south, east, north in degrees (ETRS89).
    contact
        E-mail address or page of who runs the project; left out as missing when empty.
    """
    register_namespace("gmd", STANDARD)
    register_namespace("gco", _GCO)
    day = moment[:10]
    identity = str(uuid.uuid5(uuid.NAMESPACE_URL, f"spoorzone/{title}"))
    root = Element(_gmd("MD_Metadata"))
    _text(root, "fileIdentifier", identity)
    _code(root, "language", "LanguageCode", _LANGUAGES[language])
    _code(root, "characterSet", "MD_CharacterSetCode", "utf8")
    _code(root, "hierarchyLevel", "MD_ScopeCode", "dataset")
    _party(root, "contact", title, contact)
    _date(root, "dateStamp", day)
    _text(root, "metadataStandardName", "ISO 19115")
    _text(root, "metadataStandardVersion", _PROFILE)
    system = _inside(root, "referenceSystemInfo", "MD_ReferenceSystem", "referenceSystemIdentifier", "RS_Identifier")
    _text(system, "code", "28992")
    _text(system, "codeSpace", "EPSG")
    _identification(root, title, receipts, identity, day, box, language, contact)
    format_ = _inside(root, "distributionInfo", "MD_Distribution", "distributionFormat", "MD_Format")
    _text(format_, "name", "GeoPackage")
    _text(format_, "version", "1.3")
    quality = _inside(root, "dataQualityInfo", "DQ_DataQuality")
    _code(_inside(quality, "scope", "DQ_Scope"), "level", "MD_ScopeCode", "dataset")
    lineage = _inside(quality, "lineage", "LI_Lineage")
    _text(lineage, "statement", _MADE.in_(language).format(sources="; ".join(_source(r, language) for r in receipts)))
    indent(root, " ")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _identification(
    root: Element, title: str, receipts: Sequence[Receipt], identity: str, day: str, box: Bbox, language: Language, contact: str
) -> None:
    one = _inside(root, "identificationInfo", "MD_DataIdentification")
    citation = _inside(one, "citation", "CI_Citation")
    _text(citation, "title", title)
    dated = _inside(citation, "date", "CI_Date")
    _date(dated, "date", day)
    _code(dated, "dateType", "CI_DateTypeCode", "creation")
    _text(_inside(citation, "identifier", "MD_Identifier"), "code", identity)
    _text(one, "abstract", _ABSTRACT.in_(language).format(title=title))
    _code(one, "status", "MD_ProgressCode", "completed")
    _party(one, "pointOfContact", title, contact)
    words = _inside(one, "descriptiveKeywords", "MD_Keywords")
    for word in _KEYWORDS.in_(language).split(";"):
        _text(words, "keyword", word)
    _text(_inside(one, "resourceConstraints", "MD_Constraints"), "useLimitation", _USE.in_(language))
    terms = _inside(one, "resourceConstraints", "MD_LegalConstraints")
    _code(terms, "accessConstraints", "MD_RestrictionCode", "otherRestrictions")
    licences = "; ".join(dict.fromkeys(f"{r.register}: {r.licence}" for r in receipts))
    _text(terms, "otherConstraints", _LICENCE.in_(language).format(licences=licences))
    _code(one, "spatialRepresentationType", "MD_SpatialRepresentationTypeCode", "vector")
    _code(one, "language", "LanguageCode", _LANGUAGES[language])
    _code(one, "characterSet", "MD_CharacterSetCode", "utf8")
    SubElement(SubElement(one, _gmd("topicCategory")), _gmd("MD_TopicCategoryCode")).text = "planningCadastre"
    extent = _inside(one, "extent", "EX_Extent", "geographicElement", "EX_GeographicBoundingBox")
    west, south, east, north = box
    for name, value in {
        "westBoundLongitude": west, "eastBoundLongitude": east, "southBoundLatitude": south, "northBoundLatitude": north,
    }.items():  # fmt: skip
        SubElement(SubElement(extent, _gmd(name)), _gco("Decimal")).text = f"{value:.5f}"


def _source(receipt: Receipt, language: Language) -> str:
    return f"{receipt.title.in_(language)} ({receipt.reference_date}, {receipt.retrieved[:10]})"


def _party(parent: Element, name: str, title: str, contact: str) -> None:
    party = _inside(parent, name, "CI_ResponsibleParty")
    _text(party, "organisationName", title)
    if contact:
        address = _inside(party, "contactInfo", "CI_Contact", "address", "CI_Address")
        _text(address, "electronicMailAddress", contact)
    else:
        SubElement(party, _gmd("contactInfo"), {_gco("nilReason"): "missing"})
    _code(party, "role", "CI_RoleCode", "pointOfContact")


def _gmd(name: str) -> str:
    return f"{{{STANDARD}}}{name}"


def _gco(name: str) -> str:
    return f"{{{_GCO}}}{name}"


def _inside(parent: Element, *names: str) -> Element:
    for name in names:
        parent = SubElement(parent, _gmd(name))
    return parent


def _text(parent: Element, name: str, text: str) -> None:
    SubElement(SubElement(parent, _gmd(name)), _gco("CharacterString")).text = text


def _date(parent: Element, name: str, day: str) -> None:
    SubElement(SubElement(parent, _gmd(name)), _gco("Date")).text = day


def _code(parent: Element, name: str, listed: str, value: str) -> None:
    SubElement(SubElement(parent, _gmd(name)), _gmd(listed), codeList=f"{_CODES}#{listed}", codeListValue=value).text = value
