"""Texts of people and authors, made fit to be shown."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bbb_xblock.options.texts import MOST_MARKS, clean_line, clean_lines, cut

# Two marks whose order is turned round when they are composed, and one that comes apart into two.
MARKS = ["\u0315", "\u0321", "\u0344"]
TEXTS = st.text(st.characters() | st.sampled_from([*MARKS, "\n", "\r", "\t", " ", "\u2028", "\u200b"]))


def longest_run_of_marks(text):
    longest = run = 0
    for sign in text:
        run = run + 1 if unicodedata.combining(sign) else 0
        longest = max(longest, run)
    return longest


@given(st.text())
def test_a_clean_line_is_clean_already(text):
    assert clean_line(clean_line(text, 64), 64) == clean_line(text, 64)


def test_what_stood_on_both_sides_of_something_invisible_joins_up():
    assert clean_line("a \U000f0000 b", 64) == "a b"
    assert clean_line("e\u202e\u0301", 64) == "é"


@given(st.text())
def test_a_clean_line_is_one_short_visible_line(text):
    line = clean_line(text, 64)
    assert len(line) <= 64
    assert line == line.strip()
    assert all(unicodedata.category(c) not in ("Cc", "Cs", "Co", "Zl", "Zp") for c in line)
    assert all(unicodedata.category(c) != "Cf" or c in "\u200c\u200d" for c in line)
    line.encode()


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("O'Brien (TA) ~*! Ünï 日本", "O'Brien (TA) ~*! Ünï 日本"),
        ("  Ada \t\n Example ", "Ada Example"),
        ("Ada\x00\x07\u202eExample", "AdaExample"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("e\u0301", "é"),
        ("\u0646\u200c\u0627", "\u0646\u200c\u0627"),
        ("\ud800\ue000", ""),
        (None, ""),
    ],
)
def test_lines_are_cleaned(text, line):
    assert clean_line(text, 64) == line


def test_a_very_long_run_of_accents_takes_no_longer_than_its_first_characters():
    assert clean_line("a" + "\u0301" * 5_000_000, 64) == clean_line("a" + "\u0301" * 500, 64)


@pytest.mark.parametrize("clean", [clean_line, clean_lines])
@pytest.mark.parametrize("mark", [*MARKS, "".join(MARKS), "\u0315\u200b\u0321", "\u0315\n\u0321\u200b"])
def test_marks_above_and_below_one_letter_are_few(clean, mark):
    shown = clean("a" + mark * 4000, 4000)
    assert 0 < longest_run_of_marks(shown) <= MOST_MARKS
    assert clean(shown, 4000) == shown


def test_what_languages_need_of_marks_stays():
    # Vietnamese, Hebrew with points and cantillation, Tibetan.
    for word in ("ệ", "בְּרֵאשִׁ֖ית", "བསྒྲུབས"):
        assert clean_line(word, 64) == unicodedata.normalize("NFC", word)


@given(TEXTS, st.integers(1, 80))
def test_lines_are_those_of_the_text_each_cleaned(text, limit):
    whole = "\n".join(clean_line(line, 10_000) for line in text.splitlines()).strip()
    assert clean_lines(text, limit) == cut(whole, limit) or len(text) > limit * 4


@given(TEXTS)
def test_clean_lines_are_clean_already(text):
    assert clean_lines(clean_lines(text, 64), 64) == clean_lines(text, 64)
