"""``tutor bbb check``: sentences, an exit code, never the secret."""

import os
import socket
import ssl

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


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (["BBB_URL=", "BBB_SECRET="], "No BigBlueButton server is set."),
        (["BBB_URL="], "The server 'main' has no URL."),
        (["BBB_SECRET="], "The server 'main' has no secret."),
        (["BBB_SERVER=other"], "BBB_SERVER chooses the server 'other', which is not set."),
        (["BBB_ORGS={X: {SERVER: [main, other]}}"], "BBB_ORGS['X'] chooses the server 'other', which is not set."),
        (["BBB_URL=", "BBB_SECRET=", "BBB_SERVERS={a: {}}"], "No course uses a server. Set BBB_SERVER"),
    ],
)
def test_what_is_missing_is_named(loaded, tutor, given, sentence):
    tutor.save("BBB_URL=https://127.0.0.1:1/", *given)
    code, said = check(tutor)
    assert code == 2
    assert sentence in said


def test_a_server_that_is_off_is_not_asked(loaded, tutor):
    with answering() as server:
        tutor.save(f"BBB_URL=http://127.0.0.1:{server.port}/", "BBB_SERVERS={main: {STATE: 'off'}}")
        code, said = check(tutor)
    assert code == 0, said
    assert server.asked == []


# Secrets in files.


@pytest.fixture
def secret_file(tutor):
    """A secret in a file that is mounted; the server is off, so that only the file matters."""
    folder = tutor.folder / "bbb-secrets"
    folder.mkdir()
    (folder / "main").write_text(SECRET)
    (folder / "main").chmod(0o400)
    os.chown(folder / "main", 1000, 1000)
    tutor.run("mounts", "add", f"openedx:{folder}:/openedx/bbb-secrets")
    tutor.save("BBB_SECRET=", "BBB_SECRET_FILE=/openedx/bbb-secrets/main", "BBB_SERVERS={main: {STATE: 'off'}}")
    return folder / "main"


needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="Gives a file to another user, which only root may.")


@needs_root
def test_a_mounted_file_for_the_platform_alone_is_well(loaded, tutor, secret_file):
    code, said = check(tutor)
    assert (code, "secret" in said) == (0, False), said


@needs_root
def test_the_file_is_mounted_wherever_the_platform_runs_and_is_in_no_rendered_file(tutor, secret_file):
    for service in ("lms", "cms", "lms-worker", "cms-worker", "lms-job", "cms-job"):
        mounted = [volume.split(":")[:2] for volume in tutor.service(service)["volumes"]]
        assert mounted.count([str(secret_file.parent), "/openedx/bbb-secrets"]) == 1
    assert not [name for name, content in tutor.written().items() if SECRET.encode() in content]
    dockerfile = (tutor.root / "env/build/openedx/Dockerfile").read_text("utf-8")
    assert "bbb-secrets" not in dockerfile


@needs_root
@pytest.mark.parametrize(
    ("happened", "level", "sentence"),
    [
        (
            lambda file: file.chmod(0o444),
            1,
            "Everybody on this machine may read the secret of the server 'main'",
        ),
        (lambda file: os.chown(file, 0, 0), 1, "The platform runs as user 1000 and cannot read the secret"),
        (lambda file: file.unlink(), 2, "The file with the secret of the server 'main' is not there"),
        (lambda file: file.write_text(""), 2, "The file with the secret of the server 'main' is empty, or no file"),
    ],
)
def test_what_is_wrong_with_the_file_is_named(loaded, tutor, secret_file, happened, level, sentence):
    happened(secret_file)
    code, said = check(tutor)
    assert code == level
    assert sentence in said


@needs_root
def test_a_file_that_is_not_mounted_is_a_warning(loaded, tutor, secret_file):
    tutor.save("BBB_SECRET_FILE=/somewhere/else")
    code, said = check(tutor)
    assert code == 1
    assert "Nothing is mounted at SECRET_FILE of the server 'main' in lms, cms, lms-worker" in said


@needs_root
def test_a_folder_that_tutor_would_build_into_the_image_is_an_error(loaded, tutor, secret_file):
    renamed = secret_file.parent.rename(tutor.folder / "bbb-xblock-secrets")
    tutor.save(f"MOUNTS=['openedx:{renamed}:/openedx/bbb-secrets']")
    assert "bbb-xblock-secrets" in (tutor.root / "env/build/openedx/Dockerfile").read_text("utf-8")
    code, said = check(tutor)
    assert code == 2
    assert "into the image, because of the folder's name" in said


def test_a_secret_that_everybody_may_read_is_mentioned(loaded, tutor):
    (tutor.root / "config.yml").chmod(0o644)
    assert "BBB_SECRET_FILE keeps it out of both" in check(tutor)[1]
    (tutor.root / "config.yml").chmod(0o600)
    assert "BBB_SECRET_FILE keeps it out of both" not in check(tutor)[1]
