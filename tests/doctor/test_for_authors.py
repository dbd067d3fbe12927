"""Every finding has somebody who can help."""

import pytest
from django.utils import translation

from bbb_xblock import config
from bbb_xblock.doctor import for_authors
from bbb_xblock.doctor.findings import Code, Level
from bbb_xblock.domain.examinations import Progress, Stage
from tests.doctor.test_sentences import VALUES

COURSE = config.for_course("")


def kept(code: Code, level: Level = Level.FAIL, **more) -> dict:
    values = [[name, value] for name, value in VALUES.items()]
    return {"code": code.value, "level": level.value, "values": values, "number": 0, "server": "", "detail": ""} | more


@pytest.mark.parametrize("code", Code)
def test_who_can_help_is_said_where_there_is_something_to_do(code):
    (line,) = for_authors.lines_of([kept(code)], COURSE, translation)
    assert line.text
    assert bool(line.who) == bool(line.advice)
    assert line.who == "" or line.who.endswith(":")


@pytest.mark.parametrize("level", Level)
def test_the_worst_finding_decides_what_is_said_in_the_end(level):
    found = [kept(Code.CLOCK_RIGHT, Level.OK), kept(Code.CLOCK_AHEAD, level), kept(Code.TLS_GOOD, Level.OK)]
    said = for_authors.said(Progress(stage=Stage.DONE, findings=tuple(found)), COURSE, translation)
    assert said["said"] == for_authors._RESULTS[level]


@pytest.mark.parametrize("stage", [Stage.UNDER_WAY, Stage.UNATTENDED, Stage.BROKEN_OFF])
def test_what_is_not_done_says_so(stage):
    said = for_authors.said(Progress(stage=stage), COURSE, translation)
    assert said["said"].endswith(".")
    assert (said["again_seconds"] > 0) == (stage is Stage.UNDER_WAY)


def test_servers_are_told_apart_by_numbers_where_there_are_several():
    found = [kept(Code.TLS_GOOD, number=1), kept(Code.TLS_GOOD, number=2), kept(Code.COURSE_SERVED)]
    lines = for_authors.lines_of(found, COURSE, translation)
    assert [line.server for line in lines] == ["Server 1", "Server 2", ""]
    assert for_authors.lines_of(found[:1], COURSE, translation)[0].server == ""
