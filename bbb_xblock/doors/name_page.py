"""The page that asks people without a name how they want to be called, and the plain view that takes the answer.

The page is shown when such a person clicks Join. The answer comes here with a signed ticket which says who was
asked; so it needs neither session nor cookies, which a tab opened from another learning platform may not have.
"""

from http import HTTPStatus

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_variables

from bbb_xblock import words
from bbb_xblock.domain import addresses, names, naming, rooms, tickets
from bbb_xblock.domain.data import Question
from bbb_xblock.domain.errors import Code, Refusal
from bbb_xblock.domain.tables import needs_tables
from bbb_xblock.doors import answers, bodies, rendering
from bbb_xblock.edx import courses, users
from bbb_xblock.options.texts import clean_line

LONGEST_FORM = 20_000


@needs_tables
def ask(question: Question, *, again: bool = False) -> str:
    """Give the page that asks. Raises :class:`Refusal` if the database cannot be asked.

    It is empty, and there is nothing to ask, if the person has chosen a name in another course which is right here
    too; unless the person wants to be asked ``again``.
    """
    brought = names.last_of(question.user_id)
    if again or not brought:
        return _form(question, tickets.question.issue(question), brought)
    try:
        _keep(question, brought)
    except Refusal as refusal:
        if refusal.code is Code.OUT_OF_ORDER:
            raise
        return _form(question, tickets.question.issue(question), brought, refusal.code)
    return ""


# No CSRF token: it needs a cookie. The signed ticket in the form is a better proof that we showed the form to this
# person, because nobody else was ever given it.
@csrf_exempt
@transaction.non_atomic_requests
@answers.private
@sensitive_variables()
def name(request: HttpRequest) -> HttpResponse:
    """Take the answer, then send the person on to where the ticket says; or ask again and say what is wrong."""
    try:
        form = _posted(request)
        ticket, text = form.get("ticket", ""), form.get("name", "")
        question = tickets.question.read(ticket)
    except Refusal as refusal:
        return _refused(refusal.code)
    try:
        _check_still_asked(question)
    except Refusal as refusal:
        return _refused(refusal.code, _way_back(question))
    try:
        _keep(question, text)
    except Refusal as refusal:
        if refusal.code is Code.OUT_OF_ORDER:
            return _refused(refusal.code, _way_back(question))
        page = _form(question, ticket, clean_line(text, 2 * naming.NAME_LENGTHS[1]), refusal.code)
        return HttpResponse(page, status=answers.STATUSES[refusal.code])
    # 303: the browser goes on with GET, and a reload does not send the form again.
    return HttpResponse(status=HTTPStatus.SEE_OTHER, headers={"Location": question.path})


@sensitive_variables()
def _posted(request: HttpRequest) -> dict[str, str]:
    """Read the small form. Raises :class:`Refusal` (``method_not_allowed``, ``bad_request``).

    It is sent as plain text, one ``name=value`` per line (HTML standard, text/plain form data): the platform writes
    ordinary forms into its tracking log (edx-platform common/djangoapps/track/middleware.py), and here is a name.
    """
    if request.method != "POST":
        raise Refusal(Code.METHOD_NOT_ALLOWED)
    # Django reads no more than was announced.
    length = bodies.announced_length(request)
    if length is None or length > LONGEST_FORM or request.content_type != "text/plain":
        raise Refusal(Code.BAD_REQUEST)
    try:
        lines = request.body.decode().splitlines()
    except UnicodeDecodeError:
        raise Refusal(Code.BAD_REQUEST) from None
    return {key: value for key, _, value in (line.partition("=") for line in lines)}


@needs_tables
def _check_still_asked(question: Question) -> None:
    """Raise :class:`Refusal` if the account was closed since, or somebody came in with the ticket."""
    if not users.is_open(question.user_id):
        raise Refusal(Code.NOT_SIGNED_IN)
    if question.ticket_id:
        rooms.check_unused(question.ticket_id)


@needs_tables
@sensitive_variables()
def _keep(question: Question, text: str) -> None:
    names.choose(question, text, courses.team_names(question.placement, besides=question.user_id))


def _form(question: Question, ticket: str, typed: str = "", problem: Code | None = None) -> str:
    return rendering.render(
        "name.html",
        translation,
        action=addresses.mounted_path("name"),
        ticket=ticket,
        typed=typed,
        longest=naming.NAME_LENGTHS[1],
        problem=words.refusal(problem, translation) if problem else None,
        unit_url=_way_back(question),
        css_urls=rendering.plain_styles("css/fields.css", "css/name.css"),
    )


def _way_back(question: Question) -> str:
    """Give the address of the unit, unless the person came with a portable ticket and has no session there."""
    return "" if question.ticket_id else courses.unit_url(question.placement)


def _refused(code: Code, unit_url: str = "") -> HttpResponse:
    page = rendering.message(words.refusal(code, translation), rendering.plain_frame(unit_url=unit_url), translation)
    response = HttpResponse(page, status=answers.STATUSES[code])
    if code is Code.METHOD_NOT_ALLOWED:
        response.headers["Allow"] = "POST"
    return response
