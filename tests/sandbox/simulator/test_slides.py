"""Slides on the simulated server: read from bodies, fetched from addresses, refused as BigBlueButton refuses."""

import base64
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from lxml import etree

from sandbox.simulator import Simulator
from sandbox.simulator.meetings import SimDocument
from tests.sandbox.simulator.calling import API, Caller, signed


class Files(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        found = self.path == "/plan.pdf"
        self.send_response(200 if found else 404)
        self.end_headers()
        self.wfile.write(b"%PDF" if found else b"")

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def files() -> Iterator[str]:
    """The address of a site with one file."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Files)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def create(simulator: Simulator, caller: Caller, *documents: str) -> list[SimDocument]:
    """Create a meeting with these elements, and give its slides."""
    body = f'<modules><module name="presentation">{"".join(documents)}</module></modules>'.encode()
    address = API + signed("create", "name=Seminar&meetingID=m1")
    answer = caller.browser.post(address, data=body, content_type="application/xml")
    assert etree.fromstring(answer.data).findtext("returncode") == "SUCCESS"
    return simulator.meeting("m1").documents


def test_inline_slides_are_there_with_what_was_said_of_them(simulator: Simulator, caller: Caller) -> None:
    content = base64.b64encode(b"%PDF").decode()
    first, second = create(
        simulator,
        caller,
        f'<document name="a.pdf" downloadable="true" removable="false">{content}</document>',
        f'<document name="b.pdf">{content}</document>',
    )
    assert (first.content, first.is_current, first.is_downloadable, first.is_removable) == (b"%PDF", True, True, False)
    assert (second.content, second.is_current, second.is_downloadable, second.is_removable) == (
        b"%PDF",
        False,
        False,
        True,
    )


def test_a_file_is_fetched_from_this_machine_if_that_is_allowed(
    simulator: Simulator, caller: Caller, files: str
) -> None:
    simulator.slides.allows_loopback = True
    (document,) = create(simulator, caller, f'<document url="{files}/plan.pdf"/>')
    assert (document.name, document.content, document.trouble) == ("plan.pdf", b"%PDF", "")
    assert simulator.slides.fetched == [f"{files}/plan.pdf"] * 2


def test_a_file_that_is_not_there_does_not_fail_the_call(simulator: Simulator, caller: Caller, files: str) -> None:
    simulator.slides.allows_loopback = True
    (document,) = create(simulator, caller, f'<document url="{files}/gone.pdf"/>')
    assert document.trouble == "the answer was 404"


def test_a_server_that_is_cut_off_fetches_nothing(simulator: Simulator, caller: Caller, files: str) -> None:
    simulator.slides.allows_loopback = simulator.slides.is_cut_off = True
    (document,) = create(simulator, caller, f'<document url="{files}/plan.pdf"/>')
    assert document.trouble
    assert simulator.slides.fetched == []


@pytest.mark.parametrize(
    ("url", "trouble"),
    [
        ("http://127.0.0.1/plan.pdf", "only https addresses are fetched"),
        ("https://127.0.0.1/plan.pdf", "only public hosts are asked"),
        ("https://localhost/plan.pdf", "only public hosts are asked"),
        ("https://192.168.0.7/plan.pdf", "only public hosts are asked"),
        ("https://[::1]/plan.pdf", "only public hosts are asked"),
        ("ftp://lms.example.org/plan.pdf", "nobody answers there"),
        ("file:///etc/hostname", "only https addresses are fetched"),
        ("https://lms.example.org/plan.pdf", "nobody answers there"),
    ],
)
def test_other_addresses_are_not_even_asked(simulator: Simulator, caller: Caller, url: str, trouble: str) -> None:
    (document,) = create(simulator, caller, f'<document url="{url}"/>')
    assert document.trouble == trouble
    assert simulator.slides.fetched == []


def test_the_room_shows_what_is_there_and_what_was_not_found(simulator: Simulator, caller: Caller) -> None:
    create(
        simulator,
        caller,
        '<document name="plan.pdf">QQ==</document>',
        '<document url="https://lms.example.org/gone.pdf"/>',
    )
    page = caller.page(caller.enter()).text
    assert "Slides: plan.pdf (not found: gone.pdf)" in page


def test_the_server_forgets_what_it_fetched(simulator: Simulator, caller: Caller, files: str) -> None:
    simulator.slides.allows_loopback = True
    create(simulator, caller, f'<document url="{files}/plan.pdf"/>')
    simulator.reset()
    assert simulator.slides.fetched == []
