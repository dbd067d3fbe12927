"""What serves a course is looked at by a worker, because an author asked for it: one row for each course, the newest.

No view waits for that: it asks here how far the worker is. What the findings mean is not known here.
"""

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from django.db.models import Q
from django.utils import timezone

from bbb_xblock.domain.errors import Code, Refusal
from bbb_xblock.domain.tables import needs_tables
from bbb_xblock.models import Examination

# No course has its servers looked at more often, whoever asks.
AGAIN = timedelta(seconds=30)
# A worker that has not begun by then is not there, or has much else to do.
PATIENCE = timedelta(seconds=30)
# Much longer than servers that are slow in everything take; then the worker has died.
LONGEST = timedelta(minutes=4)
# Each may keep a worker for half a minute and longer, and workers have other things to do.
MOST_AT_ONCE = 3
_KEPT = timedelta(days=7)


class Stage(StrEnum):
    """How far it is. Outsiders rely on the values."""

    UNASKED = "unasked"
    UNDER_WAY = "under_way"
    DONE = "done"
    UNATTENDED = "unattended"
    BROKEN_OFF = "broken_off"


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far the newest examination of a course is, and what was found until now."""

    stage: Stage
    findings: tuple[dict[str, Any], ...] = ()


@needs_tables
def ask(course_key: str) -> str:
    """Ask for an examination and give its number; empty if the newest is too young, or still under way.

    Raises :class:`Refusal`: ``many_checks`` while too many other courses are looked at, ``out_of_order``.
    """
    now = timezone.now()
    Examination.objects.filter(asked_at__lt=now - _KEPT).delete()
    recent = Examination.objects.filter(asked_at__gt=now - LONGEST, asked_at__lte=now + AGAIN, done_at__isnull=True)
    if recent.exclude(course_key=course_key).count() >= MOST_AT_ONCE:
        raise Refusal(Code.MANY_CHECKS)
    run = secrets.token_hex(8)
    fresh = {"run": run, "asked_at": now, "started_at": None, "done_at": None, "findings": "[]"}
    is_idle = Q(done_at__isnull=False) | Q(started_at__isnull=True)
    # What lies ahead was written by a machine whose clock is wrong.
    may_go = (is_idle & Q(asked_at__lte=now - AGAIN)) | Q(asked_at__lte=now - LONGEST) | Q(asked_at__gt=now + AGAIN)
    if Examination.objects.filter(may_go, course_key=course_key).update(**fresh):
        return run
    _, is_first = Examination.objects.get_or_create(course_key=course_key, defaults=fresh)
    return run if is_first else ""


def begin(course_key: str, run: str) -> bool:
    """Take an examination on; False if somebody has, or if there is a newer one."""
    waiting = Examination.objects.filter(course_key=course_key, run=run, started_at__isnull=True)
    return bool(waiting.update(started_at=timezone.now()))


def keep(course_key: str, run: str, findings: Sequence[dict[str, Any]], *, is_done: bool = False) -> None:
    """Keep what was found until now, unless there is a newer examination."""
    values = {"findings": json.dumps(findings)} | ({"done_at": timezone.now()} if is_done else {})
    Examination.objects.filter(course_key=course_key, run=run).update(**values)


@needs_tables
def progress(course_key: str) -> Progress:
    """Say how far the newest examination of a course is. Raises :class:`Refusal` (``out_of_order``)."""
    newest = Examination.objects.filter(course_key=course_key).first()
    return Progress(stage=Stage.UNASKED) if newest is None else progress_of(newest)


def progress_of(examination: Examination) -> Progress:
    """Say how far an examination is."""
    return Progress(stage=_stage(examination), findings=tuple(json.loads(examination.findings)))


def _stage(newest: Examination) -> Stage:
    age = timezone.now() - newest.asked_at
    if newest.done_at is not None:
        return Stage.DONE
    if newest.started_at is None:
        return Stage.UNDER_WAY if age < PATIENCE else Stage.UNATTENDED
    return Stage.UNDER_WAY if age < LONGEST else Stage.BROKEN_OFF
