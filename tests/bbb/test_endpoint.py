import traceback
from dataclasses import FrozenInstanceError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bbb_xblock.bbb import Algorithm, Endpoint, Secret, api_root

ROOT = "https://bbb.example.org/bigbluebutton/api/"


@pytest.mark.parametrize(
    "text",
    [
        "https://bbb.example.org/bigbluebutton/",
        "https://bbb.example.org/bigbluebutton",
        "https://bbb.example.org/bigbluebutton/api",
        "https://bbb.example.org/bigbluebutton/api/",
        "https://bbb.example.org//bigbluebutton//api//",
        "https://bbb.example.org/",
        "https://bbb.example.org",
        "https://bbb.example.org:",
        "HTTPS://BBB.example.org/bigbluebutton",
        "  https://bbb.example.org/bigbluebutton/\n",
        "URL: https://bbb.example.org/bigbluebutton/",
        "    url :https://bbb.example.org/bigbluebutton/  \n",
    ],
)
def test_every_usual_way_of_writing_an_address_means_the_same(text: str) -> None:
    assert api_root(text) == ROOT


@pytest.mark.parametrize(
    ("text", "root"),
    [
        ("https://h.example.org/x/bigbluebutton/api", "https://h.example.org/x/bigbluebutton/api/"),
        ("https://h.example.org/X/y/bigbluebutton/", "https://h.example.org/X/y/bigbluebutton/api/"),
        ("http://127.0.0.1:8090/bigbluebutton", "http://127.0.0.1:8090/bigbluebutton/api/"),
        ("http://[::1]:8090", "http://[::1]:8090/bigbluebutton/api/"),
        ("https://bücher.example.org", "https://xn--bcher-kva.example.org/bigbluebutton/api/"),
        ("https://BÜCHER.Example.org:8443", "https://xn--bcher-kva.example.org:8443/bigbluebutton/api/"),
        ("https://bücher。example.org.:", "https://xn--bcher-kva.example.org./bigbluebutton/api/"),
        ("https://xn--bcher-kva.example.org", "https://xn--bcher-kva.example.org/bigbluebutton/api/"),
        ("https://日本.example.org/é/bigbluebutton", "https://xn--wgv71a.example.org/%C3%A9/bigbluebutton/api/"),
        ("https://h.example.org/%C3%A9/bigbluebutton", "https://h.example.org/%C3%A9/bigbluebutton/api/"),
        ("https://h.example.org/a%20é/bigbluebutton", "https://h.example.org/a%20%C3%A9/bigbluebutton/api/"),
    ],
)
def test_ports_and_paths_in_front_are_kept(text: str, root: str) -> None:
    assert api_root(text) == root


API_MATE = "https://mconf.github.io/api-mate/#server=https://bbb.example.org/bigbluebutton/&sharedSecret=swordfish"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "must start with https://"),
        ("bbb.example.org", "must start with https://"),
        ("swordfish", "must start with https://"),
        ("ftp://bbb.example.org/swordfish", "must start with https://"),
        ("javascript:alert('swordfish')", "must start with https://"),
        (API_MATE, "API-Mate link .* holds the shared secret"),
        (f"URL: {ROOT}\n Secret: swordfish\n {API_MATE}", "API-Mate link"),
        (f"{ROOT}#swordfish", "must not have a part after #"),
        (f"{ROOT}#", "must not have a part after #"),
        (f"{ROOT}?checksum=swordfish", "after a question mark"),
        (f"{ROOT}?", "after a question mark"),
        ("https://ada:swordfish@bbb.example.org/", "user name or password"),
        ("https://@bbb.example.org/", "user name or password"),
        (f"URL: {ROOT}\nSecret: swordfish", "paste that one line only"),
        ("https://bbb.example.org/big bluebutton", "a space or another character"),
        ("https://bbb.example.org\\swordfish", "a space or another character"),
        ("https://", "no valid host name or port"),
        ("https:///bigbluebutton/", "no valid host name or port"),
        ("https://:8090/", "no valid host name or port"),
        ("https://bbb.example.org:swordfish/", "no valid host name or port"),
        ("https://bbb.example.org:99999/", "no valid host name or port"),
        ("https://bbb.example.org:0/", "no valid host name or port"),
        ("https://[::swordfish/", "no valid host name or port"),
        ("https://ü" + "x" * 70 + ".swordfish.example.org", "cannot be written in ASCII"),
        ("https://ü..swordfish.example.org", "cannot be written in ASCII"),
        ("https://ü＜swordfish＞.example.org", "cannot be written in ASCII"),
        ("https://ü*.swordfish.example.org", "cannot be written in ASCII"),
        ("https://xn--ü.swordfish.example.org", "cannot be written in ASCII"),
        ("https://\ud800.swordfish.example.org", "a space or another character"),
        ("https://h.example.org/\ud800swordfish/bigbluebutton", "a space or another character"),
        (f"{ROOT}create", "must be empty or end in"),
        ("https://bbb.example.org/swordfish/", "must be empty or end in"),
        ("https://bbb.example.org/html5client", "must be empty or end in"),
    ],
)
def test_an_address_that_cannot_be_right_is_refused_without_repeating_it(text: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint) as caught:
        api_root(text)
    assert "swordfish" not in "".join(traceback.format_exception(caught.value))
    assert caught.value.__context__ is None


@given(text=st.text() | st.builds("http{}://{}".format, st.sampled_from(["", "s"]), st.text()))
def test_any_text_is_either_normalised_for_good_or_refused(text: str) -> None:
    try:
        root = api_root(text)
    except ValueError:
        return
    assert root.isascii()
    assert root.startswith(("https://", "http://")) and root.endswith("/bigbluebutton/api/")
    assert api_root(root) == root


def test_an_endpoint_keeps_the_normal_form_and_sensible_time_outs() -> None:
    endpoint = Endpoint("main", "bbb.example.org".join(["URL: https://", "/"]), Secret("swordfish"))
    assert endpoint.url == ROOT
    assert endpoint.algorithm is Algorithm.SHA256
    assert (endpoint.connect_timeout, endpoint.read_timeout) == (3.05, 8.0)
    assert endpoint.total_timeout == pytest.approx(19.05)


@given(host=st.text(min_size=1, max_size=20), path=st.text(max_size=10))
def test_any_host_is_written_in_ascii_for_good_or_refused(host: str, path: str) -> None:
    try:
        root = api_root(f"https://{host}.example.org/{path}/bigbluebutton")
    except ValueError as error:
        assert str(error).isascii()
        return
    assert root.isascii()
    assert api_root(root) == root


def test_an_endpoint_shows_its_slug_alone() -> None:
    endpoint = Endpoint("main", ROOT, Secret("swordfish"))
    assert repr(endpoint) == str(endpoint) == "Endpoint('main')"


def test_an_endpoint_does_not_change() -> None:
    endpoint = Endpoint("main", ROOT, Secret("swordfish"))
    with pytest.raises(FrozenInstanceError):
        endpoint.url = "https://other.example.org/"  # type: ignore[misc]


def test_an_endpoint_with_a_bad_address_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="must start with https://"):
        Endpoint("main", "bbb.example.org", Secret("swordfish"))
