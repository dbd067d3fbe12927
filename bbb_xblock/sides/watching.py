"""The block's side of recordings: the list, and the way to one of them."""

from http import HTTPStatus
from urllib.parse import urlencode

from webob import Request, Response
from xblock.core import XBlock

from bbb_xblock.domain import tickets
from bbb_xblock.domain.data import RoomStatus, Visit
from bbb_xblock.domain.errors import Refusal
from bbb_xblock.domain.recordings import playing
from bbb_xblock.domain.tickets.session import Purpose
from bbb_xblock.doors import answers
from bbb_xblock.doors.bodies import check_method
from bbb_xblock.doors.pages import PAGE_TOKEN_HEADER
from bbb_xblock.doors.recordings import shelves
from bbb_xblock.sides.visited import VisitedBlock
from bbb_xblock.words import recordings as words_of_recordings


class WatchingSide(VisitedBlock):
    """The recordings of a session, for whoever may see them."""

    @XBlock.handler
    def recordings(self, request: Request, suffix: str = "") -> Response:
        """Give an open page a page of the list of recordings, as HTML. GET with the page token in a header.

        ``?search=`` finds by words, ``?page=`` turns the pages. A refusal is JSON, as for any script.
        """
        try:
            check_method(request, "GET")
            visit = self._admitted(request, request.headers.get(PAGE_TOKEN_HEADER, ""), Purpose.STATUS)
            search, page = request.GET.get("search", ""), request.GET.get("page", "")
            found = shelves.of_script(visit, self._i18n(), search=search, page=page)
        except Refusal as refusal:
            return answers.refusal(refusal.code, words_of_recordings.refusal(refusal.code, self._i18n()))
        return answers.page(found, HTTPStatus.OK)

    @XBlock.handler
    def play(self, request: Request, suffix: str = "") -> Response:
        """Open a recording: 302 to where it plays, or a page of ours if no format is chosen. GET with ``?ticket=``.

        ``?recording=`` is our number of it, ``?format=`` the type of a format. A script that tries again for somebody
        gets JSON: ``{"url": …}``, or the refusal.
        """
        if answers.is_guess(request.headers):
            return answers.later()
        by_script = answers.wants_json(request)
        number, kind = request.GET.get("recording", ""), request.GET.get("format", "")
        try:
            check_method(request, "GET")
            visit = self._admitted(request, request.GET.get("ticket", ""), Purpose.PLAY)
            if kind:
                url = playing.address(visit, number, kind)
                return answers.json({"url": url.reveal()}) if by_script else answers.to_bigbluebutton(url)
            frame = self._frame(more_styles=shelves.PLAYER_STYLES, scripts=shelves.PLAYER_SCRIPTS)
            page = shelves.player(visit, number, frame, self._i18n(), self._play_url(visit))
            return answers.page(page, HTTPStatus.OK)
        except Refusal as refusal:
            return self._refused(request, refusal.code, words_of_recordings.refusal(refusal.code, self._i18n()))

    def _shelf(self, visit: Visit, room: RoomStatus) -> dict[str, str]:
        """Give the first page of the recordings, where there is a list of them."""
        if not room.shelf:
            return {}
        play_url = self._play_url(visit)
        return {"play_url": play_url, "shelf": shelves.of_card(visit, room, self._i18n(), play_url)}

    def _play_url(self, visit: Visit) -> str:
        query = urlencode({"ticket": tickets.session.issue(visit, Purpose.PLAY)})
        return str(self.runtime.handler_url(self, "play", query=query))
