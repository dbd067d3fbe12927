"""Which server a room uses: the one where its meeting lives, else the best of the course's pool."""

import logging
from datetime import timedelta

from django.utils import timezone

from bbb_xblock import config
from bbb_xblock.bbb import BBBError, Client, Endpoint
from bbb_xblock.config import CourseConfig, NotConfigured, ServerState
from bbb_xblock.domain import happenings, rules
from bbb_xblock.domain.errors import Code, Refusal
from bbb_xblock.models import LONGEST_FAILURE, Server

log = logging.getLogger(__name__)


def check_id(course: CourseConfig) -> str:
    """Give the id of the start-up check that explains why no server can be used; empty if one can."""
    try:
        usable(course)
    except NotConfigured as problem:
        return problem.check_id
    return ""


def usable(course: CourseConfig) -> dict[str, Endpoint]:
    """Give the usable servers of a course. Raises ``NotConfigured`` with the first finding if there is none."""
    if not course.knobs.enabled:
        raise NotConfigured("W004", "Live sessions are switched off for this course.", "Set ENABLED to True.")
    if not course.servers:
        raise NotConfigured("W001", "No server is chosen for this course.", "Set SERVER.")
    pool, problems = {}, []
    for slug in course.servers:
        try:
            endpoint = config.endpoint(slug, course.knobs)
        except NotConfigured as problem:
            problems.append(problem)
            continue
        if config.server_state(slug) is ServerState.ACTIVE:
            pool[slug] = endpoint
    if pool:
        return pool
    if problems:
        raise problems[0]
    raise NotConfigured("W005", "No server of this course takes new meetings.", "Set the STATE of one to active.")


def for_new_meetings(course: CourseConfig, room_id: str) -> list[Client]:
    """Give the servers on which the room may be made, best first.

    A room always prefers the same server, and more rooms prefer a server with more ``CAPACITY``; one that failed in
    the last ``REST_SECONDS`` comes last. Raises :class:`Refusal` (``not_configured``) if there is none.
    """
    try:
        pool = usable(course)
    except NotConfigured as problem:
        log.warning("a session is not configured (%s): %s", problem.check_id, problem)
        pool = {}
    if not pool:
        raise Refusal(Code.NOT_CONFIGURED)
    order = rules.order_servers({slug: config.capacity(slug) for slug in pool}, room_id)
    resting = _resting(order, course.knobs.rest_seconds)
    return [_client(pool[slug], course) for slug in sorted(order, key=resting.__contains__)]


def of_meeting(slug: str, course: CourseConfig) -> Client:
    """Give the server where a meeting lives; a draining one is asked as well.

    Raises :class:`Refusal` (``not_configured``) if it is switched off or gone from the settings, or sessions are
    switched off for the course: the meeting is then out of reach.
    """
    if course.knobs.enabled and config.server_state(slug) is not ServerState.OFF:
        try:
            return for_operators(slug, course)
        except NotConfigured as problem:
            log.warning("the server of a meeting is not configured (%s): %s", problem.check_id, problem)
    raise Refusal(Code.NOT_CONFIGURED)


def of_recordings(slug: str, course_key: str = "") -> Client:
    """Give a server that has recordings, for new meetings or not, and whatever is switched off for courses.

    ``course_key`` is the course for whose sake it is asked, empty for none. Raises :class:`Refusal`
    (``not_configured``) if the server is switched off, or gone from the settings.
    """
    if config.server_state(slug) is not ServerState.OFF:
        try:
            endpoint = config.endpoint(slug, config.for_site().knobs)
            return Client(endpoint, watch=happenings.watching(course_key))
        except NotConfigured as problem:
            log.warning("the server of a recording is not configured (%s): %s", problem.check_id, problem)
    raise Refusal(Code.NOT_CONFIGURED)


def for_operators(slug: str, course: CourseConfig) -> Client:
    """Give a server whatever its state is, and whatever is switched off. Raises ``NotConfigured``."""
    return _client(config.endpoint(slug, course.knobs), course)


def failed(slug: str, error: BBBError) -> None:
    """Remember that a server did not answer, so that it is tried last for a while, and operators see why."""
    told = {"failed_at": timezone.now(), "failure": str(error)[:LONGEST_FAILURE]}
    Server.objects.update_or_create(slug=slug, defaults=told)


def _client(endpoint: Endpoint, course: CourseConfig) -> Client:
    return Client(endpoint, watch=happenings.watching(course.course_key))


def _resting(slugs: list[str], seconds: int) -> frozenset[str]:
    now, rest = timezone.now(), timedelta(seconds=seconds)
    # What failed later than now, failed by a clock that is wrong.
    failed = Server.objects.filter(slug__in=slugs, failed_at__gt=now - rest, failed_at__lt=now + rest)
    return frozenset(failed.values_list("slug", flat=True))
