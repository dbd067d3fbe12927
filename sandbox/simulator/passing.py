"""Minutes that pass at once, for everybody: nobody is thrown out of a room because of them who is still there.

Before the clock moves, every open page is waited for: they ask about once a second. Whoever is heard stays; of the
others the server notices, as always, that nothing comes any more.
"""

import time
from collections.abc import Iterator

from .meetings import Participant
from .world import World

STEP_SECONDS = 60.0
# Of the clock on the wall. A busy browser asks late.
PATIENCE = 5.0


def pass_time(world: World, seconds: float, patience: float = PATIENCE) -> None:
    """Let time pass. Messages are sent, and whoever follows this clock acts, in the minute in which it is due."""
    with world.one_jump:
        heard = _roll_call(world, patience)
        left = seconds
        while left > 0:
            step = min(STEP_SECONDS, left)
            left -= step
            with world.lock:
                for person in heard:
                    person.seen_at += step
                world.advance(step)
            world.go_on()


def _roll_call(world: World, patience: float) -> list[Participant]:
    """Return whose pages ask, after having given each some time to."""
    with world.lock:
        world.let_time_pass()
        before = {person: person.times_heard for person in _with_open_page(world)}
    until = time.monotonic() + patience
    while time.monotonic() < until and any(person.times_heard == heard for person, heard in before.items()):
        time.sleep(0.02)
    return [person for person, heard in before.items() if person.times_heard > heard]


def _with_open_page(world: World) -> Iterator[Participant]:
    for _meeting, person in world.seats.values():
        if person.in_room_page and person.away_since is None:
            yield person
