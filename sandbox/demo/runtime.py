"""The Workbench's runtime with the platform's manners: real keys, one course, and a place a block is shown in."""

from typing import Any

from django.urls import reverse
from opaque_keys.edx.keys import UsageKey
from workbench.runtime import WorkbenchRuntime

from sandbox.demo.ids import CourseIds
from sandbox.demo.people import Person, number
from sandbox.demo.places import Place
from sandbox.demo.rooms import ROOMS, Room


class DemoRuntime(WorkbenchRuntime):
    """A runtime for the one block of a room, for one person, in one place. ``account`` is the request's own user."""

    def __init__(
        self, room: Room, person: Person | None = None, place: Place = Place.LMS, account: object = None
    ) -> None:
        # The platform gives blocks the account's number; nobody, and Studio's editor, have none.
        super().__init__(person.id if person and place is not Place.STUDIO else None)
        self.room, self.person, self.place, self.account = room, person, place, account
        self.id_reader = self.id_generator = CourseIds(room.course)
        for name in place.missing_services:
            self._services.pop(name, None)
        if place is Place.PREVIEW:
            self.is_author_mode = True

    def _patch_xblock(self, block: Any) -> None:
        """Give the block the two attributes which the platform mixes into every block."""
        block.location = UsageKey.from_string(str(block.scope_ids.usage_id))
        block.course_id = block.location.course_key

    def handler_url(
        self, block: Any, handler_name: str, suffix: str = "", query: str = "", thirdparty: bool = False
    ) -> str:
        """Make a handler's address; it names the person, because the demo has no sign-in.

        Raises ValueError for a name that is no handler, as the platform does.
        """
        if not getattr(getattr(block, handler_name, None), "_is_xblock_handler", False):
            raise ValueError(f"{handler_name!r} is not a handler name")
        name = "unauth_handler" if thirdparty else f"{self.place.value}_handler"
        url = reverse(name, args=(block.scope_ids.usage_id, handler_name, suffix))
        extra = f"&{query}" if query else ""
        return f"{url}?student={number(self.person)}{extra}"


def load_rooms() -> None:
    """Write the author's options of every room into the store."""
    for room in ROOMS.values():
        DemoRuntime(room).parse_xml_string(room.xml)
