"""The XBlock: its views and handlers. It translates in, makes one domain call, and translates out."""

import logging
from functools import partial
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django.db import Error as DatabaseTrouble
from django.db import transaction
from django.utils import timezone
from web_fragments.fragment import Fragment
from webob import Request, Response
from xblock.core import XBlock

from bbb_xblock import tasks, words
from bbb_xblock.config import CourseConfig
from bbb_xblock.domain import addresses, happenings, meetings, names, rules, tickets
from bbb_xblock.domain.data import Question, RoomState, RoomStatus, Visit
from bbb_xblock.domain.errors import Code, Refusal
from bbb_xblock.domain.tickets.session import Purpose
from bbb_xblock.doors import answers, name_page, pages, rendering
from bbb_xblock.doors.bodies import check_method, json_object
from bbb_xblock.doors.pages import PAGE_TOKEN_HEADER
from bbb_xblock.edx import courses, users
from bbb_xblock.options import OPTIONS, SessionOptions
from bbb_xblock.sides.attending import AttendingSide
from bbb_xblock.sides.managing import ManagingSide
from bbb_xblock.sides.scored import ScoredSide
from bbb_xblock.sides.studio import StudioSide
from bbb_xblock.sides.watching import WatchingSide
from bbb_xblock.words import schedule

# Options that tell about the session and say nothing about people or servers.
_FOR_EVERYBODY = ("title", "description", "kind", "opens_at", "closes_at")

log = logging.getLogger(__name__)


@XBlock.needs("i18n")
@XBlock.wants("user", "enrollments", "studio_user_permissions")
class BigBlueButtonXBlock(ScoredSide, AttendingSide, ManagingSide, WatchingSide, StudioSide):
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
            course, options = self._course(), visit.options
            needs_portable = visit.access.is_visitor or bool((context or {}).get("is_mobile_app"))
            links = self._addresses(visit, needs_portable=needs_portable)
            links |= self._shelf(visit, room) | self._desk(visit, room)
            if room.state is RoomState.RECORDINGS_ONLY:
                return self._card(room, options=options, **links)
            notices = {
                "asks_consent": options.record and course.knobs.recording_notice,
                "tells_attendance": course.knobs.attendance_notice and not room.as_moderator,
            }
            ways_in = {
                "join_url": self._join_url(visit),
                **self._rename(visit, course),
                **self._end(visit),
                **self._attendance(visit, room),
            }
            times = self._times(visit, room, course) | self._to_come(visit, room, course)
            return self._card(room, options=options, **notices, **times, **links, **ways_in)
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
        by_script, again = answers.wants_json(request), request.GET.get("name") == "again"
        try:
            visit = self._admitted(request, _ticket(request), Purpose.JOIN)
        except Refusal as refusal:
            return self._not_let_in(request, refusal.code)
        try:
            url = meetings.join(visit, ask_name_again=again and not by_script)
        except Refusal as refusal:
            if refusal.code is Code.NAME_WANTED and not by_script:
                return self._question(request, visit, again=again)
            return self._not_let_in(request, refusal.code, visit)
        return answers.json({"url": url.reveal()}) if by_script else answers.to_bigbluebutton(url)

    @XBlock.handler
    def status(self, request: Request, suffix: str = "") -> Response:
        """Tell an open page what the room is like now, in words. GET with the page token in a header."""
        try:
            check_method(request, "GET")
            visit = self._admitted(request, request.headers.get(PAGE_TOKEN_HEADER, ""), Purpose.STATUS)
            room = meetings.status(visit)
            if room.look_again:
                transaction.on_commit(partial(tasks.queue_look_again, room.look_again))
            said = self._words_of(room)
        except Refusal as refusal:
            return answers.refusal(refusal.code, words.refusal(refusal.code, self._i18n()))
        return answers.json(pages.status_body(visit, room, said, needs_portable="portable" in request.GET))

    @XBlock.handler
    def end(self, request: Request, suffix: str = "") -> Response:
        """End the session for everybody, for moderators. POST with JSON ``{"token": …}``; answers as ``status``."""
        try:
            check_method(request, "POST")
            token = str(json_object(request).get("token") or "")
            said = self._words_of(meetings.end(self._admitted(request, token, Purpose.END)))
        except Refusal as refusal:
            return answers.refusal(refusal.code, words.refusal(refusal.code, self._i18n()))
        return answers.json(said)

    @XBlock.handler
    def back(self, request: Request, suffix: str = "") -> Response:
        """Receive people whom BigBlueButton sends back, after leaving or with ``?errors=[…]``. GET only.

        If the meeting was gone when they arrived, they are sent into a fresh one, once.
        """
        try:
            if request.method != "GET":
                return self._refused(request, Code.METHOD_NOT_ALLOWED)
            visit = self._visit(request)
            proven = self._is_proven(visit, request.GET.get("ticket", ""))
            way_in = meetings.come_back(visit, request.GET.get("errors", ""), proven=proven)
        except Refusal as refusal:
            return self._page(words.refusal(refusal.code, self._i18n()), HTTPStatus.OK)
        return answers.to_bigbluebutton(way_in) if way_in else self._page(words.left(self._i18n()), HTTPStatus.OK)

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

    def _is_proven(self, visit: Visit, ticket: str) -> bool:
        """Say whether BigBlueButton sent this person: only its address for them holds their ticket."""
        try:
            self._shown(visit, ticket, Purpose.BACK)
        except Refusal:
            return False
        return True

    # Translate out

    def _words_of(self, room: RoomStatus) -> dict[str, Any]:
        """Put a room's state into words. Raises :class:`Refusal` if there are people and their names cannot be read."""
        if not room.people:
            return words.status(room, self._i18n()).as_dict()
        user_ids = [person.user_id for person in room.people if person.user_id is not None]
        known = users.names_of(user_ids, courses.placement_of(self))
        return words.status(room, self._i18n(), known).as_dict()

    def _join_url(self, visit: Visit, **more: str) -> str:
        query = urlencode({"ticket": tickets.session.issue(visit, Purpose.JOIN), **more})
        return str(self.runtime.handler_url(self, "join", query=query))

    def _rename(self, visit: Visit, course: CourseConfig) -> dict[str, str]:
        """Give what the card says to people who come in under a name of their choice."""
        chosen = names.chosen_by(visit, course.knobs.name_policy) if visit.can_be_asked else ""
        if not chosen:
            return {}
        return {"chosen_name": chosen, "rename_url": self._join_url(visit, name="again")}

    def _times(self, visit: Visit, room: RoomStatus, course: CourseConfig) -> dict[str, Any]:
        """Give what the card says of times, and where a calendar gets them."""
        now = timezone.now()
        ticket = tickets.calendar.issue(visit) if schedule.is_ahead(visit.options, now) else ""
        return {
            "times": schedule.of(visit.options, course.zone, now, self._i18n(), leads=room.as_moderator),
            "calendar_url": addresses.mounted_path("calendar", ticket) if ticket else "",
        }

    def _addresses(self, visit: Visit, *, needs_portable: bool) -> dict[str, str]:
        """Give what the card's script needs. Without scripts its links work with the session only."""
        links = {"reader_zone": visit.person.time_zone if visit.person else ""}
        status_ticket = tickets.session.issue(visit, Purpose.STATUS)
        portable_url = self.runtime.handler_url(self, "status", query="portable=1")
        list_url = self.runtime.handler_url(self, "recordings")
        page_url = addresses.mounted_path("status")
        if page_url and not needs_portable:
            # The platform notices a phone app only where the operator taught it to; the script does so too.
            links |= {"app_url": portable_url, "app_token": status_ticket, "app_list_url": list_url}
        if page_url and not (visit.person is not None and visit.person.is_moderator):
            size = courses.class_size(visit.placement)
            token = tickets.page.issue(visit, size, needs_portable=needs_portable)
            plain = {"status_url": page_url, "list_url": addresses.mounted_path("recordings"), "page_token": token}
            return links | plain | {"credentials": "omit"}
        status_url = portable_url if needs_portable else self.runtime.handler_url(self, "status")
        own = {"status_url": status_url, "list_url": list_url, "page_token": status_ticket}
        return links | own | {"credentials": "same-origin"}

    def _end(self, visit: Visit) -> dict[str, str]:
        """Give what the card needs of those who may end the session."""
        if visit.person is None or not visit.person.is_moderator:
            return {}
        end_url = self.runtime.handler_url(self, "end")
        return {"end_url": end_url, "end_token": tickets.session.issue(visit, Purpose.END)}

    def _to_come(self, visit: Visit, room: RoomStatus, course: CourseConfig) -> dict[str, Any]:
        """Give what an open page may come to say."""
        closes_at, i18n = visit.options.closes_at, self._i18n()
        closes_at = closes_at and closes_at.astimezone(course.zone)
        return {"kept_free": words.to_come(room, closes_at, i18n), "lost": words.lost(i18n)}

    def _card(self, room: RoomStatus, options: SessionOptions | None = None, **context: Any) -> Fragment:
        title = options.title if options else ""
        fragment = self._fragment("student.html", title, room=self._words_of(room), options=options, **context)
        for name in ("card", "fields", "times", "shelf", "recordings"):
            fragment.add_css_url(self._resource(f"css/{name}.css"))
        for name in ("post", "times", "shelf", "recordings", "student"):
            fragment.add_javascript_url(self._resource(f"js/{name}.js"))
        fragment.initialize_js("BigBlueButtonXBlock")
        return fragment

    def _question(self, request: Request, visit: Visit, *, again: bool) -> Response:
        """Ask somebody who may join for a name, and then come back to Join; at once if there is one after all."""
        try:
            person, path = rules.check_person(visit.person, visit.access), self._join_url(visit)
            question = Question(user_id=person.user_id, placement=visit.placement, path=path)
            page = name_page.ask(question, again=again)
        except Refusal as refusal:
            return self._refused(request, refusal.code)
        return answers.page(page, answers.STATUSES[Code.NAME_WANTED]) if page else answers.go_on(path)

    def _not_let_in(self, request: Request, code: Code, visit: Visit | None = None) -> Response:
        happenings.refused(code, str(self.scope_ids.usage_id))
        if visit is None or answers.wants_json(request):
            return self._refused(request, code)
        frame = rendering.with_plan_b(self._frame(), visit.options, code)
        said = words.refusal(code, self._i18n())
        return answers.page(rendering.message(said, frame, self._i18n(), code), answers.STATUSES[code])


def _ticket(request: Request) -> str:
    """Read the ticket of a join: from the address of a link, from the JSON of a script."""
    if request.method == "GET":
        return str(request.GET.get("ticket", ""))
    check_method(request, "POST")
    return str(json_object(request).get("ticket") or "")
