"""There is a sentence for every state of a room, and it can be translated."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bbb_xblock import words
from bbb_xblock.domain.data import RoomState, RoomStatus
from bbb_xblock.domain.errors import Code
from tests.words.languages import PLAIN, Shouting


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


def test_what_a_page_may_come_to_say_holds_every_state_that_comes_by_itself_and_is_translated():
    end = datetime(2026, 11, 24, 16, 30, tzinfo=ZoneInfo("Europe/Berlin"))
    room = RoomStatus(state=RoomState.NOT_OPEN_YET, max_participants=30)
    to_come = words.to_come(room, end, PLAIN)
    by_itself = set(RoomState) - {RoomState.NOT_CONFIGURED, RoomState.REFUSED, RoomState.RECORDINGS_ONLY}
    assert {said.state for said in to_come} == {state.value for state in by_itself}
    assert any("Tuesday, November 24" in said.sentence for said in to_come)
    assert any("All 30 seats" in said.sentence for said in to_come)
    assert words.lost(PLAIN) in [said.sentence for said in to_come]
    unbounded = words.to_come(RoomStatus(state=RoomState.READY), None, Shouting())
    assert "full" not in {said.state for said in unbounded}
    for said in unbounded:
        assert said.label + said.sentence + said.role == (said.label + said.sentence + said.role).upper()
