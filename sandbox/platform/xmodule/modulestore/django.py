"""A stand-in of the demo for the platform's module of the same name, not the platform's own."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from xmodule.modulestore.exceptions import ItemNotFoundError

from sandbox.demo.rooms import BY_USAGE
from sandbox.demo.runtime import DemoRuntime


class RoomStore:
    """The published blocks of the demo."""

    def get_item(self, usage_key: object) -> Any:
        """Give a block that is bound to nobody; raise :class:`ItemNotFoundError` if there is none."""
        room = BY_USAGE.get(str(usage_key))
        if room is None:
            raise ItemNotFoundError(str(usage_key))
        return DemoRuntime(room).get_block(room.usage_id)

    @contextmanager
    def bulk_operations(self, course_key: object, emit_signals: bool = True) -> Iterator[None]:
        """Answer what is asked meanwhile; there is nothing to load."""
        yield

    def has_item(self, usage_key: object) -> bool:
        """Tell whether the block exists."""
        return str(usage_key) in BY_USAGE

    def has_published_version(self, block: Any) -> bool:
        """Tell whether learners have the block. In the demo, saving is publishing."""
        return str(block.scope_ids.usage_id) in BY_USAGE


def modulestore() -> RoomStore:
    """Give the store."""
    return RoomStore()
