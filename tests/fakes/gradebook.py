"""What the platform keeps of grades and completion, as far as its signal and its service show it."""

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from django.dispatch import Signal
from opaque_keys.edx.keys import CourseKey, UsageKey


@dataclass(frozen=True, kw_only=True)
class Told:
    """One grade that was told: for whom, in which block, how many points of how many."""

    user_id: int
    usage_key: str
    earned: float
    possible: float
    only_if_higher: bool


@dataclass
class Gradebook:
    """Grades by user and block, everything that was told, and who has completed which block."""

    is_tracking: bool = True
    # Whose grades are not taken.
    broken_for: set[int] = field(default_factory=set)
    told: list[Told] = field(default_factory=list)
    grades: dict[tuple[int, str], tuple[float, float]] = field(default_factory=dict)
    # What is sent on: to the subsection's grade, and to another learning platform.
    weighted: list[dict[str, Any]] = field(default_factory=list)
    completed: dict[tuple[int, str], float] = field(default_factory=dict)
    times_completed: int = 0

    def __post_init__(self) -> None:
        self.published = Signal()
        self.published.connect(self._take_grade, weak=False)

    def _take_grade(
        self,
        sender: object,
        block: Any,
        user: Any,
        raw_earned: float,
        raw_possible: float,
        only_if_higher: bool,
        **more: Any,
    ) -> bool:
        """Store a grade as edx-platform lms/djangoapps/grades/signals/handlers.py, ``score_published_handler`` does."""
        if user.pk in self.broken_for:
            raise ValueError("the gradebook is broken")
        key = (user.pk, str(block.scope_ids.usage_id))
        told = Told(
            user_id=key[0], usage_key=key[1], earned=raw_earned, possible=raw_possible, only_if_higher=only_if_higher
        )
        self.told.append(told)
        before = self.grades.get(key)
        if only_if_higher and before is not None and raw_earned / raw_possible < before[0] / before[1]:
            return False
        self.grades[key] = (raw_earned, raw_possible)
        # The handler of PROBLEM_RAW_SCORE_CHANGED weighs it; PROBLEM_WEIGHTED_SCORE_CHANGED is what LTI listens to.
        self.weighted.append(
            {
                "user_id": user.pk,
                "usage_id": key[1],
                "weighted_earned": raw_earned * block.weight / raw_possible,
                "weighted_possible": block.weight,
            }
        )
        return True

    def completion_service(self, user: Any, context_key: CourseKey) -> Any:
        """Make a service for one user and course, as completion completion/services.py has it."""
        assert isinstance(context_key, CourseKey)
        return SimpleNamespace(
            completion_tracking_enabled=lambda: self.is_tracking,
            submit_completion=lambda block_key, completion: self._complete(user, block_key, completion),
        )

    def _complete(self, user: Any, block_key: UsageKey, completion: float) -> None:
        assert self.is_tracking, "the platform raises RuntimeError here"
        assert isinstance(block_key, UsageKey)
        self.times_completed += 1
        self.completed[user.pk, str(block_key)] = completion

    def points(self, user_id: int) -> list[float]:
        """Give the grades that somebody was told, in order, of 1."""
        return [told.earned / told.possible for told in self.told if told.user_id == user_id]
