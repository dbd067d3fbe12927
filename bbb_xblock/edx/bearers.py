"""Somebody who shows a portable ticket: who that is and what they may do, asked where there is no session.

There is no runtime either, and none of its services; so the platform's own functions are asked, with the ticket's user.
"""

import logging
from dataclasses import dataclass, replace
from typing import Any

from django.contrib.auth import get_user_model
from opaque_keys.edx.keys import CourseKey

from bbb_xblock.domain.data import Access, CalendarTicket, Person, Placement, PlayTicket, PortableTicket
from bbb_xblock.domain.errors import Code, Refusal
from bbb_xblock.domain.tables import needs_tables
from bbb_xblock.edx import courses, users

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Bearer:
    """The person, what they may do, and the published ``block``, which is bound to nobody."""

    person: Person
    access: Access
    placement: Placement
    block: Any


@needs_tables
def bearer_of(ticket: PortableTicket | CalendarTicket | PlayTicket) -> Bearer:
    """Ask the platform for everything a ticket names.

    Raises :class:`Refusal`: ``not_signed_in`` for an account that is gone or closed, ``no_access`` for a block that is
    gone, ``no_course``; ``identity_unclear`` where the platform cannot be asked.
    """
    placement = replace(courses.placement_at(ticket.usage_key), group=ticket.group)
    user = get_user_model().objects.filter(pk=ticket.user_id, is_active=True).first()
    if user is None:
        raise Refusal(Code.NOT_SIGNED_IN)
    try:
        block, anonymous_id, is_enrolled = _of_the_platform(user, placement)
    except ImportError:
        log.exception("the platform cannot be asked; nobody gets in without a session")
        raise Refusal(Code.IDENTITY_UNCLEAR) from None
    course_key = CourseKey.from_string(placement.course_key)
    full_name = users.full_name_of(user)
    person = Person(
        user_id=user.pk,
        anonymous_id=anonymous_id,
        username=users.telling_username(user.pk, user.get_username(), full_name),
        full_name=full_name,
        # Never more than the page has promised: it may have been a view as a learner.
        is_moderator=ticket.as_moderator and courses.has_access(user, "staff", course_key, course_key),
    )
    access = Access(
        may_load=courses.has_access(user, "load", block, course_key),
        is_enrolled=is_enrolled,
        is_visitor=ticket.as_visitor and not is_enrolled and bool(users.came_through_lti([user.pk])),
    )
    return Bearer(person=person, access=access, placement=placement, block=block)


def _of_the_platform(user: Any, placement: Placement) -> tuple[Any, str, bool]:
    """Give the block, the course anonymous id and whether the user is enrolled.

    Source: edx-platform common/djangoapps/student/models (``anonymous_id_for_user``, the same that the user service
    gives; ``CourseEnrollment.is_enrolled``).
    """
    from common.djangoapps.student.models import CourseEnrollment, anonymous_id_for_user

    course_key = CourseKey.from_string(placement.course_key)
    block = courses.stored_block(placement)
    return block, str(anonymous_id_for_user(user, course_key)), bool(CourseEnrollment.is_enrolled(user, course_key))
