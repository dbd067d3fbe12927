"""Pure decisions about names: under which one somebody comes into a room, and which may be chosen. No database."""

import re
import unicodedata
from collections.abc import Iterable

from bbb_xblock.domain.data import Person
from bbb_xblock.domain.errors import Code, Refusal
from bbb_xblock.domain.lookalikes import BLANKS, looks_like_one_of
from bbb_xblock.knobs import NamePolicy
from bbb_xblock.options.texts import clean_line

# BigBlueButton API docs, create: name has 2 to 64 characters (newer servers take 256).
NAME_LENGTHS = (2, 64)
# What of a name might be read as markup or as an address by whatever shows it.
_MARKUP = re.compile(r"[<>&\"]")
_ADDRESS = re.compile(r"@|//|\w[.。]\w{2}")
# Much more than a name may have, so that what is too long is not cut to something that fits.
_LONGER_THAN_ANY_NAME = 1000


def display_name(person: Person, policy: NamePolicy = NamePolicy.FULL_NAME, chosen: str = "") -> str:
    """Give the name shown in the room: the first that can be seen of those which the policy names, else a pseudonym.

    The pseudonym is made of the course anonymous id: the same in every room of the course, and nowhere else.
    ``policy`` is the operator's wish for participants; moderators stay recognisable. ``chosen`` is the name with which
    somebody answered when asked, empty if there is none.
    """
    names = {
        NamePolicy.ASK: (person.full_name, chosen),
        NamePolicy.FULL_NAME: (person.full_name, person.username),
        NamePolicy.USERNAME: (person.username, person.full_name),
        NamePolicy.PSEUDONYM: (),
    }[NamePolicy.FULL_NAME if person.is_moderator else policy]
    shown = (clean_line(name, NAME_LENGTHS[1]) for name in names)
    return next((name for name in shown if can_be_seen(name)), f"P-{person.anonymous_id[:6].upper()}")


def is_to_be_asked(person: Person, policy: NamePolicy) -> bool:
    """Say whether this person chooses the name for the room: a participant whose profile has none."""
    return policy is NamePolicy.ASK and not person.is_moderator and not can_be_seen(person.full_name)


def can_be_seen(name: str) -> bool:
    """Say whether a name has a letter, a digit or a sign; fillers that look like nothing do not count."""
    return any(unicodedata.category(c)[0] in "LNPS" and c not in BLANKS for c in name)


def chosen_name(text: object, course_team: Iterable[str]) -> str:
    """Give the name that somebody wrote, cleaned. Raises :class:`Refusal` with what is wrong with it.

    ``course_team`` are the names of those for whom nobody else may be taken.
    """
    name = clean_line(text, _LONGER_THAN_ANY_NAME)
    plain = unicodedata.normalize("NFKC", name)
    if sum(c.isalnum() and c not in BLANKS for c in name) < NAME_LENGTHS[0]:
        raise Refusal(Code.NAME_TOO_SHORT)
    if len(name) > NAME_LENGTHS[1]:
        raise Refusal(Code.NAME_TOO_LONG)
    if _MARKUP.search(plain):
        raise Refusal(Code.NAME_WITH_SIGNS)
    if _ADDRESS.search(plain):
        raise Refusal(Code.NAME_IS_ADDRESS)
    if looks_like_one_of(name, course_team):
        raise Refusal(Code.NAME_OF_TEAM)
    return name
