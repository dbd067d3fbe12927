"""Addresses of protected recordings: good once, within an hour; the browser that used one may look on (Scalelite)."""

from dataclasses import dataclass

from .meetings import random_id

TOKEN_SECONDS = 60 * 60
COOKIE_SECONDS = 6 * 60 * 60
KEPT = 20_000


class LinkOverError(Exception):
    """The address is not good; `why` is "used", "expired" or "missing"."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass
class Link:
    record_id: str
    expires_at: float
    used: bool = False


class PlaybackLinks:
    """The tokens that were given out, and the browsers that came with one. The oldest are forgotten."""

    def __init__(self) -> None:
        self._links: dict[str, Link] = {}
        self._browsers: dict[str, Link] = {}

    def issue(self, record_id: str, now: float) -> str:
        """Return a new token."""
        return _kept(self._links, Link(record_id, now + TOKEN_SECONDS))

    def use(self, token: str, record_id: str, now: float) -> str:
        """Use a token up; return the cookie for the browser that brought it. Raises LinkOverError."""
        link = self._links.get(token)
        if link is None or link.record_id != record_id:
            raise LinkOverError("missing")
        if link.used:
            raise LinkOverError("used")
        if link.expires_at <= now:
            raise LinkOverError("expired")
        link.used = True
        return _kept(self._browsers, Link(record_id, now + COOKIE_SECONDS))

    def knows(self, cookie: str, record_id: str, now: float) -> bool:
        """Say whether this browser may look on."""
        seen = self._browsers.get(cookie)
        return seen is not None and seen.record_id == record_id and now < seen.expires_at


def _kept(links: dict[str, Link], link: Link) -> str:
    while len(links) >= KEPT:
        links.pop(next(iter(links)))
    token = random_id(32)
    links[token] = link
    return token
