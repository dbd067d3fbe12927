"""What the settings say: the start-up checks, the layers of a course, the servers that are in use."""

from collections.abc import Iterable, Iterator

from django.db import DatabaseError

from bbb_xblock import checks, config
from bbb_xblock.config import CourseConfig, NotConfigured, ServerState
from bbb_xblock.doctor.findings import Code, Finding, fail, ok, warn
from bbb_xblock.domain import addresses, servers
from bbb_xblock.edx import menu
from bbb_xblock.models import Receipt

_SWITCHED_OFF = "W004"


def settings() -> Iterator[Finding]:
    """Run the start-up checks, and look for our tables."""
    messages = [*checks.check_settings(None), *menu.check_menu(None)]
    if not messages:
        yield ok(Code.SETTINGS_GOOD)
    for message in messages:
        yield of_check(str(message.id).rpartition(".")[2], message.msg, str(message.hint))
    yield from tables()


def of_check(check_id: str, text: str, hint: str) -> Finding:
    """Make the finding of a start-up check: ``E…`` makes joining impossible, ``W…`` odd."""
    detail = f"{text} {hint}"
    if check_id.startswith("E"):
        return fail(Code.SETTINGS_WRONG, detail=detail, id=check_id)
    return warn(Code.SETTINGS_ODD, detail=detail, id=check_id)


def tables() -> Iterator[Finding]:
    """Say it if our tables are missing, or the database is."""
    try:
        Receipt.objects.exists()
    except DatabaseError:
        yield fail(Code.SETTINGS_TABLES)


def course(merged: CourseConfig) -> Iterator[Finding]:
    """Say which servers serve a course, and which layer of the settings decides what."""
    decided = "; ".join(f"{key}: {where}" for key, where in config.decisions(merged.course_key).items())
    try:
        usable = servers.usable(merged)
    except NotConfigured as problem:
        is_off = problem.check_id == _SWITCHED_OFF
        said = warn if is_off else fail
        detail = f"{problem} {problem.hint} [{decided}]"
        yield said(Code.COURSE_OFF if is_off else Code.COURSE_UNSERVED, detail=detail, id=problem.check_id)
    else:
        yield ok(Code.COURSE_SERVED, detail=f"{', '.join(usable)} [{decided}]")


def servers_in_use() -> list[str]:
    """Give the servers that some layer chooses, or on which meetings or recordings may be left; none that is off."""
    chosen = {slug for _, layer in config.layers() for slug in config.slugs(config.mapping(layer).get("SERVER"))}
    emptied = {slug for slug in config.servers() if config.server_state(slug) is not ServerState.ACTIVE}
    return switched_on(slug for slug in config.servers() if slug in chosen | emptied)


def switched_on(slugs: Iterable[str]) -> list[str]:
    """Leave out the servers that are off."""
    return [slug for slug in slugs if config.server_state(slug) is not ServerState.OFF]


def slides_place() -> str:
    """Give an address from which slides would be fetched; it answers 401, since nothing in it is signed."""
    return addresses.lms_address("trial_slides", "try", "slides.txt")


def callback_place() -> str:
    """Give an address of ours that answers 401 to whoever reaches it, without asking who it is."""
    return addresses.lms_address("ended", "try")
