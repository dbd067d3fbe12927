"""Pure decisions about names: which one is shown, and which may be chosen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bbb_xblock.domain import naming
from bbb_xblock.domain.errors import Code, Refusal
from bbb_xblock.knobs import NamePolicy
from tests.domain.people import person

TEAM = ("Thea Teacher", "thea", "")


def test_the_full_name_is_shown_else_the_username():
    assert naming.display_name(person()) == "Ada Example"
    assert naming.display_name(person(full_name=" \u200b ")) == "ada"


@pytest.mark.parametrize(
    ("wish", "participant", "moderator"),
    [
        ({}, "Ada Example", "Ada Example"),
        ({"policy": NamePolicy.USERNAME}, "ada", "Ada Example"),
        ({"policy": NamePolicy.PSEUDONYM}, "P-AAAAAA", "Ada Example"),
        ({"policy": NamePolicy.PSEUDONYM, "chosen": "Ada X."}, "P-AAAAAA", "Ada Example"),
        ({"policy": NamePolicy.ASK, "chosen": "Ada X."}, "Ada Example", "Ada Example"),
    ],
)
def test_the_operator_chooses_the_participants_names_and_moderators_stay_recognisable(wish, participant, moderator):
    assert naming.display_name(person(), **wish) == participant
    assert naming.display_name(person(is_moderator=True), **wish) == moderator


@pytest.mark.parametrize("policy", NamePolicy)
def test_whoever_has_no_name_at_all_gets_a_pseudonym(policy):
    nameless = person(full_name="", username="")
    assert naming.display_name(nameless, policy) == "P-AAAAAA"
    assert naming.display_name(nameless, policy, "Ada X.") == ("Ada X." if policy is NamePolicy.ASK else "P-AAAAAA")


@pytest.mark.parametrize(
    ("who", "policy", "asked"),
    [
        ({"full_name": ""}, NamePolicy.ASK, True),
        ({"full_name": "\u3164 \u200b"}, NamePolicy.ASK, True),
        ({}, NamePolicy.ASK, False),
        ({"full_name": "", "is_moderator": True}, NamePolicy.ASK, False),
        ({"full_name": ""}, NamePolicy.FULL_NAME, False),
        ({"full_name": ""}, NamePolicy.USERNAME, False),
        ({"full_name": ""}, NamePolicy.PSEUDONYM, False),
    ],
)
def test_only_participants_without_a_name_are_asked(who, policy, asked):
    assert naming.is_to_be_asked(person(**who), policy) is asked


@pytest.mark.parametrize("blank", ["\u200d\u200c", "\u3164", "\u2800", "\u115f\u1160", "\u0301", "  "])
def test_a_name_that_nobody_can_see_is_no_name(blank):
    assert naming.display_name(person(full_name=blank)) == "ada"
    assert naming.display_name(person(full_name=blank, username=blank)) == "P-AAAAAA"


def test_a_very_long_name_is_cut_with_a_sign():
    name = naming.display_name(person(full_name="A" * 5000))
    assert len(name) == 64
    assert name.endswith("…")


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("Vera Visitor", "Vera Visitor"),
        ("  Vera \t\n Visitor\x00\u202e ", "Vera Visitor"),
        ("e\u0301va", "éva"),
        ("O'Brien (TA) ~*! Ünï 日本", "O'Brien (TA) ~*! Ünï 日本"),
        ("J.R.R. Tol", "J.R.R. Tol"),
        ("שלום عليكم", "שלום عليكم"),
        ("न\u200dई", "न\u200dई"),
        ("李娜", "李娜"),
        ("V" * 64, "V" * 64),
    ],
)
def test_a_name_is_cleaned_and_taken(written, kept):
    assert naming.chosen_name(written, TEAM) == kept


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("", Code.NAME_TOO_SHORT),
        (None, Code.NAME_TOO_SHORT),
        (" \u200b\x07 ", Code.NAME_TOO_SHORT),
        ("\u3164\u2800\u115f", Code.NAME_TOO_SHORT),
        ("V", Code.NAME_TOO_SHORT),
        ("V.", Code.NAME_TOO_SHORT),
        ("V\u0301\u0301\u0301", Code.NAME_TOO_SHORT),
        ("☆☆☆", Code.NAME_TOO_SHORT),
        ("V" * 65, Code.NAME_TOO_LONG),
        ("V" * 50_000, Code.NAME_TOO_LONG),
        ("<b>Vera</b>", Code.NAME_WITH_SIGNS),
        ("Vera & Ben", Code.NAME_WITH_SIGNS),
        ('"Vera"', Code.NAME_WITH_SIGNS),
        ("＜Vera＞", Code.NAME_WITH_SIGNS),
        ("vera@example.org", Code.NAME_IS_ADDRESS),
        ("vera＠example", Code.NAME_IS_ADDRESS),
        ("https://example.org", Code.NAME_IS_ADDRESS),
        ("//example", Code.NAME_IS_ADDRESS),
        ("see www.example.org", Code.NAME_IS_ADDRESS),
        ("example．org", Code.NAME_IS_ADDRESS),
        ("example。org", Code.NAME_IS_ADDRESS),
        ("Thea Teacher", Code.NAME_OF_TEAM),
        ("Тhеа Теасhеr", Code.NAME_OF_TEAM),
        ("THEA", Code.NAME_OF_TEAM),
    ],
)
def test_a_name_that_does_not_work_is_refused_with_the_reason(written, code):
    with pytest.raises(Refusal) as caught:
        naming.chosen_name(written, TEAM)
    assert caught.value.code is code


@given(st.text(max_size=200))
def test_whatever_is_taken_is_shown_as_it_is(written):
    try:
        name = naming.chosen_name(written, TEAM)
    except Refusal as refusal:
        assert refusal.code.value.startswith("name_")
        return
    assert naming.chosen_name(name, TEAM) == name
    assert naming.display_name(person(full_name="", username=""), NamePolicy.ASK, name) == name
    assert not set(name) & set('<>&"@')
