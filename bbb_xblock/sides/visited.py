"""Who is at the door of a block, and what they show there."""

from dataclasses import replace
from urllib.parse import urlencode

from django.utils import translation
from webob import Request

from bbb_xblock.domain import addresses, meetings, tickets
from bbb_xblock.domain.data import Visit
from bbb_xblock.domain.errors import Code, Refusal
from bbb_xblock.domain.tickets.session import Purpose
from bbb_xblock.edx import courses, files, users
from bbb_xblock.fields import authored_options
from bbb_xblock.sides.base import SessionBlock


class VisitedBlock(SessionBlock):
    """A block before which somebody stands."""

    def _visit(self, request: Request | None = None) -> Visit:
        """Say who is at the door of which room. Raises :class:`Refusal`."""
        placement = courses.placement_of(self)
        options = meetings.options_of(placement, authored_options(self))
        person = users.current_person(self, request)
        if person:
            person = users.with_forum_role(person, placement, options)
        visit = Visit(
            person=person,
            access=courses.access_of(self, person, placement, request),
            placement=placement,
            options=options,
            back_url=courses.lms_url(self.runtime.handler_url(self, "back")),
            language=translation.get_language() or "",
            can_be_asked=bool(addresses.mounted_path("name")),
            open_file=files.open_file,
        )
        if person is None:
            return visit
        own_query = urlencode({"ticket": tickets.session.issue(visit, Purpose.BACK)})
        return replace(visit, own_back_url=courses.lms_url(self.runtime.handler_url(self, "back", query=own_query)))

    def _admitted(self, request: Request, ticket: str, purpose: Purpose) -> Visit:
        """Give the visit of somebody who shows a ticket of theirs. Raises :class:`Refusal`."""
        visit = self._visit(request)
        if visit.person is None:
            raise Refusal(Code.NOT_SIGNED_IN)
        return self._shown(visit, ticket, purpose)

    def _shown(self, visit: Visit, ticket: str, purpose: Purpose) -> Visit:
        return tickets.session.check(ticket, visit, purpose, max_age=self._course().knobs.page_seconds)
