"""The block's side of what the course team does with recordings."""

from typing import Any

from webob import Request, Response
from xblock.core import XBlock

from bbb_xblock.domain import tickets
from bbb_xblock.domain.data import RoomStatus, Visit
from bbb_xblock.domain.errors import Refusal
from bbb_xblock.domain.tickets.session import Purpose
from bbb_xblock.doors import answers
from bbb_xblock.doors.bodies import check_method, json_object
from bbb_xblock.doors.recordings import desk
from bbb_xblock.edx.elsewhere import AskedBy
from bbb_xblock.sides.visited import VisitedBlock
from bbb_xblock.words import desk as words_of_desk


class ManagingSide(VisitedBlock):
    """The recordings of a session, for the course team."""

    @XBlock.handler
    def manage(self, request: Request, suffix: str = "") -> Response:
        """Do something with recordings. POST with JSON, read and answered as ``doors/recordings/desk.py`` says."""
        try:
            check_method(request, "POST")
            body = json_object(request, desk.LONGEST_BODY)
            visit = self._admitted(request, str(body.get("token") or ""), Purpose.MANAGE)
            said = desk.answer(visit, AskedBy(request), body, self._i18n())
        except Refusal as refusal:
            return answers.refusal(refusal.code, words_of_desk.refusal(refusal.code, self._i18n()))
        return answers.json(said)

    def _desk(self, visit: Visit, room: RoomStatus) -> dict[str, Any]:
        """Give what the card's script needs of those who may manage recordings."""
        if not room.shelf or visit.person is None or not visit.person.is_moderator:
            return {}
        token = tickets.session.issue(visit, Purpose.MANAGE)
        return {"manage_url": self.runtime.handler_url(self, "manage"), "manage_token": token}
