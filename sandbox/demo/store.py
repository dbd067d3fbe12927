"""Where the demo keeps the fields of its blocks: in memory, fresh at each start."""

import json
from typing import Any

from xblock.runtime import KeyValueStore, KvsFieldData


class MemoryStore(KeyValueStore):
    """Fields by key, as JSON text, so that a block never changes a stored value by accident.

    The Workbench's own store reads its scenario out of ids of its own form and cannot hold usage keys.
    """

    def __init__(self) -> None:
        self._values: dict[Any, str] = {}

    def get(self, key: Any) -> Any:
        """Give the value; KeyError when there is none."""
        return json.loads(self._values[key])

    def set(self, key: Any, value: Any) -> None:
        """Keep the value."""
        self._values[key] = json.dumps(value)

    def delete(self, key: Any) -> None:
        """Forget the value; KeyError when there is none."""
        del self._values[key]

    def has(self, key: Any) -> bool:
        """Tell whether there is a value."""
        return key in self._values


STORE = MemoryStore()


class RoomFieldData(KvsFieldData):
    """The service ``field-data`` of every runtime of the demo."""

    def __init__(self) -> None:
        super().__init__(STORE)
