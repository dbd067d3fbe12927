"""Texts of people and authors, made fit to be shown: visible, composed, of a bounded length."""

import re
import unicodedata
from typing import Protocol

# Control, format (marks that turn the writing direction among them), surrogate and private characters deceive or
# break; but zero-width joiners are needed to write some scripts and emoji.
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co"})
_JOINERS = "\u200c\u200d"


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
    # Cut first: composing a long run of accents takes quadratic time.
    spaced = re.sub(r"\s", " ", str(text or "")[: limit * 4])
    visible = "".join(c for c in spaced if c in _JOINERS or unicodedata.category(c) not in _INVISIBLE)
    # What was apart may stand side by side now.
    composed = unicodedata.normalize("NFC", visible)
    return cut(re.sub(r" +", " ", composed).strip(), limit)


def clean_lines(text: object, limit: int) -> str:
    """Make visible lines of at most ``limit`` characters together."""
    lines = str(text or "")[: limit * 4].splitlines()
    return cut("\n".join(clean_line(line, limit) for line in lines).strip(), limit)


def cut(text: str, limit: int) -> str:
    """Shorten a text to ``limit`` characters, the last of which then says so."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
