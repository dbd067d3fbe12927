"""The XML body that carries slides to ``create`` and ``insertDocument`` (BBB API docs, pre-upload slides)."""

import base64
import re
from collections.abc import Iterable

from lxml import etree

from bbb_xblock.bbb.params import Document, clean

# Valid Unicode that XML 1.0 nevertheless does not allow.
_NOT_XML = re.compile("[\ufffe\uffff]")


def modules_body(documents: Iterable[Document]) -> bytes:
    """Write the documents as a ``<modules>`` body in UTF-8.

    ``downloadable`` and ``removable`` are always written: the documented defaults differ from those of the server.
    """
    modules = etree.Element("modules")
    module = etree.SubElement(modules, "module", name="presentation")
    for document in documents:
        module.append(_element(document))
    return etree.tostring(modules, encoding="UTF-8", xml_declaration=True)


def _element(document: Document) -> etree._Element:
    element = etree.Element("document")
    if document.url:
        element.set("url", _text(document.url))
    if document.filename:
        # BigBlueButton reads the one name beside a url and the other beside content.
        element.set("filename" if document.url else "name", _text(document.filename))
    for option in ("downloadable", "removable"):
        element.set(option, "true" if getattr(document, option) else "false")
    if document.current:
        element.set("current", "true")
    if document.content:
        element.text = base64.b64encode(document.content).decode("ascii")
    return element


def _text(text: str) -> str:
    return _NOT_XML.sub("", clean(text))
