"""Names that look alike, to people who read them in a list."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bbb_xblock.domain.lookalikes import looks_like_one_of

TEACHER = "Thea Teacher"
IMITATIONS = {
    "the same": TEACHER,
    "another case": "tHEA tEACHER",
    "without the space": "TheaTeacher",
    "more spaces": " Thea \u3000 Teacher ",
    "the other way round": "Teacher, Thea",
    "with a hyphen": "Thea-Teacher",
    "with an ornament": "☆ Thea Teacher ☆",
    "Cyrillic letters": "Тhеа Теасhеr",
    "Cyrillic capitals": "ТHЕА ТЕАСHЕR",
    "Greek letters": "Τheα Τeαcher",
    "accents": "Théa Tèàchér",
    "dots below": "Ṭhea Ṭeacher",
    "strokes": "Ŧhea Ŧeacher",
    "stacked marks": "T\u0336h\u0336ea T\u0489eacher",
    "full width": "Ｔｈｅａ　Ｔｅａｃｈｅｒ",
    "mathematical letters": "𝓣𝓱𝓮𝓪 𝕋𝕖𝕒𝕔𝕙𝕖𝕣",
    "letters in circles": "Ⓣⓗⓔⓐ Ⓣⓔⓐⓒⓗⓔⓡ",
    "small capitals": "Tʜᴇᴀ Tᴇᴀᴄʜᴇʀ",
    "small capitals all over": "ᴛʜᴇᴀ ᴛᴇᴀᴄʜᴇʀ",
    "a Hangul filler": "Thea Teacher\u3164",
    "half a Hangul filler": "Thea\uffa0 Teacher",
    "fillers of Hangul syllables": "\u115fThea Te\u1160acher",
    "an empty Braille pattern": "\u2800Thea Teacher",
    "blanks of hieroglyphs": "Thea\U00013441 Teacher\U00013442",
    "zero-width space": "Thea\u200b Teac\u200bher",
    "joiners": "Th\u200dea Teac\u200cher",
    "soft hyphen": "Thea Teac\u00adher",
    "direction marks": "\u202eThea\u202c Teacher",
}
PAIRS = [
    ("AIice", "Alice"),
    ("Bi11", "Bill"),
    ("0lga", "Olga"),
    ("Wamer", "Warner"),
    ("VVarner", "Warner"),
    ("Soren", "Søren"),
    ("Lukasz", "Łukasz"),
    ("Strasse", "Straße"),
    ("Ipek", "İpek"),
    ("Oльгa", "Ольга"),
    ("НИНА", "Нина"),
    ("РОЗА", "PO3A"),
    ("Ϲlara Ϲurie", "Clara Curie"),
    ("Aliϲe", "Alice"),
    ("ᴍarco ᴍiller", "Marco Miller"),
    ("ᴋarla", "Karla"),
    ("Marco", "rnarco"),
    ("Ɲora", "Nora"),
    ("王カ", "王力"),
]


@pytest.mark.parametrize("how", IMITATIONS)
def test_an_imitation_is_seen_through(how):
    assert looks_like_one_of(IMITATIONS[how], ["Ada Example", TEACHER])


@pytest.mark.parametrize(("name", "other"), PAIRS)
def test_what_the_eye_takes_for_the_same_is_the_same_both_ways(name, other):
    assert looks_like_one_of(name, [other])
    assert looks_like_one_of(other, [name])


@pytest.mark.parametrize(
    "name", ["Thea", "Teacher", "Thea T. Teacher", "Thea Teacher-Example", "Theo Teacher", "Ada Example", "日本", "!?"]
)
def test_another_name_stays_another_name(name):
    assert not looks_like_one_of(name, [TEACHER, "田中", "", "☆", "\u3164"])


def test_a_letter_that_looks_like_a_sign_is_no_sign_that_may_be_left_out():
    assert not looks_like_one_of("王ノ", ["王"])


def test_names_without_letters_look_like_nothing():
    assert not looks_like_one_of("!!!", ["!!!", ""])


WRITTEN = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=20)


@given(WRITTEN)
def test_every_name_looks_like_itself_in_every_normal_form(written):
    # A few letters are nothing but marks, and a name of such letters alone looks like nothing.
    name = f"a{written}"
    for form in ("NFC", "NFD", "NFKC", "NFKD"):
        assert looks_like_one_of(unicodedata.normalize(form, name), [name])


@given(st.text(max_size=80), st.text(max_size=80))
def test_it_takes_any_text_and_is_the_same_both_ways(one, other):
    assert looks_like_one_of(one, [other]) == looks_like_one_of(other, [one])
