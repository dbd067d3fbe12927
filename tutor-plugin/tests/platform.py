"""Runs the settings files that Tutor renders, without Open edX: what the platform would bring is a stand-in."""

import builtins
import os
from pathlib import Path
from typing import Any
from unittest import mock

PLATFORM = {"cms", "codejail", "django", "lms", "openedx", "xmodule"}


class Anything(dict):
    """Whatever the platform has under a name: can be called, called by name, indexed, added to, written as a path."""

    __all__ = ()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("RemovedIn"):
            return DeprecationWarning
        if name.startswith("__"):
            raise AttributeError(name)
        return Anything()

    def __missing__(self, key: object) -> Any:
        return self.setdefault(key, Anything())

    def __call__(self, *args: object, **kwargs: object) -> Any:
        return Anything()

    def __add__(self, other: object) -> Any:
        return Anything()

    __radd__ = __add__

    def __fspath__(self) -> str:
        return "/nowhere"


class Globals(dict):
    """The names of a settings module; one that is not set comes from the platform."""

    def __missing__(self, name: str) -> Any:
        if hasattr(builtins, name):
            raise KeyError(name)
        return self.setdefault(name, Anything())


def _import(name: str, *args: Any) -> Any:
    return Anything() if name.partition(".")[0] in PLATFORM else builtins.__import__(name, *args)


def settings_of(root: Path, site: str, mode: str, **given: Any) -> dict[str, Any]:
    """Run ``{site}/{mode}.py`` of a Tutor root with the names ``given`` by the platform; give all that is set then."""
    path = root / "env/apps/openedx/settings" / site / f"{mode}.py"
    names = Globals(given, __builtins__={**vars(builtins), "__import__": _import})
    with mock.patch.object(os, "makedirs"):
        exec(compile(path.read_text("utf-8"), path, "exec"), names)  # noqa: S102 that is what a platform does with it
    return names
