import pytest

from bbb_xblock.bbb import MeetingNotFound, PlaybackFormat, Preview, Recording, RecordingsPage, RecordingState
from bbb_xblock.bbb.messages import Reply
from bbb_xblock.bbb.recordings import page, published
from bbb_xblock.bbb.responses import done
from tests.bbb.servers import recorded

LONG = f"https://bbb.example.org/{'x' * 2048}"


def replied(name: str) -> Reply:
    return Reply(call=name.split("_")[0], body=recorded(name))


def recordings(reply: Reply) -> tuple[Recording, ...]:
    return page(reply).recordings


def listed(inner: str) -> tuple[Recording, ...]:
    body = f"<response><returncode>SUCCESS</returncode><recordings>{inner}</recordings></response>"
    return page(Reply(call="getRecordings", body=body.encode())).recordings


def playback(inner: str) -> tuple[PlaybackFormat, ...]:
    (recording,) = listed(f"<recording><recordID>r</recordID><playback>{inner}</playback></recording>")
    return recording.formats


def test_a_published_recording_is_read() -> None:
    recording = recordings(replied("getRecordings_two"))[0]
    internal = "8e9d0a5ff1c1bd7e8ab9c6d4a9ae9d3f7b7b0b4e-1700000000000"
    thumbs = [f"https://bbb.example.org/presentation/8e9d0a5f/thumb-{number}.png" for number in (1, 2)]
    assert recording == Recording(
        record_id=internal,
        meeting_id="physics-101",
        internal_meeting_id=internal,
        name="Physics 101",
        state=RecordingState.PUBLISHED,
        start_time_ms=1700000000123,
        end_time_ms=1700003600456,
        participants=3,
        size=1104836,
        raw_size=1048576,
        is_breakout=False,
        metadata={
            "isBreakout": "false",
            "meetingId": "physics-101",
            "meetingName": "Physics 101",
            "bbb-origin": "Open edX",
        },
        formats=(
            PlaybackFormat(
                type="presentation",
                url=f"https://bbb.example.org/playback/presentation/2.3/{internal}",
                length_minutes=60,
                size=1104836,
                previews=(
                    Preview(url=thumbs[0], width=176, height=136, alt="Welcome"),
                    Preview(url=thumbs[1], width=176, height=136),
                ),
            ),
            PlaybackFormat(type="podcast", url="https://bbb.example.org/podcast/8e9d0a5f/audio.ogg", length_minutes=60),
        ),
    )


def test_a_recording_in_processing_has_no_formats() -> None:
    recording = recordings(replied("getRecordings_two"))[1]
    assert (recording.state, recording.published, recording.formats) == ("processing", False, ())


@pytest.mark.parametrize("server", ["", "_on_scalelite", "_on_bbblb"])
def test_no_recordings_are_no_failure(server: str) -> None:
    assert page(replied(f"getRecordings_none{server}")) == RecordingsPage()


@pytest.mark.parametrize("record_id", ["", "a,b", "a&#10;b", "x" * 257])
def test_a_recording_without_a_usable_id_is_skipped_and_counted(record_id: str) -> None:
    body = (
        "<response><returncode>SUCCESS</returncode><recordings>"
        f"<recording><recordID>{record_id}</recordID></recording><recording><recordID>r</recordID></recording>"
        "</recordings></response>"
    )
    only = Recording(record_id="r", internal_meeting_id="r")
    assert page(Reply(call="getRecordings", body=body.encode())) == RecordingsPage(recordings=(only,), listed=2)


def test_a_page_tells_how_many_there_are_and_a_whole_list_does_not() -> None:
    assert page(replied("getRecordings_page")).total == 1250
    assert page(replied("getRecordings_two")).total is None
    assert page(replied("getRecordings_two")).listed == 2


def test_scalelite_tells_who_is_protected_and_leaves_out_the_rest() -> None:
    newest, oldest = recordings(replied("getRecordings_on_scalelite"))
    assert (newest.is_protected, oldest.is_protected) == (True, False)
    assert (newest.formats[0].previews, len(oldest.formats[0].previews)) == ((), 1)
    assert (oldest.state, oldest.published) == ("published", True)
    assert (newest.size, newest.raw_size, newest.is_breakout) == (0, 0, False)
    assert newest.start_time_ms > oldest.start_time_ms


def test_bbblb_writes_sizes_by_format_and_its_own_id_only_into_the_metadata() -> None:
    first, second = recordings(replied("getRecordings_on_bbblb"))
    assert (first.published, second.published) == (True, False)
    assert first.meeting_id == "waves-101"
    assert first.size == sum(each.size for each in first.formats) > 0
    assert (first.is_protected, first.title) == (None, "Waves, second hour")
    assert first.description == "From minute 12 on: standing waves."


def test_a_recording_that_nobody_named_is_called_like_its_meeting() -> None:
    recording = recordings(replied("getRecordings_two"))[0]
    assert (recording.title, recording.description) == ("Physics 101", "")


@pytest.mark.parametrize(
    ("said", "state"),
    [
        *((f"<state>{each}</state><published>true</published>", each) for each in RecordingState),
        ("<state>Processing</state>", "processing"),
        ("<state></state><published>true</published>", "published"),
        ("<published>TRUE</published>", "published"),
        ("<published>published</published>", "published"),
        ("<published>unpublished</published>", "unpublished"),
        ("<state>available</state><published>true</published>", "published"),
        ("<state>available</state>", "unpublished"),
        ("", "unpublished"),
    ],
)
def test_every_way_to_tell_a_state_is_read(said: str, state: str) -> None:
    (recording,) = listed(f"<recording><recordID>r</recordID>{said}</recording>")
    assert recording.state == state
    assert recording.published is (state == "published")


def test_what_an_element_does_not_tell_the_metadata_may() -> None:
    metadata = "<isBreakout>true</isBreakout><meetingId>m1</meetingId><meetingName>Waves</meetingName>"
    (recording,) = listed(f"<recording><recordID>r</recordID><metadata>{metadata}</metadata></recording>")
    assert (recording.is_breakout, recording.meeting_id, recording.name) == (True, "m1", "Waves")


@pytest.mark.parametrize(
    ("answer", "said"),
    [("published", True), ("published_on_bbblb", True), ("unpublished_on_bbblb", False)],
)
def test_the_answer_to_publishing_is_read_whoever_wrote_it(answer: str, said: bool) -> None:
    assert published(replied(f"publishRecordings_{answer}")) is said


@pytest.mark.parametrize("address", ["", "javascript:alert(1)", "data:text/html,x", "/p", "ftp://example.org/", LONG])
def test_a_format_that_is_no_web_link_is_left_out(address: str) -> None:
    assert playback(f"<format><type>video</type><url>{address}</url></format>") == ()


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ('width="176" height="136"', (176, 136)),
        ('width="" height="12px"', (0, 0)),
        ('width="-1" height="²"', (0, 0)),
        (f'width="{"9" * 5000}"', (0, 0)),
    ],
)
def test_odd_sizes_of_a_preview_are_zero(attributes: str, expected: tuple[int, int]) -> None:
    images = f"<preview><images><image {attributes}> https://h.example.org/1.png </image><image/></images></preview>"
    (only,) = playback(f"<format><type>video</type><url>https://h.example.org/v</url>{images}</format>")
    (preview,) = only.previews
    assert (preview.url, preview.width, preview.height) == ("https://h.example.org/1.png", *expected)


def test_a_recording_shows_no_addresses_and_no_metadata() -> None:
    shown = repr(recordings(replied("getRecordings_two")))
    assert "physics-101" in shown
    assert "https://" not in shown and "bbb-origin" not in shown


def test_unknown_recordings_are_told_by_their_key() -> None:
    with pytest.raises(MeetingNotFound):
        done(replied("publishRecordings_not_found"))


def test_counters_of_a_recording_are_clamped_and_sizes_are_not() -> None:
    many = "9" * 18
    (recording,) = listed(
        f"<recording><recordID>r</recordID><participants>{many}</participants><size>{many}</size><startTime>{many}"
        f"</startTime><playback><format><url>https://bbb.example.org/</url><length>{many}</length><size>{many}</size>"
        "</format></playback></recording>"
    )
    assert (recording.participants, recording.formats[0].length_minutes) == (1_000_000, 1_000_000)
    assert recording.size == recording.start_time_ms == recording.formats[0].size == int(many)
