import signal
import socket
from urllib.parse import urlsplit

import pytest

from sandbox.demo.rooms import ROOMS
from sandbox.run import StartError, port_named, run
from tests.sandbox.demo.demo_process import ROOT, SECONDS, Demo, ask, launch, running

TICKET = "a-ticket-of-somebody"
KNOWN = "a-secret-that-everybody-would-recognise"
WITH_A_KNOWN_SECRET = (
    "-c",
    f"import secrets, sys; secrets.token_urlsafe = lambda *size: {KNOWN!r}\n"
    "from sandbox.run import main\nsys.exit(main())",
)


def listens(address: str) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", urlsplit(address).port)) == 0


def has_database(demo: Demo) -> bool:
    return any((ROOT / "sandbox" / "var").glob(f"demo-{urlsplit(demo.site).port}-*"))


@pytest.mark.parametrize("with_signal", [signal.SIGINT, signal.SIGTERM])
def test_it_starts_both_servers_and_stops_them_without_a_trace(with_signal: int) -> None:
    with running() as demo:
        addresses = [demo.site, demo.classroom]
        at_work = [*map(listens, addresses), has_database(demo)]

        code = demo.stop(with_signal)

        assert at_work == [True, True, True]
        assert code == 0
        assert "Traceback" not in demo.output
        assert [*map(listens, addresses), has_database(demo)] == [False, False, False]


def test_the_classroom_server_answers_at_the_address_it_prints(demo: Demo) -> None:
    assert "SUCCESS" in ask(f"{demo.classroom}bigbluebutton/api").text
    assert "simulation" in ask(demo.classroom).text


def test_no_secret_is_printed_or_on_a_page() -> None:
    with running(WITH_A_KNOWN_SECRET) as demo:
        pages = [
            demo.get(f"/rooms/{room}/{view}?student={student}").text
            for room in ROOMS
            for view in ("", "preview/", "editor/")
            for student in (0, 1, 2)
        ]
        pages += [demo.get(f"/handler/{room.usage_id}/join?student=1&ticket={TICKET}").text for room in ROOMS.values()]
        demo.stop()

        assert KNOWN not in demo.output
        assert TICKET not in demo.output
        assert [page for page in pages if KNOWN in page] == []


@pytest.mark.parametrize("variable", ["PORT", "BBB_PORT"])
def test_a_taken_port_is_refused_in_one_sentence(variable: str) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        process = launch(**{variable: str(port)})
        said = process.communicate(timeout=SECONDS)[0]

    assert process.returncode == 1
    assert said.count("\n") == 1
    assert f"Port {port}" in said
    assert "PORT=0 BBB_PORT=0" in said


def test_two_servers_cannot_share_a_port(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "18123")
    monkeypatch.setenv("BBB_PORT", "18123")
    with pytest.raises(StartError, match="the same"):
        run()


@pytest.mark.parametrize("port", ["http", "-1", "65536", "8000.5", "²", " 8000"])
def test_a_port_that_is_no_number_is_refused_in_one_sentence(port: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", port)

    with pytest.raises(StartError, match=r"^PORT must be a number from 0 to 65535, for example PORT=8000\.$"):
        port_named("PORT", 8000)


def test_without_a_wish_the_usual_port_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "")

    assert port_named("PORT", 8000) == 8000
