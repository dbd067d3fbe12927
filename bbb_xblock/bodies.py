"""Bodies of requests to plain views: no more of one is read than is wanted, whatever was announced."""

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest

_AT_ONCE = 64 * 1024


def announced_length(request: HttpRequest) -> int | None:
    """Give the length in bytes with which a body was announced; None if that is no plain number."""
    announced = request.META.get("CONTENT_LENGTH") or "0"
    return int(announced) if announced.isdecimal() and len(announced) < 20 else None


def read(request: HttpRequest, most_bytes: int) -> bytes:
    """Read a body. Raises ``RequestDataTooBig`` as soon as it is more."""
    if (announced_length(request) or 0) > most_bytes:
        raise RequestDataTooBig
    body = bytearray()
    while part := request.read(_AT_ONCE):
        body += part
        if len(body) > most_bytes:
            raise RequestDataTooBig
    return bytes(body)
