"""The block's side of attendance."""

from functools import partial
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode, urlsplit

from webob import Request, Response
from xblock.core import XBlock

from bbb_xblock import words
from bbb_xblock.domain import meetings, register, tickets
from bbb_xblock.domain.attendance import outcomes
from bbb_xblock.domain.data import Person, RoomStatus, Visit
from bbb_xblock.domain.errors import Refusal
from bbb_xblock.domain.tickets.session import Purpose
from bbb_xblock.doors import answers, rendering
from bbb_xblock.doors.bodies import check_method, json_object
from bbb_xblock.doors.register import desk, file, page, wanted
from bbb_xblock.sides.visited import VisitedBlock
from bbb_xblock.words import attendance as words_of_attendance
from bbb_xblock.words import register as words_of_register
from bbb_xblock.words import schedule

_STYLES = ("css/fields.css", "css/register.css", "css/timeline.css")
_SCRIPTS = ("js/post.js", "js/register.js")


class AttendingSide(VisitedBlock):
    """Who was in the sessions: the register for the course team, and for learners their own."""

    @XBlock.handler
    def attendance(self, request: Request, suffix: str = "") -> Response:
        """Show the register as a page, with ``&as=csv`` as a file. GET with ``?ticket=``.

        ``&search=``, ``&standing=``, ``&cohort=``, ``&session=``, ``&back=`` and ``&page=`` say which part.
        """
        try:
            check_method(request, "GET")
            visit = self._admitted(request, request.GET.get("ticket", ""), Purpose.ATTENDANCE)
            if request.GET.get("as") == "csv":
                written = file.write(*wanted.everything(visit))
                return answers.file(written, "attendance.csv", "text/csv")
            found = wanted.find(visit, wanted.read(request.GET))
        except Refusal as refusal:
            return self._refused(request, refusal.code, words_of_register.refusal(refusal.code, self._i18n()))
        return answers.page(self._register(visit, found), HTTPStatus.OK)

    @XBlock.handler
    def change_attendance(self, request: Request, suffix: str = "") -> Response:
        """Correct attendance, or undo that. POST with JSON, read and answered as ``doors/register/desk.py`` says."""
        try:
            check_method(request, "POST")
            body = json_object(request)
            visit = self._admitted(request, str(body.get("token") or ""), Purpose.CHANGE_ATTENDANCE)
            said = desk.answer(visit, body, self._i18n())
        except Refusal as refusal:
            return answers.refusal(refusal.code, words_of_register.refusal(refusal.code, self._i18n()))
        return answers.json(said)

    def _register(self, visit: Visit, found: wanted.Found) -> str:
        address = partial(self._attendance_url, visit)
        return page.html(
            found,
            meetings.zone_of(visit.placement),
            self._i18n(),
            address,
            title=visit.options.title,
            rule=words.attendance_rule(visit.options, self._i18n()),
            graded=bool(visit.options.grade_points),
            form_url=urlsplit(address())._replace(query="").geturl(),
            change_url=self.runtime.handler_url(self, "change_attendance"),
            change_token=tickets.session.issue(visit, Purpose.CHANGE_ATTENDANCE),
            css_urls=[self._resource(path) for path in (*rendering.PAGE_STYLES, *_STYLES)],
            js_urls=[self._resource(path) for path in _SCRIPTS],
        )

    def _attendance(self, visit: Visit, room: RoomStatus) -> dict[str, Any]:
        """Give what the card needs: the way to the register, or for a learner the own attendance."""
        if visit.person is None or visit.person.is_moderator:
            return {"attendance_url": self._attendance_url(visit)} if visit.person else {}
        if not room.room_pk:
            return {}
        zone, i18n = meetings.zone_of(visit.placement), self._i18n()
        own = [
            {
                "when": schedule.in_full(session.held.began_at.astimezone(zone), i18n),
                "iso": session.held.began_at.isoformat(timespec="minutes"),
                "said": words_of_attendance.own_attendance(entry, session.held.length, i18n),
            }
            for session, entry in register.own(visit, room.room_pk)
        ]
        rule = words.attendance_rule(visit.options, i18n)
        return {"own_attendance": own, "attendance_rule": rule, "own_grade": self._own_grade(visit.person, visit, room)}

    def _own_grade(self, person: Person, visit: Visit, room: RoomStatus) -> str:
        """Say what a learner's attendance is worth; empty where nothing is graded."""
        if not visit.options.grade_points:
            return ""
        value = outcomes.told(room.room_pk, person.user_id)
        return words_of_attendance.own_grade(visit.options, value, self._i18n())

    def _attendance_url(self, visit: Visit, **more: str) -> str:
        query = urlencode({"ticket": tickets.session.issue(visit, Purpose.ATTENDANCE), **more})
        return str(self.runtime.handler_url(self, "attendance", query=query))
