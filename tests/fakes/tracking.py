"""The platform's tracking log and monitoring, as far as they are used: what is recorded can be looked at."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import ModuleType, SimpleNamespace
from typing import Any
from unittest.mock import patch


@dataclass
class Records:
    """What the platform would have written. Events are dictionaries with name, data and context."""

    events: list[dict[str, Any]] = field(default_factory=list)
    attributes: dict[str, Any] = field(default_factory=dict)
    _contexts: dict[str, dict[str, Any]] = field(default_factory=dict)

    @contextmanager
    def _context(self, name: str, context: dict[str, Any]) -> Iterator[None]:
        self._contexts[name] = context
        try:
            yield
        finally:
            del self._contexts[name]

    def _emit(self, name: str, data: dict[str, Any]) -> None:
        context = {key: value for each in self._contexts.values() for key, value in each.items()}
        self.events.append({"name": name, "data": data, "context": context})

    @contextmanager
    def modules(self) -> Iterator["Records"]:
        """Put the packages in place for a while."""
        tracker = ModuleType("eventtracking.tracker")
        tracker.get_tracker = lambda: SimpleNamespace(context=self._context, emit=self._emit)
        monitoring = ModuleType("edx_django_utils.monitoring")
        monitoring.set_custom_attribute = self.attributes.__setitem__
        modules = {module.__name__: module for module in (tracker, monitoring)}
        parents = {name: ModuleType(name) for name in ("eventtracking", "edx_django_utils")}
        with patch.dict(sys.modules, modules | parents):
            yield self
