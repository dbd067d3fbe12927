"""Read replies as XML from a server we do not trust: well-formed, no document type, no entities, no network."""

import re
from collections.abc import Mapping

from lxml import etree

from bbb_xblock.bbb.errors import Instead, NotXML, api_error
from bbb_xblock.bbb.messages import Reply

#: No counter of ours is larger: a server that says so has lost count.
LARGEST_COUNT = 1_000_000
#: Most characters of an address that the server gives us.
LONGEST_LINK = 2048

# BigBlueButton's templates print some counters with the thousands separator of the server's language.
_NUMBER = re.compile(r"[0-9]{1,18}|[0-9]{1,3}(?:[.,'’\u00a0\u202f ][0-9]{3}){1,5}")
# So much of a page is looked at for what shows that it asks for a password.
_LOOKED_AT = 64 * 1024
_ASKS_PASSWORD = re.compile(rb"type=[\"']?password|samlrequest")
_SEPARATOR = re.compile(r"[^0-9]")

Element = etree._Element


def success(reply: Reply) -> Element:
    """Give the ``<response>`` element of a reply that says SUCCESS. Its HTTP status is not looked at.

    Raises:
        NotXML: the bytes are no XML, hold a document type declaration, or are no reply (other root element, returncode
            neither SUCCESS nor FAILED).
        ApiError: the reply says FAILED; the subclass follows its messageKey.
    """
    root = _parsed(reply.body)
    if root is None or root.tag != "response":
        raise NotXML(reply.call, _instead(reply.body))
    returncode = text(root, "returncode")
    if returncode == "FAILED":
        raise api_error(_message_key(root), reply.call)
    if returncode != "SUCCESS":
        raise NotXML(reply.call)
    return root


def text(element: Element, tag: str) -> str:
    """Give the trimmed text of the first child with this tag; empty if there is none."""
    return (element.findtext(tag) or "").strip()


def flag(element: Element, tag: str) -> bool:
    """Tell whether the child says ``true``, in any case. Anything else, or no child, is false."""
    return text(element, tag).lower() == "true"


def digits(element: Element, tag: str) -> str:
    """Give a whole number as the text of its digits, without separators; empty if it is none."""
    written = text(element, tag)
    return _SEPARATOR.sub("", written) if _NUMBER.fullmatch(written) else ""


def number(element: Element, tag: str) -> int:
    """Give a whole number of at least 0, with or without separators; 0 if it is none."""
    return int(digits(element, tag) or "0")


def count(element: Element, tag: str) -> int:
    """Give a number of people or minutes, from 0 to :data:`LARGEST_COUNT`: what is more counts as that many."""
    return min(number(element, tag), LARGEST_COUNT)


def texts(element: Element, tag: str) -> Mapping[str, str]:
    """Give the children of one child as a mapping from tag to text; empty if there is none."""
    found = element.find(tag)
    return {} if found is None else {str(child.tag): "".join(map(str, child.itertext())).strip() for child in found}


def is_link(address: str) -> bool:
    """Tell whether this may end up as a link: http or https, at most :data:`LONGEST_LINK` characters."""
    return len(address) <= LONGEST_LINK and address.lower().startswith(("https://", "http://"))


def _parsed(body: bytes) -> Element | None:
    """Give the root element, or None if the bytes are not acceptable XML."""
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        recover=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    # Asked of the parsed document, so that no encoding can hide the declaration from us.
    return root if root.getroottree().docinfo.internalDTD is None else None


def _instead(body: bytes) -> Instead:
    start = body[:_LOOKED_AT].lower().lstrip()
    if not start:
        return Instead.NOTHING
    if not start.startswith((b"<!doctype html", b"<html")):
        return Instead.SOMETHING
    return Instead.LOGIN_PAGE if _ASKS_PASSWORD.search(start) else Instead.WEB_PAGE


def _message_key(root: Element) -> str:
    """Give the key of a failure, which some failures carry in a list of errors and some not at all."""
    listed = root.find(".//error[@key]")
    return text(root, "messageKey") or ("" if listed is None else listed.get("key", ""))
