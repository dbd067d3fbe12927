"""There is a sentence for every refusal; it is plain, says what to do, and can be translated."""

import pytest

from bbb_xblock import words
from bbb_xblock.domain.errors import Code
from bbb_xblock.doors import answers
from tests.words.languages import PLAIN, Shouting

JARGON = ("API", "checksum", "meeting id", "meetingID", "XML", "HTTP", "secret", "token", "error", "!")


def texts(said: words.PageWords) -> list[str]:
    return [said.title, said.sentence]


@pytest.mark.parametrize("code", Code)
def test_every_refusal_has_a_status_a_title_and_a_sentence_that_says_what_to_do(code):
    assert 400 <= answers.STATUSES[code] < 600 or code is Code.STARTING
    title, sentence = texts(words.refusal(code, PLAIN))
    assert title and not title.endswith(".")
    assert sentence.endswith(".")


@pytest.mark.parametrize("code", Code)
def test_no_sentence_uses_jargon_or_shouts(code):
    said = " ".join(texts(words.refusal(code, PLAIN)))
    assert not [word for word in JARGON if word in said]


@pytest.mark.parametrize("code", Code)
def test_every_refusal_is_translated(code):
    for text in texts(words.refusal(code, Shouting())):
        assert text == text.upper()


def test_leaving_is_told_and_translated():
    title, sentence = texts(words.left(Shouting()))
    assert title and title == title.upper()
    assert sentence.endswith(".") and sentence == sentence.upper()
