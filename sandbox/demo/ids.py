"""Usage ids in the platform's own form, the same at every start.

The Workbench numbers its blocks (``open-room.bbb.d0.u0``). The package reads the course out of the usage key, as it
does on the platform, so the demo's blocks carry real keys: ``block-v1:Example+Open+2026+type@bbb+block@room``.
"""

from opaque_keys import InvalidKeyError
from opaque_keys.edx.keys import CourseKey, UsageKey
from xblock.exceptions import NoSuchDefinition, NoSuchUsage
from xblock.runtime import MemoryIdManager

ROOM_BLOCK_ID = "room"


def usage_of(course: str, block_type: str) -> str:
    """Name the one block of that type in the course."""
    return str(CourseKey.from_string(course).make_usage_key(block_type, ROOM_BLOCK_ID))


def is_usage(text: str) -> bool:
    """Tell whether the text is a usage key at all."""
    try:
        UsageKey.from_string(text)
    except InvalidKeyError:
        return False
    return True


class CourseIds(MemoryIdManager):
    """Hand out ids for one course. A definition is named after its course and type, a usage is a usage key.

    Every id can be read back from its own text: nothing is remembered, so that a handler works in a process that
    has not shown a page yet.
    """

    def __init__(self, course: str) -> None:
        super().__init__()
        self.course = course

    def create_definition(self, block_type: str, slug: str | None = None) -> str:
        """Name a definition; ``slug`` is the interface's and not needed with one block of a type per course."""
        return f"def-of:{usage_of(self.course, block_type)}"

    def create_usage(self, def_id: str) -> str:
        """Name the usage of a definition."""
        return def_id.removeprefix("def-of:")

    def get_definition_id(self, usage_id: str) -> str:
        """Give the definition of a usage of this course; raise :class:`NoSuchUsage` for any other text."""
        if not is_usage(usage_id) or usage_id != usage_of(self.course, UsageKey.from_string(usage_id).block_type):
            raise NoSuchUsage(usage_id)
        return f"def-of:{usage_id}"

    def get_block_type(self, def_id: str) -> str:
        """Give the type in a definition's name; raise :class:`NoSuchDefinition` for any other text."""
        usage_id = str(def_id).removeprefix("def-of:")
        if not is_usage(usage_id):
            raise NoSuchDefinition(def_id)
        return str(UsageKey.from_string(usage_id).block_type)
