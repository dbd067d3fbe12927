"""Texts of people and authors, made fit to be shown. What lines are like: ``domain/test_rules.py``, ``TestTexts``."""

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
