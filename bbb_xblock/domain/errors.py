"""Refusals: why somebody may not do something now, each with a stable code.

The code is what scripts, tests and the log see; the sentence for people is made in ``words/``, the HTTP status at
the door. There is one class, because nothing branches on a refusal but on its code.
"""

from enum import StrEnum


class Code(StrEnum):
    """The stable codes. Outsiders rely on the values."""

    NOT_SIGNED_IN = "not_signed_in"
    NOT_ENROLLED = "not_enrolled"
    NO_ACCESS = "no_access"
    VIEWING_AS_LEARNER = "viewing_as_learner"
    IDENTITY_UNCLEAR = "identity_unclear"
    NOT_OPEN_YET = "not_open_yet"
    SESSION_OVER = "session_over"
    NO_ROOM = "no_room"
    NOT_SCHEDULED = "not_scheduled"
    STARTING = "starting"
    WAITING_FOR_MODERATOR = "waiting_for_moderator"
    ROOM_FULL = "room_full"
    NO_COURSE = "no_course"
    NOT_CONFIGURED = "not_configured"
    SERVER_UNREACHABLE = "server_unreachable"
    OUT_OF_ORDER = "out_of_order"
    SIGNATURE_REFUSED = "signature_refused"
    SERVER_REFUSED = "server_refused"
    TICKET_MISSING = "ticket_missing"
    TICKET_REFUSED = "ticket_refused"
    TICKET_EXPIRED = "ticket_expired"
    TICKET_USED = "ticket_used"
    LINK_EXPIRED = "link_expired"
    BAD_REQUEST = "bad_request"
    METHOD_NOT_ALLOWED = "method_not_allowed"
    MEETING_ENDED = "meeting_ended"
    GUEST_DENIED = "guest_denied"
    NOT_LET_IN = "not_let_in"
    MODERATORS_ONLY = "moderators_only"
    NO_STUDIO_ACCESS = "no_studio_access"
    NOT_PUBLISHED = "not_published"
    MANY_CHECKS = "many_checks"
    MANY_CLICKS = "many_clicks"
    NOT_VALID = "not_valid"
    NAME_WANTED = "name_wanted"
    NAME_TOO_SHORT = "name_too_short"
    NAME_TOO_LONG = "name_too_long"
    NAME_WITH_SIGNS = "name_with_signs"
    NAME_IS_ADDRESS = "name_is_address"
    NAME_OF_TEAM = "name_of_team"
    FILE_NOT_FOUND = "file_not_found"
    CAPTIONS_LANGUAGE = "captions_language"
    CAPTIONS_TOO_LONG = "captions_too_long"
    CAPTIONS_NOT_READ = "captions_not_read"
    NO_RECORDING = "no_recording"


class Refusal(Exception):
    """Something is refused; ``code`` says why. It never holds a name, an address or a secret."""

    def __init__(self, code: Code) -> None:
        super().__init__(code.value)
        self.code = code
