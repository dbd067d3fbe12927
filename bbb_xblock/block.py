"""The XBlock: its views and handlers. It translates in, makes one domain call, and translates out."""

import logging
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django.db import Error as DatabaseTrouble
from django.utils import translation
from web_fragments.fragment import Fragment
from webob import Request, Response
from xblock.core import XBlock

from bbb_xblock import answers, config, name_page, pages, words
from bbb_xblock.base import json_object
from bbb_xblock.choices import Leaders
from bbb_xblock.domain import happenings, meetings, names, rules, tickets
from bbb_xblock.domain.data import Person, Placement, Question, RoomState, RoomStatus, Visit
from bbb_xblock.domain.errors import Code, Refusal
from bbb_xblock.domain.tickets import Purpose
from bbb_xblock.edx import courses, users
from bbb_xblock.fields import authored_options
from bbb_xblock.options import OPTIONS, SessionOptions
from bbb_xblock.pages import PAGE_TOKEN_HEADER
from bbb_xblock.studio import StudioSide

# Options that tell about the session and say nothing about people or servers.
_FOR_EVERYBODY = ("title", "description", "kind", "opens_at", "closes_at")

log = logging.getLogger(__name__)


@XBlock.needs("i18n")
@XBlock.wants("user", "enrollments", "studio_user_permissions")
class BigBlueButtonXBlock(StudioSide):
    """A live session in a BigBlueButton room of its own."""

    public_dir = "static"
    icon_class = "video"
    # Nothing is written while a member of the course team views the course as one learner, and Join is refused then.
    show_in_read_only_mode = True

    # Views

    @XBlock.supports("multi_device")
    def student_view(self, context: dict[str, Any] | None = None) -> Fragment:
        """Show the room's state and the Join link. Makes no call to BigBlueButton and never raises."""
        try:
            visit = self._visit()
            room = meetings.look(visit)
            if visit.person is None or room.state in (RoomState.REFUSED, RoomState.NOT_CONFIGURED):
                return self._card(room)
            options = meetings.options_of(visit.placement, visit.authored)
            if room.state is RoomState.RECORDINGS_ONLY:
                return self._card(room, options=options)
            needs_portable = visit.access.is_visitor or bool((context or {}).get("is_mobile_app"))
            addresses = self._addresses(visit.person, visit.placement, options, is_portable=needs_portable)
            return self._card(room, options=options, **addresses, **self._rename(visit))
        except Refusal as refusal:
            return self._card(RoomStatus(state=RoomState.REFUSED, refusal=refusal.code))
        except DatabaseTrouble:
            log.exception("the database cannot be asked; the session is shown as out of order")
            return self._card(RoomStatus(state=RoomState.REFUSED, refusal=Code.OUT_OF_ORDER))

    def public_view(self, context: dict[str, Any] | None = None) -> Fragment:
        """Show anonymous visitors that there is a session, and nothing to click."""
        return self._card(RoomStatus(state=RoomState.REFUSED, refusal=Code.NOT_SIGNED_IN))

    # Handlers

    @XBlock.handler
    def join(self, request: Request, suffix: str = "") -> Response:
        """Let the person in: 302 to the room for a link, JSON ``{"url": …}`` for a script.

        GET with ``?ticket=``, or POST with JSON ``{"ticket": …}``. A refusal is a page or, for a script, JSON
        ``{"code": …, "title": …, "error": …}``. People who have no name are asked for one first, and again with
        ``&name=again``.
        """
        try:
            ticket = _ticket(request)
            visit = self._admitted(request, ticket, Purpose.JOIN)
            by_person = not answers.wants_json(request)
            if by_person and request.GET.get("name") == "again" and self._chosen_name(visit):
                return self._question(request, again=True)
            url = meetings.join(visit)
        except Refusal as refusal:
            if refusal.code is Code.NAME_WANTED and not answers.wants_json(request):
                return self._question(request)
            happenings.refused(refusal.code, str(self.scope_ids.usage_id))
            return self._refused(request, refusal.code)
        return answers.json({"url": url.reveal()}) if answers.wants_json(request) else answers.to_the_room(url)

    @XBlock.handler
    def status(self, request: Request, suffix: str = "") -> Response:
        """Tell an open page what the room is like now, in words. GET with the page token in a header."""
        try:
            if request.method != "GET":
                raise Refusal(Code.METHOD_NOT_ALLOWED)
            visit = self._admitted(request, request.headers.get(PAGE_TOKEN_HEADER, ""), Purpose.STATUS)
            room = meetings.status(visit)
        except Refusal as refusal:
            return answers.refusal(refusal.code, words.refusal(refusal.code, self._i18n()))
        told = pages.status_body(visit, room, self._words_of(room), is_portable="portable" in request.GET)
        return answers.json(told)

    @XBlock.handler
    def end(self, request: Request, suffix: str = "") -> Response:
        """End the session for everybody, for moderators. POST with JSON ``{"token": …}``; answers as ``status``."""
        try:
            if request.method != "POST":
                raise Refusal(Code.METHOD_NOT_ALLOWED)
            token = str(json_object(request).get("token") or "")
            room = meetings.end(self._admitted(request, token, Purpose.END))
        except Refusal as refusal:
            return answers.refusal(refusal.code, words.refusal(refusal.code, self._i18n()))
        return answers.json(self._words_of(room))

    @XBlock.handler
    def back(self, request: Request, suffix: str = "") -> Response:
        """Receive people whom BigBlueButton sends back, after leaving or with ``?errors=[…]``. GET only.

        If the meeting was gone when they arrived, they are sent into a fresh one, once.
        """
        try:
            if request.method != "GET":
                return self._refused(request, Code.METHOD_NOT_ALLOWED)
            # An image or a script of another page must not bring anybody into a room.
            by_person = request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate"
            way_in = meetings.come_back(self._visit(request), request.GET.get("errors", ""), may_go_in=by_person)
        except Refusal as refusal:
            return self._page(words.refusal(refusal.code, self._i18n()), HTTPStatus.OK)
        return answers.to_the_room(way_in) if way_in else self._page(words.left(self._i18n()), HTTPStatus.OK)

    # What other parts of the platform read

    def index_dictionary(self) -> dict[str, Any]:
        """Give what a search of the course finds: the title and the description, which everybody in it may read."""
        options = self._options()
        texts = {"display_name": options.title, "description": options.description}
        return {"content": texts, "content_type": OPTIONS["title"].default}

    def student_view_data(self, context: dict[str, Any] | None = None) -> dict[str, str]:
        """Give what phone apps may show in place of the card: the same for everybody, kept by the platform."""
        options = self._options()
        return {name: OPTIONS[name].kind.plain(getattr(options, name)) for name in _FOR_EVERYBODY}

    # Translate in

    def _visit(self, request: Request | None = None) -> Visit:
        """Say who is at the door of which room. Raises :class:`Refusal`."""
        placement, authored = courses.placement_of(self), authored_options(self)
        person = users.current_person(self, request)
        if person and meetings.options_of(placement, authored).who_leads is Leaders.FORUM_MODERATORS:
            person = users.with_forum_role(person, placement)
        access = courses.access_of(self, person, placement, request)
        return Visit(
            person=person,
            access=access,
            placement=placement,
            authored=authored,
            back_url=courses.lms_url(self.runtime.handler_url(self, "back")),
            language=translation.get_language() or "",
            can_be_asked=bool(courses.app_path("name")),
        )

    def _admitted(self, request: Request, ticket: str, purpose: Purpose) -> Visit:
        """Give the visit of somebody who shows a ticket of theirs. Raises :class:`Refusal`."""
        visit = self._visit(request)
        if visit.person is None:
            raise Refusal(Code.NOT_SIGNED_IN)
        knobs = config.for_course(visit.placement.course_key, visit.placement.org).knobs
        tickets.check(ticket, visit.person, visit.placement, purpose, max_age=knobs.page_seconds)
        return visit

    # Translate out

    def _words_of(self, room: RoomStatus) -> dict[str, Any]:
        if not room.people:
            return words.status(room, self._i18n()).as_dict()
        user_ids = [person.user_id for person in room.people if person.user_id is not None]
        known = users.names_of(user_ids, courses.placement_of(self))
        return words.status(room, self._i18n(), known).as_dict()

    def _join_url(self, person: Person, placement: Placement, **more: str) -> str:
        query = urlencode({"ticket": tickets.issue(person, placement, Purpose.JOIN), **more})
        return str(self.runtime.handler_url(self, "join", query=query))

    def _chosen_name(self, visit: Visit) -> str:
        knobs = config.for_course(visit.placement.course_key, visit.placement.org).knobs
        return names.chosen_by(visit, knobs.name_policy) if visit.can_be_asked else ""

    def _rename(self, visit: Visit) -> dict[str, str]:
        """Give what the card says to people who come in under a name of their choice."""
        chosen = self._chosen_name(visit)
        if visit.person is None or not chosen:
            return {}
        return {"chosen_name": chosen, "rename_url": self._join_url(visit.person, visit.placement, name="again")}

    def _addresses(
        self, person: Person, placement: Placement, options: SessionOptions, *, is_portable: bool
    ) -> dict[str, str]:
        """Give what the card's link and script need. Without scripts the link works with the session only."""
        addresses = {"join_url": self._join_url(person, placement)}
        status_ticket = tickets.issue(person, placement, Purpose.STATUS)
        portable_url = self.runtime.handler_url(self, "status", query="portable=1")
        page_url = courses.app_path("status")
        if not person.is_moderator and page_url:
            size = courses.class_size(placement)
            page_token = tickets.issue_page_token(person, placement, options, size, is_portable=is_portable)
            addresses |= {"status_url": page_url, "page_token": page_token, "credentials": "omit"}
            # The platform notices a phone app only where the operator taught it to; the script does so too.
            return addresses if is_portable else addresses | {"app_url": portable_url, "app_token": status_ticket}
        return addresses | {
            "status_url": portable_url if is_portable else self.runtime.handler_url(self, "status"),
            "page_token": status_ticket,
            "credentials": "same-origin",
            "end_url": self.runtime.handler_url(self, "end") if person.is_moderator else "",
            "end_token": tickets.issue(person, placement, Purpose.END) if person.is_moderator else "",
        }

    def _card(self, room: RoomStatus, **context: Any) -> Fragment:
        fragment = self._fragment("student.html", room=self._words_of(room), **context)
        fragment.add_javascript_url(self._resource("js/student.js"))
        fragment.initialize_js("BigBlueButtonXBlock")
        return fragment

    def _question(self, request: Request, *, again: bool = False) -> Response:
        """Ask somebody who may join for a name, and then come back to Join; at once if there is one after all."""
        try:
            visit = self._visit(request)
            person = rules.check_person(visit.person, visit.access)
            path = self._join_url(person, visit.placement)
            question = Question(user_id=person.user_id, placement=visit.placement, path=path)
            page = name_page.ask(question, again=again)
        except Refusal as refusal:
            return self._refused(request, refusal.code)
        return answers.page(page, answers.STATUSES[Code.NAME_WANTED]) if page else answers.go_on(path)


def _ticket(request: Request) -> str:
    """Read the ticket of a join: from the address of a link, from the JSON of a script."""
    if request.method == "GET":
        return str(request.GET.get("ticket", ""))
    if request.method != "POST":
        raise Refusal(Code.METHOD_NOT_ALLOWED)
    return str(json_object(request).get("ticket") or "")
