"""What the demo's platform was told of grades and completion: in memory, fresh at each start."""

from sandbox.demo.people import Person
from sandbox.demo.rooms import Room

_points: dict[tuple[int, str], tuple[float, float]] = {}
_completed: dict[tuple[int, str], float] = {}


def keep_grade(user_id: int, usage_id: str, earned: float, possible: float) -> None:
    """Keep how many points somebody has, of how many."""
    _points[user_id, usage_id] = (earned, possible)


def keep_completion(user_id: int, usage_id: str, completion: float) -> None:
    """Keep how far somebody is, 0 to 1."""
    _completed[user_id, usage_id] = completion


def line(person: Person | None, room: Room) -> str:
    """Say what the platform knows of a learner in a room; empty of everybody else."""
    if person is None or not (person.is_learner or person.came_through_lti):
        return ""
    known = (person.id, room.usage_id)
    complete = "complete" if _completed.get(known) == 1 else "not complete"
    if known not in _points:
        return f"The platform’s record of {person.label}: {complete}, no grade."
    earned, possible = _points[known]
    return f"The platform’s record of {person.label}: {complete}, {earned:g} of {possible:g} points."
