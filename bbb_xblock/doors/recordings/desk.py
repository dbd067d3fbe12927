"""The course team's desk for the recordings of a room: what its script sends, read; what became of it, in words.

A request is JSON: ``{"token": …, "action": …, "ids": [row keys]}`` and, for some actions, more: ``title`` and
``description``; ``audience``; ``kind``, ``language``, ``label`` and ``text`` of captions. The answer is ``{"said": …,
"done": [keys], "troubles": {key: sentence}}``; for ``offer`` it is ``{"html": …}``, the recordings to adopt.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bbb_xblock import tasks
from bbb_xblock.domain import rooms
from bbb_xblock.domain.data import Visit
from bbb_xblock.domain.errors import Code, Refusal
from bbb_xblock.domain.recordings import adopting, captions, managing
from bbb_xblock.domain.recordings.team import Elsewhere, Outcome, member
from bbb_xblock.doors import bodies, rendering
from bbb_xblock.models import Recording
from bbb_xblock.options.texts import Translator
from bbb_xblock.words import desk

# Captions, escaped. Django itself takes 2.5 MB (DATA_UPLOAD_MAX_MEMORY_SIZE).
LONGEST_BODY = 4 * captions.LONGEST_CAPTIONS


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What somebody at the desk wants: ``body`` is what their script sent."""

    visit: Visit
    elsewhere: Elsewhere
    body: Mapping[str, Any]

    @property
    def ids(self) -> list[int]:
        """The keys of the chosen rows, each once. Raises :class:`Refusal` if there are none, or too many."""
        found = bodies.row_keys(self.body.get("ids"), managing.MOST_AT_ONCE)
        if not found:
            raise Refusal(Code.BAD_REQUEST)
        return found

    @property
    def the_one(self) -> int:
        """The key of the one row that was chosen. Raises :class:`Refusal` if there are more."""
        first, *others = self.ids
        if others:
            raise Refusal(Code.BAD_REQUEST)
        return first

    def text(self, name: str) -> str:
        """Give a text of the body. Raises :class:`Refusal` if it is none."""
        found = self.body.get(name)
        if not isinstance(found, str):
            raise Refusal(Code.BAD_REQUEST)
        return found


def answer(visit: Visit, elsewhere: Elsewhere, body: Mapping[str, Any], i18n: Translator) -> dict[str, Any]:
    """Do what is asked. Raises :class:`Refusal` for whoever may not, and for what cannot be read."""
    asked = Asked(visit=visit, elsewhere=elsewhere, body=body)
    action = asked.text("action")
    if action == "offer":
        return {"html": _offer(asked, i18n)}
    if action == "look_again":
        _look_again(visit)
        return {"said": desk.looking(i18n), "done": [], "troubles": {}}
    if action not in _ACTIONS:
        raise Refusal(Code.BAD_REQUEST)
    outcome = _ACTIONS[action](asked)
    return {
        "said": desk.said(action, outcome, i18n),
        "done": outcome.done,
        "troubles": desk.troubles(outcome, i18n),
    }


def _describe(asked: Asked) -> Outcome:
    title, description = asked.text("title"), asked.text("description")
    return managing.describe(asked.visit, asked.elsewhere, [asked.the_one], title=title, description=description)


def _show_to(asked: Asked) -> Outcome:
    if asked.text("audience") not in Recording.Audience.values:
        raise Refusal(Code.BAD_REQUEST)
    return managing.show_to(asked.visit, asked.elsewhere, asked.ids, Recording.Audience(asked.text("audience")))


def _add_captions(asked: Asked) -> Outcome:
    member(asked.visit)
    given = {name: asked.body.get(name) for name in ("kind", "language", "label", "text")}
    return managing.add_captions(asked.visit, asked.elsewhere, asked.the_one, captions.checked(**given))


_ACTIONS: dict[str, Callable[[Asked], Outcome]] = {
    "publish": lambda asked: managing.publish(asked.visit, asked.elsewhere, asked.ids),
    "hide": lambda asked: managing.hide(asked.visit, asked.elsewhere, asked.ids),
    "protect": lambda asked: managing.protect(asked.visit, asked.elsewhere, asked.ids, wanted=True),
    "unprotect": lambda asked: managing.protect(asked.visit, asked.elsewhere, asked.ids, wanted=False),
    "delete": lambda asked: managing.delete(asked.visit, asked.elsewhere, asked.ids),
    "describe": _describe,
    "audience": _show_to,
    "captions": _add_captions,
    "adopt": lambda asked: adopting.adopt(asked.visit, asked.elsewhere, asked.ids),
    "give_back": lambda asked: adopting.give_back(asked.visit, asked.ids),
}


def _look_again(visit: Visit) -> None:
    member(visit)
    room = rooms.known(visit.placement)
    if room and not tasks.queue_look_again(room.pk):
        raise Refusal(Code.OUT_OF_ORDER)


def _offer(asked: Asked, i18n: Translator) -> str:
    found = adopting.offered(asked.visit, asked.elsewhere)
    own = asked.visit.placement.course_key
    lines = [
        {
            "id": recording.pk,
            "title": recording.title or recording.name,
            "started_at": recording.started_at,
            "course": "" if recording.room.course_key == own else recording.room.course_key,
        }
        for recording in found
    ]
    return rendering.render("recording_offer.html", i18n, lines=lines)
