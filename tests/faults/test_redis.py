"""Redis, the platform's cache and the queue of its tasks, goes away or stands still in the middle of a class."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from types import SimpleNamespace
from typing import Any

import pytest
import redis
from celery import Celery, current_app
from django.core.cache import cache
from django.test import Client

from bbb_xblock.models import Receipt, Room
from tests.builders import BEN, learner, teacher
from tests.callbacks import bearer, end_token, notice, report
from tests.services.redis_server import running_redis

pytestmark = [pytest.mark.redis, pytest.mark.database, pytest.mark.django_db(transaction=True)]

# What the queue may take to see that nobody answers; everything else takes milliseconds.
SECONDS = 4


@pytest.fixture
def site(transactional_db, platform, simulator, settings) -> Iterator[SimpleNamespace]:
    """A site with its cache and its queue on one Redis, as Tutor sets it up, and a room that runs."""
    eager = current_app._get_current_object()
    with ExitStack() as running:
        url = running.enter_context(running_redis())
        # A cache without a time-out of its own, which waits for ever: nothing of ours may lean on it.
        settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": url}}
        path = url.removeprefix("unix://").partition("?")[0]
        Celery("on-redis", broker=f"redis+socket://{path}", set_as_current=False).set_current()
        cache.set("works", True)
        assert cache.get("works")
        assert teacher(platform).click_join().status_code == 302
        simulator.add_participants(Room.objects.get().meeting_id, 1)
        try:
            yield SimpleNamespace(url=url, running=running)
        finally:
            eager.set_current()


def gone(site: SimpleNamespace) -> None:
    """Stop Redis."""
    site.running.close()
    with pytest.raises(redis.ConnectionError):
        cache.get("works")


def frozen(site: SimpleNamespace) -> None:
    """Have Redis take connections and say nothing; it goes on when the test is over."""
    with redis.Redis.from_url(site.url) as client:
        process = client.info("server")["process_id"]
    os.kill(process, signal.SIGSTOP)
    site.running.callback(os.kill, process, signal.SIGCONT)


def timely(answer: Callable) -> Any:
    """Have something answered, and in time."""
    started = time.monotonic()
    answered = answer()
    assert time.monotonic() - started < SECONDS
    return answered


@pytest.mark.parametrize("trouble", [gone, frozen])
def test_pages_questions_and_clicks_do_not_notice(platform, simulator, site, trouble: Callable):
    before = learner(platform).ticket()
    trouble(site)
    for desk in (learner(platform), learner(platform, BEN), teacher(platform)):
        assert timely(desk.page).cssselect("a.bbb-join")
        assert timely(desk.status).status_code == 200
        assert timely(desk.click_join).status_code == 302
    assert timely(lambda: learner(platform).call("join", query={"ticket": before})).status_code == 302


@pytest.mark.parametrize("trouble", [gone, frozen])
def test_callbacks_are_kept_and_answered_in_time_and_wait(site, trouble: Callable, caplog):
    room, client = Room.objects.get(), Client()
    ids = room.meeting_id, room.current.internal_id
    end, form = f"/bbb/ended/{end_token(room)}", f"signed_parameters={notice(*ids)}"
    trouble(site)
    signed = {"Authorization": bearer()}
    answers = [
        timely(lambda: client.get(end)),
        timely(lambda: client.post("/bbb/recording-ready/main", form, "application/x-www-form-urlencoded")),
        timely(lambda: client.post("/bbb/analytics/main", report(*ids), "application/json", headers=signed)),
    ]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert Receipt.objects.filter(worked_at=None).count() == 3
    assert caplog.text.count("cannot be reached") == 3
