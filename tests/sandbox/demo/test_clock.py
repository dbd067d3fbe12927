"""The demo lives by the clock of its classroom server, and its meetings are looked at by it."""

import time
from datetime import timedelta

import pytest
from django.core import signing
from django.utils import timezone
from freezegun import freeze_time

from bbb_xblock.domain import looks
from bbb_xblock.models import Join, Sighting
from sandbox.demo import looking
from sandbox.demo.clock import told_by
from sandbox.simulator import Simulator
from tests.builders import learner, teacher
from tests.domain.test_looks import enter


def test_the_site_and_what_it_signs_grow_old_with_the_classroom_server() -> None:
    simulator = Simulator(secret="of-a-test")
    before = timezone.now()
    with told_by(simulator.world.now):
        token = signing.dumps("a ticket")
        simulator.pass_time(3600, patience=0)
        assert timedelta(hours=1) <= timezone.now() - before < timedelta(hours=2)
        with pytest.raises(signing.SignatureExpired):
            signing.loads(token, max_age=3599)
    assert timezone.now() - before < timedelta(hours=1)
    assert time.time() < before.timestamp() + 3600


@pytest.mark.django_db
def test_a_meeting_is_looked_at_every_minute_while_somebody_is_in(platform, simulator, monkeypatch):
    monkeypatch.setattr(looking, "_due", {})
    looking.listen()
    try:
        with freeze_time() as clock:
            teacher(platform).click_join()
            learner(platform).click_join()
            enter(simulator, Join.objects.last())
            simulator.forget_calls()
            for _ in range(3):
                clock.tick(looks.LOOK_SECONDS - 1)
                looking.look_at_due()
                clock.tick(1)
                looking.look_at_due()
    finally:
        looks.wanted.disconnect(dispatch_uid="sandbox.demo.looking._keep")
    assert simulator.count("getMeetingInfo") == 3
    assert Sighting.objects.count() == 1
