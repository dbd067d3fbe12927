"""What open pages of learners ask for: the status of a room, as a plain view that needs no session.

A handler of the block costs the platform about three times as much (measured in a running LMS), and it needs cookies,
which a frame in another learning platform does not have. So learners' cards ask here, with the page token in a header
and without credentials; the course team's cards, which show names, ask the block.
"""

from django.http import HttpRequest, JsonResponse
from django.utils import translation
from django.views.decorators.http import require_GET

from bbb_xblock import answers, config, words
from bbb_xblock.domain import meetings, tickets
from bbb_xblock.domain.errors import Refusal

PAGE_TOKEN_HEADER = "X-BBB-Page-Token"  # noqa: S105 - the name of a header, not a token


@require_GET
def status(request: HttpRequest) -> JsonResponse:
    """Tell a learner's page what the room is like now, in words, and when to ask again.

    The language is that of ``Accept-Language``, which the page's script sets to the page's own.
    """
    page_seconds = config.for_course("", "").knobs.page_seconds
    try:
        visit = tickets.visit_of_page(request.headers.get(PAGE_TOKEN_HEADER, ""), max_age=page_seconds)
        room = meetings.status(visit)
    except Refusal as refusal:
        body = answers.refusal_body(refusal.code, words.refusal(refusal.code, translation))
        return JsonResponse(body, status=answers.STATUSES[refusal.code], headers=answers.PRIVATE_HEADERS)
    return JsonResponse(words.status(room, translation).as_dict(), headers=answers.PRIVATE_HEADERS)
