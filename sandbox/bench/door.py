"""The demo's whole door in this process: middleware, sign-in, runtime, block, without a network in between."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from unittest.mock import patch
from wsgiref.util import setup_testing_defaults

from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection
from lxml import html
from webob import Response
from xblock.core import XBlock

from bbb_xblock.block import BigBlueButtonXBlock
from sandbox.bench.stage import HOST, StartError
from sandbox.demo.middleware import account
from sandbox.demo.people import TEACHER
from sandbox.demo.rooms import RECORDED

# Seen in a running LMS as a learner (one process, MariaDB, a course of one unit): a handler that does nothing asks the
# database 27 times and takes 28 ms; a plain view that is asked without cookies asks 4 times and takes 6 ms. The demo's
# own door asks once for a handler and not at all for a plain view.
LMS_QUERIES_OF_A_HANDLER, LMS_QUERIES_OF_A_VIEW = 27, 4
DEMO_QUERIES_OF_A_HANDLER = 1


@dataclass(frozen=True)
class Page:
    """The addresses in one person's page of the room."""

    join: str
    status: str
    token: str
    nothing: str


class Site:
    """The demo's application, asked without a network."""

    def __init__(self) -> None:
        from sandbox.demo.wsgi import application

        self._application = application

    def get(self, address: str, **headers: str) -> tuple[int, bytes]:
        """Give the status and the body of an answer; no redirect is followed."""
        path, _, query = address.partition("?")
        environ: dict[str, Any] = {"PATH_INFO": path, "QUERY_STRING": query, "wsgi.input": BytesIO(), **headers}
        setup_testing_defaults(environ)
        environ["HTTP_HOST"] = HOST
        said: list[int] = []
        answer = self._application(environ, lambda status, _headers, *_more: said.append(int(status.split()[0])))
        try:
            return said[0], b"".join(answer)
        finally:
            answer.close()

    def page(self, number: int) -> Page:
        """Load one person's page of the room."""
        status, body = self.get(f"/rooms/{RECORDED.slug}/?student={number}")
        card = html.fromstring(body).xpath("//*[@data-status-url]") if status == 200 else []
        if not card:
            raise StartError(f"The page of person {number} cannot be asked for its state (status {status}).")
        join = str(card[0].xpath(".//a[contains(@class, 'bbb-join')]/@href")[0])
        nothing = join.partition("?")[0].replace("/join", "/nothing")
        return Page(join, card[0].get("data-status-url"), card[0].get("data-page-token"), f"{nothing}?student={number}")

    def model_a_handler(self) -> None:
        """Ask the database what brings the demo's door to the LMS's number of queries for a handler."""
        self._ask(LMS_QUERIES_OF_A_HANDLER - DEMO_QUERIES_OF_A_HANDLER)

    def model_a_view(self) -> None:
        """Ask the database as often as the LMS does for a plain view without cookies."""
        self._ask(LMS_QUERIES_OF_A_VIEW)

    @staticmethod
    def _ask(queries: int) -> None:
        for _ in range(queries):
            # One row by its number, and its profile: about the lightest question there is.
            account(TEACHER)

    def join(self, page: Page) -> None:
        """Click Join; StartError if that does not let the person in."""
        _expect(302, self.get(page.join))

    def status(self, page: Page) -> None:
        """Ask as the page's script does."""
        _expect(200, self.get(page.status, HTTP_ACCEPT="application/json", HTTP_X_BBB_PAGE_TOKEN=page.token))

    def nothing(self, page: Page) -> None:
        """Call the handler that does nothing."""
        _expect(200, self.get(page.nothing))


def _expect(status: int, answer: tuple[int, bytes]) -> None:
    if answer[0] != status:
        raise StartError(f"A request got the status {answer[0]}, not {status}.")


def _do_nothing(block: Any, request: Any, suffix: str = "") -> Response:
    return Response()


@contextmanager
def open_door() -> Iterator[Site]:
    """Give the site, with a handler that does nothing added to the block, on one connection to the database.

    The connection is kept because making one costs every request the same and would flatter every ratio.
    """
    with _kept_connection(), patch.object(BigBlueButtonXBlock, "nothing", XBlock.handler(_do_nothing), create=True):
        yield Site()


@contextmanager
def _kept_connection() -> Iterator[None]:
    for sent in (request_started, request_finished):
        sent.disconnect(close_old_connections)
    try:
        yield
    finally:
        for sent in (request_started, request_finished):
            sent.connect(close_old_connections)
        connection.close()
