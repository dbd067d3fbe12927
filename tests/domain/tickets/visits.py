"""People at the doors of rooms, for whom tickets are made."""

from bbb_xblock.domain.data import Access, Person, Placement, Visit
from bbb_xblock.options import SessionOptions
from tests.domain import people

ROOM = Placement(usage_key="block-v1:X+Y+Z+type@bbb+block@a", course_key="course-v1:X+Y+Z")
OTHER_ROOM = Placement(usage_key="block-v1:X+Y+Z+type@bbb+block@b", course_key="course-v1:X+Y+Z")


def person(user_id: int) -> Person:
    return people.person(user_id=user_id, anonymous_id=f"{user_id:032}")


def at(
    who: Person, where: Placement = ROOM, options: SessionOptions | None = None, *, is_visitor: bool = False
) -> Visit:
    access = Access(may_load=True, is_enrolled=not is_visitor, is_visitor=is_visitor)
    return Visit(person=who, access=access, placement=where, options=options or SessionOptions())
