"""What the platform asks a block about its grade and its completion.

The tools of the platform for one person's grade call methods by name. The platform's mix-in for them
(``ScorableXBlockMixin``) is left out on purpose: with it, each grade that is told would be written to the block as well
(docs/decisions/0019-grades-are-told-by-a-worker.md).
"""

from typing import Any

from xblock.completable import XBlockCompletionMode
from xblock.scorable import Score

from bbb_xblock import grading
from bbb_xblock.options.choices import Completion
from bbb_xblock.sides.base import SessionBlock


class _CompletionMode:
    """Completable for the type, and for each block as its author chose: the platform reads both."""

    def __get__(self, block: Any, owner: type) -> str:
        """Give the mode of a block, or of the type."""
        if block is not None and block._readable().completed_by is Completion.NEVER:
            return str(XBlockCompletionMode.EXCLUDED)
        return str(XBlockCompletionMode.COMPLETABLE)


class ScoredSide(SessionBlock):
    """A block with a grade, if its author wishes.

    An author who does not grade gives it the weight 0: then the platform counts it nowhere and locks nobody out of it.
    """

    has_score = True
    has_custom_completion = True
    completion_mode = _CompletionMode()

    @property
    def weight(self) -> float:
        """Give how many points there are; collected when the course is published, without a user."""
        return float(self._readable().grade_points)

    def max_score(self) -> float | None:
        """Give how many points there are; None where nothing is graded."""
        return self.weight or None

    def has_submitted_answer(self) -> bool:
        """Say that there is something to rescore; grades come from attendance, not from answers."""
        return True

    def rescore(self, only_if_higher: bool | None) -> None:
        """Grade the learner to whom the block is bound anew, in a worker of the platform."""
        if self.weight:
            grading.rescore(self._usage_key(), self.scope_ids.user_id, only_if_higher=bool(only_if_higher))

    def set_score(self, score: Score) -> None:
        """Take the grade that a teacher wrote for the learner; :meth:`publish_grade` follows."""
        self._written = score

    def publish_grade(self) -> None:
        """Tell the grade that was taken last."""
        value = self._written.raw_earned / self._written.raw_possible
        grading.override(self._usage_key(), self.scope_ids.user_id, value)

    def _usage_key(self) -> str:
        return str(self.scope_ids.usage_id)
