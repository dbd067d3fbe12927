"""A difficult name goes through a real browser: signed by us, redirected by us, read by BigBlueButton."""

import pytest
from playwright.sync_api import Page, expect

from bbb_xblock.bbb import Client, CreateMeeting, Endpoint, JoinMeeting, Role, Secret
from bbb_xblock.doors import answers
from sandbox.simulator import Simulator

pytestmark = pytest.mark.browser
SECRET = "a-secret-of-the-tests"
NAMES = ["O'Brien (TA) ~*! Ünï 日本", '<b>"quoted" & spaced</b>', "שלום عليكم", "100 % +1 #x ?y=z"]


@pytest.mark.parametrize("name", NAMES)
def test_a_difficult_name_arrives_in_the_room_unchanged(page: Page, name: str):
    simulator = Simulator(secret=SECRET)
    with simulator.serve(port=0) as url:
        client = Client(Endpoint("main", url, Secret(SECRET)))
        created = client.create(CreateMeeting(meeting_id="names", name=name))
        link = client.join_url(
            JoinMeeting(meeting_id="names", full_name=name, role=Role.VIEWER, create_time=created.create_time)
        )
        address = answers.to_bigbluebutton(link).location
        page.route("**/way-in", lambda route: route.fulfill(status=302, headers={"Location": address}))
        page.goto(url.replace("bigbluebutton/", "way-in"))
        expect(page.locator(".me")).to_contain_text(name)
        expect(page.get_by_role("heading", level=1)).to_have_text(name)
        assert [person.full_name for person in simulator.meeting("names").participants] == [name]
