"""``tutor bbb check``: sentences, an exit code, never the secret."""

import socket
import ssl
import threading

import pytest
import trustme
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from tutor.commands.context import Context
from tutorbbb import commands, reach
from tutorbbb.findings import Level

from bbb_xblock.bbb import api_root
from tests.bbb_server import answering
from tests.conftest import SECRET, URL


@pytest.fixture(scope="module")
def authority():
    return trustme.CA()


@pytest.fixture
def certificate(authority, monkeypatch, tmp_path):
    """bbb.example.org is this machine, and has a certificate that is accepted."""
    authority.cert_pem.write_to_path(tmp_path / "authority.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    monkeypatch.setenv("no_proxy", "*")
    looked_up = socket.getaddrinfo

    def here(host, *args, **kwargs):
        return looked_up("127.0.0.1" if host in {"bbb.example.org", b"bbb.example.org"} else host, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", here)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("bbb.example.org").configure_cert(context)
    return context


def check(tutor):
    """Run the command in this process, where names can be looked up otherwise."""
    done = CliRunner().invoke(commands.bbb, ["check"], obj=Context(str(tutor.root)))
    assert done.exception is None or isinstance(done.exception, SystemExit)
    assert SECRET not in done.output
    return done.exit_code, done.output


def test_all_is_well_with_a_server_that_answers_over_https(loaded, tutor, certificate):
    with answering(certificate) as server:
        tutor.save(f"BBB_URL=https://bbb.example.org:{server.port}/bigbluebutton/")
        code, said = check(tutor)
    assert code == 0, said
    assert "The server 'main' answers over HTTPS, and it is a BigBlueButton." in said
    assert "The settings of the LMS and of Studio hold what the configuration says." in said
    assert "Now ask the site: tutor local do bbb-check" in said
    assert server.asked == ["/bigbluebutton/api"]


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ({"body": "<html>Welcome</html>"}, "answers, but not as BigBlueButton does"),
        ({"body": "<response><returncode>FAILED</returncode></response>"}, "answers, but not as BigBlueButton does"),
        ({"status": 502}, "answers with the HTTP status 502"),
        ({"status": 302, "headers": {"Location": "http://127.0.0.1:9/"}}, "sends callers to another address"),
    ],
)
def test_a_server_that_answers_otherwise_is_an_error(certificate, answer, sentence):
    with answering(certificate, **answer) as server:
        found = reach.of_server("main", f"https://bbb.example.org:{server.port}/bigbluebutton/")
    assert found.level is Level.ERROR
    assert sentence in found.text
    assert server.asked == ["/bigbluebutton/api"]


def test_a_certificate_that_nobody_signed_is_an_error(certificate):
    other = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("bbb.example.org").configure_cert(other)
    with answering(other) as server:
        found = reach.of_server("main", f"https://bbb.example.org:{server.port}/")
    assert found.level is Level.ERROR
    assert "shows a certificate that is not accepted" in found.text


def test_a_server_without_https_at_an_https_address_is_an_error(certificate):
    with answering() as server:
        found = reach.of_server("main", f"https://bbb.example.org:{server.port}/")
    assert found.level is Level.ERROR
    assert "does not speak HTTPS properly" in found.text


def test_a_server_that_keeps_silent_is_an_error(monkeypatch):
    monkeypatch.setattr(reach, "SECONDS", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        found = reach.of_server("main", f"http://127.0.0.1:{silent.getsockname()[1]}/")
    assert found.level is Level.ERROR
    assert "did not answer within" in found.text


def test_a_server_that_does_not_speak_http_is_an_error():
    def say_something_else(listening):
        connection, _address = listening.accept()
        with connection:
            connection.recv(1024)
            connection.sendall(b"220 mail.example.org\r\n")

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=say_something_else, args=(listening,))
        thread.start()
        found = reach.of_server("main", f"http://127.0.0.1:{listening.getsockname()[1]}/")
        thread.join()
    assert found.text == "The server 'main' cannot be reached. Check its URL, and the network of this machine."


def test_a_name_that_nobody_knows_is_an_error(monkeypatch):
    def unknown(*args, **kwargs):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    monkeypatch.setenv("no_proxy", "*")
    found = reach.of_server("main", "https://bbb.example.org/")
    assert found.level is Level.ERROR
    assert "has a name that cannot be looked up" in found.text


def test_a_plain_address_elsewhere_is_an_error_and_is_not_called():
    assert reach.of_server("main", "http://bbb.example.org/").text.endswith("and write https:.")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "bbb.example.org",
        "ftp://bbb.example.org/",
        "https://",
        "https://bbb.example.org:99999999/",
        "https://somebody@bbb.example.org/",
        f"https://api-mate.example.org/#server=https://bbb.example.org&sharedSecret={SECRET}",
        7,
    ],
)
def test_an_address_that_is_none_is_an_error_and_is_not_repeated(url):
    found = reach.of_server("main", url)
    assert found.level is Level.ERROR
    assert found.text.startswith("The URL of the server 'main' is none.")
    assert SECRET not in found.text


PATHS = ["", "/", "//", "/bigbluebutton", "/bigbluebutton/", "/bigbluebutton/api", "/bigbluebutton/api/"]


@given(
    st.sampled_from(["https", "http", "HTTPS"]),
    st.sampled_from(["bbb.example.org", "bbb.example.org:8443", "192.0.2.7", "[2001:db8::7]"]),
    st.sampled_from(["", "/b", "/sub/folder"]),
    st.sampled_from(PATHS),
    st.sampled_from(["{}", "URL: {}", "  {}\n"]),
)
def test_addresses_mean_what_they_mean_to_the_block(scheme, host, before, path, written):
    if before and not path.strip("/"):
        return
    url = written.format(f"{scheme}://{host}{before}{path}")
    assert reach.api_address(url).lower() + "/" == api_root(url).lower()


# The command as people run it.


def test_a_server_on_this_very_machine_is_a_warning(tutor):
    with answering() as server:
        assert reach.of_server("main", f"http://localhost:{server.port}").level is Level.WARNING
        tutor.save(f"BBB_URL=http://127.0.0.1:{server.port}/bigbluebutton/")
        said = tutor.run("bbb", "check", expected=1)
    assert "in a container that container" in said
    assert SECRET not in said


def test_nobody_at_the_address_is_an_error(tutor):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    tutor.save(f"BBB_URL=http://127.0.0.1:{port}/bigbluebutton/")
    assert "The server 'main' refuses the connection." in tutor.run("bbb", "check", expected=2)


def test_no_root_yet_is_a_sentence(loaded, fresh):
    code, said = check(fresh)
    assert code == 2
    assert "Project root does not exist" in said


def test_a_configuration_that_was_not_saved_is_noticed(loaded, tutor):
    config = tutor.root / "config.yml"
    config.write_text(config.read_text("utf-8").replace(URL, "https://127.0.0.1:1/"), "utf-8")
    code, said = check(tutor)
    assert code == 2
    assert "The saved settings are older than the configuration. Run `tutor config save`" in said


def test_a_value_of_the_wrong_type_is_a_sentence(loaded, tutor):
    with (tutor.root / "config.yml").open("a", encoding="utf-8") as config:
        config.write("BBB_LOCKED: record\n")
    code, said = check(tutor)
    assert code == 2
    assert "BBB_LOCKED must be a list, and it is a text." in said


def test_a_server_that_is_off_is_not_asked(loaded, tutor):
    with answering() as server:
        tutor.save(f"BBB_URL=http://127.0.0.1:{server.port}/", "BBB_SERVERS={main: {STATE: 'off'}}")
        code, said = check(tutor)
    assert code == 0, said
    assert server.asked == []
