"""The way to a server: its name, its port, its certificate."""

import math
import time
from collections.abc import Iterator

from bbb_xblock.bbb import Client, reach
from bbb_xblock.doctor.findings import Code, Finding, ok, warn

_DAY = 86400
# Let's Encrypt renews thirty days before the end: two weeks before it, something has gone wrong.
DAYS_TO_RENEW = 14


def name(client: Client) -> Iterator[Finding]:
    """Look the server's name up."""
    if reach.has_proxy(client.endpoint):
        yield ok(Code.NAME_PROXY)
        return
    found = reach.addresses(client.endpoint)
    host, _ = reach.host_and_port(client.endpoint)
    yield ok(Code.NAME_KNOWN, detail=f"{host}: {', '.join(found)}")


def port(client: Client) -> Iterator[Finding]:
    """Connect to the server's port."""
    if not reach.has_proxy(client.endpoint):
        reach.open_port(client.endpoint)
        yield ok(Code.PORT_OPEN, detail=str(reach.host_and_port(client.endpoint)[1]))


def certificate(client: Client) -> Iterator[Finding]:
    """Look at the server's certificate."""
    if client.endpoint.url.startswith("http:"):
        yield warn(Code.TLS_UNUSED)
    elif not reach.has_proxy(client.endpoint):
        days = math.floor((reach.certificate_end(client.endpoint) - time.time()) / _DAY)
        yield warn(Code.TLS_ENDS_SOON, count=days) if days < DAYS_TO_RENEW else ok(Code.TLS_GOOD, count=days)
