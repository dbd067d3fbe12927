"""Every sentence: there is one for everything, it is plain, and it can be translated."""

import gettext

import pytest

from bbb_xblock import answers, words
from bbb_xblock.domain.data import RoomState, RoomStatus
from bbb_xblock.domain.errors import Code

PLAIN = gettext.NullTranslations()
JARGON = ("API", "checksum", "meeting id", "meetingID", "XML", "HTTP", "secret", "token", "error", "!")


class Shouting:
    """A language in which everything is upper case, so that untranslated words stand out."""

    def gettext(self, message: str) -> str:
        return message.upper()

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        return (singular if n == 1 else plural).upper().replace("{COUNT}", "{count}")


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


@pytest.mark.parametrize("state", RoomState)
@pytest.mark.parametrize("as_moderator", [True, False])
def test_every_state_of_a_room_is_told_and_translated(state, as_moderator):
    room = RoomStatus(
        state=state,
        participants=3,
        max_participants=3,
        as_moderator=as_moderator,
        refusal={RoomState.REFUSED: Code.NOT_ENROLLED, RoomState.TROUBLE: Code.SERVER_REFUSED}.get(state),
    )
    said = words.status(room, Shouting())
    for text in (said.label, said.sentence, said.role, said.join_label):
        assert text == text.upper()
    assert said.label and said.sentence and said.join_label


def test_whoever_may_know_the_number_of_what_is_missing_gets_another_sentence():
    for_team, for_learner = (RoomStatus(state=RoomState.NOT_CONFIGURED, check_id=check_id) for check_id in ("E002", ""))
    assert words.status(for_team, PLAIN).sentence != words.status(for_learner, PLAIN).sentence


@pytest.mark.parametrize(("count", "sentence"), [(0, "0 people are"), (1, "1 person is"), (2, "2 people are")])
def test_numbers_have_their_plural_forms(count, sentence):
    room = RoomStatus(state=RoomState.LIVE, participants=count)
    assert words.status(room, PLAIN).sentence.startswith(sentence)
