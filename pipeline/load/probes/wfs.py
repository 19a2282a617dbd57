"""What a WFS says of itself: capabilities, columns, how many features there are, and one of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from urllib.parse import urlencode

from ...contract import CRS, Bbox, SourceError
from ...sources import Access
from .. import geojson, ows, xml
from ..http import Answer, DamagedError
from .features import with_feature
from .offered import Kind, Offered, answered, crs_name, moved
from .once import Once

_XML = "text/xml, application/xml"
_NUMBERS = frozenset(
    {"integer", "int", "long", "short", "decimal", "double", "float", "nonNegativeInteger", "positiveInteger"}
)


def probe(access: Access, bbox: Bbox | None, http: Once) -> Offered:
    """Ask for the capabilities, the columns of the type, its count, and one feature as the loader asks for features.

    Raises
    ------
    SourceError
        When the service is not there.
    """
    answer = http.get(_address(access.url, {"request": "GetCapabilities"}), accept=_XML, read=_capabilities)
    root: xml.Element = answer.read
    types = {t.said("Name"): t for e in root.all("FeatureTypeList") for t in e.all("FeatureType")}
    offered = Offered(
        moved=moved(access.url, answer),
        collections=tuple(types),
        most=_count_default(root),
        formats=_formats(root),
        remarks=()
        if root.attributes.get("version") == "2.0.0"
        else (f"answers as WFS {root.attributes.get('version', 'without a version')}",),
    )
    if access.collection not in types:
        return offered
    type_ = types[access.collection]
    columns, refusal = answered(lambda: _columns(access, http))
    offered = replace(
        offered,
        crs=tuple(
            dict.fromkeys(crs_name(e.text) for n in ("DefaultCRS", "OtherCRS", "DefaultSRS") for e in type_.all(n))
        ),
        columns=columns,
        remarks=(*offered.remarks, *(("its columns are those of one feature",) if refusal else ())),
    )
    return _with_answers(offered, access, bbox, http)


def _with_answers(offered: Offered, access: Access, bbox: Bbox | None, http: Once) -> Offered:
    question = {"request": "GetFeature", "typeNames": access.collection, "srsName": CRS}
    if bbox is not None:
        question["bbox"] = ",".join([*(f"{v:.0f}" for v in bbox), CRS])
    hits, refusal = answered(
        lambda: http.get(_address(access.url, question | {"resultType": "hits"}), accept=_XML, read=_hits).read
    )
    offered = replace(offered, counts=None if hits is None else hits.isdecimal(), refused=(refusal,) if refusal else ())
    one = question | {"outputFormat": "application/json", "count": "1", "startIndex": "0"}
    answer, refusal = answered(
        lambda: http.get(_address(access.url, one), accept="application/json", read=geojson.collection)
    )
    if answer is None:
        return replace(offered, refused=(*offered.refused, refusal))
    try:
        stated = crs_name(answer.read["crs"]["properties"]["name"])
    except (KeyError, TypeError, AttributeError):
        # GeoJSON need not say it; where the feature lies tells.
        stated = None
    # A service may give more than one, whatever is asked.
    return with_feature(replace(offered, answers_in=stated), answer.read["features"][:1])


def _address(url: str, more: Mapping[str, str]) -> str:
    joint = "" if url.endswith(("?", "&")) else "&" if "?" in url else "?"
    return f"{url}{joint}{urlencode({'service': 'WFS', 'version': '2.0.0', **more}, safe=':/,')}"


def _capabilities(answer: Answer) -> xml.Element:
    root = _document(answer)
    if root.name != "WFS_Capabilities":
        said = ows.exception(answer.content)
        msg = f"{answer.url}: gave XML <{root.name}>{f' ({said[:160]})' if said else ''}, expected the capabilities of a WFS"
        raise SourceError(msg)
    return root


def _document(answer: Answer) -> xml.Element:
    if b"<html" in answer.content[:500].lower():
        msg = f"{answer.url}: gave a web page, expected XML; is the URL right, or is the service down?"
        raise DamagedError(msg)
    return xml.read(answer.content, answer.url)


def _hits(answer: Answer) -> str:
    root = ows.root(answer.content, answer.url)
    if root.name != "FeatureCollection":
        msg = f"{answer.url}: {root.name}, expected the number of features{f': {root.exception[:160]}' if root.exception else ''}"
        raise SourceError(msg)
    return root.attributes.get("numberMatched", "unknown")


def _everywhere(root: xml.Element, name: str) -> Iterator[xml.Element]:
    """Elements called `name`, however deep."""
    waiting = [root]
    while waiting:
        element = waiting.pop()
        waiting += reversed(element.inside)
        if element.name == name:
            yield element


def _count_default(root: xml.Element) -> int | None:
    for constraint in _everywhere(root, "Constraint"):
        stated = constraint.said("DefaultValue")
        if constraint.attributes.get("name") == "CountDefault" and stated.isdecimal():
            return int(stated)
    return None


def _formats(root: xml.Element) -> tuple[str, ...] | None:
    operations = (o for o in _everywhere(root, "Operation") if o.attributes.get("name") == "GetFeature")
    said = [
        value.text.strip()
        for operation in operations
        for parameter in operation.all("Parameter")
        if parameter.attributes.get("name") == "outputFormat"
        for value in _everywhere(parameter, "Value")
    ]
    return tuple(said) or None


def _columns(access: Access, http: Once) -> dict[str, Kind | None]:
    """The columns of a type by its XML schema."""
    answer = http.get(
        _address(access.url, {"request": "DescribeFeatureType", "typeNames": access.collection}),
        accept=_XML,
        read=_document,
    )
    fields = [e for s in _everywhere(answer.read, "sequence") for e in s.all("element")]
    if not fields:
        msg = f"{answer.url}: no columns in <{answer.read.name}>"
        raise SourceError(msg)
    return {f.attributes["name"]: _kind(f) for f in fields if "name" in f.attributes and not _is_geometry(f)}


def _is_geometry(field: xml.Element) -> bool:
    return field.attributes.get("type", "").startswith("gml:")


def _kind(field: xml.Element) -> Kind | None:
    inner = next((r.attributes.get("base", "") for r in _everywhere(field, "restriction")), "")
    local = (field.attributes.get("type") or inner).rpartition(":")[2]
    if local in _NUMBERS:
        return "number"
    return {"string": "text", "boolean": "flag"}.get(local)  # type: ignore[return-value]
