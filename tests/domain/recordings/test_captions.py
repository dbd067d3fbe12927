"""Whatever a browser sends as captions is either checked captions or a refusal."""

from hypothesis import given
from hypothesis import strategies as st

from bbb_xblock.domain.errors import Code, Refusal
from bbb_xblock.domain.recordings import captions

CUE = "00:00:01.000 --> 00:00:04.000\nHello\n"
ANYTHING = st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.text()) | st.just("captions")
REFUSALS = {Code.BAD_REQUEST, Code.CAPTIONS_LANGUAGE, Code.CAPTIONS_NOT_READ, Code.CAPTIONS_TOO_LONG}


@given(kind=ANYTHING, language=ANYTHING | st.just("en"), label=ANYTHING, text=ANYTHING | st.text().map(CUE.__add__))
def test_nothing_else_comes_out(kind, language, label, text):
    try:
        found = captions.checked(kind=kind, language=language, label=label, text=text)
    except Refusal as refusal:
        assert refusal.code in REFUSALS
        return
    assert len(found.text.encode()) <= captions.LONGEST_CAPTIONS
    assert found.label.isprintable() and 0 < len(found.label) <= captions.LONGEST_LABEL
    assert "\x00" not in found.text and "\r" not in found.text


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\ufffd"), max_size=200))
def test_what_people_write_in_any_script_stays_as_it_is(line):
    found = captions.checked(kind="subtitles", language="en", label="", text=f"WEBVTT\n\n{CUE}{line}\n")
    assert found.text.endswith(f"Hello\n{line}\n")
    assert found.file_name == "captions.vtt"


def test_the_type_of_a_file_is_told_by_what_is_in_it():
    subrip = f"1\n{CUE.replace('.', ',')}"
    assert captions.checked(kind="captions", language="en", label="", text=subrip).file_name == "captions.srt"


def test_captions_are_in_no_repr():
    found = captions.checked(kind="captions", language="en", label="English", text=f"WEBVTT\n\n{CUE}")
    assert "Hello" not in repr(found)
