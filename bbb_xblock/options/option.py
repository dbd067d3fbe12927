"""What an option is: its name, kind, default, place in the editor, words, and when it counts."""

from collections.abc import Mapping
from dataclasses import Field, dataclass, field
from typing import Any

from bbb_xblock.options.choices import Group, Labelled, SessionKind
from bbb_xblock.options.kinds import Switch, ValueKind


@dataclass(frozen=True)
class Condition:
    """What another option must be: one of ``values``; without any, something else than off, zero or empty."""

    option: str
    values: tuple[Labelled, ...] = ()

    def holds(self, value: object) -> bool:
        """Say whether a value of the other option fulfils the condition."""
        return value in self.values if self.values else bool(value)


HAS_ROOM = Condition("kind", (SessionKind.ALL, SessionKind.ROOM))
HAS_BOTH = Condition("kind", (SessionKind.ALL,))
HAS_RECORDINGS = Condition("kind", (SessionKind.ALL, SessionKind.RECORDINGS))


@dataclass(frozen=True, kw_only=True)
class Option:
    """One option. ``label`` and ``help`` are English texts, marked for translation.

    It counts when every condition of ``when`` holds; otherwise it is as if it were ``default``.
    """

    name: str
    kind: ValueKind
    default: Any
    group: Group
    label: str
    help: str
    when: tuple[Condition, ...]

    @property
    def field_name(self) -> str:
        """The name of the block's field, which is part of course files."""
        return "display_name" if self.name == "title" else self.name

    def counts(self, values: Mapping[str, Any]) -> bool:
        """Say whether the option counts beside the values of the others."""
        return all(condition.holds(values[condition.option]) for condition in self.when)


def option(default: Any, kind: ValueKind, label: str, meaning: str, *when: Condition) -> Any:
    """Make the dataclass field of an option. A condition names an option further up in the table.

    The conditions of its group hold besides.
    """
    return field(default=default, metadata={"kind": kind, "label": label, "help": meaning, "when": when})


def switch(label: str, meaning: str, *when: Condition, default: bool = False) -> Any:
    """Make the dataclass field of an option that is on or off."""
    return option(default, Switch(), label, meaning, *when)


def made(declared: Field[Any], group: Group, conditions: tuple[Condition, ...]) -> Option:
    """Give the option that a dataclass field of a group declares; ``conditions`` are those of the group."""
    own = dict(declared.metadata)
    when = (*conditions, *own.pop("when"))
    return Option(name=declared.name, default=declared.default, group=group, when=when, **own)
