"""The secret, checksums and join links are seen by nobody but BigBlueButton and the one browser that was let in."""

import logging
import re
import traceback
from io import BytesIO

import pytest

from tests.builders import ADA, BEN, OLGA, STAFF, THEA, Desk, learner, nobody, teacher
from tests.classroom import SECRET
from tests.fakes.platform import SessionUser

CHECKSUM = re.compile(r"checksum=[0-9a-f]+|\b[0-9a-f]{64}\b|\b[0-9a-f]{40}(?!-)\b")
FAULTS = ["html_502", "cut_xml", "huge", "bomb", "redirect_loop", "reset", "empty", "not_xml"]


def leaks(text: str) -> list[str]:
    """Find what must not be there: the secret, a checksum, the way into a room, a name or an e-mail address."""
    found = CHECKSUM.findall(text)
    found += [word for word in (SECRET, "/api/join", "fullName=", "@example.org") if word in text]
    return found


@pytest.fixture
def log(caplog):
    caplog.set_level(logging.DEBUG)
    return caplog


def everything(platform) -> list[str]:
    """Do everything that can be done with a block, and collect all that anybody sees of it."""
    desks = [nobody(platform), Desk(platform, OLGA), learner(platform), learner(platform, BEN), teacher(platform)]
    desks.append(Desk(platform, THEA, STAFF, studio=True))
    seen = []
    for desk in desks:
        for view in ("student_view", "public_view", "author_view", "studio_view"):
            fragment = desk.block.render(view, None)
            seen += [fragment.content, str(fragment.to_dict())]
        for handler in ("join", "status", "back", "submit_studio_edits"):
            for method in ("GET", "POST"):
                seen.append(str(desk.call(handler, method, body=b"{}")))
        file = BytesIO()
        desk.block.runtime.export_to_xml(desk.block, file)
        seen.append(file.getvalue().decode())
    for desk in (learner(platform), teacher(platform)):
        seen.append(str(desk.status()))
        desk.click_join()
    return seen


def test_no_page_answer_or_course_file_holds_anything_secret(platform):
    for text in everything(platform):
        assert leaks(text) == []


def test_no_log_line_holds_anything_secret_or_a_name(platform, log):
    everything(platform)
    assert "joins as" in log.text
    assert leaks(log.text) == []
    for name in (ADA.full_name, THEA.full_name, ADA.username, THEA.username):
        assert name not in log.text


@pytest.mark.parametrize("fault", FAULTS)
def test_no_fault_brings_anything_secret_to_light(platform, simulator, log, fault):
    simulator.fault("*", fault, times=None)
    answer = learner(platform).click_join()
    assert answer.status_code == 503
    assert leaks(str(answer) + log.text) == []


def test_a_wrong_secret_is_not_told_either(platform, namespace, log):
    namespace["SERVERS"]["main"]["SECRET"] = "another-secret-of-the-tests"
    text = str(learner(platform).click_join()) + log.text
    assert "another-secret-of-the-tests" not in text
    assert leaks(text) == []


def test_the_way_in_is_only_in_the_one_answer_that_lets_the_person_in(platform):
    answer = learner(platform).click_join()
    assert CHECKSUM.search(answer.location)
    assert leaks(answer.text) == []


def test_an_unforeseen_crash_shows_no_secret_in_its_traceback(platform):
    """Error pages and error collectors show the local values of every frame."""

    class Unforeseen(str):
        def __str__(self) -> str:
            raise ZeroDivisionError

    teacher(platform).click_join()
    desk = learner(platform, SessionUser(id=41, username="x", full_name="x"))
    ticket = desk.ticket()
    service = desk.block.runtime._services["user"]
    user = service.get_current_user()
    user.full_name = Unforeseen("x")
    service.get_current_user = lambda: user
    with pytest.raises(ZeroDivisionError) as caught:
        desk.call("join", "POST", body={"ticket": ticket})
    text = "".join(traceback.TracebackException.from_exception(caught.value, capture_locals=True).format())
    assert "current_person" in text
    assert SECRET not in text
    assert not re.search(r"checksum=[0-9a-f]+", text)
