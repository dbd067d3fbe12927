"""The words of the editor's form are those of the reader's language."""

import re

import pytest

from bbb_xblock import config
from bbb_xblock.doors.editor import form
from bbb_xblock.fields import OPTION_OF_FIELD
from bbb_xblock.options import OPTIONS
from tests.words.languages import Shouting


class ShoutingAroundGaps(Shouting):
    """The same language, in which the gaps of a sentence keep their names."""

    def gettext(self, message: str) -> str:
        return re.sub(r"[^{}]+(?![^{]*\})", lambda words: words[0].upper(), message)


NOTHING_CHOSEN = dict.fromkeys(OPTIONS)
MINE = {"LABEL": "Our house", "LINE": "As we do it.", "OPTIONS": {"record": True}}


@pytest.fixture
def course(settings):
    settings.XBLOCK_SETTINGS = {"bbb": {"PRESETS": {"mine": MINE}}}
    return config.for_course("")


def is_shouted(text: str) -> bool:
    return text == text.upper()


def test_every_heading_label_help_choice_and_message_is_translated(course):
    written = NOTHING_CHOSEN | {"title": "", "max_participants": -1}
    for group in form.groups(written, course, ShoutingAroundGaps()):
        assert is_shouted(group.label)
        for row in group.rows:
            labels = [label for _, label, _ in row.choices] + [label for _, label in row.anchors]
            assert all(is_shouted(text) for text in (row.label, row.help, row.problem, *labels))


def test_our_presets_are_translated_and_the_operator_s_stand_as_written(course):
    *ours, mine = form.cards(course, Shouting())
    for card in ours:
        assert is_shouted(card.label + card.line)
        assert all(is_shouted(fill.label) for fill in card.fills)
    assert (mine.label, mine.line) == ("Our house", "As we do it.")


def test_the_words_of_every_row_are_translated(course):
    assert all(is_shouted(word) for word in form.row_words(course, ShoutingAroundGaps()).values())


def test_numbers_have_words_up_to_as_many_as_there_are_options():
    counts = form.set_counts(Shouting())
    assert f'"{len(OPTION_OF_FIELD)} SET"' in counts
