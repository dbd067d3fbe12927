"""The people of the demo and what each may do. All of them are invented."""

import hashlib
import os
from dataclasses import dataclass
from typing import Any

NOBODY = "0"
FIRST_LEARNER = 1000


@dataclass(frozen=True)
class Person:
    """Somebody who is signed in. ``id`` is the number of the account, as in the platform's ``auth_user``."""

    id: int
    username: str
    name: str
    is_teacher: bool = False
    is_learner: bool = False
    came_through_lti: bool = False

    @property
    def label(self) -> str:
        """Say in the frame's words who this is."""
        return self.name or "Somebody without a name"

    @property
    def email(self) -> str:
        """Give the address of the account, which reaches nobody."""
        return f"{self.username}@example.org"

    @property
    def role(self) -> str:
        """Say in the frame's words what the person is in every course."""
        if self.is_teacher:
            return "teacher"
        if self.came_through_lti:
            return "from another learning platform"
        return "learner" if self.is_learner else "not enrolled"


class People(dict[int, Person]):
    """People by number. A big class (``DEMO_LEARNERS``) can be looked up, and is not listed: no page shows it.

    Whoever sets ``DEMO_LEARNERS`` makes the accounts of the class.
    """

    def get(self, number: int, default: Any = None) -> Any:
        """Give one person: somebody listed, or a learner of the big class."""
        if number in self.big_class():
            return Person(number, f"learner{number}", f"Learner {number}", is_learner=True)
        return super().get(number, default)

    def learners(self) -> int:
        """Count the learners, those of the big class among them."""
        return sum(person.is_learner for person in self.values()) + len(self.big_class())

    @staticmethod
    def big_class() -> range:
        """Give the numbers of its learners."""
        return range(FIRST_LEARNER, FIRST_LEARNER + int(os.environ.get("DEMO_LEARNERS") or 0))


PEOPLE = People(
    {
        person.id: person
        for person in (
            Person(1, "thea", "Thea Teacher", is_teacher=True),
            Person(2, "ada", "Ada Example", is_learner=True),
            Person(3, "ben", "Ben Example", is_learner=True),
            Person(4, "vera", "Vera Visitor"),
            # As the platform makes up an account for a visitor: 30 random letters and no name.
            Person(5, "k3jv8zq0xw1t5n7m2b4c6d8f0g9h1j", "", came_through_lti=True),
        )
    }
)
TEACHER = PEOPLE[1]


def chosen(student: str | None) -> Person | None:
    """Give the person behind ``?student=``; None stands for somebody who is not signed in."""
    if student is None or not (student.isascii() and student.isdigit() and len(student) < 6):
        return None
    return PEOPLE.get(int(student))


def number(person: Person | None) -> str:
    """Give what ``?student=`` holds for the person."""
    return str(person.id) if person else NOBODY


def anonymous_id(person: Person, course: str) -> str:
    """Make the 32 hexadecimal digits which stand for the person in one course, the same at every start."""
    return hashlib.sha256(f"{course}|{person.id}".encode()).hexdigest()[:32]
