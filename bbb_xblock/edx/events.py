"""The platform's own records: its tracking log, and what its monitoring knows of a request.

Sources: event-tracking eventtracking/tracker.py (``emit``, ``get_tracker().context``), edx-django-utils
edx_django_utils/monitoring (``set_custom_attribute``). Where a package is not there, nothing is recorded.
"""

from typing import Any

from opaque_keys import InvalidKeyError
from opaque_keys.edx.keys import CourseKey

from bbb_xblock.bbb import CallReport
from bbb_xblock.domain.happenings import Happening, Kind, call_over, happened

EVENT = "edx.bbb_xblock.{}.{}"
# What is about something else than the session says so in front.
_ABOUT = ("recording", "attendance")


def listen() -> None:
    """Record from now on what happens in this process."""
    happened.connect(track, dispatch_uid="bbb_xblock.edx.events.track")
    happened.connect(mark_request, dispatch_uid="bbb_xblock.edx.events.mark_request")
    call_over.connect(mark_call, dispatch_uid="bbb_xblock.edx.events.mark_call")


def track(sender: object, *, happening: Happening, **details: object) -> None:
    """Emit a tracking event. It holds keys and ids; the platform adds whose request it is."""
    try:
        from eventtracking.tracker import get_tracker

        tracker = get_tracker()
    except (ImportError, KeyError):
        # KeyError: the package is there, and nothing is set up to keep events.
        return
    name = event_name(happening.kind)
    # A portable ticket's request has no session, and a worker no request: the platform cannot know course and user.
    with tracker.context(name, _context(happening)):
        tracker.emit(name, _payload(happening))


def event_name(kind: Kind) -> str:
    """Name an event as the platform names its own: whose it is, what it is about, what happened."""
    about, _, what = kind.value.partition("_")
    return EVENT.format(about, what) if about in _ABOUT else EVENT.format("session", kind.value)


def mark_request(sender: object, *, happening: Happening, **details: object) -> None:
    """Tell the platform's monitoring what this request led to."""
    _mark(happened=happening.kind.value, code=happening.code)


def mark_call(sender: object, *, report: CallReport, **details: object) -> None:
    """Tell the platform's monitoring of a call; of several in one request it keeps the last."""
    _mark(call=report.call, server=report.server, result=report.result, ms=round(report.seconds * 1000))


def _payload(happening: Happening) -> dict[str, Any]:
    known: dict[str, Any] = {
        "course_id": happening.course_key,
        "usage_key": happening.usage_key,
        "meeting": happening.meeting,
        "server": happening.server,
        "role": happening.role,
        "code": happening.code,
        "people": happening.people,
    }
    return {name: value for name, value in known.items() if value}


def _context(happening: Happening) -> dict[str, Any]:
    context: dict[str, Any] = {"user_id": happening.user_id} if happening.user_id else {}
    try:
        course_key = CourseKey.from_string(happening.course_key)
    except InvalidKeyError:
        return context
    return context | {"course_id": happening.course_key, "org_id": course_key.org or ""}


def _mark(**attributes: object) -> None:
    try:
        from edx_django_utils.monitoring import set_custom_attribute
    except ImportError:
        return
    for name, value in attributes.items():
        if value != "":
            set_custom_attribute(f"bbb_xblock.{name}", value)
