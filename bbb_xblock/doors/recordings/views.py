"""What browsers ask of recordings without a session: the list for learners' pages, and the way to a recording.

As in ``pages``: what comes here is proven by our own signature alone.
"""

from dataclasses import replace
from http import HTTPStatus
from urllib.parse import urlencode

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils import translation
from django.views.decorators.http import require_GET

from bbb_xblock.domain import addresses, tickets
from bbb_xblock.domain.data import PlayTicket, Visit
from bbb_xblock.domain.errors import Refusal
from bbb_xblock.domain.recordings import playing
from bbb_xblock.doors import answers, rendering
from bbb_xblock.doors.pages import PAGE_TOKEN_HEADER, json_refusal, looking, visit_of
from bbb_xblock.doors.recordings import shelves
from bbb_xblock.edx import courses
from bbb_xblock.words import recordings as words_of_recordings


@transaction.non_atomic_requests
@answers.private
@require_GET
def recordings(request: HttpRequest) -> HttpResponse:
    """Give a learner's page a page of the list of recordings, as HTML, in the language of ``Accept-Language``.

    A list is fetched when it has changed or somebody turns its pages, not with every question: so it is asked anew
    whether this person is in the course.
    """
    try:
        page = looking(request.headers.get(PAGE_TOKEN_HEADER, ""))
        courses.check_still_in(page.visit)
        search, number = request.GET.get("search", ""), request.GET.get("page", "")
        found = shelves.of_script(page.visit, translation, search=search, page=number)
    except Refusal as refusal:
        return json_refusal(refusal.code, words_of_recordings.refusal(refusal.code, translation))
    return HttpResponse(found)


@transaction.non_atomic_requests
@answers.private
@require_GET
def play(request: HttpRequest) -> HttpResponse:
    """Open a recording for somebody who shows a play ticket, as ``block.play`` does for those with a session."""
    if answers.is_guess(request.headers):
        return HttpResponse(status=HTTPStatus.SERVICE_UNAVAILABLE)
    is_script = answers.wants_json(request)
    number, kind = request.GET.get("recording", ""), request.GET.get("format", "")
    try:
        ticket = tickets.playing.read(request.GET.get("ticket", ""))
        visit = visit_of(ticket)
        if not kind:
            return HttpResponse(_player(visit, number, ticket))
        url = playing.address(visit, number, kind)
    except Refusal as refusal:
        said = words_of_recordings.refusal(refusal.code, translation)
        if is_script:
            return json_refusal(refusal.code, said)
        html = rendering.message(said, rendering.plain_frame(), translation, refusal.code)
        return HttpResponse(html, status=answers.STATUSES[refusal.code])
    return JsonResponse({"url": url.reveal()}) if is_script else HttpResponseRedirect(url.reveal())


def _player(visit: Visit, number: str, ticket: PlayTicket) -> str:
    """Write the page on which somebody chooses a format; its links are good for longer."""
    frame = replace(
        rendering.plain_frame(visit.options.title),
        css_urls=rendering.plain_styles(*shelves.PLAYER_STYLES),
        js_urls=rendering.plain_addresses(*shelves.PLAYER_SCRIPTS),
    )
    again = f"{addresses.mounted_path('play')}?{urlencode({'ticket': tickets.playing.prolong(ticket)})}"
    return shelves.player(visit, number, frame, translation, again)
