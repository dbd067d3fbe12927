"""What happened is told once, to whoever listens; each call writes one line."""

import re

import pytest

from bbb_xblock.domain import happenings
from bbb_xblock.models import Room, Server
from tests.block.test_secrets import leaks
from tests.builders import COURSE, learner, teacher

LINE = re.compile(r"call=(\w+) server=(\w+) course=(\S+) ms=(\d+) result=(\w+)(?: key=(\w+))?")


@pytest.fixture
def lines(caplog):
    caplog.set_level("INFO", "bbb_xblock.calls")

    def read() -> list[tuple[str, ...]]:
        own = [record.getMessage() for record in caplog.records if record.name == "bbb_xblock.calls"]
        found = [LINE.fullmatch(line) for line in own]
        assert all(found), own
        assert leaks(" ".join(own)) == []
        return [tuple(word or "" for i, word in enumerate(line.groups()) if i != 3) for line in found if line]

    return read


def test_each_call_writes_one_line_with_its_course(platform, simulator, lines):
    teacher(platform).click_join()
    learner(platform).click_join()
    assert lines() == [
        ("getMeetingInfo", "main", COURSE, "MeetingNotFound", "notFound"),
        ("create", "main", COURSE, "ok", ""),
    ]
    assert len(lines()) == simulator.count()


def test_a_call_that_fails_writes_a_line_and_the_server_s_row_says_why(platform, simulator, lines):
    simulator.fault("getMeetingInfo", "html_502")
    assert learner(platform).click_join().status_code == 503
    assert [line[3] for line in lines()] == ["UnexpectedStatus"]
    row = Server.objects.get(slug="main")
    assert row.failure == "The BigBlueButton server answered getMeetingInfo with HTTP status 502"
    assert row.failed_at is not None


def test_a_refusal_for_a_key_that_is_none_has_no_course():
    heard = []

    def hear(sender, *, happening, **details):
        heard.append(happening)

    happenings.happened.connect(hear)
    try:
        happenings.refused(happenings.Code.TICKET_EXPIRED, "no key\r\n")
    finally:
        happenings.happened.disconnect(hear)
    assert [(each.kind, each.course_key, each.code) for each in heard] == [("refused", "", "ticket_expired")]


def test_a_meeting_found_on_the_server_is_told_as_started_once(platform, records_of_kinds):
    teacher(platform).click_join()
    Room.objects.update(confirmed_at=None, asked_at=None)
    teacher(platform).click_join()
    assert records_of_kinds == ["started", "joined", "joined"]


@pytest.fixture
def records_of_kinds():
    kinds: list[str] = []

    def hear(sender, *, happening, **details):
        kinds.append(happening.kind.value)

    happenings.happened.connect(hear)
    yield kinds
    happenings.happened.disconnect(hear)
