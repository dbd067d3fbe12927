"""Names that look alike: two names are compared by what is left of them when everything is gone that the eye misses.

The idea is the skeleton of Unicode Technical Standard 39; its tables come with ``confusable_homoglyphs``. Plain Python.
"""

import functools
import unicodedata
from collections.abc import Iterable

# What the tables leave apart because both are plain letters or digits, and what is taken for one another all the same.
_PLAIN = str.maketrans({"0": "o", "1": "l", "i": "l", "|": "l", "w": "vv"})

# Letters and signs by their category, and yet nothing to see: Hangul fillers, the empty Braille pattern, hieroglyphs.
BLANKS = frozenset("\u115f\u1160\u3164\uffa0\u2800\U00013441\U00013442")

_SMALL_CAPITAL = "LATIN LETTER SMALL CAPITAL "


def looks_like_one_of(name: str, others: Iterable[str]) -> bool:
    """Say whether a name looks like one of the others, with its words in whatever order."""
    wanted = _skeletons(name)
    return any(wanted & _skeletons(other) for other in others)


def _skeletons(name: str) -> set[str]:
    """Give the skeletons of a name; names that share one look alike. A name without letters and digits has none.

    Capital letters of one script look like letters that their small ones do not look like (Cyrillic Н and Latin H), so
    both orders of folding count. Decomposing turns a few letters into others that look different (the lunate sigma,
    drawn like a C), so what is drawn before counts as well.
    """
    seen = "".join(c for c in name if c not in BLANKS)
    plains = {_without_marks(seen), _without_marks(_drawn(seen))}
    looks = {_drawn(folded).casefold() for plain in plains for folded in (plain, plain.casefold())}
    words = [_words(_without_marks(look)) for look in looks]
    return {"".join(order) for each in words for order in (each, sorted(each)) if each}


def _words(text: str) -> list[str]:
    spaced = "".join(c if c.isalnum() else " " if c.isspace() or c in "-_.,'’" else "" for c in text.translate(_PLAIN))
    return spaced.split()


def _without_marks(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(c for c in decomposed if unicodedata.category(c)[0] != "M")


def _drawn(text: str) -> str:
    return "".join(map(_prototype, text))


@functools.lru_cache(maxsize=4096)
def _prototype(character: str) -> str:
    """Give the sign that stands for all that look like this one: a plain letter or digit where there is one.

    The tables pair every sign with its prototype in both directions and do not say which is which; the prototype is
    the one with the most partners.
    """
    # The tables keep small capitals apart from the letters that they are.
    letter = unicodedata.name(character, "").removeprefix(_SMALL_CAPITAL)
    if len(letter) == 1:
        return letter
    # Nine megabytes of tables, for the few processes in which somebody ever writes a name.
    from confusable_homoglyphs.confusables import confusables_data as tables

    # A few letters have a sign as their prototype, and signs do not count.
    alike = [sign for sign in (entry["c"] for entry in tables.get(character, ())) if any(map(str.isalnum, sign))]
    return str(min([character, *alike], key=lambda sign: (not sign.isascii(), -len(tables.get(sign, ())), sign)))
