"""The names that people chose for the rooms of a course: kept, read, and who may not be imitated."""

import logging
from collections.abc import Iterable

from django.utils import timezone

from bbb_xblock.bbb import Role
from bbb_xblock.domain import naming
from bbb_xblock.domain.data import Person, Placement, Question, Visit
from bbb_xblock.domain.errors import Code, Refusal
from bbb_xblock.knobs import NamePolicy
from bbb_xblock.models import ChosenName, Join

log = logging.getLogger(__name__)


def in_the_room(person: Person, visit: Visit, policy: NamePolicy) -> str:
    """Give the name under which the person comes in. Raises :class:`Refusal` (``name_wanted``) if one is to be asked.

    Where nobody can be asked the person comes in under the pseudonym.
    """
    chosen = chosen_by(visit, policy)
    if not chosen and visit.can_be_asked and naming.is_to_be_asked(person, policy):
        raise Refusal(Code.NAME_WANTED)
    return naming.display_name(person, policy, chosen)


def chosen_by(visit: Visit, policy: NamePolicy) -> str:
    """Give the name that the visitor chose for this course; empty for people who have none or need none."""
    person = visit.person
    if person is None or not naming.is_to_be_asked(person, policy):
        return ""
    return of([person.user_id], visit.placement.course_key).get(person.user_id, "")


def of(user_ids: Iterable[int], course_key: str) -> dict[int, str]:
    """Give the names that people chose in a course, by user id. One query."""
    chosen = ChosenName.objects.filter(user_id__in=set(user_ids), course_key=course_key)
    return dict(chosen.values_list("user_id", "name"))


def last_of(user_id: int) -> str:
    """Give the name that somebody chose last, in whatever course; empty if there is none."""
    last = ChosenName.objects.filter(user_id=user_id).order_by("-chosen_at").values_list("name", flat=True)
    return last.first() or ""


def moderators(placement: Placement) -> set[int]:
    """Give the ids of all who were ever let into rooms of the course as moderators."""
    joins = Join.objects.filter(meeting__room__course_key=placement.course_key, role=Role.MODERATOR.value)
    return {user_id for user_id in joins.order_by().values_list("user_id", flat=True).distinct() if user_id}


def choose(question: Question, text: object, course_team: Iterable[str]) -> None:
    """Take the answer to a question and keep it. Raises :class:`Refusal` with what is wrong with the name.

    The last answer counts, so that somebody who goes back and corrects a slip gets what was written last.
    """
    name = naming.chosen_name(text, course_team)
    ChosenName.objects.update_or_create(
        user_id=question.user_id,
        course_key=question.placement.course_key,
        defaults={"name": name, "chosen_at": timezone.now()},
    )
    log.info("user %s has chosen a name in %s", question.user_id, question.placement.course_key)
