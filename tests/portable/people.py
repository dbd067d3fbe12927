"""People whose links open without a session: sent through LTI, or with a phone app."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.test import Client

from tests.builders import OLGA, Desk
from tests.fakes.platform import Platform

PHONE = {"is_mobile_app": True}


def visitor(platform: Platform) -> Desk:
    """Put somebody in front of a block whom another learning platform sent."""
    platform.came_through_lti.add(OLGA.id)
    return Desk(platform, OLGA)


def told(desk: Desk, context: dict[str, Any] | None = None) -> Any:
    """Ask for the status as the script of the person's page does, without cookies where it does."""
    card = desk.page(context=context).cssselect("section")[0]
    headers = {"X-BBB-Page-Token": card.get("data-page-token")}
    address = urlsplit(card.get("data-status-url"))
    if "/handler/" in address.path:
        return desk.call("status", query=address.query, headers=headers).json
    return Client().get(address.path, headers=headers).json()


def click(address: str, **headers: str) -> Any:
    """Open an address in a browser that has no session and no cookies."""
    return Client().get(address, headers=headers)


def room_name_of(answer: Any) -> str:
    return parse_qs(urlsplit(answer.headers["Location"]).query)["fullName"][0]
