"""Answers in the server's own XML (bbb-web's templates). Built as a tree, never by joining strings."""

import json
import re
from typing import Any

from flask import Response
from lxml import etree

NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class RefusedError(Exception):
    """The server says no. `key` and `message` are what it answers with.

    `validation`: found by the validation service, before the call's own code ran.
    `always_xml`: answered as XML even where a redirect is the rule.
    `as_list`: answered in the form with several errors, which has no messageKey.
    """

    def __init__(
        self, key: str, message: str, *, validation: bool = False, always_xml: bool = False, as_list: bool = False
    ) -> None:
        super().__init__(key)
        self.key = key
        self.message = message
        self.validation = validation
        self.always_xml = always_xml
        self.as_list = as_list


def response(returncode: str = "SUCCESS") -> etree._Element:
    """Start an answer: <response><returncode>…"""
    root = etree.Element("response")
    add(root, "returncode", returncode)
    return root


def add(parent: etree._Element, tag: str, value: str | int | bool | None = None) -> etree._Element:
    """Append an element; booleans become true/false, None leaves it empty."""
    child = etree.SubElement(parent, tag)
    if isinstance(value, bool):
        child.text = "true" if value else "false"
    elif value is not None:
        child.text = NOT_XML.sub("", str(value))
    return child


def add_named(parent: etree._Element, fields: dict[str, str]) -> None:
    """Append one element per name; a name that XML does not allow is left out."""
    for name, value in fields.items():
        if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_.-]*", name):
            add(parent, name, value)


def note(root: etree._Element, key: str, message: str) -> etree._Element:
    """End an answer with its messageKey and message."""
    add(root, "messageKey", key)
    add(root, "message", message)
    return root


def failure(refusal: RefusedError) -> etree._Element:
    """Return the answer for a refusal."""
    root = response("FAILED")
    if refusal.as_list:
        errors = add(root, "errors")
        etree.SubElement(errors, "error", key=refusal.key, message=refusal.message)
        return root
    return note(root, refusal.key, refusal.message)


def xml_answer(root: etree._Element, status: int = 200) -> Response:
    """Return the HTTP answer: 200 also for failures, as the server does."""
    body = etree.tostring(root, encoding="UTF-8", xml_declaration=False)
    answer = Response(body, status=status, content_type="text/xml;charset=utf-8")
    answer.headers["Cache-Control"] = "no-cache"
    return answer


def json_answer(said: dict[str, Any]) -> Response:
    """Return the HTTP answer of the few calls that are answered in JSON."""
    answer = Response(json.dumps(said), content_type="application/json;charset=utf-8")
    answer.headers["Cache-Control"] = "no-cache"
    return answer
