import pytest

from bbb_xblock.bbb import MeetingNotFound, PlaybackFormat, Preview, Recording
from bbb_xblock.bbb.messages import Reply
from bbb_xblock.bbb.recordings import recordings
from bbb_xblock.bbb.responses import done
from tests.bbb.servers import recorded


def replied(name: str) -> Reply:
    return Reply(call=name.split("_")[0], body=recorded(name))


def listed(inner: str) -> tuple[Recording, ...]:
    body = f"<response><returncode>SUCCESS</returncode><recordings>{inner}</recordings></response>"
    return recordings(Reply(call="getRecordings", body=body.encode()))


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
        state="published",
        published=True,
        start_time_ms=1700000000123,
        end_time_ms=1700003600456,
        participants=3,
        size=1104836,
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


def test_no_recordings_are_no_failure() -> None:
    assert recordings(replied("getRecordings_none")) == ()


def test_a_recording_without_an_id_is_skipped() -> None:
    assert listed("<recording><name>x</name></recording>") == ()
    assert listed("<recording><recordID>r</recordID></recording>") == (Recording(record_id="r"),)


@pytest.mark.parametrize("address", ["", "javascript:alert(1)", "data:text/html,x", "/playback", "ftp://example.org/"])
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
