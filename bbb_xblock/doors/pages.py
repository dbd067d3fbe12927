"""What browsers ask for without a session: the status of a room, the way in and out with a portable ticket.

A handler of the block costs the platform several times as much (28 ms and 6 ms in a running LMS), and it needs cookies,
which a frame in another learning platform does not have, and the browser that a phone app opens neither. So learners'
cards ask here, with the page token in a header and without credentials; the course team's cards, which show names, ask
the block. What comes here is proven by our own signature alone, so there is nothing for CSRF protection to protect.
"""

from dataclasses import replace
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils import timezone, translation
from django.views.decorators.http import require_GET

from bbb_xblock import config, tasks, words
from bbb_xblock.domain import addresses, happenings, meetings, rooms, rules, tickets
from bbb_xblock.domain.data import CalendarTicket, Placement, PlayTicket, PortableTicket, Question, RoomStatus, Visit
from bbb_xblock.domain.errors import Code, Refusal
from bbb_xblock.domain.tickets.page import Page
from bbb_xblock.doors import answers, invitation, name_page, rendering
from bbb_xblock.edx import bearers, courses, files, users
from bbb_xblock.fields import authored_options
from bbb_xblock.knobs import Knobs
from bbb_xblock.words import PageWords, schedule

PAGE_TOKEN_HEADER = "X-BBB-Page-Token"  # noqa: S105 - the name of a header, not a token

# A page asks again while the ticket it was given is still good.
LONGEST_PORTABLE_PAUSE = tickets.portable.LIFE_SECONDS // 2


# The platform's requests may be transactions (Tutor sets ATOMIC_REQUESTS). In one, what a page writes before it asks
# BigBlueButton would stay locked until the answer is there, and all other pages would wait for it.
@transaction.non_atomic_requests
@answers.private
@require_GET
def status(request: HttpRequest) -> HttpResponse:
    """Tell a learner's page what the room is like now, in words, and when to ask again.

    The language is that of ``Accept-Language``, which the page's script sets to the page's own.
    """
    try:
        page = looking(request.headers.get(PAGE_TOKEN_HEADER, ""))
        room = meetings.status(page.visit)
    except Refusal as refusal:
        return _json_refusal(refusal.code)
    if room.look_again:
        tasks.queue_look_again(room.look_again)
    said = words.status(room, translation).as_dict()
    return JsonResponse(status_body(page.visit, room, said, needs_portable=page.needs_portable))


def looking(token: str) -> Page:
    """Give what a page token says, if it is young enough for its course. Raises :class:`Refusal`."""
    page = tickets.page.read(token)
    tickets.check_age(page.issued_at, _knobs(page.visit.placement).page_seconds)
    return page


def status_body(visit: Visit, room: RoomStatus, said: dict[str, Any], *, needs_portable: bool) -> dict[str, Any]:
    """Give the body of an answer: the words, and for a page whose links open without a session fresh addresses."""
    if not needs_portable:
        return said
    fresh = _ways_without_session(visit, room)
    if not fresh:
        return said
    return said | fresh | {"next_seconds": min(room.next_seconds or LONGEST_PORTABLE_PAUSE, LONGEST_PORTABLE_PAUSE)}


def _ways_without_session(visit: Visit, room: RoomStatus) -> dict[str, str]:
    """Give addresses that work without a session, for a while: the way into the room, and to its recordings."""
    ways: dict[str, str] = {}
    # A page token knows a participant, whoever it was made for, and so do the tickets.
    if room.can_join and addresses.mounted_path("join"):
        path = _join_path(tickets.portable.issue(visit))
        ways |= {"join_url": path, "rename_url": f"{path}&name=again"}
    if room.shelf and addresses.mounted_path("play"):
        ways["play_url"] = f"{addresses.mounted_path('play')}?{urlencode({'ticket': tickets.playing.issue(visit)})}"
    return ways


@transaction.non_atomic_requests
@answers.private
@require_GET
def join(request: HttpRequest) -> HttpResponse:
    """Let in somebody who shows a portable ticket: 302 to the room for a link, JSON ``{"url": …}`` for a script.

    People who have no name are asked for one first, and again with ``&name=again``.
    """
    if answers.is_guess(request.headers):
        # A browser that guesses must not use up what its owner may click.
        return HttpResponse(status=HTTPStatus.SERVICE_UNAVAILABLE)
    is_script = answers.wants_json(request)
    usage_key = ""
    try:
        ticket = tickets.portable.read(request.GET.get("ticket", ""))
        usage_key = ticket.usage_key
        visit = _at_the_door(ticket)
    except Refusal as refusal:
        happenings.refused(refusal.code, usage_key)
        return _json_refusal(refusal.code) if is_script else _page_refusal(refusal.code)
    again = request.GET.get("name") == "again"
    try:
        url = meetings.join(visit, ask_name_again=again)
    except Refusal as refusal:
        if refusal.code is Code.NAME_WANTED and not is_script:
            return _ask_for_name(ticket, visit.placement, again=again)
        happenings.refused(refusal.code, usage_key)
        return _json_refusal(refusal.code) if is_script else _page_refusal(refusal.code, visit, ticket)
    return JsonResponse({"url": url.reveal()}) if is_script else HttpResponseRedirect(url.reveal())


@transaction.non_atomic_requests
@answers.private
@require_GET
def left(request: HttpRequest, token: str = "") -> HttpResponse:
    """Receive people who came with a portable ticket, after leaving or with ``?errors=[…]``, as ``block.back`` does.

    Nobody is let in again from here: they click once more, on the page that they came from.
    """
    errors = request.GET.get("errors", "")
    try:
        if token:
            meetings.come_back_without_session(tickets.portable.read_way_back(token), errors)
        else:
            rules.check_return(errors)
    except Refusal as refusal:
        said = words.refusal(refusal.code, translation)
    else:
        said = words.left(translation)
    return HttpResponse(rendering.message(said, rendering.plain_frame(), translation))


@transaction.non_atomic_requests
@answers.private
@require_GET
def calendar(request: HttpRequest, ticket: str) -> HttpResponse:
    """Give a session's time for the calendar of somebody whose card shows it: now, and for as long as they may."""
    try:
        shown = tickets.calendar.read(ticket)
        tickets.check_age(shown.issued_at, _knobs(courses.placement_at(shown.usage_key)).page_seconds)
        visit = visit_of(shown)
        rules.check_person(visit.person, visit.access)
        if not schedule.is_ahead(visit.options, timezone.now()):
            raise Refusal(Code.NOT_SCHEDULED)
    except Refusal as refusal:
        return _page_refusal(refusal.code)
    file = invitation.ics(
        visit.options,
        uid=rooms.meeting_id(visit.placement),
        unit_url=courses.unit_url(visit.placement),
        i18n=translation,
    )
    headers = {"Content-Disposition": 'attachment; filename="session.ics"'}
    return HttpResponse(file, content_type="text/calendar; charset=utf-8", headers=headers)


def _ask_for_name(ticket: PortableTicket, placement: Placement, *, again: bool) -> HttpResponse:
    """Show the question for a name, or go on at once with a name from another course; ``again`` to change it."""
    path = _join_path(tickets.portable.prolong(ticket))
    question = Question(user_id=ticket.user_id, placement=placement, path=path, ticket_id=ticket.id)
    try:
        page = name_page.ask(question, again=again)
    except Refusal as refusal:
        return _page_refusal(refusal.code)
    return HttpResponse(page, status=answers.STATUSES[Code.NAME_WANTED]) if page else HttpResponseRedirect(path)


def _join_path(ticket: str) -> str:
    return f"{addresses.mounted_path('join')}?{urlencode({'ticket': ticket})}"


def visit_of(ticket: PortableTicket | CalendarTicket | PlayTicket) -> Visit:
    """Say who shows a ticket at which session; the platform is asked afresh. Raises :class:`Refusal`."""
    bearer = bearers.bearer_of(ticket)
    options = meetings.options_of(bearer.placement, authored_options(bearer.block))
    person = users.with_forum_role(bearer.person, bearer.placement, options)
    return Visit(person=person, access=bearer.access, placement=bearer.placement, options=options)


def _at_the_door(ticket: PortableTicket) -> Visit:
    """Give the visit of somebody who wants to come in. Raises :class:`Refusal`."""
    return replace(
        visit_of(ticket),
        back_url=addresses.lms_address("left"),
        own_back_url=addresses.lms_address("left", tickets.portable.issue_way_back(ticket)),
        language=translation.get_language() or "",
        can_be_asked=True,
        ticket=ticket,
        open_file=files.open_file,
    )


def _knobs(placement: Placement) -> Knobs:
    return config.for_course(placement.course_key).knobs


def json_refusal(code: Code, said: PageWords) -> JsonResponse:
    """Refuse a script."""
    return JsonResponse(answers.refusal_body(code, said), status=answers.STATUSES[code])


def _json_refusal(code: Code) -> JsonResponse:
    return json_refusal(code, words.refusal(code, translation))


def _page_refusal(code: Code, visit: Visit | None = None, ticket: PortableTicket | None = None) -> HttpResponse:
    """Show why somebody is not let in. A page that tries again goes on with the same ticket, for longer."""
    title = visit.options.title if visit else ""
    again_url = _join_path(tickets.portable.prolong(ticket)) if ticket else ""
    frame = rendering.plain_frame(title, again_url=again_url)
    if visit:
        frame = rendering.with_plan_b(frame, visit.options, code)
    html = rendering.message(words.refusal(code, translation), frame, translation, code)
    return HttpResponse(html, status=answers.STATUSES[code])
