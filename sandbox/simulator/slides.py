"""Slides that come with a call: inline, or from an address which the server fetches before it answers.

What is refused is what BigBlueButton refuses (``insertDocumentSupportedProtocols``, ``insertDocumentBlockedHosts`` and
private addresses, bigbluebutton.properties). A bad document never fails the call.
"""

import base64
import binascii
import contextlib
import socket
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from ipaddress import ip_address
from urllib.parse import unquote, urlsplit

from lxml import etree

from .meetings import SimDocument, is_true
from .signing import ApiRequest

TIMEOUT = 5.0
MOST_BYTES = 30_000_000
# Names that belong to nobody (RFC 2606): a simulation does not even ask for them.
NOBODYS = ("example", "example.org", "example.com", "example.net", "test", "invalid")


class UnfetchedError(Exception):
    """The address was not fetched; the text says why."""


class Slides:
    """Reads documents out of bodies, and fetches them.

    `allows_loopback`: addresses of this machine and plain http are fetched as well. `is_cut_off`: nothing is reached.
    `fetched` are the addresses that were asked for, in order, each request by itself.
    """

    def __init__(self) -> None:
        self.allows_loopback = False
        self.forget()

    def forget(self) -> None:
        self.is_cut_off = False
        self.fetched: list[str] = []

    def of(self, request: ApiRequest) -> list[SimDocument]:
        """Return the slides in a posted body; a body that is not XML has none and breaks nothing."""
        documents = list(self._read(request))
        return [self._taken(element, first=element is documents[0]) for element in documents]

    def _read(self, request: ApiRequest) -> Iterator[etree._Element]:
        if not request.body or "xml" not in request.content_type:
            return
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
        with contextlib.suppress(etree.XMLSyntaxError):
            yield from etree.fromstring(request.body, parser).findall("module[@name='presentation']/document")

    def _taken(self, element: etree._Element, first: bool) -> SimDocument:
        url = element.get("url", "")
        name = (element.get("filename") or unquote(urlsplit(url).path.rpartition("/")[2])) if url else ""
        content, trouble = b"", ""
        try:
            content = self._fetch(url) if url else base64.b64decode(element.text or "", validate=True)
        except (UnfetchedError, binascii.Error) as reason:
            trouble = str(reason)
        return SimDocument(
            name=name or element.get("name", ""),
            url=url,
            content=content,
            is_current=is_true(element.get("current", "true" if first else "")),
            is_downloadable=is_true(element.get("downloadable")),
            is_removable=is_true(element.get("removable", "true")),
            trouble=trouble,
        )

    def _fetch(self, url: str) -> bytes:
        """Follow the address to see where it leads, and once more to keep what is there."""
        self._check(url)
        self._get(url)
        return self._get(url)

    def _check(self, url: str) -> None:
        parts = urlsplit(url)
        host = parts.hostname or ""
        if self.is_cut_off or host.endswith(NOBODYS):
            raise UnfetchedError("nobody answers there")
        if parts.scheme != "https" and not (parts.scheme == "http" and self.allows_loopback):
            raise UnfetchedError("only https addresses are fetched")
        try:
            found = {ip_address(entry[4][0]) for entry in socket.getaddrinfo(host, parts.port or 443)}
        except (OSError, ValueError):
            raise UnfetchedError("the host is not known") from None
        if not all(each.is_global or (each.is_loopback and self.allows_loopback) for each in found):
            raise UnfetchedError("only public hosts are asked")

    def _get(self, url: str) -> bytes:
        parts = urlsplit(url)
        kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        connection = kind(parts.hostname or "", parts.port, timeout=TIMEOUT)
        self.fetched.append(url)
        try:
            connection.request("GET", f"{parts.path}?{parts.query}" if parts.query else parts.path)
            answer = connection.getresponse()
            if answer.status != 200:
                raise UnfetchedError(f"the answer was {answer.status}")
            return answer.read(MOST_BYTES)
        except (OSError, HTTPException):
            raise UnfetchedError("nobody answers there") from None
        finally:
            connection.close()
