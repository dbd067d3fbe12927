"""The servers: addresses, secrets, checksums, states."""

import pytest
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from bbb_xblock import config
from bbb_xblock.bbb import Algorithm

COURSE = "course-v1:ExampleX+Physics+2026"


def finding(slug: str = "main") -> str:
    with pytest.raises(config.NotConfigured) as caught:
        config.endpoint(slug)
    return caught.value.check_id


def test_a_server_is_read_with_the_default_checksum(bucket):
    endpoint = config.endpoint("main")
    assert endpoint.url == "https://bbb.example.org/bigbluebutton/api/"
    assert endpoint.secret.reveal() == "quiet"
    assert endpoint.algorithm is Algorithm.SHA256


def test_the_weight_of_a_server_is_read_and_a_wrong_one_counts_as_one(bucket):
    entry = bucket["SERVERS"]["main"]
    for capacity, weight in ((None, 1.0), (0.5, 0.5), (3, 3.0), (0, 1.0), ("much", 1.0), (True, 1.0)):
        entry["CAPACITY"] = capacity
        assert config.capacity("main") == weight
    assert config.capacity("nowhere") == 1.0


def test_a_secret_file_counts_before_a_variable_and_a_variable_before_a_value(bucket, tmp_path, monkeypatch):
    file = tmp_path / "secret"
    file.write_text("file")
    monkeypatch.setenv("BBB_TEST_SECRET_OF_MAIN", "variable")
    entry = bucket["SERVERS"]["main"]
    entry |= {"SECRET": "value", "SECRET_ENV": "BBB_TEST_SECRET_OF_MAIN", "SECRET_FILE": str(file)}
    assert config.endpoint("main").secret.reveal() == "file"
    del entry["SECRET_FILE"]
    assert config.endpoint("main").secret.reveal() == "variable"


def test_the_time_outs_of_the_course_reach_the_endpoint(bucket):
    bucket["COURSES"] = {COURSE: {"READ_TIMEOUT": 2, "CONNECT_TIMEOUT": 1.5}}
    endpoint = config.endpoint("main", config.for_course(COURSE).knobs)
    assert (endpoint.connect_timeout, endpoint.read_timeout) == (1.5, 2)


@pytest.mark.parametrize("entry", [None, [], "https://bbb.example.org", 7], ids=repr)
def test_an_unknown_server_and_one_that_is_no_dictionary_are_told_apart(bucket, entry):
    bucket["SERVERS"] = {"main": entry}
    assert finding() == "E001"
    assert finding("nowhere") == "E002"


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ({"SECRET_FILE": "/nowhere/at/all"}, "does not exist"),
        ({"SECRET_FILE": "/"}, "cannot be read as text"),
        ({"SECRET_ENV": "BBB_TEST_NO_SUCH_VARIABLE"}, "not set"),
        ({"SECRET": "  "}, "empty"),
    ],
    ids=repr,
)
def test_why_a_secret_cannot_be_read_is_told(bucket, source, problem):
    bucket["SERVERS"]["main"] = {"URL": "https://bbb.example.org/", **source}
    with pytest.raises(config.NotConfigured) as caught:
        config.endpoint("main")
    assert problem in caught.value.hint


@pytest.mark.parametrize("key", ["SECRET_ENV", "SECRET_FILE"])
@pytest.mark.parametrize(
    "meant",
    [
        "what-was-meant-as-the-secret",
        # In base64 a secret may begin with a slash.
        "/Kc3q8Zb1s0+hVt7Yp2m/A9xWuJ5nE4rQ6dLgFiOoTM=",
        "/Kc3q8Zb1s0AhVt7Yp2mAA9xWuJ5nE4rQ6dLgFiOoTMq",
    ],
)
def test_a_secret_that_stands_where_its_place_belongs_is_not_repeated(bucket, key, meant):
    bucket["SERVERS"]["main"] = {"URL": "https://bbb.example.org/", key: meant}
    with pytest.raises(config.NotConfigured) as caught:
        config.endpoint("main")
    assert key in str(caught.value)
    assert meant not in f"{caught.value} {caught.value.hint}"


def test_the_path_of_a_secret_s_file_is_told(bucket):
    bucket["SERVERS"]["main"] = {"URL": "https://bbb.example.org/", "SECRET_FILE": "/nowhere/at/all"}
    with pytest.raises(config.NotConfigured) as caught:
        config.endpoint("main")
    assert "/nowhere/at/all" in str(caught.value)


def test_a_secret_file_that_may_not_be_read_is_told(bucket, tmp_path, monkeypatch):
    def refuse(*args: object, **kwargs: object) -> None:
        raise PermissionError

    monkeypatch.setattr("pathlib.Path.read_text", refuse)
    bucket["SERVERS"]["main"]["SECRET_FILE"] = str(tmp_path / "secret")
    with pytest.raises(config.NotConfigured) as caught:
        config.endpoint("main")
    assert "may not be read" in caught.value.hint


@pytest.mark.parametrize("servers", [None, [], "text"], ids=repr)
def test_a_table_of_servers_of_the_wrong_type_is_found(bucket, servers):
    bucket["SERVERS"] = servers
    assert finding() == "E002"


@pytest.mark.parametrize("url", ["", None, "ftp://bbb.example.org/", "bbb.example.org", 7], ids=repr)
def test_an_address_that_is_not_http_is_found(bucket, url):
    bucket["SERVERS"]["main"]["URL"] = url
    assert finding() == "E005"


@pytest.mark.parametrize(
    "url",
    [
        "https://bbb.example.org/bigbluebutton/",
        "https://bbb.example.org/bigbluebutton",
        "https://bbb.example.org/bigbluebutton/api",
        "https://bbb.example.org/bigbluebutton/api/",
        "https://bbb.example.org",
        "    URL: https://bbb.example.org/bigbluebutton/\n",
    ],
)
def test_every_form_that_bbb_conf_prints_is_taken(bucket, url):
    bucket["SERVERS"]["main"]["URL"] = url
    assert config.endpoint("main").url == "https://bbb.example.org/bigbluebutton/api/"


def test_plain_http_is_refused_outside_debug(bucket, settings):
    bucket["SERVERS"]["main"]["URL"] = "http://bbb.example.org/bigbluebutton/"
    assert finding() == "E006"
    settings.DEBUG = True
    assert config.endpoint("main").url.startswith("http://bbb")


@pytest.mark.parametrize("host", ["127.0.0.1:8090", "localhost:8090", "[::1]:8090"])
def test_plain_http_to_the_same_machine_is_fine(bucket, host):
    bucket["SERVERS"]["main"]["URL"] = f"http://{host}/bigbluebutton/"
    assert host in config.endpoint("main").url


@pytest.mark.parametrize("checksum", ["md5", "", None, 256], ids=repr)
def test_an_unknown_checksum_is_found(bucket, checksum):
    bucket["SERVERS"]["main"]["CHECKSUM"] = checksum
    assert finding() == "E007"


def test_a_known_checksum_is_used(bucket):
    bucket["SERVERS"]["main"]["CHECKSUM"] = "sha512"
    assert config.endpoint("main").algorithm is Algorithm.SHA512


def test_a_secret_comes_from_a_file_without_the_white_space_around_it(bucket, tmp_path):
    file = tmp_path / "secret"
    file.write_text("  from the file\n")
    bucket["SERVERS"]["main"]["SECRET_FILE"] = str(file)
    assert config.endpoint("main").secret.reveal() == "from the file"


def test_a_changed_secret_file_is_seen_at_once(bucket, tmp_path):
    file = tmp_path / "secret"
    bucket["SERVERS"]["main"]["SECRET_FILE"] = str(file)
    file.write_text("old")
    assert config.endpoint("main").secret.reveal() == "old"
    file.write_text("new")
    assert config.endpoint("main").secret.reveal() == "new"


def test_a_secret_comes_from_the_environment(bucket, monkeypatch):
    monkeypatch.setenv("BBB_TEST_SECRET_OF_MAIN", "from the environment")
    bucket["SERVERS"]["main"] |= {"SECRET": "", "SECRET_ENV": "BBB_TEST_SECRET_OF_MAIN"}
    assert config.endpoint("main").secret.reveal() == "from the environment"


def test_a_server_without_a_secret_is_found(bucket):
    del bucket["SERVERS"]["main"]["SECRET"]
    assert finding() == "E003"


@pytest.mark.parametrize("binary", [b"\xff\xfe\x00", b"", b" \n"], ids=repr)
def test_a_secret_file_without_text_is_found(bucket, tmp_path, binary):
    file = tmp_path / "secret"
    file.write_bytes(binary)
    bucket["SERVERS"]["main"]["SECRET_FILE"] = str(file)
    assert finding() == "E004"


@pytest.mark.parametrize(
    "source",
    [
        {"SECRET_FILE": "/nowhere/at/all"},
        {"SECRET_FILE": "/"},
        {"SECRET_FILE": "\0"},
        {"SECRET_ENV": "BBB_TEST_NO_SUCH_VARIABLE"},
        {"SECRET": 123456},
        {"SECRET": "   "},
    ],
    ids=repr,
)
def test_a_secret_that_cannot_be_read_is_found(bucket, source):
    del bucket["SERVERS"]["main"]["SECRET"]
    bucket["SERVERS"]["main"] |= source
    assert finding() == "E004"


@given(secret=st.text(min_size=6).filter(str.strip), url=st.text(), checksum=st.text())
def test_no_finding_ever_holds_the_secret_or_the_address(secret, url, checksum):
    entry = {"URL": url, "SECRET": secret, "CHECKSUM": checksum}
    with override_settings(XBLOCK_SETTINGS={"bbb": {"SERVERS": {"main": entry}}}):
        try:
            said = repr(config.endpoint("main"))
        except config.NotConfigured as problem:
            said = f"{problem} {problem.hint}"
    for hidden in (secret, url):
        assert len(hidden.strip()) < 6 or hidden.strip() not in said


@pytest.mark.parametrize(
    ("given_state", "state"),
    [(None, "active"), ("draining", "draining"), ("recordings", "recordings"), ("off", "off"), ("asleep", "off")],
)
def test_the_state_of_a_server_is_read_and_an_unknown_word_means_off(bucket, given_state, state):
    if given_state:
        bucket["SERVERS"]["main"]["STATE"] = given_state
    assert config.server_state("main").value == state
