"""Texts of people and authors, made fit to be shown: visible, composed, of a bounded length."""

import re
import unicodedata
from typing import Protocol

# Control, format (marks that turn the writing direction among them), surrogate and private characters deceive or
# break; but zero-width joiners are needed to write some scripts and emoji.
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co"})
_KEPT = "\u200c\u200d\n"
# More of them no language puts on one letter (Unicode Standard Annex 15, stream-safe text format).
MOST_MARKS = 30


class Translator(Protocol):
    """The part of the XBlock i18n service that is used."""

    def gettext(self, message: str) -> str:
        """Translate a sentence."""

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        """Translate a sentence with a number."""


def marked(message: str) -> str:
    """Mark a text for translation, under the name ``_``; it is translated where it is shown."""
    return message


def clean_line(text: object, limit: int) -> str:
    """Make one visible line of at most ``limit`` characters: composed, without control and invisible characters."""
    return cut(_clean(str(text or "")[: limit * 4].replace("\n", " ")), limit)


def clean_lines(text: object, limit: int) -> str:
    """Make visible lines of at most ``limit`` characters together."""
    return cut(_clean("\n".join(str(text or "")[: limit * 4].splitlines())), limit)


def _clean(text: str) -> str:
    """Clean a text whose lines end in ``\\n``, all of them at once: there may be thousands."""
    spaced = re.sub(r"[^\S\n]", " ", text)
    visible = "".join(c for c in spaced if c in _KEPT or unicodedata.category(c) not in _INVISIBLE)
    # Once more, because what is composed may have more marks than it came with.
    composed = _few_marks(unicodedata.normalize("NFC", _few_marks(visible)))
    return re.sub(r" ?\n ?", "\n", re.sub(r" +", " ", composed)).strip()


def _few_marks(text: str) -> str:
    """Leave out what is piled on one letter: marks are put in order as they are composed, which takes the square."""
    if text.isascii():
        return text
    few: list[str] = []
    run = 0
    for character in text:
        run = run + 1 if unicodedata.combining(character) else 0
        if run <= MOST_MARKS:
            few.append(character)
    return "".join(few)


def cut(text: str, limit: int) -> str:
    """Shorten a text to ``limit`` characters, the last of which then says so."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
