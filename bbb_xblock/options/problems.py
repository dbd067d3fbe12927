"""What is wrong with values that an operator or an author gave to options."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from bbb_xblock.options.kinds import Moment, Problem
from bbb_xblock.options.moments import Relative
from bbb_xblock.options.option import Option
from bbb_xblock.options.table import OPTIONS
from bbb_xblock.options.texts import marked as _


def default_problem(name: object, value: object) -> str:
    """Say in one English sentence what is wrong with an operator's default; empty when it is right."""
    option = OPTIONS.get(name) if isinstance(name, str) else None
    if option is None:
        return f"The option {name!r} is not known."
    problem = option.kind.problem(value)
    if isinstance(option.kind, Moment) and isinstance(option.kind.usable(value, None), Relative):
        return f"“{option.name}” must be a time of its own here; only authors tell times by a course's dates."
    return problem.message.format(label=option.name, **problem.values) if problem else ""


def problems_of(values: Mapping[str, object]) -> Iterator[tuple[Option, Problem]]:
    """Yield what is wrong with an author's values, by name; an option that is missing is right."""
    for name, value in values.items():
        if problem := OPTIONS[name].kind.problem(value):
            yield OPTIONS[name], problem
    opens_at, closes_at = (OPTIONS[name].kind.usable(values.get(name), None) for name in ("opens_at", "closes_at"))
    if _is_not_later(closes_at, opens_at):
        yield OPTIONS["closes_at"], Problem(_("“{label}” must be later than the opening."))


def _is_not_later(closes_at: datetime | Relative | None, opens_at: datetime | Relative | None) -> bool:
    """Say whether the end is certainly not after the opening; of times that are told by two dates nobody knows."""
    if isinstance(closes_at, datetime) and isinstance(opens_at, datetime):
        return closes_at <= opens_at
    if isinstance(closes_at, Relative) and isinstance(opens_at, Relative):
        return closes_at.is_never_after(opens_at)
    return False
