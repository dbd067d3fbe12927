"""Makers of the things that tests are about: a site, a person, a block, a request."""

import json
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from django.test import Client, RequestFactory
from lxml import html as lxml_html
from opaque_keys.edx.keys import CourseKey
from opaque_keys.edx.locator import BlockUsageLocator
from webob import Response
from xblock.django.request import django_to_webob_request
from xblock.fields import ScopeIds
from xblock.runtime import DictKeyValueStore, KvsFieldData

from bbb_xblock.block import BigBlueButtonXBlock
from bbb_xblock.domain import meetings, rooms
from bbb_xblock.domain.data import Visit
from bbb_xblock.doors.pages import PAGE_TOKEN_HEADER
from bbb_xblock.edx import courses, users
from bbb_xblock.fields import authored_options
from bbb_xblock.models import Room
from tests.fakes.platform import NOBODY, Platform, PlatformRuntime, Roles, SessionUser

COURSE = "course-v1:ExampleX+Physics+2026"
ADA = SessionUser(id=11, username="ada", full_name="Ada Example")
BEN = SessionUser(id=12, username="ben", full_name="Ben Example")
THEA = SessionUser(id=13, username="thea", full_name="Thea Teacher")
OLGA = SessionUser(id=14, username="olga", full_name="Olga Outsider")
STAFF = Roles(user_is_staff=True, user_role="staff")
LEARNER = Roles()


def usage_key(block_id: str = "room", course: str = COURSE) -> BlockUsageLocator:
    """Make the key of a block of ours."""
    return BlockUsageLocator(CourseKey.from_string(course), "bbb", block_id)


@dataclass
class Desk:
    """One person in front of one block: renders it and calls its handlers, as a browser would."""

    platform: Platform
    user: SessionUser = field(default_factory=lambda: ADA)
    roles: Roles = LEARNER
    course: str = COURSE
    block_id: str = "room"
    studio: bool = False
    fields: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        data = KvsFieldData(DictKeyValueStore())
        runtime = PlatformRuntime(self.platform, self.user, self.roles, data, studio=self.studio)
        key = usage_key(self.block_id, self.course)
        user_id = self.user.id if self.user.is_authenticated else None
        self.block = runtime.construct_xblock_from_class(BigBlueButtonXBlock, ScopeIds(user_id, "bbb", key, key))
        for name, value in self.fields.items():
            data.set(self.block, name, value)
        self.platform.published[str(key)] = self.block

    def visit(self) -> Visit:
        """Say who looks at the page, with what the platform says when it is made."""
        person, placement = users.current_person(self.block), courses.placement_of(self.block)
        access = courses.access_of(self.block, person, placement)
        options = meetings.options_of(placement, authored_options(self.block))
        return Visit(person=person, access=access, placement=placement, options=options)

    def room(self) -> Room:
        """Give the room of the block, making its row if this is the first use."""
        return rooms.of(self.visit().placement)

    def page(self, view: str = "student_view", context: dict[str, Any] | None = None) -> lxml_html.HtmlElement:
        """Render a view."""
        return lxml_html.fromstring(self.block.render(view, context).content)

    def request(self, method: str = "GET", *, as_user: SessionUser | None = None, **details: Any) -> Any:
        """Make a handler's request of this person, or of ``as_user``: ``query``, ``body``, ``headers``, ``path``."""
        query, body = details.get("query", {}), details.get("body", b"")
        body = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {f"HTTP_{name.upper().replace('-', '_')}": text for name, text in details.get("headers", {}).items()}
        request = RequestFactory().generic(
            method,
            details.get("path", "/handler"),
            data=body,
            content_type=details.get("content_type", "application/json"),
            QUERY_STRING=query if isinstance(query, str) else urlencode(query),
            **headers,
        )
        request.user = as_user or self.user
        return django_to_webob_request(request)

    def call(self, handler: str, method: str = "GET", **details: Any) -> Response:
        """Call a handler through ``block.handle``, as the platform does."""
        return self.block.handle(handler, self.request(method, **details))

    def ticket(self) -> str:
        """Take the ticket out of the Join link of the page."""
        return parse_qs(urlsplit(self.page().cssselect("a.bbb-join")[0].get("href")).query)["ticket"][0]

    def click_join(self, **details: Any) -> Response:
        """Follow the Join link of the page."""
        return self.call("join", query={"ticket": self.ticket()}, **details)

    def join_by_script(self, **details: Any) -> Response:
        """Click Join as a script would: JSON in, JSON out."""
        return self.call("join", "POST", body={"ticket": self.ticket()}, **details)

    def page_token(self) -> str:
        """Take the page token that the page's script sends."""
        return str(self.page().cssselect("section")[0].get("data-page-token"))

    def status(self, *, token: str = "", **details: Any) -> Any:
        """Ask for the room's status, as the page's script does: at the block, or at the plain view.

        ``token`` is that of a page which is open already.
        """
        card = self.page().cssselect("section")[0]
        headers = {PAGE_TOKEN_HEADER: token or card.get("data-page-token")}
        if "/handler/" in card.get("data-status-url"):
            return self.call("status", headers=headers, **details)
        answer = Client().get(card.get("data-status-url"), headers=headers)
        return SimpleNamespace(
            status_code=answer.status_code, headers=answer.headers, json=answer.json(), text=answer.content.decode()
        )


def nobody(platform: Platform, **details: Any) -> Desk:
    """Put somebody who is not signed in in front of a block."""
    return Desk(platform, NOBODY, **details)


def teacher(platform: Platform, **details: Any) -> Desk:
    """Put a member of the course team in front of a block."""
    return Desk(platform, THEA, STAFF, **details)


def learner(platform: Platform, user: SessionUser = ADA, **details: Any) -> Desk:
    """Put an enrolled learner in front of a block."""
    platform.enrolled.add(user.id)
    return Desk(platform, user, **details)
