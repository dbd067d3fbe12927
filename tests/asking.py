"""Somebody without a name, the form that asks them, and what they write into it."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.contrib.auth import get_user_model
from django.test import Client
from lxml import html as lxml_html
from webob import Response

from tests.builders import Desk
from tests.fakes.platform import Platform, SessionUser

# As edx-platform lms/djangoapps/lti_provider/users.py makes them up.
VERA = SessionUser(id=21, username="k3jv8zq0xw1t5n7m2b4c6d8f0g9h1j")
FORM = "text/plain"


def visitor(platform: Platform, user: SessionUser = VERA, **details: Any) -> Desk:
    """Put somebody whom another learning platform sent in front of a block."""
    platform.came_through_lti.add(user.id)
    get_user_model().objects.get_or_create(id=user.id, defaults={"username": user.username})
    return Desk(platform, user, **details)


def form_in(answer: Any) -> lxml_html.HtmlElement:
    """Find the one form of a page."""
    (form,) = lxml_html.fromstring(answer.text).cssselect("form")
    return form


def post(form: lxml_html.HtmlElement, **written: str) -> Any:
    """Send the form, as a browser does that keeps no cookies."""
    fields = {field.get("name"): field.get("value") for field in form.cssselect("input")}
    assert form.get("enctype") == FORM
    body = "".join(f"{name}={value or ''}\r\n" for name, value in (fields | written).items())
    answer: Any = Client(enforce_csrf_checks=True).post(form.get("action"), body, content_type=FORM)
    answer.text = answer.content.decode()
    return answer


def follow(desk: Desk, answer: Any) -> Response:
    """Go where the answer sends the browser, which is back to Join."""
    assert answer.status_code == 303, answer.text
    where = urlsplit(answer.headers["Location"])
    assert (where.scheme, where.netloc) == ("", "")
    assert where.path.endswith("/handler/join")
    return desk.call("join", query=where.query)


def name_in(answer: Response) -> str:
    """Read the name in a join link."""
    assert answer.status_code == 302, answer.text
    return parse_qs(urlsplit(answer.location).query)["fullName"][0]
