import logging
import re
import sys
import time
from collections.abc import Callable

import pytest

from bbb_xblock.bbb import Client, Endpoint, NotXML, Secret, pool
from tests.bbb.servers import ScriptedServer, http, recorded, reset


def test_the_lines_of_the_http_library_lose_their_queries(
    server: ScriptedServer, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server.play(reset, http(recorded("getMeetingInfo_running")), b"HTTP/1.1 200 OK\r\nbad header\r\n\r\n")
    client.get_meeting_info("swordfish")
    with pytest.raises(NotXML):
        client.get_meeting_info("swordfish")
    text = caplog.text
    assert (
        "Retrying" in text
        and "getMeetingInfo…" in text
        and "Incremented Retry" in text
        and "Failed to parse headers" in text
    )
    assert "checksum=" not in text and "swordfish" not in text


@pytest.mark.parametrize(
    ("written", "left"),
    [
        ("GET /x/api/end?meetingID=1&checksum=ab12 HTTP/1.1", "GET /x/api/end… HTTP/1.1"),
        ("url='/x/api/end?checksum=ab12&a=%20' then", "url='/x/api/end…' then"),
        ('"GET http://h/a?checksum=ab12" 200', '"GET http://h/a…" 200'),
        ("checksum=ab12&name=x", "checksum=…&name=x"),
        ("100% of ?a=b", "100% of ?a=b"),
        ("100% of ?a=b&checksum=ab", "100% of …"),
    ],
)
def test_a_signed_query_is_cut_out_wherever_it_stands(written: str, left: str) -> None:
    for record in (
        logging.LogRecord("urllib3", logging.INFO, "", 0, written.replace("%", "%%") + "%s", ("",), None),
        logging.LogRecord("urllib3", logging.INFO, "", 0, written, (), None),
    ):
        assert pool.ScrubSignedQueries().filter(record) is True
        assert record.getMessage() == left


def scrubbed(message: str) -> str:
    record = logging.LogRecord("urllib3", logging.WARNING, "", 0, message, (), None)
    assert pool.ScrubSignedQueries().filter(record) is True
    return record.getMessage()


@pytest.mark.parametrize("length", [1900, 1990, 1999, 2000, 2001, 2010, 3000])
@pytest.mark.parametrize("lead", ["GET /x/api/create?name=swordfish&welcome=", "echo checksum=swordfish", "?" * 30])
def test_a_long_line_is_cut_and_its_end_is_scrubbed_too(length: int, lead: str) -> None:
    line = f"{lead}{'w' * (length - len(lead))}&checksum=swordfish HTTP/1.1 " + "?a=b" * 500
    told = scrubbed(line)
    assert len(told) <= 2000
    assert "swordfish" not in told and not re.search(r"checksum=\w", told)


def test_a_long_line_without_a_checksum_is_cut_as_well() -> None:
    assert scrubbed("x" * 9000) == "x" * 2000
    assert scrubbed("100% of ?a=b" + " " * 9000) == "100% of ?a=b" + " " * 1988


@pytest.mark.parametrize("dropped", ["checksum=swordfish", "x" * 3000])
def test_the_traceback_of_a_scrubbed_line_goes_with_it(dropped: str) -> None:
    try:
        raise ValueError(dropped)
    except ValueError:
        record = logging.LogRecord("urllib3", logging.WARNING, "", 0, dropped, (), sys.exc_info())
    record.exc_text = dropped
    pool.ScrubSignedQueries().filter(record)
    assert dropped not in logging.Formatter().format(record)


def assert_not_quadratic(prepare: Callable[[int], Callable[[], object]], *sizes: int) -> None:
    """Twice as much takes about twice as long, in the time of this thread's processor: four times would be too long."""

    def took(size: int) -> float:
        work = prepare(size)
        started = time.thread_time()
        work()
        return time.thread_time() - started

    for size in sizes:
        assert min(took(size) for _ in range(5)) < 3.4 * min(took(size // 2) for _ in range(5))


@pytest.mark.parametrize("piece", ["?", "?\\n", "?checksum", "?checksum= ", "checksum=?", "?a=b&checksum=x?"])
def test_hostile_text_of_megabytes_is_scrubbed_in_linear_time(piece: str) -> None:
    url = "http://h/bigbluebutton/api/end?a=b&checksum=swordfish"

    def line(size: int) -> Callable[[], object]:
        unparsed = piece * (size // len(piece))
        message = f"Failed to parse headers (url={url}): Unknown, unparsed data: '{unparsed}'"
        assert "swordfish" not in scrubbed(message)
        return lambda: scrubbed(message)

    assert_not_quadratic(line, 2**15, 2**17, 2**22)


def test_headers_full_of_question_marks_cost_no_more_than_their_length(
    server: ScriptedServer, secret: Secret, caplog: pytest.LogCaptureFixture
) -> None:
    client = Client(Endpoint("main", server.url, secret))

    def ask() -> None:
        with pytest.raises(NotXML):
            client.get_meeting_info("swordfish")
        assert "Failed to parse headers" in caplog.text
        assert "checksum=" not in caplog.text and "swordfish" not in caplog.text
        assert len(caplog.text) < 5000

    def script(lines: int) -> Callable[[], object]:
        caplog.clear()
        server.scenes[:] = [b"HTTP/1.1 200 OK\r\nbad header\r\n" + (b"?" * 60000 + b"\r\n") * lines + b"\r\n"]
        return ask

    with caplog.at_level(logging.WARNING, "urllib3"):
        assert_not_quadratic(script, 4, 90)
