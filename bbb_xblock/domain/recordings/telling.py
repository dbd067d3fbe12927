"""Which recordings everybody in their course is to be told of, each once."""

from collections.abc import Iterator
from datetime import timedelta

from django.utils import timezone

from bbb_xblock import config
from bbb_xblock.domain.recordings.rules import WAIT
from bbb_xblock.models import Recording

# What has been ready for longer is no news: nobody is told of a whole archive when the operator switches this on.
NEWS = timedelta(days=1)
# Several recordings of a room within so much time are one piece of news, however many a server makes up.
QUIET = timedelta(hours=1)
_AT_ONCE = 20


def due() -> Iterator[Recording]:
    """Yield recordings that became ready lately and are for everybody; whoever got one has to tell of it.

    It is marked as told before, so that of two workers one tells, and nobody hears twice.
    """
    now = timezone.now()
    since = now - NEWS
    ready = Recording.objects.filter(
        state=Recording.State.READY,
        asked_at__gte=since,
        since__gte=since,
        # Of what was recorded long ago, a server may have told only now.
        started_at__gte=now - WAIT,
        is_published=True,
        audience=Recording.Audience.EVERYBODY,
        is_breakout=False,
        told_at=None,
    )
    courses = set(ready.order_by().values_list("room__course_key", flat=True).distinct())
    wanted = ready.filter(room__course_key__in=[each for each in courses if _is_wanted(each)])
    for row in wanted.select_related("room").order_by("pk")[:_AT_ONCE]:
        told_lately = Recording.objects.filter(room=row.room_id, told_at__gt=now - QUIET).exists()
        is_mine = Recording.objects.filter(pk=row.pk, told_at=None).update(told_at=timezone.now())
        if is_mine and not told_lately:
            yield row


def _is_wanted(course_key: str) -> bool:
    return config.for_course(course_key).knobs.recording_news
