"""The whole examination: the settings first, then server by server, each as far as it goes."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial

from bbb_xblock import config
from bbb_xblock.bbb import BBBError, Client
from bbb_xblock.config import NotConfigured
from bbb_xblock.doctor import configured, rehearsal, server, signing, trouble, way
from bbb_xblock.doctor.findings import Code, Finding, Level, fail
from bbb_xblock.domain import happenings
from bbb_xblock.knobs import Knobs

Stage = Callable[[Client], Iterator[Finding]]

STAGES: tuple[Stage, ...] = (
    way.name,
    way.port,
    way.certificate,
    server.identity,
    signing.secret,
    server.speed,
    server.recordings,
)
_EXIT_CODES = {Level.OK: 0, Level.WARN: 1, Level.FAIL: 2}


def everything(course_key: str = "", slug: str = "", patience: float = 0) -> Iterator[Finding]:
    """Look at the settings and at the servers: that one, those of that course, else all that are in use.

    With ``patience``, in seconds, a meeting is made on each and the server's call back is waited for so long.
    """
    seen = set()
    for finding in _all(course_key, slug, patience):
        # The settings of a server come up twice, with all others and when the server's turn has come.
        if finding not in seen:
            seen.add(finding)
            yield finding


def of_course(course_key: str, patience: float = 0) -> Iterator[Finding]:
    """Look at what serves one course, and at nothing else: its authors have no business with other courses."""
    if not config.org_of(course_key):
        yield fail(Code.COURSE_UNREADABLE)
        return
    applies = config.for_course(course_key)
    about = list(configured.course(applies))
    yield from about
    if any(finding.level is not Level.OK for finding in about):
        return
    for slug in configured.switched_on(applies.servers):
        for finding in of_server(slug, applies.knobs, patience):
            yield replace(finding, server=slug)


def of_server(slug: str, knobs: Knobs, patience: float = 0) -> Iterator[Finding]:
    """Look at one server, stage by stage. A stage that fails is the last: nothing behind it could be told apart."""
    try:
        client = Client(config.endpoint(slug, knobs), watch=happenings.watching(""))
    except NotConfigured as problem:
        yield configured.of_check(problem.check_id, str(problem), problem.hint)
        return
    stages = STAGES + ((partial(rehearsal.meeting, patience=patience),) if patience else ())
    told: set[Code] = set()
    for stage in stages:
        has_failed = False
        for finding in _held(stage, client):
            has_failed = has_failed or finding.level is Level.FAIL
            # The clock is looked at twice, where it can be.
            if finding.code not in told:
                told.add(finding.code)
                yield replace(finding, server=slug)
        if has_failed:
            return


def exit_code(findings: Iterable[Finding]) -> int:
    """Give 0 if all is well, 1 if something is odd, 2 if something does not work."""
    return max((_EXIT_CODES[finding.level] for finding in findings), default=0)


def _all(course_key: str, slug: str, patience: float) -> Iterator[Finding]:
    yield from configured.settings()
    applies, slugs = config.for_site(), configured.servers_in_use()
    if course_key:
        if not config.org_of(course_key):
            yield fail(Code.COURSE_UNREADABLE)
            return
        applies = config.for_course(course_key)
        slugs = configured.switched_on(applies.servers)
        yield from configured.course(applies)
    for each in [slug] if slug else slugs:
        yield from of_server(each, applies.knobs, patience)


def _held(stage: Stage, client: Client) -> Iterator[Finding]:
    try:
        yield from stage(client)
    except BBBError as error:
        yield trouble.finding(error, client.endpoint)
