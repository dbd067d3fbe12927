"""The fields of the block, made from the table of options.

Everything here can be read and changed by every author and travels in course files. So there is no address, secret,
meeting id or other state of a server among them. Where the author did not set a field, the operator's default applies.
"""

import types
from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from xblock.core import XBlockMixin
from xblock.fields import Boolean, Integer, List, Scope, String

from bbb_xblock.choices import Labelled
from bbb_xblock.kinds import Choice, Choices, Number, Switch, Text
from bbb_xblock.option import Option
from bbb_xblock.options import OPTIONS

# Block field -> option.
OPTION_OF_FIELD: Final[Mapping[str, Option]] = types.MappingProxyType(
    {option.field_name: option for option in OPTIONS.values()}
)
# Kind -> the type of its fields; texts for all others.
_TYPES: Final[Mapping[type, Any]] = types.MappingProxyType({Switch: Boolean, Number: Integer, Choices: List})


def _declaration(option: Option) -> Any:
    """Give the field of an option, with what the platform's own editor needs to know."""
    kind = option.kind
    declare: Any = partial(
        _TYPES.get(type(kind), String),
        display_name=option.label,
        help=option.help,
        default=kind.plain(option.default),
        scope=Scope.settings,
    )
    if isinstance(kind, Number):
        return declare(values={"min": kind.low, "max": kind.high})
    if isinstance(kind, Choice):
        return declare(values=_choices(kind.among))
    if isinstance(kind, Choices):
        return declare(list_style="set", list_values_provider=lambda _block: _choices(kind.among))
    return declare(multiline_editor=True) if isinstance(kind, Text) else declare()


def _choices(among: type[Labelled]) -> list[dict[str, str]]:
    return [{"display_name": choice.label, "value": choice.value} for choice in among]


def _fill(namespace: dict[str, Any]) -> None:
    namespace["__doc__"] = "What an author chooses for a live session."
    namespace["__module__"] = __name__
    namespace |= {name: _declaration(option) for name, option in OPTION_OF_FIELD.items()}


SessionFields: Any = types.new_class("SessionFields", (XBlockMixin,), exec_body=_fill)
