"""Everything that can go wrong, through real HTTP."""

import contextlib
import re
import socket
import threading
import time
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest
import requests
from lxml import etree

from sandbox.simulator import Simulator
from tests.certificates import self_signed, server_side
from tests.sandbox.simulator.calling import SECRET, signed

TIMEOUT = 5


@pytest.fixture(scope="module")
def served() -> Iterator[Simulator]:
    simulator = Simulator(secret=SECRET)
    with simulator.serve():
        yield simulator


@pytest.fixture
def server(served: Simulator) -> Simulator:
    served.reset()
    return served


def get(server: Simulator, call: str = "getMeetings", query: str = "", **options: object) -> requests.Response:
    return requests.get(f"{server.url}api/{signed(call, query)}", timeout=TIMEOUT, **options)  # type: ignore[arg-type]


def goes_well(server: Simulator) -> bool:
    return etree.fromstring(get(server).content).findtext("returncode") == "SUCCESS"


@pytest.mark.parametrize(
    ("kind", "status", "content_type", "part"),
    [
        ("html_502", 502, "text/html", b"<h1>502 Bad Gateway</h1>"),
        ("status_500", 500, "text/html", b"500"),
        ("not_xml", 200, "text/plain", b"rest"),
        ("json", 200, "application/json", b'"returncode"'),
        ("login_page", 200, "text/html", b'type="password"'),
        ("not_found", 404, "text/html", b"404"),
        ("wrong_root", 200, "text/xml", b"<html>"),
        ("no_servers", 200, "text/xml", b"internalError"),
        ("bomb", 200, "text/xml", b"&laugh9;"),
        ("external_entity", 200, "text/xml", b"file:///etc/hostname"),
    ],
)
def test_a_fault_answers_as_it_says(server: Simulator, kind: str, status: int, content_type: str, part: bytes) -> None:
    server.fault("getMeetings", kind)
    answer = get(server)
    assert answer.status_code == status
    assert answer.headers["Content-Type"].startswith(content_type)
    assert part in answer.content
    assert goes_well(server)


def test_a_cut_answer_is_not_well_formed(server: Simulator) -> None:
    server.fault("getMeetings", "cut_xml")
    answer = get(server)
    assert answer.content.startswith(b"<response>")
    with pytest.raises(etree.XMLSyntaxError):
        etree.fromstring(answer.content)


def test_an_empty_answer_has_no_body(server: Simulator) -> None:
    server.fault("getMeetings", "empty")
    answer = get(server)
    assert (answer.status_code, answer.content) == (200, b"")


def test_a_huge_answer_is_ten_megabytes_of_good_xml(server: Simulator) -> None:
    server.fault("getMeetings", "huge")
    answer = get(server)
    assert len(answer.content) > 10_000_000
    assert etree.fromstring(answer.content, etree.XMLParser(huge_tree=True)).findtext("returncode") == "SUCCESS"


def test_the_bomb_would_be_gigabytes_if_it_went_off(server: Simulator) -> None:
    server.fault("getMeetings", "bomb")
    entities = dict(re.findall(r'<!ENTITY (\w+) "([^"]*)">', get(server).text))
    assert [entities[f"laugh{depth}"].count(f"&laugh{depth - 1};") for depth in range(1, 10)] == [10] * 9


def test_the_foreign_file_is_named_in_a_well_formed_answer(server: Simulator) -> None:
    server.fault("getMeetings", "external_entity")
    root = etree.fromstring(get(server).content, etree.XMLParser(resolve_entities=False))
    assert root.findtext("running") == "true"


def test_a_redirect_loop_leads_to_itself(server: Simulator) -> None:
    server.fault("getMeetings", "redirect_loop", times=None)
    first = get(server, allow_redirects=False)
    assert first.status_code == 302
    assert first.headers["Location"] == f"{server.url}api/{signed('getMeetings')}"
    with pytest.raises(requests.TooManyRedirects):
        get(server)


def test_a_reset_connection_brings_no_answer(server: Simulator) -> None:
    server.fault("getMeetings", "reset")
    with pytest.raises(requests.ConnectionError):
        get(server)
    assert goes_well(server)


def test_a_slow_call_answers_well_in_the_end(server: Simulator) -> None:
    server.fault("create", "slow", seconds=0.15)
    started = time.monotonic()
    answer = get(server, "create", "name=Seminar&meetingID=m1")
    assert time.monotonic() - started >= 0.15
    assert b"<meetingID>m1</meetingID>" in answer.content


def test_clearing_the_faults_lets_go_of_a_slow_call(server: Simulator) -> None:
    server.fault("getMeetings", "slow", seconds=60)
    answers: list[int] = []
    asking = threading.Thread(target=lambda: answers.append(get(server).status_code))
    asking.start()
    while server.count("getMeetings") == 0:
        time.sleep(0.005)
    assert goes_well(server)
    server.clear_faults()
    asking.join(TIMEOUT)
    assert answers == [200]


def test_a_dripping_answer_takes_its_time_and_is_whole(server: Simulator) -> None:
    server.fault("getMeetings", "drip", seconds=0.3)
    answer = get(server, stream=True)
    first = answer.raw.read(1)
    started = time.monotonic()
    rest = answer.raw.read()
    assert time.monotonic() - started >= 0.2
    assert etree.fromstring(first + rest).findtext("messageKey") == "noMeetings"


def test_a_fault_happens_as_often_as_ordered(server: Simulator) -> None:
    server.fault("getMeetings", "status_500", times=2)
    assert [get(server).status_code for _ in range(3)] == [500, 500, 200]


def test_a_fault_without_a_number_lasts_until_it_is_cleared(server: Simulator) -> None:
    server.fault("*", "status_500", times=None)
    assert {get(server, call).status_code for call in ("getMeetings", "isMeetingRunning")} == {500}
    server.clear_faults()
    assert goes_well(server)


def test_a_fault_spares_the_other_calls(server: Simulator) -> None:
    server.fault("create", "status_500", times=None)
    assert goes_well(server)


def test_faults_come_in_the_order_in_which_they_were_ordered(server: Simulator) -> None:
    server.fault("*", "status_500")
    server.fault("getMeetings", "html_502")
    assert [get(server).status_code for _ in range(3)] == [500, 502, 200]


def test_a_spoiled_call_is_not_carried_out_unless_the_order_says_so(server: Simulator) -> None:
    server.fault("create", "cut_xml")
    get(server, "create", "name=Seminar&meetingID=m1")
    with pytest.raises(KeyError):
        server.meeting("m1")
    server.fault("create", "reset", work_done=True)
    with pytest.raises(requests.ConnectionError):
        get(server, "create", "name=Seminar&meetingID=m1")
    assert server.meeting("m1")


def test_a_fault_is_noted_as_a_call_but_not_as_a_refusal(server: Simulator) -> None:
    server.fault("getMeetings", "html_502")
    get(server)
    assert [(call.name, call.refused) for call in server.calls] == [("getMeetings", False)]


def test_an_unknown_fault_is_refused_at_once(server: Simulator) -> None:
    with pytest.raises(ValueError, match="html_502"):
        server.fault("create", "explosion")


def test_a_stopped_server_answers_nobody_and_lets_go_of_slow_calls() -> None:
    simulator = Simulator(secret=SECRET)
    failures: list[str] = []

    def ask(url: str) -> None:
        try:
            requests.get(url, timeout=TIMEOUT)
        except requests.RequestException as error:
            failures.append(type(error).__name__)

    with simulator.serve() as address:
        simulator.fault("getMeetings", "slow", seconds=60)
        asking = threading.Thread(target=ask, args=(f"{address}api/{signed('getMeetings')}",))
        asking.start()
        while simulator.count() == 0:
            time.sleep(0.005)
    asking.join(TIMEOUT)
    assert not asking.is_alive()
    ask(f"{address}api")
    assert failures[-1] == "ConnectionError"
    assert simulator.url == ""


def test_a_stopped_server_hangs_up_on_who_only_holds_the_line() -> None:
    simulator = Simulator(secret=SECRET)
    with contextlib.ExitStack() as held:
        with simulator.serve() as address:
            port = int(address.split(":")[2].split("/")[0])
            line = held.enter_context(socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT))
            line.sendall(b"GET / HTTP/1.1\r\n")
            assert requests.get(f"{address}api", timeout=TIMEOUT).status_code == 200
        assert line.recv(1) == b""


def test_a_taken_port_is_an_error_of_the_system() -> None:
    first, second = Simulator(secret=SECRET), Simulator(secret=SECRET)
    with first.serve() as address, pytest.raises(OSError), second.serve(port=int(address.split(":")[2].split("/")[0])):
        raise AssertionError("two servers on one port")


def test_many_people_at_once_are_all_let_in(server: Simulator) -> None:
    get(server, "create", "name=Seminar&meetingID=m1")

    def join(start: int) -> None:
        for number in range(start, start + 10):
            query = f"fullName=Ada&meetingID=m1&role=VIEWER&userID=u{number}"
            get(server, "join", query, allow_redirects=False)

    threads = [threading.Thread(target=join, args=(start,)) for start in range(0, 100, 10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({person.user_id for person in server.meeting("m1").participants}) == 100


@pytest.mark.parametrize(
    ("kind", "goes_to"),
    [("login_redirect", r"http://[^/]+/login"), ("https_redirect", r"https://[^/]+/.*getMeetings.*")],
)
def test_a_portal_sends_the_caller_elsewhere(server: Simulator, kind: str, goes_to: str) -> None:
    server.fault("getMeetings", kind)
    answer = get(server, allow_redirects=False)
    assert answer.status_code == 302
    assert re.fullmatch(goes_to, answer.headers["Location"])


def test_the_answers_tell_the_time_of_the_simulator(server: Simulator) -> None:
    before = parsedate_to_datetime(get(server).headers["Date"])
    server.advance(3600)
    after = parsedate_to_datetime(get(server).headers["Date"])
    server.world.advanced = 0
    assert 3590 < (after - before).total_seconds() < 3610


def test_it_is_served_over_tls_too(tmp_path: Path) -> None:
    certificate = self_signed(tmp_path)
    simulator = Simulator(secret=SECRET)
    with simulator.serve(tls=server_side(certificate)) as url:
        assert url.startswith("https://127.0.0.1:")
        answer = requests.get(f"{url}api", verify=str(certificate), timeout=TIMEOUT)
    assert b"SUCCESS" in answer.content
