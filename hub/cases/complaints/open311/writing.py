"""Documents as XML and as JSON. Pure.

JSON follows the Spark convention: a list is a bare array, the name of its root is left out.
Nothing is written by hand into text, so no answer can break out of its element.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree

import msgspec

from hub.cases.complaints.open311.documents import Degrees, Document, Format

XML, JSON = "xml", "json"
# As the specification spells them.
MEDIA_TYPES = {XML: "text/xml; charset=utf-8", JSON: "application/json; charset=utf-8"}
# XML 1.0 (fifth edition, 2008), 2.2: no document may hold these.
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def written(form: str, document: Document) -> bytes:
    """Return one document; ``form`` is :data:`XML` or :data:`JSON`."""
    if form == JSON:
        return msgspec.json.encode(_plain(document))
    return _xml(_element(document))


def written_list(form: str, root: str, documents: Sequence[Document]) -> bytes:
    """Return several documents; ``root`` is the name of the element around them in XML."""
    if form == JSON:
        return msgspec.json.encode([_plain(document) for document in documents])
    around = ElementTree.Element(root)
    around.extend(_element(document) for document in documents)
    return _xml(around)


def moment(at: datetime) -> str:
    """Return as ``2026-11-22T01:02:03Z``: strict readers take nothing but ``Z``."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _xml(element: ElementTree.Element) -> bytes:
    text = ElementTree.tostring(element, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}'.encode()


def _members(document: Any) -> Iterator[tuple[str, Any]]:
    for one in fields(document):
        value = getattr(document, one.name)
        if value is not None or not one.metadata.get("is_only_if_any"):
            yield one.name, value


def _element(document: Any) -> ElementTree.Element:
    element = ElementTree.Element(document.element)
    if isinstance(document, Format):
        element.text = document.text
        return element
    for name, value in _members(document):
        child = ElementTree.SubElement(element, name)
        if isinstance(value, tuple):
            child.extend(_element(one) for one in value)
        else:
            child.text = _text(value)
    return element


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case datetime():
            return moment(value)
        case _:
            return _NOT_IN_XML.sub("", str(value))


def _plain(value: Any) -> Any:
    match value:
        case Degrees():
            # A number with its six decimals: 0.000000, which JSON libraries would shorten to 0.0.
            return msgspec.Raw(str(value).encode())
        case datetime():
            return moment(value)
        case Format():
            return value.text
        case tuple():
            return [_plain(one) for one in value]
        case _ if is_dataclass(value):
            return {name: _plain(one) for name, one in _members(value)}
        case _:
            return value
