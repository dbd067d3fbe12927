"""The block's side of attendance."""

from http import HTTPStatus
from urllib.parse import urlencode

from webob import Request, Response
from xblock.core import XBlock

from bbb_xblock import answers, register_page, rendering, words
from bbb_xblock.domain import meetings, register, tickets
from bbb_xblock.domain.attendance.sheet import Sheet
from bbb_xblock.domain.data import Visit
from bbb_xblock.domain.errors import Code, Refusal
from bbb_xblock.domain.tickets.session import Purpose
from bbb_xblock.edx import courses, users
from bbb_xblock.visited import VisitedBlock


class AttendingSide(VisitedBlock):
    """Who was in the sessions, for the course team."""

    @XBlock.handler
    def attendance(self, request: Request, suffix: str = "") -> Response:
        """Show the register as a page, with ``&as=csv`` as a file. GET with ``?ticket=``, and ``&page=``."""
        try:
            if request.method != "GET":
                raise Refusal(Code.METHOD_NOT_ALLOWED)
            visit = self._admitted(request, request.GET.get("ticket", ""), Purpose.ATTENDANCE)
            sheet = register.of(visit, courses.learners(visit.placement))
            names = users.names_of((line.user_id for line in sheet.lines), visit.placement)
        except Refusal as refusal:
            return self._refused(request, refusal.code)
        if request.GET.get("as") == "csv":
            return answers.file(register_page.file(sheet, names), "attendance.csv", "text/csv")
        return answers.page(self._register(visit, sheet, names, request.GET.get("page", "")), HTTPStatus.OK)

    def _register(self, visit: Visit, sheet: Sheet, names: dict[int, str], number: str) -> str:
        return register_page.page(
            sheet,
            names,
            meetings.zone_of(visit.placement),
            number,
            self._i18n(),
            title=visit.options.title,
            rule=words.attendance_rule(visit.options, self._i18n()),
            page_url=self._attendance_url(visit),
            file_url=self._attendance_url(visit, **{"as": "csv"}),
            css_urls=[self._resource(path) for path in (*rendering.PAGE_STYLES, "css/register.css")],
        )

    def _attendance(self, visit: Visit) -> dict[str, str]:
        """Give what the card needs of those who may see the register."""
        if visit.person is None or not visit.person.is_moderator:
            return {}
        return {"attendance_url": self._attendance_url(visit)}

    def _attendance_url(self, visit: Visit, **more: str) -> str:
        query = urlencode({"ticket": tickets.session.issue(visit, Purpose.ATTENDANCE), **more})
        return str(self.runtime.handler_url(self, "attendance", query=query))
