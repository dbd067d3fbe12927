"""Work that nobody waits for, done by the platform's Celery workers: ids in, one use case.

Each task may run twice, late, or two at once. There is no beat to rely on: what the queue forgot is picked up by the
next callback's task.
"""

import logging
from functools import partial

from celery import Task, current_app, shared_task
from celery.signals import worker_ready
from django.db import transaction
from kombu.exceptions import OperationalError

from bbb_xblock import config, grading, notices
from bbb_xblock.doctor import for_authors
from bbb_xblock.domain import looks, receipts, register, retention
from bbb_xblock.domain.attendance import due
from bbb_xblock.domain.recordings import sweep

log = logging.getLogger(__name__)

# Half a minute, a minute, two and four: about as long as BigBlueButton itself repeats the end of a meeting.
FIRST_WAIT_SECONDS = 30
REPEATS = 4
WAITING_AT_ONCE = 5
GRADED_AT_ONCE = 5
LOST_AT_ONCE = 20
FORGOTTEN_AT_ONCE = 500

# Celery's own connections try for six seconds, and wait for ever where Redis takes the connection and says nothing;
# BigBlueButton's callbacks come one after another.
_SOON_OR_NOT_AT_ALL = {"max_retries": 1, "interval_start": 0, "interval_step": 0, "interval_max": 0}
_SOON_OR_NOT_AT_ALL |= {"socket_timeout": 1, "socket_connect_timeout": 1}


@shared_task(bind=True, ignore_result=True, max_retries=REPEATS)
def work_on_receipt(self: Task, receipt_id: int) -> None:
    """Work on one receipt, again after a while if need be, on some that the queue forgot, and on what else is due."""
    try:
        done = receipts.work_on(receipt_id)
        receipts.work_on_waiting(WAITING_AT_ONCE)
        _take_up_lost_looks()
        retention.forget_old(FORGOTTEN_AT_ONCE)
        sweep.look_at_due()
        notices.send_due()
        for room_pk in due.waiting(GRADED_AT_ONCE):
            grading.grade(room_pk)
    except Exception:
        log.exception("receipt %s could not be worked on; it is tried again with a later one", receipt_id)
        return
    if not done:
        _repeat(self)


@shared_task(ignore_result=True)
def examine_course(course_key: str, run: str) -> None:
    """Look at what serves a course, because an author asked for it."""
    try:
        for_authors.examine(course_key, run)
    except Exception:
        log.exception("what serves the course %s could not be looked at to the end", course_key)


@shared_task(ignore_result=True)
def look_again(room_pk: int) -> None:
    """Ask for the recordings of one room, and of some whose turn it is."""
    try:
        sweep.look_again_at(room_pk)
        sweep.look_at_due()
        notices.send_due()
    except Exception:
        log.exception("the recordings of room %s could not be looked for; they are looked for again later", room_pk)


@shared_task(ignore_result=True)
def look_in(meeting_id: int) -> None:
    """Look who is in a meeting; that it is looked again a minute later is said by the looks themselves."""
    try:
        looks.look(meeting_id)
        _take_up_lost_looks()
    except Exception:
        log.exception("meeting %s could not be looked at; it is again when somebody comes or asks", meeting_id)


@shared_task(ignore_result=True)
def look_in_lost() -> None:
    """Have looks go on whose task was lost with the worker that had it."""
    try:
        _take_up_lost_looks()
    except Exception:
        log.exception("lost looks could not be taken up; they are with the next task")


@shared_task(ignore_result=True)
def look_again_at_attendance(room_pk: int) -> None:
    """Work out anew who was in the sessions of a room, because a member of the course team asked for it."""
    try:
        receipts.work_on_waiting(WAITING_AT_ONCE)
        register.look_again(room_pk)
    except Exception:
        log.exception("the attendance of room %s could not be worked out anew; what was known still counts", room_pk)


@shared_task(bind=True, ignore_result=True, max_retries=REPEATS)
def grade_room(self: Task, room_pk: int) -> None:
    """Tell the platform what is new of a room, again after a while if it does not take all."""
    try:
        is_done = grading.grade(room_pk)
    except Exception:
        log.exception("the grades of room %s could not be told; they are told with a later task", room_pk)
        return
    if not is_done:
        _repeat(self)


@shared_task(bind=True, ignore_result=True, max_retries=REPEATS)
def regrade_room(self: Task, room_pk: int, by_user_id: int) -> None:
    """Tell the platform every grade of a room anew, because somebody of the course team wants it."""
    try:
        is_done = grading.regrade(room_pk, by_user_id)
    except Exception:
        log.exception("the grades of room %s could not be told anew", room_pk)
        return
    if not is_done:
        _repeat(self)


@shared_task(ignore_result=True)
def complete(usage_key: str, user_id: int) -> None:
    """Tell the platform that somebody has completed a block."""
    try:
        grading.complete(usage_key, user_id)
    except Exception:
        log.exception("that user %s completed %s could not be told", user_id, usage_key)


def listen() -> None:
    """Queue from now on what the use cases of this process want done later."""
    looks.wanted.connect(_queue_look, dispatch_uid="bbb_xblock.tasks._queue_look")
    due.asked.connect(_queue_grades, dispatch_uid="bbb_xblock.tasks._queue_grades")
    due.completed.connect(_queue_completion, dispatch_uid="bbb_xblock.tasks._queue_completion")
    worker_ready.connect(_queue_lost_looks, dispatch_uid="bbb_xblock.tasks._queue_lost_looks")


def queue(receipt_id: int) -> None:
    """Have a receipt worked on soon. Without a broker it waits until a later callback finds one."""
    _queue(work_on_receipt, receipt_id, without="receipt %s waits")


def queue_examination(course_key: str, run: str) -> None:
    """Have a course's servers looked at soon. Without a broker nobody does, and the author is told so."""
    _queue(examine_course, course_key, run, without="the course %s is not examined")


def queue_look_again(room_pk: int) -> bool:
    """Have a room's recordings asked for soon. False: there is no broker, and they are looked for later."""
    return _queue(look_again, room_pk, without="recordings of room %s are not looked for now")


def queue_look_at_attendance(room_pk: int) -> bool:
    """Have a room's attendance worked out anew soon. False: there is no broker, and it is not."""
    return _queue(look_again_at_attendance, room_pk, without="the attendance of room %s is not worked out anew")


def queue_regrading(room_pk: int, by_user_id: int) -> bool:
    """Have every grade of a room told anew soon. False: there is no broker, and nothing is told."""
    return _queue(regrade_room, room_pk, by_user_id, without="the grades of room %s are not told anew")


def _queue_look(sender: object, *, meeting_id: int, **details: object) -> None:
    # Where tasks run at once and nothing waits, one that has itself called again would never end.
    if not current_app.conf.task_always_eager:
        without = "meeting %s is not looked at for now"
        transaction.on_commit(partial(_queue, look_in, meeting_id, without=without, seconds=looks.LOOK_SECONDS))


def _queue_lost_looks(**details: object) -> None:
    """Queue when a worker starts, for when it is certain which looks another one took along when it died."""
    if not config.is_studio():
        _queue(look_in_lost, without="lost looks are not taken up now", seconds=round(looks.LOST.total_seconds()))


def _take_up_lost_looks() -> None:
    """Have lost looks go on. Workers of Studio leave them alone: what follows from a look is told by the LMS."""
    if not config.is_studio():
        looks.take_up_lost(LOST_AT_ONCE)


def _queue_grades(sender: object, *, room_pk: int, **details: object) -> None:
    """Queue when what is to be graded is stored; without a broker a later task finds the room."""
    transaction.on_commit(partial(_queue, grade_room, room_pk, without="the grading of room %s waits"))


def _queue_completion(sender: object, *, usage_key: str, user_id: int, **details: object) -> None:
    transaction.on_commit(partial(_queue, complete, usage_key, user_id, without="the completion of %s waits"))


def _queue(task: Task, *args: object, without: str, seconds: int = 0) -> bool:
    """Have a task done soon, or in so many seconds. False: there is no broker.

    ``without`` says what that means, with a place for the first of ``args`` if there are any.
    """
    options = {**current_app.conf.broker_transport_options, **_SOON_OR_NOT_AT_ALL}
    try:
        with current_app.connection_for_write(transport_options=options) as connection:
            task.apply_async(args=args, countdown=seconds or None, connection=connection, retry=False)
    except OperationalError:
        log.warning(f"{without}: the queue of tasks cannot be reached", *args[:1])
        return False
    return True


def _repeat(task: Task) -> None:
    """Have a task done again, after longer and longer waits, unless it was often enough."""
    repeats = task.request.retries
    if repeats < REPEATS:
        raise task.retry(countdown=FIRST_WAIT_SECONDS * 2**repeats)
