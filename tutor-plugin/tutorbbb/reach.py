"""Is there a BigBlueButton at an address? One plain GET, without the secret."""

import http.client
import re
import socket
import ssl
import urllib.error
import urllib.request
from typing import Any
from urllib.parse import urlsplit

from tutorbbb.findings import Finding, Level, error, warning

SECONDS = 10.0
LONGEST_ANSWER = 65536
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})

_LABEL = re.compile(r"\s*URL\s*:\s*", re.IGNORECASE)
_END = re.compile(r"(/bigbluebutton(/api)?)?/*$")


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect is an answer: the platform follows none either, for a signature fits one address."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


def api_address(url: str) -> str:
    """Give the address of the API for the usual ways of writing a server's address; empty if it is none of them.

    The site is stricter (``bbb_xblock.bbb.api_root``); where both take an address, they make the same of it.
    """
    label = _LABEL.match(url)
    address = url[label.end() if label else 0 :].strip()
    try:
        parts = urlsplit(address)
        usable = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        return ""
    if not usable or "@" in parts.netloc or set("?# ") & set(address):
        return ""
    return _END.sub("/bigbluebutton/api", address, count=1)


def of_server(slug: str, url: object) -> Finding:
    """Ask the server for its version."""
    address = api_address(url) if isinstance(url, str) else ""
    if not address:
        return error(f"The URL of the server {slug!r} is none. Copy the line `URL:` that `bbb-conf --secret` prints.")
    host = urlsplit(address).hostname or ""
    if address.startswith("http:") and host not in LOOPBACK:
        return error(
            f"The URL of the server {slug!r} begins with http:, which anybody on the way can read. "
            "Give the server a certificate and write https:."
        )
    complaint = _complaint(address)
    if complaint:
        return error(f"The server {slug!r} {complaint}")
    if host in LOOPBACK:
        return warning(
            f"The server {slug!r} answers, but its address means this machine, and in a container that container. "
            "Write the name by which the containers and people's browsers reach the server."
        )
    return Finding(Level.FINE, f"The server {slug!r} answers over HTTPS, and it is a BigBlueButton.")


def _complaint(address: str) -> str:
    """Say what is wrong with the answer; empty if nothing is."""
    opener = urllib.request.build_opener(_NoRedirect())
    try:
        with opener.open(address, timeout=SECONDS) as answer:
            body = answer.read(LONGEST_ANSWER)
    except urllib.error.HTTPError as refusal:
        if 300 <= refusal.code < 400:
            return "sends callers to another address. Write that one as its URL."
        return f"answers with the HTTP status {refusal.code}. Is BigBlueButton running there? Its log says more."
    except (OSError, http.client.HTTPException, ValueError) as problem:
        return _sentence(problem)
    if b"<returncode>SUCCESS</returncode>" not in body:
        return "answers, but not as BigBlueButton does. Compare its URL with what `bbb-conf --secret` prints."
    return ""


def _sentence(problem: Exception) -> str:
    """Name a failed connection without repeating the address."""
    cause = problem.reason if isinstance(problem, urllib.error.URLError) else problem
    if isinstance(cause, socket.gaierror):
        return "has a name that cannot be looked up. Check the spelling of its URL, and this machine's DNS."
    if isinstance(cause, ssl.SSLCertVerificationError):
        return f"shows a certificate that is not accepted ({cause.verify_message}). Renew it, or complete its chain."
    if isinstance(cause, ssl.SSLError):
        return "does not speak HTTPS properly. Look at its web server."
    if isinstance(cause, TimeoutError):
        return f"did not answer within {SECONDS:.0f} seconds. Is a firewall in between?"
    if isinstance(cause, ConnectionRefusedError):
        return "refuses the connection. Is its web server running, and the port right?"
    return "cannot be reached. Check its URL, and the network of this machine."
