"""Tickets and page tokens: signed proofs that a page of ours was shown to this person.

The platform's ``handler_noauth`` route runs any handler without CSRF and access checks, and anonymous GETs reach
handlers (edx-platform lms/djangoapps/courseware/block_render.py, ``_invoke_xblock_handler``). A handler that acts
therefore asks for one of these. They are bound to what they are for and signed by Django with a key derived from
``SECRET_KEY``. They hold a user id and a usage key, no name.

- A *session ticket* lives as long as its page, and works only together with the same person's session.
- A *page token* is good for looking, without a session.
- A *calendar ticket* shows the session's time, without a session.
- A *portable ticket* lets its bearer in, without a session, once and within two minutes; twelve for somebody who has
  to wait or to write a name first.
- A *play ticket* opens recordings, without a session, within two minutes; twelve for somebody who reads first.
- A *question* for a name says who was asked, and comes back with the answer.
- A *file ticket* lets BigBlueButton fetch one course file.
"""

from bbb_xblock.domain.tickets import calendar, file, page, playing, portable, question, session
from bbb_xblock.domain.tickets.signed import check_age

__all__ = ["calendar", "check_age", "file", "page", "playing", "portable", "question", "session"]
