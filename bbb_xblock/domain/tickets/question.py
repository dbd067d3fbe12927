"""The ticket of the question for a name: it comes back with the answer and says who was asked, without a session."""

from bbb_xblock.domain.data import Placement, Question
from bbb_xblock.domain.tickets import signed

# In these, somebody writes a name.
LIFE_SECONDS = 600

_KIND = "question"


def issue(question: Question) -> str:
    """Make the ticket of a question."""
    return signed.sign([question.user_id, *signed.place(question.placement), question.path, question.ticket_id], _KIND)


@signed.refusing_other_shapes()
def read(ticket: str) -> Question:
    """Give the question that is answered. Raises :class:`Refusal` for a ticket that is not ours or too old."""
    user_id, usage_key, course_key, group, path, ticket_id = signed.read(ticket, _KIND, LIFE_SECONDS)
    place = Placement(usage_key=usage_key, course_key=course_key, group=group)
    return Question(user_id=user_id, placement=place, path=path, ticket_id=ticket_id)
