"""Whatever a server answers, the doctor ends with a sentence, and repeats nothing that could be misused."""

import re
import socket
from typing import Any

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from bbb_xblock.doctor import examination, sentences
from bbb_xblock.doctor.findings import Level
from bbb_xblock.knobs import Knobs
from tests.bbb.servers import ScriptedServer, http, scripted
from tests.doctor.broken import SECRET

pytestmark = pytest.mark.django_db

HURRIED = Knobs(connect_timeout=0.2, read_timeout=1)
MANY = 30

parts = st.sampled_from(
    [
        *("<response>", "</response>", "<returncode>SUCCESS</returncode>", "<returncode>FAILED</returncode>"),
        *("<messageKey>checksumError</messageKey>", "<messageKey>internalError</messageKey>", "<version>2.0</version>"),
        *("<bbbVersion>3.0.1\x1b[2J</bbbVersion>", "<bbbVersion>" + "9" * 300 + "</bbbVersion>", "<apiVersion/>"),
        *(
            "<running>true</running>",
            "<meetings>",
            "<recordings/>",
            "<html>",
            "<input type=password>",
            "&laugh;",
            "<!--",
        ),
    ]
)
replies = st.lists(parts, max_size=6).map("".join) | st.text(max_size=40)
heads = st.sampled_from(["200 OK", "301 Moved", "400 Bad", "401 No", "404 No", "418 Teapot", "500 No", "503 No"])
headers = st.sampled_from(
    ["X: y", "Date: soon", "Date: Mon, 01 Jan 0001 00:00:00 GMT", "Location: https://", "Location: \xff"]
)
answers = st.builds(lambda reply, head, header: http(reply.encode(), head, header), replies, heads, headers)


@pytest.fixture
def server(settings: Any) -> Any:
    with scripted() as running:
        settings.XBLOCK_SETTINGS = {"bbb": {"SERVERS": {"main": {"URL": running.url, "SECRET": SECRET}}}}
        yield running


def told() -> tuple[list[Level], str]:
    """Examine the server; give the levels and everything that is said."""
    found = list(examination.of_server("main", HURRIED))
    lines = [sentences.line(each, translation) for each in found]
    return [each.level for each in found], repr(found) + repr(lines)


@hypothesis_settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(script=st.lists(answers | st.binary(max_size=60), min_size=1, max_size=4))
def test_no_answer_makes_the_doctor_stumble(server: ScriptedServer, script: list[bytes]) -> None:
    server.scenes[:] = (script * MANY)[:MANY]
    server.requests.clear()
    levels, said = told()
    assert Level.FAIL in levels
    assert SECRET not in said
    for checksum in re.findall(r"checksum=(\w+)", " ".join(server.targets)):
        assert checksum not in said


ROOT = b"<response><returncode>SUCCESS</returncode><version>2.0</version></response>"
ECHOES = [
    "<response><returncode>FAILED</returncode><messageKey>ECHO</messageKey></response>",
    "<response><returncode>SUCCESS</returncode><bbbVersion>ECHO</bbbVersion></response>",
    "<html><h1>ECHO</h1></html>",
]


@pytest.mark.parametrize("template", ECHOES)
def test_a_server_that_repeats_our_checksums_and_the_secret_is_not_repeated(
    server: ScriptedServer, template: str
) -> None:
    def repeat(connection: socket.socket) -> None:
        checksum = server.targets[-1].rpartition("checksum=")[2]
        connection.sendall(http(template.replace("ECHO", f"{checksum} {SECRET}").encode()))

    server.scenes[:] = [http(ROOT), *[repeat] * MANY]
    _levels, said = told()
    assert len(server.targets) > 1
    checksum = server.targets[-1].rpartition("checksum=")[2]
    assert len(checksum) >= 40
    assert checksum not in said
    assert SECRET not in said


def test_what_a_server_calls_its_version_is_shown_only_if_it_looks_like_one(server: ScriptedServer) -> None:
    for version, shown in (("3.0.19", True), ("3.0.19-rc.1", True), ("3.0 &#10;ok main", False), ("a" * 64, False)):
        body = f"<response><returncode>SUCCESS</returncode><bbbVersion>{version}</bbbVersion></response>"
        server.scenes[:] = [http(body.encode())]
        assert (f"detail='{version}'" in told()[1]) is shown
