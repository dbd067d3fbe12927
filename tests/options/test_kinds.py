"""The kinds of values: what is right, what can be used, and that nothing else gets through."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bbb_xblock.options.choices import Feature, Layout
from bbb_xblock.options.filenames import LONGEST_NAME
from bbb_xblock.options.kinds import (
    LONGEST_ADDRESS,
    MOST_FILES,
    Address,
    Choice,
    Choices,
    Colour,
    Files,
    Line,
    Moment,
    Number,
    Switch,
    Text,
)

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)
KINDS = [
    (Switch(), False),
    (Number(0, 10), 3),
    (Line(20), ""),
    (Line(20, required=True), "Live session"),
    (Text(20), ""),
    (Address(), ""),
    (Colour(), ""),
    (Choice(Layout), Layout.SERVER),
    (Choices(Feature), ()),
    (Files(), ()),
    (Moment(), None),
]

each_kind = pytest.mark.parametrize(("kind", "default"), KINDS, ids=lambda value: type(value).__name__)


@each_kind
def test_a_default_is_right_and_usable(kind, default):
    assert kind.problem(kind.plain(default)) is None
    assert kind.usable(kind.plain(default), None if default is None else default) == default


@each_kind
@given(value=ANYTHING)
def test_whatever_comes_what_is_made_of_it_is_right(kind, default, value):
    made = kind.usable(value, default)
    assert kind.problem(kind.plain(made)) is None
    assert kind.usable(kind.plain(made), default) == made


@each_kind
def test_a_problem_is_a_sentence_about_the_option_that_does_not_hold_the_value(kind, default):
    problem = kind.problem(object())
    said = problem.message.format(label="Some option", **problem.values)
    assert said.startswith("“Some option” must ")
    assert said.endswith(".")
    assert "object" not in said


def test_kinds_have_names_of_their_own():
    assert len({kind.name for kind, _ in KINDS}) == len({type(kind) for kind, _ in KINDS})


@pytest.mark.parametrize(("given", "made"), [(-5, 0), (0, 0), (10, 10), (11, 10), (10**400, 10)])
def test_numbers_are_clamped(given, made):
    assert Number(0, 10).usable(given, 3) == made


@pytest.mark.parametrize("given", [True, "7", 7.0, float("nan"), None])
def test_what_is_no_whole_number_becomes_the_default(given):
    assert Number(0, 10).usable(given, 3) == 3


@pytest.mark.parametrize("given", ["true", 1, 0, None, "on", []])
def test_nothing_else_passes_for_on_or_off(given):
    assert Switch().usable(given, True) is True
    assert Switch().problem(given)


def test_texts_are_cleaned_and_cut_with_a_sign():
    assert Line(5).usable(" a\u202eb\x00 \n c ", "") == "ab c"
    assert Line(5).usable("abcdefgh", "") == "abcd…"
    assert Text(9).usable("ab\r\ncd\n\nefghijk", "") == "ab\ncd\n\ne…"


def test_a_text_that_may_not_be_empty_falls_back_to_the_default():
    assert Line(20, required=True).usable(" \u200b ", "Live session") == "Live session"
    assert Line(20, required=True).problem(" \u200b ")


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org",
        "https://example.org:8443/a/b.png?c=d#e",
        "https://xn--bcher-kva.example/%C3%A4",
        "HTTPS://example.org/",
    ],
)
def test_full_https_addresses_are_taken(address):
    assert Address().problem(address) is None
    assert Address().usable(address, "") == address


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JavaScript:alert(1)//https://example.org",
        " javascript:alert(1)",
        "data:text/html,x",
        "http://example.org/",
        "//example.org/",
        "/logo.png",
        "https:",
        "https://",
        "https:///logo.png",
        "https://name:word@example.org/",
        "https://example.org:99999/",
        "https://[bad/",
        "https://example.org/\nlogo",
        "https://example.org/a b",
        'https://example.org/"onload="x',
        "https://example.org/<script>",
        "https://bücher.example/",
        "https://example.org/" + "x" * LONGEST_ADDRESS,
    ],
)
def test_every_other_address_is_refused(address):
    assert Address().problem(address)
    assert Address().usable(address, "") == ""


@pytest.mark.parametrize("colour", ["red", "#fff", "#12345g", "#1234567", "#123456;x", "\n#123456", "#123456\n"])
def test_only_plain_colours_are_taken(colour):
    assert Colour().problem(colour)
    assert Colour().usable(colour, "") == ""


def test_unknown_choices_become_the_default_and_lists_hold_each_known_one_once():
    assert Choice(Layout).usable("DISCO_LAYOUT", Layout.SERVER) is Layout.SERVER
    assert Choice(Layout).usable("SMART_LAYOUT", Layout.SERVER) is Layout.SMART
    made = Choices(Feature).usable(["polls", "everything", "chat", "polls", 7, ["chat"]], ())
    assert made == (Feature.CHAT, Feature.POLLS)


@pytest.mark.parametrize(
    ("given", "made"),
    [
        ("2026-11-24T12:00:00Z", NOON),
        ("2026-11-24T12:00Z", NOON),
        ("2026-11-24T13:00:00+01:00", NOON),
        (NOON, NOON),
        ("", None),
        ("2026-11-24T12:00:00", None),
        ("2026-11-24", None),
        ("tomorrow", None),
        ("0001-01-01T00:00:00+23:59", None),
        ("9999-12-31T23:59:59-23:59", None),
        (1_700_000_000, None),
    ],
)
def test_times_need_their_zone(given, made):
    assert Moment().usable(given, None) == made


def test_times_are_written_in_utc():
    assert Moment().plain(Moment().usable("2026-11-24T13:00:00+01:00", None)) == "2026-11-24T12:00:00Z"


@pytest.mark.parametrize(
    "name", ["lecture-1.pdf", "Übung 2 (neu).PPTX", "a.b.txt", "Q&A: intro.odp", "講義.png", "7.rtf"]
)
def test_names_of_files_that_bigbluebutton_converts_are_taken(name):
    assert Files().problem([name]) is None
    assert Files().usable([name], ()) == (name,)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "pdf",
        ".pdf",
        "lecture",
        "lecture.exe",
        "picture.svg",
        "lecture.pdf.zip",
        "../lecture.pdf",
        "a..pdf",
        "folder/lecture.pdf",
        "folder\\lecture.pdf",
        "/static/lecture.pdf",
        "https://example.org/lecture.pdf",
        " lecture.pdf",
        "lecture.pdf\n",
        "lecture\x00.pdf",
        "lecture\u202efdp.pdf",
        "half\ud800.pdf",
        "<b>lecture</b>.pdf",
        "x" * LONGEST_NAME + ".pdf",
        7,
        None,
    ],
)
def test_every_other_name_is_refused(name):
    assert Files().problem([name])
    assert Files().usable([name], ()) == ()


def test_files_keep_their_order_and_only_the_first_of_many_are_taken():
    assert Files().usable(["b.pdf", "a.pdf", "b.pdf", "../c.pdf"], ()) == ("b.pdf", "a.pdf")
    assert Files().problem(["b.pdf", "a.pdf", "b.pdf"])
    many = [f"{number}.pdf" for number in range(MOST_FILES + 1)]
    assert Files().problem(many)
    assert Files().usable(many, ()) == tuple(many[:-1])
