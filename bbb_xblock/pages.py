"""What browsers ask for without a session: the status of a room, the way in and out with a portable ticket.

A handler of the block costs the platform about three times as much (measured in a running LMS), and it needs cookies,
which a frame in another learning platform does not have, and the browser that a phone app opens neither. So learners'
cards ask here, with the page token in a header and without credentials; the course team's cards, which show names, ask
the block. What comes here is proven by our own signature alone, so there is nothing for CSRF protection to protect.
"""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils import timezone, translation
from django.views.decorators.http import require_GET

from bbb_xblock import answers, config, invitation, name_page, rendering, schedule, words
from bbb_xblock.choices import Leaders
from bbb_xblock.domain import happenings, meetings, names, rooms, rules, tickets
from bbb_xblock.domain.data import Placement, PortableTicket, Question, RoomStatus, Visit
from bbb_xblock.domain.errors import Code, Refusal
from bbb_xblock.edx import bearers, courses, users
from bbb_xblock.fields import authored_options

PAGE_TOKEN_HEADER = "X-BBB-Page-Token"  # noqa: S105 - the name of a header, not a token

# A page asks again while the ticket it was given is still good.
LONGEST_PORTABLE_PAUSE = tickets.PORTABLE_SECONDS // 2


@require_GET
def status(request: HttpRequest) -> JsonResponse:
    """Tell a learner's page what the room is like now, in words, and when to ask again.

    The language is that of ``Accept-Language``, which the page's script sets to the page's own.
    """
    try:
        page = tickets.read_page_token(request.headers.get(PAGE_TOKEN_HEADER, ""), max_age=_page_seconds())
        room = meetings.status(page.visit)
    except Refusal as refusal:
        return _json_refusal(refusal.code)
    said = words.status(room, translation).as_dict()
    body = status_body(page.visit, room, said, is_portable=page.is_portable)
    return JsonResponse(body, headers=answers.PRIVATE_HEADERS)


def status_body(visit: Visit, room: RoomStatus, said: dict[str, Any], *, is_portable: bool) -> dict[str, Any]:
    """Give the body of an answer: the words, and for a page whose links open without a session a fresh way in."""
    if not (is_portable and room.can_join and visit.person and courses.app_path("join")):
        return said
    # The page token knows a participant, whoever it was made for, and so does the ticket.
    path = _join_path(tickets.issue_portable(visit.person, visit.placement))
    return said | {"join_url": path, "next_seconds": min(room.next_seconds, LONGEST_PORTABLE_PAUSE)}


@require_GET
def join(request: HttpRequest) -> HttpResponse:
    """Let in somebody who shows a portable ticket: 302 to the room for a link, JSON ``{"url": …}`` for a script."""
    is_script = request.headers.get("Accept", "").startswith("application/json")
    usage_key = ""
    try:
        ticket = tickets.read_portable(request.GET.get("ticket", ""))
        usage_key = ticket.usage_key
        visit = _bearers_visit(ticket)
    except Refusal as refusal:
        happenings.refused(refusal.code, usage_key)
        return _json_refusal(refusal.code) if is_script else _page_refusal(refusal.code)
    policy = config.for_course(visit.placement.course_key, visit.placement.org).knobs.name_policy
    if request.GET.get("name") == "again" and names.chosen_by(visit, policy):
        return _ask_for_name(ticket, visit.placement, again=True)
    try:
        url = meetings.join(visit)
    except Refusal as refusal:
        if refusal.code is Code.NAME_WANTED and not is_script:
            return _ask_for_name(ticket, visit.placement)
        happenings.refused(refusal.code, usage_key)
        if is_script:
            return _json_refusal(refusal.code)
        return _page_refusal(refusal.code, meetings.options_of(visit.placement, visit.authored).title)
    if is_script:
        return JsonResponse({"url": url.reveal()}, headers=answers.PRIVATE_HEADERS)
    return HttpResponseRedirect(url.reveal(), headers=answers.PRIVATE_HEADERS)


@require_GET
def left(request: HttpRequest, token: str) -> HttpResponse:
    """Receive people who came with a portable ticket, after leaving or with ``?errors=[…]``, as ``block.back`` does.

    Nobody is let in again from here: they click once more, on the page that they came from.
    """
    try:
        visit = tickets.read_way_back(token, max_age=_page_seconds())
        meetings.come_back(visit, request.GET.get("errors", ""), may_go_in=False)
    except Refusal as refusal:
        said = words.refusal(refusal.code, translation)
    else:
        said = words.left(translation)
    return _page(said)


@require_GET
def calendar(request: HttpRequest, ticket: str) -> HttpResponse:
    """Give a session's time for the calendar of somebody whose card shows it: now, and for as long as they may."""
    try:
        bearer = bearers.bearer_of(tickets.read_calendar(ticket, max_age=_page_seconds()))
        rules.check_person(bearer.person, bearer.access)
        options = meetings.options_of(bearer.placement, authored_options(bearer.block))
        if not schedule.is_ahead(options, timezone.now()):
            raise Refusal(Code.NOT_SCHEDULED)
    except Refusal as refusal:
        return _page_refusal(refusal.code)
    file = invitation.ics(
        options, uid=rooms.meeting_id(bearer.placement), unit_url=courses.unit_url(bearer.placement), i18n=translation
    )
    headers = {**answers.PRIVATE_HEADERS, "Content-Disposition": 'attachment; filename="session.ics"'}
    return HttpResponse(file, content_type="text/calendar; charset=utf-8", headers=headers)


def _ask_for_name(ticket: PortableTicket, placement: Placement, *, again: bool = False) -> HttpResponse:
    """Show the question for a name, or go on at once with a name from another course; ``again`` to change it."""
    path = _join_path(tickets.prolong_portable(ticket))
    try:
        page = name_page.ask(Question(user_id=ticket.user_id, placement=placement, path=path), again=again)
    except Refusal as refusal:
        return _page_refusal(refusal.code)
    if not page:
        return HttpResponseRedirect(path, headers=answers.PRIVATE_HEADERS)
    return HttpResponse(page, status=answers.STATUSES[Code.NAME_WANTED], headers=answers.PRIVATE_HEADERS)


def _join_path(ticket: str) -> str:
    return f"{courses.app_path('join')}?{urlencode({'ticket': ticket})}"


def _bearers_visit(ticket: PortableTicket) -> Visit:
    bearer = bearers.bearer_of(ticket)
    person, authored = bearer.person, authored_options(bearer.block)
    if meetings.options_of(bearer.placement, authored).who_leads is Leaders.FORUM_MODERATORS:
        person = users.with_forum_role(person, bearer.placement)
    way_back = courses.app_path("left", tickets.issue_way_back(bearer.person, bearer.placement))
    return Visit(
        person=person,
        access=bearer.access,
        placement=bearer.placement,
        authored=authored,
        back_url=courses.lms_url(way_back),
        language=translation.get_language() or "",
        can_be_asked=True,
        ticket=ticket,
    )


def _page_seconds() -> int:
    return config.for_course("", "").knobs.page_seconds


def _json_refusal(code: Code) -> JsonResponse:
    body = answers.refusal_body(code, words.refusal(code, translation))
    return JsonResponse(body, status=answers.STATUSES[code], headers=answers.PRIVATE_HEADERS)


def _page_refusal(code: Code, title: str = "") -> HttpResponse:
    html = rendering.message(words.refusal(code, translation), rendering.plain_frame(title), translation, code)
    return HttpResponse(html, status=answers.STATUSES[code], headers=answers.PRIVATE_HEADERS)


def _page(said: words.PageWords) -> HttpResponse:
    html = rendering.message(said, rendering.plain_frame(), translation)
    return HttpResponse(html, headers=answers.PRIVATE_HEADERS)
