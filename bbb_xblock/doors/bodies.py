"""What browsers and servers send: no more of a body is read than is wanted, and nothing in it is believed."""

import json
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest
from webob import Request

from bbb_xblock.domain.errors import Code, Refusal

LONGEST_JSON = 20_000
_AT_ONCE = 64 * 1024
# No key of a row is larger on any database.
_LARGEST_KEY = 2**63 - 1


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


def check_method(request: Request, *methods: str) -> None:
    """Raise :class:`Refusal` (``method_not_allowed``) for a request that is made in another way."""
    if request.method not in methods:
        raise Refusal(Code.METHOD_NOT_ALLOWED)


def json_object(request: Request, longest: int = LONGEST_JSON) -> dict[str, Any]:
    """Read the JSON object that a script sent to a handler, of at most ``longest`` bytes.

    Raises :class:`Refusal` (``bad_request``).
    """
    if request.content_type.startswith("multipart/"):
        # The platform has read such a body already, to look for files, and it cannot be read twice. Other types are
        # not looked at.
        raise Refusal(Code.BAD_REQUEST)
    try:
        body = json.loads(request.body) if len(request.body) <= longest else None
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise Refusal(Code.BAD_REQUEST)
    return body


def row_keys(found: object, at_most: int) -> list[int]:
    """Read keys of rows, each once, out of what a script sent. Raises :class:`Refusal` (``bad_request``)."""
    if not isinstance(found, list) or len(found) > at_most:
        raise Refusal(Code.BAD_REQUEST)
    if not all(type(each) is int and 0 < each <= _LARGEST_KEY for each in found):
        raise Refusal(Code.BAD_REQUEST)
    return list(dict.fromkeys(found))
