import copy
import pickle
import re

import pytest

from bbb_xblock.bbb import TLSFault, errors

EVERY = [
    errors.BBBError("end"),
    errors.TransportError("end"),
    errors.TimedOut("end", 5.0),
    errors.ConnectionRefused("end"),
    errors.TLSFailed("end", TLSFault.EXPIRED),
    errors.NameNotResolved("end"),
    errors.ReplyError("end"),
    errors.UnexpectedStatus(502, "end"),
    errors.Redirected(302, "end", to_https=True),
    errors.NotXML("end", errors.Instead.LOGIN_PAGE),
    errors.NotJSON("end"),
    errors.ReplyTooLarge("end"),
    errors.ListEndless("end"),
    errors.ApiError("maxParticipantsReached", "end"),
    errors.ChecksumRefused("checksumError", "end"),
    errors.MeetingNotFound("notFound", "end"),
    errors.CallUnsupported("notImplemented", "end"),
    errors.TrackRefused("invalidLang", "end"),
    errors.SignatureRejected("end"),
    errors.CallbackUnreadable("end"),
]


def _tree(root: type, depth: int = 0) -> list[str]:
    drawn = [] if depth == 0 else [root.__name__]
    return drawn + [name for branch in root.__subclasses__() for name in _tree(branch, depth + 1)]


def test_the_tree_drawn_in_the_docstring_is_the_tree_there_is() -> None:
    drawn = re.findall(r"[├└]── (\w+)", errors.__doc__ or "")
    assert drawn == _tree(errors.BBBError)
    assert sorted(type(error).__name__ for error in EVERY) == sorted(["BBBError", *drawn])


@pytest.mark.parametrize("error", EVERY, ids=lambda error: type(error).__name__)
def test_every_error_is_one_plain_line_that_names_the_call(error: errors.BBBError) -> None:
    line = str(error)
    assert re.search(r"\bend\b", line)
    assert "\n" not in line
    assert line[0].isupper() and not line.endswith((".", "!"))


@pytest.mark.parametrize("error", EVERY, ids=lambda error: type(error).__name__)
def test_every_error_survives_a_queue_and_a_copy(error: errors.BBBError) -> None:
    for twin in (pickle.loads(pickle.dumps(error)), copy.copy(error)):  # noqa: S301 - our own bytes
        assert type(twin) is type(error)
        assert (str(twin), vars(twin)) == (str(error), vars(error))


@pytest.mark.parametrize("error", EVERY, ids=lambda error: type(error).__name__)
def test_every_sentence_is_its_own(error: errors.BBBError) -> None:
    assert [str(other) for other in EVERY].count(str(error)) == 1


@pytest.mark.parametrize("kind", [type(error) for error in EVERY])
def test_an_error_without_details_still_has_a_sentence(kind: type[errors.BBBError]) -> None:
    error = kind(404) if issubclass(kind, errors.UnexpectedStatus) else kind()
    assert "the call" in str(error)


def test_a_time_out_tells_its_limit() -> None:
    assert str(errors.TimedOut("getMeetingInfo", 5.0)) == "BigBlueButton did not answer getMeetingInfo within 5 s"
    assert str(errors.TimedOut("getMeetingInfo", 3.05)).endswith("within 3.05 s")
    assert str(errors.TimedOut("getMeetingInfo")) == "BigBlueButton did not answer getMeetingInfo in time"


def test_a_status_is_kept_and_told() -> None:
    error = errors.UnexpectedStatus(502, "create")
    assert error.status == 502
    assert "502" in str(error)


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        ("checksumError", errors.ChecksumRefused),
        ("notFound", errors.MeetingNotFound),
        ("invalidMeetingIdentifier", errors.MeetingNotFound),
        ("meetingForciblyEnded", errors.MeetingNotFound),
        ("meetingNotFound", errors.MeetingNotFound),
        ("noRecordings", errors.MeetingNotFound),
        ("unsupportedRequest", errors.CallUnsupported),
        ("notImplemented", errors.CallUnsupported),
        ("paramError", errors.TrackRefused),
        ("invalidKind", errors.TrackRefused),
        ("invalidLang", errors.TrackRefused),
        ("empty_uploaded_text_track", errors.TrackRefused),
        ("upload_text_track_failed", errors.TrackRefused),
        ("idNotUnique", errors.ApiError),
        ("internalError", errors.ApiError),
        ("", errors.ApiError),
    ],
)
def test_a_message_key_decides_the_class(key: str, kind: type[errors.ApiError]) -> None:
    error = errors.api_error(key, "join")
    assert type(error) is kind
    assert error.message_key == key


def test_a_message_key_keeps_nothing_that_could_be_markup_or_a_new_log_line() -> None:
    error = errors.ApiError("<b>Params required</b>\nERROR éß" + "x" * 100, "join")
    assert re.fullmatch(r"[A-Za-z0-9_ ]{64}", error.message_key)
    assert error.message_key.startswith("bParams requiredbERROR x")
    for shown in (str(error), repr(error), str(error.args)):
        assert not set("<>\n\\") & set(shown)


def test_a_call_name_keeps_nothing_but_letters() -> None:
    error = errors.SignatureRejected("hooks/create?checksum=abc\nERROR" + "x" * 100)
    assert error.call.startswith("hooks/createchecksumabcERRORx")
    assert len(error.call) == 64
    assert "?" not in repr(error)
