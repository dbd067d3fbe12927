"""The doctor in Studio: what serves a course is looked at by a worker, and told to its authors.

Authors get the sentences. What is for the operator alone, names of servers among it, is not even kept, unless the
operator shows it to authors (``SHOW_ADDRESSES_TO_AUTHORS``).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from bbb_xblock import config
from bbb_xblock.config import CourseConfig
from bbb_xblock.doctor import examination, sentences
from bbb_xblock.doctor.findings import Code, Finding, Level
from bbb_xblock.domain import examinations
from bbb_xblock.domain.examinations import Progress, Stage
from bbb_xblock.options.texts import Translator
from bbb_xblock.options.texts import marked as _

# So long is the call back of a test meeting waited for, in seconds.
CALLBACK_PATIENCE = 15
# So long does a page wait until it asks again.
PAUSE_SECONDS = 2


_LEVELS = {Level.OK: _("In order"), Level.WARN: _("Odd"), Level.FAIL: _("Problem")}
_PLATFORM = _("For the people who run this platform:")
_SERVER = _("For the people who run the classroom server:")
_BOTH = _("For the people who run this platform and those who run the classroom server, together:")
# By the first part of a finding's code.
_WHO = {
    "settings": _PLATFORM,
    "course": _PLATFORM,
    "name": _PLATFORM,
    "port": _BOTH,
    "tls": _SERVER,
    "api": _SERVER,
    "clock": _BOTH,
    "secret": _BOTH,
    "checksum": _BOTH,
    "speed": _SERVER,
    "recordings": _SERVER,
    "meeting": _SERVER,
    "callback": _BOTH,
    "slides": _BOTH,
}
_STAGES = {
    Stage.UNASKED: "",
    Stage.UNDER_WAY: _("The check is under way. It takes up to a minute; you can go on with your work."),
    Stage.UNATTENDED: _("Nobody works on background tasks here: ask the people who run this platform."),
    Stage.BROKEN_OFF: _(
        "The check stopped before its end. Please try again; if it stops again, tell the people who run this platform."
    ),
}
_RESULTS = {
    Level.OK: _("The check is done: live sessions work here."),
    Level.WARN: _("The check is done: live sessions work here, but something is odd. The list below says what to do."),
    Level.FAIL: _("The check is done: live sessions do not work here. The list below says what to do, and who can."),
}
_WORST_LAST = (Level.OK, Level.WARN, Level.FAIL)


@dataclass(frozen=True, kw_only=True)
class AuthorLine:
    """A finding in words. ``server`` tells several apart; ``who`` and ``advice`` are empty if all is well."""

    level: Level
    label: str
    server: str
    text: str
    who: str
    advice: str
    detail: str


def examine(course_key: str, run: str) -> None:
    """Look at what serves a course and keep what is found, as it is found. Only the first who is told to, does it."""
    if not examinations.begin(course_key, run):
        return
    shows_all = config.for_course(course_key).knobs.show_addresses_to_authors
    numbers: dict[str, int] = {}
    found: list[dict[str, Any]] = []
    for finding in examination.of_course(course_key, CALLBACK_PATIENCE):
        number = numbers.setdefault(finding.server, len(numbers) + 1) if finding.server else 0
        found.append(_kept(finding, number, shows_all=shows_all))
        examinations.keep(course_key, run, found)
    examinations.keep(course_key, run, found, is_done=True)


def said(progress: Progress, course: CourseConfig, i18n: Translator) -> dict[str, Any]:
    """Say how far it is, what was found, and when to ask again (0: not at all), as JSON holds it."""
    lines = lines_of(progress.findings, course, i18n)
    is_open = progress.stage is Stage.UNDER_WAY
    return {
        "stage": progress.stage.value,
        "said": _sentence(progress, i18n),
        "findings": [vars(line) for line in lines],
        "again_seconds": PAUSE_SECONDS if is_open else 0,
    }


def worst(kept: Iterable[dict[str, Any]]) -> Level:
    """Give the level of the worst of what was kept; where nothing was, nothing is wrong."""
    return max((Level(each["level"]) for each in kept), key=_WORST_LAST.index, default=Level.OK)


def lines_of(kept: Sequence[dict[str, Any]], course: CourseConfig, i18n: Translator) -> list[AuthorLine]:
    """Give the words for what was kept."""
    servers = {each["number"] for each in kept if each["number"]}
    return [_line(each, course, i18n, has_several=len(servers) > 1) for each in kept]


def _line(kept: dict[str, Any], course: CourseConfig, i18n: Translator, *, has_several: bool) -> AuthorLine:
    finding = Finding(code=Code(kept["code"]), level=Level(kept["level"]), values=tuple(map(tuple, kept["values"])))
    words = sentences.line(finding, i18n)
    number = i18n.gettext("Server {number}").format(number=kept["number"]) if has_several and kept["number"] else ""
    # What the operator has allowed once may be forbidden meanwhile.
    shows_all = course.knobs.show_addresses_to_authors
    return AuthorLine(
        level=finding.level,
        label=i18n.gettext(_LEVELS[finding.level]),
        server=(kept["server"] if shows_all else "") or number,
        text=words.text,
        who=i18n.gettext(_WHO[finding.code.partition(".")[0]]) if words.advice else "",
        advice=words.advice,
        detail=kept["detail"] if shows_all else "",
    )


def _kept(finding: Finding, number: int, *, shows_all: bool) -> dict[str, Any]:
    return {
        "code": finding.code.value,
        "level": finding.level.value,
        "values": finding.values,
        "number": number,
        "server": finding.server if shows_all else "",
        "detail": finding.detail if shows_all else "",
    }


def _sentence(progress: Progress, i18n: Translator) -> str:
    is_done = progress.stage is Stage.DONE
    text = _RESULTS[worst(progress.findings)] if is_done else _STAGES[progress.stage]
    # An empty text would be translated into the head of the catalogue.
    return i18n.gettext(text) if text else ""
