"""The course team's desk for the register: what its script sends, read; what became of it, in words.

A request is JSON. ``{"token": …, "action": "correct", "session": key, "people": [user ids], "standing": …, "reason":
…}`` is answered with ``{"said": …, "corrections": [keys]}``, and ``{…, "action": "undo", "corrections": [keys]}`` and
``{…, "action": "look_again"}`` with ``{"said": …}``. ``{…, "action": "preview"}`` is answered with ``{"said": …,
"grades": [lines]}``, what telling every grade anew would change, and ``{…, "action": "regrade"}`` with ``{"said": …}``.
"""

from collections.abc import Mapping
from typing import Any

from bbb_xblock import grading, tasks
from bbb_xblock.domain import register
from bbb_xblock.domain.attendance.credit import Standing
from bbb_xblock.domain.data import Visit
from bbb_xblock.domain.errors import Code, Refusal
from bbb_xblock.doors import bodies
from bbb_xblock.edx import courses, users
from bbb_xblock.options.texts import Translator
from bbb_xblock.words import register as words


def answer(visit: Visit, body: Mapping[str, Any], i18n: Translator) -> dict[str, Any]:
    """Do what is asked. Raises :class:`Refusal` for whoever may not, and for what cannot be read."""
    match body.get("action"):
        case "correct":
            return _correct(visit, body, i18n)
        case "undo":
            undone = register.undo(visit, bodies.row_keys(body.get("corrections"), register.MOST_AT_ONCE))
            return {"said": words.undone(undone, i18n)}
        case "look_again":
            room_pk = register.to_look_at(visit)
            if room_pk and not tasks.queue_look_at_attendance(room_pk):
                raise Refusal(Code.OUT_OF_ORDER)
            return {"said": words.looking(i18n)}
        case "preview":
            return _preview(visit, i18n)
        case "regrade":
            return _regrade(visit, i18n)
    raise Refusal(Code.BAD_REQUEST)


def _preview(visit: Visit, i18n: Translator) -> dict[str, Any]:
    found = grading.preview(register.used(visit))
    kept = sum(change.is_kept for change in found)
    named = sorted(found, key=lambda change: change.is_kept)[: words.MOST_NAMED]
    names = users.names_of([change.user_id for change in named], visit.placement)
    points = visit.options.grade_points
    return {
        "said": words.regrade_preview(len(found) - kept, kept, points, i18n),
        "grades": words.grade_changes(named, names, points, i18n),
    }


def _regrade(visit: Visit, i18n: Translator) -> dict[str, Any]:
    room = register.used(visit)
    if not tasks.queue_regrading(room.pk, visit.person.user_id if visit.person else 0):
        raise Refusal(Code.OUT_OF_ORDER)
    return {"said": words.regrading(i18n)}


def _correct(visit: Visit, body: Mapping[str, Any], i18n: Translator) -> dict[str, Any]:
    standing, reason = body.get("standing"), body.get("reason")
    if not isinstance(reason, str) or standing not in tuple(Standing):
        raise Refusal(Code.BAD_REQUEST)
    (session_id,) = bodies.row_keys([body.get("session")], 1)
    people = bodies.row_keys(body.get("people"), register.MOST_AT_ONCE)
    enrolled = courses.learners(visit.placement)
    made = register.correct(visit, enrolled, session_id, people, Standing(standing), reason)
    return {"said": words.corrected(len(made), i18n), "corrections": made}
