"""Where requests come in: API calls are noted, go wrong if ordered to, and are answered; everything else is a page."""

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask import Response
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Request

from . import api, pages
from .faults import ConnectionCutError, Faults, cut_connection
from .join import COOKIE, NODE_API
from .lobby import GUEST_WAIT
from .signing import ApiRequest
from .world import World

API = "/bigbluebutton/api"
# The server's own limit for posted bodies (BBB API docs, create).
LARGEST_BODY = 2 * 1024 * 1024


@dataclass
class Call:
    """One API call as received. The API root has the name "".

    `refused` becomes true when the server said no: FAILED, or a join sent away with errors. A fault is not a refusal.
    """

    name: str
    params: dict[str, str]
    method: str
    body: bytes
    refused: bool = False


class Wire:
    """The WSGI application, and the list of the calls that came."""

    def __init__(self, world: World, faults: Faults) -> None:
        self._world = world
        self._faults = faults
        self._pages = pages.pages(world)
        self._calls: list[Call] = []
        self._lock = threading.Lock()

    def calls(self) -> list[Call]:
        with self._lock:
            return list(self._calls)

    def forget_calls(self) -> None:
        with self._lock:
            self._calls.clear()

    def wsgi(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer one request."""
        request = Request(environ)
        request.max_content_length = LARGEST_BODY
        path = request.path
        try:
            if path == GUEST_WAIT:
                return self._pages.wsgi_app(environ, start_response)
            if path.rstrip("/") == API or path.startswith(f"{API}/"):
                answer = self._api(request, path[len(API) :].strip("/"))
            elif path.startswith(NODE_API) and self._world.mode.pool:
                received = _received(request, path[len(NODE_API) :])
                answer = api.answer(self._world, received, from_node=True).http
            else:
                return self._pages.wsgi_app(environ, start_response)
        except ConnectionCutError:
            return cut_connection(environ)
        except RequestEntityTooLarge:
            answer = Response("<html><body><h1>413 Request Entity Too Large</h1></body></html>", status=413)
        # The clock in the answer is the simulator's, which a test may have moved.
        answer.date = datetime.fromtimestamp(self._world.now(), UTC)
        return answer(environ, start_response)

    def _api(self, request: Request, name: str) -> Response:
        received = _received(request, name)
        call = Call(name, received.params, received.method, received.body)
        with self._lock:
            self._calls.append(call)

        def work() -> Response:
            answer = api.answer(self._world, received)
            call.refused = answer.refused
            return answer.http

        fault = self._faults.take(name)
        return fault.spoil(work, request.url) if fault else work()


def _received(request: Request, name: str) -> ApiRequest:
    return ApiRequest(
        name=name,
        method=request.method,
        query=request.query_string,
        body=request.get_data(),
        content_type=request.headers.get("Content-Type", ""),
        server=request.host_url.rstrip("/"),
        cookie=request.cookies.get(COOKIE, ""),
    )
