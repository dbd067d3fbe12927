"""What the doctor found: a stable code, how bad it is, and the values of its sentence.

The sentence itself is made in ``sentences.py``. A finding holds no secret, no checksum and no join link. ``detail`` is
for the operator alone: it may hold addresses, paths and keys of the settings.
"""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How bad it is: as it should be; works, but something is odd; does not work, or is not safe."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


class Code(StrEnum):
    """The stable codes, grouped by what was looked at. Outsiders rely on the values."""

    SETTINGS_GOOD = "settings.good"
    SETTINGS_ODD = "settings.odd"
    SETTINGS_WRONG = "settings.wrong"
    SETTINGS_TABLES = "settings.tables"
    COURSE_UNREADABLE = "course.unreadable"
    COURSE_SERVED = "course.served"
    COURSE_UNSERVED = "course.unserved"
    COURSE_OFF = "course.off"
    NAME_PROXY = "name.proxy"
    NAME_KNOWN = "name.known"
    NAME_UNKNOWN = "name.unknown"
    PORT_OPEN = "port.open"
    PORT_CLOSED = "port.closed"
    PORT_SILENT = "port.silent"
    PORT_UNREACHABLE = "port.unreachable"
    TLS_UNUSED = "tls.unused"
    TLS_GOOD = "tls.good"
    TLS_ENDS_SOON = "tls.ends_soon"
    TLS_EXPIRED = "tls.expired"
    TLS_NOT_YET_VALID = "tls.not_yet_valid"
    TLS_SELF_SIGNED = "tls.self_signed"
    TLS_UNKNOWN_ISSUER = "tls.unknown_issuer"
    TLS_OTHER_NAME = "tls.other_name"
    TLS_MISSING = "tls.missing"
    TLS_NO_AUTHORITIES = "tls.no_authorities"
    TLS_BROKEN = "tls.broken"
    TLS_WANTED = "tls.wanted"
    API_BIGBLUEBUTTON = "api.bigbluebutton"
    API_SCALELITE = "api.scalelite"
    API_BBBLB = "api.bbblb"
    API_BALANCER = "api.balancer"
    API_LOGIN = "api.login"
    API_REDIRECT = "api.redirect"
    API_WEB_PAGE = "api.web_page"
    API_UNREADABLE = "api.unreadable"
    API_WRONG_PATH = "api.wrong_path"
    API_LOCKED = "api.locked"
    API_DOWN = "api.down"
    API_STATUS = "api.status"
    API_SLOW = "api.slow"
    API_BROKEN = "api.broken"
    API_REFUSED = "api.refused"
    API_POOL_EMPTY = "api.pool_empty"
    CLOCK_RIGHT = "clock.right"
    CLOCK_AHEAD = "clock.ahead"
    CLOCK_BEHIND = "clock.behind"
    SECRET_TAKEN = "secret.taken"  # noqa: S105 - a code
    SECRET_REFUSED = "secret.refused"  # noqa: S105
    SECRET_PREVIOUS = "secret.previous"  # noqa: S105
    SECRET_IGNORED = "secret.ignored"  # noqa: S105
    CHECKSUM_OTHER = "checksum.other"
    CHECKSUM_ONLY_SHA1 = "checksum.only_sha1"
    CHECKSUM_OLD = "checksum.old"
    SPEED_GOOD = "speed.good"
    SPEED_SLOW = "speed.slow"
    RECORDINGS_TOLD = "recordings.told"
    RECORDINGS_FAILED = "recordings.failed"
    RECORDINGS_ELSEWHERE = "recordings.elsewhere"
    MEETING_MADE = "meeting.made"
    SLIDES_FETCHED = "slides.fetched"
    SLIDES_MISSING = "slides.missing"
    SLIDES_INLINE = "slides.inline"
    CALLBACK_CAME = "callback.came"
    CALLBACK_MISSING = "callback.missing"
    CALLBACK_UNASKED = "callback.unasked"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that was looked at. ``server`` is its slug, empty for what is about no server.

    ``values`` are the numbers and words of the sentence; none of them was chosen by a server. ``count``, if it is
    among them, decides between singular and plural.
    """

    code: Code
    level: Level
    server: str = ""
    values: tuple[tuple[str, str | int], ...] = ()
    detail: str = ""


def ok(code: Code, *, detail: str = "", **values: str | int) -> Finding:
    """Say that something is as it should be."""
    return Finding(code=code, level=Level.OK, values=tuple(values.items()), detail=detail)


def warn(code: Code, *, detail: str = "", **values: str | int) -> Finding:
    """Say that something is odd."""
    return Finding(code=code, level=Level.WARN, values=tuple(values.items()), detail=detail)


def fail(code: Code, *, detail: str = "", **values: str | int) -> Finding:
    """Say that something does not work, or is not safe."""
    return Finding(code=code, level=Level.FAIL, values=tuple(values.items()), detail=detail)
