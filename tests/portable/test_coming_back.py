"""The way out for people whose links open without a session."""

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.core import signing
from django.test import Client
from django.urls import reverse
from freezegun import freeze_time

from bbb_xblock.domain import tickets
from bbb_xblock.models import Join, Room
from tests.builders import learner, teacher
from tests.portable.people import click, told, visitor


class TestComingBack:
    def way_back(self, simulator: Any, address: str) -> str:
        location = click(address).headers["Location"]
        return parse_qs(urlsplit(location).query)["errorRedirectUrl"][0]

    def test_somebody_who_left_is_told_so_without_a_session(self, platform, simulator):
        back = urlsplit(self.way_back(simulator, told(visitor(platform))["join_url"])).path
        answer = click(back)
        assert answer.status_code == 200
        assert "no longer in the room" in answer.content.decode()

    def test_when_the_meeting_was_gone_the_next_click_makes_a_new_one(self, platform, simulator):
        desk = visitor(platform)
        back = urlsplit(self.way_back(simulator, told(desk)["join_url"])).path
        simulator.reset()
        with freeze_time() as clock:
            clock.tick(3)
            errors = json.dumps([{"key": "invalidMeetingIdentifier", "message": "<b>gone</b>"}])
            page = Client().get(back, {"errors": errors}).content.decode()
            assert "just ended" in page
            assert "gone</b>" not in page
            simulator.forget_calls()
            assert click(told(desk)["join_url"]).status_code == 302
        assert simulator.count("create") == 1

    def test_it_names_no_person_and_what_everybody_shares_names_nobody(self, platform, simulator):
        back = self.way_back(simulator, told(visitor(platform))["join_url"])
        claims = signing.loads(back.rsplit("/", 1)[1], salt="bbb_xblock.ticket.back")
        assert claims == [Join.objects.get().ticket_id]
        created = next(call for call in simulator.calls if call.name == "create")
        assert created.params["logoutURL"] == "https://lms.example.org/bbb/left/"
        assert "no longer in the room" in click("/bbb/left/").content.decode()

    def test_another_reason_casts_no_doubt_on_the_meeting(self, platform, simulator):
        back = urlsplit(self.way_back(simulator, told(visitor(platform))["join_url"])).path
        page = Client().get(back, {"errors": json.dumps([{"key": "maxParticipantsReached"}])}).content.decode()
        assert "full" in page
        assert Room.objects.get().confirmed_at is not None

    def test_the_way_back_of_a_ticket_with_which_nobody_came_in_casts_none_either(self, platform, simulator):
        teacher(platform).click_join()
        never_used = tickets.portable.read(tickets.portable.issue(learner(platform).visit()))
        back = reverse("bbb_xblock:left", args=[tickets.portable.issue_way_back(never_used)])
        page = Client().get(back, {"errors": json.dumps([{"key": "notFound"}])}).content.decode()
        assert "was made for somebody else" in page
        assert Room.objects.get().confirmed_at is not None

    def test_rubbish_is_told_apart(self, db):
        assert "was made for somebody else" in click("/bbb/left/rubbish").content.decode()

    def test_a_way_back_is_no_way_in(self, platform, simulator):
        token = urlsplit(self.way_back(simulator, told(visitor(platform))["join_url"])).path.rsplit("/", 1)[1]
        assert click(reverse("bbb_xblock:join") + f"?ticket={token}").status_code == 403
