"""Servers to talk to: a simulated BigBlueButton, and one that says what the test tells it to say."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bbb_xblock.bbb import Client, Endpoint, Secret
from sandbox.simulator import Simulator
from tests.bbb.servers import ScriptedServer, scripted, silent
from tests.certificates import self_signed

SECRET_TEXT = "639259d4-9dd8-4b25-bf01-95f9567eaf4b"


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the machine's proxies out of the way."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def secret() -> Secret:
    return Secret(SECRET_TEXT)


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with scripted() as running:
        yield running


@pytest.fixture
def client(server: ScriptedServer, secret: Secret) -> Client:
    """A client of the scripted server that loses patience quickly."""
    return Client(Endpoint("main", server.url, secret, connect_timeout=0.2, read_timeout=0.2))


@pytest.fixture(scope="session")
def running_simulator() -> Iterator[Simulator]:
    simulator = Simulator(SECRET_TEXT)
    with simulator.serve():
        yield simulator


@pytest.fixture
def simulator(running_simulator: Simulator) -> Iterator[Simulator]:
    yield running_simulator
    running_simulator.reset()


@pytest.fixture
def bbb(simulator: Simulator, secret: Secret) -> Client:
    """A client of the simulated BigBlueButton."""
    return Client(Endpoint("main", simulator.url, secret))


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A self-signed certificate for 127.0.0.1 and its key, in one file."""
    return self_signed(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A port that takes no connection and refuses none, as behind a firewall."""
    with silent() as port:
        yield port
