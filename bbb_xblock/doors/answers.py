"""The HTTP answers of the handlers: one table from refusal to status, pages for people and JSON for scripts."""

import functools
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, ParamSpec

from django.http import HttpRequest
from django.http import HttpResponseBase as DjangoResponse
from webob import Request, Response

from bbb_xblock.bbb import JoinUrl, PlaybackUrl
from bbb_xblock.domain.errors import Code
from bbb_xblock.words import PageWords

P = ParamSpec("P")

STATUSES = {
    Code.NOT_SIGNED_IN: HTTPStatus.UNAUTHORIZED,
    Code.NOT_ENROLLED: HTTPStatus.FORBIDDEN,
    Code.NO_ACCESS: HTTPStatus.FORBIDDEN,
    Code.VIEWING_AS_LEARNER: HTTPStatus.FORBIDDEN,
    Code.IDENTITY_UNCLEAR: HTTPStatus.CONFLICT,
    Code.NOT_OPEN_YET: HTTPStatus.CONFLICT,
    Code.SESSION_OVER: HTTPStatus.CONFLICT,
    Code.NO_ROOM: HTTPStatus.CONFLICT,
    Code.NOT_SCHEDULED: HTTPStatus.CONFLICT,
    Code.STARTING: HTTPStatus.ACCEPTED,
    Code.WAITING_FOR_MODERATOR: HTTPStatus.CONFLICT,
    Code.ROOM_FULL: HTTPStatus.CONFLICT,
    Code.NO_COURSE: HTTPStatus.CONFLICT,
    Code.NOT_CONFIGURED: HTTPStatus.SERVICE_UNAVAILABLE,
    Code.OUT_OF_ORDER: HTTPStatus.SERVICE_UNAVAILABLE,
    Code.SERVER_UNREACHABLE: HTTPStatus.SERVICE_UNAVAILABLE,
    Code.SIGNATURE_REFUSED: HTTPStatus.SERVICE_UNAVAILABLE,
    Code.SERVER_REFUSED: HTTPStatus.SERVICE_UNAVAILABLE,
    Code.TICKET_MISSING: HTTPStatus.FORBIDDEN,
    Code.TICKET_REFUSED: HTTPStatus.FORBIDDEN,
    Code.TICKET_EXPIRED: HTTPStatus.FORBIDDEN,
    Code.TICKET_USED: HTTPStatus.FORBIDDEN,
    Code.LINK_EXPIRED: HTTPStatus.FORBIDDEN,
    Code.BAD_REQUEST: HTTPStatus.BAD_REQUEST,
    Code.METHOD_NOT_ALLOWED: HTTPStatus.METHOD_NOT_ALLOWED,
    Code.MEETING_ENDED: HTTPStatus.CONFLICT,
    Code.GUEST_DENIED: HTTPStatus.CONFLICT,
    Code.NOT_LET_IN: HTTPStatus.CONFLICT,
    Code.MODERATORS_ONLY: HTTPStatus.FORBIDDEN,
    Code.NO_STUDIO_ACCESS: HTTPStatus.FORBIDDEN,
    Code.NOT_PUBLISHED: HTTPStatus.CONFLICT,
    Code.MANY_CHECKS: HTTPStatus.TOO_MANY_REQUESTS,
    Code.MANY_CLICKS: HTTPStatus.TOO_MANY_REQUESTS,
    Code.NOT_VALID: HTTPStatus.BAD_REQUEST,
    Code.NAME_WANTED: HTTPStatus.CONFLICT,
    Code.NAME_TOO_SHORT: HTTPStatus.UNPROCESSABLE_ENTITY,
    Code.NAME_TOO_LONG: HTTPStatus.UNPROCESSABLE_ENTITY,
    Code.NAME_WITH_SIGNS: HTTPStatus.UNPROCESSABLE_ENTITY,
    Code.NAME_IS_ADDRESS: HTTPStatus.UNPROCESSABLE_ENTITY,
    Code.NAME_OF_TEAM: HTTPStatus.UNPROCESSABLE_ENTITY,
    Code.FILE_NOT_FOUND: HTTPStatus.NOT_FOUND,
    Code.CAPTIONS_LANGUAGE: HTTPStatus.UNPROCESSABLE_ENTITY,
    Code.CAPTIONS_TOO_LONG: HTTPStatus.UNPROCESSABLE_ENTITY,
    Code.CAPTIONS_NOT_READ: HTTPStatus.UNPROCESSABLE_ENTITY,
    Code.NO_RECORDING: HTTPStatus.NOT_FOUND,
}

# What may pass by itself, and after how many seconds the page asks again, so that nobody has to click until it works.
AGAIN_SECONDS = {
    Code.STARTING: 2,
    Code.WAITING_FOR_MODERATOR: 10,
    Code.ROOM_FULL: 20,
    Code.SERVER_UNREACHABLE: 20,
    Code.OUT_OF_ORDER: 30,
}

# What is for one person is kept, passed on, indexed and framed by nobody.
PRIVATE_HEADERS = {
    "Content-Security-Policy": "frame-ancestors 'none'",
    "Cache-Control": "no-store, private",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}


def private(view: Callable[P, DjangoResponse]) -> Callable[P, DjangoResponse]:
    """Make every answer of a plain view one that is kept, passed on, indexed and framed by nobody."""

    @functools.wraps(view)
    def kept_private(*args: P.args, **kwargs: P.kwargs) -> DjangoResponse:
        response = view(*args, **kwargs)
        for name, value in PRIVATE_HEADERS.items():
            response.headers[name] = value
        return response

    return kept_private


def wants_json(request: Request | HttpRequest) -> bool:
    """Say whether a script asks: it posts, or names JSON first in what it accepts."""
    return request.method == "POST" or str(request.headers.get("Accept", "")).startswith("application/json")


def is_guess(headers: Mapping[str, str]) -> bool:
    """Say whether a browser fetches what somebody may click: nobody has clicked yet."""
    return "prefetch" in headers.get("Sec-Purpose", "")


def later() -> Response:
    """Have the browser ask again when somebody clicks."""
    return _private(Response(status=HTTPStatus.SERVICE_UNAVAILABLE))


def to_bigbluebutton(url: JoinUrl | PlaybackUrl) -> Response:
    """Send the browser to a room or to a recording. The address is a key to it, so nobody may keep or pass it on."""
    return _private(Response(status=HTTPStatus.FOUND, location=url.reveal()))


def go_on(path: str) -> Response:
    """Send the browser on to an address of ours."""
    return _private(Response(status=HTTPStatus.SEE_OTHER, location=path))


def json(body: dict[str, Any], status: HTTPStatus = HTTPStatus.OK) -> Response:
    """Answer a script."""
    return _private(Response(json_body=body, status=status, content_type="application/json", charset="utf-8"))


def refusal(code: Code, words: PageWords) -> Response:
    """Refuse a script."""
    response = json(refusal_body(code, words), STATUSES[code])
    if code is Code.METHOD_NOT_ALLOWED:
        response.allow = "GET, POST"
    return response


def refusal_body(code: Code, words: PageWords) -> dict[str, Any]:
    """Say a refusal in JSON; ``again_seconds`` tells when to ask again, 0 means that it would not help."""
    again = AGAIN_SECONDS.get(code, 0)
    return {"code": code.value, "title": words.title, "error": words.sentence, "again_seconds": again}


def page(html: str, status: HTTPStatus) -> Response:
    """Show a small page of its own."""
    return _private(Response(text=html, status=status, content_type="text/html", charset="utf-8"))


def file(text: str, name: str, content_type: str) -> Response:
    """Give a text file to keep."""
    response = Response(text=text, content_type=content_type, charset="utf-8")
    response.content_disposition = f'attachment; filename="{name}"'
    return _private(response)


def _private(response: Response) -> Response:
    response.headers.update(PRIVATE_HEADERS)
    return response
